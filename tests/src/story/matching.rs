//! What an answer must be, partly said, against what it is.

use crm_kernel::json::Json;
use std::fmt;

/// Where an answer is not what was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// JSON pointer into the answer.
    pub path: String,
    /// What was expected there.
    pub expected: String,
    /// What stands there.
    pub found: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = if self.path.is_empty() { "(the whole)" } else { &self.path };
        write!(f, "at {path}\n    expected {}\n    found    {}", short(&self.expected), short(&self.found))
    }
}

/// The first difference from what is expected, by the rules of `tests/stories/README.md`.
pub fn differ(expected: &Json, found: Option<&Json>, path: &str) -> Option<Difference> {
    let difference = |expected: String| {
        let found = found.map_or_else(|| "nothing".to_owned(), Json::to_string);
        Some(Difference { path: path.to_owned(), expected, found })
    };
    match expected {
        Json::Text(word) if word == "$any" => match found {
            None | Some(Json::Null) => difference("anything".to_owned()),
            Some(_) => None,
        },
        Json::Text(word) if word == "$absent" => found.and_then(|_| difference("nothing".to_owned())),
        Json::Object(members) => {
            if let [(word, wanted)] = members.as_slice()
                && word.starts_with('$')
            {
                return if holds(word, wanted, found) { None } else { difference(expected.to_string()) };
            }
            let Some(object @ Json::Object(_)) = found else { return difference(expected.to_string()) };
            members.iter().find_map(|(key, wanted)| differ(wanted, object.get(key), &step(path, key)))
        }
        Json::List(wanted) => {
            let Some(items) = found.and_then(Json::as_list) else { return difference(expected.to_string()) };
            let pairs = wanted.iter().zip(items).enumerate();
            let mut inside = pairs
                .filter_map(|(at, (wanted, item))| differ(wanted, Some(item), &step(path, &at.to_string())));
            if let Some(first) = inside.next() {
                return Some(first);
            }
            (wanted.len() != items.len()).then(|| Difference {
                path: path.to_owned(),
                expected: format!("{} items: {expected}", wanted.len()),
                found: format!("{} items: {}", items.len(), Json::List(items.to_vec())),
            })
        }
        plain => {
            if found == Some(plain) {
                None
            } else {
                difference(plain.to_string())
            }
        }
    }
}

/// The first place where two values are not equal, the first of them being what is right.
pub fn equal(right: &Json, found: &Json, path: &str) -> Option<Difference> {
    let plain = |right: Option<&Json>, found: Option<&Json>, path: String| {
        let text = |json: Option<&Json>| json.map_or_else(|| "nothing".to_owned(), Json::to_string);
        Some(Difference { path, expected: text(right), found: text(found) })
    };
    match (right, found) {
        (Json::Object(a), Json::Object(b)) => {
            for at in 0..a.len().max(b.len()) {
                match (a.get(at), b.get(at)) {
                    (Some((key, left)), Some((other, value))) if key == other => {
                        if let Some(difference) = equal(left, value, &step(path, key)) {
                            return Some(difference);
                        }
                    }
                    (left, value) => {
                        let member = |pair: Option<&(String, Json)>| {
                            pair.map_or_else(
                                || "no more members".to_owned(),
                                |(key, value)| format!("{key}: {value}"),
                            )
                        };
                        return Some(Difference {
                            path: path.to_owned(),
                            expected: member(left),
                            found: member(value),
                        });
                    }
                }
            }
            None
        }
        (Json::List(a), Json::List(b)) => (0..a.len().max(b.len())).find_map(|at| {
            let here = step(path, &at.to_string());
            match (a.get(at), b.get(at)) {
                (Some(left), Some(value)) => equal(left, value, &here),
                (left, value) => plain(left, value, here),
            }
        }),
        _ if right == found => None,
        _ => plain(Some(right), Some(found), path.to_owned()),
    }
}

