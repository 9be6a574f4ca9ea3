//! `crm-wasm/js/words.js`: what the web package says by itself, where no engine can be asked: errors, and its versions.

use super::Source;
use crm_kernel::context::Language;
use crm_kernel::error::{Code, Error};
use crm_kernel::json::Json;
use std::fmt::Write;

/// The module.
pub fn module(source: &Source) -> String {
    let errors: [(&str, &str, Error); 4] = [
        ("closed", "The database is closed.", Code::INVALID_HANDLE.error().coded("kind", "word", "database")),
        ("failed", "The worker or the module could not be started, or has failed.", Code::INTERNAL.error()),
        ("io", "There are no files, or another has them.", Code::IO.error()),
        ("panic", "The engine has met a defect.", Code::PANIC.error()),
    ];
    let mut out = String::from(
        "// Generated from the model. Do not edit: cargo run --release -p crm-tests --bin generate\n\n\
         /** Errors that the package makes by itself, where no engine can be asked, by language. */\n\
         export const words = {\n",
    );
    for (name, doc, error) in errors {
        let _ = writeln!(out, "  /** {doc} */\n  {name}: {{");
        for language in Language::ALL {
            let told: Json = source.model.texts().error(language, &error);
            let _ = writeln!(out, "    \"{}\": {told},", language.tag());
        }
        out.push_str("  },\n");
    }
    out.push_str("};\n");
    let _ = write!(
        out,
        "\n/** The versions of this package. */\nexport const versions = {{\n  library: \"{}\",\n  abi: {},\n  operations: {},\n  \
         schema: {},\n}};\n",
        env!("CARGO_PKG_VERSION"),
        crm_domain::ABI_VERSION,
        crm_domain::OPERATIONS_REVISION,
        crm_store::sqlite::FORMAT
    );
    out
}
