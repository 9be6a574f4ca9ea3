//! Decisions of the pricing area: what a price rule may say, and how the engine reads it.

use super::engine::{CustomerScope, ProductScope, Rule, Symbols};
use super::error::{BOUNDS, CONDITION, RULE_CURRENCY, RULE_VALUE, TIERS, TWO_SCOPES, UNKNOWN_STRATEGY};
use super::records::{PriceInquiry, PriceList, PriceMethod, PriceRule, TierBound, TierMode};
use super::scale::{Effect, OPEN, SCALE, Scale, Tier};
use super::strategy::{STRATEGY_SETTING, Strategy};
use crate::settings::Setting;
use crm_kernel::date::Date;
use crm_kernel::dec::Dec;
use crm_kernel::error::Result;
use crm_kernel::expr::node::{Node, Op};
use crm_kernel::expr::{Expr, Scope};
use crm_kernel::id::Ref;
use crm_kernel::record::Record;
use crm_kernel::value::Row;
use crm_kernel::work::Work;

/// The setting `pricing.strategy` names a strategy.
pub(super) fn setting(_work: &mut Work<'_>, _kind: u32, _old: Option<&Row>, new: &mut Row) -> Result<()> {
    let setting = Setting::from_row(new)?;
    if setting.key != STRATEGY_SETTING {
        return Ok(());
    }
    let name = setting.value.as_text().unwrap_or_default();
    match Strategy::named(name) {
        Some(_) => Ok(()),
        None => Err(UNKNOWN_STRATEGY.at("/value").with("strategy", name)),
    }
}

/// A price list ends after it begins.
pub(super) fn price_list(_work: &mut Work<'_>, _kind: u32, _old: Option<&Row>, new: &mut Row) -> Result<()> {
    let list = PriceList::from_row(new)?;
    dates(list.valid_from, list.valid_until)
}

/// A price rule says one thing, and says it completely.
pub(super) fn price_rule(work: &mut Work<'_>, _kind: u32, _old: Option<&Row>, new: &mut Row) -> Result<()> {
    let rule = PriceRule::from_row(new)?;
    if rule.product.is_some() && rule.category.is_some() {
        return Err(TWO_SCOPES.at("/category"));
    }
    if rule.customer.is_some() && rule.customer_class.is_some() {
        return Err(TWO_SCOPES.at("/customer_class"));
    }
    dates(rule.valid_from, rule.valid_until)?;
    quantities(rule.min_quantity, rule.max_quantity)?;
    currency(work, &rule)?;
    if rule.tiers.is_empty() {
        match rule.value {
            Some(value) => value_of(&rule, value).map_err(|error| error.at("/value"))?,
            None => return Err(RULE_VALUE.at("/value")),
        }
    } else {
        if rule.value.is_some() {
            return Err(RULE_VALUE.at("/value"));
        }
        tiers(&rule)?;
    }
    let Some(condition) = &rule.condition else { return Ok(()) };
    let catalogue = work.catalogue();
    let scope = Scope { catalogue: &catalogue, root: PriceInquiry::NO, names: &[] };
    Expr::condition(condition, &scope).map(|_| ()).map_err(|error| {
        let told = CONDITION.at("/condition").with("condition", condition.clone());
        error.args().iter().fold(told, |told, (name, value)| told.with(name, value.clone()))
    })
}

fn dates(from: Option<Date>, until: Option<Date>) -> Result<()> {
    match (from, until) {
        (Some(from), Some(until)) if until < from => Err(BOUNDS.at("/valid_until")),
        _ => Ok(()),
    }
}

fn quantities(min: Option<Dec>, max: Option<Dec>) -> Result<()> {
    if min.is_some_and(Dec::is_negative) {
        return Err(BOUNDS.at("/min_quantity"));
    }
    match max {
        Some(max) if max < min.unwrap_or(Dec::ZERO) => Err(BOUNDS.at("/max_quantity")),
        _ => Ok(()),
    }
}

/// Prices and amounts are in a currency, and a list has only one.
fn currency(work: &mut Work<'_>, rule: &PriceRule) -> Result<()> {
    if let Some(list) = rule.list {
        let list = work.system(|work| work.find(list)).map_err(|error| error.at("/list"))?;
        let other = rule.currency.is_some_and(|currency| currency != list.currency);
        return if other { Err(RULE_CURRENCY.at("/currency")) } else { Ok(()) };
    }
    let percent = matches!(rule.method, PriceMethod::DiscountPercent | PriceMethod::SurchargePercent);
    let fees = rule.tiers.iter().any(|tier| !tier.flat_fee.is_zero());
    if rule.currency.is_none() && (!percent || fees) { Err(RULE_CURRENCY.at("/currency")) } else { Ok(()) }
}

