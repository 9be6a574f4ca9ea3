//! The account of a customer: balance and statement (FIN-02).

use super::standing::{AsOf, Dues, Key, Question, as_reader_of, credits, debts};
use super::{Allocation, AllocationEntry, BAD_RANGE, Invoice, InvoiceType, Receipt, ReceiptType, Receivable};
use crate::parties::Customer;
use crate::settings::NOT_SET_UP;
use crm_kernel::currency::Currency;
use crm_kernel::date::{Date, Instant};
use crm_kernel::dec::Dec;
use crm_kernel::error::{Code, Result};
use crm_kernel::expr::node::Ty;
use crm_kernel::id::{Id, Ref};
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::plan::{Aggregate, Measure};
use crm_kernel::record::Record as _;
use crm_kernel::value::Value;
use crm_kernel::work::Work;
use crm_kernel::{Choice, Record};
use std::collections::BTreeMap;

/// Shows what a customer owes and has to his credit, in each currency.
#[derive(Clone, Debug, Record)]
#[record(name = "account_balance")]
pub struct Balance {
    /// The customer.
    pub customer: Ref<Customer>,
    /// The day; today where none is given.
    pub as_of: Option<Date>,
    /// Only what was recorded by then.
    pub known_at: Option<Instant>,
}

/// The balance in each currency.
#[derive(Clone, Debug, Record)]
#[record(name = "account_balance_answer")]
pub struct BalanceAnswer {
    /// The day.
    pub as_of: Date,
    /// One for each currency in which something stands, by its code.
    pub balances: Vec<CurrencyBalance>,
}

/// The balance in one currency.
#[derive(Clone, Debug, Record)]
#[record(name = "currency_balance")]
pub struct CurrencyBalance {
    /// The currency.
    pub currency: Currency,
    /// Debts that are not due yet.
    #[field(money)]
    pub not_due: Dec,
    /// Debts due on the day itself.
    #[field(money)]
    pub due_today: Dec,
    /// Debts past due.
    #[field(money)]
    pub overdue: Dec,
    /// All debts.
    #[field(money)]
    pub open: Dec,
    /// Advances and credit notes.
    #[field(money)]
    pub credits: Dec,
    /// Debts less credits.
    #[field(money)]
    pub balance: Dec,
}

impl Operation for Balance {
    const NAME: &'static str = "account.balance";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::Right { kind: "receivable", verb: "read" };
    const CAPABILITIES: &'static [&'static str] = &["FIN-02"];
    const EXAMPLE: &'static str = r#"{"customer":"$customer"}"#;
    type Answer = BalanceAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<BalanceAnswer> {
        work.find(self.customer).map_err(|error| error.at("/customer"))?;
        let as_of = self.as_of.unwrap_or_else(|| work.today());
        Ok(BalanceAnswer { as_of, balances: balances(work, self.customer, as_of, self.known_at)? })
    }
}

/// The balances of a customer on a day, by currency.
pub(super) fn balances(
    work: &mut Work<'_>,
    customer: Ref<Customer>,
    as_of: Date,
    known_at: Option<Instant>,
) -> Result<Vec<CurrencyBalance>> {
    let question = Question {
        as_of: AsOf { date: as_of, known_at },
        key: Some("currency"),
        base: false,
        only: "customer == c",
        names: vec![("c", Ty::Ref(Customer::NO), Value::Ref(customer.id()))],
    };
    let dues = [
        Dues { from: as_of.add_days(1), to: None },
        Dues { from: Some(as_of), to: Some(as_of) },
        Dues { from: None, to: as_of.add_days(-1) },
    ];
    let sums = debts(work, &question, &dues)?;
    let credit = credits(work, &question)?;
    let mut keys: Vec<&Key> = sums.keys().chain(credit.keys()).collect();
    keys.sort();
    keys.dedup();
    let mut balances = Vec::new();
    for key in keys {
        let Some(currency) = key.0.as_text().and_then(|code| Currency::parse(code).ok()) else { continue };
        let (not_due, due_today, overdue) = match sums.get(key).map(Vec::as_slice) {
            Some([not_due, due_today, overdue]) => (*not_due, *due_today, *overdue),
            _ => (Dec::ZERO, Dec::ZERO, Dec::ZERO),
        };
        let credits = credit.get(key).and_then(|sum| sum.first()).copied().unwrap_or_default();
        let open = Dec::sum([not_due, due_today, overdue])?;
        if open.is_zero() && credits.is_zero() {
            continue;
        }
        balances.push(CurrencyBalance {
            currency,
            not_due,
            due_today,
            overdue,
            open,
            credits,
            balance: open.sub(credits)?,
        });
    }
    Ok(balances)
}

