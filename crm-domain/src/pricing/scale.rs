//! Effects: what a rule makes of the price it starts from, by tiers where it has them. Pure.

use super::formula::Formula;
use super::free_goods::FreeGoods;
use super::records::{PriceBase, PriceMethod, TierBound, TierMode};
use super::unit_price::UnitPrice;
use crm_kernel::dec::{Dec, Rounding};
use crm_kernel::error::Result;

/// What a rule does to a price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// What values mean.
    pub method: PriceMethod,
    /// The value, at six decimals; not looked at where there is a scale.
    pub value: i64,
    /// What per cents and amounts start from.
    pub base: PriceBase,
    /// A fixed price is that of a package of so many, and packages are whole; 0 for none.
    pub package: i64,
    /// Values by quantity.
    pub scale: Option<Box<Scale>>,
    /// What becomes of the price then.
    pub formula: Option<Box<Formula>>,
    /// How free goods are counted, where it gives some.
    pub free: Option<Box<FreeGoods>>,
}

/// What a scale is looked up with, at six decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measured {
    /// What all that is counted together measures.
    pub whole: i64,
    /// What the line measures of it.
    pub own: i64,
    /// What was counted in earlier documents of it: portions and packages that these have paid.
    pub before: i64,
}

impl Measured {
    /// A line that is counted alone.
    pub fn alone(own: i64) -> Measured {
        Measured { whole: own, own, before: 0 }
    }
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
    /// An effect of one value.
    pub fn of(method: PriceMethod, value: i64) -> Effect {
        let base = PriceBase::Running;
        Effect { method, value, base, package: 0, scale: None, formula: None, free: None }
    }

    /// True where the value is the price, whatever there was before.
    pub fn is_fixed(&self) -> bool {
        self.method == PriceMethod::FixedPrice
    }

    /// Whether the effect has something to say for what is measured, where there is a price to start from or not.
    pub fn applies(&self, whole: i64, has_base: bool) -> std::result::Result<(), Gap> {
        let starts_from = !matches!(self.method, PriceMethod::FixedPrice | PriceMethod::FreeGoods);
        let margins = self.formula.as_ref().is_some_and(|formula| formula.needs_base());
        if (starts_from || margins) && !has_base {
            return Err(Gap::NoBase);
        }
        match &self.scale {
            Some(scale) if scale.tier_at(whole).is_none() => Err(Gap::NoTier),
            // Nothing fills no package, and says nothing of what a unit bears of one.
            _ if self.package != 0 && whole == 0 => Err(Gap::NoMeasure),
            _ => Ok(()),
        }
    }

    /// Whether lines that are counted together bear parts of something: of portions, packages or fees.
    pub fn shares(&self) -> bool {
        let parts = |scale: &Scale| {
            scale.mode == TierMode::Graduated || scale.tiers.iter().any(|tier| tier.flat_fee != 0)
        };
        self.package != 0 || self.scale.as_ref().is_some_and(|scale| parts(scale))
    }

    /// The price of one for a quantity above 0; `base` is what one costs to start from. Nothing where
    /// [`Effect::applies`] has a gap, and for free goods. Errors: `value.out_of_range`.
    pub fn price(
        &self,
        measured: Measured,
        quantity: i64,
        base: Option<UnitPrice>,
    ) -> Result<Option<UnitPrice>> {
        let Some(plain) = self.plain(measured, quantity, base)? else { return Ok(None) };
        match &self.formula {
            Some(formula) => formula.finish(plain, base).map(Some),
            None => Ok(Some(plain)),
        }
    }

    fn plain(&self, measured: Measured, quantity: i64, base: Option<UnitPrice>) -> Result<Option<UnitPrice>> {
        let portions = match &self.scale {
            None if self.package == 0 => return self.at(self.value, base),
            None => None,
            Some(scale) => {
                let Some(portions) = self.portions(scale, measured.whole, base)? else { return Ok(None) };
                match portions.as_slice() {
                    [only] if only.flat_fee.is_zero() && self.package == 0 => {
                        return Ok(Some(only.unit_price));
                    }
                    _ if measured.whole == 0 => {
                        return Ok(portions.first().map(|portion| portion.unit_price));
                    }
                    _ => Some((scale, portions)),
                }
            }
        };
        // A tier that holds for all units holds for those of this document as for the others; portions and packages that
        // earlier documents have paid are theirs.
        let all_units = portions.as_ref().is_some_and(|(scale, _)| scale.mode == TierMode::AllUnits);
        let before = if all_units { 0 } else { measured.before.min(measured.whole) };
        let span = measured.whole - before;
        let (mut sum, mut amounts) = match &portions {
            Some((_, portions)) => self.charged(portions)?,
            None => (Dec::ZERO, packages(measured.whole, self.package)?.mul(dec(self.value))?),
        };
        if span == 0 {
            let last = portions.and_then(|(_, portions)| portions.last().map(|portion| portion.unit_price));
            return Ok(last.or(Some(UnitPrice::ZERO)));
        }
        if before > 0 {
            let (earlier, paid) = match &portions {
                Some((scale, _)) => match self.portions(scale, before, base)? {
                    Some(portions) => self.charged(&portions)?,
                    None => (Dec::ZERO, Dec::ZERO),
                },
                None => (Dec::ZERO, packages(before, self.package)?.mul(dec(self.value))?),
            };
            (sum, amounts) = (sum.sub(earlier)?, amounts.sub(paid)?);
        }
        if measured.own == quantity {
            return UnitPrice::new(sum.add(amounts)?, dec(span)).map(Some);
        }
        // What is measured is not what is counted: prices are weighed by the measure, and the line bears its part of
        // packages and fees.
        let (span, own, quantity) = (dec(span), dec(measured.own), dec(quantity));
        UnitPrice::new(sum.mul(quantity)?.add(amounts.mul(own)?)?, span.mul(quantity)?).map(Some)
    }

