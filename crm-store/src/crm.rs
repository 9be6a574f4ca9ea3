//! An open database for Rust programs: an engine behind a lock, and sessions on it.

use crm_domain::{Caller, Engine};
use crm_kernel::context::Language;
use crm_kernel::date::Instant;
use crm_kernel::error::{Error, Result};
use crm_kernel::id::Id;
use crm_kernel::json::Json;
use crm_kernel::model::Model;
use crm_kernel::operation::Operation;
use crm_kernel::store::Store;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

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
}

impl Crm {
    /// The engine over a store, with a clock. Errors: those of [`Engine::open`].
    pub fn new(store: Box<dyn Store + Send>, clock: Clock) -> Result<Crm> {
        let engine = Engine::open(store, 0)?;
        let model = engine.model().clone();
        Ok(Crm { shared: Arc::new(Shared { engine: Mutex::new(engine), model, clock }) })
    }

    /// A session of an employee, in English until it is told otherwise; without actor where nobody has signed in yet.
    /// The host vouches for the actor.
    pub fn session(&self, actor: impl Into<Option<Id>>) -> Session {
        Session {
            crm: self.clone(),
            clock: self.shared.clock.clone(),
            actor: actor.into(),
            on_behalf: None,
            language: Language::default(),
            reason: None,
        }
    }

    /// Areas, operations and texts.
    pub fn model(&self) -> &Model {
        &self.shared.model
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

/// Who works on a database, in which language and for whom.
#[derive(Clone, Debug)]
pub struct Session {
    crm: Crm,
    clock: Clock,
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

    /// The same session with a reason for the change log.
    #[must_use]
    pub fn because(mut self, reason: impl Into<String>) -> Session {
        self.reason = Some(reason.into());
        self
    }

    /// The same session with a clock of its own.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Session {
        self.clock = clock;
        self
    }

    /// Runs an operation on JSON text and gives JSON text. Errors: those of [`Engine::call`].
    pub fn call(&self, operation: &str, request: &str) -> Result<String> {
        let caller = self.caller();
        self.crm.engine().call(&caller, operation, request)
    }

    /// Runs a typed operation, with the same rights and errors. Errors: those of [`Engine::run`].
    ///
    /// ```
    /// use crm_domain::records::Info;
    /// let session = crm_store::open_memory()?.session(None);
    /// assert!(!session.run(Info {})?.set_up);
    /// # Ok::<(), crm_kernel::error::Error>(())
    /// ```
    pub fn run<O: Operation>(&self, request: O) -> Result<O::Answer> {
        let caller = self.caller();
        self.crm.engine().run(&caller, request)
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
        }
    }
}
