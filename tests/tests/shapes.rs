//! What answers hold in JSON fields is what reference pages and types say of it.

#![allow(clippy::expect_used, clippy::unwrap_used)] // a test fails by panicking

use crm_kernel::context::Language;
use crm_kernel::json::Json;
use crm_kernel::record::{FieldType, RecordDef};
use crm_tests::generate::Source;
use crm_tests::generate::fit::Fit;
use crm_tests::generate::shapes;
use crm_tests::story::{self, Outcome, RustDoor, StoreKind};
use std::collections::BTreeSet;

/// Together they show every member of every shape but [`NOT_SHOWN`].
const STORIES: &[&str] = &[
    "analysis-reports",
    "demo-history",
    "imports-places",
    "orders-free-goods",
    "pricing-authority",
    "pricing-certificate",
    "pricing-certificate-forged",
    "pricing-effects-order",
    "pricing-exact",
    "pricing-free-goods",
    "pricing-groups-documents",
    "pricing-lists-chained",
    "pricing-questions",
    "pricing-refused",
    "pricing-replay-documents",
    "pricing-stages",
    "pricing-together",
    "quotes-effects",
    "quotes-free-goods",
    "quotes-prices",
    "records-history",
    "settings-custom",
    "settings-taxes",
];

/// Members that none of the stories shows.
const NOT_SHOWN: &[&str] = &[
    "rule_effect.max_margin",
    "free_goods_effect.unit",
    "price_facts.ratios",
    "lint_question.customer",
    "lint_question.customer_class",
    "lint_question.region",
    "lint_question.conditions",
    "lint_question.measured",
    "lint_cliff.category",
    "lint_cliff.customer",
    "lint_cliff.customer_class",
    "lint_cliff.region",
    "lint_cliff.positions",
    "lint_cliff.list",
];

#[test]
fn json_is_of_its_shape_in_answers() {
    let source = Source::new();
    let mut fit = Fit::new(&source);
    for name in STORIES {
        let story = story::read(&story::folder().join(format!("{name}.json"))).expect("a story");
        let mut door = RustDoor::default();
        let (played, held) = story::play(&mut door, StoreKind::Memory, &story, Language::En);
        held.expect("a story that holds");
        for (step, request, outcome) in &played.calls {
            let operation =
                story.steps.iter().find(|one| one.name == *step).map(|one| one.operation.as_str());
            if let (Some(operation), Outcome::Answer(answer), Ok(request)) =
                (operation, outcome, Json::parse(request))
            {
                fit.call(operation, &request, &Json::parse(answer).expect("JSON"));
            }
        }
    }
    assert!(fit.faults.is_empty(), "{}", fit.faults.join("\n"));
    assert_eq!(fit.unmet(), NOT_SHOWN, "declared, but never there");
}

#[test]
fn shapes_are_of_fields_that_hold_json() {
    let source = Source::new();
    let mut json = BTreeSet::new();
    let mut seen = BTreeSet::new();
    for row in source.model.operations() {
        json_fields((row.request)(), &mut seen, &mut json);
        json_fields((row.answer)(), &mut seen, &mut json);
    }
    for kind in source.catalogue.kinds() {
        json_fields(&kind.def, &mut seen, &mut json);
    }
    for (whole, field, _) in shapes::SHAPES {
        assert!(json.contains(&format!("{whole}.{field}")), "{whole}.{field}");
    }
}

fn json_fields(def: &RecordDef, seen: &mut BTreeSet<String>, json: &mut BTreeSet<String>) {
    if !seen.insert(def.name.to_string()) {
        return;
    }
    for field in def.fields.iter() {
        let mut ty = &field.ty;
        while let FieldType::List(item) = ty {
            ty = item;
        }
        match ty {
            FieldType::Json => drop(json.insert(format!("{}.{}", def.name, field.name))),
            FieldType::Message(nested) => json_fields(nested.def(), seen, json),
            _ => {}
        }
    }
}
