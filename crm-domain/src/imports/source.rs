//! Files with typed columns, and expressions over them.

use super::csv::{Table, read};
use super::mapping::{ColumnType, DecimalMark, Separator, Written, column_name, may_name_column};
use super::{BAD_MAPPING, FileText, MISSING_COLUMN, MISSING_FILE};
use chrono::format::{Item, Numeric, StrftimeItems};
use chrono::{Datelike, NaiveDate, NaiveDateTime};
use crm_kernel::catalogue::Catalogue;
use crm_kernel::codec::{clip, scalar};
use crm_kernel::date::Date;
use crm_kernel::error::{Code, Error, Problem, Result};
use crm_kernel::expr::{Expr, NoSource, RowEnv, Scope};
use crm_kernel::json::Json;
use crm_kernel::record::{FieldDef, FieldRole, FieldType, RecordDef};
use crm_kernel::value::{Row, Value};
use std::fmt::Write as _;

/// The kind that stands for a file while its expressions are checked: its columns are the fields.
const FILE_KIND: u32 = 1;

/// A file with typed columns.
pub(super) struct Source {
    pub(super) file: String,
    pub(super) table: Table,
    /// What stands between its cells.
    pub(super) separator: Separator,
    decimal: DecimalMark,
    catalogue: Catalogue,
    types: Vec<(ColumnType, Option<String>, bool)>,
}

/// A row of a source: its values, or what is wrong with its cells.
pub(super) type Typed = std::result::Result<Row, Error>;

impl Source {
    /// Reads a file as it is written. Errors: those of reading, [`MISSING_FILE`], [`MISSING_COLUMN`], [`BAD_MAPPING`] for
    /// a column's name.
    pub(super) fn open(written: &Written<'_>, files: &[FileText]) -> Result<Source> {
        let Written { file, separator, decimal, columns, path } = *written;
        let given = files.iter().enumerate().find(|(_, given)| given.file == file);
        let (at, given) = given.ok_or_else(|| MISSING_FILE.at("/files").with("file", file))?;
        let mut table =
            read(file, &given.text, separator).map_err(|error| error.at(format!("/files/{at}/text")))?;
        for ((line, _), row) in table.rows.iter_mut().zip(&given.rows) {
            *line = *row;
        }
        for (at, column) in columns.iter().enumerate() {
            let bad = |part: &str, fault: &str| {
                Err(BAD_MAPPING.at(format!("{path}/columns/{at}/{part}")).coded("fault", "word", fault))
            };
            if column.name.as_ref().is_some_and(|name| !may_name_column(name)) {
                return bad("name", "no_column_name");
            }
            if column.format.as_ref().is_some_and(|format| !is_date_format(format)) {
                return bad("format", "no_date_format");
            }
            if !table.header.contains(&column.column) {
                return Err(MISSING_COLUMN
                    .at("/files")
                    .with("file", file)
                    .with("column", column.column.clone()));
            }
        }
        let mut fields = Vec::new();
        let mut types = Vec::new();
        let of = |header: &String| columns.iter().find(|column| column.column == *header);
        let name = |(place, header)| {
            of(header)
                .and_then(|column| column.name.clone())
                .unwrap_or_else(|| column_name(header, place + 1))
        };
        let names: Vec<String> = table.header.iter().enumerate().map(name).collect();
        for (place, (header, name)) in table.header.iter().zip(&names).enumerate() {
            let column = of(header);
            let mut name = name.clone();
            if names.iter().filter(|other| **other == name).count() > 1 {
                // Nobody can say which of them is meant, and nobody needs to where none is.
                if column.is_some() {
                    return Err(MISSING_COLUMN.at("/files").with("file", file).with("column", name));
                }
                name = format!("column_{}", place + 1);
            }
            let kind = column.map_or(ColumnType::Text, |column| column.r#type);
            let no = u32::try_from(place + 1).unwrap_or(u32::MAX);
            fields.push(field(no, name, field_type(kind)));
            types.push((
                kind,
                column.and_then(|column| column.format.clone()),
                column.is_some_and(|column| column.trim),
            ));
        }
        let no = |place: usize| u32::try_from(fields.len() + place).unwrap_or(u32::MAX);
        let (row, id) = (no(1), no(2));
        fields.push(field(row, "row".to_owned(), FieldType::Int));
        fields.push(field(id, "id_text".to_owned(), FieldType::LONG_TEXT));
        let def = RecordDef {
            no: FILE_KIND,
            name: "file".into(),
            table: "files".into(),
            doc: "".into(),
            parent: 0,
            fields: fields.into(),
            indexes: Vec::new().into(),
            access: Vec::new().into(),
            managed: false,
            closed: false,
            labels: None,
        };
        let catalogue = Catalogue::build([def]).map_err(|problems| {
            let place = problems.first().map(|problem| problem.place.clone()).unwrap_or_default();
            BAD_MAPPING
                .at(format!("{path}/columns"))
                .coded("fault", "word", "no_column_name")
                .with("place", place)
        })?;
        Ok(Source { file: file.to_owned(), table, separator, decimal, catalogue, types })
    }

    /// An expression over the columns; `today` and `as_of`-like names are not known here: files do not change by the day.
    /// Errors: [`MISSING_COLUMN`] where it names a column that the file does not have, else `expression.invalid`.
    pub(super) fn expression(&self, text: &str, path: &str) -> Result<Expr> {
        Expr::check(text, &self.scope()).map_err(|error| self.misread(text, error).at(path))
    }

    /// A condition over the columns. Errors as [`Source::expression`].
    pub(super) fn condition(&self, text: &str, path: &str) -> Result<Expr> {
        Expr::condition(text, &self.scope()).map_err(|error| self.misread(text, error).at(path))
    }

    fn scope(&self) -> Scope<'_> {
        Scope { catalogue: &self.catalogue, root: FILE_KIND, names: &[] }
    }

