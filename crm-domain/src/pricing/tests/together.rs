//! What rules take off lines together, as lines keep it and as totals share it out.

use super::choosing::rule;
use super::dec;
use super::totals::input;
use crate::pricing::effects::{exclude_effects, grouped};
use crate::pricing::engine::{Rule, Symbols};
use crate::pricing::exclusion::Group;
use crate::pricing::index::RuleSet;
use crate::pricing::totals::document;
use crate::pricing::{
    AMBIGUOUS, Comparator, DocumentHit, DocumentInput, EffectValue, FreeReturns, FreeTerms, LineEffect, Off,
    PriceStage, Standing, TieBreak,
};
use crate::settings::Ratio;
use crm_kernel::currency::Currency;
use crm_kernel::dec::Dec;
use crm_kernel::id::{Id, Ref};
use proptest::prelude::*;

fn hit(rule: i64, priority: Option<i64>, running: bool, off: Off) -> DocumentHit {
    let rule_id = Ref::new(Id::new(rule).unwrap());
    DocumentHit {
        rule: rule_id,
        code: format!("R{rule}"),
        priority,
        running,
        off,
        group: 0,
        standing: Standing::Applied,
    }
}

fn percent(rule: i64, priority: Option<i64>) -> DocumentHit {
    hit(rule, priority, true, Off::Percent(Ratio::parse("5").unwrap()))
}

