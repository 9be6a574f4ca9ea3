//! With 100,000 records in SQLite, named filters use their index, and the first page of a list reads no more than it
//! needs.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what makes the records is part of the test"
)]

use crm_kernel::catalogue::Catalogue;
use crm_kernel::date::Date;
use crm_kernel::dec::Dec;
use crm_kernel::expr::{Expr, Scope};
use crm_kernel::id::{Id, Ref};
use crm_kernel::plan::{Found, Mark, Query, Select, SortKey};
use crm_kernel::record::{Lines, Record as _};
use crm_kernel::store::Store;
use crm_kernel::value::{Num, Row, Value};
use crm_kernel::{Choice, Record};
use crm_store::sqlite::{SqliteStore, Work};
use std::sync::Arc;

const RECORDS: i64 = 100_000;
const OWNERS: i64 = 500;
/// Most rows that a page of 50 may look at.
const ROWS: u64 = 1_000;
/// SQLite's instructions for each of them.
const STEPS_PER_ROW: u64 = 25;

/// Somebody who has tickets.
#[derive(Record)]
#[record(no = 9201, table = "plan_owners")]
struct Owner {
    /// What they are called.
    #[field(no = 1, unique)]
    name: String,
}

/// How far a ticket is.
#[derive(Choice, Clone, Copy)]
enum State {
    /// To be done.
    Open,
    /// Done.
    Closed,
    /// Not to be done.
    Dropped,
}

/// A ticket.
#[derive(Record)]
#[record(no = 9202, table = "plan_tickets", index("state", "due"), index("owner", "due"))]
struct Ticket {
    /// Its number.
    #[field(no = 1, unique)]
    number: String,
    /// Whose.
    #[field(no = 2)]
    owner: Ref<Owner>,
    /// How far it is.
    #[field(no = 3)]
    state: State,
    /// Until when.
    #[field(no = 4, index)]
    due: Option<Date>,
    /// How much it costs.
    #[field(no = 5, money, index)]
    cost: Option<Dec>,
    /// Who helps.
    #[field(no = 6, index)]
    helper: Option<Ref<Owner>>,
    /// What was done.
    #[field(no = 7)]
    entries: Lines<Entry>,
}

/// Something done.
#[derive(Record)]
#[record(no = 9203, table = "plan_entries", name = "entry", parent = Ticket)]
struct Entry {
    /// For how many minutes.
    #[field(no = 1)]
    minutes: i64,
}

struct Bench {
    store: SqliteStore,
    catalogue: Arc<Catalogue>,
}

fn bench() -> Bench {
    let defs = [Owner::def(), Ticket::def(), Entry::def()].map(Clone::clone);
    let catalogue = Arc::new(Catalogue::build(defs).unwrap());
    let mut store = SqliteStore::memory().unwrap();
    let mut tx = store.begin(true, &catalogue).unwrap();
    tx.migrate(&catalogue).unwrap();
    for id in 1..=OWNERS {
        let row = Row { id, version: 1, values: vec![Value::Text(format!("owner {id}"))] };
        tx.put(Owner::NO, None, &row).unwrap();
    }
    for id in 1..=RECORDS {
        tx.put(Ticket::NO, None, &ticket(id)).unwrap();
    }
    tx.commit().unwrap();
    Bench { store, catalogue }
}

fn ticket(id: i64) -> Row {
    let owner = |number: i64| Value::Ref(Id::new(1 + number % OWNERS).unwrap());
    let some = |there: bool, value: Value| if there { value } else { Value::Null };
    let entry = Row { id: 1, version: 0, values: vec![Value::int(id % 60)] };
    let values = vec![
        Value::Text(format!("T-{id:06}")),
        owner(id * 7),
        Value::Text(["open", "closed", "closed", "closed", "dropped"][(id % 5) as usize].to_owned()),
        some(id % 10 != 0, Value::Date(Date::from_days(20_000 + id * 31 % 997).unwrap())),
        some(id % 4 != 0, Value::Num(Num { mantissa: id * 7_919 % 100_003 * 100, scale: 4 })),
        some(id % 50 == 0, owner(id)),
        Value::Rows(if id % 10 == 0 { vec![entry] } else { Vec::new() }),
    ];
    Row { id, version: 1, values }
}

impl Bench {
    fn plan(&self, kind: u32, filter: &str, order: &[&str]) -> Query {
        let expr = |text: &str| {
            let scope = Scope { catalogue: &self.catalogue, root: kind, names: &[] };
            Expr::check(text, &scope).unwrap_or_else(|error| panic!("{text}: {error}"))
        };
        let key = |text: &&str| match text.strip_prefix('-') {
            Some(text) => SortKey { by: expr(text), descending: true },
            None => SortKey { by: expr(text), descending: false },
        };
        Query {
            kind,
            filter: (!filter.is_empty()).then(|| expr(filter)),
            order: order.iter().map(key).collect(),
            after: None,
            limit: Some(50),
            select: Select::Heads,
        }
    }

    fn explain(&mut self, plan: &Query) -> String {
        self.store.explain_query(&self.catalogue, plan).unwrap().join("\n")
    }

