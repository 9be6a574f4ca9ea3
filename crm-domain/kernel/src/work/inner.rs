//! Operations inside an operation: batches, imports, definitions that are tried.

use super::Work;
use crate::dispatch::{Setting, execute, outside_history};
use crate::encode::{Sink, Text, Tree};
use crate::error::{Code, Error, Result};
use crate::json::{Json, SharedJson};

impl Work<'_> {
    /// Runs another operation inside this one (`batch`, `import`): as the same actor, with a change set of its own,
    /// all of it or nothing. Errors: `request.unknown_operation`, those of the operation.
    pub fn inner(&mut self, name: &str, request: &Json) -> Result<Json> {
        let mut tree = Tree::default();
        self.attempt(|work| work.run_inner(name, request, &mut tree))??;
        Ok(tree.into_json())
    }

    /// Runs inner operations that are undone together where one fails, for callers that go on then. Numbers taken from
    /// sequences with gaps stay lost. Errors: those of the store.
    pub fn attempt<R, E>(
        &mut self,
        part: impl FnOnce(&mut Self) -> std::result::Result<R, E>,
    ) -> Result<std::result::Result<R, E>> {
        if self.change != 0 {
            return Err(Error::internal("what is attempted comes before the operation's own writes"));
        }
        let before = (self.catalogue.clone(), self.outcome.clone());
        self.tx.savepoint()?;
        let done = part(self);
        self.tx.release(done.is_ok())?;
        if done.is_err() {
            (self.catalogue, self.outcome) = before;
            self.row_rules.clear();
            self.context.known.undone();
            for (sequence, number) in &self.context.taken {
                self.tx.raise_number(sequence, *number)?;
            }
        }
        Ok(done)
    }

    /// Runs another operation as a part of this one, which must fail where the part does. The answer is only handed on.
    /// Errors as [`Work::inner`].
    pub fn part(&mut self, name: &str, request: &Json) -> Result<SharedJson> {
        let mut text = Text::default();
        self.run_inner(name, request, &mut text)?;
        Ok(SharedJson::written(text.into_string()))
    }

    fn run_inner<S: Sink>(&mut self, name: &str, request: &Json, sink: &mut S) -> Result<()> {
        let model = self.setting.model;
        let unknown = || Code::UNKNOWN_OPERATION.error().with("operation", name);
        let operation = model.operation(name).ok_or_else(unknown)?;
        if operation.writes && !self.operation.writes {
            return Err(Error::internal(format!("{} is declared to read only", self.operation.name)));
        }
        let setting = Setting {
            model,
            catalogue: self.catalogue.clone(),
            rights: self.setting.rights.clone(),
            base: self.outcome.base.or(self.setting.base),
        };
        if !self.history {
            outside_history(&setting, self.context, operation, request)?;
        }
        if self.change != 0 {
            // The inner change set would take the number of this one's.
            return Err(Error::internal("inner operations come before the operation's own writes"));
        }
        let outcome = execute(&setting, self.tx, self.context, operation, request, sink)?;
        if let Some(catalogue) = &outcome.catalogue {
            self.catalogue = catalogue.clone();
            self.row_rules.clear();
        }
        self.outcome.absorb(outcome);
        Ok(())
    }

    /// Lets operations that bring history run inside this one.
    pub fn allow_history(&mut self) {
        self.history = true;
    }

    /// Why, for the change sets of operations run inside this one, where the caller gave no reason.
    pub fn because_inside(&mut self, reason: impl Into<String>) {
        self.context.reason.get_or_insert(reason.into());
    }
}
