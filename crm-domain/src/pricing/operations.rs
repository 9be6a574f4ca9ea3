//! Asking for a price without making a document (QUO-03, PRD-08).

use super::certificate::hash;
use super::error::{
    AMBIGUOUS, LIST_NOT_OPEN, NEGATIVE_PRICE, NO_PRICE, NO_QUANTITY, UNIT, UNKNOWN_STRATEGY, of_quantity,
};
use super::free_goods::FreeLine;
use super::price::{Item, Priced, Terms, price_alone, prices};
use super::records::{PriceList, PriceRule};
use super::tariff::{Party, Tariff};
use crate::catalog::{Product, sellable};
use crate::org::Employee;
use crate::parties::Customer;
use crate::settings::{self, NO_RATE, NOT_SET_UP, Unit};
use crm_kernel::Record;
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::Dec;
use crm_kernel::error::{Code, Error, Result};
use crm_kernel::id::Ref;
use crm_kernel::json::SharedJson;
use crm_kernel::money::RoundingPolicy;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::work::Work;

/// What a product costs a customer, and why: the rule that makes the price, every rule that was looked at with the
/// reason why it was taken or not, every effect and every rounding. Nothing is written.
#[derive(Clone, Debug, Record)]
#[record(name = "price_get")]
pub struct PriceGet {
    /// The product; it has to be sold still.
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

/// A price and how it came about.
#[derive(Clone, Debug, Record)]
#[record(name = "price_get_answer")]
pub struct PriceAnswer {
    /// The currency of the amounts.
    pub currency: Currency,
    /// The pricing date.
    pub date: Date,
    /// The price of one, at six decimals.
    #[field(unit_price)]
    pub unit_price: Dec,
    /// The exact price where six decimals do not say it all, such as `62/6`.
    pub exact_price: Option<String>,
    /// The product's list price in the same currency.
    #[field(unit_price)]
    pub list_price: Option<Dec>,
    /// What the quantity costs, posted.
    #[field(money)]
    pub amount: Dec,
    /// The rule that makes the price; none where the list price holds.
    pub rule: Option<Ref<PriceRule>>,
    /// The price of one without special price lists, at six decimals; the price itself where none of them makes it.
    #[field(unit_price)]
    pub original_price: Dec,
    /// Free goods that come with the quantity.
    pub free_goods: Vec<FreeGoodsAnswer>,
    /// How it came about.
    pub derivation: SharedJson,
    /// The SHA-256 of its canonical bytes, for `price.verify`.
    #[field(text = 64)]
    pub hash: String,
}

/// What a product costs a customer, as `price.get` gives it, without the story of how it came about: for lists of many
/// products. Nothing is written.
#[derive(Clone, Debug, Record)]
#[record(name = "price_amount")]
pub struct PriceAmount {
    /// The question.
    #[field(flatten)]
    pub asked: PriceGet,
}

/// A price.
#[derive(Clone, Debug, Record)]
#[record(name = "price_amount_answer")]
pub struct PriceAmountAnswer {
    /// The currency of the amounts.
    pub currency: Currency,
    /// The pricing date.
    pub date: Date,
    /// The price of one, at six decimals.
    #[field(unit_price)]
    pub unit_price: Dec,
    /// The exact price where six decimals do not say it all, such as `62/6`.
    pub exact_price: Option<String>,
    /// The product's list price in the same currency.
    #[field(unit_price)]
    pub list_price: Option<Dec>,
    /// What the quantity costs, posted.
    #[field(money)]
    pub amount: Dec,
    /// The rule that makes the price; none where the list price holds.
    pub rule: Option<Ref<PriceRule>>,
    /// Free goods that come with the quantity.
    pub free_goods: Vec<FreeGoodsAnswer>,
}

/// Free goods that come with a quantity. Quantities are in `unit`.
#[derive(Clone, Debug, Record)]
#[record(name = "free_goods")]
pub struct FreeGoodsAnswer {
    /// The rule.
    pub rule: Ref<PriceRule>,
    /// What is free.
    pub product: Ref<Product>,
    /// How many are free.
    #[field(quantity)]
    pub free: Dec,
    /// How many of what was asked for are charged.
    #[field(quantity)]
    pub charged: Dec,
    /// How many are delivered in all, where it is the product itself.
    #[field(quantity)]
    pub delivered: Dec,
    /// The unit; none is the product's.
    pub unit: Option<Ref<Unit>>,
}

impl FreeGoodsAnswer {
    pub(super) fn of(free: &[FreeLine]) -> Vec<FreeGoodsAnswer> {
        let of = |free: &FreeLine| FreeGoodsAnswer {
            rule: free.rule,
            product: free.product,
            free: free.free,
            charged: free.charged,
            delivered: free.delivered,
            unit: free.unit,
        };
        free.iter().map(of).collect()
    }
}

/// What asking for a price may be refused for.
pub const REFUSALS: &[Code] = &[
    AMBIGUOUS,
    NO_PRICE,
    NEGATIVE_PRICE,
    NO_QUANTITY,
    UNIT,
    UNKNOWN_STRATEGY,
    LIST_NOT_OPEN,
    NO_RATE,
    NOT_SET_UP,
    crate::catalog::RETIRED,
];

impl Operation for PriceGet {
    const NAME: &'static str = "price.get";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::Right { kind: "product", verb: "read" };
    const ERRORS: &'static [Code] = REFUSALS;
    const CAPABILITIES: &'static [&'static str] = &["PRD-02", "PRD-03", "QUO-03"];
    const EXAMPLE: &'static str = r#"{"product":"$product","quantity":"10","customer":"$customer"}"#;
    type Answer = PriceAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<PriceAnswer> {
        let (item, terms) = (self.item(work)?, self.terms(work)?);
        let priced = prices(work, &terms, std::slice::from_ref(&item))?.pop();
        let (priced, derivation) = priced.ok_or_else(|| Error::internal("a question without a price"))??;
        let price = PriceAmountAnswer::of(&terms, settings::policy(work)?, &priced)?;
        Ok(PriceAnswer {
            currency: price.currency,
            date: price.date,
            unit_price: price.unit_price,
            exact_price: price.exact_price,
            list_price: price.list_price,
            amount: price.amount,
            rule: price.rule,
            original_price: priced.original.stored()?.0,
            free_goods: price.free_goods,
            hash: hash(&derivation),
            derivation,
        })
    }
}

