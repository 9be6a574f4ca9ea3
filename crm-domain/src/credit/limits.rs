//! Setting limits, checking against them, and what of them is used (CRD-01, CRD-02).

use super::account::{Holder, buckets_of, count, limits_of, put, reserve};
use super::hooks::check;
use super::rules::{Buckets, CreditStatus, LimitMode, limit_on, mode, status};
use super::{BAD_DATES, CreditLimit, NEGATIVE_LIMIT, NO_LIMIT, ONE_HOLDER};
use crate::finance::in_base;
use crate::ordering::Order;
use crate::org::Employee;
use crate::parties::Customer;
use crate::records::page;
use crate::settings::setting_code;
use crm_kernel::date::Date;
use crm_kernel::dec::{Dec, Rounding};
use crm_kernel::error::{Code, Result};
use crm_kernel::id::{Id, Ref};
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::record::Whole;
use crm_kernel::work::{Stored, Work};
use crm_kernel::{Choice, Record};

/// Sets the credit limit of a customer or a salesperson, or takes it away. What is used of it is counted at once.
#[derive(Clone, Debug, Record)]
#[record(name = "credit_set_limit")]
pub struct SetLimit {
    /// The customer; or else the employee.
    pub customer: Option<Ref<Customer>>,
    /// The employee whose orders it is for.
    pub employee: Option<Ref<Employee>>,
    /// The limit, in the enterprise's currency; none takes it away, zero means that everything is prepaid.
    #[field(base_money)]
    pub amount: Option<Dec>,
    /// The first day on which it counts; before it nothing is checked.
    pub valid_from: Option<Date>,
    /// The last day of its validity; after it nothing more is given on credit.
    pub valid_until: Option<Date>,
    /// False where nothing is checked for a time.
    #[field(default = "true")]
    pub active: bool,
    /// Notes.
    #[field(long_text)]
    pub notes: Option<String>,
    /// The version that was read; refused where another stands.
    pub version: Option<i64>,
}

/// A limit.
#[derive(Clone, Debug, Record)]
#[record(name = "credit_limit_answer")]
pub struct LimitAnswer {
    /// The limit as it stands; none where it was taken away.
    pub limit: Option<Whole<CreditLimit>>,
}

impl Operation for SetLimit {
    const NAME: &'static str = "credit.set_limit";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "credit_limit", verb: "update" };
    const ERRORS: &'static [Code] = &[ONE_HOLDER, NEGATIVE_LIMIT, BAD_DATES];
    const CAPABILITIES: &'static [&'static str] = &["CRD-01", "CRD-02"];
    const EXAMPLE: &'static str = r#"{"customer":"$customer","amount":"50000.00"}"#;
    type Answer = LimitAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<LimitAnswer> {
        let holder = holder(work, self.customer, self.employee)?;
        let stored = limits_of(work, &[holder.id()])?.into_iter().next();
        if let Some(stored) = &stored {
            stored.expect_version(self.version)?;
        }
        let Some(amount) = self.amount else {
            if let Some(stored) = stored {
                work.delete(&stored)?;
            }
            return Ok(LimitAnswer { limit: None });
        };
        if amount.is_negative() {
            return Err(NEGATIVE_LIMIT.at("/amount"));
        }
        if self.valid_from.zip(self.valid_until).is_some_and(|(from, until)| from > until) {
            return Err(BAD_DATES.at("/valid_until"));
        }
        let mut limit = CreditLimit {
            holder: holder.id(),
            customer: self.customer,
            employee: self.employee,
            amount,
            valid_from: self.valid_from,
            valid_until: self.valid_until,
            active: self.active,
            open_orders: Dec::ZERO,
            delivered_not_invoiced: Dec::ZERO,
            invoiced: Dec::ZERO,
            advances: Dec::ZERO,
            notes: self.notes,
        };
        let row = match stored {
            Some(mut stored) => {
                put(&mut limit, buckets_of(&stored));
                *stored = limit;
                work.save(&mut stored)?;
                stored.row
            }
            None => {
                // Orders get their reservations first, while this limit does not stand yet and so takes nothing twice.
                let buckets = reserve_all(work, holder)?;
                put(&mut limit, buckets);
                work.insert(&limit)?.row
            }
        };
        Ok(LimitAnswer { limit: Some(Whole::new(row)) })
    }
}

