//! Debts as they are booked and settled: the only place where what is open changes.

use super::rules::over_allocated;
use super::{Allocation, AllocationEntry, Invoice, NOT_ALLOCATED, Receipt, Receivable};
use crate::ordering::Order;
use crate::org::{Department, Employee};
use crate::parties::Customer;
use crate::pricing::allocation::Allocation as Shares;
use crate::pricing::totals::booked;
use crate::settings::{self, Instalment, PaymentTerm, Ratio, policy};
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::Dec;
use crm_kernel::error::{Code, Error, Result};
use crm_kernel::expr::node::Ty;
use crm_kernel::id::{Id, Ref};
use crm_kernel::money::{Money, RoundingPolicy};
use crm_kernel::record::Record;
use crm_kernel::value::Value;
use crm_kernel::work::{Stored, Work};

/// A document that makes debts.
pub(super) struct Document {
    pub invoice: Option<Ref<Invoice>>,
    pub order: Option<Ref<Order>>,
    pub customer: Ref<Customer>,
    pub owner: Option<Ref<Employee>>,
    pub department: Option<Ref<Department>>,
    pub currency: Currency,
    pub rate: Ratio,
    pub policy: RoundingPolicy,
    pub number: Option<String>,
    pub date: Date,
}

/// When the total of a document is due.
#[derive(Clone, Copy, Debug)]
pub(super) enum Due {
    /// As a payment term says; at once where there is none.
    Term(Option<Ref<PaymentTerm>>),
    /// All of it on one day.
    On(Date),
}

/// Books a debt for each instalment of what `parts`, its lines and charges, come to together. Its value in the books is the
/// sum of theirs, shared by the instalments (commerce.md 2.10).
pub(super) fn book(
    work: &mut Work<'_>,
    document: &Document,
    parts: &[Dec],
    due: Due,
) -> Result<Vec<Stored<Receivable>>> {
    let total = Money::new(Dec::sum(parts.iter().copied())?, document.currency);
    let instalments = match due {
        Due::Term(Some(term)) => settings::instalments(work, term, total, document.date, document.policy)?,
        Due::Term(None) => vec![Instalment { due: document.date, amount: total, label: None }],
        Due::On(due) => vec![Instalment { due, amount: total, label: None }],
    };
    let instalments: Vec<Instalment> =
        instalments.into_iter().filter(|instalment| !instalment.amount.amount.is_zero()).collect();
    let bases = in_books(work, document, parts, &instalments)?;
    let (rate, inverse_rate) = document.rate.columns()?;
    let mut booked = Vec::with_capacity(instalments.len());
    for (instalment, base) in instalments.into_iter().zip(bases) {
        booked.push(work.insert(&Receivable {
            invoice: document.invoice,
            order: document.order,
            customer: document.customer,
            owner: document.owner,
            department: document.department,
            currency: document.currency,
            rate,
            inverse_rate,
            document: document.number.clone(),
            label: instalment.label,
            date: document.date,
            due_date: instalment.due,
            amount: instalment.amount.amount,
            open: instalment.amount.amount,
            base_amount: base,
            base_open: base,
            recorded_at: work.now(),
        })?);
    }
    Ok(booked)
}

/// The parts of a document's total: its lines, and what is charged beside them. Errors: `value.out_of_range`.
pub(super) fn parts_of(lines: impl Iterator<Item = Dec>, total: Dec) -> Result<Vec<Dec>> {
    let mut parts: Vec<Dec> = lines.collect();
    parts.push(total.sub(Dec::sum(parts.iter().copied())?)?);
    Ok(parts)
}

/// What instalments of a document are in the books.
fn in_books(
    work: &mut Work<'_>,
    document: &Document,
    parts: &[Dec],
    instalments: &[Instalment],
) -> Result<Vec<Dec>> {
    let base = work.base().ok_or_else(|| settings::NOT_SET_UP.error())?;
    if document.currency == base {
        return Ok(instalments.iter().map(|instalment| instalment.amount.amount).collect());
    }
    let policy = policy(work)?;
    let scale = policy.scale(base.digits());
    let (_, sum) = booked(parts, document.rate, scale, policy.rounding())?;
    let weights: Vec<Dec> = instalments.iter().map(|instalment| instalment.amount.amount.abs()).collect();
    Shares::LargestRemainder.share(sum, &weights, scale)
}

