//! Planned against done, and what became of orders (ORD-04, ORD-09, FIN-09).

use super::plans::{active, has_goods};
use super::{ActionType, ExecutionPlan, MoneyEffect, NO_PLAN, ORDER_OR_CUSTOMER, PlanStep, StepState};
use crate::finance::{Receipt, Receivable};
use crate::ordering::{Order, OrderState, returned_amount, worth, worth_of};
use crate::parties::Customer;
use crate::records::page;
use crate::settings::policy;
use crm_kernel::Record;
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::Dec;
use crm_kernel::error::{Code, Result};
use crm_kernel::expr::node::Ty;
use crm_kernel::id::Ref;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::plan::{Aggregate, Measure};
use crm_kernel::record::{Line, Record as _};
use crm_kernel::value::Value;
use crm_kernel::work::{Stored, Work};

/// Shows what is planned for an order against what is done, with what is overdue.
#[derive(Clone, Debug, Record)]
#[record(name = "plan_status")]
pub struct Status {
    /// The order.
    pub order: Ref<Order>,
    /// The day; today where none is given.
    pub as_of: Option<Date>,
}

/// Planned against done.
#[derive(Clone, Debug, Record)]
#[record(name = "plan_status_answer")]
pub struct StatusAnswer {
    /// The plan.
    pub plan: Ref<ExecutionPlan>,
    /// Which revision it is.
    pub revision: i64,
    /// The day.
    pub as_of: Date,
    /// The currency.
    pub currency: Currency,
    /// What its receipts come to.
    #[field(money)]
    pub planned: Dec,
    /// What of them has come.
    #[field(money)]
    pub done: Dec,
    /// What is still to come.
    #[field(money)]
    pub open: Dec,
    /// What of that is overdue.
    #[field(money)]
    pub overdue: Dec,
    /// The steps by due date.
    pub steps: Vec<StepStatus>,
}

/// One step.
#[derive(Clone, Debug, Record)]
#[record(name = "plan_step_status")]
pub struct StepStatus {
    /// Its number.
    pub step: i64,
    /// What is done.
    pub action: Ref<ActionType>,
    /// The action's code.
    pub action_code: String,
    /// What the step is called; the action's name where it has none.
    pub label: String,
    /// When it is due.
    pub due_date: Date,
    /// Where it stands.
    pub state: StepState,
    /// How much money is planned.
    #[field(money)]
    pub planned_amount: Option<Dec>,
    /// How much of it is done.
    #[field(money)]
    pub done_amount: Option<Dec>,
    /// How much of it is open.
    #[field(money)]
    pub open_amount: Option<Dec>,
    /// Which share of the goods is planned, in per cent of the order.
    #[field(percent)]
    pub planned_percent: Option<Dec>,
    /// How much of that share is done, in per cent.
    #[field(percent)]
    pub done_percent: Option<Dec>,
    /// The day of the last execution.
    pub done_on: Option<Date>,
    /// True where it is not done and the due date has passed.
    pub overdue: bool,
    /// Days past the due date, where it is overdue.
    pub days_late: i64,
}

impl Operation for Status {
    const NAME: &'static str = "plan.status";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::Right { kind: "plan", verb: "read" };
    const ERRORS: &'static [Code] = &[NO_PLAN];
    const CAPABILITIES: &'static [&'static str] = &["ORD-04", "FIN-09"];
    const EXAMPLE: &'static str = r#"{"order":"$planned_order"}"#;
    type Answer = StatusAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<StatusAnswer> {
        let order = work.find(self.order).map_err(|error| error.at("/order"))?;
        work.must_reach(Order::NO, &order.row, ("plan", "read"))?;
        let plan = active(work, order.id)?.ok_or_else(|| NO_PLAN.at("/order"))?;
        let as_of = self.as_of.unwrap_or_else(|| work.today());
        let (mut planned, mut done, mut overdue) = (Dec::ZERO, Dec::ZERO, Dec::ZERO);
        let mut steps = Vec::with_capacity(plan.steps.len());
        for step in plan.steps.iter() {
            let action = work.system(|work| work.find(step.action))?;
            let shown = shown(step, &action, as_of)?;
            if action.effect_money == MoneyEffect::Receive && step.state != StepState::Dropped {
                planned = planned.add(step.amount.unwrap_or_default())?;
                done = done.add(step.done_amount)?;
                if shown.overdue {
                    overdue = overdue.add(shown.open_amount.unwrap_or_default())?;
                }
            }
            steps.push(shown);
        }
        steps.sort_by_key(|step| (step.due_date, step.step));
        Ok(StatusAnswer {
            plan: plan.id,
            revision: plan.revision,
            as_of,
            currency: plan.currency,
            planned,
            done,
            open: planned.sub(done)?,
            overdue,
            steps,
        })
    }
}

