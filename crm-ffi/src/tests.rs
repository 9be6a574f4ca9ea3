//! What a C program cannot provoke: defects.

use super::*;
use crate::call::entry;
use crate::handles;
use crm_kernel::catalogue::Catalogue;
use crm_kernel::change::ChangeSet;
use crm_kernel::context::Language;
use crm_kernel::error::Result;
use crm_kernel::plan::{Aggregate, Found, Group, Query};
use crm_kernel::store::{Store, Tx};
use crm_kernel::value::Row;
use crm_store::memory::MemoryStore;
use crm_store::sqlite::SqliteStore;
use crm_store::{Clock, Crm};
use std::ffi::CStr;
use std::ptr::null_mut;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Steps that are done before the defect; none where it is this.
const SOUND: u64 = u64::MAX;

/// A store with a defect after so many steps of its transactions.
struct Defective {
    inner: Box<dyn Store + Send>,
    left: Arc<AtomicU64>,
}

impl Store for Defective {
    fn begin(&mut self, write: bool, catalogue: &Arc<Catalogue>) -> Result<Box<dyn Tx + '_>> {
        step(&self.left);
        let inner = self.inner.begin(write, catalogue)?;
        Ok(Box::new(DefectiveTx { inner, left: self.left.clone() }))
    }

    fn name(&self) -> &'static str {
        "defective"
    }
}

fn step(left: &AtomicU64) {
    let before = left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| match left {
        SOUND => Some(SOUND),
        left => left.checked_sub(1),
    });
    assert!(before.is_ok(), "a defect");
}

struct DefectiveTx<'a> {
    inner: Box<dyn Tx + 'a>,
    left: Arc<AtomicU64>,
}

/// Each step is counted, then done.
macro_rules! counted {
    ($(fn $name:ident($($argument:ident: $type:ty),*) -> $answer:ty;)*) => {
        impl Tx for DefectiveTx<'_> {
            $(fn $name(&mut self, $($argument: $type),*) -> $answer {
                step(&self.left);
                self.inner.$name($($argument),*)
            })*

            fn commit(self: Box<Self>) -> Result<()> {
                step(&self.left);
                self.inner.commit()
            }
        }
    };
}

counted! {
    fn definitions_revision() -> Result<i64>;
    fn migrate(catalogue: &Arc<Catalogue>) -> Result<()>;
    fn get(kind: u32, id: i64) -> Result<Option<Row>>;
    fn put(kind: u32, old: Option<&Row>, new: &Row) -> Result<()>;
    fn delete(kind: u32, old: &Row) -> Result<()>;
    fn query(plan: &Query) -> Result<Vec<Found>>;
    fn aggregate(plan: &Aggregate) -> Result<Vec<Group>>;
    fn next_number(sequence: &str) -> Result<i64>;
    fn last_number(sequence: &str) -> Result<i64>;
    fn raise_number(sequence: &str, at_least: i64) -> Result<()>;
    fn last_change() -> Result<i64>;
    fn append(change: &ChangeSet) -> Result<()>;
    fn change(no: i64) -> Result<Option<ChangeSet>>;
    fn changes_after(no: i64, limit: u32) -> Result<Vec<ChangeSet>>;
    fn set_tombstone(kind: u32, id: i64, change: Option<i64>) -> Result<()>;
    fn tombstone(kind: u32, id: i64) -> Result<Option<i64>>;
    fn tombstones(kind: u32, after: Option<(i64, i64)>, limit: u32) -> Result<Vec<(i64, i64)>>;
    fn savepoint() -> Result<()>;
    fn release(keep: bool) -> Result<()>;
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

/// A handle that is none has no session, so C hears of it in English; hosts that show codes have texts for them.
#[test]
fn a_wrong_handle_is_told_in_every_language() {
    let refused = handles::session(7).err().expect("no session");
    let told = |language| {
        let mut error = crate::call::told(language, &refused);
        let message = text(&error.message);
        // SAFETY: an error of this library.
        unsafe { crm_error_free(&mut error) };
        message
    };
    assert_eq!(told(Language::En), "this is no open session");
    assert_eq!(told(Language::ZhCn), "句柄无效：它不是打开的会话");
    assert_eq!(told(Language::ZhTw), "控制代碼無效：它不是開啟的工作階段");
}

#[test]
fn a_panic_at_any_step_undoes_the_call_and_the_database_goes_on() {
    let stores: [Box<dyn Store + Send>; 2] =
        [Box::new(MemoryStore::new()), Box::new(SqliteStore::memory().unwrap())];
    for inner in stores {
        let left = Arc::new(AtomicU64::new(SOUND));
        let store = Box::new(Defective { inner, left: left.clone() });
        let database = handles::open_database(Crm::new(store, Clock::system()).unwrap()).unwrap();
        let open = |actor| handles::open_session(database, |crm| Ok(crm.session(actor))).unwrap();
        let setup = r#"{"name":"A","base_currency":"CNY","administrator":"B"}"#;
        let (class, answer, _) = call(open(None), "enterprise.setup", setup);
        assert_eq!(class, crm_class::Ok);
        let answer = crm_kernel::json::Json::parse(&answer).unwrap();
        let administrator = answer.get("administrator").and_then(|id| id.as_text()).unwrap().to_owned();
        let session = open(crm_kernel::id::Id::parse(&administrator));

        let create = r#"{"kind":"department","values":{"code":"EAST","name":"East"}}"#;
        let mut panics = 0;
        let (_, before, _) = call(session, "record.list", r#"{"kind":"department"}"#);
        loop {
            left.store(panics, Ordering::SeqCst);
            let (class, answer, code) = call(session, "record.create", create);
            left.store(SOUND, Ordering::SeqCst);
            if class == crm_class::Ok {
                break;
            }
            assert_eq!((class, answer.as_str(), code.as_str()), (crm_class::Panic, "", "internal.panic"));
            assert_eq!(call(session, "record.list", r#"{"kind":"department"}"#).1, before);
            panics += 1;
        }
        assert!(panics >= 5, "{panics} steps");
        assert!(call(session, "record.count", r#"{"kind":"department"}"#).1.contains("2"));
        handles::close_database(database).unwrap();
    }
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
