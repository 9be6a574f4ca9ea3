//! Messaging: reminders by rules that anyone defines, and the outbox from which the host delivers (MSG-05, MSG-06,
//! platform.md 2.8).
//!
//! Words. A *rule* names a kind, a condition, a date, an offset in days, a recipient and a text. A *firing* is one rule
//! for one record and one due day. The *outbox* holds messages until the host has delivered them.
//!
//! Promises. A rule fires once for a record and a due day, however often `reminders.run` is called; where the date
//! moves, that is another due day. What was due while nobody called is caught up on, marked late. Repetitions that
//! were missed fold into one. A recipient reads in a message only what he may read: an employee who may not read the
//! record gets none, and what a text reads through references to records closed to him is left out. To others (customers,
//! addresses) a rule writes only where whoever saves it may read all records of the kinds that it reads; that he leaves, or
//! may read less one day, does not stop it.
//!
//! Never. The engine has no clock and no channel: the host calls, and the host delivers.

mod check;
mod due;
mod error;
mod operations;
mod records;
mod render;
mod rules;
#[cfg(test)]
mod tests;

pub use error::*;
pub use operations::*;
pub use records::*;
pub use rules::*;

use crm_kernel::model::{Area, KindRules};
use crm_kernel::operation::OperationRow;
use crm_kernel::record::Record;

/// The area.
pub const AREA: Area = Area {
    name: "messaging",
    kinds: &[OutboxMessage::def, ReminderRule::def, ReminderText::def, ReminderFiring::def],
    operations: &[
        OperationRow::of::<Run>(),
        OperationRow::of::<DueNow>(),
        OperationRow::of::<OutboxList>(),
        OperationRow::of::<Acknowledge>(),
    ],
    rules: &[KindRules::of(ReminderRule::NO).save(check::rule_saved).errors(&[BAD_RULE])],
    rights: &[],
};
