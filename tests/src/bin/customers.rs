//! A database of many customers, and whether one is whole: `customers make FILE COUNT`, `customers check FILE COUNT`.
//!
//! For those who carry files between doors. `make` prints the administrator's id; `check` opens the file as any program would,
//! finds so many customers by that employee, and adds one.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // it stops where anything is wrong

use crm_kernel::date::Instant;
use crm_kernel::id::Id;
use crm_kernel::json::Json;
use crm_store::sqlite::{Options, Synchronous};
use crm_store::{Clock, Crm, Session};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [verb, file, count, rest @ ..] = arguments.as_slice() else {
        panic!("customers make FILE COUNT | customers check FILE COUNT ADMINISTRATOR")
    };
    let count: usize = count.parse().expect("a number");
    let options = Options { synchronous: Synchronous::Normal, ..Options::default() };
    let clock = Clock::fixed(Instant::parse("2026-01-05T01:00:00Z").unwrap());
    let crm = Crm::open(file, options, clock).unwrap_or_else(|error| panic!("{file}: {error}"));
    match (verb.as_str(), rest) {
        ("make", []) => println!("{}", make(&crm, count)),
        ("check", [administrator]) => check(&crm.session(Id::parse(administrator)), count),
        _ => panic!("make or check?"),
    }
}

fn call(session: &Session, operation: &str, request: &str) -> Json {
    let answer = session
        .call_json(operation, request)
        .unwrap_or_else(|error| panic!("{operation} {request}: {error}"));
    Json::parse(&answer).unwrap()
}

fn make(crm: &Crm, count: usize) -> String {
    let setup = r#"{"name":"海港仪器","base_currency":"CNY","administrator":"安然"}"#;
    let made = call(&crm.session(None), "enterprise.setup", setup);
    let administrator = made.get("administrator").and_then(Json::as_text).unwrap().to_owned();
    let session = crm.session(Id::parse(&administrator));
    let all: Vec<usize> = (0..count).collect();
    for chunk in all.chunks(500) {
        let items = chunk.iter().map(|no| {
            format!(
                r#"{{"op":"record.create","request":{{"kind":"customer","values":{{"name":"客户 {no}","city":"City {}","external_key":"K{no}"}}}}}}"#,
                no % 97
            )
        });
        let items = items.collect::<Vec<_>>().join(",");
        call(&session, "batch", &format!(r#"{{"operations":[{items}]}}"#));
    }
    administrator
}

fn check(session: &Session, count: usize) {
    let counted = call(session, "record.count", r#"{"kind":"customer"}"#);
    assert_eq!(counted.get("count").and_then(Json::as_int), Some(count as i64));
    let found = call(session, "record.list", r#"{"kind":"customer","filter":"external_key == 'K1'"}"#);
    assert_eq!(found.at("/records/0/name").and_then(Json::as_text), Some("客户 1"));
    call(session, "record.create", r#"{"kind":"customer","values":{"name":"from a native program"}}"#);
}
