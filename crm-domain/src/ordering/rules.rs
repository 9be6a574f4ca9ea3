//! Pure decisions of ordering (commerce.md 2.6).

use super::{
    EXECUTED, HELD, NOT_APPROVED, NOT_DRAFT, OVER_EXECUTED, Order, OrderLine, OrderState, WRONG_STATE,
};
use crate::settings::Taxes;
use crm_kernel::dec::{Dec, cumulative_share};
use crm_kernel::error::Result;
use crm_kernel::money::RoundingPolicy;

/// What may happen to an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It is put forward for approval.
    Submit,
    /// It is approved: it takes effect.
    Approve,
    /// It comes back from approval: rejected, returned or withdrawn.
    ComeBack,
    /// It is stopped for a time.
    Hold,
    /// It goes on.
    Release,
    /// It is given up.
    Cancel,
}

impl Step {
    /// The word in refusals.
    pub fn word(self) -> &'static str {
        match self {
            Step::Submit => "submit",
            Step::Approve => "approve",
            Step::ComeBack => "withdraw",
            Step::Hold => "hold",
            Step::Release => "release",
            Step::Cancel => "cancel",
        }
    }
}

/// The state after a step. Errors: `order.not_draft`, `order.wrong_state` with the state and the step.
pub fn after(state: OrderState, step: Step) -> Result<OrderState> {
    use OrderState::{Approved, Cancelled, Draft, Held, Submitted};
    match (step, state) {
        (Step::Submit, Draft) => Ok(Submitted),
        (Step::Submit, _) => Err(NOT_DRAFT.error().choice("state", state)),
        (Step::Approve, Submitted) | (Step::Release, Held) => Ok(Approved),
        (Step::ComeBack, Submitted) => Ok(Draft),
        (Step::Hold, Approved) => Ok(Held),
        (Step::Cancel, Draft | Submitted | Approved | Held) => Ok(Cancelled),
        _ => Err(WRONG_STATE.error().choice("state", state).coded("step", "verb", step.word())),
    }
}

/// True in expressions over orders that have taken effect and were not given up.
pub const IN_EFFECT: &str = "state in ['approved', 'held', 'fulfilled']";

/// What an order must be for its content to change. Errors: `order.not_draft`.
pub fn changeable(state: OrderState) -> Result<()> {
    if state == OrderState::Draft { Ok(()) } else { Err(NOT_DRAFT.error().choice("state", state)) }
}

/// What an order must be for anything to be planned, delivered, invoiced or collected.
/// Errors: `order.not_approved`, `order.held`.
pub fn executable(state: OrderState) -> Result<()> {
    match state {
        OrderState::Approved | OrderState::Fulfilled => Ok(()),
        OrderState::Held => Err(HELD.error()),
        OrderState::Draft | OrderState::Submitted | OrderState::Cancelled => {
            Err(NOT_APPROVED.error().choice("state", state))
        }
    }
}

/// What an order must be for money to come in for it: approved, also where it is held now.
/// Errors: `order.not_approved`.
pub fn effective(state: OrderState) -> Result<()> {
    match state {
        OrderState::Approved | OrderState::Held | OrderState::Fulfilled => Ok(()),
        OrderState::Draft | OrderState::Submitted | OrderState::Cancelled => {
            Err(NOT_APPROVED.error().choice("state", state))
        }
    }
}

/// The amount of the next part of a line when `cumulative` of `quantity` are done with it and `already` was posted
/// for what was done before: `post(total × cumulative ÷ quantity) − already`. Any split adds up to `total` (vector
/// order-01; return-05 is the same rule with the parts taken back). `digits` are those of the currency.
/// Errors: `value.none` where the quantity is 0, `value.out_of_range`.
pub fn cumulative_amount(
    total: Dec,
    cumulative: Dec,
    quantity: Dec,
    already: Dec,
    policy: RoundingPolicy,
    digits: u8,
) -> Result<Dec> {
    Ok(cumulative_share(total, cumulative, quantity, already, policy.scale(digits), policy.rounding())?)
}

/// What so much of a line comes to, whatever of it was done before: net, share of the discount on the whole and each tax by
/// itself, as invoices bill them, so that what comes back is worth what was billed for it. Errors: `value.none` where the
/// line's quantity is 0, `value.out_of_range`.
pub fn worth_of(order: &Order, line: &OrderLine, quantity: Dec, policy: RoundingPolicy) -> Result<Dec> {
    let digits = order.currency.digits();
    let share = |amount| cumulative_amount(amount, quantity, line.quantity, Dec::ZERO, policy, digits);
    let mut worth = share(line.net)?.sub(share(line.document_discount)?)?;
    if !order.prices_include_tax {
        let mut taxes = Taxes::amounts(line.tax_parts.as_ref());
        if taxes.is_empty() {
            taxes.push(line.tax_amount);
        }
        for tax in taxes {
            worth = worth.add(share(tax)?)?;
        }
    }
    Ok(worth)
}

/// The largest quantity ever to be delivered of a line, with its tolerance in per cent (vector order-02).
pub fn most_deliverable(quantity: Dec, tolerance_percent: Dec) -> Result<Dec> {
    let factor = Dec::from_int(100).add(tolerance_percent)?;
    Ok(quantity.mul_div(factor, Dec::from_int(100), 6, crm_kernel::dec::Rounding::HalfUp)?)
}

