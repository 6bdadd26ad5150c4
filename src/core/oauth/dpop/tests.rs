use super::*;

const NOW: UnixMillis = UnixMillis(1_562_262_616_789);

const CHALLENGE: &str = "DPoP error=\"use_dpop_nonce\", error_description=\"x\"";

/// Names and values.
type Headers = &'static [(&'static str, &'static str)];

fn proof(url: &str, headers: &[(&str, &str)], nonces: &Map) -> Proof {
    let headers: Vec<_> = headers.iter().map(|(name, value)| ((*name).to_owned(), Secret::from(*value))).collect();
    let key = Key { name: "k".to_owned(), is_new: false, is_kept: true };
    Proof::new(key, ("POST", &url.into(), &headers), "https://server.example.com".to_owned(), nonces, NOW)
}

fn answer(proof: &mut Proof, status: u16, headers: &[(&str, &str)], error: &str, nonces: &mut Map) -> bool {
    let map: Map = headers.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value))).collect();
    let mut body = Map::new();
    if !error.is_empty() {
        body.set_text("error", error);
    }
    proof.on_answer(status, Some(&map), &Value::Map(body), nonces, UnixMillis(NOW.0 + 5_000))
}

#[test]
fn the_claims_are_those_of_rfc_9449_section_4_2() {
    let made = proof("https://server.example.com/token?secret=1#x", &[], &Map::new());
    assert_eq!((made.htm.as_str(), made.htu.expose()), ("POST", "https://server.example.com/token"));
    assert_eq!((made.iat, made.nonce, made.token), (1_562_262_616.0, None, None));
}

#[test]
fn a_bound_token_is_named_in_the_proof_that_goes_with_it() {
    let none = Map::new();
    let token = |value: &str| proof("https://a.example/x", &[("authorization", value)], &none).token;
    assert_eq!(token("DPoP abc"), Some(Secret::from("abc")));
    assert_eq!((token("Bearer abc"), token("Basic DPoP abc")), (None, None));
}

#[test]
fn a_bearer_token_of_ours_becomes_a_bound_one_and_no_other() {
    let mut headers =
        vec![("Authorization".to_owned(), Secret::from("Bearer abc")), ("X-Token".to_owned(), "Bearer abc".into())];
    bind(&mut headers, &"other".into());
    assert_eq!(headers[0].1.expose(), "Bearer abc");
    bind(&mut headers, &"abc".into());
    assert_eq!((headers[0].1.expose(), headers[1].1.expose()), ("DPoP abc", "Bearer abc"));
}

#[test]
fn a_nonce_is_learnt_from_every_answer_of_that_origin() {
    let mut nonces = Map::new();
    let mut first = proof("https://server.example.com/token", &[], &nonces);
    assert!(!answer(&mut first, 200, &[("dpop-nonce", "one")], "", &mut nonces));
    assert_eq!(proof("https://server.example.com/me", &[], &nonces).nonce.as_deref(), Some("one"));
    assert!(!answer(&mut first, 200, &[("dpop-nonce", "")], "", &mut nonces));
    assert_eq!(proof("https://server.example.com/me", &[], &nonces).nonce.as_deref(), Some("one"));
}

#[test]
fn a_request_goes_out_once_more_with_the_nonce_that_the_server_wants() {
    let rows: [(u16, Headers, &str, bool); 8] = [
        // RFC 9449 section 8: the token endpoint.
        (400, &[("dpop-nonce", "n")], "use_dpop_nonce", true),
        (401, &[("dpop-nonce", "n")], "use_dpop_nonce", true),
        // Section 9: a resource.
        (401, &[("dpop-nonce", "n"), ("www-authenticate", CHALLENGE)], "", true),
        // A page that is not shown why.
        (401, &[("dpop-nonce", "n")], "", true),
        (401, &[("dpop-nonce", "n"), ("www-authenticate", "DPoP error=\"invalid_token\"")], "", false),
        (400, &[("dpop-nonce", "n")], "invalid_grant", false),
        (400, &[], "use_dpop_nonce", false),
        (403, &[("dpop-nonce", "n")], "use_dpop_nonce", false),
    ];
    for (status, headers, error, again) in rows {
        let mut nonces = Map::new();
        let mut made = proof("https://server.example.com/token", &[], &nonces);
        assert_eq!(answer(&mut made, status, headers, error, &mut nonces), again, "{status} {headers:?} {error}");
        if again {
            assert_eq!((made.nonce.as_deref(), made.iat), (Some("n"), 1_562_262_621.0));
            // Never a third time.
            assert!(!answer(&mut made, status, &[("dpop-nonce", "m")], error, &mut nonces));
        }
    }
}

#[test]
fn a_nonce_that_was_sent_already_is_no_reason_to_send_again() {
    let mut nonces = Map::new();
    nonces.set_text("https://server.example.com", "n");
    let mut made = proof("https://server.example.com/token", &[], &nonces);
    assert!(!answer(&mut made, 400, &[("dpop-nonce", "n")], "use_dpop_nonce", &mut nonces));
}
