//! What a person types or pastes, and what takes secrets out of texts.

use super::run;
use crate::credentials::identifiers::{read_account_id, read_certificate_id, read_token};
use crate::types::scrub::MARK;
use crate::types::{AccountId, CertificateId, RecordRequest, Scrubber, Secret, SecretKind, shell};

#[test]
fn identifier() {
    let words = ["https://", ".app.netsuite.com", "_SB1", "system.", "…", "%20", "c=", "TSTDRV"];
    run("identifier", &words, |bytes| {
        let text = String::from_utf8_lossy(bytes);
        if let Ok(read) = read_account_id(&text) {
            assert_eq!(read.id.account().parse::<AccountId>(), Ok(read.id));
        }
        if let Ok(read) = read_certificate_id(&text) {
            assert_eq!(CertificateId::new(read.id.as_str()), Ok(read.id));
        }
        let _ = read_token(&text);
        match text.parse::<RecordRequest>() {
            Ok(request) => assert_eq!(request.to_string().parse(), Ok(request)),
            Err(error) => assert!(!error.to_string().is_empty()),
        }
        if let Some(word) = shell::word(&text) {
            assert_eq!(shlex::split(&format!("a {word}")).unwrap(), ["a", &text]);
        }
    });
}

#[test]
fn scrubber() {
    let secret = "Zq8-s3cret_v4lue.for~the/scrubber+alone";
    run("scrubber", &[secret, "Bearer ", "%2F", MARK], |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let scrubber = Scrubber::default();
        scrubber.learn(&Secret::new(SecretKind::ClientSecret, secret));
        let (clean, count) = scrubber.scrub(&text);
        assert!(!clean.contains(secret));
        assert_eq!(count == 0, *clean == *text, "a change is counted");
    });
}
