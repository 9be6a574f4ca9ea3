//! The lines of a draft.

use super::{OrderAnswer, answer, guard_of_whole, price_terms, retotal};
use crate::ordering::life::give_back;
use crate::ordering::quoted::{put_effects, put_free};
use crate::ordering::rules::changeable;
use crate::ordering::{NO_LINE, NOT_DRAFT, Order, OrderLine, QUOTED_LINE};
use crate::pricing;
use crate::quoting::{
    self, LINE_FREE, LINE_QUANTITY, LookUp, NewLine, OVER_QUOTED, beyond_range, change_line, counter,
    edit_line, guard_rules, guard_step, new_lines, not_free, put_back, standing, take_free,
};
use crate::settings;
use crm_kernel::error::{Code, Error, Result};
use crm_kernel::id::Ref;
use crm_kernel::json::Json;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::record::{Line, Record as _};
use crm_kernel::work::{Stored, Work};
use crm_kernel::{Record, codes};

/// Adds a line to a draft and prices it.
#[derive(Clone, Debug, Record)]
#[record(name = "order_add_line")]
pub struct AddLine {
    /// The order.
    pub order: Ref<Order>,
    /// The version that the caller read.
    pub version: Option<i64>,
    /// The line.
    #[field(flatten)]
    pub line: NewLine,
}

const LINE_ERRORS: &[Code] = codes!(
    pricing::REFUSALS,
    &[
        NOT_DRAFT,
        NO_LINE,
        LINE_FREE,
        QUOTED_LINE,
        LINE_QUANTITY,
        OVER_QUOTED,
        settings::NO_TAX_RATE,
        pricing::MANUAL_PRICE,
        pricing::BEYOND_AUTHORITY,
        pricing::BELOW_FLOOR,
        pricing::DISCOUNT_PERCENT,
        pricing::DISCOUNT_TOO_LARGE,
    ]
);

impl Operation for AddLine {
    const NAME: &'static str = "order.add_line";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "order", verb: "update" };
    const ERRORS: &'static [Code] = LINE_ERRORS;
    const CAPABILITIES: &'static [&'static str] = &["ORD-01"];
    const EXAMPLE: &'static str = r#"{"order":"$draft_order","product":"$product","quantity":"1"}"#;
    type Answer = OrderAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<OrderAnswer> {
        let mut order = draft(work, self.order, self.version)?;
        let terms = price_terms(work, &order)?;
        let counter = counter(work, Order::NO, &order.row)?;
        let lines = new_lines::<OrderLine>(work, &terms, &[self.line], LookUp::WhereNeeded, counter);
        let before = order.lines.clone();
        put_back(&mut order.lines, lines.map_err(quoting::one_line)?.to_vec());
        retotal(work, &mut order).map_err(|error| beyond_range(error, "/quantity"))?;
        let new = |line: &Line<OrderLine>| line.no > counter;
        guard_rules(work, &terms, &before, &mut order.lines, new).map_err(|error| error.at("/unit_price"))?;
        guard_of_whole(work, &mut order, new).map_err(|error| error.at("/discount_percent"))?;
        work.save(&mut order)?;
        Ok(answer(order.row))
    }
}

/// Changes a line of a draft: quantity, unit, price, discount, tax, description, and fields made at run time. A new
/// quantity or unit prices the line anew, unless its price was set by hand; so does a discount that comes or goes where the
/// strategy has a level for it. Of a line that follows from a quote only quantity and description change; the quantity is
/// taken from the quote or given back at once.
#[derive(Clone, Debug, Record)]
#[record(name = "order_change_line")]
pub struct ChangeLine {
    /// The order.
    pub order: Ref<Order>,
    /// The version that the caller read.
    pub version: Option<i64>,
    /// The line's number.
    pub line: i64,
    /// New values by field name; null empties a field. A `unit_price` is a price set by hand.
    pub values: Json,
    /// Why the price is set by hand.
    pub price_reason: Option<String>,
}

