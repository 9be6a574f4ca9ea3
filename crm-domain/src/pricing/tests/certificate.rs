//! What a derivation tells.

use super::choosing::{micro, rule};
use super::{dec, price};
use crate::pricing::FreeLine;
use crate::pricing::PriceStage;
use crate::pricing::derivation::{Story, facts_of, first_form, second_form, tell, with_manual};
use crate::pricing::engine::{self, Rule};
use crate::pricing::formula::Formula;
use crate::pricing::index::RuleSet;
use crate::pricing::judge::{Base, Facts, Law, judge};
use crate::pricing::scale::Effect;
use crate::pricing::strategy::Strategy;
use crate::pricing::waterfall::{Beside, Posting};
use crate::settings::Ratio;
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::Rounding;
use crm_kernel::id::{Id, Ref};
use crm_kernel::json::Json;

fn set(rules: Vec<Rule>) -> RuleSet {
    let named = rules.into_iter().map(|rule| {
        let code = format!("R{}", rule.id);
        Rule { told: engine::told(rule.id, &code), code: code.into(), ..rule }
    });
    RuleSet::new(named.collect(), Default::default())
}

fn law(rules: &RuleSet) -> Law<'_> {
    Law {
        rules,
        strategy: Strategy::named("specificity").unwrap(),
        groups: &[],
        date: Date::parse("2026-03-01").unwrap(),
        currency: Currency::CNY,
        beside: Beside::default(),
        posting: Posting { digits: 2, rounding: Rounding::HalfUp },
    }
}

fn told(rules: Vec<Rule>) -> Json {
    told_with(rules, &[])
}

fn told_with(rules: Vec<Rule>, free: &[FreeLine]) -> Json {
    let base = Base {
        listed: price("100"),
        currency: Currency::USD,
        rate: Ratio::parse("7.123456789").unwrap(),
        price: price("712.3456789"),
    };
    let facts = Facts {
        product: 1,
        customer: 5,
        class: Some("A".to_owned()),
        quantities: vec![(0, micro("3"))],
        asked: micro("3"),
        base: Some(base.price),
        ..Facts::default()
    };
    let rules = set(rules);
    let law = law(&rules);
    let (candidates, judged) = judge(&law, &facts).unwrap();
    let price = judged.price.unwrap().1;
    let story = Story {
        law: &law,
        change: 42,
        quantity: dec("3"),
        unit: None,
        base: Some(&base),
        facts: &facts,
        candidates: &candidates,
        judged: &judged,
        price,
        free,
    };
    let told = tell(&story).unwrap().tree().clone();
    assert_eq!(facts_of(&told), Some(facts));
    told
}

