//! The text files: one folder a language, one file an area. A test fails on missing and on unused ones.

use crm_kernel::context::Language;
use crm_kernel::error::Result;
use crm_kernel::text::Texts;

macro_rules! files {
    ($($area:literal),* $(,)?) => {
        &[$([
            include_str!(concat!("../text/zh-CN/", $area, ".json")),
            include_str!(concat!("../text/zh-TW/", $area, ".json")),
            include_str!(concat!("../text/en/", $area, ".json")),
        ]),*]
    };
}

/// One row an area, in the order of [`Language::ALL`].
const FILES: &[[&str; 3]] = files![
    "kernel",
    "doors",
    "records",
    "org",
    "settings",
    "parties",
    "catalog",
    "pricing",
    "approval",
    "messaging",
    "quoting",
    "ordering",
    "finance",
    "credit",
    "services",
    "fulfilment",
    "analytics",
    "imports"
];

/// Codes that refusals hold beside states, kinds and verbs; their texts are `word.<code>`.
#[cfg(test)]
pub(crate) const WORDS: &[&str] = &[
    "already_asked",
    "approver",
    "balance_beside_weights",
    "balance_with_value",
    "below_zero",
    "customer",
    "database",
    "delivered",
    "empty",
    "fallback",
    "field_holds_no_lines",
    "inactive",
    "invoiced",
    "key_is_no_field",
    "kind_or_operation",
    "language_twice",
    "lines_without_document",
    "lines_without_of",
    "list.currency",
    "list.customer_class",
    "list.expired",
    "list.inactive",
    "list.not_yet_valid",
    "list.region",
    "need_without_quorum",
    "nested",
    "no_approvers",
    "no_balance",
    "no_column_name",
    "no_date_format",
    "no_import_operation",
    "no_lines",
    "no_reason",
    "no_such_field",
    "no_such_value",
    "no_text",
    "not_a_condition",
    "not_a_date",
    "not_a_recipient",
    "not_a_time",
    "not_an_employee",
    "not_positive",
    "not_utf8",
    "null",
    "on_behalf",
    "one_part",
    "over_100_percent",
    "own_rates",
    "quorum",
    "receipt_action",
    "reference_by_no_field",
    "returned",
    "salesperson",
    "session",
    "step_number",
    "submitter",
    "too_long",
    "two_balances",
    "unknown_language",
    "value_or_constant",
];

/// All texts. Errors: `request.invalid_json` where a file is none.
pub fn texts() -> Result<Texts> {
    let mut texts = Texts::default();
    for files in FILES {
        for (language, file) in Language::ALL.into_iter().zip(files) {
            texts.add(language, file)?;
        }
    }
    Ok(texts)
}
