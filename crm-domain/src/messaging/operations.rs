//! Operations of messaging: the host's clock calls `reminders.run`, its mail program pulls the outbox.

use super::check::checked;
use super::due::{active_rules, due_of, next_of};
use super::render::{Readers, Rendered, message};
use super::{ALREADY_DELIVERED, FiringOutcome, MessageState, OutboxMessage, ReminderFiring, ReminderRule};
use crate::records::page;
use crm_kernel::Record;
use crm_kernel::date::{Date, Instant};
use crm_kernel::error::{Code, Result};
use crm_kernel::expr::node::Ty;
use crm_kernel::id::{Id, Ref};
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::record::{Choice as _, Whole};
use crm_kernel::value::Value;
use crm_kernel::work::Work;

/// Most firings of one call.
const LARGEST_RUN: u32 = 1_000;

/// Fires every reminder that is due at the time of the call and has not fired: writes the messages into the outbox. What
/// was due while nobody called is caught up on and marked late. Where `more` is true it is called again at once.
#[derive(Clone, Debug, Record)]
#[record(name = "reminders_run")]
pub struct Run {
    /// At most so many firings, 1 to 1,000.
    #[field(default = "1000")]
    pub limit: i64,
}

/// What was fired.
#[derive(Clone, Debug, Record)]
#[record(name = "reminders_run_answer")]
pub struct RunAnswer {
    /// Firings.
    pub fired: i64,
    /// Messages written: firings without a recipient who may read the record have none.
    pub written: i64,
    /// Late ones among the firings.
    pub late: i64,
    /// True where more is due than the limit allowed.
    pub more: bool,
    /// When to call next, as records stand now; none where nothing is to come.
    pub next: Option<Instant>,
    /// Codes of rules that can no longer be read, such as one that names a field that is gone. The others have run.
    pub broken: Vec<String>,
}

impl Operation for Run {
    const NAME: &'static str = "reminders.run";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "reminder_rule", verb: "run" };
    const CAPABILITIES: &'static [&'static str] = &["MSG-05", "MSG-06"];
    const EXAMPLE: &'static str = r#"{"limit":100}"#;
    type Answer = RunAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<RunAnswer> {
        work.system(|work| {
            let mut left = page(self.limit, LARGEST_RUN)? as usize;
            let mut answer =
                RunAnswer { fired: 0, written: 0, late: 0, more: false, next: None, broken: Vec::new() };
            let mut readers = Readers::default();
            for rule in active_rules(work)? {
                let Ok(checked) = checked(work, &rule) else {
                    answer.broken.push(rule.code.clone());
                    continue;
                };
                let due = due_of(work, &rule, &checked)?;
                answer.more |= due.len() > left;
                for due in due.into_iter().take(left) {
                    left -= 1;
                    answer.fired += 1;
                    answer.late += i64::from(due.late);
                    let (outcome, reason, written) = match message(work, &mut readers, &rule, &checked, &due)?
                    {
                        Rendered::Message(message) => {
                            (FiringOutcome::Written, None, Some(work.insert(&*message)?.id))
                        }
                        Rendered::Nothing(outcome, reason) => (outcome, reason, None),
                    };
                    answer.written += i64::from(written.is_some());
                    work.insert(&ReminderFiring {
                        rule: rule.id,
                        kind: rule.kind.clone(),
                        about: due.about,
                        due: due.due,
                        late: due.late,
                        outcome,
                        message: written,
                        fired_at: work.now(),
                        reason: reason.map(str::to_owned),
                    })?;
                }
                answer.next = [answer.next, next_of(work, &rule, &checked)?].into_iter().flatten().min();
            }
            Ok(answer)
        })
    }
}

/// What `reminders.run` would fire now, without firing it, and when the next one is due.
#[derive(Clone, Debug, Record)]
#[record(name = "reminders_due")]
pub struct DueNow {
    /// Only this rule.
    pub rule: Option<Ref<ReminderRule>>,
    /// At most so many, 1 to 1,000.
    #[field(default = "100")]
    pub limit: i64,
}

/// What is due.
#[derive(Clone, Debug, Record)]
#[record(name = "reminders_due_answer")]
pub struct DueAnswer {
    /// Firings to come, by rule, the earliest first.
    pub due: Vec<DueItem>,
    /// True where there are more.
    pub more: bool,
    /// When the next one behind these is due, as records stand now; none where nothing is to come.
    pub next: Option<Instant>,
    /// Codes of rules that can no longer be read.
    pub broken: Vec<String>,
}

/// One firing to come.
#[derive(Clone, Debug, Record)]
#[record(name = "reminders_due_item")]
pub struct DueItem {
    /// The rule.
    pub rule: Ref<ReminderRule>,
    /// Its code.
    pub code: String,
    /// The kind of the record.
    pub kind: String,
    /// The record.
    pub about: Id,
    /// The day.
    pub due: Date,
    /// True where that day has passed.
    pub late: bool,
}

