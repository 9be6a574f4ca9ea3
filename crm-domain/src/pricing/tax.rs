//! The taxes of a document: rounded on every line and charge, or once for each tax of the document. Pure.
//!
//! Several taxes on one line are each rounded by themselves, from what the line comes to: none is worked out from another
//! that was rounded. In a price that holds them, what is left of it is the base (commerce.md 2.5).

use super::allocation::Allocation;
use super::totals::{DocumentInput, TaxCalculation, Totals};
use crate::settings::{Tax, TaxOn, Taxes};
use crm_kernel::dec::{Dec, Rounding};
use crm_kernel::error::Result;
use crm_kernel::id::Ref;
use crm_kernel::money::RoundingPolicy;

/// One tax of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaxGroup {
    /// Which; none where only its rate is known.
    pub tax: Option<Ref<Tax>>,
    /// Per cent.
    pub percent: Dec,
    /// What is taxed at it: lines and charges, with the taxes before it where it is of them too.
    pub base: Dec,
    /// The tax.
    pub amount: Dec,
}

/// Decimals of what taxes of different proportions come to before their sum is rounded.
const EXACT_SCALE: u8 = 20;
/// Decimals of the weights by which such a sum is shared out.
const WEIGHT_SCALE: u8 = 8;

/// What each of the taxes on an amount comes to, where it is a line by itself and they are put on top of it. Errors:
/// `value.out_of_range`.
pub fn taxes_on(taxes: &Taxes, amount: Dec, policy: RoundingPolicy, digits: u8) -> Result<Vec<Dec>> {
    let each = taxes.effective()?.into_iter().map(|percent| {
        let exact = amount.mul_div(percent, Dec::HUNDRED, policy.scale(digits), policy.rounding())?;
        Ok(policy.post(exact, digits)?)
    });
    each.collect()
}

/// One thing that is taxed: a line, or a charge.
struct Taxed<'i> {
    /// Net of discounts; with tax where prices include it.
    amount: Dec,
    /// The same before rounding.
    unrounded: Dec,
    taxes: &'i Taxes,
    /// What each of its taxes comes to.
    found: Vec<Dec>,
}

/// One tax on one thing.
struct Portion {
    /// The place of the thing.
    at: usize,
    /// The place of the tax on it.
    part: usize,
    on: TaxOn,
    /// So many parts of `whole` of what the thing comes to are the tax.
    ratio: (Dec, Dec),
}

/// Fills the taxes of a document whose lines have their shares of what is taken off it. Errors: `value.out_of_range`.
pub(super) fn tax(input: &DocumentInput, totals: &mut Totals) -> Result<()> {
    let mut taxed = Vec::with_capacity(totals.lines.len() + 2);
    for (line, given) in totals.lines.iter().zip(&input.lines) {
        let amount = line.net.sub(line.document_discount)?;
        let unrounded = match input.tax.unrounded_base {
            // Twenty decimals hold every exact net that a price of a line can give; the share is a posted amount.
            true => given
                .unit_price
                .times(given.quantity, given.discount_percent, EXACT_SCALE, Rounding::HalfUp)?
                .sub(line.document_discount)?,
            false => amount,
        };
        taxed.push(Taxed { amount, unrounded, taxes: &given.taxes, found: Vec::new() });
    }
    for (charge, given) in [(&totals.freight, &input.freight), (&totals.other, &input.other)] {
        let unrounded = if input.tax.unrounded_base { given.amount } else { charge.amount };
        taxed.push(Taxed { amount: charge.amount, unrounded, taxes: &given.taxes, found: Vec::new() });
    }
    let groups = grouped(input, &mut taxed)?;
    if input.tax.calculation == TaxCalculation::PerDocument {
        for group in &groups {
            by_document(input, &mut taxed, group)?;
        }
    } else {
        for portion in groups.iter().flatten() {
            let of = taxed.get(portion.at).map_or(Dec::ZERO, |one| one.of(input));
            let tax =
                input.part_of(of, portion.ratio).map_err(|error| error.or_at(place(input, portion.at)))?;
            put(&mut taxed, portion, tax);
        }
    }
    totals.taxes = told(input, &taxed, &groups)?;
    let mut taxed = taxed.into_iter();
    for (line, one) in totals.lines.iter_mut().zip(taxed.by_ref()) {
        (line.tax_base, line.tax) = (one.base(input)?, one.tax()?);
        line.total = line.tax_base.add(line.tax)?;
        totals.line_taxes.push(one.found);
    }
    for (charge, one) in [&mut totals.freight, &mut totals.other].into_iter().zip(taxed) {
        (charge.tax_base, charge.tax) = (one.base(input)?, one.tax()?);
        for (on, amount) in one.taxes.iter().zip(&one.found) {
            match totals.charge_taxes.iter_mut().find(|(known, _)| known == on) {
                Some((_, sum)) => *sum = sum.add(*amount)?,
                None => totals.charge_taxes.push((*on, *amount)),
            }
        }
    }
    Ok(())
}

