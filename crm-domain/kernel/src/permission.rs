//! Who may do what: function permission and data scope, both from the positions an employee holds.
//!
//! Grants unite: one is enough. A scope is measured from the department of the position that grants it, never from the
//! union of a person's departments (platform.md 2.1, perm-03). The row rule is an expression: the same one is AND-ed
//! into lists, counts and reports and evaluated on a record that is loaded. Restrictions are conditions AND-ed into it:
//! they take away from whatever the grants give and never add (perm-06).

use crate::catalogue::{Catalogue, Kind, MOST_FOLLOWED};
use crate::error::{Code, Result};
use crate::expr::node::Ty;
use crate::expr::{Expr, Scope as Names};
use crate::id::Id;
use crate::record::{FieldRole, FieldType};
use crate::value::Value;
use crm_derive::Choice;

/// How far a right reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Choice)]
pub enum Scope {
    /// Records whose owner is the actor.
    Own,
    /// Records of the department of the position.
    Department,
    /// Records of that department and all below it.
    Tree,
    /// All records.
    All,
}

/// What an operation needs before it runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Open to everybody, also without an actor. Pinned by a test, at most five operations.
    Public,
    /// The right to do `verb` on `kind`.
    Right {
        /// The kind's name, or an area's word where no kind is meant.
        kind: &'static str,
        /// The verb.
        verb: &'static str,
    },
    /// The right to do the verb on the kind that the request names in its field `kind`.
    OnKind {
        /// The verb.
        verb: &'static str,
    },
    /// The same right, where the request names a kind of lines that on the record that has them as well.
    OnHead {
        /// The verb.
        verb: &'static str,
    },
    /// Whatever the operations inside need: `batch`.
    Inner,
}

/// One right of one position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The kind's name; `*` for every kind.
    pub kind: String,
    /// The verb; `*` for every verb.
    pub verb: String,
    /// How far it reaches.
    pub scope: Scope,
    /// The department of the position; 0 where it has none.
    pub department: i64,
    /// That department and all below it.
    pub tree: Vec<i64>,
    /// The position, for explanations.
    pub position: i64,
}

/// A condition that records of a kind have to fulfil whatever is granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restriction {
    /// The kind's name.
    pub kind: String,
    /// The condition over the kind; it may name what every expression knows.
    pub condition: String,
}

/// All rights of one actor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rights {
    /// The employee; 0 for nobody.
    pub actor: i64,
    /// From all positions held.
    pub grants: Vec<Grant>,
    /// Those that bind the actor.
    pub restrictions: Vec<Restriction>,
}

/// Which records of a kind a right covers.
#[derive(Clone, Debug)]
pub enum RowRule {
    /// All.
    All,
    /// Those for which the condition holds; none where it is false by construction.
    Where(Expr),
}

impl Rights {
    /// True where some position gives the right, however far it reaches.
    pub fn may(&self, kind: &str, verb: &str) -> bool {
        self.granted(kind, verb).next().is_some()
    }

