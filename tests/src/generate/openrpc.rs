//! `docs/openrpc.json`: the table of operations for tools.

use super::Source;
use super::operations::{area_of, needs};
use super::schema::{Schemas, Side, one_line};
use crm_kernel::error::Code;
use crm_kernel::json::Json;
use crm_kernel::operation::OperationRow;
use std::collections::BTreeMap;

/// The OpenRPC document.
pub fn document(source: &Source) -> String {
    let mut schemas = Schemas::new(&source.catalogue);
    let methods: Vec<Json> =
        source.model.operations().iter().map(|row| method(source, row, &mut schemas)).collect();
    let info = Json::object()
        .with("title", "CRM engine")
        .with("version", env!("CARGO_PKG_VERSION"))
        .with(
            "description",
            "Every operation of every door. The parameter `request` is the JSON handed to `call`.",
        )
        .with("license", Json::object().with("name", "MIT OR Apache-2.0"));
    Json::object()
        .with("openrpc", "1.3.2")
        .with("info", info)
        .with("methods", methods)
        .with("components", Json::object().with("schemas", schemas.finish()))
        .with("x-kind-errors", kind_errors(source))
        .pretty()
}

/// What the rules of a kind refuse with, whatever operation writes it; `*` for rules of every kind.
fn kind_errors(source: &Source) -> Json {
    let mut kinds: BTreeMap<String, Vec<Json>> = BTreeMap::new();
    for (kind, code) in source.model.kind_errors() {
        let name = source.catalogue.kind(kind).map_or("*", |kind| kind.name());
        kinds.entry(name.to_owned()).or_default().push(error(&code));
    }
    kinds.into_iter().fold(Json::object(), |all, (kind, errors)| all.with(&kind, errors))
}

fn error(code: &Code) -> Json {
    Json::object().with("code", i64::from(code.class as i32)).with("message", code.name)
}

fn method(source: &Source, row: &OperationRow, schemas: &mut Schemas<'_>) -> Json {
    let request = (row.request)();
    let doc = one_line(&request.doc);
    let summary =
        doc.split_once(". ").map_or(doc.as_str(), |(first, _)| first).trim_end_matches('.').to_owned();
    let parameter = Json::object()
        .with("name", "request")
        .with("required", true)
        .with("schema", schemas.message(request, Side::Request));
    let result =
        Json::object().with("name", "answer").with("schema", schemas.message((row.answer)(), Side::Answer));
    Json::object()
        .with("name", row.name)
        .with("summary", summary)
        .with("description", doc)
        .with("tags", vec![Json::object().with("name", area_of(source, row.name))])
        .with("paramStructure", "by-name")
        .with("params", vec![parameter])
        .with("result", result)
        .with("errors", row.errors.iter().map(error).collect::<Vec<_>>())
        .with("x-writes", row.writes)
        .with("x-needs", needs(row))
        .with("x-capabilities", row.capabilities.iter().map(|id| Json::text(*id)).collect::<Vec<_>>())
        .with("x-example", Json::parse(row.example).unwrap_or_default())
}
