//! Types, folding, what is read, and what SQLite may do.

use super::*;
use std::sync::Arc;

fn num(digits: u8, scale: u8) -> Ty {
    Ty::Num { digits, scale }
}

#[test]
fn digits_and_decimals_are_static() {
    for (text, ty) in [
        ("12.50", num(4, 2)),
        ("0.05", num(2, 2)),
        ("total", num(18, 4)),
        ("changes", num(16, 0)),
        ("total + factor", num(19, 4)),
        ("total - changes", num(21, 4)),
        ("factor + factor", num(5, 2)),
        ("total * factor", num(22, 6)),
        ("total * total * total", num(38, 12)),
        ("-total", num(18, 4)),
        ("total / factor", num(27, 10)),
        ("round(total / factor, 2)", num(19, 2)),
        ("round(total, 2)", num(17, 2)),
        ("round(total, 6)", num(18, 4)),
        ("round(total * factor / 3, 4, 'half_even')", num(21, 4)),
        ("floor(total)", num(15, 0)),
        ("abs(total)", num(18, 4)),
        ("min(total, rate)", num(26, 12)),
        ("coalesce(discount, 0)", num(18, 4)),
        ("coalesce(discount, null)", num(18, 4)),
        ("urgent ? factor : changes", num(18, 2)),
        ("year(today) + changes", num(17, 0)),
        ("$limit", num(18, 4)),
        ("title.size()", num(10, 0)),
        ("1.10 * 2.20 - factor", num(7, 4)),
        ("urgent ? null : ordered_on", Ty::Date),
        ("urgent ? null : customer", Ty::Ref(CUSTOMER)),
        ("urgent ? subject : customer", Ty::Ref(CUSTOMER)),
        ("state", Ty::Text),
        ("total > 1", Ty::Bool),
        ("addDays(created_at, 1)", Ty::Instant),
    ] {
        assert_eq!(*order(text).ty(), ty, "{text}");
    }
}

#[test]
fn what_leaves_an_expression_fits_18_digits() {
    let (mut row, arena) = world();
    let nines = Value::Num(crate::value::Num { mantissa: 999_999_999_999_999_999, scale: 4 });
    row.set(Order::def().position("total").unwrap(), nines.clone());
    let env = RowEnv { root: &row, parent: None, source: &arena };
    for (text, leaves, holds) in [
        ("total", true, true),
        ("total + total", false, true),
        ("total + 0.0001", false, true),
        ("total - total", true, true),
        ("total * factor", false, true),
        ("total * 10", false, true),
        ("total / 2", false, true),
        ("round(total / 2, 4)", true, true),
        ("total * total * total", false, false),
    ] {
        let expr = order(text);
        assert_eq!(!expr.value(&env).is_null(), leaves, "{text}");
        assert_eq!(order(&format!("{text} >= 0")).holds(&env), holds, "{text}");
    }
    // A number leaves at its static decimals.
    let at = |text: &str| order(text).value(&env);
    assert_eq!(at("factor * 2"), Value::Num(crate::value::Num { mantissa: 250, scale: 2 }));
    assert_eq!(at("urgent ? changes : factor"), Value::Num(crate::value::Num { mantissa: 700, scale: 2 }));
    assert_eq!(at("total"), nines);
}

#[test]
fn constants_are_folded() {
    let is_constant = |text: &str| match order(text).node().op.clone() {
        Op::Const(value) => Some(value),
        _ => None,
    };
    assert_eq!(is_constant("addDays(today, -29)"), Some(Value::Date(day("2024-01-31"))));
    assert_eq!(is_constant("1 + 1.5"), Some(Value::num(dec("2.5"), 1).unwrap()));
    assert_eq!(is_constant("-5"), Some(Value::int(-5)));
    assert_eq!(is_constant("1 < 2 && !false"), Some(Value::Bool(true)));
    assert_eq!(is_constant("total in []"), Some(Value::Bool(false)));
    // Null keeps its reason, and what does not fit is left to its context.
    assert_eq!(is_constant("1 / 0"), None);
    assert_eq!(is_constant("999999999999999999 * 10"), None);
    gives(&[("1 / 0", "null division_by_zero"), ("999999999999999999 * 10", "9999999999999999990")]);
    let (row, arena) = world();
    let env = RowEnv { root: &row, parent: None, source: &arena };
    // A constant stands at the decimals of its type.
    let limit = order("$limit");
    assert_eq!(limit.value(&env), Value::Num(crate::value::Num { mantissa: 50_000, scale: 4 }));
}