/// Exactly one holder, whom the actor may see.
fn holder(
    work: &mut Work<'_>,
    customer: Option<Ref<Customer>>,
    employee: Option<Ref<Employee>>,
) -> Result<Holder> {
    match (customer, employee) {
        (Some(customer), None) => {
            work.find(customer).map_err(|error| error.at("/customer"))?;
            Ok(Holder::Customer(customer))
        }
        (None, Some(employee)) => {
            work.find(employee).map_err(|error| error.at("/employee"))?;
            Ok(Holder::Employee(employee))
        }
        (Some(_), Some(_)) => Err(ONE_HOLDER.at("/employee")),
        (None, None) => Err(ONE_HOLDER.at("/customer")),
    }
}

/// Counts what a holder uses, and lets each of his orders that takes something have its reservation.
fn reserve_all(work: &mut Work<'_>, holder: Holder) -> Result<Buckets> {
    let (total, taking) = count(work, holder)?;
    for (order, booked, takes) in taking {
        // One that stands is current: it follows its order whether there are limits or not.
        if super::account::reservation_of(work, order.id)?.is_none() {
            reserve(work, order.id, &order, takes, booked)?;
        }
    }
    Ok(total)
}

/// Counts anew what a holder uses, from orders, debts and receipts, and says what had been kept.
#[derive(Clone, Debug, Record)]
#[record(name = "credit_recount")]
pub struct Recount {
    /// The customer; or else the employee.
    pub customer: Option<Ref<Customer>>,
    /// The employee.
    pub employee: Option<Ref<Employee>>,
}

/// What was kept and what was counted.
#[derive(Clone, Debug, Record)]
#[record(name = "credit_recount_answer")]
pub struct RecountAnswer {
    /// What the limit said.
    pub kept: Exposure,
    /// What orders, debts and receipts say; the limit says so too now.
    pub counted: Exposure,
    /// True where both are the same.
    pub equal: bool,
}

/// What an exposure is made of, in the enterprise's currency.
#[derive(Clone, Debug, PartialEq, Eq, Record)]
#[record(name = "credit_exposure")]
pub struct Exposure {
    /// Orders in effect, neither delivered nor booked as debts.
    #[field(base_money)]
    pub open_orders: Dec,
    /// Delivered and not booked as a debt.
    #[field(base_money)]
    pub delivered_not_invoiced: Dec,
    /// Debts not paid.
    #[field(base_money)]
    pub invoiced: Dec,
    /// Advances.
    #[field(base_money)]
    pub advances: Dec,
    /// All of it, less advances.
    #[field(base_money)]
    pub used: Dec,
}

impl Exposure {
    pub(super) fn of(buckets: Buckets) -> Result<Exposure> {
        Ok(Exposure {
            open_orders: buckets.open_orders,
            delivered_not_invoiced: buckets.delivered_not_invoiced,
            invoiced: buckets.invoiced,
            advances: buckets.advances,
            used: buckets.used()?,
        })
    }
}

impl Operation for Recount {
    const NAME: &'static str = "credit.recount";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "credit_limit", verb: "update" };
    const ERRORS: &'static [Code] = &[ONE_HOLDER, NO_LIMIT];
    const CAPABILITIES: &'static [&'static str] = &["CRD-04"];
    const EXAMPLE: &'static str = r#"{"customer":"$credit_customer"}"#;
    type Answer = RecountAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<RecountAnswer> {
        let holder = holder(work, self.customer, self.employee)?;
        let mut limit =
            limits_of(work, &[holder.id()])?.into_iter().next().ok_or_else(|| NO_LIMIT.error())?;
        let kept = buckets_of(&limit);
        let (counted, _) = count(work, holder)?;
        if kept != counted {
            put(&mut limit, counted);
            work.save(&mut limit)?;
        }
        Ok(RecountAnswer {
            kept: Exposure::of(kept)?,
            counted: Exposure::of(counted)?,
            equal: kept == counted,
        })
    }
}

/// Says whether an amount or an order would pass the credit limits, and by which one it is bound. Nothing is taken.
#[derive(Clone, Debug, Record)]
#[record(name = "credit_check")]
pub struct Check {
    /// The customer.
    pub customer: Option<Ref<Customer>>,
    /// The salesperson.
    pub employee: Option<Ref<Employee>>,
    /// The order, with its customer and salesperson.
    pub order: Option<Ref<Order>>,
    /// What is to come, in the enterprise's currency; the order's total where an order is given.
    #[field(base_money)]
    pub amount: Option<Dec>,
}

/// What comes of a check.
#[derive(Clone, Debug, Record)]
#[record(name = "credit_check_answer")]
pub struct CheckAnswer {
    /// The worst of all dimensions.
    pub status: CreditStatus,
    /// What is to come.
    #[field(base_money)]
    pub amount: Dec,
    /// The dimension with the least room; none where nothing is checked.
    pub binding: Option<String>,
    /// True where a release covers the order today.
    pub released: bool,
    /// Customer and salesperson.
    pub dimensions: Vec<CheckedLimit>,
}

