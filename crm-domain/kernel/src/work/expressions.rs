//! Conditions and formulas: checked with the names every expression knows, evaluated on rows.

use super::Work;
use crate::error::Result;
use crate::expr::node::Ty;
use crate::expr::{Arena, Expr, RowEnv, Scope as Names};
use crate::id::Id;
use crate::permission::RowRule;
use crate::value::{Row, Value};
use std::collections::BTreeMap;

impl Work<'_> {
    /// A condition or formula over a kind; `today`, `now` and `actor` are known beside the names given.
    /// Errors: `expression.invalid`.
    pub fn expression(&self, kind: u32, text: &str, names: &[(&str, Ty, Value)]) -> Result<Expr> {
        let mut all = self.names(self.context.actor).to_vec();
        all.extend(names.iter().cloned());
        Expr::check(text, &Names { catalogue: &self.catalogue, root: kind, names: &all })
    }

    /// A formula over columns of rows that are no records, as [`Expr::over`]; `today`, `now` and `actor` are known beside
    /// them. Errors: `expression.invalid`.
    pub fn over(&self, text: &str, columns: &[(&str, Ty)]) -> Result<Expr> {
        Expr::over(text, columns, &self.names(self.context.actor))
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

    /// As [`Work::asked`], where a condition is wanted. Errors: those too, `expression.invalid` where it is not a boolean.
    pub fn asked_condition(&mut self, kind: u32, text: &str, names: &[(&str, Ty, Value)]) -> Result<Expr> {
        self.condition(kind, text, names)?;
        self.asked(kind, text, names)
    }

    /// As [`Work::expression`], where a condition is wanted. Errors: `expression.invalid`, also where it is not a boolean.
    pub fn condition(&self, kind: u32, text: &str, names: &[(&str, Ty, Value)]) -> Result<Expr> {
        let mut all = self.names(self.context.actor).to_vec();
        all.extend(names.iter().cloned());
        Expr::condition(text, &Names { catalogue: &self.catalogue, root: kind, names: &all })
    }

    /// The names that every expression knows.
    pub(super) fn names(&self, actor: Option<Id>) -> [(&'static str, Ty, Value); 3] {
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
}
