//! Syntax tree to checked node: names to fields, types, decimals, constants folded.

use super::Scope;
use super::env::narrow;
use super::eval::constant;
use super::fault::Fault;
use super::node::{Arith, Node, Op, Step, Ty, Var};
use super::parse::{Ast, Kind as Syntax, Place, Sign, parse};
use super::path::{Found, Segment};
use super::table::{Function, MAX_SCALE, QUOTIENT_SCALE, operator};
use super::types::{MAX_DIGITS, comparable, compared, num, ty_name, unify, wants, whole, widened};
use crate::date::{Date, Instant};
use crate::dec::{Dec, Rounding};
use crate::record::{ChoiceDef, FieldType};
use crate::value::Value;
use std::collections::BTreeSet;

/// Most nodes one inside the other: what both evaluators can recurse through on a small stack, and SQLite as well.
const MAX_DEPTH: usize = 300;

/// Checks syntax trees against a scope and collects the fields that they read.
pub(super) struct Checker<'a> {
    pub scope: &'a Scope<'a>,
    /// Columns of a row that is no record, by name; then there is no kind to read fields of.
    pub columns: Option<&'a [(&'a str, Ty)]>,
    /// Names of the lines of quantifiers that are open here, the outermost first, with their kinds.
    pub vars: Vec<(String, u32)>,
    /// Fields read, in the order of the text.
    pub uses: Vec<Use>,
    /// Where in a longer text the expression begins.
    pub base: usize,
}

/// A field named in a text.
pub(super) struct Use {
    pub kind: u32,
    pub field: u32,
    pub place: Place,
}

/// A checked part with its place.
pub(super) struct Checked {
    pub node: Node,
    pub place: Place,
    /// Nodes on the longest way down.
    pub depth: usize,
    pub hint: Hint,
}

/// What is known of a part beyond its type.
#[derive(Clone, Copy)]
pub(super) enum Hint {
    Nothing,
    /// A text written out: it may stand for an id or for an option.
    TextLiteral,
    Choice(&'static ChoiceDef),
    Currency,
}

impl Checked {
    pub(super) fn is_null(&self) -> bool {
        self.node.ty == Ty::Null
    }

    pub(super) fn literal_text(&self) -> Option<&str> {
        match (&self.node.op, self.hint) {
            (Op::Const(Value::Text(text)), Hint::TextLiteral) => Some(text),
            _ => None,
        }
    }
}

impl<'a> Checker<'a> {
    pub(super) fn new(scope: &'a Scope<'a>) -> Checker<'a> {
        Checker { scope, columns: None, vars: Vec::new(), uses: Vec::new(), base: 0 }
    }

    /// The fields read, as (kind number, field number), sorted, each once.
    pub(super) fn fields(&self) -> Vec<(u32, u32)> {
        let all: BTreeSet<(u32, u32)> = self.uses.iter().map(|used| (used.kind, used.field)).collect();
        all.into_iter().collect()
    }

    /// The text with another name for a field.
    pub(super) fn renamed(&self, text: &str, kind: u32, field: u32, name: &str) -> String {
        let mut out = String::new();
        let mut done = 0;
        let mut places: Vec<Place> = self
            .uses
            .iter()
            .filter(|used| (used.kind, used.field) == (kind, field))
            .map(|used| used.place)
            .collect();
        places.sort_unstable();
        places.dedup();
        for (at, end) in places {
            out.push_str(text.get(done..at).unwrap_or_default());
            out.push_str(name);
            done = end;
        }
        out.push_str(text.get(done..).unwrap_or_default());
        out
    }

    /// Reads and checks a text.
    pub(super) fn text(&mut self, text: &str) -> Result<Checked, Fault> {
        let checked = self.check(&parse(text)?)?;
        if checked.is_null() {
            return Err(Fault::new("type_mismatch", checked.place, "`null` alone has no type"));
        }
        Ok(checked)
    }

