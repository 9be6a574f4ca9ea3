//! What a row must be before it is kept. A fault here is one of the program, not of its user: requests were checked
//! long before.

use crm_kernel::catalogue::{Catalogue, Kind};
use crm_kernel::error::{Error, Result};
use crm_kernel::record::FieldType;
use crm_kernel::value::{Row, Value};

/// Errors: `internal.error` where the row is none of the kind.
pub(super) fn row(catalogue: &Catalogue, kind: &Kind, old: Option<&Row>, new: &Row) -> Result<()> {
    if kind.parent().is_some() {
        return Err(Error::internal(format!("lines of `{}` are written with their parent", kind.name())));
    }
    if new.id <= 0 || old.is_some_and(|old| old.id != new.id) {
        return Err(Error::internal(format!("a `{}` with the id {}", kind.name(), new.id)));
    }
    values(kind, new)?;
    for (position, child) in kind.children() {
        let child = catalogue.get(*child)?;
        let lines = new.at(*position).as_rows();
        let mut numbers: Vec<i64> = lines.iter().map(|line| line.id).collect();
        numbers.sort_unstable();
        numbers.dedup();
        if numbers.len() != lines.len() || numbers.first().is_some_and(|least| *least <= 0) {
            return Err(Error::internal(format!(
                "lines of `{}` without a number of their own",
                child.name()
            )));
        }
        lines.iter().try_for_each(|line| values(child, line))?;
    }
    Ok(())
}

fn values(kind: &Kind, row: &Row) -> Result<()> {
    if row.values.len() > kind.fields().len() {
        return Err(Error::internal(format!("a `{}` of {} values", kind.name(), row.values.len())));
    }
    for (field, value) in kind.fields().iter().zip(&row.values) {
        if !fits(&field.ty, value) {
            return Err(Error::internal(format!("`{}.{}` cannot hold {value:?}", kind.name(), field.name)));
        }
    }
    Ok(())
}

fn fits(ty: &FieldType, value: &Value) -> bool {
    match (ty, value) {
        (FieldType::Message(_) | FieldType::List(_) | FieldType::Record(_), _) => false,
        (_, Value::Null) => true,
        (FieldType::Bool, Value::Bool(_)) => true,
        (FieldType::Int | FieldType::Num { .. }, Value::Num(num)) => {
            let (digits, scale) = ty.numeric().unwrap_or_default();
            let limit = 10_u64.checked_pow(u32::from(digits)).unwrap_or(u64::MAX);
            num.scale == scale && num.mantissa.unsigned_abs() < limit
        }
        (FieldType::Text { .. } | FieldType::Choice(_), Value::Text(_)) => true,
        (FieldType::Picklist(_) | FieldType::Currency, Value::Text(_)) => true,
        (FieldType::Date, Value::Date(_)) => true,
        (FieldType::Instant, Value::Instant(_)) => true,
        (FieldType::Ref(_) | FieldType::AnyRef, Value::Ref(_)) => true,
        (FieldType::Json, Value::Json(_)) => true,
        (FieldType::Children(_), Value::Rows(_)) => true,
        _ => false,
    }
}