/// What an order comes to as it is executed: its total, and the worth of what was delivered beyond it.
/// `present` is how amounts are posted now. Errors: `value.out_of_range`.
pub fn worth(order: &Order, present: RoundingPolicy) -> Result<Dec> {
    let policy = order.rounding(present);
    let mut worth = order.total;
    for line in order.lines.iter().filter(|line| line.billable() != line.quantity) {
        worth = worth.add(worth_of(order, line, line.billable(), policy)?.sub(line.total)?)?;
    }
    Ok(worth)
}

/// What was done with a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Executed {
    /// Delivered, in the line's unit.
    pub delivered: Dec,
    /// Invoiced.
    pub invoiced: Dec,
    /// Taken back.
    pub returned: Dec,
}

impl Executed {
    /// Nothing but a delivery; negative takes one back.
    pub fn delivered(quantity: Dec) -> Executed {
        Executed { delivered: quantity, ..Executed::default() }
    }

    /// Nothing but an invoice; negative takes one back.
    pub fn invoiced(quantity: Dec) -> Executed {
        Executed { invoiced: quantity, ..Executed::default() }
    }

    /// Nothing but a return; negative takes one back.
    pub fn returned(quantity: Dec) -> Executed {
        Executed { returned: quantity, ..Executed::default() }
    }

    /// Each with the name of its field.
    pub fn amounts(self) -> [(&'static str, Dec); 3] {
        [("delivered", self.delivered), ("invoiced", self.invoiced), ("returned", self.returned)]
    }

    /// True where nothing was delivered, invoiced or returned.
    pub fn is_nothing(self) -> bool {
        self.amounts().iter().all(|(_, quantity)| quantity.is_zero())
    }

    /// How much of a line of so much is to be invoiced in all: what was ordered, and what was delivered beyond it.
    pub fn billable(self, quantity: Dec) -> Dec {
        if quantity.is_negative() { quantity.min(self.delivered) } else { quantity.max(self.delivered) }
    }

    /// With more done. Errors: those of [`Executed::within`].
    pub fn and(self, more: Executed, quantity: Dec, tolerance_percent: Dec) -> Result<Executed> {
        let sum = Executed {
            delivered: self.delivered.add(more.delivered)?,
            invoiced: self.invoiced.add(more.invoiced)?,
            returned: self.returned.add(more.returned)?,
        };
        sum.within(quantity, tolerance_percent)?;
        Ok(sum)
    }

    /// What may have been done with a line of so much. The tolerance is cumulative; what was delivered in excess of the
    /// order may be invoiced; no more comes back than went out. On a line of less than nothing the same is done in the
    /// other direction. Errors: `order.over_executed` with what, the most and the wanted sum.
    pub fn within(self, quantity: Dec, tolerance_percent: Dec) -> Result<()> {
        let most = [most_deliverable(quantity, tolerance_percent)?, self.billable(quantity), self.delivered];
        let size = |amount: Dec| if quantity.is_negative() { amount.neg() } else { amount };
        for ((what, wanted), most) in self.amounts().into_iter().zip(most) {
            if size(wanted) > size(most) || size(wanted).is_negative() {
                let error = OVER_EXECUTED.error().coded("what", "word", what).with("most", most.to_string());
                return Err(error.with("wanted", wanted.to_string()));
            }
        }
        Ok(())
    }

    /// True where all of a line of so much is delivered.
    pub fn is_delivered(self, quantity: Dec) -> bool {
        reaches(self.delivered, quantity)
    }

    /// True where all of a line of so much is delivered, and all that was delivered and ordered is invoiced.
    pub fn is_done(self, quantity: Dec) -> bool {
        self.is_delivered(quantity) && reaches(self.invoiced, self.billable(quantity))
    }
}

/// True where what is done comes up to a quantity, which may be below nothing.
fn reaches(done: Dec, quantity: Dec) -> bool {
    if quantity.is_negative() { done <= quantity } else { done >= quantity }
}

/// Whether an order in effect is done: every line is delivered and invoiced in full, what was delivered beyond it too. A
/// correction opens it again.
pub fn progress(state: OrderState, lines: impl IntoIterator<Item = (Dec, Executed)>) -> OrderState {
    let done = lines.into_iter().all(|(quantity, done)| done.is_done(quantity));
    match (state, done) {
        (OrderState::Approved, true) => OrderState::Fulfilled,
        (OrderState::Fulfilled, false) => OrderState::Approved,
        (state, _) => state,
    }
}

/// Cancelling: not after anything was delivered or invoiced. Errors: `order.executed`.
pub fn cancellable(lines: impl IntoIterator<Item = Executed>) -> Result<()> {
    if lines.into_iter().all(Executed::is_nothing) { Ok(()) } else { Err(EXECUTED.error()) }
}

/// The share of an amount of a quote (freight, other charges, a discount) that goes with a part of it, when the value
/// `converted` of `whole` is ordered with this part and `already` went with the parts before. All of it goes with the
/// last part; never less than nothing. Errors: `value.out_of_range`.
pub fn share_of_quote(
    amount: Dec,
    converted: Dec,
    whole: Dec,
    already: Dec,
    policy: RoundingPolicy,
    digits: u8,
) -> Result<Dec> {
    if converted == whole {
        let rest = amount.sub(already)?;
        return Ok(if rest.is_negative() { Dec::ZERO } else { rest });
    }
    let share = cumulative_amount(amount, converted, whole, already, policy, digits)?;
    Ok(if share.is_negative() { Dec::ZERO } else { share })
}
