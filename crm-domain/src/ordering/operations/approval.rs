//! From draft to approved.

use super::create::{NewOrder, build};
use super::{OrderAnswer, answer};
use crate::approval::{self, ApprovalDefinition, Submission};
use crate::catalog::sellable;
use crate::ordering::life::{approve, come_back, in_effect};
use crate::ordering::rules::{Step, after};
use crate::ordering::{
    FOREIGN_CONTACT, IN_APPROVAL, NEW_OR_OLD, NO_LINES, NOT_DRAFT, Order, OrderState, SELF_APPROVAL,
    WRONG_STATE,
};
use crate::parties::{Customer, INACTIVE};
use crate::pricing;
use crate::quoting::{ApprovalWay, LINE_QUANTITY, NEGATIVE_CHARGE, OWNER_LEFT, TWO_DISCOUNTS};
use crate::settings;
use crm_kernel::error::{Code, Result};
use crm_kernel::id::Ref;
use crm_kernel::json::Json;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::record::Record;
use crm_kernel::value::Value;
use crm_kernel::work::{Stored, Work};
use crm_kernel::{Record, codes};

/// Puts an order forward for approval: a draft that stands, or a new one with all its fields, made and submitted at once.
/// The published definition that applies decides; where none does, somebody with the right to approves it. Where the
/// enterprise asks for no approval, submitting approves, and that is recorded.
#[derive(Clone, Debug, Record)]
#[record(name = "order_submit")]
pub struct Submit {
    /// The draft; none where the request holds a new order.
    pub order: Option<Ref<Order>>,
    /// The version of the draft that the caller read.
    pub version: Option<i64>,
    /// Who orders, for a new order.
    pub customer: Option<Ref<Customer>>,
    /// The new order.
    #[field(flatten)]
    pub new: NewOrder,
}

const SUBMIT_ERRORS: &[Code] = codes!(
    pricing::REFUSALS,
    &[
        NOT_DRAFT,
        NO_LINES,
        NEW_OR_OLD,
        FOREIGN_CONTACT,
        INACTIVE,
        OWNER_LEFT,
        LINE_QUANTITY,
        TWO_DISCOUNTS,
        NEGATIVE_CHARGE,
        settings::NO_TAX_RATE,
        pricing::MANUAL_PRICE,
        pricing::BEYOND_AUTHORITY,
        pricing::BELOW_FLOOR,
        pricing::DISCOUNT_PERCENT,
        pricing::DISCOUNT_TOO_LARGE,
    ]
);

impl Operation for Submit {
    const NAME: &'static str = "order.submit";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "order", verb: "submit" };
    const ERRORS: &'static [Code] = SUBMIT_ERRORS;
    const CAPABILITIES: &'static [&'static str] = &["ORD-02", "APR-01"];
    const EXAMPLE: &'static str =
        r#"{"customer":"$customer","lines":[{"product":"$product","quantity":"2"}]}"#;
    type Answer = OrderAnswer;

    fn run(mut self, work: &mut Work<'_>) -> Result<OrderAnswer> {
        match self.order.take() {
            Some(order) => existing(work, order, self),
            None => fresh(work, self),
        }
    }
}

/// Submits a draft that stands.
fn existing(work: &mut Work<'_>, order: Ref<Order>, request: Submit) -> Result<OrderAnswer> {
    let version = request.version;
    let of_new = if request.customer.is_some() { Some("customer") } else { said(&request.new)? };
    if let Some(field) = of_new {
        return Err(NEW_OR_OLD.at(format!("/{field}")));
    }
    let mut order = work.find_for("submit", order)?;
    order.expect_version(version)?;
    let state = after(order.state, Step::Submit)?;
    if order.lines.is_empty() {
        return Err(NO_LINES.error());
    }
    for (at, line) in order.lines.clone().iter().enumerate() {
        sellable(work, line.product).map_err(|error| error.at(format!("/lines/{at}/product")))?;
    }
    order.state = state;
    order.submitter = Some(Ref::new(work.actor()?));
    order.submitted_for = approval::on_behalf(work);
    order.submitted_at = Some(work.now());
    work.system(|work| work.save(&mut order))?;
    if approved_by_submitting(work)? {
        work.system(|work| approve(work, &mut order, ApprovalWay::NotRequired, None))?;
    } else {
        route(work, &mut order)?;
    }
    Ok(answer(order.row))
}

