//! From quote to order and back, with quantities.

use crate::catalog::Product;
use crate::ordering::{ONE_END, Order, OrderLine, OrderState};
use crate::quoting::{Quote, QuoteLine, QuoteVersion, versions};
use crm_kernel::Record;
use crm_kernel::dec::Dec;
use crm_kernel::error::{Code, Result};
use crm_kernel::expr::node::Ty;
use crm_kernel::id::Ref;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::record::{Line, Record};
use crm_kernel::value::Value;
use crm_kernel::work::{Stored, Work};

/// Traces an order back to the quote it follows from, or a quote to the orders that follow from it: line by line, with
/// what was quoted, ordered, delivered, invoiced and returned.
#[derive(Clone, Debug, Record)]
#[record(name = "order_trace")]
pub struct Trace {
    /// The order; or else the quote.
    pub order: Option<Ref<Order>>,
    /// The quote; or else the order.
    pub quote: Option<Ref<Quote>>,
}

/// The links.
#[derive(Clone, Debug, Record)]
#[record(name = "order_trace_answer")]
pub struct TraceAnswer {
    /// One for every pair of lines; a quoted line of which nothing is ordered and an order line without a quote stand
    /// alone.
    pub links: Vec<TraceLink>,
}

/// A line of a quote beside a line of an order.
#[derive(Clone, Debug, Record)]
#[record(name = "trace_link")]
pub struct TraceLink {
    /// The product.
    pub product: Ref<Product>,
    /// The quote.
    pub quote: Option<Ref<Quote>>,
    /// The version of the quote.
    pub quote_version: Option<Ref<QuoteVersion>>,
    /// Its number.
    pub version_no: Option<i64>,
    /// The line of the version.
    pub quote_line: Option<i64>,
    /// How much was quoted.
    #[field(quantity)]
    pub quoted: Option<Dec>,
    /// How much of what was quoted is ordered, by all orders.
    #[field(quantity)]
    pub ordered_of_quote: Option<Dec>,
    /// The order.
    pub order: Option<Ref<Order>>,
    /// Its number.
    pub order_number: Option<String>,
    /// Where it stands.
    pub order_state: Option<OrderState>,
    /// The line of the order.
    pub order_line: Option<i64>,
    /// How much is ordered by it.
    #[field(quantity)]
    pub ordered: Option<Dec>,
    /// How much of that was delivered.
    #[field(quantity)]
    pub delivered: Option<Dec>,
    /// How much of that was invoiced.
    #[field(quantity)]
    pub invoiced: Option<Dec>,
    /// How much of that came back.
    #[field(quantity)]
    pub returned: Option<Dec>,
}

impl Operation for Trace {
    const NAME: &'static str = "order.trace";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::Right { kind: "order", verb: "read" };
    const ERRORS: &'static [Code] = &[ONE_END];
    const CAPABILITIES: &'static [&'static str] = &["QUO-05", "ORD-01"];
    const EXAMPLE: &'static str = r#"{"order":"$order"}"#;
    type Answer = TraceAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<TraceAnswer> {
        let links = match (self.order, self.quote) {
            (Some(order), None) => of_order(work, order)?,
            (None, Some(quote)) => of_quote(work, quote)?,
            (None, None) => return Err(Code::REQUIRED.at("/order")),
            (Some(_), Some(_)) => return Err(ONE_END.at("/quote")),
        };
        Ok(TraceAnswer { links })
    }
}

fn of_order(work: &mut Work<'_>, order: Ref<Order>) -> Result<Vec<TraceLink>> {
    let order = work.find(order)?;
    let version = match (order.quote, order.quote_version) {
        // Who sees the quote sees its versions; who does not learns of it what the order itself says.
        (Some(quote), Some(version)) if work.look(quote)?.is_some() => {
            Some(work.system(|work| work.find(version))?)
        }
        _ => None,
    };
    let links = order.lines.iter().map(|line| {
        let quoted = version.as_ref().zip(line.quote_line);
        let quoted = quoted.and_then(|(version, no)| version.lines.by_no(no).map(|quoted| (version, quoted)));
        link(quoted, Some((&order, line)))
    });
    Ok(links.flatten().collect())
}

fn of_quote(work: &mut Work<'_>, quote: Ref<Quote>) -> Result<Vec<TraceLink>> {
    let quote = work.find(quote)?;
    let names = [
        ("q", Ty::Ref(Quote::NO), Value::Ref(quote.id.id())),
        ("c", Ty::Ref(crate::parties::Customer::NO), Value::Ref(quote.customer.id())),
    ];
    let orders = work.select::<Order>("customer == c && quote == q", &names)?;
    let mut links = Vec::new();
    for version in versions(work, quote.id)? {
        let of_version: Vec<&Stored<Order>> =
            orders.iter().filter(|order| order.quote_version == Some(version.id)).collect();
        // Of versions that were not taken there is nothing to trace.
        if of_version.is_empty() && quote.accepted_version != Some(version.id) {
            continue;
        }
        for quoted in &version.lines {
            let pairs =
                of_version.iter().flat_map(|order| order.lines.iter().map(move |line| (*order, line)));
            let pairs: Vec<_> = pairs.filter(|(_, line)| line.quote_line == Some(quoted.no)).collect();
            if pairs.is_empty() {
                links.extend(link(Some((&version, quoted)), None));
            }
            links.extend(pairs.into_iter().filter_map(|pair| link(Some((&version, quoted)), Some(pair))));
        }
    }
    Ok(links)
}

fn link(
    quoted: Option<(&Stored<QuoteVersion>, &Line<QuoteLine>)>,
    ordered: Option<(&Stored<Order>, &Line<OrderLine>)>,
) -> Option<TraceLink> {
    let product = ordered.map(|(_, line)| line.product).or(quoted.map(|(_, line)| line.product))?;
    let (version, quote_line) = quoted.unzip();
    let (order, line) = ordered.unzip();
    Some(TraceLink {
        product,
        quote: version.map(|version| version.quote).or_else(|| order?.quote),
        quote_version: version.map(|version| version.id).or_else(|| order?.quote_version),
        version_no: version.map(|version| version.version_no),
        quote_line: quote_line.map(|line| line.no).or_else(|| line?.quote_line),
        quoted: quote_line.map(|line| line.quantity),
        ordered_of_quote: quote_line.map(|line| line.ordered),
        order: order.map(|order| order.id),
        order_number: order.and_then(|order| order.number.clone()),
        order_state: order.map(|order| order.state),
        order_line: line.map(|line| line.no),
        ordered: line.map(|line| line.quantity),
        delivered: line.map(|line| line.delivered),
        invoiced: line.map(|line| line.invoiced),
        returned: line.map(|line| line.returned),
    })
}
