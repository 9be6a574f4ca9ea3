//! What a reminder rule must say, judged when it is saved and when it runs.

use super::due::Checked;
use super::render::{names, template};
use super::rules::TimeOfDay;
use super::{BAD_RULE, ReminderRule};
use crate::org::Employee;
use crm_kernel::catalogue::Catalogue;
use crm_kernel::context::Language;
use crm_kernel::error::{Code, Error, Result};
use crm_kernel::expr::node::Ty;
use crm_kernel::permission::RowRule;
use crm_kernel::record::Record;
use crm_kernel::value::{Row, Value};
use crm_kernel::work::Work;
use std::collections::BTreeSet;

/// Before a rule is saved. One that is switched off may stand as it is: so a rule that names a field that is gone can be
/// switched off.
pub(super) fn rule_saved(work: &mut Work<'_>, _kind: u32, _old: Option<&Row>, new: &mut Row) -> Result<()> {
    let rule = ReminderRule::from_row(new)?;
    if !rule.active {
        return Ok(());
    }
    let checked = checked(work, &rule)?;
    work.require(&rule.kind, "read").map_err(|error| error.at("/kind"))?;
    if *checked.recipient.ty() == Ty::Ref(Employee::NO) {
        return Ok(());
    }
    // Whoever is no employee has no rights that a message to him could be held against: what it tells, its author may
    // read, of every record.
    let catalogue = work.catalogue();
    for no in reads(&catalogue, &rule, &checked)? {
        let kind = catalogue.get(no)?;
        let kind = match kind.parent() {
            Some(parent) => catalogue.get(parent)?,
            None => kind,
        };
        if let RowRule::Where(_) = work.row_rule(kind, "read")? {
            return Err(Error::forbidden(kind.name(), "read").at("/recipient"));
        }
    }
    Ok(())
}

/// The kinds whose records a rule reads.
fn reads(catalogue: &Catalogue, rule: &ReminderRule, checked: &Checked) -> Result<BTreeSet<u32>> {
    let expressions = checked.condition.iter().chain([&checked.date, &checked.recipient]);
    let mut kinds: BTreeSet<u32> = expressions.flat_map(|read| read.uses()).map(|(kind, _)| *kind).collect();
    kinds.insert(checked.kind);
    for text in rule.texts.iter().flat_map(|text| [&text.subject, &text.body]) {
        let names = names(None, Value::Null, Value::Null);
        let template = template(catalogue, checked.kind, text, &names)?;
        kinds.extend(template.uses().iter().map(|(kind, _)| *kind));
    }
    Ok(kinds)
}

/// A rule's expressions, checked against its kind. Errors: `kind.unknown`, `expression.invalid`, `reminder.bad_rule`
/// with the `fault`, each at the field.
pub(super) fn checked(work: &Work<'_>, rule: &ReminderRule) -> Result<Checked> {
    let catalogue = work.catalogue();
    let kind = catalogue.named(&rule.kind).map_err(|error| error.at("/kind"))?;
    if kind.parent().is_some() {
        return Err(Code::UNKNOWN_KIND.at("/kind").with("kind", rule.kind.clone()));
    }
    let expression = |text: &str, field: &str| {
        work.expression(kind.no(), text, &[]).map_err(|error| error.at(format!("/{field}")))
    };
    let fault =
        |field: &str, fault: &'static str| BAD_RULE.at(format!("/{field}")).coded("fault", "word", fault);
    let condition = rule.condition.as_deref().filter(|text| !text.trim().is_empty());
    let condition = condition.map(|text| expression(text, "condition")).transpose()?;
    if condition.as_ref().is_some_and(|condition| *condition.ty() != Ty::Bool) {
        return Err(fault("condition", "not_a_condition"));
    }
    let date = expression(&rule.date, "date")?;
    if *date.ty() != Ty::Date {
        return Err(fault("date", "not_a_date"));
    }
    let recipient = expression(&rule.recipient, "recipient")?;
    if !matches!(recipient.ty(), Ty::Text) && !matches!(recipient.ty(), Ty::Ref(no) if *no != 0) {
        return Err(fault("recipient", "not_a_recipient"));
    }
    let time = match rule.time.as_deref() {
        None => TimeOfDay::default(),
        Some(text) => TimeOfDay::parse(text).ok_or_else(|| fault("time", "not_a_time"))?,
    };
    if rule.repeat_days.is_some_and(|days| days < 1) {
        return Err(fault("repeat_days", "not_positive"));
    }
    texts(work, rule, kind.no())?;
    Ok(Checked { kind: kind.no(), condition, date, recipient, time })
}

fn texts(work: &Work<'_>, rule: &ReminderRule, kind: u32) -> Result<()> {
    let catalogue = work.catalogue();
    let names = names(None, Value::Date(work.today()), Value::Instant(work.now()));
    if rule.texts.is_empty() {
        return Err(BAD_RULE.at("/texts").coded("fault", "word", "no_text"));
    }
    for (at, text) in rule.texts.iter().enumerate() {
        let twice = rule.texts.iter().take(at).any(|other| other.language == text.language);
        if twice || Language::parse(&text.language).is_none() {
            let fault = if twice { "language_twice" } else { "unknown_language" };
            return Err(BAD_RULE.at(format!("/texts/{at}/language")).coded("fault", "word", fault));
        }
        let place = |field: &str| format!("/texts/{at}/{field}");
        let check = |text: &str, field: &str| -> std::result::Result<(), Error> {
            template(&catalogue, kind, text, &names).map(|_| ()).map_err(|error| error.at(place(field)))
        };
        check(&text.subject, "subject")?;
        check(&text.body, "body")?;
    }
    Ok(())
}
