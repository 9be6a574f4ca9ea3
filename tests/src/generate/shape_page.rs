//! `docs/reference/shapes.md`: what stands in JSON fields.

use super::shape::{Object, Shape};
use super::{BANNER, Source, cell, shapes};
use std::fmt::Write;

/// The page.
pub fn page(source: &Source) -> String {
    let mut out = String::from(BANNER);
    out.push_str(
        "# Shapes\n\nWhat stands in fields of type JSON that the engine always writes the same way. Members marked *optional* \
         are left out where they have nothing to say. An exact number is text, a decimal or two with a stroke between \
         them: `62/6`. As in answers, ignore members that you do not know.\n",
    );
    for object in objects() {
        let _ = writeln!(out, "\n## {}\n\n{}\n\n| member | type | |\n|---|---|---|", object.name, object.doc);
        for member in object.members {
            let ty = type_name(source, member.shape).replace("shapes.md#", "#");
            let null = if member.nullable { " or null" } else { "" };
            let optional = if member.optional { " *(optional)*" } else { "" };
            let _ = writeln!(out, "| `{}` | {ty}{null} | {}{optional} |", member.name, cell(member.doc));
        }
    }
    out
}

/// Every object, behind the first one that holds it.
pub fn objects() -> Vec<&'static Object> {
    fn add(shape: Shape, all: &mut Vec<&'static Object>) {
        for object in shape.objects() {
            if !all.iter().any(|known| known.name == object.name) {
                all.push(object);
                object.members.iter().for_each(|member| add(member.shape, all));
            }
        }
    }
    let mut all = Vec::new();
    shapes::SHAPES.iter().for_each(|(_, _, shape)| add(*shape, &mut all));
    all
}

/// A shape in words, with a link where it is an object or a kind.
pub fn type_name(source: &Source, shape: Shape) -> String {
    let object = |object: &Object| format!("[{0}](shapes.md#{0})", object.name);
    let codes = |codes: &[&str]| codes.iter().map(|code| format!("`{code}`")).collect::<Vec<_>>().join(" / ");
    match shape {
        Shape::Any => "json".to_owned(),
        Shape::Bool => "boolean".to_owned(),
        Shape::Int => "integer".to_owned(),
        Shape::Text => "text".to_owned(),
        Shape::Id => "id".to_owned(),
        Shape::Currency => "currency".to_owned(),
        Shape::Date => "date".to_owned(),
        Shape::Decimal => "decimal".to_owned(),
        Shape::Exact => "exact number".to_owned(),
        Shape::Words(words) => codes(words),
        Shape::Choice(choice) => codes(choice.options),
        Shape::List(item) => format!("list of {}", type_name(source, *item)),
        Shape::Tuple { items, more } => {
            let items = items.iter().map(|(name, item)| format!("{name}: {}", type_name(source, *item)));
            let more = more.map(|(name, item)| format!("perhaps {name}: {}", type_name(source, *item)));
            format!("({})", items.chain(more).collect::<Vec<_>>().join(", "))
        }
        Shape::Object(one) => object(one),
        Shape::OneOf(several) => several.iter().map(|one| object(one)).collect::<Vec<_>>().join(" or "),
        Shape::Members(member) => format!("object of {}", type_name(source, *member)),
        Shape::Values(kind) => format!("fields of [{kind}](kinds.md#{kind})"),
        Shape::Request(def) => {
            let row = source.model.operations().iter().find(|row| (row.request)().name == def().name);
            let name = row.map_or("?", |row| row.name);
            format!("request of [{name}](operations.md#{})", name.replace(['.', '_'], ""))
        }
    }
}
