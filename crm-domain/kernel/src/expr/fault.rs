//! What can be wrong with an expression, with its place.

use crate::error::{Code, Error};

/// The faults with their meaning: `fault` of an `expression.invalid`. Only added to.
pub const FAULTS: &[(&str, &str)] = &[
    ("syntax", "something else was expected here"),
    ("too_long", "the text is longer than 8 kB"),
    ("too_deep", "more than 40 levels of brackets, or too many operators one inside the other"),
    ("chain_too_long", "more than 200 operands of one operator"),
    ("bad_number", "a number with more than 18 digits, an exponent or leading zeros"),
    ("bad_text", "an escape that is none, or U+0000"),
    ("bad_date", "there is no such day or point in time"),
    ("bad_id", "a text compared with a reference is not an id"),
    ("bad_parameter", "a parameter's value is not of its type"),
    ("unknown_field", "neither a field nor a name that is known here"),
    ("unknown_function", "no such function"),
    ("not_readable", "a field that expressions cannot read, or not in this way"),
    ("wrong_arguments", "more or fewer arguments than the function has, or another one than it wants"),
    ("type_mismatch", "a value of another type is wanted here"),
    ("not_an_option", "a text compared with a choice is none of its options"),
    ("too_many_decimals", "a product of more than 18 decimals: a factor has to be rounded"),
];

/// A fault at a place in the text, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub code: &'static str,
    pub at: usize,
    pub end: usize,
    pub detail: String,
}

impl Fault {
    pub fn new(code: &'static str, (at, end): (usize, usize), detail: impl Into<String>) -> Fault {
        debug_assert!(FAULTS.iter().any(|(known, _)| *known == code));
        Fault { code, at, end, detail: detail.into() }
    }

    /// The same fault in a text in which the expression begins at `base`.
    pub fn shifted(mut self, base: usize) -> Fault {
        self.at += base;
        self.end += base;
        self
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Error {
        let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        Code::BAD_EXPRESSION
            .error()
            .with("at", number(fault.at))
            .with("length", number(fault.end.saturating_sub(fault.at)))
            .coded("fault", "fault", fault.code)
            .with("detail", fault.detail)
    }
}
