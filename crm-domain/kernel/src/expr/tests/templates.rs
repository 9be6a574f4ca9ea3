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
        ("{{title}} of {{ customer.name }}: {{ total }}", "Hello Straße of Ärzte AG: 10"),
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
        assert_eq!(parsed.render(&env).unwrap(), expected, "{text}");
    }
    for (text, code) in
        [("{{ total / 0 }}", "value.none"), ("{{ addDays(today, 9999999) }}", "value.out_of_range")]
    {
        assert_eq!(template(text).unwrap().render(&env).unwrap_err().code().name, code, "{text}");
    }
    let parsed = template("{% for l in lines %}{{ l.product.name }}{% endfor %}{{ customer.name }}").unwrap();
    assert_eq!(parsed.uses(), [(CUSTOMER, 1), (PRODUCT, 1), (ORDER, 1), (ORDER, 15), (LINE, 1)]);
    let mut filled = Arena::default();
    filled
        .fill(parsed.reads(), &row, None, &mut |kind, id| Ok(arena.row(kind, id).cloned().map(Arc::new)))
        .unwrap();
    assert_eq!(
        parsed.render(&RowEnv { root: &row, parent: None, source: &filled }).unwrap(),
        "boltnutÄrzte AG"
    );
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
