//! A field's way from the columns of a row to the JSON of a request.

use super::mapping::FieldMap;
use super::resolve::{Resolver, choice_code};
use super::source::{Source, evaluate, shown};
use super::{BAD_MAPPING, UNKNOWN_REFERENCE, UNMAPPED};
use crm_kernel::catalogue::Catalogue;
use crm_kernel::codec::clip;
use crm_kernel::error::Result;
use crm_kernel::expr::Expr;
use crm_kernel::json::Json;
use crm_kernel::record::{FieldType, RecordDef};
use crm_kernel::value::{Num, Row, Value};
use crm_kernel::work::Work;

/// The field of a request that holds those of a record.
const VALUES: &str = "values";

/// A field's way from columns to JSON, checked once.
pub(super) struct Filler {
    /// The names that lead to the field in the request.
    pub(super) steps: Vec<String>,
    /// The columns that it is filled from.
    column: Option<String>,
    ty: FieldType,
    value: Option<Expr>,
    constant: Option<Json>,
    map: Option<Json>,
    reference: Option<(u32, String)>,
    add_option: bool,
}

impl Filler {
    /// Checks how fields are filled. Errors: [`BAD_MAPPING`], `expression.invalid`, with the place in the mapping.
    pub(super) fn all(
        catalogue: &Catalogue,
        source: &Source,
        def: &RecordDef,
        maps: &[FieldMap],
        path: &str,
    ) -> Result<Vec<Filler>> {
        let of_kind = kind_of_values(catalogue, def, maps, path)?;
        let checked = maps.iter().enumerate().map(|(at, map)| {
            let path = format!("{path}/{at}");
            let bad = |fault: &str| BAD_MAPPING.at(path.clone()).coded("fault", "word", fault);
            if map.value.is_some() == map.constant.is_some() {
                return Err(bad("value_or_constant"));
            }
            let steps: Vec<String> = map.field.split('/').map(str::to_owned).collect();
            let ty = target_type(def, of_kind, &steps)
                .ok_or_else(|| bad("no_such_field").with("field", map.field.clone()))?;
            let reference = match &map.reference {
                Some(reference) => {
                    let kind = catalogue
                        .named(&reference.kind)
                        .map_err(|error| error.at(format!("{path}/reference/kind")))?;
                    if kind.position(&reference.by).is_none() {
                        return Err(bad("reference_by_no_field").with("field", reference.by.clone()));
                    }
                    Some((kind.no(), reference.by.clone()))
                }
                None => None,
            };
            let value = map
                .value
                .as_deref()
                .map(|text| source.expression(text, &format!("{path}/value")))
                .transpose()?;
            Ok(Filler {
                steps,
                column: value.as_ref().and_then(|value| source.columns(value)),
                ty,
                value,
                constant: map.constant.clone(),
                map: map.map.clone(),
                reference,
                add_option: map.add_option,
            })
        });
        checked.collect()
    }

