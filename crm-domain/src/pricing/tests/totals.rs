//! Documents.

use super::{dec, price};
use crate::pricing::allocation::Allocation;
use crate::pricing::einvoice::{NetLine, Parts, e_invoice, invoiced};
use crate::pricing::totals::{booked, document};
use crate::pricing::{
    Charge, DocumentDiscount, DocumentEffect, DocumentInput, EffectValue, LineInput, TaxCalculation,
    TaxRules, Totals, UnitPrice,
};
use crate::settings::{Ratio, TaxOn, Taxes};
use crm_kernel::currency::Currency;
use crm_kernel::dec::Rounding;
use crm_kernel::id::{Id, Ref};
use crm_kernel::money::RoundingPolicy;

/// Taxes as `5` or, side by side, `5+7`; `5*7` where the second is of the first too.
fn taxes(text: &str) -> Taxes {
    let numbers = text.split(['+', '*']);
    let several = text.contains(['+', '*']);
    let mut at = 0;
    Taxes::several((1_i64..).zip(numbers).map(|(no, percent)| {
        let on_taxes = at > 0 && text.as_bytes()[at - 1] == b'*';
        at += percent.len() + 1;
        TaxOn { tax: several.then(|| Id::new(no).map(Ref::new)).flatten(), percent: dec(percent), on_taxes }
    }))
}

/// Lines as `quantity price discount tax`.
pub(super) fn input(lines: &[&str]) -> DocumentInput {
    let line = |text: &&str| {
        let mut words = text.split(' ');
        let mut next = |other: &str| words.next().unwrap_or(other).to_owned();
        LineInput {
            quantity: dec(&next("1")),
            unit_price: price(&next("0")),
            discount_percent: dec(&next("0")),
            taxes: taxes(&next("0")),
        }
    };
    DocumentInput {
        currency: Currency::EUR,
        policy: RoundingPolicy::HalfUp,
        lines: lines.iter().map(line).collect(),
        effects: Vec::new(),
        discount: DocumentDiscount::None,
        allocation: Allocation::LargestRemainder,
        freight: Charge::default(),
        other: Charge::default(),
        tax: TaxRules::default(),
        cash_step: None,
    }
}

