//! Lists and counts of any kind.

use super::operations::show;
use crm_kernel::Record;
use crm_kernel::catalogue::{Catalogue, Kind};
use crm_kernel::date::{Date, Instant};
use crm_kernel::encode::Encoder;
use crm_kernel::error::{Code, Result};
use crm_kernel::expr::Expr;
use crm_kernel::id::Id;
use crm_kernel::json::Json;
use crm_kernel::operation::Operation;
use crm_kernel::permission::Needs;
use crm_kernel::plan::{Mark, Query, Select, SortKey};
use crm_kernel::value::{Num, Value};
use crm_kernel::work::Work;

/// Records of a kind in order, a page at a time; lines of a kind with a parent likewise.
#[derive(Clone, Debug, Record)]
#[record(name = "record_list")]
pub struct List {
    /// The kind's name.
    pub kind: String,
    /// Only records for which this condition holds; its place in an error is a byte offset.
    #[field(text = 8192)]
    pub filter: Option<String>,
    /// Sort keys, each an expression; `-` in front sorts the largest first. Nulls come last; the id decides ties, in the direction of the last key.
    pub order: Vec<String>,
    /// At most so many, 1 to 1,000.
    #[field(default = "50")]
    pub limit: i64,
    /// Only what comes behind the page before: its `next`.
    #[field(text = 8192)]
    pub after: Option<String>,
    /// Only these fields; all where none is named.
    #[field(selection)]
    pub fields: Vec<String>,
}

/// A page of records.
#[derive(Clone, Debug, Record)]
#[record(name = "record_list_answer")]
pub struct ListAnswer {
    /// The records, as the actor may see them.
    pub records: Vec<Json>,
    /// What to give as `after` for the next page; none at the end.
    pub next: Option<String>,
}

impl Operation for List {
    const NAME: &'static str = "record.list";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::OnKind { verb: "read" };
    const CAPABILITIES: &'static [&'static str] = &["SYS-03", "ANA-19"];
    const EXAMPLE: &'static str = r#"{"kind":"department","filter":"active","order":["name"],"limit":20}"#;
    type Answer = ListAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<ListAnswer> {
        let catalogue = work.catalogue();
        let kind = catalogue.named(&self.kind).map_err(|error| error.at("/kind"))?;
        let limit = page(self.limit, 1_000)?;
        for (at, field) in self.fields.iter().enumerate() {
            if kind.position(field).is_none() {
                return Err(Code::UNKNOWN_FIELD.at(format!("/fields/{at}")).with("field", field.clone()));
            }
        }
        let list = self.fingerprint();
        let plan = Query {
            kind: kind.no(),
            filter: filter(work, kind, self.filter.as_deref())?,
            order: order(work, kind, &self.order)?,
            after: self.after.as_deref().map(|after| unmark(after, &list, self.order.len())).transpose()?,
            limit: Some(limit + 1),
            select: Select::Rows,
        };
        let mut found = work.query(plan)?;
        let more = found.len() > limit as usize;
        found.truncate(limit as usize);
        let next = found.last().filter(|_| more).map(|last| mark(&list, &last.keys, last.parent, last.id));
        let records = found.iter().filter_map(|found| {
            let row = found.row.as_ref()?;
            let json = if kind.parent().is_some() {
                line(work, &catalogue, kind, found.parent, row)
            } else {
                show(work, kind, row)
            };
            Some(narrowed(json, &self.fields))
        });
        Ok(ListAnswer { records: records.collect(), next })
    }
}

impl List {
    /// What tells the list from others: its kind, filter and order, as 64 bits of FNV-1a.
    fn fingerprint(&self) -> String {
        let parts = [&self.kind, self.filter.as_deref().unwrap_or_default()];
        let parts = parts.into_iter().chain(self.order.iter().map(String::as_str));
        let bytes = parts.flat_map(|part| part.bytes().chain(std::iter::once(0xff)));
        let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        format!("{hash:016x}")
    }
}

/// How many records of a kind fulfil a condition, within what the actor may read.
#[derive(Clone, Debug, Record)]
#[record(name = "record_count")]
pub struct Count {
    /// The kind's name.
    pub kind: String,
    /// The condition; all records where there is none.
    #[field(text = 8192)]
    pub filter: Option<String>,
}

/// A count.
#[derive(Clone, Debug, Record)]
#[record(name = "record_count_answer")]
pub struct CountAnswer {
    /// How many.
    pub count: i64,
}

impl Operation for Count {
    const NAME: &'static str = "record.count";
    const WRITES: bool = false;
    const NEEDS: Needs = Needs::OnKind { verb: "read" };
    const CAPABILITIES: &'static [&'static str] = &["ANA-19"];
    const EXAMPLE: &'static str = r#"{"kind":"department","filter":"active"}"#;
    type Answer = CountAnswer;

    fn run(self, work: &mut Work<'_>) -> Result<CountAnswer> {
        let catalogue = work.catalogue();
        let kind = catalogue.named(&self.kind).map_err(|error| error.at("/kind"))?;
        let filter = filter(work, kind, self.filter.as_deref())?;
        Ok(CountAnswer { count: work.count_by(kind.no(), filter)? })
    }
}

/// How much a page holds: what was asked for, from 1 to the most. Errors: `value.out_of_range` at `/limit`.
pub(crate) fn page(limit: i64, most: u32) -> Result<u32> {
    let size = u32::try_from(limit).ok().filter(|size| (1..=most).contains(size));
    size.ok_or_else(|| Code::OUT_OF_RANGE.at("/limit").with("value", limit).with("most", i64::from(most)))
}