/// The place in the input of what is taxed.
fn place(input: &DocumentInput, at: usize) -> String {
    match at.checked_sub(input.lines.len()) {
        None => format!("/lines/{at}/quantity"),
        Some(0) => "/freight".to_owned(),
        Some(_) => "/other_charges".to_owned(),
    }
}

impl Taxed<'_> {
    /// What its taxes are worked out from.
    fn of(&self, input: &DocumentInput) -> Dec {
        if input.tax.inclusive { self.amount } else { self.unrounded }
    }

    fn tax(&self) -> Result<Dec> {
        Ok(Dec::sum(self.found.iter().copied())?)
    }

    /// What it comes to without its taxes.
    fn base(&self, input: &DocumentInput) -> Result<Dec> {
        if input.tax.inclusive { Ok(self.amount.sub(self.tax()?)?) } else { Ok(self.amount) }
    }
}

impl DocumentInput {
    /// A tax that is some parts of an amount.
    fn part_of(&self, amount: Dec, (parts, whole): (Dec, Dec)) -> Result<Dec> {
        self.post(amount.mul_div(parts, whole, self.scale(), self.policy.rounding())?)
    }
}

fn put(taxed: &mut [Taxed<'_>], portion: &Portion, tax: Dec) {
    if let Some(found) = taxed.get_mut(portion.at).and_then(|one| one.found.get_mut(portion.part)) {
        *found = tax;
    }
}

/// The taxes of a document with what each is on, in the order in which they first stand there. A tax at two rates is two.
fn grouped(input: &DocumentInput, taxed: &mut [Taxed<'_>]) -> Result<Vec<Vec<Portion>>> {
    let mut groups: Vec<Vec<Portion>> = Vec::new();
    for (at, one) in taxed.iter_mut().enumerate() {
        let effective = one.taxes.effective()?;
        let whole = match input.tax.inclusive {
            true => Dec::HUNDRED.add(Dec::sum(effective.iter().copied())?)?,
            false => Dec::HUNDRED,
        };
        one.found = vec![Dec::ZERO; effective.len()];
        for (part, (on, percent)) in one.taxes.iter().zip(effective).enumerate() {
            let portion = Portion { at, part, on: *on, ratio: (percent, whole) };
            let same = |group: &&mut Vec<Portion>| {
                group.first().is_some_and(|first| (first.on.tax, first.on.percent) == (on.tax, on.percent))
            };
            match groups.iter_mut().find(same) {
                Some(group) => group.push(portion),
                None => groups.push(vec![portion]),
            }
        }
    }
    Ok(groups)
}

/// The tax of all that it is on, rounded once and shared out to it.
fn by_document(input: &DocumentInput, taxed: &mut [Taxed<'_>], group: &[Portion]) -> Result<()> {
    let mut sums: Vec<((Dec, Dec), Dec)> = Vec::new();
    let mut weights = Vec::with_capacity(group.len());
    for portion in group {
        let Some(one) = taxed.get(portion.at) else { continue };
        weights.push(one.amount);
        match sums.iter_mut().find(|(ratio, _)| *ratio == portion.ratio) {
            Some((_, sum)) => *sum = sum.add(one.of(input))?,
            None => sums.push((portion.ratio, one.of(input))),
        }
    }
    let tax = match sums.as_slice() {
        [(ratio, sum)] => input.part_of(*sum, *ratio)?,
        several => {
            // In other company the same tax is another part of an amount: the sum of them all is rounded.
            let exact = several
                .iter()
                .map(|((parts, whole), sum)| sum.mul_div(*parts, *whole, EXACT_SCALE, Rounding::HalfUp));
            let exact = Dec::sum(exact.collect::<std::result::Result<Vec<_>, _>>()?)?;
            for (weight, portion) in weights.iter_mut().zip(group) {
                let (parts, whole) = portion.ratio;
                *weight = weight.mul_div(parts, whole, WEIGHT_SCALE, Rounding::HalfUp)?;
            }
            input.post(exact.round(input.scale(), input.policy.rounding()))?
        }
    };
    let own = |portion: &Portion| {
        input.part_of(taxed.get(portion.at).map_or(Dec::ZERO, |one| one.amount), portion.ratio)
    };
    let shares = share(input, tax, &weights, || group.iter().map(own).collect())?;
    for (portion, share) in group.iter().zip(shares) {
        put(taxed, portion, share);
    }
    Ok(())
}

/// Shares of a tax by what it is on: largest remainder. `own` gives what each would come to by itself.
fn share(
    input: &DocumentInput,
    tax: Dec,
    amounts: &[Dec],
    own: impl FnOnce() -> Result<Vec<Dec>>,
) -> Result<Vec<Dec>> {
    let positive = !amounts.iter().any(|amount| amount.is_negative());
    let negative = !amounts.iter().any(|amount| amount.is_positive());
    if positive || negative {
        let weights: Vec<Dec> = amounts.iter().map(|amount| amount.abs()).collect();
        // Bases that all round to zero may still have a tax together, where tax is of unrounded bases.
        let nothing = weights.iter().all(|weight| weight.is_zero());
        let weights = if nothing { vec![Dec::ONE; amounts.len()] } else { weights };
        return Allocation::LargestRemainder.share(tax, &weights, input.scale());
    }
    // Signs are mixed, so shares of the sum would be out of all proportion: each has its own tax, and the units that
    // the sum has more or less go to the largest amounts, one each, earlier ones first among equals.
    let mut shares = own()?;
    let mut left = tax.sub(Dec::sum(shares.iter().copied())?)?;
    let unit = Dec::new(1, input.scale())?;
    let mut order: Vec<usize> = (0..amounts.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(amounts.get(*at).map(|amount| amount.abs())));
    for at in order.into_iter().cycle() {
        if left.is_zero() {
            break;
        }
        let step = if left.is_negative() { unit.neg() } else { unit };
        if let Some(share) = shares.get_mut(at) {
            *share = share.add(step)?;
            left = left.sub(step)?;
        }
    }
    Ok(shares)
}

/// What each tax of the document comes to.
fn told(input: &DocumentInput, taxed: &[Taxed<'_>], groups: &[Vec<Portion>]) -> Result<Vec<TaxGroup>> {
    let mut found = Vec::with_capacity(groups.len());
    for group in groups {
        let Some(on) = group.first().map(|first| first.on) else { continue };
        let (mut base, mut amount) = (Dec::ZERO, Dec::ZERO);
        for portion in group {
            let Some(one) = taxed.get(portion.at) else { continue };
            base = base.add(one.base(input)?)?;
            if portion.on.on_taxes {
                base = base.add(Dec::sum(one.found.iter().take(portion.part).copied())?)?;
            }
            amount = amount.add(one.found.get(portion.part).copied().unwrap_or_default())?;
        }
        if !base.is_zero() || !amount.is_zero() {
            found.push(TaxGroup { tax: on.tax, percent: on.percent, base, amount });
        }
    }
    Ok(found)
}
