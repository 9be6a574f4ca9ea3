//! Bytes to choices.

/// Choices read from bytes. Where the bytes end every choice is the first, which generators make the simplest.
pub(super) struct Choices<'a> {
    bytes: std::slice::Iter<'a, u8>,
}

impl<'a> Choices<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Choices<'a> {
        Choices { bytes: bytes.iter() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.bytes.len() == 0
    }

    pub(super) fn byte(&mut self) -> u8 {
        self.bytes.next().copied().unwrap_or(0)
    }

    /// One of `0..count`, at most 256.
    pub(super) fn below(&mut self, count: usize) -> usize {
        usize::from(self.byte()) % count.max(1)
    }

    /// True for about so many of a hundred.
    pub(super) fn percent(&mut self, percent: u32) -> bool {
        // The largest bytes, so that the end of the bytes is a no.
        u32::from(self.byte()) * 100 >= (100 - percent) * 256
    }

    pub(super) fn one<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }

    pub(super) fn number(&mut self) -> i64 {
        i64::from_le_bytes(std::array::from_fn(|_| self.byte()))
    }
}

/// The smallest bytes that still fail, as far as leaving parts out and making bytes smaller leads.
pub fn shrink(mut bytes: Vec<u8>, fails: &mut dyn FnMut(&[u8]) -> bool) -> Vec<u8> {
    loop {
        let before = bytes.clone();
        let mut part = bytes.len().div_ceil(2);
        while part > 0 {
            let mut at = 0;
            while at < bytes.len() {
                let end = (at + part).min(bytes.len());
                let without: Vec<u8> = bytes[..at].iter().chain(&bytes[end..]).copied().collect();
                if fails(&without) {
                    bytes = without;
                } else {
                    at += part;
                }
            }
            part /= 2;
        }
        for at in 0..bytes.len() {
            for smaller in [0, bytes[at] / 2, bytes[at].saturating_sub(1)] {
                let mut candidate = bytes.clone();
                candidate[at] = smaller;
                if smaller < bytes[at] && fails(&candidate) {
                    bytes = candidate;
                    break;
                }
            }
        }
        if bytes == before {
            return bytes;
        }
    }
}
