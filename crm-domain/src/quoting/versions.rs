//! The versions of a quote, and what is taken of them.

use super::rules::{Standing, Validity, VersionEvent, changeable, quote_after, taken};
use super::{
    ApprovalWay, FROZEN, NO_LINE, NO_VERSION, NOT_ACCEPTED, Quote, QuoteState, QuoteVersion,
    QuoteVersionState, VoidReason,
};
use crate::settings;
use crm_kernel::dec::Dec;
use crm_kernel::error::{Error, Result};
use crm_kernel::expr::node::Ty;
use crm_kernel::id::{Id, Ref};
use crm_kernel::record::Record;
use crm_kernel::value::Value;
use crm_kernel::work::{Stored, Work};

/// All versions of a quote, first to last. Who sees the quote sees them.
pub fn versions(work: &mut Work<'_>, quote: Ref<Quote>) -> Result<Vec<Stored<QuoteVersion>>> {
    let names = [("q", Ty::Ref(Quote::NO), Value::Ref(quote.id()))];
    work.system(|work| work.select_by::<QuoteVersion>("quote == q", &names, &["version_no"], None))
}

/// A version by its number. Errors: `quote.no_version`.
pub(super) fn version_by_no(
    work: &mut Work<'_>,
    quote: Ref<Quote>,
    version_no: i64,
) -> Result<Stored<QuoteVersion>> {
    let missing = || NO_VERSION.at("/version_no").with("version_no", version_no);
    versions(work, quote)?.into_iter().find(|version| version.version_no == version_no).ok_or_else(missing)
}

/// The version whose content may change: the one named, else the draft.
/// Errors: `quote.no_version`, `quote.frozen`, `quote.in_approval`.
pub(super) fn changeable_version(
    work: &mut Work<'_>,
    quote: Ref<Quote>,
    version_no: Option<i64>,
) -> Result<Stored<QuoteVersion>> {
    if let Some(version_no) = version_no {
        let version = version_by_no(work, quote, version_no)?;
        changeable(version.state, version_no)?;
        return Ok(version);
    }
    let mut all = versions(work, quote)?;
    let Some(at) = all.iter().position(|version| version.open == Some(true)) else {
        let last = all.last().ok_or_else(|| Error::internal("a quote without versions"))?;
        return Err(FROZEN.error().with("version_no", last.version_no).choice("state", last.state));
    };
    let version = all.swap_remove(at);
    changeable(version.state, version.version_no)?;
    Ok(version)
}

/// How the enterprise counts the last day of validity.
pub fn validity(work: &mut Work<'_>) -> Result<Validity> {
    Ok(Validity::of(&settings::setting_code(work, "quote.validity")?))
}

/// Versions as cloning and offering see them.
pub(super) fn standing(work: &mut Work<'_>, versions: &[Stored<QuoteVersion>]) -> Result<Vec<Standing>> {
    let (validity, today) = (validity(work)?, work.today());
    let of = |version: &Stored<QuoteVersion>| Standing {
        state: version.state,
        expired: validity.is_over(version.valid_until, today),
    };
    Ok(versions.iter().map(of).collect())
}

/// Voids a version.
pub(super) fn void(
    work: &mut Work<'_>,
    version: &mut Stored<QuoteVersion>,
    reason: VoidReason,
    cause: Option<Ref<QuoteVersion>>,
    note: Option<String>,
) -> Result<()> {
    version.state = QuoteVersionState::Voided;
    version.open = None;
    version.void_reason = Some(reason);
    version.void_cause = cause;
    version.void_note = note;
    work.save(version)
}

/// Approves a version: from now on it is frozen.
pub(super) fn approve(
    work: &mut Work<'_>,
    quote: &mut Stored<Quote>,
    version: &mut Stored<QuoteVersion>,
    way: ApprovalWay,
    approver: Option<Id>,
) -> Result<()> {
    version.state = QuoteVersionState::Approved;
    version.open = None;
    version.approval = Some(way);
    version.approver = approver.map(Ref::new);
    version.approved_at = Some(work.now());
    work.save(version)?;
    quote.state = quote_after(quote.state, VersionEvent::Approved);
    work.save(quote)
}

/// Takes a version back from approval: it is a draft again.
pub(super) fn come_back(
    work: &mut Work<'_>,
    quote: &mut Stored<Quote>,
    version: &mut Stored<QuoteVersion>,
) -> Result<()> {
    version.state = QuoteVersionState::Draft;
    (version.submitter, version.submitted_at, version.submitted_for) = (None, None, None);
    work.save(version)?;
    quote.state = quote_after(quote.state, VersionEvent::CameBack);
    work.save(quote)
}

/// What happens when an approval of a version ends.
pub(super) fn event(work: &mut Work<'_>, _kind: u32, id: Id, event: &str) -> Result<()> {
    work.system(|work| {
        let mut version = work.find::<QuoteVersion>(Ref::new(id))?;
        if version.state != QuoteVersionState::InApproval {
            return Ok(());
        }
        let mut quote = work.find(version.quote)?;
        match event {
            "approved" => approve(work, &mut quote, &mut version, ApprovalWay::ByDefinition, None),
            "rejected" | "returned" | "withdrawn" => come_back(work, &mut quote, &mut version),
            _ => Ok(()),
        }
    })
}

/// The accepted version of a quote: what orders follow from. Errors: `quote.not_accepted`, `record.not_found`.
pub fn accepted(work: &mut Work<'_>, quote: &Stored<Quote>) -> Result<Stored<QuoteVersion>> {
    match (quote.state, quote.accepted_version) {
        (QuoteState::Accepted, Some(version)) => work.system(|work| work.find(version)),
        (state, _) => Err(NOT_ACCEPTED.error().choice("state", state)),
    }
}

/// Takes quantities of the lines of a version for an order, or gives them back where they are negative. Checked and
/// taken at once: never more is ordered than was quoted, whoever else orders.
/// Errors: `quote.no_line`, `quote.over_quantity` with the line.
pub fn take(
    work: &mut Work<'_>,
    version: &mut Stored<QuoteVersion>,
    quantities: &[(i64, Dec)],
) -> Result<()> {
    for (no, quantity) in quantities {
        let line = version.lines.by_no_mut(*no).ok_or_else(|| NO_LINE.error().with("line", *no))?;
        line.ordered =
            taken(line.quantity, line.ordered, *quantity).map_err(|error| error.with("line", *no))?;
    }
    work.system(|work| work.save(version))
}

/// Gives quantities back to a version, when an order is cancelled or its lines are taken away. Errors as [`take`].
pub fn give_back(work: &mut Work<'_>, version: Ref<QuoteVersion>, quantities: &[(i64, Dec)]) -> Result<()> {
    let mut version = work.system(|work| work.find(version))?;
    let back: Vec<(i64, Dec)> = quantities.iter().map(|(no, quantity)| (*no, quantity.neg())).collect();
    take(work, &mut version, &back)
}
