//! Two processes on one database: each finds what the other has written, and what both write at once is all there.
//!
//! An engine with a connection of its own stands for a process.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests

use crm_kernel::date::Instant;
use crm_kernel::id::Id;
use crm_kernel::json::Json;
use crm_store::sqlite::Options;
use crm_store::{Clock, Crm};
use std::path::PathBuf;

/// A database file that is taken away in the end.
struct File(PathBuf);

impl File {
    fn new(name: &str) -> File {
        File(std::env::temp_dir().join(format!("crm-two-{name}-{}.db", std::process::id())))
    }

    fn open(&self) -> Crm {
        // The same moment for all: ids must differ all the same.
        let now = Instant::parse("2026-03-02T01:00:00Z").unwrap();
        Crm::open(&self.0, Options::default(), Clock::fixed(now)).unwrap()
    }
}

impl Drop for File {
    fn drop(&mut self) {
        for end in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{end}", self.0.display()));
        }
    }
}

fn call(crm: &Crm, actor: Option<Id>, operation: &str, request: &str) -> Json {
    let answer = crm.session(actor).call_json(operation, request);
    Json::parse(&answer.unwrap_or_else(|error| panic!("{operation} {request}: {error}"))).unwrap()
}

fn id(json: &Json, path: &str) -> Id {
    json.at(path).and_then(Json::as_text).and_then(Id::parse).unwrap_or_else(|| panic!("{path} of {json:?}"))
}

fn set_up(crm: &Crm) -> Id {
    let request =
        r#"{"name":"Harbour","base_currency":"CNY","zone":"Asia/Shanghai","administrator":"An Ran"}"#;
    id(&call(crm, None, "enterprise.setup", request), "/administrator")
}

fn create(crm: &Crm, actor: Id, kind: &str, values: &str) -> Json {
    call(crm, Some(actor), "record.create", &format!(r#"{{"kind":"{kind}","values":{values}}}"#))
}

#[test]
fn each_finds_what_the_other_has_written() {
    let file = File::new("turns");
    let (one, other) = (file.open(), file.open());
    let administrator = set_up(&one);

    // Records and numbers.
    for turn in 1..=10 {
        let crm = if turn % 2 == 0 { &one } else { &other };
        let made = create(crm, administrator, "customer", r#"{"name":"turn by turn"}"#);
        let number = made.at("/record/number").and_then(Json::as_text).map(str::to_owned);
        assert_eq!(number, Some(format!("C-{turn:06}")));
    }

    // Definitions.
    let field = r#"{"kind":"customer","name":"points","type":"integer","labels":{"en":"Points","zh_cn":"积分","zh_tw":"積分"}}"#;
    call(&one, Some(administrator), "definition.add_field", field);
    let made = create(&other, administrator, "customer", r#"{"name":"with points","points":7}"#);
    assert_eq!(made.at("/record/points"), Some(&Json::Int(7)));

    // Rights: given by one, used at the other, taken away by one.
    let rights =
        r#"{"code":"READ","name":"Reader","rights":[{"kind":"customer","verb":"read","scope":"all"}]}"#;
    let position = id(&create(&one, administrator, "position", rights), "/record/id");
    let top = call(&one, Some(administrator), "record.list", r#"{"kind":"department"}"#);
    let department = id(&top, "/records/0/id");
    let values = format!(
        r#"{{"code":"LI","name":"Li","department":"{department}","positions":[{{"holds":"{position}"}}]}}"#
    );
    let li = id(&create(&one, administrator, "employee", &values), "/record/id");
    let counted = call(&other, Some(li), "record.count", r#"{"kind":"customer"}"#);
    assert_eq!(counted.get("count"), Some(&Json::Int(11)));
    let left = format!(r#"{{"kind":"employee","id":"{li}","values":{{"active":false}}}}"#);
    call(&one, Some(administrator), "record.update", &left);
    let refused = other.session(li).call_json("record.count", r#"{"kind":"customer"}"#).unwrap_err();
    assert_eq!(refused.code().name, "permission.forbidden");
}

#[test]
fn both_write_at_once_and_nothing_is_lost() {
    const EACH: usize = 100;
    let file = File::new("at-once");
    let administrator = set_up(&file.open());
    std::thread::scope(|scope| {
        for name in ["one", "other"] {
            let crm = file.open();
            scope.spawn(move || {
                for _ in 0..EACH {
                    create(&crm, administrator, "customer", &format!(r#"{{"name":"{name}"}}"#));
                }
            });
        }
    });
    let crm = file.open();
    let list = call(
        &crm,
        Some(administrator),
        "record.list",
        r#"{"kind":"customer","order":["number"],"limit":1000}"#,
    );
    let numbers: Vec<&str> = list
        .get("records")
        .and_then(Json::as_list)
        .unwrap()
        .iter()
        .filter_map(|record| record.get("number").and_then(Json::as_text))
        .collect();
    let wanted: Vec<String> = (1..=2 * EACH).map(|number| format!("C-{number:06}")).collect();
    assert_eq!(numbers, wanted);
}
