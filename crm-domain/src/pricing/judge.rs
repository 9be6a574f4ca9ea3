//! Judging a question: from the facts of a line and the law that holds to its price. Pure: the same facts and the same
//! law give the same answer, to the byte, wherever and whenever. Loading facts and law is [`super::price`]'s work.

use super::engine::{Decision, OpenList, Outcome, Question, Rule, price_of_list, resolve};
use super::index::RuleSet;
use super::records::PriceBase;
use super::scale::{Measured, dec};
use super::strategy::Strategy;
use super::unit_price::UnitPrice;
use super::waterfall::{Flow, Group, Posting, Step, flow, rounded, with_rounded_effect};
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::Dec;
use crm_kernel::error::Result;

/// The list price of a product, on its way into the question.
#[derive(Clone, Debug)]
pub struct Base {
    /// As the product has it, for one of the unit asked for.
    pub listed: UnitPrice,
    /// The currency of that.
    pub currency: Currency,
    /// Into the currency asked for.
    pub rate: Dec,
    /// In the currency asked for.
    pub price: UnitPrice,
}

/// What a question is about, in full: with the rules as they were, it says what the price is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The product.
    pub product: i64,
    /// The product of which it is a variant; 0 for none.
    pub template: i64,
    /// Its category and those above, nearest first.
    pub categories: Vec<i64>,
    /// Who buys; 0 for nobody.
    pub customer: i64,
    /// His class.
    pub class: Option<String>,
    /// Who sells; 0 for nobody.
    pub seller: i64,
    /// The positions of the seller.
    pub positions: Vec<i64>,
    /// The price list that was named; 0 for none.
    pub list: i64,
    /// The price lists that are open.
    pub lists: Vec<OpenList>,
    /// The quantity by unit, the product's first, as 0.
    pub quantities: Vec<(i64, i64)>,
    /// The quantity in the unit asked for.
    pub asked: i64,
    /// What bounds and tiers look at, by rule, where that is not the quantity.
    pub measured: Vec<(i64, Measured)>,
    /// The list price of one in the product's unit.
    pub base: Option<UnitPrice>,
    /// What one costs the enterprise, likewise; only where a rule starts from it.
    pub cost: Option<UnitPrice>,
    /// Which conditions hold, by rule.
    pub conditions: Vec<(i64, bool)>,
    /// The line has a discount of the seller's.
    pub manual: bool,
    /// What the line got of a price that was made for several lines together: the amount for the quantity.
    pub allocated: Option<Dec>,
}

/// What judging a question needs beside its facts.
pub struct Law<'a> {
    /// The rules.
    pub rules: &'a RuleSet,
    /// How one of them is chosen.
    pub strategy: &'a Strategy,
    /// Which effects exclude one another.
    pub groups: &'a [Group],
    /// The pricing date.
    pub date: Date,
    /// The currency of the price.
    pub currency: Currency,
    /// How amounts are posted.
    pub posting: Posting,
}

/// What came of a question.
#[derive(Clone, Debug)]
pub struct Judged {
    /// Which rule makes the price, and what became of the others.
    pub decision: Decision,
    /// The effects of later stages.
    pub steps: Vec<Step>,
    /// What the rule of the first stage made, in the product's unit.
    pub made: Option<UnitPrice>,
    /// The price in the product's unit before and after it was rounded; none where there is none.
    pub price: Option<(UnitPrice, UnitPrice)>,
    /// Those that cannot be told apart or put in an order.
    pub ambiguous: Vec<i64>,
}

