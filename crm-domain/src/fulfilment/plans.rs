//! Making execution plans, and making them anew (ORD-03, FIN-09).

use super::execute::begun_before;
use super::goods::catch_up;
use super::rules::{Instalment, rescale, share};
use super::{
    ActionType, BAD_SHARES, DeliveryEffect, ExecutionPlan, MoneyEffect, NO_ANCHOR, NO_PLAN,
    NO_RECEIPT_ACTION, NO_STEP, NOTHING_TO_PLAN, PLAN_EXISTS, PlanAnchor, PlanState, PlanStep, PlanTemplate,
    STEP_CLOSED, STEP_FROZEN, StepState, UNLIKE_TOTAL,
};
use crate::ordering::{HELD, NOT_APPROVED, Order, require_approved};
use crate::settings::{DueRule, PaymentTerm, ShareKind, SplitMethod, instalments, policy, split};
use crm_kernel::Record;
use crm_kernel::date::Date;
use crm_kernel::dec::{Dec, Rounding};
use crm_kernel::error::{Code, Result};
use crm_kernel::expr::node::Ty;
use crm_kernel::id::Ref;
use crm_kernel::money::Money;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::record::{Line, Lines, Record as _, Whole};
use crm_kernel::value::{Row, Value};
use crm_kernel::work::{Stored, Work};

/// Makes the execution plan of an approved order: a receipt for every instalment of its payment term, and the steps of
/// a pattern.
#[derive(Clone, Debug, Record)]
#[record(name = "plan_make")]
pub struct Make {
    /// The order.
    pub order: Ref<Order>,
    /// The pattern.
    pub template: Option<Ref<PlanTemplate>>,
    /// The payment term; the order's where none is given.
    pub payment_term: Option<Ref<PaymentTerm>>,
}

/// A plan.
#[derive(Clone, Debug, Record)]
#[record(name = "plan_answer")]
pub struct PlanAnswer {
    /// The plan.
    pub plan: Whole<ExecutionPlan>,
}

/// Makes a plan anew. Steps that are done or have begun stay as they are; the old plan is kept. Open receipts share
/// what is left by what they were, or come from another payment term.
#[derive(Clone, Debug, Record)]
#[record(name = "plan_replan")]
pub struct Replan {
    /// The order.
    pub order: Ref<Order>,
    /// The version of the plan that was read; refused where another stands.
    pub version: Option<i64>,
    /// What its receipts come to; the order's total where nothing is given.
    #[field(money)]
    pub total: Option<Dec>,
    /// Another payment term: open receipts are dropped for its instalments.
    pub payment_term: Option<Ref<PaymentTerm>>,
    /// Another pattern: open steps other than receipts are dropped for its own.
    pub template: Option<Ref<PlanTemplate>>,
    /// Changes of open steps.
    pub changes: Vec<StepChange>,
    /// Why.
    pub reason: Option<String>,
}

/// A change of an open step.
#[derive(Clone, Debug, Record)]
#[record(name = "plan_step_change")]
pub struct StepChange {
    /// The number of the step.
    pub step: i64,
    /// When it is due now.
    pub due_date: Option<Date>,
    /// What it comes to now; the others share the rest.
    #[field(money)]
    pub amount: Option<Dec>,
    /// True where it is not done any more.
    #[field(default = "false")]
    pub drop: bool,
}

impl Operation for Make {
    const NAME: &'static str = "plan.make";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "plan", verb: "make" };
    const ERRORS: &'static [Code] =
        &[NOT_APPROVED, HELD, PLAN_EXISTS, NOTHING_TO_PLAN, BAD_SHARES, NO_ANCHOR, NO_RECEIPT_ACTION];
    const CAPABILITIES: &'static [&'static str] = &["ORD-03", "FIN-09"];
    const EXAMPLE: &'static str = r#"{"order":"$approved_order","payment_term":"$payment_term"}"#;
    type Answer = PlanAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<PlanAnswer> {
        let order = require_approved(work, self.order).map_err(|error| error.at("/order"))?;
        work.must_reach(Order::NO, &order.row, ("plan", "make"))?;
        if active(work, order.id)?.is_some() {
            return Err(PLAN_EXISTS.at("/order"));
        }
        let term = self.payment_term.or(order.payment_term);
        let total = Money::new(order.total, order.currency);
        let steps = drawn_up(work, &order, total, term, self.template)?;
        if steps.is_empty() {
            return Err(NOTHING_TO_PLAN.at("/template"));
        }
        let plan = ExecutionPlan {
            order: order.id,
            customer: order.customer,
            revision: 1,
            state: PlanState::Active,
            payment_term: term,
            template: self.template,
            currency: order.currency,
            total: order.total,
            made_by: work.context().actor.map(Ref::new),
            made_at: work.now(),
            reason: None,
            steps: steps.into_iter().collect(),
        };
        let mut plan = work.insert(&plan)?;
        begun_before(work, &mut plan)?;
        Ok(PlanAnswer { plan: Whole::new(plan.row) })
    }
}

