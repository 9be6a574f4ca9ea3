//! Doors of other languages: a driver program, told over its standard input what to do. What is said stands in
//! `tests/drivers/README.md`.

use super::door::{Call, Door, Outcome, StoreKind};
use crm_kernel::date::Instant;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
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
    /// The C library, by a program in C. Errors: the driver cannot be started.
    pub fn c() -> Result<Driver, String> {
        Driver::start("c", &[StoreKind::Sqlite])
    }

    /// The web package in Node. Errors: as [`Driver::c`].
    pub fn node() -> Result<Driver, String> {
        Driver::start("node", &[StoreKind::Memory])
    }

    /// The web package in a page of headless Chromium. Errors: as [`Driver::c`].
    pub fn chromium() -> Result<Driver, String> {
        Driver::start("chromium", &[StoreKind::Sqlite])
    }

    fn start(name: &'static str, stores: &'static [StoreKind]) -> Result<Driver, String> {
        let failed = |fault: std::io::Error| format!("the driver of the {name} door: {fault}");
        let here = std::env::current_exe().map_err(failed)?;
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../tools/door.sh");
        let mut program = Command::new("bash")
            .arg(script)
            .arg(name)
            .arg(here.parent().ok_or("a program without a folder")?)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(failed)?;
        let input = program.stdin.take();
        let output = BufReader::new(program.stdout.take().ok_or("a driver without output")?);
        let folder = std::env::temp_dir().join(format!("crm-stories-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).map_err(failed)?;
        let mut driver = Driver { name, stores, program, input, output, folder, opened: 0 };
        // Two that are built at once would write the same files.
        driver.receive()?;
        Ok(driver)
    }

    /// Sends a message. Gives the word and the text that come back. Errors: as [`Driver::receive`].
    fn exchange(&mut self, line: &str, texts: &[&str]) -> Result<(String, String), String> {
        let message = format!("{line}\n{}", texts.concat());
        let name = self.name;
        let input = self.input.as_mut().ok_or("the driver is not told anything any more")?;
        let sent = input.write_all(message.as_bytes()).and_then(|()| input.flush());
        sent.map_err(|fault| format!("the driver of the {name} door has ended: {fault}"))?;
        self.receive()
    }

    /// The word and the text that the driver says. Errors: it has ended, or says that it failed.
    fn receive(&mut self) -> Result<(String, String), String> {
        let name = self.name;
        let broken = |fault: std::io::Error| format!("the driver of the {name} door has ended: {fault}");
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
