//! Sign-in by redirect: what is sent with the user to the authorization endpoint (RFC 6749 section 4.1, RFC 7636), what comes
//! back with them, and what an OpenID provider says of itself and of the user.

pub mod address;
pub mod authorize;
pub mod departure;
pub mod dpop;
pub mod end_session;
pub mod id_token;
pub mod metadata;
pub mod pending;
