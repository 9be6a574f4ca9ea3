//! What quotes and orders share: lines as they are asked for, prices on them, totals of the whole.

use super::free_goods::{put_back, put_free, take_free};
use super::{LINE_QUANTITY, NEGATIVE_CHARGE, OWNER_LEFT, TWO_DISCOUNTS};
use crate::catalog::{Product, sellable};
use crate::org::{Department, Employee};
use crate::parties::{Contact, Customer, INACTIVE};
use crate::pricing::{
    Beside, Charge, DocumentDiscount, DocumentPolicy, DocumentTerms, NO_PRICE, PricedLine, Stand, Terms,
    Totals, asked_quantities, discount_is_level, fill_line, fill_lines, fill_totals, guard_effects,
    guard_line, guard_whole, judge_effects, left_by_rules, set_manual_price, stands, unit_cost,
};
use crate::settings::{Tax, TaxOn, TaxRates, Taxes, Unit};
use crm_kernel::Record;
use crm_kernel::codec::Decoder;
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::Dec;
use crm_kernel::error::{Code, Error, Result};
use crm_kernel::id::Ref;
use crm_kernel::json::{Json, SharedJson};
use crm_kernel::record::{Line, Lines, Record};
use crm_kernel::value::{Row, Value};
use crm_kernel::work::{Stored, Work};
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

/// A line as it is asked for.
#[derive(Clone, Debug, Record)]
#[record(name = "new_line")]
pub struct NewLine {
    /// The product; one that is still sold.
    pub product: Ref<Product>,
    /// How much, in the unit; above zero.
    #[field(quantity)]
    pub quantity: Dec,
    /// The unit; the product's where none is given.
    pub unit: Option<Ref<Unit>>,
    /// What the customer reads; the product's name where none is given.
    #[field(text = 1000)]
    pub description: Option<String>,
    /// A price of one unit set by hand: needs the right to and a reason. Without it the price rules decide.
    #[field(unit_price)]
    pub unit_price: Option<Dec>,
    /// Why the price is set by hand.
    pub price_reason: Option<String>,
    /// The line's discount, in per cent.
    #[field(percent)]
    pub discount_percent: Option<Dec>,
    /// The tax; the product's where none is given.
    pub tax: Option<Ref<Tax>>,
}

/// A line kind of a document: made from what was asked for, then priced.
pub trait DocumentLine: PricedLine + Record {
    /// The line with nothing but what was asked for.
    fn blank(asked: &NewLine) -> Self;

    /// Whether it follows from a quote: what was frozen there is kept.
    fn follows_quote(&self) -> bool {
        false
    }
}

/// The head of a document with lines.
pub trait DocumentHead {
    /// Its currency.
    fn currency(&self) -> Currency;
    /// Discount in per cent, discount as an amount.
    fn discounts(&self) -> (Option<Dec>, Option<Dec>);
    /// Freight, other charges, the tax on them.
    fn charges(&self) -> (Dec, Dec, Option<Ref<Tax>>);
    /// Whether prices include tax.
    fn include_tax(&self) -> bool;
    /// The policy by which it goes on being calculated, where that is settled already: that of the document that
    /// it follows.
    fn settled_policy(&self) -> Option<&SharedJson> {
        None
    }
    /// Takes the totals, and the policy by which they came about.
    fn put(&mut self, totals: &Totals, policy: DocumentPolicy);
}

