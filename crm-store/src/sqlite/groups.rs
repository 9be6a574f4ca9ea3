//! Columns of integers, and the groups that rows fall into.
//!
//! Whatever a column holds is an integer here: a number, a day or an id itself, a text by its place in a dictionary, null
//! by a number that no column holds. So a key is compared and hashed as integers, whatever it is made of.

use super::aggregate::{average, sum_value};
use super::column::{Storage, number};
use crm_kernel::date::Date;
use crm_kernel::error::{Code, Error, Result};
use crm_kernel::expr::Expr;
use crm_kernel::plan::{Aggregate, Group, Measure, Period};
use crm_kernel::value::Value;
use rusqlite::types::ValueRef;
use std::cmp::Ordering;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::rc::Rc;

/// Null. Numbers have at most 18 digits, days, instants and ids fewer.
pub(super) const NULL: i64 = i64::MIN;

/// The values of a column.
pub(super) struct Column {
    storage: Storage,
    pub(super) values: Vec<i64>,
    texts: Dictionary,
}

impl Column {
    pub(super) fn new(storage: Storage) -> Column {
        Column { storage, values: Vec::new(), texts: Dictionary::default() }
    }

    /// What stands for a value that was read. Errors: `store.corrupt` where it is none of this column's.
    pub(super) fn code(&mut self, found: ValueRef<'_>) -> Result<i64> {
        match (found, self.storage) {
            (ValueRef::Null, _) => Ok(NULL),
            // A number that leaves an expression has at most 18 digits.
            (ValueRef::Integer(number), Storage::Num { .. }) if number.unsigned_abs() >= 10_u64.pow(18) => {
                Ok(NULL)
            }
            (ValueRef::Text(text), Storage::Text) => Ok(self.texts.place(text)),
            (ValueRef::Integer(number), storage) if storage != Storage::Text => Ok(number),
            _ => Err(Code::CORRUPT.error()),
        }
    }

    /// What stands for a value of an expression.
    pub(super) fn code_of(&mut self, value: &Value) -> i64 {
        match (value, number(value)) {
            (_, Some(number)) => number,
            (Value::Text(text), None) => self.texts.place(text.as_bytes()),
            _ => NULL,
        }
    }

    /// The value behind a code.
    fn value(&self, code: i64) -> Result<Value> {
        match (code, self.storage) {
            (NULL, _) => Ok(Value::Null),
            (place, Storage::Text) => self.storage.read(ValueRef::Text(self.texts.text(place))),
            (number, storage) => storage.read(ValueRef::Integer(number)),
        }
    }

    fn compare(&self, a: i64, b: i64) -> Ordering {
        match self.storage {
            Storage::Text => self.texts.text(a).cmp(self.texts.text(b)),
            _ => a.cmp(&b),
        }
    }
}

/// The texts of a column, each known by its place.
#[derive(Default)]
struct Dictionary {
    places: HashMap<Rc<[u8]>, usize, Fast>,
    texts: Vec<Rc<[u8]>>,
    /// The place that was last asked for: neighbours are often equal.
    last: usize,
}

impl Dictionary {
    fn place(&mut self, text: &[u8]) -> i64 {
        if self.texts.get(self.last).is_none_or(|last| **last != *text) {
            self.last = match self.places.get(text) {
                Some(place) => *place,
                None => {
                    let text: Rc<[u8]> = text.into();
                    self.places.insert(Rc::clone(&text), self.texts.len());
                    self.texts.push(text);
                    self.texts.len() - 1
                }
            };
        }
        // A place in memory is below 2^63.
        i64::try_from(self.last).unwrap_or(i64::MAX)
    }

    fn text(&self, place: i64) -> &[u8] {
        usize::try_from(place).ok().and_then(|place| self.texts.get(place)).map_or(&[], |text| text)
    }

    /// Of each text how many come before it.
    fn ranks(&self) -> Vec<i64> {
        let mut sorted: Vec<usize> = (0..self.texts.len()).collect();
        sorted.sort_unstable_by_key(|place| self.texts.get(*place));
        let mut ranks = vec![0; sorted.len()];
        for (rank, place) in (0..).zip(sorted) {
            if let Some(slot) = ranks.get_mut(place) {
                *slot = rank;
            }
        }
        ranks
    }
}

