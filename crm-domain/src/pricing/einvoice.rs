//! Totals that an electronic invoice by EN 16931 takes as they are: its equalities hold by construction (commerce.md 2.5,
//! M11). Pure.
//!
//! Amounts have the digits of the currency and sums are exact sums of what is shown. Tax is of the sum of each rate, and
//! lines stand without it, also those of prices that hold tax. What is owed stays what it is: where tax was rounded line by
//! line, or bill by bill, the difference is the rounding amount. Names in brackets are the standard's.

use super::error::SEVERAL_TAXES;
use super::totals::{DocumentInput, TaxCalculation, TaxRules, Totals, document};
use crate::settings::Taxes;
use crm_kernel::Record;
use crm_kernel::currency::Currency;
use crm_kernel::dec::{Dec, Rounding};
use crm_kernel::error::Result;
use crm_kernel::money::RoundingPolicy;

/// The totals of an invoice by EN 16931.
#[derive(Clone, Debug, Default, Record)]
#[record(name = "e_invoice")]
pub struct EInvoice {
    /// The lines, in their order.
    pub lines: Vec<NetLine>,
    /// Sum of the line nets (BT-106).
    #[field(money)]
    pub line_total: Dec,
    /// What is taken off the whole, by effect and rate (BG-20).
    pub allowances: Vec<Allowance>,
    /// Sum of the allowances (BT-107).
    #[field(money)]
    pub allowance_total: Dec,
    /// Sum of the charges (BT-108).
    #[field(money)]
    pub charge_total: Dec,
    /// The total without tax (BT-109).
    #[field(money)]
    pub without_tax: Dec,
    /// The tax by rate (BG-23).
    pub breakdown: Vec<TaxLine>,
    /// All tax (BT-110).
    #[field(money)]
    pub tax: Dec,
    /// The total with tax (BT-112).
    #[field(money)]
    pub with_tax: Dec,
    /// What was paid before (BT-113).
    #[field(money)]
    pub paid: Dec,
    /// What rounding adds (BT-114).
    #[field(money)]
    pub rounding: Dec,
    /// What is to be paid (BT-115).
    #[field(money)]
    pub payable: Dec,
}

/// A line of an invoice.
#[derive(Clone, Debug, Record)]
#[record(name = "e_invoice_line")]
pub struct NetLine {
    /// Its net, without tax (BT-131).
    #[field(money)]
    pub net: Dec,
    /// Its rate, per cent (BT-152).
    #[field(percent)]
    pub percent: Dec,
}

/// An allowance on the document at one rate (BG-20).
#[derive(Clone, Debug, Record)]
#[record(name = "e_invoice_allowance")]
pub struct Allowance {
    /// The place of the effect among those of the document, from 0.
    pub effect: i64,
    /// The rate of the lines, per cent (BT-96).
    #[field(percent)]
    pub percent: Dec,
    /// The amount (BT-92).
    #[field(money)]
    pub amount: Dec,
}

/// The tax of one rate (BG-23).
#[derive(Clone, Debug, Record)]
#[record(name = "e_invoice_tax")]
pub struct TaxLine {
    /// Per cent (BT-119).
    #[field(percent)]
    pub percent: Dec,
    /// What is taxed (BT-116).
    #[field(money)]
    pub base: Dec,
    /// The tax (BT-117).
    #[field(money)]
    pub tax: Dec,
}

/// What an invoice is made of: amounts without tax.
#[derive(Clone, Debug)]
pub struct Parts {
    /// Its currency.
    pub currency: Currency,
    /// Its lines.
    pub lines: Vec<NetLine>,
    /// What each effect on the whole takes off the lines, in their order.
    pub effects: Vec<Vec<Dec>>,
    /// What is charged beside them.
    pub charges: Vec<NetLine>,
    /// What is owed for it, whatever was paid before.
    pub owed: Dec,
    /// What was paid before.
    pub paid: Dec,
    /// What is to be paid is rounded to a multiple of this.
    pub cash_step: Option<Dec>,
}

