//! What quotes, orders and invoices share: how their lines get prices and their documents totals.
//!
//! A line kind has the fields named in [`LineFields`]; [`priced_line!`](crate::priced_line) makes it a [`PricedLine`].

use super::allocation::Allocation;
use super::effects::{DocumentHit, LineEffect, grouped};
use super::error::{BELOW_FLOOR, BEYOND_AUTHORITY, MANUAL_PRICE, of_quantity};
use super::free_goods::{FreeLine, FreeTerms};
use super::guard;
use super::policy::DocumentPolicy;
use super::price::{Item, Priced, Terms, prices};
use super::questions::floor_of;
use super::records::PriceRule;
use super::totals::{Charge, DocumentDiscount, DocumentInput, LineInput, TaxRules, Totals, document};
use super::unit_price::{PRICE_SCALE, UnitPrice};
use crate::catalog::{Product, sellable};
use crate::org::Employee;
use crate::settings::{self, Ratio, Tax, TaxRates, Taxes, Unit};
use crm_kernel::currency::Currency;
use crm_kernel::dec::{Dec, Rounding};
use crm_kernel::error::{Error, Result};
use crm_kernel::id::Ref;
use crm_kernel::json::{Json, SharedJson};
use crm_kernel::record::{Line, Lines};
use crm_kernel::work::{Stored, Work};

/// A line of a document with a product, a quantity and a price.
pub trait PricedLine {
    /// The kind's name of the document: prices are set by hand with the right `override_price` on it.
    const DOCUMENT: &'static str;

    /// Its fields.
    fn priced(&mut self) -> LineFields<'_>;
}

/// The fields of a line that pricing reads and fills. A line kind has them under these names.
#[derive(Debug)]
pub struct LineFields<'a> {
    /// The product.
    pub product: Ref<Product>,
    /// What the customer reads; filled with the product's name where empty.
    pub description: &'a mut Option<String>,
    /// How many, in `unit`.
    pub quantity: &'a mut Dec,
    /// The unit; filled with the product's where empty.
    pub unit: &'a mut Option<Ref<Unit>>,
    /// The price of one before the line discount, at six decimals.
    pub unit_price: &'a mut Dec,
    /// The exact price where six decimals do not say it all ([`UnitPrice`]).
    pub exact_price: &'a mut Option<String>,
    /// The list price of one, in the document's currency.
    pub list_price: &'a mut Option<Dec>,
    /// What one costs the enterprise, in the document's currency.
    pub unit_cost: &'a mut Option<Dec>,
    /// The line discount, per cent.
    pub discount_percent: Dec,
    /// Quantity × unit price.
    pub gross: &'a mut Dec,
    /// Gross less net.
    pub discount: &'a mut Dec,
    /// Quantity × unit price × (1 − discount), rounded once.
    pub net: &'a mut Dec,
    /// Quantity × unit cost.
    pub cost: &'a mut Option<Dec>,
    /// The share of the document discount.
    pub document_discount: &'a mut Dec,
    /// What rules take off it together with others ([`LineEffect`]).
    pub document_effects: &'a mut Option<SharedJson>,
    /// The tax; filled with the product's where empty.
    pub tax: &'a mut Option<Ref<Tax>>,
    /// Its rate on the pricing date.
    pub tax_percent: &'a mut Dec,
    /// The taxes that it is made of, where it is made of several ([`Taxes`]).
    pub tax_parts: &'a mut Option<SharedJson>,
    /// The tax of the line.
    pub tax_amount: &'a mut Dec,
    /// With discounts and tax.
    pub total: &'a mut Dec,
    /// The rule that made the price.
    pub price_rule: &'a mut Option<Ref<PriceRule>>,
    /// How the price came about.
    pub derivation: &'a mut Option<SharedJson>,
    /// For free goods the number of the line that they come with.
    pub free_of: &'a mut Option<i64>,
    /// Who set the price by hand.
    pub manual_price_by: &'a mut Option<Ref<Employee>>,
    /// Why.
    pub manual_price_reason: &'a mut Option<String>,
    /// The price that it replaced.
    pub replaced_price: &'a mut Option<Dec>,
}

