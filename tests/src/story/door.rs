//! A door as stories see it: a database is opened, calls go in as text and come out as text.

/// Which store a database is kept in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreKind {
    /// In memory.
    Memory,
    /// A file of SQLite.
    Sqlite,
}

impl StoreKind {
    /// All of them, the reference first.
    pub const ALL: [StoreKind; 2] = [StoreKind::Memory, StoreKind::Sqlite];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            StoreKind::Memory => "memory",
            StoreKind::Sqlite => "sqlite",
        }
    }

    /// From the name.
    pub fn parse(name: &str) -> Option<StoreKind> {
        StoreKind::ALL.into_iter().find(|store| store.name() == name)
    }
}

/// One call with everything around it, as text: what a door needs to know and no more.
#[derive(Clone, Debug)]
pub struct Call<'a> {
    /// The employee's id.
    pub actor: Option<String>,
    /// On whose behalf.
    pub on_behalf: Option<String>,
    /// The tag of the language.
    pub language: &'a str,
    /// The instant, RFC 3339.
    pub now: &'a str,
    /// Why.
    pub reason: Option<&'a str>,
    /// The operation.
    pub operation: &'a str,
    /// Its request, JSON text.
    pub request: &'a str,
}

/// What came back, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The answer.
    Answer(String),
    /// The error object.
    Error(String),
}

impl Outcome {
    /// The text of either.
    pub fn text(&self) -> &str {
        match self {
            Outcome::Answer(text) | Outcome::Error(text) => text,
        }
    }
}

/// A way into the engine.
pub trait Door {
    /// The name on the command line: `rust`, `c`, `node`, `chromium`.
    fn name(&self) -> &'static str;

    /// The stores that it can open a database in, the reference first.
    fn stores(&self) -> &'static [StoreKind];

    /// Opens a new, empty database, closing the one before. Errors: why that is not possible, in words.
    fn open(&mut self, store: StoreKind) -> Result<(), String>;

    /// One call on the open database. Errors: the door itself failed, in words; a refusal is an outcome.
    fn call(&mut self, call: &Call<'_>) -> Result<Outcome, String>;
}
