use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::netsuite::answer::{ProxyFault, TlsFault};
use crate::netsuite::double::{Behaviour, Double, Greeting, SeenRequest};
use crate::netsuite::url::{CertificatesUrl, RevocationUrl};
use crate::types::{AccountId, CertificateId, ClientId, Scrubber, Secret, SecretKind};

fn account() -> AccountId {
    AccountId::from_parts("1234567", None).unwrap()
}

fn url() -> AccountUrl {
    AccountUrl::server_time(&account())
}

fn token() -> Bearer {
    Bearer::new("a.token.here".to_owned(), &Scrubber::default())
}

async fn fault(double: &Double) -> TransportError {
    double.client().get_without_token(&url()).await.result.unwrap_err()
}

async fn hasty_fault(double: &Double) -> TransportError {
    double.hasty_client().get_without_token(&url()).await.result.unwrap_err()
}

#[tokio::test]
async fn each_certificate_fault_has_its_own_name() {
    let tls = |fault| TransportError::Tls(fault);
    assert_eq!(fault(&Double::greeting(Greeting::WrongHost)).await, tls(TlsFault::WrongHost));
    assert_eq!(fault(&Double::greeting(Greeting::Expired)).await, tls(TlsFault::Expired));
    assert_eq!(fault(&Double::greeting(Greeting::NotYet)).await, tls(TlsFault::NotYetValid));
    assert_eq!(fault(&Double::greeting(Greeting::OldTls)).await, tls(TlsFault::OldProtocol));
    let double = Double::greeting(Greeting::Tls);
    let options = HttpOptions { extra_ca: None, ..double.options() };
    let call = Client::new(options).unwrap().get_without_token(&url()).await;
    assert_eq!(call.result.unwrap_err(), tls(TlsFault::UntrustedIssuer));
}

#[tokio::test]
async fn what_does_not_speak_tls_is_named() {
    let plain = fault(&Double::greeting(Greeting::Plain)).await;
    assert_eq!(plain, TransportError::Tls(TlsFault::NotTls));
    let cut = fault(&Double::greeting(Greeting::Cut)).await;
    assert_eq!(cut, TransportError::Tls(TlsFault::Closed));
}

#[tokio::test]
async fn a_handshake_that_never_comes_is_told_from_a_connection_that_never_comes() {
    let double = Double::greeting(Greeting::Silent);
    assert_eq!(hasty_fault(&double).await, TransportError::NoHandshake);
}

#[tokio::test]
async fn nobody_there() {
    // Bound and dropped: the port is free, and nothing listens on it.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let connect = |host: &str| {
        let connect_to = Some((host.to_owned(), port));
        Client::new(HttpOptions { connect_to, ..HttpOptions::default() }).unwrap()
    };
    let refused = connect("127.0.0.1").get_without_token(&url()).await.result.unwrap_err();
    assert_eq!(refused, TransportError::Refused);
    // A label of 64 characters is no host name, so no lookup leaves this machine.
    let name = "x".repeat(64);
    let unknown = connect(&name).get_without_token(&url()).await.result.unwrap_err();
    assert!(matches!(&unknown, TransportError::Dns { host, .. } if *host == name), "{unknown:?}");
}

#[tokio::test]
async fn answers_that_break_off() {
    let reply = |reply: Behaviour| Double::serving(move |_| reply.clone());
    assert_eq!(fault(&reply(Behaviour::Cut)).await, TransportError::Reset);
    assert_eq!(fault(&reply(Behaviour::Truncated)).await, TransportError::Truncated);
    assert_eq!(fault(&reply(Behaviour::Garbage)).await, TransportError::Protocol);
    let limit = BODY_LIMIT;
    assert_eq!(fault(&reply(Behaviour::Endless)).await, TransportError::TooLarge { limit });
    let declared = Behaviour::json(200, "").header("content-length", "99999999");
    assert!(matches!(
        fault(&reply(declared)).await,
        TransportError::Protocol | TransportError::TooLarge { .. }
    ));
}

#[tokio::test]
async fn a_time_out_is_asked_once_more_and_covers_the_body() {
    let double = Double::serving(|_| Behaviour::Silent);
    let call = double.hasty_client().get_without_token(&url()).await;
    assert_eq!(call.result.unwrap_err(), TransportError::TimedOut { started: false });
    assert_eq!(call.exchanges.len(), 2);
    let double = Double::serving(|_| Behaviour::Stalled);
    assert_eq!(hasty_fault(&double).await, TransportError::TimedOut { started: true });
    assert_eq!(double.seen().len(), 2);
}

