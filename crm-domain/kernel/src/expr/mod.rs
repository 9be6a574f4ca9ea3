//! The expression language: every condition and formula of the engine is one of these.
//!
//! The syntax is CEL's, the meaning is ours. An [`Expr`] is made once from text, checked against the catalogue, and
//! evaluated by two evaluators that agree: on records in memory ([`Expr::eval`]) and in a store.
//!
//! What it promises:
//! - **Evaluation is total.** A division by zero, too many digits, a date out of range, a reference that leads nowhere
//!   give null with a [`Reason`], never an error. Where a figure is stored or shown the reason becomes one.
//! - **Numbers are exact decimals** with digits and decimals known before anything is evaluated; only `round` rounds,
//!   and a division at 10 decimals.
//! - **Null is unknown.** `x == null` asks for it; any other comparison with null is unknown; `&&` and `||` are
//!   Kleene's; a condition holds only if it is true.
//! - Text is ordered by code point and folded by the kernel's own table. There are no regular expressions.
//! - It reads what it names and nothing else: [`Expr::uses`] is the list.
//!
//! What it never does: read a clock, loop without end, recurse, call out.

mod call;
mod check;
pub mod env;
mod eval;
mod fault;
pub mod node;
mod parse;
mod path;
mod reference;
pub mod table;
pub mod template;
mod types;
mod walk;

pub use env::{Arena, Env, NoSource, Reason, RowEnv, Source, Val, narrow};
pub use eval::eval;
pub use fault::FAULTS;
pub use reference::reference;
pub use template::Template;

use crate::catalogue::Catalogue;
use crate::error::Result;
use crate::value::Value;
use check::Checker;
use fault::Fault;
use node::{Node, Op, Step, Ty, Var};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A checked expression: its text, the kind that it is about, its node and the fields that it reads.
#[derive(Clone, Debug)]
pub struct Expr {
    text: Arc<str>,
    root: u32,
    node: Arc<Node>,
    uses: Arc<[(u32, u32)]>,
}

/// What an expression is checked against.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    /// All kinds.
    pub catalogue: &'a Catalogue,
    /// The number of the kind that the expression is about, a line's kind included.
    pub root: u32,
    /// Names with their values, put in as constants: `today`, `now`, `actor`, `$parameter`. They go before fields of the
    /// same name, so that a field added later does not change what a stored expression means.
    pub names: &'a [(&'a str, Ty, Value)],
}

impl Expr {
    /// Reads and checks a text. Errors: `expression.invalid` with the byte offset (`at`) and `length` of the place, a
    /// stable `fault` and an English `detail`.
    pub fn check(text: &str, scope: &Scope<'_>) -> Result<Expr> {
        let mut checker = Checker::new(scope);
        let checked = checker.text(text)?;
        Ok(Expr::of(text.to_owned(), scope.root, checked.node, checker.fields()))
    }

    /// Reads and checks a text over columns of rows that are no records: each is known by its name, behind `names` as
    /// [`Scope`] has them, and stands in the row at its place. Errors: as [`Expr::check`].
    pub fn over(text: &str, columns: &[(&str, Ty)], names: &[(&str, Ty, Value)]) -> Result<Expr> {
        let catalogue = Catalogue::default();
        let scope = Scope { catalogue: &catalogue, root: 0, names };
        let mut checker = Checker { columns: Some(columns), ..Checker::new(&scope) };
        let checked = checker.text(text)?;
        Ok(Expr::of(text.to_owned(), scope.root, checked.node, checker.fields()))
    }

    /// A text after a field has got another name; the scope still has the old one. Errors: as [`Expr::check`].
    pub fn renamed(text: &str, scope: &Scope<'_>, kind: u32, field: u32, name: &str) -> Result<String> {
        let mut checker = Checker::new(scope);
        checker.text(text)?;
        Ok(checker.renamed(text, kind, field, name))
    }

    /// Reads and checks a condition. Errors: as [`Expr::check`]; also where it is not a boolean.
    pub fn condition(text: &str, scope: &Scope<'_>) -> Result<Expr> {
        Expr::check(text, scope)?.as_condition()
    }

