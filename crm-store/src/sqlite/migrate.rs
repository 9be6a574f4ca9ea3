//! Making a file fit a catalogue: tables, columns and indexes that are missing, renamed or changed.
//!
//! The file remembers which column holds which field number, so a renamed field is a renamed column. Nothing that holds
//! data is ever dropped: fields and kinds that the catalogue no longer has stay in the file.

use super::column::{Storage, number, quoted};
use super::errors::Mapped;
use super::log::{note, set_note};
use super::schema::{self, Indexes};
use crm_kernel::catalogue::{Catalogue, Kind};
use crm_kernel::codec;
use crm_kernel::error::{Code, Error, Result};
use crm_kernel::json::Json;
use crm_kernel::record::FieldDef;
use crm_kernel::value::Value;
use rusqlite::Connection;
use std::collections::HashMap;

const FINGERPRINT: &str = "catalogue_fingerprint";
const REVISION: &str = "definitions_revision";

/// One step of a migration.
pub(super) enum Step {
    /// SQL to run.
    Sql(String),
    /// The file remembers the table of a kind.
    Kind { kind: u32, table: String },
    /// The file remembers the column of a field.
    Field { kind: u32, field: u32, column: Column },
}

/// A column as the file remembers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Column {
    name: String,
    tag: String,
    not_null: bool,
}

/// The change set that last changed definitions made at run time.
pub(super) fn revision(conn: &Connection) -> Result<i64> {
    note(conn, REVISION).map(|revision| revision.unwrap_or(0))
}

/// True where the file has the tables of this catalogue.
pub(super) fn fits(conn: &Connection, catalogue: &Catalogue) -> Result<bool> {
    Ok(note(conn, FINGERPRINT)? == Some(schema::fingerprint(catalogue)))
}

/// Changes the tables where the file does not fit, within the open transaction.
pub(super) fn run(conn: &Connection, catalogue: &Catalogue) -> Result<()> {
    if revision(conn)? != catalogue.revision {
        set_note(conn, REVISION, catalogue.revision)?;
    }
    if fits(conn, catalogue)? {
        return Ok(());
    }
    for step in plan(conn, catalogue)? {
        match step {
            Step::Sql(sql) => conn.execute_batch(&sql).map_err(|fault| refused(fault, catalogue, &sql))?,
            Step::Kind { kind, table } => {
                let sql = "INSERT OR REPLACE INTO schema_kind(kind,name) VALUES(?1,?2)";
                conn.execute(sql, (kind, table)).mapped()?;
            }
            Step::Field { kind, field, column } => {
                let sql = "INSERT OR REPLACE INTO schema_field(kind,field,name,type,not_null) VALUES(?1,?2,?3,?4,?5)";
                conn.execute(sql, (kind, field, column.name, column.tag, column.not_null)).mapped()?;
            }
        }
    }
    set_note(conn, FINGERPRINT, schema::fingerprint(catalogue))
}

/// A unique index over values that stand twice is the user's to mend; anything else is a fault.
fn refused(fault: rusqlite::Error, catalogue: &Catalogue, sql: &str) -> Error {
    if super::errors::constraint(&fault) == Some(super::errors::Constraint::Unique) {
        let indexes = Indexes::of(catalogue);
        for kind in catalogue.kinds() {
            let place = indexes.of_kind(kind).position(|(_, made)| made == sql);
            if let Some(index) = place.and_then(|place| kind.def.indexes.get(place)) {
                let fields = index.fields.join(", ");
                return Code::DUPLICATE.error().with("kind", kind.name()).with("fields", fields);
            }
        }
    }
    super::errors::error(fault)
}

/// The steps from the file's tables to the catalogue's. Errors: `store.cannot_migrate` where values would be lost.
pub(super) fn plan(conn: &Connection, catalogue: &Catalogue) -> Result<Vec<Step>> {
    let known = known(conn)?;
    let indexes = Indexes::of(catalogue);
    // Tables first, then columns, then indexes: what comes later names what came before.
    let (mut tables, mut columns, mut last) = (Vec::new(), Vec::new(), Vec::new());
    for kind in catalogue.kinds() {
        if schema::is_taken(&kind.def.table) {
            return Err(Error::internal(format!("the table name `{}` is taken", kind.def.table)));
        }
        if kind.parent().is_some() && !kind.children().is_empty() {
            return Err(Error::internal(format!("`{}` is a line and cannot have lines", kind.name())));
        }
        match known.get(&kind.no()) {
            None => create(catalogue, kind, &mut tables),
            Some(table) => alter(conn, catalogue, kind, table, &mut tables, &mut columns)?,
        }
        let old_table = known.get(&kind.no()).map(|table| table.name.as_str());
        let mut present = old_table.map_or(Ok(HashMap::new()), |table| present_indexes(conn, table))?;
        for (name, sql) in indexes.of_kind(kind) {
            match present.remove(name) {
                Some(unique) if unique == sql.starts_with("CREATE UNIQUE") => {}
                Some(_) => {
                    columns.push(Step::Sql(format!("DROP INDEX {}", quoted(name))));
                    last.push(Step::Sql(sql.to_owned()));
                }
                None => last.push(Step::Sql(sql.to_owned())),
            }
        }
        let mut gone: Vec<String> = present.into_keys().collect();
        gone.sort_unstable();
        columns.extend(gone.iter().map(|name| Step::Sql(format!("DROP INDEX {}", quoted(name)))));
    }
    tables.append(&mut columns);
    tables.append(&mut last);
    Ok(tables)
}

