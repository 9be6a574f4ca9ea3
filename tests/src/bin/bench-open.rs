//! What it costs to begin: opening a database of 100,000 customers, the first page of a list, memory, one small commit, and
//! bringing a company's files in. One JSON object a line.
//!
//! `bench-open [--customers 100000] [--db FILE] [--data DIR]`
//!
//! `--db` keeps the database and uses it again. `--data` is the folder that holds `classicmodels` and `online-retail-a`
//! (default: `data` below `CRM_SHARED`); what is not there is left out. Opening and memory are measured in new processes.
//! The commit is one `record.create` of a customer beside one prepared INSERT into a table of the same indexes, in turns.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)] // a bench stops where anything is wrong
#![allow(clippy::float_arithmetic)] // figures are for people

use cpu_time::ProcessTime;
use crm_domain::imports::Separator;
use crm_examples::arguments::Arguments;
use crm_examples::desk::Desk;
use crm_examples::history;
use crm_examples::source::source;
use crm_kernel::date::Instant as Moment;
use crm_kernel::id::Id;
use crm_kernel::json::Json;
use crm_store::sqlite::{Options, SqliteStore, Synchronous};
use crm_store::{Clock, Crm, Session};
use rusqlite::{Connection, params};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// Processes that open the database, for the median.
const OPENINGS: usize = 15;
/// First pages read in each of them.
const PAGES: usize = 20;
/// Single commits on either side.
const COMMITS: usize = 2_000;
/// Commits of one side before the other goes on.
const TURN: usize = 100;
/// Regions among the customers.
const REGIONS: usize = 50;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let value =
        |name: &str| arguments.iter().position(|found| found == name).and_then(|at| arguments.get(at + 1));
    if let Some(file) = value("--measure") {
        return measure(Path::new(file));
    }
    let customers = value("--customers").map_or(100_000, |number| number.parse().expect("a number"));
    let scratch = std::env::temp_dir().join(format!("crm-bench-open-{}", std::process::id()));
    std::fs::create_dir_all(&scratch).expect("a temporary folder");
    let file = value("--db").map_or_else(|| scratch.join("customers.db"), PathBuf::from);
    if !file.exists() {
        fill(&file, customers);
    }
    opening(&file);
    for synchronous in [Synchronous::Full, Synchronous::Normal] {
        commits(&scratch, synchronous);
    }
    let data = value("--data").map(PathBuf::from).or_else(|| crm_tests::shared::find("data"));
    for name in ["classicmodels", "online-retail-a"] {
        match data.as_ref().map(|data| data.join(name)).filter(|folder| folder.is_dir()) {
            Some(folder) => import(name, &folder, &scratch),
            None => eprintln!("left out: import of {name}"),
        }
    }
    std::fs::remove_dir_all(&scratch).expect("the temporary folder");
}

fn open(file: &Path, synchronous: Synchronous) -> Crm {
    let store = SqliteStore::open(file, Options { synchronous, ..Options::default() }).unwrap();
    Crm::new(Box::new(store), Clock::fixed(Moment::parse("2026-01-05T01:00:00Z").unwrap())).unwrap()
}

fn call(session: &Session, operation: &str, request: &str) -> Json {
    let answer = session
        .call_json(operation, request)
        .unwrap_or_else(|error| panic!("{operation} {request}: {error}"));
    Json::parse(&answer).unwrap()
}

/// A company with its regions. Gives a session of its administrator.
fn company(crm: &Crm) -> Session {
    let setup = r#"{"name":"Figures","base_currency":"CNY","administrator":"A"}"#;
    let made = call(&crm.session(None), "enterprise.setup", setup);
    let session = crm.session(made.get("administrator").and_then(Json::as_text).and_then(Id::parse));
    for region in 0..REGIONS {
        let request = format!(
            r#"{{"kind":"picklist_value","values":{{"list":"region","code":"R{region}","name_en":"R","name_zh_cn":"R","name_zh_tw":"R"}}}}"#
        );
        call(&session, "record.create", &request);
    }
    session
}

fn customer(no: usize) -> String {
    format!(
        r#"{{"kind":"customer","values":{{"name":"Customer {no}","region":"R{}","city":"City {}","external_key":"K{no}"}}}}"#,
        no * 7 % REGIONS,
        no % 97
    )
}

