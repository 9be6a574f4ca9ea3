//! The records of quoting (QUO-01, QUO-02, QUO-04).

use super::{DocumentLine, NewLine};
use crate::catalog::Product;
use crate::org::{Department, Employee};
use crate::parties::{Contact, Customer};
use crate::pricing::{PriceList, PriceRule};
use crate::settings::{PaymentTerm, Tax, Unit};
use crate::{document_head, priced_line};
use crm_kernel::currency::Currency;
use crm_kernel::date::{Date, Instant};
use crm_kernel::dec::Dec;
use crm_kernel::id::Ref;
use crm_kernel::json::SharedJson;
use crm_kernel::record::Lines;
use crm_kernel::{Choice, Record};

/// An offer to a customer: who offers what to whom. What is offered stands in its versions.
#[derive(Clone, Debug, Record)]
#[record(no = 300, managed)]
pub struct Quote {
    /// The quote's number.
    #[field(no = 1, number, unique, text = 60, managed)]
    pub number: Option<String>,
    /// To whom it is made.
    #[field(no = 2, index, managed)]
    pub customer: Ref<Customer>,
    /// The person addressed.
    #[field(no = 3)]
    pub contact: Option<Ref<Contact>>,
    /// Who makes it.
    #[field(no = 4, owner, index)]
    pub owner: Ref<Employee>,
    /// The department it belongs to.
    #[field(no = 5, department, index)]
    pub department: Ref<Department>,
    /// The currency of all its versions.
    #[field(no = 6, managed)]
    pub currency: Currency,
    /// Its date: prices are those of that day.
    #[field(no = 7, business_date, index)]
    pub date: Date,
    /// Where it stands.
    #[field(no = 8, index, managed)]
    pub state: QuoteState,
    /// The version that the customer took.
    #[field(no = 9, managed)]
    pub accepted_version: Option<Ref<QuoteVersion>>,
    /// When it was accepted or declined.
    #[field(no = 10, managed)]
    pub closed_on: Option<Date>,
    /// Why it was declined or made void.
    #[field(no = 11, long_text, managed)]
    pub closed_because: Option<String>,
    /// True where it was accepted after its validity, by somebody who may.
    #[field(no = 12, default = "false", managed)]
    pub accepted_late: bool,
    /// What it is about.
    #[field(no = 13, title)]
    pub subject: Option<String>,
    /// Notes, not shown to the customer.
    #[field(no = 14, long_text)]
    pub notes: Option<String>,
    /// Its key in the system that it came from.
    #[field(no = 15, text = 80, unique, managed)]
    pub external_key: Option<String>,
}

/// Where a quote stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum QuoteState {
    /// Being written.
    Draft,
    /// Its version is being approved.
    InApproval,
    /// A version is approved and may be sent.
    Approved,
    /// Sent to the customer.
    Sent,
    /// The customer is negotiating.
    InNegotiation,
    /// The customer took it.
    Accepted,
    /// The customer did not take it.
    Declined,
    /// Its validity is over.
    Expired,
    /// Taken back.
    Void,
}

