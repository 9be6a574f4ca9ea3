//! Every operator, function, macro and literal of the language, one row each: what documents it, what says whether
//! SQLite may do it natively, and what the differential test checks its coverage against.

use crate::record::page_text;
use std::fmt;

/// One row of the table.
pub struct Operator {
    /// The name in the language: what stands in a call, or the sign itself.
    pub name: &'static str,
    /// How it is written.
    pub form: Form,
    /// Types of what it takes and gives.
    pub signature: &'static str,
    /// Who does it where the record lies in SQLite.
    pub sqlite: Sqlite,
    /// When it is native, where that depends on the numbers; empty where it does not. The store decides it from the
    /// digits of the nodes.
    pub native_when: &'static str,
    /// What it means.
    pub doc: &'static str,
    /// An expression that uses it, over the kinds of the reference page.
    pub example: &'static str,
    /// Which one it is.
    pub id: Function,
}

/// How an operator is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// A value written out.
    Literal,
    /// A field or what belongs to the record.
    Path,
    /// Before its operand.
    Prefix,
    /// Between its operands.
    Infix,
    /// `f(x, y)`; `x.f(y)` is the same.
    Call,
    /// `x.f(y)`; `f(x, y)` is the same.
    Method,
    /// A condition over lines, with a name for the line.
    Macro,
}

/// Who evaluates an operator in SQLite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sqlite {
    /// SQL of its own, provably the same.
    Native,
    /// The kernel's evaluator, called on the column values of the row.
    Registered,
    /// Neither: the rows are fetched and the kernel decides.
    Residual,
}

macro_rules! functions {
    ($($name:ident,)*) => {
        /// The rows by name, for programs.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[allow(missing_docs, reason = "the table documents each one")]
        pub enum Function {
            $($name,)*
        }

        impl Function {
            /// All of them.
            pub const ALL: &'static [Function] = &[$(Function::$name),*];
        }
    };
}

functions! {
    Null,
    Boolean,
    Number,
    Text,
    DateLiteral,
    InstantLiteral,
    IdLiteral,
    Field,
    Reference,
    Parent,
    Id,
    Line,
    Not,
    Negate,
    And,
    Or,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    IsNull,
    In,
    Add,
    Subtract,
    Multiply,
    Divide,
    Concat,
    If,
    Round,
    Floor,
    Ceil,
    Abs,
    Min,
    Max,
    Coalesce,
    Size,
    Lower,
    Trim,
    Contains,
    StartsWith,
    EndsWith,
    Substring,
    DateOf,
    Year,
    Quarter,
    Month,
    Day,
    Weekday,
    StartOfWeek,
    StartOfMonth,
    StartOfQuarter,
    StartOfYear,
    EndOfMonth,
    AddDays,
    AddMonths,
    AddMinutes,
    DaysBetween,
    MinutesBetween,
    Exists,
    All,
}

/// Most decimals of a number in an expression.
pub const MAX_SCALE: u8 = 18;
/// Digits of a stored number, and of a number literal.
pub const NATIVE_DIGITS: u8 = 18;
/// Decimals of a division that does not stand in `round`.
pub const QUOTIENT_SCALE: u8 = 10;

/// The row of a function.
pub fn operator(id: Function) -> &'static Operator {
    // INVARIANT: every function has a row; a test walks through them all, so the fallback is never taken.
    OPERATORS.iter().find(|row| row.id == id).unwrap_or(&NULL)
}

/// The row of a function, method or macro by its name in a call.
pub fn called(name: &str) -> Option<&'static Operator> {
    OPERATORS
        .iter()
        .find(|row| row.name == name && matches!(row.form, Form::Call | Form::Method | Form::Macro))
}

impl PartialEq for Operator {
    fn eq(&self, other: &Operator) -> bool {
        self.id == other.id
    }
}

impl Eq for Operator {}

impl fmt::Debug for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.id)
    }
}

