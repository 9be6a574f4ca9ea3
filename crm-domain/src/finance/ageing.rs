//! Ageing: open debts by how long they have been due (commerce.md 2.9, FIN-03, ANA-13).

use super::standing::{AsOf, Dues, Key, Question, Sums, credits, debts};
use super::{BAD_LIMITS, Receivable};
use crate::org::Employee;
use crate::parties::Customer;
use crate::records::page;
use crate::settings::{NOT_SET_UP, setting};
use crm_kernel::currency::Currency;
use crm_kernel::date::{Date, Instant};
use crm_kernel::dec::Dec;
use crm_kernel::error::{Code, Result};
use crm_kernel::expr::node::Ty;
use crm_kernel::id::Ref;
use crm_kernel::json::Json;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::record::Record as _;
use crm_kernel::value::Value;
use crm_kernel::work::Work;
use crm_kernel::{Choice, Record};

/// Where a debt due on the very day stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum DueToday {
    /// Among what is not due.
    NotDue,
    /// In the first stretch.
    First,
}

/// What ageing is told apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum AgeingBy {
    /// Customers.
    Customer,
    /// Salespeople.
    Owner,
    /// Nothing: one sum.
    None,
}

/// The names of the buckets for limits such as 30, 60, 90: `not_due`, `1-30`, `31-60`, `61-90`, `over_90`. With debts
/// of the day in the first stretch that one is `0-30`.
pub fn labels(limits: &[i64], due_today: DueToday) -> Vec<String> {
    let mut labels = vec!["not_due".to_owned()];
    let mut first = if due_today == DueToday::First { 0 } else { 1 };
    for limit in limits {
        labels.push(if first == *limit { limit.to_string() } else { format!("{first}-{limit}") });
        first = limit + 1;
    }
    labels.push(format!("over_{}", limits.last().copied().unwrap_or(0)));
    labels
}

/// The place of a debt among the buckets by the days that it is late, below zero while it is not due. Upper limits are
/// included (vectors recv-05, ana-10).
pub fn bucket(days_late: i64, limits: &[i64], due_today: DueToday) -> usize {
    if days_late < 0 || (days_late == 0 && due_today == DueToday::NotDue) {
        return 0;
    }
    1 + limits.iter().take_while(|limit| days_late > **limit).count()
}

/// The due dates of each bucket on a day: the same edges as [`bucket`].
pub(super) fn edges(as_of: Date, limits: &[i64], due_today: DueToday) -> Result<Vec<Dues>> {
    let before = |days: i64| as_of.add_days(-days).ok_or_else(|| Code::OUT_OF_RANGE.at("/limits"));
    let mut late = if due_today == DueToday::First { 0 } else { 1 };
    let mut dues = vec![Dues { from: Some(before(late - 1)?), to: None }];
    for limit in limits {
        dues.push(Dues { from: Some(before(*limit)?), to: Some(before(late)?) });
        late = limit + 1;
    }
    dues.push(Dues { from: None, to: Some(before(late)?) });
    Ok(dues)
}

/// Shows open debts by how long they have been due, on any day and as it was known at any time. What customers have to
/// their credit stands apart.
#[derive(Clone, Debug, Record)]
#[record(name = "receivables_ageing")]
pub struct Ageing {
    /// The day; today where none is given.
    pub as_of: Option<Date>,
    /// Only what was recorded by then; everything where nothing is given.
    pub known_at: Option<Instant>,
    /// Last days of the stretches; the setting `ageing.limits` where none is given.
    #[field(selection)]
    pub limits: Vec<i64>,
    /// Where debts due on the very day stand.
    #[field(default = "\"not_due\"")]
    pub due_today: DueToday,
    /// What is told apart.
    #[field(default = "\"customer\"")]
    pub by: AgeingBy,
    /// Only this customer's.
    pub customer: Option<Ref<Customer>>,
    /// Only debts in this currency, in it; otherwise all, in the enterprise's at the rate of each document.
    pub currency: Option<Currency>,
    /// At most so many rows, the largest debts first; 1 to 10,000.
    #[field(default = "1000")]
    pub limit: i64,
    /// Whether rows say names and numbers too.
    #[field(default = "true")]
    pub names: bool,
}

/// Open debts by how long they have been due.
#[derive(Clone, Debug, Record)]
#[record(name = "ageing_answer")]
pub struct AgeingAnswer {
    /// The day.
    pub as_of: Date,
    /// What was known by when, where that was asked.
    pub known_at: Option<Instant>,
    /// The currency of all amounts.
    pub currency: Currency,
    /// The sums of the buckets.
    pub buckets: Vec<AgeingBucket>,
    /// All open debts.
    #[field(money)]
    pub total_open: Dec,
    /// Advances and credit notes; not netted above.
    #[field(money)]
    pub credits: Dec,
    /// Open debts less credits.
    #[field(money)]
    pub net_balance: Dec,
    /// The rows, the largest debts first.
    pub rows: Vec<AgeingRow>,
    /// True where there are more rows.
    pub more: bool,
}

