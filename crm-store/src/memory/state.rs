//! What the memory store holds, and the way back from every change of it.

use super::key::Key;
use super::layout::Change;
use crm_kernel::catalogue::{Catalogue, Kind};
use crm_kernel::change::ChangeSet;
use crm_kernel::error::{Code, Error, Result};
use crm_kernel::record::{FieldDef, FieldType};
use crm_kernel::value::{Row, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Everything in the store. Rows are changed by [`State::replace`] only, which keeps the derived maps true.
#[derive(Debug, Default)]
pub(super) struct State {
    /// The catalogue that rows are laid out by: the last one migrated to.
    pub(super) catalogue: Arc<Catalogue>,
    pub(super) revision: i64,
    tables: BTreeMap<u32, BTreeMap<i64, Row>>,
    pub(super) sequences: BTreeMap<String, i64>,
    pub(super) changes: Vec<ChangeSet>,
    pub(super) tombstones: BTreeMap<(u32, i64), i64>,
    /// Fields (kind, number) that no row may lack.
    required: BTreeSet<(u32, u32)>,
    derived: Derived,
}

/// What follows from the rows and the catalogue, kept so that no write has to look at every row.
#[derive(Debug, Default)]
struct Derived {
    /// Who has a value of a unique index (kind, place among the kind's indexes): the record, a line's parent.
    unique: BTreeMap<(u32, usize), BTreeMap<Key, i64>>,
    /// How many references of other records point to a record.
    incoming: BTreeMap<(u32, i64), u64>,
}

/// How one change is taken back.
#[derive(Debug)]
pub(super) enum Undo {
    Row { kind: u32, id: i64, before: Option<Row> },
    Number { sequence: String, before: Option<i64> },
    Append,
    Tombstone { kind: u32, id: i64, before: Option<i64> },
    Migrate(Box<Before>),
}

/// The state before a migration, rows only where their layout changed.
#[derive(Debug)]
pub(super) struct Before {
    catalogue: Arc<Catalogue>,
    revision: i64,
    required: BTreeSet<(u32, u32)>,
    derived: Derived,
    rows: Vec<(u32, Row)>,
}

impl State {
    pub(super) fn row(&self, kind: u32, id: i64) -> Option<&Row> {
        self.tables.get(&kind)?.get(&id)
    }

    pub(super) fn rows(&self, kind: u32) -> impl Iterator<Item = &Row> {
        self.tables.get(&kind).into_iter().flat_map(BTreeMap::values)
    }

    /// Puts a row in the place of what is there, or takes it away. Nothing is checked.
    pub(super) fn replace(&mut self, kind: &Kind, id: i64, row: Option<Row>) -> Undo {
        let table = self.tables.entry(kind.no()).or_default();
        let before = match row {
            Some(row) => table.insert(id, row),
            None => table.remove(&id),
        };
        if let Some(before) = &before {
            self.derived.remove(&self.catalogue, kind, before, id);
        }
        if let Some(row) = table.get(&id) {
            self.derived.add(&self.catalogue, kind, row, id);
        }
        Undo::Row { kind: kind.no(), id, before }
    }

    /// Errors: `field.duplicate` where another record, or another line of this one, has a unique value of the row.
    pub(super) fn check_unique(&self, kind: &Kind, row: &Row) -> Result<()> {
        let mut own: BTreeMap<(u32, usize), BTreeSet<Key>> = BTreeMap::new();
        for (part, index, key) in unique_keys(&self.catalogue, kind, row) {
            let place = (part.kind.no(), index);
            let holder = self.derived.unique.get(&place).and_then(|held| held.get(&key));
            let is_new = own.entry(place).or_default().insert(key);
            if !is_new || holder.is_some_and(|holder| *holder != row.id) {
                let first = part.kind.def.indexes.get(index).and_then(|index| index.fields.first());
                let path = part.path(kind, first.map_or("", |field| field));
                return Err(duplicate(part.kind, index).at(path));
            }
        }
        Ok(())
    }

    /// Errors: `field.dangling_reference` where a reference of the row or of its lines leads nowhere.
    pub(super) fn check_references(&self, kind: &Kind, row: &Row) -> Result<()> {
        for (part, field, (to, id)) in references(&self.catalogue, kind, row) {
            let itself = (to, id) == (kind.no(), row.id);
            if !itself && self.row(to, id).is_none() {
                let error = Code::DANGLING.error().with("kind", part.kind.name()).with("field", &*field.name);
                return Err(error.at(part.path(kind, &field.name)));
            }
        }
        Ok(())
    }

    /// Errors: `field.required` where a required field is null.
    pub(super) fn check_required(&self, kind: &Kind, row: &Row) -> Result<()> {
        for part in parts(&self.catalogue, kind, row) {
            for (position, field) in part.kind.fields().iter().enumerate() {
                if self.required.contains(&(part.kind.no(), field.no)) && part.row.at(position).is_null() {
                    return Err(Code::REQUIRED.at(part.path(kind, &field.name)));
                }
            }
        }
        Ok(())
    }

    /// True where another record refers to this one.
    pub(super) fn is_referenced(&self, kind: u32, id: i64) -> bool {
        self.derived.incoming.contains_key(&(kind, id))
    }

    /// Lays all rows out by another catalogue. Errors: `field.duplicate` where a new unique index finds values twice,
    /// `store.cannot_migrate` where values would be lost; nothing is changed then.
    pub(super) fn migrate(&mut self, catalogue: &Arc<Catalogue>) -> Result<Undo> {
        let change = Change { old: &self.catalogue, new: catalogue };
        let mut rows = Vec::new();
        let mut required = BTreeSet::new();
        for kind in catalogue.kinds() {
            if change.concerns(kind.no())? {
                for row in self.rows(kind.no()) {
                    rows.push((kind.no(), change.row(kind.no(), row)?));
                }
            }
            // Fields added to a kind that was there are null in its rows, so the store does not ask for them.
            let fields = kind.fields().iter().filter(|field| field.required && field.ty.is_column());
            let fields = fields.map(|field| (kind.no(), field.no));
            let is_new = self.catalogue.kind(kind.no()).is_none();
            required.extend(fields.filter(|field| is_new || self.required.contains(field)));
        }
        let rows = self.exchange(rows);
        match Derived::of(catalogue, &self.tables) {
            Ok(derived) => Ok(Undo::Migrate(Box::new(Before {
                catalogue: std::mem::replace(&mut self.catalogue, catalogue.clone()),
                revision: std::mem::replace(&mut self.revision, catalogue.revision),
                required: std::mem::replace(&mut self.required, required),
                derived: std::mem::replace(&mut self.derived, derived),
                rows,
            }))),
            Err(error) => {
                self.exchange(rows);
                Err(error)
            }
        }
    }

    /// Puts rows into the places of others with their ids, and gives those. The derived maps are not looked at.
    fn exchange(&mut self, rows: Vec<(u32, Row)>) -> Vec<(u32, Row)> {
        let one = |(kind, row): (u32, Row)| Some((kind, self.tables.get_mut(&kind)?.insert(row.id, row)?));
        rows.into_iter().filter_map(one).collect()
    }

    /// Takes one change back. Changes are taken back latest first, so each meets the state that it left.
    pub(super) fn undo(&mut self, undo: Undo) {
        match undo {
            Undo::Row { kind, id, before } => {
                if let Some(kind) = self.catalogue.kind(kind).cloned() {
                    self.replace(&kind, id, before);
                }
            }
            Undo::Number { sequence, before } => set(&mut self.sequences, sequence, before),
            Undo::Append => {
                self.changes.pop();
            }
            Undo::Tombstone { kind, id, before } => set(&mut self.tombstones, (kind, id), before),
            Undo::Migrate(before) => {
                self.exchange(before.rows);
                self.catalogue = before.catalogue;
                self.revision = before.revision;
                self.required = before.required;
                self.derived = before.derived;
            }
        }
    }
}

/// Sets or takes away an entry.
pub(super) fn set<K: Ord>(map: &mut BTreeMap<K, i64>, key: K, value: Option<i64>) {
    match value {
        Some(value) => map.insert(key, value),
        None => map.remove(&key),
    };
}

impl Derived {
    /// From all rows. Errors: `field.duplicate`.
    fn of(catalogue: &Catalogue, tables: &BTreeMap<u32, BTreeMap<i64, Row>>) -> Result<Derived> {
        let mut derived = Derived::default();
        for (no, rows) in tables {
            let Some(kind) = catalogue.kind(*no) else { continue };
            for (id, row) in rows {
                for (part, index, key) in unique_keys(catalogue, kind, row) {
                    let held = derived.unique.entry((part.kind.no(), index)).or_default();
                    if held.insert(key, *id).is_some() {
                        return Err(duplicate(part.kind, index));
                    }
                }
                derived.add_references(catalogue, kind, row, *id);
            }
        }
        Ok(derived)
    }

    fn add(&mut self, catalogue: &Catalogue, kind: &Kind, row: &Row, id: i64) {
        for (part, index, key) in unique_keys(catalogue, kind, row) {
            self.unique.entry((part.kind.no(), index)).or_default().insert(key, id);
        }
        self.add_references(catalogue, kind, row, id);
    }

    fn add_references(&mut self, catalogue: &Catalogue, kind: &Kind, row: &Row, id: i64) {
        for target in others(catalogue, kind, row, id) {
            let count = self.incoming.entry(target).or_default();
            *count = count.saturating_add(1);
        }
    }

    fn remove(&mut self, catalogue: &Catalogue, kind: &Kind, row: &Row, id: i64) {
        for (part, index, key) in unique_keys(catalogue, kind, row) {
            if let Some(held) = self.unique.get_mut(&(part.kind.no(), index)) {
                held.remove(&key);
            }
        }
        for target in others(catalogue, kind, row, id) {
            if let Some(count) = self.incoming.get_mut(&target) {
                *count = count.saturating_sub(1);
                if *count == 0 {
                    self.incoming.remove(&target);
                }
            }
        }
    }
}

fn duplicate(kind: &Kind, index: usize) -> Error {
    let fields = kind.def.indexes.get(index).map(|index| index.fields.join(", "));
    Code::DUPLICATE.error().with("kind", kind.name()).with("fields", fields.unwrap_or_default())
}

/// The record's own row, or one of its lines.
#[derive(Clone, Copy)]
struct Part<'a> {
    kind: &'a Kind,
    row: &'a Row,
    /// The position of the lines in the record, and the line's place among them.
    line: Option<(usize, usize)>,
}

