//! Supplier prices compared (PRD-06), products looked at (PRD-07).

use super::{Product, ProductView, SupplierPrice};
use crate::org::Employee;
use crate::parties::Customer;
use crate::records::page;
use crate::settings::{NO_CONVERSION, NO_RATE, NOT_POSITIVE, NOT_SET_UP, Unit, convert_quantity, exact_rate};
use crm_kernel::Record;
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::{Dec, Rounding};
use crm_kernel::error::{Code, Result};
use crm_kernel::expr::Expr;
use crm_kernel::expr::node::Ty;
use crm_kernel::id::Ref;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::plan::{Aggregate, GroupKey, Measure};
use crm_kernel::record::Record as _;
use crm_kernel::value::Value;
use crm_kernel::work::Work;

/// What suppliers ask for a product, the cheapest first: prices that hold on a day for a quantity, in one currency and
/// unit.
#[derive(Clone, Debug, Record)]
#[record(name = "supplier_price_compare")]
pub struct CompareSuppliers {
    /// The product.
    pub product: Ref<Product>,
    /// How many, in `unit`; above zero.
    #[field(quantity, default = "\"1\"")]
    pub quantity: Dec,
    /// The unit; none is the product's.
    pub unit: Option<Ref<Unit>>,
    /// The day; none is today.
    pub date: Option<Date>,
    /// The currency; none is the enterprise's.
    pub currency: Option<Currency>,
}

/// What suppliers ask.
#[derive(Clone, Debug, Record)]
#[record(name = "supplier_price_compare_answer")]
pub struct CompareSuppliersAnswer {
    /// The currency of the prices.
    pub currency: Currency,
    /// The cheapest first; what cannot be converted last, without price.
    pub offers: Vec<SupplierOffer>,
}

/// What one supplier asks.
#[derive(Clone, Debug, Record)]
#[record(name = "supplier_offer")]
pub struct SupplierOffer {
    /// The price as it was given.
    pub supplier_price: Ref<SupplierPrice>,
    /// The supplier.
    pub supplier: String,
    /// What one costs in the currency and unit asked for; none where unit or currency cannot be converted.
    #[field(unit_price)]
    pub price: Option<Dec>,
    /// In how many days it is delivered.
    pub delivery_days: Option<i64>,
}

impl Operation for CompareSuppliers {
    const NAME: &'static str = "supplier_price.compare";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::Right { kind: "supplier_price", verb: "read" };
    const ERRORS: &'static [Code] = &[NOT_SET_UP, NOT_POSITIVE];
    const CAPABILITIES: &'static [&'static str] = &["PRD-06"];
    const EXAMPLE: &'static str = r#"{"product":"$product","quantity":"10"}"#;
    type Answer = CompareSuppliersAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<CompareSuppliersAnswer> {
        if !self.quantity.is_positive() {
            return Err(NOT_POSITIVE.at("/quantity"));
        }
        let product = work.find(self.product).map_err(|error| error.at("/product"))?;
        let currency = self.currency.or(work.base()).ok_or_else(|| NOT_SET_UP.error())?;
        let date = self.date.unwrap_or_else(|| work.today());
        let names = [
            ("asked", Ty::Ref(Product::NO), Value::Ref(self.product.id())),
            ("day", Ty::Date, Value::Date(date)),
        ];
        let holds = "product == asked && (valid_from == null || valid_from <= day) \
                     && (valid_until == null || day <= valid_until)";
        let unit = self.unit.or(product.unit);
        let mut offers = Vec::new();
        for found in work.select::<SupplierPrice>(holds, &names)? {
            // How many of the supplier's unit one of the unit asked for is.
            let own = match (unit, found.unit.or(product.unit)) {
                (Some(unit), Some(own)) => match convert_quantity(work, Dec::ONE, unit, own) {
                    Ok(own) => Some(own),
                    Err(error) if error.code() == NO_CONVERSION => None,
                    Err(error) => return Err(error),
                },
                // What has no unit is counted in none.
                (None, None) => Some(Dec::ONE),
                _ => None,
            };
            let rate = match exact_rate(work, found.currency, currency, date) {
                Ok(rate) => Some(rate),
                Err(error) if error.code() == NO_RATE => None,
                Err(error) => return Err(error),
            };
            if let (Some(own), Some(least)) = (own, found.min_quantity)
                && self.quantity.mul(own)? < least
            {
                continue;
            }
            let price = match (own, rate) {
                (Some(own), Some(rate)) => Some(rate.times(found.price.mul(own)?, 6, Rounding::HalfUp)?),
                _ => None,
            };
            offers.push(SupplierOffer {
                supplier_price: found.id,
                supplier: found.supplier.clone(),
                price,
                delivery_days: found.delivery_days,
            });
        }
        offers.sort_by(|one, other| {
            let key = |offer: &SupplierOffer| (offer.price.is_none(), offer.price);
            key(one).cmp(&key(other)).then_with(|| one.supplier.cmp(&other.supplier))
        });
        Ok(CompareSuppliersAnswer { currency, offers })
    }
}

