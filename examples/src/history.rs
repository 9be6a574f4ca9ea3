//! A company's history: files, brought in by mappings that are data.

use crate::arguments::Arguments;
use crate::desk::{Desk, object, text};
use crate::failure::Failure;
use crm_domain::imports::{FileText, Mapping, chunks, decode_text, latest_date};
use crm_kernel::catalogue::Catalogue;
use crm_kernel::codec::Decoder;
use crm_kernel::date::{Date, Instant};
use crm_kernel::error::Result;
use crm_kernel::id::Id;
use crm_kernel::json::Json;
use crm_kernel::record::Record;
use indicatif::{ProgressBar, ProgressStyle};
use std::path::Path;

/// The mappings that come with the program: name, text, reports.
const MAPPINGS: &[(&str, &str, &str)] = &[
    ("northwind", include_str!("../mappings/northwind.json"), include_str!("../answers/northwind.json")),
    (
        "classicmodels",
        include_str!("../mappings/classicmodels.json"),
        include_str!("../answers/classicmodels.json"),
    ),
    (
        "online-retail",
        include_str!("../mappings/online-retail.json"),
        include_str!("../answers/online-retail.json"),
    ),
];

macro_rules! company {
    ($($file:literal),*) => {
        &[$(($file, include_str!(concat!("../company/", $file)))),*]
    };
}

/// The example company's own files.
const COMPANY: &[(&str, &str)] = company![
    "departments.csv",
    "employees.csv",
    "rates.csv",
    "categories.csv",
    "products.csv",
    "customers.csv",
    "orders.csv",
    "order_lines.csv",
    "receipts.csv"
];

/// Documents in one transaction.
const CHUNK: usize = 500;

/// What is brought in, and what is computed from it.
pub struct Source {
    /// The mappings.
    pub mapping: Json,
    /// The reports.
    pub reports: Json,
    /// The files.
    pub files: Vec<FileText>,
}

/// What became of it.
#[derive(Default)]
pub struct Brought {
    /// One line a mapping: name, seen, created, updated, skipped, rejected.
    pub lines: Vec<(String, [i64; 5])>,
    /// The first refusals, as text.
    pub problems: Vec<String>,
}

/// Reads mapping, reports and files. Errors: files that cannot be read, mappings that are none, no mapping that fits.
pub fn source(arguments: &Arguments) -> std::result::Result<Source, Failure> {
    let Some(folder) = &arguments.data else {
        let files = COMPANY.iter().map(|(name, text)| whole(name, text)).collect();
        let mapping = Json::parse(include_str!("../mappings/company.json"))?;
        return Ok(Source { mapping, reports: Json::parse(include_str!("../answers/company.json"))?, files });
    };
    if !folder.is_dir() {
        return Err(Failure::Said(format!("there is no folder `{}`", folder.display())));
    }
    let has = |name: &str| folder.join(name).is_file();
    let fits = |mapping: &Json| {
        let files = mapping.get("files").and_then(Json::as_list).unwrap_or_default();
        files.iter().filter_map(Json::as_text).all(has)
    };
    let mut own = None;
    for (_, mapping, reports) in MAPPINGS {
        let mapping = Json::parse(mapping)?;
        if fits(&mapping) {
            own = Some((mapping, Json::parse(reports)?));
            break;
        }
    }
    let mapping = match (&arguments.mapping, &own) {
        (Some(file), _) => read(file)?,
        (None, Some((mapping, _))) => mapping.clone(),
        (None, None) => {
            let fault =
                format!("no mapping fits the files in `{}`; give one with --mapping", folder.display());
            return Err(Failure::Said(fault));
        }
    };
    let reports = match (&arguments.reports, own) {
        (Some(file), _) => read(file)?,
        (None, Some((_, reports))) if arguments.mapping.is_none() => reports,
        _ => object(&[("answers", Json::object())]),
    };
    let mut files = Vec::new();
    for name in
        mapping.get("files").and_then(Json::as_list).unwrap_or_default().iter().filter_map(Json::as_text)
    {
        let path = folder.join(name);
        let bytes = std::fs::read(&path).map_err(|fault| unreadable(&path, &fault))?;
        files.push(whole(name, decode_text(name, &bytes)?));
    }
    Ok(Source { mapping, reports, files })
}

fn whole(name: &str, text: &str) -> FileText {
    FileText { file: name.to_owned(), text: text.to_owned(), rows: Vec::new() }
}

