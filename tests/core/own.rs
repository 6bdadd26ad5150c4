//! What the caller or an endpoint has itself beside what is attached, and which bodies are looked at for that.

use doorkey::core::input::{Call, FetchCall};

use crate::world::{World, get};

const API: &str = "https://auth.example/api";

#[test]
fn a_body_is_read_only_where_members_go_into_it() {
    let post = |url: &str, content_type: Option<&str>| FetchCall {
        method: "POST".to_owned(),
        content_type: content_type.map(str::to_owned),
        ..get(url)
    };
    let (json, attach) = (Some("application/json; charset=utf-8"), r#"{ "attach": { "body": { "k": "v" } } }"#);
    let world = World::signed_in(attach);
    let reads = |world: &World, fetch: &FetchCall| world.tabs[0].session.reads_body(fetch);
    assert!(reads(&world, &post(API, json)));
    assert!(reads(&world, &FetchCall { method: "PATCH".to_owned(), ..post(API, Some("application/problem+JSON")) }));
    assert!(reads(&world, &post(API, Some("application/x-www-form-urlencoded"))));
    for content_type in [None, Some("text/plain"), Some("multipart/form-data; boundary=json"), Some("image/png")] {
        assert!(!reads(&world, &post(API, content_type)), "{content_type:?}");
    }
    assert!(!reads(&world, &post("https://other.example/", json)), "an origin that is not ours");
    assert!(!reads(&world, &FetchCall { method: "GET".to_owned(), ..post(API, json) }));
    assert!(!reads(&World::with(attach), &post(API, json)), "nobody is signed in");
    let query = r#"{ "attach": { "query": { "k": "v" } } }"#;
    assert!(!reads(&World::signed_in(query), &post(API, json)), "nothing goes into bodies");
}

#[test]
fn a_query_member_that_the_caller_set_is_kept_and_none_is_added() {
    let extra = r#"{ "attach": { "query": { "k": "{{ session.accessToken }}", "tenant": "t" } } }"#;
    let rows = [
        ("?k=own", "?k=own&tenant=t"),
        ("?k=", "?k=&tenant=t"),
        ("?tenant&%6B=own#k=1", "?tenant&%6B=own#k=1"),
        ("?kk=1#k=1", "?kk=1&k=canary-access-0-1&tenant=t#k=1"),
    ];
    for (query, expected) in rows {
        let mut world = World::signed_in(extra);
        world.run(0, Call::Fetch(get(&[API, query].concat()))).unwrap();
        let request = &world.tabs[0].sent[0];
        assert_eq!(request.url.strip_prefix(API), Some(expected), "{query}");
        assert!(request.headers.iter().any(|(name, _)| name == "Authorization"), "the rest is attached all the same");
    }
}

#[test]
fn a_query_member_of_an_endpoints_own_is_kept_too() {
    let options = r#"{ "attach": { "query": { "k": "attached", "tenant": "t" } }, "flows": {
        "check": { "url": "https://auth.example/me?k=1", "query": { "tenant": "own" } } } }"#;
    let mut world = World::signed_in(options);
    world.run(0, Call::Check).unwrap();
    assert_eq!(world.server.last("/me").url, "https://auth.example/me?k=1&tenant=own");
}
