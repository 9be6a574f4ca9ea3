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
use crm_kernel::expr::node::Ty;
use crm_kernel::id::{Id, Ref};
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::record::{Choice as _, Record as _};
use crm_kernel::value::Value;
use crm_kernel::work::{Stored, Work};
use crm_kernel::{Choice, Record};

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
    pub steps: Vec<String>,
    /// At most so many documents of each step, the latest first; 1 to 1,000.
    #[field(default = "200")]
    pub limit: i64,
}

/// The dealings.
#[derive(Clone, Debug, Record)]
#[record(name = "customer_transactions_answer")]
pub struct TransactionsAnswer {
    /// The rows, the latest first; within a day along the chain.
    pub rows: Vec<Transaction>,
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
                let options: Vec<&str> = TransactionStep::DEF.options.iter().map(|(code, _)| *code).collect();
                let error = crm_kernel::error::Code::NOT_AN_OPTION.at(format!("/steps/{at}"));
                return Err(error.with("value", name.clone()).with("options", options.join(", ")));
            }
        }
        let mut rows = Vec::new();
        if self.wants(work, TransactionStep::Quote, "quote") {
            rows.extend(self.quotes(work)?);
        }
        if self.wants(work, TransactionStep::Order, "order") {
            rows.extend(self.orders(work)?);
        }
        if self.wants(work, TransactionStep::Delivery, "execution_record") {
            rows.extend(self.deliveries(work)?);
        }
        if self.wants(work, TransactionStep::Invoice, "invoice") {
            rows.extend(self.invoices(work)?);
        }
        if self.wants(work, TransactionStep::Receipt, "receipt") {
            rows.extend(self.receipts(work)?);
        }
        rows.sort_by(|a, b| {
            let key = |row: &Transaction| (row.step, row.document, row.line);
            b.date.cmp(&a.date).then(key(a).cmp(&key(b)))
        });
        Ok(TransactionsAnswer { rows })
    }
}

impl Transactions {
    fn wants(&self, work: &Work<'_>, step: TransactionStep, kind: &str) -> bool {
        (self.steps.is_empty() || self.steps.iter().any(|name| name == step.code())) && work.may(kind, "read")
    }

    /// Documents of a kind in the period, the latest first.
    fn documents<T: crm_kernel::record::Record>(&self, work: &mut Work<'_>) -> Result<Vec<Stored<T>>> {
        let mut condition = "customer == c".to_owned();
        let mut names = vec![("c", Ty::Ref(Customer::NO), Value::Ref(self.customer.id()))];
        if let Some(from) = self.from {
            condition.push_str(" && date >= first");
            names.push(("first", Ty::Date, Value::Date(from)));
        }
        if let Some(to) = self.to {
            condition.push_str(" && date <= last");
            names.push(("last", Ty::Date, Value::Date(to)));
        }
        let most = page(self.limit, 1_000)?;
        work.select_by::<T>(&condition, &names, &["-date", "-id"], Some(most))
    }

    fn quotes(&self, work: &mut Work<'_>) -> Result<Vec<Transaction>> {
        let mut rows = Vec::new();
        for quote in self.documents::<Quote>(work)? {
            let names = [("q", Ty::Ref(Quote::NO), Value::Ref(quote.id.id()))];
            // Versions go with their quote.
            let latest = work.system(|work| {
                work.select_by::<QuoteVersion>("quote == q", &names, &["-version_no"], Some(1))
            })?;
            for line in latest.iter().flat_map(|version| version.lines.iter()) {
                rows.push(Transaction {
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
        Ok(rows)
    }

    fn orders(&self, work: &mut Work<'_>) -> Result<Vec<Transaction>> {
        let mut rows = Vec::new();
        for order in self.documents::<Order>(work)? {
            for line in order.lines.iter() {
                rows.push(Transaction {
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
        Ok(rows)
    }

    fn deliveries(&self, work: &mut Work<'_>) -> Result<Vec<Transaction>> {
        let mut rows = Vec::new();
        for record in self.documents::<ExecutionRecord>(work)? {
            let (action, order) =
                work.system(|work| Ok((work.find::<ActionType>(record.action)?, work.find(record.order)?)))?;
            let back = match action.effect_delivery {
                DeliveryEffect::None => continue,
                DeliveryEffect::Out => false,
                DeliveryEffect::In => true,
            };
            for line in record.lines.iter() {
                let ordered = order.lines.by_no(line.order_line);
                rows.push(Transaction {
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
        Ok(rows)
    }

    fn invoices(&self, work: &mut Work<'_>) -> Result<Vec<Transaction>> {
        let mut rows = Vec::new();
        for invoice in self.documents::<Invoice>(work)? {
            for line in invoice.lines.iter() {
                rows.push(Transaction {
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
        Ok(rows)
    }

    fn receipts(&self, work: &mut Work<'_>) -> Result<Vec<Transaction>> {
        let receipts = self.documents::<Receipt>(work)?.into_iter().map(|receipt| {
            let back = receipt.receipt_type == ReceiptType::Refund;
            Transaction {
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
            }
        });
        Ok(receipts.collect())
    }
}
