//! Rows for reading files and headers.

use super::csv::{decode_text, read};
use super::mapping::{ColumnType, DecimalMark, Mapping, Separator, column_name};
use super::source::{cell_value, is_date_format, read_date};
use super::{FileText, chunks};
use crate::records::write_csv_record;
use crm_kernel::catalogue::Catalogue;
use crm_kernel::codec::Decoder;
use crm_kernel::date::Date;
use crm_kernel::json::Json;
use crm_kernel::record::Record as _;
use proptest::prelude::{Just, Strategy, any, prop, prop_assert_eq, prop_oneof, proptest};

#[test]
fn reads_quotes_breaks_and_marks() {
    let table = read("f", "\u{feff}a,b\r\n1,\"x, \"\"y\"\"\nz\"\r\n\n2,\n", Separator::Comma).unwrap();
    assert_eq!(table.header, ["a", "b"]);
    assert_eq!(
        table.rows,
        [(2, vec!["1".into(), "x, \"y\"\nz".into()]), (5, vec!["2".into(), String::new()])]
    );
}

#[test]
fn refuses_with_the_line() {
    let fault = |text: &str| {
        let error = read("f.csv", text, Separator::Comma).unwrap_err();
        (error.code().name, error.arg("row").unwrap().to_string())
    };
    assert_eq!(fault("a,b\n1,\"open\n2,3\n"), ("import.quoting", "2".into()));
    assert_eq!(fault("a,b\n\"x\"y,2\n"), ("import.quoting", "2".into()));
    assert_eq!(fault("a,b\nx\"y,2\n"), ("import.quoting", "2".into()));
    assert_eq!(fault("a,b\n1,2\n1\n"), ("import.width", "3".into()));
    let error = decode_text("f.csv", b"a\nb\nc\xff\n").unwrap_err();
    assert_eq!((error.code().name, error.arg("row").unwrap().to_string()), ("import.encoding", "3".into()));
}

#[test]
fn a_file_with_another_separator_is_refused_by_its_header() {
    use Separator::{Comma, Semicolon, Tab};
    let rows = [
        (Comma, "a;b\n1;2\n", Some("semicolon")),
        (Comma, "a\tb\n1\t2\n", Some("tab")),
        (Comma, "\"a\";\"b\"\n1;2\n", Some("semicolon")),
        (Comma, "\n\"a\"\t\"b, c\"\n1\t2\n", Some("tab")),
        (Semicolon, "a,b\n1,2\n", Some("comma")),
        (Tab, "a,b;c\n", Some("comma")),
        // One column, of which the name is quoted as a whole or holds no separator.
        (Comma, "\"a;b\"\n1;2\n", None),
        (Comma, "a\n1;2\n", None),
        // Several columns, whatever their names.
        (Comma, "a,b;c;d\n1,2\n", None),
    ];
    for (separator, text, found) in rows {
        let refused = read("f.csv", text, separator).err();
        let told = refused.map(|error| (error.code().name, error.arg("found").unwrap().to_string()));
        assert_eq!(told, found.map(|found| ("import.separator", format!("\"{found}\""))), "{text}");
    }
}

#[test]
fn numbers_are_read_by_the_mark_that_the_mapping_names() {
    use DecimalMark::{Comma, Point};
    let rows = [
        (Point, "1234.50", Some("1234.5")),
        (Point, "1234,50", None),
        (Point, "1,234.50", None),
        (Comma, "1234,50", Some("1234.5")),
        (Comma, "-0,5", Some("-0.5")),
        (Comma, "1234", Some("1234")),
        (Comma, "1234.50", None),
        (Comma, "1.234", None),
        (Comma, "1.234,50", None),
        (Comma, "1,234,50", None),
        (Comma, "1 234,50", None),
        (Comma, "1'234,50", None),
        (Comma, "1234,", None),
        (Comma, ",5", None),
    ];
    for (mark, text, number) in rows {
        let read = cell_value(ColumnType::Decimal, None, mark, text);
        let told = read.ok().map(|value| value.as_dec().unwrap().to_string());
        assert_eq!(told.as_deref(), number, "{mark:?} {text}");
    }
}

/// A table: its rows, each cell with whether it is quoted without need.
fn tables() -> impl Strategy<Value = Vec<Vec<(String, bool)>>> {
    let part = prop_oneof![
        Just(","),
        Just(";"),
        Just("\t"),
        Just("\""),
        Just("\n"),
        Just("\r\n"),
        Just(" "),
        Just("客"),
        Just("x1")
    ];
    let cell = prop::collection::vec(part, 0..5).prop_map(|parts| parts.concat());
    (1..5usize).prop_flat_map(move |width| {
        prop::collection::vec(prop::collection::vec((cell.clone(), any::<bool>()), width), 0..6)
    })
}

/// A record as some program writes it.
fn written(cells: &[(String, bool)], separator: char, end: &str) -> String {
    let alone = cells.len() == 1;
    let cells = cells.iter().map(|(cell, quoted)| {
        let asked = cell.contains([separator, '"', '\n', '\r']) || (alone && cell.is_empty());
        if *quoted || asked { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.clone() }
    });
    cells.collect::<Vec<_>>().join(&separator.to_string()) + end
}