    /// An expression that names what is no column: the file lacks it.
    fn misread(&self, text: &str, error: Error) -> Error {
        let number = |name| error.arg(name).and_then(Json::as_int).and_then(|no| usize::try_from(no).ok());
        let unknown = error.arg("fault").and_then(Json::as_text) == Some("unknown_field");
        let named = number("at").zip(number("length")).filter(|_| unknown);
        match named.and_then(|(at, length)| text.get(at..at.checked_add(length)?)) {
            Some(column) => MISSING_COLUMN.error().with("file", self.file.as_str()).with("column", column),
            None => error,
        }
    }

    /// The columns that an expression reads, as the header has them; none where it reads none.
    pub(super) fn columns(&self, expr: &Expr) -> Option<String> {
        let header = |(_, no): &(u32, u32)| {
            usize::try_from(*no).ok()?.checked_sub(1).and_then(|at| self.table.header.get(at))
        };
        let read: Vec<&str> = expr.uses().iter().filter_map(header).map(String::as_str).collect();
        (!read.is_empty()).then(|| read.join(", "))
    }

    /// Puts the rows in an order; rows with equal keys, and those that cannot be read, stay as in the file.
    pub(super) fn sort(&mut self, order: &[String], path: &str) -> Result<()> {
        let keys = order.iter().enumerate().map(|(at, text)| self.expression(text, &format!("{path}/{at}")));
        let keys = keys.collect::<Result<Vec<_>>>()?;
        if keys.is_empty() {
            return Ok(());
        }
        let rows = std::mem::take(&mut self.table.rows);
        let mut keyed: Vec<(Vec<Value>, (i64, Vec<String>))> = Vec::with_capacity(rows.len());
        for (line, cells) in rows {
            let row = self.readable(&cells);
            keyed.push((keys.iter().map(|key| evaluate(key, &row)).collect(), (line, cells)));
        }
        keyed.sort_by(|(a, _), (b, _)| {
            let orders = a.iter().zip(b).map(|(a, b)| a.order(b));
            orders.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
        });
        self.table.rows = keyed.into_iter().map(|(_, row)| row).collect();
        Ok(())
    }

    /// A row with typed cells; an empty cell is null. Errors: every malformed cell with its column.
    pub(super) fn typed(&self, cells: &[String]) -> Typed {
        let mut row = Row::default();
        let mut problems = Vec::new();
        for (at, cell) in cells.iter().enumerate() {
            match self.value(at, cell) {
                Ok(value) => row.set(at, value),
                Err(mut problem) => {
                    let column = self.table.header.get(at).cloned().unwrap_or_default();
                    problem.path = format!("/{column}");
                    problems.push(problem.with("column", column));
                    row.set(at, Value::Null);
                }
            }
        }
        row.set(self.types.len() + 1, Value::Null);
        if problems.is_empty() { Ok(row) } else { Err(Error::of_problems(problems)) }
    }

    /// The cells that can be read, null for the others.
    pub(super) fn readable(&self, cells: &[String]) -> Row {
        let mut row = Row::default();
        for (at, cell) in cells.iter().enumerate() {
            row.set(at, self.value(at, cell).unwrap_or_default());
        }
        row.set(self.types.len() + 1, Value::Null);
        row
    }

