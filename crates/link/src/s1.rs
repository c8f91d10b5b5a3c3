//! Codec `s1`: base64url without padding over a CRC-32 of the plain bytes (big-endian) followed by
//! the raw deflate stream of the plain bytes, which are a JSON object with one-letter keys.
//!
//! This codec is released and frozen. A new field is a new codec: an old program that dropped a
//! field it does not know would show another review than the one that was shared.

use base64::Engine;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_with_limit};
use serde::Deserialize;
use serde_json::json;

use crate::{Bundle, BundleSource, LinkError, SIZE_LIMIT, Side};

/// The codec's name.
pub(crate) const NAME: &str = "s1";

/// The best ratio of the compressor; five megabytes of schema still take only some 0.2 seconds.
const LEVEL: u8 = 10;

/// Bits beyond the last whole byte are not checked here: the checksum decides what is damaged.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone)
        .with_decode_allow_trailing_bits(true),
);

/// The plain bytes, as they are read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Plain {
    /// The date.
    d: Option<String>,
    /// The sources: side (`d` or `i`), path, text.
    f: Vec<(char, String, String)>,
    /// The review's id.
    i: Option<String>,
    /// The standard.
    s: String,
}

/// The payload of a bundle.
pub(crate) fn encode(bundle: &Bundle) -> String {
    let sources = bundle.sources.iter().map(|source| {
        let side = match source.side {
            Side::Documented => 'd',
            Side::Implemented => 'i',
        };
        json!([side, source.path, source.text])
    });
    let plain = json!({
        "d": bundle.date,
        "f": sources.collect::<Vec<_>>(),
        "i": bundle.id,
        "s": bundle.standard,
    })
    .to_string();
    let mut packed = crc32fast::hash(plain.as_bytes()).to_be_bytes().to_vec();
    packed.extend(compress_to_vec(plain.as_bytes(), LEVEL));
    BASE64.encode(packed)
}

/// The bundle of a payload.
///
/// The payload ends at the first character that is not base64url; white space inside it is taken
/// out. What follows the end of the deflate stream is ignored. None of this can open a link wrongly,
/// because the plain bytes must match their checksum.
pub(crate) fn decode(payload: &str) -> Result<Bundle, LinkError> {
    let mut letters: Vec<u8> = payload
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace())
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        .collect();
    // One letter over a multiple of four holds six bits, which are no byte.
    if letters.len() % 4 == 1 {
        letters.pop();
    }
    let packed = BASE64.decode(&letters).map_err(|_| LinkError::Damaged)?;
    let (checksum, stream) = packed.split_first_chunk::<4>().ok_or(LinkError::Cut)?;
    let plain =
        decompress_to_vec_with_limit(stream, SIZE_LIMIT).map_err(|error| match error.status {
            TINFLStatus::FailedCannotMakeProgress | TINFLStatus::NeedsMoreInput => LinkError::Cut,
            TINFLStatus::HasMoreOutput => LinkError::TooLarge,
            _ => LinkError::Damaged,
        })?;
    if crc32fast::hash(&plain).to_be_bytes() != *checksum {
        return Err(LinkError::Damaged);
    }
    let plain: Plain = serde_json::from_slice(&plain).map_err(|_| LinkError::Damaged)?;
    let sources = plain.f.into_iter().map(|(side, path, text)| {
        let side = match side {
            'd' => Side::Documented,
            'i' => Side::Implemented,
            _ => return Err(LinkError::Damaged),
        };
        Ok(BundleSource { side, path, text })
    });
    Ok(Bundle {
        sources: sources.collect::<Result<_, _>>()?,
        standard: plain.s,
        date: plain.d,
        id: plain.i,
    })
}
