//! Products and the tree of their categories (PRD-01).

use crate::org::Employee;
use crate::parties::Customer;
use crate::settings::{Tax, Unit};
use crm_kernel::currency::Currency;
use crm_kernel::date::{Date, Instant};
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
    /// The least margin of its products, per cent of the price; none is that of the category above.
    #[field(no = 6, percent)]
    pub min_margin_percent: Option<Dec>,
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
    /// The product of which it is a variant: that one's price rules hold for it as well, and quantities of variants can
    /// be counted together.
    #[field(no = 21)]
    pub variant_of: Option<Ref<Product>>,
    /// Below this nobody sells one without the right to.
    #[field(no = 22, unit_price)]
    pub floor_price: Option<Dec>,
    /// The least margin, per cent of the price; none is the category's.
    #[field(no = 23, percent)]
    pub min_margin_percent: Option<Dec>,
    /// For a service: what one of it is good for is counted in.
    #[field(no = 24)]
    pub service_measure: Option<ServiceMeasure>,
    /// How many times, hours or days one is good for: 15 where a ticket is for 15 washes.
    #[field(no = 25, quantity)]
    pub service_quantity: Option<Dec>,
    /// Within how many days from its sale it is used up; for a service by period the length of the period.
    #[field(no = 26)]
    pub service_days: Option<i64>,
}

/// What a service is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum ServiceMeasure {
    /// How often it is done.
    Times,
    /// How many hours it takes.
    Hours,
    /// On how many days it is done.
    Days,
    /// As often as wanted in a period.
    Period,
}

/// What a bundle is made of: one product in it.
#[derive(Clone, Debug, Record)]
#[record(no = 122, unique("bundle", "component"))]
pub struct BundleComponent {
    /// The product that is sold as a bundle.
    #[field(no = 1, index)]
    pub bundle: Ref<Product>,
    /// What is in it; no bundle itself.
    #[field(no = 2)]
    pub component: Ref<Product>,
    /// How many are in one bundle.
    #[field(no = 3, quantity)]
    pub quantity: Dec,
}

/// What a supplier asks for a product: the answer to an inquiry.
#[derive(Clone, Debug, Record)]
#[record(no = 123)]
pub struct SupplierPrice {
    /// The product.
    #[field(no = 1, index)]
    pub product: Ref<Product>,
    /// The supplier.
    #[field(no = 2, title)]
    pub supplier: String,
    /// What one costs.
    #[field(no = 3, unit_price)]
    pub price: Dec,
    /// The currency.
    #[field(no = 4)]
    pub currency: Currency,
    /// The unit; none is the product's.
    #[field(no = 5)]
    pub unit: Option<Ref<Unit>>,
    /// From how many on.
    #[field(no = 6, quantity)]
    pub min_quantity: Option<Dec>,
    /// The first day on which it holds; none is since ever.
    #[field(no = 7)]
    pub valid_from: Option<Date>,
    /// The last day on which it holds; none is for ever.
    #[field(no = 8)]
    pub valid_until: Option<Date>,
    /// In how many days it is delivered.
    #[field(no = 9)]
    pub delivery_days: Option<i64>,
    /// For which customer it was inquired.
    #[field(no = 10)]
    pub customer: Option<Ref<Customer>>,
    /// Notes.
    #[field(no = 11, long_text)]
    pub notes: Option<String>,
    /// Its key in the system that it came from.
    #[field(no = 12, text = 80, unique)]
    pub external_key: Option<String>,
}

/// Somebody looked at a product.
#[derive(Clone, Debug, Record)]
#[record(no = 124, managed)]
pub struct ProductView {
    /// The product.
    #[field(no = 1, index, managed)]
    pub product: Ref<Product>,
    /// The customer who looked, or for whom somebody looked.
    #[field(no = 2, managed)]
    pub customer: Option<Ref<Customer>>,
    /// Who looked or served.
    #[field(no = 3, managed)]
    pub employee: Option<Ref<Employee>>,
    /// On which day.
    #[field(no = 4, index, managed)]
    pub date: Date,
    /// When.
    #[field(no = 5, managed)]
    pub at: Instant,
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
