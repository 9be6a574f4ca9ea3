//! `crm-wasm/js/operations.d.ts`: operations, kinds and error codes for TypeScript.

use super::Source;
use super::operations::needs;
use super::schema::{Side, one_line};
use super::shape::{Object, Shape};
use super::shapes;
use crm_kernel::error::Code;
use crm_kernel::operation::OperationRow;
use crm_kernel::permission::Needs;
use crm_kernel::record::{ChoiceDef, FieldDef, FieldRole, FieldType, RecordDef};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// What stands before the generated part: the types of values, and how a call finds its types.
const HEAD: &str = include_str!("typescript_head.d.ts");

/// The declarations.
pub fn declarations(source: &Source) -> String {
    let mut types = Types::new(source);
    let kinds = types.kinds();
    let mut table = String::new();
    let mut overloads = String::new();
    let mut nouns: BTreeMap<&str, String> = BTreeMap::new();
    for row in source.model.operations() {
        let request = types.message((row.request)(), Side::Request);
        let answer = types.message((row.answer)(), Side::Answer);
        let _ = writeln!(table, "  \"{}\": {{ request: {request}; answer: {answer} }};", row.name);
        let is_generic = matches!(row.needs, Needs::OnKind { .. } | Needs::OnHead { .. });
        let of = |ty: &str| {
            let parameter = if is_generic && types.of_kinds.contains(ty) { "<K>" } else { "" };
            format!("{ty}{parameter}")
        };
        let parameter = if is_generic { "<K extends AnyKind>" } else { "" };
        let optional = if (row.request)().fields.iter().any(is_needed) { "" } else { "?" };
        let signature =
            format!("{parameter}(request{optional}: {}): Result<Async, {}>", of(&request), of(&answer));
        if is_generic {
            let inner = signature.replacen("(request", &format!("(operation: \"{}\", request", row.name), 1);
            let _ = writeln!(overloads, "  {inner};");
        }
        let (noun, verb) = row.name.split_once('.').unwrap_or(("", row.name));
        let _ = writeln!(
            nouns.entry(noun).or_default(),
            "{}{verb}{signature};",
            method_comment(row, if noun.is_empty() { "  " } else { "    " })
        );
    }
    let mut out = String::from(HEAD);
    let _ = writeln!(
        out,
        "\n/** What each operation takes and gives. */\nexport interface Operations {{\n{table}}}"
    );
    let _ = writeln!(
        out,
        "\n/** `call(\"order.submit\", request)`. */\nexport interface Call<Async extends boolean> {{\n{overloads}  \
         <O extends keyof Operations>(operation: O, ...request: Given<Operations[O][\"request\"]>): Result<Async, \
         Operations[O][\"answer\"]>;\n}}"
    );
    out.push_str("\n/** `order.submit(request)`. */\nexport interface Methods<Async extends boolean> {\n");
    for (noun, methods) in nouns {
        match noun {
            "" => out.push_str(&methods),
            noun => {
                let _ = writeln!(out, "  {noun}: {{\n{methods}  }};");
            }
        }
    }
    let _ = writeln!(out, "}}\n\n/** The fields of each kind. */\nexport interface Kinds {{\n{kinds}}}");
    let _ = writeln!(
        out,
        "\n/** Every code that an error may have. */\nexport type ErrorCode =\n{};",
        codes(source)
    );
    for text in types.done.into_values() {
        out.push('\n');
        out.push_str(&text);
    }
    out
}

fn method_comment(row: &OperationRow, margin: &str) -> String {
    let errors: Vec<String> = row.errors.iter().map(|code| format!("`{}`", code.name)).collect();
    let errors = if errors.is_empty() { String::new() } else { format!(" Errors: {}.", errors.join(", ")) };
    format!("{margin}/** {} Needs {}.{errors} */\n{margin}", comment(&(row.request)().doc), needs(row))
}

/// A doc comment on one line, which ends nothing.
fn comment(doc: &str) -> String {
    one_line(doc).replace("*/", "* /")
}

/// The union of all codes, a line each.
fn codes(source: &Source) -> String {
    let operations = source.model.operations().iter().flat_map(|row| row.errors.iter().copied());
    let kinds = source.model.kind_errors().map(|(_, code)| code);
    let all: BTreeSet<&str> =
        Code::KERNEL.iter().copied().chain(operations).chain(kinds).map(|code| code.name).collect();
    all.into_iter().map(|code| format!("  | \"{code}\"")).collect::<Vec<_>>().join("\n")
}

