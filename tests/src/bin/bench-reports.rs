//! What analysis costs: six figures over a million orders, each as one request to the engine, beside the best SQL by hand
//! on the engine's own file and on plain integer tables, in one run, in turns. One JSON object a line.
//!
//! `bench-reports DIR [--db FOLDER] [--runs 3] [--only q1,q4] [--ways engine,sql-own]`, DIR holding work set W3 as CSV:
//! `products.csv`, `customers.csv`, `orders.csv`, `lines.csv`, `receivables.csv`. `--db` keeps both databases and uses them
//! again.
//!
//! `engine`: `report.run`, `analysis.trend` or `analysis.rfm`, from request text to answer text, by an administrator.
//! `sql-own`: prepared, on the tables, columns and indexes that the engine has. `sql-plain`: integers only, with the
//! indexes of the work set's `ddl.sql`. Where SQLite's planner would walk an index and be slower for it, both are told not
//! to; both connections have the engine's cache size. After one turn that warms the caches the median of the runs is told.
//!
//! Every answer is reduced to a checksum: the sum of its cells as integers modulo 2^48, money in cents, records by their
//! number, growth in basis points truncated. On the full work set it is compared with the one that is known.
//!
//! Loading: masters come in by operations; documents as the rows that importing makes, put through the store's own trait
//! with their change sets, since a bench cannot wait for a million operations.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)] // a bench stops where anything is wrong
#![allow(clippy::float_arithmetic)] // figures are for people

use cpu_time::ProcessTime;
use crm_domain::catalog::Product;
use crm_domain::finance::Receivable;
use crm_domain::ordering::{Order, OrderLine, OrderState, Origin};
use crm_domain::org::{Department, Employee};
use crm_domain::parties::Customer;
use crm_domain::quoting::{ApprovalWay, DocumentLine, NewLine};
use crm_kernel::catalogue::Catalogue;
use crm_kernel::change::{ChangeSet, diff};
use crm_kernel::currency::Currency;
use crm_kernel::date::{Date, Instant as Moment};
use crm_kernel::dec::Dec;
use crm_kernel::id::{Id, IdSource, Ref};
use crm_kernel::json::Json;
use crm_kernel::record::{FieldRole, Lines, Record};
use crm_kernel::store::Store;
use crm_kernel::value::{Row, Value};
use crm_store::sqlite::{Options, SqliteStore, Synchronous};
use crm_store::{Clock, Crm, Session};
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use std::fs::File;
use std::io::{BufRead, BufReader, Lines as TextLines};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

const PLAIN_SCHEMA: &str = "
create table orders(id integer primary key, customer_id integer not null, salesperson_id integer not null, region_id integer not null, day integer not null, ym integer not null, status integer not null, total bigint not null);
create table lines(id integer primary key, order_id integer not null, product_id integer not null, qty integer not null, price bigint not null, total bigint not null, cost bigint not null);
create table receivables(id integer primary key, order_id integer not null, customer_id integer not null, due_day integer not null, amount bigint not null, open bigint not null);
";
const PLAIN_INDEXES: &str = "
create index orders_customer on orders(customer_id, day);
create index lines_order on lines(order_id);
create index receivables_customer on receivables(customer_id, due_day);
";

/// Documents in one transaction of the loader.
const BATCH: usize = 5_000;
/// Masters in one `batch`.
const MASTERS: usize = 500;

/// One figure, asked in three ways.
struct Figure {
    name: &'static str,
    operation: &'static str,
    request: &'static str,
    /// Where the rows of the answer are, and what of each row counts.
    rows: &'static str,
    cells: &'static [Cell],
    own: &'static str,
    /// What each column of the engine's own table is divided by to become cents or pieces.
    own_scales: &'static [i64],
    plain: &'static str,
    /// The checksum on the full work set.
    known: i64,
}