/// A posted amount in the enterprise's currency, posted.
pub(crate) fn in_base(work: &mut Work<'_>, amount: Dec, currency: Currency, rate: Ratio) -> Result<Dec> {
    let base = work.base().ok_or_else(|| settings::NOT_SET_UP.error())?;
    if currency == base {
        return Ok(amount);
    }
    rate.post(amount, policy(work)?, base.digits())
}

/// The rate from a currency to the enterprise's on a day. Errors: `currency.no_rate`.
pub(super) fn rate_of(work: &mut Work<'_>, currency: Currency, date: Date) -> Result<Ratio> {
    let base = work.base().ok_or_else(|| settings::NOT_SET_UP.error())?;
    settings::exact_rate(work, currency, base, date)
}

/// Puts a part of a receipt on a debt, or takes it off again (`amount` below zero, on the day given). The receipt is
/// saved by the caller.
// INVARIANT: 0 <= open <= amount of every debt above zero, 0 <= unallocated <= amount of every receipt.
pub(super) fn apply(
    work: &mut Work<'_>,
    receipt: &mut Stored<Receipt>,
    receivable: &mut Stored<Receivable>,
    amount: Dec,
    correction: Option<(Date, &str)>,
) -> Result<()> {
    let base_amount = settle_debt(work, receivable, amount)?;
    let advance_base = draw(work, receipt, amount)?;
    let (entry, date, reason) = match correction {
        None => (AllocationEntry::Payment, receipt.date.max(receivable.date), None),
        Some((date, reason)) => (AllocationEntry::Correction, date, Some(reason.to_owned())),
    };
    work.insert(&Allocation {
        entry,
        receipt: Some(receipt.id),
        receivable: Some(receivable.id),
        refund: None,
        customer: receivable.customer,
        owner: receivable.owner,
        department: receivable.department,
        currency: receivable.currency,
        amount,
        base_amount,
        advance_base,
        date,
        recorded_at: work.now(),
        reason,
    })?;
    Ok(())
}

/// Makes an advance less; the answer is by how much in the enterprise's currency. The receipt is saved by the caller.
pub(super) fn draw(work: &mut Work<'_>, receipt: &mut Stored<Receipt>, amount: Dec) -> Result<Dec> {
    let left = receipt.unallocated.sub(amount)?;
    if left.is_negative() || left > receipt.amount {
        return Err(Error::internal("an advance beyond its receipt"));
    }
    let rate = Ratio::kept(receipt.rate, receipt.inverse_rate)?;
    let base_left = in_base(work, left, receipt.currency, rate)?;
    let drawn = receipt.base_unallocated.sub(base_left)?;
    receipt.unallocated = left;
    receipt.base_unallocated = base_left;
    Ok(drawn)
}

/// Makes a debt less and saves it; the answer is by how much in the enterprise's currency.
fn settle_debt(work: &mut Work<'_>, receivable: &mut Stored<Receivable>, amount: Dec) -> Result<Dec> {
    let open = receivable.open.sub(amount)?;
    if open.is_negative() || open > receivable.amount {
        return Err(over_allocated(amount, receivable.open, receivable.currency));
    }
    let rate = Ratio::kept(receivable.rate, receivable.inverse_rate)?;
    let base_open = in_base(work, open, receivable.currency, rate)?;
    let settled = receivable.base_open.sub(base_open)?;
    receivable.open = open;
    receivable.base_open = base_open;
    work.save(receivable)?;
    Ok(settled)
}

/// How much of a receipt lies on a debt.
pub(super) fn allocated(
    work: &mut Work<'_>,
    receipt: Ref<Receipt>,
    receivable: Ref<Receivable>,
) -> Result<Dec> {
    let names = [
        ("p", Ty::Ref(Receipt::NO), Value::Ref(receipt.id())),
        ("d", Ty::Ref(Receivable::NO), Value::Ref(receivable.id())),
    ];
    let parts = work.system(|work| work.select::<Allocation>("receipt == p && receivable == d", &names))?;
    Ok(Dec::sum(parts.iter().map(|part| part.amount))?)
}

