//! Making, reading and changing one record of any kind, and several operations at once.

use crm_kernel::Record;
use crm_kernel::catalogue::Kind;
use crm_kernel::codec::Decoder;
use crm_kernel::encode::Encoder;
use crm_kernel::error::{Code, Result};
use crm_kernel::id::Id;
use crm_kernel::json::{Json, SharedJson};
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::record::FieldRole;
use crm_kernel::value::{Row, Value};
use crm_kernel::work::Work;
use std::sync::Arc;

/// Makes a record of a kind.
#[derive(Clone, Debug, Record)]
#[record(name = "record_create")]
pub struct Create {
    /// The kind's name.
    pub kind: String,
    /// Its fields by name; lines as arrays of objects. Of a kind with an owner that is the actor where it is not named;
    /// null makes a record that belongs to nobody.
    pub values: Json,
}

/// A record after an operation.
#[derive(Clone, Debug, Record)]
#[record(name = "record_answer")]
pub struct RecordAnswer {
    /// The record with id and version, as the actor may see it.
    pub record: Json,
}

impl Operation for Create {
    const NAME: &'static str = "record.create";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::OnKind { verb: "create" };
    const CAPABILITIES: &'static [&'static str] = &["CFG-02", "CFG-03", "CFG-15"];
    const EXAMPLE: &'static str =
        r#"{"kind":"department","values":{"code":"SALES","name":"Sales","superior":"$headquarters"}}"#;
    type Answer = RecordAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<RecordAnswer> {
        let kind = by_hand(work, &self.kind)?;
        let catalogue = work.catalogue();
        let mut row = Decoder::new(&catalogue).record(&kind, &self.values, "/values")?;
        give_to_actor(work, &kind, &self.values, &mut row)?;
        let row = work.insert_row(kind.no(), row);
        let row = row.and_then(|row| work.flush().map(|()| row)).map_err(|error| error.under("/values"))?;
        // A scope that covers only one's own records covers making them for oneself, not for others.
        work.must_cover(kind.no(), &row, "create")?;
        answer(work, &kind, &row)
    }
}

/// Reads a record, as it is or as it was.
#[derive(Clone, Debug, Record)]
#[record(name = "record_get")]
pub struct Get {
    /// The kind's name.
    pub kind: String,
    /// The record.
    pub id: Id,
    /// The state at this point in time instead of the present one.
    pub as_of: Option<crm_kernel::date::Instant>,
}

impl Operation for Get {
    const NAME: &'static str = "record.get";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::OnKind { verb: "read" };
    const CAPABILITIES: &'static [&'static str] = &["SYS-01"];
    const EXAMPLE: &'static str = r#"{"kind":"department","id":"$headquarters"}"#;
    type Answer = RecordAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<RecordAnswer> {
        let kind = work.catalogue().named(&self.kind).map_err(|error| error.at("/kind"))?.clone();
        let row = match self.as_of {
            None => work.row_for(kind.no(), self.id, "read")?,
            Some(at) => super::history::as_of(work, &kind, self.id, at)?,
        };
        answer(work, &kind, &row)
    }
}

/// Changes fields of a record. Fields not named stay; lines, where given, are given whole.
#[derive(Clone, Debug, Record)]
#[record(name = "record_update")]
pub struct Update {
    /// The kind's name.
    pub kind: String,
    /// The record.
    pub id: Id,
    /// The version that the caller read; refused where the record is at another.
    pub version: Option<i64>,
    /// New values by field name; null empties a field.
    pub values: Json,
}

