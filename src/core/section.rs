//! Reading an object of options: every member by its type, nothing misspelt, every error with its path.

use super::error::{AuthError, Code};
use super::flow::shape::{dotted, indexed};
use super::value::{Map, Value};

/// An object of options and its place.
#[derive(Clone, Debug)]
pub struct Section<'a> {
    members: Option<&'a Map>,
    /// The place of the object, for errors.
    pub path: String,
}

/// `ERR_INVALID_OPTION` at a path.
pub fn invalid(path: impl Into<String>, message: &'static str) -> AuthError {
    AuthError::new(Code::InvalidOption, message).at(path)
}

impl<'a> Section<'a> {
    /// Takes an object that may have members of these names and no others; a missing one has none.
    ///
    /// # Errors
    /// `ERR_INVALID_OPTION` for what is no object, and for a member that is not in `keys`.
    pub fn open(value: Option<&'a Value>, path: impl Into<String>, keys: &[&str]) -> Result<Self, AuthError> {
        let path = path.into();
        let members = match value {
            None | Some(Value::Undefined) => None,
            Some(Value::Map(members)) => Some(members),
            Some(_) => return Err(invalid(path, "must be an object")),
        };
        if let Some(unknown) = members.and_then(|map| map.iter().find(|(key, _)| !keys.contains(&key.as_str()))) {
            return Err(invalid(dotted(&path, &unknown.0), "there is no such option"));
        }
        Ok(Self { members, path })
    }

    /// Whether the object was given.
    pub const fn is_given(&self) -> bool {
        self.members.is_some()
    }

    /// The path of a member.
    pub fn path_of(&self, key: &str) -> String {
        dotted(&self.path, key)
    }

    /// A member that is not `undefined`.
    pub fn get(&self, key: &str) -> Option<&'a Value> {
        self.members?.get(key).filter(|value| !matches!(value, Value::Undefined))
    }

    /// A member that must be a text, and not an empty one.
    ///
    /// # Errors
    /// `ERR_INVALID_OPTION` for anything else.
    pub fn text(&self, key: &str) -> Result<Option<&'a str>, AuthError> {
        match self.get(key) {
            None => Ok(None),
            Some(Value::Text(text)) if !text.is_empty() => Ok(Some(text)),
            Some(_) => Err(invalid(self.path_of(key), "must be a text that is not empty")),
        }
    }

    /// A member that must be a number from `least` on.
    ///
    /// # Errors
    /// `ERR_INVALID_OPTION` for anything else.
    pub fn number(&self, key: &str, least: f64) -> Result<Option<f64>, AuthError> {
        match self.get(key) {
            None => Ok(None),
            Some(Value::Number(number)) if *number >= least && number.is_finite() => Ok(Some(*number)),
            Some(_) => Err(invalid(self.path_of(key), "must be a number that makes sense here")),
        }
    }

    /// A member that must be true or false.
    ///
    /// # Errors
    /// `ERR_INVALID_OPTION` for anything else.
    pub fn flag(&self, key: &str) -> Result<Option<bool>, AuthError> {
        match self.get(key) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(_) => Err(invalid(self.path_of(key), "must be true or false")),
        }
    }

    /// A member that must be one of these words; gives its position.
    ///
    /// # Errors
    /// `ERR_INVALID_OPTION` for anything else.
    pub fn word(&self, key: &str, words: &[&str]) -> Result<Option<usize>, AuthError> {
        match self.get(key) {
            None => Ok(None),
            Some(value) => {
                let found = value.as_text().and_then(|text| words.iter().position(|word| *word == text));
                found.map(Some).ok_or_else(|| {
                    let message = ["must be one of ", &words.join(", ")].concat();
                    AuthError::new(Code::InvalidOption, message).at(self.path_of(key))
                })
            }
        }
    }

    /// A member that must be an array of texts.
    ///
    /// # Errors
    /// `ERR_INVALID_OPTION` for anything else, with the path of the item.
    pub fn texts(&self, key: &str) -> Result<Option<Vec<String>>, AuthError> {
        let items = match self.get(key) {
            None => return Ok(None),
            Some(Value::List(items)) => items,
            Some(_) => return Err(invalid(self.path_of(key), "must be an array of texts")),
        };
        let mut texts = Vec::new();
        for (index, item) in items.iter().enumerate() {
            match item {
                Value::Text(text) if !text.is_empty() => texts.push(text.clone()),
                _ => return Err(invalid(indexed(&self.path_of(key), index), "must be a text that is not empty")),
            }
        }
        Ok(Some(texts))
    }
}
