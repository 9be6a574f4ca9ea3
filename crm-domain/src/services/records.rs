//! The records of services (PRD-05).

use crate::catalog::{Product, ServiceMeasure};
use crate::ordering::Order;
use crate::org::Employee;
use crate::parties::Customer;
use crm_kernel::currency::Currency;
use crm_kernel::date::{Date, Instant};
use crm_kernel::dec::Dec;
use crm_kernel::id::Ref;
use crm_kernel::record::Lines;
use crm_kernel::{Choice, Record};

/// What a customer has of a service that was sold with a line of an order.
#[derive(Clone, Debug, Record)]
#[record(no = 470, managed, access("order"), unique("order", "order_line"))]
pub struct ServiceEntitlement {
    /// The order.
    #[field(no = 1)]
    pub order: Ref<Order>,
    /// The line of the order.
    #[field(no = 2)]
    pub order_line: i64,
    /// Its customer.
    #[field(no = 3, index)]
    pub customer: Ref<Customer>,
    /// The service.
    #[field(no = 4)]
    pub product: Ref<Product>,
    /// What it is counted in.
    #[field(no = 5)]
    pub measure: ServiceMeasure,
    /// How many times, hours or days one unit of the line is good for; of a period, how many days it is long.
    #[field(no = 6, quantity)]
    pub per_unit: Dec,
    /// How many times, hours or days it is good for; of a period, how many days it is long.
    #[field(no = 7, quantity)]
    pub granted: Dec,
    /// How many of them are used; of a period, how often it was used.
    #[field(no = 8, quantity)]
    pub used: Dec,
    /// How many are left; none for a period.
    #[field(no = 9, quantity)]
    pub left: Option<Dec>,
    /// The day on which it was sold: the order's date.
    #[field(no = 10, business_date)]
    pub sold_on: Date,
    /// The first day on which it is used.
    #[field(no = 11)]
    pub starts_on: Date,
    /// The last day; none where it does not expire.
    #[field(no = 12, index)]
    pub last_day: Option<Date>,
    /// How many times, hours or days were ordered; of a period, how many days.
    #[field(no = 13, quantity)]
    pub ordered: Dec,
    /// What the customer pays for it: the line's total.
    #[field(no = 14, money)]
    pub amount: Dec,
    /// What of that is used; none for a period.
    #[field(no = 15, money)]
    pub used_amount: Option<Dec>,
    /// The currency.
    #[field(no = 16)]
    pub currency: Currency,
    /// What was granted when, and taken from it when it ended.
    #[field(no = 17)]
    pub grants: Lines<ServiceGrant>,
}

/// What became more or less of a service by its sale.
#[derive(Clone, Debug, Record)]
#[record(no = 471, parent = ServiceEntitlement)]
pub struct ServiceGrant {
    /// The day.
    #[field(no = 1)]
    pub date: Date,
    /// Why.
    #[field(no = 2)]
    pub cause: GrantCause,
    /// How much more; below zero where it became less.
    #[field(no = 3, quantity)]
    pub quantity: Dec,
}

/// Why more or less of a service is granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum GrantCause {
    /// The order took effect.
    Sold,
    /// More was delivered than ordered, or something came back.
    Delivered,
    /// The order was cancelled.
    Cancelled,
}

/// A service was used. Never changed: a use that was none is taken back by an entry with the other sign.
#[derive(Clone, Debug, Record)]
#[record(no = 472, managed, access("order"), index("customer", "date"))]
pub struct ServiceUse {
    /// Of what it was used.
    #[field(no = 1, index)]
    pub entitlement: Ref<ServiceEntitlement>,
    /// The order.
    #[field(no = 2)]
    pub order: Ref<Order>,
    /// Its customer.
    #[field(no = 3)]
    pub customer: Ref<Customer>,
    /// The service.
    #[field(no = 4)]
    pub product: Ref<Product>,
    /// The day.
    #[field(no = 5, business_date)]
    pub date: Date,
    /// How many times, hours or days; below zero where a use is taken back.
    #[field(no = 6, quantity)]
    pub quantity: Dec,
    /// What that is worth of what the customer pays; none for a period.
    #[field(no = 7, money)]
    pub amount: Option<Dec>,
    /// The currency.
    #[field(no = 8)]
    pub currency: Currency,
    /// The use that is taken back.
    #[field(no = 9, unique)]
    pub takes_back: Option<Ref<ServiceUse>>,
    /// Notes.
    #[field(no = 10, long_text)]
    pub notes: Option<String>,
    /// Who recorded it.
    #[field(no = 11)]
    pub recorded_by: Option<Ref<Employee>>,
    /// When it was recorded.
    #[field(no = 12)]
    pub recorded_at: Instant,
    /// Its key in the system that it came from: the same use is not recorded twice.
    #[field(no = 13, text = 80, unique)]
    pub external_key: Option<String>,
}

/// Where an entitlement stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum ServiceState {
    /// It can be used.
    Open,
    /// Its first day is still to come.
    NotBegun,
    /// All of it is used.
    UsedUp,
    /// Its last day has passed.
    Expired,
    /// It came back, or its order was cancelled.
    Ended,
}
