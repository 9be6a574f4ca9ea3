//! Groups through references in two steps: a batch of rows is read with the references, then each record referred to is
//! looked at once, however many rows refer to it. A join would look it up again for every row.

use super::SqliteTx;
use super::errors::Mapped;
use super::functions::storage;
use super::groups::{Column, FirstDays, Groups, NULL, Pairs};
use super::query::Sql;
use super::reading::{Batch, Reading};
use crm_kernel::error::{Error, Result};
use crm_kernel::expr::env::NoFields;
use crm_kernel::expr::node::{Leaf, Node, Op, Step, Ty, Var};
use crm_kernel::expr::{eval, narrow};
use crm_kernel::plan::{Aggregate, Group};
use rusqlite::types::Value as Param;

/// Records from which on it is asked whether nearly every row refers to another, so that a join is no worse and needs
/// no memory.
const MANY: usize = 65_536;

/// How the keys of a plan are read.
pub(super) struct Fold {
    references: Vec<Reference>,
    /// What is read for each group key.
    keys: Vec<Part>,
}

/// A reference that is read in place of what lies behind it.
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
    /// The row itself, or joined to it.
    Row(Box<Node>),
    /// A record: the reference, and which of its keys.
    Record { reference: usize, key: usize },
}

impl Fold {
    /// Every key read with the row.
    pub(super) fn flat(plan: &Aggregate) -> Fold {
        let keys = plan.group.iter().map(|key| Part::Row(Box::new(key.by.node().clone())));
        Fold { references: Vec::new(), keys: keys.collect() }
    }

    /// How a plan folds: keys behind a reference that only keys use are read there.
    pub(super) fn of(plan: &Aggregate) -> Fold {
        let mut joined = Vec::new();
        let measured = plan.measures.iter().filter_map(super::aggregate::subject);
        for expr in plan.filter.iter().chain(measured) {
            paths(expr.node(), &mut |path, _| joined.push(path.to_vec()));
        }
        let mut fold = Fold { references: Vec::new(), keys: Vec::new() };
        for key in &plan.group {
            let node = key.by.node();
            let part = behind(node, &joined).and_then(|path| fold.add(node, &path));
            fold.keys.push(part.unwrap_or_else(|| Part::Row(Box::new(node.clone()))));
        }
        fold
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

    /// The references first, then the keys of the row itself.
    fn reading(&self, tx: &SqliteTx<'_>, plan: &Aggregate) -> Result<Reading> {
        let references = self.references.iter().map(|reference| &reference.node);
        let rows = self.keys.iter().filter_map(|part| match part {
            Part::Row(node) => Some(&**node),
            Part::Record { .. } => None,
        });
        Reading::new(tx, plan, &references.chain(rows).collect::<Vec<_>>())
    }

    /// The statements that read the rows.
    pub(super) fn explain(&self, tx: &SqliteTx<'_>, plan: &Aggregate) -> Result<Vec<Sql>> {
        self.reading(tx, plan).map(Reading::explain)
    }

    /// The groups; `None` where nearly every row refers to another record.
    pub(super) fn run(&self, tx: &SqliteTx<'_>, plan: &Aggregate) -> Result<Option<Vec<Group>>> {
        let reading = self.reading(tx, plan)?;
        let mut groups = Groups::new(plan);
        let records = self.references.iter().map(|reference| Records::new(tx, reference));
        let mut records = records.collect::<Result<Vec<_>>>()?;
        let mut periods: Vec<_> = plan.group.iter().map(|key| FirstDays::of(key.period, &key.by)).collect();
        let mut keys: Vec<Vec<i64>> = plan.group.iter().map(|_| Vec::new()).collect();
        let mut rows: usize = 0;
        let read = reading.run(tx, |batch| {
            rows += batch.rows;
            for (at, records) in records.iter_mut().enumerate() {
                records.look_up(tx, &batch.column(at)?.values)?;
            }
            for ((values, part), period) in keys.iter_mut().zip(self.parts()).zip(&mut periods) {
                values.clear();
                part.values(batch, &records, values)?;
                if let Some(period) = period {
                    values.iter_mut().filter(|day| **day != NULL).for_each(|day| *day = period.first(*day));
                }
            }
            groups.take(batch.rows, &keys, &batch.measured(&reading))?;
            Ok(records.iter().all(|records| records.ids.len() < MANY || records.ids.len() * 2 < rows))
        })?;
        let Some(batch) = read else { return Ok(None) };
        let columns = self.parts().map(|part| part.column(&batch, &records)).collect::<Result<Vec<_>>>()?;
        groups.finish(plan, &columns, &batch.measured(&reading)).map(Some)
    }

    /// The place of each key: a column of the batch, or one of a reference's records.
    fn parts(&self) -> impl Iterator<Item = Place> {
        let mut column = self.references.len();
        self.keys.iter().map(move |part| match part {
            Part::Row(_) => {
                column += 1;
                Place::Column(column - 1)
            }
            Part::Record { reference, key } => Place::Record { reference: *reference, key: *key },
        })
    }
}

/// Where the values of a group key stand.
#[derive(Clone, Copy)]
enum Place {
    Column(usize),
    Record { reference: usize, key: usize },
}

impl Place {
    fn column<'a>(self, batch: &'a Batch, records: &'a [Records]) -> Result<&'a Column> {
        match self {
            Place::Column(at) => batch.column(at),
            Place::Record { reference, key } => {
                let records = records.get(reference).and_then(|records| records.keys.get(key));
                records.ok_or_else(|| Error::internal("no such reference"))
            }
        }
    }

