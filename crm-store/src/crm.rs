//! An open database for Rust programs: an engine behind a lock, and sessions on it.

use crate::changes::Changes;
use crate::interrupt::{Asked, Running, Stoppable};
#[cfg(feature = "sqlite")]
use crate::sqlite::{Options, SqliteStore};
use crm_domain::{Caller, Engine};
use crm_kernel::catalogue::Catalogue;
use crm_kernel::codec::Decoder;
use crm_kernel::context::Language;
use crm_kernel::date::Instant;
use crm_kernel::error::{Code, Error, Result};
use crm_kernel::id::Id;
use crm_kernel::json::Json;
use crm_kernel::model::Model;
use crm_kernel::operation::Operation;
use crm_kernel::store::Store;
use crm_kernel::zone::Zone;
use std::cell::Cell;
use std::fmt;
#[cfg(feature = "sqlite")]
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many replica numbers ids have room for.
const REPLICAS: u16 = 1 << 10;

/// Where the time comes from: the system, or whatever the host gives (a fixed time in tests, a replay).
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Instant + Send + Sync>);

impl Clock {
    /// A clock of the host's own. It is asked once a call.
    pub fn new(now: impl Fn() -> Instant + Send + Sync + 'static) -> Clock {
        Clock(Arc::new(now))
    }

    /// A clock that stands.
    pub fn fixed(now: Instant) -> Clock {
        Clock::new(move || now)
    }

    /// The clock of the system. A browser has none for Rust: there the host gives one.
    #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
    pub fn system() -> Clock {
        use std::time::{SystemTime, UNIX_EPOCH};
        Clock::new(|| {
            let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            let millis = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
            Instant::from_millis(millis).unwrap_or(Instant::MAX)
        })
    }

    /// The time.
    pub fn now(&self) -> Instant {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clock({})", self.now())
    }
}

/// An open database. Clones share it; it is closed when the last clone and the last session are dropped. Calls of all
/// sessions run one after the other.
#[derive(Clone)]
pub struct Crm {
    shared: Arc<Shared>,
}

struct Shared {
    engine: Mutex<Engine>,
    model: Arc<Model>,
    clock: Clock,
    #[cfg(feature = "sqlite")]
    replica: u16,
    running: Arc<Running>,
    wake: Mutex<Option<Wake>>,
    #[cfg(feature = "sqlite")]
    file: Option<(PathBuf, Options)>,
}

/// Called when something has changed.
type Wake = Arc<dyn Fn() + Send + Sync>;

impl Crm {
    /// The engine over a store, with a clock. Ids follow from the clock and a counter, so the same calls at the same times
    /// give the same ids. Errors: those of [`Engine::open`].
    pub fn new(store: Box<dyn Store + Send>, clock: Clock) -> Result<Crm> {
        Crm::with_replica(store, clock, 0)
    }

    /// The same with a number of its own in its ids, 0 to 1023, for databases whose records will meet. Errors: those of
    /// [`Engine::open`], `value.out_of_range` for another number.
    pub fn with_replica(store: Box<dyn Store + Send>, clock: Clock, replica: u16) -> Result<Crm> {
        if replica >= REPLICAS {
            return Err(Code::OUT_OF_RANGE.error());
        }
        let running = Arc::new(Running::default());
        let engine = Engine::open(Box::new(Stoppable::new(store, running.clone())), replica)?;
        let model = engine.model().clone();
        let shared = Shared {
            engine: Mutex::new(engine),
            model,
            clock,
            #[cfg(feature = "sqlite")]
            replica,
            running,
            wake: Mutex::new(None),
            #[cfg(feature = "sqlite")]
            file: None,
        };
        Ok(Crm { shared: Arc::new(shared) })
    }

    /// The engine over a database file, which is made where there is none. Errors: those of [`SqliteStore::open`].
    #[cfg(feature = "sqlite")]
    pub fn open(path: impl AsRef<Path>, options: Options, clock: Clock) -> Result<Crm> {
        let store = SqliteStore::open(&path, options.clone())?;
        let mut crm = Crm::new(Box::new(store), clock)?;
        if let Some(shared) = Arc::get_mut(&mut crm.shared) {
            shared.file = Some((path.as_ref().to_owned(), options));
        }
        Ok(crm)
    }

    /// A session of an employee, in English until it is told otherwise; without actor where nobody has signed in yet.
    /// The host vouches for the actor.
    pub fn session(&self, actor: impl Into<Option<Id>>) -> Session {
        Session {
            crm: self.clone(),
            asked: Asked::default(),
            clock: self.shared.clock.clone(),
            zone: None,
            actor: actor.into(),
            on_behalf: None,
            language: Language::default(),
            reason: None,
        }
    }

