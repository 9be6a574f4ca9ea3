//! Free goods follow the line that they come with (PRD-04): more of it gives more, less gives less, and without it there
//! are none. They are lines of their own at no price. A line whose price somebody set by hand has none: what was agreed
//! on it replaces what the rules give.

use super::LINE_FREE;
use super::document::{DocumentLine, NewLine, fill_unpriced};
use crate::catalog::RETIRED;
use crate::pricing::{FreeLine, FreeTerms, Terms, free_left_out};
use crate::settings::TaxRates;
use crm_kernel::dec::Dec;
use crm_kernel::error::{Code, Error, Result};
use crm_kernel::record::{FieldRole, Line, Lines};
use crm_kernel::value::Row;
use crm_kernel::work::Work;

/// A line that is changed for itself. Errors: `line.free` with the line and the one that it comes with.
pub fn not_free<L: DocumentLine + Clone>(line: &Line<L>) -> Result<()> {
    match *line.line.clone().priced().free_of {
        Some(of) => Err(LINE_FREE.at("/line").with("line", line.no).with("of", of)),
        None => Ok(()),
    }
}

/// The largest number that a line of a record ever had.
pub fn counter(work: &Work<'_>, kind: u32, row: &Row) -> Result<i64> {
    let catalogue = work.catalogue();
    let counter = catalogue.get(kind)?.role(FieldRole::LineCounter);
    let counter = counter.ok_or_else(|| Error::internal("a document without lines"))?;
    Ok(row.at(counter).as_dec().and_then(|last| last.to_i64_at(0).ok()).unwrap_or(0))
}

/// Takes the free goods of a line out; what of them was part of its quantity goes back there.
pub fn take_free<L: DocumentLine>(lines: &mut Lines<L>, no: i64) -> Result<Vec<Line<L>>> {
    let (mut taken, mut rest) = (Vec::new(), Vec::new());
    for mut line in std::mem::take(&mut **lines) {
        let free = *line.line.priced().free_of == Some(no);
        if free { taken.push(line) } else { rest.push(line) }
    }
    **lines = rest;
    let mut included = Dec::ZERO;
    for line in &mut taken {
        let fields = line.line.priced();
        if FreeTerms::read(fields.derivation.as_ref()).included {
            included = included.add(*fields.quantity)?;
        }
    }
    if let Some(line) = lines.by_no_mut(no) {
        let quantity = line.line.priced().quantity;
        *quantity = quantity.add(included)?;
    }
    Ok(taken)
}

/// Puts free goods back that were taken out, as they were.
pub fn put_back<L>(lines: &mut Lines<L>, taken: Vec<Line<L>>) {
    (**lines).extend(taken);
    lines.sort_by_key(|line| line.no);
}

/// Gives a line the free goods that were found for all of its quantity. Those that are among the ones of `before`, which
/// were taken out, keep their numbers; others get numbers above `counter` and all that are there. A product that is not
/// sold any more is left out, which the derivation of the line tells. Errors: those of reading, `value.out_of_range`.
pub fn put_free<L: DocumentLine>(
    work: &mut Work<'_>,
    terms: &Terms,
    lines: &mut Lines<L>,
    no: i64,
    found: Vec<FreeLine>,
    before: &mut Vec<Line<L>>,
    counter: i64,
) -> Result<()> {
    for mut free in found {
        if let (Some(_), Some(parent)) = (free.included, lines.by_no_mut(no)) {
            free.unit = *parent.line.priced().unit;
        }
        let mut line: L = match free_line(work, terms, &free, no) {
            Ok(line) => line,
            Err(error) if [RETIRED, Code::DANGLING].contains(&error.code()) => {
                let why = if error.code() == RETIRED { "retired" } else { "gone" };
                if let Some(line) = lines.by_no_mut(no) {
                    free_left_out(line.line.priced().derivation, &free, why);
                }
                continue;
            }
            Err(error) => return Err(error),
        };
        if let (Some(included), Some(parent)) = (free.included, lines.by_no_mut(no)) {
            let quantity = parent.line.priced().quantity;
            *quantity = quantity.sub(included)?;
        }
        let same = |known: &mut Line<L>| {
            let fields = known.line.priced();
            *fields.free_of == Some(no)
                && fields.product == free.product
                && *fields.price_rule == Some(free.rule)
        };
        let (number, custom) = match before.iter_mut().position(same) {
            Some(at) => {
                let known = before.remove(at);
                (known.no, known.custom)
            }
            None => (
                lines.iter().chain(before.iter()).map(|line| line.no).fold(counter, i64::max) + 1,
                Vec::new(),
            ),
        };
        *line.priced().free_of = Some(no);
        (**lines).push(Line { no: number, line, custom });
    }
    lines.sort_by_key(|line| line.no);
    Ok(())
}

/// The line of free goods.
fn free_line<L: DocumentLine>(work: &mut Work<'_>, terms: &Terms, free: &FreeLine, of: i64) -> Result<L> {
    let mut line = L::blank(&NewLine {
        product: free.product,
        quantity: free.included.unwrap_or(free.free),
        unit: free.unit,
        description: None,
        unit_price: None,
        price_reason: None,
        discount_percent: None,
        tax: None,
    });
    work.system(|work| fill_unpriced(work, terms, &mut line, &mut TaxRates::new(terms.date)))?;
    let fields = line.priced();
    *fields.unit_price = Dec::ZERO;
    *fields.price_rule = Some(free.rule);
    let terms = FreeTerms {
        included: free.included.is_some(),
        step: free.step,
        value: free.value,
        per: free.per,
        returns: free.returns,
    };
    *fields.derivation = Some(terms.write(free.rule, &free.code, of).into());
    Ok(line)
}
