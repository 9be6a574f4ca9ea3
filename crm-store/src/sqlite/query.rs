//! Lists: a query plan as SQL, page by page.
//!
//! A page behind a mark is read in pieces: those equal to the mark in all keys but the last, then those equal in all but
//! the last two, and so on. Each piece is a range of one key under equal ones before it, which an index serves; one
//! condition with `OR` would not be.

use super::column::Storage;
use super::compile::Compiler;
use super::errors::Mapped;
use super::functions::{Lease, storage};
use super::rows::{in_order, line};
use super::shape::Shape;
use super::{SqliteTx, Work};
use crm_kernel::error::{Code, Result};
use crm_kernel::expr::node::{Leaf, Node, Op, Step, Var};
use crm_kernel::plan::{Found, Mark, Query, Select, SortKey};
use crm_kernel::value::{Row, Value};
use rusqlite::types::{Value as Param, ValueRef};
use rusqlite::{Connection, Statement};
use std::collections::HashMap;
use std::sync::Arc;

/// Parents whose lines are read by one statement.
const PARENTS: usize = 256;

/// A statement ready to run.
pub(super) struct Sql {
    pub(super) text: String,
    pub(super) params: Vec<Param>,
    /// Programs that have to live as long as the statement runs.
    pub(super) _leases: Vec<Lease>,
}

impl Sql {
    pub(super) fn bind(&self, statement: &mut Statement<'_>) -> Result<()> {
        for (at, param) in self.params.iter().enumerate() {
            statement.raw_bind_parameter(at + 1, param).mapped()?;
        }
        Ok(())
    }
}

/// The records or lines of a plan, in order.
pub(super) fn run(tx: &SqliteTx<'_>, plan: &Query) -> Result<Vec<Found>> {
    let shape = tx.shape(plan.kind)?;
    let mut found = Vec::new();
    for piece in pieces(&shape, plan)? {
        let limit = plan.limit.map(|limit| i64::from(limit) - i64::try_from(found.len()).unwrap_or(i64::MAX));
        if limit.is_some_and(|limit| limit <= 0) {
            break;
        }
        let sql = statement(tx, &shape, plan, &piece, limit)?;
        read(tx, &shape, plan, &sql, &mut found)?;
    }
    if matches!(plan.select, Select::Rows) {
        for (position, child) in &shape.children {
            add_lines(tx.conn(), child, *position, &mut found)?;
        }
    }
    Ok(found)
}

/// The SQL of a plan, one statement for each piece of the page.
pub(super) fn explain(tx: &SqliteTx<'_>, plan: &Query) -> Result<Vec<Sql>> {
    let shape = tx.shape(plan.kind)?;
    let limit = plan.limit.map(i64::from);
    pieces(&shape, plan)?.iter().map(|piece| statement(tx, &shape, plan, piece, limit)).collect()
}

/// A part of the list: keys equal to the mark's, then one key behind it.
struct Piece<'a> {
    equal: usize,
    next: Next,
    mark: Option<&'a Mark>,
}

/// Where the first key that is not equal lies.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    /// Anywhere: the whole list.
    Any,
    /// Behind the mark's value.
    Behind,
    /// It is null.
    Null,
    /// All keys are equal, the id lies behind the mark's.
    Id,
}

fn pieces<'a>(shape: &Shape, plan: &'a Query) -> Result<Vec<Piece<'a>>> {
    let Some(mark) = &plan.after else { return Ok(vec![Piece { equal: 0, next: Next::Any, mark: None }]) };
    if mark.keys.len() != plan.order.len() {
        return Err(Code::BAD_CURSOR.error());
    }
    let keys: Vec<(&SortKey, &Value)> = plan.order.iter().zip(&mark.keys).collect();
    for (key, value) in &keys {
        if !storage(key.by.ty()).fits(value) {
            return Err(Code::BAD_CURSOR.error());
        }
    }
    let piece = |equal, next| Piece { equal, next, mark: Some(mark) };
    let mut pieces = vec![piece(keys.len(), Next::Id)];
    for (equal, (key, value)) in keys.iter().enumerate().rev() {
        if key.is_constant() || value.is_null() {
            continue;
        }
        pieces.push(piece(equal, Next::Behind));
        if is_nullable(shape, key.by.node()) {
            pieces.push(piece(equal, Next::Null));
        }
    }
    Ok(pieces)
}

