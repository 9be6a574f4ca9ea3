//! Values as a key of maps and sorting.

use crm_kernel::value::Value;
use std::cmp::Ordering;

/// Values in the order of the kernel, one after the other, nulls last.
#[derive(Clone, Debug)]
pub(super) struct Key(pub(super) Vec<Value>);

impl Ord for Key {
    fn cmp(&self, other: &Key) -> Ordering {
        let mut pairs = self.0.iter().zip(&other.0).map(|(a, b)| a.order(b));
        let first = pairs.find(|order| order.is_ne());
        first.unwrap_or_else(|| self.0.len().cmp(&other.0.len()))
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Key) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Key) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Key {}
