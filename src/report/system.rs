//! The commands of the guidance as the shell of a system takes them.
//!
//! They are written for POSIX shells; what differs in PowerShell stands in
//! `checks/shared/commands.toml`.

use std::borrow::Cow;

use crate::checks::cards::on_windows;
use crate::types::shell::Shell;

/// A command as it is typed, with its `{name}`s.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line<'a> {
    /// The command.
    pub text: Cow<'a, str>,
    /// What has to be known to run it there.
    pub say: Option<&'static str>,
}

/// A command of the guidance in the form of a shell.
pub(super) fn command(line: &str, shell: Shell) -> Line<'_> {
    let as_it_is = || Line { text: Cow::Borrowed(line), say: None };
    if shell == Shell::Posix {
        return as_it_is();
    }
    let differences = on_windows();
    if let Some(other) = differences.commands.iter().find(|other| other.posix == line) {
        return Line { text: Cow::Borrowed(&other.windows), say: other.say.as_deref() };
    }
    let renamed = line.split_once(' ').and_then(|(program, rest)| {
        differences.renamed.get(program).map(|name| format!("{name} {rest}"))
    });
    renamed.map_or_else(as_it_is, |text| Line { text: Cow::Owned(text), say: None })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::report::guidance::tests::commands;
    use crate::report::values::{Form, Values};

    fn names(text: &str) -> BTreeSet<&str> {
        text.split('{')
            .skip(1)
            .filter_map(|rest| rest.split_once('}'))
            .map(|(name, _)| name)
            .collect()
    }

    /// A new command for one system alone is asked for its form on the other.
    #[test]
    fn every_command_has_a_form_for_windows() {
        let known = |line: &str| {
            let program = line.split(' ').next().unwrap_or_default();
            let here = on_windows().commands.iter().any(|other| other.posix == line);
            let one_command = !line.contains(['|', '&', ';', '$', '`', '~', '"', '\\']);
            let listed = on_windows().same.iter().any(|same| same == program)
                || on_windows().renamed.contains_key(program);
            here || (one_command && listed && !line.contains("/dev/"))
        };
        let all = commands();
        let unknown: Vec<_> = all.iter().filter(|(_, line)| !known(line)).collect();
        assert!(unknown.is_empty(), "no form for Windows in commands.toml: {unknown:#?}");
        let used = |of: &dyn Fn(&str) -> bool| all.iter().any(|(_, line)| of(line));
        for other in &on_windows().commands {
            assert!(used(&|line| line == other.posix), "nobody says {}", other.posix);
            let (posix, windows) = (names(&other.posix), names(&other.windows));
            let filled = |name: &&&str| !name.starts_with('.');
            assert!(windows.iter().filter(filled).all(|name| posix.contains(name)), "{other:?}");
        }
        for program in on_windows().same.iter().chain(on_windows().renamed.keys()) {
            assert!(used(&|line| line.split(' ').next() == Some(program)), "nobody says {program}");
        }
    }

    #[test]
    fn a_command_is_shown_for_the_shell_of_the_system() {
        let values = Values::default()
            .with("private_key_file", r"C:\My Keys\o'neil.pem")
            .with("host", "1234567.suitetalk.api.netsuite.com");
        let shown =
            |line: &str, shell| values.fill(&command(line, shell).text, Form::Command(shell));
        for (line, posix, windows) in [
            (
                "chmod 600 {private_key_file}",
                r#"chmod 600 "C:\\My Keys\\o'neil.pem""#,
                r#"icacls "C:\My Keys\o'neil.pem" /inheritance:r /grant:r "$($env:USERNAME):F""#,
            ),
            (
                "curl -sv https://{host}/services/rest/auth/oauth2/v1/keys",
                "curl -sv https://1234567.suitetalk.api.netsuite.com/services/rest/auth/oauth2/v1/keys",
                "curl.exe -sv https://1234567.suitetalk.api.netsuite.com/services/rest/auth/oauth2/v1/keys",
            ),
            (
                "certutil -L -d sql:FOLDER",
                "certutil -L -d sql:FOLDER",
                r".\certutil.exe -L -d sql:FOLDER",
            ),
            ("git lfs pull", "git lfs pull", "git lfs pull"),
        ] {
            assert_eq!(shown(line, Shell::Posix), posix);
            assert_eq!(shown(line, Shell::PowerShell), windows);
        }
        let clock = command("timedatectl set-ntp true", Shell::PowerShell);
        assert!(clock.say.is_some_and(|say| say.contains("administrator")), "{clock:?}");
    }
}