    /// What has changed above a change set, at most `limit` sets; 0 for everything. A host that keeps
    /// [`next`](Changes::next) with its own data misses nothing and sees nothing twice, also over a restart.
    ///
    /// Errors: `list.bad_cursor` where there is no such change set, as after an older copy was restored; those of reading.
    pub fn changes(&self, after: i64, limit: u32) -> Result<Changes> {
        let mut engine = self.engine();
        let sets = engine.changes_after(after, limit)?;
        let last = engine.last_change();
        if !(0..=last).contains(&after) {
            return Err(Code::BAD_CURSOR.at("/after"));
        }
        Ok(Changes::new(engine.catalogue(), after, last, &sets))
    }

    /// Calls `wake` whenever a call of this `Crm` has changed something, or has found that another process did: on the thread
    /// of that call, when it is done and nothing is locked. It carries nothing: [`Crm::changes`] tells what. What is
    /// changed from within it does not call it again. `None` ends it.
    pub fn on_change(&self, wake: Option<Arc<dyn Fn() + Send + Sync>>) {
        // INVARIANT: assigning cannot panic.
        *self.shared.wake.lock().unwrap_or_else(PoisonError::into_inner) = wake;
    }

    /// Copies the database into a file while others go on, as it is at one moment. The copy is one file in rollback-journal
    /// mode. An earlier copy at the place is overwritten. Errors: `store.unsupported` where the database is no file; those of
    /// [`SqliteStore::backup_to`].
    #[cfg(feature = "sqlite")]
    pub fn backup_to(&self, path: impl AsRef<Path>) -> Result<()> {
        let (file, options) = self.file()?;
        // A connection of its own: calls go on meanwhile.
        SqliteStore::open(file, Options { read_only: true, ..options.clone() })?.backup_to(path)
    }

    /// Puts the content of a copy in the place of everything. Calls wait meanwhile; sessions stay, and mean the employees
    /// of the copy. The change log is the copy's too, so a host that follows it begins anew. Errors: `store.unsupported`
    /// where the database is no file; those of [`SqliteStore::restore_from`], with the database as it was.
    #[cfg(feature = "sqlite")]
    pub fn restore_from(&self, path: impl AsRef<Path>) -> Result<()> {
        self.restore(|store| store.restore_from(path))
    }

    /// The database as the bytes of one file in rollback-journal mode, for hosts that have no files. Calls wait meanwhile.
    /// Errors: `store.unsupported` where the database is no file; those of [`SqliteStore::to_bytes`].
    #[cfg(feature = "sqlite")]
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let (file, options) = self.file()?;
        let _waiting = self.engine();
        SqliteStore::open(file, Options { read_only: true, ..options.clone() })?.to_bytes()
    }

    /// As [`Crm::restore_from`], from the bytes of a file. Errors: `store.unsupported` where the database is no file; those of
    /// [`SqliteStore::restore_from_bytes`], with the database as it was.
    #[cfg(feature = "sqlite")]
    pub fn restore_from_bytes(&self, bytes: &[u8]) -> Result<()> {
        self.restore(|store| store.restore_from_bytes(bytes))
    }

    #[cfg(feature = "sqlite")]
    fn restore(&self, restore: impl FnOnce(&mut SqliteStore) -> Result<()>) -> Result<()> {
        let (file, options) = self.file()?;
        {
            let mut engine = self.engine();
            let mut store = SqliteStore::open(file, options.clone())?;
            restore(&mut store)?;
            let store = Box::new(Stoppable::new(Box::new(store), self.shared.running.clone()));
            *engine = Engine::open(store, self.shared.replica)?;
        }
        self.wake();
        Ok(())
    }

    #[cfg(feature = "sqlite")]
    fn file(&self) -> Result<&(PathBuf, Options)> {
        self.shared.file.as_ref().ok_or_else(|| Code::UNSUPPORTED.error())
    }

    fn wake(&self) {
        let wake = self.shared.wake.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let (Some(wake), Some(_within)) = (wake, Waking::start()) {
            wake();
        }
    }

    /// Areas, operations and texts.
    pub fn model(&self) -> &Model {
        &self.shared.model
    }

    /// The definitions in force, those made at run time among them.
    pub fn catalogue(&self) -> Arc<Catalogue> {
        self.engine().catalogue().clone()
    }

    /// A request from JSON text, for operations with many fields of which few are given: the others have their defaults.
    /// Errors: `request.invalid_json`, `request.invalid`.
    ///
    /// ```
    /// use crm_store::domain::records::List;
    /// let crm = crm_store::open_memory()?;
    /// let customers: List = crm.request(r#"{"kind":"customer","order":["name"]}"#)?;
    /// assert_eq!((customers.kind.as_str(), customers.limit), ("customer", 50));
    /// # Ok::<(), crm_store::kernel::error::Error>(())
    /// ```
    pub fn request<O: Operation>(&self, json: &str) -> Result<O> {
        let request = Json::parse(json)?;
        O::from_row(&Decoder::new(&self.catalogue()).message(O::def(), &request)?)
    }

    /// An error as hosts get it: class, code, message in a language, details.
    pub fn error_json(&self, language: Language, error: &Error) -> Json {
        self.shared.model.texts().error(language, error)
    }

    fn engine(&self) -> MutexGuard<'_, Engine> {
        // INVARIANT: the engine changes what it remembers only after a commit, and an open transaction is undone when
        // it is dropped: an engine in which a call has panicked is the engine as it was before that call.
        self.shared.engine.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Crm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Crm({})", self.engine().store_name())
    }
}

