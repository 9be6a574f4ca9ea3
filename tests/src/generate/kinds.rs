//! `docs/reference/kinds.md`: every kind of record with its fields.

use super::operations::type_name;
use super::shapes;
use super::{BANNER, Source, cell};
use crm_kernel::context::Language;
use crm_kernel::record::{FieldRole, RecordDef};
use std::fmt::Write;

/// The page.
pub fn page(source: &Source) -> String {
    let mut out = String::from(BANNER);
    out.push_str(
        "# Kinds\n\nWhat records hold. Beside its fields a record has `id` and `version`, a line has `line`. Fields marked \
         *managed* are set by operations only; in kinds marked *managed* all are. Numbers never change and are never \
         used again. Labels in the three languages come from `crm-domain/text`.\n",
    );
    for area in source.model.areas().iter().filter(|area| !area.kinds.is_empty()) {
        let _ = writeln!(out, "\n# Area {}", area.name);
        for def in area.kinds {
            kind(source, def(), &mut out);
        }
    }
    out
}

fn kind(source: &Source, def: &RecordDef, out: &mut String) {
    let labels: Vec<&str> = Language::ALL
        .into_iter()
        .filter_map(|language| source.model.texts().find(language, &format!("kind.{}", def.name)))
        .collect();
    let _ = writeln!(out, "\n## {}\n\n{}\n", def.name, def.doc.trim());
    let mut facts = vec![format!("Kind {}", def.no), format!("table `{}`", def.table)];
    if let Some(parent) = source.catalogue.kind(def.parent) {
        facts.push(format!("lines of [{0}](#{0})", parent.name()));
    }
    if def.managed {
        facts.push("managed".to_owned());
    }
    if !def.access.is_empty() {
        facts.push(format!("seen by whoever sees its `{}`", def.access.join("` or `")));
    }
    for index in def.indexes.iter() {
        let fields: Vec<&str> = index.fields.iter().map(|field| field.as_ref()).collect();
        facts.push(format!("{} ({})", if index.unique { "unique" } else { "index" }, fields.join(", ")));
    }
    let _ = writeln!(
        out,
        "{}. {}\n\n| no | field | type | |\n|---|---|---|---|",
        facts.join("; "),
        labels.join(" / ")
    );
    for field in def.fields.iter().filter(|field| field.role != FieldRole::LineCounter) {
        let mut marks = Vec::new();
        if field.required {
            marks.push("required".to_owned());
        }
        if let Some(default) = &field.default {
            marks.push(format!("else `{}`", cell(default)));
        }
        if field.managed {
            marks.push("managed".to_owned());
        }
        if field.sensitive {
            marks.push("sensitive".to_owned());
        }
        let marks = if marks.is_empty() { String::new() } else { format!(" *({})*", marks.join(", ")) };
        let ty = type_name(source, &field.ty, shapes::of(&def.name, &field.name)).replace("kinds.md#", "#");
        let _ = writeln!(out, "| {} | `{}` | {ty} | {}{marks} |", field.no, field.name, cell(&field.doc));
    }
    let errors = source.model.kind_errors().filter(|(kind, _)| *kind == def.no);
    let errors: Vec<String> = errors.map(|(_, code)| format!("`{}`", code.name)).collect();
    if !errors.is_empty() {
        let _ = writeln!(out, "\nErrors of whatever writes it: {}", errors.join(", "));
    }
}
