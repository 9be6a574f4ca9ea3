//! Judging a question: from the facts of a line and the law that holds to its price. Pure: the same facts and the same
//! law give the same answer, to the byte, wherever and whenever. Loading facts and law is `price`'s work.

use super::engine::{AmountAt, Decision, OpenList, Outcome, Question, Rule, price_of_list, resolve, starts};
use super::error::AMBIGUOUS;
use super::exclusion::Group;
use super::index::{RuleSet, Winner};
use super::scale::{Measured, dec};
use super::strategy::Strategy;
use super::unit_price::UnitPrice;
use super::waterfall::{Beside, Flow, Posting, Step, flow, rounded, with_rounded_effect};
use crate::settings::Ratio;
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
    pub rate: Ratio,
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
    /// How many of the product's unit one of a unit is, where the quantities are rounded.
    pub ratios: Vec<(i64, Ratio)>,
    /// The quantity in the unit asked for.
    pub asked: i64,
    /// How many of the product's unit one of the unit asked for is, where the quantities are rounded.
    pub ratio: Option<Ratio>,
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
    /// How much that is, per cent, where a rule looks at what is left.
    pub discount_percent: Dec,
    /// The line's parts of what rules make of several lines together, by rule: amounts for the quantity.
    pub allocated: Vec<(i64, Dec)>,
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
    /// In which order effects work that stand side by side.
    pub beside: Beside,
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
    /// The price in the unit asked for before and after it was rounded; none where there is none.
    pub price: Option<(UnitPrice, UnitPrice)>,
    /// Those that cannot be told apart or put in an order.
    pub ambiguous: Vec<i64>,
}

impl Judged {
    /// What one costs at a point of the way to the price, in the product's unit; none where there is no price.
    pub fn price_at(&self, candidates: &[&Rule], at: AmountAt) -> Option<UnitPrice> {
        let before = |step: &&Step| candidates.get(step.at).is_some_and(|rule| rule.stage < at.stage);
        let last = self.steps.iter().take_while(before).last().map(|step| step.price);
        if at.of_first { self.made } else { last.or(self.made) }
    }
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
            ratios: &self.ratios,
            measured: &self.measured,
            date: law.date,
            currency: law.currency,
            base: self.base,
            cost: self.cost,
            base_lists,
            conditions: &self.conditions,
            manual: self.manual,
            allocated: &[],
        }
    }

    /// The prices of the lists on which open lists build, where a rule starts from them, and those of them that hang on
    /// rules which cannot be told apart.
    pub(super) fn base_lists(&self, law: &Law<'_>, candidates: &[&Rule]) -> Result<BaseLists> {
        let mut found = BaseLists::default();
        for list in self.lists.iter().filter(|list| list.base != 0) {
            if candidates.iter().any(|rule| starts(rule, list.id)) {
                let price = price_of_list(list.base, candidates, &self.question(law, &[]), law.strategy)?;
                let (price, tied) = price.or_nothing();
                found.prices.extend(price.map(|price| (list.id, price)));
                if !tied.is_empty() {
                    found.tied.push((list.id, tied));
                }
            }
        }
        Ok(found)
    }

    /// A price of one in the product's unit, in the unit asked for. Errors: `value.out_of_range`.
    pub fn in_asked(&self, price: UnitPrice) -> Result<UnitPrice> {
        match self.ratio {
            None if self.own() == self.asked => Ok(price),
            _ => price.converted(self.asked_ratio()?),
        }
    }

    /// How many of the product's unit one of the unit asked for is. Errors: `value.none` where nothing is asked for.
    pub fn asked_ratio(&self) -> Result<Ratio> {
        match self.ratio {
            Some(ratio) => Ok(ratio),
            None => Ratio::new(dec(self.own()), dec(self.asked)),
        }
    }

    /// What one in the product's unit costs where the whole quantity costs an amount. Errors: `value.none` where nothing
    /// is asked for.
    fn of_one(&self, amount: Dec) -> Result<UnitPrice> {
        UnitPrice::new(amount, dec(self.asked))?.split(self.asked_ratio()?)
    }

    /// The quantity in the product's unit; 0 where there is none.
    pub fn own(&self) -> i64 {
        self.quantities.iter().find(|(unit, _)| *unit == 0).map_or(0, |(_, quantity)| *quantity)
    }
}

/// What one costs by the lists on which open ones build, by the number of the list that builds on it.
#[derive(Default)]
pub(super) struct BaseLists {
    pub(super) prices: Vec<(i64, UnitPrice)>,
    /// The rules on which a price hangs.
    tied: Vec<(i64, Vec<i64>)>,
}

