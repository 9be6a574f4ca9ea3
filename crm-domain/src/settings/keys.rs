//! The settings table: every key with what it takes and what holds where it was never set.

use super::{BAD_SETTING, Setting, UNKNOWN_SETTING};
use crm_kernel::Record;
use crm_kernel::dec::Dec;
use crm_kernel::error::{Code, Result};
use crm_kernel::expr::node::Ty;
use crm_kernel::json::Json;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::record::Record as _;
use crm_kernel::value::Value;
use crm_kernel::work::Work;
use std::collections::HashMap;
use std::sync::Arc;

/// What a setting takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// `true` or `false`.
    Bool,
    /// An integer from the first to the second.
    Int(i64, i64),
    /// One of these codes.
    OneOf(&'static [&'static str]),
    /// Any short code.
    Code,
    /// Integers that rise, such as the limits of ageing, in days.
    Rising,
    /// A decimal as text, not below zero.
    Dec,
}

/// One key of the table.
#[derive(Clone, Copy, Debug)]
pub struct SettingDef {
    /// The key.
    pub key: &'static str,
    /// What it takes.
    pub takes: Takes,
    /// The value where it was never set, as JSON text.
    pub default: &'static str,
    /// What it decides, in English.
    pub doc: &'static str,
}

const fn key(key: &'static str, takes: Takes, default: &'static str, doc: &'static str) -> SettingDef {
    SettingDef { key, takes, default, doc }
}

/// All settings.
pub const SETTINGS: &[SettingDef] = &[
    key(
        "order.approval",
        Takes::OneOf(&["required", "none"]),
        "\"required\"",
        "Whether an order needs approval; with `none`, submitting approves.",
    ),
    key(
        "quote.approval",
        Takes::OneOf(&["required", "none"]),
        "\"required\"",
        "Whether a quote needs approval; with `none`, submitting approves.",
    ),
    key(
        "quote.validity",
        Takes::OneOf(&["inclusive", "exclusive"]),
        "\"inclusive\"",
        "Whether a quote can still be accepted on its last day.",
    ),
    key(
        "quote.validity_days",
        Takes::Int(0, 3_650),
        "30",
        "Days that a quote is valid where it does not say.",
    ),
    key(
        "tax.calculation",
        Takes::OneOf(&["per_line", "per_document"]),
        "\"per_line\"",
        "Whether tax is rounded on every line or once for each tax of a document.",
    ),
    key(
        "tax.base",
        Takes::OneOf(&["rounded", "unrounded"]),
        "\"rounded\"",
        "Whether tax is of the amounts that are shown or of what they were before they were rounded; of prices without tax.",
    ),
    key(
        "document.allocation",
        Takes::OneOf(&["largest_remainder", "last_absorbs", "smooth"]),
        "\"largest_remainder\"",
        "How a discount on a document is shared out over its lines.",
    ),
    key("prices.include_tax", Takes::Bool, "false", "Whether unit prices hold the tax already."),
    key(
        "credit.breach",
        Takes::OneOf(&["needs_approval", "refuse"]),
        "\"needs_approval\"",
        "What becomes of an order beyond a credit limit.",
    ),
    key(
        "pricing.strategy",
        Takes::Code,
        "\"specificity\"",
        "The named strategy that chooses among price rules that all match.",
    ),
    key(
        "pricing.margin_of",
        Takes::OneOf(&["price", "list"]),
        "\"price\"",
        "Whether the least margin of a product is per cent of the price charged or of the list price.",
    ),
    key(
        "receivables.start",
        Takes::OneOf(&["invoice", "order"]),
        "\"invoice\"",
        "Whether a debt is booked when it is invoiced, or when its order is approved.",
    ),
    key(
        "credit.watch_ratio",
        Takes::Dec,
        "\"0.9\"",
        "From which part of a credit limit on its holder is watched.",
    ),
    key("ageing.limits", Takes::Rising, "[30,60,90]", "Last days of the ageing buckets, in days past due."),
    key(
        "password.rounds",
        Takes::Int(1_000, 10_000_000),
        "600000",
        "How often a new password goes through the hash function: more is safer and slower.",
    ),
    key("fiscal_year.first_month", Takes::Int(1, 12), "1", "The month in which the fiscal year begins."),
    key(
        "order.self_approval",
        Takes::Bool,
        "false",
        "Whether somebody may approve an order that he or she submitted.",
    ),
    key(
        "quote.self_approval",
        Takes::Bool,
        "false",
        "Whether somebody may approve a quote that he or she submitted.",
    ),
    key(
        "delivery.tolerance",
        Takes::Dec,
        "\"0\"",
        "By how many per cent more than ordered may be delivered of a line, all deliveries together.",
    ),
];

/// The value of a setting; its default where it was never set. Errors: `setting.unknown`.
pub fn setting(work: &mut Work<'_>, key: &str) -> Result<Json> {
    let def = def(key)?;
    let values = work.once(Setting::NO, "", |work| {
        let set = work.select::<Setting>("true", &[])?;
        let value = |def: &SettingDef| match set.iter().find(|set| set.key == def.key) {
            Some(set) => Ok((def.key, set.value.clone())),
            None => Json::parse(def.default).map(|value| (def.key, value)),
        };
        SETTINGS.iter().map(value).collect::<Result<HashMap<&str, Json>>>().map(Arc::new)
    })?;
    Ok(values.get(def.key).cloned().unwrap_or_default())
}

