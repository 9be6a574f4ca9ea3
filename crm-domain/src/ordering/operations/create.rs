//! Making an order directly.

use super::{answer, base_rate, price_terms};
use crate::ordering::{FOREIGN_CONTACT, Order};
use crate::org::{Department, Employee};
use crate::parties::{Contact, Customer, INACTIVE};
use crate::pricing::{self, PriceList};
use crate::quoting::{
    LINE_QUANTITY, LookUp, NEGATIVE_CHARGE, NewLine, OWNER_LEFT, TWO_DISCOUNTS, belonging, contact_of,
    customer_of, guard_head, guard_rules, judge_whole, new_lines, total, works_here,
};
use crate::settings::{self, PaymentTerm, Tax};
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::Dec;
use crm_kernel::error::{Code, Result};
use crm_kernel::id::Ref;
use crm_kernel::json::Json;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::record::{Lines, Record as _, Whole};
use crm_kernel::work::{Stored, Work};
use crm_kernel::{Record, codes};

/// Makes an order, a draft, and prices its lines.
#[derive(Clone, Debug, Record)]
#[record(name = "order_create")]
pub struct Create {
    /// Who orders.
    pub customer: Ref<Customer>,
    /// The order.
    #[field(flatten)]
    pub order: NewOrder,
}

/// What is said of a new order beside its customer.
#[derive(Clone, Debug, Record)]
#[record(name = "new_order")]
pub struct NewOrder {
    /// The person to talk to.
    pub contact: Option<Ref<Contact>>,
    /// Whose order it is; the actor where nobody is named.
    pub owner: Option<Ref<Employee>>,
    /// The department it belongs to; the owner's where none is named.
    pub department: Option<Ref<Department>>,
    /// The currency; the customer's, else the enterprise's.
    pub currency: Option<Currency>,
    /// Its date: prices and taxes are those of that day; today where none is given.
    pub date: Option<Date>,
    /// When the customer wants it.
    pub required_date: Option<Date>,
    /// The payment term; the customer's where none is given.
    pub payment_term: Option<Ref<PaymentTerm>>,
    /// The customer's own order number.
    #[field(text = 120)]
    pub customer_reference: Option<String>,
    /// Delivery: to whom.
    pub delivery_name: Option<String>,
    /// Delivery: street and house.
    pub delivery_address: Option<String>,
    /// Delivery: place.
    #[field(text = 120)]
    pub delivery_city: Option<String>,
    /// Delivery: region or state.
    #[field(text = 120)]
    pub delivery_region: Option<String>,
    /// Delivery: postal code.
    #[field(text = 40)]
    pub delivery_postal_code: Option<String>,
    /// Delivery: country.
    #[field(text = 120)]
    pub delivery_country: Option<String>,
    /// By whom it is carried.
    #[field(picklist = "carrier")]
    pub carrier: Option<String>,
    /// The price list chosen for it.
    pub price_list: Option<Ref<PriceList>>,
    /// True where the unit prices hold the tax already; as the enterprise has set where it is not given.
    pub prices_include_tax: Option<bool>,
    /// Discount on the whole, in per cent.
    #[field(percent)]
    pub document_discount_percent: Option<Dec>,
    /// Discount on the whole, as an amount.
    #[field(money)]
    pub document_discount_amount: Option<Dec>,
    /// Freight.
    #[field(money)]
    pub freight: Option<Dec>,
    /// Other charges.
    #[field(money)]
    pub other_charges: Option<Dec>,
    /// The tax on freight and other charges.
    pub charges_tax: Option<Ref<Tax>>,
    /// Terms in words.
    #[field(long_text)]
    pub terms: Option<String>,
    /// Notes.
    #[field(long_text)]
    pub notes: Option<String>,
    /// Its key in the system that it came from: the same order is not entered twice.
    #[field(text = 80)]
    pub external_key: Option<String>,
    /// Why prices are set by hand, for lines that do not say it themselves.
    pub price_reason: Option<String>,
    /// The lines.
    pub lines: Vec<NewLine>,
}

