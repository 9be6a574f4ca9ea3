//! Price lists and price rules (PRD-02, PRD-03).

use crate::catalog::{Product, ProductCategory};
use crate::org::{Employee, Position};
use crate::parties::Customer;
use crate::settings::Unit;
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::{Dec, Rounding};
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
    /// Its prices are special ones: the price that would hold without such lists is told beside them.
    #[field(no = 12, default = "false")]
    pub sale: bool,
    /// The list on which this one builds.
    #[field(no = 13)]
    pub base_list: Option<Ref<PriceList>>,
    /// What becomes of the rules of that list.
    #[field(no = 14, default = "\"shadow\"")]
    pub base_rules: BaseRules,
}

/// What becomes of the rules of the list on which a list builds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Choice)]
pub enum BaseRules {
    /// They hold for products about which this list says nothing, whatever the quantity.
    Shadow,
    /// They stand beside this list's, and the strategy chooses.
    Compete,
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
    /// A price, an amount, per cent or a count of free goods, as the method says; none where tiers say it.
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
    /// Where in the way to a price it comes. Of the rules that make the price one is chosen; what comes later takes
    /// effect beside others.
    #[field(no = 26, default = "\"list\"")]
    pub stage: PriceStage,
    /// What per cents and amounts start from.
    #[field(no = 27, default = "\"running\"")]
    pub base: PriceBase,
    /// The group within which effects exclude one another.
    #[field(no = 28)]
    pub exclusion_group: Option<Ref<ExclusionGroup>>,
    /// What bounds and tiers count.
    #[field(no = 29, default = "\"line\"")]
    pub basis: QuantityBasis,
    /// For a rolling period: how many days up to the pricing date are counted.
    #[field(no = 30)]
    pub period_days: Option<i64>,
    /// What bounds and tiers measure: a number over the price inquiry, such as `amount` (what the lines come to before this
    /// rule's stage), `weight` or `quantity * product.volume`. None is the quantity.
    #[field(no = 31, text = 4000)]
    pub measure: Option<String>,
    /// Quantities are charged in whole packages of so many; values are prices of a package then.
    #[field(no = 32, quantity)]
    pub package: Option<Dec>,
    /// The price is rounded to a multiple of this, once the value has done its work.
    #[field(no = 33, decimal(18, 6))]
    pub round_to: Option<Dec>,
    /// How.
    #[field(no = 34, default = "\"half_up\"")]
    pub round_mode: RoundMode,
    /// Added to the price after that: -0.01 for prices that end on 9.99.
    #[field(no = 35, decimal(18, 6))]
    pub then_add: Option<Dec>,
    /// The price is at least so much above what it started from.
    #[field(no = 36, decimal(18, 6))]
    pub min_margin: Option<Dec>,
    /// The price is at most so much above what it started from.
    #[field(no = 37, decimal(18, 6))]
    pub max_margin: Option<Dec>,
    /// What is given for nothing; none is the product itself.
    #[field(no = 38)]
    pub free_product: Option<Ref<Product>>,
    /// Free goods are given for every so many.
    #[field(no = 39, quantity)]
    pub free_per: Option<Dec>,
    /// How a quantity that is no multiple of that is counted.
    #[field(no = 40, default = "\"unit_reference\"")]
    pub free_count: FreeCount,
    /// Free goods are part of the quantity ordered; else they come on top.
    #[field(no = 41, default = "false")]
    pub free_inclusive: bool,
    /// What becomes of free goods when what they came with comes back.
    #[field(no = 42, default = "\"claw_back\"")]
    pub free_returns: FreeReturns,
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
    /// It is how many are given for nothing.
    FreeGoods,
}

/// Where in the way to a price an effect comes. Stages run in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Choice)]
pub enum PriceStage {
    /// It makes the price: one rule, chosen by the strategy.
    List,
    /// What was agreed with the customer.
    Contract,
    /// What the quantity gives.
    Volume,
    /// Campaigns and vouchers.
    Promotion,
    /// What the seller gives: the discount or price of a line. No rule stands here.
    Manual,
    /// What partners get: per cent of what is left.
    Partner,
    /// On lines of a document together.
    Document,
}

