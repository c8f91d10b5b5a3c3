//! Codec `s1`: a JSON object with one-letter keys, in the [`envelope`](crate::envelope).
//!
//! This codec is released and frozen. A new field is a new codec: an old program that dropped a
//! field it does not know would show another review than the one that was shared.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::{Bundle, BundleSource, LinkError, Side, envelope};

/// The codec's name.
pub(crate) const NAME: &str = "s1";

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

/// The payload of a bundle, without its marks.
pub(crate) fn encode(bundle: &Bundle) -> String {
    let plain = json!({
        "d": bundle.date,
        "f": pack_sources(&bundle.sources),
        "i": bundle.id,
        "s": bundle.standard,
    });
    envelope::pack(plain.to_string().as_bytes())
}

/// The bundle of a payload.
pub(crate) fn decode(payload: &str) -> Result<Bundle, LinkError> {
    let plain = envelope::unpack(payload)?;
    let plain: Plain = serde_json::from_slice(&plain).map_err(|_| LinkError::Damaged)?;
    Ok(Bundle {
        sources: unpack_sources(plain.f)?,
        standard: plain.s,
        date: plain.d,
        id: plain.i,
        marks: Vec::new(),
    })
}

/// The sources, each as side (`d` or `i`), path and text.
pub(crate) fn pack_sources(sources: &[BundleSource]) -> Vec<Value> {
    let packed = sources.iter().map(|source| {
        let side = match source.side {
            Side::Documented => 'd',
            Side::Implemented => 'i',
        };
        json!([side, source.path, source.text])
    });
    packed.collect()
}

/// What [`pack_sources`] wrote.
pub(crate) fn unpack_sources(
    packed: Vec<(char, String, String)>,
) -> Result<Vec<BundleSource>, LinkError> {
    let sources = packed.into_iter().map(|(side, path, text)| {
        let side = match side {
            'd' => Side::Documented,
            'i' => Side::Implemented,
            _ => return Err(LinkError::Damaged),
        };
        Ok(BundleSource { side, path, text })
    });
    sources.collect()
}
