//! Review files: a whole workspace with the marks of its findings as one readable JSON text.
//!
//! The number under `schemaward_review` is the version of the file's shape. A released version is
//! frozen and opens for ever; a change, down to one more key, is a new version, because a program
//! that dropped a key it does not know would show another review than the one that was saved.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Bundle, BundleSource, Mark, MarkVerdict, SIZE_LIMIT, Side};

/// The key that tells a review file from all other JSON.
const KEY: &str = "\"schemaward_review\"";

/// Why a review file does not open. The [`Display`](fmt::Display) text is a message for the reader:
/// what is wrong, then what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileError {
    /// The text is no review file at all.
    NotAReviewFile,
    /// A version that is not known: the file was written by a newer program.
    Newer(u64),
    /// The file is of a known version and does not have its shape.
    Unreadable {
        /// What is wrong.
        message: String,
        /// 1-based line, 0 where the fault is not at one place.
        line: usize,
        /// 1-based column in bytes, 0 where the fault is not at one place.
        column: usize,
    },
    /// The file is larger than [`SIZE_LIMIT`] bytes.
    TooLarge,
}

impl fmt::Display for FileError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAReviewFile => out.write_str(
                "This is not a review file. A review file is a JSON text with the key \
                 “schemaward_review”: save one with “Save as file” on the page or with \
                 `schemaward link --file`.",
            ),
            Self::Newer(version) => write!(
                out,
                "This review file was written by a newer version (its shape is number {version}). \
                 Reload the page or update the command, then open the file again.",
            ),
            Self::Unreadable { message, line: 0, .. } => write!(
                out,
                "The review file cannot be read: {message}. Correct that, or save it again from \
                 where it was made.",
            ),
            Self::Unreadable { message, line, column } => write!(
                out,
                "The review file cannot be read at line {line}, column {column}: {message}. \
                 Correct that place, or save the file again from where it was made.",
            ),
            Self::TooLarge => write!(
                out,
                "The review file is larger than {} MiB, which is more than is opened. Give the \
                 sources themselves.",
                SIZE_LIMIT / (1024 * 1024),
            ),
        }
    }
}

impl std::error::Error for FileError {}

/// Version 1, as it is written and read.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Version1 {
    schemaward_review: u64,
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    date: Option<String>,
    sources: Vec<Source1>,
    #[serde(default)]
    standard: String,
    #[serde(default)]
    marks: Vec<Mark1>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Source1 {
    side: Side1,
    path: String,
    text: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Side1 {
    Documented,
    Implemented,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Mark1 {
    finding: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    verdict: Option<Verdict1>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    assigned: Option<String>,
    date: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Verdict1 {
    Accepted,
    Waived {
        because: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<String>,
    },
    FalseAlarm {
        note: String,
    },
}

/// Only the version, whatever else there is.
#[derive(Deserialize)]
struct AnyVersion {
    schemaward_review: u64,
}

/// Whether a text means to be a review file, so that [`read_file`] is to be asked about it.
pub fn is_review_file(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').trim_start().starts_with('{') && text.contains(KEY)
}

/// The bundle as the text of a review file, with a line break at its end.
///
/// The same bundle gives the same bytes.
pub fn write_file(bundle: &Bundle) -> String {
    let file = Version1 {
        schemaward_review: 1,
        id: bundle.id.clone(),
        date: bundle.date.clone(),
        sources: bundle.sources.iter().map(Source1::from).collect(),
        standard: bundle.standard.clone(),
        marks: bundle.marks.iter().map(Mark1::from).collect(),
    };
    // Every part is text, a number or a list of those, so that nothing here can fail.
    let mut text = serde_json::to_string_pretty(&file).unwrap_or_default();
    text.push('\n');
    text
}

/// Opens what [`write_file`] made, in this version or any before it.
pub fn read_file(text: &str) -> Result<Bundle, FileError> {
    if text.len() > SIZE_LIMIT {
        return Err(FileError::TooLarge);
    }
    if !is_review_file(text) {
        return Err(FileError::NotAReviewFile);
    }
    let text = text.trim_start_matches('\u{feff}');
    let AnyVersion { schemaward_review } =
        serde_json::from_str(text).map_err(|error| unreadable(&error))?;
    match schemaward_review {
        1 => read_1(text),
        0 => Err(FileError::NotAReviewFile),
        newer => Err(FileError::Newer(newer)),
    }
}

fn read_1(text: &str) -> Result<Bundle, FileError> {
    let file: Version1 = serde_json::from_str(text).map_err(|error| unreadable(&error))?;
    let marks: Vec<Mark> = file.marks.into_iter().map(Mark::from).collect();
    if let Some(mark) = marks.iter().find(|mark| !mark.has_days()) {
        let message = format!(
            "the mark of finding “{}” has a day that is not of the form YYYY-MM-DD",
            mark.finding.chars().take(100).collect::<String>(),
        );
        return Err(FileError::Unreadable { message, line: 0, column: 0 });
    }
    Ok(Bundle {
        sources: file.sources.into_iter().map(BundleSource::from).collect(),
        standard: file.standard,
        date: file.date,
        id: file.id,
        marks,
    })
}

fn unreadable(error: &serde_json::Error) -> FileError {
    let (line, column) = (error.line(), error.column());
    let message = error.to_string();
    // The place is told apart from the message, in our own words.
    let place = format!(" at line {line} column {column}");
    let message = message.strip_suffix(&place).unwrap_or(&message).to_owned();
    FileError::Unreadable { message, line, column }
}

impl From<&BundleSource> for Source1 {
    fn from(source: &BundleSource) -> Self {
        let side = match source.side {
            Side::Documented => Side1::Documented,
            Side::Implemented => Side1::Implemented,
        };
        Self { side, path: source.path.clone(), text: source.text.clone() }
    }
}

impl From<Source1> for BundleSource {
    fn from(source: Source1) -> Self {
        let side = match source.side {
            Side1::Documented => Side::Documented,
            Side1::Implemented => Side::Implemented,
        };
        Self { side, path: source.path, text: source.text }
    }
}

impl From<&Mark> for Mark1 {
    fn from(mark: &Mark) -> Self {
        let verdict = mark.verdict.as_ref().map(|verdict| match verdict {
            MarkVerdict::Accepted => Verdict1::Accepted,
            MarkVerdict::Waived { because, until } => {
                Verdict1::Waived { because: because.clone(), until: until.clone() }
            }
            MarkVerdict::FalseAlarm { note } => Verdict1::FalseAlarm { note: note.clone() },
        });
        Self {
            finding: mark.finding.clone(),
            verdict,
            assigned: mark.assigned.clone(),
            date: mark.date.clone(),
        }
    }
}

impl From<Mark1> for Mark {
    fn from(mark: Mark1) -> Self {
        let verdict = mark.verdict.map(|verdict| match verdict {
            Verdict1::Accepted => MarkVerdict::Accepted,
            Verdict1::Waived { because, until } => MarkVerdict::Waived { because, until },
            Verdict1::FalseAlarm { note } => MarkVerdict::FalseAlarm { note },
        });
        Self { finding: mark.finding, verdict, assigned: mark.assigned, date: mark.date }
    }
}
