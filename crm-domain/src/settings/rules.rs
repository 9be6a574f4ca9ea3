//! Rules that hold for every kind.

use super::enterprise::KEPT_POLICY;
use super::{
    CHECK_FAILED, NO_TOKEN, NOT_SET_UP, NUMBER_CHANGED, OPTION_RETIRED, definitions, enterprise,
    kept_rounding, numbering, picklists,
};
use crate::org::Employee;
use crm_kernel::catalogue::{Catalogue, Kind};
use crm_kernel::currency::Currency;
use crm_kernel::encode::currency_of;
use crm_kernel::error::{Code, Result};
use crm_kernel::id::Ref;
use crm_kernel::money::RoundingPolicy;
use crm_kernel::record::{FieldRole, FieldType, Record, Role};
use crm_kernel::value::{Row, Value};
use crm_kernel::work::Work;

/// What these rules refuse with.
pub(super) const ERRORS: &[Code] = &[NOT_SET_UP, NO_TOKEN, NUMBER_CHANGED, OPTION_RETIRED, CHECK_FAILED];

/// Before any record is written: defaults, the department of its owner, its number, its options, checks.
pub(super) fn every(work: &mut Work<'_>, kind: u32, old: Option<&Row>, new: &mut Row) -> Result<()> {
    let catalogue = work.catalogue();
    let kind = catalogue.get(kind)?;
    definitions::fill_defaults(&catalogue, kind, old, new);
    fill_department(work, kind, new)?;
    check_posted(work, &catalogue, kind, old, new)?;
    numbering::fill(work, kind, old, new)?;
    picklists::check(work, kind, old, new)?;
    definitions::check_custom(work, kind, new)
}

/// A record with an owner and no department belongs to the owner's.
fn fill_department(work: &mut Work<'_>, kind: &Kind, new: &mut Row) -> Result<()> {
    let (Some(owner), Some(department)) = (kind.role(FieldRole::Owner), kind.role(FieldRole::Department))
    else {
        return Ok(());
    };
    let owner = match new.at(owner) {
        Value::Ref(owner) if new.at(department).is_null() => *owner,
        _ => return Ok(()),
    };
    // An owner that does not exist is the store's to refuse, with the field.
    let belongs = work.once(Employee::NO, &format!("department of {owner}"), |work| {
        let found = work.look(Ref::<Employee>::new(owner))?;
        Ok(found.map(|found| found.department.id()))
    })?;
    if let Some(belongs) = belongs {
        new.set(department, Value::Ref(belongs));
    }
    Ok(())
}

/// An amount that is kept has no more decimals than are posted; amounts that stand stay as they are.
/// Errors: `value.out_of_range` at the field.
fn check_posted(
    work: &mut Work<'_>,
    catalogue: &Catalogue,
    kind: &Kind,
    old: Option<&Row>,
    new: &Row,
) -> Result<()> {
    let Some(base) = work.base() else { return Ok(()) };
    let mut lines = kind.children().iter().filter_map(|(_, child)| catalogue.kind(*child));
    if !holds_amounts(kind) && !lines.any(|child| holds_amounts(child)) {
        return Ok(());
    }
    let policy = policy_of(work, kind, new)?;
    let currency = currency_of(&kind.def, new, None).unwrap_or(base);
    let amounts = Amounts { policy, currency, base };
    amounts.check(kind, old, new)?;
    for (position, child) in kind.children() {
        let (Some(field), child) = (kind.field(*position), catalogue.get(*child)?) else { continue };
        let before = old.map(|old| old.at(*position).as_rows()).unwrap_or_default();
        for (at, line) in new.at(*position).as_rows().iter().enumerate() {
            let old = before.iter().find(|old| old.id == line.id);
            let currency = currency_of(&child.def, line, None).unwrap_or(currency);
            let checked = Amounts { currency, ..amounts }.check(child, old, line);
            checked.map_err(|error| error.under(&format!("/{}/{at}", field.name)))?;
        }
    }
    Ok(())
}

/// How the amounts of a record are posted: by the policy that it keeps, where it is a document; else as the enterprise
/// decides, but what operations make of documents that were posted exactly may be exact.
fn policy_of(work: &mut Work<'_>, kind: &Kind, new: &Row) -> Result<RoundingPolicy> {
    let kept = kind.position(KEPT_POLICY).map(|position| new.at(position));
    if let Some(Value::Json(kept)) = kept
        && let Some(policy) = kept_rounding(Some(kept))
    {
        return Ok(policy);
    }
    let enterprise = enterprise(work)?;
    let exact = kind.def.managed && enterprise.posted_exactly;
    Ok(if exact { RoundingPolicy::Exact } else { enterprise.rounding.into() })
}

fn holds_amounts(kind: &Kind) -> bool {
    let amount = |ty: &FieldType| matches!(ty, FieldType::Num { role: Role::Money | Role::BaseMoney, .. });
    kind.fields().iter().any(|field| amount(&field.ty))
}

/// How amounts of a record or line are posted.
#[derive(Clone, Copy)]
struct Amounts {
    policy: RoundingPolicy,
    currency: Currency,
    base: Currency,
}

impl Amounts {
    fn check(self, kind: &Kind, old: Option<&Row>, new: &Row) -> Result<()> {
        for (position, field) in kind.fields().iter().enumerate() {
            let currency = match field.ty {
                FieldType::Num { role: Role::Money, .. } => self.currency,
                FieldType::Num { role: Role::BaseMoney, .. } => self.base,
                _ => continue,
            };
            let Some(amount) = new.at(position).as_dec() else { continue };
            let stands = old.is_some_and(|old| old.at(position) == new.at(position));
            let decimals = self.policy.scale(currency.digits());
            if !stands && amount.rescale(decimals).is_err() {
                return Err(Code::OUT_OF_RANGE
                    .at(format!("/{}", field.name))
                    .with("value", amount.to_string())
                    .with("decimals", i64::from(decimals)));
            }
        }
        Ok(())
    }
}
