//! Letting an order pass beyond a limit (CRD-04).

use super::{BAD_DATES, CreditRelease, NOT_WAITING};
use crate::finance::in_base;
use crate::ordering::{Order, OrderState};
use crate::settings::NOT_POSITIVE;
use crm_kernel::Record;
use crm_kernel::date::Date;
use crm_kernel::dec::Dec;
use crm_kernel::error::{Code, Result};
use crm_kernel::expr::node::Ty;
use crm_kernel::id::Ref;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::record::{Record as _, Whole};
use crm_kernel::value::Value;
use crm_kernel::work::Work;

/// Lets an order that is not yet in effect pass beyond credit limits, up to an amount and until a day. It is approved
/// afterwards as ever; an order that has grown past the amount by then is refused again.
#[derive(Clone, Debug, Record)]
#[record(name = "release_credit")]
pub struct Release {
    /// The order.
    pub order: Ref<Order>,
    /// Up to which total of the order, in the enterprise's currency; its total now where none is given.
    #[field(base_money)]
    pub amount: Option<Dec>,
    /// The last day on which it counts.
    pub until: Date,
    /// Why.
    #[field(long_text)]
    pub reason: String,
}

/// A release.
#[derive(Clone, Debug, Record)]
#[record(name = "release_credit_answer")]
pub struct ReleaseAnswer {
    /// What was let pass.
    pub release: Whole<CreditRelease>,
}

impl Operation for Release {
    const NAME: &'static str = "credit.release";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "credit", verb: "release" };
    const ERRORS: &'static [Code] = &[BAD_DATES, NOT_WAITING, NOT_POSITIVE];
    const CAPABILITIES: &'static [&'static str] = &["CRD-04"];
    const EXAMPLE: &'static str = r#"{"order":"$submitted_order","until":"2026-12-31","reason":"Long-standing customer, bank guarantee on file"}"#;
    type Answer = ReleaseAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<ReleaseAnswer> {
        let order = work.find(self.order).map_err(|error| error.at("/order"))?;
        work.must_reach(Order::NO, &order.row, ("credit", "release"))?;
        if !matches!(order.state, OrderState::Draft | OrderState::Submitted) {
            return Err(NOT_WAITING.at("/order"));
        }
        if self.until < work.today() {
            return Err(BAD_DATES.at("/until"));
        }
        let amount = match self.amount {
            Some(amount) => amount,
            None => in_base(work, order.total, order.currency, order.exact_rate()?)?,
        };
        if !amount.is_positive() {
            return Err(NOT_POSITIVE.at("/amount"));
        }
        work.because(self.reason.clone());
        let release = work.insert(&CreditRelease {
            order: self.order,
            amount,
            until: self.until,
            reason: self.reason,
            released_by: Ref::new(work.actor()?),
            released_at: work.now(),
        })?;
        Ok(ReleaseAnswer { release: Whole::new(release.row) })
    }
}

/// True where somebody has let an order of this total pass, and still does today.
pub(super) fn released(work: &mut Work<'_>, order: Ref<Order>, total: Dec) -> Result<bool> {
    let names = [("o", Ty::Ref(Order::NO), Value::Ref(order.id()))];
    let today = work.today();
    let found = work.system(|work| work.select::<CreditRelease>("order == o", &names))?;
    Ok(found.iter().any(|release| release.until >= today && release.amount >= total))
}
