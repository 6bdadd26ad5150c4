//! What must not be printed.

use std::fmt;

/// A token, or a text with tokens in it. `Debug` never prints the value.
#[derive(Clone, Default, Eq, PartialEq)]
pub struct Secret(String);

impl Secret {
    /// Takes the text in.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Exposes the secret. Call only where a request, a stored record, a scope or an answer is built.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// As [`Secret::expose`], at the end of its way through core.
    pub fn into_exposed(self) -> String {
        self.0
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// Data that may have secrets in it, such as what a user enters and what a server answers. `Debug` never prints it.
#[derive(Clone, Copy, Default, Eq, PartialEq)]
pub struct Sensitive<T>(T);

impl<T> Sensitive<T> {
    /// Takes the data in.
    pub const fn new(data: T) -> Self {
        Self(data)
    }

    /// The data itself.
    pub const fn data(&self) -> &T {
        &self.0
    }

    /// The data itself, to be changed.
    pub const fn data_mut(&mut self) -> &mut T {
        &mut self.0
    }

    /// The data itself, at the end of its way.
    pub fn into_data(self) -> T {
        self.0
    }
}

impl<T> From<T> for Sensitive<T> {
    fn from(data: T) -> Self {
        Self(data)
    }
}

impl<T> fmt::Debug for Sensitive<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}
