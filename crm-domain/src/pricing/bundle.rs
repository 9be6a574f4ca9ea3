//! What the parts of a bundle are worth of its price (commerce.md 2.4, 2.7). Pure.

use super::allocation::Allocation;
use crm_kernel::dec::Dec;
use crm_kernel::error::Result;

/// One part of a bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// How many of it are in what was sold.
    pub quantity: Dec,
    /// What they cost alone.
    pub alone: Dec,
}

/// The shares of the parts in an amount, by what they cost alone: they add up to it. Where all are free the quantities
/// count. Errors: `value.none` for no parts, `value.out_of_range`.
pub fn allocate(amount: Dec, parts: &[Part], scale: u8, how: Allocation) -> Result<Vec<Dec>> {
    let free = parts.iter().all(|part| part.alone.is_zero());
    let weights: Vec<Dec> = parts.iter().map(|part| if free { part.quantity } else { part.alone }).collect();
    how.share(amount, &weights, scale)
}
