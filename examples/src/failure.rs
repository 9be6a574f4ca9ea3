//! Why the program ends, in words for a person.

use crm_kernel::context::Language;
use crm_kernel::dec::DecError;
use crm_kernel::error::Error;
use crm_kernel::json::Json;

/// Why the program ends.
#[derive(Debug)]
pub enum Failure {
    /// In words: what the program itself found out.
    Said(String),
    /// The library refused.
    Refused(Error),
    /// What failed in a place: a file, an import, a report.
    In(String, Box<Failure>),
}

impl Failure {
    /// The failure with its place before it.
    pub fn within(self, place: impl Into<String>) -> Failure {
        Failure::In(place.into(), Box::new(self))
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::Refused(error)
    }
}

impl From<DecError> for Failure {
    fn from(error: DecError) -> Failure {
        Failure::Refused(error.into())
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Failure::Said(words) => f.write_str(words),
            Failure::Refused(error) => f.write_str(&words(error)),
            Failure::In(place, failure) => write!(f, "{place}: {failure}"),
        }
    }
}

/// The message of an error with its code, its place and what the system said; where it has several problems, each on a
/// line of its own with its place.
pub fn words(error: &Error) -> String {
    let told = crm_domain::model().map(|model| model.texts().error(Language::En, error));
    let told = told.unwrap_or(Json::Null);
    let message = |json: &Json| json.get("message").and_then(Json::as_text).unwrap_or_default().to_owned();
    let mut words = format!("{} ({})", message(&told), error.code().name);
    let problems = told.at("/details/problems").and_then(Json::as_list).unwrap_or_default();
    let place = match problems {
        [only] => only.get("path").and_then(Json::as_text).unwrap_or_default(),
        _ => error.path(),
    };
    if !place.is_empty() {
        words += &format!(" at {place}");
    }
    if let Some(what) = error.arg("what").and_then(Json::as_text) {
        words += &format!(": {what}");
    }
    if problems.len() > 1 {
        for problem in problems {
            let place = problem.get("path").and_then(Json::as_text).unwrap_or_default();
            words += &format!("\n  {place}: {}", message(problem));
        }
    }
    words
}