    /// Reads a page and what it cost.
    fn page(&mut self, plan: &Query) -> (Vec<Found>, Work) {
        self.store.take_work();
        let found = self.store.begin(false, &self.catalogue).unwrap().query(plan).unwrap();
        (found, self.store.take_work())
    }
}

#[test]
fn named_filters_use_their_index() {
    let mut bench = bench();
    for (kind, filter, used) in [
        (Ticket::NO, "id == '77'", "PRIMARY KEY (rowid=?)"),
        (Ticket::NO, "id in ['77', '78', '79']", "PRIMARY KEY (rowid=?)"),
        (Ticket::NO, "number == 'T-000077'", "(number=?)"),
        (Ticket::NO, "number in ['T-000077', 'T-000078']", "(number=?)"),
        (Ticket::NO, "owner == '7'", "(owner=?)"),
        (Ticket::NO, "owner == '7' && due < date('2026-01-01')", "(owner=? AND due<?)"),
        (Ticket::NO, "helper == '7'", "(helper=?)"),
        (Ticket::NO, "state == 'open' && due == date('2025-03-01')", "(state=? AND due=?)"),
        (Ticket::NO, "due >= date('2025-03-01') && due < date('2025-03-02')", "(due>? AND due<?)"),
        (Ticket::NO, "cost == 79.19", "(cost=?)"),
        // A constant with more decimals than the column is moved, never the column.
        (Ticket::NO, "cost > 999.99999 && cost < 1000.00001", "(cost>? AND cost<?)"),
        (Entry::NO, "ticket == '70'", "PRIMARY KEY (parent=?)"),
        (Entry::NO, "ticket == '70' && line == 1", "PRIMARY KEY (parent=? AND line=?)"),
        (Owner::NO, "name == 'owner 7'", "(name=?)"),
    ] {
        let plan = bench.plan(kind, filter, &[]);
        let how = bench.explain(&plan);
        assert!(how.contains(used), "{filter}: no `{used}` in\n{how}");
        assert!(!how.contains("SCAN t"), "{filter}: all rows are looked at\n{how}");
    }
}

#[test]
fn the_first_page_reads_no_more_than_it_needs() {
    let mut bench = bench();
    for (filter, order) in [
        ("", &[][..]),
        ("", &["-id"]),
        ("", &["number"]),
        ("", &["due"]),
        ("", &["-due"]),
        ("", &["cost"]),
        ("", &["-cost"]),
        // Many records with one key, and what the filter looks at has no index.
        ("", &["helper"]),
        ("", &["-helper"]),
        ("cost != null", &["-helper"]),
        ("lower(number) != ''", &["-helper"]),
        ("state == 'closed'", &["due"]),
        ("state == 'open'", &["-due"]),
        ("owner == '7'", &["due"]),
        ("owner == '7'", &["-due"]),
        ("cost > 100", &["cost"]),
        ("cost != null", &["-cost"]),
        ("state != 'dropped'", &["due"]),
        ("owner.name != 'owner 1'", &["number"]),
        ("lower(number) != ''", &["-number"]),
        ("due > date('2025-03-01')", &["due"]),
    ] {
        let mut plan = bench.plan(Ticket::NO, filter, order);
        // The first page, then the second behind its mark: a page further on costs no more.
        for page in ["first", "second"] {
            let (found, work) = bench.page(&plan);
            assert_eq!(found.len(), 50, "{filter:?} {order:?}");
            let cost = format!("{filter:?} {order:?}, {page} page: {work:?}\n{}", bench.explain(&plan));
            assert!(work.scanned <= ROWS && work.steps <= ROWS * STEPS_PER_ROW, "{cost}");
            let last = found.last().unwrap();
            plan.after = Some(Mark { keys: last.keys.clone(), parent: last.parent, id: last.id });
        }
    }
}

#[test]
fn a_page_far_inside_reads_no_more_than_the_first() {
    let mut bench = bench();
    let due = Value::Date(Date::from_days(20_500).unwrap());
    let cost = Value::Num(Num { mantissa: 5_000_000, scale: 4 });
    for (filter, order, keys) in [
        ("", &[][..], vec![]),
        ("", &["due"], vec![due.clone()]),
        ("", &["-due"], vec![due.clone()]),
        ("", &["-cost"], vec![cost]),
        ("state == 'closed'", &["due"], vec![due]),
        // Behind the last value come the nulls.
        ("", &["due"], vec![Value::Null]),
        ("", &["-due"], vec![Value::Null]),
        ("", &["number"], vec![Value::Text("T-050000".to_owned())]),
    ] {
        let plan = bench.plan(Ticket::NO, filter, order);
        let plan = Query { after: Some(Mark { keys, parent: 0, id: RECORDS / 2 }), ..plan };
        let (found, work) = bench.page(&plan);
        assert_eq!(found.len(), 50, "{filter:?} {order:?}");
        let cost = format!("{filter:?} {order:?}: {work:?}\n{}", bench.explain(&plan));
        assert!(work.scanned <= ROWS && work.steps <= ROWS * STEPS_PER_ROW, "{cost}");
    }
}
