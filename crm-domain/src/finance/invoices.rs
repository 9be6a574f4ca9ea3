//! Invoices: what of an order is billed, and the debts that it makes (commerce.md 2.6).

use super::debts::{Document, Due, book, debts_of_order, parts_of, rate_of};
use super::rules::share_of_order;
use super::{
    BEFORE_ORDER, CANCELLED, DUE_BEFORE_DATE, Invoice, InvoiceLine, InvoiceType, LINE_TWICE, NOT_IMPORTED,
    NOTHING_TO_INVOICE, Receivable, TERM_OR_DATE,
};
use crate::ordering::{
    self, Executed, HELD, NO_LINE, NOT_APPROVED, OVER_EXECUTED, Order, OrderLine, OrderState, OrderType,
    Origin, cumulative_amount,
};
use crate::settings::{
    NO_RATE, NOT_POSITIVE, PaymentTerm, Ratio, SAME_CURRENCY, Taxes, document_rate, policy,
};
use crm_kernel::Record;
use crm_kernel::date::Date;
use crm_kernel::dec::Dec;
use crm_kernel::error::{Code, Result};
use crm_kernel::expr::node::Ty;
use crm_kernel::id::Ref;
use crm_kernel::json::SharedJson;
use crm_kernel::money::RoundingPolicy;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::record::{Line, Lines, Record as _, Whole};
use crm_kernel::value::Value;
use crm_kernel::work::{Stored, Work};

/// Bills an approved order, in whole or in part. Amounts are those of the order: whatever the parts, they add up.
#[derive(Clone, Debug, Record)]
#[record(name = "invoice_issue")]
pub struct Issue {
    /// The order.
    pub order: Ref<Order>,
    /// The date of the invoice; today where none is given.
    pub date: Option<Date>,
    /// Which lines, how much of each; everything not yet invoiced where none is given.
    #[field(selection)]
    pub lines: Vec<IssueLine>,
    /// When what is due; as the order says where none is given.
    pub payment_term: Option<Ref<PaymentTerm>>,
    /// The day on which all of it is due, in place of a term.
    pub due_date: Option<Date>,
    /// The number; the numbering rule gives one where there is none.
    #[field(text = 60)]
    pub number: Option<String>,
    /// Its key in another system.
    #[field(text = 80)]
    pub external_key: Option<String>,
    /// Notes.
    #[field(long_text)]
    pub notes: Option<String>,
    /// True where advances that came for the order settle it at once.
    #[field(default = "false")]
    pub use_advances: bool,
}

/// A part of a line of an order.
#[derive(Clone, Debug, Record)]
#[record(name = "invoice_issue_line")]
pub struct IssueLine {
    /// The number of the order's line.
    pub line: i64,
    /// How much, in the line's unit.
    #[field(quantity)]
    pub quantity: Dec,
}

/// An invoice with the debts that it made.
#[derive(Clone, Debug, Record)]
#[record(name = "invoice_answer")]
pub struct InvoiceAnswer {
    /// The invoice.
    pub invoice: Whole<Invoice>,
    /// Its instalments; none where they were booked with the order.
    pub receivables: Vec<Whole<Receivable>>,
}

/// Brings an invoice of another system: it bills an imported order that is in effect, held or not, all of it that is not
/// billed yet. Orders entered here are billed by `invoice.issue`.
#[derive(Clone, Debug, Record)]
#[record(name = "invoice_import")]
pub struct ImportInvoice {
    /// The order.
    pub order: Ref<Order>,
    /// The date of the invoice; the order's where none is given.
    pub date: Option<Date>,
    /// Days from that date until it is due.
    pub due_days: Option<i64>,
    /// The day on which it is due, in place of days.
    pub due_date: Option<Date>,
    /// Its key in the system that it comes from.
    #[field(text = 80)]
    pub external_key: Option<String>,
    /// The number; the numbering rule gives one where there is none.
    #[field(text = 60)]
    pub number: Option<String>,
    /// The rate to the enterprise's currency; the order's on its day, else that of the invoice's date, where none is given.
    #[field(rate)]
    pub rate: Option<Dec>,
}

/// Refusals of billing.
const ISSUE_ERRORS: &[Code] = &[
    NOT_APPROVED,
    HELD,
    NO_LINE,
    OVER_EXECUTED,
    NOTHING_TO_INVOICE,
    TERM_OR_DATE,
    BEFORE_ORDER,
    DUE_BEFORE_DATE,
    LINE_TWICE,
    NOT_POSITIVE,
    NO_RATE,
];

