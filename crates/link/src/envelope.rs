//! The envelope of the codecs `s1` and `s2`: base64url without padding over a CRC-32 of the plain
//! bytes (big-endian) followed by the raw deflate stream of the plain bytes. Frozen with them.

use base64::Engine;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_with_limit};

use crate::{LinkError, SIZE_LIMIT};

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

/// The payload of these plain bytes.
pub(crate) fn pack(plain: &[u8]) -> String {
    let mut packed = crc32fast::hash(plain).to_be_bytes().to_vec();
    packed.extend(compress_to_vec(plain, LEVEL));
    BASE64.encode(packed)
}

/// The plain bytes of a payload.
///
/// The payload ends at the first character that is not base64url; white space inside it is taken
/// out. What follows the end of the deflate stream is ignored. None of this can open a link wrongly,
/// because the plain bytes must match their checksum.
pub(crate) fn unpack(payload: &str) -> Result<Vec<u8>, LinkError> {
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
    Ok(plain)
}
