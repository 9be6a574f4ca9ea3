//! A company's history: files, brought in by mappings that are data.

use crate::check::{self, import_name};
use crate::desk::{Desk, object, text};
use crate::failure::Failure;
use crate::source::Source;
use crm_domain::imports::{FileText, Separator, chunks, read};
use crm_domain::records::write_csv_record;
use crm_kernel::date::Instant;
use crm_kernel::id::Id;
use crm_kernel::json::Json;
use indicatif::{ProgressBar, ProgressStyle};

/// Documents in one transaction.
const CHUNK: usize = 500;

/// What became of it.
#[derive(Default)]
pub struct Brought {
    /// One line a mapping: name, seen, created, updated, skipped, rejected.
    pub lines: Vec<(String, [i64; 5])>,
    /// The refusals that were reported one by one: all of them, up to a thousand for every 500 documents.
    pub refusals: Vec<Refusal>,
}

/// A row that was refused.
#[derive(Debug)]
pub struct Refusal {
    /// The name of the import.
    pub import: String,
    /// What the library reports of it.
    pub problem: Json,
}

impl Brought {
    /// How many rows were refused.
    pub fn refused(&self) -> i64 {
        self.lines.iter().map(|(_, [.., refused])| refused).sum()
    }

    /// The refusals as CSV.
    pub fn refusals_as_csv(&self) -> String {
        let mut csv = String::new();
        write_csv_record(
            ["import", "file", "row", "document_row", "column", "key", "code", "message"],
            ',',
            &mut csv,
        );
        for Refusal { import, problem } in &self.refusals {
            let cell = |name: &str| match problem.get(name) {
                Some(Json::Int(number)) => number.to_string(),
                other => other.and_then(Json::as_text).unwrap_or_default().to_owned(),
            };
            let cells = ["file", "row", "document_row", "column", "key", "code", "message"].map(cell);
            write_csv_record(std::iter::once(import.clone()).chain(cells), ',', &mut csv);
        }
        csv
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let row = self.problem.get("row").and_then(Json::as_int).unwrap_or(0);
        write!(f, "{} row {row}", text(&self.problem, "/file"))?;
        if let Some(column) = self.problem.get("column").and_then(Json::as_text) {
            write!(f, ", column `{column}`")?;
        }
        write!(f, ": {}", text(&self.problem, "/message"))
    }
}

/// Reads every file to its end, and tries every mapping, on an empty company in memory and without a row: what is wrong
/// with a file or a mapping as a whole is said before anything is brought in. Errors: what is wrong, in its place.
pub fn rehearse(source: &Source, rounding: &str) -> Result<(), Failure> {
    let mut headers = Vec::new();
    for file in &source.files {
        let mut text = String::new();
        let separator = separator_of(source, &file.file)?;
        write_csv_record(read(&file.file, &file.text, separator)?.header, separator.char(), &mut text);
        headers.push(FileText { file: file.file.clone(), text, rows: Vec::new() });
    }
    let mut desk = Desk::in_memory()?;
    set_up(&mut desk, source, rounding)?;
    for (at, import) in imports(source).iter().enumerate() {
        let history = import.get("history").cloned().unwrap_or(Json::Bool(false));
        let request = request(import, headers.clone()).with("history", history);
        desk.call("import.preview", &request).map_err(|error| in_import(error.into(), source, at))?;
    }
    Ok(())
}

/// What stands between the cells of a file, as the first mapping of it says. Errors: a mapping that is none.
fn separator_of(source: &Source, file: &str) -> Result<Separator, Failure> {
    for import in imports(source) {
        let mapping = check::mapping(import.get("mapping").unwrap_or(&Json::Null))?;
        if mapping.file == file {
            return Ok(mapping.separator);
        }
        if let Some(lines) = mapping.lines.filter(|lines| lines.file.as_deref() == Some(file)) {
            return Ok(lines.separator.unwrap_or(mapping.separator));
        }
    }
    Ok(Separator::Comma)
}

