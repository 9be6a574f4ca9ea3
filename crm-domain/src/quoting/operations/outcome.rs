//! What becomes of an offer: sent, negotiated, accepted, declined, expired, taken back.

use super::{QuoteAnswer, answer, is_over, open_quote};
use crate::quoting::rules::acceptable;
use crate::quoting::versions::{validity, versions, void};
use crate::quoting::{
    CLOSED, EXPIRED, IN_APPROVAL, NO_VERSION, NOT_APPROVED, Quote, QuoteState, QuoteVersion,
    QuoteVersionState, VERSION_NEEDED, VoidReason, WRONG_STATE,
};
use crm_kernel::Record;
use crm_kernel::error::{Code, Error, Result};
use crm_kernel::expr::node::Ty;
use crm_kernel::id::Ref;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::value::Value;
use crm_kernel::work::{Stored, Work};

/// Marks an approved version as sent to the customer.
#[derive(Clone, Debug, Record)]
#[record(name = "quote_send")]
pub struct Send {
    /// The quote.
    pub quote: Ref<Quote>,
    /// The number of the version; the only approved one where none is given.
    pub version_no: Option<i64>,
}

impl Operation for Send {
    const NAME: &'static str = "quote.send";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "quote", verb: "send" };
    const ERRORS: &'static [Code] = &[CLOSED, NOT_APPROVED, NO_VERSION, VERSION_NEEDED, EXPIRED];
    const CAPABILITIES: &'static [&'static str] = &["QUO-04"];
    const EXAMPLE: &'static str = r#"{"quote":"$approved_quote"}"#;
    type Answer = QuoteAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<QuoteAnswer> {
        let mut quote = open_quote(work, self.quote, "send")?;
        let all = versions(work, quote.id)?;
        let mut version = offered(work, all, self.version_no)?;
        let over = is_over(work, &version)?;
        acceptable(over, false, version.valid_until)?;
        version.sent_at = Some(work.now());
        work.system(|work| work.save(&mut version))?;
        if matches!(quote.state, QuoteState::Approved | QuoteState::Expired) {
            quote.state = QuoteState::Sent;
        }
        work.system(|work| work.save(&mut quote))?;
        Ok(answer(quote.row, version.row))
    }
}

/// The approved version that is meant. Errors: `quote.not_approved`, `quote.no_version`, `quote.version_needed`.
fn offered(
    work: &mut Work<'_>,
    all: Vec<Stored<QuoteVersion>>,
    version_no: Option<i64>,
) -> Result<Stored<QuoteVersion>> {
    if let Some(no) = version_no {
        let found = all.into_iter().find(|version| version.version_no == no);
        let version = found.ok_or_else(|| NO_VERSION.at("/version_no").with("version_no", no))?;
        if version.state != QuoteVersionState::Approved {
            return Err(NOT_APPROVED.at("/version_no").with("version_no", no).choice("state", version.state));
        }
        return Ok(version);
    }
    let approved = all.into_iter().filter(|version| version.state == QuoteVersionState::Approved);
    let mut approved: Vec<Stored<QuoteVersion>> = approved.collect();
    if approved.len() > 1 {
        // Where only one is still valid, that one is meant.
        let (validity, today) = (validity(work)?, work.today());
        let valid = |version: &Stored<QuoteVersion>| !validity.is_over(version.valid_until, today);
        if approved.iter().filter(|version| valid(version)).count() == 1 {
            approved.retain(valid);
        }
    }
    match approved.len() {
        0 => Err(NOT_APPROVED.error()),
        1 => approved.pop().ok_or_else(|| Error::internal("no version")),
        _ => {
            let numbers: Vec<String> =
                approved.iter().map(|version| version.version_no.to_string()).collect();
            Err(VERSION_NEEDED.at("/version_no").with("offered", numbers.join(", ")))
        }
    }
}

/// Marks a quote as being negotiated.
#[derive(Clone, Debug, Record)]
#[record(name = "quote_negotiate")]
pub struct Negotiate {
    /// The quote.
    pub quote: Ref<Quote>,
    /// What the customer asks for.
    pub comment: Option<String>,
}