struct Table {
    name: String,
    columns: HashMap<u32, Column>,
}

fn known(conn: &Connection) -> Result<HashMap<u32, Table>> {
    let mut tables = HashMap::new();
    let mut statement = conn.prepare("SELECT kind,name FROM schema_kind").mapped()?;
    let mut rows = statement.query([]).mapped()?;
    while let Some(row) = rows.next().mapped()? {
        let table = Table { name: row.get(1).mapped()?, columns: HashMap::new() };
        tables.insert(row.get::<_, u32>(0).mapped()?, table);
    }
    let mut statement = conn.prepare("SELECT kind,field,name,type,not_null FROM schema_field").mapped()?;
    let mut rows = statement.query([]).mapped()?;
    while let Some(row) = rows.next().mapped()? {
        let column =
            Column { name: row.get(2).mapped()?, tag: row.get(3).mapped()?, not_null: row.get(4).mapped()? };
        if let Some(table) = tables.get_mut(&row.get::<_, u32>(0).mapped()?) {
            table.columns.insert(row.get(1).mapped()?, column);
        }
    }
    Ok(tables)
}

/// The engine's indexes on a table: whether each is unique.
fn present_indexes(conn: &Connection, table: &str) -> Result<HashMap<String, bool>> {
    let sql = "SELECT name, sql LIKE 'CREATE UNIQUE%' FROM sqlite_schema \
               WHERE type='index' AND tbl_name=?1 AND name LIKE 'ix\\_%' ESCAPE '\\'";
    let mut statement = conn.prepare(sql).mapped()?;
    let rows = statement.query_map([table], |row| Ok((row.get(0)?, row.get(1)?))).mapped()?;
    rows.collect::<rusqlite::Result<_>>().mapped()
}

fn create(catalogue: &Catalogue, kind: &Kind, steps: &mut Vec<Step>) {
    steps.push(Step::Sql(schema::create_table(catalogue, kind)));
    steps.push(Step::Kind { kind: kind.no(), table: kind.def.table.to_string() });
    for field in kind.fields() {
        if let Some(column) = wanted(field, field.required) {
            steps.push(Step::Field { kind: kind.no(), field: field.no, column });
        }
    }
}

fn wanted(field: &FieldDef, not_null: bool) -> Option<Column> {
    Some(Column { name: field.name.to_string(), tag: schema::tag(&field.ty)?, not_null })
}

/// Changes of a table that is there. Values are checked before anything is planned.
fn alter(
    conn: &Connection,
    catalogue: &Catalogue,
    kind: &Kind,
    table: &Table,
    tables: &mut Vec<Step>,
    columns: &mut Vec<Step>,
) -> Result<()> {
    let name = &kind.def.table;
    if *name != table.name {
        tables.push(Step::Sql(format!("ALTER TABLE {} RENAME TO {}", quoted(&table.name), quoted(name))));
        tables.push(Step::Kind { kind: kind.no(), table: name.to_string() });
    }
    rename(kind, table, columns);
    for field in kind.fields() {
        let (Some(old), Some(new)) = (table.columns.get(&field.no), wanted(field, false)) else { continue };
        let mut kept = Column { not_null: old.not_null, ..new };
        if old.tag != kept.tag {
            let change = retype(conn, kind, &table.name, field, old)?;
            columns.extend(change.map(Step::Sql));
        }
        if old.not_null && !field.required {
            columns.push(drop_not_null(name, &field.name));
            kept.not_null = false;
        }
        if kept != *old {
            columns.push(Step::Field { kind: kind.no(), field: field.no, column: kept });
        }
    }
    // What the catalogue no longer has stays, and must not stand in the way of new rows.
    let mut gone: Vec<(&u32, &Column)> = table.columns.iter().collect();
    gone.retain(|(no, column)| kind.position_of_no(**no).is_none() && column.not_null);
    gone.sort_unstable_by_key(|(no, _)| **no);
    for (no, column) in gone {
        let present = retired(kind, *no, &column.name);
        columns.push(drop_not_null(name, &present));
        let column = Column { name: present, not_null: false, ..column.clone() };
        columns.push(Step::Field { kind: kind.no(), field: *no, column });
    }
    for field in kind.fields().iter().filter(|field| !table.columns.contains_key(&field.no)) {
        let (Some(sql), Some(column)) = (schema::add_column(catalogue, name, field), wanted(field, false))
        else {
            continue;
        };
        columns.push(Step::Sql(sql));
        if let Some(value) = filling(field) {
            columns.push(Step::Sql(format!("UPDATE {} SET {} = {value}", quoted(name), quoted(&field.name))));
        }
        columns.push(Step::Field { kind: kind.no(), field: field.no, column });
    }
    Ok(())
}

