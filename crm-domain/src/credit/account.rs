//! What of limits is used: kept with the limit by what changes, and counted anew from the records.

use super::rules::{Buckets, contribution};
use super::{CreditLimit, CreditReservation, ReservationState};
use crate::finance::{Receipt, Receivable};
use crate::ordering::{Order, OrderState};
use crate::org::Employee;
use crate::parties::Customer;
use crate::settings::{NOT_SET_UP, policy};
use crm_kernel::dec::Dec;
use crm_kernel::error::Result;
use crm_kernel::expr::Expr;
use crm_kernel::expr::node::Ty;
use crm_kernel::id::{Id, Ref};
use crm_kernel::plan::{Aggregate, GroupKey, Measure};
use crm_kernel::record::Record;
use crm_kernel::value::Value;
use crm_kernel::work::{Stored, Work};
use std::collections::HashMap;

/// Whose limit it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holder {
    Customer(Ref<Customer>),
    Employee(Ref<Employee>),
}

impl Holder {
    pub fn id(self) -> Id {
        match self {
            Holder::Customer(customer) => customer.id(),
            Holder::Employee(employee) => employee.id(),
        }
    }
}

/// The limits of any of some holders.
pub(super) fn limits_of(work: &mut Work<'_>, holders: &[Id]) -> Result<Vec<Stored<CreditLimit>>> {
    work.system(|work| {
        let mut limits = Vec::new();
        for holder in holders {
            limits.extend(work.by_key::<CreditLimit>("holder", &Value::Ref(*holder))?);
        }
        Ok(limits)
    })
}

/// The reservation of an order.
pub(super) fn reservation_of(
    work: &mut Work<'_>,
    order: Ref<Order>,
) -> Result<Option<Stored<CreditReservation>>> {
    work.system(|work| work.by_key("order", &Value::Ref(order.id())))
}

/// Adds to what is used of limits: what belongs to each holder. Holders without a limit are passed over.
pub(super) fn shift(
    work: &mut Work<'_>,
    limits: &mut [Stored<CreditLimit>],
    changes: &[(Id, Buckets)],
) -> Result<()> {
    for limit in limits {
        let mut sum = buckets_of(limit);
        for (_, change) in changes.iter().filter(|(holder, _)| *holder == limit.holder) {
            sum = sum.plus(*change)?;
        }
        if sum != buckets_of(limit) {
            put(limit, sum);
            work.system(|work| work.save(limit))?;
        }
    }
    Ok(())
}

/// What is used of a limit, as it is kept.
pub(super) fn buckets_of(limit: &CreditLimit) -> Buckets {
    Buckets {
        open_orders: limit.open_orders,
        delivered_not_invoiced: limit.delivered_not_invoiced,
        invoiced: limit.invoiced,
        advances: limit.advances,
    }
}

/// Sets what is used of a limit.
pub(super) fn put(limit: &mut CreditLimit, buckets: Buckets) {
    limit.open_orders = buckets.open_orders;
    limit.delivered_not_invoiced = buckets.delivered_not_invoiced;
    limit.invoiced = buckets.invoiced;
    limit.advances = buckets.advances;
}

/// What a reservation takes.
pub(super) fn taken(reservation: &CreditReservation) -> Buckets {
    Buckets {
        open_orders: reservation.open_orders,
        delivered_not_invoiced: reservation.delivered_not_invoiced,
        ..Buckets::default()
    }
}

/// Brings the reservation of an order, where it has one, and the limits concerned to what the order takes now. `more`
/// belongs to holders beside it and goes to their limits in the same step. Costs two look-ups where neither customer nor
/// salesperson has a limit.
pub(super) fn take(
    work: &mut Work<'_>,
    (id, order): (Ref<Order>, &Order),
    takes: Buckets,
    booked: Dec,
    reservation: Option<Stored<CreditReservation>>,
    more: Vec<(Id, Buckets)>,
) -> Result<()> {
    let mut changes = more;
    changes.extend([(order.customer.id(), takes), (order.owner.id(), takes)]);
    if let Some(kept) = &reservation {
        let back = taken(kept).negated();
        changes.extend([(kept.customer.id(), back), (kept.employee.id(), back)]);
    }
    let mut limits = concerned(work, &changes)?;
    if limits.is_empty() && reservation.is_none() {
        return Ok(());
    }
    shift(work, &mut limits, &changes)?;
    match reservation {
        Some(mut kept) => {
            *kept = reservation_for(work, id, order, takes, booked)?;
            work.system(|work| work.save(&mut kept))
        }
        None => reserve(work, id, order, takes, booked),
    }
}