impl Operation for Update {
    const NAME: &'static str = "record.update";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::OnKind { verb: "update" };
    const CAPABILITIES: &'static [&'static str] = &["SYS-01"];
    const EXAMPLE: &'static str =
        r#"{"kind":"department","id":"$headquarters","values":{"name":"Headquarters"}}"#;
    type Answer = RecordAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<RecordAnswer> {
        let catalogue = work.catalogue();
        let kind = catalogue.named(&self.kind).map_err(|error| error.at("/kind"))?.clone();
        if kind.parent().is_some() {
            return Err(Code::MANAGED_KIND.at("/kind").with("kind", kind.name()));
        }
        let old = work.row_for(kind.no(), self.id, "update")?;
        expect(&old, self.version)?;
        let given = Decoder::new(&catalogue).partial(&kind, &old, &self.values, "/values")?;
        let mut new = (*old).clone();
        for (position, value) in given {
            let custom =
                kind.field(position).is_some_and(|field| field.no >= crm_kernel::record::FIRST_CUSTOM_FIELD);
            if kind.def.managed && !custom {
                return Err(Code::MANAGED_KIND.at("/kind").with("kind", kind.name()));
            }
            new.set(position, value);
        }
        let row = work.save_row(kind.no(), &old, new);
        let row = row.and_then(|row| work.flush().map(|()| row)).map_err(|error| error.under("/values"))?;
        work.must_cover(kind.no(), &row, "update")?;
        answer(work, &kind, &row)
    }
}

/// Puts a record into the recycle bin.
#[derive(Clone, Debug, Record)]
#[record(name = "record_delete")]
pub struct Delete {
    /// The kind's name.
    pub kind: String,
    /// The record.
    pub id: Id,
    /// The version that the caller read.
    pub version: Option<i64>,
}

/// What became of a record.
#[derive(Clone, Debug, Record)]
#[record(name = "record_delete_answer")]
pub struct DeleteAnswer {
    /// The record that is gone.
    pub id: Id,
}

impl Operation for Delete {
    const NAME: &'static str = "record.delete";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::OnKind { verb: "delete" };
    const CAPABILITIES: &'static [&'static str] = &["SYS-02"];
    const EXAMPLE: &'static str = r#"{"kind":"department","id":"$empty_department"}"#;
    type Answer = DeleteAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<DeleteAnswer> {
        let kind = by_hand(work, &self.kind)?;
        let old = work.row_for(kind.no(), self.id, "delete")?;
        expect(&old, self.version)?;
        work.delete_row(kind.no(), &old)?;
        Ok(DeleteAnswer { id: self.id })
    }
}

/// Brings a record back from the recycle bin, with its id and numbers.
#[derive(Clone, Debug, Record)]
#[record(name = "record_restore")]
pub struct Restore {
    /// The kind's name.
    pub kind: String,
    /// The record.
    pub id: Id,
}

impl Operation for Restore {
    const NAME: &'static str = "record.restore";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::OnKind { verb: "delete" };
    const CAPABILITIES: &'static [&'static str] = &["SYS-02"];
    const EXAMPLE: &'static str = r#"{"kind":"department","id":"$deleted_department"}"#;
    type Answer = RecordAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<RecordAnswer> {
        let kind = by_hand(work, &self.kind)?;
        let row = work.restore_row(kind.no(), self.id)?;
        if !(work.covers(&kind, &row, "read")? && work.covers(&kind, &row, "delete")?) {
            return Err(Code::NOT_FOUND.error().with("kind", kind.name()).with("id", self.id.to_string()));
        }
        answer(work, &kind, &row)
    }
}

/// Runs several operations in one transaction: all of them or none. Each has a change set of its own.
#[derive(Clone, Debug, Record)]
#[record(name = "batch")]
pub struct Batch {
    /// The operations, in order, at most 1,000.
    pub operations: Vec<BatchItem>,
}

/// One operation of a batch.
#[derive(Clone, Debug, Record)]
#[record(name = "batch_item")]
pub struct BatchItem {
    /// The operation's name.
    pub op: String,
    /// Its request.
    pub request: SharedJson,
}

/// The answers of a batch.
#[derive(Clone, Debug, Record)]
#[record(name = "batch_answer")]
pub struct BatchAnswer {
    /// One answer for each operation, in order.
    pub answers: Vec<SharedJson>,
}

const LARGEST_BATCH: usize = 1_000;

