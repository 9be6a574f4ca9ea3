//! The rules that a history is priced by beside those as they are.

use super::PriceReplay;
use crate::pricing::index::{RuleSet, Rules};
use crate::pricing::records::PriceRule;
use crate::pricing::rules::price_rule;
use crm_kernel::catalogue::Kind;
use crm_kernel::codec::Decoder;
use crm_kernel::error::{Code, Error, Result};
use crm_kernel::id::{Id, Ref};
use crm_kernel::record::{FieldType, Record};
use crm_kernel::value::{Row, Value};
use crm_kernel::work::Work;
use std::collections::BTreeSet;

impl PriceReplay {
    /// The candidates: the active rules without those left out, with those changed and added.
    pub(super) fn candidates(&self, work: &mut Work<'_>, readable: &BTreeSet<i64>) -> Result<RuleSet> {
        let catalogue = work.catalogue();
        let kind = catalogue.get(PriceRule::NO)?;
        let found = work.system(|work| work.select::<PriceRule>("true", &[]))?;
        let mut candidates: Vec<Candidate> = Vec::with_capacity(found.len());
        let unknown = |rule: Ref<PriceRule>, path: String| -> Result<()> {
            if readable.contains(&rule.id().number()) {
                Ok(())
            } else {
                Err(Code::DANGLING.at(path).with("kind", "price_rule").with("id", rule.to_string()))
            }
        };
        for (at, rule) in self.without.iter().enumerate() {
            unknown(*rule, format!("/without/{at}"))?;
        }
        for (at, changed) in self.changed.iter().enumerate() {
            unknown(changed.rule, format!("/changed/{at}/rule"))?;
            if self.changed.iter().take(at).any(|before| before.rule == changed.rule) {
                return Err(Code::DUPLICATE.at(format!("/changed/{at}/rule")).with("fields", "rule"));
            }
        }
        for rule in &found {
            if self.without.contains(&rule.id) {
                continue;
            }
            let (mut row, mut place) = ((*rule.row).clone(), None);
            let changed = self.changed.iter().enumerate().find(|(_, changed)| changed.rule == rule.id);
            if let Some((at, changed)) = changed {
                let path = format!("/changed/{at}/values");
                for (position, value) in
                    Decoder::new(&catalogue).partial(kind, &rule.row, &changed.values, &path)?
                {
                    row.set(position, value);
                }
                price_rule(work, PriceRule::NO, Some(&rule.row), &mut row)
                    .map_err(|error| error.under(&path))?;
                place = Some(path);
            }
            candidates.push(Candidate { id: rule.id, row, place });
        }
        let last = candidates.iter().map(|rule| rule.id.id().number()).max().unwrap_or(0);
        for (at, values) in self.added.iter().enumerate() {
            let path = format!("/added/{at}");
            let mut row = Decoder::new(&catalogue).record(kind, values, &path)?;
            price_rule(work, PriceRule::NO, None, &mut row).map_err(|error| error.under(&path))?;
            // It would be newer than all others.
            let id = i64::try_from(at + 1).ok().and_then(|more| Id::new(last.saturating_add(more)));
            let id = id.ok_or_else(|| Error::internal("no number for a candidate"))?;
            candidates.push(Candidate { id: Ref::new(id), row, place: Some(path) });
        }
        kept(work, kind, &candidates)?;
        let mut set = Rules::default();
        for candidate in &candidates {
            let rule = PriceRule::from_row(&candidate.row)?;
            if rule.active {
                set.add(&catalogue, candidate.id, &rule)?;
            }
        }
        Ok(set.set())
    }
}

/// A rule of the candidates.
struct Candidate {
    id: Ref<PriceRule>,
    row: Row,
    /// Where the request says it; none where it is as it stands.
    place: Option<String>,
}

/// Refuses what a store would not keep: a value of a unique field that another candidate has, a reference to nothing. Of
/// two that the request says, the later is to blame. Errors: `field.duplicate`, `field.dangling_reference`.
fn kept(work: &mut Work<'_>, kind: &Kind, candidates: &[Candidate]) -> Result<()> {
    for (at, one) in candidates.iter().enumerate() {
        let Some(place) = &one.place else { continue };
        for (position, field) in kind.fields().iter().enumerate() {
            let value = one.row.at(position);
            let has = |(other, of): (usize, &Candidate)| {
                (other < at || of.place.is_none()) && other != at && of.row.at(position) == value
            };
            if kind.unique_positions().contains(&position)
                && !value.is_null()
                && candidates.iter().enumerate().any(has)
            {
                let path = format!("{place}/{}", field.name);
                return Err(Code::DUPLICATE.at(path).with("kind", kind.name()).with("fields", &*field.name));
            }
            if let (FieldType::Ref(to), Value::Ref(id)) = (&field.ty, value)
                && work.row(*to, id.number())?.is_none()
            {
                let path = format!("{place}/{}", field.name);
                return Err(Code::DANGLING.at(path).with("kind", kind.name()).with("field", &*field.name));
            }
        }
    }
    Ok(())
}
