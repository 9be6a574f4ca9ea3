//! What other rules would have made of a history (PRD-08, M5): lines of documents are priced by the rules as they are and
//! by candidates, in memory. Nothing is written.

use super::error::{AMBIGUOUS, NEGATIVE_PRICE, NO_PRICE, NO_QUANTITY, REPLAY, UNIT, UNKNOWN_STRATEGY};
use super::index::{RuleSet, made};
use super::line::unit_cost;
use super::price::{Item, Priced, Terms, prices_by};
use super::records::PriceRule;
use super::rules::price_rule;
use super::unit_price::UnitPrice;
use crate::catalog::Product;
use crate::parties::Customer;
use crate::settings::{NO_RATE, NOT_SET_UP};
use crm_kernel::Record;
use crm_kernel::codec::Decoder;
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::{Dec, Rounding};
use crm_kernel::error::{Code, Error, Result};
use crm_kernel::expr::Expr;
use crm_kernel::id::{Id, Ref};
use crm_kernel::json::Json;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::plan::{Query, Select};
use crm_kernel::record::Record;
use crm_kernel::value::{Row, Value};
use crm_kernel::work::{Stored, Work};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Prices a history under other rules: what revenue and margin would have been, by rule and by customer. Nothing is
/// written. The history is any kind of line; expressions say what its product, quantity, customer and date are.
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
    /// Rules that are left out.
    pub without: Vec<Ref<PriceRule>>,
    /// Rules with other values.
    pub changed: Vec<ChangedRule>,
    /// Rules that are not there yet: their fields by name.
    pub added: Vec<Json>,
    /// At most so many lines.
    #[field(default = "10000")]
    pub limit: i64,
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
    /// By the rule that makes the price, or `-` for the list price; those with a difference first.
    pub rules: Vec<ReplayFigures>,
    /// By customer, those with the largest difference first.
    pub customers: Vec<ReplayFigures>,
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
        let limit = usize::try_from(self.limit.clamp(0, 100_000)).unwrap_or(0);
        let mut history = self.history(work, limit)?;
        let more = history.len() > limit;
        history.truncate(limit);
        let before = super::index::rule_set(work)?;
        let after = self.candidates(work)?;
        let mut sums = Sums::default();
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
        };
        for ((customer, date), lines) in by_terms(history) {
            let terms = Terms {
                customer,
                seller: None,
                date,
                currency,
                list: None,
                bought: Vec::new(),
                beside: Vec::new(),
            };
            let items = work.system(|work| items(work, &lines))?;
            let old = prices_by(work, &terms, &items, &before)?;
            let new = prices_by(work, &terms, &items, &after)?;
            for ((item, old), new) in items.iter().zip(old).zip(new) {
                let (old, new) = (single(old)?, single(new)?);
                answer.unpriced_before += i64::from(old.is_none());
                answer.unpriced_after += i64::from(new.is_none());
                let (Some(old), Some(new)) = (old, new) else { continue };
                answer.lines += 1;
                answer.changed_lines += i64::from(old.exact != new.exact);
                let cost = work.system(|work| unit_cost(work, &item.product, None, &terms))?;
                let cost = cost.map(|cost| cost.mul(item.quantity)).transpose()?;
                let amount = |price: UnitPrice| price.times(item.quantity, Dec::ZERO, 4, Rounding::HalfUp);
                let (old_amount, new_amount) = (amount(old.exact)?, amount(new.exact)?);
                let buyer = customer.map(|customer| customer.to_string());
                for (of, side) in [(code(&before, &old), false), (code(&after, &new), true)] {
                    let amount = if side { new_amount } else { old_amount };
                    sums.rules
                        .entry(of)
                        .or_insert_with_key(|of| figures(Some(of)))
                        .add(side, amount, cost)?;
                }
                for (side, amount) in [(false, old_amount), (true, new_amount)] {
                    answer.total.add(side, amount, cost)?;
                    if let Some(buyer) = &buyer {
                        let sum = sums.customers.entry(buyer.clone());
                        sum.or_insert_with_key(|of| figures(Some(of))).add(side, amount, cost)?;
                    }
                }
            }
        }
        answer.rules = ordered(sums.rules);
        answer.customers = ordered(sums.customers);
        Ok(answer)
    }
}

