//! The lines of documents.

use super::field::{Filler, column_at, request};
use super::mapping::{LineMap, Written};
use super::report::{Place, Refusal, Report};
use super::resolve::Resolver;
use super::sieve::{Sieve, Verdict};
use super::source::{Source, Typed, evaluate, shown};
use super::{BAD_MAPPING, FileText, NO_DOCUMENT};
use crm_kernel::catalogue::Catalogue;
use crm_kernel::error::{Error, Result};
use crm_kernel::expr::Expr;
use crm_kernel::json::Json;
use crm_kernel::record::{FieldType, RecordDef};
use crm_kernel::value::Row;
use crm_kernel::work::Work;
use std::collections::HashMap;

/// How the lines of a document are found and filled.
pub(super) struct Lines {
    /// The field of the request that holds them.
    pub(super) field: String,
    /// The file that they stand in.
    file: String,
    /// Where that is a file of their own.
    others: Option<Others>,
    sieve: Sieve,
    fillers: Vec<Filler>,
}

/// Lines in a file of their own.
struct Others {
    /// What a document's row says that its lines name.
    document: Expr,
    /// The column of the lines that names their document.
    of: Option<String>,
    /// The lines by it.
    lines: HashMap<String, Vec<(i64, Typed)>>,
}

impl Lines {
    /// Checks how lines are mapped, and reads them where they have a file of their own, `written` so. Errors: [`BAD_MAPPING`],
    /// `expression.invalid`, those of reading the file.
    pub(super) fn new(
        catalogue: &Catalogue,
        head: &Source,
        def: &RecordDef,
        map: &LineMap,
        written: Option<&Written<'_>>,
        files: &[FileText],
    ) -> Result<Lines> {
        let path = "/mapping/lines";
        let bad = |fault: &str| BAD_MAPPING.at(path).coded("fault", "word", fault);
        let line_def = match def.field(&map.field).map(|field| &field.ty) {
            Some(FieldType::Children(no)) => catalogue.get(*no)?.def.clone(),
            Some(FieldType::List(FieldType::Message(def))) => def.def().clone(),
            _ => return Err(bad("field_holds_no_lines")),
        };
        let own = match written {
            Some(written) => {
                let mut source = Source::open(written, files)?;
                source.sort(&map.order, &format!("{path}/order"))?;
                Some(source)
            }
            None => None,
        };
        let others = match &own {
            Some(lines) => {
                let text = map.document.as_deref().ok_or_else(|| bad("lines_without_document"))?;
                let document = head.expression(text, &format!("{path}/document"))?;
                let text = map.of.as_deref().ok_or_else(|| bad("lines_without_of"))?;
                let of = lines.expression(text, &format!("{path}/of"))?;
                Some(Others { document, of: lines.columns(&of), lines: by_document(lines, &of) })
            }
            None => None,
        };
        let source = own.as_ref().unwrap_or(head);
        Ok(Lines {
            field: map.field.clone(),
            file: source.file.clone(),
            others,
            sieve: Sieve::new(source, map.skip.as_deref(), &map.reject, path)?,
            fillers: Filler::all(catalogue, source, &line_def, &map.fields, &format!("{path}/fields"))?,
        })
    }

    /// The rows of the lines' file that name a document; none where the document's own rows are its lines.
    pub(super) fn claim(&mut self, head: &Row) -> Option<Vec<(i64, Typed)>> {
        let others = self.others.as_mut()?;
        let key = shown(&evaluate(&others.document, head)).unwrap_or_default();
        Some(others.lines.remove(&key).unwrap_or_default())
    }

    /// Reports the lines that no document claimed.
    pub(super) fn report_unclaimed(&mut self, work: &Work<'_>, report: &mut Report) {
        let Some(others) = &mut self.others else { return };
        let column = others.of.clone();
        let left = std::mem::take(&mut others.lines).into_iter();
        let mut left: Vec<(i64, String, Typed)> = left
            .flat_map(|(key, rows)| rows.into_iter().map(move |(line, row)| (line, key.clone(), row)))
            .collect();
        left.sort_by_key(|(line, _, _)| *line);
        for (line, key, row) in left {
            match row.map(|row| self.sieve.judge(&row)) {
                Ok(Verdict::Skip) => report.skipped += 1,
                _ => {
                    let error = NO_DOCUMENT.error().with("key", key.clone());
                    let place = Place { column: column.clone(), ..self.place(line, "") };
                    report.refuse(work, &Refusal { place, document: None, key: Some(key), error });
                }
            }
        }
    }

    /// Where a fault of a line stands that is told at a path of it.
    pub(super) fn place(&self, row: i64, path: &str) -> Place {
        Place { file: self.file.clone(), row, column: column_at(&self.fillers, path) }
    }

    /// The lines of a document as JSON, each with its row. Errors: whatever is wrong with the first bad line, with its
    /// row.
    pub(super) fn list(
        &self,
        work: &mut Work<'_>,
        resolver: &mut Resolver,
        report: &mut Report,
        rows: Vec<(i64, Typed)>,
    ) -> std::result::Result<Vec<(i64, Json)>, (i64, Error)> {
        let mut list = Vec::with_capacity(rows.len());
        for (line, row) in rows {
            let at_line = |error: Error| (line, error);
            let row = row.map_err(at_line)?;
            match self.sieve.judge(&row) {
                Verdict::Take => {
                    list.push((line, request(&self.fillers, work, resolver, &row).map_err(at_line)?));
                }
                Verdict::Skip => report.skipped += 1,
                Verdict::Reject(error) => {
                    let place = self.place(line, "");
                    report.refuse(work, &Refusal { place, document: None, key: None, error });
                }
            }
        }
        Ok(list)
    }
}

/// Lines by what they say of their document. A line whose cells cannot be read is still found where that cell can.
fn by_document(lines: &Source, of: &Expr) -> HashMap<String, Vec<(i64, Typed)>> {
    let mut by_document: HashMap<String, Vec<(i64, Typed)>> = HashMap::new();
    for (line, cells) in &lines.table.rows {
        let row = lines.typed(cells);
        let owner = match &row {
            Ok(row) => shown(&evaluate(of, row)),
            Err(_) => shown(&evaluate(of, &lines.readable(cells))),
        };
        by_document.entry(owner.unwrap_or_default()).or_default().push((*line, row));
    }
    by_document
}
