//! What effects make of a price: stages, bases, groups, levels, formulas.

use super::choosing::{asked, micro, rule};
use super::{dec, price};
use crate::pricing::engine::{Question, Rule, Verdict, resolve};
use crate::pricing::exclusion::Group;
use crate::pricing::formula::Formula;
use crate::pricing::scale::Effect;
use crate::pricing::strategy::Strategy;
use crate::pricing::waterfall::{Beside, Flow, Posting, Step, flow, rounded};
use crate::pricing::{Comparator, PriceBase, PriceMethod, PriceStage, TieBreak, UnitPrice, UnitRounding};
use crm_kernel::date::Date;
use crm_kernel::dec::{Dec, Rounding};
use proptest::prelude::{ProptestConfig, any, prop, prop_assert_eq, proptest};
use proptest::strategy::Strategy as _;

const CENTS: Posting = Posting { digits: 2, rounding: Rounding::HalfUp };

fn effect(id: i64, stage: PriceStage, method: PriceMethod, value: &str) -> Rule {
    Rule { stage, effect: Effect::of(method, micro(value)), ..rule(id, "0") }
}

fn percent(id: i64, stage: PriceStage, value: &str) -> Rule {
    effect(id, stage, PriceMethod::DiscountPercent, value)
}

fn on_list(mut rule: Rule) -> Rule {
    rule.effect.base = PriceBase::List;
    rule
}

fn group(id: i64, comparator: Comparator, against: i64) -> Group {
    Group { id, code: format!("G{id}"), comparator, against, last: TieBreak::Refuse }
}

struct Told {
    flow: Flow,
    verdicts: Vec<Verdict>,
}

fn run(list: &str, rules: &[Rule], strategy: &Strategy, groups: &[Group], manual: bool) -> Told {
    let quantities = [(0, micro("1"))];
    let question = Question {
        base: Some(price(list)),
        manual,
        ..asked(&quantities, Date::parse("2026-01-15").unwrap())
    };
    let rules: Vec<&Rule> = rules.iter().collect();
    let mut decision = resolve(&rules, &question, strategy).unwrap();
    let later = decision.later.clone();
    let flow = flow(
        price(list),
        &rules,
        &later,
        &question,
        strategy,
        groups,
        Beside::default(),
        CENTS,
        &mut decision.trace,
    )
    .unwrap();
    Told { flow, verdicts: decision.trace.iter().map(|one| one.verdict).collect() }
}

fn named(name: &str) -> &'static Strategy {
    Strategy::named(name).unwrap()
}

fn priced(list: &str, rules: &[Rule]) -> String {
    told(&run(list, rules, named("cpq-waterfall"), &[], false))
}

fn told(told: &Told) -> String {
    match &told.flow {
        Flow::Price(price, _) => price.to_string(),
        Flow::Ambiguous(places) => format!("ambiguous {places:?}"),
    }
}

fn steps(told: Told) -> Vec<Step> {
    match told.flow {
        Flow::Price(_, steps) => steps,
        Flow::Ambiguous(places) => panic!("ambiguous {places:?}"),
    }
}

use PriceStage::{Contract, Partner, Promotion, Volume};

