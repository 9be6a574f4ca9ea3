//! Where requests go: records of a kind, or an operation.

use super::BAD_MAPPING;
use super::field::put;
use super::mapping::{Mapping, Mode};
use super::resolve::{Resolver, find};
use crm_kernel::error::{Code, Result};
use crm_kernel::json::Json;
use crm_kernel::operation::OperationRow;
use crm_kernel::record::{FieldRole, RecordDef};
use crm_kernel::work::Work;

/// What a row is sent to.
pub(super) enum Target {
    Kind { name: String, no: u32, key: String, mode: Mode },
    Operation(String),
}

/// What a row did.
pub(super) enum Effect {
    Created,
    Updated,
    Nothing,
}

impl Target {
    /// The target of a mapping, and the fields that it has. Errors: [`BAD_MAPPING`], `import.history_only`, `kind.unknown`.
    pub(super) fn new(work: &Work<'_>, mapping: &Mapping, history: bool) -> Result<(Target, RecordDef)> {
        match (&mapping.kind, &mapping.operation) {
            (Some(kind), _) => {
                let catalogue = work.catalogue();
                let kind = catalogue.named(kind).map_err(|error| error.at("/mapping/kind"))?;
                let (name, key) = (kind.name().to_owned(), mapping.key.clone());
                Ok((Target::Kind { name, no: kind.no(), key, mode: mapping.mode }, kind.def.clone()))
            }
            (None, Some(name)) => {
                let row = operation(work, name, history, "/mapping/operation")?;
                Ok((Target::Operation(name.clone()), (row.request)().clone()))
            }
            (None, None) => Err(BAD_MAPPING.at("/mapping").coded("fault", "word", "kind_or_operation")),
        }
    }

    /// Sends what a row became; gives the id of its record. `key` is that of a record of a kind.
    /// Errors: those of the operation; `field.required` without a key, `field.duplicate` and `record.not_found` where
    /// the mode has it so.
    pub(super) fn send(
        &self,
        work: &mut Work<'_>,
        resolver: &mut Resolver,
        key: Option<&str>,
        request: Json,
    ) -> Result<(Option<String>, Effect)> {
        match self {
            Target::Operation(name) => Ok((answer_id(&work.inner(name, &request)?), Effect::Created)),
            Target::Kind { name, no, key: by, mode } => {
                let key = key.ok_or_else(|| Code::REQUIRED.at(format!("/{by}")))?;
                let found = find(work, *no, by, key)?;
                let request = if found.is_none() { owned_as_mapped(work, *no, request)? } else { request };
                let (id, effect) = upsert(work, name, by, key, found, *mode, request)?;
                resolver.remember(*no, by, key.to_owned(), id.clone());
                Ok((id, effect))
            }
        }
    }
}

/// An operation that rows may be sent to. Errors: [`BAD_MAPPING`], `import.history_only`.
pub(super) fn operation<'a>(
    work: &Work<'a>,
    name: &str,
    history: bool,
    path: &str,
) -> Result<&'a OperationRow> {
    let found = work.model().operation(name).filter(|row| row.writes && !row.name.starts_with("import."));
    let row = found.ok_or_else(|| BAD_MAPPING.at(path).coded("fault", "word", "no_import_operation"))?;
    if row.history && !history {
        return Err(Code::HISTORY_ONLY.at(path).with("operation", name));
    }
    Ok(row)
}

/// What a mapping gives no owner belongs to nobody, not to the person who runs the import.
fn owned_as_mapped(work: &Work<'_>, kind: u32, mut values: Json) -> Result<Json> {
    let catalogue = work.catalogue();
    let kind = catalogue.get(kind)?;
    let owner = kind.role(FieldRole::Owner).and_then(|position| kind.field(position));
    if let Some(owner) = owner.filter(|owner| !owner.managed && values.get(&owner.name).is_none()) {
        put(&mut values, &[owner.name.to_string()], Json::Null);
    }
    Ok(values)
}

fn upsert(
    work: &mut Work<'_>,
    kind: &str,
    by: &str,
    key: &str,
    found: Option<i64>,
    mode: Mode,
    mut values: Json,
) -> Result<(Option<String>, Effect)> {
    match (found, mode) {
        (Some(_), Mode::Create) => Err(Code::DUPLICATE.at(format!("/{by}")).with("fields", by)),
        (None, Mode::Update) => Err(Code::NOT_FOUND.at(format!("/{by}")).with("kind", kind).with("id", key)),
        (None, _) => {
            put(&mut values, &[by.to_owned()], Json::text(key));
            let answer =
                work.inner("record.create", &Json::object().with("kind", kind).with("values", values))?;
            Ok((answer_id(&answer), Effect::Created))
        }
        (Some(id), _) => {
            // A cell that is empty leaves the field as it is.
            if let Json::Object(members) = &mut values {
                members.retain(|(_, value)| !value.is_null());
            }
            let before = work.last_change()?;
            let request = Json::object().with("kind", kind).with("id", id.to_string()).with("values", values);
            work.inner("record.update", &request)?;
            let changed = if work.last_change()? == before { Effect::Nothing } else { Effect::Updated };
            Ok((Some(id.to_string()), changed))
        }
    }
}

/// The id in an operation's answer: its own, or that of the first record in it.
fn answer_id(answer: &Json) -> Option<String> {
    let own = answer.get("id").and_then(Json::as_text);
    let inner = || {
        let members = answer.as_object().unwrap_or_default();
        members.iter().find_map(|(_, value)| value.get("id").and_then(Json::as_text))
    };
    own.or_else(inner).map(str::to_owned)
}
