//! What other rules, or another strategy, would have made of a history (PRD-08, M2, M5): lines of documents are priced by
//! the rules as they are and by candidates, in memory. Nothing is written.

use super::effects::{DocumentHit, exclude_effects, grouped};
use super::error::{
    AMBIGUOUS, LIST_NOT_OPEN, NEGATIVE_PRICE, NO_PRICE, NO_QUANTITY, REPLAY, UNIT, UNKNOWN_STRATEGY,
};
use super::index::{RuleSet, Rules, rule_set};
use super::line::{allocation, unit_cost};
use super::linting::readable;
use super::price::{Bought, Item, Terms, prices_by};
use super::records::{PriceList, PriceRule};
use super::rules::price_rule;
use super::tariff::Tariff;
use super::totals::{DocumentInput, LineInput, document};
use super::unit_price::UnitPrice;
use crate::catalog::Product;
use crate::org::Employee;
use crate::parties::Customer;
use crate::records::page;
use crate::settings::{self, NO_CONVERSION, NO_RATE, NOT_SET_UP, Taxes, Unit};
use crm_kernel::Record;
use crm_kernel::catalogue::Kind;
use crm_kernel::codec::Decoder;
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::{Dec, Rounding};
use crm_kernel::error::{Code, Error, Result};
use crm_kernel::expr::Expr;
use crm_kernel::expr::node::Ty;
use crm_kernel::id::{Id, Ref};
use crm_kernel::json::{Json, SharedJson};
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::plan::{Query, Select};
use crm_kernel::record::{FieldType, Record};
use crm_kernel::value::{Row, Value};
use crm_kernel::work::{Stored, Work};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

/// Prices a history under other rules or another strategy: what revenue and margin would have been, by rule and by customer,
/// and which lines change and why. Nothing is written. The history is any kind of line; expressions say what its product, quantity, customer and date are. Lines of
/// one document are priced together, with what rules take off the document; rolling periods count the lines of the
/// history before it. Lines of free goods are passed over: the rules give them.
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

/// A line by one of the rule sets; why there is none where there is no single price.
type Side = std::result::Result<Charged, Error>;

/// A line that is charged otherwise by the one rule set than by the other.
struct Change<'a> {
    old: (&'a Tariff, &'a Side),
    new: (&'a Tariff, &'a Side),
    /// The rules that the actor may not read.
    hidden: &'a BTreeSet<i64>,
}

impl Change<'_> {
    fn tell(&self, past: &Past, date: Date) -> Result<ReplayChange> {
        let (old, new) = (self.old.1, self.new.1);
        let price = |side: &Side| -> Result<Option<Dec>> {
            side.as_ref().ok().map(|charged| Ok(charged.unit_price.stored()?.0)).transpose()
        };
        let revenue = |side: &Side| side.as_ref().ok().map(|charged| charged.revenue);
        let refused = |side: &Side| side.as_ref().err().map(|error| error.code().name.to_owned());
        Ok(ReplayChange {
            record: past.record,
            line: past.line,
            product: past.product,
            date,
            unit_price_before: price(old)?,
            unit_price_after: price(new)?,
            revenue_before: revenue(old),
            revenue_after: revenue(new),
            refused_before: refused(old),
            refused_after: refused(new),
            rules: self.rules()?,
        })
    }

    /// The rules that do something other on the one side than on the other, those of the first before those of the second.
    fn rules(&self) -> Result<Vec<ReplayReason>> {
        let (old, new) = (effects(self.old)?, effects(self.new)?);
        let of = |side: &[(i64, Option<Dec>)], rule: i64| {
            side.iter().find(|(known, _)| *known == rule).map(|(_, effect)| *effect)
        };
        let new_tied = self.new.1.is_err();
        let only_new = new.iter().filter(|(rule, _)| of(&old, *rule).is_none());
        let mut found: Vec<ReplayReason> = Vec::new();
        for (rule, _) in old.iter().chain(only_new) {
            let (before, after) = (of(&old, *rule), of(&new, *rule));
            if before == after {
                continue;
            }
            let without = match (before.flatten(), after.flatten()) {
                (Some(_), None) => Some(self.new),
                (None, Some(_)) => Some(self.old),
                (None, None) => Some(if new_tied { self.new } else { self.old }),
                _ => None,
            };
            let (reason, by) = without.map_or((None, None), |side| why(side, *rule));
            let hidden = self.hidden.contains(rule);
            let code = self.new.0.rules.rule(*rule).or(self.old.0.rules.rule(*rule));
            found.push(ReplayReason {
                rule: code.filter(|_| !hidden).map_or("*", |rule| &rule.code).to_owned(),
                effect_before: before.flatten(),
                effect_after: after.flatten(),
                reason: reason.filter(|_| !hidden),
                by: by.filter(|_| !hidden),
            });
        }
        Ok(found)
    }
}