fn shown(step: &Line<PlanStep>, action: &Stored<ActionType>, as_of: Date) -> Result<StepStatus> {
    let waits = matches!(step.state, StepState::Planned | StepState::Partly);
    let overdue = waits && step.due_date < as_of;
    Ok(StepStatus {
        step: step.no,
        action: action.id,
        action_code: action.code.clone(),
        label: step.label.clone().unwrap_or_else(|| action.name.clone()),
        due_date: step.due_date,
        state: step.state,
        planned_amount: step.amount,
        done_amount: step.amount.map(|_| step.done_amount),
        open_amount: step.amount.map(|amount| amount.sub(step.done_amount)).transpose()?,
        planned_percent: step.quantity_percent,
        done_percent: has_goods(action).then_some(step.done_percent),
        done_on: step.done_on,
        overdue,
        days_late: if overdue { step.due_date.days_between(as_of) } else { 0 },
    })
}

/// Shows what was ordered, delivered, invoiced and received, and what is open: of an order line by line, or of a
/// customer's orders.
#[derive(Clone, Debug, Record)]
#[record(name = "order_tracking")]
pub struct Tracking {
    /// The order; or else the customer.
    pub order: Option<Ref<Order>>,
    /// The customer, with all orders in effect.
    pub customer: Option<Ref<Customer>>,
    /// Only orders of which something is open.
    #[field(default = "false")]
    pub open_only: bool,
    /// At most so many orders, the latest first; 1 to 500.
    #[field(default = "50")]
    pub limit: i64,
}

/// What became of orders.
#[derive(Clone, Debug, Record)]
#[record(name = "order_tracking_answer")]
pub struct TrackingAnswer {
    /// The orders, the latest first.
    pub orders: Vec<TrackedOrder>,
    /// True where there are more.
    pub more: bool,
}

/// What became of an order.
#[derive(Clone, Debug, Record)]
#[record(name = "tracked_order")]
pub struct TrackedOrder {
    /// The order.
    pub order: Ref<Order>,
    /// Its number.
    pub number: Option<String>,
    /// Its customer.
    pub customer: Ref<Customer>,
    /// Its date.
    pub date: Date,
    /// Where it stands.
    pub state: OrderState,
    /// The currency.
    pub currency: Currency,
    /// What it comes to.
    #[field(money)]
    pub ordered: Dec,
    /// What was delivered of it, by its lines' totals.
    #[field(money)]
    pub delivered: Dec,
    /// What was invoiced of it, by its lines' totals.
    #[field(money)]
    pub invoiced: Dec,
    /// What the customer gets for what came back: by its lines' totals, less free goods that stay and are charged.
    #[field(money)]
    pub returned: Dec,
    /// What was booked as debts.
    #[field(money)]
    pub booked: Dec,
    /// What was received for it: on its debts, and in advance.
    #[field(money)]
    pub received: Dec,
    /// What is still to be received of the whole, with what was delivered beyond it.
    #[field(money)]
    pub open: Dec,
    /// Its lines, where one order was asked for.
    pub lines: Vec<TrackedLine>,
}

/// What became of a line.
#[derive(Clone, Debug, Record)]
#[record(name = "tracked_line")]
pub struct TrackedLine {
    /// Its number.
    pub line: i64,
    /// What the customer reads.
    pub description: Option<String>,
    /// How much was ordered.
    #[field(quantity)]
    pub ordered: Dec,
    /// How much was delivered.
    #[field(quantity)]
    pub delivered: Dec,
    /// How much was invoiced.
    #[field(quantity)]
    pub invoiced: Dec,
    /// How much came back.
    #[field(quantity)]
    pub returned: Dec,
    /// How much is still to be delivered.
    #[field(quantity)]
    pub to_deliver: Dec,
    /// How much is still to be invoiced, with what was delivered beyond what was ordered.
    #[field(quantity)]
    pub to_invoice: Dec,
}

