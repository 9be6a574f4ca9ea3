//! How a price came about, as data: it is kept on the line and shown to whoever asks why.
//!
//! Members, in this order: `strategy`, `date`, `currency`, `quantity`, `unit`; `rules`: each candidate with `taken` or the
//! `reason` why not; `effects`: each with `stage`, `base`, the `price` after it and its exact `share` of one unit;
//! `rounding`: each step; `list_price`, `unit_price`; `change`: the last change set when it was made; `facts`: what the
//! rules were asked about. Prices are exact: `62/6` where no decimal says it. With the rules as they were after that
//! change set, `facts` say the rest: a derivation can be checked ([`super::certificate`]).

use super::engine::{Considered, OpenList, Outcome, Rule, Verdict, between};
use super::judge::{Base, Facts, Judged, Law};
use super::scale::{Effect, Measured, OPEN, dec};
use super::unit_price::{PRICE_SCALE, UnitPrice};
use super::waterfall::Group;
use crm_kernel::dec::{Dec, Rounding};
use crm_kernel::error::Result;
use crm_kernel::id::Id;
use crm_kernel::json::Json;
use crm_kernel::record::Choice;

/// What a derivation is made from.
pub struct Story<'a> {
    /// By what it was judged.
    pub law: &'a Law<'a>,
    /// The last change set.
    pub change: i64,
    /// As asked, with its unit.
    pub quantity: Dec,
    /// The unit asked for.
    pub unit: Option<Id>,
    /// The list price, in the unit asked for.
    pub base: Option<&'a Base>,
    /// What was asked.
    pub facts: &'a Facts,
    /// The rules for the product and the buyer.
    pub candidates: &'a [&'a Rule],
    /// What came of it.
    pub judged: &'a Judged,
    /// The price, in the unit asked for.
    pub price: UnitPrice,
}

/// The derivation of a price. Errors: `value.out_of_range`.
pub fn tell(story: &Story<'_>) -> Result<Json> {
    let law = story.law;
    let list = story.base.map(|base| base.price.to_string());
    Ok(Json::object()
        .with("strategy", law.strategy.name.as_ref())
        .with("date", law.date.to_string())
        .with("currency", law.currency.code())
        .with("quantity", story.quantity.to_string())
        .with("unit", story.unit.map_or(Json::Null, |unit| Json::text(unit.to_string())))
        .with("rules", considered(law, &story.judged.decision.trace))
        .with("effects", effects(story)?)
        .with("rounding", rounding(story)?)
        .with("list_price", list.map_or(Json::Null, Json::text))
        .with("unit_price", story.price.to_string())
        .with("change", story.change)
        .with("facts", facts(story.facts)))
}

/// What became of the candidates.
pub(super) fn considered(law: &Law<'_>, trace: &[Considered]) -> Vec<Json> {
    trace.iter().map(|one| verdict(one, law.rules.code(one.rule), law.groups)).collect()
}

fn verdict(one: &Considered, code: &str, groups: &[Group]) -> Json {
    let json = Json::object().with("rule", one.rule.to_string()).with("code", code);
    match one.verdict {
        Verdict::Taken(None) | Verdict::Applied => json.with("taken", true),
        Verdict::Taken(Some(last)) => json.with("taken", true).with("decided_by", last.code()),
        Verdict::Refused(reason) => json.with("taken", false).with("reason", reason.code()),
        Verdict::Beaten(key) => json.with("taken", false).with("reason", "beaten").with("by", key),
        Verdict::Excluded(group) => {
            let by = groups.iter().find(|known| known.id == group).map_or("level", |group| &group.code);
            json.with("taken", false).with("reason", "excluded").with("by", by)
        }
        Verdict::Tied => json.with("taken", false).with("reason", "tied"),
    }
}

fn effects(story: &Story<'_>) -> Result<Vec<Json>> {
    let (law, facts, judged) = (story.law, story.facts, story.judged);
    let own = facts.quantities.first().map_or(0, |(_, quantity)| *quantity);
    let asked = |price: UnitPrice| between(price, own, facts.asked);
    let mut effects = Vec::new();
    let mut running = UnitPrice::ZERO;
    if let Some(base) = story.base {
        let listed = Json::object().with("stage", "list").with("currency", base.currency.code());
        effects.push(listed.with("price", base.listed.to_string()));
        if base.currency != law.currency {
            let converted = Json::object().with("stage", "conversion").with("currency", law.currency.code());
            effects.push(converted.with("rate", base.rate.to_string()).with("price", base.price.to_string()));
        }
        running = base.price;
    }
    let push =
        |effects: &mut Vec<Json>, effect: Json, running: &mut UnitPrice, price: UnitPrice| -> Result<()> {
            let share = price.minus(*running)?;
            let effect = effect.with("base", running.to_string()).with("price", price.to_string());
            effects.push(effect.with("share", share.to_string()));
            *running = price;
            Ok(())
        };
    if let Outcome::Chosen { at, price, .. } = judged.decision.outcome
        && let (Some(rule), Some(made)) = (story.candidates.get(at), judged.made)
    {
        let price = if facts.allocated.is_some() { price } else { made };
        push(&mut effects, said(law, "rule", rule), &mut running, asked(price)?)?;
    }
    if let (Some(amount), Some(made)) = (facts.allocated, judged.made) {
        let effect = Json::object().with("stage", "allocation").with("amount", amount.to_string());
        push(&mut effects, effect, &mut running, asked(made)?)?;
    }
    for step in &judged.steps {
        let Some(rule) = story.candidates.get(step.at) else { continue };
        let mut effect = said(law, rule.stage.code(), rule).with("of", rule.effect.base.code());
        if step.capped {
            effect = effect.with("capped", true);
        }
        push(&mut effects, effect, &mut running, asked(step.price)?)?;
    }
    Ok(effects)
}

