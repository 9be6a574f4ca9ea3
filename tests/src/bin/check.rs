//! Passes the tests: everything that CI runs, fast failures first, each stage with its seconds.
//!
//! `check` needs Rust and a C compiler. `check --all`, and `CI=true`, add the parts that need more and install what those need.
//! Tests on real data read the folder named by `CRM_SHARED`; without it the last line says what was left out.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;

struct Run {
    root: PathBuf,
    all: bool,
    ci: bool,
    left_out: Vec<String>,
}

fn main() -> ExitCode {
    if let Some(other) = env::args().skip(1).find(|argument| argument != "--all") {
        eprintln!("`{other}` is not understood: check [--all]");
        return ExitCode::FAILURE;
    }
    let ci = env::var("CI").is_ok_and(|value| value == "true");
    let all = ci || env::args().any(|argument| argument == "--all");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new(".")).to_path_buf();
    let mut run = Run { root, all, ci, left_out: Vec::new() };
    let start = Instant::now();
    if let Err(stage) = stages(&mut run) {
        eprintln!("\nfailed: {stage} ({} s in all)", start.elapsed().as_secs());
        return ExitCode::FAILURE;
    }
    println!("\nall stages passed in {} s", start.elapsed().as_secs());
    if !run.left_out.is_empty() {
        println!("left out: {}", run.left_out.join("; "));
        if run.ci {
            eprintln!("CI=true: a missing part is a failure");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn stages(run: &mut Run) -> Result<(), String> {
    if has("cargo", &["fmt", "--version"]) {
        run.stage("format", "cargo", &["fmt", "--all", "--check"])?;
    } else {
        run.left_out.push("format (rustfmt is not installed)".to_owned());
    }
    let shared = env::var("CRM_SHARED").map_or_else(|_| run.root.join("../shared"), PathBuf::from);
    let data = shared.join("data/northwind").is_dir();
    if !data {
        run.left_out
            .push(format!("tests on real data (no folder {}; name it by CRM_SHARED)", shared.display()));
    }
    if has("cargo", &["clippy", "--version"]) {
        run.stage(
            "lints",
            "cargo",
            &["clippy", "--release", "--workspace", "--all-targets", "--", "-D", "warnings"],
        )?;
    } else {
        run.left_out.push("lints (clippy is not installed)".to_owned());
    }
    run.stage("tests", "cargo", &["test", "--release", "--workspace"])?;
    run.stories(
        "stories through the Rust and C doors",
        &["--door", "rust", "--door", "typed", "--door", "c"],
    )?;
    run.stage(
        "main job",
        "cargo",
        &["run", "--release", "-q", "-p", "crm-examples", "--bin", "quote-to-cash"],
    )?;
    if run.all {
        run.stage("Rust crates", "bash", &["tools/crates.sh"])?;
        run.stage("C++ and valgrind", "bash", &["tools/c-all.sh"])?;
        run.stage("web package", "bash", &["tools/wasm.sh", "test"])?;
        run.stories("stories through the web package", &["--door", "node", "--door", "chromium"])?;
        run.stage("quote desk", "bash", &["tools/web-desk.sh"])?;
    }
    Ok(())
}

fn has(program: &str, arguments: &[&str]) -> bool {
    Command::new(program).args(arguments).output().is_ok_and(|output| output.status.success())
}

impl Run {
    fn stories(&self, name: &str, doors: &[&str]) -> Result<(), String> {
        let program = ["run", "--release", "-q", "-p", "crm-tests", "--bin", "stories", "--"];
        self.stage(name, "cargo", &[&program, doors].concat())
    }

    fn stage(&self, name: &str, program: &str, arguments: &[&str]) -> Result<(), String> {
        let clock = Instant::now();
        println!("── {name}");
        let status = Command::new(program).args(arguments).current_dir(&self.root).status();
        let seconds = clock.elapsed().as_secs();
        match status {
            Ok(status) if status.success() => {
                println!("── {name}: passed in {seconds} s");
                Ok(())
            }
            Ok(status) => Err(format!("{name} ({status}, after {seconds} s)")),
            Err(fault) => Err(format!("{name}: {fault}")),
        }
    }
}
