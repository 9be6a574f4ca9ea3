//! Free goods: how many are given for nothing with a quantity (PRD-04, commerce.md). Pure.

use super::records::FreeCount;
use super::scale::{SCALE, dec};
use crm_kernel::dec::{Dec, Rounding};
use crm_kernel::error::Result;

/// How free goods are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FreeGoods {
    /// What is given; 0 is the product itself.
    pub product: i64,
    /// For every so many, at six decimals; above 0.
    pub per: i64,
    /// How a quantity that is no multiple of it is counted.
    pub count: FreeCount,
    /// They are part of the quantity; else they come on top.
    pub inclusive: bool,
}

/// What a quantity gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Given {
    /// How many are free.
    pub free: Dec,
    /// How many of what was ordered are charged.
    pub charged: Dec,
    /// How many are delivered in all, where free goods are the product itself.
    pub delivered: Dec,
}

impl FreeGoods {
    /// What a quantity gives where `value` are free for every [`FreeGoods::per`]. Free goods that are part of the
    /// quantity are never more than it. Errors: `value.out_of_range`.
    pub fn given(&self, quantity: Dec, value: Dec) -> Result<Given> {
        let per = dec(self.per);
        let free = match self.count {
            FreeCount::Prorata => quantity.mul_div(value, per, 0, Rounding::Down)?,
            FreeCount::UnitReference => quantity.div(per, 0, Rounding::Down)?.mul(value)?,
            FreeCount::WholeUnit => {
                let times = quantity.div(per, SCALE, Rounding::Down)?;
                let whole = times.round(0, Rounding::Down);
                if whole.mul(per)? == quantity { whole.mul(value)? } else { Dec::ZERO }
            }
        };
        let free = if self.inclusive { free.min(quantity) } else { free }.normalize();
        Ok(match self.inclusive {
            true => Given { free, charged: quantity.sub(free)?.normalize(), delivered: quantity },
            false => Given { free, charged: quantity, delivered: quantity.add(free)?.normalize() },
        })
    }
}
