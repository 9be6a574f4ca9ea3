//! Rows for the rules of approval; each vector of the specification by its id.

use super::rules::{
    Asked, Outcome, Staff, Vote, asked, can_be_empty, needed, outcome, publishable, sound, stand_in,
    steps_after,
};
use super::*;
use crm_kernel::dec::Dec;
use crm_kernel::error::{Code, Result};
use crm_kernel::id::{Id, Ref};
use crm_kernel::record::Lines;
use proptest::prelude::*;
use std::collections::BTreeMap;

const YES: Vote = Vote::Approve;
const NO: Vote = Vote::Reject;

#[test]
fn appr_01_votes_and_early_end() {
    use ApprovalMode::{All, AnyFirstApproval, AnyFirstResponse, One, Quorum};
    use Outcome::{Approved, Pending, Rejected};
    let rows: &[(&str, ApprovalMode, usize, &[Vote], usize, Outcome)] = &[
        ("appr-01.1", All, 3, &[YES, YES], 0, Pending),
        ("appr-01.2", All, 3, &[YES, YES, YES], 0, Approved),
        ("appr-01.3", All, 3, &[YES, NO], 0, Rejected),
        ("appr-01.4", AnyFirstResponse, 3, &[NO], 0, Rejected),
        ("appr-01.5", AnyFirstApproval, 3, &[NO], 0, Pending),
        ("appr-01.6", AnyFirstApproval, 3, &[NO, YES], 0, Approved),
        ("appr-01.7", AnyFirstApproval, 2, &[NO, NO], 0, Rejected),
        ("appr-01.8", Quorum, 3, &[YES, NO], 2, Pending),
        ("appr-01.9", Quorum, 3, &[NO, NO], 2, Rejected),
        ("appr-01.10", Quorum, 3, &[YES, NO, YES], 2, Approved),
        ("one yes", One, 1, &[YES], 0, Approved),
        ("one no", One, 1, &[NO], 0, Rejected),
        ("first response approves", AnyFirstResponse, 3, &[YES], 0, Approved),
        ("nobody answered", All, 3, &[], 0, Pending),
        ("quorum reached early", Quorum, 5, &[YES, YES], 2, Approved),
        ("quorum out of reach early", Quorum, 5, &[NO, NO, NO, YES], 3, Rejected),
        ("quorum of nothing is one", Quorum, 2, &[], 0, Pending),
        ("appr-10: the third is removed", All, 2, &[YES, YES], 0, Approved),
        ("appr-10: all are removed", All, 0, &[], 0, Pending),
        ("appr-04: an empty step passes nothing", AnyFirstApproval, 0, &[], 0, Pending),
    ];
    for (name, mode, approvers, votes, need, expected) in rows {
        assert_eq!(outcome(*mode, *approvers, votes, *need), *expected, "{name}");
    }
}

#[test]
fn appr_02_share_of_a_quorum_is_a_ceiling() {
    let percent = |text: &str| Some(Dec::parse(text).unwrap());
    let rows = [
        ("appr-02.1", 5, None, percent("60"), 3),
        ("appr-02.2", 4, None, percent("60"), 3),
        ("appr-02.3", 3, None, percent("60"), 2),
        ("exactly a third is not rounded up", 3, None, percent("33.333333"), 1),
        ("a hair above a third is", 3, None, percent("33.333334"), 2),
        ("one millionth of a per cent of many", 100, None, percent("0.000001"), 1),
        ("all", 7, None, percent("100"), 7),
        ("a number is itself", 7, Some(2), None, 2),
        ("none said", 7, None, None, 1),
    ];
    for (name, approvers, need, percent, expected) in rows {
        assert_eq!(needed(approvers, need, percent).unwrap(), expected, "{name}");
    }
}

/// A staff for tables: employees by number.
#[derive(Clone, Default)]
struct Table {
    gone: Vec<i64>,
    successor: BTreeMap<i64, i64>,
    fellows: BTreeMap<i64, Vec<i64>>,
    above: BTreeMap<i64, Vec<i64>>,
    administrators: Vec<i64>,
}

impl Staff for Table {
    fn active(&mut self, who: i64) -> Result<bool> {
        Ok(!self.gone.contains(&who))
    }

