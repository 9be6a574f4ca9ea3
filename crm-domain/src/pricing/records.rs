//! Price lists and price rules (PRD-02, PRD-03).

use crate::catalog::{Product, ProductCategory};
use crate::org::{Employee, Position};
use crate::parties::Customer;
use crate::settings::Unit;
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::Dec;
use crm_kernel::id::Ref;
use crm_kernel::record::Lines;
use crm_kernel::{Choice, Record};

/// A price list: prices of one currency for a class of customers, a region or whoever is given it.
#[derive(Clone, Debug, Record)]
#[record(no = 150)]
pub struct PriceList {
    /// A short code, unique.
    #[field(no = 1, text = 60, unique)]
    pub code: String,
    /// The name.
    #[field(no = 2, title)]
    pub name: String,
    /// The currency of its prices.
    #[field(no = 3)]
    pub currency: Currency,
    /// Whether it holds for everybody whom it fits, or only where a document names it.
    #[field(no = 4, default = "\"named\"")]
    pub usage: ListUsage,
    /// Only for customers of this class.
    #[field(no = 5, picklist = "customer_class")]
    pub customer_class: Option<String>,
    /// Only for customers of this region.
    #[field(no = 6, picklist = "region")]
    pub region: Option<String>,
    /// The first day on which it holds; none is since ever.
    #[field(no = 7)]
    pub valid_from: Option<Date>,
    /// The last day on which it holds; none is for ever.
    #[field(no = 8)]
    pub valid_until: Option<Date>,
    /// False while it is not used.
    #[field(no = 9, default = "true")]
    pub active: bool,
    /// Its key in the system that it came from.
    #[field(no = 10, text = 80, unique)]
    pub external_key: Option<String>,
    /// Notes.
    #[field(no = 11, long_text)]
    pub notes: Option<String>,
}

/// When the prices of a list are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum ListUsage {
    /// Where a document or a question names the list.
    Named,
    /// Always, for every customer whom it fits.
    Always,
}

/// A price rule: for whom, for what, when and from which quantity on, and the price that follows.
#[derive(Clone, Debug, Record)]
#[record(no = 151)]
pub struct PriceRule {
    /// A short code, unique: what refusals and derivations call it.
    #[field(no = 1, text = 60, unique)]
    pub code: String,
    /// What it is for.
    #[field(no = 2, title)]
    pub name: String,
    /// The price list it belongs to; none holds beside all lists.
    #[field(no = 3, index)]
    pub list: Option<Ref<PriceList>>,
    /// Only this product.
    #[field(no = 4, index)]
    pub product: Option<Ref<Product>>,
    /// Only products of this category and those below it.
    #[field(no = 5, index)]
    pub category: Option<Ref<ProductCategory>>,
    /// Only this customer.
    #[field(no = 6, index)]
    pub customer: Option<Ref<Customer>>,
    /// Only customers of this class.
    #[field(no = 7, picklist = "customer_class")]
    pub customer_class: Option<String>,
    /// Only sellers who hold this position.
    #[field(no = 8)]
    pub seller_position: Option<Ref<Position>>,
    /// The first day on which it holds, included; none is since ever.
    #[field(no = 9)]
    pub valid_from: Option<Date>,
    /// The last day on which it holds, included; none is for ever.
    #[field(no = 10)]
    pub valid_until: Option<Date>,
    /// The smallest quantity for which it holds, included; none is any.
    #[field(no = 11, quantity)]
    pub min_quantity: Option<Dec>,
    /// The largest quantity for which it holds, included; none is any.
    #[field(no = 12, quantity)]
    pub max_quantity: Option<Dec>,
    /// The unit of its quantities and prices; none is the product's.
    #[field(no = 13)]
    pub unit: Option<Ref<Unit>>,
    /// The currency of its price, and the only one in which it holds; none is its list's, and for percentages any.
    #[field(no = 14)]
    pub currency: Option<Currency>,
    /// A condition on the price question that has to be true as well.
    #[field(no = 15, text = 4000)]
    pub condition: Option<String>,
    /// The larger, the earlier: for the strategy `priority`.
    #[field(no = 16)]
    pub priority: Option<i64>,
    /// What its value does.
    #[field(no = 17)]
    pub method: PriceMethod,
    /// A price, an amount or per cent, as the method says; none where tiers say it.
    #[field(no = 18, decimal(18, 6))]
    pub value: Option<Dec>,
    /// How the tiers are taken.
    #[field(no = 19, default = "\"all_units\"")]
    pub tier_mode: TierMode,
    /// Which side of a tier its bound is.
    #[field(no = 20, default = "\"from\"")]
    pub tier_bound: TierBound,
    /// The flat fee of the first tier is due for a quantity of 0 as well.
    #[field(no = 21, default = "false")]
    pub flat_fee_at_zero: bool,
    /// Values by quantity, in rising order.
    #[field(no = 22)]
    pub tiers: Lines<PriceTier>,
    /// False while it is not used.
    #[field(no = 23, default = "true")]
    pub active: bool,
    /// Its key in the system that it came from.
    #[field(no = 24, text = 80, unique)]
    pub external_key: Option<String>,
    /// Notes.
    #[field(no = 25, long_text)]
    pub notes: Option<String>,
}

/// One step of a scale of quantities.
#[derive(Clone, Debug, Record)]
#[record(no = 152, parent = PriceRule)]
pub struct PriceTier {
    /// The quantity at which it begins or up to which it goes, included either way; none on a last tier without end.
    #[field(no = 1, quantity)]
    pub bound: Option<Dec>,
    /// The price, amount or per cent of the tier, as the rule's method says.
    #[field(no = 2, decimal(18, 6))]
    pub value: Dec,
    /// An amount due once the tier is entered.
    #[field(no = 3, decimal(18, 6), default = "\"0\"")]
    pub flat_fee: Dec,
}

/// What a rule's value does to the price of one unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Choice)]
pub enum PriceMethod {
    /// It is the price.
    FixedPrice,
    /// Per cent off the list price.
    DiscountPercent,
    /// An amount off the list price.
    AmountOff,
    /// Per cent on top of the list price.
    SurchargePercent,
    /// An amount on top of the list price.
    Surcharge,
}

/// How the tiers of a scale are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Choice)]
pub enum TierMode {
    /// All units at the tier that the quantity reaches.
    AllUnits,
    /// Each portion at the tier in which it lies.
    Graduated,
}

/// Which side of a tier its bound is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Choice)]
pub enum TierBound {
    /// A tier begins at its bound.
    From,
    /// A tier goes up to its bound.
    UpTo,
}

/// What a price is asked for: the record that the conditions of price rules are about. It is made for each question and
/// never stored.
#[derive(Clone, Debug, Record)]
#[record(no = 153, managed)]
pub struct PriceInquiry {
    /// The product.
    #[field(no = 1)]
    pub product: Ref<Product>,
    /// How many, in `unit`.
    #[field(no = 2, quantity)]
    pub quantity: Dec,
    /// The unit of the quantity; none is the product's.
    #[field(no = 3)]
    pub unit: Option<Ref<Unit>>,
    /// Who buys.
    #[field(no = 4)]
    pub customer: Option<Ref<Customer>>,
    /// Who sells.
    #[field(no = 5)]
    pub seller: Option<Ref<Employee>>,
    /// The pricing date.
    #[field(no = 6)]
    pub date: Date,
    /// The currency of the price.
    #[field(no = 7)]
    pub currency: Currency,
    /// The price list that was named.
    #[field(no = 8)]
    pub list: Option<Ref<PriceList>>,
}