/// The rules that take effect on a side with what each changes the revenue by; those that cannot be told apart with nothing.
fn effects((tariff, side): (&Tariff, &Side)) -> Result<Vec<(i64, Option<Dec>)>> {
    let mut found: Vec<(i64, Option<Dec>)> = Vec::new();
    match side {
        Ok(charged) => {
            for (rule, _, share) in &charged.effects {
                match found.iter_mut().find(|(known, _)| known == rule) {
                    Some((_, sum)) => *sum = Some(sum.unwrap_or_default().add(*share)?),
                    None => found.push((*rule, Some(*share))),
                }
            }
        }
        Err(error) => found.extend(tied(tariff, error).map(|rule| (rule, None))),
    }
    Ok(found)
}

/// The rules that a refusal says cannot be told apart.
fn tied(tariff: &Tariff, error: &Error) -> impl Iterator<Item = i64> {
    let codes = error.arg("rules").and_then(Json::as_list).unwrap_or_default();
    codes.iter().filter_map(|code| Some(tariff.rules.by_code(code.as_text()?)?.id))
}

/// Why a rule does nothing on a side, and by what it was beaten or excluded.
fn why((tariff, side): (&Tariff, &Side), rule: i64) -> (Option<String>, Option<String>) {
    let charged = match side {
        Ok(charged) => charged,
        Err(error) if tied(tariff, error).any(|known| known == rule) => {
            return (Some("tied".to_owned()), None);
        }
        Err(_) => return (None, None),
    };
    let considered = charged.derivation.tree().get("rules").and_then(Json::as_list).unwrap_or_default();
    let number = rule.to_string();
    let is = |one: &&Json| one.get("rule").and_then(Json::as_text) == Some(&*number);
    match considered.iter().find(is) {
        Some(one) => {
            let text = |name: &str| one.get(name).and_then(Json::as_text).map(str::to_owned);
            (text("reason"), text("by"))
        }
        None => (Some("absent".to_owned()), None),
    }
}

/// What a line is charged by one of the rule sets.
struct Charged {
    unit_price: UnitPrice,
    /// After what rules take off the document, in the currency of the enterprise.
    revenue: Dec,
    /// What the goods cost that come with it for nothing; none where nobody knows.
    free: Option<Dec>,
    /// Whether a rule made the price.
    made: bool,
    /// The rules that took effect, and what each changed the revenue by.
    effects: Vec<(i64, String, Dec)>,
    derivation: SharedJson,
}