    fn successor(&mut self, who: i64) -> Result<Option<i64>> {
        Ok(self.successor.get(&who).copied())
    }

    fn fellow_holders(&mut self, who: i64) -> Result<Vec<i64>> {
        Ok(self.fellows.get(&who).cloned().unwrap_or_default())
    }

    fn superiors(&mut self, who: i64) -> Result<Vec<i64>> {
        Ok(self.above.get(&who).cloned().unwrap_or_default())
    }

    fn administrators(&mut self) -> Result<Vec<i64>> {
        Ok(self.administrators.clone())
    }
}

const C: i64 = 3;
const S: i64 = 5;
const BOSS: i64 = 7;
const CHIEF: i64 = 8;

#[test]
fn appr_03_self_approval_is_judged_against_the_submitter() {
    use SelfApproval::{Allow, Forbid, Skip};
    let person = |who, instead_of, reason: Option<&str>| Asked::Person {
        who,
        instead_of,
        reason: reason.map(str::to_owned),
    };
    let staff = Table { above: BTreeMap::from([(S, vec![BOSS, CHIEF])]), ..Table::default() };
    let boss_left = Table { gone: vec![BOSS], ..staff.clone() };
    let stands_in_for_himself = Table { gone: vec![C], successor: BTreeMap::from([(C, S)]), ..staff.clone() };
    let rows = [
        ("appr-03: the creator may approve", &staff, Forbid, C, person(C, None, None)),
        (
            "appr-03: the submitter's superior is asked",
            &staff,
            Forbid,
            S,
            person(BOSS, Some(S), Some("self_approval")),
        ),
        ("allowed", &staff, Allow, S, person(S, None, None)),
        ("passed over", &staff, Skip, S, Asked::PassedOver),
        ("the superior has left", &boss_left, Forbid, S, person(CHIEF, Some(S), Some("self_approval"))),
        ("nobody above", &Table::default(), Forbid, S, Asked::Nobody),
        (
            "as a successor he is himself",
            &stands_in_for_himself,
            Forbid,
            C,
            person(BOSS, Some(S), Some("self_approval")),
        ),
        (
            "as a successor, allowed",
            &stands_in_for_himself,
            Allow,
            C,
            person(S, Some(C), Some("user_inactive:successor")),
        ),
    ];
    for (name, staff, policy, meant, expected) in rows {
        assert_eq!(asked(&mut staff.clone(), policy, &[S], meant).unwrap(), expected, "{name}");
    }
    // S submitted on behalf of his superior: neither is asked.
    let on_behalf = |meant| asked(&mut staff.clone(), Forbid, &[S, BOSS], meant).unwrap();
    assert_eq!(on_behalf(S), person(CHIEF, Some(S), Some("self_approval")));
    assert_eq!(on_behalf(BOSS), Asked::Nobody);
}

#[test]
fn appr_05_a_leaver_is_replaced_and_cycles_are_cut() {
    const A: i64 = 1;
    const B: i64 = 2;
    const N: i64 = 14;
    const M: i64 = 13;
    const X: i64 = 24;
    const ADMIN: i64 = 99;
    let gone = Table { gone: vec![A], ..Table::default() };
    let rows = [
        ("appr-05.1", Table { successor: [(A, B)].into(), ..gone.clone() }, Some((B, Some("successor")))),
        (
            "appr-05.2",
            Table { fellows: [(A, vec![N])].into(), above: [(A, vec![M])].into(), ..gone.clone() },
            Some((N, Some("position"))),
        ),
        (
            "appr-05.3",
            Table {
                gone: vec![A, X],
                successor: [(A, X), (X, A)].into(),
                above: [(A, vec![M])].into(),
                ..Table::default()
            },
            Some((M, Some("superior"))),
        ),
        (
            "a chain",
            Table { gone: vec![A, X], successor: [(A, X), (X, B)].into(), ..Table::default() },
            Some((B, Some("successor"))),
        ),
        (
            "the superior left too",
            Table { gone: vec![A, M], above: [(A, vec![M, N])].into(), ..Table::default() },
            Some((N, Some("superior"))),
        ),
        (
            "an administrator",
            Table { administrators: vec![ADMIN], ..gone.clone() },
            Some((ADMIN, Some("administrator"))),
        ),
        ("himself as administrator is no help", Table { administrators: vec![A], ..gone.clone() }, None),
        ("nobody", gone, None),
        ("still here", Table { successor: [(A, B)].into(), ..Table::default() }, Some((A, None))),
    ];
    for (name, mut staff, expected) in rows {
        assert_eq!(stand_in(&mut staff, A).unwrap(), expected, "{name}");
    }
}

