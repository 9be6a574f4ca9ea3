//! Looking the enterprise's rule set through (PRD-08).

use super::engine::{CustomerScope, ProductScope};
use super::error::UNKNOWN_STRATEGY;
use super::index::{RuleSet, rule_set};
use super::lint::{Effort, Fault, Witness, World, lint};
use super::records::PriceRule;
use super::rules::strategy_named;
use super::scale::dec;
use super::strategy::STRATEGY_SETTING;
use super::unit_price::UnitPrice;
use crate::catalog::{Product, ProductCategory, category_path};
use crate::parties::Customer;
use crate::settings::setting;
use crm_kernel::Record;
use crm_kernel::date::Date;
use crm_kernel::error::{Code, Result};
use crm_kernel::id::{Id, Ref};
use crm_kernel::json::Json;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::work::Work;
use std::collections::BTreeSet;

/// Looks the active price rules through: rules that the strategy cannot tell apart, rules that never make a price, tiers
/// behind which more costs less, products without any price. Each fault comes with a question that shows it.
#[derive(Clone, Debug, Record)]
#[record(name = "price_lint")]
pub struct PriceLint {
    /// The strategy; none is the enterprise's.
    #[field(text = 60)]
    pub strategy: Option<String>,
    /// At most so many faults.
    #[field(default = "50")]
    pub limit: i64,
}

/// What was found.
#[derive(Clone, Debug, Record)]
#[record(name = "price_lint_answer")]
pub struct PriceLintAnswer {
    /// The strategy by which rules were judged.
    pub strategy: String,
    /// True where everything was looked at: then nothing is wrong beside the faults.
    pub complete: bool,
    /// The faults.
    pub faults: Vec<LintFault>,
}

/// A fault of a rule set.
#[derive(Clone, Debug, Record)]
#[record(name = "price_lint_fault")]
pub struct LintFault {
    /// `ambiguous`, `possible_tie` (only equal prices would make it one), `dead`, `cliff` or `gap`.
    pub fault: String,
    /// The rules.
    pub rules: Vec<Ref<PriceRule>>,
    /// What people call them.
    pub codes: Vec<String>,
    /// The question that shows it: `product`, `category`, `customer`, `customer_class`, `positions`, `lists`, `date`,
    /// `quantity`, `currency`; for a cliff `bound`, `before`, `behind`, `dear_from`. What does not matter is left out.
    pub witness: Json,
}

impl Operation for PriceLint {
    const NAME: &'static str = "price.lint";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::Right { kind: "price_rule", verb: "update" };
    const ERRORS: &'static [Code] = &[UNKNOWN_STRATEGY];
    const CAPABILITIES: &'static [&'static str] = &["PRD-08"];
    const EXAMPLE: &'static str = r#"{"limit":10}"#;
    type Answer = PriceLintAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<PriceLintAnswer> {
        let name = match self.strategy {
            Some(name) => name,
            None => setting(work, STRATEGY_SETTING)?.as_text().unwrap_or_default().to_owned(),
        };
        let strategy = strategy_named(work, &name).map_err(|error| error.at("/strategy"))?;
        work.system(|work| {
            let rules = rule_set(work)?;
            let (world, classes) = world(work, &rules)?;
            let faults = usize::try_from(self.limit.clamp(0, 1_000)).unwrap_or(0);
            let found = lint(&rules, &world, &strategy, Effort { questions: QUESTIONS, faults })?;
            Ok(PriceLintAnswer {
                strategy: name,
                complete: found.complete,
                faults: found.faults.iter().map(|fault| told(&rules, &classes, fault)).collect(),
            })
        })
    }
}

/// Questions asked of the engine at most.
const QUESTIONS: usize = 200_000;

