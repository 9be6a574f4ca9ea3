//! The main job's answers on real data equal the given ones, under every rounding policy.
//!
//! A sum is given in a column for each policy. What is given without columns (top lists, amounts of RFM) and northwind's
//! discount are the exact figures: they are compared under `exact`.

#![allow(clippy::unwrap_used)] // helpers of tests

use crm_examples::answers::{Policy, answers, last_order};
use crm_examples::arguments::Arguments;
use crm_examples::desk::Desk;
use crm_examples::history::bring;
use crm_examples::source::source;
use crm_kernel::dec::Dec;
use crm_kernel::json::Json;
use crm_tests::shared;

const NORTHWIND: &[&str] = &[
    "counts",
    "net",
    "gross",
    "discount",
    "freight_total",
    "net_by_salesperson",
    "orders_by_salesperson",
    "net_by_product",
    "net_by_category",
    "net_by_month",
    "orders_by_month",
    "net_by_customer_country",
    "top10_customers",
    "top10_products_by_net",
    "avg_order_net_2dp",
    "delivery",
    "rfm",
];

const CLASSICMODELS: &[&str] = &[
    "counts",
    "orders_by_status",
    "sales_by_status",
    "sales_by_rep",
    "sales_rolled_up_reporting_line",
    "sales_by_office_of_rep",
    "sales_by_product_line",
    "sales_by_month",
    "sales_by_country",
    "margin_by_product_line",
    "top10_customers",
    "receipts",
    "receivables",
    "delivery",
    "rfm",
];

const ONLINE_RETAIL: &[&str] =
    &["sales", "credits", "sales_by_month", "credits_by_month", "sales_by_country"];

/// Exact figures of northwind, given without a column for the policy.
const EXACT_ONLY: &[&str] = &["/discount", "/top10_customers", "/top10_products_by_net"];

#[test]
fn northwind_half_up() {
    let found = check("northwind", NORTHWIND, "half-up", EXACT_ONLY);
    // Net and discount add up to gross on every line, so the discount follows the policy of the net.
    let discount = found.map(|found| found.at("/discount/line_half_up_2dp").cloned());
    assert!(discount.is_none_or(|discount| discount == Some(Json::text("88665.30"))));
}

#[test]
fn northwind_half_even() {
    let found = check("northwind", NORTHWIND, "half-even", EXACT_ONLY);
    let discount = found.map(|found| found.at("/discount/line_half_even_2dp").cloned());
    assert!(discount.is_none_or(|discount| discount == Some(Json::text("88665.57"))));
}

#[test]
fn northwind_exact() {
    check("northwind", NORTHWIND, "exact", &[]);
}

#[test]
fn classicmodels_half_up() {
    check("classicmodels", CLASSICMODELS, "half-up", &[]);
}

#[test]
fn classicmodels_half_even() {
    check("classicmodels", CLASSICMODELS, "half-even", &[]);
}

#[test]
fn classicmodels_exact() {
    check("classicmodels", CLASSICMODELS, "exact", &[]);
}

#[test]
fn online_retail_half_up() {
    check("online-retail-a", ONLINE_RETAIL, "half-up", &[]);
}

/// Brings a set in and compares its answers; gives them, or nothing on a machine without the data.
fn check(set: &str, keys: &[&str], rounding: &str, exact_only: &[&str]) -> Option<Json> {
    let folder = shared::find(&format!("data/{set}"))?;
    let given = std::fs::read_to_string(folder.join("answers.json")).unwrap();
    let given = Json::parse(&given).unwrap();
    let arguments = Arguments { data: Some(folder), rounding: rounding.to_owned(), ..Arguments::default() };
    let source = source(&arguments).unwrap();
    let mut desk = Desk::open(None).unwrap();
    bring(&mut desk, &source, rounding).unwrap();
    let as_of = last_order(&desk, &source.reports).unwrap().unwrap();
    let policy = Policy::of(rounding);
    let found = answers(&desk, &source.reports, as_of, &policy).unwrap();
    let mut wrong = Vec::new();
    for key in keys {
        let here = format!("/{key}");
        compare(given.get(key), found.get(key), &here, &policy, exact_only, &mut wrong);
    }
    assert!(wrong.is_empty(), "{set} under {rounding}: {} differ:\n  {}", wrong.len(), wrong.join("\n  "));
    Some(found)
}

fn compare(
    given: Option<&Json>,
    found: Option<&Json>,
    path: &str,
    policy: &Policy,
    exact_only: &[&str],
    wrong: &mut Vec<String>,
) {
    let amount_of_rfm = path.starts_with("/rfm") && path.ends_with("/monetary") && !exact_only.is_empty();
    if exact_only.contains(&path) || amount_of_rfm {
        return;
    }
    match (given, found) {
        (Some(Json::Object(given)), Some(found @ Json::Object(members))) => {
            let is_sum = given.iter().any(|(key, _)| key == "exact");
            let wanted: Vec<&(String, Json)> =
                given.iter().filter(|(key, _)| !is_sum || key == "lines" || key == policy.column).collect();
            for (key, value) in &wanted {
                compare(Some(value), found.get(key), &format!("{path}/{key}"), policy, exact_only, wrong);
            }
            for (key, _) in members.iter().filter(|(key, _)| !wanted.iter().any(|(wanted, _)| wanted == key))
            {
                wrong.push(format!("{path}/{key} is not in the given answers"));
            }
        }
        (Some(Json::List(given)), Some(Json::List(items))) if given.len() == items.len() => {
            for (at, (given, item)) in given.iter().zip(items).enumerate() {
                compare(Some(given), Some(item), &format!("{path}/{at}"), policy, exact_only, wrong);
            }
        }
        (Some(Json::Text(right)), Some(Json::Text(text)))
            if right == text || matches!((Dec::parse(right), Dec::parse(text)), (Ok(a), Ok(b)) if a == b) => {
        }
        (Some(right), Some(found)) if right == found => {}
        _ => {
            let text = |json: Option<&Json>| json.map_or_else(|| "nothing".to_owned(), Json::to_string);
            wrong.push(format!("{path}: given {}, found {}", text(given), text(found)));
        }
    }
}
