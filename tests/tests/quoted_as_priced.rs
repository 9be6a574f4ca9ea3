//! A quote and an order of random lines come to the same as `price.document` says without making one, and every effect
//! of rules on lines together adds up both ways; groups choose the same.

#![allow(clippy::unwrap_used)] // a test

use crm_examples::desk::{Desk, object, text};
use crm_kernel::dec::Dec;
use crm_kernel::json::Json;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

const PRODUCTS: &[(&str, &str)] = &[("A", "33.335"), ("B", "0.07"), ("C", "120"), ("D", "9.99")];

const RULES: &[&str] = &[
    r#"{"code":"FROM-500","name":"from-500","stage":"document","basis":"document","measure":"amount","min_quantity":"500","method":"discount_percent","value":"3.75","priority":5}"#,
    r#"{"code":"OFF-7","name":"off-7","stage":"document","basis":"document","min_quantity":"12","method":"amount_off","value":"7.01","currency":"CNY"}"#,
    r#"{"code":"C-2","name":"c-2","stage":"document","product":"$C","method":"discount_percent","value":"2","base":"list"}"#,
    r#"{"code":"SIX","name":"six","stage":"document","method":"discount_percent","value":"6","base":"list","exclusion_group":"$PICK"}"#,
    r#"{"code":"OFF-30","name":"off-30","stage":"document","method":"amount_off","value":"30","currency":"CNY","exclusion_group":"$PICK"}"#,
    r#"{"code":"A-9","name":"a-9","stage":"document","product":"$A","method":"discount_percent","value":"9","base":"list","exclusion_group":"$PICK"}"#,
    r#"{"code":"FROM-90","name":"from-90","stage":"document","basis":"document","min_quantity":"90","method":"amount_off","value":"12","currency":"CNY","exclusion_group":"$HUSH"}"#,
    r#"{"code":"TWO","name":"two","product":"$A","stage":"promotion","method":"free_goods","value":"2","free_per":"7","free_product":"$B"}"#,
    r#"{"code":"TENTH","name":"tenth","product":"$D","stage":"promotion","method":"free_goods","value":"1","free_per":"10","free_inclusive":true}"#,
    r#"{"code":"MANY","name":"many","product":"$B","method":"fixed_price","currency":"CNY","basis":"document","tier_mode":"graduated","tier_bound":"up_to","tiers":[{"bound":"20","value":"0.07"},{"value":"0.051"}]}"#,
];

fn parsed(text: &str) -> Json {
    Json::parse(text).unwrap()
}

fn record(desk: &Desk, kind: &str, values: Json) -> String {
    let made = desk.call("record.create", &object(&[("kind", kind.into()), ("values", values)])).unwrap();
    text(&made, "/record/id")
}

fn amount(json: &Json, pointer: &str) -> Dec {
    Dec::parse(&text(json, pointer)).unwrap()
}

/// A desk that sells the products by some rules.
struct Selling {
    desk: Desk,
    seller: String,
    products: Vec<String>,
    customer: String,
}

