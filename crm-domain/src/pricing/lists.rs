//! Which price lists hold for a question (commerce.md 2.1).

use super::engine::OpenList;
use super::error::LIST_NOT_OPEN;
use super::price::Terms;
use super::records::{BaseRules, ListUsage, PriceList};
use crm_kernel::error::Result;
use crm_kernel::id::Ref;
use crm_kernel::record::Record;
use crm_kernel::work::{Stored, Work};
use std::sync::Arc;

/// The price lists that hold for a question, with those on which they build. Errors: `price.list_not_open` where the
/// one that was named does not.
pub(super) fn open_lists(
    work: &mut Work<'_>,
    terms: &Terms,
    class: Option<&str>,
    region: Option<&str>,
) -> Result<Vec<OpenList>> {
    let all =
        work.once(PriceList::NO, "lists", |work| Ok(Arc::new(work.select::<PriceList>("true", &[])?)))?;
    let mut open: Vec<&Stored<PriceList>> = match terms.list {
        Some(list) => {
            let found = all.iter().find(|found| found.id == list);
            let refused = |list: String, reason: &str| {
                LIST_NOT_OPEN.at("/list").with("list", list).coded("reason", "word.list", reason)
            };
            let found = found.ok_or_else(|| refused(list.to_string(), "inactive"))?;
            if let Some(reason) = closed(found, terms, class, region) {
                return Err(refused(found.code.clone(), reason));
            }
            vec![found]
        }
        None => {
            let always = all.iter().filter(|list| list.usage == ListUsage::Always);
            always.filter(|list| closed(list, terms, class, region).is_none()).collect()
        }
    };
    // A list that does not hold is passed over: what builds on it builds on what is below.
    let below = |list: &Stored<PriceList>| -> Option<&Stored<PriceList>> {
        let mut next = list.base_list;
        for _ in 0..all.len() {
            let found = all.iter().find(|found| Some(found.id) == next)?;
            if closed(found, terms, class, region).is_none() {
                return Some(found);
            }
            next = found.base_list;
        }
        None
    };
    let mut at = 0;
    while let Some(list) = open.get(at) {
        if let Some(next) = below(list)
            && !open.iter().any(|list| list.id == next.id)
        {
            open.push(next);
        }
        at += 1;
    }
    let number = |list: &Ref<PriceList>| list.id().number();
    let of = |list: &&Stored<PriceList>| OpenList {
        id: number(&list.id),
        axes: u8::from(list.customer_class.is_some()) + u8::from(list.region.is_some()),
        sale: list.sale,
        base: below(list).map_or(0, |below| number(&below.id)),
        shadows: list.base_rules == BaseRules::Shadow,
    };
    Ok(open.iter().map(of).collect())
}

/// Why a price list does not hold for a question.
fn closed(
    list: &PriceList,
    terms: &Terms,
    class: Option<&str>,
    region: Option<&str>,
) -> Option<&'static str> {
    let other = |wanted: &Option<String>, given| wanted.is_some() && wanted.as_deref() != given;
    if !list.active {
        Some("inactive")
    } else if list.currency != terms.currency {
        Some("currency")
    } else if list.valid_from.is_some_and(|from| terms.date < from) {
        Some("not_yet_valid")
    } else if list.valid_until.is_some_and(|until| terms.date > until) {
        Some("expired")
    } else if other(&list.customer_class, class) {
        Some("customer_class")
    } else if other(&list.region, region) {
        Some("region")
    } else {
        None
    }
}
