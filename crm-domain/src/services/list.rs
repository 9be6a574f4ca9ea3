//! What customers have of services, on any day.

use super::{ServiceEntitlement, ServiceState, ServiceUse};
use crate::catalog::{Product, ServiceMeasure};
use crate::ordering::Order;
use crate::parties::Customer;
use crate::records::page;
use crm_kernel::Record;
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::Dec;
use crm_kernel::error::Result;
use crm_kernel::expr::node::Ty;
use crm_kernel::id::Ref;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::plan::{Aggregate, Mark, Measure, Query, Select};
use crm_kernel::record::Record as _;
use crm_kernel::value::Value;
use crm_kernel::work::{Stored, Work};

/// Lists what customers have of services that they bought, on a day: what is left, what is used, when it expires.
#[derive(Clone, Debug, Record)]
#[record(name = "service_list")]
pub struct List {
    /// Only those of this customer.
    pub customer: Option<Ref<Customer>>,
    /// Only those that were sold with this order.
    pub order: Option<Ref<Order>>,
    /// Only this service.
    pub product: Option<Ref<Product>>,
    /// Only those that stand so on the day.
    pub state: Option<ServiceState>,
    /// The day; today where none is given.
    pub as_of: Option<Date>,
    /// At most so many, in the order in which they were sold; 1 to 500.
    #[field(default = "50")]
    pub limit: i64,
    /// Only those behind this one: the `next` of the page before.
    pub after: Option<Ref<ServiceEntitlement>>,
}

/// A page of services.
#[derive(Clone, Debug, Record)]
#[record(name = "service_list_answer")]
pub struct ListAnswer {
    /// The day.
    pub as_of: Date,
    /// The services.
    pub services: Vec<ServiceStanding>,
    /// What to give as `after` for the next page; none at the end.
    pub next: Option<Ref<ServiceEntitlement>>,
}

/// What a customer has of a service on a day.
#[derive(Clone, Debug, Record)]
#[record(name = "service_standing")]
pub struct ServiceStanding {
    /// The entitlement.
    pub entitlement: Ref<ServiceEntitlement>,
    /// The customer.
    pub customer: Ref<Customer>,
    /// The order.
    pub order: Ref<Order>,
    /// The line of the order.
    pub order_line: i64,
    /// The service.
    pub product: Ref<Product>,
    /// What it is counted in.
    pub measure: ServiceMeasure,
    /// Where it stands.
    pub state: ServiceState,
    /// How many times, hours or days it is good for; of a period, how many days it is long.
    #[field(quantity)]
    pub granted: Dec,
    /// How many of them were used; of a period, how often it was used.
    #[field(quantity)]
    pub used: Dec,
    /// How many can still be used; of a period, how many of its days are still to come, this one counted.
    #[field(quantity)]
    pub left: Dec,
    /// The first day on which it is used.
    pub starts_on: Date,
    /// The last day; none where it does not expire.
    pub last_day: Option<Date>,
    /// The currency.
    pub currency: Currency,
    /// What the customer pays for it.
    #[field(money)]
    pub amount: Dec,
    /// What of that is used; none for a period.
    #[field(money)]
    pub used_amount: Option<Dec>,
}

impl Operation for List {
    const NAME: &'static str = "service.list";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::Right { kind: "service_entitlement", verb: "read" };
    const CAPABILITIES: &'static [&'static str] = &["PRD-05"];
    const EXAMPLE: &'static str = r#"{"customer":"$customer","state":"open"}"#;
    type Answer = ListAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<ListAnswer> {
        let limit = page(self.limit, 500)? as usize;
        let as_of = self.as_of.unwrap_or_else(|| work.today());
        let mut services: Vec<ServiceStanding> = Vec::new();
        let mut after = self.after;
        // Where it stands on the day is worked out, so a page is filled from as many reads as it takes.
        while services.len() <= limit {
            let found = self.entitlements(work, as_of, after)?;
            let Some(last) = found.last() else { break };
            after = Some(last.id);
            for entitlement in &found {
                let service = standing(work, entitlement, as_of)?;
                if self.state.is_none_or(|state| state == service.state) {
                    services.push(service);
                }
            }
        }
        let more = services.len() > limit;
        services.truncate(limit);
        let next = services.last().filter(|_| more).map(|last| last.entitlement);
        Ok(ListAnswer { as_of, services, next })
    }
}

