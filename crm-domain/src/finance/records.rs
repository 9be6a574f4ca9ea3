//! The records of finance (FIN-01 to FIN-03, FIN-05, CUS-09).

use crate::catalog::Product;
use crate::ordering::{Order, Origin};
use crate::org::{Department, Employee};
use crate::parties::Customer;
use crate::settings::{PaymentTerm, Tax, Unit};
use crm_kernel::currency::Currency;
use crm_kernel::date::{Date, Instant};
use crm_kernel::dec::Dec;
use crm_kernel::id::Ref;
use crm_kernel::json::SharedJson;
use crm_kernel::record::Lines;
use crm_kernel::{Choice, Record};

/// What was billed to a customer.
#[derive(Clone, Debug, Record)]
#[record(no = 400, managed)]
pub struct Invoice {
    /// The invoice's number.
    #[field(no = 1, number, unique, text = 60)]
    pub number: Option<String>,
    /// Its key in the system that it came from.
    #[field(no = 2, text = 80, unique)]
    pub external_key: Option<String>,
    /// Who is billed.
    #[field(no = 3, index)]
    pub customer: Ref<Customer>,
    /// The order that it bills.
    #[field(no = 4, index)]
    pub order: Option<Ref<Order>>,
    /// Whose business it is.
    #[field(no = 5, owner)]
    pub owner: Option<Ref<Employee>>,
    /// The department it belongs to.
    #[field(no = 6, department)]
    pub department: Option<Ref<Department>>,
    /// Its currency.
    #[field(no = 7)]
    pub currency: Currency,
    /// How many of the enterprise's currency one of its currency is.
    #[field(no = 8, rate)]
    pub rate: Dec,
    /// Where the exchange rate stands the other way round and no twelve decimals say it: how many of its currency one of the
    /// enterprise's is. Its amounts are divided by it.
    #[field(no = 26, rate)]
    pub inverse_rate: Option<Dec>,
    /// Its date.
    #[field(no = 9, business_date, index)]
    pub date: Date,
    /// Invoice or credit note.
    #[field(no = 10)]
    pub doc_type: InvoiceType,
    /// Entered here or brought from another system.
    #[field(no = 11)]
    pub origin: Origin,
    /// When what is due: the payment term.
    #[field(no = 12)]
    pub payment_term: Option<Ref<PaymentTerm>>,
    /// Sum of the lines before any discount.
    #[field(no = 13, money)]
    pub gross: Dec,
    /// Sum of the line discounts.
    #[field(no = 14, money)]
    pub discount: Dec,
    /// Sum of the lines' nets.
    #[field(no = 15, money)]
    pub net: Dec,
    /// The lines' shares of the order's discount on the whole.
    #[field(no = 16, money)]
    pub document_discount: Dec,
    /// Its share of the order's freight.
    #[field(no = 17, money)]
    pub freight: Dec,
    /// Its share of the order's other charges.
    #[field(no = 18, money)]
    pub other_charges: Dec,
    /// The taxes on freight and other charges: each with `tax`, `percent`, `on_taxes` and its `amount`.
    #[field(no = 25)]
    pub charges_taxes: Option<SharedJson>,
    /// Tax, that on its shares of the charges included.
    #[field(no = 19, money)]
    pub tax: Dec,
    /// What the customer owes for it.
    #[field(no = 20, money)]
    pub total: Dec,
    /// True where its debts were booked with the order already: it makes none of its own.
    #[field(no = 21)]
    pub booked_with_order: bool,
    /// Notes.
    #[field(no = 22, long_text)]
    pub notes: Option<String>,
    /// When it became known here.
    #[field(no = 23)]
    pub recorded_at: Instant,
    /// The lines.
    #[field(no = 24)]
    pub lines: Lines<InvoiceLine>,
}

/// What sort of document it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum InvoiceType {
    /// An invoice.
    Invoice,
    /// A credit note: its amounts are negative.
    CreditNote,
}