/// A cell of an answer as an integer.
#[derive(Clone, Copy)]
enum Cell {
    /// A column of a report: text or number, with so many decimals taken as whole.
    Column(usize, u8),
    /// A member of a row.
    Member(&'static str, u8),
    /// A month as twelve times its year and those before it.
    Month(&'static str),
    /// Growth from one member to another in basis points, truncated.
    Growth(&'static str, &'static str),
}

use Cell::{Column, Growth, Member, Month};

const FIGURES: &[Figure] = &[
    Figure {
        name: "q1",
        operation: "report.run",
        request: r#"{"kind":"order_line","filter":"order.state != 'cancelled' && order.date >= date('2024-01-01') && order.date < date('2024-12-31')",
            "group":[{"name":"salesperson","by":"order.owner.code"}],
            "measures":[{"name":"orders","measure":"count_distinct","of":"order"},{"name":"revenue","measure":"sum","of":"net"},{"name":"profit","measure":"sum","of":"net - cost"}],
            "order":["-revenue"]}"#,
        rows: "rows",
        cells: &[Column(0, 0), Column(1, 0), Column(2, 2), Column(3, 2)],
        own: "select e.code, g.n, g.rev, g.profit from (select owner, count(*) n, sum(rev) rev, sum(profit) profit from
            (select o.owner, sum(l.net) rev, sum(l.net - l.cost) profit from orders o join order_lines l on l.parent = o.id
             where o.state <> 'cancelled' and o.date >= 19723 and o.date < 20088 group by o.id)
            group by owner) g join employees e on e.id = g.owner order by g.rev desc",
        own_scales: &[1, 1, 100, 100],
        plain: "select o.salesperson_id, count(distinct o.id) n, sum(l.total) rev, sum(l.total-l.cost) profit from lines l join orders o on o.id=l.order_id where o.status<>3 and o.day>=19723 and o.day<20088 group by 1 order by rev desc",
        known: 62_860_347_153,
    },
    Figure {
        name: "q2",
        operation: "report.run",
        request: r#"{"kind":"order_line","filter":"order.state != 'cancelled'",
            "group":[{"name":"product","by":"product.code"}],
            "measures":[{"name":"quantity","measure":"sum","of":"quantity"},{"name":"revenue","measure":"sum","of":"net"},{"name":"profit","measure":"sum","of":"net - cost"}],
            "order":["-profit"],"limit":100}"#,
        rows: "rows",
        cells: &[Column(0, 0), Column(1, 0), Column(2, 2), Column(3, 2)],
        own: "select p.code, g.qty, g.rev, g.profit from
            (select l.product, sum(l.quantity) qty, sum(l.net) rev, sum(l.net - l.cost) profit from order_lines l join orders o on o.id = l.parent
             where o.state <> 'cancelled' group by l.product) g
            join products p on p.id = g.product order by g.profit desc, p.code limit 100",
        own_scales: &[1, 1_000_000, 100, 100],
        plain: "select l.product_id, sum(l.qty) qty, sum(l.total) rev, sum(l.total-l.cost) profit from lines l join orders o on o.id=l.order_id where o.status<>3 group by 1 order by profit desc, 1 limit 100",
        known: 106_225_102_457,
    },
    Figure {
        name: "q3",
        operation: "analysis.trend",
        request: r#"{"kind":"order","of":"total","filter":"state != 'cancelled'","period":"month","until":"2024-12-31"}"#,
        rows: "periods",
        cells: &[
            Month("period"),
            Member("value", 2),
            Member("records", 0),
            Member("year_before", 2),
            Growth("year_before", "value"),
        ],
        own: "with d as (select date, sum(total) rev, count(*) n from orders not indexed where state <> 'cancelled' group by date),
            m as materialized (select strftime('%Y', date * 86400, 'unixepoch') * 12 + strftime('%m', date * 86400, 'unixepoch') - 1 ym, sum(rev) / 100 rev, sum(n) n from d group by 1)
            select a.ym, a.rev, a.n, b.rev prev, case when b.rev > 0 then (a.rev - b.rev) * 10000 / b.rev end yoy_bp
            from m a left join m b on b.ym = a.ym - 12 order by 1",
        own_scales: &[1, 1, 1, 1, 1],
        plain: "with m as (select ym, sum(total) rev, count(*) n from orders where status<>3 group by ym) select a.ym,a.rev,a.n,b.rev prev, case when b.rev>0 then (a.rev-b.rev)*10000/b.rev end yoy_bp from m a left join m b on b.ym=a.ym-12 order by 1",
        known: 222_822_356_148,
    },
    Figure {
        name: "q4",
        operation: "report.run",
        request: r#"{"kind":"order_line","filter":"order.state != 'cancelled'",
            "group":[{"name":"region","by":"order.customer.region"},{"name":"product","by":"product.code"}],
            "measures":[{"name":"quantity","measure":"sum","of":"quantity"},{"name":"revenue","measure":"sum","of":"net"}],
            "order":["-revenue"],"limit":1000}"#,
        rows: "rows",
        cells: &[Column(0, 0), Column(1, 0), Column(2, 0), Column(3, 2)],
        own: "select g.region, p.code, g.qty, g.rev from
            (select c.region, l.product, sum(l.quantity) qty, sum(l.net) rev from order_lines l join orders o on o.id = l.parent
             join customers c on c.id = o.customer where o.state <> 'cancelled' group by 2, 1) g
            join products p on p.id = g.product order by g.rev desc, 1, 2 limit 1000",
        own_scales: &[1, 1, 1_000_000, 100],
        plain: "select o.region_id, l.product_id, sum(l.qty) qty, sum(l.total) rev from lines l join orders o on o.id=l.order_id where o.status<>3 group by 1,2 order by rev desc, 1, 2 limit 1000",
        known: 87_295_545_886,
    },
    Figure {
        name: "q5",
        operation: "report.run",
        request: r#"{"kind":"receivable","filter":"open > 0",
            "group":[{"name":"customer","by":"customer.number"}],
            "measures":[{"name":"open","measure":"sum","of":"open"},
                {"name":"not_due","measure":"sum","of":"due_date >= date('2024-12-31') ? open : 0"},
                {"name":"days_30","measure":"sum","of":"due_date >= date('2024-12-01') && due_date < date('2024-12-31') ? open : 0"},
                {"name":"days_60","measure":"sum","of":"due_date >= date('2024-11-01') && due_date < date('2024-12-01') ? open : 0"},
                {"name":"days_90","measure":"sum","of":"due_date >= date('2024-10-02') && due_date < date('2024-11-01') ? open : 0"},
                {"name":"over_90","measure":"sum","of":"due_date < date('2024-10-02') ? open : 0"}],
            "order":["-open"],"limit":1000}"#,
        rows: "rows",
        cells: &[
            Column(0, 0),
            Column(1, 2),
            Column(2, 2),
            Column(3, 2),
            Column(4, 2),
            Column(5, 2),
            Column(6, 2),
        ],
        own: "select c.number, g.tot, g.b0, g.b30, g.b60, g.b90, g.b90p from
            (select customer, sum(open) tot, sum(case when 20088-due_date<=0 then open else 0 end) b0, sum(case when 20088-due_date between 1 and 30 then open else 0 end) b30, sum(case when 20088-due_date between 31 and 60 then open else 0 end) b60, sum(case when 20088-due_date between 61 and 90 then open else 0 end) b90, sum(case when 20088-due_date>90 then open else 0 end) b90p
             from receivables not indexed where open > 0 group by customer order by tot desc limit 1100) g
            join customers c on c.id = g.customer order by g.tot desc, c.number limit 1000",
        own_scales: &[1, 100, 100, 100, 100, 100, 100],
        plain: "select customer_id, sum(open) tot, sum(case when 20088-due_day<=0 then open else 0 end) b0, sum(case when 20088-due_day between 1 and 30 then open else 0 end) b30, sum(case when 20088-due_day between 31 and 60 then open else 0 end) b60, sum(case when 20088-due_day between 61 and 90 then open else 0 end) b90, sum(case when 20088-due_day>90 then open else 0 end) b90p from receivables not indexed where open>0 group by 1 order by tot desc, 1 limit 1000",
        known: 11_025_020_334,
    },
    Figure {
        name: "q6",
        operation: "analysis.rfm",
        request: r#"{"kind":"order","filter":"state != 'cancelled'","amount":"total","as_of":"2024-12-31","method":"ntile","customers":false}"#,
        rows: "cells",
        cells: &[
            Member("r", 0),
            Member("f", 0),
            Member("m", 0),
            Member("customers", 0),
            Member("monetary", 2),
        ],
        own: "with g as (select customer, 20088-max(date) r, count(*) f, sum(total) m from orders not indexed where state <> 'cancelled' group by 1),
            c as (select c.number, g.r, g.f, g.m from g join customers c on c.id = g.customer),
            s as (select ntile(5) over (order by r desc, number) rs, ntile(5) over (order by f, number) fs, ntile(5) over (order by m, number) ms, m from c)
            select rs, fs, ms, count(*) n, sum(m) m from s group by 1,2,3 order by 1,2,3",
        own_scales: &[1, 1, 1, 1, 100],
        plain: "with c as (select customer_id, 20088-max(day) r, count(*) f, sum(total) m from orders not indexed where status<>3 group by 1), s as (select ntile(5) over (order by r desc, customer_id) rs, ntile(5) over (order by f, customer_id) fs, ntile(5) over (order by m, customer_id) ms, m from c) select rs,fs,ms,count(*) n,sum(m) m from s group by 1,2,3 order by 1,2,3",
        known: 136_430_017_518,
    },
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let value =
        |name: &str| arguments.iter().position(|found| found == name).and_then(|at| arguments.get(at + 1));
    let usage = "bench-reports DIR [--db FOLDER] [--runs N] [--only q1,q4] [--ways engine,sql-own]";
    let set = PathBuf::from(arguments.first().filter(|first| !first.starts_with('-')).expect(usage));
    let kept = value("--db").map(PathBuf::from);
    let folder = kept
        .clone()
        .unwrap_or_else(|| std::env::temp_dir().join(format!("crm-bench-reports-{}", std::process::id())));
    std::fs::create_dir_all(&folder).expect("the folder of the databases");
    let (engine, plain) = (folder.join("engine.db"), folder.join("plain.db"));
    if !engine.exists() {
        // Under another name while it is being written: what is half loaded is not used again.
        let part = folder.join("engine.part.db");
        load_engine(&set, &part);
        std::fs::rename(&part, &engine).unwrap();
    }
    if !plain.exists() {
        let part = folder.join("plain.part.db");
        load_plain(&set, &part);
        std::fs::rename(&part, &plain).unwrap();
    }
    let runs = value("--runs").map_or(3, |number| number.parse().expect("a number"));
    let list = |name| value(name).map_or(Vec::new(), |names| names.split(',').collect::<Vec<&str>>());
    let (only, ways) = (list("--only"), list("--ways"));
    for figure in FIGURES.iter().filter(|figure| only.is_empty() || only.contains(&figure.name)) {
        measure(figure, &engine, &plain, runs, &ways);
    }
    if kept.is_none() {
        std::fs::remove_dir_all(&folder).expect("the folder of the databases");
    }
}

