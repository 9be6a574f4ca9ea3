//! The web door: text in, text out, on the same engine as every other door. In memory.
//!
//! [`Door`] is what JavaScript gets, without JavaScript: it builds everywhere and is tested natively. For the browser
//! `binding` wraps it. `js/core.js` makes of the texts what a page works with. The package is built by `tools/wasm.sh`.
//! Adding an operation to the engine adds nothing here.

#[cfg(target_family = "wasm")]
mod binding;

use crm_kernel::context::Language;
use crm_kernel::date::Instant;
use crm_kernel::error::{Code, Result};
use crm_kernel::id::Id;
use crm_store::memory::MemoryStore;
use crm_store::{Clock, Crm};

/// An open database and nothing else.
#[derive(Debug)]
pub struct Door {
    crm: Crm,
}

/// Who calls, when, in which language: as text, for each call.
#[derive(Clone, Debug, Default)]
pub struct Caller {
    /// The employee's id; nobody where there is none.
    pub actor: Option<String>,
    /// On whose behalf.
    pub on_behalf: Option<String>,
    /// `zh-CN`, `zh-TW` or `en`.
    pub language: String,
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub now: i64,
    /// Why, for the change log.
    pub reason: Option<String>,
}

impl Door {
    /// An empty database in memory. Errors: `internal.error`.
    pub fn open() -> Result<Door> {
        // Every call brings its own time: a browser has no clock for Rust.
        Ok(Door { crm: Crm::new(Box::new(MemoryStore::new()), Clock::fixed(Instant::EPOCH))? })
    }

    /// Runs an operation on JSON text. Gives the answer's JSON text, or the error's: class, code, message in the caller's
    /// language, details.
    pub fn call(
        &self,
        caller: &Caller,
        operation: &str,
        request: &str,
    ) -> std::result::Result<String, String> {
        let language = Language::parse(&caller.language);
        let answer = language.ok_or_else(|| invalid("language", &caller.language)).and_then(|language| {
            let now =
                Instant::from_millis(caller.now).ok_or_else(|| invalid("now", &caller.now.to_string()))?;
            let mut session = self
                .crm
                .session(employee("actor", caller.actor.as_deref())?)
                .on_behalf(employee("on_behalf", caller.on_behalf.as_deref())?)
                .language(language)
                .clock(Clock::fixed(now));
            if let Some(reason) = &caller.reason {
                session = session.because(reason.clone());
            }
            session.call(operation, request)
        });
        answer.map_err(|error| self.crm.error_json(language.unwrap_or_default(), &error).to_string())
    }
}

fn employee(name: &'static str, id: Option<&str>) -> Result<Option<Id>> {
    id.map(|id| Id::parse(id).ok_or_else(|| invalid(name, id))).transpose()
}

fn invalid(argument: &'static str, found: &str) -> crm_kernel::error::Error {
    Code::INVALID_TEXT.error().with("argument", argument).with("fault", found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_company_is_set_up_and_worked_on() {
        let door = Door::open().unwrap();
        let mut caller = Caller { language: "en".to_owned(), now: 1_772_424_000_000, ..Caller::default() };
        let setup = r#"{"name":"A","base_currency":"CNY","administrator":"B"}"#;
        let answer = door.call(&caller, "enterprise.setup", setup).unwrap();
        let answer = crm_kernel::json::Json::parse(&answer).unwrap();
        let list = |caller: &Caller| door.call(caller, "record.list", r#"{"kind":"department"}"#);
        assert!(list(&caller).unwrap_err().contains(r#""code":"permission.no_actor""#));
        caller.actor = answer.get("administrator").and_then(|id| id.as_text()).map(str::to_owned);
        assert!(list(&caller).unwrap().contains(r#""code":"HQ""#));
    }

    #[test]
    fn a_caller_that_is_none_is_refused() {
        let door = Door::open().unwrap();
        let good = Caller { language: "en".to_owned(), ..Caller::default() };
        let rows = [
            Caller { language: "fr".to_owned(), ..good.clone() },
            Caller { actor: Some("x".to_owned()), ..good.clone() },
            Caller { on_behalf: Some("-1".to_owned()), ..good.clone() },
            Caller { now: i64::MAX, ..good.clone() },
        ];
        for caller in rows {
            let error = door.call(&caller, "system.info", "{}").unwrap_err();
            assert!(error.contains(r#""code":"request.invalid_text""#), "{caller:?}: {error}");
        }
        assert!(door.call(&good, "system.info", "{}").is_ok());
    }
}