fn step(no: i64) -> ApprovalStep {
    ApprovalStep {
        step: no,
        name: format!("step {no}"),
        condition: None,
        mode: ApprovalMode::All,
        need: None,
        need_percent: None,
        on_empty: None,
        fallback: None,
        self_approval: SelfApproval::Allow,
    }
}

fn approver(step: i64, source: ApproverSource) -> ApprovalApprover {
    let id = |n| Id::new(n).unwrap();
    ApprovalApprover {
        step,
        source,
        employee: (source == ApproverSource::Employee).then(|| Ref::new(id(1))),
        held: (source == ApproverSource::Position).then(|| Ref::new(id(2))),
        department: None,
        levels: None,
        expression: (source == ApproverSource::Field).then(|| "owner".to_owned()),
    }
}

fn definition(steps: Vec<ApprovalStep>, source: ApproverSource) -> ApprovalDefinition {
    ApprovalDefinition {
        kind: "customer".to_owned(),
        code: "customer".to_owned(),
        version_no: 1,
        name: "customers".to_owned(),
        state: ApprovalDefinitionState::Draft,
        condition: None,
        fallback: None,
        published_at: None,
        notes: None,
        approvers: steps.iter().map(|step| approver(step.step, source)).collect(),
        steps: steps.into_iter().collect(),
    }
}

#[test]
fn appr_04_a_step_that_may_find_nobody_says_what_then() {
    use ApproverSource::{DepartmentHead, Employee, Field, Position, Superior};
    let with = |source, change: fn(&mut ApprovalStep)| {
        let mut only = step(1);
        change(&mut only);
        definition(vec![only], source)
    };
    let hold: fn(&mut ApprovalStep) = |step| step.on_empty = Some(OnEmpty::Hold);
    let skip: fn(&mut ApprovalStep) = |step| step.on_empty = Some(OnEmpty::Skip);
    let nothing: fn(&mut ApprovalStep) = |_| {};
    let forbid: fn(&mut ApprovalStep) = |step| step.self_approval = SelfApproval::Forbid;
    let conditional: fn(&mut ApprovalStep) = |step| step.condition = Some("active".to_owned());
    let rows: [(&str, ApprovalDefinition, Option<Code>); 12] = [
        ("appr-04: head of a department", with(DepartmentHead, nothing), Some(NO_EMPTY_POLICY)),
        ("appr-04: hold", with(DepartmentHead, hold), None),
        ("position", with(Position, nothing), Some(NO_EMPTY_POLICY)),
        ("superior", with(Superior, nothing), Some(NO_EMPTY_POLICY)),
        ("field", with(Field, nothing), Some(NO_EMPTY_POLICY)),
        ("somebody named is replaced when he leaves", with(Employee, nothing), None),
        ("somebody named may be the submitter", with(Employee, forbid), Some(NO_EMPTY_POLICY)),
        ("all steps may be skipped", with(Position, skip), Some(NO_FALLBACK)),
        ("all steps are conditional", with(Employee, conditional), Some(NO_FALLBACK)),
        ("no steps", definition(Vec::new(), Employee), Some(NO_STEPS)),
        (
            "one of two is certain",
            definition(
                vec![step(1), {
                    let mut s = step(2);
                    conditional(&mut s);
                    s
                }],
                Employee,
            ),
            None,
        ),
        (
            "conditional with a last fallback",
            ApprovalDefinition {
                fallback: Some(Ref::new(Id::new(9).unwrap())),
                ..with(Employee, conditional)
            },
            None,
        ),
    ];
    for (name, definition, expected) in rows {
        assert_eq!(publishable(&definition).err().map(|error| error.code()), expected, "{name}");
    }
    let asked = approver(1, Employee);
    assert!(!can_be_empty(&step(1), &[&asked, &approver(1, Position)]));
}

