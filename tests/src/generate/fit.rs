//! Whether JSON in requests and answers is what its shape says.

use super::shape::{Object, Shape};
use super::{Source, shape_page, shapes};
use crm_kernel::codec::Decoder;
use crm_kernel::date::Date;
use crm_kernel::dec::Dec;
use crm_kernel::id::Id;
use crm_kernel::json::Json;
use crm_kernel::record::{FieldDef, FieldType, RecordDef};
use std::collections::BTreeSet;

/// Looks calls through.
pub struct Fit<'a> {
    source: &'a Source,
    /// What does not fit: where, and why.
    pub faults: Vec<String>,
    /// Members that had a value, by object and name.
    met: BTreeSet<(&'static str, &'static str)>,
}

impl<'a> Fit<'a> {
    /// Nothing seen yet.
    pub fn new(source: &'a Source) -> Fit<'a> {
        Fit { source, faults: Vec::new(), met: BTreeSet::new() }
    }

    /// A call that was answered.
    pub fn call(&mut self, operation: &str, request: &Json, answer: &Json) {
        let Some(row) = self.source.model.operation(operation) else { return };
        let kind = request.get("kind").and_then(Json::as_text);
        self.message((row.request)(), request, kind, &format!("{operation} <"));
        self.message((row.answer)(), answer, kind, &format!("{operation} >"));
    }

    /// Members that no call had, as `object.member`.
    pub fn unmet(&self) -> Vec<String> {
        let all = shape_page::objects().into_iter();
        let all = all.flat_map(|object| object.members.iter().map(|member| (object.name, member.name)));
        all.filter(|member| !self.met.contains(member))
            .map(|(object, name)| format!("{object}.{name}"))
            .collect()
    }

    /// A message, a record or a line. `kind` is what the request speaks of.
    fn message(&mut self, def: &RecordDef, json: &Json, kind: Option<&str>, path: &str) {
        for field in def.fields.iter() {
            if let Some(value) = json.get(&field.name).filter(|value| **value != Json::Null) {
                let shape = shapes::of(&def.name, &field.name);
                self.field(field, &field.ty, shape, value, kind, &format!("{path}/{}", field.name));
            }
        }
    }

    fn field(
        &mut self,
        field: &FieldDef,
        ty: &FieldType,
        shape: Option<Shape>,
        json: &Json,
        kind: Option<&str>,
        path: &str,
    ) {
        let source = self.source;
        let def = |no: u32| source.catalogue.kind(no).map(|kind| &kind.def);
        match (ty, shape) {
            (FieldType::Json, Some(shape)) => {
                let mut met = BTreeSet::new();
                self.faults.extend(misfits(source, shape, json, path, &mut met));
                self.met.extend(met);
            }
            (FieldType::Json, None) if ["record", "records", "values"].contains(&&*field.name) => {
                if let Some(kind) = kind.and_then(|kind| source.catalogue.named(kind).ok()) {
                    self.message(&kind.def, json, None, path);
                }
            }
            (FieldType::Message(nested), _) => self.message(nested.def(), json, kind, path),
            (FieldType::Record(no), _) => {
                def(*no).into_iter().for_each(|def| self.message(def, json, None, path));
            }
            (FieldType::Children(no), _) => {
                for (at, line) in json.as_list().unwrap_or_default().iter().enumerate() {
                    def(*no)
                        .into_iter()
                        .for_each(|def| self.message(def, line, None, &format!("{path}/{at}")));
                }
            }
            (FieldType::List(item), _) => {
                for (at, one) in json.as_list().unwrap_or_default().iter().enumerate() {
                    self.field(field, item, shape, one, kind, &format!("{path}/{at}"));
                }
            }
            _ => {}
        }
    }
}

type Met = BTreeSet<(&'static str, &'static str)>;

/// Where a value is not of a shape; members that had a value are added to `met`.
fn misfits(source: &Source, shape: Shape, json: &Json, path: &str, met: &mut Met) -> Vec<String> {
    let is = |fits: bool| if fits { Vec::new() } else { vec![format!("{path}: {shape:?}, not {json}")] };
    let text = |holds: &dyn Fn(&str) -> bool| is(json.as_text().is_some_and(holds));
    let decimal = |text: &str| Dec::parse(text).is_ok();
    match shape {
        Shape::Any => Vec::new(),
        Shape::Bool => is(matches!(json, Json::Bool(_))),
        Shape::Int => is(matches!(json, Json::Int(_))),
        Shape::Text => is(json.as_text().is_some()),
        Shape::Id => text(&|text| Id::parse(text).is_some()),
        Shape::Currency => text(&|text| text.len() == 3),
        Shape::Date => text(&|text| Date::parse(text).is_ok()),
        Shape::Decimal => text(&decimal),
        Shape::Exact => text(&|text| text.split('/').count() <= 2 && text.split('/').all(decimal)),
        Shape::Words(words) => text(&|text| words.contains(&text)),
        Shape::Choice(choice) => text(&|text| choice.options.contains(&text)),
        Shape::List(item) => match json {
            Json::List(items) => {
                let items = items.iter().enumerate();
                items
                    .flat_map(|(at, one)| misfits(source, *item, one, &format!("{path}/{at}"), met))
                    .collect()
            }
            _ => is(false),
        },
        Shape::Tuple { items, more } => {
            let shapes = items.iter().map(|(_, item)| *item).chain(more.map(|(_, item)| *item));
            match json {
                Json::List(found) if (items.len()..=shapes.clone().count()).contains(&found.len()) => shapes
                    .zip(found)
                    .flat_map(|(shape, one)| misfits(source, shape, one, path, met))
                    .collect(),
                _ => is(false),
            }
        }
        Shape::Object(object) => of_object(source, object, json, path, met),
        Shape::OneOf(objects) => {
            let tried = objects.iter().map(|object| {
                let mut met = Met::new();
                (of_object(source, object, json, path, &mut met), met)
            });
            let (faults, found) = tried.min_by_key(|(faults, _)| faults.len()).unwrap_or_default();
            met.extend(found);
            faults
        }
        Shape::Members(member) => match json {
            Json::Object(members) => {
                let each = members.iter();
                each.flat_map(|(name, one)| misfits(source, *member, one, &format!("{path}/{name}"), met))
                    .collect()
            }
            _ => is(false),
        },
        Shape::Values(kind) => {
            let known = source.catalogue.named(kind).ok();
            let is_field = |name: &str| {
                name.starts_with("x_") || known.is_some_and(|kind| kind.position(name).is_some())
            };
            is(json.as_object().is_some_and(|members| members.iter().all(|(name, _)| is_field(name))))
        }
        Shape::Request(def) => is(Decoder::new(&source.catalogue).message(def(), json).is_ok()),
    }
}

fn of_object(source: &Source, object: &Object, json: &Json, path: &str, met: &mut Met) -> Vec<String> {
    let Json::Object(members) = json else { return vec![format!("{path}: {}, not {json}", object.name)] };
    let declared = |name: &str| object.members.iter().find(|member| member.name == name);
    let unknown = members.iter().filter(|(name, _)| declared(name).is_none());
    let mut faults: Vec<String> =
        unknown.map(|(name, _)| format!("{path}/{name}: {} does not declare it", object.name)).collect();
    for member in object.members {
        let here = format!("{path}/{}", member.name);
        match json.get(member.name) {
            None if member.optional => {}
            None => faults.push(format!("{here}: {} always has it", object.name)),
            Some(Json::Null) if member.nullable => {}
            Some(value) => {
                met.insert((object.name, member.name));
                faults.extend(misfits(source, member.shape, value, &here, met));
            }
        }
    }
    faults
}
