//! What has happened, for hosts that follow: the heads of change sets in their order.

use crm_kernel::catalogue::Catalogue;
use crm_kernel::change::{Change, ChangeSet};
use crm_kernel::id::Id;
use crm_kernel::json::Json;

/// A part of the change log, from [`Crm::changes`](crate::Crm::changes).
///
/// It tells which records were changed and not how: that the host reads by a session, with that session's rights.
#[derive(Clone, Debug)]
pub struct Changes {
    /// Change sets, ascending.
    pub sets: Vec<Json>,
    /// The number to go on from: that of the last change set given, or what was asked for where there is none.
    pub next: i64,
    /// The number of the last change set there is.
    pub last: i64,
}

impl Changes {
    pub(crate) fn new(catalogue: &Catalogue, after: i64, last: i64, sets: &[ChangeSet]) -> Changes {
        Changes {
            sets: sets.iter().map(|set| head(catalogue, set)).collect(),
            next: sets.last().map_or(after, |set| set.no),
            last,
        }
    }

    /// `{"changes": [{"no", "at", "actor", "on_behalf", "operation", "reason", "records": [{"kind", "id", "action"}]}],
    /// "next", "last"}`.
    pub fn to_json(&self) -> Json {
        Json::object().with("changes", self.sets.clone()).with("next", self.next).with("last", self.last)
    }
}

fn head(catalogue: &Catalogue, set: &ChangeSet) -> Json {
    let employee = |id| Id::new(id).map_or(Json::Null, |id| Json::from(id.to_string()));
    Json::object()
        .with("no", set.no)
        .with("at", set.at.to_string())
        .with("actor", employee(set.actor))
        .with("on_behalf", employee(set.on_behalf))
        .with("operation", set.operation.clone())
        .with("reason", set.reason.clone().map_or(Json::Null, Json::from))
        .with("records", set.changes.iter().map(|change| record(catalogue, change)).collect::<Vec<_>>())
}

fn record(catalogue: &Catalogue, change: &Change) -> Json {
    // A kind is never taken out of the catalogue, so its number has a name.
    let kind =
        catalogue.get(change.kind).map_or_else(|_| change.kind.to_string(), |kind| kind.name().to_owned());
    Json::object().with("kind", kind).with("id", change.id.to_string()).with("action", change.action.code())
}
