//! What a price costs: the winner and the line's amount by the compiled rule index, the same with its derivation, whole
//! documents, and beside them in the same run a linear scan, exact-key hash probes and a prepared SQLite query that
//! answer the same question. One JSON object a line.
//!
//! `bench-pricing DIR [--lines 1000000] [--only NAME] [--keep DIR]`, DIR holding work set W1: `lines_price.csv`, `rules_1k.csv`, `rules_10k.csv`,
//! `rules_100k.csv`. The baselines that grow with the rules take as many lines as they do in a few seconds; the sum of
//! their winners is compared with the index's over those lines. Over all million lines the sums are those given. `--only`: the
//! winners and one of `explained`, `document`, `store` (from a file, by Rust, C, text and, where it is built and Node is there, the
//! web package) and `baseline`. `--keep`: files of the companies and their requests stay there (`crm-wasm/tests/prices.mjs`).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)] // a bench stops where anything is wrong
#![allow(clippy::float_arithmetic)] // figures are for people

mod company;

use cpu_time::ProcessTime;
use crm_domain::pricing::allocation::Allocation;
use crm_domain::pricing::derivation::{Story, tell as derivation};
use crm_domain::pricing::engine::{CustomerScope, Outcome, ProductScope, Question, Rule, Symbols, told};
use crm_domain::pricing::index::RuleSet;
use crm_domain::pricing::judge::{Base, Facts, Law, judge};
use crm_domain::pricing::scale::{Effect, OPEN};
use crm_domain::pricing::strategy::Strategy;
use crm_domain::pricing::totals::document;
use crm_domain::pricing::waterfall::{Beside, Posting};
use crm_domain::pricing::{
    Charge, DocumentDiscount, DocumentInput, LineInput, PriceMethod, PriceStage, TaxRules, UnitPrice,
};
use crm_domain::settings::{Ratio, Taxes};
use crm_kernel::currency::Currency;
use crm_kernel::date::Date;
use crm_kernel::dec::{Dec, Rounding};
use crm_kernel::money::RoundingPolicy;
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Decimals of the engine's figures.
const MICRO: i64 = 1_000_000;
/// Lines of one document.
const DOCUMENT: usize = 5;
/// How long a slow baseline may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// The sums over all lines, from the work set's description.
const SUMS: [(&str, i64); 3] = [("1k", 19_499_756), ("10k", 3_725_284_180), ("100k", 58_925_666_354)];

/// A rule as the work set has it.
#[derive(Clone, Copy)]
struct Plain {
    id: i64,
    product_scope: i64,
    product: i64,
    customer_scope: i64,
    customer: i64,
    min: i64,
    from: i64,
    to: i64,
    kind: i64,
    value: i64,
}

/// A line to price.
#[derive(Clone, Copy)]
struct Line {
    product: i64,
    customer: i64,
    quantity: i64,
    day: i64,
    category: i64,
    class: i64,
    list_price: i64,
}

impl Plain {
    fn fits(&self, line: &Line) -> bool {
        let product = match self.product_scope {
            0 => self.product == line.product,
            1 => self.product == line.category,
            _ => true,
        };
        let customer = match self.customer_scope {
            0 => self.customer == line.customer,
            1 => self.customer == line.class,
            _ => true,
        };
        product && customer && self.holds(line)
    }

    fn holds(&self, line: &Line) -> bool {
        self.min <= line.quantity
            && (self.from == 0 || self.from <= line.day)
            && (self.to == 0 || line.day <= self.to)
    }