/// Shows the account of a customer in one currency: what it opened with, every document and payment with the balance
/// after it, what it closed with.
#[derive(Clone, Debug, Record)]
#[record(name = "account_statement")]
pub struct Statement {
    /// The customer.
    pub customer: Ref<Customer>,
    /// The first day; from the beginning where none is given.
    pub from: Option<Date>,
    /// The last day; to the end where none is given.
    pub to: Option<Date>,
    /// The currency; the customer's or the enterprise's where none is given.
    pub currency: Option<Currency>,
}

/// A statement of account.
#[derive(Clone, Debug, Record)]
#[record(name = "account_statement_answer")]
pub struct StatementAnswer {
    /// The customer.
    pub customer: Ref<Customer>,
    /// The currency.
    pub currency: Currency,
    /// The first day.
    pub from: Option<Date>,
    /// The last day.
    pub to: Option<Date>,
    /// The balance before the first entry; above zero is owed to us.
    #[field(money)]
    pub opening: Dec,
    /// The entries by date.
    pub entries: Vec<StatementEntry>,
    /// Sum of the debits.
    #[field(money)]
    pub debit: Dec,
    /// Sum of the credits.
    #[field(money)]
    pub credit: Dec,
    /// The balance after the last entry.
    #[field(money)]
    pub closing: Dec,
    /// Other currencies in which something stands on the account.
    pub other_currencies: Vec<String>,
}

/// One entry.
#[derive(Clone, Debug, Record)]
#[record(name = "statement_entry")]
pub struct StatementEntry {
    /// The day.
    pub date: Date,
    /// What it is.
    pub entry: StatementKind,
    /// The document: invoice, order, debt or receipt.
    pub document: Id,
    /// Its number.
    pub number: Option<String>,
    /// When the last of it is due.
    pub due_date: Option<Date>,
    /// What the customer owes more.
    #[field(money)]
    pub debit: Dec,
    /// What he owes less.
    #[field(money)]
    pub credit: Dec,
    /// The balance after it.
    #[field(money)]
    pub balance: Dec,
}

/// What an entry of a statement is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Choice)]
pub enum StatementKind {
    /// A debt from before the system began.
    Opening,
    /// An order whose debts were booked with it.
    Order,
    /// An invoice.
    Invoice,
    /// A credit note.
    CreditNote,
    /// The debt of a cancelled order is gone.
    Cancellation,
    /// A payment in advance.
    Prepayment,
    /// A payment.
    Receipt,
    /// Money back to the customer.
    Refund,
}

