//! A whole document priced without being made: every stage, free goods, effects on all lines, taxes, totals (QUO-01,
//! QUO-03, PRD-08). Nothing is written.

use super::certificate::hash;
use super::effects::{DocumentHit, Off, exclude_effects, grouped};
use super::einvoice::{EInvoice, invoiced};
use super::error::{DISCOUNT_PERCENT, DISCOUNT_TOO_LARGE, NEGATIVE_CHARGE, SEVERAL_TAXES, TWO_DISCOUNTS};
use super::line::{allocation, tax_rules};
use super::operations::{FreeGoodsAnswer, PriceGet, REFUSALS};
use super::price::{Item, prices_by};
use super::records::{PriceList, PriceRule, TieBreak};
use super::tariff::Tariff;
use super::tax::TaxGroup;
use super::totals::{Charge, ChargeTotals, DocumentDiscount, DocumentInput, LineInput, document};
use crate::catalog::{Product, sellable};
use crate::org::Employee;
use crate::parties::Customer;
use crate::settings::{self, NO_TAX_RATE, Tax, TaxOn, TaxRates, Unit};
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::{Dec, Rounding};
use crm_kernel::error::{Code, Result};
use crm_kernel::id::Ref;
use crm_kernel::json::SharedJson;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::work::Work;
use crm_kernel::{Choice, Record, codes};

/// What lines cost together, and why: the price of each, effects of rules on all of them with the share of every line,
/// free goods, taxes and totals, without a document being made.
#[derive(Clone, Debug, Record)]
#[record(name = "price_document")]
pub struct PriceDocument {
    /// Who buys; none is anybody.
    pub customer: Option<Ref<Customer>>,
    /// Who sells; none is the actor.
    pub seller: Option<Ref<Employee>>,
    /// The pricing date; none is today.
    pub date: Option<Date>,
    /// The currency; none is the price list's, else the customer's, else the enterprise's.
    pub currency: Option<Currency>,
    /// The price list; none is whatever lists hold for everybody.
    pub list: Option<Ref<PriceList>>,
    /// Whether prices include tax; none is as the enterprise says.
    pub include_tax: Option<bool>,
    /// The lines, at most 1,000.
    pub lines: Vec<DocumentLineRequest>,
    /// Discount on the whole, behind the effects of rules, in per cent.
    #[field(percent)]
    pub document_discount_percent: Option<Dec>,
    /// The same as an amount.
    #[field(money)]
    pub document_discount_amount: Option<Dec>,
    /// Freight.
    #[field(money)]
    pub freight: Option<Dec>,
    /// Other charges.
    #[field(money)]
    pub other_charges: Option<Dec>,
    /// The tax on freight and other charges.
    pub charges_tax: Option<Ref<Tax>>,
    /// What is to be paid is rounded to a multiple of this.
    #[field(money)]
    pub cash_step: Option<Dec>,
    /// How totals are made: as the enterprise has set, or so that an electronic invoice takes them as they are.
    #[field(default = "\"enterprise\"")]
    pub profile: TotalsProfile,
    /// What was paid before, told by an electronic invoice.
    #[field(money)]
    pub paid: Option<Dec>,
    /// What the customer bought before, for rules that count a rolling period; at most 10,000.
    pub bought: Vec<BoughtBefore>,
}

/// How the totals of a document are made.
#[derive(Clone, Copy, Debug, Choice, PartialEq, Eq)]
pub enum TotalsProfile {
    /// As the enterprise has set: `tax.calculation`, `tax.base` and its rounding policy.
    Enterprise,
    /// By EN 16931: tax once for each rate of the document, half up to the digits of the currency.
    En16931,
}

/// One line.
#[derive(Clone, Debug, Record)]
#[record(name = "price_document_line")]
pub struct DocumentLineRequest {
    /// The product; it has to be sold still.
    pub product: Ref<Product>,
    /// How many, in `unit`.
    #[field(quantity, default = "\"1\"")]
    pub quantity: Dec,
    /// The unit; none is the product's.
    pub unit: Option<Ref<Unit>>,
    /// The seller's discount, in per cent.
    #[field(percent)]
    pub discount_percent: Option<Dec>,
}

/// What a customer bought before.
#[derive(Clone, Debug, Record)]
#[record(name = "price_bought")]
pub struct BoughtBefore {
    /// The product.
    pub product: Ref<Product>,
    /// How many, in the product's unit.
    #[field(quantity)]
    pub quantity: Dec,
    /// When.
    pub date: Date,
}

