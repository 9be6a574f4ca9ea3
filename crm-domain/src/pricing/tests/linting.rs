//! A rule set is not called clean where it is not.

use super::choosing::rule;
use super::{dec, price};
use crate::pricing::engine::{Counted, CustomerScope, OpenList, ProductScope, Rule, Symbols, Verdict};
use crate::pricing::exclusion::Group;
use crate::pricing::guard::Floor;
use crate::pricing::index::RuleSet;
use crate::pricing::judge::{Facts, Judged, Law, judge};
use crate::pricing::lint::{
    Buyer, COST_SCALE, Effort, Fault, Findings, KnownList, KnownProduct, Witness, World,
};
use crate::pricing::scale::{Effect, Measured, OPEN, Scale, Tier};
use crate::pricing::strategy::Strategy;
use crate::pricing::waterfall::{Beside, Posting};
use crate::pricing::{Comparator, PriceMethod, PriceStage, QuantityBasis, TieBreak, TierBound, TierMode};
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::{Dec, Rounding};
use crm_kernel::money::RoundingPolicy;
use proptest::prelude::{Just, ProptestConfig, any, prop, prop_assert, prop_assert_eq, prop_oneof, proptest};
use proptest::strategy::Strategy as _;

const EFFORT: Effort = Effort { questions: 2_000_000, faults: 1_000 };
const ONE: i64 = 1_000_000;

/// Conditions hold where that is asked.
fn lint(
    rules: &RuleSet,
    world: &World,
    strategy: &Strategy,
    effort: Effort,
) -> crm_kernel::error::Result<Findings> {
    crate::pricing::lint::lint(rules, world, strategy, effort, &mut |_, _| Ok(Some(true)))
}

fn set(rules: &[Rule]) -> RuleSet {
    let mut classes = Symbols::default();
    assert_eq!(classes.of(Some("A")), 1);
    RuleSet::new(rules.to_vec(), classes)
}

fn known(categories: &[i64], template: i64) -> KnownProduct {
    KnownProduct {
        categories: categories.to_vec(),
        template,
        list_price: Some(price("100")),
        measures: [("weight".to_owned(), Some(dec("2")))].into(),
        ..KnownProduct::default()
    }
}

fn list(id: i64, always: bool, base: i64, currency: Currency) -> KnownList {
    KnownList {
        open: OpenList { base, shadows: base != 0, ..OpenList::plain(id) },
        always,
        currency,
        from: Date::MIN,
        until: Date::MAX,
        buyer: Buyer::default(),
    }
}

