//! Stores of the CRM engine: where records are kept. Each implements the trait of [`crm_kernel::store`] and knows no
//! business word.
//!
//! - `memory`: the reference, everything in ordered maps. For tests, for the browser, for trying things out.
//! - `sqlite`: a file.
//!
//! A store is right where it answers as the memory store does: the tests run the same cases, random expressions and
//! random operations on both and compare.

#[cfg(feature = "memory")]
pub mod memory;
