//! The totals of a document, from its lines, discount, charges and taxes. Pure; used by quotes, orders and invoices.
//!
//! What it promises (commerce.md 2.4, 2.5):
//! - A line's net is rounded once, from quantity × unit price × (1 − discount); its discount is gross less net. So
//!   net + discount = gross on every line under every rounding policy.
//! - Every effect on the document stands on every line, in posted units: its shares add up to it (by largest remainder
//!   over the line nets, earlier lines first among equals, unless another way is named), and the shares of a line to the
//!   line's document discount.
//! - Taxes stand on every line and charge and add up to the document's, also where they are calculated by document.
//! - With prices that include tax, what is to be paid is never touched: a residue goes into the base.
//! - What is rounded because it is paid in cash is an amount of its own, neither line nor tax.
//! - Lines add up to the document, and a document of negative lines is the mirror image of the positive one.

use super::UnitPrice;
use super::allocation::Allocation;
use super::error::{DISCOUNT_PERCENT, DISCOUNT_TOO_LARGE, TAX_PERCENT, of_quantity};
use super::tax::{TaxGroup, tax};
use crate::settings::{Ratio, TaxOn, Taxes};
use crm_kernel::currency::Currency;
use crm_kernel::dec::{Dec, Rounding};
use crm_kernel::error::{Code, Result};
use crm_kernel::money::{Money, RoundingPolicy};

/// What a document is made of.
#[derive(Clone, Debug)]
pub struct DocumentInput {
    /// Its currency.
    pub currency: Currency,
    /// How the enterprise posts amounts.
    pub policy: RoundingPolicy,
    /// Its lines, in their order.
    pub lines: Vec<LineInput>,
    /// Effects of rules on lines together, in their order.
    pub effects: Vec<DocumentEffect>,
    /// A discount on all lines together, behind the effects of rules.
    pub discount: DocumentDiscount,
    /// How effects and the discount are shared out.
    pub allocation: Allocation,
    /// What is charged for carriage.
    pub freight: Charge,
    /// What is charged beside it.
    pub other: Charge,
    /// How taxes are calculated.
    pub tax: TaxRules,
    /// What is to be paid is rounded to a multiple of this, above 0, where it is paid in cash.
    pub cash_step: Option<Dec>,
}

/// What a rule takes off lines together. It takes no more off a line than there is, and off lines that come to less than
/// nothing, a credit note, what it takes off their mirror image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentEffect {
    /// The lines that it is for, by their places.
    pub lines: Vec<usize>,
    /// What it takes off.
    pub value: EffectValue,
    /// Per cents are of what the effects before left; else of the line nets.
    pub running: bool,
    /// It stands side by side with the one before: it starts from what that one started from, so that neither goes first.
    /// What they take together is no more than there is; where it would be, each takes its part.
    pub beside: bool,
}

/// What an effect takes off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EffectValue {
    /// Per cent of its lines, from 0 to 100, exactly.
    Percent(Ratio),
    /// An amount from 0 on off all its lines together, shared by what the effects before left of them.
    Amount(Dec),
}

/// One line.
#[derive(Clone, Debug)]
pub struct LineInput {
    /// How many; negative on a credit note.
    pub quantity: Dec,
    /// The price of one, not rounded.
    pub unit_price: UnitPrice,
    /// Per cent off, from 0 to 100.
    pub discount_percent: Dec,
    /// The taxes on it, from 0 per cent on.
    pub taxes: Taxes,
}

/// A discount on all lines together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DocumentDiscount {
    /// None.
    #[default]
    None,
    /// Per cent of the sum of the line nets, from 0 to 100.
    Percent(Dec),
    /// An amount, of the sign of the sum of the line nets and no larger. Gross where prices include tax, else net.
    Amount(Dec),
}

/// An amount charged beside the lines. Includes its tax where prices do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Charge {
    /// The amount.
    pub amount: Dec,
    /// The taxes on it, from 0 per cent on.
    pub taxes: Taxes,
}

/// How taxes are calculated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TaxRules {
    /// For each line, or for each tax of the document.
    pub calculation: TaxCalculation,
    /// Prices and charges include tax.
    pub inclusive: bool,
    /// Tax of the base before it is rounded. Only where prices do not include tax: there the payable decides.
    pub unrounded_base: bool,
}

/// Where tax is rounded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TaxCalculation {
    /// On each line.
    #[default]
    PerLine,
    /// On the sum of each tax at its rate; the lines get shares of it.
    PerDocument,
}

/// What comes of a line. All amounts are posted ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LineTotals {
    /// Quantity × unit price.
    pub gross: Dec,
    /// Gross less net.
    pub discount: Dec,
    /// Quantity × unit price × (1 − discount), rounded once.
    pub net: Dec,
    /// The line's share of the document discount.
    pub document_discount: Dec,
    /// What is taxed: net less the share, less the tax itself where prices include it.
    pub tax_base: Dec,
    /// The tax.
    pub tax: Dec,
    /// Base and tax together.
    pub total: Dec,
}

