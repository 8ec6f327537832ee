use std::sync::{Arc, Mutex};

use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::*;
use crate::oauth::code_grant::RedirectError;
use crate::types::ClientId;

const GOOD: &str = "state=right&code=abc&company=1234567";

fn is_good(query: &str) -> bool {
    query.contains("state=right")
}

/// A listener on a free port, waiting; its port, and what comes of it.
async fn listening(time: Duration) -> (u16, tokio::task::JoinHandle<Result<String, bool>>) {
    let listener = Listener::bind(0, None).await.unwrap();
    let addresses = listener.addresses();
    assert!(addresses.iter().all(|address| address.ip().is_loopback()));
    let port = addresses[0].port();
    (port, tokio::spawn(listener.wait(is_good, time)))
}

async fn send(port: u16, request: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

fn get(port: u16, target: &str, more: &str) -> String {
    format!("GET {target} HTTP/1.1\r\nHost: localhost:{port}\r\n{more}\r\n")
}

const LONG: Duration = Duration::from_secs(60);

#[tokio::test]
async fn the_redirect_is_answered_with_a_page_that_holds_nothing_of_it() {
    let (port, waiting) = listening(LONG).await;
    let navigation = "Sec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n\
                      Sec-Fetch-Site: cross-site\r\n";
    let answer = send(port, &get(port, &format!("/callback?{GOOD}"), navigation)).await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    for part in ["right", "abc", "1234567"] {
        assert!(!answer.contains(part), "{answer}");
    }
    for header in ["no-store", "nosniff", "no-referrer", "default-src 'none'"] {
        assert!(answer.contains(header), "{header}: {answer}");
    }
    assert_eq!(waiting.await.unwrap().unwrap(), GOOD);
    assert!(TcpStream::connect(("127.0.0.1", port)).await.is_err(), "closed after the one");
}

#[tokio::test]
async fn whatever_else_comes_is_refused_and_the_listener_goes_on() {
    let (port, waiting) = listening(LONG).await;
    let good = format!("/callback?{GOOD}");
    let host = |name: &str| format!("GET {good} HTTP/1.1\r\nHost: {name}\r\n\r\n");
    let long = format!("/callback?state=right&x={}", "y".repeat(9000));
    for (request, status) in [
        (host("evil.example"), "421"),
        (host(&format!("127.0.0.1:{port}")), "421"),
        (host("localhost"), "421"),
        (host(&format!("localhost:{port}\r\nHost: localhost:{port}")), "421"),
        (get(port, &good, "").replacen("GET", "POST", 1), "405"),
        (get(port, &good, "").replacen("GET", "HEAD", 1), "405"),
        (get(port, "/", ""), "404"),
        (get(port, &format!("/callback/?{GOOD}"), ""), "404"),
        (get(port, &good, "Origin: https://evil.example\r\n"), "403"),
        (get(port, &good, "Sec-Fetch-Mode: cors\r\n"), "403"),
        (get(port, &good, "Sec-Fetch-Dest: image\r\n"), "403"),
        (get(port, "/callback", ""), "400"),
        (get(port, "/callback?code=abc", ""), "400"),
        (get(port, "/callback?state=wrong&code=abc", ""), "400"),
        (get(port, &long, ""), "400"),
        ("no HTTP at all\r\n\r\n".to_owned(), "400"),
    ] {
        let answer = send(port, &request).await;
        let head: String = request.chars().take(80).collect();
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{head}: {answer}");
        assert!(!answer.contains("abc") && !answer.contains("evil"), "{answer}");
        assert!(!waiting.is_finished(), "{head}");
    }
    // A head beyond all measure is not read to its end.
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let endless = get(port, &good, &format!("X: {}\r\n", "y".repeat(1_000_000)));
    let mut answer = Vec::new();
    let (written, _) = (stream.write_all(endless.as_bytes()).await, ());
    let _ = stream.read_to_end(&mut answer).await;
    assert!(written.is_err() || !answer.starts_with(b"HTTP/1.1 200"));
    assert!(!waiting.is_finished());
    send(port, &get(port, &good, "")).await;
    assert_eq!(waiting.await.unwrap().unwrap(), GOOD);
}

#[tokio::test]
async fn a_slow_client_holds_up_nobody() {
    let (port, waiting) = listening(LONG).await;
    let mut slow = Vec::new();
    for _ in 0..20 {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        stream.write_all(b"GET /callb").await.unwrap();
        slow.push(stream);
    }
    let answer = send(port, &get(port, &format!("/callback?{GOOD}"), "")).await;
    assert!(answer.starts_with("HTTP/1.1 200 "));
    assert_eq!(waiting.await.unwrap().unwrap(), GOOD);
}

#[tokio::test(start_paused = true)]
async fn it_closes_when_the_time_is_over_and_says_whether_a_stranger_came() {
    let (port, waiting) = listening(TIME).await;
    assert_eq!(waiting.await.unwrap(), Err(false));
    assert!(TcpStream::connect(("127.0.0.1", port)).await.is_err());
    let listener = Listener::bind(0, None).await.unwrap();
    let port = listener.addresses()[0].port();
    let time = tokio::time::Instant::now();
    let asked = async {
        let wrong = get(port, "/callback?state=wrong&code=abc", "");
        send(port, &wrong).await;
    };
    let (waited, ()) = tokio::join!(listener.wait(is_good, TIME), asked);
    assert_eq!(waited, Err(true));
    assert!(time.elapsed() >= TIME);
}

#[tokio::test]
async fn a_port_in_use_is_told_before_anything_else() {
    let first = Listener::bind(0, None).await.unwrap();
    let port = first.addresses()[0].port();
    assert_eq!(Listener::bind(port, None).await.err(), Some(BrowserStop::PortTaken(port)));
}

#[tokio::test]
async fn over_tls_the_listener_shows_a_certificate_for_localhost() {
    use openssl::ssl::{SslConnector, SslMethod, SslVerifyMode};
    let listener = Listener::bind(0, Some(certificate::make().unwrap())).await.unwrap();
    let port = listener.addresses()[0].port();
    let waiting = tokio::spawn(listener.wait(is_good, LONG));
    let mut connector = SslConnector::builder(SslMethod::tls_client()).unwrap();
    // As a person does who goes on past the warning.
    connector.set_verify(SslVerifyMode::NONE);
    let ssl = connector.build().configure().unwrap().into_ssl("localhost").unwrap();
    let stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let mut stream = tokio_openssl::SslStream::new(ssl, stream).unwrap();
    std::pin::Pin::new(&mut stream).connect().await.unwrap();
    let shown = stream.ssl().peer_certificate().unwrap();
    let names = shown.subject_alt_names().unwrap();
    assert_eq!(names.iter().find_map(|name| name.dnsname()), Some("localhost"));
    let request = get(port, &format!("/callback?{GOOD}"), "");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200");
    assert_eq!(waiting.await.unwrap().unwrap(), GOOD);
}

/// A person who pastes what the test makes of the address.
struct Pasting {
    told: Arc<Mutex<String>>,
    opened: Arc<Mutex<Option<String>>>,
    line: fn(&str) -> Option<String>,
}

impl fmt::Debug for Pasting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pasting")
    }
}