/// Makes a kind with the usual fields of a head a [`DocumentHead`](crate::quoting::DocumentHead); `follows` are the
/// fields that name the document whose policy it goes by, where it follows one.
#[macro_export]
macro_rules! document_head {
    ($head:ty $(, follows = [$($follows:ident),+])?) => {
        impl $crate::quoting::DocumentHead for $head {
            fn currency(&self) -> ::crm_kernel::currency::Currency {
                self.currency
            }
            fn discounts(&self) -> (Option<::crm_kernel::dec::Dec>, Option<::crm_kernel::dec::Dec>) {
                (self.document_discount_percent, self.document_discount_amount)
            }
            fn charges(
                &self,
            ) -> (
                ::crm_kernel::dec::Dec,
                ::crm_kernel::dec::Dec,
                Option<::crm_kernel::id::Ref<$crate::settings::Tax>>,
            ) {
                (self.freight, self.other_charges, self.charges_tax)
            }
            fn include_tax(&self) -> bool {
                self.prices_include_tax
            }
            $(fn settled_policy(&self) -> Option<&::crm_kernel::json::SharedJson> {
                let follows = false $(|| self.$follows.is_some())+;
                self.policy.as_ref().filter(|_| follows)
            })?
            fn put(&mut self, totals: &$crate::pricing::Totals, policy: $crate::pricing::DocumentPolicy) {
                self.policy = Some(policy.write());
                self.gross = totals.gross;
                self.discount = totals.discount;
                self.net = totals.net;
                self.document_discount = totals.document_discount;
                self.tax = totals.tax;
                self.charges_taxes = $crate::quoting::charges_taxes(totals, self.currency);
                self.total = totals.total;
            }
        }
    };
}

/// The taxes on freight and other charges as a head keeps them; nothing where there is no charge.
pub fn charges_taxes(totals: &Totals, currency: Currency) -> Option<SharedJson> {
    if totals.freight.amount.is_zero() && totals.other.amount.is_zero() {
        return None;
    }
    let (taxes, amounts): (Vec<TaxOn>, Vec<Dec>) = totals.charge_taxes.iter().copied().unzip();
    Some(Taxes::several(taxes).told(&amounts, currency))
}

/// Whether the prices of lines with a price set by hand are looked up too, to keep what they replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookUp {
    /// Every line asks the price rules.
    Always,
    /// A line with its own price takes the list price for what was replaced.
    WhereNeeded,
}

/// Makes lines of what was asked for and prices them; free goods follow them as lines of their own. Numbers are given
/// from the one above `counter` on, the largest that the document ever had. Errors under `/lines/0`: `line.quantity`,
/// `product.retired`, those of [`fill_lines`] and [`set_manual_price`].
pub fn new_lines<L: DocumentLine>(
    work: &mut Work<'_>,
    terms: &Terms,
    asked: &[NewLine],
    look_up: LookUp,
    counter: i64,
) -> Result<Lines<L>> {
    let mut lines: Lines<L> = Lines::default();
    for (at, (no, line)) in (counter + 1..).zip(asked).enumerate() {
        above_zero(line.quantity).map_err(|error| error.under(&format!("/lines/{at}")))?;
        (*lines).push(Line { no, line: L::blank(line), custom: Vec::new() });
    }
    let mut taxes = TaxRates::new(terms.date);
    let mut search: Vec<(usize, &mut Line<L>)> = Vec::new();
    for (at, (line, asked)) in lines.iter_mut().zip(asked).enumerate() {
        let under = |error: Error| error.under(&format!("/lines/{at}"));
        match asked.unit_price {
            None => search.push((at, line)),
            Some(price) => {
                let line = &mut line.line;
                let priced = look_up == LookUp::Always && fill_priced(work, terms, line).map_err(under)?;
                if !priced {
                    fill_unpriced(work, terms, line, &mut taxes).map_err(under)?;
                }
                set_price(work, line, price, asked.price_reason.as_deref(), priced).map_err(under)?;
            }
        }
    }
    let places: Vec<usize> = search.iter().map(|(at, _)| *at).collect();
    let numbers: Vec<i64> = search.iter().map(|(_, line)| line.no).collect();
    let mut free = Vec::new();
    if !places.is_empty() {
        let found = fill_lines(work, terms, search.into_iter().map(|(_, line)| &mut line.line));
        free = found.map_err(|error| at_place(error, &places))?;
    }
    for (at, line) in lines.iter_mut().enumerate() {
        guard_line(work, terms, &mut line.line).map_err(|error| error.under(&format!("/lines/{at}")))?;
    }
    for (no, free) in numbers.into_iter().zip(free).filter(|(_, free)| !free.is_empty()) {
        put_free(work, terms, &mut lines, no, free, &mut Vec::new(), counter)?;
    }
    Ok(lines)
}

