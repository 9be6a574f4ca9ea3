//! Texts with expressions in them.

use super::*;
use std::sync::Arc;

fn template(text: &str) -> Result<Template> {
    Template::parse(text, &Scope { catalogue: &catalogue(), root: ORDER, names: &names() })
}

#[test]
fn templates_show_choose_and_repeat() {
    let (row, arena) = world();
    let env = RowEnv { root: &row, parent: None, source: &arena };
    for (text, expected) in [
        ("", ""),
        ("plain { % }} text", "plain { % }} text"),
        ("{{title}} of {{ customer.name }}: {{ total }}", "Hello Straße of Ärzte AG: 10.00"),
        ("[{{ discount }}|{{ customer.group.name }}]", "[|]"),
        ("{{ today }} {{ created_at }} {{ urgent }} {{ id }}", "2024-02-29 2026-01-31T23:30:00Z true 31"),
        ("{{ round(total / 3, 2) }} {{ 1.50 }}", "3.33 1.5"),
        ("{{ '}}' + \"%}\\\"\" }}{{ '{{' }}", "}}%}\"{{"),
        ("{% if urgent %}now{% else %}later{% endif %}!", "now!"),
        ("{% if checked %}yes{%else%}no{% endif %}", "no"),
        ("{% if !urgent %}x{% endif %}", ""),
        ("{% if total > 1 %}{% if urgent %}a{% endif %}b{% endif %}", "ab"),
        (
            "{% for l in lines %}{{ l.line }}: {{ l.quantity }} {{ l.product.name }}{% if l.quantity == null %}?{% endif %};{% endfor %}",
            "1: 100 bolt;2:  nut?;",
        ),
        (
            "{% for l in lines %}{% for m in lines %}{{ l.line * m.line }} {% endfor %}{% endfor %}",
            "1 2 2 4 ",
        ),
    ] {
        let parsed = template(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(parsed.render(&env, None).unwrap(), expected, "{text}");
    }
    for (text, code) in
        [("{{ total / 0 }}", "value.none"), ("{{ addDays(today, 9999999) }}", "value.out_of_range")]
    {
        assert_eq!(template(text).unwrap().render(&env, None).unwrap_err().code().name, code, "{text}");
    }
    let parsed = template("{% for l in lines %}{{ l.product.name }}{% endfor %}{{ customer.name }}").unwrap();
    assert_eq!(parsed.uses(), [(CUSTOMER, 1), (PRODUCT, 1), (ORDER, 1), (ORDER, 15), (LINE, 1)]);
    let mut filled = Arena::default();
    filled
        .fill(parsed.reads(), &row, None, &mut |kind, id| Ok(arena.row(kind, id).cloned().map(Arc::new)))
        .unwrap();
    assert_eq!(
        parsed.render(&RowEnv { root: &row, parent: None, source: &filled }, None).unwrap(),
        "boltnutÄrzte AG"
    );
}

/// What is owed.
#[derive(Record)]
#[record(no = 5)]
struct Bill {
    /// In which currency.
    #[field(no = 1)]
    currency: Option<Currency>,
    /// The amount.
    #[field(no = 2, money)]
    total: Dec,
    /// The amount in the enterprise's currency.
    #[field(no = 3, base_money)]
    base_total: Dec,
    /// Who owes.
    #[field(no = 4)]
    customer: Option<Ref<Customer>>,
    /// The bill that it follows.
    #[field(no = 5)]
    earlier: Option<Ref<Bill>>,
    /// Its lines.
    #[field(no = 6)]
    lines: Lines<BillLine>,
}

/// A line.
#[derive(Record)]
#[record(no = 6, parent = Bill)]
struct BillLine {
    /// In which currency, where it is another.
    #[field(no = 1)]
    currency: Option<Currency>,
    /// The amount.
    #[field(no = 2, money)]
    amount: Dec,
    /// How many per cent.
    #[field(no = 3, percent)]
    percent: Dec,
}

#[test]
fn amounts_show_the_digits_of_their_currency() {
    let defs = [Customer::def(), Bill::def(), BillLine::def()];
    let catalogue = Catalogue::build(defs.into_iter().cloned()).unwrap();
    let line = |currency, amount| BillLine { currency, amount: dec(amount), percent: dec("5") };
    let bill = |currency, earlier| {
        let mut lines = Lines::default();
        lines.push(line(None, "1.5"));
        lines.push(line(Some(Currency::parse("JPY").unwrap()), "900"));
        let (total, base_total, customer) = (dec("1000"), dec("12.5"), reference(11));
        Bill { currency, total, base_total, customer, earlier, lines }.to_row().unwrap()
    };
    let mut arena = Arena::default();
    let customer = Customer { name: "Ärzte AG".into(), region: None, group: None, credit: Some(dec("7")) };
    arena.insert(CUSTOMER, 11, with_id(11, customer.to_row().unwrap()));
    arena.insert(5, 30, with_id(30, bill(Some(Currency::parse("KWD").unwrap()), None)));
    let scope = Scope { catalogue: &catalogue, root: 5, names: &[] };
    for (currency, text, expected) in [
        ("EUR", "{{ total }} {{ currency }}", "1000.00 EUR"),
        ("JPY", "{{ total }} {{ currency }}", "1000 JPY"),
        ("KWD", "{{ total }}", "1000.000"),
        ("", "{{ total }}", "1000"),
        ("JPY", "{{ base_total }}", "12.50"),
        ("EUR", "{{ customer.credit }} {{ earlier.total }}", "7 1000.000"),
        ("EUR", "{% for l in lines %}{{ l.amount }} {{ l.percent }};{% endfor %}", "1.50 5;900 5;"),
        ("KWD", "{% for l in lines %}{{ l.bill.total }} {% endfor %}", "1000.000 1000.000 "),
        ("EUR", "{{ total * 2 }} {{ total > 1 ? total : 0 }}", "2000 1000"),
    ] {
        let row = bill(Currency::parse(currency).ok(), reference(30));
        let env = RowEnv { root: &row, parent: None, source: &arena };
        let parsed = Template::parse(text, &scope).unwrap();
        assert_eq!(parsed.render(&env, Some(Currency::EUR)).unwrap(), expected, "{currency} {text}");
        let mut filled = Arena::default();
        filled
            .fill(parsed.reads(), &row, None, &mut |kind, id| Ok(arena.row(kind, id).cloned().map(Arc::new)))
            .unwrap();
        let env = RowEnv { root: &row, parent: None, source: &filled };
        assert_eq!(parsed.render(&env, Some(Currency::EUR)).unwrap(), expected, "{currency} {text}");
    }
}

#[test]
fn templates_say_where_they_are_wrong() {
    for (text, code, at) in [
        ("é {{ titel }}", "unknown_field", 6),
        ("{{ title", "syntax", 0),
        ("{{ null }}", "type_mismatch", 3),
        ("{{ }}", "syntax", 3),
        ("a{% if total %}{% endif %}", "type_mismatch", 7),
        ("a{% if urgent %}", "syntax", 16),
        ("{% endif %}", "syntax", 0),
        ("{% for l in total %}{% endfor %}", "type_mismatch", 12),
        ("{% for lines %}{% endfor %}", "syntax", 6),
        ("{% for l in lines %}{{ l.x }}{% endfor %}", "unknown_field", 25),
        ("{% for l in lines %}{% endfor %}{{ l.line }}", "unknown_field", 35),
        ("{% while x %}", "syntax", 0),
        ("{% if urgent %}{% else %}{% else %}{% endif %}", "syntax", 25),
    ] {
        let error = template(text).unwrap_err();
        assert_eq!(error.arg("fault").unwrap().as_text(), Some(code), "{text}: {error}");
        assert_eq!(error.arg("at").unwrap().as_int(), Some(at), "{text}: {error}");
    }
    assert!(template(&"{% if urgent %}".repeat(1000)).is_err());
    assert!(template(&" ".repeat(70_000)).is_err());
}
