//! Tiers.

use super::{dec, price};
use crate::pricing::engine::figure;
use crate::pricing::scale::{Effect, Gap, Measured, OPEN, Scale, Tier};
use crate::pricing::{PriceMethod, TierBound, TierMode, UnitPrice};
use crm_kernel::dec::{Dec, Rounding};

fn scale(mode: TierMode, bound: TierBound, tiers: &[(&str, &str, &str)]) -> Effect {
    let tier = |(bound, value, flat): &(&str, &str, &str)| Tier {
        bound: if bound.is_empty() { OPEN } else { figure(dec(bound)).unwrap() },
        value: figure(dec(value)).unwrap(),
        flat_fee: figure(dec(flat)).unwrap(),
    };
    let tiers = tiers.iter().map(tier).collect();
    let scale = Scale { mode, bound, flat_fee_at_zero: true, tiers };
    Effect { scale: Some(Box::new(scale)), ..Effect::of(PriceMethod::FixedPrice, 0) }
}

fn fixed(value: &str) -> Effect {
    Effect::of(PriceMethod::FixedPrice, figure(dec(value)).unwrap())
}

fn alone(
    effect: &Effect,
    quantity: &str,
    base: Option<UnitPrice>,
) -> crm_kernel::error::Result<Option<UnitPrice>> {
    let quantity = figure(dec(quantity)).unwrap();
    effect.price(Measured::alone(quantity), quantity, base)
}

fn amount(effect: &Effect, quantity: &str, base: Option<UnitPrice>) -> String {
    let amount = effect.amount(figure(dec(quantity)).unwrap(), base).unwrap();
    amount.map_or_else(|| "-".to_owned(), |amount| amount.to_string())
}

fn amounts(effect: &Effect, rows: &[(&str, &str)]) {
    for (quantity, wanted) in rows {
        assert_eq!(amount(effect, quantity, None), *wanted, "{quantity}");
    }
}

#[test]
fn packages_are_of_what_is_measured() {
    let packages = Effect { package: figure(dec("4")).unwrap(), ..fixed("10") };
    let measured = |whole: &str, own: &str, before: &str| Measured {
        whole: figure(dec(whole)).unwrap(),
        own: figure(dec(own)).unwrap(),
        before: figure(dec(before)).unwrap(),
    };
    let price = |measured: Measured, quantity: &str| {
        packages.price(measured, figure(dec(quantity)).unwrap(), None).unwrap().unwrap().to_string()
    };
    // Five pieces of 2 kg are 10 kg: three packages of 4 kg.
    assert_eq!(price(measured("10", "10", "0"), "5"), "6");
    // Counted with 10 kg more they bear half of the five packages.
    assert_eq!(price(measured("20", "10", "0"), "5"), "5");
    // What weighs nothing fills no package.
    assert_eq!(packages.applies(0, true), Err(Gap::NoMeasure));
    // Packages that were paid before are paid; the sixth of a package of four is in the second.
    assert_eq!(price(measured("6", "1", "5"), "1"), "0");
    assert_eq!(price(measured("9", "4", "5"), "4"), "2.5");
}

#[test]
fn portions_of_earlier_documents_are_paid() {
    let tier = |bound: i64, value: &str, fee: &str| Tier {
        bound,
        value: figure(dec(value)).unwrap(),
        flat_fee: figure(dec(fee)).unwrap(),
    };
    let graduated = |mode| Effect {
        scale: Some(Box::new(Scale {
            mode,
            bound: TierBound::UpTo,
            flat_fee_at_zero: false,
            tiers: vec![tier(5_000_000, "10", "3"), tier(OPEN, "7", "1")],
        })),
        ..fixed("0")
    };
    let price = |mode, whole: i64, before: i64| {
        let own = (whole - before) * 1_000_000;
        let measured = Measured { whole: whole * 1_000_000, own, before: before * 1_000_000 };
        let price = graduated(mode).price(measured, own, None).unwrap().unwrap();
        price.times(Dec::from_i64_at(own, 6), Dec::ZERO, 2, Rounding::HalfUp).unwrap().to_text_scale(2)
    };
    // Whatever is bought in parts costs what it costs at once: 5 × 10 + 3, then 5 × 7 + 1.
    assert_eq!(price(TierMode::Graduated, 10, 0), "89.00");
    assert_eq!(
        (price(TierMode::Graduated, 5, 0), price(TierMode::Graduated, 10, 5)),
        ("53.00".into(), "36.00".into())
    );
    assert_eq!(price(TierMode::Graduated, 12, 10), "14.00");
    // A tier for all units is that of all that was bought.
    assert_eq!(price(TierMode::AllUnits, 10, 5), "35.50");
}

