//! Groups through references in two steps: rows are grouped by the reference first, then each record referred to is
//! looked at once. A join would look it up again for every row.

use super::SqliteTx;
use super::aggregate::{ReadKey, Reading};
use super::compile::Compiler;
use super::errors::Mapped;
use super::functions::storage;
use super::groups::{Cell, Fast, Groups, KeyColumn};
use super::query::Sql;
use crm_kernel::error::{Error, Result};
use crm_kernel::expr::env::NoFields;
use crm_kernel::expr::node::{Leaf, Node, Op, Step, Ty, Var};
use crm_kernel::expr::{eval, narrow};
use crm_kernel::plan::{Aggregate, Group, Measure};
use rusqlite::types::Value as Param;
use std::collections::{HashMap, HashSet};

/// Groups that wait before the records they refer to are looked at: bounds the memory.
const WAITING: usize = 65_536;
/// Records looked at by one statement.
const CHUNK: usize = 512;

/// A plan whose keys are read behind references.
pub(super) struct Fold {
    references: Vec<Reference>,
    /// What is read for each group key.
    keys: Vec<Part>,
}

/// A reference that rows are grouped by.
struct Reference {
    /// The reference itself.
    node: Node,
    /// The kind it leads to.
    to: u32,
    /// Group keys over the record there.
    keys: Vec<Node>,
}

/// Where the value of a group key comes from.
enum Part {
    /// The row.
    Row,
    /// A record: the reference, and which of its keys.
    Record { reference: usize, key: usize },
}

impl Fold {
    /// How a plan folds; `None` where no key lies behind a reference that only keys use.
    pub(super) fn of(plan: &Aggregate) -> Option<Fold> {
        let mut joined = Vec::new();
        let measured = plan.measures.iter().filter_map(|measure| match measure {
            Measure::Count => None,
            Measure::CountOf(of) | Measure::CountDistinct(of) | Measure::Sum(of) => Some(of),
            Measure::Min(of) | Measure::Max(of) | Measure::Average { of, .. } => Some(of),
        });
        for expr in plan.filter.iter().chain(measured) {
            paths(expr.node(), &mut |path, _| joined.push(path.to_vec()));
        }
        let mut fold = Fold { references: Vec::new(), keys: Vec::new() };
        for key in &plan.group {
            let part = match behind(key.by.node(), &joined) {
                None => Part::Row,
                Some(path) => fold.add(key.by.node(), &path)?,
            };
            fold.keys.push(part);
        }
        (!fold.references.is_empty()).then_some(fold)
    }

    fn add(&mut self, key: &Node, path: &[Step]) -> Option<Part> {
        let Step::Field { to, .. } = path.last()? else { return None };
        let op = Op::Field { var: Var::Root, path: path.to_vec(), leaf: Leaf::Id };
        let node = Node { op, ty: Ty::Ref(*to) };
        let known = self.references.iter().position(|reference| reference.node == node);
        let at = known.unwrap_or(self.references.len());
        if known.is_none() {
            self.references.push(Reference { node, to: *to, keys: Vec::new() });
        }
        let reference = self.references.get_mut(at)?;
        let mut key = key.clone();
        strip(&mut key, path.len());
        reference.keys.push(key);
        Some(Part::Record { reference: at, key: reference.keys.len() - 1 })
    }

    fn reading(&self, tx: &SqliteTx<'_>, plan: &Aggregate) -> Result<Reading> {
        let references =
            self.references.iter().map(|reference| ReadKey { node: &reference.node, period: None });
        let rows = plan.group.iter().zip(&self.keys).filter(|(_, part)| matches!(part, Part::Row));
        let rows = rows.map(|(key, _)| ReadKey { node: key.by.node(), period: key.period });
        Reading::new(tx, plan, &references.chain(rows).collect::<Vec<_>>())
    }

    pub(super) fn explain(&self, tx: &SqliteTx<'_>, plan: &Aggregate) -> Result<Sql> {
        self.reading(tx, plan).map(|reading| reading.sql)
    }

    /// The groups; `None` where nearly every row refers to another record, so that a join is no worse.
    pub(super) fn run(&self, tx: &SqliteTx<'_>, plan: &Aggregate) -> Result<Option<Vec<Group>>> {
        let mut waiting = Groups::new(plan);
        let mut answer =
            Answer { groups: Groups::new(plan), known: vec![Known::default(); self.references.len()] };
        let reading = self.reading(tx, plan)?;
        let mut rows: usize = 0;
        let is_read = reading.run(tx, |row| {
            rows += 1;
            if self.take(plan, &reading, row, &mut answer)? {
                return Ok(true);
            }
            reading.take(row, &mut waiting)?;
            if waiting.len() < WAITING {
                return Ok(true);
            }
            self.settle(tx, plan, &mut waiting, &mut answer)?;
            let known = answer.known.iter().map(HashMap::len).max().unwrap_or(0);
            Ok(known * 2 < rows)
        })?;
        if !is_read {
            return Ok(None);
        }
        self.settle(tx, plan, &mut waiting, &mut answer)?;
        let keys: Vec<KeyColumn> = plan.group.iter().map(|key| (storage(key.by.ty()), None)).collect();
        answer.groups.finish(plan, &keys).map(Some)
    }

