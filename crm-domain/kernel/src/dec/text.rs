//! Decimals as text.

use super::sum::{LIMB, LIMB_DIGITS};
use super::{Dec, DecError, LIMIT, div_rem};
use std::fmt;
use std::iter::repeat_n;
use std::ops::Range;
use std::str::FromStr;

impl Dec {
    /// Reads a plain decimal: an optional `-`, digits, and optionally `.` and digits. The decimals written are
    /// kept as the scale. `-0` is 0.
    ///
    /// # Errors
    /// [`DecError::Syntax`] for anything else: `+1`, `1e3`, `1,000`, `.5`, `5.`, `007`, blanks.
    /// [`DecError::OutOfRange`] if the value needs more than 38 digits.
    pub fn parse(text: &str) -> Result<Dec, DecError> {
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, decimals) = match unsigned.split_once('.') {
            Some((_, "")) => return Err(DecError::Syntax),
            Some(parts) => parts,
            None => (unsigned, ""),
        };
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !all_digits(whole) || !all_digits(decimals) {
            return Err(DecError::Syntax);
        }
        if whole.len() > 1 && whole.starts_with('0') {
            return Err(DecError::Syntax);
        }
        let magnitude =
            read_digits(whole, decimals).or_else(|| read_digits(whole, decimals.trim_end_matches('0')));
        match magnitude {
            Some((magnitude, scale)) => Ok(Dec::from_parts(negative, magnitude, scale)),
            None => Err(DecError::OutOfRange),
        }
    }

    /// Canonical text with at least `decimals` decimals, padded with zeros: the text of money. Decimals beyond
    /// that are never cut.
    pub fn to_text_scale(&self, decimals: u8) -> String {
        let mut text = String::new();
        self.write_text(&mut text, decimals);
        text
    }

    /// Appends what [`Dec::to_text_scale`] gives.
    fn write_text(self, out: &mut String, decimals: u8) {
        if self.is_negative() {
            out.push('-');
        }
        parts(self, decimals, |whole, shown| {
            out.push_str(whole);
            if !shown.is_empty() || decimals > 0 {
                out.push('.');
                out.push_str(shown);
            }
        });
        out.extend(repeat_n('0', usize::from(decimals.saturating_sub(self.scale))));
    }
}

impl fmt::Display for Dec {
    /// Canonical text: no trailing zeros, no `-0`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if f.width().is_none() && !f.sign_plus() {
            return f.write_str(&self.to_text_scale(0));
        }
        // Not `pad`: it would cut the text where a precision is given.
        f.pad_integral(!self.is_negative(), "", &self.abs().to_text_scale(0))
    }
}

impl fmt::Debug for Dec {
    /// All decimals kept, so that 1.0 and 1.00 can be told apart.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Dec({})", self.to_text_scale(self.scale))
    }
}

impl FromStr for Dec {
    type Err = DecError;

    /// As [`Dec::parse`].
    fn from_str(text: &str) -> Result<Dec, DecError> {
        Dec::parse(text)
    }
}

/// The digits of both parts as one number, with the count of decimals; none if it has more than 38 digits.
fn read_digits(whole: &str, decimals: &str) -> Option<(u128, u8)> {
    let scale = u8::try_from(decimals.len()).ok().filter(|scale| *scale <= Dec::MAX_SCALE)?;
    let mut magnitude: u128 = 0;
    for byte in whole.bytes().chain(decimals.bytes()) {
        let digit = u128::from(byte.saturating_sub(b'0'));
        magnitude = magnitude.checked_mul(10)?.checked_add(digit).filter(|value| *value < LIMIT)?;
    }
    Some((magnitude, scale))
}

/// Digits of the longest decimal: 38 decimals and a 0 before the point.
const LONGEST: usize = 39;

/// Hands on the digits of a value before its point and behind it, there without trailing zeros beyond `least`.
fn parts<R>(value: Dec, least: u8, hand: impl FnOnce(&str, &str) -> R) -> R {
    let mut text = [b'0'; LONGEST];
    let (high, low) = div_rem(value.magnitude(), LIMB);
    let mut used = put_digits(&mut text, low);
    if high > 0 {
        used = LIMB_DIGITS + put_digits(text.get_mut(..LONGEST - LIMB_DIGITS).unwrap_or_default(), high);
    }
    // INVARIANT: the scale is at most 38, so there is a digit before the point.
    let point = LONGEST.saturating_sub(usize::from(value.scale));
    let first = LONGEST.saturating_sub(used).min(point.saturating_sub(1));
    let decimals = text.get(point..).unwrap_or_default();
    let shown = decimals.iter().rposition(|digit| *digit != b'0').map_or(0, |last| last + 1);
    let shown = shown.max(usize::from(least.min(value.scale)));
    let part =
        |range: Range<usize>| std::str::from_utf8(text.get(range).unwrap_or_default()).unwrap_or_default();
    hand(part(first..point), part(point..point + shown))
}

/// Puts the digits of a number below 10^19 at the end of a text; how many they are.
fn put_digits(text: &mut [u8], number: u128) -> usize {
    let mut rest = u64::try_from(number).unwrap_or(0);
    let mut used = 0;
    for digit in text.iter_mut().rev() {
        if rest == 0 {
            break;
        }
        *digit = b'0' + u8::try_from(rest % 10).unwrap_or(0);
        rest /= 10;
        used += 1;
    }
    used
}
