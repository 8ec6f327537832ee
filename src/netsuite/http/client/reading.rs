//! From the response to an [`Answer`]: its texts without the assertion and the tokens of the run.

use std::time::Duration;

use openssl::x509::{X509, X509NameEntryRef, X509NameRef};
use reqwest::Version;
use reqwest::header;
use serde_json::Value;
use zeroize::Zeroizing;

use crate::netsuite::http::answer::Answer;
use crate::types::{Scrubber, Secret, SecretKind};

/// The token of an answer, and every other one in it, learned before anything reads the answer.
pub(in crate::netsuite::http) fn granted(body: &[u8], scrubber: &Scrubber) -> Option<Secret> {
    let mut value: Value = serde_json::from_slice(body).ok()?;
    let mut token = None;
    for name in ["id_token", "refresh_token", "access_token"] {
        let taken = value.get_mut(name).map(Value::take);
        if let Some(Value::String(text)) = taken {
            let secret = Secret::new(SecretKind::AccessToken, text);
            scrubber.learn(&secret);
            token = Some(secret).filter(|_| name == "access_token");
        }
    }
    token
}

/// The answer without assertion and tokens of the run, before anybody cuts, wraps or lower-cases its texts.
pub(super) fn answer(
    response: &reqwest::Response,
    body: Zeroizing<Vec<u8>>,
    sent: jiff::Timestamp,
    received: jiff::Timestamp,
    scrubber: &Scrubber,
) -> Answer {
    let whole = |name: header::HeaderName| response.headers().get(name)?.to_str().ok();
    let cut = |text: &str| scrubber.scrub_answer(text).chars().take(500).collect::<String>();
    let text = |name: header::HeaderName| whole(name).map(cut);
    let content_type = text(header::CONTENT_TYPE)
        .map(|value| value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
    let redirect_host = whole(header::LOCATION)
        .and_then(|to| response.url().join(to).ok())
        .and_then(|url| url.host_str().map(cut));
    Answer {
        status: response.status().as_u16(),
        content_type,
        date: text(header::DATE),
        retry_after: text(header::RETRY_AFTER)
            .and_then(|value| value.trim().parse().ok())
            .map(Duration::from_secs),
        redirect_host,
        challenge: text(header::WWW_AUTHENTICATE),
        body: scrubbed(body, scrubber),
        granted: None,
        peer: response.remote_addr(),
        version: version(response.version()),
        issuer: issuer(response).map(|issuer| cut(&issuer)),
        sent,
        received,
    }
}

fn scrubbed(body: Zeroizing<Vec<u8>>, scrubber: &Scrubber) -> Zeroizing<Vec<u8>> {
    let text = String::from_utf8_lossy(&body);
    let clean = scrubber.scrub_answer(&text);
    // Nothing was taken out: the bytes stay as they came, text or not.
    if clean == text {
        return body;
    }
    Zeroizing::new(clean.into_owned().into_bytes())
}

fn version(version: Version) -> String {
    format!("{version:?}")
}

fn issuer(response: &reqwest::Response) -> Option<String> {
    let info = response.extensions().get::<reqwest::tls::TlsInfo>()?;
    let certificate = X509::from_der(info.peer_certificate()?).ok()?;
    Some(name_of(certificate.issuer_name()))
}

/// A name as `CN=…, O=…`, without what a terminal would obey.
pub(super) fn name_of(name: &X509NameRef) -> String {
    let part = |entry: &X509NameEntryRef| {
        let name = entry.object().nid().short_name().ok()?;
        let data = entry.data().to_string().ok()?;
        let data: String = data.chars().filter(|c| !c.is_control()).take(120).collect();
        Some(format!("{name}={data}"))
    };
    name.entries().filter_map(part).collect::<Vec<_>>().join(", ")
}
