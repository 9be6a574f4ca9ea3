//! Handles: numbers for databases and sessions, checked against a generation.

use crm_kernel::error::{Code, Error, Result};
use crm_store::{Crm, Session};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A database: a number, never 0.
#[allow(non_camel_case_types)] // the name in C
pub type crm_database = u64;

/// A session: a number, never 0.
#[allow(non_camel_case_types)] // the name in C
pub type crm_session = u64;

/// What a handle stands for.
#[derive(Clone, Debug)]
pub(crate) enum Entry {
    /// A database.
    Database(Crm),
    /// A session and the handle of its database.
    Session(Session, crm_database),
}

/// All open handles. The only state of this library that no handle owns.
static TABLE: Mutex<Table> = Mutex::new(Table { slots: Vec::new(), free: Vec::new() });

/// A new handle.
pub(crate) fn open(entry: Entry) -> Result<u64> {
    table().open(entry)
}

/// The database of a handle. Errors: `handle.invalid`.
pub(crate) fn database(handle: crm_database) -> Result<Crm> {
    match table().get(handle) {
        Some(Entry::Database(crm)) => Ok(crm.clone()),
        _ => Err(invalid("database")),
    }
}

/// The session of a handle. Errors: `handle.invalid`.
pub(crate) fn session(handle: crm_session) -> Result<Session> {
    match table().get(handle) {
        Some(Entry::Session(session, _)) => Ok(session.clone()),
        _ => Err(invalid("session")),
    }
}

/// Replaces the session of a handle. Errors: `handle.invalid`.
pub(crate) fn set_session(handle: crm_session, change: impl FnOnce(Session) -> Session) -> Result<()> {
    match table().get_mut(handle) {
        Some(Entry::Session(session, _)) => {
            *session = change(session.clone());
            Ok(())
        }
        _ => Err(invalid("session")),
    }
}

/// Closes a database and its sessions. What is open under way elsewhere ends first. Errors: `handle.invalid`.
pub(crate) fn close_database(handle: crm_database) -> Result<()> {
    let closed = {
        let mut table = table();
        if !matches!(table.get(handle), Some(Entry::Database(_))) {
            return Err(invalid("database"));
        }
        let of_it = |entry: &Entry| matches!(entry, Entry::Session(_, database) if *database == handle);
        let mut closed: Vec<Entry> =
            table.find(of_it).into_iter().filter_map(|session| table.close(session)).collect();
        closed.extend(table.close(handle));
        closed
    };
    // Outside the lock: dropping the last one closes the file.
    drop(closed);
    Ok(())
}

/// Closes a session. Errors: `handle.invalid`.
pub(crate) fn close_session(handle: crm_session) -> Result<()> {
    let closed = {
        let mut table = table();
        if !matches!(table.get(handle), Some(Entry::Session(..))) {
            return Err(invalid("session"));
        }
        table.close(handle)
    };
    drop(closed);
    Ok(())
}

fn invalid(kind: &'static str) -> Error {
    Code::INVALID_HANDLE.error().with("kind", kind)
}

fn table() -> MutexGuard<'static, Table> {
    // INVARIANT: nothing between two writes of the table can panic, so a poisoned table is whole.
    TABLE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Slots, each with the generation of what it holds. A handle is generation and place; closing raises the generation, so
/// an old handle is never the handle of something new.
#[derive(Debug)]
struct Table {
    slots: Vec<Slot>,
    free: Vec<u32>,
}

#[derive(Debug)]
struct Slot {
    generation: u32,
    entry: Option<Entry>,
}

impl Table {
    fn open(&mut self, entry: Entry) -> Result<u64> {
        if let Some(place) = self.free.pop()
            && let Some(slot) = usize::try_from(place).ok().and_then(|at| self.slots.get_mut(at))
        {
            slot.entry = Some(entry);
            return Ok(handle(slot.generation, place));
        }
        let place = u32::try_from(self.slots.len()).map_err(|_| Error::internal("too many handles"))?;
        self.slots.push(Slot { generation: 1, entry: Some(entry) });
        Ok(handle(1, place))
    }

    fn get(&self, handle: u64) -> Option<&Entry> {
        let (generation, at) = parts(handle)?;
        self.slots.get(at).filter(|slot| slot.generation == generation)?.entry.as_ref()
    }

    fn get_mut(&mut self, handle: u64) -> Option<&mut Entry> {
        let (generation, at) = parts(handle)?;
        self.slots.get_mut(at).filter(|slot| slot.generation == generation)?.entry.as_mut()
    }

    fn find(&self, wanted: impl Fn(&Entry) -> bool) -> Vec<u64> {
        let slots = self.slots.iter().enumerate();
        let found = slots.filter(|(_, slot)| slot.entry.as_ref().is_some_and(&wanted));
        found.filter_map(|(at, slot)| Some(handle(slot.generation, u32::try_from(at).ok()?))).collect()
    }

    fn close(&mut self, closed: u64) -> Option<Entry> {
        let (generation, at) = parts(closed)?;
        let slot = self.slots.get_mut(at).filter(|slot| slot.generation == generation)?;
        let entry = slot.entry.take()?;
        // A slot whose generations are used up is not used again.
        if let Some(next) = slot.generation.checked_add(1) {
            slot.generation = next;
            self.free.extend(u32::try_from(at));
        }
        Some(entry)
    }
}

fn handle(generation: u32, place: u32) -> u64 {
    (u64::from(generation) << 32) | u64::from(place)
}

fn parts(handle: u64) -> Option<(u32, usize)> {
    let generation = u32::try_from(handle >> 32).ok()?;
    Some((generation, usize::try_from(handle & u64::from(u32::MAX)).ok()?))
}