#[derive(Default)]
struct Sums {
    rules: BTreeMap<String, ReplayFigures>,
    customers: BTreeMap<String, ReplayFigures>,
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

fn code(rules: &RuleSet, priced: &Priced) -> String {
    priced.rule.map_or_else(|| "-".to_owned(), |rule| rules.code(rule.id().number()).to_owned())
}

/// A price, or none where there is no single one.
fn single(priced: Result<Priced>) -> Result<Option<Priced>> {
    match priced {
        Ok(priced) => Ok(Some(priced)),
        Err(error)
            if [AMBIGUOUS, NO_PRICE, NEGATIVE_PRICE, NO_QUANTITY, UNIT, NO_RATE].contains(&error.code()) =>
        {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// A line of the history.
struct Past {
    product: Ref<Product>,
    quantity: Dec,
    customer: Option<Ref<Customer>>,
    date: Date,
}

type TermsOf = (Option<Ref<Customer>>, Date);

fn by_terms(history: Vec<Past>) -> BTreeMap<TermsOf, Vec<Past>> {
    let mut groups: BTreeMap<TermsOf, Vec<Past>> = BTreeMap::new();
    for past in history {
        groups.entry((past.customer, past.date)).or_default().push(past);
    }
    groups
}

fn items(work: &mut Work<'_>, lines: &[Past]) -> Result<Vec<Item>> {
    let mut known: BTreeMap<i64, Rc<Stored<Product>>> = BTreeMap::new();
    let mut items = Vec::with_capacity(lines.len());
    for past in lines {
        let number = past.product.id().number();
        let product = match known.get(&number) {
            Some(known) => known.clone(),
            None => {
                let found = Rc::new(work.find(past.product)?);
                known.insert(number, found.clone());
                found
            }
        };
        items.push(Item { product: (*product).clone(), quantity: past.quantity, unit: None, manual: false });
    }
    Ok(items)
}

impl PriceReplay {
    /// The lines, one more than the limit where there are more.
    fn history(&self, work: &mut Work<'_>, limit: usize) -> Result<Vec<Past>> {
        let catalogue = work.catalogue();
        let kind = catalogue.named(&self.kind).map_err(|error| error.at("/kind"))?.no();
        let mut asked = |text: &str, path: &str| -> Result<Expr> {
            work.asked(kind, text, &[]).map_err(|error| error.at(path.to_owned()))
        };
        let filter = self.filter.as_deref().map(|filter| asked(filter, "/filter")).transpose()?;
        let mut select = vec![
            asked(&self.product, "/product")?,
            asked(&self.quantity, "/quantity")?,
            asked(&self.date, "/date")?,
        ];
        if let Some(customer) = &self.customer {
            select.push(asked(customer, "/customer")?);
        }
        let found = work.query(Query {
            kind,
            filter,
            order: Vec::new(),
            after: None,
            limit: Some(u32::try_from(limit + 1).unwrap_or(u32::MAX)),
            select: Select::Values(select),
        })?;
        let mut history = Vec::with_capacity(found.len());
        for found in found {
            let mut values = found.values.into_iter();
            let mut next = || values.next().unwrap_or(Value::Null);
            let (product, quantity, date, customer) = (next(), next(), next(), next());
            let (Some(product), Some(quantity), Value::Date(date)) =
                (product.as_id(), quantity.as_dec(), date)
            else {
                return Err(REPLAY.at("/product"));
            };
            history.push(Past {
                product: Ref::new(product),
                quantity,
                customer: customer.as_id().map(Ref::new),
                date,
            });
        }
        Ok(history)
    }

    /// The candidates: the active rules without those left out, with those changed and added.
    fn candidates(&self, work: &mut Work<'_>) -> Result<RuleSet> {
        let catalogue = work.catalogue();
        let kind = catalogue.get(PriceRule::NO)?;
        let found = work.system(|work| work.select::<PriceRule>("true", &[]))?;
        let mut rules: Vec<(Ref<PriceRule>, PriceRule)> = Vec::with_capacity(found.len());
        let unknown = |rule: Ref<PriceRule>, path: String| -> Result<()> {
            let known = found.iter().any(|one| one.id == rule);
            if known {
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
        }
        for rule in &found {
            if self.without.contains(&rule.id) {
                continue;
            }
            let mut row: Row = (*rule.row).clone();
            for (at, changed) in
                self.changed.iter().enumerate().filter(|(_, changed)| changed.rule == rule.id)
            {
                let path = format!("/changed/{at}/values");
                for (position, value) in
                    Decoder::new(&catalogue).partial(kind, &rule.row, &changed.values, &path)?
                {
                    row.set(position, value);
                }
                price_rule(work, PriceRule::NO, Some(&rule.row), &mut row)
                    .map_err(|error| error.under(&path))?;
            }
            rules.push((rule.id, PriceRule::from_row(&row)?));
        }
        let last = rules.iter().map(|(id, _)| id.id().number()).max().unwrap_or(0);
        for (at, values) in self.added.iter().enumerate() {
            let path = format!("/added/{at}");
            let mut row = Decoder::new(&catalogue).record(kind, values, &path)?;
            price_rule(work, PriceRule::NO, None, &mut row).map_err(|error| error.under(&path))?;
            // It would be newer than all others.
            let id = i64::try_from(at + 1).ok().and_then(|more| Id::new(last.saturating_add(more)));
            let id = id.ok_or_else(|| Error::internal("no number for a candidate"))?;
            rules.push((Ref::new(id), PriceRule::from_row(&row)?));
        }
        made(work, rules.iter().filter(|(_, rule)| rule.active).map(|(id, rule)| (*id, rule)))
    }
}
