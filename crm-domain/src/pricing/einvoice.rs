//! Totals that an electronic invoice by EN 16931 takes as they are: its equalities hold by construction (commerce.md 2.5,
//! M11). Pure.
//!
//! Lines are rounded, sums are exact sums of what is shown, and tax is of the rounded base of each rate: per document,
//! prices without tax, half up, cents of the currency. Names in brackets are the standard's.

use super::totals::{ChargeTotals, DocumentInput, TaxCalculation, TaxRules, Totals, document};
use crm_kernel::dec::Dec;
use crm_kernel::error::Result;
use crm_kernel::money::RoundingPolicy;

/// The totals of an invoice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EInvoice {
    /// Sum of the line nets (BT-106).
    pub line_total: Dec,
    /// What is taken off the document (BT-107), by effect and rate (BT-92).
    pub allowances: Vec<Allowance>,
    /// Sum of the allowances (BT-107).
    pub allowance_total: Dec,
    /// Sum of the charges (BT-108).
    pub charge_total: Dec,
    /// The total without tax (BT-109).
    pub without_tax: Dec,
    /// The tax by rate (BG-23).
    pub breakdown: Vec<TaxLine>,
    /// All tax (BT-110).
    pub tax: Dec,
    /// The total with tax (BT-112).
    pub with_tax: Dec,
    /// What was paid before (BT-113).
    pub paid: Dec,
    /// What rounding adds (BT-114).
    pub rounding: Dec,
    /// What is to be paid (BT-115).
    pub payable: Dec,
}

/// An allowance on the document at one rate (BG-20).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// The place of the effect in [`Totals::effects`].
    pub effect: usize,
    /// The rate of the lines, per cent.
    pub percent: Dec,
    /// The amount (BT-92).
    pub amount: Dec,
}

/// The tax of one rate (BG-23).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaxLine {
    /// Per cent (BT-119).
    pub percent: Dec,
    /// What is taxed (BT-116).
    pub base: Dec,
    /// The tax (BT-117).
    pub tax: Dec,
}

/// The totals of a document as an electronic invoice has them, and as lines have them; `paid` was paid before. What the
/// input says of taxes and rounding does not count. Errors as [`document`].
pub fn e_invoice(input: &DocumentInput, paid: Dec) -> Result<(EInvoice, Totals)> {
    let tax = TaxRules { calculation: TaxCalculation::PerDocument, inclusive: false, unrounded_base: false };
    let input = DocumentInput { tax, policy: RoundingPolicy::HalfUp, ..input.clone() };
    let totals = document(&DocumentInput { cash_step: None, ..input.clone() })?;
    let mut invoice = EInvoice {
        line_total: totals.net,
        allowance_total: totals.document_discount,
        charge_total: charge(&totals.freight).add(charge(&totals.other))?,
        tax: totals.tax,
        paid,
        ..EInvoice::default()
    };
    // A rate whose lines come to nothing is a rate all the same.
    let mut rates: Vec<Dec> = Vec::new();
    let charges = [&input.freight, &input.other].into_iter().filter(|charge| !charge.amount.is_zero());
    let percents =
        input.lines.iter().map(|line| line.tax_percent).chain(charges.map(|charge| charge.tax_percent));
    for percent in percents {
        if !rates.contains(&percent) {
            rates.push(percent);
        }
    }
    for (effect, shares) in totals.effects.iter().enumerate() {
        for percent in &rates {
            let of_rate = shares.iter().zip(&input.lines).filter(|(_, line)| line.tax_percent == *percent);
            let amount = Dec::sum(of_rate.map(|(share, _)| *share))?;
            if !amount.is_zero() {
                invoice.allowances.push(Allowance { effect, percent: *percent, amount });
            }
        }
    }
    let line = |percent: Dec| {
        let group = totals.taxes.iter().find(|group| group.percent == percent);
        TaxLine {
            percent,
            base: group.map_or(Dec::ZERO, |group| group.base),
            tax: group.map_or(Dec::ZERO, |group| group.tax),
        }
    };
    invoice.breakdown = rates.into_iter().map(line).collect();
    invoice.without_tax = invoice.line_total.sub(invoice.allowance_total)?.add(invoice.charge_total)?;
    invoice.with_tax = invoice.without_tax.add(invoice.tax)?;
    let open = invoice.with_tax.sub(paid)?;
    invoice.payable = match input.cash_step {
        Some(step) => open.round_to_multiple(step, crm_kernel::dec::Rounding::HalfUp)?,
        None => open,
    };
    invoice.rounding = invoice.payable.sub(open)?;
    Ok((invoice, totals))
}

fn charge(charge: &ChargeTotals) -> Dec {
    charge.amount
}
