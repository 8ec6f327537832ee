//! What others may try. Each is refused, changes nothing and learns nothing.

use std::time::Duration;

use super::site::{Answer, Site, about};
use crate::web::guard::MOST_BYTES;
use crate::web::session::{ADDRESS_TIME, IDLE_TIME, Session};
use crate::web::{Ended, Server};

const FEATURES: &str = "/step/account-id";

/// Nothing of the set-up or the session stands in an answer.
#[track_caller]
fn tells_nothing(site: &Site, answer: &Answer) {
    for secret in ["canary-target", site.session.token().expose(), "netsuite-preflight.toml"] {
        assert!(!answer.body.contains(secret) && !answer.head.contains(secret), "{answer:?}");
    }
    assert!(answer.header("set-cookie").is_none(), "{answer:?}");
    for rule in ["content-security-policy", "x-frame-options", "x-content-type-options"] {
        assert!(answer.header(rule).is_some(), "{rule}: {answer:?}");
    }
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

/// The walk stands where it stood.
#[track_caller]
fn unchanged(site: &Site, cookie: &str, number: u64) {
    assert_eq!(site.get("/", cookie).header("location"), Some(FEATURES));
    assert_eq!(site.number(cookie), number);
}

#[test]
fn the_address_gives_a_cookie_that_no_script_and_no_other_site_sees() {
    let site = Site::start(about());
    let answer = site.get(&site.address(), "");
    let cookie = answer.header("set-cookie").unwrap();
    assert!(cookie.ends_with("; path=/; httponly; samesite=strict"), "{cookie}");
    assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(answer.header("location"), Some("/"));
}

#[test]
fn another_host_name_learns_nothing_and_changes_nothing() {
    let site = Site::start(about());
    let cookie = site.opened();
    let number = site.number(&cookie);
    let (port, token) = (site.port, site.session.token());
    for host in ["rebound.example", &format!("rebound.example:{port}"), "localhost", "[::1]"] {
        let get = format!(
            "GET / HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n"
        );
        let form = format!("token={}&number={number}&answer=1234567", token.expose());
        let post = format!(
            "POST /answer HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nSec-Fetch-Site: \
             same-origin\r\nCookie: {cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{form}",
            form.len()
        );
        for request in [get, post] {
            let answer = site.raw(&request);
            assert_eq!(answer.status, 421, "{request}");
            tells_nothing(&site, &answer);
        }
    }
    let whole = format!(
        "GET http://rebound.example/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\n\
         Connection: close\r\n\r\n"
    );
    assert_eq!(site.raw(&whole).status, 421);
    unchanged(&site, &cookie, number);
}

#[test]
fn another_origin_is_refused_even_with_cookie_and_token() {
    let site = Site::start(about());
    let cookie = site.opened();
    let number = site.number(&cookie);
    let form = site.form(number, "answer=1234567");
    for origin in ["http://evil.example", "null", "http://127.0.0.1:1", "https://127.0.0.1"] {
        let answer = site.post_from("/answer", &cookie, &form, origin);
        assert_eq!(answer.status, 403, "{origin}");
        tells_nothing(&site, &answer);
    }
    for site_header in ["cross-site", "same-site", "none"] {
        let request = format!(
            "POST /answer HTTP/1.1\r\nHost: 127.0.0.1:{0}\r\nOrigin: http://127.0.0.1:{0}\r\n\
             Sec-Fetch-Site: {site_header}\r\nCookie: {cookie}\r\nContent-Type: \
             application/x-www-form-urlencoded\r\nContent-Length: {1}\r\nConnection: \
             close\r\n\r\n{form}",
            site.port,
            form.len()
        );
        assert_eq!(site.raw(&request).status, 403, "{site_header}");
    }
    unchanged(&site, &cookie, number);
}

#[test]
fn what_has_an_effect_is_no_get() {
    let site = Site::start(about());
    let cookie = site.opened();
    let number = site.number(&cookie);
    for path in ["/answer", "/back", "/visit", "/finish", "/certificate"] {
        let query = site.form(number, "answer=1234567&step=account");
        let answer = site.get(&format!("{path}?{query}"), &cookie);
        assert_eq!(answer.status, 405, "{path}");
    }
    let other = site.post("/step/account-id", &cookie, &site.form(number, ""));
    assert_eq!(other.status, 405);
    unchanged(&site, &cookie, number);
}

#[test]
fn a_form_without_the_word_of_the_session_is_refused() {
    let site = Site::start(about());
    let cookie = site.opened();
    let number = site.number(&cookie);
    let other = "0".repeat(32);
    for form in [format!("number={number}&answer=1"), format!("token={other}&number={number}")] {
        for path in ["/answer", "/finish", "/back"] {
            let answer = site.post(path, &cookie, &form);
            assert_eq!(answer.status, 403, "{path}");
            tells_nothing(&site, &answer);
        }
    }
    // A form of another kind could come from another site without a question.
    let text = site.raw(&format!(
        "POST /answer HTTP/1.1\r\nHost: 127.0.0.1:{0}\r\nOrigin: http://127.0.0.1:{0}\r\n\
         Sec-Fetch-Site: same-origin\r\nCookie: {cookie}\r\nContent-Type: text/plain\r\n\
         Content-Length: 1\r\nConnection: close\r\n\r\nx",
        site.port
    ));
    assert_eq!(text.status, 415);
    unchanged(&site, &cookie, number);
}

#[test]
fn an_address_is_not_used_twice() {
    let site = Site::start(about());
    let address = site.address();
    let cookie = site.opened();
    let again = site.get(&address, "");
    assert_eq!(again.status, 403);
    tells_nothing(&site, &again);
    for wrong in ["/open/", "/open/0", &format!("/open/{}", "0".repeat(32)), "/open/../"] {
        assert_eq!(site.get(wrong, "").status, 403, "{wrong}");
    }
    assert_eq!(site.get(FEATURES, &cookie).status, 200, "the session stays");
    // An old one does no better.
    let renewed = site.session.renew(std::time::Instant::now() - ADDRESS_TIME).unwrap();
    let late = site.get(&format!("/open/{}", renewed.expose()), "");
    assert_eq!(late.status, 403);
}

#[test]
fn a_page_is_not_shown_inside_another() {
    let site = Site::start(about());
    let cookie = site.opened();
    for frame in ["iframe", "frame", "object", "embed"] {
        let answer = site.raw(&format!(
            "GET {FEATURES} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nSec-Fetch-Site: same-origin\r\n\
             Sec-Fetch-Dest: {frame}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n",
            site.port
        ));
        assert_eq!(answer.status, 403, "{frame}");
        tells_nothing(&site, &answer);
    }
    let page = site.get(FEATURES, &cookie);
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    assert_eq!(page.header("x-frame-options"), Some("deny"));
    assert_eq!(page.header("referrer-policy"), Some("same-origin"));
}

#[test]
fn a_stale_cookie_opens_nothing() {
    let site = Site::start(about());
    let name = format!("netsuite-preflight-{}", site.port);
    for cookie in ["", "other=1", &format!("{name}="), &format!("{name}={}", "0".repeat(32))] {
        for path in ["/", FEATURES, "/progress", "/end", "/certificate.pem"] {
            let answer = site.get(path, cookie);
            assert_eq!(answer.status, 403, "{path} {cookie}");
            tells_nothing(&site, &answer);
        }
    }
    let first = site.opened();
    site.session.renew(std::time::Instant::now()).unwrap();
    let second = site.opened();
    assert_eq!(site.get(FEATURES, &second).status, 200);
    let stale = site.get(FEATURES, &first);
    assert_eq!(stale.status, 403, "another browser has the session now");
    tells_nothing(&site, &stale);
    site.session.touch(std::time::Instant::now() - IDLE_TIME);
    assert_eq!(site.get(FEATURES, &second).status, 403, "nobody was there for half an hour");
}

#[test]
fn what_is_too_large_is_not_read() {
    let site = Site::start(about());
    let cookie = site.opened();
    let number = site.number(&cookie);
    let form = site.form(number, &format!("answer={}", "1".repeat(MOST_BYTES)));
    let answer = site.post("/answer", &cookie, &form);
    assert_eq!(answer.status, 413);
    tells_nothing(&site, &answer);
    // A file, of a length that is told or not.
    let bytes = "-".repeat(MOST_BYTES + 1);
    let told = format!("Content-Length: {}\r\n\r\n{bytes}", bytes.len());
    let chunked =
        format!("Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{bytes}\r\n0\r\n\r\n", bytes.len());
    for body in [told, chunked] {
        let answer = site.raw(&format!(
            "POST /certificate HTTP/1.1\r\nHost: 127.0.0.1:{0}\r\nOrigin: http://127.0.0.1:{0}\r\n\
             Sec-Fetch-Site: same-origin\r\nCookie: {cookie}\r\nX-Token: {1}\r\nX-Number: \
             {number}\r\nContent-Type: application/octet-stream\r\nConnection: close\r\n{body}",
            site.port,
            site.session.token().expose()
        ));
        assert_eq!(answer.status, 413);
        tells_nothing(&site, &answer);
    }
    unchanged(&site, &cookie, number);
}

#[test]
fn no_path_leads_outside() {
    let site = Site::start(about());
    let cookie = site.opened();
    for path in [
        "/etc/passwd",
        "/../../../../etc/passwd",
        "/step/../../etc/passwd",
        "/step/..%2f..%2fetc%2fpasswd",
        "/style.css/../../Cargo.toml",
        "/certificate.pem/../private-key.pem",
        "/keys/private-key.pem",
        "/netsuite-preflight.toml",
        "/%2e%2e/%2e%2e/etc/passwd",
        "//etc/passwd",
        // No certificate was named yet.
        "/certificate.pem",
    ] {
        let answer = site.get(path, &cookie);
        assert_eq!(answer.status, 404, "{path}: {}", answer.body);
        tells_nothing(&site, &answer);
    }
}

#[test]
fn other_methods_are_refused() {
    let site = Site::start(about());
    let cookie = site.opened();
    for method in ["HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"] {
        let request = format!(
            "{method} {FEATURES} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nCookie: {cookie}\r\n\
             Connection: close\r\n\r\n",
            site.port
        );
        assert_eq!(site.raw(&request).status, 405, "{method}");
    }
}

#[test]
fn only_this_machine_is_listened_to() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let server = runtime.block_on(Server::bind(0)).unwrap();
    let addresses = server.addresses();
    assert!(!addresses.is_empty() && addresses.iter().all(|at| at.ip().is_loopback()));
    // Another program does not take the port over.
    let taken = runtime.block_on(Server::bind(server.port())).unwrap_err();
    assert!(taken.to_string().contains("--web-port"), "{taken}");
}

#[tokio::test(start_paused = true)]
async fn half_an_hour_without_anybody_ends_the_serving() {
    let now = || tokio::time::Instant::now().into_std();
    let began = now();
    let session = std::sync::Arc::new(Session::new(began).unwrap());
    let server = Server::bind(0).await.unwrap();
    let ended = server.serve(session, axum::Router::new()).await.unwrap();
    assert_eq!(ended, Ended::Idle);
    let took = now() - began;
    assert!(took >= IDLE_TIME && took < IDLE_TIME + Duration::from_secs(60), "{took:?}");
}
