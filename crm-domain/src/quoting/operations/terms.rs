//! Changing what a quote says beside its lines.

use super::{QuoteAnswer, answer, open_quote, price_terms};
use crate::pricing;
use crate::quoting::rules::{last_day, valid_on_its_date};
use crate::quoting::versions::{changeable_version, versions};
use crate::quoting::{
    CLOSED, DocumentHead, Edit, FOREIGN_CONTACT, FROZEN, IN_APPROVAL, NEGATIVE_CHARGE, NO_VERSION,
    OVER_BEFORE_DATE, OWNER_LEFT, Quote, QuoteLine, QuoteVersion, QuoteVersionState, TWO_DISCOUNTS,
    contact_of, guard_head, guard_step, judge_whole, standing, tax_lines, total, works_here,
};
use crate::settings;
use crm_kernel::date::Instant;
use crm_kernel::error::{Code, Error, Result};
use crm_kernel::id::Ref;
use crm_kernel::json::Json;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::record::{Line, Record as _};
use crm_kernel::work::{Stored, Work};
use crm_kernel::{Record, codes};

/// Changes the quote itself: contact, owner, department, date, subject, notes and fields made at run time. A new date
/// does not price the lines anew; `quote.reprice` does.
#[derive(Clone, Debug, Record)]
#[record(name = "quote_change")]
pub struct Change {
    /// The quote.
    pub quote: Ref<Quote>,
    /// The version of the quote that the caller read.
    pub version: Option<i64>,
    /// New values by field name; null empties a field.
    pub values: Json,
}

impl Operation for Change {
    const NAME: &'static str = "quote.change";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "quote", verb: "update" };
    const ERRORS: &'static [Code] = codes!(
        pricing::REFUSALS,
        &[
            CLOSED,
            FOREIGN_CONTACT,
            OVER_BEFORE_DATE,
            OWNER_LEFT,
            FROZEN,
            IN_APPROVAL,
            settings::NO_TAX_RATE,
            pricing::BEYOND_AUTHORITY,
            pricing::BELOW_FLOOR,
        ]
    );
    const CAPABILITIES: &'static [&'static str] = &["QUO-01"];
    const EXAMPLE: &'static str = r#"{"quote":"$quote","values":{"subject":"Microscopes and lamps"}}"#;
    type Answer = QuoteAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<QuoteAnswer> {
        let stored = open_quote(work, self.quote, "update")?;
        stored.expect_version(self.version)?;
        let quote = Edit::of(work, &stored, &self.values)?;
        contact_of(work, quote.contact, quote.customer, FOREIGN_CONTACT)
            .map_err(|error| error.under("/values"))?;
        if quote.owner != stored.owner {
            works_here(work, quote.owner).map_err(|error| error.under("/values"))?;
        }
        let version = if quote.date == stored.date {
            last(work, stored.id)?
        } else {
            // Taxes are those of the date: only what may still change can follow it.
            let mut version = changeable_version(work, stored.id, None)?;
            valid_on_its_date(quote.date, version.valid_until).map_err(|error| error.at("/values/date"))?;
            let terms = price_terms(work, &stored, &version)?;
            let before = standing(work, &terms, &*version, &version.lines)?;
            retotal(work, &quote, &mut version)?;
            let terms = price_terms(work, &quote, &version)?;
            let after = standing(work, &terms, &*version, &version.lines)?;
            guard_step(&before, after).map_err(|error| error.at("/values/date"))?;
            work.save(&mut version)?;
            version
        };
        let row = quote.save(work)?;
        work.must_cover(Quote::NO, &row, "update")?;
        Ok(answer(row, version.row))
    }
}

/// Changes the terms of the draft: validity, discount on the whole, freight, other charges, payment term, terms in
/// words, price list, and fields made at run time. Prices stay; `quote.reprice` finds them anew.
#[derive(Clone, Debug, Record)]
#[record(name = "quote_set_terms")]
pub struct SetTerms {
    /// The quote.
    pub quote: Ref<Quote>,
    /// The number of the version; the draft where none is given.
    pub version_no: Option<i64>,
    /// The record version of the quote version that the caller read.
    pub version: Option<i64>,
    /// New values by field name; null empties a field.
    pub values: Json,
    /// The moment at which it expires, instead of `valid_until`: the day it falls on in the enterprise's zone.
    pub expires_at: Option<Instant>,
}

