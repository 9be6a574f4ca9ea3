//! Refusals: a class for the host's program, a stable code for its logic, a message for its user.

use crate::json::Json;
use crate::place::Step;
use crate::record::Choice;
use std::fmt;

/// The result of everything that may refuse.
pub type Result<T> = std::result::Result<T, Error>;

/// What a host does about an error. Only added to, never renumbered: it is the return value of the C door.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
#[repr(i32)]
pub enum Class {
    /// The request is wrong; sending it again cannot help.
    Invalid = 1,
    /// No such record, or none that the actor may see.
    NotFound = 2,
    /// The state of the records does not allow it, or somebody was faster.
    Conflict = 3,
    /// The actor may not.
    Forbidden = 4,
    /// Somebody has to approve first.
    NeedsApproval = 5,
    /// Another writer holds the database; try again.
    Busy = 6,
    /// Reading or writing failed.
    Io = 7,
    /// The database is damaged or is none.
    Corrupt = 8,
    /// Not in this build, on this platform or with this version of the file.
    Unsupported = 9,
    /// The host asked to stop.
    Interrupted = 10,
    /// A handle that is closed, forged or of another kind.
    Handle = 11,
    /// A defect was caught; the transaction was rolled back.
    Panic = 12,
    /// An invariant did not hold; the transaction was rolled back.
    Internal = 13,
}

impl Class {
    /// The name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Class::Invalid => "invalid",
            Class::NotFound => "not_found",
            Class::Conflict => "conflict",
            Class::Forbidden => "forbidden",
            Class::NeedsApproval => "needs_approval",
            Class::Busy => "busy",
            Class::Io => "io",
            Class::Corrupt => "corrupt",
            Class::Unsupported => "unsupported",
            Class::Interrupted => "interrupted",
            Class::Handle => "handle",
            Class::Panic => "panic",
            Class::Internal => "internal",
        }
    }
}

/// What an operation may refuse for, of lists that it shares with others and its own.
///
/// ```
/// use crm_kernel::{codes, error::Code};
///
/// const SHARED: &[Code] = &[Code::NOT_FOUND, Code::STALE];
/// const ALL: &[Code] = codes!(SHARED, &[Code::INTERNAL]);
/// assert_eq!(ALL, [Code::NOT_FOUND, Code::STALE, Code::INTERNAL]);
/// ```
#[macro_export]
macro_rules! codes {
    ($($list:expr),+ $(,)?) => {
        &$crate::error::Code::join::<{ 0 $(+ $list.len())+ }>(&[$($list),+])
    };
}

/// A stable, dotted code with its class. Declared once as a constant, listed by the operations that give it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub struct Code {
    /// `noun.reason`, append-only.
    pub name: &'static str,
    /// What a host does about it.
    pub class: Class,
}

impl Code {
    /// A code; `name` is also the key of its message in the text catalogue.
    pub const fn new(name: &'static str, class: Class) -> Code {
        Code { name, class }
    }

    /// Several lists as one; `N` is how many codes they have in all; `codes!` counts them.
    #[allow(clippy::indexing_slicing, reason = "worked out by the compiler, which checks the bounds")]
    pub const fn join<const N: usize>(lists: &[&[Code]]) -> [Code; N] {
        let mut joined = [Code::INTERNAL; N];
        let (mut list, mut at) = (0, 0);
        while list < lists.len() {
            let mut code = 0;
            while code < lists[list].len() {
                joined[at] = lists[list][code];
                (code, at) = (code + 1, at + 1);
            }
            list += 1;
        }
        joined
    }

    /// An error of this code.
    pub fn error(self) -> Error {
        Error(Box::new(Inner {
            code: self,
            path: String::new(),
            args: Vec::new(),
            labels: Vec::new(),
            place: Vec::new(),
            problems: Vec::new(),
        }))
    }

