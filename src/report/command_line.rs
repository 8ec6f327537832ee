//! A command of the guidance with what this run knows beyond its values: the options that a repair
//! needs, and the way on which NetSuite was asked.

use std::borrow::Cow;

use crate::report::values::Values;

/// The command with its `{name}`s, completed.
pub(super) fn as_this_run_needs<'a>(line: &'a str, values: &Values) -> Cow<'a, str> {
    match line.split(' ').next() {
        Some("netsuite-preflight") => repaired(line, values),
        Some("openssl") => dialled(line, values),
        Some("curl" | "curl.exe") => fetched(line, values),
        _ => Cow::Borrowed(line),
    }
}

/// What asks the server by hand asks the one that the run asked, through the same proxy.
fn dialled<'a>(line: &'a str, values: &Values) -> Cow<'a, str> {
    let Some(found) = SERVERS.iter().find(|server| line.contains(**server)) else {
        return Cow::Borrowed(line);
    };
    if values.knows("connect_to") {
        line.replacen(found, "-connect {connect_to}", 1).into()
    } else if values.knows("proxy_address") {
        line.replacen(found, &format!("{found} -proxy {{proxy_address}}"), 1).into()
    } else {
        Cow::Borrowed(line)
    }
}

/// How the guidance names NetSuite's server to `openssl s_client`.
const SERVERS: [&str; 2] = ["-connect {host}:443", "-connect {account_host}:443"];

/// curl finds the proxy in the same variables, but knows neither the address that stands in for
/// NetSuite nor the authority that was added.
fn fetched<'a>(line: &'a str, values: &Values) -> Cow<'a, str> {
    let ways = [("connect_to", " --connect-to ::{connect_to}"), ("ca_file", " --cacert {ca_file}")];
    let known = ways.iter().filter(|(name, _)| values.knows(name)).map(|(_, option)| *option);
    let options: String = known.collect();
    match line.split_once(' ') {
        Some((program, rest)) if !options.is_empty() => format!("{program}{options} {rest}").into(),
        _ => Cow::Borrowed(line),
    }
}

/// A command that repairs a file, with the options that this file needs, as the check found: the
/// certificate where there are several keys, the passphrase where there is one.
fn repaired<'a>(line: &'a str, values: &Values) -> Cow<'a, str> {
    const OF_KEY: &str = "netsuite-preflight repair {private_key_file}";
    const OF_CERTIFICATE: &str = "netsuite-preflight repair {certificate_file}";
    let (command, options) = if line.starts_with(OF_KEY) {
        (OF_KEY, values.get("repair_key_options"))
    } else if line.starts_with(OF_CERTIFICATE) {
        (OF_CERTIFICATE, values.get("repair_certificate_options"))
    } else {
        return Cow::Borrowed(line);
    };
    let rest = line.strip_prefix(command).unwrap_or_default();
    // An option that the line has anyway is not given twice.
    let options = options.filter(|_| !rest.contains("--private-key")).unwrap_or_default();
    // A key that came by another way than a file: `-`, or nothing for a variable.
    let source = values
        .get("repair_key_from")
        .filter(|_| command == OF_KEY && values.get("private_key_file").is_none());
    match source {
        Some(from) => {
            format!("netsuite-preflight repair {from}").trim_end().to_owned() + options + rest
        }
        None => format!("{command}{options}{rest}"),
    }
    .into()
}

#[cfg(test)]
mod tests {
    use crate::report::values::Form;
    use crate::types::shell::Shell;

    use super::*;

    #[test]
    fn a_repair_takes_the_options_that_the_check_found() {
        let line = "netsuite-preflight repair {private_key_file} --out {new_key_file}";
        let filled = |values: &Values| {
            values.fill(&as_this_run_needs(line, values), Form::Command(Shell::Posix))
        };
        let values = Values::default().with("new_key_file", "b.pem");
        assert_eq!(filled(&values), "netsuite-preflight repair PRIVATE-KEY-FILE --out b.pem");
        let piped = values.clone().with("repair_key_from", "-");
        assert_eq!(filled(&piped), "netsuite-preflight repair - --out b.pem");
        let variable = values.clone().with("repair_key_from", "");
        assert_eq!(filled(&variable), "netsuite-preflight repair --out b.pem");
        let several = values
            .with("private_key_file", "a key.pem")
            .with("certificate_file", "c.pem")
            .with("repair_key_options", " --certificate {certificate_file}");
        assert_eq!(
            filled(&several),
            "netsuite-preflight repair 'a key.pem' --certificate c.pem --out b.pem"
        );
    }

    #[test]
    fn what_is_tried_by_hand_goes_the_way_of_the_run() {
        let filled = |line: &str, values: &Values| {
            values.fill(&as_this_run_needs(line, values), Form::Command(Shell::Posix))
        };
        let asked = "openssl s_client -connect {host}:443 -servername {host} -showcerts";
        let fetched = "curl -sv https://{host}/ -o /dev/null";
        let plain = Values::default().with("host", "a.example");
        assert_eq!(
            filled(asked, &plain),
            "openssl s_client -connect a.example:443 -servername a.example -showcerts"
        );
        assert_eq!(filled(fetched, &plain), "curl -sv https://a.example/ -o /dev/null");
        let redirected =
            plain.clone().with("connect_to", "[::1]:8443").with("ca_file", "my ca.pem");
        assert_eq!(
            filled(asked, &redirected),
            "openssl s_client -connect '[::1]:8443' -servername a.example -showcerts"
        );
        assert_eq!(
            filled(fetched, &redirected),
            "curl --connect-to ::'[::1]:8443' --cacert 'my ca.pem' -sv https://a.example/ -o /dev/null"
        );
        let proxied = plain.with("proxy_address", "proxy.example:3128");
        assert_eq!(
            filled(asked, &proxied),
            "openssl s_client -connect a.example:443 -proxy proxy.example:3128 -servername \
             a.example -showcerts"
        );
        assert_eq!(filled("openssl x509 -in a.pem", &proxied), "openssl x509 -in a.pem");
    }
}