/// What comes of a charge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChargeTotals {
    /// The amount as charged: with its tax where prices include tax.
    pub amount: Dec,
    /// What is taxed.
    pub tax_base: Dec,
    /// The tax.
    pub tax: Dec,
}

/// What comes of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// One for each line, in order.
    pub lines: Vec<LineTotals>,
    /// Sum of the lines.
    pub gross: Dec,
    /// Line discounts.
    pub discount: Dec,
    /// Sum of the lines: gross − discount.
    pub net: Dec,
    /// The document discount: the sum of its shares.
    pub document_discount: Dec,
    /// The shares of each effect of a rule, and behind them of the discount where there is one, by line.
    pub effects: Vec<Vec<Dec>>,
    /// Carriage.
    pub freight: ChargeTotals,
    /// Other charges.
    pub other: ChargeTotals,
    /// All tax, charges included.
    pub tax: Dec,
    /// What is to be paid: net − document discount + freight + other charges, and + tax where prices do not include it.
    pub total: Dec,
    /// What rounding for cash adds.
    pub cash_rounding: Dec,
    /// What is to be paid after it.
    pub payable: Dec,
    /// The taxes, in the order in which they first stand in the document.
    pub taxes: Vec<TaxGroup>,
    /// What each of the taxes on a line comes to, by line.
    pub line_taxes: Vec<Vec<Dec>>,
    /// The taxes on freight and other charges, each with what it comes to.
    pub charge_taxes: Vec<(TaxOn, Dec)>,
}

/// The totals of a document. Errors, at a pointer into the input (`/lines/0/discount_percent`):
/// `document.discount_percent` and `document.tax_percent` out of bounds, `document.discount_too_large`,
/// `value.out_of_range` at the quantity of the line with which an amount or a sum of them leaves what money holds, or at the
/// charge that does.
pub fn document(input: &DocumentInput) -> Result<Totals> {
    let mut totals = lines(input)?;
    totals.gross = sum(&totals, |line| line.gross)?;
    totals.discount = totals.gross.sub(totals.net)?;
    share_effects(input, &input.effects, &mut totals)?;
    share_discount(input, &mut totals)?;
    totals.document_discount = sum(&totals, |line| line.document_discount)?;
    totals.freight.amount = charge(input, &input.freight).map_err(|error| error.under("/freight"))?;
    totals.other.amount = charge(input, &input.other).map_err(|error| error.under("/other_charges"))?;
    tax(input, &mut totals)?;
    let line_total = sum(&totals, |line| line.total)?;
    let charged = Dec::sum(
        [&totals.freight, &totals.other]
            .map(|one| (one.tax_base, one.tax))
            .into_iter()
            .flat_map(|(base, tax)| [base, tax]),
    )?;
    let charge =
        if totals.freight.amount.abs() < totals.other.amount.abs() { "/other_charges" } else { "/freight" };
    totals.total = input.post(line_total.add(charged)?).map_err(|error| error.or_at(charge))?;
    totals.tax = Dec::sum(totals.taxes.iter().map(|group| group.amount))?;
    totals.payable = match input.cash_step {
        Some(step) => totals.total.round_to_multiple(step, Rounding::HalfUp)?,
        None => totals.total,
    };
    totals.cash_rounding = totals.payable.sub(totals.total)?;
    Ok(totals)
}

/// What effects of rules leave of the lines of a document together, or of their mirror image where they come to less than
/// nothing. Errors as [`document`].
pub(super) fn left_by(input: &DocumentInput, effects: &[DocumentEffect]) -> Result<Dec> {
    let mut totals = lines(input)?;
    share_effects(input, effects, &mut totals)?;
    let left = totals.net.sub(sum(&totals, |line| line.document_discount)?)?;
    Ok(if totals.net.is_negative() { left.neg() } else { left })
}

/// The lines by themselves, and the sum of their nets.
fn lines(input: &DocumentInput) -> Result<Totals> {
    let mut totals = Totals::default();
    for (at, line) in input.lines.iter().enumerate() {
        let line = line_totals(input, line).map_err(of_quantity);
        totals.lines.push(line.map_err(|error| error.under(&format!("/lines/{at}")))?);
    }
    totals.net = sum(&totals, |line| line.net)?;
    Ok(totals)
}

