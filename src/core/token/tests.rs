//! What servers send, and when it expires.
#![allow(clippy::expect_used)] // A test that panics has failed, and says where.

use super::*;
use crate::core::lite::codec::base64;
use crate::core::testing::{PLATFORM, json};

/// 2027-01-15T08:00:00Z.
const NOW: u64 = 1_800_000_000_000;
const SECOND: u64 = 1000;
const DAY: u64 = 86_400 * SECOND;

fn read_with(answer: &str, variables: &str, paths: &TokenPaths) -> Result<Tokens, AuthError> {
    let Value::Map(variables) = json(variables) else { panic!("variables are an object") };
    let value = json(answer);
    let answer = Answer { value: &value, variables: &variables, server_date: None, received_at: UnixMillis(NOW) };
    Tokens::read(&answer, paths, PLATFORM)
}

fn read(answer: &str) -> Tokens {
    read_with(answer, "{}", &TokenPaths::default()).unwrap_or_else(|error| panic!("{answer}: {error:?}"))
}

fn text(secret: Option<&Secret>) -> &str {
    secret.map_or("", |secret| secret.expose())
}

fn jwt(claims: &str) -> String {
    [&base64(b"{}", true), ".", &base64(claims.as_bytes(), true), ".c2ln"].concat()
}

/// The lifetime in seconds, counted from receipt.
fn lifetime(tokens: &Tokens) -> Option<u64> {
    tokens.lifetime().map(|span| span.0 / SECOND)
}

