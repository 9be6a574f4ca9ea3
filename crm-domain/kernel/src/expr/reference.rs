//! The reference page of the language, from the table.

use super::fault::FAULTS;
use super::table::{Form, OPERATORS, Operator, Sqlite};

const HEAD: &str = "\
<!-- Generated from the operator table of the kernel. Do not edit. -->

# Expressions

Every condition and formula is an expression: row rules, saved lists, segments, validation, price conditions, approval
routes, reminders, report filters. The syntax is that of CEL, the meaning is this page's.

```text
state == 'open' && customer.region in ['north', 'east'] && total >= 1000
paid_on == null && daysBetween(ordered_on, today) > 30
lines.exists(l, l.quantity * l.price > 500)
round(total / 3, 2)
```

The examples below are about an order with `customer`, `title`, `state` (`open`, `closed`), `currency`, `total`,
`discount`, `ordered_on`, `paid_on`, `created_at`, `urgent` and `lines` of `product`, `quantity`, `price`.

## What holds everywhere

- **Names.** A bare name is a field of the record; `customer.region` goes through a reference; a line reaches its document
  by the name of the document's kind (`order.customer.region`) and has `line`, its number; a record has `id`.
  `today`, `now`, `actor` and parameters (`$limit`) are values given from outside; they go before fields.
- **Null.** `x == null` and `x != null` ask for it. Every other comparison with null is unknown, and null goes through every
  function except `coalesce`. `&&` and `||` know that false and anything is false, true or anything is true. A condition
  holds only if it is true.
- **Nothing fails.** A division by zero, more than 38 digits, a date outside the years 1 to 9999, a reference that leads
  nowhere give null with a reason: `missing`, `missing_reference`, `division_by_zero`, `overflow`, `date_range`,
  `text_range`. Where a figure is stored or shown, the reason becomes an error.
- **Numbers** are decimals; there are no others. Each has its digits and decimals before anything is calculated: a literal
  its own, a field its type's; `+` and `-` take the finer decimals and add a digit, `*` adds digits and decimals (at most 18
  decimals), `/` has 10 decimals, `round`, `floor` and `ceil` say theirs, and where one of several is taken the widest
  counts. On the way there may be 38 digits; a number that leaves an expression (shown, sorted, grouped, stored) must
  fit 18 at its decimals, else it is null. So a quotient that leaves should be rounded: `round(a / b, 2)`.
- **Text** is ordered by code point. `contains`, `startsWith`, `endsWith` and `lower` ignore case by one table that is the same
  everywhere. There are no regular expressions.
- **Limits.** 8 kB of text, 40 levels of brackets, 200 operands of one operator.

What can be calculated from constants alone (`addDays(today, -30)`) is calculated once, when the expression is checked.

The last column says who does the work where records lie in SQLite: *native* is SQL of its own, *kernel* is this
evaluator called on the row's values. The answers are the same.
";

const TEMPLATES: &str = "
## Texts with expressions

A template shows `{{ expression }}`, chooses with `{% if condition %}` ... `{% else %}` ... `{% endif %}` and repeats with
`{% for l in lines %}` ... `{% endfor %}`. What is missing shows as nothing; numbers, dates and points in time show in their
canonical text; a figure that cannot be calculated is an error. Nothing is escaped.

```text
Order {{ title }} of {{ customer.name }}{% if paid_on == null %} is not paid{% endif %}.
```
";

/// The page `docs/reference/expressions.md`.
pub fn reference() -> String {
    let mut page = HEAD.to_owned();
    for (title, forms) in [
        ("Values and fields", &[Form::Literal, Form::Path][..]),
        ("Operators", &[Form::Prefix, Form::Infix]),
        ("Functions", &[Form::Call, Form::Method]),
        ("Lines", &[Form::Macro]),
    ] {
        page.push_str(&format!(
            "\n## {title}\n\n| | types | meaning | example | SQLite |\n|---|---|---|---|---|\n"
        ));
        for row in OPERATORS.iter().filter(|row| forms.contains(&row.form)) {
            page.push_str(&line(row));
        }
        if forms.contains(&Form::Call) {
            page.push_str("\n`f(x, y)` and `x.f(y)` are the same.\n");
        }
    }
    page.push_str(TEMPLATES);
    page.push_str("\n## Faults\n\nAn `expression.invalid` names the place (`at`, `length` in bytes), the `fault` and a `detail`.\n\n");
    page.push_str("| fault | meaning |\n|---|---|\n");
    for (fault, meaning) in FAULTS {
        page.push_str(&format!("| `{fault}` | {meaning} |\n"));
    }
    page
}

fn line(row: &Operator) -> String {
    let cell = |text: &str| text.replace('|', "\\|");
    let sqlite = match (row.sqlite, row.native_when) {
        (Sqlite::Native, "") => "native".to_owned(),
        (Sqlite::Native, when) => format!("native ({when}), else kernel"),
        (Sqlite::Registered, _) => "kernel".to_owned(),
        (Sqlite::Residual, _) => "after the rows are read".to_owned(),
    };
    let (name, types, doc, example) = (cell(row.name), cell(row.signature), cell(row.doc), cell(row.example));
    format!("| `{name}` | {types} | {doc} | `{example}` | {sqlite} |\n")
}
