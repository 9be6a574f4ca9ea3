//! The rules of the door that a C program cannot provoke: panics, the table of handles over its generations.

use super::*;
use crate::call::entry;
use crate::handles::{self, Entry};
use crm_kernel::catalogue::Catalogue;
use crm_kernel::error::Result;
use crm_kernel::store::{Store, Tx};
use crm_store::memory::MemoryStore;
use crm_store::{Clock, Crm};
use std::ffi::CStr;
use std::ptr::null_mut;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A store that has a defect while it is told to.
struct Defective {
    inner: MemoryStore,
    panics: Arc<AtomicBool>,
}

impl Store for Defective {
    fn begin(&mut self, write: bool, catalogue: &Arc<Catalogue>) -> Result<Box<dyn Tx + '_>> {
        assert!(!self.panics.load(Ordering::SeqCst), "a defect");
        self.inner.begin(write, catalogue)
    }

    fn name(&self) -> &'static str {
        "defective"
    }
}

fn text(buffer: &crm_buffer) -> String {
    if buffer.data.is_null() {
        return String::new();
    }
    // SAFETY: buffers of this library end with NUL.
    let text = unsafe { CStr::from_ptr(buffer.data) };
    assert_eq!(text.to_bytes().len(), buffer.len);
    text.to_str().unwrap().to_owned()
}

/// One call from Rust as C makes it: the class, the answer, the error's code.
fn call(session: crm_session, operation: &str, request: &str) -> (crm_class, String, String) {
    let (mut answer, mut error) = (crm_buffer::EMPTY, crm_error::NONE);
    // SAFETY: the pointers are those of the texts and of the two values above.
    unsafe {
        let class = crm_call(
            session,
            operation.as_ptr().cast(),
            operation.len(),
            request.as_ptr().cast(),
            request.len(),
            &mut answer,
            &mut error,
        );
        let told = (class, text(&answer), text(&error.code));
        crm_buffer_free(&mut answer);
        crm_error_free(&mut error);
        told
    }
}

#[test]
fn a_panic_is_a_class_and_the_database_goes_on() {
    let panics = Arc::new(AtomicBool::new(false));
    let store = Defective { inner: MemoryStore::new(), panics: panics.clone() };
    let crm = Crm::new(Box::new(store), Clock::system()).unwrap();
    let session = handles::open(Entry::Session(crm.session(None), 0)).unwrap();
    let setup = r#"{"name":"A","base_currency":"CNY","administrator":"B"}"#;
    assert_eq!(call(session, "enterprise.setup", setup).0, crm_class::Ok);

    panics.store(true, Ordering::SeqCst);
    assert_eq!(
        call(session, "system.info", "{}"),
        (crm_class::Panic, String::new(), "internal.panic".into())
    );
    panics.store(false, Ordering::SeqCst);

    let (class, answer, _) = call(session, "system.info", "{}");
    assert_eq!(class, crm_class::Ok);
    assert!(answer.contains(r#""set_up":true"#), "{answer}");
    handles::close_session(session).unwrap();
}

#[test]
fn nothing_is_given_with_an_error_and_null_receives_nothing() {
    let mut out: u64 = 7;
    // SAFETY: the pointers are NULL or that of the number above.
    unsafe {
        assert_eq!(crm_open_memory(null_mut(), null_mut()), crm_class::Invalid);
        assert_eq!(crm_session_open(0, 0, null_mut(), 0, &mut out, null_mut()), crm_class::Handle);
        assert_eq!(out, 0);
        assert_eq!(entry::<u64, u64>(null_mut(), 0, null_mut(), || Ok(1)), crm_class::Ok);
        crm_buffer_free(null_mut());
        crm_error_free(null_mut());
    }
}

#[test]
fn a_handle_is_never_the_handle_of_something_later() {
    let crm = crm_store::open_memory().unwrap();
    let mut old = Vec::new();
    for _ in 0..100 {
        let database = handles::open(Entry::Database(crm.clone())).unwrap();
        let session = handles::open(Entry::Session(crm.session(None), database)).unwrap();
        assert!(!old.contains(&database) && !old.contains(&session) && database != session);
        assert!(handles::session(database).is_err() && handles::database(session).is_err());
        assert!(handles::close_session(database).is_err() && handles::close_database(session).is_err());
        handles::close_database(database).unwrap();
        // Its session went with it.
        assert!(handles::session(session).is_err() && handles::close_session(session).is_err());
        old.extend([database, session]);
    }
    assert!(
        old.iter().all(|handle| handles::database(*handle).is_err() && handles::session(*handle).is_err())
    );
    assert!([0, 1, u64::MAX, 1 << 63].iter().all(|forged| handles::close_session(*forged).is_err()));
}
