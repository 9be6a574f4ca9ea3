//! What a field of type JSON holds, where the engine always writes it the same way.
//!
//! The engine keeps and hands on such values as they are, so its descriptors say no more than `json`, which costs the web
//! module nothing. Types for hosts and reference pages are made from the declarations in [`super::shapes`], and a test holds
//! answers against them ([`super::fit`]).

use crm_kernel::record::{ChoiceDef, RecordDef};

/// What a JSON value is.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// Anything: what it is depends on something else.
    Any,
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Int,
    /// A text.
    Text,
    /// An id.
    Id,
    /// An ISO 4217 code.
    Currency,
    /// A date.
    Date,
    /// A decimal, as text.
    Decimal,
    /// A number that no decimal may say, as text: a decimal, or two with a stroke between them.
    Exact,
    /// One of these words.
    Words(&'static [&'static str]),
    /// One of a closed list of codes.
    Choice(&'static ChoiceDef),
    /// A list.
    List(&'static Shape),
    /// A list of so many, each with its name; the last may be left out.
    Tuple {
        /// What is always there.
        items: &'static [(&'static str, Shape)],
        /// What may stand behind it.
        more: Option<(&'static str, &'static Shape)>,
    },
    /// An object.
    Object(&'static Object),
    /// One of these objects: a member that others do not have, or a word in it, tells which.
    OneOf(&'static [&'static Object]),
    /// An object with members of any names.
    Members(&'static Shape),
    /// Fields of a kind by name, as making or changing a record takes them.
    Values(&'static str),
    /// A message of the model, as a request holds it.
    Request(fn() -> &'static RecordDef),
}

/// An object with members.
#[derive(Debug)]
pub struct Object {
    /// Its name, in which words are parted as in names of kinds.
    pub name: &'static str,
    /// What it is.
    pub doc: &'static str,
    /// What it holds.
    pub members: &'static [Member],
}

/// A member of an object.
#[derive(Clone, Copy, Debug)]
pub struct Member {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub shape: Shape,
    /// What it says.
    pub doc: &'static str,
    /// It is left out where it has nothing to say.
    pub optional: bool,
    /// It may be null.
    pub nullable: bool,
}

impl Member {
    /// A member that is always there.
    pub const fn new(name: &'static str, shape: Shape, doc: &'static str) -> Member {
        Member { name, shape, doc, optional: false, nullable: false }
    }

    /// The same, left out where it has nothing to say.
    pub const fn optional(self) -> Member {
        Member { optional: true, ..self }
    }

    /// The same, null where it has nothing to say.
    pub const fn nullable(self) -> Member {
        Member { nullable: true, ..self }
    }
}

impl Shape {
    /// The objects that it names, itself or in what it holds directly.
    pub fn objects(self) -> Vec<&'static Object> {
        match self {
            Shape::Object(object) => vec![object],
            Shape::OneOf(objects) => objects.to_vec(),
            Shape::List(item) | Shape::Members(item) => item.objects(),
            Shape::Tuple { items, more } => {
                let items = items.iter().map(|(_, item)| *item).chain(more.map(|(_, item)| *item));
                items.flat_map(Shape::objects).collect()
            }
            _ => Vec::new(),
        }
    }
}