/// What a rule says, as an effect of a stage.
fn said(law: &Law<'_>, stage: &str, rule: &Rule) -> Json {
    let effect = Json::object()
        .with("stage", stage)
        .with("rule", rule.id.to_string())
        .with("code", law.rules.code(rule.id))
        .with("method", rule.effect.method.code());
    values(effect, &rule.effect)
}

fn values(mut told: Json, effect: &Effect) -> Json {
    match &effect.scale {
        None => told = told.with("value", dec(effect.value).to_string()),
        Some(scale) => {
            let tiers: Vec<Json> = scale
                .tiers
                .iter()
                .map(|tier| {
                    let bound = match tier.bound {
                        OPEN => Json::Null,
                        bound => Json::text(dec(bound).to_string()),
                    };
                    let json = Json::object().with("bound", bound).with("value", dec(tier.value).to_string());
                    match tier.flat_fee {
                        0 => json,
                        fee => json.with("flat_fee", dec(fee).to_string()),
                    }
                })
                .collect();
            told =
                told.with("mode", scale.mode.code()).with("bounds", scale.bound.code()).with("tiers", tiers);
        }
    }
    if effect.package != 0 {
        told = told.with("package", dec(effect.package).to_string());
    }
    let Some(formula) = &effect.formula else { return told };
    if let Some(step) = formula.round_to {
        told = told.with("round_to", step.to_string()).with("round_mode", formula.round_mode.code());
    }
    let rest = [
        ("then_add", formula.then_add),
        ("min_margin", formula.min_margin),
        ("max_margin", formula.max_margin),
    ];
    rest.into_iter().fold(told, |told, (name, value)| match value {
        Some(value) => told.with(name, value.to_string()),
        None => told,
    })
}

fn rounding(story: &Story<'_>) -> Result<Vec<Json>> {
    let mut steps = Vec::new();
    let step = |of: &str, decimals: u8, mode: Rounding, exact: String, shown: String| {
        Json::object()
            .with("of", of)
            .with("decimals", i64::from(decimals))
            .with("mode", mode.code())
            .with("exact", exact)
            .with("shown", shown)
    };
    if let Some((exact, rounded)) = story.judged.price
        && exact != rounded
    {
        let posting = story.law.posting;
        steps.push(step("price", posting.digits, posting.rounding, exact.to_string(), rounded.to_string()));
    }
    let (column, exact) = story.price.stored()?;
    if let Some(exact) = exact {
        steps.push(step("unit_price", PRICE_SCALE, Rounding::HalfUp, exact, column.to_string()));
    }
    Ok(steps)
}

/// Facts as they stand in a derivation: what is none or nothing is left out.
fn facts(facts: &Facts) -> Json {
    let id = |id: i64| Json::text(id.to_string());
    let list = |ids: &[i64]| ids.iter().map(|one| id(*one)).collect::<Vec<_>>();
    let mut told = Json::object().with("product", id(facts.product));
    let mut put = |name: &str, there: bool, value: Json| {
        if there {
            let before = std::mem::replace(&mut told, Json::Null);
            told = before.with(name, value);
        }
    };
    put("template", facts.template != 0, id(facts.template));
    put("categories", !facts.categories.is_empty(), list(&facts.categories).into());
    put("customer", facts.customer != 0, id(facts.customer));
    put("class", facts.class.is_some(), Json::text(facts.class.clone().unwrap_or_default()));
    put("positions", !facts.positions.is_empty(), list(&facts.positions).into());
    let lists: Vec<Json> = facts
        .lists
        .iter()
        .map(|list| {
            let told = Json::object().with("list", id(list.id)).with("axes", i64::from(list.axes));
            let told = if list.sale { told.with("sale", true) } else { told };
            match list.base {
                0 => told,
                base => told.with("base", id(base)).with("shadows", list.shadows),
            }
        })
        .collect();
    put("lists", !lists.is_empty(), lists.into());
    let quantities: Vec<Json> = facts
        .quantities
        .iter()
        .map(|(unit, quantity)| Json::List(vec![id(*unit), Json::text(dec(*quantity).to_string())]))
        .collect();
    put("quantities", true, quantities.into());
    put("asked", true, Json::text(dec(facts.asked).to_string()));
    let measured: Vec<Json> = facts
        .measured
        .iter()
        .map(|(rule, measured)| {
            let (whole, own) = (dec(measured.whole).to_string(), dec(measured.own).to_string());
            Json::List(vec![id(*rule), Json::text(whole), Json::text(own)])
        })
        .collect();
    put("measured", !measured.is_empty(), measured.into());
    put("base", facts.base.is_some(), Json::text(facts.base.unwrap_or(UnitPrice::ZERO).to_string()));
    let conditions: Vec<Json> =
        facts.conditions.iter().filter(|(_, holds)| *holds).map(|(rule, _)| id(*rule)).collect();
    put("conditions", !conditions.is_empty(), conditions.into());
    put("manual", facts.manual, Json::Bool(true));
    let allocated = facts.allocated.unwrap_or_default().to_string();
    put("allocated", facts.allocated.is_some(), Json::text(allocated));
    told
}