/// Sets the company up and brings its files in, with a bar that shows how far it is. Errors: a database that holds a
/// company, what [`rehearse`] finds, what the store refuses.
pub fn bring(desk: &mut Desk, source: &Source, rounding: &str) -> Result<Brought, Failure> {
    set_up(desk, source, rounding)?;
    let mut brought = Brought::default();
    for at in 0..imports(source).len() {
        one(desk, source, at, &mut brought).map_err(|failure| in_import(failure, source, at))?;
    }
    Ok(brought)
}

fn imports(source: &Source) -> &[Json] {
    source.mapping.get("imports").and_then(Json::as_list).unwrap_or_default()
}

fn in_import(failure: Failure, source: &Source, at: usize) -> Failure {
    let import = imports(source).get(at).unwrap_or(&Json::Null);
    failure.within(import_name(import, at)).within(&source.mapping_file)
}

/// The enterprise, and what is done before the imports.
fn set_up(desk: &mut Desk, source: &Source, rounding: &str) -> Result<(), Failure> {
    // The day of the last order, so that what is recorded afterwards is recorded later; noon in UTC is that day in most zones.
    // Always the same moment, so that two runs give the same bytes.
    desk.set_now(Instant::parse(&format!("{}T12:00:00Z", source.day)).unwrap_or(Instant::EPOCH));
    let in_file = |place: &str, error: crm_kernel::error::Error| {
        Failure::from(error).within(format!("{} at {place}", source.mapping_file))
    };
    let enterprise = source.mapping.get("enterprise").cloned().unwrap_or(Json::object());
    let enterprise = enterprise.with("rounding", rounding.replace('-', "_"));
    let made = desk.call("enterprise.setup", &enterprise).map_err(|error| in_file("/enterprise", error))?;
    desk.actor = Id::parse(&text(&made, "/administrator"));
    let before = source.mapping.get("before").and_then(Json::as_list).unwrap_or_default();
    for (at, step) in before.iter().enumerate() {
        let request = step.get("request").cloned().unwrap_or(Json::object());
        let done = desk.call(&text(step, "/op"), &request);
        done.map_err(|error| in_file(&format!("/before/{at}"), error))?;
    }
    Ok(())
}

/// The request of an import for some files.
fn request(import: &Json, files: Vec<FileText>) -> Json {
    let files = files.into_iter().map(|FileText { file, text, rows }| {
        let rows = Json::List(rows.into_iter().map(Json::Int).collect());
        object(&[("file", file.into()), ("text", text.into()), ("rows", rows)])
    });
    let mapping = import.get("mapping").cloned().unwrap_or(Json::Null);
    object(&[("mapping", mapping), ("files", Json::List(files.collect()))])
}

fn one(desk: &Desk, source: &Source, at: usize, brought: &mut Brought) -> Result<(), Failure> {
    let import = imports(source).get(at).unwrap_or(&Json::Null);
    let mapping = check::mapping(import.get("mapping").unwrap_or(&Json::Null))?;
    let operation = match import.get("history") {
        Some(Json::Bool(true)) => "import.history",
        _ => "import.run",
    };
    let chunks = chunks(&mapping, &source.files, CHUNK)?;
    let bar = ProgressBar::new(chunks.len() as u64);
    if let Ok(style) = ProgressStyle::with_template("  {msg:18} [{bar:40}] {percent:>3} %  {elapsed}") {
        bar.set_style(style.progress_chars("=> "));
    }
    bar.set_message(mapping.name.clone());
    let mut counts = [0; 5];
    let mut id = Json::Null;
    for chunk in chunks {
        let answer = desk.call(operation, &request(import, chunk).with("import", id.clone()))?;
        id = answer.get("import").cloned().unwrap_or(Json::Null);
        for (count, key) in counts.iter_mut().zip(["seen", "created", "updated", "skipped", "rejected"]) {
            *count += answer.get(key).and_then(Json::as_int).unwrap_or(0);
        }
        for problem in answer.get("problems").and_then(Json::as_list).unwrap_or_default() {
            brought.refusals.push(Refusal { import: mapping.name.clone(), problem: problem.clone() });
        }
        bar.inc(1);
    }
    bar.finish();
    brought.lines.push((mapping.name, counts));
    Ok(())
}
