//! Texts with expressions in them: reminders, notices, mails.
//!
//! ```text
//! Order {{ title }} of {{ customer.name }}{% if paid_on == null %} is not paid{% else %} was paid{% endif %}.
//! {% for l in lines %}- {{ l.quantity }} {{ l.product.name }}
//! {% endfor %}
//! ```
//!
//! A missing value shows as nothing; numbers, dates and instants show in their canonical text, amounts (fields of the
//! role money) with the digits of their currency, as records show them; what is calculated is a plain number. Nothing
//! is escaped: what the text becomes part of (HTML, a mail) is the business of whoever puts it there.

use super::Scope;
use super::check::Checker;
use super::env::{Env, Reason, Val, narrow};
use super::eval::eval;
use super::fault::Fault;
use super::node::{Leaf, Node, Op, Step, Ty, Var};
use super::parse::{Kind as Syntax, parse};
use super::table::{Function, operator};
use crate::currency::Currency;
use crate::error::{Code, Error};
use crate::record::{FieldType, Role};
use crate::value::Value;

/// Longest template, in bytes.
pub const MAX_TEMPLATE: usize = 65_536;
/// Longest text that comes out, in bytes.
pub const MAX_RENDERED: usize = 1_048_576;
const MAX_NESTING: usize = 20;

/// A checked template.
#[derive(Clone, Debug)]
pub struct Template {
    pieces: Vec<Piece>,
    reads: Node,
    uses: Vec<(u32, u32)>,
}

#[derive(Clone, Debug)]
enum Piece {
    Text(String),
    Show(Node, Amount),
    If(Node, Vec<Piece>, Vec<Piece>),
    For(Lines, Vec<Piece>),
}

/// Whose digits a number shows.
#[derive(Clone, Debug)]
enum Amount {
    /// Its own: it is no amount.
    Plain,
    /// Those of the enterprise's currency.
    Base,
    /// Those of the currency with this code.
    In(Node),
}

#[derive(Clone, Debug)]
struct Lines {
    var: Var,
    path: Vec<Step>,
    position: usize,
    child: u32,
    depth: u8,
}

impl Template {
    /// Reads and checks a text against a scope. Errors: as [`super::Expr::check`], with the place in the template.
    pub fn parse(text: &str, scope: &Scope<'_>) -> Result<Template, Error> {
        if text.len() > MAX_TEMPLATE {
            let place = (MAX_TEMPLATE, text.len());
            return Err(Fault::new("too_long", place, "a template has at most 65536 bytes").into());
        }
        let mut reader = Reader::new(text, scope);
        let (pieces, _) = reader.block(&[])?;
        let reads = reads(&pieces);
        Ok(Template { pieces, reads, uses: reader.checker.fields() })
    }

    /// A template after a field has got another name; the scope still has the old one. Errors: as
    /// [`Template::parse`].
    pub fn renamed(
        text: &str,
        scope: &Scope<'_>,
        kind: u32,
        field: u32,
        name: &str,
    ) -> Result<String, Error> {
        let mut reader = Reader::new(text, scope);
        reader.block(&[])?;
        Ok(reader.checker.renamed(text, kind, field, name))
    }

    /// The text for a record. `base` is the enterprise's currency. Errors: `value.out_of_range` and `value.none` with the
    /// `reason` where a figure cannot be calculated, `field.too_long` beyond 1 MB.
    pub fn render(&self, env: &dyn Env, base: Option<Currency>) -> Result<String, Error> {
        let mut out = String::new();
        render(&self.pieces, env, base, &mut out)?;
        Ok(out)
    }

    /// The fields it reads, as (kind number, field number), sorted, each once.
    pub fn uses(&self) -> &[(u32, u32)] {
        &self.uses
    }

    /// A node that reads what the template reads, for [`super::Arena::fill`]. Its value means nothing.
    pub fn reads(&self) -> &Node {
        &self.reads
    }
}

fn render(pieces: &[Piece], env: &dyn Env, base: Option<Currency>, out: &mut String) -> Result<(), Error> {
    for piece in pieces {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Show(node, amount) => show(node, amount, env, base, out)?,
            Piece::If(condition, yes, no) => {
                let branch = if eval(condition, env) == Val::Bool(true) { yes } else { no };
                render(branch, env, base, out)?;
            }
            Piece::For(lines, body) => {
                let mut result = Ok(());
                env.each_line(lines.var, &lines.path, lines.position, lines.depth, &mut |line| {
                    result = render(body, line, base, out);
                    result.is_ok()
                });
                result?;
            }
        }
        if out.len() > MAX_RENDERED {
            return Err(Code::TOO_LONG
                .error()
                .with("longest", i64::try_from(MAX_RENDERED).unwrap_or(i64::MAX)));
        }
    }
    Ok(())
}

