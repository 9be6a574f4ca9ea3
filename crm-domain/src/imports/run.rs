//! From rows to requests to operations.

use super::csv::{Table, read};
use super::mapping::{Column, ColumnType, FieldMap, Follow, LineMap, Mapping, Mode, Reject, snake};
use super::operations::{ImportAnswer, Keep};
use super::{
    BAD_MAPPING, DUPLICATE_KEY, ENCODING, HISTORY_ONLY, ImportRun, MISSING_COLUMN, MISSING_FILE, QUOTING,
    REFUSED, REJECTED, UNKNOWN_REFERENCE, UNMAPPED, WIDTH,
};
use crate::settings::PicklistValue;
use chrono::{NaiveDate, NaiveDateTime};
use crm_kernel::catalogue::Catalogue;
use crm_kernel::codec::scalar;
use crm_kernel::date::Date;
use crm_kernel::error::{Code, Error, Problem, Result};
use crm_kernel::expr::node::Ty;
use crm_kernel::expr::{Expr, NoSource, RowEnv, Scope};
use crm_kernel::id::Ref;
use crm_kernel::json::Json;
use crm_kernel::plan::{Query, Select};
use crm_kernel::record::{FieldDef, FieldRole, FieldType, Record as _, RecordDef};
use crm_kernel::value::{Num, Row, Value};
use crm_kernel::work::Work;
use std::collections::{HashMap, HashSet};

/// Refusals of all import operations.
pub(super) const ERRORS: &[Code] = &[
    ENCODING,
    QUOTING,
    WIDTH,
    MISSING_FILE,
    MISSING_COLUMN,
    BAD_MAPPING,
    DUPLICATE_KEY,
    UNKNOWN_REFERENCE,
    UNMAPPED,
    REJECTED,
    REFUSED,
    HISTORY_ONLY,
];

/// Refusals reported one by one; further ones are counted.
const MOST_PROBLEMS: usize = 1_000;

/// What became of the rows of a chunk.
#[derive(Default)]
pub(super) struct Report {
    pub seen: i64,
    pub created: i64,
    pub updated: i64,
    pub skipped: i64,
    pub rejected: i64,
    problems: Vec<Json>,
}

impl Report {
    pub(super) fn answer(self, import: Option<Ref<ImportRun>>) -> ImportAnswer {
        let Report { seen, created, updated, skipped, rejected, problems } = self;
        ImportAnswer { import, seen, created, updated, skipped, rejected, problems }
    }

    fn refuse(&mut self, work: &Work<'_>, file: &str, row: i64, key: Option<&str>, error: &Error) {
        self.rejected += 1;
        if self.problems.len() < MOST_PROBLEMS {
            let text = work.model().texts().error(work.context().language, error);
            let mut json = Json::object()
                .with("file", file)
                .with("row", row)
                .with("key", key.map_or(Json::Null, Json::from));
            for (name, value) in text.as_object().unwrap_or_default() {
                json = json.with(name.clone(), value.clone());
            }
            self.problems.push(json);
        }
    }
}

/// The kind that stands for a file while its expressions are checked: its columns are the fields.
const FILE_KIND: u32 = 1;

/// A file with typed columns.
struct Source {
    file: String,
    catalogue: Catalogue,
    types: Vec<(ColumnType, Option<String>, bool)>,
    headers: Vec<String>,
    table: Table,
}

/// A row of a source: its values, or what is wrong with its cells.
type Typed = std::result::Result<Row, Error>;