/// What lines cost together.
#[derive(Clone, Debug, Record)]
#[record(name = "price_document_answer")]
pub struct PriceDocumentAnswer {
    /// The currency of the amounts.
    pub currency: Currency,
    /// The pricing date.
    pub date: Date,
    /// The lines, in their order.
    pub lines: Vec<PricedDocumentLine>,
    /// The effects of rules on lines together.
    pub effects: Vec<DocumentEffectAnswer>,
    /// Sum of the lines before any discount.
    #[field(money)]
    pub gross: Dec,
    /// Sum of the line discounts.
    #[field(money)]
    pub discount: Dec,
    /// Sum of the lines' nets.
    #[field(money)]
    pub net: Dec,
    /// All that is taken off the whole.
    #[field(money)]
    pub document_discount: Dec,
    /// Freight and other charges.
    #[field(money)]
    pub charges: Dec,
    /// The tax by rate.
    pub taxes: Vec<TaxAnswer>,
    /// All tax.
    #[field(money)]
    pub tax: Dec,
    /// With discounts, charges and tax.
    #[field(money)]
    pub total: Dec,
    /// What rounding for cash adds.
    #[field(money)]
    pub cash_rounding: Dec,
    /// What is to be paid.
    #[field(money)]
    pub payable: Dec,
    /// The totals as an electronic invoice names them, where they were asked for.
    pub e_invoice: Option<EInvoice>,
}

/// What a line costs.
#[derive(Clone, Debug, Record)]
#[record(name = "priced_document_line")]
pub struct PricedDocumentLine {
    /// The product.
    pub product: Ref<Product>,
    /// The price of one, at six decimals.
    #[field(unit_price)]
    pub unit_price: Dec,
    /// The exact price where six decimals do not say it all.
    pub exact_price: Option<String>,
    /// The product's list price.
    #[field(unit_price)]
    pub list_price: Option<Dec>,
    /// Quantity × unit price.
    #[field(money)]
    pub gross: Dec,
    /// Gross less net.
    #[field(money)]
    pub discount: Dec,
    /// Quantity × unit price × (1 − discount), rounded once.
    #[field(money)]
    pub net: Dec,
    /// The line's shares of what is taken off the whole.
    #[field(money)]
    pub document_discount: Dec,
    /// Per cent of tax.
    #[field(percent)]
    pub tax_percent: Dec,
    /// The tax.
    #[field(money)]
    pub tax: Dec,
    /// Where its tax is made of several, what each comes to.
    pub taxes: Vec<LineTax>,
    /// With discounts and tax.
    #[field(money)]
    pub total: Dec,
    /// The rule that makes the price.
    pub rule: Option<Ref<PriceRule>>,
    /// Free goods that come with it.
    pub free_goods: Vec<FreeGoodsAnswer>,
    /// How the price came about.
    pub derivation: SharedJson,
    /// The SHA-256 of its canonical bytes, for `price.verify`.
    #[field(text = 64)]
    pub hash: String,
}

/// An effect on lines together.
#[derive(Clone, Debug, Record)]
#[record(name = "price_document_effect")]
pub struct DocumentEffectAnswer {
    /// The rule; none for the discount that was asked for.
    pub rule: Option<Ref<PriceRule>>,
    /// What people call it.
    pub code: Option<String>,
    /// Per cent of the lines that it is for, rounded where no decimals say it; none where it is an amount.
    #[field(percent)]
    pub percent: Option<Dec>,
    /// What it takes off in all.
    #[field(money)]
    pub amount: Dec,
    /// What it takes off each line that it is for.
    pub shares: Vec<DocumentShare>,
    /// The exclusion group that leaves it out; it takes nothing off then.
    pub excluded_by: Option<String>,
    /// The last resort of its exclusion group, where that named it among equals.
    pub decided_by: Option<TieBreak>,
}

/// What an effect takes off a line.
#[derive(Clone, Debug, Record)]
#[record(name = "price_document_share")]
pub struct DocumentShare {
    /// The place of the line, from 0.
    pub line: i64,
    /// The amount.
    #[field(money)]
    pub amount: Dec,
}

/// One of several taxes on a line.
#[derive(Clone, Debug, Record)]
#[record(name = "priced_line_tax")]
pub struct LineTax {
    /// The tax.
    pub tax: Ref<Tax>,
    /// Its rate.
    #[field(percent)]
    pub percent: Dec,
    /// What it comes to.
    #[field(money)]
    pub amount: Dec,
}

/// One tax at one rate.
#[derive(Clone, Debug, Record)]
#[record(name = "price_document_tax")]
pub struct TaxAnswer {
    /// Which; none where only its rate is known.
    pub of: Option<Ref<Tax>>,
    /// Per cent.
    #[field(percent)]
    pub percent: Dec,
    /// What is taxed.
    #[field(money)]
    pub base: Dec,
    /// The tax.
    #[field(money)]
    pub tax: Dec,
}

