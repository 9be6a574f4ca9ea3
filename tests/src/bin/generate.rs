//! Writes every generated file that is stale: `cargo run --release -p crm-tests --bin generate`

use crm_tests::generate;

fn main() -> std::io::Result<()> {
    for (path, text) in generate::files() {
        let file = generate::top().join(path);
        if std::fs::read_to_string(&file).ok().as_deref() != Some(text.as_str()) {
            if let Some(folder) = file.parent() {
                std::fs::create_dir_all(folder)?;
            }
            std::fs::write(&file, text)?;
            println!("written {path}");
        }
    }
    Ok(())
}
