//! What is open on a day as it was known at a time: what is open now, with everything settled later put back
//! (commerce.md 2.9). So a past day costs what came after it, and today costs nothing extra.

use super::{Allocation, Receipt, Receivable};
use crm_kernel::date::{Date, Instant};
use crm_kernel::dec::Dec;
use crm_kernel::error::Result;
use crm_kernel::expr::Expr;
use crm_kernel::expr::node::Ty;
use crm_kernel::permission::RowRule;
use crm_kernel::plan::{Aggregate, Group, GroupKey, Measure};
use crm_kernel::record::Record as _;
use crm_kernel::value::Value;
use crm_kernel::work::Work;
use std::collections::BTreeMap;

/// A day and a point in time: what has a business date up to the day and was recorded by then counts.
#[derive(Clone, Copy, Debug)]
pub(super) struct AsOf {
    pub date: Date,
    /// None is now: everything recorded counts.
    pub known_at: Option<Instant>,
}

/// A stretch of due dates, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dues {
    pub from: Option<Date>,
    pub to: Option<Date>,
}

/// The value of a group key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Key(pub Value);

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Key) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Key) -> std::cmp::Ordering {
        self.0.order(&other.0)
    }
}

/// Amounts by key.
pub(super) type Sums = BTreeMap<Key, Vec<Dec>>;

/// What is asked for.
pub(super) struct Question<'q> {
    pub as_of: AsOf,
    /// `customer`, `owner` or `currency`; everything in one where there is none.
    pub key: Option<&'q str>,
    /// In the enterprise's currency, else in that of the documents.
    pub base: bool,
    /// A condition over receivables, receipts and allocations alike: `customer` and `currency` are known.
    pub only: &'q str,
    /// Names in it.
    pub names: Vec<(&'q str, Ty, Value)>,
}

impl Question<'_> {
    fn names(&self) -> Vec<(&str, Ty, Value)> {
        let mut names = self.names.clone();
        names.push(("as_of", Ty::Date, Value::Date(self.as_of.date)));
        if let Some(known) = self.as_of.known_at {
            names.push(("known_at", Ty::Instant, Value::Instant(known)));
        }
        names
    }

    /// What counts: of that day, and known by then. `of` goes before the fields.
    fn counts(&self, of: &str) -> String {
        let known = if self.as_of.known_at.is_some() {
            format!(" && {of}recorded_at <= known_at")
        } else {
            String::new()
        };
        format!("{of}date <= as_of{known}")
    }

    /// What came later, or was not known yet.
    fn later(&self) -> &'static str {
        if self.as_of.known_at.is_some() {
            "(date > as_of || recorded_at > known_at)"
        } else {
            "date > as_of"
        }
    }

    fn also(&self) -> String {
        if self.only.is_empty() { String::new() } else { format!(" && {}", self.only) }
    }

    fn group(&self, work: &Work<'_>, kind: u32, of: &str) -> Result<Vec<GroupKey>> {
        let Some(key) = self.key else { return Ok(Vec::new()) };
        // Both have the currency; whose it is, the debt or the receipt says.
        let path = if key == "currency" { key.to_owned() } else { format!("{of}{key}") };
        Ok(vec![GroupKey { by: Expr::field(&work.catalogue(), kind, &path)?, period: None }])
    }
}

/// Open debts by key and due date, in the order of `dues`; credit notes are not among them.
pub(super) fn debts(work: &mut Work<'_>, question: &Question<'_>, dues: &[Dues]) -> Result<Sums> {
    let field = if question.base { "base_open" } else { "open" };
    let filter = format!("{} && open > 0{}", question.counts(""), question.also());
    let mut sums = Sums::new();
    let plan = plan(work, question, Receivable::NO, "", &filter, &slices("", field, dues))?;
    take(&mut sums, work.aggregate(plan)?, dues.len(), question.key.is_some())?;
    // Settled later: it was open then. The sign of a debt never changes.
    let field = if question.base { "base_amount" } else { "amount" };
    let counts = question.counts("receivable.");
    let filter = format!("{} && receivable.amount > 0 && {counts}{}", question.later(), question.also());
    let plan = self::plan(
        work,
        question,
        Allocation::NO,
        "receivable.",
        &filter,
        &slices("receivable.", field, dues),
    )?;
    let later = as_reader_of(work, Receivable::NO, |work| work.aggregate(plan))?;
    take(&mut sums, later, dues.len(), question.key.is_some())?;
    Ok(sums)
}

