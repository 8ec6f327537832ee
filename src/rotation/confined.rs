//! A journal that was read is somebody's file: what it names is what it stands for, and the files
//! of the new pair are those beside it, whatever paths it holds.

use std::path::{Path, PathBuf};

use crate::credentials::store::FileNames;
use crate::rotation::journal::{Journal, Pair};
use crate::types::plain::is_plain;
use crate::types::{AccountId, CertificateId, is_shortened};

/// The longest path that systems take.
const LONGEST: usize = 4096;

impl Journal {
    /// The journal with the paths of its own folder.
    ///
    /// # Errors
    /// What a member has to be and is not; its value is not quoted.
    pub fn confined(mut self, folder: &Path) -> Result<Self, &'static str> {
        if self.account_id.parse::<AccountId>().is_err() {
            return Err("its member account_id is no account ID");
        }
        if !is_shortened(&self.client_id) {
            return Err("its member client_id is no shortened Client ID");
        }
        let time = self.updated_at.parse::<jiff::Timestamp>();
        if !self.updated_at.is_empty() && time.is_err() {
            return Err("its member updated_at is no time");
        }
        fits(&self.old)?;
        fits(&self.new)?;
        let names = FileNames::default();
        let path = |name: &Path| -> Option<String> {
            let path: PathBuf = folder.join(name);
            Some(path.display().to_string())
        };
        self.new.private_key_file = path(names.key.as_ref());
        self.new.certificate_file = path(names.certificate.as_ref());
        Ok(self)
    }
}

fn fits(pair: &Pair) -> Result<(), &'static str> {
    // Before a certificate is made it has no ID.
    let id = &pair.certificate_id;
    if !id.is_empty() && CertificateId::new(id).is_err() {
        return Err("its member certificate_id is no Certificate ID");
    }
    let files = [&pair.private_key_file, &pair.certificate_file];
    if files.into_iter().flatten().all(|path| path.len() <= LONGEST && is_plain(path)) {
        Ok(())
    } else {
        Err("a path in it is none")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn journal() -> Journal {
        let pair = |name: &[u8]| Pair {
            certificate_id: CertificateId::of_certificate(name).to_string(),
            private_key_file: Some(format!("/elsewhere/{}.pem", name.len())),
            certificate_file: None,
        };
        let names = ("1234567_SB1".to_owned(), "abcd…wxyz".to_owned());
        Journal::new(names, (1042, -5), (pair(b"old"), pair(b"newer")))
    }

    #[test]
    fn the_files_of_the_new_pair_are_those_beside_the_journal() {
        let confined = journal().confined(Path::new("keys")).unwrap();
        let names = FileNames::default();
        let key = Path::new("keys").join(&names.key).display().to_string();
        assert_eq!(confined.new.private_key_file, Some(key));
        assert_eq!(confined.old, journal().old);
    }

    #[test]
    fn what_is_something_else_is_refused() {
        let changes: [fn(&mut Journal); 6] = [
            |journal| journal.account_id = "1/2".to_owned(),
            |journal| journal.client_id = "0123456789".to_owned(),
            |journal| journal.updated_at = "today".to_owned(),
            |journal| journal.old.certificate_id = "$(id)".to_owned(),
            |journal| journal.new.certificate_id = "a".to_owned(),
            |journal| journal.old.private_key_file = Some("a\u{1b}[31m".to_owned()),
        ];
        for change in changes {
            let mut journal = journal();
            change(&mut journal);
            let told = journal.confined(Path::new("")).unwrap_err();
            assert!(told.starts_with("its member") || told.starts_with("a path"), "{told}");
        }
    }
}
