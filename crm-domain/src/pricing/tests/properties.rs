//! What holds for every document.

use super::totals::input;
use crate::pricing::allocation::Allocation;
use crate::pricing::einvoice::invoiced;
use crate::pricing::totals::document;
use crate::pricing::{
    Charge, DocumentDiscount, DocumentEffect, DocumentInput, EffectValue, LineInput, TaxCalculation,
    TaxRules, UnitPrice,
};
use crate::settings::{Ratio, TaxOn, Taxes};
use crm_kernel::currency::Currency;
use crm_kernel::dec::Dec;
use crm_kernel::id::{Id, Ref};
use crm_kernel::money::RoundingPolicy;
use proptest::prelude::*;

fn decimal(most: i64, scale: u8) -> impl Strategy<Value = Dec> {
    (0..=most).prop_map(move |mantissa| Dec::from_i64_at(mantissa, scale))
}

fn unit_price() -> impl Strategy<Value = UnitPrice> {
    prop_oneof![
        decimal(2_000_000_000, 6).prop_map(UnitPrice::from),
        decimal(20_000, 2).prop_map(UnitPrice::from),
        (decimal(9_000_000, 3), 1..97_i64).prop_map(|(amount, per)| UnitPrice::new(
            amount,
            Dec::from_int(per)
        )
        .unwrap()),
    ]
}

fn line() -> impl Strategy<Value = LineInput> {
    let percents = prop_oneof![Just(Dec::ZERO), decimal(100, 0), decimal(100_000_000, 6)];
    let quantities = prop_oneof![decimal(50, 0), decimal(3_000_000, 6)];
    (quantities, unit_price(), percents, taxes()).prop_map(
        |(quantity, unit_price, discount_percent, taxes)| LineInput {
            quantity,
            unit_price,
            discount_percent,
            taxes,
        },
    )
}

fn rate() -> impl Strategy<Value = Dec> {
    prop_oneof![Just(Dec::ZERO), Just(Dec::from_int(7)), Just(Dec::from_int(19)), decimal(3_000, 2)]
}

/// One tax of some rate, or some of three taxes side by side.
fn taxes() -> impl Strategy<Value = Taxes> {
    let several = prop::collection::vec((rate(), any::<bool>()), 2..4).prop_map(|parts| {
        let part = |(no, (percent, on_taxes)): (i64, (Dec, bool))| TaxOn {
            tax: Id::new(no).map(Ref::new),
            percent,
            on_taxes,
        };
        Taxes::several((1_i64..).zip(parts).map(part))
    });
    prop_oneof![3 => rate().prop_map(Taxes::rate), 1 => several]
}

fn charge() -> impl Strategy<Value = Charge> {
    (decimal(100_000, 3), taxes()).prop_map(|(amount, taxes)| Charge { amount, taxes })
}

/// The same with the first tax of everything alone.
fn of_one_tax(mut made: DocumentInput) -> DocumentInput {
    let taxes = made.lines.iter_mut().map(|line| &mut line.taxes);
    for taxes in taxes.chain([&mut made.freight.taxes, &mut made.other.taxes]) {
        let percent = taxes.iter().next().unwrap().percent;
        *taxes = Taxes::rate(percent);
    }
    made
}

fn any_document(mixed: bool) -> impl Strategy<Value = DocumentInput> {
    let policy = prop_oneof![
        Just(RoundingPolicy::HalfUp),
        Just(RoundingPolicy::HalfEven),
        Just(RoundingPolicy::Exact)
    ];
    let currency =
        prop_oneof![Just(Currency::EUR), Just(Currency::JPY), Just(Currency::parse("KWD").unwrap())];
    let calculation = prop_oneof![Just(TaxCalculation::PerLine), Just(TaxCalculation::PerDocument)];
    let tax =
        (calculation, any::<bool>(), any::<bool>()).prop_map(|(calculation, inclusive, unrounded_base)| {
            TaxRules { calculation, inclusive, unrounded_base }
        });
    let lines = prop::collection::vec((line(), any::<bool>()), 0..12).prop_map(move |lines| {
        let turned = |(mut line, turn): (LineInput, bool)| {
            if mixed && turn {
                line.quantity = line.quantity.neg();
            }
            line
        };
        lines.into_iter().map(turned).collect::<Vec<_>>()
    });
    // Per cent from 0 to 100; an amount is chosen as a share of the net, for it may not be larger.
    let discount = prop_oneof![Just((0_i64, false)), (0..=1_000_i64, any::<bool>())];
    (policy, currency, tax, lines, discount, charge(), charge()).prop_map(
        |(policy, currency, tax, lines, (permille, as_amount), freight, other)| {
            let mut made = DocumentInput { policy, currency, tax, lines, freight, other, ..input(&[]) };
            let part = Dec::from_i64_at(permille, 1);
            made.discount = DocumentDiscount::Percent(part);
            if as_amount {
                let net = document(&DocumentInput { discount: DocumentDiscount::None, ..made.clone() })
                    .unwrap()
                    .net;
                let scale = policy.scale(currency.digits());
                let down = crm_kernel::dec::Rounding::Down;
                made.discount =
                    DocumentDiscount::Amount(net.mul_div(part, Dec::HUNDRED, scale, down).unwrap());
            }
            made
        },
    )
}

