//! Floors, margins and the authority to give discounts (PRD-08, ORG-08): pure decisions, and what they are made from.
//!
//! A product has a floor price, a least margin of its own or of its category, or neither; what it costs is never below
//! the higher of the two. Who gives a discount has an authority for it: the employee's own, else the largest of his
//! positions. Of those that one holder has for a product the nearest holds, larger or smaller: that of the product's own
//! category before that of a category above it, and one for all products last. An enterprise that has given nobody an
//! authority does not ask for one.

use super::records::DiscountAuthority;
use crate::catalog::{Product, ProductCategory, category_path};
use crate::org::{Employee, Position};
use crm_kernel::dec::{Dec, Rounding};
use crm_kernel::error::Result;
use crm_kernel::expr::node::Ty;
use crm_kernel::id::Ref;
use crm_kernel::record::Record;
use crm_kernel::value::Value;
use crm_kernel::work::{Stored, Work};
use std::cmp::Ordering;
use std::collections::BTreeMap;
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
pub enum Route<T> {
    /// Who asked may.
    Auto,
    /// These may: all whose authority is the least that is enough.
    Needs(Vec<T>),
    /// It breaks the floor, and nobody may give that much below it.
    Floor,
    /// It keeps the floor, but is beyond everybody's authority.
    Nobody,
}

/// Who may give a discount of so many per cent: whoever asked, who has the authority `own`, or else of the others those
/// with the least that is enough. `floor` is the largest discount that keeps the floor.
pub fn route<T: Clone>(percent: Dec, own: Authority, others: &[(T, Authority)], floor: Dec) -> Route<T> {
    let breaks = percent > floor;
    let may = |authority: &Authority| {
        authority.most.is_none_or(|most| percent <= most) && (authority.below_floor || !breaks)
    };
    if may(&own) {
        return Route::Auto;
    }
    let least =
        others.iter().map(|(_, other)| other).filter(|other| may(other)).map(|other| other.most).min();
    match least {
        Some(least) => {
            let enough = others.iter().filter(|(_, other)| may(other) && other.most == least);
            Route::Needs(enough.map(|(who, _)| who.clone()).collect())
        }
        None if breaks => Route::Floor,
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

impl Authority {
    /// Whatever either allows.
    fn and(self, other: Authority) -> Authority {
        Authority { most: self.most.max(other.most), below_floor: self.below_floor || other.below_floor }
    }

    /// The largest discount, per cent, and what sets it: `authority` or `floor`, none where nothing does; never below 0.
    /// `floor` is the largest that keeps the floor, where there is one.
    pub fn most_above(&self, floor: Option<Dec>) -> (Dec, Option<&'static str>) {
        let (most, bound_by) = match (self.most, floor.filter(|_| !self.below_floor)) {
            (Some(authority), Some(floor)) if floor < authority => (floor, Some("floor")),
            (Some(authority), _) => (authority, Some("authority")),
            (None, Some(floor)) => (floor, Some("floor")),
            (None, None) => (Dec::HUNDRED, None),
        };
        (most.max(Dec::ZERO), bound_by)
    }
}

/// Whose an authority is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holder {
    /// An employee's, whatever his positions give.
    Employee(Ref<Employee>),
    /// That of whoever holds a position.
    Position(Ref<Position>),
}

/// What an employee may do to the price of a product; nobody may nothing. Errors: those of reading.
pub fn authority(
    work: &mut Work<'_>,
    employee: Option<Ref<Employee>>,
    product: &Product,
) -> Result<Authority> {
    let all = given(work)?;
    let nothing = Authority { most: (!all.is_empty()).then_some(Dec::ZERO), below_floor: false };
    let Some(employee) = employee.filter(|_| !all.is_empty()) else { return Ok(nothing) };
    let holds: Vec<_> =
        work.system(|work| work.find(employee))?.positions.iter().map(|one| one.holds).collect();
    let held = held(work, product)?;
    let own = held.iter().find(|(who, _)| *who == Holder::Employee(employee)).map(|(_, own)| *own);
    let by_position = |(who, authority): &(Holder, Authority)| match who {
        Holder::Position(position) if holds.contains(position) => Some(*authority),
        _ => None,
    };
    Ok(own.or_else(|| held.iter().filter_map(by_position).reduce(Authority::and)).unwrap_or(nothing))
}

/// Who may do what to the price of a product: employees who work here and positions, in the order of their ids. A
/// position is left out where everybody who holds it has an authority of his own. Errors: those of reading.
pub fn authorities(work: &mut Work<'_>, product: &Product) -> Result<Vec<(Holder, Authority)>> {
    let held = held(work, product)?;
    let mut found = Vec::new();
    for (who, authority) in &held {
        let counts = match who {
            Holder::Employee(employee) => work.system(|work| work.find(*employee))?.active,
            Holder::Position(position) => {
                let holders = holders(work, *position)?;
                let own = |employee: &_| held.iter().any(|(who, _)| *who == Holder::Employee(*employee));
                holders.is_empty() || !holders.iter().all(own)
            }
        };
        if counts {
            found.push((*who, *authority));
        }
    }
    Ok(found)
}

/// Who works here and holds a position.
fn holders(work: &mut Work<'_>, position: Ref<Position>) -> Result<Vec<Ref<Employee>>> {
    let names = [("$held", Ty::Ref(Position::NO), Value::Ref(position.id()))];
    let condition = "active && positions.exists(p, p.holds == $held)";
    let found = work.system(|work| work.select::<Employee>(condition, &names))?;
    Ok(found.iter().map(|employee| employee.id).collect())
}

/// The authorities for a product, of each holder the nearest; of several that are as near whatever either allows.
fn held(work: &mut Work<'_>, product: &Product) -> Result<Vec<(Holder, Authority)>> {
    let all = given(work)?;
    let path = work.system(|work| category_path(work, product.category))?;
    let mut found: BTreeMap<Holder, (usize, Authority)> = BTreeMap::new();
    for one in all.iter() {
        let who = one.employee.map(Holder::Employee).or(one.seller_position.map(Holder::Position));
        let away = match one.category {
            Some(category) => path.iter().position(|above| *above == category),
            None => Some(path.len()),
        };
        let (Some(who), Some(away)) = (who, away) else { continue };
        let given = Authority { most: Some(one.max_percent), below_floor: one.below_floor };
        let known = found.entry(who).or_insert((away, given));
        *known = match away.cmp(&known.0) {
            Ordering::Less => (away, given),
            Ordering::Equal => (away, known.1.and(given)),
            Ordering::Greater => *known,
        };
    }
    Ok(found.into_iter().map(|(who, (_, authority))| (who, authority)).collect())
}

fn given(work: &mut Work<'_>) -> Result<Arc<Vec<Stored<DiscountAuthority>>>> {
    work.once(DiscountAuthority::NO, "active", |work| {
        Ok(Arc::new(work.select::<DiscountAuthority>("active", &[])?))
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