#[test]
fn what_is_read_is_known() {
    let order_fields = |names: &[&str]| -> Vec<(u32, u32)> {
        names.iter().map(|name| (ORDER, Order::def().field(name).unwrap().no)).collect()
    };
    assert_eq!(order("total > total - discount").uses(), order_fields(&["total", "discount"]));
    assert_eq!(order("id == '1' || actor == null").uses(), []);
    assert_eq!(order("total in []").uses(), order_fields(&["total"]));
    let expr = order("lines.exists(l, l.product.price > 1) || customer.group.name == 'x'");
    assert_eq!(expr.uses(), [(CUSTOMER, 1), (CUSTOMER, 3), (PRODUCT, 2), (ORDER, 1), (ORDER, 15), (LINE, 1)]);
    let line = check(LINE, "order.customer.name == 'x'").unwrap();
    assert_eq!(line.uses(), [(CUSTOMER, 1), (ORDER, 1)]);

    let customer = Step::Field { position: 0, to: CUSTOMER };
    let group = Step::Field { position: 2, to: CUSTOMER };
    let parent = Step::Parent { to: ORDER };
    assert_eq!(expr.reference_paths(), [vec![customer], vec![customer, group]]);
    assert_eq!(line.reference_paths(), [vec![parent], vec![parent, customer]]);
    assert_eq!(order("customer == null").reference_paths(), Vec::<Vec<Step>>::new());
}

#[test]
fn an_arena_reads_each_record_once() {
    let (row, world) = world();
    let expr = order(
        "lines.exists(l, l.product.price > 1) || customer.group.name == 'x' || customer.name == 'x' \
         || lines.all(l, l.order.customer.name == 'x')",
    );
    let mut asked = Vec::new();
    let mut arena = Arena::default();
    let mut get = |kind, id| {
        asked.push((kind, id));
        Ok(world.row(kind, id).cloned().map(Arc::new))
    };
    arena.fill(expr.node(), &row, None, &mut get).unwrap();
    arena.fill(expr.node(), &row, None, &mut get).unwrap();
    assert_eq!(asked, [(CUSTOMER, 11), (PRODUCT, 21), (PRODUCT, 22), (CUSTOMER, 77)]);
    let env = |source| expr.eval(&RowEnv { root: &row, parent: None, source }).reason();
    assert_eq!(env(&arena), env(&world));
    let refused = arena.fill(order("customer.group.group.name").node(), &row, None, &mut |_, _| {
        Err(crate::error::Code::IO.error())
    });
    assert!(refused.is_ok(), "that the group is gone is known already");
}

#[test]
fn conditions_are_joined() {
    let (row, arena) = world();
    let env = RowEnv { root: &row, parent: None, source: &arena };
    let both = order("urgent").and(order("total > 100"));
    assert!(!both.holds(&env));
    assert_eq!(both.text(), "(urgent) && (total > 100)");
    assert_eq!(both.uses(), [(ORDER, 5), (ORDER, 10)]);
    assert_eq!(both.root(), ORDER);
    assert!(order("urgent").or(order("total > 100")).holds(&env));
    assert!(!Expr::any_of(ORDER, Vec::new()).holds(&env));
    for count in 1..20 {
        let mut conditions: Vec<Expr> = (0..count).map(|at| order(&format!("total == {at}"))).collect();
        assert_eq!(Expr::any_of(ORDER, conditions.clone()).holds(&env), count > 10, "{count}");
        conditions.push(order("urgent"));
        assert!(Expr::any_of(ORDER, conditions).holds(&env));
    }
    let many: Vec<Expr> = (0..5000).map(|_| order("checked")).collect();
    assert!(Expr::any_of(ORDER, many).node().depth() <= 15);

    let catalogue = catalogue();
    let region = Expr::field(&catalogue, ORDER, "customer.region").unwrap();
    assert_eq!(shown(&region.eval(&env)), "'north'");
    assert!(
        region.clone().one_of(vec![Value::Text("south".into()), Value::Text("north".into())]).holds(&env)
    );
    assert!(!region.clone().one_of(Vec::new()).holds(&env));
    let joined = region.one_of(vec![Value::Text("a\"b".into())]);
    assert!(check(ORDER, joined.text()).is_ok(), "{}", joined.text());
    assert!(Expr::field(&catalogue, ORDER, "total + 1").is_err());
    assert!(Expr::field(&catalogue, ORDER, "customer.regoin").is_err());
    let constant = Expr::constant(ORDER, Value::Date(day("2024-02-29")), Ty::Date);
    assert_eq!(constant.text(), "date(\"2024-02-29\")");
    assert_eq!(shown(&constant.eval(&env)), "2024-02-29");
}

