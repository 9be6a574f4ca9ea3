//! Reading: within the actor's row rules, and from what is known before the store is asked.

use super::{Stored, Work};
use crate::catalogue::Kind;
use crate::error::{Code, Error, Result};
use crate::expr::Expr;
use crate::expr::node::Ty;
use crate::id::{Id, Ref};
use crate::permission::{Rights, RowRule};
use crate::plan::{Aggregate, Found, Group, Mark, Query, Select, SortKey};
use crate::record::Record;
use crate::store::Tx;
use crate::value::{Row, Value};
use std::sync::Arc;

/// Records that are read at once where all of many are handed over.
const PAGE: u32 = 1_000;

impl Work<'_> {
    /// A record that the actor may read. Errors: `record.not_found`.
    pub fn find<T: Record>(&mut self, id: Ref<T>) -> Result<Stored<T>> {
        self.find_for("read", id)
    }

    /// A record that the actor may read and do `verb` to. Errors: `record.not_found` where he may not even read it,
    /// `permission.forbidden` where he may read but not do it.
    pub fn find_for<T: Record>(&mut self, verb: &'static str, id: Ref<T>) -> Result<Stored<T>> {
        let row = self.row_for(T::NO, id.id(), verb)?;
        Stored::known(row, &mut self.context.known)
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
        match self.id_by_key(T::NO, field, value)? {
            Some(id) => self.look(Ref::new(id)),
            None => Ok(None),
        }
    }

    fn id_by_key(&mut self, kind: u32, field: &str, value: &Value) -> Result<Option<Id>> {
        let catalogue = self.catalogue();
        let kind = catalogue.get(kind)?;
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
                let id = self.ask(&plan)?.first().map(|found| found.id);
                self.context.known.keep_key(kind.no(), position, value, id);
                id
            }
        };
        Ok(id.and_then(Id::new))
    }

    /// The number of the last change set; that of this operation is not among them before it ends.
    pub fn last_change(&mut self) -> Result<i64> {
        match self.past {
            Some(change) => Ok(change),
            None => self.tx.last_change(),
        }
    }

    /// A record as it stands, whoever asks; `None` where there is none.
    pub fn row(&mut self, kind: u32, id: i64) -> Result<Option<Arc<Row>>> {
        if let Some(touched) = self.touched.get(&(kind, id)).filter(|_| self.past.is_none()) {
            return Ok(touched.last.clone());
        }
        if let Some(row) = self.context.known.row(kind, id) {
            return Ok(Some(row));
        }
        let row = match self.past {
            Some(change) => self.row_then(kind, id, change)?,
            None => self.tx.get(kind, id)?.map(Arc::new),
        };
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

    /// Refuses a row that the actor has made or changed where his right to `verb` does not cover it as it stands now.
    /// Errors: `permission.forbidden` with the kind and verb.
    pub fn must_cover(&mut self, kind: u32, row: &Row, verb: &'static str) -> Result<()> {
        let catalogue = self.catalogue();
        let kind = catalogue.get(kind)?;
        if self.covers(kind, row, verb)? { Ok(()) } else { Err(Error::forbidden(kind.name(), verb)) }
    }

    /// The same for a right that is named by another word than the row's kind: who may `make` a `plan` may do so for
    /// the orders that this right reaches.
    pub fn must_reach(&mut self, kind: u32, row: &Row, (word, verb): (&str, &str)) -> Result<()> {
        if self.system > 0 {
            return Ok(());
        }
        let catalogue = self.catalogue();
        let rights = &self.setting.rights;
        let rule = rights.row_rule(
            &catalogue,
            catalogue.get(kind)?,
            (word, verb),
            &self.names(Id::new(rights.actor)),
        )?;
        let reached = match rule {
            RowRule::All => true,
            RowRule::Where(rule) => self.holds(&rule, row)?,
        };
        if reached { Ok(()) } else { Err(Error::forbidden(word, verb)) }
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
        let rows = self.rows_by(T::NO, condition, names, order, limit)?;
        rows.into_iter().map(Stored::new).collect()
    }

    /// Hands over each record of a kind for which a condition holds, as far as the actor may read them, by id: so many of
    /// them that they should not all be in memory at once. Errors: those of reading, and of `each`.
    pub fn each<T: Record>(
        &mut self,
        condition: &str,
        names: &[(&str, Ty, Value)],
        mut each: impl FnMut(&mut Self, Stored<T>) -> Result<()>,
    ) -> Result<()> {
        let filter = Some(self.expression(T::NO, condition, names)?);
        // Those of another time are in memory anyway.
        let limit = self.past.is_none().then_some(PAGE);
        let mut after = None;
        loop {
            let (filter, order, select) = (filter.clone(), Vec::new(), Select::Rows);
            let found = self.query(Query { kind: T::NO, filter, order, after, limit, select })?;
            let last = found.last().map(|found| Mark { keys: Vec::new(), parent: 0, id: found.id });
            let whole = limit.is_some_and(|limit| found.len() == limit as usize);
            for row in found.into_iter().filter_map(|found| found.row) {
                each(self, Stored::new(Arc::new(row))?)?;
            }
            if !whole || last.is_none() {
                return Ok(());
            }
            after = last;
        }
    }

    fn rows_by(
        &mut self,
        kind: u32,
        condition: &str,
        names: &[(&str, Ty, Value)],
        order: &[&str],
        limit: Option<u32>,
    ) -> Result<Vec<Arc<Row>>> {
        let filter = self.expression(kind, condition, names)?;
        let mut keys = Vec::new();
        for key in order {
            let by = Expr::field(&self.catalogue, kind, key.trim_start_matches('-'))?;
            keys.push(SortKey { by, descending: key.starts_with('-') });
        }
        let plan =
            Query { kind, filter: Some(filter), order: keys, after: None, limit, select: Select::Rows };
        let found = self.query(plan)?;
        Ok(found.into_iter().filter_map(|found| found.row).map(Arc::new).collect())
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
        self.ask(&plan)
    }

    fn ask(&mut self, plan: &Query) -> Result<Vec<Found>> {
        match self.past {
            Some(change) => self.query_then(plan, change),
            None => self.tx.query(plan),
        }
    }

    /// Runs a query within what the actor may both read and do `verb` to.
    pub fn query_for(&mut self, verb: &'static str, mut plan: Query) -> Result<Vec<Found>> {
        plan.filter = self.within(plan.kind, plan.filter, verb)?;
        self.query(plan)
    }

    /// Runs an aggregation within what the actor may read.
    pub fn aggregate(&mut self, mut plan: Aggregate) -> Result<Vec<Group>> {
        plan.filter = self.within(plan.kind, plan.filter, "read")?;
        if self.past.is_some() {
            return Err(Error::internal("the past is not grouped"));
        }
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
            return Ok(RowRule::nothing(kind.no()));
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
        rights.row_rule(&self.catalogue, kind, (kind.name(), verb), &self.names(Id::new(rights.actor)))
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
}
