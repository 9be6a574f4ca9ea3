//! Making an order of a quote.

use super::{OrderAnswer, answer, base_rate};
use crate::catalog::{self, sellable};
use crate::ordering::quoted::{ordered_line, orders_of, put_effects, put_free};
use crate::ordering::rules::share_of_quote;
use crate::ordering::{Order, OrderLine};
use crate::parties::INACTIVE;
use crate::pricing::DocumentPolicy;
use crate::quoting::rules::{convertible, taken};
use crate::quoting::{
    LINE_FREE, LINE_QUANTITY, NO_LINE, NOT_ACCEPTED, OVER_QUOTED, Quote, QuoteVersion, above_zero, accepted,
    not_free, still_buys, take, tax_lines, total,
};
use crate::settings;
use crm_kernel::Record;
use crm_kernel::date::Date;
use crm_kernel::dec::{Dec, Rounding};
use crm_kernel::error::{Code, Result};
use crm_kernel::id::Ref;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::record::{Line, Lines, Record};
use crm_kernel::work::{Stored, Work};

/// Makes an order of an accepted quote: all that is not yet ordered of it, or the quantities named. Prices, discounts
/// and their derivation come along as they were frozen, and so do per cents that rules took off lines together; freight,
/// other charges, amounts off the whole and free goods in proportion.
#[derive(Clone, Debug, Record)]
#[record(name = "order_from_quote")]
pub struct FromQuote {
    /// The quote.
    pub quote: Ref<Quote>,
    /// What is ordered of it; all that is left where nothing is named.
    #[field(selection)]
    pub lines: Vec<QuotePart>,
    /// The order's date: today where none is given.
    pub date: Option<Date>,
    /// When the customer wants it.
    pub required_date: Option<Date>,
    /// The customer's own order number.
    #[field(text = 120)]
    pub customer_reference: Option<String>,
    /// Notes.
    #[field(long_text)]
    pub notes: Option<String>,
    /// Its key in the system that it came from: the same order is not entered twice.
    #[field(text = 80)]
    pub external_key: Option<String>,
}

/// A part of a line of a quote.
#[derive(Clone, Debug, Record)]
#[record(name = "quote_part")]
pub struct QuotePart {
    /// The number of the quote's line.
    pub line: i64,
    /// How much of it; all that is left where it is not given.
    #[field(quantity)]
    pub quantity: Option<Dec>,
}

impl Operation for FromQuote {
    const NAME: &'static str = "order.from_quote";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "order", verb: "create" };
    const ERRORS: &'static [Code] = &[
        NOT_ACCEPTED,
        INACTIVE,
        NO_LINE,
        LINE_FREE,
        LINE_QUANTITY,
        OVER_QUOTED,
        catalog::RETIRED,
        settings::NO_RATE,
        settings::NO_TAX_RATE,
    ];
    const CAPABILITIES: &'static [&'static str] = &["QUO-05", "ORD-01"];
    const EXAMPLE: &'static str = r#"{"quote":"$accepted_quote","lines":[{"line":1,"quantity":"1"}]}"#;
    type Answer = OrderAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<OrderAnswer> {
        let quote = work.find(self.quote)?;
        let mut version = accepted(work, &quote)?;
        still_buys(&*work.system(|work| work.find(quote.customer))?).map_err(|error| error.at("/quote"))?;
        let parts = parts(&version, &self.lines)?;
        let date = self.date.unwrap_or_else(|| work.today());
        let mut lines: Lines<OrderLine> = Lines::default();
        for (at, (ordered, (no, quantity))) in (1..).zip(&parts).enumerate() {
            let line = version.lines.by_no(*no).ok_or_else(|| no_line(at, *no))?;
            sellable(work, line.product).map_err(|error| error.at(format!("/lines/{at}/product")))?;
            let line = ordered_line(line, *quantity);
            (*lines).push(Line { no: ordered, line, custom: Vec::new() });
        }
        take(work, &mut version, &parts)?;
        let places: Vec<usize> = (0..lines.len()).collect();
        put_effects(work, &version, None, &mut lines, &places)?;
        put_free(work, &mut version, &mut lines, 0)?;
        let mut order = head(work, &self, &quote, &version, date)?;
        shares(work, &mut order, &version)?;
        tax_lines(work, version.currency, date, &mut lines)?;
        total(work, &mut order, date, &mut lines)?;
        order.lines = lines;
        let stored = work.insert(&order)?;
        work.must_cover(Order::NO, &stored.row, "create")?;
        Ok(answer(stored.row))
    }
}

