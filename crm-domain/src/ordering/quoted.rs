//! What goes with the lines of a quote into its orders: amounts that rules took off, free goods.

use super::rules::share_of_quote;
use super::{Order, OrderLine};
use crate::pricing::{DocumentPolicy, FreeTerms, LineEffect, Off, PriceRule};
use crate::quoting::{DocumentLine, NewLine, QuoteLine, QuoteVersion, take};
use crm_kernel::dec::Dec;
use crm_kernel::error::Result;
use crm_kernel::expr::node::Ty;
use crm_kernel::id::Ref;
use crm_kernel::record::{Line, Lines, Record};
use crm_kernel::value::Value;
use crm_kernel::work::{Stored, Work};

/// The orders of a version that were not cancelled.
pub fn orders_of(work: &mut Work<'_>, version: Ref<QuoteVersion>) -> Result<Vec<Stored<Order>>> {
    let names = [("v", Ty::Ref(QuoteVersion::NO), Value::Ref(version.id()))];
    work.system(|work| work.select::<Order>("quote_version == v && state != 'cancelled'", &names))
}

/// Puts on some lines of an order, by their places, what the lines of the version that they follow from have of rules
/// that take off lines together. Per cents come along as they are. Of an amount a line has its part in proportion to
/// what is ordered, after the quantities were taken: cumulative, so that all orders of the quote together have it
/// exactly once. `order` is the order itself where it is stored already. Errors: `value.out_of_range`.
pub fn put_effects(
    work: &mut Work<'_>,
    version: &Stored<QuoteVersion>,
    order: Option<Ref<Order>>,
    lines: &mut Lines<OrderLine>,
    places: &[usize],
) -> Result<()> {
    let policy = DocumentPolicy::kept(work, version.policy.as_ref())?.rounding;
    let digits = version.currency.digits();
    let mut others: Option<Vec<Stored<Order>>> = None;
    for (done, place) in places.iter().enumerate() {
        let quoted = lines.get(*place).and_then(|line| version.lines.by_no(line.quote_line?));
        let Some(quoted) = quoted else { continue };
        let mut effects = LineEffect::read(quoted.document_effects.as_ref())?;
        // Of lines that follow from the same one, those that are still to come have nothing yet.
        let to_come = places.get(done + 1..).unwrap_or_default();
        let of_quoted = |line: &&Line<OrderLine>| line.quote_line == Some(quoted.no);
        let later = to_come.iter().filter_map(|place| lines.get(*place)).filter(of_quoted);
        let ordered = quoted.ordered.sub(Dec::sum(later.map(|line| line.quantity))?)?;
        let amounts = effects.iter_mut().filter(|effect| effect.hit.is_amount());
        for effect in amounts {
            if others.is_none() {
                let mut found = orders_of(work, version.id)?;
                found.retain(|other| Some(other.id) != order);
                others = Some(found);
            }
            let elsewhere = others.iter().flatten().flat_map(|other| other.lines.iter());
            let here = lines.iter().enumerate();
            let here = here.filter(|(at, _)| at != place && !to_come.contains(at)).map(|(_, line)| line);
            let mut already = Dec::ZERO;
            for line in elsewhere.chain(here).filter(of_quoted) {
                already = already.add(amount_of(line, effect.hit.rule)?)?;
            }
            let share = share_of_quote(effect.amount, ordered, quoted.quantity, already, policy, digits)?;
            effect.hit.off = Off::Share(share);
            effect.amount = share;
        }
        let kept = LineEffect::write(&effects, version.currency);
        if let Some(line) = lines.get_mut(*place) {
            line.document_effects = kept;
        }
    }
    Ok(())
}

/// A line of an order that follows from a line of a quote.
pub fn ordered_line(quoted: &Line<QuoteLine>, quantity: Dec) -> OrderLine {
    let asked = NewLine {
        product: quoted.product,
        quantity,
        unit: quoted.unit,
        description: quoted.description.clone(),
        unit_price: None,
        price_reason: None,
        discount_percent: Some(quoted.discount_percent),
        tax: quoted.tax,
    };
    OrderLine {
        unit_price: quoted.unit_price,
        exact_price: quoted.exact_price.clone(),
        list_price: quoted.list_price,
        unit_cost: quoted.unit_cost,
        price_rule: quoted.price_rule,
        derivation: quoted.derivation.clone(),
        manual_price_by: quoted.manual_price_by,
        manual_price_reason: quoted.manual_price_reason.clone(),
        replaced_price: quoted.replaced_price,
        quote_line: Some(quoted.no),
        ..OrderLine::blank(&asked)
    }
}

/// Lets the free goods of a version come along with the lines of an order that they come with there, after those took
/// their quantities: in proportion to what is ordered of the quote in all, in whole steps of their rule, and all of them
/// once all is ordered. They are taken from the version, or given back. `counter` is the largest number that a line of
/// the order ever had. Errors: those of [`take`].
pub fn put_free(
    work: &mut Work<'_>,
    version: &mut Stored<QuoteVersion>,
    lines: &mut Lines<OrderLine>,
    counter: i64,
) -> Result<()> {
    let mut more: Vec<(i64, Dec)> = Vec::new();
    for free in &version.lines {
        let Some(paid) = free.free_of.and_then(|of| version.lines.by_no(of)) else { continue };
        let with = lines.iter().find(|line| line.quote_line == Some(paid.no)).map(|line| line.no);
        let at = lines.iter().position(|line| line.quote_line == Some(free.no));
        let own = at.and_then(|at| lines.get(at)).map_or(Dec::ZERO, |line| line.quantity);
        let terms = FreeTerms::read(free.derivation.as_ref());
        let due = match with {
            Some(_) => {
                let due = terms.with_part(free.quantity, paid.ordered, paid.quantity)?;
                due.sub(free.ordered.sub(own)?)?.max(Dec::ZERO)
            }
            None => Dec::ZERO,
        };
        let place = at.and_then(|at| lines.get_mut(at));
        match place {
            _ if due.is_zero() => lines.retain(|line| line.quote_line != Some(free.no)),
            Some(line) => (line.quantity, line.free_of) = (due, with),
            None => {
                let line = OrderLine { free_of: with, ..ordered_line(free, due) };
                let no = lines.iter().map(|line| line.no).fold(counter, i64::max) + 1;
                (**lines).push(Line { no, line, custom: Vec::new() });
            }
        }
        if due != own {
            more.push((free.no, due.sub(own)?));
        }
    }
    if more.is_empty() { Ok(()) } else { take(work, version, &more) }
}

/// What an amount of a rule comes to on a line of an order.
fn amount_of(line: &OrderLine, rule: Ref<PriceRule>) -> Result<Dec> {
    let effects = LineEffect::read(line.document_effects.as_ref())?;
    let of_rule = effects.iter().filter(|effect| effect.hit.rule == rule);
    let amounts = of_rule.filter(|effect| effect.hit.is_amount());
    Ok(Dec::sum(amounts.map(|effect| effect.amount))?)
}
