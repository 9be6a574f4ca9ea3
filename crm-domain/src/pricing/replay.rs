//! What other rules, or another strategy, would have made of a history (PRD-08, M2, M5): lines of documents are priced by
//! the rules as they are and by candidates, in memory. Nothing is written.

mod candidates;
mod change;
mod charging;
mod history;

use change::Change;
use charging::{Charged, charged, cost, own_quantity};
use history::items;

use super::error::{REPLAY, UNKNOWN_STRATEGY};
use super::index::{RuleSet, rule_set};
use super::linting::readable;
use super::price::{Bought, Terms};
use super::records::PriceRule;
use super::tariff::Tariff;
use crate::catalog::Product;
use crate::parties::Customer;
use crate::records::page;
use crate::settings::NOT_SET_UP;
use crm_kernel::Record;
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::{Dec, Rounding};
use crm_kernel::error::{Code, Result};
use crm_kernel::id::{Id, Ref};
use crm_kernel::json::Json;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::work::Work;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

/// Prices a history under other rules or another strategy: what revenue and margin would have been, by rule and by customer,
/// and which lines change and why. Nothing is written. The history is any kind of line; expressions say what its product,
/// quantity, customer and date are. Lines of one document are priced together, with what rules take off the document;
/// rolling periods count the lines of the history before it. Lines of free goods are passed over: the rules give them.
#[derive(Clone, Debug, Record)]
#[record(name = "price_replay")]
pub struct PriceReplay {
    /// The kind of the lines, such as `order_line`.
    #[field(text = 60)]
    pub kind: String,
    /// Which lines, as a condition over the kind; all where there is none.
    #[field(text = 8192)]
    pub filter: Option<String>,
    /// The product of a line.
    #[field(text = 8192, default = "\"product\"")]
    pub product: String,
    /// How many.
    #[field(text = 8192, default = "\"quantity\"")]
    pub quantity: String,
    /// Who bought.
    #[field(text = 8192)]
    pub customer: Option<String>,
    /// The pricing date.
    #[field(text = 8192)]
    pub date: String,
    /// The unit; none is the line's `unit`, where it has such a field, else the product's.
    #[field(text = 8192)]
    pub unit: Option<String>,
    /// Who sold.
    #[field(text = 8192)]
    pub seller: Option<String>,
    /// The currency; none is the line's `currency` or its document's, where one has such a field, else the enterprise's.
    #[field(text = 8192)]
    pub currency: Option<String>,
    /// The price list that was named.
    #[field(text = 8192)]
    pub list: Option<String>,
    /// What lines belong together: a reference or a text; none is the record of which they are lines.
    #[field(text = 8192)]
    pub document: Option<String>,
    /// Rules that are left out.
    pub without: Vec<Ref<PriceRule>>,
    /// Rules with other values.
    pub changed: Vec<ChangedRule>,
    /// Rules that are not there yet: their fields by name.
    pub added: Vec<Json>,
    /// At most so many lines, from 1 to 100000.
    #[field(default = "10000")]
    pub limit: i64,
    /// The strategy of the candidates; none is the enterprise's.
    #[field(text = 60)]
    pub strategy: Option<String>,
    /// The strategy with which they are compared; none is the enterprise's.
    #[field(text = 60)]
    pub strategy_before: Option<String>,
    /// At most so many of the lines that change are told one by one.
    #[field(default = "100")]
    pub changes: i64,
}

/// A rule with other values.
#[derive(Clone, Debug, Record)]
#[record(name = "price_replay_changed")]
pub struct ChangedRule {
    /// The rule.
    pub rule: Ref<PriceRule>,
    /// The values that are other.
    pub values: Json,
}

/// What other rules would have made. Amounts are in the enterprise's currency; lines without a price before or after
/// count for nothing in either.
#[derive(Clone, Debug, Record)]
#[record(name = "price_replay_answer")]
pub struct PriceReplayAnswer {
    /// The enterprise's currency.
    pub currency: Currency,
    /// How many lines were priced both ways.
    pub lines: i64,
    /// How many have another price.
    pub changed_lines: i64,
    /// How many have no price, or no single one, by the rules as they are.
    pub unpriced_before: i64,
    /// The same by the candidates.
    pub unpriced_after: i64,
    /// True where there were more lines than the limit.
    pub more: bool,
    /// What all lines come to.
    pub total: ReplayFigures,
    /// By rule, of the lines on which it made the price or took effect; `-` for lines whose list price no rule replaced, `*`
    /// for rules that the actor may not read. Those with a difference first.
    pub rules: Vec<ReplayFigures>,
    /// By customer, those with the largest difference first.
    pub customers: Vec<ReplayFigures>,
    /// The lines that change, the earlier documents first: those with another price or revenue, and those with a price on one
    /// side only.
    pub changes: Vec<ReplayChange>,
}

