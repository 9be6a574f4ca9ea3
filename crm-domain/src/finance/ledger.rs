//! The customer ledger: everything about a customer in one view (CUS-06).

use super::statement::{CurrencyBalance, balances};
use crate::parties::Customer;
use crate::records::page;
use crm_kernel::Record;
use crm_kernel::catalogue::Kind;
use crm_kernel::encode::Encoder;
use crm_kernel::error::Result;
use crm_kernel::expr::Expr;
use crm_kernel::id::Ref;
use crm_kernel::json::Json;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::plan::{Aggregate, Measure, Query, Select, SortKey};
use crm_kernel::record::{FieldRole, FieldType, Record as _, Whole};
use crm_kernel::value::Value;
use crm_kernel::work::Work;

/// Shows everything about a customer that the actor may read: its master data, its balance, and the latest records of
/// every kind that refers to it, kinds made at run time included.
#[derive(Clone, Debug, Record)]
#[record(name = "customer_ledger")]
pub struct Ledger {
    /// The customer.
    pub customer: Ref<Customer>,
    /// Only these kinds; all where none is named.
    #[field(selection)]
    pub kinds: Vec<String>,
    /// At most so many records of each kind, the latest first; 1 to 200.
    #[field(default = "20")]
    pub per_kind: i64,
}

/// Everything about a customer.
#[derive(Clone, Debug, Record)]
#[record(name = "customer_ledger_answer")]
pub struct LedgerAnswer {
    /// The customer.
    pub customer: Whole<Customer>,
    /// What it owes and has to its credit; empty where the actor may not read debts.
    pub balances: Vec<CurrencyBalance>,
    /// One section a kind, in the order of the kinds.
    pub sections: Vec<LedgerSection>,
}

/// The records of one kind.
#[derive(Clone, Debug, Record)]
#[record(name = "customer_ledger_section")]
pub struct LedgerSection {
    /// The kind's name.
    pub kind: String,
    /// How many there are in all.
    pub count: i64,
    /// The latest of them.
    pub records: Vec<Json>,
}

impl Operation for Ledger {
    const NAME: &'static str = "customer.ledger";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::Right { kind: "customer", verb: "read" };
    const CAPABILITIES: &'static [&'static str] = &["CUS-06"];
    const EXAMPLE: &'static str = r#"{"customer":"$customer","per_kind":5}"#;
    type Answer = LedgerAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<LedgerAnswer> {
        let customer = work.find(self.customer).map_err(|error| error.at("/customer"))?;
        let today = work.today();
        let balances = match work.may("receivable", "read") {
            true => balances(work, self.customer, today, None)?,
            false => Vec::new(),
        };
        let catalogue = work.catalogue();
        for (at, name) in self.kinds.iter().enumerate() {
            catalogue.named(name).map_err(|error| error.at(format!("/kinds/{at}")))?;
        }
        let most = page(self.per_kind, 200).map_err(|error| error.at("/per_kind"))?;
        let mut sections = Vec::new();
        for kind in catalogue.kinds() {
            let wanted = self.kinds.is_empty() || self.kinds.iter().any(|name| name == kind.name());
            let Some(field) = about_customer(kind).filter(|_| wanted && work.may(kind.name(), "read")) else {
                continue;
            };
            let section = section(work, kind, field, self.customer, most)?;
            if section.count > 0 {
                sections.push(section);
            }
        }
        Ok(LedgerAnswer { customer: Whole::new(customer.row), balances, sections })
    }
}

/// The field by which a kind refers to a customer.
fn about_customer(kind: &Kind) -> Option<&str> {
    if kind.parent().is_some() {
        return None;
    }
    kind.fields()
        .iter()
        .find(|field| field.ty == FieldType::Ref(Customer::NO))
        .map(|field| field.name.as_ref())
}

fn section(
    work: &mut Work<'_>,
    kind: &Kind,
    field: &str,
    customer: Ref<Customer>,
    most: u32,
) -> Result<LedgerSection> {
    let catalogue = work.catalogue();
    let filter = Expr::field(&catalogue, kind.no(), field)?.one_of(vec![Value::Ref(customer.id())]);
    let plan = Aggregate {
        kind: kind.no(),
        filter: Some(filter.clone()),
        group: Vec::new(),
        measures: vec![Measure::Count],
    };
    let groups = work.aggregate(plan)?;
    let count = groups.first().and_then(|group| group.first()).and_then(Value::as_dec);
    let mut order = Vec::new();
    if let Some(date) = kind.role(FieldRole::BusinessDate).and_then(|at| kind.field(at)) {
        order.push(SortKey { by: Expr::field(&catalogue, kind.no(), &date.name)?, descending: true });
    }
    order.push(SortKey { by: work.expression(kind.no(), "id", &[])?, descending: true });
    let plan = Query {
        kind: kind.no(),
        filter: Some(filter),
        order,
        after: None,
        limit: Some(most),
        select: Select::Rows,
    };
    let found = work.query(plan)?;
    let encoder = Encoder::new(&catalogue, work.base());
    let records =
        found.iter().filter_map(|found| found.row.as_ref()).map(|row| encoder.record(kind, row)).collect();
    let count = count.map_or(0, |count| count.to_i64_at(0).unwrap_or(0));
    Ok(LedgerSection { kind: kind.name().to_owned(), count, records })
}
