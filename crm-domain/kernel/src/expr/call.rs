//! Calls: which function, how many arguments, of which types, giving which.

use super::check::{Checked, Checker, Hint, date_literal, finish_call, instant_literal};
use super::fault::Fault;
use super::node::{Op, Ty};
use super::parse::{Ast, Kind as Syntax, Place};
use super::table::{Function, MAX_SCALE, Operator, called};
use super::types::{num, unify, wants, whole};
use crate::dec::Rounding;

/// Digits of the length of a text.
const SIZE_DIGITS: u32 = 10;

impl Checker<'_> {
    pub(super) fn call(
        &mut self,
        place: Place,
        target: Option<&Ast>,
        name: &str,
        name_place: Place,
        args: &[Ast],
    ) -> Result<Checked, Fault> {
        let all: Vec<&Ast> = target.into_iter().chain(args).collect();
        if let ("date" | "instant", [Ast { kind: Syntax::Text(text), place: at, .. }]) =
            (name, all.as_slice())
        {
            return if name == "date" {
                date_literal(text, *at, place)
            } else {
                instant_literal(text, *at, place)
            };
        }
        if name == "instant" {
            let detail = "a point in time is written `instant(\"2026-01-31T12:00:00Z\")`";
            return Err(Fault::new("wrong_arguments", name_place, detail));
        }
        let Some(row) = called(name) else {
            return Err(Fault::new("unknown_function", name_place, format!("there is no function `{name}`")));
        };
        let at_least = |least: usize, most: usize| arity(row, all.len(), least, most, name_place);
        match row.id {
            Function::Exists => self.quantified(false, target, name_place, args, place),
            Function::All => self.quantified(true, target, name_place, args, place),
            Function::Round => {
                at_least(2, 3)?;
                self.round(&all, place)
            }
            Function::Coalesce => {
                at_least(2, 20)?;
                let mut args = self.all(&all)?;
                let (ty, hint) = unify(&mut args)?;
                finish_call(row.id, ty, place, args, hint)
            }
            Function::Min | Function::Max => {
                at_least(2, 20)?;
                let mut args = self.all(&all)?;
                for arg in &args {
                    wants(arg, "number, text, date or instant", |ty| {
                        matches!(ty, Ty::Num { .. } | Ty::Text | Ty::Date | Ty::Instant)
                    })?;
                }
                let (ty, hint) = unify(&mut args)?;
                finish_call(row.id, ty, place, args, hint)
            }
            Function::Substring => {
                at_least(2, 3)?;
                let args = self.all(&all)?;
                for (at, arg) in args.iter().enumerate() {
                    if at == 0 { wants(arg, "text", is_text)? } else { wants(arg, "whole number", is_whole)? }
                }
                finish_call(row.id, Ty::Text, place, args, Hint::Nothing)
            }
            function => {
                let wanted = parameters(function);
                at_least(wanted.len(), wanted.len())?;
                let args = self.all(&all)?;
                for (arg, (word, accepts)) in args.iter().zip(wanted) {
                    wants(arg, word, *accepts)?;
                }
                let ty = result(function, args.first());
                finish_call(function, ty, place, args, Hint::Nothing)
            }
        }
    }

    fn all(&mut self, args: &[&Ast]) -> Result<Vec<Checked>, Fault> {
        args.iter().map(|arg| self.check(arg)).collect()
    }

    fn round(&mut self, args: &[&Ast], place: Place) -> Result<Checked, Fault> {
        let Some((of, rest)) = args.split_first() else {
            return Err(Fault::new("wrong_arguments", place, "a number is wanted"));
        };
        let mut scale = 0;
        let mut rounding = Rounding::HalfUp;
        for (at, ast) in rest.iter().enumerate() {
            if at == 0 {
                let decimals = self.check(ast)?;
                let found = match &decimals.node.op {
                    Op::Const(value) => value.as_dec().and_then(|dec| dec.to_i64_at(0).ok()),
                    _ => None,
                };
                scale = found.and_then(|n| u8::try_from(n).ok()).filter(|n| *n <= MAX_SCALE).ok_or_else(
                    || {
                        let detail = "the decimals of `round` are a constant whole number from 0 to 18";
                        Fault::new("wrong_arguments", ast.place, detail)
                    },
                )?;
            } else {
                let mode = match &ast.kind {
                    Syntax::Text(text) => MODES.iter().find(|(name, _)| name == text),
                    _ => None,
                };
                let names =
                    || MODES.iter().map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>().join(", ");
                rounding = mode.map(|(_, rounding)| *rounding).ok_or_else(|| {
                    Fault::new("wrong_arguments", ast.place, format!("the modes of `round` are {}", names()))
                })?;
            }
        }
        self.rounded(of, scale, rounding, place)
    }
}

