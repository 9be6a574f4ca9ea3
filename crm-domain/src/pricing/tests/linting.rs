//! A rule set is not called clean where it is not.

use super::choosing::rule;
use super::price;
use crate::pricing::engine::{CustomerScope, Outcome, ProductScope, Question, Rule, resolve};
use crate::pricing::index::RuleSet;
use crate::pricing::lint::{Effort, Fault, Witness, World, lint};
use crate::pricing::scale::{Effect, Scale, Tier};
use crate::pricing::strategy::Strategy;
use crate::pricing::{PriceMethod, TierBound, TierMode};
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use proptest::prelude::{Just, ProptestConfig, any, prop, prop_assert, prop_assert_eq, prop_oneof, proptest};
use proptest::strategy::Strategy as _;

const EFFORT: Effort = Effort { questions: 2_000_000, faults: 1_000 };
const ONE: i64 = 1_000_000;

fn set(rules: &[Rule]) -> RuleSet {
    RuleSet::new(rules.to_vec(), Default::default())
}

/// Products 1 and 2 of categories 10 and 11, 11 below 10; customers 5 and 6, both of class 3.
fn world() -> World {
    World {
        products: [(1, (vec![10], 0)), (2, (vec![11, 10], 1))].into(),
        categories: [(10, vec![10]), (11, vec![11, 10])].into(),
        customers: [(5, 3), (6, 3)].into(),
        list_prices: [(1, price("100")), (2, price("100"))].into(),
    }
}

fn day(number: i64) -> Date {
    Date::parse("2026-01-01").unwrap().add_days(number).unwrap()
}

fn any_rule(id: i64) -> impl proptest::strategy::Strategy<Value = Rule> {
    let product = prop_oneof![
        Just(ProductScope::All),
        Just(ProductScope::Category(10)),
        Just(ProductScope::Category(11)),
        Just(ProductScope::Product(1)),
        Just(ProductScope::Product(2)),
    ];
    let customer = prop_oneof![
        Just(CustomerScope::All),
        Just(CustomerScope::Class(3)),
        Just(CustomerScope::Customer(5)),
        Just(CustomerScope::Customer(6)),
    ];
    let period = (0..4_i64, 0..4_i64, any::<bool>(), any::<bool>());
    let bounds = (0..4_i64, prop::option::of(0..3_i64));
    (product, customer, period, bounds, prop::option::of(0..2_i64), 0..3_i64).prop_map(
        move |(product, customer, (from, days, opened, closed), (min, more), priority, position)| Rule {
            product,
            customer,
            from: if opened { day(from) } else { Date::MIN },
            until: if closed { day(from + days) } else { Date::MAX },
            min: min * ONE,
            max: more.map_or(crate::pricing::scale::OPEN, |more| (min + more).max(1) * ONE),
            priority,
            position: if position == 2 { 7 } else { 0 },
            ..rule(id, "10")
        },
    )
}

fn outcome(rules: &RuleSet, strategy: &Strategy, point: (i64, i64, i64, i64, bool)) -> Outcome {
    let (product, customer, date, quantity, position) = point;
    let known = world();
    let (categories, template) = known.products.get(&product).cloned().unwrap_or_default();
    let quantities = [(0, quantity * ONE)];
    let positions: &[i64] = if position { &[7] } else { &[] };
    let question = Question {
        product,
        template,
        categories: &categories,
        customer,
        class: if customer == 0 { 0 } else { 3 },
        positions,
        lists: &[],
        quantities: &quantities,
        measured: &[],
        date: day(date),
        currency: Currency::CNY,
        base: Some(price("100")),
        cost: None,
        base_lists: &[],
        conditions: &[],
        manual: false,
    };
    resolve(&rules.candidates(&question), &question, strategy).unwrap().outcome
}