    /// What portions cost by their prices of one, and what they cost beside that: packages and fees.
    fn charged(&self, portions: &[Portion]) -> Result<(Dec, Dec)> {
        let (mut sum, mut amounts) = (Dec::ZERO, Dec::ZERO);
        for portion in portions {
            let charge = self.charge(portion)?;
            let of = if self.package == 0 { &mut sum } else { &mut amounts };
            *of = of.add(charge)?;
            amounts = amounts.add(portion.flat_fee)?;
        }
        Ok((sum, amounts))
    }

    /// What a quantity from 0 on costs by itself, flat fees included; nothing where no tier reaches it. Errors:
    /// `value.out_of_range`.
    pub fn amount(&self, quantity: i64, base: Option<UnitPrice>) -> Result<Option<Dec>> {
        match &self.scale {
            Some(scale) => {
                self.portions(scale, quantity, base)?.map(|portions| self.total(&portions)).transpose()
            }
            None if self.package != 0 => Ok(Some(packages(quantity, self.package)?.mul(dec(self.value))?)),
            None => self.at(self.value, base)?.map(|price| amount_of(price, dec(quantity))).transpose(),
        }
    }

    /// Where what is measured lies in the scale.
    pub fn portions(
        &self,
        scale: &Scale,
        whole: i64,
        base: Option<UnitPrice>,
    ) -> Result<Option<Vec<Portion>>> {
        let Some(reached) = scale.tier_at(whole) else { return Ok(None) };
        let mut portions = Vec::new();
        for (tier, step) in scale.tiers.iter().enumerate().take(reached + 1) {
            if scale.mode == TierMode::AllUnits && tier != reached {
                continue;
            }
            let portion = match scale.mode {
                TierMode::AllUnits => whole,
                TierMode::Graduated => scale.portion(tier, whole),
            };
            let Some(unit_price) = self.at(step.value, base)? else { return Ok(None) };
            let due = whole > 0 || scale.flat_fee_at_zero;
            let flat_fee = if due { dec(step.flat_fee) } else { Dec::ZERO };
            portions.push(Portion { tier, quantity: dec(portion), unit_price, flat_fee });
        }
        Ok(Some(portions))
    }

    fn at(&self, value: i64, base: Option<UnitPrice>) -> Result<Option<UnitPrice>> {
        price_at(self.method, value, base)
    }

    /// What a portion costs without its fee.
    fn charge(&self, portion: &Portion) -> Result<Dec> {
        match self.package {
            0 => amount_of(portion.unit_price, portion.quantity),
            package => {
                let count = portion.quantity.div(dec(package), 0, Rounding::Up)?;
                amount_of(portion.unit_price, count)
            }
        }
    }

    fn total(&self, portions: &[Portion]) -> Result<Dec> {
        let (sum, amounts) = self.charged(portions)?;
        Ok(sum.add(amounts)?)
    }
}

/// What one costs by a single value; nothing where it changes a price and there is none. Errors: `value.out_of_range`.
pub(super) fn price_at(
    method: PriceMethod,
    value: i64,
    base: Option<UnitPrice>,
) -> Result<Option<UnitPrice>> {
    let value = dec(value);
    if method == PriceMethod::FixedPrice {
        return Ok(Some(UnitPrice::from(value)));
    }
    let Some(base) = base else { return Ok(None) };
    Ok(Some(match method {
        PriceMethod::FixedPrice => UnitPrice::from(value),
        PriceMethod::DiscountPercent => base.plus_percent(value.neg())?,
        PriceMethod::SurchargePercent => base.plus_percent(value)?,
        PriceMethod::AmountOff => base.plus(value.neg())?,
        PriceMethod::Surcharge => base.plus(value)?,
        PriceMethod::FreeGoods => base,
    }))
}

/// How many whole packages hold a quantity.
fn packages(quantity: i64, package: i64) -> Result<Dec> {
    Ok(dec(quantity).div(dec(package), 0, Rounding::Up)?)
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

    /// Whether each tier holds for all units, and none has a fee.
    pub fn is_plain(&self) -> bool {
        self.mode == TierMode::AllUnits && self.tiers.iter().all(|tier| tier.flat_fee == 0)
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

    /// The quantity with which the last tier ends; none where it goes on.
    pub fn ends(&self) -> Option<i64> {
        let last = self.tiers.last().filter(|_| self.bound == TierBound::UpTo)?;
        (last.bound != OPEN).then_some(last.bound)
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
    /// Packages are shared out by what is measured, and that is nothing.
    NoMeasure,
}

fn amount_of(price: UnitPrice, quantity: Dec) -> Result<Dec> {
    if price.per() == Dec::ONE {
        return Ok(price.amount().mul(quantity)?);
    }
    Ok(price.amount().mul_div(quantity, price.per(), 20, Rounding::HalfUp)?)
}