/// Takes note that somebody looked at a product.
#[derive(Clone, Debug, Record)]
#[record(name = "product_view_request")]
pub struct View {
    /// The product.
    pub product: Ref<Product>,
    /// The customer who looked, or for whom somebody looked.
    pub customer: Option<Ref<Customer>>,
}

/// That it was noted.
#[derive(Clone, Debug, Record)]
#[record(name = "product_view_answer")]
pub struct ViewAnswer {
    /// The note.
    pub view: Ref<ProductView>,
}

impl Operation for View {
    const NAME: &'static str = "product.view";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "product", verb: "read" };
    const CAPABILITIES: &'static [&'static str] = &["PRD-07"];
    const EXAMPLE: &'static str = r#"{"product":"$product","customer":"$customer"}"#;
    type Answer = ViewAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<ViewAnswer> {
        work.find(self.product).map_err(|error| error.at("/product"))?;
        if let Some(customer) = self.customer {
            work.find(customer).map_err(|error| error.at("/customer"))?;
        }
        let employee = work.context().actor.map(Ref::<Employee>::new);
        let view = ProductView {
            product: self.product,
            customer: self.customer,
            employee,
            date: work.today(),
            at: work.now(),
        };
        let view = work.system(|work| work.insert(&view))?;
        Ok(ViewAnswer { view: view.id })
    }
}

/// How often products were looked at, and which part of all views that is.
#[derive(Clone, Debug, Record)]
#[record(name = "product_views")]
pub struct Views {
    /// The first day; none is since ever.
    pub from: Option<Date>,
    /// The last day; none is until today.
    pub until: Option<Date>,
    /// Only views of or for this customer.
    pub customer: Option<Ref<Customer>>,
    /// At most so many products, from 1 to 10000.
    #[field(default = "100")]
    pub limit: i64,
}

/// How often products were looked at.
#[derive(Clone, Debug, Record)]
#[record(name = "product_views_answer")]
pub struct ViewsAnswer {
    /// All views.
    pub views: i64,
    /// The products, the most viewed first.
    pub products: Vec<ViewedProduct>,
}

/// How often a product was looked at.
#[derive(Clone, Debug, Record)]
#[record(name = "viewed_product")]
pub struct ViewedProduct {
    /// The product.
    pub product: Ref<Product>,
    /// How often.
    pub views: i64,
    /// Per cent of all views, rounded half up to two decimals.
    #[field(percent)]
    pub share_percent: Dec,
}

impl Operation for Views {
    const NAME: &'static str = "product.views";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::Right { kind: "product_view", verb: "read" };
    const CAPABILITIES: &'static [&'static str] = &["PRD-07"];
    const EXAMPLE: &'static str = r#"{"limit":10}"#;
    type Answer = ViewsAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<ViewsAnswer> {
        let limit = page(self.limit, 10_000)? as usize;
        let day = |date: Option<Date>| date.map_or(Value::Null, Value::Date);
        let names = [
            ("first", Ty::Date, day(self.from.or(Some(Date::MIN)))),
            ("last", Ty::Date, day(self.until.or(Some(Date::MAX)))),
            ("who", Ty::Ref(Customer::NO), self.customer.map_or(Value::Null, |who| Value::Ref(who.id()))),
        ];
        let of = if self.customer.is_some() { " && customer == who" } else { "" };
        let filter = format!("date >= first && date <= last{of}");
        let filter = work.expression(ProductView::NO, &filter, &names)?;
        let catalogue = work.catalogue();
        let by = Expr::field(&catalogue, ProductView::NO, "product")?;
        let groups = work.aggregate(Aggregate {
            kind: ProductView::NO,
            filter: Some(filter),
            group: vec![GroupKey { by, period: None }],
            measures: vec![Measure::Count],
        })?;
        let mut products = Vec::new();
        for group in &groups {
            let [product, views] = group.as_slice() else { continue };
            let views = views.as_dec().map_or(Ok(0), |views| views.to_i64_at(0))?;
            if let Some(product) = product.as_id() {
                products.push(ViewedProduct { product: Ref::new(product), views, share_percent: Dec::ZERO });
            }
        }
        let all: i64 = products.iter().map(|one| one.views).sum();
        products.sort_by_key(|one| (std::cmp::Reverse(one.views), one.product.id().number()));
        products.truncate(limit);
        for one in &mut products {
            let (views, all) = (Dec::from_int(one.views), Dec::from_int(all));
            one.share_percent = views.mul_div(Dec::HUNDRED, all, 2, Rounding::HalfUp)?;
        }
        Ok(ViewsAnswer { views: all, products })
    }
}
