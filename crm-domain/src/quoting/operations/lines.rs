//! The lines of a draft.

use super::terms::{guard_of_whole, retotal};
use super::{QuoteAnswer, answer, open_quote, price_terms};
use crate::catalog::Product;
use crate::pricing;
use crate::quoting::versions::changeable_version;
use crate::quoting::{
    CLOSED, FROZEN, IN_APPROVAL, LINE_FREE, LINE_QUANTITY, LookUp, NO_LINE, NO_VERSION, NewLine, Quote,
    QuoteLine, QuoteVersion, beyond_range, change_line, counter, guard_rules, guard_step, new_lines,
    not_free, price_again, put_back, standing, take_free,
};
use crate::settings;
use crm_kernel::currency::Currency;
use crm_kernel::dec::Dec;
use crm_kernel::error::{Code, Error, Result};
use crm_kernel::id::Ref;
use crm_kernel::json::Json;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::record::{Line, Record as _, Whole};
use crm_kernel::work::Work;
use crm_kernel::{Record, codes};
use std::sync::Arc;

/// Adds a line to the draft and prices it.
#[derive(Clone, Debug, Record)]
#[record(name = "quote_add_line")]
pub struct AddLine {
    /// The quote.
    pub quote: Ref<Quote>,
    /// The number of the version; the draft where none is given.
    pub version_no: Option<i64>,
    /// The record version of the quote version that the caller read.
    pub version: Option<i64>,
    /// The line.
    #[field(flatten)]
    pub line: NewLine,
}

const LINE_ERRORS: &[Code] = codes!(
    pricing::REFUSALS,
    &[
        CLOSED,
        NO_VERSION,
        FROZEN,
        IN_APPROVAL,
        NO_LINE,
        LINE_FREE,
        LINE_QUANTITY,
        settings::NO_TAX_RATE,
        pricing::MANUAL_PRICE,
        pricing::BEYOND_AUTHORITY,
        pricing::BELOW_FLOOR,
        pricing::DISCOUNT_PERCENT,
        pricing::DISCOUNT_TOO_LARGE,
    ]
);

impl Operation for AddLine {
    const NAME: &'static str = "quote.add_line";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "quote", verb: "update" };
    const ERRORS: &'static [Code] = LINE_ERRORS;
    const CAPABILITIES: &'static [&'static str] = &["QUO-01", "PRD-08"];
    const EXAMPLE: &'static str =
        r#"{"quote":"$quote","product":"$product","quantity":"2","discount_percent":"5"}"#;
    type Answer = QuoteAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<QuoteAnswer> {
        let quote = open_quote(work, self.quote, "update")?;
        let mut version = changeable_version(work, quote.id, self.version_no)?;
        version.expect_version(self.version)?;
        let terms = price_terms(work, &quote, &version)?;
        let counter = counter(work, QuoteVersion::NO, &version.row)?;
        let lines = new_lines::<QuoteLine>(work, &terms, &[self.line], LookUp::Always, counter);
        let before = version.lines.clone();
        put_back(&mut version.lines, lines.map_err(one_line)?.to_vec());
        retotal(work, &quote, &mut version).map_err(|error| beyond_range(error, "/quantity"))?;
        let new = |line: &Line<QuoteLine>| line.no > counter;
        guard_rules(work, &terms, &before, &mut version.lines, new)
            .map_err(|error| error.at("/unit_price"))?;
        guard_of_whole(work, &quote, &mut version, new).map_err(|error| error.at("/discount_percent"))?;
        work.save(&mut version)?;
        Ok(answer(quote.row, version.row))
    }
}

/// An error of the only line of a request.
pub(crate) fn one_line(error: Error) -> Error {
    let path = error.path().strip_prefix("/lines/0").map(str::to_owned);
    match path {
        Some(path) => error.at(path),
        None => error,
    }
}

