//! Why a write was refused, in the words of the kernel.

use super::SqliteTx;
use super::column::{bind, quoted};
use super::errors::{Constraint, Mapped};
use super::shape::Shape;
use crm_kernel::error::{Code, Error, Result};
use crm_kernel::value::{Row, Value};
use rusqlite::Connection;
use std::collections::HashMap;
use std::fmt::Write as _;

/// Which rule a refused write broke. SQLite names no foreign key and only the columns of an index, so the row is looked
/// at again, in the order in which the store in memory looks: the id, unique values, references, required fields.
/// `None` where none of them is broken.
pub(super) fn why(
    tx: &SqliteTx<'_>,
    shape: &Shape,
    old: Option<&Row>,
    new: &Row,
    hint: Constraint,
) -> Result<Option<Error>> {
    let conn = tx.conn();
    if old.is_none() && exists(conn, &shape.table, new.id)? {
        return Ok(Some(Code::STALE.error()));
    }
    let children = shape.children.iter();
    let lines = children.flat_map(|(position, child)| {
        let field = shape.kind.field(*position).map_or("", |field| &field.name);
        let rows = new.at(*position).as_rows().iter().enumerate();
        rows.map(move |(at, row)| (&**child, row, format!("/{field}/{at}")))
    });
    let parts: Vec<(&Shape, &Row, String)> =
        std::iter::once((shape, new, String::new())).chain(lines).collect();
    let mut taken: HashMap<(u32, usize), Vec<Vec<&Value>>> = HashMap::new();
    for (shape, row, path) in &parts {
        for (place, index) in shape.kind.def.indexes.iter().enumerate().filter(|(_, index)| index.unique) {
            let positions = index.fields.iter().filter_map(|name| shape.kind.position(name));
            let values: Vec<&Value> = positions.map(|position| row.at(position)).collect();
            if values.iter().any(|value| value.is_null()) {
                continue;
            }
            let own = taken.entry((shape.kind.no(), place)).or_default();
            if own.contains(&values) || is_taken(conn, shape, &index.fields, &values, new.id)? {
                let fields = index.fields.join(", ");
                let first = index.fields.first().map_or("", |field| field);
                let error = Code::DUPLICATE.error().with("kind", shape.kind.name()).with("fields", fields);
                return Ok(Some(error.at(format!("{path}/{first}"))));
            }
            own.push(values);
        }
    }
    for (shape, row, path) in &parts {
        for column in &shape.columns {
            let (Some(to), Value::Ref(id)) = (shape.target(column.position), row.at(column.position)) else {
                continue;
            };
            if (to, id.number()) == (parts.first().map_or(0, |(head, ..)| head.kind.no()), new.id) {
                continue;
            }
            let target = tx.shape(to)?;
            if !exists(conn, &target.table, id.number())? {
                let field = column.name.trim_matches('"');
                let error = Code::DANGLING.error().with("kind", shape.kind.name()).with("field", field);
                return Ok(Some(error.at(format!("{path}/{field}"))));
            }
        }
    }
    if hint == Constraint::NotNull {
        for (shape, row, path) in &parts {
            let missing =
                shape.columns.iter().find(|column| !column.nullable && row.at(column.position).is_null());
            if let Some(column) = missing {
                return Ok(Some(Code::REQUIRED.at(format!("{path}/{}", column.name.trim_matches('"')))));
            }
        }
    }
    Ok(None)
}

fn exists(conn: &Connection, table: &str, id: i64) -> Result<bool> {
    let mut statement = conn.prepare_cached(&format!("SELECT 1 FROM {table} WHERE \"id\"=?1")).mapped()?;
    statement.exists([id]).mapped()
}

/// True where another record, or a line of another record, has these values.
fn is_taken<S: AsRef<str>>(
    conn: &Connection,
    shape: &Shape,
    fields: &[S],
    values: &[&Value],
    own: i64,
) -> Result<bool> {
    let key = if shape.kind.parent().is_some() { "parent" } else { "id" };
    let mut sql = format!("SELECT 1 FROM {} WHERE \"{key}\"<>?1", shape.table);
    for (at, field) in fields.iter().enumerate() {
        let _ = write!(sql, " AND {}=?{}", quoted(field.as_ref()), at + 2);
    }
    let mut statement = conn.prepare_cached(&sql).mapped()?;
    statement.raw_bind_parameter(1, own).mapped()?;
    for (at, value) in values.iter().enumerate() {
        bind(&mut statement, at + 2, value)?;
    }
    let mut found = statement.raw_query();
    Ok(found.next().mapped()?.is_some())
}