impl Operation for Issue {
    const NAME: &'static str = "invoice.issue";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "invoice", verb: "issue" };
    const ERRORS: &'static [Code] = ISSUE_ERRORS;
    const CAPABILITIES: &'static [&'static str] = &["FIN-05", "FIN-09"];
    const EXAMPLE: &'static str = r#"{"order":"$approved_order"}"#;
    type Answer = InvoiceAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<InvoiceAnswer> {
        let (invoice, receivables) = issue(work, self)?;
        work.must_cover(Invoice::NO, &invoice.row, "issue")?;
        answer((invoice, receivables))
    }
}

impl Operation for ImportInvoice {
    const NAME: &'static str = "invoice.import";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "invoice", verb: "import" };
    const ERRORS: &'static [Code] = &[
        NOT_IMPORTED,
        NOT_APPROVED,
        CANCELLED,
        NOTHING_TO_INVOICE,
        TERM_OR_DATE,
        BEFORE_ORDER,
        DUE_BEFORE_DATE,
        NOT_POSITIVE,
        SAME_CURRENCY,
        NO_RATE,
    ];
    const CAPABILITIES: &'static [&'static str] = &["SYS-04"];
    const EXAMPLE: &'static str = r#"{"order":"$imported_order","due_days":30}"#;
    const HISTORY: bool = true;
    type Answer = InvoiceAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<InvoiceAnswer> {
        let order = work.find(self.order).map_err(|error| error.at("/order"))?;
        if order.origin != Origin::Import {
            return Err(NOT_IMPORTED.at("/order"));
        }
        if order.state == OrderState::Cancelled {
            return Err(CANCELLED.at("/order"));
        }
        ordering::rules::effective(order.state).map_err(|error| error.at("/order"))?;
        let date = self.date.unwrap_or(order.date);
        let (path, due_date) = match (self.due_days, self.due_date) {
            (Some(_), Some(_)) => return Err(TERM_OR_DATE.at("/due_date")),
            (Some(days), None) => {
                ("/due_days", Some(date.add_days(days).ok_or_else(|| Code::OUT_OF_RANGE.at("/due_days"))?))
            }
            (None, due_date) => ("/due_date", due_date),
        };
        dates(&order, date, due_date, path)?;
        let due = due_date.map_or(Due::Term(order.payment_term), Due::On);
        let rate = match self.rate {
            None if date == order.date => order.exact_rate()?,
            given => {
                document_rate(work, given, order.currency, date).map_err(|error| error.or_at("/date"))?
            }
        };
        let bill = Bill {
            date,
            due,
            rate,
            parts: None,
            number: self.number,
            external_key: self.external_key,
            notes: None,
            origin: Origin::Import,
        };
        answer(invoice(work, order, bill)?)
    }
}

fn answer((invoice, receivables): (Stored<Invoice>, Vec<Stored<Receivable>>)) -> Result<InvoiceAnswer> {
    let receivables = receivables.into_iter().map(|receivable| Whole::new(receivable.row)).collect();
    Ok(InvoiceAnswer { invoice: Whole::new(invoice.row), receivables })
}

/// Bills an approved order; see [`Issue`]. For areas above, whose own rights were judged there.
pub fn issue(work: &mut Work<'_>, request: Issue) -> Result<(Stored<Invoice>, Vec<Stored<Receivable>>)> {
    let order = work.find(request.order)?;
    ordering::rules::executable(order.state).map_err(|error| error.at("/order"))?;
    let date = request.date.unwrap_or_else(|| work.today());
    dates(&order, date, request.due_date, "/due_date")?;
    let due = match (request.payment_term, request.due_date) {
        (Some(_), Some(_)) => return Err(TERM_OR_DATE.at("/due_date")),
        (None, Some(due)) => Due::On(due),
        (term, None) => Due::Term(term.or(order.payment_term)),
    };
    let rate = rate_of(work, order.currency, date).map_err(|error| error.at("/date"))?;
    let parts = if request.lines.is_empty() { None } else { Some(request.lines) };
    let bill = Bill {
        date,
        due,
        rate,
        parts,
        number: request.number,
        external_key: request.external_key,
        notes: request.notes,
        origin: Origin::Entered,
    };
    let (invoice, mut receivables) = invoice(work, order, bill)?;
    if request.use_advances {
        super::receipts::use_advances(work, request.order)?;
        for receivable in &mut receivables {
            *receivable = work.system(|work| work.find(receivable.id))?;
        }
    }
    Ok((invoice, receivables))
}

