//! What the areas bring to the engine, as data: kinds, operations, rules of their kinds, texts.

use crate::catalogue::{Catalogue, CatalogueProblem};
use crate::error::{Code, Error, Result};
use crate::id::Id;
use crate::operation::OperationRow;
use crate::permission::{Needs, Rights};
use crate::record::RecordDef;
use crate::store::Tx;
use crate::text::Texts;
use crate::value::Row;
use crate::work::Work;
use std::collections::{BTreeSet, HashMap};

/// A rule run before a record of a kind is written: may refuse, may fill in fields.
pub type SaveRule = fn(work: &mut Work<'_>, kind: u32, old: Option<&Row>, new: &mut Row) -> Result<()>;
/// A rule run before a record of a kind is deleted: may refuse.
pub type DeleteRule = fn(work: &mut Work<'_>, kind: u32, old: &Row) -> Result<()>;

/// A rule run when an area tells of an event of a record (`approving`, `approved`, `rejected`, ...): areas above
/// take part in what a lower area does without the lower one knowing them. May refuse; the whole operation is undone.
pub type EventRule = fn(work: &mut Work<'_>, kind: u32, id: Id, event: &str) -> Result<()>;

/// The rules of one kind. An area may bring rules for kinds of the areas below it.
#[derive(Clone, Copy)]
pub struct KindRules {
    /// The kind's number; 0 for rules of every kind.
    pub kind: u32,
    /// Before it is written.
    pub save: Option<SaveRule>,
    /// Before it is deleted.
    pub delete: Option<DeleteRule>,
    /// When an event of it is told.
    pub event: Option<EventRule>,
    /// What they refuse with, beside the kernel's.
    pub errors: &'static [Code],
}

impl KindRules {
    /// No rules for a kind, to be filled in.
    pub const fn of(kind: u32) -> KindRules {
        KindRules { kind, save: None, delete: None, event: None, errors: &[] }
    }

    /// With a rule before it is written.
    #[must_use]
    pub const fn save(mut self, rule: SaveRule) -> KindRules {
        self.save = Some(rule);
        self
    }

    /// With a rule before it is deleted.
    #[must_use]
    pub const fn delete(mut self, rule: DeleteRule) -> KindRules {
        self.delete = Some(rule);
        self
    }

    /// With a rule for its events.
    #[must_use]
    pub const fn event(mut self, rule: EventRule) -> KindRules {
        self.event = Some(rule);
        self
    }

    /// With what they refuse with.
    #[must_use]
    pub const fn errors(mut self, errors: &'static [Code]) -> KindRules {
        self.errors = errors;
        self
    }
}

/// Everything an area brings.
#[derive(Clone, Copy)]
pub struct Area {
    /// Its name: the folder's.
    pub name: &'static str,
    /// Its kinds.
    pub kinds: &'static [fn() -> &'static RecordDef],
    /// Its operations.
    pub operations: &'static [OperationRow],
    /// Its rules.
    pub rules: &'static [KindRules],
    /// Rights that its operations ask for on the way, beside those that the table names: kind and verb.
    pub rights: &'static [(&'static str, &'static str)],
}

/// All areas together.
pub struct Model {
    areas: Vec<Area>,
    operations: Vec<OperationRow>,
    by_name: HashMap<&'static str, usize>,
    rules: HashMap<u32, Vec<KindRules>>,
    texts: Texts,
    rights: fn(&mut dyn Tx, i64) -> Result<Rights>,
    definitions: fn(&mut dyn Tx, &Catalogue) -> Result<Vec<RecordDef>>,
    rights_kinds: &'static [u32],
}

/// What the engine asks the areas for when a call begins.
#[derive(Clone, Copy)]
pub struct Hooks {
    /// The rights of an employee.
    pub rights: fn(&mut dyn Tx, i64) -> Result<Rights>,
    /// Kinds whose records decide rights: when one changes, rights are read again.
    pub rights_kinds: &'static [u32],
    /// Definitions made at run time: whole kinds, declared ones with their added fields.
    pub definitions: fn(&mut dyn Tx, &Catalogue) -> Result<Vec<RecordDef>>,
}

impl Model {
    /// A model of areas, lowest first. Errors: `internal.error` where two operations have one name.
    pub fn new(areas: &[Area], texts: Texts, hooks: Hooks) -> Result<Model> {
        let mut model = Model {
            areas: areas.to_vec(),
            operations: Vec::new(),
            by_name: HashMap::new(),
            rules: HashMap::new(),
            texts,
            rights: hooks.rights,
            definitions: hooks.definitions,
            rights_kinds: hooks.rights_kinds,
        };
        for area in areas {
            for row in area.operations {
                if model.by_name.insert(row.name, model.operations.len()).is_some() {
                    return Err(Error::internal(format!("two operations are named {}", row.name)));
                }
                model.operations.push(*row);
            }
            for rules in area.rules {
                model.rules.entry(rules.kind).or_default().push(*rules);
            }
        }
        Ok(model)
    }

    /// The catalogue of the declared kinds.
    pub fn catalogue(&self) -> std::result::Result<Catalogue, Vec<CatalogueProblem>> {
        Catalogue::build(self.areas.iter().flat_map(|area| area.kinds).map(|def| def().clone()))
    }

    /// The areas, lowest first.
    pub fn areas(&self) -> &[Area] {
        &self.areas
    }

    /// The table of operations.
    pub fn operations(&self) -> &[OperationRow] {
        &self.operations
    }

    /// An operation by name.
    pub fn operation(&self, name: &str) -> Option<&OperationRow> {
        self.by_name.get(name).and_then(|at| self.operations.get(*at))
    }

    /// The verbs of which a right can be given on a kind of record or an area's word, `*` for any of them; none where
    /// there is neither.
    pub fn verbs(&self, catalogue: &Catalogue, kind: &str) -> BTreeSet<&'static str> {
        let any = kind == "*";
        let of_records = any || catalogue.named(kind).is_ok();
        let needed = self.operations.iter().filter_map(|row| match row.needs {
            Needs::Right { kind: on, verb } => (any || on == kind).then_some(verb),
            Needs::OnKind { verb } | Needs::OnHead { verb } => of_records.then_some(verb),
            Needs::Public | Needs::Inner => None,
        });
        let on_the_way = self.areas.iter().flat_map(|area| area.rights);
        needed.chain(on_the_way.filter(|(on, _)| any || *on == kind).map(|(_, verb)| *verb)).collect()
    }

    /// Rules for a kind: those of every kind first.
    pub fn rules(&self, kind: u32) -> impl Iterator<Item = &KindRules> {
        [0, kind].into_iter().flat_map(|no| self.rules.get(&no).into_iter().flatten())
    }

    /// What the rules of each kind refuse with: the kind's number, 0 for rules of every kind, and the codes.
    pub fn kind_errors(&self) -> impl Iterator<Item = (u32, Code)> {
        let rules = self.areas.iter().flat_map(|area| area.rules);
        rules.flat_map(|rules| rules.errors.iter().map(|code| (rules.kind, *code)))
    }

    /// Every code that the kernel, an operation or a rule refuses with, in no order and some several times.
    pub fn errors(&self) -> impl Iterator<Item = Code> {
        let operations = self.operations.iter().flat_map(|row| row.errors).copied();
        Code::KERNEL.iter().copied().chain(operations).chain(self.kind_errors().map(|(_, code)| code))
    }

    /// Labels and messages.
    pub fn texts(&self) -> &Texts {
        &self.texts
    }

    /// The rights of an employee.
    pub fn rights(&self, tx: &mut dyn Tx, actor: i64) -> Result<Rights> {
        (self.rights)(tx, actor)
    }

    /// Kinds whose records decide rights.
    pub fn rights_kinds(&self) -> &'static [u32] {
        self.rights_kinds
    }

    /// Definitions made at run time.
    pub fn definitions(&self, tx: &mut dyn Tx, catalogue: &Catalogue) -> Result<Vec<RecordDef>> {
        (self.definitions)(tx, catalogue)
    }
}