/// Whether a sort key can be null. Wrongly true costs an index, wrongly false would sort wrongly.
fn is_nullable(shape: &Shape, node: &Node) -> bool {
    match &node.op {
        Op::Field { var: Var::Root, path, leaf } => match (leaf, path.as_slice()) {
            (Leaf::Id | Leaf::LineNo, [] | [Step::Parent { .. }]) => false,
            (Leaf::Field(position), []) => shape.column(*position).is_ok_and(|column| column.nullable),
            _ => true,
        },
        _ => true,
    }
}

fn statement(
    tx: &SqliteTx<'_>,
    shape: &Arc<Shape>,
    plan: &Query,
    piece: &Piece<'_>,
    limit: Option<i64>,
) -> Result<Sql> {
    let mut compiler = tx.compiler(shape);
    let is_line = shape.kind.parent().is_some();
    let mut columns = String::from(if is_line { "t.\"parent\",t.\"line\"" } else { "t.\"id\"" });
    match &plan.select {
        Select::Rows | Select::Heads => {
            columns.push_str(if is_line { ",t.\"position\"" } else { ",t.\"version\"" });
            for column in &shape.columns {
                columns.push_str(",t.");
                columns.push_str(&column.name);
            }
        }
        Select::Values(exprs) => {
            for expr in exprs {
                columns.push(',');
                columns.push_str(&compiler.value(expr.node())?);
            }
        }
    }
    let mut conditions = Vec::new();
    if let Some(filter) = &plan.filter {
        compiler.conditions(filter.node(), &mut conditions)?;
    }
    let mut order = Vec::new();
    for (at, key) in plan.order.iter().enumerate() {
        let node = key.by.node();
        let mut value = compiler.narrowed(node)?;
        columns.push(',');
        columns.push_str(&value);
        if key.is_constant() {
            continue;
        }
        if !matches!(node.op, Op::Field { .. }) {
            // Sorting by the result column evaluates it once.
            columns.push_str(&format!(" AS k{at}"));
        }
        let mark = piece.mark.and_then(|mark| mark.keys.get(at));
        if let Some(mark) = mark {
            conditions.extend(behind(&mut compiler, piece, at, &value, mark, key.descending));
        }
        // Of what is the same in the whole piece there is nothing to sort.
        if at < piece.equal || (at == piece.equal && piece.next == Next::Null) {
            continue;
        }
        if !matches!(node.op, Op::Field { .. }) {
            value = format!("k{at}");
        }
        let is_null_out = at == piece.equal && piece.next == Next::Behind;
        order.push(match (key.descending, is_nullable(shape, node) && !is_null_out) {
            // SQLite's nulls are smallest, so they come last by themselves.
            (true, _) => format!("{value} DESC"),
            (false, true) => format!("{value} NULLS LAST"),
            (false, false) => value,
        });
    }
    let (direction, behind) = if plan.ids_descend() { (" DESC", '<') } else { ("", '>') };
    let ids: &[&str] = if is_line { &["t.\"parent\"", "t.\"line\""] } else { &["t.\"id\""] };
    order.extend(ids.iter().map(|id| format!("{id}{direction}")));
    if let (Some(mark), Next::Id) = (piece.mark, piece.next) {
        let id = compiler.param(Param::Integer(mark.id));
        conditions.push(if is_line {
            let parent = compiler.param(Param::Integer(mark.parent));
            format!("(t.\"parent\",t.\"line\"){behind}({parent},{id})")
        } else {
            format!("t.\"id\"{behind}{id}")
        });
    }
    let mut text = format!("SELECT {columns} FROM {}", compiler.from());
    if !conditions.is_empty() {
        text.push_str(" WHERE ");
        text.push_str(&conditions.join(" AND "));
    }
    text.push_str(" ORDER BY ");
    text.push_str(&order.join(","));
    if let Some(limit) = limit {
        text.push_str(" LIMIT ");
        text.push_str(&compiler.param(Param::Integer(limit)));
    }
    Ok(Sql { text, params: compiler.params, _leases: compiler.leases })
}

