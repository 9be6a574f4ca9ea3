//! How a price came about, as data: it is kept on the line and shown to whoever asks why.
//!
//! Members, in this order: `version` of this form; `strategy`, `date`, `currency`, `quantity`, `unit`; `rules`: each
//! candidate with `taken` or the `reason` why not; `effects`: each with `stage`, `base`, the `price` after it and its exact
//! `share` of one unit, free goods with what is `free` of which `product`; `rounding`: each step; `list_price`,
//! `unit_price`; `change`: the last change set when it was made; `facts`: what the rules were asked about. Prices are
//! exact: `62/6` where no decimal says it. With the rules as they were after that change set, `facts` say the rest: a
//! derivation can be checked ([`super::certificate`]).
//!
//! The second form did not say where the last resort of a group of effects decided, and spelled rounding modes `half-up`. The
//! first had no `version` either; it told nothing of free goods, and in it amounts that rules look at were those at the list price.
//!
//! It is written as its canonical text at once: one line may have hundreds of candidates.

use super::engine::{Considered, OpenList, Outcome, Rule, Verdict};
use super::exclusion::Group;
use super::free_goods::FreeLine;
use super::judge::{Base, Facts, Judged, Law};
use super::records::PriceMethod;
use super::scale::{Effect, Measured, OPEN, SCALE};
use super::unit_price::{PRICE_SCALE, UnitPrice};
use crate::settings::Ratio;
use crm_kernel::dec::{Dec, Rounding};
use crm_kernel::encode::{Sink, Text};
use crm_kernel::error::Result;
use crm_kernel::id::Id;
use crm_kernel::json::{Json, SharedJson};
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
    /// Free goods that come with it.
    pub free: &'a [FreeLine],
}

/// The form in which derivations are written.
pub const VERSION: i64 = 3;

/// Room for a derivation without candidates, and for one candidate beside what it is told as.
const ROOM: (usize, usize) = (900, 56);

/// The derivation of a price. Errors: `value.out_of_range`.
pub fn tell(story: &Story<'_>) -> Result<SharedJson> {
    let law = story.law;
    let trace = &story.judged.decision.trace;
    let told: usize = story.candidates.iter().map(|rule| rule.told.len()).sum();
    let mut out = Text::with_capacity(ROOM.0 + ROOM.1 * trace.len() + told);
    out.open('{');
    out.key("version");
    out.int(VERSION);
    out.key("strategy");
    out.text(&law.strategy.name);
    out.key("date");
    out.shown(&law.date);
    out.key("currency");
    out.text(law.currency.code());
    out.key("quantity");
    decimal(&mut out, story.quantity);
    out.key("unit");
    match story.unit {
        Some(unit) => number(&mut out, unit.number()),
        None => out.null(),
    }
    out.key("rules");
    out.open('[');
    for (at, one) in trace.iter().enumerate() {
        let told = story.candidates.get(at).map_or("", |rule| &*rule.told);
        considered(&mut out, one, told, law.groups);
    }
    out.close(']');
    out.key("effects");
    effects(&mut out, story)?;
    out.key("rounding");
    rounding(&mut out, story)?;
    out.key("list_price");
    match story.base {
        Some(base) => price(&mut out, base.price),
        None => out.null(),
    }
    out.key("unit_price");
    price(&mut out, story.price);
    out.key("change");
    out.int(story.change);
    out.key("facts");
    facts(&mut out, story.facts);
    out.close('}');
    Ok(SharedJson::written(out.into_string()))
}

fn number(out: &mut Text, number: i64) {
    out.number(number, 0, 0);
}

fn figure(out: &mut Text, figure: i64) {
    out.number(figure, SCALE, 0);
}

fn decimal(out: &mut Text, value: Dec) {
    match i64::try_from(value.mantissa()) {
        Ok(mantissa) => out.number(mantissa, value.scale(), 0),
        Err(_) => out.shown(&value),
    }
}