/// One limit with what is to come.
#[derive(Clone, Debug, Record)]
#[record(name = "credit_checked_limit")]
pub struct CheckedLimit {
    /// `customer` or `salesperson`.
    pub dimension: String,
    /// Whose limit.
    pub holder: Id,
    /// How it is checked.
    pub mode: LimitMode,
    /// Where it stands with what is to come.
    pub status: CreditStatus,
    /// The limit that counts today; none where nothing is checked.
    #[field(base_money)]
    pub limit: Option<Dec>,
    /// What is used, without what is to come.
    pub exposure: Exposure,
    /// What is left; below zero beyond the limit. None where nothing is checked.
    #[field(base_money)]
    pub headroom: Option<Dec>,
}

impl Operation for Check {
    const NAME: &'static str = "credit.check";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::Right { kind: "credit_limit", verb: "read" };
    const ERRORS: &'static [Code] = &[ONE_HOLDER];
    const CAPABILITIES: &'static [&'static str] = &["CRD-01", "CRD-02"];
    const EXAMPLE: &'static str = r#"{"customer":"$customer","amount":"1000.00"}"#;
    type Answer = CheckAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<CheckAnswer> {
        let (mut customer, mut employee, mut amount) =
            (self.customer, self.employee, self.amount.unwrap_or_default());
        let (mut already, mut released) = (Buckets::default(), false);
        if let Some(order) = self.order {
            let order = work.find(order).map_err(|error| error.at("/order"))?;
            (customer, employee) = (Some(order.customer), Some(order.owner));
            let total = in_base(work, order.total, order.currency, order.exact_rate()?)?;
            released = super::release::released(work, order.id, total)?;
            amount = self.amount.unwrap_or(total);
            if let Some(kept) = super::account::reservation_of(work, order.id)? {
                already = super::account::taken(&kept);
                // What was booked as debts of the order stands among the debts.
                amount = self.amount.unwrap_or(already.used()?);
            }
        }
        if customer.is_none() && employee.is_none() {
            return Err(ONE_HOLDER.at("/customer"));
        }
        // Who was named has to be seen; an order brings its own customer and salesperson.
        if let Some(customer) = self.customer {
            work.find(customer).map_err(|error| error.at("/customer"))?;
        }
        if let Some(employee) = self.employee {
            work.find(employee).map_err(|error| error.at("/employee"))?;
        }
        let ratio = watch_ratio(work)?;
        let mut dimensions = Vec::new();
        let holders = [("customer", customer.map(Ref::id)), ("salesperson", employee.map(Ref::id))];
        let ids: Vec<Id> = holders.iter().filter_map(|(_, id)| *id).collect();
        let limits = limits_of(work, &ids)?;
        for (name, id) in holders {
            let Some(id) = id else { continue };
            let limit = limits.iter().find(|limit| limit.holder == id);
            dimensions.push(checked(work, name, id, limit, (already, amount, ratio))?);
        }
        let (checked, _) = check(work, &limits, already.used()?, amount)?;
        let judged = super::rules::judge(amount, &checked)?;
        let binding =
            judged.binding.and_then(|at| checked.get(at)).map(|dimension| dimension.name.to_owned());
        let status =
            dimensions.iter().map(|dimension| dimension.status).max().unwrap_or(CreditStatus::NoCheck);
        Ok(CheckAnswer { status, amount, binding, released, dimensions })
    }
}

fn checked(
    work: &Work<'_>,
    name: &str,
    holder: Id,
    limit: Option<&Stored<CreditLimit>>,
    (already, amount, ratio): (Buckets, Dec, Dec),
) -> Result<CheckedLimit> {
    let today = work.today();
    let counts = limit
        .and_then(|limit| limit_on(limit.amount, limit.active, limit.valid_from, limit.valid_until, today));
    let used = match limit {
        Some(limit) => buckets_of(limit).plus(already.negated())?,
        None => Buckets::default(),
    };
    let exposure = Exposure::of(used)?;
    Ok(CheckedLimit {
        dimension: name.to_owned(),
        holder,
        mode: mode(counts),
        status: status(counts, exposure.used, amount, ratio)?,
        limit: counts,
        headroom: counts.map(|limit| limit.sub(exposure.used)).transpose()?,
        exposure,
    })
}

/// From which part of a limit on its holder is watched: the setting `credit.watch_ratio`.
fn watch_ratio(work: &mut Work<'_>) -> Result<Dec> {
    Ok(Dec::parse(&setting_code(work, "credit.watch_ratio")?)?)
}