/// Roundings as the language writes them.
const MODES: &[(&str, Rounding)] = &[
    ("half_up", Rounding::HalfUp),
    ("half_even", Rounding::HalfEven),
    ("up", Rounding::Up),
    ("down", Rounding::Down),
    ("ceiling", Rounding::Ceiling),
    ("floor", Rounding::Floor),
];

fn arity(row: &Operator, found: usize, least: usize, most: usize, place: Place) -> Result<(), Fault> {
    if (least..=most).contains(&found) {
        return Ok(());
    }
    let detail = format!("`{}` takes {}", row.name, row.signature);
    Err(Fault::new("wrong_arguments", place, detail))
}

/// What an argument has to be: the word for it and the test.
type Parameter = (&'static str, fn(&Ty) -> bool);

fn is_number(ty: &Ty) -> bool {
    matches!(ty, Ty::Num { .. })
}

fn is_whole(ty: &Ty) -> bool {
    matches!(ty, Ty::Num { scale: 0, .. })
}

fn is_text(ty: &Ty) -> bool {
    *ty == Ty::Text
}

fn is_date(ty: &Ty) -> bool {
    *ty == Ty::Date
}

fn is_instant(ty: &Ty) -> bool {
    *ty == Ty::Instant
}

/// The parameters of the functions that always take the same.
fn parameters(function: Function) -> &'static [Parameter] {
    const NUMBER: Parameter = ("number", is_number);
    const WHOLE: Parameter = ("whole number", is_whole);
    const TEXT: Parameter = ("text", is_text);
    const DATE: Parameter = ("date", is_date);
    const INSTANT: Parameter = ("instant", is_instant);
    const TIME: Parameter = ("date or instant", |ty| is_date(ty) || is_instant(ty));
    match function {
        Function::Floor | Function::Ceil | Function::Abs => &[NUMBER],
        Function::Size | Function::Lower | Function::Trim => &[TEXT],
        Function::Contains | Function::StartsWith | Function::EndsWith => &[TEXT, TEXT],
        Function::DateOf => &[INSTANT],
        Function::Year
        | Function::Quarter
        | Function::Month
        | Function::Day
        | Function::Weekday
        | Function::StartOfWeek
        | Function::StartOfMonth
        | Function::StartOfQuarter
        | Function::StartOfYear
        | Function::EndOfMonth => &[DATE],
        Function::AddDays => &[TIME, WHOLE],
        Function::AddMonths => &[DATE, WHOLE],
        Function::AddMinutes => &[INSTANT, WHOLE],
        Function::DaysBetween => &[DATE, DATE],
        Function::MinutesBetween => &[INSTANT, INSTANT],
        _ => &[],
    }
}

/// The type of what they give.
fn result(function: Function, first: Option<&Checked>) -> Ty {
    let first = first.map_or(Ty::Null, |first| first.node.ty.clone());
    match (function, &first) {
        (Function::Abs, _) => first,
        // Rounding up may add a digit.
        (Function::Floor | Function::Ceil, Ty::Num { digits, scale }) => num(whole(*digits, *scale) + 1, 0),
        (Function::Size, _) => num(SIZE_DIGITS, 0),
        (Function::Contains | Function::StartsWith | Function::EndsWith, _) => Ty::Bool,
        (Function::Lower | Function::Trim, _) => Ty::Text,
        (Function::Year, _) => num(4, 0),
        (Function::Quarter | Function::Weekday, _) => num(1, 0),
        (Function::Month | Function::Day, _) => num(2, 0),
        (Function::DaysBetween, _) => num(7, 0),
        (Function::MinutesBetween, _) => num(10, 0),
        (Function::AddDays | Function::AddMinutes, _) => first,
        _ => Ty::Date,
    }
}
