//! Files made from the model: reference pages, OpenRPC, the schema, the C header, TypeScript, the words of
//! the web package. They are committed; a test fails where one is stale, and `cargo run --release -p crm-tests --bin generate` writes them.

mod errors;
pub mod fit;
mod header;
mod kinds;
pub mod lock;
mod openrpc;
mod operations;
mod schema;
pub mod shape;
mod shape_page;
pub mod shapes;
mod typescript;
mod words;

use crm_kernel::catalogue::Catalogue;
use crm_kernel::model::Model;
use std::path::PathBuf;

/// What the pages are made from.
pub struct Source {
    /// Areas, operations and texts.
    pub model: Model,
    /// The declared kinds.
    pub catalogue: Catalogue,
}

impl Source {
    /// The model of this library. Panics where it contradicts itself.
    pub fn new() -> Source {
        let model = crm_domain::model().expect("a model without contradiction");
        let catalogue = model.catalogue().unwrap_or_else(|problems| panic!("{problems:?}"));
        Source { model, catalogue }
    }
}

impl Default for Source {
    fn default() -> Source {
        Source::new()
    }
}

/// Every generated file: its path from the top of the project, its text.
pub fn files() -> Vec<(&'static str, String)> {
    let source = Source::new();
    vec![
        ("docs/reference/operations.md", operations::page(&source)),
        ("docs/reference/errors.md", errors::page(&source)),
        ("docs/reference/kinds.md", kinds::page(&source)),
        ("docs/reference/shapes.md", shape_page::page(&source)),
        ("docs/reference/expressions.md", crm_kernel::expr::reference()),
        ("docs/openrpc.json", openrpc::document(&source)),
        (lock::PATH, lock::file(&source, &committed(lock::PATH))),
        ("docs/schema.sql", crm_store::sqlite::schema_sql(&source.catalogue)),
        ("crm-ffi/include/crm.h", header::text()),
        ("crm-wasm/js/operations.d.ts", typescript::declarations(&source)),
        ("crm-wasm/js/words.js", words::module(&source)),
    ]
}

/// A file as it stands; empty where there is none.
pub fn committed(path: &str) -> String {
    std::fs::read_to_string(top().join(path)).unwrap_or_default()
}

/// The top of the project.
pub fn top() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// The line that says where a Markdown page comes from.
const BANNER: &str =
    "<!-- Generated from the model. Do not edit: cargo run --release -p crm-tests --bin generate -->\n\n";

/// Text for a cell of a Markdown table: one line, no bars.
fn cell(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}