/// Whose limits are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum LimitsOf {
    /// Customers' and salespeople's.
    All,
    /// Customers'.
    Customers,
    /// Salespeople's.
    Employees,
}

/// Lists credit limits with what of them is used, the most used first.
#[derive(Clone, Debug, Record)]
#[record(name = "credit_use")]
pub struct Use {
    /// Whose.
    #[field(default = "\"all\"")]
    pub of: LimitsOf,
    /// Only those beyond their limit.
    #[field(default = "false")]
    pub exceeded_only: bool,
    /// At most so many, 1 to 1,000.
    #[field(default = "100")]
    pub limit: i64,
}

/// Limits with what is used.
#[derive(Clone, Debug, Record)]
#[record(name = "credit_use_answer")]
pub struct UseAnswer {
    /// The limits, the most used first.
    pub limits: Vec<UsedLimit>,
    /// True where there are more.
    pub more: bool,
}

/// A limit with what is used.
#[derive(Clone, Debug, Record)]
#[record(name = "credit_used_limit")]
pub struct UsedLimit {
    /// The limit's record.
    pub credit_limit: Ref<CreditLimit>,
    /// The customer, where it is one's.
    pub customer: Option<Ref<Customer>>,
    /// The salesperson, where it is one's.
    pub employee: Option<Ref<Employee>>,
    /// The number or code.
    pub number: Option<String>,
    /// The name.
    pub name: String,
    /// The limit.
    #[field(base_money)]
    pub amount: Dec,
    /// What is used.
    pub exposure: Exposure,
    /// What is left; below zero beyond the limit.
    #[field(base_money)]
    pub headroom: Dec,
    /// How much of it is used, in per cent with two decimals; none of a limit of zero.
    #[field(percent)]
    pub used_percent: Option<Dec>,
    /// Where it stands.
    pub status: CreditStatus,
}

impl Operation for Use {
    const NAME: &'static str = "credit.use";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::Right { kind: "credit_limit", verb: "read" };
    const CAPABILITIES: &'static [&'static str] = &["CRD-01", "CRD-02", "ANA-13"];
    const EXAMPLE: &'static str = r#"{"of":"customers"}"#;
    type Answer = UseAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<UseAnswer> {
        let mut condition = match self.of {
            LimitsOf::All => "active".to_owned(),
            LimitsOf::Customers => "active && customer != null".to_owned(),
            LimitsOf::Employees => "active && employee != null".to_owned(),
        };
        if self.exceeded_only {
            condition.push_str(" && open_orders + delivered_not_invoiced + invoiced - advances > amount");
        }
        let ratio = watch_ratio(work)?;
        let mut limits = Vec::new();
        for limit in work.select::<CreditLimit>(&condition, &[])? {
            if let Some(row) = used(work, &limit, ratio)? {
                limits.push(row);
            }
        }
        // A limit of zero of which something is used is used the most.
        limits.sort_by(|a, b| {
            let key = |row: &UsedLimit| row.used_percent.is_none() && row.exposure.used.is_positive();
            let part = |row: &UsedLimit| row.used_percent.unwrap_or_default();
            key(b)
                .cmp(&key(a))
                .then(part(b).cmp(&part(a)))
                .then(a.credit_limit.id().cmp(&b.credit_limit.id()))
        });
        let most = page(self.limit, 1_000)? as usize;
        let more = limits.len() > most;
        limits.truncate(most);
        Ok(UseAnswer { limits, more })
    }
}

/// A row of the list; none where the actor may not see whose limit it is.
fn used(work: &mut Work<'_>, limit: &Stored<CreditLimit>, ratio: Dec) -> Result<Option<UsedLimit>> {
    let (number, name) = match (limit.customer, limit.employee) {
        (Some(customer), _) => match work.look(customer)? {
            Some(found) => (found.number.clone(), found.name.clone()),
            None => return Ok(None),
        },
        (None, Some(employee)) => match work.look(employee)? {
            Some(found) => (Some(found.code.clone()), found.name.clone()),
            None => return Ok(None),
        },
        (None, None) => return Ok(None),
    };
    let exposure = Exposure::of(buckets_of(limit))?;
    let used_percent = match limit.amount.is_zero() {
        true => None,
        false => Some(exposure.used.mul_div(Dec::from_int(100), limit.amount, 2, Rounding::HalfUp)?),
    };
    Ok(Some(UsedLimit {
        credit_limit: limit.id,
        customer: limit.customer,
        employee: limit.employee,
        number,
        name,
        amount: limit.amount,
        headroom: limit.amount.sub(exposure.used)?,
        status: status(Some(limit.amount), exposure.used, Dec::ZERO, ratio)?,
        used_percent,
        exposure,
    }))
}