/// The facts of a derivation; none where they cannot be read.
pub fn facts_of(derivation: &Json) -> Option<Facts> {
    let told = derivation.get("facts")?;
    let number = |json: &Json| json.as_text().and_then(|text| text.parse::<i64>().ok());
    let decimal = |json: &Json| json.as_text().and_then(|text| Dec::parse(text).ok());
    let figure = |json: &Json| decimal(json)?.to_i64_at(super::scale::SCALE).ok();
    let price = |json: &Json| UnitPrice::of_line(Dec::ZERO, Some(json.as_text()?)).ok();
    let of = |name: &str| told.get(name).map_or(Some(0), number);
    let list = |name: &str| -> &[Json] { told.get(name).and_then(Json::as_list).unwrap_or_default() };
    let numbers = |name: &str| list(name).iter().map(number).collect::<Option<Vec<i64>>>();
    let lists = list("lists").iter().map(|list| {
        Some(OpenList {
            id: number(list.get("list")?)?,
            axes: u8::try_from(list.get("axes")?.as_int()?).ok()?,
            sale: list.get("sale") == Some(&Json::Bool(true)),
            base: list.get("base").map_or(Some(0), number)?,
            shadows: list.get("shadows") == Some(&Json::Bool(true)),
        })
    });
    let quantities = list("quantities").iter().map(|pair| match pair.as_list()? {
        [unit, quantity] => Some((number(unit)?, figure(quantity)?)),
        _ => None,
    });
    let measured = list("measured").iter().map(|three| match three.as_list()? {
        [rule, whole, own] => Some((number(rule)?, Measured { whole: figure(whole)?, own: figure(own)? })),
        _ => None,
    });
    Some(Facts {
        product: of("product")?,
        template: of("template")?,
        categories: numbers("categories")?,
        customer: of("customer")?,
        class: told.get("class").and_then(Json::as_text).map(str::to_owned),
        positions: numbers("positions")?,
        lists: lists.collect::<Option<_>>()?,
        quantities: quantities.collect::<Option<_>>()?,
        asked: figure(told.get("asked")?)?,
        measured: measured.collect::<Option<_>>()?,
        base: told.get("base").map(price).map_or(Some(None), |base| base.map(Some))?,
        cost: None,
        conditions: numbers("conditions")?.into_iter().map(|rule| (rule, true)).collect(),
        manual: told.get("manual") == Some(&Json::Bool(true)),
        allocated: told.get("allocated").map(decimal).map_or(Some(None), |amount| amount.map(Some))?,
    })
}

/// A derivation with a price set by hand over what the rules gave. What they gave exactly stays, so that it can be checked.
pub(super) fn with_manual(before: Json, price: Dec, replaced: Dec, by: Id, reason: &str) -> Json {
    let manual = |one: &Json| one.get("stage").and_then(Json::as_text) == Some("manual");
    let told = before.get("effects").and_then(Json::as_list).unwrap_or_default();
    let exact = match told.iter().find(|one| manual(one)) {
        Some(earlier) => earlier.get("exact"),
        None => before.get("unit_price"),
    };
    let exact = exact.cloned().unwrap_or_else(|| Json::text(replaced.to_string()));
    let effect = Json::object()
        .with("stage", "manual")
        .with("base", replaced.to_string())
        .with("exact", exact)
        .with("price", price.to_string())
        .with("share", price.sub(replaced).unwrap_or(Dec::ZERO).to_string())
        .with("by", by.to_string())
        .with("reason", reason);
    let Json::Object(mut members) = before else { return Json::object().with("effects", vec![effect]) };
    match members.iter_mut().find(|(name, _)| name == "effects") {
        Some((_, Json::List(effects))) => {
            effects.retain(|one| !manual(one));
            effects.push(effect);
        }
        _ => members.push(("effects".to_owned(), Json::List(vec![effect]))),
    }
    if let Some((_, shown)) = members.iter_mut().find(|(name, _)| name == "unit_price") {
        *shown = Json::text(price.to_string());
    }
    Json::Object(members)
}
