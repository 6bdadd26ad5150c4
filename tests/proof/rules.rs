//! What holds for a whole search: how many tabs, which server, what may happen and how often.

use doorkey::core::options::Options;

use crate::testing::json;

/// What a server does about a refresh token that it has exchanged before.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Rotation {
    /// It ends the session.
    Strict,
    /// It takes the last one for ten seconds more, then ends the session.
    Window,
    /// It refuses, and the session lives.
    Refuses,
    /// It gives no other one.
    Never,
}

/// What a page asks for.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Ask {
    /// `accessToken()`
    Token,
    /// `refreshAccessToken({ force: true })`
    Refresh,
    /// `logout()`
    SignOut,
    /// `signin(…)`
    SignIn,
}

/// What goes wrong.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Fault {
    /// The server has done its work, and the connection breaks.
    LostAnswer,
    /// The server has done its work, and nothing ever comes.
    Silence,
    /// The request does not get through.
    NoNetwork,
    /// The server answers 503.
    Unavailable,
    /// The browser has no locks to give.
    LockRefused,
    /// The browser takes the lock away from who has it.
    LockLost,
    /// The page is gone.
    Crash,
    /// The page is frozen, until it is no more.
    Freeze,
    /// Every page sleeps for two hours.
    Sleep,
    /// The clock is put forward by a day.
    Ahead,
    /// The clock is put back by a day.
    Back,
    /// A word that says nothing: a storage event that is early.
    StrayWord,
    /// A word that is never heard.
    LostWord,
    /// Somebody empties the storage.
    Cleared,
}

/// What is wrong with the world itself, so that an invariant can't hold.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Seed {
    /// The lock is given to everybody at once.
    LockForAll,
    /// A commit does not compare.
    BlindCommit,
    /// A sign-out leaves nothing where the record was, and a commit takes nothing for no obstacle.
    NoTombstone,
    /// No timer ever runs.
    NoTimers,
    /// Each call is handed in twice.
    Echo,
    /// A tab reads what it has read or written before.
    StaleReads,
    /// A connection that breaks is told as a refusal.
    FalseRefusal,
    /// A page says that the network is back whenever something has failed.
    AlwaysWoke,
}

/// How often things may happen.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Budget {
    /// Calls.
    pub asks: u8,
    /// Faults.
    pub faults: u8,
    /// Timers that run while something else is under way, or at rest.
    pub ticks: u8,
    /// Pages that come up where one was closed.
    pub opens: u8,
}

/// One search.
#[derive(Clone, Debug)]
pub struct Rules {
    pub name: &'static str,
    pub tabs: usize,
    pub rotation: Rotation,
    /// `storage: "host"`: a record in IndexedDB, and the host's copy.
    pub in_host: bool,
    /// `crossTab: "optimistic"`: no lock at all.
    pub without_lock: bool,
    /// From each state of rest the server is away for a while, too.
    pub outage: bool,
    pub asks: &'static [Ask],
    pub faults: &'static [Fault],
    pub budget: Budget,
    pub seed: Option<Seed>,
}

impl Rules {
    /// The options of every tab.
    pub fn options(&self) -> Options {
        let storage = if self.in_host { "host" } else { "local" };
        let cross_tab = if self.without_lock { "optimistic" } else { "lock" };
        let text = format!(
            r#"{{
                "flows": {{
                    "signin": {{ "url": "https://auth.example/login", "json": {{ "password": "{{{{ inputs.password }}}}" }} }},
                    "refresh": {{ "url": "https://auth.example/token", "json": {{ "token": "{{{{ session.refreshToken }}}}" }} }},
                    "revoke": {{ "url": "https://auth.example/revoke", "json": {{ "token": "{{{{ session.refreshToken }}}}" }} }}
                }},
                "refresh": {{ "beforeExpirySeconds": 0 }},
                "storage": "{storage}",
                "crossTab": "{cross_tab}"
            }}"#
        );
        Options::parse(&json(&text)).expect("the options are right")
    }
}
