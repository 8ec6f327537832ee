//! The hand-over sheet after a rotation: two of the integration's values are new.

use std::io::IsTerminal as _;
use std::path::Path;

use jiff::Timestamp;

use crate::checks::context::Inputs;
use crate::credentials::replace::ReadFiles;
use crate::netsuite::profiles::Profile;
use crate::rotation::journal::{Journal, RotationStep};
use crate::setup::sheet::{Proof, Sheet};
use crate::setup::store::Draft;
use crate::terminal::output::{Destination, note, style, tell};
use crate::types::shown::shown_path;

/// The values that stay, and whose form they go into.
pub(super) struct Standing {
    draft: Draft,
    profile: Option<Profile>,
}

/// The values of a run that stay as they are.
pub(super) fn values(inputs: &Inputs) -> Standing {
    let draft = Draft {
        account_id: inputs.account_id.as_ref().map(|given| given.value.clone()),
        client_id: inputs.client_id.as_ref().map(|given| given.value.clone()),
        ..Draft::default()
    };
    Standing { draft, profile: inputs.profile.clone() }
}

/// The name of the file, beside the new pair.
const FILE: &str = "netsuite-hand-over.txt";

/// Writes the sheet beside the new pair, and shows it to a person, once NetSuite issued a token for
/// the new key. Before that the old values hold.
pub(super) fn give(standing: Standing, journal: &Journal, directory: &Path, at: Timestamp) {
    let proved = [RotationStep::Proved, RotationStep::RevokeSent, RotationStep::OldRevoked];
    if !proved.contains(&journal.step) {
        return;
    }
    let draft = Draft {
        certificate_id: Some(journal.new.certificate_id.clone()),
        private_key: journal.new.private_key_file.as_ref().map(Into::into),
        ..standing.draft
    };
    let sheet = Sheet::of(&draft, standing.profile.as_ref(), Proof::of_rotation(at));
    let path = directory.join(FILE);
    let place = Destination::file("--out", &path, &ReadFiles::default());
    if let Err(error) = place.write(&sheet.whole(style(&place))) {
        note(&format!("the hand-over sheet: {error}"));
    } else if std::io::stderr().is_terminal() {
        let shown = sheet.short(style(&Destination::Stdout));
        tell(&format!("\n{shown}\n  Written to {}\n\n", shown_path(&path)));
    }
}
