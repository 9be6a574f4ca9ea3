//! What rules take off the lines of a document together (commerce.md 2.4): which rules do, in what order they work, and
//! what stands of it on every line.
//!
//! Such effects belong to the document: they are judged for all its lines whenever a draft is added up, since a line more
//! may reach what a rule asks for and a line less may lose it. The prices of the lines are not touched.

use super::engine::{Rule, measured, quantity_in};
use super::error::{AMBIGUOUS, UNIT};
use super::index::rule_set;
use super::judge::{Facts, Judged, Law, judge};
use super::line::{PricedLine, asked_quantities};
use super::price::{Item, Terms, ask};
use super::records::{PriceBase, PriceMethod, PriceRule, PriceStage};
use super::tariff::{Party, Tariff};
use super::totals::{DocumentDiscount, DocumentEffect};
use super::unit_price::UnitPrice;
use crm_kernel::currency::Currency;
use crm_kernel::dec::{Dec, Rounding};
use crm_kernel::error::{Error, Result};
use crm_kernel::id::{Id, Ref};
use crm_kernel::json::{Json, SharedJson};
use crm_kernel::money::Money;
use crm_kernel::record::Lines;
use crm_kernel::work::Work;
use std::cmp::Reverse;

/// What a rule takes off a line, alone or together with others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentHit {
    /// The rule.
    pub rule: Ref<PriceRule>,
    /// What people call it.
    pub code: String,
    /// The larger, the earlier.
    pub priority: Option<i64>,
    /// Per cents are of what the effects before left; else of the line nets.
    pub running: bool,
    /// How much.
    pub off: Off,
}

/// How much a rule takes off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Off {
    /// Per cent of every line, at six decimals.
    Percent(Dec),
    /// An amount off all its lines together, at four decimals.
    Amount(Dec),
    /// An amount off this line alone: its part of one that was shared out before.
    Share(Dec),
}

/// A hit and what came of it on a line, as the line keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineEffect {
    /// What the rule takes off.
    pub hit: DocumentHit,
    /// What that is on the line, posted.
    pub amount: Dec,
}

impl LineEffect {
    /// The effects that a line keeps: an object each, with `rule`, `code`, `percent` or `value` (neither where the
    /// amount is the line's own), `running`, `priority` and the `amount` on the line. Errors: `internal.error`.
    pub fn read(kept: Option<&SharedJson>) -> Result<Vec<LineEffect>> {
        let kept = kept.and_then(|kept| kept.tree().as_list()).unwrap_or_default();
        kept.iter()
            .map(|one| LineEffect::of(one).ok_or_else(|| Error::internal("a document effect that is none")))
            .collect()
    }

    fn of(json: &Json) -> Option<LineEffect> {
        let text = |name: &str| json.get(name).and_then(Json::as_text);
        let figure = |name: &str| text(name).and_then(|text| Dec::parse(text).ok());
        let amount = figure("amount")?;
        let off = match (figure("percent"), figure("value")) {
            (Some(percent), _) => Off::Percent(percent),
            (None, Some(value)) => Off::Amount(value),
            (None, None) => Off::Share(amount),
        };
        let hit = DocumentHit {
            rule: Ref::new(Id::parse(text("rule")?)?),
            code: text("code")?.to_owned(),
            priority: json.get("priority").and_then(Json::as_int),
            running: json.get("running") == Some(&Json::Bool(true)),
            off,
        };
        Some(LineEffect { hit, amount })
    }

    /// The same as the line of a document in a currency keeps it; nothing for no effects.
    pub fn write(effects: &[LineEffect], currency: Currency) -> Option<SharedJson> {
        let told = |effect: &LineEffect| {
            let hit = &effect.hit;
            let json = Json::object().with("rule", hit.rule.to_string()).with("code", hit.code.as_str());
            let json = match hit.off {
                Off::Percent(percent) => json.with("percent", percent.to_string()),
                Off::Amount(value) => json.with("value", value.to_string()),
                Off::Share(_) => json,
            };
            json.with("running", hit.running)
                .with("priority", hit.priority.map_or(Json::Null, Json::from))
                .with("amount", Money::new(effect.amount, currency))
        };
        let told: Vec<Json> = effects.iter().map(told).collect();
        (!told.is_empty()).then(|| Json::from(told).into())
    }
}

/// What rules take off the line together with others.
pub(super) fn on_document(
    law: &Law<'_>,
    facts: &Facts,
    candidates: &[&Rule],
    judged: &Judged,
) -> Result<Vec<DocumentHit>> {
    let mut found = Vec::new();
    let here = judged.decision.applied().filter_map(|at| candidates.get(at));
    for rule in here.filter(|rule| rule.stage == PriceStage::Document) {
        let question = facts.question(law, &[]);
        let (Some(measured), Some(id)) = (measured(rule, &question), Id::new(rule.id)) else {
            continue;
        };
        // What is left of a hundred, or of nothing, says what is taken off.
        let percent = rule.effect.method == PriceMethod::DiscountPercent;
        let (from, digits) = if percent { (Dec::HUNDRED, 6) } else { (Dec::ZERO, 4) };
        let quantity = quantity_in(&question, rule.unit).unwrap_or_default();
        let Some(left) = rule.effect.price(measured, quantity, Some(UnitPrice::from(from)))? else {
            continue;
        };
        let value = from.sub(left.rounded(digits, Rounding::HalfUp)?)?;
        found.push(DocumentHit {
            rule: Ref::new(id),
            code: rule.code.to_string(),
            priority: rule.priority,
            running: percent && rule.effect.base == PriceBase::Running,
            off: if percent { Off::Percent(value) } else { Off::Amount(value) },
        });
    }
    Ok(found)
}

