//! The Rust door: a `Crm` and its sessions, as a Rust program has them.

use super::door::{Call, Door, Outcome, StoreKind};
use crm_kernel::context::Language;
use crm_kernel::date::Instant;
use crm_kernel::id::Id;
use crm_kernel::store::Store;
use crm_store::memory::MemoryStore;
use crm_store::sqlite::SqliteStore;
use crm_store::{Clock, Crm, Session};

/// The database that is open.
#[derive(Default)]
pub struct RustDoor {
    crm: Option<Crm>,
}

impl RustDoor {
    /// Nothing is open yet.
    pub fn new() -> RustDoor {
        RustDoor::default()
    }

    /// With a database that stands.
    pub fn with(crm: Crm) -> RustDoor {
        RustDoor { crm: Some(crm) }
    }

    /// The open database.
    pub fn crm(&self) -> Option<&Crm> {
        self.crm.as_ref()
    }
}

impl Door for RustDoor {
    fn name(&self) -> &'static str {
        "rust"
    }

    fn stores(&self) -> &'static [StoreKind] {
        &StoreKind::ALL
    }

    fn open(&mut self, store: StoreKind) -> Result<(), String> {
        self.crm = Some(crm(store.open()?)?);
        Ok(())
    }

    fn call(&mut self, call: &Call<'_>) -> Result<Outcome, String> {
        let session = session(self.crm.as_ref().ok_or("no database is open")?, call)?;
        Ok(outcome(&session, session.call_json(call.operation, call.request)))
    }
}

/// The session of a call.
pub(super) fn session(crm: &Crm, call: &Call<'_>) -> Result<Session, String> {
    let now = Instant::parse(call.now).map_err(|_| format!("`{}` is no instant", call.now))?;
    let language =
        Language::parse(call.language).ok_or_else(|| format!("`{}` is no language", call.language))?;
    Ok(crm
        .session(employee(call.actor.as_deref())?)
        .on_behalf(employee(call.on_behalf.as_deref())?)
        .language(language)
        .clock(Clock::fixed(now))
        .because(call.reason.unwrap_or_default()))
}

/// What came of a call, as text.
pub(super) fn outcome(session: &Session, answer: crm_kernel::error::Result<String>) -> Outcome {
    match answer {
        Ok(answer) => Outcome::Answer(answer),
        Err(error) => Outcome::Error(session.error_json(&error).to_string()),
    }
}

/// A database over a store. Every call brings its own time.
pub(super) fn crm(store: Box<dyn Store + Send>) -> Result<Crm, String> {
    Crm::new(store, Clock::fixed(Instant::EPOCH)).map_err(|error| error.to_string())
}

impl StoreKind {
    /// A new, empty store.
    pub fn open(self) -> Result<Box<dyn Store + Send>, String> {
        Ok(match self {
            StoreKind::Memory => Box::new(MemoryStore::new()),
            StoreKind::Sqlite => Box::new(SqliteStore::memory().map_err(|error| error.to_string())?),
        })
    }
}

fn employee(id: Option<&str>) -> Result<Option<Id>, String> {
    id.map(|id| Id::parse(id).ok_or_else(|| format!("`{id}` is no id"))).transpose()
}
