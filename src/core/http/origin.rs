//! Origins: where a URL leads, as every browser reads it.

use crate::core::lite::number::number_to_text;
use crate::core::lite::text::{concat, cut, holds, split};

/// The scheme, host and port of an absolute URL, as the browser writes an origin: one of http or https, or of a scheme of an
/// app's own, as in `capacitor://localhost`.
///
/// `None` for a relative URL, another scheme of the browser's, or one with a user name in it: such a URL gets no token.
pub fn origin_of(url: &str) -> Option<String> {
    let (scheme, rest) = cut(url, "://")?;
    let scheme = scheme.to_ascii_lowercase();
    let default_port = match scheme.as_str() {
        "https" => Some(443),
        "http" => Some(80),
        "ftp" | "ws" | "wss" | "file" => return None,
        scheme => {
            let is_scheme = scheme.starts_with(|first: char| first.is_ascii_lowercase())
                && !holds(scheme, |byte| !byte.is_ascii_alphanumeric() && !matches!(byte, b'+' | b'-' | b'.'));
            // Only in the schemes that browsers know does a backslash end the host.
            if !is_scheme || holds(rest, |byte| byte == b'\\') {
                return None;
            }
            None
        }
    };
    let authority = authority_in(rest).to_ascii_lowercase();
    let (host, port) = host_and_port(&authority)?;
    if host.is_empty() || holds(host, |byte| matches!(byte, b'@' | b' ' | b'\t' | b'\n' | b'\r' | b'{')) {
        return None;
    }
    let port = port.filter(|port| Some(*port) != default_port);
    let (mark, port) = port.map_or(("", String::new()), |port| (":", number_to_text(f64::from(port))));
    Some(concat(&[&scheme, "://", host, mark, &port]))
}

/// What stands between the slashes and the path.
fn authority_in(rest: &str) -> &str {
    split(rest, |byte| matches!(byte, b'/' | b'?' | b'#' | b'\\')).0
}

/// The host and the port, which may be empty (the URL standard, section 4.4); `None` where a port is no number up to 65535.
#[inline(never)]
fn host_and_port(authority: &str) -> Option<(&str, Option<u32>)> {
    let (mut port, mut worth, mut digits) = (0, 1, 0);
    for byte in authority.bytes().rev() {
        match byte {
            b'0'..=b'9' => {
                port += u32::from(byte - b'0') * worth;
                // What is larger is none; zeros before it count for nothing.
                worth = (worth * 10).min(100_000);
                port = port.min(100_000);
                digits += 1;
            }
            b':' => {
                let host = authority.get(..authority.len() - digits - 1)?;
                let is_host = host.ends_with(']') || !holds(host, |byte| byte == b':');
                return (is_host && port <= 65_535).then_some((host, (digits > 0).then_some(port)));
            }
            _ => break,
        }
    }
    // The colons of IPv6 stand in brackets.
    (authority.ends_with(']') || !holds(authority, |byte| byte == b':')).then_some((authority, None))
}

/// What is said of such a port.
pub const NO_PORT: &str = "a port is a number up to 65535";

/// Whether an absolute address has a port that there is none of: no browser sends anything there.
#[inline(never)]
pub fn has_no_port(url: &str) -> bool {
    let (_, rest) = split(url, |byte| matches!(byte, b':' | b'/' | b'?' | b'#'));
    let Some(rest) = rest.strip_prefix("://") else { return false };
    let authority = authority_in(rest);
    // Before an @ the colon is that of a name and a password.
    let length = authority.bytes().rev().take_while(|byte| *byte != b'@').count();
    authority.get(authority.len() - length..).is_some_and(|host| host_and_port(host).is_none())
}

/// A text that is an origin and nothing else, as the browser writes it.
pub fn exact_origin(text: &str) -> Option<String> {
    let (_, rest) = cut(text, "://")?;
    let is_exact =
        !holds(rest, |byte| matches!(byte, b'/' | b'?' | b'#' | b'\\' | b'*' | b',')) && !rest.ends_with(':');
    origin_of(text).filter(|_| is_exact)
}

