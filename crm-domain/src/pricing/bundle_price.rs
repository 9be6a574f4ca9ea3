//! What the parts of a bundle are worth of its price (PRD-04).

use super::bundle::{Part, allocate};
use super::error::{
    AMBIGUOUS, LIST_NOT_OPEN, NEGATIVE_PRICE, NO_BUNDLE, NO_PRICE, NO_QUANTITY, UNIT, UNKNOWN_STRATEGY,
};
use super::line::allocation;
use super::operations::PriceGet;
use super::price::{Item, prices};
use super::records::PriceList;
use crate::catalog::{BundleComponent, Product, RETIRED, sellable};
use crate::org::Employee;
use crate::parties::Customer;
use crate::settings::{self, NO_RATE, NOT_SET_UP, Unit};
use crm_kernel::Record;
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::{Dec, Rounding};
use crm_kernel::error::{Code, Result};
use crm_kernel::expr::node::Ty;
use crm_kernel::id::Ref;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::record::Record as _;
use crm_kernel::value::Value;
use crm_kernel::work::Work;

/// What a bundle costs, and what each of its parts is worth of that: in proportion to what the parts cost alone, and
/// adding up to the whole.
#[derive(Clone, Debug, Record)]
#[record(name = "price_bundle")]
pub struct PriceBundle {
    /// The bundle; it has to be sold still.
    pub product: Ref<Product>,
    /// How many, in `unit`.
    #[field(quantity, default = "\"1\"")]
    pub quantity: Dec,
    /// The unit; none is the product's.
    pub unit: Option<Ref<Unit>>,
    /// Who buys; none is anybody.
    pub customer: Option<Ref<Customer>>,
    /// Who sells; none is the actor.
    pub seller: Option<Ref<Employee>>,
    /// The pricing date; none is today.
    pub date: Option<Date>,
    /// The currency; none is the price list's, else the customer's, else the enterprise's.
    pub currency: Option<Currency>,
    /// The price list; none is whatever lists hold for everybody.
    pub list: Option<Ref<PriceList>>,
}

/// What a bundle and its parts are worth.
#[derive(Clone, Debug, Record)]
#[record(name = "price_bundle_answer")]
pub struct PriceBundleAnswer {
    /// The currency of the amounts.
    pub currency: Currency,
    /// What the bundles cost, posted.
    #[field(money)]
    pub amount: Dec,
    /// What the parts would cost alone.
    #[field(money)]
    pub alone: Dec,
    /// The parts.
    pub parts: Vec<BundlePart>,
}

/// A part of a bundle.
#[derive(Clone, Debug, Record)]
#[record(name = "price_bundle_part")]
pub struct BundlePart {
    /// The product.
    pub product: Ref<Product>,
    /// How many there are in what was asked for, in its own unit.
    #[field(quantity)]
    pub quantity: Dec,
    /// What they cost alone.
    #[field(money)]
    pub alone: Dec,
    /// Their share of what the bundles cost.
    #[field(money)]
    pub share: Dec,
}

impl Operation for PriceBundle {
    const NAME: &'static str = "price.bundle";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::Right { kind: "product", verb: "read" };
    const ERRORS: &'static [Code] = &[
        NO_BUNDLE,
        AMBIGUOUS,
        NO_PRICE,
        NEGATIVE_PRICE,
        NO_QUANTITY,
        UNIT,
        UNKNOWN_STRATEGY,
        LIST_NOT_OPEN,
        NO_RATE,
        NOT_SET_UP,
        RETIRED,
    ];
    const CAPABILITIES: &'static [&'static str] = &["PRD-04"];
    const EXAMPLE: &'static str = r#"{"product":"$product","quantity":"2"}"#;
    type Answer = PriceBundleAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<PriceBundleAnswer> {
        let asked = PriceGet::from(&self);
        let (terms, item) = (asked.terms(work)?, asked.item(work)?);
        let own = match (item.unit, item.product.unit) {
            (Some(unit), Some(own)) => settings::convert_quantity(work, item.quantity, unit, own)?,
            _ => item.quantity,
        };
        let names = [("whole", Ty::Ref(Product::NO), Value::Ref(self.product.id()))];
        let components = work.system(|work| work.select::<BundleComponent>("bundle == whole", &names))?;
        if components.is_empty() {
            return Err(NO_BUNDLE.at("/product").with("product", item.product.code.clone()));
        }
        let mut items = vec![item];
        for component in &components {
            let product = sellable(work, component.component).map_err(|error| error.at("/product"))?;
            let quantity = component.quantity.mul(own)?.round(6, Rounding::HalfUp);
            items.push(Item { product, quantity, unit: None, manual: false });
        }
        let policy = settings::policy(work)?;
        let digits = terms.currency.digits();
        let mut amounts = Vec::with_capacity(items.len());
        for priced in prices(work, &terms, &items)? {
            let priced = priced?;
            let exact =
                priced.exact.times(priced.charged, Dec::ZERO, policy.scale(digits), policy.rounding())?;
            amounts.push(policy.post(exact, digits)?);
        }
        let how = allocation(work)?;
        let (amount, alone) = amounts.split_first().ok_or_else(|| NO_PRICE.error())?;
        let parts: Vec<Part> = alone.iter().map(|alone| Part { quantity: Dec::ONE, price: *alone }).collect();
        let shares = allocate(*amount, &parts, policy.scale(digits), how)?;
        let parts = items.iter().skip(1).zip(alone).zip(shares).map(|((item, alone), share)| BundlePart {
            product: item.product.id,
            quantity: item.quantity,
            alone: *alone,
            share,
        });
        let parts = parts.collect();
        let alone = Dec::sum(alone.iter().copied())?;
        Ok(PriceBundleAnswer { currency: terms.currency, amount: *amount, alone, parts })
    }
}
