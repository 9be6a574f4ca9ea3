//! Identities: one 64-bit integer, sortable by creation, the row key of a store.

use crate::date::Instant;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

/// The identity of a record of any kind: 41 bits of milliseconds since 2020, 10 bits of replica, 12 bits of counter.
/// Positive and below 2^63; `uint64_t` in C, a decimal string in JSON.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Id(i64);

impl Id {
    /// An id from its number; `None` unless positive.
    pub fn new(number: i64) -> Option<Id> {
        (number > 0).then_some(Id(number))
    }

    /// The number.
    pub fn number(self) -> i64 {
        self.0
    }

    /// Reads the decimal text; `None` unless it is a positive number below 2^63 without leading zeros.
    pub fn parse(text: &str) -> Option<Id> {
        if text.starts_with('0') || !text.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        text.parse().ok().and_then(Id::new)
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// The identity of a record of kind `T`: an [`Id`] that cannot be put where another kind's is wanted.
pub struct Ref<T>(Id, PhantomData<fn() -> T>);

impl<T> Ref<T> {
    /// A typed id. The kind is not checked here; loading is what checks it.
    pub fn new(id: Id) -> Ref<T> {
        Ref(id, PhantomData)
    }

    /// The id.
    pub fn id(self) -> Id {
        self.0
    }
}

impl<T> Clone for Ref<T> {
    fn clone(&self) -> Ref<T> {
        *self
    }
}

impl<T> Copy for Ref<T> {}

impl<T> PartialEq for Ref<T> {
    fn eq(&self, other: &Ref<T>) -> bool {
        self.0 == other.0
    }
}

impl<T> Eq for Ref<T> {}

impl<T> PartialOrd for Ref<T> {
    fn partial_cmp(&self, other: &Ref<T>) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Ref<T> {
    fn cmp(&self, other: &Ref<T>) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}

impl<T> Hash for Ref<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<T> fmt::Debug for Ref<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

impl<T> fmt::Display for Ref<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl<T> From<Ref<T>> for Id {
    fn from(reference: Ref<T>) -> Id {
        reference.0
    }
}

/// Makes ids: never the same twice, never running backwards, even where the clock does.
#[derive(Clone, Debug)]
pub struct IdSource {
    replica: u16,
    last: i64,
}

const EPOCH_MILLIS: i64 = 1_577_836_800_000;

impl IdSource {
    /// A source for a replica number (0 to 1023), above `last` (the largest id known, or 0).
    pub fn new(replica: u16, last: i64) -> IdSource {
        IdSource { replica: replica & 0x3ff, last }
    }

    /// The next id.
    pub fn next(&mut self, now: Instant) -> Id {
        let millis = now.millis().saturating_sub(EPOCH_MILLIS).clamp(1, (1 << 41) - 1);
        let fresh = (millis << 22) | (i64::from(self.replica) << 12);
        self.last = if fresh > self.last {
            fresh
        } else if (self.last & 0xfff) < 0xfff {
            self.last + 1
        } else {
            // The counter of this millisecond is used up: borrow the next one.
            (((self.last >> 22) + 1) << 22) | (i64::from(self.replica) << 12)
        };
        Id(self.last)
    }

    /// The replica number.
    pub fn replica(&self) -> u16 {
        self.replica
    }

    /// The last id given.
    pub fn last(&self) -> i64 {
        self.last
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_rise_also_when_the_clock_stands_or_falls() {
        let mut ids = IdSource::new(3, 0);
        let mut last = 0;
        for step in 0..20_000_i64 {
            let id = ids.next(Instant::from_millis(1_700_000_000_000 - step / 7).unwrap());
            assert!(id.number() > last);
            last = id.number();
        }
        assert_eq!(Id::parse(&last.to_string()).map(Id::number), Some(last));
        for bad in ["", "0", "-1", "01", "9223372036854775808", "1.0", " 1"] {
            assert_eq!(Id::parse(bad), None, "{bad}");
        }
    }
}