#[test]
fn a_step_does_not_contradict_itself() {
    let rows: [(&str, fn(&mut ApprovalDefinition)); 9] = [
        ("step_number", |d| d.steps[0].step = 0),
        ("step_number", |d| d.steps.push(step(1))),
        ("quorum", |d| d.steps[0].mode = ApprovalMode::Quorum),
        ("quorum", |d| {
            d.steps[0].mode = ApprovalMode::Quorum;
            d.steps[0].need = Some(0);
        }),
        ("quorum", |d| {
            d.steps[0].mode = ApprovalMode::Quorum;
            d.steps[0].need_percent = Some(Dec::parse("100.5").unwrap());
        }),
        ("need_without_quorum", |d| d.steps[0].need = Some(2)),
        ("fallback", |d| d.steps[0].on_empty = Some(OnEmpty::Fallback)),
        ("no_approvers", |d| d.approvers = Lines::default()),
        ("approver", |d| d.approvers[0].employee = None),
    ];
    for (fault, change) in rows {
        let mut definition = definition(vec![step(1)], ApproverSource::Employee);
        sound(&definition).unwrap();
        change(&mut definition);
        let error = sound(&definition).unwrap_err();
        assert_eq!(error.code(), BAD_STEP);
        assert_eq!(error.arg("fault").and_then(crm_kernel::json::Json::as_text), Some(fault));
    }
}

#[test]
fn appr_06_steps_come_by_their_numbers() {
    // appr-06 itself (a running instance stays on its version) is the story approval-versions.json.
    let definition = definition(vec![step(30), step(10), step(20)], ApproverSource::Employee);
    let numbers = |after| steps_after(&definition, after).iter().map(|step| step.step).collect::<Vec<_>>();
    assert_eq!(numbers(0), [10, 20, 30]);
    assert_eq!(numbers(10), [20, 30]);
    assert_eq!(numbers(30), [] as [i64; 0]);
}

fn modes() -> impl Strategy<Value = ApprovalMode> {
    use ApprovalMode::{All, AnyFirstApproval, AnyFirstResponse, One, Quorum};
    prop_oneof![Just(One), Just(All), Just(AnyFirstResponse), Just(AnyFirstApproval), Just(Quorum)]
}

proptest! {
    /// Once decided, further answers change nothing; when everybody has answered, it is decided; never before it must be.
    #[test]
    fn a_decided_step_stays_decided(
        mode in modes(),
        votes in prop::collection::vec(prop_oneof![Just(YES), Just(NO)], 1..8),
        need in 1_usize..8,
    ) {
        let approvers = votes.len();
        let need = need.min(approvers);
        let mut decided = None;
        for answered in 0..=approvers {
            let now = outcome(mode, approvers, &votes[..answered], need);
            match decided {
                Some(before) => prop_assert_eq!(now, before),
                None if now != Outcome::Pending => decided = Some(now),
                None => {}
            }
        }
        let whole = outcome(mode, approvers, &votes, need);
        prop_assert_ne!(whole, Outcome::Pending);
        prop_assert_eq!(decided, Some(whole));
        // Early: the prefix is undecided exactly where the rest could still tip it.
        for answered in 0..approvers {
            let reach = |fill: Vote| {
                let mut all = votes[..answered].to_vec();
                all.resize(approvers, fill);
                outcome(mode, approvers, &all, need)
            };
            let open = outcome(mode, approvers, &votes[..answered], need) == Outcome::Pending;
            prop_assert_eq!(open, reach(YES) != reach(NO));
        }
        if whole == Outcome::Approved {
            prop_assert!(votes.contains(&YES));
        }
    }

    /// A share is never less than it says and never more by a whole person.
    #[test]
    fn a_share_is_the_least_number_that_reaches_it(approvers in 1_usize..1_000, millionths in 1_i64..=100_000_000) {
        let percent = Dec::from_i64_at(millionths, 6);
        let needed = i128::try_from(needed(approvers, None, Some(percent)).unwrap()).unwrap();
        let share = i128::try_from(approvers).unwrap() * i128::from(millionths);
        prop_assert!(needed * 100_000_000 >= share);
        prop_assert!((needed - 1) * 100_000_000 < share);
    }
}
