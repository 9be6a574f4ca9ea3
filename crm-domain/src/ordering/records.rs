//! The records of ordering (ORD-01, ORD-02).

use super::rules::Executed;
use crate::catalog::Product;
use crate::org::{Department, Employee};
use crate::parties::{Contact, Customer};
use crate::pricing::{PriceList, PriceRule};
use crate::quoting::{ApprovalWay, DocumentLine, NewLine, Quote, QuoteVersion};
use crate::settings::{PaymentTerm, Ratio, Tax, Unit, kept_rounding};
use crate::{document_head, priced_line};
use crm_kernel::currency::Currency;
use crm_kernel::date::{Date, Instant};
use crm_kernel::dec::Dec;
use crm_kernel::error::Result;
use crm_kernel::id::Ref;
use crm_kernel::json::SharedJson;
use crm_kernel::money::RoundingPolicy;
use crm_kernel::record::Lines;
use crm_kernel::{Choice, Record};

/// A sales order. It takes effect only when it is approved.
#[derive(Clone, Debug, Record)]
#[record(no = 330, managed)]
pub struct Order {
    /// The order's number.
    #[field(no = 1, number, unique, text = 60, managed)]
    pub number: Option<String>,
    /// Who orders.
    #[field(no = 2, index, managed)]
    pub customer: Ref<Customer>,
    /// The person to talk to.
    #[field(no = 3)]
    pub contact: Option<Ref<Contact>>,
    /// Whose order it is.
    #[field(no = 4, owner, index)]
    pub owner: Ref<Employee>,
    /// The department it belongs to.
    #[field(no = 5, department)]
    pub department: Ref<Department>,
    /// Its currency.
    #[field(no = 6, managed)]
    pub currency: Currency,
    /// How many of the enterprise's currency one of its currency is, on its date.
    #[field(no = 7, rate, managed)]
    pub rate: Dec,
    /// Where the exchange rate stands the other way round and no twelve decimals say it: how many of its currency one of the
    /// enterprise's is. Its amounts are divided by it.
    #[field(no = 51, rate, managed)]
    pub inverse_rate: Option<Dec>,
    /// Its date: prices and taxes are those of that day.
    #[field(no = 8, business_date, index)]
    pub date: Date,
    /// Where it stands.
    #[field(no = 9, index, managed)]
    pub state: OrderState,
    /// Order or credit note.
    #[field(no = 10, managed)]
    pub doc_type: OrderType,
    /// Entered here or brought from another system.
    #[field(no = 11, managed)]
    pub origin: Origin,
    /// The state it had in the system that it came from.
    #[field(no = 12, picklist = "order_source_status", managed)]
    pub source_status: Option<String>,
    /// The quote that it follows from.
    #[field(no = 13, managed)]
    pub quote: Option<Ref<Quote>>,
    /// The version of the quote.
    #[field(no = 14, index, managed)]
    pub quote_version: Option<Ref<QuoteVersion>>,
    /// When what is due: the payment term.
    #[field(no = 15)]
    pub payment_term: Option<Ref<PaymentTerm>>,
    /// When the customer wants it.
    #[field(no = 16)]
    pub required_date: Option<Date>,
    /// When the last of it was shipped.
    #[field(no = 17, managed)]
    pub shipped_date: Option<Date>,
    /// The customer's own order number.
    #[field(no = 18, text = 120)]
    pub customer_reference: Option<String>,
    /// Delivery: to whom.
    #[field(no = 19)]
    pub delivery_name: Option<String>,
    /// Delivery: street and house.
    #[field(no = 20)]
    pub delivery_address: Option<String>,
    /// Delivery: place.
    #[field(no = 21, text = 120)]
    pub delivery_city: Option<String>,
    /// Delivery: region or state.
    #[field(no = 22, text = 120)]
    pub delivery_region: Option<String>,
    /// Delivery: postal code.
    #[field(no = 23, text = 40)]
    pub delivery_postal_code: Option<String>,
    /// Delivery: country.
    #[field(no = 24, text = 120)]
    pub delivery_country: Option<String>,
    /// By whom it is carried.
    #[field(no = 25, picklist = "carrier")]
    pub carrier: Option<String>,
    /// The price list chosen for it.
    #[field(no = 26)]
    pub price_list: Option<Ref<PriceList>>,
    /// True where the unit prices hold the tax already.
    #[field(no = 27)]
    pub prices_include_tax: bool,
    /// Discount on the whole, in per cent.
    #[field(no = 28, percent)]
    pub document_discount_percent: Option<Dec>,
    /// Discount on the whole, as an amount.
    #[field(no = 29, money)]
    pub document_discount_amount: Option<Dec>,
    /// Freight.
    #[field(no = 30, money)]
    pub freight: Dec,
    /// Other charges.
    #[field(no = 31, money)]
    pub other_charges: Dec,
    /// Terms in words.
    #[field(no = 32, long_text)]
    pub terms: Option<String>,
    /// Notes.
    #[field(no = 33, long_text)]
    pub notes: Option<String>,
    /// Sum of the lines before any discount.
    #[field(no = 34, money, managed)]
    pub gross: Dec,
    /// Sum of the line discounts.
    #[field(no = 35, money, managed)]
    pub discount: Dec,
    /// Sum of the lines' nets.
    #[field(no = 36, money, managed)]
    pub net: Dec,
    /// The discount on the whole.
    #[field(no = 37, money, managed)]
    pub document_discount: Dec,
    /// Tax.
    #[field(no = 38, money, managed)]
    pub tax: Dec,
    /// What the customer pays.
    #[field(no = 39, money, managed)]
    pub total: Dec,
    /// Who put it forward for approval.
    #[field(no = 40, managed)]
    pub submitter: Option<Ref<Employee>>,
    /// When.
    #[field(no = 41, managed)]
    pub submitted_at: Option<Instant>,
    /// How it was approved.
    #[field(no = 42, managed)]
    pub approval: Option<ApprovalWay>,
    /// Who approved it, where one person did.
    #[field(no = 43, managed)]
    pub approver: Option<Ref<Employee>>,
    /// When it was approved.
    #[field(no = 44, managed)]
    pub approved_at: Option<Instant>,
    /// Why it is held or was cancelled.
    #[field(no = 45, long_text, managed)]
    pub state_reason: Option<String>,
    /// Its key in the system that it came from.
    #[field(no = 46, text = 80, unique, managed)]
    pub external_key: Option<String>,
    /// The tax on freight and other charges.
    #[field(no = 48)]
    pub charges_tax: Option<Ref<Tax>>,
    /// The taxes on freight and other charges: each with `tax`, `percent`, `on_taxes` and its `amount`.
    #[field(no = 50, managed)]
    pub charges_taxes: Option<SharedJson>,
    /// How its amounts are posted, taxed and shared out: what the enterprise decided when they were last calculated. What
    /// follows from it goes by that. None where an older library made it: then what holds now.
    #[field(no = 52, managed)]
    pub policy: Option<SharedJson>,
    /// On whose behalf it was put forward.
    #[field(no = 49, managed)]
    pub submitted_for: Option<Ref<Employee>>,
    /// For a credit note: the order that it corrects, of which it may give back charges.
    #[field(no = 53, index, managed)]
    pub corrects: Option<Ref<Order>>,
    /// The lines.
    #[field(no = 47, managed)]
    pub lines: Lines<OrderLine>,
}

