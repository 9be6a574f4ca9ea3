//! What the evaluator reads: values in flight, where fields come from, and records in memory.

use super::node::{Leaf, Node, Op, Step, Ty, Var};
use crate::date::{Date, Instant};
use crate::dec::Dec;
use crate::error::Result;
use crate::id::Id;
use crate::value::{Num, Row, Value};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A value in flight: a number may have up to 38 digits, and null knows why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Val<'a> {
    /// No value, or unknown.
    Null(Reason),
    /// Yes or no.
    Bool(bool),
    /// A number.
    Num(Dec),
    /// Text.
    Text(Cow<'a, str>),
    /// A business date.
    Date(Date),
    /// A point in time.
    Instant(Instant),
    /// The id of a record.
    Ref(i64),
}

/// Why there is no value. Where a figure is stored or shown, the reason becomes an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// A field without a value, or the literal `null`.
    Missing,
    /// A reference on the way is null, or its record is gone.
    MissingReference,
    /// A division by zero.
    DivisionByZero,
    /// More digits than there are: 38 on the way, 18 at the end.
    Overflow,
    /// A date or point in time outside the years 1 to 9999.
    DateRange,
    /// A place in a text that is negative.
    TextRange,
    /// A value of another type than the expression was checked for.
    WrongType,
}

impl Reason {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Reason::Missing => "missing",
            Reason::MissingReference => "missing_reference",
            Reason::DivisionByZero => "division_by_zero",
            Reason::Overflow => "overflow",
            Reason::DateRange => "date_range",
            Reason::TextRange => "text_range",
            Reason::WrongType => "wrong_type",
        }
    }
}

impl<'a> Val<'a> {
    /// A stored value. What is not queried (JSON, lines, messages) is null.
    pub fn of(value: &'a Value) -> Val<'a> {
        match value {
            Value::Null => Val::Null(Reason::Missing),
            Value::Bool(value) => Val::Bool(*value),
            Value::Num(num) => Val::Num(Dec::from_i64_at(num.mantissa, num.scale)),
            Value::Text(text) => Val::Text(Cow::Borrowed(text)),
            Value::Date(date) => Val::Date(*date),
            Value::Instant(instant) => Val::Instant(*instant),
            Value::Ref(id) => Val::Ref(id.number()),
            Value::Json(_) | Value::Rows(_) | Value::Row(_) | Value::List(_) => Val::Null(Reason::WrongType),
        }
    }

    /// True for null.
    pub fn is_null(&self) -> bool {
        matches!(self, Val::Null(_))
    }

    /// Why there is no value.
    pub fn reason(&self) -> Option<Reason> {
        match self {
            Val::Null(reason) => Some(*reason),
            _ => None,
        }
    }
}

/// A value as it leaves an expression: a number at its static decimals, null where it needs more than 18 digits there.
pub fn narrow(val: Val<'_>, ty: &Ty) -> Value {
    match (val, ty) {
        (Val::Num(dec), Ty::Num { scale, .. }) => {
            dec.to_i64_at(*scale).map_or(Value::Null, |mantissa| Value::Num(Num { mantissa, scale: *scale }))
        }
        (Val::Bool(value), _) => Value::Bool(value),
        (Val::Text(text), _) => Value::Text(text.into_owned()),
        (Val::Date(date), _) => Value::Date(date),
        (Val::Instant(instant), _) => Value::Instant(instant),
        (Val::Ref(id), _) => Id::new(id).map_or(Value::Null, Value::Ref),
        (Val::Null(_) | Val::Num(_), _) => Value::Null,
    }
}

/// Where the evaluator reads from.
pub trait Env {
    /// A field; null with [`Reason::MissingReference`] where a reference on the way leads nowhere.
    fn field(&self, var: Var, path: &[Step], leaf: Leaf) -> Val<'_>;

    /// Calls `each` for the lines at a position, in order, with an environment in which `Var::Item(depth)` is the
    /// line, until it answers false. Nothing is called where a reference on the way leads nowhere.
    fn each_line(
        &self,
        var: Var,
        path: &[Step],
        position: usize,
        depth: u8,
        each: &mut dyn FnMut(&dyn Env) -> bool,
    );
}

/// Records by kind and id, as the evaluator finds what is referred to.
pub trait Source {
    /// The record, if it is there.
    fn row(&self, kind: u32, id: i64) -> Option<&Row>;
}

/// No records: for expressions that follow no references.
pub struct NoSource;

impl Source for NoSource {
    fn row(&self, _: u32, _: i64) -> Option<&Row> {
        None
    }
}

/// An environment without fields: for constants.
pub struct NoFields;

impl Env for NoFields {
    fn field(&self, _: Var, _: &[Step], _: Leaf) -> Val<'_> {
        Val::Null(Reason::Missing)
    }

    fn each_line(&self, _: Var, _: &[Step], _: usize, _: u8, _: &mut dyn FnMut(&dyn Env) -> bool) {}
}

/// A record in memory, with what it refers to.
pub struct RowEnv<'a> {
    /// The record or line that the expression is about.
    pub root: &'a Row,
    /// The document of a line.
    pub parent: Option<&'a Row>,
    /// Where references lead.
    pub source: &'a dyn Source,
}

