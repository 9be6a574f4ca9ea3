//! Opening balances: what customers owe or have prepaid on the day the system begins (CUS-09).

use super::debts::{Document, Due, book, in_base, rate_of};
use super::rules::posted;
use super::{AFTER_CUTOVER, Receipt, ReceiptType, Receivable};
use crate::ordering::Origin;
use crate::parties::Customer;
use crate::settings::{NO_RATE, NOT_POSITIVE, NOT_SET_UP, policy};
use crm_kernel::Record;
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::Dec;
use crm_kernel::error::{Code, Result};
use crm_kernel::expr::node::Ty;
use crm_kernel::id::Ref;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::record::{Record as _, Whole};
use crm_kernel::value::Value;
use crm_kernel::work::Work;

/// Records what a customer owes and has prepaid when the system begins. Each debt keeps its own due date, so ageing
/// and dunning go on where they were.
#[derive(Clone, Debug, Record)]
#[record(name = "opening_record")]
pub struct RecordOpening {
    /// The customer.
    pub customer: Ref<Customer>,
    /// The day on which the system begins: everything here was before it.
    pub cutover: Date,
    /// The currency; the customer's or the enterprise's where none is given.
    pub currency: Option<Currency>,
    /// The debts that were open.
    pub items: Vec<OpeningItem>,
    /// What the customer had prepaid; above zero.
    #[field(money)]
    pub unallocated: Option<Dec>,
}

/// A debt from before.
#[derive(Clone, Debug, Record)]
#[record(name = "opening_item")]
pub struct OpeningItem {
    /// The number of the document.
    #[field(text = 60)]
    pub number: String,
    /// Its date; the due date where none is given.
    pub date: Option<Date>,
    /// When it was due.
    pub due_date: Date,
    /// What was open of it; below zero for a credit note.
    #[field(money)]
    pub amount: Dec,
}

/// What was recorded.
#[derive(Clone, Debug, Record)]
#[record(name = "opening_answer")]
pub struct OpeningAnswer {
    /// The debts.
    pub receivables: Vec<Whole<Receivable>>,
    /// The advance, where there was one.
    pub receipt: Option<Whole<Receipt>>,
    /// Debts less advance.
    #[field(money)]
    pub balance: Dec,
    /// The currency.
    pub currency: Currency,
}

impl Operation for RecordOpening {
    const NAME: &'static str = "opening.record";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "receivable", verb: "open" };
    const ERRORS: &'static [Code] = &[AFTER_CUTOVER, NOT_POSITIVE, NO_RATE, NOT_SET_UP];
    const CAPABILITIES: &'static [&'static str] = &["CUS-09"];
    const EXAMPLE: &'static str = r#"{"customer":"$customer","cutover":"2026-01-01","items":[{"number":"INV-1","due_date":"2025-11-15","amount":"300.00"}],"unallocated":"50.00"}"#;
    type Answer = OpeningAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<OpeningAnswer> {
        let customer = work.find(self.customer).map_err(|error| error.at("/customer"))?;
        let currency =
            self.currency.or(customer.currency).or(work.base()).ok_or_else(|| NOT_SET_UP.error())?;
        let rate = rate_of(work, currency, self.cutover).map_err(|error| error.at("/currency"))?;
        let (rate_kept, inverse_rate) = rate.columns()?;
        let policy = policy(work)?;
        let (mut balance, mut receivables) = (Dec::ZERO, Vec::new());
        let recorded = recorded(work, customer.id)?;
        let mut given: Vec<(&str, Date)> = Vec::new();
        for (at, item) in self.items.iter().enumerate() {
            // A document may be open in several instalments; it is recorded once, with all of them.
            let again = given.contains(&(&item.number, item.due_date));
            if again || recorded.contains(&item.number) {
                return Err(Code::DUPLICATE.at(format!("/items/{at}/number")).with("fields", "number"));
            }
            given.push((&item.number, item.due_date));
        }
        for (at, item) in self.items.into_iter().enumerate() {
            let path = |field: &str| format!("/items/{at}/{field}");
            let amount =
                posted(item.amount, policy, currency.digits()).map_err(|error| error.at(path("amount")))?;
            let date = item
                .date
                .unwrap_or_else(|| item.due_date.min(self.cutover.add_days(-1).unwrap_or(self.cutover)));
            if date >= self.cutover {
                return Err(AFTER_CUTOVER.at(path("date")).with("date", date.to_string()));
            }
            let document = Document {
                invoice: None,
                order: None,
                customer: customer.id,
                owner: customer.owner,
                department: customer.department,
                currency,
                rate,
                policy,
                number: Some(item.number),
                date,
            };
            balance = balance.add(amount)?;
            let booked = book(work, &document, &[amount], Due::On(item.due_date))?;
            for debt in &booked {
                work.must_cover(Receivable::NO, &debt.row, "open")?;
            }
            receivables.extend(booked);
        }
        let receipt = match self.unallocated.filter(|amount| !amount.is_zero()) {
            None => None,
            Some(amount) => {
                let amount =
                    posted(amount, policy, currency.digits()).map_err(|error| error.at("/unallocated"))?;
                if !amount.is_positive() {
                    return Err(NOT_POSITIVE.at("/unallocated"));
                }
                let base_amount = in_base(work, amount, currency, rate)?;
                balance = balance.sub(amount)?;
                let receipt = work.insert(&Receipt {
                    number: None,
                    external_key: None,
                    customer: customer.id,
                    order: None,
                    receipt_type: ReceiptType::Prepayment,
                    currency,
                    rate: rate_kept,
                    inverse_rate,
                    amount,
                    date: self.cutover.add_days(-1).unwrap_or(self.cutover),
                    method: None,
                    payer: None,
                    owner: customer.owner,
                    department: customer.department,
                    unallocated: amount,
                    base_amount,
                    base_unallocated: base_amount,
                    origin: Origin::Import,
                    notes: None,
                    recorded_at: work.now(),
                })?;
                work.must_reach(Receipt::NO, &receipt.row, ("receivable", "open"))?;
                Some(Whole::new(receipt.row))
            }
        };
        let receivables = receivables.into_iter().map(|debt| Whole::new(debt.row)).collect();
        Ok(OpeningAnswer { receivables, receipt, balance, currency })
    }
}

/// The numbers of the opening debts that a customer has already.
fn recorded(work: &mut Work<'_>, customer: Ref<Customer>) -> Result<Vec<String>> {
    let names = [("c", Ty::Ref(Customer::NO), Value::Ref(customer.id()))];
    let condition = "customer == c && invoice == null && order == null";
    let debts = work.system(|work| work.select::<Receivable>(condition, &names))?;
    Ok(debts.iter().filter_map(|debt| debt.document.clone()).collect())
}
