//! Real price rules resolve as given: dated list prices, offers with quantity bands and classes of customers, in both
//! columns of rounding; and the exchange rates and quotas beside them.

#![allow(clippy::unwrap_used)] // a test

use crm_examples::arguments::Arguments;
use crm_examples::desk::{Desk, object, text};
use crm_examples::history::bring;
use crm_examples::source::source;
use crm_kernel::dec::Dec;
use crm_kernel::json::Json;
use crm_tests::shared;
use std::collections::HashMap;
use std::path::PathBuf;

#[test]
fn adventureworks_probes_resolve_as_given() {
    let Some(folder) = shared::find("data/adventureworks-pricing") else { return };
    let given = Json::parse(&std::fs::read_to_string(folder.join("answers.json")).unwrap()).unwrap();
    let mapping = PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../examples/mappings/adventureworks-pricing.json"
    ));
    let arguments = Arguments {
        data: Some(folder),
        mapping: Some(mapping),
        rounding: "half-up".to_owned(),
        ..Arguments::default()
    };
    let source = source(&arguments).unwrap();
    let mut desk = Desk::open(None).unwrap();
    let brought = bring(&mut desk, &source, "half-up").unwrap();
    assert!(brought.refusals.is_empty(), "{:?}", brought.refusals);
    let products = keys(&desk, "product");
    let customers = keys(&desk, "customer");
    let figure = |name: &str| given.get(name).and_then(Json::as_int);
    assert_eq!(figure("products"), Some(products.len() as i64));
    let rules = count(&desk, "method == \"fixed_price\"");
    assert_eq!(figure("price_rows"), Some(rules));
    assert_eq!(figure("offer_product_links"), Some(count(&desk, "stage == \"promotion\"")));
    let probes = given.get("sample_probes").and_then(Json::as_list).unwrap();
    let mut wrong = Vec::new();
    for strategy in ["LINES", "UNITS"] {
        desk.call("setting.set", &object(&[("key", "pricing.strategy".into()), ("value", strategy.into())]))
            .unwrap();
        for probe in probes {
            let cell = |at: usize| probe.as_list().unwrap()[at].as_text().unwrap();
            let request = object(&[
                ("product", products[cell(1)].as_str().into()),
                ("date", cell(2).into()),
                ("quantity", cell(3).into()),
                ("customer", customers[cell(4)].as_str().into()),
            ]);
            let amount = desk.call("price.amount", &request);
            let found = match desk.call("price.get", &request) {
                Ok(found) => found,
                Err(error) => {
                    assert_eq!(amount.unwrap_err().code().name, error.code().name);
                    if cell(5) != "no_price" || error.code().name != "price.none" {
                        wrong.push(format!("{strategy} {probe}: {}", desk.message(&error)));
                    }
                    continue;
                }
            };
            let Json::Object(amount) = amount.unwrap() else { panic!("price.amount answers an object") };
            for (member, value) in amount.iter() {
                assert_eq!(found.get(member), Some(value), "{member} of {probe}");
            }
            let effects = found.at("/derivation/effects").and_then(Json::as_list).unwrap();
            let stage = |stage: &str| effects.iter().find(|effect| text(effect, "/stage") == stage);
            let list = stage("rule").map(|rule| text(rule, "/price")).unwrap_or_default();
            let offer = stage("promotion");
            let discount = offer.map_or(Dec::ZERO, |offer| Dec::parse(&text(offer, "/value")).unwrap());
            let number = offer.map(|offer| text(offer, "/code")).unwrap_or_default();
            let number = number
                .strip_prefix("OFFER-")
                .and_then(|rest| rest.split('-').next())
                .unwrap_or_default()
                .to_owned();
            let dec = |text: &str| Dec::parse(text).unwrap();
            let quantity = dec(cell(3));
            let exact = text(&found, "/derivation/unit_price");
            let same = dec(&list) == dec(cell(5))
                && number == cell(6)
                && discount == dec(cell(7)).mul(Dec::HUNDRED).unwrap()
                && match strategy {
                    "LINES" => {
                        dec(&exact).mul(quantity).unwrap() == dec(cell(8))
                            && dec(&text(&found, "/amount")) == dec(cell(9))
                    }
                    _ => dec(&text(&found, "/amount")) == dec(cell(10)),
                };
            if !same {
                wrong.push(format!("{strategy} {probe}: list {list} offer {number} discount {discount} exact {exact} amount {}", text(&found, "/amount")));
            }
            let checked = object(&[
                ("derivation", found.get("derivation").cloned().unwrap()),
                ("hash", found.get("hash").cloned().unwrap()),
            ]);
            let checked = desk.call("price.verify", &checked).unwrap();
            if checked.get("valid") != Some(&Json::Bool(true)) {
                wrong.push(format!("{strategy} {probe}: {checked}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {} differ:\n  {}", wrong.len(), 2 * probes.len(), wrong.join("\n  "));
    for rate in given.get("currency_usd_to_eur_first_last").and_then(Json::as_list).unwrap() {
        let cell = |at: usize| rate.as_list().unwrap()[at].as_text().unwrap();
        let asked = object(&[
            ("amount", "1".into()),
            ("from", "USD".into()),
            ("to", "EUR".into()),
            ("date", cell(0).into()),
        ]);
        let found = desk.call("currency.convert", &asked).unwrap();
        assert_eq!(Dec::parse(&text(&found, "/rate")).unwrap(), Dec::parse(cell(1)).unwrap());
    }
    for (answer, by) in [("quota_by_person", "employee.code"), ("quota_by_quarter_start", "period_start")] {
        let Some(Json::Object(wanted)) = given.get(answer) else { panic!("{answer} is an object") };
        let wanted: Vec<(String, Dec)> = wanted
            .iter()
            .map(|(key, sum)| (key.clone(), Dec::parse(sum.as_text().unwrap()).unwrap()))
            .collect();
        assert_eq!(sums(&desk, by), wanted, "{answer}");
    }
}

/// The targets in all by what they are of, in its order.
fn sums(desk: &Desk, by: &str) -> Vec<(String, Dec)> {
    let request = format!(
        r#"{{"kind":"sales_target","group":[{{"name":"of","by":"{by}"}}],"measures":[{{"name":"amount","measure":"sum","of":"amount"}}],"order":["of"]}}"#
    );
    let report = desk.call("report.run", &Json::parse(&request).unwrap()).unwrap();
    let rows = report.get("rows").and_then(Json::as_list).unwrap();
    let cell =
        |row: &Json, at: usize| row.as_list().and_then(|cells| cells.get(at)?.as_text()).unwrap().to_owned();
    rows.iter().map(|row| (cell(row, 0), Dec::parse(&cell(row, 1)).unwrap())).collect()
}

/// The ids of a kind by their external keys.
fn keys(desk: &Desk, kind: &str) -> HashMap<String, String> {
    let (mut found, mut after) = (HashMap::new(), Json::Null);
    loop {
        let request = object(&[("kind", kind.into()), ("limit", 500_i64.into()), ("after", after)]);
        let page = desk.call("record.list", &request).unwrap();
        for record in page.get("records").and_then(Json::as_list).unwrap() {
            found.insert(text(record, "/external_key"), text(record, "/id"));
        }
        match page.get("next") {
            Some(next) if !next.is_null() => after = next.clone(),
            _ => return found,
        }
    }
}

fn count(desk: &Desk, filter: &str) -> i64 {
    let request = object(&[("kind", "price_rule".into()), ("filter", filter.into())]);
    desk.call("record.count", &request).unwrap().get("count").and_then(Json::as_int).unwrap()
}
