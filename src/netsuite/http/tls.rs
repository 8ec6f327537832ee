//! What the TLS library found wrong, by its codes. No text of it is read to decide: the same fault has
//! the same name on every system and in every language.

use rustls::{AlertDescription, CertificateError, Error, InvalidMessage, PeerIncompatible};

use crate::netsuite::answer::TlsFault;

/// The fault that an error of a handshake stands for.
pub(super) fn fault(error: &Error) -> TlsFault {
    match error {
        Error::InvalidCertificate(error) => certificate(error),
        Error::PeerIncompatible(
            PeerIncompatible::ServerDoesNotSupportTls12Or13
            | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig,
        )
        | Error::AlertReceived(AlertDescription::ProtocolVersion) => TlsFault::OldProtocol,
        // A record begins with its type, its version and its length. What does not is no TLS.
        Error::InvalidMessage(
            InvalidMessage::InvalidContentType
            | InvalidMessage::UnknownProtocolVersion
            | InvalidMessage::MessageTooLarge,
        )
        | Error::PeerSentOversizedRecord => TlsFault::NotTls,
        other => TlsFault::Protocol(shown(other)),
    }
}

fn certificate(error: &CertificateError) -> TlsFault {
    use CertificateError as Wrong;
    match error {
        Wrong::UnknownIssuer => TlsFault::UntrustedIssuer,
        Wrong::NotValidForName | Wrong::NotValidForNameContext { .. } => TlsFault::WrongHost,
        Wrong::Expired | Wrong::ExpiredContext { .. } => TlsFault::Expired,
        Wrong::NotValidYet | Wrong::NotValidYetContext { .. } => TlsFault::NotYetValid,
        Wrong::Revoked => TlsFault::Revoked,
        other => TlsFault::BadCertificate(shown(other)),
    }
}

/// The library's own words, for the report only.
fn shown(error: &impl ToString) -> String {
    error.to_string().chars().filter(|c| !c.is_control()).take(120).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use rustls::OtherError;
    use rustls::pki_types::{ServerName, UnixTime};

    use super::*;

    fn of(error: CertificateError) -> TlsFault {
        fault(&Error::InvalidCertificate(error))
    }

    #[test]
    fn a_certificate_is_judged_by_the_code_with_and_without_its_context() {
        let time = UnixTime::since_unix_epoch(Duration::from_secs(1_795_464_000));
        let expected = ServerName::try_from("1234567.suitetalk.api.netsuite.com").unwrap();
        let presented = vec!["captive-portal.example".to_owned()];
        for (error, fault) in [
            (CertificateError::UnknownIssuer, TlsFault::UntrustedIssuer),
            (CertificateError::Expired, TlsFault::Expired),
            (CertificateError::ExpiredContext { time, not_after: time }, TlsFault::Expired),
            (CertificateError::NotValidYet, TlsFault::NotYetValid),
            (
                CertificateError::NotValidYetContext { time, not_before: time },
                TlsFault::NotYetValid,
            ),
            (CertificateError::NotValidForName, TlsFault::WrongHost),
            (CertificateError::NotValidForNameContext { expected, presented }, TlsFault::WrongHost),
            (CertificateError::Revoked, TlsFault::Revoked),
        ] {
            assert_eq!(of(error.clone()), fault, "{error:?}");
        }
    }

    /// A Windows in German says so; what decides is that it is none of the known codes.
    #[test]
    fn a_text_decides_nothing() {
        for text in ["Das Zertifikat ist abgelaufen", "certificate has expired", "self-signed"] {
            let other = OtherError(Arc::new(std::io::Error::other(text)));
            let fault = of(CertificateError::Other(other));
            assert!(matches!(fault, TlsFault::BadCertificate(_)), "{fault:?}");
        }
        assert!(matches!(of(CertificateError::BadEncoding), TlsFault::BadCertificate(_)));
    }

    #[test]
    fn old_versions_other_languages_and_the_rest() {
        let old = [
            Error::AlertReceived(AlertDescription::ProtocolVersion),
            Error::PeerIncompatible(PeerIncompatible::ServerDoesNotSupportTls12Or13),
            Error::PeerIncompatible(PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig),
        ];
        assert!(old.iter().all(|error| fault(error) == TlsFault::OldProtocol));
        let no_tls = Error::InvalidMessage(InvalidMessage::InvalidContentType);
        assert_eq!(fault(&no_tls), TlsFault::NotTls);
        let alert = Error::AlertReceived(AlertDescription::HandshakeFailure);
        assert_eq!(
            fault(&alert),
            TlsFault::Protocol("received fatal alert: HandshakeFailure".into())
        );
    }

    #[test]
    fn what_the_other_side_can_influence_is_short_and_plain() {
        let long = OtherError(Arc::new(std::io::Error::other("\u{1b}[2J\n".repeat(200))));
        let TlsFault::BadCertificate(text) = of(CertificateError::Other(long)) else { panic!() };
        assert!(text.chars().count() <= 120 && !text.chars().any(char::is_control), "{text}");
    }
}
