//! Tables and bars for a terminal.

use comfy_table::{CellAlignment, Table, presets};
use crm_kernel::dec::{Dec, Rounding};
use crm_kernel::json::Json;
use std::io::Write as _;

/// Prints a line. Whoever closed the pipe (`| head`) has read enough: the work goes on for what it keeps, and says no more.
pub fn say(line: impl std::fmt::Display) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// A heading.
pub fn heading(text: &str) {
    say(format_args!("\n{text}\n{}", "─".repeat(width(text).min(100))));
}

/// A table; columns whose name begins with `>` stand to the right.
pub fn table(columns: &[&str], rows: &[Vec<String>]) {
    let mut table = Table::new();
    table.load_preset(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header(columns.iter().map(|name| name.trim_start_matches('>')));
    for row in rows {
        table.add_row(row);
    }
    for (at, name) in columns.iter().enumerate() {
        if let (true, Some(column)) = (name.starts_with('>'), table.column_mut(at)) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    say(&table);
}

/// Bars of amounts, the longest 50 characters wide.
pub fn bars(rows: &[(String, Dec)]) {
    let most = rows.iter().map(|(_, value)| value.abs()).max().unwrap_or(Dec::ONE);
    let wide = rows.iter().map(|(label, _)| width(label)).max().unwrap_or(0);
    for (label, value) in rows {
        let eighths =
            value.abs().mul_div(Dec::from_int(400), most, 0, Rounding::HalfUp).and_then(|n| n.to_i64_at(0));
        let eighths = usize::try_from(eighths.unwrap_or(0)).unwrap_or(0);
        let part = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"].get(eighths % 8).copied().unwrap_or("");
        let pad = " ".repeat(wide.saturating_sub(width(label)));
        say(format_args!("  {label}{pad}  {}{part} {}", "█".repeat(eighths / 8), grouped(*value)));
    }
}

/// An amount with thousands apart, for people: `1 265 793.29`.
pub fn grouped(value: Dec) -> String {
    let text = value.to_text_scale(2);
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    let mut out = String::new();
    for (at, c) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            out.push(' ');
        }
        out.push(c);
    }
    if rest.is_empty() { format!("{sign}{out}") } else { format!("{sign}{out}.{rest}") }
}

/// The amount in a text.
pub fn amount(json: Option<&Json>) -> Dec {
    json.and_then(Json::as_text).and_then(|text| Dec::parse(text).ok()).unwrap_or(Dec::ZERO)
}

fn width(text: &str) -> usize {
    text.chars().map(|c| if u32::from(c) >= 0x2e80 { 2 } else { 1 }).sum()
}
