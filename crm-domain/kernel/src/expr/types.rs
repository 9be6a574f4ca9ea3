//! Which types go together: what can be compared, what can stand for each other, how wide a number becomes.

use super::check::{Checked, Hint, finish_two, made};
use super::fault::Fault;
use super::node::{Compare, Node, Op, Ty};
use super::parse::Place;
use crate::currency::Currency;
use crate::id::Id;
use crate::value::Value;

/// Digits in flight.
pub(super) const MAX_DIGITS: u8 = 38;

/// The word for a type.
pub(super) fn ty_name(ty: &Ty) -> &'static str {
    match ty {
        Ty::Bool => "boolean",
        Ty::Num { .. } => "number",
        Ty::Text => "text",
        Ty::Date => "date",
        Ty::Instant => "instant",
        Ty::Ref(_) => "reference",
        Ty::Null => "null",
    }
}

/// A number type; digits beyond 38 are judged when it is calculated.
pub(super) fn num(digits: u32, scale: u8) -> Ty {
    Ty::Num { digits: u8::try_from(digits).unwrap_or(MAX_DIGITS).min(MAX_DIGITS), scale }
}

/// Digits before the point. A number of 38 digits was perhaps cut down to them, so it may have as many there.
pub(super) fn whole(digits: u8, scale: u8) -> u32 {
    u32::from(if digits >= MAX_DIGITS { MAX_DIGITS } else { digits.saturating_sub(scale) })
}

pub(super) fn wants(checked: &Checked, wanted: &str, accepts: fn(&Ty) -> bool) -> Result<(), Fault> {
    if accepts(&checked.node.ty) {
        return Ok(());
    }
    let found = ty_name(&checked.node.ty);
    Err(Fault::new("type_mismatch", checked.place, format!("a {wanted} is wanted here, not {found}")))
}

/// The type that holds both numbers, with `more` digits.
pub(super) fn widened(left: &Ty, right: &Ty, more: u32) -> Ty {
    let (Ty::Num { digits: a, scale: p }, Ty::Num { digits: b, scale: q }) = (left, right) else {
        return left.clone();
    };
    let scale = *p.max(q);
    num(whole(*a, *p).max(whole(*b, *q)) + u32::from(scale) + more, scale)
}

/// One type for values of which one is taken: branches, `coalesce`, `min`. A `null` gets the type of the others.
pub(super) fn unify(parts: &mut [Checked]) -> Result<(Ty, Hint), Fault> {
    let mut common: Option<(Ty, Hint)> = None;
    for part in parts.iter().filter(|part| !part.is_null()) {
        common = Some(match common {
            None => (part.node.ty.clone(), part.hint),
            Some((ty, hint)) => {
                let ty = match (&ty, &part.node.ty) {
                    (Ty::Num { .. }, Ty::Num { .. }) => widened(&ty, &part.node.ty, 0),
                    (Ty::Ref(a), Ty::Ref(b)) if *a == 0 || *b == 0 || a == b => Ty::Ref(*a.max(b)),
                    (a, b) if a == b && !matches!(a, Ty::Ref(_)) => ty,
                    (a, b) => {
                        let (a, b) = (ty_name(a), ty_name(b));
                        let detail = match a == b {
                            true => "the references lead to records of different kinds".to_owned(),
                            false => format!("{a} and {b} cannot stand for each other"),
                        };
                        return Err(Fault::new("type_mismatch", part.place, detail));
                    }
                };
                let hint = match (hint, part.hint) {
                    (Hint::Choice(a), Hint::Choice(b)) if a == b => Hint::Choice(a),
                    (Hint::Currency, Hint::Currency) => Hint::Currency,
                    _ => Hint::Nothing,
                };
                (ty, hint)
            }
        });
    }
    let Some((ty, hint)) = common else {
        let place = parts.first().map_or((0, 0), |part| part.place);
        return Err(Fault::new("type_mismatch", place, "`null` alone has no type"));
    };
    for part in parts.iter_mut().filter(|part| part.is_null()) {
        part.node.ty = ty.clone();
    }
    // One text alone may be a literal; what comes out of a choice between several is none.
    Ok((ty, if matches!(hint, Hint::TextLiteral) { Hint::Nothing } else { hint }))
}