impl LineFields<'_> {
    /// Puts on it what holds of its tax; what that comes to is calculated with the whole. Errors: `value.out_of_range`.
    pub fn put_taxes(&mut self, taxes: &Taxes, currency: Currency) -> Result<()> {
        *self.tax_percent = taxes.percent()?;
        *self.tax_parts = taxes.write(&[], currency);
        Ok(())
    }
}

/// Makes a line kind with the fields of [`LineFields`](crate::pricing::LineFields) a
/// [`PricedLine`](crate::pricing::PricedLine) of the document with a kind's name.
#[macro_export]
macro_rules! priced_line {
    ($line:ty, $document:literal) => {
        impl $crate::pricing::PricedLine for $line {
            const DOCUMENT: &'static str = $document;

            fn priced(&mut self) -> $crate::pricing::LineFields<'_> {
                $crate::pricing::LineFields {
                    product: self.product,
                    description: &mut self.description,
                    quantity: &mut self.quantity,
                    unit: &mut self.unit,
                    unit_price: &mut self.unit_price,
                    exact_price: &mut self.exact_price,
                    list_price: &mut self.list_price,
                    unit_cost: &mut self.unit_cost,
                    discount_percent: self.discount_percent,
                    gross: &mut self.gross,
                    discount: &mut self.discount,
                    net: &mut self.net,
                    cost: &mut self.cost,
                    document_discount: &mut self.document_discount,
                    document_effects: &mut self.document_effects,
                    tax: &mut self.tax,
                    tax_percent: &mut self.tax_percent,
                    tax_parts: &mut self.tax_parts,
                    tax_amount: &mut self.tax_amount,
                    total: &mut self.total,
                    price_rule: &mut self.price_rule,
                    derivation: &mut self.derivation,
                    free_of: &mut self.free_of,
                    manual_price_by: &mut self.manual_price_by,
                    manual_price_reason: &mut self.manual_price_reason,
                    replaced_price: &mut self.replaced_price,
                }
            }
        }
    };
}

/// What a document says of its totals beside its lines.
#[derive(Clone, Debug)]
pub struct DocumentTerms {
    /// Its currency.
    pub currency: Currency,
    /// A discount on all lines together.
    pub discount: DocumentDiscount,
    /// What is charged for carriage.
    pub freight: Charge,
    /// What is charged beside it.
    pub other: Charge,
    /// Whether prices include tax; none is as the enterprise's setting `prices.include_tax` says.
    pub include_tax: Option<bool>,
    /// How it is posted, taxed and shared out; none is as the enterprise decides now.
    pub policy: Option<DocumentPolicy>,
}

impl DocumentTerms {
    /// No discount, no charges, tax as the enterprise says.
    pub fn of(currency: Currency) -> DocumentTerms {
        DocumentTerms {
            currency,
            discount: DocumentDiscount::None,
            freight: Charge::default(),
            other: Charge::default(),
            include_tax: None,
            policy: None,
        }
    }
}

/// Fills a new or re-priced line: its product is still sold, unit, tax and description come from the product where the
/// line has none, tax rate and cost are those of the pricing date, the price that of the rules. A price set by hand is dropped.
/// Gives the free goods that come with it. Errors: `product.retired` and others at `/product`, those of [`super::prices`], `tax.no_rate`.
pub fn fill_line<L: PricedLine>(work: &mut Work<'_>, terms: &Terms, line: &mut L) -> Result<Vec<FreeLine>> {
    Ok(fill(work, terms, &mut [line], |_| String::new())?.into_iter().flatten().collect())
}

