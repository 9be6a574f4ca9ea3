//! How much may be taken off a price, and how much has to be: within margin, authority and credit (PRD-08, ORG-08, CRD-01,
//! commerce.md 5 M4). Stands here since prices know nothing of credit.

use super::CreditLimit;
use super::hooks::check;
use super::rules::{judge, least_discount};
use crate::org::{Employee, Position};
use crate::pricing::allocation::Allocation;
use crate::pricing::guard::{Holder, Route, authorities, authority, route};
use crate::pricing::{
    AMBIGUOUS, Charge, DISCOUNT_PERCENT, DocumentDiscount, DocumentInput, Item, LIST_NOT_OPEN, LineInput,
    NEGATIVE_PRICE, NO_PRICE, NO_QUANTITY, PRICE_SCALE, PriceGet, Priced, Terms, UNIT, UNKNOWN_STRATEGY,
    floor_of, prices, tax_rules, totals,
};
use crate::settings::{self, NO_RATE, NO_TAX_RATE, NOT_SET_UP, TaxRates};
use crm_kernel::currency::Currency;
use crm_kernel::dec::{Dec, Rounding};
use crm_kernel::error::{Code, Error, Result};
use crm_kernel::id::Ref;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::value::Value;
use crm_kernel::work::Work;
use crm_kernel::{Choice, Record};

/// How much may be taken off the price of a product: at most within the authority of who sells, the least margin and the
/// floor price, and at least so much that what is left fits the credit of customer and salesperson. Nothing is taken.
#[derive(Clone, Debug, Record)]
#[record(name = "price_max_discount")]
pub struct MaxDiscount {
    /// A discount that somebody wants, in per cent: the answer says who may give it.
    #[field(percent)]
    pub wanted_percent: Option<Dec>,
    /// What is asked for.
    #[field(flatten)]
    pub asked: PriceGet,
}

/// How much may be taken off.
#[derive(Clone, Debug, Record)]
#[record(name = "price_max_discount_answer")]
pub struct MaxDiscountAnswer {
    /// The currency of the prices.
    pub currency: Currency,
    /// What one costs by the rules.
    #[field(unit_price)]
    pub unit_price: Dec,
    /// The largest discount, in per cent, cut to two decimals; 0 where nothing may be taken off.
    #[field(percent)]
    pub max_discount_percent: Dec,
    /// What one costs after it.
    #[field(unit_price)]
    pub lowest_price: Dec,
    /// What sets the limit: `authority` or `floor`; none where nothing does.
    pub bound_by: Option<String>,
    /// The authority of who sells, in per cent; none where the enterprise asks for none.
    #[field(percent)]
    pub authority_percent: Option<Dec>,
    /// What floor price and margin leave, in per cent; none where there is no floor.
    #[field(percent)]
    pub floor_percent: Option<Dec>,
    /// What the credit limits of customer and salesperson leave today, the least of them, in the enterprise's currency;
    /// below zero beyond a limit. None where nothing is checked, and for limits that the actor may not read.
    #[field(base_money)]
    pub credit_room: Option<Dec>,
    /// Whose limit leaves the least: `customer` or `salesperson`.
    pub credit_bound_by: Option<String>,
    /// The least discount, in per cent at two decimals, with which what the quantity comes to fits the room: with its tax,
    /// as an order takes it. 0 where it fits as it is; 100 where only what costs nothing does. None where there is no room
    /// to fit.
    #[field(percent)]
    pub credit_min_percent: Option<Dec>,
    /// True where some discount, or none, satisfies all of it.
    pub possible: bool,
    /// Who may give the discount that is wanted.
    pub route: Option<DiscountRoute>,
    /// Where others are needed: all whose authority is the least that is enough.
    pub route_holders: Vec<RouteHolder>,
}

/// Who may give a discount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum DiscountRoute {
    /// Who sells may.
    Auto,
    /// Others may.
    Needs,
    /// It breaks the floor, and nobody may give that much below it.
    Floor,
    /// It is beyond everybody's authority.
    Nobody,
}

/// Who may give a discount: an employee, or whoever holds a position.
#[derive(Clone, Debug, Record)]
#[record(name = "price_route_holder")]
pub struct RouteHolder {
    /// The employee.
    pub employee: Option<Ref<Employee>>,
    /// The position.
    pub seller_position: Option<Ref<Position>>,
}

impl RouteHolder {
    fn of(holder: Holder) -> RouteHolder {
        match holder {
            Holder::Employee(employee) => RouteHolder { employee: Some(employee), seller_position: None },
            Holder::Position(position) => RouteHolder { employee: None, seller_position: Some(position) },
        }
    }
}