impl Operation for Statement {
    const NAME: &'static str = "account.statement";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::Right { kind: "receivable", verb: "read" };
    const ERRORS: &'static [Code] = &[BAD_RANGE, NOT_SET_UP];
    const CAPABILITIES: &'static [&'static str] = &["FIN-02"];
    const EXAMPLE: &'static str = r#"{"customer":"$customer","from":"2026-01-01"}"#;
    type Answer = StatementAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<StatementAnswer> {
        let customer = work.find(self.customer).map_err(|error| error.at("/customer"))?;
        work.require("receipt", "read")?;
        if self.from.zip(self.to).is_some_and(|(from, to)| from > to) {
            return Err(BAD_RANGE.at("/to"));
        }
        let currency =
            self.currency.or(customer.currency).or(work.base()).ok_or_else(|| NOT_SET_UP.error())?;
        let account = Account { customer: self.customer, currency };
        let opening = match self.from {
            Some(from) => account.before(work, from)?,
            None => Dec::ZERO,
        };
        let mut entries = account.debts(work, self.from, self.to)?;
        entries.extend(account.receipts(work, self.from, self.to)?);
        entries.extend(account.cancellations(work, self.from, self.to)?);
        entries.sort_by_key(|entry| (entry.date, entry.entry, entry.document));
        let (mut balance, mut debit, mut credit) = (opening, Dec::ZERO, Dec::ZERO);
        for entry in &mut entries {
            balance = balance.add(entry.debit)?.sub(entry.credit)?;
            entry.balance = balance;
            debit = debit.add(entry.debit)?;
            credit = credit.add(entry.credit)?;
        }
        let as_of = self.to.unwrap_or_else(|| work.today());
        let other = balances(work, self.customer, as_of, None)?;
        let other = other.into_iter().map(|found| found.currency).filter(|found| *found != currency);
        Ok(StatementAnswer {
            customer: self.customer,
            currency,
            from: self.from,
            to: self.to,
            opening,
            entries,
            debit,
            credit,
            closing: balance,
            other_currencies: other.map(|currency| currency.code().to_owned()).collect(),
        })
    }
}

/// The account of a customer in a currency.
struct Account {
    customer: Ref<Customer>,
    currency: Currency,
}

impl Account {
    fn names(&self, from: Option<Date>, to: Option<Date>) -> Vec<(&'static str, Ty, Value)> {
        let mut names = vec![
            ("c", Ty::Ref(Customer::NO), Value::Ref(self.customer.id())),
            ("k", Ty::Text, Value::Text(self.currency.code().to_owned())),
        ];
        names.extend(from.map(|date| ("first", Ty::Date, Value::Date(date))));
        names.extend(to.map(|date| ("last", Ty::Date, Value::Date(date))));
        names
    }

    fn condition(&self, from: Option<Date>, to: Option<Date>, more: &str) -> String {
        let from = if from.is_some() { " && date >= first" } else { "" };
        let to = if to.is_some() { " && date <= last" } else { "" };
        format!("customer == c && currency == k{from}{to}{more}")
    }

    /// The balance before a day.
    fn before(&self, work: &mut Work<'_>, day: Date) -> Result<Dec> {
        let Some(last) = day.add_days(-1) else { return Ok(Dec::ZERO) };
        let mut sum = |kind: u32, more: &str, field: &str| -> Result<Dec> {
            let names = self.names(None, Some(last));
            let filter = work.expression(kind, &self.condition(None, Some(last), more), &names)?;
            let measures = vec![Measure::Sum(work.expression(kind, field, &names)?)];
            let plan = Aggregate { kind, filter: Some(filter), group: Vec::new(), measures };
            let groups = if kind == Allocation::NO {
                as_reader_of(work, Receivable::NO, |work| work.aggregate(plan))?
            } else {
                work.aggregate(plan)?
            };
            Ok(groups.first().and_then(|group| group.first()).and_then(Value::as_dec).unwrap_or_default())
        };
        let booked = sum(Receivable::NO, "", "amount")?;
        let paid = sum(Receipt::NO, " && receipt_type != 'refund'", "amount")?;
        let back = sum(Receipt::NO, " && receipt_type == 'refund'", "amount")?;
        let gone = sum(Allocation::NO, " && entry == 'cancellation'", "amount")?;
        Ok(booked.sub(paid)?.add(back)?.sub(gone)?)
    }