/// An invoice is not dated before its order, nor due before its date. Errors: `invoice.before_order` at `/date`,
/// `invoice.due_before_date` at the `path` of what says when it is due.
fn dates(order: &Order, date: Date, due: Option<Date>, path: &str) -> Result<()> {
    if date < order.date {
        return Err(BEFORE_ORDER.at("/date").with("order", order.date.to_string()));
    }
    if due.is_some_and(|due| due < date) {
        return Err(DUE_BEFORE_DATE.at(path).with("date", date.to_string()));
    }
    Ok(())
}

/// How an order is billed.
struct Bill {
    date: Date,
    due: Due,
    rate: Ratio,
    /// Parts of lines; everything not yet billed where there are none.
    parts: Option<Vec<IssueLine>>,
    number: Option<String>,
    external_key: Option<String>,
    notes: Option<String>,
    origin: Origin,
}

fn invoice(
    work: &mut Work<'_>,
    order: Stored<Order>,
    bill: Bill,
) -> Result<(Stored<Invoice>, Vec<Stored<Receivable>>)> {
    let names = [("o", Ty::Ref(Order::NO), Value::Ref(order.id.id()))];
    let earlier = work.system(|work| work.select::<Invoice>("order == o", &names))?;
    let parts = parts(&order, &earlier, &bill)?;
    let policy = order.rounding(policy(work)?);
    let lines = lines(&order, &earlier, &parts, policy)?;
    let charges = charges(&order, &earlier, &lines, policy)?;
    let sum = |of: fn(&InvoiceLine) -> Dec| Dec::sum(lines.iter().map(|line| of(line)));
    let booked_with_order = !debts_of_order(work, order.customer, order.id, true)?.is_empty();
    let total = Dec::sum([sum(|line| line.total)?, charges.freight, charges.other, charges.tax_on_top])?;
    let (rate, inverse_rate) = bill.rate.columns()?;
    let invoice = Invoice {
        number: bill.number,
        external_key: bill.external_key,
        customer: order.customer,
        order: Some(order.id),
        owner: Some(order.owner),
        department: Some(order.department),
        currency: order.currency,
        rate,
        inverse_rate,
        date: bill.date,
        doc_type: if order.doc_type == OrderType::CreditNote {
            InvoiceType::CreditNote
        } else {
            InvoiceType::Invoice
        },
        origin: bill.origin,
        payment_term: match bill.due {
            Due::Term(term) => term,
            Due::On(_) => None,
        },
        gross: sum(|line| line.gross)?,
        discount: sum(|line| line.discount)?,
        net: sum(|line| line.net)?,
        document_discount: sum(|line| line.document_discount)?,
        freight: charges.freight,
        other_charges: charges.other,
        charges_taxes: charges.taxes,
        tax: sum(|line| line.tax_amount)?.add(charges.tax)?,
        total,
        booked_with_order,
        notes: bill.notes,
        recorded_at: work.now(),
        lines,
    };
    let invoice = work.insert(&invoice)?;
    match invoice.origin {
        Origin::Entered => {
            let executed = parts.iter().map(|part| (part.line, Executed::invoiced(part.quantity)));
            ordering::set_executed(work, order.id, &executed.collect::<Vec<_>>(), invoice.date)?;
        }
        Origin::Import => count_as_invoiced(work, order, &parts)?,
    }
    let mut receivables = Vec::new();
    if !booked_with_order {
        let document = Document {
            invoice: Some(invoice.id),
            order: invoice.order,
            customer: invoice.customer,
            owner: invoice.owner,
            department: invoice.department,
            currency: invoice.currency,
            rate: bill.rate,
            policy,
            number: invoice.number.clone(),
            date: invoice.date,
        };
        let parts = parts_of(invoice.lines.iter().map(|line| line.total), invoice.total)?;
        receivables = book(work, &document, &parts, bill.due).map_err(|error| error.at("/payment_term"))?;
    }
    work.tell(Invoice::NO, invoice.id.id(), "issued")?;
    Ok((invoice, receivables))
}

