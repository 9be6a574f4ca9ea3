//! Looking the enterprise's rule set through (PRD-08).

use super::engine::{CustomerScope, OpenList, ProductScope, Rule};
use super::error::UNKNOWN_STRATEGY;
use super::index::{RuleSet, rule_set};
use super::lint::{Buyer, Effort, Fault, KnownList, KnownProduct, Witness, World, lint};
use super::price::{Item, Terms};
use super::questions::floor_of;
use super::records::{
    BaseRules, ExclusionGroup, ListUsage, PriceInquiry, PriceList, PriceMethod, PriceRule, PriceStage,
};
use super::rules::strategy_named;
use super::scale::{SCALE, dec};
use super::strategy::STRATEGY_SETTING;
use super::tariff::group_of;
use super::unit_price::UnitPrice;
use crate::catalog::{Product, ProductCategory, ProductState, category_path};
use crate::parties::Customer;
use crate::records::page;
use crate::settings::{self, ExchangeRate, NO_CONVERSION, NOT_SET_UP, setting};
use crm_kernel::Record;
use crm_kernel::date::Date;
use crm_kernel::dec::{Dec, Rounding};
use crm_kernel::error::{Code, Result};
use crm_kernel::expr::{Expr, Scope};
use crm_kernel::id::{Id, Ref};
use crm_kernel::json::Json;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::plan::{Query, Select};
use crm_kernel::record::Record as _;
use crm_kernel::work::{Stored, Work};
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Looks the active price rules through: rules that the strategy cannot tell apart, effects whose order nothing says, rules
/// that never make a price, rules that together fall below a floor or below zero, bounds behind which more costs less,
/// products without any price. Each fault comes with a question that shows it.
#[derive(Clone, Debug, Record)]
#[record(name = "price_lint")]
pub struct PriceLint {
    /// The strategy; none is the enterprise's.
    #[field(text = 60)]
    pub strategy: Option<String>,
    /// At most so many faults, from 1 to 1000.
    #[field(default = "50")]
    pub limit: i64,
}

/// What was found.
#[derive(Clone, Debug, Record)]
#[record(name = "price_lint_answer")]
pub struct PriceLintAnswer {
    /// The strategy by which rules were judged.
    pub strategy: String,
    /// True where everything was looked at and is told: then nothing is wrong beside the faults. Faults of rules that the
    /// actor may not read are not told.
    pub complete: bool,
    /// The faults.
    pub faults: Vec<LintFault>,
}

/// A fault of a rule set.
#[derive(Clone, Debug, Record)]
#[record(name = "price_lint_fault")]
pub struct LintFault {
    /// `ambiguous`, `possible_tie` (only equal prices would make it one), `dead`, `floor` (the price falls below it),
    /// `negative` (the price would be below zero), `cliff` or `gap`.
    pub fault: String,
    /// The rules.
    pub rules: Vec<Ref<PriceRule>>,
    /// What people call them.
    pub codes: Vec<String>,
    /// The question that shows it: `product`, `category`, `customer`, `customer_class`, `region`, `positions`, `list` (the
    /// one that is named), `conditions` (rules whose condition holds), `date`, `quantity`, `measured` (what rules count
    /// instead of it), `currency`; for a floor the `price` and the `floor` too; for a price below zero the `price`; for a
    /// cliff `bound`, `before`, `behind`, `dear_from`. What does not matter is left out.
    pub witness: Json,
}

impl Operation for PriceLint {
    const NAME: &'static str = "price.lint";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::Right { kind: "price_rule", verb: "update" };
    const ERRORS: &'static [Code] = &[UNKNOWN_STRATEGY, NOT_SET_UP];
    const CAPABILITIES: &'static [&'static str] = &["PRD-08"];
    const EXAMPLE: &'static str = r#"{"limit":10}"#;
    type Answer = PriceLintAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<PriceLintAnswer> {
        let most = page(self.limit, 1_000)? as usize;
        let name = match self.strategy {
            Some(name) => name,
            None => setting(work, STRATEGY_SETTING)?.as_text().unwrap_or_default().to_owned(),
        };
        let strategy = strategy_named(work, &name).map_err(|error| error.at("/strategy"))?;
        let readable = readable(work)?;
        work.system(|work| {
            let rules = rule_set(work)?;
            let (world, known) = world(work, &rules)?;
            let mut conditions = Conditions::default();
            let effort = Effort { questions: QUESTIONS, faults: most };
            let mut holds = |rule: &Rule, witness: &Witness| conditions.hold(work, rule, witness);
            let found = lint(&rules, &world, &strategy, effort, &mut holds)?;
            let all = found.faults.len();
            let mut faults: Vec<LintFault> = found.faults.iter().map(|fault| told(&rules, fault)).collect();
            faults.retain(|fault| fault.rules.iter().all(|rule| readable.contains(&rule.id().number())));
            let complete = known && found.complete && faults.len() == all;
            Ok(PriceLintAnswer { strategy: name, complete, faults })
        })
    }
}