/// What is ordered of which line; free goods follow by themselves. Errors under `/lines/0`: `quote.no_line`, `line.free`,
/// `line.quantity`, `quote.over_quantity`.
fn parts(version: &QuoteVersion, asked: &[QuotePart]) -> Result<Vec<(i64, Dec)>> {
    let mut parts: Vec<(i64, Dec)> = Vec::new();
    if asked.is_empty() {
        for line in version.lines.iter().filter(|line| line.free_of.is_none()) {
            let left = convertible(line.quantity, line.ordered)?;
            if left.is_positive() {
                parts.push((line.no, left));
            }
        }
        if let (true, Some(first)) = (parts.is_empty(), version.lines.first()) {
            // All of it is ordered already: say so as for any other quantity that is too much.
            taken(first.quantity, first.ordered, first.quantity)
                .map_err(|error| error.with("line", first.no))?;
        }
        return Ok(parts);
    }
    for (at, part) in asked.iter().enumerate() {
        let line = version.lines.by_no(part.line).ok_or_else(|| no_line(at, part.line))?;
        not_free(line).map_err(|error| error.at(format!("/lines/{at}/line")))?;
        let before =
            Dec::sum(parts.iter().filter(|(no, _)| *no == part.line).map(|(_, quantity)| *quantity))?;
        let ordered = line.ordered.add(before)?;
        let quantity = match part.quantity {
            Some(quantity) => quantity,
            None => convertible(line.quantity, ordered)?,
        };
        let path = format!("/lines/{at}");
        above_zero(quantity).map_err(|error| error.under(&path))?;
        let check = taken(line.quantity, ordered, quantity);
        check.map_err(|error| error.with("line", part.line).at(format!("{path}/quantity")))?;
        parts.push((part.line, quantity));
    }
    Ok(parts)
}

fn no_line(at: usize, line: i64) -> crm_kernel::error::Error {
    NO_LINE.at(format!("/lines/{at}/line")).with("line", line)
}

fn head(
    work: &mut Work<'_>,
    asked: &FromQuote,
    quote: &Stored<Quote>,
    version: &Stored<QuoteVersion>,
    date: Date,
) -> Result<Order> {
    Ok(Order {
        contact: quote.contact,
        quote: Some(quote.id),
        quote_version: Some(version.id),
        payment_term: version.payment_term,
        required_date: asked.required_date,
        customer_reference: asked.customer_reference.clone(),
        price_list: version.price_list,
        prices_include_tax: version.prices_include_tax,
        document_discount_percent: version.document_discount_percent,
        terms: version.terms.clone(),
        notes: asked.notes.clone(),
        external_key: asked.external_key.clone(),
        charges_tax: version.charges_tax,
        policy: version.policy.clone(),
        ..Order::blank(
            quote.customer,
            quote.owner,
            quote.department,
            version.currency,
            base_rate(work, version.currency, date)?,
            date,
        )
    })
}

/// Decimals of the value of a part of a quote, of which shares are taken.
const SHARE_SCALE: u8 = 10;

/// The order's part of freight, other charges and discount amount of the quote, after its lines were taken: by net
/// value, so that all orders of a quote together have them exactly once.
fn shares(work: &mut Work<'_>, order: &mut Order, version: &Stored<QuoteVersion>) -> Result<()> {
    let amounts = [Some(version.freight), Some(version.other_charges), version.document_discount_amount];
    if amounts.iter().flatten().all(|amount| amount.is_zero()) {
        order.document_discount_amount = version.document_discount_amount;
        return Ok(());
    }
    let others = orders_of(work, version.id)?;
    let mut whole = Dec::ZERO;
    let mut converted = Dec::ZERO;
    for line in &version.lines {
        whole = whole.add(line.net)?;
        let part = line.net.mul_div(line.ordered, line.quantity, SHARE_SCALE, Rounding::HalfUp)?;
        converted = converted.add(part)?;
    }
    let policy = DocumentPolicy::kept(work, version.policy.as_ref())?.rounding;
    let digits = order.currency.digits();
    let share = |amount: Dec, of: fn(&Order) -> Dec| -> Result<Dec> {
        let already = Dec::sum(others.iter().map(|other| of(other)))?;
        share_of_quote(amount, converted, whole, already, policy, digits)
    };
    order.freight = share(version.freight, |other| other.freight)?;
    order.other_charges = share(version.other_charges, |other| other.other_charges)?;
    if let Some(amount) = version.document_discount_amount {
        order.document_discount_amount =
            Some(share(amount, |other| other.document_discount_amount.unwrap_or_default())?);
    }
    Ok(())
}