/// Products 1 and 2 of categories 10 and 11, 11 below 10; customers 5 and 6, both of class A; the list 20 always open, 21
/// on it and 22 where they are named.
fn world() -> World {
    let buyer = Buyer { class: Some("A".to_owned()), region: None };
    World {
        products: [(1, known(&[10], 0)), (2, known(&[11, 10], 1))].into(),
        categories: [(10, vec![10]), (11, vec![11, 10])].into(),
        customers: [(5, buyer.clone()), (6, buyer)].into(),
        lists: vec![
            list(20, true, 0, Currency::CNY),
            list(21, false, 20, Currency::CNY),
            list(22, false, 0, Currency::USD),
        ],
        groups: Vec::new(),
        policy: RoundingPolicy::HalfUp,
        currency: Currency::CNY,
        currencies: [Currency::CNY, Currency::USD].into(),
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
        Just(CustomerScope::Class(1)),
        Just(CustomerScope::Customer(5)),
        Just(CustomerScope::Customer(6)),
    ];
    let period = (0..4_i64, 0..3_i64, any::<bool>(), any::<bool>());
    let bounds = (0..4_i64, prop::option::of(0..3_i64));
    let counted = prop_oneof![
        4 => Just(None),
        1 => Just(Some((QuantityBasis::Document, None))),
        1 => Just(Some((QuantityBasis::Line, Some("weight")))),
    ];
    let effect = prop_oneof![
        4 => Just((PriceStage::List, PriceMethod::FixedPrice)),
        1 => Just((PriceStage::List, PriceMethod::DiscountPercent)),
        2 => Just((PriceStage::Promotion, PriceMethod::FixedPrice)),
        1 => Just((PriceStage::Promotion, PriceMethod::DiscountPercent)),
    ];
    let where_ = (
        prop_oneof![3 => Just(0), 1 => Just(20), 1 => Just(21), 1 => Just(22)],
        prop_oneof![3 => Just(None), 1 => Just(Some(Currency::CNY)), 1 => Just(Some(Currency::USD))],
    );
    let rest = (prop::option::of(0..2_i64), 0..4_i64, any::<bool>(), any::<bool>());
    (product, customer, period, bounds, counted, effect, where_, rest).prop_map(
        move |(product, customer, period, (min, more), counted, (stage, method), (list, currency), rest)| {
            let ((from, days, opened, closed), (priority, optional, tiered, _)) = (period, rest);
            let tiers = [Tier { bound: 2 * ONE, value: 9 * ONE, flat_fee: 0 }];
            let scale = Scale {
                mode: TierMode::AllUnits,
                bound: TierBound::From,
                flat_fee_at_zero: false,
                tiers: tiers.to_vec(),
            };
            let counted = counted.map(|(basis, measure): (_, Option<&str>)| {
                Box::new(Counted { basis, days: 0, measure: measure.map(Box::from) })
            });
            // A list has one currency.
            let of_list = match list {
                0 => currency,
                22 => Some(Currency::USD),
                _ => Some(Currency::CNY),
            };
            Rule {
                product,
                customer,
                from: if opened { day(from) } else { Date::MIN },
                until: if closed { day(from + days) } else { Date::MAX },
                min: min * ONE,
                max: more.map_or(OPEN, |more| (min + more).max(1) * ONE),
                priority,
                position: if optional == 2 { 7 } else { 0 },
                condition: (optional == 3).then(|| "date != null".into()),
                list,
                currency: of_list,
                counted,
                stage,
                effect: Effect {
                    scale: (tiered && method == PriceMethod::FixedPrice).then(|| Box::new(scale)),
                    ..Effect::of(method, 10 * ONE)
                },
                ..rule(id, "10")
            }
        },
    )
}

/// Those that cannot be told apart, in the plainest words: facts are written down, not found by the search.
fn tied(rules: &RuleSet, strategy: &Strategy, facts: &Facts, date: Date, currency: Currency) -> Vec<i64> {
    let posting = Posting { digits: 2, rounding: Rounding::HalfUp };
    let law = Law { rules, strategy, groups: &[], date, currency, beside: Beside::default(), posting };
    judge(&law, facts).unwrap().1.ambiguous
}

/// The lists that are open, in the order of their ids.
fn open(list: i64, currency: Currency) -> Option<Vec<OpenList>> {
    let below = OpenList::plain(20);
    let above = OpenList { base: 20, shadows: true, ..OpenList::plain(21) };
    match (list, currency == Currency::CNY) {
        (0, true) | (20, true) => Some(vec![below]),
        (0, false) => Some(Vec::new()),
        (21, true) => Some(vec![above, below]),
        (22, false) => Some(vec![OpenList::plain(22)]),
        _ => None,
    }
}

/// A product of the category 11 that no rule names.
const UNNAMED: i64 = 3;

fn facts(product: i64, customer: i64, quantity: i64) -> Facts {
    let (categories, template) = match product {
        1 => (vec![10], 0),
        2 => (vec![11, 10], 1),
        UNNAMED => (vec![11, 10], 0),
        _ => (Vec::new(), 0),
    };
    Facts {
        product,
        template,
        categories,
        customer,
        class: (customer != 0).then(|| "A".to_owned()),
        quantities: vec![(0, quantity)],
        asked: quantity,
        base: Some(price("100")),
        ..Facts::default()
    }
}

/// What rules count of a line of so many in a document of so many; a product without name has no weight.
fn measured(rules: &[Rule], product: i64, quantity: i64, whole: i64) -> Vec<(i64, Measured)> {
    let of = |rule: &Rule| {
        let counted = rule.counted.as_ref()?;
        let whole = match counted.basis {
            QuantityBasis::Document => whole,
            _ if product == 0 => return None,
            _ => 2 * quantity,
        };
        Some((rule.id, Measured::alone(whole)))
    };
    rules.iter().filter_map(of).collect()
}

