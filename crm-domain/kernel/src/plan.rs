//! Plans: what a store is asked for, as data. A store never sees expression text.

use crate::expr::Expr;
use crate::expr::node::Op;
use crate::value::{Row, Value};
use std::cmp::Ordering;

/// A list of records or lines of one kind.
#[derive(Clone, Debug)]
pub struct Query {
    /// The kind, a child kind for lines.
    pub kind: u32,
    /// Only records for which it is true. Row rules of the actor are part of it.
    pub filter: Option<Expr>,
    /// Sort keys; nulls last in both directions, the id (parent and line for lines) as the last key.
    pub order: Vec<SortKey>,
    /// Only what comes behind this mark: the keys and the id of the last record of the page before.
    pub after: Option<Mark>,
    /// At most so many.
    pub limit: Option<u32>,
    /// What is read.
    pub select: Select,
}

impl Query {
    /// True where the id goes down: it goes in the direction of the key before it, so that an index on that key serves
    /// both directions.
    pub fn ids_descend(&self) -> bool {
        self.order.iter().rfind(|key| !key.is_constant()).is_some_and(|key| key.descending)
    }

    /// Which of two comes first: key by key, nulls last in both directions; then the id, for lines the parent and the number,
    /// as the last key goes.
    pub fn compare(&self, one: &Place<'_>, other: &Place<'_>) -> Ordering {
        for ((key, one), other) in self.order.iter().zip(one.keys).zip(other.keys) {
            let ascending = one.order(other);
            let turned = key.descending && !one.is_null() && !other.is_null();
            let order = if turned { ascending.reverse() } else { ascending };
            if order.is_ne() {
                return order;
            }
        }
        let ascending = (one.parent, one.id).cmp(&(other.parent, other.id));
        if self.ids_descend() { ascending.reverse() } else { ascending }
    }
}

/// Where something stands in the order of a list.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The values of the sort keys.
    pub keys: &'a [Value],
    /// The parent of a line; 0 for a record.
    pub parent: i64,
    /// The record, or the number of a line.
    pub id: i64,
}

/// One sort key.
#[derive(Clone, Debug)]
pub struct SortKey {
    /// The key; a constant has no effect.
    pub by: Expr,
    /// Largest first; nulls stay last.
    pub descending: bool,
}

impl SortKey {
    /// True for a key that sorts nothing.
    pub fn is_constant(&self) -> bool {
        matches!(self.by.node().op, Op::Const(_))
    }
}

/// A place in a sorted list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The values of the sort keys.
    pub keys: Vec<Value>,
    /// The parent of a line; 0 for records.
    pub parent: i64,
    /// The id of a record, the number of a line.
    pub id: i64,
}

/// What a query reads.
#[derive(Clone, Debug)]
pub enum Select {
    /// Whole rows, lines included.
    Rows,
    /// Rows without their lines.
    Heads,
    /// These values only.
    Values(Vec<Expr>),
}

/// One record or line found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The parent of a line; 0 for records.
    pub parent: i64,
    /// The id of a record, the number of a line.
    pub id: i64,
    /// The row, where rows were asked for.
    pub row: Option<Row>,
    /// The values, where values were asked for.
    pub values: Vec<Value>,
    /// The values of the sort keys, for the mark of the next page.
    pub keys: Vec<Value>,
}

/// Groups and measures over one kind. Without group keys there is exactly one row, also over nothing.
#[derive(Clone, Debug)]
pub struct Aggregate {
    /// The kind, a child kind for lines.
    pub kind: u32,
    /// Only records for which it is true.
    pub filter: Option<Expr>,
    /// Group keys; null is a group of its own.
    pub group: Vec<GroupKey>,
    /// What is counted and summed.
    pub measures: Vec<Measure>,
}

/// One group key.
#[derive(Clone, Debug)]
pub struct GroupKey {
    /// The key.
    pub by: Expr,
    /// For dates: the period that they fall into, shown by its first day.
    pub period: Option<Period>,
}

/// Calendar periods. Each is named by its first day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Period {
    /// The day itself.
    Day,
    /// Weeks from Monday (ISO 8601).
    Week,
    /// Months.
    Month,
    /// Quarters of the calendar year.
    Quarter,
    /// Calendar years.
    Year,
}

impl Period {
    /// The first day of the period that a day falls into.
    pub fn first_day(self, day: crate::date::Date) -> crate::date::Date {
        match self {
            Period::Day => day,
            Period::Week => day.add_days(1 - i64::from(day.weekday())).unwrap_or(day),
            Period::Month => day.first_of_month(),
            Period::Quarter => day.first_of_quarter(),
            Period::Year => day.first_of_year(),
        }
    }
}

/// One measure.
#[derive(Clone, Debug)]
pub enum Measure {
    /// Records in the group.
    Count,
    /// Records whose value is not null.
    CountOf(Expr),
    /// Different values, null not among them.
    CountDistinct(Expr),
    /// The exact sum, null over no values. Errors: `value.out_of_range` beyond 18 digits at the expression's scale.
    Sum(Expr),
    /// The smallest value, null over no values.
    Min(Expr),
    /// The largest value, null over no values.
    Max(Expr),
    /// The exact sum divided once by the number of values, half-up at `scale`; null over no values.
    Average {
        /// What is averaged.
        of: Expr,
        /// Decimals of the answer.
        scale: u8,
    },
}

/// One group: its keys, then its measures. Groups come sorted by their keys, nulls last.
pub type Group = Vec<Value>;