/// The same for several lines at once, which reads rules and customer only once. Errors stand under `/lines/0`, by the
/// place in the iterator.
pub fn fill_lines<'l, L: PricedLine + 'l>(
    work: &mut Work<'_>,
    terms: &Terms,
    lines: impl IntoIterator<Item = &'l mut L>,
) -> Result<Vec<Vec<FreeLine>>> {
    let mut lines: Vec<&mut L> = lines.into_iter().collect();
    fill(work, terms, &mut lines, |at| format!("/lines/{at}"))
}

fn fill<L: PricedLine>(
    work: &mut Work<'_>,
    terms: &Terms,
    lines: &mut [&mut L],
    path: impl Fn(usize) -> String,
) -> Result<Vec<Vec<FreeLine>>> {
    let mut items = Vec::with_capacity(lines.len());
    let mut taxes = TaxRates::new(terms.date);
    for (at, line) in lines.iter_mut().enumerate() {
        let mut fields = line.priced();
        let found = sellable(work, fields.product).map_err(|error| error.at("/product").under(&path(at)))?;
        *fields.unit = fields.unit.or(found.unit);
        let unit = *fields.unit;
        fields.description.get_or_insert_with(|| found.name.clone());
        *fields.tax = fields.tax.or(found.tax);
        let on_line = taxes.of(work, *fields.tax).map_err(|error| error.at("/tax").under(&path(at)))?;
        fields.put_taxes(&on_line, terms.currency)?;
        *fields.unit_cost = unit_cost(work, &found, unit, terms)?;
        items.push(Item::of(found, *fields.quantity, unit).less(fields.discount_percent));
    }
    let mut free = Vec::with_capacity(items.len());
    for (at, (line, priced)) in lines.iter_mut().zip(prices(work, terms, &items)?).enumerate() {
        let (mut priced, derivation) = priced.map_err(|error| error.under(&path(at)))?;
        free.push(std::mem::take(&mut priced.free));
        put(line.priced(), priced, derivation);
    }
    Ok(free)
}

/// How many each line is for in all, with what is free of its own quantity; none for lines of free goods. Errors:
/// `value.out_of_range`.
pub fn asked_quantities<L: PricedLine>(lines: &mut Lines<L>) -> Result<Vec<Option<Dec>>> {
    let mut included: Vec<(i64, Dec)> = Vec::new();
    for line in lines.iter_mut() {
        let fields = line.priced();
        if let Some(of) = *fields.free_of
            && FreeTerms::read(fields.derivation.as_ref()).included
        {
            included.push((of, *fields.quantity));
        }
    }
    let mut asked = Vec::with_capacity(lines.len());
    for line in lines.iter_mut() {
        let no = line.no;
        let fields = line.priced();
        let more = included.iter().filter(|(of, _)| *of == no).map(|(_, quantity)| *quantity);
        let whole = fields.quantity.add(Dec::sum(more)?)?;
        asked.push(fields.free_of.is_none().then_some(whole));
    }
    Ok(asked)
}

/// What one of a unit costs the enterprise in the currency of the terms, at six decimals; none where the product has no
/// cost, or none that can be told in that unit and currency. Errors: `value.out_of_range`.
pub fn unit_cost(
    work: &mut Work<'_>,
    product: &Product,
    unit: Option<Ref<Unit>>,
    terms: &Terms,
) -> Result<Option<Dec>> {
    let Some(cost) = product.cost else { return Ok(None) };
    let told = |work: &mut Work<'_>| -> Result<Dec> {
        let own = match (unit, product.unit) {
            (Some(unit), Some(own)) => settings::unit_ratio(work, unit, own)?,
            // A product without unit is counted in none.
            (Some(_), None) => return Err(settings::NO_CONVERSION.error()),
            (None, _) => Ratio::ONE,
        };
        let currency = product.currency.or(work.base()).unwrap_or(terms.currency);
        let rate = settings::exact_rate(work, currency, terms.currency, terms.date)?;
        UnitPrice::from(cost).converted(own)?.converted(rate)?.rounded(PRICE_SCALE, Rounding::HalfUp)
    };
    match told(work) {
        Ok(cost) => Ok(Some(cost)),
        Err(error) if [settings::NO_CONVERSION, settings::NO_RATE].contains(&error.code()) => Ok(None),
        Err(error) => Err(error),
    }
}

