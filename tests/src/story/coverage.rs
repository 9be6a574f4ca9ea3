//! What no story shows yet: operations that none calls, codes that none provokes.

use super::read::{Expected, Story};
use crm_kernel::error::Code;
use crm_kernel::json::Json;
use crm_kernel::model::Model;
use std::collections::BTreeSet;

/// Operations that no story calls with success, in the order of the table.
pub fn operations_without_story(model: &Model, stories: &[Story]) -> Vec<&'static str> {
    let mut called = BTreeSet::new();
    for step in stories.iter().flat_map(|story| &story.steps) {
        if matches!(step.expected, Expected::Answer(_)) {
            called.insert(step.operation.clone());
            let items = step.request.get("operations").and_then(Json::as_list).unwrap_or_default();
            called.extend(items.iter().filter_map(|item| item.get("op")?.as_text()).map(str::to_owned));
        }
    }
    model.operations().iter().map(|row| row.name).filter(|name| !called.contains(*name)).collect()
}

/// Codes of the table and of the kernel that no story provokes. Those of a store that fails are not for stories.
pub fn errors_without_story(model: &Model, stories: &[Story]) -> Vec<&'static str> {
    let mut provoked = BTreeSet::new();
    for step in stories.iter().flat_map(|story| &story.steps) {
        if let Expected::Error(error) = &step.expected {
            let problems = error.get("problems").and_then(Json::as_list).unwrap_or_default();
            let codes =
                std::iter::once(error).chain(problems).filter_map(|error| error.get("code")?.as_text());
            provoked.extend(codes.map(str::to_owned));
        }
    }
    let declared = Code::KERNEL.iter().chain(model.operations().iter().flat_map(|row| row.errors));
    let declared: BTreeSet<&'static str> = declared.map(|code| code.name).collect();
    let by_story = |name: &&str| {
        !name.starts_with("store.") && !name.starts_with("internal.") && !provoked.contains(*name)
    };
    declared.into_iter().filter(by_story).collect()
}