    /// Adds the value of each row of a batch.
    fn values(self, batch: &Batch, records: &[Records], values: &mut Vec<i64>) -> Result<()> {
        let column = self.column(batch, records)?;
        match self {
            Place::Column(_) => values.extend_from_slice(&column.values),
            Place::Record { reference, .. } => {
                let places = records.get(reference).map_or(&[][..], |records| &records.rows);
                values.extend(places.iter().map(|place| column.values.get(*place).copied().unwrap_or(NULL)));
            }
        }
        Ok(())
    }
}

/// The records that one reference leads to, each looked at once.
struct Records {
    /// The keys of the record with the id `?1`.
    sql: Sql,
    ids: Pairs,
    /// The values of the keys, by the places of the ids.
    keys: Vec<Column>,
    /// The keys of no record, or of one that is gone: all its fields are null.
    nothing: Vec<i64>,
    /// The place of the record of each row of the present batch.
    rows: Vec<usize>,
}

impl Records {
    fn new(tx: &SqliteTx<'_>, reference: &Reference) -> Result<Records> {
        let shape = tx.shape(reference.to)?;
        let mut compiler = tx.compiler(&shape);
        let id = compiler.param(Param::Null);
        let values = reference.keys.iter().map(|key| compiler.value(key)).collect::<Result<Vec<_>>>()?;
        let text = format!("SELECT {} FROM {} WHERE t.\"id\"={id}", values.join(","), compiler.from());
        let sql = Sql { text, params: compiler.params, _leases: compiler.leases };
        let mut keys: Vec<Column> = reference.keys.iter().map(|key| Column::new(storage(&key.ty))).collect();
        let nothing = keys.iter_mut().zip(&reference.keys);
        let nothing =
            nothing.map(|(column, key)| column.code_of(&narrow(eval(key, &NoFields), &key.ty))).collect();
        Ok(Records { sql, ids: Pairs::default(), keys, nothing, rows: Vec::new() })
    }

    /// Finds the record of each row; reads those that are new.
    fn look_up(&mut self, tx: &SqliteTx<'_>, ids: &[i64]) -> Result<()> {
        let known = self.ids.len();
        self.rows.clear();
        for id in ids {
            self.rows.push(self.ids.place((0, *id))?);
        }
        for (column, nothing) in self.keys.iter_mut().zip(&self.nothing) {
            column.values.resize(self.ids.len(), *nothing);
        }
        let wanted = (known..).zip(self.ids.from(known)).map(|(place, (_, id))| (*id, place));
        let mut wanted: Vec<(i64, usize)> = wanted.filter(|(id, _)| *id != NULL).collect();
        // In the order of the table, so that neighbours are read together.
        wanted.sort_unstable();
        let mut statement = tx.conn().prepare_cached(&self.sql.text).mapped()?;
        self.sql.bind(&mut statement)?;
        for (id, place) in wanted {
            statement.raw_bind_parameter(1, id).mapped()?;
            let mut rows = statement.raw_query();
            let Some(row) = rows.next().mapped()? else { continue };
            for (at, column) in self.keys.iter_mut().enumerate() {
                let code = column.code(row.get_ref(at).mapped()?)?;
                if let Some(slot) = column.values.get_mut(place) {
                    *slot = code;
                }
            }
        }
        Ok(())
    }
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
pub(super) fn paths(node: &Node, tell: &mut dyn FnMut(&[Step], Option<Leaf>)) {
    match &node.op {
        Op::Field { var: Var::Root, path, leaf } => tell(path, Some(*leaf)),
        Op::Quantify { var: Var::Root, path, .. } => tell(path, None),
        Op::Quantify { .. } => tell(&[], None),
        _ => {}
    }
    node.children().for_each(|child| paths(child, tell));
}

/// Takes the first steps off every path.
pub(super) fn strip(node: &mut Node, steps: usize) {
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
