//! What can be asked of a checked node: its parts, the rows of the table that it uses, and whether SQLite may do it.

use super::node::{Arith, Compare, Leaf, Node, Op, Step, Ty};
use super::table::{Function, MAX_SCALE, NATIVE_DIGITS, Operator, QUOTIENT_SCALE, Sqlite, operator};
use crate::dec::{Dec, Rounding};
use crate::value::Value;
use std::collections::HashSet;

impl Node {
    /// The nodes directly under this one, in order; the condition of a quantifier among them.
    pub fn children(&self) -> impl Iterator<Item = &Node> {
        let (boxed, list): ([Option<&Node>; 3], &[Node]) = match &self.op {
            Op::Const(_) | Op::Field { .. } => ([None, None, None], &[]),
            Op::Not(of) | Op::Negate(of) | Op::IsNull { of, .. } | Op::Quantify { body: of, .. } => {
                ([Some(of), None, None], &[])
            }
            Op::And(left, right)
            | Op::Or(left, right)
            | Op::Compare(_, left, right)
            | Op::Arith(_, left, right)
            | Op::Divide { left, right, .. } => ([Some(left), Some(right), None], &[]),
            Op::If(condition, yes, no) => ([Some(condition), Some(yes), Some(no)], &[]),
            Op::In(of, list) => ([Some(of), None, None], list),
            Op::Call(_, args) => ([None, None, None], args),
        };
        boxed.into_iter().flatten().chain(list)
    }

    /// The rows of the table that this node and the nodes under it use, each once, in the order of first use.
    pub fn operators(&self) -> Vec<&'static Operator> {
        let mut seen = HashSet::new();
        let mut out = Vec::new();
        self.collect(&mut |function| {
            if seen.insert(function) {
                out.push(operator(function));
            }
        });
        out
    }

    fn collect(&self, found: &mut dyn FnMut(Function)) {
        match &self.op {
            Op::Const(value) => found(match value {
                Value::Bool(_) => Function::Boolean,
                Value::Num(_) => Function::Number,
                Value::Text(_) => Function::Text,
                Value::Date(_) => Function::DateLiteral,
                Value::Instant(_) => Function::InstantLiteral,
                Value::Ref(_) => Function::IdLiteral,
                _ => Function::Null,
            }),
            Op::Field { path, leaf, .. } => {
                for step in path {
                    found(match step {
                        Step::Parent { .. } => Function::Parent,
                        Step::Field { .. } => Function::Reference,
                    });
                }
                found(match leaf {
                    Leaf::Field(_) => Function::Field,
                    Leaf::Id => Function::Id,
                    Leaf::LineNo => Function::Line,
                });
            }
            Op::Not(_) => found(Function::Not),
            Op::And(..) => found(Function::And),
            Op::Or(..) => found(Function::Or),
            Op::Compare(compare, ..) => found(match compare {
                Compare::Equal => Function::Equal,
                Compare::NotEqual => Function::NotEqual,
                Compare::Less => Function::Less,
                Compare::LessOrEqual => Function::LessOrEqual,
                Compare::Greater => Function::Greater,
                Compare::GreaterOrEqual => Function::GreaterOrEqual,
            }),
            Op::IsNull { .. } => found(Function::IsNull),
            Op::In(..) => found(Function::In),
            Op::Arith(arith, ..) => found(match arith {
                Arith::Add => Function::Add,
                Arith::Subtract => Function::Subtract,
                Arith::Multiply => Function::Multiply,
            }),
            Op::Negate(_) => found(Function::Negate),
            Op::Divide { rounding, .. } => {
                found(Function::Divide);
                if *rounding != Rounding::HalfUp || !matches!(self.ty, Ty::Num { scale: QUOTIENT_SCALE, .. }) {
                    found(Function::Round);
                }
            }
            Op::If(..) => found(Function::If),
            Op::Call(operator, _) => found(operator.id),
            Op::Quantify { all, .. } => found(if *all { Function::All } else { Function::Exists }),
        }
        for child in self.children() {
            child.collect(found);
        }
    }

    /// How many nodes lie on the longest way down, this one included.
    pub fn depth(&self) -> usize {
        1 + self.children().map(Node::depth).max().unwrap_or(0)
    }
}

/// Whether SQLite may do this node itself, given the values of the nodes under it; what they are is asked of each of
/// them. Where the answer is no, the whole node with all that is under it goes to the kernel's evaluator: a number
/// of more than 18 digits on its way cannot pass through SQL.
///
/// A comparison or `in` of a number with a constant is native also where the constant has more decimals: the store
/// moves the constant (cut down to the other side's decimals), never the column.
pub fn is_native(node: &Node) -> bool {
    match &node.op {
        Op::Const(_) | Op::Field { .. } | Op::Not(_) | Op::And(..) | Op::Or(..) | Op::Quantify { .. } => true,
        Op::IsNull { of, .. } => passes(of),
        Op::Compare(_, left, right) => comparable(left, right),
        Op::In(of, list) => passes(of) && list.iter().all(|item| comparable(of, item)),
        Op::Arith(_, left, right) => passes(node) && passes(left) && passes(right),
        Op::Negate(of) => passes(of),
        Op::Divide { .. } => false,
        Op::If(_, yes, no) => passes(node) && passes(yes) && passes(no),
        Op::Call(operator, args) => {
            operator.sqlite == Sqlite::Native && passes(node) && args.iter().all(passes)
        }
    }
}

/// Whether the value of a node fits a 64-bit integer, if it is a number.
fn passes(node: &Node) -> bool {
    match node.ty {
        Ty::Num { digits, .. } => digits <= NATIVE_DIGITS,
        _ => true,
    }
}

fn comparable(left: &Node, right: &Node) -> bool {
    let (Ty::Num { digits: a, scale: p }, Ty::Num { digits: b, scale: q }) = (&left.ty, &right.ty) else {
        return true;
    };
    if *a > NATIVE_DIGITS || *b > NATIVE_DIGITS {
        return false;
    }
    match (constant(left), constant(right)) {
        (_, Some(value)) => value.floor_to(*p).to_i64_at(*p).is_ok(),
        (Some(value), None) => value.floor_to(*q).to_i64_at(*q).is_ok(),
        (None, None) => {
            let scale = *p.max(q);
            let whole = a.saturating_sub(*p).max(b.saturating_sub(*q));
            scale <= MAX_SCALE && whole.saturating_add(scale) <= NATIVE_DIGITS
        }
    }
}

fn constant(node: &Node) -> Option<Dec> {
    match &node.op {
        Op::Const(value) => value.as_dec(),
        _ => None,
    }
}