    /// The same expression, which has to be a condition. Errors: `expression.invalid` where it is not a boolean.
    pub fn as_condition(self) -> Result<Expr> {
        if *self.ty() != Ty::Bool {
            let detail = format!("a condition is a boolean, not {}", types::ty_name(self.ty()));
            return Err(Fault::new("type_mismatch", (0, self.text.len()), detail).into());
        }
        Ok(self)
    }

    /// The field at a path such as `customer.region`. Errors: as [`Expr::check`].
    pub fn field(catalogue: &Catalogue, root: u32, path: &str) -> Result<Expr> {
        let expr = Expr::check(path, &Scope { catalogue, root, names: &[] })?;
        match expr.node.op {
            Op::Field { .. } => Ok(expr),
            _ => Err(Fault::new("syntax", (0, path.len()), "a field is wanted here").into()),
        }
    }

    /// A value of a type. A number stands at the decimals of its type.
    pub fn constant(root: u32, value: Value, ty: Ty) -> Expr {
        let text = literal(&value);
        Expr::of(text, root, Node { op: Op::Const(value), ty }, Vec::new())
    }

    /// The same expression, asked from where a path begins: `place` is the id at the end of the path, such as
    /// `order.customer.id` for an expression about customers.
    #[must_use]
    pub fn through(self, place: &Expr) -> Expr {
        let Op::Field { path, .. } = &place.node.op else { return self };
        let uses: BTreeSet<(u32, u32)> = self.uses.iter().chain(place.uses.iter()).copied().collect();
        let node = unshared(self.node).through(Var::Root, path);
        Expr { text: self.text, root: place.root, node: Arc::new(node), uses: uses.into_iter().collect() }
    }

    /// The same expression where a reference to a record for which the condition of its kind does not hold leads
    /// nowhere, as if the record were gone.
    #[must_use]
    pub fn masked(self, conditions: &BTreeMap<u32, Expr>) -> Expr {
        if conditions.is_empty() {
            return self;
        }
        let conditions_use = conditions.values().flat_map(|condition| condition.uses.iter());
        let uses: BTreeSet<(u32, u32)> = self.uses.iter().chain(conditions_use).copied().collect();
        let node = unshared(self.node).masked(conditions);
        Expr { text: self.text, root: self.root, node: Arc::new(node), uses: uses.into_iter().collect() }
    }

    /// True where both conditions are; both are about the same kind.
    #[must_use]
    pub fn and(self, other: Expr) -> Expr {
        self.joined(other, "&&", Op::And)
    }

    /// True where one of the conditions is; both are about the same kind.
    #[must_use]
    pub fn or(self, other: Expr) -> Expr {
        self.joined(other, "||", Op::Or)
    }

    /// True where one of any number of conditions is; false where there are none.
    pub fn any_of(root: u32, mut conditions: Vec<Expr>) -> Expr {
        // Halves, not a chain: the depth grows with the logarithm, however many conditions there are.
        let half = conditions.split_off(conditions.len() / 2);
        match (conditions.is_empty(), half.len()) {
            (_, 0) => Expr::constant(root, Value::Bool(false), Ty::Bool),
            (true, _) => half.into_iter().next().unwrap_or_else(|| Expr::any_of(root, Vec::new())),
            (false, _) => Expr::any_of(root, conditions).or(Expr::any_of(root, half)),
        }
    }

    /// True where the value is one of those given, however many; false where none are. The values are of this
    /// expression's type.
    #[must_use]
    pub fn one_of(self, values: Vec<Value>) -> Expr {
        if values.is_empty() {
            return Expr::constant(self.root, Value::Bool(false), Ty::Bool);
        }
        let texts: Vec<String> = values.iter().map(literal).collect();
        let text = format!("({}) in [{}]", self.text, texts.join(", "));
        let of = unshared(self.node);
        let constant = |value| Node { ty: constant_ty(&value, &of.ty), op: Op::Const(value) };
        let list = values.into_iter().map(constant).collect();
        let node = Node { op: Op::In(Box::new(of), list), ty: Ty::Bool };
        Expr::of(text, self.root, node, self.uses.to_vec())
    }

