//! Using a service, and taking back what was no use.

use super::rules::left;
use super::{ENDED, EXPIRED, NOT_BEGUN, NOT_WHOLE, ServiceEntitlement, ServiceUse, TAKEN_BACK, USED_UP};
use crate::ordering::{HELD, NOT_APPROVED, rules::executable};
use crate::settings::{NOT_POSITIVE, policy};
use crm_kernel::Record;
use crm_kernel::date::Date;
use crm_kernel::dec::Dec;
use crm_kernel::error::{Code, Result};
use crm_kernel::expr::node::Ty;
use crm_kernel::id::Ref;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::record::{Record as _, Whole};
use crm_kernel::value::Value;
use crm_kernel::work::{Stored, Work};

/// Records that a customer used a service that he bought: never more than is left, and only from its first day to its
/// last.
#[derive(Clone, Debug, Record)]
#[record(name = "use_service")]
pub struct Use {
    /// Of what it is used.
    pub entitlement: Ref<ServiceEntitlement>,
    /// The day; today where none is given.
    pub date: Option<Date>,
    /// How many times, hours or days.
    #[field(quantity, default = "\"1\"")]
    pub quantity: Dec,
    /// Its key in the system that it comes from: the same use is not recorded twice.
    #[field(text = 80)]
    pub external_key: Option<String>,
    /// Notes.
    #[field(long_text)]
    pub notes: Option<String>,
}

/// A use, and what is left.
#[derive(Clone, Debug, Record)]
#[record(name = "use_service_answer")]
pub struct UseAnswer {
    /// The use.
    pub usage: Whole<ServiceUse>,
    /// The entitlement as it stands then.
    pub entitlement: Whole<ServiceEntitlement>,
}

impl Operation for Use {
    const NAME: &'static str = "service.use";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "service_entitlement", verb: "use" };
    const ERRORS: &'static [Code] =
        &[NOT_POSITIVE, NOT_WHOLE, ENDED, NOT_BEGUN, EXPIRED, USED_UP, HELD, NOT_APPROVED];
    const CAPABILITIES: &'static [&'static str] = &["PRD-05"];
    const EXAMPLE: &'static str = r#"{"entitlement":"$service_entitlement","notes":"Plate A-1234"}"#;
    type Answer = UseAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<UseAnswer> {
        let mut entitlement = work.find_for("use", self.entitlement)?;
        let date = self.date.unwrap_or_else(|| work.today());
        entitlement.usable(date, self.quantity)?;
        let order = entitlement.order;
        let order = work.system(|work| work.find(order))?;
        let amount = entitlement.worth(self.quantity, order.rounding(policy(work)?))?;
        executable(order.state).map_err(|error| error.at("/entitlement"))?;
        record(
            work,
            &mut entitlement,
            Entry {
                date,
                quantity: self.quantity,
                amount,
                takes_back: None,
                notes: self.notes,
                external_key: self.external_key,
            },
        )
    }
}

/// Takes a use back that was none: an entry of its own on the day of the use, with the other sign, after which so much
/// is left again.
#[derive(Clone, Debug, Record)]
#[record(name = "take_back_service_use")]
pub struct TakeBack {
    /// The use.
    pub usage: Ref<ServiceUse>,
    /// Why.
    #[field(long_text)]
    pub reason: String,
}

impl Operation for TakeBack {
    const NAME: &'static str = "service.take_back";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "service_use", verb: "take_back" };
    const ERRORS: &'static [Code] = &[TAKEN_BACK];
    const CAPABILITIES: &'static [&'static str] = &["PRD-05"];
    const EXAMPLE: &'static str = r#"{"usage":"$service_use","reason":"Recorded for the wrong customer"}"#;
    type Answer = UseAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<UseAnswer> {
        let usage = work.find_for("take_back", self.usage)?;
        let names = [("u", Ty::Ref(ServiceUse::NO), Value::Ref(usage.id.id()))];
        let before = work.system(|work| work.only::<ServiceUse>("takes_back == u", &names))?;
        if usage.takes_back.is_some() || before.is_some() {
            return Err(TAKEN_BACK.at("/usage"));
        }
        work.because(self.reason.clone());
        let mut entitlement = work.system(|work| work.find(usage.entitlement))?;
        record(
            work,
            &mut entitlement,
            Entry {
                date: usage.date,
                quantity: usage.quantity.neg(),
                amount: usage.amount.map(Dec::neg),
                takes_back: Some(usage.id),
                notes: Some(self.reason),
                external_key: None,
            },
        )
    }
}

/// An entry of the log of uses.
struct Entry {
    date: Date,
    quantity: Dec,
    amount: Option<Dec>,
    takes_back: Option<Ref<ServiceUse>>,
    notes: Option<String>,
    external_key: Option<String>,
}

/// Writes an entry, and what is left by it.
fn record(
    work: &mut Work<'_>,
    entitlement: &mut Stored<ServiceEntitlement>,
    entry: Entry,
) -> Result<UseAnswer> {
    work.system(|work| {
        let usage = work.insert(&ServiceUse {
            entitlement: entitlement.id,
            order: entitlement.order,
            customer: entitlement.customer,
            product: entitlement.product,
            date: entry.date,
            quantity: entry.quantity,
            amount: entry.amount,
            currency: entitlement.currency,
            takes_back: entry.takes_back,
            notes: entry.notes,
            recorded_by: work.context().actor.map(Ref::new),
            recorded_at: work.now(),
            external_key: entry.external_key,
        })?;
        entitlement.used = entitlement.used.add(entry.quantity)?;
        if let (Some(used), Some(more)) = (entitlement.used_amount, entry.amount) {
            entitlement.used_amount = Some(used.add(more)?);
        }
        if !entitlement.is_period() {
            entitlement.left = Some(left(entitlement.granted, entitlement.used)?);
        }
        work.save(entitlement)?;
        Ok(UseAnswer { usage: Whole::new(usage.row), entitlement: Whole::new(entitlement.row.clone()) })
    })
}
