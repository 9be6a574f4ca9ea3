//! What rules take off the lines of a document together (commerce.md 2.4): which rules do, in what order they work, and
//! what stands of it on every line.
//!
//! Such effects belong to the document: they are judged for all its lines whenever a draft is added up, since a line more
//! may reach what a rule asks for and a line less may lose it. The prices of the lines are not touched.
//!
//! They work in the order in which effects on one price do ([`waterfall`](super::waterfall)): the larger priority first,
//! then per cents of what is left, then what starts from what the effects before left, whatever stands beside it: per
//! cents of the line nets, and amounts, which are shared by it. So these give the same in any order. Two per cents of
//! what is left do not, since each is posted: where they meet on a line and no priority says which comes first, that is
//! ambiguous. Where effects that stand side by side would take more off a line than there is, each takes its part, and what
//! is left of a cent goes to the code that comes first: the same in every store, whichever rule was made first.
//!
//! Groups choose among them for the whole document ([`exclusion`](super::exclusion)): by what is left of all its lines, or
//! for a document that comes to less than nothing by that of its mirror image. What a group excludes stays on the lines,
//! with the group and without an amount.

use super::counting::Mark;
use super::engine::{Rule, measured, quantity_in};
use super::error::{AMBIGUOUS, UNIT};
use super::exclusion::{Effects, Group, Ruling, exclude};
use super::index::{RuleSet, rule_set};
use super::judge::{Facts, Judged, Law, judge};
use super::line::{PricedLine, allocation, asked_quantities, line_inputs};
use super::price::{Item, Terms, ask};
use super::records::{PriceBase, PriceMethod, PriceRule, PriceStage, TieBreak};
use super::scale::Measured;
use super::tariff::{Party, Tariff};
use super::totals::{DocumentEffect, DocumentInput, EffectValue, left_by};
use super::unit_price::UnitPrice;
use super::waterfall::{Class, Posting};
use crate::settings::Ratio;
use crm_kernel::currency::Currency;
use crm_kernel::dec::{Dec, Rounding};
use crm_kernel::error::{Error, Result};
use crm_kernel::id::{Id, Ref};
use crm_kernel::json::{Json, SharedJson};
use crm_kernel::money::Money;
use crm_kernel::record::{Choice, Lines};
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
    /// Which of the lines that the rule is for are judged together: an amount by tiers is off these. 0 for all of them.
    pub group: i64,
    /// What its exclusion group makes of it.
    pub standing: Standing,
}

/// What the exclusion group of a rule makes of it on a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// It takes effect.
    #[default]
    Applied,
    /// It takes effect since the last resort of its group names it among equals.
    Named(TieBreak),
    /// A group with this code excludes it: it takes nothing off.
    Excluded(String),
}

impl Standing {
    /// The group that excludes it.
    pub fn excluded_by(&self) -> Option<&str> {
        match self {
            Standing::Excluded(group) => Some(group),
            Standing::Applied | Standing::Named(_) => None,
        }
    }

    /// The last resort that named it.
    pub fn decided_by(&self) -> Option<TieBreak> {
        match self {
            Standing::Named(last) => Some(*last),
            Standing::Applied | Standing::Excluded(_) => None,
        }
    }
}

/// Decimals of what is left of a hundred.
const LEFT_SCALE: u8 = 12;