impl Operation for Negotiate {
    const NAME: &'static str = "quote.negotiate";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "quote", verb: "send" };
    const ERRORS: &'static [Code] = &[CLOSED, NOT_APPROVED, WRONG_STATE];
    const CAPABILITIES: &'static [&'static str] = &["QUO-04"];
    const EXAMPLE: &'static str = r#"{"quote":"$sent_quote","comment":"asks for 5 % more"}"#;
    type Answer = QuoteAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<QuoteAnswer> {
        let mut quote = open_quote(work, self.quote, "send")?;
        if quote.state != QuoteState::Sent {
            return Err(WRONG_STATE.error().choice("state", quote.state));
        }
        if let Some(comment) = self.comment {
            work.because(comment);
        }
        let newest = versions(work, quote.id)?
            .into_iter()
            .rfind(|version| version.state == QuoteVersionState::Approved);
        let version = newest.ok_or_else(|| NOT_APPROVED.error())?;
        quote.state = QuoteState::InNegotiation;
        work.system(|work| work.save(&mut quote))?;
        Ok(answer(quote.row, version.row))
    }
}

/// The customer takes an offer. One that has expired is taken only where that is said and the actor may
/// (`accept_expired`); its prices stay as they were quoted.
#[derive(Clone, Debug, Record)]
#[record(name = "quote_accept")]
pub struct Accept {
    /// The quote.
    pub quote: Ref<Quote>,
    /// The number of the version; the only offered one where none is given.
    pub version_no: Option<i64>,
    /// True where it is taken though its validity is over.
    #[field(default = "false")]
    pub accept_expired: bool,
}

impl Operation for Accept {
    const NAME: &'static str = "quote.accept";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "quote", verb: "accept" };
    const ERRORS: &'static [Code] = &[CLOSED, NOT_APPROVED, NO_VERSION, VERSION_NEEDED, EXPIRED, IN_APPROVAL];
    const CAPABILITIES: &'static [&'static str] = &["QUO-04"];
    const EXAMPLE: &'static str = r#"{"quote":"$sent_quote"}"#;
    type Answer = QuoteAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<QuoteAnswer> {
        let mut quote = open_quote(work, self.quote, "accept")?;
        let all = versions(work, quote.id)?;
        nothing_in_approval(&all)?;
        let version = offered(work, all.clone(), self.version_no)?;
        let over = is_over(work, &version)?;
        acceptable(over, self.accept_expired, version.valid_until)?;
        if over {
            work.require("quote", "accept_expired").map_err(|error| error.at("/accept_expired"))?;
        }
        work.system(|work| {
            for mut other in all.into_iter().filter(|other| other.state == QuoteVersionState::Draft) {
                void(work, &mut other, VoidReason::Superseded, Some(version.id), None)?;
            }
            quote.state = QuoteState::Accepted;
            quote.accepted_version = Some(version.id);
            quote.accepted_late = over;
            quote.closed_on = Some(work.today());
            work.save(&mut quote)
        })?;
        Ok(answer(quote.row, version.row))
    }
}

/// The customer does not take the offer.
#[derive(Clone, Debug, Record)]
#[record(name = "quote_decline")]
pub struct Decline {
    /// The quote.
    pub quote: Ref<Quote>,
    /// Why not.
    #[field(long_text)]
    pub reason: String,
}

impl Operation for Decline {
    const NAME: &'static str = "quote.decline";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "quote", verb: "accept" };
    const ERRORS: &'static [Code] = &[CLOSED, NOT_APPROVED, IN_APPROVAL];
    const CAPABILITIES: &'static [&'static str] = &["QUO-04"];
    const EXAMPLE: &'static str = r#"{"quote":"$sent_quote","reason":"Bought elsewhere"}"#;
    type Answer = QuoteAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<QuoteAnswer> {
        let mut quote = open_quote(work, self.quote, "accept")?;
        let all = versions(work, quote.id)?;
        nothing_in_approval(&all)?;
        let newest = all.iter().rfind(|version| version.state == QuoteVersionState::Approved);
        let version = newest.ok_or_else(|| NOT_APPROVED.error())?.clone();
        work.because(self.reason.clone());
        work.system(|work| {
            for mut other in all.into_iter().filter(|other| other.state == QuoteVersionState::Draft) {
                void(work, &mut other, VoidReason::Superseded, Some(version.id), None)?;
            }
            close(work, &mut quote, QuoteState::Declined, Some(self.reason))
        })?;
        Ok(answer(quote.row, version.row))
    }
}

fn close(
    work: &mut Work<'_>,
    quote: &mut Stored<Quote>,
    state: QuoteState,
    because: Option<String>,
) -> Result<()> {
    quote.state = state;
    quote.closed_on = Some(work.today());
    quote.closed_because = because;
    work.save(quote)
}

