//! `quote-to-cash` on a folder of one's own: the one of the guide page, and what becomes of it when it is other than expected.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // helpers of tests

use crm_kernel::json::Json;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

/// A folder with the files of the guide page, removed in the end.
struct Folder(PathBuf);

/// What a run of the program gave.
struct Run {
    code: i32,
    out: String,
    err: String,
}

impl Folder {
    fn new() -> Folder {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let nth = MADE.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("crm-own-data-{}-{nth}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/guide/own-data.md");
        let page = std::fs::read_to_string(page).unwrap();
        for block in page.split("```file ").skip(1) {
            let (name, rest) = block.split_once('\n').unwrap();
            // What the program is to write stands there, too.
            let name = match name {
                "answers.json" | "refused.csv" => format!("{name}.given"),
                name => name.to_owned(),
            };
            std::fs::write(folder.join(name), rest.split("```").next().unwrap()).unwrap();
        }
        Folder(folder)
    }

    fn text(&self, file: &str) -> String {
        std::fs::read_to_string(self.0.join(file)).unwrap()
    }

    fn write(&self, file: &str, text: impl AsRef<[u8]>) {
        std::fs::write(self.0.join(file), text).unwrap();
    }

    /// Replaces a text that is there.
    fn edit(&self, file: &str, from: &str, to: &str) {
        let text = self.text(file);
        assert!(text.contains(from), "{file} has no `{from}`");
        self.write(file, text.replace(from, to));
    }

    /// Leaves the header of a file and these rows.
    fn rows(&self, file: &str, rows: &str) {
        let header = self.text(file).lines().next().unwrap().to_owned();
        self.write(file, format!("{header}\n{rows}"));
    }

    fn path(&self, file: &str) -> String {
        self.0.join(file).display().to_string()
    }

    fn run(&self, more: &[&str]) -> Run {
        let (mapping, reports) = (self.path("mapping.json"), self.path("reports.json"));
        let given = ["--data", self.0.to_str().unwrap(), "--mapping", &mapping, "--reports", &reports];
        run(&[&given, more].concat())
    }

