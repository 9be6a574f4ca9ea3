//! How the rows of groups are read: in batches, column by column.
//!
//! Lines that are all read, with something of their documents beside them, are read alone in the order of their key; the
//! documents of a batch are then one stretch of theirs, read once each and laid beside the lines. A join would look for
//! the document of every line.

use super::aggregate::{Narrowed, conditions, conjuncts, narrowed, subject};
use super::compile::{Compiler, Start};
use super::errors::Mapped;
use super::fold::{paths, strip};
use super::functions::storage;
use super::groups::Column;
use super::query::Sql;
use super::shape::Shape;
use super::{SqliteTx, Work};
use crm_kernel::error::{Error, Result};
use crm_kernel::expr::Expr;
use crm_kernel::expr::node::{Leaf, Node, Step};
use crm_kernel::plan::Aggregate;
use rusqlite::types::Value as Param;
use std::sync::Arc;

/// Rows of a batch: enough that a statement for it costs nothing, few enough to stay near the processor.
const BATCH: usize = 4_096;

/// The statements that read a plan's rows, and what stands in their columns.
pub(super) struct Reading {
    rows: Sql,
    /// The documents with ids from `?1` to `?2`, for lines that are read alone.
    parents: Option<Sql>,
    /// The nodes that are read, keys first, with where each is found.
    columns: Vec<(Node, Source)>,
    /// The column of each measure.
    subjects: Vec<Option<usize>>,
}

/// Which statement reads a column.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Source {
    Row,
    Parent,
}

/// Rows that were read.
pub(super) struct Batch {
    pub(super) rows: usize,
    columns: Vec<Column>,
    /// The parent of each line, where lines are read alone.
    parents: Vec<i64>,
}

impl Batch {
    pub(super) fn column(&self, at: usize) -> Result<&Column> {
        self.columns.get(at).ok_or_else(|| Error::internal("no such column"))
    }

    /// The column of each measure that has one.
    pub(super) fn measured(&self, reading: &Reading) -> Vec<Option<&Column>> {
        reading.subjects.iter().map(|at| at.and_then(|at| self.columns.get(at))).collect()
    }
}

impl Reading {
    /// How the keys and what is measured are read.
    pub(super) fn new(tx: &SqliteTx<'_>, plan: &Aggregate, keys: &[&Node]) -> Result<Reading> {
        let mut nodes: Vec<Node> = keys.iter().map(|key| (*key).clone()).collect();
        let mut subjects = Vec::new();
        for of in plan.measures.iter().map(subject) {
            let place = of.map(|of| {
                let known = nodes.iter().skip(keys.len()).position(|known| known == of.node());
                known.map_or(nodes.len(), |known| known + keys.len())
            });
            if let Some(of) = of
                && place == Some(nodes.len())
            {
                nodes.push(of.node().clone());
            }
            subjects.push(place);
        }
        match Apart::of(plan, &nodes) {
            Some(apart) => apart.reading(tx, plan, nodes, subjects),
            None => joined(tx, plan, nodes, subjects),
        }
    }

    /// The statements.
    pub(super) fn explain(self) -> Vec<Sql> {
        std::iter::once(self.rows).chain(self.parents).collect()
    }

    /// Shows all rows to `each`, batch by batch, which says whether to go on. Gives the last batch, whose columns know
    /// what stands behind their values; nothing where `each` said no.
    pub(super) fn run(
        &self,
        tx: &SqliteTx<'_>,
        mut each: impl FnMut(&Batch) -> Result<bool>,
    ) -> Result<Option<Batch>> {
        let columns = self.columns.iter().map(|(node, _)| Column::new(storage(&node.ty))).collect();
        let mut batch = Batch { rows: 0, columns, parents: Vec::new() };
        let mut statement = tx.conn().prepare_cached(&self.rows.text).mapped()?;
        self.rows.bind(&mut statement)?;
        let mut rows = statement.raw_query();
        let mut more = true;
        while more {
            batch.rows = 0;
            batch.parents.clear();
            batch.columns.iter_mut().for_each(|column| column.values.clear());
            while batch.rows < BATCH {
                let Some(row) = rows.next().mapped()? else {
                    more = false;
                    break;
                };
                self.push(row, &mut batch)?;
            }
            if let Some(parents) = &self.parents {
                self.lay_beside(tx, parents, &mut batch)?;
            }
            if !each(&batch)? {
                return Ok(None);
            }
        }
        drop(rows);
        tx.note_work(Work::of(&statement));
        Ok(Some(batch))
    }

