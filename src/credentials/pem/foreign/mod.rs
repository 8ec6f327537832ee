//! Files of other programs, and what people hand over in place of a key or certificate: named for what
//! they are, and opened where what is inside is certain.

mod magic;
#[cfg(test)]
mod tests;
mod unwrap;
mod words;

pub(super) use magic::of_bytes;
pub(super) use unwrap::{Wrapped, hexadecimal, latin_1, wrapped};
pub(super) use words::{document, name_text};

/// Whether the bytes speak of a private key anywhere: in clear, in UTF-16, or as base64 of the BEGIN
/// line. Whatever such a file is, it must not be uploaded.
#[must_use]
pub fn mentions_private_key(bytes: &[u8]) -> bool {
    const WORDS: &[u8] = b"PRIVATE KEY";
    // Base64 of these words, for each of the three places at which they may begin.
    const ENCODED: [&[u8]; 3] = [b"UFJJVkFURSBLRV", b"BSSVZBVEUgS0VZ", b"QUklWQVRFIEtFW"];
    let holds = |word: &[u8]| bytes.windows(word.len()).any(|window| window == word);
    let wide: Vec<u8> = WORDS.iter().flat_map(|byte| [*byte, 0]).collect();
    holds(WORDS) || holds(&wide) || ENCODED.iter().any(|word| holds(word))
}