impl Operation for DueNow {
    const NAME: &'static str = "reminders.due";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::Right { kind: "reminder_rule", verb: "run" };
    const CAPABILITIES: &'static [&'static str] = &["MSG-05"];
    const EXAMPLE: &'static str = r#"{"limit":20}"#;
    type Answer = DueAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<DueAnswer> {
        work.system(|work| {
            let limit = page(self.limit, LARGEST_RUN)? as usize;
            let mut answer = DueAnswer { due: Vec::new(), more: false, next: None, broken: Vec::new() };
            for rule in active_rules(work)? {
                if self.rule.is_some_and(|only| only != rule.id) {
                    continue;
                }
                let Ok(checked) = checked(work, &rule) else {
                    answer.broken.push(rule.code.clone());
                    continue;
                };
                let due = due_of(work, &rule, &checked)?;
                let left = limit - answer.due.len();
                answer.more |= due.len() > left;
                answer.due.extend(due.into_iter().take(left).map(|due| DueItem {
                    rule: rule.id,
                    code: rule.code.clone(),
                    kind: rule.kind.clone(),
                    about: due.about,
                    due: due.due,
                    late: due.late,
                }));
                answer.next = [answer.next, next_of(work, &rule, &checked)?].into_iter().flatten().min();
            }
            Ok(answer)
        })
    }
}

/// Messages of the outbox, the oldest first: what waits for delivery, unless another state is asked for.
#[derive(Clone, Debug, Record)]
#[record(name = "outbox_list")]
pub struct OutboxList {
    /// Messages in this state.
    #[field(default = "\"pending\"")]
    pub state: MessageState,
    /// At most so many, 1 to 1,000.
    #[field(default = "100")]
    pub limit: i64,
    /// Only messages behind this one: the `next` of the page before.
    pub after: Option<Ref<OutboxMessage>>,
}

/// A page of the outbox.
#[derive(Clone, Debug, Record)]
#[record(name = "outbox_list_answer")]
pub struct OutboxAnswer {
    /// The messages.
    pub messages: Vec<Whole<OutboxMessage>>,
    /// What to give as `after` for the next page; none at the end.
    pub next: Option<Ref<OutboxMessage>>,
}

impl Operation for OutboxList {
    const NAME: &'static str = "outbox.list";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::Right { kind: "outbox_message", verb: "deliver" };
    const CAPABILITIES: &'static [&'static str] = &["MSG-05", "MSG-06"];
    const EXAMPLE: &'static str = r#"{"limit":20}"#;
    type Answer = OutboxAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<OutboxAnswer> {
        let limit = page(self.limit, LARGEST_RUN)?;
        // Whoever delivers sees what he delivers, whoever it is for.
        work.system(|work| {
            let mut plan = crm_kernel::plan::Query {
                kind: <OutboxMessage as crm_kernel::record::Record>::NO,
                filter: None,
                order: Vec::new(),
                after: self.after.map(|after| crm_kernel::plan::Mark {
                    keys: Vec::new(),
                    parent: 0,
                    id: after.id().number(),
                }),
                limit: Some(limit + 1),
                select: crm_kernel::plan::Select::Rows,
            };
            let names = [("$state", Ty::Text, Value::Text(self.state.code().to_owned()))];
            plan.filter = Some(work.expression(plan.kind, "state == $state", &names)?);
            let mut rows: Vec<_> = work.query(plan)?.into_iter().filter_map(|found| found.row).collect();
            let more = rows.len() > limit as usize;
            rows.truncate(limit as usize);
            let next = rows.last().filter(|_| more).and_then(|row| Id::new(row.id)).map(Ref::new);
            Ok(OutboxAnswer { messages: rows.into_iter().map(Whole::new).collect(), next })
        })
    }
}

/// What the host reports of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, crm_kernel::Choice)]
pub enum DeliveryReport {
    /// Delivered.
    Delivered,
    /// Could not be delivered; may be reported as delivered later.
    Failed,
}

/// Reports what became of a message: delivered, or failed with a note. The same report twice changes nothing.
#[derive(Clone, Debug, Record)]
#[record(name = "outbox_acknowledge")]
pub struct Acknowledge {
    /// The message.
    pub message: Ref<OutboxMessage>,
    /// What became of it.
    pub state: DeliveryReport,
    /// What the host has to say.
    pub note: Option<String>,
    /// The message's version that the caller read; refused where it is another one.
    pub version: Option<i64>,
}

/// A message.
#[derive(Clone, Debug, Record)]
#[record(name = "outbox_acknowledge_answer")]
pub struct AcknowledgeAnswer {
    /// The message.
    pub message: Whole<OutboxMessage>,
}

impl Operation for Acknowledge {
    const NAME: &'static str = "outbox.acknowledge";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "outbox_message", verb: "deliver" };
    const ERRORS: &'static [Code] = &[ALREADY_DELIVERED];
    const CAPABILITIES: &'static [&'static str] = &["MSG-05", "MSG-06"];
    const EXAMPLE: &'static str = r#"{"message":"$message","state":"delivered"}"#;
    type Answer = AcknowledgeAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<AcknowledgeAnswer> {
        work.system(|work| {
            let mut message = work.find(self.message)?;
            message.expect_version(self.version)?;
            let state = match self.state {
                DeliveryReport::Delivered => MessageState::Delivered,
                DeliveryReport::Failed => MessageState::Failed,
            };
            if message.state == MessageState::Delivered && state != MessageState::Delivered {
                return Err(ALREADY_DELIVERED.error());
            }
            if message.state != state || (message.note != self.note && self.note.is_some()) {
                message.state = state;
                message.note = self.note;
                message.settled_at = Some(work.now());
                work.save(&mut message)?;
            }
            Ok(AcknowledgeAnswer { message: Whole::new(message.row) })
        })
    }
}
