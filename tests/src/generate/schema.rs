//! JSON Schema of messages and records, over their descriptors.

use super::shape::{Object, Shape};
use super::shapes;
use crm_kernel::catalogue::Catalogue;
use crm_kernel::json::Json;
use crm_kernel::record::{FieldDef, FieldRole, FieldType, RecordDef};
use std::collections::BTreeMap;

/// Schemas of everything that is referred to, by name.
pub struct Schemas<'a> {
    catalogue: &'a Catalogue,
    done: BTreeMap<String, Json>,
}

/// Where a message stands: what is required and what may be more differs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Goes in: unknown fields are refused, those with a default may be left out.
    Request,
    /// Comes out: every field is there, hosts ignore fields that they do not know.
    Answer,
}

impl<'a> Schemas<'a> {
    /// None yet.
    pub fn new(catalogue: &'a Catalogue) -> Schemas<'a> {
        Schemas { catalogue, done: BTreeMap::new() }
    }

    /// The schema of a message, by reference.
    pub fn message(&mut self, def: &RecordDef, side: Side) -> Json {
        let suffix = if side == Side::Request { "" } else { ".out" };
        self.named(format!("message.{}{suffix}", def.name), |schemas| schemas.object(def, &[], side))
    }

    /// The schema of a whole record as answers hold it, by reference.
    fn record(&mut self, no: u32) -> Json {
        let Some(kind) = self.catalogue.kind(no).cloned() else { return Json::object() };
        let head = [("id", self.value(&FieldType::Ref(no), None, Side::Answer)), ("version", integer())];
        self.named(format!("record.{}", kind.name()), |schemas| {
            schemas.object(&kind.def, &head, Side::Answer)
        })
    }

    fn lines(&mut self, no: u32, side: Side) -> Json {
        let Some(kind) = self.catalogue.kind(no).cloned() else { return Json::object() };
        let suffix = if side == Side::Request { ".in" } else { "" };
        let item = self.named(format!("line.{}{suffix}", kind.name()), |schemas| {
            schemas.object(&kind.def, &[("line", integer())], side)
        });
        list(item)
    }

    /// All of them, for `components/schemas`.
    pub fn finish(self) -> Json {
        Json::Object(self.done.into_iter().collect())
    }

    fn named(&mut self, name: String, make: impl FnOnce(&mut Self) -> Json) -> Json {
        if !self.done.contains_key(&name) {
            // A message may hold itself: the name is taken before its schema is made.
            self.done.insert(name.clone(), Json::Null);
            let schema = make(self);
            self.done.insert(name.clone(), schema);
        }
        Json::object().with("$ref", format!("#/components/schemas/{name}"))
    }

    fn object(&mut self, def: &RecordDef, head: &[(&str, Json)], side: Side) -> Json {
        let shown: Vec<&FieldDef> =
            def.fields.iter().filter(|field| field.role != FieldRole::LineCounter).collect();
        let mut properties: Vec<(String, Json)> =
            head.iter().map(|(name, schema)| ((*name).to_owned(), schema.clone())).collect();
        for field in &shown {
            let mut schema = self.value(&field.ty, shapes::of(&def.name, &field.name), side);
            if let (Some(default), Side::Request) = (&field.default, side) {
                schema = described(schema).with("default", Json::parse(default).unwrap_or_default());
            }
            if field.role == FieldRole::Selection {
                schema = schema.with("minItems", 1_i64);
            }
            let nullable =
                !field.required && !matches!(field.ty, FieldType::List(_) | FieldType::Children(_));
            if nullable {
                schema = or_null(schema);
            }
            properties
                .push((field.name.to_string(), described(schema).with("description", one_line(&field.doc))));
        }
        let needed = |field: &&&FieldDef| {
            side == Side::Answer
                || field.required
                    && field.default.is_none()
                    && !matches!(field.ty, FieldType::List(_) | FieldType::Children(_))
        };
        let mut required: Vec<Json> = match side {
            Side::Answer => head.iter().map(|(name, _)| Json::text(*name)).collect(),
            Side::Request => Vec::new(),
        };
        required.extend(shown.iter().filter(needed).map(|field| Json::text(field.name.to_string())));
        let object = Json::object()
            .with("type", "object")
            .with("description", one_line(&def.doc))
            .with("properties", Json::Object(properties))
            .with("required", required);
        if side == Side::Request { object.with("additionalProperties", false) } else { object }
    }

    fn value(&mut self, ty: &FieldType, shape: Option<Shape>, side: Side) -> Json {
        match ty {
            FieldType::Bool => Json::object().with("type", "boolean"),
            FieldType::Int => integer(),
            FieldType::Num { digits, scale, .. } => {
                decimal().with("x-digits", i64::from(*digits)).with("x-decimals", i64::from(*scale))
            }
            FieldType::Text { max } => text().with("maxLength", i64::from(*max)),
            FieldType::Choice(choice) => words_of(choice.options),
            FieldType::Picklist(list) => text().with("x-picklist", list.to_string()),
            FieldType::Currency => currency(),
            FieldType::Date => date(),
            FieldType::Instant => text().with("format", "date-time"),
            FieldType::Ref(no) => match self.catalogue.kind(*no) {
                Some(kind) => id().with("x-kind", kind.name()),
                None => id(),
            },
            FieldType::AnyRef => id(),
            FieldType::Json => shape.map_or_else(Json::object, |shape| self.shape(shape)),
            FieldType::Children(no) => self.lines(*no, side),
            FieldType::Message(nested) => self.message(nested.def(), side),
            FieldType::List(item) => {
                let items = self.value(item, shape, side);
                list(items)
            }
            FieldType::Record(no) => self.record(*no),
        }
    }

    /// What a JSON value is.
    fn shape(&mut self, shape: Shape) -> Json {
        match shape {
            Shape::Any => Json::object(),
            Shape::Bool => Json::object().with("type", "boolean"),
            Shape::Int => integer(),
            Shape::Text => text(),
            Shape::Id => id(),
            Shape::Currency => currency(),
            Shape::Date => date(),
            Shape::Decimal => decimal(),
            Shape::Exact => text().with("pattern", r"^-?[0-9]+(\.[0-9]+)?(/[0-9]+(\.[0-9]+)?)?$"),
            Shape::Words(words) => words_of(words),
            Shape::Choice(choice) => words_of(choice.options),
            Shape::List(item) => list(self.shape(*item)),
            Shape::Tuple { items, more } => {
                let least = i64::try_from(items.len()).unwrap_or_default();
                let all = items.iter().map(|(_, item)| *item).chain(more.map(|(_, item)| *item));
                let all: Vec<Json> = all.map(|item| self.shape(item)).collect();
                let most = i64::try_from(all.len()).unwrap_or_default();
                list(Json::List(all)).with("minItems", least).with("maxItems", most)
            }
            Shape::Object(object) => self.declared(object),
            Shape::OneOf(objects) => {
                let objects: Vec<Json> = objects.iter().map(|object| self.declared(object)).collect();
                Json::object().with("anyOf", objects)
            }
            Shape::Members(member) => {
                let member = self.shape(*member);
                Json::object().with("type", "object").with("additionalProperties", member)
            }
            Shape::Values(kind) => Json::object().with("type", "object").with("x-kind", kind),
            Shape::Request(def) => self.message(def(), Side::Request),
        }
    }

    fn declared(&mut self, object: &Object) -> Json {
        self.named(format!("shape.{}", object.name), |schemas| {
            let members = object.members.iter().map(|member| {
                let mut schema = schemas.shape(member.shape);
                if member.nullable {
                    schema = or_null(schema);
                }
                (member.name.to_owned(), described(schema).with("description", member.doc))
            });
            let properties: Vec<(String, Json)> = members.collect();
            let required: Vec<Json> = object
                .members
                .iter()
                .filter(|member| !member.optional)
                .map(|member| Json::text(member.name))
                .collect();
            Json::object()
                .with("type", "object")
                .with("description", object.doc)
                .with("properties", Json::Object(properties))
                .with("required", required)
        })
    }
}

fn text() -> Json {
    Json::object().with("type", "string")
}

fn id() -> Json {
    text().with("pattern", "^[1-9][0-9]*$")
}

fn currency() -> Json {
    text().with("pattern", "^[A-Z]{3}$")
}

fn date() -> Json {
    text().with("format", "date")
}

fn decimal() -> Json {
    text().with("pattern", r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$")
}

fn words_of(words: &[&str]) -> Json {
    text().with("enum", words.iter().map(|code| Json::text(*code)).collect::<Vec<_>>())
}

fn list(items: Json) -> Json {
    Json::object().with("type", "array").with("items", items)
}

fn or_null(schema: Json) -> Json {
    Json::object().with("anyOf", vec![schema, Json::object().with("type", "null")])
}

fn integer() -> Json {
    Json::object().with("type", "integer")
}

/// A reference takes no neighbours in JSON Schema's older drafts: wrapped, so that it may be described.
fn described(schema: Json) -> Json {
    if schema.get("$ref").is_some() { Json::object().with("allOf", vec![schema]) } else { schema }
}

/// A doc comment on one line.
pub fn one_line(doc: &str) -> String {
    doc.split_whitespace().collect::<Vec<_>>().join(" ")
}