#[test]
fn effects_add_up_on_the_list_price_or_follow_one_another() {
    // stack-01: 10 % and 100 of 1000.
    let off = effect(2, Promotion, PriceMethod::AmountOff, "100");
    assert_eq!(priced("1000", &[on_list(percent(1, Promotion, "10")), off.clone()]), "800");
    // Per cents of what is left go before amounts, whichever rule is older.
    assert_eq!(priced("1000", &[off.clone(), percent(3, Promotion, "10")]), "800");
    assert_eq!(priced("1000", &[percent(1, Promotion, "50"), off]), "400");
    // stack-02, stack-03, stack-04
    assert_eq!(priced("1000", &[percent(1, Promotion, "10"), percent(2, Promotion, "20")]), "720");
    assert_eq!(priced("100", &[percent(1, Contract, "50"), percent(2, Promotion, "50")]), "25");
    assert_eq!(priced("100", &[percent(1, Volume, "40"), percent(2, Promotion, "70")]), "18");
    let given_away = [percent(1, Volume, "40"), on_list(percent(2, Promotion, "70"))];
    assert_eq!(priced("100", &given_away), "0");
    let steps = steps(run("100", &given_away, named("cpq-waterfall"), &[], false));
    assert!(steps[1].capped && !steps[0].capped);
    assert_eq!((steps[1].share, steps[1].price), (price("-60"), price("0")));
    // stack-07 but for the seller's own 10 %, which the line takes: 90, 81, 76.95, 75.411.
    let waterfall = [percent(1, Volume, "10"), percent(2, Partner, "5"), percent(3, Partner, "2")];
    assert_eq!(priced("100", &waterfall), "83.79");
    assert_eq!(price("83.79").times(Dec::ONE, dec("10"), 2, Rounding::HalfUp).unwrap(), dec("75.41"));
    // Surcharges are effects like any other.
    assert_eq!(priced("100", &[effect(1, Contract, PriceMethod::SurchargePercent, "2.5")]), "102.5");
    assert_eq!(
        priced("100", &[effect(1, Contract, PriceMethod::Surcharge, "2.5"), percent(2, Volume, "10")]),
        "92.25"
    );
}

#[test]
fn a_price_in_a_later_stage_sets_all_before_it_aside() {
    let fixed = effect(2, Promotion, PriceMethod::FixedPrice, "70");
    let rules = [percent(1, Contract, "50"), fixed.clone(), percent(3, Partner, "10")];
    assert_eq!(priced("100", &rules), "63");
    // The price goes before the per cents of its own stage.
    assert_eq!(priced("100", &[percent(1, Promotion, "5"), fixed.clone()]), "66.5");
    let steps = steps(run("100", &rules, named("cpq-waterfall"), &[], false));
    let shares: Vec<String> = steps.iter().map(|step| step.share.to_string()).collect();
    assert_eq!(shares, ["-50", "20", "-7"]);
    // Two prices of one stage cannot both be it, unless a priority says which comes last.
    let other = effect(4, Promotion, PriceMethod::FixedPrice, "60");
    assert_eq!(priced("100", &[fixed.clone(), other.clone()]), "ambiguous [0, 1]");
    assert_eq!(priced("100", &[Rule { priority: Some(1), ..fixed }, other]), "60");
}

#[test]
fn effects_side_by_side_take_what_there_is_by_their_codes() {
    // Of 100 the first takes 70 and leaves the other 30, whichever was made first.
    let off = |id, code: &str, value: &str| Rule {
        code: code.into(),
        ..effect(id, Promotion, PriceMethod::AmountOff, value)
    };
    for rules in [[off(1, "A", "70"), off(2, "B", "60")], [off(1, "B", "60"), off(2, "A", "70")]] {
        let steps = steps(run("100", &rules, named("cpq-waterfall"), &[], false));
        let shares: Vec<(&str, String)> =
            steps.iter().map(|step| (&*rules[step.at].code, step.share.to_string())).collect();
        assert_eq!(shares, [("A", "-70".to_owned()), ("B", "-30".to_owned())]);
        assert!(steps[1].capped);
    }
}

