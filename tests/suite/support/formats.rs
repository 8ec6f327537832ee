//! The forms of a report, so that a new one is tried wherever all are.

use netsuite_preflight::door::Format;
use strum::VariantArray as _;

/// The words that `--format` takes.
pub fn formats() -> impl Iterator<Item = &'static str> {
    Format::VARIANTS.iter().map(|form| form.name())
}

/// The extensions that `--save` takes.
pub fn extensions() -> impl Iterator<Item = &'static str> {
    Format::VARIANTS.iter().filter_map(|form| form.extension())
}