impl Operation for Batch {
    const NAME: &'static str = "batch";
    const WRITES: bool = true;
    const NEEDS: Needs = Needs::Inner;
    const CAPABILITIES: &'static [&'static str] = &["SYS-11"];
    const EXAMPLE: &'static str =
        r#"{"operations":[{"op":"record.get","request":{"kind":"department","id":"$headquarters"}}]}"#;
    type Answer = BatchAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<BatchAnswer> {
        if self.operations.len() > LARGEST_BATCH {
            return Err(Code::OUT_OF_RANGE
                .at("/operations")
                .with("value", self.operations.len().to_string()));
        }
        let mut answers = Vec::with_capacity(self.operations.len());
        for (at, item) in self.operations.iter().enumerate() {
            // Batches in batches would make the limit of one meaningless.
            if item.op == Batch::NAME || work.model().operation(&item.op).is_none() {
                return Err(Code::UNKNOWN_OPERATION
                    .at(format!("/operations/{at}/op"))
                    .with("operation", item.op.clone()));
            }
            let prefix = format!("/operations/{at}/request");
            answers.push(work.part(&item.op, item.request.tree()).map_err(|error| error.under(&prefix))?);
        }
        Ok(BatchAnswer { answers })
    }
}

/// What this library is: its versions, how many operations and kinds there are. Open to everybody.
#[derive(Clone, Debug, Record)]
#[record(name = "system_info")]
pub struct Info {}

/// About the library and the database.
#[derive(Clone, Debug, Record)]
#[record(name = "system_info_answer")]
pub struct InfoAnswer {
    /// The library's version (semantic versioning).
    pub version: String,
    /// The revision of the interface that hosts rely on: nothing is taken away or changes its meaning while it stays.
    pub abi_version: i64,
    /// The revision of the table of operations: it rises when an operation, or a field of one, is added.
    pub operations_revision: i64,
    /// Operations in the table.
    pub operations: i64,
    /// Kinds in the catalogue.
    pub kinds: i64,
    /// True once `enterprise.setup` has run.
    pub set_up: bool,
}

impl Operation for Info {
    const NAME: &'static str = "system.info";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::Public;
    const CAPABILITIES: &'static [&'static str] = &["SYS-16"];
    const EXAMPLE: &'static str = "{}";
    type Answer = InfoAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<InfoAnswer> {
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        Ok(InfoAnswer {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            abi_version: i64::from(crate::ABI_VERSION),
            operations_revision: i64::from(crate::OPERATIONS_REVISION),
            operations: count(work.model().operations().len()),
            kinds: count(work.catalogue().kinds().count()),
            set_up: work.base().is_some(),
        })
    }
}

/// Whose a new record is where its values do not name an owner: the actor's. The department follows from the owner.
fn give_to_actor(work: &Work<'_>, kind: &Kind, values: &Json, row: &mut Row) -> Result<()> {
    let Some(position) = kind.role(FieldRole::Owner) else { return Ok(()) };
    let named = kind.field(position).is_some_and(|field| field.managed || values.get(&field.name).is_some());
    if !named {
        row.set(position, Value::Ref(work.actor()?));
    }
    Ok(())
}

/// A kind whose records are made by hand. Errors: `kind.unknown`, `kind.managed`.
pub(super) fn by_hand(work: &Work<'_>, name: &str) -> Result<Arc<Kind>> {
    let kind = work.catalogue().named(name).map_err(|error| error.at("/kind"))?.clone();
    if kind.def.managed || kind.parent().is_some() {
        return Err(Code::MANAGED_KIND.at("/kind").with("kind", name));
    }
    Ok(kind)
}

fn expect(row: &Row, version: Option<i64>) -> Result<()> {
    match version {
        Some(version) if version != row.version => {
            Err(Code::STALE.at("/version").with("current", row.version).with("given", version))
        }
        _ => Ok(()),
    }
}

fn answer(work: &Work<'_>, kind: &Kind, row: &Row) -> Result<RecordAnswer> {
    Ok(RecordAnswer { record: show(work, kind, row) })
}

/// A record as JSON.
pub(crate) fn show(work: &Work<'_>, kind: &Kind, row: &Row) -> Json {
    Encoder::new(&work.catalogue(), work.base()).record(kind, row)
}