fn put(fields: LineFields<'_>, priced: Priced, derivation: SharedJson) {
    *fields.unit_price = priced.unit_price;
    *fields.exact_price = priced.exact_price;
    *fields.list_price = priced.list_price;
    *fields.price_rule = priced.rule;
    *fields.derivation = Some(derivation);
    *fields.manual_price_by = None;
    *fields.manual_price_reason = None;
    *fields.replaced_price = None;
}

/// Sets a price by hand over the one that the rules gave: who, why and what it replaced stay on the line.
/// Errors: `permission.forbidden` without the right `override_price` on the document's kind, `price.manual` without a
/// reason or below zero.
pub fn set_manual_price<L: PricedLine>(
    work: &mut Work<'_>,
    line: &mut L,
    price: Dec,
    reason: &str,
) -> Result<()> {
    work.require(L::DOCUMENT, "override_price").map_err(|error| error.at("/unit_price"))?;
    if reason.trim().is_empty() {
        return Err(MANUAL_PRICE.at("/manual_price_reason").coded("fault", "word", "no_reason"));
    }
    if price.is_negative() {
        return Err(MANUAL_PRICE.at("/unit_price").coded("fault", "word", "below_zero"));
    }
    let by = work.actor()?;
    let fields = line.priced();
    // The value that the rules gave is what was replaced, however often a price is set by hand.
    let replaced = *fields.replaced_price.get_or_insert(*fields.unit_price);
    let before = fields.derivation.take().map_or_else(Json::object, |derivation| derivation.tree().clone());
    *fields.derivation = Some(super::derivation::with_manual(before, price, replaced, by, reason).into());
    *fields.unit_price = price;
    *fields.exact_price = None;
    *fields.price_rule = None;
    *fields.manual_price_by = Some(Ref::new(by));
    *fields.manual_price_reason = Some(reason.to_owned());
    Ok(())
}

/// Whether the one who sets what a line costs may: the discount and a price set by hand within his authority, the price
/// after them not below the floor. Errors: `price.beyond_authority` at `/discount_percent` with `percent` and `most`,
/// `price.below_floor` at `/unit_price`.
pub fn guard_line<L: PricedLine>(work: &mut Work<'_>, terms: &Terms, line: &mut L) -> Result<()> {
    guard(work, terms, line.priced(), Dec::ZERO, Dec::HUNDRED)
}

/// What rules leave of a hundred of a line with what they take off it together with others. The document has been
/// calculated. Errors: `value.out_of_range`.
pub fn left_by_rules<L: PricedLine>(line: &mut L) -> Result<Dec> {
    let fields = line.priced();
    LineEffect::left_of_hundred(&LineEffect::read(fields.document_effects.as_ref())?, *fields.net)
}

/// Whether what rules take off lines together leaves the price of one on each of the lines that are `judged` at its floor
/// or above. The document has been calculated. Errors: `price.below_floor` at `/lines/0/unit_price`.
pub fn guard_effects<L: PricedLine>(
    work: &mut Work<'_>,
    terms: &Terms,
    lines: &mut Lines<L>,
    judged: impl Fn(&Line<L>) -> Result<bool>,
) -> Result<()> {
    for (at, line) in lines.iter_mut().enumerate() {
        let left = left_by_rules(&mut line.line)?;
        if left < Dec::HUNDRED && judged(line)? {
            let fields = line.line.priced();
            let product = work.system(|work| work.find(fields.product))?;
            let net = left_of_one(*fields.unit_price, fields.discount_percent, Dec::ZERO, left)?;
            keeps_floor(work, terms, product, &fields, net)
                .map_err(|error| error.under(&format!("/lines/{at}")))?;
        }
    }
    Ok(())
}