/// What the lines of a document are charged, or why those without a single price have none. Errors: those of reading.
fn charged(
    work: &mut Work<'_>,
    terms: &Terms,
    items: &[Item],
    tariff: &Tariff,
    base: Currency,
) -> Result<Vec<Side>> {
    let refused = |error: Error| items.iter().map(|_| Err(error.clone())).collect::<Vec<Side>>();
    let priced = match single(prices_by(work, tariff, terms, items))? {
        Ok(priced) => priced,
        Err(error) => return Ok(refused(error)),
    };
    let rate = match single(settings::exact_rate(work, terms.currency, base, terms.date))? {
        Ok(rate) => rate,
        Err(error) => return Ok(refused(error)),
    };
    let in_base = |amount: Dec| -> Result<Dec> { rate.times(amount, 4, Rounding::HalfUp) };
    let mut all: Vec<Side> = Vec::with_capacity(items.len());
    let (mut places, mut found, mut lines) = (Vec::new(), Vec::new(), Vec::new());
    for (at, priced) in priced.into_iter().enumerate() {
        let (priced, derivation) = match single(priced)? {
            Ok(priced) => priced,
            Err(error) => {
                all.push(Err(error));
                continue;
            }
        };
        // Until its place in the document is known.
        all.push(Err(NO_PRICE.error()));
        lines.push(LineInput {
            quantity: priced.charged,
            unit_price: priced.exact,
            discount_percent: Dec::ZERO,
            taxes: Taxes::default(),
        });
        places.push(at);
        found.push((priced, derivation));
    }
    let mut input =
        DocumentInput { lines, ..DocumentInput::of(terms.currency, tariff.policy, allocation(work)?) };
    let mut hits: Vec<Vec<DocumentHit>> = found.iter().map(|(priced, _)| priced.document.clone()).collect();
    let chosen = exclude_effects(&tariff.rules, &tariff.groups, &input, &mut hits, |_| false)
        .and_then(|()| grouped(hits.iter().map(Vec::as_slice)));
    let (effects, hits) = match single(chosen)? {
        Ok(grouped) => grouped,
        Err(error) => return Ok(refused(error)),
    };
    input.effects = effects;
    let totals = document(&input)?;
    for (line, ((at, (priced, derivation)), amounts)) in
        places.into_iter().zip(found).zip(&totals.lines).enumerate()
    {
        let mut effects = Vec::new();
        for (rule, code, share) in shares(&derivation) {
            let share = share.times(priced.charged, Dec::ZERO, 12, Rounding::HalfUp)?;
            effects.push((rule, code, in_base(share)?));
        }
        for (hit, shares) in hits.iter().zip(&totals.effects) {
            if let Some(share) = shares.get(line).filter(|share| !share.is_zero()) {
                effects.push((hit.rule.id().number(), hit.code.clone(), in_base(share.neg())?));
            }
        }
        let mut free = Some(Dec::ZERO);
        for one in &priced.free {
            effects.push((
                one.rule.id().number(),
                tariff.rules.code(one.rule.id().number()).to_owned(),
                Dec::ZERO,
            ));
            if one.included.is_none() {
                let product = work.find(one.product)?;
                let given = Item::of(product, one.free, one.unit);
                let cost = cost(work, &given, &Terms { currency: base, ..terms.clone() })?;
                free = free.zip(cost).map(|(free, cost)| free.add(cost)).transpose()?;
            }
        }
        let revenue = in_base(amounts.net.sub(amounts.document_discount)?)?;
        let made = priced.rule.is_some();
        if let Some(slot) = all.get_mut(at) {
            *slot = Ok(Charged { unit_price: priced.exact, revenue, free, made, effects, derivation });
        }
    }
    Ok(all)
}

/// The rules on the way to a price, with what each changed one unit by.
fn shares(derivation: &SharedJson) -> Vec<(i64, String, UnitPrice)> {
    let effects = derivation.tree().get("effects").and_then(Json::as_list).unwrap_or_default();
    let share = |effect: &Json| {
        let text = |name: &str| effect.get(name).and_then(Json::as_text);
        let rule = text("rule")?.parse().ok()?;
        Some((rule, text("code")?.to_owned(), UnitPrice::of_line(Dec::ZERO, Some(text("share")?)).ok()?))
    };
    effects.iter().filter_map(share).collect()
}

/// What goods cost the enterprise, in the currency of the terms; none where nobody knows.
fn cost(work: &mut Work<'_>, item: &Item, terms: &Terms) -> Result<Option<Dec>> {
    let cost = unit_cost(work, &item.product, item.unit, terms)?;
    Ok(cost.map(|cost| cost.mul(item.quantity)).transpose()?)
}

