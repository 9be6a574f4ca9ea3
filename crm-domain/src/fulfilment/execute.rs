//! Executing plans: planned actions become deliveries, invoices and receipts (ORD-04).

use super::goods::{Goods, catch_up};
use super::plans::{Actions, active, has_goods};
use super::rules::{progress, within};
use super::status::OrderMoney;
use super::{
    ActionType, DeliveryEffect, ExecutionLine, ExecutionPlan, ExecutionRecord, MoneyEffect, NO_EFFECT,
    NO_PLAN, NO_STEP, NOT_EXECUTOR, NOTHING_OPEN, OVER_PLANNED, PlanStep, RETIRED_ACTION, STEP_CLOSED,
    STEP_OR_ACTION, StepState,
};
use crate::finance::{self, Invoice, Issue, IssueLine, Receipt, ReceiptType, RecordReceipt};
use crate::ordering::{
    self, Executed, FREE_BEYOND, HELD, NO_LINE, NOT_APPROVED, OVER_EXECUTED, Order, Origin, require_approved,
};
use crate::org::Employee;
use crate::services;
use crate::settings::{NO_RATE, NOT_POSITIVE, policy};
use crm_kernel::Record;
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::Dec;
use crm_kernel::error::{Code, Error, Result};
use crm_kernel::expr::node::Ty;
use crm_kernel::id::{Id, Ref};
use crm_kernel::json::Json;
use crm_kernel::money::Money;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::record::{Line, Lines, Record as _, Whole};
use crm_kernel::value::Value;
use crm_kernel::work::{Stored, Work};

/// Executes a step of an order's plan, or an action, in whole or in part: what the action does to goods, invoice and
/// money is done with it. Never more than is planned, never more than was ordered.
#[derive(Clone, Debug, Record)]
#[record(name = "plan_execute")]
pub struct Execute {
    /// The order.
    pub order: Ref<Order>,
    /// The number of the step; or else the action.
    pub step: Option<i64>,
    /// The action: its first open step, or without a plan the action itself.
    pub action: Option<Ref<ActionType>>,
    /// The day; today where none is given.
    pub date: Option<Date>,
    /// Which goods, how much; everything that the step still plans where none is given.
    #[field(selection)]
    pub lines: Vec<IssueLine>,
    /// How much money; everything that the step still plans, or without a plan the order has still to receive, where
    /// nothing is given. With goods that come back, what the customer gets for them and those that came back before.
    #[field(money)]
    pub amount: Option<Dec>,
    /// How it was paid, from the picklist.
    pub method: Option<String>,
    /// When an invoice is due, where the payment term is not to say it.
    pub due_date: Option<Date>,
    /// Its key in another system, for a receipt or an invoice.
    #[field(text = 80)]
    pub external_key: Option<String>,
    /// Notes.
    #[field(long_text)]
    pub notes: Option<String>,
}

/// What was done.
#[derive(Clone, Debug, Record)]
#[record(name = "plan_execute_answer")]
pub struct ExecuteAnswer {
    /// The record of it.
    pub execution: Whole<ExecutionRecord>,
    /// The plan as it stands; none where there is no plan.
    pub plan: Option<Whole<ExecutionPlan>>,
    /// The invoice that was issued.
    pub invoice: Option<Whole<Invoice>>,
    /// The receipt that was recorded.
    pub receipt: Option<Whole<Receipt>>,
}

