//! Rows for the rules of ordering. Vectors are named by their id (`spec/vectors/commerce.json`).

use super::OrderState;
use super::rules::{
    Executed, Step, after, cancellable, changeable, cumulative_amount, executable, most_deliverable,
    progress, share_of_quote,
};
use crm_kernel::dec::Dec;
use crm_kernel::money::RoundingPolicy;
use proptest::prelude::*;

fn dec(text: &str) -> Dec {
    Dec::parse(text).unwrap()
}

/// The amounts of a line of `total` for `quantity`, invoiced in these parts.
fn parts(total: &str, quantity: &str, steps: &[&str], policy: RoundingPolicy, digits: u8) -> Vec<String> {
    let (mut done, mut already) = (Dec::ZERO, Dec::ZERO);
    let mut found = Vec::new();
    for step in steps {
        done = done.add(dec(step)).unwrap();
        let amount = cumulative_amount(dec(total), done, dec(quantity), already, policy, digits).unwrap();
        already = already.add(amount).unwrap();
        found.push(amount.to_text_scale(digits));
    }
    found
}

#[test]
fn partial_amounts_add_up() {
    use RoundingPolicy::{Exact, HalfEven, HalfUp};
    // order-01
    assert_eq!(parts("100.00", "3", &["1", "1", "1"], HalfUp, 2), ["33.33", "33.34", "33.33"]);
    // the same rule elsewhere
    assert_eq!(parts("100.00", "3", &["2", "1"], HalfUp, 2), ["66.67", "33.33"]);
    assert_eq!(parts("100", "3", &["1", "1", "1"], HalfUp, 0), ["33", "34", "33"]);
    assert_eq!(parts("0.05", "2", &["1", "1"], HalfEven, 2), ["0.02", "0.03"]);
    assert_eq!(parts("0.05", "2", &["1", "1"], HalfUp, 2), ["0.03", "0.02"]);
    assert_eq!(parts("100.00", "3", &["1", "1", "1"], Exact, 2), ["33.3333", "33.3334", "33.3333"]);
    assert_eq!(parts("-100.00", "3", &["1", "1", "1"], HalfUp, 2), ["-33.33", "-33.34", "-33.33"]);
    // a part that is taken back and done again
    assert_eq!(parts("100.00", "3", &["2", "-1", "2"], HalfUp, 2), ["66.67", "-33.34", "66.67"]);
    let none = cumulative_amount(dec("1"), Dec::ONE, Dec::ZERO, Dec::ZERO, HalfUp, 2);
    assert_eq!(none.unwrap_err().code().name, "value.none");
}

proptest! {
    #[test]
    fn any_split_adds_up_to_the_total(
        total in -1_000_000_i64..1_000_000,
        steps in proptest::collection::vec(1_i64..1_000, 1..20),
        digits in 0_u8..4,
    ) {
        let total = Dec::from_i64_at(total, digits);
        let quantity = Dec::from_int(steps.iter().sum());
        for policy in [RoundingPolicy::HalfUp, RoundingPolicy::HalfEven, RoundingPolicy::Exact] {
            let (mut done, mut already) = (Dec::ZERO, Dec::ZERO);
            for step in &steps {
                done = done.add(Dec::from_int(*step)).unwrap();
                let part = cumulative_amount(total, done, quantity, already, policy, digits).unwrap();
                // No part runs against the whole.
                prop_assert!(part.is_zero() || part.signum() == total.signum());
                already = already.add(part).unwrap();
            }
            prop_assert_eq!(already, total);
        }
    }

    #[test]
    fn nothing_runs_over_however_it_is_split(steps in proptest::collection::vec((0_u8..3, -20_i64..60), 1..60)) {
        let (quantity, tolerance) = (dec("100"), dec("5"));
        let mut done = Executed::default();
        for (what, step) in steps {
            let step = Dec::from_int(step);
            let more = match what {
                0 => Executed::delivered(step),
                1 => Executed::invoiced(step),
                _ => Executed::returned(step),
            };
            if let Ok(after) = done.and(more, quantity, tolerance) {
                done = after;
            }
            prop_assert!(done.delivered <= dec("105") && done.returned <= done.delivered);
            prop_assert!(done.invoiced <= dec("105"));
            prop_assert!(!done.delivered.is_negative() && !done.invoiced.is_negative());
        }
    }
}

#[test]
fn tolerance_is_cumulative() {
    // order-02
    let (ordered, tolerance) = (dec("100"), dec("5"));
    assert_eq!(most_deliverable(ordered, tolerance).unwrap(), dec("105"));
    let delivered = Executed::delivered(dec("98"));
    assert_eq!(
        delivered.and(Executed::delivered(dec("7")), ordered, tolerance).unwrap().delivered,
        dec("105")
    );
    let over = delivered.and(Executed::delivered(dec("8")), ordered, tolerance).unwrap_err();
    assert_eq!(over.to_string(), "order.over_executed what=\"delivered\" most=\"105\" wanted=\"106\"");
    // Without tolerance the order is the limit; what went out in excess may be invoiced.
    assert!(Executed::default().and(Executed::delivered(dec("100.000001")), ordered, Dec::ZERO).is_err());
    let all = Executed { delivered: dec("105"), invoiced: dec("100"), returned: Dec::ZERO };
    assert!(all.and(Executed::invoiced(dec("5")), ordered, tolerance).is_ok());
    assert!(all.and(Executed::invoiced(dec("6")), ordered, tolerance).is_err());
    assert!(all.and(Executed::returned(dec("106")), ordered, tolerance).is_err());
    assert!(Executed::default().and(Executed::invoiced(dec("-1")), ordered, tolerance).is_err());
}

