//! Rows that are left out, and rows that are refused.

use super::REJECTED;
use super::mapping::Reject;
use super::source::{Source, evaluate};
use crm_kernel::error::{Error, Result};
use crm_kernel::expr::Expr;
use crm_kernel::value::{Row, Value};

/// The conditions of a mapping on whole rows.
pub(super) struct Sieve {
    skip: Option<Expr>,
    reject: Vec<(Expr, String)>,
}

/// What is done with a row.
pub(super) enum Verdict {
    Take,
    /// Left out and counted.
    Skip,
    /// Refused, with the mapping's reason.
    Reject(Error),
}

impl Sieve {
    /// Checks the conditions. Errors: `expression.invalid` with the place in the mapping.
    pub(super) fn new(source: &Source, skip: Option<&str>, reject: &[Reject], path: &str) -> Result<Sieve> {
        let skip = skip.map(|text| source.condition(text, &format!("{path}/skip"))).transpose()?;
        let reject = reject.iter().enumerate().map(|(at, reject)| {
            let when = source.condition(&reject.when, &format!("{path}/reject/{at}/when"))?;
            Ok((when, reject.reason.clone()))
        });
        Ok(Sieve { skip, reject: reject.collect::<Result<_>>()? })
    }

    pub(super) fn judge(&self, row: &Row) -> Verdict {
        if self.skip.as_ref().is_some_and(|skip| holds(skip, row)) {
            return Verdict::Skip;
        }
        match self.reject.iter().find(|(when, _)| holds(when, row)) {
            Some((_, reason)) => Verdict::Reject(REJECTED.error().with("reason", reason.clone())),
            None => Verdict::Take,
        }
    }
}

/// True where a condition holds for a row.
pub(super) fn holds(condition: &Expr, row: &Row) -> bool {
    evaluate(condition, row) == Value::Bool(true)
}