#[test]
fn a_group_keeps_what_its_comparator_says() {
    // stack-06 and its like.
    let in_group = |group, rule: Rule| Rule { group, ..rule };
    let rules = [
        in_group(1, percent(1, Promotion, "10")),
        in_group(1, effect(2, Promotion, PriceMethod::AmountOff, "15")),
        percent(3, Promotion, "5"),
    ];
    let with = |list: &str, rules: &[Rule], groups: &[Group]| {
        let found = run(list, rules, named("cpq-waterfall"), groups, false);
        (told(&found), found.verdicts)
    };
    let (found, verdicts) = with("100", &rules, &[group(1, Comparator::Best, 0)]);
    assert_eq!(found, "80");
    assert_eq!(verdicts, [Verdict::Excluded(1), Verdict::Applied, Verdict::Applied]);
    // Of 200, ten per cent are more than fifteen.
    assert_eq!(with("200", &rules, &[group(1, Comparator::Best, 0)]).0, "171");
    assert_eq!(with("100", &rules, &[group(1, Comparator::Worst, 0)]).0, "85.5");
    // Equal ones are a tie, unless the group names a last resort.
    let (found, _) = with("150", &rules[..2], &[group(1, Comparator::Best, 0)]);
    assert_eq!(found, "ambiguous [0, 1]");
    let oldest = Group { last: TieBreak::Oldest, ..group(1, Comparator::Best, 0) };
    assert_eq!(with("150", &rules[..2], &[oldest]).1[1], Verdict::Excluded(1));
    // What counts is where the price ends: behind the five per cent, fifteen are more than ten per cent.
    assert_eq!(with("150", &rules, &[group(1, Comparator::Best, 0)]).0, "127.5");
    // All of one group or all of the other: 5 + 7 against 10.
    let rules = [
        in_group(1, effect(1, Promotion, PriceMethod::AmountOff, "5")),
        in_group(1, effect(2, Promotion, PriceMethod::AmountOff, "7")),
        in_group(2, percent(3, Promotion, "10")),
    ];
    let two = |comparator| [group(1, comparator, 2), group(2, Comparator::Best, 0)];
    assert_eq!(with("100", &rules, &two(Comparator::BestTotal)).0, "88");
    assert_eq!(with("150", &rules, &two(Comparator::BestTotal)).0, "135");
    assert_eq!(with("100", &rules, &two(Comparator::WorstTotal)).0, "90");
    // One group suppresses another; what contributes nothing suppresses nothing.
    assert_eq!(with("100", &rules, &two(Comparator::Suppress)).0, "88");
    let nothing = [in_group(1, percent(1, Promotion, "0")), in_group(2, percent(2, Promotion, "10"))];
    let (found, verdicts) = with("100", &nothing, &two(Comparator::Suppress));
    assert_eq!((found.as_str(), verdicts[1]), ("90", Verdict::Applied));
}

#[test]
fn groups_are_compared_by_what_they_make_together() {
    let in_group = |group, rule: Rule| Rule { group, ..rule };
    let with = |list: &str, rules: &[Rule], groups: &[Group]| {
        told(&run(list, rules, named("cpq-waterfall"), groups, false))
    };
    let total = |comparator, last| [Group { last, ..group(1, comparator, 2) }, group(2, Comparator::Best, 0)];
    // Twice ten per cent leave 81, not 80.
    let rules = [
        in_group(1, percent(1, Promotion, "10")),
        in_group(1, percent(2, Promotion, "10")),
        in_group(2, percent(3, Promotion, "19.5")),
    ];
    assert_eq!(with("100", &rules, &total(Comparator::BestTotal, TieBreak::Refuse)), "80.5");
    assert_eq!(with("100", &rules, &total(Comparator::WorstTotal, TieBreak::Refuse)), "81");
    // Equal totals are a tie, unless the group names a last resort.
    let even = [in_group(1, percent(1, Promotion, "10")), in_group(2, percent(2, Promotion, "10"))];
    assert_eq!(with("100", &even, &total(Comparator::BestTotal, TieBreak::Refuse)), "ambiguous [0, 1]");
    let found =
        run("100", &even, named("cpq-waterfall"), &total(Comparator::BestTotal, TieBreak::Newest), false);
    assert_eq!(found.verdicts, [Verdict::Excluded(1), Verdict::Applied]);
    // Effects are compared where they stand: five are all that ninety-five leave.
    let first = Rule { priority: Some(9), ..effect(1, Promotion, PriceMethod::AmountOff, "95") };
    let rules = [
        first,
        in_group(1, percent(2, Promotion, "10")),
        in_group(1, effect(3, Promotion, PriceMethod::AmountOff, "5")),
    ];
    assert_eq!(with("100", &rules, &[group(1, Comparator::Best, 0)]), "0");
}

