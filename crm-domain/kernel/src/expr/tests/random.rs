//! Random expressions: nothing panics, types hold what they promise, and folding changes nothing.

use super::*;
use proptest::prelude::*;

/// Bytes turned into choices, so that a failing case shrinks to a short text.
struct Choices<'a>(std::slice::Iter<'a, u8>);

impl Choices<'_> {
    fn of(&mut self, options: usize) -> usize {
        self.0.next().map_or(0, |byte| usize::from(*byte)) % options
    }

    fn one<'t>(&mut self, options: &[&'t str]) -> &'t str {
        options[self.of(options.len())]
    }

    fn number(&mut self, depth: u8) -> String {
        if depth == 0 {
            let fields = ["total", "discount", "rate", "factor", "changes"];
            let literals = ["0", "1", "7", "0.5", "2.675", "999999999999999999", "0.000000000001"];
            return if self.of(3) > 0 { self.one(&fields).into() } else { self.one(&literals).into() };
        }
        let (a, b) = (self.number(depth - 1), self.number(depth - 1));
        match self.of(16) {
            0 | 1 => format!("({a} + {b})"),
            2 => format!("({a} - {b})"),
            3 | 4 => format!("({a} * {b})"),
            5 => format!("({a} / {b})"),
            6 => format!("round({a} / {b}, {})", self.of(7)),
            7 => {
                let mode = self.one(&["half_up", "half_even", "up", "down", "ceiling", "floor"]);
                format!("round({a}, {}, '{mode}')", self.of(7))
            }
            8 => format!("-{a}"),
            9 => self.one(&["floor", "ceil", "abs"]).to_owned() + &format!("({a})"),
            10 => self.one(&["min", "max", "coalesce"]).to_owned() + &format!("({a}, {b})"),
            11 => format!("({} ? {a} : {b})", self.boolean(depth - 1)),
            12 => {
                let function = self.one(&["year", "quarter", "month", "day", "weekday"]);
                format!("{function}({})", self.date(depth - 1))
            }
            13 => format!("daysBetween({}, {})", self.date(depth - 1), self.date(depth - 1)),
            14 => format!("size({})", self.text(depth - 1)),
            _ => a,
        }
    }

    fn text(&mut self, depth: u8) -> String {
        if depth == 0 {
            return self.one(&["title", "customer.name", "customer.group.name", "'ß'", "''"]).into();
        }
        let (a, b) = (self.text(depth - 1), self.text(depth - 1));
        match self.of(5) {
            0 => format!("({a} + {b})"),
            1 => format!("{a}.lower()"),
            2 => format!("{a}.trim()"),
            3 => format!("{a}.substring(floor({}))", self.number(depth - 1)),
            _ => format!("coalesce({a}, {b})"),
        }
    }

    fn date(&mut self, depth: u8) -> String {
        if depth == 0 {
            return self.one(&["ordered_on", "paid_on", "date('9999-12-31')", "date('0001-01-01')"]).into();
        }
        let a = self.date(depth - 1);
        match self.of(4) {
            0 => format!("addDays({a}, floor({}))", self.number(depth - 1)),
            1 => format!("addMonths({a}, floor({}))", self.number(depth - 1)),
            2 => self.one(&["endOfMonth", "startOfWeek", "startOfQuarter"]).to_owned() + &format!("({a})"),
            _ => format!("max({a}, {})", self.date(depth - 1)),
        }
    }

    fn boolean(&mut self, depth: u8) -> String {
        if depth == 0 {
            return self.one(&["urgent", "checked", "true", "paid_on == null", "state == 'open'"]).into();
        }
        let sign = self.one(&["==", "!=", "<", "<=", ">", ">="]);
        match self.of(8) {
            0 => format!("({} && {})", self.boolean(depth - 1), self.boolean(depth - 1)),
            1 => format!("({} || {})", self.boolean(depth - 1), self.boolean(depth - 1)),
            2 => format!("!({})", self.boolean(depth - 1)),
            3 => format!("({} {sign} {})", self.number(depth - 1), self.number(depth - 1)),
            4 => format!("({} {sign} {})", self.text(depth - 1), self.text(depth - 1)),
            5 => format!("({} {sign} {})", self.date(depth - 1), self.date(depth - 1)),
            6 => format!("({} in [{}, null])", self.number(depth - 1), self.number(depth - 1)),
            _ => format!("lines.exists(l, l.quantity == {})", self.number(depth - 1)),
        }
    }
}

