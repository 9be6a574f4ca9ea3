//! The kernel of the CRM engine: what every area and every store stands on. It knows no business word.

extern crate self as crm_kernel;

pub mod catalogue;
pub mod change;
pub mod codec;
pub mod context;
pub mod currency;
pub mod date;
pub mod dec;
pub mod dispatch;
pub mod encode;
pub mod error;
pub mod expr;
pub mod fold;
pub mod id;
pub mod json;
pub mod known;
pub mod model;
pub mod money;
pub mod operation;
pub mod permission;
pub mod place;
pub mod plan;
pub mod record;
pub mod store;
pub mod text;
pub mod value;
pub mod work;
pub mod zone;

pub use crm_derive::{Choice, Record};
