//! Organisation: who works here, where, and with which rights (ORG-01 to ORG-05).
//!
//! Words. A *department* stands in a tree of departments. An *employee* belongs to one department and holds
//! *positions*; a position carries *rights*: a verb on a kind of record, with a scope (own, department, tree, all).
//! The scope is measured from the department of the holding (the line's own, else the position's, else the
//! employee's), never from the union of a person's departments (platform.md 2.1). A *restriction* is a condition on a
//! kind that binds everybody or the holders of one position.
//!
//! Promises. Rights of several positions unite, restrictions intersect (perm-06). Somebody who left has none. A right
//! that nothing asks for cannot be given. The tree of departments and the line of superiors have no cycles.
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
pub const RIGHTS_KINDS: &[u32] = &[Department::NO, Position::NO, Employee::NO, Restriction::NO];

/// The area.
pub const AREA: Area = Area {
    name: "org",
    kinds: &[
        Department::def,
        Position::def,
        PositionRight::def,
        Employee::def,
        Holding::def,
        Restriction::def,
    ],
    operations: &[],
    rules: &[
        KindRules::of(Department::NO).save(rules::department).errors(&[CYCLE]),
        KindRules::of(Position::NO).save(rules::position).errors(&[LAST_ADMINISTRATOR, UNKNOWN_RIGHT]),
        KindRules::of(Employee::NO)
            .save(rules::employee)
            .delete(rules::employee_removed)
            .errors(&[CYCLE, LAST_ADMINISTRATOR]),
        KindRules::of(Restriction::NO).save(rules::restriction),
    ],
    rights: &[],
};
