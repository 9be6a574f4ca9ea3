//! Random writes: two stores answer every step with the same result or the same refusal, and hold the same at the end
//! of every transaction.
//!
//! Ids, texts and numbers come from a handful, so that records meet: unique values collide, references lead nowhere or
//! hold what is to be deleted, versions are stale.

use super::choices::Choices;
use super::expressions::Pair;
use super::random::Random;
use super::shrink;
use crate::conformance::kinds::{self, Customer, Everything, Order, Region};
use crm_kernel::catalogue::{Catalogue, Kind};
use crm_kernel::change::{Action, Change, ChangeSet, FieldChange};
use crm_kernel::date::Instant;
use crm_kernel::error::{Code, Result};
use crm_kernel::id::Id;
use crm_kernel::plan::{Query, Select};
use crm_kernel::record::{FieldDef, FieldRole, FieldType, Record as _};
use crm_kernel::store::{Store, Tx};
use crm_kernel::value::{Num, Row, Value};
use std::fmt::{self, Debug};
use std::sync::Arc;

/// Bytes of a sequence: some hundred steps.
const BYTES: usize = 2_000;
const KINDS: &[u32] = &[Region::NO, Customer::NO, Order::NO, Everything::NO];
const SEQUENCES: &[&str] = &["order", "order/2026", "ß"];

/// What a run found.
#[derive(Debug, Default)]
pub struct Tally {
    /// Sequences of steps, each on new stores.
    pub sequences: u64,
    /// Steps in all.
    pub steps: u64,
    /// Steps that were refused, by both stores alike.
    pub refused: u64,
    /// Sequences in which the stores differed.
    pub differences: u64,
    /// The first of them, as small as it could be made.
    pub told: Option<String>,
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Tally { sequences, steps, refused, differences, told } = self;
        writeln!(
            f,
            "{sequences} sequences of {steps} steps, {refused} of them refused, {differences} differences"
        )?;
        told.iter().try_for_each(|told| writeln!(f, "\n{told}"))
    }
}

/// Runs so many sequences from a seed.
pub fn run(sequences: u64, seed: u64, pair: Pair<'_>) -> Tally {
    let mut tally = Tally::default();
    let mut random = Random::new(seed);
    for _ in 0..sequences {
        let bytes = random.bytes(BYTES);
        let played = play(&bytes, pair);
        tally.sequences += 1;
        tally.steps += played.steps;
        tally.refused += played.refused;
        if played.difference.is_some() {
            tally.differences += 1;
            if tally.told.is_none() {
                let least = shrink(bytes, &mut |bytes| play(bytes, pair).difference.is_some());
                tally.told = play(&least, pair).difference;
            }
        }
    }
    tally
}

/// One sequence; what differs, if anything does.
pub fn one(bytes: &[u8], pair: Pair<'_>) -> Option<String> {
    play(bytes, pair).difference
}

/// What was done so far, and where the stores differed.
#[derive(Default)]
struct Played {
    steps: u64,
    refused: u64,
    told: String,
    difference: Option<String>,
}

fn play(bytes: &[u8], pair: Pair<'_>) -> Played {
    let mut played = Played::default();
    let mut catalogue = kinds::catalogue();
    let (one, other) = pair();
    let mut stores = [one, other];
    for store in &mut stores {
        let mut tx = store.begin(true, &catalogue).unwrap();
        tx.migrate(&catalogue).unwrap();
        tx.commit().unwrap();
    }
    let mut choices = Choices::new(bytes);
    while !choices.is_empty() && played.difference.is_none() {
        catalogue = transaction(&mut stores, catalogue, &mut choices, &mut played);
        let [one, other] = &mut stores;
        let one = state(&mut *one.begin(false, &catalogue).unwrap(), &catalogue);
        let other = state(&mut *other.begin(false, &catalogue).unwrap(), &catalogue);
        if one != other && played.difference.is_none() {
            let differ = one.iter().zip(&other).find(|(one, other)| one != other);
            played.difference = Some(format!("{}state: {differ:#?}", played.told));
        }
    }
    played
}

