//! The web door: text in, text out, on the same engine and the same SQLite store as every other door.
//!
//! [`Door`] is what JavaScript gets, without JavaScript: it builds everywhere and is tested natively. For the browser
//! `binding` wraps it. `js/` makes of the texts what a page works with; `docs/concepts/web.md` tells how the parts play
//! together. The package is built by `tools/wasm.sh`. Adding an operation to the engine adds nothing here.

#[cfg(target_family = "wasm")]
mod binding;
#[cfg(test)]
mod tests;

use crm_kernel::context::Language;
use crm_kernel::date::Instant;
use crm_kernel::error::{Code, Error, Result};
use crm_kernel::id::Id;
use crm_kernel::json::Json;
use crm_kernel::zone::Zone;
use crm_store::sqlite::{Journal, Options};
use crm_store::{Clock, Crm, Session};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// What is handed on, or an error's JSON text.
pub type Told<A> = std::result::Result<A, String>;

/// An open database.
#[derive(Debug)]
pub struct Door {
    crm: Crm,
    language: Language,
    has_changed: Arc<AtomicBool>,
}

impl Door {
    /// An empty database in memory, which lives as long as the value. `language` is that of errors outside of calls.
    /// Errors: `store.io`, `internal.error`, as JSON text.
    pub fn memory(language: &str) -> Told<Door> {
        static LAST: AtomicU64 = AtomicU64::new(0);
        // With a name, so that copies are made as of a file.
        Door::open(&format!("file:/crm-{}?vfs=memdb", LAST.fetch_add(1, Ordering::Relaxed)), language)
    }

    /// A file of SQLite's default file system, which is made where there is none. `language` is that of errors outside of
    /// calls. Errors: those of [`Crm::open`], as JSON text.
    pub fn open(path: &str, language: &str) -> Told<Door> {
        let language = Language::parse(language).unwrap_or_default();
        let options = Options { journal: Journal::Rollback, ..Options::default() };
        // Every call brings its own time: a browser has no clock for Rust.
        let crm = Crm::open(path, options, Clock::fixed(Instant::EPOCH))
            .map_err(|error| without_database(language, &error))?;
        let has_changed = Arc::new(AtomicBool::new(false));
        let told = has_changed.clone();
        crm.on_change(Some(Arc::new(move || told.store(true, Ordering::Relaxed))));
        Ok(Door { crm, language, has_changed })
    }

    /// Runs an operation on JSON text for a caller, JSON text too: `{"actor", "on_behalf", "language", "now", "reason", "zone",
    /// "zone_rule"}`, all but `now` optional; `now` is in milliseconds since 1970-01-01T00:00:00Z. Gives the answer's JSON text,
    /// or the error's: class, code, message in the caller's language, details.
    pub fn call(&self, caller: &str, operation: &str, request: &str) -> Told<String> {
        self.with(caller, |session| session.call_json(operation, request))
    }

    /// As [`Door::call`], for a request that was handed to an owner of the file who is gone. What only reads is run; what
    /// writes may have been committed, so it is refused with `store.outcome_unknown`.
    pub fn call_again(&self, caller: &str, operation: &str, request: &str) -> Told<String> {
        let writes = self.crm.model().operation(operation).is_some_and(|row| row.writes);
        if writes {
            self.with(caller, |_| Err(Code::OUTCOME_UNKNOWN.error()))
        } else {
            self.call(caller, operation, request)
        }
    }

    /// Why something that cannot be repeated was not: an error's JSON text.
    pub fn unknown_outcome(&self) -> String {
        self.crm.error_json(self.language, &Code::OUTCOME_UNKNOWN.error()).to_string()
    }

    /// The change log above a number, at most `limit` sets, as the JSON text of [`crm_store::Changes`]. Errors: those of
    /// [`Crm::changes`], as JSON text.
    pub fn changes(&self, after: i64, limit: u32) -> Told<String> {
        self.told(self.crm.changes(after, limit).map(|changes| changes.to_json().to_string()))
    }

    /// Whether anything has changed since this was last asked.
    pub fn take_changed(&self) -> bool {
        self.has_changed.swap(false, Ordering::Relaxed)
    }

    /// The database as the bytes of a file. Errors: those of [`Crm::to_bytes`], as JSON text.
    pub fn export(&self) -> Told<Vec<u8>> {
        self.told(self.crm.to_bytes())
    }

    /// Puts the content of a file in the place of everything. Errors: those of [`Crm::restore_from_bytes`], as JSON text, with the
    /// database as it was.
    pub fn import(&self, bytes: &[u8]) -> Told<()> {
        self.told(self.crm.restore_from_bytes(bytes))
    }

    fn with<A>(&self, caller: &str, work: impl FnOnce(&Session) -> Result<A>) -> Told<A> {
        let caller = Json::parse(caller).unwrap_or_default();
        // The language first: problems of the rest are told in it.
        let language = caller.get("language").and_then(Json::as_text).and_then(Language::parse);
        let done = session(&self.crm, &caller).and_then(|session| work(&session));
        done.map_err(|error| self.crm.error_json(language.unwrap_or_default(), &error).to_string())
    }

    fn told<A>(&self, done: Result<A>) -> Told<A> {
        done.map_err(|error| self.crm.error_json(self.language, &error).to_string())
    }
}

fn without_database(language: Language, error: &Error) -> String {
    match crm_domain::model() {
        Ok(model) => model.texts().error(language, error).to_string(),
        Err(defect) => defect.to_string(),
    }
}

/// The session of one call.
fn session(crm: &Crm, caller: &Json) -> Result<Session> {
    let text = |name: &'static str| match caller.get(name) {
        None | Some(Json::Null) => Ok(None),
        Some(value) => value.as_text().map(Some).ok_or_else(|| Error::unknown_argument(name, value.clone())),
    };
    let employee = |name| {
        let id = text(name)?;
        id.map(|id| Id::parse(id).ok_or_else(|| Error::unknown_argument(name, id))).transpose()
    };
    let now = caller.get("now").unwrap_or(&Json::Null);
    let now = now
        .as_int()
        .and_then(Instant::from_millis)
        .ok_or_else(|| Error::unknown_argument("now", now.clone()))?;
    let language = text("language")?;
    let language = language
        .map(|tag| Language::parse(tag).ok_or_else(|| Error::unknown_argument("language", tag)))
        .transpose()?;
    let zone = match (text("zone")?, text("zone_rule")?) {
        (None, None) => None,
        (Some(name), None) => Some(Zone::named(name).ok_or_else(|| Error::unknown_argument("zone", name))?),
        (name, Some(rule)) => Some(
            Zone::parse(name.unwrap_or(rule), rule)
                .map_err(|_| Error::unknown_argument("zone_rule", rule))?,
        ),
    };
    Ok(crm
        .session(employee("actor")?)
        .on_behalf(employee("on_behalf")?)
        .language(language.unwrap_or_default())
        .because(text("reason")?.unwrap_or_default())
        .zone(zone)
        .clock(Clock::fixed(now)))
}