/// The limits of the holders of some changes.
pub(super) fn concerned(work: &mut Work<'_>, changes: &[(Id, Buckets)]) -> Result<Vec<Stored<CreditLimit>>> {
    let mut holders: Vec<Id> = changes.iter().map(|(holder, _)| *holder).collect();
    holders.sort();
    holders.dedup();
    limits_of(work, &holders)
}

/// Lets an order have its reservation; the limits know already.
pub(super) fn reserve(
    work: &mut Work<'_>,
    id: Ref<Order>,
    order: &Order,
    takes: Buckets,
    booked: Dec,
) -> Result<()> {
    let reservation = reservation_for(work, id, order, takes, booked)?;
    work.system(|work| work.insert(&reservation)).map(|_| ())
}

fn reservation_for(
    work: &mut Work<'_>,
    id: Ref<Order>,
    order: &Order,
    takes: Buckets,
    booked: Dec,
) -> Result<CreditReservation> {
    Ok(CreditReservation {
        order: id,
        customer: order.customer,
        employee: order.owner,
        amount: crate::finance::in_base(work, order.total, order.currency, order.exact_rate()?)?,
        booked,
        open_orders: takes.open_orders,
        delivered_not_invoiced: takes.delivered_not_invoiced,
        state: match (order.state, takes.is_empty()) {
            (OrderState::Cancelled, _) => ReservationState::Voided,
            (_, true) => ReservationState::Consumed,
            (_, false) => ReservationState::Reserved,
        },
    })
}

/// The decimals of the enterprise's currency.
pub(super) fn base_digits(work: &Work<'_>) -> Result<u8> {
    Ok(work.base().ok_or_else(|| NOT_SET_UP.error())?.digits())
}

/// An order in effect with what was booked of it and what it takes.
pub(super) type Taking = (Stored<Order>, Dec, Buckets);

/// Counts what a holder uses from orders, debts and receipts alone, with the orders that take something. What is kept
/// with limits always equals this.
pub(super) fn count(work: &mut Work<'_>, holder: Holder) -> Result<(Buckets, Vec<Taking>)> {
    let (policy, digits) = (policy(work)?, base_digits(work)?);
    work.system(|work| {
        let (field, name) = match holder {
            Holder::Customer(_) => ("customer", ("h", Ty::Ref(Customer::NO), Value::Ref(holder.id()))),
            Holder::Employee(_) => ("owner", ("h", Ty::Ref(Employee::NO), Value::Ref(holder.id()))),
        };
        let names = [name];
        let mut sum = |kind: u32, measure: &str| -> Result<Dec> {
            let filter = work.expression(kind, &format!("{field} == h && {measure} != 0"), &names)?;
            let measures = vec![Measure::Sum(work.expression(kind, measure, &names)?)];
            let groups =
                work.aggregate(Aggregate { kind, filter: Some(filter), group: Vec::new(), measures })?;
            Ok(groups.first().and_then(|group| group.first()).and_then(Value::as_dec).unwrap_or_default())
        };
        let invoiced = sum(Receivable::NO, "base_open")?;
        let advances = sum(Receipt::NO, "base_unallocated")?;
        let booked = booked(work, field, &names)?;
        let condition = format!("{field} == h && state in ['approved', 'held']");
        let mut total = Buckets { invoiced, advances, ..Buckets::default() };
        let mut taking = Vec::new();
        for order in work.select::<Order>(&condition, &names)? {
            let booked = booked.get(&order.id.id()).copied().unwrap_or_default();
            let takes = contribution(&order, booked, policy, digits)?;
            total = total.plus(takes)?;
            taking.push((order, booked, takes));
        }
        Ok((total, taking))
    })
}

/// What was booked as debts of each order of a holder, in the order's currency.
fn booked(work: &mut Work<'_>, field: &str, names: &[(&str, Ty, Value)]) -> Result<HashMap<Id, Dec>> {
    let kind = Receivable::NO;
    // By the customer the index helps; a salesperson's debts are found by the orders' owner, whoever owns them now.
    let by = if field == "customer" { "customer" } else { "order.owner" };
    let filter = work.expression(kind, &format!("order != null && {by} == h"), names)?;
    let group = vec![GroupKey { by: Expr::field(&work.catalogue(), kind, "order")?, period: None }];
    let measures = vec![Measure::Sum(work.expression(kind, "amount", names)?)];
    let groups = work.aggregate(Aggregate { kind, filter: Some(filter), group, measures })?;
    let of = |group: &Vec<Value>| match group.as_slice() {
        [order, amount] => Some((order.as_id()?, amount.as_dec().unwrap_or_default())),
        _ => None,
    };
    Ok(groups.iter().filter_map(of).collect())
}
