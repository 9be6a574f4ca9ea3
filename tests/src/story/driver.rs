//! Doors of other languages: a driver program, told over its standard input what to do. What is said stands in
//! `tests/drivers/README.md`.

use super::door::{Call, Door, Outcome, StoreKind};
use crm_kernel::date::Instant;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// A door behind a driver program.
pub struct Driver {
    name: &'static str,
    stores: &'static [StoreKind],
    program: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    folder: PathBuf,
    opened: u32,
}

impl Driver {
    /// The C library, by a program in C.
    pub fn c() -> Result<Driver, String> {
        let build = ready("c")?;
        Driver::start("c", &[StoreKind::Sqlite], &mut Command::new(build.join("driver")))
    }

    /// The web package in Node.
    pub fn node() -> Result<Driver, String> {
        ready("node")?;
        let script = top().join("tests/drivers/node.mjs");
        Driver::start("node", &[StoreKind::Memory], Command::new("node").arg(script))
    }

    /// The web package in a page of headless Chromium.
    pub fn chromium() -> Result<Driver, String> {
        ready("chromium")?;
        let script = top().join("tests/drivers/chromium.mjs");
        Driver::start("chromium", &[StoreKind::Sqlite], Command::new("node").arg(script))
    }

    fn start(
        name: &'static str,
        stores: &'static [StoreKind],
        command: &mut Command,
    ) -> Result<Driver, String> {
        let failed = |fault: std::io::Error| format!("the driver of the {name} door: {fault}");
        let mut program = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().map_err(failed)?;
        let input = program.stdin.take();
        let output = BufReader::new(program.stdout.take().ok_or("a driver without output")?);
        let folder = std::env::temp_dir().join(format!("crm-stories-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).map_err(failed)?;
        Ok(Driver { name, stores, program, input, output, folder, opened: 0 })
    }

    /// Sends a message. Gives the word and the text that come back. Errors: the driver has ended or says that it failed.
    fn exchange(&mut self, line: &str, texts: &[&str]) -> Result<(String, String), String> {
        let name = self.name;
        let broken = |fault: std::io::Error| format!("the driver of the {name} door has ended: {fault}");
        let message = format!("{line}\n{}", texts.concat());
        let input = self.input.as_mut().ok_or("the driver is not told anything any more")?;
        input.write_all(message.as_bytes()).and_then(|()| input.flush()).map_err(broken)?;
        let mut line = String::new();
        self.output.read_line(&mut line).map_err(broken)?;
        let (word, length) = line
            .trim_end()
            .split_once(' ')
            .and_then(|(word, length)| Some((word, length.parse().ok()?)))
            .ok_or_else(|| format!("the driver of the {name} door has ended or says `{line}`"))?;
        let mut text = vec![0; length];
        self.output.read_exact(&mut text).map_err(broken)?;
        let text = String::from_utf8(text).map_err(|_| "the driver's text is not UTF-8")?;
        if word == "failed" {
            return Err(format!("the {name} door failed: {text}"));
        }
        Ok((word.to_owned(), text))
    }
}

impl Door for Driver {
    fn name(&self) -> &'static str {
        self.name
    }

    fn stores(&self) -> &'static [StoreKind] {
        self.stores
    }

    fn open(&mut self, store: StoreKind) -> Result<(), String> {
        self.opened += 1;
        let path = match store {
            StoreKind::Memory => String::new(),
            StoreKind::Sqlite => self.folder.join(format!("{}.db", self.opened)).display().to_string(),
        };
        self.exchange(&format!("open {} {}", store.name(), path.len()), &[&path]).map(|_| ())
    }

    fn call(&mut self, call: &Call<'_>) -> Result<Outcome, String> {
        let now = Instant::parse(call.now).map_err(|_| format!("`{}` is no instant", call.now))?;
        let reason = call.reason.unwrap_or_default();
        let line = format!(
            "call {} {} {} {} {} {} {}",
            call.actor.as_deref().unwrap_or("0"),
            call.on_behalf.as_deref().unwrap_or("0"),
            call.language,
            now.millis(),
            reason.len(),
            call.operation.len(),
            call.request.len()
        );
        let (word, text) = self.exchange(&line, &[reason, call.operation, call.request])?;
        match word.as_str() {
            "answer" => Ok(Outcome::Answer(text)),
            "error" => Ok(Outcome::Error(text)),
            other => Err(format!("the driver of the {} door says `{other}` to a call", self.name)),
        }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.input = None;
        self.program.wait().ok();
        std::fs::remove_dir_all(&self.folder).ok();
    }
}

/// Builds what the driver of a door needs. Gives the folder of this build's products.
fn ready(door: &str) -> Result<PathBuf, String> {
    let here = std::env::current_exe().map_err(|fault| fault.to_string())?;
    let build = here.parent().ok_or("a program without a folder")?.to_owned();
    let status = Command::new("bash")
        .arg(top().join("tools/door.sh"))
        .arg(door)
        .arg(&build)
        .stdout(std::io::stderr())
        .status();
    match status {
        Ok(status) if status.success() => Ok(build),
        Ok(status) => Err(format!("tools/door.sh {door}: {status}")),
        Err(fault) => Err(format!("tools/door.sh: {fault}")),
    }
}

fn top() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}
