//! What a credit note gives back of the charges of the order that it corrects (commerce.md 2.7): no more than was billed of
//! them, with the taxes that were billed on them. Whatever is given back in parts comes to what was billed, to the cent.

use super::rules::effective;
use super::{CORRECTS, ImportedOrder, OVER_CREDITED, Order, OrderType, cumulative_amount, worth_of};
use crate::settings::{TaxOn, Taxes, policy};
use crm_kernel::currency::Currency;
use crm_kernel::dec::Dec;
use crm_kernel::error::Result;
use crm_kernel::expr::node::Ty;
use crm_kernel::money::{Money, RoundingPolicy};
use crm_kernel::record::Record;
use crm_kernel::value::Value;
use crm_kernel::work::{Stored, Work};

/// The order that a credit note corrects. Errors: `record.not_found` and `order.corrects` at `/corrects` unless that is an
/// order in effect of the same customer and currency, `order.corrects` at `/prices_include_tax` where its prices are others.
pub(super) fn corrected(
    work: &mut Work<'_>,
    note: &ImportedOrder,
    currency: Currency,
) -> Result<Option<Stored<Order>>> {
    let Some(corrects) = note.corrects else { return Ok(None) };
    let order = work.find(corrects).map_err(|error| error.at("/corrects"))?;
    let fits = note.doc_type == OrderType::CreditNote
        && order.doc_type == OrderType::Order
        && effective(order.state).is_ok()
        && (order.customer, order.currency) == (note.customer, currency);
    if !fits {
        return Err(CORRECTS.at("/corrects"));
    }
    if order.prices_include_tax != note.prices_include_tax {
        return Err(CORRECTS.at("/prices_include_tax"));
    }
    Ok(Some(order))
}

/// Freight and other charges that a credit note gives back, below zero.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct GivenBack {
    freight: Dec,
    other: Dec,
}

impl GivenBack {
    /// Takes them out of a note, so that its totals are those of its lines and of what it charges.
    pub(super) fn take(note: &mut Order) -> GivenBack {
        let below = |charge: &mut Dec| {
            if charge.is_negative() { std::mem::replace(charge, Dec::ZERO) } else { Dec::ZERO }
        };
        GivenBack { freight: below(&mut note.freight), other: below(&mut note.other_charges) }
    }

    /// Puts them into a note whose totals were calculated without them. Errors: `order.over_credited` at `/freight` and
    /// `/other_charges` with `most` and `wanted`, `value.out_of_range`.
    pub(super) fn put(self, work: &mut Work<'_>, note: &mut Order, order: &Stored<Order>) -> Result<()> {
        let names = [("o", Ty::Ref(Order::NO), Value::Ref(order.id.id()))];
        let earlier = work.select::<Order>("corrects == o && state != 'cancelled'", &names)?;
        let billed = Billed::of(order, policy(work)?)?;
        let back = |of: fn(&Order) -> Dec| {
            let back = earlier.iter().map(|note| of(note)).filter(|charge| charge.is_negative());
            Dec::sum(back)
        };
        let before =
            GivenBack { freight: back(|note| note.freight)?, other: back(|note| note.other_charges)? };
        for (path, billed, before, now) in [
            ("/freight", billed.share(order.freight)?, before.freight, self.freight),
            ("/other_charges", billed.share(order.other_charges)?, before.other, self.other),
        ] {
            let most = billed.add(before)?;
            if now.neg() > most {
                let money = |amount| Money::new(amount, order.currency);
                return Err(OVER_CREDITED
                    .at(path)
                    .with("most", money(most))
                    .with("wanted", money(now.neg())));
            }
        }
        let whole = billed.share(order.freight)?.add(billed.share(order.other_charges)?)?;
        let cumulative = before.sum()?.add(self.sum()?)?.neg();
        let (mut taxes, mut amounts) = kept(note)?;
        let mut tax = Dec::ZERO;
        for (on, of_order) in taxes_on_charges(order)? {
            let mut already = Dec::ZERO;
            for note in &earlier {
                let (taxes, amounts) = kept(note)?;
                let back = taxes
                    .iter()
                    .zip(&amounts)
                    .filter(|(known, amount)| **known == on && amount.is_negative());
                already = already.sub(Dec::sum(back.map(|(_, amount)| *amount))?)?;
            }
            let part = billed.share(of_order)?;
            let due = match cumulative >= whole {
                true => part.sub(already)?,
                false => billed.part(part, cumulative, whole, already)?,
            };
            tax = tax.sub(due)?;
            taxes.push(on);
            amounts.push(due.neg());
        }
        (note.freight, note.other_charges) =
            (note.freight.add(self.freight)?, note.other_charges.add(self.other)?);
        note.charges_taxes = Some(Taxes::several(taxes).told(&amounts, order.currency));
        note.tax = note.tax.add(tax)?;
        let on_top = if order.prices_include_tax { Dec::ZERO } else { tax };
        note.total = Dec::sum([note.total, self.sum()?, on_top])?;
        Ok(())
    }

    /// True where nothing is given back.
    pub(super) fn is_nothing(self) -> bool {
        self.freight.is_zero() && self.other.is_zero()
    }

    fn sum(self) -> Result<Dec> {
        Ok(self.freight.add(self.other)?)
    }
}

/// How much of an order was billed, as its invoices bill it: charges go with the value of its lines.
struct Billed {
    /// Something of it was.
    begun: bool,
    /// What its lines were billed at, of what they come to.
    done: Dec,
    whole: Dec,
    policy: RoundingPolicy,
    digits: u8,
}

impl Billed {
    fn of(order: &Order, present: RoundingPolicy) -> Result<Billed> {
        let (policy, digits) = (order.rounding(present), order.currency.digits());
        let begun = order.lines.iter().any(|line| !line.invoiced.is_zero());
        let mut billed = Billed { begun, done: Dec::ZERO, whole: Dec::ZERO, policy, digits };
        for line in order.lines.iter() {
            billed.whole = billed.whole.add(line.total)?;
            if !line.quantity.is_zero() {
                billed.done = billed.done.add(worth_of(order, line, line.invoiced, policy)?)?;
            }
        }
        Ok(billed)
    }

    /// What was billed of an amount of the whole order.
    fn share(&self, amount: Dec) -> Result<Dec> {
        match self.done >= self.whole {
            _ if !self.begun => Ok(Dec::ZERO),
            true => Ok(amount),
            false => self.part(amount, self.done, self.whole, Dec::ZERO),
        }
    }

    fn part(&self, amount: Dec, done: Dec, whole: Dec, already: Dec) -> Result<Dec> {
        cumulative_amount(amount, done, whole, already, self.policy, self.digits)
    }
}

/// The taxes on charges that a head keeps, each with its amount; none where it keeps none.
fn kept(head: &Order) -> Result<(Vec<TaxOn>, Vec<Dec>)> {
    if head.charges_taxes.is_none() {
        return Ok((Vec::new(), Vec::new()));
    }
    let taxes = Taxes::read(None, Dec::ZERO, head.charges_taxes.as_ref())?;
    Ok((taxes.iter().copied().collect(), Taxes::amounts(head.charges_taxes.as_ref())))
}

/// The same of an order; one of an older library has their sum alone.
fn taxes_on_charges(order: &Order) -> Result<Vec<(TaxOn, Dec)>> {
    let (taxes, amounts) = kept(order)?;
    if !taxes.is_empty() {
        return Ok(taxes.into_iter().zip(amounts).collect());
    }
    let rest = order.tax.sub(Dec::sum(order.lines.iter().map(|line| line.tax_amount))?)?;
    Ok(vec![(TaxOn::default(), rest)])
}
