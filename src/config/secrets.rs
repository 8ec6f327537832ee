//! Secrets that somebody wrote into the file. They are named, never quoted.

use super::keys;
use crate::types::key_text::holds_key;

/// Why a value must not stand in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretHere {
    /// The key names a secret.
    Named {
        /// The key that belongs there instead, where there is one.
        instead: Option<&'static str>,
    },
    /// The value is the text of a key or certificate.
    KeyText,
}

/// Words in the name of a key that holds a secret.
const WORDS: &[&str] = &["secret", "passphrase", "password", "passwd", "token", "pem"];

/// Whether a key by its name holds a secret.
pub(super) fn by_name(key: &str) -> Option<SecretHere> {
    if keys::find(key).is_some() {
        return None;
    }
    let plain = key.to_lowercase().replace('-', "_");
    WORDS.iter().any(|word| plain.contains(word)).then(|| {
        let instead = match plain.as_str() {
            _ if plain.contains("pem") || plain.contains("key_text") => Some("private_key"),
            _ if plain.contains("secret") => Some("client_secret_file"),
            _ if plain.contains("token") => None,
            _ => Some("passphrase_file"),
        };
        SecretHere::Named { instead }
    })
}

/// Whether a value is the text of a key, in any form, or has several lines.
pub(super) fn by_value(text: &str) -> Option<SecretHere> {
    let one_line = !text.trim_end().contains(['\n', '\r']);
    (text.contains("-----") || !one_line || holds_key(text)).then_some(SecretHere::KeyText)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets() {
        for (key, instead) in [
            ("client_secret", Some("client_secret_file")),
            ("Client-Secret", Some("client_secret_file")),
            ("passphrase", Some("passphrase_file")),
            ("private_key_passphrase", Some("passphrase_file")),
            ("password", Some("passphrase_file")),
            ("private_key_pem", Some("private_key")),
            ("access_token", None),
        ] {
            assert_eq!(by_name(key), Some(SecretHere::Named { instead }), "{key}");
        }
        for key in keys::KEYS {
            assert_eq!(by_name(key.0), None, "{}", key.0);
        }
        assert_eq!(by_name("acount_id"), None);
    }

    #[test]
    fn texts_of_keys() {
        let bare = format!("MIGHAgEAMBMG{}", "A+/z".repeat(30));
        for text in ["-----BEGIN PRIVATE KEY-----", "one\ntwo", &bare] {
            assert_eq!(by_value(text), Some(SecretHere::KeyText), "{text}");
        }
        for text in ["keys/private-key.pem", "C:\\keys\\private.pem", "MINE.pem", "customer:edit"] {
            assert_eq!(by_value(text), None, "{text}");
        }
    }
}
