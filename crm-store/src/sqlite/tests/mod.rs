//! What is SQLite's own: files, migrations, query plans. That the store answers as the one in memory does is shown by
//! the conformance cases and the differential tests.

mod files;
mod migrations;
mod plans;
mod rows;

use super::{Options, SqliteStore};
use crm_kernel::Record;
use crm_kernel::catalogue::Catalogue;
use crm_kernel::date::{Date, Instant};
use crm_kernel::dec::Dec;
use crm_kernel::expr::{Expr, Scope};
use crm_kernel::id::Ref;
use crm_kernel::json::Json;
use crm_kernel::plan::{Query, Select, SortKey};
use crm_kernel::record::{Lines, Record as _, RecordDef};
use crm_kernel::store::{Store as _, Tx};
use crm_kernel::value::{Row, Value};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// A customer.
#[derive(Record)]
#[record(no = 1, index("region", "name"))]
pub struct Customer {
    /// Its number.
    #[field(no = 1, number, unique)]
    pub number: String,
    /// Its name.
    #[field(no = 2, index)]
    pub name: String,
    /// Where it is.
    #[field(no = 3)]
    pub region: Option<String>,
    /// What it may owe.
    #[field(no = 4, money, index)]
    pub limit: Option<Dec>,
    /// The customer that it belongs to.
    #[field(no = 5)]
    pub head: Option<Ref<Customer>>,
    /// In use.
    #[field(no = 6)]
    pub active: bool,
    /// Since when.
    #[field(no = 7)]
    pub since: Option<Date>,
    /// When it was last seen.
    #[field(no = 8)]
    pub seen: Option<Instant>,
    /// Whatever.
    #[field(no = 9)]
    pub notes: Option<Json>,
}

/// An order.
#[derive(Record)]
#[record(no = 2, index("customer", "day"))]
pub struct Order {
    /// By whom.
    #[field(no = 1)]
    pub customer: Ref<Customer>,
    /// When.
    #[field(no = 2)]
    pub day: Date,
    /// What.
    #[field(no = 3)]
    pub lines: Lines<OrderLine>,
}

/// A line of an order.
#[derive(Record)]
#[record(no = 3, parent = Order)]
pub struct OrderLine {
    /// What.
    #[field(no = 1)]
    pub product: String,
    /// How many.
    #[field(no = 2, quantity)]
    pub quantity: Dec,
    /// Who gets it.
    #[field(no = 3)]
    pub receiver: Option<Ref<Customer>>,
    /// A number that no other line has.
    #[field(no = 4, unique)]
    pub serial: Option<String>,
}

pub fn defs() -> Vec<RecordDef> {
    vec![Customer::def().clone(), Order::def().clone(), OrderLine::def().clone()]
}

pub fn catalogue_of(defs: Vec<RecordDef>) -> Arc<Catalogue> {
    Arc::new(Catalogue::build(defs).unwrap())
}

pub fn catalogue() -> Arc<Catalogue> {
    catalogue_of(defs())
}

/// A store in memory with the kinds above.
pub fn store() -> (SqliteStore, Arc<Catalogue>) {
    let (mut store, catalogue) = (SqliteStore::memory().unwrap(), catalogue());
    write(&mut store, &catalogue, |tx| tx.migrate(&catalogue).unwrap());
    (store, catalogue)
}

pub fn write<T>(
    store: &mut SqliteStore,
    catalogue: &Arc<Catalogue>,
    work: impl FnOnce(&mut dyn Tx) -> T,
) -> T {
    let mut tx = store.begin(true, catalogue).unwrap();
    let out = work(&mut *tx);
    tx.commit().unwrap();
    out
}

pub fn read<T>(
    store: &mut SqliteStore,
    catalogue: &Arc<Catalogue>,
    work: impl FnOnce(&mut dyn Tx) -> T,
) -> T {
    let mut tx = store.begin(false, catalogue).unwrap();
    work(&mut *tx)
}

pub fn customer(id: i64) -> Row {
    let values = vec![
        Value::Text(format!("C-{id}")),
        Value::Text(format!("name {}", id % 7)),
        Value::Null,
        Value::Null,
        Value::Null,
        Value::Bool(true),
    ];
    Row { id, version: 1, values }
}

/// The row as a store gives it back: with every field.
pub fn whole(mut row: Row, fields: usize) -> Row {
    row.values.resize(fields, Value::Null);
    row
}

pub fn expr(catalogue: &Catalogue, kind: u32, text: &str) -> Expr {
    Expr::check(text, &Scope { catalogue, root: kind, names: &[] }).unwrap()
}

/// A list of ids: `name`, `-name` for descending.
pub fn list(catalogue: &Catalogue, kind: u32, filter: &str, order: &[&str], limit: Option<u32>) -> Query {
    let key = |text: &&str| match text.strip_prefix('-') {
        Some(text) => SortKey { by: expr(catalogue, kind, text), descending: true },
        None => SortKey { by: expr(catalogue, kind, text), descending: false },
    };
    Query {
        kind,
        filter: (!filter.is_empty()).then(|| expr(catalogue, kind, filter)),
        order: order.iter().map(key).collect(),
        after: None,
        limit,
        select: Select::Values(Vec::new()),
    }
}

/// A folder that is gone when the value is.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Folder {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("crm-store-{}-{count}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A file with the kinds above in it.
pub fn file(path: &Path) -> SqliteStore {
    let (mut store, catalogue) = (SqliteStore::open(path, Options::default()).unwrap(), catalogue());
    write(&mut store, &catalogue, |tx| tx.migrate(&catalogue).unwrap());
    store
}

#[test]
fn a_store_may_move_to_another_thread() {
    fn assert_send<T: Send>() {}
    assert_send::<SqliteStore>();
    assert_send::<crm_kernel::store::Interrupter>();
}