fn price(out: &mut Text, price: UnitPrice) {
    if price.per() == Dec::ONE { decimal(out, price.amount()) } else { out.shown(&price) }
}

fn word(out: &mut Text, key: &str, word: &str) {
    out.key(key);
    out.text(word);
}

/// What became of a candidate in words: why it was not taken, and by what it was beaten or excluded.
pub(super) fn reason(verdict: Verdict, groups: &[Group]) -> Option<(&'static str, Option<&str>)> {
    match verdict {
        Verdict::Taken(_) | Verdict::Applied => None,
        Verdict::Refused(reason) => Some((reason.code(), None)),
        Verdict::Beaten(key) => Some(("beaten", Some(key))),
        Verdict::Excluded(group) => {
            let group = groups.iter().find(|known| known.id == group);
            Some(("excluded", Some(group.map_or("level", |group| &group.code))))
        }
        Verdict::Tied => Some(("tied", None)),
    }
}

fn considered(out: &mut Text, one: &Considered, told: &str, groups: &[Group]) {
    let reason = reason(one.verdict, groups);
    if let Some((reason, None)) = reason {
        // Most rules are refused. The words of reasons need no escapes.
        out.written(&["{", told, ",\"taken\":false,\"reason\":\"", reason, "\"}"]);
        return;
    }
    out.written(&["{", told]);
    out.key("taken");
    out.bool(reason.is_none());
    if let Some((reason, Some(by))) = reason {
        word(out, "reason", reason);
        word(out, "by", by);
    }
    let last = match one.verdict {
        Verdict::Taken(last) => last,
        _ => one.named,
    };
    if let Some(last) = last {
        word(out, "decided_by", last.code());
    }
    out.close('}');
}

/// The effects, each from where the one before left the price.
fn effects(out: &mut Text, story: &Story<'_>) -> Result<()> {
    let (law, facts, judged) = (story.law, story.facts, story.judged);
    let asked = |price: UnitPrice| facts.in_asked(price);
    let allocated = |rule: &Rule| facts.allocated.iter().find(|(known, _)| *known == rule.id);
    let mut running = UnitPrice::ZERO;
    out.open('[');
    if let Some(base) = story.base {
        out.open('{');
        word(out, "stage", "list");
        word(out, "currency", base.currency.code());
        out.key("price");
        price(out, base.listed);
        out.close('}');
        if base.currency != law.currency {
            out.open('{');
            word(out, "stage", "conversion");
            word(out, "currency", law.currency.code());
            out.key("rate");
            out.shown(&base.rate);
            out.key("price");
            price(out, base.price);
            out.close('}');
        }
        running = base.price;
    }
    if let Outcome::Chosen { at, price, .. } = judged.decision.outcome
        && let (Some(rule), Some(made)) = (story.candidates.get(at), judged.made)
    {
        let share = allocated(rule);
        out.open('{');
        said(out, "rule", rule);
        changed(out, &mut running, asked(if share.is_some() { price } else { made })?)?;
        if let Some((_, amount)) = share {
            share_of(out, &mut running, *amount, asked(made)?)?;
        }
    }
    for step in &judged.steps {
        let Some(rule) = story.candidates.get(step.at) else { continue };
        out.open('{');
        said(out, rule.stage.code(), rule);
        word(out, "of", rule.effect.base.code());
        if step.capped {
            out.key("capped");
            out.bool(true);
        }
        changed(out, &mut running, asked(step.made)?)?;
        if let Some((_, amount)) = allocated(rule) {
            share_of(out, &mut running, *amount, asked(step.price)?)?;
        }
    }
    for free in story.free {
        free_goods(out, story.candidates, free);
    }
    out.close(']');
    Ok(())
}

/// What comes for nothing: it changes no price.
fn free_goods(out: &mut Text, candidates: &[&Rule], free: &FreeLine) {
    let Some(rule) = candidates.iter().find(|rule| rule.id == free.rule.id().number()) else { return };
    out.open('{');
    said(out, rule.stage.code(), rule);
    out.key("product");
    number(out, free.product.id().number());
    out.key("unit");
    match free.unit {
        Some(unit) => number(out, unit.id().number()),
        None => out.null(),
    }
    out.key("free");
    decimal(out, free.free);
    out.close('}');
}