impl Operation for Replan {
    const NAME: &'static str = "plan.replan";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "plan", verb: "make" };
    const ERRORS: &'static [Code] = &[
        NOT_APPROVED,
        HELD,
        NO_PLAN,
        NO_STEP,
        STEP_CLOSED,
        STEP_FROZEN,
        UNLIKE_TOTAL,
        BAD_SHARES,
        NO_ANCHOR,
        NO_RECEIPT_ACTION,
    ];
    const CAPABILITIES: &'static [&'static str] = &["ORD-03", "FIN-09"];
    const EXAMPLE: &'static str = r#"{"order":"$planned_order","changes":[{"step":1,"due_date":"2026-12-31"}],"reason":"The customer asked for more time"}"#;
    type Answer = PlanAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<PlanAnswer> {
        let order = require_approved(work, self.order).map_err(|error| error.at("/order"))?;
        work.must_reach(Order::NO, &order.row, ("plan", "make"))?;
        let mut old = active(work, order.id)?.ok_or_else(|| NO_PLAN.at("/order"))?;
        old.expect_version(self.version)?;
        let total = self.total.unwrap_or(order.total);
        let (kinds, scale) =
            (Actions::of(work, &old.steps)?, order.rounding(policy(work)?).scale(order.currency.digits()));
        let mut steps = old.steps.clone();
        let fixed = self.changed(&mut steps)?;
        for step in steps.iter_mut().filter(|step| step.state == StepState::Planned) {
            let money = kinds.receives(step.action);
            if (money && self.payment_term.is_some()) || (!money && self.template.is_some()) {
                step.state = StepState::Dropped;
            }
        }
        let mut new = if self.payment_term.is_some() || self.template.is_some() {
            let kept =
                steps.iter().filter(|step| kinds.receives(step.action) && step.state != StepState::Dropped);
            let kept = Dec::sum(kept.filter_map(|step| step.amount))?;
            let left = if self.payment_term.is_some() { total.sub(kept)? } else { Dec::ZERO };
            if left.is_negative() {
                return Err(UNLIKE_TOTAL
                    .at("/total")
                    .with("total", Money::new(total, order.currency))
                    .with("left", Money::new(left, order.currency)));
            }
            drawn_up(work, &order, Money::new(left, order.currency), self.payment_term, self.template)?
        } else {
            Vec::new()
        };
        if self.payment_term.is_none() {
            rescaled(&mut steps, &kinds, Money::new(total, order.currency), &fixed, scale)?;
            // What the pattern says of money is said by the receipts that stand.
            let kinds = Actions::of(work, &new.iter().cloned().collect())?;
            new.retain(|step| !kinds.receives(step.action));
        }
        for step in new {
            steps.push(step);
        }
        steps.sort_by_key(|step| (step.due_date, if step.no == 0 { i64::MAX } else { step.no }));
        let plan = ExecutionPlan {
            revision: old.revision + 1,
            payment_term: self.payment_term.or(old.payment_term),
            template: self.template.or(old.template),
            total,
            made_by: work.context().actor.map(Ref::new),
            made_at: work.now(),
            reason: self.reason.clone(),
            steps,
            ..(*old).clone()
        };
        if let Some(reason) = self.reason {
            work.because(reason);
        }
        old.state = PlanState::Superseded;
        work.save(&mut old)?;
        let mut plan = work.insert(&plan)?;
        let today = work.today();
        catch_up(work, &mut plan, today)?;
        Ok(PlanAnswer { plan: Whole::new(plan.row) })
    }
}

