//! From draft to approved.

use super::{QuoteAnswer, answer, is_over, open_quote};
use crate::approval::{self, Submission};
use crate::quoting::rules::{VersionEvent, quote_after};
use crate::quoting::versions::{approve, changeable_version, come_back, versions};
use crate::quoting::{
    ApprovalWay, CLOSED, EXPIRED, FROZEN, IN_APPROVAL, NO_LINES, NO_VERSION, Quote, QuoteVersion,
    QuoteVersionState, SELF_APPROVAL, WRONG_STATE,
};
use crate::settings;
use crm_kernel::Record;
use crm_kernel::error::{Code, Result};
use crm_kernel::id::Ref;
use crm_kernel::json::Json;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::record::Record;
use crm_kernel::work::{Stored, Work};

/// Puts the draft forward for approval: by the published definition that applies; where none does, somebody with the
/// right to approves it. Where the enterprise asks for no approval, submitting approves, and that is recorded.
#[derive(Clone, Debug, Record)]
#[record(name = "quote_submit")]
pub struct Submit {
    /// The quote.
    pub quote: Ref<Quote>,
    /// The number of the version; the draft where none is given.
    pub version_no: Option<i64>,
    /// The record version of the quote version that the caller read.
    pub version: Option<i64>,
}

impl Operation for Submit {
    const NAME: &'static str = "quote.submit";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "quote", verb: "submit" };
    const ERRORS: &'static [Code] = &[CLOSED, NO_VERSION, FROZEN, IN_APPROVAL, NO_LINES, EXPIRED];
    const CAPABILITIES: &'static [&'static str] = &["QUO-04", "APR-01"];
    const EXAMPLE: &'static str = r#"{"quote":"$quote"}"#;
    type Answer = QuoteAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<QuoteAnswer> {
        let mut quote = open_quote(work, self.quote, "submit")?;
        let mut version = changeable_version(work, quote.id, self.version_no)?;
        version.expect_version(self.version)?;
        if version.lines.is_empty() {
            return Err(NO_LINES.error());
        }
        if is_over(work, &version)? {
            let until = version.valid_until.map(|day| day.to_string()).unwrap_or_default();
            return Err(EXPIRED.error().with("valid_until", until));
        }
        version.state = QuoteVersionState::InApproval;
        version.submitter = Some(Ref::new(work.actor()?));
        version.submitted_for = approval::on_behalf(work);
        version.submitted_at = Some(work.now());
        work.system(|work| work.save(&mut version))?;
        quote.state = quote_after(quote.state, VersionEvent::Submitted);
        work.system(|work| work.save(&mut quote))?;
        match approval::submit(work, QuoteVersion::NO, version.id.id())? {
            Submission::NoDefinition if settings::setting_code(work, "quote.approval")? == "none" => {
                work.because("approved by submitting: the setting quote.approval is none");
                work.system(|work| approve(work, &mut quote, &mut version, ApprovalWay::NotRequired, None))?;
            }
            Submission::NoDefinition => {}
            // The approval may have ended already and told so: what it did stands in the store.
            Submission::Running(_) | Submission::Approved(_) => {
                version = work.system(|work| work.find(version.id))?;
                quote = work.system(|work| work.find(quote.id))?;
            }
        }
        Ok(answer(quote.row, version.row))
    }
}

/// Takes the version back from approval, where no definition runs on it; a running approval is withdrawn by
/// `approval.withdraw`.
#[derive(Clone, Debug, Record)]
#[record(name = "quote_withdraw")]
pub struct Withdraw {
    /// The quote.
    pub quote: Ref<Quote>,
}

impl Operation for Withdraw {
    const NAME: &'static str = "quote.withdraw";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "quote", verb: "submit" };
    const ERRORS: &'static [Code] = &[CLOSED, IN_APPROVAL, WRONG_STATE];
    const CAPABILITIES: &'static [&'static str] = &["QUO-04", "APR-04"];
    const EXAMPLE: &'static str = r#"{"quote":"$submitted_quote"}"#;
    type Answer = QuoteAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<QuoteAnswer> {
        let mut quote = open_quote(work, self.quote, "submit")?;
        let mut version = in_approval(work, &quote)?;
        work.system(|work| come_back(work, &mut quote, &mut version))?;
        Ok(answer(quote.row, version.row))
    }
}

/// Approves the version that was put forward, where no definition applies. Not by who submitted it or on whose
/// behalf, unless the enterprise allows that.
#[derive(Clone, Debug, Record)]
#[record(name = "quote_approve")]
pub struct Approve {
    /// The quote.
    pub quote: Ref<Quote>,
    /// What is said with it.
    pub comment: Option<String>,
}

impl Operation for Approve {
    const NAME: &'static str = "quote.approve";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "quote", verb: "approve" };
    const ERRORS: &'static [Code] = &[CLOSED, IN_APPROVAL, WRONG_STATE, SELF_APPROVAL];
    const CAPABILITIES: &'static [&'static str] = &["QUO-04", "APR-05"];
    const EXAMPLE: &'static str = r#"{"quote":"$submitted_quote"}"#;
    type Answer = QuoteAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<QuoteAnswer> {
        let mut quote = open_quote(work, self.quote, "approve")?;
        let mut version = in_approval(work, &quote)?;
        let actor = work.actor()?;
        let own = version.submitter.into_iter().chain(version.submitted_for);
        let own = own.map(Ref::id).any(|who| work.acts_for(who));
        if own && settings::setting(work, "quote.self_approval")? != Json::Bool(true) {
            return Err(SELF_APPROVAL.error());
        }
        if let Some(comment) = self.comment {
            work.because(comment);
        }
        work.system(|work| approve(work, &mut quote, &mut version, ApprovalWay::ByRight, Some(actor)))?;
        Ok(answer(quote.row, version.row))
    }
}

/// Gives the version that was put forward back, where no definition applies: it is a draft again.
#[derive(Clone, Debug, Record)]
#[record(name = "quote_reject")]
pub struct Reject {
    /// The quote.
    pub quote: Ref<Quote>,
    /// Why.
    pub reason: String,
}

impl Operation for Reject {
    const NAME: &'static str = "quote.reject";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "quote", verb: "approve" };
    const ERRORS: &'static [Code] = &[CLOSED, IN_APPROVAL, WRONG_STATE];
    const CAPABILITIES: &'static [&'static str] = &["QUO-04", "APR-04"];
    const EXAMPLE: &'static str = r#"{"quote":"$submitted_quote","reason":"The discount is too high"}"#;
    type Answer = QuoteAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<QuoteAnswer> {
        let mut quote = open_quote(work, self.quote, "approve")?;
        let mut version = in_approval(work, &quote)?;
        work.because(self.reason);
        work.system(|work| come_back(work, &mut quote, &mut version))?;
        Ok(answer(quote.row, version.row))
    }
}

/// The version of a quote that waits for somebody with the right to approve.
/// Errors: `quote.wrong_state` where none does, `quote.in_approval` where a definition runs on it.
fn in_approval(work: &mut Work<'_>, quote: &Stored<Quote>) -> Result<Stored<QuoteVersion>> {
    let all = versions(work, quote.id)?;
    let found = all.into_iter().find(|version| version.state == QuoteVersionState::InApproval);
    let version = found.ok_or_else(|| WRONG_STATE.error().choice("state", quote.state))?;
    if approval::is_running(work, QuoteVersion::NO, version.id.id())? {
        return Err(IN_APPROVAL
            .error()
            .with("version_no", version.version_no)
            .choice("state", version.state));
    }
    Ok(version)
}
