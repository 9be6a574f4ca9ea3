//! From a firing to a message: who gets it, in which language, with which text.
//!
//! A recipient reads no more in a message than in the engine: an employee who may not read the record gets none, and
//! what a template reads through references is left out where the recipient may not read that record.

use super::due::{Checked, Due};
use super::{FiringOutcome, MessageState, OutboxMessage, ReminderRule, ReminderText};
use crate::org::Employee;
use crm_kernel::catalogue::Catalogue;
use crm_kernel::context::Language;
use crm_kernel::error::{Code, Result};
use crm_kernel::expr::node::Ty;
use crm_kernel::expr::template::Template;
use crm_kernel::expr::{Arena, RowEnv, Scope};
use crm_kernel::id::{Id, Ref};
use crm_kernel::permission::{Rights, RowRule};
use crm_kernel::record::Record;
use crm_kernel::value::{Row, Value};
use crm_kernel::work::{Stored, Work};
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// Longest subject and text, in characters: what the fields of a message hold.
const LONGEST_SUBJECT: usize = 1_000;
const LONGEST_BODY: usize = 65_535;

/// The rights of recipients, read once a run.
#[derive(Default)]
pub(super) struct Readers {
    rights: HashMap<Id, Rights>,
}

impl Readers {
    fn may_read(&mut self, work: &mut Work<'_>, who: Id, kind: u32, row: &Row) -> Result<bool> {
        let catalogue = work.catalogue();
        let rights = match self.rights.entry(who) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(work.model().rights(work.tx()?, who.number())?),
        };
        match work.rule_of(rights, catalogue.get(kind)?, "read")? {
            RowRule::All => Ok(true),
            RowRule::Where(rule) => work.holds(&rule, row),
        }
    }
}