/// The lines of a document as those beside a line that is priced, each with all that was asked for; free goods are not
/// asked for. Errors: `value.out_of_range`.
pub fn beside<L: DocumentLine + Clone>(lines: &Lines<L>) -> Result<Vec<Beside>> {
    let mut lines = lines.clone();
    let quantities = asked_quantities(&mut lines)?;
    let of = |(line, quantity): (&mut Line<L>, Option<Dec>)| {
        let (no, fields) = (line.no, line.line.priced());
        let (product, unit, net) = (fields.product, *fields.unit, *fields.net);
        Some(Beside { line: no, product, quantity: quantity?, unit, net })
    };
    Ok(lines.iter_mut().zip(quantities).filter_map(of).collect())
}

/// Prices lines anew by the rules, all together, and with them the free goods that follow them; prices set by hand go too
/// where `manual` says so. `counter` as for [`new_lines`]. Errors as [`fill_lines`].
pub fn price_again<L: DocumentLine>(
    work: &mut Work<'_>,
    terms: Terms,
    lines: &mut Lines<L>,
    manual: bool,
    counter: i64,
) -> Result<()> {
    let mut terms = terms;
    let mut numbers = Vec::new();
    for line in lines.iter_mut() {
        let (no, fields) = (line.no, line.line.priced());
        if fields.free_of.is_none() && (manual || fields.manual_price_by.is_none()) {
            terms = terms.except(no);
            numbers.push(no);
        }
    }
    let mut before = Vec::new();
    for no in &numbers {
        before.extend(take_free(lines, *no)?);
    }
    let (mut places, mut again) = (Vec::new(), Vec::new());
    for (at, line) in lines.iter_mut().enumerate().filter(|(_, line)| numbers.contains(&line.no)) {
        places.push(at);
        again.push(&mut line.line);
    }
    let found = fill_lines(work, &terms, again).map_err(|error| at_place(error, &places))?;
    for (no, free) in numbers.into_iter().zip(found) {
        put_free(work, &terms, lines, no, free, &mut before, counter)?;
    }
    Ok(())
}

/// Puts the cost of its unit on a line whose price stays. Errors: as [`unit_cost`].
fn cost_again<L: DocumentLine>(work: &mut Work<'_>, terms: &Terms, line: &mut L) -> Result<()> {
    let fields = line.priced();
    let product = work.system(|work| work.find(fields.product))?;
    *fields.unit_cost = unit_cost(work, &product, *fields.unit, terms)?;
    Ok(())
}

/// Puts values given by name over a line of a document and prices it anew where that is due: a `unit_price` is a price
/// set by hand, for which `reason` says why; a new quantity or unit asks the rules, and so does a discount that comes or
/// goes where it is a level of the strategy, unless the price was set by hand. The quantity is all that is asked for, with
/// what is free of it; free goods follow. Says whether the line answers for its price. `counter` as for [`new_lines`].
/// Errors: those of [`edit_line`], [`fill_line`] and [`set_manual_price`].
pub fn change_line<L: DocumentLine + Clone>(
    work: &mut Work<'_>,
    terms: &Terms,
    lines: &mut Lines<L>,
    before: &Line<L>,
    values: &Json,
    reason: Option<&str>,
    counter: i64,
) -> Result<bool> {
    let no = before.no;
    let mut free = take_free(lines, no)?;
    let mut asked = lines.by_no(no).unwrap_or(before).clone();
    let mut after = edit_line(work, &asked, values)?;
    let (old, new) = (asked.line.priced(), after.line.priced());
    let another_unit = *new.unit != *old.unit;
    let another_quantity = *new.quantity != *old.quantity || another_unit;
    let turned = new.discount_percent.is_zero() != old.discount_percent.is_zero();
    let by_rules = new.manual_price_by.is_none();
    // What follows the line from now on, where that is found anew.
    let mut found = None;
    if values.get("unit_price").is_some() {
        let price = std::mem::replace(new.unit_price, *old.unit_price);
        set_price(work, &mut after.line, price, reason, true)?;
        found = Some(Vec::new());
    } else if by_rules && (another_quantity || (turned && discount_is_level(work)?)) {
        let line = fill_line(work, &terms.clone().except(no), &mut after.line);
        found = Some(line.map_err(|error| match error.code() {
            Code::OUT_OF_RANGE => error.under("/values"),
            _ => error,
        })?);
    }
    if another_unit {
        cost_again(work, terms, &mut after.line)?;
    }
    let answers = !sold_alike(before, &after);
    if answers {
        guard_line(work, terms, &mut after.line).map_err(|error| error.under("/values"))?;
    }
    if found.is_none() && !another_quantity {
        // What follows it stays, and what is free of it is no part of it again.
        *after.line.priced().quantity = *before.line.clone().priced().quantity;
    }
    if let Some(place) = lines.by_no_mut(no) {
        *place = after;
    }
    match found {
        Some(found) => put_free(work, terms, lines, no, found, &mut free, counter)?,
        None => put_back(lines, free),
    }
    Ok(answers)
}

