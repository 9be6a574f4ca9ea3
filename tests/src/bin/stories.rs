//! Plays story files: `cargo run --release -p crm-tests --bin stories -- [--door rust] [--store memory|sqlite] FILE...`
//!
//! Without files: all of `tests/stories`. Without store: every store that the door has, whose answers must be equal byte
//! for byte. The format and the other options stand in `tests/stories/README.md`.

use crm_kernel::json::Json;
use crm_tests::story::{self, Door, Outcome, Played, RustDoor, StoreKind, Story};
use std::path::PathBuf;
use std::process::ExitCode;

/// What the command line asks for.
#[derive(Default)]
struct Wanted {
    door: Option<String>,
    store: Option<StoreKind>,
    show: Option<Option<String>>,
    operations_without_story: bool,
    errors_without_story: bool,
    files: Vec<PathBuf>,
}

fn main() -> ExitCode {
    let wanted = match arguments(std::env::args().skip(1).collect()) {
        Ok(wanted) => wanted,
        Err(fault) => return refuse(&fault),
    };
    let mut stories = Vec::new();
    for file in if wanted.files.is_empty() { story::all() } else { wanted.files.clone() } {
        match story::read(&file) {
            Ok(story) => stories.push(story),
            Err(fault) => return refuse(&fault),
        }
    }
    if wanted.operations_without_story || wanted.errors_without_story {
        return list_missing(&wanted, &stories);
    }
    let mut door: Box<dyn Door> = match wanted.door.as_deref().unwrap_or("rust") {
        "rust" => Box::new(RustDoor::new()),
        other => return refuse(&format!("no door `{other}`; there is: rust")),
    };
    let stores = wanted.store.map_or_else(|| door.stores().to_vec(), |store| vec![store]);
    let mut failed = 0;
    for story in &stories {
        match held(door.as_mut(), &stores, story, &wanted) {
            Ok(calls) => {
                let names: Vec<&str> = stores.iter().map(|store| store.name()).collect();
                println!(
                    "ok    {}: {} ({calls} calls; {} on {})",
                    story.file,
                    story.title,
                    door.name(),
                    names.join(" and ")
                );
            }
            Err(failure) => {
                failed += 1;
                println!("FAIL  {}: {}\n  {failure}", story.file, story.title);
            }
        }
    }
    println!("{} passed, {failed} failed", stories.len() - failed);
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Plays a story on every store and in every language. Gives the number of calls on one store. Errors: the first thing that
/// did not hold, or the first difference between two stores.
fn held(door: &mut dyn Door, stores: &[StoreKind], story: &Story, wanted: &Wanted) -> Result<usize, String> {
    let mut calls = 0;
    for language in &story.languages {
        let mut reference: Option<(StoreKind, Played)> = None;
        for store in stores {
            let (played, result) = story::play(door, *store, story, *language);
            if let Some(step) = &wanted.show {
                show(&played, step.as_deref());
            }
            let place = format!("{} door, {} store, {}", door.name(), store.name(), language.tag());
            result.map_err(|failure| format!("{place}, {failure}"))?;
            match &reference {
                None => {
                    calls += played.calls.len();
                    reference = Some((*store, played));
                }
                Some((first, right)) => compare(right, &played).map_err(|difference| {
                    format!("{} and {} stores differ, {difference}", first.name(), store.name())
                })?,
            }
        }
    }
    Ok(calls)
}

fn compare(right: &Played, found: &Played) -> Result<(), String> {
    for ((step, _, right), (_, _, found)) in right.calls.iter().zip(&found.calls) {
        if right != found {
            let tree = |outcome: &Outcome| Json::parse(outcome.text()).unwrap_or_default();
            let difference = story::equal(&tree(right), &tree(found), "");
            let difference =
                difference.map_or_else(|| format!("{right:?} and {found:?}"), |found| found.to_string());
            return Err(format!("step {step}: {difference}"));
        }
    }
    Ok(())
}

fn show(played: &Played, only: Option<&str>) {
    for (step, request, outcome) in &played.calls {
        if only.is_none_or(|only| only == step) {
            let came =
                Json::parse(outcome.text()).map_or_else(|_| outcome.text().to_owned(), |json| json.pretty());
            println!("--- step {step}\n{request}\n{came}");
        }
    }
}

fn list_missing(wanted: &Wanted, stories: &[Story]) -> ExitCode {
    let model = match crm_domain::model() {
        Ok(model) => model,
        Err(error) => return refuse(&error.to_string()),
    };
    let mut missing = Vec::new();
    if wanted.operations_without_story {
        missing.extend(story::operations_without_story(&model, stories));
    }
    if wanted.errors_without_story {
        missing.extend(story::errors_without_story(&model, stories));
    }
    missing.iter().for_each(|name| println!("{name}"));
    if missing.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn arguments(arguments: Vec<String>) -> Result<Wanted, String> {
    let mut wanted = Wanted::default();
    let mut rest = arguments.into_iter().peekable();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--door" => wanted.door = Some(rest.next().ok_or("--door wants a name")?),
            "--store" => {
                let name = rest.next().ok_or("--store wants a name")?;
                wanted.store = Some(StoreKind::parse(&name).ok_or("stores are memory and sqlite")?);
            }
            "--show" => {
                let step = rest.next_if(|next| next.chars().all(|c| c.is_ascii_digit()));
                wanted.show = Some(step);
            }
            "--list-operations-without-story" => wanted.operations_without_story = true,
            "--list-errors-without-story" => wanted.errors_without_story = true,
            option if option.starts_with("--") => return Err(format!("unknown option {option}")),
            file => wanted.files.push(PathBuf::from(file)),
        }
    }
    Ok(wanted)
}

fn refuse(fault: &str) -> ExitCode {
    eprintln!("stories: {fault}");
    ExitCode::from(2)
}
