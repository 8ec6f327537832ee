use std::path::{Path, PathBuf};

use super::error::Problem;
use super::{ConfigError, ConfigFile, ConfigValue, WAY};

fn parsed(text: &str) -> Result<ConfigFile, ConfigError> {
    ConfigFile::parse(Path::new("folder/netsuite-preflight.toml"), text.to_owned())
}

fn text(value: &str) -> ConfigValue {
    ConfigValue::Text(value.to_owned())
}

#[test]
fn a_target_stands_over_the_defaults_and_paths_start_at_the_file() {
    let file = parsed(
        "[defaults]\nclient_id = 'c'\ntimeout = 5\nca_file = '/etc/ca.pem'\n\
         [targets.b]\naccount_id = '2'\n\
         [targets.a]\naccount_id = '1'\nclient_id = 'own'\nprivate_key = 'keys/a.pem'\n\
         records = ['customer', 'salesOrder:edit']\n",
    )
    .unwrap();
    assert_eq!(file.names(), ["a", "b"]);
    let a = file.target("a").unwrap();
    assert_eq!(a.get("client_id"), Some(&text("own")));
    assert_eq!(a.get("private_key"), Some(&ConfigValue::Path("folder/keys/a.pem".into())));
    assert_eq!(a.get("ca_file"), Some(&ConfigValue::Path("/etc/ca.pem".into())));
    assert_eq!(a.get("timeout"), Some(&ConfigValue::Number(5)));
    let records = vec!["customer".to_owned(), "salesOrder:edit".to_owned()];
    assert_eq!(a.get("records"), Some(&ConfigValue::List(records)));
    assert_eq!(file.target("b").unwrap().get("client_id"), Some(&text("c")));
    assert_eq!(file.target("b").unwrap().iter().count(), 4);
}

#[test]
fn control_characters_are_refused_by_key() {
    for hidden in
        ["\\u001b[31m", "\\u009b2J", "\\u202e", "\\u2028", "\\u007f", "\\n", "\\t", "\\u0000"]
    {
        for setting in ["account_id = \"1X\"", "private_key = \"kX\"", "records = [\"aX\"]"] {
            let file = parsed(&format!("[targets.a]\n{}", setting.replace('X', hidden))).unwrap();
            let told = file.target("a").unwrap_err().to_string();
            let key = setting.split(' ').next().unwrap();
            assert!(told.contains("[targets.a]") && told.contains(key), "{told}");
            assert!(crate::types::plain::is_plain(&told), "{told:?}");
        }
        for place in ["[targets.\"X\"]\ny = 1", "[\"X\"]", "[setup.a]\ndir = \"X\"", "\"X\" = 1"] {
            let Err(error) = parsed(&place.replace('X', hidden)) else { continue };
            assert!(crate::types::plain::is_plain(&error.to_string()), "{error:?}");
        }
        let kept = parsed(&format!("[setup.a]\ndir = \"{hidden}\"")).unwrap_err().to_string();
        assert!(kept.contains("[setup]") && kept.contains("a.dir"), "{kept}");
    }
}

#[test]
fn one_wrong_target_leaves_the_others_alone() {
    let file = parsed(
        "[targets.bad]\nacount_id = '1'\n[targets.worse]\ntimeout = 'soon'\n\
         [targets.'../up']\naccount_id = '1'\n[targets.good]\naccount_id = '1'\n",
    )
    .unwrap();
    file.target("good").unwrap();
    let bad = file.target("bad").unwrap_err().to_string();
    assert!(bad.contains("acount_id") && bad.contains("is account_id meant?"), "{bad}");
    assert!(bad.contains("[targets.bad]"), "{bad}");
    assert!(file.target("worse").unwrap_err().to_string().contains("a whole number"));
    assert!(file.target("../up").unwrap_err().to_string().contains("report file"));
}

#[test]
fn types_are_held_to() {
    for wrong in [
        "account_id = 1234567",
        "private_key = ['a']",
        "records = 'customer'",
        "records = [1]",
        "timeout = -1",
        "timeout = 1.5",
        "concurrency = true",
    ] {
        let file = parsed(&format!("[targets.a]\n{wrong}\n")).unwrap();
        let error = file.target("a").unwrap_err();
        assert!(
            matches!(error, ConfigError::Wrong { problem: Problem::WrongType { .. }, .. }),
            "{wrong}: {error}"
        );
    }
}

