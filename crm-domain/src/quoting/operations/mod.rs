//! The operations of quoting.

mod approval;
mod create;
mod difference;
mod lines;
mod outcome;
mod terms;
mod versions;

pub use approval::{Approve, Reject, Submit, Withdraw};
pub use create::{Create, QuoteAnswer};
pub use difference::{Difference, DifferenceAnswer, FieldDifference, LineChange, LineDifference};
pub(crate) use lines::one_line;
pub use lines::{AddLine, ChangeLine, RemoveLine, Reprice, RepriceAnswer, RepricedLine};
pub use outcome::{Accept, Decline, Expire, ExpireAnswer, Negotiate, Send, Void};
pub use terms::{Change, SetTerms};
pub use versions::{NewVersion, Show, ShowAnswer, VoidVersion};

use super::rules::Validity;
use super::versions::validity;
use super::{CLOSED, Quote, QuoteState, QuoteVersion, beside};
use crate::pricing::{self, Terms};
use crm_kernel::error::Result;
use crm_kernel::id::Ref;
use crm_kernel::record::Whole;
use crm_kernel::value::Row;
use crm_kernel::work::{Stored, Work};
use std::sync::Arc;

/// A quote to work on. Errors: `record.not_found`, `permission.forbidden`, `quote.closed` where it is accepted, declined
/// or void.
fn open_quote(work: &mut Work<'_>, quote: Ref<Quote>, verb: &'static str) -> Result<Stored<Quote>> {
    let quote = work.find_for(verb, quote)?;
    match quote.state {
        QuoteState::Accepted | QuoteState::Declined | QuoteState::Void => {
            Err(CLOSED.error().choice("state", quote.state))
        }
        _ => Ok(quote),
    }
}

/// With what the lines of a version ask for their prices. Errors: those of reading.
fn price_terms(work: &mut Work<'_>, quote: &Quote, version: &QuoteVersion) -> Result<Terms> {
    Ok(Terms {
        customer: Some(quote.customer),
        seller: Some(quote.owner),
        date: quote.date,
        currency: quote.currency,
        list: version.price_list,
        bought: pricing::bought(work, quote.customer, quote.date)?,
        beside: beside(&version.lines)?,
    })
}

fn answer(quote: Arc<Row>, version: Arc<Row>) -> QuoteAnswer {
    QuoteAnswer { quote: Whole::new(quote), quote_version: Whole::new(version) }
}

/// True where the validity of a version is over today.
fn is_over(work: &mut Work<'_>, version: &QuoteVersion) -> Result<bool> {
    let validity: Validity = validity(work)?;
    Ok(validity.is_over(version.valid_until, work.today()))
}
