//! How a server may write a secret into its answers.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::support::pieces::hex;

/// How the server writes a secret.
#[derive(Clone, Copy, Debug)]
pub(super) enum Form {
    Plain,
    Upper,
    Wrapped(&'static str),
    Pieces,
    Base64,
    Base64Url,
    Hex,
    UpperHex,
    Percent,
    Escaped,
    CutOff,
}

pub(super) const FORMS: [Form; 16] = [
    Form::Plain,
    Form::Upper,
    Form::Wrapped(" "),
    Form::Wrapped("\n"),
    Form::Wrapped("\r\n\t"),
    Form::Wrapped("\u{a0}"),
    Form::Wrapped("\\n"),
    Form::Wrapped("\u{200b}"),
    Form::Pieces,
    Form::Base64,
    Form::Base64Url,
    Form::Hex,
    Form::UpperHex,
    Form::Percent,
    Form::Escaped,
    Form::CutOff,
];

impl Form {
    pub fn write(self, secret: &str) -> String {
        let chunks = |size: usize| -> Vec<String> {
            let chars: Vec<char> = secret.chars().collect();
            chars.chunks(size).map(|part| part.iter().collect()).collect()
        };
        match self {
            Self::Plain => secret.to_owned(),
            Self::Upper => secret.to_uppercase(),
            Self::Wrapped(between) => chunks(40).join(between),
            Self::Pieces => chunks(29).join(" and then "),
            Self::Base64 => STANDARD.encode(format!("x{secret}")),
            Self::Base64Url => URL_SAFE_NO_PAD.encode(secret),
            Self::Hex => hex(secret.as_bytes()),
            Self::UpperHex => hex(secret.as_bytes()).to_uppercase(),
            Self::Percent => utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string(),
            Self::Escaped => secret.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect(),
            Self::CutOff => secret[..secret.len().saturating_sub(15)].to_owned(),
        }
    }
}