/// History: where the order stands is what its source said, held and disputed ones included, so nothing follows from it
/// but the quantities.
fn count_as_invoiced(work: &mut Work<'_>, mut order: Stored<Order>, parts: &[IssueLine]) -> Result<()> {
    for part in parts {
        if let Some(line) = order.lines.by_no_mut(part.line) {
            line.invoiced = line.invoiced.add(part.quantity)?;
        }
    }
    work.system(|work| work.save(&mut order))
}

/// The parts of the lines to bill. Errors: `order.no_line`, `invoice.line_twice`, `value.not_positive`,
/// `order.over_executed`, `invoice.nothing`.
fn parts(order: &Order, earlier: &[Stored<Invoice>], bill: &Bill) -> Result<Vec<IssueLine>> {
    let Some(wanted) = &bill.parts else {
        let rest = order.lines.iter().map(|line| {
            let quantity = line.to_invoice()?;
            Ok(IssueLine { line: line.no, quantity })
        });
        let rest: Vec<IssueLine> = rest.collect::<Result<_>>()?;
        let history = bill.origin == Origin::Import && earlier.is_empty();
        // History may count as invoiced already, though no invoice of it is known here.
        let rest: Vec<IssueLine> =
            rest.into_iter().filter(|part| history || !part.quantity.is_zero()).collect();
        // A credit note may give back nothing but charges.
        let only_charges = order.lines.is_empty() && earlier.is_empty() && !order.total.is_zero();
        return if rest.is_empty() && !only_charges {
            Err(NOTHING_TO_INVOICE.at("/order"))
        } else {
            Ok(rest)
        };
    };
    for (at, part) in wanted.iter().enumerate() {
        let path = |field: &str| format!("/lines/{at}/{field}");
        let line =
            order.lines.by_no(part.line).ok_or_else(|| NO_LINE.at(path("line")).with("line", part.line))?;
        if wanted.iter().take(at).any(|other| other.line == part.line) {
            return Err(LINE_TWICE.at(path("line")).with("line", part.line));
        }
        if !part.quantity.is_positive() {
            return Err(NOT_POSITIVE.at(path("quantity")));
        }
        let sum = line.invoiced.add(part.quantity)?;
        let most = line.billable();
        if sum > most {
            let error = OVER_EXECUTED
                .at(path("quantity"))
                .coded("what", "word", "invoiced")
                .with("most", most.to_string());
            return Err(error.with("wanted", sum.to_string()));
        }
    }
    Ok(wanted.clone())
}

/// The lines of the invoice: each amount is what is due of the order line's, less what was billed of it before.
fn lines(
    order: &Order,
    earlier: &[Stored<Invoice>],
    parts: &[IssueLine],
    policy: RoundingPolicy,
) -> Result<Lines<InvoiceLine>> {
    let digits = order.currency.digits();
    let mut lines = Lines::default();
    for part in parts {
        let line: &Line<OrderLine> = order.lines.by_no(part.line).ok_or_else(|| NO_LINE.error())?;
        let billed: Vec<&Line<InvoiceLine>> = earlier
            .iter()
            .flat_map(|invoice| invoice.lines.iter())
            .filter(|billed| billed.order_line == Some(line.no))
            .collect();
        let cumulative = line.invoiced.add(part.quantity)?;
        let due = |whole: Dec, of: fn(&InvoiceLine) -> Dec| {
            let already = Dec::sum(billed.iter().map(|billed| of(billed)))?;
            if line.quantity.is_zero() {
                return Ok(whole.sub(already)?);
            }
            cumulative_amount(whole, cumulative, line.quantity, already, policy, digits)
        };
        let (gross, net) = (due(line.gross, |line| line.gross)?, due(line.net, |line| line.net)?);
        let document_discount = due(line.document_discount, |line| line.document_discount)?;
        let (tax_amount, tax_parts) = match taxes_due(order, line, &billed, cumulative, policy)? {
            Some((taxes, amounts)) => {
                (Dec::sum(amounts.iter().copied())?, taxes.write(&amounts, order.currency))
            }
            None => (due(line.tax_amount, |line| line.tax_amount)?, None),
        };
        let reduced = net.sub(document_discount)?;
        let billed_now = Dec::sum(billed.iter().map(|billed| billed.quantity))?;
        lines.push(InvoiceLine {
            order_line: Some(line.no),
            product: line.product,
            description: line.description.clone(),
            // What history counts as invoiced already is billed here.
            quantity: cumulative.sub(billed_now)?,
            unit: line.unit,
            unit_price: line.unit_price,
            discount_percent: line.discount_percent,
            gross,
            discount: gross.sub(net)?,
            net,
            document_discount,
            tax: line.tax,
            tax_percent: line.tax_percent,
            tax_parts,
            tax_amount,
            total: if order.prices_include_tax { reduced } else { reduced.add(tax_amount)? },
        });
    }
    Ok(lines)
}