/// A message, or why there is none.
pub(super) enum Rendered {
    /// To be written.
    Message(Box<OutboxMessage>),
    /// None.
    Nothing(FiringOutcome, Option<&'static str>),
}

/// The message of a firing.
pub(super) fn message(
    work: &mut Work<'_>,
    readers: &mut Readers,
    rule: &Stored<ReminderRule>,
    checked: &Checked,
    due: &Due,
) -> Result<Rendered> {
    let Some(row) = work.row(checked.kind, due.about.number())? else {
        return Ok(Rendered::Nothing(FiringOutcome::Failed, Some(Code::NOT_FOUND.name)));
    };
    let recipient = match recipient(work, checked, &row)? {
        Some(recipient) => recipient,
        None => return Ok(Rendered::Nothing(FiringOutcome::NoRecipient, None)),
    };
    if let Some(employee) = recipient.employee
        && !readers.may_read(work, employee, checked.kind, &row)?
    {
        return Ok(Rendered::Nothing(FiringOutcome::NotPermitted, None));
    }
    let language = recipient.language.unwrap_or(work.context().language);
    let Some(text) = text_in(rule, language) else {
        return Ok(Rendered::Nothing(FiringOutcome::Failed, Some("no_text")));
    };
    let subject = render(work, readers, checked, &recipient, &text.subject, &row, due, LONGEST_SUBJECT);
    let body = render(work, readers, checked, &recipient, &text.body, &row, due, LONGEST_BODY);
    let (subject, body) = match (subject, body) {
        (Ok(subject), Ok(body)) => (subject, body),
        // One record with a figure that cannot be calculated does not keep the others from being reminded of.
        (Err(error), _) | (_, Err(error)) => match error.code() {
            code @ (Code::OUT_OF_RANGE | Code::NO_VALUE | Code::TOO_LONG) => {
                return Ok(Rendered::Nothing(FiringOutcome::Failed, Some(code.name)));
            }
            _ => return Err(error),
        },
    };
    Ok(Rendered::Message(Box::new(OutboxMessage {
        recipient: recipient.employee.map(Ref::new),
        contact_kind: recipient.contact.as_ref().map(|(kind, _)| kind.clone()),
        contact: recipient.contact.as_ref().map(|(_, id)| *id),
        address: recipient.address,
        language: text.language.clone(),
        subject,
        body,
        kind: rule.kind.clone(),
        about: due.about,
        rule: Some(rule.id),
        due: Some(due.due),
        level: rule.level,
        late: due.late,
        state: MessageState::Pending,
        note: None,
        written_at: work.now(),
        settled_at: None,
    })))
}

/// The text of a rule in a language; its first where that language is missing.
pub(super) fn text_in(rule: &ReminderRule, language: Language) -> Option<&ReminderText> {
    let same = rule.texts.iter().find(|text| text.language == language.tag());
    same.or(rule.texts.first()).map(|text| &text.line)
}

struct Recipient {
    employee: Option<Id>,
    contact: Option<(String, Id)>,
    address: Option<String>,
    language: Option<Language>,
}

/// Whom a rule means for a record. Mail address and language are the recipient's own, from the fields `email` and
/// `language` where its kind has them.
fn recipient(work: &mut Work<'_>, checked: &Checked, row: &Row) -> Result<Option<Recipient>> {
    let id = match work.value_of(&checked.recipient, row)? {
        Value::Ref(id) => id,
        Value::Text(address) if !address.trim().is_empty() => {
            let address = Some(address.chars().take(255).collect());
            return Ok(Some(Recipient { employee: None, contact: None, address, language: None }));
        }
        _ => return Ok(None),
    };
    let Ty::Ref(no) = *checked.recipient.ty() else { return Ok(None) };
    let catalogue = work.catalogue();
    let kind = catalogue.get(no)?;
    let Some(found) = work.row(no, id.number())? else { return Ok(None) };
    let text =
        |name: &str| kind.position(name).and_then(|position| found.at(position).as_text()).map(str::to_owned);
    let is_employee = no == Employee::NO;
    Ok(Some(Recipient {
        employee: is_employee.then_some(id),
        contact: (!is_employee).then(|| (kind.name().to_owned(), id)),
        address: text("email"),
        language: text("language").as_deref().and_then(Language::parse),
    }))
}

/// Names that a template knows beside the fields of the record.
pub(super) fn names(due: Option<&Due>, today: Value, now: Value) -> Vec<(&'static str, Ty, Value)> {
    vec![
        ("today", Ty::Date, today),
        ("now", Ty::Instant, now),
        ("$due", Ty::Date, due.map_or(Value::Null, |due| Value::Date(due.due))),
    ]
}

/// A template over a kind, checked. Errors: `expression.invalid`.
pub(super) fn template(
    catalogue: &Catalogue,
    kind: u32,
    text: &str,
    names: &[(&str, Ty, Value)],
) -> Result<Template> {
    Template::parse(text, &Scope { catalogue, root: kind, names })
}

#[allow(clippy::too_many_arguments, reason = "one text of one message: each argument is a part of it")]
fn render(
    work: &mut Work<'_>,
    readers: &mut Readers,
    checked: &Checked,
    recipient: &Recipient,
    text: &str,
    row: &Row,
    due: &Due,
    longest: usize,
) -> Result<String> {
    let catalogue = work.catalogue();
    let names = names(Some(due), Value::Date(work.today()), Value::Instant(work.now()));
    let template = template(&catalogue, checked.kind, text, &names)?;
    let mut arena = Arena::default();
    arena.fill(template.reads(), row, None, &mut |kind, id| {
        let Some(found) = work.row(kind, id)? else { return Ok(None) };
        match recipient.employee {
            Some(who) if !readers.may_read(work, who, kind, &found)? => Ok(None),
            _ => Ok(Some(found)),
        }
    })?;
    let text = template.render(&RowEnv { root: row, parent: None, source: &arena }, work.base())?;
    if text.chars().count() > longest {
        return Err(Code::TOO_LONG.error().with("longest", i64::try_from(longest).unwrap_or(i64::MAX)));
    }
    Ok(text)
}