/// How much a rule takes off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Off {
    /// Per cent of every line, exactly.
    Percent(Ratio),
    /// An amount off all its lines together, at four decimals.
    Amount(Dec),
    /// An amount off each line by itself, at four decimals: its tier is that of the line.
    Each(Dec),
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
    /// amount is the line's own), `each` where the value is off the line alone, `group` where it is off some lines of the
    /// rule, `running`, `priority` and the `amount` on the line; `excluded_by` where a group excludes it and `decided_by`
    /// where the last resort of one names it. Errors: `internal.error`.
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
        let percent = text("percent").and_then(|text| Ratio::parse(text).ok());
        let holds = |name: &str| json.get(name) == Some(&Json::Bool(true));
        let off = match (percent, figure("value")) {
            (Some(percent), _) => Off::Percent(percent),
            (None, Some(value)) if holds("each") => Off::Each(value),
            (None, Some(value)) => Off::Amount(value),
            (None, None) => Off::Share(amount),
        };
        let standing = match (text("excluded_by"), text("decided_by")) {
            (Some(group), _) => Standing::Excluded(group.to_owned()),
            (None, Some(last)) => Standing::Named(TieBreak::from_code(last)?),
            (None, None) => Standing::Applied,
        };
        let hit = DocumentHit {
            rule: Ref::new(Id::parse(text("rule")?)?),
            code: text("code")?.to_owned(),
            priority: json.get("priority").and_then(Json::as_int),
            running: holds("running"),
            off,
            group: text("group").map_or(Some(0), |group| group.parse().ok())?,
            standing,
        };
        Some(LineEffect { hit, amount })
    }

    /// What effects, in the order in which they work, leave of a hundred of a line that came to `net` before them: per
    /// cents exactly, of amounts what is posted. Errors: `value.out_of_range`.
    pub fn left_of_hundred(effects: &[LineEffect], net: Dec) -> Result<Dec> {
        let mut left = Dec::HUNDRED;
        for LineEffect { hit, amount } in effects.iter().filter(|effect| effect.hit.takes()) {
            let off = match hit.off {
                Off::Percent(percent) => {
                    let of = if hit.running { left } else { Dec::HUNDRED };
                    of.mul_div(percent.of(), Dec::HUNDRED.mul(percent.per())?, LEFT_SCALE, Rounding::HalfUp)?
                }
                _ if net.is_zero() => Dec::ZERO,
                Off::Amount(_) | Off::Each(_) | Off::Share(_) => {
                    amount.mul_div(Dec::HUNDRED, net, LEFT_SCALE, Rounding::HalfUp)?
                }
            };
            left = left.sub(off)?.max(Dec::ZERO);
        }
        Ok(left)
    }

    /// The same as the line of a document in a currency keeps it; nothing for no effects.
    pub fn write(effects: &[LineEffect], currency: Currency) -> Option<SharedJson> {
        let told = |effect: &LineEffect| {
            let hit = &effect.hit;
            let json = Json::object().with("rule", hit.rule.to_string()).with("code", hit.code.as_str());
            let json = match hit.off {
                Off::Percent(percent) => json.with("percent", percent.to_string()),
                Off::Amount(value) => json.with("value", value.to_string()),
                Off::Each(value) => json.with("value", value.to_string()).with("each", true),
                Off::Share(_) => json,
            };
            let json = if hit.group == 0 { json } else { json.with("group", hit.group.to_string()) };
            let json = json
                .with("running", hit.running)
                .with("priority", hit.priority.map_or(Json::Null, Json::from))
                .with("amount", Money::new(effect.amount, currency));
            match &hit.standing {
                Standing::Applied => json,
                Standing::Named(last) => json.with("decided_by", last.code()),
                Standing::Excluded(group) => json.with("excluded_by", group.as_str()),
            }
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
        let from = if percent { Dec::HUNDRED } else { Dec::ZERO };
        let quantity = quantity_in(&question, rule.unit).unwrap_or_default();
        // No fees or packages stand here, of which each line would bear a part: lines judged together have one value.
        let measured = Measured { own: quantity, ..measured };
        let Some(left) = rule.effect.price(measured, quantity, Some(UnitPrice::from(from)))? else {
            continue;
        };
        let off = UnitPrice::from(from).minus(left)?;
        let (off, group) = match (percent, judged_on(rule, facts)) {
            (true, _) => (Off::Percent(Ratio::new(off.amount(), off.per())?), 0),
            (false, Some(group)) => (Off::Amount(off.rounded(4, Rounding::HalfUp)?), group),
            (false, None) => (Off::Each(off.rounded(4, Rounding::HalfUp)?), 0),
        };
        found.push(DocumentHit {
            rule: Ref::new(id),
            code: rule.code.to_string(),
            priority: rule.priority,
            running: percent && rule.effect.base == PriceBase::Running,
            off,
            group,
            standing: Standing::Applied,
        });
    }
    Ok(found)
}

/// Which lines the tier of a rule is judged on together: a rule takes effect on its lines once, and where it has tiers, on
/// those once. 0 for all its lines, none for the line alone.
fn judged_on(rule: &Rule, facts: &Facts) -> Option<i64> {
    if rule.effect.scale.is_none() {
        return Some(0);
    }
    // Where the line stands in its document does not matter: its own mark is that of no other.
    match Mark::of(rule, rule.counted.as_ref()?.basis, 0, facts) {
        Mark::Line(_) => None,
        Mark::Product(id) | Mark::Template(id) | Mark::Nearest(id) => Some(id),
        Mark::Any | Mark::Named(_) | Mark::Category(_) => Some(0),
    }
}

