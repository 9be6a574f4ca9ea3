//! The engine: a store, the areas and what was last known of both. Every door holds one.

use crm_kernel::catalogue::{Catalogue, CatalogueProblem};
use crm_kernel::change::ChangeSet;
use crm_kernel::codec::Decoder;
use crm_kernel::context::{Context, Language};
use crm_kernel::currency::Currency;
use crm_kernel::date::Instant;
use crm_kernel::dispatch::{Setting, execute, outside_history, permit, placed};
use crm_kernel::encode::{Encoder, Text};
use crm_kernel::error::{Class, Code, Error, Result};
use crm_kernel::id::{Id, IdSource};
use crm_kernel::json::Json;
use crm_kernel::known::Known;
use crm_kernel::model::Model;
use crm_kernel::operation::{Operation, OperationRow};
use crm_kernel::permission::{Needs, Rights};
use crm_kernel::store::{Store, Tx};
use crm_kernel::value::Row;
use crm_kernel::work::{Outcome, Work};
use crm_kernel::zone::Zone;
use std::collections::HashMap;
use std::sync::Arc;

/// How often a call reads definitions again that others change meanwhile, before it gives way.
const MOST_REFRESHES: u32 = 8;

/// Who calls, when, in which language. Made by the session of a door.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The point in time.
    pub now: Instant,
    /// The employee who acts; none before anybody has signed in.
    pub actor: Option<Id>,
    /// On whose behalf.
    pub on_behalf: Option<Id>,
    /// The language of messages.
    pub language: Language,
    /// Why, for the change log.
    pub reason: Option<String>,
    /// The zone in which business dates are found; none is the enterprise's.
    pub zone: Option<Zone>,
}

/// What the enterprise says of itself that every call needs.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Its currency.
    pub base: Option<Currency>,
    /// Its zone: business dates are found in it.
    pub zone: Zone,
}

impl Default for Profile {
    fn default() -> Profile {
        Profile { base: None, zone: Zone::utc() }
    }
}

/// A typed request, beside what text would say: that is written out only where somebody reads it.
struct Typed<'s> {
    setting: &'s Setting<'s>,
    operation: &'s OperationRow,
    given: Row,
}

impl<'s> Typed<'s> {
    fn new<O: Operation>(
        setting: &'s Setting<'s>,
        operation: &'s OperationRow,
        request: &O,
    ) -> Result<Typed<'s>> {
        Ok(Typed { setting, operation, given: request.to_row()? })
    }

    fn json(&self) -> Json {
        let encoder = Encoder::new(&self.setting.catalogue, self.setting.base);
        encoder.message((self.operation.request)(), &self.given)
    }

    /// What says of which kind the request is; nothing where that is known without it.
    fn named_kind(&self) -> Json {
        match self.operation.needs {
            Needs::OnKind { .. } | Needs::OnHead { .. } => self.json(),
            Needs::Public | Needs::Inner | Needs::Right { .. } => Json::Null,
        }
    }

    /// The request as the decoder takes it. It judges a typed request as it judges text, so both doors refuse the same.
    fn judged<O: Operation>(&self) -> Result<O> {
        if Decoder::takes(O::def(), &self.given) {
            return O::from_row(&self.given);
        }
        let decoded = Decoder::new(&self.setting.catalogue).message(O::def(), &self.json());
        decoded.and_then(|row| O::from_row(&row)).map_err(|error| self.placed(error))
    }

    fn placed(&self, error: Error) -> Error {
        placed(error, &self.setting.catalogue, self.operation, &self.json())
    }
}

/// An open database with everything on top of it.
pub struct Engine {
    store: Box<dyn Store + Send>,
    model: Arc<Model>,
    catalogue: Arc<Catalogue>,
    profile: Profile,
    rights: HashMap<i64, Arc<Rights>>,
    ids: IdSource,
    known: Known,
    seen: i64,
}