#[tokio::test]
async fn the_second_answer_counts() {
    let count = AtomicUsize::new(0);
    let double = Double::serving(move |_| match count.fetch_add(1, Ordering::SeqCst) {
        0 => Behaviour::Silent,
        _ => Behaviour::json(200, "{}"),
    });
    assert_eq!(double.hasty_client().get_without_token(&url()).await.result.unwrap().status, 200);
}

#[tokio::test]
async fn busy_answers_share_one_budget_of_waits() {
    let busy = r#"{"o:errorDetails":[{"o:errorCode":"CONCURRENCY_LIMIT_EXCEEDED"}]}"#;
    let double = Double::serving(move |_| Behaviour::json(429, busy).header("retry-after", "3"));
    let client = double.client();
    let first = client.get(&url(), &token()).await;
    assert_eq!(first.result.unwrap().status, 429);
    assert_eq!(first.exchanges.len(), 4);
    let code = first.exchanges[3].error_code.as_deref();
    assert_eq!(code, Some("CONCURRENCY_LIMIT_EXCEEDED"));
    let waits = double.waits();
    assert_eq!(waits.len(), 3);
    assert!(waits.iter().all(|wait| wait.as_secs() >= 3), "{waits:?}");
    let second = client.suiteql(&AccountUrl::suiteql(&account()), &token(), "SELECT 1").await;
    assert_eq!(second.exchanges.len(), 1, "the run has no patience left");
}

#[tokio::test]
async fn what_decides_little_never_waits() {
    let double = Double::serving(|_| Behaviour::json(429, "").header("retry-after", "3"));
    let client = double.client();
    for call in [
        client.get_without_token(&url()).await,
        client.directory(&DirectoryUrl::of(&account())).await,
    ] {
        assert_eq!((call.result.unwrap().status, call.exchanges.len()), (429, 1));
    }
    assert!(double.waits().is_empty());
}

#[tokio::test]
async fn redirects_cookies_and_referrers_are_left_alone() {
    let double = Double::serving(|_| {
        Behaviour::json(302, "")
            .header("location", "https://evil.example/services?x=1")
            .header("set-cookie", "JSESSIONID=1; path=/")
    });
    let client = double.client();
    let answer = client.get(&url(), &token()).await.result.unwrap();
    assert_eq!(answer.redirect_host.as_deref(), Some("evil.example"));
    client.get(&url(), &token()).await.result.unwrap();
    let seen = double.seen();
    assert_eq!(seen.len(), 2);
    assert!(seen.iter().all(|request| request.header("cookie").is_none()));
    assert!(seen.iter().all(|request| request.header("referer").is_none()));
}

