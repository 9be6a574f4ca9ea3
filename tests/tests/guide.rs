//! The guide is true: every page runs as a story on both stores, and its links lead somewhere.

use crm_kernel::context::Language;
use crm_tests::story::{RustDoor, StoreKind, pages, play, read};

#[test]
fn every_page_runs() {
    let pages = pages();
    assert!(pages.len() >= 14, "only {} pages", pages.len());
    let mut faults = Vec::new();
    for page in &pages {
        let story = read(page).unwrap();
        assert!(story.steps.iter().any(|step| !step.name.contains(' ')), "{}: no request", page.display());
        for store in [StoreKind::Memory, StoreKind::Sqlite] {
            let (_, result) = play(&mut RustDoor::default(), store, &story, Language::En);
            if let Err(failure) = result {
                faults.push(format!("{} ({store:?}): {failure}", page.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn links_lead_somewhere() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let mut files: Vec<std::path::PathBuf> =
        ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "docs/README.md", "docs/guide/README.md"]
            .iter()
            .map(|file| std::path::Path::new(root).join(file))
            .collect();
    files.extend(pages());
    let mut dead = Vec::new();
    for file in &files {
        let text = std::fs::read_to_string(file).unwrap();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = link.split('#').next().unwrap_or_default();
            let outside = target.is_empty() || target.contains("://");
            if !outside && !file.with_file_name(target).exists() {
                dead.push(format!("{}: {link}", file.display()));
            }
        }
    }
    assert!(dead.is_empty(), "{}", dead.join("\n"));
}
