//! Organisation: who works here, where, and with which rights.
//!
//! Words. A *department* stands in a tree of departments. An *employee* belongs to one department and holds
//! *positions*; a position carries *rights*: a verb on a kind of record, with a scope (own, department, tree, all).
//! The scope is measured from the department of the holding (the line's own, else the position's, else the
//! employee's), never from the union of a person's departments (platform.md 2.1).
//!
//! Promises. Rights of several positions unite. Somebody who left has none. The tree of departments and the line of
//! superiors have no cycles.
//!
//! Never. No right is implied by a name or a title; no operation asks who somebody is.

mod error;
mod records;
mod rights;
mod rules;
#[cfg(test)]
mod tests;

pub use error::*;
pub use records::*;
pub use rights::rights;
pub use rules::{superiors, tree};

use crm_kernel::model::{Area, KindRules};
use crm_kernel::record::Record;

/// Kinds whose records decide rights.
pub const RIGHTS_KINDS: &[u32] = &[Department::NO, Position::NO, Employee::NO];

/// The area.
pub const AREA: Area = Area {
    name: "org",
    kinds: &[Department::def, Position::def, PositionRight::def, Employee::def, Holding::def],
    operations: &[],
    rules: &[
        KindRules::of(Department::NO).save(rules::department),
        KindRules::of(Employee::NO).save(rules::employee),
    ],
};
