//! `crm-ffi/include/crm.h`: the C header, from the door's source.

use super::top;

/// The header's text. Panics where the source cannot be read as what C knows.
pub fn text() -> String {
    let door = top().join("crm-ffi");
    let config =
        cbindgen::Config::from_file(door.join("cbindgen.toml")).unwrap_or_else(|fault| panic!("{fault}"));
    // In the order in which a reader wants them.
    let sources = [
        "version", "buffer", "error", "handles", "database", "session", "call", "changes", "price",
        "columns", "import",
    ];
    let builder = cbindgen::Builder::new().with_config(config);
    let builder =
        sources.iter().fold(builder, |builder, name| builder.with_src(door.join(format!("src/{name}.rs"))));
    let mut text = Vec::new();
    builder.generate().unwrap_or_else(|fault| panic!("{fault}")).write(&mut text);
    let text = String::from_utf8(text).expect("a header in UTF-8");
    // What Rust calls safety is what a caller in C has to see to.
    text.replace("// # Safety\n", "// The caller sees to it:\n")
}
