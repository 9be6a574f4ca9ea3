//! The catalogue of products: what the enterprise sells (PRD-01).
//!
//! Words. A *product* is goods or a service with a code, a unit, a tax class, a list price and a cost. *Categories* are a
//! tree; a rule for a category holds for all below it. A *retired* product stays on the lines it is on. A *variant* follows
//! another product. A *bundle* is a product that holds others. A service may be good for so many times, hours or days, or
//! for a period. A *supplier price* is the answer to an inquiry. A *view* is somebody's look at a product.
//!
//! Promises. The tree has no cycles. A retired product is put on no new line ([`sellable`] is the check, and every area
//! that makes lines goes through it).
//!
//! Never. It knows no prices beyond the list price: who pays what, when and for how many is the pricing area's.

mod error;
mod operations;
mod records;
mod rules;

pub use error::*;
pub use operations::{
    CompareSuppliers, CompareSuppliersAnswer, SupplierOffer, View, ViewAnswer, ViewedProduct, Views,
    ViewsAnswer,
};
pub use records::*;
pub use rules::{DEEPEST_CATEGORY, category_path, sellable};

use crm_kernel::model::{Area, KindRules};
use crm_kernel::operation::OperationRow;
use crm_kernel::record::Record;

/// The area. Products and what hangs on them are ordinary records: `record.create` and its siblings do the work on them.
pub const AREA: Area = Area {
    name: "catalog",
    kinds: &[ProductCategory::def, Product::def, BundleComponent::def, SupplierPrice::def, ProductView::def],
    operations: &[
        OperationRow::of::<operations::CompareSuppliers>(),
        OperationRow::of::<operations::View>(),
        OperationRow::of::<operations::Views>(),
    ],
    rules: &[
        KindRules::of(ProductCategory::NO).save(rules::category).errors(&[CATEGORY_CYCLE]),
        KindRules::of(Product::NO).save(rules::product).errors(&[NEGATIVE, SERVICE]),
        KindRules::of(BundleComponent::NO).save(rules::component).errors(&[BUNDLE]),
        KindRules::of(SupplierPrice::NO).save(rules::supplier_price).errors(&[SUPPLIER_PRICE]),
    ],
    rights: &[],
};
