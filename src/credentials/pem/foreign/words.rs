//! Texts without a key or certificate in them that can be read.

use super::super::thing::GivenThing;
use super::unwrap::is_secret_in_yaml;

/// What a text without any BEGIN or END line is.
pub(in crate::credentials::pem) fn name_text(text: &str) -> GivenThing {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return GivenThing::Blank;
    }
    if let Some(thing) = document(trimmed).or_else(|| stand_in(trimmed)) {
        return thing;
    }
    let head = trimmed.get(..trimmed.floor_char_boundary(512)).unwrap_or(trimmed);
    let lower = head.to_ascii_lowercase();
    if lower.starts_with("putty-user-key-file") {
        GivenThing::PuttyKey
    } else if ["ssh-rsa ", "ssh-ed25519 ", "ssh-dss ", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"]
        .iter()
        .any(|prefix| lower.starts_with(prefix))
    {
        GivenThing::SshPublicKey
    } else if lower.contains("keyvalue") && lower.contains('<') {
        xml(trimmed)
    } else if trimmed.starts_with(['{', '[']) {
        json(trimmed)
    } else if is_jwt(trimmed) {
        GivenThing::Jwt
    } else if let Some(thing) = of_another_program(trimmed) {
        thing
    } else if trimmed.len() >= 32 && trimmed.bytes().all(|b| b.is_ascii_hexdigit()) {
        GivenThing::HexToken
    } else if is_path(trimmed) {
        GivenThing::Path
    } else {
        GivenThing::Text
    }
}

/// A document that shows text to people, with or without a key in that text.
pub(in crate::credentials::pem) fn document(text: &str) -> Option<GivenThing> {
    let trimmed = text.trim_start();
    let head = trimmed.get(..trimmed.floor_char_boundary(512)).unwrap_or(trimmed);
    let lower = head.to_ascii_lowercase();
    if lower.starts_with("{\\rtf") {
        Some(GivenThing::Rtf)
    } else if lower.starts_with("%pdf-") {
        Some(GivenThing::Pdf)
    } else if lower.starts_with("<!doctype html") || lower.contains("<html") {
        Some(GivenThing::Html)
    } else {
        None
    }
}

/// A text of one line that stands for a secret and is none.
fn stand_in(text: &str) -> Option<GivenThing> {
    if text.starts_with("version https://git-lfs.github.com/spec/") {
        return Some(GivenThing::GitLfsPointer);
    }
    let bare = text.trim_matches(['"', '\'', '`']).trim();
    // Also where the name of the variable stands before it.
    let value = match bare.split_once(['=', ':']) {
        Some((name, value)) if is_name(name) && !value.starts_with("//") => {
            value.trim().trim_matches(['"', '\'', '`'])
        }
        _ => bare,
    };
    if bare.contains('\n') || bare.len() > 512 {
        return None;
    }
    [bare, value].into_iter().find_map(|text| {
        if is_mask(text) {
            Some(GivenThing::Masked)
        } else if is_reference(text) {
            Some(GivenThing::Reference)
        } else if is_placeholder(text) {
            Some(GivenThing::Placeholder)
        } else {
            None
        }
    })
}

fn is_name(text: &str) -> bool {
    let text = text.trim().trim_start_matches("export ");
    !text.is_empty()
        && text.len() <= 128
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
}

/// What logs, pages and consoles show in place of a secret.
fn is_mask(text: &str) -> bool {
    const WORDS: [&str; 13] = [
        "redacted",
        "masked",
        "hidden",
        "secret",
        "secure",
        "filtered",
        "removed",
        "sensitive",
        "sensitive value",
        "known after apply",
        "concealed by 1password",
        "not shown",
        "private key hidden",
    ];
    let dots = |c: char| matches!(c, '*' | '•' | '●' | '·' | '∙' | '\u{2026}');
    if text.chars().count() >= 3 && text.chars().all(dots) {
        return true;
    }
    let inner = text.trim_matches(['<', '>', '[', ']', '(', ')', '*']);
    inner.len() < text.len() && WORDS.iter().any(|word| inner.eq_ignore_ascii_case(word))
}

/// An address inside a secret store, which a program should have asked for the secret.
fn is_reference(text: &str) -> bool {
    const BEGINNINGS: [&str; 30] = [
        "op://",
        "arn:aws",
        "arn:",
        "vault:",
        "vault://",
        "hashivault://",
        "ref+",
        "secret://",
        "secrets://",
        "secretref:",
        "secretmanager://",
        "secretsmanager:",
        "gcp-secret:",
        "gcpsecretmanager:",
        "sm://",
        "awssm://",
        "aws-secretsmanager:",
        "ssm://",
        "ssm:/",
        "aws-ssm:",
        "akv://",
        "keyvault://",
        "azurekeyvault://",
        "@microsoft.keyvault(",
        "{{resolve:",
        "bws://",
        "bw://",
        "doppler://",
        "infisical://",
        "keeper://",
    ];
    let lower = text.to_ascii_lowercase();
    let google = lower.starts_with("projects/") && lower.contains("/secrets/");
    let azure = lower.starts_with("https://") && lower.contains(".vault.azure.net/");
    google || azure || BEGINNINGS.iter().any(|beginning| lower.starts_with(beginning))
}

