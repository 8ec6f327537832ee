//! A served walk without its work, and requests as they stand on the wire.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::setup::{Draft, Prompt, Response, Texts, Walk};
use crate::web::desk::{At, End, Task};
use crate::web::walked::{self, About};
use crate::web::{Clerk, Heard, Server, Session, desk};

/// A walk of this draft.
pub fn walk(draft: Draft) -> Walk {
    Walk::new(Texts::built_in(), "default", draft, None).unwrap()
}

/// Where it pretends to run.
pub fn about() -> About {
    About {
        target: "canary-target".to_owned(),
        file: "netsuite-preflight.toml".to_owned(),
        folder: "/somewhere".to_owned(),
        pairs: "keys".into(),
        again: None,
        options: None,
    }
}

/// A server on a thread of its own. Its session ends with this value.
pub struct Site {
    pub port: u16,
    pub session: Arc<Session>,
}

impl Site {
    /// Serves a new walk, whose work is always refused.
    pub fn start(about: About) -> Self {
        Self::of(walk(Draft::default()), about)
    }

    pub fn of(mut walk: Walk, about: About) -> Self {
        let session = Arc::new(Session::new(Instant::now()).unwrap());
        let (clerk, window) = desk(&walk, Arc::clone(&session));
        show(&clerk, &mut walk);
        std::thread::spawn(move || answers(&clerk, walk));
        let pages = walked::pages(window, Arc::clone(&session), about);
        let (told, port) = std::sync::mpsc::channel();
        let own = Arc::clone(&session);
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(async {
                let server = Server::bind(0).await.unwrap();
                told.send(server.port()).unwrap();
                server.serve(own, pages).await.unwrap();
            });
        });
        let port = port.recv().unwrap();
        Self { port, session }
    }

    /// What the server answers to these bytes.
    pub fn raw(&self, request: &str) -> Answer {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        // A server that refuses early may close before everything was sent.
        let _ = stream.write_all(request.as_bytes());
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        let text = String::from_utf8(bytes).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).unwrap_or("0").parse().unwrap();
        Answer { status, head: head.to_lowercase(), body: body.to_owned() }
    }

    /// A GET as a browser of the session sends it.
    pub fn get(&self, path: &str, cookie: &str) -> Answer {
        self.raw(&format!(
            "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nSec-Fetch-Site: same-origin\r\nCookie: \
             {cookie}\r\nConnection: close\r\n\r\n",
            self.port
        ))
    }

    /// A POST as a form of the session sends it.
    pub fn post(&self, path: &str, cookie: &str, form: &str) -> Answer {
        let origin = format!("http://127.0.0.1:{}", self.port);
        self.post_from(path, cookie, form, &origin)
    }

    pub fn post_from(&self, path: &str, cookie: &str, form: &str, origin: &str) -> Answer {
        self.raw(&format!(
            "POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nOrigin: {origin}\r\nSec-Fetch-Site: \
             same-origin\r\nCookie: {cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{form}",
            self.port,
            form.len()
        ))
    }

    /// Uses the address, and gives the cookie.
    pub fn opened(&self) -> String {
        let answer = self.get(&self.address(), "");
        assert_eq!(answer.status, 303, "{}", answer.head);
        let cookie = answer.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
        assert!(cookie.starts_with(&format!("netsuite-preflight-{}=", self.port)), "{cookie}");
        cookie
    }

    /// The path of the address.
    pub fn address(&self) -> String {
        format!("/open/{}", self.session.address().unwrap().expose())
    }

    /// What every form brings.
    pub fn form(&self, number: u64, rest: &str) -> String {
        format!("token={}&number={number}&{rest}", self.session.token().expose())
    }

    /// The number of the view that the page shows.
    pub fn number(&self, cookie: &str) -> u64 {
        let at = self.get("/", cookie).header("location").unwrap().to_owned();
        let page = self.get(&at, cookie).body;
        let found = page.split("name=\"number\" value=\"").nth(1).unwrap();
        found.split('"').next().unwrap().parse().unwrap()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.session.end();
    }
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    /// In lower case.
    pub head: String,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")))
    }
}

/// Shows what the walk wants. Work is refused at once.
fn show(clerk: &Clerk, walk: &mut Walk) {
    loop {
        match walk.prompt() {
            Prompt::Ask(ask) => return clerk.show(walk, At::Question(ask.field)),
            Prompt::Work(_) => {
                clerk.show(walk, At::Work(Task::Short));
                walk.take(Response::Refused("That is not done here.".to_owned()));
            }
            Prompt::Finished { next, proved } => {
                return clerk.show(walk, At::End(End::Done { next, proved }));
            }
            Prompt::Stopped => return clerk.show(walk, At::End(End::Stopped)),
        }
    }
}

fn answers(clerk: &Clerk, mut walk: Walk) {
    loop {
        match clerk.hear() {
            Some(Heard::Answer(event)) => walk.take(event),
            Some(Heard::Passphrase(_)) => {}
            Some(Heard::Leave) | None => return,
        }
        show(clerk, &mut walk);
    }
}
