//! What committing an order costs: the engine's whole pipeline beside hand-written statements on a plain schema, in one
//! run, in turns. One JSON object a line.
//!
//! `bench-orders DIR [--orders 20000]`, DIR holding work set W2: `customers.csv`, `products.csv`, `w2_orders.csv`.
//!
//! `plain-rusqlite`: prepared statements with integer keys: read the exposure, check the limit, insert an order, five
//! lines and two ledger rows, update the exposure; three secondary indexes. `engine`: one `order.submit` that carries
//! five lines, where submitting approves: rights, number, credit checked and reserved, receivable booked, change set.
//! The `-batch` rows put 50 orders into one commit.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)] // a bench stops where anything is wrong
#![allow(clippy::float_arithmetic)] // figures are for people

use cpu_time::ProcessTime;
use crm_kernel::date::{Date, Instant as Moment};
use crm_kernel::id::Id;
use crm_kernel::json::Json;
use crm_store::sqlite::{Options, SqliteStore, Synchronous};
use crm_store::{Clock, Crm, Session};
use rusqlite::{Connection, params};
use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const SCHEMA: &str = "
create table customers(id integer primary key, credit_limit bigint not null, exposure bigint not null);
create table orders(id integer primary key, customer_id integer not null, salesperson_id integer not null, day integer not null, status integer not null, total bigint not null);
create table lines(id integer primary key, order_id integer not null, line_no integer not null, product_id integer not null, qty integer not null, price bigint not null, total bigint not null);
create table ledger(id integer primary key, customer_id integer not null, order_id integer not null, day integer not null, kind integer not null, amount bigint not null);
create index orders_customer on orders(customer_id, day);
create index lines_order on lines(order_id);
create index ledger_customer on ledger(customer_id, day);
";

/// Orders of one turn before the other side goes on.
const TURN: usize = 250;
/// Orders in one commit of the batch rows.
const BATCH: usize = 50;

struct Order {
    customer: i64,
    salesperson: i64,
    day: i64,
    lines: Vec<(i64, i64, i64)>,
}

#[derive(Default)]
struct Spent {
    cpu: Duration,
    each: Vec<Duration>,
    orders: usize,
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().expect("bench-orders DIR [--orders N]"));
    let most = match (arguments.next().as_deref(), arguments.next()) {
        (Some("--orders"), Some(number)) => number.parse().expect("a number"),
        _ => 20_000,
    };
    let orders = read(&folder, most);
    for sync in [Synchronous::Full, Synchronous::Normal] {
        for batch in [1, BATCH] {
            turns(&orders, sync, batch);
        }
    }
}

fn read(folder: &Path, most: usize) -> Vec<Order> {
    let text = std::fs::read_to_string(folder.join("w2_orders.csv")).expect("w2_orders.csv");
    let rows = text.lines().take(most).map(|line| {
        let cells: Vec<i64> = line.split(',').map(|cell| cell.parse().expect("an integer")).collect();
        let lines = cells[3..].chunks(3).map(|line| (line[0], line[1], line[2])).collect();
        Order { customer: cells[0], salesperson: cells[1], day: cells[2], lines }
    });
    rows.collect()
}