/// The line's part of what a rule makes of several lines together.
fn share_of(out: &mut Text, running: &mut UnitPrice, amount: Dec, after: UnitPrice) -> Result<()> {
    out.open('{');
    word(out, "stage", "allocation");
    out.key("amount");
    decimal(out, amount);
    changed(out, running, after)
}

/// What an effect made of the price; ends the effect.
fn changed(out: &mut Text, running: &mut UnitPrice, after: UnitPrice) -> Result<()> {
    out.key("base");
    price(out, *running);
    out.key("price");
    price(out, after);
    out.key("share");
    price(out, after.minus(*running)?);
    out.close('}');
    *running = after;
    Ok(())
}

/// What a rule says, as an effect of a stage.
fn said(out: &mut Text, stage: &str, rule: &Rule) {
    word(out, "stage", stage);
    out.written(&[&rule.told]);
    word(out, "method", rule.effect.method.code());
    values(out, &rule.effect);
}

fn values(out: &mut Text, effect: &Effect) {
    match &effect.scale {
        None => {
            out.key("value");
            figure(out, effect.value);
        }
        Some(scale) => {
            word(out, "mode", scale.mode.code());
            word(out, "bounds", scale.bound.code());
            out.key("tiers");
            out.open('[');
            for tier in &scale.tiers {
                out.open('{');
                out.key("bound");
                if tier.bound == OPEN {
                    out.null()
                } else {
                    figure(out, tier.bound)
                }
                out.key("value");
                figure(out, tier.value);
                if tier.flat_fee != 0 {
                    out.key("flat_fee");
                    figure(out, tier.flat_fee);
                }
                out.close('}');
            }
            out.close(']');
        }
    }
    if effect.package != 0 {
        out.key("package");
        figure(out, effect.package);
    }
    let Some(formula) = &effect.formula else { return };
    if let Some(step) = formula.round_to {
        out.key("round_to");
        decimal(out, step);
        word(out, "round_mode", spelled(formula.round_mode));
    }
    let rest = [
        ("then_add", formula.then_add),
        ("min_margin", formula.min_margin),
        ("max_margin", formula.max_margin),
    ];
    for (name, value) in rest {
        if let Some(value) = value {
            out.key(name);
            decimal(out, value);
        }
    }
}

/// A rounding mode as fields of records spell it.
fn spelled(mode: Rounding) -> &'static str {
    match mode {
        Rounding::HalfUp => "half_up",
        Rounding::HalfEven => "half_even",
        mode => mode.code(),
    }
}

fn rounding(out: &mut Text, story: &Story<'_>) -> Result<()> {
    let step = |out: &mut Text, of: &str, decimals: u8, mode: Rounding, from: UnitPrice, to: UnitPrice| {
        out.open('{');
        word(out, "of", of);
        out.key("decimals");
        out.int(i64::from(decimals));
        word(out, "mode", spelled(mode));
        out.key("exact");
        price(out, from);
        out.key("shown");
        price(out, to);
        out.close('}');
    };
    out.open('[');
    if let Some((exact, rounded)) = story.judged.price
        && exact != rounded
    {
        let posting = story.law.posting;
        step(out, "price", posting.digits, posting.rounding, exact, rounded);
    }
    if let (column, Some(_)) = story.price.stored()? {
        step(out, "unit_price", PRICE_SCALE, Rounding::HalfUp, story.price, column.into());
    }
    out.close(']');
    Ok(())
}

