//! Certificates between the browser and this machine: one that is dropped on the page becomes a
//! file, and the one of the set-up can be saved where the browser is. Never a private key.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::extract::{Extension, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::desk::{At, Heard};
use super::gate::{Refusal, only};
use super::guard::Posted;
use super::pages::refused;
use super::walked::{Walked, plain};
use crate::credentials::clean::{self, Clean, certificates};
use crate::credentials::input::{Material, Origin, read_file};
use crate::credentials::replace::holds_private_key;
use crate::credentials::store::make_directory;
use crate::setup::{Field, Response as Said};
use crate::types::{Secret, SecretKind};

/// For which view a script sends a file.
const NUMBER: HeaderName = HeaderName::from_static("x-number");
/// The most names that are tried.
const MOST_NAMES: usize = 1000;

/// Why a dropped file is not taken.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
enum NotTaken {
    #[error("That file holds a private key, and was thrown away. Drop the certificate alone.")]
    Key,
    #[error("That file holds no certificate ({0}).")]
    Nothing(String),
    #[error("That file holds {0} certificates. Drop the one that belongs to the key.")]
    Many(usize),
    #[error("The certificate cannot be kept: {0}")]
    Unwritten(String),
}

/// The certificate that was dropped, in its clean form.
fn dropped(bytes: Vec<u8>) -> Result<Clean, NotTaken> {
    if holds_private_key(&bytes) {
        return Err(NotTaken::Key);
    }
    let material = Material {
        bytes: Secret::new(SecretKind::PrivateKey, bytes),
        origin: Origin::Stdin,
        too_large: false,
    };
    let nothing = |refused: clean::Refused| NotTaken::Nothing(refused.why.to_string());
    let mut found = certificates(&material, None, None).map_err(nothing)?;
    if found.len() > 1 {
        return Err(NotTaken::Many(found.len()));
    }
    let only = found.pop().ok_or(NotTaken::Many(0))?;
    let pem = only.to_pem().map_err(|error| NotTaken::Unwritten(error.to_string()))?;
    Ok(Clean::Certificate { certificate: Box::new(only), others: 0, pem: pem.into_bytes() })
}

/// Writes it as a new file in the folder.
fn keep(clean: &Clean, folder: &Path) -> Result<PathBuf, NotTaken> {
    let failed = |error: &dyn std::fmt::Display| NotTaken::Unwritten(error.to_string());
    make_directory(folder).map_err(|error| failed(&error))?;
    let named = |number: usize| match number {
        1 => folder.join("certificate.pem"),
        _ => folder.join(format!("certificate-{number}.pem")),
    };
    let free = |path: &PathBuf| path.symlink_metadata().is_err();
    let path = (1..=MOST_NAMES).map(named).find(free).unwrap_or_else(|| named(1));
    clean::write(clean, &path).map_err(|error| failed(&error))?;
    Ok(path)
}

pub(super) async fn drop_file(
    State(walked): State<Arc<Walked>>,
    headers: HeaderMap,
    Extension(posted): Extension<Posted>,
) -> Response {
    let number = only(&headers, &NUMBER).and_then(|number| number.parse().ok());
    let view = walked.window.now();
    let asked = matches!(view.at, At::Question(Field::Certificate)) && number == Some(view.number);
    let (true, Some(file)) = (asked, posted.file) else {
        return plain(
            StatusCode::CONFLICT,
            "No certificate is asked for now. Load the page again.",
        );
    };
    match dropped(file.to_vec()).and_then(|clean| keep(&clean, &walked.about.pairs)) {
        Ok(path) => {
            // Quoted, so that it is taken as it stands.
            let answer = Said::Answer(format!("'{}'", path.display()));
            let said = walked.window.say(view.number, Heard::Answer(answer)).await;
            plain(if said { StatusCode::OK } else { StatusCode::CONFLICT }, "")
        }
        Err(why) => plain(StatusCode::UNPROCESSABLE_ENTITY, &why.to_string()),
    }
}

/// The certificate of the set-up, and of its file nothing else.
pub(super) async fn certificate(State(walked): State<Arc<Walked>>) -> Response {
    let view = walked.window.now();
    let draft = view.walk.draft();
    let pem = draft.certificate.as_deref().and_then(pem_of);
    let Some(pem) = pem else { return refused::page(Refusal::Missing) };
    let headers = [
        (header::CONTENT_TYPE, "application/x-pem-file"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"certificate.pem\""),
    ];
    (headers, pem).into_response()
}

fn pem_of(path: &Path) -> Option<String> {
    let material = read_file(path, "the certificate", SecretKind::PrivateKey).ok()?;
    let found = certificates(&material, None, None).ok()?;
    found.first()?.to_pem().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credentials::certificate::samples::Sample;

    fn fixture(name: &str) -> Vec<u8> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/keys").join(name);
        std::fs::read(path).unwrap()
    }

    #[test]
    fn a_dropped_certificate_becomes_a_new_file() {
        let folder = tempfile::tempdir().unwrap();
        let keys = folder.path().join("keys");
        let clean = dropped(fixture("ec-p256.certificate.pem")).unwrap();
        let first = keep(&clean, &keys).unwrap();
        let second = keep(&clean, &keys).unwrap();
        assert_eq!(second, keys.join("certificate-2.pem"));
        assert_eq!(std::fs::read(first).unwrap(), std::fs::read(second).unwrap());
    }

    #[test]
    fn a_key_is_thrown_away_and_so_is_what_is_no_certificate() {
        let (key, certificate) = (fixture("ec-p256.pem"), fixture("ec-p256.certificate.pem"));
        let both = [certificate.clone(), key.clone()].concat();
        for bytes in [key, both] {
            assert_eq!(dropped(bytes).unwrap_err(), NotTaken::Key);
        }
        assert!(matches!(dropped(b"nothing".to_vec()), Err(NotTaken::Nothing(_))));
        let other = Sample::default().certificate().to_pem().unwrap().into_bytes();
        let two = dropped([certificate, other].concat()).unwrap_err();
        assert_eq!(two, NotTaken::Many(2));
    }

    #[test]
    fn of_a_file_only_the_certificate_is_given_out() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("both.pem");
        let both = [fixture("ec-p256.pem"), fixture("ec-p256.certificate.pem")].concat();
        std::fs::write(&path, both).unwrap();
        let pem = pem_of(&path).unwrap();
        assert!(pem.starts_with("-----BEGIN CERTIFICATE-----") && !pem.contains("PRIVATE"));
        assert!(pem_of(&folder.path().join("none.pem")).is_none());
        assert!(pem_of(folder.path()).is_none());
    }
}
