//! What areas above do with an order: only if it is approved, and never more than its lines allow.

use super::returns::no_free_beyond;
use super::rules::{Executed, effective, executable, progress};
use super::{NO_LINE, Order, OrderState};
use crate::settings;
use crm_kernel::date::Date;
use crm_kernel::dec::Dec;
use crm_kernel::error::Result;
use crm_kernel::id::Ref;
use crm_kernel::record::Record;
use crm_kernel::work::{Stored, Work};

/// An order for which something may be planned, delivered, invoiced or collected.
/// Errors: `record.not_found` where the actor may not see it, `order.not_approved`, `order.held`.
pub fn require_approved(work: &mut Work<'_>, order: Ref<Order>) -> Result<Stored<Order>> {
    let order = work.find(order)?;
    executable(order.state)?;
    Ok(order)
}

/// An order that has been approved, also where it is held now: money may come in for what was delivered before.
/// Errors: `record.not_found`, `order.not_approved`.
pub fn require_effective(work: &mut Work<'_>, order: Ref<Order>) -> Result<Stored<Order>> {
    let order = work.find(order)?;
    effective(order.state)?;
    Ok(order)
}

/// Adds to what was delivered, invoiced or returned of lines, on a date; negative quantities take back. The order is
/// fulfilled by it, or open again; the areas above are told `fulfilled` or `reopened`. Errors: `order.not_approved`,
/// `order.held`, `order.no_line`, `order.over_executed` with the line, `order.free_beyond` where free goods are to come
/// back with what they came with.
pub fn set_executed(
    work: &mut Work<'_>,
    order: Ref<Order>,
    lines: &[(i64, Executed)],
    date: Date,
) -> Result<Stored<Order>> {
    work.system(|work| {
        let mut order = work.find(order)?;
        executable(order.state)?;
        let tolerance = tolerance_percent(work)?;
        for (no, more) in lines {
            let line = order.lines.by_no_mut(*no).ok_or_else(|| NO_LINE.error().with("line", *no))?;
            let sum = line
                .executed()
                .and(*more, line.quantity, tolerance)
                .map_err(|error| error.with("line", *no))?;
            line.delivered = sum.delivered;
            line.invoiced = sum.invoiced;
            line.returned = sum.returned;
        }
        if lines.iter().any(|(_, more)| !more.delivered.is_zero() || !more.returned.is_zero()) {
            no_free_beyond(&order)?;
        }
        let all_out = order.lines.iter().all(|line| line.executed().is_delivered(line.quantity));
        order.shipped_date = if all_out { order.shipped_date.or(Some(date)) } else { None };
        let before = order.state;
        order.state = progress(before, order.lines.iter().map(|line| (line.quantity, line.executed())));
        work.save(&mut order)?;
        match order.state {
            state if state == before => {}
            OrderState::Fulfilled => work.tell(Order::NO, order.id.id(), "fulfilled")?,
            _ => work.tell(Order::NO, order.id.id(), "reopened")?,
        }
        Ok(order)
    })
}

/// By how many per cent more than ordered may be delivered of a line: the setting `delivery.tolerance`.
pub fn tolerance_percent(work: &mut Work<'_>) -> Result<Dec> {
    Ok(Dec::parse(&settings::setting_code(work, "delivery.tolerance")?)?)
}
