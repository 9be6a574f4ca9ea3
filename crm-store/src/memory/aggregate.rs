//! Groups and measures: every row is looked at once, each group collects what its measures need.

use super::key::Key;
use super::query::items;
use super::state::State;
use crm_kernel::dec::{Dec, Rounding};
use crm_kernel::error::Result;
use crm_kernel::expr::Expr;
use crm_kernel::plan::{Aggregate, Group, GroupKey, Measure};
use crm_kernel::value::Value;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn run(state: &State, plan: &Aggregate) -> Result<Vec<Group>> {
    let mut groups: BTreeMap<Key, Vec<Collected>> = BTreeMap::new();
    let empty = || plan.measures.iter().map(|_| Collected::default()).collect::<Vec<_>>();
    if plan.group.is_empty() {
        groups.insert(Key(Vec::new()), empty());
    }
    for item in items(state, plan.kind, plan.filter.as_ref())? {
        let key = plan.group.iter().map(|key| key_of(key, item.value(state, &key.by)));
        let group = groups.entry(Key(key.collect())).or_insert_with(empty);
        for (measure, collected) in plan.measures.iter().zip(group) {
            let value = subject(measure).map(|of| item.value(state, of));
            collected.add(measure, value)?;
        }
    }
    let rows = groups.into_iter().map(|(Key(mut row), collected)| {
        for (measure, collected) in plan.measures.iter().zip(collected) {
            row.push(collected.answer(measure)?);
        }
        Ok(row)
    });
    rows.collect()
}

fn key_of(key: &GroupKey, value: Value) -> Value {
    match (key.period, value) {
        (Some(period), Value::Date(day)) => Value::Date(period.first_day(day)),
        (_, value) => value,
    }
}

/// What is measured; nothing where records are counted.
fn subject(measure: &Measure) -> Option<&Expr> {
    match measure {
        Measure::Count => None,
        Measure::CountOf(of) | Measure::CountDistinct(of) | Measure::Sum(of) => Some(of),
        Measure::Min(of) | Measure::Max(of) | Measure::Average { of, .. } => Some(of),
    }
}

/// What a measure has seen so far in a group.
#[derive(Default)]
struct Collected {
    count: i64,
    sum: Dec,
    best: Value,
    different: BTreeSet<Key>,
}

impl Collected {
    /// Takes one record in; `value` is none where records are counted.
    fn add(&mut self, measure: &Measure, value: Option<Value>) -> Result<()> {
        if value == Some(Value::Null) {
            return Ok(());
        }
        self.count = self.count.saturating_add(1);
        let Some(value) = value else { return Ok(()) };
        match measure {
            Measure::Count | Measure::CountOf(_) => {}
            Measure::CountDistinct(_) => {
                self.different.insert(Key(vec![value]));
            }
            // 38 digits in flight hold every sum of numbers of 18 digits that fit into a memory.
            Measure::Sum(_) | Measure::Average { .. } => {
                self.sum = self.sum.add(value.as_dec().unwrap_or_default())?;
            }
            Measure::Min(_) => self.keep(value, Ordering::Less),
            Measure::Max(_) => self.keep(value, Ordering::Greater),
        }
        Ok(())
    }

    fn keep(&mut self, value: Value, better: Ordering) {
        if self.best.is_null() || value.order(&self.best) == better {
            self.best = value;
        }
    }

    /// Errors: `value.out_of_range` where a sum or an average has more than 18 digits at its scale.
    fn answer(self, measure: &Measure) -> Result<Value> {
        match measure {
            Measure::Count | Measure::CountOf(_) => Ok(Value::int(self.count)),
            Measure::CountDistinct(_) => {
                Ok(Value::int(i64::try_from(self.different.len()).unwrap_or(i64::MAX)))
            }
            Measure::Sum(_) | Measure::Average { .. } if self.count == 0 => Ok(Value::Null),
            // Every value came at the expression's scale, so the sum has it.
            Measure::Sum(_) => Value::num(self.sum, self.sum.scale()),
            Measure::Average { scale, .. } => {
                let mean = self.sum.div(Dec::from_int(self.count), *scale, Rounding::HalfUp)?;
                Value::num(mean, *scale)
            }
            Measure::Min(_) | Measure::Max(_) => Ok(self.best),
        }
    }
}
