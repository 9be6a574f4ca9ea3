//! Rows with their lines: reading, writing what differs, taking away.

use super::SqliteTx;
use super::column::bind;
use super::errors::{Constraint, Mapped, constraint, error};
use super::refusal::why;
use super::shape::{Column, Shape};
use crm_kernel::error::{Code, Error, Result};
use crm_kernel::value::{Row, Value};
use rusqlite::{CachedStatement, Connection, OptionalExtension as _, Statement};
use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;

/// A record with its lines.
pub(super) fn get(tx: &SqliteTx<'_>, kind: u32, id: i64) -> Result<Option<Row>> {
    let shape = tx.shape(kind)?;
    if shape.kind.parent().is_some() {
        return Ok(None);
    }
    let conn = tx.conn();
    let mut statement = conn.prepare_cached(&shape.select).mapped()?;
    statement.raw_bind_parameter(1, id).mapped()?;
    let mut found = statement.raw_query();
    let Some(row) = found.next().mapped()? else { return Ok(None) };
    let mut row = shape.row(row, &Value::Null)?;
    for (position, child) in &shape.children {
        row.set(*position, Value::Rows(lines(conn, child, id)?));
    }
    Ok(Some(row))
}

fn lines(conn: &Connection, child: &Shape, parent: i64) -> Result<Vec<Row>> {
    let mut statement = conn.prepare_cached(&child.select).mapped()?;
    statement.raw_bind_parameter(1, parent).mapped()?;
    let mut found = statement.raw_query();
    let mut lines = Vec::new();
    while let Some(row) = found.next().mapped()? {
        lines.push(line(child, row, 0)?);
    }
    Ok(in_order(lines))
}

/// A line and its position, from columns beginning with its number at `first`.
pub(super) fn line(child: &Shape, row: &rusqlite::Row<'_>, first: usize) -> Result<(i64, Row)> {
    let position: i64 = row.get(first + 1).mapped()?;
    let values = child.values(row, first + 2, &Value::Null)?;
    Ok((position, Row { id: row.get(first).mapped()?, version: 0, values }))
}

/// Lines as they stand in their parent.
pub(super) fn in_order(mut lines: Vec<(i64, Row)>) -> Vec<Row> {
    if !lines.is_sorted_by_key(|(position, _)| *position) {
        lines.sort_by_key(|(position, _)| *position);
    }
    lines.into_iter().map(|(_, line)| line).collect()
}

/// Writes a record: what differs from `old`, or all of it. What is refused has changed nothing.
pub(super) fn put(tx: &SqliteTx<'_>, kind: u32, old: Option<&Row>, new: &Row) -> Result<()> {
    let shape = tx.shape(kind)?;
    check(&shape, old, new)?;
    let changes: Vec<Lines<'_>> =
        shape.children.iter().map(|(position, child)| Lines::between(child, old, new, *position)).collect();
    let conn = tx.conn();
    let written = if changes.iter().all(Lines::is_empty) {
        write_head(conn, &shape, old, new)
    } else if old.is_none() {
        insert(conn, &shape, new, &changes)
    } else {
        tx.all_or_nothing(|| {
            write_head(conn, &shape, old, new)?;
            changes.iter().try_for_each(|lines| lines.write(conn, new.id))
        })
    };
    written.map_err(|refusal| match refusal {
        Refusal::Constraint(kind, fault) => {
            why(tx, &shape, old, new, kind).unwrap_or_else(Some).unwrap_or(fault)
        }
        Refusal::Other(error) => error,
    })
}

/// Takes a record and its lines away.
pub(super) fn delete(tx: &SqliteTx<'_>, kind: u32, old: &Row) -> Result<()> {
    let shape = tx.shape(kind)?;
    let conn = tx.conn();
    let deleted = tx.all_or_nothing(|| {
        check_version(conn, &shape, old)?;
        take_away(conn, &shape, old.id)
    });
    deleted.map_err(|refusal| match refusal {
        Refusal::Constraint(Constraint::Reference, _) => Code::IN_USE.error(),
        Refusal::Constraint(_, error) | Refusal::Other(error) => error,
    })
}

