//! The main job: brings a company's history in, answers questions about it, and does business on top of it.

use crm_examples::answers::{Policy, answers, last_order};
use crm_examples::arguments::{Arguments, HELP, read};
use crm_examples::desk::{Desk, text};
use crm_examples::failure::Failure;
use crm_examples::history::{Brought, bring, rehearse};
use crm_examples::show::{amount, bars, heading, say, table};
use crm_examples::source::source;
use crm_examples::story;
use crm_kernel::date::Date;
use crm_kernel::json::Json;
use std::fs::OpenOptions;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = match read() {
        Ok(Some(arguments)) => arguments,
        Ok(None) => {
            say(HELP.trim_end());
            return ExitCode::SUCCESS;
        }
        Err(fault) => {
            eprintln!("quote-to-cash: {fault}; --help tells more");
            return ExitCode::from(2);
        }
    };
    match work(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("quote-to-cash: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn work(arguments: &Arguments) -> Result<(), Failure> {
    let source = source(arguments)?;
    for file in arguments.answers.iter().chain(&arguments.errors) {
        writable(file)?;
    }
    rehearse(&source, &arguments.rounding)?;
    let mut desk = open(arguments.db.as_deref())?;
    let desk = &mut desk;
    let name = text(&source.mapping, "/enterprise/name");
    let base = text(&source.mapping, "/enterprise/base_currency");
    heading(&format!("{name}: its history"));
    let brought = bring(desk, &source, &arguments.rounding)?;
    report(&brought);
    if let Some(file) = &arguments.errors {
        std::fs::write(file, brought.refusals_as_csv()).map_err(|fault| unwritable(file, &fault))?;
    }
    let in_reports = |failure: Failure| failure.within(&source.reports_file);
    let last = last_order(desk, &source.reports).map_err(in_reports)?;
    // Without orders the day of the history stands for that of the last one.
    let as_of = arguments.as_of.or(last).unwrap_or(source.day);
    let policy = Policy::of(&arguments.rounding);
    let answers = answers(desk, &source.reports, as_of, &policy).map_err(in_reports)?;
    if let Some(file) = &arguments.answers {
        std::fs::write(file, answers.pretty()).map_err(|fault| unwritable(file, &fault))?;
    }
    figures(&answers, &source.reports, as_of, policy.column, &base);
    story::live(desk, last.filter(|last| story::fits_behind(*last)).unwrap_or(source.day), &base)?;
    close(&brought, arguments.errors.as_deref());
    Ok(())
}

/// Opens the database. Errors: one that holds a company already, what the store refuses.
fn open(file: Option<&Path>) -> Result<Desk, Failure> {
    let named = |failure: Failure| match file {
        Some(file) => failure.within(format!("`{}`", file.display())),
        None => failure,
    };
    let desk = Desk::open(file).map_err(|error| named(error.into()))?;
    let info = desk.call("system.info", &Json::object()).map_err(|error| named(error.into()))?;
    if info.get("set_up") == Some(&Json::Bool(true)) {
        let words = "holds a company already, and its history is not brought in twice: give --db the name of a new \
                     file, or remove this one; to bring more into it, call `import.run` on it";
        return Err(named(Failure::Said(words.to_owned())));
    }
    Ok(desk)
}

/// Errors: a file that cannot be written. It is asked before the work, which would be lost.
fn writable(file: &Path) -> Result<(), Failure> {
    let exists = file.exists();
    let opened = OpenOptions::new().append(true).create(true).open(file);
    opened.map_err(|fault| unwritable(file, &fault))?;
    if !exists {
        let _ = std::fs::remove_file(file);
    }
    Ok(())
}

fn unwritable(file: &Path, fault: &std::io::Error) -> Failure {
    Failure::Said(format!("`{}` cannot be written: {fault}", file.display()))
}

/// Refusals that are shown one by one.
const MOST_REFUSALS: usize = 20;

fn report(brought: &Brought) {
    let rows: Vec<Vec<String>> = brought
        .lines
        .iter()
        .map(|(name, counts)| {
            std::iter::once(name.clone()).chain(counts.iter().map(ToString::to_string)).collect()
        })
        .collect();
    table(&["import", ">seen", ">made", ">changed", ">left out", ">refused"], &rows);
    for refusal in brought.refusals.iter().take(MOST_REFUSALS) {
        say(format_args!("  {refusal}"));
    }
    let shown = i64::try_from(brought.refusals.len().min(MOST_REFUSALS)).unwrap_or(i64::MAX);
    if brought.refused() > shown {
        say(format_args!("  and {} more; --errors FILE writes them as CSV", brought.refused() - shown));
    }
}

/// The last line: what was left out of the history.
fn close(brought: &Brought, errors: Option<&Path>) {
    let refused = brought.refused();
    let listed = brought.refusals.len();
    match errors {
        _ if refused == 0 => say("\nAll rows were brought in."),
        Some(file) => {
            say(format_args!("\nRows refused and left out: {refused}; `{}` lists {listed}.", file.display()))
        }
        None => say(format_args!(
            "\nRows refused and left out: {refused}; the report stands behind the import above."
        )),
    }
}

/// The answers that a person likes to see: sums as bars, by month or the largest first, in the currency of the books.
/// The day stands with those that ask for it.
fn figures(answers: &Json, reports: &Json, as_of: Date, column: &str, base: &str) {
    for (key, answer) in answers.as_object().unwrap_or_default() {
        let members = answer.as_object().unwrap_or_default();
        let sums: Vec<(String, _)> = members
            .iter()
            .filter(|(_, value)| value.get(column).is_some())
            .map(|(label, value)| (label.clone(), amount(value.get(column))))
            .collect();
        if sums.len() < 2 {
            continue;
        }
        let spec = reports.get("answers").and_then(|answers| answers.get(key)).map(Json::to_string);
        let dated = spec.is_some_and(|spec| spec.contains("$as_of"));
        let day = if dated { format!(" (as of {as_of})") } else { String::new() };
        heading(&format!("{} in {base}{day}", key.replace('_', " ")));
        let mut sums = sums;
        if !key.contains("month") {
            sums.sort_by_key(|(_, amount)| std::cmp::Reverse(*amount));
            sums.truncate(12);
        }
        bars(&sums);
    }
}