/// The order as it stands then.
#[derive(Clone, Debug, Record)]
#[record(name = "order_answer")]
pub struct OrderAnswer {
    /// The order.
    pub order: Whole<Order>,
}

const CREATE_ERRORS: &[Code] = codes!(
    pricing::REFUSALS,
    &[
        FOREIGN_CONTACT,
        INACTIVE,
        OWNER_LEFT,
        LINE_QUANTITY,
        TWO_DISCOUNTS,
        NEGATIVE_CHARGE,
        settings::NO_TAX_RATE,
        pricing::MANUAL_PRICE,
        pricing::BEYOND_AUTHORITY,
        pricing::BELOW_FLOOR,
        pricing::DISCOUNT_PERCENT,
        pricing::DISCOUNT_TOO_LARGE,
    ]
);

impl Operation for Create {
    const NAME: &'static str = "order.create";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "order", verb: "create" };
    const ERRORS: &'static [Code] = CREATE_ERRORS;
    const CAPABILITIES: &'static [&'static str] = &["ORD-01"];
    const EXAMPLE: &'static str =
        r#"{"customer":"$customer","lines":[{"product":"$product","quantity":"2"}]}"#;
    type Answer = OrderAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<OrderAnswer> {
        let (order, _) = build(work, self.customer, self.order)?;
        let stored = work.insert(&order)?;
        work.must_cover(Order::NO, &stored.row, "create")?;
        Ok(answer(stored.row))
    }
}

/// An order with prices and totals, not yet kept, and its customer.
pub(super) fn build(
    work: &mut Work<'_>,
    customer: Ref<Customer>,
    asked: NewOrder,
) -> Result<(Order, Stored<Customer>)> {
    let customer = customer_of(work, customer)?;
    contact_of(work, asked.contact, customer.id, FOREIGN_CONTACT)?;
    let (owner, department) = belonging(work, asked.owner, asked.department)?;
    works_here(work, owner)?;
    let currency =
        asked.currency.or(customer.currency).or(work.base()).ok_or_else(|| Code::REQUIRED.at("/currency"))?;
    let date = asked.date.unwrap_or_else(|| work.today());
    let prices_include_tax = match asked.prices_include_tax {
        Some(given) => given,
        None => settings::setting(work, "prices.include_tax")? == Json::Bool(true),
    };
    let mut order = Order {
        contact: asked.contact,
        payment_term: asked.payment_term.or(customer.payment_term),
        required_date: asked.required_date,
        customer_reference: asked.customer_reference,
        delivery_name: asked.delivery_name,
        delivery_address: asked.delivery_address,
        delivery_city: asked.delivery_city,
        delivery_region: asked.delivery_region,
        delivery_postal_code: asked.delivery_postal_code,
        delivery_country: asked.delivery_country,
        carrier: asked.carrier,
        price_list: asked.price_list,
        prices_include_tax,
        document_discount_percent: asked.document_discount_percent,
        document_discount_amount: asked.document_discount_amount,
        freight: asked.freight.unwrap_or_default(),
        other_charges: asked.other_charges.unwrap_or_default(),
        terms: asked.terms,
        notes: asked.notes,
        external_key: asked.external_key,
        charges_tax: asked.charges_tax,
        ..Order::blank(customer.id, owner, department, currency, base_rate(work, currency, date)?, date)
    };
    let mut asked_lines = asked.lines;
    if let Some(reason) = &asked.price_reason {
        for line in asked_lines.iter_mut().filter(|line| line.unit_price.is_some()) {
            line.price_reason.get_or_insert_with(|| reason.clone());
        }
    }
    let terms = price_terms(work, &order)?;
    let mut lines = new_lines(work, &terms, &asked_lines, LookUp::WhereNeeded, 0)?;
    judge_whole(work, |_| Ok(terms.clone()), &mut lines)?;
    total(work, &mut order, date, &mut lines)?;
    guard_rules(work, &terms, &Lines::default(), &mut lines, |_| true)?;
    guard_head(work, |_| Ok(terms), &order, &mut lines, |_| true)?;
    order.lines = lines;
    Ok((order, customer))
}
