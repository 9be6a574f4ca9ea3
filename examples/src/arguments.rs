//! The command line of `quote-to-cash`.

use crm_kernel::date::Date;
use std::path::PathBuf;

/// What was asked for.
#[derive(Debug, Default)]
pub struct Arguments {
    /// A folder of CSV files; the example company where there is none.
    pub data: Option<PathBuf>,
    /// How to read them; found by the files' names where there is none.
    pub mapping: Option<PathBuf>,
    /// Reports that make the answers; those of the mapping's name where there is none.
    pub reports: Option<PathBuf>,
    /// Where the database is kept; a temporary one where there is none.
    pub db: Option<PathBuf>,
    /// Where the answers are written.
    pub answers: Option<PathBuf>,
    /// Where the refused rows are written.
    pub errors: Option<PathBuf>,
    /// The date of the answers; the last order's where there is none.
    pub as_of: Option<Date>,
    /// The enterprise's rounding policy.
    pub rounding: String,
}

/// What `--help` says.
pub const HELP: &str = "quote-to-cash: a company's business, from its history to the next order's cash

  quote-to-cash                          the example company
  quote-to-cash --data DIR               a folder of CSV files (northwind, classicmodels, online-retail)

  --mapping FILE --reports FILE          how to read any other folder, and what to compute from it
  --answers FILE                         write the reports' results as JSON, after the import
  --as-of YYYY-MM-DD                     the date of the answers (default: the last order's; without orders today)
  --errors FILE                          write the rows that were refused as CSV
  --rounding half-up|half-even|exact     the enterprise's rounding policy (default: half-up)
  --db FILE                              keep the database, a new one (default: a temporary one)

Rows that are refused are reported and left out; the exit code is then still 0. It is 1 where the program failed, and
2 where the command line is wrong.
";

/// The options that take a value.
const OPTIONS: &[&str] = &["data", "mapping", "reports", "db", "answers", "errors", "as-of", "rounding"];

/// Reads the command line. Errors: what is wrong with it, in words.
pub fn read() -> Result<Option<Arguments>, String> {
    use lexopt::prelude::*;
    let mut arguments = Arguments { rounding: "half-up".to_owned(), ..Arguments::default() };
    let mut given = Vec::new();
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next().map_err(|error| error.to_string())? {
        let name = match &argument {
            Long("help") | Short('h') => return Ok(None),
            Long(name) => (*name).to_owned(),
            Short(letter) => return Err(format!("there is no option `-{letter}`")),
            Value(word) => return Err(format!("`{}` belongs to no option", word.display())),
        };
        if !OPTIONS.contains(&name.as_str()) {
            return Err(format!("there is no option `--{name}`"));
        }
        if given.contains(&name) {
            return Err(format!("`--{name}` stands twice"));
        }
        given.push(name.clone());
        let value = parser.value().map_err(|_| format!("`--{name}` needs a value"))?;
        let text = || value.to_str().map(str::to_owned).ok_or_else(|| format!("--{name} is not UTF-8"));
        match name.as_str() {
            "data" => arguments.data = Some(value.into()),
            "mapping" => arguments.mapping = Some(value.into()),
            "reports" => arguments.reports = Some(value.into()),
            "db" => arguments.db = Some(value.into()),
            "answers" => arguments.answers = Some(value.into()),
            "errors" => arguments.errors = Some(value.into()),
            "as-of" => {
                let date = Date::parse(&text()?).map_err(|_| "--as-of takes YYYY-MM-DD".to_owned())?;
                arguments.as_of = Some(date);
            }
            "rounding" => {
                let policy = text()?;
                if !["half-up", "half-even", "exact"].contains(&policy.as_str()) {
                    return Err("--rounding takes half-up, half-even or exact".to_owned());
                }
                arguments.rounding = policy;
            }
            _ => {}
        }
    }
    if (arguments.mapping.is_some() || arguments.reports.is_some()) && arguments.data.is_none() {
        return Err("--mapping and --reports need --data".to_owned());
    }
    Ok(Some(arguments))
}