/// A bucket.
#[derive(Clone, Debug, Record)]
#[record(name = "ageing_bucket")]
pub struct AgeingBucket {
    /// Its name.
    pub label: String,
    /// What is open.
    #[field(money)]
    pub amount: Dec,
}

/// One customer or salesperson.
#[derive(Clone, Debug, Record)]
#[record(name = "ageing_row")]
pub struct AgeingRow {
    /// The customer.
    pub customer: Option<Ref<Customer>>,
    /// The salesperson.
    pub owner: Option<Ref<Employee>>,
    /// The number or code.
    pub number: Option<String>,
    /// The name.
    pub name: Option<String>,
    /// The buckets, those without amount too.
    pub buckets: Vec<AgeingBucket>,
    /// All open debts.
    #[field(money)]
    pub total_open: Dec,
    /// Advances and credit notes.
    #[field(money)]
    pub credits: Dec,
    /// Open debts less credits.
    #[field(money)]
    pub net_balance: Dec,
}

impl Operation for Ageing {
    const NAME: &'static str = "receivables.ageing";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::Right { kind: "receivable", verb: "read" };
    const ERRORS: &'static [Code] = &[BAD_LIMITS, NOT_SET_UP];
    const CAPABILITIES: &'static [&'static str] = &["FIN-03", "ANA-13"];
    const EXAMPLE: &'static str = r#"{"as_of":"2026-01-31","by":"customer"}"#;
    type Answer = AgeingAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<AgeingAnswer> {
        let limits = limits(work, &self.limits)?;
        let date = self.as_of.unwrap_or_else(|| work.today());
        let currency = self.currency.or(work.base()).ok_or_else(|| NOT_SET_UP.error())?;
        let question = self.question(AsOf { date, known_at: self.known_at });
        let sums = debts(work, &question, &edges(date, &limits, self.due_today)?)?;
        let credits = credits(work, &question)?;
        let labels = labels(&limits, self.due_today);
        let mut rows = self.rows(&labels, &sums, &credits)?;
        let total_open = Dec::sum(rows.iter().map(|row| row.total_open))?;
        let all_credits = Dec::sum(rows.iter().map(|row| row.credits))?;
        let mut buckets = Vec::with_capacity(labels.len());
        for (at, label) in labels.iter().enumerate() {
            let amounts = rows.iter().filter_map(|row| row.buckets.get(at)).map(|bucket| bucket.amount);
            buckets.push(AgeingBucket { label: label.clone(), amount: Dec::sum(amounts)? });
        }
        if self.by == AgeingBy::None {
            rows.clear();
        }
        rows.sort_by(|a, b| {
            let ids = |row: &AgeingRow| (row.customer.map(|id| id.id()), row.owner.map(|id| id.id()));
            b.total_open.cmp(&a.total_open).then(ids(a).cmp(&ids(b)))
        });
        let most = page(self.limit, 10_000)? as usize;
        let more = rows.len() > most;
        rows.truncate(most);
        if self.names {
            name(work, &mut rows)?;
        }
        Ok(AgeingAnswer {
            as_of: date,
            known_at: self.known_at,
            currency,
            buckets,
            total_open,
            credits: all_credits,
            net_balance: total_open.sub(all_credits)?,
            rows,
            more,
        })
    }
}

impl Ageing {
    fn question(&self, as_of: AsOf) -> Question<'static> {
        let (mut only, mut names) = (Vec::new(), Vec::new());
        if let Some(customer) = self.customer {
            only.push("customer == c");
            names.push(("c", Ty::Ref(Customer::NO), Value::Ref(customer.id())));
        }
        if let Some(currency) = self.currency {
            only.push("currency == k");
            names.push(("k", Ty::Text, Value::Text(currency.code().to_owned())));
        }
        let only = match only.as_slice() {
            [] => "",
            [one] => one,
            _ => "customer == c && currency == k",
        };
        let key = match self.by {
            AgeingBy::Customer => Some("customer"),
            AgeingBy::Owner => Some("owner"),
            AgeingBy::None => None,
        };
        Question { as_of, key, base: self.currency.is_none(), only, names }
    }

    fn rows(&self, labels: &[String], sums: &Sums, credits: &Sums) -> Result<Vec<AgeingRow>> {
        let mut keys: Vec<&Key> = sums.keys().chain(credits.keys()).collect();
        keys.sort();
        keys.dedup();
        let mut rows = Vec::with_capacity(keys.len());
        for key in keys {
            let zeros = vec![Dec::ZERO; labels.len()];
            let amounts = sums.get(key).unwrap_or(&zeros);
            let credits = credits.get(key).and_then(|sum| sum.first()).copied().unwrap_or_default();
            let total_open = Dec::sum(amounts.iter().copied())?;
            if total_open.is_zero() && credits.is_zero() && amounts.iter().all(|amount| amount.is_zero()) {
                continue;
            }
            let buckets = labels.iter().zip(amounts);
            rows.push(AgeingRow {
                customer: key.0.as_id().filter(|_| self.by == AgeingBy::Customer).map(Ref::new),
                owner: key.0.as_id().filter(|_| self.by == AgeingBy::Owner).map(Ref::new),
                number: None,
                name: None,
                buckets: buckets
                    .map(|(label, amount)| AgeingBucket { label: label.clone(), amount: *amount })
                    .collect(),
                total_open,
                credits,
                net_balance: total_open.sub(credits)?,
            });
        }
        Ok(rows)
    }
}