impl Operation for MaxDiscount {
    const NAME: &'static str = "price.max_discount";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::Right { kind: "product", verb: "read" };
    const ERRORS: &'static [Code] = &[
        AMBIGUOUS,
        NO_PRICE,
        NEGATIVE_PRICE,
        NO_QUANTITY,
        UNIT,
        UNKNOWN_STRATEGY,
        LIST_NOT_OPEN,
        NO_RATE,
        NO_TAX_RATE,
        NOT_SET_UP,
        DISCOUNT_PERCENT,
        crate::catalog::RETIRED,
    ];
    const CAPABILITIES: &'static [&'static str] = &["PRD-08", "ORG-08", "QUO-03", "CRD-01", "CRD-02"];
    const EXAMPLE: &'static str =
        r#"{"product":"$product","quantity":"10","customer":"$customer","wanted_percent":"15"}"#;
    type Answer = MaxDiscountAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<MaxDiscountAnswer> {
        if let Some(wanted) = self.wanted_percent
            && (wanted.is_negative() || wanted > Dec::HUNDRED)
        {
            return Err(DISCOUNT_PERCENT.at("/wanted_percent").with("percent", wanted.to_string()));
        }
        let (terms, item) = (self.asked.terms(work)?, self.asked.item(work)?);
        let priced = prices(work, &terms, std::slice::from_ref(&item))?.pop();
        let (priced, _) = priced.ok_or_else(|| Error::internal("a question without a price"))??;
        let floor = work.system(|work| floor_of(work, &terms, &item))?;
        let kept = floor.max_discount(priced.unit_price, 2)?;
        let floored = floor.price(PRICE_SCALE)?.map(|_| kept);
        let may = authority(work, terms.seller, &item.product)?;
        let (most, bound_by) = may.most_above(floored);
        let credit = credit(work, &terms, &item, &priced)?;
        let (mut told, mut holders) = (None, Vec::new());
        if let Some(wanted) = self.wanted_percent {
            told = Some(match route(wanted, may, &authorities(work, &item.product)?, kept) {
                Route::Auto => DiscountRoute::Auto,
                Route::Needs(who) => {
                    holders = who.into_iter().map(RouteHolder::of).collect();
                    DiscountRoute::Needs
                }
                Route::Floor => DiscountRoute::Floor,
                Route::Nobody => DiscountRoute::Nobody,
            });
        }
        let left = Dec::HUNDRED.sub(most)?;
        Ok(MaxDiscountAnswer {
            currency: terms.currency,
            unit_price: priced.unit_price,
            max_discount_percent: most,
            lowest_price: priced.unit_price.mul_div(left, Dec::HUNDRED, PRICE_SCALE, Rounding::Up)?,
            bound_by: bound_by.map(str::to_owned),
            authority_percent: may.most,
            floor_percent: floored,
            credit_room: credit.as_ref().map(|credit| credit.room),
            credit_bound_by: credit.as_ref().map(|credit| credit.bound_by.to_owned()),
            possible: credit.as_ref().is_none_or(|credit| credit.least <= most),
            credit_min_percent: credit.map(|credit| credit.least),
            route: told,
            route_holders: holders,
        })
    }
}

/// What credit asks of a discount.
struct Asks {
    room: Dec,
    bound_by: &'static str,
    least: Dec,
}

/// What the limits of customer and salesperson ask of a discount, as far as the actor may read them; none where nothing
/// is checked.
fn credit(work: &mut Work<'_>, terms: &Terms, item: &Item, priced: &Priced) -> Result<Option<Asks>> {
    if !work.may("credit_limit", "read") {
        return Ok(None);
    }
    let holders = [terms.customer.map(Ref::id), terms.seller.map(Ref::id)];
    let mut limits = Vec::new();
    for holder in holders.into_iter().flatten() {
        limits.extend(work.by_key::<CreditLimit>("holder", &Value::Ref(holder))?);
    }
    let (dimensions, _) = check(work, &limits, Dec::ZERO, Dec::ZERO)?;
    let judged = judge(Dec::ZERO, &dimensions)?;
    let Some(at) = judged.binding else { return Ok(None) };
    let (Some(room), Some(bound_by)) = (judged.headroom.get(at), dimensions.get(at)) else {
        return Ok(None);
    };
    // An order takes its total, with tax, of a limit.
    let taxes = TaxRates::new(terms.date).of(work, item.product.tax).map_err(|error| error.at("/product"))?;
    let line =
        LineInput { quantity: priced.charged, unit_price: priced.exact, discount_percent: Dec::ZERO, taxes };
    let input = DocumentInput {
        currency: terms.currency,
        policy: settings::policy(work)?,
        lines: Vec::new(),
        effects: Vec::new(),
        discount: DocumentDiscount::None,
        allocation: Allocation::LargestRemainder,
        freight: Charge::default(),
        other: Charge::default(),
        tax: tax_rules(work, None)?,
        cash_step: None,
    };
    let rate = settings::document_rate(work, None, terms.currency, terms.date)?;
    let base = work.base().ok_or_else(|| NOT_SET_UP.error())?;
    let total = |discount_percent: Dec| -> Result<Dec> {
        let lines = vec![LineInput { discount_percent, ..line.clone() }];
        let total = totals::document(&DocumentInput { lines, ..input.clone() })?.total;
        Ok(input.policy.post(total.mul(rate)?, base.digits())?)
    };
    Ok(Some(Asks { room: *room, bound_by: bound_by.name, least: least_discount(*room, total)? }))
}