    pub(super) fn check(&mut self, ast: &Ast) -> Result<Checked, Fault> {
        let place = ast.place;
        match &ast.kind {
            Syntax::Null => Ok(leaf(Op::Const(Value::Null), Ty::Null, place)),
            Syntax::Bool(value) => Ok(leaf(Op::Const(Value::Bool(*value)), Ty::Bool, place)),
            Syntax::Num(dec) => Ok(leaf_const(number(*dec, place)?, place)),
            Syntax::Text(text) => {
                let mut checked = leaf(Op::Const(Value::Text(text.clone())), Ty::Text, place);
                checked.hint = Hint::TextLiteral;
                Ok(checked)
            }
            Syntax::List(_) => Err(Fault::new("syntax", place, "a list stands only behind `in`")),
            Syntax::Name(_) | Syntax::Member(..) => self.path(ast),
            Syntax::Call(target, name, name_place, args) => {
                self.call(place, target.as_deref(), name, *name_place, args)
            }
            Syntax::Not(of) => {
                let of = self.boolean(of)?;
                finish(Op::Not, Ty::Bool, place, of)
            }
            Syntax::Negate(of) => {
                let of = self.number(of)?;
                let ty = of.node.ty.clone();
                finish(Op::Negate, ty, place, of)
            }
            Syntax::All(list) => self.joined(list, Op::And),
            Syntax::Any(list) => self.joined(list, Op::Or),
            Syntax::Sum(first, rest) => self.sum(first, rest),
            Syntax::Product(first, rest) => self.product(first, rest, QUOTIENT_SCALE, Rounding::HalfUp),
            Syntax::Compare(compare, sign, left, right) => {
                let (left, right) = (self.check(left)?, self.check(right)?);
                compared(*compare, *sign, left, right, place)
            }
            Syntax::In(of, sign, list) => self.one_of(of, *sign, list, place),
            Syntax::If(condition, yes, no) => {
                let condition = self.boolean(condition)?;
                let mut branches = vec![self.check(yes)?, self.check(no)?];
                let (ty, hint) = unify(&mut branches)?;
                let depth = condition.depth.max(deepest(&branches)) + 1;
                let mut parts = branches.into_iter().map(|branch| Box::new(branch.node));
                let (Some(yes), Some(no)) = (parts.next(), parts.next()) else {
                    return Err(Fault::new("syntax", place, "two branches are wanted"));
                };
                made(Op::If(Box::new(condition.node), yes, no), ty, place, depth, hint)
            }
        }
    }

    /// A part that has to be a boolean.
    pub(super) fn boolean(&mut self, ast: &Ast) -> Result<Checked, Fault> {
        self.typed(ast, "boolean", |ty| *ty == Ty::Bool)
    }

    pub(super) fn number(&mut self, ast: &Ast) -> Result<Checked, Fault> {
        self.typed(ast, "number", |ty| matches!(ty, Ty::Num { .. }))
    }

    fn typed(&mut self, ast: &Ast, wanted: &str, accepts: fn(&Ty) -> bool) -> Result<Checked, Fault> {
        let checked = self.check(ast)?;
        wants(&checked, wanted, accepts)?;
        Ok(checked)
    }

    fn path(&mut self, ast: &Ast) -> Result<Checked, Fault> {
        let Some(segments) = Segment::of(ast) else {
            return Err(Fault::new(
                "not_readable",
                ast.place,
                "fields are read from records and references only",
            ));
        };
        match self.resolve(&segments)? {
            Found::Name(ty, value) => named(&ty, value, ast.place).map(|node| leaf_const(node, ast.place)),
            Found::Field { var, path, leaf: end, ty, field } => {
                let mut checked = leaf(Op::Field { var, path, leaf: end }, ty, ast.place);
                checked.hint = match field {
                    Some(FieldType::Choice(choice)) => Hint::Choice(choice),
                    Some(FieldType::Currency) => Hint::Currency,
                    _ => Hint::Nothing,
                };
                Ok(checked)
            }
            Found::Lines { .. } => {
                let name = segments.last().map_or("", |segment| segment.name);
                Err(Fault::new(
                    "not_readable",
                    ast.place,
                    format!("`{name}` are lines: ask `{name}.exists(l, ...)` or `{name}.all(l, ...)`"),
                ))
            }
        }
    }

    /// `&&` and `||`: both are associative, so a chain becomes a balanced tree.
    fn joined(&mut self, list: &[Ast], op: fn(Box<Node>, Box<Node>) -> Op) -> Result<Checked, Fault> {
        let mut parts = Vec::new();
        for ast in list {
            parts.push(self.boolean(ast)?);
        }
        halves(parts, op)
    }

