//! A headless Chromium, told what to do over its debugging pipe: two named pipes, so that neither a
//! driver nor a port is needed.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::Running;

/// A page may take this long on a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(60);

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/// A tab that is not the one in front.
pub struct Tab(String);

/// A running browser with one page. It ends when it is dropped.
pub struct Browser {
    _child: Running,
    to: File,
    from: Receiver<Value>,
    session: String,
    asked: u64,
    /// Pages that were loaded so far.
    loaded: usize,
    _folder: TempDir,
}

impl Browser {
    /// Starts a browser that finds every host name of NetSuite at this address, or says that there
    /// is none on this machine.
    pub fn start(netsuite: SocketAddr) -> Option<Self> {
        let Some(program) = program() else {
            eprintln!("skipped: no Chromium is installed on this machine");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        let pipe = |name: &str| {
            let path = folder.path().join(name);
            assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
            path
        };
        let (told, answered) = (pipe("told"), pipe("answered"));
        let mut command = Command::new("sh");
        command
            // The shell opens the pipes as the descriptors that Chromium reads and writes.
            .args(["-c", "exec 3<\"$1\" 4>\"$2\"; shift 2; exec \"$@\"", "sh"])
            .args([told.as_path(), answered.as_path(), Path::new(program)])
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"])
            .args(["--no-first-run", "--disable-background-networking", "--no-proxy-server"])
            // The certificate is of the emulator's own CA.
            .args(["--remote-debugging-pipe", "--ignore-certificate-errors"])
            .arg(format!("--host-resolver-rules=MAP *.netsuite.com {netsuite}"))
            .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
            .arg("about:blank")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let child = Running::start(&mut command);
        // Opening waits for the other end, in the order in which the shell opens.
        let to = File::options().write(true).open(&told).unwrap();
        let answers = BufReader::new(File::open(&answered).unwrap());
        let (send, from) = mpsc::channel();
        std::thread::spawn(move || {
            for message in answers.split(0) {
                let Ok(bytes) = message else { return };
                let Ok(value) = serde_json::from_slice(&bytes) else { return };
                if send.send(value).is_err() {
                    return;
                }
            }
        });
        let session = String::new();
        let mut this =
            Self { _child: child, to, from, session, asked: 0, loaded: 0, _folder: folder };
        this.new_tab();
        Some(this)
    }

    /// Opens another tab and turns to it; gives the one that was there before.
    pub fn new_tab(&mut self) -> Tab {
        let before = Tab(std::mem::take(&mut self.session));
        let target = self.ask("Target.createTarget", json!({ "url": "about:blank" }));
        let wanted = json!({ "targetId": target["targetId"], "flatten": true });
        let attached = self.ask("Target.attachToTarget", wanted);
        self.session = attached["sessionId"].as_str().unwrap().to_owned();
        self.ask("Page.enable", json!({}));
        before
    }

    /// Turns to another tab, and gives the one that it was before.
    pub fn turn_to(&mut self, tab: Tab) -> Tab {
        Tab(std::mem::replace(&mut self.session, tab.0))
    }

    /// Sends a command, and waits for what came of it.
    fn ask(&mut self, method: &str, parameters: Value) -> Value {
        let answer = self.answer(method, parameters);
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].clone()
    }

    fn answer(&mut self, method: &str, parameters: Value) -> Value {
        self.asked += 1;
        let mut message = json!({ "id": self.asked, "method": method, "params": parameters });
        if !self.session.is_empty() {
            message["sessionId"] = json!(self.session);
        }
        self.to.write_all(format!("{message}\0").as_bytes()).unwrap();
        loop {
            let answer = self.next(method);
            if answer["id"] == self.asked {
                return answer;
            }
        }
    }

    fn next(&mut self, waiting_for: &str) -> Value {
        let next = self.from.recv_timeout(PATIENCE);
        let next = next.unwrap_or_else(|error| panic!("nothing comes of {waiting_for}: {error}"));
        self.loaded += usize::from(next["method"] == "Page.loadEventFired");
        next
    }

    /// Opens an address.
    pub fn open(&mut self, address: &str) {
        let answer = self.ask("Page.navigate", json!({ "url": address }));
        assert!(answer.get("errorText").is_none(), "{address}: {answer}");
    }

    /// What a script gives on the page as it is; nothing while one page follows another.
    pub fn evaluate(&mut self, script: &str) -> Value {
        let wanted = json!({ "expression": script, "returnByValue": true });
        self.answer("Runtime.evaluate", wanted)["result"]["result"]["value"].clone()
    }