impl Operation for SetTerms {
    const NAME: &'static str = "quote.set_terms";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "quote", verb: "update" };
    const ERRORS: &'static [Code] = codes!(
        pricing::REFUSALS,
        &[
            CLOSED,
            NO_VERSION,
            FROZEN,
            IN_APPROVAL,
            OVER_BEFORE_DATE,
            TWO_DISCOUNTS,
            NEGATIVE_CHARGE,
            settings::NO_TAX_RATE,
            pricing::BEYOND_AUTHORITY,
            pricing::BELOW_FLOOR,
            pricing::DISCOUNT_PERCENT,
            pricing::DISCOUNT_TOO_LARGE,
        ]
    );
    const CAPABILITIES: &'static [&'static str] = &["QUO-01"];
    const EXAMPLE: &'static str =
        r#"{"quote":"$quote","values":{"valid_until":"2026-12-31","freight":"40.00"}}"#;
    type Answer = QuoteAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<QuoteAnswer> {
        let quote = open_quote(work, self.quote, "update")?;
        let stored = changeable_version(work, quote.id, self.version_no)?;
        stored.expect_version(self.version)?;
        let mut version = Edit::of(work, &stored, &self.values)?;
        if let Some(moment) = self.expires_at {
            version.valid_until = Some(last_day(moment, &work.context().zone));
        }
        let given = if self.expires_at.is_some() { "/expires_at" } else { "/values/valid_until" };
        valid_on_its_date(quote.date, version.valid_until).map_err(|error| error.at(given))?;
        retotal(work, &quote, &mut version).map_err(|error| error.under("/values"))?;
        if version.discounts() != stored.discounts() {
            guard_of_whole(work, &quote, &mut version, |_| true).map_err(|error| error.under("/values"))?;
        }
        if version.price_list != stored.price_list {
            let terms = price_terms(work, &quote, &stored)?;
            let stood = standing(work, &terms, &*stored, &stored.lines)?;
            let terms = price_terms(work, &quote, &version)?;
            let stands = standing(work, &terms, &*version, &version.lines)?;
            guard_step(&stood, stands).map_err(|error| error.at("/values/price_list"))?;
        }
        let row = version.save(work)?;
        Ok(answer(quote.row, row))
    }
}

/// Calculates a version again, with what rules take off its lines together as they are now.
pub(super) fn retotal(work: &mut Work<'_>, quote: &Quote, version: &mut QuoteVersion) -> Result<()> {
    let mut lines = std::mem::take(&mut version.lines);
    tax_lines(work, version.currency, quote.date, &mut lines)?;
    judge_whole(work, |work| price_terms(work, quote, version), &mut lines)?;
    total(work, version, quote.date, &mut lines)?;
    version.lines = lines;
    Ok(())
}

/// Whether who acts may take the discount on the whole off the lines that are `judged`. Errors as [`guard_head`].
pub(super) fn guard_of_whole(
    work: &mut Work<'_>,
    quote: &Quote,
    version: &mut QuoteVersion,
    judged: impl Fn(&Line<QuoteLine>) -> bool,
) -> Result<()> {
    let mut lines = std::mem::take(&mut version.lines);
    guard_head(work, |work| price_terms(work, quote, version), version, &mut lines, judged)?;
    version.lines = lines;
    Ok(())
}

/// The newest version that is not voided; the newest at all where all are.
fn last(work: &mut Work<'_>, quote: Ref<Quote>) -> Result<Stored<QuoteVersion>> {
    let mut all = versions(work, quote)?;
    let at = all.iter().rposition(|version| version.state != QuoteVersionState::Voided);
    let at = at.unwrap_or(all.len().saturating_sub(1));
    if at < all.len() { Ok(all.swap_remove(at)) } else { Err(Error::internal("a quote without versions")) }
}