fn fill(file: &Path, customers: usize) {
    let clock = Instant::now();
    let session = company(&open(file, Synchronous::Normal));
    let all: Vec<usize> = (0..customers).collect();
    for chunk in all.chunks(500) {
        let items = chunk.iter().map(|no| format!(r#"{{"op":"record.create","request":{}}}"#, customer(*no)));
        let request = format!(r#"{{"operations":[{}]}}"#, items.collect::<Vec<_>>().join(","));
        call(&session, "batch", &request);
    }
    let rate = customers as f64 / clock.elapsed().as_secs_f64();
    println!(r#"{{"name":"create-customers","customers":{customers},"rows_per_s":{rate:.0}}}"#);
}

/// Opens the database in new processes and tells the medians.
fn opening(file: &Path) {
    let program = std::env::current_exe().unwrap();
    let mut seen: Vec<Json> = Vec::new();
    for _ in 0..OPENINGS {
        let output = Command::new(&program).arg("--measure").arg(file).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        seen.push(Json::parse(&String::from_utf8(output.stdout).unwrap()).unwrap());
    }
    let median = |name: &str| {
        let mut values: Vec<i64> =
            seen.iter().filter_map(|json| json.get(name).and_then(Json::as_int)).collect();
        values.sort_unstable();
        values[values.len() / 2]
    };
    let mb = std::fs::metadata(file).unwrap().len() / 1_000_000;
    println!(
        r#"{{"name":"open","file_mb":{mb},"open_ms":{:.2},"first_list_ms":{:.2},"list_ms":{:.2},"memory_mb":{:.1}}}"#,
        median("open_us") as f64 / 1e3,
        median("first_us") as f64 / 1e3,
        median("list_us") as f64 / 1e3,
        median("memory_kb") as f64 / 1e3,
    );
}

/// In a process of its own: opens, reads the first fifty of an indexed filter, tells how long and how large.
fn measure(file: &Path) {
    let clock = Instant::now();
    let crm = open(file, Synchronous::Full);
    let opened = clock.elapsed();
    let administrator = administrator(file);
    let session = crm.session(administrator);
    let page = |region: usize| {
        let clock = Instant::now();
        let request = format!(r#"{{"kind":"customer","filter":"region == 'R{region}'","limit":50}}"#);
        let answer = call(&session, "record.list", &request);
        assert_eq!(answer.get("records").and_then(Json::as_list).map(<[Json]>::len), Some(50));
        clock.elapsed()
    };
    let first = page(1);
    let mut pages: Vec<Duration> = (2..2 + PAGES).map(page).collect();
    pages.sort_unstable();
    println!(
        r#"{{"open_us":{},"first_us":{},"list_us":{},"memory_kb":{}}}"#,
        opened.as_micros(),
        first.as_micros(),
        pages[PAGES / 2].as_micros(),
        resident_kb()
    );
}

/// Who may read: hosts know it from their own users; a bench looks it up.
fn administrator(file: &Path) -> Option<Id> {
    let conn = Connection::open(file).unwrap();
    let id: i64 =
        conn.query_row("SELECT id FROM employees WHERE code = 'ADMIN'", [], |row| row.get(0)).unwrap();
    Id::new(id)
}

/// Memory of this process as the system counts it, in kilobytes; 0 where the system does not tell.
fn resident_kb() -> i64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

/// One customer a commit, on the engine and by hand, in turns.
fn commits(folder: &Path, synchronous: Synchronous) {
    let word = if matches!(synchronous, Synchronous::Full) { "FULL" } else { "NORMAL" };
    let session = company(&open(&folder.join(format!("engine-{word}.db")), synchronous));
    let plain = Connection::open(folder.join(format!("plain-{word}.db"))).unwrap();
    plain
        .execute_batch(&format!(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = {word};
             CREATE TABLE customers(id INTEGER PRIMARY KEY, number TEXT UNIQUE, name TEXT, region TEXT, city TEXT, external_key TEXT UNIQUE);
             CREATE INDEX customers_name ON customers(name);
             CREATE INDEX customers_region ON customers(region);"
        ))
        .unwrap();
    let mut insert = plain
        .prepare("INSERT INTO customers(number, name, region, city, external_key) VALUES(?1, ?2, ?3, ?4, ?5)")
        .unwrap();
    let (mut by_engine, mut by_hand) = (Spent::default(), Spent::default());
    let all: Vec<usize> = (0..COMMITS).collect();
    for turn in all.chunks(TURN) {
        by_hand.spend(turn, |no| {
            let region = format!("R{}", no * 7 % REGIONS);
            let (name, city, key) = (format!("Customer {no}"), format!("City {}", no % 97), format!("K{no}"));
            insert.execute(params![format!("C-{no:06}"), name, region, city, key]).unwrap();
        });
        by_engine.spend(turn, |no| {
            call(&session, "record.create", &customer(no));
        });
    }
    by_hand.print("commit-plain-rusqlite", word);
    by_engine.print("commit-engine", word);
}

#[derive(Default)]
struct Spent {
    cpu: Duration,
    each: Vec<Duration>,
}

impl Spent {
    fn spend(&mut self, turn: &[usize], mut one: impl FnMut(usize)) {
        let cpu = ProcessTime::now();
        for no in turn {
            let clock = Instant::now();
            one(*no);
            self.each.push(clock.elapsed());
        }
        self.cpu += cpu.elapsed();
    }

    fn print(mut self, name: &str, sync: &str) {
        self.each.sort_unstable();
        let count = self.each.len();
        println!(
            r#"{{"name":"{name}","sync":"{sync}","commits":{count},"cpu_us":{:.1},"median_us":{:.1}}}"#,
            self.cpu.as_nanos() as f64 / 1e3 / count as f64,
            self.each[count / 2].as_nanos() as f64 / 1e3
        );
    }
}

/// A company's files through its mapping, as the main job brings them in.
fn import(name: &str, folder: &Path, scratch: &Path) {
    let arguments =
        Arguments { data: Some(folder.to_owned()), rounding: "half-up".to_owned(), ..Arguments::default() };
    let source = source(&arguments).unwrap();
    let mut desk = Desk::open(Some(&scratch.join(format!("{name}.db")))).unwrap();
    let (clock, cpu) = (Instant::now(), ProcessTime::now());
    let brought = history::bring(&mut desk, &source, &arguments.rounding).unwrap();
    let (spent, cpu) = (clock.elapsed(), cpu.elapsed());
    // Some files are read by several mappings; their rows count once.
    let rows: usize = source
        .files
        .iter()
        .map(|file| crm_domain::imports::read(&file.file, &file.text, Separator::Comma).unwrap().rows.len())
        .sum();
    let seen: i64 = brought.lines.iter().map(|(_, counts)| counts[0]).sum();
    println!(
        r#"{{"name":"import","data":"{name}","rows":{rows},"records":{seen},"rows_per_s":{:.0},"cpu_us_per_row":{:.1}}}"#,
        rows as f64 / spent.as_secs_f64(),
        cpu.as_nanos() as f64 / 1e3 / rows as f64
    );
}