/// Errors: `quote.in_approval`.
fn nothing_in_approval(all: &[Stored<QuoteVersion>]) -> Result<()> {
    match all.iter().find(|version| version.state == QuoteVersionState::InApproval) {
        Some(version) => Err(IN_APPROVAL.error().with("version_no", version.version_no)),
        None => Ok(()),
    }
}

/// Takes a quote back: nothing of it is offered any more.
#[derive(Clone, Debug, Record)]
#[record(name = "quote_void")]
pub struct Void {
    /// The quote.
    pub quote: Ref<Quote>,
    /// Why.
    #[field(long_text)]
    pub reason: String,
}

impl Operation for Void {
    const NAME: &'static str = "quote.void";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "quote", verb: "void" };
    const ERRORS: &'static [Code] = &[CLOSED, IN_APPROVAL];
    const CAPABILITIES: &'static [&'static str] = &["QUO-04"];
    const EXAMPLE: &'static str = r#"{"quote":"$quote","reason":"Entered twice"}"#;
    type Answer = QuoteAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<QuoteAnswer> {
        let mut quote = open_quote(work, self.quote, "void")?;
        let mut all = versions(work, quote.id)?;
        nothing_in_approval(&all)?;
        work.because(self.reason.clone());
        work.system(|work| {
            for version in all.iter_mut().filter(|version| version.state != QuoteVersionState::Voided) {
                void(work, version, VoidReason::CascadeOfVoided, None, None)?;
            }
            close(work, &mut quote, QuoteState::Void, Some(self.reason))
        })?;
        let last = all.pop().ok_or_else(|| Error::internal("a quote without versions"))?;
        Ok(answer(quote.row, last.row))
    }
}

/// Marks quotes as expired whose offers are all past their validity; their drafts are voided with them. The quote
/// named, or all, at most 1,000 a call.
#[derive(Clone, Debug, Record)]
#[record(name = "quote_expire")]
pub struct Expire {
    /// The quote; all where none is named.
    pub quote: Option<Ref<Quote>>,
}

/// What expired.
#[derive(Clone, Debug, Record)]
#[record(name = "quote_expire_answer")]
pub struct ExpireAnswer {
    /// The quotes that are expired now.
    pub expired: Vec<Ref<Quote>>,
    /// True where there are more: call again.
    pub more: bool,
}

const MOST_A_CALL: usize = 1_000;

impl Operation for Expire {
    const NAME: &'static str = "quote.expire";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "quote", verb: "expire" };
    const CAPABILITIES: &'static [&'static str] = &["QUO-04"];
    const EXAMPLE: &'static str = "{}";
    type Answer = ExpireAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<ExpireAnswer> {
        let (validity, today) = (validity(work)?, work.today());
        let names = [("d", Ty::Date, Value::Date(today))];
        let open = "state == 'approved' && valid_until <= d && quote.state in ['approved', 'sent', 'in_negotiation']";
        let mut quotes: Vec<Ref<Quote>> = match self.quote {
            Some(quote) => vec![work.find_for("expire", quote)?.id],
            None => work
                .select_by::<QuoteVersion>(open, &names, &["quote"], None)?
                .iter()
                .map(|found| found.quote)
                .collect(),
        };
        quotes.dedup();
        let (mut expired, mut more) = (Vec::new(), false);
        for quote in quotes {
            if expired.len() == MOST_A_CALL {
                more = true;
                break;
            }
            let Ok(mut quote) = work.find_for("expire", quote) else { continue };
            let mut all = versions(work, quote.id)?;
            let offers = all.iter().filter(|version| version.state == QuoteVersionState::Approved);
            let alive = offers.clone().any(|version| !validity.is_over(version.valid_until, today));
            let open =
                matches!(quote.state, QuoteState::Approved | QuoteState::Sent | QuoteState::InNegotiation);
            if !open || alive || offers.count() == 0 || nothing_in_approval(&all).is_err() {
                continue;
            }
            work.system(|work| {
                for version in all.iter_mut().filter(|version| version.state == QuoteVersionState::Draft) {
                    void(work, version, VoidReason::CascadeOfExpired, None, None)?;
                }
                quote.state = QuoteState::Expired;
                work.save(&mut quote)
            })?;
            expired.push(quote.id);
        }
        Ok(ExpireAnswer { expired, more })
    }
}