fn measure(figure: &Figure, engine: &Path, plain: &Path, runs: usize, ways: &[&str]) {
    let session = administrator(engine);
    let (own, plain) = (by_hand(engine), by_hand(plain));
    let is_full =
        plain.query_row("select count(*) from orders", [], |row| row.get::<_, i64>(0)).unwrap() == 1_000_000;
    let ones = vec![1; figure.own_scales.len()];
    // Reading the answer is the host's: only the call is timed.
    let by_engine = || {
        let (clock, cpu) = (Instant::now(), ProcessTime::now());
        let answer = session.call_json(figure.operation, figure.request);
        let spent = (clock.elapsed(), cpu.elapsed());
        (spent, checksum(figure, &answer.unwrap_or_else(|error| panic!("{}: {error}", figure.name))))
    };
    let by_sql = |conn: &Connection, text: &str, scales: &[i64]| {
        let (clock, cpu) = (Instant::now(), ProcessTime::now());
        let sum = sql(conn, text, scales);
        ((clock.elapsed(), cpu.elapsed()), sum)
    };
    let by_own = || by_sql(&own, figure.own, figure.own_scales);
    let by_plain = || by_sql(&plain, figure.plain, &ones);
    let all: [Way<'_>; 3] = [("engine", &by_engine), ("sql-own", &by_own), ("sql-plain", &by_plain)];
    let asked: Vec<Way<'_>> =
        all.into_iter().filter(|(name, _)| ways.is_empty() || ways.contains(name)).collect();
    let mut seen: Vec<(Vec<Spent>, i64)> = vec![(Vec::new(), 0); asked.len()];
    // The first turn warms the page caches.
    for turn in 0..=runs {
        for ((_, ask), (spent, sum)) in asked.iter().zip(&mut seen) {
            let (took, found) = ask();
            *sum = found;
            if turn > 0 || runs == 0 {
                spent.push(took);
            }
        }
    }
    for ((name, _), (spent, sum)) in asked.iter().zip(&mut seen) {
        spent.sort_unstable();
        let (wall, cpu) = spent[spent.len() / 2];
        println!(
            r#"{{"name":"{name}","query":"{}","ms":{:.1},"cpu_ms":{:.1},"checksum":{sum}}}"#,
            figure.name,
            wall.as_secs_f64() * 1e3,
            cpu.as_secs_f64() * 1e3
        );
    }
    for (_, sum) in &seen {
        assert_eq!(*sum, seen[0].1, "{}: the answers differ", figure.name);
        assert!(!is_full || *sum == figure.known, "{}: {} is known", figure.name, figure.known);
    }
}

/// A way to ask: its name, and what gives the time and the checksum.
type Way<'w> = (&'static str, &'w dyn Fn() -> (Spent, i64));

/// Time by the clock on the wall, time of the processor.
type Spent = (Duration, Duration);

fn moment() -> Moment {
    Moment::parse("2024-12-31T01:00:00Z").unwrap()
}

fn open(file: &Path) -> Crm {
    let options = Options { synchronous: Synchronous::Normal, ..Options::default() };
    Crm::new(Box::new(SqliteStore::open(file, options).unwrap()), Clock::fixed(moment())).unwrap()
}

/// Who may read everything: hosts know it from their own users; a bench looks it up.
fn administrator(file: &Path) -> Session {
    let id: i64 = by_hand(file)
        .query_row("select id from employees where code not like '0%'", [], |row| row.get(0))
        .unwrap();
    open(file).session(Id::new(id))
}

/// A connection with the settings that the engine's own has.
fn by_hand(file: &Path) -> Connection {
    let conn = Connection::open(file).unwrap();
    conn.execute_batch("pragma cache_size = -16384; pragma temp_store = memory;").unwrap();
    conn
}

fn sql(conn: &Connection, text: &str, scales: &[i64]) -> i64 {
    let mut statement = conn.prepare_cached(text).unwrap();
    let mut rows = statement.query([]).unwrap();
    let mut sum: i64 = 0;
    while let Some(row) = rows.next().unwrap() {
        for (at, scale) in scales.iter().enumerate() {
            let cell = match row.get_ref(at).unwrap() {
                ValueRef::Null => 0,
                ValueRef::Integer(number) => number / scale,
                ValueRef::Text(text) => std::str::from_utf8(text).unwrap().parse().unwrap(),
                other => panic!("{other:?}"),
            };
            sum = sum.wrapping_add(cell);
        }
    }
    sum.rem_euclid(1 << 48)
}

fn checksum(figure: &Figure, answer: &str) -> i64 {
    let answer = Json::parse(answer).unwrap();
    let mut sum: i64 = 0;
    for row in answer.get(figure.rows).and_then(Json::as_list).unwrap() {
        for cell in figure.cells {
            sum = sum.wrapping_add(cell.of(row));
        }
    }
    sum.rem_euclid(1 << 48)
}

impl Cell {
    fn of(self, row: &Json) -> i64 {
        match self {
            Column(at, decimals) => whole(&row.as_list().unwrap()[at], decimals),
            Member(name, decimals) => row.get(name).map_or(0, |cell| whole(cell, decimals)),
            Month(name) => {
                let (year, month) = row.get(name).and_then(Json::as_text).unwrap().split_once('-').unwrap();
                year.parse::<i64>().unwrap() * 12 + month.parse::<i64>().unwrap() - 1
            }
            Growth(from, to) => {
                let [from, to] = [from, to].map(|name| Member(name, 2).of(row));
                if from > 0 { (to - from) * 10_000 / from } else { 0 }
            }
        }
    }
}

fn whole(cell: &Json, decimals: u8) -> i64 {
    match cell {
        Json::Null => 0,
        Json::Int(number) => *number,
        Json::Text(text) => {
            Dec::parse(text.trim_start_matches('0')).unwrap_or(Dec::ZERO).to_i64_at(decimals).unwrap()
        }
        other => panic!("{other}"),
    }
}

/// The rows of a CSV file of integers, without its head.
struct Table(TextLines<BufReader<File>>);

impl Table {
    fn open(folder: &Path, name: &str) -> Table {
        let file = File::open(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let mut lines = BufReader::new(file).lines();
        lines.next();
        Table(lines)
    }
}

impl Iterator for Table {
    type Item = Vec<i64>;

    fn next(&mut self) -> Option<Vec<i64>> {
        let line = self.0.next()?.unwrap();
        Some(line.split(',').map(|cell| cell.parse().expect("an integer")).collect())
    }
}

fn load_plain(set: &Path, file: &Path) {
    let _ = std::fs::remove_file(file);
    let conn = by_hand(file);
    conn.execute_batch("pragma journal_mode = off; pragma synchronous = off; begin;").unwrap();
    conn.execute_batch(PLAIN_SCHEMA).unwrap();
    for (name, columns) in [("orders", 8), ("lines", 7), ("receivables", 6)] {
        let holes = vec!["?"; columns].join(",");
        let mut insert = conn.prepare(&format!("insert into {name} values({holes})")).unwrap();
        for row in Table::open(set, &format!("{name}.csv")) {
            insert.execute(rusqlite::params_from_iter(row)).unwrap();
        }
    }
    conn.execute_batch(PLAIN_INDEXES).unwrap();
    conn.execute_batch("commit; pragma journal_mode = wal;").unwrap();
}

fn call(session: &Session, operation: &str, request: &str) -> Json {
    let answer = session
        .call_json(operation, request)
        .unwrap_or_else(|error| panic!("{operation} {request}: {error}"));
    Json::parse(&answer).unwrap()
}

/// The ids of the masters, by their number less one.
struct Masters {
    department: Id,
    sellers: Vec<Id>,
    products: Vec<Id>,
    customers: Vec<Id>,
}

fn load_engine(set: &Path, file: &Path) {
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{suffix}", file.display()));
    }
    let clock = Instant::now();
    let masters = load_masters(set, file);
    let rows = masters.sellers.len() + masters.products.len() + masters.customers.len();
    println!(
        r#"{{"name":"load-masters","rows":{rows},"rows_per_s":{:.0}}}"#,
        rows as f64 / clock.elapsed().as_secs_f64()
    );
    let clock = Instant::now();
    let rows = load_documents(set, file, &masters);
    println!(
        r#"{{"name":"load-documents","rows":{rows},"rows_per_s":{:.0}}}"#,
        rows as f64 / clock.elapsed().as_secs_f64()
    );
    by_hand(file).execute_batch("pragma wal_checkpoint(truncate)").unwrap();
}

fn id_of(json: &Json, at: &str) -> Id {
    json.at(at).and_then(Json::as_text).and_then(Id::parse).unwrap()
}

fn load_masters(set: &Path, file: &Path) -> Masters {
    let crm = open(file);
    let setup = r#"{"name":"W3","base_currency":"CNY","administrator":"A"}"#;
    let made = call(&crm.session(None), "enterprise.setup", setup);
    let session = crm.session(id_of(&made, "/administrator"));
    let department = id_of(&made, "/department");
    let make = |kind: &str, values: Vec<String>| -> Vec<Id> {
        let mut ids = Vec::with_capacity(values.len());
        for chunk in values.chunks(MASTERS) {
            let items = chunk.iter().map(|values| {
                format!(r#"{{"op":"record.create","request":{{"kind":"{kind}","values":{values}}}}}"#)
            });
            let request = format!(r#"{{"operations":[{}]}}"#, items.collect::<Vec<_>>().join(","));
            let answer = call(&session, "batch", &request);
            ids.extend((0..chunk.len()).map(|at| id_of(&answer, &format!("/answers/{at}/record/id"))));
        }
        ids
    };
    let customers: Vec<Vec<i64>> = Table::open(set, "customers.csv").collect();
    let last = |column: usize| customers.iter().map(|row| row[column]).max().unwrap();
    let regions = (1..=last(2)).map(|no| {
        format!(r#"{{"list":"region","code":"{no:02}","name_en":"Region {no}","name_zh_cn":"地区 {no}","name_zh_tw":"地區 {no}"}}"#)
    });
    make("picklist_value", regions.collect());
    let sellers = (1..=last(3))
        .map(|no| format!(r#"{{"code":"{no:04}","name":"Salesperson {no}","department":"{department}"}}"#));
    let sellers = make("employee", sellers.collect());
    let products = Table::open(set, "products.csv").map(|row| {
        let (no, price, cost) = (row[0], cents(row[2]), cents(row[3]));
        format!(r#"{{"code":"{no:06}","name":"Product {no}","list_price":"{price}","cost":"{cost}"}}"#)
    });
    let products = make("product", products.collect());
    let customers = customers.iter().map(|row| {
        let (no, region, owner) = (row[0], row[2], sellers[number(row[3])]);
        format!(r#"{{"number":"{no:06}","name":"Customer {no}","region":"{region:02}","owner":"{owner}"}}"#)
    });
    let customers = make("customer", customers.collect());
    Masters { department, sellers, products, customers }
}

/// The place of a master among those of its kind.
fn number(no: i64) -> usize {
    usize::try_from(no - 1).unwrap()
}

fn cents(number: i64) -> Dec {
    Dec::from_i64_at(number, 2)
}

/// Orders with their lines, and receivables. Gives how many rows that were.
fn load_documents(set: &Path, file: &Path, masters: &Masters) -> usize {
    let options = Options { synchronous: Synchronous::Normal, ..Options::default() };
    let mut store = SqliteStore::open(file, options).unwrap();
    let catalogue = Arc::new(crm_domain::model().unwrap().catalogue().unwrap());
    let mut lines = Table::open(set, "lines.csv").peekable();
    let mut receivables = Table::open(set, "receivables.csv").peekable();
    let mut ids = IdSource::new(0, 0);
    let mut batch: Vec<(u32, Row)> = Vec::new();
    let mut rows = 0;
    for order in Table::open(set, "orders.csv") {
        let mut own = Vec::new();
        while let Some(line) = lines.next_if(|line| line[1] == order[0]) {
            own.push(line);
        }
        rows += 1 + own.len();
        let day = Date::from_days(order[4]).unwrap();
        let at = Moment::parse(&format!("{day}T02:00:00Z")).unwrap();
        let id = ids.next(at);
        let mut row = order_of(&order, &own, masters).to_row().unwrap();
        row.id = id.number();
        batch.push((Order::NO, numbered(&catalogue, row)));
        if let Some(debt) = receivables.next_if(|debt| debt[1] == order[0]) {
            rows += 1;
            let mut row = receivable_of(&order, &debt, masters, Ref::new(id), at).to_row().unwrap();
            row.id = ids.next(at).number();
            batch.push((Receivable::NO, row));
        }
        if batch.len() >= BATCH {
            put(&mut store, &catalogue, &mut batch);
        }
    }
    put(&mut store, &catalogue, &mut batch);
    rows
}

fn put(store: &mut SqliteStore, catalogue: &Arc<Catalogue>, batch: &mut Vec<(u32, Row)>) {
    let mut tx = store.begin(true, catalogue).unwrap();
    let no = tx.last_change().unwrap() + 1;
    let mut changes = Vec::with_capacity(batch.len());
    for (kind, mut row) in batch.drain(..) {
        row.version = no;
        tx.put(kind, None, &row).unwrap();
        changes.push(diff(catalogue, catalogue.get(kind).unwrap(), None, Some(&row)).unwrap());
    }
    let change = ChangeSet {
        no,
        at: moment(),
        actor: 0,
        on_behalf: 0,
        operation: "import.history".to_owned(),
        reason: Some("work set W3".to_owned()),
        changes,
    };
    tx.append(&change).unwrap();
    tx.commit().unwrap();
}

/// The row with its lines numbered, as saving it would.
fn numbered(catalogue: &Catalogue, mut row: Row) -> Row {
    let kind = catalogue.get(Order::NO).unwrap();
    row.values.resize(kind.fields().len(), Value::Null);
    let mut last = 0;
    for (position, _) in kind.children() {
        if let Some(Value::Rows(lines)) = row.values.get_mut(*position) {
            for line in lines {
                last += 1;
                line.id = last;
            }
        }
    }
    row.set(kind.role(FieldRole::LineCounter).unwrap(), Value::int(last));
    row
}

/// An order as `order.import` keeps one.
fn order_of(order: &[i64], lines: &[Vec<i64>], masters: &Masters) -> Order {
    let state = match order[6] {
        1 => OrderState::Approved,
        2 => OrderState::Fulfilled,
        _ => OrderState::Cancelled,
    };
    let in_effect = state != OrderState::Cancelled;
    let total = cents(order[7]);
    Order {
        number: Some(format!("SO-{:08}", order[0])),
        state,
        origin: Origin::Import,
        gross: total,
        net: total,
        total,
        approval: in_effect.then_some(ApprovalWay::Imported),
        approved_at: in_effect.then(moment),
        lines: lines.iter().map(|line| line_of(line, state, masters)).collect::<Lines<OrderLine>>(),
        ..Order::blank(
            Ref::<Customer>::new(masters.customers[number(order[1])]),
            Ref::<Employee>::new(masters.sellers[number(order[2])]),
            Ref::<Department>::new(masters.department),
            Currency::parse("CNY").unwrap(),
            (Dec::ONE, None),
            Date::from_days(order[4]).unwrap(),
        )
    }
}

fn line_of(line: &[i64], state: OrderState, masters: &Masters) -> OrderLine {
    let quantity = Dec::from_int(line[3]);
    let total = cents(line[5]);
    let done = if state == OrderState::Fulfilled { quantity } else { Dec::ZERO };
    let asked = NewLine {
        product: Ref::<Product>::new(masters.products[number(line[2])]),
        quantity,
        unit: None,
        description: None,
        unit_price: None,
        price_reason: None,
        discount_percent: None,
        tax: None,
    };
    OrderLine {
        unit_price: cents(line[4]),
        unit_cost: Some(cents(line[6] / line[3])),
        cost: Some(cents(line[6])),
        gross: total,
        net: total,
        total,
        derivation: Some(Json::object().with("source", "import").into()),
        delivered: done,
        invoiced: done,
        ..OrderLine::blank(&asked)
    }
}

/// The debt of an order, as booking it leaves it after some of it was paid.
fn receivable_of(
    order: &[i64],
    debt: &[i64],
    masters: &Masters,
    id: Ref<Order>,
    recorded_at: Moment,
) -> Receivable {
    let (amount, open) = (cents(debt[4]), cents(debt[5]));
    Receivable {
        invoice: None,
        order: Some(id),
        customer: Ref::<Customer>::new(masters.customers[number(debt[2])]),
        owner: Some(Ref::<Employee>::new(masters.sellers[number(order[2])])),
        department: Some(Ref::<Department>::new(masters.department)),
        currency: Currency::parse("CNY").unwrap(),
        rate: Dec::ONE,
        inverse_rate: None,
        document: Some(format!("SO-{:08}", order[0])),
        label: None,
        date: Date::from_days(order[4]).unwrap(),
        due_date: Date::from_days(debt[3]).unwrap(),
        amount,
        open,
        base_amount: amount,
        base_open: open,
        recorded_at,
    }
}