impl Operation for Execute {
    const NAME: &'static str = "plan.execute";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "plan", verb: "execute" };
    const ERRORS: &'static [Code] = &[
        NOT_APPROVED,
        HELD,
        NO_PLAN,
        NO_STEP,
        STEP_CLOSED,
        STEP_OR_ACTION,
        NOTHING_OPEN,
        OVER_PLANNED,
        OVER_EXECUTED,
        FREE_BEYOND,
        NOT_EXECUTOR,
        NO_EFFECT,
        RETIRED_ACTION,
        NO_LINE,
        NOT_POSITIVE,
        finance::BEFORE_ORDER,
        finance::DUE_BEFORE_DATE,
        finance::LINE_TWICE,
        finance::NOTHING_TO_INVOICE,
        finance::REFUND_EXCEEDS,
        NO_RATE,
    ];
    const CAPABILITIES: &'static [&'static str] = &["ORD-04"];
    const EXAMPLE: &'static str = r#"{"order":"$planned_order","step":1}"#;
    type Answer = ExecuteAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<ExecuteAnswer> {
        let order = require_approved(work, self.order).map_err(|error| error.at("/order"))?;
        work.must_reach(Order::NO, &order.row, ("plan", "execute"))?;
        let mut plan = active(work, order.id)?;
        let (action, step) = self.chosen(work, plan.as_ref())?;
        permitted(work, &action)
            .map_err(|error| error.at(if self.step.is_some() { "/step" } else { "/action" }))?;
        let date = self.date.unwrap_or_else(|| work.today());
        let room = Room::of(work, &order, plan.as_deref(), step, &action)?;
        let goods = if has_goods(&action) { self.goods(&order, &action, &room)? } else { Vec::new() };
        let returned_amount = returned_amount(work, &order, &action, &goods)?;
        let back = returned_amount.filter(|_| action.effect_money == MoneyEffect::Refund);
        let money = match back {
            Some(now) if self.amount.is_none() && room.money.is_none() => refund(work, order.id, now)?,
            _ => self.money(&action, &room, order.currency)?,
        };
        self.no_surplus(&action)?;
        deliver(work, &order, &action, &goods, date).map_err(|error| self.at_line(error))?;
        let invoice = if action.effect_invoice { Some(self.invoice(work, &goods, date)?) } else { None };
        let receipt = match money {
            Some(amount) => Some(self.receipt(work, &order, &action, amount, date)?),
            None => None,
        };
        let amount = money.or(invoice.as_ref().map(|invoice| invoice.total));
        let record = ExecutionRecord {
            order: order.id,
            customer: order.customer,
            plan: plan.as_ref().map(|plan| plan.id),
            step,
            action: action.id,
            date,
            currency: order.currency,
            amount,
            invoice: invoice.as_ref().map(|invoice| invoice.id),
            receipt: receipt.as_ref().map(|receipt| receipt.id),
            executed_by: work.context().actor.map(Ref::new),
            recorded_at: work.now(),
            notes: self.notes.clone(),
            lines: lines(&order, &goods)?,
            returned_amount,
        };
        let record = work.insert(&record)?;
        if let (Some(plan), Some(step)) = (&mut plan, step) {
            advance(work, plan, step, &action, amount.unwrap_or_default(), date)?;
            work.tell(ExecutionPlan::NO, plan.id.id(), "executed")?;
        }
        Ok(ExecuteAnswer {
            execution: Whole::new(record.row),
            plan: plan.map(|plan| Whole::new(plan.row)),
            invoice: invoice.map(|invoice| Whole::new(invoice.row)),
            receipt: receipt.map(|receipt| Whole::new(receipt.row)),
        })
    }
}

impl Execute {
    /// The action, and the step of the plan that it is.
    fn chosen(
        &self,
        work: &mut Work<'_>,
        plan: Option<&Stored<ExecutionPlan>>,
    ) -> Result<(Stored<ActionType>, Option<i64>)> {
        match (self.step, self.action, plan) {
            (Some(no), None, Some(plan)) => {
                let step = plan.steps.by_no(no).ok_or_else(|| NO_STEP.at("/step").with("step", no))?;
                if matches!(step.state, StepState::Done | StepState::Dropped) {
                    return Err(STEP_CLOSED.at("/step").with("step", no));
                }
                Ok((work.system(|work| work.find(step.action))?, Some(no)))
            }
            (Some(_), None, None) => Err(NO_PLAN.at("/order")),
            (None, Some(action), plan) => {
                let action = work.find(action).map_err(|error| error.at("/action"))?;
                let Some(plan) = plan else { return Ok((action, None)) };
                let open = plan.steps.iter().filter(|step| step.action == action.id);
                let open = open.filter(|step| matches!(step.state, StepState::Planned | StepState::Partly));
                let first = open
                    .min_by_key(|step| (step.due_date, step.no))
                    .ok_or_else(|| NOTHING_OPEN.at("/action"))?;
                Ok((action, Some(first.no)))
            }
            _ => Err(STEP_OR_ACTION.at("/step")),
        }
    }