impl Operation for PriceAmount {
    const NAME: &'static str = "price.amount";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::Right { kind: "product", verb: "read" };
    const ERRORS: &'static [Code] = REFUSALS;
    const CAPABILITIES: &'static [&'static str] = &["PRD-02", "PRD-03"];
    const EXAMPLE: &'static str = r#"{"product":"$product","quantity":"10","customer":"$customer"}"#;
    type Answer = PriceAmountAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<PriceAmountAnswer> {
        let answer = Self::run_each(vec![self], work).pop();
        answer.unwrap_or_else(|| Err(Error::internal("a question without a price")))
    }

    fn run_each(requests: Vec<PriceAmount>, work: &mut Work<'_>) -> Vec<Result<PriceAmountAnswer>> {
        let tariff = Tariff::load(work);
        // Questions of the same terms stand side by side as a rule.
        let mut last: Option<(PriceGet, Result<(Terms, Party)>)> = None;
        let answer = |request: PriceAmount| {
            let asked = request.asked;
            let item = asked.item(work)?;
            let tariff = tariff.as_ref().map_err(Error::clone)?;
            let (_, party) = match last.take().filter(|(before, _)| before.same_terms(&asked)) {
                Some(known) => last.insert(known),
                None => {
                    let terms = asked.terms(work);
                    let party = terms.and_then(|terms| Party::load(work, &terms).map(|party| (terms, party)));
                    last.insert((asked, party))
                }
            };
            let (terms, party) = party.as_ref().map_err(Error::clone)?;
            let priced = price_alone(work, tariff, party, terms, &item).map_err(of_quantity)?;
            PriceAmountAnswer::of(terms, tariff.policy, &priced)
        };
        requests.into_iter().map(answer).collect()
    }
}

impl PriceAmountAnswer {
    fn of(terms: &Terms, policy: RoundingPolicy, priced: &Priced) -> Result<PriceAmountAnswer> {
        Ok(PriceAmountAnswer {
            currency: terms.currency,
            date: terms.date,
            unit_price: priced.unit_price,
            exact_price: priced.exact_price.clone(),
            list_price: priced.list_price,
            amount: priced.amount(policy, terms.currency).map_err(of_quantity)?,
            rule: priced.rule,
            free_goods: FreeGoodsAnswer::of(&priced.free),
        })
    }
}

impl PriceGet {
    /// What is asked for. Errors: `product.retired` and others at `/product`.
    pub fn item(&self, work: &mut Work<'_>) -> Result<Item> {
        let product = sellable(work, self.product).map_err(|error| error.at("/product"))?;
        Ok(Item::of(product, self.quantity, self.unit))
    }

    /// Whether another question has the same buyer, seller, date, currency and list.
    fn same_terms(&self, other: &PriceGet) -> bool {
        (self.customer, self.seller, self.date, self.currency, self.list)
            == (other.customer, other.seller, other.date, other.currency, other.list)
    }

    /// The terms: what was not said is found. Errors: those of references, `enterprise.not_set_up`.
    pub fn terms(&self, work: &mut Work<'_>) -> Result<Terms> {
        Self::terms_of(work, self.customer, self.seller, self.date, self.currency, self.list)
    }

    /// The terms of a question: what was not said is found.
    pub(super) fn terms_of(
        work: &mut Work<'_>,
        customer: Option<Ref<Customer>>,
        seller: Option<Ref<Employee>>,
        date: Option<Date>,
        currency: Option<Currency>,
        list: Option<Ref<PriceList>>,
    ) -> Result<Terms> {
        let buyer = match customer {
            Some(customer) => Some(work.find(customer).map_err(|error| error.at("/customer"))?),
            None => None,
        };
        let missing = |list: Ref<PriceList>| {
            Code::DANGLING.at("/list").with("kind", "price_list").with("id", list.to_string())
        };
        let found = match list {
            Some(list) => Some(work.look(list)?.ok_or_else(|| missing(list))?),
            None => None,
        };
        let wished = currency.or(found.map(|list| list.currency));
        let wished = wished.or(buyer.as_ref().and_then(|customer| customer.currency));
        Ok(Terms {
            customer,
            seller: seller.or(work.context().actor.map(Ref::new)),
            date: date.unwrap_or_else(|| work.today()),
            currency: wished.or(work.base()).ok_or_else(|| NOT_SET_UP.error())?,
            list,
            bought: Vec::new(),
            beside: Vec::new(),
        })
    }
}
