//! The records of the parties (CUS-01 to CUS-03).

use crate::org::{Department, Employee};
use crate::settings::PaymentTerm;
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::id::Ref;
use crm_kernel::{Choice, Record};

/// A customer: a company or person that may buy or does.
#[derive(Clone, Debug, Record)]
#[record(no = 80, index("state", "name"))]
pub struct Customer {
    /// The business number, from the numbering rule.
    #[field(no = 1, number, unique, text = 60)]
    pub number: Option<String>,
    /// The name.
    #[field(no = 2, title, index)]
    pub name: String,
    /// A short name for lists and documents.
    #[field(no = 3, text = 80)]
    pub short_name: Option<String>,
    /// Whether it trades already.
    #[field(no = 4, managed, default = "\"potential\"")]
    pub state: CustomerState,
    /// Company, person, authority, from the picklist.
    #[field(no = 5, picklist = "customer_type")]
    pub customer_type: Option<String>,
    /// How it came to us.
    #[field(no = 6, picklist = "customer_source")]
    pub source: Option<String>,
    /// What it does.
    #[field(no = 7, picklist = "industry")]
    pub industry: Option<String>,
    /// Sales region.
    #[field(no = 8, picklist = "region", index)]
    pub region: Option<String>,
    /// How much it is worth to us.
    #[field(no = 9, picklist = "customer_grade")]
    pub grade: Option<String>,
    /// The class for price rules.
    #[field(no = 10, picklist = "customer_class")]
    pub customer_class: Option<String>,
    /// Country, as addresses write it.
    #[field(no = 11, text = 80)]
    pub country: Option<String>,
    /// State or province.
    #[field(no = 12, text = 80)]
    pub province: Option<String>,
    /// City.
    #[field(no = 13, text = 80)]
    pub city: Option<String>,
    /// Street and house.
    #[field(no = 14)]
    pub address: Option<String>,
    /// Postal code.
    #[field(no = 15, text = 20)]
    pub postal_code: Option<String>,
    /// Telephone.
    #[field(no = 16, text = 60)]
    pub phone: Option<String>,
    /// Mail address.
    #[field(no = 17)]
    pub email: Option<String>,
    /// Web site.
    #[field(no = 18)]
    pub website: Option<String>,
    /// Tax number or unified social credit code.
    #[field(no = 19, text = 60)]
    pub tax_number: Option<String>,
    /// The currency it trades in; the enterprise's where none stands here.
    #[field(no = 20)]
    pub currency: Option<Currency>,
    /// Conditions of payment of its documents.
    #[field(no = 21)]
    pub payment_term: Option<Ref<PaymentTerm>>,
    /// The salesperson.
    #[field(no = 22, owner, index)]
    pub owner: Option<Ref<Employee>>,
    /// The department; the owner's where none is given.
    #[field(no = 23, department, index)]
    pub department: Option<Ref<Department>>,
    /// The customer it belongs to.
    #[field(no = 24, index)]
    pub superior: Option<Ref<Customer>>,
    /// Day of the first approved order.
    #[field(no = 25, managed)]
    pub trading_since: Option<Date>,
    /// The key in the system it comes from.
    #[field(no = 26, text = 80, unique)]
    pub external_key: Option<String>,
    /// False once we no longer deal with it.
    #[field(no = 27, default = "true")]
    pub active: bool,
    /// Notes.
    #[field(no = 28, long_text)]
    pub notes: Option<String>,
}

/// Where a customer stands in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum CustomerState {
    /// Has not bought yet.
    Potential,
    /// Has an approved order.
    Trading,
}

/// A person at a customer, or one met before the company was known.
#[derive(Clone, Debug, Record)]
#[record(no = 81, access("customer"))]
pub struct Contact {
    /// The name.
    #[field(no = 1, title, index)]
    pub name: String,
    /// The customer he or she works for.
    #[field(no = 2, index)]
    pub customer: Option<Ref<Customer>>,
    /// Form of address.
    #[field(no = 3, text = 40)]
    pub salutation: Option<String>,
    /// The title on the card.
    #[field(no = 4)]
    pub job_title: Option<String>,
    /// The department there.
    #[field(no = 5)]
    pub unit_name: Option<String>,
    /// The part he or she plays in buying (decides, advises, uses), from the picklist.
    #[field(no = 6, picklist = "contact_role")]
    pub contact_role: Option<String>,
    /// To whom he or she reports there.
    #[field(no = 7, index)]
    pub superior: Option<Ref<Contact>>,
    /// Telephone.
    #[field(no = 8, text = 60)]
    pub phone: Option<String>,
    /// Mobile telephone.
    #[field(no = 9, text = 60)]
    pub mobile: Option<String>,
    /// Mail address.
    #[field(no = 10)]
    pub email: Option<String>,
    /// Day of birth.
    #[field(no = 11)]
    pub birthday: Option<Date>,
    /// True for the one who is written to first; at most one of a customer.
    #[field(no = 12, default = "false")]
    pub main: bool,
    /// The key in the system he or she comes from.
    #[field(no = 13, text = 80, unique)]
    pub external_key: Option<String>,
    /// False once he or she has left.
    #[field(no = 14, default = "true")]
    pub active: bool,
    /// Notes.
    #[field(no = 15, long_text)]
    pub notes: Option<String>,
}