#[test]
fn a_condition_can_be_asked_from_further_away() {
    let (row, arena) = world();
    let env = RowEnv { root: &row, parent: None, source: &arena };
    let place = Expr::field(&catalogue(), ORDER, "customer.id").unwrap();
    let north = check(CUSTOMER, "region == 'north'").unwrap().through(&place);
    assert!(north.holds(&env));
    assert_eq!(north.root(), ORDER);
    assert_eq!(north.uses(), [(CUSTOMER, 2), (ORDER, 1)]);
    assert!(!check(CUSTOMER, "region == 'south'").unwrap().through(&place).holds(&env));
    let document = Expr::field(&catalogue(), LINE, "order.id").unwrap();
    let urgent = order("urgent && lines.exists(l, l.line == 2)").through(&document);
    let line = &row.at(Order::def().position("lines").unwrap()).as_rows()[0];
    assert!(urgent.holds(&RowEnv { root: line, parent: Some(&row), source: &arena }));
}

#[test]
fn what_may_not_be_read_is_as_if_it_were_gone() {
    let (row, arena) = world();
    let env = RowEnv { root: &row, parent: None, source: &arena };
    for (condition, text, wanted) in [
        ("region == 'north'", "customer.name", Value::Text("Ärzte AG".into())),
        ("region == 'south'", "customer.name", Value::Null),
        ("region == 'south'", "customer.id", Value::Null),
        ("region == 'south'", "customer", Value::Ref(Id::new(11).unwrap())),
        ("region == 'south'", "customer.region == 'north'", Value::Null),
        ("region == 'south'", "customer.region == null", Value::Bool(true)),
        ("region == 'south'", "urgent || customer.region == 'north'", Value::Bool(true)),
        ("region == 'south'", "lines.exists(l, l.order.customer.region == 'north')", Value::Bool(false)),
        ("region == 'north'", "lines.exists(l, l.order.customer.region == 'north')", Value::Bool(true)),
        ("group == null", "customer.name", Value::Null),
    ] {
        let conditions = BTreeMap::from([(CUSTOMER, check(CUSTOMER, condition).unwrap())]);
        assert_eq!(order(text).masked(&conditions).value(&env), wanted, "{text} where {condition}");
    }
    let lines = BTreeMap::from([(ORDER, order("lines.exists(l, l.line == 9)"))]);
    assert!(order("lines.exists(l, l.order.urgent)").holds(&env));
    assert!(!order("lines.exists(l, l.order.urgent)").masked(&lines).holds(&env), "closed, not mixed up");
}

