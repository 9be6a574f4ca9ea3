//! The small programs do what they say, and are small.

#![allow(clippy::unwrap_used)] // helpers of tests

use std::process::Command;

/// What a program prints.
fn told(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().unwrap();
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_quote_desk_prices_and_refuses() {
    let told = told(env!("CARGO_BIN_EXE_quote-desk"), &[]);
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines[0], "12 at 878.75: 10545, in all 10545");
    assert_eq!(lines[1], "1 at 950: 950, in all 11495");
    assert!(lines[2].starts_with("quote.not_approved: "), "{told}");
}

#[test]
fn the_price_list_is_imported_and_reported() {
    let told = told(env!("CARGO_BIN_EXE_price-import"), &[]);
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines[0], "5 rows: 4 new, 1 refused");
    assert!(lines[1].starts_with("  row "), "{told}");
    assert_eq!(lines[2..], [r#"["active",3,"1480"]"#, r#"["retired",1,"310"]"#], "{told}");
}

#[test]
fn the_feed_gives_each_change_once_also_over_a_restart() {
    let folder = std::env::temp_dir().join(format!("crm-feed-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let run = || told(env!("CARGO_BIN_EXE_change-feed"), &[folder.to_str().unwrap()]);
    let (first, second, third) = (run(), run(), run());
    std::fs::remove_dir_all(&folder).unwrap();
    let operations = |told: &str| -> Vec<String> {
        told.lines().filter_map(|line| line.split(':').next()).map(str::to_owned).collect()
    };
    assert_eq!(operations(&first), ["enterprise.setup", "record.create"]);
    assert_eq!(operations(&second), ["record.create"], "what was changed behind the last look");
    assert_eq!(third, "");
}

#[test]
fn they_stay_below_sixty_lines() {
    for file in ["quote_desk", "price_import", "change_feed"] {
        let text = std::fs::read_to_string(format!("{}/rust/{file}.rs", env!("CARGO_MANIFEST_DIR"))).unwrap();
        assert!(text.lines().count() < 60, "{file}: {} lines", text.lines().count());
    }
}