/// Where an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum OrderState {
    /// Being written.
    Draft,
    /// Being approved.
    Submitted,
    /// Approved: it is in effect.
    Approved,
    /// Approved, but stopped for a time.
    Held,
    /// Delivered and invoiced in full.
    Fulfilled,
    /// Given up.
    Cancelled,
}

/// What sort of document it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum OrderType {
    /// An order.
    Order,
    /// A credit note of the system that it came from: its quantities are negative.
    CreditNote,
}

/// Where a document comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum Origin {
    /// Entered here.
    Entered,
    /// Brought from another system as it was there.
    Import,
}

/// One line of an order.
#[derive(Clone, Debug, Record)]
#[record(no = 331, parent = Order)]
pub struct OrderLine {
    /// The product.
    #[field(no = 1, managed)]
    pub product: Ref<Product>,
    /// What the customer reads; the product's name where nothing else was said.
    #[field(no = 2, text = 1000)]
    pub description: Option<String>,
    /// How much, in the unit.
    #[field(no = 3, quantity)]
    pub quantity: Dec,
    /// The unit.
    #[field(no = 4)]
    pub unit: Option<Ref<Unit>>,
    /// The price of one unit before the line's discount.
    #[field(no = 5, unit_price)]
    pub unit_price: Dec,
    /// The exact price where six decimals do not say it all: `62/6`.
    #[field(no = 22, text = 120, managed)]
    pub exact_price: Option<String>,
    /// The list price of one unit.
    #[field(no = 6, unit_price, managed)]
    pub list_price: Option<Dec>,
    /// What one unit cost the enterprise when the line was priced, in the document's currency; none where nobody knows.
    #[field(no = 26, unit_price, sensitive, managed)]
    pub unit_cost: Option<Dec>,
    /// The line's discount, in per cent.
    #[field(no = 7, percent)]
    pub discount_percent: Dec,
    /// Quantity × unit price, posted.
    #[field(no = 8, money, managed)]
    pub gross: Dec,
    /// Gross less net.
    #[field(no = 9, money, managed)]
    pub discount: Dec,
    /// Quantity × unit price × (1 − discount), posted once.
    #[field(no = 10, money, managed)]
    pub net: Dec,
    /// Quantity × unit cost, posted. The net less this is the line's margin.
    #[field(no = 27, money, sensitive, managed)]
    pub cost: Option<Dec>,
    /// The line's share of the discount on the whole.
    #[field(no = 11, money, managed)]
    pub document_discount: Dec,
    /// What rules take off it together with other lines: each with the rule, its per cent or amount, and the line's share.
    #[field(no = 28, managed)]
    pub document_effects: Option<SharedJson>,
    /// For free goods, which follow another line: the number of that line.
    #[field(no = 29, managed)]
    pub free_of: Option<i64>,
    /// The tax.
    #[field(no = 12)]
    pub tax: Option<Ref<Tax>>,
    /// Its rate on the order's date.
    #[field(no = 13, percent, managed)]
    pub tax_percent: Dec,
    /// Where the tax is made of several: each with `tax`, `percent`, `on_taxes` and its `amount` on the line.
    #[field(no = 30, managed)]
    pub tax_parts: Option<SharedJson>,
    /// The tax of the line.
    #[field(no = 14, money, managed)]
    pub tax_amount: Dec,
    /// The line with discounts and tax.
    #[field(no = 15, money, managed)]
    pub total: Dec,
    /// The price rule that made the price.
    #[field(no = 16, managed)]
    pub price_rule: Option<Ref<PriceRule>>,
    /// How the price came about.
    #[field(no = 17, managed)]
    pub derivation: Option<SharedJson>,
    /// Who set the price by hand, where somebody did.
    #[field(no = 18, managed)]
    pub manual_price_by: Option<Ref<Employee>>,
    /// Why.
    #[field(no = 19, managed)]
    pub manual_price_reason: Option<String>,
    /// The price that it replaced.
    #[field(no = 20, unit_price, managed)]
    pub replaced_price: Option<Dec>,
    /// The line of the quote's version that it follows from.
    #[field(no = 21, managed)]
    pub quote_line: Option<i64>,
    /// How much was delivered.
    #[field(no = 23, quantity, managed)]
    pub delivered: Dec,
    /// How much was invoiced.
    #[field(no = 24, quantity, managed)]
    pub invoiced: Dec,
    /// How much came back.
    #[field(no = 25, quantity, managed)]
    pub returned: Dec,
}

