//! Proxies as the environment names them: used, or refused by name, never left aside.

use std::io::{Read as _, Write as _, copy};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::{Emulated, Program};

/// `check` for this account without `--connect-to`: the way there is the proxy's.
fn without_connect_to(account: &Emulated) -> Vec<String> {
    account.check_args().into_iter().filter(|arg| !arg.starts_with("--connect-to")).collect()
}

#[test]
fn a_setting_that_cannot_be_used_is_a_usage_error_and_nothing_is_sent() {
    let account = Emulated::scenario("healthy");
    for (variable, value) in [
        ("HTTPS_PROXY", "http://user:hunter2@:3128"),
        ("https_proxy", "ftp://user:hunter2@proxy.example:21"),
        ("ALL_PROXY", "socks6://user:hunter2@127.0.0.1:1080"),
        ("all_proxy", "http://user:hunter2@proxy.example:99999"),
        ("HTTPS_PROXY", "::hunter2::"),
    ] {
        let run = Program::new(without_connect_to(&account)).env(variable, value).exits(2);
        assert!(run.stderr.contains(variable), "{value}: {}", run.stderr);
        assert!(!run.stderr.contains("hunter2"), "{value}: {}", run.stderr);
        // Where an address is given no proxy is used, so none has to be right.
        Program::new(account.check_args()).env(variable, value).exits(0);
    }
}

#[test]
fn an_empty_variable_does_not_hide_another() {
    let account = Emulated::scenario("healthy");
    // Of the two spellings the second one counts, and it cannot be used.
    let run = Program::new(without_connect_to(&account))
        .env("HTTPS_PROXY", "")
        .env("https_proxy", "ftp://proxy.example")
        .exits(2);
    assert!(run.stderr.contains("https_proxy"), "{}", run.stderr);
    Program::new(account.check_args()).env("HTTPS_PROXY", "").exits(0);
}

/// A SOCKS 5 proxy that takes every host to one address, and counts. It asks for user and password.
fn socks(to: SocketAddr) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let count = Arc::new(AtomicUsize::new(0));
    let opened = Arc::clone(&count);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let opened = Arc::clone(&opened);
            std::thread::spawn(move || serve(stream, to, &opened));
        }
    });
    (address, count)
}

/// RFC 1928 and RFC 1929, as much of them as is needed.
fn serve(mut stream: TcpStream, to: SocketAddr, opened: &AtomicUsize) -> Option<()> {
    let field = |stream: &mut TcpStream| {
        let mut length = [0];
        stream.read_exact(&mut length).ok()?;
        let mut text = vec![0; length[0].into()];
        stream.read_exact(&mut text).ok()?;
        String::from_utf8(text).ok()
    };
    let mut head = [0; 1];
    stream.read_exact(&mut head).ok()?;
    field(&mut stream)?;
    stream.write_all(&[5, 2]).ok()?;
    stream.read_exact(&mut head).ok()?;
    let known = field(&mut stream)? == "user" && field(&mut stream)? == "hunter2";
    stream.write_all(&[1, u8::from(!known)]).ok()?;
    // Version, CONNECT, reserved, a host name.
    let mut request = [0; 4];
    stream.read_exact(&mut request).ok()?;
    let host = field(&mut stream)?;
    let mut port = [0; 2];
    stream.read_exact(&mut port).ok()?;
    let right = request == [5, 1, 0, 3] && host.ends_with(".netsuite.com") && port == [1, 187];
    stream.write_all(&[5, u8::from(!right), 0, 1, 0, 0, 0, 0, 0, 0]).ok()?;
    if !known || !right {
        return None;
    }
    opened.fetch_add(1, Ordering::SeqCst);
    let target = TcpStream::connect(to).ok()?;
    let (mut up, mut down) = (target.try_clone().ok()?, stream.try_clone().ok()?);
    std::thread::spawn(move || copy(&mut up, &mut down));
    copy(&mut stream, &mut &target).ok()?;
    target.shutdown(std::net::Shutdown::Write).ok()
}

#[test]
fn a_whole_run_goes_through_socks() {
    let account = Emulated::scenario("healthy");
    let (proxy, opened) = socks(account.emulator.addr());
    let mut args = without_connect_to(&account);
    args.push("--format=json".to_owned());
    let url = format!("socks5h://user:hunter2@{proxy}");
    let run = Program::new(&args).env("ALL_PROXY", &url).exits(0);
    assert_eq!(run.json()["environment"]["proxy"], format!("socks5h://{proxy}"));
    assert!(!run.stdout.contains("hunter2") && !run.stderr.contains("hunter2"));
    assert!(opened.load(Ordering::SeqCst) > 2);
    // With another password the proxy lets nobody through, and nobody goes around it.
    let before = account.emulator.log().entries().len();
    let wrong = format!("socks5h://user:wrong@{proxy}");
    let run = Program::new(&args).env("ALL_PROXY", &wrong).ends().1;
    assert!(run.stdout.contains("asks for a user name and password"), "{}", run.stdout);
    assert_eq!(account.emulator.log().entries().len(), before);
}
