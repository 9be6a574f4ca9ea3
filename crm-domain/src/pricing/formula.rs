//! What becomes of a price once a rule's value has done its work: rounded to a multiple, something added, kept within
//! margins. Pure. The order is part of the contract (commerce.md 2.1, 8): value, multiple, addition, least margin, largest
//! margin. Rounding before the addition is what makes prices that end on 9.99.

use super::unit_price::UnitPrice;
use crm_kernel::dec::{Dec, Rounding};
use crm_kernel::error::Result;

/// The steps behind a value; those that are none are left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Formula {
    /// The price becomes a multiple of this, above 0.
    pub round_to: Option<Dec>,
    /// How.
    pub round_mode: Rounding,
    /// Added then.
    pub then_add: Option<Dec>,
    /// The price is at least so much above what the rule started from.
    pub min_margin: Option<Dec>,
    /// The price is at most so much above it.
    pub max_margin: Option<Dec>,
}

impl Formula {
    /// Whether it compares with the price that the rule started from.
    pub fn needs_base(&self) -> bool {
        self.min_margin.is_some() || self.max_margin.is_some()
    }

    /// The price after the steps. Margins are left out where there is nothing to compare with. Errors:
    /// `value.out_of_range`.
    pub fn finish(&self, price: UnitPrice, base: Option<UnitPrice>) -> Result<UnitPrice> {
        let mut price = price;
        if let Some(step) = self.round_to {
            price = UnitPrice::from(price.to_multiple(step, self.round_mode)?);
        }
        if let Some(more) = self.then_add {
            price = price.plus(more)?;
        }
        if let (Some(margin), Some(base)) = (self.min_margin, base) {
            let least = base.plus(margin)?;
            if price.compare(least).is_lt() {
                price = least;
            }
        }
        if let (Some(margin), Some(base)) = (self.max_margin, base) {
            let most = base.plus(margin)?;
            if price.compare(most).is_gt() {
                price = most;
            }
        }
        Ok(price)
    }
}
