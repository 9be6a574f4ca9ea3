//! Values captured from answers, put into later requests by name.

use crm_kernel::json::Json;
use std::collections::BTreeMap;

/// Captured values by name.
#[derive(Clone, Debug, Default)]
pub struct Captures {
    values: BTreeMap<String, Json>,
}

/// Words of the matcher and of the runner, which therefore name no capture.
const TAKEN: [&str; 3] = ["any", "absent", "n"];

impl Captures {
    /// Keeps a value; a later one of the same name replaces it. Errors: a name that is taken or no name.
    pub fn set(&mut self, name: &str, value: Json) -> Result<(), String> {
        if TAKEN.contains(&name) || name.is_empty() || !name.chars().all(is_name) {
            return Err(format!("`{name}` cannot name a capture"));
        }
        self.values.insert(name.to_owned(), value);
        Ok(())
    }

    /// A captured value.
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.values.get(name)
    }

    /// The number of the run of a step, `$n`.
    pub fn set_run(&mut self, n: i64) {
        self.values.insert("n".to_owned(), Json::Int(n));
    }

    /// The value with names replaced. The matcher's words stay. Errors: a name that nothing was captured under.
    pub fn fill(&self, json: &Json) -> Result<Json, String> {
        Ok(match json {
            Json::Text(text) => self.text(text)?,
            Json::List(items) => {
                Json::List(items.iter().map(|item| self.fill(item)).collect::<Result<_, _>>()?)
            }
            Json::Object(members) => {
                let filled = members.iter().map(|(key, value)| Ok((key.clone(), self.fill(value)?)));
                Json::Object(filled.collect::<Result<_, String>>()?)
            }
            other => other.clone(),
        })
    }

    fn text(&self, text: &str) -> Result<Json, String> {
        if let Some(rest) = text.strip_prefix('$') {
            if rest.starts_with('$') {
                return Ok(Json::text(rest));
            }
            if rest == "any" || rest == "absent" {
                return Ok(Json::text(text));
            }
            if !rest.is_empty() && rest.chars().all(is_name) {
                return self.known(rest).cloned();
            }
        }
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once("${") {
            let Some((name, after)) = behind.split_once('}') else { break };
            out.push_str(before);
            match self.known(name)? {
                Json::Text(text) => out.push_str(text),
                other => out.push_str(&other.to_string()),
            }
            rest = after;
        }
        out.push_str(rest);
        Ok(Json::Text(out))
    }

    fn known(&self, name: &str) -> Result<&Json, String> {
        self.get(name).ok_or_else(|| format!("nothing was captured as `{name}`"))
    }
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_values() {
        let mut captures = Captures::default();
        captures.set("order", Json::text("17")).unwrap();
        captures.set("version", Json::Int(4)).unwrap();
        let rows = [
            (r#""$order""#, r#""17""#),
            (r#""$version""#, "4"),
            (r#""id == \"${order}\" && version == ${version}""#, r#""id == \"17\" && version == 4""#),
            (r#"["$any",{"a":"$$order"}]"#, r#"["$any",{"a":"$order"}]"#),
            (r#""US$ 5""#, r#""US$ 5""#),
            (r#""$ 5""#, r#""$ 5""#),
        ];
        for (text, filled) in rows {
            assert_eq!(captures.fill(&Json::parse(text).unwrap()).unwrap().to_string(), filled);
        }
        assert!(captures.fill(&Json::text("$nobody")).is_err());
        assert!(captures.fill(&Json::text("a ${nobody} b")).is_err());
        assert!(captures.set("any", Json::Null).is_err());
    }
}
