//! Text to syntax tree. The tree knows the place of every part; it knows no types.

use super::fault::Fault;
use super::node::Compare;
use super::table::NATIVE_DIGITS;
use crate::dec::Dec;

/// Longest text, in bytes.
pub(super) const MAX_TEXT: usize = 8192;
/// Deepest nesting of brackets, arguments, branches and signs.
pub(super) const MAX_NESTING: usize = 40;
/// Most operands of one chain (`a + b - c`), most items between two commas' list excepted.
pub(super) const MAX_CHAIN: usize = 200;
/// Most syntax nodes one inside the other: what keeps the stack small where many operators meet in each bracket.
const MAX_DEPTH: usize = 150;

/// Place of a part: first byte and the byte behind it.
pub(super) type Place = (usize, usize);

/// A node of the syntax tree.
#[derive(Debug)]
pub(super) struct Ast {
    pub place: Place,
    pub kind: Kind,
    depth: usize,
}

#[derive(Debug)]
pub(super) enum Kind {
    Null,
    Bool(bool),
    Num(Dec),
    Text(String),
    List(Vec<Ast>),
    /// A field, a variable, `today` or `$parameter`.
    Name(String),
    /// `target.name`, with the place of the name.
    Member(Box<Ast>, String, Place),
    /// `name(args)` or `target.name(args)`, with the place of the name.
    Call(Option<Box<Ast>>, String, Place, Vec<Ast>),
    Not(Box<Ast>),
    Negate(Box<Ast>),
    All(Vec<Ast>),
    Any(Vec<Ast>),
    /// `+` and `-` between operands, each sign with its place.
    Sum(Box<Ast>, Rest),
    /// `*` and `/` between operands.
    Product(Box<Ast>, Rest),
    Compare(Compare, Place, Box<Ast>, Box<Ast>),
    In(Box<Ast>, Place, Box<Ast>),
    If(Box<Ast>, Box<Ast>, Box<Ast>),
}

/// What follows the first operand of a chain: signs with their places, operands.
pub(super) type Rest = Vec<(Sign, Place, Ast)>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    Plus,
    Minus,
    Times,
    Over,
}