#[test]
fn a_line_of_a_credit_note_is_done_in_its_own_direction() {
    let (quantity, tolerance) = (dec("-10"), dec("10"));
    let done = |delivered, invoiced, returned| Executed {
        delivered: dec(delivered),
        invoiced: dec(invoiced),
        returned: dec(returned),
    };
    for good in [done("0", "0", "0"), done("-10", "-4", "-10"), done("-11", "-11", "0")] {
        assert!(good.within(quantity, tolerance).is_ok(), "{good:?}");
    }
    for bad in [done("1", "0", "0"), done("-12", "0", "0"), done("-4", "-11", "0"), done("-4", "0", "-5")] {
        assert!(bad.within(quantity, tolerance).is_err(), "{bad:?}");
    }
    assert_eq!(done("-4", "0", "0").billable(quantity), quantity);
    assert_eq!(done("-11", "0", "0").billable(quantity), dec("-11"));
    assert!(done("-10", "-10", "0").is_done(quantity));
    assert!(!done("-10", "-9", "0").is_done(quantity) && !done("0", "0", "0").is_delivered(quantity));
}

#[test]
fn states_follow_steps() {
    use OrderState::*;
    let rows = [
        (Draft, Step::Submit, Ok(Submitted)),
        (Submitted, Step::Approve, Ok(Approved)),
        (Submitted, Step::ComeBack, Ok(Draft)),
        (Approved, Step::Hold, Ok(Held)),
        (Held, Step::Release, Ok(Approved)),
        (Held, Step::Cancel, Ok(Cancelled)),
        (Draft, Step::Cancel, Ok(Cancelled)),
        (Submitted, Step::Submit, Err("order.not_draft")),
        (Approved, Step::Submit, Err("order.not_draft")),
        // No way round the approval.
        (Draft, Step::Approve, Err("order.wrong_state")),
        (Draft, Step::Release, Err("order.wrong_state")),
        (Draft, Step::Hold, Err("order.wrong_state")),
        (Submitted, Step::Hold, Err("order.wrong_state")),
        (Cancelled, Step::Release, Err("order.wrong_state")),
        (Cancelled, Step::Approve, Err("order.wrong_state")),
        (Fulfilled, Step::Cancel, Err("order.wrong_state")),
    ];
    for (state, step, wanted) in rows {
        let found = after(state, step);
        assert_eq!(
            found.as_ref().map_err(|error| error.code().name),
            wanted.as_ref().map_err(|name| *name),
            "{state:?} {step:?}"
        );
    }
    for (state, wanted) in [
        (Approved, None),
        (Fulfilled, None),
        (Held, Some("order.held")),
        (Draft, Some("order.not_approved")),
        (Submitted, Some("order.not_approved")),
        (Cancelled, Some("order.not_approved")),
    ] {
        assert_eq!(executable(state).err().map(|error| error.code().name), wanted, "{state:?}");
        assert_eq!(changeable(state).is_ok(), state == Draft);
    }
}

#[test]
fn an_order_is_fulfilled_when_all_of_it_is() {
    let line = |delivered, invoiced| Executed {
        delivered: dec(delivered),
        invoiced: dec(invoiced),
        returned: Dec::ZERO,
    };
    let ten = dec("10");
    let rows = [
        (OrderState::Approved, vec![line("10", "10"), line("10", "10")], OrderState::Fulfilled),
        (OrderState::Approved, vec![line("10", "10"), line("9", "10")], OrderState::Approved),
        (OrderState::Approved, vec![line("10", "9")], OrderState::Approved),
        (OrderState::Fulfilled, vec![line("9", "10")], OrderState::Approved),
        // What went out beyond it is billed, too.
        (OrderState::Fulfilled, vec![line("11", "10")], OrderState::Approved),
        (OrderState::Approved, vec![line("11", "11")], OrderState::Fulfilled),
        (OrderState::Held, vec![line("10", "10")], OrderState::Held),
    ];
    for (state, lines, wanted) in rows {
        assert_eq!(progress(state, lines.iter().map(|line| (ten, *line))), wanted);
    }
    assert!(cancellable([Executed::default()]).is_ok());
    assert_eq!(cancellable([Executed::default(), line("1", "0")]).unwrap_err().code().name, "order.executed");
    assert_eq!(cancellable([line("0", "1")]).unwrap_err().code().name, "order.executed");
}

#[test]
fn charges_of_a_quote_go_with_its_parts() {
    let policy = RoundingPolicy::HalfUp;
    let share = |converted: &str, already: &str| {
        share_of_quote(dec("10"), dec(converted), dec("3"), dec(already), policy, 2).unwrap().to_text_scale(2)
    };
    assert_eq!(share("1", "0"), "3.33");
    assert_eq!(share("2", "3.33"), "3.34");
    assert_eq!(share("3", "6.67"), "3.33");
    assert_eq!(share("3", "0"), "10.00");
    // More than the quote's freight was charged by hand on an earlier part: nothing is left.
    assert_eq!(share("3", "50"), "0.00");
}
