use super::*;
use crate::core::testing::PLATFORM;

const NOW: UnixMillis = UnixMillis(1_800_000_000_000);

fn pending(id: &str, bind: Bind) -> Pending {
    aged(id, bind, 0, &["code", "error"])
}

fn aged(id: &str, bind: Bind, minutes: u64, answer: &[&str]) -> Pending {
    let answer: Vec<String> = answer.iter().map(|name| (*name).to_owned()).collect();
    let mut pending =
        Pending::new(&id.into(), "https://a.example/cb", bind, &answer, NOW.before(Millis(minutes * 60_000)));
    pending.set("verifier", Some("v"));
    pending.set("issuer", Some("https://op.example"));
    pending.set_run(Value::from("the run").into());
    pending
}

fn kept(all: &[Pending]) -> Vec<(String, Secret)> {
    all.iter().enumerate().map(|(at, pending)| (format!("k{at}"), pending.to_text())).collect()
}

fn found(address: &str, all: &[Pending]) -> Option<String> {
    find(&Address::parse(address), &kept(all), NOW, PLATFORM).map(|(key, _)| key)
}

#[test]
fn it_is_read_as_it_was_written_and_shows_no_secret() {
    let one = pending("s", Bind::State);
    assert_eq!(Pending::from_text(&one.to_text(), PLATFORM), Some(one.clone()));
    assert!(!format!("{one:?}").contains("the run"));
    for text in ["", "null", "{}", r#"{ "id": "a", "redirectUri": "x" }"#] {
        assert_eq!(Pending::from_text(&text.into(), PLATFORM), None, "{text}");
    }
}

#[test]
fn an_answer_is_known_by_its_page_what_binds_it_and_a_parameter_of_an_answer() {
    let all = [pending("a", Bind::State), pending("b", Bind::State), pending("c", Bind::RedirectUri)];
    let rows = [
        ("https://a.example/cb?code=x&state=b", Some("k1")),
        ("https://a.example/cb#error=no&state=a", Some("k0")),
        ("https://a.example/cb?code=x&doorkey=c", Some("k2")),
        ("https://a.example/cb?code=x&state=c", None),
        ("https://a.example/cb?code=x", None),
        ("https://a.example/cb?state=a", None),
        ("https://a.example/other?code=x&state=a", None),
        ("https://evil.example/cb?code=x&state=a", None),
    ];
    for (address, key) in rows {
        assert_eq!(found(address, &all).as_deref(), key, "{address}");
    }
}

#[test]
fn where_nothing_binds_an_answer_only_one_sign_in_may_wait() {
    let one = pending("a", Bind::Tab);
    assert_eq!(found("https://a.example/cb?code=x", std::slice::from_ref(&one)).as_deref(), Some("k0"));
    assert_eq!(found("https://a.example/cb?code=x", &[one.clone(), pending("b", Bind::Tab)]), None);
    let cookie = aged("a", Bind::Tab, 0, &[]);
    assert_eq!(found("https://a.example/cb", &[cookie]).as_deref(), Some("k0"), "the load itself is the answer");
}

#[test]
fn ten_wait_at_most_and_ten_minutes() {
    let aged = |minutes: u64| aged("a", Bind::State, minutes, &["code"]);
    let all: Vec<_> = (0..12).map(aged).collect();
    assert_eq!(outdated(&kept(&all), NOW, PLATFORM), ["k11", "k10", "k9"], "the newest nine stay beside the new one");
    assert_eq!(outdated(&[("x".to_owned(), "{".into())], NOW, PLATFORM), ["x"]);
    assert_eq!(found("https://a.example/cb?code=x&state=a", &[aged(11)]), None);
}

#[test]
fn the_answer_of_another_server_is_none_rfc_9207() {
    let one = pending("s", Bind::State);
    let promises: Map =
        [("authorization_response_iss_parameter_supported".to_owned(), Value::Bool(true))].into_iter().collect();
    let read = |address: &str, metadata| one.read(&Address::parse(address), metadata).map_err(|error| error.code);
    let good = "https://a.example/cb?code=x&state=s&iss=https%3A%2F%2Fop.example";
    for metadata in [None, Some(&promises)] {
        assert!(read(good, metadata).is_ok(), "an iss that nobody promised counts too");
    }
    let evil = "https://a.example/cb?code=x&state=s&iss=https%3A%2F%2Fevil.example";
    assert_eq!(read(evil, None), Err(Code::CallbackMismatch));
    assert_eq!(read("https://a.example/cb?code=x&state=s", Some(&promises)), Err(Code::CallbackMismatch));
    assert!(read("https://a.example/cb?code=x&state=s", None).is_ok());
    assert_eq!(read("https://a.example/cb?code=x&code=y&state=s", None), Err(Code::CallbackMismatch));
    assert_eq!(
        read("https://a.example/cb?code=&state=s", None),
        Err(Code::CallbackMismatch),
        "a code is no empty text"
    );
    let forged = "https://a.example/cb?error=access_denied&state=s&iss=https%3A%2F%2Fevil.example";
    assert_eq!(read(forged, None), Err(Code::CallbackMismatch), "who it is of comes before what it says");
}

#[test]
fn what_the_server_says_is_told() {
    let one = pending("s", Bind::State);
    let said = |query: &str| {
        let address = ["https://a.example/cb?state=s&", query].concat();
        let error = one.read(&Address::parse(&address), None).expect_err("it is refused");
        (error.code, error.message.clone().into_owned())
    };
    assert_eq!(said("error=access_denied"), (Code::Cancelled, "access_denied".to_owned()));
    let described = said("error=login_required&error_description=sign+in+first");
    assert_eq!(described, (Code::InvalidCredentials, "sign in first".to_owned()));
    let long = said(&format!("error=x&error_description={}", "y".repeat(10_000)));
    assert!(long.1.len() <= DESCRIPTION);
}
