//! What credit takes part in: orders about to take effect, and everything that changes what is used.

use super::account::{base_digits, concerned, limits_of, reservation_of, shift, take, taken};
use super::release::released;
use super::rules::{Buckets, Dimension, contribution, judge, limit_on, takes};
use super::{CreditLimit, LIMIT_EXCEEDED, REFUSED};
use crate::finance::{Receipt, Receivable, in_base};
use crate::ordering::{Order, OrderState};
use crate::settings::{policy, setting_code};
use crm_kernel::dec::Dec;
use crm_kernel::error::Result;
use crm_kernel::id::{Id, Ref};
use crm_kernel::json::Json;
use crm_kernel::record::Record;
use crm_kernel::value::Row;
use crm_kernel::work::{Stored, Work};

/// An order about to take effect is checked and takes from the limits; one that was imported takes without a check.
pub(super) fn order_event(work: &mut Work<'_>, _kind: u32, id: Id, event: &str) -> Result<()> {
    let id: Ref<Order> = Ref::new(id);
    match event {
        "approving" => work.system(|work| approving(work, id)),
        "imported" => work.system(|work| {
            let order = work.find(id)?;
            if !in_effect(order.state) {
                return Ok(());
            }
            sync(work, id, &order)
        }),
        _ => Ok(()),
    }
}

fn in_effect(state: OrderState) -> bool {
    matches!(state, OrderState::Approved | OrderState::Held | OrderState::Fulfilled)
}

/// Check and reserve are one step (commerce.md 2.11).
fn approving(work: &mut Work<'_>, id: Ref<Order>) -> Result<()> {
    let order = work.find(id)?;
    let limits = limits_of(work, &[order.customer.id(), order.owner.id()])?;
    if limits.is_empty() {
        return Ok(());
    }
    // An order that is made by this very operation has taken nothing yet.
    let reservation = if work.is_new(Order::NO, id.id()) { None } else { reservation_of(work, id)? };
    let booked = reservation.as_ref().map(|kept| kept.booked).unwrap_or_default();
    let (policy, digits) = (policy(work)?, base_digits(work)?);
    let wanted = takes(&order, booked, policy, digits)?;
    let already = reservation.as_ref().map(|kept| taken(kept).used()).transpose()?.unwrap_or_default();
    let amount = wanted.used()?;
    let (dimensions, exceeded) = check(work, &limits, already, amount)?;
    if let Some((binding, headroom)) = exceeded {
        let total = in_base(work, order.total, order.currency, order.exact_rate()?)?;
        if !released(work, id, total)? {
            let refuse = setting_code(work, "credit.breach")? == "refuse";
            let code = if refuse { REFUSED } else { LIMIT_EXCEEDED };
            let shown = |amount: Dec| amount.to_text_scale(digits);
            let mut error = code.error();
            if let Some(dimension) = dimensions.get(binding) {
                let (limit, used) = (shown(dimension.limit), shown(dimension.used));
                error =
                    error.coded("binding", "word", dimension.name).with("limit", limit).with("used", used);
            }
            let mut rooms = Json::object();
            for (dimension, room) in dimensions.iter().zip(headroom) {
                rooms = rooms.with(dimension.name, shown(room));
            }
            return Err(error.with("order", shown(amount)).with("headroom", rooms));
        }
    }
    take(work, (id, &order), wanted, booked, reservation, Vec::new())
}

/// The binding limit and the room of each, where some limit does not hold what is to come.
type Exceeded = Option<(usize, Vec<Dec>)>;

