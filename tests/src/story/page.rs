//! A page of the guide as a story: its requests run in their order on the demonstration company, and what it shows of
//! answers and errors is what must come. The blocks are described in `docs/guide/README.md`.

use crm_kernel::json::Json;

/// The moment at which pages are read.
const NOW: &str = "2026-01-12T02:00:00Z";

/// The story that a page tells. Errors: what is wrong with a block and where it stands.
pub fn story(page: &str) -> Result<Json, String> {
    let mut steps = vec![Json::object().with("include", "demo-trade.json")];
    let mut title = "";
    let mut lines = page.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        if title.is_empty() {
            title = line.strip_prefix("# ").unwrap_or_default();
        }
        let Some(words) = line.strip_prefix("```") else { continue };
        let body: Vec<&str> =
            lines.by_ref().map(|(_, line)| line).take_while(|line| !line.starts_with("```")).collect();
        let place = |fault: String| format!("line {}: {fault}", at + 1);
        block(&mut steps, words, &body.join("\n")).map_err(place)?;
    }
    Ok(Json::object().with("title", title).with("now", NOW).with("steps", steps))
}

fn block(steps: &mut Vec<Json>, words: &str, body: &str) -> Result<(), String> {
    let words: Vec<&str> = words.split_whitespace().collect();
    let json = || Json::parse(body).map_err(|error| error.to_string());
    match words.as_slice() {
        ["json", "crm", operation, words @ ..] => {
            let mut step = Json::object().with("op", *operation).with("request", json()?);
            if steps.len() == 1 && !words.iter().any(|word| word.starts_with("as=")) {
                step = step.with("as", "administrator");
            }
            for word in words {
                step = with_word(step, word)?;
            }
            steps.push(step);
            Ok(())
        }
        ["json", "answer"] => expect(steps, "expect", json()?),
        ["json", "error"] => expect(steps, "error", error(&json()?)),
        ["json", ..] => Err("a block of JSON that is neither request, answer nor error".to_owned()),
        _ => Ok(()),
    }
}

fn with_word(step: Json, word: &str) -> Result<Json, String> {
    match word.split_once('=') {
        Some(("as", "null")) => Ok(step.with("as", Json::Null)),
        Some((key @ ("as" | "at" | "language"), value)) => Ok(step.with(key, value)),
        Some(("capture", list)) => {
            let mut captures = Json::object();
            for one in list.split(',') {
                let (name, pointer) = one.split_once(':').ok_or_else(|| format!("`{one}`: NAME:POINTER"))?;
                captures = captures.with(name, pointer);
            }
            Ok(step.with("capture", captures))
        }
        _ => Err(format!("`{word}` is no word of a request")),
    }
}

fn expect(steps: &mut [Json], key: &str, expected: Json) -> Result<(), String> {
    match steps.last_mut() {
        Some(step)
            if step.get("op").is_some() && step.get("expect").is_none() && step.get("error").is_none() =>
        {
            *step = std::mem::take(step).with(key, expected);
            Ok(())
        }
        _ => Err("an answer without its request".to_owned()),
    }
}

/// An error as hosts get it, as stories expect it: path and problems stand beside the code.
fn error(shown: &Json) -> Json {
    let mut expected = Json::object();
    for key in ["class", "code", "message"] {
        if let Some(value) = shown.get(key) {
            expected = expected.with(key, value.clone());
        }
    }
    let mut details = Json::object();
    for (key, value) in shown.get("details").and_then(Json::as_object).unwrap_or_default() {
        if matches!(key.as_str(), "path" | "problems") {
            expected = expected.with(key.as_str(), value.clone());
        } else {
            details = details.with(key.as_str(), value.clone());
        }
    }
    if details == Json::object() { expected } else { expected.with("details", details) }
}

#[cfg(test)]
mod tests {
    use super::story;

    #[test]
    fn blocks_become_steps() {
        let page = "# T\n```json crm a.b as=x capture=n:/id\n{}\n```\ntext\n```json error\n{\"code\":\"c.d\",\"details\":{\"path\":\"/p\"}}\n```\n";
        assert_eq!(
            story(page).unwrap().at("/steps/1").unwrap().to_string(),
            r#"{"op":"a.b","request":{},"as":"x","capture":{"n":"/id"},"error":{"code":"c.d","path":"/p"}}"#
        );
    }

    #[test]
    fn what_would_show_nothing_is_refused() {
        assert_eq!(story("```json answer\n{}\n```").unwrap_err(), "line 1: an answer without its request");
        assert!(story("\n```json\n{}\n```").unwrap_err().starts_with("line 2: a block of JSON"));
        assert!(story("```json crm a.b who=x\n{}\n```").unwrap_err().contains("who=x"));
    }
}
