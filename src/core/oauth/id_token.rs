//! The ID token (OpenID Connect Core 1.0 section 3.1.3.7). It comes from the token endpoint over TLS, so that its signature need
//! not be checked; all else is.

use super::metadata::{TENANT, issuer_for};
use crate::core::error::{AuthError, Code};
use crate::core::lite::codec::base64_decode;
use crate::core::lite::text::{concat, cut, from_utf8};
use crate::core::platform::Platform;
use crate::core::time::{Millis, UnixMillis};
use crate::core::token::claims;
use crate::core::value::Value;

/// Clocks of servers differ by so much.
const SKEW: Millis = Millis(60_000);

/// What an ID token must say.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// Who made it; Entra's for all tenants has a place for the tenant's id.
    pub issuer: &'a str,
    /// For whom it was made.
    pub client_id: &'a str,
    /// What was sent along: of the first one only.
    pub nonce: Option<&'a str>,
    /// Of whom the session is: of those at a refresh.
    pub subject: Option<&'a str>,
    /// The moment, by the server's clock where that is known.
    pub server_now: Option<UnixMillis>,
}

/// Whether an ID token says what it must.
///
/// # Errors
/// `ERR_INVALID_RESPONSE`, with the claim that is wrong.
pub fn verify(token: &str, expected: &Expected<'_>, platform: Platform) -> Result<(), AuthError> {
    let wrong = |claim: &str| Err(error(&["the ID token's ", claim, " is not what it must be"]));
    let Some(claims) = claims(token, platform) else { return Err(error(&["the ID token is no JSON web token"])) };
    let text = |name: &str| claims.member(name).and_then(Value::as_text);
    let number = |name: &str| match claims.member(name) {
        Some(Value::Number(at)) if *at > 0.0 && *at < 1e11 => Some(UnixMillis((at * 1000.0) as u64)),
        _ => None,
    };
    // A shared key can't be a page's; no key at all proves nothing.
    let alg = algorithm(token, platform).unwrap_or_default();
    if alg.is_empty() || alg.eq_ignore_ascii_case("none") || alg.to_ascii_uppercase().starts_with("HS") {
        return wrong("alg");
    }
    let is_issuer = text("iss").is_some_and(|iss| {
        let own = text("tid").filter(|_| cut(expected.issuer, TENANT).is_some());
        own.map_or_else(|| expected.issuer == iss, |tenant| issuer_for(expected.issuer, tenant) == iss)
            // Google says it both ways.
            || (expected.issuer == "https://accounts.google.com" && iss == "accounts.google.com")
    });
    if !is_issuer {
        return wrong("iss");
    }
    let is_own = |value: &Value| value.as_text() == Some(expected.client_id);
    let (is_audience, is_shared) = match claims.member("aud") {
        Some(Value::List(items)) => (items.iter().any(is_own), items.len() > 1),
        Some(value) => (is_own(value), false),
        None => (false, false),
    };
    if !is_audience {
        return wrong("aud");
    }
    let party = claims.member("azp");
    if party.map_or(is_shared, |party| !is_own(party)) {
        return wrong("azp");
    }
    let (Some(exp), Some(iat)) = (number("exp"), number("iat")) else { return wrong("exp or iat") };
    // Without the server's word on the time its own iat is the moment: the token has just come.
    if exp.after(SKEW) <= expected.server_now.unwrap_or(iat) {
        return wrong("exp");
    }
    if expected.server_now.is_some_and(|now| iat > now.after(SKEW)) {
        return wrong("iat");
    }
    if expected.nonce.is_some_and(|nonce| text("nonce") != Some(nonce)) {
        return wrong("nonce");
    }
    let subject = text("sub").filter(|subject| !subject.is_empty());
    if subject.is_none() || expected.subject.is_some_and(|before| subject != Some(before)) {
        return wrong("sub");
    }
    Ok(())
}

/// The user that an ID token is of.
pub fn subject(token: &str, platform: Platform) -> Option<String> {
    claims(token, platform)?.member("sub")?.as_text().map(str::to_owned)
}

fn algorithm(token: &str, platform: Platform) -> Option<String> {
    let header = from_utf8(base64_decode(cut(token, ".")?.0)?)?;
    (platform.parse_json)(&header)?.member("alg")?.as_text().map(str::to_owned)
}