/// The conditions of rules, ready to be asked.
#[derive(Default)]
struct Conditions(HashMap<i64, Option<Expr>>);

/// What a question of a lint says for itself.
const SAID: &[&str] = &["quantity", "date", "currency"];
/// What it says of a product that it names.
const SAID_OF_PRODUCT: &[&str] = &["product", "weight", "volume"];

impl Conditions {
    /// Whether the condition of a rule holds for a question; nothing where it looks at what the question does not say.
    fn hold(&mut self, work: &mut Work<'_>, rule: &Rule, witness: &Witness) -> Result<Option<bool>> {
        let Some(condition) = rule.condition.as_deref() else { return Ok(Some(true)) };
        let product = match Id::new(witness.product) {
            Some(product) => work.look(Ref::<Product>::new(product))?,
            None => None,
        };
        let mut said: Vec<&str> = SAID.to_vec();
        if product.is_some() {
            said.extend(SAID_OF_PRODUCT);
        }
        if witness.customer != 0 {
            said.push("customer");
        }
        if !names(condition).all(|name| said.contains(&name)) {
            return Ok(None);
        }
        let catalogue = work.catalogue();
        let expression = match self.0.entry(rule.id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                let scope = Scope { catalogue: &catalogue, root: PriceInquiry::NO, names: &[] };
                place.insert(Expr::condition(condition, &scope).ok())
            }
        };
        // What names no product is the same for all.
        let (Some(expression), Some(id)) = (expression, Id::new(witness.product.max(1))) else {
            return Ok(None);
        };
        let quantity = dec(witness.quantity);
        let of_one = |one: Option<Dec>| -> Option<Dec> {
            Some(one?.mul(quantity).ok()?.round(SCALE, Rounding::HalfUp)).filter(|all| all.fits(18, SCALE))
        };
        let inquiry = PriceInquiry {
            product: Ref::new(id),
            quantity,
            unit: product.as_ref().and_then(|product| product.unit),
            customer: Id::new(witness.customer).map(Ref::new),
            seller: None,
            date: witness.date,
            currency: witness.currency,
            list: Id::new(witness.list).map(Ref::new),
            list_price: None,
            amount: None,
            weight: of_one(product.as_ref().and_then(|product| product.weight)),
            volume: of_one(product.as_ref().and_then(|product| product.volume)),
        };
        work.holds(expression, &inquiry.to_row()?).map(Some)
    }
}

/// The names with which the paths of an expression begin. Words of the language are among them, but for those that join
/// and values.
fn names(expression: &str) -> impl Iterator<Item = &str> {
    // What stands in quotes is no name.
    let bare = expression.split('\'').step_by(2);
    let words = bare
        .flat_map(|part| part.split(|sign: char| !(sign.is_alphanumeric() || sign == '_' || sign == '.')));
    let paths = words.filter(|word| word.starts_with(|sign: char| sign.is_alphabetic() || sign == '_'));
    let names = paths.map(|path| path.split('.').next().unwrap_or(path));
    names.filter(|name| !matches!(*name, "true" | "false" | "null" | "in"))
}

/// Questions asked of the engine at most.
const QUESTIONS: usize = 200_000;

/// The price rules that the actor may read. Errors: those of reading.
pub(super) fn readable(work: &mut Work<'_>) -> Result<BTreeSet<i64>> {
    let all = Query {
        kind: PriceRule::NO,
        filter: None,
        order: Vec::new(),
        after: None,
        limit: None,
        select: Select::Values(Vec::new()),
    };
    Ok(work.query(all)?.into_iter().map(|found| found.id).collect())
}

/// Products that are looked through at most beside those that rules name.
const PRODUCTS: u32 = 10_000;

