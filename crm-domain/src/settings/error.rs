//! Refusals of the settings.

use crm_kernel::error::{Class, Code};

/// The enterprise has been set up already.
pub const ALREADY_SET_UP: Code = Code::new("enterprise.already_set_up", Class::Conflict);
/// The enterprise has not been set up yet.
pub const NOT_SET_UP: Code = Code::new("enterprise.not_set_up", Class::Conflict);
/// A zone whose rules are not known.
pub const UNKNOWN_ZONE: Code = Code::new("enterprise.unknown_zone", Class::Invalid);

/// The currency of the books cannot change any more: a record holds an amount.
pub const CURRENCY_IN_USE: Code = Code::new("enterprise.currency_in_use", Class::Conflict);

/// No setting has this key.
pub const UNKNOWN_SETTING: Code = Code::new("setting.unknown", Class::Invalid);
/// The value is none of those that the setting takes.
pub const BAD_SETTING: Code = Code::new("setting.bad_value", Class::Invalid);

/// A unit's base unit is itself counted in another, or is the unit itself.
pub const UNIT_CHAIN: Code = Code::new("unit.base_is_derived", Class::Invalid);
/// The two units have no base unit in common.
pub const NO_CONVERSION: Code = Code::new("unit.no_conversion", Class::Invalid);

/// No exchange rate stands on or before the date.
pub const NO_RATE: Code = Code::new("currency.no_rate", Class::Conflict);
/// A rate from a currency to itself.
pub const SAME_CURRENCY: Code = Code::new("currency.same", Class::Invalid);

/// The tax has no rate on or before the date.
pub const NO_TAX_RATE: Code = Code::new("tax.no_rate", Class::Conflict);
/// A tax that is made of others has rates of its own, or is made of one that is made of others.
pub const TAX_PARTS: Code = Code::new("tax.parts", Class::Invalid);

/// A number that has to be above zero.
pub const NOT_POSITIVE: Code = Code::new("value.not_positive", Class::Invalid);

/// The option was retired: it stays where it stands and cannot be chosen any more.
pub const OPTION_RETIRED: Code = Code::new("picklist.option_retired", Class::Conflict);

/// A second calendar would be the default one.
pub const SECOND_DEFAULT: Code = Code::new("calendar.second_default", Class::Conflict);
/// No working day within a year of the date.
pub const NO_WORKING_DAY: Code = Code::new("calendar.no_working_day", Class::Conflict);

/// The due rule of a term cannot be read; the place is given.
pub const BAD_DUE: Code = Code::new("payment_term.bad_due", Class::Invalid);
/// The lines of a term do not always add up to the total.
pub const BAD_TERM: Code = Code::new("payment_term.bad_lines", Class::Invalid);
/// Fixed amounts of a term exceed the total.
pub const AMOUNTS_EXCEED: Code = Code::new("payment_term.amounts_exceed", Class::Conflict);
/// The term has fixed amounts of another currency than the total.
pub const TERM_CURRENCY: Code = Code::new("payment_term.other_currency", Class::Conflict);

/// The pattern of a numbering rule cannot be read; the place is given.
pub const BAD_PATTERN: Code = Code::new("numbering.bad_pattern", Class::Invalid);
/// Numbers would repeat: what starts the counter again does not show in them.
pub const NUMBERS_REPEAT: Code = Code::new("numbering.repeats", Class::Invalid);
/// A value that the pattern shows is missing on the record.
pub const NO_TOKEN: Code = Code::new("numbering.no_value", Class::Conflict);
/// Records of this kind have no number.
pub const NOT_NUMBERED: Code = Code::new("numbering.not_numbered", Class::Invalid);
/// A number never changes once it is given.
pub const NUMBER_CHANGED: Code = Code::new("numbering.number_changed", Class::Conflict);

/// The definitions would contradict each other or break a rule of names; the place and the fault are given.
pub const DEFINITION_INVALID: Code = Code::new("definition.invalid", Class::Invalid);
/// The field was retired.
pub const DEFINITION_RETIRED: Code = Code::new("definition.retired", Class::Conflict);
/// A required field without default on a kind whose records are made by operations that do not know it.
pub const REQUIRED_WITHOUT_DEFAULT: Code = Code::new("definition.required_without_default", Class::Invalid);
/// The record does not fulfil the condition that a field made at run time brings.
pub const CHECK_FAILED: Code = Code::new("field.check_failed", Class::Invalid);

/// A password shorter than the least length.
pub const PASSWORD_SHORT: Code = Code::new("password.too_short", Class::Invalid);
/// The new password and its confirmation differ.
pub const PASSWORD_UNCONFIRMED: Code = Code::new("password.not_confirmed", Class::Invalid);
/// The old password is another one.
pub const PASSWORD_WRONG: Code = Code::new("password.wrong", Class::Forbidden);
/// The new password is the old one.
pub const PASSWORD_UNCHANGED: Code = Code::new("password.unchanged", Class::Invalid);
/// Nobody who may sign in has this code and this password.
pub const LOGIN_REFUSED: Code = Code::new("session.login_refused", Class::Forbidden);
