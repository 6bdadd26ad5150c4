//! The words of the vocabulary as values of options.

use serde::{Serialize, Serializer};

use crate::core::vocabulary::{Credentials, CrossTab, FieldType, Storage};

/// Serialises enums of the vocabulary as their words.
macro_rules! serialize_words {
    ($($name:ty),*) => {
        $(impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        })*
    };
}

serialize_words!(Credentials, CrossTab, FieldType, Storage);
