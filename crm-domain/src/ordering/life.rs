//! How an order takes effect, comes back, and is given up.

use super::rules::{Step, after, cancellable};
use super::{Order, OrderLine};
use crate::parties::{self, Customer, CustomerState};
use crate::quoting::{self, ApprovalWay};
use crm_kernel::dec::Dec;
use crm_kernel::error::Result;
use crm_kernel::id::{Id, Ref};
use crm_kernel::record::{Line, Record};
use crm_kernel::work::{Stored, Work};

/// Approves an order: the areas above take part before it takes effect (credit is checked and reserved there) and hear
/// of it afterwards. Errors: `order.wrong_state`, whatever an area above refuses with.
pub(super) fn approve(
    work: &mut Work<'_>,
    order: &mut Stored<Order>,
    way: ApprovalWay,
    approver: Option<Id>,
) -> Result<()> {
    let state = after(order.state, Step::Approve)?;
    work.tell(Order::NO, order.id.id(), "approving")?;
    order.state = state;
    order.approval = Some(way);
    order.approver = approver.map(Ref::new);
    order.approved_at = Some(work.now());
    work.save(order)?;
    in_effect(work, order, None)
}

/// What follows from an order that has just taken effect. `customer` where it was read already: one that has been
/// trading since before is not read again.
pub(super) fn in_effect(
    work: &mut Work<'_>,
    order: &Stored<Order>,
    customer: Option<&Customer>,
) -> Result<()> {
    let trades = |customer: &Customer| {
        customer.state == CustomerState::Trading
            && customer.trading_since.is_some_and(|since| since <= order.date)
    };
    if !customer.is_some_and(trades) {
        parties::start_trading(work, order.customer, order.date)?;
    }
    work.tell(Order::NO, order.id.id(), "approved")
}

/// Takes an order back from approval: it is a draft again.
pub(super) fn come_back(work: &mut Work<'_>, order: &mut Stored<Order>) -> Result<()> {
    order.state = after(order.state, Step::ComeBack)?;
    (order.submitter, order.submitted_at, order.submitted_for) = (None, None, None);
    work.save(order)
}

/// What happens when an approval of an order ends. An order that is no longer waiting is left as it is.
pub(super) fn event(work: &mut Work<'_>, _kind: u32, id: Id, event: &str) -> Result<()> {
    if !matches!(event, "approved" | "rejected" | "returned" | "withdrawn") {
        return Ok(());
    }
    work.system(|work| {
        let mut order = work.find::<Order>(Ref::new(id))?;
        match (order.state, event) {
            (super::OrderState::Submitted, "approved") => {
                approve(work, &mut order, ApprovalWay::ByDefinition, None)
            }
            (super::OrderState::Submitted, _) => come_back(work, &mut order),
            // Told by this area itself, or of an order that was given up meanwhile.
            _ => Ok(()),
        }
    })
}

/// Gives an order up, and what it took of a quote back. Errors: `order.wrong_state`, `order.executed`.
pub(super) fn cancel(work: &mut Work<'_>, order: &mut Stored<Order>, reason: String) -> Result<()> {
    let state = after(order.state, Step::Cancel)?;
    cancellable(order.lines.iter().map(|line| line.executed()))?;
    order.state = state;
    order.state_reason = Some(reason);
    work.save(order)?;
    give_back(work, order, &order.lines)?;
    work.tell(Order::NO, order.id.id(), "cancelled")
}

/// Gives back to the quote what lines took of it.
pub(super) fn give_back(work: &mut Work<'_>, order: &Order, lines: &[Line<OrderLine>]) -> Result<()> {
    let Some(version) = order.quote_version else { return Ok(()) };
    let taken: Vec<(i64, Dec)> =
        lines.iter().filter_map(|line| Some((line.quote_line?, line.quantity))).collect();
    if taken.is_empty() {
        return Ok(());
    }
    quoting::give_back(work, version, &taken)
}