/// One line of an invoice: a part of a line of the order.
#[derive(Clone, Debug, Record)]
#[record(no = 401, parent = Invoice)]
pub struct InvoiceLine {
    /// The line of the order.
    #[field(no = 1)]
    pub order_line: Option<i64>,
    /// The product.
    #[field(no = 2)]
    pub product: Ref<Product>,
    /// What the customer reads.
    #[field(no = 3, text = 1000)]
    pub description: Option<String>,
    /// How much, in the unit.
    #[field(no = 4, quantity)]
    pub quantity: Dec,
    /// The unit.
    #[field(no = 5)]
    pub unit: Option<Ref<Unit>>,
    /// The price of one unit before the line's discount.
    #[field(no = 6, unit_price)]
    pub unit_price: Dec,
    /// The line's discount, in per cent.
    #[field(no = 7, percent)]
    pub discount_percent: Dec,
    /// The part of the order line's gross.
    #[field(no = 8, money)]
    pub gross: Dec,
    /// Gross less net.
    #[field(no = 9, money)]
    pub discount: Dec,
    /// The part of the order line's net.
    #[field(no = 10, money)]
    pub net: Dec,
    /// The part of its share of the discount on the whole.
    #[field(no = 11, money)]
    pub document_discount: Dec,
    /// The tax.
    #[field(no = 12)]
    pub tax: Option<Ref<Tax>>,
    /// Its rate.
    #[field(no = 13, percent)]
    pub tax_percent: Dec,
    /// Where the tax is made of several: each with `tax`, `percent`, `on_taxes` and its `amount` on the line.
    #[field(no = 16)]
    pub tax_parts: Option<SharedJson>,
    /// The part of the tax.
    #[field(no = 14, money)]
    pub tax_amount: Dec,
    /// With discounts and tax.
    #[field(no = 15, money)]
    pub total: Dec,
}

/// One debt with one due date: an instalment of an invoice or of an order, or an opening balance. Negative for a
/// credit note.
#[derive(Clone, Debug, Record)]
#[record(no = 404, managed, index("customer", "due_date"))]
pub struct Receivable {
    /// The invoice that it is of.
    #[field(no = 1)]
    pub invoice: Option<Ref<Invoice>>,
    /// The order behind it.
    #[field(no = 2)]
    pub order: Option<Ref<Order>>,
    /// Who owes.
    #[field(no = 3)]
    pub customer: Ref<Customer>,
    /// Whose business it is.
    #[field(no = 4, owner)]
    pub owner: Option<Ref<Employee>>,
    /// The department it belongs to.
    #[field(no = 5, department)]
    pub department: Option<Ref<Department>>,
    /// The currency.
    #[field(no = 6)]
    pub currency: Currency,
    /// How many of the enterprise's currency one of its currency is.
    #[field(no = 7, rate)]
    pub rate: Dec,
    /// Where the exchange rate stands the other way round and no twelve decimals say it: how many of its currency one of the
    /// enterprise's is. Its amounts are divided by it.
    #[field(no = 17, rate)]
    pub inverse_rate: Option<Dec>,
    /// The number of the document.
    #[field(no = 8, title, text = 60)]
    pub document: Option<String>,
    /// What the instalment is called.
    #[field(no = 9)]
    pub label: Option<String>,
    /// The date of the document.
    #[field(no = 10, business_date)]
    pub date: Date,
    /// When it is due.
    #[field(no = 11)]
    pub due_date: Date,
    /// How much was booked.
    #[field(no = 12, money)]
    pub amount: Dec,
    /// How much of it is not settled.
    #[field(no = 13, money)]
    pub open: Dec,
    /// The booked amount in the enterprise's currency.
    #[field(no = 14, base_money)]
    pub base_amount: Dec,
    /// What is not settled, in the enterprise's currency at its own rate.
    #[field(no = 15, base_money)]
    pub base_open: Dec,
    /// When it became known here.
    #[field(no = 16)]
    pub recorded_at: Instant,
}

