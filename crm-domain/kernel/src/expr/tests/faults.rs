//! What is refused, and where.

use super::*;

#[test]
fn faults_have_their_place() {
    for (root, text, code, at, length, detail) in [
        (ORDER, "customer.regoin == 'x'", "unknown_field", 9, 6, "`customer` has no field `regoin`"),
        (ORDER, "totl > 1", "unknown_field", 0, 4, "`order` has no field `totl`"),
        (LINE, "order.customer.nme", "unknown_field", 15, 3, "`customer` has no field `nme`"),
        (ORDER, "lines.exists(l, l.prise > 1)", "unknown_field", 18, 5, "`order_line` has no field `prise`"),
        (ORDER, "$unknown", "unknown_field", 0, 8, "no value is given for `$unknown`"),
        (ORDER, "actor.name", "unknown_field", 6, 4, "`actor` is a value and has no field `name`"),
        (ORDER, "total == 'x'", "type_mismatch", 6, 2, "cannot compare number with text"),
        (
            ORDER,
            "ordered_on > '2026-01-31'",
            "type_mismatch",
            11,
            1,
            "cannot compare date with text: write a date as `date(\"2026-01-31\")`",
        ),
        (ORDER, "title + 1", "type_mismatch", 6, 1, "cannot add text and number"),
        (ORDER, "title - 1", "type_mismatch", 6, 1, "cannot subtract number from text"),
        (ORDER, "title * 1", "type_mismatch", 6, 1, "cannot multiply text by number"),
        (ORDER, "!total", "type_mismatch", 1, 5, "a boolean is wanted here, not number"),
        (ORDER, "urgent && title", "type_mismatch", 10, 5, "a boolean is wanted here, not text"),
        (ORDER, "urgent && null", "type_mismatch", 10, 4, "a boolean is wanted here, not null"),
        (ORDER, "-title", "type_mismatch", 1, 5, "a number is wanted here, not text"),
        (ORDER, "urgent < checked", "type_mismatch", 7, 1, "a boolean has no order: only `==` and `!=`"),
        (ORDER, "customer > '1'", "type_mismatch", 9, 1, "a reference has no order: only `==` and `!=`"),
        (ORDER, "total < null", "type_mismatch", 6, 1, "`null` has no order: ask `== null` or `!= null`"),
        (ORDER, "customer == id", "type_mismatch", 9, 2, "the references lead to records of different kinds"),
        (ORDER, "customer == 'abc'", "bad_id", 12, 5, "`abc` is no id of a record"),
        (
            ORDER,
            "state == 'opened'",
            "not_an_option",
            9,
            8,
            "`opened` is none of the options `open`, `closed`",
        ),
        (ORDER, "'x' != state", "not_an_option", 0, 3, "`x` is none of the options `open`, `closed`"),
        (
            ORDER,
            "state in ['open', 'x']",
            "not_an_option",
            18,
            3,
            "`x` is none of the options `open`, `closed`",
        ),
        (ORDER, "currency == 'EURO'", "not_an_option", 12, 6, "`EURO` is no currency of ISO 4217"),
        (ORDER, "urgent ? 1 : 'x'", "type_mismatch", 13, 3, "number and text cannot stand for each other"),
        (ORDER, "null", "type_mismatch", 0, 4, "`null` alone has no type"),
        (ORDER, "urgent ? null : null", "type_mismatch", 9, 4, "`null` alone has no type"),
        (ORDER, "null in [1]", "type_mismatch", 0, 4, "`null` is in no list"),
        (
            ORDER,
            "date('2026-02-30')",
            "bad_date",
            5,
            12,
            "`2026-02-30` is no day: `YYYY-MM-DD` in the years 1 to 9999",
        ),
        (
            ORDER,
            "instant('2026-01-01')",
            "bad_date",
            8,
            12,
            "`2026-01-01` is no point in time: `YYYY-MM-DDTHH:MM:SSZ`",
        ),
        (ORDER, "foo(1)", "unknown_function", 0, 3, "there is no function `foo`"),
        (ORDER, "title.matches('x')", "unknown_function", 6, 7, "there is no function `matches`"),
        (ORDER, "year()", "wrong_arguments", 0, 4, "`year` takes date -> number"),
        (ORDER, "year(title)", "type_mismatch", 5, 5, "a date is wanted here, not text"),
        (ORDER, "addDays(today, 1.5)", "type_mismatch", 15, 3, "a whole number is wanted here, not number"),
        (
            ORDER,
            "round(total, changes)",
            "wrong_arguments",
            13,
            7,
            "the decimals of `round` are a constant whole number from 0 to 18",
        ),
        (
            ORDER,
            "round(total, 1, 'x')",
            "wrong_arguments",
            16,
            3,
            "the modes of `round` are `half_up`, `half_even`, `up`, `down`, `ceiling`, `floor`",
        ),
        (
            ORDER,
            "total * rate * factor * factor",
            "too_many_decimals",
            22,
            1,
            "a product of 18 and 2 decimals has more than 18: round a factor first",
        ),
        (
            ORDER,
            "lines == null",
            "not_readable",
            0,
            5,
            "`lines` are lines: ask `lines.exists(l, ...)` or `lines.all(l, ...)`",
        ),
        (
            ORDER,
            "derivation == null",
            "not_readable",
            0,
            10,
            "`derivation` is of type json and cannot be read here",
        ),
        (ORDER, "title.x", "not_readable", 0, 5, "`title` is of type text and has no fields"),
        (
            ORDER,
            "subject.x",
            "not_readable",
            0,
            7,
            "`subject` is of type reference whose kind is not known and has no fields",
        ),
        (LINE, "id == '1'", "not_readable", 0, 2, "a line has no id: its number is `line`"),
        (ORDER, "line == 1", "unknown_field", 0, 4, "`order` has no field `line`"),
        (ORDER, "total.exists(l, true)", "type_mismatch", 0, 5, "lines are wanted here"),
        (
            ORDER,
            "lines.exists(l, l)",
            "not_readable",
            16,
            1,
            "`l` is a line: read one of its fields, `l.quantity`",
        ),
        (
            ORDER,
            "lines.exists(1, true)",
            "wrong_arguments",
            13,
            1,
            "lines are asked as `lines.exists(l, l.quantity > 1)` or `lines.all(l, l.quantity > 1)`",
        ),
        (ORDER, "[1]", "syntax", 0, 3, "a list stands only behind `in`"),
        (ORDER, "total in total", "syntax", 9, 5, "`in` wants a list: `x in ['a', 'b']`"),
        (ORDER, "$wrong", "bad_parameter", 0, 6, "the value given is not a date"),
        (ORDER, "", "syntax", 0, 0, "a value is expected here, not the end"),
        (ORDER, "total >", "syntax", 7, 0, "a value is expected here, not the end"),
        (ORDER, "total 5", "syntax", 6, 1, "an operator or the end is expected here, not `5`"),
        (ORDER, "(total", "syntax", 6, 0, "`)` is expected here, not the end"),
        (ORDER, "1 < 2 < 3", "syntax", 6, 1, "comparisons do not chain: join two of them with `&&`"),
        (ORDER, "total % 2", "syntax", 6, 1, "`%` has no meaning here"),
        (ORDER, "title == 'x", "syntax", 9, 2, "the text that begins here lacks its closing `'`"),
        (
            ORDER,
            "title == 'ä\\q'",
            "bad_text",
            12,
            1,
            "no such escape: `\\\\`, `\\'`, `\\\"`, `\\n`, `\\r`, `\\t`, `\\uXXXX`",
        ),
        (ORDER, "'\\u0000'", "bad_text", 1, 6, "a text cannot hold U+0000"),
        (ORDER, "'\0'", "bad_text", 1, 1, "a text cannot hold U+0000"),
        (ORDER, "'\\ud800'", "bad_text", 1, 2, "`\\u` wants four hexadecimal digits of a character"),
        (
            ORDER,
            "1e3",
            "bad_number",
            0,
            3,
            "`1e3` is no number: digits without leading zeros, then optionally a point and decimals",
        ),
        (ORDER, "1234567890123456789", "bad_number", 0, 19, "`1234567890123456789` has more than 18 digits"),
    ] {
        let expected = (code.to_owned(), at, length, detail.to_owned());
        assert_eq!(fault(root, text), expected, "{text}");
    }
}