fn holds(word: &str, wanted: &Json, found: Option<&Json>) -> bool {
    let items = found.and_then(Json::as_list);
    match (word, wanted) {
        ("$contains", Json::List(wanted)) => items.is_some_and(|items| {
            wanted.iter().all(|wanted| items.iter().any(|item| differ(wanted, Some(item), "").is_none()))
        }),
        ("$length", Json::Int(length)) => {
            items.is_some_and(|items| i64::try_from(items.len()) == Ok(*length))
        }
        ("$text", Json::Text(part)) => found.and_then(Json::as_text).is_some_and(|text| text.contains(part)),
        _ => false,
    }
}

fn step(path: &str, key: &str) -> String {
    format!("{path}{}", crm_kernel::json::pointer(&[key.to_owned()]))
}

fn short(text: &str) -> String {
    const LONGEST: usize = 1_200;
    match text.char_indices().nth(LONGEST) {
        Some((cut, _)) => format!("{} ... ({} bytes)", text.get(..cut).unwrap_or_default(), text.len()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(expected: &str, found: &str) -> Option<String> {
        differ(&Json::parse(expected).unwrap(), Some(&Json::parse(found).unwrap()), "")
            .map(|difference| difference.path)
    }

    #[test]
    fn only_what_is_listed_is_compared() {
        let rows = [
            (r#"{"a":"1"}"#, r#"{"a":"1","b":2}"#, None),
            (r#"{"a":"1.0"}"#, r#"{"a":"1"}"#, Some("/a")),
            (r#"{"a":null}"#, r#"{}"#, Some("/a")),
            (r#"{"a":[{"b":1},{}]}"#, r#"{"a":[{"b":1,"c":1},{"d":1}]}"#, None),
            (r#"{"a":[{"b":1}]}"#, r#"{"a":[{"b":1},{}]}"#, Some("/a")),
            (r#"{"a":[{"b":1},{"b":2}]}"#, r#"{"a":[{"b":1},{"b":3}]}"#, Some("/a/1/b")),
            (r#"{"a":"$any"}"#, r#"{"a":null}"#, Some("/a")),
            (r#"{"a":"$any","b":"$absent"}"#, r#"{"a":false}"#, None),
            (r#"{"b":"$absent"}"#, r#"{"b":null}"#, Some("/b")),
            (r#"{"a":{"$contains":[{"x":2}]}}"#, r#"{"a":[{"x":1},{"x":2,"y":0}]}"#, None),
            (r#"{"a":{"$contains":[{"x":3}]}}"#, r#"{"a":[{"x":1}]}"#, Some("/a")),
            (r#"{"a":{"$length":2}}"#, r#"{"a":[1,2]}"#, None),
            (r#"{"a":{"$text":"half"}}"#, r#"{"a":"one half"}"#, None),
            (r#"{"a":{"$lenth":2}}"#, r#"{"a":[1,2]}"#, Some("/a")),
            (r#"{"a":{}}"#, r#"{"a":[]}"#, Some("/a")),
        ];
        for (expected, found, difference) in rows {
            assert_eq!(path(expected, found).as_deref(), difference, "{expected} against {found}");
        }
    }

    #[test]
    fn equality_names_the_first_place() {
        let rows = [
            (r#"{"a":1,"b":[1,2]}"#, r#"{"a":1,"b":[1,2]}"#, None),
            (r#"{"a":1,"b":[1,2]}"#, r#"{"a":1,"b":[1,3]}"#, Some("/b/1")),
            (r#"{"b":[1,2]}"#, r#"{"b":[1,2,3]}"#, Some("/b/2")),
            (r#"{"a":1,"b":2}"#, r#"{"b":2,"a":1}"#, Some("")),
        ];
        for (right, found, place) in rows {
            let difference = equal(&Json::parse(right).unwrap(), &Json::parse(found).unwrap(), "");
            assert_eq!(
                difference.map(|difference| difference.path).as_deref(),
                place,
                "{right} against {found}"
            );
        }
    }
}
