//! What the parts of a bundle are worth of its price (PRD-04).

use super::bundle::{Part, allocate};
use super::error::{NO_BUNDLE, NO_PRICE};
use super::line::allocation;
use super::operations::{PriceGet, REFUSALS};
use super::price::{Item, price_alone};
use super::tariff::{Party, Tariff};
use crate::catalog::{BundleComponent, Product, sellable};
use crate::settings::{self};
use crm_kernel::currency::Currency;
use crm_kernel::dec::{Dec, Rounding};
use crm_kernel::error::{Code, Result};
use crm_kernel::expr::node::Ty;
use crm_kernel::id::Ref;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::record::Record as _;
use crm_kernel::value::Value;
use crm_kernel::work::Work;
use crm_kernel::{Record, codes};

/// What a bundle costs, and what each of its parts is worth of that: in proportion to what the parts cost alone, and
/// adding up to the whole.
#[derive(Clone, Debug, Record)]
#[record(name = "price_bundle")]
pub struct PriceBundle {
    /// The bundle that is asked for.
    #[field(flatten)]
    pub asked: PriceGet,
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
    const ERRORS: &'static [Code] = codes!(REFUSALS, &[NO_BUNDLE,]);
    const CAPABILITIES: &'static [&'static str] = &["PRD-04"];
    const EXAMPLE: &'static str = r#"{"product":"$product","quantity":"2"}"#;
    type Answer = PriceBundleAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<PriceBundleAnswer> {
        let (terms, item) = (self.asked.terms(work)?, self.asked.item(work)?);
        let own = match (item.unit, item.product.unit) {
            (Some(unit), Some(own)) => settings::convert_quantity(work, item.quantity, unit, own)?,
            _ => item.quantity,
        };
        let names = [("whole", Ty::Ref(Product::NO), Value::Ref(self.asked.product.id()))];
        let components = work.system(|work| work.select::<BundleComponent>("bundle == whole", &names))?;
        if components.is_empty() {
            return Err(NO_BUNDLE.at("/product").with("product", item.product.code.clone()));
        }
        let mut items = vec![item];
        for component in &components {
            let product = sellable(work, component.component).map_err(|error| error.at("/product"))?;
            let quantity = component.quantity.mul(own)?.round(6, Rounding::HalfUp);
            items.push(Item::of(product, quantity, None));
        }
        let (tariff, party) = (Tariff::load(work)?, Party::load(work, &terms)?);
        let mut amounts = Vec::with_capacity(items.len());
        for item in &items {
            let priced = price_alone(work, &tariff, &party, &terms, item)?;
            amounts.push(priced.amount(tariff.policy, terms.currency)?);
        }
        let how = allocation(work)?;
        let (amount, alone) = amounts.split_first().ok_or_else(|| NO_PRICE.error())?;
        let parts = items.iter().skip(1).zip(alone);
        let parts: Vec<Part> =
            parts.map(|(item, alone)| Part { quantity: item.quantity.abs(), alone: alone.abs() }).collect();
        let shares = allocate(*amount, &parts, tariff.policy.scale(terms.currency.digits()), how)?;
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
