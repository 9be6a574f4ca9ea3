//! What definitions made at run time ask of a record that is written.

use super::{CustomField, default_text};
use crate::settings::CHECK_FAILED;
use crm_kernel::catalogue::{Catalogue, Kind};
use crm_kernel::codec::scalar;
use crm_kernel::error::Result;
use crm_kernel::expr::node::Ty;
use crm_kernel::json::Json;
use crm_kernel::record::{FIRST_CUSTOM_FIELD, FieldDef};
use crm_kernel::value::{Row, Value};
use crm_kernel::work::Work;

/// Fields made at run time that the maker of the record does not know take their defaults, on lines too; a record from
/// before a required field was made takes it when it is next saved.
pub(in crate::settings) fn fill_defaults(
    catalogue: &Catalogue,
    kind: &Kind,
    old: Option<&Row>,
    new: &mut Row,
) {
    for (position, field) in custom_fields(kind) {
        if new.at(position).is_null()
            && (old.is_none() || field.required)
            && let Some(value) = default_value(field)
        {
            new.set(position, value);
        }
    }
    for (position, child) in kind.children() {
        let Some(child) = catalogue.kind(*child) else { continue };
        let Some(Value::Rows(lines)) = new.values.get_mut(*position) else { continue };
        for line in lines.iter_mut() {
            // A line without number is a new one.
            let is_new = line.id == 0;
            for (at, field) in custom_fields(child).filter(|(_, field)| is_new || field.required) {
                if let (true, Some(value)) = (line.at(at).is_null(), default_value(field)) {
                    line.set(at, value);
                }
            }
        }
    }
}

/// Fields made at run time, the last first.
fn custom_fields(kind: &Kind) -> impl Iterator<Item = (usize, &FieldDef)> {
    kind.fields().iter().enumerate().rev().take_while(|(_, field)| field.no >= FIRST_CUSTOM_FIELD)
}

fn default_value(field: &FieldDef) -> Option<Value> {
    let default = Json::parse(field.default.as_ref()?).ok()?;
    scalar(&field.ty, &default_text(&default)).ok()
}

/// Refuses a record that breaks the check of one of its fields. Errors: `field.check_failed` at the field.
pub(in crate::settings) fn check_custom(work: &mut Work<'_>, kind: &Kind, new: &Row) -> Result<()> {
    if custom_fields(kind).next().is_none() {
        return Ok(());
    }
    let names = [("k", Ty::Text, Value::Text(kind.name().to_owned()))];
    let condition = "kind == k && check != null && !retired";
    let fields = work.system(|work| work.select_by::<CustomField>(condition, &names, &["field_no"], None))?;
    for field in fields {
        let check = field.check.clone().unwrap_or_default();
        let expression = work.expression(kind.no(), &check, &[])?;
        if work.value_of(&expression, new)? == Value::Bool(false) {
            return Err(CHECK_FAILED.at(format!("/{}", field.name)).with("check", check));
        }
    }
    Ok(())
}
