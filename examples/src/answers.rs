//! Answers: figures computed by reports that are data, in a shape that is data.
//!
//! An answer is `{op, request}` with one word for its shape: `sum` and `sums` give `{lines, <column of the policy>}`,
//! `map` key to value, `pairs` lists of key and value, `keys` a list, `cell`, `integer` and `value` one value,
//! `sums_of` folds rows by key, `rfm` and `ageing` those operations. `object`, `difference`, `count` and `constant`
//! put answers together. What may stand where is checked before ([`check`](crate::check)); a column or pointer that the
//! answer does not have is refused in its place.

use crate::desk::{Desk, filled, object, text};
use crate::failure::Failure;
use crm_kernel::date::Date;
use crm_kernel::dec::Dec;
use crm_kernel::json::Json;
use std::collections::BTreeMap;

type Result<T> = std::result::Result<T, Failure>;

/// How sums are named and written under a rounding policy.
pub struct Policy {
    /// The column: `line_half_up_2dp`, `line_half_even_2dp` or `exact`.
    pub column: &'static str,
    /// Least decimals written.
    pub decimals: u8,
    names: [(&'static str, &'static str); 2],
}

impl Policy {
    /// From the command line's word.
    pub fn of(rounding: &str) -> Policy {
        match rounding {
            "half-even" => Policy {
                column: "line_half_even_2dp",
                decimals: 2,
                names: [("rounding", "half_even"), ("places", "2")],
            },
            "exact" => {
                Policy { column: "exact", decimals: 0, names: [("rounding", "half_up"), ("places", "4")] }
            }
            _ => Policy {
                column: "line_half_up_2dp",
                decimals: 2,
                names: [("rounding", "half_up"), ("places", "2")],
            },
        }
    }
}

/// The date of the last order; none where there are no orders.
pub fn last_order(desk: &Desk, reports: &Json) -> Result<Option<Date>> {
    let Some(spec) = reports.get("last_order") else { return Ok(None) };
    let answer = run(desk, spec, &[])?;
    Ok(Date::parse(&text(&answer, "/rows/0/0")).ok())
}

/// All answers, by key.
pub fn answers(desk: &Desk, reports: &Json, as_of: Date, policy: &Policy) -> Result<Json> {
    let as_of = as_of.to_string();
    let mut names = vec![("as_of", as_of.as_str())];
    names.extend(policy.names);
    let specs = reports.get("answers").and_then(Json::as_object).unwrap_or_default();
    let answers = specs.iter().map(|(key, spec)| {
        let answer = answer(desk, spec, &names, policy);
        Ok((key.clone(), answer.map_err(|failure| failure.within(format!("/answers/{key}")))?))
    });
    answers.collect::<Result<Vec<_>>>().map(Json::Object)
}

fn run(desk: &Desk, spec: &Json, names: &[(&str, &str)]) -> Result<Json> {
    let request = filled(spec.get("request").unwrap_or(&Json::Null), names);
    Ok(desk.call(&text(spec, "/op"), &request)?)
}

fn answer(desk: &Desk, spec: &Json, names: &[(&str, &str)], policy: &Policy) -> Result<Json> {
    if let Some(Json::Object(members)) = spec.get("object") {
        let inner = members.iter().map(|(key, spec)| {
            let answer = answer(desk, spec, names, policy);
            Ok((key.clone(), answer.map_err(|failure| failure.within(format!("/object/{key}")))?))
        });
        return inner.collect::<Result<Vec<_>>>().map(Json::Object);
    }
    if let Some(constant) = spec.get("constant") {
        return Ok(filled(constant, names));
    }
    if let Some(counted) = spec.get("count") {
        let list = answer(desk, counted, names, policy)?;
        return Ok(Json::Int(list.as_list().map_or(0, |list| i64::try_from(list.len()).unwrap_or(i64::MAX))));
    }
    if let Some([all, without]) = spec.get("difference").and_then(Json::as_list) {
        let all = answer(desk, all, names, policy)?;
        let without = answer(desk, without, names, policy)?;
        let without = without.as_list().unwrap_or_default().to_vec();
        let rest = all.as_list().unwrap_or_default().iter().filter(|item| !without.contains(item)).cloned();
        return Ok(Json::List(rest.collect()));
    }
    shape(desk, spec, &run(desk, spec, names)?, names, policy)
}