/// Checks an amount against limits of which `already` belongs to the same order.
pub(super) fn check(
    work: &mut Work<'_>,
    limits: &[Stored<CreditLimit>],
    already: Dec,
    amount: Dec,
) -> Result<(Vec<Dimension>, Exceeded)> {
    let today = work.today();
    let mut dimensions = Vec::new();
    for limit in limits {
        let counts = limit_on(limit.amount, limit.active, limit.valid_from, limit.valid_until, today);
        let Some(counts) = counts else { continue };
        let name = if limit.customer.is_some() { "customer" } else { "salesperson" };
        let used = super::account::buckets_of(limit).used()?.sub(already)?;
        dimensions.push(Dimension { name, limit: counts, used });
    }
    let judged = judge(amount, &dimensions)?;
    let exceeded = judged.binding.filter(|_| judged.exceeded).map(|binding| (binding, judged.headroom));
    Ok((dimensions, exceeded))
}

/// Brings reservation and limits to what an order takes in its state.
fn sync(work: &mut Work<'_>, id: Ref<Order>, order: &Order) -> Result<()> {
    let reservation = reservation_of(work, id)?;
    let booked = reservation.as_ref().map(|kept| kept.booked).unwrap_or_default();
    let (policy, digits) = (policy(work)?, base_digits(work)?);
    let takes = contribution(order, booked, policy, digits)?;
    take(work, (id, order), takes, booked, reservation, Vec::new())
}

/// An order that changes takes more or less: delivered, held, fulfilled, cancelled, given to somebody else. New orders
/// are told of.
pub(super) fn order_saved(work: &mut Work<'_>, _kind: u32, old: Option<&Row>, new: &mut Row) -> Result<()> {
    let (Some(old), Some(id)) = (old, Id::new(new.id)) else { return Ok(()) };
    let state = Order::def().position("state").unwrap_or_default();
    let effective = |row: &Row| matches!(row.at(state).as_text(), Some("approved" | "held" | "fulfilled"));
    if !effective(old) && !effective(new) {
        return Ok(());
    }
    let order = Order::from_row(new)?;
    work.system(|work| sync(work, Ref::new(id), &order))
}

/// A debt that is booked or settled.
pub(super) fn receivable_saved(
    work: &mut Work<'_>,
    _kind: u32,
    old: Option<&Row>,
    new: &mut Row,
) -> Result<()> {
    let new = Receivable::from_row(new)?;
    let old = old.map(Receivable::from_row).transpose()?;
    let owed = |amount: Dec| Buckets { invoiced: amount, ..Buckets::default() };
    let mut changes = Vec::new();
    let mut note = |debt: &Receivable, amount: Dec| {
        changes.push((debt.customer.id(), owed(amount)));
        changes.extend(debt.owner.map(|owner| (owner.id(), owed(amount))));
    };
    note(&new, new.base_open);
    if let Some(old) = &old {
        note(old, old.base_open.neg());
    }
    // What is booked of an order as a debt moves out of what is open of it.
    if let (Some(id), None) = (new.order, old)
        && let Some(reservation) = reservation_of(work, id)?
    {
        let booked = reservation.booked.add(new.amount)?;
        let order = work.system(|work| work.find(id))?;
        let (policy, digits) = (policy(work)?, base_digits(work)?);
        let takes = contribution(&order, booked, policy, digits)?;
        return take(work, (id, &order), takes, booked, Some(reservation), changes);
    }
    let mut limits = concerned(work, &changes)?;
    shift(work, &mut limits, &changes)
}

/// An advance that came, was used up or given back.
pub(super) fn receipt_saved(work: &mut Work<'_>, _kind: u32, old: Option<&Row>, new: &mut Row) -> Result<()> {
    let new = Receipt::from_row(new)?;
    let old = old.map(Receipt::from_row).transpose()?;
    let prepaid = |amount: Dec| Buckets { advances: amount, ..Buckets::default() };
    let mut changes = Vec::new();
    let mut note = |receipt: &Receipt, amount: Dec| {
        changes.push((receipt.customer.id(), prepaid(amount)));
        changes.extend(receipt.owner.map(|owner| (owner.id(), prepaid(amount))));
    };
    note(&new, new.base_unallocated);
    if let Some(old) = &old {
        note(old, old.base_unallocated.neg());
    }
    let mut limits = concerned(work, &changes)?;
    shift(work, &mut limits, &changes)
}
