//! Rows for the rules of [`super`], and properties against a naive arithmetic on strings of digits.

use std::collections::hash_map::DefaultHasher;
use std::str::FromStr;

use proptest::prelude::*;
use rust_decimal::Decimal;

use super::*;

fn dec(text: &str) -> Dec {
    Dec::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn decs(texts: &[&str]) -> Vec<Dec> {
    texts.iter().map(|text| dec(text)).collect()
}

fn hash_of(value: Dec) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

const NINES: &str = "99999999999999999999999999999999999999";
const TEN_TO_37: &str = "10000000000000000000000000000000000000";
const SMALLEST: &str = "0.00000000000000000000000000000000000001";

// ---- text

#[test]
fn text_is_read_and_written_canonically() {
    for (text, canonical, mantissa, scale) in [
        ("0", "0", 0, 0),
        ("-0", "0", 0, 0),
        ("-0.00", "0", 0, 2),
        ("0.5", "0.5", 5, 1),
        ("12.50", "12.5", 1250, 2),
        ("-12.50", "-12.5", -1250, 2),
        ("100", "100", 100, 0),
        ("0.000001", "0.000001", 1, 6),
        ("-0.10", "-0.1", -10, 2),
    ] {
        let value = dec(text);
        assert_eq!((value.mantissa(), value.scale()), (mantissa, scale), "{text}");
        assert_eq!(value.to_string(), canonical, "{text}");
        assert_eq!(Dec::from_str(text), Ok(value), "{text}");
    }
    assert_eq!(format!("{:?}", dec("1.50")), "Dec(1.50)");
    assert_eq!(format!("[{:>6}]", dec("-1.50")), "[  -1.5]");
    assert_eq!(format!("[{:.1}] [{:6}]", dec("12.25"), dec("1.50")), "[12.25] [   1.5]");
}

#[test]
fn other_texts_are_refused() {
    for text in [
        "",
        "-",
        "+1",
        "--1",
        ".",
        ".5",
        "5.",
        "-.5",
        "1e3",
        "1E3",
        "1,000",
        "1 000",
        " 1",
        "1 ",
        "007",
        "00",
        "00.5",
        "-01",
        "1.2.3",
        "0x10",
        "NaN",
        "inf",
        "1_000",
        "\u{ff11}",
        "\u{0661}",
        "\u{2212}1",
        "1.\u{0662}",
        "1\0",
    ] {
        assert_eq!(Dec::parse(text), Err(DecError::Syntax), "{text:?}");
    }
}

#[test]
fn text_holds_38_digits_and_no_more() {
    assert_eq!(dec(NINES).to_string(), NINES);
    assert_eq!(dec(SMALLEST).to_string(), SMALLEST);
    assert_eq!(dec(SMALLEST).scale(), 38);
    for text in [format!("{NINES}9"), format!("{NINES}.5"), format!("{SMALLEST}1"), "1".repeat(400)] {
        assert_eq!(Dec::parse(&text), Err(DecError::OutOfRange), "{text}");
    }
    // Zeros beyond the room there is carry nothing.
    let text = format!("{NINES}.000");
    assert_eq!(dec(&text), dec(NINES));
    assert_eq!(dec(&format!("1.5{}", "0".repeat(100))), dec("1.5"));
    assert_eq!(dec(&format!("0.{}", "0".repeat(100))), Dec::ZERO);
}

#[test]
fn text_of_money_is_padded_and_never_cut() {
    for (text, decimals, wanted) in [
        ("12.5", 2, "12.50"),
        ("12", 2, "12.00"),
        ("12", 0, "12"),
        ("12.345", 2, "12.345"),
        ("12.3400", 2, "12.34"),
        ("-0.5", 4, "-0.5000"),
        ("0", 3, "0.000"),
        ("1200.00", 0, "1200"),
    ] {
        assert_eq!(dec(text).to_text_scale(decimals), wanted, "{text} with {decimals}");
    }
}

// ---- value and form

#[test]
fn equality_order_and_hash_go_by_value() {
    let (short, long) = (dec("1.0"), dec("1.000000"));
    assert_eq!(short, long);
    assert_eq!(hash_of(short), hash_of(long));
    assert_eq!(hash_of(dec("0.00")), hash_of(Dec::ZERO));
    assert_eq!(Dec::default(), Dec::ZERO);
    let sorted = decs(&[
        "-99999999999999999999999999999999999999",
        "-1.01",
        "-1",
        "-0.1",
        "0",
        SMALLEST,
        "0.5",
        "1.2",
        "1.21",
    ]);
    assert!(sorted.is_sorted_by(|left, right| left < right));
    assert!(dec(SMALLEST) < dec(NINES));
    assert!(dec(NINES) > dec("0.99999999999999999999999999999999999999"));
}

#[test]
fn the_parts_of_a_value() {
    for (text, digits, signum) in
        [("0", 1, 0), ("0.05", 1, 1), ("1.50", 3, 1), ("-123", 3, -1), (NINES, 38, 1)]
    {
        let value = dec(text);
        assert_eq!(value.digits(), digits, "{text}");
        assert_eq!(value.signum(), signum, "{text}");
        assert_eq!(value.is_zero(), signum == 0, "{text}");
        assert_eq!(value.is_negative(), signum < 0, "{text}");
        assert_eq!(value.is_positive(), signum > 0, "{text}");
        assert_eq!(value.neg().neg(), value, "{text}");
        assert_eq!(value.abs(), if signum < 0 { value.neg() } else { value }, "{text}");
    }
    assert_eq!(dec("1.500").normalize().scale(), 1);
    assert_eq!(dec("1000").normalize().scale(), 0);
    assert_eq!(dec(&format!("{TEN_TO_37}.0")).normalize().scale(), 0);
    assert_eq!(dec("12345678901234567890123456789.500").normalize().scale(), 1);
}

#[test]
fn new_takes_what_fits_38_digits() {
    assert_eq!(Dec::new(1250, 2), Ok(dec("12.5")));
    assert_eq!(Dec::new(i128::MAX, 0), Err(DecError::OutOfRange));
    assert_eq!(Dec::new(i128::MIN, 38), Err(DecError::OutOfRange));
    assert_eq!(Dec::new(100, 40), Ok(dec(SMALLEST)));
    assert_eq!(Dec::new(10, 40), Err(DecError::OutOfRange));
    assert_eq!(Dec::new(0, 255), Ok(Dec::ZERO));
    let limit = 10_i128.pow(38);
    assert_eq!(Dec::new(limit, 0), Err(DecError::OutOfRange));
    assert_eq!(Dec::new(limit, 1), Ok(dec(TEN_TO_37)));
    assert_eq!(Dec::new(-(limit - 1), 0), Ok(dec(NINES).neg()));
}

#[test]
fn stored_numbers_have_18_digits() {
    let most = 999_999_999_999_999_999;
    assert_eq!(dec("12.5").to_i64_at(4), Ok(125_000));
    assert_eq!(dec("12.50000").to_i64_at(2), Ok(1250));
    assert_eq!(dec("-0.0001").to_i64_at(4), Ok(-1));
    assert_eq!(dec("12.345").to_i64_at(2), Err(DecError::Inexact));
    assert_eq!(dec("99999999999999.9999").to_i64_at(4), Ok(most));
    assert_eq!(dec("-99999999999999.9999").to_i64_at(4), Ok(-most));
    assert_eq!(dec("100000000000000").to_i64_at(4), Err(DecError::OutOfRange));
    assert_eq!(dec("1000000000000000000").to_i64_at(0), Err(DecError::OutOfRange));
    assert_eq!(Dec::from_i64_at(125_000, 4), dec("12.5"));
    assert_eq!(Dec::from_i64_at(i64::MIN, 0), dec("-9223372036854775808"));
}

#[test]
fn fits_asks_for_digits_at_a_scale() {
    for (text, digits, scale, fits) in [
        ("12.5", 18, 4, true),
        ("99999999999999.9999", 18, 4, true),
        ("100000000000000", 18, 4, false),
        ("0.00001", 18, 4, false),
        ("0.0000100", 18, 5, true),
        ("0", 0, 0, true),
        ("9", 1, 0, true),
        ("10", 1, 0, false),
        (NINES, 38, 0, true),
        (NINES, 38, 1, false),
        ("1", 38, 39, false),
    ] {
        assert_eq!(dec(text).fits(digits, scale), fits, "{text} in {digits},{scale}");
    }
}

// ---- arithmetic

#[test]
fn sums_and_products_are_exact_or_refused() {
    assert_eq!(dec("0.1").add(dec("0.2")), Ok(dec("0.3")));
    assert_eq!(dec("1").sub(dec("0.999999999999")), Ok(dec("0.000000000001")));
    assert_eq!(dec("19.99").mul(dec("0.25")), Ok(dec("4.9975")));
    assert_eq!(dec(NINES).add(Dec::ONE), Err(DecError::OutOfRange));
    assert_eq!(dec(NINES).add(dec("0.5")), Err(DecError::OutOfRange));
    assert_eq!(dec(NINES).sub(dec(NINES)), Ok(Dec::ZERO));
    // More than 38 digits on the way, fewer once the zeros are gone.
    assert_eq!(dec("9999999999999999999999999999999999999.5").add(dec("0.5")), Ok(dec(TEN_TO_37)));
    assert_eq!(dec(TEN_TO_37).mul(dec("0.1000")), Ok(dec("1000000000000000000000000000000000000")));
    assert_eq!(dec(TEN_TO_37).mul(Dec::HUNDRED), Err(DecError::OutOfRange));
    assert_eq!(dec(SMALLEST).mul(dec("0.1")), Err(DecError::OutOfRange));
    assert_eq!(dec(SMALLEST).mul(dec(TEN_TO_37)), Ok(dec("0.1")));
    assert_eq!(dec(NINES).mul(dec(NINES)), Err(DecError::OutOfRange));
    assert_eq!(dec("-3").mul(dec("0")).map(|zero| zero.to_string()), Ok("0".to_owned()));
}

#[test]
fn division_rounds_once() {
    for (num, den, scale, wanted) in [
        ("7", "2", 10, "3.5"),
        ("-7", "2", 0, "-4"),
        ("1", "3", 4, "0.3333"),
        ("2", "3", 4, "0.6667"),
        ("10", "4", 0, "3"),
        // Rounded to ten decimals first this would be 0.005 and then 0.01.
        ("0.00499999995", "1", 2, "0"),
        ("1", "0.00000000000000000000000000000000000001", 0, "100000000000000000000000000000000000000"),
        (NINES, "7", 0, "14285714285714285714285714285714285714"),
        (SMALLEST, NINES, 38, "0"),
        ("1", "99999999999999999999999999999999999998", 38, SMALLEST),
    ] {
        let wanted = Dec::parse(wanted);
        assert_eq!(dec(num).div(dec(den), scale, Rounding::HalfUp), wanted, "{num} / {den} at {scale}");
    }
    assert_eq!(Dec::ONE.div(dec("0.00"), 2, Rounding::HalfUp), Err(DecError::DivisionByZero));
    assert_eq!(Dec::ONE.div(dec("3"), 39, Rounding::HalfUp), Err(DecError::OutOfRange));
    assert_eq!(dec(NINES).div(dec("7"), 2, Rounding::HalfUp), Err(DecError::OutOfRange));
    // All nines, and then some: rounding up leaves a single digit.
    assert_eq!(
        dec("9999999999999999999999999999999999999.6").div(Dec::ONE, 0, Rounding::HalfUp),
        Ok(dec(TEN_TO_37))
    );
    // An exact result is not padded beyond its room.
    assert_eq!(dec(TEN_TO_37).div(Dec::ONE, 30, Rounding::HalfUp), Ok(dec(TEN_TO_37)));
}

#[test]
fn a_product_may_be_wide_before_it_is_divided() {
    assert_eq!(dec(NINES).mul_div(dec(NINES), dec(NINES), 0, Rounding::HalfUp), Ok(dec(NINES)));
    assert_eq!(dec("80").mul_div(dec("40"), dec("100"), 2, Rounding::HalfUp), Ok(dec("32")));
    // Two halves of the last digit, one from each step: 0.5 exactly, then a hair more.
    assert_eq!(dec("5").mul_div(dec("0.01"), dec("0.1"), 0, Rounding::HalfEven), Ok(Dec::ZERO));
    assert_eq!(dec("5").mul_div(dec("0.01"), dec("0.0999999999"), 0, Rounding::HalfEven), Ok(Dec::ONE));
    assert_eq!(dec("5").mul_div(dec("3"), dec("30"), 0, Rounding::HalfEven), Ok(Dec::ZERO));
    // The digits dropped are exactly a half, but the division left something behind them.
    assert_eq!(dec("7.6").div(dec("3"), 0, Rounding::HalfEven), Ok(dec("3")));
    // All 76 decimals of a product are dropped.
    let (half, nearly) = (dec("0.50000000000000000000000000000000000000"), dec(&format!("0.{NINES}")));
    for (rounding, wanted) in [(Rounding::HalfUp, Dec::ZERO), (Rounding::Up, Dec::ONE)] {
        assert_eq!(half.mul_div(nearly, Dec::ONE, 0, rounding), Ok(wanted), "{rounding}");
    }
}

#[test]
fn each_rounding_on_each_kind_of_rest() {
    use Rounding::*;
    // Columns: half-up, half-even, up, down, ceiling, floor.
    for (text, wanted) in [
        ("0", ["0", "0", "0", "0", "0", "0"]),
        ("0.4", ["0", "0", "1", "0", "1", "0"]),
        ("0.5", ["1", "0", "1", "0", "1", "0"]),
        ("0.50000000001", ["1", "1", "1", "0", "1", "0"]),
        ("1.5", ["2", "2", "2", "1", "2", "1"]),
        ("2.5", ["3", "2", "3", "2", "3", "2"]),
        ("-0.4", ["0", "0", "-1", "0", "0", "-1"]),
        ("-0.5", ["-1", "0", "-1", "0", "0", "-1"]),
        ("-1.5", ["-2", "-2", "-2", "-1", "-1", "-2"]),
        ("-2.5", ["-3", "-2", "-3", "-2", "-2", "-3"]),
        ("2.00", ["2", "2", "2", "2", "2", "2"]),
    ] {
        for (rounding, wanted) in [HalfUp, HalfEven, Up, Down, Ceiling, Floor].into_iter().zip(wanted) {
            assert_eq!(dec(text).round(0, rounding), dec(wanted), "{text} {rounding}");
            assert_eq!(dec(text).div(Dec::ONE, 0, rounding), Ok(dec(wanted)), "{text} / 1 {rounding}");
            let scaled = dec(text).mul(dec("7")).and_then(|seven| seven.div(dec("7"), 0, rounding));
            assert_eq!(scaled, Ok(dec(wanted)), "{text} * 7 / 7 {rounding}");
        }
    }
    assert_eq!(dec("1.005").round(2, HalfUp), dec("1.01"));
    assert_eq!(dec("2.675").round(2, HalfUp), dec("2.68"));
    assert_eq!(dec("1.5").round(4, HalfUp).scale(), 1);
    assert_eq!(dec("-1.234").floor_to(2), dec("-1.24"));
    assert_eq!(dec("-1.234").ceil_to(2), dec("-1.23"));
    // `spec/commerce.md`, vector stack-08: a quarter off 19.99.
    let discount = dec("19.99").mul(dec("0.25")).unwrap();
    assert_eq!(dec("19.99").sub(discount.round(2, Down)), Ok(dec("15.00")));
    assert_eq!(dec("19.99").sub(discount.round(2, HalfUp)), Ok(dec("14.99")));
}

#[test]
fn rounding_codes() {
    for rounding in Rounding::ALL {
        assert_eq!(Rounding::parse(rounding.code()), Some(rounding));
    }
    assert_eq!(Rounding::parse("HALF-UP"), None);
    assert_eq!(Rounding::default(), Rounding::HalfUp);
}

#[test]
fn rounding_to_a_multiple() {
    for (text, step, rounding, wanted) in [
        ("12.37", "0.05", Rounding::HalfUp, "12.35"),
        ("12.375", "0.05", Rounding::HalfUp, "12.4"),
        ("12.31", "10", Rounding::Up, "20"),
        ("25", "12", Rounding::Ceiling, "36"),
        ("-25", "12", Rounding::Floor, "-36"),
        ("0.1", "0.25", Rounding::Down, "0"),
    ] {
        assert_eq!(dec(text).round_to_multiple(dec(step), rounding), Ok(dec(wanted)), "{text} by {step}");
    }
    assert_eq!(Dec::ONE.round_to_multiple(Dec::ZERO, Rounding::HalfUp), Err(DecError::DivisionByZero));
    assert_eq!(Dec::ONE.round_to_multiple(dec("-5"), Rounding::HalfUp), Err(DecError::OutOfRange));
}

#[test]
fn rescale_is_exact() {
    assert_eq!(dec("1.5").rescale(4).map(|value| value.mantissa()), Ok(15_000));
    assert_eq!(dec("1.500").rescale(1).map(|value| value.mantissa()), Ok(15));
    assert_eq!(dec("1.55").rescale(1), Err(DecError::Inexact));
    assert_eq!(dec("1").rescale(39), Err(DecError::OutOfRange));
    assert_eq!(dec("10").rescale(37), Err(DecError::OutOfRange));
    assert_eq!(dec("0").rescale(38).map(|value| value.scale()), Ok(38));
}

#[test]
fn a_sum_may_leave_the_range_on_the_way() {
    let most = dec(NINES);
    let values = [most, most, most, dec("0.25"), most.neg(), most.neg(), most.neg(), dec(SMALLEST).neg()];
    assert_eq!(Dec::sum(values), dec("0.25").sub(dec(SMALLEST)));
    assert_eq!(Dec::sum([most, Dec::ONE]), Err(DecError::OutOfRange));
    assert_eq!(Dec::sum([most.neg(), Dec::ONE.neg()]), Err(DecError::OutOfRange));
    assert_eq!(Dec::sum([]), Ok(Dec::ZERO));
    assert_eq!(Dec::sum([most, Dec::ONE, most.neg()]), Ok(Dec::ONE));
    assert_eq!(Dec::sum(vec![most; 1000].into_iter().chain(vec![most.neg(); 1001])), Ok(most.neg()));
}

// ---- shares

#[test]
fn shares_add_up() {
    for (total, weights, scale, wanted) in [
        // `spec/commerce.md` 2.4: ties by order, so the first takes the cent.
        ("10.00", vec!["10.00", "10.00", "10.00"], 2, vec!["3.34", "3.33", "3.33"]),
        ("-10.00", vec!["10.00", "10.00", "10.00"], 2, vec!["-3.34", "-3.33", "-3.33"]),
        ("100", vec!["1", "1", "1"], 2, vec!["33.34", "33.33", "33.33"]),
        ("0.05", vec!["1", "0", "3"], 2, vec!["0.01", "0", "0.04"]),
        ("0.02", vec!["1", "1", "1", "1"], 2, vec!["0.01", "0.01", "0", "0"]),
        ("80.00", vec!["60.00", "40.00"], 2, vec!["48", "32"]),
        // Vector alloc-03: 30 units by 0.4, 0.3, 0.3.
        ("30", vec!["0.4", "0.3", "0.3"], 0, vec!["12", "9", "9"]),
        ("7", vec!["0.5", "0.50", "2"], 0, vec!["1", "1", "5"]),
        // Vector terms-12: the open instalments share what is left of the new total.
        ("500", vec!["300.00", "300.00"], 2, vec!["250", "250"]),
        ("1000", vec!["1", "2"], 0, vec!["333", "667"]),
        ("0", vec!["0", "0"], 2, vec!["0", "0"]),
        ("0", vec![], 2, vec![]),
        ("5", vec!["3"], 2, vec!["5"]),
        (
            NINES,
            vec!["1", "1"],
            0,
            vec!["50000000000000000000000000000000000000", "49999999999999999999999999999999999999"],
        ),
    ] {
        assert_eq!(
            allocate(dec(total), &decs(&weights), scale),
            Ok(decs(&wanted)),
            "{total} by {weights:?} at {scale}"
        );
    }
    assert_eq!(allocate(dec("10"), &decs(&["0", "0"]), 2), Err(DecError::DivisionByZero));
    assert_eq!(allocate(dec("10"), &[], 2), Err(DecError::DivisionByZero));
    assert_eq!(allocate(dec("10"), &decs(&["2", "-1"]), 2), Err(DecError::OutOfRange));
    assert_eq!(allocate(dec("0"), &decs(&["2", "-1"]), 2), Err(DecError::OutOfRange));
    assert_eq!(allocate(dec("0.005"), &decs(&["1"]), 2), Err(DecError::Inexact));
    assert_eq!(allocate(dec("10"), &decs(&[NINES, NINES]), 2), Err(DecError::OutOfRange));
    assert_eq!(allocate_even(dec("0.05"), 3, 2), Ok(decs(&["0.02", "0.02", "0.01"])));
    assert_eq!(allocate_even(dec("1"), 0, 2), Err(DecError::DivisionByZero));
}

#[test]
fn cumulative_shares_add_up() {
    // `spec/commerce.md`, vectors order-01 and return-05.
    for (total, wanted) in [("100.00", ["33.33", "33.34", "33.33"]), ("10.00", ["3.33", "3.34", "3.33"])] {
        let mut already = Dec::ZERO;
        for (done, wanted) in (1..=3).zip(wanted) {
            let share = cumulative_share(dec(total), done.into(), dec("3"), already, 2, Rounding::HalfUp);
            assert_eq!(share, Ok(dec(wanted)), "{total}, {done} of 3");
            already = already.add(dec(wanted)).unwrap();
        }
        assert_eq!(already, dec(total));
    }
    assert_eq!(
        cumulative_share(Dec::ONE, Dec::ONE, Dec::ZERO, Dec::ZERO, 2, Rounding::HalfUp),
        Err(DecError::DivisionByZero)
    );
}

// ---- the other decimal type

#[test]
fn the_other_decimal_type() {
    let theirs = Decimal::from_str("-12.3400").unwrap();
    assert_eq!(Dec::from(theirs), dec("-12.34"));
    assert_eq!(Dec::from(theirs).scale(), 4);
    assert_eq!(Dec::from(Decimal::MAX), dec("79228162514264337593543950335"));
    assert_eq!(Decimal::try_from(dec("79228162514264337593543950335")), Ok(Decimal::MAX));
    assert_eq!(Decimal::try_from(dec("79228162514264337593543950336")), Err(DecError::OutOfRange));
    assert_eq!(Decimal::try_from(dec(SMALLEST)), Err(DecError::OutOfRange));
    assert_eq!(Decimal::try_from(dec("1.50")), Ok(Decimal::from_str("1.5").unwrap()));
}

// ---- properties

/// Whole numbers without sign as strings of decimal digits, done the way it is taught at school.
mod naive {
    use std::cmp::Ordering;

    pub fn trim(digits: &str) -> String {
        let digits = digits.trim_start_matches('0');
        if digits.is_empty() { "0".to_owned() } else { digits.to_owned() }
    }

    pub fn cmp(left: &str, right: &str) -> Ordering {
        let (left, right) = (trim(left), trim(right));
        left.len().cmp(&right.len()).then(left.cmp(&right))
    }

    fn low_first(digits: &str) -> Vec<u32> {
        digits.bytes().rev().map(|byte| u32::from(byte - b'0')).collect()
    }

    fn text(mut low_first: Vec<u32>) -> String {
        let mut carry = 0;
        for digit in &mut low_first {
            *digit += carry;
            carry = *digit / 10;
            *digit %= 10;
        }
        while carry > 0 {
            low_first.push(carry % 10);
            carry /= 10;
        }
        trim(&low_first.iter().rev().map(|digit| char::from(b'0' + *digit as u8)).collect::<String>())
    }

    pub fn add(left: &str, right: &str) -> String {
        let (mut sum, other) = (low_first(left), low_first(right));
        sum.resize(sum.len().max(other.len()), 0);
        for (at, digit) in other.into_iter().enumerate() {
            sum[at] += digit;
        }
        text(sum)
    }

    /// For left >= right.
    pub fn sub(left: &str, right: &str) -> String {
        let (mut difference, other) = (low_first(&trim(left)), low_first(&trim(right)));
        let mut borrow = 0;
        for (at, digit) in difference.iter_mut().enumerate() {
            let taken = other.get(at).copied().unwrap_or(0) + borrow;
            borrow = u32::from(*digit < taken);
            *digit = *digit + 10 * borrow - taken;
        }
        assert_eq!(borrow, 0);
        text(difference)
    }

    pub fn mul(left: &str, right: &str) -> String {
        let (left, right) = (low_first(left), low_first(right));
        let mut product = vec![0; left.len() + right.len()];
        for (at, digit) in left.iter().enumerate() {
            for (more, other) in right.iter().enumerate() {
                product[at + more] += digit * other;
            }
        }
        text(product)
    }

    pub fn lift(digits: &str, zeros: usize) -> String {
        trim(&format!("{digits}{}", "0".repeat(zeros)))
    }

    pub fn div_rem(left: &str, right: &str) -> (String, String) {
        let (mut quotient, mut rest) = (String::new(), "0".to_owned());
        for digit in left.chars() {
            rest = trim(&format!("{rest}{digit}"));
            let mut count = b'0';
            while cmp(&rest, right) != Ordering::Less {
                rest = sub(&rest, right);
                count += 1;
            }
            quotient.push(char::from(count));
        }
        (trim(&quotient), rest)
    }
}

/// The decimal of so many units of 10^-scale, or the refusal it must meet.
fn naive_dec(negative: bool, digits: &str, mut scale: usize) -> Result<Dec, DecError> {
    let mut digits = naive::trim(digits);
    if digits == "0" {
        return Ok(Dec::ZERO);
    }
    while scale > 0 && digits.ends_with('0') {
        digits.pop();
        scale -= 1;
    }
    if digits.len() > 38 || scale > 38 {
        return Err(DecError::OutOfRange);
    }
    let magnitude: i128 = digits.parse().unwrap();
    let value = Dec::new(if negative { -magnitude } else { magnitude }, u8::try_from(scale).unwrap())?;
    assert_eq!(value.mantissa().unsigned_abs(), magnitude.unsigned_abs());
    Ok(value)
}

/// Sign and magnitude in units of 10^-76.
fn naive_parts(value: Dec) -> (bool, String) {
    let digits = value.mantissa().unsigned_abs().to_string();
    (value.is_negative(), naive::lift(&digits, 76 - usize::from(value.scale())))
}

fn naive_add(left: (bool, String), right: (bool, String)) -> (bool, String) {
    if left.0 == right.0 {
        return (left.0, naive::add(&left.1, &right.1));
    }
    match naive::cmp(&left.1, &right.1) {
        Ordering::Less => (right.0, naive::sub(&right.1, &left.1)),
        _ => (left.0, naive::sub(&left.1, &right.1)),
    }
}

fn naive_mul_div(value: Dec, num: Dec, den: Dec, scale: u8, rounding: Rounding) -> Result<Dec, DecError> {
    let digits = |value: Dec| value.mantissa().unsigned_abs().to_string();
    let negative = value.is_negative() ^ num.is_negative() ^ den.is_negative();
    let dividend = naive::mul(&digits(value), &digits(num));
    let dividend = naive::lift(&dividend, usize::from(den.scale()) + usize::from(scale));
    let divisor = naive::lift(&digits(den), usize::from(value.scale()) + usize::from(num.scale()));
    let (quotient, rest) = naive::div_rem(&dividend, &divisor);
    let half = naive::cmp(&naive::add(&rest, &rest), &divisor);
    let odd = quotient.ends_with(['1', '3', '5', '7', '9']);
    let up = match rounding {
        _ if rest == "0" => false,
        Rounding::HalfUp => half != Ordering::Less,
        Rounding::HalfEven => half == Ordering::Greater || (half == Ordering::Equal && odd),
        Rounding::Up => true,
        Rounding::Down => false,
        Rounding::Ceiling => !negative,
        Rounding::Floor => negative,
    };
    let rounded = if up { naive::add(&quotient, "1") } else { quotient };
    naive_dec(negative, &rounded, usize::from(scale))
}

prop_compose! {
    /// Any decimal: few digits as likely as many, with many nines, fives and zeros.
    fn any_dec()(
        digits in prop_oneof![
            "[0-9]{1,38}", "[0-9]{1,6}", "[059]{1,38}", "[1-9]0{0,37}", "9{1,38}", "[1-9]{1,2}0{1,30}[0-9]{1,6}",
        ],
        scale in prop_oneof![0_u8..=38, 0_u8..=6],
        negative: bool,
    ) -> Dec {
        let magnitude: i128 = digits.parse().unwrap();
        Dec::new(if negative { -magnitude } else { magnitude }, scale).unwrap()
    }
}

prop_compose! {
    /// A decimal as records hold it.
    fn stored_dec()(mantissa in prop_oneof![-999_999_999_999_999_999_i64..=999_999_999_999_999_999, -10_000_i64..=10_000],
        scale in 0_u8..=12) -> Dec {
        Dec::from_i64_at(mantissa, scale)
    }
}

fn any_rounding() -> impl Strategy<Value = Rounding> {
    proptest::sample::select(Rounding::ALL.to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn text_round_trips(value in any_dec(), decimals in 0_u8..=40) {
        let text = value.to_string();
        prop_assert_eq!(dec(&text), value);
        prop_assert!(text == "0" || !text.contains('.') || !text.ends_with(['0', '.']));
        prop_assert_ne!(&text, "-0");
        let padded = value.to_text_scale(decimals);
        prop_assert_eq!(dec(&padded), value);
        let kept = padded.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        prop_assert_eq!(kept, usize::from(decimals.max(value.normalize().scale())));
    }

    #[test]
    fn any_text_is_read_or_refused(text in "-?[0-9.e+ ]{0,45}") {
        if let Ok(value) = Dec::parse(&text) {
            prop_assert_eq!(dec(&value.to_string()), value);
        }
    }

    #[test]
    fn order_is_that_of_the_numbers(left in any_dec(), right in any_dec()) {
        let (a, b) = (naive_parts(left), naive_parts(right));
        let wanted = match (a.0, b.0) {
            (false, false) => naive::cmp(&a.1, &b.1),
            (true, true) => naive::cmp(&b.1, &a.1),
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
        };
        prop_assert_eq!(left.cmp(&right), wanted);
        prop_assert_eq!(left == right, hash_of(left) == hash_of(right));
        prop_assert_eq!(left.normalize(), left);
        prop_assert_eq!(hash_of(left.normalize()), hash_of(left));
    }

    #[test]
    fn sums_agree_with_school(left in any_dec(), right in any_dec()) {
        let (negative, digits) = naive_add(naive_parts(left), naive_parts(right));
        prop_assert_eq!(left.add(right), naive_dec(negative, &digits, 76));
        prop_assert_eq!(left.add(right), right.add(left));
        prop_assert_eq!(left.sub(right), left.add(right.neg()));
        if let Ok(sum) = left.add(right) {
            prop_assert_eq!(sum.sub(right), Ok(left));
        }
    }

    #[test]
    fn products_agree_with_school(left in any_dec(), right in any_dec()) {
        let digits = naive::mul(&left.mantissa().unsigned_abs().to_string(), &right.mantissa().unsigned_abs().to_string());
        let scale = usize::from(left.scale()) + usize::from(right.scale());
        prop_assert_eq!(left.mul(right), naive_dec(left.is_negative() != right.is_negative(), &digits, scale));
        prop_assert_eq!(left.mul(right), right.mul(left));
    }

    #[test]
    fn quotients_agree_with_school(value in any_dec(), num in any_dec(), den in any_dec(), scale in 0_u8..=38,
        rounding in any_rounding()) {
        prop_assume!(!den.is_zero());
        prop_assert_eq!(value.div(den, scale, rounding), naive_mul_div(value, Dec::ONE, den, scale, rounding));
        prop_assert_eq!(value.mul_div(num, den, scale, rounding), naive_mul_div(value, num, den, scale, rounding));
        prop_assert_eq!(Ok(value.round(scale, rounding)), naive_mul_div(value, Dec::ONE, Dec::ONE, scale, rounding));
    }

    #[test]
    fn stored_quotients_agree_with_school(value in stored_dec(), num in stored_dec(), den in stored_dec(),
        scale in 0_u8..=12, rounding in any_rounding()) {
        prop_assume!(!den.is_zero());
        prop_assert_eq!(value.div(den, scale, rounding), naive_mul_div(value, Dec::ONE, den, scale, rounding));
        prop_assert_eq!(value.mul_div(num, den, scale, rounding), naive_mul_div(value, num, den, scale, rounding));
    }

    #[test]
    fn halves(whole in -1_000_000_000_i64..1_000_000_000, scale in 0_u8..18) {
        let half = Dec::new(i128::from(whole) * 10 + 5 * i128::from(whole.signum()), scale + 1).unwrap();
        let away = Dec::from_i64_at(whole + whole.signum(), scale);
        let even = Dec::from_i64_at(whole + whole % 2, scale);
        prop_assert_eq!(half.round(scale, Rounding::HalfUp), away);
        prop_assert_eq!(half.round(scale, Rounding::HalfEven), even);
        prop_assert_eq!(half.neg().round(scale, Rounding::HalfUp), away.neg());
    }

    #[test]
    fn ring_laws(a in stored_dec(), b in stored_dec(), c in stored_dec()) {
        // Stored numbers leave room for a product and a sum in 38 digits, unless their scales lie far apart.
        let sum = |x: Result<Dec, DecError>, y: Result<Dec, DecError>| x.and_then(|x| y.and_then(|y| x.add(y)));
        let both = |x: Result<Dec, DecError>, y: Result<Dec, DecError>| x.is_err() || y.is_err() || x == y;
        prop_assert!(both(sum(a.add(b), Ok(c)), sum(Ok(a), b.add(c))));
        prop_assert!(both(b.add(c).and_then(|sum| a.mul(sum)), sum(a.mul(b), a.mul(c))));
        prop_assert_eq!(a.mul(Dec::ONE), Ok(a));
        prop_assert_eq!(a.add(Dec::ZERO), Ok(a));
        prop_assert_eq!(a.sub(a), Ok(Dec::ZERO));
        prop_assert_eq!(a.mul(Dec::ZERO), Ok(Dec::ZERO));
        let (sum, product) = (a.add(b).unwrap(), a.mul(b).unwrap());
        prop_assert_eq!(sum.sub(b), Ok(a));
        prop_assert!(b.is_zero() || product.div(b, 12, Rounding::HalfUp) == Ok(a));
    }

    #[test]
    fn a_sum_has_no_order(mut values in proptest::collection::vec(any_dec(), 0..12)) {
        let naive = values.iter().fold((false, "0".to_owned()), |sum, value| naive_add(sum, naive_parts(*value)));
        let wanted = naive_dec(naive.0, &naive.1, 76);
        prop_assert_eq!(Dec::sum(values.iter().copied()), wanted);
        values.reverse();
        prop_assert_eq!(Dec::sum(values.iter().copied()), wanted);
        values.sort();
        prop_assert_eq!(Dec::sum(values), wanted);
    }

    #[test]
    fn shares_add_up_and_are_near(
        units in -1_000_000_000_000_i64..1_000_000_000_000,
        weights in proptest::collection::vec((0_i64..100_000, 0_u8..6), 1..12),
        scale in 0_u8..=6,
    ) {
        let total = Dec::from_i64_at(units, scale);
        let weights: Vec<Dec> = weights.into_iter().map(|(weight, scale)| Dec::from_i64_at(weight, scale)).collect();
        let whole = Dec::sum(weights.iter().copied()).unwrap();
        prop_assume!(!whole.is_zero());
        let shares = allocate(total, &weights, scale).unwrap();
        prop_assert_eq!(Dec::sum(shares.iter().copied()), Ok(total));
        let unit = Dec::new(1, scale).unwrap();
        for (share, weight) in shares.iter().zip(&weights) {
            prop_assert_eq!(share.scale(), scale);
            // |share - total * weight / whole| < unit, multiplied by the whole.
            let error = share.mul(whole).unwrap().sub(total.mul(*weight).unwrap()).unwrap().abs();
            prop_assert!(error < unit.mul(whole).unwrap());
            prop_assert!(!weight.is_zero() || share.is_zero());
        }
        for (at, one) in weights.iter().enumerate() {
            for (later, other) in weights.iter().enumerate().skip(at + 1) {
                if one == other {
                    prop_assert!(shares[at].abs() >= shares[later].abs(), "the earlier of equals takes the unit");
                } else {
                    prop_assert!((one < other) == (shares[at].abs() < shares[later].abs()) || shares[at] == shares[later]);
                }
            }
        }
        let mirrored = allocate(total.neg(), &weights, scale).unwrap();
        prop_assert_eq!(mirrored.into_iter().map(Dec::neg).collect::<Vec<_>>(), shares);
    }

    #[test]
    fn any_split_adds_up(total in stored_dec(), steps in proptest::collection::vec(1_i64..1000, 1..10),
        rounding in any_rounding()) {
        let total = total.round(2, Rounding::HalfUp);
        let whole = Dec::from_int(steps.iter().sum());
        let (mut done, mut already) = (Dec::ZERO, Dec::ZERO);
        for step in steps {
            done = done.add(step.into()).unwrap();
            let share = cumulative_share(total, done, whole, already, 2, rounding).unwrap();
            already = already.add(share).unwrap();
        }
        prop_assert_eq!(already, total);
    }

    #[test]
    fn multiples(value in stored_dec(), step in 1_i64..100_000, scale in 0_u8..=6, rounding in any_rounding()) {
        let step = Dec::from_i64_at(step, scale);
        let rounded = value.round_to_multiple(step, rounding).unwrap();
        prop_assert!(rounded.sub(value).unwrap().abs() < step);
        prop_assert_eq!(rounded.round_to_multiple(step, rounding), Ok(rounded));
    }

    #[test]
    fn stored_numbers_round_trip(mantissa in -999_999_999_999_999_999_i64..=999_999_999_999_999_999, scale in 0_u8..=18) {
        let value = Dec::from_i64_at(mantissa, scale);
        prop_assert_eq!(value.to_i64_at(scale), Ok(mantissa));
        prop_assert_eq!(dec(&value.to_string()).to_i64_at(scale), Ok(mantissa));
        prop_assert!(value.fits(18, scale));
    }

    #[test]
    fn the_other_type_round_trips(value in any_dec()) {
        match Decimal::try_from(value) {
            Ok(theirs) => prop_assert_eq!(Dec::from(theirs), value),
            Err(error) => {
                prop_assert_eq!(error, DecError::OutOfRange);
                let value = value.normalize();
                prop_assert!(value.scale() > 28 || value.mantissa().unsigned_abs() >= 1 << 96);
            }
        }
    }
}
