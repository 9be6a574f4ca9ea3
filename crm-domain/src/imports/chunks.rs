//! What a host asks of files before it brings them in: large ones in pieces, and how far they reach.

use super::FileText;
use super::mapping::{LineMap, Mapping};
use super::source::{Source, evaluate, shown};
use crate::records::write_csv_record;
use crm_kernel::date::Date;
use crm_kernel::error::Result;
use crm_kernel::value::Value;
use std::collections::HashMap;

/// Splits files into chunks of at most so many documents, each file with its header, so that a host imports a large file
/// without one large transaction. Rows of a document stay together, and keep their row numbers. Errors: those of reading
/// the files.
pub fn chunks(mapping: &Mapping, files: &[FileText], documents: usize) -> Result<Vec<Vec<FileText>>> {
    let mut head = Source::open(&mapping.written(), files)?;
    head.sort(&mapping.order, "/mapping/order")?;
    let group = mapping.group.as_deref().map(|text| head.expression(text, "/mapping/group")).transpose()?;
    let lines = match (&mapping.lines, mapping.lines_written()) {
        (Some(LineMap { document: Some(document), of: Some(of), .. }), Some(written)) => {
            let source = Source::open(&written, files)?;
            let document = head.expression(document, "/mapping/lines/document")?;
            let of = source.expression(of, "/mapping/lines/of")?;
            Some((source, document, of))
        }
        _ => None,
    };
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut owners: HashMap<String, usize> = HashMap::new();
    let mut seen = 0;
    let mut rows: Vec<Vec<Numbered<'_>>> = Vec::new();
    for (no, cells) in &head.table.rows {
        let row = head.readable(cells);
        let key = group.as_ref().and_then(|group| shown(&evaluate(group, &row)));
        let document = match key {
            Some(key) => *places.entry(key).or_insert_with(|| {
                seen += 1;
                seen - 1
            }),
            None => {
                seen += 1;
                seen - 1
            }
        };
        let chunk = document / documents.max(1);
        if rows.len() <= chunk {
            rows.resize_with(chunk + 1, Vec::new);
        }
        if let Some(rows) = rows.get_mut(chunk) {
            rows.push((*no, cells));
        }
        if let Some(owner) = lines.as_ref().and_then(|(_, document, _)| shown(&evaluate(document, &row))) {
            owners.insert(owner, chunk);
        }
    }
    let mut line_rows: Vec<Vec<Numbered<'_>>> = vec![Vec::new(); rows.len()];
    if let Some((source, _, of)) = &lines {
        for (no, cells) in &source.table.rows {
            let owner = shown(&evaluate(of, &source.readable(cells))).unwrap_or_default();
            // Lines of no document go with the first chunk, where they are reported.
            let chunk = owners.get(&owner).copied().unwrap_or(0);
            if let Some(rows) = line_rows.get_mut(chunk) {
                rows.push((*no, cells));
            }
        }
    }
    let chunks = rows.into_iter().zip(line_rows).map(|(rows, line_rows)| {
        let mut files = vec![write(&head, &rows)];
        if let Some((source, _, _)) = &lines {
            files.push(write(source, &line_rows));
        }
        files
    });
    Ok(chunks.collect())
}

/// The latest of the dates that a mapping gives a field; none where it gives none. Cells that cannot be read are passed over:
/// the import reports them. Errors: those of reading the file, `expression.invalid`.
pub fn latest_date(mapping: &Mapping, files: &[FileText], field: &str) -> Result<Option<Date>> {
    let source = Source::open(&mapping.written(), files)?;
    let mut latest = None;
    for (at, map) in mapping.fields.iter().enumerate().filter(|(_, map)| map.field == field) {
        let Some(text) = &map.value else { continue };
        let date = source.expression(text, &format!("/mapping/fields/{at}/value"))?;
        for (_, cells) in &source.table.rows {
            if let Value::Date(date) = evaluate(&date, &source.readable(cells)) {
                latest = latest.max(Some(date));
            }
        }
    }
    Ok(latest)
}

/// A row with its number in the file.
type Numbered<'a> = (i64, &'a [String]);

fn write(source: &Source, rows: &[Numbered<'_>]) -> FileText {
    let mut text = String::new();
    write_csv_record(&source.table.header, source.separator.char(), &mut text);
    for (_, cells) in rows {
        write_csv_record(*cells, source.separator.char(), &mut text);
    }
    FileText { file: source.file.clone(), text, rows: rows.iter().map(|(no, _)| *no).collect() }
}
