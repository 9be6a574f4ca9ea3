//! Looking at the next number.

use super::{Pattern, reset_key, rule_of};
use crate::org::Department;
use crate::settings::{BAD_PATTERN, NO_TOKEN, NOT_NUMBERED};
use crm_kernel::Record;
use crm_kernel::catalogue::Kind;
use crm_kernel::date::Date;
use crm_kernel::error::{Code, Result};
use crm_kernel::id::Ref;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::record::FieldRole;
use crm_kernel::work::Work;
use std::sync::Arc;

/// Shows the number that the next record of a kind would get; takes nothing.
#[derive(Clone, Debug, Record)]
#[record(name = "numbering_preview")]
pub struct Preview {
    /// The kind's name.
    pub kind: String,
    /// The business date of the record; today where none is given.
    pub date: Option<Date>,
    /// The department of the record, where the pattern shows it.
    pub department: Option<Ref<Department>>,
    /// A pattern to try in place of the rule's; its counter is shown as 1.
    pub pattern: Option<String>,
}

/// The next number.
#[derive(Clone, Debug, Record)]
#[record(name = "numbering_preview_answer")]
pub struct PreviewAnswer {
    /// The number.
    pub number: String,
    /// The pattern that made it.
    pub pattern: String,
    /// Its counter.
    pub counter: i64,
    /// What chose the counter: the year, the month, the department; empty where it never starts again.
    pub reset_key: String,
}

impl Operation for Preview {
    const NAME: &'static str = "numbering.preview";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::Right { kind: "numbering_rule", verb: "read" };
    const ERRORS: &'static [Code] = &[NOT_NUMBERED, NO_TOKEN, BAD_PATTERN];
    const CAPABILITIES: &'static [&'static str] = &["CFG-01"];
    const EXAMPLE: &'static str = r#"{"kind":"customer"}"#;
    type Answer = PreviewAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<PreviewAnswer> {
        let kind = numbered(work, &self.kind)?;
        let rule = rule_of(work, &kind)?;
        let tried =
            self.pattern.as_deref().map(Pattern::parse).transpose().map_err(|error| error.at("/pattern"))?;
        let pattern = tried.as_ref().unwrap_or(&rule.pattern);
        let date = self.date.unwrap_or_else(|| work.today());
        let department = match self.department {
            Some(department) => work.system(|work| Ok(work.find(department)?.code.clone()))?,
            None if pattern.shows_department() => {
                return Err(NO_TOKEN
                    .at("/department")
                    .with("token", "{department}")
                    .with("pattern", rule.text.clone()));
            }
            None => String::new(),
        };
        let reset_key = reset_key(rule.reset, date, &department);
        let counter = match &tried {
            Some(_) => 1,
            None => work.tx()?.last_number(&rule.sequence(&reset_key))? + 1,
        };
        let number = pattern.write(date, &department, counter);
        Ok(PreviewAnswer {
            number,
            pattern: self.pattern.unwrap_or_else(|| rule.text.clone()),
            counter,
            reset_key,
        })
    }
}

fn numbered(work: &Work<'_>, name: &str) -> Result<Arc<Kind>> {
    let kind = work.catalogue().named(name).map_err(|error| error.at("/kind"))?.clone();
    match kind.role(FieldRole::Number) {
        Some(_) => Ok(kind),
        None => Err(NOT_NUMBERED.at("/kind").with("kind", name)),
    }
}
