//! Groups and measures.
//!
//! Without group keys SQL aggregates, sums by the exact function. With group keys the rows are read once ([`Reading`])
//! and put into groups here, by hash ([`Groups`]): SQL would sort them first, which costs more than all the rest, and a
//! 128-bit sum, a period or a set of different values are exact and cheap in Rust.
//!
//! [`Reading`]: super::reading::Reading
//! [`Groups`]: super::groups::Groups

use super::column::Storage;
use super::compile::{Compiler, Start};
use super::errors::Mapped;
use super::fold::Fold;
use super::functions::storage;
use super::query::{Sql, read_value};
use super::shape::Shape;
use super::{SqliteTx, Work};
use crm_kernel::dec::{Dec, Rounding};
use crm_kernel::error::{Code, Error, Result};
use crm_kernel::expr::Expr;
use crm_kernel::expr::node::{Compare, Node, Op, Step};
use crm_kernel::plan::{Aggregate, Group, Measure};
use crm_kernel::value::{Num, Value};
use rusqlite::types::ValueRef;
use std::sync::Arc;

/// The groups of a plan, sorted by their keys, nulls last.
pub(super) fn run(tx: &SqliteTx<'_>, plan: &Aggregate) -> Result<Vec<Group>> {
    if plan.group.is_empty() { total(tx, plan).map(|row| vec![row]) } else { grouped(tx, plan) }
}

/// The SQL of a plan; where references are looked up behind it, that of reading the rows.
pub(super) fn explain(tx: &SqliteTx<'_>, plan: &Aggregate) -> Result<Vec<Sql>> {
    if plan.group.is_empty() {
        return total_statement(tx, plan, "sum").map(|sql| vec![sql]);
    }
    Fold::of(plan).explain(tx, plan)
}

/// What is measured; nothing where records are counted.
pub(super) fn subject(measure: &Measure) -> Option<&Expr> {
    match measure {
        Measure::Count => None,
        Measure::CountOf(of) | Measure::CountDistinct(of) | Measure::Sum(of) => Some(of),
        Measure::Min(of) | Measure::Max(of) | Measure::Average { of, .. } => Some(of),
    }
}

fn finished(compiler: Compiler<'_>, columns: &[String], conditions: &[String]) -> Sql {
    let mut text = format!("SELECT {} FROM {}", columns.join(","), compiler.from());
    if !conditions.is_empty() {
        text.push_str(" WHERE ");
        text.push_str(&conditions.join(" AND "));
    }
    Sql { text, params: compiler.params, _leases: compiler.leases }
}

pub(super) fn conditions(compiler: &mut Compiler<'_>, plan: &Aggregate) -> Result<Vec<String>> {
    let mut conditions = Vec::new();
    if let Some(filter) = &plan.filter {
        compiler.conditions(filter.node(), &mut conditions)?;
    }
    // The lines of other documents need not be looked at. The planner knows nothing of how many they are and would read
    // every line.
    if narrowed(plan) == (Narrowed { parents: true, rows: false }) {
        compiler.start(Start::Parents);
    }
    Ok(conditions)
}

/// What a filter compares with something, as an index does: fields of the documents of lines, fields of the rows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Narrowed {
    pub(super) parents: bool,
    pub(super) rows: bool,
}

pub(super) fn narrowed(plan: &Aggregate) -> Narrowed {
    let mut narrowed = Narrowed { parents: false, rows: false };
    for node in conjuncts(plan.filter.as_ref().map(Expr::node)) {
        let field = match &node.op {
            Op::Compare(Compare::NotEqual, ..) => continue,
            Op::Compare(_, left, _) | Op::In(left, _) => left,
            _ => continue,
        };
        if let Op::Field { path, .. } = &field.op {
            match path.as_slice() {
                [Step::Parent { .. }] => narrowed.parents = true,
                [] => narrowed.rows = true,
                _ => {}
            }
        }
    }
    narrowed
}

/// The conditions that hold together.
pub(super) fn conjuncts(filter: Option<&Node>) -> Vec<&Node> {
    let mut conjuncts = Vec::new();
    let mut rest: Vec<&Node> = filter.into_iter().collect();
    while let Some(node) = rest.pop() {
        match &node.op {
            Op::And(left, right) => rest.extend([&**right, &**left]),
            _ => conjuncts.push(node),
        }
    }
    conjuncts
}

