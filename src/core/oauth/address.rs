//! The address of a page as a sign-in by redirect comes back to it: parameters in its query, its fragment, or both.

use crate::core::http::form::{decoded, pairs};
use crate::core::http::origin::origin_of;
use crate::core::lite::text::{concat, cut, holds, split};
use crate::core::value::{Map, Value};

/// The name of our own id in the query of an address that a user comes back to.
pub const OWN_ID: &str = "doorkey";

/// What providers put into an address that is an answer: RFC 6749 section 4.1.2, RFC 9207, OpenID Connect Session Management,
/// and what Google and Supabase add.
const PROVIDERS: [&str; 12] = [
    "code",
    "state",
    "iss",
    "session_state",
    "error",
    "error_description",
    "error_uri",
    "error_code",
    "scope",
    "authuser",
    "hd",
    "prompt",
];

/// An address, in its parts.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Address<'a> {
    /// Without query and fragment.
    pub page: &'a str,
    query: &'a str,
    fragment: &'a str,
}

impl<'a> Address<'a> {
    /// Takes an address apart.
    pub fn parse(text: &'a str) -> Self {
        let (before, fragment) = split(text, |byte| byte == b'#');
        let (page, query) = split(before, |byte| byte == b'?');
        Self { page, query: rest(query), fragment: rest(fragment) }
    }

    /// Whether it is that page, whatever its query and fragment.
    pub fn is_page(&self, other: &str) -> bool {
        let other = Address::parse(other).page;
        let place = |page: &str| Some((origin_of(page)?, path_of(page).to_owned()));
        self.page == other || place(self.page).is_some_and(|own| place(other) == Some(own))
    }

    /// The first parameter of that name, of the query before the fragment.
    pub fn param(&self, name: &str) -> Option<String> {
        let mut found = None;
        self.each(&mut |_, key, value| {
            if found.is_none() && decoded(key) == name {
                found = Some(decoded(value));
            }
        });
        found
    }

    /// All parameters.
    pub fn params(&self) -> Map {
        let mut params = Map::new();
        self.each(&mut |_, key, value| {
            let name = decoded(key);
            if params.get(&name).is_none() {
                params.set(name, Value::Text(decoded(value)));
            }
        });
        params
    }

    /// Whether a parameter stands twice in the query, or twice in the fragment (RFC 6749 section 3.1 forbids it).
    pub fn is_doubled(&self, name: &str) -> bool {
        let (mut query, mut fragment) = (0, 0);
        self.each(&mut |is_fragment, key, _| {
            let count = if is_fragment { &mut fragment } else { &mut query };
            *count += usize::from(decoded(key) == name);
        });
        query > 1 || fragment > 1
    }

    /// The address without what an answer has put there: what providers add, our own id, and the names in `answer`. All else
    /// stays as it was written.
    pub fn cleaned(&self, answer: &[Value]) -> String {
        let is_foreign = |pair: &str| {
            let name = decoded(cut(pair, "=").map_or(pair, |(name, _)| name));
            !PROVIDERS.contains(&name.as_str())
                && name != OWN_ID
                && !answer.iter().any(|own| own.as_text() == Some(&name))
        };
        let kept = |text: &str, mark: &str| {
            let mut kept = String::new();
            pairs(text, &mut |pair| {
                if is_foreign(pair) {
                    kept.push_str(if kept.is_empty() { mark } else { "&" });
                    kept.push_str(pair);
                }
            });
            kept
        };
        let fragment = match self.fragment {
            "" => String::new(),
            // What belongs to the page's own router stays whole.
            text if !has_params(text) => concat(&["#", text]),
            text => kept(text, "#"),
        };
        concat(&[self.page, &kept(self.query, "?"), &fragment])
    }

