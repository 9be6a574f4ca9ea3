//! What rules count on the lines of a document together: quantities and measures, by line, product, category, document or
//! rolling period (commerce.md 2.2).

use super::engine::{Counted, ProductScope, Rule, figure, quantity_in};
use super::judge::Facts;
use super::price::{Asked, Item, Terms};
use super::records::{PriceInquiry, QuantityBasis};
use super::scale::{Measured, SCALE, dec};
use crm_kernel::dec::{Dec, DecError, Rounding};
use crm_kernel::error::Result;
use crm_kernel::expr::{Expr, Scope};
use crm_kernel::record::Record;
use crm_kernel::value::Row;
use crm_kernel::work::Work;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// Which lines a rule counts together: those that bear the same mark of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Mark {
    /// Every line.
    Any,
    /// The line at a place.
    Line(usize),
    /// The product.
    Product(i64),
    /// The product, or that of which it is a variant.
    Named(i64),
    /// That of which it is a variant, else itself.
    Template(i64),
    /// Its category or one above.
    Category(i64),
    /// Its category.
    Nearest(i64),
}

impl Mark {
    /// The mark by which a rule that may hold for a line counts others with it.
    pub(super) fn of(rule: &Rule, basis: QuantityBasis, at: usize, line: &Facts) -> Mark {
        let template = if line.template == 0 { line.product } else { line.template };
        match (basis, rule.product) {
            (QuantityBasis::Line, _) => Mark::Line(at),
            (QuantityBasis::Period, _) => Mark::Product(line.product),
            (QuantityBasis::Template, _) => Mark::Template(template),
            (_, ProductScope::Category(category)) => Mark::Category(category),
            (QuantityBasis::Category, _) => {
                line.categories.first().map_or(Mark::Line(at), |at| Mark::Nearest(*at))
            }
            (QuantityBasis::Document, ProductScope::All) => Mark::Any,
            (QuantityBasis::Document, ProductScope::Product(product)) => Mark::Named(product),
        }
    }

    /// All marks of a line.
    fn all(at: usize, line: &Facts) -> Vec<Mark> {
        let mut marks =
            vec![Mark::Any, Mark::Line(at), Mark::Product(line.product), Mark::Named(line.product)];
        if line.template == 0 {
            marks.push(Mark::Template(line.product));
        } else {
            marks.push(Mark::Template(line.template));
            if line.template != line.product {
                marks.push(Mark::Named(line.template));
            }
        }
        marks.extend(line.categories.first().map(|category| Mark::Nearest(*category)));
        marks.extend(line.categories.iter().map(|category| Mark::Category(*category)));
        marks
    }
}

/// What rules count on the lines of a document: of each rule each line once.
pub(super) struct Counts<'a> {
    items: &'a [Item],
    asked: &'a [Result<Asked>],
    rows: &'a [Option<Row>],
    lines: HashMap<Mark, Vec<usize>>,
    measures: HashMap<i64, Option<Expr>>,
    own: HashMap<(i64, usize), Option<i64>>,
    sums: HashMap<(i64, Mark), i128>,
}

impl<'a> Counts<'a> {
    pub(super) fn of(items: &'a [Item], asked: &'a [Result<Asked>], rows: &'a [Option<Row>]) -> Counts<'a> {
        let mut lines: HashMap<Mark, Vec<usize>> = HashMap::new();
        for (at, one) in asked.iter().enumerate() {
            let Ok(one) = one else { continue };
            for mark in Mark::all(at, &one.facts) {
                lines.entry(mark).or_default().push(at);
            }
        }
        let (measures, own, sums) = (HashMap::new(), HashMap::new(), HashMap::new());
        Counts { items, asked, rows, lines, measures, own, sums }
    }

    /// What a rule's bounds and tiers look at on a line, together with what is counted with it. What comes back counts
    /// against what is sold; a document of returns counts as the sale that it mirrors.
    pub(super) fn measured(
        &mut self,
        work: &mut Work<'_>,
        terms: &Terms,
        at: usize,
        rule: &Rule,
        counted: &Counted,
    ) -> Result<Option<Measured>> {
        let Some(own) = self.own(work, at, rule, counted)? else { return Ok(None) };
        let (Some(item), Some(Ok(me))) = (self.items.get(at), self.asked.get(at)) else { return Ok(None) };
        let mark = Mark::of(rule, counted.basis, at, &me.facts);
        let here = match self.sums.get(&(rule.id, mark)) {
            Some(known) => *known,
            None => {
                let mut sum = 0_i128;
                for place in self.lines.get(&mark).cloned().unwrap_or_default() {
                    let more = i128::from(self.own(work, place, rule, counted)?.unwrap_or(0));
                    let back = self.items.get(place).is_some_and(|item| item.quantity.is_negative());
                    sum += if back { -more } else { more };
                }
                self.sums.insert((rule.id, mark), sum.abs());
                sum.abs()
            }
        };
        let mut before = 0;
        let quantity = me.facts.own();
        if counted.basis == QuantityBasis::Period && quantity > 0 {
            let from = terms.date.add_days(-counted.days);
            let mine = terms.bought.iter().filter(|bought| {
                let past = bought.date <= terms.date && from.is_none_or(|from| bought.date > from);
                bought.product == item.product.id && past
            });
            // What was bought before is counted as this line is: in proportion to its quantity.
            let bought = Dec::sum(mine.map(|bought| bought.quantity))?;
            let bought = bought.mul_div(dec(own), dec(quantity), SCALE, Rounding::HalfUp)?;
            before = bought.to_i64_at(SCALE)?;
        }
        let whole = i64::try_from((here + i128::from(before)).max(0)).map_err(|_| DecError::OutOfRange)?;
        Ok(Some(Measured { whole, own, before: before.clamp(0, whole) }))
    }

    /// What a rule counts on one line.
    fn own(&mut self, work: &mut Work<'_>, at: usize, rule: &Rule, counted: &Counted) -> Result<Option<i64>> {
        if let Some(known) = self.own.get(&(rule.id, at)) {
            return Ok(*known);
        }
        let (row, asked) = (self.rows.get(at), self.asked.get(at));
        let found = match (self.measure(work, rule, counted)?, row, asked) {
            (Some(measure), Some(Some(row)), _) => match work.value_of(measure, row)?.as_dec() {
                Some(found) => Some(figure(found.round(SCALE, Rounding::HalfUp))?),
                None => None,
            },
            (None, _, Some(Ok(one))) => quantity_in(&one.facts.question_of_units(), rule.unit),
            _ => None,
        };
        self.own.insert((rule.id, at), found);
        Ok(found)
    }

    /// The measure of a rule; none where it counts quantities.
    fn measure(&mut self, work: &Work<'_>, rule: &Rule, counted: &Counted) -> Result<Option<&Expr>> {
        let slot = match self.measures.entry(rule.id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(slot) => {
                let catalogue = work.catalogue();
                let scope = Scope { catalogue: &catalogue, root: PriceInquiry::NO, names: &[] };
                slot.insert(counted.measure.as_ref().map(|text| Expr::check(text, &scope)).transpose()?)
            }
        };
        Ok(slot.as_ref())
    }
}
