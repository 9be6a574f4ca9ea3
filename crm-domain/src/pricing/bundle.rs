//! What the parts of a bundle are worth of its price (commerce.md 2.4, 2.7). Pure.

use super::allocation::Allocation;
use crm_kernel::dec::Dec;
use crm_kernel::error::Result;

/// One part of a bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// How many of it are in what was sold.
    pub quantity: Dec,
    /// What one costs alone.
    pub price: Dec,
}

/// The shares of the parts in an amount, by what they cost alone: they add up to it. Where all are free the quantities
/// count. Errors: `value.none` for no parts, `value.out_of_range`.
pub fn allocate(amount: Dec, parts: &[Part], scale: u8, how: Allocation) -> Result<Vec<Dec>> {
    let alone: Vec<Dec> =
        parts.iter().map(|part| part.quantity.mul(part.price)).collect::<std::result::Result<_, _>>()?;
    let weights = match alone.iter().all(|weight| weight.is_zero()) {
        true => parts.iter().map(|part| part.quantity).collect(),
        false => alone,
    };
    how.share(amount, &weights, scale)
}
