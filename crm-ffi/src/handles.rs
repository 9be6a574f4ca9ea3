//! Handles: numbers for databases and sessions, checked against a generation.

use crate::call::speak_as;
use crate::users::{User, Users};
use crm_kernel::error::{Code, Error, Result};
use crm_store::{Crm, Session};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A database: a number, never 0.
#[allow(non_camel_case_types)] // the name in C
pub type crm_database = u64;

/// A session: a number, never 0.
#[allow(non_camel_case_types)] // the name in C
pub type crm_session = u64;

/// What a handle stands for.
#[derive(Clone, Debug)]
pub(crate) enum Entry {
    /// A database and who is in it.
    Database(Crm, Arc<Users>),
    /// A session, who is in it, and the handle of its database.
    Session(Session, Arc<Users>, crm_database),
}

/// All open handles. The only state of this library that no handle owns.
static TABLE: Mutex<Table<Entry>> = Mutex::new(Table { slots: Vec::new(), free: Vec::new() });

/// A new database.
pub(crate) fn open_database(crm: Crm) -> Result<crm_database> {
    table().open(Entry::Database(crm, Arc::default()))
}

/// A new session on a database. Errors: `handle.invalid`.
pub(crate) fn open_session(
    database: crm_database,
    make: impl FnOnce(&Crm) -> Result<Session>,
) -> Result<crm_session> {
    let mut table = table();
    let Some(Entry::Database(crm, _)) = table.get(database) else { return Err(invalid("database")) };
    let session = make(crm)?;
    table.open(Entry::Session(session, Arc::default(), database))
}

/// The database of a handle, which is not closed while the guard is held. Errors: `handle.invalid`.
pub(crate) fn database(handle: crm_database) -> Result<(Crm, User)> {
    match table().get(handle) {
        Some(Entry::Database(crm, users)) => Ok((crm.clone(), User::enter([users]))),
        _ => Err(invalid("database")),
    }
}

/// The session of a handle: neither it nor its database is closed while the guard is held. From here on the call speaks its
/// language. Errors: `handle.invalid`.
pub(crate) fn session(handle: crm_session) -> Result<(Session, User)> {
    let table = table();
    let Some(Entry::Session(session, of_session, database)) = table.get(handle) else {
        return Err(invalid("session"));
    };
    let Some(Entry::Database(_, of_database)) = table.get(*database) else { return Err(invalid("session")) };
    speak_as(session);
    Ok((session.clone(), User::enter([of_session, of_database])))
}

/// Replaces the session of a handle. Those who use it as it was have left when this returns. The call speaks the language that
/// it had. Errors: `handle.invalid`, those of the change.
pub(crate) fn change_session(
    handle: crm_session,
    change: impl FnOnce(Session) -> Result<Session>,
) -> Result<()> {
    let old = match table().get_mut(handle) {
        Some(Entry::Session(session, users, _)) => {
            speak_as(session);
            *session = change(session.clone())?;
            Users::renew(users)
        }
        _ => return Err(invalid("session")),
    };
    old.wait();
    Ok(())
}

/// Changes something of a database. Those who use it as it was have left when this returns. Errors: `handle.invalid`.
pub(crate) fn change_database(handle: crm_database, change: impl FnOnce(&Crm)) -> Result<()> {
    let old = match table().get_mut(handle) {
        Some(Entry::Database(crm, users)) => {
            change(crm);
            Users::renew(users)
        }
        _ => return Err(invalid("database")),
    };
    old.wait();
    Ok(())
}

/// Closes a database and its sessions. Those who use them have left when this returns. Errors: `handle.invalid`.
pub(crate) fn close_database(handle: crm_database) -> Result<()> {
    let closed = {
        let mut table = table();
        if !matches!(table.get(handle), Some(Entry::Database(..))) {
            return Err(invalid("database"));
        }
        let of_it = |entry: &Entry| matches!(entry, Entry::Session(_, _, database) if *database == handle);
        let mut closed: Vec<Entry> =
            table.find(of_it).into_iter().filter_map(|session| table.close(session)).collect();
        closed.extend(table.close(handle));
        closed
    };
    // Outside the lock: dropping the last one closes the file.
    leave(closed);
    Ok(())
}

/// Closes a session. Those who use it have left when this returns. Errors: `handle.invalid`.
pub(crate) fn close_session(handle: crm_session) -> Result<()> {
    let closed = {
        let mut table = table();
        if !matches!(table.get(handle), Some(Entry::Session(..))) {
            return Err(invalid("session"));
        }
        table.close(handle)
    };
    leave(closed);
    Ok(())
}