/// Renames columns of fields that have another name now. Names may have been exchanged, so where a new name is still
/// held by another column that column goes out of the way first.
fn rename(kind: &Kind, table: &Table, steps: &mut Vec<Step>) {
    let name = quoted(&kind.def.table);
    let sql = |from: &str, to: &str| {
        Step::Sql(format!("ALTER TABLE {name} RENAME COLUMN {} TO {}", quoted(from), quoted(to)))
    };
    let mut moves: Vec<(u32, String, String)> = Vec::new();
    for (no, column) in &table.columns {
        let target = match kind.position_of_no(*no).and_then(|position| kind.field(position)) {
            Some(field) => field.name.to_string(),
            None => retired(kind, *no, &column.name),
        };
        if target != column.name {
            moves.push((*no, column.name.clone(), target));
        }
    }
    moves.sort_unstable_by_key(|(no, ..)| *no);
    let held: Vec<String> = moves.iter().map(|(_, from, _)| from.clone()).collect();
    for (no, from, to) in &mut moves {
        if held.contains(to) {
            let aside = format!("moved_{no}");
            steps.push(sql(from, &aside));
            *from = aside;
        }
    }
    for (no, from, to) in &moves {
        steps.push(sql(from, to));
        if let (None, Some(column)) = (kind.position_of_no(*no), table.columns.get(no)) {
            let column = Column { name: to.clone(), ..column.clone() };
            steps.push(Step::Field { kind: kind.no(), field: *no, column });
        }
    }
}

/// The name of a column whose field is gone: its own, unless another field has taken the name.
fn retired(kind: &Kind, no: u32, name: &str) -> String {
    if kind.position(name).is_some() { format!("{name}_retired_{no}") } else { name.to_owned() }
}

fn drop_not_null(table: &str, column: &str) -> Step {
    Step::Sql(format!("ALTER TABLE {} ALTER COLUMN {} DROP NOT NULL", quoted(table), quoted(column)))
}

/// What brings values to another type; `None` where they stay as they are.
/// Errors: `store.cannot_migrate` where values would be lost.
fn retype(
    conn: &Connection,
    kind: &Kind,
    table: &str,
    field: &FieldDef,
    old: &Column,
) -> Result<Option<String>> {
    let refused = || Code::CANNOT_MIGRATE.error().with("field", format!("{}.{}", kind.name(), field.name));
    let (Some(Storage::Num { digits, scale }), Some((_, from))) =
        (Storage::of(&field.ty), number_tag(&old.tag))
    else {
        return Err(refused());
    };
    let (column, table_now) = (quoted(&old.name), quoted(table));
    let power = |exponent: u8| 10_i64.checked_pow(u32::from(exponent)).unwrap_or(i64::MAX);
    let (lost, change) = if scale >= from {
        let most = power(digits.saturating_sub(scale - from));
        (format!("abs({column}) >= {most}"), format!("* {}", power(scale - from)))
    } else {
        let (factor, most) = (power(from - scale), power(digits));
        (format!("{column} % {factor} <> 0 OR abs({column} / {factor}) >= {most}"), format!("/ {factor}"))
    };
    let sql = format!("SELECT EXISTS(SELECT 1 FROM {table_now} WHERE {lost})");
    if conn.query_row(&sql, [], |row| row.get(0)).mapped()? {
        return Err(refused());
    }
    let (table, column) = (quoted(&kind.def.table), quoted(&field.name));
    Ok((scale != from).then(|| format!("UPDATE {table} SET {column} = {column} {change}")))
}

fn number_tag(tag: &str) -> Option<(u8, u8)> {
    let (digits, scale) = tag.strip_prefix("number(")?.strip_suffix(')')?.split_once(',')?;
    Some((digits.parse().ok()?, scale.parse().ok()?))
}

/// The default of a required field that the engine itself has got, as a literal: rows that are there need a value.
/// Fields made at run time stay null in old rows.
fn filling(field: &FieldDef) -> Option<String> {
    if !field.required || schema::is_custom(field) {
        return None;
    }
    let value = match Json::parse(field.default.as_deref()?).ok()? {
        Json::Bool(value) => Value::Bool(value),
        Json::Int(value) => codec::scalar(&field.ty, &value.to_string()).ok()?,
        Json::Text(text) => codec::scalar(&field.ty, &text).ok()?,
        json => Value::Json(json.into()),
    };
    Some(match (&value, number(&value)) {
        (_, Some(number)) => number.to_string(),
        (Value::Text(text), None) => format!("'{}'", text.replace('\'', "''")),
        (Value::Json(json), None) => format!("'{}'", json.text().replace('\'', "''")),
        _ => return None,
    })
}
