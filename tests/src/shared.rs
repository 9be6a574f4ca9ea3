//! Real data: the folder named by `CRM_SHARED`, by default `../shared` beside the project.

use std::path::PathBuf;

/// A file or folder of the real data, or `None` on a machine without it. Panics where `CI` is `true` and it is missing:
/// there nothing may be left out.
pub fn find(path: &str) -> Option<PathBuf> {
    let folder = match std::env::var_os("CRM_SHARED") {
        Some(folder) => PathBuf::from(folder),
        None => PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared")),
    };
    let found = folder.join(path);
    if found.exists() {
        return Some(found);
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "CI has no {}", found.display());
    eprintln!("left out: {} is not there (CRM_SHARED)", found.display());
    None
}