#[test]
fn a_list_price_in_another_currency_is_told_with_its_rate() {
    let told = told(vec![Rule { until: Date::parse("2026-02-28").unwrap(), ..rule(8, "1") }]);
    let wanted = concat!(
        r#"{"version":3,"strategy":"specificity","date":"2026-03-01","currency":"CNY","quantity":"3","unit":null,"#,
        r#""rules":[{"rule":"8","code":"R8","taken":false,"reason":"expired"}],"#,
        r#""effects":[{"stage":"list","currency":"USD","price":"100"},"#,
        r#"{"stage":"conversion","currency":"CNY","rate":"7.123456789","price":"712.3456789"}],"#,
        r#""rounding":[{"of":"unit_price","decimals":6,"mode":"half_up","exact":"712.3456789","shown":"712.345679"}],"#,
        r#""list_price":"712.3456789","unit_price":"712.3456789","change":42,"#,
        r#""facts":{"product":"1","customer":"5","class":"A","quantities":[["0","3"]],"asked":"3","base":"712.3456789"}}"#
    );
    assert_eq!(told.to_string(), wanted);
    // Earlier forms spelled the mode otherwise.
    let second = wanted.replace(r#""version":3"#, r#""version":2"#).replace("half_up", "half-up");
    assert_eq!(second_form(told.clone()).to_string(), second);
    assert!(first_form(told.clone()).to_string().contains(r#""mode":"half-up""#));
    // Set by hand twice, it tells of the last time only, and of what the rules had said.
    let by = Id::new(7).unwrap();
    let once = with_manual(told, dec("700"), dec("712.345679"), by, "loyal");
    let twice = with_manual(once, dec("690"), dec("712.345679"), by, "large");
    let effects = twice.get("effects").and_then(|effects| effects.as_list()).unwrap();
    assert_eq!(effects.len(), 3);
    let wanted = r#"{"stage":"manual","base":"712.345679","exact":"712.3456789","price":"690","share":"-22.345679","by":"7","reason":"large"}"#;
    assert_eq!(effects[2].to_string(), wanted);
    assert_eq!(twice.get("unit_price").and_then(|price| price.as_text()), Some("690"));
}

#[test]
fn every_effect_is_told_with_its_stage_base_and_share() {
    let percent = |id, stage| Rule {
        stage,
        effect: Effect::of(crate::pricing::PriceMethod::DiscountPercent, micro("10")),
        ..rule(id, "0")
    };
    let told = told(vec![rule(8, "200"), percent(9, PriceStage::Volume), percent(10, PriceStage::Partner)]);
    let effects = told.get("effects").and_then(|effects| effects.as_list()).unwrap();
    let told: Vec<String> = effects[2..].iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            r#"{"stage":"rule","rule":"8","code":"R8","method":"fixed_price","value":"200","base":"712.3456789","price":"200","share":"-512.3456789"}"#,
            r#"{"stage":"volume","rule":"9","code":"R9","method":"discount_percent","value":"10","of":"running","base":"200","price":"180","share":"-20"}"#,
            r#"{"stage":"partner","rule":"10","code":"R10","method":"discount_percent","value":"10","of":"running","base":"180","price":"162","share":"-18"}"#,
        ]
    );
}

#[test]
fn rounding_of_a_rule_is_spelled_as_in_its_field() {
    let formula = Formula { round_to: Some(dec("5")), round_mode: Rounding::HalfEven, ..Formula::default() };
    let effect = Effect {
        formula: Some(Box::new(formula)),
        ..Effect::of(crate::pricing::PriceMethod::DiscountPercent, micro("10"))
    };
    let told = told(vec![Rule { effect, ..rule(8, "0") }]);
    let mode = |told: &Json| {
        let effects = told.get("effects").and_then(Json::as_list).map(<[Json]>::to_vec).unwrap();
        effects[2].get("round_mode").and_then(Json::as_text).map(str::to_owned)
    };
    assert_eq!(mode(&told).as_deref(), Some("half_even"));
    assert_eq!(mode(&second_form(told)).as_deref(), Some("half-even"));
}

#[test]
fn free_goods_are_an_effect_that_changes_no_price() {
    let gift = Rule {
        stage: PriceStage::Promotion,
        effect: Effect::of(crate::pricing::PriceMethod::FreeGoods, micro("2")),
        ..rule(9, "0")
    };
    let id = |id| Id::new(id).unwrap();
    let line = FreeLine {
        rule: Ref::new(id(9)),
        product: Ref::new(id(4)),
        free: dec("6"),
        charged: dec("3"),
        delivered: dec("9"),
        unit: Some(Ref::new(id(31))),
        code: "R9".to_owned(),
        included: None,
        step: dec("2"),
        value: dec("2"),
        per: dec("1"),
        returns: crate::pricing::FreeReturns::Keep,
    };
    let told = told_with(vec![rule(8, "200"), gift], &[line]);
    let effects = |told: &Json| told.get("effects").and_then(Json::as_list).map(<[Json]>::to_vec).unwrap();
    let wanted = r#"{"stage":"promotion","rule":"9","code":"R9","method":"free_goods","value":"2","product":"4","unit":"31","free":"6"}"#;
    assert_eq!(effects(&told)[3].to_string(), wanted);
    // The first form told nothing of them.
    let first = first_form(told.clone());
    assert_eq!((first.get("version"), effects(&first).len()), (None, 3));
    assert_eq!(first.get("unit_price"), told.get("unit_price"));
}
