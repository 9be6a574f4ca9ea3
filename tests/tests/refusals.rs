//! Where a refusal stands that names no place of its own: at the record that it is about, if the request names it.

#![allow(clippy::unwrap_used, clippy::panic)] // a test fails by panicking

use crm_domain::{credit, fulfilment, ordering, quoting, settings};
use crm_examples::desk::{Desk, object};
use crm_kernel::dispatch::placed;
use crm_kernel::error::Code;
use crm_kernel::json::Json;

#[test]
fn a_refusal_stands_at_what_it_is_about() {
    let model = crm_domain::model().unwrap();
    let catalogue = &model.catalogue().unwrap();
    let request = Json::parse(r#"{"order":"5","quote":"6","customer":"7"}"#).unwrap();
    let rows: &[(&str, Code, &str)] = &[
        // The record that is dealt with, whoever refuses.
        ("order.approve", ordering::SELF_APPROVAL, "/order"),
        ("order.approve", credit::LIMIT_EXCEEDED, "/order"),
        // A record of the kind that the code speaks of.
        ("order.from_quote", quoting::NOT_ACCEPTED, "/quote"),
        ("plan.execute", ordering::HELD, "/order"),
        // Neither: the customer is not what is wrong.
        ("receipt.record", settings::NO_TOKEN, ""),
        ("plan.make", fulfilment::PLAN_EXISTS, ""),
    ];
    for (operation, code, place) in rows {
        let row = model.operation(operation).unwrap();
        assert_eq!(
            placed(code.error(), catalogue, row, &request).path(),
            *place,
            "{operation} {}",
            code.name
        );
        assert_eq!(placed(code.at("/date"), catalogue, row, &request).path(), "/date", "it has a place");
    }
    let row = model.operation("order.approve").unwrap();
    let nothing = Json::object();
    assert_eq!(
        placed(ordering::SELF_APPROVAL.error(), catalogue, row, &nothing).path(),
        "",
        "nothing is named"
    );
}

#[test]
fn a_document_that_is_priced_has_so_many_lines_and_no_more() {
    let mut desk = Desk::open(None).unwrap();
    let setup = r#"{"name":"测试","base_currency":"CNY","zone":"Asia/Shanghai","administrator":"测试员"}"#;
    let made = desk.call("enterprise.setup", &Json::parse(setup).unwrap()).unwrap();
    desk.actor = made.get("administrator").and_then(Json::as_text).and_then(crm_kernel::id::Id::parse);
    let product = r#"{"kind":"product","values":{"code":"P","name":"P","list_price":"0.01"}}"#;
    let made = desk.call("record.create", &Json::parse(product).unwrap()).unwrap();
    let product = made.at("/record/id").unwrap();
    let priced = |lines: usize, bought: usize| {
        let line = object(&[("product", product.clone())]);
        let past = line.clone().with("quantity", "1").with("date", "2026-01-01");
        let request = object(&[("lines", vec![line; lines].into()), ("bought", vec![past; bought].into())]);
        desk.call("price.document", &request)
    };
    let total = |answer: Json| answer.get("total").cloned();
    assert_eq!(total(priced(1_000, 10_000).unwrap()), Some(Json::text("10.00")));
    for (lines, bought, path) in [(1_001, 0, "/lines"), (1, 10_001, "/bought")] {
        let refused = priced(lines, bought).unwrap_err();
        assert_eq!((refused.code(), refused.path()), (Code::OUT_OF_RANGE, path));
    }
}
