//! The dealings with a customer along the chain (CUS-08).

use super::{ActionType, DeliveryEffect, ExecutionRecord};
use crate::catalog::Product;
use crate::finance::{Invoice, InvoiceType, Receipt, ReceiptType};
use crate::ordering::Order;
use crate::org::{Department, Employee};
use crate::parties::Customer;
use crate::quoting::{Quote, QuoteVersion};
use crate::records::page;
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::Dec;
use crm_kernel::error::Result;
use crm_kernel::expr::Expr;
use crm_kernel::expr::node::Ty;
use crm_kernel::id::{Id, Ref};
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::plan::{Mark, Query, Select, SortKey};
use crm_kernel::record::{Choice as _, Record};
use crm_kernel::value::Value;
use crm_kernel::work::{Stored, Work};
use crm_kernel::{Choice, Record};
use std::cmp::Reverse;

/// Lists the dealings with a customer along the chain quote, order, delivery, invoice, receipt: line by line, the latest
/// first. Kinds that the actor may not read are left out.
#[derive(Clone, Debug, Record)]
#[record(name = "customer_transactions")]
pub struct Transactions {
    /// The customer.
    pub customer: Ref<Customer>,
    /// The first day.
    pub from: Option<Date>,
    /// The last day.
    pub to: Option<Date>,
    /// Only these steps; all where none is named.
    #[field(selection)]
    pub steps: Vec<String>,
    /// At most so many documents, the latest first; 1 to 1,000.
    #[field(default = "200")]
    pub limit: i64,
    /// Only what comes behind the page before: its `next`.
    pub after: Option<TransactionMark>,
}

/// The last document of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Record)]
#[record(name = "customer_transaction_mark")]
pub struct TransactionMark {
    /// Its date.
    pub date: Date,
    /// Where in the chain it stands.
    pub step: TransactionStep,
    /// The document.
    pub document: Id,
}

/// The dealings.
#[derive(Clone, Debug, Record)]
#[record(name = "customer_transactions_answer")]
pub struct TransactionsAnswer {
    /// The rows, the latest first; within a day along the chain.
    pub rows: Vec<Transaction>,
    /// What to give as `after` for the next page; none at the end.
    pub next: Option<TransactionMark>,
}

/// One row: a line of a document, or a receipt.
#[derive(Clone, Debug, Record)]
#[record(name = "customer_transaction")]
pub struct Transaction {
    /// Where in the chain it stands.
    pub step: TransactionStep,
    /// The document.
    pub document: Id,
    /// Its number.
    pub number: Option<String>,
    /// Its date.
    pub date: Date,
    /// Its department.
    pub department: Option<Ref<Department>>,
    /// Its salesperson.
    pub owner: Option<Ref<Employee>>,
    /// The line.
    pub line: Option<i64>,
    /// The product.
    pub product: Option<Ref<Product>>,
    /// What it is called there.
    pub description: Option<String>,
    /// How much.
    #[field(quantity)]
    pub quantity: Option<Dec>,
    /// What the line comes to, below zero for money that went back.
    #[field(money)]
    pub amount: Option<Dec>,
    /// The currency.
    pub currency: Currency,
    /// Where the document stands.
    pub state: Option<String>,
}

/// Steps of the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Choice)]
pub enum TransactionStep {
    /// Offered.
    Quote,
    /// Ordered.
    Order,
    /// Delivered or taken back.
    Delivery,
    /// Billed.
    Invoice,
    /// Paid.
    Receipt,
}

impl Operation for Transactions {
    const NAME: &'static str = "customer.transactions";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::Right { kind: "customer", verb: "read" };
    const CAPABILITIES: &'static [&'static str] = &["CUS-08"];
    const EXAMPLE: &'static str = r#"{"customer":"$customer","steps":["order","invoice","receipt"]}"#;
    type Answer = TransactionsAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<TransactionsAnswer> {
        work.find(self.customer).map_err(|error| error.at("/customer"))?;
        for (at, name) in self.steps.iter().enumerate() {
            if TransactionStep::from_code(name).is_none() {
                let options: Vec<&str> = TransactionStep::DEF.options.to_vec();
                let error = crm_kernel::error::Code::NOT_AN_OPTION.at(format!("/steps/{at}"));
                return Err(error.with("value", name.clone()).with("options", options.join(", ")));
            }
        }
        let mut found = Found { most: page(self.limit, 1_000)?, ..Found::default() };
        if self.wants(work, TransactionStep::Quote, "quote") {
            self.quotes(work, &mut found)?;
        }
        if self.wants(work, TransactionStep::Order, "order") {
            self.orders(work, &mut found)?;
        }
        if self.wants(work, TransactionStep::Delivery, "execution_record") {
            self.deliveries(work, &mut found)?;
        }
        if self.wants(work, TransactionStep::Invoice, "invoice") {
            self.invoices(work, &mut found)?;
        }
        if self.wants(work, TransactionStep::Receipt, "receipt") {
            self.receipts(work, &mut found)?;
        }
        Ok(found.answer())
    }
}

