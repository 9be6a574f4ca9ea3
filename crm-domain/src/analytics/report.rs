//! `report.run`: groups, measures and formulas over any kind, as data.

use super::rules::{RankMethod, period_name, ranks};
use super::{BAD_REPORT, NOT_A_DATE, SavedReport};
use crate::ordering::{IN_EFFECT, Order};
use crate::records::page;
use crm_kernel::catalogue::Kind;
use crm_kernel::date::Date;
use crm_kernel::dec::Dec;
use crm_kernel::error::{Code, Error, Result};
use crm_kernel::expr::node::Ty;
use crm_kernel::expr::{Expr, NoSource, RowEnv};
use crm_kernel::json::Json;
use crm_kernel::operation::Operation;
use crm_kernel::permission::{Needs, RowRule};
use crm_kernel::plan::{Aggregate, GroupKey, Measure, Period};
use crm_kernel::record::{FieldType, Record as _};
use crm_kernel::value::{Row, Value};
use crm_kernel::work::Work;
use crm_kernel::{Choice, Record};
use std::cmp::Ordering;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Runs a report: groups of records or lines of one kind with measures, formulas over the measures, rank, order and
/// limit. Everything is within what the actor may read, and the answer says so.
#[derive(Clone, Debug, Record)]
#[record(name = "report_run")]
pub struct RunReport {
    /// A saved report by code; the other fields then override its own.
    pub report: Option<String>,
    /// The kind; a child kind for lines.
    pub kind: Option<String>,
    /// Only records for which this condition holds. It may name `as_of` and `today`.
    #[field(text = 8192)]
    pub filter: Option<String>,
    /// Group keys; one row for everything where there are none.
    pub group: Vec<GroupBy>,
    /// What is counted and summed.
    pub measures: Vec<MeasureBy>,
    /// Values computed from the measures and keys of a row.
    pub formulas: Vec<Formula>,
    /// Only rows for which this condition over keys, measures and formulas holds.
    #[field(text = 8192)]
    pub having: Option<String>,
    /// Sort keys: names of group keys, measures or formulas, `-` in front for largest first. Group keys decide ties.
    pub order: Vec<String>,
    /// At most so many rows, after sorting.
    pub limit: Option<i64>,
    /// A rank by one measure or formula.
    pub rank: Option<RankBy>,
    /// Adds each group's measures to every record above it, along a reference.
    pub roll_up: Option<RollUp>,
    /// The date that the report speaks of; today where there is none.
    pub as_of: Option<Date>,
}

/// A group key.
#[derive(Clone, Debug, Record)]
#[record(name = "report_group")]
pub struct GroupBy {
    /// The name of the column.
    #[field(text = 60)]
    pub name: String,
    /// The key.
    #[field(text = 8192)]
    pub by: String,
    /// For dates: the period that they fall into.
    pub period: Option<PeriodBy>,
}

/// Calendar periods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum PeriodBy {
    /// The day itself.
    Day,
    /// Weeks from Monday (ISO 8601).
    Week,
    /// Months.
    Month,
    /// Quarters of the calendar year.
    Quarter,
    /// Calendar years.
    Year,
}

impl PeriodBy {
    /// The plan's period.
    pub fn period(self) -> Period {
        match self {
            PeriodBy::Day => Period::Day,
            PeriodBy::Week => Period::Week,
            PeriodBy::Month => Period::Month,
            PeriodBy::Quarter => Period::Quarter,
            PeriodBy::Year => Period::Year,
        }
    }
}

/// A measure.
#[derive(Clone, Debug, Record)]
#[record(name = "report_measure")]
pub struct MeasureBy {
    /// The name of the column.
    #[field(text = 60)]
    pub name: String,
    /// What is done.
    pub measure: MeasureKind,
    /// Over which value; every measure but `count` needs it.
    #[field(text = 8192)]
    pub of: Option<String>,
    /// Decimals of an average.
    #[field(default = "2")]
    pub decimals: i64,
}

/// Measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum MeasureKind {
    /// Records.
    Count,
    /// Records whose value is not null.
    CountOf,
    /// Different values.
    CountDistinct,
    /// The exact sum; zero over no values.
    Sum,
    /// The smallest value.
    Min,
    /// The largest value.
    Max,
    /// The exact sum divided once, half-up.
    Average,
}

/// A value computed from a row.
#[derive(Clone, Debug, Record)]
#[record(name = "report_formula")]
pub struct Formula {
    /// The name of the column.
    #[field(text = 60)]
    pub name: String,
    /// The formula over the columns before it, such as `round(late / shipped, 6)`.
    #[field(text = 8192)]
    pub of: String,
}

/// A rank.
#[derive(Clone, Debug, Record)]
#[record(name = "report_rank")]
pub struct RankBy {
    /// The name of the column.
    #[field(text = 60, default = "\"rank\"")]
    pub name: String,
    /// The measure or formula; the largest ranks first. A row in which it is missing has no rank.
    #[field(text = 60)]
    pub by: String,
    /// How equal values are ranked.
    #[field(default = "\"competition\"")]
    pub method: RankMethod,
}

/// A roll-up along a reference: a salesperson's figures count for everybody above.
#[derive(Clone, Debug, Record)]
#[record(name = "report_roll_up")]
pub struct RollUp {
    /// The group key that holds references; it must be the only one.
    #[field(text = 60)]
    pub group: String,
    /// The kind that it refers to.
    #[field(text = 60)]
    pub kind: String,
    /// The field of that kind that names the record above.
    #[field(text = 60)]
    pub through: String,
    /// What is shown for each record.
    #[field(text = 8192)]
    pub show: String,
}

/// The answer of a report.
#[derive(Clone, Debug, Record)]
#[record(name = "report_answer")]
pub struct ReportAnswer {
    /// The date that it speaks of.
    pub as_of: Date,
    /// `all` where the actor may read every record of the kind, else `own_scope`.
    pub scope: String,
    /// Columns in order: `{name, type}`.
    pub columns: Vec<Json>,
    /// Rows: one value a column. Decimals are strings, a missing value is null.
    pub rows: Vec<Json>,
}

impl Operation for RunReport {
    const NAME: &'static str = "report.run";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::Right { kind: "report", verb: "run" };
    const ERRORS: &'static [Code] = &[BAD_REPORT, NOT_A_DATE];
    const CAPABILITIES: &'static [&'static str] = &["ANA-01", "ANA-03", "ANA-04", "ANA-13", "ANA-15"];
    const EXAMPLE: &'static str = r#"{"kind":"employee","group":[{"name":"department","by":"department.name"}],"measures":[{"name":"people","measure":"count"}],"order":["-people"]}"#;
    type Answer = ReportAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<ReportAnswer> {
        let request = saved(work, self)?;
        let name = request.kind.clone().ok_or_else(|| Code::REQUIRED.at("/kind"))?;
        let catalogue = work.catalogue();
        let kind = catalogue.named(&name).map_err(|error| error.at("/kind"))?;
        work.require(kind.name(), "read")?;
        Table::run(work, kind, &request)
    }
}

/// A report from its saved form, overridden by what the request gives.
fn saved(work: &mut Work<'_>, request: RunReport) -> Result<RunReport> {
    let Some(code) = &request.report else { return Ok(request) };
    let names = [("$code", Ty::Text, Value::Text(code.clone()))];
    let missing = || Code::NOT_FOUND.at("/report").with("kind", "saved_report").with("id", code.clone());
    let found = work.only::<SavedReport>("code == $code", &names)?.ok_or_else(missing)?;
    let row =
        crm_kernel::codec::Decoder::new(&work.catalogue()).message(RunReport::def(), &found.definition)?;
    let kept = RunReport::from_row(&row)?;
    let list = |given: Vec<String>, kept: Vec<String>| if given.is_empty() { kept } else { given };
    Ok(RunReport {
        report: None,
        kind: request.kind.or(kept.kind),
        filter: request.filter.or(kept.filter),
        group: if request.group.is_empty() { kept.group } else { request.group },
        measures: if request.measures.is_empty() { kept.measures } else { request.measures },
        formulas: if request.formulas.is_empty() { kept.formulas } else { request.formulas },
        having: request.having.or(kept.having),
        order: list(request.order, kept.order),
        limit: request.limit.or(kept.limit),
        rank: request.rank.or(kept.rank),
        roll_up: request.roll_up.or(kept.roll_up),
        as_of: request.as_of.or(kept.as_of),
    })
}

