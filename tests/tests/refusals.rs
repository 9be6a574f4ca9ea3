//! Where a refusal stands that names no place of its own: at the record that it is about, if the request names it.

#![allow(clippy::unwrap_used, clippy::panic)] // a test fails by panicking

use crm_domain::{credit, fulfilment, ordering, quoting, settings};
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
