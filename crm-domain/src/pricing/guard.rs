//! Floors, margins and the authority to give discounts (PRD-08, ORG-08): pure decisions, and what they are made from.
//!
//! A product has a floor price, a least margin of its own or of its category, or neither; what it costs is never below
//! the higher of the two. Who gives a discount has an authority for it: the employee's own, else the largest of his
//! positions. An enterprise that has given nobody an authority does not ask for one.

use super::records::DiscountAuthority;
use crate::catalog::{Product, ProductCategory, category_path};
use crate::org::Employee;
use crm_kernel::dec::{Dec, Rounding};
use crm_kernel::error::Result;
use crm_kernel::id::Ref;
use crm_kernel::record::Record;
use crm_kernel::work::{Stored, Work};
use std::sync::Arc;

/// What a margin is per cent of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MarginOf {
    /// The price that is charged.
    #[default]
    Price,
    /// The list price.
    List,
}

/// What a product must not be sold below. Figures are of one unit, in one currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Floor {
    /// What one costs the enterprise; none where nobody knows.
    pub cost: Option<Dec>,
    /// The price that is named as the lowest.
    pub floor_price: Option<Dec>,
    /// The least margin, per cent, below 100.
    pub min_margin_percent: Option<Dec>,
    /// What it is per cent of.
    pub margin_of: MarginOf,
    /// The list price.
    pub list_price: Option<Dec>,
}

impl Floor {
    /// The lowest price of one, rounded up at `scale` decimals; none where there is no floor. A price that equals it is
    /// not below it. Errors: `value.out_of_range`.
    pub fn price(&self, scale: u8) -> Result<Option<Dec>> {
        let by_margin = match (self.cost, self.min_margin_percent, self.margin_of, self.list_price) {
            (Some(cost), Some(margin), MarginOf::Price, _) if margin < Dec::HUNDRED => {
                Some(cost.mul_div(Dec::HUNDRED, Dec::HUNDRED.sub(margin)?, scale, Rounding::Up)?)
            }
            (Some(cost), Some(margin), MarginOf::List, Some(list)) => {
                Some(cost.add(list.mul_div(margin, Dec::HUNDRED, scale, Rounding::Up)?)?)
            }
            _ => None,
        };
        Ok(match (by_margin, self.floor_price) {
            (Some(one), Some(other)) => Some(one.max(other)),
            (one, other) => one.or(other),
        })
    }

    /// The largest discount on a price, per cent, cut to `scale` decimals, that keeps it at its floor or above; 100 where
    /// there is none, below 0 where the price is below its floor already. Errors: `value.out_of_range`.
    pub fn max_discount(&self, price: Dec, scale: u8) -> Result<Dec> {
        match self.price(super::unit_price::PRICE_SCALE)? {
            Some(floor) if price.is_positive() => {
                Ok(price.sub(floor)?.mul_div(Dec::HUNDRED, price, scale, Rounding::Floor)?)
            }
            _ => Ok(Dec::HUNDRED),
        }
    }
}

/// Who may give a discount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// Who asked may.
    Auto,
    /// This one may: the first in the order given whose authority is enough.
    Needs(String),
    /// It breaks the floor, and nobody's authority is enough for that.
    Floor,
    /// It keeps the floor, but is beyond everybody's authority.
    Nobody,
}

/// Who may give a discount of so many per cent: whoever asked, who may give up to `own`, or one of the others with their
/// authorities, the least that is enough. `most` is the largest discount that keeps the floor.
pub fn route(percent: Dec, own: Dec, others: &[(String, Dec)], most: Dec) -> Route {
    if percent > most {
        return Route::Floor;
    }
    if percent <= own {
        return Route::Auto;
    }
    let enough = others.iter().filter(|(_, authority)| percent <= *authority);
    match enough.min_by_key(|(name, authority)| (*authority, name.clone())) {
        Some((name, _)) => Route::Needs(name.clone()),
        None => Route::Nobody,
    }
}

/// What an employee may do to the price of a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Authority {
    /// The largest discount, per cent; none where the enterprise asks for no authority.
    pub most: Option<Dec>,
    /// Whether the price may fall below its floor.
    pub below_floor: bool,
}

/// What an employee may do to the price of a product; nobody may nothing. Errors: those of reading.
pub fn authority(
    work: &mut Work<'_>,
    employee: Option<Ref<Employee>>,
    product: &Product,
) -> Result<Authority> {
    let all = work.once(DiscountAuthority::NO, "active", |work| {
        Ok(Arc::new(work.select::<DiscountAuthority>("active", &[])?))
    })?;
    let nothing = Authority { most: (!all.is_empty()).then_some(Dec::ZERO), below_floor: false };
    let Some(employee) = employee.filter(|_| !all.is_empty()) else { return Ok(nothing) };
    let path = work.system(|work| category_path(work, product.category))?;
    let holds: Vec<_> =
        work.system(|work| work.find(employee))?.positions.iter().map(|one| one.holds).collect();
    let fits =
        |one: &&Stored<DiscountAuthority>| one.category.is_none_or(|category| path.contains(&category));
    let mut mine: Vec<&Stored<DiscountAuthority>> =
        all.iter().filter(fits).filter(|one| one.employee == Some(employee)).collect();
    if mine.is_empty() {
        let held = |one: &&Stored<DiscountAuthority>| {
            one.seller_position.is_some_and(|position| holds.contains(&position))
        };
        mine = all.iter().filter(fits).filter(held).collect();
    }
    Ok(Authority {
        most: mine.iter().map(|one| one.max_percent).max().or(nothing.most),
        below_floor: mine.iter().any(|one| one.below_floor),
    })
}

/// The least margin of a product: its own, else that of the nearest category that has one. Errors: those of reading.
pub fn min_margin(work: &mut Work<'_>, product: &Product) -> Result<Option<Dec>> {
    if product.min_margin_percent.is_some() {
        return Ok(product.min_margin_percent);
    }
    let some = work.once(ProductCategory::NO, "margins", |work| {
        Ok(!work.select_by::<ProductCategory>("min_margin_percent != null", &[], &[], Some(1))?.is_empty())
    })?;
    if !some {
        return Ok(None);
    }
    for category in work.system(|work| category_path(work, product.category))? {
        let found: Option<Stored<ProductCategory>> = work.system(|work| work.look(category))?;
        if let Some(margin) = found.and_then(|found| found.min_margin_percent) {
            return Ok(Some(margin));
        }
    }
    Ok(None)
}
