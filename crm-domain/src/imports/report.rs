//! What became of the rows, and why some were refused.

use super::ImportRun;
use super::operations::ImportAnswer;
use crm_kernel::error::Error;
use crm_kernel::id::Ref;
use crm_kernel::json::Json;
use crm_kernel::work::Work;

/// Refusals reported one by one; further ones are counted.
const MOST_PROBLEMS: usize = 1_000;

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

    /// Counts a refused row and says why, in the caller's language.
    pub(super) fn refuse(&mut self, work: &Work<'_>, file: &str, row: i64, key: Option<&str>, error: &Error) {
        self.rejected += 1;
        if self.problems.len() < MOST_PROBLEMS {
            let text = work.model().texts().error(work.context().language, error);
            let mut json = Json::object()
                .with("file", file)
                .with("row", row)
                .with("key", key.map_or(Json::Null, Json::from));
            for (name, value) in text.as_object().unwrap_or_default() {
                json = json.with(name.clone(), value.clone());
            }
            self.problems.push(json);
        }
    }
}