#[test]
fn an_empty_value_is_told_as_that() {
    for (line, key) in [
        ("account_id = ''", "account_id"),
        ("private_key = '  '", "private_key"),
        ("records = ['customer', '']", "records"),
    ] {
        for table in ["targets.a", "defaults"] {
            let file = parsed(&format!("[{table}]\n{line}\n"));
            let told = file.and_then(|file| file.target("a")).unwrap_err().to_string();
            assert!(told.contains(&format!("[{table}]: `{key}` is empty")), "{told}");
        }
    }
}

#[test]
fn what_stands_twice_is_named() {
    for (text, line, place) in [
        ("[targets.a]\naccount_id = '1'\n[targets.a]\n", 3, "`targets.a`"),
        ("[targets.'b c']\n[targets.'b c']\n", 2, "`targets.\"b c\"`"),
        ("[targets.a]\ntimeout = 1\n\ntimeout = 2\n", 4, "`targets.a.timeout`"),
        ("[defaults]\n[targets.a]\n[defaults]\n", 3, "`defaults`"),
    ] {
        let told = parsed(text).unwrap_err().to_string();
        assert!(told.contains(&format!("line {line}")) && told.ends_with(place), "{told}");
    }
    let key = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg";
    let told = parsed(&format!("[targets.{key}]\n[targets.{key}]\n")).unwrap_err().to_string();
    assert!(told.contains("not shown") && !told.contains(&key[..24]), "{told}");
}

/// One rule for names, in every message.
#[test]
fn a_name_that_is_none_is_shown_in_quotes_everywhere() {
    for (name, shown) in [
        ("hostile <script>", "\"hostile <script>\""),
        ("line\\nbreak", "\"line\\nbreak\""),
        ("esc\\u001b[31mred", "\"esc\\u001b[31mred\""),
        ("../escape", "\"../escape\""),
        ("", "\"\""),
    ] {
        let file = parsed(&format!("[targets.\"{name}\"]\naccount_id = '1'\n")).unwrap();
        let [raw] = <[String; 1]>::try_from(file.names()).unwrap();
        let own = file.target(&raw).unwrap_err().to_string();
        assert!(own.contains(&format!("[targets.{shown}]")), "{own}");
        let listed = file.target("zzzzzz").unwrap_err().to_string();
        assert!(listed.contains(shown), "{listed}");
        if raw.len() > 3 {
            let near = file.target(&format!("{raw}x")).unwrap_err().to_string();
            assert!(near.contains(&format!("is {shown} meant?")), "{near}");
        }
        assert!(crate::types::plain::is_plain(&listed), "{listed:?}");
    }
}

#[test]
fn a_secret_is_refused_and_never_quoted() {
    for place in ["[targets.a]\n", "[defaults]\n", ""] {
        for line in [
            "client_secret = 'hunter2hunter2'",
            "passphrase = 'hunter2hunter2'",
            "NETSUITE_PRIVATE_KEY_PASSPHRASE = 'hunter2hunter2'",
            "private_key = '''-----BEGIN PRIVATE KEY-----\nhunter2hunter2'''",
            "client_id = '-----BEGIN hunter2hunter2'",
            "passphrase = hunter2hunter2",
            "'-----BEGIN hunter2hunter2' = 1",
        ] {
            let file = parsed(&format!("{place}{line}\n"));
            let error = file.and_then(|file| file.target("a")).unwrap_err();
            let (shown, debug) = (error.to_string(), format!("{error:?}"));
            assert!(!shown.contains("hunter2") && !debug.contains("hunter2"), "{shown} {debug}");
        }
    }
}

#[test]
fn unknown_tables_and_missing_targets_come_with_near_names() {
    let error = parsed("[target.a]\naccount_id = '1'\n").unwrap_err().to_string();
    assert!(error.contains("is targets meant?"), "{error}");
    let file = parsed("[targets.sandbox]\n[targets.production]\n").unwrap();
    let error = file.target("sandbx").unwrap_err().to_string();
    assert!(error.contains("is sandbox meant?"), "{error}");
    let error = file.target("zzz").unwrap_err().to_string();
    assert!(error.contains("production, sandbox"), "{error}");
    let error = parsed("a = [\nb\n").unwrap_err().to_string();
    assert!(error.contains("line 2"), "{error}");
}