/// The first field in which a request says something of a new order.
fn said(new: &NewOrder) -> Result<Option<&'static str>> {
    let values = new.to_values()?;
    let silent = |value: &Value| match value {
        Value::Null => true,
        Value::Rows(rows) => rows.is_empty(),
        Value::List(items) => items.is_empty(),
        _ => false,
    };
    let mut fields = NewOrder::def().fields.iter().zip(&values);
    Ok(fields.find(|(_, value)| !silent(value)).map(|(field, _)| field.name.as_ref()))
}

/// Makes a new order and submits it. Where submitting approves it is written once, as approved.
fn fresh(work: &mut Work<'_>, request: Submit) -> Result<OrderAnswer> {
    work.require("order", "create")?;
    let customer = request.customer.ok_or_else(|| Code::REQUIRED.at("/customer"))?;
    let (mut order, customer) = build(work, customer, request.new)?;
    if order.lines.is_empty() {
        return Err(NO_LINES.at("/lines"));
    }
    let at_once = approved_by_submitting(work)?;
    order.submitter = Some(Ref::new(work.actor()?));
    order.submitted_for = approval::on_behalf(work);
    order.submitted_at = Some(work.now());
    order.state = OrderState::Submitted;
    if at_once {
        order.state = OrderState::Approved;
        order.approval = Some(ApprovalWay::NotRequired);
        order.approved_at = Some(work.now());
    }
    let mut stored = work.insert(&order)?;
    work.must_cover(Order::NO, &stored.row, "create")?;
    work.must_cover(Order::NO, &stored.row, "submit")?;
    if at_once {
        work.system(|work| {
            // Whoever refuses undoes the whole operation, the order with it.
            work.tell(Order::NO, stored.id.id(), "approving")?;
            in_effect(work, &stored, Some(&customer))
        })?;
    } else {
        route(work, &mut stored)?;
    }
    Ok(answer(stored.row))
}

/// True where submitting approves: the enterprise asks for no approval and no published definition is for orders. What
/// happened is recorded as such.
fn approved_by_submitting(work: &mut Work<'_>) -> Result<bool> {
    if settings::setting_code(work, "order.approval")? != "none" || definitions(work)? > 0 {
        return Ok(false);
    }
    work.because("approved by submitting: the setting order.approval is none");
    Ok(true)
}

/// How many published definitions there are for orders.
fn definitions(work: &mut Work<'_>) -> Result<i64> {
    work.once(ApprovalDefinition::NO, "published for orders", |work| {
        work.count(ApprovalDefinition::NO, "kind == 'order' && state == 'published'", &[])
    })
}

/// Puts a submitted order before the definition that applies; where none does it waits for somebody with the right to
/// approve, unless the enterprise asks for no approval.
fn route(work: &mut Work<'_>, order: &mut Stored<Order>) -> Result<()> {
    match approval::submit(work, Order::NO, order.id.id())? {
        Submission::NoDefinition if settings::setting_code(work, "order.approval")? == "none" => {
            work.because("approved by submitting: the setting order.approval is none");
            work.system(|work| approve(work, order, ApprovalWay::NotRequired, None))
        }
        Submission::NoDefinition => Ok(()),
        // The approval may have ended already and told so: what it did stands in the store.
        Submission::Running(_) | Submission::Approved(_) => {
            *order = work.system(|work| work.find(order.id))?;
            Ok(())
        }
    }
}

