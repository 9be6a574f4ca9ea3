//! What the sale of services grants, and what its end takes.

use super::rules::{granted, last_day, left};
use super::{GrantCause, ServiceEntitlement, ServiceGrant};
use crate::catalog::{Product, ServiceMeasure};
use crate::ordering::{Order, OrderLine, OrderState};
use crate::settings::convert_quantity;
use crm_kernel::date::Date;
use crm_kernel::dec::Dec;
use crm_kernel::error::Result;
use crm_kernel::expr::node::Ty;
use crm_kernel::id::{Id, Ref};
use crm_kernel::record::{Line, Lines, Record};
use crm_kernel::value::Value;
use crm_kernel::work::{Stored, Work};

/// An order that takes effect grants its services; one that is given up ends them.
pub(super) fn order_event(work: &mut Work<'_>, _kind: u32, id: Id, event: &str) -> Result<()> {
    let id: Ref<Order> = Ref::new(id);
    match event {
        "approved" | "imported" => work.system(|work| sold(work, id)),
        "cancelled" => work.system(|work| {
            let (order, today) = (work.find(id)?, work.today());
            keep_up(work, &order, today, GrantCause::Cancelled)
        }),
        _ => Ok(()),
    }
}

/// Brings what an order granted to what was delivered of it and what came back. Errors: `value.out_of_range`.
pub(crate) fn follow(work: &mut Work<'_>, order: &Stored<Order>, date: Date) -> Result<()> {
    work.system(|work| keep_up(work, order, date, GrantCause::Delivered))
}

/// Grants what the services of an order that is in effect are good for. Errors: `unit.no_conversion`,
/// `value.out_of_range`.
fn sold(work: &mut Work<'_>, order: Ref<Order>) -> Result<()> {
    let order = work.find(order)?;
    if !matches!(order.state, OrderState::Approved | OrderState::Held | OrderState::Fulfilled) {
        return Ok(());
    }
    let mut services = Vec::new();
    for line in order.lines.iter().filter(|line| line.quantity.is_positive()) {
        let product = work.find(line.product)?;
        if let Some(measure) = product.service_measure {
            services.push((line, product, measure));
        }
    }
    // An approval by its definition is told twice: by the approval, and by the order that takes effect by it.
    if services.is_empty() || !of_order(work, order.id)?.is_empty() {
        return Ok(());
    }
    for (line, product, measure) in services {
        let entitlement = entitlement(work, &order, line, &product, measure)?;
        work.insert(&entitlement)?;
    }
    Ok(())
}

fn entitlement(
    work: &mut Work<'_>,
    order: &Stored<Order>,
    line: &Line<OrderLine>,
    product: &Product,
    measure: ServiceMeasure,
) -> Result<ServiceEntitlement> {
    let one = match measure {
        ServiceMeasure::Period => Dec::from_int(product.service_days.unwrap_or_default()),
        ServiceMeasure::Times | ServiceMeasure::Hours | ServiceMeasure::Days => {
            product.service_quantity.unwrap_or_default()
        }
    };
    let units = match (line.unit, product.unit) {
        (Some(unit), Some(own)) => convert_quantity(work, Dec::ONE, unit, own)?,
        _ => Dec::ONE,
    };
    let per_unit = granted(units, one)?;
    let granted_now = granted(kept(order, line)?, per_unit)?;
    let starts_on = match measure {
        ServiceMeasure::Period => order.required_date.unwrap_or(order.date).max(order.date),
        ServiceMeasure::Times | ServiceMeasure::Hours | ServiceMeasure::Days => order.date,
    };
    let grant = ServiceGrant { date: order.date, cause: GrantCause::Sold, quantity: granted_now };
    Ok(ServiceEntitlement {
        order: order.id,
        order_line: line.no,
        customer: order.customer,
        product: line.product,
        measure,
        per_unit,
        granted: granted_now,
        used: Dec::ZERO,
        left: (measure != ServiceMeasure::Period).then_some(granted_now),
        sold_on: order.date,
        starts_on,
        last_day: last_day(measure, granted_now, product.service_days, starts_on)?,
        ordered: granted(line.quantity, per_unit)?,
        amount: line.total,
        used_amount: (measure != ServiceMeasure::Period).then_some(Dec::ZERO),
        currency: order.currency,
        grants: [grant].into_iter().collect::<Lines<ServiceGrant>>(),
    })
}

/// Brings what an order granted to what the customer keeps of its lines.
fn keep_up(work: &mut Work<'_>, order: &Stored<Order>, date: Date, cause: GrantCause) -> Result<()> {
    for mut entitlement in of_order(work, order.id)? {
        let Some(line) = order.lines.by_no(entitlement.order_line) else { continue };
        let now = granted(kept(order, line)?, entitlement.per_unit)?;
        let more = now.sub(entitlement.granted)?;
        if more.is_zero() {
            continue;
        }
        entitlement.granted = now;
        if entitlement.is_period() {
            entitlement.last_day = last_day(entitlement.measure, now, None, entitlement.starts_on)?;
        } else {
            entitlement.left = Some(left(now, entitlement.used)?);
        }
        // What was sold was sold on the order's day: nothing of it changes before.
        let date = date.max(order.date);
        entitlement.grants.push(ServiceGrant { date, cause, quantity: more });
        work.save(&mut entitlement)?;
    }
    Ok(())
}

/// What an order granted.
fn of_order(work: &mut Work<'_>, order: Ref<Order>) -> Result<Vec<Stored<ServiceEntitlement>>> {
    let names = [("o", Ty::Ref(Order::NO), Value::Ref(order.id()))];
    work.select::<ServiceEntitlement>("order == o", &names)
}

/// How many units of a line the customer keeps: what was ordered, with what was delivered beyond it, less what came back.
fn kept(order: &Order, line: &OrderLine) -> Result<Dec> {
    if order.state == OrderState::Cancelled {
        return Ok(Dec::ZERO);
    }
    Ok(line.billable().sub(line.returned)?)
}
