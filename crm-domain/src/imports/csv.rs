//! CSV as RFC 4180 writes it, with the separator that the mapping names, read strictly: a broken quote is an error with
//! its line, never a guess.

use super::{ENCODING, QUOTING, SEPARATOR, Separator, WIDTH};
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
/// Errors: `import.separator` with file and both separators where the header shows that the file has another one,
/// `import.quoting` with file, line and column, `import.width` with file and line.
pub fn read(file: &str, text: &str, separator: Separator) -> Result<Table> {
    let mut reader = Reader::new(file, text, separator);
    let mut table = Table { header: Vec::new(), rows: Vec::new() };
    while reader.passes_over_empty_lines() {
        let line = reader.line;
        if table.header.is_empty() {
            table.header = reader.header()?;
            continue;
        }
        let cells = reader.record(&table.header)?;
        if cells.len() == table.header.len() {
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

#[derive(Clone)]
struct Reader<'a> {
    file: &'a str,
    rest: &'a str,
    line: i64,
    separator: Separator,
}

impl<'a> Reader<'a> {
    fn new(file: &'a str, text: &'a str, separator: Separator) -> Reader<'a> {
        Reader { file, rest: text.strip_prefix('\u{feff}').unwrap_or(text), line: 1, separator }
    }

    /// True where a record follows. A line with nothing on it is none; one with an empty cell in quotes is.
    fn passes_over_empty_lines(&mut self) -> bool {
        while let Some(rest) = self.rest.strip_prefix('\n').or_else(|| self.rest.strip_prefix("\r\n")) {
            self.rest = rest;
            self.line += 1;
        }
        !self.rest.is_empty()
    }

    /// The cells of the header. Where it comes to one column, or cannot be read, and has several columns by another
    /// separator, the file has that one.
    fn header(&mut self) -> Result<Vec<String>> {
        let start = self.clone();
        let header = self.record(&[]);
        if header.as_ref().is_ok_and(|cells| cells.len() > 1) {
            return header;
        }
        let has_columns = |separator: &Separator| {
            let mut other = Reader { separator: *separator, ..start.clone() };
            other.record(&[]).is_ok_and(|cells| cells.len() > 1)
        };
        match Separator::ALL.into_iter().find(has_columns) {
            Some(found) => Err(SEPARATOR
                .error()
                .with("file", self.file)
                .choice("found", found)
                .choice("wanted", self.separator)),
            None => header,
        }
    }

    /// The cells of a record; `header` names them in errors, which count them where there is no name.
    fn record(&mut self, header: &[String]) -> Result<Vec<String>> {
        let mut cells = Vec::new();
        loop {
            let at = cells.len();
            let column = || header.get(at).cloned().unwrap_or_else(|| (at + 1).to_string());
            cells.push(self.cell().map_err(|error| error.with("column", column()))?);
            if let Some(rest) = self.rest.strip_prefix(self.separator.char()) {
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
        let end = self.rest.find([self.separator.char(), '\n', '"']).unwrap_or(self.rest.len());
        let (cell, rest) = self.rest.split_at(end);
        if rest.starts_with('"') {
            return Err(self.broken());
        }
        let (cell, rest) = match cell.strip_suffix('\r') {
            Some(cell) if !rest.starts_with(self.separator.char()) => (cell, rest),
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
        let ends = self.rest.is_empty()
            || self.rest.starts_with([self.separator.char(), '\n'])
            || self.rest.starts_with("\r\n");
        if ends { Ok(cell) } else { Err(self.broken()) }
    }

    fn broken(&self) -> crm_kernel::error::Error {
        QUOTING.error().with("file", self.file).with("row", self.line)
    }
}
