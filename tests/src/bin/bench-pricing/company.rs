//! The same rules and lines as a company in a database: what opening it and asking for many prices at once costs, from Rust
//! and through the C library.

use super::{Line, Plain, tell};
use cpu_time::ProcessTime;
use crm::{
    crm_close, crm_decimal, crm_error, crm_open, crm_price, crm_price_line, crm_price_lines,
    crm_session_close, crm_session_open,
};
use crm_domain::pricing::{PriceAmount, PriceAmountAnswer, PriceGet};
use crm_kernel::date::{Date, Instant as Moment};
use crm_kernel::dec::Dec;
use crm_kernel::id::{Id, Ref};
use crm_kernel::json::Json;
use crm_store::sqlite::{Options, SqliteStore, Synchronous};
use crm_store::{Clock, Crm, Session};
use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::time::Instant;

/// Lines that are asked for in one call.
const CALL: usize = 10_000;
/// Lines that are asked for one by one.
const JSON: usize = 20_000;
/// Records made in one batch.
const BATCH: usize = 500;

/// The company's records by the numbers of the work set.
struct Company {
    administrator: Id,
    products: HashMap<i64, Id>,
    customers: HashMap<i64, Id>,
    /// The work set's numbers of the rules.
    rules: HashMap<i64, i64>,
}

