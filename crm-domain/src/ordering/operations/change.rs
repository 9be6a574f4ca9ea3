//! Changing the head of a draft.

use super::{OrderAnswer, answer, base_rate, guard_of_whole, price_terms, retotal};
use crate::ordering::rules::changeable;
use crate::ordering::{FOREIGN_CONTACT, NOT_DRAFT, Order};
use crate::quoting::{
    DocumentHead, Edit, NEGATIVE_CHARGE, OWNER_LEFT, TWO_DISCOUNTS, contact_of, guard_step, standing,
    works_here,
};
use crate::{pricing, settings};
use crm_kernel::error::{Code, Result};
use crm_kernel::id::Ref;
use crm_kernel::json::Json;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::record::Record as _;
use crm_kernel::work::Work;
use crm_kernel::{Record, codes};

/// Changes the head of a draft: contact, owner, department, date, delivery, discount on the whole, charges, terms, notes
/// and fields made at run time. Prices stay; taxes follow the date.
#[derive(Clone, Debug, Record)]
#[record(name = "order_change")]
pub struct Change {
    /// The order.
    pub order: Ref<Order>,
    /// The version that the caller read.
    pub version: Option<i64>,
    /// New values by field name; null empties a field.
    pub values: Json,
}

impl Operation for Change {
    const NAME: &'static str = "order.change";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "order", verb: "update" };
    const ERRORS: &'static [Code] = codes!(
        pricing::REFUSALS,
        &[
            NOT_DRAFT,
            FOREIGN_CONTACT,
            OWNER_LEFT,
            TWO_DISCOUNTS,
            NEGATIVE_CHARGE,
            settings::NO_TAX_RATE,
            pricing::BEYOND_AUTHORITY,
            pricing::BELOW_FLOOR,
            pricing::DISCOUNT_PERCENT,
            pricing::DISCOUNT_TOO_LARGE,
        ]
    );
    const CAPABILITIES: &'static [&'static str] = &["ORD-01"];
    const EXAMPLE: &'static str =
        r#"{"order":"$draft_order","values":{"required_date":"2026-12-24","freight":"25.00"}}"#;
    type Answer = OrderAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<OrderAnswer> {
        let stored = work.find_for("update", self.order)?;
        stored.expect_version(self.version)?;
        changeable(stored.state)?;
        let mut order = Edit::of(work, &stored, &self.values)?;
        let under = |error: crm_kernel::error::Error| error.under("/values");
        contact_of(work, order.contact, order.customer, FOREIGN_CONTACT).map_err(under)?;
        if order.owner != stored.owner {
            works_here(work, order.owner).map_err(under)?;
        }
        if order.date != stored.date {
            (order.rate, order.inverse_rate) =
                base_rate(work, order.currency, order.date).map_err(|error| error.at("/values/date"))?;
        }
        retotal(work, &mut order).map_err(under)?;
        if order.date != stored.date {
            let terms = price_terms(work, &stored)?;
            let before = standing(work, &terms, &*stored, &stored.lines)?;
            let terms = price_terms(work, &order)?;
            let after = standing(work, &terms, &*order, &order.lines)?;
            guard_step(&before, after).map_err(|error| error.at("/values/date"))?;
        }
        if order.discounts() != stored.discounts() {
            guard_of_whole(work, &mut order, |_| true).map_err(under)?;
        }
        let row = order.save(work)?;
        work.must_cover(Order::NO, &row, "update")?;
        Ok(answer(row))
    }
}
