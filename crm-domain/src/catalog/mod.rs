//! The catalogue of products: what the enterprise sells (PRD-01).
//!
//! Words. A *product* is goods or a service with a code, a unit, a tax class, a list price and a cost. *Categories* are a
//! tree; a rule for a category holds for all below it. A *retired* product stays on the lines it is on.
//!
//! Promises. The tree has no cycles. A retired product is put on no new line ([`sellable`] is the check, and every area
//! that makes lines goes through it).
//!
//! Never. It knows no prices beyond the list price: who pays what, when and for how many is the pricing area's.

mod error;
mod records;
mod rules;

pub use error::*;
pub use records::*;
pub use rules::{DEEPEST_CATEGORY, category_path, sellable};

use crm_kernel::model::{Area, KindRules};
use crm_kernel::record::Record;

/// The area. Products and categories are ordinary records: `record.create` and its siblings do all the work on them.
pub const AREA: Area = Area {
    name: "catalog",
    kinds: &[ProductCategory::def, Product::def],
    operations: &[],
    rules: &[
        KindRules::of(ProductCategory::NO).save(rules::category).errors(&[CATEGORY_CYCLE]),
        KindRules::of(Product::NO).save(rules::product).errors(&[NEGATIVE]),
    ],
    rights: &[],
};
