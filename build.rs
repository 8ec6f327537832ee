//! Cargo watches `checks/`, so that a new file there is built in.

fn main() {
    println!("cargo::rerun-if-changed=checks");
}