/// Reads a whole text.
pub(super) fn parse(text: &str) -> Result<Ast, Fault> {
    if text.len() > MAX_TEXT {
        return Err(Fault::new("too_long", (MAX_TEXT, text.len()), "an expression has at most 8192 bytes"));
    }
    let mut parser = Parser { tokens: tokens(text)?, at: 0, nesting: 0, end: text.len() };
    let ast = parser.expression()?;
    match parser.peek() {
        None => Ok(ast),
        Some(_) => Err(parser.unexpected("an operator or the end")),
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Word {
    /// An identifier or `$parameter`.
    Name(String),
    Num(Dec),
    Text(String),
    Sign(&'static str),
}

#[derive(Clone, Debug)]
struct Token {
    word: Word,
    place: Place,
}

/// Longer signs first.
const SIGNS: &[&str] = &[
    "&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "+", "-", "*", "/", "?", ":", "(", ")", "[", "]", ",",
    ".",
];

fn tokens(text: &str) -> Result<Vec<Token>, Fault> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..)
        && let Some(first) = rest.chars().next()
    {
        let (word, length) = if first.is_ascii_whitespace() {
            at += 1;
            continue;
        } else if first.is_ascii_alphabetic() || first == '_' || first == '$' {
            let length =
                1 + rest.bytes().skip(1).take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
            (Word::Name(rest.get(..length).unwrap_or_default().to_owned()), length)
        } else if first.is_ascii_digit() {
            number(rest, at)?
        } else if first == '"' || first == '\'' {
            quoted(rest, at, first)?
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            (Word::Sign(sign), sign.len())
        } else {
            let place = (at, at + first.len_utf8());
            return Err(Fault::new(
                "syntax",
                place,
                format!("`{}` has no meaning here", first.escape_default()),
            ));
        };
        out.push(Token { word, place: (at, at + length) });
        at += length;
    }
    Ok(out)
}

fn number(rest: &str, at: usize) -> Result<(Word, usize), Fault> {
    let bytes = rest.as_bytes();
    // Letters are taken along so that `1e3` is one bad number, not a number and a name.
    let mut length = 0;
    while let Some(byte) = bytes.get(length) {
        let point = *byte == b'.' && bytes.get(length + 1).is_some_and(u8::is_ascii_digit);
        if !point && !byte.is_ascii_alphanumeric() && *byte != b'_' {
            break;
        }
        length += 1;
    }
    let text = rest.get(..length).unwrap_or_default();
    let bad = |detail: String| Fault::new("bad_number", (at, at + length), detail);
    let dec = Dec::parse(text).map_err(|_| {
        bad(format!(
            "`{text}` is no number: digits without leading zeros, then optionally a point and decimals"
        ))
    })?;
    if dec.digits().max(dec.scale()) > NATIVE_DIGITS {
        return Err(bad(format!("`{text}` has more than 18 digits")));
    }
    Ok((Word::Num(dec), length))
}

fn quoted(rest: &str, at: usize, quote: char) -> Result<(Word, usize), Fault> {
    let mut out = String::new();
    let mut chars = rest.char_indices().skip(1);
    while let Some((here, c)) = chars.next() {
        let bad =
            |length: usize, detail: &str| Fault::new("bad_text", (at + here, at + here + length), detail);
        match c {
            '\0' => return Err(bad(1, "a text cannot hold U+0000")),
            '\\' => match chars.next() {
                Some((_, 'n')) => out.push('\n'),
                Some((_, 'r')) => out.push('\r'),
                Some((_, 't')) => out.push('\t'),
                Some((_, c @ ('\\' | '\'' | '"'))) => out.push(c),
                Some((_, 'u')) => {
                    let digits: String = chars.by_ref().take(4).map(|(_, digit)| digit).collect();
                    let code = (digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_hexdigit()))
                        .then(|| u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32))
                        .flatten();
                    match code {
                        Some('\0') => return Err(bad(6, "a text cannot hold U+0000")),
                        Some(c) => out.push(c),
                        None => return Err(bad(2, "`\\u` wants four hexadecimal digits of a character")),
                    }
                }
                _ => {
                    return Err(bad(
                        1,
                        "no such escape: `\\\\`, `\\'`, `\\\"`, `\\n`, `\\r`, `\\t`, `\\uXXXX`",
                    ));
                }
            },
            c if c == quote => return Ok((Word::Text(out), here + 1)),
            c => out.push(c),
        }
    }
    Err(Fault::new(
        "syntax",
        (at, at + rest.len()),
        format!("the text that begins here lacks its closing `{quote}`"),
    ))
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    nesting: usize,
    end: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn place(&self) -> Place {
        self.peek().map_or((self.end, self.end), |token| token.place)
    }

    /// The end of the last token taken.
    fn done(&self) -> usize {
        self.tokens.get(self.at.wrapping_sub(1)).map_or(0, |token| token.place.1)
    }

    fn take(&mut self, sign: &str) -> Option<Place> {
        let place = match self.peek()? {
            Token { word: Word::Sign(found), place } if *found == sign => *place,
            _ => return None,
        };
        self.at += 1;
        Some(place)
    }

    fn expect(&mut self, sign: &str) -> Result<Place, Fault> {
        self.take(sign).ok_or_else(|| self.unexpected(&format!("`{sign}`")))
    }

    fn unexpected(&self, wanted: &str) -> Fault {
        let found = match self.peek().map(|token| &token.word) {
            None => "the end".to_owned(),
            Some(Word::Name(name)) => format!("`{name}`"),
            Some(Word::Num(dec)) => format!("`{dec}`"),
            Some(Word::Text(_)) => "a text".to_owned(),
            Some(Word::Sign(sign)) => format!("`{sign}`"),
        };
        Fault::new("syntax", self.place(), format!("{wanted} is expected here, not {found}"))
    }

    fn nested<T>(&mut self, read: impl FnOnce(&mut Parser) -> Result<T, Fault>) -> Result<T, Fault> {
        if self.nesting >= MAX_NESTING {
            return Err(Fault::new(
                "too_deep",
                self.place(),
                "an expression is nested at most 40 levels deep",
            ));
        }
        self.nesting += 1;
        let read = read(self);
        self.nesting -= 1;
        read
    }

    fn make(&self, at: usize, kind: Kind) -> Result<Ast, Fault> {
        let place = (at, self.done());
        let deepest = |list: &[Ast]| list.iter().map(|ast| ast.depth).max().unwrap_or(0);
        let chain = |first: &Ast, rest: &Rest| {
            rest.iter().map(|(_, _, ast)| ast.depth).max().unwrap_or(0).max(first.depth)
        };
        let below = match &kind {
            Kind::Null | Kind::Bool(_) | Kind::Num(_) | Kind::Text(_) | Kind::Name(_) => 0,
            Kind::Member(of, ..) | Kind::Not(of) | Kind::Negate(of) => of.depth,
            Kind::List(list) | Kind::All(list) | Kind::Any(list) => deepest(list),
            Kind::Call(target, _, _, args) => {
                deepest(args).max(target.as_ref().map_or(0, |target| target.depth))
            }
            Kind::Sum(first, rest) | Kind::Product(first, rest) => chain(first, rest),
            Kind::Compare(_, _, left, right) | Kind::In(left, _, right) => left.depth.max(right.depth),
            Kind::If(condition, yes, no) => condition.depth.max(yes.depth).max(no.depth),
        };
        if below >= MAX_DEPTH {
            return Err(Fault::new("too_deep", place, "too many operators lie one inside the other"));
        }
        Ok(Ast { place, kind, depth: below + 1 })
    }

    fn expression(&mut self) -> Result<Ast, Fault> {
        let condition = self.either()?;
        if self.take("?").is_none() {
            return Ok(condition);
        }
        let yes = self.nested(Parser::expression)?;
        self.expect(":")?;
        let no = self.nested(Parser::expression)?;
        self.make(condition.place.0, Kind::If(Box::new(condition), Box::new(yes), Box::new(no)))
    }

    fn either(&mut self) -> Result<Ast, Fault> {
        self.joined("||", Parser::both, Kind::Any)
    }

    fn both(&mut self) -> Result<Ast, Fault> {
        self.joined("&&", Parser::relation, Kind::All)
    }

    fn joined(
        &mut self,
        sign: &str,
        operand: fn(&mut Parser) -> Result<Ast, Fault>,
        kind: fn(Vec<Ast>) -> Kind,
    ) -> Result<Ast, Fault> {
        let first = operand(self)?;
        let at = first.place.0;
        let mut all = vec![first];
        while let Some(place) = self.take(sign) {
            chain_limit(all.len(), place)?;
            all.push(operand(self)?);
        }
        match all.pop() {
            Some(only) if all.is_empty() => Ok(only),
            Some(last) => {
                all.push(last);
                self.make(at, kind(all))
            }
            None => Err(self.unexpected("a value")),
        }
    }

    fn relation(&mut self) -> Result<Ast, Fault> {
        let left = self.sum()?;
        let at = left.place.0;
        let relation = match self.relation_sign() {
            None => return Ok(left),
            Some((None, place)) => {
                let right = self.sum()?;
                self.make(at, Kind::In(Box::new(left), place, Box::new(right)))?
            }
            Some((Some(compare), place)) => {
                let right = self.sum()?;
                self.make(at, Kind::Compare(compare, place, Box::new(left), Box::new(right)))?
            }
        };
        match self.relation_sign() {
            None => Ok(relation),
            Some((_, place)) => {
                Err(Fault::new("syntax", place, "comparisons do not chain: join two of them with `&&`"))
            }
        }
    }

    /// A comparison, or `in` where there is none inside.
    fn relation_sign(&mut self) -> Option<(Option<Compare>, Place)> {
        let token = self.peek()?;
        let sign = match &token.word {
            Word::Sign("==") => Some(Compare::Equal),
            Word::Sign("!=") => Some(Compare::NotEqual),
            Word::Sign("<") => Some(Compare::Less),
            Word::Sign("<=") => Some(Compare::LessOrEqual),
            Word::Sign(">") => Some(Compare::Greater),
            Word::Sign(">=") => Some(Compare::GreaterOrEqual),
            Word::Name(name) if name == "in" => None,
            _ => return None,
        };
        let place = token.place;
        self.at += 1;
        Some((sign, place))
    }

    fn sum(&mut self) -> Result<Ast, Fault> {
        self.chain(&[("+", Sign::Plus), ("-", Sign::Minus)], Parser::product, Kind::Sum)
    }

    fn product(&mut self) -> Result<Ast, Fault> {
        self.chain(&[("*", Sign::Times), ("/", Sign::Over)], Parser::unary, Kind::Product)
    }

    fn chain(
        &mut self,
        signs: &[(&str, Sign)],
        operand: fn(&mut Parser) -> Result<Ast, Fault>,
        kind: fn(Box<Ast>, Rest) -> Kind,
    ) -> Result<Ast, Fault> {
        let first = operand(self)?;
        let mut rest = Rest::new();
        while let Some((sign, place)) =
            signs.iter().find_map(|(text, sign)| self.take(text).map(|place| (*sign, place)))
        {
            chain_limit(rest.len() + 1, place)?;
            rest.push((sign, place, operand(self)?));
        }
        if rest.is_empty() { Ok(first) } else { self.make(first.place.0, kind(Box::new(first), rest)) }
    }

    fn unary(&mut self) -> Result<Ast, Fault> {
        if let Some((at, _)) = self.take("!") {
            let of = self.nested(Parser::unary)?;
            return self.make(at, Kind::Not(Box::new(of)));
        }
        if let Some((at, _)) = self.take("-") {
            let of = self.nested(Parser::unary)?;
            return self.make(at, Kind::Negate(Box::new(of)));
        }
        let mut ast = self.primary()?;
        let at = ast.place.0;
        while self.take(".").is_some() {
            let (name, place) = self.name()?;
            let kind = if self.take("(").is_some() {
                let args = self.list(")")?;
                Kind::Call(Some(Box::new(ast)), name, place, args)
            } else {
                Kind::Member(Box::new(ast), name, place)
            };
            ast = self.make(at, kind)?;
        }
        Ok(ast)
    }

    fn name(&mut self) -> Result<(String, Place), Fault> {
        match self.peek() {
            Some(Token { word: Word::Name(name), place }) if !name.starts_with('$') => {
                let found = (name.clone(), *place);
                self.at += 1;
                Ok(found)
            }
            _ => Err(self.unexpected("a field or function")),
        }
    }

    fn primary(&mut self) -> Result<Ast, Fault> {
        let Some(Token { word, place }) = self.peek().cloned() else {
            return Err(self.unexpected("a value"));
        };
        match word {
            Word::Sign("(") => {
                self.at += 1;
                let mut inner = self.nested(Parser::expression)?;
                let (_, end) = self.expect(")")?;
                inner.place = (place.0, end);
                Ok(inner)
            }
            Word::Sign("[") => {
                self.at += 1;
                let items = self.list("]")?;
                self.make(place.0, Kind::List(items))
            }
            Word::Sign(_) => Err(self.unexpected("a value")),
            Word::Name(name) if name == "in" => Err(self.unexpected("a value")),
            word => {
                self.at += 1;
                let kind = match word {
                    Word::Num(dec) => Kind::Num(dec),
                    Word::Text(text) => Kind::Text(text),
                    Word::Name(name) => match name.as_str() {
                        "null" => Kind::Null,
                        "true" => Kind::Bool(true),
                        "false" => Kind::Bool(false),
                        _ if self.take("(").is_some() => {
                            let args = self.list(")")?;
                            Kind::Call(None, name, place, args)
                        }
                        _ => Kind::Name(name),
                    },
                    Word::Sign(_) => return Err(self.unexpected("a value")),
                };
                self.make(place.0, kind)
            }
        }
    }

    /// Expressions between commas up to the closing sign.
    fn list(&mut self, close: &str) -> Result<Vec<Ast>, Fault> {
        let mut items = Vec::new();
        if self.take(close).is_some() {
            return Ok(items);
        }
        loop {
            items.push(self.nested(Parser::expression)?);
            if self.take(close).is_some() {
                return Ok(items);
            }
            if self.take(",").is_none() {
                return Err(self.unexpected(&format!("`,` or `{close}`")));
            }
        }
    }
}

fn chain_limit(operands: usize, place: Place) -> Result<(), Fault> {
    if operands >= MAX_CHAIN {
        return Err(Fault::new("chain_too_long", place, "one operator joins at most 200 values"));
    }
    Ok(())
}
