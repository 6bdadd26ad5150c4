//! What events and calls tell: what happened, what brought it about, and why nothing was done.

words! {
    /// What can happen to a session: the word that listeners register for.
    #[non_exhaustive]
    EventKind {
        /// There is a session.
        SignedIn = "signedIn",
        /// It has new tokens.
        Refreshed = "refreshed",
        /// It will end soon, unless the user stays.
        Expiring = "expiring",
        /// The user ended it, or a limit that the app has set.
        SignedOut = "signedOut",
        /// The server ended it.
        Expired = "expired",
        /// Something failed; the session is kept.
        Failed = "failed",
    }
}

words! {
    /// What brought an event about, where it was no call of this tab and no error.
    Reason {
        /// Another tab.
        OtherTab = "otherTab",
        /// The user was away for `idleSeconds`.
        Idle = "idle",
        /// The sign-in was `maxAgeSeconds` ago.
        MaxAge = "maxAge",
        /// The refresh token comes to its own end.
        RefreshToken = "refreshToken",
    }
}

words! {
    /// What `guard` is asked to let see.
    GuardedPage {
        /// A page for those who are signed in.
        Protected = "protected",
        /// The page on which one signs in.
        Login = "login",
    }
}

words! {
    /// Why a call that did nothing had nothing to do.
    NothingDone {
        /// The page's address is no answer to a sign-in that was begun here.
        NoCallback = "no-callback",
        /// There is no session.
        SignedOut = "signed-out",
        /// There is no way to refresh it.
        NotRefreshable = "not-refreshable",
    }
}