    /// The larger, the better.
    fn rank(&self) -> (i64, i64, i64, i64) {
        (-self.product_scope, -self.customer_scope, self.min, self.id)
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder =
        PathBuf::from(arguments.next().expect("bench-pricing DIR [--lines N] [--only NAME] [--keep DIR]"));
    let (mut most, mut only, mut keep) = (usize::MAX, None, None);
    while let (Some(name), Some(value)) = (arguments.next(), arguments.next()) {
        match name.as_str() {
            "--lines" => most = value.parse().expect("a number"),
            "--only" => only = Some(value),
            "--keep" => keep = Some(PathBuf::from(value)),
            _ => panic!("unknown option {name}"),
        }
    }
    let wanted = |name: &str| only.as_deref().is_none_or(|only| only == name);
    let lines: Vec<Line> = rows(&folder.join("lines_price.csv"), most)
        .into_iter()
        .map(|cells| Line {
            product: cells[0],
            customer: cells[1],
            quantity: cells[2],
            day: cells[3],
            category: cells[4],
            class: cells[5],
            list_price: cells[6],
        })
        .collect();
    let scratch = std::env::temp_dir().join(format!("crm-bench-pricing-{}", std::process::id()));
    let kept = keep.clone().unwrap_or_else(|| scratch.clone());
    std::fs::create_dir_all(&kept).expect("a folder for the companies");
    for (size, sum) in SUMS {
        let rules: Vec<Plain> = rows(&folder.join(format!("rules_{size}.csv")), usize::MAX)
            .into_iter()
            .map(|cells| Plain {
                id: cells[0],
                product_scope: cells[1],
                product: cells[2],
                customer_scope: cells[3],
                customer: cells[4],
                min: cells[5],
                from: cells[6],
                to: cells[7],
                kind: cells[8],
                value: cells[9],
            })
            .collect();
        one(&rules, &lines, (lines.len() == 1_000_000).then_some(sum), wanted, &kept);
    }
    if wanted("store") {
        by_web(&kept);
    }
    if keep.is_none() {
        std::fs::remove_dir_all(&scratch).expect("the temporary folder");
    }
}

/// The same requests through the web package, in its own process; nothing where it is not built.
fn by_web(companies: &Path) {
    let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crm-wasm");
    if !package.join("pkg/crm.wasm").exists() {
        eprintln!("no row `winner-wasm`: `bash tools/wasm.sh` builds the web package");
        return;
    }
    match std::process::Command::new("node").arg(package.join("tests/prices.mjs")).arg(companies).status() {
        Ok(ended) => assert!(ended.success(), "prices.mjs"),
        Err(fault) => eprintln!("no row `winner-wasm`: node: {fault}"),
    }
}

/// All rows of one size.
fn one(rules: &[Plain], lines: &[Line], given: Option<i64>, wanted: impl Fn(&str) -> bool, kept: &Path) {
    let started = ProcessTime::now();
    let set = index(rules);
    tell("index", rules.len(), rules.len(), started.elapsed(), None);
    let strategy = Strategy::named("newest").unwrap();
    // Classes have their numbers before the clock starts, as an open engine has them.
    let classes: Vec<u32> = lines.iter().map(|line| set.class(Some(&line.class.to_string()))).collect();

    let started = ProcessTime::now();
    let mut amounts = Dec::ZERO;
    let mut winners: Vec<i64> = Vec::with_capacity(lines.len());
    for (line, class) in lines.iter().zip(&classes) {
        let (rule, amount) = winner(&set, strategy, line, *class);
        winners.push(rule);
        amounts = amounts.add(amount).unwrap();
    }
    assert!(amounts.is_positive());
    let sum: i64 = winners.iter().sum();
    tell("winner", rules.len(), lines.len(), started.elapsed(), Some(sum));
    if let Some(given) = given {
        assert_eq!(sum, given, "winners differ from those given");
    }

    let some = lines.len().min(200_000);
    let sum: i64 = winners[..some].iter().sum();
    if wanted("explained") {
        let started = ProcessTime::now();
        let found: i64 = lines[..some].iter().map(|line| explained(&set, strategy, line).0).sum();
        tell("explained", rules.len(), some, started.elapsed(), Some(found));
        assert_eq!(found, sum, "the explained winners differ");
    }
    if wanted("document") {
        let started = ProcessTime::now();
        let found: i64 = lines[..some].chunks(DOCUMENT).map(|lines| whole(&set, strategy, lines)).sum();
        tell("document", rules.len(), some, started.elapsed(), Some(found));
        assert_eq!(found, sum, "the winners of documents differ");
    }
    if wanted("store") {
        company::measure(rules, &lines[..some], &winners[..some], kept);
    }
    if wanted("baseline") {
        baselines(rules, lines, &winners);
    }
}

/// What answers the same question otherwise.
fn baselines(rules: &[Plain], lines: &[Line], winners: &[i64]) {
    baseline("scan", rules.len(), lines, winners, |line| {
        let best = rules.iter().filter(|rule| rule.fits(line)).max_by_key(|rule| rule.rank());
        best.map_or(0, |rule| rule.id)
    });
    let mut places: HashMap<(i64, i64, i64, i64), Vec<Plain>> = HashMap::new();
    for rule in rules {
        let key = (rule.product_scope, rule.product, rule.customer_scope, rule.customer);
        places.entry(key).or_default().push(*rule);
    }
    for rules in places.values_mut() {
        rules.sort_by_key(|rule| (-rule.min, -rule.id));
    }
    baseline("hash", rules.len(), lines, winners, |line| {
        for product in [(0, line.product), (1, line.category), (2, 0)] {
            for customer in [(0, line.customer), (1, line.class), (2, 0)] {
                let place = places.get(&(product.0, product.1, customer.0, customer.1));
                if let Some(rule) = place.and_then(|rules| rules.iter().find(|rule| rule.holds(line))) {
                    return rule.id;
                }
            }
        }
        0
    });
    let database = stored(rules);
    let mut query = database
        .prepare(
            "select id from rules where ((pscope=0 and pid=?1) or (pscope=1 and pid=?2) or (pscope=2 and pid=0)) \
             and ((cscope=0 and cid=?3) or (cscope=1 and cid=?4) or (cscope=2 and cid=0)) and min_qty<=?5 \
             and (day_from=0 or day_from<=?6) and (day_to=0 or ?6<=day_to) \
             order by pscope, cscope, min_qty desc, id desc limit 1",
        )
        .unwrap();
    baseline("sqlite", rules.len(), lines, winners, |line| {
        let given = params![line.product, line.category, line.customer, line.class, line.quantity, line.day];
        query.query_row(given, |row| row.get(0)).optional().unwrap().unwrap_or(0)
    });
}

/// The rules in their index.
fn index(rules: &[Plain]) -> RuleSet {
    let mut classes = Symbols::default();
    let day = |day: i64, open: Date| if day == 0 { open } else { Date::from_days(day).unwrap() };
    let mut made = Vec::with_capacity(rules.len());
    for rule in rules {
        let method = if rule.kind == 1 { PriceMethod::FixedPrice } else { PriceMethod::DiscountPercent };
        made.push(Rule {
            id: rule.id,
            product: match rule.product_scope {
                0 => ProductScope::Product(rule.product),
                1 => ProductScope::Category(rule.product),
                _ => ProductScope::All,
            },
            customer: match rule.customer_scope {
                0 => CustomerScope::Customer(rule.customer),
                1 => CustomerScope::Class(classes.of(Some(&rule.customer.to_string()))),
                _ => CustomerScope::All,
            },
            position: 0,
            list: 0,
            unit: 0,
            from: day(rule.from, Date::MIN),
            until: day(rule.to, Date::MAX),
            min: rule.min * MICRO,
            max: OPEN,
            currency: None,
            priority: None,
            code: rule.id.to_string().into(),
            told: told(rule.id, &rule.id.to_string()),
            condition: None,
            counted: None,
            axes: 0,
            stage: PriceStage::List,
            group: 0,
            // Cents, and hundredths of a per cent.
            effect: Effect::of(method, rule.value * (MICRO / 100)),
        });
    }
    RuleSet::new(made, classes)
}

/// The rule that makes a line's price, 0 for none, and what the line costs.
fn winner(set: &RuleSet, strategy: &Strategy, line: &Line, class: u32) -> (i64, Dec) {
    let base = UnitPrice::from(Dec::from_i64_at(line.list_price, 2));
    let (quantities, categories) = ([(0, line.quantity * MICRO)], [line.category]);
    let question = Question {
        product: line.product,
        template: 0,
        categories: &categories,
        customer: line.customer,
        class,
        positions: &[],
        lists: &[],
        quantities: &quantities,
        ratios: &[],
        measured: &[],
        date: Date::from_days(line.day).unwrap(),
        currency: Currency::EUR,
        base: Some(base),
        cost: None,
        base_lists: &[],
        conditions: &[],
        manual: false,
        allocated: &[],
    };
    let (rule, price) =
        set.winner(&question, strategy).unwrap().map_or((0, base), |winner| (winner.rule, winner.price));
    (rule, price.times(Dec::from_int(line.quantity), Dec::ZERO, 2, Rounding::HalfUp).unwrap())
}

/// The same with the whole derivation, as a line keeps it; the price of one.
fn explained(set: &RuleSet, strategy: &Strategy, line: &Line) -> (i64, UnitPrice) {
    let price = UnitPrice::from(Dec::from_i64_at(line.list_price, 2));
    let facts = Facts {
        product: line.product,
        categories: vec![line.category],
        customer: line.customer,
        class: Some(line.class.to_string()),
        quantities: vec![(0, line.quantity * MICRO)],
        asked: line.quantity * MICRO,
        base: Some(price),
        ..Facts::default()
    };
    let law = Law {
        rules: set,
        strategy,
        groups: &[],
        date: Date::from_days(line.day).unwrap(),
        currency: Currency::EUR,
        beside: Beside::default(),
        posting: Posting { digits: 2, rounding: Rounding::HalfUp },
    };
    let (candidates, judged) = judge(&law, &facts).unwrap();
    let (_, made) = judged.price.unwrap();
    let base = Base { listed: price, currency: Currency::EUR, rate: Ratio::ONE, price };
    let story = derivation(&Story {
        law: &law,
        change: 1,
        quantity: Dec::from_int(line.quantity),
        unit: None,
        base: Some(&base),
        facts: &facts,
        candidates: &candidates,
        judged: &judged,
        price: made,
        free: &[],
    });
    assert!(!story.unwrap().text().is_empty());
    match judged.decision.outcome {
        Outcome::Chosen { at, .. } => (candidates[at].id, made),
        _ => (0, made),
    }
}

/// A document: its lines with their derivations, a discount on the whole, two rates of tax, totals. The sum of the
/// numbers of the rules.
fn whole(set: &RuleSet, strategy: &Strategy, lines: &[Line]) -> i64 {
    let mut sum = 0;
    let mut inputs = Vec::with_capacity(lines.len());
    for (at, line) in lines.iter().enumerate() {
        let (rule, unit_price) = explained(set, strategy, line);
        sum += rule;
        inputs.push(LineInput {
            quantity: Dec::from_int(line.quantity),
            unit_price,
            discount_percent: Dec::ZERO,
            taxes: Taxes::rate(Dec::from_int(if at % 2 == 0 { 19 } else { 7 })),
        });
    }
    let totals = document(&DocumentInput {
        currency: Currency::EUR,
        policy: RoundingPolicy::HalfUp,
        lines: inputs,
        effects: Vec::new(),
        discount: DocumentDiscount::Percent(Dec::from_int(2)),
        allocation: Allocation::LargestRemainder,
        freight: Charge::default(),
        other: Charge::default(),
        tax: TaxRules::default(),
        cash_step: None,
    });
    assert!(!totals.unwrap().total.is_negative());
    sum
}

/// A baseline over as many lines as it does in a few seconds.
fn baseline(name: &str, rules: usize, lines: &[Line], winners: &[i64], mut winner: impl FnMut(&Line) -> i64) {
    let started = ProcessTime::now();
    let (mut sum, mut done) = (0, 0);
    for chunk in lines.chunks(1_000) {
        sum += chunk.iter().map(&mut winner).sum::<i64>();
        done += chunk.len();
        if started.elapsed() > PATIENCE {
            break;
        }
    }
    tell(name, rules, done, started.elapsed(), Some(sum));
    assert_eq!(sum, winners[..done].iter().sum::<i64>(), "{name} finds other winners");
}

fn stored(rules: &[Plain]) -> Connection {
    let mut database = Connection::open_in_memory().unwrap();
    database
        .execute_batch(
            "create table rules(id integer primary key, pscope integer, pid integer, cscope integer, cid integer, \
             min_qty integer, day_from integer, day_to integer, kind integer, value integer)",
        )
        .unwrap();
    let inserted = database.transaction().unwrap();
    for rule in rules {
        let Plain { id, product_scope, product, customer_scope, customer, min, from, to, kind, value } =
            *rule;
        inserted
            .prepare_cached("insert into rules values(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)")
            .unwrap()
            .execute(params![
                id,
                product_scope,
                product,
                customer_scope,
                customer,
                min,
                from,
                to,
                kind,
                value
            ])
            .unwrap();
    }
    inserted.commit().unwrap();
    database.execute_batch("create index rules_scope on rules(pscope, pid, cscope, cid, min_qty)").unwrap();
    database
}

fn rows(file: &Path, most: usize) -> Vec<Vec<i64>> {
    let text = std::fs::read_to_string(file).unwrap_or_else(|fault| panic!("{}: {fault}", file.display()));
    let cells = |line: &str| line.split(',').map(|cell| cell.parse().expect("an integer")).collect();
    text.lines().skip(1).take(most).map(cells).collect()
}

fn tell(name: &str, rules: usize, lines: usize, spent: Duration, sum: Option<i64>) {
    let second = lines as f64 / spent.as_secs_f64();
    let sum = sum.map_or(String::new(), |sum| format!(", \"winner_id_sum\": {sum}"));
    let ms = spent.as_secs_f64() * 1_000.0;
    println!(
        "{{\"name\": \"{name}\", \"rules\": {rules}, \"lines\": {lines}, \"ms\": {ms:.1}, \"lines_per_second\": {second:.0}{sum}}}"
    );
}