/// The effects of what rules take off lines, by line, in the order in which they work: the larger priority first, then
/// per cents of what is left, then the rest; beside each the hit that it follows from. Errors: `price.ambiguous` where
/// two per cents of what is left of one line have one priority.
pub fn grouped<'h>(
    lines: impl IntoIterator<Item = &'h [DocumentHit]>,
) -> Result<(Vec<DocumentEffect>, Vec<DocumentHit>)> {
    let mut found: Vec<(&DocumentHit, Vec<usize>)> = Vec::new();
    for (at, hits) in lines.into_iter().enumerate() {
        for hit in hits {
            let alone = matches!(hit.off, Off::Share(_));
            match found.iter_mut().find(|(known, _)| *known == hit && !alone) {
                Some((_, lines)) => lines.push(at),
                None => found.push((hit, vec![at])),
            }
        }
    }
    found.sort_by_key(|(hit, _)| (Reverse(hit.priority), !hit.running, hit.rule.id().number()));
    for (at, (one, lines)) in found.iter().enumerate() {
        let tied = |(other, others): &&(&DocumentHit, Vec<usize>)| {
            one.running
                && other.running
                && one.priority == other.priority
                && one.rule != other.rule
                && lines.iter().any(|line| others.contains(line))
        };
        if let Some((other, _)) = found.iter().skip(at + 1).find(tied) {
            let codes = vec![Json::text(one.code.clone()), Json::text(other.code.clone())];
            return Err(AMBIGUOUS.at("/lines").with("rules", codes));
        }
    }
    let effect = |(hit, lines): (&DocumentHit, Vec<usize>)| {
        let value = match hit.off {
            Off::Percent(percent) => DocumentDiscount::Percent(percent),
            Off::Amount(amount) | Off::Share(amount) => DocumentDiscount::Amount(amount),
        };
        (DocumentEffect { lines, value, running: hit.running }, hit.clone())
    };
    Ok(found.into_iter().map(effect).unzip())
}

/// Finds anew what rules take off the lines of a document together and puts it on them; what it comes to on each line is
/// for [`fill_totals`](super::fill_totals). Lines that are `settled` keep what stands on them and count beside the
/// others; an amount that some of them have of a rule is not given to others again. The terms are asked for only where
/// there is such a rule. Errors: `price.list_not_open`, `value.out_of_range`.
pub fn judge_effects<L: PricedLine>(
    work: &mut Work<'_>,
    terms: impl FnOnce(&mut Work<'_>) -> Result<Terms>,
    lines: &mut Lines<L>,
    settled: impl Fn(&L) -> bool,
) -> Result<()> {
    let rules = rule_set(work)?;
    if !rules.on_documents() || lines.is_empty() {
        for line in lines.iter_mut().filter(|line| !settled(line)) {
            *line.priced().document_effects = None;
        }
        return Ok(());
    }
    let terms = terms(work)?;
    let tariff = Tariff::of(work, rules)?;
    let judged = hits(work, &terms, &tariff, lines)?;
    let mut given = Vec::new();
    for line in lines.iter_mut().filter(|line| settled(line)) {
        let kept = LineEffect::read(line.priced().document_effects.as_ref())?;
        given.extend(kept.into_iter().filter(|kept| !kept.hit.is_percent()).map(|kept| kept.hit.rule));
    }
    for (line, hits) in lines.iter_mut().zip(judged) {
        if settled(line) {
            continue;
        }
        let hits = hits.into_iter().filter(|hit| hit.is_percent() || !given.contains(&hit.rule));
        let effects: Vec<LineEffect> = hits.map(|hit| LineEffect { hit, amount: Dec::ZERO }).collect();
        *line.priced().document_effects = LineEffect::write(&effects, terms.currency);
    }
    Ok(())
}

impl DocumentHit {
    fn is_percent(&self) -> bool {
        matches!(self.off, Off::Percent(_))
    }
}

/// What rules take off each line together with others.
fn hits<L: PricedLine>(
    work: &mut Work<'_>,
    terms: &Terms,
    tariff: &Tariff,
    lines: &mut Lines<L>,
) -> Result<Vec<Vec<DocumentHit>>> {
    work.system(|work| {
        let (mut items, mut places) = (Vec::with_capacity(lines.len()), Vec::with_capacity(lines.len()));
        let quantities = asked_quantities(lines)?;
        for (at, (line, quantity)) in lines.iter_mut().zip(quantities).enumerate() {
            // Of what is given for nothing there is nothing to take off.
            let Some(quantity) = quantity else { continue };
            let fields = line.priced();
            places.push(at);
            items.push(Item {
                product: work.find(fields.product)?,
                quantity,
                unit: *fields.unit,
                manual: !fields.discount_percent.is_zero(),
            });
        }
        let party = Party::load(work, terms)?;
        let law = tariff.law(terms);
        let asked = ask(work, terms, &party, &law, &items)?;
        let of_line = |asked: Result<super::price::Asked>| match asked {
            Ok(asked) => {
                let (candidates, judged) = judge(&law, &asked.facts)?;
                on_document(&law, &asked.facts, &candidates, &judged)
            }
            // What has no quantity that rules could look at got its price without them.
            Err(error) if error.code() == UNIT => Ok(Vec::new()),
            Err(error) => Err(error),
        };
        let mut hits = vec![Vec::new(); lines.len()];
        for (at, asked) in places.into_iter().zip(asked) {
            if let Some(hits) = hits.get_mut(at) {
                *hits = of_line(asked)?;
            }
        }
        Ok(hits)
    })
}
