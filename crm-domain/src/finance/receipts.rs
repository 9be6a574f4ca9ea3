//! Receipts: money from customers, and which debts it settles (FIN-01, commerce.md 2.9).

use super::debts::{apply, draw, in_base, rate_of, take_off};
use super::rules::{OpenDebt, allocatable, posted, settle};
use super::{
    Allocation, AllocationEntry, NOT_ALLOCATED, OTHER_CUSTOMER, OVER_ALLOCATED, RECEIPT_CURRENCY,
    REFUND_ALLOCATED, REFUND_EXCEEDS, Receipt, ReceiptType, Receivable,
};
use crate::ordering::{self, NOT_APPROVED, Order, OrderState, Origin};
use crate::org::Employee;
use crate::parties::Customer;
use crate::settings::{NO_RATE, NOT_POSITIVE, NOT_SET_UP, policy};
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::Dec;
use crm_kernel::error::{Code, Result};
use crm_kernel::expr::node::Ty;
use crm_kernel::id::Ref;
use crm_kernel::money::Money;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::record::{Record as _, Whole};
use crm_kernel::value::Value;
use crm_kernel::work::{Stored, Work};
use crm_kernel::{Choice, Record};

/// Records money from a customer, or back to him, and settles debts with it: those named, then those of the order,
/// then the oldest due. What is left stays an advance.
#[derive(Clone, Debug, Record)]
#[record(name = "receipt_record")]
pub struct RecordReceipt {
    /// From whom, or to whom.
    pub customer: Ref<Customer>,
    /// How much; above zero, for a refund too.
    #[field(money)]
    pub amount: Dec,
    /// The day; today where none is given.
    pub date: Option<Date>,
    /// The currency; that of the order, the debts, the customer or the enterprise where none is given.
    pub currency: Option<Currency>,
    /// Payment, payment in advance or refund.
    #[field(default = "\"receipt\"")]
    pub receipt_type: ReceiptType,
    /// The order that it is for.
    pub order: Option<Ref<Order>>,
    /// Which debts it settles first.
    pub allocations: Vec<AllocationPart>,
    /// Whether the rest settles other debts; a payment in advance does not unless this says so.
    pub allocate: Option<Allocate>,
    /// How it was paid, from the picklist.
    pub method: Option<String>,
    /// Who paid, where it was somebody else.
    pub payer: Option<String>,
    /// Who handles it; the order's or customer's salesperson where none is given.
    pub handler: Option<Ref<Employee>>,
    /// The number; the numbering rule gives one where there is none.
    #[field(text = 60)]
    pub number: Option<String>,
    /// Its key in another system: the same payment cannot be recorded twice.
    #[field(text = 80)]
    pub external_key: Option<String>,
    /// Notes.
    #[field(long_text)]
    pub notes: Option<String>,
}

/// A part of a receipt that settles a debt.
#[derive(Clone, Debug, Record)]
#[record(name = "allocation_part")]
pub struct AllocationPart {
    /// The debt.
    pub receivable: Ref<Receivable>,
    /// How much; all that is open where nothing is given.
    #[field(money)]
    pub amount: Option<Dec>,
}

/// What becomes of the part of a receipt that no debt was named for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum Allocate {
    /// It settles debts: the order's, then the oldest due.
    Auto,
    /// It settles debts of its order; what is left stays an advance.
    Order,
    /// It stays an advance.
    None,
}

/// Settles debts with what is left of a receipt.
#[derive(Clone, Debug, Record)]
#[record(name = "receipt_allocate")]
pub struct AllocateReceipt {
    /// The receipt.
    pub receipt: Ref<Receipt>,
    /// The version that was read; refused where another stands.
    pub version: Option<i64>,
    /// Which debts first; the oldest where none is named.
    #[field(selection)]
    pub allocations: Vec<AllocationPart>,
    /// Whether the rest settles other debts; it does where no debt is named.
    pub allocate: Option<Allocate>,
}

