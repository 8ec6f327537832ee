//! Cargo watches `checks/`, so that a new file there is built in.

#[expect(clippy::print_stdout, reason = "this is how a build script speaks to cargo")]
fn main() {
    println!("cargo::rerun-if-changed=checks");
}
