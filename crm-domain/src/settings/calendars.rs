//! Working days.

use super::{Calendar, NO_WORKING_DAY, SECOND_DEFAULT, WorkingDayShift};
use crm_kernel::date::Date;
use crm_kernel::error::{Code, Result};
use crm_kernel::expr::node::Ty;
use crm_kernel::id::{Id, Ref};
use crm_kernel::record::Record;
use crm_kernel::value::{Row, Value};
use crm_kernel::work::Work;

/// A date moved to a working day of the default calendar; where there is none, Monday to Friday are worked.
/// Errors: `calendar.no_working_day` where there is none within a year.
pub fn working_day(work: &mut Work<'_>, date: Date, shift: WorkingDayShift) -> Result<Date> {
    working_day_of(work, None, date, shift)
}

/// The same by a certain calendar.
pub fn working_day_of(
    work: &mut Work<'_>,
    calendar: Option<Ref<Calendar>>,
    date: Date,
    shift: WorkingDayShift,
) -> Result<Date> {
    if shift == WorkingDayShift::None {
        return Ok(date);
    }
    let calendar = work.system(|work| match calendar {
        Some(calendar) => work.find(calendar).map(Some),
        None => work.only::<Calendar>("is_default", &[]),
    })?;
    shifted(calendar.as_deref(), date, shift)
        .ok_or_else(|| NO_WORKING_DAY.error().with("date", date.to_string()))
}

/// The nearest working day in the direction of a shift, the day itself first; `None` where there is none in a year.
pub(super) fn shifted(calendar: Option<&Calendar>, date: Date, shift: WorkingDayShift) -> Option<Date> {
    let step = match shift {
        WorkingDayShift::None => return Some(date),
        WorkingDayShift::Next => 1,
        WorkingDayShift::Previous => -1,
    };
    (0..=366).filter_map(|days| date.add_days(step * days)).find(|day| is_worked(calendar, *day))
}

/// True where a day is worked.
pub(super) fn is_worked(calendar: Option<&Calendar>, day: Date) -> bool {
    let Some(calendar) = calendar else { return day.weekday() <= 5 };
    if let Some(exception) = calendar.days.iter().find(|exception| exception.date == day) {
        return exception.working;
    }
    match day.weekday() {
        1 => calendar.monday,
        2 => calendar.tuesday,
        3 => calendar.wednesday,
        4 => calendar.thursday,
        5 => calendar.friday,
        6 => calendar.saturday,
        _ => calendar.sunday,
    }
}

/// At most one calendar is the default one, and a day stands in it once.
pub(super) fn check(work: &mut Work<'_>, _kind: u32, _old: Option<&Row>, new: &mut Row) -> Result<()> {
    let calendar = Calendar::from_row(new)?;
    for (at, day) in calendar.days.iter().enumerate() {
        if calendar.days.iter().take(at).any(|other| other.date == day.date) {
            return Err(Code::DUPLICATE.at(format!("/days/{at}/date")).with("fields", "date"));
        }
    }
    if calendar.is_default {
        let me = [("me", Ty::Ref(Calendar::NO), Id::new(new.id).map_or(Value::Null, Value::Ref))];
        if let Some(other) = work.system(|work| work.only::<Calendar>("is_default && id != me", &me))? {
            return Err(SECOND_DEFAULT.at("/is_default").with("calendar", other.code.clone()));
        }
    }
    Ok(())
}
