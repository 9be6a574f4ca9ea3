//! Strategies: how one of several matching rules is chosen, as data.
//!
//! A strategy is a list of keys, looked at one after the other: each keeps the best candidates and refuses the rest. If
//! more than one is left behind the last key, the rules are ambiguous, unless the strategy names a last resort: the oldest
//! or the newest rule. The derivation then says that this decided.
//!
//! Some strategies have names ([`STRATEGIES`]); an enterprise makes others as records ([`super::PriceStrategy`]).

use super::records::{AccessAxis, PriceStage, TieBreak, UnitRounding};
use crm_kernel::dec::Rounding;
use std::borrow::Cow;

/// How one of several matching rules is chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strategy {
    /// What derivations call it.
    pub name: Cow<'static, str>,
    /// What is compared, first things first.
    pub keys: Cow<'static, [Key]>,
    /// What becomes of a tie.
    pub last: TieBreak,
    /// Of these stages only the first that has an effect keeps it. Stages not named are not touched.
    pub levels: Cow<'static, [PriceStage]>,
    /// Where a price is rounded.
    pub unit_rounding: UnitRounding,
    /// How what an effect changes one unit by is rounded to the digits of the currency; none leaves it exact.
    pub effect_rounding: Option<Rounding>,
}

/// What is compared. The candidates with the best value stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// The product before its category, a near category before a far one, any before all products.
    Product,
    /// The product before its category and that before all products, however near the category is.
    ProductKind,
    /// The product or its template before any category, a category before all products.
    ProductAxis,
    /// The category that was made last.
    NewestCategory,
    /// Where rules differ by the product alone: the product before its template, its own category before those above.
    /// Where they differ by the customer alone: as [`Key::Customer`]. Where they differ by more, nothing.
    OneAxis,
    /// Of what `OneAxis` compares by the product.
    OwnProduct,
    /// As [`Key::List`] where all rules are per cents off; else nothing.
    ListOfPercents,
    /// The customer before his class, his class before all customers.
    Customer,
    /// A rule for the seller's position before one for everybody.
    Position,
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
    /// The rules of all accesses up to the first that has a hit and stops; a rule that no access looks for is refused.
    Accesses(Cow<'static, [Access]>),
}

/// One look-up of an access sequence: rules that name exactly these axes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Access {
    /// How the rule names the product.
    pub product: AccessAxis,
    /// How the rule names the customer.
    pub customer: AccessAxis,
    /// Whether a hit ends the search.
    pub stops: bool,
}

impl Key {
    /// The word in derivations.
    pub fn code(&self) -> &'static str {
        match self {
            Key::Product => "product",
            Key::ProductKind => "product_kind",
            Key::ProductAxis => "product_axis",
            Key::OneAxis => "axis",
            Key::OwnProduct => "own_product",
            Key::ListOfPercents => "list",
            Key::NewestCategory => "category",
            Key::Customer => "customer",
            Key::Position => "seller_position",
            Key::List => "list",
            Key::MinQuantity => "min_quantity",
            Key::Priority => "priority",
            Key::RuleCount => "rule_count",
            Key::Cheapest => "cheapest",
            Key::Accesses(_) => "access",
        }
    }
}

const fn access(product: AccessAxis, customer: AccessAxis) -> Access {
    Access { product, customer, stops: true }
}

/// From the most special to the most general.
const ACCESSES: &[Access] = &[
    access(AccessAxis::One, AccessAxis::One),
    access(AccessAxis::Group, AccessAxis::One),
    access(AccessAxis::All, AccessAxis::One),
    access(AccessAxis::One, AccessAxis::Group),
    access(AccessAxis::Group, AccessAxis::Group),
    access(AccessAxis::All, AccessAxis::Group),
    access(AccessAxis::One, AccessAxis::All),
    access(AccessAxis::Group, AccessAxis::All),
    access(AccessAxis::All, AccessAxis::All),
];

const fn strategy(name: &'static str, keys: &'static [Key], last: TieBreak) -> Strategy {
    of(name, keys, last, &[])
}

const fn leveled(name: &'static str, levels: &'static [PriceStage]) -> Strategy {
    of(name, SPECIFICITY, TieBreak::Refuse, levels)
}

const fn of(
    name: &'static str,
    keys: &'static [Key],
    last: TieBreak,
    levels: &'static [PriceStage],
) -> Strategy {
    Strategy {
        name: Cow::Borrowed(name),
        keys: Cow::Borrowed(keys),
        last,
        levels: Cow::Borrowed(levels),
        unit_rounding: UnitRounding::Line,
        effect_rounding: None,
    }
}

/// The setting that names the strategy of the enterprise.
pub const STRATEGY_SETTING: &str = "pricing.strategy";

const SPECIFICITY: &[Key] = &[Key::Product, Key::Customer, Key::Position, Key::List, Key::MinQuantity];

/// The named strategies. Those behind the first five reproduce what well-known systems do.
pub static STRATEGIES: &[Strategy] = &[
    strategy("specificity", SPECIFICITY, TieBreak::Refuse),
    strategy("priority", &[Key::Priority], TieBreak::Refuse),
    strategy("rule_count", &[Key::RuleCount, Key::Cheapest], TieBreak::Refuse),
    strategy("cheapest", &[Key::Cheapest], TieBreak::Refuse),
    strategy("newest", &[Key::Product, Key::Customer, Key::MinQuantity], TieBreak::Newest),
    strategy("odoo", &[Key::ProductKind, Key::MinQuantity, Key::NewestCategory], TieBreak::Newest),
    strategy(
        "erpnext",
        &[Key::ProductAxis, Key::Priority, Key::OneAxis, Key::ListOfPercents],
        TieBreak::Refuse,
    ),
    strategy("sap-access", &[Key::Accesses(Cow::Borrowed(ACCESSES)), Key::MinQuantity], TieBreak::Refuse),
    strategy("medusa", &[Key::List, Key::RuleCount, Key::Cheapest], TieBreak::Refuse),
    strategy("best-price", &[Key::Cheapest], TieBreak::Oldest),
    // What is set by hand goes before a voucher, a voucher before a promotion, and one of them is all there is.
    leveled("saleor-levels", &[PriceStage::Manual, PriceStage::Contract, PriceStage::Promotion]),
    // The waterfall of stages, each on what the one before left; rounded once at the end.
    strategy("cpq-waterfall", SPECIFICITY, TieBreak::Refuse),
];

/// What strategies of these names compared while derivations were written in their second form: those are verified by it.
static SECOND_FORM: &[Strategy] = &[
    strategy("erpnext", &[Key::Product, Key::Priority], TieBreak::Refuse),
    strategy("medusa", &[Key::RuleCount, Key::Cheapest], TieBreak::Refuse),
];

impl Strategy {
    /// The strategy as it was when derivations were written in their second form.
    pub fn of_second_form(&self) -> &Strategy {
        SECOND_FORM.iter().find(|before| before.name == self.name).unwrap_or(self)
    }

    /// The strategy with a name.
    pub fn named(name: &str) -> Option<&'static Strategy> {
        STRATEGIES.iter().find(|strategy| strategy.name == name)
    }
}
