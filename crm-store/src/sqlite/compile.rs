//! Expressions as SQL: native where that is provably the same, the kernel's evaluator on the row for the rest.

use super::column::number;
use super::functions::{Lease, Program, Programs};
use super::joins::Scope;
use super::native::{constant, is_native, may_overflow, scale};
use super::shape::{Shape, Shapes};
use crm_kernel::dec::Dec;
use crm_kernel::error::{Error, Result};
use crm_kernel::expr::node::{Arith, Compare, Leaf, Node, Op, Step, Ty, Var};
use crm_kernel::expr::table::Function;
use crm_kernel::value::Value;
use rusqlite::Connection;
use rusqlite::types::Value as Param;
use std::fmt::Write as _;
use std::sync::Arc;

/// Writes the SQL of one statement: its joins, its parameters, its programs.
pub(super) struct Compiler<'a> {
    pub(super) conn: &'a Connection,
    pub(super) shapes: &'a Shapes,
    programs: &'a Programs,
    /// Compiles everything to what SQL seems to offer: only to show that the differential test notices.
    naive: bool,
    pub(super) params: Vec<Param>,
    pub(super) leases: Vec<Lease>,
    pub(super) scopes: Vec<Scope>,
    pub(super) aliases: usize,
    start: Start,
}

/// Where a statement starts reading.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Start {
    /// Where the planner thinks best.
    Any,
    /// At the documents of lines, with the lines of each behind them.
    Parents,
    /// At the key of the table, never at another index.
    Key,
}

