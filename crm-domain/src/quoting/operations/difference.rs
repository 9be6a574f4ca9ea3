//! What differs between two versions of a quote.

use crate::quoting::{ANOTHER_QUOTE, QuoteVersion};
use crm_kernel::encode::Encoder;
use crm_kernel::error::{Code, Result};
use crm_kernel::id::Ref;
use crm_kernel::json::Json;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::record::Record;
use crm_kernel::work::Work;
use crm_kernel::{Choice, Record};

/// Tells what differs between two versions of a quote: terms, totals and lines.
#[derive(Clone, Debug, Record)]
#[record(name = "quote_difference")]
pub struct Difference {
    /// The earlier version.
    pub from: Ref<QuoteVersion>,
    /// The later version.
    pub to: Ref<QuoteVersion>,
}

/// What differs.
#[derive(Clone, Debug, Record)]
#[record(name = "quote_difference_answer")]
pub struct DifferenceAnswer {
    /// The number of the earlier version.
    pub from_no: i64,
    /// The number of the later version.
    pub to_no: i64,
    /// Terms and totals that differ.
    pub fields: Vec<FieldDifference>,
    /// Lines that differ, by their number, which means the same line in all versions.
    pub lines: Vec<LineDifference>,
}

/// A field that differs.
#[derive(Clone, Debug, Record)]
#[record(name = "field_difference")]
pub struct FieldDifference {
    /// Its name.
    pub field: String,
    /// Its value before.
    pub from: Option<Json>,
    /// Its value after.
    pub to: Option<Json>,
}

/// A line that differs.
#[derive(Clone, Debug, Record)]
#[record(name = "line_difference")]
pub struct LineDifference {
    /// Its number.
    pub line: i64,
    /// What became of it.
    pub change: LineChange,
    /// The fields that differ; of a line that was added or removed those that it has.
    pub fields: Vec<FieldDifference>,
}

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum LineChange {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// Some of its fields differ.
    Changed,
}

/// What a version says of itself and not of the offer.
const BOOKKEEPING: &[&str] = &[
    "id",
    "version",
    "version_no",
    "state",
    "open",
    "cloned_from",
    "void_reason",
    "void_cause",
    "void_note",
    "submitter",
    "submitted_at",
    "submitted_for",
    "approval",
    "approver",
    "approved_at",
    "sent_at",
    "label",
    "lines",
];

/// What a line says beside the offer. The derivation is told by the price that follows from it; what it costs the
/// enterprise is nothing that it offers.
const LINE_BOOKKEEPING: &[&str] = &["line", "ordered", "derivation", "unit_cost", "cost"];

impl Operation for Difference {
    const NAME: &'static str = "quote.difference";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::Right { kind: "quote", verb: "read" };
    const ERRORS: &'static [Code] = &[ANOTHER_QUOTE];
    const CAPABILITIES: &'static [&'static str] = &["QUO-02"];
    const EXAMPLE: &'static str = r#"{"from":"$quote_version","to":"$second_quote_version"}"#;
    type Answer = DifferenceAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<DifferenceAnswer> {
        let from = work.system(|work| work.find(self.from)).map_err(|error| error.at("/from"))?;
        let to = work.system(|work| work.find(self.to)).map_err(|error| error.at("/to"))?;
        // Who sees the quote sees its versions.
        work.find(from.quote).map_err(|error| error.at("/from"))?;
        if from.quote != to.quote {
            return Err(ANOTHER_QUOTE.at("/to"));
        }
        let catalogue = work.catalogue();
        let kind = catalogue.get(QuoteVersion::NO)?;
        let encoder = Encoder::new(&catalogue, work.base());
        let (before, after) = (encoder.record(kind, &from.row), encoder.record(kind, &to.row));
        Ok(DifferenceAnswer {
            from_no: from.version_no,
            to_no: to.version_no,
            fields: fields(&before, &after, BOOKKEEPING),
            lines: lines(&before, &after),
        })
    }
}

/// The members of two objects that differ, in the order of the descriptor.
fn fields(before: &Json, after: &Json, without: &[&str]) -> Vec<FieldDifference> {
    let members = if after.as_object().is_some_and(|members| !members.is_empty()) { after } else { before };
    let mut found = Vec::new();
    for (key, _) in members.as_object().unwrap_or_default() {
        let (from, to) = (given(before, key), given(after, key));
        if !without.contains(&key.as_str()) && from != to {
            found.push(FieldDifference { field: key.clone(), from, to });
        }
    }
    found
}

fn given(object: &Json, key: &str) -> Option<Json> {
    object.get(key).filter(|value| !value.is_null()).cloned()
}

fn lines(before: &Json, after: &Json) -> Vec<LineDifference> {
    let of = |object: &Json| object.get("lines").and_then(Json::as_list).unwrap_or_default().to_vec();
    let no = |line: &Json| line.get("line").and_then(Json::as_int).unwrap_or(0);
    let (old, new) = (of(before), of(after));
    let mut numbers: Vec<i64> = old.iter().chain(&new).map(no).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let nothing = Json::object();
    let mut found = Vec::new();
    for number in numbers {
        let (was, is) =
            (old.iter().find(|line| no(line) == number), new.iter().find(|line| no(line) == number));
        let change = match (was, is) {
            (None, _) => LineChange::Added,
            (_, None) => LineChange::Removed,
            _ => LineChange::Changed,
        };
        let fields = fields(was.unwrap_or(&nothing), is.unwrap_or(&nothing), LINE_BOOKKEEPING);
        if !fields.is_empty() {
            found.push(LineDifference { line: number, change, fields });
        }
    }
    found
}