#[test]
fn the_table_is_whole() {
    let ids: Vec<Function> = OPERATORS.iter().map(|row| row.id).collect();
    let unique: BTreeSet<String> = ids.iter().map(|id| format!("{id:?}")).collect();
    assert_eq!(unique.len(), ids.len(), "a function has two rows");
    assert_eq!(Function::ALL.len(), ids.len());
    for id in Function::ALL {
        assert_eq!(operator(*id).id, *id);
    }
    let (row, arena) = world();
    let lines = row.at(Order::def().position("lines").unwrap()).as_rows();
    for row_of_table in OPERATORS {
        assert!(row_of_table.doc.ends_with('.'), "{row_of_table:?}");
        assert_ne!(row_of_table.sqlite, Sqlite::Residual, "{row_of_table:?}");
        if matches!(row_of_table.form, Form::Call | Form::Method | Form::Macro) {
            assert_eq!(called(row_of_table.name), Some(row_of_table));
        }
        // Every example is read, uses its row and can be evaluated.
        let root = if matches!(row_of_table.id, Function::Parent | Function::Line) { LINE } else { ORDER };
        let expr =
            check(root, row_of_table.example).unwrap_or_else(|error| panic!("{row_of_table:?}: {error}"));
        assert_eq!(*expr.ty(), Ty::Bool, "{row_of_table:?}");
        let used = expr.node().operators();
        let literal_null = row_of_table.id == Function::Null;
        assert!(literal_null || used.contains(&row_of_table), "{row_of_table:?} is not in {used:?}");
        let env = match root {
            LINE => RowEnv { root: &lines[0], parent: Some(&row), source: &arena },
            _ => RowEnv { root: &row, parent: None, source: &arena },
        };
        assert!(!matches!(expr.eval(&env), Val::Null(Reason::WrongType)), "{row_of_table:?}");
    }
}

#[test]
fn the_reference_page_has_every_row() {
    let page = crate::expr::reference();
    for row in OPERATORS {
        assert!(page.contains(&row.example.replace('|', "\\|")), "{row:?}");
    }
}

#[test]
fn a_field_gets_another_name() {
    let catalogue = catalogue();
    let scope = Scope { catalogue: &catalogue, root: ORDER, names: &[] };
    for (text, kind, field, expected) in [
        ("total > total + 1 || title == 'total'", ORDER, 5, "amount > amount + 1 || title == 'total'"),
        ("customer.name == title", CUSTOMER, 1, "customer.amount == title"),
        (
            "lines.exists(total, total.price > total.quantity)",
            LINE,
            3,
            "lines.exists(total, total.amount > total.quantity)",
        ),
        ("round(total / 2, 2)", ORDER, 5, "round(amount / 2, 2)"),
        ("title.size()", ORDER, 5, "title.size()"),
    ] {
        assert_eq!(Expr::renamed(text, &scope, kind, field, "amount").unwrap(), expected);
    }
    let text = "é {{ total }}{% if total > 1 %}{{ title }}{% endif %}{% for l in lines %}{{ l.order.total }}{% endfor %}";
    let renamed = Template::renamed(text, &scope, ORDER, 5, "amount").unwrap();
    assert_eq!(renamed, text.replace("total", "amount"));
}

#[test]
fn columns_are_known_by_name_and_read_by_place() {
    let columns = [
        ("late", Ty::Num { digits: 16, scale: 0 }),
        ("shipped", Ty::Num { digits: 16, scale: 0 }),
        ("line", Ty::Text),
        ("buyer", Ty::Ref(CUSTOMER)),
        ("today", Ty::Text),
    ];
    let names = [("today", Ty::Date, Value::Date(Date::parse("2026-02-10").unwrap()))];
    let over = |text: &str| Expr::over(text, &columns, &names);
    let row = |late: i64, shipped: i64| Row {
        values: vec![Value::int(late), Value::int(shipped), Value::Text("x".into())],
        ..Row::default()
    };
    let value = |expr: &Expr, row: &Row| {
        let value = expr.value(&RowEnv { root: row, parent: None, source: &NoSource });
        value.as_dec().map(|dec| dec.to_string())
    };
    // One expression for many rows.
    let rate = over("round(late / shipped, 2)").unwrap();
    assert_eq!(value(&rate, &row(1, 4)), Some("0.25".into()));
    assert_eq!(value(&rate, &row(2, 3)), Some("0.67".into()));
    assert_eq!(value(&rate, &row(1, 0)), None);
    // Whatever a column is called; a name of the scope goes first.
    assert!(over("line == 'x' && buyer == null").unwrap().holds(&RowEnv {
        root: &row(1, 1),
        parent: None,
        source: &NoSource
    }));
    assert_eq!(*over("today").unwrap().ty(), Ty::Date);
    for text in ["sent / shipped", "id", "buyer.name", "late.x"] {
        let error = over(text).unwrap_err();
        assert_eq!(error.arg("fault").unwrap().as_text(), Some("unknown_field"), "{text}");
    }
    assert!(over("late > 1").unwrap().as_condition().is_ok());
    assert!(over("late").unwrap().as_condition().is_err());
}
