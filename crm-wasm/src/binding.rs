//! What JavaScript sees of the module. `js/` is what pages use.

use crate::Door;
use js_sys::Promise;
use js_sys::futures::future_to_promise;
use sqlite_wasm_rs::WasmOsCallback;
use sqlite_wasm_vfs::sahpool::{OpfsSAHPoolCfgBuilder, OpfsSAHPoolUtil, install};
use wasm_bindgen::prelude::*;

/// Files that a database may have at once: itself, its rollback journal, and one to spare.
const FILES: usize = 3;

/// A folder of the origin's private file system, taken for as long as it is not released. In a dedicated worker only.
#[wasm_bindgen]
pub struct Folder {
    pool: OpfsSAHPoolUtil,
}

#[wasm_bindgen]
impl Folder {
    /// Promises a folder, which is made where there is none. Databases are opened in it from then on. Rejects with a text where
    /// there is no such file system, or another worker has the folder.
    pub fn take(name: String) -> Promise {
        future_to_promise(async move {
            let options = OpfsSAHPoolCfgBuilder::new().directory(&name).initial_capacity(FILES).build();
            match install::<WasmOsCallback>(&options, true).await {
                Ok(pool) => Ok(Folder { pool }.into()),
                Err(fault) => Err(fault.to_string().into()),
            }
        })
    }

    /// Lets others take the folder. Throws a text where a database in it is open.
    pub fn release(&self) -> Result<(), String> {
        self.pool.pause().map_err(|fault| fault.to_string())
    }
}

/// A database. Methods throw errors as JSON text.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Engine {
    door: Door,
}

#[wasm_bindgen]
impl Engine {
    /// Opens a file of the folder that was taken; without a name, an empty database in memory. `language` is that of errors
    /// outside of calls.
    #[wasm_bindgen(constructor)]
    pub fn new(file: Option<String>, language: &str) -> Result<Engine, String> {
        let door = match file {
            Some(file) => Door::open(&file, language)?,
            None => Door::memory(language)?,
        };
        Ok(Engine { door })
    }

    /// See [`Door::call`].
    pub fn call(&self, caller: &str, operation: &str, request: &str) -> Result<String, String> {
        self.door.call(caller, operation, request)
    }

    /// See [`Door::call_again`].
    #[wasm_bindgen(js_name = callAgain)]
    pub fn call_again(&self, caller: &str, operation: &str, request: &str) -> Result<String, String> {
        self.door.call_again(caller, operation, request)
    }

    /// See [`Door::unknown_outcome`].
    #[wasm_bindgen(js_name = unknownOutcome)]
    pub fn unknown_outcome(&self) -> String {
        self.door.unknown_outcome()
    }

    /// See [`Door::changes`].
    pub fn changes(&self, after: f64, limit: u32) -> Result<String, String> {
        // JavaScript has no other numbers; a cast stays within the range of i64 and takes NaN for 0.
        self.door.changes(after as i64, limit)
    }

    /// See [`Door::take_changed`].
    #[wasm_bindgen(js_name = takeChanged)]
    pub fn take_changed(&self) -> bool {
        self.door.take_changed()
    }

    /// See [`Door::export`].
    pub fn export(&self) -> Result<Vec<u8>, String> {
        self.door.export()
    }

    /// See [`Door::import`].
    pub fn import(&self, bytes: &[u8]) -> Result<(), String> {
        self.door.import(bytes)
    }
}