impl Engine {
    /// The engine of the areas of this crate over a store; makes the store fit them. Ids carry `replica` (0 for the
    /// centre). Errors: those of the store, `internal.error` where definitions contradict each other.
    pub fn open(store: Box<dyn Store + Send>, replica: u16) -> Result<Engine> {
        Engine::with_model(store, crate::model()?, replica)
    }

    /// The engine of a model over a store. Errors: as [`Engine::open`].
    pub fn with_model(store: Box<dyn Store + Send>, model: Model, replica: u16) -> Result<Engine> {
        let model = Arc::new(model);
        let catalogue = Arc::new(model.catalogue().map_err(defect)?);
        let mut engine = Engine {
            store,
            model,
            catalogue,
            profile: Profile::default(),
            rights: HashMap::new(),
            ids: IdSource::new(replica, 0),
            known: Known::default(),
            seen: 0,
        };
        engine.fit()?;
        Ok(engine)
    }

    /// The areas, operations and texts.
    pub fn model(&self) -> &Arc<Model> {
        &self.model
    }

    /// The definitions in force.
    pub fn catalogue(&self) -> &Arc<Catalogue> {
        &self.catalogue
    }

    /// The store's name: `memory`, `sqlite`.
    pub fn store_name(&self) -> &'static str {
        self.store.name()
    }

    /// The number of the last change set that this engine knows of; 0 where there is none.
    pub fn last_change(&self) -> i64 {
        self.seen
    }

    /// Change sets above a number, ascending, at most `limit`. Errors: those of the store.
    pub fn changes_after(&mut self, no: i64, limit: u32) -> Result<Vec<ChangeSet>> {
        if self.store.begin(false, &self.catalogue)?.last_change()? != self.seen {
            self.refresh()?;
        }
        self.store.begin(false, &self.catalogue)?.changes_after(no, limit)
    }

    /// Runs an operation on JSON text and gives JSON text. Errors: `request.unknown_operation`, those of
    /// [`crm_kernel::dispatch::execute`], those of the operation and of the store.
    pub fn call(&mut self, caller: &Caller, operation: &str, request: &str) -> Result<String> {
        let model = self.model.clone();
        let unknown = || Code::UNKNOWN_OPERATION.error().with("operation", operation);
        let row = model.operation(operation).ok_or_else(unknown)?;
        let request = Json::parse(request)?;
        self.transact(caller, row.writes, |setting, tx, context| {
            outside_history(setting, context, row, &request)?;
            let mut text = Text::default();
            let outcome = execute(setting, tx, context, row, &request, &mut text)?;
            Ok((text.into_string(), outcome))
        })
    }

    /// Runs a typed operation: the same pipeline without JSON. Errors as [`Engine::call`].
    pub fn run<O: Operation>(&mut self, caller: &Caller, request: O) -> Result<O::Answer> {
        let model = self.model.clone();
        let row = model
            .operation(O::NAME)
            .ok_or_else(|| Code::UNKNOWN_OPERATION.error().with("operation", O::NAME))?;
        self.transact(caller, row.writes, |setting, tx, context| {
            let typed = Typed::new(setting, row, &request)?;
            let named = typed.named_kind();
            outside_history(setting, context, row, &named)?;
            permit(setting, context, row, &named)?;
            let judged: O = typed.judged()?;
            let mut work = Work::new(tx, setting, context, row);
            let answer = judged.run(&mut work).map_err(|error| typed.placed(error))?;
            Ok((answer, work.finish().map_err(|error| typed.placed(error))?))
        })
    }

    /// Runs a typed operation that only reads for many requests, at one moment: for each what [`Engine::run`] would give.
    /// Errors: those of reading, `store.interrupted`, the right to run it; a refusal of one request refuses no other.
    pub fn run_each<O: Operation>(
        &mut self,
        caller: &Caller,
        requests: &[O],
    ) -> Result<Vec<Result<O::Answer>>> {
        const { assert!(!O::WRITES, "a refused request must have nothing to undo") };
        let model = self.model.clone();
        let unknown = || Code::UNKNOWN_OPERATION.error().with("operation", O::NAME);
        let row = model.operation(O::NAME).ok_or_else(unknown)?;
        self.transact(caller, false, |setting, tx, context| {
            let mut good = Vec::with_capacity(requests.len());
            let mut judged = Vec::with_capacity(requests.len());
            for request in requests {
                let typed = Typed::new(setting, row, request)?;
                permit(setting, context, row, &typed.named_kind())?;
                judged.push(typed.judged().map(|request| good.push(request)));
            }
            let mut work = Work::new(tx, setting, context, row);
            let mut done = O::run_each(good, &mut work).into_iter();
            let missing = || Err(Error::internal("a request without an answer"));
            let answers =
                judged.into_iter().map(|judged| judged.and_then(|()| done.next().unwrap_or_else(missing)));
            // A refusal that concerns no request in particular is that of all.
            let answers = answers.map(|answer| match answer {
                Err(refused) if !concerns_one(refused.class()) => Err(refused),
                answer => Ok(answer),
            });
            let answers = answers.collect::<Result<Vec<_>>>()?;
            Ok((answers, work.finish()?))
        })
    }

    /// An error as hosts get it.
    pub fn error_json(&self, language: Language, error: &Error) -> Json {
        self.model.texts().error(language, error)
    }

    fn transact<A>(
        &mut self,
        caller: &Caller,
        writes: bool,
        part: impl FnOnce(&Setting<'_>, &mut dyn Tx, &mut Context) -> Result<(A, Outcome)>,
    ) -> Result<A> {
        let mut tx = self.store.begin(writes, &self.catalogue)?;
        let mut refreshed = 0;
        loop {
            let last = tx.last_change()?;
            if last == self.seen {
                break;
            }
            // Another process has written: what is remembered here may be old. It is read within the transaction, so that
            // nobody can write in between, but for definitions, by which a transaction is begun.
            if tx.definitions_revision()? == self.catalogue.revision {
                self.known.clear();
                self.rights.clear();
                self.profile = crate::profile(tx.as_mut())?;
                self.ids = ids_after(&self.ids, tx.as_mut(), last)?;
                // Last: where anything failed, the next call reads again.
                self.seen = last;
                break;
            }
            drop(tx);
            if refreshed == MOST_REFRESHES {
                return Err(Code::BUSY.error());
            }
            refreshed += 1;
            self.refresh()?;
            tx = self.store.begin(writes, &self.catalogue)?;
        }
        let actor = caller.actor.map_or(0, Id::number);
        let rights = match self.rights.get(&actor) {
            Some(rights) => rights.clone(),
            None => {
                let rights = Arc::new(self.model.rights(tx.as_mut(), actor)?);
                self.rights.insert(actor, rights.clone());
                rights
            }
        };
        let mut context = Context {
            now: caller.now,
            zone: caller.zone.as_ref().unwrap_or(&self.profile.zone).clone(),
            language: caller.language,
            actor: caller.actor,
            on_behalf: caller.on_behalf,
            reason: caller.reason.clone(),
            ids: self.ids.clone(),
            taken: Vec::new(),
            known: std::mem::take(&mut self.known),
        };
        let setting = Setting {
            model: &self.model,
            catalogue: self.catalogue.clone(),
            rights,
            base: self.profile.base,
        };
        let done = part(&setting, tx.as_mut(), &mut context);
        self.known = context.known;
        if !context.taken.is_empty() && !matches!(&done, Ok((_, outcome)) if outcome.change != 0) {
            // Undone; the numbers of sequences with gaps are not given again.
            self.known.ended(false);
            drop(tx);
            let lost = self.lose_numbers(&context.taken);
            // Why the call was refused comes before why its numbers could not be kept.
            return done.and_then(|(answer, _)| lost.map(|()| answer));
        }
        // Nothing written: a savepoint or sequence that was touched is given back.
        let written = matches!(&done, Ok((_, outcome)) if outcome.change != 0);
        let committed = if written {
            tx.commit()
        } else {
            drop(tx);
            Ok(())
        };
        self.known.ended(written && committed.is_ok());
        let (answer, outcome) = done?;
        committed?;
        if !written {
            return Ok(answer);
        }
        self.ids = context.ids;
        self.seen = outcome.change;
        if let Some(catalogue) = outcome.catalogue {
            self.catalogue = catalogue;
            self.known.redefined();
        }
        if outcome.kinds.iter().any(|kind| self.model.rights_kinds().contains(kind)) {
            self.rights.clear();
        }
        if outcome.kinds.iter().any(|kind| crate::PROFILE_KINDS.contains(kind)) {
            self.read_profile()?;
        }
        Ok(answer)
    }

    /// Raises sequences above numbers that an undone call took from them.
    fn lose_numbers(&mut self, taken: &[(String, i64)]) -> Result<()> {
        let mut tx = self.store.begin(true, &self.catalogue)?;
        for (sequence, number) in taken {
            tx.raise_number(sequence, *number)?;
        }
        tx.commit()
    }

    /// Makes the store fit the declared kinds, then reads what was defined at run time.
    fn fit(&mut self) -> Result<()> {
        let mut tx = self.store.begin(true, &self.catalogue)?;
        let revision = tx.definitions_revision()?;
        let mut declared = (*self.catalogue).clone();
        declared.revision = revision;
        let declared = Arc::new(declared);
        tx.migrate(&declared)?;
        tx.commit()?;
        self.catalogue = declared;
        self.refresh()
    }

    /// Reads again what other processes may have changed.
    fn refresh(&mut self) -> Result<()> {
        let declared = Arc::new(self.model.catalogue().map_err(defect)?);
        let mut tx = self.store.begin(false, &declared)?;
        let revision = tx.definitions_revision()?;
        let definitions = self.model.definitions(tx.as_mut(), &declared)?;
        let mut catalogue = if definitions.is_empty() {
            (*declared).clone()
        } else {
            declared.with(definitions).map_err(defect)?
        };
        catalogue.revision = revision;
        let seen = tx.last_change()?;
        self.ids = ids_after(&self.ids, tx.as_mut(), seen)?;
        drop(tx);
        self.catalogue = Arc::new(catalogue);
        self.known.clear();
        self.rights.clear();
        self.read_profile()?;
        // Last: where anything failed, the next call reads again.
        self.seen = seen;
        Ok(())
    }

    fn read_profile(&mut self) -> Result<()> {
        let mut tx = self.store.begin(false, &self.catalogue)?;
        self.profile = crate::profile(tx.as_mut())?;
        Ok(())
    }
}

/// Where ids go on after those of a change set that others may have written.
fn ids_after(ids: &IdSource, tx: &mut dyn Tx, change: i64) -> Result<IdSource> {
    let Some(last) = tx.change(change)? else { return Ok(ids.clone()) };
    // Ids made by others up to their last change set lie at or below these.
    let newest = last.changes.iter().map(|change| change.id).max().unwrap_or(0);
    let mut probe = IdSource::new(ids.replica(), ids.last().max(newest));
    probe.next(last.at);
    Ok(IdSource::new(ids.replica(), probe.last().max(newest) | 0xfff))
}

/// Whether a refusal of this class is about its request; others are about the store or the call.
fn concerns_one(class: Class) -> bool {
    matches!(class, Class::Invalid | Class::NotFound | Class::Conflict | Class::NeedsApproval)
}

/// Declared definitions that contradict each other are a defect of this library; stored ones are damage.
fn defect(problems: Vec<CatalogueProblem>) -> Error {
    let all: Vec<String> = problems.iter().map(ToString::to_string).collect();
    Error::internal(all.join("; "))
}
