//! The evaluator on records in memory, which a store calls as well for what it does not do natively. It is total:
//! what cannot be calculated is null with a reason.

use super::env::{Env, NoFields, Reason, Val};
use super::node::{Arith, Compare, Node, Op, Ty};
use super::table::Function;
use crate::date::{Date, Instant};
use crate::dec::{Dec, DecError, Rounding};
use crate::fold;
use std::borrow::Cow;
use std::cmp::Ordering;

/// The value of a node.
pub fn eval<'a>(node: &'a Node, env: &'a dyn Env) -> Val<'a> {
    match &node.op {
        Op::Const(value) => Val::of(value),
        Op::Field { var, path, leaf } => env.field(*var, path, *leaf),
        Op::Not(of) => match eval(of, env) {
            Val::Bool(value) => Val::Bool(!value),
            other => null(other),
        },
        Op::And(left, right) => either(left, right, false, env),
        Op::Or(left, right) => either(left, right, true, env),
        Op::Compare(compare, left, right) => compared(*compare, &eval(left, env), &eval(right, env)),
        Op::IsNull { of, negated } => Val::Bool(eval(of, env).is_null() != *negated),
        Op::In(of, list) => one_of(&eval(of, env), list, env),
        Op::Arith(arith, left, right) => calculated(*arith, eval(left, env), eval(right, env)),
        Op::Negate(of) => match eval(of, env) {
            Val::Num(dec) => Val::Num(dec.neg()),
            other => null(other),
        },
        Op::Divide { left, right, rounding } => {
            divided(eval(left, env), eval(right, env), scale(&node.ty), *rounding)
        }
        Op::If(condition, yes, no) => match eval(condition, env) {
            Val::Bool(true) => eval(yes, env),
            Val::Bool(false) => eval(no, env),
            other => null(other),
        },
        Op::Call(operator, args) => called(operator.id, args, env),
        Op::Quantify { all, var, path, position, depth, body, .. } => {
            let mut answer = *all;
            env.each_line(*var, path, *position, *depth, &mut |line| {
                // Two-valued: unknown counts as not true.
                let holds = eval(body, line) == Val::Bool(true);
                if holds != *all {
                    answer = !*all;
                }
                holds == *all
            });
            Val::Bool(answer)
        }
    }
}

/// The value of a node that reads no field.
pub(super) fn constant(node: &Node) -> Val<'_> {
    eval(node, &NoFields)
}

/// Null as it goes through an operator; a value that is none of the operator's types is null too.
fn null(val: Val<'_>) -> Val<'static> {
    Val::Null(val.reason().unwrap_or(Reason::WrongType))
}

fn number<'a>(result: Result<Dec, DecError>) -> Val<'a> {
    match result {
        Ok(dec) => Val::Num(dec),
        Err(DecError::DivisionByZero) => Val::Null(Reason::DivisionByZero),
        Err(DecError::OutOfRange | DecError::Inexact | DecError::Syntax) => Val::Null(Reason::Overflow),
    }
}

fn scale(ty: &Ty) -> u8 {
    match ty {
        Ty::Num { scale, .. } => *scale,
        _ => 0,
    }
}

/// Kleene's and (`decides` is false) and or (`decides` is true).
fn either<'a>(left: &'a Node, right: &'a Node, decides: bool, env: &'a dyn Env) -> Val<'a> {
    let left = eval(left, env);
    if left == Val::Bool(decides) {
        return left;
    }
    match (left, eval(right, env)) {
        (_, Val::Bool(right)) if right == decides => Val::Bool(decides),
        (Val::Bool(_), Val::Bool(_)) => Val::Bool(!decides),
        (Val::Bool(_), right) => null(right),
        (left, _) => null(left),
    }
}

fn compared(compare: Compare, left: &Val<'_>, right: &Val<'_>) -> Val<'static> {
    match order(left, right) {
        Ok(order) => Val::Bool(match compare {
            Compare::Equal => order == Ordering::Equal,
            Compare::NotEqual => order != Ordering::Equal,
            Compare::Less => order == Ordering::Less,
            Compare::LessOrEqual => order != Ordering::Greater,
            Compare::Greater => order == Ordering::Greater,
            Compare::GreaterOrEqual => order != Ordering::Less,
        }),
        Err(reason) => Val::Null(reason),
    }
}

