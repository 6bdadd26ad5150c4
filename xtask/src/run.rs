//! Child processes: quiet while all is well, with a sign of life on long ones, and in full when they fail.

use std::env;
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};

use crate::hints;
use crate::paths::Paths;
use crate::say;

/// The first sign of life, and the time between the others.
const FIRST_SIGN: Duration = Duration::from_secs(5);
const NEXT_SIGN: Duration = Duration::from_secs(30);
/// How long a child may take to end after it was asked to.
const GRACE: Duration = Duration::from_secs(5);
/// No step takes that long unless it hangs.
const LIMIT: Duration = Duration::from_secs(30 * 60);

/// One child process with its log.
#[derive(Debug)]
pub struct Job {
    label: String,
    log: PathBuf,
    command: Command,
    limit: Duration,
}

/// How a job ended.
#[derive(Debug)]
pub struct Finished {
    /// The exit status.
    pub status: ExitStatus,
    /// Everything it wrote, to either stream.
    pub output: String,
}

impl Job {
    /// A job called `label` that runs `program` in the repository.
    pub fn new(paths: &Paths, label: &str, program: impl AsRef<OsStr>) -> Self {
        let mut command = Command::new(program);
        command.current_dir(&paths.root);
        Self::of(paths, label, command)
    }

    /// A job of a command that is made already.
    pub fn of(paths: &Paths, label: &str, command: Command) -> Self {
        Self { label: label.to_owned(), log: paths.log(label), command, limit: LIMIT }
    }

    /// Adds arguments.
    pub fn args<S: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        self.command.args(args);
        self
    }

    /// Sets a variable of the environment.
    pub fn env(mut self, key: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(key, value);
        self
    }

    /// Sets several.
    pub fn envs<'a>(mut self, envs: impl IntoIterator<Item = &'a (&'static str, PathBuf)>) -> Self {
        self.command.envs(envs.into_iter().map(|(key, value)| (key, value)));
        self
    }

    /// Sets the working folder.
    pub fn dir(mut self, dir: &Path) -> Self {
        self.command.current_dir(dir);
        self
    }

    /// Sets how long it may take.
    pub fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Runs it to its end.
    ///
    /// # Errors
    /// When it can't be started, or takes longer than any step may.
    pub fn run(mut self) -> Result<Finished> {
        if let Some(dir) = self.log.parent() {
            fs::create_dir_all(dir)?;
        }
        // A file and not a pipe: both streams keep their order, and nothing blocks when a grandchild outlives the child.
        let log = File::create(&self.log)?;
        self.command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let program = self.command.get_program().to_string_lossy().into_owned();
        let child = self.command.spawn().with_context(|| format!("{}: can't start {program}", self.label))?;
        let status = self.watch(child)?;
        Ok(Finished { status, output: self.written() })
    }

    /// Runs it, and takes a bad exit status for an error that holds the end of the output and what to do.
    pub fn done(self) -> Result<String> {
        let label = self.label.clone();
        let finished = self.run()?;
        if finished.status.success() {
            return Ok(finished.output);
        }
        Err(anyhow!("{}", failure(&label, finished.status, &finished.output)))
    }

    fn watch(&self, mut child: Child) -> Result<ExitStatus> {
        let start = Instant::now();
        let mut next = FIRST_SIGN;
        loop {
            if let Some(status) = child.try_wait()? {
                return Ok(status);
            }
            let elapsed = start.elapsed();
            if elapsed > self.limit {
                stop(&mut child)?;
                bail!(
                    "{} took longer than {} and was ended:\n{}",
                    self.label,
                    say::span(self.limit),
                    tail(&self.written(), 40)
                );
            }
            if elapsed > next {
                say::line(format!("    {} … {} {}", self.label, say::span(elapsed), last_words(&self.written())));
                next += NEXT_SIGN;
            }
            thread::sleep(if elapsed.as_secs() < 1 { Duration::from_millis(10) } else { Duration::from_millis(100) });
        }
    }

    fn written(&self) -> String {
        fs::read(&self.log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
    }
}

/// Runs a short command and returns what it printed, or nothing when it failed or is not there.
pub fn ask(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// A command that sees `dir` before all other folders of `PATH`.
pub fn with_path(mut command: Command, dir: &Path) -> Result<Command> {
    let rest = env::var_os("PATH").unwrap_or_default();
    let dirs = std::iter::once(dir.to_owned()).chain(env::split_paths(&rest));
    command.env("PATH", env::join_paths(dirs)?);
    Ok(command)
}

/// Asks the child to end, as Ctrl-C would, so that it can end its own children; then makes it.
fn stop(child: &mut Child) -> Result<()> {
    let _ = ask(Command::new("kill").args(["-TERM", &child.id().to_string()]));
    let asked = Instant::now();
    while asked.elapsed() < GRACE {
        if child.try_wait()?.is_some() {
            return Ok(());
        }
        thread::sleep(Duration::from_millis(100));
    }
    child.kill()?;
    child.wait()?;
    Ok(())
}

fn failure(label: &str, status: ExitStatus, output: &str) -> String {
    let mut text = format!("{label} failed ({status}):\n{}", tail(output, 40));
    if let Some(hint) = hints::for_output(output) {
        let _ = write!(text, "\n{hint}");
    }
    text
}

fn tail(output: &str, count: usize) -> String {
    let lines: Vec<&str> = output.lines().collect();
    lines
        .iter()
        .skip(lines.len().saturating_sub(count))
        .map(|line| format!("    {line}"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// The last line that says something, shortened: a program's own progress.
fn last_words(output: &str) -> String {
    let is_progress = |line: &&str| line.contains(char::is_alphabetic) && !line.starts_with("npm warn");
    let line = output.lines().rev().map(str::trim).find(is_progress).unwrap_or_default();
    let line = line.rsplit('\r').next().unwrap_or_default();
    if line.is_empty() { String::new() } else { format!("({})", line.chars().take(90).collect::<String>()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tail_is_the_end_and_no_more() {
        assert_eq!(tail("a\nb\nc", 2), "    b\n    c");
        assert_eq!(tail("", 2), "");
    }

    #[test]
    fn last_words_skip_empty_lines_and_redrawn_ones() {
        assert_eq!(last_words("Compiling a\nBuilding 1\rBuilding 2\n |\n\n"), "(Building 2)");
        assert_eq!(last_words("npm warn Unknown user config\n"), "");
    }

    #[test]
    fn a_job_keeps_both_streams_and_its_status() -> Result<()> {
        let finished =
            Job::new(&Paths::find()?, "unit test of run", "sh").args(["-c", "echo out; echo err >&2; exit 3"]).run()?;
        assert_eq!(finished.output, "out\nerr\n");
        assert_eq!(finished.status.code(), Some(3));
        Ok(())
    }

    #[test]
    fn a_program_that_is_not_there_is_named() -> Result<()> {
        let error = Job::new(&Paths::find()?, "unit test of absence", "no-such-program-here").run().map(|_| ());
        let text = error.err().map(|error| format!("{error:#}")).unwrap_or_default();
        assert!(text.contains("can't start no-such-program-here"), "{text}");
        Ok(())
    }
}