impl Part<'_> {
    /// JSON pointer to a field, from the record on.
    fn path(&self, head: &Kind, field: &str) -> String {
        match self.line {
            None => format!("/{field}"),
            Some((position, at)) => {
                format!("/{}/{at}/{field}", head.field(position).map_or("", |lines| &lines.name))
            }
        }
    }
}

fn parts<'a>(catalogue: &'a Catalogue, kind: &'a Kind, row: &'a Row) -> impl Iterator<Item = Part<'a>> {
    let lines =
        kind.children().iter().filter_map(|(position, child)| Some((*position, catalogue.kind(*child)?)));
    let lines = lines.flat_map(|(position, kind)| {
        let rows = row.at(position).as_rows().iter().enumerate();
        rows.map(move |(at, row)| Part { kind, row, line: Some((position, at)) })
    });
    std::iter::once(Part { kind, row, line: None }).chain(lines)
}

/// The values that no other record may have, by the place among the kind's indexes: those without a null among them.
fn unique_keys<'a>(
    catalogue: &'a Catalogue,
    kind: &'a Kind,
    row: &'a Row,
) -> impl Iterator<Item = (Part<'a>, usize, Key)> {
    parts(catalogue, kind, row).flat_map(|part| {
        let indexes = part.kind.def.indexes.iter().enumerate().filter(|(_, index)| index.unique);
        indexes.filter_map(move |(place, index)| {
            let values = index.fields.iter().map(|name| part.kind.position(name).map(|at| part.row.at(at)));
            let values: Option<Vec<Value>> =
                values.map(|value| value.filter(|value| !value.is_null()).cloned()).collect();
            Some((part, place, Key(values?)))
        })
    })
}

/// References of a record and its lines: where they stand and what they point to, as kind and id.
fn references<'a>(
    catalogue: &'a Catalogue,
    kind: &'a Kind,
    row: &'a Row,
) -> impl Iterator<Item = (Part<'a>, &'a FieldDef, (u32, i64))> {
    parts(catalogue, kind, row).flat_map(|part| {
        let fields = part.kind.fields().iter().enumerate();
        fields.filter_map(move |(position, field)| match (&field.ty, part.row.at(position)) {
            (FieldType::Ref(to), Value::Ref(id)) => Some((part, field, (*to, id.number()))),
            _ => None,
        })
    })
}

/// The other records that a record refers to, one for each reference.
fn others<'a>(
    catalogue: &'a Catalogue,
    kind: &'a Kind,
    row: &'a Row,
    id: i64,
) -> impl Iterator<Item = (u32, i64)> {
    let own = (kind.no(), id);
    references(catalogue, kind, row).map(|(_, _, target)| target).filter(move |target| *target != own)
}