/// What is offered: lines, prices, terms. A draft changes; approving freezes it for good.
#[derive(Clone, Debug, Record)]
#[record(no = 301, managed, access("quote"), unique("quote", "version_no"), unique("quote", "open"))]
pub struct QuoteVersion {
    /// The quote.
    #[field(no = 1, managed)]
    pub quote: Ref<Quote>,
    /// The version: 1, 2, ...
    #[field(no = 2, managed)]
    pub version_no: i64,
    /// Where it stands.
    #[field(no = 3, index, managed)]
    pub state: QuoteVersionState,
    /// True while it is a draft or in approval, else empty: there is at most one such version.
    #[field(no = 4, managed)]
    pub open: Option<bool>,
    /// The version that it was cloned from.
    #[field(no = 5, managed)]
    pub cloned_from: Option<Ref<QuoteVersion>>,
    /// Why it was voided.
    #[field(no = 6, managed)]
    pub void_reason: Option<VoidReason>,
    /// The version that superseded it.
    #[field(no = 7, managed)]
    pub void_cause: Option<Ref<QuoteVersion>>,
    /// What was said when it was voided.
    #[field(no = 8, long_text, managed)]
    pub void_note: Option<String>,
    /// The last day of its validity.
    #[field(no = 9, index)]
    pub valid_until: Option<Date>,
    /// The quote's currency.
    #[field(no = 10, managed)]
    pub currency: Currency,
    /// True where the unit prices hold the tax already.
    #[field(no = 11)]
    pub prices_include_tax: bool,
    /// The price list chosen for it.
    #[field(no = 12)]
    pub price_list: Option<Ref<PriceList>>,
    /// Discount on the whole, in per cent.
    #[field(no = 13, percent)]
    pub document_discount_percent: Option<Dec>,
    /// Discount on the whole, as an amount.
    #[field(no = 14, money)]
    pub document_discount_amount: Option<Dec>,
    /// Freight.
    #[field(no = 15, money)]
    pub freight: Dec,
    /// Other charges.
    #[field(no = 16, money)]
    pub other_charges: Dec,
    /// When what is due: the payment term.
    #[field(no = 17)]
    pub payment_term: Option<Ref<PaymentTerm>>,
    /// Terms in words.
    #[field(no = 18, long_text)]
    pub terms: Option<String>,
    /// Sum of the lines before any discount.
    #[field(no = 19, money, managed)]
    pub gross: Dec,
    /// Sum of the line discounts.
    #[field(no = 20, money, managed)]
    pub discount: Dec,
    /// Sum of the lines' nets.
    #[field(no = 21, money, managed)]
    pub net: Dec,
    /// The discount on the whole.
    #[field(no = 22, money, managed)]
    pub document_discount: Dec,
    /// Tax.
    #[field(no = 23, money, managed)]
    pub tax: Dec,
    /// What the customer would pay.
    #[field(no = 24, money, managed)]
    pub total: Dec,
    /// Who put it forward for approval.
    #[field(no = 25, managed)]
    pub submitter: Option<Ref<Employee>>,
    /// When.
    #[field(no = 26, managed)]
    pub submitted_at: Option<Instant>,
    /// How it was approved.
    #[field(no = 27, managed)]
    pub approval: Option<ApprovalWay>,
    /// Who approved it, where one person did.
    #[field(no = 28, managed)]
    pub approver: Option<Ref<Employee>>,
    /// When it was approved.
    #[field(no = 29, managed)]
    pub approved_at: Option<Instant>,
    /// When it was sent to the customer.
    #[field(no = 30, managed)]
    pub sent_at: Option<Instant>,
    /// What people call it: the quote's number and the version.
    #[field(no = 32, title, text = 80, managed)]
    pub label: String,
    /// The tax on freight and other charges.
    #[field(no = 33)]
    pub charges_tax: Option<Ref<Tax>>,
    /// The taxes on freight and other charges: each with `tax`, `percent`, `on_taxes` and its `amount`.
    #[field(no = 35, managed)]
    pub charges_taxes: Option<SharedJson>,
    /// How its amounts are posted, taxed and shared out: what the enterprise decided when they were last calculated. What
    /// follows from it goes by that. None where an older library made it: then what holds now.
    #[field(no = 36, managed)]
    pub policy: Option<SharedJson>,
    /// On whose behalf it was put forward.
    #[field(no = 34, managed)]
    pub submitted_for: Option<Ref<Employee>>,
    /// The lines.
    #[field(no = 31, managed)]
    pub lines: Lines<QuoteLine>,
}

/// Where a version stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum QuoteVersionState {
    /// Being written.
    Draft,
    /// Being approved.
    InApproval,
    /// Approved: frozen, and offered while it is valid.
    Approved,
    /// No longer offered.
    Voided,
}

/// Why a version was voided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum VoidReason {
    /// By hand.
    Manual,
    /// Another version took its place before it was approved.
    Superseded,
    /// The quote expired.
    CascadeOfExpired,
    /// The quote was taken back.
    CascadeOfVoided,
}

/// How something came to be approved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum ApprovalWay {
    /// The enterprise asks for no approval: submitting approved it.
    NotRequired,
    /// By one person with the right to.
    ByRight,
    /// By the steps of a published definition.
    ByDefinition,
    /// It was approved in the system that it came from.
    Imported,
}

/// One line of a version.
#[derive(Clone, Debug, Record)]
#[record(no = 302, parent = QuoteVersion)]
pub struct QuoteLine {
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
    #[field(no = 23, unit_price, sensitive, managed)]
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
    #[field(no = 24, money, sensitive, managed)]
    pub cost: Option<Dec>,
    /// The line's share of the discount on the whole.
    #[field(no = 11, money, managed)]
    pub document_discount: Dec,
    /// What rules take off it together with other lines: each with the rule, its per cent or amount, and the line's share.
    #[field(no = 25, managed)]
    pub document_effects: Option<SharedJson>,
    /// For free goods, which follow another line: the number of that line.
    #[field(no = 26, managed)]
    pub free_of: Option<i64>,
    /// The tax.
    #[field(no = 12)]
    pub tax: Option<Ref<Tax>>,
    /// Its rate on the document's date.
    #[field(no = 13, percent, managed)]
    pub tax_percent: Dec,
    /// Where the tax is made of several: each with `tax`, `percent`, `on_taxes` and its `amount` on the line.
    #[field(no = 27, managed)]
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
    /// How much of it has been ordered.
    #[field(no = 21, quantity, managed)]
    pub ordered: Dec,
}

priced_line!(QuoteLine, "quote");

document_head!(QuoteVersion);

impl DocumentLine for QuoteLine {
    fn blank(asked: &NewLine) -> QuoteLine {
        QuoteLine {
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
            ordered: Dec::ZERO,
        }
    }
}
