//! Where in a request a fault stands, as its user calls it: `/lines/0/quantity` is `Lines 1 / Quantity`.

use crate::catalogue::Catalogue;
use crate::json::Json;
use crate::record::{FieldDef, FieldType, RecordDef};

/// The field of a request that holds those of the kind which it names in its field `kind`.
const VALUES: &str = "values";

/// A step on the way to a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A field: the keys that may hold its label, the special one first.
    Field(Vec<String>),
    /// A field made at run time: its labels.
    Custom([String; 3]),
    /// An item of the list before it, from 1.
    Item(usize),
}

/// The steps of a JSON pointer into a request; none where it leads to what is no field with a label.
pub fn steps(catalogue: &Catalogue, request: &RecordDef, json: &Json, path: &str) -> Vec<Step> {
    walk(catalogue, request, json, path).unwrap_or_default()
}

fn walk(catalogue: &Catalogue, request: &RecordDef, json: &Json, path: &str) -> Option<Vec<Step>> {
    let mut found = Vec::new();
    let mut names = path.split('/').skip(1).peekable();
    // The structure whose fields come next.
    let mut here = Some(request);
    while let Some(name) = names.next() {
        let field = here?.field(name)?;
        if let (FieldType::Json, VALUES, true) = (&field.ty, name, names.peek().is_some()) {
            let kind = json.get("kind").and_then(Json::as_text)?;
            here = Some(&catalogue.named(kind).ok()?.def);
            continue;
        }
        found.push(label(here?, field));
        let (inside, many) = inside(catalogue, &field.ty);
        here = inside;
        if let (true, Some(item)) = (many, names.next()) {
            found.push(Step::Item(item.parse::<usize>().ok()?.checked_add(1)?));
        }
    }
    Some(found)
}

/// What a field holds, and whether it holds many.
fn inside<'a>(catalogue: &'a Catalogue, ty: &'a FieldType) -> (Option<&'a RecordDef>, bool) {
    match ty {
        FieldType::Children(no) => (catalogue.kind(*no).map(|kind| &kind.def), true),
        FieldType::Message(def) => (Some(def.def()), false),
        FieldType::List(item) => (inside(catalogue, item).0, true),
        _ => (None, false),
    }
}

fn label(of: &RecordDef, field: &FieldDef) -> Step {
    match &field.labels {
        Some(labels) => Step::Custom(labels.clone()),
        None => {
            Step::Field(vec![format!("field.{}.{}", of.name, field.name), format!("field.{}", field.name)])
        }
    }
}