fn show(
    node: &Node,
    amount: &Amount,
    env: &dyn Env,
    base: Option<Currency>,
    out: &mut String,
) -> Result<(), Error> {
    let val = eval(node, env);
    let reason = val.reason();
    match narrow(val, &node.ty) {
        Value::Bool(value) => out.push_str(if value { "true" } else { "false" }),
        Value::Text(text) => out.push_str(&text),
        Value::Date(date) => out.push_str(&date.to_string()),
        Value::Instant(instant) => out.push_str(&instant.to_string()),
        Value::Ref(id) => out.push_str(&id.to_string()),
        value => match (value.as_dec(), reason) {
            (Some(dec), _) => {
                let currency = match amount {
                    Amount::Plain => None,
                    Amount::Base => base,
                    Amount::In(code) => match eval(code, env) {
                        Val::Text(code) => Currency::parse(&code).ok(),
                        _ => None,
                    },
                };
                out.push_str(&dec.to_text_scale(currency.map_or(0, |currency| currency.digits())));
            }
            (None, Some(Reason::Missing | Reason::MissingReference)) => {}
            (None, reason) => {
                let reason = reason.unwrap_or(Reason::Overflow);
                let code = match reason {
                    Reason::Overflow | Reason::DateRange | Reason::TextRange => Code::OUT_OF_RANGE,
                    _ => Code::NO_VALUE,
                };
                return Err(code.error().with("reason", reason.code()));
            }
        },
    }
    Ok(())
}

/// One node over all that is read; lines as a quantifier over what is read of them.
fn reads(pieces: &[Piece]) -> Node {
    let mut all = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Text(_) => {}
            Piece::Show(node, amount) => {
                all.push(node.clone());
                if let Amount::In(code) = amount {
                    all.push(code.clone());
                }
            }
            Piece::If(condition, yes, no) => all.extend([condition.clone(), reads(yes), reads(no)]),
            Piece::For(Lines { var, path, position, child, depth }, body) => {
                let op = Op::Quantify {
                    all: true,
                    var: *var,
                    path: path.clone(),
                    position: *position,
                    child: *child,
                    depth: *depth,
                    body: Box::new(reads(body)),
                };
                all.push(Node { op, ty: Ty::Bool });
            }
        }
    }
    Node { op: Op::Call(operator(Function::Coalesce), all), ty: Ty::Null }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    nesting: usize,
    checker: Checker<'a>,
}

