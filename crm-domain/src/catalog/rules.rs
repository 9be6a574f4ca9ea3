//! Decisions of the catalogue of products.

use super::{
    BUNDLE, BundleComponent, CATEGORY_CYCLE, NEGATIVE, Product, ProductCategory, ProductState, ProductType,
    RETIRED, SERVICE, SUPPLIER_PRICE, ServiceMeasure, SupplierPrice,
};
use crm_kernel::dec::Dec;
use crm_kernel::error::{Code, Result};
use crm_kernel::expr::node::Ty;
use crm_kernel::id::Ref;
use crm_kernel::record::Record;
use crm_kernel::value::{Row, Value};
use crm_kernel::work::{Stored, Work};

/// A chain of categories longer than this is taken for a cycle.
pub const DEEPEST_CATEGORY: usize = 64;

/// A product that may be put on a new line. Errors: `field.dangling_reference` where there is none that the actor may
/// see, `product.retired` where it is no longer sold.
pub fn sellable(work: &mut Work<'_>, product: Ref<Product>) -> Result<Stored<Product>> {
    let missing = || Code::DANGLING.error().with("kind", "product").with("id", product.to_string());
    let found = work.look(product)?.ok_or_else(missing)?;
    match found.state {
        ProductState::Active => Ok(found),
        ProductState::Retired => Err(RETIRED.error().with("product", found.code.clone())),
    }
}

/// A category and all above it, nearest first; nothing for no category. Errors: `product_category.cycle` where the
/// tree is damaged.
pub fn category_path(
    work: &mut Work<'_>,
    category: Option<Ref<ProductCategory>>,
) -> Result<Vec<Ref<ProductCategory>>> {
    let mut path = Vec::new();
    let mut here = category;
    while let Some(next) = here {
        if path.len() >= DEEPEST_CATEGORY || path.contains(&next) {
            return Err(CATEGORY_CYCLE.error());
        }
        path.push(next);
        here = match work.system(|work| work.look(next))? {
            Some(found) => found.superior,
            None => None,
        };
    }
    Ok(path)
}

/// The longest that a service is good for, in days: a hundred years. Whatever day it is sold on, its last day is one.
const LONGEST_SERVICE: i64 = 36_525;

/// A margin is a part of the price: not below nothing, and all of it would leave nothing for the cost.
fn margin(percent: Option<Dec>) -> Result<()> {
    match percent.filter(|percent| percent.is_negative() || *percent >= Dec::HUNDRED) {
        Some(percent) => Err(Code::OUT_OF_RANGE.at("/min_margin_percent").with("value", percent.to_string())),
        None => Ok(()),
    }
}

/// A category does not stand below itself, and its margin is one.
pub(super) fn category(work: &mut Work<'_>, _kind: u32, old: Option<&Row>, new: &mut Row) -> Result<()> {
    let category = ProductCategory::from_row(new)?;
    margin(category.min_margin_percent)?;
    let unchanged = match old {
        Some(old) => ProductCategory::from_row(old)?.superior == category.superior,
        None => false,
    };
    if unchanged {
        return Ok(());
    }
    let above =
        category_path(work, category.superior).map_err(|error| match error.code() == CATEGORY_CYCLE {
            true => error.at("/superior"),
            false => error,
        })?;
    // The path is as long as the tree above is deep; one more level must still fit.
    if above.len() >= DEEPEST_CATEGORY || above.iter().any(|above| above.id().number() == new.id) {
        return Err(CATEGORY_CYCLE.at("/superior"));
    }
    Ok(())
}

/// What a product costs and weighs is not below zero.
pub(super) fn product(_work: &mut Work<'_>, _kind: u32, _old: Option<&Row>, new: &mut Row) -> Result<()> {
    let product = Product::from_row(new)?;
    let figures = [
        ("/list_price", product.list_price),
        ("/cost", product.cost),
        ("/weight", product.weight),
        ("/volume", product.volume),
        ("/floor_price", product.floor_price),
    ];
    if let Some((path, _)) =
        figures.iter().find(|(_, figure)| figure.is_some_and(|figure| figure.is_negative()))
    {
        return Err(NEGATIVE.at(*path));
    }
    margin(product.min_margin_percent)?;
    service(&product)
}

/// A service is good for so many times, hours or days, or for a period of so many days (PRD-05).
fn service(product: &Product) -> Result<()> {
    let (many, days) = (product.service_quantity, product.service_days);
    let fits = match product.service_measure {
        None => many.is_none() && days.is_none(),
        Some(ServiceMeasure::Period) => many.is_none() && days.is_some_and(|days| days > 0),
        Some(ServiceMeasure::Times | ServiceMeasure::Hours | ServiceMeasure::Days) => {
            many.is_some_and(Dec::is_positive) && days.is_none_or(|days| days > 0)
        }
    };
    let service = product.service_measure.is_none() || product.product_type == ProductType::Service;
    if !fits || !service {
        return Err(SERVICE.at("/service_measure"));
    }
    match days.filter(|days| *days > LONGEST_SERVICE) {
        Some(days) => Err(Code::OUT_OF_RANGE.at("/service_days").with("value", days)),
        None => Ok(()),
    }
}

/// A bundle holds so many of products that are no bundles.
pub(super) fn component(work: &mut Work<'_>, _kind: u32, _old: Option<&Row>, new: &mut Row) -> Result<()> {
    let component = BundleComponent::from_row(new)?;
    if !component.quantity.is_positive() {
        return Err(BUNDLE.at("/quantity"));
    }
    let names = [
        ("whole", Ty::Ref(Product::NO), Value::Ref(component.bundle.id())),
        ("part", Ty::Ref(Product::NO), Value::Ref(component.component.id())),
    ];
    let nested =
        work.system(|work| work.only::<BundleComponent>("bundle == part || component == whole", &names))?;
    if component.bundle == component.component || nested.is_some() {
        return Err(BUNDLE.at("/component"));
    }
    Ok(())
}

/// A supplier's price is not below zero and ends after it begins; nor are its quantity and the days below zero.
pub(super) fn supplier_price(
    _work: &mut Work<'_>,
    _kind: u32,
    _old: Option<&Row>,
    new: &mut Row,
) -> Result<()> {
    let price = SupplierPrice::from_row(new)?;
    if let Some(least) = price.min_quantity.filter(|least| least.is_negative()) {
        return Err(Code::OUT_OF_RANGE.at("/min_quantity").with("value", least.to_string()));
    }
    if let Some(days) = price.delivery_days.filter(|days| *days < 0) {
        return Err(Code::OUT_OF_RANGE.at("/delivery_days").with("value", days));
    }
    let wrong = match (price.valid_from, price.valid_until) {
        _ if price.price.is_negative() => Some("/price"),
        (Some(from), Some(until)) if until < from => Some("/valid_until"),
        _ => None,
    };
    wrong.map_or(Ok(()), |path| Err(SUPPLIER_PRICE.at(path)))
}
