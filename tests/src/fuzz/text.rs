//! Expressions as text, by type: every choice takes one byte, and without bytes a field comes out.

use super::choices::Choices;
use super::data::{DAYS, MOMENTS, TEXTS};
use super::schema::{ACCOUNT, DEAL, LINE, ZONE};
use crm_kernel::catalogue::{Catalogue, Kind};
use crm_kernel::record::FieldType;

/// The type that an expression is to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Want {
    Bool,
    Num,
    /// A number without decimals.
    Whole,
    Text,
    Date,
    Instant,
    Ref(u32),
}

const ANY: &[Want] = &[
    Want::Num,
    Want::Text,
    Want::Date,
    Want::Instant,
    Want::Bool,
    Want::Ref(ACCOUNT),
    Want::Ref(ZONE),
    Want::Ref(DEAL),
];

const NUMBERS: &[&str] = &[
    "0",
    "1",
    "2",
    "3",
    "7",
    "10",
    "100",
    "0.5",
    "0.05",
    "0.005",
    "0.0005",
    "1.5",
    "2.5",
    "12.50",
    "5.00005",
    "0.00005",
    "33.3333",
    "0.0000005",
    "999999999999999999",
    "999999999999.999999",
    "99999999999999.9999",
    "0.999999999999999999",
    "0.000000000000000001",
    "0.000000000001",
    "1000000.000001",
    "100000000000000000",
];
const SMALL: &[&str] = &["2", "0", "1", "3", "10", "12", "31", "365", "100000", "9999999"];
const MODES: &[&str] = &["half_up", "half_even", "up", "down", "ceiling", "floor"];
const COMPARE: &[&str] = &["==", "<", "<=", ">", ">=", "!="];
/// Most quantifiers one inside the other.
const QUANTIFIERS: usize = 2;

/// Writes expressions about one kind.
pub(super) struct Writer<'c, 'b> {
    pub(super) choices: &'c mut Choices<'b>,
    catalogue: &'c Catalogue,
    root: u32,
    /// The lines of the quantifiers that are open: `l0`, `l1`.
    items: usize,
}

impl<'c, 'b> Writer<'c, 'b> {
    pub(super) fn new(choices: &'c mut Choices<'b>, catalogue: &'c Catalogue, root: u32) -> Writer<'c, 'b> {
        Writer { choices, catalogue, root, items: 0 }
    }

    /// An expression of any type.
    pub(super) fn any(&mut self, depth: u32) -> String {
        let want = self.choices.one(ANY);
        self.write(want, depth)
    }

    pub(super) fn write(&mut self, want: Want, depth: u32) -> String {
        let Some(depth) = depth.checked_sub(1) else { return self.leaf(want) };
        match want {
            Want::Bool => self.boolean(depth),
            Want::Num => self.number(depth),
            Want::Whole => self.whole(depth),
            Want::Text => self.text(depth),
            Want::Date => self.date(depth),
            Want::Instant => self.instant(depth),
            Want::Ref(_) => match self.choices.below(4) {
                0 | 1 => self.leaf(want),
                // A literal is an id only beside a reference, so none stands in the branches.
                2 => format!("coalesce({}, {})", self.reference(want), self.reference(want)),
                _ => {
                    let condition = self.write(Want::Bool, depth);
                    format!("({condition} ? {} : {})", self.reference(want), self.reference(want))
                }
            },
        }
    }

    fn boolean(&mut self, depth: u32) -> String {
        match self.choices.below(16) {
            0 => self.leaf(Want::Bool),
            1..=4 => self.comparison(depth),
            5 => {
                let of = self.any(depth);
                let sign = self.choices.one(&["==", "!="]);
                format!("({of} {sign} null)")
            }
            6 => self.two(Want::Bool, "&&", depth),
            7 => self.two(Want::Bool, "||", depth),
            8 => format!("!({})", self.write(Want::Bool, depth)),
            9 | 10 => self.one_of(depth),
            11 => self.if_else(Want::Bool, depth),
            12 => self.coalesce(Want::Bool, depth),
            13 => {
                let method = self.choices.one(&["contains", "startsWith", "endsWith"]);
                let (of, part) = (self.write(Want::Text, depth), self.write(Want::Text, depth));
                format!("({of}).{method}({part})")
            }
            _ => self.quantifier(depth),
        }
    }

