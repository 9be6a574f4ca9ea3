//! What is kept with credit limits equals what orders, debts and receipts say, whatever is done with them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // helpers of tests

use crm_kernel::json::Json;
use crm_tests::story::{Demo, Outcome, StoreKind};

/// A generator of its own: the same course on every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }

    fn of<'a>(&mut self, items: &'a [String]) -> Option<&'a String> {
        if items.is_empty() { None } else { items.get(self.below(items.len() as u64) as usize) }
    }
}

fn answered(demo: &mut Demo, operation: &str, request: &str) -> Option<Json> {
    match demo.call(Some("administrator"), operation, request).unwrap() {
        Outcome::Answer(text) => Some(Json::parse(&text).unwrap()),
        Outcome::Error(_) => None,
    }
}

fn must(demo: &mut Demo, operation: &str, request: &str) -> Json {
    match demo.call(Some("administrator"), operation, request).unwrap() {
        Outcome::Answer(text) => Json::parse(&text).unwrap(),
        Outcome::Error(error) => panic!("{operation} {request}: {error}"),
    }
}

fn text(json: &Json, path: &str) -> String {
    json.at(path).and_then(Json::as_text).unwrap_or_else(|| panic!("{path} of {json:?}")).to_owned()
}

fn made(demo: &mut Demo, kind: &str, values: &str) -> String {
    let made = must(demo, "record.create", &format!(r#"{{"kind":"{kind}","values":{values}}}"#));
    text(&made, "/record/id")
}

#[test]
fn limits_know_what_the_records_say() {
    for store in StoreKind::ALL {
        let mut done = [0_u32; 13];
        for seed in 1..=4 {
            course(&mut Demo::new(store).lasting(), Dice(seed), &mut done);
        }
        for (what, times) in done.iter().enumerate() {
            assert!(*times > 0, "nothing of sort {what} was done: {done:?}");
        }
    }
}

fn course(demo: &mut Demo, mut dice: Dice, done: &mut [u32; 13]) {
    must(demo, "setting.set", r#"{"key":"order.approval","value":"none"}"#);
    made(
        demo,
        "exchange_rate",
        r#"{"from_currency":"USD","to_currency":"CNY","valid_from":"2020-01-01","rate":"7.1234"}"#,
    );
    let products = [
        made(demo, "product", r#"{"code":"KEPT-1","name":"KEPT-1","list_price":"33.3333"}"#),
        made(demo, "product", r#"{"code":"KEPT-2","name":"KEPT-2","list_price":"19.99"}"#),
    ];
    let customers = [
        made(demo, "customer", r#"{"name":"kept one","owner":"$chen_yu","currency":"CNY"}"#),
        made(demo, "customer", r#"{"name":"kept two","owner":"$marta","currency":"CNY"}"#),
        made(demo, "customer", r#"{"name":"kept three","owner":"$chen_yu","currency":"CNY"}"#),
    ];
    let sellers = ["$chen_yu", "$marta"];
    let holders: Vec<String> = customers
        .iter()
        .map(|id| format!(r#""customer":"{id}""#))
        .chain(sellers.iter().map(|id| format!(r#""employee":"{id}""#)))
        .collect();
    let out = made(demo, "action_type", r#"{"code":"KEPT-OUT","name":"out","effect_delivery":"out"}"#);
    let mut orders: Vec<String> = Vec::new();
    // What settled what: a receipt with a debt.
    let mut settled: Vec<String> = Vec::new();
    for step in 0..200 {
        let (quantity, cents) = (1 + dice.below(9), 1 + dice.below(60_000));
        let amount = format!("{}.{:02}", cents / 100, cents % 100);
        let customer = &customers[dice.below(3) as usize];
        let what = dice.below(13) as usize;
        let (order, pair) = (dice.of(&orders).cloned(), dice.of(&settled).cloned());
        let answer = match (what, order, pair) {
            (0..=2, ..) => {
                let seller = sellers[dice.below(2) as usize];
                let lines: Vec<String> = products
                    .iter()
                    .map(|id| format!(r#"{{"product":"{id}","quantity":"{quantity}"}}"#))
                    .collect();
                let request = format!(
                    r#"{{"customer":"{customer}","owner":"{seller}","freight":"10.00","lines":[{}]}}"#,
                    lines.join(",")
                );
                let answer = answered(demo, "order.submit", &request);
                orders.extend(answer.as_ref().map(|answer| text(answer, "/order/id")));
                answer
            }
            (3, Some(order), _) => {
                let lines = format!(r#"[{{"line":1,"quantity":"{}"}}]"#, 1 + quantity / 3);
                answered(demo, "invoice.issue", &format!(r#"{{"order":"{order}","lines":{lines}}}"#))
            }
            (4, Some(order), _) => {
                answered(demo, "invoice.issue", &format!(r#"{{"order":"{order}","use_advances":true}}"#))
            }
            (5, ..) => {
                let answer = answered(
                    demo,
                    "receipt.record",
                    &format!(r#"{{"customer":"{customer}","amount":"{amount}"}}"#),
                );
                if let Some(answer) = &answer {
                    let receipt = text(answer, "/receipt/id");
                    let parts = answer.get("allocations").and_then(Json::as_list).unwrap_or_default();
                    let debts = parts.iter().map(|part| text(part, "/receivable"));
                    settled
                        .extend(debts.map(|debt| format!(r#""receipt":"{receipt}","receivable":"{debt}""#)));
                }
                answer
            }
            (6, ..) => answered(
                demo,
                "receipt.record",
                &format!(r#"{{"customer":"{customer}","amount":"{amount}","receipt_type":"refund"}}"#),
            ),
            (7, _, Some(pair)) => {
                answered(demo, "receipt.unallocate", &format!(r#"{{{pair},"reason":"wrong"}}"#))
            }
            (8, Some(order), _) => {
                answered(demo, "order.cancel", &format!(r#"{{"order":"{order}","reason":"x"}}"#))
            }
            (9, Some(order), _) => {
                let verb = if quantity % 2 == 0 { "order.hold" } else { "order.release" };
                answered(demo, verb, &format!(r#"{{"order":"{order}","reason":"x"}}"#))
                    .or_else(|| answered(demo, verb, &format!(r#"{{"order":"{order}"}}"#)))
            }
            (10, ..) => {
                let start = if quantity % 2 == 0 { "order" } else { "invoice" };
                answered(demo, "setting.set", &format!(r#"{{"key":"receivables.start","value":"{start}"}}"#))
            }
            (11, ..) => {
                let holder = &holders[dice.below(holders.len() as u64) as usize];
                // Sometimes taken away: what comes back counts from the records.
                let request = match dice.below(4) {
                    0 => format!("{{{holder}}}"),
                    _ => format!(r#"{{{holder},"amount":"{}"}}"#, 2_000 * quantity),
                };
                answered(demo, "credit.set_limit", &request)
            }
            (12, Some(order), _) => {
                let lines = r#"[{"line":2,"quantity":"1"}]"#;
                let request = format!(r#"{{"order":"{order}","action":"{out}","lines":{lines}}}"#);
                answered(demo, "plan.execute", &request)
            }
            _ => None,
        };
        done[what] += u32::from(answer.is_some());
        for holder in &holders {
            if let Some(found) = answered(demo, "credit.recount", &format!("{{{holder}}}")) {
                assert_eq!(
                    found.get("equal"),
                    Some(&Json::Bool(true)),
                    "step {step}, {what}, {holder}: {found:?}"
                );
            }
        }
    }
}