fn line_words(totals: &Totals, of: fn(&crate::pricing::LineTotals) -> crm_kernel::dec::Dec) -> String {
    totals.lines.iter().map(|line| of(line).to_text_scale(2)).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_line_is_rounded_once() {
    // Northwind's rule: net from the unrounded price, discount is what is left of gross.
    for (line, policy, gross, discount, net) in [
        ("3 1.005 0", RoundingPolicy::HalfUp, "3.02", "0", "3.02"),
        ("3 1.005 0", RoundingPolicy::Exact, "3.015", "0", "3.015"),
        ("1 19.99 25", RoundingPolicy::HalfUp, "19.99", "5", "14.99"),
        ("1 2.5 5", RoundingPolicy::HalfUp, "2.5", "0.12", "2.38"),
        ("1 2.5 5", RoundingPolicy::HalfEven, "2.5", "0.12", "2.38"),
        ("5 0.335 10", RoundingPolicy::HalfEven, "1.68", "0.17", "1.51"),
        ("6 62/6 0", RoundingPolicy::HalfUp, "62", "0", "62"),
        ("-1 19.99 25", RoundingPolicy::HalfUp, "-19.99", "-5", "-14.99"),
        ("7 9.99 100", RoundingPolicy::HalfUp, "69.93", "69.93", "0"),
    ] {
        let totals = document(&DocumentInput { policy, ..input(&[line]) }).unwrap();
        let found = totals.lines[0];
        assert_eq!(
            (found.gross, found.discount, found.net),
            (dec(gross), dec(discount), dec(net)),
            "{line} {policy}"
        );
    }
    // stack-03: the price after the rules times the quantity; stack-07: rounded at the end only.
    assert_eq!(document(&input(&["2 25"])).unwrap().total, dec("50"));
    assert_eq!(document(&input(&["1 75.411"])).unwrap().total, dec("75.41"));
}

#[test]
fn a_document_discount_is_shared_by_largest_remainder() {
    let discounted = |discount, lines: &[&str]| document(&DocumentInput { discount, ..input(lines) });
    // alloc-01 by the method adopted: the first of equals takes the cent, none absorbs.
    let totals = discounted(DocumentDiscount::Amount(dec("10.00")), &["1 10", "1 10", "1 10"]).unwrap();
    assert_eq!(line_words(&totals, |line| line.document_discount), "3.34 3.33 3.33");
    assert_eq!((totals.net, totals.document_discount, totals.total), (dec("30"), dec("10"), dec("20")));
    let totals = discounted(DocumentDiscount::Percent(dec("10")), &["1 0.05", "1 0.05", "1 0.05"]).unwrap();
    assert_eq!(line_words(&totals, |line| line.document_discount), "0.01 0.01 0.00");
    let totals = discounted(DocumentDiscount::Percent(dec("10")), &["1 100", "-1 50", "0 3"]).unwrap();
    assert_eq!(line_words(&totals, |line| line.document_discount), "10.00 -5.00 0.00");
    // An amount goes to the lines of its own sign.
    let totals = discounted(DocumentDiscount::Amount(dec("10")), &["1 100", "-1 50"]).unwrap();
    assert_eq!(line_words(&totals, |line| line.document_discount), "10.00 0.00");
    for (discount, lines, code) in [
        (DocumentDiscount::Amount(dec("30.01")), ["1 10", "2 10"], "document.discount_too_large"),
        (DocumentDiscount::Amount(dec("-1")), ["1 10", "2 10"], "document.discount_too_large"),
        (DocumentDiscount::Amount(dec("1")), ["-1 10", "-2 10"], "document.discount_too_large"),
        (DocumentDiscount::Percent(dec("100.000001")), ["1 10", "2 10"], "document.discount_percent"),
        (DocumentDiscount::Percent(dec("-1")), ["1 10", "2 10"], "document.discount_percent"),
        (DocumentDiscount::None, ["1 10 101", "2 10"], "document.discount_percent"),
        (DocumentDiscount::None, ["1 10 0 -1", "2 10"], "document.tax_percent"),
    ] {
        assert_eq!(discounted(discount, &lines).unwrap_err().code().name, code);
    }
    let error = discounted(DocumentDiscount::None, &["1 10", "2 10 101"]).unwrap_err();
    assert_eq!(error.path(), "/lines/1/discount_percent");
    let whole = discounted(DocumentDiscount::Percent(dec("100")), &["1 10", "2 10"]).unwrap();
    assert!(whole.total.is_zero());
}

#[test]
fn tax_is_of_the_rounded_or_the_unrounded_base() {
    // tax-02
    for (unrounded_base, tax, total) in [(true, "1177.14", "6527.80"), (false, "1177.15", "6527.81")] {
        for calculation in [TaxCalculation::PerLine, TaxCalculation::PerDocument] {
            let rules = TaxRules { calculation, inclusive: false, unrounded_base };
            let totals = document(&DocumentInput { tax: rules, ..input(&["16 348.35 4 22"]) }).unwrap();
            assert_eq!((totals.net, totals.tax, totals.total), (dec("5350.66"), dec(tax), dec(total)));
        }
    }
}

#[test]
fn tax_by_line_or_by_rate() {
    let per_document = TaxRules { calculation: TaxCalculation::PerDocument, ..TaxRules::default() };
    let lines = ["1 0.33 0 19", "1 0.33 0 19", "1 0.33 0 19", "1 10 0 7"];
    let by_line = document(&input(&lines)).unwrap();
    assert_eq!(line_words(&by_line, |line| line.tax), "0.06 0.06 0.06 0.70");
    let by_rate = document(&DocumentInput { tax: per_document, ..input(&lines) }).unwrap();
    assert_eq!(line_words(&by_rate, |line| line.tax), "0.07 0.06 0.06 0.70");
    let groups: Vec<String> =
        by_rate.taxes.iter().map(|one| format!("{}: {} {}", one.percent, one.base, one.amount)).collect();
    assert_eq!(groups, ["19: 0.99 0.19", "7: 10 0.7"]);
    assert_eq!((by_rate.tax, by_rate.total), (dec("0.89"), dec("11.88")));
    // tax-05: lines are rounded, and the document is their sum.
    let totals = document(&input(&["1 0.335", "1 0.335", "1 0.335"])).unwrap();
    assert_eq!(line_words(&totals, |line| line.net), "0.34 0.34 0.34");
    assert_eq!(totals.net, dec("1.02"));
}

#[test]
fn what_is_to_be_paid_is_never_touched() {
    let inclusive = |calculation| TaxRules { calculation, inclusive: true, unrounded_base: false };
    for calculation in [TaxCalculation::PerLine, TaxCalculation::PerDocument] {
        // tax-04
        let totals =
            document(&DocumentInput { tax: inclusive(calculation), ..input(&["1 90 0 5", "1 55 0 5"]) })
                .unwrap();
        assert_eq!(totals.total, dec("145.00"));
        assert_eq!(totals.taxes[0].base.add(totals.taxes[0].amount), Ok(dec("145.00")));
        // return-02: the discount of a price with tax is one with tax.
        let discount = DocumentDiscount::Amount(dec("119"));
        let totals =
            document(&DocumentInput { discount, tax: inclusive(calculation), ..input(&["1 1190 0 19"]) })
                .unwrap();
        let line = totals.lines[0];
        assert_eq!((line.tax_base, line.tax, line.total), (dec("900"), dec("171"), dec("1071")));
    }
    // tax-06 is two steps: the net of one regime, taxed by the other.
    let net = document(&DocumentInput { tax: inclusive(TaxCalculation::PerLine), ..input(&["1 106 0 6"]) })
        .unwrap();
    let other = UnitPrice::from(net.lines[0].tax_base).to_string();
    assert_eq!(document(&input(&[&format!("1 {other} 0 21")])).unwrap().total, dec("121.00"));
}

#[test]
fn freight_and_other_charges_have_their_own_tax() {
    let freight = Charge { amount: dec("10"), taxes: taxes("19") };
    let other = Charge { amount: dec("4.995"), taxes: taxes("0") };
    let charged = DocumentInput { freight, other, ..input(&["1 100 0 19"]) };
    let totals = document(&charged).unwrap();
    assert_eq!((totals.freight.amount, totals.freight.tax), (dec("10"), dec("1.9")));
    assert_eq!((totals.other.amount, totals.other.tax), (dec("5"), dec("0")));
    assert_eq!((totals.tax, totals.total), (dec("20.9"), dec("135.9")));
    let tax = TaxRules { inclusive: true, ..TaxRules::default() };
    let totals = document(&DocumentInput { tax, ..charged }).unwrap();
    assert_eq!((totals.freight.tax_base, totals.freight.tax), (dec("8.4"), dec("1.6")));
    assert_eq!((totals.tax, totals.total), (dec("17.57"), dec("115")));
}

#[test]
fn digits_are_the_currency_s() {
    let of = |code: &str, policy| {
        let currency = Currency::parse(code).unwrap();
        let document = document(&DocumentInput { currency, policy, ..input(&["3 1.23456 0 10"]) }).unwrap();
        format!("{} {} {}", document.net, document.tax, document.total)
    };
    assert_eq!(of("JPY", RoundingPolicy::HalfUp), "4 0 4");
    assert_eq!(of("KWD", RoundingPolicy::HalfUp), "3.704 0.37 4.074");
    assert_eq!(of("EUR", RoundingPolicy::Exact), "3.7037 0.3704 4.0741");
    let huge = document(&input(&["999999999999 999999999999"])).unwrap_err();
    assert_eq!((huge.code().name, huge.path()), ("value.out_of_range", "/lines/0/quantity"));
}

#[test]
fn effects_on_a_document_stand_on_every_line() {
    let effect = |lines: &[usize], value, running| DocumentEffect {
        lines: lines.to_vec(),
        value,
        running,
        beside: false,
    };
    let beside = |effect| DocumentEffect { beside: true, ..effect };
    let shares = |totals: &Totals| -> Vec<String> {
        let words = |shares: &Vec<_>| {
            let texts = shares.iter().map(|share: &crm_kernel::dec::Dec| share.to_text_scale(2));
            texts.collect::<Vec<_>>().join(" ")
        };
        totals.effects.iter().map(words).collect()
    };
    let made = |effects, discount| {
        document(&DocumentInput { effects, discount, ..input(&["1 10", "1 10", "1 10 50"]) }).unwrap()
    };
    let percent = |value: &str| EffectValue::Percent(Ratio::parse(value).unwrap());
    let amount = |value: &str| EffectValue::Amount(dec(value));
    let off = |value: &str| DocumentDiscount::Amount(dec(value));
    let totals =
        made(vec![effect(&[0, 1], percent("10"), true), effect(&[1, 2], amount("3"), true)], off("5"));
    // What is left of the lines is 9, 9, 5; then 9, 7.07, 3.93.
    assert_eq!(shares(&totals), ["1.00 1.00 0.00", "0.00 1.93 1.07", "2.25 1.77 0.98"]);
    assert_eq!(line_words(&totals, |line| line.document_discount), "3.25 4.70 2.05");
    assert_eq!((totals.document_discount, totals.total), (dec("10"), dec("15")));
    // Per cents of the line nets add up, per cents of what is left do not.
    let twice = |running| {
        made(
            vec![effect(&[0], percent("50"), running), effect(&[0], percent("50"), running)],
            DocumentDiscount::None,
        )
    };
    assert_eq!((twice(true).document_discount, twice(false).document_discount), (dec("7.5"), dec("10")));
    // Nothing takes more than there is.
    let totals = made(
        vec![effect(&[0], amount("99"), true), effect(&[0], percent("10"), false)],
        DocumentDiscount::None,
    );
    assert_eq!(shares(&totals), ["10.00 0.00 0.00", "0.00 0.00 0.00"]);
    // Side by side both start from what was there: neither goes first, and where they would take more, each takes a part.
    let both = |first, second| made(vec![first, beside(second)], DocumentDiscount::None);
    let (half, three) = (effect(&[0], percent("50"), false), effect(&[0, 1], amount("3"), false));
    assert_eq!(shares(&both(half.clone(), three.clone())), ["5.00 0.00 0.00", "1.50 1.50 0.00"]);
    assert_eq!(shares(&both(three, half)), ["1.50 1.50 0.00", "5.00 0.00 0.00"]);
    let (all, much) = (effect(&[0], percent("100"), false), effect(&[0, 1], amount("10"), false));
    assert_eq!(shares(&both(all.clone(), much.clone())), ["6.67 0.00 0.00", "3.33 5.00 0.00"]);
    assert_eq!(shares(&both(much, all)), ["3.33 5.00 0.00", "6.67 0.00 0.00"]);
    // A rate that no decimals say is one of the whole, posted once: a third of 25 is 8.33.
    let third = made(vec![effect(&[0, 1, 2], percent("100/3"), false)], DocumentDiscount::None);
    assert_eq!(shares(&third), ["3.33 3.33 1.67"]);
    // alloc-01: the last absorbs, where that is wanted.
    let lines = ["1 10", "1 10", "1 10"];
    let totals = document(&DocumentInput {
        discount: off("10"),
        allocation: Allocation::LastAbsorbs,
        ..input(&lines)
    })
    .unwrap();
    assert_eq!(line_words(&totals, |line| line.document_discount), "3.33 3.33 3.34");
}

#[test]
fn rounding_for_cash_is_an_amount_of_its_own() {
    for (price, step, rounding, payable) in [
        ("10.02", "0.05", "-0.02", "10"),
        ("10.03", "0.05", "0.02", "10.05"),
        ("9.97", "0.1", "0.03", "10"),
        ("-10.02", "0.05", "0.02", "-10"),
    ] {
        let line =
            format!("{} {} 0 0", if price.starts_with('-') { -1 } else { 1 }, price.trim_start_matches('-'));
        let totals = document(&DocumentInput { cash_step: Some(dec(step)), ..input(&[&line]) }).unwrap();
        assert_eq!(
            (totals.total, totals.cash_rounding, totals.payable),
            (dec(price), dec(rounding), dec(payable))
        );
    }
    let totals = document(&input(&["1 10.02 0 7"])).unwrap();
    assert_eq!((totals.cash_rounding, totals.payable), (dec("0"), totals.total));
}

/// The taxes of a document and of its lines, as text.
fn told(totals: &Totals) -> (String, String) {
    let words = |one: &crate::pricing::TaxGroup| format!("{}: {} {}", one.percent, one.base, one.amount);
    let of_line = |taxes: &Vec<crm_kernel::dec::Dec>| {
        taxes.iter().map(|tax| tax.to_text_scale(2)).collect::<Vec<_>>().join("+")
    };
    let taxes: Vec<String> = totals.taxes.iter().map(words).collect();
    (taxes.join(", "), totals.line_taxes.iter().map(of_line).collect::<Vec<_>>().join(" "))
}

#[test]
fn a_line_may_have_several_taxes() {
    use TaxCalculation::{PerDocument, PerLine};
    for (lines, inclusive, calculation, by_tax, by_line, total) in [
        // tax-03: each is rounded by itself, what is left of the price is the base.
        (vec!["1 100 0 10+10"], true, PerLine, "10: 83.34 8.33, 10: 83.34 8.33", "8.33+8.33", "100"),
        (vec!["1 100 0 10+10"], true, PerDocument, "10: 83.34 8.33, 10: 83.34 8.33", "8.33+8.33", "100"),
        (vec!["-1 119 0 19"], true, PerLine, "19: -100 -19", "-19.00", "-119"),
        (vec!["1 100 0 5+9.975"], false, PerLine, "5: 100 5, 9.975: 100 9.98", "5.00+9.98", "114.98"),
        // The second is of the first too: 9.975 per cent of 105.
        (vec!["1 100 0 5*9.975"], false, PerLine, "5: 100 5, 9.975: 105 10.47", "5.00+10.47", "115.47"),
        (vec!["1 115.47 0 5*9.975"], true, PerLine, "5: 100 5, 9.975: 105 10.47", "5.00+10.47", "115.47"),
        // By document each tax is rounded once, in whatever company it stands.
        (
            vec!["1 0.33 0 5+7", "1 0.33 0 5+7", "1 0.33 0 5+7"],
            false,
            PerDocument,
            "5: 0.99 0.05, 7: 0.99 0.07",
            "0.02+0.03 0.02+0.02 0.01+0.02",
            "1.11",
        ),
        (
            vec!["1 0.33 0 5+7", "1 0.33 0 5+7", "1 0.33 0 5+7"],
            false,
            PerLine,
            "5: 0.99 0.06, 7: 0.99 0.06",
            "0.02+0.02 0.02+0.02 0.02+0.02",
            "1.11",
        ),
        (
            vec!["1 1.05 0 5+0", "1 1.12 0 5+7"],
            true,
            PerDocument,
            "5: 2 0.1, 0: 1 0, 7: 1 0.07",
            "0.05+0.00 0.05+0.07",
            "2.17",
        ),
        (
            vec!["2 50 0 5+7", "-1 50 0 5+7"],
            false,
            PerDocument,
            "5: 50 2.5, 7: 50 3.5",
            "5.00+7.00 -2.50+-3.50",
            "56",
        ),
    ] {
        let tax = TaxRules { calculation, inclusive, unrounded_base: false };
        let totals = document(&DocumentInput { tax, ..input(&lines) }).unwrap();
        assert_eq!(told(&totals), (by_tax.to_owned(), by_line.to_owned()), "{lines:?}");
        assert_eq!(totals.total, dec(total), "{lines:?}");
    }
    let error = document(&input(&["1 10 0 5", "1 10 0 5+-1"])).unwrap_err();
    assert_eq!((error.code().name, error.path()), ("document.tax_percent", "/lines/1/tax_percent"));
}

#[test]
fn a_price_goes_over_to_other_taxes() {
    // tax-06
    for (price, from, to, wanted) in [
        ("106.00", "6", "21", "121"),
        ("106.00", "6", "0", "100"),
        ("9.99", "19", "7", "8.982605"),
        ("114.975", "5+9.975", "13", "113"),
        ("115.47375", "5*9.975", "0", "100"),
        ("100", "0", "5*10", "115.5"),
    ] {
        assert_eq!(
            taxes(from).map_price(dec(price), &taxes(to)).unwrap(),
            dec(wanted),
            "{price} {from} {to}"
        );
    }
    assert_eq!(taxes("5*9.975").percent().unwrap(), dec("15.47375"));
}

#[test]
fn what_is_owed_stays_on_an_electronic_invoice() {
    // Prices that hold tax: lines stand without it, and what the equalities do not give is the rounding amount.
    let tax = TaxRules { inclusive: true, ..TaxRules::default() };
    let made = DocumentInput { tax, ..input(&["1 0.07 0 19", "1 0.07 0 19", "1 0.07 0 19"]) };
    let (told, totals) = invoiced(&made, dec("0")).unwrap();
    assert_eq!((totals.total, told.without_tax, told.tax), (dec("0.21"), dec("0.18"), dec("0.03")));
    assert_eq!((told.with_tax, told.rounding, told.payable), (dec("0.21"), dec("0"), dec("0.21")));
    let nets = [("0.06", "19"), ("0.06", "19"), ("0.06", "19")];
    let lines = nets.map(|(net, percent)| NetLine { net: dec(net), percent: dec(percent) });
    // The same billed line by line: 0.01 of tax on each.
    let parts = Parts {
        currency: Currency::EUR,
        lines: lines.to_vec(),
        effects: Vec::new(),
        charges: Vec::new(),
        owed: dec("0.24"),
        paid: dec("0.10"),
        cash_step: None,
    };
    let told = e_invoice(parts.clone()).unwrap();
    assert_eq!((told.with_tax, told.rounding, told.payable), (dec("0.21"), dec("0.03"), dec("0.14")));
    let told = e_invoice(Parts { cash_step: Some(dec("0.05")), ..parts }).unwrap();
    assert_eq!((told.rounding, told.payable), (dec("0.04"), dec("0.15")));
    let error = invoiced(&input(&["1 1 0 19", "1 1 0 5+7"]), dec("0")).unwrap_err();
    assert_eq!((error.code().name, error.path()), ("document.several_taxes", "/lines/1"));
}

#[test]
fn what_is_booked_is_the_sum_of_the_lines() {
    // fx-01
    let (lines, sum) =
        booked(&[dec("500.00"), dec("25.00")], Ratio::new(dec("1"), dec("19")).unwrap(), 2, Rounding::HalfUp)
            .unwrap();
    assert_eq!((lines, sum), (vec![dec("26.32"), dec("1.32")], dec("27.64")));
    assert_eq!(dec("525").div(dec("19"), 2, Rounding::HalfUp), Ok(dec("27.63")));
}