    /// What both evaluators read.
    pub fn node(&self) -> &Node {
        &self.node
    }

    /// The type of its value.
    pub fn ty(&self) -> &Ty {
        &self.node.ty
    }

    /// The number of the kind that it is about.
    pub fn root(&self) -> u32 {
        self.root
    }

    /// The text it was made from.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The fields it reads, as (kind number, field number), sorted, each once: what field permission and renaming
    /// look at.
    pub fn uses(&self) -> &[(u32, u32)] {
        &self.uses
    }

    /// References from the record itself that have to be loaded to evaluate it, with their prefixes, shortest first,
    /// each once. What lines inside a quantifier refer to is found by [`Arena::fill`].
    pub fn reference_paths(&self) -> Vec<Vec<Step>> {
        let mut out = Vec::new();
        collect_paths(&self.node, &mut out);
        out.sort_by_key(Vec::len);
        out
    }

    /// The value on a record. Total.
    pub fn eval<'a>(&'a self, env: &'a dyn Env) -> Val<'a> {
        eval(&self.node, env)
    }

    /// The value as it leaves the expression: a number has to fit 18 digits at its static decimals, else it is null.
    pub fn value(&self, env: &dyn Env) -> Value {
        narrow(self.eval(env), &self.node.ty)
    }

    /// Whether the condition is true; unknown is not.
    pub fn holds(&self, env: &dyn Env) -> bool {
        self.eval(env) == Val::Bool(true)
    }

    fn of(text: String, root: u32, node: Node, uses: Vec<(u32, u32)>) -> Expr {
        Expr { text: text.into(), root, node: Arc::new(node), uses: uses.into() }
    }

    fn joined(self, other: Expr, sign: &str, op: fn(Box<Node>, Box<Node>) -> Op) -> Expr {
        let text = format!("({}) {sign} ({})", self.text, other.text);
        debug_assert_eq!(self.root, other.root);
        let uses: BTreeSet<(u32, u32)> = self.uses.iter().chain(other.uses.iter()).copied().collect();
        let uses = uses.into_iter().collect();
        let node =
            Node { op: op(Box::new(unshared(self.node)), Box::new(unshared(other.node))), ty: Ty::Bool };
        Expr::of(text, self.root, node, uses)
    }
}

/// The type of a constant that stands beside a value of a type: a number has digits of its own.
fn constant_ty(value: &Value, beside: &Ty) -> Ty {
    match value {
        Value::Num(num) => {
            let dec = crate::dec::Dec::from_i64_at(num.mantissa, num.scale);
            Ty::Num { digits: dec.digits().max(num.scale), scale: num.scale }
        }
        _ => beside.clone(),
    }
}

fn unshared(node: Arc<Node>) -> Node {
    Arc::try_unwrap(node).unwrap_or_else(|shared| (*shared).clone())
}

fn collect_paths(node: &Node, out: &mut Vec<Vec<Step>>) {
    if let Op::Field { var: Var::Root, path, .. } | Op::Quantify { var: Var::Root, path, .. } = &node.op {
        for length in 1..=path.len() {
            let prefix: Vec<Step> = path.iter().take(length).copied().collect();
            if !out.contains(&prefix) {
                out.push(prefix);
            }
        }
    }
    for child in node.children() {
        collect_paths(child, out);
    }
}

/// A constant as the language writes it.
fn literal(value: &Value) -> String {
    match value {
        Value::Bool(value) => value.to_string(),
        Value::Num(num) => crate::dec::Dec::from_i64_at(num.mantissa, num.scale).to_string(),
        Value::Text(text) => {
            let mut out = String::new();
            crate::json::write_text(text, &mut out);
            out
        }
        Value::Date(date) => format!("date(\"{date}\")"),
        Value::Instant(instant) => format!("instant(\"{instant}\")"),
        Value::Ref(id) => format!("\"{id}\""),
        Value::Null | Value::Json(_) | Value::Rows(_) | Value::Row(_) | Value::List(_) => "null".to_owned(),
    }
}

#[cfg(test)]
mod tests;
