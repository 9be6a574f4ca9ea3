//! Rows for reading files and headers.

use super::csv::{decode_text, read};
use super::mapping::{Mapping, column_name};
use super::source::{is_date_format, read_date};
use super::{FileText, chunks};
use crm_kernel::catalogue::Catalogue;
use crm_kernel::codec::Decoder;
use crm_kernel::date::Date;
use crm_kernel::json::Json;
use crm_kernel::record::Record as _;

#[test]
fn reads_quotes_breaks_and_marks() {
    let table = read("f", "\u{feff}a,b\r\n1,\"x, \"\"y\"\"\nz\"\r\n\n2,\n").unwrap();
    assert_eq!(table.header, ["a", "b"]);
    assert_eq!(
        table.rows,
        [(2, vec!["1".into(), "x, \"y\"\nz".into()]), (5, vec!["2".into(), String::new()])]
    );
}

#[test]
fn refuses_with_the_line() {
    let fault = |text: &str| {
        let error = read("f.csv", text).unwrap_err();
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
    let mapping = r#"{"name":"orders","file":"o.csv","operation":"order.import","group":"no","fields":[],
        "lines":{"file":"l.csv","document":"no","of":"of","fields":[]}}"#;
    let row =
        Decoder::new(&Catalogue::default()).message(Mapping::def(), &Json::parse(mapping).unwrap()).unwrap();
    let mapping = Mapping::from_row(&row).unwrap();
    let file =
        |file: &str, text: &str, rows: Vec<i64>| FileText { file: file.into(), text: text.into(), rows };
    let files =
        [file("o.csv", "no\nA\n\nB\nA\n", Vec::new()), file("l.csv", "of\nB\nA\nB\n", vec![12, 15, 16])];
    let cut = chunks(&mapping, &files, 1).unwrap();
    let told: Vec<Vec<(&str, &str, &[i64])>> = cut
        .iter()
        .map(|files| files.iter().map(|file| (&*file.file, &*file.text, &*file.rows)).collect())
        .collect();
    assert_eq!(
        told,
        [
            vec![("o.csv", "no\r\nA\r\nA\r\n", &[2, 5][..]), ("l.csv", "of\r\nA\r\n", &[15][..])],
            vec![("o.csv", "no\r\nB\r\n", &[4][..]), ("l.csv", "of\r\nB\r\nB\r\n", &[12, 16][..])],
        ]
    );
}