/// A table in the making: columns with types, rows of values.
struct Table {
    names: Vec<String>,
    types: Vec<Ty>,
    keys: usize,
    rows: Vec<Vec<Value>>,
}

impl Table {
    fn run(work: &mut Work<'_>, kind: &Kind, request: &RunReport) -> Result<ReportAnswer> {
        let as_of = request.as_of.unwrap_or_else(|| work.today());
        let names = [("as_of", Ty::Date, Value::Date(as_of))];
        let filter = match &request.filter {
            Some(text) => {
                let filter = work.asked_condition(kind.no(), text, &names);
                Some(filter.map_err(|error| error.at("/filter"))?)
            }
            None => None,
        };
        let mut table =
            Table { names: Vec::new(), types: Vec::new(), keys: request.group.len(), rows: Vec::new() };
        let mut plan = Aggregate { kind: kind.no(), filter, group: Vec::new(), measures: Vec::new() };
        for (at, group) in request.group.iter().enumerate() {
            let by = work
                .asked(kind.no(), &group.by, &names)
                .map_err(|error| error.at(format!("/group/{at}/by")))?;
            if group.period.is_some() && *by.ty() != Ty::Date {
                return Err(NOT_A_DATE.at(format!("/group/{at}/by")));
            }
            let shown = if group.period.is_some() { Ty::Text } else { by.ty().clone() };
            table.column(&group.name, shown).map_err(|error| error.at(format!("/group/{at}/name")))?;
            plan.group.push(GroupKey { by, period: group.period.map(PeriodBy::period) });
        }
        for (at, measure) in request.measures.iter().enumerate() {
            let (of, ty) = measure_plan(work, kind.no(), measure, &names)
                .map_err(|error| error.at(format!("/measures/{at}/of")))?;
            table.column(&measure.name, ty).map_err(|error| error.at(format!("/measures/{at}/name")))?;
            plan.measures.push(of);
        }
        let scope = match work.row_rule(kind, "read")? {
            RowRule::All => "all",
            RowRule::Where(_) => "own_scope",
        };
        table.rows = work.aggregate(plan)?;
        table.tidy(request);
        if let Some(roll_up) = &request.roll_up {
            table.roll_up(work, roll_up).map_err(|error| error.under("/roll_up"))?;
        }
        for (at, formula) in request.formulas.iter().enumerate() {
            table.formula(work, formula).map_err(|error| error.at(format!("/formulas/{at}/of")))?;
        }
        if let Some(having) = &request.having {
            table.having(work, having).map_err(|error| error.at("/having"))?;
        }
        let limit = request.limit.map(|limit| page(limit, u32::MAX)).transpose()?.map(|limit| limit as usize);
        // Ranks count every row; records above others may be shown alike, and only then rows tie to the end.
        let first = limit.filter(|_| request.rank.is_none() && request.roll_up.is_none());
        table.sort(&request.order, first)?;
        if let Some(rank) = &request.rank {
            table.rank(rank).map_err(|error| error.at("/rank/by"))?;
        }
        table.rows.truncate(limit.unwrap_or(usize::MAX));
        Ok(table.answer(as_of, scope))
    }

    fn column(&mut self, name: &str, ty: Ty) -> Result<()> {
        if self.names.iter().any(|known| known == name) {
            return Err(BAD_REPORT.error().with("name", name));
        }
        self.names.push(name.to_owned());
        self.types.push(ty);
        Ok(())
    }

