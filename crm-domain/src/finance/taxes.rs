//! The taxes of an invoice, as it was billed and as an electronic invoice by EN 16931 has them (FIN-05, CFG-06,
//! commerce.md 2.5).

use super::invoices::taxes_on_charges;
use super::{Invoice, InvoiceLine};
use crate::pricing::einvoice::{EInvoice, NetLine, Parts, e_invoice};
use crate::pricing::{SEVERAL_TAXES, TaxAnswer, paid_before};
use crate::settings::Taxes;
use crm_kernel::Record;
use crm_kernel::currency::Currency;
use crm_kernel::dec::Dec;
use crm_kernel::error::{Code, Result};
use crm_kernel::id::Ref;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::work::Work;

/// Tells the taxes of an invoice: each with what it is on, as they were billed; or all its totals as an electronic
/// invoice by EN 16931 has them. The customer owes the same either way.
#[derive(Clone, Debug, Record)]
#[record(name = "invoice_taxes")]
pub struct InvoiceTaxes {
    /// The invoice.
    pub invoice: Ref<Invoice>,
    /// True for the totals of an electronic invoice too: refused where a line has several taxes.
    #[field(default = "false")]
    pub en16931: bool,
    /// What was paid of it before, told by the electronic invoice.
    #[field(money)]
    pub paid: Option<Dec>,
}

/// The taxes of an invoice.
#[derive(Clone, Debug, Record)]
#[record(name = "invoice_taxes_answer")]
pub struct InvoiceTaxesAnswer {
    /// The currency of the amounts.
    pub currency: Currency,
    /// Each tax, in the order in which it first stands there.
    pub taxes: Vec<TaxAnswer>,
    /// All tax.
    #[field(money)]
    pub tax: Dec,
    /// What the customer owes for the invoice.
    #[field(money)]
    pub total: Dec,
    /// The totals of an electronic invoice, where they were asked for. What they add up to and what is owed differ by
    /// `rounding`, where tax was rounded on every line or the order is billed in parts.
    pub e_invoice: Option<EInvoice>,
}

/// What an invoice bills with its taxes.
struct Billed {
    /// What is taxed.
    base: Dec,
    /// What was taken off it together with others, where it stands without tax.
    off: Dec,
    taxes: Taxes,
    /// What each comes to.
    amounts: Vec<Dec>,
}

impl Operation for InvoiceTaxes {
    const NAME: &'static str = "invoice.taxes";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::Right { kind: "invoice", verb: "read" };
    const ERRORS: &'static [Code] = &[SEVERAL_TAXES];
    const CAPABILITIES: &'static [&'static str] = &["FIN-05", "CFG-06"];
    const EXAMPLE: &'static str = r#"{"invoice":"$invoice","en16931":true}"#;
    type Answer = InvoiceTaxesAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<InvoiceTaxesAnswer> {
        let invoice = work.find(self.invoice).map_err(|error| error.at("/invoice"))?;
        let lines = invoice.lines.iter().map(|line| of_line(line)).collect::<Result<Vec<Billed>>>()?;
        let charges = of_charges(&invoice)?;
        let mut taxes: Vec<TaxAnswer> = Vec::new();
        for one in lines.iter().chain([&charges]) {
            one.tell(&mut taxes)?;
        }
        taxes.retain(|one| !one.base.is_zero() || !one.tax.is_zero());
        let e_invoice = match self.en16931 {
            true => {
                let net = |one: &Billed, path: String| match one.taxes.single() {
                    Some(on) => Ok(NetLine { net: one.base.add(one.off)?, percent: on.percent }),
                    None => Err(SEVERAL_TAXES.at(path)),
                };
                let of_line = |(at, line): (usize, &Billed)| net(line, format!("/lines/{at}"));
                Some(e_invoice(Parts {
                    currency: invoice.currency,
                    lines: lines.iter().enumerate().map(of_line).collect::<Result<_>>()?,
                    effects: vec![lines.iter().map(|line| line.off).collect()],
                    charges: vec![net(&charges, "/charges_taxes".to_owned())?],
                    owed: invoice.total,
                    paid: paid_before(self.paid, invoice.currency)?,
                    cash_step: None,
                })?)
            }
            false => None,
        };
        Ok(InvoiceTaxesAnswer {
            currency: invoice.currency,
            taxes,
            tax: invoice.tax,
            total: invoice.total,
            e_invoice,
        })
    }
}

/// A line without its tax and its part of what is taken off the whole.
fn of_line(line: &InvoiceLine) -> Result<Billed> {
    let taxes = Taxes::read(line.tax, line.tax_percent, line.tax_parts.as_ref())?;
    let amounts = match taxes.single() {
        Some(_) => vec![line.tax_amount],
        None => Taxes::amounts(line.tax_parts.as_ref()),
    };
    // With prices that hold the tax the total is what they come to, else tax was put on top of it; what was taken off a
    // price with its tax is no allowance without it.
    let base = line.total.sub(line.tax_amount)?;
    let on_top = line.net.sub(line.document_discount)? == base;
    Ok(Billed { base, off: if on_top { line.document_discount } else { Dec::ZERO }, taxes, amounts })
}

/// Freight and other charges, with the taxes that were billed on them.
fn of_charges(invoice: &Invoice) -> Result<Billed> {
    let charged = invoice.freight.add(invoice.other_charges)?;
    let of_lines = invoice.lines.iter().map(|line| line.tax_amount);
    let amounts = taxes_on_charges(invoice.charges_taxes.as_ref(), invoice.tax, of_lines)?;
    let tax = Dec::sum(amounts.iter().copied())?;
    let on_top = invoice.total.sub(Dec::sum(invoice.lines.iter().map(|line| line.total))?)? != charged;
    Ok(Billed {
        base: if on_top { charged } else { charged.sub(tax)? },
        off: Dec::ZERO,
        taxes: Taxes::read(None, Dec::ZERO, invoice.charges_taxes.as_ref())?,
        amounts,
    })
}

impl Billed {
    /// Adds its taxes to those told.
    fn tell(&self, told: &mut Vec<TaxAnswer>) -> Result<()> {
        let mut before = Dec::ZERO;
        for (on, amount) in self.taxes.iter().zip(&self.amounts) {
            let base = if on.on_taxes { self.base.add(before)? } else { self.base };
            before = before.add(*amount)?;
            match told.iter_mut().find(|one| (one.of, one.percent) == (on.tax, on.percent)) {
                Some(one) => (one.base, one.tax) = (one.base.add(base)?, one.tax.add(*amount)?),
                None => told.push(TaxAnswer { of: on.tax, percent: on.percent, base, tax: *amount }),
            }
        }
        Ok(())
    }
}
