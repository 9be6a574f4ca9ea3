//! What no story shows yet: operations that none calls, codes that none provokes. And what refuses without saying so.

use super::read::{Expected, Step, Story};
use crm_kernel::context::Language;
use crm_kernel::error::Code;
use crm_kernel::json::Json;
use crm_kernel::model::Model;
use crm_kernel::operation::OperationRow;
use crm_kernel::permission::Needs;
use std::collections::BTreeSet;

/// Codes, or beginnings of codes, that no story can provoke: a story sends readable text to a database that works.
const BEYOND_STORIES: [&str; 6] = [
    // Of a store or a defect: tests of the stores.
    "store.",
    "internal.",
    // Of the C and JS doors before they have a request: tests of the doors.
    "handle.",
    "request.invalid_text",
    // Of a file's bytes, which the host decodes: a row in the tests of the imports.
    "import.encoding",
    // Nobody can be signed in before there is an enterprise: the guard behind `permission.no_actor`.
    "enterprise.not_set_up",
];

/// Operations that no story calls with success, by themselves, in a batch or by the mapping of an import; in the order
/// of the table.
pub fn operations_without_story(model: &Model, stories: &[Story]) -> Vec<&'static str> {
    let mut called = BTreeSet::new();
    for step in stories.iter().flat_map(|story| &story.steps) {
        if matches!(step.expected, Expected::Answer(_)) {
            called.insert(step.operation.as_str());
            texts(&step.request, &["op", "operation"], &mut called);
        }
    }
    model.operations().iter().map(|row| row.name).filter(|name| !called.contains(name)).collect()
}

/// Codes of the table and of the kernel that no story provokes: neither as the error of a step nor among the problems
/// of rows and the reasons of firings that an answer tells.
pub fn errors_without_story(model: &Model, stories: &[Story]) -> Vec<&'static str> {
    let mut provoked = BTreeSet::new();
    for step in stories.iter().flat_map(|story| &story.steps) {
        let (Expected::Answer(expected) | Expected::Error(expected)) = &step.expected;
        texts(expected, &["code", "reason"], &mut provoked);
    }
    let declared: BTreeSet<&'static str> = model.errors().map(|code| code.name).collect();
    let by_story = |name: &&str| {
        !BEYOND_STORIES.iter().any(|beyond| name.starts_with(beyond)) && !provoked.contains(*name)
    };
    declared.into_iter().filter(by_story).collect()
}

/// Codes whose messages no story shows in all three languages. What a step is refused with is asked for in all of them; what
/// an answer tells is, where its story runs in all of them.
pub fn errors_not_in_every_language(model: &Model, stories: &[Story]) -> Vec<&'static str> {
    let runs_in = |story: &Story, step: &Step, language| {
        matches!(step.expected, Expected::Error(_))
            || step.language.is_none() && story.languages.contains(&language)
    };
    let in_language = |language| {
        let steps = |story: &Story| {
            let steps = story.steps.iter().filter(|step| runs_in(story, step, language));
            Story { steps: steps.cloned().collect(), ..story.clone() }
        };
        errors_without_story(model, &stories.iter().map(steps).collect::<Vec<_>>())
    };
    // The reason of a firing is a code by itself, without a message.
    let mut reasons = BTreeSet::new();
    for step in stories.iter().flat_map(|story| &story.steps) {
        let (Expected::Answer(expected) | Expected::Error(expected)) = &step.expected;
        texts(expected, &["reason"], &mut reasons);
    }
    let missing: BTreeSet<&str> = Language::ALL.into_iter().flat_map(in_language).collect();
    missing.into_iter().filter(|code| !reasons.contains(code)).collect()
}

/// The code of a refusal that nobody declares: neither the kernel nor the operation, nor one that it runs inside, nor
/// the rules of a kind.
pub fn undeclared(model: &Model, operation: &str, error: &Json) -> Option<String> {
    let code = error.get("code").and_then(Json::as_text).unwrap_or_default();
    let row = model.operation(operation);
    let runs_others = row.is_some_and(|row| row.needs == Needs::Inner || row.name.starts_with("import."));
    let of_rules = || model.kind_errors().any(|(_, declared)| declared.name == code);
    let of_operations = |row: &OperationRow| row.errors.iter().any(|declared| declared.name == code);
    let declared = Code::KERNEL.iter().any(|declared| declared.name == code)
        || row.is_some_and(of_operations)
        || of_rules()
        || (runs_others && model.operations().iter().any(of_operations));
    (!declared).then(|| code.to_owned())
}

/// The texts that stand under one of the keys, however deep.
fn texts<'a>(json: &'a Json, keys: &[&str], found: &mut BTreeSet<&'a str>) {
    match json {
        Json::Object(members) => {
            for (key, value) in members {
                match value {
                    Json::Text(text) if keys.contains(&key.as_str()) => {
                        found.insert(text);
                    }
                    _ => texts(value, keys, found),
                }
            }
        }
        Json::List(items) => items.iter().for_each(|item| texts(item, keys, found)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::{all, read};
    use super::*;

    #[test]
    fn every_operation_and_every_code_has_a_story() {
        let model = crm_domain::model().unwrap();
        let stories: Vec<Story> = all().iter().map(|file| read(file).unwrap()).collect();
        assert_eq!(operations_without_story(&model, &stories), [""; 0]);
        assert!(stories.len() >= 60, "{} stories", stories.len());
        assert_eq!(errors_without_story(&model, &stories), [""; 0]);
        assert_eq!(errors_not_in_every_language(&model, &stories), [""; 0]);
    }
}