    fn position(&self, name: &str) -> Result<usize> {
        let at = self.names.iter().position(|known| known == name);
        at.ok_or_else(|| BAD_REPORT.error().with("name", name))
    }

    /// Periods become their names; a sum over no values is zero.
    fn tidy(&mut self, request: &RunReport) {
        for row in &mut self.rows {
            for (value, group) in row.iter_mut().zip(&request.group) {
                if let (Some(period), Value::Date(first)) = (group.period, &*value) {
                    *value = Value::Text(period_name(period.period(), *first));
                }
            }
            for (value, measure) in row.iter_mut().skip(request.group.len()).zip(&request.measures) {
                if measure.measure == MeasureKind::Sum && value.is_null() {
                    *value = Value::int(0);
                }
            }
        }
    }

    /// Adds the measures of each key to all records above it, then shows the records.
    fn roll_up(&mut self, work: &mut Work<'_>, roll_up: &RollUp) -> Result<()> {
        if self.keys != 1 || self.position(&roll_up.group)? != 0 {
            return Err(BAD_REPORT.at("/group").with("name", roll_up.group.clone()));
        }
        let catalogue = work.catalogue();
        let kind = catalogue.named(&roll_up.kind).map_err(|error| error.at("/kind"))?;
        if self.types.first() != Some(&Ty::Ref(kind.no())) {
            return Err(BAD_REPORT.at("/kind").with("name", roll_up.group.clone()));
        }
        let through = kind.position(&roll_up.through);
        let through = through.filter(|at| {
            kind.field(*at).is_some_and(|field| matches!(field.ty, FieldType::Ref(no) if no == kind.no()))
        });
        let through =
            through.ok_or_else(|| BAD_REPORT.at("/through").with("name", roll_up.through.clone()))?;
        work.require(kind.name(), "read").map_err(|error| error.at("/kind"))?;
        let show = work.asked(kind.no(), &roll_up.show, &[]).map_err(|error| error.at("/show"))?;
        let mut known: HashMap<i64, Option<Arc<Row>>> = HashMap::new();
        let mut sums: BTreeMap<i64, Vec<Value>> = BTreeMap::new();
        for row in &self.rows {
            let mut here = row.first().and_then(Value::as_id);
            let mut passed: Vec<i64> = Vec::new();
            while let Some(id) = here.filter(|id| !passed.contains(&id.number())) {
                passed.push(id.number());
                let measures = row.get(1..).unwrap_or_default();
                match sums.get_mut(&id.number()) {
                    Some(sum) => {
                        for (into, value) in sum.iter_mut().zip(measures) {
                            *into = add(into, value)?;
                        }
                    }
                    None => {
                        sums.insert(id.number(), measures.to_vec());
                    }
                }
                if let Entry::Vacant(place) = known.entry(id.number()) {
                    place.insert(work.row(kind.no(), id.number())?);
                }
                here = known
                    .get(&id.number())
                    .and_then(|row| row.as_ref())
                    .and_then(|row| row.at(through).as_id());
            }
        }
        let mut rows = Vec::with_capacity(sums.len());
        for (id, measures) in sums {
            let shown = match known.get(&id).and_then(Option::as_ref) {
                Some(row) if work.covers(kind, row, "read")? => work.value_of(&show, row)?,
                _ => Value::Null,
            };
            rows.push(std::iter::once(shown).chain(measures).collect());
        }
        rows.sort_by(|a: &Vec<Value>, b: &Vec<Value>| in_order(a, b, 1));
        self.rows = rows;
        if let Some(ty) = self.types.first_mut() {
            *ty = show.ty().clone();
        }
        Ok(())
    }

    fn formula(&mut self, work: &Work<'_>, formula: &Formula) -> Result<()> {
        let expr = work.over(&formula.of, &self.columns())?;
        self.column(&formula.name, expr.ty().clone())?;
        for cells in &mut self.rows {
            let value = evaluate(&expr, cells);
            cells.push(value);
        }
        Ok(())
    }

