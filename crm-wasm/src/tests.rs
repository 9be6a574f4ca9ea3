use super::*;

const SETUP: &str = r#"{"name":"A","base_currency":"CNY","administrator":"B"}"#;
const NOBODY: &str = r#"{"now":1772424000000}"#;

/// A company, and a caller who is its administrator.
fn company() -> (Door, String) {
    let door = Door::memory("en").unwrap();
    let answer = Json::parse(&door.call(NOBODY, "enterprise.setup", SETUP).unwrap()).unwrap();
    let actor = answer.get("administrator").and_then(Json::as_text).unwrap().to_owned();
    (door, format!(r#"{{"actor":"{actor}","now":1772424000000}}"#))
}

#[test]
fn a_company_is_set_up_and_worked_on() {
    let (door, administrator) = company();
    let list = |caller: &str| door.call(caller, "record.list", r#"{"kind":"department"}"#);
    assert!(list(NOBODY).unwrap_err().contains(r#""code":"permission.no_actor""#));
    assert!(list(&administrator).unwrap().contains(r#""code":"HQ""#));
}

#[test]
fn a_caller_that_is_none_is_refused() {
    let door = Door::memory("en").unwrap();
    let callers = [
        "",
        "[]",
        r#"{}"#,
        r#"{"now":"1"}"#,
        r#"{"now":9000000000000000}"#,
        r#"{"now":1,"language":"fr"}"#,
        r#"{"now":1,"actor":"x"}"#,
        r#"{"now":1,"actor":7}"#,
        r#"{"now":1,"on_behalf":"-1"}"#,
        r#"{"now":1,"zone":"Nowhere"}"#,
        r#"{"now":1,"zone_rule":"+"}"#,
    ];
    for caller in callers {
        let error = door.call(caller, "system.info", "{}").unwrap_err();
        assert!(error.contains(r#""code":"request.invalid_text""#), "{caller}: {error}");
    }
    let full = r#"{"now":1,"actor":null,"language":"zh-TW","reason":"r","zone":"Here","zone_rule":"CST-8"}"#;
    assert!(door.call(full, "system.info", "{}").is_ok());
}

#[test]
fn refusals_speak_the_callers_language() {
    let door = Door::memory("en").unwrap();
    let told = |language: &str| {
        let caller = format!(r#"{{"now":1,"language":"{language}"}}"#);
        door.call(&caller, "record.list", r#"{"kind":"department"}"#).unwrap_err()
    };
    assert_ne!(told("en"), told("zh-CN"));
}

#[test]
fn a_database_goes_out_and_in_as_bytes() {
    let (door, administrator) = company();
    let create = r#"{"kind":"department","values":{"code":"EAST","name":"East"}}"#;
    door.call(&administrator, "record.create", create).unwrap();
    let bytes = door.export().unwrap();
    let other = Door::memory("en").unwrap();
    other.import(&bytes).unwrap();
    let list = |door: &Door| door.call(&administrator, "record.list", r#"{"kind":"department"}"#).unwrap();
    assert_eq!(list(&door), list(&other));
    assert!(other.take_changed());
    assert!(!other.take_changed());
    for broken in [&b""[..], b"no database", &bytes[..5000]] {
        let error = other.import(broken).unwrap_err();
        assert!(error.contains(r#""class":"corrupt""#), "{error}");
        assert_eq!(list(&door), list(&other));
    }
}

#[test]
fn what_may_have_been_done_is_not_done_twice() {
    let (door, administrator) = company();
    let create = r#"{"kind":"department","values":{"code":"EAST","name":"East"}}"#;
    let error = door.call_again(&administrator, "record.create", create).unwrap_err();
    assert!(error.contains(r#""code":"store.outcome_unknown""#), "{error}");
    assert!(door.call_again(&administrator, "record.list", r#"{"kind":"department"}"#).is_ok());
    assert!(door.unknown_outcome().contains(r#""code":"store.outcome_unknown""#));
}

#[test]
fn changes_are_told_by_number() {
    let (door, administrator) = company();
    let all = Json::parse(&door.changes(0, 100).unwrap()).unwrap();
    let last = all.get("last").and_then(Json::as_int).unwrap();
    let create = r#"{"kind":"department","values":{"code":"EAST","name":"East"}}"#;
    door.call(&administrator, "record.create", create).unwrap();
    let new = door.changes(last, 100).unwrap();
    assert!(new.contains(r#""operation":"record.create""#), "{new}");
    assert!(door.changes(1_000_000, 1).unwrap_err().contains(r#""code":"list.bad_cursor""#));
}