pub(super) fn compared(
    compare: Compare,
    sign: Place,
    mut left: Checked,
    mut right: Checked,
    place: Place,
) -> Result<Checked, Fault> {
    let equality = matches!(compare, Compare::Equal | Compare::NotEqual);
    if left.is_null() || right.is_null() {
        if !equality {
            return Err(Fault::new("type_mismatch", sign, "`null` has no order: ask `== null` or `!= null`"));
        }
        let of = if right.is_null() { left } else { right };
        let negated = compare == Compare::NotEqual;
        let depth = of.depth + 1;
        return made(Op::IsNull { of: Box::new(of.node), negated }, Ty::Bool, place, depth, Hint::Nothing);
    }
    comparable(&mut left, &mut right, sign)?;
    if !equality && matches!(left.node.ty, Ty::Bool | Ty::Ref(_)) {
        let name = ty_name(&left.node.ty);
        return Err(Fault::new("type_mismatch", sign, format!("a {name} has no order: only `==` and `!=`")));
    }
    finish_two(|left, right| Op::Compare(compare, left, right), Ty::Bool, place, left, right)
}

/// Checks that two values can be compared. A text written out becomes the id that it stands for, and has to be one
/// of the options where the other side is a choice.
pub(super) fn comparable(left: &mut Checked, right: &mut Checked, sign: Place) -> Result<(), Fault> {
    coerce(left, right)?;
    coerce(right, left)?;
    let (a, b) = (&left.node.ty, &right.node.ty);
    match (a, b) {
        (Ty::Num { .. }, Ty::Num { .. }) => Ok(()),
        (Ty::Ref(a), Ty::Ref(b)) if *a == 0 || *b == 0 || a == b => Ok(()),
        (Ty::Ref(_), Ty::Ref(_)) => {
            Err(Fault::new("type_mismatch", sign, "the references lead to records of different kinds"))
        }
        (a, b) if a == b => Ok(()),
        (a, b) => {
            let help = match (a, b) {
                (Ty::Date, Ty::Text) | (Ty::Text, Ty::Date) => ": write a date as `date(\"2026-01-31\")`",
                (Ty::Instant, Ty::Text) | (Ty::Text, Ty::Instant) => {
                    ": write a point in time as `instant(\"2026-01-31T12:00:00Z\")`"
                }
                (Ty::Instant, Ty::Date) | (Ty::Date, Ty::Instant) => {
                    ": `date(x)` is the day of a point in time in UTC"
                }
                _ => "",
            };
            let detail = format!("cannot compare {} with {}{help}", ty_name(a), ty_name(b));
            Err(Fault::new("type_mismatch", sign, detail))
        }
    }
}

fn coerce(literal: &mut Checked, other: &Checked) -> Result<(), Fault> {
    let Some(text) = literal.literal_text() else { return Ok(()) };
    match (&other.node.ty, other.hint) {
        (Ty::Ref(kind), _) => {
            let id = Id::parse(text).ok_or_else(|| {
                Fault::new("bad_id", literal.place, format!("`{text}` is no id of a record"))
            })?;
            literal.node = Node { op: Op::Const(Value::Ref(id)), ty: Ty::Ref(*kind) };
            literal.hint = Hint::Nothing;
        }
        (Ty::Text, Hint::Choice(choice)) if !choice.options.contains(&text) => {
            let options: Vec<String> = choice.options.iter().map(|code| format!("`{code}`")).collect();
            let detail = format!("`{text}` is none of the options {}", options.join(", "));
            return Err(Fault::new("not_an_option", literal.place, detail));
        }
        (Ty::Text, Hint::Currency) if Currency::parse(text).is_err() => {
            return Err(Fault::new(
                "not_an_option",
                literal.place,
                format!("`{text}` is no currency of ISO 4217"),
            ));
        }
        _ => {}
    }
    Ok(())
}
