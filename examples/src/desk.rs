//! A desk at which somebody works: sessions of several people on one database, with a clock that the program sets.

use crm_kernel::date::Instant;
use crm_kernel::error::{Error, Result};
use crm_kernel::id::Id;
use crm_kernel::json::Json;
use crm_kernel::store::Store;
use crm_store::memory::MemoryStore;
use crm_store::sqlite::{Options, SqliteStore};
use crm_store::{Clock, Crm};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};

/// An open database and the people who work on it.
pub struct Desk {
    crm: Crm,
    now: Arc<AtomicI64>,
    temporary: Option<PathBuf>,
    /// Who acts.
    pub actor: Option<Id>,
}

impl Desk {
    /// Opens the database at a path, or a temporary one that is removed in the end.
    pub fn open(path: Option<&Path>) -> Result<Desk> {
        static OPENED: AtomicU32 = AtomicU32::new(0);
        let temporary = path.is_none().then(|| {
            let (process, nth) = (std::process::id(), OPENED.fetch_add(1, Ordering::Relaxed));
            std::env::temp_dir().join(format!("crm-quote-to-cash-{process}-{nth}.db"))
        });
        let file = path.or(temporary.as_deref()).unwrap_or(Path::new("crm.db"));
        Desk::on(Box::new(SqliteStore::open(file, Options::default())?), temporary)
    }

    /// A database in memory, to try something on.
    pub fn in_memory() -> Result<Desk> {
        Desk::on(Box::new(MemoryStore::new()), None)
    }

    fn on(store: Box<dyn Store + Send>, temporary: Option<PathBuf>) -> Result<Desk> {
        let now = Arc::new(AtomicI64::new(0));
        let told = now.clone();
        let clock =
            Clock::new(move || Instant::from_millis(told.load(Ordering::Relaxed)).unwrap_or(Instant::EPOCH));
        Ok(Desk { crm: Crm::new(store, clock)?, now, temporary, actor: None })
    }

    /// Sets the clock.
    pub fn set_now(&self, now: Instant) {
        self.now.store(now.millis(), Ordering::Relaxed);
    }

    /// Runs an operation as whoever acts.
    pub fn call(&self, operation: &str, request: &Json) -> Result<Json> {
        Json::parse(&self.crm.session(self.actor).call_json(operation, &request.to_string())?)
    }

    /// Runs an operation as somebody else.
    pub fn call_as(&self, actor: &str, operation: &str, request: &Json) -> Result<Json> {
        Json::parse(&self.crm.session(Id::parse(actor)).call_json(operation, &request.to_string())?)
    }

    /// The message of an error.
    pub fn message(&self, error: &Error) -> String {
        let json = self.crm.session(self.actor).error_json(error);
        let text = |key: &str| json.get(key).and_then(Json::as_text).unwrap_or_default().to_owned();
        format!("{} ({})", text("message"), text("code"))
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        if let Some(file) = &self.temporary {
            for end in ["", "-wal", "-shm", "-journal"] {
                let mut name = file.as_os_str().to_owned();
                name.push(end);
                let _ = std::fs::remove_file(name);
            }
        }
    }
}

/// An object from members.
pub fn object(members: &[(&str, Json)]) -> Json {
    Json::Object(members.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect())
}

/// The text at a pointer; empty where there is none.
pub fn text(json: &Json, pointer: &str) -> String {
    json.at(pointer).and_then(Json::as_text).unwrap_or_default().to_owned()
}

/// A JSON value with `$name` in its texts replaced; a text that is nothing but a name becomes the value.
pub fn filled(json: &Json, names: &[(&str, &str)]) -> Json {
    match json {
        Json::Text(text) => {
            let mut text = text.clone();
            for (name, value) in names {
                text = text.replace(&format!("${name}"), value);
            }
            Json::Text(text)
        }
        Json::List(items) => Json::List(items.iter().map(|item| filled(item, names)).collect()),
        Json::Object(members) => {
            Json::Object(members.iter().map(|(key, value)| (key.clone(), filled(value, names))).collect())
        }
        other => other.clone(),
    }
}