/// What per cents and amounts start from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Choice)]
pub enum PriceBase {
    /// What the effects before have left.
    Running,
    /// The price that the first stage made.
    List,
    /// What the product costs the enterprise.
    Cost,
    /// The price by the list on which the rule's list builds.
    BaseList,
}

/// What bounds and tiers count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Choice)]
pub enum QuantityBasis {
    /// The line.
    Line,
    /// The lines of the same product and its variants.
    Template,
    /// The lines of the rule's category, or of the product's where the rule names none.
    Category,
    /// All lines of the document that the rule is for.
    Document,
    /// The line, and what the customer bought of the product in the days before.
    Period,
}

/// How numbers are rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Choice)]
pub enum RoundMode {
    /// To the nearest; a half away from zero.
    HalfUp,
    /// To the nearest; a half to the even neighbour.
    HalfEven,
    /// Away from zero.
    Up,
    /// Toward zero.
    Down,
}

impl From<RoundMode> for Rounding {
    fn from(mode: RoundMode) -> Rounding {
        match mode {
            RoundMode::HalfUp => Rounding::HalfUp,
            RoundMode::HalfEven => Rounding::HalfEven,
            RoundMode::Up => Rounding::Up,
            RoundMode::Down => Rounding::Down,
        }
    }
}

/// How free goods are counted for a quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Choice)]
pub enum FreeCount {
    /// In proportion, cut to whole ones.
    Prorata,
    /// For every full count.
    UnitReference,
    /// Only where the quantity is a multiple.
    WholeUnit,
}

/// What becomes of free goods that are not earned any more because what they came with comes back (commerce.md 2.7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Choice)]
pub enum FreeReturns {
    /// They come back with it.
    ClawBack,
    /// What does not come back is charged at its list price.
    Charge,
    /// The customer keeps them.
    #[default]
    Keep,
}

/// A way to choose among price rules that all match, made by the enterprise.
#[derive(Clone, Debug, Record)]
#[record(no = 154, table = "price_strategies")]
pub struct PriceStrategy {
    /// A short code, unique: what the setting `pricing.strategy` names.
    #[field(no = 1, text = 60, unique)]
    pub code: String,
    /// The name.
    #[field(no = 2, title)]
    pub name: String,
    /// What becomes of rules that no key tells apart.
    #[field(no = 3, default = "\"refuse\"")]
    pub last: TieBreak,
    /// Where a price is rounded.
    #[field(no = 4, default = "\"line\"")]
    pub unit_rounding: UnitRounding,
    /// How what an effect changes one unit by is rounded to the digits of the currency; none leaves it exact.
    #[field(no = 5)]
    pub effect_rounding: Option<RoundMode>,
    /// What is compared, first things first.
    #[field(no = 6)]
    pub keys: Lines<PriceStrategyKey>,
}

/// One thing that a strategy compares.
#[derive(Clone, Debug, Record)]
#[record(no = 155, parent = PriceStrategy)]
pub struct PriceStrategyKey {
    /// What is compared.
    #[field(no = 1)]
    pub key: StrategyKey,
    /// For an access: how the rule names the product.
    #[field(no = 2)]
    pub product: Option<AccessAxis>,
    /// For an access: how the rule names the customer.
    #[field(no = 3)]
    pub customer: Option<AccessAxis>,
    /// For an access: a hit ends the search.
    #[field(no = 4, default = "true")]
    pub stops: bool,
    /// For a level: the stage.
    #[field(no = 5)]
    pub stage: Option<PriceStage>,
}

/// What a strategy compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Choice)]
pub enum StrategyKey {
    /// The product before its category, a near category before a far one, any before all products.
    Product,
    /// The customer before his class, his class before all customers.
    Customer,
    /// A rule for the seller's position before one for everybody.
    SellerPosition,
    /// A rule of a price list before one beside all lists.
    List,
    /// The highest minimum quantity that is reached.
    MinQuantity,
    /// The largest priority; none is the smallest.
    Priority,
    /// The most axes by which a rule restricts itself.
    RuleCount,
    /// The lowest price for the quantity.
    Cheapest,
    /// One look-up of an access sequence; those that follow one another are one sequence.
    Access,
    /// One level: of all the levels named, the first with an effect keeps it.
    Level,
}

