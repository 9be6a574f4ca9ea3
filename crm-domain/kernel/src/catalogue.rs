//! The catalogue: every kind there is, declared and made at run time, checked as a whole.

use crate::error::{Code, Error, Result};
use crate::record::{FIRST_CUSTOM_FIELD, FIRST_CUSTOM_KIND, FieldDef, FieldRole, FieldType, RecordDef};
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::Arc;

/// Names that no field may take: every record has them already.
pub const RESERVED: &[&str] = &["id", "version", "line", "parent", "position", "last_line"];

/// All kinds of an open database. Copied on write: adding a field or a kind makes a new catalogue.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    kinds: BTreeMap<u32, Arc<Kind>>,
    names: HashMap<String, u32>,
    /// The change set that last changed definitions made at run time; 0 for the declared ones alone.
    pub revision: i64,
}

/// A kind with what the machinery looks up again and again.
#[derive(Clone, Debug)]
pub struct Kind {
    /// The definition.
    pub def: RecordDef,
    positions: HashMap<String, usize>,
    numbers: HashMap<u32, usize>,
    roles: Vec<(FieldRole, usize)>,
    currency: Option<usize>,
    children: Vec<(usize, u32)>,
    unique: Vec<usize>,
    tied: Vec<usize>,
}

/// Something wrong with a set of definitions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogueProblem {
    /// The kind, and the field where one is meant: `order.customer`.
    pub place: String,
    /// What is wrong, as a stable word of [`DEFINITION_FAULTS`].
    pub code: &'static str,
    /// What exactly, in English: for who declares kinds.
    pub fault: String,
}

/// What can be wrong with definitions; their texts are `definition.<word>`. Only added to.
pub const DEFINITION_FAULTS: &[&str] = &[
    "access",
    "check",
    "digits",
    "index",
    "labels",
    "lines",
    "name",
    "name_taken",
    "number",
    "role",
    "type",
    "unknown_kind",
];

impl fmt::Display for CatalogueProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.fault)
    }
}

impl Kind {
    fn new(def: RecordDef) -> Kind {
        let mut kind = Kind {
            positions: HashMap::new(),
            numbers: HashMap::new(),
            roles: Vec::new(),
            currency: None,
            children: Vec::new(),
            unique: Vec::new(),
            tied: Vec::new(),
            def,
        };
        for (position, field) in kind.def.fields.iter().enumerate() {
            kind.positions.insert(field.name.to_string(), position);
            kind.numbers.insert(field.no, position);
            if field.role != FieldRole::Plain {
                kind.roles.push((field.role, position));
            }
            match field.ty {
                FieldType::Currency if kind.currency.is_none() => kind.currency = Some(position),
                FieldType::Children(child) => kind.children.push((position, child)),
                _ => {}
            }
        }
        for index in kind.def.indexes.iter().filter(|index| index.unique) {
            let positions = index.fields.iter().filter_map(|name| kind.positions.get(name.as_ref()));
            kind.tied.extend(positions);
            if let [name] = index.fields.as_ref() {
                kind.unique.extend(kind.positions.get(name.as_ref()));
            }
        }
        let fields = kind.def.fields.iter().enumerate();
        let points = |ty: &FieldType| matches!(ty, FieldType::Ref(_) | FieldType::Children(_));
        kind.tied.extend(fields.filter(|(_, field)| points(&field.ty)).map(|(position, _)| position));
        kind
    }

    /// The stable number.
    pub fn no(&self) -> u32 {
        self.def.no
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.def.name
    }

    /// The fields in row order.
    pub fn fields(&self) -> &[FieldDef] {
        &self.def.fields
    }

    /// The position of a field by name.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.positions.get(name).copied()
    }

    /// The position of a field by its stable number.
    pub fn position_of_no(&self, no: u32) -> Option<usize> {
        self.numbers.get(&no).copied()
    }

    /// A field by position.
    pub fn field(&self, position: usize) -> Option<&FieldDef> {
        self.def.fields.get(position)
    }

    /// The position of the field with a role.
    pub fn role(&self, role: FieldRole) -> Option<usize> {
        self.roles.iter().find(|(found, _)| *found == role).map(|(_, position)| *position)
    }

    /// The position of the field that names the currency of the record's amounts.
    pub fn currency(&self) -> Option<usize> {
        self.currency
    }

    /// Positions and kinds of the record's lines.
    pub fn children(&self) -> &[(usize, u32)] {
        &self.children
    }

    /// Positions of the fields of which every record has another value.
    pub fn unique_positions(&self) -> &[usize] {
        &self.unique
    }

    /// Positions of the fields that a store holds against other records: keys, references, lines.
    pub fn tied_positions(&self) -> &[usize] {
        &self.tied
    }

    /// The kind whose lines these are.
    pub fn parent(&self) -> Option<u32> {
        (self.def.parent != 0).then_some(self.def.parent)
    }

    /// True for kinds made at run time.
    pub fn is_custom(&self) -> bool {
        self.def.no >= FIRST_CUSTOM_KIND
    }
}

