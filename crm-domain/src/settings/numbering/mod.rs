//! Business numbers (platform.md 2.2).
//!
//! Words. A *rule* says for one kind how its numbers look (the *pattern*) and when its counter starts again (the
//! *reset*). The business date of the record chooses the counter, not the clock: a document dated last year gets the
//! next number of last year.
//!
//! Promises. The counter belongs to the rule, not to the text that the pattern makes. A number is given when the record
//! is made, never changes and is never given again, also after the recycle bin. Without gaps (the default) a number
//! goes back when the transaction is undone; with gaps it is lost then. A value that the pattern shows and the record
//! lacks is an error before the counter moves. A number brought by hand or by an import raises the counter above it.
//!
//! Where no rule is defined for a kind, its numbers are the initials of the kind's name and a counter of six digits:
//! `C-000001` for customers; kinds with a business date show the year and start again with it: `Q-2026-000001`.

mod operations;
mod pattern;
#[cfg(test)]
mod tests;

pub use operations::*;
pub use pattern::{Pattern, Shown, reset_key};

use super::{NO_TOKEN, NOT_NUMBERED, NUMBER_CHANGED};
use crate::org::Department;
use crm_kernel::catalogue::Kind;
use crm_kernel::date::Date;
use crm_kernel::error::{Code, Result};
use crm_kernel::expr::Expr;
use crm_kernel::id::Ref;
use crm_kernel::plan::{Query, Select};
use crm_kernel::record::{FieldRole, Record as _};
use crm_kernel::value::{Row, Value};
use crm_kernel::work::Work;
use crm_kernel::{Choice, Record};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How the records of a kind are numbered.
#[derive(Clone, Debug, Record)]
#[record(no = 34)]
pub struct NumberingRule {
    /// The kind's name; one rule a kind.
    #[field(no = 1, text = 60, unique, title)]
    pub kind: String,
    /// How a number looks: text and the tokens `{YYYY}`, `{YY}`, `{MM}`, `{DD}`, `{department}` (its code) and one
    /// counter `{#n}` of at least `n` digits.
    #[field(no = 2, text = 60)]
    pub pattern: String,
    /// When the counter starts again at 1.
    #[field(no = 3, default = "\"none\"")]
    pub reset: NumberReset,
    /// True where a number goes back when the operation that took it fails; false where it is lost then.
    #[field(no = 4, default = "true")]
    pub gapless: bool,
    /// A number given before or elsewhere: the counter that it shows goes on above it. Never lowers a counter.
    #[field(no = 5, text = 60)]
    pub last_used: Option<String>,
}

/// When a counter starts again at 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum NumberReset {
    /// Never.
    None,
    /// With the year of the business date.
    Year,
    /// With its month.
    Month,
    /// Every day.
    Day,
    /// Each department counts for itself.
    Department,
}

/// A rule as it is applied: a stored one, or the one that holds where none is defined.
pub(super) struct Rule {
    pub(super) owner: String,
    pub(super) text: String,
    pub(super) pattern: Pattern,
    pub(super) reset: NumberReset,
    pub(super) gapless: bool,
}

impl Rule {
    /// The sequence that counts for a reset key.
    pub(super) fn sequence(&self, key: &str) -> String {
        format!("number/{}/{key}", self.owner)
    }
}

/// The rule of a kind.
pub(super) fn rule_of(work: &mut Work<'_>, kind: &Kind) -> Result<Arc<Rule>> {
    work.once(NumberingRule::NO, kind.name(), |work| {
        let found = work.by_key::<NumberingRule>("kind", &Value::Text(kind.name().to_owned()))?;
        Ok(Arc::new(match found {
            Some(rule) => stored_rule(rule.id.id().number(), &rule)?,
            None => default_rule(kind)?,
        }))
    })
}

fn stored_rule(id: i64, rule: &NumberingRule) -> Result<Rule> {
    Ok(Rule {
        owner: id.to_string(),
        text: rule.pattern.clone(),
        pattern: Pattern::parse(&rule.pattern)?,
        reset: rule.reset,
        gapless: rule.gapless,
    })
}

/// The initials of the kind's name and six digits; the year between them for kinds with a business date.
pub(super) fn default_rule(kind: &Kind) -> Result<Rule> {
    let initials: String = kind.name().split('_').filter_map(|word| word.chars().next()).collect();
    let initials = initials.to_ascii_uppercase();
    let (text, reset) = match kind.role(FieldRole::BusinessDate) {
        Some(_) => (format!("{initials}-{{YYYY}}-{{#6}}"), NumberReset::Year),
        None => (format!("{initials}-{{#6}}"), NumberReset::None),
    };
    Ok(Rule { owner: kind.name().to_owned(), pattern: Pattern::parse(&text)?, text, reset, gapless: true })
}

/// Gives a new record its number, keeps a number that stands, and learns from numbers that are brought.
pub(super) fn fill(work: &mut Work<'_>, kind: &Kind, old: Option<&Row>, new: &mut Row) -> Result<()> {
    let Some(position) = kind.role(FieldRole::Number) else { return Ok(()) };
    if let Some(old) = old {
        if old.at(position) == new.at(position) {
            return Ok(());
        }
        if !old.at(position).is_null() {
            let name = kind.field(position).map_or("", |field| field.name.as_ref());
            return Err(NUMBER_CHANGED.at(format!("/{name}")));
        }
    }
    if let Some(number) = new.at(position).as_text().map(str::to_owned) {
        return observe(work, kind, &number);
    }
    let rule = rule_of(work, kind)?;
    let date = business_date(work, kind, new);
    let department = department_code(work, kind, new, &rule)?;
    let sequence = rule.sequence(&reset_key(rule.reset, date, &department));
    let counter = if rule.gapless { work.next_number(&sequence)? } else { work.take_number(&sequence)? };
    new.set(position, Value::Text(rule.pattern.write(date, &department, counter)));
    Ok(())
}

