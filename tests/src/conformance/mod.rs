//! What every store must do, as many small cases. A store that passes them keeps the contract of
//! [`crm_kernel::store`]; the differential tests then compare stores on what nobody thought of.
//!
//! Cases see a store through its trait only.

mod aggregates;
pub(crate) mod kinds;
mod lines;
mod log;
mod market;
mod migrations;
mod queries;
mod transactions;
mod values;
mod writes;

use crm_kernel::catalogue::Catalogue;
use crm_kernel::error::{Code, Error, Result};
use crm_kernel::expr::{Expr, Scope};
use crm_kernel::store::{Store, Tx};
use crm_kernel::value::Row;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// A case: what it shows, and how.
pub type Case = (&'static str, fn(&mut Lab));

/// Runs every case on a store of its own. Panics with the names of those that failed.
pub fn suite(make: &dyn Fn() -> Box<dyn Store>) {
    let all = [
        writes::CASES,
        lines::CASES,
        transactions::CASES,
        log::CASES,
        migrations::CASES,
        queries::CASES,
        aggregates::CASES,
    ];
    let cases = all.iter().flat_map(|cases| cases.iter());
    let failed: Vec<&str> = cases.filter(|case| !passes(make, case)).map(|case| case.0).collect();
    assert!(failed.is_empty(), "{} cases failed:\n  {}", failed.len(), failed.join("\n  "));
}

fn passes(make: &dyn Fn() -> Box<dyn Store>, (name, run): &Case) -> bool {
    let outcome = catch_unwind(AssertUnwindSafe(|| run(&mut Lab::new(make()))));
    if outcome.is_err() {
        eprintln!("^ case failed: {name}");
    }
    outcome.is_ok()
}

/// A store with the kinds of the cases in it.
pub struct Lab {
    store: Box<dyn Store>,
    catalogue: Arc<Catalogue>,
}

impl Lab {
    fn new(store: Box<dyn Store>) -> Lab {
        let mut lab = Lab { store, catalogue: kinds::catalogue() };
        let catalogue = lab.catalogue.clone();
        lab.write(|tx| tx.migrate(&catalogue)).unwrap();
        lab
    }

    /// Does something in a transaction and commits it, whatever came out.
    fn write<T>(&mut self, work: impl FnOnce(&mut dyn Tx) -> T) -> T {
        let mut tx = self.store.begin(true, &self.catalogue).unwrap();
        let out = work(&mut *tx);
        tx.commit().unwrap();
        out
    }

    /// Does something in a transaction and drops it.
    fn undone<T>(&mut self, work: impl FnOnce(&mut dyn Tx) -> T) -> T {
        let mut tx = self.store.begin(true, &self.catalogue).unwrap();
        work(&mut *tx)
    }

    fn read<T>(&mut self, work: impl FnOnce(&mut dyn Tx) -> T) -> T {
        let mut tx = self.store.begin(false, &self.catalogue).unwrap();
        work(&mut *tx)
    }

    /// Inserts records.
    fn insert(&mut self, kind: u32, rows: impl IntoIterator<Item = Row>) {
        self.write(|tx| rows.into_iter().for_each(|row| tx.put(kind, None, &row).unwrap()));
    }

    fn get(&mut self, kind: u32, id: i64) -> Option<Row> {
        self.read(|tx| tx.get(kind, id).unwrap())
    }

    /// Reads a record, changes it and puts it back with the next version, in one transaction.
    fn change(&mut self, kind: u32, id: i64, change: impl FnOnce(&mut Row)) -> Result<()> {
        self.write(|tx| {
            let old = tx.get(kind, id)?.unwrap();
            let mut new = old.clone();
            new.version += 1;
            change(&mut new);
            tx.put(kind, Some(&old), &new)
        })
    }
}

impl Lab {
    /// An expression about a kind.
    fn expr(&self, kind: u32, text: &str) -> Expr {
        let scope = Scope { catalogue: &self.catalogue, root: kind, names: &[] };
        Expr::check(text, &scope).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    /// A condition, none where the text is empty.
    fn filter(&self, kind: u32, text: &str) -> Option<Expr> {
        (!text.is_empty()).then(|| self.expr(kind, text))
    }
}

/// The code of a refusal.
fn code<T: std::fmt::Debug>(result: Result<T>) -> Code {
    refusal(result).code()
}

fn refusal<T: std::fmt::Debug>(result: Result<T>) -> Error {
    result.expect_err("a refusal was expected")
}
