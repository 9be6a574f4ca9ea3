//! The schema that a catalogue asks for, as SQL.

use super::column::{Storage, quoted};
use crm_kernel::catalogue::{Catalogue, Kind};
use crm_kernel::record::{FIRST_CUSTOM_FIELD, FieldDef, FieldType};
use std::collections::HashSet;
use std::fmt::Write as _;

/// The engine's own tables: name, what it is, columns.
const ENGINE: &[(&str, &str, &str)] = &[
    (
        "meta",
        "Notes of the engine about this file: the revision of definitions, the fingerprint of the catalogue.",
        "key TEXT PRIMARY KEY NOT NULL, value ANY NOT NULL) STRICT, WITHOUT ROWID",
    ),
    (
        "schema_kind",
        "Which table holds which kind, by the kind's stable number.",
        "kind INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT",
    ),
    (
        "schema_field",
        "Which column holds which field, by its stable number: a renamed field is a renamed column.",
        "kind INTEGER NOT NULL, field INTEGER NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL, \
         not_null INTEGER NOT NULL, PRIMARY KEY(kind, field)) STRICT, WITHOUT ROWID",
    ),
    (
        "change_set",
        "The change log: what each operation changed, the records in compact binary form.",
        "no INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor INTEGER NOT NULL, on_behalf INTEGER NOT NULL, \
         operation TEXT NOT NULL, reason TEXT, body BLOB NOT NULL) STRICT",
    ),
    (
        "sequence",
        "The last number taken of each sequence.",
        "name TEXT PRIMARY KEY NOT NULL, last INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    ),
    (
        "tombstone",
        "Deleted records: the change set that deleted each, the head of its history.",
        "kind INTEGER NOT NULL, id INTEGER NOT NULL, change_set INTEGER NOT NULL, \
         PRIMARY KEY(kind, id)) STRICT, WITHOUT ROWID",
    ),
];

/// SQL that makes the engine's own tables.
pub(super) fn engine_tables() -> String {
    ENGINE.iter().fold(String::new(), |mut sql, (name, _, columns)| {
        let _ = write!(sql, "CREATE TABLE {name}({columns};");
        sql
    })
}

/// True for a name that no kind's table may have.
pub(super) fn is_taken(table: &str) -> bool {
    table.starts_with("sqlite_") || ENGINE.iter().any(|(name, ..)| *name == table)
}

/// The whole schema of a catalogue with its descriptions, as `docs/schema.sql` has it. It runs on an empty database.
pub fn schema_sql(catalogue: &Catalogue) -> String {
    let mut out = String::from(
        "-- The schema of the engine's SQLite files, made from the catalogue.\n\
         -- Numbers are integers, scaled by the decimals of their field. Dates are days since 1970-01-01, instants\n\
         -- milliseconds since 1970-01-01 UTC, booleans 0 and 1. Ids are 64-bit integers.\n",
    );
    for (name, about, columns) in ENGINE {
        let _ = write!(out, "\n-- {about}\nCREATE TABLE {name}({columns};\n");
    }
    let indexes = Indexes::of(catalogue);
    for kind in catalogue.kinds() {
        out.push('\n');
        comment(&mut out, "", &kind.def.doc);
        let _ = writeln!(out, "CREATE TABLE {}(", quoted(&kind.def.table));
        let fields = own_columns(catalogue, kind).into_iter().map(|column| (None, column));
        let fields = fields.chain(columns(catalogue, kind).map(|(field, column)| (Some(field), column)));
        let mut fields = fields.chain(table_key(kind).map(|key| (None, key))).peekable();
        while let Some((field, column)) = fields.next() {
            if let Some(field) = field {
                comment(&mut out, "    ", &described(field));
            }
            let _ = writeln!(out, "    {column}{}", if fields.peek().is_some() { "," } else { "" });
        }
        let _ = writeln!(out, "){};", table_options(kind));
        for (_, sql) in indexes.of_kind(kind) {
            let _ = writeln!(out, "{sql};");
        }
    }
    out
}

fn comment(out: &mut String, indent: &str, text: &str) {
    for line in text.lines() {
        let _ = writeln!(out, "{indent}-- {}", line.trim());
    }
}

fn described(field: &FieldDef) -> String {
    match Storage::of(&field.ty) {
        Some(Storage::Num { scale, .. }) if scale > 0 => {
            format!("{} ({scale} decimals)", field.doc.trim_end())
        }
        _ => field.doc.to_string(),
    }
}

/// The table of a kind, with all its columns.
pub(super) fn create_table(catalogue: &Catalogue, kind: &Kind) -> String {
    let mut parts = own_columns(catalogue, kind);
    parts.extend(columns(catalogue, kind).map(|(_, column)| column));
    parts.extend(table_key(kind));
    format!("CREATE TABLE {}({}){}", quoted(&kind.def.table), parts.join(", "), table_options(kind))
}

/// The columns that every table of its sort has.
fn own_columns(catalogue: &Catalogue, kind: &Kind) -> Vec<String> {
    match kind.parent() {
        None => vec!["\"id\" INTEGER PRIMARY KEY".to_owned(), "\"version\" INTEGER NOT NULL".to_owned()],
        Some(parent) => vec![
            format!("\"parent\" INTEGER NOT NULL{}", references(catalogue, parent)),
            "\"line\" INTEGER NOT NULL".to_owned(),
            "\"position\" INTEGER NOT NULL".to_owned(),
        ],
    }
}

fn table_key(kind: &Kind) -> Option<String> {
    kind.parent().map(|_| "PRIMARY KEY(\"parent\", \"line\")".to_owned())
}

/// Lines lie beside each other under their parent and need no second index.
fn table_options(kind: &Kind) -> &'static str {
    if kind.parent().is_some() { " STRICT, WITHOUT ROWID" } else { " STRICT" }
}

