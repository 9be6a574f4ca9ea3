//! Writes every generated file that is stale: `cargo run --release -p crm-tests --bin generate`

use crm_tests::generate::{self, lock};
use std::process::ExitCode;

fn main() -> std::io::Result<ExitCode> {
    for (path, text) in generate::files() {
        let file = generate::top().join(path);
        let committed = generate::committed(path);
        if committed != text {
            let breaks = if path == lock::PATH { lock::breaks(&committed, &text) } else { Vec::new() };
            if !breaks.is_empty() {
                eprintln!("{path} is not written, since hosts rely on it:\n  {}", breaks.join("\n  "));
                return Ok(ExitCode::FAILURE);
            }
            if let Some(folder) = file.parent() {
                std::fs::create_dir_all(folder)?;
            }
            std::fs::write(&file, text)?;
            println!("written {path}");
        }
    }
    Ok(ExitCode::SUCCESS)
}
