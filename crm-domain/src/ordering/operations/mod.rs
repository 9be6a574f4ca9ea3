//! The operations of ordering.

mod approval;
mod change;
mod create;
mod from_quote;
mod lines;
mod stop;
mod trace;

pub use approval::{Approve, Reject, Submit, Withdraw};
pub use change::Change;
pub use create::{Create, NewOrder, OrderAnswer};
pub use from_quote::{FromQuote, QuotePart};
pub use lines::{AddLine, ChangeLine, RemoveLine};
pub use stop::{Cancel, Hold, Release};
pub use trace::{Trace, TraceAnswer, TraceLink};

use super::{Order, OrderLine};
use crate::pricing::{self, Terms};
use crate::quoting::{beside, guard_head, judge_whole, tax_lines, total};
use crate::settings;
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::Dec;
use crm_kernel::error::Result;
use crm_kernel::record::{Line, Lines, Whole};
use crm_kernel::value::Row;
use crm_kernel::work::Work;
use std::sync::Arc;

fn answer(order: Arc<Row>) -> OrderAnswer {
    OrderAnswer { order: Whole::new(order) }
}

/// With what the lines of an order ask for their prices. Errors: those of reading.
fn price_terms(work: &mut Work<'_>, order: &Order) -> Result<Terms> {
    Ok(Terms {
        customer: Some(order.customer),
        seller: Some(order.owner),
        date: order.date,
        currency: order.currency,
        list: order.price_list,
        bought: pricing::bought(work, order.customer, order.date)?,
        beside: beside(&order.lines)?,
    })
}

/// How many of the enterprise's currency one of an order's is, as the order keeps it. Errors at `/currency`:
/// `currency.no_rate`.
fn base_rate(work: &mut Work<'_>, currency: Currency, date: Date) -> Result<(Dec, Option<Dec>)> {
    let base = work.base().unwrap_or(currency);
    let rate = settings::exact_rate(work, currency, base, date).map_err(|error| error.at("/currency"))?;
    rate.columns()
}

/// Calculates an order again, with what rules take off its lines together as they are now.
fn retotal(work: &mut Work<'_>, order: &mut Order) -> Result<()> {
    let mut lines: Lines<OrderLine> = std::mem::take(&mut order.lines);
    tax_lines(work, order.currency, order.date, &mut lines)?;
    judge_whole(work, |work| price_terms(work, order), &mut lines)?;
    let date = order.date;
    total(work, order, date, &mut lines)?;
    order.lines = lines;
    Ok(())
}

/// Whether who acts may take the discount on the whole off the lines that are `judged`. Errors as [`guard_head`].
fn guard_of_whole(
    work: &mut Work<'_>,
    order: &mut Order,
    judged: impl Fn(&Line<OrderLine>) -> bool,
) -> Result<()> {
    let mut lines = std::mem::take(&mut order.lines);
    guard_head(work, |work| price_terms(work, order), order, &mut lines, judged)?;
    order.lines = lines;
    Ok(())
}
