//! The forms a review can be rendered in.

use std::fmt;
use std::str::FromStr;

/// A form of a review.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Plain text for a terminal.
    Text,
    /// The same with ANSI colours.
    ColouredText,
    /// The report.
    Markdown,
    /// The report as one HTML file.
    Html,
    /// The discrepancy table.
    Csv,
    /// The versioned JSON.
    Json,
    /// The plan's migration.
    Sql,
    /// The plan alone.
    PlanMarkdown,
}

impl Format {
    /// Every format by the name it is asked for.
    pub const NAMES: [(&'static str, Self); 8] = [
        ("text", Self::Text),
        ("coloured-text", Self::ColouredText),
        ("markdown", Self::Markdown),
        ("html", Self::Html),
        ("csv", Self::Csv),
        ("json", Self::Json),
        ("sql", Self::Sql),
        ("plan-markdown", Self::PlanMarkdown),
    ];
}

/// A format that does not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownFormat(String);

impl fmt::Display for UnknownFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = Format::NAMES.map(|(name, _)| name).join(", ");
        write!(f, "there is no format \"{}\"; the formats are {names}", self.0)
    }
}

impl std::error::Error for UnknownFormat {}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let found = Self::NAMES.iter().find(|(known, _)| *known == name);
        found.map(|(_, format)| *format).ok_or_else(|| UnknownFormat(name.to_owned()))
    }
}