    fn comparison(&mut self, depth: u32) -> String {
        let want = self.choices.one(ANY);
        let left = self.write(want, depth);
        let right = if self.choices.percent(50) { self.literal(want) } else { self.write(want, depth) };
        let signs = if matches!(want, Want::Bool | Want::Ref(_)) { &["==", "!="][..] } else { COMPARE };
        let sign = self.choices.one(signs);
        if self.choices.percent(20) {
            format!("({right} {sign} {left})")
        } else {
            format!("({left} {sign} {right})")
        }
    }

    fn one_of(&mut self, depth: u32) -> String {
        let want = self.choices.one(ANY);
        let of = self.write(want, depth);
        let items: Vec<String> = (0..self.choices.below(5))
            .map(|_| match self.choices.below(8) {
                7 => "null".to_owned(),
                5 | 6 => self.write(want, depth.min(1)),
                _ => self.literal(want),
            })
            .collect();
        format!("({of} in [{}])", items.join(", "))
    }

    fn quantifier(&mut self, depth: u32) -> String {
        let lines = match (self.items, self.root) {
            (0, DEAL) => "lines".to_owned(),
            (0, LINE) => "deal.lines".to_owned(),
            (1, DEAL) if self.choices.percent(50) => "lines".to_owned(),
            (open, DEAL | LINE) if open < QUANTIFIERS => format!("l{}.deal.lines", open - 1),
            _ => return self.comparison(depth),
        };
        let word = self.choices.one(&["exists", "all"]);
        let name = format!("l{}", self.items);
        self.items += 1;
        let body = self.write(Want::Bool, depth);
        self.items -= 1;
        format!("{lines}.{word}({name}, {body})")
    }

    fn number(&mut self, depth: u32) -> String {
        match self.choices.below(18) {
            0 => self.leaf(Want::Num),
            1 | 2 => self.two(Want::Num, "+", depth),
            3 | 4 => self.two(Want::Num, "-", depth),
            5 => self.two(Want::Num, "*", depth),
            6 => {
                let (of, digits) = (self.write(Want::Num, depth), self.choices.below(4));
                format!("(round({of}, {digits}) * {})", self.leaf(Want::Whole))
            }
            7 => self.two(Want::Num, "/", depth),
            8 => format!("-({})", self.write(Want::Num, depth)),
            9 | 10 => {
                let of = if self.choices.percent(60) {
                    self.two(Want::Num, "/", depth)
                } else {
                    self.write(Want::Num, depth)
                };
                let decimals = self.choices.below(19);
                if self.choices.percent(60) {
                    format!("round({of}, {decimals}, \"{}\")", self.choices.one(MODES))
                } else {
                    format!("round({of}, {decimals})")
                }
            }
            11 => format!("abs({})", self.write(Want::Num, depth)),
            12 => self.extreme(Want::Num, depth),
            13 => self.coalesce(Want::Num, depth),
            14 => self.if_else(Want::Num, depth),
            _ => self.whole(depth),
        }
    }

    fn whole(&mut self, depth: u32) -> String {
        match self.choices.below(12) {
            0 | 1 => self.leaf(Want::Whole),
            2 => format!("({}).size()", self.write(Want::Text, depth)),
            3 | 4 => {
                let part = self.choices.one(&["year", "quarter", "month", "day", "weekday"]);
                format!("{part}({})", self.write(Want::Date, depth))
            }
            5 => format!("daysBetween({}, {})", self.write(Want::Date, depth), self.write(Want::Date, depth)),
            6 => format!(
                "minutesBetween({}, {})",
                self.write(Want::Instant, depth),
                self.write(Want::Instant, depth)
            ),
            7 => format!("floor({})", self.write(Want::Num, depth)),
            8 => format!("ceil({})", self.write(Want::Num, depth)),
            9 => self.two(Want::Whole, "-", depth),
            10 => format!("round({}, 0)", self.write(Want::Num, depth)),
            _ => self.two(Want::Whole, "*", depth),
        }
    }