/// The origin that a URL leads to from a page of the origin `base`.
///
/// `None` where browsers may see more than a path in what looks relative: `//host`, `/\host`, `https:host`, hidden line breaks.
pub fn origin_from(url: &str, base: Option<&str>) -> Option<String> {
    origin_of(url).or_else(|| {
        let (path, _) = split(url, |byte| matches!(byte, b'?' | b'#'));
        let has_scheme = holds(split(path, |byte| byte == b'/').0, |byte| byte == b':');
        let is_path = !has_scheme && !path.starts_with("//") && !holds(path, |byte| byte <= b' ' || byte == b'\\');
        base.filter(|_| is_path).map(str::to_owned)
    })
}

/// Whether a browser that is sent there asks a server by http or https, and runs nothing: an absolute address, or a path.
pub fn is_web_address(url: &str) -> bool {
    let (scheme, rest) = split(url, |byte| matches!(byte, b':' | b'/' | b'?' | b'#'));
    let is_web = scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http");
    is_web && rest.starts_with("://") || url.starts_with('/')
}

/// The path, query and fragment of an address, where that is one of the page's own origin: what can be gone to without
/// leaving it. None with an empty segment in its path: `/.//host` is `//host` for whoever takes the dots out.
pub fn own_page(address: &str, base: Option<&str>) -> Option<String> {
    let is_own = origin_from(address, base).as_deref() == base;
    let path = cut(address, "://").map_or(Some(address), |(_, rest)| rest.get(rest.find(['/', '?', '#'])?..))?;
    let (segments, _) = split(path, |byte| matches!(byte, b'?' | b'#'));
    let is_page =
        path.starts_with('/') && cut(segments, "//").is_none() && !holds(path, |byte| byte < b' ' || byte == b'\\');
    (base.is_some() && is_own && is_page && path.len() <= MOST_CHARACTERS).then(|| path.to_owned())
}

