//! What customers bought before, for rules that count a rolling period.

use super::index::longest_period;
use super::price::Bought;
use crate::parties::Customer;
use crate::settings;
use crm_kernel::date::Date;
use crm_kernel::error::Result;
use crm_kernel::expr::node::Ty;
use crm_kernel::id::Ref;
use crm_kernel::plan::{Query, Select};
use crm_kernel::record::Record;
use crm_kernel::value::Value;
use crm_kernel::work::Work;

/// The kind of the lines of orders. Orders stand above prices, so it is found by its name.
const LINES: &str = "order_line";

/// What a customer ordered up to a date, in orders that are in effect, as far back as a rule counts; nothing where none
/// counts a period. Credit notes of other systems take from it, free goods are not counted. Errors: those of reading,
/// `unit.no_conversion`.
pub fn bought(work: &mut Work<'_>, customer: Ref<Customer>, date: Date) -> Result<Vec<Bought>> {
    let days = longest_period(work)?;
    if days == 0 {
        return Ok(Vec::new());
    }
    let lines = work.catalogue().named(LINES)?.no();
    let from = date.add_days(-days).unwrap_or(Date::MIN);
    let names = [
        ("buyer", Ty::Ref(Customer::NO), Value::Ref(customer.id())),
        ("since", Ty::Date, Value::Date(from)),
        ("day", Ty::Date, Value::Date(date)),
    ];
    let filter = "order.customer == buyer && order.date > since && order.date <= day \
                  && order.state in ['approved', 'held', 'fulfilled'] && free_of == null";
    let select = ["product", "quantity", "unit", "product.unit", "order.date"];
    let select = select.map(|field| work.expression(lines, field, &[]));
    let select = select.into_iter().collect::<Result<Vec<_>>>()?;
    let filter = Some(work.expression(lines, filter, &names)?);
    let found = work.system(|work| {
        work.query(Query {
            kind: lines,
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
