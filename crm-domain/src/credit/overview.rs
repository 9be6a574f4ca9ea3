//! A customer at a glance (CUS-07).

use super::account::{buckets_of, limits_of};
use super::limits::Exposure;
use crate::finance::{Receipt, Receivable, in_base};
use crate::ordering::Order;
use crate::parties::{Contact, Customer, CustomerState};
use crate::quoting::Quote;
use crate::settings::{NOT_SET_UP, Ratio, setting};
use crm_kernel::Record;
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::Dec;
use crm_kernel::error::{Code, Result};
use crm_kernel::expr::Expr;
use crm_kernel::expr::node::Ty;
use crm_kernel::id::Ref;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::plan::{Aggregate, GroupKey, Measure};
use crm_kernel::record::Record as _;
use crm_kernel::value::Value;
use crm_kernel::work::Work;

/// Shows a customer at a glance: orders, money received and owed, in all and this year, the largest order, credit.
/// Amounts are in the enterprise's currency. What the actor may not read is left empty.
#[derive(Clone, Debug, Record)]
#[record(name = "customer_overview")]
pub struct Overview {
    /// The customer.
    pub customer: Ref<Customer>,
}

/// A customer at a glance.
#[derive(Clone, Debug, Record)]
#[record(name = "customer_overview_answer")]
pub struct OverviewAnswer {
    /// The customer.
    pub customer: Ref<Customer>,
    /// Its number.
    pub number: Option<String>,
    /// Its name.
    pub name: String,
    /// Potential or trading.
    pub state: CustomerState,
    /// The currency of the amounts.
    pub currency: Currency,
    /// The first day of this fiscal year.
    pub year_from: Date,
    /// Orders in effect, in all.
    pub orders: Option<i64>,
    /// What they come to.
    #[field(money)]
    pub ordered: Option<Dec>,
    /// Orders in effect, this year.
    pub orders_this_year: Option<i64>,
    /// What they come to.
    #[field(money)]
    pub ordered_this_year: Option<Dec>,
    /// The largest order.
    pub largest_order: Option<Ref<Order>>,
    /// Its number.
    pub largest_order_number: Option<String>,
    /// What it comes to.
    #[field(money)]
    pub largest_order_total: Option<Dec>,
    /// The day of the last order.
    pub last_order_date: Option<Date>,
    /// Money received less refunds, in all.
    #[field(money)]
    pub received: Option<Dec>,
    /// The same this year.
    #[field(money)]
    pub received_this_year: Option<Dec>,
    /// What is owed.
    #[field(money)]
    pub owed: Option<Dec>,
    /// What is owed of this year's documents.
    #[field(money)]
    pub owed_this_year: Option<Dec>,
    /// What is past due.
    #[field(money)]
    pub overdue: Option<Dec>,
    /// Advances.
    #[field(money)]
    pub advances: Option<Dec>,
    /// The credit limit; none where nothing is checked.
    #[field(money)]
    pub credit_limit: Option<Dec>,
    /// What is used of it.
    pub credit_used: Option<Exposure>,
    /// Quotes.
    pub quotes: Option<i64>,
    /// Contacts.
    pub contacts: Option<i64>,
}

impl Operation for Overview {
    const NAME: &'static str = "customer.overview";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::Right { kind: "customer", verb: "read" };
    const ERRORS: &'static [Code] = &[NOT_SET_UP];
    const CAPABILITIES: &'static [&'static str] = &["CUS-07"];
    const EXAMPLE: &'static str = r#"{"customer":"$customer"}"#;
    type Answer = OverviewAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<OverviewAnswer> {
        let customer = work.find(self.customer)?;
        let currency = work.base().ok_or_else(|| NOT_SET_UP.error())?;
        let year_from = fiscal_year(work)?;
        let mut answer = OverviewAnswer {
            customer: self.customer,
            number: customer.number.clone(),
            name: customer.name.clone(),
            state: customer.state,
            currency,
            year_from,
            orders: None,
            ordered: None,
            orders_this_year: None,
            ordered_this_year: None,
            largest_order: None,
            largest_order_number: None,
            largest_order_total: None,
            last_order_date: None,
            received: None,
            received_this_year: None,
            owed: None,
            owed_this_year: None,
            overdue: None,
            advances: None,
            credit_limit: None,
            credit_used: None,
            quotes: None,
            contacts: None,
        };
        let names = [
            ("c", Ty::Ref(Customer::NO), Value::Ref(self.customer.id())),
            ("first", Ty::Date, Value::Date(year_from)),
        ];
        if work.may("order", "read") {
            orders(work, &names, &mut answer)?;
        }
        if work.may("receipt", "read") {
            let sum = |work: &mut Work<'_>, more: &str, field: &str| {
                total(work, Receipt::NO, &format!("customer == c{more}"), field, &names)
            };
            let this_year = " && date >= first";
            let (paid, back) = (" && receipt_type != 'refund'", " && receipt_type == 'refund'");
            let net = |work: &mut Work<'_>, when: &str| -> Result<Dec> {
                let paid = sum(work, &format!("{paid}{when}"), "base_amount")?;
                Ok(paid.sub(sum(work, &format!("{back}{when}"), "base_amount")?)?)
            };
            answer.received = Some(net(work, "")?);
            answer.received_this_year = Some(net(work, this_year)?);
            answer.advances = Some(sum(work, "", "base_unallocated")?);
        }
        if work.may("receivable", "read") {
            let mut owed = |more: &str| {
                total(work, Receivable::NO, &format!("customer == c && open != 0{more}"), "base_open", &names)
            };
            answer.owed = Some(owed("")?);
            answer.owed_this_year = Some(owed(" && date >= first")?);
            answer.overdue = Some(owed(" && due_date < today")?);
        }
        if work.may("credit_limit", "read")
            && let Some(limit) = limits_of(work, &[self.customer.id()])?.first().filter(|limit| limit.active)
        {
            answer.credit_limit = Some(limit.amount);
            answer.credit_used = Some(Exposure::of(buckets_of(limit))?);
        }
        if work.may("quote", "read") {
            answer.quotes = Some(work.count(Quote::NO, "customer == c", &names)?);
        }
        if work.may("contact", "read") {
            answer.contacts = Some(work.count(Contact::NO, "customer == c", &names)?);
        }
        Ok(answer)
    }
}