/// The order of two values of one type.
fn order(left: &Val<'_>, right: &Val<'_>) -> Result<Ordering, Reason> {
    match (left, right) {
        (Val::Num(a), Val::Num(b)) => Ok(a.cmp(b)),
        (Val::Text(a), Val::Text(b)) => Ok(a.cmp(b)),
        (Val::Date(a), Val::Date(b)) => Ok(a.cmp(b)),
        (Val::Instant(a), Val::Instant(b)) => Ok(a.cmp(b)),
        (Val::Ref(a), Val::Ref(b)) => Ok(a.cmp(b)),
        (Val::Bool(a), Val::Bool(b)) => Ok(a.cmp(b)),
        (Val::Null(reason), _) | (_, Val::Null(reason)) => Err(*reason),
        _ => Err(Reason::WrongType),
    }
}

/// An or of `==`.
fn one_of<'a>(of: &Val<'_>, list: &'a [Node], env: &'a dyn Env) -> Val<'a> {
    let mut answer = Val::Bool(false);
    for item in list {
        match compared(Compare::Equal, of, &eval(item, env)) {
            Val::Bool(true) => return Val::Bool(true),
            Val::Null(reason) if !answer.is_null() => answer = Val::Null(reason),
            _ => {}
        }
    }
    answer
}

fn calculated<'a>(arith: Arith, left: Val<'_>, right: Val<'_>) -> Val<'a> {
    match (left, right) {
        (Val::Num(a), Val::Num(b)) => number(match arith {
            Arith::Add => a.add(b),
            Arith::Subtract => a.sub(b),
            Arith::Multiply => a.mul(b),
        }),
        (Val::Num(_), other) | (other, _) => null(other),
    }
}

fn divided<'a>(left: Val<'_>, right: Val<'_>, scale: u8, rounding: Rounding) -> Val<'a> {
    match (left, right) {
        (Val::Num(a), Val::Num(b)) => number(a.div(b, scale, rounding)),
        (Val::Num(_), other) | (other, _) => null(other),
    }
}

fn called<'a>(function: Function, args: &'a [Node], env: &'a dyn Env) -> Val<'a> {
    // The functions that do not need all their arguments.
    if function == Function::Coalesce {
        let mut last = Val::Null(Reason::Missing);
        for arg in args {
            last = eval(arg, env);
            if !last.is_null() {
                break;
            }
        }
        return last;
    }
    let mut args = args.iter().map(|arg| eval(arg, env));
    let Some(first) = args.next() else { return Val::Null(Reason::WrongType) };
    if first.is_null() {
        return first;
    }
    let second = args.next();
    if let Some(second) = &second
        && let Some(reason) = second.reason()
    {
        return Val::Null(reason);
    }
    match (function, first, second) {
        (Function::Min, first, Some(second)) => extreme(first, second, args, Ordering::Less),
        (Function::Max, first, Some(second)) => extreme(first, second, args, Ordering::Greater),
        (Function::Substring, Val::Text(text), Some(Val::Num(from))) => match args.next() {
            None => substring(&text, from, None),
            Some(Val::Num(count)) => substring(&text, from, Some(count)),
            Some(other) => null(other),
        },
        (Function::Round, Val::Num(dec), Some(Val::Num(decimals))) => match args.next() {
            Some(Val::Text(mode)) => rounded(dec, decimals, &mode),
            _ => Val::Null(Reason::WrongType),
        },
        (function, Val::Num(dec), None) => of_number(function, dec),
        (function, Val::Text(text), None) => of_text(function, text),
        (Function::Concat, Val::Text(mut text), Some(Val::Text(more))) => {
            text.to_mut().push_str(&more);
            Val::Text(text)
        }
        (function, Val::Text(text), Some(Val::Text(part))) => match function {
            Function::Contains => Val::Bool(fold::fold_contains(&text, &part)),
            Function::StartsWith => Val::Bool(fold::fold_starts_with(&text, &part)),
            Function::EndsWith => Val::Bool(fold::fold_ends_with(&text, &part)),
            _ => Val::Null(Reason::WrongType),
        },
        (function, Val::Date(date), second) => of_date(function, date, second),
        (function, Val::Instant(instant), second) => of_instant(function, instant, second),
        _ => Val::Null(Reason::WrongType),
    }
}

/// The smallest or greatest; null where one is null.
fn extreme<'a>(
    first: Val<'a>,
    second: Val<'a>,
    rest: impl Iterator<Item = Val<'a>>,
    wanted: Ordering,
) -> Val<'a> {
    let mut best = first;
    for other in std::iter::once(second).chain(rest) {
        match order(&other, &best) {
            Ok(order) if order == wanted => best = other,
            Ok(_) => {}
            Err(reason) => return Val::Null(reason),
        }
    }
    best
}

fn rounded<'a>(dec: Dec, decimals: Dec, mode: &str) -> Val<'a> {
    let decimals = decimals.to_i64_at(0).ok().and_then(|decimals| u8::try_from(decimals).ok());
    match (decimals, Rounding::parse(mode)) {
        (Some(decimals), Some(rounding)) => Val::Num(dec.round(decimals, rounding)),
        _ => Val::Null(Reason::WrongType),
    }
}

