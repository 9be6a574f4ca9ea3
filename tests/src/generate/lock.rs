//! `docs/operations.lock`: what hosts rely on, a line for each thing, so that nothing is taken away unseen; and the
//! numbers of kinds and their fields, by which databases know them, for ever.

use super::shape::{Object, Shape};
use super::{Source, shape_page, shapes};
use crm_kernel::record::{FieldDef, FieldRole, FieldType, RecordDef};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// Where the file stands.
pub const PATH: &str = "docs/operations.lock";

const BANNER: &str = "\
# What hosts rely on. Generated from the model, and only ever added to while the first line stays: see
# docs/concepts/versions.md. Each line stands under the revision of the table of operations in which it came, the
# last of which is this library's. Lines of numbers stay for ever.
";

/// The file: the revision of the binary interface, then the lines in order, each under the revision of the table of
/// operations in which it came. A line that the file has as it stands keeps its place; a number in it that belongs to
/// what is no more stays, so that it is never given to anything else.
pub fn file(source: &Source, stands: &str) -> String {
    let stands = List::read(stands);
    let numbers = stands.lines.keys().filter(|line| number(line).is_some()).map(|line| (*line).to_owned());
    let mut lines = Lines { source, all: numbers.collect(), seen: BTreeSet::new() };
    for row in source.model.operations() {
        lines.message((row.request)(), Side::In);
        lines.message((row.answer)(), Side::Out);
        let (request, answer) = (&(row.request)().name, &(row.answer)().name);
        lines.all.insert(format!("operation {}: {request} -> {answer}", row.name));
    }
    for kind in source.catalogue.kinds() {
        lines.all.insert(format!("kind {}{NUMBER}{}", kind.name(), kind.no()));
        lines.fields(&kind.def, Side::Kind);
    }
    for object in shape_page::objects() {
        lines.object(object);
    }
    for code in source.model.errors() {
        lines.all.insert(format!("error {}: {}", code.name, code.class.name()));
    }
    let now = crm_domain::OPERATIONS_REVISION;
    let mut revisions: BTreeMap<u32, Vec<&str>> = BTreeMap::from([(now, Vec::new())]);
    for line in &lines.all {
        let came = stands.lines.get(line.as_str()).copied().unwrap_or(now);
        revisions.entry(came).or_default().push(line);
    }
    let mut text = format!("{BANNER}{ABI}{}\n", crm_domain::ABI_VERSION);
    for (revision, lines) in revisions {
        let _ = writeln!(text, "\n{REVISION}{revision}");
        lines.iter().for_each(|line| text.extend([line, "\n"]));
    }
    text
}

/// Why the old file must not give way to the new one: what a host of the old lines would miss or be refused for with the
/// new ones, unless the revision of the binary interface has changed; numbers that mean two things; and lines that have
/// changed while the revision of the table of operations has not.
pub fn breaks(old: &str, new: &str) -> Vec<String> {
    let (old, new) = (List::read(old), List::read(new));
    let (was, is): (BTreeSet<&str>, BTreeSet<&str>) =
        (old.lines.keys().copied().collect(), new.lines.keys().copied().collect());
    let mut breaks = reused(&is);
    let same = old.abi == new.abi;
    let gone = was.difference(&is).filter(|line| same || number(line).is_some());
    breaks.extend(gone.map(|line| format!("gone: {line}")));
    if same {
        // Of what was there before, a new part must be one that hosts may leave out.
        let known: BTreeSet<&str> = was.iter().filter_map(|line| whole(line)).collect();
        breaks.extend(is.difference(&was).filter_map(|line| {
            let (field, _) = line.split_once(": ")?;
            let goes_in = field.starts_with("in ") || field.starts_with("kind ");
            let wanted = goes_in && !is.contains(format!("{field} may be left out").as_str());
            (wanted && known.contains(whole(line)?)).then(|| format!("wanted of every host: {line}"))
        }));
    }
    let changed = was.symmetric_difference(&is).next();
    if new.revision < old.revision {
        breaks.push(format!("the revision goes back from {} to {}", old.revision, new.revision));
    } else if let Some(line) = changed.filter(|_| new.revision == old.revision) {
        breaks.push(format!(
            "revision {} is another list: raise OPERATIONS_REVISION in crm-domain/src/lib.rs, for: {line}",
            old.revision
        ));
    }
    breaks
}