    fn having(&mut self, work: &Work<'_>, text: &str) -> Result<()> {
        let condition = work.over(text, &self.columns())?.as_condition()?;
        self.rows.retain_mut(|cells| evaluate(&condition, cells) == Value::Bool(true));
        Ok(())
    }

    /// The columns as expressions know them.
    fn columns(&self) -> Vec<(&str, Ty)> {
        self.names.iter().map(String::as_str).zip(self.types.iter().cloned()).collect()
    }

    /// Sorts the rows; where only the `first` are wanted, those alone.
    fn sort(&mut self, order: &[String], first: Option<usize>) -> Result<()> {
        let mut keys = Vec::new();
        for (at, key) in order.iter().enumerate() {
            let (descending, name) = key.strip_prefix('-').map_or((false, key.as_str()), |name| (true, name));
            keys.push((self.position(name).map_err(|error| error.at(format!("/order/{at}")))?, descending));
        }
        let group_keys = self.keys;
        let compare = |a: &Vec<Value>, b: &Vec<Value>| {
            for (at, descending) in &keys {
                let (a, b) = (a.get(*at).unwrap_or(&Value::Null), b.get(*at).unwrap_or(&Value::Null));
                let order = match (a.is_null(), b.is_null(), descending) {
                    (false, false, true) => b.order(a),
                    _ => a.order(b),
                };
                if order != Ordering::Equal {
                    return order;
                }
            }
            in_order(a, b, group_keys)
        };
        if let Some(first) = first.filter(|first| *first < self.rows.len()) {
            self.rows.select_nth_unstable_by(first, compare);
            self.rows.truncate(first);
        }
        self.rows.sort_by(compare);
        Ok(())
    }

    fn rank(&mut self, rank: &RankBy) -> Result<()> {
        let by = self.position(&rank.by)?;
        let value = |rows: &[Vec<Value>], at: usize| {
            rows.get(at).and_then(|row| row.get(by)).cloned().unwrap_or_default()
        };
        // A row without the value is neither before nor behind another.
        let mut places: Vec<usize> =
            (0..self.rows.len()).filter(|at| !value(&self.rows, *at).is_null()).collect();
        places.sort_by(|a, b| value(&self.rows, *b).order(&value(&self.rows, *a)));
        let sorted: Vec<Value> = places.iter().map(|at| value(&self.rows, *at)).collect();
        let ranked = ranks(&sorted, rank.method);
        self.column(&rank.name, Ty::Num { digits: 16, scale: 0 })?;
        for row in &mut self.rows {
            row.push(Value::Null);
        }
        for (place, rank) in places.into_iter().zip(ranked) {
            if let Some(last) = self.rows.get_mut(place).and_then(|row| row.last_mut()) {
                *last = Value::int(rank);
            }
        }
        Ok(())
    }

    fn answer(self, as_of: Date, scope: &str) -> ReportAnswer {
        let columns = self.names.iter().zip(&self.types);
        let columns =
            columns.map(|(name, ty)| Json::object().with("name", name.clone()).with("type", type_name(ty)));
        let counts: Vec<bool> =
            self.types.iter().map(|ty| matches!(ty, Ty::Num { scale: 0, digits: 16 })).collect();
        let rows = self.rows.iter().map(|row| {
            let cells = row.iter().zip(&counts).map(|(value, count)| json(value, *count));
            Json::List(cells.collect())
        });
        ReportAnswer { as_of, scope: scope.to_owned(), columns: columns.collect(), rows: rows.collect() }
    }
}

/// Which documents an analysis counts: those of the request's condition, else of orders those in effect, else all.
/// Errors: `expression.invalid`, `permission.forbidden`, both at `/filter`.
pub(super) fn counted(
    work: &mut Work<'_>,
    kind: u32,
    filter: Option<&str>,
    names: &[(&str, Ty, Value)],
) -> Result<Option<Expr>> {
    let text = match filter {
        Some(text) => text,
        None if kind == Order::NO => IN_EFFECT,
        None => return Ok(None),
    };
    work.asked_condition(kind, text, names).map(Some).map_err(|error| error.at("/filter"))
}