impl Replan {
    /// Makes the changes that were asked for; gives the amounts set by hand, by step.
    fn changed(&self, steps: &mut Lines<PlanStep>) -> Result<Vec<(i64, Dec)>> {
        let mut fixed = Vec::new();
        for (at, change) in self.changes.iter().enumerate() {
            let path = |field: &str| format!("/changes/{at}/{field}");
            let step = steps
                .by_no_mut(change.step)
                .ok_or_else(|| NO_STEP.at(path("step")).with("step", change.step))?;
            match step.state {
                StepState::Planned => {}
                StepState::Partly | StepState::Done => {
                    return Err(STEP_FROZEN.at(path("step")).with("step", change.step));
                }
                StepState::Dropped => return Err(STEP_CLOSED.at(path("step")).with("step", change.step)),
            }
            if let Some(due) = change.due_date {
                step.due_date = due;
            }
            if let Some(amount) = change.amount {
                if amount.is_negative() {
                    return Err(Code::OUT_OF_RANGE.at(path("amount")).with("value", amount.to_string()));
                }
                fixed.push((change.step, amount));
            }
            if change.drop {
                step.state = StepState::Dropped;
            }
        }
        Ok(fixed)
    }
}

/// Lets open receipts share what the others leave of the total.
fn rescaled(
    steps: &mut Lines<PlanStep>,
    kinds: &Actions,
    total: Money,
    fixed: &[(i64, Dec)],
    scale: u8,
) -> Result<()> {
    let money: Vec<usize> = steps
        .iter()
        .enumerate()
        .filter(|(_, step)| kinds.receives(step.action) && step.state != StepState::Dropped)
        .map(|(at, _)| at)
        .collect();
    if money.is_empty() {
        return Ok(());
    }
    let of = |step: &Line<PlanStep>| Instalment {
        amount: step.amount.unwrap_or_default(),
        frozen: step.state != StepState::Planned,
        fixed: fixed.iter().find(|(no, _)| *no == step.no).map(|(_, amount)| *amount),
    };
    let before: Vec<Instalment> = money.iter().filter_map(|at| steps.get(*at)).map(of).collect();
    let amounts = rescale(total, &before, scale).map_err(|error| error.at("/total"))?;
    for (at, amount) in money.into_iter().zip(amounts) {
        if let Some(step) = steps.get_mut(at) {
            step.amount = Some(amount);
        }
    }
    Ok(())
}

/// The actions of steps, each read once.
pub(super) struct Actions(Vec<Stored<ActionType>>);

impl Actions {
    pub fn of(work: &mut Work<'_>, steps: &Lines<PlanStep>) -> Result<Actions> {
        let mut actions: Vec<Stored<ActionType>> = Vec::new();
        for step in steps.iter() {
            if !actions.iter().any(|action| action.id == step.action) {
                actions.push(work.system(|work| work.find(step.action))?);
            }
        }
        Ok(Actions(actions))
    }

    pub fn get(&self, action: Ref<ActionType>) -> Option<&Stored<ActionType>> {
        self.0.iter().find(|found| found.id == action)
    }

    /// True where an action brings money from the customer.
    pub fn receives(&self, action: Ref<ActionType>) -> bool {
        self.get(action).is_some_and(|action| action.effect_money == MoneyEffect::Receive)
    }
}

/// True where an action is about goods of the order's lines.
pub(super) fn has_goods(action: &ActionType) -> bool {
    action.effect_invoice || action.effect_delivery != DeliveryEffect::None
}

/// The plan of an order that counts.
pub(super) fn active(work: &mut Work<'_>, order: Ref<Order>) -> Result<Option<Stored<ExecutionPlan>>> {
    let names = [("o", Ty::Ref(Order::NO), Value::Ref(order.id()))];
    work.system(|work| work.only::<ExecutionPlan>("order == o && state == 'active'", &names))
}

/// The steps of a new plan, by due date: receipts of a total by a payment term, the others by a pattern. Where there is
/// no term the pattern says what is paid when.
fn drawn_up(
    work: &mut Work<'_>,
    order: &Order,
    total: Money,
    term: Option<Ref<PaymentTerm>>,
    template: Option<Ref<PlanTemplate>>,
) -> Result<Vec<PlanStep>> {
    let mut steps = Vec::new();
    if let Some(term) = term.filter(|_| !total.amount.is_zero()) {
        let action = receipt_action(work)?;
        let policy = order.rounding(policy(work)?);
        let instalments =
            instalments(work, term, total, order.date, policy).map_err(|error| error.at("/payment_term"))?;
        for instalment in instalments {
            steps.push(step(action, instalment.label, instalment.due, Some(instalment.amount.amount), None));
        }
    }
    if let Some(template) = template {
        let template = work.find(template).map_err(|error| error.at("/template"))?;
        steps.extend(patterned(work, order, total, &template, term.is_some())?);
    }
    steps.sort_by_key(|step| step.due_date);
    Ok(steps)
}