priced_line!(OrderLine, "order");

document_head!(Order, follows = [quote_version, corrects]);

impl OrderLine {
    /// What was done with it.
    pub fn executed(&self) -> Executed {
        Executed { delivered: self.delivered, invoiced: self.invoiced, returned: self.returned }
    }

    /// How much of it is to be invoiced in all: what was ordered, and what was delivered beyond it.
    pub fn billable(&self) -> Dec {
        self.executed().billable(self.quantity)
    }

    /// How much of that is not invoiced yet. Errors: `value.out_of_range`.
    pub fn to_invoice(&self) -> Result<Dec> {
        Ok(self.billable().sub(self.invoiced)?)
    }
}

impl Order {
    /// How many of the enterprise's currency one of its currency is, exactly. Errors: `value.none`.
    pub fn exact_rate(&self) -> Result<Ratio> {
        Ratio::kept(self.rate, self.inverse_rate)
    }

    /// How its amounts are posted: as they were when it was made, or as they are at `present` where it does not say.
    pub fn rounding(&self, present: RoundingPolicy) -> RoundingPolicy {
        kept_rounding(self.policy.as_ref()).unwrap_or(present)
    }

    /// A draft of which nothing is known but what every order has.
    pub fn blank(
        customer: Ref<Customer>,
        owner: Ref<Employee>,
        department: Ref<Department>,
        currency: Currency,
        (rate, inverse_rate): (Dec, Option<Dec>),
        date: Date,
    ) -> Order {
        Order {
            number: None,
            customer,
            contact: None,
            owner,
            department,
            currency,
            rate,
            inverse_rate,
            date,
            state: OrderState::Draft,
            doc_type: OrderType::Order,
            origin: Origin::Entered,
            source_status: None,
            quote: None,
            quote_version: None,
            payment_term: None,
            required_date: None,
            shipped_date: None,
            customer_reference: None,
            delivery_name: None,
            delivery_address: None,
            delivery_city: None,
            delivery_region: None,
            delivery_postal_code: None,
            delivery_country: None,
            carrier: None,
            price_list: None,
            prices_include_tax: false,
            document_discount_percent: None,
            document_discount_amount: None,
            freight: Dec::ZERO,
            other_charges: Dec::ZERO,
            terms: None,
            notes: None,
            gross: Dec::ZERO,
            discount: Dec::ZERO,
            net: Dec::ZERO,
            document_discount: Dec::ZERO,
            tax: Dec::ZERO,
            total: Dec::ZERO,
            submitter: None,
            submitted_for: None,
            submitted_at: None,
            approval: None,
            approver: None,
            approved_at: None,
            state_reason: None,
            external_key: None,
            charges_tax: None,
            charges_taxes: None,
            policy: None,
            corrects: None,
            lines: Lines::default(),
        }
    }
}

impl DocumentLine for OrderLine {
    fn blank(asked: &NewLine) -> OrderLine {
        OrderLine {
            product: asked.product,
            description: asked.description.clone(),
            quantity: asked.quantity,
            unit: asked.unit,
            unit_price: Dec::ZERO,
            exact_price: None,
            list_price: None,
            unit_cost: None,
            discount_percent: asked.discount_percent.unwrap_or_default(),
            gross: Dec::ZERO,
            discount: Dec::ZERO,
            net: Dec::ZERO,
            cost: None,
            document_discount: Dec::ZERO,
            document_effects: None,
            free_of: None,
            tax: asked.tax,
            tax_percent: Dec::ZERO,
            tax_parts: None,
            tax_amount: Dec::ZERO,
            total: Dec::ZERO,
            price_rule: None,
            derivation: None,
            manual_price_by: None,
            manual_price_reason: None,
            replaced_price: None,
            quote_line: None,
            delivered: Dec::ZERO,
            invoiced: Dec::ZERO,
            returned: Dec::ZERO,
        }
    }

    fn follows_quote(&self) -> bool {
        self.quote_line.is_some()
    }
}
