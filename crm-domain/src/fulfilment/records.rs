//! The records of fulfilment (ORD-03, ORD-04).

use crate::catalog::Product;
use crate::finance::{Invoice, Receipt};
use crate::ordering::Order;
use crate::org::{Employee, Position};
use crate::parties::Customer;
use crate::settings::{PaymentTerm, Unit};
use crm_kernel::currency::Currency;
use crm_kernel::date::{Date, Instant};
use crm_kernel::dec::Dec;
use crm_kernel::id::Ref;
use crm_kernel::record::Lines;
use crm_kernel::{Choice, Record};

/// Something that is done for an order: a stock-out, an invoice, a receipt, a dunning call. What it does to delivery,
/// invoice and money is said here.
#[derive(Clone, Debug, Record)]
#[record(no = 360)]
pub struct ActionType {
    /// A short code, unique.
    #[field(no = 1, text = 40, unique)]
    pub code: String,
    /// The name.
    #[field(no = 2, title)]
    pub name: String,
    /// What it does to goods.
    #[field(no = 3, default = "\"none\"")]
    pub effect_delivery: DeliveryEffect,
    /// True where it issues an invoice.
    #[field(no = 4, default = "false")]
    pub effect_invoice: bool,
    /// What it does to money.
    #[field(no = 5, default = "\"none\"")]
    pub effect_money: MoneyEffect,
    /// The position whose holders execute it; anybody with the right where none is named.
    #[field(no = 6)]
    pub executor: Option<Ref<Position>>,
    /// False once it is no longer used.
    #[field(no = 7, default = "true")]
    pub active: bool,
}

/// What an action does to goods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum DeliveryEffect {
    /// Nothing.
    None,
    /// They go to the customer.
    Out,
    /// They come back.
    In,
}

/// What an action does to money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum MoneyEffect {
    /// Nothing.
    None,
    /// It comes from the customer.
    Receive,
    /// It goes back to the customer.
    Refund,
}

/// A pattern of execution plans.
#[derive(Clone, Debug, Record)]
#[record(no = 361)]
pub struct PlanTemplate {
    /// A short code, unique.
    #[field(no = 1, text = 40, unique)]
    pub code: String,
    /// The name.
    #[field(no = 2, title)]
    pub name: String,
    /// What is done, and when.
    #[field(no = 3)]
    pub steps: Lines<PlanTemplateStep>,
    /// False once it is no longer used.
    #[field(no = 4, default = "true")]
    pub active: bool,
}

/// One step of a pattern.
#[derive(Clone, Debug, Record)]
#[record(no = 362, parent = PlanTemplate)]
pub struct PlanTemplateStep {
    /// What is done.
    #[field(no = 1)]
    pub action: Ref<ActionType>,
    /// What the step is called.
    #[field(no = 2)]
    pub label: Option<String>,
    /// The date from which the due date is counted.
    #[field(no = 3, default = "\"order_date\"")]
    pub anchor: PlanAnchor,
    /// When it is due, counted from the anchor: steps as in payment terms, such as `+30 days`.
    #[field(no = 4, default = "\"\"")]
    pub due: String,
    /// Its share of the goods or the money, in per cent; all of it where none is given.
    #[field(no = 5, percent)]
    pub percent: Option<Dec>,
}

/// The date from which due dates are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum PlanAnchor {
    /// The order's.
    OrderDate,
    /// The one on which the customer wants the goods.
    RequiredDate,
    /// The one on which the plan is made.
    PlanDate,
}

/// What is to be done for an approved order, and what of it is done. Making it anew keeps the old one.
#[derive(Clone, Debug, Record)]
#[record(no = 363, managed, access("order"), unique("order", "revision"))]
pub struct ExecutionPlan {
    /// The order.
    #[field(no = 1)]
    pub order: Ref<Order>,
    /// Its customer.
    #[field(no = 2, index)]
    pub customer: Ref<Customer>,
    /// 1, 2, ...: the latest is the one that counts.
    #[field(no = 3)]
    pub revision: i64,
    /// Whether it counts.
    #[field(no = 4)]
    pub state: PlanState,
    /// The payment term that it was made from.
    #[field(no = 5)]
    pub payment_term: Option<Ref<PaymentTerm>>,
    /// The pattern that it was made from.
    #[field(no = 6)]
    pub template: Option<Ref<PlanTemplate>>,
    /// The currency of its amounts.
    #[field(no = 7)]
    pub currency: Currency,
    /// What its receipts come to.
    #[field(no = 8, money)]
    pub total: Dec,
    /// Who made it.
    #[field(no = 9)]
    pub made_by: Option<Ref<Employee>>,
    /// When.
    #[field(no = 10)]
    pub made_at: Instant,
    /// Why it was made anew.
    #[field(no = 11, long_text)]
    pub reason: Option<String>,
    /// The steps. A step keeps its number in later plans of the order.
    #[field(no = 12)]
    pub steps: Lines<PlanStep>,
}