/// Judges a question by its facts: the same facts and the same law give the same answer. Errors: `value.out_of_range`.
pub fn judge<'l>(law: &'l Law<'_>, facts: &Facts) -> Result<(Vec<&'l Rule>, Judged)> {
    let asked = facts.question(law, &[]);
    let candidates = law.rules.candidates(&asked);
    let base_lists = facts.base_lists(law, &candidates)?;
    let mut allocated = Vec::with_capacity(facts.allocated.len());
    for (rule, amount) in &facts.allocated {
        allocated.push((*rule, facts.of_one(*amount)?));
    }
    let question = Question { allocated: &allocated, base_lists: &base_lists.prices, ..asked };
    let mut decision = resolve(&candidates, &question, law.strategy)?;
    let none =
        |decision, made, ambiguous| Judged { decision, steps: Vec::new(), made, price: None, ambiguous };
    let made = match &decision.outcome {
        Outcome::Chosen { at, price, .. } => {
            let rule = candidates.get(*at).copied();
            let tied = base_lists.tied.iter().find(|(list, _)| rule.is_some_and(|rule| starts(rule, *list)));
            if let Some((_, tied)) = tied {
                return Ok((candidates, none(decision, None, tied.clone())));
            }
            let shared = allocated.iter().find(|(known, _)| rule.is_some_and(|rule| rule.id == *known));
            match (shared, rule) {
                (Some((_, shared)), _) => Some(*shared),
                (None, Some(rule)) => Some(made(law, rule.effect.is_fixed(), question.base, *price)?),
                (None, None) => None,
            }
        }
        Outcome::None => question.base,
        Outcome::Ambiguous(tied) => {
            let ambiguous = ids(&candidates, tied);
            return Ok((candidates, none(decision, None, ambiguous)));
        }
    };
    // A price of a later stage needs none before it.
    let names = |at: &usize| candidates.get(*at).is_some_and(|rule| rule.effect.is_fixed());
    let start = match made {
        None if decision.later.iter().any(names) => Some(UnitPrice::ZERO),
        _ => made,
    };
    let Some(start) = start else { return Ok((candidates, none(decision, None, Vec::new()))) };
    let flowed = flow(
        start,
        &candidates,
        &decision.later,
        &question,
        law.strategy,
        law.groups,
        law.beside,
        law.posting,
        &mut decision.trace,
    )?;
    let judged = match flowed {
        Flow::Price(_, steps) if made.is_none() && !steps.iter().any(|step| names(&step.at)) => {
            none(decision, None, Vec::new())
        }
        Flow::Price(price, steps) => {
            let exact = facts.in_asked(price)?;
            let price = Some((exact, rounded(exact, law.strategy, law.posting)?));
            Judged { decision, steps, made, price, ambiguous: Vec::new() }
        }
        Flow::Ambiguous(tied) => {
            let ambiguous = ids(&candidates, &tied);
            none(decision, made, ambiguous)
        }
    };
    Ok((candidates, judged))
}

/// The rule that makes the price, none where the list price holds, and the price as [`judge`] gives it, where rules of the
/// first stage alone decide; none where the question takes more than that. Errors: `value.out_of_range`.
pub fn price_only(law: &Law<'_>, facts: &Facts) -> Result<Option<(Option<i64>, UnitPrice)>> {
    let lists = facts.lists.iter().any(|list| list.base != 0 || list.sale);
    if !law.rules.only_makes() || lists || !facts.allocated.is_empty() {
        return Ok(None);
    }
    let question = facts.question(law, &[]);
    let (rule, made) = match law.rules.winner(&question, law.strategy) {
        Ok(Some(Winner { rule, is_fixed, price })) => {
            (Some(rule), Some(made(law, is_fixed, question.base, price)?))
        }
        Ok(None) => (None, question.base),
        Err(error) if error.code() == AMBIGUOUS => return Ok(None),
        Err(error) => return Err(error),
    };
    let Some(made) = made else { return Ok(None) };
    Ok(Some((rule, rounded(facts.in_asked(made)?, law.strategy, law.posting)?)))
}

/// What a rule of the first stage makes of a price to start from, its effect rounded where the strategy says so.
fn made(law: &Law<'_>, is_fixed: bool, base: Option<UnitPrice>, price: UnitPrice) -> Result<UnitPrice> {
    match base {
        Some(base) if !is_fixed => {
            with_rounded_effect(base, price, law.posting.digits, law.strategy.effect_rounding)
        }
        _ => Ok(price),
    }
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
            ratios: &self.ratios,
            measured: &[],
            date: Date::MIN,
            currency: Currency::CNY,
            base: None,
            cost: None,
            base_lists: &[],
            conditions: &[],
            manual: false,
            allocated: &[],
        }
    }
}