impl Operation for Tracking {
    const NAME: &'static str = "order.tracking";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::Right { kind: "order", verb: "read" };
    const ERRORS: &'static [Code] = &[ORDER_OR_CUSTOMER];
    const CAPABILITIES: &'static [&'static str] = &["ORD-09", "FIN-05"];
    const EXAMPLE: &'static str = r#"{"order":"$approved_order"}"#;
    type Answer = TrackingAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<TrackingAnswer> {
        let most = page(self.limit, 500)?;
        let (found, with_lines) = match (self.order, self.customer) {
            (Some(order), None) => (vec![work.find(order).map_err(|error| error.at("/order"))?], true),
            (None, Some(customer)) => {
                work.find(customer).map_err(|error| error.at("/customer"))?;
                let states =
                    if self.open_only { "['approved', 'held']" } else { "['approved', 'held', 'fulfilled']" };
                let names = [("c", Ty::Ref(Customer::NO), Value::Ref(customer.id()))];
                let condition = format!("customer == c && state in {states}");
                (work.select_by::<Order>(&condition, &names, &["-date"], Some(most + 1))?, false)
            }
            _ => return Err(ORDER_OR_CUSTOMER.at("/order")),
        };
        let more = found.len() > most as usize;
        let mut orders = Vec::new();
        for order in found.iter().take(most as usize) {
            orders.push(tracked(work, order, with_lines)?);
        }
        Ok(TrackingAnswer { orders, more })
    }
}

fn tracked(work: &mut Work<'_>, order: &Stored<Order>, with_lines: bool) -> Result<TrackedOrder> {
    let present = policy(work)?;
    let policy = order.rounding(present);
    let by = |of: fn(&crate::ordering::OrderLine) -> Dec| -> Result<Dec> {
        let mut sum = Dec::ZERO;
        for line in order.lines.iter().filter(|line| !line.quantity.is_zero()) {
            sum = sum.add(worth_of(order, line, of(line), policy)?)?;
        }
        Ok(sum)
    };
    let money = OrderMoney::of(work, order)?;
    let mut lines = Vec::new();
    for line in order.lines.iter().filter(|_| with_lines) {
        lines.push(TrackedLine {
            line: line.no,
            description: line.description.clone(),
            ordered: line.quantity,
            delivered: line.delivered,
            invoiced: line.invoiced,
            returned: line.returned,
            to_deliver: line.quantity.sub(line.delivered)?.max(Dec::ZERO),
            to_invoice: line.to_invoice()?.max(Dec::ZERO),
        });
    }
    Ok(TrackedOrder {
        order: order.id,
        number: order.number.clone(),
        customer: order.customer,
        date: order.date,
        state: order.state,
        currency: order.currency,
        ordered: order.total,
        delivered: by(|line| line.delivered)?,
        invoiced: by(|line| line.invoiced)?,
        returned: returned_amount(order, present)?,
        booked: money.booked,
        received: money.received,
        open: money.open,
        lines,
    })
}

/// What became of the money of an order.
pub(super) struct OrderMoney {
    /// What was booked as debts.
    booked: Dec,
    /// What was received: on its debts, and in advance.
    received: Dec,
    /// What is still to be received of all that it comes to.
    pub open: Dec,
}

impl OrderMoney {
    /// Reads it. Errors: those of reading.
    pub(super) fn of(work: &mut Work<'_>, order: &Stored<Order>) -> Result<OrderMoney> {
        let names = [
            ("c", Ty::Ref(Customer::NO), Value::Ref(order.customer.id())),
            ("o", Ty::Ref(Order::NO), Value::Ref(order.id.id())),
        ];
        let [booked, unpaid] =
            sums(work, Receivable::NO, "customer == c && order == o", ["amount", "open"], &names)?;
        let [advances, _] = sums(work, Receipt::NO, "order == o", ["unallocated", "unallocated"], &names)?;
        let received = booked.sub(unpaid)?.add(advances)?;
        let open = worth(order, policy(work)?)?.sub(received)?;
        Ok(OrderMoney { booked, received, open })
    }
}

/// Sums over a kind that belong to an order: whoever may see the order may see what became of it.
fn sums(
    work: &mut Work<'_>,
    kind: u32,
    condition: &str,
    fields: [&str; 2],
    names: &[(&str, Ty, Value)],
) -> Result<[Dec; 2]> {
    let filter = work.expression(kind, condition, names)?;
    let measures = fields.iter().map(|field| Ok(Measure::Sum(work.expression(kind, field, names)?)));
    let measures = measures.collect::<Result<_>>()?;
    let groups = work.system(|work| {
        work.aggregate(Aggregate { kind, filter: Some(filter), group: Vec::new(), measures })
    })?;
    let of = |at: usize| {
        groups.first().and_then(|group| group.get(at)).and_then(Value::as_dec).unwrap_or_default()
    };
    Ok([of(0), of(1)])
}
