//! Orders of another system, as they were there: by shorter rules, marked, and never taken for entered ones.

use super::credit_notes::{GivenBack, corrected};
use super::rules::Executed;
use super::{
    CORRECTS, NEGATIVE_PRICE, NEGATIVE_QUANTITY, NOT_APPROVED, OVER_CREDITED, OVER_EXECUTED, Order,
    OrderAnswer, OrderLine, OrderState, OrderType, Origin, POSITIVE_QUANTITY, SHIPPED_BEFORE_DATE,
    UNLIKE_SUM, tolerance_percent,
};
use crate::catalog::Product;
use crate::org::{Department, Employee};
use crate::parties::{self, Contact, Customer};
use crate::pricing::{self, PricedLine, UnitPrice};
use crate::quoting::{
    ApprovalWay, DocumentLine, LINE_QUANTITY, NEGATIVE_CHARGE, NewLine, TWO_DISCOUNTS, belonging, total,
};
use crate::settings::{self, PaymentTerm, Tax, TaxRates, Unit};
use crm_kernel::Record;
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::Dec;
use crm_kernel::error::{Code, Result};
use crm_kernel::id::Ref;
use crm_kernel::json::Json;
use crm_kernel::money::Money;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::record::{Lines, Record as _, Whole};
use crm_kernel::work::{Stored, Work};

/// Brings an order of another system as it was there. Retired products, cancelled orders that were delivered and credit
/// notes are legal here; bringing it counts as its approval.
#[derive(Clone, Debug, Record)]
#[record(name = "order_import")]
pub struct ImportedOrder {
    /// The number it had; one of its own where there is none.
    #[field(text = 60)]
    pub number: Option<String>,
    /// Who ordered.
    pub customer: Ref<Customer>,
    /// The person to talk to.
    pub contact: Option<Ref<Contact>>,
    /// Whose order it is; the actor where nobody is named.
    pub owner: Option<Ref<Employee>>,
    /// The department; the owner's where none is named.
    pub department: Option<Ref<Department>>,
    /// Its currency; the customer's, else the enterprise's, where none is given.
    pub currency: Option<Currency>,
    /// The rate to the enterprise's currency; that of its date where none is given.
    #[field(rate)]
    pub rate: Option<Dec>,
    /// Its date.
    pub date: Date,
    /// Where it stands, mapped from the source's status.
    pub state: OrderState,
    /// Order or credit note.
    #[field(default = "\"order\"")]
    pub doc_type: OrderType,
    /// The source's own status.
    #[field(picklist = "order_source_status")]
    pub source_status: Option<String>,
    /// The payment term.
    pub payment_term: Option<Ref<PaymentTerm>>,
    /// When the customer wanted it.
    pub required_date: Option<Date>,
    /// When the last of it was shipped.
    pub shipped_date: Option<Date>,
    /// The customer's own order number.
    #[field(text = 120)]
    pub customer_reference: Option<String>,
    /// Delivery: to whom.
    pub delivery_name: Option<String>,
    /// Delivery: street and house.
    pub delivery_address: Option<String>,
    /// Delivery: place.
    pub delivery_city: Option<String>,
    /// Delivery: region or state.
    pub delivery_region: Option<String>,
    /// Delivery: postal code.
    pub delivery_postal_code: Option<String>,
    /// Delivery: country.
    pub delivery_country: Option<String>,
    /// By whom it was carried.
    #[field(picklist = "carrier")]
    pub carrier: Option<String>,
    /// True where the unit prices held the tax already.
    #[field(default = "false")]
    pub prices_include_tax: bool,
    /// Discount on the whole, in per cent.
    #[field(percent)]
    pub document_discount_percent: Option<Dec>,
    /// Discount on the whole, as an amount.
    #[field(money)]
    pub document_discount_amount: Option<Dec>,
    /// For a credit note: the order that it corrects. What was billed there of freight and other charges may be given
    /// back, as amounts below zero, with the taxes that were billed on it.
    pub corrects: Option<Ref<Order>>,
    /// Freight; below zero on a credit note only.
    #[field(money, default = "\"0\"")]
    pub freight: Dec,
    /// Other charges, likewise.
    #[field(money, default = "\"0\"")]
    pub other_charges: Dec,
    /// The tax on freight and other charges.
    pub charges_tax: Option<Ref<Tax>>,
    /// Terms in words.
    #[field(long_text)]
    pub terms: Option<String>,
    /// Notes.
    #[field(long_text)]
    pub notes: Option<String>,
    /// Its key there: the same order is not brought twice.
    #[field(text = 80)]
    pub external_key: Option<String>,
    /// The total it had there, where it is to be checked.
    #[field(money)]
    pub total: Option<Dec>,
    /// The lines.
    pub lines: Vec<ImportedLine>,
}

