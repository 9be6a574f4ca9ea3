//! The example of every operation is a request that works: on the demonstration company, by its administrator.

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
            [&mut memory, &mut sqlite].map(|demo| demo.call(Some("administrator"), row.name, row.example))
        };
        match &answers {
            [Ok(Outcome::Answer(right)), Ok(Outcome::Answer(found))] if right == found && right.len() > 2 => {
            }
            _ => failed.push(format!("{} {}\n    {answers:?}", row.name, row.example)),
        }
    }
    assert!(failed.is_empty(), "{} examples fail:\n  {}", failed.len(), failed.join("\n  "));
}
