//! Prices: who pays what for which product, when and from which quantity on (PRD-02 to PRD-04, PRD-08, commerce.md 2.1
//! to 2.5).
//!
//! Words. A *price list* holds prices of one currency and may build on another. A *price rule* says for whom, for what,
//! when and from which quantity on, and what follows. Rules work in *stages*: one rule of the first makes the price, rules
//! of later ones take effect on it, those of the last on lines together. A *question* asks for the price of a product;
//! *candidates* are the rules for its product and party; hard filters refuse some, and a named *strategy* chooses among the
//! rest. *Groups* of effects exclude one another ([`exclusion`]), on a line by its price and on a document by what is left of
//! all its lines. A *derivation* tells all of it: each candidate with the reason why it was
//! taken or not, each effect with its base and exact share, each rounding. A *tariff* is the rules and how they are applied,
//! read once for many questions; where nothing but the price is wanted, `price.amount` gives it without a derivation.
//!
//! Promises. Two rules that the strategy cannot tell apart, and two effects whose order matters and is not said, are an
//! error that names them, never a silent choice. A price is rounded where the strategy says and nowhere else. The pricing
//! date is part of the question. Where no rule holds, the product's list price does. With the rules of its time a
//! derivation can be checked again ([`certificate`]). Whatever is shared out adds up.
//!
//! Never. What decides reads no store: the engine, the [`waterfall`], [`judge`] and the [`totals`] are pure. No rule changes
//! a line that has its price: what was quoted stays until somebody asks for the price again. What rules take off lines
//! together belongs to the document: it follows the lines of a draft ([`effects`]). A document that is no draft any more goes
//! on as it was calculated ([`DocumentPolicy`]).

pub mod allocation;
mod alone;
mod bought;
pub mod bundle;
mod bundle_price;
pub mod certificate;
mod counting;
pub mod derivation;
mod document;
pub mod effects;
pub mod einvoice;
pub mod engine;
mod error;
pub mod exclusion;
pub mod formula;
pub mod free_goods;
pub mod guard;
pub mod index;
pub mod judge;
mod line;
pub mod lint;
mod linting;
mod lists;
mod offer;
mod operations;
mod policy;
mod price;
mod questions;
mod reading;
mod records;
mod replay;
mod rules;
pub mod scale;
mod sharing;
pub mod strategy;
mod tariff;
pub mod tax;
#[cfg(test)]
mod tests;
pub mod totals;
mod unit_price;
pub mod waterfall;

pub use alone::{Alone, alone, document_bounds};
pub use bought::bought;
pub use bundle_price::PriceBundle;
pub use certificate::{PriceVerify, PriceVerifyAnswer};
pub use derivation::free_left_out;
pub use document::{PriceDocument, PriceDocumentAnswer, TaxAnswer, TotalsProfile, paid_before};
pub use effects::{DocumentHit, LineEffect, Off, Standing, judge_effects};
pub use error::*;
pub use free_goods::{FreeLine, FreeTerms};
pub use line::{
    DocumentTerms, LineFields, PricedLine, Stand, asked_quantities, fill_line, fill_lines, fill_totals,
    guard_effects, guard_line, guard_whole, left_by_rules, set_manual_price, stands, tax_rules, unit_cost,
};
pub use linting::PriceLint;
pub use offer::PriceOffer;
pub use operations::{PriceAmount, PriceAmountAnswer, PriceAnswer, PriceGet, REFUSALS};
pub use policy::DocumentPolicy;
pub use price::{Beside, Bought, Explained, Item, Priced, Terms, prices};
pub use questions::{PriceNextBreak, PriceWhyNot, floor_of};
pub use records::*;
pub use replay::PriceReplay;
pub use tariff::discount_is_level;
pub use tax::{TaxGroup, taxes_on};
pub use totals::{
    Charge, DocumentDiscount, DocumentEffect, DocumentInput, EffectValue, LineInput, LineTotals,
    TaxCalculation, TaxRules, Totals,
};
pub use unit_price::{PRICE_SCALE, UnitPrice};

use crate::settings::Setting;
use crm_kernel::model::{Area, KindRules};
use crm_kernel::operation::OperationRow;
use crm_kernel::record::Record;

/// The area.
pub const AREA: Area = Area {
    name: "pricing",
    kinds: &[
        PriceList::def,
        PriceRule::def,
        PriceTier::def,
        PriceInquiry::def,
        PriceStrategy::def,
        PriceStrategyKey::def,
        ExclusionGroup::def,
        DiscountAuthority::def,
    ],
    operations: &[
        OperationRow::of::<PriceGet>(),
        OperationRow::of::<PriceAmount>(),
        OperationRow::of::<PriceDocument>(),
        OperationRow::of::<PriceVerify>(),
        OperationRow::of::<PriceBundle>(),
        OperationRow::of::<PriceOffer>(),
        OperationRow::of::<PriceWhyNot>(),
        OperationRow::of::<PriceNextBreak>(),
        OperationRow::of::<PriceLint>(),
        OperationRow::of::<PriceReplay>(),
    ],
    rules: &[
        KindRules::of(Setting::NO).save(rules::setting).errors(&[UNKNOWN_STRATEGY]),
        KindRules::of(PriceList::NO).save(rules::price_list).errors(&[BOUNDS, LIST_CYCLE, LIST_CURRENCY]),
        KindRules::of(PriceRule::NO).save(rules::price_rule).errors(&[
            TWO_SCOPES,
            RULE_VALUE,
            BOUNDS,
            RULE_CURRENCY,
            TIERS,
            CONDITION,
            STAGE,
            MEASURE,
            FORMULA,
            FREE_GOODS,
            UNIT,
        ]),
        KindRules::of(PriceStrategy::NO).save(rules::price_strategy).errors(&[STRATEGY_KEYS]),
        KindRules::of(DiscountAuthority::NO).save(rules::discount_authority).errors(&[AUTHORITY]),
        KindRules::of(ExclusionGroup::NO).save(rules::exclusion_group).errors(&[AGAINST]),
    ],
    rights: &[],
};