impl Catalogue {
    /// A catalogue of definitions. Errors: everything that is wrong with them, not the first only.
    pub fn build(
        defs: impl IntoIterator<Item = RecordDef>,
    ) -> std::result::Result<Catalogue, Vec<CatalogueProblem>> {
        let defs: Vec<RecordDef> = defs.into_iter().collect();
        let problems = check(&defs);
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut catalogue = Catalogue::default();
        for mut def in defs {
            add_line_counter(&mut def);
            catalogue.names.insert(def.name.to_string(), def.no);
            catalogue.kinds.insert(def.no, Arc::new(Kind::new(def)));
        }
        Ok(catalogue)
    }

    /// This catalogue with other definitions put in (by number) or added.
    pub fn with(
        &self,
        defs: impl IntoIterator<Item = RecordDef>,
    ) -> std::result::Result<Catalogue, Vec<CatalogueProblem>> {
        let mut all: BTreeMap<u32, RecordDef> =
            self.kinds.iter().map(|(no, kind)| (*no, kind.def.clone())).collect();
        for def in defs {
            all.insert(def.no, def);
        }
        Catalogue::build(all.into_values()).map(|mut catalogue| {
            catalogue.revision = self.revision;
            catalogue
        })
    }

    /// A kind by number.
    pub fn kind(&self, no: u32) -> Option<&Arc<Kind>> {
        self.kinds.get(&no)
    }

    /// A kind by number. Errors: `internal.error`; numbers come from definitions, which were checked.
    pub fn get(&self, no: u32) -> Result<&Arc<Kind>> {
        self.kind(no).ok_or_else(|| Error::internal(format!("no kind {no}")))
    }

    /// A kind by name. Errors: `kind.unknown`.
    pub fn named(&self, name: &str) -> Result<&Arc<Kind>> {
        let kind = self.names.get(name).and_then(|no| self.kinds.get(no));
        kind.ok_or_else(|| Code::UNKNOWN_KIND.error().with("kind", name))
    }

    /// All kinds by number.
    pub fn kinds(&self) -> impl Iterator<Item = &Arc<Kind>> {
        self.kinds.values()
    }
}

/// Over how many records access may pass before the one that decides.
pub const MOST_FOLLOWED: u32 = 8;

/// The number of the field that counts lines.
const LINE_COUNTER: u32 = 999;

/// Kinds with lines remember the largest line number, since a number is never given twice.
fn add_line_counter(def: &mut RecordDef) {
    let has_lines = def.fields.iter().any(|field| matches!(field.ty, FieldType::Children(_)));
    if !has_lines || def.fields.iter().any(|field| field.role == FieldRole::LineCounter) {
        return;
    }
    let counter = FieldDef {
        no: LINE_COUNTER,
        name: "last_line".into(),
        doc: "The largest number that a line of the record ever had.".into(),
        ty: FieldType::Int,
        required: false,
        default: None,
        role: FieldRole::LineCounter,
        managed: true,
        sensitive: false,
        labels: None,
    };
    // Behind the declared fields and before those made at run time, whose positions come after it in every database.
    let at = def.fields.iter().position(|field| field.no >= FIRST_CUSTOM_FIELD).unwrap_or(def.fields.len());
    def.fields.to_mut().insert(at, counter);
}

