//! The two builds of the package.

/// What the build is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Flavour {
    /// As published: small.
    Release,
    /// For work: fast to build, with the names of functions.
    Dev,
}

impl Flavour {
    /// Its name in folders.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Dev => "dev",
        }
    }

    /// The folder that cargo builds it in.
    pub const fn cargo_profile(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Dev => "debug",
        }
    }

    /// What cargo is told.
    pub const fn cargo_flags(self) -> &'static [&'static str] {
        match self {
            Self::Release => &["--release"],
            Self::Dev => &[],
        }
    }
}
