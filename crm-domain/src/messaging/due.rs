//! What is due: over any kind, within the engine's own view.

use super::rules::{TimeOfDay, due_through, fires_at, is_late, last_occurrence, next_occurrence};
use super::{ReminderFiring, ReminderRule};
use crm_kernel::date::{Date, Instant};
use crm_kernel::error::{Error, Result};
use crm_kernel::expr::Expr;
use crm_kernel::expr::node::Ty;
use crm_kernel::id::{Id, Ref};
use crm_kernel::plan::{Query, Select, SortKey};
use crm_kernel::record::Record;
use crm_kernel::value::Value;
use crm_kernel::work::{Stored, Work};
use std::collections::HashSet;

/// One firing to come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Due {
    /// The record.
    pub about: Id,
    /// The day.
    pub due: Date,
    /// True where that day has passed.
    pub late: bool,
}

/// What a rule says, checked.
pub(super) struct Checked {
    pub kind: u32,
    pub condition: Option<Expr>,
    pub date: Expr,
    pub recipient: Expr,
    pub time: TimeOfDay,
}

/// The rules that are switched on, by code.
pub(super) fn active_rules(work: &mut Work<'_>) -> Result<Vec<Stored<ReminderRule>>> {
    work.select_by("active", &[], &["code"], None)
}

/// What a rule has to fire for, the earliest first, each record at most once; what has fired is left out.
pub(super) fn due_of(
    work: &mut Work<'_>,
    rule: &Stored<ReminderRule>,
    checked: &Checked,
) -> Result<Vec<Due>> {
    let through = due_through(work.now(), checked.time, &work.context().zone.clone());
    let today = work.today();
    let Some(until) = through.add_days(-rule.offset_days) else { return Ok(Vec::new()) };
    let fired = fired(work, rule.id)?;
    let mut due = Vec::new();
    for (about, date) in candidates(work, rule, checked, "<=", until, None)? {
        let first = date.add_days(rule.offset_days);
        let Some(day) = first.and_then(|first| last_occurrence(first, rule.repeat_days, through)) else {
            continue;
        };
        if !fired.contains(&(about, day)) {
            due.push(Due { about, due: day, late: is_late(day, today) });
        }
    }
    due.sort_by_key(|due| (due.due, due.about));
    Ok(due)
}

/// When a rule fires next, after now; none where nothing is to come as records stand.
pub(super) fn next_of(
    work: &mut Work<'_>,
    rule: &Stored<ReminderRule>,
    checked: &Checked,
) -> Result<Option<Instant>> {
    let zone = work.context().zone.clone();
    let through = due_through(work.now(), checked.time, &zone);
    let Some(until) = through.add_days(-rule.offset_days) else { return Ok(None) };
    let mut days: Vec<Date> = Vec::new();
    let next = |date: Date| {
        date.add_days(rule.offset_days).and_then(|first| next_occurrence(first, rule.repeat_days, through))
    };
    days.extend(
        candidates(work, rule, checked, ">", until, Some(1))?.into_iter().filter_map(|(_, date)| next(date)),
    );
    if rule.repeat_days.is_some() {
        days.extend(
            candidates(work, rule, checked, "<=", until, None)?
                .into_iter()
                .filter_map(|(_, date)| next(date)),
        );
    }
    Ok(days.into_iter().min().and_then(|day| fires_at(day, checked.time, &zone)))
}

/// Records of the rule's kind for which its condition holds and whose date stands so to a day, by date.
fn candidates(
    work: &mut Work<'_>,
    rule: &ReminderRule,
    checked: &Checked,
    comparison: &str,
    day: Date,
    limit: Option<u32>,
) -> Result<Vec<(Id, Date)>> {
    let near = format!("({}) {comparison} $day", rule.date);
    let mut filter = work.expression(checked.kind, &near, &[("$day", Ty::Date, Value::Date(day))])?;
    if let Some(condition) = &checked.condition {
        filter = condition.clone().and(filter);
    }
    let plan = Query {
        kind: checked.kind,
        filter: Some(filter),
        order: vec![SortKey { by: checked.date.clone(), descending: false }],
        after: None,
        limit,
        select: Select::Values(vec![checked.date.clone()]),
    };
    let found = work.query(plan)?.into_iter();
    Ok(found.filter_map(|found| Some((Id::new(found.id)?, found.values.first()?.as_date()?))).collect())
}

fn fired(work: &mut Work<'_>, rule: Ref<ReminderRule>) -> Result<HashSet<(Id, Date)>> {
    let names = [("$rule", Ty::Ref(ReminderRule::NO), Value::Ref(rule.id()))];
    let field = |work: &Work<'_>, name: &str| work.expression(ReminderFiring::NO, name, &[]);
    let plan = Query {
        kind: ReminderFiring::NO,
        filter: Some(work.expression(ReminderFiring::NO, "rule == $rule", &names)?),
        order: Vec::new(),
        after: None,
        limit: None,
        select: Select::Values(vec![field(work, "about")?, field(work, "due")?]),
    };
    let read = |values: &[Value]| match values {
        [Value::Ref(about), Value::Date(due)] => Ok((*about, *due)),
        other => Err(Error::internal(format!("a firing reads {other:?}"))),
    };
    work.query(plan)?.iter().map(|found| read(&found.values)).collect()
}
