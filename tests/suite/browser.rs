//! A real browser at the emulator's authorize page: denied and allowed, back to plain http and to
//! https on this machine.

use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::{self, Receiver};

use netsuite_preflight::door::{Protocols, ServerCertificate, tls};

use crate::support::{Browser, Emulated};

const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const STATE: &str = "ykv2XLx1BpT5Q0F3MRPHb94j";

/// A port of this machine that tells the paths it was asked for, and says so on its page.
fn listener(secure: bool) -> (u16, Receiver<String>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let (told, asked) = mpsc::channel();
    let now = jiff::Timestamp::now();
    let acceptor = tls::make(ServerCertificate::Normal, Protocols::Http1, now).unwrap().acceptor;
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(stream) = stream else { return };
            // A browser opens connections that it does not use.
            let path = match secure {
                true => acceptor.accept(stream).ok().and_then(answer),
                false => answer(stream),
            };
            if path.is_some_and(|path| path.starts_with("/callback") && told.send(path).is_err()) {
                return;
            }
        }
    });
    (port, asked)
}

fn answer(stream: impl Read + Write) -> Option<String> {
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    stream.read_line(&mut line).ok()?;
    let path = line.split(' ').nth(1)?.to_owned();
    while line.trim() != "" {
        line.clear();
        stream.read_line(&mut line).ok()?;
    }
    let page = "<!DOCTYPE html><title>Back</title>";
    let length = page.len();
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n");
    let answer = format!("{head}Content-Type: text/html\r\n\r\n{page}");
    stream.get_mut().write_all(answer.as_bytes()).ok()?;
    Some(path)
}

#[test]
fn a_browser_is_denied_and_allowed_and_sent_back_either_way() {
    let account = Emulated::switched("healthy", &[("redirect-port", "any-port")]);
    let Some(mut browser) = Browser::start(account.emulator.addr()) else {
        return account.left_alone();
    };
    let client = account.emulator.description().sign_in_client_id;
    for (scheme, host) in [("http", "1234567.app.netsuite.com"), ("https", "system.netsuite.com")] {
        let (port, asked) = listener(scheme == "https");
        let address = format!(
            "https://{host}/app/login/oauth2/authorize.nl?response_type=code&client_id={client}\
             &redirect_uri={scheme}%3A%2F%2Flocalhost%3A{port}%2Fcallback&scope=rest_webservices\
             &state={STATE}&code_challenge={CHALLENGE}&code_challenge_method=S256"
        );
        for (decision, role, end) in
            [("deny", "1042", "error=access_denied"), ("allow", "3", "code=")]
        {
            browser.open(&address);
            browser.titled("NetSuite - Customer Login");
            browser.click("input[value='owner@example.com']");
            browser.click("button");
            browser.titled("NetSuite - Application Authorization");
            browser.click(&format!("input[value='{role}']"));
            browser.click(&format!("button[value='{decision}']"));
            browser.titled("Back");
            let path = asked.try_recv().unwrap();
            let wanted =
                format!("/callback?state={STATE}&role={role}&entity=-5&company=1234567&{end}");
            assert!(path.starts_with(&wanted), "{path}");
        }
    }
    assert!(account.emulator.log().writes().is_empty());
}
