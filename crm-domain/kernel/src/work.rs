//! One operation at work: the only way from an area to the store.
//!
//! Reads go through the actor's row rules, writes through rights, the rules of the kind, the change set and the
//! optimistic version. `system` is for what the engine itself must see or set whatever the actor may (credit used by
//! other departments, a numbering rule); it still writes through the change set.

use crate::catalogue::{Catalogue, Kind};
use crate::change::{Action, Change, ChangeSet, diff};
use crate::context::Context;
use crate::currency::Currency;
use crate::date::{Date, Instant};
use crate::dispatch::{Setting, execute};
use crate::encode::{Sink, Text, Tree};
use crate::error::{Code, Error, Result};
use crate::expr::node::Ty;
use crate::expr::{Arena, Expr, RowEnv, Scope as Names};
use crate::id::{Id, Ref};
use crate::json::Json;
use crate::model::Model;
use crate::operation::OperationRow;
use crate::permission::{Rights, RowRule};
use crate::plan::{Aggregate, Found, Group, Query, Select, SortKey};
use crate::record::{FieldRole, FieldType, Record};
use crate::store::Tx;
use crate::value::{Row, Value};
use std::collections::{BTreeMap, HashMap};
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

/// A record that was loaded or inserted: its typed view beside the row it came from. Saving writes the view's fields
/// into a copy of the row, so fields made at run time are never lost.
#[derive(Clone, Debug)]
pub struct Stored<T> {
    /// The record.
    pub id: Ref<T>,
    /// The row as it was read or written.
    pub row: Arc<Row>,
    value: T,
}

impl<T: Record> Stored<T> {
    fn new(row: Arc<Row>) -> Result<Stored<T>> {
        let id = Id::new(row.id).ok_or_else(|| Error::internal("a record without id"))?;
        Ok(Stored { id: Ref::new(id), value: T::from_row(&row)?, row })
    }

    /// Refuses where the caller read another version. Errors: `record.conflict` with both versions.
    pub fn expect_version(&self, version: Option<i64>) -> Result<()> {
        match version {
            Some(version) if version != self.row.version => {
                Err(Code::STALE.at("/version").with("current", self.row.version).with("given", version))
            }
            _ => Ok(()),
        }
    }
}

