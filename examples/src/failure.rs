//! Why the program ends, in one line for a person.

use crm_kernel::context::Language;
use crm_kernel::error::Error;
use crm_kernel::json::Json;
use std::path::PathBuf;

/// Why the program ends.
#[derive(Debug)]
pub enum Failure {
    /// In words: what the program itself found out.
    Said(String),
    /// The library refused.
    Refused(Error),
    /// The library refused what stands in a file.
    In(PathBuf, Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::Refused(error)
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Failure::Said(words) => f.write_str(words),
            Failure::Refused(error) => f.write_str(&words(error)),
            Failure::In(file, error) => write!(f, "`{}`: {}", file.display(), words(error)),
        }
    }
}

/// The message of an error, with its code, its place and what the system said.
pub fn words(error: &Error) -> String {
    let told = crm_domain::model().map(|model| model.texts().error(Language::En, error));
    let message = told.as_ref().ok().and_then(|told| told.get("message")).and_then(Json::as_text);
    let mut words = format!("{} ({})", message.unwrap_or_default(), error.code().name);
    if !error.path().is_empty() {
        words += &format!(" at {}", error.path());
    }
    if let Some(what) = error.arg("what").and_then(Json::as_text) {
        words += &format!(": {what}");
    }
    words
}