    /// The goods of the execution: those given, else all that is left. Errors: `plan.over_planned`, `order.no_line`,
    /// `order.over_executed`, `value.not_positive`.
    fn goods(&self, order: &Order, action: &ActionType, room: &Room) -> Result<Vec<IssueLine>> {
        if self.lines.is_empty() {
            let left = order.lines.iter().map(|line| {
                let quantity = room.of_line(line.no).min(possible(action, line)?);
                Ok(IssueLine { line: line.no, quantity })
            });
            let left: Vec<IssueLine> = left.collect::<Result<_>>()?;
            let left: Vec<IssueLine> = left.into_iter().filter(|line| line.quantity.is_positive()).collect();
            return if left.is_empty() { Err(NOTHING_OPEN.at("/lines")) } else { Ok(left) };
        }
        for (at, wanted) in self.lines.iter().enumerate() {
            let path = |field: &str| format!("/lines/{at}/{field}");
            if order.lines.by_no(wanted.line).is_none() {
                return Err(NO_LINE.at(path("line")).with("line", wanted.line));
            }
            if !wanted.quantity.is_positive() {
                return Err(NOT_POSITIVE.at(path("quantity")));
            }
            // Without a step the order is the plan; what it allows ordering itself judges.
            if room.planned {
                let most = if action.effect_delivery == DeliveryEffect::Out {
                    room.most_of_line(wanted.line)?
                } else {
                    room.of_line(wanted.line)
                };
                within(wanted.quantity, most, |quantity| quantity.to_string())
                    .map_err(|error| error.at(path("quantity")))?;
            }
        }
        Ok(self.lines.clone())
    }

    /// A refusal that names a line of the order, at the part of the request that is about it.
    fn at_line(&self, error: Error) -> Error {
        // What is about free goods is about what they come with where they are not named themselves.
        let named = |arg: &str| {
            let line = error.arg(arg).and_then(Json::as_int);
            self.lines.iter().position(|part| Some(part.line) == line)
        };
        match named("line").or_else(|| named("of")) {
            Some(at) => error.at(format!("/lines/{at}/quantity")),
            None => error,
        }
    }

    /// The money of the execution; none where the action brings none. Errors: `plan.over_planned`, `plan.nothing_open`,
    /// `value.not_positive`, `field.required` at `/amount`.
    fn money(&self, action: &ActionType, room: &Room, currency: Currency) -> Result<Option<Dec>> {
        if action.effect_money == MoneyEffect::None {
            return Ok(None);
        }
        let amount = match (self.amount, room.money) {
            (Some(amount), _) => amount,
            (None, Some(left)) if !left.is_positive() => return Err(NOTHING_OPEN.at("/amount")),
            (None, Some(left)) => left,
            (None, None) => return Err(Code::REQUIRED.at("/amount")),
        };
        if !amount.is_positive() {
            return Err(NOT_POSITIVE.at("/amount"));
        }
        if let Some(left) = room.money {
            within(amount, left, |amount| Money::new(amount, currency))
                .map_err(|error| error.at("/amount"))?;
        }
        Ok(Some(amount))
    }

    /// Refuses what the action has no use for.
    fn no_surplus(&self, action: &ActionType) -> Result<()> {
        if !self.lines.is_empty() && !has_goods(action) {
            return Err(NO_EFFECT.at("/lines"));
        }
        if self.amount.is_some() && action.effect_money == MoneyEffect::None {
            return Err(NO_EFFECT.at("/amount"));
        }
        if self.due_date.is_some() && !action.effect_invoice {
            return Err(NO_EFFECT.at("/due_date"));
        }
        Ok(())
    }