/// Whether a plan counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum PlanState {
    /// It counts.
    Active,
    /// A later one took its place.
    Superseded,
}

/// One step of a plan.
#[derive(Clone, Debug, Record)]
#[record(no = 364, parent = ExecutionPlan)]
pub struct PlanStep {
    /// What is done.
    #[field(no = 1)]
    pub action: Ref<ActionType>,
    /// What the step is called.
    #[field(no = 2)]
    pub label: Option<String>,
    /// When it is due.
    #[field(no = 3, index)]
    pub due_date: Date,
    /// How much money; for receipts, refunds and invoices.
    #[field(no = 4, money)]
    pub amount: Option<Dec>,
    /// Which share of every line of the order, in per cent; for goods and invoices.
    #[field(no = 5, percent)]
    pub quantity_percent: Option<Dec>,
    /// Where it stands.
    #[field(no = 6)]
    pub state: StepState,
    /// How much of the amount is done.
    #[field(no = 7, money)]
    pub done_amount: Dec,
    /// How much of the quantities is done, in per cent of what is planned.
    #[field(no = 8, percent)]
    pub done_percent: Dec,
    /// The day of the last execution.
    #[field(no = 9)]
    pub done_on: Option<Date>,
}

/// Where a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum StepState {
    /// Nothing is done.
    Planned,
    /// A part is done.
    Partly,
    /// All of it is done.
    Done,
    /// It is not done any more.
    Dropped,
}

/// What was done for an order, when and by whom.
#[derive(Clone, Debug, Record)]
#[record(no = 365, managed, access("order"))]
pub struct ExecutionRecord {
    /// The order.
    #[field(no = 1, index)]
    pub order: Ref<Order>,
    /// Its customer.
    #[field(no = 2, index)]
    pub customer: Ref<Customer>,
    /// The plan; none where it was done without one.
    #[field(no = 3)]
    pub plan: Option<Ref<ExecutionPlan>>,
    /// The step of the plan.
    #[field(no = 4)]
    pub step: Option<i64>,
    /// What was done.
    #[field(no = 5)]
    pub action: Ref<ActionType>,
    /// The day.
    #[field(no = 6, business_date)]
    pub date: Date,
    /// The currency of the amount.
    #[field(no = 7)]
    pub currency: Currency,
    /// How much money, of a receipt, a refund or an invoice.
    #[field(no = 8, money)]
    pub amount: Option<Dec>,
    /// The invoice that was issued.
    #[field(no = 9)]
    pub invoice: Option<Ref<Invoice>>,
    /// The receipt that was recorded.
    #[field(no = 10)]
    pub receipt: Option<Ref<Receipt>>,
    /// Who did it.
    #[field(no = 11)]
    pub executed_by: Option<Ref<Employee>>,
    /// When it was recorded.
    #[field(no = 12)]
    pub recorded_at: Instant,
    /// Notes.
    #[field(no = 13, long_text)]
    pub notes: Option<String>,
    /// The goods.
    #[field(no = 14)]
    pub lines: Lines<ExecutionLine>,
    /// What the customer gets for goods that came back: their share of what their lines came to, less free goods that
    /// stay with him and are charged.
    #[field(no = 15, money)]
    pub returned_amount: Option<Dec>,
}

/// Goods of an execution: a part of a line of the order.
#[derive(Clone, Debug, Record)]
#[record(no = 366, parent = ExecutionRecord)]
pub struct ExecutionLine {
    /// The line of the order.
    #[field(no = 1)]
    pub order_line: i64,
    /// The product.
    #[field(no = 2)]
    pub product: Ref<Product>,
    /// How much, in the line's unit.
    #[field(no = 3, quantity)]
    pub quantity: Dec,
    /// The unit.
    #[field(no = 4)]
    pub unit: Option<Ref<Unit>>,
}
