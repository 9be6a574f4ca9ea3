//! The price of a product: loads what can matter, asks the engine, tells how it came about.

use super::derivation::{Story, tell};
use super::engine::{Outcome, Question, Symbols, between, figure, resolve};
use super::error::{AMBIGUOUS, LIST_NOT_OPEN, NEGATIVE_PRICE, NO_PRICE, NO_QUANTITY, UNIT, UNKNOWN_STRATEGY};
use super::records::{PriceInquiry, PriceList, PriceRule};
use super::rules::{compile, conjuncts};
use super::strategy::{STRATEGY_SETTING, Strategy};
use super::unit_price::UnitPrice;
use crate::catalog::{Product, ProductCategory, category_path};
use crate::org::Employee;
use crate::parties::Customer;
use crate::settings::{NO_CONVERSION, NO_RATE, Unit, convert_quantity, rate, setting};
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::Dec;
use crm_kernel::error::Result;
use crm_kernel::expr::node::Ty;
use crm_kernel::expr::{Expr, Scope};
use crm_kernel::id::Ref;
use crm_kernel::json::Json;
use crm_kernel::record::Record;
use crm_kernel::value::Value;
use crm_kernel::work::{Stored, Work};

/// What all lines of a document ask with.
#[derive(Clone, Debug)]
pub struct Terms {
    /// Who buys.
    pub customer: Option<Ref<Customer>>,
    /// Who sells.
    pub seller: Option<Ref<Employee>>,
    /// The pricing date.
    pub date: Date,
    /// The currency of the prices.
    pub currency: Currency,
    /// The price list that was chosen.
    pub list: Option<Ref<PriceList>>,
}

/// One product of several that are priced together.
#[derive(Clone, Debug)]
pub struct Item {
    /// The product.
    pub product: Stored<Product>,
    /// How many, in `unit`; not 0.
    pub quantity: Dec,
    /// The unit; none is the product's.
    pub unit: Option<Ref<Unit>>,
}

/// A price and how it came about.
#[derive(Clone, Debug)]
pub struct Priced {
    /// The price of one, after the price rules and before a line discount, at six decimals.
    pub unit_price: Dec,
    /// The exact price as text where six decimals do not say it all.
    pub exact_price: Option<String>,
    /// The exact price.
    pub exact: UnitPrice,
    /// The product's list price in the currency asked for, at six decimals; none where it has none.
    pub list_price: Option<Dec>,
    /// The rule that made it; none where the list price holds.
    pub rule: Option<Ref<PriceRule>>,
    /// How it came about.
    pub derivation: Json,
}

/// The list price of a product, on its way into the question.
#[derive(Clone, Debug)]
pub(super) struct Base {
    /// As the product has it, for one of the unit asked for.
    pub listed: UnitPrice,
    /// The currency of that.
    pub currency: Currency,
    /// Into the currency asked for.
    pub rate: Dec,
    /// In the currency asked for.
    pub price: UnitPrice,
}

/// The prices of several products for one party and date: what they have in common is read once. The outer error is of
/// the terms (`price.list_not_open`, ...), the inner ones of single items, with paths such as `/quantity`.
pub fn prices(work: &mut Work<'_>, terms: &Terms, items: &[Item]) -> Result<Vec<Result<Priced>>> {
    work.system(|work| {
        let party = Party::load(work, terms)?;
        let paths = items
            .iter()
            .map(|item| category_path(work, item.product.category))
            .collect::<Result<Vec<_>>>()?;
        let rules = candidates(work, &party, terms, items, &paths)?;
        let priced =
            items.iter().zip(&paths).map(|(item, path)| one(work, terms, &party, item, path, &rules));
        Ok(priced.collect())
    })
}

/// What the rules ask of buyer, seller and enterprise.
struct Party {
    class: Option<String>,
    positions: Vec<i64>,
    lists: Vec<Stored<PriceList>>,
    strategy: &'static Strategy,
}

impl Party {
    fn load(work: &mut Work<'_>, terms: &Terms) -> Result<Party> {
        let customer = terms.customer.map(|customer| work.find(customer)).transpose()?;
        let class = customer.as_ref().and_then(|customer| customer.customer_class.clone());
        let region = customer.as_ref().and_then(|customer| customer.region.clone());
        let positions = match terms.seller {
            Some(seller) => {
                work.find(seller)?.positions.iter().map(|holding| holding.holds.id().number()).collect()
            }
            None => Vec::new(),
        };
        let lists = match terms.list {
            Some(list) => {
                let list = work.find(list)?;
                if let Some(reason) = closed(&list, terms, class.as_deref(), region.as_deref()) {
                    return Err(LIST_NOT_OPEN
                        .at("/list")
                        .with("list", list.code.clone())
                        .with("reason", reason));
                }
                vec![list]
            }
            None => {
                let mut lists = work.select::<PriceList>("active && usage == \"always\"", &[])?;
                lists.retain(|list| closed(list, terms, class.as_deref(), region.as_deref()).is_none());
                lists
            }
        };
        let name = setting(work, STRATEGY_SETTING)?;
        let name = name.as_text().unwrap_or_default();
        let unknown = || UNKNOWN_STRATEGY.error().with("strategy", name);
        let strategy = Strategy::named(name).ok_or_else(unknown)?;
        Ok(Party { class, positions, lists, strategy })
    }
}

