//! The records of credit (CRD-01, CRD-02, CRD-04).

use crate::ordering::Order;
use crate::org::Employee;
use crate::parties::Customer;
use crm_kernel::date::{Date, Instant};
use crm_kernel::dec::Dec;
use crm_kernel::id::{Id, Ref};
use crm_kernel::{Choice, Record};

/// How much credit a customer is given, or a salesperson may give, with what of it is used. Who has none is not
/// checked; a limit of zero means that everything is prepaid.
#[derive(Clone, Debug, Record)]
#[record(no = 450, managed, access("customer", "employee"))]
pub struct CreditLimit {
    /// The customer or employee whose limit it is.
    #[field(no = 1, unique)]
    pub holder: Id,
    /// The customer, where it is a customer's.
    #[field(no = 2)]
    pub customer: Option<Ref<Customer>>,
    /// The salesperson, where it is one's.
    #[field(no = 3)]
    pub employee: Option<Ref<Employee>>,
    /// The limit, in the enterprise's currency.
    #[field(no = 4, base_money)]
    pub amount: Dec,
    /// The first day on which it counts; before it nothing is checked.
    #[field(no = 5)]
    pub valid_from: Option<Date>,
    /// The last day of its validity; after it nothing more is given on credit.
    #[field(no = 6)]
    pub valid_until: Option<Date>,
    /// False where nothing is checked for a time.
    #[field(no = 7)]
    pub active: bool,
    /// Orders in effect, neither delivered nor booked as debts.
    #[field(no = 8, base_money)]
    pub open_orders: Dec,
    /// What was delivered and is not booked as a debt.
    #[field(no = 9, base_money)]
    pub delivered_not_invoiced: Dec,
    /// Debts that are not paid.
    #[field(no = 10, base_money)]
    pub invoiced: Dec,
    /// Advances: they make the exposure less.
    #[field(no = 11, base_money)]
    pub advances: Dec,
    /// Notes.
    #[field(no = 12, long_text)]
    pub notes: Option<String>,
}

/// What an order takes of the limits of its customer and salesperson.
#[derive(Clone, Debug, Record)]
#[record(no = 451, managed, access("order"))]
pub struct CreditReservation {
    /// The order.
    #[field(no = 1, unique)]
    pub order: Ref<Order>,
    /// Whose limit it takes from.
    #[field(no = 2)]
    pub customer: Ref<Customer>,
    /// And which salesperson's.
    #[field(no = 3)]
    pub employee: Ref<Employee>,
    /// The order's total, in the enterprise's currency.
    #[field(no = 4, base_money)]
    pub amount: Dec,
    /// How much of the order was booked as debts, in its own currency.
    #[field(no = 5, decimal(18, 4))]
    pub booked: Dec,
    /// What counts as an open order.
    #[field(no = 6, base_money)]
    pub open_orders: Dec,
    /// What counts as delivered and not booked as a debt.
    #[field(no = 7, base_money)]
    pub delivered_not_invoiced: Dec,
    /// Where it stands.
    #[field(no = 8)]
    pub state: ReservationState,
}

/// Where a reservation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum ReservationState {
    /// It takes from the limits.
    Reserved,
    /// All of the order has become debts, or was done with.
    Consumed,
    /// The order was given up.
    Voided,
}

/// Somebody with the right let an order pass beyond a limit, up to an amount and until a day.
#[derive(Clone, Debug, Record)]
#[record(name = "credit_release", no = 452, managed, access("order"))]
pub struct CreditRelease {
    /// The order.
    #[field(no = 1, index)]
    pub order: Ref<Order>,
    /// Up to which total of the order it counts, in the enterprise's currency.
    #[field(no = 2, base_money)]
    pub amount: Dec,
    /// The last day on which it counts.
    #[field(no = 3)]
    pub until: Date,
    /// Why.
    #[field(no = 4, long_text)]
    pub reason: String,
    /// Who released it.
    #[field(no = 5)]
    pub released_by: Ref<Employee>,
    /// When.
    #[field(no = 6)]
    pub released_at: Instant,
}