/// Gross, discount and net of one line: all that does not depend on the other lines. Errors as [`document`].
pub fn line_totals(input: &DocumentInput, line: &LineInput) -> Result<LineTotals> {
    percent(line.discount_percent, "/discount_percent")?;
    tax_percent(&line.taxes)?;
    let post = |discount| {
        let (scale, rounding) = (input.scale(), input.policy.rounding());
        input.post(line.unit_price.times(line.quantity, discount, scale, rounding)?)
    };
    let gross = post(Dec::ZERO)?;
    let net = post(line.discount_percent)?;
    Ok(LineTotals { gross, discount: gross.sub(net)?, net, ..LineTotals::default() })
}

/// Gives every line its shares of the effects of rules: of those that stand side by side at once.
fn share_effects(input: &DocumentInput, effects: &[DocumentEffect], totals: &mut Totals) -> Result<()> {
    let mut at = 0;
    for beside in effects.chunk_by(|_, next| next.beside) {
        let left = totals.lines.iter().map(|line| line.net.sub(line.document_discount));
        let left = left.collect::<std::result::Result<Vec<Dec>, _>>()?;
        let mut shares = Vec::with_capacity(beside.len());
        for effect in beside {
            shares.push(
                shares_of(input, effect, totals, &left)
                    .map_err(|error| error.at(format!("/effects/{at}")))?,
            );
            at += 1;
        }
        keep_within(input, &mut shares, &left)?;
        for shares in shares {
            put_shares(totals, shares)?;
        }
    }
    Ok(())
}

/// What an effect takes off each line, by what the effects before left of them.
fn shares_of(
    input: &DocumentInput,
    effect: &DocumentEffect,
    totals: &Totals,
    left: &[Dec],
) -> Result<Vec<Dec>> {
    let mine = |of: &dyn Fn(usize, &LineTotals) -> Dec| -> Vec<Dec> {
        let lines = totals.lines.iter().enumerate();
        lines.map(|(at, line)| if effect.lines.contains(&at) { of(at, line) } else { Dec::ZERO }).collect()
    };
    let left = mine(&|at, _| left.get(at).copied().unwrap_or_default());
    match effect.value {
        EffectValue::Percent(value) => {
            percent(value.times(Dec::ONE, 6, Rounding::HalfUp)?, "")?;
            let bases = if effect.running { left } else { mine(&|_, line| line.net) };
            share_percent(input, value, &bases)
        }
        EffectValue::Amount(amount) => {
            if amount.is_negative() {
                let net = Money::new(totals.net, input.currency);
                let amount = Money::new(amount, input.currency);
                return Err(DISCOUNT_TOO_LARGE.error().with("amount", amount).with("net", net));
            }
            // No more than what the lines come to, off those of its sign.
            let net = Dec::sum(left.iter().copied())?;
            let weights = of_sign(&left, !net.is_negative());
            let amount = input.post(amount.min(net.abs()))?;
            let amount = if net.is_negative() { amount.neg() } else { amount };
            input.allocation.share(amount, &weights, input.scale())
        }
    }
}

/// Lets effects that stand side by side take no more off a line than there is: where they would, each takes its part.
fn keep_within(input: &DocumentInput, shares: &mut [Vec<Dec>], left: &[Dec]) -> Result<()> {
    for (at, left) in left.iter().enumerate() {
        let of_line = |share: &Vec<Dec>| share.get(at).copied().unwrap_or_default();
        let turned = |share: Dec| share.signum() != 0 && share.signum() != left.signum();
        let parts =
            shares.iter().map(of_line).map(|share| if turned(share) { Dec::ZERO } else { share.abs() });
        let mut parts: Vec<Dec> = parts.collect();
        if Dec::sum(parts.iter().copied())? > left.abs() {
            parts = Allocation::LargestRemainder.share(left.abs(), &parts, input.scale())?;
        }
        for (shares, part) in shares.iter_mut().zip(parts) {
            if let Some(share) = shares.get_mut(at) {
                *share = if left.is_negative() { part.neg() } else { part };
            }
        }
    }
    Ok(())
}

/// Per cent of amounts of both signs, shared out over them.
fn share_percent(input: &DocumentInput, percent: Ratio, amounts: &[Dec]) -> Result<Vec<Dec>> {
    let parts = Dec::HUNDRED.mul(percent.per())?;
    // INVARIANT: a share is never larger than its amount, also where signs are mixed: each sign has its own.
    let of = |positive: bool| -> Result<Vec<Dec>> {
        let weights = of_sign(amounts, positive);
        let all = Dec::sum(weights.iter().copied())?;
        let amount = all.mul_div(percent.of(), parts, input.scale(), input.policy.rounding())?;
        input.allocation.share(input.post(amount)?, &weights, input.scale())
    };
    let (plus, minus) = (of(true)?, of(false)?);
    let shares = plus.into_iter().zip(minus).map(|(plus, minus)| plus.sub(minus));
    Ok(shares.collect::<std::result::Result<Vec<_>, _>>()?)
}

