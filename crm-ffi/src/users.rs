//! Who is in a database or session: closing waits until they have left, so what a host gave for its callbacks can be freed
//! behind it.

use std::cell::Cell;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// How many are in something.
#[derive(Debug, Default)]
pub(crate) struct Users {
    count: Mutex<usize>,
    left: Condvar,
}

impl Users {
    /// Waits until nobody is in it. From within a callback it does not: the caller would wait for itself.
    pub(crate) fn wait(&self) {
        if DEPTH.get() > 0 {
            return;
        }
        let mut count = self.count();
        while *count > 0 {
            count = self.left.wait(count).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Those who come from now on are counted apart. Gives those to wait for; within a callback nobody is waited for.
    pub(crate) fn renew(users: &mut Arc<Users>) -> Arc<Users> {
        if DEPTH.get() > 0 { Arc::default() } else { std::mem::take(users) }
    }

    fn count(&self) -> MutexGuard<'_, usize> {
        // INVARIANT: counting does not panic.
        self.count.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

thread_local! {
    /// The calls that this thread is in: more than one where a callback calls.
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}

/// Somebody who is in something until this is dropped, on the thread that made it.
pub(crate) struct User {
    of: Vec<Arc<Users>>,
    /// Not to be sent to another thread, whose calls would be counted wrongly.
    _thread: std::marker::PhantomData<*const ()>,
}

impl User {
    /// Enters. To be done while the handle is known to be open: under the lock of the table.
    pub(crate) fn enter<const N: usize>(all: [&Arc<Users>; N]) -> User {
        for users in all {
            let mut count = users.count();
            *count = count.saturating_add(1);
        }
        DEPTH.set(DEPTH.get().saturating_add(1));
        User { of: Vec::from(all.map(Arc::clone)), _thread: std::marker::PhantomData }
    }
}

impl Drop for User {
    fn drop(&mut self) {
        DEPTH.set(DEPTH.get().saturating_sub(1));
        for users in &self.of {
            let mut count = users.count();
            *count = count.saturating_sub(1);
            if *count == 0 {
                users.left.notify_all();
            }
        }
    }
}
