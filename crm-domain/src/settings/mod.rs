//! Settings: what the enterprise decides about itself.
//!
//! Words. The *enterprise* is one record: base currency, zone, rounding policy. It is made by `enterprise.setup`, which
//! also makes the first department, an administrator position with every right and its holder. A *setting* is a
//! decision by key, from a table of keys with their defaults. Beside them stand what documents count in and by: units,
//! exchange rates, taxes, option lists, calendars, payment terms, numbering rules.
//!
//! Promises. Rates of currencies and taxes hold from a date on; what was decided earlier stays as it was. Option codes
//! are stored, names are shown. Every record with a number field gets its number from the rule of its kind.
//!
//! Never. A setting is never read from anywhere but a record: two processes on one database decide alike.

mod calendars;
mod credentials;
pub mod definitions;
mod enterprise;
mod error;
mod keys;
mod lookups;
mod measures;
pub mod numbering;
mod operations;
mod picklists;
mod records;
mod rules;
mod taxes;
pub mod terms;
#[cfg(test)]
mod tests;

pub use calendars::{working_day, working_day_of};
pub use credentials::{Credential, Login, LoginAnswer, SetPassword, SetPasswordAnswer};
pub use enterprise::{EnterpriseAnswer, SetPolicy, enterprise, kept_rounding, policy, rounding_code};
pub use error::*;
pub use keys::{List, ListAnswer, SETTINGS, Set, SettingDef, SettingValue, Takes, setting, setting_code};
pub use lookups::*;
pub use measures::{Ratio, convert, convert_quantity, document_rate, exact_rate, unit_ratio};
pub use numbering::{NumberReset, NumberingRule};
pub use operations::*;
pub use picklists::{ensure_option, picklist_code};
pub use records::*;
pub use taxes::{TaxOn, TaxRates, Taxes, taxes_of};
pub use terms::{DueRule, Instalment, PaymentTerm, ShareKind, SplitMethod, TermLine, instalments, split};

use crm_kernel::model::{Area, KindRules};
use crm_kernel::operation::OperationRow;
use crm_kernel::record::Record;

/// Kinds whose records every call needs: zone and currency.
pub const PROFILE_KINDS: &[u32] = &[Enterprise::NO];

/// The area.
pub const AREA: Area = Area {
    name: "settings",
    kinds: &[
        Enterprise::def,
        Setting::def,
        NumberingRule::def,
        Unit::def,
        ExchangeRate::def,
        Tax::def,
        TaxRate::def,
        TaxPart::def,
        PicklistValue::def,
        Calendar::def,
        CalendarDay::def,
        PaymentTerm::def,
        TermLine::def,
        definitions::CustomKind::def,
        definitions::CustomField::def,
        Credential::def,
    ],
    operations: &[
        OperationRow::of::<Setup>(),
        OperationRow::of::<SetPolicy>(),
        OperationRow::of::<Set>(),
        OperationRow::of::<List>(),
        OperationRow::of::<numbering::Preview>(),
        OperationRow::of::<terms::Preview>(),
        OperationRow::of::<ConvertQuantity>(),
        OperationRow::of::<ConvertAmount>(),
        OperationRow::of::<TaxPercent>(),
        OperationRow::of::<TaxMapPrice>(),
        OperationRow::of::<WorkingDay>(),
        OperationRow::of::<definitions::AddField>(),
        OperationRow::of::<definitions::AddKind>(),
        OperationRow::of::<definitions::ChangeField>(),
        OperationRow::of::<definitions::RetireField>(),
        OperationRow::of::<SetPassword>(),
        OperationRow::of::<Login>(),
    ],
    rules: &[
        KindRules::of(0).save(rules::every).errors(rules::ERRORS),
        KindRules::of(Enterprise::NO)
            .save(enterprise::check)
            .delete(enterprise::removed)
            .errors(&[ALREADY_SET_UP, UNKNOWN_ZONE]),
        KindRules::of(NumberingRule::NO).save(numbering::check).delete(numbering::removed).errors(&[
            NOT_NUMBERED,
            BAD_PATTERN,
            NUMBERS_REPEAT,
        ]),
        KindRules::of(Unit::NO).save(measures::check_unit).errors(&[UNIT_CHAIN, NOT_POSITIVE]),
        KindRules::of(ExchangeRate::NO).save(measures::check_rate).errors(&[SAME_CURRENCY, NOT_POSITIVE]),
        KindRules::of(Tax::NO).save(taxes::check_tax).errors(&[TAX_PARTS]),
        KindRules::of(PicklistValue::NO).save(picklists::check_value).delete(picklists::removed),
        KindRules::of(Calendar::NO).save(calendars::check).errors(&[SECOND_DEFAULT]),
        KindRules::of(PaymentTerm::NO).save(terms::check).errors(&[BAD_TERM, BAD_DUE, NOT_POSITIVE]),
    ],
    rights: &[],
};
