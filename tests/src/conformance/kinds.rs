//! The kinds that the cases use: two that refer to each other in a chain, a document with lines, one field of every type.

use crm_kernel::catalogue::Catalogue;
use crm_kernel::currency::Currency;
use crm_kernel::date::{Date, Instant};
use crm_kernel::dec::Dec;
use crm_kernel::id::{Id, Ref};
use crm_kernel::json::Json;
use crm_kernel::record::{Lines, Record as _};
use crm_kernel::{Choice, Record};
use std::sync::Arc;

/// A part of the market.
#[derive(Record)]
#[record(no = 9001, table = "lab_regions")]
pub struct Region {
    /// Its short name.
    #[field(no = 1, unique)]
    pub code: String,
    /// How important it is.
    #[field(no = 2)]
    pub rank: Option<i64>,
}

/// Somebody who buys.
#[derive(Record)]
#[record(no = 9002, table = "lab_customers", unique("region", "nick"))]
pub struct Customer {
    /// What people call them.
    #[field(no = 1, title)]
    pub name: String,
    /// A name that nobody else in the region has.
    #[field(no = 2)]
    pub nick: Option<String>,
    /// Where they are.
    #[field(no = 3, index)]
    pub region: Option<Ref<Region>>,
    /// The company above, perhaps itself.
    #[field(no = 4)]
    pub head: Option<Ref<Customer>>,
    /// A number that nobody else has.
    #[field(no = 5, unique)]
    pub tax_no: Option<i64>,
    /// How much they may owe.
    #[field(no = 6, money)]
    pub limit: Option<Dec>,
    /// Since when.
    #[field(no = 7)]
    pub since: Option<Date>,
}

/// Something ordered.
#[derive(Record)]
#[record(no = 9003, table = "lab_orders")]
pub struct Order {
    /// Its number.
    #[field(no = 1, number, unique)]
    pub number: String,
    /// By whom.
    #[field(no = 2, index)]
    pub customer: Ref<Customer>,
    /// When.
    #[field(no = 3, business_date)]
    pub placed: Option<Date>,
    /// How far it is.
    #[field(no = 4)]
    pub state: Option<OrderState>,
    /// What.
    #[field(no = 5)]
    pub lines: Lines<OrderLine>,
}

/// How far an order is.
#[derive(Choice, Clone, Copy, PartialEq, Eq, Debug)]
pub enum OrderState {
    /// Being written.
    Draft,
    /// On its way.
    Sent,
    /// Over.
    Done,
}

/// One thing ordered.
#[derive(Record)]
#[record(no = 9004, table = "lab_order_lines", parent = Order)]
pub struct OrderLine {
    /// What.
    #[field(no = 1)]
    pub product: String,
    /// How many.
    #[field(no = 2, quantity)]
    pub quantity: Option<Dec>,
    /// For how much each.
    #[field(no = 3, unit_price)]
    pub price: Option<Dec>,
    /// Whom it is shipped to, if not the customer.
    #[field(no = 4)]
    pub receiver: Option<Ref<Customer>>,
    /// A serial number that no other line has.
    #[field(no = 5, unique)]
    pub serial: Option<String>,
}

/// One field of every type, each of which may be null.
#[derive(Record)]
#[record(no = 9005, table = "lab_everything")]
pub struct Everything {
    /// Yes or no.
    #[field(no = 1)]
    pub flag: Option<bool>,
    /// A whole number.
    #[field(no = 2)]
    pub count: Option<i64>,
    /// An amount.
    #[field(no = 3, money)]
    pub amount: Option<Dec>,
    /// A rate.
    #[field(no = 4, rate)]
    pub rate: Option<Dec>,
    /// All digits before the point.
    #[field(no = 5, decimal(18, 0))]
    pub whole: Option<Dec>,
    /// All digits behind the point.
    #[field(no = 6, decimal(18, 18))]
    pub fraction: Option<Dec>,
    /// Short text.
    #[field(no = 7)]
    pub text: Option<String>,
    /// Long text.
    #[field(no = 8, long_text)]
    pub note: Option<String>,
    /// One of a closed list.
    #[field(no = 9)]
    pub state: Option<OrderState>,
    /// One of an open list.
    #[field(no = 10, picklist = "lab")]
    pub pick: Option<String>,
    /// A currency.
    #[field(no = 11)]
    pub currency: Option<Currency>,
    /// A day.
    #[field(no = 12)]
    pub day: Option<Date>,
    /// A moment.
    #[field(no = 13)]
    pub moment: Option<Instant>,
    /// A customer.
    #[field(no = 14)]
    pub customer: Option<Ref<Customer>>,
    /// Any record.
    #[field(no = 15)]
    pub any: Option<Id>,
    /// Kept, not queried.
    #[field(no = 16)]
    pub json: Option<Json>,
}

/// The catalogue of these kinds.
pub fn catalogue() -> Arc<Catalogue> {
    let defs = [Region::def(), Customer::def(), Order::def(), OrderLine::def(), Everything::def()];
    match Catalogue::build(defs.map(Clone::clone)) {
        Ok(catalogue) => Arc::new(catalogue),
        Err(problems) => panic!("{problems:?}"),
    }
}
