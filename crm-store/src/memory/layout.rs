//! What another catalogue does to the rows that are there.

use crm_kernel::catalogue::{Catalogue, Kind};
use crm_kernel::error::{Code, Error, Result};
use crm_kernel::record::{FieldDef, FieldType};
use crm_kernel::value::{Row, Value};

/// Two catalogues: the one that rows are laid out by, and the next.
pub(super) struct Change<'a> {
    pub(super) old: &'a Catalogue,
    pub(super) new: &'a Catalogue,
}

impl Change<'_> {
    /// True where a row of the kind, or a line in it, has to become another. New fields at the end change nothing: rows
    /// are shorter than their kind, and what they do not have is null. Errors: `store.cannot_migrate` where a field becomes
    /// another sort of field.
    pub(super) fn concerns(&self, kind: u32) -> Result<bool> {
        let (Some(old), Some(new)) = (self.old.kind(kind), self.new.kind(kind)) else { return Ok(false) };
        let mut moved = old.fields().len() > new.fields().len();
        for (position, was) in old.fields().iter().enumerate() {
            let at = new.position_of_no(was.no);
            let Some(is) = at.and_then(|at| new.field(at)) else { continue };
            moved |= at != Some(position) || column(&was.ty) != column(&is.ty);
            if !is_kept(&was.ty, &is.ty) {
                return Err(refused(new, is));
            }
        }
        for (_, child) in new.children() {
            moved |= self.concerns(*child)?;
        }
        Ok(moved)
    }

    /// The row with every value at the place, and at the decimals, that its field has now. Values of fields that are no
    /// more are forgotten. Errors: `store.cannot_migrate` where a number does not fit.
    pub(super) fn row(&self, kind: u32, row: &Row) -> Result<Row> {
        let (Some(old), Some(new)) = (self.old.kind(kind), self.new.kind(kind)) else {
            return Ok(row.clone());
        };
        let values = new.fields().iter().map(|field| match old.position_of_no(field.no) {
            Some(position) => self.value(new, field, row.at(position)),
            None => Ok(Value::Null),
        });
        Ok(Row { id: row.id, version: row.version, values: values.collect::<Result<_>>()? })
    }

    fn value(&self, kind: &Kind, field: &FieldDef, value: &Value) -> Result<Value> {
        match (&field.ty, value) {
            (FieldType::Children(child), Value::Rows(lines)) => {
                lines.iter().map(|line| self.row(*child, line)).collect::<Result<_>>().map(Value::Rows)
            }
            (ty, Value::Num(_)) => {
                let (digits, scale) = ty.numeric().unwrap_or_default();
                let number = value.as_dec().filter(|number| number.fits(digits, scale));
                Value::num(number.ok_or_else(|| refused(kind, field))?, scale)
            }
            _ => Ok(value.clone()),
        }
    }
}

fn refused(kind: &Kind, field: &FieldDef) -> Error {
    Code::CANNOT_MIGRATE.error().with("field", format!("{}.{}", kind.name(), field.name))
}

/// Values stay what they are, or become numbers of other digits.
fn is_kept(old: &FieldType, new: &FieldType) -> bool {
    column(old) == column(new) || (old.numeric().is_some() && new.numeric().is_some())
}

/// What decides whether a value of one type is a value of another: the sort, and its details.
fn column(ty: &FieldType) -> (&'static str, u32, u32) {
    match ty {
        FieldType::Int | FieldType::Num { .. } => {
            let (digits, scale) = ty.numeric().unwrap_or_default();
            ("number", digits.into(), scale.into())
        }
        FieldType::Text { .. } | FieldType::Choice(_) | FieldType::Picklist(_) | FieldType::Currency => {
            ("text", 0, 0)
        }
        FieldType::Ref(to) => ("reference", *to, 0),
        FieldType::AnyRef => ("any reference", 0, 0),
        FieldType::Children(child) => ("lines", *child, 0),
        other => (other.name(), 0, 0),
    }
}