/// Whether the one who takes a discount off the whole may: what it leaves of each of the lines that are `judged`, behind
/// the line's own discount, is judged as [`guard_line`] judges a line. What rules take off with others is not the
/// seller's, but it counts where a price must not fall below its floor. The document has been calculated. Errors as there.
pub fn guard_whole<L: PricedLine>(
    work: &mut Work<'_>,
    terms: &Terms,
    discount: DocumentDiscount,
    lines: &mut Lines<L>,
    judged: impl Fn(&Line<L>) -> bool,
) -> Result<()> {
    if discount == DocumentDiscount::None {
        return Ok(());
    }
    let Some(percent) = percent_of_whole(discount, lines)? else { return Ok(()) };
    for line in lines.iter_mut().filter(|line| judged(line)) {
        // What comes for nothing by a rule is not the seller's.
        if line.priced().free_of.is_some() {
            continue;
        }
        let by_rules = left_by_rules(&mut line.line)?;
        guard(work, terms, line.priced(), percent, by_rules)?;
    }
    Ok(())
}

/// How many per cent a discount is of what rules leave of the lines; none of nothing. Errors: `value.out_of_range`.
fn percent_of_whole<L: PricedLine>(discount: DocumentDiscount, lines: &mut Lines<L>) -> Result<Option<Dec>> {
    let amount = match discount {
        DocumentDiscount::None => return Ok(Some(Dec::ZERO)),
        DocumentDiscount::Percent(percent) => return Ok(Some(percent)),
        DocumentDiscount::Amount(amount) => amount,
    };
    let mut left = Dec::ZERO;
    for line in lines.iter_mut() {
        let fields = line.priced();
        let effects = LineEffect::read(fields.document_effects.as_ref())?;
        let off = Dec::sum(effects.iter().map(|effect| effect.amount))?;
        left = left.add(fields.net.sub(off)?)?;
    }
    Ok(match left.is_zero() {
        true => None,
        false => Some(amount.mul_div(Dec::HUNDRED, left, PRICE_SCALE, Rounding::HalfUp)?),
    })
}

/// How a line of a document stands before who acts.
#[derive(Clone, Debug)]
pub struct Stand {
    /// Its number.
    pub no: i64,
    /// What is left of the price of one behind the line's discount, that on the whole, and what rules take off.
    pub left: Dec,
    /// Why who acts may not sell it so: `price.beyond_authority` or `price.below_floor`, as [`guard_whole`] says it.
    pub refusal: Option<Error>,
}

/// How the lines of a document stand before who acts, with a discount on the whole; lines of free goods do not. The
/// document has been calculated. Errors: those of reading.
pub fn stands<L: PricedLine>(
    work: &mut Work<'_>,
    terms: &Terms,
    discount: DocumentDiscount,
    lines: &mut Lines<L>,
) -> Result<Vec<Stand>> {
    let percent = percent_of_whole(discount, lines)?.unwrap_or_default();
    let mut found = Vec::with_capacity(lines.len());
    for line in lines.iter_mut() {
        let by_rules = left_by_rules(&mut line.line)?;
        let (no, fields) = (line.no, line.line.priced());
        if fields.free_of.is_some() {
            continue;
        }
        let left = left_of_one(*fields.unit_price, fields.discount_percent, percent, by_rules)?;
        let refusal = match guard(work, terms, fields, percent, by_rules) {
            Ok(()) => None,
            Err(error) if [BEYOND_AUTHORITY, BELOW_FLOOR].contains(&error.code()) => Some(error),
            Err(error) => return Err(error),
        };
        found.push(Stand { no, left, refusal });
    }
    Ok(found)
}

