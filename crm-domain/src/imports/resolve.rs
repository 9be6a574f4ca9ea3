//! What rows name: records by a key, options by a code or a name.

use crate::settings::{ensure_option, picklist_code};
use crm_kernel::context::Language;
use crm_kernel::error::Result;
use crm_kernel::expr::node::Ty;
use crm_kernel::plan::{Query, Select};
use crm_kernel::record::ChoiceDef;
use crm_kernel::value::Value;
use crm_kernel::work::Work;
use std::collections::HashMap;

/// Looks up what the rows of a chunk name, each name once.
#[derive(Default)]
pub(super) struct Resolver {
    records: HashMap<(u32, String, String), Option<String>>,
    options: HashMap<(String, String), String>,
}

impl Resolver {
    /// The id of the record of a kind with a key; none where no record has it.
    pub(super) fn record(
        &mut self,
        work: &mut Work<'_>,
        kind: u32,
        by: &str,
        key: &str,
    ) -> Result<Option<String>> {
        let named = (kind, by.to_owned(), key.to_owned());
        if let Some(known) = self.records.get(&named) {
            return Ok(known.clone());
        }
        let found = find(work, kind, by, key)?.map(|id| id.to_string());
        self.records.insert(named, found.clone());
        Ok(found)
    }

    /// Remembers the record that a row became.
    pub(super) fn remember(&mut self, kind: u32, by: &str, key: String, id: Option<String>) {
        self.records.insert((kind, by.to_owned(), key), id);
    }

    /// The code of an option: of its code or its name in any language; `add` takes the text as a code and adds it to
    /// the list where it is missing. Errors: `field.not_an_option`, those of adding it.
    pub(super) fn option(
        &mut self,
        work: &mut Work<'_>,
        list: &str,
        text: &str,
        add: bool,
    ) -> Result<String> {
        let named = (list.to_owned(), text.to_owned());
        if let Some(known) = self.options.get(&named) {
            return Ok(known.clone());
        }
        let code = if add {
            ensure_option(work, list, text)?;
            text.to_owned()
        } else {
            picklist_code(work, list, text)?
        };
        self.options.insert(named, code.clone());
        Ok(code)
    }
}

/// The record of a kind with a key.
pub(super) fn find(work: &mut Work<'_>, kind: u32, by: &str, key: &str) -> Result<Option<i64>> {
    let names = [("$key", Ty::Text, Value::Text(key.to_owned()))];
    let filter = work.expression(kind, &format!("{by} == $key"), &names)?;
    let plan = Query {
        kind,
        filter: Some(filter),
        order: Vec::new(),
        after: None,
        limit: Some(1),
        select: Select::Values(Vec::new()),
    };
    Ok(work.query(plan)?.first().map(|found| found.id))
}

/// The code of a choice: of its code or its label in any language. What is neither stays, for the operation to refuse.
pub(super) fn choice_code(work: &Work<'_>, choice: &ChoiceDef, text: String) -> String {
    let texts = work.model().texts();
    let labelled = |code: &str| {
        let key = format!("choice.{}.{code}", choice.name);
        Language::ALL.into_iter().any(|language| texts.find(language, &key) == Some(text.as_str()))
    };
    let codes = || choice.options.iter().copied();
    let found = codes().find(|code| *code == text).or_else(|| codes().find(|code| labelled(code)));
    found.map_or(text.clone(), str::to_owned)
}
