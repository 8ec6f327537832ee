//! Files that a run left behind when it was killed while it wrote.

use std::path::Path;

use crate::credentials::store::{LeftOver, left_over};
use crate::terminal::output::note;
use crate::types::shell;

/// Names what earlier runs left half made in a directory, each with the command that deletes it.
pub fn tell(directory: &Path) {
    for found in left_over(directory) {
        note(&words(&found));
    }
}

fn words(found: &LeftOver) -> String {
    let path = found.path.display();
    let what = if found.holds_key { "a half-made key" } else { "a half-written file" };
    format!(
        "{path} holds {what} from an earlier run that was interrupted; unless another run is at \
         work in this directory, delete it: {}",
        delete(&path.to_string())
    )
}

/// The command of this system that deletes a file.
fn delete(path: &str) -> String {
    let command = if cfg!(windows) { "del" } else { "rm --" };
    format!("{command} {}", shell::word(path).unwrap_or("FILE".into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_half_made_key_is_named_with_the_command_that_deletes_it() {
        let found = LeftOver { path: "my keys/.netsuite-preflight-a".into(), holds_key: true };
        let words = words(&found);
        assert!(words.contains("a half-made key"), "{words}");
        let delete = match cfg!(windows) {
            true => "del \"my keys/.netsuite-preflight-a\"",
            false => "rm -- 'my keys/.netsuite-preflight-a'",
        };
        assert!(words.ends_with(delete), "{words}");
    }
}
