//! Holding, releasing and cancelling.

use super::{OrderAnswer, answer};
use crate::approval;
use crate::ordering::life::cancel;
use crate::ordering::rules::{Step, after};
use crate::ordering::{EXECUTED, IN_APPROVAL, Order, WRONG_STATE};
use crm_kernel::Record;
use crm_kernel::error::{Code, Result};
use crm_kernel::id::Ref;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::record::Record;
use crm_kernel::work::Work;

/// Holds an approved order: nothing more is planned, delivered or invoiced until it is released.
#[derive(Clone, Debug, Record)]
#[record(name = "order_hold")]
pub struct Hold {
    /// The order.
    pub order: Ref<Order>,
    /// Why.
    #[field(long_text)]
    pub reason: String,
}

impl Operation for Hold {
    const NAME: &'static str = "order.hold";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "order", verb: "hold" };
    const ERRORS: &'static [Code] = &[WRONG_STATE];
    const CAPABILITIES: &'static [&'static str] = &["ORD-01"];
    const EXAMPLE: &'static str = r#"{"order":"$approved_order","reason":"The customer asks to wait"}"#;
    type Answer = OrderAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<OrderAnswer> {
        let mut order = work.find_for("hold", self.order)?;
        order.state = after(order.state, Step::Hold)?;
        order.state_reason = Some(self.reason.clone());
        work.because(self.reason);
        work.system(|work| {
            work.save(&mut order)?;
            work.tell(Order::NO, order.id.id(), "held")
        })?;
        Ok(answer(order.row))
    }
}

/// Releases an order that was held: it goes on.
#[derive(Clone, Debug, Record)]
#[record(name = "order_release")]
pub struct Release {
    /// The order.
    pub order: Ref<Order>,
    /// What is said with it.
    pub reason: Option<String>,
}

impl Operation for Release {
    const NAME: &'static str = "order.release";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "order", verb: "hold" };
    const ERRORS: &'static [Code] = &[WRONG_STATE];
    const CAPABILITIES: &'static [&'static str] = &["ORD-01"];
    const EXAMPLE: &'static str = r#"{"order":"$held_order"}"#;
    type Answer = OrderAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<OrderAnswer> {
        let mut order = work.find_for("hold", self.order)?;
        order.state = after(order.state, Step::Release)?;
        order.state_reason = None;
        if let Some(reason) = self.reason {
            work.because(reason);
        }
        work.system(|work| {
            work.save(&mut order)?;
            work.tell(Order::NO, order.id.id(), "released")
        })?;
        Ok(answer(order.row))
    }
}

/// Cancels an order of which nothing was delivered or invoiced. What it took of a quote can be ordered again.
#[derive(Clone, Debug, Record)]
#[record(name = "order_cancel")]
pub struct Cancel {
    /// The order.
    pub order: Ref<Order>,
    /// The version that the caller read.
    pub version: Option<i64>,
    /// Why.
    #[field(long_text)]
    pub reason: String,
}

impl Operation for Cancel {
    const NAME: &'static str = "order.cancel";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "order", verb: "cancel" };
    const ERRORS: &'static [Code] = &[WRONG_STATE, EXECUTED, IN_APPROVAL];
    const CAPABILITIES: &'static [&'static str] = &["ORD-01"];
    const EXAMPLE: &'static str = r#"{"order":"$draft_order","reason":"Ordered twice"}"#;
    type Answer = OrderAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<OrderAnswer> {
        let mut order = work.find_for("cancel", self.order)?;
        order.expect_version(self.version)?;
        if approval::is_running(work, Order::NO, order.id.id())? {
            return Err(IN_APPROVAL.error());
        }
        work.because(self.reason.clone());
        work.system(|work| cancel(work, &mut order, self.reason))?;
        Ok(answer(order.row))
    }
}