/// The limits given, else those of the setting. Errors: `ageing.bad_limits` where they do not rise from one day on.
fn limits(work: &mut Work<'_>, given: &[i64]) -> Result<Vec<i64>> {
    let limits = match given {
        [] => setting(work, "ageing.limits")?
            .as_list()
            .unwrap_or_default()
            .iter()
            .filter_map(Json::as_int)
            .collect(),
        given => given.to_vec(),
    };
    let rises = limits.first().is_some_and(|first| *first >= 1) && limits.is_sorted_by(|a, b| a < b);
    if rises && limits.len() <= 24 && limits.iter().all(|limit| *limit < 100_000) {
        Ok(limits)
    } else {
        Err(BAD_LIMITS.at("/limits"))
    }
}

fn name(work: &mut Work<'_>, rows: &mut [AgeingRow]) -> Result<()> {
    for row in rows {
        // The row itself may be seen; so may what it is called.
        if let Some(customer) = row.customer
            && let Some(found) = work.system(|work| work.look(customer))?
        {
            (row.number, row.name) = (found.number.clone(), Some(found.name.clone()));
        }
        if let Some(owner) = row.owner
            && let Some(found) = work.system(|work| work.look(owner))?
        {
            (row.number, row.name) = (Some(found.code.clone()), Some(found.name.clone()));
        }
    }
    Ok(())
}

/// Lists open debts that are due, the longest overdue first, with their days late.
#[derive(Clone, Debug, Record)]
#[record(name = "receivables_due")]
pub struct DueList {
    /// Due by this day; today where none is given.
    pub until: Option<Date>,
    /// Only this customer's.
    pub customer: Option<Ref<Customer>>,
    /// Only this salesperson's.
    pub owner: Option<Ref<Employee>>,
    /// At most so many, 1 to 1,000.
    #[field(default = "100")]
    pub limit: i64,
}

/// Debts that are due.
#[derive(Clone, Debug, Record)]
#[record(name = "receivables_due_answer")]
pub struct DueListAnswer {
    /// The debts, oldest due first.
    pub debts: Vec<DueDebt>,
    /// True where there are more.
    pub more: bool,
}

/// A debt that is due.
#[derive(Clone, Debug, Record)]
#[record(name = "due_debt")]
pub struct DueDebt {
    /// The debt.
    pub receivable: Ref<Receivable>,
    /// Who owes.
    pub customer: Ref<Customer>,
    /// The number of the document.
    pub document: Option<String>,
    /// What the instalment is called.
    pub label: Option<String>,
    /// When it was due.
    pub due_date: Date,
    /// Days late today; below zero while it is not due.
    pub days_late: i64,
    /// The currency.
    pub currency: Currency,
    /// How much was booked.
    #[field(money)]
    pub amount: Dec,
    /// How much is open.
    #[field(money)]
    pub open: Dec,
}

impl Operation for DueList {
    const NAME: &'static str = "receivables.due";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::Right { kind: "receivable", verb: "read" };
    const CAPABILITIES: &'static [&'static str] = &["FIN-03"];
    const EXAMPLE: &'static str = r#"{"until":"2026-12-31","limit":20}"#;
    type Answer = DueListAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<DueListAnswer> {
        let today = work.today();
        let mut condition = "open > 0 && due_date <= until".to_owned();
        let mut names = vec![("until", Ty::Date, Value::Date(self.until.unwrap_or(today)))];
        if let Some(customer) = self.customer {
            condition.push_str(" && customer == c");
            names.push(("c", Ty::Ref(Customer::NO), Value::Ref(customer.id())));
        }
        if let Some(owner) = self.owner {
            condition.push_str(" && owner == e");
            names.push(("e", Ty::Ref(Employee::NO), Value::Ref(owner.id())));
        }
        let most = page(self.limit, 1_000)?;
        let mut found = work.select_by::<Receivable>(&condition, &names, &["due_date"], Some(most + 1))?;
        let most = most as usize;
        let more = found.len() > most;
        found.truncate(most);
        let debts = found.into_iter().map(|debt| DueDebt {
            receivable: debt.id,
            customer: debt.customer,
            document: debt.document.clone(),
            label: debt.label.clone(),
            due_date: debt.due_date,
            days_late: debt.due_date.days_between(today),
            currency: debt.currency,
            amount: debt.amount,
            open: debt.open,
        });
        Ok(DueListAnswer { debts: debts.collect(), more })
    }
}