/// What stands between the signs of a tag, with its place.
#[derive(Clone, Copy)]
struct Tag<'a> {
    inner: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str, scope: &'a Scope<'a>) -> Reader<'a> {
        Reader { text, at: 0, nesting: 0, checker: Checker::new(scope) }
    }

    /// Pieces up to the end of the text, or up to a tag of one of the words.
    fn block(&mut self, ends: &[&str]) -> Result<(Vec<Piece>, Option<&'a str>), Fault> {
        let mut pieces = Vec::new();
        loop {
            let rest = self.rest();
            let open = [rest.find("{{"), rest.find("{%")].into_iter().flatten().min();
            let text = rest.get(..open.unwrap_or(rest.len())).unwrap_or_default();
            if !text.is_empty() {
                pieces.push(Piece::Text(text.to_owned()));
            }
            self.at += text.len();
            if open.is_none() {
                return match ends.last() {
                    None => Ok((pieces, None)),
                    Some(end) => Err(self.fault(0, format!("`{{% {end} %}}` is missing"))),
                };
            }
            if self.rest().starts_with("{{") {
                let tag = self.tag("}}")?;
                let node = self.expression(tag)?;
                let amount = self.amount(&node);
                pieces.push(Piece::Show(node, amount));
                continue;
            }
            let start = self.at;
            let tag = self.tag("%}")?;
            let inner = tag.inner.trim_start();
            let word: &str = inner.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
            let body = inner.get(word.len()..).unwrap_or_default();
            let body = Tag { inner: body, at: tag.at + tag.inner.len() - body.len() };
            if ends.contains(&word) && body.inner.trim().is_empty() {
                return Ok((pieces, Some(word)));
            }
            let piece = match word {
                "if" => self.deeper(|reader| reader.branches(body))?,
                "for" => self.deeper(|reader| reader.lines(body))?,
                _ => {
                    let detail = format!("`{}` has no place here", tag.inner.trim());
                    return Err(Fault::new("syntax", (start, self.at), detail));
                }
            };
            pieces.push(piece);
        }
    }

    fn branches(&mut self, tag: Tag<'a>) -> Result<Piece, Fault> {
        self.checker.base = tag.at;
        let ast = parse(tag.inner).map_err(|fault| fault.shifted(tag.at))?;
        let condition = self.checker.boolean(&ast).map_err(|fault| fault.shifted(tag.at))?.node;
        let (yes, end) = self.block(&["else", "endif"])?;
        let no = if end == Some("else") { self.block(&["endif"])?.0 } else { Vec::new() };
        Ok(Piece::If(condition, yes, no))
    }

    fn lines(&mut self, tag: Tag<'a>) -> Result<Piece, Fault> {
        let how = || {
            let place = (tag.at, tag.at + tag.inner.len());
            Fault::new("syntax", place, "lines are repeated as `{% for l in lines %}`")
        };
        self.checker.base = tag.at;
        let ast = parse(tag.inner).map_err(|fault| fault.shifted(tag.at))?;
        let Syntax::In(name, _, target) = &ast.kind else { return Err(how()) };
        let Syntax::Name(name) = &name.kind else { return Err(how()) };
        let (var, path, position, child) =
            self.checker.lines(target).map_err(|fault| fault.shifted(tag.at))?;
        let depth = u8::try_from(self.checker.vars.len()).unwrap_or(u8::MAX);
        self.checker.vars.push((name.clone(), child));
        let body = self.block(&["endfor"]);
        self.checker.vars.pop();
        Ok(Piece::For(Lines { var, path, position, child, depth }, body?.0))
    }

    fn expression(&mut self, tag: Tag<'_>) -> Result<Node, Fault> {
        self.checker.base = tag.at;
        self.checker.text(tag.inner).map(|checked| checked.node).map_err(|fault| fault.shifted(tag.at))
    }

    /// Where the currency of what is shown stands: in the record of an amount, else in the document of its line.
    fn amount(&self, node: &Node) -> Amount {
        let Op::Field { var, path, leaf: Leaf::Field(position) } = &node.op else { return Amount::Plain };
        let no = match (path.last(), var) {
            (Some(Step::Parent { to } | Step::Field { to, .. }), _) => Some(*to),
            (None, Var::Root) => Some(self.checker.scope.root),
            (None, Var::Item(depth)) => self.checker.vars.get(usize::from(*depth)).map(|(_, kind)| *kind),
        };
        let catalogue = self.checker.scope.catalogue;
        let Some(kind) = no.and_then(|no| catalogue.kind(no)) else { return Amount::Plain };
        match kind.field(*position).map(|field| &field.ty) {
            Some(FieldType::Num { role: Role::Money, .. }) => {}
            Some(FieldType::Num { role: Role::BaseMoney, .. }) => return Amount::Base,
            _ => return Amount::Plain,
        }
        let code = |path: Vec<Step>, position: usize| Node {
            op: Op::Field { var: *var, path, leaf: Leaf::Field(position) },
            ty: Ty::Text,
        };
        let own = kind.currency().map(|position| code(path.clone(), position));
        let outer = kind.parent().and_then(|to| {
            let position = catalogue.kind(to)?.currency()?;
            Some(code(path.iter().copied().chain([Step::Parent { to }]).collect(), position))
        });
        let codes: Vec<Node> = own.into_iter().chain(outer).collect();
        if codes.is_empty() {
            return Amount::Plain;
        }
        Amount::In(Node { op: Op::Call(operator(Function::Coalesce), codes), ty: Ty::Text })
    }

    /// The inside of the tag that begins here; its closing sign may stand in a text inside.
    fn tag(&mut self, close: &str) -> Result<Tag<'a>, Fault> {
        let start = self.at + 2;
        let rest = self.text.get(start..).unwrap_or_default();
        let mut quote = None;
        let mut escaped = false;
        for (at, c) in rest.char_indices() {
            match quote {
                None if rest.get(at..).is_some_and(|rest| rest.starts_with(close)) => {
                    self.at = start + at + close.len();
                    return Ok(Tag { inner: rest.get(..at).unwrap_or_default(), at: start });
                }
                None if c == '"' || c == '\'' => quote = Some(c),
                None => {}
                Some(_) if escaped => escaped = false,
                Some(_) if c == '\\' => escaped = true,
                Some(open) if c == open => quote = None,
                Some(_) => {}
            }
        }
        Err(self.fault(2, format!("what begins here lacks its closing `{close}`")))
    }

    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Fault>) -> Result<T, Fault> {
        if self.nesting >= MAX_NESTING {
            return Err(Fault::new(
                "too_deep",
                (self.at, self.at),
                "a template is nested at most 20 levels deep",
            ));
        }
        self.nesting += 1;
        let read = read(self);
        self.nesting -= 1;
        read
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn fault(&self, length: usize, detail: String) -> Fault {
        Fault::new("syntax", (self.at, self.at + length), detail)
    }
}
