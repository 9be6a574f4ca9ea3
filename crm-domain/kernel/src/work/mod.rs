//! One operation at work: the only way from an area to the store.
//!
//! Reads go through the actor's row rules, writes through rights, the rules of the kind, the change set and the
//! optimistic version. `system` is for what the engine itself must see or set whatever the actor may (credit used by
//! other departments, a numbering rule); it still writes through the change set.
//!
//! - `stored`: a record with its typed view; `read`, `write`: what areas do with them; `expressions`: conditions and
//!   formulas; `inner`: operations inside an operation; `past`: records as they were.

mod expressions;
mod inner;
mod past;
mod read;
mod stored;
mod write;

pub use stored::Stored;

use crate::catalogue::Catalogue;
use crate::change::{Action, Change, ChangeSet, diff};
use crate::context::Context;
use crate::currency::Currency;
use crate::date::{Date, Instant};
use crate::dispatch::Setting;
use crate::error::{Code, Error, Result};
use crate::id::Id;
use crate::model::Model;
use crate::operation::OperationRow;
use crate::permission::{Rights, RowRule};
use crate::store::Tx;
use crate::value::Row;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// What a call may touch and knows.
pub struct Work<'a> {
    tx: &'a mut dyn Tx,
    setting: &'a Setting<'a>,
    catalogue: Arc<Catalogue>,
    context: &'a mut Context,
    operation: OperationRow,
    reason: Option<String>,
    change: i64,
    touched: BTreeMap<(u32, i64), Touched>,
    pending: Vec<(u32, i64)>,
    system: u32,
    history: bool,
    /// Records are read as they were after this change set.
    past: Option<i64>,
    row_rules: HashMap<(u32, &'static str), RowRule>,
    outcome: Outcome,
}

/// A record that this operation has written.
struct Touched {
    /// As it was before.
    first: Option<Arc<Row>>,
    /// As the store has it.
    stored: Option<Arc<Row>>,
    /// As it is now; the store gets it before it is asked anything, at the latest when the operation is done.
    last: Option<Arc<Row>>,
    restored: bool,
}

/// What came of an operation: whether anything changed, and what the engine must know of it.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// The change set written, 0 where nothing changed.
    pub change: i64,
    /// Kinds of which records changed.
    pub kinds: Vec<u32>,
    /// The catalogue, where definitions changed.
    pub catalogue: Option<Arc<Catalogue>>,
    /// The enterprise's currency, where it was set.
    pub base: Option<Currency>,
}

impl Outcome {
    fn absorb(&mut self, inner: Outcome) {
        self.change = self.change.max(inner.change);
        self.kinds.extend(inner.kinds);
        self.catalogue = inner.catalogue.or(self.catalogue.take());
        self.base = inner.base.or(self.base);
    }
}

impl<'a> Work<'a> {
    /// Work of one operation within a transaction.
    pub fn new(
        tx: &'a mut dyn Tx,
        setting: &'a Setting<'a>,
        context: &'a mut Context,
        operation: &OperationRow,
    ) -> Work<'a> {
        let reason = context.reason.clone();
        Work {
            tx,
            setting,
            catalogue: setting.catalogue.clone(),
            context,
            operation: *operation,
            reason,
            change: 0,
            touched: BTreeMap::new(),
            pending: Vec::new(),
            system: 0,
            history: false,
            past: None,
            row_rules: HashMap::new(),
            outcome: Outcome::default(),
        }
    }

    /// The catalogue, with what this operation has added to it.
    pub fn catalogue(&self) -> Arc<Catalogue> {
        self.catalogue.clone()
    }

    /// The areas.
    pub fn model(&self) -> &'a Model {
        self.setting.model
    }

    /// The enterprise's currency, where there is an enterprise.
    pub fn base(&self) -> Option<Currency> {
        self.outcome.base.or(self.setting.base)
    }

    /// Tells the engine that the enterprise's currency was set.
    pub fn set_base(&mut self, base: Currency) {
        self.outcome.base = Some(base);
    }

    /// The circumstances of the call.
    pub fn context(&self) -> &Context {
        self.context
    }

    /// The point in time.
    pub fn now(&self) -> Instant {
        self.context.now
    }

    /// Today, in the enterprise's zone.
    pub fn today(&self) -> Date {
        self.context.today()
    }

    /// The rights of the actor.
    pub fn rights(&self) -> &Rights {
        &self.setting.rights
    }

    /// The acting employee. Errors: `permission.no_actor`.
    pub fn actor(&self) -> Result<Id> {
        self.context.actor.ok_or_else(|| Code::NO_ACTOR.error())
    }

    /// True where somebody acts, himself or through who acts on his behalf.
    pub fn acts_for(&self, who: Id) -> bool {
        [self.context.actor, self.context.on_behalf].contains(&Some(who))
    }

    /// The operation that runs.
    pub fn operation(&self) -> &'static str {
        self.operation.name
    }

    /// Why, for the change log, where the caller gave no reason.
    pub fn because(&mut self, reason: impl Into<String>) {
        self.reason.get_or_insert(reason.into());
    }

    /// Refuses unless some position gives the right. Errors: `permission.forbidden` with the kind and verb.
    pub fn require(&self, kind: &str, verb: &str) -> Result<()> {
        if self.system > 0 || self.setting.rights.may(kind, verb) {
            return Ok(());
        }
        Err(Error::forbidden(kind, verb))
    }

    /// True where some position gives the right.
    pub fn may(&self, kind: &str, verb: &str) -> bool {
        self.system > 0 || self.setting.rights.may(kind, verb)
    }

    /// Runs a part without the actor's row rules and rights: for what the engine must know or set whoever acts.
    pub fn system<R>(&mut self, part: impl FnOnce(&mut Self) -> Result<R>) -> Result<R> {
        self.system += 1;
        let result = part(self);
        self.system -= 1;
        result
    }

    /// Writes the change set of what was done. Nothing done, nothing written.
    pub fn finish(mut self) -> Result<Outcome> {
        self.flush()?;
        let mut changes: Vec<Change> = Vec::new();
        for ((kind, _), touched) in std::mem::take(&mut self.touched) {
            let kind = self.catalogue.get(kind)?;
            let base = if touched.restored { None } else { touched.first.as_deref() };
            if let Some(mut change) = diff(&self.catalogue, kind, base, touched.last.as_deref()) {
                if touched.restored {
                    change.action = Action::Restored;
                    change.previous = touched.first.as_ref().map_or(0, |row| row.version);
                }
                changes.push(change);
            }
        }
        let mut outcome = self.outcome;
        if changes.is_empty() && self.change == 0 {
            return Ok(outcome);
        }
        if changes.is_empty() && outcome.catalogue.is_none() {
            return Ok(outcome);
        }
        outcome.kinds.extend(changes.iter().map(|change| change.kind));
        outcome.kinds.dedup();
        let set = ChangeSet {
            no: self.change,
            at: self.context.now,
            actor: self.context.actor.map_or(0, Id::number),
            on_behalf: self.context.on_behalf.map_or(0, Id::number),
            operation: self.operation.name.to_owned(),
            reason: self.reason.take(),
            changes,
        };
        self.tx.append(&set)?;
        outcome.change = set.no;
        Ok(outcome)
    }
}

impl Touched {
    fn of(first: Option<&Arc<Row>>) -> Touched {
        Touched { first: first.cloned(), stored: first.cloned(), last: first.cloned(), restored: false }
    }
}
