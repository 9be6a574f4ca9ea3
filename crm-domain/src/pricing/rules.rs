//! Decisions of the pricing area: what a price rule may say, and how the engine reads it.

use super::engine::{Counted, CustomerScope, ProductScope, Rule, Symbols, told};
use super::error::{
    AGAINST, AUTHORITY, BOUNDS, CONDITION, FORMULA, FREE_GOODS, LIST_CURRENCY, LIST_CYCLE, MEASURE,
    RULE_CURRENCY, RULE_VALUE, STAGE, STRATEGY_KEYS, TIERS, TWO_SCOPES, UNIT, UNKNOWN_STRATEGY,
};
use super::formula::Formula;
use super::free_goods::FreeGoods;
use super::records::{
    Comparator, DiscountAuthority, ExclusionGroup, PriceBase, PriceInquiry, PriceList, PriceMethod,
    PriceRule, PriceStage, PriceStrategy, QuantityBasis, StrategyKey, TierBound, TierMode,
};
use super::scale::{Effect, OPEN, SCALE, Scale, Tier};
use super::strategy::{Access, Key, STRATEGY_SETTING, Strategy};
use crate::settings::{NO_CONVERSION, Setting, unit_ratio};
use crm_kernel::date::Date;
use crm_kernel::dec::Dec;
use crm_kernel::error::{Code, Error, Result};
use crm_kernel::expr::node::{Node, Op, Ty};
use crm_kernel::expr::{Expr, Scope};
use crm_kernel::id::Ref;
use crm_kernel::record::{Choice as _, Record};
use crm_kernel::value::{Row, Value};
use crm_kernel::work::{Stored, Work};
use std::borrow::Cow;

/// A chain of lists longer than this is taken for a cycle.
const DEEPEST_LIST: usize = 16;
/// The longest rolling period, in days.
const LONGEST_PERIOD: i64 = 3_660;

/// The setting `pricing.strategy` names a strategy.
pub(super) fn setting(work: &mut Work<'_>, _kind: u32, _old: Option<&Row>, new: &mut Row) -> Result<()> {
    let setting = Setting::from_row(new)?;
    if setting.key != STRATEGY_SETTING {
        return Ok(());
    }
    let name = setting.value.as_text().unwrap_or_default();
    strategy_named(work, name).map(|_| ()).map_err(|error| error.at("/value"))
}

