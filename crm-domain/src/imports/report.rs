//! What became of the rows, and why some were refused.

use super::ImportRun;
use super::operations::ImportAnswer;
use crm_kernel::error::Error;
use crm_kernel::id::Ref;
use crm_kernel::json::Json;
use crm_kernel::work::Work;

/// Refusals reported one by one; further ones are counted.
const MOST_PROBLEMS: usize = 1_000;

/// Where a fault stands, as a person finds it: rows as they are counted in the file, the header being row 1.
#[derive(Clone)]
pub(super) struct Place {
    pub file: String,
    pub row: i64,
    /// The column that is wrong, or those that it was worked out from; none where no column is.
    pub column: Option<String>,
}

/// What a row or document is refused for.
pub(super) struct Refusal {
    pub place: Place,
    /// The row of the document, where the fault stands in a line of it.
    pub document: Option<i64>,
    /// The key of the record, where it was read.
    pub key: Option<String>,
    pub error: Error,
}

/// What became of the rows of a chunk.
#[derive(Default)]
pub(super) struct Report {
    pub seen: i64,
    pub created: i64,
    pub updated: i64,
    pub skipped: i64,
    pub rejected: i64,
    pub problems: Vec<Json>,
}

impl Report {
    /// The answer of an import operation.
    pub(super) fn answer(self, import: Option<Ref<ImportRun>>) -> ImportAnswer {
        let Report { seen, created, updated, skipped, rejected, problems } = self;
        ImportAnswer { import, seen, created, updated, skipped, rejected, problems }
    }

    /// Counts a refused row and says where and why, in the caller's language.
    pub(super) fn refuse(&mut self, work: &Work<'_>, refusal: &Refusal) {
        self.rejected += 1;
        if self.problems.len() < MOST_PROBLEMS {
            let text = work.model().texts().error(work.context().language, &refusal.error);
            let told = |text: &Option<String>| text.as_deref().map_or(Json::Null, Json::from);
            let place = &refusal.place;
            let mut json = Json::object()
                .with("file", place.file.as_str())
                .with("row", place.row)
                .with("column", told(&place.column))
                .with("key", told(&refusal.key));
            if let Some(document) = refusal.document {
                json = json.with("document_row", document);
            }
            for (name, value) in text.as_object().unwrap_or_default() {
                json = json.with(name.clone(), value.clone());
            }
            self.problems.push(json);
        }
    }
}