impl<T> Deref for Stored<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for Stored<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

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
            row_rules: HashMap::new(),
            outcome: Outcome::default(),
        }
    }

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
    pub fn part(&mut self, name: &str, request: &Json) -> Result<Json> {
        let mut text = Text::default();
        self.run_inner(name, request, &mut text)?;
        Ok(Json::Written(text.into_string()))
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
        if operation.history && !self.history {
            return Err(Error::forbidden("import", "history"));
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

    /// Lets operations that bring history run inside this one.
    pub fn allow_history(&mut self) {
        self.history = true;
    }

    /// Why, for the change sets of operations run inside this one, where the caller gave no reason.
    pub fn because_inside(&mut self, reason: impl Into<String>) {
        self.context.reason.get_or_insert(reason.into());
    }

    /// Forgets what inner operations did, after their savepoint was undone.
    pub fn forget(&mut self) {
        self.context.known.undone();
        self.catalogue = self.setting.catalogue.clone();
        self.outcome = Outcome::default();
        self.row_rules.clear();
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

    // ---- reading

    /// A record that the actor may read. Errors: `record.not_found`.
    pub fn find<T: Record>(&mut self, id: Ref<T>) -> Result<Stored<T>> {
        self.find_for("read", id)
    }

    /// A record that the actor may read and do `verb` to. Errors: `record.not_found` where he may not even read it,
    /// `permission.forbidden` where he may read but not do it.
    pub fn find_for<T: Record>(&mut self, verb: &'static str, id: Ref<T>) -> Result<Stored<T>> {
        Stored::new(self.row_for(T::NO, id.id(), verb)?)
    }

    /// A record that the actor may read; `None` where there is none for him.
    pub fn look<T: Record>(&mut self, id: Ref<T>) -> Result<Option<Stored<T>>> {
        match self.find(id) {
            Ok(found) => Ok(Some(found)),
            Err(error) if error.code() == Code::NOT_FOUND => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The record whose unique field holds a value, as far as the actor may read it.
    pub fn by_key<T: Record>(&mut self, field: &str, value: &Value) -> Result<Option<Stored<T>>> {
        let catalogue = self.catalogue();
        let kind = catalogue.get(T::NO)?;
        let unique = |position: &usize| kind.unique_positions().contains(position);
        let position = kind.position(field).filter(unique);
        let position =
            position.ok_or_else(|| Error::internal(format!("{}.{field} is no key", kind.name())))?;
        let id = match self.context.known.key(kind.no(), position, value) {
            Some(known) => known,
            None => {
                let filter = Expr::field(&catalogue, kind.no(), field)?.one_of(vec![value.clone()]);
                let select = Select::Values(Vec::new());
                let plan = Query {
                    kind: kind.no(),
                    filter: Some(filter),
                    order: Vec::new(),
                    after: None,
                    limit: Some(1),
                    select,
                };
                self.flush()?;
                let id = self.tx.query(&plan)?.first().map(|found| found.id);
                self.context.known.keep_key(kind.no(), position, value, id);
                id
            }
        };
        match id.and_then(Id::new) {
            Some(id) => self.look(Ref::new(id)),
            None => Ok(None),
        }
    }

    /// The number of the last change set; that of this operation is not among them before it ends.
    pub fn last_change(&mut self) -> Result<i64> {
        self.tx.last_change()
    }

    /// A record as it stands, whoever asks; `None` where there is none.
    pub fn row(&mut self, kind: u32, id: i64) -> Result<Option<Arc<Row>>> {
        if let Some(touched) = self.touched.get(&(kind, id)) {
            return Ok(touched.last.clone());
        }
        if let Some(row) = self.context.known.row(kind, id) {
            return Ok(Some(row));
        }
        let row = self.tx.get(kind, id)?.map(Arc::new);
        if let Some(row) = &row {
            self.context.known.keep_row(kind, row);
        }
        Ok(row)
    }

    /// True where this operation has made a record.
    pub fn is_new(&self, kind: u32, id: Id) -> bool {
        self.touched
            .get(&(kind, id.number()))
            .is_some_and(|touched| touched.first.is_none() && !touched.restored)
    }

    /// A row that the actor may do `verb` to. Errors as [`Work::find_for`].
    pub fn row_for(&mut self, kind: u32, id: Id, verb: &'static str) -> Result<Arc<Row>> {
        let catalogue = self.catalogue();
        let kind = catalogue.get(kind)?;
        let missing = || Code::NOT_FOUND.error().with("kind", kind.name()).with("id", id.to_string());
        let row = self.row(kind.no(), id.number())?.ok_or_else(missing)?;
        if !self.covers(kind, &row, "read")? {
            return Err(missing());
        }
        if verb != "read" && !self.covers(kind, &row, verb)? {
            return Err(Error::forbidden(kind.name(), verb).with("id", id.to_string()));
        }
        Ok(row)
    }

    /// True where the actor's right to `verb` covers a row.
    pub fn covers(&mut self, kind: &Kind, row: &Row, verb: &'static str) -> Result<bool> {
        match self.row_rule(kind, verb)? {
            RowRule::All => Ok(true),
            RowRule::Where(rule) => self.holds(&rule, row),
        }
    }

    /// Records of a kind for which a condition holds, as far as the actor may read them, by id.
    pub fn select<T: Record>(
        &mut self,
        condition: &str,
        names: &[(&str, Ty, Value)],
    ) -> Result<Vec<Stored<T>>> {
        self.select_by(condition, names, &[], None)
    }

    /// The same in an order (`"-date"` is descending) and at most so many.
    pub fn select_by<T: Record>(
        &mut self,
        condition: &str,
        names: &[(&str, Ty, Value)],
        order: &[&str],
        limit: Option<u32>,
    ) -> Result<Vec<Stored<T>>> {
        let filter = self.expression(T::NO, condition, names)?;
        let mut keys = Vec::new();
        for key in order {
            let by = Expr::field(&self.catalogue, T::NO, key.trim_start_matches('-'))?;
            keys.push(SortKey { by, descending: key.starts_with('-') });
        }
        let plan = Query {
            kind: T::NO,
            filter: Some(filter),
            order: keys,
            after: None,
            limit,
            select: Select::Rows,
        };
        let found = self.query(plan)?;
        found.into_iter().filter_map(|found| found.row).map(|row| Stored::new(row.into())).collect()
    }

    /// The only record for which a condition holds; `None` where none does.
    pub fn only<T: Record>(
        &mut self,
        condition: &str,
        names: &[(&str, Ty, Value)],
    ) -> Result<Option<Stored<T>>> {
        Ok(self.select_by(condition, names, &[], Some(1))?.into_iter().next())
    }

    /// Runs a query within what the actor may read.
    pub fn query(&mut self, mut plan: Query) -> Result<Vec<Found>> {
        plan.filter = self.within(plan.kind, plan.filter, "read")?;
        self.flush()?;
        self.tx.query(&plan)
    }

    /// Runs a query within what the actor may both read and do `verb` to.
    pub fn query_for(&mut self, verb: &'static str, mut plan: Query) -> Result<Vec<Found>> {
        plan.filter = self.within(plan.kind, plan.filter, verb)?;
        self.query(plan)
    }

    /// Runs an aggregation within what the actor may read.
    pub fn aggregate(&mut self, mut plan: Aggregate) -> Result<Vec<Group>> {
        plan.filter = self.within(plan.kind, plan.filter, "read")?;
        self.flush()?;
        self.tx.aggregate(&plan)
    }

    /// How many records of a kind fulfil a condition, within what the actor may read.
    pub fn count(&mut self, kind: u32, condition: &str, names: &[(&str, Ty, Value)]) -> Result<i64> {
        let filter = self.expression(kind, condition, names)?;
        self.count_by(kind, Some(filter))
    }

    /// The same by a condition that was read before; all where there is none.
    pub fn count_by(&mut self, kind: u32, filter: Option<Expr>) -> Result<i64> {
        let measures = vec![crate::plan::Measure::Count];
        let groups = self.aggregate(Aggregate { kind, filter, group: Vec::new(), measures })?;
        Ok(groups
            .first()
            .and_then(|group| group.first())
            .and_then(Value::as_dec)
            .map_or(0, |n| n.to_i64_at(0).unwrap_or(0)))
    }

    fn within(&mut self, kind: u32, filter: Option<Expr>, verb: &'static str) -> Result<Option<Expr>> {
        let catalogue = self.catalogue();
        let filter = filter.map_or(RowRule::All, RowRule::Where);
        Ok(match self.row_rule(catalogue.get(kind)?, verb)?.and(filter) {
            RowRule::All => None,
            RowRule::Where(filter) => Some(filter),
        })
    }

    /// The row rule of a right, from the positions of the actor.
    pub fn row_rule(&mut self, kind: &Kind, verb: &'static str) -> Result<RowRule> {
        if self.system > 0 {
            return Ok(RowRule::All);
        }
        if kind.def.closed {
            let never = Expr::constant(kind.no(), Value::Bool(false), Ty::Bool);
            return Ok(RowRule::Where(never));
        }
        if let Some(rule) = self.row_rules.get(&(kind.no(), verb)) {
            return Ok(rule.clone());
        }
        let rule = self.rule_of(&self.setting.rights, kind, verb)?;
        self.row_rules.insert((kind.no(), verb), rule.clone());
        Ok(rule)
    }

    /// The row rule of a right of somebody, who need not be the actor.
    pub fn rule_of(&self, rights: &Rights, kind: &Kind, verb: &str) -> Result<RowRule> {
        rights.row_rule(&self.catalogue, kind, verb, &self.names(Id::new(rights.actor)))
    }

    /// What was found out from records of a kind, found out once: it is asked again, in this call or a later one, after
    /// one of them was written. `find` runs as [`Work::system`], for what it finds is the same for every actor and at
    /// any time. `key` tells apart what is found from the same kind; one key always stands for one type.
    pub fn once<T: Clone + Send + 'static>(
        &mut self,
        kind: u32,
        key: &str,
        find: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        if let Some(found) = self.context.known.fact(kind, key) {
            return Ok(found);
        }
        let found = self.system(find)?;
        self.context.known.keep_fact(kind, key, found.clone());
        Ok(found)
    }

    /// The raw transaction, for readers of the change log and the kernel's own machinery. Errors: those of writing what
    /// waits to be written.
    pub fn tx(&mut self) -> Result<&mut dyn Tx> {
        self.flush()?;
        Ok(self.tx)
    }

    // ---- expressions

    /// A condition or formula over a kind; `today`, `now` and `actor` are known beside the names given.
    /// Errors: `expression.invalid`.
    pub fn expression(&self, kind: u32, text: &str, names: &[(&str, Ty, Value)]) -> Result<Expr> {
        let mut all = self.names(self.context.actor).to_vec();
        all.extend(names.iter().cloned());
        Expr::check(text, &Names { catalogue: &self.catalogue, root: kind, names: &all })
    }

    /// An expression that the caller of the operation gave: as [`Work::expression`], within what he may read. Every kind
    /// that it reads from needs the right to `read`, and a reference to a record that the right does not cover leads
    /// nowhere. Errors: `expression.invalid`, `permission.forbidden` with the kind.
    pub fn asked(&mut self, kind: u32, text: &str, names: &[(&str, Ty, Value)]) -> Result<Expr> {
        let expr = self.expression(kind, text, names)?;
        let catalogue = self.catalogue();
        let mut conditions = BTreeMap::new();
        for (no, _) in expr.uses() {
            let mut read = catalogue.get(*no)?;
            // Lines are read with their document.
            while let Some(parent) = read.parent().filter(|_| read.no() != kind) {
                read = catalogue.get(parent)?;
            }
            if read.no() == kind || conditions.contains_key(&read.no()) {
                continue;
            }
            self.require(read.name(), "read")?;
            if let RowRule::Where(rule) = self.row_rule(read, "read")? {
                conditions.insert(read.no(), rule);
            }
        }
        Ok(expr.masked(&conditions))
    }

    /// As [`Work::expression`], where a condition is wanted. Errors: `expression.invalid`, also where it is not a boolean.
    pub fn condition(&self, kind: u32, text: &str, names: &[(&str, Ty, Value)]) -> Result<Expr> {
        let mut all = self.names(self.context.actor).to_vec();
        all.extend(names.iter().cloned());
        Expr::condition(text, &Names { catalogue: &self.catalogue, root: kind, names: &all })
    }

    /// The names that every expression knows.
    fn names(&self, actor: Option<Id>) -> [(&'static str, Ty, Value); 3] {
        [
            ("today", Ty::Date, Value::Date(self.today())),
            ("now", Ty::Instant, Value::Instant(self.now())),
            ("actor", Ty::Ref(0), actor.map_or(Value::Null, Value::Ref)),
        ]
    }

    /// True where a condition holds for a row.
    pub fn holds(&mut self, condition: &Expr, row: &Row) -> Result<bool> {
        let arena = self.load_references(condition, row)?;
        Ok(condition.holds(&RowEnv { root: row, parent: None, source: &arena }))
    }

    /// The value of an expression for a row.
    pub fn value_of(&mut self, expression: &Expr, row: &Row) -> Result<Value> {
        let arena = self.load_references(expression, row)?;
        Ok(expression.value(&RowEnv { root: row, parent: None, source: &arena }))
    }

    /// Reads the records that an expression reaches from a row: through references, and from lines.
    pub fn load_references(&mut self, expression: &Expr, row: &Row) -> Result<Arena> {
        let mut arena = Arena::default();
        arena.fill(expression.node(), row, None, &mut |kind, id| self.row(kind, id))?;
        Ok(arena)
    }

    // ---- writing

    /// A fresh id.
    pub fn new_id(&mut self) -> Id {
        let now = self.context.now;
        self.context.ids.next(now)
    }

    /// The next number of a sequence; given back where the transaction is undone.
    pub fn next_number(&mut self, sequence: &str) -> Result<i64> {
        self.writing()?;
        self.tx.next_number(sequence)
    }

    /// The next number of a sequence that may have gaps: it is lost where the operation is undone.
    pub fn take_number(&mut self, sequence: &str) -> Result<i64> {
        let number = self.next_number(sequence)?;
        self.context.taken.push((sequence.to_owned(), number));
        Ok(number)
    }

    /// Raises a sequence so that its next number is above one that was given elsewhere.
    pub fn raise_number(&mut self, sequence: &str, at_least: i64) -> Result<()> {
        self.writing()?;
        self.tx.raise_number(sequence, at_least)
    }

    /// Inserts a record: new id, numbers for its lines, the rules of its kind.
    pub fn insert<T: Record>(&mut self, value: &T) -> Result<Stored<T>> {
        let row = value.to_row()?;
        Stored::new(self.insert_row(T::NO, row)?)
    }

    /// Inserts a record under an id that was taken before with [`Work::new_id`].
    pub fn insert_as<T: Record>(&mut self, id: Ref<T>, value: &T) -> Result<Stored<T>> {
        let mut row = value.to_row()?;
        row.id = id.id().number();
        Stored::new(self.insert_row(T::NO, row)?)
    }

    /// Inserts a row of a kind. Its id is given where it is 0. What the store refuses (`field.duplicate`,
    /// `field.dangling_reference`) it refuses when it is next asked something, or on [`Work::flush`].
    pub fn insert_row(&mut self, kind: u32, mut row: Row) -> Result<Arc<Row>> {
        let change = self.writing()?;
        let catalogue = self.catalogue();
        let kind = catalogue.get(kind)?;
        if row.id == 0 {
            row.id = self.new_id().number();
        }
        row.version = change;
        row.values.resize(kind.fields().len(), Value::Null);
        self.apply_rules(kind, None, &mut row)?;
        number_lines(kind, None, &mut row);
        let row = Arc::new(row);
        self.put(kind, None, row.clone())?;
        Ok(row)
    }

    /// Saves the typed view of a record. Nothing is written where nothing differs.
    pub fn save<T: Record>(&mut self, record: &mut Stored<T>) -> Result<()> {
        let mut values = record.value.to_values()?;
        values.extend(record.row.values.iter().skip(values.len()).cloned());
        let new = Row { id: record.row.id, version: record.row.version, values };
        record.row = self.save_row(T::NO, &record.row, new)?;
        record.value = T::from_row(&record.row)?;
        Ok(())
    }

    /// Saves a row over the one that was read; gives the row as it stands then. Errors: `record.conflict` where another
    /// was written since; what the store refuses, as [`Work::insert_row`].
    pub fn save_row(&mut self, kind: u32, old: &Arc<Row>, mut new: Row) -> Result<Arc<Row>> {
        let change = self.writing()?;
        let catalogue = self.catalogue();
        let kind = catalogue.get(kind)?;
        new.id = old.id;
        new.version = old.version;
        self.apply_rules(kind, Some(old), &mut new)?;
        number_lines(kind, Some(old), &mut new);
        if new.values == old.values {
            return Ok(old.clone());
        }
        new.version = change;
        let new = Arc::new(new);
        self.put(kind, Some(old), new.clone())?;
        Ok(new)
    }

    /// Deletes a record; it goes to the recycle bin, its history stays.
    pub fn delete<T: Record>(&mut self, record: &Stored<T>) -> Result<()> {
        self.delete_row(T::NO, &record.row)
    }

    /// Deletes a row.
    pub fn delete_row(&mut self, kind: u32, old: &Arc<Row>) -> Result<()> {
        let change = self.writing()?;
        for rule in self.setting.model.rules(kind).filter_map(|rules| rules.delete) {
            rule(self, kind, old)?;
        }
        let catalogue = self.catalogue();
        self.flush()?;
        self.tx.delete(kind, old)?;
        self.tx.set_tombstone(kind, old.id, Some(change))?;
        self.context.known.wrote(catalogue.get(kind)?, Some(old), None);
        let touched = self.touched.entry((kind, old.id)).or_insert_with(|| Touched::of(Some(old)));
        touched.stored = None;
        touched.last = None;
        Ok(())
    }

    /// Brings a deleted record back as it was. Errors: `record.not_found` where it is not in the recycle bin,
    /// `field.duplicate` where its place was taken.
    pub fn restore_row(&mut self, kind: u32, id: Id) -> Result<Arc<Row>> {
        let change = self.writing()?;
        let catalogue = self.catalogue();
        let kind = catalogue.get(kind)?;
        let missing = || Code::NOT_FOUND.error().with("kind", kind.name()).with("id", id.to_string());
        let deleted = self.tx.tombstone(kind.no(), id.number())?.ok_or_else(missing)?;
        let set =
            self.tx.change(deleted)?.ok_or_else(|| Error::internal("a tombstone without its change set"))?;
        let found = set.changes.iter().find(|change| change.kind == kind.no() && change.id == id.number());
        let entry = found.ok_or_else(|| Error::internal("a tombstone without its change"))?;
        let mut row = crate::change::undo(&catalogue, kind, None, entry)?.ok_or_else(missing)?;
        row.version = change;
        let row = Arc::new(row);
        self.put(kind, None, row.clone())?;
        self.flush()?;
        self.tx.set_tombstone(kind.no(), id.number(), None)?;
        if let Some(touched) = self.touched.get_mut(&(kind.no(), row.id)) {
            // The chain goes on from the deletion.
            touched.first = Some(Arc::new(Row { id: row.id, version: deleted, values: Vec::new() }));
            touched.restored = true;
        }
        Ok(row)
    }

    /// Tells the areas above of an event of a record. Errors: whatever one of them refuses with.
    pub fn tell(&mut self, kind: u32, id: Id, event: &str) -> Result<()> {
        for rule in self.setting.model.rules(kind).filter_map(|rules| rules.event) {
            rule(self, kind, id, event)?;
        }
        Ok(())
    }

    /// Puts other definitions in force, within this transaction.
    pub fn define(&mut self, catalogue: Catalogue) -> Result<()> {
        let change = self.writing()?;
        let mut catalogue = catalogue;
        catalogue.revision = change;
        let catalogue = Arc::new(catalogue);
        self.flush()?;
        self.tx.migrate(&catalogue)?;
        self.context.known.redefined();
        self.catalogue = catalogue.clone();
        self.outcome.catalogue = Some(catalogue);
        self.row_rules.clear();
        Ok(())
    }

    fn apply_rules(&mut self, kind: &Kind, old: Option<&Row>, new: &mut Row) -> Result<()> {
        for rule in self.setting.model.rules(kind.no()).filter_map(|rules| rules.save) {
            rule(self, kind.no(), old, new)?;
        }
        for (position, field) in kind.fields().iter().enumerate() {
            if field.required && new.at(position).is_null() {
                return Err(Code::REQUIRED.at(format!("/{}", field.name)));
            }
        }
        Ok(())
    }

    /// The number of the change set that this operation writes. Errors: `internal.error` in a reading operation.
    fn writing(&mut self) -> Result<i64> {
        if self.change == 0 {
            if !self.operation.writes {
                return Err(Error::internal(format!("{} is declared to read only", self.operation.name)));
            }
            self.change = self.tx.last_change()? + 1;
        }
        Ok(self.change)
    }

    /// Takes a row as written. A record that waits to be written and is written again goes to the store once, unless
    /// the order of writes could matter to what the store checks.
    fn put(&mut self, kind: &Kind, old: Option<&Arc<Row>>, new: Arc<Row>) -> Result<()> {
        let key = (kind.no(), new.id);
        if let Some(touched) = self.touched.get(&key) {
            match (&touched.last, old) {
                (Some(last), Some(old)) if last != old => {
                    return Err(Code::STALE.error().with("current", last.version).with("given", old.version));
                }
                (None, Some(_)) => return Err(Code::NOT_FOUND.error().with("kind", kind.name())),
                (Some(_), None) => return Err(Error::internal("a record is made twice")),
                _ => {}
            }
            let waits = self.pending.contains(&key);
            if waits && old.is_some_and(|old| !independent(kind, old, &new)) {
                self.flush()?;
            }
        }
        self.context.known.wrote(kind, old.map(|row| &**row), Some(&new));
        let touched = self.touched.entry(key).or_insert_with(|| Touched::of(old));
        touched.last = Some(new);
        if !self.pending.contains(&key) {
            self.pending.push(key);
        }
        Ok(())
    }

    /// Gives the store what waits to be written, in the order in which it came. Errors: `field.duplicate`,
    /// `field.dangling_reference`, `record.conflict`, `record.not_found`.
    pub fn flush(&mut self) -> Result<()> {
        for key in std::mem::take(&mut self.pending) {
            let Some(touched) = self.touched.get_mut(&key) else { continue };
            if let Some(last) = &touched.last {
                self.tx.put(key.0, touched.stored.as_deref(), last)?;
                touched.stored = Some(last.clone());
            }
        }
        Ok(())
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

/// True where a change of a record touches nothing that the store holds against other records.
fn independent(kind: &Kind, old: &Row, new: &Row) -> bool {
    kind.tied_positions().iter().all(|position| old.at(*position) == new.at(*position))
}

/// Gives numbers to new lines: one above the largest ever used, which the record remembers.
fn number_lines(kind: &Kind, old: Option<&Row>, new: &mut Row) {
    let Some(counter) = kind.role(FieldRole::LineCounter) else { return };
    // A record that is made as a copy of another may bring the other's counter, so that no number means two lines.
    let before = old.unwrap_or(new).at(counter).as_dec();
    let mut last = before.and_then(|dec| dec.to_i64_at(0).ok()).unwrap_or(0);
    for (position, _) in kind.children() {
        for row in new.at(*position).as_rows() {
            last = last.max(row.id);
        }
    }
    for (position, _) in kind.children() {
        if let Some(Value::Rows(rows)) = new.values.get_mut(*position) {
            for row in rows.iter_mut().filter(|row| row.id == 0) {
                last += 1;
                row.id = last;
            }
        }
    }
    new.set(counter, Value::int(last));
}

/// The reference fields of a row with their targets, for callers that follow them.
pub fn references(kind: &Kind, row: &Row) -> Vec<(String, u32, Id)> {
    let fields = kind.fields().iter().enumerate();
    fields
        .filter_map(|(position, field)| match (&field.ty, row.at(position)) {
            (FieldType::Ref(to), Value::Ref(id)) => Some((field.name.to_string(), *to, *id)),
            _ => None,
        })
        .collect()
}
