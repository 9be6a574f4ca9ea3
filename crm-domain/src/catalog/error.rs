//! Refusals of the catalogue of products.

use crm_kernel::error::{Class, Code};

/// A category would stand below itself, or below more than 64 others.
pub const CATEGORY_CYCLE: Code = Code::new("product_category.cycle", Class::Conflict);
/// The product is no longer sold: it cannot be put on a new line.
pub const RETIRED: Code = Code::new("product.retired", Class::Conflict);
/// A price, cost, weight or volume below zero.
pub const NEGATIVE: Code = Code::new("product.negative", Class::Invalid);
/// A service is good for so many of something, goods for nothing.
pub const SERVICE: Code = Code::new("product.service", Class::Invalid);
/// A bundle of nothing, of itself, or of bundles.
pub const BUNDLE: Code = Code::new("bundle_component.bundle", Class::Invalid);
/// A supplier's price below zero, or one that ends before it begins.
pub const SUPPLIER_PRICE: Code = Code::new("supplier_price.price", Class::Invalid);