impl<'a> Compiler<'a> {
    pub(super) fn new(
        conn: &'a Connection,
        shapes: &'a Shapes,
        programs: &'a Programs,
        naive: bool,
        root: &Arc<Shape>,
    ) -> Compiler<'a> {
        let scope =
            Scope { var: Var::Root, alias: "t".to_owned(), shape: Arc::clone(root), joins: Vec::new() };
        let (params, leases) = (Vec::new(), Vec::new());
        Compiler {
            conn,
            shapes,
            programs,
            naive,
            params,
            leases,
            scopes: vec![scope],
            aliases: 0,
            start: Start::Any,
        }
    }

    /// The statement's table with all joins that its expressions made necessary.
    pub(super) fn from(&self) -> String {
        self.scopes.first().map_or_else(String::new, |scope| scope.from(self.start))
    }

    /// Says where the statement starts, whatever the planner thinks.
    pub(super) fn start(&mut self, start: Start) {
        self.start = start;
    }

    /// Binds a value.
    pub(super) fn param(&mut self, value: Param) -> String {
        self.params.push(value);
        format!("?{}", self.params.len())
    }

    /// Binds a value as its column would hold it.
    pub(super) fn bound(&mut self, value: &Value) -> String {
        let param = match (value, number(value)) {
            (_, Some(number)) => Param::Integer(number),
            (Value::Text(text), None) => Param::Text(text.clone()),
            _ => Param::Null,
        };
        self.param(param)
    }

    /// A condition: what is listed holds together. Conditions joined by `&&` are separate, so that each can use an
    /// index.
    pub(super) fn conditions(&mut self, node: &Node, out: &mut Vec<String>) -> Result<()> {
        match &node.op {
            Op::And(left, right) => {
                self.conditions(left, out)?;
                self.conditions(right, out)
            }
            Op::Not(of) if matches!(of.op, Op::Field { .. }) => {
                let field = self.value(of)?;
                let no = self.param(Param::Integer(0));
                out.push(format!("{field}={no}"));
                Ok(())
            }
            Op::Field { .. } => {
                let field = self.value(node)?;
                let yes = self.param(Param::Integer(1));
                out.push(format!("{field}={yes}"));
                Ok(())
            }
            _ => {
                let condition = self.value(node)?;
                out.push(condition);
                Ok(())
            }
        }
    }

    /// A value that leaves SQL from a place where it cannot be checked any more: null where it has over 18 digits.
    pub(super) fn narrowed(&mut self, node: &Node) -> Result<String> {
        let value = self.value(node)?;
        if !may_overflow(node) || self.naive {
            return Ok(value);
        }
        let most = self.param(Param::Integer(999_999_999_999_999_999));
        Ok(format!("CASE WHEN abs({value})<={most} THEN {value} END"))
    }

    /// The value of a node. Numbers are mantissas at the node's decimals, conditions 1, 0 or null.
    pub(super) fn value(&mut self, node: &Node) -> Result<String> {
        if self.naive
            && let Some(sql) = self.naive(node)?
        {
            return Ok(sql);
        }
        if !is_native(node) {
            return self.evaluated(node);
        }
        Ok(match &node.op {
            Op::Const(value) => self.constant(value, &node.ty),
            Op::Field { var, path, leaf } => self.field(*var, path, *leaf)?,
            Op::Not(of) => format!("(NOT {})", self.value(of)?),
            Op::And(left, right) => format!("({} AND {})", self.value(left)?, self.value(right)?),
            Op::Or(left, right) => format!("({} OR {})", self.value(left)?, self.value(right)?),
            Op::Compare(compare, left, right) => self.compared(*compare, left, right)?,
            Op::IsNull { of, negated } => {
                format!("({} IS {}NULL)", self.value(of)?, if *negated { "NOT " } else { "" })
            }
            Op::In(of, list) => self.one_of(of, list)?,
            Op::Arith(Arith::Multiply, left, right) => {
                format!("({}*{})", self.value(left)?, self.value(right)?)
            }
            Op::Arith(arith, left, right) => {
                let sign = if *arith == Arith::Add { '+' } else { '-' };
                format!("({}{sign}{})", self.lifted(left, scale(node))?, self.lifted(right, scale(node))?)
            }
            Op::Negate(of) => format!("(-{})", self.value(of)?),
            // The condition is evaluated once; unknown meets neither branch.
            Op::If(condition, yes, no) => format!(
                "(CASE {} WHEN {} THEN {} WHEN {} THEN {} END)",
                self.value(condition)?,
                self.param(Param::Integer(1)),
                self.branch(yes, node)?,
                self.param(Param::Integer(0)),
                self.branch(no, node)?
            ),
            Op::Call(operator, args) => {
                let args = args.iter().map(|arg| self.branch(arg, node)).collect::<Result<Vec<_>>>()?;
                match (operator.id, args.as_slice()) {
                    (Function::Coalesce, [only]) => only.clone(),
                    (Function::Coalesce, args) => format!("coalesce({})", args.join(",")),
                    (Function::Concat, args) => format!("({})", args.join("||")),
                    _ => return Err(Error::internal(format!("no SQL for `{}`", operator.name))),
                }
            }
            Op::Quantify { all, var, path, child, depth, body, .. } => {
                self.quantified(*all, (*var, path), *child, *depth, body)?
            }
            Op::Divide { .. } => return Err(Error::internal("a division is never native")),
        })
    }

    fn constant(&mut self, value: &Value, ty: &Ty) -> String {
        match (value.as_dec(), ty) {
            (Some(dec), Ty::Num { scale, .. }) => {
                let param = dec.to_i64_at(*scale).map_or(Param::Null, Param::Integer);
                self.param(param)
            }
            _ => self.bound(value),
        }
    }

    /// A number with the decimals of another.
    fn lifted(&mut self, node: &Node, to: u8) -> Result<String> {
        let value = self.value(node)?;
        let missing = to.saturating_sub(scale(node));
        if missing == 0 {
            return Ok(value);
        }
        let factor =
            10_i64.checked_pow(u32::from(missing)).ok_or_else(|| Error::internal("a scale beyond 18"))?;
        let factor = self.param(Param::Integer(factor));
        Ok(format!("({value}*{factor})"))
    }

    fn branch(&mut self, part: &Node, whole: &Node) -> Result<String> {
        match (&part.ty, &whole.ty) {
            (Ty::Num { .. }, Ty::Num { scale, .. }) => self.lifted(part, *scale),
            _ => self.value(part),
        }
    }

    fn compared(&mut self, compare: Compare, left: &Node, right: &Node) -> Result<String> {
        match (constant(left), constant(right)) {
            (_, Some(dec)) if matches!(left.ty, Ty::Num { .. }) => self.against(compare, left, dec),
            (Some(dec), None) if matches!(right.ty, Ty::Num { .. }) => {
                self.against(flipped(compare), right, dec)
            }
            _ => {
                let to = scale(left).max(scale(right));
                let left = self.lifted(left, to)?;
                let right = self.lifted(right, to)?;
                Ok(format!("({left}{}{right})", sign(compare)))
            }
        }
    }

    /// A number against a constant: the constant takes the number's decimals, so that an index on the column serves.
    fn against(&mut self, compare: Compare, of: &Node, dec: Dec) -> Result<String> {
        let value = self.value(of)?;
        let (floor, exact) = floor_at(dec, scale(of));
        let (compare, bound) = match (compare, exact) {
            // No value of that many decimals is equal.
            (Compare::Equal | Compare::NotEqual, false) => (compare, i64::MAX),
            (Compare::Less, false) => (Compare::LessOrEqual, floor),
            (Compare::GreaterOrEqual, false) => (Compare::Greater, floor),
            _ => (compare, floor),
        };
        let bound = self.param(Param::Integer(bound));
        Ok(format!("({value}{}{bound})", sign(compare)))
    }

    fn one_of(&mut self, of: &Node, list: &[Node]) -> Result<String> {
        if list.is_empty() {
            return Ok(self.param(Param::Integer(0)));
        }
        if !list.iter().all(|item| matches!(item.op, Op::Const(_))) || constant(of).is_some() {
            let parts = list.iter().map(|item| self.compared(Compare::Equal, of, item));
            return Ok(format!("({})", parts.collect::<Result<Vec<_>>>()?.join(" OR ")));
        }
        let value = self.value(of)?;
        let mut items = String::new();
        for item in list {
            let item = match (constant(item), &of.ty, &item.op) {
                (Some(dec), Ty::Num { .. }, _) => {
                    let (floor, exact) = floor_at(dec, scale(of));
                    self.param(Param::Integer(if exact { floor } else { i64::MAX }))
                }
                (_, _, Op::Const(value)) => self.bound(value),
                _ => self.value(item)?,
            };
            let _ = write!(items, "{}{item}", if items.is_empty() { "" } else { "," });
        }
        Ok(format!("({value} IN ({items}))"))
    }

    fn quantified(
        &mut self,
        all: bool,
        (var, path): (Var, &[Step]),
        child: u32,
        depth: u8,
        body: &Node,
    ) -> Result<String> {
        let parent = self.field(var, path, Leaf::Id)?;
        let shape = self.shapes.get(self.conn, child)?;
        let alias = self.alias();
        self.scopes.push(Scope { var: Var::Item(depth), alias: alias.clone(), shape, joins: Vec::new() });
        let body = self.value(body);
        let from = self.scopes.pop().map_or_else(String::new, |scope| scope.from(Start::Any));
        let (not, wanted) = if all { ("NOT ", "IS NOT TRUE") } else { ("", "IS TRUE") };
        Ok(format!(
            "({not}EXISTS(SELECT 1 FROM {from} WHERE {alias}.\"parent\"={parent} AND ({}) {wanted}))",
            body?
        ))
    }

    /// The kernel's evaluator on the columns that the node reads.
    fn evaluated(&mut self, node: &Node) -> Result<String> {
        let mut arguments = Arguments::default();
        let node = self.rewritten(node, &mut arguments)?;
        let program = Program { node, arguments: arguments.types };
        let lease = self.programs.lease(program);
        let mut sql = format!("crm_eval({}", self.param(Param::Integer(lease.number())));
        self.leases.push(lease);
        for argument in arguments.sql {
            sql.push(',');
            sql.push_str(&argument);
        }
        sql.push(')');
        Ok(sql)
    }

    /// The node with its fields, and the quantifiers in it, turned into arguments.
    fn rewritten(&mut self, node: &Node, arguments: &mut Arguments) -> Result<Node> {
        let mut boxed = |part: &Node| self.rewritten(part, arguments).map(Box::new);
        let op = match &node.op {
            Op::Const(value) => Op::Const(value.clone()),
            Op::Field { .. } | Op::Quantify { .. } => {
                let sql = self.value(node)?;
                return Ok(arguments.add(sql, node.ty.clone()));
            }
            Op::Not(of) => Op::Not(boxed(of)?),
            Op::And(left, right) => Op::And(boxed(left)?, boxed(right)?),
            Op::Or(left, right) => Op::Or(boxed(left)?, boxed(right)?),
            Op::Compare(compare, left, right) => Op::Compare(*compare, boxed(left)?, boxed(right)?),
            Op::IsNull { of, negated } => Op::IsNull { of: boxed(of)?, negated: *negated },
            Op::In(of, list) => {
                let of = boxed(of)?;
                Op::In(of, list.iter().map(|item| self.rewritten(item, arguments)).collect::<Result<_>>()?)
            }
            Op::Arith(arith, left, right) => Op::Arith(*arith, boxed(left)?, boxed(right)?),
            Op::Negate(of) => Op::Negate(boxed(of)?),
            Op::Divide { left, right, rounding } => {
                Op::Divide { left: boxed(left)?, right: boxed(right)?, rounding: *rounding }
            }
            Op::If(condition, yes, no) => Op::If(boxed(condition)?, boxed(yes)?, boxed(no)?),
            Op::Call(operator, args) => Op::Call(
                operator,
                args.iter().map(|arg| self.rewritten(arg, arguments)).collect::<Result<_>>()?,
            ),
        };
        Ok(Node { op, ty: node.ty.clone() })
    }

    /// What looks like the same in SQL and is not.
    fn naive(&mut self, node: &Node) -> Result<Option<String>> {
        Ok(match &node.op {
            Op::Divide { left, right, .. } => {
                let (left_scale, right_scale) = (scale(left), scale(right));
                let left = self.value(left)?;
                let right = self.value(right)?;
                let shift = i32::from(scale(node)) + i32::from(right_scale) - i32::from(left_scale);
                let factor = 10_i64.checked_pow(shift.unsigned_abs()).unwrap_or(i64::MAX);
                let sign = if shift < 0 { '/' } else { '*' };
                Some(format!("({left}{sign}{factor}/{right})"))
            }
            Op::Arith(Arith::Multiply, left, right) => {
                Some(format!("({}*{})", self.value(left)?, self.value(right)?))
            }
            Op::Call(operator, args) => {
                let args = args.iter().map(|arg| self.value(arg)).collect::<Result<Vec<_>>>()?;
                match (operator.id, args.as_slice()) {
                    (Function::Lower, [text]) => Some(format!("lower({text})")),
                    (Function::Size, [text]) => Some(format!("length({text})")),
                    (Function::Trim, [text]) => Some(format!("trim({text})")),
                    (Function::Contains, [text, part]) => {
                        Some(format!("(instr(lower({text}),lower({part}))>0)"))
                    }
                    (Function::AddDays, [date, days]) if node.ty == Ty::Date => {
                        Some(format!("({date}+{days})"))
                    }
                    _ => None,
                }
            }
            _ => None,
        })
    }
}

