//! The header and the libraries as a C program meets them. Needs a C compiler and nothing else.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // helpers of tests

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Where this build puts the libraries: beside the test, in all their forms at once.
fn libraries() -> PathBuf {
    let here = std::env::current_exe().unwrap();
    let folder = here.parent().unwrap().to_owned();
    assert!(
        folder.join("libcrm.so").exists() && folder.join("libcrm.a").exists(),
        "no libraries in {folder:?}"
    );
    folder
}

/// A new folder for what a test makes, taken away at its end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("crm-c-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

fn run(command: &mut Command) -> Output {
    let output = command.output().unwrap_or_else(|fault| panic!("{command:?}: {fault}"));
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{command:?}: {}\n{told}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout)
    );
    output
}

/// Compiles a program of `tests/c` and runs it.
fn program(name: &str, folder: &Path, link: &[&str], library_path: Option<&Path>, arguments: &[&str]) {
    let door = Path::new(env!("CARGO_MANIFEST_DIR"));
    let program = folder.join(name);
    run(Command::new("cc")
        .args([
            "-std=c11",
            "-D_POSIX_C_SOURCE=200809L",
            "-Wall",
            "-Wextra",
            "-pedantic",
            "-Werror",
            "-g",
            "-o",
        ])
        .arg(&program)
        .arg("-I")
        .arg(door.join("include"))
        .arg(door.join(format!("tests/c/{name}.c")))
        .args(link));
    let mut command = Command::new(&program);
    command.args(arguments);
    if let Some(path) = library_path {
        command.env("LD_LIBRARY_PATH", path);
    }
    run(&mut command);
}

/// As most tests do: with the static library.
fn with_static(name: &str, arguments: impl FnOnce(&Path) -> String) {
    let (libraries, folder) = (libraries(), Folder::new(name));
    let library = libraries.join("libcrm.a");
    let link = [library.to_str().unwrap(), "-lpthread", "-ldl", "-lm"];
    let arguments = arguments(&folder.0);
    let arguments: &[&str] = if arguments.is_empty() { &[] } else { &[&arguments] };
    program(name, &folder.0, &link, None, arguments);
}

#[test]
fn a_c_program_works_with_the_shared_library() {
    let (libraries, folder) = (libraries(), Folder::new("shared"));
    // The name that the program asks for when it starts is the soname.
    let library = folder.0.join("libcrm.so.0");
    std::fs::copy(libraries.join("libcrm.so"), &library).unwrap();
    let file = folder.0.join("smoke.db");
    program("smoke", &folder.0, &[library.to_str().unwrap()], Some(&folder.0), &[file.to_str().unwrap()]);
}

#[test]
fn a_c_program_works_with_the_static_library() {
    with_static("smoke", |folder| folder.join("smoke.db").display().to_string());
}

#[test]
fn misuse_is_an_error_and_never_a_crash() {
    with_static("misuse", |_| String::new());
}

#[test]
fn changes_are_followed_copies_made_and_calls_stopped_while_others_work() {
    with_static("following", |folder| folder.display().to_string());
}

#[test]
fn bulk_functions_give_what_their_operations_give() {
    with_static("bulk", |_| String::new());
}

#[test]
fn eight_threads_share_handles() {
    with_static("threads", |_| "2000".to_owned());
}

/// Installs this build's libraries as a packager does.
fn install(folder: &Path) -> PathBuf {
    let prefix = folder.join("prefix");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging/install.sh");
    run(Command::new("bash").arg(script).arg(&prefix).arg(libraries()));
    prefix
}

/// The names that a library lets others see.
fn visible(arguments: &[&str], library: &Path) -> Vec<String> {
    let listed = run(Command::new("nm").args(arguments).arg("--defined-only").arg(library));
    let listed = String::from_utf8(listed.stdout).unwrap();
    let mut names: Vec<String> =
        listed.lines().filter_map(|line| line.split_whitespace().nth(2)).map(str::to_owned).collect();
    names.sort_unstable();
    names
}

#[test]
fn only_what_the_header_names_leaves_the_libraries() {
    let folder = Folder::new("symbols");
    let prefix = install(&folder.0);
    let header = include_str!("../include/crm.h");
    let functions = header.split_whitespace().filter_map(|word| word.split_once('(')).map(|(name, _)| name);
    let mut functions: Vec<&str> =
        functions.map(|name| name.trim_start_matches('*')).filter(|name| name.starts_with("crm_")).collect();
    functions.sort_unstable();
    functions.dedup();
    let shared = visible(&["-D"], &prefix.join("lib/libcrm.so"));
    assert!(shared.len() >= 20 && shared.len() <= 60, "{} functions", shared.len());
    assert_eq!(shared, visible(&["-g"], &prefix.join("lib/libcrm.a")));
    assert!(shared.iter().all(|name| functions.contains(&name.as_str())), "{shared:?} {functions:?}");
}

#[test]
fn a_c_program_works_with_what_is_installed() {
    let folder = Folder::new("installed");
    let prefix = install(&folder.0);
    let (lib, include) = (prefix.join("lib"), prefix.join("include"));
    let (lib, include) = (lib.to_str().unwrap(), include.to_str().unwrap());
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/c/erp_host/erp_host.c");
    let all = folder.0.join("libcrm.a");
    std::fs::copy(prefix.join("lib/libcrm.a"), all).unwrap();
    let here = folder.0.to_str().unwrap();
    // The linker takes the shared library where it finds both.
    for (name, path, rest) in [("shared", lib, vec![]), ("static", here, vec!["-lpthread", "-ldl", "-lm"])] {
        let program = folder.0.join(name);
        run(Command::new("cc")
            .args(["-std=c11", "-Wall", "-Wextra", "-pedantic", "-Werror", "-I", include, "-o"])
            .arg(&program)
            .arg(&example)
            .args(["-L", path, "-lcrm"])
            .args(rest));
        let file = folder.0.join(format!("{name}.db"));
        let told = run(Command::new(&program).arg(file).env("LD_LIBRARY_PATH", lib));
        let told = String::from_utf8(told.stdout).unwrap();
        assert!(told.contains("12 at 878.75, 10545.00 in all"), "{told}");
        assert!(told.contains("record.conflict") && told.contains("credit.limit_exceeded"), "{told}");
        assert!(told.trim_end().ends_with("2893.75"), "{told}");
    }
}
