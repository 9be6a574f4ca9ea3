//! Reading all rules of an enterprise for their set. Most rules say a few things only: for whom, for what, when, from which
//! quantity on, and a value. They are read by the columns of those things, which takes a third of the time of whole records.

use super::index::Rules;
use super::records::{
    FreeCount, FreeReturns, PriceBase, PriceMethod, PriceRule, PriceStage, QuantityBasis, RoundMode,
    TierBound, TierMode,
};
use crm_kernel::currency::Currency;
use crm_kernel::dec::Dec;
use crm_kernel::error::{Error, Result};
use crm_kernel::id::{Id, Ref};
use crm_kernel::plan::{Found, Mark, Query, Select};
use crm_kernel::record::{Choice, Lines, Record};
use crm_kernel::value::Value;
use crm_kernel::work::{Stored, Work};

/// Rules that say nothing but [`SAID`]. One with tiers has no value.
const FEW_WORDS: &str = "stage == 'list' && base == 'running' && basis == 'line' && value != null && unit == null \
                         && seller_position == null && exclusion_group == null && condition == null \
                         && measure == null && package == null && round_to == null && then_add == null \
                         && min_margin == null && max_margin == null && free_per == null";

/// What a rule of few words says.
const SAID: [&str; 13] = [
    "code",
    "list",
    "product",
    "category",
    "customer",
    "customer_class",
    "valid_from",
    "valid_until",
    "min_quantity",
    "max_quantity",
    "currency",
    "priority",
    "method",
];

/// Rules that are read at once.
const PAGE: u32 = 4_000;

/// Reads the active rules. Errors: those of reading.
pub(super) fn active_rules(work: &mut Work<'_>) -> Result<Rules> {
    let mut rules = Rules::default();
    if of_few_words(work, &mut rules)? {
        let others = format!("active && !({FEW_WORDS})");
        work.each(&others, &[], |work, rule: Stored<PriceRule>| {
            rules.add(&work.catalogue(), rule.id, &rule)
        })?;
    }
    Ok(rules)
}

/// Reads the active rules of few words. Gives whether there are others.
fn of_few_words(work: &mut Work<'_>, rules: &mut Rules) -> Result<bool> {
    let catalogue = work.catalogue();
    let filter = Some(work.expression(PriceRule::NO, "active", &[])?);
    let said =
        SAID.iter().chain(&["value", FEW_WORDS]).map(|field| work.expression(PriceRule::NO, field, &[]));
    let said = said.collect::<Result<Vec<_>>>()?;
    let mut others = false;
    let mut after = None;
    loop {
        let (kind, filter, order) = (PriceRule::NO, filter.clone(), Vec::new());
        let select = Select::Values(said.clone());
        let found = work.query(Query { kind, filter, order, after, limit: Some(PAGE), select })?;
        for one in &found {
            if one.values.last() != Some(&Value::Bool(true)) {
                others = true;
                continue;
            }
            let read = Id::new(one.id).zip(rule(one));
            let (id, rule) =
                read.ok_or_else(|| Error::internal("a price rule without what every rule has"))?;
            rules.add(&catalogue, Ref::new(id), &rule)?;
        }
        if found.len() < PAGE as usize {
            return Ok(others);
        }
        after = found.last().map(|last| Mark { keys: Vec::new(), parent: 0, id: last.id });
    }
}

/// A rule of few words from its values.
fn rule(found: &Found) -> Option<PriceRule> {
    let [
        code,
        list,
        product,
        category,
        customer,
        class,
        from,
        until,
        min,
        max,
        currency,
        priority,
        method,
        value,
        _,
    ] = found.values.as_slice()
    else {
        return None;
    };
    let date = |value: &Value| match value {
        Value::Date(date) => Some(*date),
        _ => None,
    };
    Some(PriceRule {
        code: code.as_text()?.to_owned(),
        name: String::new(),
        list: list.as_id().map(Ref::new),
        product: product.as_id().map(Ref::new),
        category: category.as_id().map(Ref::new),
        customer: customer.as_id().map(Ref::new),
        customer_class: class.as_text().map(str::to_owned),
        seller_position: None,
        valid_from: date(from),
        valid_until: date(until),
        min_quantity: min.as_dec(),
        max_quantity: max.as_dec(),
        unit: None,
        currency: currency.as_text().and_then(|code| Currency::parse(code).ok()),
        condition: None,
        priority: priority.as_dec().and_then(|priority: Dec| priority.to_i64_at(0).ok()),
        method: PriceMethod::from_code(method.as_text()?)?,
        value: value.as_dec(),
        tier_mode: TierMode::AllUnits,
        tier_bound: TierBound::From,
        flat_fee_at_zero: false,
        tiers: Lines::default(),
        active: true,
        external_key: None,
        notes: None,
        stage: PriceStage::List,
        base: PriceBase::Running,
        exclusion_group: None,
        basis: QuantityBasis::Line,
        period_days: None,
        measure: None,
        package: None,
        round_to: None,
        round_mode: RoundMode::HalfUp,
        then_add: None,
        min_margin: None,
        max_margin: None,
        free_product: None,
        free_per: None,
        free_count: FreeCount::UnitReference,
        free_inclusive: false,
        free_returns: FreeReturns::ClawBack,
    })
}
