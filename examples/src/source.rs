//! What is brought in: a folder of files, the mappings that say how, the reports that are computed from it.

use crate::arguments::Arguments;
use crate::check::{self, import_name};
use crate::failure::Failure;
use crate::story::fits_behind;
use crm_domain::imports::{FileText, decode_text, latest_date};
use crm_kernel::date::{Date, Instant};
use crm_kernel::json::Json;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

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

/// What is brought in, and what is computed from it.
pub struct Source {
    /// The mappings.
    pub mapping: Json,
    /// Where the mappings stand, for people.
    pub mapping_file: String,
    /// The reports.
    pub reports: Json,
    /// Where the reports stand, for people.
    pub reports_file: String,
    /// The files.
    pub files: Vec<FileText>,
    /// The day on which the history is brought in: that of the last order in the files, else the day asked for, else today.
    pub day: Date,
}

/// Reads mapping, reports and files. Errors: files that cannot be read, mappings and reports that are none, no mapping that
/// fits.
pub fn source(arguments: &Arguments) -> Result<Source, Failure> {
    let mut source = match &arguments.data {
        None => example()?,
        Some(folder) => of_folder(folder, arguments)?,
    };
    check::mapping_file(&source.mapping).map_err(|failure| failure.within(&source.mapping_file))?;
    check::reports_file(&source.reports).map_err(|failure| failure.within(&source.reports_file))?;
    if let Some(folder) = &arguments.data {
        for name in texts(&source.mapping, "files") {
            let path = folder.join(name);
            let bytes = std::fs::read(&path).map_err(|fault| unreadable(&path, &fault))?;
            let text = decode_text(name, &bytes)?;
            source.files.push(whole(name, text));
        }
    }
    let usable = |day: &Date| fits_behind(*day);
    let last = last_day(&source)?.filter(usable).or(arguments.as_of.filter(usable));
    source.day = last.unwrap_or_else(today);
    Ok(source)
}

/// The example company.
fn example() -> Result<Source, Failure> {
    Ok(Source {
        mapping: Json::parse(include_str!("../mappings/company.json"))?,
        mapping_file: "the mapping `company`".to_owned(),
        reports: Json::parse(include_str!("../answers/company.json"))?,
        reports_file: "the reports `company`".to_owned(),
        files: COMPANY.iter().map(|(name, text)| whole(name, text)).collect(),
        day: Date::EPOCH,
    })
}

/// Mappings and reports for a folder, without its files.
fn of_folder(folder: &Path, arguments: &Arguments) -> Result<Source, Failure> {
    if !folder.is_dir() {
        return Err(Failure::Said(format!("there is no folder `{}`", folder.display())));
    }
    let mut own = None;
    for (name, mapping, reports) in MAPPINGS {
        let mapping = Json::parse(mapping)?;
        if texts(&mapping, "files").all(|file| folder.join(file).is_file()) {
            own = Some((name, mapping, Json::parse(reports)?));
            break;
        }
    }
    let (mapping, mapping_file) = match (&arguments.mapping, &own) {
        (Some(file), _) => (read(file)?, format!("`{}`", file.display())),
        (None, Some((name, mapping, _))) => (mapping.clone(), format!("the mapping `{name}`")),
        (None, None) => {
            let fault =
                format!("no mapping fits the files in `{}`; give one with --mapping", folder.display());
            return Err(Failure::Said(fault));
        }
    };
    let (reports, reports_file) = match (&arguments.reports, own) {
        (Some(file), _) => (read(file)?, format!("`{}`", file.display())),
        (None, Some((name, _, reports))) if arguments.mapping.is_none() => {
            (reports, format!("the reports `{name}`"))
        }
        _ => (Json::object().with("answers", Json::object()), "the reports".to_owned()),
    };
    Ok(Source { mapping, mapping_file, reports, reports_file, files: Vec::new(), day: Date::EPOCH })
}

/// The date of the last order in the files; none where they hold no orders.
fn last_day(source: &Source) -> Result<Option<Date>, Failure> {
    let mut last = None;
    let imports = source.mapping.get("imports").and_then(Json::as_list).unwrap_or_default();
    for (at, import) in imports.iter().enumerate() {
        let in_place =
            |error| Failure::Refused(error).within(import_name(import, at)).within(&source.mapping_file);
        let mapping = check::mapping(import.get("mapping").unwrap_or(&Json::Null)).map_err(in_place)?;
        if mapping.operation.as_deref() == Some("order.import") {
            last = last.max(latest_date(&mapping, &source.files, "date").map_err(in_place)?);
        }
    }
    Ok(last)
}

/// Today, in UTC.
fn today() -> Date {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let now = i64::try_from(since.as_millis()).ok().and_then(Instant::from_millis);
    let now = now.unwrap_or(Instant::EPOCH).to_string();
    now.split_once('T').and_then(|(day, _)| Date::parse(day).ok()).unwrap_or(Date::EPOCH)
}

/// The texts of a list.
fn texts<'a>(json: &'a Json, list: &str) -> impl Iterator<Item = &'a str> {
    json.get(list).and_then(Json::as_list).unwrap_or_default().iter().filter_map(Json::as_text)
}

fn whole(name: &str, text: &str) -> FileText {
    FileText { file: name.to_owned(), text: text.to_owned(), rows: Vec::new() }
}

/// The JSON in a file.
fn read(path: &Path) -> Result<Json, Failure> {
    let bytes = std::fs::read(path).map_err(|fault| unreadable(path, &fault))?;
    let text = decode_text(&path.display().to_string(), &bytes)?;
    Json::parse(text).map_err(|error| Failure::from(error).within(format!("`{}`", path.display())))
}

fn unreadable(path: &Path, fault: &std::io::Error) -> Failure {
    Failure::Said(format!("`{}` cannot be read: {fault}", path.display()))
}
