//! Codec `s2`: what [`s1`](crate::s1) holds, and the marks of findings.
//!
//! This codec is released and frozen, as `s1` is. A bundle without marks is still written as `s1`,
//! which programs open that know nothing of marks; one with marks is not, because they would show
//! a review without what people have decided about it.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::s1::{pack_sources, unpack_sources};
use crate::{Bundle, LinkError, Mark, MarkVerdict, envelope};

/// The codec's name.
pub(crate) const NAME: &str = "s2";

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
    /// The marks.
    m: Vec<PlainMark>,
    /// The standard.
    s: String,
}

/// A mark: what it is (see [`unpack`]), the finding, the text, the last day, who, the day it was set.
type PlainMark = (char, String, String, Option<String>, Option<String>, String);

/// The payload of a bundle.
pub(crate) fn encode(bundle: &Bundle) -> String {
    let plain = json!({
        "d": bundle.date,
        "f": pack_sources(&bundle.sources),
        "i": bundle.id,
        "m": bundle.marks.iter().map(pack).collect::<Vec<_>>(),
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
        marks: plain.m.into_iter().map(unpack).collect::<Result<_, _>>()?,
    })
}

fn pack(mark: &Mark) -> Value {
    let (what, text, until) = match &mark.verdict {
        None => ('n', "", None),
        Some(MarkVerdict::Accepted) => ('a', "", None),
        Some(MarkVerdict::Waived { because, until }) => ('w', because.as_str(), until.as_deref()),
        Some(MarkVerdict::FalseAlarm { note }) => ('f', note.as_str(), None),
    };
    json!([what, mark.finding, text, until, mark.assigned, mark.date])
}

fn unpack((what, finding, text, until, assigned, date): PlainMark) -> Result<Mark, LinkError> {
    let verdict = match (what, until, text.is_empty()) {
        ('n', None, true) => None,
        ('a', None, true) => Some(MarkVerdict::Accepted),
        ('w', until, _) => Some(MarkVerdict::Waived { because: text, until }),
        ('f', None, _) => Some(MarkVerdict::FalseAlarm { note: text }),
        _ => return Err(LinkError::Damaged),
    };
    let mark = Mark { finding, verdict, assigned, date };
    if mark.has_days() { Ok(mark) } else { Err(LinkError::Damaged) }
}