/// Pairs of integers, each known by its place: the order in which they came. A hash table with open addressing.
#[derive(Default)]
pub(super) struct Pairs {
    pairs: Vec<(i64, i64)>,
    /// Places, or [`FREE`]; a power of two of them, at most half of them taken.
    slots: Vec<u32>,
    last: Option<((i64, i64), usize)>,
}

const FREE: u32 = u32::MAX;

impl Pairs {
    pub(super) fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Those from a place on.
    pub(super) fn from(&self, place: usize) -> &[(i64, i64)] {
        self.pairs.get(place..).unwrap_or_default()
    }

    /// The place of a pair, a new one where it was not there. Errors: `internal.error` beyond four thousand million.
    #[inline]
    pub(super) fn place(&mut self, pair: (i64, i64)) -> Result<usize> {
        if let Some((last, place)) = self.last
            && last == pair
        {
            return Ok(place);
        }
        if self.pairs.len() * 2 >= self.slots.len() {
            self.grow()?;
        }
        let mut at = self.slot(pair);
        let place = loop {
            match self.slots.get(at).copied() {
                Some(FREE) | None => {
                    let place = self.pairs.len();
                    if let Some(slot) = self.slots.get_mut(at) {
                        *slot = u32::try_from(place).map_err(|_| Error::internal("too many groups"))?;
                    }
                    self.pairs.push(pair);
                    break place;
                }
                Some(place) if self.pairs.get(place as usize) == Some(&pair) => break place as usize,
                Some(_) => at = (at + 1) & (self.slots.len() - 1),
            }
        };
        self.last = Some((pair, place));
        Ok(place)
    }

    fn slot(&self, (a, b): (i64, i64)) -> usize {
        let mut hasher = FastHasher::default();
        hasher.write_i64(a);
        hasher.write_i64(b);
        // Only the low bits are kept.
        hasher.finish() as usize & (self.slots.len() - 1)
    }

    fn grow(&mut self) -> Result<()> {
        let size = (self.slots.len() * 2).max(16);
        self.slots.clear();
        self.slots.resize(size, FREE);
        for (place, pair) in (0..).zip(&self.pairs) {
            let mut at = self.slot(*pair);
            while self.slots.get(at).is_some_and(|slot| *slot != FREE) {
                at = (at + 1) & (size - 1);
            }
            if let Some(slot) = self.slots.get_mut(at) {
                *slot = place;
            }
        }
        Ok(())
    }
}

/// All groups found so far. A group is found key by key: the first key's value, then the place of that with the second
/// key's value, and so on.
pub(super) struct Groups {
    levels: Vec<Pairs>,
    collected: Vec<Collected>,
    /// The group of each row of the present batch.
    rows: Vec<usize>,
}

impl Groups {
    pub(super) fn new(plan: &Aggregate) -> Groups {
        Groups {
            levels: plan.group.iter().map(|_| Pairs::default()).collect(),
            collected: plan.measures.iter().map(Collected::new).collect(),
            rows: Vec::new(),
        }
    }

    fn len(&self) -> usize {
        self.levels.last().map_or(0, Pairs::len)
    }

    /// Puts rows into their groups: the values of each key, and the column of each measure that has one.
    pub(super) fn take(
        &mut self,
        rows: usize,
        keys: &[Vec<i64>],
        measured: &[Option<&Column>],
    ) -> Result<()> {
        self.rows.clear();
        self.rows.resize(rows, 0);
        for (level, values) in self.levels.iter_mut().zip(keys) {
            for (group, value) in self.rows.iter_mut().zip(values) {
                *group = level.place((i64::try_from(*group).unwrap_or(i64::MAX), *value))?;
            }
        }
        let groups = self.len();
        for (collected, column) in self.collected.iter_mut().zip(measured) {
            collected.grow(groups);
            match column {
                Some(column) => collected.add(&self.rows, column)?,
                None => collected.count(&self.rows),
            }
        }
        Ok(())
    }