fn put_shares(totals: &mut Totals, shares: Vec<Dec>) -> Result<()> {
    for (line, share) in totals.lines.iter_mut().zip(&shares) {
        line.document_discount = line.document_discount.add(*share)?;
    }
    totals.effects.push(shares);
    Ok(())
}

/// Gives every line its share of the document discount, on what the effects of rules left.
fn share_discount(input: &DocumentInput, totals: &mut Totals) -> Result<()> {
    let left = |line: &LineTotals| line.net.sub(line.document_discount);
    let nets: Vec<Dec> = totals.lines.iter().map(left).collect::<std::result::Result<_, _>>()?;
    let shares = match input.discount {
        DocumentDiscount::None => return Ok(()),
        DocumentDiscount::Percent(value) => {
            percent(value, "/document_discount_percent")?;
            share_percent(input, Ratio::new(value, Dec::ONE)?, &nets)?
        }
        DocumentDiscount::Amount(amount) => {
            let amount = input.post(amount)?;
            let net = Dec::sum(nets.iter().copied())?;
            let weights = of_sign(&nets, !amount.is_negative());
            let aside = !amount.is_zero() && amount.signum() != net.signum();
            if aside || amount.abs() > net.abs() {
                return Err(DISCOUNT_TOO_LARGE
                    .at("/document_discount_amount")
                    .with("amount", Money::new(amount, input.currency))
                    .with("net", Money::new(net, input.currency)));
            }
            input.allocation.share(amount, &weights, input.scale())?
        }
    };
    put_shares(totals, shares)
}

/// The magnitudes of the amounts of one sign; zero for the others.
fn of_sign(amounts: &[Dec], positive: bool) -> Vec<Dec> {
    let of = |amount: &Dec| if amount.is_negative() == positive { Dec::ZERO } else { amount.abs() };
    amounts.iter().map(of).collect()
}

fn charge(input: &DocumentInput, charge: &Charge) -> Result<Dec> {
    tax_percent(&charge.taxes)?;
    input.post(charge.amount)
}

/// What lines come to together. Errors: `value.out_of_range` at the quantity of the line that takes it beyond what money
/// holds.
fn sum(totals: &Totals, of: fn(&LineTotals) -> Dec) -> Result<Dec> {
    let holds = |sum: Dec| sum.fits(Dec::STORED_DIGITS, RoundingPolicy::EXACT_SCALE);
    let whole = Dec::sum(totals.lines.iter().map(of))?;
    if holds(whole) {
        return Ok(whole);
    }
    let (mut sum, mut at) = (Dec::ZERO, 0);
    for (place, line) in totals.lines.iter().enumerate() {
        sum = sum.add(of(line))?;
        at = place;
        if !holds(sum) {
            break;
        }
    }
    Err(Code::OUT_OF_RANGE.at(format!("/lines/{at}/quantity")).with("value", whole.to_string()))
}

impl DocumentInput {
    /// A document without lines, effects, discount, charges and tax.
    pub fn of(currency: Currency, policy: RoundingPolicy, allocation: Allocation) -> DocumentInput {
        DocumentInput {
            currency,
            policy,
            lines: Vec::new(),
            effects: Vec::new(),
            discount: DocumentDiscount::None,
            allocation,
            freight: Charge::default(),
            other: Charge::default(),
            tax: TaxRules::default(),
            cash_step: None,
        }
    }

    pub(super) fn scale(&self) -> u8 {
        self.policy.scale(self.currency.digits())
    }

    pub(super) fn post(&self, amount: Dec) -> Result<Dec> {
        Ok(self.policy.post(amount, self.currency.digits())?)
    }
}

/// A discount is from 0 to 100 per cent.
fn percent(value: Dec, path: &str) -> Result<()> {
    if value.is_negative() || value > Dec::HUNDRED {
        return Err(DISCOUNT_PERCENT.at(path).with("percent", value.to_string()));
    }
    Ok(())
}

/// A tax is not below zero.
fn tax_percent(taxes: &Taxes) -> Result<()> {
    match taxes.iter().find(|one| one.percent.is_negative()) {
        Some(one) => Err(TAX_PERCENT.at("/tax_percent").with("percent", one.percent.to_string())),
        None => Ok(()),
    }
}

/// What amounts of a document are in the books, at so many of their currency for one of it: each by itself, so that what
/// settles them clears what was booked, and not the amount of the sum (commerce.md 2.10). Errors: `value.out_of_range`.
pub fn booked(amounts: &[Dec], rate: Ratio, scale: u8, rounding: Rounding) -> Result<(Vec<Dec>, Dec)> {
    let each =
        amounts.iter().map(|amount| rate.times(*amount, scale, rounding)).collect::<Result<Vec<_>>>()?;
    let sum = Dec::sum(each.iter().copied())?;
    Ok((each, sum))
}
