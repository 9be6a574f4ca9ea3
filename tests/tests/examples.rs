//! The example of every operation is a request that works: on the demonstration company, by its administrator.

#![allow(clippy::unwrap_used)] // helpers of tests

use crm_kernel::json::Json;
use crm_kernel::operation::OperationRow;
use crm_tests::story::{Demo, Outcome, StoreKind};

#[test]
fn every_example_is_answered_equally_by_both_stores() {
    let model = crm_domain::model().unwrap();
    let [mut memory, mut sqlite] = StoreKind::ALL.map(Demo::new);
    let mut failed = Vec::new();
    for row in model.operations() {
        // What sets a company up is shown on an empty database.
        let answers = if row.name == "enterprise.setup" {
            StoreKind::ALL.map(|store| Demo::empty(store).call(None, row.name, row.example))
        } else {
            [&mut memory, &mut sqlite].map(|demo| answer(demo, row))
        };
        match &answers {
            [Ok(Outcome::Answer(right)), Ok(Outcome::Answer(found))] if right == found && right.len() > 2 => {
            }
            _ => failed.push(format!("{} {}\n    {answers:?}", row.name, row.example)),
        }
    }
    assert!(failed.is_empty(), "{} examples fail:\n  {}", failed.len(), failed.join("\n  "));
}

/// What brings history is shown inside an import.
fn answer(demo: &mut Demo, row: &OperationRow) -> Result<Outcome, String> {
    if !row.history {
        return demo.call(Some("administrator"), row.name, row.example);
    }
    match demo.call(Some("administrator"), "import.history", &inside_an_import(row))? {
        Outcome::Answer(answer) if answer.contains("\"rejected\":0") => Ok(Outcome::Answer(answer)),
        other => Err(format!("{other:?}")),
    }
}

/// An import of one row whose fields are those of the example.
fn inside_an_import(row: &OperationRow) -> String {
    let example = Json::parse(row.example).unwrap();
    let fields =
        example.as_object().unwrap().iter().map(|(field, value)| {
            Json::object().with("field", field.clone()).with("constant", value.clone())
        });
    let mapping = Json::object()
        .with("name", row.name)
        .with("file", "one.csv")
        .with("operation", row.name)
        .with("fields", fields.collect::<Vec<_>>());
    let file = Json::object().with("file", "one.csv").with("text", "row_key\n1\n");
    Json::object().with("mapping", mapping).with("files", vec![file]).to_string()
}
