//! Origins: where a URL leads, as every browser reads it.

use crate::core::lite::text::{concat, cut, holds, split};

/// The scheme, host and port of an absolute URL, as the browser writes an origin: one of http or https, or of a scheme of an
/// app's own, as in `capacitor://localhost`.
///
/// `None` for a relative URL, another scheme of the browser's, or one with a user name in it: such a URL gets no token.
pub fn origin_of(url: &str) -> Option<String> {
    let (scheme, rest) = cut(url, "://")?;
    let scheme = scheme.to_ascii_lowercase();
    let default_port = match scheme.as_str() {
        "https" => ":443",
        "http" => ":80",
        "ftp" | "ws" | "wss" | "file" => return None,
        scheme => {
            let is_scheme = scheme.starts_with(|first: char| first.is_ascii_lowercase())
                && !holds(scheme, |byte| !byte.is_ascii_alphanumeric() && !matches!(byte, b'+' | b'-' | b'.'));
            // Only in the schemes that browsers know does a backslash end the host.
            if !is_scheme || holds(rest, |byte| byte == b'\\') {
                return None;
            }
            ""
        }
    };
    let (authority, _) = split(rest, |byte| matches!(byte, b'/' | b'?' | b'#' | b'\\'));
    let authority = authority.to_ascii_lowercase();
    if authority.is_empty() || holds(&authority, |byte| matches!(byte, b'@' | b' ' | b'\t' | b'\n' | b'\r' | b'{')) {
        return None;
    }
    let host = authority.strip_suffix(default_port).unwrap_or(&authority);
    Some(concat(&[&scheme, "://", host]))
}

/// A text that is an origin and nothing else, as the browser writes it.
pub fn exact_origin(text: &str) -> Option<String> {
    let (_, rest) = cut(text, "://")?;
    let is_exact = !holds(rest, |byte| matches!(byte, b'/' | b'?' | b'#' | b'\\' | b'*' | b','));
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