/// Opens, asks and tells; `winners` are those of the index. The file and the requests stay in the folder.
pub(crate) fn measure(rules: &[Plain], lines: &[Line], winners: &[i64], folder: &Path) {
    let name = |what: &str| folder.join(format!("{}.{what}", rules.len()));
    let file = &name("db");
    let _ = std::fs::remove_file(file);
    let company = fill(rules, lines, file);
    let asked: Vec<PriceAmount> = lines.iter().map(|line| company.question(line)).collect();

    let before = resident();
    let clock = Instant::now();
    let crm = open(file);
    let session = crm.session(Some(company.administrator));
    let opened = clock.elapsed();
    let first = session.call(asked[0].clone()).unwrap();
    let ready = clock.elapsed() - opened;
    assert_eq!(company.winner(&first), winners[0]);
    tell("index-from-file", rules.len(), rules.len(), ready, None);
    let memory = resident().saturating_sub(before);
    println!(r#"{{"name": "memory-open", "rules": {}, "bytes": {memory}}}"#, rules.len());

    // Every record is read once before the clock starts.
    session.call_each(&asked).unwrap();
    let started = ProcessTime::now();
    let mut sum = 0;
    for asked in asked.chunks(CALL) {
        let answers = session.call_each(asked).unwrap();
        sum += answers.into_iter().map(|answer| company.winner(&answer.unwrap())).sum::<i64>();
    }
    tell("store", rules.len(), lines.len(), started.elapsed(), Some(sum));
    assert_eq!(sum, winners.iter().sum::<i64>(), "the winners of the store differ");

    // One by one, as text: what other doors do, the web package among them.
    let requests: Vec<String> = lines.iter().take(JSON).map(|line| company.request(line)).collect();
    let started = ProcessTime::now();
    let mut sum = 0;
    for request in &requests {
        let answer = Json::parse(&session.call_json("price.amount", request).unwrap()).unwrap();
        let rule = answer.get("rule").and_then(Json::as_text).and_then(Id::parse);
        sum += rule.map_or(0, |rule| company.rules[&rule.number()]);
    }
    tell("json", rules.len(), requests.len(), started.elapsed(), Some(sum));
    drop((session, crm));
    let head = format!(r#"{{"administrator":"{}"}}"#, company.administrator);
    std::fs::write(name("requests"), [&[head], requests.as_slice()].concat().join("\n")).unwrap();

    let asked: Vec<crm_price_line> = lines.iter().map(|line| company.line(line)).collect();
    let sum = by_c(&company, &asked, rules.len(), file);
    assert_eq!(sum, winners.iter().sum::<i64>(), "the winners of the C library differ");
}

/// The same through the functions of the C library.
fn by_c(company: &Company, asked: &[crm_price_line], rules: usize, file: &Path) -> i64 {
    let path = file.to_str().unwrap();
    let (mut database, mut session) = (0, 0);
    let no_error: *mut crm_error = std::ptr::null_mut();
    // SAFETY: texts of the lengths given; both handles are received.
    unsafe {
        let _ = crm_open(path.as_ptr().cast(), path.len(), &raw mut database, no_error);
        let actor = company.administrator.number().unsigned_abs();
        let _ = crm_session_open(database, actor, "en".as_ptr().cast(), 2, &raw mut session, no_error);
    }
    let mut prices: Vec<crm_price> = Vec::with_capacity(CALL);
    let mut all = |counted: &mut dyn FnMut(u64)| {
        for asked in asked.chunks(CALL) {
            prices.clear();
            // SAFETY: so many lines, and room for as many prices; none of them has an error, as the sum of the winners shows.
            unsafe {
                let _ = crm_price_lines(session, asked.as_ptr(), asked.len(), prices.as_mut_ptr(), no_error);
                prices.set_len(asked.len());
            }
            prices.iter().for_each(|price| counted(price.rule));
        }
    };
    all(&mut |_| {});
    let mut sum = 0;
    let started = ProcessTime::now();
    all(&mut |rule| sum += company.rules.get(&rule.cast_signed()).copied().unwrap_or(0));
    tell("winner-c", rules, asked.len(), started.elapsed(), Some(sum));
    // SAFETY: handles may be anything.
    unsafe {
        let _ = crm_session_close(session, no_error);
        let _ = crm_close(database, no_error);
    }
    sum
}

impl Company {
    fn question(&self, line: &Line) -> PriceAmount {
        let asked = PriceGet {
            product: Ref::new(self.products[&line.product]),
            quantity: Dec::from_int(line.quantity),
            unit: None,
            customer: Some(Ref::new(self.customers[&line.customer])),
            seller: None,
            date: Date::from_days(line.day),
            currency: None,
            list: None,
        };
        PriceAmount { asked }
    }

    fn request(&self, line: &Line) -> String {
        let (product, customer) = (self.products[&line.product], self.customers[&line.customer]);
        let date = Date::from_days(line.day).unwrap();
        let quantity = line.quantity;
        format!(
            r#"{{"product":"{product}","quantity":"{quantity}","customer":"{customer}","date":"{date}"}}"#
        )
    }

    fn line(&self, line: &Line) -> crm_price_line {
        crm_price_line {
            product: self.products[&line.product].number().unsigned_abs(),
            quantity: crm_decimal { mantissa: line.quantity, scale: 0 },
            customer: self.customers[&line.customer].number().unsigned_abs(),
            date: i32::try_from(line.day).unwrap(),
            ..crm_price_line::default()
        }
    }

    fn winner(&self, answer: &PriceAmountAnswer) -> i64 {
        answer.rule.map_or(0, |rule| self.rules[&rule.id().number()])
    }
}

fn open(file: &Path) -> Crm {
    let store = SqliteStore::open(file, Options { synchronous: Synchronous::Normal, ..Options::default() });
    let clock = Clock::fixed(Moment::parse("2026-01-05T01:00:00Z").unwrap());
    Crm::new(Box::new(store.unwrap()), clock).unwrap()
}

/// A company whose products, customers and rules are those of the lines.
fn fill(rules: &[Plain], lines: &[Line], file: &Path) -> Company {
    let crm = open(file);
    let setup = r#"{"name":"Figures","base_currency":"EUR","administrator":"A"}"#;
    let made = Json::parse(&crm.session(None).call_json("enterprise.setup", setup).unwrap()).unwrap();
    let administrator = made.get("administrator").and_then(Json::as_text).and_then(Id::parse).unwrap();
    let session = crm.session(Some(administrator));
    session.call_json("setting.set", r#"{"key":"pricing.strategy","value":"newest"}"#).unwrap();

    let mut products: HashMap<i64, &Line> = HashMap::new();
    let mut customers: HashMap<i64, Option<i64>> = HashMap::new();
    for line in lines {
        products.insert(line.product, line);
        customers.insert(line.customer, Some(line.class));
    }
    let mut categories: BTreeSet<i64> = lines.iter().map(|line| line.category).collect();
    let mut classes: BTreeSet<i64> = lines.iter().map(|line| line.class).collect();
    // What only rules name.
    let mut other_products = BTreeSet::new();
    for rule in rules {
        match rule.product_scope {
            0 if !products.contains_key(&rule.product) => _ = other_products.insert(rule.product),
            1 => _ = categories.insert(rule.product),
            _ => {}
        }
        match rule.customer_scope {
            0 => _ = customers.entry(rule.customer).or_default(),
            1 => _ = classes.insert(rule.customer),
            _ => {}
        }
    }

    let value = |class: &i64| {
        format!(r#""list":"customer_class","code":"{class}","name_en":"C","name_zh_cn":"C","name_zh_tw":"C""#)
    };
    create(&session, "picklist_value", classes.iter().map(value));
    let categories: Vec<i64> = categories.into_iter().collect();
    let made = create(
        &session,
        "product_category",
        categories.iter().map(|no| format!(r#""code":"{no}","name":"C""#)),
    );
    let category_of: HashMap<i64, Id> = categories.into_iter().zip(made).collect();
    let mut of: Vec<i64> = products.keys().copied().collect();
    let known = of.len();
    of.extend(other_products);
    let product = |(at, no): (usize, &i64)| match products.get(no).filter(|_| at < known) {
        Some(line) => {
            let (price, category) = (Dec::from_i64_at(line.list_price, 2), category_of[&line.category]);
            format!(r#""code":"{no}","name":"P","list_price":"{price}","category":"{category}""#)
        }
        None => format!(r#""code":"{no}","name":"P""#),
    };
    let made = create(&session, "product", of.iter().enumerate().map(product));
    let products: HashMap<i64, Id> = of.into_iter().zip(made).collect();
    let of: Vec<(i64, Option<i64>)> = customers.into_iter().collect();
    let customer = |(no, class): &(i64, Option<i64>)| {
        let class = class.map_or(String::new(), |class| format!(r#","customer_class":"{class}""#));
        format!(r#""name":"Customer {no}"{class}"#)
    };
    let made = create(&session, "customer", of.iter().map(customer));
    let customers: HashMap<i64, Id> = of.into_iter().map(|(no, _)| no).zip(made).collect();
    let rule = |rule: &Plain| {
        let mut values = format!(r#""code":"{}","name":"R","min_quantity":"{}""#, rule.id, rule.min);
        let mut member = |name: &str, value: String| values.push_str(&format!(r#","{name}":"{value}""#));
        match rule.product_scope {
            0 => member("product", products[&rule.product].to_string()),
            1 => member("category", category_of[&rule.product].to_string()),
            _ => {}
        }
        match rule.customer_scope {
            0 => member("customer", customers[&rule.customer].to_string()),
            1 => member("customer_class", rule.customer.to_string()),
            _ => {}
        }
        for (name, day) in [("valid_from", rule.from), ("valid_until", rule.to)] {
            if day != 0 {
                member(name, Date::from_days(day).unwrap().to_string());
            }
        }
        if rule.kind == 1 {
            member("currency", "EUR".to_owned());
        }
        member("method", if rule.kind == 1 { "fixed_price" } else { "discount_percent" }.to_owned());
        member("value", Dec::from_i64_at(rule.value, 2).to_string());
        values
    };
    let made = create(&session, "price_rule", rules.iter().map(rule));
    let rules = made.into_iter().map(Id::number).zip(rules.iter().map(|rule| rule.id)).collect();
    Company { administrator, products, customers, rules }
}

/// Makes records of the members of their values. Gives their ids, in order.
fn create(session: &Session, kind: &str, values: impl Iterator<Item = String>) -> Vec<Id> {
    let all: Vec<String> = values
        .map(|values| {
            format!(r#"{{"op":"record.create","request":{{"kind":"{kind}","values":{{{values}}}}}}}"#)
        })
        .collect();
    let mut ids = Vec::with_capacity(all.len());
    for chunk in all.chunks(BATCH) {
        let request = format!(r#"{{"operations":[{}]}}"#, chunk.join(","));
        let answer = session.call_json("batch", &request).unwrap_or_else(|error| panic!("{kind}: {error}"));
        let answer = Json::parse(&answer).unwrap();
        let made = answer.get("answers").and_then(Json::as_list).unwrap();
        ids.extend(
            made.iter().map(|one| one.at("/record/id").and_then(Json::as_text).and_then(Id::parse).unwrap()),
        );
    }
    ids
}

/// The memory of this process, in bytes.
fn resident() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    pages.split_whitespace().nth(1).and_then(|pages| pages.parse::<u64>().ok()).unwrap_or(0) * 4_096
}
