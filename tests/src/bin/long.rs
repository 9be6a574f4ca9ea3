//! The proofs at length: random plans and random writes on both stores, with the outcome written to `docs/proofs.md`.
//!
//! ```text
//! cargo run --release -p crm-tests --bin long -- [--cases 1000000] [--sequences 5000] [--seed N]
//! ```

#![allow(clippy::expect_used, reason = "whoever runs it reads what is wrong")]

use crm_kernel::date::Date;
use crm_kernel::expr::table::{OPERATORS, Sqlite};
use crm_tests::fuzz::{Random, expressions, memory_and_naive, memory_and_sqlite, operations};
use std::fmt::Write as _;
use std::process::ExitCode;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

const REPORT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/proofs.md");
/// Cases of one round; between rounds the progress is told.
const ROUND: u64 = 50_000;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |name: &str, default: u64| match arguments.iter().position(|argument| argument == name) {
        None => default,
        Some(at) => {
            arguments.get(at + 1).and_then(|number| number.parse().ok()).expect("a number behind the option")
        }
    };
    let cases = number("--cases", 1_000_000);
    let sequences = number("--sequences", 5_000);
    let seed = number("--seed", Random::fresh_seed());

    let start = Instant::now();
    let mut plans = expressions::Tally::default();
    let mut seeds = Random::new(seed);
    while plans.cases < cases {
        plans.add(expressions::run(ROUND.min(cases - plans.cases), seeds.number(), &memory_and_sqlite));
        eprintln!(
            "{} cases, {} differences, {} s",
            plans.cases,
            plans.differences,
            start.elapsed().as_secs()
        );
    }
    let writes = operations::run(sequences, seed, &memory_and_sqlite);
    let naive = expressions::run(20_000, seed, &memory_and_naive);
    eprintln!("seed {seed}\n{plans}{writes}");

    std::fs::write(REPORT, report(seed, &plans, &writes, &naive)).expect("docs/proofs.md can be written");
    let proved = plans.differences == 0
        && writes.differences == 0
        && plans.missed().is_empty()
        && naive.differences > 0;
    if proved { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn today() -> Date {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |passed| passed.as_secs());
    Date::from_days((seconds / 86_400) as i64).expect("a day of the calendar")
}

fn report(
    seed: u64,
    plans: &expressions::Tally,
    writes: &operations::Tally,
    naive: &expressions::Tally,
) -> String {
    let mut out = format!(
        "# Proofs: both stores and both evaluators are equal\n\n\
         Written by `cargo run --release -p crm-tests --bin long -- --cases {} --sequences {} --seed {seed}` on {}.\n\
         The same runs with fewer cases, one of them from a fresh seed, are tests.\n\n\
         | proof | count | differences |\n|---|---|---|\n\
         | random plans over random records, memory against SQLite | {} plans with {} expressions, giving {} rows and groups | {} |\n\
         | random writes, memory against SQLite | {} steps in {} sequences, {} of them refused by both alike | {} |\n\
         | the first kind, against a SQLite store that translates naively: it must differ | {} plans | {} |\n\n",
        plans.cases,
        writes.sequences,
        today(),
        plans.cases,
        plans.expressions,
        plans.rows,
        plans.differences,
        writes.steps,
        writes.sequences,
        writes.refused,
        writes.differences,
        naive.cases,
        naive.differences,
    );
    let _ = write!(
        out,
        "A plan is a list (filter, sort keys, selected values, limit, all its pages) or figures (filter, group keys,\n\
         periods, measures), asked of both stores; a quarter of the plans is also evaluated by the kernel on rows that it\n\
         fetches. {} further expressions were refused by the checker and took no part. Data: a quarter nulls, numbers at\n\
         the ends of their range and at halves, the first and last days of the calendar, text that folds, composes or\n\
         quotes unexpectedly, null references. What is compared of an error is its code.\n\n\
         ## How often each operator was used\n\n| operator | in SQLite | expressions |\n|---|---|---|\n",
        plans.refused
    );
    for row in OPERATORS {
        let place = match row.sqlite {
            Sqlite::Native => "native",
            Sqlite::Registered => "the kernel's evaluator",
            Sqlite::Residual => "on fetched rows",
        };
        let hits = plans.hits.get(&row.id).copied().unwrap_or(0);
        let _ = writeln!(out, "| `{}` ({:?}) | {place} | {hits} |", row.name.replace('|', "\\|"), row.id);
    }
    for told in plans.told.iter().chain(&writes.told) {
        let _ = write!(out, "\n## A difference\n\n```text\n{told}\n```\n");
    }
    out
}
