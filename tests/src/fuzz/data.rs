//! Nasty values, and records full of them.

use super::choices::Choices;
use super::schema::{ACCOUNT, DEAL, LINE, ZONE};
use crm_kernel::catalogue::{Catalogue, Kind};
use crm_kernel::date::{Date, Instant};
use crm_kernel::id::Id;
use crm_kernel::json::Json;
use crm_kernel::record::FieldType;
use crm_kernel::store::Store;
use crm_kernel::value::{Num, Row, Value};
use std::sync::Arc;

/// Texts that fold, compose, sort or quote in unexpected ways.
pub(super) const TEXTS: &[&str] = &[
    "",
    "a",
    "A",
    "b",
    "ab",
    "aB",
    "ba",
    "ä",
    "Ä",
    "a\u{308}",
    "A\u{308}",
    "ß",
    "ẞ",
    "ss",
    "İ",
    "i",
    "ı",
    "I",
    "ſ",
    "s",
    "K",
    "k",
    "Σ",
    "σ",
    "ς",
    "ﬀ",
    "\u{ffff}",
    "😀",
    "😀a",
    "\u{10ffff}",
    " a ",
    "\u{3000}x\u{a0}",
    "\t",
    "\n",
    "%",
    "_",
    "a_b",
    "'",
    "\"",
    "\\",
    "''",
    "{{a}}",
    "?1",
    "null",
    "0",
    "open",
    "won",
    "straße",
    "STRASSE",
    "EUR",
    "\u{1}",
];

/// Days at the ends of the calendar, of months, of leap years and of ISO weeks.
pub(super) const DAYS: &[&str] = &[
    "2024-02-29",
    "0001-01-01",
    "9999-12-31",
    "2023-02-28",
    "2024-01-31",
    "2024-03-31",
    "2024-12-30",
    "2024-12-31",
    "2021-01-03",
    "2021-01-04",
    "1970-01-01",
    "1969-12-31",
    "1900-02-28",
    "2000-02-29",
    "0001-12-31",
    "9999-11-30",
    "0004-02-29",
    "9999-01-01",
    "2026-05-31",
];

/// Moments at the ends of the calendar and around midnight.
pub(super) const MOMENTS: &[&str] = &[
    "2024-02-29T12:00:00Z",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999Z",
    "1970-01-01T00:00:00Z",
    "1969-12-31T23:59:59.999Z",
    "2024-12-31T23:59:59.999Z",
    "2025-01-01T00:00:00Z",
    "2024-02-28T23:59:30Z",
    "2024-03-01T00:00:30.001Z",
    "0001-01-01T23:59:59.999Z",
];

const CODES: &[&str] = &["open", "won", "lost"];
const CURRENCIES: &[&str] = &["EUR", "JPY", "CNY"];

/// A value that a column of the type can hold; null for one in four. `records` gives how many records a kind has.
pub(super) fn value(choices: &mut Choices, ty: &FieldType, records: &dyn Fn(u32) -> i64) -> Value {
    if choices.percent(25) {
        return Value::Null;
    }
    let text = |text: &str| Value::Text(text.to_owned());
    match ty {
        FieldType::Bool => Value::Bool(choices.below(2) == 1),
        FieldType::Int | FieldType::Num { .. } => {
            let (digits, scale) = ty.numeric().unwrap();
            Value::Num(Num { mantissa: mantissa(choices, digits, scale), scale })
        }
        FieldType::Text { .. } | FieldType::Picklist(_) => text(choices.one(TEXTS)),
        FieldType::Choice(_) => text(choices.one(CODES)),
        FieldType::Currency => text(choices.one(CURRENCIES)),
        FieldType::Date if choices.percent(20) => {
            Date::from_days(choices.number().rem_euclid(3_652_059) - 719_162).map_or(Value::Null, Value::Date)
        }
        FieldType::Date => Value::Date(Date::parse(choices.one(DAYS)).unwrap()),
        FieldType::Instant if choices.percent(20) => {
            let millis = choices.number().rem_euclid(4_000_000_000_000) - 1_000_000_000_000;
            Instant::from_millis(millis).map_or(Value::Null, Value::Instant)
        }
        FieldType::Instant => Value::Instant(Instant::parse(choices.one(MOMENTS)).unwrap()),
        FieldType::Ref(to) => reference(choices, records(*to)),
        FieldType::AnyRef => reference(choices, 5),
        FieldType::Json => Value::Json(Json::Int(i64::from(choices.byte())).into()),
        _ => Value::Null,
    }
}

