//! Which nodes SQL may evaluate itself, and how large its integers may become on the way.
//!
//! The kernel's table of operators says which operators are native at all. Whether numbers fit is decided here by
//! bounds: a column of 18 digits is below 10^18, so the sum of nine of them still fits a 64-bit integer and is exact.
//! Decided before any SQL is written: pure functions of the node.

use crm_kernel::dec::Dec;
use crm_kernel::expr::node::{Arith, Node, Op, Ty};
use crm_kernel::expr::table::{NATIVE_DIGITS, Sqlite};

/// Largest magnitude that SQL may meet. One less than the largest integer, which stands for "beyond every value".
const LIMIT: u128 = (i64::MAX - 1) as u128;

/// Whether SQL evaluates the node itself, given the values of the nodes under it.
pub(super) fn is_native(node: &Node) -> bool {
    match &node.op {
        Op::Const(_) | Op::Field { .. } | Op::Not(_) | Op::And(..) | Op::Or(..) | Op::Quantify { .. } => true,
        Op::IsNull { of, .. } => passes(of),
        Op::Compare(_, left, right) => is_comparable(left, right),
        Op::In(of, list) => list.iter().all(|item| is_comparable(of, item)),
        Op::Arith(arith, left, right) => {
            let (whole, left_scale, right_scale) = (scale(node), scale(left), scale(right));
            let aligned = match arith {
                Arith::Add | Arith::Subtract => whole >= left_scale && whole >= right_scale,
                Arith::Multiply => whole == left_scale + right_scale,
            };
            aligned && passes(left) && passes(right) && bound(node) <= LIMIT
        }
        Op::Negate(of) => passes(of) && scale(node) == scale(of),
        Op::Divide { .. } => false,
        Op::If(_, yes, no) => is_lifted(yes, node) && is_lifted(no, node),
        Op::Call(operator, args) => {
            operator.sqlite == Sqlite::Native && args.iter().all(|arg| is_lifted(arg, node))
        }
    }
}

/// Whether the value of a node can stand in SQL: an integer that fits, or no number.
pub(super) fn passes(node: &Node) -> bool {
    match node.ty {
        Ty::Num { .. } if is_native(node) => bound(node) <= LIMIT,
        Ty::Num { digits, .. } => digits <= NATIVE_DIGITS,
        _ => true,
    }
}

/// Whether a value that leaves SQL may have more than 18 digits: it is null then.
pub(super) fn may_overflow(node: &Node) -> bool {
    matches!(node.ty, Ty::Num { .. }) && is_native(node) && bound(node) >= power(NATIVE_DIGITS)
}

/// The number of a constant.
pub(super) fn constant(node: &Node) -> Option<Dec> {
    match &node.op {
        Op::Const(value) => value.as_dec(),
        _ => None,
    }
}

/// The decimals of a number, 0 for anything else.
pub(super) fn scale(node: &Node) -> u8 {
    match node.ty {
        Ty::Num { scale, .. } => scale,
        _ => 0,
    }
}

fn is_comparable(left: &Node, right: &Node) -> bool {
    if !matches!((&left.ty, &right.ty), (Ty::Num { .. }, Ty::Num { .. })) {
        return passes(left) && passes(right);
    }
    match (constant(left), constant(right)) {
        // The constant is moved to the other side's decimals, and clamped where it is beyond all of its values.
        (_, Some(_)) => passes(left),
        (Some(_), None) => passes(right),
        (None, None) => {
            let to = scale(left).max(scale(right));
            passes(left) && passes(right) && lifted(left, to) <= LIMIT && lifted(right, to) <= LIMIT
        }
    }
}

/// Whether a branch can be brought to the decimals of the whole.
fn is_lifted(part: &Node, whole: &Node) -> bool {
    match (&part.ty, &whole.ty) {
        (Ty::Num { .. }, Ty::Num { .. }) => {
            passes(part) && scale(part) <= scale(whole) && lifted(part, scale(whole)) <= LIMIT
        }
        _ => true,
    }
}

/// No value of the node has a greater mantissa at the node's decimals.
fn bound(node: &Node) -> u128 {
    let to = scale(node);
    match &node.op {
        Op::Const(_) => match constant(node).map(|dec| dec.rescale(to)) {
            Some(Ok(dec)) => dec.mantissa().unsigned_abs(),
            Some(Err(_)) => u128::MAX,
            None => 0,
        },
        Op::Arith(Arith::Add | Arith::Subtract, left, right) => {
            lifted(left, to).saturating_add(lifted(right, to))
        }
        Op::Arith(Arith::Multiply, left, right) => bound(left).saturating_mul(bound(right)),
        Op::Negate(of) => bound(of),
        Op::If(_, yes, no) => lifted(yes, to).max(lifted(no, to)),
        Op::Call(operator, args) if operator.sqlite == Sqlite::Native => {
            args.iter().map(|arg| lifted(arg, to)).max().unwrap_or(0)
        }
        _ => match node.ty {
            Ty::Num { digits, .. } => power(digits).saturating_sub(1),
            _ => 0,
        },
    }
}

fn lifted(node: &Node, to: u8) -> u128 {
    bound(node).saturating_mul(power(to.saturating_sub(scale(node))))
}

fn power(exponent: u8) -> u128 {
    10_u128.checked_pow(u32::from(exponent)).unwrap_or(u128::MAX)
}