    /// The grants that give a right.
    pub fn granted<'a>(&'a self, kind: &'a str, verb: &'a str) -> impl Iterator<Item = &'a Grant> {
        self.grants.iter().filter(move |grant| {
            (grant.kind == "*" || grant.kind == kind) && (grant.verb == "*" || grant.verb == verb)
        })
    }

    /// The records of a kind that a right covers: what the grants give, within every restriction. Kinds without owner
    /// and department are the enterprise's own data: any scope covers them. A kind with `access` follows the record that
    /// it names, a line its parent; what restricts that record restricts it as well. The right is named by a kind, most
    /// often the records' own, and a verb. `names` are those that conditions know beside the fields.
    pub fn row_rule(
        &self,
        catalogue: &Catalogue,
        kind: &Kind,
        right: (&str, &str),
        names: &[(&str, Ty, Value)],
    ) -> Result<RowRule> {
        let asked = Asked { catalogue, kind, right, names };
        self.followed(&asked, kind, "", MOST_FOLLOWED)
    }

    /// The rule as it is decided by the kind at the end of a path, and by those that its access leads to from there.
    fn followed(&self, asked: &Asked<'_>, decides: &Kind, prefix: &str, left: u32) -> Result<RowRule> {
        let mut rule = RowRule::All;
        for restriction in self.restrictions.iter().filter(|found| found.kind == decides.name()) {
            let condition = restriction.read(asked.catalogue, decides.no(), asked.names)?;
            let condition = if prefix.is_empty() {
                condition
            } else {
                condition.through(&asked.field(&format!("{prefix}id"))?)
            };
            rule = rule.and(RowRule::Where(condition));
        }
        let ways = asked.ways(decides)?;
        if ways.is_empty() {
            return Ok(self.given(asked, decides, prefix)?.and(rule));
        }
        // Definitions are checked to end before this; where one does not, nothing is let through.
        let Some(left) = left.checked_sub(1) else { return Ok(RowRule::nothing(asked.kind.no())) };
        let mut followed = Vec::with_capacity(ways.len());
        for (name, target) in &ways {
            followed.push(self.followed(asked, target, &format!("{prefix}{name}."), left)?);
        }
        if followed.iter().all(|way| matches!(way, RowRule::All)) {
            return Ok(rule);
        }
        let mut any = Vec::with_capacity(ways.len());
        for ((name, _), way) in ways.iter().zip(followed) {
            // Of several references the one that is set decides: another that is not must not let the record through.
            let set = if ways.len() > 1 { asked.is_set(&format!("{prefix}{name}"))? } else { RowRule::All };
            if let RowRule::Where(condition) = set.and(way) {
                any.push(condition);
            }
        }
        Ok(RowRule::Where(Expr::any_of(asked.kind.no(), any)).and(rule))
    }

    /// The records that the grants give, where access is decided by the kind at the end of a path.
    fn given(&self, asked: &Asked<'_>, decides: &Kind, prefix: &str) -> Result<RowRule> {
        let name = |role| {
            decides.role(role).and_then(|position| decides.field(position)).map(|field| field.name.as_ref())
        };
        let (owner, department) = (name(FieldRole::Owner), name(FieldRole::Department));
        let mut granted = false;
        let mut departments: Vec<i64> = Vec::new();
        for grant in self.granted(asked.right.0, asked.right.1) {
            match grant.scope {
                Scope::All => return Ok(RowRule::All),
                _ if owner.is_none() && department.is_none() => return Ok(RowRule::All),
                Scope::Own => {}
                Scope::Department => departments.push(grant.department),
                Scope::Tree => departments.extend(&grant.tree),
            }
            granted = true;
        }
        departments.sort_unstable();
        departments.dedup();
        let reference = |id: i64| Id::new(id).map_or(Value::Null, Value::Ref);
        let mut any = Vec::new();
        // A wider scope covers what is one's own, also where the record's department is another.
        if let (true, Some(owner)) = (granted, owner) {
            let own = asked.field(&format!("{prefix}{owner}"))?;
            any.push(own.one_of(vec![reference(self.actor)]));
        }
        if let (false, Some(department)) = (departments.is_empty(), department) {
            let field = asked.field(&format!("{prefix}{department}"))?;
            any.push(field.one_of(departments.into_iter().map(reference).collect()));
        }
        Ok(RowRule::Where(Expr::any_of(asked.kind.no(), any)))
    }
}

/// Which records are asked for, by which right.
struct Asked<'a> {
    catalogue: &'a Catalogue,
    kind: &'a Kind,
    right: (&'a str, &'a str),
    names: &'a [(&'a str, Ty, Value)],
}

impl<'a> Asked<'a> {
    /// To which kinds, and by which names, access leads on from a kind: none where it decides itself.
    fn ways(&self, from: &'a Kind) -> Result<Vec<(&'a str, &'a Kind)>> {
        if let Some(parent) = from.parent() {
            let parent = self.catalogue.get(parent)?;
            return Ok(vec![(parent.name(), parent)]);
        }
        let mut ways = Vec::new();
        for name in from.def.access.iter() {
            if let Some(FieldType::Ref(target)) = from.def.field(name).map(|field| &field.ty) {
                ways.push((name.as_ref(), &**self.catalogue.get(*target)?));
            }
        }
        Ok(ways)
    }

    fn field(&self, path: &str) -> Result<Expr> {
        Expr::field(self.catalogue, self.kind.no(), path)
    }

    fn is_set(&self, path: &str) -> Result<RowRule> {
        let scope = Names { catalogue: self.catalogue, root: self.kind.no(), names: &[] };
        Ok(RowRule::Where(Expr::condition(&format!("{path} != null"), &scope)?))
    }
}

impl Restriction {
    /// The condition. One that can no longer be read lets nothing through (perm-09).
    fn read(&self, catalogue: &Catalogue, root: u32, names: &[(&str, Ty, Value)]) -> Result<Expr> {
        match Expr::condition(&self.condition, &Names { catalogue, root, names }) {
            Err(error) if error.code() == Code::BAD_EXPRESSION => {
                Ok(Expr::constant(root, Value::Bool(false), Ty::Bool))
            }
            read => read,
        }
    }
}

impl RowRule {
    /// No record of a kind.
    pub fn nothing(kind: u32) -> RowRule {
        RowRule::Where(Expr::constant(kind, Value::Bool(false), Ty::Bool))
    }

    /// The records that both cover; both are about the same kind.
    #[must_use]
    pub fn and(self, other: RowRule) -> RowRule {
        match (self, other) {
            (RowRule::All, rule) | (rule, RowRule::All) => rule,
            (RowRule::Where(one), RowRule::Where(other)) => RowRule::Where(one.and(other)),
        }
    }
}
