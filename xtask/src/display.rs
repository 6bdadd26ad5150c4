//! An X server without a screen, for browsers that can't do without one.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

/// Runs as long as this is held.
#[derive(Debug)]
pub struct Display {
    server: Child,
    /// What `DISPLAY` must say.
    pub name: String,
}

impl Display {
    /// Starts one, which chooses its own number.
    pub fn start() -> Result<Self> {
        let mut command = Command::new("Xvfb");
        command.args(["-displayfd", "1", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let server = command.spawn().context("can't start Xvfb: install Debian's package xvfb")?;
        // From here on the server ends with this value, also when what follows fails.
        let mut display = Self { server, name: String::new() };
        let mut number = String::new();
        if let Some(told) = display.server.stdout.take() {
            BufReader::new(told).read_line(&mut number)?;
        }
        if number.trim().is_empty() {
            bail!("Xvfb ended before it had a display");
        }
        display.name = format!(":{}", number.trim());
        Ok(display)
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to do.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
