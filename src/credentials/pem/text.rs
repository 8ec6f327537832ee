//! Names text that holds no PEM block.

use super::thing::GivenThing;

/// What a text without any BEGIN or END line is.
pub(super) fn name_text(text: &str) -> GivenThing {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return GivenThing::Blank;
    }
    let head = trimmed.get(..trimmed.floor_char_boundary(512)).unwrap_or(trimmed);
    let lower = head.to_ascii_lowercase();
    if lower.starts_with("putty-user-key-file") {
        GivenThing::PuttyKey
    } else if ["ssh-rsa ", "ssh-ed25519 ", "ssh-dss ", "ecdsa-sha2-", "sk-ssh-"]
        .iter()
        .any(|prefix| lower.starts_with(prefix))
    {
        GivenThing::SshPublicKey
    } else if lower.contains("<rsakeyvalue") {
        GivenThing::XmlKey
    } else if lower.starts_with("<!doctype html") || lower.contains("<html") {
        GivenThing::Html
    } else if trimmed.starts_with(['{', '[']) {
        json(trimmed)
    } else if is_jwt(trimmed) {
        GivenThing::Jwt
    } else if trimmed.len() >= 32 && trimmed.bytes().all(|b| b.is_ascii_hexdigit()) {
        GivenThing::HexToken
    } else if is_path(trimmed) {
        GivenThing::Path
    } else {
        GivenThing::Text
    }
}

fn json(text: &str) -> GivenThing {
    // A key set is an object with keys inside; the member name alone tells.
    if text.contains("\"kty\"") {
        return GivenThing::Jwk;
    }
    match serde_json::from_str::<serde::de::IgnoredAny>(text) {
        Ok(_) => GivenThing::Json,
        Err(_) => GivenThing::Text,
    }
}

fn is_jwt(text: &str) -> bool {
    let base64url = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    text.starts_with("eyJ")
        && text.bytes().filter(|b| *b == b'.').count() == 2
        && text.bytes().all(base64url)
}

fn is_path(text: &str) -> bool {
    const ENDINGS: [&str; 9] =
        [".pem", ".key", ".crt", ".cer", ".der", ".p12", ".pfx", ".p8", ".txt"];
    let one_line = text.len() <= 1024 && !text.contains('\n');
    let lower = text.trim_matches(['"', '\'']).to_ascii_lowercase();
    one_line && ENDINGS.iter().any(|ending| lower.ends_with(ending))
}