/// Takes a payment off a debt again: the debt is open once more, the money an advance. Both entries stay.
#[derive(Clone, Debug, Record)]
#[record(name = "receipt_unallocate")]
pub struct UnallocateReceipt {
    /// The receipt.
    pub receipt: Ref<Receipt>,
    /// The debt.
    pub receivable: Ref<Receivable>,
    /// How much; all where nothing is given.
    #[field(money)]
    pub amount: Option<Dec>,
    /// Why.
    pub reason: String,
}

/// Brings a receipt of another system; it settles the oldest debts. The order that it names, if any, is in effect, or an
/// imported one that was cancelled since.
#[derive(Clone, Debug, Record)]
#[record(name = "receipt_import")]
pub struct ImportReceipt {
    /// From whom.
    pub customer: Ref<Customer>,
    /// How much.
    #[field(money)]
    pub amount: Dec,
    /// The day.
    pub date: Date,
    /// The currency; that of the order, the customer or the enterprise where none is given.
    pub currency: Option<Currency>,
    /// Payment, payment in advance or refund.
    #[field(default = "\"receipt\"")]
    pub receipt_type: ReceiptType,
    /// The order that it is for.
    pub order: Option<Ref<Order>>,
    /// How it was paid, from the picklist.
    pub method: Option<String>,
    /// Who paid, where it was somebody else.
    pub payer: Option<String>,
    /// The number; the numbering rule gives one where there is none.
    #[field(text = 60)]
    pub number: Option<String>,
    /// Its key in the system that it comes from.
    #[field(text = 80)]
    pub external_key: Option<String>,
    /// Notes.
    #[field(long_text)]
    pub notes: Option<String>,
}

/// A receipt with what it settled.
#[derive(Clone, Debug, Record)]
#[record(name = "receipt_answer")]
pub struct ReceiptAnswer {
    /// The receipt.
    pub receipt: Whole<Receipt>,
    /// All its allocations, in the order in which they were made.
    pub allocations: Vec<Whole<Allocation>>,
}

/// Refusals of receipts.
const RECEIPT_ERRORS: &[Code] = &[
    NOT_POSITIVE,
    NOT_APPROVED,
    RECEIPT_CURRENCY,
    OTHER_CUSTOMER,
    OVER_ALLOCATED,
    REFUND_ALLOCATED,
    REFUND_EXCEEDS,
    NO_RATE,
    NOT_SET_UP,
];

impl Operation for RecordReceipt {
    const NAME: &'static str = "receipt.record";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "receipt", verb: "record" };
    const ERRORS: &'static [Code] = RECEIPT_ERRORS;
    const CAPABILITIES: &'static [&'static str] = &["FIN-01"];
    const EXAMPLE: &'static str = r#"{"customer":"$customer","amount":"500.00","method":"transfer"}"#;
    type Answer = ReceiptAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<ReceiptAnswer> {
        let receipt = record(work, self, Origin::Entered)?;
        work.must_cover(Receipt::NO, &receipt.row, "record")?;
        answer(work, receipt)
    }
}

impl Operation for ImportReceipt {
    const NAME: &'static str = "receipt.import";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "receipt", verb: "import" };
    const ERRORS: &'static [Code] = RECEIPT_ERRORS;
    const CAPABILITIES: &'static [&'static str] = &["SYS-04"];
    const EXAMPLE: &'static str =
        r#"{"customer":"$customer","amount":"500.00","date":"2025-12-01","external_key":"CHQ-1"}"#;
    const HISTORY: bool = true;
    type Answer = ReceiptAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<ReceiptAnswer> {
        let request = RecordReceipt {
            customer: self.customer,
            amount: self.amount,
            date: Some(self.date),
            currency: self.currency,
            receipt_type: self.receipt_type,
            order: self.order,
            allocations: Vec::new(),
            allocate: None,
            method: self.method,
            payer: self.payer,
            handler: None,
            number: self.number,
            external_key: self.external_key,
            notes: self.notes,
        };
        let receipt = record(work, request, Origin::Import)?;
        answer(work, receipt)
    }
}

