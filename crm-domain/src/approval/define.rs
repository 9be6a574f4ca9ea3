//! Definitions: written as drafts, published, retired.

use super::rules::{publishable, sound};
use super::{
    ApprovalApprover, ApprovalDefinition, ApprovalDefinitionState, ApprovalMode, ApprovalStep,
    ApproverSource, BAD_STEP, NO_EMPTY_POLICY, NO_FALLBACK, NO_STEPS, NOT_DRAFT, NOT_PUBLISHED, OnEmpty,
    SelfApproval,
};
use crate::org::{Department, Employee, Position};
use crm_kernel::Record;
use crm_kernel::dec::Dec;
use crm_kernel::error::{Code, Error, Result};
use crm_kernel::expr::node::Ty;
use crm_kernel::id::Ref;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::record::{Record as _, Whole};
use crm_kernel::value::Value;
use crm_kernel::work::Work;

/// Writes a draft of how records of a kind are approved: a new version of the definition with this code, or over the
/// draft that stands. Nothing applies before it is published.
#[derive(Clone, Debug, Record)]
#[record(name = "approval_define")]
pub struct Define {
    /// The kind of record, by name.
    #[field(text = 60)]
    pub kind: String,
    /// The code that its versions share; the kind's name where there is none. A kind may have several definitions with
    /// different conditions.
    #[field(text = 60)]
    pub code: Option<String>,
    /// The name.
    pub name: String,
    /// The condition over the record under which it applies. `submitter`, `today`, `now` and `actor` are known beside the
    /// fields.
    #[field(text = 8192)]
    pub condition: Option<String>,
    /// Who decides where no step is left.
    pub fallback: Option<Ref<Employee>>,
    /// Notes.
    #[field(long_text)]
    pub notes: Option<String>,
    /// The steps, in order.
    pub steps: Vec<DefineStep>,
    /// The draft's version that the caller read; refused where it is another one.
    pub version: Option<i64>,
}

/// A step of a definition.
#[derive(Clone, Debug, Record)]
#[record(name = "approval_define_step")]
pub struct DefineStep {
    /// Its number; its place in the list where there is none.
    pub step: Option<i64>,
    /// The name.
    pub name: String,
    /// The condition over the record under which it is needed.
    #[field(text = 8192)]
    pub condition: Option<String>,
    /// How many of those asked decide.
    #[field(default = "\"all\"")]
    pub mode: ApprovalMode,
    /// For a quorum: how many approvals are needed.
    pub need: Option<i64>,
    /// For a quorum: how many per cent of those asked are needed.
    #[field(percent)]
    pub need_percent: Option<Dec>,
    /// Who is asked.
    pub approvers: Vec<DefineApprover>,
    /// What happens where nobody is found.
    pub on_empty: Option<OnEmpty>,
    /// Who decides then, where `on_empty` is `fallback`.
    pub fallback: Option<Ref<Employee>>,
    /// What happens where the submitter would be asked.
    #[field(default = "\"forbid\"")]
    pub self_approval: SelfApproval,
}

/// Somebody asked at a step.
#[derive(Clone, Debug, Record)]
#[record(name = "approval_define_approver")]
pub struct DefineApprover {
    /// How he is found.
    pub source: ApproverSource,
    /// The employee, where `source` is `employee`.
    pub employee: Option<Ref<Employee>>,
    /// The position, where `source` is `position`.
    pub held: Option<Ref<Position>>,
    /// The department, where `source` is `department_head`; else the submitter's.
    pub department: Option<Ref<Department>>,
    /// How many levels above the submitter, where `source` is `superior`; 1 where it is not given.
    pub levels: Option<i64>,
    /// An expression over the record that gives an employee, where `source` is `field`.
    #[field(text = 8192)]
    pub expression: Option<String>,
}

/// A definition.
#[derive(Clone, Debug, Record)]
#[record(name = "approval_definition_answer")]
pub struct DefinitionAnswer {
    /// The definition.
    pub definition: Whole<ApprovalDefinition>,
}

