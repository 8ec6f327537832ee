//! An emulated account with credentials on disk, and the arguments that point the program at it.

use std::path::PathBuf;

use netsuite_preflight::door::Clock;
use netsuite_preflight::door::{ClientInputs, Prepared, scenario};
use netsuite_preflight::door::{Emulator, ThreadedEmulator};
use tempfile::TempDir;

use super::files::make_private;

/// A running emulator and its client. Dropping it fails the test if nobody ever called, unless the
/// scenario may be one in which nobody can.
pub struct Emulated {
    may_be_idle: bool,
    pub emulator: ThreadedEmulator,
    pub client: ClientInputs,
    folder: TempDir,
}

impl Emulated {
    /// The scenario of that name.
    pub fn scenario(name: &str) -> Self {
        Self::changed(name, |_| {})
    }

    /// The scenario of that name, which may be one whose fault lies before the first request.
    pub fn reached_or_not(name: &str) -> Self {
        let mut this = Self::scenario(name);
        this.may_be_idle = true;
        this
    }

    /// The scenario of that name with some switches set otherwise.
    pub fn switched(name: &str, switches: &[(&str, &str)]) -> Self {
        Self::changed(name, |prepared| {
            for (switch, value) in switches {
                prepared.options.switches.set(switch, value).unwrap();
            }
        })
    }

    /// The scenario of that name with something changed before it starts.
    pub fn changed(name: &str, change: impl FnOnce(&mut Prepared)) -> Self {
        let mut prepared = scenario::find(name).unwrap().prepare(&Clock::system()).unwrap();
        change(&mut prepared);
        let emulator = Emulator::spawn_thread(prepared.account, prepared.options).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let client = prepared.client;
        let this = Self { may_be_idle: false, emulator, client, folder };
        this.write("ca.pem", this.emulator.ca_pem());
        this.write("private-key.pem", this.client.private_key.expose());
        if let Some(pem) = &this.client.certificate {
            this.write("certificate.pem", pem);
        }
        this
    }

    /// Ends it where nobody called, and nobody was to.
    #[cfg(unix)]
    pub fn left_alone(mut self) {
        self.may_be_idle = true;
    }

    /// A file beside the credentials, readable by its owner alone.
    pub fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, bytes).unwrap();
        make_private(&path);
        path
    }

    /// The path of a file beside the credentials.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The table of a target of this account in a configuration file.
    pub fn target(&self, name: &str) -> String {
        let client = &self.client;
        format!(
            "[targets.{name}]\naccount_id = '{}'\nclient_id = '{}'\ncertificate_id = '{}'\n",
            client.account_id, client.client_id, client.certificate_id
        )
    }

    /// What all targets of this account share, in a file that lies beside the credentials.
    pub fn defaults(&self) -> String {
        let certificate = match self.client.certificate {
            Some(_) => "certificate = 'certificate.pem'\n",
            None => "",
        };
        format!(
            "[defaults]\nprivate_key = 'private-key.pem'\n{certificate}\
             ca_file = 'ca.pem'\nconnect_to = '{}'\n",
            self.emulator.addr()
        )
    }

    /// Arguments that name the account and how to reach it, without key and certificate.
    pub fn account_args(&self) -> Vec<String> {
        vec![
            format!("--account-id={}", self.client.account_id),
            format!("--client-id={}", self.client.client_id),
            format!("--certificate-id={}", self.client.certificate_id),
            format!("--connect-to={}", self.emulator.addr()),
            format!("--ca-file={}", self.path("ca.pem").display()),
        ]
    }

    /// All arguments of `check` for this client.
    pub fn check_args(&self) -> Vec<String> {
        let mut args = vec!["check".to_owned()];
        args.extend(self.account_args());
        args.push(format!("--private-key={}", self.path("private-key.pem").display()));
        if self.client.certificate.is_some() {
            args.push(format!("--certificate={}", self.path("certificate.pem").display()));
        }
        args
    }
}

impl Drop for Emulated {
    fn drop(&mut self) {
        if !self.may_be_idle && !std::thread::panicking() {
            let calls = self.emulator.log().entries().len();
            assert!(calls > 0, "the emulator was set up and never called");
        }
    }
}