/// No value is below zero, and nobody gets more than all of it off.
fn value_of(rule: &PriceRule, value: Dec) -> Result<()> {
    let too_much = rule.method == PriceMethod::DiscountPercent && value > Dec::HUNDRED;
    if value.is_negative() || too_much {
        return Err(RULE_VALUE.error().with("value", value.to_string()));
    }
    Ok(())
}

/// Bounds rise; only a last tier may be open; graduated tiers leave no portion without a price.
fn tiers(rule: &PriceRule) -> Result<()> {
    let mut before: Option<Dec> = None;
    let last = rule.tiers.len() - 1;
    for (at, tier) in rule.tiers.iter().enumerate() {
        let here = |field: &str| TIERS.at(format!("/tiers/{at}/{field}"));
        value_of(rule, tier.value).map_err(|error| error.at(format!("/tiers/{at}/value")))?;
        if tier.flat_fee.is_negative() {
            return Err(here("flat_fee"));
        }
        let Some(bound) = tier.bound else {
            if rule.tier_bound == TierBound::UpTo && at == last {
                continue;
            }
            return Err(here("bound"));
        };
        let rises = before.is_none_or(|before| bound > before);
        let first = match rule.tier_bound {
            TierBound::UpTo => bound.is_positive(),
            // A graduated scale has to begin at 0: what lies below its first tier would have no price.
            TierBound::From if rule.tier_mode == TierMode::Graduated => bound.is_zero() || at > 0,
            TierBound::From => !bound.is_negative(),
        };
        if !rises || !first {
            return Err(here("bound"));
        }
        before = Some(bound);
    }
    Ok(())
}

/// A rule as the engine reads it, but for its condition; `list` is its price list where that is open. Errors:
/// `value.out_of_range`.
pub(super) fn compile(
    id: Ref<PriceRule>,
    rule: &PriceRule,
    list: Option<&PriceList>,
    symbols: &mut Symbols,
) -> Result<Rule> {
    let product = match (rule.product, rule.category) {
        (Some(product), _) => ProductScope::Product(product.id().number()),
        (None, Some(category)) => ProductScope::Category(category.id().number()),
        (None, None) => ProductScope::All,
    };
    let customer = match (rule.customer, &rule.customer_class) {
        (Some(customer), _) => CustomerScope::Customer(customer.id().number()),
        (None, Some(class)) => CustomerScope::Class(symbols.of(Some(class))),
        (None, None) => CustomerScope::All,
    };
    let restricted = [
        product != ProductScope::All,
        customer != CustomerScope::All,
        rule.seller_position.is_some(),
        list.is_some_and(|list| list.customer_class.is_some()),
        list.is_some_and(|list| list.region.is_some()),
    ];
    Ok(Rule {
        id: id.id().number(),
        product,
        customer,
        position: rule.seller_position.map_or(0, |position| position.id().number()),
        list: rule.list.map_or(0, |list| list.id().number()),
        unit: rule.unit.map_or(0, |unit| unit.id().number()),
        from: rule.valid_from.unwrap_or(Date::MIN),
        until: rule.valid_until.unwrap_or(Date::MAX),
        min: rule.min_quantity.map_or(Ok(0), |min| min.to_i64_at(SCALE))?,
        max: rule.max_quantity.map_or(Ok(OPEN), |max| max.to_i64_at(SCALE))?,
        currency: rule.currency.or(list.map(|list| list.currency)),
        priority: rule.priority,
        condition: 0,
        axes: restricted.into_iter().map(u8::from).sum(),
        effect: effect(rule)?,
    })
}

fn effect(rule: &PriceRule) -> Result<Effect> {
    let value = rule.value.map_or(Ok(0), |value| value.to_i64_at(SCALE))?;
    let mut tiers = Vec::with_capacity(rule.tiers.len());
    for tier in &rule.tiers {
        tiers.push(Tier {
            bound: tier.bound.map_or(Ok(OPEN), |bound| bound.to_i64_at(SCALE))?,
            value: tier.value.to_i64_at(SCALE)?,
            flat_fee: tier.flat_fee.to_i64_at(SCALE)?,
        });
    }
    let scale = (!tiers.is_empty()).then(|| {
        Box::new(Scale {
            mode: rule.tier_mode,
            bound: rule.tier_bound,
            flat_fee_at_zero: rule.flat_fee_at_zero,
            tiers,
        })
    });
    Ok(Effect { method: rule.method, value, scale })
}

/// How many conditions are joined by `&&` in one: each counts as an axis.
pub(super) fn conjuncts(node: &Node) -> u8 {
    match &node.op {
        Op::And(left, right) => conjuncts(left).saturating_add(conjuncts(right)),
        _ => 1,
    }
}