/// Effects of rules on some of the lines.
fn with_effects(made: impl Strategy<Value = DocumentInput>) -> impl Strategy<Value = DocumentInput> {
    let value = prop_oneof![
        (0..=300_i64).prop_map(|thirds| {
            EffectValue::Percent(Ratio::new(Dec::from_int(thirds), Dec::from_int(3)).unwrap())
        }),
        decimal(1_000_000, 3).prop_map(EffectValue::Amount),
    ];
    let effect = (prop::collection::vec(0..12_usize, 0..6), value, any::<bool>(), any::<bool>())
        .prop_map(|(lines, value, running, beside)| DocumentEffect { lines, value, running, beside });
    let ways = prop_oneof![Just(Allocation::LargestRemainder), Just(Allocation::Smooth)];
    (made, prop::collection::vec(effect, 0..4), ways).prop_map(|(made, effects, allocation)| DocumentInput {
        effects,
        allocation,
        discount: DocumentDiscount::None,
        ..made
    })
}

fn negative(document: &DocumentInput) -> DocumentInput {
    let mut turned = document.clone();
    for line in &mut turned.lines {
        line.quantity = line.quantity.neg();
    }
    if let DocumentDiscount::Amount(amount) = turned.discount {
        turned.discount = DocumentDiscount::Amount(amount.neg());
    }
    turned.freight.amount = turned.freight.amount.neg();
    turned.other.amount = turned.other.amount.neg();
    turned
}