/// The JSON in a file.
fn read(path: &Path) -> std::result::Result<Json, Failure> {
    let bytes = std::fs::read(path).map_err(|fault| unreadable(path, &fault))?;
    let text = decode_text(&path.display().to_string(), &bytes)?;
    Json::parse(text).map_err(|error| Failure::In(path.to_owned(), error))
}

fn unreadable(path: &Path, fault: &std::io::Error) -> Failure {
    Failure::Said(format!("`{}` cannot be read: {fault}", path.display()))
}

/// Sets the company up and brings its files in, with a bar that shows how far it is.
pub fn bring(desk: &mut Desk, source: &Source, rounding: &str) -> Result<Brought> {
    // The day of the last order, so that what is recorded afterwards is recorded later; noon in UTC is that day in most zones.
    // Always the same moment, so that two runs give the same bytes.
    let last = last_day(source)?.unwrap_or(Date::EPOCH);
    desk.set_now(Instant::parse(&format!("{last}T12:00:00Z")).unwrap_or(Instant::EPOCH));
    let mut setup = source.mapping.get("enterprise").cloned().unwrap_or(Json::object());
    setup = setup.with("rounding", rounding.replace('-', "_"));
    let made = desk.call("enterprise.setup", &setup)?;
    desk.actor = Id::parse(&text(&made, "/administrator"));
    for step in source.mapping.get("before").and_then(Json::as_list).unwrap_or_default() {
        desk.call(&text(step, "/op"), step.get("request").unwrap_or(&Json::Null))?;
    }
    let imports = source.mapping.get("imports").and_then(Json::as_list).unwrap_or_default();
    let mut brought = Brought::default();
    for import in imports {
        one(desk, import, &source.files, &mut brought)?;
    }
    Ok(brought)
}

/// The date of the last order in the files; none where they hold no orders.
fn last_day(source: &Source) -> Result<Option<Date>> {
    let mut last = None;
    for import in source.mapping.get("imports").and_then(Json::as_list).unwrap_or_default() {
        let mapping = mapping(import)?;
        if mapping.operation.as_deref() == Some("order.import") {
            last = last.max(latest_date(&mapping, &source.files, "date")?);
        }
    }
    Ok(last)
}

fn mapping(import: &Json) -> Result<Mapping> {
    let json = import.get("mapping").unwrap_or(&Json::Null);
    Mapping::from_row(&Decoder::new(&Catalogue::default()).message(Mapping::def(), json)?)
}

fn one(desk: &Desk, import: &Json, files: &[FileText], brought: &mut Brought) -> Result<()> {
    let json = import.get("mapping").unwrap_or(&Json::Null);
    let mapping = mapping(import)?;
    let operation = match import.get("history") {
        Some(Json::Bool(true)) => "import.history",
        _ => "import.run",
    };
    let chunks = chunks(&mapping, files, CHUNK)?;
    let bar = ProgressBar::new(chunks.len() as u64);
    if let Ok(style) = ProgressStyle::with_template("  {msg:18} [{bar:40}] {percent:>3} %  {elapsed}") {
        bar.set_style(style.progress_chars("=> "));
    }
    bar.set_message(mapping.name.clone());
    let mut counts = [0; 5];
    let mut id = Json::Null;
    for chunk in chunks {
        let files = chunk.into_iter().map(|FileText { file, text, rows }| {
            let rows = Json::List(rows.into_iter().map(Json::Int).collect());
            object(&[("file", file.into()), ("text", text.into()), ("rows", rows)])
        });
        let request = object(&[
            ("mapping", json.clone()),
            ("files", Json::List(files.collect())),
            ("import", id.clone()),
        ]);
        let answer = desk.call(operation, &request)?;
        id = answer.get("import").cloned().unwrap_or(Json::Null);
        for (count, key) in counts.iter_mut().zip(["seen", "created", "updated", "skipped", "rejected"]) {
            *count += answer.get(key).and_then(Json::as_int).unwrap_or(0);
        }
        for problem in answer.get("problems").and_then(Json::as_list).unwrap_or_default() {
            if brought.problems.len() < 20 {
                let row = problem.get("row").and_then(Json::as_int).unwrap_or(0);
                let column = problem.get("column").and_then(Json::as_text);
                let column = column.map_or(String::new(), |column| format!(", column `{column}`"));
                let (file, message) = (text(problem, "/file"), text(problem, "/message"));
                brought.problems.push(format!("{file} row {row}{column}: {message}"));
            }
        }
        bar.inc(1);
    }
    bar.finish();
    brought.lines.push((mapping.name, counts));
    Ok(())
}
