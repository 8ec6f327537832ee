//! What there is to do after each end of a `certificates` command: data, not code.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::checks::cards::Guidance;
use crate::data;

macro_rules! findings {
    ($($name:ident = $id:literal),+ $(,)?) => {
        /// How a command ended; `checks/shared/certificates.toml` says what that means.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Finding { $($name),+ }

        impl Finding {
            /// Every one of them.
            #[cfg(test)]
            const ALL: &[Self] = &[$(Self::$name),+];

            /// Its name, in the file and in JSON.
            pub fn id(self) -> &'static str {
                match self { $(Self::$name => $id),+ }
            }
        }
    };
}

findings! {
    NoToken = "no-token",
    NotPermitted = "not-permitted",
    ListUnavailable = "list-unavailable",
    Listed = "listed",
    NoRoom = "no-room",
    NotReady = "certificate-not-ready",
    NotMapped = "not-mapped",
    UploadRefused = "upload-refused",
    UploadUndecided = "upload-undecided",
    NotRegistered = "not-registered",
    Registered = "registered",
    OtherId = "other-certificate-id",
    AlreadyRegistered = "already-registered",
    RevokedBefore = "revoked-before",
    InUse = "in-use",
    LastActive = "last-active",
    NotListed = "not-listed",
    RevokeRefused = "revoke-refused",
    RevokeUndecided = "revoke-undecided",
    NotRevoked = "not-revoked",
    Revoked = "revoked",
    AlreadyRevoked = "already-revoked",
    Declined = "declined",
    KeyNotMade = "key-not-made",
    NotProved = "not-proved",
    OtherRole = "other-role",
    Proved = "proved",
    Rotated = "rotated",
    Interrupted = "interrupted",
    NothingChanged = "interrupted-before-any-change",
    JournalUnwritable = "journal-unwritable",
    FilesChanged = "files-changed",
}

static GUIDANCE: LazyLock<BTreeMap<String, Guidance>> =
    LazyLock::new(|| data::read("shared/certificates.toml"));

/// The guidance by finding.
pub(crate) fn guidance() -> &'static BTreeMap<String, Guidance> {
    &GUIDANCE
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::handbook;

    #[test]
    fn every_end_has_guidance_and_every_guidance_an_end() {
        let guidance = guidance();
        let ids: Vec<&str> = Finding::ALL.iter().map(|finding| finding.id()).collect();
        for id in &ids {
            assert!(guidance.contains_key(*id), "{id} has no guidance");
        }
        for id in guidance.keys() {
            assert!(ids.contains(&id.as_str()), "{id} is never found");
        }
    }

    #[test]
    fn pages_exist() {
        let handbook = handbook();
        for (id, entry) in guidance() {
            for page in entry.fix.iter().filter_map(|step| step.page.as_deref()) {
                assert!(handbook.page(page).is_some(), "{id} names the page {page}");
            }
        }
    }
}
