//! RFM: customers scored by how lately, how often and for how much they bought.

use super::BAD_REPORT;
use super::report::counted;
use super::rules::{ScoreMethod, scores, segment};
use crm_kernel::Record;
use crm_kernel::date::Date;
use crm_kernel::dec::Dec;
use crm_kernel::error::{Code, Result};
use crm_kernel::expr::node::Ty;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::plan::{Aggregate, GroupKey, Measure};
use crm_kernel::value::Value;
use crm_kernel::work::Work;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Scores customers by recency (days since the last document), frequency (documents) and money (their sum), one to
/// five each, best five, by a named method; segments follow from recency and frequency.
#[derive(Clone, Debug, Record)]
#[record(name = "analysis_rfm")]
pub struct Rfm {
    /// The kind of document.
    #[field(text = 60, default = "\"order\"")]
    pub kind: String,
    /// Only documents for which this condition holds. It may name `as_of`. Where none is given and the documents are
    /// orders, those in effect: approved, held or fulfilled.
    #[field(text = 8192)]
    pub filter: Option<String>,
    /// The customer's business key: ties of methods that need them go by it, in code-point order.
    #[field(text = 8192, default = "\"customer.number\"")]
    pub key: String,
    /// The document's date.
    #[field(text = 8192, default = "\"date\"")]
    pub date: String,
    /// The document's amount.
    #[field(text = 8192, default = "\"net\"")]
    pub amount: String,
    /// The date from which recency is counted; today where there is none.
    pub as_of: Option<Date>,
    /// How scores are given.
    #[field(default = "\"equal_values\"")]
    pub method: ScoreMethod,
    /// False leaves the table of customers out.
    #[field(default = "true")]
    pub customers: bool,
}

/// The answer of an RFM analysis.
#[derive(Clone, Debug, Record)]
#[record(name = "analysis_rfm_answer")]
pub struct RfmAnswer {
    /// The date from which recency is counted.
    pub as_of: Date,
    /// The method.
    pub method: ScoreMethod,
    /// Customers scored.
    pub count: i64,
    /// Segments that have customers, by name.
    pub segments: Vec<RfmSegment>,
    /// Combinations of scores that have customers, by scores.
    pub cells: Vec<RfmCell>,
    /// The customers by key.
    pub customers: Vec<RfmCustomer>,
}

/// A segment.
#[derive(Clone, Debug, Record)]
#[record(name = "rfm_segment")]
pub struct RfmSegment {
    /// `champion`, `loyal`, `new`, `potential`, `at_risk` or `lost`.
    pub segment: String,
    /// Customers in it.
    pub customers: i64,
    /// Their money.
    #[field(decimal(18, 4))]
    pub monetary: Dec,
}

/// A combination of scores.
#[derive(Clone, Debug, Record)]
#[record(name = "rfm_cell")]
pub struct RfmCell {
    /// Score of recency.
    pub r: i64,
    /// Score of frequency.
    pub f: i64,
    /// Score of money.
    pub m: i64,
    /// Customers with these scores.
    pub customers: i64,
    /// Their money.
    #[field(decimal(18, 4))]
    pub monetary: Dec,
}

/// A customer.
#[derive(Clone, Debug, Record)]
#[record(name = "rfm_customer")]
pub struct RfmCustomer {
    /// The business key.
    pub key: String,
    /// Days since the last document.
    pub recency_days: i64,
    /// Documents.
    pub frequency: i64,
    /// Their sum.
    #[field(decimal(18, 4))]
    pub monetary: Dec,
    /// Score of recency.
    pub r: i64,
    /// Score of frequency.
    pub f: i64,
    /// Score of money.
    pub m: i64,
    /// The segment.
    pub segment: String,
}