const ABI: &str = "abi ";
const REVISION: &str = "revision ";

/// The file, read.
#[derive(Default)]
struct List<'a> {
    abi: Option<&'a str>,
    /// The last revision of the table of operations.
    revision: u32,
    /// Every line, and the revision under which it stands.
    lines: BTreeMap<&'a str, u32>,
}

impl List<'_> {
    /// Panics where the heading of a revision has no number: somebody's hand has written it.
    fn read(text: &str) -> List<'_> {
        let mut list = List::default();
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            if let Some(abi) = line.strip_prefix(ABI) {
                list.abi = Some(abi);
            } else if let Some(revision) = line.strip_prefix(REVISION) {
                list.revision = revision.parse().expect("the number of a revision");
            } else {
                list.lines.insert(line, list.revision);
            }
        }
        list
    }
}

/// Numbers that mean two things: a kind's or, within a kind, a field's. The change log and stored expressions know both
/// by their numbers alone, so one that is given again would tell a false past.
fn reused(lines: &BTreeSet<&str>) -> Vec<String> {
    let mut owners: BTreeMap<(&str, &str), &str> = BTreeMap::new();
    let mut numbers: BTreeMap<&str, &str> = BTreeMap::new();
    let mut reused = Vec::new();
    for (name, number) in lines.iter().filter_map(|line| number(line)) {
        let within = name.split_once('.').map_or("", |(kind, _)| kind);
        if let Some(other) = owners.insert((within, number), name) {
            reused.push(format!("number {number} is given twice: {other}, {name}"));
        }
        if numbers.insert(name, number).is_some() {
            reused.push(format!("{name} has two numbers"));
        }
    }
    reused
}

/// The kind or field that a line gives a number, and the number.
fn number(line: &str) -> Option<(&str, &str)> {
    line.strip_prefix("kind ")?.split_once(NUMBER)
}

const NUMBER: &str = " has number ";

/// The message or kind of a field's line.
fn whole(line: &str) -> Option<&str> {
    line.split_once('.').map(|(whole, _)| whole).filter(|_| !line.starts_with("operation "))
}

/// Where a field stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    /// In a request.
    In,
    /// In an answer.
    Out,
    /// In a kind, which goes both ways.
    Kind,
}

impl Side {
    fn name(self) -> &'static str {
        match self {
            Side::In => "in",
            Side::Out => "out",
            Side::Kind => "kind",
        }
    }
}

struct Lines<'a> {
    source: &'a Source,
    all: BTreeSet<String>,
    seen: BTreeSet<(Side, String)>,
}