#[test]
fn what_changes_nothing_excludes_nothing() {
    let in_group = |group, rule: Rule| Rule { group, ..rule };
    let with = |list: &str, rules: &[Rule], groups: &[Group]| {
        told(&run(list, rules, named("cpq-waterfall"), groups, false))
    };
    let one = [in_group(1, percent(1, Promotion, "0")), in_group(1, percent(2, Promotion, "10"))];
    assert_eq!(with("100", &one, &[group(1, Comparator::Worst, 0)]), "90");
    let two = [in_group(2, percent(1, Promotion, "0")), in_group(1, percent(2, Promotion, "10"))];
    let total = [group(1, Comparator::WorstTotal, 2), group(2, Comparator::Best, 0)];
    assert_eq!(with("100", &two, &total), "90");
    // Where there is nothing to take, nothing is a tie.
    let both = [in_group(1, percent(1, Promotion, "5")), in_group(1, percent(2, Promotion, "10"))];
    assert_eq!(with("0", &both, &[group(1, Comparator::Best, 0)]), "0");
    // A group that is suppressed suppresses none in turn, whatever the groups are called.
    let chain = [
        in_group(3, percent(1, Promotion, "10")),
        in_group(2, percent(2, Promotion, "10")),
        in_group(1, percent(3, Promotion, "10")),
    ];
    for (first, middle) in [(3, 2), (2, 3)] {
        let groups = [
            group(first, Comparator::Suppress, middle),
            group(middle, Comparator::Suppress, 1),
            group(1, Comparator::Best, 0),
        ];
        assert_eq!(with("100", &chain, &groups), "81");
    }
}

#[test]
fn amounts_that_may_use_up_the_price_need_an_order() {
    let off = effect(1, Promotion, PriceMethod::AmountOff, "150");
    let more = effect(2, Promotion, PriceMethod::Surcharge, "20");
    assert_eq!(priced("100", &[off.clone(), more.clone()]), "ambiguous [0, 1]");
    // While there is enough, they add up in any order; all of one sign do so always.
    assert_eq!(priced("150", &[off.clone(), more.clone()]), "20");
    assert_eq!(priced("100", &[off.clone(), effect(3, Promotion, PriceMethod::AmountOff, "1")]), "0");
    assert_eq!(priced("100", &[Rule { priority: Some(1), ..off.clone() }, more.clone()]), "20");
    assert_eq!(priced("100", &[off, Rule { priority: Some(1), ..more }]), "0");
}

#[test]
fn of_the_levels_the_first_with_an_effect_stays() {
    let rules = [percent(1, Contract, "30"), percent(2, Promotion, "10"), percent(3, Volume, "50")];
    let levels = |rules: &[Rule], manual| {
        let found = run("100", rules, named("saleor-levels"), &[], manual);
        (told(&found), found.verdicts)
    };
    // The volume discount is no level, so it stays beside.
    let (found, verdicts) = levels(&rules, false);
    assert_eq!((found.as_str(), verdicts[1]), ("35", Verdict::Excluded(0)));
    assert_eq!(levels(&rules[1..], false).0, "45");
    // What the seller gives goes before both; taken away, they are back.
    assert_eq!(levels(&rules, true).0, "50");
    // A voucher of nothing leaves the promotion.
    assert_eq!(levels(&[percent(1, Contract, "0"), percent(2, Promotion, "10")], false).0, "90");
}

#[test]
fn what_an_effect_takes_may_be_rounded_by_itself() {
    // stack-08
    for (rounding, wanted) in [(Rounding::Down, "15"), (Rounding::HalfUp, "14.99")] {
        let strategy = Strategy { effect_rounding: Some(rounding), ..named("specificity").clone() };
        let found = run("19.99", &[percent(1, Promotion, "25")], &strategy, &[], false);
        assert_eq!(told(&found), wanted);
    }
    assert_eq!(priced("19.99", &[percent(1, Promotion, "25")]), "14.9925");
    // Then the order of two per cents would matter.
    let strategy = Strategy { effect_rounding: Some(Rounding::Down), ..named("specificity").clone() };
    let two = [percent(1, Promotion, "25"), percent(2, Promotion, "10")];
    assert_eq!(told(&run("19.99", &two, &strategy, &[], false)), "ambiguous [0, 1]");
}

