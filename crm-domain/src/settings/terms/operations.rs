//! Looking at what a term does.

use super::{PaymentTerm, instalments};
use crate::settings::{AMOUNTS_EXCEED, NO_WORKING_DAY, NOT_SET_UP, TERM_CURRENCY, policy};
use crm_kernel::Record;
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::Dec;
use crm_kernel::error::{Code, Result};
use crm_kernel::id::Ref;
use crm_kernel::money::Money;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::work::Work;

/// Shows into which instalments an amount falls under a payment term, and when each is due.
#[derive(Clone, Debug, Record)]
#[record(name = "payment_term_preview")]
pub struct Preview {
    /// The term.
    pub term: Ref<PaymentTerm>,
    /// The amount, posted by the enterprise's rounding policy before it is split.
    #[field(money)]
    pub total: Dec,
    /// Its currency; the enterprise's where none is given.
    pub currency: Option<Currency>,
    /// The date from which due dates are counted; today where none is given.
    pub date: Option<Date>,
}

/// The instalments.
#[derive(Clone, Debug, Record)]
#[record(name = "payment_term_preview_answer")]
pub struct PreviewAnswer {
    /// The currency of the amounts.
    pub currency: Currency,
    /// In the order of the term's lines; they add up to the total.
    pub instalments: Vec<PreviewLine>,
}

/// One instalment.
#[derive(Clone, Debug, Record)]
#[record(name = "payment_term_preview_line")]
pub struct PreviewLine {
    /// What it is called.
    pub label: Option<String>,
    /// The day on which it is due.
    pub due: Date,
    /// The amount.
    #[field(money)]
    pub amount: Dec,
}

impl Operation for Preview {
    const NAME: &'static str = "payment_term.preview";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::Right { kind: "payment_term", verb: "read" };
    const ERRORS: &'static [Code] = &[AMOUNTS_EXCEED, TERM_CURRENCY, NO_WORKING_DAY, NOT_SET_UP];
    const CAPABILITIES: &'static [&'static str] = &["CFG-12"];
    const EXAMPLE: &'static str = r#"{"term":"$payment_term","total":"99.99","date":"2026-01-31"}"#;
    type Answer = PreviewAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<PreviewAnswer> {
        let currency = self.currency.or(work.base()).ok_or_else(|| NOT_SET_UP.error())?;
        let date = self.date.unwrap_or_else(|| work.today());
        let policy = policy(work)?;
        let total = Money::new(policy.post(self.total, currency.digits())?, currency);
        let lines =
            instalments(work, self.term, total, date, policy).map_err(|error| error.at("/term"))?.into_iter();
        let lines =
            lines.map(|line| PreviewLine { label: line.label, due: line.due, amount: line.amount.amount });
        Ok(PreviewAnswer { currency, instalments: lines.collect() })
    }
}