/// Named types, as they are asked for.
struct Types<'a> {
    source: &'a Source,
    /// Which thing has a name.
    names: BTreeMap<String, String>,
    /// Messages that speak of a kind which their request names.
    of_kinds: BTreeSet<String>,
    done: BTreeMap<String, String>,
}

impl<'a> Types<'a> {
    fn new(source: &'a Source) -> Types<'a> {
        // Names of the head, so that nothing else takes them.
        let word = |text: &str| text.chars().take_while(char::is_ascii_alphanumeric).collect::<String>();
        let mut names: BTreeMap<String, String> =
            HEAD.split("export type ").skip(1).map(|text| (word(text), "head".to_owned())).collect();
        let own = ["Operations", "Call", "Methods", "Kinds", "ErrorCode", "Promise", "Partial"];
        names.extend(own.map(|name| (name.to_owned(), "head".to_owned())));
        Types { source, names, of_kinds: BTreeSet::new(), done: BTreeMap::new() }
    }

    /// The members of `Kinds`.
    fn kinds(&mut self) -> String {
        let mut out = String::new();
        for area in self.source.model.areas() {
            for def in area.kinds {
                let def = def();
                // Closed kinds are read by nobody.
                if !def.closed {
                    let _ = writeln!(out, "  {}: {};", def.name, self.kind(def));
                }
            }
        }
        out
    }

    fn kind(&mut self, def: &RecordDef) -> String {
        self.named(&def.name, &format!("kind {}", def.name), "Record", |types, name| {
            types.interface(name, def, Side::Answer, false)
        })
    }

    fn message(&mut self, def: &RecordDef, side: Side) -> String {
        let of_kind = def.fields.iter().any(|field| of_kind(def, field).is_some());
        let (key, suffix) = match side {
            Side::Request => (format!("request {}", def.name), "Request"),
            Side::Answer => (format!("answer {}", def.name), "Given"),
        };
        let name =
            self.named(&def.name, &key, suffix, |types, name| types.interface(name, def, side, of_kind));
        if of_kind {
            self.of_kinds.insert(name.clone());
        }
        name
    }

    fn choice(&mut self, def: &ChoiceDef) -> String {
        self.named(def.name, &format!("choice {}", def.name), "Choice", |_, name| {
            let codes: Vec<String> = def.options.iter().map(|code| format!("\"{code}\"")).collect();
            format!("/** {} */\nexport type {name} = {};\n", comment(def.doc), codes.join(" | "))
        })
    }

    /// The name of a thing; its declaration is made where it is new. `suffix` tells it from another of the name.
    fn named(
        &mut self,
        name: &str,
        thing: &str,
        suffix: &str,
        make: impl FnOnce(&mut Self, &str) -> String,
    ) -> String {
        let plain = pascal(name);
        for name in [plain.clone(), format!("{plain}{suffix}")] {
            match self.names.get(&name) {
                Some(owner) if owner == thing => return name,
                Some(_) => {}
                None => {
                    self.names.insert(name.clone(), thing.to_owned());
                    let text = make(self, &name);
                    self.done.insert(name.clone(), text);
                    return name;
                }
            }
        }
        panic!("no name for {thing}")
    }

    fn interface(&mut self, name: &str, def: &RecordDef, side: Side, of_kind: bool) -> String {
        let parameter = if of_kind { "<K extends AnyKind = string>" } else { "" };
        let mut out = format!("/** {} */\nexport interface {name}{parameter} {{\n", comment(&def.doc));
        for field in def.fields.iter().filter(|field| field.role != FieldRole::LineCounter) {
            let ty = match self::of_kind(def, field).filter(|_| of_kind) {
                Some(ty) => ty.to_owned(),
                None => self.value(&field.ty, shapes::of(&def.name, &field.name), side),
            };
            let is_list = matches!(field.ty, FieldType::List(_) | FieldType::Children(_));
            let null = if !is_list && (!field.required || field.sensitive) { " | null" } else { "" };
            let optional = if side == Side::Request && !is_needed(field) { "?" } else { "" };
            let _ =
                writeln!(out, "  /** {} */\n  {}{optional}: {ty}{null};", comment(&field.doc), field.name);
        }
        out.push_str("}\n");
        out
    }

    fn value(&mut self, ty: &FieldType, shape: Option<Shape>, side: Side) -> String {
        let kind = |no: u32| self.source.catalogue.kind(no).cloned();
        match ty {
            FieldType::Bool => "boolean".to_owned(),
            FieldType::Int => "number".to_owned(),
            FieldType::Num { .. } => "Decimal".to_owned(),
            FieldType::Text { .. } | FieldType::Picklist(_) | FieldType::Currency => "string".to_owned(),
            FieldType::Choice(choice) => self.choice(choice),
            FieldType::Date => "CalendarDate".to_owned(),
            FieldType::Instant => "Instant".to_owned(),
            FieldType::Ref(_) | FieldType::AnyRef => "Id".to_owned(),
            FieldType::Json => match (shape, side) {
                (Some(shape), _) => self.shape(shape),
                (None, Side::Request) => "unknown".to_owned(),
                (None, Side::Answer) => "Json".to_owned(),
            },
            FieldType::Children(no) => kind(*no).map_or("Json".to_owned(), |kind| {
                let line = self.kind(&kind.def);
                match side {
                    Side::Request => format!("Partial<Line<{line}>>[]"),
                    Side::Answer => format!("Line<{line}>[]"),
                }
            }),
            FieldType::Record(no) => {
                kind(*no).map_or("Json".to_owned(), |kind| format!("Stored<{}>", self.kind(&kind.def)))
            }
            FieldType::Message(nested) => self.message(nested.def(), side),
            FieldType::List(item) => list(self.value(item, shape, side)),
        }
    }

    /// What a JSON value is.
    fn shape(&mut self, shape: Shape) -> String {
        match shape {
            Shape::Any => "Json".to_owned(),
            Shape::Bool => "boolean".to_owned(),
            Shape::Int => "number".to_owned(),
            Shape::Text | Shape::Currency => "string".to_owned(),
            Shape::Id => "Id".to_owned(),
            Shape::Date => "CalendarDate".to_owned(),
            Shape::Decimal => "Decimal".to_owned(),
            Shape::Exact => "Exact".to_owned(),
            Shape::Words(words) => {
                words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(" | ")
            }
            Shape::Choice(choice) => self.choice(choice),
            Shape::List(item) => list(self.shape(*item)),
            Shape::Tuple { items, more } => {
                let more = more.map(|(name, item)| format!("{name}?: {}", self.shape(*item)));
                let items = items.iter().map(|(name, item)| format!("{name}: {}", self.shape(*item)));
                format!("[{}]", items.chain(more).collect::<Vec<_>>().join(", "))
            }
            Shape::Object(object) => self.object(object),
            Shape::OneOf(objects) => {
                objects.iter().map(|object| self.object(object)).collect::<Vec<_>>().join(" | ")
            }
            Shape::Members(member) => format!("{{ [name: string]: {} }}", self.shape(*member)),
            Shape::Values(kind) => format!("Values<\"{kind}\">"),
            Shape::Request(def) => self.message(def(), Side::Request),
        }
    }

    fn object(&mut self, object: &Object) -> String {
        self.named(object.name, &format!("shape {}", object.name), "Shape", |types, name| {
            let mut out = format!("/** {} */\nexport interface {name} {{\n", comment(object.doc));
            for member in object.members {
                let ty = types.shape(member.shape);
                let null = if member.nullable { " | null" } else { "" };
                let optional = if member.optional { "?" } else { "" };
                let _ = writeln!(
                    out,
                    "  /** {} */\n  {}{optional}: {ty}{null};",
                    comment(member.doc),
                    member.name
                );
            }
            out.push_str("}\n");
            out
        })
    }
}

fn list(item: String) -> String {
    if item.contains(' ') { format!("({item})[]") } else { format!("{item}[]") }
}

/// Whether a request must have a field.
fn is_needed(field: &FieldDef) -> bool {
    field.required
        && field.default.is_none()
        && !matches!(field.ty, FieldType::List(_) | FieldType::Children(_))
}

/// The type of a field that speaks of the kind named in its request.
fn of_kind(def: &RecordDef, field: &FieldDef) -> Option<&'static str> {
    if shapes::of(&def.name, &field.name).is_some() {
        return None;
    }
    match (&*field.name, &field.ty) {
        ("kind", FieldType::Text { .. }) => Some("K"),
        ("values", FieldType::Json) => Some("Values<K>"),
        ("record", FieldType::Json) => Some("RecordOf<K>"),
        ("records", FieldType::List(FieldType::Json)) => Some("RecordOf<K>[]"),
        _ => None,
    }
}

/// `quote_line` as `QuoteLine`.
fn pascal(name: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
    };
    name.split('_').map(word).collect()
}