fn reference(choices: &mut Choices, records: i64) -> Value {
    let id = 1 + i64::from(choices.byte()) % records.max(1);
    if records == 0 { Value::Null } else { Id::new(id).map_or(Value::Null, Value::Ref) }
}

/// 0, one unit, one, halves at the last decimals, everything full of nines, and anything.
fn mantissa(choices: &mut Choices, digits: u8, scale: u8) -> i64 {
    let limit = 10_i64.pow(u32::from(digits));
    let one = 10_i64.checked_pow(u32::from(scale)).filter(|one| *one < limit).unwrap_or(1);
    let unsigned = match choices.below(12) {
        0 => 0,
        1 => 1,
        2 => limit - 1,
        3 => one,
        4 => 5,
        5 => one / 2,
        6 => one + one / 2,
        7 => one / 200,
        8 => i64::from(choices.byte()) * one / 4,
        9 => limit / 10,
        10 => choices.number().rem_euclid(limit),
        _ => i64::from(choices.byte()),
    };
    let unsigned = unsigned.rem_euclid(limit);
    if choices.percent(40) { -unsigned } else { unsigned }
}

/// How many records of each kind a world has.
#[derive(Clone, Copy)]
pub(super) struct World {
    pub zones: i64,
    pub accounts: i64,
    pub deals: i64,
}

impl World {
    /// Fills stores with the same records.
    pub(super) fn fill(self, bytes: &[u8], catalogue: &Arc<Catalogue>, stores: &mut [Box<dyn Store>]) {
        let rows = self.rows(&mut Choices::new(bytes), catalogue);
        for store in stores {
            let mut tx = store.begin(true, catalogue).unwrap();
            tx.migrate(catalogue).unwrap();
            for (kind, row) in &rows {
                tx.put(*kind, None, row).unwrap();
            }
            tx.commit().unwrap();
        }
    }

    fn rows(self, choices: &mut Choices, catalogue: &Catalogue) -> Vec<(u32, Row)> {
        let mut rows = Vec::new();
        for (kind, count) in [(ZONE, self.zones), (ACCOUNT, self.accounts), (DEAL, self.deals)] {
            let of = catalogue.kind(kind).unwrap();
            // A record refers to what was put before it, and to itself.
            rows.extend((1..=count).map(|id| (kind, self.row(choices, catalogue, of, id, id))));
        }
        rows
    }

    fn row(self, choices: &mut Choices, catalogue: &Catalogue, kind: &Kind, id: i64, so_far: i64) -> Row {
        let records = |to: u32| match to {
            ZONE => self.zones,
            ACCOUNT if kind.no() == ACCOUNT => so_far,
            ACCOUNT => self.accounts,
            _ => self.deals,
        };
        let values = kind.fields().iter().map(|field| match &field.ty {
            FieldType::Children(_) => {
                let child = catalogue.kind(LINE).unwrap();
                let mut lines: Vec<Row> = (1..=choices.below(5) as i64)
                    .map(|no| Row { version: 0, ..self.row(choices, catalogue, child, no * 2, so_far) })
                    .collect();
                if choices.percent(30) {
                    lines.reverse();
                }
                Value::Rows(lines)
            }
            ty => value(choices, ty, &records),
        });
        Row { id, version: 1, values: values.collect() }
    }
}
