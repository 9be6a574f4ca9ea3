//! One question: a plan made from bytes, asked of two stores.

use super::choices::Choices;
use super::schema::{LINE, ROOTS};
use super::text::{Want, Writer};
use crm_kernel::catalogue::Catalogue;
use crm_kernel::error::{Error, Result};
use crm_kernel::expr::{Arena, Expr, RowEnv, Scope};
use crm_kernel::plan::{Aggregate, Found, Group, GroupKey, Mark, Measure, Period, Query, Select, SortKey};
use crm_kernel::store::Tx;
use crm_kernel::value::{Row, Value};
use std::fmt::Write as _;

/// Bytes that are enough for nearly every case.
pub(super) const BYTES: usize = 400;

/// Deepest expression.
const DEPTH: u32 = 4;

/// A plan with what it was made from.
pub(super) struct Case {
    question: Question,
    /// For people: every part as text.
    pub(super) told: String,
    /// Every expression in it.
    pub(super) expressions: Vec<Expr>,
    /// Expressions that the checker did not take.
    pub(super) refused: u64,
}

enum Question {
    /// A list; with pages of this size as well, where it is not 0.
    List(Query, u32),
    /// The values of a list, also as the kernel finds them from rows it was handed.
    Fetched(Query),
    Figures(Aggregate),
}

/// What a store says.
#[derive(Debug, PartialEq)]
enum Answer {
    List(Vec<Found>, Vec<Found>),
    Figures(Vec<Group>),
    Refused(String),
}

impl Case {
    pub(super) fn new(bytes: &[u8], catalogue: &Catalogue) -> Case {
        let mut choices = Choices::new(bytes);
        let root = ROOTS[choices.below(6) % ROOTS.len()];
        let kind = catalogue.kind(root).map_or("", |kind| kind.name());
        let told = format!("{kind} (kind {root})\n");
        let maker = Maker { choices, catalogue, root, told, expressions: Vec::new(), refused: 0 };
        maker.case()
    }

    /// Asks both: how many rows or groups they gave, or what each said where they differ.
    pub(super) fn compare(&self, one: &mut dyn Tx, other: &mut dyn Tx) -> std::result::Result<u64, String> {
        let (a, b) = (self.ask(one), self.ask(other));
        if a != b {
            return Err(told(&a, &b));
        }
        if let Question::Fetched(plan) = &self.question {
            let difference = fetched(plan, other).unwrap_or_else(|error| Some(error.to_string()));
            difference.map_or(Ok(()), Err)?;
        }
        Ok(match a {
            Answer::List(rows, _) => rows.len() as u64,
            Answer::Figures(groups) => groups.len() as u64,
            Answer::Refused(_) => 0,
        })
    }

    fn ask(&self, tx: &mut dyn Tx) -> Answer {
        let answer = match &self.question {
            Question::List(plan, size) => {
                tx.query(plan).and_then(|list| Ok(Answer::List(list, pages(plan, *size, tx)?)))
            }
            Question::Fetched(plan) => tx.query(plan).map(|list| Answer::List(list, Vec::new())),
            Question::Figures(plan) => tx.aggregate(plan).map(Answer::Figures),
        };
        // The code is the contract; what a store adds for people is its own.
        answer.unwrap_or_else(|error: Error| Answer::Refused(error.code().name.to_owned()))
    }
}

/// Where two answers differ first.
fn told(one: &Answer, other: &Answer) -> String {
    fn first<T: PartialEq + std::fmt::Debug>(what: &str, one: &[T], other: &[T]) -> Option<String> {
        let at = (0..one.len().max(other.len())).find(|at| one.get(*at) != other.get(*at))?;
        Some(format!("{what} {at}\none:   {:?}\nother: {:?}", one.get(at), other.get(at)))
    }
    let found = match (one, other) {
        (Answer::List(a, p), Answer::List(b, q)) => {
            first("row", a, b).or_else(|| first("row of the pages", p, q))
        }
        (Answer::Figures(a), Answer::Figures(b)) => first("group", a, b),
        _ => None,
    };
    found.unwrap_or_else(|| format!("one:   {one:?}\nother: {other:?}"))
}

/// All pages, one after the other.
fn pages(plan: &Query, size: u32, tx: &mut dyn Tx) -> Result<Vec<Found>> {
    let mut all: Vec<Found> = Vec::new();
    if size == 0 {
        return Ok(all);
    }
    let mut plan = Query { limit: Some(size), ..plan.clone() };
    // More pages than records would be a mark that does not move.
    for _ in 0..100 {
        let page = tx.query(&plan)?;
        let Some(last) = page.last() else { break };
        plan.after = Some(Mark { keys: last.keys.clone(), parent: last.parent, id: last.id });
        all.extend(page);
    }
    Ok(all)
}

/// Compares the values of a list with what the kernel finds on each row, reading what it refers to from the store.
fn fetched(plan: &Query, tx: &mut dyn Tx) -> Result<Option<String>> {
    let Select::Values(exprs) = &plan.select else { return Ok(None) };
    let rows = tx.query(&Query { select: Select::Rows, ..plan.clone() })?;
    for (found, row) in tx.query(plan)?.iter().zip(&rows) {
        let Some(row) = &row.row else { return Ok(Some("a row is missing".to_owned())) };
        let parent: Option<Row> =
            if plan.kind == LINE { tx.get(super::schema::DEAL, found.parent)? } else { None };
        for (expr, value) in exprs.iter().zip(&found.values) {
            let mut arena = Arena::default();
            arena.fill(expr.node(), row, parent.as_ref(), &mut |kind, id| {
                Ok(tx.get(kind, id)?.map(Into::into))
            })?;
            let env = RowEnv { root: row, parent: parent.as_ref(), source: &arena };
            let here: Value = expr.value(&env);
            if here != *value {
                return Ok(Some(format!("{} of {}: {value:?}, by the rows {here:?}", expr.text(), found.id)));
            }
        }
    }
    Ok(None)
}

