//! JSON that is kept and handed on.

use super::Json;
use crate::error::{Code, Result};
use serde::de::IgnoredAny;
use std::fmt;
use std::sync::{Arc, OnceLock};

/// JSON that many hold: a value of a field, an answer on its way out. It has the form in which it came, text or tree; the
/// other is made once, when somebody first asks for it.
#[derive(Clone)]
pub struct SharedJson(Arc<Forms>);

#[derive(Default)]
struct Forms {
    text: OnceLock<String>,
    tree: OnceLock<Json>,
}

impl SharedJson {
    /// From its canonical text, as an [`encode::Text`](crate::encode::Text) writes it.
    pub fn written(text: String) -> SharedJson {
        SharedJson(Arc::new(Forms { text: OnceLock::from(text), tree: OnceLock::new() }))
    }

    /// From a text that a store kept. Errors: `request.invalid_json` where it is no JSON.
    pub fn kept(text: &str) -> Result<SharedJson> {
        match serde_json::from_str::<IgnoredAny>(text) {
            Ok(_) => Ok(SharedJson::written(text.to_owned())),
            Err(fault) => Err(Code::INVALID_JSON
                .error()
                .coded("fault", "json", "syntax")
                .with("detail", fault.to_string())),
        }
    }

    /// The canonical text.
    pub fn text(&self) -> &str {
        self.0.text.get_or_init(|| self.0.tree.get().map(Json::to_string).unwrap_or_default())
    }

    /// The tree.
    pub fn tree(&self) -> &Json {
        let read = || self.0.text.get().and_then(|text| Json::parse(text).ok()).unwrap_or_default();
        self.0.tree.get_or_init(read)
    }
}

impl From<Json> for SharedJson {
    fn from(tree: Json) -> SharedJson {
        SharedJson(Arc::new(Forms { text: OnceLock::new(), tree: OnceLock::from(tree) }))
    }
}

impl PartialEq for SharedJson {
    fn eq(&self, other: &SharedJson) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.text() == other.text()
    }
}

impl Eq for SharedJson {}

impl fmt::Debug for SharedJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn either_form_gives_the_other() {
        let text = r#"{"b":[1,null,"x"],"a":{}}"#;
        let (written, tree) = (SharedJson::kept(text).unwrap(), SharedJson::from(Json::parse(text).unwrap()));
        assert_eq!(written, tree);
        assert_eq!(tree.text(), text);
        assert_eq!(written.tree(), &Json::parse(text).unwrap());
        assert_ne!(written, SharedJson::from(Json::Null));
        assert_eq!(SharedJson::kept("{").unwrap_err().code(), Code::INVALID_JSON);
    }
}