/// Facts as they stand in a derivation: what is none or nothing is left out.
fn facts(out: &mut Text, facts: &Facts) {
    let one = |out: &mut Text, key: &str, id: i64| {
        if id != 0 {
            out.key(key);
            number(out, id);
        }
    };
    let many = |out: &mut Text, key: &str, ids: &mut dyn Iterator<Item = i64>| {
        let mut ids = ids.peekable();
        if ids.peek().is_some() {
            out.key(key);
            out.open('[');
            ids.for_each(|id| number(out, id));
            out.close(']');
        }
    };
    out.open('{');
    out.key("product");
    number(out, facts.product);
    one(out, "template", facts.template);
    many(out, "categories", &mut facts.categories.iter().copied());
    one(out, "customer", facts.customer);
    if let Some(class) = &facts.class {
        word(out, "class", class);
    }
    one(out, "seller", facts.seller);
    many(out, "positions", &mut facts.positions.iter().copied());
    one(out, "list", facts.list);
    lists(out, &facts.lists);
    out.key("quantities");
    out.open('[');
    for (unit, quantity) in &facts.quantities {
        out.open('[');
        number(out, *unit);
        figure(out, *quantity);
        out.close(']');
    }
    out.close(']');
    ratios(out, &facts.ratios);
    out.key("asked");
    figure(out, facts.asked);
    if let Some(ratio) = &facts.ratio {
        out.key("ratio");
        out.shown(ratio);
    }
    if !facts.measured.is_empty() {
        out.key("measured");
        out.open('[');
        for (rule, measured) in &facts.measured {
            out.open('[');
            number(out, *rule);
            figure(out, measured.whole);
            figure(out, measured.own);
            if measured.before != 0 {
                figure(out, measured.before);
            }
            out.close(']');
        }
        out.close(']');
    }
    if let Some(base) = facts.base {
        out.key("base");
        price(out, base);
    }
    let held = facts.conditions.iter().filter(|(_, holds)| *holds);
    many(out, "conditions", &mut held.map(|(rule, _)| *rule));
    if facts.manual {
        out.key("manual");
        out.bool(true);
    }
    if !facts.discount_percent.is_zero() {
        out.key("discount_percent");
        decimal(out, facts.discount_percent);
    }
    if !facts.allocated.is_empty() {
        out.key("allocated");
        out.open('[');
        for (rule, amount) in &facts.allocated {
            out.open('[');
            number(out, *rule);
            decimal(out, *amount);
            out.close(']');
        }
        out.close(']');
    }
    out.close('}');
}

fn ratios(out: &mut Text, ratios: &[(i64, Ratio)]) {
    if ratios.is_empty() {
        return;
    }
    out.key("ratios");
    out.open('[');
    for (unit, ratio) in ratios {
        out.open('[');
        number(out, *unit);
        out.shown(ratio);
        out.close(']');
    }
    out.close(']');
}

fn lists(out: &mut Text, lists: &[OpenList]) {
    if lists.is_empty() {
        return;
    }
    out.key("lists");
    out.open('[');
    for list in lists {
        out.open('{');
        out.key("list");
        number(out, list.id);
        out.key("axes");
        out.int(i64::from(list.axes));
        if list.sale {
            out.key("sale");
            out.bool(true);
        }
        if list.base != 0 {
            out.key("base");
            number(out, list.base);
            out.key("shadows");
            out.bool(list.shadows);
        }
        out.close('}');
    }
    out.close(']');
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
        [rule, whole, own, before @ ..] => {
            let before = before.first().map_or(Some(0), figure)?;
            Some((number(rule)?, Measured { whole: figure(whole)?, own: figure(own)?, before }))
        }
        _ => None,
    });
    let ratio = |json: &Json| json.as_text().and_then(|text| Ratio::parse(text).ok());
    let ratios = list("ratios").iter().map(|pair| match pair.as_list()? {
        [unit, one] => Some((number(unit)?, ratio(one)?)),
        _ => None,
    });
    let allocated = list("allocated").iter().map(|pair| match pair.as_list()? {
        [rule, amount] => Some((number(rule)?, decimal(amount)?)),
        _ => None,
    });
    Some(Facts {
        product: of("product")?,
        template: of("template")?,
        categories: numbers("categories")?,
        customer: of("customer")?,
        class: told.get("class").and_then(Json::as_text).map(str::to_owned),
        seller: of("seller")?,
        positions: numbers("positions")?,
        list: of("list")?,
        lists: lists.collect::<Option<_>>()?,
        quantities: quantities.collect::<Option<_>>()?,
        ratios: ratios.collect::<Option<_>>()?,
        asked: figure(told.get("asked")?)?,
        ratio: told.get("ratio").map(ratio).map_or(Some(None), |ratio| ratio.map(Some))?,
        measured: measured.collect::<Option<_>>()?,
        base: told.get("base").map(price).map_or(Some(None), |base| base.map(Some))?,
        cost: None,
        conditions: numbers("conditions")?.into_iter().map(|rule| (rule, true)).collect(),
        manual: told.get("manual") == Some(&Json::Bool(true)),
        discount_percent: told.get("discount_percent").map_or(Some(Dec::ZERO), decimal)?,
        allocated: allocated.collect::<Option<_>>()?,
    })
}

