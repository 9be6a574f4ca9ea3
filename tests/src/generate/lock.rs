//! `docs/operations.lock`: what hosts rely on, a line for each thing, so that nothing is taken away unseen; and the
//! numbers of kinds and their fields, by which databases know them, for ever.

use super::Source;
use crm_kernel::record::{FieldDef, FieldRole, FieldType, RecordDef};
use std::collections::{BTreeMap, BTreeSet};

/// Where the file stands.
pub const PATH: &str = "docs/operations.lock";

const BANNER: &str = "\
# What hosts rely on. Generated from the model, and only ever added to while the first line stays: see
# docs/concepts/versions.md. Lines of numbers stay for ever.
";

/// The file: the revision of the binary interface, then the lines in order. A number that the file as it stands has for
/// what is no more stays in it, so that it is never given to anything else.
pub fn file(source: &Source, stands: &str) -> String {
    let numbers = stands.lines().filter(|line| number(line).is_some()).map(str::to_owned);
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
    for code in source.model.errors() {
        lines.all.insert(format!("error {}: {}", code.name, code.class.name()));
    }
    let lines: Vec<String> = lines.all.into_iter().collect();
    format!("{BANNER}abi {}\n{}\n", crm_domain::ABI_VERSION, lines.join("\n"))
}

/// What a host of the old lines would miss or be refused for with the new ones; empty where the revision of the binary
/// interface has changed.
pub fn breaks(old: &str, new: &str) -> Vec<String> {
    let lines = |text: &str| -> BTreeSet<String> {
        text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
    };
    let (old, new) = (lines(old), lines(new));
    let mut breaks = reused(&new);
    breaks.extend(
        old.difference(&new).filter(|line| number(line).is_some()).map(|line| format!("gone: {line}")),
    );
    if abi_of(&old) != abi_of(&new) {
        return breaks;
    }
    let gone = old.difference(&new).filter(|line| number(line).is_none());
    breaks.extend(gone.map(|line| format!("gone: {line}")));
    // Of what was there before, a new part must be one that hosts may leave out.
    let known: BTreeSet<&str> = old.iter().filter_map(|line| whole(line)).collect();
    breaks.extend(new.difference(&old).filter_map(|line| {
        let (field, _) = line.split_once(": ")?;
        let goes_in = field.starts_with("in ") || field.starts_with("kind ");
        let wanted = goes_in && !new.contains(&format!("{field} may be left out"));
        (wanted && known.contains(whole(line)?)).then(|| format!("wanted of every host: {line}"))
    }));
    breaks
}

/// Numbers that mean two things: a kind's or, within a kind, a field's. The change log and stored expressions know both
/// by their numbers alone, so one that is given again would tell a false past.
fn reused(lines: &BTreeSet<String>) -> Vec<String> {
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

fn abi_of(lines: &BTreeSet<String>) -> Option<&String> {
    lines.iter().find(|line| line.starts_with("abi "))
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
                for option in choice.options {
                    self.all.insert(format!("{name} option {option}"));
                }
            }
        }
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

fn may_be_left_out(field: &FieldDef) -> bool {
    let many = matches!(field.ty, FieldType::List(_) | FieldType::Children(_));
    !field.required || field.default.is_some() || field.managed || many
}

#[cfg(test)]
mod tests {
    use super::{breaks, file, number};
    use crate::generate::Source;

    const OLD: &str = "# a\nabi 0\noperation a.b: x -> y\nin x.f: text\nout y.g: choice\nout y.g option one\nerror e.f: invalid\nkind k has number 7\nkind k.f has number 1\n";

    fn after(change: impl Fn(String) -> String) -> Vec<String> {
        breaks(OLD, &change(OLD.to_owned()))
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
            let found = after(|old| old.replace(line, other));
            assert_eq!(found.first(), Some(&format!("gone: {line}")), "{other}");
        }
        assert_eq!(after(|old| format!("{old}in x.h: text\n")), ["wanted of every host: in x.h: text"]);
        let numbers = "kind k has number 7\nkind k.f has number 1\n";
        assert_eq!(after(|_| format!("abi 1\n{numbers}")), [""; 0], "another revision begins anew");
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
