//! Effects: what a rule makes of the list price, by tiers where it has them. Pure.

use super::records::{PriceMethod, TierBound, TierMode};
use super::unit_price::UnitPrice;
use crm_kernel::dec::Dec;
use crm_kernel::error::Result;

/// What a rule does to a price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// What values mean.
    pub method: PriceMethod,
    /// The value, at six decimals; not looked at where there is a scale.
    pub value: i64,
    /// Values by quantity.
    pub scale: Option<Box<Scale>>,
}

/// Values by quantity: one ordered list of breakpoints, so that gaps and overlaps cannot be written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scale {
    /// All units at the tier reached, or each portion at its own.
    pub mode: TierMode,
    /// Whether a bound begins or ends its tier; it is included either way.
    pub bound: TierBound,
    /// The flat fee of the first tier is due for a quantity of 0 as well.
    pub flat_fee_at_zero: bool,
    /// The tiers, bounds rising.
    pub tiers: Vec<Tier>,
}

/// One tier. Figures are at six decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tier {
    /// Where it begins or up to which quantity it goes; [`OPEN`] on a last tier without end.
    pub bound: i64,
    /// A price, an amount or per cent.
    pub value: i64,
    /// An amount due once the tier is entered.
    pub flat_fee: i64,
}

/// No upper bound.
pub const OPEN: i64 = i64::MAX;

/// Decimals of quantities and values in the engine.
pub const SCALE: u8 = 6;

/// What was charged at one tier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Portion {
    /// The tier's place, from 0.
    pub tier: usize,
    /// How much of the quantity lies in it.
    pub quantity: Dec,
    /// The price of one.
    pub unit_price: UnitPrice,
    /// The flat fee.
    pub flat_fee: Dec,
}

/// A figure of the engine as a decimal.
pub fn dec(figure: i64) -> Dec {
    Dec::from_i64_at(figure, SCALE)
}

impl Effect {
    /// True where the effect has something to say for a quantity and a product that has a list price or not.
    pub fn applies(&self, quantity: i64, has_base: bool) -> std::result::Result<(), Gap> {
        if self.method != PriceMethod::FixedPrice && !has_base {
            return Err(Gap::NoBase);
        }
        match &self.scale {
            Some(scale) if scale.tier_at(quantity).is_none() => Err(Gap::NoTier),
            _ => Ok(()),
        }
    }

    /// The price of one for a quantity above 0; `base` is the list price of one. Nothing where [`Effect::applies`] has a
    /// gap. Errors: `value.out_of_range`.
    pub fn price(&self, quantity: i64, base: Option<UnitPrice>) -> Result<Option<UnitPrice>> {
        let Some(scale) = &self.scale else { return self.at(self.value, base) };
        let Some(portions) = self.portions(scale, quantity, base)? else { return Ok(None) };
        match portions.as_slice() {
            [only] if only.flat_fee.is_zero() => Ok(Some(only.unit_price)),
            _ => UnitPrice::new(total(&portions)?, dec(quantity)).map(Some),
        }
    }

    /// What a quantity from 0 on costs by the scale, flat fees included; nothing where no tier reaches it. Errors:
    /// `value.out_of_range`.
    pub fn amount(&self, quantity: i64, base: Option<UnitPrice>) -> Result<Option<Dec>> {
        match &self.scale {
            Some(scale) => self.portions(scale, quantity, base)?.map(|portions| total(&portions)).transpose(),
            None => self.at(self.value, base)?.map(|price| amount_of(price, dec(quantity))).transpose(),
        }
    }

    /// Where the quantity lies in the scale.
    pub fn portions(
        &self,
        scale: &Scale,
        quantity: i64,
        base: Option<UnitPrice>,
    ) -> Result<Option<Vec<Portion>>> {
        let Some(reached) = scale.tier_at(quantity) else { return Ok(None) };
        let mut portions = Vec::new();
        for (tier, step) in scale.tiers.iter().enumerate().take(reached + 1) {
            if scale.mode == TierMode::AllUnits && tier != reached {
                continue;
            }
            let portion = match scale.mode {
                TierMode::AllUnits => quantity,
                TierMode::Graduated => scale.portion(tier, quantity),
            };
            let Some(unit_price) = self.at(step.value, base)? else { return Ok(None) };
            let due = quantity > 0 || scale.flat_fee_at_zero;
            let flat_fee = if due { dec(step.flat_fee) } else { Dec::ZERO };
            portions.push(Portion { tier, quantity: dec(portion), unit_price, flat_fee });
        }
        Ok(Some(portions))
    }

    fn at(&self, value: i64, base: Option<UnitPrice>) -> Result<Option<UnitPrice>> {
        let value = dec(value);
        if self.method == PriceMethod::FixedPrice {
            return Ok(Some(UnitPrice::from(value)));
        }
        let Some(base) = base else { return Ok(None) };
        Ok(Some(match self.method {
            PriceMethod::FixedPrice => UnitPrice::from(value),
            PriceMethod::DiscountPercent => base.plus_percent(value.neg())?,
            PriceMethod::SurchargePercent => base.plus_percent(value)?,
            PriceMethod::AmountOff => base.plus(value.neg())?,
            PriceMethod::Surcharge => base.plus(value)?,
        }))
    }
}

impl Scale {
    /// The tier in which a quantity lies; none before the first and behind the last.
    pub fn tier_at(&self, quantity: i64) -> Option<usize> {
        match self.bound {
            TierBound::From => self.tiers.partition_point(|tier| tier.bound <= quantity).checked_sub(1),
            TierBound::UpTo => {
                let tier = self.tiers.partition_point(|tier| tier.bound < quantity);
                (tier < self.tiers.len()).then_some(tier)
            }
        }
    }

    /// The quantity at which a tier begins.
    pub fn begins(&self, tier: usize) -> Option<i64> {
        let bound = |at: usize| self.tiers.get(at).map(|tier| tier.bound);
        match (self.bound, tier.checked_sub(1)) {
            (TierBound::From, _) => bound(tier),
            (TierBound::UpTo, None) => Some(0),
            (TierBound::UpTo, Some(before)) => bound(before),
        }
    }

    /// How much of a quantity that reaches a tier lies in it.
    fn portion(&self, tier: usize, quantity: i64) -> i64 {
        let end = match self.bound {
            TierBound::From => self.tiers.get(tier + 1),
            TierBound::UpTo => self.tiers.get(tier),
        };
        let end = end.map_or(OPEN, |tier| tier.bound);
        quantity.min(end).saturating_sub(self.begins(tier).unwrap_or(0))
    }
}

/// Why an effect has nothing to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gap {
    /// It changes the list price, and the product has none.
    NoBase,
    /// The quantity lies before the first tier or behind the last.
    NoTier,
}

fn amount_of(price: UnitPrice, quantity: Dec) -> Result<Dec> {
    if price.per() == Dec::ONE {
        return Ok(price.amount().mul(quantity)?);
    }
    Ok(price.amount().mul_div(quantity, price.per(), 20, crm_kernel::dec::Rounding::HalfUp)?)
}

fn total(portions: &[Portion]) -> Result<Dec> {
    let mut sum = Dec::ZERO;
    for portion in portions {
        sum = sum.add(amount_of(portion.unit_price, portion.quantity)?)?.add(portion.flat_fee)?;
    }
    Ok(sum)
}