/// Where the tax of an order's line is made of several, what is due of each for so much of it, less what was billed before.
fn taxes_due(
    order: &Order,
    line: &OrderLine,
    billed: &[&Line<InvoiceLine>],
    cumulative: Dec,
    policy: RoundingPolicy,
) -> Result<Option<(Taxes, Vec<Dec>)>> {
    let whole = Taxes::amounts(line.tax_parts.as_ref());
    if whole.is_empty() {
        return Ok(None);
    }
    let before: Vec<Vec<Dec>> =
        billed.iter().map(|billed| Taxes::amounts(billed.tax_parts.as_ref())).collect();
    let mut amounts = Vec::with_capacity(whole.len());
    for (part, whole) in whole.into_iter().enumerate() {
        let already = Dec::sum(before.iter().filter_map(|amounts| amounts.get(part).copied()))?;
        amounts.push(match line.quantity.is_zero() {
            true => whole.sub(already)?,
            false => {
                let digits = order.currency.digits();
                cumulative_amount(whole, cumulative, line.quantity, already, policy, digits)?
            }
        });
    }
    Ok(Some((Taxes::read(line.tax, line.tax_percent, line.tax_parts.as_ref())?, amounts)))
}

/// The shares of what the order charges beside its lines.
struct Charges {
    freight: Dec,
    other: Dec,
    /// Tax on the charges, and the taxes that it is made of.
    tax: Dec,
    taxes: Option<SharedJson>,
    /// The same where it is not in the charges already.
    tax_on_top: Dec,
}

fn charges(
    order: &Order,
    earlier: &[Stored<Invoice>],
    lines: &Lines<InvoiceLine>,
    policy: RoundingPolicy,
) -> Result<Charges> {
    let digits = order.currency.digits();
    let whole = Dec::sum(order.lines.iter().map(|line| line.total))?;
    let billed = earlier.iter().flat_map(|invoice| invoice.lines.iter()).chain(lines.iter());
    let done = Dec::sum(billed.map(|line| line.total))?;
    let share = |amount: Dec, already: &mut dyn Iterator<Item = Dec>| {
        share_of_order(amount, done, whole, Dec::sum(already)?, policy, digits)
    };
    let freight = share(order.freight, &mut earlier.iter().map(|invoice| invoice.freight))?;
    let other = share(order.other_charges, &mut earlier.iter().map(|invoice| invoice.other_charges))?;
    let of_lines = order.lines.iter().map(|line| line.tax_amount);
    let mut amounts = taxes_on_charges(order.charges_taxes.as_ref(), order.tax, of_lines)?;
    let before = earlier.iter().map(|invoice| {
        let of_lines = invoice.lines.iter().map(|line| line.tax_amount);
        taxes_on_charges(invoice.charges_taxes.as_ref(), invoice.tax, of_lines)
    });
    let before = before.collect::<Result<Vec<_>>>()?;
    for (part, amount) in amounts.iter_mut().enumerate() {
        *amount = share(*amount, &mut before.iter().filter_map(|amounts| amounts.get(part).copied()))?;
    }
    let tax = Dec::sum(amounts.iter().copied())?;
    let taxes = Taxes::read(None, Dec::ZERO, order.charges_taxes.as_ref())?;
    let taxes = order.charges_taxes.as_ref().map(|_| taxes.told(&amounts, order.currency));
    let tax_on_top = if order.prices_include_tax { Dec::ZERO } else { tax };
    Ok(Charges { freight, other, tax, taxes, tax_on_top })
}

/// What each of the taxes on the charges of a document comes to. One that an older library kept has their sum alone: what
/// its tax comes to beyond that of its lines. Errors: `value.out_of_range`.
pub(super) fn taxes_on_charges(
    kept: Option<&SharedJson>,
    tax: Dec,
    of_lines: impl Iterator<Item = Dec>,
) -> Result<Vec<Dec>> {
    if kept.is_some() {
        return Ok(Taxes::amounts(kept));
    }
    let rest = tax.sub(Dec::sum(of_lines)?)?;
    Ok(if rest.is_zero() { Vec::new() } else { vec![rest] })
}
