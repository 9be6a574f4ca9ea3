//! The main job: brings a company's history in, answers questions about it, and does business on top of it.

use crm_examples::answers::{Policy, answers, last_order};
use crm_examples::arguments::{Arguments, HELP, read};
use crm_examples::desk::{Desk, text};
use crm_examples::failure::Failure;
use crm_examples::history::{Brought, bring, source};
use crm_examples::show::{amount, bars, heading, say, table};
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
    if source.reports.at("/answers").and_then(Json::as_object).is_none() {
        return Err(Failure::Said("the reports have no object `answers`".to_owned()));
    }
    if let Some(file) = &arguments.answers {
        // Before the work: it would be lost.
        let exists = file.exists();
        let opened = OpenOptions::new().append(true).create(true).open(file);
        opened.map_err(|fault| unwritable(file, &fault))?;
        if !exists {
            let _ = std::fs::remove_file(file);
        }
    }
    let mut desk = Desk::open(arguments.db.as_deref()).map_err(|error| match &arguments.db {
        Some(file) => Failure::In(file.clone(), error),
        None => Failure::Refused(error),
    })?;
    let desk = &mut desk;
    let name = text(&source.mapping, "/enterprise/name");
    let base = text(&source.mapping, "/enterprise/base_currency");
    heading(&format!("{name}: its history"));
    let brought = bring(desk, &source, &arguments.rounding)?;
    report(&brought);
    let last = last_order(desk, &source.reports)?;
    let as_of = arguments.as_of.or(last);
    if as_of.is_none() && arguments.answers.is_some() {
        // Answers are of a day, and no order says which.
        let fault = "the reports find no last order: --as-of says of which day the answers are";
        return Err(Failure::Said(fault.to_owned()));
    }
    if let Some(as_of) = as_of {
        let answers = answers(desk, &source.reports, as_of, &Policy::of(&arguments.rounding))?;
        if let Some(file) = &arguments.answers {
            std::fs::write(file, answers.pretty()).map_err(|fault| unwritable(file, &fault))?;
        }
        figures(&answers, as_of, Policy::of(&arguments.rounding).column, &base);
    }
    Ok(story::live(desk, last.unwrap_or(Date::EPOCH), &base)?)
}

fn unwritable(file: &Path, fault: &std::io::Error) -> Failure {
    Failure::Said(format!("`{}` cannot be written: {fault}", file.display()))
}

fn report(brought: &Brought) {
    let rows: Vec<Vec<String>> = brought
        .lines
        .iter()
        .map(|(name, counts)| {
            std::iter::once(name.clone()).chain(counts.iter().map(ToString::to_string)).collect()
        })
        .collect();
    table(&["import", ">seen", ">made", ">changed", ">left out", ">refused"], &rows);
    for problem in &brought.problems {
        say(format_args!("  {problem}"));
    }
}

/// The answers that a person likes to see: sums by month as bars, other sums as tables, in the currency
/// of the books.
fn figures(answers: &Json, as_of: Date, column: &str, base: &str) {
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
        heading(&format!("{} in {base} (as of {as_of})", key.replace('_', " ")));
        let mut sums = sums;
        if !key.contains("month") {
            sums.sort_by_key(|(_, amount)| std::cmp::Reverse(*amount));
            sums.truncate(12);
        }
        bars(&sums);
    }
}
