//! Whether work must be done again: a hash of what went in, kept beside what came out.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest as _, Sha256};

/// A growing hash of inputs.
#[derive(Clone, Debug, Default)]
pub struct Stamp(Sha256);

impl Stamp {
    /// Adds a text: a version, a flag.
    pub fn text(self, text: &str) -> Self {
        self.bytes(text.as_bytes())
    }

    /// Adds a file or a folder with all in it, names and contents; what is not there counts as that.
    pub fn path(mut self, path: &Path) -> Result<Self> {
        for file in files(path)? {
            let name = file.strip_prefix(path).unwrap_or(&file);
            let content = fs::read(&file).with_context(|| format!("read {}", file.display()))?;
            self = self.text(&name.to_string_lossy()).bytes(&content);
        }
        Ok(self.text("end of path"))
    }

    /// The hash as text, fit for a file name.
    pub fn finish(&self) -> String {
        hex(self.0.clone())
    }

    /// Whether `file` holds this stamp.
    pub fn is_in(&self, file: &Path) -> bool {
        fs::read_to_string(file).is_ok_and(|held| held == self.finish())
    }

    /// Keeps this stamp in `file`.
    pub fn keep(&self, file: &Path) -> Result<()> {
        if let Some(dir) = file.parent() {
            fs::create_dir_all(dir)?;
        }
        fs::write(file, self.finish()).with_context(|| format!("write {}", file.display()))
    }

    /// The length first: where one input ends and the next begins must be in the hash.
    fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.update(bytes.len().to_le_bytes());
        self.0.update(bytes);
        self
    }
}

/// The first 16 digits of the SHA-256 of a file's content, as `sha256sum` prints them.
pub fn short_hash(file: &Path) -> Result<String> {
    let content = fs::read(file).with_context(|| format!("read {}", file.display()))?;
    Ok(hex(Sha256::new_with_prefix(content)))
}

fn hex(hash: Sha256) -> String {
    hash.finalize().iter().take(8).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The files under `path` in a fixed order, or `path` itself when it is a file.
pub fn files(path: &Path) -> Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    if !path.is_dir() {
        return Ok(Vec::new());
    }
    let mut entries = fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    entries.sort();
    entries
        .iter()
        .filter(|entry| !is_foreign(entry))
        .map(|entry| files(entry))
        .collect::<Result<Vec<_>>>()
        .map(|lists| lists.concat())
}

fn is_foreign(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == "node_modules" || name == "__pycache__" || name == "target")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> Result<PathBuf> {
        let dir = std::env::temp_dir().join(format!("doorkey-stamp-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&dir);
        fs::create_dir_all(dir.join("inner"))?;
        fs::write(dir.join("a"), "1")?;
        fs::write(dir.join("inner/b"), "2")?;
        Ok(dir)
    }

    fn hash(dir: &Path) -> Result<String> {
        Ok(Stamp::default().path(dir)?.finish())
    }

    #[test]
    fn a_stamp_changes_with_contents_names_and_absence() -> Result<()> {
        let dir = folder("changes")?;
        let first = hash(&dir)?;
        assert_eq!(hash(&dir)?, first);
        fs::write(dir.join("inner/b"), "3")?;
        let content = hash(&dir)?;
        fs::rename(dir.join("inner/b"), dir.join("inner/c"))?;
        let name = hash(&dir)?;
        fs::remove_file(dir.join("inner/c"))?;
        let absence = hash(&dir)?;
        assert_eq!([&first, &content, &name, &absence].iter().collect::<std::collections::BTreeSet<_>>().len(), 4);
        Ok(fs::remove_dir_all(dir)?)
    }

    #[test]
    fn a_short_hash_is_the_one_that_other_programs_print() -> Result<()> {
        let dir = folder("hash")?;
        assert_eq!(short_hash(&dir.join("a"))?, "6b86b273ff34fce1");
        Ok(fs::remove_dir_all(dir)?)
    }

    #[test]
    fn a_kept_stamp_is_found_again_and_no_other_is() -> Result<()> {
        let dir = folder("kept")?;
        let file = dir.join("deep/stamp");
        let stamp = Stamp::default().text("one");
        assert!(!stamp.is_in(&file));
        stamp.keep(&file)?;
        assert!(stamp.is_in(&file));
        assert!(!Stamp::default().text("two").is_in(&file));
        Ok(fs::remove_dir_all(dir)?)
    }

    #[test]
    fn what_others_put_into_a_folder_is_not_looked_at() -> Result<()> {
        let dir = folder("foreign")?;
        let before = hash(&dir)?;
        fs::create_dir_all(dir.join("node_modules/x"))?;
        fs::write(dir.join("node_modules/x/y"), "1")?;
        assert_eq!(hash(&dir)?, before);
        Ok(fs::remove_dir_all(dir)?)
    }
}
