//! Sessions as Rust programs have them.

#![cfg(feature = "memory")]
#![allow(clippy::unwrap_used)] // helpers of tests

use crm_store::domain::pricing::{PriceAmount, PriceAmountAnswer};
use crm_store::domain::records::Count;
use crm_store::domain::settings::{Setup, SetupAnswer};
use crm_store::kernel::context::Language;
use crm_store::kernel::date::Instant;
use crm_store::kernel::error::Result;
use crm_store::kernel::json::Json;
use crm_store::memory::MemoryStore;
use crm_store::{Clock, Crm};

fn database(replica: u16) -> Result<Crm> {
    let clock = Clock::fixed(Instant::parse("2026-03-02T01:00:00Z").unwrap());
    Crm::with_replica(Box::new(MemoryStore::new()), clock, replica)
}

fn set_up(crm: &Crm) -> SetupAnswer {
    let company = r#"{"name":"Harbour","base_currency":"EUR","administrator":"Ada"}"#;
    crm.session(None).call(crm.request::<Setup>(company).unwrap()).unwrap()
}

#[test]
fn ids_follow_from_the_clock_and_the_replica() {
    let administrator = |replica| set_up(&database(replica).unwrap()).administrator;
    assert_eq!(administrator(0), administrator(0));
    assert_ne!(administrator(0), administrator(1));
    assert_eq!((administrator(1023).id().number() >> 12) & 0x3ff, 1023);
    assert_eq!(database(1024).err().unwrap().code().name, "value.out_of_range");
}

#[test]
fn a_typed_call_is_answered_and_refused_as_its_text() {
    let crm = database(0).unwrap();
    let made = set_up(&crm);
    let text = r#"{"kind":"employee","filter":"active"}"#;
    let request: Count = crm.request(text).unwrap();
    for actor in [Some(made.administrator.id()), Some(made.enterprise.id()), None] {
        let session = crm.session(actor).language(Language::ZhTw);
        let typed = session.call(request.clone()).map(|answer| format!(r#"{{"count":{}}}"#, answer.count));
        let by_text = session.call_json("record.count", text);
        let told = |result: Result<String>| result.map_err(|error| session.error_json(&error).to_string());
        assert_eq!(told(typed), told(by_text), "{actor:?}");
    }
}

#[test]
fn a_request_that_is_wrong_is_refused_before_it_is_a_struct() {
    let crm = database(0).unwrap();
    let code = |text: &str| crm.request::<Count>(text).err().unwrap().code().name;
    assert_eq!(code(r#"{"kind":"#), "request.invalid_json");
    assert_eq!(code(r#"{"kind":7,"colour":"red"}"#), "request.invalid");
}

#[test]
fn many_prices_at_once_are_those_asked_for_one_by_one() {
    let crm = database(0).unwrap();
    let session = crm.session(Some(set_up(&crm).administrator.id()));
    let create = |request: &str| session.call_json("record.create", request).unwrap();
    create(r#"{"kind":"product","values":{"code":"P","name":"P","list_price":"10"}}"#);
    let rule = r#"{"kind":"price_rule","values":{"code":"TEN","name":"from ten in a document","basis":"document",
        "min_quantity":"10","method":"discount_percent","value":"50"}}"#;
    create(rule);
    let found = session.call_json("record.list", r#"{"kind":"product","filter":"code == 'P'"}"#).unwrap();
    let found = Json::parse(&found).unwrap();
    let product = found.at("/records/0/id").and_then(Json::as_text).unwrap();
    let ask = |quantity: &str| -> PriceAmount {
        crm.request(&format!(r#"{{"product":"{product}","quantity":"{quantity}"}}"#)).unwrap()
    };
    let asked = ["5", "5", "10"].map(ask);
    let amount = |answer: Result<PriceAmountAnswer>| answer.unwrap().amount.to_string();
    let together: Vec<String> = session.call_each(&asked).unwrap().into_iter().map(amount).collect();
    let alone: Vec<String> = asked.into_iter().map(|asked| amount(session.call(asked))).collect();
    assert_eq!(together, alone);
    assert_eq!(alone, ["50", "50", "50"]);
}
