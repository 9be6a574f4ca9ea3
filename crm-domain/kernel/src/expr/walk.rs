//! What can be asked of a checked node: its parts, its depth, the rows of the table that it uses.

use super::Expr;
use super::node::{Arith, Compare, Leaf, Node, Op, Step, Ty, Var};
use super::table::{Function, Operator, QUOTIENT_SCALE, operator};
use crate::dec::Rounding;
use crate::value::Value;
use std::collections::{BTreeMap, HashSet};

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

    fn children_mut(&mut self) -> impl Iterator<Item = &mut Node> {
        let (boxed, list): ([Option<&mut Node>; 3], &mut [Node]) = match &mut self.op {
            Op::Const(_) | Op::Field { .. } => ([None, None, None], &mut []),
            Op::Not(of) | Op::Negate(of) | Op::IsNull { of, .. } | Op::Quantify { body: of, .. } => {
                ([Some(of), None, None], &mut [])
            }
            Op::And(left, right)
            | Op::Or(left, right)
            | Op::Compare(_, left, right)
            | Op::Arith(_, left, right)
            | Op::Divide { left, right, .. } => ([Some(left), Some(right), None], &mut []),
            Op::If(condition, yes, no) => ([Some(condition), Some(yes), Some(no)], &mut []),
            Op::In(of, list) => ([Some(of), None, None], list),
            Op::Call(_, args) => ([None, None, None], args),
        };
        boxed.into_iter().flatten().chain(list)
    }

    /// This node with every field of the record read through a path instead, which begins at `from`.
    pub(super) fn through(mut self, from: Var, path: &[Step]) -> Node {
        self.prefix(from, path);
        self
    }

    fn prefix(&mut self, from: Var, with: &[Step]) {
        if let Op::Field { var: var @ Var::Root, path, .. }
        | Op::Quantify { var: var @ Var::Root, path, .. } = &mut self.op
        {
            *var = from;
            path.splice(0..0, with.iter().copied());
        }
        self.children_mut().for_each(|child| child.prefix(from, with));
    }

    /// This node where a reference to a record for which its kind's condition does not hold leads nowhere.
    pub(super) fn masked(mut self, conditions: &BTreeMap<u32, Expr>) -> Node {
        for child in self.children_mut() {
            let inner = std::mem::replace(child, Node { op: Op::Const(Value::Null), ty: Ty::Null });
            *child = inner.masked(conditions);
        }
        let (var, path, nowhere) = match &self.op {
            Op::Field { var, path, .. } => (*var, path, Node { op: Op::Const(Value::Null), ty: Ty::Null }),
            // No lines: see the meaning of quantifiers.
            Op::Quantify { all, var, path, .. } => {
                (*var, path, Node { op: Op::Const(Value::Bool(*all)), ty: Ty::Bool })
            }
            _ => return self,
        };
        let mut guard: Option<Node> = None;
        for (at, step) in path.iter().enumerate() {
            let (Step::Parent { to } | Step::Field { to, .. }) = step;
            let Some(condition) = conditions.get(to) else { continue };
            let way = path.get(..=at).unwrap_or_default();
            let condition = condition.node().clone();
            let condition = if var != Var::Root && condition.quantifies() {
                // Its lines and those around it would take each other's names: nothing is let through.
                Node { op: Op::Const(Value::Bool(false)), ty: Ty::Bool }
            } else {
                condition.through(var, way)
            };
            guard = Some(match guard {
                None => condition,
                Some(guard) => Node { op: Op::And(Box::new(guard), Box::new(condition)), ty: Ty::Bool },
            });
        }
        let Some(guard) = guard else { return self };
        let ty = self.ty.clone();
        Node { op: Op::If(Box::new(guard), Box::new(self), Box::new(nowhere)), ty }
    }

    fn quantifies(&self) -> bool {
        matches!(self.op, Op::Quantify { .. }) || self.children().any(Node::quantifies)
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