impl Operation for ChangeLine {
    const NAME: &'static str = "order.change_line";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "order", verb: "update" };
    const ERRORS: &'static [Code] = LINE_ERRORS;
    const CAPABILITIES: &'static [&'static str] = &["ORD-01"];
    const EXAMPLE: &'static str = r#"{"order":"$draft_order","line":1,"values":{"quantity":"3"}}"#;
    type Answer = OrderAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<OrderAnswer> {
        let mut order = draft(work, self.order, self.version)?;
        let before = order.lines.by_no(self.line).ok_or_else(|| no_line(self.line))?.clone();
        not_free(&before)?;
        let lines = order.lines.clone();
        let terms = price_terms(work, &order)?;
        let stood = standing(work, &terms, &*order, &lines)?;
        let mut answers = false;
        if before.quote_line.is_some() {
            let line = edit_line(work, &before, &self.values)?;
            as_quoted(work, &mut order, &before, line)?;
        } else {
            let reason = self.price_reason.as_deref();
            let counter = counter(work, Order::NO, &order.row)?;
            answers = change_line(work, &terms, &mut order.lines, &before, &self.values, reason, counter)?;
        }
        retotal(work, &mut order).map_err(|error| beyond_range(error, "/values/quantity"))?;
        let changed = |line: &Line<OrderLine>| line.no == self.line && answers;
        guard_rules(work, &terms, &lines, &mut order.lines, changed)
            .map_err(|error| error.at("/values/unit_price"))?;
        guard_of_whole(work, &mut order, changed).map_err(|error| error.at("/values/discount_percent"))?;
        let stands = standing(work, &terms, &*order, &order.lines)?;
        guard_step(&stood, stands).map_err(|error| error.at("/values"))?;
        work.save(&mut order)?;
        Ok(answer(order.row))
    }
}

/// A line of a quote keeps what was frozen there; a new quantity is taken from the quote, or given back, and with it its
/// part of what rules took off. Errors: `order.quoted_line`, `quote.over_quantity`.
fn as_quoted(
    work: &mut Work<'_>,
    order: &mut Stored<Order>,
    before: &Line<OrderLine>,
    after: Line<OrderLine>,
) -> Result<()> {
    let same = (before.unit, before.unit_price, before.discount_percent, before.tax)
        == (after.unit, after.unit_price, after.discount_percent, after.tax);
    if !same {
        return Err(QUOTED_LINE.at("/values").with("line", before.no));
    }
    let more = after.quantity.sub(before.quantity)?;
    let place = order.lines.iter().position(|line| line.no == before.no);
    if let Some(place) = order.lines.by_no_mut(before.no) {
        *place = after;
    }
    let (Some(version), Some(no), Some(place)) = (order.quote_version, before.quote_line, place) else {
        return Ok(());
    };
    if more.is_zero() {
        return Ok(());
    }
    let mut version = work.system(|work| work.find(version))?;
    quoting::take(work, &mut version, &[(no, more)]).map_err(|error| error.at("/values/quantity"))?;
    let own = order.id;
    put_effects(work, &version, Some(own), &mut order.lines, &[place])?;
    let counter = counter(work, Order::NO, &order.row)?;
    put_free(work, &mut version, &mut order.lines, counter)
}

/// Takes a line out of a draft; what it took of a quote is given back. Its number is not used again.
#[derive(Clone, Debug, Record)]
#[record(name = "order_remove_line")]
pub struct RemoveLine {
    /// The order.
    pub order: Ref<Order>,
    /// The version that the caller read.
    pub version: Option<i64>,
    /// The line's number.
    pub line: i64,
}

impl Operation for RemoveLine {
    const NAME: &'static str = "order.remove_line";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "order", verb: "update" };
    const ERRORS: &'static [Code] = codes!(
        pricing::REFUSALS,
        &[
            NOT_DRAFT,
            NO_LINE,
            LINE_FREE,
            pricing::BEYOND_AUTHORITY,
            pricing::BELOW_FLOOR,
            pricing::DISCOUNT_TOO_LARGE,
        ]
    );
    const CAPABILITIES: &'static [&'static str] = &["ORD-01"];
    const EXAMPLE: &'static str = r#"{"order":"$draft_order","line":2}"#;
    type Answer = OrderAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<OrderAnswer> {
        let mut order = draft(work, self.order, self.version)?;
        not_free(order.lines.by_no(self.line).ok_or_else(|| no_line(self.line))?)?;
        let terms = price_terms(work, &order)?;
        let before = standing(work, &terms, &*order, &order.lines)?;
        let counter = counter(work, Order::NO, &order.row)?;
        let line = order.lines.take(self.line).ok_or_else(|| no_line(self.line))?;
        let of_quote = line.quote_line.and(order.quote_version);
        give_back(work, &order, &[line])?;
        match of_quote {
            Some(version) => {
                let mut version = work.system(|work| work.find(version))?;
                put_free(work, &mut version, &mut order.lines, counter)?;
            }
            None => drop(take_free(&mut order.lines, self.line)?),
        }
        retotal(work, &mut order)?;
        let after = standing(work, &terms, &*order, &order.lines)?;
        guard_step(&before, after).map_err(|error| error.at("/line"))?;
        work.save(&mut order)?;
        Ok(answer(order.row))
    }
}

fn draft(work: &mut Work<'_>, order: Ref<Order>, version: Option<i64>) -> Result<Stored<Order>> {
    let order = work.find_for("update", order)?;
    order.expect_version(version)?;
    changeable(order.state)?;
    Ok(order)
}

fn no_line(line: i64) -> Error {
    NO_LINE.at("/line").with("line", line)
}
