//! Operations of the import.

use super::importer::Importer;
use super::report::Report;
use super::{BAD_MAPPING, ImportRun, MISSING_FILE, Mapping};
use crate::org::Employee;
use crm_kernel::error::{Code, Result};
use crm_kernel::id::Ref;
use crm_kernel::json::Json;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::work::Work;
use crm_kernel::{Choice, Record};
use std::convert::Infallible;

/// Whether one bad row undoes the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum Keep {
    /// Good rows are kept, bad ones reported.
    PerRow,
    /// All rows or none.
    Atomic,
}

/// A file with its text.
#[derive(Clone, Debug, Record)]
#[record(name = "import_file")]
pub struct FileText {
    /// The name that the mapping uses.
    pub file: String,
    /// The text: CSV as RFC 4180 writes it, with the separator of the mapping, header first.
    #[field(text = 1_000_000_000)]
    pub text: String,
    /// Where the rows were taken from a larger file: the row of each of them there, for reports.
    pub rows: Vec<i64>,
}

/// Does everything that `import.run` would do, or `import.history` with its right, and keeps nothing.
#[derive(Clone, Debug, Record)]
#[record(name = "import_preview")]
pub struct Preview {
    /// The mapping.
    pub mapping: Mapping,
    /// The files, or the first rows of them.
    pub files: Vec<FileText>,
    /// True where the operations bring history; this needs the right of `import.history` as well.
    #[field(default = "false")]
    pub history: bool,
}

/// Imports rows. A large file is given in chunks, each with its header, under one import.
#[derive(Clone, Debug, Record)]
#[record(name = "import_run")]
pub struct Run {
    /// The mapping.
    pub mapping: Mapping,
    /// The files of this chunk.
    pub files: Vec<FileText>,
    /// The import that this chunk belongs to; a new one where there is none.
    pub import: Option<Ref<ImportRun>>,
    /// Whether one bad row undoes the others.
    #[field(default = "\"per_row\"")]
    pub keep: Keep,
}

/// Imports historic documents, by operations that bring history: their own right, their own shorter list of rules. Each
/// document counts as approved and says so in its history.
#[derive(Clone, Debug, Record)]
#[record(name = "import_history")]
pub struct RunHistory {
    /// The mapping.
    pub mapping: Mapping,
    /// The files of this chunk.
    pub files: Vec<FileText>,
    /// The import that this chunk belongs to; a new one where there is none.
    pub import: Option<Ref<ImportRun>>,
    /// Whether one bad row undoes the others.
    #[field(default = "\"per_row\"")]
    pub keep: Keep,
}

/// What became of the rows of a chunk.
#[derive(Clone, Debug, Record)]
#[record(name = "import_answer")]
pub struct ImportAnswer {
    /// The import; none in a preview.
    pub import: Option<Ref<ImportRun>>,
    /// Rows or documents seen.
    pub seen: i64,
    /// Records made, or operations done.
    pub created: i64,
    /// Records changed.
    pub updated: i64,
    /// Rows left out by the mapping, or without a difference.
    pub skipped: i64,
    /// Rows refused.
    pub rejected: i64,
    /// Why, for the first thousand: `{file, row, column, key, class, code, message, details}`. Rows are counted as in the
    /// file, from the header, which is row 1; `document_row` is that of the document where the fault stands in a line of it.
    pub problems: Vec<Json>,
}

impl Operation for Preview {
    const NAME: &'static str = "import.preview";
    // It runs everything and takes it back, so it needs a transaction that may write.
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "import", verb: "run" };
    const ERRORS: &'static [Code] = super::error::ALL;
    const CAPABILITIES: &'static [&'static str] = &["SYS-04"];
    const EXAMPLE: &'static str = r#"{"mapping":{"name":"departments","file":"d.csv","kind":"department","key":"code","fields":[{"field":"code","value":"code"},{"field":"name","value":"name"}]},"files":[{"file":"d.csv","text":"code,name\nEAST,East\n"}]}"#;
    type Answer = ImportAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<ImportAnswer> {
        if self.history {
            work.require("import", "history")?;
        }
        // What is attempted is kept only where it succeeds: a preview never does.
        let Err(report) = work.attempt(|work| {
            Err::<Infallible, _>(import(work, &self.mapping, self.files, Keep::PerRow, self.history))
        })?;
        Ok(report?.answer(None))
    }
}

impl Operation for Run {
    const NAME: &'static str = "import.run";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "import", verb: "run" };
    const ERRORS: &'static [Code] = super::error::ALL;
    const CAPABILITIES: &'static [&'static str] = &["SYS-04"];
    const EXAMPLE: &'static str = Preview::EXAMPLE;
    type Answer = ImportAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<ImportAnswer> {
        kept(work, &self.mapping, self.files, self.keep, self.import, false)
    }
}

impl Operation for RunHistory {
    const NAME: &'static str = "import.history";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "import", verb: "history" };
    const ERRORS: &'static [Code] = super::error::ALL;
    const CAPABILITIES: &'static [&'static str] = &["SYS-04"];
    const EXAMPLE: &'static str = Preview::EXAMPLE;
    type Answer = ImportAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<ImportAnswer> {
        kept(work, &self.mapping, self.files, self.keep, self.import, true)
    }
}

fn kept(
    work: &mut Work<'_>,
    mapping: &Mapping,
    files: Vec<FileText>,
    keep: Keep,
    import_id: Option<Ref<ImportRun>>,
    history: bool,
) -> Result<ImportAnswer> {
    let mut kept = match import_id {
        Some(id) => Some(work.find(id).map_err(|error| error.at("/import"))?),
        None => None,
    };
    let id = kept.as_ref().map_or_else(|| Ref::new(work.new_id()), |kept| kept.id);
    // Inner operations write change sets of their own: they say by which import. Its record is written behind them.
    work.because_inside(format!("import {} ({id})", mapping.name));
    let report = import(work, mapping, files, keep, history)?;
    let add = |record: &mut ImportRun| {
        record.seen += report.seen;
        record.created += report.created;
        record.updated += report.updated;
        record.skipped += report.skipped;
        record.rejected += report.rejected;
    };
    match &mut kept {
        Some(record) => {
            add(record);
            work.save(record)?;
        }
        None => {
            let owner = work.actor().ok().map(Ref::<Employee>::new);
            let (name, started, none) = (mapping.name.clone(), work.now(), 0);
            let mut record = ImportRun {
                name,
                started,
                owner,
                seen: none,
                created: none,
                updated: none,
                skipped: none,
                rejected: none,
                history,
            };
            add(&mut record);
            work.insert_as(id, &record)?;
        }
    }
    Ok(report.answer(Some(id)))
}

fn import(
    work: &mut Work<'_>,
    mapping: &Mapping,
    files: Vec<FileText>,
    keep: Keep,
    history: bool,
) -> Result<Report> {
    if mapping.kind.is_some() == mapping.operation.is_some() {
        return Err(BAD_MAPPING.at("/mapping/kind").coded("fault", "word", "kind_or_operation"));
    }
    let wanted =
        std::iter::once(&mapping.file).chain(mapping.lines.iter().filter_map(|lines| lines.file.as_ref()));
    for name in wanted {
        if !files.iter().any(|file| file.file == *name) {
            return Err(MISSING_FILE.at("/files").with("file", name.clone()));
        }
    }
    if history {
        work.allow_history();
    }
    Importer::new(work, mapping, &files, history)?.run(work, keep)
}