impl Operation for AllocateReceipt {
    const NAME: &'static str = "receipt.allocate";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "receipt", verb: "allocate" };
    const ERRORS: &'static [Code] = RECEIPT_ERRORS;
    const CAPABILITIES: &'static [&'static str] = &["FIN-01"];
    const EXAMPLE: &'static str = r#"{"receipt":"$receipt","allocate":"auto"}"#;
    type Answer = ReceiptAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<ReceiptAnswer> {
        let mut receipt = work.find_for("allocate", self.receipt)?;
        receipt.expect_version(self.version)?;
        if receipt.receipt_type == ReceiptType::Refund {
            return Err(REFUND_ALLOCATED.at("/receipt"));
        }
        allocate_named(work, &mut receipt, &self.allocations)?;
        let auto = self.allocate.unwrap_or(if self.allocations.is_empty() {
            Allocate::Auto
        } else {
            Allocate::None
        });
        allocate_oldest(work, &mut receipt, auto)?;
        work.save(&mut receipt)?;
        work.tell(Receipt::NO, receipt.id.id(), "allocated")?;
        answer(work, receipt)
    }
}

impl Operation for UnallocateReceipt {
    const NAME: &'static str = "receipt.unallocate";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "receipt", verb: "allocate" };
    const ERRORS: &'static [Code] = &[NOT_ALLOCATED];
    const CAPABILITIES: &'static [&'static str] = &["FIN-01"];
    const EXAMPLE: &'static str =
        r#"{"receipt":"$allocated_receipt","receivable":"$receivable","reason":"paid for another invoice"}"#;
    type Answer = ReceiptAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<ReceiptAnswer> {
        let mut receipt = work.find_for("allocate", self.receipt)?;
        let mut receivable = work.find(self.receivable).map_err(|error| error.at("/receivable"))?;
        take_off(work, &mut receipt, &mut receivable, self.amount, &self.reason)
            .map_err(|error| error.at("/amount"))?;
        work.save(&mut receipt)?;
        work.tell(Receipt::NO, receipt.id.id(), "allocated")?;
        answer(work, receipt)
    }
}

fn answer(work: &mut Work<'_>, receipt: Stored<Receipt>) -> Result<ReceiptAnswer> {
    let names = [("r", Ty::Ref(Receipt::NO), Value::Ref(receipt.id.id()))];
    let parts = work.system(|work| work.select::<Allocation>("receipt == r || refund == r", &names))?;
    let allocations = parts.into_iter().map(|part| Whole::new(part.row)).collect();
    Ok(ReceiptAnswer { receipt: Whole::new(receipt.row), allocations })
}

