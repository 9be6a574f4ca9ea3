//! Every crate that is built may be used under the allowed licences; what is shipped under the shorter list.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // helpers of tests

use crm_kernel::json::Json;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// What is shipped may hold.
const ALLOWED: &[&str] = &[
    "MIT",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
    "0BSD",
    "CC0-1.0",
];

/// What tools of the build may have beside: nothing of them is in what is shipped.
const TOOLS: &[&str] = &["MPL-2.0"];

/// The crates that are shipped.
const SHIPPED: &[&str] = &["crm-kernel", "crm-derive", "crm-domain", "crm-store", "crm-ffi", "crm-wasm"];

#[test]
fn licences_are_allowed() {
    let metadata = metadata();
    let packages = metadata.get("packages").and_then(Json::as_list).unwrap();
    let shipped = shipped(&metadata);
    assert!(shipped.len() > SHIPPED.len());
    let mut wrong = Vec::new();
    for package in packages {
        let text = |key| package.get(key).and_then(Json::as_text).unwrap_or_default();
        let mut allowed = ALLOWED.to_vec();
        if !shipped.contains(text("id")) {
            allowed.extend(TOOLS);
        }
        if !holds(text("license"), &allowed) {
            wrong.push(format!("{} {}: `{}`", text("name"), text("version"), text("license")));
        }
    }
    assert!(wrong.is_empty(), "not allowed:\n  {}", wrong.join("\n  "));
}

#[test]
fn expressions_are_read_as_spdx_means_them() {
    for (expression, holds_) in [
        ("MIT", true),
        ("MIT/Apache-2.0", true),
        ("GPL-3.0 OR MIT", true),
        ("(MIT OR GPL-3.0) AND Unicode-3.0", true),
        ("MIT AND GPL-3.0", false),
        ("GPL-3.0 AND (MIT OR Apache-2.0)", false),
        ("MPL-2.0", false),
        ("", false),
    ] {
        assert_eq!(holds(expression, ALLOWED), holds_, "{expression}");
    }
}

fn metadata() -> Json {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked"])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Json::parse(&String::from_utf8(output.stdout).unwrap()).unwrap()
}

/// The ids of what is shipped and of everything it needs at run time.
fn shipped(metadata: &Json) -> BTreeSet<String> {
    let mut needs: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for node in metadata.at("/resolve/nodes").and_then(Json::as_list).unwrap() {
        let id = node.get("id").and_then(Json::as_text).unwrap();
        let deps = node.get("deps").and_then(Json::as_list).unwrap().iter().filter(|dep| {
            let kinds = dep.get("dep_kinds").and_then(Json::as_list).unwrap();
            kinds.iter().any(|kind| kind.get("kind").is_none_or(Json::is_null))
        });
        needs.insert(id, deps.filter_map(|dep| dep.get("pkg")?.as_text()).collect());
    }
    let packages = metadata.get("packages").and_then(Json::as_list).unwrap().iter();
    let is_ours =
        |package: &&Json| SHIPPED.contains(&package.get("name").and_then(Json::as_text).unwrap_or_default());
    let mut open: Vec<&str> =
        packages.filter(is_ours).filter_map(|package| package.get("id")?.as_text()).collect();
    let mut found = BTreeSet::new();
    while let Some(id) = open.pop() {
        if found.insert(id.to_owned()) {
            open.extend(needs.get(id).into_iter().flatten());
        }
    }
    found
}

/// True where an SPDX expression can be fulfilled by allowed licences: some alternative of it, all parts of that one.
fn holds(expression: &str, allowed: &[&str]) -> bool {
    let expression = expression.replace('/', " OR ");
    let alternatives = split(&expression, " OR ");
    if alternatives.len() > 1 {
        return alternatives.iter().any(|part| holds(part, allowed));
    }
    let parts = split(&expression, " AND ");
    if parts.len() > 1 {
        return parts.iter().all(|part| holds(part, allowed));
    }
    let only = expression.trim();
    match only.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')) {
        Some(inner) => holds(inner, allowed),
        None => allowed.contains(&only),
    }
}

/// Splits at a word outside parentheses.
fn split<'a>(text: &'a str, word: &str) -> Vec<&'a str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ if depth == 0 && text[at..].starts_with(word) => {
                parts.push(&text[start..at]);
                start = at + word.len();
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}
