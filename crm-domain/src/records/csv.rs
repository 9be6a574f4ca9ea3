//! CSV as RFC 4180 writes it.

/// Writes one record, with its line end. A cell is quoted where RFC 4180 asks for it, and where it is empty and alone: a line
/// with nothing on it is no record. A text that a spreadsheet would run as a formula is written as it is: changing data is
/// the reader's choice, not ours.
pub fn write_csv_record<T: AsRef<str>>(
    cells: impl IntoIterator<Item = T>,
    separator: char,
    out: &mut String,
) {
    let start = out.len();
    for (at, cell) in cells.into_iter().enumerate() {
        let cell = cell.as_ref();
        if at > 0 {
            out.push(separator);
        }
        if cell.contains([separator, '"', '\n', '\r']) {
            out.push('"');
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(cell);
        }
    }
    if out.len() == start {
        out.push_str("\"\"");
    }
    out.push_str("\r\n");
}