/// What was found of every step.
#[derive(Default)]
struct Found {
    /// How many documents a page holds.
    most: u32,
    /// Those of each step, at most one more than a page holds.
    documents: Vec<TransactionMark>,
    rows: Vec<Transaction>,
}

impl Found {
    /// The first documents with their rows.
    fn answer(mut self) -> TransactionsAnswer {
        self.documents.sort_by_key(|document| document.place());
        let most = self.most as usize;
        let more = self.documents.len() > most;
        let next = self.documents.get(most.saturating_sub(1)).filter(|_| more).copied();
        if let Some(last) = next {
            self.rows.retain(|row| row.mark().place() <= last.place());
        }
        self.rows.sort_by_key(|row| (row.mark().place(), row.line));
        TransactionsAnswer { rows: self.rows, next }
    }
}

impl TransactionMark {
    /// Where it stands among all: the latest first, within a day along the chain.
    fn place(self) -> (Reverse<Date>, TransactionStep, Id) {
        (Reverse(self.date), self.step, self.document)
    }
}

impl Transaction {
    fn mark(&self) -> TransactionMark {
        TransactionMark { date: self.date, step: self.step, document: self.document }
    }
}

impl Transactions {
    fn wants(&self, work: &Work<'_>, step: TransactionStep, kind: &str) -> bool {
        (self.steps.is_empty() || self.steps.iter().any(|name| name == step.code())) && work.may(kind, "read")
    }

    /// Documents of a step in the period, the latest first, from the mark on.
    fn documents<T: Record>(
        &self,
        work: &mut Work<'_>,
        (step, more): (TransactionStep, &str),
        date: fn(&T) -> Date,
        found: &mut Found,
    ) -> Result<Vec<Stored<T>>> {
        let mut condition = format!("customer == c{more}");
        let mut names = vec![("c", Ty::Ref(Customer::NO), Value::Ref(self.customer.id()))];
        let days = [("first", ">=", self.from), ("last", "<=", self.to)];
        let behind = self.after.filter(|after| after.step != step);
        let behind =
            behind.map(|after| ("mark", if step < after.step { "<" } else { "<=" }, Some(after.date)));
        for (name, sign, date) in days.into_iter().chain(behind) {
            if let Some(date) = date {
                condition.push_str(&format!(" && date {sign} {name}"));
                names.push((name, Ty::Date, Value::Date(date)));
            }
        }
        let by = |path: &str, descending| -> Result<SortKey> {
            Ok(SortKey { by: Expr::field(&work.catalogue(), T::NO, path)?, descending })
        };
        let plan = Query {
            kind: T::NO,
            filter: Some(work.expression(T::NO, &condition, &names)?),
            order: vec![by("date", true)?, by("id", false)?],
            after: self.after.filter(|after| after.step == step).map(|after| Mark {
                keys: vec![Value::Date(after.date), Value::Ref(after.document)],
                parent: 0,
                id: after.document.number(),
            }),
            limit: Some(found.most + 1),
            select: Select::Rows,
        };
        let rows = work.query(plan)?.into_iter().filter_map(|found| found.row);
        let documents = rows.map(|row| Stored::<T>::new(row.into())).collect::<Result<Vec<_>>>()?;
        let marks = documents.iter().map(|found| TransactionMark {
            date: date(found),
            step,
            document: found.id.id(),
        });
        found.documents.extend(marks);
        Ok(documents)
    }

