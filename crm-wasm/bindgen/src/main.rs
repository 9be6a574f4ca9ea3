//! Makes the JavaScript beside a WebAssembly module: `bindgen MODULE.wasm OUT`.

use wasm_bindgen_cli_support::Bindgen;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, module, out] = arguments.as_slice() else {
        eprintln!("usage: bindgen MODULE.wasm OUT");
        std::process::exit(2);
    };
    let mut bindgen = Bindgen::new();
    bindgen.input_path(module).out_name("crm").typescript(false).omit_default_module_path(true);
    bindgen.remove_name_section(true).remove_producers_section(true);
    let made = bindgen.web(true).and_then(|bindgen| bindgen.generate(out));
    if let Err(fault) = made {
        eprintln!("bindgen: {fault:?}");
        std::process::exit(1);
    }
}
