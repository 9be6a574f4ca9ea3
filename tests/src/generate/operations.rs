//! `docs/reference/operations.md`: every operation with its request, answer, right, errors and example.

use super::shape::Shape;
use super::{BANNER, Source, cell};
use super::{shape_page, shapes};
use crm_kernel::json::Json;
use crm_kernel::operation::OperationRow;
use crm_kernel::permission::Needs;
use crm_kernel::record::{FieldDef, FieldRole, FieldType, RecordDef};
use std::fmt::Write;

/// The page.
pub fn page(source: &Source) -> String {
    let mut out = String::from(BANNER);
    out.push_str(
        "# Operations\n\nEvery door takes an operation's name and its request as JSON and gives its answer as JSON. \
         Decimals, ids, dates and instants are strings. Unknown request fields are refused; ignore answer fields that you \
         do not know. `$name` in an example stands for a value of the demonstration company (`tests/stories/demo.json`). \
         Errors that any operation may give are listed in [errors](errors.md), kinds in [kinds](kinds.md).\n",
    );
    for area in source.model.areas().iter().filter(|area| !area.operations.is_empty()) {
        let _ = writeln!(out, "\n- **{}**: {}", area.name, links(area.operations));
    }
    for area in source.model.areas() {
        for row in area.operations {
            operation(source, row, &mut out);
        }
    }
    out
}

/// The area that brings an operation.
pub fn area_of(source: &Source, operation: &str) -> &'static str {
    let brings = |area: &&crm_kernel::model::Area| area.operations.iter().any(|row| row.name == operation);
    source.model.areas().iter().find(brings).map_or("", |area| area.name)
}

/// What an operation needs, in words.
pub fn needs(row: &OperationRow) -> String {
    match row.needs {
        Needs::Public => "nothing: open to everybody".to_owned(),
        Needs::Right { kind, verb } => format!("`{verb}` on `{kind}`"),
        Needs::OnKind { verb } => format!("`{verb}` on the kind in `kind`"),
        Needs::OnHead { verb } => format!("`{verb}` on the kind in `kind`, or on the one whose lines it is"),
        Needs::Inner => "what the operations inside need".to_owned(),
    }
}

fn links(rows: &[OperationRow]) -> String {
    let links: Vec<String> =
        rows.iter().map(|row| format!("[{0}](#{1})", row.name, row.name.replace(['.', '_'], ""))).collect();
    links.join(", ")
}

fn operation(source: &Source, row: &OperationRow, out: &mut String) {
    let (request, answer) = ((row.request)(), (row.answer)());
    let _ = writeln!(out, "\n## {}\n\n{}\n", row.name, request.doc.trim());
    let writes = if row.writes { "writes" } else { "only reads" };
    let capabilities = if row.capabilities.is_empty() {
        String::new()
    } else {
        format!(" Serves {}.", row.capabilities.join(", "))
    };
    let _ = writeln!(out, "Needs {}; {writes}.{capabilities}\n", needs(row));
    fields(source, "Request", request, out);
    fields(source, "Answer", answer, out);
    if !row.errors.is_empty() {
        let codes: Vec<String> = row.errors.iter().map(|code| format!("`{}`", code.name)).collect();
        let _ = writeln!(out, "Errors: {}\n", codes.join(", "));
    }
    let example = Json::parse(row.example).map_or_else(|_| row.example.to_owned(), |json| json.pretty());
    let _ = writeln!(out, "```json\n{}\n```", example.trim_end());
}

/// The fields of a message and, below them, those of the messages inside it.
fn fields(source: &Source, title: &str, def: &RecordDef, out: &mut String) {
    if def.fields.is_empty() {
        let _ = writeln!(out, "{title}: no fields.\n");
        return;
    }
    let _ = writeln!(out, "| {title} | type | |\n|---|---|---|");
    let mut open: Vec<String> = Vec::new();
    rows(source, def, "", &mut open, out);
    out.push('\n');
}

fn rows(source: &Source, def: &RecordDef, prefix: &str, open: &mut Vec<String>, out: &mut String) {
    for field in def.fields.iter().filter(|field| field.role != FieldRole::LineCounter) {
        let _ = writeln!(
            out,
            "| `{prefix}{}` | {}{} | {} |",
            field.name,
            type_name(source, &field.ty, shapes::of(&def.name, &field.name)),
            necessity(field),
            cell(&field.doc)
        );
        let (nested, step) = match &field.ty {
            FieldType::Message(nested) => (Some(*nested), "."),
            FieldType::List(FieldType::Message(nested)) => (Some(*nested), "[]."),
            _ => (None, ""),
        };
        if let Some(nested) = nested
            && !open.contains(&nested.def().name.to_string())
        {
            open.push(nested.def().name.to_string());
            rows(source, nested.def(), &format!("{prefix}{}{step}", field.name), open, out);
            open.pop();
        }
    }
}

fn necessity(field: &FieldDef) -> String {
    match &field.default {
        Some(default) => format!(", else `{}`", cell(default)),
        None if field.required || matches!(field.ty, FieldType::List(_) | FieldType::Children(_)) => {
            String::new()
        }
        None => ", optional".to_owned(),
    }
}

/// A type in words, with a link where it is a kind.
pub fn type_name(source: &Source, ty: &FieldType, shape: Option<Shape>) -> String {
    let kind = |no: u32| {
        let name = source.catalogue.kind(no).map_or("?", |kind| kind.name());
        format!("[{name}](kinds.md#{name})")
    };
    match ty {
        FieldType::Num { digits, scale, .. } => format!("{} ({digits}, {scale})", ty.name()),
        FieldType::Text { max } => format!("text to {max}"),
        FieldType::Choice(choice) => {
            let codes: Vec<String> = choice.options.iter().map(|code| format!("`{code}`")).collect();
            codes.join(" / ")
        }
        FieldType::Picklist(list) => format!("picklist `{list}`"),
        FieldType::Ref(no) => format!("id of {}", kind(*no)),
        FieldType::AnyRef => "id".to_owned(),
        FieldType::Children(no) => format!("lines of {}", kind(*no)),
        FieldType::Record(no) => format!("whole {}", kind(*no)),
        FieldType::Message(_) => "object".to_owned(),
        FieldType::List(item) => format!("list of {}", type_name(source, item, shape)),
        FieldType::Json => {
            shape.map_or_else(|| ty.name().to_owned(), |shape| shape_page::type_name(source, shape))
        }
        other => other.name().to_owned(),
    }
}
