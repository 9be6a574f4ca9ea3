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
use crate::parties::Customer;
use crate::pricing::{self, Bought, Terms};
use crate::quoting::{beside, judge_whole, tax_lines, total};
use crate::settings;
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::Dec;
use crm_kernel::error::Result;
use crm_kernel::expr::node::Ty;
use crm_kernel::id::Ref;
use crm_kernel::plan::{Query, Select};
use crm_kernel::record::{Lines, Record, Whole};
use crm_kernel::value::{Row, Value};
use crm_kernel::work::Work;
use std::sync::Arc;

fn answer(order: Arc<Row>) -> OrderAnswer {
    OrderAnswer { order: Whole::new(order) }
}

/// With what the lines of an order ask for their prices; where a price rule counts a rolling period, with what the
/// customer ordered in it.
fn price_terms(work: &mut Work<'_>, order: &Order) -> Result<Terms> {
    let bought = match pricing::longest_period(work)? {
        0 => Vec::new(),
        days => bought(work, order, days)?,
    };
    Ok(Terms {
        customer: Some(order.customer),
        seller: Some(order.owner),
        date: order.date,
        currency: order.currency,
        list: order.price_list,
        bought,
        beside: beside(&order.lines),
    })
}

/// What the customer of an order ordered in so many days up to its date, in orders that are in effect. Credit notes of
/// other systems take from it.
fn bought(work: &mut Work<'_>, order: &Order, days: i64) -> Result<Vec<Bought>> {
    let from = order.date.add_days(-days).unwrap_or(Date::MIN);
    let names = [
        ("buyer", Ty::Ref(Customer::NO), Value::Ref(order.customer.id())),
        ("since", Ty::Date, Value::Date(from)),
        ("day", Ty::Date, Value::Date(order.date)),
    ];
    let filter = "order.customer == buyer && order.date > since && order.date <= day \
                  && order.state in ['approved', 'held', 'fulfilled']";
    let select = ["product", "quantity", "unit", "product.unit", "order.date"];
    let select = select.map(|field| work.expression(OrderLine::NO, field, &[]));
    let select = select.into_iter().collect::<Result<Vec<_>>>()?;
    let filter = Some(work.expression(OrderLine::NO, filter, &names)?);
    let found = work.system(|work| {
        work.query(Query {
            kind: OrderLine::NO,
            filter,
            order: Vec::new(),
            after: None,
            limit: None,
            select: Select::Values(select),
        })
    })?;
    let mut bought = Vec::with_capacity(found.len());
    for line in found {
        let [product, quantity, unit, own, date] = line.values.as_slice() else { continue };
        let (Some(product), Some(quantity), Value::Date(date)) = (product.as_id(), quantity.as_dec(), date)
        else {
            continue;
        };
        let quantity = match (unit.as_id(), own.as_id()) {
            (Some(unit), Some(own)) => {
                settings::convert_quantity(work, quantity, Ref::new(unit), Ref::new(own))?
            }
            _ => quantity,
        };
        bought.push(Bought { product: Ref::new(product), quantity, date: *date });
    }
    Ok(bought)
}

/// How many of the enterprise's currency one of an order's is. Errors at `/currency`: `currency.no_rate`.
fn base_rate(work: &mut Work<'_>, currency: Currency, date: Date) -> Result<Dec> {
    match work.base() {
        Some(base) if base != currency => {
            settings::rate(work, currency, base, date).map_err(|error| error.at("/currency"))
        }
        _ => Ok(Dec::ONE),
    }
}

/// Calculates an order again, with what rules take off its lines together as they are now.
fn retotal(work: &mut Work<'_>, order: &mut Order) -> Result<()> {
    let mut lines: Lines<OrderLine> = std::mem::take(&mut order.lines);
    tax_lines(work, order.date, &mut lines)?;
    judge_whole(work, |work| price_terms(work, order), &mut lines)?;
    let date = order.date;
    total(work, order, date, &mut lines)?;
    order.lines = lines;
    Ok(())
}