/// Every question there is, but for what lies between two bounds: the first at which rules tie.
fn brute(rules: &[Rule], set: &RuleSet, strategy: &Strategy) -> Option<Vec<i64>> {
    let days: Vec<i64> = if rules.iter().all(|rule| rule.from == Date::MIN && rule.until == Date::MAX) {
        vec![0]
    } else {
        (-1..7).collect()
    };
    let some = |is: &dyn Fn(&Rule) -> bool| rules.iter().any(is);
    let positions: &[bool] = if some(&|rule| rule.position != 0) { &[false, true] } else { &[false] };
    let conditional: Vec<i64> =
        rules.iter().filter(|rule| rule.condition.is_some()).map(|rule| rule.id).collect();
    let lists: &[i64] = if some(&|rule| rule.list != 0) { &[0, 20, 21, 22] } else { &[0] };
    let wholes: &[i64] = if some(&|rule| rule.counted.is_some()) { &[0, 3, 8] } else { &[0] };
    for product in 0..=2 {
        for customer in [0, 5, 6] {
            for quantity in 1..5 {
                for whole in wholes {
                    for list in lists {
                        for currency in [Currency::CNY, Currency::USD] {
                            let Some(lists) = open(*list, currency) else { continue };
                            for position in positions {
                                for subset in 0..1_u32 << conditional.len() {
                                    let held = conditional.iter().enumerate();
                                    let held = held.filter(|(at, _)| subset >> at & 1 == 1);
                                    let asked = Facts {
                                        positions: if *position { vec![7] } else { Vec::new() },
                                        lists: lists.clone(),
                                        measured: measured(
                                            rules,
                                            product,
                                            quantity * ONE,
                                            quantity.max(*whole) * ONE,
                                        ),
                                        conditions: held.map(|(_, rule)| (*rule, true)).collect(),
                                        ..facts(product, customer, quantity * ONE)
                                    };
                                    for date in &days {
                                        let found = tied(set, strategy, &asked, day(*date), currency);
                                        if !found.is_empty() {
                                            return Some(found);
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
    None
}

/// Rules as the engine looks at them where prices matter: of one list, which ends, and of one group.
fn priced_rule(id: i64) -> impl proptest::strategy::Strategy<Value = Rule> {
    let product = prop_oneof![
        Just(ProductScope::All),
        Just(ProductScope::Category(11)),
        Just(ProductScope::Product(1)),
        Just(ProductScope::Product(2)),
    ];
    let effect = prop_oneof![
        4 => (Just(PriceStage::List), Just(PriceMethod::FixedPrice), 80..120_i64),
        2 => (Just(PriceStage::List), Just(PriceMethod::DiscountPercent), 1..4_i64),
        4 => (Just(PriceStage::Promotion), Just(PriceMethod::DiscountPercent), 1..4_i64),
    ];
    let when = prop_oneof![
        2 => Just((Date::MIN, Date::MAX)),
        2 => (0..4_i64, 0..3_i64).prop_map(|(from, days)| (day(from), day(from + days))),
    ];
    let bounds = (0..4_i64, prop::option::of(0..3_i64));
    (product, effect, when, bounds, any::<(bool, bool)>(), 0..2_i64).prop_map(
        move |(product, (stage, method, value), (from, until), (min, more), (listed, grouped), priority)| {
            Rule {
                product,
                from,
                until,
                min: min * ONE,
                max: more.map_or(OPEN, |more| (min + more).max(1) * ONE),
                priority: Some(priority),
                list: if listed && stage == PriceStage::List { 20 } else { 0 },
                currency: (method == PriceMethod::FixedPrice).then_some(Currency::CNY),
                stage,
                group: if grouped && stage == PriceStage::Promotion { 30 } else { 0 },
                effect: Effect::of(method, value * ONE),
                ..rule(id, "10")
            }
        },
    )
}

/// The list 20 ends with the second day; of the group 30 the best stays.
fn ending() -> World {
    let mut world = world();
    world.lists = vec![KnownList { until: day(2), ..list(20, true, 0, Currency::CNY) }];
    world.groups = vec![Group {
        id: 30,
        code: "G".to_owned(),
        comparator: Comparator::Best,
        against: 0,
        last: TieBreak::Refuse,
    }];
    world.currencies = [Currency::CNY].into();
    world
}

/// What becomes of a question in that world.
fn in_ending(set: &RuleSet, strategy: &Strategy, product: i64, quantity: i64, date: Date) -> Judged {
    let lists = if date <= day(2) { vec![OpenList::plain(20)] } else { Vec::new() };
    let asked = Facts { lists, ..facts(product, 0, quantity) };
    let posting = Posting { digits: 2, rounding: Rounding::HalfUp };
    let groups = ending().groups;
    let law = Law {
        rules: set,
        strategy,
        groups: &groups,
        date,
        currency: Currency::CNY,
        beside: Beside::default(),
        posting,
    };
    judge(&law, &asked).unwrap().1
}

/// Whether more costs less somewhere, and which rules hold nowhere or are always left out.
fn brute_prices(rules: &[Rule], set: &RuleSet, strategy: &Strategy) -> (bool, Vec<i64>) {
    let (mut cliff, mut dead) = (false, rules.iter().map(|rule| rule.id).collect::<Vec<_>>());
    for product in 0..=UNNAMED {
        for date in (-1..7).map(day) {
            let mut before = Dec::ZERO;
            for quantity in (1..=12).map(|halves| halves * ONE / 2) {
                let judged = in_ending(set, strategy, product, quantity, date);
                let gone = |verdict| {
                    matches!(verdict, Verdict::Refused(_) | Verdict::Beaten(_) | Verdict::Excluded(_))
                };
                for one in judged.decision.trace.iter().filter(|one| !gone(one.verdict)) {
                    dead.retain(|id| *id != one.rule);
                }
                if let (Some((_, price)), true) = (judged.price, product == 1 || product == 2) {
                    let quantity = crate::pricing::scale::dec(quantity);
                    let amount = price.times(quantity, Dec::ZERO, COST_SCALE, Rounding::HalfUp).unwrap();
                    cliff |= amount < before;
                    before = amount;
                }
            }
        }
    }
    (cliff, dead)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn cliffs_between_rules_and_dead_rules_are_found(
        rules in (1..6_i64).prop_flat_map(|count| (1..=count).map(priced_rule).collect::<Vec<_>>()),
        strategy in prop_oneof![Just("specificity"), Just("priority"), Just("cheapest"), Just("best-price")],
    ) {
        let strategy = Strategy::named(strategy).unwrap();
        let set = set(&rules);
        let found = lint(&set, &ending(), strategy, EFFORT).unwrap();
        let (cliff, dead) = brute_prices(&rules, &set, strategy);
        let told = found.faults.iter().any(|fault| matches!(fault, Fault::Cliff(..)));
        prop_assert!(told || !cliff, "{:?}", rules);
        let of = |fault: &Fault| if let Fault::Dead(rule, _) = fault { Some(*rule) } else { None };
        let reported: Vec<i64> = found.faults.iter().filter_map(of).collect();
        prop_assert!(reported.iter().all(|rule| dead.contains(rule)), "{:?} {:?}", reported, rules);
        let left_out = dead.iter().filter(|rule| !reported.contains(rule)).count();
        prop_assert!(left_out == 0 || !found.complete, "{:?} {:?}", dead, rules);
        for fault in &found.faults {
            let Fault::Cliff(_, witness, cliff) = fault else { continue };
            if witness.product != 0 {
                let judged = in_ending(&set, strategy, witness.product, witness.quantity, witness.date);
                let price = judged.price.unwrap().1;
                prop_assert_eq!(price.times(cliff.bound, Dec::ZERO, COST_SCALE, Rounding::HalfUp).unwrap(), cliff.behind);
                prop_assert!(cliff.behind < cliff.before && cliff.dear_from < cliff.bound);
            }
        }
    }
}

/// What the engine says at a witness.
fn at_witness(rules: &RuleSet, strategy: &Strategy, witness: &Witness) -> Vec<i64> {
    let categories = match (witness.product, witness.category) {
        (1 | 2, _) => facts(witness.product, 0, ONE).categories,
        (_, 0) => Vec::new(),
        (_, 10) => vec![10],
        (_, _) => vec![11, 10],
    };
    let asked = Facts {
        categories,
        class: witness.buyer.class.clone(),
        positions: witness.positions.clone(),
        lists: open(witness.list, witness.currency).unwrap(),
        measured: witness.measured.iter().map(|(rule, whole)| (*rule, Measured::alone(*whole))).collect(),
        conditions: witness.conditions.iter().map(|rule| (*rule, true)).collect(),
        ..facts(witness.product, witness.customer, witness.quantity)
    };
    tied(rules, strategy, &asked, witness.date, witness.currency)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(100) })]

    #[test]
    fn nothing_is_wrongly_called_clean(
        rules in (1..6_i64).prop_flat_map(|count| (1..=count).map(any_rule).collect::<Vec<_>>()),
        strategy in prop_oneof![Just("specificity"), Just("priority"), Just("erpnext"), Just("sap-access")],
    ) {
        let strategy = Strategy::named(strategy).unwrap();
        let set = set(&rules);
        let found = lint(&set, &world(), strategy, EFFORT).unwrap();
        let reported = found.faults.iter().any(|fault| matches!(fault, Fault::Ambiguous(..)));
        prop_assert!(reported || brute(&rules, &set, strategy).is_none(), "{:?}", rules);
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
    let other = Rule { effect: Effect::of(PriceMethod::DiscountPercent, 10 * ONE), ..other };
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
        Tier { bound: OPEN, value: ONE, flat_fee: 0 },
    ];
    let scale = Scale { mode: TierMode::AllUnits, bound: TierBound::UpTo, flat_fee_at_zero: false, tiers };
    let effect = Effect { scale: Some(Box::new(scale)), ..Effect::of(PriceMethod::FixedPrice, 0) };
    let found = lint(&set(&[Rule { effect, ..rule(5, "0") }]), &world(), specificity, EFFORT).unwrap();
    assert!(matches!(found.faults.as_slice(), [Fault::Cliff(rules, ..)] if rules == &[5]), "{found:?}");
    // A product without list price has a price from day 3 on, and from 2 on.
    let mut bare = world();
    bare.products.get_mut(&2).unwrap().list_price = None;
    let late = Rule { product: ProductScope::Product(2), from: day(3), min: 2 * ONE, ..rule(6, "5") };
    let found = lint(&set(&[late]), &bare, specificity, EFFORT).unwrap();
    assert!(matches!(found.faults.as_slice(), [Fault::Gap(witness)] if witness.product == 2), "{found:?}");
    // What is not looked at is not called clean.
    let effort = Effort { questions: 0, faults: 10 };
    assert!(!lint(&set(&[one]), &world(), specificity, effort).unwrap().complete);
    // Two that are each above the floor and together below it.
    let mut floored = world();
    floored.products.get_mut(&1).unwrap().floor = Floor { floor_price: Some(dec("80")), ..Floor::default() };
    let off = |id, stage| Rule {
        stage,
        product: ProductScope::Product(1),
        effect: Effect::of(PriceMethod::DiscountPercent, 15 * ONE),
        ..rule(id, "0")
    };
    let both = [off(7, PriceStage::List), Rule { min: 5 * ONE, ..off(8, PriceStage::Promotion) }];
    let found = lint(&set(&both), &floored, specificity, EFFORT).unwrap();
    let [Fault::Cliff(..), Fault::Floor(chain, witness, price, floor)] = found.faults.as_slice() else {
        panic!("{found:?}")
    };
    assert_eq!((chain.as_slice(), witness.quantity), (&[7_i64, 8][..], 5 * ONE));
    assert_eq!((*price, *floor), (dec("72.25"), dec("80")));
    assert_eq!(lint(&set(&both[..1]), &floored, specificity, EFFORT).unwrap().faults, []);
    // What is counted by the amount meets what is counted by the piece at 5 × 30.
    let mut thirty = World { currencies: [Currency::CNY].into(), ..world() };
    for known in thirty.products.values_mut() {
        known.measures.insert("amount".to_owned(), Some(dec("30")));
    }
    let few = Rule { product: ProductScope::Product(1), max: 5 * ONE, ..rule(9, "8") };
    let counted = Counted { basis: QuantityBasis::Line, days: 0, measure: Some("amount".into()) };
    let much = Rule {
        product: ProductScope::Product(1),
        min: 100 * ONE,
        counted: Some(Box::new(counted)),
        ..rule(10, "7")
    };
    let found = lint(&set(&[few.clone(), much.clone()]), &thirty, priority, EFFORT).unwrap();
    let Some(Fault::Ambiguous(_, witness)) = found.faults.first() else { panic!("{found:?}") };
    assert!((4 * ONE..=5 * ONE).contains(&(witness.quantity + 999_999)), "{witness:?}");
    let never = Rule { max: 3 * ONE, ..few };
    let found = lint(&set(&[never.clone(), much.clone()]), &thirty, priority, EFFORT).unwrap();
    assert!(found.complete && !found.faults.iter().any(|fault| matches!(fault, Fault::Ambiguous(..))));
    // At a later stage the amount is what others leave: three pieces may come to anything.
    let later = [never, much].map(|rule| Rule { stage: PriceStage::Promotion, ..rule });
    assert!(!lint(&set(&later), &thirty, priority, EFFORT).unwrap().complete);
    // Lists of two currencies, or two that are only named, are never open together.
    let of = |id, list, currency| Rule { list, currency: Some(currency), ..rule(id, "1") };
    let apart = [of(11, 20, Currency::CNY), of(12, 22, Currency::USD)];
    assert_eq!(lint(&set(&apart), &world(), priority, EFFORT).unwrap().faults, []);
    let mut two = world();
    two.lists.push(list(23, false, 0, Currency::CNY));
    let apart = [of(13, 21, Currency::CNY), of(14, 23, Currency::CNY)];
    assert_eq!(lint(&set(&apart), &two, priority, EFFORT).unwrap().faults, []);
}

/// A world of one product, of which one costs 10.
fn of_ten() -> World {
    let known = KnownProduct { list_price: Some(price("10")), ..known(&[], 0) };
    World { products: [(1, known)].into(), ..ending() }
}

fn for_one(id: i64, value: &str) -> Rule {
    Rule { product: ProductScope::Product(1), currency: Some(Currency::CNY), ..rule(id, value) }
}

fn found(rules: &[Rule], strategy: &str) -> Findings {
    lint(&set(rules), &of_ten(), Strategy::named(strategy).unwrap(), EFFORT).unwrap()
}

fn off(id: i64, stage: PriceStage, method: PriceMethod, value: i64) -> Rule {
    Rule { stage, effect: Effect::of(method, value * ONE), ..for_one(id, "0") }
}

#[test]
fn cliffs_lie_between_rules_too() {
    let dear = for_one(1, "10");
    let cheap = Rule { min: 100 * ONE, ..for_one(2, "5") };
    let findings = found(&[dear, cheap], "specificity");
    let [Fault::Cliff(rules, witness, cliff)] = findings.faults.as_slice() else { panic!("{findings:?}") };
    assert_eq!((rules.as_slice(), witness.product, witness.quantity), (&[1_i64, 2][..], 1, 100 * ONE));
    assert_eq!((cliff.bound, cliff.before, cliff.behind), (dec("100"), dec("990"), dec("500")));
    assert_eq!(cliff.dear_from, dec("50"));
    let volume = Rule {
        min: 100 * ONE,
        currency: None,
        ..off(3, PriceStage::Volume, PriceMethod::DiscountPercent, 20)
    };
    let findings = found(std::slice::from_ref(&volume), "specificity");
    let [Fault::Cliff(rules, _, cliff)] = findings.faults.as_slice() else { panic!("{findings:?}") };
    assert_eq!((rules.as_slice(), cliff.before, cliff.behind), (&[3_i64][..], dec("990"), dec("800")));
    // What is taken off a document is not of one line.
    let document = Rule { stage: PriceStage::Document, ..volume };
    assert!(!found(&[document], "specificity").complete);
    // A tier that the bounds of its rule leave out makes none.
    let tiers =
        [(0, 9), (20, 5)].map(|(bound, value)| Tier { bound: bound * ONE, value: value * ONE, flat_fee: 0 });
    let scale = Scale {
        mode: TierMode::AllUnits,
        bound: TierBound::From,
        flat_fee_at_zero: false,
        tiers: tiers.to_vec(),
    };
    let effect = Effect { scale: Some(Box::new(scale)), ..Effect::of(PriceMethod::FixedPrice, 0) };
    let findings = found(&[Rule { max: 10 * ONE, effect, ..for_one(4, "0") }], "specificity");
    assert!(findings.complete);
    assert_eq!(findings.faults, []);
}

#[test]
fn rules_that_never_make_a_price_are_dead() {
    let dead = |findings: &Findings| -> Vec<i64> {
        let of = |fault: &Fault| if let Fault::Dead(rule, _) = fault { Some(*rule) } else { None };
        findings.faults.iter().filter_map(of).collect()
    };
    // Its list has ended before it begins.
    let late = found(&[Rule { from: day(3), list: 20, ..for_one(1, "9") }], "specificity");
    assert!(
        matches!(late.faults.as_slice(), [Fault::Dead(1, witness)] if witness.date == day(3)),
        "{late:?}"
    );
    let percent =
        |id, value| Rule { group: 30, ..off(id, PriceStage::Promotion, PriceMethod::DiscountPercent, value) };
    let grouped = found(&[percent(1, 5), percent(2, 10)], "specificity");
    assert!(grouped.complete && grouped.faults.len() == 1 && dead(&grouped) == [1], "{grouped:?}");
    for strategy in ["cheapest", "best-price"] {
        let beaten = found(&[for_one(1, "9"), for_one(2, "8")], strategy);
        assert!(beaten.complete && beaten.faults.len() == 1 && dead(&beaten) == [1], "{beaten:?}");
    }
    // At another list price the per cent may be the better one.
    let hangs =
        found(&[off(1, PriceStage::List, PriceMethod::DiscountPercent, 1), for_one(2, "8")], "cheapest");
    assert!(!hangs.complete && dead(&hangs).is_empty(), "{hangs:?}");
}

#[test]
fn more_off_than_there_is_is_a_fault() {
    let findings = found(&[off(1, PriceStage::List, PriceMethod::AmountOff, 20)], "specificity");
    let [Fault::Negative(rules, witness, price)] = findings.faults.as_slice() else { panic!("{findings:?}") };
    assert_eq!((rules.as_slice(), witness.product, *price), (&[1_i64][..], 1, dec("-10")));
}

#[test]
fn conditions_are_asked() {
    let when = |id, condition: &str| Rule { condition: Some(condition.into()), ..for_one(id, "9") };
    let rules = [when(1, "quantity > 5"), when(2, "quantity < 5")];
    let (set, world) = (set(&rules), of_ten());
    let specificity = Strategy::named("specificity").unwrap();
    let asked = &mut |rule: &Rule, witness: &Witness| {
        Ok(Some(if rule.id == 1 { witness.quantity > 5 * ONE } else { witness.quantity < 5 * ONE }))
    };
    let findings = crate::pricing::lint::lint(&set, &world, specificity, EFFORT, asked).unwrap();
    assert!(!findings.faults.iter().any(|fault| matches!(fault, Fault::Ambiguous(..))), "{findings:?}");
    let unknown = &mut |_: &Rule, _: &Witness| Ok(None);
    let findings = crate::pricing::lint::lint(&set, &world, specificity, EFFORT, unknown).unwrap();
    assert!(!findings.complete && findings.faults.is_empty(), "{findings:?}");
}