fn columns<'a>(
    catalogue: &'a Catalogue,
    kind: &'a Kind,
) -> impl Iterator<Item = (&'a FieldDef, String)> + 'a {
    kind.fields().iter().filter_map(move |field| {
        let not_null = if field.required { " NOT NULL" } else { "" };
        Some((field, format!("{}{not_null}{}", column(field)?, reference(catalogue, field))))
    })
}

/// Name and type of a field's column; `None` where it has none.
fn column(field: &FieldDef) -> Option<String> {
    Some(format!("{} {}", quoted(&field.name), Storage::of(&field.ty)?.sql()))
}

/// A column added to a table that has rows: it may be null, also where the field is required of new records.
pub(super) fn add_column(catalogue: &Catalogue, table: &str, field: &FieldDef) -> Option<String> {
    Some(format!(
        "ALTER TABLE {} ADD COLUMN {}{}",
        quoted(table),
        column(field)?,
        reference(catalogue, field)
    ))
}

fn reference(catalogue: &Catalogue, field: &FieldDef) -> String {
    match field.ty {
        FieldType::Ref(to) => references(catalogue, to),
        _ => String::new(),
    }
}

fn references(catalogue: &Catalogue, kind: u32) -> String {
    let table = catalogue.kind(kind).map(|kind| quoted(&kind.def.table));
    table.map(|table| format!(" REFERENCES {table}(\"id\")")).unwrap_or_default()
}

/// The type of a field as the file remembers it: where it changes, values have to change with it.
pub(super) fn tag(ty: &FieldType) -> Option<String> {
    Some(match (Storage::of(ty)?, ty) {
        (Storage::Num { digits, scale }, _) => format!("number({digits},{scale})"),
        (_, FieldType::Ref(to)) => format!("reference({to})"),
        (Storage::Ref, _) => "reference".to_owned(),
        (Storage::Bool, _) => "boolean".to_owned(),
        (Storage::Text, _) => "text".to_owned(),
        (Storage::Date, _) => "date".to_owned(),
        (Storage::Instant, _) => "instant".to_owned(),
        (Storage::Json, _) => "json".to_owned(),
    })
}

/// The indexes of a catalogue by table, with their names.
pub(super) struct Indexes(Vec<(u32, String, String)>);

impl Indexes {
    pub(super) fn of(catalogue: &Catalogue) -> Indexes {
        let mut names = HashSet::new();
        let mut all = Vec::new();
        for kind in catalogue.kinds() {
            for index in kind.def.indexes.iter() {
                let fields: Vec<String> = index.fields.iter().map(|field| quoted(field)).collect();
                // Two lists of words joined by `_` may read the same.
                let base = format!("ix_{}_{}", kind.def.table, index.fields.join("_"));
                let mut name = base.clone();
                let mut copies = 1;
                while !names.insert(name.clone()) {
                    copies += 1;
                    name = format!("{base}_{copies}");
                }
                let unique = if index.unique { "UNIQUE " } else { "" };
                let (table, columns) = (quoted(&kind.def.table), fields.join(", "));
                all.push((
                    kind.no(),
                    name.clone(),
                    format!("CREATE {unique}INDEX {} ON {table}({columns})", quoted(&name)),
                ));
            }
        }
        Indexes(all)
    }

    /// Names and SQL of a kind's indexes.
    pub(super) fn of_kind(&self, kind: &Kind) -> impl Iterator<Item = (&str, &str)> {
        let no = kind.no();
        self.0
            .iter()
            .filter(move |(kind, ..)| *kind == no)
            .map(|(_, name, sql)| (name.as_str(), sql.as_str()))
    }
}

/// A number that changes whenever the catalogue asks for another schema.
pub(super) fn fingerprint(catalogue: &Catalogue) -> i64 {
    // FNV-1a: the number is kept in files, so it may not change with the compiler.
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut add = |text: &str| {
        for byte in text.bytes().chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    };
    for kind in catalogue.kinds() {
        add(&kind.no().to_string());
        add(&kind.def.table);
        add(&kind.def.parent.to_string());
        for field in kind.fields() {
            let Some(tag) = tag(&field.ty) else { continue };
            add(&field.no.to_string());
            add(&field.name);
            add(&tag);
            add(if field.required { "required" } else { "" });
        }
        for index in kind.def.indexes.iter() {
            add(if index.unique { "unique" } else { "index" });
            index.fields.iter().for_each(|field| add(field));
        }
    }
    i64::from_ne_bytes(hash.to_ne_bytes())
}

/// True where a column of the field refuses null in a table made with it.
pub(super) fn is_custom(field: &FieldDef) -> bool {
    field.no >= FIRST_CUSTOM_FIELD
}