/// A line that changes. Its revenue is in the enterprise's currency, after what rules take off its document.
#[derive(Clone, Debug, Record)]
#[record(name = "price_replay_change")]
pub struct ReplayChange {
    /// The record; of lines, that of which they are lines.
    pub record: Id,
    /// The number of the line; none where the record is the line.
    pub line: Option<i64>,
    /// The product.
    pub product: Ref<Product>,
    /// The pricing date.
    pub date: Date,
    /// The price of one by the rules as they are; none where there is no single one.
    #[field(unit_price)]
    pub unit_price_before: Option<Dec>,
    /// The same by the candidates.
    #[field(unit_price)]
    pub unit_price_after: Option<Dec>,
    /// Revenue by the rules as they are.
    #[field(base_money)]
    pub revenue_before: Option<Dec>,
    /// Revenue by the candidates.
    #[field(base_money)]
    pub revenue_after: Option<Dec>,
    /// Why there is no price by the rules as they are: the code of the refusal.
    pub refused_before: Option<String>,
    /// The same by the candidates.
    pub refused_after: Option<String>,
    /// The rules that make the difference; none where the list price is on either side.
    pub rules: Vec<ReplayReason>,
}

/// A rule that makes a difference to a line.
#[derive(Clone, Debug, Record)]
#[record(name = "price_replay_reason")]
pub struct ReplayReason {
    /// What people call it; `*` for rules that the actor may not read.
    pub rule: String,
    /// What it changes the revenue by as rules are; none where it does nothing.
    #[field(base_money)]
    pub effect_before: Option<Dec>,
    /// The same by the candidates.
    #[field(base_money)]
    pub effect_after: Option<Dec>,
    /// Why it does nothing on one of the sides, as derivations say it; `absent` where it is no rule of that side for the
    /// product and the buyer.
    pub reason: Option<String>,
    /// By what it was beaten or excluded there.
    pub by: Option<String>,
}

/// Revenue and margin before and after.
#[derive(Clone, Debug, Record)]
#[record(name = "price_replay_figures")]
pub struct ReplayFigures {
    /// The rule's code or the customer's id; none for all.
    pub of: Option<String>,
    /// Lines by the rules as they are.
    pub lines_before: i64,
    /// Lines by the candidates.
    pub lines_after: i64,
    /// Revenue by the rules as they are.
    #[field(base_money)]
    pub revenue_before: Dec,
    /// Revenue by the candidates.
    #[field(base_money)]
    pub revenue_after: Dec,
    /// Revenue less cost, of lines whose cost is known.
    #[field(base_money, sensitive)]
    pub margin_before: Dec,
    /// The same by the candidates.
    #[field(base_money, sensitive)]
    pub margin_after: Dec,
    /// What the rule itself changed the revenue by, below 0 where it took something off; 0 for all and for customers.
    #[field(base_money)]
    pub effect_before: Dec,
    /// The same by the candidates.
    #[field(base_money)]
    pub effect_after: Dec,
}

impl Operation for PriceReplay {
    const NAME: &'static str = "price.replay";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::Right { kind: "price_rule", verb: "update" };
    const ERRORS: &'static [Code] = &[REPLAY, NOT_SET_UP, UNKNOWN_STRATEGY];
    const CAPABILITIES: &'static [&'static str] = &["PRD-08"];
    const EXAMPLE: &'static str = r#"{"kind":"order_line","customer":"order.customer","date":"order.date","added":[{"code":"TRY","name":"five per cent","stage":"promotion","method":"discount_percent","value":"5"}]}"#;
    type Answer = PriceReplayAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<PriceReplayAnswer> {
        let currency = work.base().ok_or_else(|| NOT_SET_UP.error())?;
        let limit = page(self.limit, 100_000)? as usize;
        let (history, more) = self.history(work, currency, limit)?;
        let readable = readable(work)?;
        let before = rule_set(work)?;
        let before = tariff(work, before, self.strategy_before.as_deref(), "/strategy_before")?;
        let after = self.candidates(work, &readable)?;
        let after = tariff(work, after.into(), self.strategy.as_deref(), "/strategy")?;
        let most = usize::try_from(self.changes.clamp(0, 10_000)).unwrap_or(0);
        let days = before.rules.longest_period().max(after.rules.longest_period());
        let all = before.rules.rules().iter().map(|rule| rule.id);
        let hidden = all.filter(|rule| !readable.contains(rule)).collect();
        let mut sums = Sums { hidden, ..Sums::default() };
        let mut answer = PriceReplayAnswer {
            currency,
            lines: 0,
            changed_lines: 0,
            unpriced_before: 0,
            unpriced_after: 0,
            more,
            total: figures(None),
            rules: Vec::new(),
            customers: Vec::new(),
            changes: Vec::new(),
        };
        let mut bought: BTreeMap<Ref<Customer>, VecDeque<Bought>> = BTreeMap::new();
        for (document, lines) in history {
            let mut earlier = document.customer.map(|customer| bought.entry(customer).or_default());
            if let Some(earlier) = &mut earlier {
                let from = document.date.add_days(-days);
                while earlier.front().is_some_and(|first| from.is_none_or(|from| first.date <= from)) {
                    earlier.pop_front();
                }
            }
            let terms = document.terms(earlier.as_mut().map_or(&[], |earlier| earlier.make_contiguous()));
            let items = work.system(|work| items(work, &lines))?;
            let old = work.system(|work| charged(work, &terms, &items, &before, currency))?;
            let new = work.system(|work| charged(work, &terms, &items, &after, currency))?;
            for (((past, item), old), new) in lines.iter().zip(&items).zip(old).zip(new) {
                answer.unpriced_before += i64::from(old.is_err());
                answer.unpriced_after += i64::from(new.is_err());
                let changed = match (&old, &new) {
                    (Ok(old), Ok(new)) => old.unit_price != new.unit_price || old.revenue != new.revenue,
                    (Err(_), Err(_)) => false,
                    _ => true,
                };
                if changed && answer.changes.len() < most {
                    let change = Change { old: (&before, &old), new: (&after, &new), hidden: &sums.hidden };
                    answer.changes.push(change.tell(past, document.date)?);
                }
                let (Ok(old), Ok(new)) = (old, new) else { continue };
                answer.lines += 1;
                answer.changed_lines += i64::from(changed);
                let in_base = Terms { currency, ..document.terms(&[]) };
                let cost = work.system(|work| cost(work, item, &in_base))?;
                for (side, charged) in [(false, old), (true, new)] {
                    let cost = match (cost, charged.free) {
                        (Some(cost), Some(free)) => Some(cost.add(free)?),
                        _ => None,
                    };
                    answer.total.add(side, charged.revenue, cost)?;
                    if let Some(buyer) = document.customer {
                        let sum = sums.customers.entry(buyer.to_string());
                        sum.or_insert_with_key(|of| figures(Some(of))).add(side, charged.revenue, cost)?;
                    }
                    sums.take(side, &charged, cost)?;
                }
            }
            if let Some(earlier) = earlier.filter(|_| days > 0) {
                for item in &items {
                    let quantity = work.system(|work| own_quantity(work, item))?;
                    let (product, date) = (item.product.id, document.date);
                    earlier.extend(quantity.map(|quantity| Bought { product, quantity, date }));
                }
            }
        }
        answer.rules = ordered(sums.rules);
        answer.customers = ordered(sums.customers);
        Ok(answer)
    }
}