    /// Waits until a script gives true, page after page.
    pub fn wait(&mut self, script: &str) {
        loop {
            let before = self.loaded;
            if self.evaluate(script) == json!(true) {
                return;
            }
            while self.loaded == before {
                self.next(script);
            }
        }
    }

    /// Waits for a page of this title, loaded whole.
    pub fn titled(&mut self, title: &str) {
        let title = json!(title);
        self.wait(&format!("document.title === {title}"));
    }

    /// Waits for a page of this path on which these words stand, loaded whole.
    pub fn at(&mut self, path: &str, words: &str) {
        let (path, words) = (json!(path), json!(words));
        self.wait(&format!(
            "document.readyState === 'complete' && location.pathname === {path} && \
             document.body.innerText.includes({words})"
        ));
    }

    /// Waits until a script gives true on the page as it is, which looks for it by itself.
    pub fn wait_for(&mut self, script: &str) {
        let seen = self.promised(&format!(
            "new Promise(seen => {{ const look = () => ({script}) ? seen(true) : \
             setTimeout(look, 20); look(); }})"
        ));
        assert_eq!(seen, true, "{script}");
    }

    /// What a script promises on the page as it is.
    pub fn promised(&mut self, script: &str) -> Value {
        let wanted = json!({ "expression": script, "awaitPromise": true, "returnByValue": true });
        self.ask("Runtime.evaluate", wanted)["result"]["value"].clone()
    }

    /// Presses a key.
    pub fn press(&mut self, key: &str) {
        let (code, text) = match key {
            "Enter" => (13, "\r"),
            "Tab" => (9, ""),
            other => panic!("no such key: {other}"),
        };
        for kind in ["keyDown", "keyUp"] {
            let text = if kind == "keyDown" { text } else { "" };
            let pressed = json!({
                "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code, "text": text,
            });
            self.ask("Input.dispatchKeyEvent", pressed);
        }
    }

    /// Types into what has the focus.
    pub fn types(&mut self, text: &str) {
        self.ask("Input.insertText", json!({ "text": text }));
    }

    /// Empties a field and types into it.
    pub fn fills(&mut self, selector: &str, text: &str) {
        let wanted = json!(selector);
        self.evaluate(&format!(
            "(() => {{ const field = document.querySelector({wanted}); field.value = ''; \
             field.focus(); }})()"
        ));
        self.types(text);
    }

    /// Chooses a file for a field.
    pub fn chooses(&mut self, selector: &str, file: &Path) {
        let wanted =
            json!({ "expression": format!("document.querySelector({})", json!(selector)) });
        let found = self.ask("Runtime.evaluate", wanted);
        let object = &found["result"]["objectId"];
        let chosen = json!({ "files": [file.display().to_string()], "objectId": object });
        self.ask("DOM.setFileInputFiles", chosen);
    }

    /// Loads the page again.
    pub fn reload(&mut self) {
        self.ask("Page.reload", json!({}));
    }

    /// The source of the page as it is.
    pub fn source(&mut self) -> String {
        let source = self.evaluate("document.documentElement.outerHTML");
        source.as_str().unwrap_or_default().to_owned()
    }

    /// Clicks what a selector finds.
    pub fn click(&mut self, selector: &str) {
        let selector = json!(selector);
        let place = self.evaluate(&format!(
            "(() => {{ const found = document.querySelector({selector}); if (!found) return null; \
             found.scrollIntoView(); const box = found.getBoundingClientRect(); \
             return [box.x + box.width / 2, box.y + box.height / 2]; }})()"
        ));
        assert!(place.is_array(), "nothing to click: {selector}");
        for kind in ["mousePressed", "mouseReleased"] {
            let click = json!({
                "type": kind, "x": place[0], "y": place[1], "button": "left", "clickCount": 1,
            });
            self.ask("Input.dispatchMouseEvent", click);
        }
    }
}

impl Drop for Browser {
    /// Asks it to end, and waits for that: what it writes on its way out is then in the folder that
    /// goes with it.
    fn drop(&mut self) {
        let close = json!({ "id": self.asked + 1, "method": "Browser.close" });
        if self.to.write_all(format!("{close}\0").as_bytes()).is_ok() {
            while self.from.recv_timeout(PATIENCE).is_ok() {}
        }
    }
}

fn program() -> Option<&'static str> {
    let path = std::env::var_os("PATH")?;
    let there =
        |name: &&str| std::env::split_paths(&path).any(|folder| folder.join(name).is_file());
    NAMES.into_iter().find(there)
}
