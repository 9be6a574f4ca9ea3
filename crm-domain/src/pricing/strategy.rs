//! Strategies: how one of several matching rules is chosen, as data.
//!
//! A strategy is a list of keys, looked at one after the other: each keeps the best candidates and refuses the rest. If
//! more than one is left behind the last key, the rules are ambiguous, unless the strategy names a last resort: the oldest
//! or the newest rule. The derivation then says that this decided.

use std::borrow::Cow;

/// How one of several matching rules is chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strategy {
    /// What derivations call it.
    pub name: Cow<'static, str>,
    /// What is compared, first things first.
    pub keys: Cow<'static, [Key]>,
    /// What becomes of a tie.
    pub last: Last,
}

/// What is compared. The candidates with the best value stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// The product before its category, a near category before a far one, any before all products.
    Product,
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
    /// The first access that has a hit; a rule that no access looks for is refused.
    Accesses(Cow<'static, [Access]>),
}

/// One look-up of an access sequence: rules that name exactly these axes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Access {
    /// How the rule names the product.
    pub product: Axis,
    /// How the rule names the customer.
    pub customer: Axis,
}

/// How a rule names a product or a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Axis {
    /// Not at all.
    All,
    /// By category or class.
    Group,
    /// Itself.
    One,
}

/// What becomes of candidates that no key tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Last {
    /// They are ambiguous.
    Refuse,
    /// The rule that was made first wins.
    Oldest,
    /// The rule that was made last wins.
    Newest,
}

impl Key {
    /// The word in derivations.
    pub fn code(&self) -> &'static str {
        match self {
            Key::Product => "product",
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

impl Last {
    /// The word in derivations.
    pub fn code(self) -> &'static str {
        match self {
            Last::Refuse => "refuse",
            Last::Oldest => "oldest",
            Last::Newest => "newest",
        }
    }
}

const fn access(product: Axis, customer: Axis) -> Access {
    Access { product, customer }
}

/// From the most special to the most general.
const ACCESSES: &[Access] = &[
    access(Axis::One, Axis::One),
    access(Axis::Group, Axis::One),
    access(Axis::All, Axis::One),
    access(Axis::One, Axis::Group),
    access(Axis::Group, Axis::Group),
    access(Axis::All, Axis::Group),
    access(Axis::One, Axis::All),
    access(Axis::Group, Axis::All),
    access(Axis::All, Axis::All),
];

const fn strategy(name: &'static str, keys: &'static [Key], last: Last) -> Strategy {
    Strategy { name: Cow::Borrowed(name), keys: Cow::Borrowed(keys), last }
}

/// The setting that names the strategy of the enterprise.
pub const STRATEGY_SETTING: &str = "pricing.strategy";

/// The named strategies.
pub static STRATEGIES: &[Strategy] = &[
    strategy(
        "specificity",
        &[Key::Product, Key::Customer, Key::Position, Key::List, Key::MinQuantity],
        Last::Refuse,
    ),
    strategy("priority", &[Key::Priority], Last::Refuse),
    strategy("rule_count", &[Key::RuleCount, Key::Cheapest], Last::Refuse),
    strategy("cheapest", &[Key::Cheapest], Last::Refuse),
    strategy("accesses", &[Key::Accesses(Cow::Borrowed(ACCESSES)), Key::MinQuantity], Last::Refuse),
    strategy("odoo", &[Key::Product, Key::MinQuantity], Last::Newest),
    strategy("erpnext", &[Key::Product, Key::Priority], Last::Refuse),
    strategy("medusa", &[Key::RuleCount, Key::Cheapest], Last::Refuse),
    strategy("best_price", &[Key::Cheapest], Last::Oldest),
    strategy("newest", &[Key::Product, Key::Customer, Key::MinQuantity], Last::Newest),
];

impl Strategy {
    /// The strategy with a name.
    pub fn named(name: &str) -> Option<&'static Strategy> {
        STRATEGIES.iter().find(|strategy| strategy.name == name)
    }
}