/// While this thread is in a wake-up call.
struct Waking;

thread_local! {
    static WAKES: Cell<bool> = const { Cell::new(false) };
}

impl Waking {
    /// `None` where it is in one already.
    fn start() -> Option<Waking> {
        (!WAKES.replace(true)).then_some(Waking)
    }
}

impl Drop for Waking {
    fn drop(&mut self) {
        WAKES.set(false);
    }
}

/// Who works on a database, in which language and for whom. Clones are the same session.
#[derive(Clone, Debug)]
pub struct Session {
    crm: Crm,
    asked: Asked,
    clock: Clock,
    zone: Option<Zone>,
    actor: Option<Id>,
    on_behalf: Option<Id>,
    language: Language,
    reason: Option<String>,
}

impl Session {
    /// The same session in another language of messages.
    #[must_use]
    pub fn language(mut self, language: Language) -> Session {
        self.language = language;
        self
    }

    /// The same session on behalf of another employee.
    #[must_use]
    pub fn on_behalf(mut self, employee: impl Into<Option<Id>>) -> Session {
        self.on_behalf = employee.into();
        self
    }

    /// The same session with a reason for the change log; an empty one is none.
    #[must_use]
    pub fn because(mut self, reason: impl Into<String>) -> Session {
        self.reason = Some(reason.into()).filter(|reason| !reason.is_empty());
        self
    }

    /// The same session with a clock of its own.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Session {
        self.clock = clock;
        self
    }

    /// The same session with a zone of its own, in which its business dates are found; none is the enterprise's.
    #[must_use]
    pub fn zone(mut self, zone: impl Into<Option<Zone>>) -> Session {
        self.zone = zone.into();
        self
    }

    /// Runs an operation: the request is the operation. Errors: those of [`Engine::run`], `store.interrupted`.
    ///
    /// ```
    /// use crm_store::domain::records::Info;
    /// let session = crm_store::open_memory()?.session(None);
    /// assert!(!session.call(Info {})?.set_up);
    /// # Ok::<(), crm_store::kernel::error::Error>(())
    /// ```
    pub fn call<O: Operation>(&self, request: O) -> Result<O::Answer> {
        self.with_engine(|engine, caller| engine.run(caller, request))
    }

    /// Runs an operation that only reads for many requests, at one moment. Errors: those of [`Engine::run_each`].
    pub fn call_each<O: Operation>(&self, requests: &[O]) -> Result<Vec<Result<O::Answer>>> {
        self.with_engine(|engine, caller| engine.run_each(caller, requests))
    }

    /// Runs an operation by its name on JSON text and gives JSON text, with the same rights and errors: what the doors of other
    /// languages do. Errors: those of [`Engine::call`], `store.interrupted`.
    ///
    /// ```
    /// let session = crm_store::open_memory()?.session(None);
    /// assert!(session.call_json("system.info", "{}")?.contains(r#""set_up":false"#));
    /// # Ok::<(), crm_store::kernel::error::Error>(())
    /// ```
    pub fn call_json(&self, operation: &str, request: &str) -> Result<String> {
        self.with_engine(|engine, caller| engine.call(caller, operation, request))
    }

    /// Stops the calls of this session that have begun, on whatever thread: each ends with `store.interrupted` and has
    /// changed nothing. A call that is being committed is not stopped any more. Other sessions go on.
    pub fn interrupt(&self) {
        self.crm.shared.running.stop(&self.asked);
    }

    fn with_engine<A>(&self, work: impl FnOnce(&mut Engine, &Caller) -> Result<A>) -> Result<A> {
        // Before the engine is waited for: a call that waits can be stopped too.
        let began = self.asked.load(Ordering::SeqCst);
        let caller = self.caller();
        let (done, has_changed) = {
            let mut engine = self.crm.engine();
            let _running = self.crm.shared.running.start(&self.asked, began);
            let before = engine.last_change();
            let done = work(&mut engine, &caller);
            (done, engine.last_change() != before)
        };
        if has_changed {
            self.crm.wake();
        }
        done
    }

    /// An error as hosts get it, in the language of this session.
    pub fn error_json(&self, error: &Error) -> Json {
        self.crm.error_json(self.language, error)
    }

    /// The language of its messages.
    pub fn current_language(&self) -> Language {
        self.language
    }

    /// The database.
    pub fn crm(&self) -> &Crm {
        &self.crm
    }

    /// Asks the clock, which may be the host's: always before the engine is locked.
    fn caller(&self) -> Caller {
        Caller {
            now: self.clock.now(),
            actor: self.actor,
            on_behalf: self.on_behalf,
            language: self.language,
            reason: self.reason.clone(),
            zone: self.zone.clone(),
        }
    }
}
