//! What JavaScript sees of the module. `js/core.js` is what pages use.

use crate::{Caller, Door};
use wasm_bindgen::prelude::*;

/// A database in memory.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Engine {
    door: Door,
}

#[wasm_bindgen]
impl Engine {
    /// An empty database. Throws the error's JSON text.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Result<Engine, String> {
        Door::open().map(|door| Engine { door }).map_err(|error| error.to_string())
    }

    /// Runs an operation for an employee (none: nobody), at a time in milliseconds since 1970. Gives JSON text; throws the
    /// error's JSON text.
    pub fn call(
        &self,
        actor: Option<String>,
        on_behalf: Option<String>,
        language: String,
        now: f64,
        reason: Option<String>,
        operation: &str,
        request: &str,
    ) -> Result<String, String> {
        // JavaScript has no other numbers; the cast stays within the range of i64 and takes NaN for 0.
        let caller = Caller { actor, on_behalf, language, now: now as i64, reason };
        self.door.call(&caller, operation, request)
    }
}