/// The effects of what rules take off lines, by line, in the order in which they work; beside each the hit that it
/// follows from. What a group excludes takes nothing off. Errors: `price.ambiguous` where two meet on a line whose order
/// matters and is not said.
pub fn grouped<'h>(
    lines: impl IntoIterator<Item = &'h [DocumentHit]>,
) -> Result<(Vec<DocumentEffect>, Vec<DocumentHit>)> {
    let found =
        arranged(lines.into_iter().enumerate().flat_map(|(at, hits)| hits.iter().map(move |hit| (at, hit))));
    for (at, (one, lines)) in found.iter().enumerate() {
        let tied = |(other, others): &&(&DocumentHit, Vec<usize>)| {
            one.place() == other.place()
                && one.class().hangs_on_order(true)
                && one.rule != other.rule
                && one.takes()
                && other.takes()
                && lines.iter().any(|line| others.contains(line))
        };
        if let Some((other, _)) = found.iter().skip(at + 1).find(tied) {
            return Err(ambiguous([one.code.as_str(), &other.code]));
        }
    }
    Ok((effects(&found), found.into_iter().map(|(hit, _)| hit.clone()).collect()))
}

/// Hits on lines, those that are one effect together, in the order in which they work.
fn arranged<'h>(hits: impl Iterator<Item = (usize, &'h DocumentHit)>) -> Vec<(&'h DocumentHit, Vec<usize>)> {
    let mut found: Vec<(&DocumentHit, Vec<usize>)> = Vec::new();
    for (at, hit) in hits {
        let alone = matches!(hit.off, Off::Share(_) | Off::Each(_));
        match found.iter_mut().find(|(known, _)| *known == hit && !alone) {
            Some((_, lines)) => lines.push(at),
            None => found.push((hit, vec![at])),
        }
    }
    found.sort_by(|(one, _), (other, _)| {
        one.place().cmp(&other.place()).then_with(|| one.code.cmp(&other.code))
    });
    found
}

/// What totals share out of hits that are in the order in which they work.
fn effects(hits: &[(&DocumentHit, Vec<usize>)]) -> Vec<DocumentEffect> {
    let mut before: Option<&DocumentHit> = None;
    let mut effects = Vec::with_capacity(hits.len());
    for (hit, lines) in hits {
        let value = match hit.off {
            _ if !hit.takes() => EffectValue::Amount(Dec::ZERO),
            Off::Percent(percent) => EffectValue::Percent(percent),
            Off::Amount(amount) | Off::Each(amount) | Off::Share(amount) => EffectValue::Amount(amount),
        };
        let beside = before.is_some_and(|before| before.place() == hit.place());
        effects.push(DocumentEffect { lines: lines.clone(), value, running: hit.running, beside });
        before = Some(hit);
    }
    effects
}

fn ambiguous<'c>(codes: impl IntoIterator<Item = &'c str>) -> Error {
    let codes: Vec<Json> = codes.into_iter().map(Json::text).collect();
    AMBIGUOUS.at("/lines").with("rules", codes)
}

/// Lets groups choose among what rules take off the lines of a document, compared by what is left of all of them: each hit
/// says what becomes of it. Hits of lines that are `settled` stay as they are; those of their rules that take effect there
/// were chosen before. `input` is the document, of which lines, allocation and posting are looked at. Errors:
/// `price.ambiguous` where a group cannot tell rules apart and names no last resort, `value.out_of_range`.
pub(super) fn exclude_effects(
    known: &RuleSet,
    groups: &[Group],
    input: &DocumentInput,
    lines: &mut [Vec<DocumentHit>],
    settled: impl Fn(usize) -> bool,
) -> Result<()> {
    let mut rules: Vec<&Rule> = Vec::new();
    for hit in lines.iter().flatten().filter(|hit| hit.takes()) {
        let id = hit.rule.id().number();
        if let Some(rule) = known.rule(id).filter(|_| rules.iter().all(|rule| rule.id != id)) {
            rules.push(rule);
        }
    }
    rules.sort_by(|one, other| one.code.cmp(&other.code));
    let places: Vec<usize> = (0..rules.len()).collect();
    let on_document = OnDocument { rules: &rules, input, lines, settled: &settled };
    let rulings = match exclude(&on_document, &rules, &places, groups)? {
        Ok(rulings) => rulings,
        Err(tied) => {
            return Err(ambiguous(tied.into_iter().filter_map(|at| rules.get(at)).map(|rule| &*rule.code)));
        }
    };
    for (at, ruling) in rulings {
        let id = rules.get(at).map(|rule| rule.id);
        let standing = match ruling {
            Ruling::Excluded(group) => Standing::Excluded(group.code.clone()),
            Ruling::Named(last) => Standing::Named(last),
        };
        let fresh = lines.iter_mut().enumerate().filter(|(at, _)| !settled(*at)).flat_map(|(_, hits)| hits);
        for hit in fresh.filter(|hit| Some(hit.rule.id().number()) == id) {
            hit.standing = standing.clone();
        }
    }
    Ok(())
}