/// Changes a line of the draft: quantity, unit, price, discount, tax, description, and fields made at run time. A new
/// quantity or unit prices the line anew, unless its price was set by hand; so does a discount that comes or goes where the
/// strategy has a level for it.
#[derive(Clone, Debug, Record)]
#[record(name = "quote_change_line")]
pub struct ChangeLine {
    /// The quote.
    pub quote: Ref<Quote>,
    /// The number of the version; the draft where none is given.
    pub version_no: Option<i64>,
    /// The record version of the quote version that the caller read.
    pub version: Option<i64>,
    /// The line's number.
    pub line: i64,
    /// New values by field name; null empties a field. A `unit_price` is a price set by hand.
    pub values: Json,
    /// Why the price is set by hand.
    pub price_reason: Option<String>,
}

impl Operation for ChangeLine {
    const NAME: &'static str = "quote.change_line";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "quote", verb: "update" };
    const ERRORS: &'static [Code] = LINE_ERRORS;
    const CAPABILITIES: &'static [&'static str] = &["QUO-01", "PRD-08"];
    const EXAMPLE: &'static str = r#"{"quote":"$quote","line":1,"values":{"quantity":"4"}}"#;
    type Answer = QuoteAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<QuoteAnswer> {
        let quote = open_quote(work, self.quote, "update")?;
        let mut version = changeable_version(work, quote.id, self.version_no)?;
        version.expect_version(self.version)?;
        let terms = price_terms(work, &quote, &version)?;
        let before = version.lines.by_no(self.line).ok_or_else(|| no_line(self.line))?.clone();
        not_free(&before)?;
        let counter = counter(work, QuoteVersion::NO, &version.row)?;
        let reason = self.price_reason.as_deref();
        let lines = version.lines.clone();
        let stood = standing(work, &terms, &*version, &lines)?;
        let answers = change_line(work, &terms, &mut version.lines, &before, &self.values, reason, counter)?;
        retotal(work, &quote, &mut version).map_err(|error| beyond_range(error, "/values/quantity"))?;
        let changed = |line: &Line<QuoteLine>| line.no == self.line && answers;
        guard_rules(work, &terms, &lines, &mut version.lines, changed)
            .map_err(|error| error.at("/values/unit_price"))?;
        guard_of_whole(work, &quote, &mut version, changed)
            .map_err(|error| error.at("/values/discount_percent"))?;
        let stands = standing(work, &terms, &*version, &version.lines)?;
        guard_step(&stood, stands).map_err(|error| error.at("/values"))?;
        work.save(&mut version)?;
        Ok(answer(quote.row, version.row))
    }
}

fn no_line(line: i64) -> Error {
    NO_LINE.at("/line").with("line", line)
}

/// Takes a line out of the draft. Its number is not used again.
#[derive(Clone, Debug, Record)]
#[record(name = "quote_remove_line")]
pub struct RemoveLine {
    /// The quote.
    pub quote: Ref<Quote>,
    /// The number of the version; the draft where none is given.
    pub version_no: Option<i64>,
    /// The record version of the quote version that the caller read.
    pub version: Option<i64>,
    /// The line's number.
    pub line: i64,
}

impl Operation for RemoveLine {
    const NAME: &'static str = "quote.remove_line";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "quote", verb: "update" };
    const ERRORS: &'static [Code] = codes!(
        pricing::REFUSALS,
        &[
            CLOSED,
            NO_VERSION,
            FROZEN,
            IN_APPROVAL,
            NO_LINE,
            LINE_FREE,
            pricing::BEYOND_AUTHORITY,
            pricing::BELOW_FLOOR,
            pricing::DISCOUNT_TOO_LARGE,
        ]
    );
    const CAPABILITIES: &'static [&'static str] = &["QUO-01"];
    const EXAMPLE: &'static str = r#"{"quote":"$quote","line":2}"#;
    type Answer = QuoteAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<QuoteAnswer> {
        let quote = open_quote(work, self.quote, "update")?;
        let mut version = changeable_version(work, quote.id, self.version_no)?;
        version.expect_version(self.version)?;
        not_free(version.lines.by_no(self.line).ok_or_else(|| no_line(self.line))?)?;
        let terms = price_terms(work, &quote, &version)?;
        let before = standing(work, &terms, &*version, &version.lines)?;
        take_free(&mut version.lines, self.line)?;
        version.lines.take(self.line);
        retotal(work, &quote, &mut version)?;
        let after = standing(work, &terms, &*version, &version.lines)?;
        guard_step(&before, after).map_err(|error| error.at("/line"))?;
        work.save(&mut version)?;
        Ok(answer(quote.row, version.row))
    }
}

