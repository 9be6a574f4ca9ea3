//! Pure decisions of quoting (commerce.md 2.6).

use super::{
    APPROVED_VERSION_EXISTS, EXPIRED, FROZEN, IN_APPROVAL, OVER_BEFORE_DATE, OVER_QUOTED, QuoteState,
    QuoteVersionState,
};
use crm_kernel::date::{Date, Instant};
use crm_kernel::dec::Dec;
use crm_kernel::error::Result;
use crm_kernel::zone::Zone;

/// Whether the last day of validity counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Validity {
    /// Valid through that day.
    Inclusive,
    /// Expired on that day.
    Exclusive,
}

impl Validity {
    /// From the setting `quote.validity`; what is not `exclusive` is inclusive.
    pub fn of(code: &str) -> Validity {
        if code == "exclusive" { Validity::Exclusive } else { Validity::Inclusive }
    }

    /// True where a validity is over (vector quote-01). Without a last day it never is.
    pub fn is_over(self, valid_until: Option<Date>, today: Date) -> bool {
        match self {
            Validity::Inclusive => valid_until.is_some_and(|last| last < today),
            Validity::Exclusive => valid_until.is_some_and(|last| last <= today),
        }
    }
}

/// The last day of validity where a point in time was agreed: the day it falls on in the zone (vector quote-02).
pub fn last_day(expires_at: Instant, zone: &Zone) -> Date {
    zone.local_date(expires_at)
}

/// What a version must be for its content to change. Errors: `quote.frozen`, `quote.in_approval`.
pub fn changeable(state: QuoteVersionState, version_no: i64) -> Result<()> {
    let code = match state {
        QuoteVersionState::Draft => return Ok(()),
        QuoteVersionState::InApproval => IN_APPROVAL,
        QuoteVersionState::Approved | QuoteVersionState::Voided => FROZEN,
    };
    Err(code.error().with("version_no", version_no).choice("state", state))
}

/// A version as cloning sees it.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    /// Its state.
    pub state: QuoteVersionState,
    /// Its validity is over: it is offered to nobody any more.
    pub expired: bool,
}

/// Which version a clone supersedes, by its place (vector quote-03). One that is still unapproved is superseded; an
/// approved and valid one forbids the clone, unless it is meant as an alternative that stands beside it.
/// Errors: `quote.in_approval`, `quote.approved_version_exists`.
pub fn superseded(versions: &[Standing], alternative: bool) -> Result<Option<usize>> {
    if versions.iter().any(|version| version.state == QuoteVersionState::InApproval) {
        return Err(IN_APPROVAL.error());
    }
    let offered =
        versions.iter().any(|version| version.state == QuoteVersionState::Approved && !version.expired);
    if offered && !alternative {
        return Err(APPROVED_VERSION_EXISTS.error());
    }
    Ok(versions.iter().position(|version| version.state == QuoteVersionState::Draft))
}

/// What happened to one of the versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VersionEvent {
    /// A new draft was made.
    Drafted,
    /// It went into approval.
    Submitted,
    /// It was approved.
    Approved,
    /// It came back: rejected, returned or withdrawn.
    CameBack,
}

/// The state of a quote after something happened to one of its versions. An alternative in preparation does not take
/// back what was already offered.
pub fn quote_after(state: QuoteState, event: VersionEvent) -> QuoteState {
    use QuoteState::{Approved, Draft, Expired, InApproval};
    match (state, event) {
        (Draft | Expired | InApproval, VersionEvent::Drafted | VersionEvent::CameBack) => Draft,
        (Draft | Expired, VersionEvent::Submitted) => InApproval,
        (Draft | Expired | InApproval, VersionEvent::Approved) => Approved,
        (state, _) => state,
    }
}

/// Accepting: not after the end of validity, unless that is said and allowed. Errors: `quote.expired`.
pub fn acceptable(over: bool, accept_expired: bool, valid_until: Option<Date>) -> Result<()> {
    if over && !accept_expired {
        return Err(EXPIRED
            .error()
            .with("valid_until", valid_until.map(|date| date.to_string()).unwrap_or_default()));
    }
    Ok(())
}

/// A quote is valid on its own date at least. Errors: `quote.over_before_date`.
pub fn valid_on_its_date(date: Date, valid_until: Option<Date>) -> Result<()> {
    match valid_until {
        Some(until) if until < date => Err(OVER_BEFORE_DATE
            .error()
            .with("valid_until", until.to_string())
            .with("date", date.to_string())),
        _ => Ok(()),
    }
}

/// What may still be ordered of a line.
pub fn convertible(quoted: Dec, ordered: Dec) -> Result<Dec> {
    Ok(quoted.sub(ordered)?)
}

/// The quantity ordered of a line after so much more (or less, where negative) of it is ordered.
/// Errors: `quote.over_quantity` with what was quoted, ordered already and wanted.
pub fn taken(quoted: Dec, ordered: Dec, more: Dec) -> Result<Dec> {
    let after = ordered.add(more)?;
    if after > quoted || after.is_negative() {
        let error =
            OVER_QUOTED.error().with("quoted", quoted.to_string()).with("ordered", ordered.to_string());
        return Err(error.with("wanted", more.to_string()));
    }
    Ok(after)
}