#[test]
fn what_servers_send_is_understood() {
    // The answer, the access token, the refresh token, the seconds that it lives.
    let rows = [
        // Supabase; OAuth, with the token type in small letters.
        (
            r#"{"access_token":"a","token_type":"bearer","expires_in":3600,"expires_at":1,"refresh_token":"r","user":{"id":"u"}}"#,
            ("a", "r", Some(3600)),
        ),
        // Firebase at sign-in, and at refresh.
        (r#"{"kind":"k","idToken":"a","refreshToken":"r","expiresIn":"3600","localId":"l"}"#, ("a", "r", Some(3600))),
        (
            r#"{"id_token":"i","access_token":"a","expires_in":"3600","refresh_token":"r","token_type":"Bearer"}"#,
            ("a", "r", Some(3600)),
        ),
        // Directus: milliseconds, inside `data`.
        (r#"{"data":{"expires":900000,"refresh_token":"r","access_token":"a"}}"#, ("a", "r", Some(900))),
        (
            r#"{"access_token":"a","refresh_token":"r","expires_in":null,"data":{"expires_in":900}}"#,
            ("a", "r", Some(900)),
        ),
        // Cognito, with and without a lifetime and a refresh token.
        (
            r#"{"AuthenticationResult":{"AccessToken":"a","ExpiresIn":3600,"IdToken":"i","RefreshToken":"r"},"ChallengeParameters":{}}"#,
            ("a", "r", Some(3600)),
        ),
        (r#"{"AuthenticationResult":{"AccessToken":"a","IdToken":"i"}}"#, ("a", "", None)),
        // Nhost at sign-in, and at refresh without the wrapper.
        (
            r#"{"session":{"accessToken":"a","accessTokenExpiresIn":900,"refreshToken":"r"},"mfa":null}"#,
            ("a", "r", None),
        ),
        (r#"{"accessToken":"a","refreshToken":"r","refreshTokenId":"x"}"#, ("a", "r", None)),
        // simplejwt.
        (r#"{"refresh":"r","access":"a"}"#, ("a", "r", None)),
        // Feathers: `authentication` holds no token, `user` is not looked into.
        (r#"{"accessToken":"a","authentication":{"strategy":"local"},"user":{"token":"no"}}"#, ("a", "", None)),
        // Xano, json-server-auth, PocketBase, Appwrite's JWT.
        (r#"{"authToken":"a"}"#, ("a", "", None)),
        (r#"{"accessToken":"a","user":{}}"#, ("a", "", None)),
        (r#"{"token":"a","record":{}}"#, ("a", "", None)),
        (r#"{"jwt":"a"}"#, ("a", "", None)),
        // Names by their rank, the top before a container.
        (r#"{"token":"b","access_token":"a","data":{"access_token":"c"}}"#, ("a", "", None)),
        (r#"{"token":{"value":"no"},"tokens":{"access":"a","refresh":"r"}}"#, ("a", "r", None)),
        (r#"{"result":{"accesstoken":"a","refreshtoken":"r"}}"#, ("a", "r", None)),
        (r#"{"access_token":"a","refresh_token":null}"#, ("a", "", None)),
        (r#"{"access_token":"a","refresh_token":""}"#, ("a", "", None)),
    ];
    for (answer, (access, refresh, seconds)) in rows {
        let tokens = read(answer);
        let found = (text(tokens.access.as_ref()), text(tokens.refresh.as_ref()), lifetime(&tokens));
        assert_eq!(found, (access, refresh, seconds), "{answer}");
    }
}

#[test]
fn a_lifetime_is_counted_from_receipt_and_a_moment_corrected() {
    let seconds = NOW / SECOND;
    let rows = [
        (r#""expires_in":60"#.to_owned(), Some(60)),
        (r#""expires_in":"60""#.to_owned(), Some(60)),
        (r#""expires_in":1.5"#.to_owned(), Some(1)),
        (r#""expires_in":0"#.to_owned(), None),
        (r#""expires_in":-1"#.to_owned(), None),
        (r#""expires_in":"soon""#.to_owned(), None),
        (r#""expires_in":null"#.to_owned(), None),
        (r#""expires_in_ms":60000"#.to_owned(), Some(60)),
        (r#""expires":60000"#.to_owned(), Some(60)),
        (format!(r#""expires":{}"#, NOW + 60_000), Some(60)),
        (r#""expires":"2027-01-15T08:01:00Z""#.to_owned(), Some(60)),
        (format!(r#""expires_at":{}"#, seconds + 60), Some(60)),
        (format!(r#""expires_at":"{}""#, seconds + 60), Some(60)),
        (format!(r#""expiresAt":{}"#, NOW + 60_000), Some(60)),
        (r#""expiresAt":"2027-01-15T08:01:00Z""#.to_owned(), Some(60)),
        (format!(r#""expires_at":{}"#, seconds - 60), None),
        (r#""expires_at":"someday""#.to_owned(), None),
        // The lifetime wins over the moment.
        (format!(r#""expires_in":60,"expires_at":{}"#, seconds + 999), Some(60)),
    ];
    for (members, expected) in rows {
        let tokens = read(&[r#"{"token":"a","#, &members, "}"].concat());
        assert_eq!(lifetime(&tokens), expected, "{members}");
    }
}

#[test]
fn the_clock_of_the_server_is_not_ours() {
    let answer = |value: &Value, server_date| {
        let none = Map::new();
        let answer = Answer { value, variables: &none, server_date, received_at: UnixMillis(NOW) };
        lifetime(&Tokens::read(&answer, &TokenPaths::default(), PLATFORM).expect("there is a token"))
    };
    for behind in [0, DAY] {
        let server = (NOW + 3600 * SECOND - behind) / SECOND;
        let token = jwt(&format!(r#"{{"iat":{server},"exp":{}}}"#, server + 60));
        let claims = json(&format!(r#"{{"token":"{token}"}}"#));
        let moment = json(&format!(r#"{{"token":"{token}","expires_at":{}}}"#, server + 60));
        let date = Some(UnixMillis(server * SECOND));
        for value in [&claims, &moment] {
            assert_eq!(answer(value, None), Some(60), "by `iat`");
            assert_eq!(answer(value, date), Some(60), "by the Date header");
        }
        let opaque = json(&format!(r#"{{"token":"a","expires_at":{}}}"#, server + 60));
        assert_eq!(answer(&opaque, date), Some(60), "by the Date header");
    }
}

#[test]
fn variables_win_over_paths_and_paths_over_names() {
    let paths = |access: &str| TokenPaths {
        paths: [Some(access.to_owned()), Some("more.0.r".to_owned()), None, None, None, None, None],
        ..TokenPaths::default()
    };
    let answer = r#"{"access_token":"name","deep":{"token":"path"},"more":[{"r":"pathr"}],"refresh_token":"namer"}"#;

    let by_path = read_with(answer, "{}", &paths("deep.token")).expect("there is a token");
    let by_variable =
        read_with(answer, r#"{"accessToken":"variable","expiresIn":60,"TENANT":"x"}"#, &paths("deep.token"))
            .expect("there is a token");
    let by_name = read_with(answer, "{}", &paths("deep.nothing")).expect("there is a token");
    let nowhere = read_with(r#"{"deep":{}}"#, "{}", &paths("deep.nothing")).expect_err("there is no token");

    assert_eq!((text(by_path.access.as_ref()), text(by_path.refresh.as_ref())), ("path", "pathr"));
    assert_eq!((text(by_variable.access.as_ref()), lifetime(&by_variable)), ("variable", Some(60)));
    assert_eq!(text(by_name.access.as_ref()), "name");
    assert_eq!(by_variable.variables.data().get("TENANT"), Some(&Value::from("x")));
    assert_eq!((nowhere.code, nowhere.path.as_deref()), (Code::InvalidResponse, Some("deep.nothing")));
}

#[test]
fn where_the_session_is_a_cookie_no_token_of_an_answer_is_kept() {
    let paths = TokenPaths { cookie: true, ..TokenPaths::default() };
    let answer = r#"{ "session": { "token": "a", "expiresAt": "2027-01-15T09:00:00Z" }, "refresh_token": "r", "id_token": "i" }"#;
    let tokens = read_with(answer, "{}", &paths).expect("it is a session");
    assert_eq!(tokens.texts(), [&None, &None, &None, &None]);
    assert_eq!(lifetime(&tokens), Some(3600));
    let defined = read_with(answer, r#"{ "accessToken": "b" }"#, &paths).expect("it is a session");
    assert_eq!(text(defined.access.as_ref()), "b", "what is defined is meant");
    let said = r#"{"access_token":"a","expires_in":60}"#;
    assert_eq!(
        lifetime(&read_with(said, "{}", &paths).expect("there is a session")),
        Some(60),
        "nor is its time a secret"
    );
}

#[test]
fn without_an_access_token_only_variables_or_a_cookie_make_a_session() {
    let cookie = TokenPaths { cookie: true, ..TokenPaths::default() };

    assert!(read_with("null", "{}", &TokenPaths::default()).is_err());
    assert!(read_with(r#"{"token":""}"#, "{}", &TokenPaths::default()).is_err());
    assert_eq!(read_with("null", r#"{"OAUTH2_TOKEN":"x"}"#, &TokenPaths::default()).map(|it| it.access), Ok(None));
    assert_eq!(read_with("null", "{}", &cookie).map(|it| it.access), Ok(None));
}

#[test]
fn a_refresh_keeps_what_its_answer_leaves_out() {
    let mut old = read(r#"{"access_token":"a","refresh_token":"r","id_token":"i","token_type":"Bearer"}"#);
    old.signed_in_at = UnixMillis(5);
    old.variables.data_mut().set("A", Value::from("1"));
    old.variables.data_mut().set("B", Value::from("1"));
    let mut fresh = read(r#"{"access_token":"b"}"#);
    fresh.variables.data_mut().set("B", Value::from("2"));

    let renewed = old.renewed(fresh);

    assert_eq!((text(renewed.access.as_ref()), text(renewed.refresh.as_ref())), ("b", "r"));
    assert_eq!((text(renewed.id.as_ref()), text(renewed.token_type.as_ref())), ("i", "Bearer"));
    assert_eq!(renewed.signed_in_at, UnixMillis(5));
    assert_eq!(renewed.variables.data().get("A"), Some(&Value::from("1")));
    assert_eq!(renewed.variables.data().get("B"), Some(&Value::from("2")));
}

#[test]
fn a_token_is_past_after_its_time_and_when_the_clock_was_put_back() {
    let tokens = read(r#"{"token":"a","expires_in":60}"#);
    let unknown = read(r#"{"token":"a"}"#);
    let rows = [
        (NOW, false),
        (NOW + 59 * SECOND, false),
        (NOW + 60 * SECOND, true),
        (NOW - 60 * SECOND, false),
        (NOW - 61 * SECOND, true),
        (NOW - DAY, true),
    ];
    for (now, past) in rows {
        assert_eq!(tokens.is_expired(UnixMillis(now)), past, "{now}");
        assert!(!unknown.is_expired(UnixMillis(now)));
    }
}

#[test]
fn claims_are_read_and_what_is_no_jwt_has_none() {
    let claim = |token: &str| claims(token, PLATFORM).and_then(|claims| claims.member("sub").cloned());

    assert_eq!(claim(&jwt(r#"{"sub":"ä"}"#)), Some(Value::from("ä")));
    for token in ["", "a", "a.b", "a.b.c", "..", "a.e30", &jwt("[]"), &jwt("7"), "a.!!!.c", "e30.eyJ.c"] {
        assert_eq!(claim(token), None, "{token}");
    }
}

#[test]
fn nothing_that_is_printed_holds_a_token() {
    let tokens = read(r#"{"access_token":"canary","refresh_token":"canary","id_token":"canary"}"#);

    assert!(!format!("{tokens:?}").contains("canary"));
}

#[test]
fn a_standard_answer_is_understood_beside_paths_of_the_builders_own() {
    let own = |path: &str| Some(path.to_owned());
    let paths = TokenPaths {
        paths: [own("payload.bearer"), own("payload.renew"), None, None, None, None, None],
        ..TokenPaths::default()
    };
    let read = |answer| read_with(answer, "{}", &paths).expect("it holds tokens");

    let first = read(r#"{"payload":{"bearer":"a1","renew":"r1"}}"#);
    let standard = read(r#"{"access_token":"a2","refresh_token":"r2","expires_in":60}"#);

    assert_eq!((text(first.access.as_ref()), text(first.refresh.as_ref())), ("a1", "r1"));
    assert_eq!((text(standard.access.as_ref()), text(standard.refresh.as_ref())), ("a2", "r2"));
    assert_eq!(lifetime(&standard), Some(60));
}

#[test]
fn a_token_loses_the_word_before_it() {
    for answer in [r#"{"token":"Bearer abc"}"#, r#"{"token":"bearer abc"}"#, r#"{"token":"abc"}"#] {
        assert_eq!(text(read(answer).access.as_ref()), "abc", "{answer}");
    }
}

#[test]
fn odd_moments_are_what_they_mean() {
    let in_an_hour = |answer: &str| assert_eq!(lifetime(&read(answer)), Some(3600), "{answer}");
    // 2027-01-15T09:00:00Z: without a zone, with one, in milliseconds within a JWT.
    in_an_hour(r#"{"token":"a","expires_at":"2027-01-15 09:00:00"}"#);
    in_an_hour(r#"{"token":"a","expires_at":"2027-01-15T09:00:00"}"#);
    in_an_hour(r#"{"token":"a","expires_at":"2027-01-15T09:00:00Z"}"#);
    in_an_hour(&[r#"{"token":""#, &jwt(r#"{"exp":1800003600000}"#), r#""}"#].concat());
    in_an_hour(&[r#"{"token":""#, &jwt(r#"{"exp":1800003600}"#), r#""}"#].concat());
}

#[test]
fn a_date_header_that_is_a_second_off_moves_no_expiry() {
    let value = json(r#"{"token":"a","expires_at":1800000060}"#);
    let lives = |off: i64| {
        let server_date = Some(UnixMillis(NOW.saturating_add_signed(off * 1000)));
        let answer = Answer { value: &value, variables: &Map::new(), server_date, received_at: UnixMillis(NOW) };
        Tokens::read(&answer, &TokenPaths::default(), PLATFORM).ok().and_then(|tokens| lifetime(&tokens))
    };
    assert_eq!([lives(-4), lives(0), lives(4)], [Some(60); 3]);
    assert_eq!([lives(-30), lives(30)], [Some(90), Some(30)]);
}

#[test]
fn iat_corrects_nothing_where_a_date_shows_that_the_clock_is_right() {
    let (iat, exp) = (NOW / SECOND - 3000, NOW / SECOND + 600);
    let claims = jwt(&format!(r#"{{"iat":{iat},"exp":{exp}}}"#));
    for rest in [String::new(), format!(r#","expires_at":{exp}"#)] {
        let value = json(&format!(r#"{{"token":"{claims}"{rest}}}"#));
        let lives = |server_date| {
            let answer = Answer { value: &value, variables: &Map::new(), server_date, received_at: UnixMillis(NOW) };
            Tokens::read(&answer, &TokenPaths::default(), PLATFORM).ok().and_then(|tokens| lifetime(&tokens))
        };
        for off in [0, 4_000] {
            assert_eq!(lives(Some(UnixMillis(NOW + off))), Some(600), "{off}");
            assert_eq!(lives(Some(UnixMillis(NOW - off))), Some(600), "-{off}");
        }
        assert_eq!(lives(Some(UnixMillis(NOW - 60_000))), Some(660), "a date that is off corrects");
        assert_eq!(lives(None), Some(3600), "without one iat is all there is");
    }
}

#[test]
fn iat_corrects_where_the_token_would_be_no_good_by_the_clock_that_a_date_agrees_with() {
    for (iat, exp) in [(86_400, 86_460), (-86_400, -86_340), (60, 120)] {
        let at = |off: i64| (NOW / SECOND).saturating_add_signed(off);
        let claims = jwt(&format!(r#"{{"iat":{},"exp":{}}}"#, at(iat), at(exp)));
        let value = json(&format!(r#"{{"token":"{claims}"}}"#));
        let server_date = Some(UnixMillis(NOW));
        let answer = Answer { value: &value, variables: &Map::new(), server_date, received_at: UnixMillis(NOW) };
        let tokens = Tokens::read(&answer, &TokenPaths::default(), PLATFORM);
        assert_eq!(tokens.ok().and_then(|tokens| lifetime(&tokens)), Some(60), "{iat} {exp}");
    }
}

#[test]
fn the_end_of_a_refresh_token_goes_with_it() {
    let old = read(r#"{"access_token":"a","refresh_token":"r","refresh_expires_in":60}"#);
    assert!(old.refresh_expires_at.is_some());
    assert_eq!(old.renewed(read(r#"{"access_token":"b"}"#)).refresh_expires_at, old.refresh_expires_at);
    assert_eq!(old.renewed(read(r#"{"access_token":"b","refresh_token":"s"}"#)).refresh_expires_at, None);
    let told = read(r#"{"access_token":"b","refresh_expires_in":90}"#);
    assert_eq!(old.renewed(told.clone()).refresh_expires_at, told.refresh_expires_at);
}