fn total_statement(tx: &SqliteTx<'_>, plan: &Aggregate, sum: &str) -> Result<Sql> {
    let shape: Arc<Shape> = tx.shape(plan.kind)?;
    let mut compiler = tx.compiler(&shape);
    let mut columns = Vec::new();
    for measure in &plan.measures {
        let of = subject(measure).map(|of| compiler.narrowed(of.node())).transpose()?.unwrap_or_default();
        match measure {
            Measure::Count => columns.push("count(*)".to_owned()),
            Measure::CountOf(_) => columns.push(format!("count({of})")),
            Measure::CountDistinct(_) => columns.push(format!("count(DISTINCT {of})")),
            Measure::Sum(_) => columns.push(format!("{sum}({of})")),
            Measure::Min(_) => columns.push(format!("min({of})")),
            Measure::Max(_) => columns.push(format!("max({of})")),
            Measure::Average { .. } => columns.extend([format!("{sum}({of})"), format!("count({of})")]),
        }
    }
    if columns.is_empty() {
        columns.push("count(*)".to_owned());
    }
    let conditions = conditions(&mut compiler, plan)?;
    Ok(finished(compiler, &columns, &conditions))
}

fn total(tx: &SqliteTx<'_>, plan: &Aggregate) -> Result<Group> {
    // SQL's own sum of integers is exact or fails, on a partial sum too; then the slower one has the answer.
    match total_with(tx, plan, "sum")? {
        Some(group) => Ok(group),
        None => {
            total_with(tx, plan, "crm_sum")?.ok_or_else(|| Error::internal("a sum of 128 bits overflowed"))
        }
    }
}

/// `None` where a sum overflowed.
fn total_with(tx: &SqliteTx<'_>, plan: &Aggregate, sum: &str) -> Result<Option<Group>> {
    let sql = total_statement(tx, plan, sum)?;
    let mut statement = tx.conn().prepare_cached(&sql.text).mapped()?;
    sql.bind(&mut statement)?;
    let mut rows = statement.raw_query();
    let row = match rows.next() {
        Err(fault) if is_overflow(&fault) => return Ok(None),
        row => row.mapped()?.ok_or_else(|| Error::internal("an aggregate without a row"))?,
    };
    let mut at = 0;
    let mut group = Vec::new();
    for measure in &plan.measures {
        let found = row.get_ref(at).mapped()?;
        at += 1;
        group.push(match measure {
            Measure::Count | Measure::CountOf(_) | Measure::CountDistinct(_) => {
                Value::int(found.as_i64().map_err(|_| Error::internal("a count that is no number"))?)
            }
            Measure::Sum(of) => sum_value(whole_sum(found)?, of)?,
            Measure::Min(of) | Measure::Max(of) => read_value(storage(of.ty()), found)?,
            Measure::Average { of, scale: decimals } => {
                let count: i64 = row.get(at).mapped()?;
                at += 1;
                average(whole_sum(found)?.unwrap_or(0), count, of, *decimals)?
            }
        });
    }
    drop(rows);
    tx.note_work(Work::of(&statement));
    Ok(Some(group))
}

fn is_overflow(fault: &rusqlite::Error) -> bool {
    matches!(fault, rusqlite::Error::SqliteFailure(_, Some(message)) if message == "integer overflow")
}

/// The answer of `crm_sum`.
fn whole_sum(found: ValueRef<'_>) -> Result<Option<i128>> {
    match found {
        ValueRef::Null => Ok(None),
        ValueRef::Integer(sum) => Ok(Some(i128::from(sum))),
        ValueRef::Blob(bytes) => {
            let bytes: [u8; 16] = bytes.try_into().map_err(|_| Error::internal("a sum of another size"))?;
            Ok(Some(i128::from_le_bytes(bytes)))
        }
        _ => Err(Error::internal("a sum that is no integer")),
    }
}

/// The decimals of a measure.
fn scale(of: &Expr) -> u8 {
    match storage(of.ty()) {
        Storage::Num { scale, .. } => scale,
        _ => 0,
    }
}

/// Errors: `value.out_of_range` beyond 18 digits.
pub(super) fn sum_value(sum: Option<i128>, of: &Expr) -> Result<Value> {
    let Some(sum) = sum else { return Ok(Value::Null) };
    if sum.unsigned_abs() >= 10_u128.pow(18) {
        return Err(Code::OUT_OF_RANGE.error());
    }
    let mantissa = i64::try_from(sum).map_err(|_| Code::OUT_OF_RANGE.error())?;
    Ok(Value::Num(Num { mantissa, scale: scale(of) }))
}

/// The mean, rounded once. Errors: as [`sum_value`].
pub(super) fn average(sum: i128, count: i64, of: &Expr, decimals: u8) -> Result<Value> {
    if count == 0 {
        return Ok(Value::Null);
    }
    let mean = Dec::new(sum, scale(of))?.div(Dec::from_int(count), decimals, Rounding::HalfUp)?;
    Value::num(mean, decimals)
}

fn grouped(tx: &SqliteTx<'_>, plan: &Aggregate) -> Result<Vec<Group>> {
    match Fold::of(plan).run(tx, plan)? {
        Some(groups) => Ok(groups),
        None => Fold::flat(plan).run(tx, plan)?.ok_or_else(|| Error::internal("a plan without references")),
    }
}