    fn invoice(&self, work: &mut Work<'_>, goods: &[IssueLine], date: Date) -> Result<Stored<Invoice>> {
        let issue = Issue {
            order: self.order,
            date: Some(date),
            lines: goods.to_vec(),
            payment_term: None,
            due_date: self.due_date,
            number: None,
            external_key: self.external_key.clone(),
            notes: self.notes.clone(),
            use_advances: true,
        };
        Ok(finance::issue(work, issue)?.0)
    }

    fn receipt(
        &self,
        work: &mut Work<'_>,
        order: &Stored<Order>,
        action: &ActionType,
        amount: Dec,
        date: Date,
    ) -> Result<Stored<Receipt>> {
        let back = action.effect_money == MoneyEffect::Refund;
        let receipt = RecordReceipt {
            customer: order.customer,
            amount,
            date: Some(date),
            currency: Some(order.currency),
            receipt_type: if back { ReceiptType::Refund } else { ReceiptType::Receipt },
            order: Some(order.id),
            allocations: Vec::new(),
            allocate: None,
            method: self.method.clone(),
            payer: None,
            handler: None,
            number: None,
            external_key: self.external_key.clone().filter(|_| !action.effect_invoice),
            notes: self.notes.clone(),
        };
        // Where there are no debts of the order yet, the money stays with it: other debts were not what it came for.
        let receipt = RecordReceipt { allocate: Some(finance::Allocate::Order), ..receipt };
        finance::record(work, receipt, Origin::Entered)
    }
}

/// Who executes an action: whoever may execute plans, and holds its position where it names one.
/// Errors: `plan.not_executor`, `plan.action_retired`.
fn permitted(work: &mut Work<'_>, action: &ActionType) -> Result<()> {
    if !action.active {
        return Err(RETIRED_ACTION.error().with("action", action.code.clone()));
    }
    let Some(position) = action.executor else { return Ok(()) };
    let actor: Ref<Employee> = Ref::new(work.actor()?);
    let actor = work.system(|work| work.find(actor))?;
    if actor.positions.iter().any(|holding| holding.holds == position) {
        return Ok(());
    }
    Err(NOT_EXECUTOR.error().with("action", action.code.clone()))
}

/// How much of a line an action can still do, whatever the plan says.
fn possible(action: &ActionType, line: &Line<crate::ordering::OrderLine>) -> Result<Dec> {
    let mut most: Option<Dec> = None;
    let mut at_most = |left: Dec| most = Some(most.map_or(left, |so_far| so_far.min(left)));
    match action.effect_delivery {
        DeliveryEffect::Out => at_most(line.quantity.sub(line.delivered)?),
        DeliveryEffect::In => at_most(line.delivered.sub(line.returned)?),
        DeliveryEffect::None => {}
    }
    if action.effect_invoice {
        at_most(line.to_invoice()?);
    }
    Ok(most.unwrap_or_default())
}

fn deliver(
    work: &mut Work<'_>,
    order: &Stored<Order>,
    action: &ActionType,
    goods: &[IssueLine],
    date: Date,
) -> Result<()> {
    let more: fn(Dec) -> Executed = match action.effect_delivery {
        DeliveryEffect::Out => Executed::delivered,
        DeliveryEffect::In => Executed::returned,
        DeliveryEffect::None => return Ok(()),
    };
    let executed: Vec<(i64, Executed)> = goods.iter().map(|part| (part.line, more(part.quantity))).collect();
    let order = ordering::set_executed(work, order.id, &executed, date)?;
    services::follow(work, &order, date)
}

/// What the customer gets for goods that come back; none where none do.
fn returned_amount(
    work: &mut Work<'_>,
    order: &Order,
    action: &ActionType,
    goods: &[IssueLine],
) -> Result<Option<Dec>> {
    if action.effect_delivery != DeliveryEffect::In {
        return Ok(None);
    }
    let parts = goods.iter().map(|part| (part.line, part.quantity));
    Ok(Some(ordering::amount_of_return(order, parts, policy(work)?)?))
}