fn shape(desk: &Desk, spec: &Json, answer: &Json, names: &[(&str, &str)], policy: &Policy) -> Result<Json> {
    let rows = Rows::of(answer);
    rows.require(spec)?;
    let decimals =
        spec.get("decimals").and_then(Json::as_int).and_then(|n| u8::try_from(n).ok()).unwrap_or(0);
    let pair = |key: &str| -> Option<(String, String)> {
        match spec.get(key).and_then(Json::as_list) {
            Some([a, b]) => Some((a.as_text()?.to_owned(), b.as_text()?.to_owned())),
            _ => None,
        }
    };
    if let Some(pointer) = spec.get("value").and_then(Json::as_text) {
        let value = answer.at(pointer).cloned();
        return value.ok_or_else(|| Failure::Said(format!("`{pointer}` leads nowhere in the answer")));
    }
    if let Some(column) = spec.get("cell").and_then(Json::as_text) {
        return Ok(padded(&rows.cell(0, column), decimals));
    }
    if let Some(column) = spec.get("integer").and_then(Json::as_text) {
        let cell = rows.cell(0, column);
        return Ok(cell.as_text().and_then(|text| text.parse().ok()).map_or(cell, Json::Int));
    }
    if let Some(column) = spec.get("sum").and_then(Json::as_text) {
        return Ok(sum(&rows.cell(0, "lines"), &rows.cell(0, column), policy));
    }
    if let Some((key, amount)) = pair("sums") {
        let members = (0..rows.len()).map(|at| {
            (shown(&rows.cell(at, &key)), sum(&rows.cell(at, "lines"), &rows.cell(at, &amount), policy))
        });
        return Ok(Json::Object(members.collect()));
    }
    if let Some((key, amount)) = pair("sums_of") {
        let mut groups: BTreeMap<String, (i64, Dec)> = BTreeMap::new();
        for at in 0..rows.len() {
            let group = groups.entry(shown(&rows.cell(at, &key))).or_default();
            *group = (group.0 + 1, group.1.add(dec(&rows.cell(at, &amount))?)?);
        }
        let members = groups.into_iter().map(|(key, (lines, amount))| {
            (key, sum(&Json::Int(lines), &Json::Text(amount.to_string()), policy))
        });
        return Ok(Json::Object(members.collect()));
    }
    if let Some((key, value)) = pair("map") {
        let members =
            (0..rows.len()).map(|at| (shown(&rows.cell(at, &key)), padded(&rows.cell(at, &value), decimals)));
        return Ok(Json::Object(members.collect()));
    }
    if let Some((key, value)) = pair("pairs") {
        let items = (0..rows.len()).map(|at| Json::List(vec![rows.cell(at, &key), rows.cell(at, &value)]));
        return Ok(Json::List(items.collect()));
    }
    if let Some(key) = spec.get("keys").and_then(Json::as_text) {
        return Ok(Json::List((0..rows.len()).map(|at| rows.cell(at, key)).collect()));
    }
    if spec.get("rfm").is_some() {
        return Ok(rfm(answer));
    }
    if let Some(wanted) = spec.get("ageing") {
        let limits = match wanted.get("limits") {
            Some(limits) => self::answer(desk, limits, names, policy)?,
            None => Json::object(),
        };
        return ageing(answer, &limits);
    }
    Ok(answer.clone())
}

/// The rows of a report, read by column.
struct Rows<'a> {
    columns: Vec<&'a str>,
    rows: &'a [Json],
}

