//! What expressions give on the sample order.

use super::*;

#[test]
fn values_written_out() {
    gives(&[
        ("true", "true"),
        ("12.50", "12.5"),
        ("-3", "-3"),
        ("'it\\'s \\u00e9\\n'", "'it's é\n'"),
        ("\"two\"", "'two'"),
        ("date(\"2026-01-31\")", "2026-01-31"),
        ("instant('2026-01-31T12:00:00+01:00')", "2026-01-31T11:00:00Z"),
        ("today", "2024-02-29"),
        ("now", "2024-02-29T12:00:00Z"),
        ("actor == customer", "true"),
        ("actor.region == customer.region", "true"),
        ("$limit", "5"),
        ("$none", "null missing"),
        ("999999999999999999", "999999999999999999"),
        ("0.000000000000000001", "0.000000000000000001"),
    ]);
}

#[test]
fn fields_and_references() {
    gives(&[
        ("total", "10"),
        ("discount", "null missing"),
        ("state", "'open'"),
        ("currency", "'EUR'"),
        ("changes", "7"),
        ("customer", "#11"),
        ("customer.id", "#11"),
        ("id", "#31"),
        ("customer.region", "'north'"),
        ("(customer).region", "'north'"),
        ("customer.credit", "null missing"),
        ("customer.group", "#77"),
        ("customer.group.id", "null missing_reference"),
        ("customer.group.name", "null missing_reference"),
        ("customer.group.group.name", "null missing_reference"),
        ("customer == \"11\"", "true"),
        ("\"12\" != customer", "true"),
        ("customer in [\"12\", \"11\"]", "true"),
        ("subject == \"5\"", "true"),
        ("subject == customer", "false"),
        ("id == '31'", "true"),
        ("customer.group == null", "false"),
        ("customer.group.name == null", "true"),
    ]);
    let (row, arena) = world();
    let position = Order::def().position("lines").unwrap();
    let line = &row.at(position).as_rows()[0];
    let env = RowEnv { root: line, parent: Some(&row), source: &arena };
    for (text, expected) in [
        ("line", "1"),
        ("order", "#31"),
        ("order.id == order", "true"),
        ("order.customer.region", "'north'"),
        ("product.price > price", "true"),
        ("order.lines.all(l, l.line >= line)", "true"),
        ("order.lines.exists(l, l.order == order && l.product != product)", "true"),
    ] {
        let expr = check(LINE, text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(shown(&expr.eval(&env)), expected, "{text}");
    }
    let alone = RowEnv { root: line, parent: None, source: &arena };
    assert_eq!(shown(&check(LINE, "order.title").unwrap().eval(&alone)), "null missing_reference");
}

#[test]
fn three_valued_logic() {
    let mut rows = Vec::new();
    for (a, x) in [("urgent", Some(true)), ("!urgent", Some(false)), ("checked", None)] {
        for (b, y) in [("urgent", Some(true)), ("!urgent", Some(false)), ("checked", None)] {
            let and = if x == Some(false) || y == Some(false) { Some(false) } else { x.and(y) };
            let or = if x == Some(true) || y == Some(true) { Some(true) } else { x.and(y) };
            rows.push((format!("{a} && {b}"), and));
            rows.push((format!("{a} || {b}"), or));
        }
    }
    let word = |value: &Option<bool>| value.map_or("null missing".to_owned(), |value| value.to_string());
    let rows: Vec<(String, String)> = rows.into_iter().map(|(text, value)| (text, word(&value))).collect();
    gives(&rows.iter().map(|(text, value)| (text.as_str(), value.as_str())).collect::<Vec<_>>());
    gives(&[
        ("!checked", "null missing"),
        ("checked == null", "true"),
        ("checked != null", "false"),
        ("null == checked", "true"),
        ("null == null", "true"),
        ("urgent == null", "false"),
        ("checked == true", "null missing"),
        ("discount > 0", "null missing"),
        ("discount == $none", "null missing"),
        ("total > 0 && discount / 0 > 1 || urgent", "true"),
        ("checked ? 1 : 2", "null missing"),
        ("urgent ? 1 : 2.50", "1"),
        ("!urgent ? 1 : null", "null missing"),
        ("urgent ? null : 'x'", "null missing"),
        ("total in []", "false"),
        ("discount in []", "false"),
        ("discount in [1]", "null missing"),
        ("total in [1, 10.0]", "true"),
        ("total in [1, null]", "null missing"),
        ("total in [10, null]", "true"),
        ("total in [1, discount, 2]", "null missing"),
        ("title in ['a', 'Hello Straße']", "true"),
        ("coalesce(discount, 0)", "0"),
        ("coalesce(discount, null, total)", "10"),
        ("coalesce(total / 0, discount)", "null missing"),
        ("coalesce(discount, total / 0)", "null division_by_zero"),
        ("coalesce(customer.group.name, 'none')", "'none'"),
    ]);
    let (row, arena) = world();
    let env = RowEnv { root: &row, parent: None, source: &arena };
    assert!(order("urgent").holds(&env));
    assert!(!order("checked").holds(&env));
    assert!(!order("!checked").holds(&env));
}

#[test]
fn numbers_are_exact() {
    gives(&[
        ("7 / 2", "3.5"),
        ("-7 / 2", "-3.5"),
        ("1 / 3", "0.3333333333"),
        ("2 / 3", "0.6666666667"),
        ("0.1 + 0.2 == 0.3", "true"),
        ("1.0 == 1.00", "true"),
        ("total + 0.005", "10.005"),
        ("total - 2 - 3", "5"),
        ("2 + 3 * 4", "14"),
        ("(2 + 3) * 4", "20"),
        ("12 / 2 / 3", "2"),
        ("12 / 2 * 3", "18"),
        ("-total", "-10"),
        ("--total", "10"),
        ("total / 0", "null division_by_zero"),
        ("total / discount", "null missing"),
        ("discount + 1", "null missing"),
        ("round(0.00499999995 * total / 10, 2)", "0"),
        ("round(total / 8, 2)", "1.25"),
        ("round(total / 16, 2)", "0.63"),
        ("round(total / 16, 2, 'half_even')", "0.62"),
        ("round(total / 16, 2, 'down')", "0.62"),
        ("round(total / -16, 2)", "-0.63"),
        ("round((total / 16), 2)", "0.63"),
        ("round(2.675, 2)", "2.68"),
        ("round(total, 2)", "10"),
        ("round(factor, 1)", "1.3"),
        ("round(factor, 0)", "1"),
        ("factor.round(1, 'half_even')", "1.2"),
        ("floor(-factor)", "-2"),
        ("ceil(factor)", "2"),
        ("abs(-factor)", "1.25"),
        ("min(total, 3, factor)", "1.25"),
        ("max(total, 3)", "10"),
        ("max(total, discount)", "null missing"),
        ("min('b', title)", "'Hello Straße'"),
        ("max(ordered_on, today)", "2024-02-29"),
        ("1 - 2 == -1", "true"),
    ]);
    // Digits on the way go to 38, and no further.
    let big = "999999999999999999";
    gives(&[
        (&format!("{big} * {big} / {big}"), big),
        (&format!("{big} * {big} * {big}"), "null overflow"),
        (&format!("{big} + {big}"), "1999999999999999998"),
        (&format!("{big} * {big} > 5"), "true"),
    ]);
}

#[test]
fn texts() {
    gives(&[
        ("title + '!'", "'Hello Straße!'"),
        ("'a' + 'b' + 'c'", "'abc'"),
        ("title.size()", "12"),
        ("size(title)", "12"),
        ("title.lower()", "'hello straße'"),
        ("lower(customer.name)", "'ärzte ag'"),
        ("customer.name.contains('ZTE')", "true"),
        ("customer.name.startsWith('äRZ')", "true"),
        ("customer.name.endsWith('ag')", "true"),
        ("title.contains('')", "true"),
        ("title.contains('world')", "false"),
        ("customer.group.name.contains('a')", "null missing_reference"),
        ("'\\t\\u3000 x \\u00a0\\n'.trim()", "'x'"),
        ("(title + ' ').trim().size()", "12"),
        ("title.substring(6)", "'Straße'"),
        ("title.substring(6, 3)", "'Str'"),
        ("title.substring(40)", "''"),
        ("title.substring(changes - 8)", "null text_range"),
        ("title.substring(0, -changes)", "null text_range"),
        ("'B' < 'a'", "true"),
        ("'\\uff5e' < '😀'", "true"),
        ("title == 'hello straße'", "false"),
    ]);
}

#[test]
fn dates() {
    gives(&[
        ("year(ordered_on)", "2024"),
        ("quarter(ordered_on)", "1"),
        ("month(ordered_on)", "1"),
        ("day(ordered_on)", "31"),
        ("ordered_on.weekday()", "3"),
        ("startOfWeek(ordered_on)", "2024-01-29"),
        ("startOfMonth(today)", "2024-02-01"),
        ("startOfQuarter(today)", "2024-01-01"),
        ("startOfYear(today)", "2024-01-01"),
        ("endOfMonth(addDays(ordered_on, 1))", "2024-02-29"),
        ("addMonths(ordered_on, 1)", "2024-02-29"),
        ("addMonths(ordered_on, 13)", "2025-02-28"),
        ("addMonths(ordered_on, -2)", "2023-11-30"),
        ("addDays(ordered_on, -31)", "2023-12-31"),
        ("addDays(ordered_on, changes)", "2024-02-07"),
        ("addDays(ordered_on, 3000000)", "null date_range"),
        ("addMonths(ordered_on, -30000)", "null date_range"),
        ("addDays(ordered_on, 999999999999999999)", "null date_range"),
        ("addDays(paid_on, 1)", "null missing"),
        ("daysBetween(ordered_on, today)", "29"),
        ("daysBetween(today, ordered_on)", "-29"),
        ("daysBetween(ordered_on, paid_on)", "null missing"),
        ("date(created_at)", "2026-01-31"),
        ("addDays(created_at, 1)", "2026-02-01T23:30:00Z"),
        ("addMinutes(created_at, 45)", "2026-02-01T00:15:00Z"),
        ("addMinutes(created_at, 999999999999999999)", "null date_range"),
        ("minutesBetween(created_at, addMinutes(created_at, -90))", "-90"),
        ("minutesBetween(instant('2026-01-01T00:00:59Z'), instant('2026-01-01T00:02:00Z'))", "1"),
        ("created_at > now", "true"),
        ("ordered_on < today", "true"),
        ("date('0001-01-01') < date('9999-12-31')", "true"),
    ]);
}

#[test]
fn lines_are_asked_two_valued() {
    gives(&[
        ("lines.exists(l, l.quantity > 99)", "true"),
        ("lines.exists(l, l.quantity > 100)", "false"),
        // The quantity of the second line is null: it does not hold there.
        ("lines.all(l, l.quantity > 0)", "false"),
        ("lines.all(l, coalesce(l.quantity, 1) > 0)", "true"),
        ("lines.exists(l, l.product.name == 'nut' && l.quantity == null)", "true"),
        ("lines.exists(l, l.price * 50 == total)", "true"),
        ("lines.exists(l, lines.all(m, m.line >= l.line) && l.order.urgent)", "true"),
        ("lines.exists(total, total.line == 2)", "true"),
        ("!lines.exists(l, checked)", "true"),
    ]);
    let (mut row, arena) = world();
    row.set(Order::def().position("lines").unwrap(), Value::Rows(Vec::new()));
    let env = RowEnv { root: &row, parent: None, source: &arena };
    assert_eq!(order("lines.exists(l, true)").eval(&env), Val::Bool(false));
    assert_eq!(order("lines.all(l, false)").eval(&env), Val::Bool(true));
}