#[test]
fn all_units_or_each_portion() {
    // tier-01
    let tiers = [
        ("5", "10", "0"),
        ("20", "12", "0"),
        ("100", "15", "0"),
        ("1000", "20", "0"),
        ("999999999", "30", "0"),
    ];
    amounts(
        &scale(TierMode::AllUnits, TierBound::UpTo, &tiers),
        &[("5", "50"), ("6", "72"), ("20", "240"), ("21", "315"), ("140", "2800")],
    );
    amounts(
        &scale(TierMode::Graduated, TierBound::UpTo, &tiers),
        &[("5", "50"), ("6", "62"), ("20", "230"), ("21", "245"), ("140", "2230")],
    );
    // The same steps by their beginnings: 5 is in the second tier then.
    let tiers = [("0", "10", "0"), ("5", "12", "0"), ("20", "15", "0"), ("100", "20", "0")];
    amounts(
        &scale(TierMode::AllUnits, TierBound::From, &tiers),
        &[("4.999999", "49.99999"), ("5", "60"), ("20", "300"), ("100", "2000")],
    );
    amounts(
        &scale(TierMode::Graduated, TierBound::From, &tiers),
        &[("5", "50"), ("6", "62"), ("20", "230"), ("21", "245"), ("140", "2230")],
    );
}

#[test]
fn a_flat_fee_is_due_on_entering_its_tier() {
    // tier-02
    let tiers = [("10", "10", "2"), ("20", "5", "3"), ("", "5", "3")];
    let graduated = scale(TierMode::Graduated, TierBound::UpTo, &tiers);
    amounts(
        &graduated,
        &[
            ("0", "2"),
            ("1", "12"),
            ("10", "102"),
            ("10.5", "107.5"),
            ("11", "110"),
            ("15", "130"),
            ("21", "163"),
        ],
    );
    let mut never = graduated;
    if let Some(scale) = &mut never.scale {
        scale.flat_fee_at_zero = false;
    }
    amounts(&never, &[("0", "0"), ("1", "12")]);
}

#[test]
fn graduated_against_volume() {
    // tier-05
    let tiers = [("1000", "0.10", "0"), ("10000", "0.05", "0"), ("", "0.01", "0")];
    amounts(&scale(TierMode::Graduated, TierBound::UpTo, &tiers), &[("15000", "600")]);
    amounts(&scale(TierMode::AllUnits, TierBound::UpTo, &tiers), &[("15000", "150")]);
}

#[test]
fn behind_the_last_and_before_the_first_tier_there_is_no_price() {
    let up_to = scale(TierMode::AllUnits, TierBound::UpTo, &[("10", "1", "0")]);
    amounts(&up_to, &[("10", "10"), ("10.000001", "-")]);
    let from = scale(TierMode::AllUnits, TierBound::From, &[("10", "1", "0")]);
    amounts(&from, &[("9.999999", "-"), ("10", "10")]);
    assert_eq!(from.applies(1, true), Err(Gap::NoTier));
}

#[test]
fn a_price_that_no_decimal_says_is_kept_as_it_is() {
    let tiers = [("5", "10", "0"), ("", "12", "0")];
    let graduated = scale(TierMode::Graduated, TierBound::UpTo, &tiers);
    let six = alone(&graduated, "6", None).unwrap().unwrap();
    assert_eq!(six.to_string(), "62/6");
    assert_eq!(six.stored().unwrap(), (dec("10.333333"), Some("62/6".to_owned())));
    assert_eq!(UnitPrice::of_line(dec("10.333333"), Some("62/6")).unwrap(), six);
    let eight = alone(&graduated, "8", None).unwrap().unwrap();
    assert_eq!((eight.to_string().as_str(), eight.stored().unwrap().1), ("10.75", None));
}

