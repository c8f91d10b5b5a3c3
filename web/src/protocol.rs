//! What the page and the worker say to each other, as JSON text.
//!
//! JSON keeps a mismatch between two builds readable: an answer that cannot be understood is a message to the
//! reader and not a trap inside a binary decoder.

use std::collections::BTreeMap;

use schemaward_link::{Mark, Side};
use serde::{Deserialize, Serialize};

/// The build both programs belong to.
pub(crate) const BUILD: &str = env!("SCHEMAWARD_BUILD");

/// One source as it travels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SourceText {
    /// `true` when the source is documentation, `false` when it is implementation.
    pub(crate) documented: bool,
    /// The name shown in evidence.
    pub(crate) path: String,
    /// The whole text.
    pub(crate) text: String,
}

impl SourceText {
    pub(crate) fn side(&self) -> Side {
        if self.documented { Side::Documented } else { Side::Implemented }
    }
}

/// Everything a review is made from, but for its id and date.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Contents {
    /// The sources that hold text, in their order on the page.
    pub(crate) sources: Vec<SourceText>,
    /// The standard's TOML; empty for the built-in one.
    pub(crate) standard: String,
}

/// A review's id and day, made by the page because only it knows the reader's clock and calendar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stamp {
    /// A ULID.
    pub(crate) id: String,
    /// `YYYY-MM-DD`.
    pub(crate) date: String,
}

/// A request with the number its answer will carry.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Request {
    pub(crate) serial: u64,
    pub(crate) work: Work,
}

/// What the worker is asked to do. It keeps nothing that a restart could lose.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Work {
    /// Review these contents.
    Review { contents: Contents, stamp: Stamp },
    /// Review these contents as they would be after a migration, against the findings there are now.
    Predict { contents: Contents, stamp: Stamp, migration: String, known: Vec<String> },
    /// Pack these contents and the marks of their findings into a link.
    Link { contents: Contents, stamp: Stamp, marks: Vec<Mark> },
    /// Write them as the text of a review file.
    File { contents: Contents, stamp: Stamp, marks: Vec<Mark> },
    /// Read the text of a review file; answered as `Open` is.
    OpenFile { text: String },
    /// Write a review, given as its JSON, in another form, by the engine's name of the format.
    Render { json: String, format: String },
    /// Hand out the pages of all rules.
    RulePages,
    /// Draw the schema that this review, given as its JSON, judged in these contents.
    Picture {
        contents: Contents,
        json: String,
        wish: Wish,
        /// Whether the drawing is to stand alone as a file.
        file: bool,
    },
    /// Unpack the link in this fragment (`#/edit/…` or `#/view/…`).
    Open { fragment: String },
}

impl Work {
    /// Whether only the program that reads Python can do it.
    pub(crate) fn needs_python(&self) -> bool {
        let (Self::Review { contents, .. }
        | Self::Predict { contents, .. }
        | Self::Picture { contents, .. }) = self
        else {
            return false;
        };
        let mut sources = contents.sources.iter();
        sources.any(|source| schemaward_engine::is_python_source(&source.path, &source.text))
    }
}

/// Which part of the schema is to be drawn, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Wish {
    pub(crate) detail: Detail,
    pub(crate) colours: Colours,
    /// A table, and how many foreign keys away others may be; the whole schema without one.
    pub(crate) focus: Option<(String, usize)>,
}

/// How much of each table is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Detail {
    #[default]
    Automatic,
    Names,
    Keys,
    Columns,
}

impl Detail {
    pub(crate) const ALL: [Self; 4] = [Self::Automatic, Self::Names, Self::Keys, Self::Columns];

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Automatic => "automatic",
            Self::Names => "names",
            Self::Keys => "keys",
            Self::Columns => "columns",
        }
    }

    /// As the page says it.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Automatic => "what fits",
            Self::Names => "names",
            Self::Keys => "keys and identifiers",
            Self::Columns => "all columns",
        }
    }

    pub(crate) fn from_word(word: &str) -> Self {
        Self::ALL.into_iter().find(|it| it.word() == word).unwrap_or_default()
    }
}

/// What tables are coloured by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Colours {
    #[default]
    Class,
    Verdict,
}

impl Colours {
    pub(crate) const ALL: [Self; 2] = [Self::Class, Self::Verdict];

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Class => "class",
            Self::Verdict => "verdict",
        }
    }

    pub(crate) fn from_word(word: &str) -> Self {
        Self::ALL.into_iter().find(|it| it.word() == word).unwrap_or_default()
    }
}

/// What the worker says.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Message {
    /// It has started and takes requests; requests sent earlier would be lost.
    Ready { build: String },
    /// What is being done for the request of that number.
    Progress { serial: u64, phase: Phase },
    /// The answer to the request of that number.
    Answer { serial: u64, outcome: Outcome },
    /// It has panicked and will not answer any more.
    Crashed { message: String },
    /// Its program could not be loaded.
    NotLoaded { message: String },
}

/// The parts of a review, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Phase {
    Reading,
    Judging,
    Writing,
}

impl Phase {
    /// As the page says it.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Reading => "Reading the sources …",
            Self::Judging => "Reviewing …",
            Self::Writing => "Writing the report …",
        }
    }
}

/// What a migration would lead to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Prediction {
    /// The status after it, as the review's JSON writes it.
    pub(crate) status: String,
    pub(crate) critical: usize,
    pub(crate) warnings: usize,
    /// How many of the findings there are now would be gone.
    pub(crate) closed: usize,
    /// The messages of the findings that there would be, and are not now.
    pub(crate) opened: Vec<String>,
}

/// The answers.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Outcome {
    /// A review, with the renderings that can be copied or saved.
    Reviewed {
        /// The review exactly as the command prints it with `--format json`.
        json: String,
        /// The report in Markdown.
        markdown: String,
        /// The plan as one SQL file.
        migration: String,
        /// What the rules that speak in the review are called, by their id.
        titles: BTreeMap<String, String>,
    },
    /// What a migration would lead to.
    Predicted { prediction: Prediction },
    /// A review in the form that was asked for.
    Rendered { text: String },
    /// The pages of all rules by their id, as Markdown.
    RulePages { pages: BTreeMap<String, String> },
    /// A drawing as SVG.
    Pictured { svg: String },
    /// The standard cannot be used.
    BadStandard {
        message: String,
        /// 1-based.
        line: usize,
        /// 1-based, in Unicode scalar values.
        column: usize,
    },
    /// The `<codec>:<payload>` part of a link.
    Linked { packed: String },
    /// The text of a review file.
    Filed { text: String },
    /// What a link or a review file held.
    Opened { read_only: bool, contents: Contents, stamp: Option<Stamp>, marks: Vec<Mark> },
    /// The fragment is not one of a link.
    NoLink,
    /// The link or the file is damaged, cut or too new; the message says what to do.
    BadLink { message: String },
}