/// The condition of a list. Errors: `expression.invalid`, `permission.forbidden` at `/filter`.
pub(super) fn filter(work: &mut Work<'_>, kind: &Kind, text: Option<&str>) -> Result<Option<Expr>> {
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else { return Ok(None) };
    work.asked_condition(kind.no(), text, &[]).map(Some).map_err(|error| error.at("/filter"))
}

/// The sort keys of a list. Errors: `expression.invalid`, `permission.forbidden` at `/order/n`.
pub(super) fn order(work: &mut Work<'_>, kind: &Kind, keys: &[String]) -> Result<Vec<SortKey>> {
    let keys = keys.iter().enumerate().map(|(at, key)| {
        let (descending, text) = key.strip_prefix('-').map_or((false, key.as_str()), |text| (true, text));
        let by = work.asked(kind.no(), text, &[]).map_err(|error| error.at(format!("/order/{at}")))?;
        Ok(SortKey { by, descending })
    });
    keys.collect()
}

fn line(
    work: &Work<'_>,
    catalogue: &Catalogue,
    kind: &Kind,
    parent: i64,
    row: &crm_kernel::value::Row,
) -> Json {
    let json = Encoder::new(catalogue, work.base()).line(kind, row, None);
    match json {
        Json::Object(mut members) => {
            members.insert(0, ("parent".to_owned(), Json::Text(parent.to_string())));
            Json::Object(members)
        }
        other => other,
    }
}

fn narrowed(json: Json, fields: &[String]) -> Json {
    match json {
        Json::Object(members) if !fields.is_empty() => {
            let always = ["id", "version", "parent", "line"];
            let kept = |key: &String| always.contains(&key.as_str()) || fields.contains(key);
            Json::Object(members.into_iter().filter(|(key, _)| kept(key)).collect())
        }
        other => other,
    }
}

/// A mark as text, with the fingerprint of its list: opaque to hosts, read back by [`unmark`].
fn mark(list: &str, keys: &[Value], parent: i64, id: i64) -> String {
    let mut parts = vec![Json::text(list), Json::Text(parent.to_string()), Json::Text(id.to_string())];
    parts.extend(keys.iter().map(|key| {
        Json::Text(match key {
            Value::Bool(value) => format!("b{}", u8::from(*value)),
            Value::Num(num) => format!("n{}/{}", num.mantissa, num.scale),
            Value::Text(text) => format!("t{text}"),
            Value::Date(date) => format!("d{}", date.days_since_epoch()),
            Value::Instant(instant) => format!("i{}", instant.millis()),
            Value::Ref(id) => format!("r{id}"),
            _ => "-".to_owned(),
        })
    }));
    Json::List(parts).to_string()
}

/// A mark of a list. Errors: `list.bad_cursor` where it is none, or one of another list.
fn unmark(text: &str, list: &str, keys: usize) -> Result<Mark> {
    let bad = || Code::BAD_CURSOR.at("/after");
    let json = Json::parse(text).map_err(|_| bad())?;
    let parts: Option<Vec<&str>> = json.as_list().and_then(|parts| parts.iter().map(Json::as_text).collect());
    let parts = parts.ok_or_else(bad)?;
    let [of, parent, id, values @ ..] = parts.as_slice() else { return Err(bad()) };
    if *of != list || values.len() != keys {
        return Err(bad());
    }
    let values: Option<Vec<Value>> = values.iter().map(|value| unkey(value)).collect();
    Ok(Mark {
        keys: values.ok_or_else(bad)?,
        parent: parent.parse().map_err(|_| bad())?,
        id: id.parse().map_err(|_| bad())?,
    })
}

fn unkey(text: &str) -> Option<Value> {
    let (tag, rest) = text.split_at_checked(1)?;
    Some(match tag {
        "-" if rest.is_empty() => Value::Null,
        "b" => Value::Bool(rest == "1"),
        "n" => {
            let (mantissa, scale) = rest.split_once('/')?;
            let scale: u8 = scale.parse().ok().filter(|scale| *scale <= 18)?;
            Value::Num(Num { mantissa: mantissa.parse().ok()?, scale })
        }
        "t" => Value::Text(rest.to_owned()),
        "d" => Value::Date(Date::from_days(rest.parse().ok()?)?),
        "i" => Value::Instant(Instant::from_millis(rest.parse().ok()?)?),
        "r" => Value::Ref(Id::parse(rest)?),
        _ => return None,
    })
}

/// Defects of paging would be silent: a mark that is read back is the mark that was written.
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_come_back() {
        let keys = vec![
            Value::Null,
            Value::Bool(true),
            Value::Num(Num { mantissa: -12, scale: 4 }),
            Value::Text("a\"/b".into()),
            Value::Date(Date::from_days(3).unwrap()),
            Value::Ref(Id::new(9).unwrap()),
        ];
        let written = mark("a", &keys, 5, 7);
        let read = unmark(&written, "a", 6).unwrap();
        assert_eq!((read.parent, read.id, read.keys), (5, 7, keys));
        assert!(unmark(&written, "b", 6).is_err(), "of another list");
        for bad in ["", "[]", "[\"a\"]", "[\"a\",\"1\",\"2\",\"x\"]", "{}"] {
            assert!(unmark(bad, "a", 1).is_err(), "{bad}");
        }
    }
}