impl Operation for Define {
    const NAME: &'static str = "approval.define";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "approval", verb: "define" };
    const ERRORS: &'static [Code] = &[BAD_STEP];
    const CAPABILITIES: &'static [&'static str] = &["APR-01", "APR-02", "APR-03"];
    const EXAMPLE: &'static str = r#"{"kind":"customer","name":"New customers","steps":[{"name":"Superior","mode":"one","approvers":[{"source":"superior"}],"on_empty":"hold"}]}"#;
    type Answer = DefinitionAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<DefinitionAnswer> {
        let kind = work.catalogue().named(&self.kind).map_err(|error| error.at("/kind"))?.clone();
        if kind.parent().is_some() {
            return Err(Code::UNKNOWN_KIND.at("/kind").with("kind", self.kind));
        }
        let code = self.code.clone().unwrap_or_else(|| self.kind.clone());
        let names = [
            ("$kind", Ty::Text, Value::Text(self.kind.clone())),
            ("$code", Ty::Text, Value::Text(code.clone())),
        ];
        let versions = work.system(|work| {
            work.select_by::<ApprovalDefinition>(
                "kind == $kind && code == $code",
                &names,
                &["-version_no"],
                None,
            )
        })?;
        let last = versions.first().map_or(0, |last| last.version_no);
        let draft = versions.into_iter().find(|version| version.state == ApprovalDefinitionState::Draft);
        let version = self.version;
        let places = self.places();
        let definition = self.definition(code, draft.as_ref().map_or(last + 1, |draft| draft.version_no));
        sound(&definition)?;
        check_expressions(work, kind.no(), &definition)?;
        let row = match draft {
            Some(mut draft) => {
                draft.expect_version(version)?;
                *draft = definition;
                work.save(&mut draft)?;
                draft.row
            }
            None => work.insert(&definition)?.row,
        };
        work.flush().map_err(|error| at_step(error, &places))?;
        Ok(DefinitionAnswer { definition: Whole::new(row) })
    }
}

/// A refusal of one of a definition's approvers, at his place in the request.
fn at_step(error: Error, places: &[String]) -> Error {
    let found = error.path().strip_prefix("/approvers/").and_then(|rest| {
        let (at, field) = rest.split_once('/')?;
        let place = places.get(at.parse::<usize>().ok()?)?;
        Some(format!("{place}/{field}"))
    });
    match found {
        Some(path) => error.at(path),
        None => error,
    }
}

impl Define {
    /// Where each approver stands in the request, in the order in which the definition holds them.
    fn places(&self) -> Vec<String> {
        let steps = self.steps.iter().enumerate();
        let of = |(at, step): (usize, &DefineStep)| {
            (0..step.approvers.len()).map(|nth| format!("/steps/{at}/approvers/{nth}")).collect::<Vec<_>>()
        };
        steps.flat_map(of).collect()
    }

    fn definition(self, code: String, version_no: i64) -> ApprovalDefinition {
        let mut steps = crm_kernel::record::Lines::default();
        let mut approvers = crm_kernel::record::Lines::default();
        for (at, step) in self.steps.into_iter().enumerate() {
            let number = step.step.unwrap_or_else(|| i64::try_from(at + 1).unwrap_or(i64::MAX));
            for approver in step.approvers {
                approvers.push(ApprovalApprover {
                    step: number,
                    source: approver.source,
                    employee: approver.employee,
                    held: approver.held,
                    department: approver.department,
                    levels: approver.levels,
                    expression: approver.expression,
                });
            }
            steps.push(ApprovalStep {
                step: number,
                name: step.name,
                condition: step.condition.filter(|text| !text.trim().is_empty()),
                mode: step.mode,
                need: step.need,
                need_percent: step.need_percent,
                on_empty: step.on_empty,
                fallback: step.fallback,
                self_approval: step.self_approval,
            });
        }
        ApprovalDefinition {
            kind: self.kind,
            code,
            version_no,
            name: self.name,
            state: ApprovalDefinitionState::Draft,
            condition: self.condition.filter(|text| !text.trim().is_empty()),
            fallback: self.fallback,
            published_at: None,
            notes: self.notes,
            steps,
            approvers,
        }
    }
}