/// Money that came from a customer, or went back.
#[derive(Clone, Debug, Record)]
#[record(no = 402, managed, index("customer", "date"))]
pub struct Receipt {
    /// The receipt's number.
    #[field(no = 1, number, unique, text = 60)]
    pub number: Option<String>,
    /// Its key in the system that it came from.
    #[field(no = 2, text = 80, unique)]
    pub external_key: Option<String>,
    /// From whom, or to whom.
    #[field(no = 3)]
    pub customer: Ref<Customer>,
    /// The order that it is for.
    #[field(no = 4, index)]
    pub order: Option<Ref<Order>>,
    /// Payment, payment in advance or refund.
    #[field(no = 5)]
    pub receipt_type: ReceiptType,
    /// The currency.
    #[field(no = 6)]
    pub currency: Currency,
    /// How many of the enterprise's currency one of its currency is, on its date.
    #[field(no = 7, rate)]
    pub rate: Dec,
    /// Where the exchange rate stands the other way round and no twelve decimals say it: how many of its currency one of the
    /// enterprise's is. Its amounts are divided by it.
    #[field(no = 20, rate)]
    pub inverse_rate: Option<Dec>,
    /// How much; above zero, for a refund too.
    #[field(no = 8, money)]
    pub amount: Dec,
    /// The day on which it came or went.
    #[field(no = 9, business_date, index)]
    pub date: Date,
    /// How it was paid.
    #[field(no = 10, picklist = "payment_method")]
    pub method: Option<String>,
    /// Who paid, where it was somebody else.
    #[field(no = 11)]
    pub payer: Option<String>,
    /// Who handles it.
    #[field(no = 12, owner)]
    pub owner: Option<Ref<Employee>>,
    /// The department it belongs to.
    #[field(no = 13, department)]
    pub department: Option<Ref<Department>>,
    /// How much of it settles no debt yet: the customer's advance.
    #[field(no = 14, money)]
    pub unallocated: Dec,
    /// The amount in the enterprise's currency.
    #[field(no = 15, base_money)]
    pub base_amount: Dec,
    /// The advance in the enterprise's currency, at the receipt's rate.
    #[field(no = 16, base_money)]
    pub base_unallocated: Dec,
    /// Entered here or brought from another system.
    #[field(no = 17)]
    pub origin: Origin,
    /// Notes.
    #[field(no = 18, long_text)]
    pub notes: Option<String>,
    /// When it became known here.
    #[field(no = 19)]
    pub recorded_at: Instant,
}

/// What sort of payment it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum ReceiptType {
    /// Paid before there is a debt.
    Prepayment,
    /// Paid for a debt.
    Receipt,
    /// Paid back to the customer, out of an advance.
    Refund,
}

/// What of a receipt settles which debt. Never changed: a correction is an entry of its own, with the other sign.
#[derive(Clone, Debug, Record)]
#[record(no = 403, managed, index("customer", "date"))]
pub struct Allocation {
    /// What sort of entry it is.
    #[field(no = 1)]
    pub entry: AllocationEntry,
    /// The receipt that it is taken from.
    #[field(no = 2, index)]
    pub receipt: Option<Ref<Receipt>>,
    /// The debt that it settles.
    #[field(no = 3, index)]
    pub receivable: Option<Ref<Receivable>>,
    /// The refund by which it went back.
    #[field(no = 4)]
    pub refund: Option<Ref<Receipt>>,
    /// The customer.
    #[field(no = 5)]
    pub customer: Ref<Customer>,
    /// Whose business the debt is, or the receipt.
    #[field(no = 6, owner)]
    pub owner: Option<Ref<Employee>>,
    /// The department it belongs to.
    #[field(no = 7, department)]
    pub department: Option<Ref<Department>>,
    /// The currency.
    #[field(no = 8)]
    pub currency: Currency,
    /// How much.
    #[field(no = 9, money)]
    pub amount: Dec,
    /// What the debt became less by in the enterprise's currency.
    #[field(no = 10, base_money)]
    pub base_amount: Dec,
    /// What the advance became less by in the enterprise's currency: where it differs, the rate has moved.
    #[field(no = 11, base_money)]
    pub advance_base: Dec,
    /// The later of the receipt's and the document's date; for a correction its own day.
    #[field(no = 12, business_date, index)]
    pub date: Date,
    /// When it became known here.
    #[field(no = 13)]
    pub recorded_at: Instant,
    /// Why, for a correction.
    #[field(no = 14)]
    pub reason: Option<String>,
}

/// What sort of entry an allocation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum AllocationEntry {
    /// A receipt settles a debt.
    Payment,
    /// A refund takes an advance.
    Refund,
    /// A payment is taken off a debt again.
    Correction,
    /// The order was cancelled: its debt is gone.
    Cancellation,
}
