//! Groups by hash: what each measure has seen in each of them.

use super::aggregate::{average, sum_value};
use super::column::{Storage, number};
use super::functions::storage;
use crm_kernel::date::Date;
use crm_kernel::error::{Code, Error, Result};
use crm_kernel::plan::{Aggregate, Group, Measure, Period};
use crm_kernel::value::Value;
use rusqlite::types::ValueRef;
use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

/// A column's value, borrowed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Cell<'a> {
    Null,
    Int(i64),
    Text(&'a [u8]),
}

impl<'a> Cell<'a> {
    pub(super) fn of(storage: Storage, found: ValueRef<'a>) -> Result<Cell<'a>> {
        match found {
            ValueRef::Null => Ok(Cell::Null),
            // A number that leaves an expression has at most 18 digits.
            ValueRef::Integer(number)
                if number.unsigned_abs() >= 10_u64.pow(18) && matches!(storage, Storage::Num { .. }) =>
            {
                Ok(Cell::Null)
            }
            ValueRef::Integer(number) => Ok(Cell::Int(number)),
            ValueRef::Text(bytes) => Ok(Cell::Text(bytes)),
            ValueRef::Real(_) | ValueRef::Blob(_) => Err(Code::CORRUPT.error()),
        }
    }

    /// A value as its column would hold it.
    pub(super) fn of_value(value: &'a Value) -> Cell<'a> {
        match (value, number(value)) {
            (_, Some(number)) => Cell::Int(number),
            (Value::Text(text), None) => Cell::Text(text.as_bytes()),
            _ => Cell::Null,
        }
    }

    /// Adds the value to the bytes of a key.
    pub(super) fn write(self, bytes: &mut Vec<u8>) {
        match self {
            Cell::Null => bytes.push(0),
            Cell::Int(number) => {
                bytes.push(1);
                bytes.extend_from_slice(&number.to_le_bytes());
            }
            Cell::Text(text) => {
                bytes.push(2);
                bytes.extend_from_slice(&(text.len() as u64).to_le_bytes());
                bytes.extend_from_slice(text);
            }
        }
    }

    /// Takes the next value off the bytes of a key.
    pub(super) fn read(bytes: &mut &'a [u8]) -> Result<Cell<'a>> {
        let short = || Error::internal("a group key cut short");
        let (tag, rest) = bytes.split_first().ok_or_else(short)?;
        if *tag == 0 {
            *bytes = rest;
            return Ok(Cell::Null);
        }
        let (word, rest) = rest.split_first_chunk::<8>().ok_or_else(short)?;
        if *tag == 1 {
            *bytes = rest;
            return Ok(Cell::Int(i64::from_le_bytes(*word)));
        }
        let length = usize::try_from(u64::from_le_bytes(*word)).map_err(|_| short())?;
        let (text, rest) = rest.split_at_checked(length).ok_or_else(short)?;
        *bytes = rest;
        Ok(Cell::Text(text))
    }

    /// The value, as its storage says.
    fn value(self, storage: Storage) -> Result<Value> {
        match self {
            Cell::Null => Ok(Value::Null),
            Cell::Int(number) => storage.read(ValueRef::Integer(number)),
            Cell::Text(bytes) => storage.read(ValueRef::Text(bytes)),
        }
    }
}

/// What a column of a key holds, and the period that its days fall into.
pub(super) type KeyColumn = (Storage, Option<Period>);

/// All groups found so far.
pub(super) struct Groups {
    /// Groups by the bytes of their keys.
    index: HashMap<Box<[u8]>, usize, Fast>,
    /// What each group has collected, measure by measure, one group after the other.
    collected: Vec<Collected>,
    fresh: Vec<Collected>,
    /// The bytes of the present row's keys, and those of the row before with its group.
    bytes: Vec<u8>,
    before: Vec<u8>,
    group_before: Option<usize>,
    /// The last day that was turned into its period, and the period.
    day: Option<(Period, i64, i64)>,
}

impl Groups {
    pub(super) fn new(plan: &Aggregate) -> Groups {
        Groups {
            index: HashMap::default(),
            collected: Vec::new(),
            fresh: plan.measures.iter().map(Collected::new).collect(),
            bytes: Vec::new(),
            before: Vec::new(),
            group_before: None,
            day: None,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.index.len()
    }

    pub(super) fn begin_key(&mut self) {
        self.bytes.clear();
    }

    /// The next part of the present row's key; a day becomes the first of its period.
    pub(super) fn add_key(&mut self, cell: Cell<'_>, period: Option<Period>) {
        let cell = match (cell, period) {
            (Cell::Int(day), Some(period)) => Cell::Int(self.first_day(period, day)),
            (cell, _) => cell,
        };
        cell.write(&mut self.bytes);
    }

    fn first_day(&mut self, period: Period, day: i64) -> i64 {
        if let Some((known_period, known, first)) = self.day
            && (known_period, known) == (period, day)
        {
            return first;
        }
        let first = Date::from_days(day).map_or(day, |date| period.first_day(date).days_since_epoch());
        self.day = Some((period, day, first));
        first
    }

    /// The group of the present row's key, made where it is new.
    pub(super) fn find(&mut self) -> usize {
        if let Some(group) = self.group_before
            && self.before == self.bytes
        {
            return group;
        }
        let group = match self.index.get(self.bytes.as_slice()) {
            Some(group) => *group,
            None => {
                let group = self.index.len();
                self.collected.extend(self.fresh.iter().cloned());
                self.index.insert(self.bytes.clone().into_boxed_slice(), group);
                group
            }
        };
        std::mem::swap(&mut self.before, &mut self.bytes);
        self.group_before = Some(group);
        group
    }

    /// What one measure has seen in a group.
    pub(super) fn measure(&mut self, group: usize, measure: usize) -> Result<&mut Collected> {
        let place = group * self.fresh.len() + measure;
        self.collected.get_mut(place).ok_or_else(|| Error::internal("no such group"))
    }

    /// The keys of all groups as bytes, in no order.
    pub(super) fn keys(&self) -> impl Iterator<Item = &[u8]> {
        self.index.keys().map(|key| &**key)
    }

    /// Takes all groups out: the bytes of each key with what its measures have seen.
    pub(super) fn drain(&mut self) -> Vec<(Box<[u8]>, Vec<Collected>)> {
        self.group_before = None;
        let mut collected = std::mem::take(&mut self.collected).into_iter();
        let mut keys: Vec<(Box<[u8]>, usize)> = self.index.drain().collect();
        keys.sort_unstable_by_key(|(_, group)| *group);
        let width = self.fresh.len();
        keys.into_iter().map(|(key, _)| (key, collected.by_ref().take(width).collect())).collect()
    }

    /// The rows, sorted.
    pub(super) fn finish(mut self, plan: &Aggregate, keys: &[KeyColumn]) -> Result<Vec<Group>> {
        let mut rows = Vec::with_capacity(self.len());
        for (bytes, collected) in self.drain() {
            let mut bytes = &*bytes;
            let mut row = Vec::with_capacity(keys.len() + collected.len());
            for (storage, _) in keys {
                row.push(Cell::read(&mut bytes)?.value(*storage)?);
            }
            for (measure, collected) in plan.measures.iter().zip(collected) {
                row.push(collected.answer(measure)?);
            }
            rows.push(row);
        }
        rows.sort_unstable_by(|a: &Group, b: &Group| {
            let mut pairs = a.iter().zip(b).take(keys.len()).map(|(a, b)| a.order(b));
            pairs.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
        });
        Ok(rows)
    }
}

/// What one measure has seen in one group.
#[derive(Clone)]
pub(super) enum Collected {
    Count(i64),
    Sum { sum: i128, count: i64 },
    Best { best: Option<Kept>, wanted: Ordering },
    Different(Box<Different>),
}

/// Different values. Those of one measure are all integers or all text.
#[derive(Clone, Default)]
pub(super) struct Different {
    numbers: HashSet<i64, Fast>,
    texts: HashSet<Box<[u8]>, Fast>,
}

#[derive(Clone)]
pub(super) enum Kept {
    Int(i64),
    Text(Box<[u8]>),
}

impl Collected {
    fn new(measure: &Measure) -> Collected {
        match measure {
            Measure::Count | Measure::CountOf(_) => Collected::Count(0),
            Measure::CountDistinct(_) => Collected::Different(Box::default()),
            Measure::Sum(_) | Measure::Average { .. } => Collected::Sum { sum: 0, count: 0 },
            Measure::Min(_) => Collected::Best { best: None, wanted: Ordering::Less },
            Measure::Max(_) => Collected::Best { best: None, wanted: Ordering::Greater },
        }
    }

    #[inline]
    pub(super) fn add(&mut self, cell: Cell<'_>) -> Result<()> {
        match (self, cell) {
            (_, Cell::Null) => {}
            (Collected::Count(count), _) => *count += 1,
            (Collected::Sum { sum, count }, Cell::Int(number)) => {
                *sum = sum.wrapping_add(i128::from(number));
                *count += 1;
            }
            (Collected::Sum { .. }, Cell::Text(_)) => return Err(Code::CORRUPT.error()),
            (Collected::Different(set), Cell::Int(number)) => {
                set.numbers.insert(number);
            }
            (Collected::Different(set), Cell::Text(text)) => {
                if !set.texts.contains(text) {
                    set.texts.insert(text.into());
                }
            }
            (Collected::Best { best, wanted }, Cell::Int(number)) => {
                let better = match best {
                    Some(Kept::Int(best)) => number.cmp(best) == *wanted,
                    _ => true,
                };
                if better {
                    *best = Some(Kept::Int(number));
                }
            }
            (Collected::Best { best, wanted }, Cell::Text(text)) => {
                let better = match best {
                    Some(Kept::Text(best)) => text.cmp(best) == *wanted,
                    _ => true,
                };
                if better {
                    *best = Some(Kept::Text(text.into()));
                }
            }
        }
        Ok(())
    }

    /// Takes in what another group of the same measure has seen.
    pub(super) fn merge(&mut self, other: Collected) -> Result<()> {
        match (self, other) {
            (Collected::Count(count), Collected::Count(more)) => *count += more,
            (Collected::Sum { sum, count }, Collected::Sum { sum: more, count: counted }) => {
                *sum = sum.wrapping_add(more);
                *count += counted;
            }
            (Collected::Different(set), Collected::Different(more)) => {
                set.numbers.extend(more.numbers);
                set.texts.extend(more.texts);
            }
            (best @ Collected::Best { .. }, Collected::Best { best: other, .. }) => match other {
                None => {}
                Some(Kept::Int(number)) => best.add(Cell::Int(number))?,
                Some(Kept::Text(text)) => best.add(Cell::Text(&text))?,
            },
            _ => return Err(Error::internal("a measure of another sort")),
        }
        Ok(())
    }

    /// Errors: `value.out_of_range` where a sum or an average has over 18 digits.
    fn answer(self, measure: &Measure) -> Result<Value> {
        let count = |length: usize| Value::int(i64::try_from(length).unwrap_or(i64::MAX));
        match (self, measure) {
            (Collected::Count(count), _) => Ok(Value::int(count)),
            (Collected::Different(set), _) => Ok(count(set.numbers.len() + set.texts.len())),
            (Collected::Sum { sum, count }, Measure::Average { of, scale: decimals }) => {
                average(sum, count, of, *decimals)
            }
            (Collected::Sum { sum, count }, Measure::Sum(of)) => sum_value((count > 0).then_some(sum), of),
            (Collected::Best { best, .. }, Measure::Min(of) | Measure::Max(of)) => match best {
                None => Ok(Value::Null),
                Some(Kept::Int(number)) => Cell::Int(number).value(storage(of.ty())),
                Some(Kept::Text(text)) => Cell::Text(&text).value(storage(of.ty())),
            },
            _ => Err(Error::internal("a measure of another sort")),
        }
    }
}

/// For maps whose keys come from the database itself.
pub(super) type Fast = BuildHasherDefault<FastHasher>;

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