fn orders(work: &mut Work<'_>, names: &[(&str, Ty, Value)], answer: &mut OverviewAnswer) -> Result<()> {
    let in_effect = "customer == c && state in ['approved', 'held', 'fulfilled']";
    (answer.orders, answer.ordered) = ordered(work, in_effect, names)?;
    (answer.orders_this_year, answer.ordered_this_year) =
        ordered(work, &format!("{in_effect} && date >= first"), names)?;
    // The largest in each currency, of those the largest in the enterprise's.
    let mut largest: Option<Dec> = None;
    for order in largest_by_currency(work, in_effect, names)? {
        let base = in_base(work, order.total, order.currency, order.exact_rate()?)?;
        if largest.is_none_or(|so_far| base > so_far) {
            largest = Some(base);
            answer.largest_order = Some(order.id);
            answer.largest_order_number.clone_from(&order.number);
        }
    }
    answer.largest_order_total = largest;
    let last = work.select_by::<Order>(in_effect, names, &["-date"], Some(1))?;
    answer.last_order_date = last.first().map(|order| order.date);
    Ok(())
}

type Found = crm_kernel::work::Stored<Order>;

/// The largest order by amount at each rate of each currency.
fn largest_by_currency(
    work: &mut Work<'_>,
    condition: &str,
    names: &[(&str, Ty, Value)],
) -> Result<Vec<Found>> {
    let kind = Order::NO;
    let total = work.expression(kind, "total", names)?;
    let mut found = Vec::new();
    for group in by_rate(work, condition, names, Measure::Max(total))? {
        let [currency, rate, inverse, most] = group.as_slice() else { continue };
        let mut names = names.to_vec();
        names.push(("k", Ty::Text, currency.clone()));
        names.push(("r", Ty::Num { digits: 18, scale: 12 }, rate.clone()));
        names.push(("i", Ty::Num { digits: 18, scale: 12 }, inverse.clone()));
        names.push(("m", Ty::Num { digits: 18, scale: 4 }, most.clone()));
        let inverse = if inverse.is_null() { "inverse_rate == null" } else { "inverse_rate == i" };
        let condition = format!("{condition} && currency == k && rate == r && {inverse} && total == m");
        found.extend(work.select_by::<Order>(&condition, &names, &[], Some(1))?);
    }
    Ok(found)
}

/// How many orders there are and what they come to in the enterprise's currency.
fn ordered(
    work: &mut Work<'_>,
    condition: &str,
    names: &[(&str, Ty, Value)],
) -> Result<(Option<i64>, Option<Dec>)> {
    let count = work.count(Order::NO, condition, names)?;
    let total = work.expression(Order::NO, "total", names)?;
    let mut sum = Dec::ZERO;
    for group in by_rate(work, condition, names, Measure::Sum(total))? {
        let [currency, rate, inverse, amount] = group.as_slice() else { continue };
        let Some(currency) = currency.as_text().and_then(|code| Currency::parse(code).ok()) else { continue };
        let rate = Ratio::kept(rate.as_dec().unwrap_or_default(), inverse.as_dec())?;
        let amount = amount.as_dec().unwrap_or_default();
        sum = sum.add(in_base(work, amount, currency, rate)?)?;
    }
    Ok((Some(count), Some(sum)))
}

fn by_rate(
    work: &mut Work<'_>,
    condition: &str,
    names: &[(&str, Ty, Value)],
    measure: Measure,
) -> Result<Vec<crm_kernel::plan::Group>> {
    let filter = work.expression(Order::NO, condition, names)?;
    let catalogue = work.catalogue();
    let key = |path: &str| -> Result<GroupKey> {
        Ok(GroupKey { by: Expr::field(&catalogue, Order::NO, path)?, period: None })
    };
    let group = vec![key("currency")?, key("rate")?, key("inverse_rate")?];
    work.aggregate(Aggregate { kind: Order::NO, filter: Some(filter), group, measures: vec![measure] })
}

fn total(
    work: &mut Work<'_>,
    kind: u32,
    condition: &str,
    field: &str,
    names: &[(&str, Ty, Value)],
) -> Result<Dec> {
    let filter = work.expression(kind, condition, names)?;
    let measures = vec![Measure::Sum(work.expression(kind, field, names)?)];
    let groups = work.aggregate(Aggregate { kind, filter: Some(filter), group: Vec::new(), measures })?;
    Ok(groups.first().and_then(|group| group.first()).and_then(Value::as_dec).unwrap_or_default())
}

/// The first day of the fiscal year that today lies in.
fn fiscal_year(work: &mut Work<'_>) -> Result<Date> {
    let month = setting(work, "fiscal_year.first_month")?
        .as_int()
        .and_then(|month| u32::try_from(month).ok())
        .unwrap_or(1);
    let today = work.today();
    let year = if today.month() >= month { today.year() } else { today.year() - 1 };
    Date::from_ymd(year, month, 1).ok_or_else(|| Code::OUT_OF_RANGE.error())
}