/// What is left of the price of one behind the line's discount, so many per cent off the whole, and what rules leave of a
/// hundred.
pub(super) fn left_of_one(price: Dec, discount: Dec, off_whole: Dec, by_rules: Dec) -> Result<Dec> {
    let by_seller = Dec::HUNDRED.sub(discount)?.mul(Dec::HUNDRED.sub(off_whole)?)?;
    let whole = Dec::HUNDRED.mul(Dec::HUNDRED)?.mul(Dec::HUNDRED)?;
    Ok(price.mul_div(by_seller.mul(by_rules)?, whole, PRICE_SCALE, Rounding::HalfUp)?)
}

/// How many per cent a seller takes off a price of the rules, by the price in its place, his discount and so many per cent
/// off the whole; nothing where he leaves as much or more. Errors: `value.out_of_range`.
pub(super) fn percent_off(by_rules: Dec, price: Dec, discount: Dec, off_whole: Dec) -> Result<Dec> {
    if !by_rules.is_positive() {
        return Ok(Dec::ZERO);
    }
    let by_seller = Dec::HUNDRED.sub(discount)?.mul(Dec::HUNDRED.sub(off_whole)?)?;
    let left = price.mul_div(by_seller, by_rules.mul(Dec::HUNDRED)?, PRICE_SCALE, Rounding::HalfUp)?;
    Ok(Dec::HUNDRED.sub(left)?.max(Dec::ZERO))
}

/// [`guard_line`], with so many per cent off the whole behind the line's discount, and what rules leave of a hundred.
fn guard(
    work: &mut Work<'_>,
    terms: &Terms,
    fields: LineFields<'_>,
    off_whole: Dec,
    left_by_rules: Dec,
) -> Result<()> {
    let product = work.system(|work| work.find(fields.product))?;
    let by_rules = fields.replaced_price.unwrap_or(*fields.unit_price);
    let actor = work.context().actor.map(Ref::new);
    let percent = percent_off(by_rules, *fields.unit_price, fields.discount_percent, off_whole)?;
    if percent.is_positive() {
        let most = guard::authority(work, actor, &product)?.most;
        if let Some(most) = most.filter(|most| percent > *most) {
            let error =
                BEYOND_AUTHORITY.at("/discount_percent").with("percent", percent.normalize().to_string());
            return Err(error.with("most", most.to_string()));
        }
    }
    let net = left_of_one(*fields.unit_price, fields.discount_percent, off_whole, left_by_rules)?;
    keeps_floor(work, terms, product, &fields, net)
}

/// Whether what is left of the price of one is not below the floor, or who acts may go below it. Errors:
/// `price.below_floor` at `/unit_price`.
fn keeps_floor(
    work: &mut Work<'_>,
    terms: &Terms,
    product: Stored<Product>,
    fields: &LineFields<'_>,
    net: Dec,
) -> Result<()> {
    let actor = work.context().actor.map(Ref::new);
    let floored = product.floor_price.is_some() || guard::min_margin(work, &product)?.is_some();
    if !floored || guard::authority(work, actor, &product)?.below_floor {
        return Ok(());
    }
    let item = Item::of(product, *fields.quantity, *fields.unit);
    match work.system(|work| floor_of(work, terms, &item))?.price(PRICE_SCALE)? {
        Some(floor) if net < floor => Err(BELOW_FLOOR
            .at("/unit_price")
            .with("product", item.product.code.clone())
            .with("price", net.to_string())
            .with("floor", floor.to_string())),
        _ => Ok(()),
    }
}