/// Why a price list does not hold for a question.
fn closed(
    list: &PriceList,
    terms: &Terms,
    class: Option<&str>,
    region: Option<&str>,
) -> Option<&'static str> {
    let other = |wanted: &Option<String>, given| wanted.is_some() && wanted.as_deref() != given;
    if !list.active {
        Some("inactive")
    } else if list.currency != terms.currency {
        Some("currency")
    } else if list.valid_from.is_some_and(|from| terms.date < from) {
        Some("not_yet_valid")
    } else if list.valid_until.is_some_and(|until| terms.date > until) {
        Some("expired")
    } else if other(&list.customer_class, class) {
        Some("customer_class")
    } else if other(&list.region, region) {
        Some("region")
    } else {
        None
    }
}

/// The active rules for the products and the party of a question.
fn candidates(
    work: &mut Work<'_>,
    party: &Party,
    terms: &Terms,
    items: &[Item],
    paths: &[Vec<Ref<ProductCategory>>],
) -> Result<Vec<Stored<PriceRule>>> {
    let list = |mut ids: Vec<i64>| {
        ids.sort_unstable();
        ids.dedup();
        let ids: Vec<String> = ids.into_iter().map(|id| format!("\"{id}\"")).collect();
        ids.join(", ")
    };
    let products = list(items.iter().map(|item| item.product.id.id().number()).collect());
    let categories = list(paths.iter().flatten().map(|category| category.id().number()).collect());
    let customer = terms.customer.map_or(Value::Null, |customer| Value::Ref(customer.id()));
    let class = party.class.clone().map_or(Value::Null, Value::Text);
    let condition = format!(
        "active && (product in [{products}] || category in [{categories}] || (product == null && category == null)) \
         && (customer == null || customer == buyer) && (customer_class == null || customer_class == class)"
    );
    let names = [("buyer", Ty::Ref(Customer::NO), customer), ("class", Ty::Text, class)];
    work.select::<PriceRule>(&condition, &names)
}

/// The price of one item among the rules of all.
fn one(
    work: &mut Work<'_>,
    terms: &Terms,
    party: &Party,
    item: &Item,
    path: &[Ref<ProductCategory>],
    rules: &[Stored<PriceRule>],
) -> Result<Priced> {
    if item.quantity.is_zero() {
        return Err(NO_QUANTITY.at("/quantity"));
    }
    let categories: Vec<i64> = path.iter().map(|category| category.id().number()).collect();
    let product = item.product.id;
    let mine: Vec<&Stored<PriceRule>> = rules
        .iter()
        .filter(|rule| rule.product.is_none_or(|wanted| wanted == product))
        .filter(|rule| rule.category.is_none_or(|wanted| path.contains(&wanted)))
        .collect();
    let quantities = quantities(work, item, &mine)?;
    let own = quantities.first().map_or(0, |(_, quantity)| *quantity);
    let asked = figure(item.quantity)?;
    let mut symbols = Symbols::default();
    let class = symbols.of(party.class.as_deref());
    let mut conditions = Vec::new();
    let mut compact = Vec::with_capacity(mine.len());
    for rule in &mine {
        let list = rule.list.and_then(|list| party.lists.iter().find(|open| open.id == list));
        let mut row = compile(rule.id, rule, list.map(|list| &**list), &mut symbols)?;
        if let Some(condition) = &rule.condition {
            let (true_here, axes) = holds(work, condition, terms, item)?;
            conditions.push(true_here);
            row.condition = u32::try_from(conditions.len()).unwrap_or(u32::MAX);
            row.axes = row.axes.saturating_add(axes);
        }
        compact.push(row);
    }
    let lists: Vec<i64> = party.lists.iter().map(|list| list.id.id().number()).collect();
    let (base, no_rate) = match base(work, terms, item, own, asked) {
        Ok(base) => (base, None),
        Err(error) if error.code() == NO_RATE => (None, Some(error)),
        Err(error) => return Err(error),
    };
    let question = Question {
        product: product.id().number(),
        categories: &categories,
        customer: terms.customer.map_or(0, |customer| customer.id().number()),
        class,
        positions: &party.positions,
        lists: &lists,
        quantities: &quantities,
        date: terms.date,
        currency: terms.currency,
        base: base.as_ref().map(|base| between(base.price, asked, own)).transpose()?,
        conditions: &conditions,
    };
    let decision = resolve(&compact, &question, party.strategy)?;
    let code = |id: i64| {
        mine.iter().find(|rule| rule.row.id == id).map_or_else(String::new, |rule| rule.code.clone())
    };
    let (price, rule) = match &decision.outcome {
        Outcome::Chosen { at, price, .. } => {
            (between(*price, own, asked)?, mine.get(*at).map(|rule| rule.id))
        }
        Outcome::Ambiguous(tied) => {
            let codes = tied.iter().filter_map(|at| mine.get(*at)).map(|rule| Json::text(rule.code.clone()));
            let error = AMBIGUOUS.at("/product").with("product", item.product.code.clone());
            return Err(error
                .with("strategy", party.strategy.name.as_ref())
                .with("rules", codes.collect::<Vec<_>>()));
        }
        Outcome::None => match (&base, no_rate) {
            (Some(base), _) => (base.price, None),
            (None, Some(error)) => return Err(error.at("/product")),
            (None, None) => return Err(NO_PRICE.at("/product").with("product", item.product.code.clone())),
        },
    };
    if price.amount().is_negative() {
        let rule = rule.map_or_else(String::new, |rule| code(rule.id().number()));
        return Err(NEGATIVE_PRICE
            .at("/product")
            .with("product", item.product.code.clone())
            .with("rule", rule));
    }
    let (unit_price, exact_price) = price.stored()?;
    let list_price = base.as_ref().map(|base| base.price.stored()).transpose()?.map(|(column, _)| column);
    let derivation = tell(&Story {
        strategy: &party.strategy.name,
        date: terms.date,
        currency: terms.currency,
        quantity: item.quantity,
        unit: item.unit.or(item.product.unit).map(Ref::id),
        base: base.as_ref(),
        rules: &compact,
        codes: &code,
        decision: &decision,
        price,
    })?;
    Ok(Priced { unit_price, exact_price, exact: price, list_price, rule, derivation })
}