    /// The rows, sorted by their keys. `keys` and `measured` know what the values stand for.
    pub(super) fn finish(
        self,
        plan: &Aggregate,
        keys: &[&Column],
        measured: &[Option<&Column>],
    ) -> Result<Vec<Group>> {
        let codes = self.codes();
        let width = keys.len().max(1);
        let ranks: Vec<Option<Vec<i64>>> =
            keys.iter().map(|key| (key.storage == Storage::Text).then(|| key.texts.ranks())).collect();
        // What sorts as the values do, nulls last.
        let mut order = codes.clone();
        for row in order.chunks_mut(width) {
            for (code, ranks) in row.iter_mut().zip(&ranks) {
                *code = match (*code, ranks) {
                    (NULL, _) => i64::MAX,
                    (code, None) => code,
                    (place, Some(ranks)) => {
                        usize::try_from(place).ok().and_then(|place| ranks.get(place)).copied().unwrap_or(0)
                    }
                };
            }
        }
        let mut sorted: Vec<usize> = (0..self.len()).collect();
        sorted.sort_unstable_by_key(|group| order.get(group * width..(group + 1) * width));
        let mut rows = Vec::with_capacity(sorted.len());
        for group in sorted {
            let mut row = Vec::with_capacity(keys.len() + measured.len());
            for (key, code) in keys.iter().zip(codes.iter().skip(group * width)) {
                row.push(key.value(*code)?);
            }
            for ((measure, column), collected) in plan.measures.iter().zip(measured).zip(&self.collected) {
                row.push(collected.answer(group, measure, *column)?);
            }
            rows.push(row);
        }
        Ok(rows)
    }

    /// The values of the keys of all groups, group by group.
    fn codes(&self) -> Vec<i64> {
        let width = self.levels.len();
        let mut codes = vec![NULL; self.len() * width];
        for (group, row) in codes.chunks_mut(width.max(1)).enumerate() {
            let mut place = group;
            for (slot, level) in row.iter_mut().zip(&self.levels).rev() {
                let (before, value) = level.pairs.get(place).copied().unwrap_or((0, NULL));
                *slot = value;
                place = usize::try_from(before).unwrap_or(0);
            }
        }
        codes
    }
}

/// What one measure has seen, group by group.
enum Collected {
    Count(Vec<i64>),
    Sum(Vec<Sum>),
    Best { best: Vec<i64>, wanted: Ordering },
    Different { seen: Pairs, counts: Vec<i64> },
}

#[derive(Clone, Copy, Default)]
struct Sum {
    sum: i128,
    count: i64,
}

impl Collected {
    fn new(measure: &Measure) -> Collected {
        match measure {
            Measure::Count | Measure::CountOf(_) => Collected::Count(Vec::new()),
            Measure::CountDistinct(_) => Collected::Different { seen: Pairs::default(), counts: Vec::new() },
            Measure::Sum(_) | Measure::Average { .. } => Collected::Sum(Vec::new()),
            Measure::Min(_) => Collected::Best { best: Vec::new(), wanted: Ordering::Less },
            Measure::Max(_) => Collected::Best { best: Vec::new(), wanted: Ordering::Greater },
        }
    }

    fn grow(&mut self, groups: usize) {
        match self {
            Collected::Count(counts) | Collected::Different { counts, .. } => counts.resize(groups, 0),
            Collected::Sum(sums) => sums.resize(groups, Sum::default()),
            Collected::Best { best, .. } => best.resize(groups, NULL),
        }
    }

    /// Counts the rows, by the group of each.
    fn count(&mut self, rows: &[usize]) {
        if let Collected::Count(counts) = self {
            for group in rows {
                if let Some(count) = counts.get_mut(*group) {
                    *count += 1;
                }
            }
        }
    }