    /// Puts a row into its group where all records that it refers to are known; false where one is not.
    fn take(
        &self,
        plan: &Aggregate,
        reading: &Reading,
        row: &rusqlite::Row<'_>,
        answer: &mut Answer,
    ) -> Result<bool> {
        for (at, known) in answer.known.iter().enumerate() {
            if !known.contains_key(&id_at(row, at)?) {
                return Ok(false);
            }
        }
        answer.groups.begin_key();
        let mut column = self.references.len();
        for (key, part) in plan.group.iter().zip(&self.keys) {
            match part {
                Part::Row => {
                    reading.add_key(row, column, &mut answer.groups)?;
                    column += 1;
                }
                Part::Record { reference, key: place } => {
                    let known = answer
                        .known
                        .get(*reference)
                        .and_then(|known| known.get(&id_at(row, *reference).ok()?));
                    let mut values = known.map(|bytes| &**bytes).unwrap_or_default();
                    let cell = nth(&mut values, *place)?;
                    answer.groups.add_key(cell, key.period.filter(|_| key.by.ty() == &Ty::Date));
                }
            }
        }
        reading.measure(row, &mut answer.groups)?;
        Ok(true)
    }

    /// Moves the groups that wait to the groups they belong to.
    fn settle(
        &self,
        tx: &SqliteTx<'_>,
        plan: &Aggregate,
        waiting: &mut Groups,
        answer: &mut Answer,
    ) -> Result<()> {
        for (at, (reference, known)) in self.references.iter().zip(&mut answer.known).enumerate() {
            reference.look_up(tx, at, waiting, known)?;
        }
        for (bytes, collected) in waiting.drain() {
            let mut bytes = &*bytes;
            let mut records: Vec<&[u8]> = Vec::with_capacity(self.references.len());
            for known in &answer.known {
                let cell = Cell::read(&mut bytes)?;
                let id = if let Cell::Int(id) = cell { id } else { 0 };
                records
                    .push(known.get(&id).ok_or_else(|| Error::internal("a record that was not looked at"))?);
            }
            answer.groups.begin_key();
            for (key, part) in plan.group.iter().zip(&self.keys) {
                let cell = match part {
                    Part::Row => Cell::read(&mut bytes)?,
                    Part::Record { reference, key } => {
                        let mut values = records.get(*reference).copied().unwrap_or_default();
                        nth(&mut values, *key)?
                    }
                };
                answer.groups.add_key(cell, key.period.filter(|_| key.by.ty() == &Ty::Date));
            }
            let group = answer.groups.find();
            for (measure, collected) in collected.into_iter().enumerate() {
                answer.groups.measure(group, measure)?.merge(collected)?;
            }
        }
        Ok(())
    }
}

/// What has been found out so far.
struct Answer {
    groups: Groups,
    known: Vec<Known>,
}

/// The keys of each record looked at, as bytes; those of no record under 0.
type Known = HashMap<i64, Box<[u8]>, Fast>;

impl Reference {
    /// Looks at the records that groups refer to at this place of their key, each once.
    fn look_up(&self, tx: &SqliteTx<'_>, at: usize, groups: &Groups, known: &mut Known) -> Result<()> {
        let mut wanted: HashSet<i64, Fast> = HashSet::default();
        for mut key in groups.keys() {
            if let Cell::Int(id) = nth(&mut key, at)?
                && !known.contains_key(&id)
            {
                wanted.insert(id);
            }
        }
        // In the order of the table, so that neighbours are read together.
        let mut wanted: Vec<i64> = wanted.into_iter().collect();
        wanted.sort_unstable();
        for chunk in wanted.chunks(CHUNK) {
            self.read(tx, chunk, known)?;
        }
        // No record, or one that is gone: all its fields are null.
        let mut nothing = Vec::new();
        for key in &self.keys {
            Cell::of_value(&narrow(eval(key, &NoFields), &key.ty)).write(&mut nothing);
        }
        for id in wanted.into_iter().chain([0]) {
            known.entry(id).or_insert_with(|| nothing.clone().into_boxed_slice());
        }
        Ok(())
    }