const fn row(
    id: Function,
    form: Form,
    name: &'static str,
    signature: &'static str,
    sqlite: (Sqlite, &'static str),
    example: &'static str,
    doc: &'static str,
) -> Operator {
    let (doc, example) = (page_text(doc), page_text(example));
    Operator { name, form, signature, sqlite: sqlite.0, native_when: sqlite.1, doc, example, id }
}

const NATIVE: (Sqlite, &str) = (Sqlite::Native, "");
const REGISTERED: (Sqlite, &str) = (Sqlite::Registered, "");
const EXACT: (Sqlite, &str) = (Sqlite::Native, "where no value on the way can leave 64 bits");
const ALIGNED: (Sqlite, &str) =
    (Sqlite::Native, "numbers: where both sides fit 64 bits at the same decimals, or one is a constant");
const BRANCHES: (Sqlite, &str) =
    (Sqlite::Native, "numbers: where every branch fits 64 bits at the same decimals");

const NULL: Operator = row(
    Function::Null,
    Form::Literal,
    "null",
    "null",
    NATIVE,
    "paid_on == null",
    "No value. Stands in comparisons with `==` and `!=`, in lists after `in`, in branches of `? :` and in `coalesce`.",
);

/// The table.
pub static OPERATORS: &[Operator] = &[
    NULL,
    row(Function::Boolean, Form::Literal, "true, false", "boolean", NATIVE, "urgent == true", "Yes and no."),
    row(
        Function::Number,
        Form::Literal,
        "12.50",
        "number",
        NATIVE,
        "total > 1000.50",
        "A decimal, exactly as written: at most 18 digits. No exponents, no leading zeros.",
    ),
    row(
        Function::Text,
        Form::Literal,
        "'text', \"text\"",
        "text",
        NATIVE,
        "title == 'hello' || title == \"it's\"",
        "Text in single or double quotes. `\\n`, `\\r`, `\\t`, `\\\\`, `\\'`, `\\\"` and `\\uXXXX` are understood; \
         U+0000 is refused.",
    ),
    row(
        Function::DateLiteral,
        Form::Literal,
        "date(\"2026-01-31\")",
        "date",
        NATIVE,
        "ordered_on >= date(\"2026-01-31\")",
        "A business date, checked when the expression is.",
    ),
    row(
        Function::InstantLiteral,
        Form::Literal,
        "instant(\"2026-01-31T12:00:00Z\")",
        "instant",
        NATIVE,
        "created_at < instant(\"2026-01-31T12:00:00Z\")",
        "A point in time in RFC 3339, to the millisecond, checked when the expression is.",
    ),
    row(
        Function::IdLiteral,
        Form::Literal,
        "\"123\"",
        "reference",
        NATIVE,
        "customer == \"123\"",
        "Compared with a reference, a text is the id of a record and must be one.",
    ),
    row(
        Function::Field,
        Form::Path,
        "field",
        "the field's type",
        NATIVE,
        "total > 0",
        "A field of the record. Choices, picklists and currencies are text, by their codes; a text compared with a \
         choice must be one of its codes.",
    ),
    row(
        Function::Reference,
        Form::Path,
        "reference.field",
        "the field's type",
        NATIVE,
        "customer.region == 'north'",
        "A field of the record referred to, over any number of references. Null where one is null or its record is \
         gone.",
    ),
    row(
        Function::Parent,
        Form::Path,
        "parent",
        "reference",
        NATIVE,
        "order.customer.region == 'north'",
        "On a line, the document it belongs to, by the name of the document's kind.",
    ),
    row(
        Function::Id,
        Form::Path,
        "id",
        "reference",
        NATIVE,
        "id == \"123\"",
        "The record itself; not on lines, which have a number.",
    ),
    row(Function::Line, Form::Path, "line", "number", NATIVE, "line == 1", "On a line, its number."),
    row(
        Function::Not,
        Form::Prefix,
        "!",
        "boolean -> boolean",
        NATIVE,
        "!urgent",
        "The opposite; unknown stays unknown.",
    ),
    row(
        Function::Negate,
        Form::Prefix,
        "-",
        "number -> number",
        EXACT,
        "-discount < 0",
        "The number with the other sign.",
    ),
    row(
        Function::And,
        Form::Infix,
        "&&",
        "boolean, boolean -> boolean",
        NATIVE,
        "urgent && total > 0",
        "False where one side is false, else unknown where one side is unknown.",
    ),
    row(
        Function::Or,
        Form::Infix,
        "||",
        "boolean, boolean -> boolean",
        NATIVE,
        "urgent || total > 0",
        "True where one side is true, else unknown where one side is unknown.",
    ),
    row(
        Function::Equal,
        Form::Infix,
        "==",
        "any, same -> boolean",
        ALIGNED,
        "state == 'open'",
        "Equal; unknown where a side is null. Numbers are compared by value: 1.0 is 1.00.",
    ),
    row(
        Function::NotEqual,
        Form::Infix,
        "!=",
        "any, same -> boolean",
        ALIGNED,
        "state != 'open'",
        "Not equal; unknown where a side is null.",
    ),
    row(
        Function::Less,
        Form::Infix,
        "<",
        "number, text, date or instant, same -> boolean",
        ALIGNED,
        "total < 10",
        "Smaller or earlier; text by code point. Unknown where a side is null.",
    ),
    row(
        Function::LessOrEqual,
        Form::Infix,
        "<=",
        "number, text, date or instant, same -> boolean",
        ALIGNED,
        "total <= 10",
        "Not greater. Unknown where a side is null.",
    ),
    row(
        Function::Greater,
        Form::Infix,
        ">",
        "number, text, date or instant, same -> boolean",
        ALIGNED,
        "total > 10",
        "Greater or later. Unknown where a side is null.",
    ),
    row(
        Function::GreaterOrEqual,
        Form::Infix,
        ">=",
        "number, text, date or instant, same -> boolean",
        ALIGNED,
        "total >= 10",
        "Not smaller. Unknown where a side is null.",
    ),
    row(
        Function::IsNull,
        Form::Infix,
        "== null, != null",
        "any -> boolean",
        NATIVE,
        "paid_on != null",
        "Whether there is no value. Never unknown.",
    ),
    row(
        Function::In,
        Form::Infix,
        "in",
        "any, [same, ...] -> boolean",
        ALIGNED,
        "state in ['open', 'closed']",
        "An or of `==` over the list; false over an empty one.",
    ),
    row(
        Function::Add,
        Form::Infix,
        "+",
        "number, number -> number",
        EXACT,
        "total + discount > 100",
        "The exact sum: decimals of the finer side, one digit more.",
    ),
    row(
        Function::Subtract,
        Form::Infix,
        "-",
        "number, number -> number",
        EXACT,
        "total - discount > 100",
        "The exact difference.",
    ),
    row(
        Function::Multiply,
        Form::Infix,
        "*",
        "number, number -> number",
        EXACT,
        "total * 1.2 > 100",
        "The exact product: decimals of both sides together, at most 18; beyond that a factor has to be rounded.",
    ),
    row(
        Function::Divide,
        Form::Infix,
        "/",
        "number, number -> number",
        REGISTERED,
        "total / 3 > 100",
        "The quotient at 10 decimals, a half away from zero; null where the divisor is 0. `7 / 2` is 3.5. In \
         `round(a / b, n)` it is divided once, at n decimals.",
    ),
    row(
        Function::Concat,
        Form::Infix,
        "+",
        "text, text -> text",
        NATIVE,
        "title + '!' == 'hello!'",
        "One text after the other.",
    ),
    row(
        Function::If,
        Form::Infix,
        "? :",
        "boolean, any, same -> same",
        BRANCHES,
        "(urgent ? 2 : 1) == 2",
        "The first value where the condition is true, the second where it is false, null where it is unknown.",
    ),
    row(
        Function::Round,
        Form::Call,
        "round",
        "number, decimals[, mode] -> number",
        REGISTERED,
        "round(total / 3, 2) > 33.33",
        "Rounded at so many decimals (0 to 18). Half away from zero unless a mode is named: `\"half_up\"`, \
         `\"half_even\"`, `\"up\"`, `\"down\"`, `\"ceiling\"`, `\"floor\"`. Around a division it is one step: the exact \
         quotient is rounded once.",
    ),
    row(
        Function::Floor,
        Form::Call,
        "floor",
        "number -> number",
        REGISTERED,
        "floor(total) == 3",
        "The greatest whole number not above it.",
    ),
    row(
        Function::Ceil,
        Form::Call,
        "ceil",
        "number -> number",
        REGISTERED,
        "ceil(total) == 4",
        "The smallest whole number not below it.",
    ),
    row(
        Function::Abs,
        Form::Call,
        "abs",
        "number -> number",
        REGISTERED,
        "abs(total) > 10",
        "The number without its sign.",
    ),
    row(
        Function::Min,
        Form::Call,
        "min",
        "number, text, date or instant, same, ... -> same",
        REGISTERED,
        "min(total, 100) < 100",
        "The smallest; null where one is null.",
    ),
    row(
        Function::Max,
        Form::Call,
        "max",
        "number, text, date or instant, same, ... -> same",
        REGISTERED,
        "max(total, 0) > 0",
        "The greatest; null where one is null.",
    ),
    row(
        Function::Coalesce,
        Form::Call,
        "coalesce",
        "any, same, ... -> same",
        BRANCHES,
        "coalesce(discount, 0) == 0",
        "The first that is not null.",
    ),
    row(
        Function::Size,
        Form::Method,
        "size",
        "text -> number",
        REGISTERED,
        "title.size() > 3",
        "The number of characters (code points).",
    ),
    row(
        Function::Lower,
        Form::Method,
        "lower",
        "text -> text",
        REGISTERED,
        "title.lower() == 'hello'",
        "Every character folded by the kernel's own table, the same on every platform.",
    ),
    row(
        Function::Trim,
        Form::Method,
        "trim",
        "text -> text",
        REGISTERED,
        "title.trim() != ''",
        "Without blanks at both ends: space, tab, line ends, no-break space and the ideographic space.",
    ),
    row(
        Function::Contains,
        Form::Method,
        "contains",
        "text, text -> boolean",
        REGISTERED,
        "title.contains('ell')",
        "Whether the second stands in the first, whatever the case of either.",
    ),
    row(
        Function::StartsWith,
        Form::Method,
        "startsWith",
        "text, text -> boolean",
        REGISTERED,
        "title.startsWith('he')",
        "Whether the first begins with the second, whatever the case of either.",
    ),
    row(
        Function::EndsWith,
        Form::Method,
        "endsWith",
        "text, text -> boolean",
        REGISTERED,
        "title.endsWith('lo')",
        "Whether the first ends with the second, whatever the case of either.",
    ),
    row(
        Function::Substring,
        Form::Method,
        "substring",
        "text, from[, count] -> text",
        REGISTERED,
        "title.substring(0, 2) == 'he'",
        "Characters from a place on, counted from 0, at most `count` of them. Beyond the end there is nothing; a \
         negative place or count gives null.",
    ),
    row(
        Function::DateOf,
        Form::Call,
        "date",
        "instant -> date",
        REGISTERED,
        "date(created_at) == date(\"2026-01-31\")",
        "The day of a point in time in UTC.",
    ),
    row(
        Function::Year,
        Form::Call,
        "year",
        "date -> number",
        REGISTERED,
        "year(ordered_on) == 2026",
        "The year.",
    ),
    row(
        Function::Quarter,
        Form::Call,
        "quarter",
        "date -> number",
        REGISTERED,
        "quarter(ordered_on) == 1",
        "The quarter of the calendar year, 1 to 4.",
    ),
    row(
        Function::Month,
        Form::Call,
        "month",
        "date -> number",
        REGISTERED,
        "month(ordered_on) == 1",
        "The month, 1 to 12.",
    ),
    row(
        Function::Day,
        Form::Call,
        "day",
        "date -> number",
        REGISTERED,
        "day(ordered_on) == 31",
        "The day of the month, 1 to 31.",
    ),
    row(
        Function::Weekday,
        Form::Call,
        "weekday",
        "date -> number",
        REGISTERED,
        "weekday(ordered_on) <= 5",
        "1 for Monday to 7 for Sunday.",
    ),
    row(
        Function::StartOfWeek,
        Form::Call,
        "startOfWeek",
        "date -> date",
        REGISTERED,
        "startOfWeek(ordered_on) == date(\"2026-01-26\")",
        "Monday of the week.",
    ),
    row(
        Function::StartOfMonth,
        Form::Call,
        "startOfMonth",
        "date -> date",
        REGISTERED,
        "startOfMonth(ordered_on) == date(\"2026-01-01\")",
        "The first day of the month.",
    ),
    row(
        Function::StartOfQuarter,
        Form::Call,
        "startOfQuarter",
        "date -> date",
        REGISTERED,
        "startOfQuarter(ordered_on) == date(\"2026-01-01\")",
        "The first day of the quarter.",
    ),
    row(
        Function::StartOfYear,
        Form::Call,
        "startOfYear",
        "date -> date",
        REGISTERED,
        "startOfYear(ordered_on) == date(\"2026-01-01\")",
        "1 January.",
    ),
    row(
        Function::EndOfMonth,
        Form::Call,
        "endOfMonth",
        "date -> date",
        REGISTERED,
        "endOfMonth(ordered_on) == ordered_on",
        "The last day of the month.",
    ),
    row(
        Function::AddDays,
        Form::Call,
        "addDays",
        "date or instant, whole number -> same",
        REGISTERED,
        "addDays(ordered_on, 30) < date(\"2026-03-31\")",
        "So many days later, earlier where negative; days of 24 hours on a point in time. Null outside the years 1 \
         to 9999.",
    ),
    row(
        Function::AddMonths,
        Form::Call,
        "addMonths",
        "date, whole number -> date",
        REGISTERED,
        "addMonths(ordered_on, 1) == date(\"2026-02-28\")",
        "The same day so many months later, the last of the month where it is shorter. Null outside the years 1 to \
         9999.",
    ),
    row(
        Function::AddMinutes,
        Form::Call,
        "addMinutes",
        "instant, whole number -> instant",
        REGISTERED,
        "addMinutes(created_at, 90) < instant(\"2026-01-31T12:00:00Z\")",
        "So many minutes later, earlier where negative. Null outside the years 1 to 9999.",
    ),
    row(
        Function::DaysBetween,
        Form::Call,
        "daysBetween",
        "date, date -> number",
        REGISTERED,
        "daysBetween(ordered_on, paid_on) > 30",
        "Days from the first to the second, negative where the second is earlier.",
    ),
    row(
        Function::MinutesBetween,
        Form::Call,
        "minutesBetween",
        "instant, instant -> number",
        REGISTERED,
        "minutesBetween(created_at, instant(\"2026-01-31T12:00:00Z\")) > 240",
        "Whole minutes from the first to the second, what is left over cut off; negative where the second is earlier.",
    ),
    row(
        Function::Exists,
        Form::Macro,
        "exists",
        "lines, name, boolean -> boolean",
        NATIVE,
        "lines.exists(l, l.quantity > 10)",
        "Whether the condition is true for some line. Never unknown; false where there are no lines.",
    ),
    row(
        Function::All,
        Form::Macro,
        "all",
        "lines, name, boolean -> boolean",
        NATIVE,
        "lines.all(l, l.quantity > 0)",
        "Whether there is no line for which the condition is not true. Never unknown; true where there are no lines.",
    ),
];