impl List {
    /// The next of the entitlements that were sold by the day.
    fn entitlements(
        &self,
        work: &mut Work<'_>,
        as_of: Date,
        after: Option<Ref<ServiceEntitlement>>,
    ) -> Result<Vec<Stored<ServiceEntitlement>>> {
        let kind = ServiceEntitlement::NO;
        let mut condition = "sold_on <= day".to_owned();
        let mut names = vec![("day", Ty::Date, Value::Date(as_of))];
        let wanted = [
            ("customer", "c", Customer::NO, self.customer.map(Ref::id)),
            ("order", "o", Order::NO, self.order.map(Ref::id)),
            ("product", "p", Product::NO, self.product.map(Ref::id)),
        ];
        for (field, name, of, id) in wanted {
            if let Some(id) = id {
                condition.push_str(&format!(" && {field} == {name}"));
                names.push((name, Ty::Ref(of), Value::Ref(id)));
            }
        }
        let plan = Query {
            kind,
            filter: Some(work.expression(kind, &condition, &names)?),
            order: Vec::new(),
            after: after.map(|after| Mark { keys: Vec::new(), parent: 0, id: after.id().number() }),
            limit: Some(PAGE),
            select: Select::Rows,
        };
        let rows = work.query(plan)?.into_iter().filter_map(|found| found.row);
        rows.map(|row| Stored::new(row.into())).collect()
    }
}

/// So many entitlements are read at once.
const PAGE: u32 = 100;

/// How an entitlement stands on a day.
fn standing(
    work: &mut Work<'_>,
    entitlement: &Stored<ServiceEntitlement>,
    as_of: Date,
) -> Result<ServiceStanding> {
    let (used, used_amount) = used_by(work, entitlement.id, as_of)?;
    let on = entitlement.on(as_of, used)?;
    Ok(ServiceStanding {
        entitlement: entitlement.id,
        customer: entitlement.customer,
        order: entitlement.order,
        order_line: entitlement.order_line,
        product: entitlement.product,
        measure: entitlement.measure,
        state: on.state,
        granted: on.granted,
        used: on.used,
        left: on.left,
        starts_on: entitlement.starts_on,
        last_day: on.last_day,
        currency: entitlement.currency,
        amount: entitlement.amount,
        used_amount: (!entitlement.is_period()).then_some(used_amount),
    })
}

/// What was used of an entitlement by a day, and what that is worth.
fn used_by(work: &mut Work<'_>, entitlement: Ref<ServiceEntitlement>, day: Date) -> Result<(Dec, Dec)> {
    let kind = ServiceUse::NO;
    let names = [
        ("e", Ty::Ref(ServiceEntitlement::NO), Value::Ref(entitlement.id())),
        ("day", Ty::Date, Value::Date(day)),
    ];
    let filter = work.expression(kind, "entitlement == e && date <= day", &names)?;
    let sum = |work: &Work<'_>, field: &str| Ok(Measure::Sum(work.expression(kind, field, &names)?));
    let measures = ["quantity", "amount"].map(|field| sum(work, field));
    let measures = measures.into_iter().collect::<Result<_>>()?;
    let groups = work.system(|work| {
        work.aggregate(Aggregate { kind, filter: Some(filter), group: Vec::new(), measures })
    })?;
    let of = |at: usize| {
        groups.first().and_then(|group| group.get(at)).and_then(Value::as_dec).unwrap_or_default()
    };
    Ok((of(0), of(1)))
}
