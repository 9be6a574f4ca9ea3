//! Refusals of the pricing area.

use crm_kernel::error::{Class, Code};

/// Several rules apply and the strategy does not say which of them wins; `rules` names them.
pub const AMBIGUOUS: Code = Code::new("price.ambiguous", Class::Conflict);
/// No rule applies and the product has no list price.
pub const NO_PRICE: Code = Code::new("price.none", Class::Conflict);
/// A price below zero came out of the rules.
pub const NEGATIVE_PRICE: Code = Code::new("price.negative", Class::Conflict);
/// The unit that was asked for cannot be converted into the rule's or the product's.
pub const UNIT: Code = Code::new("price.unit", Class::Invalid);
/// No strategy of this name.
pub const UNKNOWN_STRATEGY: Code = Code::new("price.unknown_strategy", Class::Invalid);
/// A product and a category, or a customer and a class, in one rule: a rule is for one of them, or for all.
pub const TWO_SCOPES: Code = Code::new("price_rule.two_scopes", Class::Invalid);
/// The last day or the largest quantity lies before the first or the smallest.
pub const BOUNDS: Code = Code::new("price_rule.bounds", Class::Invalid);
/// A price or an amount needs a currency: the rule's own or its list's, and one that is the list's.
pub const RULE_CURRENCY: Code = Code::new("price_rule.currency", Class::Invalid);
/// The value is missing, below zero, over 100 per cent off, or stands beside tiers.
pub const RULE_VALUE: Code = Code::new("price_rule.value", Class::Invalid);
/// The bounds of the tiers do not rise, the first leaves a gap or only the last may be open.
pub const TIERS: Code = Code::new("price_rule.tiers", Class::Invalid);
/// The condition is no condition on a price question.
pub const CONDITION: Code = Code::new("price_rule.condition", Class::Invalid);
/// A discount below 0 or over 100 per cent.
pub const DISCOUNT_PERCENT: Code = Code::new("document.discount_percent", Class::Invalid);
/// The document discount is larger than what it is on, or of the other sign.
pub const DISCOUNT_TOO_LARGE: Code = Code::new("document.discount_too_large", Class::Invalid);
/// A tax below zero.
pub const TAX_PERCENT: Code = Code::new("document.tax_percent", Class::Invalid);
/// A price set by hand needs a reason and is not below zero.
pub const MANUAL_PRICE: Code = Code::new("price.manual", Class::Invalid);
/// A price is asked for a quantity other than 0.
pub const NO_QUANTITY: Code = Code::new("price.quantity", Class::Invalid);
/// The price list that was named does not hold here: `reason` says why.
pub const LIST_NOT_OPEN: Code = Code::new("price.list_not_open", Class::Conflict);