/// The rules that take something off the lines of a document.
struct OnDocument<'a> {
    rules: &'a [&'a Rule],
    input: &'a DocumentInput,
    lines: &'a [Vec<DocumentHit>],
    settled: &'a dyn Fn(usize) -> bool,
}

impl OnDocument<'_> {
    /// The hits with the places of their lines.
    fn hits(&self) -> impl Iterator<Item = (usize, &DocumentHit)> {
        self.lines.iter().enumerate().flat_map(|(at, hits)| hits.iter().map(move |hit| (at, hit)))
    }

    fn is_of(&self, at: usize, hit: &DocumentHit) -> bool {
        self.rules.get(at).is_some_and(|rule| rule.id == hit.rule.id().number())
    }
}

impl Effects for OnDocument<'_> {
    fn end(&self, takes_part: &dyn Fn(usize) -> bool) -> Result<UnitPrice> {
        let takes_part = |(line, hit): &(usize, &DocumentHit)| {
            let place = (0..self.rules.len()).find(|at| self.is_of(*at, hit));
            (self.settled)(*line) || place.is_none_or(takes_part)
        };
        let left = left_by(self.input, &effects(&arranged(self.hits().filter(takes_part))))?;
        Ok(UnitPrice::from(left))
    }

    fn stands(&self, at: usize) -> bool {
        self.hits().any(|(line, hit)| (self.settled)(line) && hit.takes() && self.is_of(at, hit))
    }
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
    let mut judged = hits(work, &terms, &tariff, lines)?;
    let mut places = Vec::with_capacity(lines.len());
    let mut given = Vec::new();
    for (line, hits) in lines.iter_mut().zip(&mut judged) {
        places.push(settled(line));
        if settled(line) {
            let kept = LineEffect::read(line.priced().document_effects.as_ref())?;
            *hits = kept.into_iter().map(|kept| kept.hit).collect();
            given.extend(hits.iter().filter(|hit| hit.is_amount()).map(|hit| (hit.rule, hit.group)));
        }
    }
    let settled = |at: usize| places.get(at).copied().unwrap_or_default();
    for (_, hits) in judged.iter_mut().enumerate().filter(|(at, _)| !settled(*at)) {
        hits.retain(|hit| !matches!(hit.off, Off::Amount(_)) || !given.contains(&(hit.rule, hit.group)));
    }
    let input = DocumentInput {
        lines: line_inputs(lines)?,
        ..DocumentInput::of(terms.currency, tariff.policy, allocation(work)?)
    };
    exclude_effects(&tariff.rules, &tariff.groups, &input, &mut judged, settled)?;
    for (_, (line, hits)) in lines.iter_mut().zip(judged).enumerate().filter(|(at, _)| !settled(*at)) {
        let effects: Vec<LineEffect> =
            hits.into_iter().map(|hit| LineEffect { hit, amount: Dec::ZERO }).collect();
        *line.priced().document_effects = LineEffect::write(&effects, terms.currency);
    }
    Ok(())
}

impl DocumentHit {
    /// Where it stands among the effects on a document.
    fn place(&self) -> (Reverse<Option<i64>>, Class) {
        (Reverse(self.priority), self.class())
    }

    /// Whether it takes an amount off, not per cents.
    pub fn is_amount(&self) -> bool {
        self.takes() && !matches!(self.off, Off::Percent(_))
    }

    /// Whether it takes effect: no group excludes it.
    fn takes(&self) -> bool {
        self.standing.excluded_by().is_none()
    }

    fn class(&self) -> Class {
        if self.running { Class::Percent } else { Class::Amount }
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
        let party = Party::load(work, terms)?;
        let law = tariff.law(terms);
        let (mut items, mut places) = (Vec::with_capacity(lines.len()), Vec::with_capacity(lines.len()));
        let quantities = asked_quantities(lines)?;
        for (at, (line, quantity)) in lines.iter_mut().zip(quantities).enumerate() {
            // Of what is given for nothing there is nothing to take off.
            let Some(quantity) = quantity else { continue };
            let fields = line.priced();
            places.push(at);
            let item = Item::of(work.find(fields.product)?, quantity, *fields.unit);
            let price = UnitPrice::of_line(*fields.unit_price, fields.exact_price.as_deref())?;
            let Posting { digits, rounding } = law.posting;
            let net = price.times(*fields.quantity, fields.discount_percent, digits, rounding)?;
            items.push(Item { stands: Some(net), ..item.less(fields.discount_percent) });
        }
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
