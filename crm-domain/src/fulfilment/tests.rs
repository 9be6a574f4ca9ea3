//! Rows for the rules of fulfilment. Vectors are named by their id (`spec/vectors/commerce.json`).

use super::StepState;
use super::rules::{
    GoodsEffect, GoodsStep, Instalment, OrderedLine, done_percent, goods_done, planned_quantity, progress,
    rescale, share, within,
};
use crate::ordering::Executed;
use crm_kernel::currency::Currency;
use crm_kernel::dec::Dec;
use crm_kernel::money::Money;
use proptest::prelude::*;

fn dec(text: &str) -> Dec {
    Dec::parse(text).unwrap()
}

/// Receipts as amounts: `!` has begun, `a=b` was `a` and is set to `b`.
fn anew(total: &str, receipts: &str) -> Result<String, &'static str> {
    let receipts: Vec<Instalment> = receipts
        .split(' ')
        .filter(|text| !text.is_empty())
        .map(|text| {
            let (amount, fixed) =
                text.split_once('=').map_or((text, None), |(amount, fixed)| (amount, Some(dec(fixed))));
            Instalment { amount: dec(amount.trim_start_matches('!')), frozen: amount.starts_with('!'), fixed }
        })
        .collect();
    let amounts =
        rescale(Money::new(dec(total), Currency::CNY), &receipts, 2).map_err(|error| error.code().name)?;
    Ok(amounts.iter().map(|amount| amount.to_text_scale(2)).collect::<Vec<_>>().join(" "))
}

#[test]
fn receipts_made_anew_come_to_the_total() {
    for (id, total, receipts, wanted) in [
        ("terms-12", "900.00", "!400.00 300.00 300.00", Ok("400.00 250.00 250.00")),
        ("nothing has begun", "900.00", "400.00 300.00 300.00", Ok("360.00 270.00 270.00")),
        ("more", "1100.00", "!400.00 300.00 300.00", Ok("400.00 350.00 350.00")),
        ("cents", "100.00", "30.00 30.00 30.00", Ok("33.34 33.33 33.33")),
        ("one is set", "1000.00", "!400.00 300.00=100.00 300.00", Ok("400.00 100.00 500.00")),
        ("all are set, and come to it", "500.00", "!400.00 300.00=100.00", Ok("400.00 100.00")),
        ("all are set, and do not", "500.00", "!400.00 300.00=99.99", Err("plan.unlike_total")),
        ("less than is done", "399.99", "!400.00 300.00", Err("plan.unlike_total")),
        ("exactly what is done", "400.00", "!400.00 300.00", Ok("400.00 0.00")),
        ("open ones of nothing", "500.00", "!400.00 0.00 0.00", Ok("400.00 50.00 50.00")),
        ("none", "0.00", "", Ok("")),
        ("none for something", "1.00", "", Err("plan.unlike_total")),
    ] {
        assert_eq!(anew(total, receipts), wanted.map(str::to_owned), "{id}");
    }
}

/// Steps as `effects percent executed` over one line of ten, as `done/begun` of each.
fn goods(executed: [&str; 3], steps: &[(&str, &str, &str)]) -> String {
    let [delivered, returned, invoiced] = executed.map(dec);
    let line =
        OrderedLine { no: 1, quantity: dec("10"), executed: Executed { delivered, invoiced, returned } };
    let effect = |letter| match letter {
        'd' => GoodsEffect::Delivered,
        'r' => GoodsEffect::Returned,
        _ => GoodsEffect::Invoiced,
    };
    let steps: Vec<GoodsStep> = (1..)
        .zip(steps)
        .map(|(no, (effects, percent, executed))| GoodsStep {
            no,
            effects: effects.chars().map(effect).collect(),
            percent: dec(percent),
            executed: vec![(1, dec(executed))],
        })
        .collect();
    let done = goods_done(&[line], &steps).unwrap();
    let shown = done.iter().flatten().map(|line| format!("{}/{}", line.done, line.begun));
    shown.collect::<Vec<_>>().join(" ")
}

#[test]
fn what_was_done_otherwise_counts_in_the_earliest_steps() {
    for (name, executed, steps, wanted) in [
        ("by execution only", ["4", "0", "0"], &[("d", "50", "4"), ("d", "50", "0")][..], "4/4 0/0"),
        ("otherwise only", ["7", "0", "0"], &[("d", "50", "0"), ("d", "50", "0")], "5/5 2/2"),
        ("the later by execution", ["8", "0", "0"], &[("d", "50", "0"), ("d", "50", "5")], "3/3 5/5"),
        ("more than is planned", ["10", "0", "0"], &[("d", "40", "0")], "4/4"),
        (
            "each effect for itself",
            ["6", "1", "3"],
            &[("d", "100", "0"), ("i", "100", "0"), ("r", "100", "1")],
            "6/6 3/3 1/1",
        ),
        ("a step with both is done with both", ["6", "0", "4"], &[("di", "100", "2")], "4/6"),
        ("nothing", ["0", "0", "0"], &[("di", "100", "0")], "0/0"),
    ] {
        assert_eq!(goods(executed, steps), wanted, "{name}");
    }
}

#[test]
fn shares_and_progress() {
    for (percent, good) in
        [(Some("50"), true), (Some("100"), true), (None, true), (Some("0"), false), (Some("100.01"), false)]
    {
        assert_eq!(share(percent.map(dec)).is_ok(), good, "{percent:?}");
    }
    assert_eq!(planned_quantity(dec("10"), dec("40")).unwrap(), dec("4"));
    assert_eq!(planned_quantity(dec("1"), dec("33.333333")).unwrap(), dec("0.333333"));
    assert_eq!(progress(dec("0"), dec("5")), StepState::Planned);
    assert_eq!(progress(dec("4.99"), dec("5")), StepState::Partly);
    assert_eq!(progress(dec("5"), dec("5")), StepState::Done);
    assert_eq!(done_percent(dec("1"), dec("3")).unwrap(), dec("33.33"));
    assert_eq!(done_percent(dec("0"), dec("0")).unwrap(), dec("100"));
    let money = |amount| Money::new(amount, Currency::CNY);
    assert!(within(dec("5"), dec("5"), money).is_ok());
    let over = within(dec("5.1"), dec("5"), money).unwrap_err();
    assert_eq!(over.to_string(), r#"plan.over_planned left="5.00" wanted="5.10""#);
}

proptest! {
    #[test]
    fn whatever_has_begun_stays_and_the_rest_adds_up(
        total in 0_i64..1_000_000,
        receipts in proptest::collection::vec((0_i64..100_000, any::<bool>()), 0..12),
    ) {
        let before: Vec<Instalment> = receipts.iter()
            .map(|(amount, frozen)| Instalment { amount: Dec::from_i64_at(*amount, 2), frozen: *frozen, fixed: None })
            .collect();
        let total = Dec::from_i64_at(total, 2);
        if let Ok(amounts) = rescale(Money::new(total, Currency::CNY), &before, 2) {
            prop_assert_eq!(Dec::sum(amounts.iter().copied()).unwrap(), total);
            for (one, amount) in before.iter().zip(&amounts) {
                prop_assert!(!amount.is_negative());
                prop_assert!(!one.frozen || *amount == one.amount);
            }
        } else {
            let frozen = Dec::sum(before.iter().filter(|one| one.frozen).map(|one| one.amount)).unwrap();
            prop_assert!(frozen > total || before.iter().all(|one| one.frozen));
        }
    }
}