/// What is known of what rules name; false where there is more that a search would need.
fn world(work: &mut Work<'_>, rules: &RuleSet) -> Result<(World, bool)> {
    let currency = work.base().ok_or_else(|| NOT_SET_UP.error())?;
    let mut world = World {
        products: BTreeMap::new(),
        categories: BTreeMap::new(),
        customers: BTreeMap::new(),
        lists: Vec::new(),
        groups: Vec::new(),
        policy: settings::policy(work)?,
        currency,
        currencies: BTreeSet::from([currency]),
    };
    for category in work.select::<ProductCategory>("true", &[])? {
        let path = category_path(work, Some(category.id))?;
        world.categories.insert(category.id.id().number(), numbers(&path));
    }
    for group in work.select::<ExclusionGroup>("true", &[])? {
        world.groups.push(group_of(group.id, &group));
    }
    for list in work.select::<PriceList>("true", &[])? {
        world.currencies.insert(list.currency);
        world.lists.push(known_list(&list));
    }
    world.currencies.extend(work.select::<ExchangeRate>("true", &[])?.iter().map(|rate| rate.from_currency));
    let mut customers = BTreeSet::new();
    for rule in rules.rules() {
        if let CustomerScope::Customer(customer) = rule.customer {
            customers.extend(Id::new(customer));
        }
    }
    for id in customers {
        if let Some(customer) = work.look(Ref::<Customer>::new(id))? {
            let buyer = Buyer { class: customer.customer_class.clone(), region: customer.region.clone() };
            world.customers.insert(id.number(), buyer);
        }
    }
    let complete = products(work, rules, &mut world)?;
    Ok((world, complete))
}

/// A list that is not used is open on no day.
fn known_list(list: &Stored<PriceList>) -> KnownList {
    let (from, until) = match list.active {
        true => (list.valid_from.unwrap_or(Date::MIN), list.valid_until.unwrap_or(Date::MAX)),
        false => (Date::MAX, Date::MIN),
    };
    let number = |list: Ref<PriceList>| list.id().number();
    KnownList {
        open: OpenList {
            id: number(list.id),
            axes: u8::from(list.customer_class.is_some()) + u8::from(list.region.is_some()),
            sale: list.sale,
            base: list.base_list.map_or(0, number),
            shadows: list.base_rules == BaseRules::Shadow,
        },
        always: list.usage == ListUsage::Always,
        currency: list.currency,
        from,
        until,
        buyer: Buyer { class: list.customer_class.clone(), region: list.region.clone() },
    }
}

/// The products that rules name with their variants, those without list price and those with a floor; false where they
/// are too many.
fn products(work: &mut Work<'_>, rules: &RuleSet, world: &mut World) -> Result<bool> {
    let named = |rule: &Rule| match rule.product {
        ProductScope::Product(product) => Some(product),
        _ => None,
    };
    let named: BTreeSet<i64> = rules.rules().iter().filter_map(named).collect();
    let mut found = Vec::new();
    for product in named.iter().filter_map(|product| Id::new(*product)) {
        found.extend(work.look(Ref::<Product>::new(product))?);
    }
    let of_named = |product: &Stored<Product>| {
        product.variant_of.is_some_and(|template| named.contains(&template.id().number()))
    };
    found.extend(work.select::<Product>("variant_of != null", &[])?.into_iter().filter(of_named));
    let margins = "min_margin_percent != null";
    let of_category = work.select_by::<ProductCategory>(margins, &[], &[], Some(1))?;
    // The margin of a category is that of all products in it whose cost is known.
    let floor = if of_category.is_empty() { margins } else { "cost != null" };
    // Of what costs less than a rule takes off there is no price.
    let off = rules
        .rules()
        .iter()
        .filter(|rule| rule.stage == PriceStage::List && rule.effect.method == PriceMethod::AmountOff);
    let tiers = |rule: &Rule| rule.effect.scale.as_ref().map(|scale| scale.tiers.clone());
    let values = off.flat_map(|rule| {
        let tiers = tiers(rule).unwrap_or_default();
        tiers.into_iter().map(|tier| tier.value).chain([rule.effect.value])
    });
    let most = dec(values.max().unwrap_or(0));
    let wanted = format!("list_price == null || floor_price != null || list_price < {most} || {floor}");
    let others = work.select_by::<Product>(&wanted, &[], &[], Some(PRODUCTS + 1))?;
    let complete = others.len() <= usize::try_from(PRODUCTS).unwrap_or(usize::MAX);
    found.extend(others.into_iter().filter(|product| product.state == ProductState::Active));
    let units: BTreeSet<Id> = rules.rules().iter().filter_map(|rule| Id::new(rule.unit)).collect();
    let counted = rules.rules().iter().filter_map(|rule| rule.counted.as_ref());
    let measures: BTreeSet<&str> = counted.filter_map(|counted| counted.measure.as_deref()).collect();
    for product in found {
        let id = product.id.id().number();
        let path = category_path(work, product.category)?;
        let currency = product.currency.unwrap_or(world.currency);
        let terms = Terms {
            customer: None,
            seller: None,
            date: work.today(),
            currency,
            list: None,
            bought: Vec::new(),
            beside: Vec::new(),
        };
        let item = Item::of(product, Dec::ONE, None);
        let floor = floor_of(work, &terms, &item)?;
        let product = item.product;
        let mut known = KnownProduct {
            categories: numbers(&path),
            template: product.variant_of.map_or(0, |template| template.id().number()),
            currency: product.currency,
            list_price: product.list_price.map(UnitPrice::from),
            units: BTreeMap::new(),
            measures: BTreeMap::new(),
            floor,
        };
        for unit in product.unit.iter().flat_map(|own| units.iter().map(|unit| (*own, *unit))) {
            // So many that six decimals are enough.
            let million = Dec::from_int(1_000_000);
            match settings::convert_quantity(work, million, unit.0, Ref::new(unit.1)) {
                Ok(quantity) => {
                    let one = quantity.div(million, 12, Rounding::HalfUp)?;
                    known.units.insert(unit.1.number(), one);
                }
                Err(error) if error.code() == NO_CONVERSION => {}
                Err(error) => return Err(error),
            }
        }
        for measure in &measures {
            let one = match measure.trim() {
                "quantity" => Some(Dec::ONE),
                "amount" => product.list_price,
                "weight" => product.weight,
                "volume" => product.volume,
                _ => continue,
            };
            known.measures.insert((*measure).to_owned(), one);
        }
        world.products.insert(id, known);
    }
    Ok(complete)
}