/// A new record with its lines. A savepoint would copy every page that is written, so what is refused half-way is taken
/// away by hand.
fn insert(conn: &Connection, shape: &Shape, new: &Row, lines: &[Lines<'_>]) -> Written<()> {
    write_head(conn, shape, None, new)?;
    let done = lines.iter().try_for_each(|lines| lines.write(conn, new.id));
    // After some faults SQLite has undone the whole transaction already.
    if done.is_err() && !conn.is_autocommit() {
        take_away(conn, shape, new.id)?;
    }
    done
}

fn take_away(conn: &Connection, shape: &Shape, id: i64) -> Written<()> {
    let lines =
        shape.children.iter().map(|(_, child)| format!("DELETE FROM {} WHERE \"parent\"=?1", child.table));
    for sql in lines.chain([format!("DELETE FROM {} WHERE \"id\"=?1", shape.table)]) {
        let mut statement = conn.prepare_cached(&sql).mapped()?;
        statement.raw_bind_parameter(1, id).mapped()?;
        run(&mut statement)?;
    }
    Ok(())
}

/// A write, or why it stopped.
type Written<T> = std::result::Result<T, Refusal>;

/// Why a write stopped: a constraint, which is explained once the write is undone, or something else.
enum Refusal {
    Constraint(Constraint, Error),
    Other(Error),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Refusal {
        Refusal::Other(error)
    }
}

fn run(statement: &mut Statement<'_>) -> Written<usize> {
    statement.raw_execute().map_err(|fault| match constraint(&fault) {
        Some(kind) => Refusal::Constraint(kind, error(fault)),
        None => Refusal::Other(error(fault)),
    })
}

/// What a row must be before it is kept. A fault here is one of the program: requests were checked long before.
fn check(shape: &Shape, old: Option<&Row>, new: &Row) -> Result<()> {
    let kind = &shape.kind;
    if kind.parent().is_some() {
        return Err(Error::internal(format!("lines of `{}` are written with their parent", kind.name())));
    }
    if new.id <= 0 || old.is_some_and(|old| old.id != new.id) {
        return Err(Error::internal(format!("a `{}` with the id {}", kind.name(), new.id)));
    }
    check_values(shape, new)?;
    for (position, child) in &shape.children {
        let lines = new.at(*position).as_rows();
        lines.iter().try_for_each(|line| check_values(child, line))?;
        // Documents number their lines upwards, so the list is nearly always sorted.
        let mut numbers: Vec<i64> = lines.iter().map(|line| line.id).collect();
        if !numbers.is_sorted_by(|a, b| a < b) {
            numbers.sort_unstable();
        }
        if !numbers.is_sorted_by(|a, b| a < b) || numbers.first().is_some_and(|least| *least <= 0) {
            return Err(Error::internal(format!(
                "lines of `{}` without a number of their own",
                child.kind.name()
            )));
        }
    }
    Ok(())
}

fn check_values(shape: &Shape, row: &Row) -> Result<()> {
    let kind = &shape.kind;
    if row.values.len() > kind.fields().len() {
        return Err(Error::internal(format!("a `{}` of {} values", kind.name(), row.values.len())));
    }
    match shape.columns.iter().find(|column| !column.storage.fits(row.at(column.position))) {
        None => Ok(()),
        Some(column) => {
            let field = column.name.trim_matches('"');
            Err(Error::internal(format!(
                "`{}.{field}` cannot hold a value of another type or size",
                kind.name()
            )))
        }
    }
}

fn write_head(conn: &Connection, shape: &Shape, old: Option<&Row>, new: &Row) -> Written<()> {
    let Some(old) = old else {
        let mut statement = conn.prepare_cached(&shape.insert).mapped()?;
        statement.raw_bind_parameter(1, new.id).mapped()?;
        statement.raw_bind_parameter(2, new.version).mapped()?;
        bind_all(&mut statement, 3, &shape.columns, new)?;
        return run(&mut statement).map(|_| ());
    };
    let changed: Vec<&Column> = changed(shape, old, new).collect();
    let mut sql = format!("UPDATE {} SET \"version\"=?1", shape.table);
    for (at, column) in changed.iter().enumerate() {
        let _ = write!(sql, ",{}=?{}", column.name, at + 4);
    }
    sql.push_str(" WHERE \"id\"=?2 AND \"version\"=?3");
    let mut statement = conn.prepare_cached(&sql).mapped()?;
    statement.raw_bind_parameter(1, new.version).mapped()?;
    statement.raw_bind_parameter(2, old.id).mapped()?;
    statement.raw_bind_parameter(3, old.version).mapped()?;
    bind_all(&mut statement, 4, changed, new)?;
    if run(&mut statement)? == 0 {
        check_version(conn, shape, old)?;
    }
    Ok(())
}

fn bind_all<'a>(
    statement: &mut Statement<'_>,
    first: usize,
    columns: impl IntoIterator<Item = &'a Column>,
    row: &Row,
) -> Result<()> {
    for (at, column) in columns.into_iter().enumerate() {
        bind(statement, first + at, row.at(column.position))?;
    }
    Ok(())
}

fn changed<'a>(shape: &'a Shape, old: &'a Row, new: &'a Row) -> impl Iterator<Item = &'a Column> {
    shape.columns.iter().filter(|column| old.at(column.position) != new.at(column.position))
}

