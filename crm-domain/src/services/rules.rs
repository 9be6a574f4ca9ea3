//! Pure decisions of services.

use super::{ENDED, EXPIRED, NOT_BEGUN, NOT_WHOLE, ServiceEntitlement, ServiceState, USED_UP};
use crate::catalog::ServiceMeasure;
use crate::ordering::cumulative_amount;
use crate::settings::NOT_POSITIVE;
use crm_kernel::date::Date;
use crm_kernel::dec::{Dec, Rounding};
use crm_kernel::error::{Code, Result};
use crm_kernel::money::RoundingPolicy;

/// The scale of quantities.
const SCALE: u8 = 6;

/// What so many units of a line are good for. Errors: `value.out_of_range`.
pub fn granted(units: Dec, per_unit: Dec) -> Result<Dec> {
    Ok(units.mul_div(per_unit, Dec::ONE, SCALE, Rounding::HalfUp)?.normalize())
}

/// The last day of a service: of a period its last, the first one counted; of others so many days behind the day of the
/// sale, which is not counted. None where it does not expire. A part of a day is none. Errors: `value.out_of_range`.
pub fn last_day(
    measure: ServiceMeasure,
    granted: Dec,
    within_days: Option<i64>,
    from: Date,
) -> Result<Option<Date>> {
    let days = match measure {
        ServiceMeasure::Period => Some(granted.round(0, Rounding::Down).to_i64_at(0)?.saturating_sub(1)),
        ServiceMeasure::Times | ServiceMeasure::Hours | ServiceMeasure::Days => within_days,
    };
    days.map(|days| from.add_days(days).ok_or_else(|| Code::OUT_OF_RANGE.error().with("value", days)))
        .transpose()
}

/// How much is left of what was granted. What was used before a part of it came back stays used.
/// Errors: `value.out_of_range`.
pub fn left(granted: Dec, used: Dec) -> Result<Dec> {
    Ok(granted.sub(used)?.max(Dec::ZERO))
}

/// What is known of an entitlement on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Granted by then.
    pub granted: Dec,
    /// Used by then.
    pub used: Dec,
    /// What is left of it; of a period, the days that are left with that day itself.
    pub left: Dec,
    /// The last day.
    pub last_day: Option<Date>,
    /// Where it stands.
    pub state: ServiceState,
}

impl ServiceEntitlement {
    /// True for a service that is used as often as wanted.
    pub fn is_period(&self) -> bool {
        self.measure == ServiceMeasure::Period
    }

    /// How it stands on a day, with what was used by then. Errors: `value.out_of_range`.
    pub fn on(&self, day: Date, used: Dec) -> Result<Standing> {
        let by_then = self.grants.iter().filter(|grant| grant.date <= day);
        let granted = Dec::sum(by_then.map(|grant| grant.quantity))?;
        let last_day = match self.measure {
            ServiceMeasure::Period => last_day(self.measure, granted, None, self.starts_on)?,
            ServiceMeasure::Times | ServiceMeasure::Hours | ServiceMeasure::Days => self.last_day,
        };
        let left = match last_day {
            Some(last) if self.is_period() => {
                Dec::from_int((day.max(self.starts_on).days_between(last) + 1).max(0))
            }
            Some(last) if last < day => Dec::ZERO,
            _ => left(granted, used)?,
        };
        let state = if !granted.is_positive() {
            ServiceState::Ended
        } else if last_day.is_some_and(|last| last < day) {
            ServiceState::Expired
        } else if !self.is_period() && used >= granted {
            ServiceState::UsedUp
        } else if day < self.starts_on {
            ServiceState::NotBegun
        } else {
            ServiceState::Open
        };
        Ok(Standing { granted, used, left, last_day, state })
    }

    /// Whether so much is used on a day: above zero, in whole times or all that is left, within what is left, and not out of
    /// its days.
    /// Errors: `value.not_positive` and `service.not_whole` at `/quantity`, `service.ended` at `/entitlement`, `service.not_begun`
    /// and `service.expired` at `/date` with the day that it is about, `service.used_up` at `/quantity` with what is left.
    pub fn usable(&self, day: Date, quantity: Dec) -> Result<()> {
        if !quantity.is_positive() {
            return Err(NOT_POSITIVE.at("/quantity"));
        }
        let whole = quantity.round(0, Rounding::Down) == quantity || self.left == Some(quantity);
        if self.measure == ServiceMeasure::Times && !whole {
            return Err(NOT_WHOLE.at("/quantity").with("quantity", quantity.to_string()));
        }
        if !self.granted.is_positive() {
            return Err(ENDED.at("/entitlement"));
        }
        if day < self.starts_on {
            return Err(NOT_BEGUN.at("/date").with("starts_on", self.starts_on.to_string()));
        }
        if let Some(last) = self.last_day.filter(|last| *last < day) {
            return Err(EXPIRED.at("/date").with("last_day", last.to_string()));
        }
        match self.left {
            Some(left) if quantity > left => {
                let error = USED_UP.at("/quantity").with("left", left.normalize().to_string());
                Err(error.with("wanted", quantity.normalize().to_string()))
            }
            _ => Ok(()),
        }
    }

    /// What it is worth that so much more is used: the line's total in proportion, less what was used of it before, so
    /// that all uses together are worth all of it. None for a period. Errors: `value.out_of_range`.
    pub fn worth(&self, more: Dec, policy: RoundingPolicy) -> Result<Option<Dec>> {
        let Some(already) = self.used_amount else { return Ok(None) };
        let (cumulative, digits) = (self.used.add(more)?, self.currency.digits());
        Ok(Some(cumulative_amount(self.amount, cumulative, self.ordered, already, policy, digits)?))
    }
}
