//! Option lists that the enterprise edits: codes are stored, names are shown (platform.md 2.4).

use super::{OPTION_RETIRED, PicklistValue};
use crm_kernel::catalogue::Kind;
use crm_kernel::error::{Code, Error, Result};
use crm_kernel::expr::node::Ty;
use crm_kernel::json::Json;
use crm_kernel::plan::{Query, Select};
use crm_kernel::record::{FieldType, Record};
use crm_kernel::value::{Row, Value};
use crm_kernel::work::{Stored, Work};

/// Every picklist field that is new or changed holds a code of its list that can be chosen. A retired code stays
/// where it stands (pick-01). Lines are checked as their record is.
pub(super) fn check(work: &mut Work<'_>, kind: &Kind, old: Option<&Row>, new: &Row) -> Result<()> {
    for (position, field) in kind.fields().iter().enumerate() {
        match &field.ty {
            FieldType::Picklist(list) => {
                let unchanged = old.is_some_and(|old| old.at(position) == new.at(position));
                if let (false, Some(code)) = (unchanged, new.at(position).as_text()) {
                    may_choose(work, list, code).map_err(|error| error.at(format!("/{}", field.name)))?;
                }
            }
            FieldType::Children(child) => {
                let catalogue = work.catalogue();
                let child = catalogue.get(*child)?;
                if !child.fields().iter().any(|field| matches!(field.ty, FieldType::Picklist(_))) {
                    continue;
                }
                let before = old.map(|old| old.at(position).as_rows()).unwrap_or_default();
                for (at, line) in new.at(position).as_rows().iter().enumerate() {
                    let old = before.iter().find(|old| old.id == line.id && line.id != 0);
                    check(work, child, old, line)
                        .map_err(|error| error.under(&format!("/{}/{at}", field.name)))?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// The code of an option from its code or its name in any of the three languages, as files that are imported have it.
/// Whether the option may be chosen is judged where a record takes it. Errors: `field.not_an_option`.
pub fn picklist_code(work: &mut Work<'_>, list: &str, text: &str) -> Result<String> {
    if let Some(found) = option(work, list, text)? {
        return Ok(found.code.clone());
    }
    let names = [list_name(list), ("t", Ty::Text, Value::Text(text.to_owned()))];
    let named = "list == l && (name_en == t || name_zh_cn == t || name_zh_tw == t)";
    let found = work
        .system(|work| work.select_by::<PicklistValue>(named, &names, &["retired", "sort_order"], Some(1)))?;
    found.first().map(|found| found.code.clone()).ok_or_else(|| unknown(list, text))
}

/// Adds an option to a list where it has no such code yet, named by its code: for imports that say so. It is added as the
/// actor would add it by hand, in a change set of its own. Errors: those of `record.create`.
pub fn ensure_option(work: &mut Work<'_>, list: &str, code: &str) -> Result<()> {
    if option(work, list, code)?.is_some() {
        return Ok(());
    }
    let last = work.system(|work| {
        work.select_by::<PicklistValue>("list == l", &[list_name(list)], &["-sort_order"], Some(1))
    })?;
    let mut values = Json::object()
        .with("list", list)
        .with("sort_order", last.first().map_or(1, |last| last.sort_order + 1));
    for name in ["code", "name_en", "name_zh_cn", "name_zh_tw"] {
        values = values.with(name, code);
    }
    work.inner("record.create", &Json::object().with("kind", "picklist_value").with("values", values))?;
    Ok(())
}

/// Refuses a code that cannot be chosen. Errors: `field.not_an_option`, `picklist.option_retired`.
pub(super) fn may_choose(work: &mut Work<'_>, list: &str, code: &str) -> Result<()> {
    match option(work, list, code)? {
        Some(found) if found.retired => Err(retired(&found)),
        Some(_) => Ok(()),
        None => Err(unknown(list, code)),
    }
}

fn option(work: &mut Work<'_>, list: &str, code: &str) -> Result<Option<Stored<PicklistValue>>> {
    work.once(PicklistValue::NO, &format!("{list}/{code}"), |work| {
        let names = [list_name(list), ("c", Ty::Text, Value::Text(code.to_owned()))];
        work.only::<PicklistValue>("list == l && code == c", &names)
    })
}

fn list_name(list: &str) -> (&'static str, Ty, Value) {
    ("l", Ty::Text, Value::Text(list.to_owned()))
}

fn unknown(list: &str, value: &str) -> Error {
    Code::NOT_AN_OPTION.error().with("value", value).with("options", list)
}

fn retired(option: &PicklistValue) -> Error {
    OPTION_RETIRED.error().with("value", option.code.clone()).with("list", option.list.clone())
}

/// The list and the code of an option never change: records hold the code.
pub(super) fn check_value(_work: &mut Work<'_>, _kind: u32, old: Option<&Row>, new: &mut Row) -> Result<()> {
    let Some(old) = old else { return Ok(()) };
    let (old, new) = (PicklistValue::from_row(old)?, PicklistValue::from_row(new)?);
    if old.list != new.list {
        return Err(Code::READ_ONLY.at("/list"));
    }
    if old.code == new.code { Ok(()) } else { Err(Code::READ_ONLY.at("/code")) }
}

/// An option that a record holds is retired, never deleted.
pub(super) fn removed(work: &mut Work<'_>, _kind: u32, old: &Row) -> Result<()> {
    let value = PicklistValue::from_row(old)?;
    let catalogue = work.catalogue();
    for kind in catalogue.kinds() {
        for field in kind.fields() {
            if !matches!(&field.ty, FieldType::Picklist(list) if *list == value.list) {
                continue;
            }
            let names = [("c", Ty::Text, Value::Text(value.code.clone()))];
            let filter = Some(work.expression(kind.no(), &format!("{} == c", field.name), &names)?);
            let select = Select::Values(Vec::new());
            let plan =
                Query { kind: kind.no(), filter, order: Vec::new(), after: None, limit: Some(1), select };
            if !work.tx()?.query(&plan)?.is_empty() {
                return Err(Code::IN_USE
                    .error()
                    .with("kind", kind.name())
                    .with("field", field.name.to_string()));
            }
        }
    }
    Ok(())
}
