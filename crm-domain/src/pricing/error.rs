//! Refusals of the pricing area.

use crm_kernel::error::{Class, Code, Error};

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
/// An electronic invoice has one tax on a line.
pub const SEVERAL_TAXES: Code = Code::new("document.several_taxes", Class::Conflict);
/// A price set by hand needs a reason and is not below zero.
pub const MANUAL_PRICE: Code = Code::new("price.manual", Class::Invalid);
/// A price is asked for a quantity other than 0.
pub const NO_QUANTITY: Code = Code::new("price.quantity", Class::Invalid);
/// The price list that was named does not hold here: `reason` says why.
pub const LIST_NOT_OPEN: Code = Code::new("price.list_not_open", Class::Conflict);
/// What the stage of a rule does not allow: a rule where the seller's own discount stands, anything but per cent of what
/// is left for partners, anything but a discount on documents.
pub const STAGE: Code = Code::new("price_rule.stage", Class::Invalid);
/// The measure is no number over a price question, or a rolling period has no length.
pub const MEASURE: Code = Code::new("price_rule.measure", Class::Invalid);
/// A package, multiple or margin that is none.
pub const FORMULA: Code = Code::new("price_rule.formula", Class::Invalid);
/// Free goods need how many, for every how many, and nothing else.
pub const FREE_GOODS: Code = Code::new("price_rule.free_goods", Class::Invalid);
/// A price list would build on itself, or on more than 16 others.
pub const LIST_CYCLE: Code = Code::new("price_list.cycle", Class::Conflict);
/// A list builds on one of another currency.
pub const LIST_CURRENCY: Code = Code::new("price_list.currency", Class::Invalid);
/// Groups that are compared or suppress name one other of their stage, which does not suppress them in turn.
pub const AGAINST: Code = Code::new("exclusion_group.against", Class::Invalid);
/// A strategy without keys, an access without axes, a level without stage.
pub const STRATEGY_KEYS: Code = Code::new("price_strategy.keys", Class::Invalid);
/// A derivation that cannot be read or checked: it is not one, of another database, or says a `source` instead of rules.
pub const CERTIFICATE: Code = Code::new("price.certificate", Class::Invalid);
/// An authority is somebody's or a position's, not both, and from 0 to 100 per cent.
pub const AUTHORITY: Code = Code::new("discount_authority.holder", Class::Invalid);
/// More is taken off than the authority of who does it: `most` is how much it allows.
pub const BEYOND_AUTHORITY: Code = Code::new("price.beyond_authority", Class::NeedsApproval);
/// The price falls below the floor, and who sets it has no right to that.
pub const BELOW_FLOOR: Code = Code::new("price.below_floor", Class::NeedsApproval);
/// An offer names its products beside its rule, each once, not in it.
pub const OFFER: Code = Code::new("price.offer", Class::Invalid);
/// A line of the history has no product, quantity or date, or an expression gives something else.
pub const REPLAY: Code = Code::new("price.replay", Class::Invalid);
/// The product holds no others.
pub const NO_BUNDLE: Code = Code::new("price.no_bundle", Class::Conflict);

/// A discount on the whole is a percentage or an amount, not both.
pub const TWO_DISCOUNTS: Code = Code::new("document.two_discounts", Class::Invalid);

/// An amount that no money column holds stands at the quantity of what comes to it, where it names no place yet.
pub(crate) fn of_quantity(error: Error) -> Error {
    if error.code() == Code::OUT_OF_RANGE { error.or_at("/quantity") } else { error }
}
/// Freight and other charges are not below zero.
pub const NEGATIVE_CHARGE: Code = Code::new("document.negative_charge", Class::Invalid);