/// The strategy with a name: one of the named ones, or one that the enterprise made. Errors: `price.unknown_strategy`.
pub(super) fn strategy_named(work: &mut Work<'_>, name: &str) -> Result<Cow<'static, Strategy>> {
    if let Some(strategy) = Strategy::named(name) {
        return Ok(Cow::Borrowed(strategy));
    }
    let made = work.once(PriceStrategy::NO, name, |work| {
        let found = work.by_key::<PriceStrategy>("code", &Value::Text(name.to_owned()))?;
        Ok(found.map(|found| strategy_of(&found)))
    })?;
    made.map(Cow::Owned).ok_or_else(|| UNKNOWN_STRATEGY.error().with("strategy", name))
}

/// A strategy that the enterprise made, as the engine reads it.
pub(super) fn strategy_of(record: &PriceStrategy) -> Strategy {
    let (mut keys, mut levels, mut accesses) = (Vec::new(), Vec::new(), Vec::<Access>::new());
    for line in &record.keys {
        let key = match line.key {
            StrategyKey::Access => {
                if let (Some(product), Some(customer)) = (line.product, line.customer) {
                    accesses.push(Access { product, customer, stops: line.stops });
                }
                continue;
            }
            StrategyKey::Level => {
                levels.extend(line.stage);
                continue;
            }
            StrategyKey::Product => Key::Product,
            StrategyKey::Customer => Key::Customer,
            StrategyKey::SellerPosition => Key::Position,
            StrategyKey::List => Key::List,
            StrategyKey::MinQuantity => Key::MinQuantity,
            StrategyKey::Priority => Key::Priority,
            StrategyKey::RuleCount => Key::RuleCount,
            StrategyKey::Cheapest => Key::Cheapest,
        };
        if !accesses.is_empty() {
            keys.push(Key::Accesses(Cow::Owned(std::mem::take(&mut accesses))));
        }
        keys.push(key);
    }
    if !accesses.is_empty() {
        keys.push(Key::Accesses(Cow::Owned(accesses)));
    }
    Strategy {
        name: Cow::Owned(record.code.clone()),
        keys: Cow::Owned(keys),
        last: record.last,
        levels: Cow::Owned(levels),
        unit_rounding: record.unit_rounding,
        effect_rounding: record.effect_rounding.map(Into::into),
    }
}

/// A strategy compares something; an access says how rules name product and customer, a level which stage it is.
pub(super) fn price_strategy(
    _work: &mut Work<'_>,
    _kind: u32,
    _old: Option<&Row>,
    new: &mut Row,
) -> Result<()> {
    let strategy = PriceStrategy::from_row(new)?;
    if Strategy::named(&strategy.code).is_some() {
        // The named one would hide it.
        return Err(STRATEGY_KEYS.at("/code"));
    }
    if strategy.keys.is_empty() && strategy.last == super::records::TieBreak::Refuse {
        return Err(STRATEGY_KEYS.at("/keys"));
    }
    for (at, line) in strategy.keys.iter().enumerate() {
        let wrong = match line.key {
            StrategyKey::Access if line.product.is_none() => Some("product"),
            StrategyKey::Access if line.customer.is_none() => Some("customer"),
            StrategyKey::Level if line.stage.is_none_or(|stage| stage == PriceStage::List) => Some("stage"),
            _ => None,
        };
        if let Some(field) = wrong {
            return Err(STRATEGY_KEYS.at(format!("/keys/{at}/{field}")));
        }
    }
    Ok(())
}

/// An authority is somebody's or a position's, and from 0 to 100 per cent.
pub(super) fn discount_authority(
    _work: &mut Work<'_>,
    _kind: u32,
    _old: Option<&Row>,
    new: &mut Row,
) -> Result<()> {
    let authority = DiscountAuthority::from_row(new)?;
    if authority.employee.is_some() == authority.seller_position.is_some() {
        return Err(AUTHORITY.at("/seller_position"));
    }
    let percent = authority.max_percent;
    if percent.is_negative() || percent > Dec::HUNDRED {
        return Err(AUTHORITY.at("/max_percent"));
    }
    Ok(())
}

/// A group that is compared with another names it, none of those that follow leads back to it, and the rules of both are of
/// one stage.
pub(super) fn exclusion_group(
    work: &mut Work<'_>,
    _kind: u32,
    old: Option<&Row>,
    new: &mut Row,
) -> Result<()> {
    let group = ExclusionGroup::from_row(new)?;
    let alone = matches!(group.comparator, Comparator::Best | Comparator::Worst);
    match group.against {
        None if alone => Ok(()),
        Some(other) if !alone => {
            let (mut seen, mut next) = (Vec::new(), Some(other));
            while let Some(other) = next {
                if other.id().number() == new.id || seen.contains(&other) {
                    return Err(AGAINST.at("/against"));
                }
                seen.push(other);
                next = work.system(|work| work.look(other))?.and_then(|other| other.against);
            }
            let mine = crm_kernel::id::Id::new(new.id).filter(|_| old.is_some()).map(Ref::new);
            let mine = mine.map(|mine| stage_of(work, mine)).transpose()?.flatten();
            let others = stage_of(work, other)?;
            // Effects of different stages never meet.
            let apart = mine.zip(others).is_some_and(|(mine, others)| mine != others);
            if apart { Err(AGAINST.at("/against")) } else { Ok(()) }
        }
        _ => Err(AGAINST.at("/against")),
    }
}

/// The stage of the rules of a group; none where it has none.
fn stage_of(work: &mut Work<'_>, group: Ref<ExclusionGroup>) -> Result<Option<PriceStage>> {
    let names = [("mine", Ty::Ref(ExclusionGroup::NO), Value::Ref(group.id()))];
    let found =
        work.system(|work| work.select_by::<PriceRule>("exclusion_group == mine", &names, &[], Some(1)))?;
    Ok(found.first().map(|rule| rule.stage))
}

/// A price list ends after it begins, and builds on lists of its currency that do not build on it.
pub(super) fn price_list(work: &mut Work<'_>, _kind: u32, old: Option<&Row>, new: &mut Row) -> Result<()> {
    let list = PriceList::from_row(new)?;
    dates(list.valid_from, list.valid_until)?;
    let me = crm_kernel::id::Id::new(new.id).filter(|_| old.is_some()).map(Ref::<PriceList>::new);
    let above = match me {
        Some(me) => lists_above(work, me, &list)?,
        None => 0,
    };
    let mut below = list.base_list;
    for _ in above..=DEEPEST_LIST {
        let Some(next) = below else { return Ok(()) };
        if next.id().number() == new.id {
            return Err(LIST_CYCLE.at("/base_list"));
        }
        let found = work.system(|work| work.look(next))?;
        if found.as_ref().is_some_and(|found| found.currency != list.currency) {
            return Err(LIST_CURRENCY.at("/base_list"));
        }
        below = found.and_then(|found| found.base_list);
    }
    Err(LIST_CYCLE.at("/base_list"))
}

/// How many lists stand above one at most, each building on the one before. What builds on it and the rules in it keep
/// its currency.
fn lists_above(work: &mut Work<'_>, me: Ref<PriceList>, list: &PriceList) -> Result<usize> {
    let building = work.system(|work| work.select::<PriceList>("base_list != null", &[]))?;
    let other = |above: &Stored<PriceList>| above.base_list == Some(me) && above.currency != list.currency;
    if building.iter().any(other) {
        return Err(LIST_CURRENCY.at("/currency"));
    }
    let names = [
        ("mine", Ty::Ref(PriceList::NO), Value::Ref(me.id())),
        ("money", Ty::Text, Value::Text(list.currency.code().to_owned())),
    ];
    let others = "list == mine && currency != null && currency != money";
    if work.system(|work| work.only::<PriceRule>(others, &names))?.is_some() {
        return Err(LIST_CURRENCY.at("/currency"));
    }
    let (mut above, mut top) = (0, vec![me]);
    while above <= DEEPEST_LIST {
        let builds = |list: &&Stored<PriceList>| list.base_list.is_some_and(|base| top.contains(&base));
        let next: Vec<Ref<PriceList>> = building.iter().filter(builds).map(|list| list.id).collect();
        if next.is_empty() {
            break;
        }
        (above, top) = (above + 1, next);
    }
    Ok(above)
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
    unit(work, &rule)?;
    free_goods(&rule)?;
    formula(&rule)?;
    stage(work, &rule, new)?;
    let catalogue = work.catalogue();
    let scope = Scope { catalogue: &catalogue, root: PriceInquiry::NO, names: &[] };
    if let Some(text) = &rule.measure {
        let told = |error: Error| retold(MEASURE.at("/measure").with("measure", text.clone()), &error);
        let checked = Expr::check(text, &scope).map_err(told)?;
        if !matches!(checked.ty(), Ty::Num { .. }) {
            return Err(MEASURE.at("/measure").with("measure", text.clone()));
        }
    }
    let period = (1..=LONGEST_PERIOD).contains(&rule.period_days.unwrap_or_default());
    if period != (rule.basis == QuantityBasis::Period) || (!period && rule.period_days.is_some()) {
        return Err(MEASURE.at("/period_days").with("measure", rule.measure.clone().unwrap_or_default()));
    }
    let Some(condition) = &rule.condition else { return Ok(()) };
    Expr::condition(condition, &scope)
        .map(|_| ())
        .map_err(|error| retold(CONDITION.at("/condition").with("condition", condition.clone()), &error))
}

/// The product of a rule is counted in a unit into which that of the rule converts.
fn unit(work: &mut Work<'_>, rule: &PriceRule) -> Result<()> {
    let (Some(unit), Some(product)) = (rule.unit, rule.product) else { return Ok(()) };
    let Some(product) = work.system(|work| work.look(product))? else { return Ok(()) };
    let converts = match product.unit {
        Some(own) => work.system(|work| unit_ratio(work, unit, own)),
        None => Err(NO_CONVERSION.error()),
    };
    match converts {
        Ok(_) => Ok(()),
        Err(error) if error.code() == NO_CONVERSION => {
            Err(UNIT.at("/unit").with("product", product.code.clone()))
        }
        Err(error) => Err(error),
    }
}

/// An error with what another told.
fn retold(told: Error, error: &Error) -> Error {
    error.args().iter().fold(told, |told, (name, value)| told.with(name, value.clone()))
}

/// Free goods are so many for every so many, and change no price.
fn free_goods(rule: &PriceRule) -> Result<()> {
    if rule.method != PriceMethod::FreeGoods {
        let given = rule.free_product.is_some() || rule.free_per.is_some() || rule.free_inclusive;
        return if given { Err(FREE_GOODS.at("/method")) } else { Ok(()) };
    }
    if !rule.free_per.is_some_and(Dec::is_positive) {
        return Err(FREE_GOODS.at("/free_per"));
    }
    if !rule.value.is_some_and(Dec::is_positive) {
        return Err(FREE_GOODS.at("/value"));
    }
    if rule.stage != PriceStage::Promotion {
        return Err(FREE_GOODS.at("/stage"));
    }
    if rule.exclusion_group.is_some() {
        return Err(FREE_GOODS.at("/exclusion_group"));
    }
    // What is part of the quantity ordered can only be the product itself.
    if rule.free_inclusive && rule.free_product.is_some() {
        return Err(FREE_GOODS.at("/free_inclusive"));
    }
    // Something of it is charged.
    if rule.free_inclusive && rule.value >= rule.free_per {
        return Err(FREE_GOODS.at("/value"));
    }
    // They come with a line, and are counted by it.
    if rule.basis != QuantityBasis::Line {
        return Err(FREE_GOODS.at("/basis"));
    }
    Ok(())
}

/// Packages, multiples and margins are such.
fn formula(rule: &PriceRule) -> Result<()> {
    let fixed = rule.method == PriceMethod::FixedPrice;
    if rule.package.is_some_and(|package| !package.is_positive() || !fixed) {
        return Err(FORMULA.at("/package"));
    }
    if rule.round_to.is_some_and(|step| !step.is_positive()) {
        return Err(FORMULA.at("/round_to"));
    }
    if let (Some(min), Some(max)) = (rule.min_margin, rule.max_margin)
        && max < min
    {
        return Err(FORMULA.at("/max_margin"));
    }
    let steps = has_formula(rule);
    let nothing = rule.method == PriceMethod::FreeGoods && (steps || !rule.tiers.is_empty());
    if nothing { Err(FORMULA.at("/method")) } else { Ok(()) }
}

fn has_formula(rule: &PriceRule) -> bool {
    [rule.round_to, rule.then_add, rule.min_margin, rule.max_margin].iter().any(Option::is_some)
}

/// What a stage allows.
fn stage(work: &mut Work<'_>, rule: &PriceRule, new: &Row) -> Result<()> {
    let percent = matches!(rule.method, PriceMethod::DiscountPercent | PriceMethod::SurchargePercent);
    let fees = rule.tiers.iter().any(|tier| !tier.flat_fee.is_zero());
    let plain = !has_formula(rule) && !fees;
    let allowed = match rule.stage {
        PriceStage::Manual => false,
        // What comes after the seller's own per cents commutes with them, so that a line is its price less its discount.
        PriceStage::Partner => percent && plain && rule.base == PriceBase::Running,
        PriceStage::Document => {
            matches!(rule.method, PriceMethod::DiscountPercent | PriceMethod::AmountOff) && plain
        }
        PriceStage::List | PriceStage::Contract | PriceStage::Volume | PriceStage::Promotion => true,
    };
    if !allowed {
        return Err(STAGE.at("/stage").with("stage", rule.stage.code()));
    }
    if rule.exclusion_group.is_some() && rule.stage == PriceStage::List {
        return Err(STAGE.at("/exclusion_group").with("stage", rule.stage.code()));
    }
    if let Some(group) = rule.exclusion_group {
        let against = work.system(|work| work.look(group))?.and_then(|group| group.against).unwrap_or(group);
        let names = [("mine", group), ("other", against)]
            .map(|(name, group)| (name, Ty::Ref(ExclusionGroup::NO), Value::Ref(group.id())));
        // The groups that it is compared with choose in the same stage.
        let groups = "exclusion_group == mine || exclusion_group == other || exclusion_group.against == mine";
        let others = format!("({groups}) && stage != '{}'", rule.stage.code());
        let id = new.id;
        let found = work.system(|work| work.select_by::<PriceRule>(&others, &names, &[], Some(2)))?;
        if found.iter().any(|other| other.id.id().number() != id) {
            return Err(STAGE.at("/exclusion_group").with("stage", rule.stage.code()));
        }
    }
    let first = rule.stage == PriceStage::List;
    let base = match rule.base {
        PriceBase::Running | PriceBase::List => true,
        PriceBase::Cost => first,
        PriceBase::BaseList => {
            let list = rule.list.map(|list| work.system(|work| work.look(list))).transpose()?.flatten();
            first && list.is_some_and(|list| list.base_list.is_some())
        }
    };
    let stage = rule.stage.code();
    if base { Ok(()) } else { Err(STAGE.at("/base").with("stage", stage)) }
}

fn dates(from: Option<Date>, until: Option<Date>) -> Result<()> {
    match (from, until) {
        (Some(from), Some(until)) if until < from => Err(BOUNDS.at("/valid_until")),
        _ => Ok(()),
    }
}

fn quantities(min: Option<Dec>, max: Option<Dec>) -> Result<()> {
    if let Some(min) = min.filter(|min| min.is_negative()) {
        return Err(Code::OUT_OF_RANGE.at("/min_quantity").with("value", min.to_string()));
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
    let percent = matches!(
        rule.method,
        PriceMethod::DiscountPercent | PriceMethod::SurchargePercent | PriceMethod::FreeGoods
    );
    let amounts = rule.tiers.iter().any(|tier| !tier.flat_fee.is_zero()) || has_formula(rule);
    if rule.currency.is_none() && (!percent || amounts) { Err(RULE_CURRENCY.at("/currency")) } else { Ok(()) }
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
            let at = format!("/tiers/{at}/flat_fee");
            return Err(RULE_VALUE.at(at).with("value", tier.flat_fee.to_string()));
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

/// A rule as the engine reads it. Errors: `value.out_of_range`.
pub(super) fn compile(id: Ref<PriceRule>, rule: &PriceRule, symbols: &mut Symbols) -> Result<Rule> {
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
    let counted = rule.measure.is_some() || rule.basis != QuantityBasis::Line;
    let restricted =
        [product != ProductScope::All, customer != CustomerScope::All, rule.seller_position.is_some()];
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
        // A list is open in its own currency only.
        currency: rule.currency,
        priority: rule.priority,
        code: rule.code.as_str().into(),
        told: told(id.id().number(), &rule.code),
        condition: rule.condition.as_deref().map(Box::from),
        counted: counted.then(|| {
            Box::new(Counted {
                basis: rule.basis,
                days: rule.period_days.unwrap_or_default(),
                measure: rule.measure.as_deref().map(Box::from),
            })
        }),
        axes: restricted.into_iter().map(u8::from).sum(),
        stage: rule.stage,
        group: rule.exclusion_group.map_or(0, |group| group.id().number()),
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
    let formula = Formula {
        round_to: rule.round_to,
        round_mode: rule.round_mode.into(),
        then_add: rule.then_add,
        min_margin: rule.min_margin,
        max_margin: rule.max_margin,
    };
    let free = match rule.free_per {
        Some(per) => Some(Box::new(FreeGoods {
            product: rule.free_product.map_or(0, |product| product.id().number()),
            per: per.to_i64_at(SCALE)?,
            count: rule.free_count,
            inclusive: rule.free_inclusive,
            returns: rule.free_returns,
        })),
        None => None,
    };
    Ok(Effect {
        method: rule.method,
        value,
        base: rule.base,
        package: rule.package.map_or(Ok(0), |package| package.to_i64_at(SCALE))?,
        scale,
        formula: has_formula(rule).then(|| Box::new(formula)),
        free,
    })
}

/// How many conditions are joined by `&&` in one: each counts as an axis.
pub(super) fn conjuncts(node: &Node) -> u8 {
    match &node.op {
        Op::And(left, right) => conjuncts(left).saturating_add(conjuncts(right)),
        _ => 1,
    }
}