    fn push(&self, row: &rusqlite::Row<'_>, batch: &mut Batch) -> Result<()> {
        batch.rows += 1;
        let mut at = 0;
        if self.parents.is_some() {
            batch.parents.push(row.get(at).mapped()?);
            at += 1;
        }
        for (column, (_, source)) in batch.columns.iter_mut().zip(&self.columns) {
            if *source == Source::Row {
                let code = column.code(row.get_ref(at).mapped()?)?;
                column.values.push(code);
                at += 1;
            }
        }
        Ok(())
    }

    /// Reads the documents of the lines in a batch; lines whose document the filter leaves out are taken away.
    fn lay_beside(&self, tx: &SqliteTx<'_>, parents: &Sql, batch: &mut Batch) -> Result<()> {
        let (Some(first), Some(last)) = (batch.parents.first(), batch.parents.last()) else { return Ok(()) };
        let mut statement = tx.conn().prepare_cached(&parents.text).mapped()?;
        parents.bind(&mut statement)?;
        statement.raw_bind_parameter(1, first).mapped()?;
        statement.raw_bind_parameter(2, last).mapped()?;
        let mut found = statement.raw_query();
        let mut counts = vec![false; batch.rows];
        let mut lines = batch.parents.iter().zip(&mut counts).peekable();
        while let Some(row) = found.next().mapped()? {
            let id: i64 = row.get(0).mapped()?;
            while lines.next_if(|(parent, _)| **parent < id).is_some() {}
            let mut own = 0;
            while let Some((_, counts)) = lines.next_if(|(parent, _)| **parent == id) {
                *counts = true;
                own += 1;
            }
            let mut at = 1;
            for (column, (_, source)) in batch.columns.iter_mut().zip(&self.columns) {
                if *source == Source::Parent {
                    let code = column.code(row.get_ref(at).mapped()?)?;
                    column.values.extend(std::iter::repeat_n(code, own));
                    at += 1;
                }
            }
        }
        drop(found);
        tx.note_work(Work::of(&statement));
        if counts.contains(&false) {
            batch.rows = counts.iter().filter(|counts| **counts).count();
            for (column, (_, source)) in batch.columns.iter_mut().zip(&self.columns) {
                if *source == Source::Row {
                    let mut counts = counts.iter();
                    column.values.retain(|_| counts.next() == Some(&true));
                }
            }
        }
        Ok(())
    }
}

/// One statement with whatever joins the plan needs.
fn joined(
    tx: &SqliteTx<'_>,
    plan: &Aggregate,
    nodes: Vec<Node>,
    subjects: Vec<Option<usize>>,
) -> Result<Reading> {
    let shape: Arc<Shape> = tx.shape(plan.kind)?;
    let mut compiler = tx.compiler(&shape);
    let values = nodes.iter().map(|node| compiler.value(node)).collect::<Result<Vec<_>>>()?;
    let conditions = conditions(&mut compiler, plan)?;
    let rows = select(compiler, &values, &conditions, "");
    let columns = nodes.into_iter().map(|node| (node, Source::Row)).collect();
    Ok(Reading { rows, parents: None, columns, subjects })
}

/// A plan over lines of which every part is about the line or about its document.
struct Apart {
    /// The kind of the documents.
    parent: u32,
    sources: Vec<Source>,
    conditions: Vec<(Node, Source)>,
}

