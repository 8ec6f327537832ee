//! `list`: headings, words that narrow it, and nothing that a script would miss.

use crate::support::Program;

fn list(args: &[&str]) -> String {
    Program::new(["list"].iter().chain(args)).exits(0).stdout
}

#[test]
fn every_list_has_headings_and_each_entry_is_a_line() {
    for (what, heading) in [
        ("checks", "CHECK "),
        ("causes", "CAUSE "),
        ("records", "RECORD TYPE "),
        ("profiles", "PROFILE "),
        ("scenarios", "SCENARIO "),
    ] {
        let text = list(&[what]);
        assert!(text.starts_with(heading), "{what}: {text}");
        let json = Program::new(["list", what, "--format=json"]).exits(0).json();
        assert_eq!(text.lines().count(), json.as_array().unwrap().len() + 1, "{what}");
    }
}

#[test]
fn words_narrow_a_list() {
    let sales = list(&["records", "SALES"]);
    assert!(sales.contains("salesOrder ") && !sales.contains("customer "), "{sales}");
    assert!(sales.lines().skip(1).all(|line| line.to_lowercase().contains("sales")), "{sales}");
    let both = list(&["records", "sales", "order"]);
    assert!(both.lines().count() <= sales.lines().count() && both.contains("salesOrder "));
    assert!(list(&["causes", "expired"]).contains("certificate-expired "));
    let run = Program::new(["list", "records", "no-such-word"]).exits(0);
    assert_eq!(run.stdout, "");
    assert!(run.stderr.contains("without words the whole list"), "{}", run.stderr);
    let json = Program::new(["list", "records", "sales", "order", "--format=json"]).exits(0).json();
    assert_eq!(json.as_array().unwrap().len(), both.lines().count() - 1);
}