    fn text(&mut self, depth: u32) -> String {
        match self.choices.below(9) {
            0 | 1 => self.leaf(Want::Text),
            2 => self.two(Want::Text, "+", depth),
            3 => format!("({}).lower()", self.write(Want::Text, depth)),
            4 => format!("({}).trim()", self.write(Want::Text, depth)),
            5 => {
                let (of, from) = (self.write(Want::Text, depth), self.place(depth));
                if self.choices.percent(50) {
                    format!("({of}).substring({from}, {})", self.place(depth))
                } else {
                    format!("({of}).substring({from})")
                }
            }
            6 => self.extreme(Want::Text, depth),
            7 => self.coalesce(Want::Text, depth),
            _ => self.if_else(Want::Text, depth),
        }
    }

    /// A place in a text: mostly inside.
    fn place(&mut self, depth: u32) -> String {
        if self.choices.percent(25) {
            self.write(Want::Whole, depth)
        } else {
            self.choices.below(3).to_string()
        }
    }

    fn date(&mut self, depth: u32) -> String {
        match self.choices.below(9) {
            0 | 1 => self.leaf(Want::Date),
            2 | 3 => {
                let names = &["startOfWeek", "startOfMonth", "startOfQuarter", "startOfYear", "endOfMonth"];
                let name = self.choices.one(names);
                format!("{name}({})", self.write(Want::Date, depth))
            }
            4 => format!("addDays({}, {})", self.write(Want::Date, depth), self.steps(depth)),
            5 => format!("addMonths({}, {})", self.write(Want::Date, depth), self.steps(depth)),
            6 => format!("date({})", self.write(Want::Instant, depth)),
            7 => self.choice_of(Want::Date, depth),
            _ => self.if_else(Want::Date, depth),
        }
    }

    fn instant(&mut self, depth: u32) -> String {
        match self.choices.below(6) {
            0 | 1 => self.leaf(Want::Instant),
            2 => format!("addDays({}, {})", self.write(Want::Instant, depth), self.steps(depth)),
            3 => format!("addMinutes({}, {})", self.write(Want::Instant, depth), self.steps(depth)),
            4 => self.choice_of(Want::Instant, depth),
            _ => self.if_else(Want::Instant, depth),
        }
    }

    fn steps(&mut self, depth: u32) -> String {
        match self.choices.below(4) {
            0 | 1 => self.choices.one(SMALL).to_owned(),
            2 => format!("-{}", self.choices.one(SMALL)),
            _ => self.write(Want::Whole, depth),
        }
    }

    fn two(&mut self, want: Want, sign: &str, depth: u32) -> String {
        format!("({} {sign} {})", self.write(want, depth), self.write(want, depth))
    }

    fn if_else(&mut self, want: Want, depth: u32) -> String {
        let condition = self.write(Want::Bool, depth);
        let (yes, no) = self.branches(want, depth);
        format!("({condition} ? {yes} : {no})")
    }

    fn coalesce(&mut self, want: Want, depth: u32) -> String {
        let (first, second) = self.branches(want, depth);
        format!("coalesce({first}, {second})")
    }

    /// Two values, perhaps one of them `null`.
    fn branches(&mut self, want: Want, depth: u32) -> (String, String) {
        let (first, second) = (self.write(want, depth), self.write(want, depth));
        match self.choices.below(10) {
            8 => ("null".to_owned(), second),
            9 => (first, "null".to_owned()),
            _ => (first, second),
        }
    }

    fn extreme(&mut self, want: Want, depth: u32) -> String {
        let name = self.choices.one(&["min", "max"]);
        let values: Vec<String> = (0..2 + self.choices.below(2)).map(|_| self.write(want, depth)).collect();
        format!("{name}({})", values.join(", "))
    }

