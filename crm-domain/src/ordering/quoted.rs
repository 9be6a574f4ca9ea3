//! What of a quote's amounts goes with the lines of its orders.

use super::rules::share_of_quote;
use super::{Order, OrderLine};
use crate::pricing::{LineEffect, Off, PriceRule};
use crate::quoting::QuoteVersion;
use crate::settings;
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
    let policy = settings::policy(work)?;
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
        for effect in effects.iter_mut().filter(|effect| !matches!(effect.hit.off, Off::Percent(_))) {
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

/// What an amount of a rule comes to on a line of an order.
fn amount_of(line: &OrderLine, rule: Ref<PriceRule>) -> Result<Dec> {
    let effects = LineEffect::read(line.document_effects.as_ref())?;
    let of_rule = effects.iter().filter(|effect| effect.hit.rule == rule);
    let amounts = of_rule.filter(|effect| !matches!(effect.hit.off, Off::Percent(_)));
    Ok(Dec::sum(amounts.map(|effect| effect.amount))?)
}