fn patterned(
    work: &mut Work<'_>,
    order: &Order,
    total: Money,
    template: &PlanTemplate,
    paid_by_term: bool,
) -> Result<Vec<PlanStep>> {
    let policy = order.rounding(policy(work)?);
    let mut steps = Vec::new();
    let mut paid = Vec::new();
    for line in template.steps.iter() {
        let action = work.system(|work| work.find(line.action))?;
        let receives = action.effect_money == MoneyEffect::Receive;
        if receives && paid_by_term {
            continue;
        }
        let anchor = match line.anchor {
            PlanAnchor::OrderDate => order.date,
            PlanAnchor::PlanDate => work.today(),
            PlanAnchor::RequiredDate => order.required_date.ok_or_else(|| NO_ANCHOR.at("/template"))?,
        };
        let due = DueRule::parse(&line.due)?.due(anchor).ok_or_else(|| Code::OUT_OF_RANGE.at("/template"))?;
        let percent = share(line.percent)?;
        if receives {
            paid.push((steps.len(), percent));
        }
        let invoiced = match action.effect_invoice {
            true => Some(policy.post(
                total.amount.mul_div(percent, Dec::HUNDRED, 8, Rounding::HalfUp)?,
                total.currency.digits(),
            )?),
            false => None,
        };
        let goods = has_goods(&action).then_some(percent);
        steps.push(step(action.id, line.label.clone(), due, invoiced, goods));
    }
    if !paid.is_empty() {
        if Dec::sum(paid.iter().map(|(_, percent)| *percent))? != Dec::HUNDRED {
            return Err(BAD_SHARES.at("/template"));
        }
        let shares: Vec<(ShareKind, Dec)> =
            paid.iter().map(|(_, percent)| (ShareKind::Percent, *percent)).collect();
        let amounts = split(total, &shares, SplitMethod::LargestRemainder, policy)?;
        for ((at, _), amount) in paid.into_iter().zip(amounts) {
            if let Some(step) = steps.get_mut(at) {
                step.amount = Some(amount.amount);
            }
        }
    }
    Ok(steps)
}

fn step(
    action: Ref<ActionType>,
    label: Option<String>,
    due_date: Date,
    amount: Option<Dec>,
    quantity_percent: Option<Dec>,
) -> PlanStep {
    PlanStep {
        action,
        label,
        due_date,
        amount,
        quantity_percent,
        state: StepState::Planned,
        done_amount: Dec::ZERO,
        done_percent: Dec::ZERO,
        done_on: None,
    }
}

/// The action by which instalments are received: the first in use that only does that; made where there is none.
/// Errors: `plan.no_receipt_action` where the one that was made is no longer used, or does something else now.
fn receipt_action(work: &mut Work<'_>) -> Result<Ref<ActionType>> {
    let condition = "active && effect_money == 'receive' && effect_delivery == 'none' && !effect_invoice";
    let found = work.system(|work| work.select_by::<ActionType>(condition, &[], &["code"], Some(1)))?;
    if let Some(found) = found.first() {
        return Ok(found.id);
    }
    let code = RECEIPT_ACTION.to_owned();
    if work.system(|work| work.by_key::<ActionType>("code", &Value::Text(code.clone())))?.is_some() {
        return Err(NO_RECEIPT_ACTION.at("/payment_term").with("action", code));
    }
    let receipt = ActionType {
        code,
        name: work.model().texts().get(work.context().language, "word.receipt_action").to_owned(),
        effect_delivery: DeliveryEffect::None,
        effect_invoice: false,
        effect_money: MoneyEffect::Receive,
        executor: None,
        active: true,
    };
    Ok(work.insert(&receipt)?.id)
}

/// The code of the action that receives instalments where the enterprise has none of its own.
const RECEIPT_ACTION: &str = "RECEIPT";

/// A pattern whose due rules can be read and whose shares can be planned.
pub(super) fn check_template(
    _work: &mut Work<'_>,
    _kind: u32,
    _old: Option<&Row>,
    new: &mut Row,
) -> Result<()> {
    let template = PlanTemplate::from_row(new)?;
    for (at, step) in template.steps.iter().enumerate() {
        DueRule::parse(&step.due).map_err(|error| error.under(&format!("/steps/{at}/due")))?;
        share(step.percent).map_err(|error| error.at(format!("/steps/{at}/percent")))?;
    }
    Ok(())
}
