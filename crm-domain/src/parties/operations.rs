//! Operations on customers.

use super::{Customer, CustomerState, HAS_TRADED, OWNER_LEFT};
use crate::org::{Department, Employee};
use crm_kernel::Record;
use crm_kernel::date::Date;
use crm_kernel::error::{Code, Result};
use crm_kernel::id::Ref;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::record::{Record as _, Whole};
use crm_kernel::work::Work;

/// Sets by hand where a customer stands in its life.
#[derive(Clone, Debug, Record)]
#[record(name = "customer_set_state")]
pub struct SetState {
    /// The customer.
    pub id: Ref<Customer>,
    /// Where it is to stand. Back to potential only as long as no order of it was approved.
    pub state: CustomerState,
    /// Why, for the history.
    pub reason: Option<String>,
    /// The version that the caller read.
    pub version: Option<i64>,
}

/// A customer after an operation.
#[derive(Clone, Debug, Record)]
#[record(name = "customer_answer")]
pub struct CustomerAnswer {
    /// The customer.
    pub customer: Whole<Customer>,
}

impl Operation for SetState {
    const NAME: &'static str = "customer.set_state";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "customer", verb: "set_state" };
    const ERRORS: &'static [Code] = &[HAS_TRADED];
    const CAPABILITIES: &'static [&'static str] = &["CUS-01"];
    const EXAMPLE: &'static str =
        r#"{"id":"$customer","state":"trading","reason":"signed a frame contract"}"#;
    type Answer = CustomerAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<CustomerAnswer> {
        let mut customer = work.find_for("set_state", self.id)?;
        customer.expect_version(self.version)?;
        if let (CustomerState::Potential, Some(since)) = (self.state, customer.trading_since) {
            return Err(HAS_TRADED.at("/state").with("since", since.to_string()));
        }
        if let Some(reason) = self.reason {
            work.because(reason);
        }
        customer.state = self.state;
        work.save(&mut customer)?;
        Ok(CustomerAnswer { customer: Whole::new(customer.row) })
    }
}

/// Gives customers to another owner. The history of each tells who had it before, and why it changed.
#[derive(Clone, Debug, Record)]
#[record(name = "customer_assign")]
pub struct Assign {
    /// The customers, at most 1,000.
    pub customers: Vec<Ref<Customer>>,
    /// The new owner.
    pub owner: Ref<Employee>,
    /// The department they belong to from now on; the new owner's where none is given.
    pub department: Option<Ref<Department>>,
    /// Why, for the history.
    pub reason: Option<String>,
}

/// What was assigned.
#[derive(Clone, Debug, Record)]
#[record(name = "customer_assign_answer")]
pub struct AssignAnswer {
    /// How many customers have another owner or department now.
    pub changed: i64,
}

/// More customers than this are not assigned at once.
const MOST_AT_ONCE: usize = 1_000;

impl Operation for Assign {
    const NAME: &'static str = "customer.assign";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "customer", verb: "assign" };
    const ERRORS: &'static [Code] = &[OWNER_LEFT];
    const CAPABILITIES: &'static [&'static str] = &["CUS-01", "CUS-10"];
    const EXAMPLE: &'static str =
        r#"{"customers":["$customer"],"owner":"$administrator","reason":"handed over"}"#;
    type Answer = AssignAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<AssignAnswer> {
        if self.customers.len() > MOST_AT_ONCE {
            return Err(Code::OUT_OF_RANGE.at("/customers").with("value", self.customers.len().to_string()));
        }
        // Who hands customers over need not see the records of the colleague who takes them.
        let owner = work.system(|work| work.look(self.owner))?;
        let owner = owner
            .ok_or_else(|| Code::DANGLING.at("/owner").with("kind", Employee::def().name.to_string()))?;
        if !owner.active {
            return Err(OWNER_LEFT.at("/owner").with("employee", owner.name.clone()));
        }
        let department = self.department.unwrap_or(owner.department);
        if let Some(reason) = self.reason {
            work.because(reason);
        }
        let mut changed = 0;
        for (at, id) in self.customers.iter().enumerate() {
            let found = work.find_for("assign", *id);
            let mut customer = found.map_err(|error| error.under(&format!("/customers/{at}")))?;
            if (customer.owner, customer.department) == (Some(owner.id), Some(department)) {
                continue;
            }
            customer.owner = Some(owner.id);
            customer.department = Some(department);
            work.save(&mut customer).map_err(|error| error.at(format!("/customers/{at}")))?;
            changed += 1;
        }
        Ok(AssignAnswer { changed })
    }
}

/// Marks a customer as trading, because an order of it was approved; the first time remembers the day.
pub fn start_trading(work: &mut Work<'_>, customer: Ref<Customer>, date: Date) -> Result<()> {
    work.system(|work| {
        let mut customer = work.find(customer)?;
        customer.state = CustomerState::Trading;
        customer.trading_since = Some(customer.trading_since.map_or(date, |since| since.min(date)));
        work.save(&mut customer)
    })
}
