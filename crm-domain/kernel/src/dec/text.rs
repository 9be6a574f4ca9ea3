//! Decimals as text.

use super::{Dec, DecError, LIMIT, unit_of};
use std::fmt;
use std::iter::repeat_n;
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
        write_text(&mut text, *self, decimals).unwrap_or_default();
        text
    }
}

impl fmt::Display for Dec {
    /// Canonical text: no trailing zeros, no `-0`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
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

fn write_text(out: &mut String, value: Dec, decimals: u8) -> fmt::Result {
    use fmt::Write;
    let value = value.normalize();
    let unit = unit_of(value.scale);
    let (whole, fraction) = (value.magnitude() / unit, value.magnitude() % unit);
    if value.is_negative() {
        out.push('-');
    }
    write!(out, "{whole}")?;
    let width = usize::from(value.scale);
    if value.scale > 0 {
        write!(out, ".{fraction:0width$}")?;
    } else if decimals > 0 {
        out.push('.');
    }
    out.extend(repeat_n('0', usize::from(decimals.saturating_sub(value.scale))));
    Ok(())
}