impl Desk for Pasting {
    fn tell(&self, text: &str) {
        self.told.lock().unwrap().push_str(text);
    }

    fn open(&self, address: &str) -> bool {
        *self.opened.lock().unwrap() = Some(address.to_owned());
        false
    }

    fn line(&self) -> LocalBoxFuture<'_, Option<String>> {
        let address = self.opened.lock().unwrap().clone().unwrap();
        let line = (self.line)(&address);
        std::future::ready(line).boxed_local()
    }
}

async fn pasted_line(
    line: fn(&str) -> Option<String>,
) -> (Result<Authorized, BrowserStop>, String) {
    let told = Arc::new(Mutex::new(String::new()));
    let desk = Pasting { told: Arc::clone(&told), opened: Arc::default(), line };
    let client_id = ClientId::new(&"0123456789abcdef".repeat(4)).unwrap();
    let sign_in = SignIn {
        record: SignInRecord { client_id, secret: None },
        receiver: Receiver::Paste,
        port: DEFAULT_PORT,
        time: TIME,
        desk: Box::new(desk),
    };
    let account = AccountId::from_parts("1234567", Some("SB1")).unwrap();
    let made = sign_in.authorize(Some(&account), &Scrubber::default()).await;
    let told = told.lock().unwrap().clone();
    (made, told)
}

fn state_of(address: &str) -> &str {
    address.split("state=").nth(1).unwrap().split('&').next().unwrap()
}

#[tokio::test]
async fn a_pasted_address_is_read_like_a_redirect() {
    let (made, told) = pasted_line(|address| {
        let state = state_of(address);
        Some(format!(
            "  https://localhost:8899/callback?state={state}&code=abc&company=1234567-sb1\n"
        ))
    })
    .await;
    let company = made.unwrap().company.unwrap();
    assert_eq!(company.account(), "1234567_SB1");
    assert!(told.contains("https://1234567-sb1.app.netsuite.com/app/login/oauth2/authorize.nl?"));
    assert!(told.contains("1234567_SB1") && told.contains("No browser could be started"));
}

#[tokio::test]
async fn what_is_pasted_wrongly_says_so() {
    let denied = pasted_line(|address| {
        Some(format!("https://localhost/callback?state={}&error=access_denied", state_of(address)))
    });
    assert_eq!(denied.await.0.err(), Some(RedirectError::Denied.into()));
    let other = pasted_line(|_| Some("https://localhost/callback?state=x&code=abc".to_owned()));
    assert_eq!(other.await.0.err(), Some(RedirectError::NotOurs.into()));
    for line in [|_: &str| Some("abc".to_owned()), |_: &str| Some("https://localhost/".to_owned())]
    {
        assert_eq!(pasted_line(line).await.0.err(), Some(BrowserStop::NotAnAddress));
    }
    assert_eq!(pasted_line(|_| None).await.0.err(), Some(BrowserStop::NoTerminal));
}