/// The name of a variable where its value belongs.
fn is_placeholder(text: &str) -> bool {
    let name = |inner: &str, more: &str| {
        let inner = inner.trim();
        !inner.is_empty()
            && inner.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || more.contains(c))
    };
    const PATH: &str = " .-[]'\":/|(),";
    const AROUND: [(&str, &str); 12] = [
        ("${{", "}}"),
        ("{{{", "}}}"),
        ("{{", "}}"),
        ("<%=", "%>"),
        ("${", "}"),
        ("#{", "}#"),
        ("#{", "}"),
        ("$(", ")"),
        ("$[", "]"),
        ("@@", "@@"),
        ("__", "__"),
        ("<", ">"),
    ];
    let between = |(open, close): &(&str, &str)| {
        let inner = text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
        inner.is_some_and(|inner| name(inner, PATH))
    };
    let variable = ["$env:", "$Env:", "$ENV:", "$secrets.", "secrets.", "env.", "$"]
        .iter()
        .find_map(|beginning| text.strip_prefix(beginning))
        .is_some_and(|rest| name(rest, "."));
    let percent = text.strip_prefix('%').and_then(|rest| rest.strip_suffix('%'));
    AROUND.iter().any(between) || variable || percent.is_some_and(|inner| name(inner, ""))
}

/// Texts that other programs write.
fn of_another_program(text: &str) -> Option<GivenThing> {
    let starts = |line: &str| text.lines().any(|own| own.trim_start().starts_with(line));
    if text.starts_with("$ANSIBLE_VAULT;") || starts("$ANSIBLE_VAULT;") {
        return Some(GivenThing::AnsibleVault);
    }
    if starts("AGE-SECRET-KEY-1") || starts("AGE-PLUGIN-") {
        return Some(GivenThing::AgeIdentity);
    }
    if text.starts_with("age1") && text.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Some(GivenThing::AgeRecipient);
    }
    if text.contains("ENC[AES256_GCM,") {
        return Some(GivenThing::SopsFile);
    }
    if is_secret_in_yaml(text) || starts("kind: Secret") || starts("kind: SealedSecret") {
        return Some(GivenThing::KubernetesSecret);
    }
    if text.contains("Private-Key: (") || text.contains("privateExponent:") || starts("priv:") {
        return Some(GivenThing::PrintedKey);
    }
    if starts("Certificate:") && text.contains("Serial Number:") {
        return Some(GivenThing::PrintedCertificate);
    }
    // The salted form of openssl enc, and the protected text of PowerShell, in base64 and hexadecimal.
    if text.starts_with("U2FsdGVkX1") {
        return Some(GivenThing::OpensslEncryptedFile);
    }
    if text.to_ascii_lowercase().starts_with("01000000d08c9ddf0115d111") {
        return Some(GivenThing::DpapiBlob);
    }
    is_dump(text).then_some(GivenThing::HexDump)
}

/// Lines of an offset and bytes, as `xxd`, `hexdump` and `od` print them.
fn is_dump(text: &str) -> bool {
    let line = |line: &str| {
        let mut words = line.split_whitespace();
        let offset = words.next().unwrap_or_default().trim_end_matches(':');
        let bytes = words.take(4).collect::<Vec<_>>();
        let hex = |word: &&str| word.bytes().all(|b| b.is_ascii_hexdigit());
        (4..=16).contains(&offset.len())
            && hex(&offset)
            && bytes.len() >= 2
            && bytes.iter().take(2).all(|word| hex(word) && matches!(word.len(), 2 | 3 | 4 | 6 | 8))
    };
    let mut lines = text.lines();
    lines.next().is_some_and(line)
        && lines.next().is_none_or(|second| line(second) || second.len() < 20)
}

/// Private keys in the forms of XML name their private numbers.
fn xml(text: &str) -> GivenThing {
    let private = ["<D>", "<P>", "<InverseQ>", "<X>", "<PrivateKey>"];
    if private.iter().any(|name| text.contains(name)) && !text.contains("<X Value") {
        GivenThing::XmlKey
    } else {
        GivenThing::XmlPublicKey
    }
}

fn json(text: &str) -> GivenThing {
    let value = serde_json::from_str::<serde_json::Value>(text);
    // A key set is an object with keys inside; the member name alone tells.
    if text.contains("\"kty\"") {
        return match value {
            Ok(value) if !holds_private_member(&value) => GivenThing::JwkPublic,
            _ => GivenThing::Jwk,
        };
    }
    match value {
        Ok(value) if is_kubernetes_secret(&value) => GivenThing::KubernetesSecret,
        Ok(_) if text.contains("ENC[AES256_GCM,") => GivenThing::SopsFile,
        Ok(_) => GivenThing::Json,
        Err(_) => GivenThing::Text,
    }
}

/// Whether a document of Kubernetes is a Secret, or a list with one.
pub(super) fn is_kubernetes_secret(value: &serde_json::Value) -> bool {
    let kind = value.get("kind").and_then(serde_json::Value::as_str);
    let items = value.get("items").and_then(serde_json::Value::as_array);
    matches!(kind, Some("Secret" | "SealedSecret"))
        || items.is_some_and(|items| items.iter().any(is_kubernetes_secret))
}

/// Whether a JSON Web Key, or one in a set, has its private number (RFC 7518): `d`, or `k` of a
/// symmetric key.
fn holds_private_member(value: &serde_json::Value) -> bool {
    match value {
        serde_json::Value::Object(members) => {
            members.contains_key("d")
                || members.contains_key("k")
                || members.values().any(holds_private_member)
        }
        serde_json::Value::Array(items) => items.iter().any(holds_private_member),
        _ => false,
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