#[test]
fn changes_keep_everything_else() {
    let before =
        "# kept\n[setup.a] # kept too\nstep = 'role'\n\n[targets.a]\naccount_id = '1' # x\n";
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("c.toml");
    std::fs::write(&path, before).unwrap();
    let mut file = ConfigFile::load(&path).unwrap();
    file.set("a", "client_id", "c").unwrap();
    file.set("a", "private_key", PathBuf::from("keys/k.pem")).unwrap();
    file.set("b", "records", vec!["customer".to_owned()]).unwrap();
    file.set("b", "timeout", 7).unwrap();
    file.edit_setup("a", |table| drop(table.insert("done", toml_edit::value(true)))).unwrap();
    file.save().unwrap();
    let after = std::fs::read_to_string(&path).unwrap();
    for kept in ["# kept\n[setup.a] # kept too\nstep = 'role'\n", "account_id = '1' # x\n"] {
        assert!(after.contains(kept), "{after}");
    }
    assert!(after.contains("[targets.b]") && !after.contains("[targets]\n"), "{after}");
    let again = ConfigFile::load(&path).unwrap();
    let a = again.target("a").unwrap();
    assert_eq!(a.get("private_key"), Some(&ConfigValue::Path(dir.path().join("keys/k.pem"))));
    assert_eq!(again.target("b").unwrap().get("timeout"), Some(&ConfigValue::Number(7)));
    let setup = again.setup("a").unwrap();
    assert!(setup.get("done").unwrap().as_bool().unwrap() && setup.contains_key("step"));
    file.unset("b", "timeout").unwrap();
    assert_eq!(file.target("b").unwrap().get("timeout"), None);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn nothing_wrong_can_be_written() {
    let dir = tempfile::tempdir().unwrap();
    let mut file = ConfigFile::load_or_new(&dir.path().join("new.toml")).unwrap();
    for (name, key, value) in [
        ("a", "client_secret", "hunter2"),
        ("a", "private_key", "-----BEGIN PRIVATE KEY-----"),
        ("a", "no_such_key", "x"),
        ("a", "timeout", "x"),
        ("../a", "account_id", "1"),
    ] {
        let error = file.set(name, key, value).unwrap_err().to_string();
        assert!(!error.contains("hunter2"), "{error}");
    }
    assert!(file.names().is_empty());
    assert!(matches!(ConfigFile::load(&dir.path().join("new.toml")), Err(ConfigError::Missing(_))));
}

#[test]
fn the_way_is_taken_from_a_named_file_alone() {
    let text = "[defaults]\nca_file = 'ca.pem'\n[targets.a]\nconnect_to = '127.0.0.1:1'\n\
                [targets.b]\naccount_id = '1'\n";
    let file = ConfigFile::parse(Path::new("./c d.toml"), text.to_owned()).unwrap();
    let told = |name: &str, decided: &[&str]| {
        let target = file.target(name).unwrap();
        let refused = file.merely_found(&target, |key| decided.contains(&key));
        refused.err().map(|error| error.to_string())
    };
    let both = told("a", &[]).unwrap();
    assert!(both.starts_with("`connect_to` and `ca_file` of [targets.a] in ./c d.toml are not"));
    assert!(both.ends_with("name it with --config './c d.toml' to accept it"), "{both}");
    assert!(told("b", &[]).unwrap().starts_with("`ca_file` of [targets.b]"));
    assert!(told("a", &["connect_to"]).unwrap().starts_with("`ca_file`"));
    assert_eq!(told("a", &WAY), None);
    assert_eq!(told("b", &["ca_file"]), None);
}

#[test]
fn fuzz() {
    let words = ["[targets.a]", "[defaults]", "[setup.a]", "account_id = ", "connect_to", "\"\"\""];
    crate::fuzz::run("configuration", &words, |bytes| {
        match parsed(&String::from_utf8_lossy(bytes)) {
            Ok(file) => {
                for name in file.names() {
                    match file.target(&name) {
                        Ok(target) => assert!(crate::types::plain::is_plain(target.name.as_str())),
                        Err(error) => crate::fuzz::check_message(&error),
                    }
                }
            }
            Err(error) => crate::fuzz::check_message(&error),
        }
    });
}