/// A line as another system had it.
#[derive(Clone, Debug, Record)]
#[record(name = "order_import_line")]
pub struct ImportedLine {
    /// The product; it may be retired.
    pub product: Ref<Product>,
    /// What the customer read.
    #[field(text = 1000)]
    pub description: Option<String>,
    /// How much; below zero on a credit note only.
    #[field(quantity)]
    pub quantity: Dec,
    /// The unit.
    pub unit: Option<Ref<Unit>>,
    /// The price of one unit.
    #[field(unit_price)]
    pub unit_price: Dec,
    /// The list price of one unit.
    #[field(unit_price)]
    pub list_price: Option<Dec>,
    /// What one unit cost the enterprise.
    #[field(unit_price)]
    pub unit_cost: Option<Dec>,
    /// The line's discount, in per cent.
    #[field(percent, default = "\"0\"")]
    pub discount_percent: Dec,
    /// The net it had there, where that is what counts: the price becomes the exact one that gives it.
    #[field(money)]
    pub net: Option<Dec>,
    /// The tax.
    pub tax: Option<Ref<Tax>>,
    /// The tax in per cent, where no tax is named or it was another rate.
    #[field(percent)]
    pub tax_percent: Option<Dec>,
    /// How much was delivered; all of a fulfilled order where it is not given.
    #[field(quantity)]
    pub delivered: Option<Dec>,
    /// How much was invoiced; all of a fulfilled order where it is not given.
    #[field(quantity)]
    pub invoiced: Option<Dec>,
    /// How much came back.
    #[field(quantity)]
    pub returned: Option<Dec>,
}

impl Operation for ImportedOrder {
    const NAME: &'static str = "order.import";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "order", verb: "import" };
    const ERRORS: &'static [Code] = IMPORT_ERRORS;
    const CAPABILITIES: &'static [&'static str] = &["SYS-04"];
    const EXAMPLE: &'static str = r#"{"customer":"$customer","date":"2025-12-01","state":"fulfilled","external_key":"OLD-1","lines":[{"product":"$product","quantity":"2","unit_price":"950"}]}"#;
    const HISTORY: bool = true;
    type Answer = OrderAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<OrderAnswer> {
        Ok(OrderAnswer { order: Whole::new(insert_imported(work, self)?.row) })
    }
}