/// How a rule names a product or a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Choice)]
pub enum AccessAxis {
    /// Not at all.
    All,
    /// By category or class.
    Group,
    /// Itself.
    One,
}

/// What becomes of rules that nothing tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Choice)]
pub enum TieBreak {
    /// They are refused as ambiguous.
    Refuse,
    /// The rule that was made first wins.
    Oldest,
    /// The rule that was made last wins.
    Newest,
}

/// Where a price is rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Choice)]
pub enum UnitRounding {
    /// The price is exact, and a line is rounded once.
    Line,
    /// The price is rounded to the digits of its currency, then multiplied.
    Unit,
}

/// Effects that exclude one another. All are of one stage.
#[derive(Clone, Debug, Record)]
#[record(no = 156)]
pub struct ExclusionGroup {
    /// A short code, unique.
    #[field(no = 1, text = 60, unique)]
    pub code: String,
    /// The name.
    #[field(no = 2, title)]
    pub name: String,
    /// Which effects stay.
    #[field(no = 3)]
    pub comparator: Comparator,
    /// The other group, where groups are compared or one suppresses another.
    #[field(no = 4)]
    pub against: Option<Ref<ExclusionGroup>>,
    /// What becomes of effects that are worth the same.
    #[field(no = 5, default = "\"refuse\"")]
    pub last: TieBreak,
}

/// Which effects of an exclusion group stay. An effect that contributes nothing suppresses nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Choice)]
pub enum Comparator {
    /// The one that makes the price the lowest.
    Best,
    /// The one that leaves the price the highest.
    Worst,
    /// All of this group or all of the other: whichever makes the price the lowest together.
    BestTotal,
    /// All of this group or all of the other: whichever leaves the price the highest together.
    WorstTotal,
    /// All of this group; where one of them contributes, none of the other.
    Suppress,
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
    /// The list price of one, in the currency of the price.
    #[field(no = 9, unit_price)]
    pub list_price: Option<Dec>,
    /// What the line comes to where the rule asks, in the currency of the price: at the list price for a rule of the first
    /// stage; for one of a later stage at the price that the first made where it starts from that (`list`), else at what
    /// the stages before left; for one on lines together its net, behind the seller's discount.
    #[field(no = 10, money)]
    pub amount: Option<Dec>,
    /// What the quantity weighs, in kilograms.
    #[field(no = 11, decimal(18, 6))]
    pub weight: Option<Dec>,
    /// What room the quantity takes, in cubic metres.
    #[field(no = 12, decimal(18, 6))]
    pub volume: Option<Dec>,
}

/// How much somebody may take off: an employee, or who holds a position (ORG-08). The nearest holds, larger or smaller: an
/// employee's own before those of his positions, and of one holder's that of the product's category before that of a
/// category above it, and that for all products last. Of several positions the largest counts.
#[derive(Clone, Debug, Record)]
#[record(no = 157, table = "discount_authorities")]
pub struct DiscountAuthority {
    /// Who: this employee, whatever his positions give.
    #[field(no = 1, index)]
    pub employee: Option<Ref<Employee>>,
    /// Or who holds this position.
    #[field(no = 2, index)]
    pub seller_position: Option<Ref<Position>>,
    /// Only on products of this category and those below it.
    #[field(no = 3)]
    pub category: Option<Ref<ProductCategory>>,
    /// Up to so many per cent of the price that the rules give.
    #[field(no = 4, percent)]
    pub max_percent: Dec,
    /// False while it is not given.
    #[field(no = 5, default = "true")]
    pub active: bool,
    /// Its key in the system that it came from.
    #[field(no = 6, text = 80, unique)]
    pub external_key: Option<String>,
    /// May sell below the floor price and the least margin as well.
    #[field(no = 7, default = "false")]
    pub below_floor: bool,
}