fn turns(orders: &[Order], sync: Synchronous, batch: usize) {
    let folder = std::env::temp_dir().join(format!("crm-bench-orders-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    let plain = Plain::open(&folder.join("plain.db"), orders, sync);
    let engine = Engine::open(&folder.join("engine.db"), orders, sync);
    let (mut by_plain, mut by_engine) = (Spent::default(), Spent::default());
    for turn in orders.chunks(TURN) {
        plain.run(turn, batch, &mut by_plain);
        engine.run(turn, batch, &mut by_engine);
    }
    let suffix = if batch == 1 { "" } else { "-batch" };
    print(&format!("plain-rusqlite{suffix}"), sync, &by_plain);
    print(&format!("engine{suffix}"), sync, &by_engine);
    drop((plain, engine));
    std::fs::remove_dir_all(&folder).expect("the temporary folder");
}

fn print(name: &str, sync: Synchronous, spent: &Spent) {
    let mut each = spent.each.clone();
    each.sort();
    let median = each[each.len() / 2].as_nanos() as f64 / 1_000.0;
    let cpu = spent.cpu.as_nanos() as f64 / 1_000.0 / spent.orders as f64;
    let sync = if matches!(sync, Synchronous::Full) { "FULL" } else { "NORMAL" };
    let orders = spent.orders;
    println!(
        "{{\"name\":\"{name}\",\"sync\":\"{sync}\",\"orders\":{orders},\"cpu_us_per_order\":{cpu:.1},\"median_us\":{median:.1}}}"
    );
}

struct Plain(Connection);

impl Plain {
    fn open(file: &Path, orders: &[Order], sync: Synchronous) -> Plain {
        let conn = Connection::open(file).unwrap();
        let sync = if matches!(sync, Synchronous::Full) { "FULL" } else { "NORMAL" };
        conn.execute_batch(&format!(
            "pragma journal_mode=wal; pragma synchronous={sync}; pragma cache_size=-16384; {SCHEMA}"
        ))
        .unwrap();
        conn.execute_batch("begin").unwrap();
        let customers: HashSet<i64> = orders.iter().map(|order| order.customer).collect();
        for customer in customers {
            conn.execute("insert into customers values(?1, 1000000000000, 0)", [customer]).unwrap();
        }
        conn.execute_batch("commit").unwrap();
        Plain(conn)
    }

    fn run(&self, orders: &[Order], batch: usize, spent: &mut Spent) {
        let cpu = ProcessTime::now();
        for group in orders.chunks(batch) {
            let clock = Instant::now();
            self.0.execute_batch("begin immediate").unwrap();
            for order in group {
                self.order(order);
            }
            self.0.execute_batch("commit").unwrap();
            spent.each.push(clock.elapsed());
        }
        spent.cpu += cpu.elapsed();
        spent.orders += orders.len();
    }

    fn order(&self, order: &Order) {
        let conn = &self.0;
        let total: i64 = order.lines.iter().map(|(_, quantity, price)| quantity * price).sum();
        let mut read =
            conn.prepare_cached("select credit_limit, exposure from customers where id = ?1").unwrap();
        let (limit, exposure): (i64, i64) =
            read.query_row([order.customer], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        assert!(exposure + total <= limit);
        let mut insert = conn.prepare_cached("insert into orders(customer_id, salesperson_id, day, status, total) values(?1, ?2, ?3, 1, ?4)").unwrap();
        insert.execute(params![order.customer, order.salesperson, order.day, total]).unwrap();
        let id = conn.last_insert_rowid();
        let mut insert = conn.prepare_cached("insert into lines(order_id, line_no, product_id, qty, price, total) values(?1, ?2, ?3, ?4, ?5, ?6)").unwrap();
        for (no, (product, quantity, price)) in (1_i64..).zip(&order.lines) {
            insert.execute(params![id, no, product, quantity, price, quantity * price]).unwrap();
        }
        let mut insert = conn
            .prepare_cached(
                "insert into ledger(customer_id, order_id, day, kind, amount) values(?1, ?2, ?3, ?4, ?5)",
            )
            .unwrap();
        for kind in [1_i64, 2] {
            insert.execute(params![order.customer, id, order.day, kind, total]).unwrap();
        }
        let mut update =
            conn.prepare_cached("update customers set exposure = exposure + ?2 where id = ?1").unwrap();
        update.execute(params![order.customer, total]).unwrap();
    }
}

struct Engine {
    session: Session,
    customers: HashMap<i64, String>,
    products: HashMap<i64, String>,
    sellers: HashMap<i64, String>,
}

impl Engine {
    fn open(file: &Path, orders: &[Order], synchronous: Synchronous) -> Engine {
        let store = SqliteStore::open(file, Options { synchronous, ..Options::default() }).unwrap();
        let now = Moment::parse("2024-12-31T00:00:00Z").unwrap();
        let crm = Crm::new(Box::new(store), Clock::fixed(now)).unwrap();
        let call = |session: &Session, op: &str, request: &str| -> Json {
            let answer =
                session.call_json(op, request).unwrap_or_else(|error| panic!("{op} {request}: {error}"));
            Json::parse(&answer).unwrap()
        };
        let text = |json: &Json, at: &str| json.at(at).and_then(Json::as_text).unwrap().to_owned();
        let setup = r#"{"name":"W2","base_currency":"CNY","administrator":"A"}"#;
        let made = call(&crm.session(None), "enterprise.setup", setup);
        let admin = crm.session(Id::parse(&text(&made, "/administrator")));
        let department = text(&made, "/department");
        call(&admin, "setting.set", r#"{"key":"order.approval","value":"none"}"#);
        call(&admin, "setting.set", r#"{"key":"receivables.start","value":"order"}"#);
        // Who commits the orders has a position as salespeople have: his right is looked up, not implied.
        let rights = r#"[{"kind":"order","verb":"*","scope":"all"},{"kind":"customer","verb":"read","scope":"all"},{"kind":"product","verb":"read","scope":"all"},{"kind":"employee","verb":"read","scope":"all"},{"kind":"department","verb":"read","scope":"all"},{"kind":"quote","verb":"*","scope":"all"}]"#;
        let position = call(
            &admin,
            "record.create",
            &format!(r#"{{"kind":"position","values":{{"code":"DESK","name":"Desk","rights":{rights}}}}}"#),
        );
        let position = text(&position, "/record/id");
        let desk = call(
            &admin,
            "record.create",
            &format!(
                r#"{{"kind":"employee","values":{{"code":"DESK","name":"Desk","department":"{department}","positions":[{{"holds":"{position}"}}]}}}}"#
            ),
        );
        let session = crm.session(Id::parse(&text(&desk, "/record/id")));

        let make = |wanted: Vec<i64>, kind: &str, values: &dyn Fn(i64) -> String| -> HashMap<i64, String> {
            let mut ids = HashMap::new();
            for chunk in wanted.chunks(500) {
                let items: Vec<String> = chunk
                    .iter()
                    .map(|no| {
                        format!(
                            r#"{{"op":"record.create","request":{{"kind":"{kind}","values":{}}}}}"#,
                            values(*no)
                        )
                    })
                    .collect();
                let answer = call(&admin, "batch", &format!(r#"{{"operations":[{}]}}"#, items.join(",")));
                for (at, no) in chunk.iter().enumerate() {
                    ids.insert(*no, text(&answer, &format!("/answers/{at}/record/id")));
                }
            }
            ids
        };
        let unique = |numbers: &mut dyn Iterator<Item = i64>| -> Vec<i64> {
            let set: HashSet<i64> = numbers.collect();
            let mut list: Vec<i64> = set.into_iter().collect();
            list.sort_unstable();
            list
        };
        let sellers = make(unique(&mut orders.iter().map(|order| order.salesperson)), "employee", &|no| {
            format!(r#"{{"code":"S{no}","name":"Seller {no}","department":"{department}"}}"#)
        });
        let customers = make(unique(&mut orders.iter().map(|order| order.customer)), "customer", &|no| {
            format!(r#"{{"number":"C{no}","name":"Customer {no}"}}"#)
        });
        let wanted = unique(&mut orders.iter().flat_map(|order| order.lines.iter().map(|line| line.0)));
        let products = make(wanted, "product", &|no| format!(r#"{{"code":"P{no}","name":"Product {no}"}}"#));
        let ids: Vec<&String> = customers.values().collect();
        for chunk in ids.chunks(500) {
            let items: Vec<String> = chunk
                .iter()
                .map(|id| format!(r#"{{"op":"credit.set_limit","request":{{"customer":"{id}","amount":"10000000000"}}}}"#))
                .collect();
            call(&admin, "batch", &format!(r#"{{"operations":[{}]}}"#, items.join(",")));
        }
        Engine { session, customers, products, sellers }
    }

    fn request(&self, order: &Order) -> String {
        let date = Date::from_days(order.day).unwrap();
        let mut request = format!(
            r#"{{"customer":"{}","owner":"{}","date":"{date}","price_reason":"agreed","lines":["#,
            self.customers[&order.customer], self.sellers[&order.salesperson]
        );
        for (at, (product, quantity, price)) in order.lines.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            let (whole, cents) = (price / 100, price % 100);
            write!(
                request,
                r#"{comma}{{"product":"{}","quantity":"{quantity}","unit_price":"{whole}.{cents:02}"}}"#,
                self.products[product]
            )
            .unwrap();
        }
        request.push_str("]}");
        request
    }

    fn run(&self, orders: &[Order], batch: usize, spent: &mut Spent) {
        // What a host would hold ready is made before the clock runs.
        let requests: Vec<String> = orders
            .chunks(batch)
            .map(|group| match group {
                [order] if batch == 1 => self.request(order),
                group => {
                    let items: Vec<String> = group
                        .iter()
                        .map(|order| format!(r#"{{"op":"order.submit","request":{}}}"#, self.request(order)))
                        .collect();
                    format!(r#"{{"operations":[{}]}}"#, items.join(","))
                }
            })
            .collect();
        let op = if batch == 1 { "order.submit" } else { "batch" };
        let cpu = ProcessTime::now();
        for request in &requests {
            let clock = Instant::now();
            self.session.call_json(op, request).unwrap_or_else(|error| panic!("{op}: {error}"));
            spent.each.push(clock.elapsed());
        }
        spent.cpu += cpu.elapsed();
        spent.orders += orders.len();
    }
}