/// Every condition is a condition over the kind, every field expression gives an employee. Errors: `expression.invalid`
/// at its place.
fn check_expressions(work: &Work<'_>, kind: u32, definition: &ApprovalDefinition) -> Result<()> {
    let names = [("submitter", Ty::Ref(Employee::NO), Value::Null)];
    let check = |text: &str, path: String, wanted: Ty| -> Result<()> {
        let expression = work.expression(kind, text, &names).map_err(|error| error.at(path.clone()))?;
        if *expression.ty() == wanted {
            return Ok(());
        }
        let fault = if wanted == Ty::Bool { "not_a_condition" } else { "not_an_employee" };
        Err(Code::BAD_EXPRESSION
            .at(path)
            .with("at", 0_i64)
            .coded("fault", "word", fault)
            .with("detail", text))
    };
    if let Some(text) = &definition.condition {
        check(text, "/condition".to_owned(), Ty::Bool)?;
    }
    for (at, step) in definition.steps.iter().enumerate() {
        if let Some(text) = &step.condition {
            check(text, format!("/steps/{at}/condition"), Ty::Bool)?;
        }
        for (nth, approver) in super::rules::approvers_of(definition, step.step).into_iter().enumerate() {
            if let (ApproverSource::Field, Some(text)) = (approver.source, &approver.expression) {
                check(text, format!("/steps/{at}/approvers/{nth}/expression"), Ty::Ref(Employee::NO))?;
            }
        }
    }
    Ok(())
}

/// Puts a draft in force and retires the version before it. What runs on that version goes on to its end.
#[derive(Clone, Debug, Record)]
#[record(name = "approval_publish")]
pub struct Publish {
    /// The draft.
    pub definition: Ref<ApprovalDefinition>,
    /// Its version that the caller read; refused where it is another one.
    pub version: Option<i64>,
}

impl Operation for Publish {
    const NAME: &'static str = "approval.publish";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "approval", verb: "publish" };
    const ERRORS: &'static [Code] = &[NOT_DRAFT, NO_STEPS, BAD_STEP, NO_EMPTY_POLICY, NO_FALLBACK];
    const CAPABILITIES: &'static [&'static str] = &["APR-01"];
    const EXAMPLE: &'static str = r#"{"definition":"$approval_draft"}"#;
    type Answer = DefinitionAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<DefinitionAnswer> {
        work.system(|work| {
            let mut draft = work.find(self.definition)?;
            draft.expect_version(self.version)?;
            if draft.state != ApprovalDefinitionState::Draft {
                return Err(NOT_DRAFT.error().choice("state", draft.state));
            }
            publishable(&draft)?;
            let kind = work.catalogue().named(&draft.kind)?.no();
            // Fields may have changed since the draft was written.
            check_expressions(work, kind, &draft)?;
            let names = [
                ("$kind", Ty::Text, Value::Text(draft.kind.clone())),
                ("$code", Ty::Text, Value::Text(draft.code.clone())),
            ];
            let condition = "kind == $kind && code == $code && state == 'published'";
            for mut earlier in work.select::<ApprovalDefinition>(condition, &names)? {
                earlier.state = ApprovalDefinitionState::Retired;
                work.save(&mut earlier)?;
            }
            draft.state = ApprovalDefinitionState::Published;
            draft.published_at = Some(work.now());
            work.save(&mut draft)?;
            Ok(DefinitionAnswer { definition: Whole::new(draft.row) })
        })
    }
}

/// Takes a published definition out of force. What runs on it goes on to its end.
#[derive(Clone, Debug, Record)]
#[record(name = "approval_retire")]
pub struct Retire {
    /// The definition.
    pub definition: Ref<ApprovalDefinition>,
    /// Its version that the caller read; refused where it is another one.
    pub version: Option<i64>,
}

impl Operation for Retire {
    const NAME: &'static str = "approval.retire";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Right { kind: "approval", verb: "publish" };
    const ERRORS: &'static [Code] = &[NOT_PUBLISHED];
    const CAPABILITIES: &'static [&'static str] = &["APR-01"];
    const EXAMPLE: &'static str = r#"{"definition":"$approval_definition"}"#;
    type Answer = DefinitionAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<DefinitionAnswer> {
        work.system(|work| {
            let mut definition = work.find(self.definition)?;
            definition.expect_version(self.version)?;
            if definition.state != ApprovalDefinitionState::Published {
                return Err(NOT_PUBLISHED.error().choice("state", definition.state));
            }
            definition.state = ApprovalDefinitionState::Retired;
            work.save(&mut definition)?;
            Ok(DefinitionAnswer { definition: Whole::new(definition.row) })
        })
    }
}