impl Source {
    fn open(file: &str, files: &[(String, String)], columns: &[Column]) -> Result<Source> {
        let text = files.iter().find(|(name, _)| name == file).map(|(_, text)| text.as_str());
        let table = read(file, text.ok_or_else(|| MISSING_FILE.at("/files").with("file", file))?)?;
        for column in columns {
            if !table.header.contains(&column.column) {
                return Err(MISSING_COLUMN
                    .at("/files")
                    .with("file", file)
                    .with("column", column.column.clone()));
            }
        }
        let mut fields = Vec::new();
        let mut types = Vec::new();
        for (place, header) in table.header.iter().enumerate() {
            let column = columns.iter().find(|column| column.column == *header);
            let name =
                column.and_then(|column| column.name.clone()).unwrap_or_else(|| snake(header, place + 1));
            if fields.iter().any(|field: &FieldDef| field.name == name) {
                return Err(MISSING_COLUMN.at("/files").with("file", file).with("column", name));
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
            access: None,
            managed: false,
            closed: false,
            labels: None,
        };
        let catalogue = Catalogue::build([def]).map_err(|problems| {
            let fault = problems.first().map(ToString::to_string).unwrap_or_default();
            BAD_MAPPING.at("/mapping/columns").with("fault", fault)
        })?;
        let headers = table.header.clone();
        Ok(Source { file: file.to_owned(), catalogue, types, headers, table })
    }

    /// An expression over the columns; `today` and `as_of`-like names are not known here: files do not change by the day.
    fn expression(&self, text: &str, path: &str) -> Result<Expr> {
        Expr::check(text, &Scope { catalogue: &self.catalogue, root: FILE_KIND, names: &[] })
            .map_err(|error| error.at(path))
    }

    fn condition(&self, text: &str, path: &str) -> Result<Expr> {
        Expr::condition(text, &Scope { catalogue: &self.catalogue, root: FILE_KIND, names: &[] })
            .map_err(|error| error.at(path))
    }

    /// Puts the rows in an order; rows with equal keys, and those that cannot be read, stay as in the file.
    fn sort(&mut self, order: &[String], path: &str) -> Result<()> {
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
    fn typed(&self, cells: &[String]) -> Typed {
        let mut row = Row::default();
        let mut problems = Vec::new();
        for (at, (cell, (kind, format, trim))) in cells.iter().zip(&self.types).enumerate() {
            let text = if *trim { cell.trim() } else { cell.as_str() };
            let value =
                if text.is_empty() { Ok(Value::Null) } else { cell_value(*kind, format.as_deref(), text) };
            match value {
                Ok(value) => row.set(at, value),
                Err(mut problem) => {
                    problem.path = format!("/{}", self.headers.get(at).map_or("", String::as_str));
                    problems.push(problem.with("column", self.headers.get(at).cloned().unwrap_or_default()));
                    row.set(at, Value::Null);
                }
            }
        }
        row.set(self.types.len() + 1, Value::Null);
        if problems.is_empty() { Ok(row) } else { Err(Error::of_problems(Code::INVALID_REQUEST, problems)) }
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

fn cell_value(kind: ColumnType, format: Option<&str>, text: &str) -> std::result::Result<Value, Problem> {
    match (kind, format) {
        (ColumnType::Date, Some(format)) => {
            let date = NaiveDate::parse_from_str(text, format)
                .or_else(|_| NaiveDateTime::parse_from_str(text, format).map(|time| time.date()));
            let date = date.ok().and_then(|date| Date::parse(&date.format("%Y-%m-%d").to_string()).ok());
            date.map(Value::Date).ok_or_else(|| {
                Problem::new(Code::MALFORMED, "")
                    .with("type", "date")
                    .with("value", text.chars().take(80).collect::<String>())
            })
        }
        _ => scalar(&field_type(kind), text),
    }
}

/// A field's way from columns to JSON, checked once.
struct Filler {
    steps: Vec<String>,
    ty: FieldType,
    value: Option<Expr>,
    constant: Option<Json>,
    map: Option<Json>,
    reference: Option<(u32, String)>,
    add_option: bool,
}

/// What a row is sent to.
enum Target {
    Kind { name: String, no: u32, key: String },
    Operation(String),
}

/// Lines: their source (none where they are the document's own rows) and how they are filled.
struct Lines {
    field: String,
    source: Option<Source>,
    document: Option<Expr>,
    by_document: HashMap<String, Vec<(i64, Typed)>>,
    skip: Option<Expr>,
    reject: Vec<(Expr, String)>,
    fillers: Vec<Filler>,
}

struct Then {
    when: Option<Expr>,
    operation: String,
    fillers: Vec<Filler>,
}

pub(super) struct Importer {
    source: Source,
    target: Target,
    mode: Mode,
    skip: Option<Expr>,
    reject: Vec<(Expr, String)>,
    group: Option<Expr>,
    key: Option<Filler>,
    fillers: Vec<Filler>,
    lines: Option<Lines>,
    then: Vec<Then>,
    references: HashMap<(u32, String, String), Option<String>>,
    report: Report,
}

impl Importer {
    /// Checks the mapping against the files and the catalogue. Errors: [`BAD_MAPPING`], [`MISSING_COLUMN`],
    /// `expression.invalid`, each with its place in the mapping.
    pub(super) fn new(
        work: &Work<'_>,
        mapping: &Mapping,
        files: &[(String, String)],
        history: bool,
    ) -> Result<Importer> {
        let catalogue = work.catalogue();
        let mut source = Source::open(&mapping.file, files, &mapping.columns)?;
        source.sort(&mapping.order, "/mapping/order")?;
        let bad = |path: &str, fault: &str| BAD_MAPPING.at(path.to_owned()).with("fault", fault);
        let (target, def) = match (&mapping.kind, &mapping.operation) {
            (Some(kind), _) => {
                let kind = catalogue.named(kind).map_err(|error| error.at("/mapping/kind"))?;
                let target =
                    Target::Kind { name: kind.name().to_owned(), no: kind.no(), key: mapping.key.clone() };
                (target, kind.def.clone())
            }
            (None, Some(name)) => {
                let row =
                    work.model().operation(name).filter(|row| row.writes && !name.starts_with("import."));
                let row =
                    row.ok_or_else(|| bad("/mapping/operation", "no operation that may be imported"))?;
                if row.history && !history {
                    return Err(HISTORY_ONLY.at("/mapping/operation").with("operation", name.clone()));
                }
                (Target::Operation(name.clone()), (row.request)().clone())
            }
            (None, None) => return Err(bad("/mapping", "either a kind or an operation")),
        };
        let mut fillers = fillers(&catalogue, &source, &def, &mapping.fields, "/mapping/fields")?;
        let key = match &target {
            Target::Kind { key, .. } => {
                let at = fillers.iter().position(|filler| filler.steps == [key.clone()]);
                Some(
                    fillers
                        .swap_remove(at.ok_or_else(|| bad("/mapping/key", "the key is none of the fields"))?),
                )
            }
            Target::Operation(_) => None,
        };
        let lines = match &mapping.lines {
            Some(lines) => Some(Lines::new(&catalogue, &source, &def, lines, files)?),
            None => None,
        };
        let then = mapping.then.iter().enumerate();
        let then = then
            .map(|(at, follow)| Then::new(work, &source, follow, history, &format!("/mapping/then/{at}")));
        Ok(Importer {
            target,
            mode: mapping.mode,
            skip: mapping.skip.as_deref().map(|text| source.condition(text, "/mapping/skip")).transpose()?,
            reject: rejects(&source, &mapping.reject, "/mapping/reject")?,
            group: mapping
                .group
                .as_deref()
                .map(|text| source.expression(text, "/mapping/group"))
                .transpose()?,
            key,
            fillers,
            lines,
            then: then.collect::<Result<_>>()?,
            references: HashMap::new(),
            report: Report::default(),
            source,
        })
    }

    /// Runs every row or document. Errors: [`REFUSED`] with the rows where all or none are kept.
    pub(super) fn run(mut self, work: &mut Work<'_>, keep: Keep) -> Result<Report> {
        let rows = std::mem::take(&mut self.source.table.rows);
        let mut keys = HashSet::new();
        for document in self.documents(rows) {
            self.report.seen += 1;
            let line = document.first().map_or(0, |(line, _)| *line);
            if let Err((key, error)) = self.document(work, document, &mut keys) {
                let file = self.source.file.clone();
                self.report.refuse(work, &file, line, key.as_deref(), &error);
            }
        }
        if keep == Keep::Atomic && self.report.rejected > 0 {
            let rejected = self.report.rejected;
            return Err(REFUSED.error().with("rejected", rejected).with("rows", self.report.problems));
        }
        Ok(self.report)
    }

    /// Rows, or documents of rows that have the same group value, in the order of their first row.
    fn documents(&self, rows: Vec<(i64, Vec<String>)>) -> Vec<Vec<(i64, Typed)>> {
        let mut documents: Vec<Vec<(i64, Typed)>> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        for (line, cells) in rows {
            let row = self.source.typed(&cells);
            let group = match (&self.group, &row) {
                (Some(group), Ok(row)) => shown(&evaluate(group, row)),
                _ => None,
            };
            let place = group.map(|group| *places.entry(group).or_insert(documents.len()));
            match place.and_then(|place| documents.get_mut(place)) {
                Some(document) => document.push((line, row)),
                None => documents.push(vec![(line, row)]),
            }
        }
        documents
    }

    fn document(
        &mut self,
        work: &mut Work<'_>,
        document: Vec<(i64, Typed)>,
        keys: &mut HashSet<String>,
    ) -> std::result::Result<(), (Option<String>, Error)> {
        let head = match document.first() {
            Some((_, Ok(row))) => row.clone(),
            Some((_, Err(error))) => return Err((None, error.clone())),
            None => return Ok(()),
        };
        if self.skip.as_ref().is_some_and(|skip| evaluate(skip, &head) == Value::Bool(true)) {
            self.report.skipped += 1;
            return Ok(());
        }
        let key = match &self.key {
            Some(filler) => {
                let value = fill(work, &mut self.references, filler, &head).map_err(|error| (None, error))?;
                value.as_text().map(str::to_owned)
            }
            None => None,
        };
        let fail = |error: Error| (key.clone(), error);
        for (when, reason) in &self.reject {
            if evaluate(when, &head) == Value::Bool(true) {
                return Err(fail(REJECTED.error().with("reason", reason.clone())));
            }
        }
        let mut request = Json::object();
        for filler in &self.fillers {
            let value = fill(work, &mut self.references, filler, &head).map_err(fail)?;
            put(&mut request, &filler.steps, value);
        }
        if let Some(lines) = &mut self.lines {
            let list =
                lines.list(work, &mut self.references, &mut self.report, &head, document).map_err(fail)?;
            put(&mut request, std::slice::from_ref(&lines.field), Json::List(list));
        }
        let id = match &self.target {
            Target::Operation(name) => {
                let answer = work.inner(name, &request).map_err(fail)?;
                self.report.created += 1;
                answer_id(&answer)
            }
            Target::Kind { name, no, key: by } => {
                let text = key.clone().ok_or_else(|| fail(Code::REQUIRED.at(format!("/{by}"))))?;
                if !keys.insert(text.clone()) {
                    return Err(fail(DUPLICATE_KEY.error().with("key", text)));
                }
                let found = find(work, *no, by, &text).map_err(fail)?;
                let (answer, changed) =
                    upsert(work, name, by, &text, found, self.mode, request).map_err(fail)?;
                match changed {
                    Changed::Created => self.report.created += 1,
                    Changed::Updated => self.report.updated += 1,
                    Changed::Nothing => self.report.skipped += 1,
                }
                self.references.insert((*no, by.clone(), text), answer.clone());
                answer
            }
        };
        for then in &self.then {
            let mut row = head.clone();
            row.set(self.source.types.len() + 1, id.clone().map_or(Value::Null, Value::Text));
            if then.when.as_ref().is_some_and(|when| evaluate(when, &row) != Value::Bool(true)) {
                continue;
            }
            let mut request = Json::object();
            for filler in &then.fillers {
                let value = fill(work, &mut self.references, filler, &row).map_err(fail)?;
                put(&mut request, &filler.steps, value);
            }
            work.inner(&then.operation, &request).map_err(fail)?;
        }
        Ok(())
    }
}

impl Lines {
    fn new(
        catalogue: &Catalogue,
        head: &Source,
        def: &RecordDef,
        map: &LineMap,
        files: &[(String, String)],
    ) -> Result<Lines> {
        let path = "/mapping/lines";
        let bad = |fault: &str| BAD_MAPPING.at(path).with("fault", fault);
        let line_def = match def.field(&map.field).map(|field| &field.ty) {
            Some(FieldType::Children(no)) => catalogue.get(*no)?.def.clone(),
            Some(FieldType::List(FieldType::Message(def))) => def.def().clone(),
            _ => return Err(bad("the field holds no lines")),
        };
        let own = match &map.file {
            Some(file) => {
                let mut source = Source::open(file, files, &map.columns)?;
                source.sort(&map.order, &format!("{path}/order"))?;
                Some(source)
            }
            None => None,
        };
        let source = own.as_ref().unwrap_or(head);
        let mut by_document: HashMap<String, Vec<(i64, Typed)>> = HashMap::new();
        let mut document = None;
        if let Some(lines) = &own {
            let text = map.document.as_deref().ok_or_else(|| bad("`document` says which lines are whose"))?;
            document = Some(head.expression(text, &format!("{path}/document"))?);
            let text = map.of.as_deref().ok_or_else(|| bad("`of` says whose a line is"))?;
            let of = lines.expression(text, &format!("{path}/of"))?;
            for (line, cells) in &lines.table.rows {
                let row = lines.typed(cells);
                // A line whose cells cannot be read is still found by its document where that cell can.
                let owner = match &row {
                    Ok(row) => shown(&evaluate(&of, row)),
                    Err(_) => shown(&evaluate(&of, &lines.readable(cells))),
                };
                by_document.entry(owner.unwrap_or_default()).or_default().push((*line, row));
            }
        }
        Ok(Lines {
            field: map.field.clone(),
            document,
            by_document,
            skip: map
                .skip
                .as_deref()
                .map(|text| source.condition(text, &format!("{path}/skip")))
                .transpose()?,
            reject: rejects(source, &map.reject, &format!("{path}/reject"))?,
            fillers: fillers(catalogue, source, &line_def, &map.fields, &format!("{path}/fields"))?,
            source: own,
        })
    }

    fn list(
        &mut self,
        work: &mut Work<'_>,
        references: &mut HashMap<(u32, String, String), Option<String>>,
        report: &mut Report,
        head: &Row,
        own_rows: Vec<(i64, Typed)>,
    ) -> Result<Vec<Json>> {
        let rows = match &self.document {
            Some(document) => {
                let key = shown(&evaluate(document, head)).unwrap_or_default();
                self.by_document.remove(&key).unwrap_or_default()
            }
            None => own_rows,
        };
        let file = self.source.as_ref().map(|source| source.file.clone());
        let mut list = Vec::with_capacity(rows.len());
        for (line, row) in rows {
            let at_line = |error: Error| match &file {
                Some(file) => error.with("line_file", file.clone()).with("line_row", line),
                None => error.with("line_row", line),
            };
            let row = row.map_err(at_line)?;
            if self.skip.as_ref().is_some_and(|skip| evaluate(skip, &row) == Value::Bool(true)) {
                report.skipped += 1;
                continue;
            }
            let reason = self.reject.iter().find(|(when, _)| evaluate(when, &row) == Value::Bool(true));
            if let Some((_, reason)) = reason {
                let error = REJECTED.error().with("reason", reason.clone());
                report.refuse(work, file.as_deref().unwrap_or_default(), line, None, &error);
                continue;
            }
            let mut json = Json::object();
            for filler in &self.fillers {
                put(&mut json, &filler.steps, fill(work, references, filler, &row).map_err(at_line)?);
            }
            list.push(json);
        }
        Ok(list)
    }
}

impl Source {
    /// The cells that can be read, null for the others.
    fn readable(&self, cells: &[String]) -> Row {
        let mut row = Row::default();
        for (at, (cell, (kind, format, _))) in cells.iter().zip(&self.types).enumerate() {
            row.set(at, cell_value(*kind, format.as_deref(), cell).unwrap_or_default());
        }
        row.set(self.types.len() + 1, Value::Null);
        row
    }
}

impl Then {
    fn new(work: &Work<'_>, source: &Source, follow: &Follow, history: bool, path: &str) -> Result<Then> {
        let row = work
            .model()
            .operation(&follow.operation)
            .filter(|row| row.writes && !row.name.starts_with("import."));
        let missing =
            || BAD_MAPPING.at(format!("{path}/operation")).with("fault", "no operation that may be imported");
        let row = row.ok_or_else(missing)?;
        if row.history && !history {
            return Err(HISTORY_ONLY
                .at(format!("{path}/operation"))
                .with("operation", follow.operation.clone()));
        }
        let def = (row.request)();
        Ok(Then {
            when: follow
                .when
                .as_deref()
                .map(|text| source.condition(text, &format!("{path}/when")))
                .transpose()?,
            operation: follow.operation.clone(),
            fillers: fillers(&work.catalogue(), source, def, &follow.fields, &format!("{path}/fields"))?,
        })
    }
}

fn rejects(source: &Source, list: &[Reject], path: &str) -> Result<Vec<(Expr, String)>> {
    let checked = list.iter().enumerate().map(|(at, reject)| {
        Ok((source.condition(&reject.when, &format!("{path}/{at}/when"))?, reject.reason.clone()))
    });
    checked.collect()
}

fn fillers(
    catalogue: &Catalogue,
    source: &Source,
    def: &RecordDef,
    maps: &[FieldMap],
    path: &str,
) -> Result<Vec<Filler>> {
    let checked = maps.iter().enumerate().map(|(at, map)| {
        let path = format!("{path}/{at}");
        let bad = |fault: &str| BAD_MAPPING.at(path.clone()).with("fault", fault);
        if map.value.is_some() == map.constant.is_some() {
            return Err(bad("either a value or a constant"));
        }
        let steps: Vec<String> = map.field.split('/').map(str::to_owned).collect();
        let ty =
            target_type(def, &steps).ok_or_else(|| bad("no such field").with("field", map.field.clone()))?;
        let reference = match &map.reference {
            Some(reference) => {
                let kind = catalogue
                    .named(&reference.kind)
                    .map_err(|error| error.at(format!("{path}/reference/kind")))?;
                if kind.position(&reference.by).is_none() {
                    return Err(bad("the reference names no field").with("field", reference.by.clone()));
                }
                Some((kind.no(), reference.by.clone()))
            }
            None => None,
        };
        let value =
            map.value.as_deref().map(|text| source.expression(text, &format!("{path}/value"))).transpose()?;
        Ok(Filler {
            steps,
            ty,
            value,
            constant: map.constant.clone(),
            map: map.map.clone(),
            reference,
            add_option: map.add_option,
        })
    });
    checked.collect()
}

fn target_type(def: &RecordDef, steps: &[String]) -> Option<FieldType> {
    let (first, rest) = steps.split_first()?;
    match (&def.field(first)?.ty, rest.is_empty()) {
        (ty, true) => Some(ty.clone()),
        (FieldType::Message(inner), false) => target_type(inner.def(), rest),
        (FieldType::Json, false) => Some(FieldType::Json),
        _ => None,
    }
}

fn evaluate(expr: &Expr, row: &Row) -> Value {
    expr.value(&RowEnv { root: row, parent: None, source: &NoSource })
}

/// The JSON of a field for a row.
fn fill(
    work: &mut Work<'_>,
    references: &mut HashMap<(u32, String, String), Option<String>>,
    filler: &Filler,
    row: &Row,
) -> Result<Json> {
    let value = match (&filler.constant, &filler.value) {
        (Some(constant), _) => return Ok(constant.clone()),
        (None, Some(expr)) => evaluate(expr, row),
        (None, None) => Value::Null,
    };
    let name = filler.steps.join("/");
    let mut text = shown(&value);
    if let (Some(map), Some(found)) = (&filler.map, &text) {
        let mapped = map.get(found).ok_or_else(|| {
            UNMAPPED.at(format!("/{name}")).with("value", found.chars().take(80).collect::<String>())
        })?;
        match mapped {
            Json::Text(mapped) => text = Some(mapped.clone()),
            other => return Ok(other.clone()),
        }
    }
    let Some(text) = text else { return Ok(Json::Null) };
    if let Some((kind, by)) = &filler.reference {
        let key = (*kind, by.clone(), text.clone());
        if !references.contains_key(&key) {
            let found = find(work, *kind, by, &text)?;
            references.insert(key.clone(), found.map(|found| found.to_string()));
        }
        let missing =
            || UNKNOWN_REFERENCE.at(format!("/{name}")).with("key", text.clone()).with("field", by.clone());
        return references.get(&key).cloned().flatten().map(Json::Text).ok_or_else(missing);
    }
    if let (true, FieldType::Picklist(list)) = (filler.add_option, &filler.ty) {
        ensure_option(work, list, &text)?;
    }
    Ok(match (&filler.ty, &value) {
        (FieldType::Int, Value::Num(Num { mantissa, scale: 0 })) => Json::Int(*mantissa),
        (FieldType::Int, _) => text.parse().map_or(Json::Text(text), Json::Int),
        (FieldType::Bool, _) if text == "true" || text == "1" => Json::Bool(true),
        (FieldType::Bool, _) if text == "false" || text == "0" => Json::Bool(false),
        _ => Json::Text(text),
    })
}

/// Adds a code to a picklist that does not have it, named by itself in every language.
fn ensure_option(work: &mut Work<'_>, list: &str, code: &str) -> Result<()> {
    let text = |text: &str| Value::Text(text.to_owned());
    let names = [("$list", Ty::Text, text(list)), ("$code", Ty::Text, text(code))];
    let known = work.count(PicklistValue::NO, "list == $list && code == $code", &names)?;
    if known > 0 {
        return Ok(());
    }
    let mut values = Json::object().with("list", list);
    for name in ["code", "name_en", "name_zh_cn", "name_zh_tw"] {
        values = values.with(name, code);
    }
    work.inner("record.create", &Json::object().with("kind", "picklist_value").with("values", values))
        .map(drop)
}

/// A value as text; none for null.
fn shown(value: &Value) -> Option<String> {
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

fn put(into: &mut Json, steps: &[String], value: Json) {
    let Some((first, rest)) = steps.split_first() else { return };
    let Json::Object(members) = into else { return };
    if rest.is_empty() {
        members.push((first.clone(), value));
        return;
    }
    if !members.iter().any(|(key, _)| key == first) {
        members.push((first.clone(), Json::object()));
    }
    if let Some((_, inner)) = members.iter_mut().find(|(key, _)| key == first) {
        put(inner, rest, value);
    }
}

/// The record of a kind with a key.
fn find(work: &mut Work<'_>, kind: u32, by: &str, key: &str) -> Result<Option<i64>> {
    let names = [("$key", Ty::Text, Value::Text(key.to_owned()))];
    let filter = work.expression(kind, &format!("{by} == $key"), &names)?;
    let plan = Query {
        kind,
        filter: Some(filter),
        order: Vec::new(),
        after: None,
        limit: Some(1),
        select: Select::Values(Vec::new()),
    };
    Ok(work.query(plan)?.first().map(|found| found.id))
}

enum Changed {
    Created,
    Updated,
    Nothing,
}

fn upsert(
    work: &mut Work<'_>,
    kind: &str,
    by: &str,
    key: &str,
    found: Option<i64>,
    mode: Mode,
    mut values: Json,
) -> Result<(Option<String>, Changed)> {
    match (found, mode) {
        (Some(_), Mode::Create) => Err(Code::DUPLICATE.at(format!("/{by}")).with("fields", by)),
        (None, Mode::Update) => Err(Code::NOT_FOUND.at(format!("/{by}")).with("kind", kind).with("id", key)),
        (None, _) => {
            put(&mut values, &[by.to_owned()], Json::text(key));
            let answer =
                work.inner("record.create", &Json::object().with("kind", kind).with("values", values))?;
            Ok((answer_id(&answer), Changed::Created))
        }
        (Some(id), _) => {
            // A cell that is empty leaves the field as it is.
            if let Json::Object(members) = &mut values {
                members.retain(|(_, value)| !value.is_null());
            }
            let before = work.last_change()?;
            let request = Json::object().with("kind", kind).with("id", id.to_string()).with("values", values);
            work.inner("record.update", &request)?;
            let changed = if work.last_change()? == before { Changed::Nothing } else { Changed::Updated };
            Ok((Some(id.to_string()), changed))
        }
    }
}

/// The id in an operation's answer: its own, or that of the first record in it.
fn answer_id(answer: &Json) -> Option<String> {
    let own = answer.get("id").and_then(Json::as_text);
    let inner = || {
        let members = answer.as_object().unwrap_or_default();
        members.iter().find_map(|(_, value)| value.get("id").and_then(Json::as_text))
    };
    own.or_else(inner).map(str::to_owned)
}

/// Splits files into chunks of at most so many documents, each file with its header, so that a host imports a large file
/// without one large transaction. Rows of a document stay together. Errors: those of reading the files.
pub fn chunks(
    mapping: &Mapping,
    files: &[(String, String)],
    documents: usize,
) -> Result<Vec<Vec<(String, String)>>> {
    let mut head = Source::open(&mapping.file, files, &mapping.columns)?;
    head.sort(&mapping.order, "/mapping/order")?;
    let group = mapping.group.as_deref().map(|text| head.expression(text, "/mapping/group")).transpose()?;
    let lines = match &mapping.lines {
        Some(LineMap { file: Some(file), document: Some(document), of: Some(of), columns, .. }) => {
            let source = Source::open(file, files, columns)?;
            let document = head.expression(document, "/mapping/lines/document")?;
            let of = source.expression(of, "/mapping/lines/of")?;
            Some((source, document, of))
        }
        _ => None,
    };
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut owners: HashMap<String, usize> = HashMap::new();
    let mut seen = 0;
    let mut rows: Vec<Vec<&[String]>> = Vec::new();
    for (_, cells) in &head.table.rows {
        let row = head.readable(cells);
        let key = group.as_ref().and_then(|group| shown(&evaluate(group, &row)));
        let document = match key {
            Some(key) => *places.entry(key).or_insert_with(|| {
                seen += 1;
                seen - 1
            }),
            None => {
                seen += 1;
                seen - 1
            }
        };
        let chunk = document / documents.max(1);
        if rows.len() <= chunk {
            rows.resize_with(chunk + 1, Vec::new);
        }
        if let Some(rows) = rows.get_mut(chunk) {
            rows.push(cells);
        }
        if let Some(owner) = lines.as_ref().and_then(|(_, document, _)| shown(&evaluate(document, &row))) {
            owners.insert(owner, chunk);
        }
    }
    let mut line_rows: Vec<Vec<&[String]>> = vec![Vec::new(); rows.len()];
    if let Some((source, _, of)) = &lines {
        for (_, cells) in &source.table.rows {
            let owner = shown(&evaluate(of, &source.readable(cells))).unwrap_or_default();
            // Lines of no document go with the first chunk, where they are reported.
            let chunk = owners.get(&owner).copied().unwrap_or(0);
            if let Some(rows) = line_rows.get_mut(chunk) {
                rows.push(cells);
            }
        }
    }
    let chunks = rows.into_iter().zip(line_rows).map(|(rows, line_rows)| {
        let mut files = vec![(head.file.clone(), write(&head.headers, &rows))];
        if let Some((source, _, _)) = &lines {
            files.push((source.file.clone(), write(&source.headers, &line_rows)));
        }
        files
    });
    Ok(chunks.collect())
}

fn write(header: &[String], rows: &[&[String]]) -> String {
    let mut out = String::new();
    for cells in std::iter::once(header).chain(rows.iter().copied()) {
        for (at, cell) in cells.iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            if cell.contains([',', '"', '\n', '\r']) {
                out.push('"');
                out.push_str(&cell.replace('"', "\"\""));
                out.push('"');
            } else {
                out.push_str(cell);
            }
        }
        out.push('\n');
    }
    out
}
