//! The picture on the first screen of README.md is the program's output.

use std::fmt::Write as _;
use std::path::Path;

use crate::support::Program;

/// In pixels, for a font of 14 pixels.
const LINE: usize = 20;
const COLUMN: usize = 9;
const EDGE: usize = 20;

/// The output as a picture: a terminal with its lines.
fn drawn(output: &str) -> String {
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
    let columns = output.lines().map(|line| line.chars().count()).max().unwrap();
    let (width, height) = (columns * COLUMN + 2 * EDGE, output.lines().count() * LINE + 2 * EDGE);
    let mut picture = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         width=\"{width}\" height=\"{height}\" font-family=\"ui-monospace, Menlo, Consolas, \
         monospace\" font-size=\"14\">\n\
         <rect width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"#1b1f24\"/>\n"
    );
    for (number, line) in output.lines().enumerate().filter(|(_, line)| !line.is_empty()) {
        let colour = if number == 0 { "#ff8a80" } else { "#e6edf3" };
        // Each word stands where a terminal has it, whatever the font's own width is.
        let place = EDGE + number * LINE + LINE * 3 / 4;
        let length = line.chars().count() * COLUMN;
        writeln!(
            picture,
            "<text x=\"{EDGE}\" y=\"{place}\" fill=\"{colour}\" textLength=\"{length}\" \
             xml:space=\"preserve\">{}</text>",
            escaped(line)
        )
        .unwrap();
    }
    picture + "</svg>\n"
}

#[test]
fn the_picture_is_the_programs_output() {
    let scenario = "client-id-and-certificate-id-swapped";
    let output = Program::new(["demo", "--scenario", scenario]).exits(1).stdout;
    let output = output.split("\n  Details ").next().unwrap();
    assert!(output.contains("demonstration"), "what came from the emulator says so: {output}");
    let picture = drawn(output);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/failure.svg");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &picture).unwrap();
    }
    let shown = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(shown == picture, "docs/failure.svg has changed; UPDATE_DOCS=1 cargo test writes it");
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md"));
    let readme = readme.unwrap();
    assert!(
        readme.contains(&format!("demo --scenario {scenario}"))
            && readme.contains("docs/failure.svg")
    );
}