fn of_number<'a>(function: Function, dec: Dec) -> Val<'a> {
    match function {
        Function::Floor => Val::Num(dec.round(0, Rounding::Floor)),
        Function::Ceil => Val::Num(dec.round(0, Rounding::Ceiling)),
        Function::Abs => Val::Num(dec.abs()),
        _ => Val::Null(Reason::WrongType),
    }
}

fn of_text(function: Function, text: Cow<'_, str>) -> Val<'_> {
    match function {
        Function::Size => Val::Num(Dec::from_int(i64::try_from(text.chars().count()).unwrap_or(i64::MAX))),
        Function::Lower => Val::Text(Cow::Owned(fold::fold(&text))),
        Function::Trim => Val::Text(match text {
            Cow::Borrowed(text) => Cow::Borrowed(text.trim_matches(is_blank)),
            Cow::Owned(text) => Cow::Owned(text.trim_matches(is_blank).to_owned()),
        }),
        _ => Val::Null(Reason::WrongType),
    }
}

/// Blanks by a list of our own: the compiler's follows its edition of Unicode, and the builds of native code and
/// WebAssembly need not have the same.
fn is_blank(c: char) -> bool {
    matches!(
        c,
        '\t' | '\n'
            | '\u{b}'
            | '\u{c}'
            | '\r'
            | ' '
            | '\u{85}'
            | '\u{a0}'
            | '\u{2028}'
            | '\u{2029}'
            | '\u{3000}'
    )
}

fn substring<'a>(text: &str, from: Dec, count: Option<Dec>) -> Val<'a> {
    if from.is_negative() || count.is_some_and(|count| count.is_negative()) {
        return Val::Null(Reason::TextRange);
    }
    // What does not fit is beyond every text.
    let place = |dec: Dec| dec.to_i64_at(0).ok().and_then(|n| usize::try_from(n).ok()).unwrap_or(usize::MAX);
    let rest = text.chars().skip(place(from));
    let text: String = match count {
        Some(count) => rest.take(place(count)).collect(),
        None => rest.collect(),
    };
    Val::Text(Cow::Owned(text))
}

fn of_date<'a>(function: Function, date: Date, second: Option<Val<'_>>) -> Val<'a> {
    let whole = |number: u32| Val::Num(Dec::from(number));
    let in_range = |date: Option<Date>| date.map_or(Val::Null(Reason::DateRange), Val::Date);
    match (function, second) {
        (Function::Year, None) => Val::Num(Dec::from(date.year())),
        (Function::Quarter, None) => whole(date.quarter()),
        (Function::Month, None) => whole(date.month()),
        (Function::Day, None) => whole(date.day()),
        (Function::Weekday, None) => whole(date.weekday()),
        (Function::StartOfWeek, None) => Val::Date(date.first_of_week()),
        (Function::StartOfMonth, None) => Val::Date(date.first_of_month()),
        (Function::StartOfQuarter, None) => Val::Date(date.first_of_quarter()),
        (Function::StartOfYear, None) => Val::Date(date.first_of_year()),
        (Function::EndOfMonth, None) => Val::Date(date.end_of_month()),
        (Function::AddDays, Some(Val::Num(days))) => {
            in_range(days.to_i64_at(0).ok().and_then(|days| date.add_days(days)))
        }
        (Function::AddMonths, Some(Val::Num(months))) => {
            in_range(months.to_i64_at(0).ok().and_then(|months| date.add_months(months)))
        }
        (Function::DaysBetween, Some(Val::Date(later))) => Val::Num(Dec::from_int(date.days_between(later))),
        _ => Val::Null(Reason::WrongType),
    }
}

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;

fn of_instant<'a>(function: Function, instant: Instant, second: Option<Val<'_>>) -> Val<'a> {
    let later = |number: Dec, unit: i64| {
        let millis = number.to_i64_at(0).ok().and_then(|number| number.checked_mul(unit));
        millis
            .and_then(|millis| instant.add_millis(millis))
            .map_or(Val::Null(Reason::DateRange), Val::Instant)
    };
    match (function, second) {
        (Function::DateOf, None) => Val::Date(instant.utc_date()),
        (Function::AddDays, Some(Val::Num(days))) => later(days, DAY),
        (Function::AddMinutes, Some(Val::Num(minutes))) => later(minutes, MINUTE),
        (Function::MinutesBetween, Some(Val::Instant(end))) => {
            Val::Num(Dec::from_int(instant.millis_between(end) / MINUTE))
        }
        _ => Val::Null(Reason::WrongType),
    }
}