/// A setting that holds a code, as text. Errors as [`setting`].
pub fn setting_code(work: &mut Work<'_>, key: &str) -> Result<String> {
    Ok(setting(work, key)?.as_text().unwrap_or_default().to_owned())
}

fn def(key: &str) -> Result<&'static SettingDef> {
    SETTINGS.iter().find(|def| def.key == key).ok_or_else(|| UNKNOWN_SETTING.at("/key").with("key", key))
}

/// True where a setting takes a value.
pub(super) fn takes(takes: Takes, value: &Json) -> bool {
    match takes {
        Takes::Bool => matches!(value, Json::Bool(_)),
        Takes::Int(least, most) => value.as_int().is_some_and(|value| (least..=most).contains(&value)),
        Takes::OneOf(codes) => value.as_text().is_some_and(|text| codes.contains(&text)),
        Takes::Code => value.as_text().is_some_and(|text| !text.is_empty() && text.len() <= 60),
        Takes::Rising => value.as_list().is_some_and(|list| {
            let numbers: Option<Vec<i64>> = list.iter().map(Json::as_int).collect();
            let rising = |numbers: Vec<i64>| {
                !numbers.is_empty() && numbers.len() <= 24 && numbers.is_sorted_by(|a, b| a < b)
            };
            numbers.is_some_and(rising)
        }),
        Takes::Dec => {
            value.as_text().and_then(|text| Dec::parse(text).ok()).is_some_and(|dec| !dec.is_negative())
        }
    }
}

fn wanted(takes: Takes) -> String {
    match takes {
        Takes::Bool => "true, false".to_owned(),
        Takes::Int(least, most) => format!("{least}..{most}"),
        Takes::OneOf(codes) => codes.join(", "),
        Takes::Code => "code".to_owned(),
        Takes::Rising => "[1, 2, ...]".to_owned(),
        Takes::Dec => "\"0.00\"".to_owned(),
    }
}

/// Sets a setting of the enterprise.
#[derive(Clone, Debug, Record)]
#[record(name = "setting_set")]
pub struct Set {
    /// The key.
    pub key: String,
    /// The value; null goes back to the default.
    pub value: Option<Json>,
}

/// A setting as it stands.
#[derive(Clone, Debug, Record)]
#[record(name = "setting_value")]
pub struct SettingValue {
    /// The key.
    pub key: String,
    /// The value.
    pub value: Json,
    /// True where it was never set, or set back.
    pub is_default: bool,
    /// What it takes.
    pub takes: String,
    /// Its label in the caller's language.
    pub label: String,
    /// What it decides, in English.
    pub description: String,
}

impl Operation for Set {
    const NAME: &'static str = "setting.set";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "setting", verb: "update" };
    const ERRORS: &'static [Code] = &[UNKNOWN_SETTING, BAD_SETTING];
    const CAPABILITIES: &'static [&'static str] = &["CFG-14"];
    const EXAMPLE: &'static str = r#"{"key":"quote.validity_days","value":45}"#;
    type Answer = SettingValue;

    fn run(self, work: &mut Work<'_>) -> Result<SettingValue> {
        let def = def(&self.key)?;
        let names = [("k", Ty::Text, Value::Text(self.key.clone()))];
        let stored = work.system(|work| work.only::<Setting>("key == k", &names))?;
        let Some(value) = self.value.filter(|value| !value.is_null()) else {
            if let Some(stored) = stored {
                work.delete(&stored)?;
            }
            return shown(work, def, None);
        };
        if !takes(def.takes, &value) {
            return Err(BAD_SETTING.at("/value").with("key", def.key).with("takes", wanted(def.takes)));
        }
        match stored {
            Some(mut stored) => {
                stored.value = value.clone();
                work.save(&mut stored)?;
            }
            None => {
                work.insert(&Setting { key: self.key, value: value.clone() })?;
            }
        }
        shown(work, def, Some(value))
    }
}

/// Lists all settings with their values.
#[derive(Clone, Debug, Record)]
#[record(name = "setting_list")]
pub struct List {}

/// All settings.
#[derive(Clone, Debug, Record)]
#[record(name = "setting_list_answer")]
pub struct ListAnswer {
    /// In the order of the table.
    pub settings: Vec<SettingValue>,
}

impl Operation for List {
    const NAME: &'static str = "setting.list";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::Right { kind: "setting", verb: "read" };
    const CAPABILITIES: &'static [&'static str] = &["CFG-14"];
    const EXAMPLE: &'static str = "{}";
    type Answer = ListAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<ListAnswer> {
        let stored = work.system(|work| work.select::<Setting>("true", &[]))?;
        let value_of = |def: &SettingDef| {
            stored.iter().find(|found| found.key == def.key).map(|found| found.value.clone())
        };
        let settings = SETTINGS.iter().map(|def| shown(work, def, value_of(def))).collect::<Result<_>>()?;
        Ok(ListAnswer { settings })
    }
}

fn shown(work: &Work<'_>, def: &SettingDef, value: Option<Json>) -> Result<SettingValue> {
    let is_default = value.is_none();
    let value = match value {
        Some(value) => value,
        None => Json::parse(def.default)?,
    };
    Ok(SettingValue {
        key: def.key.to_owned(),
        value,
        is_default,
        takes: wanted(def.takes),
        label: work.model().texts().get(work.context().language, &format!("setting.{}", def.key)).to_owned(),
        description: def.doc.to_owned(),
    })
}