#[tokio::test]
async fn requests_are_what_netsuite_expects() {
    let double = Double::answering(200, "application/json", "{}");
    let client = double.client();
    client.get(&url(), &token()).await.result.unwrap();
    client
        .suiteql(&AccountUrl::suiteql(&account()), &token(), "SELECT id FROM customer")
        .await
        .result
        .unwrap();
    let [get, post]: [SeenRequest; 2] = double.seen().try_into().unwrap();
    assert_eq!(get.header("authorization"), Some("Bearer a.token.here"));
    assert_eq!(get.header("host"), Some("1234567.suitetalk.api.netsuite.com"));
    assert_eq!(post.header("prefer"), Some("transient"));
    assert_eq!(post.body, r#"{"q":"SELECT id FROM customer"}"#);
    assert_eq!(post.path, "/services/rest/query/v1/suiteql?limit=1");
}

#[tokio::test]
async fn the_answer_tells_where_it_came_from() {
    let double = Double::serving(|_| {
        Behaviour::json(200, "{}").header("date", "Mon, 23 Nov 2026 20:00:00 GMT")
    });
    let answer = double.client().get_without_token(&url()).await.result.unwrap();
    assert_eq!(answer.issuer.as_deref(), Some("CN=Emulated NetSuite CA"));
    assert_eq!(answer.peer, Some(double.address()));
    assert_eq!(answer.date.as_deref(), Some("Mon, 23 Nov 2026 20:00:00 GMT"));
}

#[tokio::test]
async fn no_more_requests_in_flight_than_allowed() {
    let (now, most) = (AtomicUsize::new(0), std::sync::Arc::new(AtomicUsize::new(0)));
    let seen = std::sync::Arc::clone(&most);
    let together = std::sync::Arc::new(std::sync::Barrier::new(3));
    let double = Double::serving(move |_| {
        seen.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        // Three requests must meet here, or none of them is ever answered.
        together.wait();
        now.fetch_sub(1, Ordering::SeqCst);
        Behaviour::json(200, "{}")
    });
    let client = Client::new(HttpOptions { concurrency: 3, ..double.options() }).unwrap();
    let (url, token) = (url(), token());
    let calls = futures_util::future::join_all((0..6).map(|_| client.get(&url, &token))).await;
    assert!(calls.iter().all(|call| call.result.is_ok()));
    assert_eq!(most.load(Ordering::SeqCst), 3);
}

/// A server that offers to keep its connections and closes each as soon as it is used again.
#[tokio::test]
async fn a_connection_that_the_server_closed_meanwhile_ends_no_request() {
    let double = Double::serving(|seen| match seen.earlier {
        0 => Behaviour::json(200, "{}").header("connection", "keep-alive"),
        _ => Behaviour::Cut,
    });
    let client = double.client();
    let (url, token, account) = (url(), token(), account());
    let assertion = Assertion::new("an.assertion.here".to_owned(), &Scrubber::default());
    let id = ClientId::new(&"0123456789abcdef".repeat(4)).unwrap();
    let certificates = CertificatesUrl::of(&account, &id);
    let certificate = CertificateId::of_certificate(b"x");
    let revocation = RevocationUrl::of(&account, &id, &certificate);
    for _ in 0..2 {
        for call in [
            client.get_without_token(&url).await,
            client.token(&TokenUrl::of(&account), &assertion).await,
            client.get(&url, &token).await,
            client.get(&AccountUrl::certificates(&account, &id), &token).await,
            client.suiteql(&AccountUrl::suiteql(&account), &token, "SELECT 1").await,
            client.upload_certificate(&certificates, &token, "{}".to_owned()).await,
            client.revoke_certificate(&revocation, &token).await,
        ] {
            assert_eq!((call.result.unwrap().status, call.exchanges.len()), (200, 1));
        }
    }
}

/// What goes out once goes out once, also where its own connection is cut.
#[tokio::test]
async fn the_token_request_is_never_repeated() {
    let double = Double::serving(|seen| match seen.method.as_str() {
        "GET" => Behaviour::json(200, "{}"),
        _ => Behaviour::Cut,
    });
    let client = double.client();
    client.get_without_token(&url()).await.result.unwrap();
    let assertion = Assertion::new("an.assertion.here".to_owned(), &Scrubber::default());
    let call = client.token(&TokenUrl::of(&account()), &assertion).await;
    assert_eq!(call.result.unwrap_err(), TransportError::Reset);
    assert_eq!(double.seen().len(), 2);
}

#[tokio::test]
async fn an_answer_is_read_without_the_secrets_of_the_run() {
    let secret = "0a1b2c3d4e5f6071829304a5b6c7d8e9f00112233";
    let double = Double::serving(move |_| {
        Behaviour::new(401, "text/html", format!("<title>{secret}</title>"))
            .header("www-authenticate", format!("Bearer realm=\"{}\"", secret.repeat(30)))
            .header("date", secret)
            .header("location", format!("https://{secret}.example/"))
            .header("content-type", format!("text/{secret}"))
    });
    let scrubber = Scrubber::default();
    scrubber.learn(&Secret::new(SecretKind::AccessToken, secret));
    let client = Client::new(HttpOptions { scrubber, ..double.options() }).unwrap();
    let answer = client.get_without_token(&url()).await.result.unwrap();
    let texts = [
        Some(answer.text().into_owned()),
        answer.challenge.clone(),
        answer.date.clone(),
        answer.redirect_host.clone(),
        answer.content_type.clone(),
    ];
    for text in texts {
        let text = text.unwrap_or_default();
        assert!(!text.contains(&secret[..24]), "{text}");
    }
    assert_eq!(answer.text(), "<title>[redacted]</title>");
    assert_eq!(answer.redirect_host.as_deref(), Some("[redacted].example"));
}

/// What never travels to a server leaves its answers whole: they would mean something else.
#[tokio::test]
async fn a_passphrase_that_is_a_usual_word_changes_no_answer() {
    let body = r#"{"restDomain":"https://1234567.restlets.api.netsuite.com","serverTime":"x"}"#;
    let double = Double::serving(move |_| Behaviour::json(200, body));
    for word in ["netsuite", "1234567", "serverTime", "application/json", "restlets.api.netsuite"] {
        let scrubber = Scrubber::default();
        scrubber.learn(&Secret::new(SecretKind::Passphrase, word));
        scrubber.learn(&Secret::new(SecretKind::ClientSecret, word.repeat(3)));
        let client = Client::new(HttpOptions { scrubber, ..double.options() }).unwrap();
        let answer = client.get_without_token(&url()).await.result.unwrap();
        assert_eq!(answer.text(), body, "{word}");
        assert_eq!(answer.content_type.as_deref(), Some("application/json"));
    }
}

#[tokio::test]
async fn the_token_is_known_before_the_answer_is_read() {
    let token = "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxOzIifQ.c2lnbmF0dXJl";
    let double = Double::serving(move |_| {
        Behaviour::json(
            500,
            format!(r#"{{"access_token":"{token}","error":"{token}","x":"{token}"}}"#),
        )
    });
    let scrubber = Scrubber::default();
    let options = HttpOptions { scrubber: scrubber.clone(), ..double.options() };
    let client = Client::new(options).unwrap();
    let assertion = Assertion::new("an.assertion.here".to_owned(), &scrubber);
    let call = client.token(&TokenUrl::of(&account()), &assertion).await;
    let answer = call.result.unwrap();
    assert_eq!(answer.granted.as_ref().unwrap().expose_str(), Some(token));
    assert!(!answer.text().contains("eyJ"), "{}", answer.text());
    assert_eq!(call.exchanges[0].error_code, None);
}

mod through_a_proxy {
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;

    use super::*;
    use crate::netsuite::http::options::ProxySource;

    /// A proxy that gives this answer to everyone.
    fn proxy(answer: &'static str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let _ = stream.read(&mut [0; 1024]);
                let _ = stream.write_all(answer.as_bytes());
            }
        });
        format!("http://{address}")
    }

    async fn fault_through(proxy: String) -> TransportError {
        let options = HttpOptions { proxy: ProxySource::Through(proxy), ..HttpOptions::default() };
        Client::new(options).unwrap().get_without_token(&url()).await.result.unwrap_err()
    }

    #[tokio::test]
    async fn each_obstacle_has_its_own_name() {
        let asks = proxy("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
        let expected = TransportError::Proxy(ProxyFault::AuthenticationRequired);
        assert_eq!(fault_through(asks).await, expected);
        let refuses = proxy("HTTP/1.1 403 Forbidden\r\n\r\n");
        assert_eq!(fault_through(refuses).await, TransportError::Proxy(ProxyFault::Refused));
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let gone = format!("http://127.0.0.1:{port}");
        assert_eq!(fault_through(gone).await, TransportError::Proxy(ProxyFault::Unreachable));
        let gone = format!("socks5h://127.0.0.1:{port}");
        assert_eq!(fault_through(gone).await, TransportError::Proxy(ProxyFault::Unreachable));
    }

    /// Takes the greeting of SOCKS 5 and gives these answers to it and to the request.
    fn socks(answers: [&'static [u8]; 2]) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                for answer in answers {
                    let _ = stream.read(&mut [0; 1024]);
                    let _ = stream.write_all(answer);
                }
                let _ = stream.read(&mut [0; 1024]);
            }
        });
        format!("socks5h://{address}")
    }

    #[tokio::test]
    async fn the_obstacles_of_socks_have_the_same_names() {
        let refused = socks([&[5, 0], &[5, 2, 0, 1, 0, 0, 0, 0, 0, 0]]);
        assert_eq!(fault_through(refused).await, TransportError::Proxy(ProxyFault::Refused));
        let asks = socks([&[5, 2], &[]]);
        let expected = TransportError::Proxy(ProxyFault::AuthenticationRequired);
        assert_eq!(fault_through(asks).await, expected);
        let other = socks([b"HTTP/1.1 400 Bad Request\r\n\r\n", b""]);
        assert_eq!(fault_through(other).await, TransportError::Proxy(ProxyFault::Refused));
    }
}

#[test]
fn a_ca_file_without_certificate_is_refused() {
    for pem in ["", "no pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        let options =
            HttpOptions { extra_ca: Some(pem.as_bytes().to_vec()), ..HttpOptions::default() };
        assert!(matches!(Client::new(options), Err(ClientError::NoCertificate)), "{pem:?}");
    }
}