struct Maker<'b> {
    choices: Choices<'b>,
    catalogue: &'b Catalogue,
    root: u32,
    told: String,
    expressions: Vec<Expr>,
    refused: u64,
}

impl Maker<'_> {
    fn case(mut self) -> Case {
        let question = match self.choices.below(4) {
            0 | 1 => {
                let plan = self.list();
                let size = if self.choices.percent(25) { 1 + self.choices.below(5) as u32 } else { 0 };
                let _ = writeln!(self.told, "  pages of {size}");
                Question::List(plan, size)
            }
            2 => Question::Fetched(self.list()),
            _ => Question::Figures(self.figures()),
        };
        Case { question, told: self.told, expressions: self.expressions, refused: self.refused }
    }

    /// An expression that the checker takes; none where it does not.
    fn expr(&mut self, what: &str, write: impl FnOnce(&mut Writer<'_, '_>) -> String) -> Option<Expr> {
        let text = write(&mut Writer::new(&mut self.choices, self.catalogue, self.root));
        let scope = Scope { catalogue: self.catalogue, root: self.root, names: &[] };
        match Expr::check(&text, &scope) {
            Ok(expr) => {
                let _ = writeln!(self.told, "  {what}: {text}");
                self.expressions.push(expr.clone());
                Some(expr)
            }
            Err(_) => {
                self.refused += 1;
                None
            }
        }
    }

    fn filter(&mut self) -> Option<Expr> {
        if !self.choices.percent(70) {
            return None;
        }
        let filter = self.expr("filter", |writer| writer.write(Want::Bool, DEPTH))?;
        if !self.choices.percent(15) {
            return Some(filter);
        }
        // As rules are added to what a caller asks for.
        let both = self.choices.percent(50);
        let rule = self.expr(if both { "and" } else { "or" }, |writer| writer.write(Want::Bool, 2))?;
        Some(if both { filter.and(rule) } else { Expr::any_of(self.root, vec![filter, rule]) })
    }

    fn list(&mut self) -> Query {
        let selected = 1 + self.choices.below(2);
        let exprs: Vec<Expr> =
            (0..selected).filter_map(|_| self.expr("select", |writer| writer.any(DEPTH))).collect();
        let filter = self.filter();
        let keys = self.choices.below(3);
        let order = (0..keys).filter_map(|_| {
            let descending = self.choices.percent(50);
            let depth = self.choices.below(4) as u32;
            let what = if descending { "order, descending" } else { "order" };
            Some(SortKey { by: self.expr(what, |writer| writer.any(depth))?, descending })
        });
        let order: Vec<SortKey> = order.collect();
        let limit = self.choices.percent(30).then(|| self.choices.below(8) as u32);
        let select = match self.choices.below(12) {
            10 => Select::Rows,
            11 => Select::Heads,
            _ => Select::Values(exprs),
        };
        let _ = writeln!(self.told, "  limit {limit:?}");
        Query { kind: self.root, filter, order, after: None, limit, select }
    }

    fn figures(&mut self) -> Aggregate {
        let count = 1 + self.choices.below(2);
        let measures: Vec<Measure> = (0..count).map(|_| self.measure()).collect();
        let keys = self.choices.below(3);
        let group: Vec<GroupKey> = (0..keys).filter_map(|_| self.group_key()).collect();
        let filter = self.filter();
        Aggregate { kind: self.root, filter, group, measures }
    }

    fn group_key(&mut self) -> Option<GroupKey> {
        let depth = self.choices.below(4) as u32;
        if self.choices.percent(30) {
            let periods = &[Period::Day, Period::Week, Period::Month, Period::Quarter, Period::Year];
            let period = self.choices.one(periods);
            let by = self.expr(&format!("group by {period:?}"), |writer| writer.write(Want::Date, depth))?;
            return Some(GroupKey { by, period: Some(period) });
        }
        Some(GroupKey { by: self.expr("group by", |writer| writer.any(depth))?, period: None })
    }

    fn measure(&mut self) -> Measure {
        let sort = self.choices.below(8);
        let of = match sort {
            0 => None,
            1 | 2 => self.expr("sum", |writer| writer.write(Want::Num, DEPTH - 1)),
            3 => self.expr("average", |writer| writer.write(Want::Num, DEPTH - 1)),
            4 => self.expr("min", |writer| writer.any(DEPTH - 1)),
            5 => self.expr("max", |writer| writer.any(DEPTH - 1)),
            6 => self.expr("count of", |writer| writer.any(DEPTH - 1)),
            _ => self.expr("distinct", |writer| writer.any(DEPTH - 1)),
        };
        match (sort, of) {
            (1 | 2, Some(of)) => Measure::Sum(of),
            (3, Some(of)) => Measure::Average { of, scale: self.choices.below(19) as u8 },
            (4, Some(of)) => Measure::Min(of),
            (5, Some(of)) => Measure::Max(of),
            (6, Some(of)) => Measure::CountOf(of),
            (7, Some(of)) => Measure::CountDistinct(of),
            _ => Measure::Count,
        }
    }
}