proptest! {
    /// A table is read as it was written: by any separator, with quotes where they are asked for or everywhere, by others or
    /// by this engine.
    #[test]
    fn a_table_is_read_as_it_was_written(
        rows in tables(),
        separator in prop_oneof![Just(Separator::Comma), Just(Separator::Semicolon), Just(Separator::Tab)],
        end in prop_oneof![Just("\n"), Just("\r\n")],
    ) {
        let width = rows.first().map_or(1, Vec::len);
        let header: Vec<(String, bool)> = (0..width).map(|at| (format!("c{at}"), at % 2 == 0)).collect();
        let plain = |cells: &[(String, bool)]| cells.iter().map(|(cell, _)| cell.clone()).collect::<Vec<_>>();
        let all: Vec<&Vec<(String, bool)>> = std::iter::once(&header).chain(&rows).collect();
        let by_others: String = all.iter().map(|cells| written(cells, separator.char(), end)).collect();
        let mut by_us = String::new();
        for cells in &all {
            write_csv_record(plain(cells), separator.char(), &mut by_us);
        }
        for text in [by_others, by_us] {
            let table = read("f", &text, separator).unwrap();
            prop_assert_eq!(&table.header, &plain(&header));
            let read: Vec<Vec<String>> = table.rows.into_iter().map(|(_, cells)| cells).collect();
            prop_assert_eq!(&read, &rows.iter().map(|cells| plain(cells)).collect::<Vec<_>>());
        }
    }
}

#[test]
fn headers_become_names() {
    let rows = [
        ("CustomerID", "customer_id"),
        ("priceEach", "price_each"),
        ("MSRP", "msrp"),
        ("addressLine1", "address_line1"),
        ("Ship Via", "ship_via"),
        ("InvoiceNo", "invoice_no"),
        ("客户", "column_3"),
        ("(x)", "x"),
        ("ID", "column_3"),
        ("version", "column_3"),
        ("Line", "column_3"),
        ("row", "column_3"),
        ("true", "column_3"),
        ("2025", "column_3"),
        ("", "column_3"),
    ];
    for (header, name) in rows {
        assert_eq!(column_name(header, 3), name);
    }
}

#[test]
fn dates_are_read_by_formats_that_name_a_whole_date() {
    let day = |text: &str| Some(Date::parse(text).unwrap());
    let rows = [
        ("%d.%m.%Y", "01.03.2018", day("2018-03-01")),
        ("%d.%m.%Y", "1.3.2018", day("2018-03-01")),
        ("%d.%m.%Y", "01.03.18", None),
        ("%d.%m.%Y", "31.02.2021", None),
        ("%Y%m%d", "20180301", day("2018-03-01")),
        ("%d %b %Y", "1 Mar 2018", day("2018-03-01")),
        ("%m/%d/%Y %H:%M", "3/1/2018 9:05", day("2018-03-01")),
        ("%m/%d/%Y %H:%M", "3/1/2018", None),
    ];
    for (format, text, date) in rows {
        assert!(is_date_format(format), "{format}");
        assert_eq!(read_date(format, text), date, "{format} {text}");
    }
    for format in ["%d.%m.%y", "%D", "%Q", "%Y-%m", "%H:%M", "", "day", "%Y-%m-%d %z"] {
        assert!(!is_date_format(format), "{format}");
    }
}

#[test]
fn chunks_keep_documents_together_and_the_numbers_of_their_rows() {
    let mapping = r#"{"name":"orders","file":"o.csv","separator":"semicolon","operation":"order.import","group":"no","fields":[],
        "lines":{"file":"l.csv","separator":"tab","document":"no","of":"of","fields":[]}}"#;
    let row =
        Decoder::new(&Catalogue::default()).message(Mapping::def(), &Json::parse(mapping).unwrap()).unwrap();
    let mapping = Mapping::from_row(&row).unwrap();
    let file =
        |file: &str, text: &str, rows: Vec<i64>| FileText { file: file.into(), text: text.into(), rows };
    let files = [
        file("o.csv", "no;x\nA;1\n\nB;2\nA;3\n", Vec::new()),
        file("l.csv", "of\ty\nB\t1\nA\t2,5\nB\t3\n", vec![12, 15, 16]),
    ];
    let cut = chunks(&mapping, &files, 1).unwrap();
    let told: Vec<Vec<(&str, &str, &[i64])>> = cut
        .iter()
        .map(|files| files.iter().map(|file| (&*file.file, &*file.text, &*file.rows)).collect())
        .collect();
    assert_eq!(
        told,
        [
            vec![
                ("o.csv", "no;x\r\nA;1\r\nA;3\r\n", &[2, 5][..]),
                ("l.csv", "of\ty\r\nA\t2,5\r\n", &[15][..])
            ],
            vec![
                ("o.csv", "no;x\r\nB;2\r\n", &[4][..]),
                ("l.csv", "of\ty\r\nB\t1\r\nB\t3\r\n", &[12, 16][..])
            ],
        ]
    );
}