#[test]
fn methods_start_from_the_list_price() {
    for (method, value, wanted) in [
        (PriceMethod::FixedPrice, "80", "80"),
        (PriceMethod::DiscountPercent, "12.5", "87.5"),
        (PriceMethod::DiscountPercent, "100", "0"),
        (PriceMethod::AmountOff, "0.000001", "99.999999"),
        (PriceMethod::SurchargePercent, "250", "350"),
        (PriceMethod::Surcharge, "0.5", "100.5"),
    ] {
        let effect = Effect::of(method, figure(dec(value)).unwrap());
        let of = |base: Option<UnitPrice>| alone(&effect, "1", base).unwrap().map(|price| price.to_string());
        assert_eq!(of(Some(price("100"))).as_deref(), Some(wanted));
        let without = if method == PriceMethod::FixedPrice { Some(wanted.to_owned()) } else { None };
        assert_eq!(of(None), without);
    }
    // Nothing is rounded on the way: a third of a base stays one.
    let effect = Effect::of(PriceMethod::DiscountPercent, figure(dec("33.333333")).unwrap());
    assert_eq!(
        alone(&effect, "0.000001", Some(price("62/6"))).unwrap().unwrap().to_string(),
        "41.33333354/6"
    );
    // Tiers of per cent.
    let mut tiers = scale(TierMode::Graduated, TierBound::UpTo, &[("10", "0", "0"), ("", "50", "0")]);
    tiers.method = PriceMethod::DiscountPercent;
    assert_eq!(amount(&tiers, "12", Some(price("7"))), "77");
}

#[test]
fn what_is_packed_is_charged_by_the_package() {
    // tier-06: ten in a package at 5; any part of a package is one.
    let packed =
        Effect { package: figure(dec("10")).unwrap(), ..Effect::of(PriceMethod::FixedPrice, 5_000_000) };
    for (quantity, wanted) in [("0", "0"), ("1", "5"), ("10", "5"), ("10.000001", "10"), ("95", "50")] {
        assert_eq!(amount(&packed, quantity, None), wanted, "{quantity}");
    }
    assert_eq!(alone(&packed, "15", None).unwrap().unwrap().to_string(), "10/15");
    // Every tier counts its own packages.
    let tiers = [("20", "5", "0"), ("", "3", "0")];
    let mut graduated = scale(TierMode::Graduated, TierBound::UpTo, &tiers);
    graduated.package = figure(dec("10")).unwrap();
    amounts(&graduated, &[("11", "10"), ("20", "10"), ("21", "13"), ("40", "16"), ("41", "19")]);
}

#[test]
fn behind_a_cliff_more_costs_less() {
    // tier-03: 100 cost 210, 101 cost 101.
    let cliff = scale(TierMode::AllUnits, TierBound::UpTo, &[("100", "2", "10"), ("", "1", "0")]);
    amounts(&cliff, &[("100", "210"), ("101", "101")]);
    amounts(&cliff, &[("45", "100"), ("44.999999", "99.999998")]);
}

#[test]
fn what_is_measured_need_not_be_what_is_counted() {
    // Ten pieces of 3 kg beside others of 70 kg: 100 kg in all. Half of them are at 2, half at 1.
    let tiers = [("50", "2", "0"), ("", "1", "20")];
    let effect = scale(TierMode::Graduated, TierBound::UpTo, &tiers);
    let measured =
        Measured { whole: figure(dec("100")).unwrap(), own: figure(dec("30")).unwrap(), before: 0 };
    let price = effect.price(measured, figure(dec("10")).unwrap(), None).unwrap().unwrap();
    // 1.5 on average, and 30 of 100 parts of the fee of 20 on ten pieces.
    assert_eq!(price.to_string(), "2.1");
    let all = scale(TierMode::AllUnits, TierBound::UpTo, &[("50", "2", "0"), ("", "1", "0")]);
    assert_eq!(all.price(measured, figure(dec("10")).unwrap(), None).unwrap().unwrap().to_string(), "1");
}
