//! Derives of the CRM engine. They generate data, not code: a descriptor, and get and set by position.
//!
//! ```ignore
//! /// A way to reach a customer.
//! #[derive(Record)]
//! #[record(no = 12, table = "contacts", access("customer"), index("customer", "name"))]
//! pub struct Contact {
//!     /// Whose contact.
//!     #[field(no = 1)]
//!     pub customer: Ref<Customer>,
//!     /// Family and given name.
//!     #[field(no = 2, title, text = 120)]
//!     pub name: String,
//! }
//! ```
//!
//! Record attributes: `no` (0 or absent: a message), `name`, `table`, `parent = Type`, `access("field", ..)`, `managed`,
//! `closed`, `index("a", "b")`, `unique("a", "b")`. Field attributes: `no` (counted in messages), `index`, `unique`, `managed`,
//! `sensitive`, `default = "json"`, a role (`owner`, `department`, `title`, `number`, `business_date`), a narrower
//! type (`money`, `base_money`, `unit_price`, `quantity`, `percent`, `rate`, `decimal(digits, scale)`, `text = max`,
//! `long_text`, `picklist = "list"`), and, on the last field of a message, `flatten`: the fields of another message
//! stand here behind the own ones, for what several requests ask alike.

mod choice;
mod record;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Descriptor, get and set by position for a kind of record or a message.
#[proc_macro_derive(Record, attributes(record, field))]
pub fn derive_record(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    record::expand(&input).unwrap_or_else(|error| error.to_compile_error()).into()
}

/// A closed list of codes from a fieldless enum: codes are the variants in snake case.
#[proc_macro_derive(Choice)]
pub fn derive_choice(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    choice::expand(&input).unwrap_or_else(|error| error.to_compile_error()).into()
}

/// The doc comment as one text.
fn doc(attributes: &[syn::Attribute]) -> String {
    let mut lines = Vec::new();
    for attribute in attributes {
        if let syn::Meta::NameValue(meta) = &attribute.meta
            && meta.path.is_ident("doc")
            && let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) = &meta.value
        {
            lines.push(text.value().trim().to_owned());
        }
    }
    lines.join(" ").trim().to_owned()
}

fn snake(name: &str) -> String {
    let mut out = String::new();
    for (at, c) in name.chars().enumerate() {
        if c.is_uppercase() && at > 0 {
            out.push('_');
        }
        out.extend(c.to_lowercase());
    }
    out
}