    /// The value of a cell; null where it is empty.
    fn value(&self, at: usize, cell: &str) -> std::result::Result<Value, Problem> {
        let Some((kind, format, trim)) = self.types.get(at) else { return Ok(Value::Null) };
        match if *trim { cell.trim() } else { cell } {
            "" => Ok(Value::Null),
            text => cell_value(*kind, format.as_deref(), self.decimal, text),
        }
    }

    /// A row with the id of what it became, for expressions that name it.
    pub(super) fn with_id(&self, row: &Row, id: Option<String>) -> Row {
        let mut row = row.clone();
        row.set(self.types.len() + 1, id.map_or(Value::Null, Value::Text));
        row
    }
}

fn field(no: u32, name: String, ty: FieldType) -> FieldDef {
    FieldDef {
        no,
        name: name.into(),
        doc: "".into(),
        ty,
        required: false,
        default: None,
        role: FieldRole::Plain,
        managed: false,
        sensitive: false,
        labels: None,
    }
}

fn field_type(kind: ColumnType) -> FieldType {
    match kind {
        ColumnType::Text => FieldType::LONG_TEXT,
        ColumnType::Integer => FieldType::Int,
        ColumnType::Decimal => FieldType::decimal(18, 6),
        ColumnType::Date => FieldType::Date,
        ColumnType::Boolean => FieldType::Bool,
    }
}

/// The value of a cell that is not empty.
pub(super) fn cell_value(
    kind: ColumnType,
    format: Option<&str>,
    decimal: DecimalMark,
    text: &str,
) -> std::result::Result<Value, Problem> {
    match (kind, format) {
        (ColumnType::Decimal, _) if decimal == DecimalMark::Comma => {
            let malformed = || {
                Problem::new(Code::MALFORMED, "")
                    .coded("type", "type", "decimal_with_comma")
                    .with("value", clip(text))
            };
            // With a point, a number is one that is written otherwise, or has thousands set apart.
            let point = if text.contains('.') { None } else { Some(text.replace(',', ".")) };
            let value = scalar(&field_type(kind), &point.ok_or_else(malformed)?);
            value.map_err(|problem| if problem.code == Code::MALFORMED { malformed() } else { problem })
        }
        (ColumnType::Date, Some(format)) => read_date(format, text).map(Value::Date).ok_or_else(|| {
            Problem::new(Code::MALFORMED, "")
                .coded("type", "type", "date_by_format")
                .with("value", clip(text))
                .with("format", format)
        }),
        _ => scalar(&field_type(kind), text),
    }
}

/// A date as a format writes it, or the date of a date with time. A year has four digits.
pub(super) fn read_date(format: &str, text: &str) -> Option<Date> {
    let date = NaiveDate::parse_from_str(text, format)
        .or_else(|_| NaiveDateTime::parse_from_str(text, format).map(|time| time.date()));
    let date = date.ok().filter(|date| (1_000..=9_999).contains(&date.year()))?;
    Date::parse(&date.format("%Y-%m-%d").to_string()).ok()
}

/// True for formats by which a date can be read again as it was written, a year of two digits not being one.
pub(super) fn is_date_format(format: &str) -> bool {
    let unfit = |item: Item<'_>| {
        matches!(item, Item::Error | Item::Numeric(Numeric::YearMod100 | Numeric::IsoYearMod100, _))
    };
    let some_day = NaiveDate::from_ymd_opt(2024, 10, 31).and_then(|day| day.and_hms_opt(13, 24, 35));
    let mut written = String::new();
    !StrftimeItems::new(format).any(unfit)
        && some_day.is_some_and(|day| write!(written, "{}", day.format(format)).is_ok())
        && read_date(format, &written).is_some_and(|read| read.to_string() == "2024-10-31")
}

/// The value of an expression for a row.
pub(super) fn evaluate(expr: &Expr, row: &Row) -> Value {
    expr.value(&RowEnv { root: row, parent: None, source: &NoSource })
}

/// A value as text; none for null.
pub(super) fn shown(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Bool(value) => Some(value.to_string()),
        Value::Num(_) => value.as_dec().map(|dec| dec.to_string()),
        Value::Text(text) => Some(text.clone()),
        Value::Date(date) => Some(date.to_string()),
        Value::Instant(instant) => Some(instant.to_string()),
        Value::Ref(id) => Some(id.to_string()),
        _ => None,
    }
}