/// What a call of the evaluator is given.
#[derive(Default)]
struct Arguments {
    sql: Vec<String>,
    types: Vec<Ty>,
}

impl Arguments {
    /// The node that reads the argument; the same column is given once.
    fn add(&mut self, sql: String, ty: Ty) -> Node {
        let known =
            self.sql.iter().zip(&self.types).position(|(known, known_ty)| *known == sql && *known_ty == ty);
        let position = known.unwrap_or(self.sql.len());
        if known.is_none() {
            self.sql.push(sql);
            self.types.push(ty.clone());
        }
        Node { op: Op::Field { var: Var::Root, path: Vec::new(), leaf: Leaf::Field(position) }, ty }
    }
}

fn sign(compare: Compare) -> &'static str {
    match compare {
        Compare::Equal => "=",
        Compare::NotEqual => "<>",
        Compare::Less => "<",
        Compare::LessOrEqual => "<=",
        Compare::Greater => ">",
        Compare::GreaterOrEqual => ">=",
    }
}

fn flipped(compare: Compare) -> Compare {
    match compare {
        Compare::Less => Compare::Greater,
        Compare::LessOrEqual => Compare::GreaterOrEqual,
        Compare::Greater => Compare::Less,
        Compare::GreaterOrEqual => Compare::LessOrEqual,
        same => same,
    }
}

/// The greatest mantissa at a scale that is not above the number, within the integers of SQL, and whether it is the
/// number itself. Beyond them it is the largest or smallest, which no value reaches.
fn floor_at(dec: Dec, scale: u8) -> (i64, bool) {
    let floor = dec.floor_to(scale);
    match floor.rescale(scale).map(|floor| i64::try_from(floor.mantissa())) {
        Ok(Ok(mantissa)) => (mantissa, floor == dec),
        _ if dec.is_negative() => (i64::MIN, true),
        _ => (i64::MAX, true),
    }
}