    fn sum(&mut self, first: &Ast, rest: &[(Sign, Place, Ast)]) -> Result<Checked, Fault> {
        let mut left = self.check(first)?;
        for (sign, sign_place, ast) in rest {
            let right = self.check(ast)?;
            let place = (left.place.0, right.place.1);
            left = match (&left.node.ty, &right.node.ty, sign) {
                (Ty::Num { .. }, Ty::Num { .. }, _) => {
                    let ty = widened(&left.node.ty, &right.node.ty, 1);
                    let arith = if *sign == Sign::Minus { Arith::Subtract } else { Arith::Add };
                    finish_two(|left, right| Op::Arith(arith, left, right), ty, place, left, right)?
                }
                (Ty::Text, Ty::Text, Sign::Plus) => {
                    finish_call(Function::Concat, Ty::Text, place, vec![left, right], Hint::Nothing)?
                }
                (left, right, _) => {
                    let verb = if *sign == Sign::Minus { "subtract" } else { "add" };
                    let (left, right) = (ty_name(left), ty_name(right));
                    return Err(Fault::new(
                        "type_mismatch",
                        *sign_place,
                        match *sign {
                            Sign::Minus => format!("cannot {verb} {right} from {left}"),
                            _ => format!("cannot {verb} {left} and {right}"),
                        },
                    ));
                }
            };
        }
        Ok(left)
    }

    /// A chain of `*` and `/`. The last division is done at `scale` with `rounding`, others at ten decimals.
    fn product(
        &mut self,
        first: &Ast,
        rest: &[(Sign, Place, Ast)],
        scale: u8,
        rounding: Rounding,
    ) -> Result<Checked, Fault> {
        let mut left = self.check(first)?;
        for (at, (sign, sign_place, ast)) in rest.iter().enumerate() {
            let right = self.check(ast)?;
            let place = (left.place.0, right.place.1);
            let (Ty::Num { digits: a, scale: p }, Ty::Num { digits: b, scale: q }) =
                (&left.node.ty, &right.node.ty)
            else {
                let verb = if *sign == Sign::Over { "divide" } else { "multiply" };
                let (a, b) = (ty_name(&left.node.ty), ty_name(&right.node.ty));
                return Err(Fault::new("type_mismatch", *sign_place, format!("cannot {verb} {a} by {b}")));
            };
            let (a, p, b, q) = (*a, *p, *b, *q);
            left = if *sign == Sign::Over {
                let last = at + 1 == rest.len();
                let (scale, rounding) =
                    if last { (scale, rounding) } else { (QUOTIENT_SCALE, Rounding::HalfUp) };
                // The divisor is at least one unit of its last decimal; rounding may add a digit.
                let ty = num(whole(a, p) + u32::from(q) + u32::from(scale) + 1, scale);
                finish_two(|left, right| Op::Divide { left, right, rounding }, ty, place, left, right)?
            } else {
                if p + q > MAX_SCALE {
                    return Err(Fault::new(
                        "too_many_decimals",
                        *sign_place,
                        format!("a product of {p} and {q} decimals has more than 18: round a factor first"),
                    ));
                }
                let ty = num(u32::from(a) + u32::from(b), p + q);
                finish_two(|left, right| Op::Arith(Arith::Multiply, left, right), ty, place, left, right)?
            };
        }
        Ok(left)
    }

    /// `round(a / b, n)`: one division where the outermost operator inside is one.
    pub(super) fn rounded(
        &mut self,
        of: &Ast,
        scale: u8,
        rounding: Rounding,
        place: Place,
    ) -> Result<Checked, Fault> {
        if let Syntax::Product(first, rest) = &of.kind
            && let Some((Sign::Over, ..)) = rest.last()
        {
            let mut divided = self.product(first, rest, scale, rounding)?;
            divided.place = place;
            return Ok(divided);
        }
        let of = self.number(of)?;
        let Ty::Num { digits, scale: from } = of.node.ty else { return Ok(of) };
        if from <= scale {
            return Ok(Checked { place, ..of });
        }
        let ty = num(whole(digits, from) + u32::from(scale) + 1, scale);
        let decimals = leaf_const(number(Dec::from(u32::from(scale)), place)?, place);
        let mode = leaf(Op::Const(Value::Text(rounding.code().to_owned())), Ty::Text, place);
        finish_call(Function::Round, ty, place, vec![of, decimals, mode], Hint::Nothing)
    }