/// Lines at most.
const MOST_LINES: usize = 1_000;
/// Earlier purchases at most.
const MOST_BOUGHT: usize = 10_000;
/// Decimals of a percentage that is told.
const PERCENT_SCALE: u8 = 6;

impl LineTax {
    fn of((on, amount): (&TaxOn, &Dec)) -> Option<LineTax> {
        Some(LineTax { tax: on.tax?, percent: on.percent, amount: *amount })
    }
}

impl From<&TaxGroup> for TaxAnswer {
    fn from(group: &TaxGroup) -> TaxAnswer {
        TaxAnswer { of: group.tax, percent: group.percent, base: group.base, tax: group.amount }
    }
}

impl Operation for PriceDocument {
    const NAME: &'static str = "price.document";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::Right { kind: "product", verb: "read" };
    const ERRORS: &'static [Code] = codes!(
        REFUSALS,
        &[NO_TAX_RATE, DISCOUNT_PERCENT, TWO_DISCOUNTS, NEGATIVE_CHARGE, DISCOUNT_TOO_LARGE, SEVERAL_TAXES,]
    );
    const CAPABILITIES: &'static [&'static str] = &["PRD-03", "PRD-04", "PRD-08", "QUO-03", "CFG-06"];
    const EXAMPLE: &'static str =
        r#"{"customer":"$customer","lines":[{"product":"$product","quantity":"10","discount_percent":"5"}]}"#;
    type Answer = PriceDocumentAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<PriceDocumentAnswer> {
        let bounds = [("/lines", self.lines.len(), MOST_LINES), ("/bought", self.bought.len(), MOST_BOUGHT)];
        if let Some((path, many, _)) = bounds.into_iter().find(|(_, many, most)| many > most) {
            return Err(Code::OUT_OF_RANGE.at(path).with("value", many.to_string()));
        }
        let terms = self.terms(work)?;
        let mut items = Vec::with_capacity(self.lines.len());
        for (at, line) in self.lines.iter().enumerate() {
            let product =
                sellable(work, line.product).map_err(|error| error.at(format!("/lines/{at}/product")))?;
            let item = Item::of(product, line.quantity, line.unit);
            items.push(item.less(line.discount_percent.unwrap_or_default()));
        }
        let (mut priced, mut derivations) =
            (Vec::with_capacity(items.len()), Vec::with_capacity(items.len()));
        let tariff = Tariff::load(work)?;
        for (at, one) in prices_by(work, &tariff, &terms, &items)?.into_iter().enumerate() {
            let (one, derivation) = one.map_err(|error| error.under(&format!("/lines/{at}")))?;
            priced.push(one);
            derivations.push(derivation);
        }
        let mut lines = Vec::with_capacity(items.len());
        let mut rates = TaxRates::new(terms.date);
        for (at, ((line, item), one)) in self.lines.iter().zip(&items).zip(&priced).enumerate() {
            let taxes =
                rates.of(work, item.product.tax).map_err(|error| error.at(format!("/lines/{at}/product")))?;
            lines.push(LineInput {
                quantity: one.charged,
                unit_price: one.exact,
                discount_percent: line.discount_percent.unwrap_or_default(),
                taxes,
            });
        }
        let mut input = self.input(work, &terms.date, terms.currency, lines)?;
        let mut hits: Vec<Vec<DocumentHit>> =
            priced.iter_mut().map(|one| std::mem::take(&mut one.document)).collect();
        exclude_effects(&tariff.rules, &tariff.groups, &input, &mut hits, |_| false)?;
        let (effects, told) = grouped(hits.iter().map(Vec::as_slice))?;
        input.effects = effects;
        let paid = paid_before(self.paid, terms.currency)?;
        let (e_invoice, totals) = match self.profile {
            TotalsProfile::Enterprise => (None, document(&input)?),
            TotalsProfile::En16931 => {
                let (e_invoice, totals) = invoiced(&input, paid)?;
                (Some(e_invoice), totals)
            }
        };
        let mut effects = Vec::new();
        for (at, shares) in totals.effects.iter().enumerate() {
            let of = told.get(at);
            let percent = match (of.map(|hit| hit.off), input.discount) {
                (Some(Off::Percent(percent)), _) => {
                    Some(percent.times(Dec::ONE, PERCENT_SCALE, Rounding::HalfUp)?.normalize())
                }
                (None, DocumentDiscount::Percent(percent)) => Some(percent),
                _ => None,
            };
            effects.push(DocumentEffectAnswer {
                rule: of.map(|hit| hit.rule),
                code: of.map(|hit| hit.code.clone()),
                percent,
                amount: Dec::sum(shares.iter().copied())?,
                shares: (0_i64..)
                    .zip(shares)
                    .filter(|(_, amount)| !amount.is_zero())
                    .map(|(line, amount)| DocumentShare { line, amount: *amount })
                    .collect(),
                excluded_by: of.and_then(|hit| hit.standing.excluded_by()).map(str::to_owned),
                decided_by: of.and_then(|hit| hit.standing.decided_by()),
            });
        }
        let taxed = input.lines.iter().zip(&totals.line_taxes);
        let mut lines = Vec::with_capacity(items.len());
        let answers = priced.into_iter().zip(derivations).zip(&items).zip(&totals.lines).zip(taxed);
        for ((((priced, derivation), item), totals), (line, by_tax)) in answers {
            let several = line.taxes.single().is_none();
            let of_line = line.taxes.iter().zip(by_tax).filter(|_| several);
            lines.push(PricedDocumentLine {
                product: item.product.id,
                unit_price: priced.unit_price,
                exact_price: priced.exact_price,
                list_price: priced.list_price,
                gross: totals.gross,
                discount: totals.discount,
                net: totals.net,
                document_discount: totals.document_discount,
                tax_percent: line.taxes.percent()?,
                tax: totals.tax,
                taxes: of_line.filter_map(LineTax::of).collect(),
                total: totals.total,
                rule: priced.rule,
                free_goods: FreeGoodsAnswer::of(&priced.free),
                hash: hash(&derivation),
                derivation,
            });
        }
        let (cash_rounding, payable) = match &e_invoice {
            Some(told) => (told.payable.sub(totals.total.sub(paid)?)?, told.payable),
            None => (totals.cash_rounding, totals.payable),
        };
        let charged = |charge: &ChargeTotals| charge.amount;
        Ok(PriceDocumentAnswer {
            currency: terms.currency,
            date: terms.date,
            lines,
            effects,
            gross: totals.gross,
            discount: totals.discount,
            net: totals.net,
            document_discount: totals.document_discount,
            charges: charged(&totals.freight).add(charged(&totals.other))?,
            taxes: totals.taxes.iter().map(TaxAnswer::from).collect(),
            tax: totals.tax,
            total: totals.total,
            cash_rounding,
            payable,
            e_invoice,
        })
    }
}

