//! What a server says of itself: OpenID Connect Discovery 1.0 section 4, RFC 8414.

use crate::core::error::{AuthError, Code};
use crate::core::http::origin::origin_of;
use crate::core::lite::json::json_of;
use crate::core::lite::text::{concat, cut, replace};
use crate::core::platform::Platform;
use crate::core::time::UnixMillis;
use crate::core::value::{Map, Value};

/// Entra's word for the tenant, in the issuer that serves all of them.
pub const TENANT: &str = "{tenantid}";

/// What OpenID Connect Discovery 1.0 section 3 requires and RFC 8414 does not know.
const OPENID: &str = "subject_types_supported";

/// Whether a server has OpenID Connect. Some forget what is required.
pub fn is_openid(metadata: &Map) -> bool {
    [OPENID, "userinfo_endpoint"].iter().any(|name| metadata.get(name).is_some())
}

/// Longer texts are nothing that a flow needs.
const LONGEST: usize = 2048;

/// So long metadata is kept, in milliseconds: a day.
const LONGEST_KEPT: f64 = 86_400_000.0;

/// Where metadata is looked for, in this order.
pub fn addresses(issuer: &str) -> [String; 2] {
    let bare = without_slash(issuer);
    let path = origin_of(bare).map_or("", |origin| bare.get(origin.len()..).unwrap_or_default());
    let origin = bare.strip_suffix(path).unwrap_or(bare);
    [
        concat(&[bare, "/.well-known/openid-configuration"]),
        // RFC 8414 section 3.1 puts its path before the issuer's own.
        concat(&[origin, "/.well-known/oauth-authorization-server", path]),
    ]
}

fn without_slash(issuer: &str) -> &str {
    issuer.strip_suffix('/').unwrap_or(issuer)
}

/// What a flow may need of the metadata of this issuer.
///
/// # Errors
/// `ERR_INVALID_RESPONSE` where it is another's, or names an endpoint that is open to everybody on the way.
pub fn read(answer: &Value, issuer: &str) -> Result<Map, AuthError> {
    let bad = |message: String| AuthError::new(Code::InvalidResponse, message).at("issuer");
    let Some(given) = answer.member("issuer").and_then(Value::as_text) else {
        return Err(bad("this is no metadata of an issuer".to_owned()));
    };
    if !is_issuer(given, issuer) {
        let end = if without_slash(given) == without_slash(issuer) { ": mind the slash at its end" } else { "" };
        return Err(bad(concat(&["the metadata is of the issuer ", given, end])));
    }
    let mut metadata = Map::new();
    let Value::Map(members) = answer else { return Ok(metadata) };
    for (name, value) in members {
        match value {
            Value::Text(text) if text.len() <= LONGEST => {
                let is_endpoint = cut(name, "_endpoint").is_some_and(|(_, rest)| rest.is_empty());
                if is_endpoint && !is_private(text) {
                    return Err(bad(concat(&["the metadata's ", name, " must be an https address"])));
                }
            }
            Value::Bool(_) => {}
            // Whatever it says.
            _ if name == OPENID => {
                metadata.set_flag(OPENID, true);
                continue;
            }
            _ => continue,
        }
        metadata.set(name.as_str(), value.clone());
    }
    Ok(metadata)
}

/// Metadata with the moment at which it was found, as text.
pub fn keep(metadata: &Map, now: UnixMillis) -> String {
    let mut kept = Map::new();
    kept.set_number("at", now.0 as f64);
    kept.set("metadata", Value::Map(metadata.clone()));
    json_of(&Value::Map(kept))
}

/// What was kept, where it is this issuer's and less than a day old.
pub fn recall(kept: &Value, issuer: &str, now: UnixMillis, platform: Platform) -> Option<Map> {
    let kept = (platform.parse_json)(kept.as_text()?)?;
    match kept.member("at") {
        Some(Value::Number(at)) if *at <= now.0 as f64 && now.0 as f64 - at < LONGEST_KEPT => {
            read(kept.member("metadata")?, issuer).ok()
        }
        _ => None,
    }
}

/// Whether metadata of `given` is that of the configured issuer: the same text, or Entra's for all tenants.
fn is_issuer(given: &str, issuer: &str) -> bool {
    given == issuer
        || cut(given, TENANT).is_some_and(|(start, end)| {
            let tenant = issuer.strip_prefix(start).and_then(|rest| rest.strip_suffix(end));
            tenant.is_some_and(|tenant| !tenant.is_empty() && cut(tenant, "/").is_none())
        })
}

/// The issuer that tokens of this metadata name, for a tenant of Entra's.
pub fn issuer_for(issuer: &str, tenant: &str) -> String {
    replace(issuer, TENANT, tenant)
}