    /// Shows every parameter to `see`: whether it stands in the fragment, its name and its value as they are written.
    fn each(&self, see: &mut dyn FnMut(bool, &str, &str)) {
        for (is_fragment, text) in [(false, self.query), (true, self.fragment)] {
            if is_fragment && !has_params(text) {
                continue;
            }
            pairs(text, &mut |pair| {
                let (name, value) = cut(pair, "=").unwrap_or((pair, ""));
                see(is_fragment, name, value);
            });
        }
    }
}

/// The path of a page; none is `/`.
fn path_of(page: &str) -> &str {
    let (_, behind) = cut(page, "://").unwrap_or_default();
    let path = split(behind, |byte| byte == b'/').1;
    if path.is_empty() { "/" } else { path }
}

/// A query or a fragment without its mark.
fn rest(text: &str) -> &str {
    text.get(1..).unwrap_or_default()
}

/// Whether a fragment is a list of parameters, and not the path of a page's own router.
fn has_params(fragment: &str) -> bool {
    !fragment.starts_with('/') && !fragment.starts_with('!') && holds(fragment, |byte| byte == b'=')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_found_in_query_and_fragment() {
        let address = Address::parse("https://a.example/x?code=4%2F0A&state=s+t&x#error=no&code=other");
        assert_eq!(address.page, "https://a.example/x");
        assert_eq!(address.param("code").as_deref(), Some("4/0A"), "decoded once; the query comes first");
        assert_eq!(address.param("state").as_deref(), Some("s t"));
        assert_eq!(address.param("error").as_deref(), Some("no"));
        assert_eq!(address.param("x").as_deref(), Some(""));
        assert_eq!(address.param("none"), None);
        assert!(!address.is_doubled("code"), "once in each is no doubt: some providers say errors twice");
        assert!(Address::parse("/?code=a&x&code=b").is_doubled("code"));
        assert_eq!(Address::parse("/#/page?code=a").param("code"), None, "that is the router's");
    }

    #[test]
    fn a_fragment_that_is_a_place_in_the_page_or_a_routers_path_has_no_parameters() {
        let rows = [
            ("/#x=1&code=a", Some("a")),
            ("/#code=a", Some("a")),
            ("/#code", None),
            ("/#/page&code=a", None),
            ("/#!page&code=a", None),
            ("/#!/page?x=1&code=a", None),
        ];
        for (address, code) in rows {
            let parsed = Address::parse(address);
            assert_eq!(parsed.param("code").as_deref(), code, "{address}");
            if code.is_none() {
                assert_eq!(parsed.cleaned(&[]), address, "it stays as it is");
            }
        }
    }

    #[test]
    fn a_page_is_the_same_however_its_address_is_written() {
        let is_page = |one, other| Address::parse(one).is_page(other);
        assert!(is_page("https://app.example/?code=a#x", "https://app.example"));
        assert!(is_page("https://app.example/cb", "HTTPS://App.Example:443/cb?doorkey=1"));
        assert!(is_page("app://main/cb?x", "app://main/cb"));
        assert!(!is_page("https://app.example/cb", "https://app.example/cb/"));
        assert!(!is_page("https://app.example/cb", "https://app.example.evil/cb"));
    }

    #[test]
    fn what_an_answer_brought_is_taken_out_and_all_else_stays() {
        let rows = [
            ("https://a.example/?code=a&state=b&iss=c&session_state=d", "https://a.example/"),
            ("https://a.example/?tab=1&code=a&q=x%20y#top", "https://a.example/?tab=1&q=x%20y#top"),
            ("https://a.example/?x=1#error=no&error_description=n&sb=", "https://a.example/?x=1#sb="),
            ("https://a.example/?code=a#/page/2", "https://a.example/#/page/2"),
            ("https://a.example/?userId=a&secret=b&doorkey=c", "https://a.example/"),
            ("https://a.example/?scope=a&authuser=0&hd=b&prompt=none&code=c#", "https://a.example/"),
        ];
        let answer = ["userId".into(), "secret".into()];
        for (address, clean) in rows {
            assert_eq!(Address::parse(address).cleaned(&answer), clean, "{address}");
        }
    }
}
