//! The demonstration company, ready to be worked on.

use super::{Call, Captures, Door, Outcome, Played, Rehearsal, RustDoor, StoreKind, folder, play_onto, read};
use crm_kernel::context::Language;
use crm_kernel::json::Json;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The demonstration company. What calls change is undone after each, so that all of them find the same company.
pub struct Demo {
    door: RustDoor,
    captures: Captures,
    now: String,
    rehearses: Arc<AtomicBool>,
}

impl Demo {
    /// Plays `demo-history.json` on a store. Panics with the step that does not hold.
    pub fn new(store: StoreKind) -> Demo {
        let story = read(&folder().join("demo-history.json")).unwrap_or_else(|fault| panic!("{fault}"));
        let rehearses = Arc::new(AtomicBool::new(false));
        let mut door = rehearsing(store, rehearses.clone());
        let mut played = Played::default();
        let result = play_onto(&mut door, &story, Language::En, &mut played);
        result.unwrap_or_else(|failure| panic!("demo-history.json on {}: {failure}", store.name()));
        rehearses.store(true, Ordering::SeqCst);
        let now = story.steps.last().map(|step| step.now.clone()).unwrap_or_default();
        Demo { door, captures: played.captures, now, rehearses }
    }

    /// The same company, in which what calls change stays.
    #[must_use]
    pub fn lasting(self) -> Demo {
        self.rehearses.store(false, Ordering::SeqCst);
        self
    }

    /// An empty database.
    pub fn empty(store: StoreKind) -> Demo {
        let rehearses = Arc::<AtomicBool>::default();
        let door = rehearsing(store, rehearses.clone());
        Demo { door, captures: Captures::default(), now: "2026-01-05T01:00:00Z".to_owned(), rehearses }
    }

    /// A call by a captured employee, or by nobody; names in the request are replaced by what was captured. Errors: a
    /// name that nothing was captured under.
    pub fn call(&mut self, actor: Option<&str>, operation: &str, request: &str) -> Result<Outcome, String> {
        let request = Json::parse(request).map_err(|error| error.to_string())?;
        let request = self.captures.fill(&request)?.to_string();
        let known = |name| {
            self.captures.get(name).and_then(Json::as_text).ok_or_else(|| format!("nobody is `{name}`"))
        };
        let call = Call {
            actor: actor.map(known).transpose()?.map(str::to_owned),
            on_behalf: None,
            language: "en",
            now: &self.now,
            reason: None,
            operation,
            request: &request,
        };
        self.door.call(&call)
    }

    /// The code of the refusal that a call must meet. Errors: its answer, or a name that is not known.
    pub fn refusal(&mut self, actor: Option<&str>, operation: &str, request: &str) -> Result<String, String> {
        match self.call(actor, operation, request)? {
            Outcome::Answer(answer) => Err(answer),
            Outcome::Error(error) => {
                let error = Json::parse(&error).unwrap_or_default();
                Ok(error.get("code").and_then(Json::as_text).unwrap_or_default().to_owned())
            }
        }
    }

    /// What was captured.
    pub fn captures(&self) -> &Captures {
        &self.captures
    }
}

fn rehearsing(store: StoreKind, rehearses: Arc<AtomicBool>) -> RustDoor {
    let store = store.open().unwrap_or_else(|fault| panic!("{fault}"));
    let crm = super::rust_door::crm(Box::new(Rehearsal::new(store, rehearses)));
    RustDoor::with(crm.unwrap_or_else(|fault| panic!("{fault}")))
}