/// Keeps a historic order. Bringing it counts as its approval; the areas above are told `imported`. The right to is the
/// importer's to judge. Errors: [`IMPORT_ERRORS`] with their places, `field.duplicate`, `field.dangling_reference`.
pub fn insert_imported(work: &mut Work<'_>, order: ImportedOrder) -> Result<Stored<Order>> {
    work.system(|work| {
        let (owner, department) = belonging(work, order.owner, order.department)?;
        let currency = match order.currency {
            Some(currency) => currency,
            None => {
                let own = work.find(order.customer)?.currency;
                own.or(work.base()).ok_or_else(|| settings::NOT_SET_UP.error())?
            }
        };
        let rate = settings::document_rate(work, order.rate, currency, order.date)
            .map_err(|error| error.or_at("/currency"))?
            .columns()?;
        if let Some(shipped) = order.shipped_date.filter(|shipped| *shipped < order.date) {
            let error = SHIPPED_BEFORE_DATE.at("/shipped_date").with("shipped", shipped.to_string());
            return Err(error.with("date", order.date.to_string()));
        }
        let corrected = corrected(work, &order, currency)?;
        let mut lines: Lines<OrderLine> = Lines::default();
        for (at, line) in order.lines.iter().enumerate() {
            lines.push(
                imported_line(work, &order, currency, line)
                    .map_err(|error| error.under(&format!("/lines/{at}")))?,
            );
        }
        let now = work.now();
        let in_effect =
            matches!(order.state, OrderState::Approved | OrderState::Held | OrderState::Fulfilled);
        let mut head = Order {
            number: order.number,
            contact: order.contact,
            state: order.state,
            doc_type: order.doc_type,
            origin: Origin::Import,
            source_status: order.source_status,
            payment_term: order.payment_term,
            required_date: order.required_date,
            shipped_date: order.shipped_date,
            customer_reference: order.customer_reference,
            delivery_name: order.delivery_name,
            delivery_address: order.delivery_address,
            delivery_city: order.delivery_city,
            delivery_region: order.delivery_region,
            delivery_postal_code: order.delivery_postal_code,
            delivery_country: order.delivery_country,
            carrier: order.carrier,
            prices_include_tax: order.prices_include_tax,
            document_discount_percent: order.document_discount_percent,
            document_discount_amount: order.document_discount_amount,
            freight: order.freight,
            other_charges: order.other_charges,
            charges_tax: order.charges_tax,
            corrects: order.corrects,
            policy: corrected.as_ref().and_then(|corrected| corrected.policy.clone()),
            terms: order.terms,
            notes: order.notes,
            approval: in_effect.then_some(ApprovalWay::Imported),
            approved_at: in_effect.then_some(now),
            external_key: order.external_key,
            ..Order::blank(order.customer, owner, department, currency, rate, order.date)
        };
        let back = corrected.as_ref().map(|_| GivenBack::take(&mut head)).unwrap_or_default();
        total(work, &mut head, order.date, &mut lines)?;
        head.lines = lines;
        if let Some(corrected) = corrected.filter(|_| !back.is_nothing()) {
            back.put(work, &mut head, &corrected)?;
        }
        if let Some(given) = order.total.filter(|given| *given != head.total) {
            return Err(UNLIKE_SUM
                .at("/total")
                .with("given", Money::new(given, head.currency))
                .with("sum", Money::new(head.total, head.currency)));
        }
        let stored = work.insert(&head)?;
        if in_effect {
            parties::start_trading(work, stored.customer, stored.date)?;
        }
        work.tell(Order::NO, stored.id.id(), "imported")?;
        Ok(stored)
    })
}

fn imported_line(
    work: &mut Work<'_>,
    order: &ImportedOrder,
    currency: Currency,
    line: &ImportedLine,
) -> Result<OrderLine> {
    if line.quantity.is_zero() {
        return Err(LINE_QUANTITY.at("/quantity").with("quantity", line.quantity.to_string()));
    }
    match (order.doc_type, line.quantity.is_negative()) {
        (OrderType::Order, true) => {
            return Err(NEGATIVE_QUANTITY.at("/quantity").with("quantity", line.quantity.to_string()));
        }
        (OrderType::CreditNote, false) => {
            return Err(POSITIVE_QUANTITY.at("/quantity").with("quantity", line.quantity.to_string()));
        }
        (OrderType::Order, false) | (OrderType::CreditNote, true) => {}
    }
    let net = line.net.map(|net| if line.quantity.is_negative() { net.neg() } else { net });
    for (path, amount) in [
        ("/unit_price", Some(line.unit_price)),
        ("/list_price", line.list_price),
        ("/unit_cost", line.unit_cost),
        ("/net", net),
    ] {
        if amount.is_some_and(Dec::is_negative) {
            return Err(NEGATIVE_PRICE.at(path));
        }
    }
    let mut kept = OrderLine::blank(&NewLine {
        product: line.product,
        quantity: line.quantity,
        unit: line.unit,
        description: line.description.clone(),
        unit_price: None,
        price_reason: None,
        discount_percent: Some(line.discount_percent),
        tax: line.tax,
    });
    kept.unit_price = line.unit_price;
    kept.list_price = line.list_price;
    kept.unit_cost = line.unit_cost;
    kept.derivation = Some(Json::object().with("source", "import").into());
    if let Some(net) = line.net {
        exact_net(work, currency, &mut kept, net)?;
    }
    let taxes = TaxRates::new(order.date).of(work, line.tax);
    match (line.tax_percent, taxes) {
        // The rate that it had there is that of its tax, whatever that is made of, or another.
        (Some(percent), Ok(taxes)) if taxes.percent()? == percent => {
            kept.priced().put_taxes(&taxes, currency)?
        }
        (Some(percent), _) => kept.tax_percent = percent,
        (None, taxes) => {
            kept.priced().put_taxes(&taxes.map_err(|error| error.at("/tax"))?, currency)?;
        }
    }
    let done = done(order.state, line, tolerance_percent(work)?)?;
    (kept.delivered, kept.invoiced, kept.returned) = (done.delivered, done.invoiced, done.returned);
    Ok(kept)
}

