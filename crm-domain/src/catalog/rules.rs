//! Decisions of the catalogue of products.

use super::{CATEGORY_CYCLE, NEGATIVE, Product, ProductCategory, ProductState, RETIRED};
use crm_kernel::error::{Code, Result};
use crm_kernel::id::Ref;
use crm_kernel::record::Record;
use crm_kernel::value::Row;
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

/// A category does not stand below itself.
pub(super) fn category(work: &mut Work<'_>, _kind: u32, old: Option<&Row>, new: &mut Row) -> Result<()> {
    let category = ProductCategory::from_row(new)?;
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
    ];
    match figures.iter().find(|(_, figure)| figure.is_some_and(|figure| figure.is_negative())) {
        Some((path, _)) => Err(NEGATIVE.at(*path)),
        None => Ok(()),
    }
}