    /// The documents of a period: their instalments are one entry.
    fn debts(
        &self,
        work: &mut Work<'_>,
        from: Option<Date>,
        to: Option<Date>,
    ) -> Result<Vec<StatementEntry>> {
        let names = self.names(from, to);
        let found = work.select::<Receivable>(&self.condition(from, to, ""), &names)?;
        let mut entries: BTreeMap<Id, StatementEntry> = BTreeMap::new();
        for debt in found {
            let (document, entry) = match (debt.invoice, debt.order) {
                (Some(invoice), _) => (invoice.id(), StatementKind::Invoice),
                (None, Some(order)) => (order.id(), StatementKind::Order),
                (None, None) => (debt.id.id(), StatementKind::Opening),
            };
            let entry = match (entry, debt.invoice) {
                (StatementKind::Invoice, Some(invoice)) if debt.amount.is_negative() => {
                    let credit_note = work.system(|work| work.look(invoice))?.is_some_and(
                        |found: crm_kernel::work::Stored<Invoice>| found.doc_type == InvoiceType::CreditNote,
                    );
                    if credit_note { StatementKind::CreditNote } else { StatementKind::Invoice }
                }
                (entry, _) => entry,
            };
            let at = entries.entry(document).or_insert_with(|| StatementEntry {
                date: debt.date,
                entry,
                document,
                number: debt.document.clone(),
                due_date: None,
                debit: Dec::ZERO,
                credit: Dec::ZERO,
                balance: Dec::ZERO,
            });
            at.due_date = at.due_date.max(Some(debt.due_date));
            if debt.amount.is_negative() {
                at.credit = at.credit.sub(debt.amount)?;
            } else {
                at.debit = at.debit.add(debt.amount)?;
            }
        }
        Ok(entries.into_values().collect())
    }

    fn receipts(
        &self,
        work: &mut Work<'_>,
        from: Option<Date>,
        to: Option<Date>,
    ) -> Result<Vec<StatementEntry>> {
        let names = self.names(from, to);
        let found = work.select::<Receipt>(&self.condition(from, to, ""), &names)?;
        let entries = found.into_iter().map(|receipt| {
            let (entry, debit, credit) = match receipt.receipt_type {
                ReceiptType::Prepayment => (StatementKind::Prepayment, Dec::ZERO, receipt.amount),
                ReceiptType::Receipt => (StatementKind::Receipt, Dec::ZERO, receipt.amount),
                ReceiptType::Refund => (StatementKind::Refund, receipt.amount, Dec::ZERO),
            };
            StatementEntry {
                date: receipt.date,
                entry,
                document: receipt.id.id(),
                number: receipt.number.clone(),
                due_date: None,
                debit,
                credit,
                balance: Dec::ZERO,
            }
        });
        Ok(entries.collect())
    }

    fn cancellations(
        &self,
        work: &mut Work<'_>,
        from: Option<Date>,
        to: Option<Date>,
    ) -> Result<Vec<StatementEntry>> {
        let names = self.names(from, to);
        let condition = self.condition(from, to, " && entry == 'cancellation'");
        let found = as_reader_of(work, Receivable::NO, |work| work.select::<Allocation>(&condition, &names))?;
        let mut entries = Vec::with_capacity(found.len());
        for gone in found.into_iter().filter(|gone| gone.entry == AllocationEntry::Cancellation) {
            let debt = match gone.receivable {
                Some(debt) => work.system(|work| work.look(debt))?,
                None => None,
            };
            entries.push(StatementEntry {
                date: gone.date,
                entry: StatementKind::Cancellation,
                document: debt.as_ref().and_then(|debt| debt.order).map_or(gone.id.id(), |order| order.id()),
                number: debt.and_then(|debt| debt.document.clone()),
                due_date: None,
                debit: Dec::ZERO,
                credit: gone.amount,
                balance: Dec::ZERO,
            });
        }
        Ok(entries)
    }
}