fn check(defs: &[RecordDef]) -> Vec<CatalogueProblem> {
    let mut problems = Vec::new();
    let mut report = |place: String, code: &'static str, fault: String| {
        debug_assert!(DEFINITION_FAULTS.contains(&code));
        problems.push(CatalogueProblem { place, code, fault });
    };
    let by_no: HashMap<u32, &RecordDef> = defs.iter().map(|def| (def.no, def)).collect();
    let mut numbers: HashMap<u32, &str> = HashMap::new();
    let mut names: HashMap<&str, u32> = HashMap::new();
    let mut tables: HashMap<&str, &str> = HashMap::new();
    let mut parents: HashMap<u32, String> = HashMap::new();
    for def in defs {
        let kind = def.name.to_string();
        if def.no == 0 {
            report(kind.clone(), "number", "a message is no kind: it has no number".into());
        }
        if let Some(other) = numbers.insert(def.no, &def.name) {
            report(kind.clone(), "number", format!("number {} is `{other}`'s already", def.no));
        }
        if names.insert(&def.name, def.no).is_some() {
            report(kind.clone(), "name_taken", "the name stands twice".into());
        }
        if let Some(other) = tables.insert(&def.table, &def.name) {
            report(kind.clone(), "name_taken", format!("table `{}` is `{other}`'s already", def.table));
        }
        if !is_name(&def.name) || !is_name(&def.table) {
            report(
                kind.clone(),
                "name",
                "names are lower-case words joined by `_`, at most 60 characters".into(),
            );
        }
        if def.parent != 0 && !by_no.contains_key(&def.parent) {
            report(kind.clone(), "unknown_kind", format!("its parent, kind {}, does not exist", def.parent));
        }
        let mut field_numbers: HashMap<u32, &str> = HashMap::new();
        let mut field_names: HashMap<&str, u32> = HashMap::new();
        for field in def.fields.iter() {
            let place = format!("{kind}.{}", field.name);
            if let Some(other) = field_numbers.insert(field.no, &field.name) {
                report(place.clone(), "number", format!("number {} is `{other}`'s already", field.no));
            }
            if field.no == 0 {
                report(place.clone(), "number", "the number is missing".into());
            }
            if field.no == LINE_COUNTER && field.role != FieldRole::LineCounter {
                report(place.clone(), "number", "number 999 is kept for the line counter".into());
            }
            if def.parent != 0 && matches!(field.ty, FieldType::Children(_)) {
                report(place.clone(), "lines", "lines have no lines of their own".into());
            }
            if field_names.insert(&field.name, field.no).is_some() {
                report(place.clone(), "name_taken", "the name stands twice".into());
            }
            let parent_name = by_no.get(&def.parent).map_or("", |parent| parent.name.as_ref());
            let taken = RESERVED.contains(&field.name.as_ref()) && field.role != FieldRole::LineCounter;
            if !is_name(&field.name) || taken || field.name == parent_name {
                report(place.clone(), "name", "this name cannot be taken".into());
            }
            match &field.ty {
                FieldType::Ref(target) if !by_no.contains_key(target) => {
                    report(
                        place.clone(),
                        "unknown_kind",
                        format!("it refers to kind {target}, which does not exist"),
                    );
                }
                FieldType::Ref(target) if by_no.get(target).is_some_and(|found| found.parent != 0) => {
                    report(
                        place.clone(),
                        "lines",
                        "a line cannot be referred to: what can move is a kind of its own".into(),
                    );
                }
                FieldType::Children(child) => match by_no.get(child) {
                    Some(found) if found.parent == def.no => {
                        if let Some(other) = parents.insert(*child, place.clone()) {
                            report(place.clone(), "lines", format!("its lines are `{other}`'s already"));
                        }
                    }
                    Some(_) => report(
                        place.clone(),
                        "lines",
                        format!("kind {child} does not name `{kind}` as its parent"),
                    ),
                    None => report(
                        place.clone(),
                        "unknown_kind",
                        format!("it holds lines of kind {child}, which does not exist"),
                    ),
                },
                FieldType::Num { digits, scale, .. } if *digits > 18 || scale > digits => {
                    report(
                        place.clone(),
                        "digits",
                        "a number has at most 18 digits, decimals among them".into(),
                    );
                }
                FieldType::Message(_) | FieldType::List(_) | FieldType::Record(_) => {
                    report(place.clone(), "type", "this type stands in messages only".into());
                }
                _ => {}
            }
            let custom_field = field.no >= FIRST_CUSTOM_FIELD;
            let own = field.role == FieldRole::LineCounter;
            if !own && field.labels.is_some() != (custom_field || def.no >= FIRST_CUSTOM_KIND) {
                report(place, "labels", "labels stand with run-time fields, and with these only".into());
            }
        }
        for index in def.indexes.iter() {
            for name in index.fields.iter() {
                match def.field(name) {
                    Some(field) if field.ty.is_column() => {}
                    _ => {
                        report(kind.clone(), "index", format!("an index names `{name}`, which is no column"))
                    }
                }
            }
        }
        for access in def.access.iter() {
            match def.field(access).map(|field| &field.ty) {
                Some(FieldType::Ref(_)) => {}
                _ => report(
                    kind.clone(),
                    "access",
                    format!("access follows `{access}`, which is no reference"),
                ),
            }
        }
        if !access_ends(&by_no, def, MOST_FOLLOWED) {
            report(kind, "access", format!("access passes over more than {MOST_FOLLOWED} records"));
        }
    }
    for def in defs.iter().filter(|def| def.parent != 0) {
        if !parents.contains_key(&def.no) {
            report(def.name.to_string(), "lines", "no field of its parent holds these lines".into());
        }
    }
    problems
}

/// True where access, followed from a kind, ends within so many steps.
fn access_ends(by_no: &HashMap<u32, &RecordDef>, def: &RecordDef, left: u32) -> bool {
    let named = def.access.iter().filter_map(|name| match def.field(name).map(|field| &field.ty) {
        Some(FieldType::Ref(target)) => Some(*target),
        _ => None,
    });
    let parent = (def.parent != 0).then_some(def.parent);
    let mut on = parent.into_iter().chain(named).filter_map(|no| by_no.get(&no)).peekable();
    match left.checked_sub(1) {
        Some(left) => on.all(|target| access_ends(by_no, target, left)),
        None => on.peek().is_none(),
    }
}

/// True for names of kinds and fields: lower-case words joined by `_`, at most 60 characters.
pub fn is_name(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c.is_ascii_lowercase())
        && chars.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && name.len() <= 60
}
