//! The versions of a quote: cloning, voiding, showing.

use super::create::label;
use super::{QuoteAnswer, answer, open_quote};
use crate::quoting::rules::{VersionEvent, quote_after, superseded};
use crate::quoting::versions::{standing, version_by_no, versions, void};
use crate::quoting::{
    APPROVED_VERSION_EXISTS, CLOSED, IN_APPROVAL, NO_VERSION, Quote, QuoteVersion, QuoteVersionState,
    VoidReason, WRONG_STATE,
};
use crm_kernel::Record;
use crm_kernel::dec::Dec;
use crm_kernel::error::{Code, Error, Result};
use crm_kernel::id::{Id, Ref};
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::record::{FieldRole, Record, Whole};
use crm_kernel::value::{Row, Value};
use crm_kernel::work::Work;

/// Makes a new draft from a version, with its lines, prices and derivations. A version that was still unapproved is
/// superseded. Beside an approved and valid version the draft has to be named an alternative.
#[derive(Clone, Debug, Record)]
#[record(name = "quote_new_version")]
pub struct NewVersion {
    /// The quote.
    pub quote: Ref<Quote>,
    /// The number of the version to clone; the newest where none is given.
    pub from: Option<i64>,
    /// True where it stands beside an approved version.
    #[field(default = "false")]
    pub alternative: bool,
}

impl Operation for NewVersion {
    const NAME: &'static str = "quote.new_version";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "quote", verb: "update" };
    const ERRORS: &'static [Code] = &[CLOSED, NO_VERSION, IN_APPROVAL, APPROVED_VERSION_EXISTS];
    const CAPABILITIES: &'static [&'static str] = &["QUO-02"];
    const EXAMPLE: &'static str = r#"{"quote":"$quote"}"#;
    type Answer = QuoteAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<QuoteAnswer> {
        let mut quote = open_quote(work, self.quote, "update")?;
        let mut all = versions(work, quote.id)?;
        let at = match self.from {
            None => all.len().checked_sub(1),
            Some(no) => all.iter().position(|version| version.version_no == no),
        };
        let missing = || NO_VERSION.at("/from").with("version_no", self.from.unwrap_or(0));
        let source = at.and_then(|at| all.get(at)).ok_or_else(missing)?.clone();
        let standing = standing(work, &all)?;
        let replaced = superseded(&standing, self.alternative)?;
        let version_no = all.iter().map(|version| version.version_no).max().unwrap_or(0) + 1;
        let mut lines = source.lines.clone();
        for line in lines.iter_mut() {
            line.ordered = Dec::ZERO;
        }
        let copy = QuoteVersion {
            version_no,
            state: QuoteVersionState::Draft,
            open: Some(true),
            cloned_from: Some(source.id),
            void_reason: None,
            void_cause: None,
            void_note: None,
            // A clone of what has expired is not expired from the start.
            valid_until: at
                .and_then(|at| standing.get(at))
                .filter(|found| !found.expired)
                .and(source.valid_until),
            submitter: None,
            submitted_for: None,
            submitted_at: None,
            approval: None,
            approver: None,
            approved_at: None,
            sent_at: None,
            label: label(&quote, version_no),
            lines,
            ..(*source).clone()
        };
        let row = clone_row(
            work,
            &source.row,
            &copy,
            &all.iter().map(|version| &*version.row).collect::<Vec<_>>(),
        )?;
        // First out of the way (one version is open at a time), then the cause, once it stands.
        if let Some(old) = replaced.and_then(|at| all.get_mut(at)) {
            void(work, old, VoidReason::Superseded, None, None)?;
        }
        let row = work.system(|work| work.insert_row(QuoteVersion::NO, row))?;
        if let Some(old) = replaced.and_then(|at| all.get_mut(at)) {
            old.void_cause = Id::new(row.id).map(Ref::new);
            work.save(old)?;
        }
        quote.state = quote_after(quote.state, VersionEvent::Drafted);
        work.save(&mut quote)?;
        Ok(answer(quote.row, row))
    }
}