/// A longer address is no page to come back to.
const MOST_CHARACTERS: usize = 2_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_what_the_browser_calls_one() {
        let rows = [
            ("https://a.example/x?y#z", Some("https://a.example")),
            ("HTTPS://A.Example:443/x", Some("https://a.example")),
            ("http://a.example:80", Some("http://a.example")),
            ("http://127.0.0.1:4001/token", Some("http://127.0.0.1:4001")),
            ("https://a.example:/x", Some("https://a.example")),
            ("https://a.example:0443/x", Some("https://a.example")),
            ("https://a.example:080?x", Some("https://a.example:80")),
            ("https://a.example:65535", Some("https://a.example:65535")),
            ("app://main:", Some("app://main")),
            ("http://[::1]:80/", Some("http://[::1]")),
            ("http://[::1]", Some("http://[::1]")),
            ("http://[::80]:8080", Some("http://[::80]:8080")),
            ("https://a.example:65536", None),
            ("https://a.example:99999999999999999999/x", None),
            ("https://a.example:8a", None),
            ("https://a.example:80:80", None),
            ("https://a.example:-1", None),
            ("app://main:65536", None),
            ("https://:443", None),
            ("https://user@a.example/", None),
            ("https://a.example@evil.example/", None),
            ("https://a.example\\@evil.example/", Some("https://a.example")),
            ("app://main", Some("app://main")),
            ("capacitor://LocalHost/x", Some("capacitor://localhost")),
            ("tauri://localhost:1420/x?y", Some("tauri://localhost:1420")),
            ("app://user@main/", None),
            ("app://main\\@evil", None),
            ("app:main", None),
            ("blob:https://a.example/x", None),
            ("view-source:https://a.example", None),
            ("file://host/x", None),
            ("wss://a.example", None),
            ("7up://x", None),
            ("/token", None),
            ("//a.example/x", None),
            ("ftp://a.example", None),
            ("https://", None),
            ("https://{{store.host}}/x", None),
        ];
        for (url, origin) in rows {
            assert_eq!(origin_of(url).as_deref(), origin, "{url}");
        }
    }

    #[test]
    fn an_origin_with_anything_else_is_none() {
        for origin in ["https://a.example", "HTTP://a.example:8080", "app://main", "capacitor://localhost"] {
            assert!(exact_origin(origin).is_some(), "{origin}");
        }
        let others = [
            "https://a.example:99999",
            "https://a.example:65536",
            "https://a.example:",
            "https://a.example:x",
            "app://main:70000",
            "https://a.example/",
            "https://a.example/v1",
            "https://a.example?x",
            "https://*.a.example",
            "*",
            "https://a.example, https://b.example",
            "https://a.example,b.example",
            "https://a.example https://b.example",
            "a.example",
        ];
        for text in others {
            assert_eq!(exact_origin(text), None, "{text}");
        }
    }

    #[test]
    fn a_port_that_there_is_none_of_is_seen_in_absolute_addresses_alone() {
        for url in ["https://a.example:99999/x", "HTTP://me:1@a.example:65536", "app://main:x", "http://[::1]:70000?x"]
        {
            assert!(has_no_port(url), "{url}");
        }
        let others = [
            "https://a.example",
            "https://a.example:/x",
            "https://a.example:65535/x",
            "https://a.example/x:99999",
            "https://a.example?x:99999",
            "https://me:secret@a.example",
            "https://me:se@cret@a.example:1",
            "http://[::1]:1/x",
            "http://[fe80::99999]/x",
            "/x?next=https://a.example:99999",
            "a:99999",
            "Home",
            "",
        ];
        for url in others {
            assert!(!has_no_port(url), "{url}");
        }
    }

    #[test]
    fn a_relative_url_leads_to_the_page_only_when_every_browser_thinks_so() {
        let base = Some("https://app.example");
        for url in ["/token", "token", "./a:b", "/users:all", "?x=https://a.example", "#top", "", "a/b?c=\\#d:e"] {
            assert_eq!(origin_from(url, base).as_deref(), base, "{url}");
            assert_eq!(origin_from(url, None), None, "{url}");
        }
        let elsewhere =
            ["//a.example/x", "/\\a.example", "\\\\a.example", "https:a.example", "https:/a.example", "/\t/a.example"];
        for url in elsewhere.into_iter().chain([" //a.example", "data:x", "ftp://a.example", "https://{{ host }}/x"]) {
            assert_eq!(origin_from(url, base), None, "{url}");
        }
        assert_eq!(origin_from("https://a.example/x", base).as_deref(), Some("https://a.example"));
    }

    #[test]
    fn a_page_to_come_back_to_is_one_of_the_own_origin_and_nothing_else() {
        let base = Some("https://app.example");
        let rows = [
            ("https://app.example/orders?id=7#top", Some("/orders?id=7#top")),
            ("https://app.example/", Some("/")),
            ("https://app.example", None),
            ("/orders", Some("/orders")),
            ("/orders?next=//evil.example", Some("/orders?next=//evil.example")),
            ("https://evil.example/orders", None),
            ("https://app.example.evil.example/", None),
            ("https://app.example@evil.example/", None),
            ("https://app.example//evil.example", None),
            ("/.//evil.example", None),
            ("/..//evil.example", None),
            ("/a/..//evil.example", None),
            ("/%2E//evil.example", None),
            ("/.\\/evil.example", None),
            ("/./\\evil.example", None),
            ("https://app.example/.//evil.example", None),
            ("https://app.example/a/../..//evil.example?x", None),
            ("/orders#/a//b", Some("/orders#/a//b")),
            ("//evil.example/x", None),
            ("/\\evil.example", None),
            ("/\t/evil.example", None),
            ("/\n/evil.example", None),
            ("javascript:alert(1)", None),
            ("data:text/html,x", None),
            ("orders", None),
            ("", None),
        ];
        for (address, page) in rows {
            assert_eq!(own_page(address, base).as_deref(), page, "{address}");
            assert_eq!(own_page(address, None), None, "{address}");
        }
        assert_eq!(own_page(&"/x".repeat(2_000), base), None);
    }
}
