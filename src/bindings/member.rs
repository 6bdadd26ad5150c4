//! What can be called.

/// What can be called, in the order of `MEMBERS` in pkg-template/package/enter.mjs, which calls by number.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[allow(missing_docs)] // They are the names of the public surface.
pub enum Member {
    Open,
    Claims,
    Configure,
    Dispose,
    GetValue,
    Status,
    Values,
    On,
    Trace,
    Watch,
    Signin,
    RefreshAccessToken,
    Logout,
    StoreValue,
    RemoveValue,
    ClearStore,
    AccessToken,
    Headers,
    Run,
    Check,
    Guard,
    Fetch,
    Test,
}

impl Member {
    const ALL: [Self; 23] = [
        Self::Open,
        Self::Claims,
        Self::Configure,
        Self::Dispose,
        Self::GetValue,
        Self::Status,
        Self::Values,
        Self::On,
        Self::Trace,
        Self::Watch,
        Self::Signin,
        Self::RefreshAccessToken,
        Self::Logout,
        Self::StoreValue,
        Self::RemoveValue,
        Self::ClearStore,
        Self::AccessToken,
        Self::Headers,
        Self::Run,
        Self::Check,
        Self::Guard,
        Self::Fetch,
        Self::Test,
    ];

    /// The member of that number; nobody calls by another.
    pub fn numbered(number: u32) -> Self {
        Self::ALL.get(number as usize).copied().unwrap_or(Self::Test)
    }
}