/// The quantity asked for in the product's unit (first, as unit 0) and in the units of the rules. A unit that cannot be
/// converted into is left out.
fn quantities(work: &mut Work<'_>, item: &Item, rules: &[&Stored<PriceRule>]) -> Result<Vec<(i64, i64)>> {
    let asked = item.unit.or(item.product.unit);
    let convert = |work: &mut Work<'_>, to: Option<Ref<Unit>>| match (asked, to) {
        (Some(from), Some(to)) => convert_quantity(work, item.quantity, from, to).and_then(figure),
        // A product without unit has no quantity in any.
        (None, Some(_)) => Err(NO_CONVERSION.error()),
        (_, None) => figure(item.quantity),
    };
    let own = convert(work, item.product.unit).map_err(|error| {
        let cannot = error.code() == NO_CONVERSION;
        if cannot { UNIT.at("/unit").with("product", item.product.code.clone()) } else { error }
    })?;
    let mut quantities = vec![(0, own)];
    for unit in rules.iter().filter_map(|rule| rule.unit) {
        let number = unit.id().number();
        if quantities.iter().any(|(known, _)| *known == number) {
            continue;
        }
        match convert(work, Some(unit)) {
            Ok(quantity) => quantities.push((number, quantity)),
            Err(error) if error.code() == NO_CONVERSION => {}
            Err(error) => return Err(error),
        }
    }
    Ok(quantities)
}

/// The list price of one of the unit asked for, converted at the pricing date and not rounded.
fn base(work: &mut Work<'_>, terms: &Terms, item: &Item, own: i64, asked: i64) -> Result<Option<Base>> {
    let Some(list_price) = item.product.list_price else { return Ok(None) };
    let currency = match item.product.currency.or(work.base()) {
        Some(currency) => currency,
        None => terms.currency,
    };
    let rate = rate(work, currency, terms.currency, terms.date)?;
    let listed = between(UnitPrice::from(list_price), own, asked)?;
    Ok(Some(Base { listed, currency, rate, price: listed.converted(rate)? }))
}

/// Whether the condition of a rule is true for a question, and by how many axes it restricts the rule. It sees the
/// question, never the clock.
fn holds(work: &mut Work<'_>, condition: &str, terms: &Terms, item: &Item) -> Result<(bool, u8)> {
    let catalogue = work.catalogue();
    let checked =
        Expr::condition(condition, &Scope { catalogue: &catalogue, root: PriceInquiry::NO, names: &[] })?;
    let inquiry = PriceInquiry {
        product: item.product.id,
        quantity: item.quantity.abs(),
        unit: item.unit.or(item.product.unit),
        customer: terms.customer,
        seller: terms.seller,
        date: terms.date,
        currency: terms.currency,
        list: terms.list,
    };
    Ok((work.holds(&checked, &inquiry.to_row()?)?, conjuncts(checked.node())))
}