/// What customers have to their credit, by key: advances and open credit notes.
pub(super) fn credits(work: &mut Work<'_>, question: &Question<'_>) -> Result<Sums> {
    let mut sums = Sums::new();
    let grouped = question.key.is_some();
    let counts = question.counts("");
    let field = if question.base { "-base_open" } else { "-open" };
    let filter = format!("{counts} && open < 0{}", question.also());
    let notes = plan(work, question, Receivable::NO, "", &filter, &[field.to_owned()])?;
    take(&mut sums, work.aggregate(notes)?, 1, grouped)?;
    if !work.may("receipt", "read") {
        return Ok(sums);
    }
    let field = if question.base { "base_unallocated" } else { "unallocated" };
    let filter = format!("{counts} && unallocated > 0{}", question.also());
    let advances = plan(work, question, Receipt::NO, "", &filter, &[field.to_owned()])?;
    take(&mut sums, work.aggregate(advances)?, 1, grouped)?;
    let field = if question.base { "advance_base" } else { "amount" };
    let counts = question.counts("receipt.");
    let filter = format!("{} && receipt != null && {counts}{}", question.later(), question.also());
    let later = plan(work, question, Allocation::NO, "receipt.", &filter, &[field.to_owned()])?;
    let later = as_reader_of(work, Receipt::NO, |work| work.aggregate(later))?;
    take(&mut sums, later, 1, grouped)?;
    Ok(sums)
}

fn slices(of: &str, field: &str, dues: &[Dues]) -> Vec<String> {
    let one = |dues: &Dues| {
        let due = format!("{of}due_date");
        let from = dues.from.map(|date| format!("{due} >= date(\"{date}\")"));
        let to = dues.to.map(|date| format!("{due} <= date(\"{date}\")"));
        match (from, to) {
            (None, None) => field.to_owned(),
            (Some(one), None) | (None, Some(one)) => format!("({one} ? {field} : 0.0000)"),
            (Some(from), Some(to)) => format!("({from} && {to} ? {field} : 0.0000)"),
        }
    };
    dues.iter().map(one).collect()
}

fn plan(
    work: &Work<'_>,
    question: &Question<'_>,
    kind: u32,
    of: &str,
    filter: &str,
    measures: &[String],
) -> Result<Aggregate> {
    let names = question.names();
    let filter = work.expression(kind, filter, &names)?;
    let group = question.group(work, kind, of)?;
    let measures = measures.iter().map(|text| Ok(Measure::Sum(work.expression(kind, text, &names)?)));
    Ok(Aggregate { kind, filter: Some(filter), group, measures: measures.collect::<Result<_>>()? })
}

/// Allocations belong to what they settle: who may read all of that may count them, others as far as they may read
/// allocations themselves. Errors: `permission.forbidden` where they may not.
pub(super) fn as_reader_of<'w, T>(
    work: &mut Work<'w>,
    kind: u32,
    part: impl FnOnce(&mut Work<'w>) -> Result<T>,
) -> Result<T> {
    let catalogue = work.catalogue();
    match work.row_rule(catalogue.get(kind)?, "read")? {
        RowRule::All => work.system(part),
        RowRule::Where(_) => {
            work.require("allocation", "read")?;
            part(work)
        }
    }
}

fn take(sums: &mut Sums, groups: Vec<Group>, width: usize, grouped: bool) -> Result<()> {
    for group in groups {
        let mut values = group.into_iter();
        let key = if grouped { values.next().unwrap_or_default() } else { Value::Null };
        let sum = sums.entry(Key(key)).or_insert_with(|| vec![Dec::ZERO; width]);
        for (slot, value) in sum.iter_mut().zip(values) {
            *slot = slot.add(value.as_dec().unwrap_or_default())?;
        }
    }
    Ok(())
}