/// Records a receipt; see [`RecordReceipt`]. For areas above, whose own rights were judged there.
pub fn record(work: &mut Work<'_>, request: RecordReceipt, origin: Origin) -> Result<Stored<Receipt>> {
    let customer = work.find(request.customer).map_err(|error| error.at("/customer"))?;
    let order = match request.order {
        Some(order) => Some(work.find(order).map_err(|error| error.at("/order"))?),
        None => None,
    };
    if let Some(order) = &order {
        if order.customer != customer.id {
            return Err(OTHER_CUSTOMER.at("/order"));
        }
        // Money came in for historic orders before they were cancelled.
        let historic = origin == Origin::Import
            && order.origin == Origin::Import
            && order.state == OrderState::Cancelled;
        if request.receipt_type != ReceiptType::Refund && !historic {
            ordering::require_effective(work, order.id).map_err(|error| error.at("/order"))?;
        }
    }
    let currency = currency_of(work, &request, &customer, order.as_deref())?;
    if order.as_ref().is_some_and(|order| order.currency != currency) {
        return Err(RECEIPT_CURRENCY.at("/currency").with("currency", currency.code()));
    }
    let present = policy(work)?;
    let policy = order.as_ref().map_or(present, |order| order.rounding(present));
    let amount = posted(request.amount, policy, currency.digits()).map_err(|error| error.at("/amount"))?;
    if !amount.is_positive() {
        return Err(NOT_POSITIVE.at("/amount"));
    }
    let date = request.date.unwrap_or_else(|| work.today());
    let rate = rate_of(work, currency, date).map_err(|error| error.at("/currency"))?;
    let base_amount = in_base(work, amount, currency, rate)?;
    let (rate, inverse_rate) = rate.columns()?;
    let refund = request.receipt_type == ReceiptType::Refund;
    let actor = work.context().actor.map(Ref::new);
    let owner = request.handler.or(order.as_ref().map(|order| order.owner)).or(customer.owner).or(actor);
    let advance = |amount: Dec| if refund { Dec::ZERO } else { amount };
    let mut receipt = work.insert(&Receipt {
        number: request.number,
        external_key: request.external_key,
        customer: customer.id,
        order: request.order,
        receipt_type: request.receipt_type,
        currency,
        rate,
        inverse_rate,
        amount,
        date,
        method: request.method,
        payer: request.payer,
        owner,
        department: if request.handler.is_some() {
            None
        } else {
            order.as_ref().map(|order| order.department)
        },
        unallocated: advance(amount),
        base_amount,
        base_unallocated: advance(base_amount),
        origin,
        notes: request.notes,
        recorded_at: work.now(),
    })?;
    if refund {
        if !request.allocations.is_empty() {
            return Err(REFUND_ALLOCATED.at("/allocations"));
        }
        pay_back(work, &receipt)?;
    } else {
        allocate_named(work, &mut receipt, &request.allocations)?;
        let by_type =
            if receipt.receipt_type == ReceiptType::Prepayment { Allocate::None } else { Allocate::Auto };
        allocate_oldest(work, &mut receipt, request.allocate.unwrap_or(by_type))?;
        work.save(&mut receipt)?;
    }
    work.tell(Receipt::NO, receipt.id.id(), "recorded")?;
    Ok(receipt)
}

fn currency_of(
    work: &mut Work<'_>,
    request: &RecordReceipt,
    customer: &Customer,
    order: Option<&Order>,
) -> Result<Currency> {
    let named = match request.allocations.first() {
        Some(first) => {
            Some(work.find(first.receivable).map_err(|error| error.at("/allocations/0/receivable"))?.currency)
        }
        None => None,
    };
    let found = request.currency.or(order.map(|order| order.currency)).or(named).or(customer.currency);
    found.or(work.base()).ok_or_else(|| NOT_SET_UP.error())
}

/// Settles the debts that were named, in their order.
fn allocate_named(
    work: &mut Work<'_>,
    receipt: &mut Stored<Receipt>,
    parts: &[AllocationPart],
) -> Result<()> {
    for (at, part) in parts.iter().enumerate() {
        let path = |field: &str| format!("/allocations/{at}/{field}");
        let mut debt = work.find(part.receivable).map_err(|error| error.at(path("receivable")))?;
        if debt.customer != receipt.customer {
            return Err(OTHER_CUSTOMER.at(path("receivable")));
        }
        if debt.currency != receipt.currency {
            return Err(RECEIPT_CURRENCY.at(path("receivable")).with("currency", receipt.currency.code()));
        }
        if let Some(order) = debt.order {
            work.system(|work| ordering::require_effective(work, order))
                .map_err(|error| error.at(path("receivable")))?;
        }
        let wanted = match part.amount {
            // All of a debt may be more decimals than are posted now.
            Some(given) if given != debt.open => posted(given, policy(work)?, receipt.currency.digits())
                .map_err(|error| error.at(path("amount")))?,
            given => given.unwrap_or_else(|| debt.open.min(receipt.unallocated)),
        };
        allocatable(wanted, debt.open.min(receipt.unallocated), receipt.currency)
            .map_err(|error| error.at(path("amount")))?;
        apply(work, receipt, &mut debt, wanted, None)?;
    }
    Ok(())
}