    /// Runs to the end of the story and gives what was printed.
    fn lived(&self) -> String {
        let Run { code, out, err } = self.run(&[]);
        assert_eq!(code, 0, "{err}\n{out}");
        for step in STORY {
            assert!(out.contains(step), "no `{step}` in\n{out}");
        }
        assert!(!out.contains("{\"") && !out.contains("the limit did not bind"), "{out}");
        out
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// What every story shows.
const STORY: &[&str] = &[
    "Why 12 of",
    "discount percent 7.5",
    "is approved by Jan Hofmann",
    "deposit",
    "a part is delivered, and invoiced as",
    "The plan now, planned against done:",
    "partly",
    "(credit.limit_exceeded)",
    "Rosa Lind releases it",
    "are overdue.",
    "Second reminder: ",
    "The last one reads: Dear ",
    "balance before",
];

fn run(arguments: &[&str]) -> Run {
    let output = Command::new(env!("CARGO_BIN_EXE_quote-to-cash")).args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Run { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

#[test]
fn the_folder_of_the_guide_gives_its_answers() {
    let folder = Folder::new();
    let (answers, refused) = (folder.path("answers.json"), folder.path("refused.csv"));
    let Run { code, out, err } = folder.run(&["--answers", &answers, "--errors", &refused]);
    assert_eq!(code, 0, "{err}\n{out}");
    let json = |file: &str| Json::parse(&folder.text(file)).unwrap();
    assert_eq!(json("answers.json").pretty(), json("answers.json.given").pretty());
    assert_eq!(folder.text("refused.csv").replace("\r\n", "\n"), folder.text("refused.csv.given"));
    assert!(out.contains("And on 2025-04-03 business goes on"), "{out}");
    assert!(
        out.trim_end().ends_with(&format!("Rows refused and left out: 1; `{refused}` lists 1.")),
        "{out}"
    );
}

#[test]
fn answers_reach_to_their_day() {
    let folder = Folder::new();
    let answers = folder.path("answers.json");
    let Run { code, err, .. } = folder.run(&["--answers", &answers, "--as-of", "2025-03-31"]);
    assert_eq!(code, 0, "{err}");
    let found = Json::parse(&folder.text("answers.json")).unwrap();
    assert_eq!(found.get("orders"), Some(&Json::Int(1)));
    assert_eq!(found.at("/net/line_half_up_2dp"), Some(&Json::text("1254.00")));
}

#[test]
fn the_story_is_lived_on_any_folder() {
    // Imported limits that nobody has room under.
    let folder = Folder::new();
    folder.rows("Kunden.csv", "100,Müller & Söhne,EUR,1\n101,Optik Weiß,EUR,0\n102,Rhein Labor,EUR,0\n");
    assert!(folder.lived().contains("No customer of the data has room for a deal"));

    // One who owes nothing yet, and one product.
    let folder = Folder::new();
    folder.rows("Artikel.csv", "L-5,Tischlupe,118.00\n");
    folder.rows("Positionen.csv", "A-2,L-5,1,110.00\n");
    folder.rows("Auftraege.csv", "A-2,101,02.04.2025,offen\n");
    folder.lived();

    // Nothing but cancelled orders.
    let folder = Folder::new();
    folder.edit("mapping.json", r#""offen": "approved""#, r#""offen": "cancelled""#);
    folder.lived();

    // No prices, prices of nothing, products that are no longer sold.
    for rows in ["L-5,Tischlupe,\nM-2,Meßmikroskop,\n", "L-5,Tischlupe,0\nM-2,Meßmikroskop,0.01\n"] {
        let folder = Folder::new();
        folder.rows("Artikel.csv", rows);
        assert!(folder.lived().contains("The data has no product to deal in"));
    }
    let folder = Folder::new();
    let price = r#"{"field": "list_price", "value": "vk_preis"}"#;
    folder.edit("mapping.json", price, &format!(r#"{price}, {{"field": "state", "constant": "retired"}}"#));
    assert!(folder.lived().contains("The data has no product to deal in"));

    // An order beyond which no calendar goes.
    let folder = Folder::new();
    folder.edit("Auftraege.csv", "02.04.2025", "31.12.9999");
    folder.lived();
}

#[test]
fn a_folder_without_orders_is_of_today_or_of_the_day_asked_for() {
    let folder = Folder::new();
    folder.rows("Auftraege.csv", "");
    folder.rows("Positionen.csv", "");
    let answers = folder.path("answers.json");
    let Run { code, out, err } = folder.run(&["--answers", &answers, "--as-of", "2024-02-29"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("And on 2024-03-01 business goes on"), "{out}");
    let found = Json::parse(&folder.text("answers.json")).unwrap();
    assert_eq!(found.at("/net/line_half_up_2dp"), Some(&Json::text("0.00")));
    folder.lived();
    // Reports need not say which order was the last.
    folder.write("reports.json", r#"{"answers": {}}"#);
    folder.lived();
}

/// Runs that end before anything is brought in, and what they say.
#[track_caller]
fn refused(folder: &Folder, said: &[&str]) {
    let db = folder.path("kept.db");
    let Run { code, err, .. } = folder.run(&["--db", &db]);
    assert_eq!(code, 1, "{err}");
    for said in said {
        assert!(err.contains(said), "no `{said}` in\n{err}");
    }
    assert!(!Path::new(&db).exists(), "a database of what cannot be brought in");
}

#[test]
fn what_is_wrong_with_a_file_is_said_before_the_import() {
    let broken: &[(&str, &[u8], &str)] = &[
        ("Positionen.csv", b"Auftrag,Art-Nr,Menge,Preis\nA-1,L-5,3,\"118\n", "(import.quoting)"),
        ("Positionen.csv", b"Auftrag,Art-Nr,Menge\nA-1,L-5,3\n", "`Preis`"),
        ("Positionen.csv", b"Auftrag,Art-Nr,Menge,Preis\nA-1,L-\xdf,3,118\n", "(import.encoding)"),
        ("Auftraege.csv", b"", "import `orders` (/imports/2)"),
    ];
    for (file, text, said) in broken {
        let folder = Folder::new();
        folder.write(file, text);
        refused(&folder, &[said]);
    }
}

#[test]
fn what_is_wrong_with_a_mapping_is_said_with_its_place() {
    let wrong: &[(&str, &str, &[&str])] = &[
        (r#""history": true"#, r#""histroy": true"#, &["mapping.json`: /imports/2/histroy is not known"]),
        (r#""before": ["#, r#""befor": ["#, &["/befor is not known"]),
        (r#""enterprise": {"#, r#""enterprise": {"color": 1, "#, &["/enterprise", "/color"]),
        (r#""history": true, "#, "", &["import `orders` (/imports/2)", "(import.history_only)"]),
        (
            r#""field": "list_price""#,
            r#""field": "lst_price""#,
            &["import `products` (/imports/1)", "/mapping/fields/3"],
        ),
        (r#""value": "firma""#, r#""value": "währung""#, &["import `customers`", "/mapping/fields/2/value"]),
        (r#""file": "Kunden.csv", "kind""#, r#""file": "X.csv", "kind""#, &["import `customers`", "`X.csv`"]),
        (
            r#""kind": "product", "key": "code""#,
            r#""kind": "product", "kye": "code", "mdoe": "both""#,
            &["import `products`", "/kye", "/mdoe"],
        ),
    ];
    for (from, to, said) in wrong {
        let folder = Folder::new();
        folder.edit("mapping.json", from, to);
        refused(&folder, said);
    }
}

#[test]
fn what_is_wrong_with_reports_is_said_with_its_place() {
    let wrong: &[(&str, &str)] = &[
        (
            r#"{"op": "record.count", "request": {"kind": "order"}, "valeu": "/count"}"#,
            "/answers/z/valeu is not known",
        ),
        (r#"{"op": "nope"}"#, "/answers/z/op names `nope`"),
        (r#"{"op": "record.create", "request": {"kind": "customer"}}"#, "which writes"),
        (r#"{"op": "record.count", "cell": "a", "sum": "a"}"#, "does not go with"),
        (r#"{"op": "record.count", "map": ["a"]}"#, "/answers/z/map is to be a list of two columns"),
        (r#"{"count": {"op": "record.count"}, "decimals": 2}"#, "does not go with `count`"),
    ];
    for (answer, said) in wrong {
        let folder = Folder::new();
        folder.write("reports.json", format!(r#"{{"answers": {{"z": {answer}}}}}"#));
        refused(&folder, &["reports.json`", said]);
    }
    // What only the answer itself can tell.
    let late: &[(&str, &str)] = &[
        (
            r#"{"op": "record.count", "request": {"kind": "order"}, "value": "/nope"}"#,
            "/answers/z: `/nope` leads nowhere",
        ),
        (
            r#"{"object": {"a": {"op": "report.run", "request": {"kind": "order", "measures": [{"name": "n", "measure": "count"}]}, "sum": "n"}}}"#,
            "/answers/z: /object/a: `sum` needs a column `lines`",
        ),
    ];
    for (answer, said) in late {
        let folder = Folder::new();
        folder.write("reports.json", format!(r#"{{"answers": {{"z": {answer}}}}}"#));
        let Run { code, err, .. } = folder.run(&[]);
        assert!(code == 1 && err.contains(said), "{err}");
    }
}

#[test]
fn a_database_that_holds_a_company_is_left_alone() {
    let folder = Folder::new();
    let db = folder.path("kept.db");
    assert_eq!(folder.run(&["--db", &db]).code, 0);
    let before = std::fs::metadata(&db).unwrap().len();
    let Run { code, err, .. } = folder.run(&["--db", &db]);
    assert!(code == 1 && err.contains("holds a company already") && err.contains("--db"), "{err}");
    assert_eq!(std::fs::metadata(&db).unwrap().len(), before);
}

#[test]
fn refused_rows_are_counted_and_listed() {
    let folder = Folder::new();
    let rows: Vec<String> = (0..30).map(|n| format!("X-{n},999,02.04.2025,offen\n")).collect();
    folder.rows("Auftraege.csv", &rows.concat());
    folder.rows("Positionen.csv", "");
    let refused = folder.path("refused.csv");
    let Run { code, out, .. } = folder.run(&["--errors", &refused]);
    assert_eq!(code, 0);
    assert!(out.contains("  and 10 more; --errors FILE writes them as CSV"), "{out}");
    assert!(out.contains("Rows refused and left out: 30;"), "{out}");
    assert_eq!(folder.text("refused.csv").lines().count(), 31);
}

#[test]
fn the_command_line_is_read_strictly() {
    let Run { code, err, .. } = run(&["--data", "a", "--data", "b"]);
    assert!(code == 2 && err.contains("`--data` stands twice"), "{err}");
    let Run { code, out, .. } = run(&["--help"]);
    assert!(code == 0 && out.contains("--errors FILE"), "{out}");
}