/// Calculates a document with the effects that stand on its lines and fills their amounts; the answer is what its head
/// keeps. Errors as [`document`](super::totals::document), `price.ambiguous` as [`grouped`](super::effects::grouped).
pub fn fill_totals<L: PricedLine>(
    work: &mut Work<'_>,
    terms: &DocumentTerms,
    lines: &mut Lines<L>,
) -> Result<Totals> {
    let how = match terms.policy {
        Some(policy) => policy,
        None => DocumentPolicy::present(work)?,
    };
    let tax = how.tax_rules(inclusive(work, terms.include_tax)?);
    let policy = how.rounding;
    let mut hits: Vec<Vec<DocumentHit>> = Vec::with_capacity(lines.len());
    for line in lines.iter_mut() {
        let kept = LineEffect::read(line.priced().document_effects.as_ref())?;
        hits.push(kept.into_iter().map(|kept| kept.hit).collect());
    }
    let (effects, told) = grouped(hits.iter().map(Vec::as_slice))?;
    let input = DocumentInput {
        lines: line_inputs(lines)?,
        effects,
        discount: terms.discount,
        freight: terms.freight.clone(),
        other: terms.other.clone(),
        tax,
        ..DocumentInput::of(terms.currency, policy, how.allocation)
    };
    let totals = document(&input)?;
    let digits = terms.currency.digits();
    let given = input.lines.iter().map(|line| &line.taxes).zip(&totals.line_taxes);
    for (at, ((line, amounts), (taxes, by_tax))) in lines.iter_mut().zip(&totals.lines).zip(given).enumerate()
    {
        let fields = line.priced();
        *fields.gross = amounts.gross;
        *fields.discount = amounts.discount;
        *fields.net = amounts.net;
        *fields.cost = match *fields.unit_cost {
            Some(cost) => {
                let cost = cost.mul(*fields.quantity).and_then(|cost| policy.post(cost, digits));
                Some(cost.map_err(|error| of_quantity(error.into()).under(&format!("/lines/{at}")))?)
            }
            None => None,
        };
        *fields.document_discount = amounts.document_discount;
        *fields.tax_amount = amounts.tax;
        *fields.tax_parts = taxes.write(by_tax, terms.currency);
        *fields.total = amounts.total;
    }
    let mut kept: Vec<Vec<LineEffect>> = vec![Vec::new(); lines.len()];
    for ((effect, hit), shares) in input.effects.iter().zip(told).zip(&totals.effects) {
        for at in &effect.lines {
            if let (Some(kept), Some(amount)) = (kept.get_mut(*at), shares.get(*at)) {
                kept.push(LineEffect { hit: hit.clone(), amount: *amount });
            }
        }
    }
    for (line, kept) in lines.iter_mut().zip(kept) {
        *line.priced().document_effects = LineEffect::write(&kept, terms.currency);
    }
    Ok(totals)
}

/// Lines as totals read them. Errors: `internal.error` at `/lines/0/exact_price`.
pub(super) fn line_inputs<L: PricedLine>(lines: &mut Lines<L>) -> Result<Vec<LineInput>> {
    let mut inputs = Vec::with_capacity(lines.len());
    for (at, line) in lines.iter_mut().enumerate() {
        let fields = line.priced();
        let unit_price = UnitPrice::of_line(*fields.unit_price, fields.exact_price.as_deref())
            .map_err(|error| error.at(format!("/lines/{at}/exact_price")))?;
        inputs.push(LineInput {
            quantity: *fields.quantity,
            unit_price,
            discount_percent: fields.discount_percent,
            taxes: Taxes::read(*fields.tax, *fields.tax_percent, fields.tax_parts.as_ref())?,
        });
    }
    Ok(inputs)
}

/// How the enterprise calculates taxes; `include_tax` where a document decides for itself.
pub fn tax_rules(work: &mut Work<'_>, include_tax: Option<bool>) -> Result<TaxRules> {
    let inclusive = inclusive(work, include_tax)?;
    Ok(DocumentPolicy::present(work)?.tax_rules(inclusive))
}

/// Whether prices hold the tax: as a document says, else the enterprise.
fn inclusive(work: &mut Work<'_>, include_tax: Option<bool>) -> Result<bool> {
    match include_tax {
        Some(given) => Ok(given),
        None => Ok(settings::setting(work, "prices.include_tax")? == Json::Bool(true)),
    }
}

/// How the enterprise shares amounts out over lines.
pub fn allocation(work: &mut Work<'_>) -> Result<Allocation> {
    Ok(DocumentPolicy::present(work)?.allocation)
}
