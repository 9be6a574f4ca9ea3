//! Refusals of the catalogue of products.

use crm_kernel::error::{Class, Code};

/// A category would stand below itself, or below more than 64 others.
pub const CATEGORY_CYCLE: Code = Code::new("product_category.cycle", Class::Conflict);
/// The product is no longer sold: it cannot be put on a new line.
pub const RETIRED: Code = Code::new("product.retired", Class::Conflict);
/// A price, cost, weight or volume below zero.
pub const NEGATIVE: Code = Code::new("product.negative", Class::Invalid);