impl Lines<'_> {
    /// A message and those within it, once for each side.
    fn message(&mut self, def: &RecordDef, side: Side) {
        if self.seen.insert((side, def.name.to_string())) {
            self.fields(def, side);
        }
    }

    fn fields(&mut self, def: &RecordDef, side: Side) {
        for field in def.fields.iter().filter(|field| field.role != FieldRole::LineCounter) {
            let name = format!("{} {}.{}", side.name(), def.name, field.name);
            let ty = self.type_of(&field.ty, side);
            self.all.insert(format!("{name}: {ty}"));
            if side == Side::Kind {
                self.all.insert(format!("{name}{NUMBER}{}", field.no));
            }
            if side != Side::Out && may_be_left_out(field) {
                self.all.insert(format!("{name} may be left out"));
            }
            if side != Side::In && field.required {
                self.all.insert(format!("{name} is never null"));
            }
            if let FieldType::Choice(choice) = &field.ty {
                self.options(&name, choice.options);
            }
            if let Some(shape) = shapes::of(&def.name, &field.name) {
                self.all.insert(format!("{name} is {}", shape_of(shape)));
                self.parts(&name, shape);
            }
        }
    }

    /// What stands in JSON fields.
    fn object(&mut self, object: &Object) {
        for member in object.members {
            let name = format!("shape {}.{}", object.name, member.name);
            self.all.insert(format!("{name}: {}", shape_of(member.shape)));
            if !member.optional {
                self.all.insert(format!("{name} is always there"));
            }
            if !member.nullable {
                self.all.insert(format!("{name} is never null"));
            }
            self.parts(&name, member.shape);
        }
    }

    /// What a shape speaks of, a line each: more may come.
    fn parts(&mut self, name: &str, shape: Shape) {
        self.all.extend(shape.objects().iter().map(|object| format!("{name} holds {}", object.name)));
        match shape {
            Shape::Words(words) => self.options(name, words),
            Shape::Choice(choice) => self.options(name, choice.options),
            _ => {}
        }
    }

    fn options(&mut self, name: &str, options: &[&str]) {
        self.all.extend(options.iter().map(|option| format!("{name} option {option}")));
    }

    fn type_of(&mut self, ty: &FieldType, side: Side) -> String {
        let kind = |no: u32| self.source.catalogue.kind(no).map_or("any", |kind| kind.name()).to_owned();
        match ty {
            FieldType::Bool => "boolean".to_owned(),
            FieldType::Int => "integer".to_owned(),
            FieldType::Num { scale, .. } => format!("decimal of {scale}"),
            FieldType::Text { .. } => "text".to_owned(),
            FieldType::Choice(_) => "choice".to_owned(),
            FieldType::Picklist(list) => format!("picklist {list}"),
            FieldType::Currency => "currency".to_owned(),
            FieldType::Date => "date".to_owned(),
            FieldType::Instant => "instant".to_owned(),
            FieldType::Ref(no) => format!("id of {}", kind(*no)),
            FieldType::AnyRef => "id".to_owned(),
            FieldType::Json => "json".to_owned(),
            FieldType::Children(no) => format!("lines {}", kind(*no)),
            FieldType::Record(no) => format!("record {}", kind(*no)),
            FieldType::Message(nested) => {
                self.message(nested.def(), side);
                format!("message {}", nested.def().name)
            }
            FieldType::List(item) => format!("list of {}", self.type_of(item, side)),
        }
    }
}

fn shape_of(shape: Shape) -> String {
    match shape {
        Shape::Any => "json".to_owned(),
        Shape::Bool => "boolean".to_owned(),
        Shape::Int => "integer".to_owned(),
        Shape::Text => "text".to_owned(),
        Shape::Id => "id".to_owned(),
        Shape::Currency => "currency".to_owned(),
        Shape::Date => "date".to_owned(),
        Shape::Decimal => "decimal".to_owned(),
        Shape::Exact => "exact number".to_owned(),
        Shape::Words(_) | Shape::Choice(_) => "choice".to_owned(),
        Shape::List(item) => format!("list of {}", shape_of(*item)),
        Shape::Tuple { items, more } => {
            let more = more.map(|(_, item)| format!("perhaps {}", shape_of(*item)));
            items.iter().map(|(_, item)| shape_of(*item)).chain(more).collect::<Vec<_>>().join(", ")
        }
        Shape::Object(_) | Shape::OneOf(_) => "object".to_owned(),
        Shape::Members(member) => format!("members of {}", shape_of(*member)),
        Shape::Values(kind) => format!("fields of {kind}"),
        Shape::Request(def) => format!("message {}", def().name),
    }
}

fn may_be_left_out(field: &FieldDef) -> bool {
    let many = matches!(field.ty, FieldType::List(_) | FieldType::Children(_));
    !field.required || field.default.is_some() || field.managed || many
}

#[cfg(test)]
mod tests {
    use super::{List, breaks, file, number};
    use crate::generate::Source;

    const OLD: &str = "# a\nabi 0\n\nrevision 1\noperation a.b: x -> y\nin x.f: text\nout y.g: choice\nout y.g option one\nerror e.f: invalid\nkind k has number 7\nkind k.f has number 1\n";

    /// What speaks against a change of the file in a revision of its own.
    fn after(change: impl Fn(String) -> String) -> Vec<String> {
        breaks(OLD, &change(format!("{OLD}revision 2\n")))
    }

    #[test]
    fn what_hosts_need_not_know_may_come() {
        for more in [
            "operation a.c: z -> y\nin z.f: text",
            "in x.h: text\nin x.h may be left out",
            "in x.f may be left out",
            "out y.h: integer\nout y.h is never null",
            "out y.g option two",
            "error e.g: conflict",
        ] {
            assert_eq!(after(|old| format!("{old}{more}\n")), [""; 0], "{more}");
        }
        assert_eq!(after(|old| old.replace("# a", "# b")), [""; 0]);
    }