/// What is known of the products and buyers that rules name, and the names of classes.
fn world(work: &mut Work<'_>, rules: &RuleSet) -> Result<(World, Vec<(u32, String)>)> {
    let mut world = World::default();
    let mut classes = BTreeSet::new();
    for category in work.select::<ProductCategory>("true", &[])? {
        let path = category_path(work, Some(category.id))?;
        world.categories.insert(category.id.id().number(), numbers(&path));
    }
    let named = |rule: &super::engine::Rule| match rule.product {
        ProductScope::Product(product) => Some(product),
        _ => None,
    };
    let products: BTreeSet<i64> = rules.rules().iter().filter_map(named).collect();
    let variants = work.select::<Product>("variant_of != null", &[])?;
    let mut found = Vec::new();
    for product in products.iter().filter_map(|product| Id::new(*product)) {
        found.extend(work.look(Ref::<Product>::new(product))?);
    }
    let of_named = |product: &Product| {
        product.variant_of.is_some_and(|template| products.contains(&template.id().number()))
    };
    found.extend(variants.into_iter().filter(|product| of_named(product)));
    for product in found {
        let path = category_path(work, product.category)?;
        let template = product.variant_of.map_or(0, |template| template.id().number());
        let id = product.id.id().number();
        world.products.insert(id, (numbers(&path), template));
        if let Some(price) = product.list_price {
            world.list_prices.insert(id, UnitPrice::from(price));
        }
    }
    for rule in rules.rules() {
        if let CustomerScope::Customer(customer) = rule.customer
            && let Some(id) = Id::new(customer)
            && let Some(customer) = work.look(Ref::<Customer>::new(id))?
        {
            let class = rules.class(customer.customer_class.as_deref());
            world.customers.insert(id.number(), class);
            classes.extend(customer.customer_class.clone().map(|name| (class, name)));
        }
    }
    classes.extend(rules.classes().map(|(name, class)| (class, name.to_owned())));
    Ok((world, classes.into_iter().collect()))
}

fn numbers(path: &[Ref<ProductCategory>]) -> Vec<i64> {
    path.iter().map(|category| category.id().number()).collect()
}

fn told(rules: &RuleSet, classes: &[(u32, String)], fault: &Fault) -> LintFault {
    let (name, named, witness) = match fault {
        Fault::Ambiguous(rules, witness) => ("ambiguous", rules.clone(), shown(witness, classes)),
        Fault::PossibleTie(rules, witness) => ("possible_tie", rules.to_vec(), shown(witness, classes)),
        Fault::Dead(rule, witness) => ("dead", vec![*rule], shown(witness, classes)),
        Fault::Cliff(rule, cliff) => {
            let witness = Json::object()
                .with("bound", cliff.bound.to_string())
                .with("before", cliff.before.to_string())
                .with("behind", cliff.behind.to_string())
                .with("dear_from", cliff.dear_from.to_string());
            ("cliff", vec![*rule], witness)
        }
        Fault::Gap(witness) => ("gap", Vec::new(), shown(witness, classes)),
    };
    LintFault {
        fault: name.to_owned(),
        codes: named.iter().map(|rule| rules.code(*rule).to_owned()).collect(),
        rules: named.iter().filter_map(|rule| Id::new(*rule)).map(Ref::new).collect(),
        witness,
    }
}

fn shown(witness: &Witness, classes: &[(u32, String)]) -> Json {
    let mut json = Json::object();
    let mut put = |name: &str, value: Option<Json>| {
        if let Some(value) = value {
            json = std::mem::replace(&mut json, Json::Null).with(name, value);
        }
    };
    let id = |id: i64| (id != 0).then(|| Json::text(id.to_string()));
    let ids =
        |ids: &[i64]| (!ids.is_empty()).then(|| Json::List(ids.iter().filter_map(|one| id(*one)).collect()));
    put("product", id(witness.product));
    put("category", id(witness.category));
    put("customer", id(witness.customer));
    let class = classes.iter().find(|(class, _)| *class == witness.class);
    put("customer_class", class.filter(|_| witness.class != 0).map(|(_, name)| Json::text(name.clone())));
    put("positions", ids(&witness.positions));
    put("lists", ids(&witness.lists));
    put("conditions", ids(&witness.conditions));
    put("date", (witness.date != Date::MIN).then(|| Json::text(witness.date.to_string())));
    put("quantity", Some(Json::text(dec(witness.quantity).to_string())));
    put("currency", Some(Json::text(witness.currency.code())));
    json
}