/// Some steps and the end of their transaction. The catalogue as it stands then.
fn transaction(
    stores: &mut [Box<dyn Store>; 2],
    before: Arc<Catalogue>,
    choices: &mut Choices<'_>,
    played: &mut Played,
) -> Arc<Catalogue> {
    let [one, other] = stores;
    let txs = [one.begin(true, &before).unwrap(), other.begin(true, &before).unwrap()];
    let mut both = Both { txs, choices, catalogue: before.clone(), open: Vec::new(), last: String::new() };
    for _ in 0..1 + both.choices.below(20) {
        let [one, other] = both.step();
        played.told.push_str(&both.last);
        played.told.push('\n');
        played.steps += 1;
        played.refused += u64::from(one.starts_with("refused"));
        if one != other {
            played.difference = Some(format!("{}one:   {one}\nother: {other}", played.told));
            return before;
        }
    }
    if both.choices.percent(25) {
        played.told.push_str("drop\n");
        return before;
    }
    played.told.push_str("commit\n");
    let Both { txs, catalogue, .. } = both;
    txs.into_iter().for_each(|tx| tx.commit().unwrap());
    catalogue
}

/// Everything that a store holds, as text.
fn state(tx: &mut dyn Tx, catalogue: &Catalogue) -> Vec<String> {
    let mut all = Vec::new();
    for kind in catalogue.kinds() {
        let plan = Query {
            kind: kind.no(),
            filter: None,
            order: Vec::new(),
            after: None,
            limit: None,
            select: Select::Rows,
        };
        let found = tx.query(&plan).unwrap();
        for found in &found {
            if kind.parent().is_none() {
                assert_eq!(
                    tx.get(kind.no(), found.id).unwrap(),
                    found.row,
                    "a list and a look give the same row"
                );
            }
            all.push(format!("{} {found:?}", kind.name()));
        }
        all.push(format!("{} {:?}", kind.name(), tx.tombstones(kind.no(), None, 100).unwrap()));
    }
    all.extend(SEQUENCES.iter().map(|name| format!("{name} {}", tx.last_number(name).unwrap())));
    all.extend(tx.changes_after(0, 1_000).unwrap().iter().map(|change| format!("{change:?}")));
    all.push(format!("revision {}", tx.definitions_revision().unwrap()));
    all
}

/// An answer as text: refusals with all they say, defects with their code only.
fn say<T: Debug>(result: Result<T>) -> String {
    match result {
        Ok(answer) => format!("{answer:?}"),
        Err(error) if error.code() == Code::INTERNAL => "refused: defect".to_owned(),
        Err(error) => format!("refused: {error}"),
    }
}

/// Two open transactions that are told the same.
struct Both<'s, 'c, 'b> {
    txs: [Box<dyn Tx + 's>; 2],
    choices: &'c mut Choices<'b>,
    catalogue: Arc<Catalogue>,
    /// The catalogue at the beginning of each savepoint that is open.
    open: Vec<Arc<Catalogue>>,
    /// What was done last, for people.
    last: String,
}

