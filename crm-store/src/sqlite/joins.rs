//! Where columns come from: the tables of a statement and their joins.

use super::compile::{Compiler, Start};
use super::shape::Shape;
use crm_kernel::error::{Error, Result};
use crm_kernel::expr::node::{Leaf, Step, Var};
use std::sync::Arc;

/// A table that expressions start from: the statement's own, and the lines of each quantifier around.
pub(super) struct Scope {
    pub(super) var: Var,
    pub(super) alias: String,
    pub(super) shape: Arc<Shape>,
    pub(super) joins: Vec<Join>,
}

pub(super) struct Join {
    path: Vec<Step>,
    alias: String,
    shape: Arc<Shape>,
    sql: String,
}

impl Scope {
    pub(super) fn from(&self, start: Start) -> String {
        let by_key = if start == Start::Key { " NOT INDEXED" } else { "" };
        let mut sql = format!("{} AS {}{by_key}", self.shape.table, self.alias);
        // A join that may not be reordered holds up those written behind it: the free one goes first.
        let (parents, others): (Vec<&Join>, Vec<&Join>) =
            self.joins.iter().partition(|join| matches!(join.path.as_slice(), [Step::Parent { .. }]));
        for parent in parents {
            let on = format!("{}.\"id\"={}.\"parent\"", parent.alias, self.alias);
            let table = format!("{} AS {}", parent.shape.table, parent.alias);
            // SQLite never reorders a CROSS JOIN.
            sql = match start {
                Start::Parents => format!("{table} CROSS JOIN {sql} ON {on}"),
                Start::Any | Start::Key => format!("{sql} JOIN {table} ON {on}"),
            };
        }
        for join in others {
            sql.push_str(&join.sql);
        }
        sql
    }
}

impl Compiler<'_> {
    /// A column, through joins that are made where they are missing.
    pub(super) fn field(&mut self, var: Var, path: &[Step], leaf: Leaf) -> Result<String> {
        match (leaf, path.split_last()) {
            // The id of what is referred to is the reference: no need to look there.
            (Leaf::Id, Some((Step::Field { position, .. }, before))) => self.column(var, before, *position),
            (Leaf::Id, Some((Step::Parent { .. }, before))) => {
                Ok(format!("{}.\"parent\"", self.table(var, before)?.0))
            }
            (Leaf::Id, None) => {
                let (alias, shape) = self.table(var, path)?;
                Ok(format!("{alias}.\"{}\"", if shape.kind.parent().is_some() { "line" } else { "id" }))
            }
            (Leaf::LineNo, _) => Ok(format!("{}.\"line\"", self.table(var, path)?.0)),
            (Leaf::Field(position), _) => self.column(var, path, position),
        }
    }

    fn column(&mut self, var: Var, path: &[Step], position: usize) -> Result<String> {
        let (alias, shape) = self.table(var, path)?;
        Ok(format!("{alias}.{}", shape.column(position)?.name))
    }

    /// The table at the end of a path, with its alias.
    fn table(&mut self, var: Var, path: &[Step]) -> Result<(String, Arc<Shape>)> {
        let scope = self.scopes.iter().position(|scope| scope.var == var);
        let scope = scope.ok_or_else(|| Error::internal("a field of no record"))?;
        self.joined(scope, path)
    }

    fn joined(&mut self, at: usize, path: &[Step]) -> Result<(String, Arc<Shape>)> {
        let Some((last, before)) = path.split_last() else {
            let scope = self.scopes.get(at).ok_or_else(|| Error::internal("no scope"))?;
            return Ok((scope.alias.clone(), Arc::clone(&scope.shape)));
        };
        let known = self.scopes.get(at).and_then(|scope| scope.joins.iter().find(|join| join.path == path));
        if let Some(join) = known {
            return Ok((join.alias.clone(), Arc::clone(&join.shape)));
        }
        let (from, from_shape) = self.joined(at, before)?;
        let alias = self.alias();
        let (shape, sql) = match last {
            // Every line has its parent, so the planner may begin with either: see `Scope::from`.
            Step::Parent { to } => (self.shapes.get(self.conn, *to)?, String::new()),
            Step::Field { position, to } => {
                let shape = self.shapes.get(self.conn, *to)?;
                let column = &from_shape.column(*position)?.name;
                let sql = format!(" LEFT JOIN {} AS {alias} ON {alias}.\"id\"={from}.{column}", shape.table);
                (shape, sql)
            }
        };
        if let Some(scope) = self.scopes.get_mut(at) {
            let join = Join { path: path.to_vec(), alias: alias.clone(), shape: Arc::clone(&shape), sql };
            scope.joins.push(join);
        }
        Ok((alias, shape))
    }

    pub(super) fn alias(&mut self) -> String {
        self.aliases += 1;
        format!("t{}", self.aliases)
    }
}
