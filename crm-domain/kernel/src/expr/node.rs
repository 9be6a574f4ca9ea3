//! The checked form of an expression: what both evaluators read.

use crate::value::Value;

/// The type of a node. Numbers carry their digits and decimals, known before anything is evaluated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ty {
    /// Yes, no or unknown.
    Bool,
    /// A decimal of at most `digits` digits in all, `scale` of them decimals.
    Num {
        /// Digits in all, at most 38.
        digits: u8,
        /// Decimals among them, at most 18.
        scale: u8,
    },
    /// Text, picklist codes and currencies included.
    Text,
    /// A business date.
    Date,
    /// A point in time.
    Instant,
    /// A reference to a record of a kind; 0 where the kind is not known.
    Ref(u32),
    /// The literal `null`, which is of every type.
    Null,
}

/// A node with its type.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What it does.
    pub op: Op,
    /// The type of its value.
    pub ty: Ty,
}

/// Where a field is read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Var {
    /// The record that the expression is about.
    Root,
    /// The item of the quantifier at this depth, the outermost first.
    Item(u8),
}

/// One reference followed on the way to a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// From a line to its parent.
    Parent {
        /// The parent's kind.
        to: u32,
    },
    /// Through the reference field at this position.
    Field {
        /// Position in the row it is read from.
        position: usize,
        /// The kind it refers to.
        to: u32,
    },
}

/// What a node does.
#[derive(Clone, Debug, PartialEq)]
pub enum Op {
    /// A constant; also the values of names such as `today`, put in when the expression is checked.
    Const(Value),
    /// A field, through references.
    Field {
        /// Where the path starts.
        var: Var,
        /// References followed, none for a field of the record itself.
        path: Vec<Step>,
        /// What is read at the end.
        leaf: Leaf,
    },
    /// Kleene's not.
    Not(Box<Node>),
    /// Kleene's and.
    And(Box<Node>, Box<Node>),
    /// Kleene's or.
    Or(Box<Node>, Box<Node>),
    /// A comparison of two values of one type; unknown where either is null.
    Compare(Compare, Box<Node>, Box<Node>),
    /// `== null`, or `!= null` where `negated`.
    IsNull {
        /// What is asked.
        of: Box<Node>,
        /// The other answer.
        negated: bool,
    },
    /// One of a list, defined as an or of `==`.
    In(Box<Node>, Vec<Node>),
    /// Exact arithmetic; null beyond 38 digits.
    Arith(Arith, Box<Node>, Box<Node>),
    /// The number with the other sign.
    Negate(Box<Node>),
    /// One division rounded half-up (or as named) at the node's own scale; null for a zero divisor.
    Divide {
        /// What is divided.
        left: Box<Node>,
        /// By what.
        right: Box<Node>,
        /// How the last decimal is found.
        rounding: crate::dec::Rounding,
    },
    /// `c ? a : b`; null where `c` is unknown.
    If(Box<Node>, Box<Node>, Box<Node>),
    /// A function of the table, by its row.
    Call(&'static super::table::Operator, Vec<Node>),
    /// `lines.exists(l, ...)` and `lines.all(l, ...)`: two-valued; false and true over no lines.
    Quantify {
        /// All or some.
        all: bool,
        /// Where the lines' parent is found.
        var: Var,
        /// References followed to the parent.
        path: Vec<Step>,
        /// Position of the lines in the parent.
        position: usize,
        /// The kind of the lines.
        child: u32,
        /// The condition over one line, which is `Var::Item(depth)`.
        depth: u8,
        /// The condition.
        body: Box<Node>,
    },
}

/// What is read at the end of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Leaf {
    /// The field at this position.
    Field(usize),
    /// The record's id.
    Id,
    /// The number of a line.
    LineNo,
}

/// Comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Compare {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// Arithmetic without division.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Arith {
    /// `+` on numbers.
    Add,
    /// `-` on numbers.
    Subtract,
    /// `*` on numbers.
    Multiply,
}
