//! Prices: who pays what for which product, when and from which quantity on (PRD-02, PRD-03, commerce.md 2.1 to 2.5).
//!
//! Words. A *price list* holds prices of one currency. A *price rule* says for whom, for what, when and from which quantity
//! on, and the price that follows: fixed, or off or on top of the list price, by tiers where it has them. A *question* asks
//! for the price of a product; *candidates* are the rules for its product and party; hard filters refuse some, and a named
//! *strategy* chooses among the rest. A *derivation* tells all of it: each candidate with the reason why it was taken or
//! not, each effect with its base and exact share, each rounding.
//!
//! Promises. Two rules that the strategy cannot tell apart are an error that names them, never a silent choice. A price is
//! not rounded; a line is rounded once. The pricing date is part of the question. Where no rule holds, the product's list
//! price does.
//!
//! Never. The engine ([`engine`]) and the totals ([`totals`]) read no store. No rule changes a line that has its price: what
//! was quoted stays until somebody asks for the price again.

pub mod derivation;
pub mod engine;
mod error;
mod line;
mod operations;
mod price;
mod records;
mod rules;
pub mod scale;
pub mod strategy;
#[cfg(test)]
mod tests;
pub mod totals;
mod unit_price;

pub use error::*;
pub use line::{
    DocumentTerms, LineFields, PricedLine, fill_line, fill_lines, fill_totals, set_manual_price, tax_rules,
    unit_cost,
};
pub use operations::{PriceAnswer, PriceGet};
pub use price::{Item, Priced, Terms, prices};
pub use records::*;
pub use totals::{
    Charge, DocumentDiscount, DocumentInput, LineInput, LineTotals, TaxCalculation, TaxRules, Totals,
};
pub use unit_price::{PRICE_SCALE, UnitPrice};

use crate::settings::Setting;
use crm_kernel::model::{Area, KindRules};
use crm_kernel::operation::OperationRow;
use crm_kernel::record::Record;

/// The area.
pub const AREA: Area = Area {
    name: "pricing",
    kinds: &[PriceList::def, PriceRule::def, PriceTier::def, PriceInquiry::def],
    operations: &[OperationRow::of::<PriceGet>()],
    rules: &[
        KindRules::of(Setting::NO).save(rules::setting).errors(&[UNKNOWN_STRATEGY]),
        KindRules::of(PriceList::NO).save(rules::price_list).errors(&[BOUNDS]),
        KindRules::of(PriceRule::NO).save(rules::price_rule).errors(&[
            TWO_SCOPES,
            RULE_VALUE,
            BOUNDS,
            RULE_CURRENCY,
            TIERS,
            CONDITION,
        ]),
    ],
    rights: &[],
};