/// What was paid before: no less than nothing, with the digits of its currency. Errors: `value.out_of_range` at `/paid`.
pub fn paid_before(paid: Option<Dec>, currency: Currency) -> Result<Dec> {
    let paid = paid.unwrap_or_default();
    let is_paid = !paid.is_negative() && paid.fits(Dec::STORED_DIGITS, currency.digits());
    if is_paid { Ok(paid) } else { Err(Code::OUT_OF_RANGE.at("/paid").with("value", paid.to_string())) }
}

impl PriceDocument {
    /// The terms, as those of one price.
    fn terms(&self, work: &mut Work<'_>) -> Result<super::price::Terms> {
        let mut terms =
            PriceGet::terms_of(work, self.customer, self.seller, self.date, self.currency, self.list)?;
        let of = |bought: &BoughtBefore| super::price::Bought {
            product: bought.product,
            quantity: bought.quantity,
            date: bought.date,
        };
        terms.bought = self.bought.iter().map(of).collect();
        Ok(terms)
    }

    fn input(
        &self,
        work: &mut Work<'_>,
        date: &Date,
        currency: Currency,
        lines: Vec<LineInput>,
    ) -> Result<DocumentInput> {
        let discount = match (self.document_discount_percent, self.document_discount_amount) {
            (Some(percent), None) => DocumentDiscount::Percent(percent),
            (None, Some(amount)) => DocumentDiscount::Amount(amount),
            (None, None) => DocumentDiscount::None,
            (Some(_), Some(_)) => {
                return Err(TWO_DISCOUNTS.at("/document_discount_amount"));
            }
        };
        let taxes =
            TaxRates::new(*date).of(work, self.charges_tax).map_err(|error| error.at("/charges_tax"))?;
        let charge = |amount: Option<Dec>, path: &'static str| match amount.unwrap_or_default() {
            amount if amount.is_negative() => Err(NEGATIVE_CHARGE.at(path)),
            amount => Ok(Charge { amount, taxes: taxes.clone() }),
        };
        // What is paid in cash is whole units of the currency too.
        let payable = |step: &Dec| step.is_positive() && step.fits(Dec::STORED_DIGITS, currency.digits());
        if let Some(step) = self.cash_step.filter(|step| !payable(step)) {
            return Err(Code::OUT_OF_RANGE.at("/cash_step").with("value", step.to_string()));
        }
        Ok(DocumentInput {
            lines,
            discount,
            freight: charge(self.freight, "/freight")?,
            other: charge(self.other_charges, "/other_charges")?,
            tax: tax_rules(work, self.include_tax)?,
            cash_step: self.cash_step,
            ..DocumentInput::of(currency, settings::policy(work)?, allocation(work)?)
        })
    }
}