/// What was done with a line. Errors: `order.not_approved` where that is something, and the order has never been in
/// effect; `order.over_executed`.
fn done(state: OrderState, line: &ImportedLine, tolerance_percent: Dec) -> Result<Executed> {
    let all = if state == OrderState::Fulfilled { line.quantity } else { Dec::ZERO };
    let done = Executed {
        delivered: line.delivered.unwrap_or(all),
        invoiced: line.invoiced.unwrap_or(all),
        returned: line.returned.unwrap_or_default(),
    };
    if matches!(state, OrderState::Draft | OrderState::Submitted)
        && let Some((what, _)) = done.amounts().into_iter().find(|(_, quantity)| !quantity.is_zero())
    {
        return Err(NOT_APPROVED.at(format!("/{what}")).choice("state", state));
    }
    done.within(line.quantity, tolerance_percent).map_err(|error| {
        match error.arg("what").and_then(Json::as_text).map(|what| format!("/{what}")) {
            Some(path) => error.at(path),
            None => error,
        }
    })?;
    Ok(done)
}

/// Where price, quantity and discount do not give the net that the source had, the exact price that does.
/// Errors: `order.unlike_sum` where none does (a whole discount).
fn exact_net(work: &mut Work<'_>, currency: Currency, line: &mut OrderLine, net: Dec) -> Result<()> {
    let policy = settings::policy(work)?;
    let scale = policy.scale(currency.digits());
    let found = UnitPrice::from(line.unit_price).times(
        line.quantity,
        line.discount_percent,
        scale,
        policy.rounding(),
    )?;
    if found == net {
        return Ok(());
    }
    let share = Dec::HUNDRED.sub(line.discount_percent)?;
    let money = |amount| Money::new(amount, currency);
    let unlike = || UNLIKE_SUM.at("/net").with("given", money(net)).with("sum", money(found));
    let per = line.quantity.abs().mul(share)?;
    if !per.is_positive() || policy.post(net, currency.digits())? != net {
        return Err(unlike());
    }
    let amount = if line.quantity.is_negative() { net.neg() } else { net };
    let exact = UnitPrice::new(amount.mul(Dec::HUNDRED)?, per)?;
    (line.unit_price, line.exact_price) = exact.stored()?;
    Ok(())
}

/// The codes with which [`insert_imported`] refuses, for the operations of importers.
pub const IMPORT_ERRORS: &[Code] = &[
    LINE_QUANTITY,
    NEGATIVE_QUANTITY,
    POSITIVE_QUANTITY,
    NEGATIVE_PRICE,
    NEGATIVE_CHARGE,
    TWO_DISCOUNTS,
    NOT_APPROVED,
    OVER_EXECUTED,
    SHIPPED_BEFORE_DATE,
    UNLIKE_SUM,
    CORRECTS,
    OVER_CREDITED,
    settings::NO_RATE,
    settings::NOT_POSITIVE,
    settings::SAME_CURRENCY,
    settings::NO_TAX_RATE,
    pricing::DISCOUNT_PERCENT,
    pricing::TAX_PERCENT,
];