    fn one_of(&mut self, of: &Ast, sign: Place, list: &Ast, place: Place) -> Result<Checked, Fault> {
        let Syntax::List(items) = &list.kind else {
            return Err(Fault::new("syntax", list.place, "`in` wants a list: `x in ['a', 'b']`"));
        };
        let mut of = self.check(of)?;
        if of.is_null() {
            return Err(Fault::new("type_mismatch", of.place, "`null` is in no list"));
        }
        let mut checked = items.iter().map(|item| self.check(item)).collect::<Result<Vec<_>, _>>()?;
        // Twice: the text `of` may stand for an id, which a later item decides for the texts before it.
        for _ in 0..2 {
            checked
                .iter_mut()
                .filter(|item| !item.is_null())
                .try_for_each(|item| comparable(&mut of, item, sign))?;
        }
        for item in checked.iter_mut().filter(|item| item.is_null()) {
            item.node.ty = of.node.ty.clone();
        }
        let depth = of.depth.max(deepest(&checked)) + 1;
        let op = if checked.is_empty() {
            // An or over nothing, also where the value is null.
            Op::Const(Value::Bool(false))
        } else {
            Op::In(Box::new(of.node), checked.into_iter().map(|item| item.node).collect())
        };
        made(op, Ty::Bool, place, depth, Hint::Nothing)
    }

    /// `lines.exists(l, condition)`.
    pub(super) fn quantified(
        &mut self,
        all: bool,
        target: Option<&Ast>,
        name_place: Place,
        args: &[Ast],
        place: Place,
    ) -> Result<Checked, Fault> {
        let how = "lines are asked as `lines.exists(l, l.quantity > 1)` or `lines.all(l, l.quantity > 1)`";
        let (Some(target), [name, body]) = (target, args) else {
            return Err(Fault::new("wrong_arguments", name_place, how));
        };
        let Syntax::Name(name) = &name.kind else {
            return Err(Fault::new("wrong_arguments", name.place, how));
        };
        let (var, path, position, child) = self.lines(target)?;
        let depth = u8::try_from(self.vars.len()).unwrap_or(u8::MAX);
        self.vars.push((name.clone(), child));
        let body = self.boolean(body);
        self.vars.pop();
        let body = body?;
        let below = body.depth;
        let body = Box::new(body.node);
        made(
            Op::Quantify { all, var, path, position, child, depth, body },
            Ty::Bool,
            place,
            below + 1,
            Hint::Nothing,
        )
    }

    /// A path that has to lead to lines: where their parent is found, their position in it and their kind.
    pub(super) fn lines(&mut self, target: &Ast) -> Result<(Var, Vec<Step>, usize, u32), Fault> {
        let wrong = || Fault::new("type_mismatch", target.place, "lines are wanted here");
        let segments = Segment::of(target).ok_or_else(wrong)?;
        match self.resolve(&segments)? {
            Found::Lines { var, path, position, child } => Ok((var, path, position, child)),
            _ => Err(wrong()),
        }
    }
}

pub(super) fn deepest(list: &[Checked]) -> usize {
    list.iter().map(|checked| checked.depth).max().unwrap_or(0)
}

fn leaf(op: Op, ty: Ty, place: Place) -> Checked {
    leaf_const(Node { op, ty }, place)
}

fn leaf_const(node: Node, place: Place) -> Checked {
    Checked { node, place, depth: 1, hint: Hint::Nothing }
}

/// A constant number with its own digits.
fn number(dec: Dec, place: Place) -> Result<Node, Fault> {
    let scale = dec.scale();
    match Value::num(dec, scale) {
        Ok(value) if scale <= MAX_SCALE => {
            let ty = Ty::Num { digits: dec.digits().max(scale), scale };
            Ok(Node { op: Op::Const(value), ty })
        }
        _ => Err(Fault::new("bad_number", place, format!("`{dec}` has more than 18 digits"))),
    }
}

