//! What a derivation tells.

use super::{dec, price};
use crate::pricing::derivation::{Story, tell, with_manual};
use crate::pricing::engine::{Considered, Decision, Outcome, Reason, Verdict};
use crate::pricing::price::Base;
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::id::Id;

#[test]
fn a_list_price_in_another_currency_is_told_with_its_rate() {
    let base = Base {
        listed: price("100"),
        currency: Currency::USD,
        rate: dec("7.123456789"),
        price: price("712.3456789"),
    };
    let trace = vec![Considered { rule: 8, verdict: Verdict::Refused(Reason::Expired) }];
    let decision = Decision { outcome: Outcome::None, trace };
    let story = Story {
        strategy: "specificity",
        date: Date::parse("2026-03-01").unwrap(),
        currency: Currency::CNY,
        quantity: dec("3"),
        unit: None,
        base: Some(&base),
        rules: &[],
        codes: &|id| format!("R{id}"),
        decision: &decision,
        price: base.price,
    };
    let told = tell(&story).unwrap();
    let wanted = concat!(
        r#"{"strategy":"specificity","date":"2026-03-01","currency":"CNY","quantity":"3","unit":null,"#,
        r#""rules":[{"rule":"8","code":"R8","taken":false,"reason":"expired"}],"#,
        r#""effects":[{"stage":"list","currency":"USD","price":"100"},"#,
        r#"{"stage":"conversion","currency":"CNY","rate":"7.123456789","price":"712.3456789"}],"#,
        r#""rounding":[{"of":"unit_price","decimals":6,"mode":"half-up","exact":"712.3456789","shown":"712.345679"}],"#,
        r#""list_price":"712.3456789","unit_price":"712.3456789"}"#
    );
    assert_eq!(told.to_string(), wanted);
    // Set by hand twice, it tells of the last time only, and of what the rules had said.
    let by = Id::new(7).unwrap();
    let once = with_manual(told, dec("700"), dec("712.345679"), by, "loyal");
    let twice = with_manual(once, dec("690"), dec("712.345679"), by, "large");
    let effects = twice.get("effects").and_then(|effects| effects.as_list()).unwrap();
    assert_eq!(effects.len(), 3);
    let wanted = r#"{"stage":"manual","base":"712.345679","price":"690","share":"-22.345679","by":"7","reason":"large"}"#;
    assert_eq!(effects[2].to_string(), wanted);
    assert_eq!(twice.get("unit_price").and_then(|price| price.as_text()), Some("690"));
}
