//! With whom the story deals, and about what: a customer who has room for it and products that are sold, as far as the
//! data offers them.

use super::Tell;
use super::tables::records;
use crate::desk::{object, text};
use crate::show::{amount, say};
use crm_kernel::dec::Dec;
use crm_kernel::error::Result;
use crm_kernel::json::Json;

/// How much of the first, second and third product is quoted.
pub(super) const QUANTITIES: [i64; 3] = [12, 2, 1];

/// What the first line has to come to at least, in its currency: parts of it are to be amounts that one sees.
const LEAST_LINE: Dec = Dec::from_int(10);

/// A customer or product: its id and name.
pub(super) struct Named {
    pub id: String,
    pub name: String,
}

/// With whom, and about what.
pub(super) struct Deal {
    pub customer: Named,
    pub products: Vec<Named>,
}

impl Deal {
    /// The lines of a document: `times` the usual quantities.
    pub fn lines(&self, times: i64) -> Json {
        lines(&self.products, times)
    }
}

impl Tell<'_> {
    /// Customer and products of the data where they go together, else the story's own; it says which.
    pub(super) fn choose(&self) -> Result<Deal> {
        let mut products = self.products()?;
        if !self.deals(None, &products)? {
            say(
                "  The data has no product to deal in (sold, at a price worth a line): the company takes up its own.",
            );
            products = self.own_products()?;
        }
        for customer in self.customers()? {
            if self.deals(Some(&customer), &products)? {
                return Ok(Deal { customer, products });
            }
        }
        let customer = self.own_customer()?;
        say(format_args!(
            "  No customer of the data has room for a deal: {} comes as a new one.",
            customer.name
        ));
        Ok(Deal { customer, products })
    }

    /// True where a customer (nobody in particular without one) can be quoted these products today, at a price that can
    /// be parted, and has the credit to order them.
    fn deals(&self, customer: Option<&Named>, products: &[Named]) -> Result<bool> {
        let who = customer.map_or(Json::Null, |customer| customer.id.as_str().into());
        let request = object(&[("customer", who.clone()), ("lines", lines(products, 1))]);
        // What cannot be priced is refused: no rate today, no price, a value beyond range.
        let Ok(priced) = self.desk.call("price.document", &request) else { return Ok(false) };
        if products.is_empty() || amount(priced.at("/lines/0/net")) < LEAST_LINE {
            return Ok(false);
        }
        if customer.is_none() {
            return Ok(true);
        }
        let convert = object(&[
            ("amount", text(&priced, "/total").into()),
            ("from", text(&priced, "/currency").into()),
            ("to", self.base.into()),
        ]);
        let Ok(converted) = self.desk.call("currency.convert", &convert) else { return Ok(false) };
        let total = converted.get("amount").cloned().unwrap_or(Json::Null);
        let check = self.desk.call("credit.check", &object(&[("customer", who), ("amount", total)]))?;
        Ok(text(&check, "/status") != "hold")
    }

    /// The customers with the largest orders, then others by number.
    fn customers(&self) -> Result<Vec<Named>> {
        let orders = self.call_admin("report.run", r#"{"kind":"order","filter":"doc_type == 'order' && customer != null","group":[{"name":"id","by":"customer"},{"name":"name","by":"customer.name"}],"measures":[{"name":"largest","measure":"max","of":"total * rate"}],"order":["-largest"],"limit":20}"#, &[])?;
        let others =
            self.call_admin("record.list", r#"{"kind":"customer","order":["number"],"limit":20}"#, &[])?;
        let large =
            records(&orders, "rows").iter().map(|row| Named { id: text(row, "/0"), name: text(row, "/1") });
        let mut customers: Vec<Named> = large.collect();
        for other in named(&others) {
            if customers.iter().all(|customer| customer.id != other.id) {
                customers.push(other);
            }
        }
        Ok(customers)
    }

    /// Up to three products that are sold at a price, of different prices.
    fn products(&self) -> Result<Vec<Named>> {
        let list = r#"{"kind":"product","filter":"state == 'active' && list_price >= 1","order":["-list_price","code"],"limit":40}"#;
        let found = named(&self.call_admin("record.list", list, &[])?);
        let step = found.len().div_ceil(QUANTITIES.len()).max(1);
        Ok(found.into_iter().rev().step_by(step).take(QUANTITIES.len()).collect())
    }

    fn own_customer(&self) -> Result<Named> {
        let name = "Alder & Finch Laboratories";
        let values = object(&[("number", "STORY".into()), ("name", name.into())]);
        Ok(Named { id: self.make("customer", values)?, name: name.to_owned() })
    }

    fn own_products(&self) -> Result<Vec<Named>> {
        let made = [
            ("STORY-A", "Probe 探头", "45"),
            ("STORY-B", "Bench supply", "380"),
            ("STORY-C", "Oscilloscope", "1250"),
        ];
        let made = made.into_iter().map(|(code, name, price)| {
            let values =
                object(&[("code", code.into()), ("name", name.into()), ("list_price", price.into())]);
            Ok(Named { id: self.make("product", values)?, name: name.to_owned() })
        });
        made.collect()
    }
}

/// The lines of a document: `times` the usual quantities of products.
fn lines(products: &[Named], times: i64) -> Json {
    let lines = products.iter().zip(QUANTITIES).map(|(product, quantity)| {
        object(&[
            ("product", product.id.as_str().into()),
            ("quantity", (quantity * times).to_string().into()),
        ])
    });
    Json::List(lines.collect())
}

fn named(answer: &Json) -> Vec<Named> {
    records(answer, "records")
        .iter()
        .map(|record| Named { id: text(record, "/id"), name: text(record, "/name") })
        .collect()
}
