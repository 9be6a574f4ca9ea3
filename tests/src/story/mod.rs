//! Stories: business told as data and run through a door. The format is `tests/stories/README.md`.

mod captures;
mod coverage;
mod demo;
mod door;
mod driver;
mod matching;
mod page;
mod read;
mod rehearsal;
mod run;
mod rust_door;
mod typed_door;

pub use captures::Captures;
pub use coverage::{
    errors_not_in_every_language, errors_without_story, operations_without_story, undeclared,
};
pub use demo::Demo;
pub use door::{Call, Door, Outcome, StoreKind};
pub use driver::Driver;
pub use matching::{Difference, differ, equal};
pub use read::{Expected, Step, Story, read};
pub use rehearsal::Rehearsal;
pub use run::{Failure, Played, play, play_onto};
pub use rust_door::RustDoor;
pub use typed_door::TypedDoor;

use crm_kernel::model::Model;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// What the engine says of itself.
pub(crate) static MODEL: LazyLock<Model> = LazyLock::new(|| crm_domain::model().expect("the model"));

/// The folder of the stories.
pub fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/stories"))
}

/// Every story of the folder, by name.
pub fn all() -> Vec<PathBuf> {
    files(&folder(), "json")
}

/// Every page of the guide with requests on it, by name.
pub fn pages() -> Vec<PathBuf> {
    let mut pages = files(&PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/guide")), "md");
    pages.retain(|page| page.file_name().is_some_and(|name| name != "README.md"));
    pages
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("a folder of the project")
        .map(|entry| entry.expect("a readable entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == ending))
        .collect();
    files.sort();
    files
}