/// Takes a part of a receipt, or all that lies there, off a debt again. Errors: `receipt.not_allocated`.
pub(super) fn take_off(
    work: &mut Work<'_>,
    receipt: &mut Stored<Receipt>,
    receivable: &mut Stored<Receivable>,
    wanted: Option<Dec>,
    reason: &str,
) -> Result<()> {
    let there = allocated(work, receipt.id, receivable.id)?;
    let amount = wanted.unwrap_or(there);
    if !amount.is_positive() || amount > there {
        return Err(NOT_ALLOCATED
            .error()
            .with("allocated", Money::new(there, receipt.currency))
            .with("wanted", Money::new(amount, receipt.currency)));
    }
    let date = work.today().max(receipt.date).max(receivable.date);
    apply(work, receipt, receivable, amount.neg(), Some((date, reason)))
}

/// Debts of an order, booked with it where `with_order`, else all.
pub(crate) fn debts_of_order(
    work: &mut Work<'_>,
    customer: Ref<Customer>,
    order: Ref<Order>,
    with_order: bool,
) -> Result<Vec<Stored<Receivable>>> {
    let names = [
        ("c", Ty::Ref(Customer::NO), Value::Ref(customer.id())),
        ("o", Ty::Ref(Order::NO), Value::Ref(order.id())),
    ];
    // By the customer first: that is what the index knows.
    let condition = if with_order {
        "customer == c && order == o && invoice == null"
    } else {
        "customer == c && order == o"
    };
    work.system(|work| work.select::<Receivable>(condition, &names))
}

/// What booking an order's debts refuses with.
pub(super) const ORDER_ERRORS: &[Code] =
    &[settings::AMOUNTS_EXCEED, settings::TERM_CURRENCY, settings::NO_WORKING_DAY];

/// What becomes of debts when an order is approved or cancelled: with the setting `receivables.start` on `order` they
/// are booked at once from its payment term.
pub(super) fn order_event(work: &mut Work<'_>, _kind: u32, id: Id, event: &str) -> Result<()> {
    match event {
        "approved" if settings::setting_code(work, "receivables.start")? == "order" => {
            work.system(|work| book_order(work, Ref::new(id)))
        }
        "cancelled" => work.system(|work| cancel_order(work, Ref::new(id))),
        _ => Ok(()),
    }
}

fn book_order(work: &mut Work<'_>, id: Ref<Order>) -> Result<()> {
    let order = work.find(id)?;
    let document = Document {
        invoice: None,
        order: Some(id),
        customer: order.customer,
        owner: Some(order.owner),
        department: Some(order.department),
        currency: order.currency,
        rate: order.exact_rate()?,
        policy: order.rounding(policy(work)?),
        number: order.number.clone(),
        date: order.date,
    };
    let parts = parts_of(order.lines.iter().map(|line| line.total), order.total)?;
    book(work, &document, &parts, Due::Term(order.payment_term))?;
    Ok(())
}

/// The debts of an order that is given up are gone; what was paid on them becomes an advance again.
fn cancel_order(work: &mut Work<'_>, id: Ref<Order>) -> Result<()> {
    let order = work.find(id)?;
    let reason = order.state_reason.clone().unwrap_or_default();
    for mut debt in debts_of_order(work, order.customer, id, true)? {
        let names = [("d", Ty::Ref(Receivable::NO), Value::Ref(debt.id.id()))];
        let parts = work.select::<Allocation>("receivable == d", &names)?;
        let mut receipts: Vec<Ref<Receipt>> = parts.iter().filter_map(|part| part.receipt).collect();
        receipts.sort_by_key(|receipt| receipt.id());
        receipts.dedup();
        for receipt in receipts {
            if allocated(work, receipt, debt.id)?.is_zero() {
                continue;
            }
            let mut receipt = work.find(receipt)?;
            take_off(work, &mut receipt, &mut debt, None, &reason)?;
            work.save(&mut receipt)?;
        }
        if debt.open.is_zero() {
            continue;
        }
        let amount = debt.open;
        let base_amount = settle_debt(work, &mut debt, amount)?;
        let date = work.today().max(debt.date);
        work.insert(&Allocation {
            entry: AllocationEntry::Cancellation,
            receipt: None,
            receivable: Some(debt.id),
            refund: None,
            customer: debt.customer,
            owner: debt.owner,
            department: debt.department,
            currency: debt.currency,
            amount,
            base_amount,
            advance_base: Dec::ZERO,
            date,
            recorded_at: work.now(),
            reason: Some(reason.clone()),
        })?;
    }
    Ok(())
}
