//! Products and the tree of their categories (PRD-01).

use crate::settings::{Tax, Unit};
use crm_kernel::currency::Currency;
use crm_kernel::dec::Dec;
use crm_kernel::id::Ref;
use crm_kernel::{Choice, Record};

/// A class of products: a node of the category tree.
#[derive(Clone, Debug, Record)]
#[record(no = 120, table = "product_categories")]
pub struct ProductCategory {
    /// A short code, unique.
    #[field(no = 1, text = 60, unique)]
    pub code: String,
    /// The name.
    #[field(no = 2, title)]
    pub name: String,
    /// The category above; none at the top.
    #[field(no = 3, index)]
    pub superior: Option<Ref<ProductCategory>>,
    /// What it holds.
    #[field(no = 4, long_text)]
    pub description: Option<String>,
    /// Its key in the system that it came from.
    #[field(no = 5, text = 80, unique)]
    pub external_key: Option<String>,
}

/// Something sold: goods or a service.
#[derive(Clone, Debug, Record)]
#[record(no = 121)]
pub struct Product {
    /// The product code, unique.
    #[field(no = 1, text = 60, unique)]
    pub code: String,
    /// The name.
    #[field(no = 2, title, index)]
    pub name: String,
    /// The name in another language.
    #[field(no = 3)]
    pub other_name: Option<String>,
    /// Its category.
    #[field(no = 4, index)]
    pub category: Option<Ref<ProductCategory>>,
    /// Goods or a service.
    #[field(no = 5, default = "\"goods\"")]
    pub product_type: ProductType,
    /// The manufacturer's model.
    #[field(no = 6, text = 120)]
    pub model: Option<String>,
    /// The specification: size, material, version.
    #[field(no = 7, long_text)]
    pub specification: Option<String>,
    /// The unit in which it is kept and priced.
    #[field(no = 8)]
    pub unit: Option<Ref<Unit>>,
    /// The tax on its sale.
    #[field(no = 9)]
    pub tax: Option<Ref<Tax>>,
    /// Who supplies it.
    #[field(no = 10)]
    pub supplier: Option<String>,
    /// The price of one unit where no price rule says otherwise.
    #[field(no = 11, unit_price)]
    pub list_price: Option<Dec>,
    /// The currency of list price and cost; none is the enterprise's.
    #[field(no = 12)]
    pub currency: Option<Currency>,
    /// What one unit costs the enterprise.
    #[field(no = 13, unit_price, sensitive)]
    pub cost: Option<Dec>,
    /// Whether it is sold.
    #[field(no = 14, index, default = "\"active\"")]
    pub state: ProductState,
    /// Where its picture is: a file name or an address that the host understands.
    #[field(no = 15)]
    pub picture: Option<String>,
    /// The weight of one unit, in kilograms.
    #[field(no = 16, decimal(18, 6))]
    pub weight: Option<Dec>,
    /// The volume of one unit, in cubic metres.
    #[field(no = 17, decimal(18, 6))]
    pub volume: Option<Dec>,
    /// What a customer should know of it.
    #[field(no = 18, long_text)]
    pub description: Option<String>,
    /// Its key in the system that it came from.
    #[field(no = 19, text = 80, unique)]
    pub external_key: Option<String>,
    /// Notes.
    #[field(no = 20, long_text)]
    pub notes: Option<String>,
}

/// What sort of thing is sold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum ProductType {
    /// Goods that are delivered from stock.
    Goods,
    /// A service.
    Service,
}

/// Whether a product is sold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum ProductState {
    /// It can be quoted and ordered.
    Active,
    /// No longer sold: old lines keep it, new ones cannot take it.
    Retired,
}
