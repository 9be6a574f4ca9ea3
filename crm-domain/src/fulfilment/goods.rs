//! The goods of a plan: what is done for its steps follows from what the order's lines say was done.

use super::plans::{Actions, has_goods};
use super::rules::{GoodsEffect, GoodsStep, OrderedLine, StepLine, done_percent, goods_done, progress};
use super::{ActionType, DeliveryEffect, ExecutionPlan, ExecutionRecord, MoneyEffect, PlanStep, StepState};
use crate::finance::Invoice;
use crate::ordering::Order;
use crate::settings::policy;
use crm_kernel::date::Date;
use crm_kernel::dec::{Dec, allocate};
use crm_kernel::error::Result;
use crm_kernel::expr::node::Ty;
use crm_kernel::id::Ref;
use crm_kernel::record::{Line, Record as _};
use crm_kernel::value::Value;
use crm_kernel::work::{Stored, Work};

/// What is done of the steps of a plan that are about goods.
pub(super) struct Goods {
    steps: Vec<(i64, Vec<StepLine>)>,
    records: Vec<Stored<ExecutionRecord>>,
    /// What the order's lines say was invoiced.
    invoiced: Dec,
}

impl Goods {
    /// Reads what was done for an order and tells it to the steps of its plan, the earliest due first.
    pub(super) fn of(work: &mut Work<'_>, order: &Order, plan: &ExecutionPlan) -> Result<Goods> {
        let names = [("o", Ty::Ref(Order::NO), Value::Ref(plan.order.id()))];
        let records =
            work.system(|work| work.select::<ExecutionRecord>("order == o && step != null", &names))?;
        let actions = Actions::of(work, &plan.steps)?;
        let mut open: Vec<(&Line<PlanStep>, &ActionType)> = plan
            .steps
            .iter()
            .filter(|step| step.state != StepState::Dropped)
            .filter_map(|step| Some((step, &**actions.get(step.action)?)))
            .filter(|(_, action)| has_goods(action))
            .collect();
        open.sort_by_key(|(step, _)| (step.due_date, step.no));
        let mut steps = Vec::with_capacity(open.len());
        for (step, action) in open {
            let percent = step.quantity_percent.unwrap_or(Dec::HUNDRED);
            let executed = executed(&records, step.no)?;
            steps.push(GoodsStep { no: step.no, effects: effects(action), percent, executed });
        }
        let lines: Vec<OrderedLine> = order
            .lines
            .iter()
            .map(|line| OrderedLine { no: line.no, quantity: line.quantity, executed: line.executed() })
            .collect();
        let done = goods_done(&lines, &steps)?;
        let steps = steps.into_iter().map(|step| step.no).zip(done).collect();
        let invoiced = Dec::sum(lines.iter().map(|line| line.executed.invoiced))?;
        Ok(Goods { steps, records, invoiced })
    }

    /// What is done of a step, by line; nothing for a step that is not about goods.
    pub(super) fn step(&self, no: i64) -> &[StepLine] {
        self.steps.iter().find(|(step, _)| *step == no).map_or(&[], |(_, lines)| lines)
    }