fn error(parts: &[&str]) -> AuthError {
    AuthError::new(Code::InvalidResponse, concat(parts)).at("id_token")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::lite::codec::base64;
    use crate::core::testing::PLATFORM;

    const NOW: UnixMillis = UnixMillis(1_800_000_000_000);

    fn made(header: &str, claims: &str) -> String {
        [&base64(header.as_bytes(), true), ".", &base64(claims.as_bytes(), true), ".sig"].concat()
    }

    fn verdict(alg: &str, claims: &str, expected: &Expected<'_>) -> Result<(), String> {
        let token = made(&format!(r#"{{ "alg": "{alg}" }}"#), claims);
        verify(&token, expected, PLATFORM).map_err(|error| error.message.clone().into_owned())
    }

    fn expected() -> Expected<'static> {
        Expected {
            issuer: "https://op.example",
            client_id: "app",
            nonce: Some("n"),
            subject: None,
            server_now: Some(NOW),
        }
    }

    fn with(name: &str, value: &str) -> String {
        let members = [
            ("iss", r#""https://op.example""#),
            ("aud", r#""app""#),
            ("sub", r#""ada""#),
            ("nonce", r#""n""#),
            ("exp", "1800000600"),
            ("iat", "1799999999.5"),
        ];
        let mut all: Vec<String> =
            members.iter().filter(|(key, _)| *key != name).map(|(key, value)| format!(r#""{key}": {value}"#)).collect();
        if !value.is_empty() {
            all.push(format!(r#""{name}": {value}"#));
        }
        format!("{{ {} }}", all.join(", "))
    }

    #[test]
    fn a_token_that_says_what_it_must_is_taken() {
        for alg in ["RS256", "ES256", "ES384", "PS256", "EdDSA"] {
            assert_eq!(verdict(alg, &with("", ""), &expected()), Ok(()), "{alg}");
        }
        assert_eq!(verdict("RS256", &with("aud", r#"["app"]"#), &expected()), Ok(()));
        assert_eq!(verdict("RS256", &with("iat", "1800000060"), &expected()), Ok(()), "clocks are a minute apart");
        let shared = with("aud", r#"["app", "api"], "azp": "app""#);
        assert_eq!(verdict("RS256", &shared, &expected()), Ok(()));
        let refreshed = Expected { nonce: None, subject: Some("ada"), server_now: None, ..expected() };
        assert_eq!(verdict("RS256", &with("nonce", ""), &refreshed), Ok(()), "a refresh needs no nonce");
    }

    #[test]
    fn each_claim_that_is_wrong_is_named() {
        let rows = [
            ("iss", r#""https://evil.example""#),
            ("iss", r#""https://op.example/""#),
            ("iss", r#""accounts.google.com""#),
            ("iss", ""),
            ("aud", r#""other""#),
            ("aud", "[]"),
            ("aud", ""),
            ("azp", r#""other""#),
            ("exp", "1799999000"),
            ("iat", "1800000900"),
            ("nonce", r#""other""#),
            ("nonce", ""),
            ("sub", r#""""#),
            ("sub", ""),
        ];
        for (name, value) in rows {
            let said = format!("the ID token's {name} is not what it must be");
            assert_eq!(verdict("RS256", &with(name, value), &expected()), Err(said), "{name} {value}");
        }
        let both = Err("the ID token's exp or iat is not what it must be".to_owned());
        for (name, value) in [
            ("exp", r#""1800000600""#),
            ("exp", ""),
            ("exp", "0"),
            ("iat", ""),
            ("exp", "1800000600000"),
            ("exp", "1e11"),
        ] {
            assert_eq!(verdict("RS256", &with(name, value), &expected()), both, "{name} {value}");
        }
        let azp = Err("the ID token's azp is not what it must be".to_owned());
        assert_eq!(verdict("RS256", &with("aud", r#"["app", "api"]"#), &expected()), azp);
        for alg in ["none", "None", "HS256", "HS512", "hs256", ""] {
            assert_eq!(
                verdict(alg, &with("", ""), &expected()),
                Err("the ID token's alg is not what it must be".to_owned()),
                "{alg}"
            );
        }
        let google = Expected { issuer: "https://accounts.google.com", ..expected() };
        let iss = Err("the ID token's iss is not what it must be".to_owned());
        assert_eq!(verdict("RS256", &with("", ""), &google), iss, "Google's own name is for Google alone");
        let other = Expected { subject: Some("bob"), nonce: None, ..expected() };
        assert_eq!(
            verdict("RS256", &with("", ""), &other),
            Err("the ID token's sub is not what it must be".to_owned())
        );
        for none in ["", "opaque", "a.b.c"] {
            assert!(verify(none, &expected(), PLATFORM).is_err(), "{none}");
        }
    }

    #[test]
    fn entras_issuer_has_the_tenant_of_the_token_and_googles_may_lack_its_scheme() {
        let entra = Expected { issuer: "https://login.microsoftonline.com/{tenantid}/v2.0", ..expected() };
        let tenant = with("iss", r#""https://login.microsoftonline.com/t1/v2.0", "tid": "t1""#);
        assert_eq!(verdict("RS256", &tenant, &entra), Ok(()));
        let other = with("iss", r#""https://login.microsoftonline.com/t2/v2.0", "tid": "t1""#);
        assert!(verdict("RS256", &other, &entra).is_err());
        let google = Expected { issuer: "https://accounts.google.com", ..expected() };
        assert_eq!(verdict("RS256", &with("iss", r#""accounts.google.com""#), &google), Ok(()));
    }
}