    #[test]
    fn what_they_rely_on_stays() {
        for (line, other) in [
            ("operation a.b: x -> y", ""),
            ("operation a.b: x -> y", "operation a.c: x -> y"),
            ("in x.f: text", "in x.f: integer"),
            ("out y.g: choice", ""),
            ("out y.g option one", "out y.g option two"),
            ("error e.f: invalid", "error e.f: conflict"),
        ] {
            let found = after(|old| old.replace(&format!("{line}\n"), &format!("{other}\n")));
            assert_eq!(found.first(), Some(&format!("gone: {line}")), "{other}");
        }
        assert_eq!(after(|old| format!("{old}in x.h: text\n")), ["wanted of every host: in x.h: text"]);
        let numbers = "kind k has number 7\nkind k.f has number 1\n";
        let anew = format!("abi 1\nrevision 2\n{numbers}");
        assert_eq!(after(|_| anew.clone()), [""; 0], "another interface begins anew");
    }

    #[test]
    fn a_number_is_never_given_again() {
        for (line, other) in [
            ("kind k has number 7", ""),
            ("kind k has number 7", "kind k has number 8"),
            ("kind k.f has number 1", "kind k.g has number 1"),
        ] {
            for abi in ["abi 0", "abi 1"] {
                let found = after(|old| old.replace(line, other).replace("abi 0", abi));
                assert!(found.contains(&format!("gone: {line}")), "{abi}, {other}: {found:?}");
            }
        }
        for (more, twice) in [
            ("kind l has number 7", "number 7 is given twice: k, l"),
            ("kind k.g has number 1", "number 1 is given twice: k.f, k.g"),
            ("kind k has number 8", "k has two numbers"),
        ] {
            for abi in ["abi 0", "abi 1"] {
                let found = after(|old| format!("{old}{more}\n").replace("abi 0", abi));
                assert!(found.contains(&twice.to_owned()), "{abi}, {more}: {found:?}");
            }
        }
        assert_eq!(after(|old| format!("{old}kind l has number 8\nkind l.f has number 1\n")), [""; 0]);
    }

    #[test]
    fn whoever_changes_the_list_raises_the_revision() {
        let raise = |line: &str| {
            format!(
                "revision 1 is another list: raise OPERATIONS_REVISION in crm-domain/src/lib.rs, for: {line}"
            )
        };
        for more in ["operation a.c: z -> y", "in x.f may be left out", "error e.g: conflict"] {
            assert_eq!(breaks(OLD, &format!("{OLD}{more}\n")), [raise(more)]);
            assert_eq!(breaks(OLD, &format!("{OLD}revision 2\n{more}\n")), [""; 0]);
        }
        let anew = OLD.replace("abi 0", "abi 1").replace("error e.f: invalid\n", "");
        assert_eq!(breaks(OLD, &anew), [raise("error e.f: invalid")]);
        assert_eq!(breaks(OLD, OLD), [""; 0]);
        assert_eq!(breaks(&format!("{OLD}revision 3\n"), OLD), ["the revision goes back from 3 to 1"]);
        assert_eq!(breaks("", OLD), [""; 0], "the first list");
    }

    #[test]
    fn a_line_stays_under_the_revision_in_which_it_came() {
        let source = Source::new();
        let (old, now) =
            ("operation system.info: system_info -> system_info_answer", crm_domain::OPERATIONS_REVISION);
        let file = file(&source, &format!("abi 0\nrevision 1\n{old}\n"));
        let list = List::read(&file);
        assert_eq!((list.lines.get(old), list.revision), (Some(&1), now));
        assert_eq!(list.lines.get("operation record.get: record_get -> record_answer"), Some(&now));
        assert_eq!(super::file(&source, &file), file);
    }

    #[test]
    fn the_number_of_what_is_gone_stays_in_the_file() {
        let source = Source::new();
        let stands = "abi 0\nin gone.f: text\nkind gone has number 9999\nkind customer.gone has number 800\n";
        let file = file(&source, stands);
        let stays: Vec<&str> = stands.lines().filter(|line| number(line).is_some()).collect();
        assert_eq!(stays.len(), 2);
        for line in stays {
            assert!(file.lines().any(|other| other == line), "{line}");
        }
        assert!(!file.contains("in gone.f"));
    }
}