    /// How much money was invoiced for each step: by its executions, and its share by quantity of what was invoiced by
    /// another way.
    fn invoiced(&self, work: &mut Work<'_>, order: &Order, id: Ref<Order>) -> Result<Vec<(i64, Dec)>> {
        let names = [("o", Ty::Ref(Order::NO), Value::Ref(id.id()))];
        let invoices = work.system(|work| work.select::<Invoice>("order == o", &names))?;
        let by_step =
            |invoice: &&Stored<Invoice>| self.records.iter().any(|record| record.invoice == Some(invoice.id));
        let others = invoices.iter().filter(|invoice| !by_step(invoice));
        let otherwise = Dec::sum(others.map(|invoice| invoice.total))?;
        let taken = |lines: &[StepLine]| Dec::sum(lines.iter().map(|line| line.invoiced_otherwise));
        let mut weights =
            self.steps.iter().map(|(_, lines)| taken(lines)).collect::<std::result::Result<Vec<_>, _>>()?;
        // What no step plans keeps its share.
        let quantity = |record: &Stored<ExecutionRecord>| {
            record.invoice.map_or(Ok(Dec::ZERO), |_| Dec::sum(record.lines.iter().map(|line| line.quantity)))
        };
        let mut rest = self.invoiced;
        for record in &self.records {
            rest = rest.sub(quantity(record)?)?;
        }
        for weight in &weights {
            rest = rest.sub(*weight)?;
        }
        weights.push(rest.max(Dec::ZERO));
        let scale =
            order.rounding(policy(work)?).scale(order.currency.digits()).max(otherwise.normalize().scale());
        let shares = if weights.iter().any(|weight| weight.is_positive()) {
            allocate(otherwise, &weights, scale)?
        } else {
            Vec::new()
        };
        let mut invoiced = Vec::with_capacity(self.steps.len());
        for (at, (no, _)) in self.steps.iter().enumerate() {
            let own = self.records.iter().filter(|record| record.step == Some(*no));
            let own = Dec::sum(own.filter_map(|record| record.amount))?;
            invoiced.push((*no, own.add(shares.get(at).copied().unwrap_or_default())?));
        }
        Ok(invoiced)
    }
}

/// Brings the steps of a plan that are about goods to what was done with the order, and saves it.
pub(super) fn catch_up(work: &mut Work<'_>, plan: &mut Stored<ExecutionPlan>, date: Date) -> Result<()> {
    let order_id = plan.order;
    let order = work.system(|work| work.find(order_id))?;
    let goods = Goods::of(work, &order, plan)?;
    let actions = Actions::of(work, &plan.steps)?;
    let invoiced = goods.invoiced(work, &order, order_id)?;
    for (no, lines) in &goods.steps {
        let Some(step) = plan.steps.by_no_mut(*no) else { continue };
        let Some(action) = actions.get(step.action) else { continue };
        let before = (step.done_amount, step.done_percent, step.state);
        let planned = Dec::sum(lines.iter().map(|line| line.planned))?;
        let done = Dec::sum(lines.iter().map(|line| line.done))?;
        step.done_percent = done_percent(done, planned)?;
        step.state = progress(done, planned);
        if step.state == StepState::Planned && lines.iter().any(|line| line.begun.is_positive()) {
            step.state = StepState::Partly;
        }
        if action.effect_money != MoneyEffect::None {
            step.state = slower(step.state, progress(step.done_amount, step.amount.unwrap_or_default()));
        } else if let Some((_, amount)) = invoiced.iter().find(|(of, _)| of == no && action.effect_invoice) {
            step.done_amount = *amount;
        }
        if before != (step.done_amount, step.done_percent, step.state) {
            step.done_on = Some(date);
        }
    }
    work.save(plan)
}

fn effects(action: &ActionType) -> Vec<GoodsEffect> {
    let delivery = match action.effect_delivery {
        DeliveryEffect::Out => Some(GoodsEffect::Delivered),
        DeliveryEffect::In => Some(GoodsEffect::Returned),
        DeliveryEffect::None => None,
    };
    delivery.into_iter().chain(action.effect_invoice.then_some(GoodsEffect::Invoiced)).collect()
}

/// What was executed of each line for a step, in this plan and those before it.
fn executed(records: &[Stored<ExecutionRecord>], step: i64) -> Result<Vec<(i64, Dec)>> {
    let mut done: Vec<(i64, Dec)> = Vec::new();
    let records = records.iter().filter(|record| record.step == Some(step));
    for line in records.flat_map(|record| record.lines.iter()) {
        match done.iter_mut().find(|(no, _)| *no == line.order_line) {
            Some((_, sum)) => *sum = sum.add(line.quantity)?,
            None => done.push((line.order_line, line.quantity)),
        }
    }
    Ok(done)
}

/// The state of a step that has goods and money: done once both are.
fn slower(goods: StepState, money: StepState) -> StepState {
    match (goods, money) {
        (StepState::Done, StepState::Done) => StepState::Done,
        (StepState::Planned, StepState::Planned) => StepState::Planned,
        _ => StepState::Partly,
    }
}
