//! Reading the history: lines of any kind, by document.

use super::PriceReplay;
use crate::catalog::Product;
use crate::org::Employee;
use crate::parties::Customer;
use crate::pricing::error::REPLAY;
use crate::pricing::price::{Bought, Item, Terms};
use crate::pricing::records::PriceList;
use crate::settings::Unit;
use crm_kernel::catalogue::Kind;
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::Dec;
use crm_kernel::error::{Error, Result};
use crm_kernel::expr::Expr;
use crm_kernel::expr::node::Ty;
use crm_kernel::id::{Id, Ref};
use crm_kernel::plan::{Query, Select};
use crm_kernel::record::Record;
use crm_kernel::value::Value;
use crm_kernel::work::{Stored, Work};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// A line of the history.
pub(super) struct Past {
    /// The record; of lines, that of which they are lines.
    pub record: Id,
    pub line: Option<i64>,
    pub product: Ref<Product>,
    pub quantity: Dec,
    pub unit: Option<Ref<Unit>>,
}

/// What lines that were priced together have in common, the earlier first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Document {
    pub date: Date,
    pub document: String,
    pub customer: Option<Ref<Customer>>,
    pub seller: Option<Ref<Employee>>,
    pub currency: Currency,
    pub list: Option<Ref<PriceList>>,
}

impl Document {
    pub fn terms(&self, bought: &[Bought]) -> Terms {
        Terms {
            customer: self.customer,
            seller: self.seller,
            date: self.date,
            currency: self.currency,
            list: self.list,
            bought: bought.to_vec(),
            beside: Vec::new(),
        }
    }
}

pub(super) fn items(work: &mut Work<'_>, lines: &[Past]) -> Result<Vec<Item>> {
    let mut known: BTreeMap<i64, Stored<Product>> = BTreeMap::new();
    let mut items = Vec::with_capacity(lines.len());
    for past in lines {
        let product = match known.entry(past.product.id().number()) {
            Entry::Occupied(known) => known.get().clone(),
            Entry::Vacant(free) => free.insert(work.find(past.product)?).clone(),
        };
        items.push(Item::of(product, past.quantity, past.unit));
    }
    Ok(items)
}

impl PriceReplay {
    /// The lines by document; true where there are more than the limit.
    pub(super) fn history(
        &self,
        work: &mut Work<'_>,
        base: Currency,
        limit: usize,
    ) -> Result<(BTreeMap<Document, Vec<Past>>, bool)> {
        let catalogue = work.catalogue();
        let kind = catalogue.named(&self.kind).map_err(|error| error.at("/kind"))?;
        work.require(&self.kind, "read").map_err(|error| error.at("/kind"))?;
        let parent = kind.parent().map(|parent| catalogue.get(parent)).transpose()?;
        let mut asked = |text: &str, path: &str| -> Result<Expr> {
            work.asked(kind.no(), text, &[]).map_err(|error| error.at(path.to_owned()))
        };
        // What an expression has to give; `null` gives nothing, and of some references the kind is known by their rows only.
        let gives = |path: &str, ty: &Ty| {
            let of = |kind: u32| matches!(ty, Ty::Ref(known) if [0, kind].contains(known));
            *ty == Ty::Null
                || match path {
                    "/product" => of(Product::NO),
                    "/quantity" => matches!(ty, Ty::Num { .. }),
                    "/date" => *ty == Ty::Date,
                    "/unit" => of(Unit::NO),
                    "/customer" => of(Customer::NO),
                    "/seller" => of(Employee::NO),
                    "/list" => of(PriceList::NO),
                    _ => true,
                }
        };
        let has = |kind: &Kind, field: &str| kind.position(field).is_some();
        // What was not said is the field of that name.
        let unit = self.unit.clone().or(has(kind, "unit").then(|| "unit".to_owned()));
        let of_document = parent.filter(|parent| has(parent, "currency"));
        let own = has(kind, "currency").then(|| "currency".to_owned());
        let of_document = of_document.map(|parent| format!("{}.currency", parent.name()));
        let currency = self.currency.clone().or(own).or(of_document);
        let free_of = has(kind, "free_of").then(|| "free_of".to_owned());
        let filter = self.filter.as_deref().map(|filter| asked(filter, "/filter")).transpose()?;
        let wanted = [
            ("/product", Some(&self.product)),
            ("/quantity", Some(&self.quantity)),
            ("/date", Some(&self.date)),
            ("/unit", unit.as_ref()),
            ("/customer", self.customer.as_ref()),
            ("/seller", self.seller.as_ref()),
            ("/currency", currency.as_ref()),
            ("/list", self.list.as_ref()),
            ("/document", self.document.as_ref()),
            ("/kind", free_of.as_ref()),
        ];
        let mut select = Vec::new();
        for (path, text) in wanted {
            let Some(text) = text else { continue };
            let expression = asked(text, path)?;
            if !gives(path, expression.ty()) {
                return Err(REPLAY.at(path));
            }
            select.push(expression);
        }
        let found = work.query(Query {
            kind: kind.no(),
            filter,
            order: Vec::new(),
            after: None,
            limit: Some(u32::try_from(limit + 1).unwrap_or(u32::MAX)),
            select: Select::Values(select),
        })?;
        let more = found.len() > limit;
        let mut history: BTreeMap<Document, Vec<Past>> = BTreeMap::new();
        for found in found.into_iter().take(limit) {
            let mut values = found.values.into_iter();
            let mut row = wanted.map(|(_, text)| text.and_then(|_| values.next()).unwrap_or(Value::Null));
            let [product, quantity, date, unit, customer, seller, currency, list, document, free_of] =
                &mut row;
            if !free_of.is_null() {
                continue;
            }
            let product = product.as_id().ok_or_else(|| REPLAY.at("/product"))?;
            let quantity = quantity.as_dec().ok_or_else(|| REPLAY.at("/quantity"))?;
            let Value::Date(date) = date else { return Err(REPLAY.at("/date")) };
            let document = match (&*document, found.parent) {
                (Value::Text(document), _) => document.to_string(),
                (document, parent) => match document.as_id() {
                    Some(document) => document.to_string(),
                    None if parent != 0 => parent.to_string(),
                    None => format!("/{}", found.id),
                },
            };
            let currency = match currency.as_text() {
                Some(code) => Currency::parse(code).map_err(|_| REPLAY.at("/currency"))?,
                None => base,
            };
            let document = Document {
                date: *date,
                document,
                customer: customer.as_id().map(Ref::new),
                seller: seller.as_id().map(Ref::new),
                currency,
                list: list.as_id().map(Ref::new),
            };
            let (record, line) = match found.parent {
                0 => (found.id, None),
                parent => (parent, Some(found.id)),
            };
            let line = Past {
                record: Id::new(record).ok_or_else(|| Error::internal("a line without a record"))?,
                line,
                product: Ref::new(product),
                quantity,
                unit: unit.as_id().map(Ref::new),
            };
            history.entry(document).or_default().push(line);
        }
        Ok((history, more))
    }
}