    /// Takes in the values of rows, by the group of each. Null is not measured.
    fn add(&mut self, rows: &[usize], column: &Column) -> Result<()> {
        let values = rows.iter().zip(&column.values).filter(|(_, value)| **value != NULL);
        match self {
            Collected::Count(counts) => {
                for (group, _) in values {
                    if let Some(count) = counts.get_mut(*group) {
                        *count += 1;
                    }
                }
            }
            Collected::Sum(sums) => {
                for (group, value) in values {
                    if let Some(sum) = sums.get_mut(*group) {
                        // Nine quintillion rows of the largest number do not overflow.
                        sum.sum = sum.sum.wrapping_add(i128::from(*value));
                        sum.count += 1;
                    }
                }
            }
            Collected::Best { best, wanted } => {
                for (group, value) in values {
                    if let Some(best) = best.get_mut(*group)
                        && (*best == NULL || column.compare(*value, *best) == *wanted)
                    {
                        *best = *value;
                    }
                }
            }
            Collected::Different { seen, counts } => {
                for (group, value) in values {
                    let before = seen.len();
                    seen.place((i64::try_from(*group).unwrap_or(i64::MAX), *value))?;
                    if seen.len() > before
                        && let Some(count) = counts.get_mut(*group)
                    {
                        *count += 1;
                    }
                }
            }
        }
        Ok(())
    }

    /// Errors: `value.out_of_range` where a sum or an average has over 18 digits.
    fn answer(&self, group: usize, measure: &Measure, column: Option<&Column>) -> Result<Value> {
        match (self, measure) {
            (Collected::Count(counts) | Collected::Different { counts, .. }, _) => {
                Ok(Value::int(counts.get(group).copied().unwrap_or(0)))
            }
            (Collected::Sum(sums), measure) => {
                let Sum { sum, count } = sums.get(group).copied().unwrap_or_default();
                match measure {
                    Measure::Average { of, scale } => average(sum, count, of, *scale),
                    measure => sum_of(measure, sum, count),
                }
            }
            (Collected::Best { best, .. }, _) => match (best.get(group), column) {
                (Some(code), Some(column)) => column.value(*code),
                _ => Ok(Value::Null),
            },
        }
    }
}

fn sum_of(measure: &Measure, sum: i128, count: i64) -> Result<Value> {
    match measure {
        Measure::Sum(of) => sum_value((count > 0).then_some(sum), of),
        _ => Err(Error::internal("a measure of another sort")),
    }
}

/// The first days of periods; the last answer is remembered, for neighbours are often of one day.
pub(super) struct FirstDays {
    period: Period,
    last: (i64, i64),
}

impl FirstDays {
    /// Of a key's period; nothing where the key has none or is no date.
    pub(super) fn of(period: Option<Period>, by: &Expr) -> Option<FirstDays> {
        let period = period.filter(|_| super::functions::storage(by.ty()) == Storage::Date)?;
        Some(FirstDays { period, last: (NULL, NULL) })
    }

    /// The first day of the period that a day falls into.
    pub(super) fn first(&mut self, day: i64) -> i64 {
        if self.last.0 != day {
            let first = Date::from_days(day).map(|date| self.period.first_day(date).days_since_epoch());
            self.last = (day, first.unwrap_or(day));
        }
        self.last.1
    }
}

/// For maps whose keys come from the database itself.
type Fast = BuildHasherDefault<FastHasher>;

/// A quick hash for keys that come from the database itself.
#[derive(Clone, Copy, Default)]
pub(super) struct FastHasher(u64);

impl Hasher for FastHasher {
    fn write(&mut self, bytes: &[u8]) {
        let (chunks, rest) = bytes.as_chunks::<8>();
        for chunk in chunks {
            self.write_u64(u64::from_le_bytes(*chunk));
        }
        let tail = rest.iter().fold(0_u64, |tail, byte| (tail << 8) | u64::from(*byte));
        if !rest.is_empty() {
            self.write_u64(tail);
        }
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(23) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn write_i64(&mut self, number: i64) {
        self.write_u64(u64::from_ne_bytes(number.to_ne_bytes()));
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }

    fn finish(&self) -> u64 {
        let hash = self.0 ^ (self.0 >> 32);
        hash.wrapping_mul(0xff51_afd7_ed55_8ccd) ^ (hash >> 29)
    }
}
