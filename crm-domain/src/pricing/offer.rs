//! One offer for many products: the same price rule for each of them, made together (PRD-08).

use super::error::OFFER;
use super::records::PriceRule;
use crate::catalog::Product;
use crm_kernel::Record;
use crm_kernel::codec::Decoder;
use crm_kernel::error::{Code, Result};
use crm_kernel::id::Ref;
use crm_kernel::json::Json;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::record::Record as _;
use crm_kernel::work::Work;

/// Makes the same price rule for several products: all of them or none. Codes are the offer's and the product's,
/// `SUMMER-FM-50`.
#[derive(Clone, Debug, Record)]
#[record(name = "price_offer")]
pub struct PriceOffer {
    /// The rule's fields by name, but for the product; its `code` is that of the offer.
    pub values: Json,
    /// The products, each once.
    pub products: Vec<OfferedProduct>,
}

/// A product of an offer.
#[derive(Clone, Debug, Record)]
#[record(name = "offered_product")]
pub struct OfferedProduct {
    /// The product.
    pub product: Ref<Product>,
}

/// The rules of an offer.
#[derive(Clone, Debug, Record)]
#[record(name = "price_offer_answer")]
pub struct PriceOfferAnswer {
    /// One for each product, in their order.
    pub rules: Vec<Ref<PriceRule>>,
}

impl Operation for PriceOffer {
    const NAME: &'static str = "price.offer";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "price_rule", verb: "create" };
    const ERRORS: &'static [Code] = &[OFFER];
    const CAPABILITIES: &'static [&'static str] = &["PRD-08"];
    const EXAMPLE: &'static str = r#"{"values":{"code":"SUMMER","name":"Summer sale","stage":"promotion","method":"discount_percent","value":"10"},"products":[{"product":"$product"}]}"#;
    type Answer = PriceOfferAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<PriceOfferAnswer> {
        let given = self.values.as_object().unwrap_or_default();
        let own = |name: &str| given.iter().any(|(key, _)| key == name);
        if own("product") || own("category") {
            return Err(OFFER.at("/values/product"));
        }
        let catalogue = work.catalogue();
        let kind = catalogue.get(PriceRule::NO)?;
        let mut rules = Vec::with_capacity(self.products.len());
        for (at, one) in self.products.iter().enumerate() {
            if self.products.iter().take(at).any(|other| other.product == one.product) {
                return Err(OFFER.at(format!("/products/{at}/product")));
            }
            let missing = || Code::DANGLING.at(format!("/products/{at}/product")).with("kind", "product");
            let product =
                work.look(one.product)?.ok_or_else(|| missing().with("id", one.product.to_string()))?;
            let mut values = Json::object();
            for (name, value) in given {
                // An offer's codes are told apart by the product's.
                let value = match (name.as_str(), value.as_text()) {
                    ("code" | "external_key", Some(text)) => Json::text(format!("{text}-{}", product.code)),
                    _ => value.clone(),
                };
                values = values.with(name.clone(), value);
            }
            let values = values.with("product", one.product.to_string());
            let row = Decoder::new(&catalogue).record(kind, &values, "/values")?;
            let row = work.insert_row(kind.no(), row);
            let row =
                row.and_then(|row| work.flush().map(|()| row)).map_err(|error| error.under("/values"))?;
            rules.extend(crm_kernel::id::Id::new(row.id).map(Ref::new));
        }
        Ok(PriceOfferAnswer { rules })
    }
}