/// Settles debts with what is left: the order's first, then the oldest due, then the one booked first.
fn allocate_oldest(work: &mut Work<'_>, receipt: &mut Stored<Receipt>, which: Allocate) -> Result<()> {
    if which == Allocate::None || !receipt.unallocated.is_positive() {
        return Ok(());
    }
    let condition = "customer == c && currency == k && open > 0";
    let names = [
        ("c", Ty::Ref(Customer::NO), Value::Ref(receipt.customer.id())),
        ("k", Ty::Text, Value::Text(receipt.currency.code().to_owned())),
    ];
    // Whose debt it is does not matter to the customer who pays.
    let mut debts = work.system(|work| work.select::<Receivable>(condition, &names))?;
    let open: Vec<OpenDebt<i64>> = debts
        .iter()
        .filter(|debt| which == Allocate::Auto || (receipt.order.is_some() && debt.order == receipt.order))
        .map(|debt| OpenDebt {
            key: debt.id.id().number(),
            of_order: receipt.order.is_some() && debt.order == receipt.order,
            due: debt.due_date,
            open: debt.open,
        })
        .collect();
    let (parts, _) = settle(receipt.unallocated, &open)?;
    for (key, part) in parts {
        if let Some(debt) = debts.iter_mut().find(|debt| debt.id.id().number() == key) {
            apply(work, receipt, debt, part, None)?;
        }
    }
    Ok(())
}

/// Settles the debts of an order with the advances that came for it, the oldest first.
pub(super) fn use_advances(work: &mut Work<'_>, order: Ref<Order>) -> Result<()> {
    let names = [("o", Ty::Ref(Order::NO), Value::Ref(order.id()))];
    let mut advances = work
        .system(|work| work.select_by::<Receipt>("order == o && unallocated > 0", &names, &["date"], None))?;
    for advance in &mut advances {
        allocate_oldest(work, advance, Allocate::Order)?;
        work.save(advance)?;
    }
    Ok(())
}

/// Takes a refund out of the customer's advances: those of its order first, then the oldest.
/// Errors: `receipt.refund_exceeds` with what there is.
fn pay_back(work: &mut Work<'_>, refund: &Stored<Receipt>) -> Result<()> {
    let names = [
        ("c", Ty::Ref(Customer::NO), Value::Ref(refund.customer.id())),
        ("k", Ty::Text, Value::Text(refund.currency.code().to_owned())),
    ];
    let condition = "customer == c && currency == k && unallocated > 0";
    let mut advances = work.system(|work| work.select::<Receipt>(condition, &names))?;
    let open: Vec<OpenDebt<i64>> = advances
        .iter()
        .map(|advance| OpenDebt {
            key: advance.id.id().number(),
            of_order: refund.order.is_some() && advance.order == refund.order,
            due: advance.date,
            open: advance.unallocated,
        })
        .collect();
    let (parts, left) = settle(refund.amount, &open)?;
    if left.is_positive() {
        let there = refund.amount.sub(left)?;
        return Err(REFUND_EXCEEDS
            .at("/amount")
            .with("advance", Money::new(there, refund.currency))
            .with("wanted", Money::new(refund.amount, refund.currency)));
    }
    for (key, part) in parts {
        let Some(advance) = advances.iter_mut().find(|advance| advance.id.id().number() == key) else {
            continue;
        };
        let advance_base = draw(work, advance, part)?;
        work.save(advance)?;
        work.insert(&Allocation {
            entry: AllocationEntry::Refund,
            receipt: Some(advance.id),
            receivable: None,
            refund: Some(refund.id),
            customer: refund.customer,
            owner: refund.owner,
            department: refund.department,
            currency: refund.currency,
            amount: part,
            base_amount: Dec::ZERO,
            advance_base,
            date: advance.date.max(refund.date),
            recorded_at: work.now(),
            reason: None,
        })?;
    }
    Ok(())
}