/// The money that goes back with goods where nobody says how much: what all returns of the order come to with the one
/// that comes `now`, less what went back with them. None where nothing is left.
fn refund(work: &mut Work<'_>, order: Ref<Order>, now: Dec) -> Result<Option<Dec>> {
    let names = [("o", Ty::Ref(Order::NO), Value::Ref(order.id()))];
    let condition = "order == o && returned_amount != null";
    let mut left = now;
    for record in work.system(|work| work.select::<ExecutionRecord>(condition, &names))? {
        let back = record.amount.filter(|_| record.receipt.is_some()).unwrap_or_default();
        left = left.add(record.returned_amount.unwrap_or_default())?.sub(back)?;
    }
    Ok(Some(left).filter(|left| left.is_positive()))
}

fn lines(order: &Order, goods: &[IssueLine]) -> Result<Lines<ExecutionLine>> {
    let lines = goods.iter().map(|part| {
        let line = order.lines.by_no(part.line).ok_or_else(|| NO_LINE.error())?;
        Ok(ExecutionLine {
            order_line: part.line,
            product: line.product,
            quantity: part.quantity,
            unit: line.unit,
        })
    });
    lines.collect::<Result<Lines<ExecutionLine>>>()
}

/// What a step still plans.
struct Room {
    /// By line of the order: planned, begun.
    lines: Vec<(i64, Dec, Dec)>,
    /// True where a step plans it.
    planned: bool,
    /// By how many per cent more may be delivered.
    tolerance: Dec,
    /// Money: of the step, or of the order that is not paid where there is no plan; none where it goes back.
    money: Option<Dec>,
}

impl Room {
    fn of(
        work: &mut Work<'_>,
        order: &Stored<Order>,
        plan: Option<&ExecutionPlan>,
        step: Option<i64>,
        action: &ActionType,
    ) -> Result<Room> {
        let tolerance = ordering::tolerance_percent(work)?;
        let Some((plan, step)) = plan.zip(step).and_then(|(plan, no)| Some((plan, plan.steps.by_no(no)?)))
        else {
            // Without a plan the order is the plan; what it allows ordering itself judges.
            let lines = order.lines.iter().map(|line| (line.no, line.billable(), Dec::ZERO));
            let lines = lines.collect();
            let money = match action.effect_money {
                MoneyEffect::Receive => Some(OrderMoney::of(work, order)?.open.max(Dec::ZERO)),
                MoneyEffect::Refund | MoneyEffect::None => None,
            };
            return Ok(Room { lines, planned: false, tolerance, money });
        };
        let goods = Goods::of(work, order, plan)?;
        let mut lines = Vec::with_capacity(order.lines.len());
        for line in goods.step(step.no) {
            lines.push((line.line, line.planned, line.begun));
        }
        let money = step.amount.map(|amount| amount.sub(step.done_amount)).transpose()?;
        Ok(Room { lines, planned: true, tolerance, money })
    }

    fn of_line(&self, no: i64) -> Dec {
        let found = self.lines.iter().find(|(line, _, _)| *line == no);
        found.and_then(|(_, planned, begun)| planned.sub(*begun).ok()).unwrap_or_default()
    }

    /// The same with what may be delivered beyond it, counted over all deliveries of the step.
    fn most_of_line(&self, no: i64) -> Result<Dec> {
        match self.lines.iter().find(|(line, _, _)| *line == no) {
            Some((_, planned, begun)) => {
                Ok(ordering::most_deliverable(*planned, self.tolerance)?.sub(*begun)?)
            }
            None => Ok(Dec::ZERO),
        }
    }
}

/// Notes on a step what was done.
fn advance(
    work: &mut Work<'_>,
    plan: &mut Stored<ExecutionPlan>,
    no: i64,
    action: &ActionType,
    amount: Dec,
    date: Date,
) -> Result<()> {
    let Some(step) = plan.steps.by_no_mut(no) else { return Ok(()) };
    step.done_amount = step.done_amount.add(amount)?;
    step.done_on = Some(date);
    if !has_goods(action) {
        step.state = match action.effect_money {
            MoneyEffect::None => StepState::Done,
            _ => progress(step.done_amount, step.amount.unwrap_or_default()),
        };
    }
    catch_up(work, plan, date)
}

