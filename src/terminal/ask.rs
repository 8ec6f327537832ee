//! Asking a person, in a way that Ctrl-C can end.

use std::io::IsTerminal as _;

use tokio::sync::oneshot;

use crate::checks::context::Inputs;
use crate::credentials::input::{Material, Origin};
use crate::credentials::pem::read_material;
use crate::credentials::private_key::{LoadError, load};
use crate::terminal::output::tell;
use crate::terminal::typed;
use crate::types::{Secret, SecretKind};

/// Whether there is somebody to ask.
pub fn is_there() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Asks, and waits for an answer on a thread of its own. Anything but yes is no, and so is nobody
/// to ask.
pub async fn ask(question: &str) -> bool {
    if !is_there() {
        return false;
    }
    tell(question);
    let (sender, receiver) = oneshot::channel();
    std::thread::spawn(move || {
        let yes = typed::line().is_some_and(|line| is_yes(&line));
        // Nobody waits any more when Ctrl-C came first.
        let _ = sender.send(yes);
    });
    receiver.await.unwrap_or(false)
}

/// The same where nothing else goes on meanwhile.
#[must_use]
pub fn yes(question: &str) -> bool {
    if !is_there() {
        return false;
    }
    tell(question);
    typed::line().is_some_and(|line| is_yes(&line))
}

fn is_yes(line: &str) -> bool {
    matches!(line.trim().to_ascii_lowercase().as_str(), "y" | "yes")
}

/// Asks on the terminal when the key needs a passphrase and none was given. Without a terminal, or
/// with an empty answer, the inputs stay as they are and the check says what to do.
pub fn ask_if_needed(inputs: &mut Inputs) {
    if std::io::stderr().is_terminal() {
        fill_if_needed(inputs, passphrase);
    }
}

/// The same with another way to ask.
pub fn fill_if_needed(inputs: &mut Inputs, ask: impl FnOnce(&Origin) -> Option<Secret>) {
    let Some(key) = &inputs.private_key else { return };
    if inputs.passphrase.is_some() || !needed(key) {
        return;
    }
    if let Some(bytes) = ask(&key.origin) {
        inputs.passphrase = Some(Material { bytes, origin: Origin::Stdin, too_large: false });
    }
}

/// Asks on the terminal for the passphrase of a key. None without a terminal, or with an empty
/// answer.
pub fn passphrase(of: &Origin) -> Option<Secret> {
    if !std::io::stderr().is_terminal() {
        return None;
    }
    let prompt = format!("Passphrase for the private key ({of}): ");
    let answer = rpassword::prompt_password(prompt).ok().filter(|answer| !answer.is_empty())?;
    Some(Secret::new(SecretKind::Passphrase, answer))
}

fn needed(key: &Material) -> bool {
    matches!(load(&read_material(key), None, |_| true), Err(LoadError::PassphraseMissing(_)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use openssl::ec::{EcGroup, EcKey};
    use openssl::nid::Nid;
    use openssl::pkey::PKey;
    use openssl::symm::Cipher;

    #[test]
    fn only_yes_is_yes() {
        assert!(is_yes("y\n") && is_yes(" YES\r\n"));
        for other in ["", "\n", "n", "yep", "yes please", "да"] {
            assert!(!is_yes(other), "{other:?}");
        }
    }

    #[test]
    fn only_an_encrypted_key_needs_one() {
        let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
        let key = PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap();
        let material = |pem: Vec<u8>| Material {
            bytes: Secret::new(SecretKind::PrivateKey, pem),
            origin: Origin::Stdin,
            too_large: false,
        };
        let encrypted = key.private_key_to_pem_pkcs8_passphrase(Cipher::aes_256_cbc(), b"secret");
        assert!(needed(&material(encrypted.unwrap())));
        assert!(!needed(&material(key.private_key_to_pem_pkcs8().unwrap())));
        assert!(!needed(&material(b"nothing".to_vec())));
    }
}