/// Raises the counter of a kind above a number that was brought, where it fits the kind's pattern.
pub fn observe(work: &mut Work<'_>, kind: &Kind, number: &str) -> Result<()> {
    let rule = rule_of(work, kind)?;
    let Some(shown) = rule.pattern.read(number) else { return Ok(()) };
    let Some(key) = shown.key(rule.reset) else { return Ok(()) };
    work.raise_number(&rule.sequence(&key), shown.counter)
}

fn business_date(work: &Work<'_>, kind: &Kind, row: &Row) -> Date {
    match kind.role(FieldRole::BusinessDate).map(|position| row.at(position)) {
        Some(Value::Date(date)) => *date,
        _ => work.today(),
    }
}

fn department_code(work: &mut Work<'_>, kind: &Kind, row: &Row, rule: &Rule) -> Result<String> {
    if !rule.pattern.shows_department() {
        return Ok(String::new());
    }
    let department = kind.role(FieldRole::Department).and_then(|position| row.at(position).as_id());
    let missing = || NO_TOKEN.error().with("token", "{department}").with("pattern", rule.text.clone());
    let department = Ref::<Department>::new(department.ok_or_else(missing)?);
    work.system(|work| Ok(work.find(department)?.code.clone()))
}

/// A rule can be read, shows what starts it again, and counts on above the numbers that stand already.
pub(super) fn check(work: &mut Work<'_>, _kind: u32, old: Option<&Row>, new: &mut Row) -> Result<()> {
    let rule = NumberingRule::from_row(new)?;
    let pattern = Pattern::parse(&rule.pattern).map_err(|error| error.at("/pattern"))?;
    pattern.shows(rule.reset).map_err(|error| error.at("/pattern"))?;
    let catalogue = work.catalogue();
    let kind = catalogue.named(&rule.kind).map_err(|error| error.at("/kind"))?;
    if kind.role(FieldRole::Number).is_none() {
        return Err(NOT_NUMBERED.at("/kind").with("kind", rule.kind));
    }
    let mut told = rule.last_used.as_ref();
    if let Some(old) = old {
        let old = NumberingRule::from_row(old)?;
        if old.kind != rule.kind {
            return Err(Code::READ_ONLY.at("/kind"));
        }
        // What stood here under another pattern was counted then.
        told = told.filter(|told| old.last_used.as_ref() != Some(*told));
    }
    let applied = stored_rule(new.id, &rule)?;
    if let Some(number) = told {
        let shown =
            applied.pattern.read(number).and_then(|shown| Some((shown.key(rule.reset)?, shown.counter)));
        let malformed = || {
            Code::MALFORMED.at("/last_used").with("type", rule.pattern.clone()).with("value", number.clone())
        };
        let (key, counter) = shown.ok_or_else(malformed)?;
        work.raise_number(&applied.sequence(&key), counter)?;
    }
    catch_up(work, kind, &applied)
}

/// Without its rule a kind goes back to the default one, which has to know the numbers that were given meanwhile.
pub(super) fn removed(work: &mut Work<'_>, _kind: u32, old: &Row) -> Result<()> {
    let rule = NumberingRule::from_row(old)?;
    let catalogue = work.catalogue();
    match catalogue.named(&rule.kind) {
        Ok(kind) => catch_up(work, kind, &default_rule(kind)?),
        Err(_) => Ok(()),
    }
}

/// Raises the counters of a rule above all numbers of the kind that fit its pattern, those in the recycle bin among them.
fn catch_up(work: &mut Work<'_>, kind: &Kind, rule: &Rule) -> Result<()> {
    let Some(field) = kind.role(FieldRole::Number).and_then(|position| kind.field(position)) else {
        return Ok(());
    };
    let number = Expr::field(&work.catalogue(), kind.no(), &field.name)?;
    let select = Select::Values(vec![number]);
    let plan = Query { kind: kind.no(), filter: None, order: Vec::new(), after: None, limit: None, select };
    let found = work.system(|work| work.query(plan))?;
    let found = found.iter().filter_map(|found| found.values.first()).filter_map(Value::as_text);
    let mut numbers: Vec<String> = found.map(str::to_owned).collect();
    numbers.extend(deleted(work, kind, field.no)?);
    let mut largest: BTreeMap<String, i64> = BTreeMap::new();
    for number in &numbers {
        let Some(shown) = rule.pattern.read(number) else { continue };
        let Some(key) = shown.key(rule.reset) else { continue };
        let largest = largest.entry(key).or_default();
        *largest = shown.counter.max(*largest);
    }
    for (key, counter) in largest {
        work.raise_number(&rule.sequence(&key), counter)?;
    }
    Ok(())
}

/// The numbers of a kind's deleted records.
fn deleted(work: &mut Work<'_>, kind: &Kind, field: u32) -> Result<Vec<String>> {
    let mut numbers = Vec::new();
    for (id, change) in work.tx()?.tombstones(kind.no(), None, u32::MAX)? {
        let Some(set) = work.tx()?.change(change)? else { continue };
        let entry = set.changes.iter().find(|entry| entry.kind == kind.no() && entry.id == id);
        let number = entry.and_then(|entry| entry.fields.iter().find(|change| change.field == field));
        numbers.extend(number.and_then(|number| number.old.as_text()).map(str::to_owned));
    }
    Ok(numbers)
}
