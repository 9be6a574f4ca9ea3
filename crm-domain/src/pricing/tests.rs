//! Rows for the engine, scales and totals, and what holds for all of them.

mod certificate;
mod choosing;
mod effects;
mod linting;
mod properties;
mod rates;
mod scales;
mod sharing;
mod together;
mod totals;

use super::UnitPrice;
use crm_kernel::dec::Dec;

fn dec(text: &str) -> Dec {
    Dec::parse(text).unwrap()
}

fn price(text: &str) -> UnitPrice {
    UnitPrice::of_line(Dec::ZERO, Some(text)).unwrap()
}
