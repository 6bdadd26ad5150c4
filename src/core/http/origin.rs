//! Origins: where a URL leads, as every browser reads it.

use crate::core::lite::text::{concat, cut, holds, split};

/// The scheme, host and port of an absolute http or https URL, as the browser writes an origin.
///
/// `None` for a relative URL, another scheme, or one with a user name in it: such a URL gets no token.
pub fn origin_of(url: &str) -> Option<String> {
    let (scheme, rest) = cut(url, "://")?;
    let scheme = scheme.to_ascii_lowercase();
    let default_port = match scheme.as_str() {
        "https" => ":443",
        "http" => ":80",
        _ => return None,
    };
    let (authority, _) = split(rest, |byte| matches!(byte, b'/' | b'?' | b'#' | b'\\'));
    let authority = authority.to_ascii_lowercase();
    if authority.is_empty() || holds(&authority, |byte| matches!(byte, b'@' | b' ' | b'\t' | b'\n' | b'\r' | b'{')) {
        return None;
    }
    let host = authority.strip_suffix(default_port).unwrap_or(&authority);
    Some(concat(&[&scheme, "://", host]))
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
}
