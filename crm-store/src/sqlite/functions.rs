//! Functions that statements call: the kernel's evaluator on column values, and an exact sum.
//!
//! They never stand in the schema, so the file opens in any SQL shell.

use super::column::{Storage, number};
use super::errors::Mapped;
use crm_kernel::date::{Date, Instant};
use crm_kernel::dec::Dec;
use crm_kernel::error::Result;
use crm_kernel::expr::node::{Leaf, Node, Step, Ty, Var};
use crm_kernel::expr::{Env, Reason, Val, eval, narrow};
use crm_kernel::value::Value;
use rusqlite::functions::{Aggregate, Context, FunctionFlags};
use rusqlite::types::{ToSqlOutput, Value as Sql, ValueRef};
use rusqlite::{Connection, ToSql};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// An expression over the arguments of a call: its fields are `Leaf::Field(argument)`.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) node: Node,
    /// The types of the arguments.
    pub(super) arguments: Vec<Ty>,
}

/// Programs of running statements, by number.
#[derive(Clone, Debug, Default)]
pub(super) struct Programs(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    programs: Mutex<HashMap<i64, Arc<Program>>>,
    last: AtomicI64,
}

impl Programs {
    /// Keeps a program until the lease is dropped.
    pub(super) fn lease(&self, program: Program) -> Lease {
        let number = self.0.last.fetch_add(1, Ordering::Relaxed) + 1;
        self.lock().insert(number, Arc::new(program));
        Lease { programs: self.clone(), number }
    }

    fn get(&self, number: i64) -> Option<Arc<Program>> {
        self.lock().get(&number).cloned()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<i64, Arc<Program>>> {
        self.0.programs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A program in use by a statement.
#[derive(Debug)]
pub(super) struct Lease {
    programs: Programs,
    number: i64,
}

impl Lease {
    /// What the statement's parameter is bound to.
    pub(super) fn number(&self) -> i64 {
        self.number
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.programs.lock().remove(&self.number);
    }
}

/// Registers `crm_eval(program, value, ...)` and `crm_sum(value)`.
pub(super) fn register(conn: &Connection, programs: &Programs) -> Result<()> {
    let flags =
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_DIRECTONLY;
    let programs = programs.clone();
    conn.create_scalar_function("crm_eval", -1, flags, move |context| evaluate(&programs, context))
        .mapped()?;
    conn.create_aggregate_function("crm_sum", 1, flags, Sum).mapped()
}

fn fault(what: &'static str) -> rusqlite::Error {
    rusqlite::Error::UserFunctionError(what.into())
}

fn evaluate(programs: &Programs, context: &Context<'_>) -> rusqlite::Result<Answer> {
    let ValueRef::Integer(number) = context.get_raw(0) else { return Err(fault("no program number")) };
    let program = programs.get(number).ok_or_else(|| fault("no such program"))?;
    let env = Arguments { context, types: &program.arguments };
    Ok(Answer(narrow(eval(&program.node, &env), &program.node.ty)))
}

/// The arguments of a call as the fields of an expression.
struct Arguments<'a> {
    context: &'a Context<'a>,
    types: &'a [Ty],
}

impl Env for Arguments<'_> {
    fn field(&self, _: Var, _: &[Step], leaf: Leaf) -> Val<'_> {
        match leaf {
            Leaf::Field(position) => match self.types.get(position) {
                Some(ty) => val(self.context.get_raw(position + 1), ty),
                None => Val::Null(Reason::WrongType),
            },
            Leaf::Id | Leaf::LineNo => Val::Null(Reason::WrongType),
        }
    }

    fn each_line(&self, _: Var, _: &[Step], _: usize, _: u8, _: &mut dyn FnMut(&dyn Env) -> bool) {}
}

/// A column's value as the evaluator reads it.
fn val<'a>(found: ValueRef<'a>, ty: &Ty) -> Val<'a> {
    match (found, ty) {
        (ValueRef::Integer(number), ty) => match ty {
            Ty::Num { scale, .. } => Val::Num(Dec::from_i64_at(number, *scale)),
            Ty::Bool => Val::Bool(number != 0),
            Ty::Date => Date::from_days(number).map_or(Val::Null(Reason::WrongType), Val::Date),
            Ty::Instant => Instant::from_millis(number).map_or(Val::Null(Reason::WrongType), Val::Instant),
            Ty::Ref(_) => Val::Ref(number),
            Ty::Text | Ty::Null => Val::Null(Reason::WrongType),
        },
        (ValueRef::Text(bytes), Ty::Text) => match std::str::from_utf8(bytes) {
            Ok(text) => Val::Text(Cow::Borrowed(text)),
            Err(_) => Val::Null(Reason::WrongType),
        },
        (ValueRef::Null, _) => Val::Null(Reason::Missing),
        _ => Val::Null(Reason::WrongType),
    }
}

/// A value on its way to SQL.
struct Answer(Value);

impl ToSql for Answer {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match &self.0 {
            Value::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            value => ToSqlOutput::Owned(number(value).map_or(Sql::Null, Sql::Integer)),
        })
    }
}

/// What a value of a type is stored as.
pub(super) fn storage(ty: &Ty) -> Storage {
    match ty {
        Ty::Bool => Storage::Bool,
        Ty::Num { scale, .. } => Storage::Num { digits: Dec::STORED_DIGITS, scale: *scale },
        Ty::Text | Ty::Null => Storage::Text,
        Ty::Date => Storage::Date,
        Ty::Instant => Storage::Instant,
        Ty::Ref(_) => Storage::Ref,
    }
}

/// The exact sum: an integer where it fits, else the sixteen bytes of the 128-bit number, lowest first.
struct Sum;

#[derive(Default)]
struct Partial {
    sum: i128,
    count: u64,
}

impl Aggregate<Partial, Sql> for Sum {
    fn init(&self, _: &mut Context<'_>) -> rusqlite::Result<Partial> {
        Ok(Partial::default())
    }

    fn step(&self, context: &mut Context<'_>, partial: &mut Partial) -> rusqlite::Result<()> {
        match context.get_raw(0) {
            ValueRef::Integer(number) => {
                // Nine quintillion rows of the largest number do not overflow.
                partial.sum = partial.sum.wrapping_add(i128::from(number));
                partial.count = partial.count.wrapping_add(1);
                Ok(())
            }
            ValueRef::Null => Ok(()),
            _ => Err(fault("a sum over something that is no integer")),
        }
    }

    fn finalize(&self, _: &mut Context<'_>, partial: Option<Partial>) -> rusqlite::Result<Sql> {
        Ok(match partial.filter(|partial| partial.count > 0) {
            None => Sql::Null,
            Some(partial) => match i64::try_from(partial.sum) {
                Ok(sum) => Sql::Integer(sum),
                Err(_) => Sql::Blob(partial.sum.to_le_bytes().to_vec()),
            },
        })
    }
}