#[test]
fn what_a_line_keeps_reads_back_the_same() {
    let effects = [
        LineEffect { hit: percent(7, Some(3)), amount: dec("6.05") },
        LineEffect {
            hit: hit(8, None, false, Off::Percent(Ratio::parse("2500/1500").unwrap())),
            amount: dec("0"),
        },
        LineEffect { hit: hit(9, None, false, Off::Amount(dec("10"))), amount: dec("9.42") },
        LineEffect { hit: hit(9, None, false, Off::Share(dec("3.14"))), amount: dec("3.14") },
        LineEffect { hit: hit(9, None, false, Off::Each(dec("2"))), amount: dec("2") },
        LineEffect {
            hit: DocumentHit { group: 77, ..hit(9, None, false, Off::Amount(dec("10"))) },
            amount: dec("4"),
        },
    ];
    let kept = LineEffect::write(&effects, Currency::CNY).unwrap();
    assert_eq!(LineEffect::read(Some(&kept)).unwrap(), effects);
    assert_eq!(LineEffect::write(&[], Currency::CNY), None);
    assert_eq!(LineEffect::read(None).unwrap(), []);
    let damaged =
        crm_kernel::json::Json::parse(r#"[{"rule":"7","code":"R7","percent":"5"}]"#).unwrap().into();
    assert!(LineEffect::read(Some(&damaged)).is_err());
}

#[test]
fn lines_of_one_rule_share_its_effect_and_what_is_their_own_is_not_shared() {
    let basket = hit(2, None, false, Off::Amount(dec("10")));
    let own = hit(2, None, false, Off::Share(dec("10")));
    let lines = [vec![basket.clone(), percent(1, None)], vec![basket.clone()], vec![own.clone()], vec![own]];
    let (effects, told) = grouped(lines.iter().map(Vec::as_slice)).unwrap();
    let places: Vec<&[usize]> = effects.iter().map(|effect| effect.lines.as_slice()).collect();
    assert_eq!(places, [&[0][..], &[0, 1], &[2], &[3]]);
    assert_eq!(effects[0].value, EffectValue::Percent(Ratio::parse("5").unwrap()));
    assert_eq!(told[1], basket);
}

#[test]
fn an_amount_by_tiers_is_off_what_its_tier_is_judged_on() {
    // By the line: each line has its own, also where the amounts are the same.
    let each = hit(2, None, false, Off::Each(dec("10")));
    let group = |group| DocumentHit { group, ..hit(3, None, false, Off::Amount(dec("5"))) };
    let lines = [vec![each.clone(), group(1)], vec![each, group(1)], vec![group(2)]];
    let (effects, _) = grouped(lines.iter().map(Vec::as_slice)).unwrap();
    let places: Vec<&[usize]> = effects.iter().map(|effect| effect.lines.as_slice()).collect();
    assert_eq!(places, [&[0][..], &[1], &[0, 1], &[2]]);
}

#[test]
fn only_what_starts_from_what_another_left_asks_for_an_order() {
    let amount = |rule, priority| hit(rule, priority, false, Off::Amount(dec("10")));
    let of_list = |rule| hit(rule, None, false, Off::Percent(Ratio::parse("10").unwrap()));
    let rows = [
        (vec![amount(1, None), amount(2, None)], vec![false, true]),
        (vec![of_list(1), amount(2, None)], vec![false, true]),
        (vec![percent(1, None), amount(2, None), of_list(3)], vec![false, false, true]),
        (vec![amount(1, Some(2)), amount(2, Some(1)), of_list(3)], vec![false, false, false]),
    ];
    for (hits, expected) in rows {
        let (effects, _) = grouped([hits.as_slice()]).unwrap();
        assert_eq!(effects.iter().map(|effect| effect.beside).collect::<Vec<_>>(), expected, "{hits:?}");
    }
    let error = grouped([[percent(1, None), percent(2, None)].as_slice()]).unwrap_err();
    assert_eq!(error.code(), AMBIGUOUS);
}

#[test]
fn the_larger_priority_works_first() {
    let lines = [vec![
        hit(1, None, false, Off::Amount(dec("1"))),
        percent(2, None),
        percent(3, Some(1)),
        percent(4, Some(9)),
    ]];
    let (_, told) = grouped(lines.iter().map(Vec::as_slice)).unwrap();
    let rules: Vec<i64> = told.iter().map(|hit| hit.rule.id().number()).collect();
    assert_eq!(rules, [4, 3, 2, 1]);
}

#[test]
fn a_tie_is_one_of_the_same_line() {
    let apart = [vec![percent(1, None)], vec![percent(2, None)]];
    assert!(grouped(apart.iter().map(Vec::as_slice)).is_ok());
    let tied = [vec![percent(1, None)], vec![percent(2, None), percent(1, None)]];
    assert_eq!(grouped(tied.iter().map(Vec::as_slice)).unwrap_err().code(), AMBIGUOUS);
}

/// What groups make of hits on lines that come to so much, by rule: the standing of each hit in the order of the lines.
fn chosen(
    nets: &[&str],
    lines: &mut [Vec<DocumentHit>],
    groups: &[Group],
    settled: impl Fn(usize) -> bool,
) -> crm_kernel::error::Result<()> {
    // Rule 1 is of group 1, and so on with 11, 21; those below 10 by their number, the others by their last digit.
    let of_group = |id: i64| Rule { group: id % 10, stage: PriceStage::Document, ..rule(id, "0") };
    let ids: std::collections::BTreeSet<i64> =
        lines.iter().flatten().map(|hit| hit.rule.id().number()).collect();
    let rules: Vec<Rule> = ids.into_iter().map(of_group).collect();
    let one = |net: &&str| net.strip_prefix('-').map_or(format!("1 {net}"), |net| format!("-1 {net}"));
    let nets: Vec<String> = nets.iter().map(one).collect();
    let input = input(&nets.iter().map(String::as_str).collect::<Vec<_>>());
    exclude_effects(&RuleSet::new(rules, Symbols::default()), groups, &input, lines, settled)
}

fn best(id: i64) -> Group {
    let code = format!("G{id}");
    Group { id, code, comparator: Comparator::Best, against: 0, last: TieBreak::Refuse }
}

/// The rules that take effect.
fn taking(lines: &[Vec<DocumentHit>]) -> Vec<i64> {
    let takes = lines.iter().flatten().filter(|hit| hit.standing.excluded_by().is_none());
    let mut rules: Vec<i64> = takes.map(|hit| hit.rule.id().number()).collect();
    rules.sort_unstable();
    rules.dedup();
    rules
}

#[test]
fn a_group_chooses_for_the_whole_document() {
    let amount = |rule, off: &str| hit(rule, None, false, Off::Amount(dec(off)));
    let of = |rule, value: &str| hit(rule, None, true, Off::Percent(Ratio::parse(value).unwrap()));
    // Ten per cent of one line against eight off both: ten of 60 is less, though it is more of that line alone.
    let lines = || vec![vec![of(1, "10"), amount(11, "8")], vec![amount(11, "8")]];
    let mut found = lines();
    chosen(&["60", "100"], &mut found, &[best(1)], |_| false).unwrap();
    assert_eq!(taking(&found), [11]);
    assert_eq!(found[0][0].standing, Standing::Excluded("G1".to_owned()));
    // Of 100 it is more; its mirror image decides alike.
    for sign in ["", "-"] {
        let mut found = lines();
        let nets = [format!("{sign}100"), format!("{sign}100")];
        chosen(&[&nets[0], &nets[1]], &mut found, &[best(1)], |_| false).unwrap();
        assert_eq!(taking(&found), [1], "{nets:?}");
        assert!(found[1][0].standing.excluded_by().is_some());
        let mut found = lines();
        let worst = Group { comparator: Comparator::Worst, ..best(1) };
        chosen(&[&nets[0], &nets[1]], &mut found, &[worst], |_| false).unwrap();
        assert_eq!(taking(&found), [11], "{nets:?}");
    }
    // Of 80 both take eight: they are a tie, but for a last resort.
    let mut found = lines();
    let error = chosen(&["80", "100"], &mut found, &[best(1)], |_| false).unwrap_err();
    assert_eq!((error.code(), error.path()), (AMBIGUOUS, "/lines"));
    let oldest = Group { last: TieBreak::Oldest, ..best(1) };
    chosen(&["80", "100"], &mut found, &[oldest], |_| false).unwrap();
    assert_eq!(found[0][0].standing, Standing::Named(TieBreak::Oldest));
    assert_eq!(taking(&found), [1]);
}

#[test]
fn groups_of_a_document_are_compared_and_suppress() {
    let amount = |rule, off: &str| hit(rule, None, false, Off::Amount(dec(off)));
    let of = |rule, value: &str| hit(rule, None, true, Off::Percent(Ratio::parse(value).unwrap()));
    // 5 and 7 against ten per cent: of 100 they are more, of 150 less. Three more stay in any case.
    let rows = [
        (Comparator::BestTotal, "100", vec![1, 10, 11]),
        (Comparator::BestTotal, "150", vec![2, 10]),
        (Comparator::WorstTotal, "100", vec![2, 10]),
        (Comparator::Suppress, "150", vec![1, 10, 11]),
    ];
    for (comparator, net, expected) in rows {
        let mut found = [vec![amount(1, "5"), amount(11, "7"), of(2, "10"), amount(10, "3")]];
        let groups = [Group { comparator, against: 2, ..best(1) }, best(2)];
        chosen(&[net], &mut found, &groups, |_| false).unwrap();
        assert_eq!(taking(&found), expected, "{comparator:?} {net}");
    }
    // What takes nothing off suppresses nothing.
    let mut found = [vec![amount(1, "0"), of(2, "10")]];
    let groups = [Group { comparator: Comparator::Suppress, against: 2, ..best(1) }, best(2)];
    chosen(&["100"], &mut found, &groups, |_| false).unwrap();
    assert_eq!(taking(&found), [1, 2]);
}

#[test]
fn what_was_chosen_for_settled_lines_stays_chosen() {
    let of = |rule, value: &str| hit(rule, None, true, Off::Percent(Ratio::parse(value).unwrap()));
    let out = |hit: DocumentHit| DocumentHit { standing: Standing::Excluded("G1".to_owned()), ..hit };
    // Twenty per cent are more, but the line that is settled has ten.
    let mut found = [vec![of(1, "10"), out(of(11, "20"))], vec![of(1, "10"), of(11, "20")]];
    let before = found[0].clone();
    chosen(&["100", "50"], &mut found, &[best(1)], |at| at == 0).unwrap();
    assert_eq!(found[0], before);
    assert_eq!(taking(&found), [1]);
    // What is excluded there says nothing of the others.
    let mut found = [vec![out(of(11, "20"))], vec![of(1, "10"), of(11, "20")]];
    chosen(&["100", "50"], &mut found, &[best(1)], |at| at == 0).unwrap();
    assert_eq!(taking(&found), [11]);
}

#[test]
fn what_is_excluded_takes_nothing_and_ties_with_nothing() {
    let out = DocumentHit { standing: Standing::Excluded("G".to_owned()), ..percent(1, None) };
    let lines = [vec![out.clone(), percent(2, None)]];
    let (effects, told) = grouped(lines.iter().map(Vec::as_slice)).unwrap();
    assert_eq!(effects[0].value, EffectValue::Amount(Dec::ZERO));
    assert_eq!(told[0], out);
    let kept = [
        LineEffect { hit: out, amount: dec("0") },
        LineEffect {
            hit: DocumentHit { standing: Standing::Named(TieBreak::Newest), ..percent(2, None) },
            amount: dec("5"),
        },
    ];
    let written = LineEffect::write(&kept, Currency::CNY).unwrap();
    assert_eq!(LineEffect::read(Some(&written)).unwrap(), kept);
    assert_eq!(LineEffect::left_of_hundred(&kept, dec("100")).unwrap(), dec("95"));
}

proptest! {
    /// Nothing that people do not see decides: rules made in another order share alike, to the cent.
    #[test]
    fn rules_made_in_any_order_share_alike(
        nets in prop::collection::vec(1..2_000_i64, 1..4),
        rules in prop::collection::vec((0..3_i64, 0..3_000_i64, any::<u8>()), 1..6),
        ids in Just((1..7_i64).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let nets: Vec<String> = nets.iter().map(|net| format!("1 {}", Dec::from_i64_at(*net, 2))).collect();
        let input = input(&nets.iter().map(String::as_str).collect::<Vec<_>>());
        let shares = |ids: &[i64]| {
            let mut lines = vec![Vec::new(); nets.len()];
            for (no, (form, value, on)) in rules.iter().enumerate() {
                // Per cents of the net and amounts stand side by side; one of what is left goes before them.
                let amount = Dec::from_i64_at(*value, 2);
                let (running, off) = match form {
                    0 if no == 0 => (true, Off::Percent(Ratio::new(amount, Dec::ONE).unwrap())),
                    1 => (false, Off::Percent(Ratio::new(amount, Dec::ONE).unwrap())),
                    _ => (false, Off::Amount(amount)),
                };
                let hit = DocumentHit { code: format!("R{no}"), ..hit(ids[no], None, running, off) };
                let here = lines.iter_mut().enumerate().filter(|(at, _)| *at == 0 || on & (1 << at) != 0);
                here.for_each(|(_, hits)| hits.push(hit.clone()));
            }
            for hits in &mut lines {
                // As questions find them.
                hits.sort_by_key(|hit: &DocumentHit| hit.rule);
            }
            let (effects, told) = grouped(lines.iter().map(Vec::as_slice)).unwrap();
            let totals = document(&DocumentInput { effects, ..input.clone() }).unwrap();
            told.into_iter().map(|hit| hit.code).zip(totals.effects).collect::<Vec<_>>()
        };
        prop_assert_eq!(shares(&ids), shares(&[1, 2, 3, 4, 5, 6]));
    }
}

#[test]
fn free_goods_go_with_a_part_in_whole_steps_and_all_with_the_whole() {
    let rows = [
        ("6", "3", "9", "20", "0"),
        ("6", "3", "10", "20", "3"),
        ("6", "3", "19.999999", "20", "3"),
        ("6", "3", "20", "20", "6"),
        ("8", "1", "140", "280", "4"),
        ("7", "2", "20", "20", "7"),
        ("0.75", "0.25", "2", "3", "0.5"),
        ("5", "0", "1", "3", "1.666666"),
    ];
    for (free, step, part, whole, expected) in rows {
        let terms = FreeTerms { step: dec(step), ..FreeTerms::default() };
        let found = terms.with_part(dec(free), dec(part), dec(whole)).unwrap();
        assert_eq!(found, dec(expected), "{free} in steps of {step} with {part} of {whole}");
    }
}

#[test]
fn what_is_kept_earns_free_goods_as_the_rule_gave_them() {
    // Free, in steps of, so many for every so many charged; of what is charged so much is kept of so much.
    let rows = [
        // Three for every ten of 25: 20 earn all six, 24 too, 19 only three.
        (("6", "3", "3", "10"), ("25", "25"), "6"),
        (("6", "3", "3", "10"), ("20", "25"), "6"),
        (("6", "3", "3", "10"), ("19", "25"), "3"),
        (("6", "3", "3", "10"), ("9", "25"), "0"),
        // free-01, in proportion: eight of 280, as many as the rule gives for 270.
        (("8", "1", "3", "100"), ("270", "280"), "8"),
        (("8", "1", "3", "100"), ("266", "280"), "7"),
        // One in ten out of what was asked for: of 27 two are free and 25 charged, and 18 charged earn two.
        (("2", "1", "1", "9"), ("18", "25"), "2"),
        (("2", "1", "1", "9"), ("17", "25"), "1"),
        // An order that has all six of a quote of 25 for its 13: eight earn three less; with the last one all are gone.
        (("6", "3", "3", "10"), ("8", "13"), "3"),
        (("3", "3", "3", "10"), ("0.5", "1"), "3"),
        (("3", "3", "3", "10"), ("0", "1"), "0"),
        // A full count of a third of a box each.
        (("3", "1", "1", "0.333333"), ("1", "1.2"), "3"),
        // Where the rule's unit cannot be converted: in proportion to what was given.
        (("6", "3", "3", "0"), ("20", "25"), "3"),
        (("6", "0", "0", "0"), ("0", "25"), "0"),
    ];
    for ((free, step, value, per), (kept, whole), expected) in rows {
        let terms = FreeTerms { step: dec(step), value: dec(value), per: dec(per), ..FreeTerms::default() };
        let found = terms.earned_by(dec(free), dec(kept), dec(whole)).unwrap();
        assert_eq!(found, dec(expected), "{free} in steps of {step} with {kept} of {whole}");
    }
}

#[test]
fn terms_of_free_goods_read_back_the_same() {
    let terms = FreeTerms {
        included: true,
        step: dec("0.5"),
        value: dec("1"),
        per: dec("9"),
        returns: FreeReturns::Charge,
    };
    let kept = terms.write(Ref::new(Id::new(7).unwrap()), "R7", 3).into();
    assert_eq!(FreeTerms::read(Some(&kept)), terms);
    assert_eq!(FreeTerms::read(None), FreeTerms::default());
}