impl Apart {
    /// Nothing where some part is about both, where no part is about the document, or where the filter chooses few: then
    /// an index finds them.
    fn of(plan: &Aggregate, nodes: &[Node]) -> Option<Apart> {
        if narrowed(plan) != (Narrowed { parents: false, rows: false }) {
            return None;
        }
        let mut parent = None;
        let sources = nodes.iter().map(|node| source(node, &mut parent)).collect::<Option<Vec<_>>>()?;
        let mut conditions = Vec::new();
        for node in conjuncts(plan.filter.as_ref().map(Expr::node)) {
            conditions.push((node.clone(), source(node, &mut parent)?));
        }
        Some(Apart { parent: parent?, sources, conditions })
    }

    fn reading(
        self,
        tx: &SqliteTx<'_>,
        plan: &Aggregate,
        nodes: Vec<Node>,
        subjects: Vec<Option<usize>>,
    ) -> Result<Reading> {
        let columns: Vec<(Node, Source)> = nodes.into_iter().zip(self.sources.iter().copied()).collect();
        let (lines, documents) = (tx.shape(plan.kind)?, tx.shape(self.parent)?);
        let mut compiler = tx.compiler(&lines);
        let (values, conditions) = self.part(&mut compiler, &columns, Source::Row, "t.\"parent\"")?;
        let rows = select(compiler, &values, &conditions, " ORDER BY t.\"parent\"");
        let mut compiler = tx.compiler(&documents);
        compiler.start(Start::Key);
        let (first, last) = (compiler.param(Param::Null), compiler.param(Param::Null));
        let (values, mut conditions) = self.part(&mut compiler, &columns, Source::Parent, "t.\"id\"")?;
        conditions.push(format!("t.\"id\" BETWEEN {first} AND {last}"));
        let parents = Some(select(compiler, &values, &conditions, " ORDER BY t.\"id\""));
        Ok(Reading { rows, parents, columns, subjects })
    }

    /// What one of the statements reads, and under which conditions.
    fn part(
        &self,
        compiler: &mut Compiler<'_>,
        columns: &[(Node, Source)],
        source: Source,
        key: &str,
    ) -> Result<(Vec<String>, Vec<String>)> {
        let own = |node: &Node| {
            let mut node = node.clone();
            if source == Source::Parent {
                strip(&mut node, 1);
            }
            node
        };
        let mut values = vec![key.to_owned()];
        for (node, _) in columns.iter().filter(|(_, of)| *of == source) {
            values.push(compiler.value(&own(node))?);
        }
        let mut conditions = Vec::new();
        for (node, _) in self.conditions.iter().filter(|(_, of)| *of == source) {
            compiler.conditions(&own(node), &mut conditions)?;
        }
        Ok((values, conditions))
    }
}

/// Whether a node is about the line or about its document, whose kind is told; nothing where it is about both.
fn source(node: &Node, parent: &mut Option<u32>) -> Option<Source> {
    let (mut of_row, mut of_parent, mut is_plain) = (false, false, true);
    paths(node, &mut |path, leaf| match (path, leaf) {
        (_, None) => is_plain = false,
        // The id of the document stands in the line.
        ([Step::Parent { .. }], Some(Leaf::Id)) => of_row = true,
        ([Step::Parent { to }, ..], _) => {
            of_parent = true;
            *parent = Some(*to);
        }
        _ => of_row = true,
    });
    match (is_plain, of_row, of_parent) {
        (true, false, true) => Some(Source::Parent),
        (true, _, false) => Some(Source::Row),
        _ => None,
    }
}

fn select(compiler: Compiler<'_>, values: &[String], conditions: &[String], order: &str) -> Sql {
    // A plan may ask for nothing of its rows but that there are some.
    let values = if values.is_empty() { "1".to_owned() } else { values.join(",") };
    let mut text = format!("SELECT {values} FROM {}", compiler.from());
    if !conditions.is_empty() {
        text.push_str(" WHERE ");
        text.push_str(&conditions.join(" AND "));
    }
    text.push_str(order);
    Sql { text, params: compiler.params, _leases: compiler.leases }
}
