use super::*;
use crate::core::testing::PLATFORM;

/// Its dates are digits.
const DATES: Platform = Platform { parse_date: |text| text.parse().ok().map(UnixMillis), ..PLATFORM };

const NOW: UnixMillis = UnixMillis(1_562_262_616_789);

fn proof(url: &str, headers: &[(&str, &str)], reported: &Reported) -> Proof {
    let headers: Vec<_> = headers.iter().map(|(name, value)| ((*name).to_owned(), Secret::from(*value))).collect();
    let key = Key { name: "k".to_owned(), is_new: false, is_kept: true };
    Proof::new(key, ("POST", &url.into(), &headers), "https://server.example.com".to_owned(), reported, NOW)
}

fn answer(proof: &mut Proof, status: u16, headers: &[(&str, &str)], error: &str, reported: &mut Reported) -> Verdict {
    let map: Map = headers.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value))).collect();
    let mut body = Map::new();
    if !error.is_empty() {
        body.set_text("error", error);
    }
    proof.on_answer((status, Some(&map), &Value::Map(body)), reported, UnixMillis(NOW.0 + 5_000), DATES)
}

#[test]
fn the_claims_are_those_of_rfc_9449_section_4_2() {
    let made = proof("https://server.example.com/token?secret=1#x", &[], &Reported::default());
    assert_eq!((made.htm.as_str(), made.htu.expose()), ("POST", "https://server.example.com/token"));
    assert_eq!((made.iat, made.nonce, made.token), (1_562_262_616.0, None, None));
}

#[test]
fn a_bound_token_is_named_in_the_proof_that_goes_with_it() {
    let none = Reported::default();
    let token = |value: &str| proof("https://a.example/x", &[("authorization", value)], &none).token;
    for written in ["DPoP abc", "dpop abc", "DPOP abc"] {
        assert_eq!(token(written).as_ref().map(Secret::expose), Some("abc"));
    }
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
    headers[0].1 = "bearer abc".into();
    bind(&mut headers, &"abc".into());
    assert_eq!(headers[0].1.expose(), "DPoP abc");
}

#[test]
fn a_nonce_is_learnt_from_every_answer_of_that_origin() {
    let mut reported = Reported::default();
    let mut first = proof("https://server.example.com/token", &[], &reported);
    assert_eq!(answer(&mut first, 200, &[("dpop-nonce", "one")], "", &mut reported), Verdict::Other);
    assert_eq!(proof("https://server.example.com/me", &[], &reported).nonce.as_deref(), Some("one"));
    assert_eq!(answer(&mut first, 200, &[("dpop-nonce", "")], "", &mut reported), Verdict::Other);
    assert_eq!(proof("https://server.example.com/me", &[], &reported).nonce.as_deref(), Some("one"));
}

/// An answer, by its status, its headers and the error in its body, and what it says.
type Row<'a> = (u16, &'a [(&'a str, &'a str)], &'a str, Verdict);

#[test]
fn a_request_goes_out_once_more_with_the_nonce_that_the_server_wants() {
    let challenge = "DPoP error=\"use_dpop_nonce\", error_description=\"x\"";
    let rows: [Row<'_>; 10] = [
        // RFC 9449 section 8: the token endpoint.
        (400, &[("dpop-nonce", "n")], "use_dpop_nonce", Verdict::Again),
        (401, &[("dpop-nonce", "n")], "use_dpop_nonce", Verdict::Again),
        // Section 9: a resource.
        (401, &[("dpop-nonce", "n"), ("www-authenticate", challenge)], "", Verdict::Again),
        // A page that is not shown why.
        (401, &[("dpop-nonce", "n")], "", Verdict::Again),
        (401, &[("dpop-nonce", "n"), ("www-authenticate", "DPoP error=\"invalid_token\"")], "", Verdict::Other),
        (400, &[("dpop-nonce", "n")], "invalid_grant", Verdict::Other),
        (403, &[("dpop-nonce", "n")], "use_dpop_nonce", Verdict::Other),
        (401, &[], "", Verdict::Other),
        // One that it does not show.
        (400, &[], "use_dpop_nonce", Verdict::Unheard(NOT_SHOWN)),
        (401, &[("dpop-nonce", ""), ("www-authenticate", challenge)], "", Verdict::Unheard(NOT_SHOWN)),
    ];
    for (status, headers, error, verdict) in rows {
        let mut reported = Reported::default();
        let mut made = proof("https://server.example.com/token", &[], &reported);
        assert_eq!(answer(&mut made, status, headers, error, &mut reported), verdict, "{status} {headers:?} {error}");
        if verdict == Verdict::Again {
            assert_eq!((made.nonce.as_deref(), made.iat), (Some("n"), 1_562_262_621.0));
            // Never a third time.
            assert_ne!(answer(&mut made, status, &[("dpop-nonce", "m")], error, &mut reported), Verdict::Again);
        }
    }
}

#[test]
fn a_nonce_that_was_sent_already_is_no_reason_to_send_again() {
    let mut reported = Reported::default();
    reported.nonces.set_text("https://server.example.com", "n");
    let mut made = proof("https://server.example.com/token", &[], &reported);
    let verdict = answer(&mut made, 400, &[("dpop-nonce", "n")], "use_dpop_nonce", &mut reported);
    assert_eq!(verdict, Verdict::Unheard(NOT_SHOWN));
}

#[test]
fn a_proof_that_the_servers_clock_refuses_is_made_once_more_by_that_clock() {
    let challenge = "DPoP error=\"invalid_dpop_proof\"";
    let own = seconds(NOW);
    for ahead in [-86_400.0, -3600.0, 3600.0] {
        let date = NOW.0.saturating_add_signed((ahead * 1000.0) as i64).to_string();
        let headers = [("date", date.as_str()), ("www-authenticate", challenge)];
        let mut reported = Reported::default();
        let mut made = proof("https://server.example.com/me", &[], &reported);
        assert_eq!(answer(&mut made, 401, &headers, "", &mut reported), Verdict::Again);
        assert_eq!(made.iat, own + ahead);
        assert_eq!(answer(&mut made, 401, &headers, "", &mut reported), Verdict::Unheard(CLOCK_NOT_SHOWN), "once");
        // It is known from then on: the answer came five seconds after NOW.
        assert_eq!(proof("https://server.example.com/token", &[], &reported).iat, own + ahead - 5.0);
        // Until the clock is set right: that shows in the same way.
        let mut late = proof("https://server.example.com/token", &[], &reported);
        let right = (NOW.0 + 5_000).to_string();
        assert_eq!(answer(&mut late, 400, &[("date", &right)], "invalid_dpop_proof", &mut reported), Verdict::Again);
        assert_eq!(late.iat, own + 5.0);
    }
}

#[test]
fn a_proof_is_not_made_again_where_no_clock_explains_it() {
    let near = (NOW.0 + 4_000).to_string();
    for date in [None, Some(("date", near.as_str()))] {
        let (mut reported, headers) = (Reported::default(), Vec::from_iter(date));
        let mut made = proof("https://server.example.com/token", &[], &reported);
        let verdict = answer(&mut made, 400, &headers, "invalid_dpop_proof", &mut reported);
        assert_eq!((verdict, made.iat), (Verdict::Unheard(CLOCK_NOT_SHOWN), seconds(NOW)));
    }
}
