//! What a run knows besides what its checks found: the way to NetSuite, the files it was given, and
//! names that are free beside them.

use std::path::Path;

use crate::checks::context::Context;
use crate::cli::options::HostPort;
use crate::credentials::input::{Material, Origin};
use crate::credentials::store::free_name;
use crate::netsuite::http::{self, Client, HttpOptions};
use crate::report::meta::without_credentials;
use crate::report::v1::Mode;
use crate::report::values::Values;
use crate::types::Service;
use crate::types::shell::argument;

/// How NetSuite is reached.
pub(super) fn http(context: &Context) -> Option<&HttpOptions> {
    context.client.as_ref().map(Client::options)
}

/// The address that stands in for NetSuite's hosts. A demonstration says by itself what it met.
pub(super) fn connect_to(context: &Context, mode: Mode) -> Option<String> {
    let (host, port) = http(context)?.connect_to.clone().filter(|_| mode == Mode::Online)?;
    Some(HostPort { host, port }.to_string())
}

/// The proxy that stands between, by the system's settings.
pub(super) fn proxy(context: &Context) -> Option<String> {
    http(context).filter(|options| options.connect_to.is_none())?;
    let account = context.facts.account_id.get()?;
    http::proxy::for_url(&format!("https://{}", account.host(Service::SuiteTalk)))
}

/// What the guidance can name besides what the checks found.
pub(super) fn values(context: &Context, mode: Mode) -> Values {
    let inputs = &context.inputs;
    let mut values = Values::default();
    if let Some(address) = connect_to(context, mode) {
        values.set("connect_to", address);
    }
    let proxy = proxy(context).map(|proxy| without_credentials(&proxy));
    if let Some(address) = proxy.as_deref().and_then(plain_proxy) {
        values.set("proxy_address", address);
    }
    let online = http(context).filter(|_| mode == Mode::Online);
    if let Some(path) = online.and_then(|options| options.extra_ca_file.as_ref()) {
        values.set("ca_file", argument(path));
    }
    if let Some(detail) = context.audit_detail() {
        values.set("audit_detail", detail.as_str());
    }
    if inputs.correct_clock {
        values.set("clock_corrected", "yes");
    }
    if inputs.accept_empty {
        values.set("empty_accepted", "yes");
    }
    let files = [
        ("private_key_file", &inputs.private_key),
        ("certificate_file", &inputs.certificate),
        ("passphrase_file", &inputs.passphrase),
    ];
    for (name, material) in files {
        if let Some(Origin::File(path)) = material.as_ref().map(|material| &material.origin) {
            values.set(name, argument(path));
        }
    }
    let origin = |material: &Option<Material>| material.as_ref().map(|m| m.origin.clone());
    let beside = |material: &Option<Material>, name: &str, extension| match origin(material) {
        Some(Origin::File(path)) => argument(&free_name(&path, extension)),
        _ => argument(&free_name(Path::new(name), extension)),
    };
    values.set("new_key_file", beside(&inputs.private_key, "private-key.pem", "pem"));
    values.set("new_bundle_file", beside(&inputs.private_key, "private-key.p12", "p12"));
    let certificate =
        if inputs.certificate.is_some() { &inputs.certificate } else { &inputs.private_key };
    // Not the ending of the key: both often have one stem.
    values.set("new_certificate_file", beside(certificate, "certificate.pem", "crt"));
    match origin(&inputs.private_key) {
        Some(Origin::Stdin) => values.set("repair_key_from", "-"),
        Some(Origin::Environment(_)) => values.set("repair_key_from", ""),
        _ => {}
    }
    values
}

/// Host and port of a proxy that is spoken to as `openssl s_client -proxy` does: without TLS, and in
/// HTTP.
fn plain_proxy(proxy: &str) -> Option<&str> {
    let address = proxy.strip_prefix("http://").unwrap_or(proxy);
    (!address.contains("://")).then(|| address.trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_that_openssl_cannot_speak_to_is_left_out() {
        for (proxy, expected) in [
            ("http://proxy.example:3128", Some("proxy.example:3128")),
            ("http://proxy.example:3128/", Some("proxy.example:3128")),
            ("proxy.example:3128", Some("proxy.example:3128")),
            ("https://proxy.example:3128", None),
            ("socks5h://proxy.example:1080", None),
        ] {
            assert_eq!(plain_proxy(proxy), expected, "{proxy}");
        }
    }
}
