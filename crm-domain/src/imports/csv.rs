//! CSV as RFC 4180 writes it, read strictly: a broken quote is an error with its line, never a guess.

use super::{ENCODING, QUOTING, WIDTH};
use crm_kernel::error::Result;

/// A file: its header, and its rows with the line each begins on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Column names.
    pub header: Vec<String>,
    /// Line number from 1, cells.
    pub rows: Vec<(i64, Vec<String>)>,
}

/// The text of a file's bytes: UTF-8 with or without byte order mark. Errors: `import.encoding` with file and line.
pub fn decode_text<'a>(file: &str, bytes: &'a [u8]) -> Result<&'a str> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|fault| {
        let before = bytes.get(..fault.valid_up_to()).unwrap_or_default();
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        ENCODING.error().with("file", file).with("row", i64::try_from(line).unwrap_or(i64::MAX))
    })
}

/// Reads a file. Lines end with LF or CRLF; cells may hold line breaks inside quotes; empty lines are passed over.
/// Errors: `import.quoting` with file, line and column, `import.width` with file and line.
pub fn read(file: &str, text: &str) -> Result<Table> {
    let mut reader = Reader { file, rest: text.strip_prefix('\u{feff}').unwrap_or(text), line: 1 };
    let mut table = Table { header: Vec::new(), rows: Vec::new() };
    while !reader.rest.is_empty() {
        let line = reader.line;
        let cells = reader.record(&table.header)?;
        if cells.len() == 1 && cells.first().is_some_and(String::is_empty) {
            continue;
        }
        if table.header.is_empty() {
            table.header = cells;
        } else if cells.len() == table.header.len() {
            table.rows.push((line, cells));
        } else {
            let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
            let (found, wanted) = (count(cells.len()), count(table.header.len()));
            return Err(WIDTH
                .error()
                .with("file", file)
                .with("row", line)
                .with("found", found)
                .with("wanted", wanted));
        }
    }
    Ok(table)
}

struct Reader<'a> {
    file: &'a str,
    rest: &'a str,
    line: i64,
}

impl<'a> Reader<'a> {
    /// The cells of a record; `header` names them in errors, which count them where there is no name.
    fn record(&mut self, header: &[String]) -> Result<Vec<String>> {
        let mut cells = Vec::new();
        loop {
            let at = cells.len();
            let column = || header.get(at).cloned().unwrap_or_else(|| (at + 1).to_string());
            cells.push(self.cell().map_err(|error| error.with("column", column()))?);
            if let Some(rest) = self.rest.strip_prefix(',') {
                self.rest = rest;
                continue;
            }
            self.rest = self.rest.strip_prefix('\r').unwrap_or(self.rest);
            self.rest = self.rest.strip_prefix('\n').unwrap_or(self.rest);
            self.line += 1;
            return Ok(cells);
        }
    }

    fn cell(&mut self) -> Result<String> {
        if let Some(rest) = self.rest.strip_prefix('"') {
            self.rest = rest;
            return self.quoted();
        }
        let end = self.rest.find([',', '\n', '"']).unwrap_or(self.rest.len());
        let (cell, rest) = self.rest.split_at(end);
        if rest.starts_with('"') {
            return Err(self.broken());
        }
        let (cell, rest) = match cell.strip_suffix('\r') {
            Some(cell) if !rest.starts_with(',') => (cell, rest),
            _ => (cell, rest),
        };
        self.rest = rest;
        Ok(cell.to_owned())
    }

    fn quoted(&mut self) -> Result<String> {
        let mut cell = String::new();
        let start = self.line;
        loop {
            let Some(end) = self.rest.find('"') else {
                self.line = start;
                return Err(self.broken());
            };
            let (part, rest) = self.rest.split_at(end);
            self.line += i64::try_from(part.matches('\n').count()).unwrap_or(0);
            cell.push_str(part);
            let rest: &'a str = rest.strip_prefix('"').unwrap_or(rest);
            match rest.strip_prefix('"') {
                Some(rest) => {
                    cell.push('"');
                    self.rest = rest;
                }
                None => {
                    self.rest = rest;
                    break;
                }
            }
        }
        let ends =
            self.rest.is_empty() || self.rest.starts_with([',', '\n']) || self.rest.starts_with("\r\n");
        if ends { Ok(cell) } else { Err(self.broken()) }
    }

    fn broken(&self) -> crm_kernel::error::Error {
        QUOTING.error().with("file", self.file).with("row", self.line)
    }
}