fn numbers(path: &[Ref<ProductCategory>]) -> Vec<i64> {
    path.iter().map(|category| category.id().number()).collect()
}

fn told(rules: &RuleSet, fault: &Fault) -> LintFault {
    let (name, named, witness) = match fault {
        Fault::Ambiguous(rules, witness) => ("ambiguous", rules.clone(), shown(witness)),
        Fault::PossibleTie(rules, witness) => ("possible_tie", rules.to_vec(), shown(witness)),
        Fault::Dead(rule, witness) => ("dead", vec![*rule], shown(witness)),
        Fault::Floor(rules, witness, price, floor) => {
            let witness = shown(witness).with("price", price.to_string()).with("floor", floor.to_string());
            ("floor", rules.clone(), witness)
        }
        Fault::Negative(rules, witness, price) => {
            ("negative", rules.clone(), shown(witness).with("price", price.to_string()))
        }
        Fault::Cliff(rules, witness, cliff) => {
            let witness = shown(witness)
                .with("bound", cliff.bound.to_string())
                .with("before", cliff.before.to_string())
                .with("behind", cliff.behind.to_string())
                .with("dear_from", cliff.dear_from.to_string());
            ("cliff", rules.clone(), witness)
        }
        Fault::Gap(witness) => ("gap", Vec::new(), shown(witness)),
    };
    LintFault {
        fault: name.to_owned(),
        codes: named.iter().map(|rule| rules.code(*rule).to_owned()).collect(),
        rules: named.iter().filter_map(|rule| Id::new(*rule)).map(Ref::new).collect(),
        witness,
    }
}

fn shown(witness: &Witness) -> Json {
    let mut members: Vec<(String, Json)> = Vec::new();
    let mut put =
        |name: &str, value: Option<Json>| members.extend(value.map(|value| (name.to_owned(), value)));
    let id = |id: i64| (id != 0).then(|| Json::text(id.to_string()));
    let ids =
        |ids: &[i64]| (!ids.is_empty()).then(|| Json::List(ids.iter().filter_map(|one| id(*one)).collect()));
    let text = |text: &Option<String>| text.clone().map(Json::text);
    put("product", id(witness.product));
    put("category", id(witness.category));
    put("customer", id(witness.customer));
    put("customer_class", text(&witness.buyer.class));
    put("region", text(&witness.buyer.region));
    put("positions", ids(&witness.positions));
    put("list", id(witness.list));
    put("conditions", ids(&witness.conditions));
    put("date", (witness.date != Date::MIN).then(|| Json::text(witness.date.to_string())));
    put("quantity", Some(Json::text(dec(witness.quantity).to_string())));
    let one = |(rule, measured): &(i64, i64)| {
        Json::object().with("rule", rule.to_string()).with("measured", dec(*measured).to_string())
    };
    let measured: Vec<Json> = witness.measured.iter().map(one).collect();
    put("measured", (!measured.is_empty()).then_some(Json::List(measured)));
    put("currency", Some(Json::text(witness.currency.code())));
    Json::Object(members)
}