impl Facts {
    /// The question of the engine; `base_lists` are the prices of the lists on which open ones build.
    pub fn question<'f>(&'f self, law: &Law<'_>, base_lists: &'f [(i64, UnitPrice)]) -> Question<'f> {
        Question {
            product: self.product,
            template: self.template,
            categories: &self.categories,
            customer: self.customer,
            class: law.rules.class(self.class.as_deref()),
            positions: &self.positions,
            lists: &self.lists,
            quantities: &self.quantities,
            measured: &self.measured,
            date: law.date,
            currency: law.currency,
            base: self.base,
            cost: self.cost,
            base_lists,
            conditions: &self.conditions,
            manual: self.manual,
        }
    }

    /// The prices of the lists on which open lists build, where a rule starts from them.
    pub(super) fn base_lists(&self, law: &Law<'_>, candidates: &[&Rule]) -> Result<Vec<(i64, UnitPrice)>> {
        let mut found = Vec::new();
        for list in self.lists.iter().filter(|list| list.base != 0) {
            let starts = |rule: &&Rule| rule.list == list.id && rule.effect.base == PriceBase::BaseList;
            if candidates.iter().any(starts) {
                let price = price_of_list(list.base, candidates, &self.question(law, &[]), law.strategy)?;
                found.extend(price.map(|price| (list.id, price)));
            }
        }
        Ok(found)
    }

    /// The quantity in the product's unit; 0 where there is none.
    pub fn own(&self) -> i64 {
        self.quantities.iter().find(|(unit, _)| *unit == 0).map_or(0, |(_, quantity)| *quantity)
    }
}

/// Judges a question by its facts: the same facts and the same law give the same answer. Errors: `value.out_of_range`.
pub fn judge<'l>(law: &'l Law<'_>, facts: &Facts) -> Result<(Vec<&'l Rule>, Judged)> {
    let candidates = law.rules.candidates(&facts.question(law, &[]));
    let base_lists = facts.base_lists(law, &candidates)?;
    let question = facts.question(law, &base_lists);
    let mut decision = resolve(&candidates, &question, law.strategy)?;
    let made = match &decision.outcome {
        Outcome::Chosen { at, price, .. } => {
            let rule = candidates.get(*at);
            match (rule.is_some_and(|rule| rule.effect.is_fixed()), question.base) {
                (false, Some(base)) => {
                    Some(with_rounded_effect(base, *price, law.posting.digits, law.strategy.effect_rounding)?)
                }
                _ => Some(*price),
            }
        }
        Outcome::None => question.base,
        Outcome::Ambiguous(tied) => {
            let ambiguous = ids(&candidates, tied);
            return Ok((
                candidates,
                Judged { decision, steps: Vec::new(), made: None, price: None, ambiguous },
            ));
        }
    };
    let own = facts.own();
    let made = match facts.allocated {
        Some(amount) if own > 0 => Some(UnitPrice::new(amount, dec(own))?),
        _ => made,
    };
    let Some(start) = made else {
        return Ok((
            candidates,
            Judged { decision, steps: Vec::new(), made, price: None, ambiguous: Vec::new() },
        ));
    };
    let later = decision.later.clone();
    let flowed = flow(
        start,
        &candidates,
        &later,
        &question,
        law.strategy,
        law.groups,
        law.posting,
        &mut decision.trace,
    )?;
    let judged = match flowed {
        Flow::Price(price, steps) => {
            let price = Some((price, rounded(price, law.strategy, law.posting)?));
            Judged { decision, steps, made, price, ambiguous: Vec::new() }
        }
        Flow::Ambiguous(tied) => {
            let ambiguous = ids(&candidates, &tied);
            Judged { decision, steps: Vec::new(), made, price: None, ambiguous }
        }
    };
    Ok((candidates, judged))
}

fn ids(candidates: &[&Rule], places: &[usize]) -> Vec<i64> {
    places.iter().filter_map(|at| candidates.get(*at)).map(|rule| rule.id).collect()
}

impl Facts {
    /// A question that knows its quantities only.
    pub(super) fn question_of_units(&self) -> Question<'_> {
        Question {
            product: 0,
            template: 0,
            categories: &[],
            customer: 0,
            class: 0,
            positions: &[],
            lists: &[],
            quantities: &self.quantities,
            measured: &[],
            date: Date::MIN,
            currency: Currency::CNY,
            base: None,
            cost: None,
            base_lists: &[],
            conditions: &[],
            manual: false,
        }
    }
}
