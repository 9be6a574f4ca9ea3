//! Rows for the rules of ordering. Vectors are named by their id (`spec/vectors/commerce.json`).

use super::returns::{amount_of_return, no_free_beyond, returned_amount};
use super::rules::{
    Executed, Step, after, cancellable, changeable, cumulative_amount, executable, most_deliverable,
    progress, share_of_quote,
};
use super::{Order, OrderLine, OrderState};
use crate::pricing::{FreeReturns, FreeTerms};
use crate::quoting::{DocumentLine, NewLine};
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::Dec;
use crm_kernel::id::{Id, Ref};
use crm_kernel::money::RoundingPolicy;
use crm_kernel::record::Line;
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

/// An order of 25 at 10 with six free of the same list price, three for every ten, all of it delivered.
fn with_free(returns: FreeReturns) -> Order {
    let some = Id::new(1).unwrap();
    let line = |quantity: &str, total: &str| {
        let mut line = OrderLine::blank(&NewLine {
            product: Ref::new(some),
            quantity: dec(quantity),
            unit: None,
            description: None,
            unit_price: None,
            price_reason: None,
            discount_percent: None,
            tax: None,
        });
        (line.net, line.total) = (dec(total), dec(total));
        (line.list_price, line.delivered) = (Some(dec("10")), dec(quantity));
        line
    };
    let terms =
        FreeTerms { step: dec("3"), value: dec("3"), per: dec("10"), returns, ..FreeTerms::default() };
    let mut free = line("6", "0");
    free.free_of = Some(1);
    free.derivation = Some(terms.write(Ref::new(some), "R", 1).into());
    let date = Date::parse("2026-03-02").unwrap();
    let mut order =
        Order::blank(Ref::new(some), Ref::new(some), Ref::new(some), Currency::CNY, (Dec::ONE, None), date);
    for (no, line) in (1..).zip([line("25", "249.99"), free]) {
        (*order.lines).push(Line { no, line, custom: Vec::new() });
    }
    order
}

/// What a return of so much of the paid line and of the free one comes to; none where it is refused.
fn give_back(order: &mut Order, paid: i64, free: i64) -> Option<Dec> {
    let mut then = order.clone();
    for (no, many) in [(1, paid), (2, free)] {
        let line = then.lines.by_no_mut(no).unwrap();
        let returned = Executed::returned(Dec::from_int(many));
        line.returned = line.executed().and(returned, line.quantity, Dec::ZERO).ok()?.returned;
    }
    no_free_beyond(&then).ok()?;
    let parts = [(1, Dec::from_int(paid)), (2, Dec::from_int(free))];
    let amount = amount_of_return(order, parts, RoundingPolicy::HalfUp).unwrap();
    *order = then;
    Some(amount)
}

#[test]
fn what_comes_back_by_the_policy_of_free_goods() {
    // Paid and free that come back, one return after the other, and what each comes to.
    type Returns = [((i64, i64), Option<&'static str>)];
    let rows: [(FreeReturns, &Returns); 4] = [
        (
            FreeReturns::ClawBack,
            &[((5, 0), Some("50.00")), ((1, 0), None), ((1, 3), Some("10.00")), ((19, 3), Some("189.99"))],
        ),
        (FreeReturns::ClawBack, &[((0, 6), Some("0")), ((25, 0), Some("249.99"))]),
        (
            FreeReturns::Charge,
            &[((5, 0), Some("50.00")), ((1, 0), Some("-20.00")), ((0, 3), Some("30.00")), ((0, 4), None)],
        ),
        (FreeReturns::Keep, &[((25, 0), Some("249.99"))]),
    ];
    for (returns, steps) in rows {
        let mut order = with_free(returns);
        for ((paid, free), wanted) in steps {
            assert_eq!(give_back(&mut order, *paid, *free), wanted.map(dec), "{returns:?} {paid} {free}");
        }
    }
}

proptest! {
    /// M9: whatever comes back, in whatever order and parts, it comes to the same.
    #[test]
    fn the_order_of_returns_does_not_change_the_sum(
        parts in proptest::collection::vec((0_i64..8, 0_i64..3), 1..8),
        shuffled in proptest::collection::vec(proptest::prelude::any::<u8>(), 8),
        returns in proptest::sample::select(vec![FreeReturns::ClawBack, FreeReturns::Charge, FreeReturns::Keep]),
    ) {
        let mut order = with_free(returns);
        let (mut sum, mut taken) = (Dec::ZERO, Vec::new());
        for (paid, free) in parts {
            if let Some(amount) = give_back(&mut order, paid, free) {
                sum = sum.add(amount).unwrap();
                taken.push((paid, free));
            }
        }
        prop_assert_eq!(sum, returned_amount(&order, RoundingPolicy::HalfUp).unwrap());
        let mut keyed: Vec<_> = shuffled.into_iter().zip(taken.iter().copied()).collect();
        keyed.sort_by_key(|(key, _)| *key);
        let mut again = with_free(returns);
        let (mut second, mut waiting) = (Dec::ZERO, Vec::new());
        for (_, (paid, free)) in keyed {
            match give_back(&mut again, paid, free) {
                Some(amount) => second = second.add(amount).unwrap(),
                // What free goods of another return make possible comes with it.
                None => waiting.push((paid, free)),
            }
        }
        let together = waiting.iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        second = second.add(give_back(&mut again, together.0, together.1).unwrap()).unwrap();
        prop_assert_eq!(second, sum);
        // And all that is left comes to the rest of the total.
        let left = |no: i64| order.lines.by_no(no).map(|line| line.delivered.sub(line.returned).unwrap().to_i64_at(0).unwrap()).unwrap();
        let (paid, free) = (left(1), left(2));
        let rest = give_back(&mut order, paid, free).unwrap();
        prop_assert_eq!(sum.add(rest).unwrap(), dec("249.99"));
    }
}