fn measure_plan(
    work: &mut Work<'_>,
    kind: u32,
    measure: &MeasureBy,
    names: &[(&str, Ty, Value)],
) -> Result<(Measure, Ty)> {
    let count = Ty::Num { digits: 16, scale: 0 };
    if measure.measure == MeasureKind::Count {
        return Ok((Measure::Count, count));
    }
    let text = measure.of.as_deref().ok_or_else(|| Code::REQUIRED.error())?;
    let of = work.asked(kind, text, names)?;
    let numeric = matches!(of.ty(), Ty::Num { .. });
    if matches!(measure.measure, MeasureKind::Sum | MeasureKind::Average) && !numeric {
        return Err(Code::WRONG_TYPE.error().with("wanted", "decimal").with("found", type_name(of.ty())));
    }
    let ty = of.ty().clone();
    Ok(match measure.measure {
        MeasureKind::Count => (Measure::Count, count),
        MeasureKind::CountOf => (Measure::CountOf(of), count),
        MeasureKind::CountDistinct => (Measure::CountDistinct(of), count),
        MeasureKind::Sum => {
            // A sum has more digits than what is summed; the plan holds it to 18.
            let Ty::Num { scale, .. } = ty else { return Err(Error::internal("a sum of no number")) };
            (Measure::Sum(of), Ty::Num { digits: 18, scale })
        }
        MeasureKind::Min => (Measure::Min(of), ty),
        MeasureKind::Max => (Measure::Max(of), ty),
        MeasureKind::Average => {
            let scale = u8::try_from(measure.decimals).ok().filter(|scale| *scale <= 10);
            let scale = scale.ok_or_else(|| Code::OUT_OF_RANGE.error().with("value", measure.decimals))?;
            (Measure::Average { of, scale }, Ty::Num { digits: 18, scale })
        }
    })
}

/// The value of an expression over the cells of a row.
fn evaluate(expr: &Expr, cells: &mut Vec<Value>) -> Value {
    let row = Row { values: std::mem::take(cells), ..Row::default() };
    let value = expr.value(&RowEnv { root: &row, parent: None, source: &NoSource });
    *cells = row.values;
    value
}

fn in_order(a: &[Value], b: &[Value], keys: usize) -> Ordering {
    let pairs = a.iter().zip(b).take(keys);
    pairs.map(|(a, b)| a.order(b)).find(|order| *order != Ordering::Equal).unwrap_or(Ordering::Equal)
}

fn add(a: &Value, b: &Value) -> Result<Value> {
    match (a.as_dec(), b.as_dec()) {
        (Some(x), Some(y)) => {
            let sum = x.add(y)?;
            Value::num(sum, sum.scale())
        }
        (None, Some(_)) => Ok(b.clone()),
        _ => Ok(a.clone()),
    }
}

/// A value as JSON: counts are numbers, decimals canonical text.
pub(super) fn json(value: &Value, count: bool) -> Json {
    match value {
        Value::Bool(value) => Json::Bool(*value),
        Value::Num(num) if count && num.scale == 0 => Json::Int(num.mantissa),
        Value::Num(num) => Json::Text(Dec::from_i64_at(num.mantissa, num.scale).to_string()),
        Value::Text(text) => Json::Text(text.clone()),
        Value::Date(date) => Json::Text(date.to_string()),
        Value::Instant(instant) => Json::Text(instant.to_string()),
        Value::Ref(id) => Json::Text(id.to_string()),
        _ => Json::Null,
    }
}

fn type_name(ty: &Ty) -> &'static str {
    match ty {
        Ty::Bool => "boolean",
        Ty::Num { digits: 16, scale: 0 } => "integer",
        Ty::Num { .. } => "decimal",
        Ty::Text => "text",
        Ty::Date => "date",
        Ty::Instant => "instant",
        Ty::Ref(_) => "reference",
        Ty::Null => "null",
    }
}