    /// The JSON of the field for a row. Errors: `import.unmapped_value`, `import.unknown_reference`, those of
    /// [`Resolver::option`], with the field.
    pub(super) fn json(&self, work: &mut Work<'_>, resolver: &mut Resolver, row: &Row) -> Result<Json> {
        let value = match (&self.constant, &self.value) {
            (Some(Json::Text(constant)), _) => Value::Text(constant.clone()),
            (Some(constant), _) => return Ok(constant.clone()),
            (None, Some(expr)) => evaluate(expr, row),
            (None, None) => Value::Null,
        };
        let path = || format!("/{}", self.steps.join("/"));
        let mut text = shown(&value);
        if let (Some(map), Some(found)) = (&self.map, &text) {
            let unmapped = || UNMAPPED.at(path()).with("value", clip(found));
            match map.get(found).ok_or_else(unmapped)? {
                Json::Text(mapped) => text = Some(mapped.clone()),
                other => return Ok(other.clone()),
            }
        }
        let Some(text) = text else { return Ok(Json::Null) };
        if let Some((kind, by)) = &self.reference {
            let missing = || UNKNOWN_REFERENCE.at(path()).with("key", text.clone()).with("field", by.clone());
            return resolver.record(work, *kind, by, &text)?.map(Json::Text).ok_or_else(missing);
        }
        Ok(match (&self.ty, &value) {
            (FieldType::Picklist(list), _) => {
                let code = resolver.option(work, list, &text, self.add_option);
                Json::Text(code.map_err(|error| error.at(path()))?)
            }
            (FieldType::Choice(choice), _) => Json::Text(choice_code(work, choice, text)),
            (FieldType::Int, Value::Num(Num { mantissa, scale: 0 })) => Json::Int(*mantissa),
            (FieldType::Int, _) => text.parse().map_or(Json::Text(text), Json::Int),
            (FieldType::Bool, _) if text == "true" || text == "1" => Json::Bool(true),
            (FieldType::Bool, _) if text == "false" || text == "0" => Json::Bool(false),
            _ => Json::Text(text),
        })
    }
}

/// The columns that fill the field at a path of the request, or one inside it or around it.
pub(super) fn column_at<'a>(fillers: impl IntoIterator<Item = &'a Filler>, path: &str) -> Option<String> {
    let names: Vec<&str> = path.split('/').skip(1).collect();
    let at = |filler: &&Filler| filler.steps.iter().zip(&names).all(|(step, name)| step == name);
    fillers.into_iter().filter(|_| !names.is_empty()).find(at)?.column.clone()
}

/// The request that fields make of a row.
pub(super) fn request(
    fillers: &[Filler],
    work: &mut Work<'_>,
    resolver: &mut Resolver,
    row: &Row,
) -> Result<Json> {
    let mut request = Json::object();
    for filler in fillers {
        put(&mut request, &filler.steps, filler.json(work, resolver, row)?);
    }
    Ok(request)
}

/// Puts a value under names, with the objects that lead to it.
pub(super) fn put(into: &mut Json, steps: &[String], value: Json) {
    let Some((first, rest)) = steps.split_first() else { return };
    let Json::Object(members) = into else { return };
    if rest.is_empty() {
        members.push((first.clone(), value));
        return;
    }
    if !members.iter().any(|(key, _)| key == first) {
        members.push((first.clone(), Json::object()));
    }
    if let Some((_, inner)) = members.iter_mut().find(|(key, _)| key == first) {
        put(inner, rest, value);
    }
}

/// The kind whose fields a request gives in `values`: the one that a constant names in its field `kind`.
/// Errors: `kind.unknown` with the place in the mapping.
fn kind_of_values<'a>(
    catalogue: &'a Catalogue,
    def: &RecordDef,
    maps: &[FieldMap],
    path: &str,
) -> Result<Option<&'a RecordDef>> {
    let holds_values = def.field(VALUES).is_some_and(|field| field.ty == FieldType::Json);
    let named = maps.iter().enumerate().find(|(_, map)| holds_values && map.field == "kind");
    let Some((at, Some(Json::Text(name)))) = named.map(|(at, map)| (at, &map.constant)) else {
        return Ok(None);
    };
    let kind = catalogue.named(name).map_err(|error| error.at(format!("{path}/{at}/constant")))?;
    Ok(Some(&kind.def))
}

fn target_type(def: &RecordDef, of_kind: Option<&RecordDef>, steps: &[String]) -> Option<FieldType> {
    let (first, rest) = steps.split_first()?;
    match (&def.field(first)?.ty, of_kind, rest.is_empty()) {
        (ty, _, true) => Some(ty.clone()),
        (FieldType::Message(inner), _, false) => target_type(inner.def(), None, rest),
        (FieldType::Json, Some(kind), false) if first == VALUES => target_type(kind, None, rest),
        (FieldType::Json, _, false) => Some(FieldType::Json),
        _ => None,
    }
}