/// The condition on a key that the piece asks for.
fn behind(
    compiler: &mut Compiler<'_>,
    piece: &Piece<'_>,
    at: usize,
    value: &str,
    mark: &Value,
    descending: bool,
) -> Option<String> {
    if at < piece.equal {
        if mark.is_null() {
            return Some(format!("{value} IS NULL"));
        }
        return Some(format!("{value}={}", compiler.bound(mark)));
    }
    if at > piece.equal {
        return None;
    }
    match piece.next {
        Next::Behind => {
            Some(format!("{value}{}{}", if descending { '<' } else { '>' }, compiler.bound(mark)))
        }
        Next::Null => Some(format!("{value} IS NULL")),
        Next::Any | Next::Id => None,
    }
}

fn read(tx: &SqliteTx<'_>, shape: &Shape, plan: &Query, sql: &Sql, found: &mut Vec<Found>) -> Result<()> {
    let mut statement = tx.conn().prepare_cached(&sql.text).mapped()?;
    sql.bind(&mut statement)?;
    let heads = if shape.kind.parent().is_some() { 2 } else { 1 };
    let lines = if matches!(plan.select, Select::Rows) { Value::Rows(Vec::new()) } else { Value::Null };
    let values: Vec<Storage> = match &plan.select {
        Select::Values(exprs) => exprs.iter().map(|expr| storage(expr.ty())).collect(),
        Select::Rows | Select::Heads => Vec::new(),
    };
    let keys: Vec<Storage> = plan.order.iter().map(|key| storage(key.by.ty())).collect();
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next().mapped()? {
        let id = row.get(heads - 1).mapped()?;
        let parent = if heads == 2 { row.get(0).mapped()? } else { 0 };
        let mut at = heads;
        let whole = match &plan.select {
            Select::Values(_) => None,
            Select::Rows | Select::Heads => {
                let version = if heads == 2 { 0 } else { row.get(at).mapped()? };
                let values = shape.values(row, at + 1, &lines)?;
                at += 1 + shape.columns.len();
                Some(Row { id, version, values })
            }
        };
        let mut take = |storages: &[Storage]| -> Result<Vec<Value>> {
            let mut values = Vec::with_capacity(storages.len());
            for storage in storages {
                values.push(read_value(*storage, row.get_ref(at).mapped()?)?);
                at += 1;
            }
            Ok(values)
        };
        let values = take(&values)?;
        let keys = take(&keys)?;
        found.push(Found { parent, id, row: whole, values, keys });
    }
    drop(rows);
    tx.note_work(Work::of(&statement));
    Ok(())
}

/// A value that leaves SQL: null where it has over 18 digits.
pub(super) fn read_value(storage: Storage, found: ValueRef<'_>) -> Result<Value> {
    match (storage, found) {
        (Storage::Num { .. }, ValueRef::Integer(number)) if number.unsigned_abs() >= 10_u64.pow(18) => {
            Ok(Value::Null)
        }
        _ => storage.read(found),
    }
}

/// Puts the lines of one field into the rows found, with one statement for many parents.
fn add_lines(conn: &Connection, child: &Shape, position: usize, found: &mut [Found]) -> Result<()> {
    for chunk in found.chunks_mut(PARENTS) {
        // A few lengths only, filled up with the last id, so that few statements are prepared.
        let slots = chunk.len().next_power_of_two().clamp(8, PARENTS);
        let mut lines: HashMap<i64, Vec<(i64, Row)>> = HashMap::with_capacity(chunk.len());
        let holes: Vec<String> = (1..=slots).map(|slot| format!("?{slot}")).collect();
        let sql = format!(
            "SELECT \"parent\",\"line\",\"position\"{} FROM {} WHERE \"parent\" IN ({})",
            child.names,
            child.table,
            holes.join(",")
        );
        let mut statement = conn.prepare_cached(&sql).mapped()?;
        let last = chunk.last().map_or(0, |found| found.id);
        let ids = chunk.iter().map(|found| found.id).chain(std::iter::repeat(last)).take(slots);
        for (slot, id) in ids.enumerate() {
            statement.raw_bind_parameter(slot + 1, id).mapped()?;
        }
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next().mapped()? {
            lines.entry(row.get(0).mapped()?).or_default().push(line(child, row, 1)?);
        }
        for one in chunk {
            if let (Some(row), Some(lines)) = (&mut one.row, lines.remove(&one.id)) {
                row.set(position, Value::Rows(in_order(lines)));
            }
        }
    }
    Ok(())
}
