//! Statement texts of each kind, made once for a catalogue and only for kinds that are used.

use super::column::{Storage, quoted};
use super::errors::Mapped;
use crm_kernel::catalogue::{Catalogue, Kind};
use crm_kernel::error::{Error, Result};
use crm_kernel::record::FieldType;
use crm_kernel::value::{Row, Value};
use rusqlite::Connection;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

/// The kinds of one catalogue as tables.
#[derive(Debug)]
pub(super) struct Shapes {
    pub(super) catalogue: Arc<Catalogue>,
    made: Mutex<HashMap<u32, Arc<Shape>>>,
}

impl Shapes {
    pub(super) fn new(catalogue: &Arc<Catalogue>) -> Arc<Shapes> {
        Arc::new(Shapes { catalogue: Arc::clone(catalogue), made: Mutex::default() })
    }

    /// The table of a kind. Errors: `internal.error` for a kind that is not in the catalogue.
    pub(super) fn get(&self, conn: &Connection, kind: u32) -> Result<Arc<Shape>> {
        let made = self.made.lock().unwrap_or_else(PoisonError::into_inner).get(&kind).cloned();
        if let Some(shape) = made {
            return Ok(shape);
        }
        let shape = Arc::new(Shape::new(conn, &self.catalogue, self.catalogue.get(kind)?)?);
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Arc::clone(made.entry(kind).or_insert(shape)))
    }
}

/// A kind as a table.
#[derive(Debug)]
pub(super) struct Shape {
    pub(super) kind: Arc<Kind>,
    /// The table's name, quoted.
    pub(super) table: String,
    /// The fields that have columns, in row order.
    pub(super) columns: Vec<Column>,
    /// The tables of the lines, with the position of each in the row.
    pub(super) children: Vec<(usize, Arc<Shape>)>,
    /// One row by its id, or all lines of a parent.
    pub(super) select: String,
    /// A new row or line.
    pub(super) insert: String,
    /// The names of the columns, each with a comma before it.
    pub(super) names: String,
}

/// A field's column.
#[derive(Debug)]
pub(super) struct Column {
    /// The field's position in the row.
    pub(super) position: usize,
    /// The name, quoted.
    pub(super) name: String,
    pub(super) storage: Storage,
    /// False where the table itself refuses null.
    pub(super) nullable: bool,
}

impl Shape {
    fn new(conn: &Connection, catalogue: &Catalogue, kind: &Arc<Kind>) -> Result<Shape> {
        let not_null = not_null(conn, kind.no())?;
        let columns: Vec<Column> = kind
            .fields()
            .iter()
            .enumerate()
            .filter_map(|(position, field)| {
                let storage = Storage::of(&field.ty)?;
                let nullable = !not_null.contains(&field.no);
                Some(Column { position, name: quoted(&field.name), storage, nullable })
            })
            .collect();
        let children = kind.children().iter().map(|(position, child)| {
            Ok((*position, Arc::new(Shape::new(conn, catalogue, catalogue.get(*child)?)?)))
        });
        let children = children.collect::<Result<Vec<_>>>()?;
        let table = quoted(&kind.def.table);
        let names = columns.iter().fold(String::new(), |mut names, column| {
            names.push(',');
            names.push_str(&column.name);
            names
        });
        let heads = if kind.parent().is_some() { 3 } else { 2 };
        let values = (1..=heads + columns.len()).fold(String::new(), |mut values, index| {
            let _ = write!(values, "{}?{index}", if index == 1 { "" } else { "," });
            values
        });
        let (select, insert) = match kind.parent() {
            None => (
                format!("SELECT \"id\",\"version\"{names} FROM {table} WHERE \"id\"=?1"),
                format!("INSERT INTO {table}(\"id\",\"version\"{names}) VALUES({values})"),
            ),
            // Read in the order of the key, which costs no sort; the position puts them right.
            Some(_) => (
                format!("SELECT \"line\",\"position\"{names} FROM {table} WHERE \"parent\"=?1"),
                format!("INSERT INTO {table}(\"parent\",\"line\",\"position\"{names}) VALUES({values})"),
            ),
        };
        Ok(Shape { kind: Arc::clone(kind), table, columns, children, select, insert, names })
    }

    /// The column of the field at a position.
    pub(super) fn column(&self, position: usize) -> Result<&Column> {
        let found = self.columns.iter().find(|column| column.position == position);
        found.ok_or_else(|| Error::internal(format!("`{}` has no column at {position}", self.kind.name())))
    }

    /// The values of a row whose columns begin at `first`. Lines are not there yet: `lines` stands in their place.
    pub(super) fn values(&self, row: &rusqlite::Row<'_>, first: usize, lines: &Value) -> Result<Vec<Value>> {
        let mut values = Vec::with_capacity(self.kind.fields().len());
        let mut index = first;
        let mut columns = self.columns.iter().peekable();
        for position in 0..self.kind.fields().len() {
            match columns.next_if(|column| column.position == position) {
                Some(column) => {
                    values.push(column.storage.read(row.get_ref(index).mapped()?)?);
                    index += 1;
                }
                None => values.push(lines.clone()),
            }
        }
        Ok(values)
    }

    /// A row that `select` gives.
    pub(super) fn row(&self, row: &rusqlite::Row<'_>, lines: &Value) -> Result<Row> {
        let (id, version) = (row.get(0).mapped()?, row.get(1).mapped()?);
        Ok(Row { id, version, values: self.values(row, 2, lines)? })
    }

    /// The kind that the field at a position refers to.
    pub(super) fn target(&self, position: usize) -> Option<u32> {
        match self.kind.field(position)?.ty {
            FieldType::Ref(to) => Some(to),
            _ => None,
        }
    }
}

/// Numbers of the fields whose columns refuse null, as the file has them: a field may have been added when there were
/// rows already.
fn not_null(conn: &Connection, kind: u32) -> Result<Vec<u32>> {
    let sql = "SELECT field FROM schema_field WHERE kind=?1 AND not_null=1";
    let mut statement = conn.prepare_cached(sql).mapped()?;
    let numbers = statement.query_map([kind], |row| row.get(0)).mapped()?;
    numbers.collect::<rusqlite::Result<Vec<u32>>>().mapped()
}