    fn read(&self, tx: &SqliteTx<'_>, ids: &[i64], known: &mut Known) -> Result<()> {
        let sql = self.statement(tx, ids)?;
        let mut statement = tx.conn().prepare_cached(&sql.text).mapped()?;
        sql.bind(&mut statement)?;
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next().mapped()? {
            let mut bytes = Vec::new();
            for (at, key) in self.keys.iter().enumerate() {
                Cell::of(storage(&key.ty), row.get_ref(at + 1).mapped()?)?.write(&mut bytes);
            }
            known.insert(row.get(0).mapped()?, bytes.into_boxed_slice());
        }
        Ok(())
    }

    fn statement(&self, tx: &SqliteTx<'_>, ids: &[i64]) -> Result<Sql> {
        let shape = tx.shape(self.to)?;
        let mut compiler: Compiler<'_> = tx.compiler(&shape);
        let mut columns = vec!["t.\"id\"".to_owned()];
        for key in &self.keys {
            columns.push(compiler.value(key)?);
        }
        // A few lengths only, filled up with the last id, so that few statements are prepared.
        let slots = ids.len().next_power_of_two().clamp(8, CHUNK);
        let last = ids.last().copied().unwrap_or(0);
        let ids = ids.iter().copied().chain(std::iter::repeat(last)).take(slots);
        let holes: Vec<String> = ids.map(|id| compiler.param(Param::Integer(id))).collect();
        let (columns, from) = (columns.join(","), compiler.from());
        let text = format!("SELECT {columns} FROM {from} WHERE t.\"id\" IN ({})", holes.join(","));
        Ok(Sql { text, params: compiler.params, _leases: compiler.leases })
    }
}

/// The record that a row refers to, 0 for none.
fn id_at(row: &rusqlite::Row<'_>, column: usize) -> Result<i64> {
    row.get::<_, Option<i64>>(column).mapped().map(|id| id.unwrap_or(0))
}

/// The value at a place of a key.
fn nth<'a>(bytes: &mut &'a [u8], place: usize) -> Result<Cell<'a>> {
    for _ in 0..place {
        Cell::read(bytes)?;
    }
    Cell::read(bytes)
}

/// The shortest reference that a whole key lies behind and that nothing else needs a join for.
fn behind(key: &Node, joined: &[Vec<Step>]) -> Option<Vec<Step>> {
    let mut used: Vec<(Vec<Step>, Leaf)> = Vec::new();
    let mut is_plain = true;
    paths(key, &mut |path, leaf| match leaf {
        Some(leaf) => used.push((path.to_vec(), leaf)),
        None => is_plain = false,
    });
    let (first, _) = used.first()?;
    if !is_plain {
        return None;
    }
    for length in 1..=first.len() {
        let prefix = first.get(..length)?;
        let is_reference = matches!(prefix.last(), Some(Step::Field { .. }));
        if !is_reference || joined.iter().any(|path| path.starts_with(prefix)) {
            continue;
        }
        // The id of a record is the reference itself.
        let is_behind = |(path, leaf): &(Vec<Step>, Leaf)| {
            path.starts_with(prefix) && (path.len(), *leaf) != (length, Leaf::Id)
        };
        return used.iter().all(is_behind).then(|| prefix.to_vec());
    }
    None
}

/// Tells the path of every field that starts at the record, with the field; of every quantifier without.
fn paths(node: &Node, tell: &mut dyn FnMut(&[Step], Option<Leaf>)) {
    match &node.op {
        Op::Field { var: Var::Root, path, leaf } => tell(path, Some(*leaf)),
        Op::Quantify { var: Var::Root, path, .. } => tell(path, None),
        Op::Quantify { .. } => tell(&[], None),
        _ => {}
    }
    node.children().for_each(|child| paths(child, tell));
}

/// Takes the first steps off every path.
fn strip(node: &mut Node, steps: usize) {
    match &mut node.op {
        Op::Const(_) => {}
        Op::Field { path, .. } => {
            path.drain(..steps.min(path.len()));
        }
        Op::Not(of) | Op::Negate(of) | Op::IsNull { of, .. } | Op::Quantify { body: of, .. } => {
            strip(of, steps)
        }
        Op::And(left, right)
        | Op::Or(left, right)
        | Op::Compare(_, left, right)
        | Op::Arith(_, left, right)
        | Op::Divide { left, right, .. } => [left, right].into_iter().for_each(|part| strip(part, steps)),
        Op::If(condition, yes, no) => [condition, yes, no].into_iter().for_each(|part| strip(part, steps)),
        Op::In(of, list) => {
            strip(of, steps);
            list.iter_mut().for_each(|item| strip(item, steps));
        }
        Op::Call(_, args) => args.iter_mut().for_each(|arg| strip(arg, steps)),
    }
}
