//! The main job: brings a company's history in, answers questions about it, and does business on top of it.

use crm_examples::answers::{Policy, answers, last_order};
use crm_examples::arguments::{Arguments, HELP, read};
use crm_examples::desk::{Desk, text};
use crm_examples::history::{Brought, bring, source};
use crm_examples::show::{amount, bars, heading, table};
use crm_examples::story;
use crm_kernel::date::Date;
use crm_kernel::error::{Code, Result};
use crm_kernel::json::Json;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = match read() {
        Ok(Some(arguments)) => arguments,
        Ok(None) => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Err(fault) => {
            eprintln!("{fault}\n\n{HELP}");
            return ExitCode::from(2);
        }
    };
    let mut desk = match Desk::open(arguments.db.as_deref()) {
        Ok(desk) => desk,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    match work(&mut desk, &arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\n{}\n{error}", desk.message(&error));
            ExitCode::FAILURE
        }
    }
}

fn work(desk: &mut Desk, arguments: &Arguments) -> Result<()> {
    let source = source(arguments)?;
    if source.reports.at("/answers").and_then(Json::as_object).is_none() {
        return Err(Code::REQUIRED.at("/answers").with("what", "reports"));
    }
    let name = text(&source.mapping, "/enterprise/name");
    heading(&format!("{name}: its history"));
    let brought = bring(desk, &source, &arguments.rounding)?;
    report(&brought);
    let last = last_order(desk, &source.reports)?;
    let as_of = arguments.as_of.or(last);
    if as_of.is_none() && arguments.answers.is_some() {
        // Answers are of a day, and no order says which.
        return Err(Code::REQUIRED.at("/last_order").with("what", "reports"));
    }
    if let Some(as_of) = as_of {
        let answers = answers(desk, &source.reports, as_of, &Policy::of(&arguments.rounding))?;
        if let Some(file) = &arguments.answers {
            std::fs::write(file, answers.pretty())
                .map_err(|fault| Code::IO.error().with("what", format!("{}: {fault}", file.display())))?;
        }
        figures(&answers, as_of, Policy::of(&arguments.rounding).column);
    }
    story::live(desk, last)
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
        println!("  {problem}");
    }
}

/// The answers that a person likes to see: sums by month as bars, other sums as tables.
fn figures(answers: &Json, as_of: Date, column: &str) {
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
        heading(&format!("{} (as of {as_of})", key.replace('_', " ")));
        let mut sums = sums;
        if !key.contains("month") {
            sums.sort_by_key(|(_, amount)| std::cmp::Reverse(*amount));
            sums.truncate(12);
        }
        bars(&sums);
    }
}