    /// An error of this code at a JSON pointer of the request.
    pub fn at(self, path: impl Into<String>) -> Error {
        let mut error = self.error();
        error.0.path = path.into();
        error
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $class:ident;)*) => {
        impl Code {
            $($(#[$doc])* pub const $name: Code = Code::new($text, Class::$class);)*
            /// The kernel's own codes.
            pub const KERNEL: &'static [Code] = &[$(Code::$name),*];
        }
    };
}

codes! {
    /// The text is no JSON of the doors' kind.
    INVALID_JSON = "request.invalid_json", Invalid;
    /// An argument of a door is no UTF-8, too long, NULL where there must be something, or stands for nothing.
    INVALID_TEXT = "request.invalid_text", Invalid;
    /// The request has problems, one or more; each is listed with its path.
    INVALID_REQUEST = "request.invalid", Invalid;
    /// No such operation.
    UNKNOWN_OPERATION = "request.unknown_operation", Invalid;
    /// A field that the request or kind does not have.
    UNKNOWN_FIELD = "field.unknown", Invalid;
    /// A required field is missing or null.
    REQUIRED = "field.required", Invalid;
    /// An empty list where leaving it out means everything.
    EMPTY_SELECTION = "field.empty_selection", Invalid;
    /// The value is of another type.
    WRONG_TYPE = "field.type", Invalid;
    /// The text is no value of the field's type.
    MALFORMED = "field.malformed", Invalid;
    /// More digits or decimals than the field holds, or a result beyond the number range.
    OUT_OF_RANGE = "value.out_of_range", Invalid;
    /// A division by zero or a missing value in a figure that is stored or shown.
    NO_VALUE = "value.none", Invalid;
    /// A text longer than the field.
    TOO_LONG = "field.too_long", Invalid;
    /// Not one of the options.
    NOT_AN_OPTION = "field.not_an_option", Invalid;
    /// A currency code that ISO 4217 does not have.
    UNKNOWN_CURRENCY = "field.unknown_currency", Invalid;
    /// The field is set by operations, not by hand.
    READ_ONLY = "field.read_only", Invalid;
    /// The referenced record does not exist or cannot be seen.
    DANGLING = "field.dangling_reference", Invalid;
    /// Another record has this value already.
    DUPLICATE = "field.duplicate", Conflict;
    /// No such kind of record.
    UNKNOWN_KIND = "kind.unknown", Invalid;
    /// Records of this kind are made and changed by operations of their own.
    MANAGED_KIND = "kind.managed", Invalid;
    /// No such record, or none that the actor may see.
    NOT_FOUND = "record.not_found", NotFound;
    /// The record was changed since the version that the caller read.
    STALE = "record.conflict", Conflict;
    /// The record is referenced by others.
    IN_USE = "record.in_use", Conflict;
    /// The actor's positions do not give this right.
    FORBIDDEN = "permission.forbidden", Forbidden;
    /// The session has no actor, and the operation is not public.
    NO_ACTOR = "permission.no_actor", Forbidden;
    /// An operation that brings history runs inside `import.history` only, whoever calls it.
    HISTORY_ONLY = "import.history_only", Forbidden;
    /// An expression cannot be read; the place is given.
    BAD_EXPRESSION = "expression.invalid", Invalid;
    /// A page mark that is not of this list.
    BAD_CURSOR = "list.bad_cursor", Invalid;
    /// Another writer holds the database.
    BUSY = "store.busy", Busy;
    /// Reading or writing failed.
    IO = "store.io", Io;
    /// Whoever had the database is gone with the call: what it changed may be there or not.
    OUTCOME_UNKNOWN = "store.outcome_unknown", Io;
    /// The disk or the size limit is full.
    FULL = "store.full", Io;
    /// The database may only be read.
    READ_ONLY_STORE = "store.read_only", Io;
    /// The file is damaged or is no database.
    CORRUPT = "store.corrupt", Corrupt;
    /// The file is a database of another program.
    FOREIGN = "store.foreign", Corrupt;
    /// The file was written by a newer library.
    NEWER_SCHEMA = "store.newer_schema", Unsupported;
    /// The definitions of this version cannot hold values that are in the database; nothing is changed.
    CANNOT_MIGRATE = "store.cannot_migrate", Unsupported;
    /// This database cannot do that: one in memory has no file.
    UNSUPPORTED = "store.unsupported", Unsupported;
    /// The host interrupted the call.
    INTERRUPTED = "store.interrupted", Interrupted;
    /// A handle that is closed, forged or of another kind.
    INVALID_HANDLE = "handle.invalid", Handle;
    /// An invariant did not hold.
    INTERNAL = "internal.error", Internal;
    /// A defect was caught.
    PANIC = "internal.panic", Panic;
}

/// One thing wrong with a request: where and what.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// What is wrong.
    pub code: Code,
    /// JSON pointer into the request.
    pub path: String,
    /// Values for the message.
    pub args: Vec<(&'static str, Json)>,
    /// The keys of the texts by which the message shows values that are codes.
    pub labels: Vec<(&'static str, String)>,
    /// The place as its user calls it; empty where it is shown as the path.
    pub place: Vec<Step>,
}

impl Problem {
    /// A problem at a place.
    pub fn new(code: Code, path: impl Into<String>) -> Problem {
        Problem { code, path: path.into(), args: Vec::new(), labels: Vec::new(), place: Vec::new() }
    }

    /// Adds a value for the message and the details.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Json>) -> Problem {
        self.args.push((name, value.into()));
        self
    }

    /// Adds a value that is a code, as [`Error::coded`] does.
    #[must_use]
    pub fn coded(mut self, name: &'static str, family: &str, code: &str) -> Problem {
        self.labels.push((name, format!("{family}.{code}")));
        self.with(name, code)
    }

    /// The key of the text by which the message shows a value that is a code.
    pub fn label(&self, name: &str) -> Option<&str> {
        label(&self.labels, name)
    }

    /// A value of the message.
    pub fn arg(&self, name: &str) -> Option<&Json> {
        self.args.iter().find(|(key, _)| *key == name).map(|(_, value)| value)
    }
}

/// A refusal. One pointer wide.
#[derive(Clone, PartialEq, Eq)]
pub struct Error(Box<Inner>);

#[derive(Clone, PartialEq, Eq)]
struct Inner {
    code: Code,
    path: String,
    args: Vec<(&'static str, Json)>,
    /// The keys of the texts by which messages show values that are codes.
    labels: Vec<(&'static str, String)>,
    /// The place as its user calls it; empty where it is shown as the path.
    place: Vec<Step>,
    problems: Vec<Problem>,
}

impl Error {
    /// A request with problems. One form however many there are: `request.invalid`, with each problem at its path. Of
    /// one problem only the message is its own, which is what a user reads.
    pub fn of_problems(problems: Vec<Problem>) -> Error {
        let mut error = Code::INVALID_REQUEST.error();
        error.0.problems = problems;
        error
    }

    /// An invariant did not hold: a defect of this library, told with what was found.
    pub fn internal(what: impl Into<String>) -> Error {
        Code::INTERNAL.error().with("what", what.into())
    }

    /// Adds a value for the message and the details.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Json>) -> Error {
        self.0.args.push((name, value.into()));
        self
    }

    /// Adds a value that is a code: the details hold the code, the message shows its text, `family.code`, in the
    /// language of the reader.
    #[must_use]
    pub fn coded(mut self, name: &'static str, family: &str, code: &str) -> Error {
        self.0.labels.push((name, format!("{family}.{code}")));
        self.with(name, code)
    }

    /// Adds an option of a closed list: its code for the details, its label for the message.
    #[must_use]
    pub fn choice<C: Choice>(self, name: &'static str, option: C) -> Error {
        self.coded(name, &format!("choice.{}", C::DEF.name), option.code())
    }

    /// `permission.forbidden`: the actor may not do `verb` to `kind`.
    pub fn forbidden(kind: &str, verb: &str) -> Error {
        Code::FORBIDDEN.error().coded("kind", "kind", kind).coded("verb", "verb", verb)
    }

    /// `request.invalid_text`: an argument of a door cannot be used. `fault` says why; its text is `word.<fault>`.
    pub fn argument(argument: &'static str, fault: &str) -> Error {
        Code::INVALID_TEXT.error().with("argument", argument).coded("fault", "word", fault)
    }

    /// `request.invalid_text`: what an argument of a door holds stands for nothing, as a language that there is not.
    pub fn unknown_argument(argument: &'static str, value: impl Into<Json>) -> Error {
        Error::argument(argument, "no_such_value").with("value", value)
    }

    /// The same error at a JSON pointer of the request.
    #[must_use]
    pub fn at(mut self, path: impl Into<String>) -> Error {
        self.0.path = path.into();
        self
    }

    /// The same error, at a JSON pointer of the request where it names no place yet.
    #[must_use]
    pub fn or_at(self, path: impl Into<String>) -> Error {
        if self.0.path.is_empty() && self.0.problems.is_empty() { self.at(path) } else { self }
    }

    /// The same error with its paths put under `prefix`.
    #[must_use]
    pub fn under(mut self, prefix: &str) -> Error {
        self.0.path = format!("{prefix}{}", self.0.path);
        for problem in &mut self.0.problems {
            problem.path = format!("{prefix}{}", problem.path);
        }
        self
    }

    /// The same error with each of its problems as `part` makes it.
    #[must_use]
    pub fn map_problems(mut self, part: impl FnMut(Problem) -> Problem) -> Error {
        self.0.problems = std::mem::take(&mut self.0.problems).into_iter().map(part).collect();
        self
    }

    /// The same error with its places as users call them, where that was not yet said: `find` gives the steps of a path.
    #[must_use]
    pub fn with_places(mut self, find: impl Fn(&str) -> Vec<Step>) -> Error {
        let problems = self.0.problems.iter_mut().map(|problem| (&problem.path, &mut problem.place));
        for (path, place) in problems.chain([(&self.0.path, &mut self.0.place)]) {
            if place.is_empty() && !path.is_empty() {
                *place = find(path);
            }
        }
        self
    }

    /// The place as its user calls it; empty where it is shown as the path.
    pub fn steps(&self) -> &[Step] {
        &self.0.place
    }

    /// The place that is wrong: the path, or that of the first problem.
    pub fn place(&self) -> &str {
        match self.0.problems.first() {
            Some(problem) if self.0.path.is_empty() => &problem.path,
            _ => &self.0.path,
        }
    }

    /// The code.
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// The class.
    pub fn class(&self) -> Class {
        self.0.code.class
    }

    /// JSON pointer into the request, empty where the whole request is meant.
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// The problems of a request, at least one where the code is `request.invalid`.
    pub fn problems(&self) -> &[Problem] {
        &self.0.problems
    }

    /// The values of the message, in order.
    pub fn args(&self) -> &[(&'static str, Json)] {
        &self.0.args
    }

    /// The key of the text by which the message shows a value that is a code.
    pub fn label(&self, name: &str) -> Option<&str> {
        label(&self.0.labels, name)
    }

    /// A value of the message.
    pub fn arg(&self, name: &str) -> Option<&Json> {
        self.0.args.iter().find(|(key, _)| *key == name).map(|(_, value)| value)
    }
}

fn label<'a>(labels: &'a [(&'static str, String)], name: &str) -> Option<&'a str> {
    labels.iter().find(|(known, _)| *known == name).map(|(_, key)| key.as_str())
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.code.name)?;
        if !self.0.path.is_empty() {
            write!(f, " at {}", self.0.path)?;
        }
        for (name, value) in &self.0.args {
            write!(f, " {name}={value}")?;
        }
        for problem in &self.0.problems {
            write!(f, "; {} at {}", problem.code.name, problem.path)?;
            for (name, value) in &problem.args {
                write!(f, " {name}={value}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Error {}

impl From<crate::dec::DecError> for Error {
    fn from(error: crate::dec::DecError) -> Error {
        use crate::dec::DecError;
        match error {
            DecError::Syntax => Code::MALFORMED.error(),
            DecError::OutOfRange | DecError::Inexact => Code::OUT_OF_RANGE.error(),
            DecError::DivisionByZero => Code::NO_VALUE.error(),
        }
    }
}