/// Takes an order back from approval, where no definition runs on it; a running approval is withdrawn by
/// `approval.withdraw`.
#[derive(Clone, Debug, Record)]
#[record(name = "order_withdraw")]
pub struct Withdraw {
    /// The order.
    pub order: Ref<Order>,
}

impl Operation for Withdraw {
    const NAME: &'static str = "order.withdraw";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "order", verb: "submit" };
    const ERRORS: &'static [Code] = &[IN_APPROVAL, WRONG_STATE];
    const CAPABILITIES: &'static [&'static str] = &["ORD-02", "APR-04"];
    const EXAMPLE: &'static str = r#"{"order":"$submitted_order"}"#;
    type Answer = OrderAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<OrderAnswer> {
        let mut order = waiting(work, self.order, "submit")?;
        work.system(|work| come_back(work, &mut order))?;
        Ok(answer(order.row))
    }
}

/// Approves a submitted order, where no definition applies. Not by who submitted it or on whose behalf,
/// unless the enterprise allows that.
#[derive(Clone, Debug, Record)]
#[record(name = "order_approve")]
pub struct Approve {
    /// The order.
    pub order: Ref<Order>,
    /// The version that the caller read.
    pub version: Option<i64>,
    /// What is said with it.
    pub comment: Option<String>,
}

impl Operation for Approve {
    const NAME: &'static str = "order.approve";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "order", verb: "approve" };
    const ERRORS: &'static [Code] = &[IN_APPROVAL, WRONG_STATE, SELF_APPROVAL];
    const CAPABILITIES: &'static [&'static str] = &["ORD-02", "APR-05"];
    const EXAMPLE: &'static str = r#"{"order":"$submitted_order"}"#;
    type Answer = OrderAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<OrderAnswer> {
        let mut order = waiting(work, self.order, "approve")?;
        order.expect_version(self.version)?;
        let actor = work.actor()?;
        let own = order.submitter.into_iter().chain(order.submitted_for);
        let own = own.map(Ref::id).any(|who| work.acts_for(who));
        if own && settings::setting(work, "order.self_approval")? != Json::Bool(true) {
            return Err(SELF_APPROVAL.error());
        }
        if let Some(comment) = self.comment {
            work.because(comment);
        }
        work.system(|work| approve(work, &mut order, ApprovalWay::ByRight, Some(actor)))?;
        Ok(answer(order.row))
    }
}

/// Gives a submitted order back, where no definition applies: it is a draft again.
#[derive(Clone, Debug, Record)]
#[record(name = "order_reject")]
pub struct Reject {
    /// The order.
    pub order: Ref<Order>,
    /// Why.
    pub reason: String,
}

impl Operation for Reject {
    const NAME: &'static str = "order.reject";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "order", verb: "approve" };
    const ERRORS: &'static [Code] = &[IN_APPROVAL, WRONG_STATE];
    const CAPABILITIES: &'static [&'static str] = &["ORD-02", "APR-04"];
    const EXAMPLE: &'static str =
        r#"{"order":"$submitted_order","reason":"The delivery date cannot be met"}"#;
    type Answer = OrderAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<OrderAnswer> {
        let mut order = waiting(work, self.order, "approve")?;
        work.because(self.reason);
        work.system(|work| come_back(work, &mut order))?;
        Ok(answer(order.row))
    }
}

/// An order that waits for somebody with the right to approve.
/// Errors: `order.wrong_state` where it does not wait, `order.in_approval` where a definition runs on it.
fn waiting(work: &mut Work<'_>, order: Ref<Order>, verb: &'static str) -> Result<Stored<Order>> {
    let order = work.find_for(verb, order)?;
    if order.state != OrderState::Submitted {
        return Err(WRONG_STATE.error().choice("state", order.state).coded(
            "step",
            "verb",
            Step::Approve.word(),
        ));
    }
    if approval::is_running(work, Order::NO, order.id.id())? {
        return Err(IN_APPROVAL.error());
    }
    Ok(order)
}