/// The totals of an invoice from its parts. Errors: `value.out_of_range`.
pub fn e_invoice(parts: Parts) -> Result<EInvoice> {
    let digits = parts.currency.digits();
    let post = |amount: Dec| amount.round(digits, Rounding::HalfUp);
    let posted = |line: NetLine| NetLine { net: post(line.net), ..line };
    let lines: Vec<NetLine> = parts.lines.into_iter().map(posted).collect();
    let charges: Vec<NetLine> =
        parts.charges.into_iter().map(posted).filter(|charge| !charge.net.is_zero()).collect();
    // A rate whose lines come to nothing is a rate all the same.
    let mut rates: Vec<Dec> = Vec::new();
    for one in lines.iter().chain(&charges) {
        if !rates.contains(&one.percent) {
            rates.push(one.percent);
        }
    }
    let mut allowances = Vec::new();
    for (effect, shares) in (0_i64..).zip(&parts.effects) {
        for percent in &rates {
            let of_rate = shares.iter().zip(&lines).filter(|(_, line)| line.percent == *percent);
            let amount = Dec::sum(of_rate.map(|(share, _)| post(*share)))?;
            if !amount.is_zero() {
                allowances.push(Allowance { effect, percent: *percent, amount });
            }
        }
    }
    let mut breakdown = Vec::with_capacity(rates.len());
    for percent in rates {
        let here = lines.iter().chain(&charges).filter(|one| one.percent == percent);
        let off = allowances.iter().filter(|one| one.percent == percent);
        let base = Dec::sum(here.map(|one| one.net))?.sub(Dec::sum(off.map(|one| one.amount))?)?;
        let tax = base.mul_div(percent, Dec::HUNDRED, digits, Rounding::HalfUp)?;
        breakdown.push(TaxLine { percent, base, tax });
    }
    let line_total = Dec::sum(lines.iter().map(|line| line.net))?;
    let allowance_total = Dec::sum(allowances.iter().map(|one| one.amount))?;
    let charge_total = Dec::sum(charges.iter().map(|charge| charge.net))?;
    let without_tax = line_total.sub(allowance_total)?.add(charge_total)?;
    let tax = Dec::sum(breakdown.iter().map(|one| one.tax))?;
    let with_tax = without_tax.add(tax)?;
    let open = post(parts.owed.sub(parts.paid)?);
    let payable = match parts.cash_step {
        Some(step) => open.round_to_multiple(step, Rounding::HalfUp)?,
        None => open,
    };
    Ok(EInvoice {
        lines,
        line_total,
        allowances,
        allowance_total,
        charge_total,
        without_tax,
        breakdown,
        tax,
        with_tax,
        paid: parts.paid,
        rounding: payable.sub(with_tax.sub(parts.paid)?)?,
        payable,
    })
}

/// A document calculated for an electronic invoice, and as lines have it; `paid` was paid before. Tax is rounded once for
/// each rate, amounts half up to the digits of the currency, whatever the input says of that. Where prices hold no tax,
/// only cash is rounded. Errors as [`document`]; `document.several_taxes` where one line has several.
pub fn invoiced(input: &DocumentInput, paid: Dec) -> Result<(EInvoice, Totals)> {
    let tax = TaxRules { calculation: TaxCalculation::PerDocument, unrounded_base: false, ..input.tax };
    let mut input = DocumentInput { tax, policy: RoundingPolicy::HalfUp, ..input.clone() };
    let cash_step = input.cash_step.take();
    let mut percents = Vec::with_capacity(input.lines.len());
    for (at, line) in input.lines.iter_mut().enumerate() {
        percents.push(by_rate(&mut line.taxes, || format!("/lines/{at}"))?);
    }
    let mut charged = Vec::with_capacity(2);
    for charge in [&mut input.freight, &mut input.other] {
        if charge.amount.is_zero() {
            charge.taxes = Taxes::default();
        }
        charged.push(by_rate(&mut charge.taxes, || "/charges_tax".to_owned())?);
    }
    let totals = document(&input)?;
    let inclusive = input.tax.inclusive;
    let net = |line: &super::LineTotals| if inclusive { line.tax_base } else { line.net };
    let lines = totals.lines.iter().zip(percents).map(|(line, percent)| NetLine { net: net(line), percent });
    let charges = [&totals.freight, &totals.other].into_iter().zip(charged);
    let parts = Parts {
        currency: input.currency,
        lines: lines.collect(),
        effects: if inclusive { Vec::new() } else { totals.effects.clone() },
        charges: charges.map(|(charge, percent)| NetLine { net: charge.tax_base, percent }).collect(),
        owed: totals.total,
        paid,
        cash_step,
    };
    Ok((e_invoice(parts)?, totals))
}

/// The rate of the one tax on something, which then counts by its rate alone.
fn by_rate(taxes: &mut Taxes, path: impl FnOnce() -> String) -> Result<Dec> {
    let percent = taxes.single().map(|one| one.percent).ok_or_else(|| SEVERAL_TAXES.at(path()))?;
    *taxes = Taxes::rate(percent);
    Ok(percent)
}