impl Both<'_, '_, '_> {
    fn tell(&mut self, what: String, mut ask: impl FnMut(&mut dyn Tx) -> String) -> [String; 2] {
        self.last = what;
        let [one, other] = &mut self.txs;
        [ask(&mut **one), ask(&mut **other)]
    }

    fn step(&mut self) -> [String; 2] {
        match self.choices.below(32) {
            0 => self.look(),
            1..=6 => self.insert(),
            7..=13 => self.update(),
            14 | 15 => self.stale_put(),
            16..=18 => self.delete(),
            19 | 20 => self.restore(),
            21..=23 => self.number(),
            24 => {
                self.open.push(self.catalogue.clone());
                self.tell("savepoint".into(), |tx| say(tx.savepoint()))
            }
            25 | 26 if !self.open.is_empty() => {
                let keep = self.choices.percent(50);
                if let Some(before) = self.open.pop().filter(|_| !keep) {
                    self.catalogue = before;
                }
                self.tell(format!("release, keep {keep}"), |tx| say(tx.release(keep)))
            }
            27 | 28 => self.append(),
            29 => self.tombstone(),
            30 => self.read_log(),
            31 if self.choices.percent(50) => self.migrate(),
            _ => self.look(),
        }
    }

    fn kind(&mut self) -> Arc<Kind> {
        let kind = self.choices.one(KINDS);
        self.catalogue.kind(kind).cloned().unwrap()
    }

    fn id(&mut self) -> i64 {
        1 + self.choices.below(5) as i64
    }

    fn current(&mut self, kind: u32, id: i64) -> Option<Row> {
        self.txs[0].get(kind, id).unwrap()
    }

    fn look(&mut self) -> [String; 2] {
        let (kind, id) = (self.kind().no(), self.id());
        self.tell(format!("get {kind} {id}"), |tx| say(tx.get(kind, id)))
    }

    fn put(&mut self, kind: u32, old: Option<Row>, new: Row) -> [String; 2] {
        self.tell(format!("put {kind}\n  old {old:?}\n  new {new:?}"), |tx| {
            say(tx.put(kind, old.as_ref(), &new))
        })
    }

    fn insert(&mut self) -> [String; 2] {
        let (kind, id) = (self.kind(), self.id());
        let row = self.row(&kind, id, 1);
        self.put(kind.no(), None, row)
    }

    fn update(&mut self) -> [String; 2] {
        let (kind, id) = (self.kind(), self.id());
        let Some(old) = self.current(kind.no(), id) else {
            // An update of what is not there.
            let old = self.row(&kind, id, 1);
            return self.put(kind.no(), Some(old.clone()), Row { version: 2, ..old });
        };
        let mut new = Row { version: old.version + 1, ..old.clone() };
        for _ in 0..self.choices.below(4) {
            let position = self.choices.below(kind.fields().len());
            let value = match &kind.fields()[position].ty {
                FieldType::Children(child) => self.other_lines(*child, old.at(position).as_rows().to_vec()),
                ty => self.value(ty),
            };
            new.set(position, value);
        }
        self.put(kind.no(), Some(old), new)
    }

    fn stale_put(&mut self) -> [String; 2] {
        let (kind, id) = (self.kind(), self.id());
        let version = self.choices.below(4) as i64;
        let new = Row { version: version + 1, ..self.row(&kind, id, 1) };
        // What is said to be old was read once, so only its version may be another.
        let old = self.current(kind.no(), id).unwrap_or_else(|| new.clone());
        self.put(kind.no(), Some(Row { version, ..old }), new)
    }

    fn delete(&mut self) -> [String; 2] {
        let (kind, id) = (self.kind(), self.id());
        let mut old =
            self.current(kind.no(), id).unwrap_or_else(|| Row { id, version: 1, values: Vec::new() });
        if self.choices.percent(15) {
            old.version += 1;
        }
        let kind = kind.no();
        let change = self.txs[0].last_change().unwrap();
        self.tell(format!("delete {kind} {id} of version {}", old.version), |tx| {
            say(tx.delete(kind, &old).and_then(|()| tx.set_tombstone(kind, id, Some(change))))
        })
    }

    fn restore(&mut self) -> [String; 2] {
        let kind = self.kind();
        let Some((id, change)) = self.txs[0].tombstones(kind.no(), None, 3).unwrap().pop() else {
            return self.look();
        };
        let row = self.row(&kind, id, change + 1);
        let kind = kind.no();
        self.tell(format!("restore {kind} {id}: {row:?}"), |tx| {
            say(tx.put(kind, None, &row).and_then(|()| tx.set_tombstone(kind, id, None)))
        })
    }

    fn number(&mut self) -> [String; 2] {
        let name = self.choices.one(SEQUENCES);
        let least = self.choices.below(30) as i64;
        match self.choices.below(4) {
            0 => self.tell(format!("last number of {name}"), |tx| say(tx.last_number(name))),
            1 => self.tell(format!("raise {name} to {least}"), |tx| say(tx.raise_number(name, least))),
            _ => self.tell(format!("next number of {name}"), |tx| say(tx.next_number(name))),
        }
    }

    fn append(&mut self) -> [String; 2] {
        let no = self.txs[0].last_change().unwrap() + 1;
        let change = Change {
            kind: self.choices.one(KINDS),
            id: self.id(),
            previous: no - 1,
            action: self.choices.one(&[Action::Created, Action::Updated, Action::Deleted, Action::Restored]),
            fields: vec![FieldChange { field: 1, old: Value::Null, new: self.value(&FieldType::TEXT) }],
            lines: Vec::new(),
            orders: Vec::new(),
        };
        let set = ChangeSet {
            no,
            at: Instant::from_millis(no * 1_000).unwrap(),
            actor: self.choices.below(3) as i64,
            on_behalf: 0,
            operation: "lab.step".into(),
            reason: self.choices.percent(30).then(|| "because".to_owned()),
            changes: vec![change],
        };
        self.tell(format!("append {set:?}"), |tx| say(tx.append(&set).and_then(|()| tx.last_change())))
    }

    fn tombstone(&mut self) -> [String; 2] {
        let (kind, id) = (self.kind().no(), self.id());
        let change = self.choices.percent(60).then(|| self.choices.below(9) as i64);
        self.tell(format!("tombstone {kind} {id} {change:?}"), |tx| {
            say(tx
                .set_tombstone(kind, id, change)
                .and_then(|()| Ok((tx.tombstone(kind, id)?, tx.tombstones(kind, None, 3)?))))
        })
    }

    fn read_log(&mut self) -> [String; 2] {
        let (no, limit) = (self.choices.below(9) as i64, self.choices.below(4) as u32);
        self.tell(format!("changes after {no}, {limit}"), |tx| {
            say(Ok((tx.change(no), tx.changes_after(no, limit))))
        })
    }

    /// A field made at run time, or another name or other digits for one.
    fn migrate(&mut self) -> [String; 2] {
        let kind = self.kind();
        let mut def = kind.def.clone();
        let fields = def.fields.to_mut();
        let no = fields.iter().map(|field| field.no).max().unwrap_or(0).max(1_000) + 1;
        let types =
            [FieldType::TEXT, FieldType::decimal(9, 3), FieldType::Ref(Customer::NO), FieldType::Date];
        let custom = fields.iter_mut().rev().find(|field| field.labels.is_some());
        match (custom, self.choices.below(4)) {
            (Some(field), 2) => field.name = format!("renamed_{no}").into(),
            (Some(FieldDef { ty: ty @ FieldType::Num { .. }, .. }), 3) => {
                *ty = FieldType::decimal(9, self.choices.below(5) as u8);
            }
            _ => fields.push(FieldDef {
                no,
                name: format!("c_{no}").into(),
                doc: "Made at run time.".into(),
                ty: types[self.choices.below(types.len())].clone(),
                required: self.choices.percent(10),
                default: None,
                role: FieldRole::Plain,
                managed: false,
                sensitive: false,
                labels: Some(["甲".into(), "甲".into(), "A".into()]),
            }),
        }
        let mut next = self.catalogue.with([def]).unwrap();
        next.revision += 1;
        let next = Arc::new(next);
        let what = format!(
            "change the fields of {} to {:?}",
            kind.name(),
            next.kind(kind.no()).map(|kind| kind.fields())
        );
        let answers = self.tell(what, |tx| say(tx.migrate(&next)));
        if !answers[0].starts_with("refused") {
            self.catalogue = next;
        }
        answers
    }

    fn row(&mut self, kind: &Kind, id: i64, version: i64) -> Row {
        let fields = kind.fields().iter().map(|field| match &field.ty {
            FieldType::Children(child) => self.other_lines(*child, Vec::new()),
            ty => match self.value(ty) {
                // Required fields are mostly there, or nothing would ever be kept.
                Value::Null if field.required && !self.choices.percent(10) => self.value(ty),
                value => value,
            },
        });
        Row { id, version, values: fields.collect() }
    }

    fn value(&mut self, ty: &FieldType) -> Value {
        if self.choices.percent(20) {
            return Value::Null;
        }
        let text = |text: &str| Value::Text(text.to_owned());
        match ty {
            FieldType::Bool => Value::Bool(self.choices.percent(50)),
            FieldType::Int | FieldType::Num { .. } => {
                let (_, scale) = ty.numeric().unwrap();
                Value::Num(Num { mantissa: self.choices.below(4) as i64 - 1, scale })
            }
            FieldType::Choice(list) => text(list.options[self.choices.below(list.options.len())]),
            FieldType::Text { .. } | FieldType::Picklist(_) => {
                text(self.choices.one(&["a", "A", "b", "ä", ""]))
            }
            FieldType::Currency => text("EUR"),
            FieldType::Date => crm_kernel::date::Date::from_days(self.choices.below(3) as i64)
                .map_or(Value::Null, Value::Date),
            FieldType::Instant => {
                Instant::from_millis(self.choices.below(3) as i64).map_or(Value::Null, Value::Instant)
            }
            FieldType::Ref(_) | FieldType::AnyRef => Id::new(self.id()).map_or(Value::Null, Value::Ref),
            _ => Value::Null,
        }
    }

    /// Lines after some were added, changed, moved and taken away.
    fn other_lines(&mut self, child: u32, mut lines: Vec<Row>) -> Value {
        let child = self.catalogue.kind(child).cloned().unwrap();
        for _ in 0..self.choices.below(5) {
            let at = self.choices.below(lines.len().max(1));
            match self.choices.below(6) {
                0..=2 => {
                    let no = 1 + self.choices.below(9) as i64;
                    if lines.iter().all(|line| line.id != no) {
                        let line = self.row(&child, no, 0);
                        lines.insert(at.min(lines.len()), line);
                    }
                }
                3 if !lines.is_empty() => {
                    lines.remove(at);
                }
                4 if !lines.is_empty() => lines.rotate_left(at),
                5 if !lines.is_empty() => {
                    let position = self.choices.below(child.fields().len());
                    let value = self.value(&child.fields()[position].ty);
                    lines[at].set(position, value);
                }
                _ => lines.reverse(),
            }
        }
        Value::Rows(lines)
    }
}