fn leave(closed: impl IntoIterator<Item = Entry>) {
    for entry in closed {
        match entry {
            Entry::Database(_, users) | Entry::Session(_, users, _) => users.wait(),
        }
    }
}

fn invalid(kind: &'static str) -> Error {
    Code::INVALID_HANDLE.error().coded("kind", "word", kind)
}

fn table() -> MutexGuard<'static, Table<Entry>> {
    // INVARIANT: nothing between two writes of the table can panic, so a poisoned table is whole.
    TABLE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Slots, each with the generation of what it holds. A handle is generation and place; closing raises the generation, so
/// an old handle is never the handle of something new.
#[derive(Clone, Debug)]
struct Table<T> {
    slots: Vec<Slot<T>>,
    free: Vec<u32>,
}

#[derive(Clone, Debug)]
struct Slot<T> {
    generation: u32,
    entry: Option<T>,
}

impl<T> Table<T> {
    fn open(&mut self, entry: T) -> Result<u64> {
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

    fn get(&self, handle: u64) -> Option<&T> {
        let (generation, at) = parts(handle)?;
        self.slots.get(at).filter(|slot| slot.generation == generation)?.entry.as_ref()
    }

    fn get_mut(&mut self, handle: u64) -> Option<&mut T> {
        let (generation, at) = parts(handle)?;
        self.slots.get_mut(at).filter(|slot| slot.generation == generation)?.entry.as_mut()
    }

    fn find(&self, wanted: impl Fn(&T) -> bool) -> Vec<u64> {
        let slots = self.slots.iter().enumerate();
        let found = slots.filter(|(_, slot)| slot.entry.as_ref().is_some_and(&wanted));
        found.filter_map(|(at, slot)| Some(handle(slot.generation, u32::try_from(at).ok()?))).collect()
    }

    fn close(&mut self, closed: u64) -> Option<T> {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// What the table is to be: the open handles with what they stand for, and every handle that was ever given.
    #[derive(Clone, Default)]
    struct Plain {
        open: Vec<(u64, u32)>,
        given: Vec<u64>,
    }

    fn compare(table: &Table<u32>, plain: &Plain) {
        for handle in plain.given.iter().chain(&[0, 1, u64::MAX, 1 << 63, 7 << 32]) {
            let right = plain.open.iter().find(|(open, _)| open == handle).map(|(_, entry)| entry);
            assert_eq!(table.get(*handle), right, "{handle:x} after {:x?}", plain.given);
        }
        let mut found = table.find(|_| true);
        found.sort_unstable();
        let mut right: Vec<u64> = plain.open.iter().map(|(handle, _)| *handle).collect();
        right.sort_unstable();
        assert_eq!(found, right);
    }

    /// Every sequence of so many steps: opening, and closing any handle ever given, open or not.
    fn every_sequence(table: &Table<u32>, plain: &Plain, steps: u32) -> u64 {
        compare(table, plain);
        if steps == 0 {
            return 1;
        }
        let (mut opened, mut after) = (table.clone(), plain.clone());
        let handle = opened.open(steps).unwrap();
        assert!(handle != 0 && !plain.given.contains(&handle), "{handle:x} was given before");
        after.given.push(handle);
        after.open.push((handle, steps));
        let mut sequences = every_sequence(&opened, &after, steps - 1);
        for closed in &plain.given {
            let (mut table, mut after) = (table.clone(), plain.clone());
            let at = plain.open.iter().position(|(handle, _)| handle == closed);
            assert_eq!(table.close(*closed), at.map(|at| after.open.remove(at).1));
            sequences += every_sequence(&table, &after, steps - 1);
        }
        sequences
    }

    #[test]
    fn every_short_life_of_the_table_is_right() {
        let new = Table { slots: Vec::new(), free: Vec::new() };
        // The numbers of openings and closings: the sum over their places, checked by hand for few steps.
        assert_eq!(every_sequence(&new, &Plain::default(), 3), 5);
        assert!(every_sequence(&new, &Plain::default(), 9) > 20_000);
    }

    #[test]
    fn a_slot_whose_generations_are_used_up_is_left() {
        let old = Slot { generation: u32::MAX - 1, entry: None };
        let table = Table { slots: vec![old], free: vec![0] };
        assert!(every_sequence(&table, &Plain::default(), 9) > 20_000);
        let mut table = table;
        for place in [0, 0, 1, 1] {
            let handle = table.open(1).unwrap();
            assert_eq!(parts(handle).map(|(_, at)| at), Some(place));
            table.close(handle);
        }
    }
}