/// A name's value as a constant of its type.
fn named(ty: &Ty, value: &Value, place: Place) -> Result<Node, Fault> {
    let bad = || Fault::new("bad_parameter", place, format!("the value given is not a {}", ty_name(ty)));
    let mut ty = ty.clone();
    if let Ty::Num { digits, scale } = &mut ty {
        *digits = (*digits).clamp(*scale, MAX_DIGITS);
    }
    let value = match (&ty, value) {
        (_, Value::Null) => Value::Null,
        (Ty::Num { scale, .. }, Value::Num(_)) if *scale <= MAX_SCALE => {
            let dec = value.as_dec().ok_or_else(bad)?;
            Value::num(dec, *scale).map_err(|_| bad())?
        }
        (Ty::Bool, Value::Bool(_))
        | (Ty::Text, Value::Text(_))
        | (Ty::Date, Value::Date(_))
        | (Ty::Instant, Value::Instant(_))
        | (Ty::Ref(_), Value::Ref(_)) => value.clone(),
        _ => return Err(bad()),
    };
    Ok(Node { op: Op::Const(value), ty })
}

/// A node over its parts. Where all of them are constants and the value is not null and fits, it is that constant:
/// `addDays(today, -30)` is a date that a store can look up in an index.
pub(super) fn made(op: Op, ty: Ty, place: Place, depth: usize, hint: Hint) -> Result<Checked, Fault> {
    if depth > MAX_DEPTH {
        return Err(Fault::new("too_deep", place, "too many operators lie one inside the other"));
    }
    let node = Node { op, ty };
    let is_constant = |child: &Node| matches!(child.op, Op::Const(_));
    if !matches!(node.op, Op::Const(_) | Op::Field { .. } | Op::Quantify { .. })
        && node.children().all(is_constant)
    {
        let value = narrow(constant(&node), &node.ty);
        if !value.is_null() {
            let ty = match (&node.ty, value.as_dec()) {
                (Ty::Num { scale, .. }, Some(dec)) => {
                    Ty::Num { digits: dec.digits().max(*scale), scale: *scale }
                }
                _ => node.ty,
            };
            return Ok(Checked { node: Node { op: Op::Const(value), ty }, place, depth: 1, hint });
        }
    }
    Ok(Checked { node, place, depth, hint })
}

fn finish(op: fn(Box<Node>) -> Op, ty: Ty, place: Place, of: Checked) -> Result<Checked, Fault> {
    made(op(Box::new(of.node)), ty, place, of.depth + 1, Hint::Nothing)
}

pub(super) fn finish_two(
    op: impl FnOnce(Box<Node>, Box<Node>) -> Op,
    ty: Ty,
    place: Place,
    left: Checked,
    right: Checked,
) -> Result<Checked, Fault> {
    let depth = left.depth.max(right.depth) + 1;
    made(op(Box::new(left.node), Box::new(right.node)), ty, place, depth, Hint::Nothing)
}

/// A function over its arguments.
pub(super) fn finish_call(
    function: Function,
    ty: Ty,
    place: Place,
    args: Vec<Checked>,
    hint: Hint,
) -> Result<Checked, Fault> {
    let depth = deepest(&args) + 1;
    let args = args.into_iter().map(|arg| arg.node).collect();
    made(Op::Call(operator(function), args), ty, place, depth, hint)
}

fn halves(mut parts: Vec<Checked>, op: fn(Box<Node>, Box<Node>) -> Op) -> Result<Checked, Fault> {
    if parts.len() > 1 {
        let right = halves(parts.split_off(parts.len().div_ceil(2)), op)?;
        let left = halves(parts, op)?;
        let place = (left.place.0, right.place.1);
        return finish_two(op, Ty::Bool, place, left, right);
    }
    parts.pop().ok_or_else(|| Fault::new("syntax", (0, 0), "a value is expected here"))
}

/// `date("2026-01-31")`.
pub(super) fn date_literal(text: &str, at: Place, place: Place) -> Result<Checked, Fault> {
    let date = Date::parse(text).map_err(|_| {
        Fault::new("bad_date", at, format!("`{text}` is no day: `YYYY-MM-DD` in the years 1 to 9999"))
    })?;
    Ok(leaf(Op::Const(Value::Date(date)), Ty::Date, place))
}

/// `instant("2026-01-31T12:00:00Z")`.
pub(super) fn instant_literal(text: &str, at: Place, place: Place) -> Result<Checked, Fault> {
    let instant = Instant::parse(text).map_err(|_| {
        Fault::new("bad_date", at, format!("`{text}` is no point in time: `YYYY-MM-DDTHH:MM:SSZ`"))
    })?;
    Ok(leaf(Op::Const(Value::Instant(instant)), Ty::Instant, place))
}
