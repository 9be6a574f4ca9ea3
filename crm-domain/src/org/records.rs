//! The records of the organisation (ORG-01 to ORG-05).

use crm_kernel::Record;
use crm_kernel::id::Ref;
use crm_kernel::permission::Scope;
use crm_kernel::record::Lines;

/// A company, branch or department: a node of the organisation's tree.
#[derive(Clone, Debug, Record)]
#[record(no = 1)]
pub struct Department {
    /// A short code, unique.
    #[field(no = 1, text = 40, unique)]
    pub code: String,
    /// The name.
    #[field(no = 2, title)]
    pub name: String,
    /// The department above; none at the top.
    #[field(no = 3, index)]
    pub superior: Option<Ref<Department>>,
    /// The head: approver where a step says department head.
    #[field(no = 4)]
    pub head: Option<Ref<Employee>>,
    /// False once it is closed; its history stays.
    #[field(no = 5, default = "true")]
    pub active: bool,
}

/// A position: a bundle of rights that employees hold.
#[derive(Clone, Debug, Record)]
#[record(no = 2)]
pub struct Position {
    /// A short code, unique.
    #[field(no = 1, text = 40, unique)]
    pub code: String,
    /// The name.
    #[field(no = 2, title)]
    pub name: String,
    /// The department from which its scopes are measured, where the holding names none.
    #[field(no = 3)]
    pub department: Option<Ref<Department>>,
    /// What its holders may do.
    #[field(no = 4)]
    pub rights: Lines<PositionRight>,
}

/// One right of a position.
#[derive(Clone, Debug, Record)]
#[record(no = 3, parent = Position)]
pub struct PositionRight {
    /// The kind of record, or the area's word where an operation needs one (`import`, `report`); `*` for all.
    #[field(no = 1, text = 60)]
    pub kind: String,
    /// The verb (`read`, `create`, `update`, `delete`, `export`, `submit`, `approve`, ...); `*` for all.
    #[field(no = 2, text = 60)]
    pub verb: String,
    /// How far it reaches.
    #[field(no = 3, default = "\"own\"")]
    pub scope: Scope,
}

/// A condition that takes records away from whoever it binds, whatever the positions give: a company line, a legal
/// hold. All restrictions on a kind hold at once, and none of them gives anything.
#[derive(Clone, Debug, Record)]
#[record(no = 6)]
pub struct Restriction {
    /// A short code, unique.
    #[field(no = 1, text = 40, unique)]
    pub code: String,
    /// The name.
    #[field(no = 2, title)]
    pub name: String,
    /// The kind of record; what follows it in access, and its lines, are restricted with it.
    #[field(no = 3, text = 60)]
    pub kind: String,
    /// The condition over the kind: for whom it binds, only records for which it holds exist.
    #[field(no = 4, text = 8192)]
    pub condition: String,
    /// Whom it binds: the holders of this position; everybody where none is named.
    #[field(no = 5)]
    pub holders: Option<Ref<Position>>,
    /// False once it is lifted; its history stays.
    #[field(no = 6, default = "true")]
    pub active: bool,
}

/// Somebody who works here and may act.
#[derive(Clone, Debug, Record)]
#[record(no = 4)]
pub struct Employee {
    /// A short code, unique.
    #[field(no = 1, text = 40, unique)]
    pub code: String,
    /// The name.
    #[field(no = 2, title, index)]
    pub name: String,
    /// Where he or she works.
    #[field(no = 3, index)]
    pub department: Ref<Department>,
    /// To whom he or she reports; where none, the head of the department.
    #[field(no = 4, index)]
    pub superior: Option<Ref<Employee>>,
    /// The kind of person (own staff, agency, outside), from the picklist.
    #[field(no = 5, picklist = "person_type")]
    pub person_type: Option<String>,
    /// The title on the card.
    #[field(no = 6)]
    pub job_title: Option<String>,
    /// Sales region.
    #[field(no = 7, picklist = "region")]
    pub region: Option<String>,
    /// Mail address.
    #[field(no = 8)]
    pub email: Option<String>,
    /// Telephone.
    #[field(no = 9, text = 60)]
    pub phone: Option<String>,
    /// False once he or she has left: no right, no approval.
    #[field(no = 10, default = "true")]
    pub active: bool,
    /// Takes over open approvals once inactive.
    #[field(no = 11)]
    pub successor: Option<Ref<Employee>>,
    /// The positions held.
    #[field(no = 12)]
    pub positions: Lines<Holding>,
    /// Notes.
    #[field(no = 13, long_text)]
    pub notes: Option<String>,
}

/// A position held by an employee.
#[derive(Clone, Debug, Record)]
#[record(no = 5, parent = Employee)]
pub struct Holding {
    /// The position.
    #[field(no = 1)]
    pub holds: Ref<Position>,
    /// The department from which its scopes are measured; else the position's, else the employee's.
    #[field(no = 2)]
    pub department: Option<Ref<Department>>,
}