impl<'a> Rows<'a> {
    fn of(answer: &'a Json) -> Rows<'a> {
        let columns = answer.get("columns").and_then(Json::as_list).unwrap_or_default();
        Rows {
            columns: columns.iter().filter_map(|column| column.get("name").and_then(Json::as_text)).collect(),
            rows: answer.get("rows").and_then(Json::as_list).unwrap_or_default(),
        }
    }

    /// Errors: a column that the shape names and the report does not have; sums stand with their `lines`.
    fn require(&self, spec: &Json) -> Result<()> {
        for word in ["cell", "integer", "keys", "sum", "sums", "sums_of", "map", "pairs"] {
            let Some(named) = spec.get(word) else { continue };
            let named =
                named.as_list().unwrap_or(std::slice::from_ref(named)).iter().filter_map(Json::as_text);
            let lines = matches!(word, "sum" | "sums").then_some("lines");
            if let Some(column) = named.chain(lines).find(|column| !self.columns.contains(column)) {
                return Err(Failure::Said(format!(
                    "`{word}` needs a column `{column}`, which the report does not have"
                )));
            }
        }
        Ok(())
    }

    fn len(&self) -> usize {
        self.rows.len()
    }

    fn cell(&self, row: usize, column: &str) -> Json {
        let at = self.columns.iter().position(|name| *name == column);
        let row = self.rows.get(row).and_then(Json::as_list).unwrap_or_default();
        at.and_then(|at| row.get(at)).cloned().unwrap_or(Json::Null)
    }
}

/// The sum of nothing is zero.
fn sum(lines: &Json, amount: &Json, policy: &Policy) -> Json {
    let amount = if amount.is_null() { &Json::text("0") } else { amount };
    object(&[("lines", lines.clone()), (policy.column, padded(amount, policy.decimals))])
}

/// A decimal text with at least so many decimals; anything else as it is.
fn padded(value: &Json, decimals: u8) -> Json {
    match value {
        Json::Text(text) => {
            Dec::parse(text).map_or_else(|_| value.clone(), |dec| Json::Text(dec.to_text_scale(decimals)))
        }
        other => other.clone(),
    }
}

fn shown(value: &Json) -> String {
    value
        .as_text()
        .map_or_else(|| if value.is_null() { "(none)".to_owned() } else { value.to_string() }, str::to_owned)
}

fn dec(value: &Json) -> Result<Dec> {
    Ok(Dec::parse(value.as_text().unwrap_or("0"))?)
}

fn rfm(answer: &Json) -> Json {
    let segments = answer.get("segments").and_then(Json::as_list).unwrap_or_default().iter().map(|segment| {
        let part = |key: &str| segment.get(key).cloned().unwrap_or(Json::Null);
        (
            text(segment, "/segment"),
            object(&[("customers", part("customers")), ("monetary", part("monetary"))]),
        )
    });
    object(&[
        ("as_of", answer.get("as_of").cloned().unwrap_or(Json::Null)),
        ("customers", answer.get("count").cloned().unwrap_or(Json::Null)),
        ("segments", Json::Object(segments.collect())),
    ])
}

/// Receivables by bucket and customer; customers whose balance is above their limit.
fn ageing(answer: &Json, limits: &Json) -> Result<Json> {
    let trimmed = |json: Option<&Json>| json.map_or(Json::Null, |value| padded(value, 0));
    let some = |json: &Json| dec(json).is_ok_and(|amount| !amount.is_zero());
    let buckets = |json: Option<&Json>| {
        let list = json.and_then(Json::as_list).unwrap_or_default().iter();
        let kept = list.map(|bucket| (text(bucket, "/label"), trimmed(bucket.get("amount"))));
        Json::Object(kept.filter(|(_, amount)| some(amount)).collect())
    };
    let (mut by_customer, mut credits, mut balances, mut over) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for row in answer.get("rows").and_then(Json::as_list).unwrap_or_default() {
        let key = text(row, "/number");
        let own = buckets(row.get("buckets"));
        let (unallocated, balance) = (trimmed(row.get("credits")), trimmed(row.get("net_balance")));
        if own != Json::object() {
            by_customer.push((key.clone(), own));
        }
        if some(&unallocated) {
            credits.push((key.clone(), unallocated));
        }
        if some(&balance) {
            balances.push((key.clone(), balance.clone()));
        }
        if limits
            .get(&key)
            .is_some_and(|limit| matches!((dec(&balance), dec(limit)), (Ok(b), Ok(l)) if b > l))
        {
            over.push(key);
        }
    }
    over.sort_by_key(|key| (key.len(), key.clone()));
    Ok(object(&[
        ("as_of", answer.get("as_of").cloned().unwrap_or(Json::Null)),
        ("by_bucket", buckets(answer.get("buckets"))),
        ("total_open", trimmed(answer.get("total_open"))),
        ("by_customer", Json::Object(by_customer)),
        ("unapplied_credits", Json::Object(credits)),
        ("net_balance_total", trimmed(answer.get("net_balance"))),
        ("balance_by_customer", Json::Object(balances)),
        ("customers_over_credit_limit", Json::List(over.into_iter().map(Json::Text).collect())),
    ]))
}
