//! The builds of the package.

/// What the build is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Flavour {
    /// As published: small.
    Release,
    /// For work: fast to build, with the names of functions.
    Dev,
    /// As published, but for a call that panics: for tests of what happens then.
    Panicking,
}

impl Flavour {
    /// Its name in folders.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Dev => "dev",
            Self::Panicking => "panicking",
        }
    }

    /// The folder that cargo builds it in.
    pub const fn cargo_profile(self) -> &'static str {
        match self {
            Self::Release | Self::Panicking => "release",
            Self::Dev => "debug",
        }
    }

    /// What cargo is told.
    pub const fn cargo_flags(self) -> &'static [&'static str] {
        match self {
            Self::Release | Self::Panicking => &["--release"],
            Self::Dev => &[],
        }
    }

    /// What of the crate is compiled.
    pub const fn features(self) -> &'static str {
        match self {
            Self::Release | Self::Dev => "package",
            Self::Panicking => "package,panic-test",
        }
    }
}