/// Every field that the generator reads, as a name with the order's value.
fn as_names(row: &Row) -> Vec<(String, Ty, Value)> {
    let catalogue = catalogue();
    let fields = Order::def().fields.iter().enumerate();
    fields
        .filter_map(|(at, field)| {
            let ty = Expr::field(&catalogue, ORDER, &field.name).ok()?.ty().clone();
            // Behind a value there are no fields, so references stay what they are.
            (!matches!(ty, Ty::Ref(_))).then(|| (field.name.to_string(), ty, row.at(at).clone()))
        })
        .collect()
}

/// The order with numbers at their limits.
fn row(choices: &mut Choices<'_>) -> (Row, Arena) {
    let (mut row, arena) = world();
    for name in ["total", "discount", "rate", "factor", "changes"] {
        let at = Order::def().position(name).unwrap();
        let (digits, scale) = Order::def().fields[at].ty.numeric().unwrap();
        let limit = 10_i64.pow(u32::from(digits));
        let values = [0, 1, -1, 5, limit - 1, 1 - limit, limit / 2, 33];
        let value = match choices.of(values.len() + 1) {
            0 => Value::Null,
            at => Value::Num(crate::value::Num { mantissa: values[at - 1], scale }),
        };
        row.set(at, value);
    }
    (row, arena)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn types_hold_and_folding_changes_nothing(bytes in proptest::collection::vec(any::<u8>(), 0..120)) {
        let mut choices = Choices(bytes.iter());
        let (row, arena) = row(&mut choices);
        let env = RowEnv { root: &row, parent: None, source: &arena };
        let text = match choices.of(4) {
            0 => choices.boolean(3),
            1 => choices.text(2),
            2 => choices.date(2),
            _ => choices.number(3),
        };
        let catalogue = catalogue();
        let expr = match Expr::check(&text, &Scope { catalogue: &catalogue, root: ORDER, names: &[] }) {
            Ok(expr) => expr,
            Err(error) => {
                let code = error.arg("fault").unwrap().as_text().unwrap().to_owned();
                prop_assert_eq!(code, "too_many_decimals", "{}", text);
                return Ok(());
            }
        };
        let value = expr.eval(&env);
        match (&value, expr.ty()) {
            (Val::Num(dec), Ty::Num { digits, scale }) => {
                prop_assert!(dec.normalize().scale() <= *scale, "{} is {}", text, dec);
                prop_assert!(dec.fits(*digits, *scale) || *digits == 38, "{} is {}", text, dec);
            }
            (Val::Null(reason), _) => prop_assert_ne!(*reason, Reason::WrongType, "{}", text),
            _ => {}
        }
        // The same with every field put in as a constant.
        let given = as_names(&row);
        let names: Vec<(&str, Ty, Value)> =
            given.iter().map(|(name, ty, value)| (name.as_str(), ty.clone(), value.clone())).collect();
        let folded = Expr::check(&text, &Scope { catalogue: &catalogue, root: ORDER, names: &names }).unwrap();
        prop_assert_eq!(expr.value(&env), folded.value(&env), "{}", text);
        prop_assert_eq!(value.is_null(), folded.eval(&env).is_null(), "{}", text);
    }

    #[test]
    fn no_text_makes_it_panic(
        words in proptest::collection::vec(
            proptest::sample::select(vec![
                "total", "lines", "l", ".", "(", ")", "[", "]", ",", "exists", "all", "==", "<", "in", "null", "+", "-",
                "*", "/", "!", "&&", "||", "?", ":", "'x'", "1", "0.5", "date", "round", "coalesce", "customer", "{{",
                "}}", "{% if ", "{% for l in lines", "%}", "{% endif %}", "{% endfor %}", "\\", "\"", "é", "$x", " ",
            ]),
            0..24,
        ),
    ) {
        let text = words.concat();
        let catalogue = catalogue();
        let scope = Scope { catalogue: &catalogue, root: ORDER, names: &[] };
        let (row, arena) = world();
        let env = RowEnv { root: &row, parent: None, source: &arena };
        match Expr::check(&text, &scope) {
            Ok(expr) => {
                let _ = expr.value(&env);
            }
            Err(error) => {
                let number = |name| usize::try_from(error.arg(name).unwrap().as_int().unwrap()).unwrap();
                prop_assert!(text.get(number("at")..number("at") + number("length")).is_some(), "{}", text);
            }
        }
        if let Ok(template) = Template::parse(&text, &scope) {
            let _ = template.render(&env, None);
        }
    }
}