/// A row and, where it is a line, its document.
type Place<'a> = (&'a Row, Option<&'a Row>);

/// What is common to a record and to a line inside it.
trait Places {
    fn place(&self, var: Var) -> Option<Place<'_>>;
    fn source(&self) -> &dyn Source;
}

impl Places for RowEnv<'_> {
    fn place(&self, var: Var) -> Option<Place<'_>> {
        matches!(var, Var::Root).then_some((self.root, self.parent))
    }

    fn source(&self) -> &dyn Source {
        self.source
    }
}

/// A line inside a quantifier.
struct ItemEnv<'a> {
    line: Place<'a>,
    depth: u8,
    outer: &'a dyn Places,
}

impl Places for ItemEnv<'_> {
    fn place(&self, var: Var) -> Option<Place<'_>> {
        if var == Var::Item(self.depth) { Some(self.line) } else { self.outer.place(var) }
    }

    fn source(&self) -> &dyn Source {
        self.outer.source()
    }
}

macro_rules! env {
    ($type:ident) => {
        impl Env for $type<'_> {
            fn field(&self, var: Var, path: &[Step], leaf: Leaf) -> Val<'_> {
                match self.place(var).and_then(|place| walk(place, path, self.source())) {
                    None => Val::Null(Reason::MissingReference),
                    Some((row, _)) => match leaf {
                        Leaf::Field(position) => Val::of(row.at(position)),
                        Leaf::Id => Val::Ref(row.id),
                        Leaf::LineNo => Val::Num(Dec::from_int(row.id)),
                    },
                }
            }

            fn each_line(
                &self,
                var: Var,
                path: &[Step],
                position: usize,
                depth: u8,
                each: &mut dyn FnMut(&dyn Env) -> bool,
            ) {
                if let Some((row, _)) = self.place(var).and_then(|place| walk(place, path, self.source())) {
                    for line in row.at(position).as_rows() {
                        if !each(&ItemEnv { line: (line, Some(row)), depth, outer: self }) {
                            break;
                        }
                    }
                }
            }
        }
    };
}

env!(RowEnv);
env!(ItemEnv);

/// Follows references from a row.
fn walk<'a>(from: Place<'a>, path: &[Step], source: &'a dyn Source) -> Option<Place<'a>> {
    path.iter().try_fold(from, |(row, parent), step| match step {
        Step::Parent { .. } => parent.map(|parent| (parent, None)),
        Step::Field { position, to } => {
            let id = row.at(*position).as_id()?;
            source.row(*to, id.number()).map(|row| (row, None))
        }
    })
}

/// Records collected from a store so that expressions can be evaluated on a row in memory.
#[derive(Clone, Debug, Default)]
pub struct Arena {
    rows: BTreeMap<(u32, i64), Option<Arc<Row>>>,
}

impl Source for Arena {
    fn row(&self, kind: u32, id: i64) -> Option<&Row> {
        self.rows.get(&(kind, id)).and_then(Option::as_deref)
    }
}

impl Arena {
    /// Reads every record that a node refers to from a row on, and from its lines on, each once. `get` is the store's
    /// read. Errors: those of `get`.
    pub fn fill(
        &mut self,
        node: &Node,
        root: &Row,
        parent: Option<&Row>,
        get: &mut dyn FnMut(u32, i64) -> Result<Option<Arc<Row>>>,
    ) -> Result<()> {
        loop {
            let mut wanted = BTreeSet::new();
            self.wanted(node, &RowEnv { root, parent, source: self }, &mut wanted);
            if wanted.is_empty() {
                return Ok(());
            }
            for (kind, id) in wanted {
                let row = get(kind, id)?;
                self.rows.insert((kind, id), row);
            }
        }
    }

    /// Puts a record in, or the knowledge that there is none.
    pub fn insert(&mut self, kind: u32, id: i64, row: Option<Arc<Row>>) {
        self.rows.insert((kind, id), row);
    }

    fn wanted(&self, node: &Node, here: &dyn Places, out: &mut BTreeSet<(u32, i64)>) {
        match &node.op {
            Op::Field { var, path, .. } => self.first_unknown(here.place(*var), path, out),
            Op::Quantify { var, path, position, depth, body, .. } => {
                self.first_unknown(here.place(*var), path, out);
                if let Some((row, _)) = here.place(*var).and_then(|place| walk(place, path, self)) {
                    for line in row.at(*position).as_rows() {
                        let line = (line, Some(row));
                        self.wanted(body, &ItemEnv { line, depth: *depth, outer: here }, out);
                    }
                }
            }
            _ => node.children().for_each(|child| self.wanted(child, here, out)),
        }
    }

    /// The first record on a path that was not asked for yet.
    fn first_unknown(&self, from: Option<Place<'_>>, path: &[Step], out: &mut BTreeSet<(u32, i64)>) {
        let Some(mut place) = from else { return };
        for step in path {
            if let Step::Field { position, to } = step
                && let Some(id) = place.0.at(*position).as_id()
                && !self.rows.contains_key(&(*to, id.number()))
            {
                out.insert((*to, id.number()));
                return;
            }
            match walk(place, std::slice::from_ref(step), self) {
                Some(next) => place = next,
                None => return,
            }
        }
    }
}