fn selling<'r>(rules: impl Iterator<Item = &'r &'r str>) -> Selling {
    let mut desk = Desk::open(None).unwrap();
    let setup =
        parsed(r#"{"name":"测试","base_currency":"CNY","zone":"Asia/Shanghai","administrator":"测试员"}"#);
    let made = desk.call("enterprise.setup", &setup).unwrap();
    let seller = text(&made, "/administrator");
    desk.actor = crm_kernel::id::Id::parse(&seller);
    let tax = record(
        &desk,
        "tax",
        parsed(r#"{"code":"T13","name":"13","rates":[{"valid_from":"1970-01-01","percent":"13"}]}"#),
    );
    let mut products = Vec::new();
    for (code, price) in PRODUCTS {
        let values = object(&[
            ("code", (*code).into()),
            ("name", (*code).into()),
            ("list_price", (*price).into()),
            ("tax", tax.as_str().into()),
        ]);
        products.push(record(&desk, "product", values));
    }
    let pick = parsed(r#"{"code":"PICK","name":"pick","comparator":"best","last":"newest"}"#);
    let pick = record(&desk, "exclusion_group", pick);
    let hush = object(&[
        ("code", "HUSH".into()),
        ("name", "hush".into()),
        ("comparator", "suppress".into()),
        ("against", pick.as_str().into()),
    ]);
    let hush = record(&desk, "exclusion_group", hush);
    let named = PRODUCTS.iter().map(|(code, _)| *code).chain(["PICK", "HUSH"]);
    let named: Vec<(&str, &String)> = named.zip(products.iter().chain([&pick, &hush])).collect();
    for rule in rules {
        let mut rule = (*rule).to_owned();
        for (code, id) in &named {
            rule = rule.replace(&format!("\"${code}\""), &format!("\"{id}\""));
        }
        record(&desk, "price_rule", parsed(&rule));
    }
    let customer = record(&desk, "customer", parsed(r#"{"name":"买方"}"#));
    Selling { desk, seller, products, customer }
}

#[test]
fn quotes_and_orders_come_to_what_was_told() {
    let Selling { desk, products, customer, .. } = selling(RULES.iter());
    let line = (0..PRODUCTS.len(), 1..60_i64, prop_oneof![Just(0_i64), 0..30_i64]);
    let lines = proptest::collection::vec(line, 1..6);
    let percent = prop_oneof![Just(0_i64), 0..40_i64];
    let mut runner = TestRunner::new(Config { cases: 96, failure_persistence: None, ..Config::default() });
    runner
        .run(&(lines, percent), |(lines, percent)| {
            let told = lines.iter().map(|(product, quantity, discount)| {
                object(&[
                    ("product", products[*product].as_str().into()),
                    ("quantity", quantity.to_string().into()),
                    ("discount_percent", discount.to_string().into()),
                ])
            });
            let request = object(&[
                ("customer", customer.as_str().into()),
                ("document_discount_percent", percent.to_string().into()),
                ("lines", told.collect::<Vec<Json>>().into()),
            ]);
            let price = desk.call("price.document", &request).unwrap();
            let quote = desk.call("quote.create", &request).unwrap();
            let order = desk.call("order.create", &request).unwrap();
            for head in [quote.get("quote_version").unwrap(), order.get("order").unwrap()] {
                for figure in ["gross", "discount", "net", "document_discount", "tax", "total"] {
                    let pointer = format!("/{figure}");
                    prop_assert_eq!(amount(head, &pointer), amount(&price, &pointer), "{}", figure);
                }
                adds_up(head, &price)?;
            }
            Ok(())
        })
        .unwrap();
}

/// Rules that stand side by side on lines, beside those above that are of no group.
const BESIDE: &[&str] = &[
    r#"{"code":"EACH-1","name":"each-1","stage":"promotion","method":"amount_off","base":"list","currency":"CNY","basis":"document","tier_mode":"graduated","tier_bound":"up_to","tiers":[{"bound":"7","value":"0.033"},{"value":"0.011"}]}"#,
    r#"{"code":"EACH-2","name":"each-2","stage":"promotion","method":"amount_off","base":"list","currency":"CNY","basis":"document","tier_mode":"graduated","tier_bound":"up_to","tiers":[{"bound":"11","value":"0.007"},{"value":"0.052"}]}"#,
    r#"{"code":"MORE","name":"more","stage":"document","method":"amount_off","value":"21.37","currency":"CNY"}"#,
    r#"{"code":"LESS","name":"less","stage":"document","method":"amount_off","value":"2.99","currency":"CNY"}"#,
];

#[test]
fn rules_made_in_another_order_come_to_the_same() {
    let rules = || RULES.iter().filter(|rule| !rule.contains("exclusion_group")).chain(BESIDE);
    let (first, second) = (selling(rules()), selling(rules().rev()));
    let lines = proptest::collection::vec((0..PRODUCTS.len(), 1..40_i64), 1..6);
    let mut runner = TestRunner::new(Config { cases: 64, failure_persistence: None, ..Config::default() });
    runner
        .run(&lines, |lines| {
            let told = |selling: &Selling| {
                let line = |(product, quantity): &(usize, i64)| {
                    object(&[
                        ("product", selling.products[*product].as_str().into()),
                        ("quantity", quantity.to_string().into()),
                    ])
                };
                let lines: Vec<Json> = lines.iter().map(line).collect();
                let told = selling.desk.call("price.document", &object(&[("lines", lines.into())])).unwrap();
                let figures = |of: &str, names: &[&str]| -> Vec<Vec<Json>> {
                    let all = told.get(of).and_then(Json::as_list).unwrap();
                    let figure = |one: &Json, name: &&str| one.get(name).cloned().unwrap_or(Json::Null);
                    all.iter().map(|one| names.iter().map(|name| figure(one, name)).collect()).collect()
                };
                (
                    figures("effects", &["code", "amount", "shares"]),
                    figures("lines", &["exact_price", "unit_price", "net", "document_discount", "total"]),
                )
            };
            prop_assert_eq!(told(&first), told(&second));
            Ok(())
        })
        .unwrap();
}

const FLOORS: &[(usize, &str)] = &[(0, "27.5"), (2, "103"), (3, "9.1")];

#[test]
fn the_largest_discount_is_taken_and_no_more() {
    let Selling { desk, seller, products, customer } = selling(RULES.iter());
    for (at, floor) in FLOORS {
        let values = object(&[("floor_price", (*floor).into())]);
        let request =
            object(&[("kind", "product".into()), ("id", products[*at].as_str().into()), ("values", values)]);
        desk.call("record.update", &request).unwrap();
    }
    let authority = [("employee", seller.as_str().into()), ("max_percent", "19.5".into())];
    record(&desk, "discount_authority", object(&authority));
    let mut runner = TestRunner::new(Config { cases: 48, failure_persistence: None, ..Config::default() });
    runner
        .run(&(0..PRODUCTS.len(), 1..60_i64), |(product, quantity)| {
            let asked = [
                ("product", products[product].as_str().into()),
                ("quantity", Json::text(quantity.to_string())),
            ];
            let answer = desk.call("price.max_discount", &object(&asked)).unwrap();
            let most = amount(&answer, "/max_discount_percent");
            let order = |discount: Dec| {
                let line = [&asked[..], &[("discount_percent", discount.to_string().into())]].concat();
                let request =
                    [("customer", customer.as_str().into()), ("lines", Json::from(vec![object(&line)]))];
                desk.call("order.create", &object(&request))
            };
            let possible = answer.get("possible") == Some(&Json::Bool(true));
            let taken = order(most);
            prop_assert_eq!(
                taken.is_ok(),
                possible,
                "{} of {}: {} {:?}",
                quantity,
                product,
                most,
                taken.err()
            );
            let more = order(most.add(Dec::from_i64_at(1, 2)).unwrap());
            prop_assert!(more.is_err(), "{} of {}: {} and a hundredth", quantity, product, most);
            Ok(())
        })
        .unwrap();
}

/// Every effect that was told stands on the lines with the same sum, and no line has more off than its effects and its
/// part of the discount on the whole.
fn adds_up(head: &Json, price: &Json) -> Result<(), TestCaseError> {
    let lines = head.get("lines").and_then(Json::as_list).unwrap();
    let mut on_lines = Dec::ZERO;
    for line in lines {
        let effects = line.get("document_effects").and_then(Json::as_list).unwrap_or_default();
        let off = Dec::sum(effects.iter().map(|effect| amount(effect, "/amount"))).unwrap();
        prop_assert!(off <= amount(line, "/document_discount"), "{}", line);
        on_lines = on_lines.add(off).unwrap();
    }
    for effect in price.get("effects").and_then(Json::as_list).unwrap() {
        let code = text(effect, "/code");
        let mut kept = Dec::ZERO;
        for line in lines {
            let effects = line.get("document_effects").and_then(Json::as_list).unwrap_or_default();
            for one in effects.iter().filter(|one| text(one, "/code") == code) {
                for why in ["/excluded_by", "/decided_by"] {
                    prop_assert_eq!(text(one, why), text(effect, why), "{} {}", code, why);
                }
                kept = kept.add(amount(one, "/amount")).unwrap();
            }
        }
        match code.is_empty() {
            true => {
                let whole = amount(head, "/document_discount");
                prop_assert_eq!(on_lines.add(amount(effect, "/amount")).unwrap(), whole);
            }
            false => prop_assert_eq!(kept, amount(effect, "/amount"), "{}", code),
        }
    }
    Ok(())
}