    fn quotes(&self, work: &mut Work<'_>, found: &mut Found) -> Result<()> {
        for quote in self.documents::<Quote>(work, (TransactionStep::Quote, ""), |found| found.date, found)? {
            let names = [("q", Ty::Ref(Quote::NO), Value::Ref(quote.id.id()))];
            // Versions go with their quote.
            let latest = work.system(|work| {
                work.select_by::<QuoteVersion>("quote == q", &names, &["-version_no"], Some(1))
            })?;
            for line in latest.iter().flat_map(|version| version.lines.iter()) {
                found.rows.push(Transaction {
                    step: TransactionStep::Quote,
                    document: quote.id.id(),
                    number: quote.number.clone(),
                    date: quote.date,
                    department: Some(quote.department),
                    owner: Some(quote.owner),
                    line: Some(line.no),
                    product: Some(line.product),
                    description: line.description.clone(),
                    quantity: Some(line.quantity),
                    amount: Some(line.total),
                    currency: quote.currency,
                    state: Some(quote.state.code().to_owned()),
                });
            }
        }
        Ok(())
    }

    fn orders(&self, work: &mut Work<'_>, found: &mut Found) -> Result<()> {
        for order in self.documents::<Order>(work, (TransactionStep::Order, ""), |found| found.date, found)? {
            for line in order.lines.iter() {
                found.rows.push(Transaction {
                    step: TransactionStep::Order,
                    document: order.id.id(),
                    number: order.number.clone(),
                    date: order.date,
                    department: Some(order.department),
                    owner: Some(order.owner),
                    line: Some(line.no),
                    product: Some(line.product),
                    description: line.description.clone(),
                    quantity: Some(line.quantity),
                    amount: Some(line.total),
                    currency: order.currency,
                    state: Some(order.state.code().to_owned()),
                });
            }
        }
        Ok(())
    }

    fn deliveries(&self, work: &mut Work<'_>, found: &mut Found) -> Result<()> {
        for record in self.documents::<ExecutionRecord>(
            work,
            (TransactionStep::Delivery, " && action.effect_delivery != 'none'"),
            |found| found.date,
            found,
        )? {
            let (action, order) =
                work.system(|work| Ok((work.find::<ActionType>(record.action)?, work.find(record.order)?)))?;
            let back = action.effect_delivery == DeliveryEffect::In;
            for line in record.lines.iter() {
                let ordered = order.lines.by_no(line.order_line);
                found.rows.push(Transaction {
                    step: TransactionStep::Delivery,
                    document: record.id.id(),
                    number: order.number.clone(),
                    date: record.date,
                    department: Some(order.department),
                    owner: Some(order.owner),
                    line: Some(line.order_line),
                    product: Some(line.product),
                    description: ordered.and_then(|line| line.description.clone()),
                    quantity: Some(if back { line.quantity.neg() } else { line.quantity }),
                    amount: None,
                    currency: record.currency,
                    state: Some(action.code.clone()),
                });
            }
        }
        Ok(())
    }

    fn invoices(&self, work: &mut Work<'_>, found: &mut Found) -> Result<()> {
        for invoice in
            self.documents::<Invoice>(work, (TransactionStep::Invoice, ""), |found| found.date, found)?
        {
            for line in invoice.lines.iter() {
                found.rows.push(Transaction {
                    step: TransactionStep::Invoice,
                    document: invoice.id.id(),
                    number: invoice.number.clone(),
                    date: invoice.date,
                    department: invoice.department,
                    owner: invoice.owner,
                    line: Some(line.no),
                    product: Some(line.product),
                    description: line.description.clone(),
                    quantity: Some(line.quantity),
                    amount: Some(line.total),
                    currency: invoice.currency,
                    state: (invoice.doc_type == InvoiceType::CreditNote)
                        .then(|| invoice.doc_type.code().to_owned()),
                });
            }
        }
        Ok(())
    }

    fn receipts(&self, work: &mut Work<'_>, found: &mut Found) -> Result<()> {
        for receipt in
            self.documents::<Receipt>(work, (TransactionStep::Receipt, ""), |found| found.date, found)?
        {
            let back = receipt.receipt_type == ReceiptType::Refund;
            found.rows.push(Transaction {
                step: TransactionStep::Receipt,
                document: receipt.id.id(),
                number: receipt.number.clone(),
                date: receipt.date,
                department: receipt.department,
                owner: receipt.owner,
                line: None,
                product: None,
                description: receipt.notes.clone(),
                quantity: None,
                amount: Some(if back { receipt.amount.neg() } else { receipt.amount }),
                currency: receipt.currency,
                state: Some(receipt.receipt_type.code().to_owned()),
            });
        }
        Ok(())
    }
}
