//! What can be asked of a checked node: its parts, its depth, the rows of the table that it uses.

use super::node::{Arith, Compare, Leaf, Node, Op, Step, Ty};
use super::table::{Function, Operator, QUOTIENT_SCALE, operator};
use crate::dec::Rounding;
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
                if *rounding != Rounding::HalfUp || !matches!(self.ty, Ty::Num { scale: QUOTIENT_SCALE, .. })
                {
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