/// What the engine says at a witness, its sorts being products 3 of no category and customers without name.
fn at_witness(rules: &RuleSet, strategy: &Strategy, witness: &Witness) -> Vec<i64> {
    let known = world();
    let found = known.products.get(&witness.product).cloned();
    let nameless = (known.categories.get(&witness.category).cloned().unwrap_or_default(), 0);
    let (categories, template) = found.unwrap_or(nameless);
    let quantities = [(0, witness.quantity)];
    let question = Question {
        product: witness.product,
        template,
        categories: &categories,
        customer: witness.customer,
        class: witness.class,
        positions: &witness.positions,
        lists: &[],
        quantities: &quantities,
        measured: &[],
        date: witness.date,
        currency: witness.currency,
        base: Some(price("100")),
        cost: None,
        base_lists: &[],
        conditions: &[],
        manual: false,
    };
    let candidates = rules.candidates(&question);
    match resolve(&candidates, &question, strategy).unwrap().outcome {
        Outcome::Ambiguous(tied) => tied.iter().map(|at| candidates[*at].id).collect(),
        _ => Vec::new(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn nothing_is_wrongly_called_clean(
        rules in (1..7_i64).prop_flat_map(|count| (1..=count).map(any_rule).collect::<Vec<_>>()),
        strategy in prop_oneof![Just("specificity"), Just("priority"), Just("erpnext"), Just("sap-access")],
    ) {
        let strategy = Strategy::named(strategy).unwrap();
        let set = set(&rules);
        let found = lint(&set, &world(), strategy, EFFORT).unwrap();
        prop_assert!(found.complete);
        let reported = found.faults.iter().any(|fault| matches!(fault, Fault::Ambiguous(..)));
        // Every question there is, but for what lies between two bounds.
        let (mut ambiguous, mut winners) = (false, Vec::new());
        for product in 0..=2 {
            for customer in [0, 5, 6] {
                for date in -1..9 {
                    for quantity in 1..8 {
                        for position in [false, true] {
                            match outcome(&set, strategy, (product, customer, date, quantity, position)) {
                                Outcome::Ambiguous(_) => ambiguous = true,
                                Outcome::Chosen { price, .. } => winners.push(price),
                                Outcome::None => {}
                            }
                        }
                    }
                }
            }
        }
        prop_assert!(reported || !ambiguous, "{:?}", rules);
        for fault in &found.faults {
            if let Fault::Ambiguous(tied, witness) = fault {
                prop_assert_eq!(&at_witness(&set, strategy, witness), tied);
            }
        }
    }
}

#[test]
fn each_fault_has_a_witness() {
    let specificity = Strategy::named("specificity").unwrap();
    // Two rules meet on one day only, and only from 10 on.
    let one = Rule { product: ProductScope::Product(1), until: day(5), ..rule(1, "10") };
    let other = Rule { product: ProductScope::Product(1), from: day(5), min: 0, ..rule(2, "11") };
    let found = lint(&set(&[one.clone(), other.clone()]), &world(), specificity, EFFORT).unwrap();
    let Some(Fault::Ambiguous(tied, witness)) = found.faults.first() else { panic!("{found:?}") };
    assert_eq!((tied.as_slice(), witness.product, witness.date), (&[1_i64, 2][..], 1, day(5)));
    let apart = Rule { from: day(6), ..other.clone() };
    assert_eq!(lint(&set(&[one.clone(), apart]), &world(), specificity, EFFORT).unwrap().faults, []);
    // A price tells them apart, and prices may be equal.
    let cheapest = Strategy::named("cheapest").unwrap();
    let found = lint(&set(&[one.clone(), other]), &world(), cheapest, EFFORT).unwrap();
    assert!(matches!(found.faults.first(), Some(Fault::PossibleTie([1, 2], _))));
    // A rule for all that another of a higher priority covers everywhere is dead.
    let priority = Strategy::named("priority").unwrap();
    let never = Rule { priority: Some(1), product: ProductScope::Product(1), ..rule(3, "1") };
    let always = Rule { priority: Some(2), ..rule(4, "2") };
    let found = lint(&set(&[never.clone(), always.clone()]), &world(), priority, EFFORT).unwrap();
    assert!(matches!(found.faults.as_slice(), [Fault::Dead(3, _)]), "{found:?}");
    let sometimes = Rule { until: day(9), ..always };
    assert_eq!(lint(&set(&[never, sometimes]), &world(), priority, EFFORT).unwrap().faults, []);
    // tier-03
    let tiers = vec![
        Tier { bound: 100 * ONE, value: 2 * ONE, flat_fee: 10 * ONE },
        Tier { bound: crate::pricing::scale::OPEN, value: ONE, flat_fee: 0 },
    ];
    let scale = Scale { mode: TierMode::AllUnits, bound: TierBound::UpTo, flat_fee_at_zero: false, tiers };
    let effect = Effect { scale: Some(Box::new(scale)), ..Effect::of(PriceMethod::FixedPrice, 0) };
    let found = lint(&set(&[Rule { effect, ..rule(5, "0") }]), &world(), specificity, EFFORT).unwrap();
    assert!(matches!(found.faults.as_slice(), [Fault::Cliff(5, _)]), "{found:?}");
    // A product without list price has a price from day 3 on, and from 2 on.
    let mut bare = world();
    bare.list_prices.remove(&2);
    let late = Rule { product: ProductScope::Product(2), from: day(3), min: 2 * ONE, ..rule(6, "5") };
    let found = lint(&set(&[late]), &bare, specificity, EFFORT).unwrap();
    assert!(matches!(found.faults.as_slice(), [Fault::Gap(witness)] if witness.product == 2), "{found:?}");
    // What is not looked at is not called clean.
    let effort = Effort { questions: 0, faults: 10 };
    assert!(!lint(&set(&[one]), &world(), specificity, effort).unwrap().complete);
}
