//! Plays story files: `cargo run --release -p crm-tests --bin stories -- [--door rust|typed|c|node|chromium]... [--store memory|sqlite] FILE...`
//!
//! Without files: all of `tests/stories` and the pages of the guide. Without door: the Rust door. Without store: every store
//! that a door has. What comes back is compared byte for byte with what the Rust door gives. The format and the other
//! options stand in `tests/stories/README.md`.

use crm_kernel::json::Json;
use crm_tests::story::{self, Door, Driver, Outcome, Played, RustDoor, StoreKind, Story, TypedDoor};
use std::path::PathBuf;
use std::process::ExitCode;

/// What `--help` says.
const HELP: &str = "stories: plays story files; without files all of tests/stories and the pages of the guide

  stories [--door NAME]... [--store NAME] [--show [STEP]] FILE...

  --door rust|typed|c|node|chromium      through this door, compared with the Rust door (default: rust)
  --store memory|sqlite                  on this store (default: every store that the door has)
  --show [STEP]                          print requests and answers, of one step or of all
  --list-operations-without-story        name the operations that no story calls
  --list-errors-without-story            name the errors that no story meets in every language

The format of stories stands in tests/stories/README.md.";

/// What the command line asks for.
#[derive(Default)]
struct Wanted {
    doors: Vec<String>,
    store: Option<StoreKind>,
    show: Option<Option<String>>,
    operations_without_story: bool,
    errors_without_story: bool,
    help: bool,
    files: Vec<PathBuf>,
}

fn main() -> ExitCode {
    let wanted = match arguments(std::env::args().skip(1).collect()) {
        Ok(wanted) if wanted.help => {
            println!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Ok(wanted) => wanted,
        Err(fault) => return refuse(&fault),
    };
    let files =
        if wanted.files.is_empty() { [story::all(), story::pages()].concat() } else { wanted.files.clone() };
    let mut stories = Vec::new();
    for file in files {
        match story::read(&file) {
            Ok(story) => stories.push(story),
            Err(fault) => return refuse(&fault),
        }
    }
    if wanted.operations_without_story || wanted.errors_without_story {
        return list_missing(&wanted, &stories);
    }
    let mut stages = match stages(&wanted) {
        Ok(stages) => stages,
        Err(fault) => return refuse(&fault),
    };
    let mut failed = 0;
    for story in &stories {
        match held(&mut stages, story, &wanted) {
            Ok(calls) => println!("ok    {}: {} ({calls} calls; {})", story.file, story.title, told(&stages)),
            Err(failure) => {
                failed += 1;
                println!("FAIL  {}: {}\n  {failure}", story.file, story.title);
            }
        }
    }
    println!("{} passed, {failed} failed ({})", stories.len() - failed, told(&stages));
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A door and the stores that it opens.
struct Stage {
    door: Box<dyn Door>,
    stores: Vec<StoreKind>,
}

/// The doors that are wanted, behind the Rust door, which says what is right.
fn stages(wanted: &Wanted) -> Result<Vec<Stage>, String> {
    let mut names: Vec<&str> = wanted.doors.iter().map(String::as_str).collect();
    let reference_only = !names.is_empty() && !names.contains(&"rust");
    names.retain(|name| *name != "rust");
    names.insert(0, "rust");
    let mut stages = Vec::new();
    for name in names {
        let door: Box<dyn Door> = match name {
            "rust" => Box::new(RustDoor::new()),
            "typed" => Box::new(TypedDoor::default()),
            "c" => Box::new(Driver::c()?),
            "node" => Box::new(Driver::node()?),
            "chromium" => Box::new(Driver::chromium()?),
            other => return Err(format!("no door `{other}`; there are: rust, typed, c, node, chromium")),
        };
        let mut stores = door.stores().to_vec();
        if let Some(store) = wanted.store {
            stores.retain(|one| *one == store);
        }
        if stores.is_empty() {
            return Err(format!("the {name} door has no such store"));
        }
        if stages.is_empty() && reference_only {
            stores.truncate(1);
        }
        stages.push(Stage { door, stores });
    }
    Ok(stages)
}

/// The doors with their stores, for people.
fn told(stages: &[Stage]) -> String {
    let one = |stage: &Stage| {
        let stores: Vec<&str> = stage.stores.iter().map(|store| store.name()).collect();
        format!("{} on {}", stage.door.name(), stores.join(" and "))
    };
    stages.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Plays a story through every door, on every store and in every language. Gives the number of calls on one store. Errors:
/// the first thing that did not hold, or the first difference from the first door on its first store.
fn held(stages: &mut [Stage], story: &Story, wanted: &Wanted) -> Result<usize, String> {
    let mut calls = 0;
    for language in &story.languages {
        let mut reference: Option<(String, Played)> = None;
        for Stage { door, stores } in stages.iter_mut() {
            for store in stores.iter() {
                let (played, result) = story::play(door.as_mut(), *store, story, *language);
                if let Some(step) = &wanted.show {
                    show(&played, step.as_deref());
                }
                let place = format!("{} door, {} store, {}", door.name(), store.name(), language.tag());
                if let Some((first, right)) = &reference {
                    compare(right, &played)
                        .map_err(|difference| format!("{place} is not as {first}, {difference}"))?;
                }
                result.map_err(|failure| format!("{place}, {failure}"))?;
                reference.get_or_insert_with(|| {
                    calls += played.calls.len();
                    (place, played)
                });
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
        missing.extend(story::errors_not_in_every_language(&model, stories));
    }
    missing.iter().for_each(|name| println!("{name}"));
    if missing.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn arguments(arguments: Vec<String>) -> Result<Wanted, String> {
    let mut wanted = Wanted::default();
    let mut rest = arguments.into_iter().peekable();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--door" => wanted.doors.push(rest.next().ok_or("--door wants a name")?),
            "--store" => {
                let name = rest.next().ok_or("--store wants a name")?;
                wanted.store = Some(StoreKind::parse(&name).ok_or("stores are memory and sqlite")?);
            }
            "--show" => {
                let step = rest.next_if(|next| next.chars().all(|c| c.is_ascii_digit()));
                wanted.show = Some(step);
            }
            "--help" | "-h" => wanted.help = true,
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