/// Whether nobody on the way reads along: https, or this machine itself.
pub fn is_private(url: &str) -> bool {
    origin_of(url).is_some_and(|origin| {
        let host = origin.strip_prefix("http://").map(|host| cut(host, ":").map_or(host, |(name, _)| name));
        host.is_none_or(|host| matches!(host, "localhost" | "127.0.0.1") || origin.starts_with("http://[::1]"))
    })
}

#[cfg(test)]
#[allow(clippy::expect_used)] // A test that panics has failed, and says where.
mod tests {
    use super::*;
    use crate::core::testing::{PLATFORM, json};

    #[test]
    fn metadata_is_looked_for_where_the_standards_say() {
        // RFC 8414 section 3.1's own examples, and OpenID Connect Discovery section 4.1's.
        let rows = [
            ("https://example.com", "https://example.com/.well-known/oauth-authorization-server"),
            ("https://example.com/issuer1", "https://example.com/.well-known/oauth-authorization-server/issuer1"),
            ("https://t.auth0.com/", "https://t.auth0.com/.well-known/oauth-authorization-server"),
        ];
        for (issuer, address) in rows {
            assert_eq!(addresses(issuer)[1], address);
        }
        assert_eq!(
            addresses("https://example.com/issuer1")[0],
            "https://example.com/issuer1/.well-known/openid-configuration"
        );
        assert_eq!(addresses("https://t.auth0.com/")[0], "https://t.auth0.com/.well-known/openid-configuration");
    }

    #[test]
    fn metadata_must_be_the_issuers_own_and_its_endpoints_private() {
        let text = |issuer: &str, token: &str| {
            json(&format!(
                r#"{{ "issuer": "{issuer}", "token_endpoint": "{token}", "response_types_supported": ["code"], "require_pushed_authorization_requests": true }}"#
            ))
        };
        let own = "https://a.example";
        let good = read(&text(own, "https://b.example/token"), own).expect("it is right");
        assert_eq!(good.keys(), ["issuer", "token_endpoint", "require_pushed_authorization_requests"]);
        let of_length = |length| ["https://b.example/", &"a".repeat(length - "https://b.example/".len())].concat();
        for (length, is_kept) in [(LONGEST, true), (LONGEST + 1, false)] {
            let read = read(&text(own, &of_length(length)), own).expect("it is right");
            assert_eq!(read.get("token_endpoint").is_some(), is_kept, "{length}");
        }
        for (issuer, token, said) in [
            (
                "https://a.example/",
                "https://a.example/t",
                "the metadata is of the issuer https://a.example/: mind the slash at its end",
            ),
            ("https://evil.example", "https://a.example/t", "the metadata is of the issuer https://evil.example"),
            (own, "http://a.example/t", "the metadata's token_endpoint must be an https address"),
            (own, "javascript:alert(1)", "the metadata's token_endpoint must be an https address"),
        ] {
            let error = read(&text(issuer, token), own).expect_err("it is refused");
            assert_eq!((error.code, error.message.as_ref()), (Code::InvalidResponse, said));
        }
        for loopback in ["http://127.0.0.1:4000/t", "http://localhost/t", "http://[::1]:8/t"] {
            assert!(read(&text(own, loopback), own).is_ok(), "{loopback}");
        }
        assert!(!is_private("http://localhost.evil.example/") && !is_private("http://127.0.0.1.evil.example/"));
        assert!(read(&json("\"<html>\""), own).is_err() && read(&json("{}"), own).is_err());
    }

    #[test]
    fn metadata_is_kept_for_a_day_and_only_that_of_the_issuer() {
        let own = "https://a.example";
        let metadata =
            read(&json(r#"{ "issuer": "https://a.example", "token_endpoint": "https://a.example/t" }"#), own);
        let metadata = metadata.expect("it is right");
        let (then, day) = (UnixMillis(1_800_000_000_000), 86_400_000);
        let kept = Value::Text(keep(&metadata, then));
        let recalled = |issuer, ahead: i64| {
            recall(&kept, issuer, UnixMillis(then.0.saturating_add_signed(ahead)), PLATFORM).is_some()
        };
        assert!(recalled(own, 0) && recalled(own, day - 1));
        assert!(!recalled(own, day) && !recalled(own, -1) && !recalled("https://b.example", 0));
        for none in [Value::Undefined, Value::from("{}"), Value::from("no")] {
            assert_eq!(recall(&none, own, then, PLATFORM), None);
        }
    }

    #[test]
    fn entra_has_one_issuer_for_all_tenants() {
        let template = "https://login.microsoftonline.com/{tenantid}/v2.0";
        assert!(is_issuer(template, "https://login.microsoftonline.com/common/v2.0"));
        assert!(!is_issuer(template, "https://login.microsoftonline.com/a/b/v2.0"));
        assert!(!is_issuer(template, "https://evil.example/common/v2.0"));
        assert_eq!(issuer_for(template, "9188"), "https://login.microsoftonline.com/9188/v2.0");
    }
}