    fn choice_of(&mut self, want: Want, depth: u32) -> String {
        if self.choices.percent(50) { self.extreme(want, depth) } else { self.coalesce(want, depth) }
    }

    fn leaf(&mut self, want: Want) -> String {
        if self.choices.percent(20) && !matches!(want, Want::Ref(_)) {
            return self.literal(want);
        }
        self.field(want).unwrap_or_else(|| self.literal(want))
    }

    fn reference(&mut self, want: Want) -> String {
        self.field(want).unwrap_or_else(|| "null".to_owned())
    }

    fn literal(&mut self, want: Want) -> String {
        match want {
            Want::Bool => self.choices.one(&["true", "false"]).to_owned(),
            Want::Num | Want::Whole => {
                let list = if want == Want::Num { NUMBERS } else { SMALL };
                let number = self.choices.one(list);
                if self.choices.percent(25) { format!("-{number}") } else { number.to_owned() }
            }
            Want::Text => quoted(self.choices.one(TEXTS)),
            Want::Date => format!("date(\"{}\")", self.choices.one(DAYS)),
            Want::Instant => format!("instant(\"{}\")", self.choices.one(MOMENTS)),
            Want::Ref(_) => format!("\"{}\"", 1 + self.choices.below(12)),
        }
    }

    /// A field of the type, of the record, of a line, or behind references.
    fn field(&mut self, want: Want) -> Option<String> {
        let mut path = String::new();
        let mut kind = self.root;
        // The innermost line is asked for most.
        if self.items > 0 && !self.choices.percent(25) {
            path = format!("l{}.", self.items - 1 - self.choices.below(self.items));
            kind = LINE;
        }
        let mut kind = self.catalogue.kind(kind)?;
        for _ in 0..3 {
            if !self.choices.percent(30) {
                break;
            }
            let ways = self.ways(kind);
            if ways.is_empty() {
                break;
            }
            let (name, to) = ways[self.choices.below(ways.len())].clone();
            path = format!("{path}{name}.");
            kind = self.catalogue.kind(to)?;
        }
        let found = self.named(kind, want);
        (!found.is_empty()).then(|| format!("{path}{}", found[self.choices.below(found.len())]))
    }

    /// References of a kind by name, and the kinds they lead to.
    fn ways(&self, kind: &Kind) -> Vec<(String, u32)> {
        let mut ways = Vec::new();
        if let Some(parent) = kind.parent().and_then(|parent| self.catalogue.kind(parent)) {
            ways.push((parent.name().to_owned(), parent.no()));
        }
        for field in kind.fields() {
            if let FieldType::Ref(to) = field.ty {
                ways.push((field.name.to_string(), to));
            }
        }
        ways
    }

    fn named(&self, kind: &Kind, want: Want) -> Vec<String> {
        let fields = kind.fields().iter().filter(|field| match (&field.ty, want) {
            (FieldType::Bool, Want::Bool) => true,
            (FieldType::Int | FieldType::Num { .. }, Want::Num) => true,
            (FieldType::Int | FieldType::Num { scale: 0, .. }, Want::Whole) => true,
            (FieldType::Text { .. } | FieldType::Choice(_), Want::Text) => true,
            (FieldType::Picklist(_) | FieldType::Currency, Want::Text) => true,
            (FieldType::Date, Want::Date) | (FieldType::Instant, Want::Instant) => true,
            (FieldType::Ref(to), Want::Ref(wanted)) => *to == wanted,
            (FieldType::AnyRef, Want::Ref(_)) => true,
            _ => false,
        });
        let mut names: Vec<String> = fields.map(|field| field.name.to_string()).collect();
        match want {
            Want::Ref(wanted) if wanted == kind.no() => names.push("id".to_owned()),
            Want::Ref(wanted) if Some(wanted) == kind.parent() => {
                names.extend(self.catalogue.kind(wanted).map(|parent| parent.name().to_owned()));
            }
            Want::Num | Want::Whole if kind.parent().is_some() => names.push("line".to_owned()),
            _ => {}
        }
        names
    }
}

/// Text as the language writes it.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
