//! How much may be taken off a price, and how much has to be: within margin, authority and credit (PRD-08, ORG-08, CRD-01,
//! commerce.md 5 M4). Stands here since prices know nothing of credit.

use super::CreditLimit;
use super::hooks::check;
use super::rules::{ALL_DISCOUNTS, Range, fits, judge, largest_of, least_discount, least_of, percent};
use crate::org::{Employee, Position};
use crate::pricing::guard::{Authority, Floor, Holder, Route, authorities, authority, route};
use crate::pricing::{
    self, AMBIGUOUS, Alone, DISCOUNT_PERCENT, Item, PRICE_SCALE, PriceGet, Terms, alone, document_bounds,
    floor_of,
};
use crate::settings::{self, NO_TAX_RATE, NOT_SET_UP, Ratio, TaxRates, Taxes};
use crm_kernel::currency::Currency;
use crm_kernel::dec::{Dec, Rounding};
use crm_kernel::error::{Code, Result};
use crm_kernel::id::Ref;
use crm_kernel::money::RoundingPolicy;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::value::Value;
use crm_kernel::work::Work;
use crm_kernel::{Choice, Record, codes};
use std::collections::{BTreeMap, BTreeSet};

/// How much may be taken off the price of a product: at most within the authority of who sells, the least margin and the
/// floor price, and at least so much that what is left fits the credit of customer and salesperson. It is judged as an order
/// of the product alone would be, with what rules take off the document. Nothing is taken.
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
    const ERRORS: &'static [Code] = codes!(pricing::REFUSALS, &[NO_TAX_RATE, DISCOUNT_PERCENT,]);
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
        let floor = work.system(|work| floor_of(work, &terms, &item))?;
        let may = authority(work, terms.seller, &item.product)?;
        let mut trial = Trial::of(work, &terms, &item, &floor)?;
        let ranges = trial.ranges(work)?;
        let now = trial.alone(work, Dec::ZERO)?;
        let kept = match trial.largest(work, &ranges, |at| at.keeps)? {
            Some(kept) => percent(kept),
            None => floor.max_discount(now.left, 2)?,
        };
        let floored = trial.floor.map(|_| kept);
        let own = trial.largest(work, &ranges, |at| at.within(may))?.map(percent).unwrap_or_default();
        let allowed = Authority { most: may.most.map(|most| most.min(own)), ..may };
        let (_, bound_by) = allowed.most_above(floored);
        let allows = |at: &Tried| at.within(may) && (at.keeps || may.below_floor);
        let most = trial.largest(work, &ranges, allows)?.map(percent).unwrap_or_default();
        let asks = credit(work, &terms, &mut trial, &ranges)?;
        let possible = match &asks {
            Some(asks) => trial.both(work, &ranges, allows, asks)?,
            None => trial.largest(work, &ranges, allows)?.is_some(),
        };
        let (mut told, mut holders) = (None, Vec::new());
        if let Some(wanted) = self.wanted_percent {
            // A rule that a larger discount loses may keep the floor again.
            let kept = match trial.try_percent(work, wanted)?.is_some_and(|at| at.keeps) {
                true => kept.max(wanted),
                false => kept.min(wanted.sub(percent(1))?),
            };
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
            unit_price: now.priced.unit_price,
            max_discount_percent: most,
            lowest_price: now.priced.unit_price.mul_div(left, Dec::HUNDRED, PRICE_SCALE, Rounding::Up)?,
            bound_by: bound_by.map(str::to_owned),
            authority_percent: may.most,
            floor_percent: floored,
            credit_room: asks.as_ref().map(|asks| asks.room),
            credit_bound_by: asks.as_ref().map(|asks| asks.bound_by.to_owned()),
            credit_min_percent: asks.map(|asks| asks.least),
            possible,
            route: told,
            route_holders: holders,
        })
    }
}

/// What becomes of an order of an item alone, with one discount after another.
struct Trial<'t> {
    terms: &'t Terms,
    item: &'t Item,
    taxes: Taxes,
    /// The lowest price of one; none where there is none.
    floor: Option<Dec>,
    /// By discount in hundredths of a per cent; none where rules refuse the order.
    tried: BTreeMap<i64, Option<Tried>>,
}

/// What a discount makes of the order.
#[derive(Clone, Copy)]
struct Tried {
    /// The floor is kept.
    keeps: bool,
    /// How many per cent the authority of the seller is asked for.
    percent_off: Dec,
    /// What the order comes to, with tax.
    total: Dec,
}

impl Tried {
    fn within(&self, authority: Authority) -> bool {
        authority.most.is_none_or(|most| self.percent_off <= most)
    }
}

