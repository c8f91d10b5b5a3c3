//! Review links and review files: a whole workspace in one line of text, versioned, compressed and
//! checked, or in one readable file.
//!
//! A link is `<codec>:<payload>`. The codec names the format of the payload and is frozen once it
//! is released: a change of format is a new codec, and every released codec opens for ever. The
//! format is described in `docs/links.md`. This crate knows nothing of what a review means.

mod envelope;
mod file;
mod fragment;
mod mark;
mod s1;
mod s2;

use std::fmt;

pub use file::{FileError, is_review_file, read_file, write_file};
pub use fragment::{Mode, fragment, parse_fragment, parse_link};
pub use mark::{Mark, MarkVerdict, is_day};

/// The largest workspace a link may unfold to, in bytes.
///
/// Deflate can shrink a thousandfold, so a short hostile link could otherwise fill the memory of
/// whoever opens it.
pub const SIZE_LIMIT: usize = 64 * 1024 * 1024;

/// Everything needed to show a review again: the texts, the standard, the stamp, and what people
/// have decided about its findings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bundle {
    /// The sources, in the order they are read.
    pub sources: Vec<BundleSource>,
    /// The standard as TOML; empty for the built-in one.
    pub standard: String,
    /// The day of the review, `YYYY-MM-DD`, where one was made.
    pub date: Option<String>,
    /// The review's id, a ULID, where one was made.
    pub id: Option<String>,
    /// What was decided about findings.
    pub marks: Vec<Mark>,
}

/// One source of a [`Bundle`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundleSource {
    /// The schema it describes.
    pub side: Side,
    /// The name shown in evidence. It comes from whoever made the link: never use it as a place
    /// in a file system without checking it.
    pub path: String,
    /// The whole text.
    pub text: String,
}

/// Which of the two schemas a source describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The reference DDL: what the owners say the schema is.
    Documented,
    /// What was built: a dump, migrations, models.
    Implemented,
}

/// Why a link does not open. The [`Display`](fmt::Display) text is a message for the reader: what
/// is wrong, then what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkError {
    /// The text is no link of Schemaward at all.
    NotALink,
    /// The codec's name is well formed but unknown: the link was made by a newer version.
    UnknownCodec(String),
    /// The link ends before its contents do.
    Cut,
    /// The link's contents do not match their checksum, or cannot be read.
    Damaged,
    /// The link unfolds to more than [`SIZE_LIMIT`] bytes.
    TooLarge,
}

impl fmt::Display for LinkError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotALink => out.write_str(
                "This is not a review link. A review link holds “#/edit/” or “#/view/”, then \
                 “s1:” or “s2:” and a long row of letters and digits: copy the whole of it.",
            ),
            Self::UnknownCodec(codec) => write!(
                out,
                "This link was made by a newer version (its format is “{codec}”). Reload the \
                 page or update the command, then open the link again.",
            ),
            Self::Cut => out.write_str(
                "The link was cut: it ends before its contents do. Mail and chat programs \
                 shorten long links: copy it again whole from where it was made, or ask its \
                 sender for the files.",
            ),
            Self::Damaged => out.write_str(
                "The link is damaged: its contents do not match their checksum. Copy it again \
                 whole from where it was made, or ask its sender for the files.",
            ),
            Self::TooLarge => write!(
                out,
                "The link holds more than {} MiB of text, which is more than is opened from a \
                 link. Ask its sender for the files.",
                SIZE_LIMIT / (1024 * 1024),
            ),
        }
    }
}

impl std::error::Error for LinkError {}

/// The bundle as `<codec>:<payload>`, in ASCII letters that need no escaping in a fragment.
///
/// The same bundle gives the same link within one version. A bundle without marks gives a link that
/// programs open which know nothing of marks. A bundle beyond [`SIZE_LIMIT`] still
/// gives a link, which [`decode`] then refuses.
pub fn encode(bundle: &Bundle) -> String {
    if bundle.marks.is_empty() {
        format!("{}:{}", s1::NAME, s1::encode(bundle))
    } else {
        format!("{}:{}", s2::NAME, s2::encode(bundle))
    }
}

/// Opens what [`encode`] made, in this version or any before it.
///
/// What chat and mail programs do to a link is undone: percent-encoding, line breaks, punctuation
/// or further words after its end.
pub fn decode(link: &str) -> Result<Bundle, LinkError> {
    let link = fragment::unescape(link.trim());
    let (codec, payload) = link.split_once(':').ok_or(LinkError::NotALink)?;
    match codec {
        s1::NAME => return s1::decode(payload),
        s2::NAME => return s2::decode(payload),
        _ => {}
    }
    // Every codec's name is a letter and a number; anything else before the colon (`https`) is
    // some other text.
    let mut letters = codec.chars();
    let named = letters.next().is_some_and(|first| first.is_ascii_lowercase())
        && (2..=4).contains(&codec.len())
        && letters.all(|rest| rest.is_ascii_digit());
    Err(if named { LinkError::UnknownCodec(codec.to_owned()) } else { LinkError::NotALink })
}
