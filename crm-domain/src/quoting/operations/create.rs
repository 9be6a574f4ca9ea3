//! Making a quote.

use super::{answer, price_terms};
use crate::org::{Department, Employee};
use crate::parties::{Contact, Customer, INACTIVE};
use crate::pricing::{self, PriceList};
use crate::quoting::rules::{last_day, valid_on_its_date};
use crate::quoting::{
    FOREIGN_CONTACT, LINE_QUANTITY, LookUp, NEGATIVE_CHARGE, NewLine, OVER_BEFORE_DATE, OWNER_LEFT, Quote,
    QuoteState, QuoteVersion, QuoteVersionState, TWO_DISCOUNTS, belonging, contact_of, customer_of,
    guard_head, guard_rules, judge_whole, new_lines, total, works_here,
};
use crate::settings::{self, PaymentTerm, Tax};
use crm_kernel::currency::Currency;
use crm_kernel::date::{Date, Instant};
use crm_kernel::dec::Dec;
use crm_kernel::error::{Code, Result};
use crm_kernel::id::Ref;
use crm_kernel::json::Json;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::record::{Lines, Record as _, Whole};
use crm_kernel::work::Work;
use crm_kernel::{Record, codes};

/// Makes a quote with its first version, a draft, and prices its lines.
#[derive(Clone, Debug, Record)]
#[record(name = "quote_create")]
pub struct Create {
    /// To whom it is made.
    pub customer: Ref<Customer>,
    /// The person addressed.
    pub contact: Option<Ref<Contact>>,
    /// Who makes it; the actor where nobody is named.
    pub owner: Option<Ref<Employee>>,
    /// The department it belongs to; the owner's where none is named.
    pub department: Option<Ref<Department>>,
    /// The currency; the customer's, else the enterprise's.
    pub currency: Option<Currency>,
    /// Its date: prices are those of that day; today where none is given.
    pub date: Option<Date>,
    /// What it is about.
    pub subject: Option<String>,
    /// The last day of its validity; by the setting `quote.validity_days` where none is given.
    pub valid_until: Option<Date>,
    /// The moment at which it expires, instead of a last day: the day it falls on in the enterprise's zone.
    pub expires_at: Option<Instant>,
    /// True where the unit prices hold the tax already; as the enterprise has set where it is not given.
    pub prices_include_tax: Option<bool>,
    /// The price list chosen for it.
    pub price_list: Option<Ref<PriceList>>,
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
    /// The payment term; the customer's where none is given.
    pub payment_term: Option<Ref<PaymentTerm>>,
    /// Terms in words.
    #[field(long_text)]
    pub terms: Option<String>,
    /// Notes, not shown to the customer.
    #[field(long_text)]
    pub notes: Option<String>,
    /// Its key in the system that it came from.
    #[field(text = 80)]
    pub external_key: Option<String>,
    /// The lines.
    pub lines: Vec<NewLine>,
}

/// A quote and the version that was worked on.
#[derive(Clone, Debug, Record)]
#[record(name = "quote_answer")]
pub struct QuoteAnswer {
    /// The quote.
    pub quote: Whole<Quote>,
    /// The version.
    pub quote_version: Whole<QuoteVersion>,
}

impl Operation for Create {
    const NAME: &'static str = "quote.create";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "quote", verb: "create" };
    const ERRORS: &'static [Code] = codes!(
        pricing::REFUSALS,
        &[
            FOREIGN_CONTACT,
            INACTIVE,
            OWNER_LEFT,
            OVER_BEFORE_DATE,
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
    const CAPABILITIES: &'static [&'static str] = &["QUO-01", "PRD-08"];
    const EXAMPLE: &'static str =
        r#"{"customer":"$customer","subject":"Microscopes","lines":[{"product":"$product","quantity":"3"}]}"#;
    type Answer = QuoteAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<QuoteAnswer> {
        let customer = customer_of(work, self.customer)?;
        contact_of(work, self.contact, self.customer, FOREIGN_CONTACT)?;
        let (owner, department) = belonging(work, self.owner, self.department)?;
        works_here(work, owner)?;
        let currency = self
            .currency
            .or(customer.currency)
            .or(work.base())
            .ok_or_else(|| Code::REQUIRED.at("/currency"))?;
        let date = self.date.unwrap_or_else(|| work.today());
        let mut quote = Quote {
            number: None,
            customer: self.customer,
            contact: self.contact,
            owner,
            department,
            currency,
            date,
            state: QuoteState::Draft,
            accepted_version: None,
            closed_on: None,
            closed_because: None,
            accepted_late: false,
            subject: self.subject.clone(),
            notes: self.notes.clone(),
            external_key: self.external_key.clone(),
        };
        let valid_until = match (self.valid_until, self.expires_at) {
            (Some(day), _) => Some(day),
            (None, Some(moment)) => Some(last_day(moment, &work.context().zone)),
            (None, None) => {
                let days = settings::setting(work, "quote.validity_days")?.as_int().unwrap_or(0);
                if days > 0 { date.add_days(days) } else { None }
            }
        };
        let given = if self.valid_until.is_some() { "/valid_until" } else { "/expires_at" };
        valid_on_its_date(date, valid_until).map_err(|error| error.at(given))?;
        let include_tax = match self.prices_include_tax {
            Some(given) => given,
            None => settings::setting(work, "prices.include_tax")? == Json::Bool(true),
        };
        let stored = work.insert(&quote)?;
        quote.number.clone_from(&stored.number);
        let mut version = QuoteVersion {
            quote: stored.id,
            version_no: 1,
            state: QuoteVersionState::Draft,
            open: Some(true),
            cloned_from: None,
            void_reason: None,
            void_cause: None,
            void_note: None,
            valid_until,
            currency,
            prices_include_tax: include_tax,
            price_list: self.price_list,
            document_discount_percent: self.document_discount_percent,
            document_discount_amount: self.document_discount_amount,
            freight: self.freight.unwrap_or_default(),
            other_charges: self.other_charges.unwrap_or_default(),
            payment_term: self.payment_term.or(customer.payment_term),
            terms: self.terms,
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
            sent_at: None,
            label: label(&quote, 1),
            charges_tax: self.charges_tax,
            charges_taxes: None,
            policy: None,
            lines: Lines::default(),
        };
        let terms = price_terms(work, &quote, &version)?;
        let mut lines = new_lines(work, &terms, &self.lines, LookUp::Always, 0)?;
        judge_whole(work, |_| Ok(terms.clone()), &mut lines)?;
        total(work, &mut version, date, &mut lines)?;
        guard_rules(work, &terms, &Lines::default(), &mut lines, |_| true)?;
        guard_head(work, |_| Ok(terms), &version, &mut lines, |_| true)?;
        version.lines = lines;
        let version = work.system(|work| work.insert(&version))?;
        work.must_cover(Quote::NO, &stored.row, "create")?;
        Ok(answer(stored.row, version.row))
    }
}

/// What people call a version.
pub(super) fn label(quote: &Quote, version_no: i64) -> String {
    format!("{}/{version_no}", quote.number.as_deref().unwrap_or_default())
}
