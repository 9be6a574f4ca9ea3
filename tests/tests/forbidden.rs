//! Nobody may do anything without a right: every operation of the table, called by an employee who holds no position
//! and by nobody, is refused; the public ones aside, and those are pinned.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // helpers of tests

use crm_kernel::permission::Needs;
use crm_tests::story::{Demo, StoreKind};

/// Open to everybody. Adding one is a decision.
const PUBLIC: &[&str] = &["enterprise.setup", "session.login", "system.info"];

#[test]
fn public_operations_are_pinned() {
    let model = crm_domain::model().unwrap();
    let mut public: Vec<&str> =
        model.operations().iter().filter(|row| row.needs == Needs::Public).map(|row| row.name).collect();
    public.sort_unstable();
    assert_eq!(public, PUBLIC);
    assert!(public.len() <= 5);
}

#[test]
fn an_employee_without_position_may_nothing() {
    assert_all_refused(Some("nobody"), "permission.forbidden");
}

#[test]
fn nobody_may_nothing() {
    assert_all_refused(None, "permission.no_actor");
}

fn assert_all_refused(actor: Option<&str>, code: &str) {
    let model = crm_domain::model().unwrap();
    let mut demo = Demo::new(StoreKind::Memory);
    let mut wrong = Vec::new();
    let mut tried = 0;
    for row in model.operations().iter().filter(|row| !PUBLIC.contains(&row.name)) {
        tried += 1;
        match demo.refusal(actor, row.name, row.example) {
            Ok(refused) if refused == code => {}
            other => wrong.push(format!("{}: {other:?}", row.name)),
        }
    }
    assert!(tried > 0);
    assert!(wrong.is_empty(), "not refused with {code}:\n  {}", wrong.join("\n  "));
}
