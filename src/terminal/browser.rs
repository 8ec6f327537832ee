//! Opening a page in the person's browser.

/// Opens the page, and gives why that cannot be done where it cannot.
///
/// # Errors
/// Says why no browser came up.
pub fn open(url: &str) -> Result<(), String> {
    if !has_screen(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty())) {
        return Err("this machine has no screen to open a browser on".to_owned());
    }
    webbrowser::open(url).map_err(|error| error.to_string())
}

/// Whether a browser can show itself: over SSH it would come up elsewhere, or in this terminal.
fn has_screen(set: impl Fn(&str) -> bool) -> bool {
    if set("BROWSER") {
        return true;
    }
    let far = set("SSH_CONNECTION") && !set("DISPLAY");
    let needs_display = cfg!(all(unix, not(target_os = "macos")));
    !far && (!needs_display || set("DISPLAY") || set("WAYLAND_DISPLAY"))
}

#[cfg(test)]
mod tests {
    use super::has_screen;

    #[test]
    fn a_browser_needs_a_screen_or_a_name() {
        let with = |names: &[&str]| has_screen(|name| names.contains(&name));
        assert!(with(&["BROWSER"]) && with(&["BROWSER", "SSH_CONNECTION"]));
        assert!(with(&["DISPLAY"]));
        assert!(!with(&["SSH_CONNECTION"]));
    }
}