/// The row of a clone: fields made at run time come along, and a line that is added to it later gets a number that no
/// version of the quote has used, so that a number means one line in all of them.
fn clone_row(work: &Work<'_>, source: &Row, copy: &QuoteVersion, all: &[&Row]) -> Result<Row> {
    let catalogue = work.catalogue();
    let kind = catalogue.get(QuoteVersion::NO)?;
    let counter =
        kind.role(FieldRole::LineCounter).ok_or_else(|| Error::internal("quote versions without lines"))?;
    let mut row = Row { id: 0, version: 0, values: source.values.clone() };
    for (position, value) in copy.to_values()?.into_iter().enumerate() {
        row.set(position, value);
    }
    let used = all.iter().filter_map(|row| row.at(counter).as_dec()).max();
    row.set(counter, Value::int(used.and_then(|used| used.to_i64_at(0).ok()).unwrap_or(0)));
    Ok(row)
}

/// Voids a version by hand: a draft, or an approved one that is no longer offered.
#[derive(Clone, Debug, Record)]
#[record(name = "quote_void_version")]
pub struct VoidVersion {
    /// The quote.
    pub quote: Ref<Quote>,
    /// The number of the version.
    pub version_no: i64,
    /// Why.
    #[field(long_text)]
    pub reason: String,
}

impl Operation for VoidVersion {
    const NAME: &'static str = "quote.void_version";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "quote", verb: "update" };
    const ERRORS: &'static [Code] = &[CLOSED, NO_VERSION, IN_APPROVAL, WRONG_STATE];
    const CAPABILITIES: &'static [&'static str] = &["QUO-02"];
    const EXAMPLE: &'static str =
        r#"{"quote":"$quote","version_no":1,"reason":"The customer asked for another model"}"#;
    type Answer = QuoteAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<QuoteAnswer> {
        let quote = open_quote(work, self.quote, "update")?;
        let mut version = version_by_no(work, quote.id, self.version_no)?;
        match version.state {
            QuoteVersionState::InApproval => Err(IN_APPROVAL.error().with("version_no", self.version_no)),
            QuoteVersionState::Voided => Err(WRONG_STATE.error().choice("state", version.state)),
            QuoteVersionState::Draft | QuoteVersionState::Approved => {
                work.because(self.reason.clone());
                void(work, &mut version, VoidReason::Manual, None, Some(self.reason))?;
                Ok(answer(quote.row, version.row))
            }
        }
    }
}

/// Shows a quote with all its versions and says which of them are offered today.
#[derive(Clone, Debug, Record)]
#[record(name = "quote_show")]
pub struct Show {
    /// The quote.
    pub quote: Ref<Quote>,
}

/// A quote with its versions.
#[derive(Clone, Debug, Record)]
#[record(name = "quote_show_answer")]
pub struct ShowAnswer {
    /// The quote.
    pub quote: Whole<Quote>,
    /// Its versions, first to last.
    pub versions: Vec<Whole<QuoteVersion>>,
    /// The numbers of the versions that are approved and valid today.
    pub offered: Vec<i64>,
}

impl Operation for Show {
    const NAME: &'static str = "quote.show";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::Right { kind: "quote", verb: "read" };
    const CAPABILITIES: &'static [&'static str] = &["QUO-02"];
    const EXAMPLE: &'static str = r#"{"quote":"$quote"}"#;
    type Answer = ShowAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<ShowAnswer> {
        let quote = work.find(self.quote)?;
        let all = versions(work, quote.id)?;
        let standing = standing(work, &all)?;
        let offered = all.iter().zip(&standing);
        let offered =
            offered.filter(|(_, version)| version.state == QuoteVersionState::Approved && !version.expired);
        let offered = offered.map(|(version, _)| version.version_no).collect();
        let versions = all.into_iter().map(|version| Whole::new(version.row)).collect();
        Ok(ShowAnswer { quote: Whole::new(quote.row), versions, offered })
    }
}
