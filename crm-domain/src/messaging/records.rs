//! The records of messaging (MSG-05, MSG-06).

use crate::org::Employee;
use crm_kernel::date::{Date, Instant};
use crm_kernel::id::{Id, Ref};
use crm_kernel::record::Lines;
use crm_kernel::{Choice, Record};

/// A message that waits for the host to deliver it. The engine knows no channel.
#[derive(Clone, Debug, Record)]
#[record(no = 220, managed)]
pub struct OutboxMessage {
    /// The employee it is for.
    #[field(no = 1, owner, index)]
    pub recipient: Option<Ref<Employee>>,
    /// The kind of the record it is for, where that is no employee: `customer`, `contact`, ...
    #[field(no = 2, text = 60)]
    pub contact_kind: Option<String>,
    /// The record it is for, where that is no employee.
    #[field(no = 3)]
    pub contact: Option<Id>,
    /// The mail address of the recipient when the message was written, where one is known.
    #[field(no = 4)]
    pub address: Option<String>,
    /// The language it is written in.
    #[field(no = 5, text = 10)]
    pub language: String,
    /// The subject.
    #[field(no = 6, title, text = 1000)]
    pub subject: String,
    /// The text.
    #[field(no = 7, long_text)]
    pub body: String,
    /// The kind of the record it is about, by name.
    #[field(no = 8, text = 60)]
    pub kind: String,
    /// The record it is about.
    #[field(no = 9)]
    pub about: Id,
    /// The rule that wrote it.
    #[field(no = 10, index)]
    pub rule: Option<Ref<ReminderRule>>,
    /// The day for which it was due.
    #[field(no = 11)]
    pub due: Option<Date>,
    /// The dunning level.
    #[field(no = 12)]
    pub level: Option<i64>,
    /// True where it was written after that day.
    #[field(no = 13)]
    pub late: bool,
    /// Where it stands.
    #[field(no = 14, index)]
    pub state: MessageState,
    /// What the host says of its delivery.
    #[field(no = 15)]
    pub note: Option<String>,
    /// When it was written.
    #[field(no = 16)]
    pub written_at: Instant,
    /// When the host reported.
    #[field(no = 17)]
    pub settled_at: Option<Instant>,
}

/// Where a message stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum MessageState {
    /// Not delivered yet.
    Pending,
    /// Delivered.
    Delivered,
    /// The host could not deliver it.
    Failed,
}

/// When to remind whom of what: a condition and a date over records of a kind, a recipient, a text.
#[derive(Clone, Debug, Record)]
#[record(no = 221)]
pub struct ReminderRule {
    /// A short code, unique.
    #[field(no = 1, text = 40, unique)]
    pub code: String,
    /// The name.
    #[field(no = 2, title)]
    pub name: String,
    /// The kind of record, by name.
    #[field(no = 3, text = 60)]
    pub kind: String,
    /// The condition over the record; always where there is none. Unknown is not true.
    #[field(no = 4, text = 8192)]
    pub condition: Option<String>,
    /// An expression over the record that gives a date: `due_date`.
    #[field(no = 5, text = 8192)]
    pub date: String,
    /// So many days after that date; before it where negative.
    #[field(no = 6, default = "0")]
    pub offset_days: i64,
    /// The time of that day, `HH:MM` in the enterprise's zone; its beginning where there is none.
    #[field(no = 7, text = 5)]
    pub time: Option<String>,
    /// The dunning level, copied to the message.
    #[field(no = 8)]
    pub level: Option<i64>,
    /// Again every so many days while the condition holds; once where there is none.
    #[field(no = 9)]
    pub repeat_days: Option<i64>,
    /// An expression over the record that gives the recipient: an employee, another record, or an address as text.
    #[field(no = 10, text = 8192)]
    pub recipient: String,
    /// The texts, one for each language; the first where the recipient's is missing.
    #[field(no = 11)]
    pub texts: Lines<ReminderText>,
    /// False while it is switched off.
    #[field(no = 12, default = "true")]
    pub active: bool,
    /// Notes.
    #[field(no = 13, long_text)]
    pub notes: Option<String>,
}

/// The text of a reminder in one language: templates over the record.
#[derive(Clone, Debug, Record)]
#[record(no = 223, parent = ReminderRule)]
pub struct ReminderText {
    /// The language: `zh-CN`, `zh-TW` or `en`.
    #[field(no = 1, text = 10)]
    pub language: String,
    /// The subject, a template: `Invoice {{ number }} is due`.
    #[field(no = 2, text = 1000)]
    pub subject: String,
    /// The text, a template.
    #[field(no = 3, long_text)]
    pub body: String,
}

/// That a rule has fired for a record and a due day. It never fires for the same again.
#[derive(Clone, Debug, Record)]
#[record(no = 222, managed, unique("rule", "about", "due"))]
pub struct ReminderFiring {
    /// The rule.
    #[field(no = 1)]
    pub rule: Ref<ReminderRule>,
    /// The kind of the record, by name.
    #[field(no = 2, text = 60)]
    pub kind: String,
    /// The record.
    #[field(no = 3)]
    pub about: Id,
    /// The day for which it was due.
    #[field(no = 4)]
    pub due: Date,
    /// True where it fired after that day.
    #[field(no = 5)]
    pub late: bool,
    /// What came of it.
    #[field(no = 6)]
    pub outcome: FiringOutcome,
    /// The message.
    #[field(no = 7)]
    pub message: Option<Ref<OutboxMessage>>,
    /// When it fired.
    #[field(no = 8)]
    pub fired_at: Instant,
    /// Why there is no message: a stable code.
    #[field(no = 9, text = 120)]
    pub reason: Option<String>,
}

/// What came of a firing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum FiringOutcome {
    /// A message was written.
    Written,
    /// The recipient expression gave nobody.
    NoRecipient,
    /// The recipient has left, or may not read the record.
    NotPermitted,
    /// The text could not be made.
    Failed,
}
