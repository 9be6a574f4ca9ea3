//! A record as areas work with it: its typed view beside the row.

use crate::error::{Code, Error, Result};
use crate::id::{Id, Ref};
use crate::known::Known;
use crate::record::Record;
use crate::value::Row;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

/// A record that was loaded or inserted: its typed view beside the row it came from. Saving writes the view's fields
/// into a copy of the row, so fields made at run time are never lost. The view is shared until somebody changes his.
#[derive(Clone, Debug)]
pub struct Stored<T> {
    /// The record.
    pub id: Ref<T>,
    /// The row as it was read or written.
    pub row: Arc<Row>,
    pub(super) value: Arc<T>,
}

impl<T: Record> Stored<T> {
    /// The view of a row that a query found. Errors: `internal.error` where it is not of this kind.
    pub fn new(row: Arc<Row>) -> Result<Stored<T>> {
        let value = Arc::new(T::from_row(&row)?);
        Stored::of(row, value)
    }

    fn of(row: Arc<Row>, value: Arc<T>) -> Result<Stored<T>> {
        let id = Id::new(row.id).ok_or_else(|| Error::internal("a record without id"))?;
        Ok(Stored { id: Ref::new(id), row, value })
    }

    /// The view of a row that may have been looked at before.
    pub(super) fn known(row: Arc<Row>, known: &mut Known) -> Result<Stored<T>> {
        let value = match known.view(T::NO, &row) {
            Some(value) => value,
            None => {
                let value = Arc::new(T::from_row(&row)?);
                known.keep_view(T::NO, &row, value.clone());
                value
            }
        };
        Stored::of(row, value)
    }

    /// The row with what was changed of the view, as saving writes it before the rules of its kind; its version is that
    /// of the row that was read. Errors: those of values that do not fit their fields.
    pub fn changed_row(&self) -> Result<Row> {
        let mut values = self.value.to_values()?;
        values.extend(self.row.values.iter().skip(values.len()).cloned());
        Ok(Row { id: self.row.id, version: self.row.version, values })
    }

    /// Refuses where the caller read another version. Errors: `record.conflict` with both versions.
    pub fn expect_version(&self, version: Option<i64>) -> Result<()> {
        match version {
            Some(version) if version != self.row.version => {
                Err(Code::STALE.at("/version").with("current", self.row.version).with("given", version))
            }
            _ => Ok(()),
        }
    }
}

impl<T> Deref for Stored<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: Clone> DerefMut for Stored<T> {
    fn deref_mut(&mut self) -> &mut T {
        Arc::make_mut(&mut self.value)
    }
}