/// Money for an order that comes by another way than its plan fills the plan's receipts, the earliest due first.
pub(super) fn receipt_event(work: &mut Work<'_>, _kind: u32, id: Id, event: &str) -> Result<()> {
    if event != "recorded" || work.operation() == Execute::NAME {
        return Ok(());
    }
    work.system(|work| {
        let receipt = work.find::<Receipt>(Ref::new(id))?;
        let Some(order) = receipt.order.filter(|_| receipt.receipt_type != ReceiptType::Refund) else {
            return Ok(());
        };
        let Some(mut plan) = active(work, order)? else { return Ok(()) };
        receive(work, &mut plan, receipt.amount, receipt.date)?;
        work.save(&mut plan)
    })
}

/// An invoice that is issued by another way than the plan is told to the plan's steps, the earliest due first.
pub(super) fn invoice_event(work: &mut Work<'_>, _kind: u32, id: Id, event: &str) -> Result<()> {
    if event != "issued" || work.operation() == Execute::NAME {
        return Ok(());
    }
    work.system(|work| {
        let invoice = work.find::<Invoice>(Ref::new(id))?;
        let Some(order) = invoice.order else { return Ok(()) };
        let Some(mut plan) = active(work, order)? else { return Ok(()) };
        catch_up(work, &mut plan, invoice.date)
    })
}

/// What was done for the order before there was a plan counts in it.
pub(super) fn begun_before(work: &mut Work<'_>, plan: &mut Stored<ExecutionPlan>) -> Result<()> {
    let names = [("o", Ty::Ref(Order::NO), Value::Ref(plan.order.id()))];
    let receipts = work.system(|work| work.select::<Receipt>("order == o", &names))?;
    let mut received = Dec::ZERO;
    for receipt in &receipts {
        received = match receipt.receipt_type {
            ReceiptType::Refund => received.sub(receipt.amount)?,
            ReceiptType::Prepayment | ReceiptType::Receipt => received.add(receipt.amount)?,
        };
    }
    let last = receipts.iter().map(|receipt| receipt.date).max();
    if let Some(date) = last {
        receive(work, plan, received, date)?;
    }
    let today = work.today();
    catch_up(work, plan, today)
}

/// Fills the receipts of a plan with money, the earliest due first.
fn receive(work: &mut Work<'_>, plan: &mut ExecutionPlan, amount: Dec, date: Date) -> Result<()> {
    let actions = Actions::of(work, &plan.steps)?;
    let only_money = |step: &PlanStep| {
        actions
            .get(step.action)
            .is_some_and(|action| action.effect_money == MoneyEffect::Receive && !has_goods(action))
    };
    fill(&mut plan.steps, only_money, amount, date)
}

/// Fills open steps with an amount, the earliest due first.
fn fill(
    steps: &mut Lines<PlanStep>,
    which: impl Fn(&PlanStep) -> bool,
    amount: Dec,
    date: Date,
) -> Result<()> {
    let mut open: Vec<(Date, i64)> = steps
        .iter()
        .filter(|step| matches!(step.state, StepState::Planned | StepState::Partly) && which(step))
        .map(|step| (step.due_date, step.no))
        .collect();
    open.sort();
    let mut left = amount;
    for (_, no) in open {
        let Some(step) = steps.by_no_mut(no).filter(|_| left.is_positive()) else { break };
        let planned = step.amount.unwrap_or_default();
        let part = planned.sub(step.done_amount)?.min(left).max(Dec::ZERO);
        left = left.sub(part)?;
        step.done_amount = step.done_amount.add(part)?;
        step.done_on = Some(date);
        step.state = progress(step.done_amount, planned);
    }
    Ok(())
}