/// Prices the lines of the draft anew by the rules as they are, with the quote's date, and tells what that changes.
/// Prices set by hand stay, unless it is said that they go too. A preview is told whoever may keep what comes of it.
#[derive(Clone, Debug, Record)]
#[record(name = "quote_reprice")]
pub struct Reprice {
    /// The quote.
    pub quote: Ref<Quote>,
    /// The number of the version; the draft where none is given.
    pub version_no: Option<i64>,
    /// The record version of the quote version that the caller read.
    pub version: Option<i64>,
    /// True where prices set by hand go too.
    #[field(default = "false")]
    pub manual: bool,
    /// True where nothing is kept: only the difference is wanted.
    #[field(default = "false")]
    pub preview: bool,
}

/// What pricing anew changed.
#[derive(Clone, Debug, Record)]
#[record(name = "quote_reprice_answer")]
pub struct RepriceAnswer {
    /// The version as it stands then; in a preview as it would, with the record version that it has now.
    pub quote_version: Whole<QuoteVersion>,
    /// The currency of the amounts.
    pub currency: Currency,
    /// The lines whose price changed.
    pub lines: Vec<RepricedLine>,
    /// The total before.
    #[field(money)]
    pub total_before: Dec,
    /// The total after.
    #[field(money)]
    pub total_after: Dec,
}

/// A line whose price changed.
#[derive(Clone, Debug, Record)]
#[record(name = "repriced_line")]
pub struct RepricedLine {
    /// The line's number.
    pub line: i64,
    /// The product.
    pub product: Ref<Product>,
    /// The price of one unit before.
    #[field(unit_price)]
    pub unit_price_before: Dec,
    /// The price of one unit after.
    #[field(unit_price)]
    pub unit_price_after: Dec,
    /// The line's net before.
    #[field(money)]
    pub net_before: Dec,
    /// The line's net after.
    #[field(money)]
    pub net_after: Dec,
}

impl Operation for Reprice {
    const NAME: &'static str = "quote.reprice";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "quote", verb: "update" };
    const ERRORS: &'static [Code] = LINE_ERRORS;
    const CAPABILITIES: &'static [&'static str] = &["QUO-01", "PRD-08"];
    const EXAMPLE: &'static str = r#"{"quote":"$quote","preview":true}"#;
    type Answer = RepriceAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<RepriceAnswer> {
        let quote = open_quote(work, self.quote, "update")?;
        let mut version = changeable_version(work, quote.id, self.version_no)?;
        version.expect_version(self.version)?;
        let terms = price_terms(work, &quote, &version)?;
        let before = version.lines.clone();
        let stood = standing(work, &terms, &*version, &version.lines)?;
        let total_before = version.total;
        let counter = counter(work, QuoteVersion::NO, &version.row)?;
        price_again(work, terms.clone(), &mut version.lines, self.manual, counter)?;
        retotal(work, &quote, &mut version)?;
        if !self.preview {
            let stands = standing(work, &terms, &*version, &version.lines)?;
            guard_step(&stood, stands).map_err(|error| error.at("/quote"))?;
        }
        let mut lines = Vec::new();
        for new in version.lines.iter() {
            let Some(old) = before.by_no(new.no) else { continue };
            if (old.unit_price, &old.exact_price, old.net) != (new.unit_price, &new.exact_price, new.net) {
                lines.push(RepricedLine {
                    line: new.no,
                    product: new.product,
                    unit_price_before: old.unit_price,
                    unit_price_after: new.unit_price,
                    net_before: old.net,
                    net_after: new.net,
                });
            }
        }
        let total_after = version.total;
        let row = if self.preview {
            Arc::new(version.changed_row()?)
        } else {
            work.save(&mut version)?;
            version.row
        };
        Ok(RepriceAnswer {
            quote_version: Whole::new(row),
            currency: quote.currency,
            lines,
            total_before,
            total_after,
        })
    }
}