impl Operation for Rfm {
    const NAME: &'static str = "analysis.rfm";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::Right { kind: "report", verb: "run" };
    const ERRORS: &'static [Code] = &[BAD_REPORT];
    const CAPABILITIES: &'static [&'static str] = &["ANA-28", "CUS-14"];
    const EXAMPLE: &'static str = r#"{"method":"rank"}"#;
    type Answer = RfmAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<RfmAnswer> {
        let as_of = self.as_of.unwrap_or_else(|| work.today());
        let catalogue = work.catalogue();
        let kind = catalogue.named(&self.kind).map_err(|error| error.at("/kind"))?;
        work.require(kind.name(), "read")?;
        let names = [("as_of", Ty::Date, Value::Date(as_of))];
        let mut part = |text: &str, path: &str, wanted: fn(&Ty) -> bool| {
            let expr = work.asked(kind.no(), text, &names).map_err(|error| error.at(path))?;
            if wanted(expr.ty()) { Ok(expr) } else { Err(BAD_REPORT.at(path).with("name", text)) }
        };
        let key = part(&self.key, "/key", |ty| *ty == Ty::Text)?;
        let date = part(&self.date, "/date", |ty| *ty == Ty::Date)?;
        let amount = part(&self.amount, "/amount", |ty| matches!(ty, Ty::Num { .. }))?;
        // What came later is not known on that day.
        let known = work.asked_condition(kind.no(), &format!("({}) <= as_of", self.date), &names)?;
        let filter = match counted(work, kind.no(), self.filter.as_deref(), &names)? {
            Some(filter) => filter.and(known),
            None => known,
        };
        let plan = Aggregate {
            kind: kind.no(),
            filter: Some(filter),
            group: vec![GroupKey { by: key, period: None }],
            measures: vec![Measure::Max(date), Measure::Count, Measure::Sum(amount)],
        };
        let mut customers = Vec::new();
        for group in work.aggregate(plan)? {
            let [Value::Text(key), Value::Date(last), count, sum] = group.as_slice() else { continue };
            customers.push(RfmCustomer {
                key: key.clone(),
                recency_days: last.days_between(as_of),
                frequency: count.as_dec().map_or(Ok(0), |count| count.to_i64_at(0))?,
                monetary: sum.as_dec().unwrap_or(Dec::ZERO),
                r: 0,
                f: 0,
                m: 0,
                segment: String::new(),
            });
        }
        score(&mut customers, self.method);
        let mut cells: BTreeMap<(i64, i64, i64), (i64, Dec)> = BTreeMap::new();
        for customer in &customers {
            let sum = cells.entry((customer.r, customer.f, customer.m)).or_default();
            *sum = (sum.0 + 1, sum.1.add(customer.monetary)?);
        }
        let mut segments: BTreeMap<&str, (i64, Dec)> = BTreeMap::new();
        for ((r, f, _), (count, monetary)) in &cells {
            let sum = segments.entry(segment(*r, *f)).or_default();
            *sum = (sum.0 + count, sum.1.add(*monetary)?);
        }
        let segments = segments.into_iter().map(|(segment, (customers, monetary))| RfmSegment {
            segment: segment.to_owned(),
            customers,
            monetary,
        });
        let cells = cells.into_iter().map(|((r, f, m), (customers, monetary))| RfmCell {
            r,
            f,
            m,
            customers,
            monetary,
        });
        let count = i64::try_from(customers.len()).unwrap_or(i64::MAX);
        if self.customers {
            for customer in &mut customers {
                segment(customer.r, customer.f).clone_into(&mut customer.segment);
            }
        } else {
            customers.clear();
        }
        Ok(RfmAnswer {
            as_of,
            method: self.method,
            count,
            segments: segments.collect(),
            cells: cells.collect(),
            customers,
        })
    }
}

/// Gives the three scores to customers that stand by key.
pub(super) fn score(customers: &mut [RfmCustomer], method: ScoreMethod) {
    let r = by_place(customers, method, |customer| Reverse(customer.recency_days));
    let f = by_place(customers, method, |customer| customer.frequency);
    let m = by_place(customers, method, |customer| customer.monetary);
    for (customer, ((r, f), m)) in customers.iter_mut().zip(r.into_iter().zip(f).zip(m)) {
        (customer.r, customer.f, customer.m) = (r, f, m);
    }
}

/// The score of each customer, the worst standing smallest.
fn by_place<K: Ord>(
    customers: &[RfmCustomer],
    method: ScoreMethod,
    standing: impl Fn(&RfmCustomer) -> K,
) -> Vec<i64> {
    // Ties go by key: the customers stand by key, and their places with them.
    let mut order: Vec<(K, usize)> = customers.iter().map(standing).zip(0..).collect();
    order.sort_unstable();
    let same = |a: usize, b: usize| matches!((order.get(a), order.get(b)), (Some(a), Some(b)) if a.0.cmp(&b.0).is_eq());
    let given = scores(order.len(), method, same);
    let mut out = vec![0; order.len()];
    for ((_, at), score) in order.iter().zip(given) {
        if let Some(slot) = out.get_mut(*at) {
            *slot = score;
        }
    }
    out
}