#[test]
fn a_price_is_rounded_where_the_strategy_says() {
    let unit = Strategy { unit_rounding: UnitRounding::Unit, ..named("specificity").clone() };
    for (exact, wanted, line) in
        [("2071.4196", "2071.42", "62142.60"), ("1.005", "1.01", "30.30"), ("-1.005", "-1.01", "-30.30")]
    {
        let found = rounded(price(exact), &unit, CENTS).unwrap();
        assert_eq!(found, price(wanted));
        assert_eq!(found.times(dec("30"), Dec::ZERO, 2, Rounding::HalfUp).unwrap(), dec(line));
        assert_eq!(rounded(price(exact), named("specificity"), CENTS).unwrap(), price(exact));
    }
    assert_eq!(
        rounded(price("10/3"), &unit, Posting { digits: 0, rounding: Rounding::HalfEven }).unwrap(),
        price("3")
    );
}

#[test]
fn a_formula_goes_in_the_order_of_the_contract() {
    let formula = |round_to: Option<&str>, add: Option<&str>, min: Option<&str>, max: Option<&str>| Formula {
        round_to: round_to.map(dec),
        round_mode: Rounding::HalfUp,
        then_add: add.map(dec),
        min_margin: min.map(dec),
        max_margin: max.map(dec),
    };
    let made = |discount: &str, base: &str, formula: Formula| {
        let effect = Effect {
            formula: Some(Box::new(formula)),
            ..Effect::of(PriceMethod::DiscountPercent, micro(discount))
        };
        let measured = crate::pricing::scale::Measured::alone(1_000_000);
        effect.price(measured, 1_000_000, Some(price(base))).unwrap().unwrap().to_string()
    };
    // price-formula-01
    let endings = formula(Some("10"), Some("-0.01"), None, None);
    assert_eq!(
        (made("10", "100", endings).as_str(), made("15", "123.45", endings).as_str()),
        ("89.99", "99.99")
    );
    // price-formula-02 and its like: margins are judged last, the largest after the least.
    assert_eq!(made("10", "100", formula(Some("10"), Some("-0.01"), Some("5"), None)), "105");
    assert_eq!(made("10", "100", formula(None, Some("50"), None, Some("20"))), "120");
    assert_eq!(made("0", "100", formula(None, None, Some("-20"), Some("-10"))), "90");
    assert_eq!(made("50", "100", formula(None, None, Some("-20"), Some("-10"))), "80");
    assert_eq!(made("0", "12.34", formula(Some("0.05"), None, None, None)), "12.35");
    // What no decimal says can be rounded as well.
    assert_eq!(made("0", "62/6", formula(Some("0.5"), None, None, None)), "10.5");
}

/// Effects of one stage that are no prices and no formulas.
fn any_effects() -> impl proptest::strategy::Strategy<Value = Vec<Rule>> {
    let one = (any::<bool>(), any::<bool>(), 0_i64..6_000, 0_u8..3);
    prop::collection::vec(one, 0..6).prop_map(|made| {
        let rules = (1_i64..).zip(made).map(|(id, (is_percent, list, value, priority))| {
            let method = if is_percent { PriceMethod::DiscountPercent } else { PriceMethod::AmountOff };
            let mut rule = effect(id, Promotion, method, "0");
            rule.effect.value = value * 10_000;
            rule.effect.base = if list { PriceBase::List } else { PriceBase::Running };
            rule.priority = (priority > 0).then_some(i64::from(priority));
            rule
        });
        rules.collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1_000) })]

    #[test]
    fn shares_add_up_and_no_id_decides(rules in any_effects(), list in 1_i64..500_000_000) {
        let list = UnitPrice::from(Dec::from_i64_at(list, 6)).to_string();
        let found = run(&list, &rules, named("cpq-waterfall"), &[], false);
        let mut turned = rules.clone();
        for (rule, id) in turned.iter_mut().zip((1..=rules.len() as i64).rev()) {
            rule.id = id;
        }
        prop_assert_eq!(told(&found), told(&run(&list, &turned, named("cpq-waterfall"), &[], false)));
        let mut running = price(&list);
        for step in steps(found) {
            running = running.and(step.share).unwrap();
            prop_assert_eq!(running, step.price);
            prop_assert_eq!(running.amount().is_negative(), false);
        }
    }
}
