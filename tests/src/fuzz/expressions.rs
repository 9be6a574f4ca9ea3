//! Random expressions and plans over random records: two stores give the same values, order, pages and figures.

use super::case::{BYTES, Case};
use super::choices::shrink;
use super::data::World;
use super::random::Random;
use super::schema;
use crm_kernel::expr::table::{Function, OPERATORS};
use crm_kernel::store::Store;
use std::collections::HashMap;
use std::fmt;

/// Makes the two stores that are compared, both empty.
pub type Pair<'a> = &'a dyn Fn() -> (Box<dyn Store>, Box<dyn Store>);

/// Cases asked of the same records.
const CASES_PER_WORLD: u64 = 1_000;
/// Differences told in full; the others are counted.
const TOLD: usize = 5;
const BULK: World = World { zones: 3, accounts: 7, deals: 14 };
/// Bytes that are enough for nearly all records of [`BULK`].
const WORLD_BYTES: usize = 4_000;

/// What a run found.
#[derive(Debug, Default)]
pub struct Tally {
    /// Cases compared.
    pub cases: u64,
    /// Expressions in them.
    pub expressions: u64,
    /// Rows and groups that the cases gave.
    pub rows: u64,
    /// Further expressions, which the checker refused; they take no part.
    pub refused: u64,
    /// How many expressions used each row of the table of operators.
    pub hits: HashMap<Function, u64>,
    /// Cases in which the stores differed.
    pub differences: u64,
    /// The first of them, as small as they could be made.
    pub told: Vec<String>,
}

impl Tally {
    /// Rows of the table of operators that no expression used.
    pub fn missed(&self) -> Vec<Function> {
        OPERATORS.iter().map(|row| row.id).filter(|id| !self.hits.contains_key(id)).collect()
    }

    /// Adds another run.
    pub fn add(&mut self, other: Tally) {
        self.cases += other.cases;
        self.expressions += other.expressions;
        self.rows += other.rows;
        self.refused += other.refused;
        self.differences += other.differences;
        other.hits.into_iter().for_each(|(id, count)| *self.hits.entry(id).or_default() += count);
        self.told.extend(other.told.into_iter().take(TOLD.saturating_sub(self.told.len())));
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} cases of {} expressions giving {} rows; {} more expressions refused by the checker; {} differences",
            self.cases, self.expressions, self.rows, self.refused, self.differences
        )?;
        self.told.iter().try_for_each(|told| writeln!(f, "\n{told}"))
    }
}

/// Runs so many cases from a seed.
pub fn run(cases: u64, seed: u64, pair: Pair<'_>) -> Tally {
    let mut tally = Tally::default();
    let mut random = Random::new(seed);
    while tally.cases < cases {
        let world = random.bytes(WORLD_BYTES);
        let count = CASES_PER_WORLD.min(cases - tally.cases);
        let batch: Vec<Vec<u8>> = (0..count).map(|_| random.bytes(BYTES)).collect();
        compare(BULK, &world, &batch, pair, &mut tally);
    }
    tally
}

/// One case on a few records, all from bytes; what differs, if anything does. For a test that shrinks.
pub fn one(world: &[u8], case: &[u8], pair: Pair<'_>) -> Option<String> {
    let mut tally = Tally::default();
    let few = World { zones: 2, accounts: 2, deals: 3 };
    compare(few, world, std::slice::from_ref(&case.to_vec()), pair, &mut tally);
    tally.told.pop()
}

fn compare(world: World, bytes: &[u8], batch: &[Vec<u8>], pair: Pair<'_>, tally: &mut Tally) {
    let catalogue = schema::catalogue();
    let (one, other) = pair();
    let mut stores = [one, other];
    world.fill(bytes, &catalogue, &mut stores);
    let [one, other] = &mut stores;
    let mut one = one.begin(false, &catalogue).unwrap();
    let mut other = other.begin(false, &catalogue).unwrap();
    for bytes in batch {
        let case = Case::new(bytes, &catalogue);
        tally.count(&case);
        let found = match case.compare(&mut *one, &mut *other) {
            Ok(rows) => {
                tally.rows += rows;
                continue;
            }
            Err(found) => found,
        };
        tally.differences += 1;
        if tally.told.len() < TOLD {
            let mut differs =
                |bytes: &[u8]| Case::new(bytes, &catalogue).compare(&mut *one, &mut *other).is_err();
            let least = Case::new(&shrink(bytes.clone(), &mut differs), &catalogue);
            let found = least.compare(&mut *one, &mut *other).err().unwrap_or(found);
            tally.told.push(format!("{}{found}", least.told));
        }
    }
}

impl Tally {
    fn count(&mut self, case: &Case) {
        self.cases += 1;
        self.refused += case.refused;
        for expr in &case.expressions {
            self.expressions += 1;
            for operator in expr.node().operators() {
                *self.hits.entry(operator.id).or_default() += 1;
            }
        }
    }
}