impl<'t> Trial<'t> {
    fn of(work: &mut Work<'_>, terms: &'t Terms, item: &'t Item, floor: &Floor) -> Result<Trial<'t>> {
        // An order takes its total, with tax, of a limit.
        let taxes = TaxRates::new(terms.date).of(work, item.product.tax);
        let taxes = taxes.map_err(|error| error.at("/product"))?;
        Ok(Trial { terms, item, taxes, floor: floor.price(PRICE_SCALE)?, tried: BTreeMap::new() })
    }

    fn alone(&self, work: &mut Work<'_>, discount_percent: Dec) -> Result<Alone> {
        alone(work, self.terms, &self.item.clone().less(discount_percent), &self.taxes)
    }

    fn try_percent(&self, work: &mut Work<'_>, discount_percent: Dec) -> Result<Option<Tried>> {
        match self.alone(work, discount_percent) {
            Ok(Alone { percent_off, left, total, .. }) => {
                let keeps = self.floor.is_none_or(|floor| left >= floor);
                Ok(Some(Tried { keeps, percent_off, total }))
            }
            Err(error) if error.code() == AMBIGUOUS => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn at(&mut self, work: &mut Work<'_>, hundredths: i64) -> Result<Option<Tried>> {
        if let Some(known) = self.tried.get(&hundredths) {
            return Ok(*known);
        }
        let found = self.try_percent(work, percent(hundredths))?;
        self.tried.insert(hundredths, found);
        Ok(found)
    }

    /// The discounts, cut where a rule of documents may come or go with what the order comes to: along each range a
    /// larger discount leaves less. A discount by itself may be a level of the strategy.
    fn ranges(&self, work: &mut Work<'_>) -> Result<Vec<Range>> {
        let (first, last) = ALL_DISCOUNTS;
        let item = self.item.clone().less(percent(first + 1));
        let mut starts = BTreeSet::from([first, first + 1]);
        let bounds = document_bounds(work, self.terms, &item)?;
        if !bounds.is_empty() {
            let priced = self.alone(work, percent(first + 1))?.priced;
            let policy = settings::policy(work)?;
            let scale = policy.scale(self.terms.currency.digits());
            let net = |at: i64| priced.exact.times(priced.charged, percent(at), scale, policy.rounding());
            for bound in bounds {
                // Bounds are inclusive from below and from above.
                let range = (first + 1, last);
                starts.extend(least_of(range, |at| Ok(net(at)?.abs() < bound))?);
                starts.extend(least_of(range, |at| Ok(net(at)?.abs() <= bound))?);
            }
        }
        let ends = starts.iter().skip(1).map(|next| next - 1).chain([last]);
        Ok(starts.iter().copied().zip(ends).collect())
    }

    /// The largest discount that is allowed.
    fn largest(
        &mut self,
        work: &mut Work<'_>,
        ranges: &[Range],
        allows: impl Fn(&Tried) -> bool,
    ) -> Result<Option<i64>> {
        for range in ranges.iter().rev() {
            let allowed = |at| Ok(self.at(work, at)?.is_some_and(|tried| allows(&tried)));
            if let Some(largest) = largest_of(*range, allowed)? {
                return Ok(Some(largest));
            }
        }
        Ok(None)
    }

    /// Whether a discount is allowed with which the order fits the room.
    fn both(
        &mut self,
        work: &mut Work<'_>,
        ranges: &[Range],
        allows: impl Fn(&Tried) -> bool,
        asks: &Asks,
    ) -> Result<bool> {
        for range in ranges {
            let fitting = |at| Ok(fits(asks.room, asks.total(self.at(work, at)?)?));
            let Some(least) = least_of(*range, fitting)? else { continue };
            if self.at(work, least)?.is_some_and(|tried| allows(&tried)) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// What credit asks of a discount.
struct Asks {
    room: Dec,
    bound_by: &'static str,
    least: Dec,
    /// How many of the enterprise's currency one of the order's is.
    rate: Ratio,
    policy: RoundingPolicy,
    base: Currency,
}

impl Asks {
    /// What an order takes of a limit.
    fn total(&self, tried: Option<Tried>) -> Result<Option<Dec>> {
        let total = |tried: Tried| self.rate.post(tried.total, self.policy, self.base.digits());
        tried.map(total).transpose()
    }
}

/// What the limits of customer and salesperson ask of a discount, as far as the actor may read them; none where nothing
/// is checked.
fn credit(
    work: &mut Work<'_>,
    terms: &Terms,
    trial: &mut Trial<'_>,
    ranges: &[Range],
) -> Result<Option<Asks>> {
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
    let mut asks = Asks {
        room: *room,
        bound_by: bound_by.name,
        least: Dec::ZERO,
        rate: settings::document_rate(work, None, terms.currency, terms.date)?,
        policy: settings::policy(work)?,
        base: work.base().ok_or_else(|| NOT_SET_UP.error())?,
    };
    asks.least = least_discount(*room, ranges, |at| asks.total(trial.at(work, at)?))?;
    Ok(Some(asks))
}