/// How many of its own unit an item is; none where that cannot be said.
fn own_quantity(work: &mut Work<'_>, item: &Item) -> Result<Option<Dec>> {
    match (item.unit, item.product.unit) {
        (Some(unit), Some(own)) => match settings::convert_quantity(work, item.quantity, unit, own) {
            Ok(quantity) => Ok(Some(quantity)),
            Err(error) if error.code() == NO_CONVERSION => Ok(None),
            Err(error) => Err(error),
        },
        (Some(_), None) => Ok(None),
        (None, _) => Ok(Some(item.quantity)),
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

/// A price, or why there is no single one.
fn single<T>(priced: Result<T>) -> Result<std::result::Result<T, Error>> {
    const NOTHING: [Code; 7] =
        [AMBIGUOUS, NO_PRICE, NEGATIVE_PRICE, NO_QUANTITY, UNIT, NO_RATE, LIST_NOT_OPEN];
    match priced {
        Ok(priced) => Ok(Ok(priced)),
        Err(error) if NOTHING.contains(&error.code()) => Ok(Err(error)),
        Err(error) => Err(error),
    }
}

/// A line of the history.
struct Past {
    /// The record; of lines, that of which they are lines.
    record: Id,
    line: Option<i64>,
    product: Ref<Product>,
    quantity: Dec,
    unit: Option<Ref<Unit>>,
}

/// What lines that were priced together have in common, the earlier first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Document {
    date: Date,
    document: String,
    customer: Option<Ref<Customer>>,
    seller: Option<Ref<Employee>>,
    currency: Currency,
    list: Option<Ref<PriceList>>,
}

impl Document {
    fn terms(&self, bought: &[Bought]) -> Terms {
        Terms {
            customer: self.customer,
            seller: self.seller,
            date: self.date,
            currency: self.currency,
            list: self.list,
            bought: bought.to_vec(),
            beside: Vec::new(),
        }
    }
}

fn items(work: &mut Work<'_>, lines: &[Past]) -> Result<Vec<Item>> {
    let mut known: BTreeMap<i64, Stored<Product>> = BTreeMap::new();
    let mut items = Vec::with_capacity(lines.len());
    for past in lines {
        let product = match known.entry(past.product.id().number()) {
            Entry::Occupied(known) => known.get().clone(),
            Entry::Vacant(free) => free.insert(work.find(past.product)?).clone(),
        };
        items.push(Item::of(product, past.quantity, past.unit));
    }
    Ok(items)
}

impl PriceReplay {
    /// The lines by document; true where there are more than the limit.
    fn history(
        &self,
        work: &mut Work<'_>,
        base: Currency,
        limit: usize,
    ) -> Result<(BTreeMap<Document, Vec<Past>>, bool)> {
        let catalogue = work.catalogue();
        let kind = catalogue.named(&self.kind).map_err(|error| error.at("/kind"))?;
        work.require(&self.kind, "read").map_err(|error| error.at("/kind"))?;
        let parent = kind.parent().map(|parent| catalogue.get(parent)).transpose()?;
        let mut asked = |text: &str, path: &str| -> Result<Expr> {
            work.asked(kind.no(), text, &[]).map_err(|error| error.at(path.to_owned()))
        };
        // What an expression has to give; `null` gives nothing, and of some references the kind is known by their rows only.
        let gives = |path: &str, ty: &Ty| {
            let of = |kind: u32| matches!(ty, Ty::Ref(known) if [0, kind].contains(known));
            *ty == Ty::Null
                || match path {
                    "/product" => of(Product::NO),
                    "/quantity" => matches!(ty, Ty::Num { .. }),
                    "/date" => *ty == Ty::Date,
                    "/unit" => of(Unit::NO),
                    "/customer" => of(Customer::NO),
                    "/seller" => of(Employee::NO),
                    "/list" => of(PriceList::NO),
                    _ => true,
                }
        };
        let has = |kind: &Kind, field: &str| kind.position(field).is_some();
        // What was not said is the field of that name.
        let unit = self.unit.clone().or(has(kind, "unit").then(|| "unit".to_owned()));
        let of_document = parent.filter(|parent| has(parent, "currency"));
        let own = has(kind, "currency").then(|| "currency".to_owned());
        let of_document = of_document.map(|parent| format!("{}.currency", parent.name()));
        let currency = self.currency.clone().or(own).or(of_document);
        let free_of = has(kind, "free_of").then(|| "free_of".to_owned());
        let filter = self.filter.as_deref().map(|filter| asked(filter, "/filter")).transpose()?;
        let wanted = [
            ("/product", Some(&self.product)),
            ("/quantity", Some(&self.quantity)),
            ("/date", Some(&self.date)),
            ("/unit", unit.as_ref()),
            ("/customer", self.customer.as_ref()),
            ("/seller", self.seller.as_ref()),
            ("/currency", currency.as_ref()),
            ("/list", self.list.as_ref()),
            ("/document", self.document.as_ref()),
            ("/kind", free_of.as_ref()),
        ];
        let mut select = Vec::new();
        for (path, text) in wanted {
            let Some(text) = text else { continue };
            let expression = asked(text, path)?;
            if !gives(path, expression.ty()) {
                return Err(REPLAY.at(path));
            }
            select.push(expression);
        }
        let found = work.query(Query {
            kind: kind.no(),
            filter,
            order: Vec::new(),
            after: None,
            limit: Some(u32::try_from(limit + 1).unwrap_or(u32::MAX)),
            select: Select::Values(select),
        })?;
        let more = found.len() > limit;
        let mut history: BTreeMap<Document, Vec<Past>> = BTreeMap::new();
        for found in found.into_iter().take(limit) {
            let mut values = found.values.into_iter();
            let mut row = wanted.map(|(_, text)| text.and_then(|_| values.next()).unwrap_or(Value::Null));
            let [product, quantity, date, unit, customer, seller, currency, list, document, free_of] =
                &mut row;
            if !free_of.is_null() {
                continue;
            }
            let product = product.as_id().ok_or_else(|| REPLAY.at("/product"))?;
            let quantity = quantity.as_dec().ok_or_else(|| REPLAY.at("/quantity"))?;
            let Value::Date(date) = date else { return Err(REPLAY.at("/date")) };
            let document = match (&*document, found.parent) {
                (Value::Text(document), _) => document.to_string(),
                (document, parent) => match document.as_id() {
                    Some(document) => document.to_string(),
                    None if parent != 0 => parent.to_string(),
                    None => format!("/{}", found.id),
                },
            };
            let currency = match currency.as_text() {
                Some(code) => Currency::parse(code).map_err(|_| REPLAY.at("/currency"))?,
                None => base,
            };
            let document = Document {
                date: *date,
                document,
                customer: customer.as_id().map(Ref::new),
                seller: seller.as_id().map(Ref::new),
                currency,
                list: list.as_id().map(Ref::new),
            };
            let (record, line) = match found.parent {
                0 => (found.id, None),
                parent => (parent, Some(found.id)),
            };
            let line = Past {
                record: Id::new(record).ok_or_else(|| Error::internal("a line without a record"))?,
                line,
                product: Ref::new(product),
                quantity,
                unit: unit.as_id().map(Ref::new),
            };
            history.entry(document).or_default().push(line);
        }
        Ok((history, more))
    }

    /// The candidates: the active rules without those left out, with those changed and added.
    fn candidates(&self, work: &mut Work<'_>, readable: &BTreeSet<i64>) -> Result<RuleSet> {
        let catalogue = work.catalogue();
        let kind = catalogue.get(PriceRule::NO)?;
        let found = work.system(|work| work.select::<PriceRule>("true", &[]))?;
        let mut candidates: Vec<Candidate> = Vec::with_capacity(found.len());
        let unknown = |rule: Ref<PriceRule>, path: String| -> Result<()> {
            if readable.contains(&rule.id().number()) {
                Ok(())
            } else {
                Err(Code::DANGLING.at(path).with("kind", "price_rule").with("id", rule.to_string()))
            }
        };
        for (at, rule) in self.without.iter().enumerate() {
            unknown(*rule, format!("/without/{at}"))?;
        }
        for (at, changed) in self.changed.iter().enumerate() {
            unknown(changed.rule, format!("/changed/{at}/rule"))?;
            if self.changed.iter().take(at).any(|before| before.rule == changed.rule) {
                return Err(Code::DUPLICATE.at(format!("/changed/{at}/rule")).with("fields", "rule"));
            }
        }
        for rule in &found {
            if self.without.contains(&rule.id) {
                continue;
            }
            let (mut row, mut place) = ((*rule.row).clone(), None);
            let changed = self.changed.iter().enumerate().find(|(_, changed)| changed.rule == rule.id);
            if let Some((at, changed)) = changed {
                let path = format!("/changed/{at}/values");
                for (position, value) in
                    Decoder::new(&catalogue).partial(kind, &rule.row, &changed.values, &path)?
                {
                    row.set(position, value);
                }
                price_rule(work, PriceRule::NO, Some(&rule.row), &mut row)
                    .map_err(|error| error.under(&path))?;
                place = Some(path);
            }
            candidates.push(Candidate { id: rule.id, row, place });
        }
        let last = candidates.iter().map(|rule| rule.id.id().number()).max().unwrap_or(0);
        for (at, values) in self.added.iter().enumerate() {
            let path = format!("/added/{at}");
            let mut row = Decoder::new(&catalogue).record(kind, values, &path)?;
            price_rule(work, PriceRule::NO, None, &mut row).map_err(|error| error.under(&path))?;
            // It would be newer than all others.
            let id = i64::try_from(at + 1).ok().and_then(|more| Id::new(last.saturating_add(more)));
            let id = id.ok_or_else(|| Error::internal("no number for a candidate"))?;
            candidates.push(Candidate { id: Ref::new(id), row, place: Some(path) });
        }
        kept(work, kind, &candidates)?;
        let mut set = Rules::default();
        for candidate in &candidates {
            let rule = PriceRule::from_row(&candidate.row)?;
            if rule.active {
                set.add(&catalogue, candidate.id, &rule)?;
            }
        }
        Ok(set.set())
    }
}

/// A rule of the candidates.
struct Candidate {
    id: Ref<PriceRule>,
    row: Row,
    /// Where the request says it; none where it is as it stands.
    place: Option<String>,
}

/// Refuses what a store would not keep: a value of a unique field that another candidate has, a reference to nothing. Of
/// two that the request says, the later is to blame. Errors: `field.duplicate`, `field.dangling`.
fn kept(work: &mut Work<'_>, kind: &Kind, candidates: &[Candidate]) -> Result<()> {
    for (at, one) in candidates.iter().enumerate() {
        let Some(place) = &one.place else { continue };
        for (position, field) in kind.fields().iter().enumerate() {
            let value = one.row.at(position);
            let has = |(other, of): (usize, &Candidate)| {
                (other < at || of.place.is_none()) && other != at && of.row.at(position) == value
            };
            if kind.unique_positions().contains(&position)
                && !value.is_null()
                && candidates.iter().enumerate().any(has)
            {
                let path = format!("{place}/{}", field.name);
                return Err(Code::DUPLICATE.at(path).with("kind", kind.name()).with("fields", &*field.name));
            }
            if let (FieldType::Ref(to), Value::Ref(id)) = (&field.ty, value)
                && work.row(*to, id.number())?.is_none()
            {
                let path = format!("{place}/{}", field.name);
                return Err(Code::DANGLING.at(path).with("kind", kind.name()).with("field", &*field.name));
            }
        }
    }
    Ok(())
}