/// Whether price, discount and unit of a line are still the same: who changes something else on it does not answer for
/// the price that it has.
pub fn sold_alike<L: DocumentLine + Clone>(before: &Line<L>, after: &Line<L>) -> bool {
    let (mut before, mut after) = (before.line.clone(), after.line.clone());
    let (old, new) = (before.priced(), after.priced());
    (*old.unit_price, old.discount_percent, *old.unit) == (*new.unit_price, new.discount_percent, *new.unit)
}

/// Puts the tax rates of a date on lines; a rate without a tax, as history brings it, stays. Errors under `/lines/0/tax`: `tax.no_rate`.
pub fn tax_lines<L: DocumentLine>(
    work: &mut Work<'_>,
    currency: Currency,
    date: Date,
    lines: &mut [Line<L>],
) -> Result<()> {
    let mut taxes = TaxRates::new(date);
    for (at, line) in lines.iter_mut().enumerate() {
        let mut fields = line.line.priced();
        if fields.tax.is_some() {
            let on_line =
                taxes.of(work, *fields.tax).map_err(|error| error.at(format!("/lines/{at}/tax")))?;
            fields.put_taxes(&on_line, currency)?;
        }
    }
    Ok(())
}

/// Finds anew what rules take off the lines of a draft together; lines that follow from a quote keep theirs. Errors as
/// [`judge_effects`].
pub fn judge_whole<L: DocumentLine>(
    work: &mut Work<'_>,
    terms: impl FnOnce(&mut Work<'_>) -> Result<Terms>,
    lines: &mut Lines<L>,
) -> Result<()> {
    judge_effects(work, terms, lines, L::follows_quote)
}

/// Calculates lines and head with what stands on the lines, by the policy of the day, or of the document that
/// the head follows. Errors: `document.two_discounts`, `document.negative_charge`, those of [`fill_totals`].
pub fn total<H: DocumentHead, L: DocumentLine>(
    work: &mut Work<'_>,
    head: &mut H,
    date: Date,
    lines: &mut Lines<L>,
) -> Result<()> {
    let discount = match discount_of(head)? {
        // Without lines there is nothing yet that an amount could be taken off.
        DocumentDiscount::Amount(_) if lines.is_empty() => DocumentDiscount::None,
        discount => discount,
    };
    let (freight, other, tax) = head.charges();
    for (path, charge) in [("/freight", freight), ("/other_charges", other)] {
        if charge.is_negative() {
            return Err(NEGATIVE_CHARGE.at(path));
        }
    }
    let taxes = TaxRates::new(date).of(work, tax).map_err(|error| error.at("/charges_tax"))?;
    let policy = match head.settled_policy() {
        Some(settled) => DocumentPolicy::kept(work, Some(settled))?,
        None => DocumentPolicy::present(work)?,
    };
    let terms = DocumentTerms {
        currency: head.currency(),
        discount,
        freight: Charge { amount: freight, taxes: taxes.clone() },
        other: Charge { amount: other, taxes },
        include_tax: Some(head.include_tax()),
        policy: Some(policy),
    };
    let totals = fill_totals(work, &terms, lines)?;
    head.put(&totals, policy);
    Ok(())
}

/// The discount on the whole. Errors: `document.two_discounts`.
fn discount_of<H: DocumentHead>(head: &H) -> Result<DocumentDiscount> {
    match head.discounts() {
        (None, None) => Ok(DocumentDiscount::None),
        (Some(percent), None) => Ok(DocumentDiscount::Percent(percent)),
        (None, Some(amount)) => Ok(DocumentDiscount::Amount(amount)),
        (Some(_), Some(_)) => Err(TWO_DISCOUNTS.at("/document_discount_amount")),
    }
}

/// Whether what rules take off lines together leaves them at their floors or above: those whose prices are `answered` for,
/// and those off which the rules take more than `before`; lines that follow from a quote are settled. The document has
/// been calculated. Errors as [`guard_effects`].
pub fn guard_rules<L: DocumentLine + Clone>(
    work: &mut Work<'_>,
    terms: &Terms,
    before: &Lines<L>,
    lines: &mut Lines<L>,
    answered: impl Fn(&Line<L>) -> bool,
) -> Result<()> {
    let judged = |line: &Line<L>| match before.by_no(line.no) {
        _ if line.line.follows_quote() => Ok(false),
        Some(old) if !answered(line) => {
            Ok(left_by_rules(&mut line.line.clone())? < left_by_rules(&mut old.line.clone())?)
        }
        _ => Ok(true),
    };
    guard_effects(work, terms, lines, judged)
}

/// Whether who acts may take the discount of a head off the lines that are `judged`, beside their own discounts; the
/// document has been calculated. Errors as [`guard_whole`], at the head's field.
pub fn guard_head<H: DocumentHead, L: DocumentLine>(
    work: &mut Work<'_>,
    terms: impl FnOnce(&mut Work<'_>) -> Result<Terms>,
    head: &H,
    lines: &mut Lines<L>,
    judged: impl Fn(&Line<L>) -> bool,
) -> Result<()> {
    let discount = discount_of(head)?;
    let field = match discount {
        DocumentDiscount::None => return Ok(()),
        DocumentDiscount::Percent(_) => "/document_discount_percent",
        DocumentDiscount::Amount(_) => "/document_discount_amount",
    };
    let terms = terms(work)?;
    guard_whole(work, &terms, discount, lines, judged).map_err(|error| error.at(field))
}

/// How the lines of a calculated document stand before who acts, without those that follow from a quote: for
/// [`guard_step`]. Errors: those of reading.
pub fn standing<H: DocumentHead, L: DocumentLine + Clone>(
    work: &mut Work<'_>,
    terms: &Terms,
    head: &H,
    lines: &Lines<L>,
) -> Result<Vec<Stand>> {
    let mut lines = lines.clone();
    let mut found = stands(work, terms, discount_of(head)?, &mut lines)?;
    found.retain(|stand| lines.by_no(stand.no).is_some_and(|line| !line.line.follows_quote()));
    Ok(found)
}

/// Whether who makes a step that sets no price may: no line falls below its floor or beyond his authority by it. A line
/// that was sold so before, and that no more is taken off than was, is not his. Errors: `price.beyond_authority` and
/// `price.below_floor`, at no member of the request.
pub fn guard_step(before: &[Stand], after: Vec<Stand>) -> Result<()> {
    for Stand { no, left, refusal } in after {
        let old = before.iter().find(|old| old.no == no);
        let was_so = old.is_some_and(|old| old.refusal.is_some() && old.left <= left);
        if let Some(refusal) = refusal.filter(|_| !was_so) {
            return Err(refusal);
        }
    }
    Ok(())
}

/// The customer of a new document. Errors: `field.dangling_reference` at `/customer` where there is none that the
/// actor may see, `customer.inactive`.
pub fn customer_of(work: &mut Work<'_>, customer: Ref<Customer>) -> Result<Stored<Customer>> {
    let missing = || Code::DANGLING.at("/customer").with("kind", "customer").with("id", customer.to_string());
    let found = work.look(customer)?.ok_or_else(missing)?;
    still_buys(&found).map_err(|error| error.at("/customer"))?;
    Ok(found)
}

/// A customer from whom new documents are taken. Errors: `customer.inactive`.
pub fn still_buys(customer: &Customer) -> Result<()> {
    if customer.active { Ok(()) } else { Err(INACTIVE.error().with("customer", customer.name.clone())) }
}

/// Who takes a document works here. Errors: `field.dangling_reference`, `document.owner_left`, both at `/owner`.
pub fn works_here(work: &mut Work<'_>, owner: Ref<Employee>) -> Result<()> {
    let missing = || Code::DANGLING.at("/owner").with("kind", "employee").with("id", owner.to_string());
    let found = work.system(|work| work.look(owner))?.ok_or_else(missing)?;
    if found.active { Ok(()) } else { Err(OWNER_LEFT.at("/owner").with("employee", found.name.clone())) }
}

/// A contact of the document's customer. Errors: `field.dangling_reference`, `foreign` where it is somebody else's.
pub fn contact_of(
    work: &mut Work<'_>,
    contact: Option<Ref<Contact>>,
    customer: Ref<Customer>,
    foreign: Code,
) -> Result<()> {
    let Some(contact) = contact else { return Ok(()) };
    let missing = || Code::DANGLING.at("/contact").with("kind", "contact").with("id", contact.to_string());
    let found = work.look(contact)?.ok_or_else(missing)?;
    match found.customer {
        Some(other) if other != customer => Err(foreign.at("/contact")),
        _ => Ok(()),
    }
}

/// Whose document it is: the employee named, else the actor; the department named, else the employee's.
/// Errors: `permission.no_actor`, `field.dangling_reference`.
pub fn belonging(
    work: &mut Work<'_>,
    owner: Option<Ref<Employee>>,
    department: Option<Ref<Department>>,
) -> Result<(Ref<Employee>, Ref<Department>)> {
    let owner = match owner {
        Some(owner) => owner,
        None => Ref::new(work.actor()?),
    };
    if let Some(department) = department {
        return Ok((owner, department));
    }
    let missing = || Code::DANGLING.at("/owner").with("kind", "employee").with("id", owner.to_string());
    let found = work.system(|work| work.look(owner))?.ok_or_else(missing)?;
    Ok((owner, found.department))
}

/// A record that is being changed by values given by name, fields made at run time among them.
pub struct Edit<T> {
    old: Arc<Row>,
    row: Row,
    value: T,
}

impl<T: Record> Edit<T> {
    /// Puts values given by name over a record. Fields that operations set are refused.
    /// Errors under `/values`: as those of `record.update`.
    pub fn of(work: &Work<'_>, record: &Stored<T>, values: &Json) -> Result<Edit<T>> {
        let catalogue = work.catalogue();
        let kind = catalogue.get(T::NO)?;
        let given = Decoder::new(&catalogue).partial(kind, &record.row, values, "/values")?;
        let mut row = (*record.row).clone();
        for (position, value) in given {
            row.set(position, value);
        }
        Ok(Edit { old: record.row.clone(), value: T::from_row(&row)?, row })
    }

    /// Saves it; the row as it stands then. Errors under `/values`, as those of `record.update`.
    pub fn save(mut self, work: &mut Work<'_>) -> Result<Arc<Row>> {
        for (position, value) in self.value.to_values()?.into_iter().enumerate() {
            self.row.set(position, value);
        }
        let row = work.save_row(T::NO, &self.old, self.row);
        row.and_then(|row| work.flush().map(|()| row)).map_err(|error| error.under("/values"))
    }
}

impl<T> Deref for Edit<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for Edit<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

/// Puts values given by name over a line. Errors under `/values`: as those of `record.update`, `line.quantity`.
pub fn edit_line<L: DocumentLine>(work: &Work<'_>, line: &Line<L>, values: &Json) -> Result<Line<L>> {
    let catalogue = work.catalogue();
    let kind = catalogue.get(L::NO)?;
    let mut row = line.line.to_row()?;
    let declared = row.values.len();
    row.values.extend(line.custom.iter().cloned());
    row.values.resize(kind.fields().len(), Value::Null);
    for (position, value) in Decoder::new(&catalogue).partial(kind, &row.clone(), values, "/values")? {
        row.set(position, value);
    }
    let mut edited = L::from_row(&row)?;
    if values.get("tax").is_some() {
        // What another tax comes to is calculated with the whole; none is no tax.
        (*edited.priced().tax_percent, *edited.priced().tax_parts) = (Dec::ZERO, None);
    }
    above_zero(*edited.priced().quantity).map_err(|error| error.under("/values"))?;
    Ok(Line { no: line.no, line: edited, custom: row.values.split_off(declared) })
}

/// A quantity of a line. Errors: `line.quantity`.
pub fn above_zero(quantity: Dec) -> Result<()> {
    if quantity.is_positive() {
        Ok(())
    } else {
        Err(LINE_QUANTITY.at("/quantity").with("quantity", quantity.to_string()))
    }
}

/// Prices a line by the rules; false where they have no price for it.
fn fill_priced<L: DocumentLine>(work: &mut Work<'_>, terms: &Terms, line: &mut L) -> Result<bool> {
    match fill_line(work, terms, line) {
        Ok(_) => Ok(true),
        Err(error) if error.code() == NO_PRICE => Ok(false),
        Err(error) => Err(error),
    }
}

/// Fills what a line takes from its product, without asking the price rules.
pub(super) fn fill_unpriced<L: DocumentLine>(
    work: &mut Work<'_>,
    terms: &Terms,
    line: &mut L,
    taxes: &mut TaxRates,
) -> Result<()> {
    let mut fields = line.priced();
    let product = sellable(work, fields.product).map_err(|error| error.at("/product"))?;
    *fields.unit = fields.unit.or(product.unit);
    fields.description.get_or_insert_with(|| product.name.clone());
    *fields.tax = fields.tax.or(product.tax);
    let on_line = taxes.of(work, *fields.tax).map_err(|error| error.at("/tax"))?;
    fields.put_taxes(&on_line, terms.currency)?;
    *fields.unit_cost = unit_cost(work, &product, *fields.unit, terms)?;
    let same_unit = fields.unit.is_none() || *fields.unit == product.unit;
    if same_unit && product.currency.or(work.base()) == Some(terms.currency) {
        *fields.list_price = product.list_price;
    }
    *fields.unit_price = fields.list_price.unwrap_or_default();
    Ok(())
}

/// Sets the price of a line by hand; what it replaced is kept where there was a price.
fn set_price<L: DocumentLine>(
    work: &mut Work<'_>,
    line: &mut L,
    price: Dec,
    reason: Option<&str>,
    priced: bool,
) -> Result<()> {
    let had_price = priced || line.priced().list_price.is_some();
    set_manual_price(work, line, price, reason.unwrap_or_default()).map_err(|error| {
        let path = if error.path() == "/manual_price_reason" { "/price_reason" } else { "/unit_price" };
        error.at(path)
    })?;
    if !had_price {
        *line.priced().replaced_price = None;
    }
    Ok(())
}

/// An amount out of range of a document whose one line is added or changed, at the `place` of the request that says how
/// much of it there is.
pub(crate) fn beyond_range(error: Error, place: &str) -> Error {
    let of_lines = error.code() == Code::OUT_OF_RANGE && error.path().starts_with("/lines/");
    if of_lines { error.at(place) } else { error }
}

/// An error of some of the lines, told at their places among all.
fn at_place(error: Error, places: &[usize]) -> Error {
    let path = error.path().to_owned();
    let Some((place, rest)) =
        path.strip_prefix("/lines/").map(|rest| rest.split_once('/').unwrap_or((rest, "")))
    else {
        return error;
    };
    let real = place.parse::<usize>().ok().and_then(|at| places.get(at));
    match real {
        Some(at) if rest.is_empty() => error.at(format!("/lines/{at}")),
        Some(at) => error.at(format!("/lines/{at}/{rest}")),
        None => error,
    }
}