/// Errors: `record.not_found`, `record.conflict` with the `current` version.
fn check_version(conn: &Connection, shape: &Shape, old: &Row) -> Result<()> {
    let mut statement =
        conn.prepare_cached(&format!("SELECT \"version\" FROM {} WHERE \"id\"=?1", shape.table)).mapped()?;
    match statement.query_row([old.id], |row| row.get::<_, i64>(0)).optional().mapped()? {
        None => Err(Code::NOT_FOUND.error()),
        Some(version) if version != old.version => Err(Code::STALE.error().with("current", version)),
        Some(_) => Ok(()),
    }
}

/// What is to be done to the lines of one field.
struct Lines<'a> {
    child: &'a Arc<Shape>,
    deleted: Vec<i64>,
    updated: Vec<Update<'a>>,
    inserted: Vec<(i64, &'a Row)>,
}

/// A line that stays, with what differs.
struct Update<'a> {
    line: &'a Row,
    position: Option<i64>,
    columns: Vec<&'a Column>,
}

impl<'a> Lines<'a> {
    fn between(child: &'a Arc<Shape>, old: Option<&'a Row>, new: &'a Row, field: usize) -> Lines<'a> {
        let mut lines = Lines { child, deleted: Vec::new(), updated: Vec::new(), inserted: Vec::new() };
        let before = old.map_or(&[][..], |old| old.at(field).as_rows());
        let after = new.at(field).as_rows();
        if before.is_empty() {
            lines.inserted = (0..).zip(after).collect();
            return lines;
        }
        let mut before: HashMap<i64, (i64, &Row)> =
            (0..).zip(before).map(|(position, line)| (line.id, (position, line))).collect();
        // Lines may exchange what is unique: those whose value changed all leave before any comes back.
        let unique = child.kind.def.indexes.iter().filter(|index| index.unique);
        let unique =
            unique.flat_map(|index| index.fields.iter()).filter_map(|name| child.kind.position(name));
        let unique: Vec<usize> = unique.collect();
        for (position, line) in (0..).zip(after) {
            let Some((was, old)) = before.remove(&line.id) else {
                lines.inserted.push((position, line));
                continue;
            };
            let columns: Vec<&Column> = changed(child, old, line).collect();
            if columns.iter().any(|column| unique.contains(&column.position)) {
                lines.deleted.push(line.id);
                lines.inserted.push((position, line));
            } else if was != position || !columns.is_empty() {
                let position = (was != position).then_some(position);
                lines.updated.push(Update { line, position, columns });
            }
        }
        lines.deleted.extend(before.into_keys());
        // In the order of the key: pages are touched once, and the same change is always written the same way.
        lines.deleted.sort_unstable();
        lines
    }

    fn is_empty(&self) -> bool {
        self.deleted.is_empty() && self.updated.is_empty() && self.inserted.is_empty()
    }

    fn write(&self, conn: &Connection, parent: i64) -> Written<()> {
        let table = &self.child.table;
        if !self.deleted.is_empty() {
            let sql = format!("DELETE FROM {table} WHERE \"parent\"=?1 AND \"line\"=?2");
            let mut statement = conn.prepare_cached(&sql).mapped()?;
            statement.raw_bind_parameter(1, parent).mapped()?;
            for line in &self.deleted {
                statement.raw_bind_parameter(2, *line).mapped()?;
                run(&mut statement)?;
            }
        }
        for update in &self.updated {
            update.write(conn, table, parent)?;
        }
        if !self.inserted.is_empty() {
            let mut statement: CachedStatement<'_> = conn.prepare_cached(&self.child.insert).mapped()?;
            for (position, line) in &self.inserted {
                statement.clear_bindings();
                statement.raw_bind_parameter(1, parent).mapped()?;
                statement.raw_bind_parameter(2, line.id).mapped()?;
                statement.raw_bind_parameter(3, *position).mapped()?;
                bind_all(&mut statement, 4, &self.child.columns, line)?;
                run(&mut statement)?;
            }
        }
        Ok(())
    }
}

impl Update<'_> {
    fn write(&self, conn: &Connection, table: &str, parent: i64) -> Written<()> {
        let mut sql = format!("UPDATE {table} SET ");
        let mut index = 2;
        let names = self.position.map(|_| "\"position\"").into_iter();
        for name in names.chain(self.columns.iter().map(|column| column.name.as_str())) {
            index += 1;
            let _ = write!(sql, "{}{name}=?{index}", if index == 3 { "" } else { "," });
        }
        sql.push_str(" WHERE \"parent\"=?1 AND \"line\"=?2");
        let mut statement = conn.prepare_cached(&sql).mapped()?;
        statement.raw_bind_parameter(1, parent).mapped()?;
        statement.raw_bind_parameter(2, self.line.id).mapped()?;
        let mut first = 3;
        if let Some(position) = self.position {
            statement.raw_bind_parameter(3, position).mapped()?;
            first = 4;
        }
        bind_all(&mut statement, first, self.columns.iter().copied(), self.line)?;
        run(&mut statement).map(|_| ())
    }
}
