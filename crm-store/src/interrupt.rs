//! Stopping a call from another thread.
//!
//! A session counts how often it was asked to stop; a call remembers the count with which it began. The transaction compares
//! before each of its steps, so nothing has to be reset, and neither the next call nor another session is touched. The
//! store's own means, where it has one, stops a step that takes long.

use crm_kernel::catalogue::Catalogue;
use crm_kernel::change::ChangeSet;
use crm_kernel::error::{Code, Result};
use crm_kernel::plan::{Aggregate, Found, Group, Query};
use crm_kernel::store::{Interrupter, Store, Tx};
use crm_kernel::value::Row;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How often a session was asked to stop.
pub(crate) type Asked = Arc<AtomicU64>;

/// The call that an engine is busy with, and the means to stop its store.
#[derive(Default)]
pub(crate) struct Running(Mutex<State>);

#[derive(Default)]
struct State {
    call: Option<Call>,
    store: Option<Interrupter>,
}

#[derive(Clone)]
struct Call {
    asked: Asked,
    began: u64,
    /// It was refused, or is being committed: what the engine still does for the call, it does undisturbed.
    told: bool,
}

impl Call {
    fn is_stopped(&self) -> bool {
        self.asked.load(Ordering::SeqCst) != self.began
    }
}

impl Running {
    /// The call of a session has the engine, until the guard is dropped.
    pub(crate) fn start(&self, asked: &Asked, began: u64) -> Guard<'_> {
        self.state().call = Some(Call { asked: asked.clone(), began, told: false });
        Guard(self)
    }

    /// Stops the calls of a session that have begun.
    pub(crate) fn stop(&self, asked: &Asked) {
        asked.fetch_add(1, Ordering::SeqCst);
        let state = self.state();
        // Under the lock: the call cannot end meanwhile, so no other one is hit.
        if let (Some(call), Some(store)) = (&state.call, &state.store)
            && Arc::ptr_eq(&call.asked, asked)
            && !call.told
        {
            store();
        }
    }

    fn call(&self) -> Option<Call> {
        self.state().call.clone()
    }

    /// Notes that the call can no longer be stopped; false where that was noted before.
    fn tell(&self) -> bool {
        self.state().call.as_mut().is_some_and(|call| !std::mem::replace(&mut call.told, true))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // INVARIANT: nothing between two writes of the state can panic.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ends the call when it is dropped.
pub(crate) struct Guard<'a>(&'a Running);

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        self.0.state().call = None;
    }
}

/// A store whose transactions end with `store.interrupted` when their call is stopped.
pub(crate) struct Stoppable {
    store: Box<dyn Store + Send>,
    running: Arc<Running>,
}

impl Stoppable {
    pub(crate) fn new(store: Box<dyn Store + Send>, running: Arc<Running>) -> Stoppable {
        running.state().store = store.interrupter();
        Stoppable { store, running }
    }
}

impl Store for Stoppable {
    fn begin(&mut self, write: bool, catalogue: &Arc<Catalogue>) -> Result<Box<dyn Tx + '_>> {
        let call = self.running.call();
        let tx = self.store.begin(write, catalogue)?;
        Ok(Box::new(StoppableTx { tx, running: &self.running, call, is_stopped: false }))
    }

    fn name(&self) -> &'static str {
        self.store.name()
    }
}

struct StoppableTx<'a> {
    tx: Box<dyn Tx + 'a>,
    running: &'a Running,
    call: Option<Call>,
    /// It was refused once and is from then on: an operation that survives a refused part ends all the same.
    is_stopped: bool,
}

impl StoppableTx<'_> {
    fn step<T>(&mut self, step: impl FnOnce(&mut dyn Tx) -> Result<T>) -> Result<T> {
        self.check()?;
        let done = step(self.tx.as_mut());
        if done.as_ref().is_err_and(|error| error.code() == Code::INTERRUPTED) {
            self.running.tell();
            self.is_stopped = true;
        }
        done
    }

    fn check(&mut self) -> Result<()> {
        let is_asked = self.call.as_ref().is_some_and(Call::is_stopped);
        if self.is_stopped || (is_asked && self.running.tell()) {
            self.is_stopped = true;
            return Err(Code::INTERRUPTED.error());
        }
        Ok(())
    }
}

impl Tx for StoppableTx<'_> {
    fn definitions_revision(&mut self) -> Result<i64> {
        self.step(|tx| tx.definitions_revision())
    }

    fn migrate(&mut self, catalogue: &Arc<Catalogue>) -> Result<()> {
        self.step(|tx| tx.migrate(catalogue))
    }

    fn get(&mut self, kind: u32, id: i64) -> Result<Option<Row>> {
        self.step(|tx| tx.get(kind, id))
    }

    fn put(&mut self, kind: u32, old: Option<&Row>, new: &Row) -> Result<()> {
        self.step(|tx| tx.put(kind, old, new))
    }

    fn delete(&mut self, kind: u32, old: &Row) -> Result<()> {
        self.step(|tx| tx.delete(kind, old))
    }

    fn query(&mut self, plan: &Query) -> Result<Vec<Found>> {
        self.step(|tx| tx.query(plan))
    }

    fn aggregate(&mut self, plan: &Aggregate) -> Result<Vec<Group>> {
        self.step(|tx| tx.aggregate(plan))
    }

    fn next_number(&mut self, sequence: &str) -> Result<i64> {
        self.step(|tx| tx.next_number(sequence))
    }

    fn last_number(&mut self, sequence: &str) -> Result<i64> {
        self.step(|tx| tx.last_number(sequence))
    }

    fn raise_number(&mut self, sequence: &str, at_least: i64) -> Result<()> {
        self.step(|tx| tx.raise_number(sequence, at_least))
    }

    fn last_change(&mut self) -> Result<i64> {
        self.step(|tx| tx.last_change())
    }

    fn append(&mut self, change: &ChangeSet) -> Result<()> {
        self.step(|tx| tx.append(change))
    }

    fn change(&mut self, no: i64) -> Result<Option<ChangeSet>> {
        self.step(|tx| tx.change(no))
    }

    fn changes_after(&mut self, no: i64, limit: u32) -> Result<Vec<ChangeSet>> {
        self.step(|tx| tx.changes_after(no, limit))
    }

    fn set_tombstone(&mut self, kind: u32, id: i64, change: Option<i64>) -> Result<()> {
        self.step(|tx| tx.set_tombstone(kind, id, change))
    }

    fn tombstone(&mut self, kind: u32, id: i64) -> Result<Option<i64>> {
        self.step(|tx| tx.tombstone(kind, id))
    }

    fn tombstones(&mut self, kind: u32, after: Option<(i64, i64)>, limit: u32) -> Result<Vec<(i64, i64)>> {
        self.step(|tx| tx.tombstones(kind, after, limit))
    }

    fn savepoint(&mut self) -> Result<()> {
        self.step(|tx| tx.savepoint())
    }

    fn release(&mut self, keep: bool) -> Result<()> {
        self.step(|tx| tx.release(keep))
    }

    fn commit(mut self: Box<Self>) -> Result<()> {
        self.check()?;
        // From here on it is too late: what the engine does behind the commit belongs to it.
        self.running.tell();
        self.tx.commit()
    }
}