/// The enterprise's tariff with some rules, and where one is named by another strategy. Errors: `price.unknown_strategy`.
fn tariff(work: &mut Work<'_>, rules: Arc<RuleSet>, strategy: Option<&str>, path: &str) -> Result<Tariff> {
    match strategy {
        None => Tariff::of(work, rules),
        Some(name) => Tariff::by(work, rules, name).map_err(|error| error.at(path.to_owned())),
    }
}

#[derive(Default)]
struct Sums {
    /// The rules that the actor may not read: they are told of as one.
    hidden: BTreeSet<i64>,
    rules: BTreeMap<String, ReplayFigures>,
    customers: BTreeMap<String, ReplayFigures>,
}

impl Sums {
    fn take(&mut self, side: bool, charged: &Charged, cost: Option<Dec>) -> Result<()> {
        let mut told: BTreeMap<&str, Dec> = BTreeMap::new();
        if !charged.made {
            told.insert("-", Dec::ZERO);
        }
        for (rule, code, share) in &charged.effects {
            let of = if self.hidden.contains(rule) { "*" } else { code };
            let sum = told.entry(of).or_default();
            *sum = sum.add(*share)?;
        }
        for (of, share) in told {
            let sum = self.rules.entry(of.to_owned()).or_insert_with_key(|of| figures(Some(of)));
            sum.add(side, charged.revenue, cost)?;
            let effect = if side { &mut sum.effect_after } else { &mut sum.effect_before };
            *effect = effect.add(share)?;
        }
        Ok(())
    }
}

fn figures(of: Option<&String>) -> ReplayFigures {
    ReplayFigures {
        of: of.cloned(),
        lines_before: 0,
        lines_after: 0,
        revenue_before: Dec::ZERO,
        revenue_after: Dec::ZERO,
        margin_before: Dec::ZERO,
        margin_after: Dec::ZERO,
        effect_before: Dec::ZERO,
        effect_after: Dec::ZERO,
    }
}

impl ReplayFigures {
    fn add(&mut self, after: bool, amount: Dec, cost: Option<Dec>) -> Result<()> {
        let (lines, revenue, margin) = match after {
            false => (&mut self.lines_before, &mut self.revenue_before, &mut self.margin_before),
            true => (&mut self.lines_after, &mut self.revenue_after, &mut self.margin_after),
        };
        *lines += 1;
        *revenue = revenue.add(amount)?;
        if let Some(cost) = cost {
            *margin = margin.add(amount.sub(cost)?.round(4, Rounding::HalfUp))?;
        }
        Ok(())
    }

    fn difference(&self) -> Dec {
        self.revenue_after.sub(self.revenue_before).unwrap_or(Dec::ZERO).abs()
    }
}

fn ordered(sums: BTreeMap<String, ReplayFigures>) -> Vec<ReplayFigures> {
    let mut found: Vec<ReplayFigures> = sums.into_values().collect();
    found.sort_by(|one, other| other.difference().cmp(&one.difference()).then_with(|| one.of.cmp(&other.of)));
    found
}