fn adds_up(made: &DocumentInput) -> std::result::Result<(), TestCaseError> {
    let totals = document(made).unwrap();
    let sum = |of: fn(&crate::pricing::LineTotals) -> Dec| Dec::sum(totals.lines.iter().map(of)).unwrap();
    let scale = made.policy.scale(made.currency.digits());
    for line in &totals.lines {
        prop_assert_eq!(line.net.add(line.discount).unwrap(), line.gross);
        prop_assert_eq!(line.tax_base.add(line.tax).unwrap(), line.total);
        let taken = line.net.sub(line.document_discount).unwrap();
        prop_assert_eq!(if made.tax.inclusive { line.total } else { line.tax_base }, taken);
        for amount in [line.gross, line.discount, line.net, line.document_discount, line.tax, line.tax_base] {
            prop_assert!(amount.rescale(scale).is_ok(), "{} is no posted amount", amount);
        }
        // A share never turns a line round.
        prop_assert!(line.document_discount.abs() <= line.net.abs());
        prop_assert!(
            line.document_discount.is_zero() || line.document_discount.signum() == line.net.signum()
        );
    }
    prop_assert_eq!(sum(|line| line.gross), totals.gross);
    prop_assert_eq!(sum(|line| line.discount), totals.discount);
    prop_assert_eq!(sum(|line| line.net), totals.net);
    prop_assert_eq!(sum(|line| line.document_discount), totals.document_discount);
    let taxes = sum(|line| line.tax).add(totals.freight.tax).unwrap().add(totals.other.tax).unwrap();
    prop_assert_eq!(taxes, totals.tax);
    prop_assert_eq!(Dec::sum(totals.taxes.iter().map(|group| group.amount)).unwrap(), totals.tax);
    let after = totals.net.sub(totals.document_discount).unwrap();
    let charged = totals.freight.amount.add(totals.other.amount).unwrap();
    let before = after.add(charged).unwrap();
    prop_assert_eq!(totals.total, if made.tax.inclusive { before } else { before.add(totals.tax).unwrap() });
    for (line, by_tax) in totals.lines.iter().zip(&totals.line_taxes) {
        prop_assert_eq!(Dec::sum(by_tax.iter().copied()).unwrap(), line.tax);
    }
    if let DocumentDiscount::Amount(amount) = made.discount {
        prop_assert_eq!(totals.document_discount, amount);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn what_stands_side_by_side_gives_the_same_in_any_order(made in with_effects(any_document(true))) {
        let mut effects = made.effects.clone();
        for effect in &mut effects {
            (effect.beside, effect.running) = (true, false);
        }
        let one = document(&DocumentInput { effects: effects.clone(), ..made.clone() }).unwrap();
        effects.reverse();
        let other = document(&DocumentInput { effects, ..made }).unwrap();
        prop_assert_eq!(one.lines, other.lines);
    }

    #[test]
    fn lines_add_up_to_the_document(made in any_document(false)) {
        adds_up(&made)?;
    }

    #[test]
    fn lines_of_both_signs_add_up_as_well(made in any_document(true)) {
        adds_up(&made)?;
    }

    #[test]
    fn effects_add_up_both_ways(made in with_effects(any_document(true))) {
        adds_up(&made)?;
        let totals = document(&made).unwrap();
        prop_assert_eq!(totals.effects.len(), made.effects.len());
        for (at, line) in totals.lines.iter().enumerate() {
            prop_assert_eq!(Dec::sum(totals.effects.iter().map(|shares| shares[at])).unwrap(), line.document_discount);
        }
        let all = totals.effects.iter().flatten().copied();
        prop_assert_eq!(Dec::sum(all).unwrap(), totals.document_discount);
    }

    #[test]
    fn an_electronic_invoice_is_accepted_as_it_is(made in with_effects(any_document(true)), paid in decimal(10_000, 2)) {
        let made = of_one_tax(made);
        let digits = made.currency.digits();
        let paid = paid.round(digits, crm_kernel::dec::Rounding::Down);
        let (invoice, totals) = invoiced(&made, paid).unwrap();
        // BR-CO-10, -11, -12, -13, -14, -15, -16, -17 and that every amount has the digits of the currency.
        prop_assert_eq!(invoice.line_total, Dec::sum(invoice.lines.iter().map(|line| line.net)).unwrap());
        prop_assert_eq!(invoice.payable, totals.total.sub(paid).unwrap());
        if !made.tax.inclusive {
            prop_assert!(invoice.rounding.is_zero());
        }
        prop_assert_eq!(invoice.allowance_total, Dec::sum(invoice.allowances.iter().map(|one| one.amount)).unwrap());
        prop_assert_eq!(invoice.charge_total, totals.freight.tax_base.add(totals.other.tax_base).unwrap());
        let without = invoice.line_total.sub(invoice.allowance_total).unwrap().add(invoice.charge_total).unwrap();
        prop_assert_eq!(invoice.without_tax, without);
        prop_assert_eq!(invoice.tax, Dec::sum(invoice.breakdown.iter().map(|one| one.tax)).unwrap());
        prop_assert_eq!(invoice.with_tax, invoice.without_tax.add(invoice.tax).unwrap());
        let open = invoice.with_tax.sub(invoice.paid).unwrap();
        prop_assert_eq!(invoice.payable, open.add(invoice.rounding).unwrap());
        prop_assert_eq!(Dec::sum(invoice.breakdown.iter().map(|one| one.base)).unwrap(), invoice.without_tax);
        for one in &invoice.breakdown {
            let wanted = one.base.mul_div(one.percent, Dec::HUNDRED, digits, crm_kernel::dec::Rounding::HalfUp);
            prop_assert_eq!(one.tax, wanted.unwrap());
            prop_assert!(one.base.rescale(digits).is_ok() && one.tax.rescale(digits).is_ok());
        }
    }

    #[test]
    fn a_credit_note_is_the_mirror_of_its_invoice(made in any_document(true)) {
        let (plain, turned) = (document(&made).unwrap(), document(&negative(&made)).unwrap());
        prop_assert_eq!(plain.total, turned.total.neg());
        prop_assert_eq!(plain.tax, turned.tax.neg());
        for (line, mirror) in plain.lines.iter().zip(&turned.lines) {
            prop_assert_eq!(line.gross, mirror.gross.neg());
            prop_assert_eq!(line.net, mirror.net.neg());
            prop_assert_eq!(line.document_discount, mirror.document_discount.neg());
            prop_assert_eq!(line.tax, mirror.tax.neg());
            prop_assert_eq!(line.total, mirror.total.neg());
        }
    }

    #[test]
    fn tax_by_rate_is_the_tax_of_the_sum(made in any_document(false)) {
        let tax = TaxRules { calculation: TaxCalculation::PerDocument, inclusive: false, unrounded_base: false };
        let made = DocumentInput { tax, ..made };
        for group in document(&of_one_tax(made.clone())).unwrap().taxes {
            let wanted = group.base.mul_div(group.percent, Dec::HUNDRED, made.policy.scale(made.currency.digits()), made.policy.rounding());
            prop_assert_eq!(group.amount, wanted.unwrap());
        }
    }

    #[test]
    fn an_exact_price_comes_back_from_its_line(price in unit_price()) {
        let (column, exact) = price.stored().unwrap();
        prop_assert_eq!(UnitPrice::of_line(column, exact.as_deref()).unwrap(), price);
    }
}