#[test]
fn limits_hold() {
    let nested = |levels: usize| format!("{}total{} > 1", "(".repeat(levels), ")".repeat(levels));
    assert!(check(ORDER, &nested(40)).is_ok());
    assert_eq!(fault(ORDER, &nested(41)).0, "too_deep");
    assert_eq!(fault(ORDER, &"(".repeat(8000)).0, "too_deep");
    assert_eq!(fault(ORDER, &"!".repeat(8000)).0, "too_deep");
    assert_eq!(fault(ORDER, &"-".repeat(8000)).0, "too_deep");
    assert_eq!(fault(ORDER, &"[".repeat(8000)).0, "too_deep");
    assert_eq!(fault(ORDER, &"abs(".repeat(2000)).0, "too_deep");
    assert_eq!(fault(ORDER, &"true ? ".repeat(1000)).0, "too_deep");
    assert_eq!(fault(ORDER, &format!("title{}", ".trim()".repeat(1000))).0, "too_deep");
    assert_eq!(fault(ORDER, &format!("title{}", ".x".repeat(4000))).0, "too_deep");
    assert_eq!(fault(ORDER, &" ".repeat(8193)).0, "too_long");
    for sign in ["+", "*", "-", "/"] {
        let chain = |operands: usize| vec!["changes"; operands].join(sign);
        assert!(check(ORDER, &chain(200)).is_ok(), "{sign}");
        assert_eq!(fault(ORDER, &chain(201)).0, "chain_too_long", "{sign}");
    }
    for sign in ["&&", "||"] {
        let chain = |operands: usize| vec!["urgent"; operands].join(sign);
        let expr = check(ORDER, &chain(200)).unwrap();
        assert!(expr.node().depth() <= 9, "{sign}");
        assert_eq!(fault(ORDER, &chain(201)).0, "chain_too_long");
    }
    // Two long chains, one in the other.
    let inner = vec!["changes"; 199].join("+");
    assert_eq!(fault(ORDER, &format!("({inner})+{inner} > 1")).0, "too_deep");
    let list = format!("changes in [{}]", vec!["1"; 2000].join(", "));
    assert!(check(ORDER, &list).is_ok());
}

#[test]
fn conditions_are_boolean() {
    let catalogue = catalogue();
    let scope = Scope { catalogue: &catalogue, root: ORDER, names: &[] };
    assert!(Expr::condition("total > 1", &scope).is_ok());
    let error = Expr::condition("total", &scope).unwrap_err();
    assert_eq!(error.arg("fault").unwrap().as_text(), Some("type_mismatch"));
    assert_eq!(error.arg("length").unwrap().as_int(), Some(5));
}
