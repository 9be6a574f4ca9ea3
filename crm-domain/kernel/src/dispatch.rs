//! The dispatcher: from a name and a request to an answer, the same for every door and inside `batch`.

use crate::catalogue::Catalogue;
use crate::codec::Decoder;
use crate::context::Context;
use crate::currency::Currency;
use crate::encode::{Encoder, Sink};
use crate::error::{Code, Error, Result};
use crate::json::Json;
use crate::model::Model;
use crate::operation::OperationRow;
use crate::permission::{Needs, Rights};
use crate::place::steps;
use crate::record::{FieldDef, FieldType};
use crate::store::Tx;
use crate::work::{Outcome, Work};
use std::sync::Arc;

/// What stays the same for all operations of one transaction.
pub struct Setting<'a> {
    /// The areas.
    pub model: &'a Model,
    /// The definitions in force.
    pub catalogue: Arc<Catalogue>,
    /// The actor's rights.
    pub rights: Arc<Rights>,
    /// The enterprise's currency, where there is an enterprise.
    pub base: Option<Currency>,
}

/// Runs one operation in a transaction: function permission, decoding, the operation, its change set, encoding into a
/// sink. The right is judged before the request is read, so that somebody without it learns nothing from refusals.
/// Errors: `permission.forbidden`, `permission.no_actor`, `request.invalid`, those of the operation.
pub fn execute<S: Sink>(
    setting: &Setting<'_>,
    tx: &mut dyn Tx,
    context: &mut Context,
    operation: &OperationRow,
    request: &Json,
    sink: &mut S,
) -> Result<Outcome> {
    permit(setting, context, operation, request)?;
    let place = |error| placed(error, &setting.catalogue, operation, request);
    let row = Decoder::new(&setting.catalogue).message((operation.request)(), request).map_err(place)?;
    let mut work = Work::new(tx, setting, context, operation);
    let answer = (operation.run)(&mut work, &row).map_err(place)?;
    let catalogue = work.catalogue();
    let outcome = work.finish().map_err(place)?;
    let encoder = Encoder::new(&catalogue, outcome.base.or(setting.base));
    encoder.write_message(sink, (operation.answer)(), &answer);
    Ok(outcome)
}

/// A refusal of a record at the place where the request names it, where the refusal itself names no place; and every
/// place by the labels of its fields. A refusal of an area that tells no id stands where the request names what it is about.
pub fn placed(error: Error, catalogue: &Catalogue, operation: &OperationRow, request: &Json) -> Error {
    let def = (operation.request)();
    let place = match error.arg("id") {
        _ if !error.path().is_empty() => None,
        Some(id) => request.find(id),
        None if Code::KERNEL.contains(&error.code()) => None,
        None => subject(error.code(), catalogue, operation, request),
    };
    let error = match place {
        Some(path) => error.at(path),
        None => error,
    };
    error.with_places(|path| steps(catalogue, def, request, path))
}

/// The place of the record that a refusal is about, where the request names it: that of a kind of which the code speaks
/// (`quote.not_accepted`, `approval.task_closed`), else that to which the operation is done (`order.approve`). What is about
/// neither, as a number that nobody gave, has no place.
fn subject(code: Code, catalogue: &Catalogue, operation: &OperationRow, request: &Json) -> Option<String> {
    let noun = |name: &'static str| name.split_once('.').map_or(name, |(noun, _)| noun);
    let (about, done_to) = (noun(code.name), noun(operation.name));
    let refers = |field: &&FieldDef| matches!(field.ty, FieldType::Ref(_) | FieldType::AnyRef);
    let speaks = |field: &&FieldDef| match field.ty {
        FieldType::Ref(kind) => catalogue.kind(kind).is_some_and(|kind| {
            kind.name().strip_prefix(about).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
        }),
        _ => false,
    };
    let fields = || (operation.request)().fields.iter().filter(refers);
    let field = fields().find(speaks).or_else(|| fields().find(|field| field.name == done_to))?;
    request.get(&field.name).filter(|id| !id.is_null()).map(|_| format!("/{}", field.name))
}

/// Function permission. Somebody with any right at all is told where the request names no kind that there is: no right
/// could be asked for one. Errors: `permission.no_actor`; `permission.forbidden` with the kind and verb; then
/// `kind.unknown`, `request.invalid`.
pub fn permit(
    setting: &Setting<'_>,
    context: &Context,
    operation: &OperationRow,
    request: &Json,
) -> Result<()> {
    let rights = &setting.rights;
    let named = || request.get("kind").and_then(Json::as_text).unwrap_or_default();
    let (kind, verb) = match operation.needs {
        Needs::Public => return Ok(()),
        Needs::Inner if context.actor.is_some() => return Ok(()),
        Needs::Inner => return Err(Code::NO_ACTOR.error()),
        Needs::Right { kind, verb } => (kind, verb),
        Needs::OnKind { verb } | Needs::OnHead { verb } => (named(), verb),
    };
    if context.actor.is_none() {
        return Err(Code::NO_ACTOR.error());
    }
    let catalogue = &setting.catalogue;
    if matches!(operation.needs, Needs::OnKind { .. } | Needs::OnHead { .. }) && !rights.grants.is_empty() {
        if request.get("kind").and_then(Json::as_text).is_none() {
            Decoder::new(catalogue).message((operation.request)(), request)?;
        }
        catalogue.named(kind).map_err(|error| error.at("/kind"))?;
    }
    let head = match operation.needs {
        Needs::OnHead { .. } => catalogue.named(kind).ok().and_then(|kind| catalogue.kind(kind.parent()?)),
        _ => None,
    };
    if rights.may(kind, verb) || head.is_some_and(|head| rights.may(head.name(), verb)) {
        return Ok(());
    }
    Err(Error::forbidden(kind, verb))
}

/// Refuses an operation that brings history where no import of history runs it: nobody enters history by hand, whatever
/// his positions give. Errors: those of [`permit`] first, then `import.history_only`.
pub fn outside_history(
    setting: &Setting<'_>,
    context: &Context,
    operation: &OperationRow,
    request: &Json,
) -> Result<()> {
    if !operation.history {
        return Ok(());
    }
    permit(setting, context, operation, request)?;
    Err(Code::HISTORY_ONLY.error().with("operation", operation.name))
}