/// The derivation in its second form.
pub(super) fn second_form(mut derivation: Json) -> Json {
    let effects = derivation.get("effects").and_then(Json::as_list).unwrap_or_default();
    let makes = |effect: &&Json| effect.get("stage").and_then(Json::as_text) == Some("rule");
    let maker = effects.iter().find(makes).and_then(|effect| effect.get("rule")).cloned();
    let Json::Object(members) = &mut derivation else { return derivation };
    for (name, value) in members {
        match (name.as_str(), value) {
            ("version", version) => *version = Json::from(2i64),
            ("rules", Json::List(rules)) => {
                for rule in rules.iter_mut().filter(|rule| rule.get("rule") != maker.as_ref()) {
                    if let Json::Object(members) = rule {
                        members.retain(|(name, _)| name != "decided_by");
                    }
                }
            }
            ("effects", effects) => respell(effects, "round_mode"),
            ("rounding", steps) => respell(steps, "mode"),
            _ => {}
        }
    }
    derivation
}

/// Spells the rounding modes of a list as the second form did.
fn respell(list: &mut Json, member: &str) {
    let Json::List(list) = list else { return };
    for one in list {
        let Json::Object(members) = one else { continue };
        for (_, mode) in members.iter_mut().filter(|(name, _)| name == member) {
            if let Some(text) = mode.as_text() {
                *mode = Json::text(text.replace('_', "-"));
            }
        }
    }
}

/// The derivation in its first form.
pub(super) fn first_form(derivation: Json) -> Json {
    let mut derivation = second_form(derivation);
    if let Json::Object(members) = &mut derivation {
        members.retain(|(name, _)| name != "version");
        if let Some((_, Json::List(effects))) = members.iter_mut().find(|(name, _)| name == "effects") {
            let free = Json::text(PriceMethod::FreeGoods.code());
            effects.retain(|effect| effect.get("method") != Some(&free));
        }
    }
    derivation
}

/// Says in the derivation of a line that free goods which come with it were left out, and why.
pub fn free_left_out(derivation: &mut Option<SharedJson>, free: &FreeLine, why: &str) {
    let effect = Json::object()
        .with("stage", LEFT_OUT)
        .with("rule", free.rule.to_string())
        .with("code", free.code.as_str())
        .with("product", free.product.to_string())
        .with("free", free.free.to_string())
        .with("reason", why);
    let mut told = derivation.take().map_or_else(Json::object, |derivation| derivation.tree().clone());
    if let Json::Object(members) = &mut told {
        match members.iter_mut().find(|(name, _)| name == "effects") {
            Some((_, Json::List(effects))) => effects.push(effect),
            _ => members.push(("effects".to_owned(), Json::List(vec![effect]))),
        }
    }
    *derivation = Some(told.into());
}

/// The stage of an effect that tells of free goods which were left out.
pub(super) const LEFT_OUT: &str = "free_goods_left_out";

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
