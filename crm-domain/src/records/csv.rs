//! CSV as RFC 4180 writes it.

/// Writes one record, with its line end. A cell is quoted where RFC 4180 asks for it. A text that a spreadsheet would
/// run as a formula is written as it is: changing data is the reader's choice, not ours.
pub fn write_csv_record<T: AsRef<str>>(cells: impl IntoIterator<Item = T>, out: &mut String) {
    for (at, cell) in cells.into_iter().enumerate() {
        let cell = cell.as_ref();
        if at > 0 {
            out.push(',');
        }
        if cell.contains([',', '"', '\n', '\r']) {
            out.push('"');
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(cell);
        }
    }
    out.push_str("\r\n");
}
