//! Stories, conformance, differential tests and figures.

// This crate is tests: what it finds wrong it says by a panic, and it builds its inputs itself.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

pub mod conformance;
pub mod fuzz;
pub mod generate;
pub mod shared;
pub mod story;
