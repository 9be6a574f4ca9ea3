//! Decisions of reminders: when a rule fires. Nothing here reads.

use crm_kernel::date::{Date, Instant};
use crm_kernel::zone::Zone;

/// A time of day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TimeOfDay {
    /// 0 to 23.
    pub hour: u32,
    /// 0 to 59.
    pub minute: u32,
}

impl TimeOfDay {
    /// From `HH:MM`.
    pub fn parse(text: &str) -> Option<TimeOfDay> {
        let (hour, minute) = text.split_once(':')?;
        let two = |part: &str| {
            (part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse().ok())?
        };
        let time = TimeOfDay { hour: two(hour)?, minute: two(minute)? };
        (time.hour < 24 && time.minute < 60).then_some(time)
    }
}

/// The instant at which a rule fires for a due day: the time of that day in a zone. A time that the zone skips is the end
/// of the gap, one that it has twice is the first of both. None outside the calendar.
pub fn fires_at(due: Date, time: TimeOfDay, zone: &Zone) -> Option<Instant> {
    zone.local_to_instant(due, time.hour, time.minute).map(|local| local.first())
}

/// The last due day whose instant has come.
pub fn due_through(now: Instant, time: TimeOfDay, zone: &Zone) -> Date {
    let today = zone.local_date(now);
    match fires_at(today, time, zone) {
        Some(instant) if now < instant => today.add_days(-1).unwrap_or(today),
        _ => today,
    }
}

/// The last due day up to `through` of a rule that is first due at `first` and then every `repeat` days; none where the
/// first lies behind `through`. Repetitions that were missed fold into one.
pub fn last_occurrence(first: Date, repeat: Option<i64>, through: Date) -> Option<Date> {
    if first > through {
        return None;
    }
    match repeat.filter(|days| *days > 0) {
        None => Some(first),
        Some(days) => {
            let passed = through.days_since_epoch() - first.days_since_epoch();
            first.add_days(passed / days * days)
        }
    }
}

/// The first due day behind `through`; none where there is no more.
pub fn next_occurrence(first: Date, repeat: Option<i64>, through: Date) -> Option<Date> {
    if first > through {
        return Some(first);
    }
    let days = repeat.filter(|days| *days > 0)?;
    last_occurrence(first, repeat, through)?.add_days(days)
}

/// True where a firing comes after its day: it was caught up on.
pub fn is_late(due: Date, today: Date) -> bool {
    due < today
}
