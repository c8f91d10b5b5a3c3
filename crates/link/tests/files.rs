//! What a review file promises: it opens to what it was made from, or says clearly why not, for ever.

use proptest::prelude::*;
use schemaward_link::{
    Bundle, BundleSource, FileError, SIZE_LIMIT, Side, is_review_file, read_file, write_file,
};

mod bundles;

use bundles::{bundles, clinic, marked};

/// A released file and what it was made from.
type Golden = (&'static str, fn() -> Bundle);

/// Files as released versions wrote them. Never change a file here: add one for every new version.
const GOLDEN: &[Golden] = &[
    (include_str!("golden/review-1.json"), marked),
    (include_str!("golden/review-1-clinic.json"), clinic),
    (r#"{"schemaward_review": 1, "sources": []}"#, Bundle::default),
];

#[test]
fn released_files_open() {
    for (text, bundle) in GOLDEN {
        assert!(is_review_file(text));
        assert_eq!(read_file(text), Ok(bundle()), "{text}");
    }
}

#[test]
fn version_1_is_written_as_it_was_released() {
    assert_eq!(write_file(&marked()), include_str!("golden/review-1.json"));
    assert_eq!(write_file(&clinic()), include_str!("golden/review-1-clinic.json"));
}

#[test]
fn a_file_that_an_editor_saved_opens() {
    let written = write_file(&marked());
    for text in [
        format!("\u{feff}{written}"),
        format!("\n  {written}\n\n"),
        written.replace('\n', "\r\n"),
        serde_json::from_str::<serde_json::Value>(&written).unwrap().to_string(),
    ] {
        assert_eq!(read_file(&text), Ok(marked()), "{text}");
    }
}

#[track_caller]
fn refused(text: &str, expected: &str) {
    let error = read_file(text).map_err(|error| error.to_string());
    let error = error.err().unwrap_or_default();
    assert!(error.contains(expected), "{text}\n{error}");
}

#[test]
fn other_texts_are_no_review_files() {
    for text in
        ["", "CREATE TABLE t ();", "{}", "[1]", r#"{"schema_version": 1}"#, "-- schemaward_review"]
    {
        assert!(!is_review_file(text));
        assert_eq!(read_file(text), Err(FileError::NotAReviewFile), "{text}");
    }
    assert_eq!(read_file(r#"{"schemaward_review": 0}"#), Err(FileError::NotAReviewFile));
}

#[test]
fn a_newer_version_is_named() {
    let text = r#"{"schemaward_review": 2, "sources": {"of": "another shape"}}"#;
    assert_eq!(read_file(text), Err(FileError::Newer(2)));
    refused(text, "newer version (its shape is number 2). Reload");
}

#[test]
fn faults_are_told_with_their_place() {
    refused("{\"schemaward_review\": 1,\n \"sources\": 3}", "at line 2, column");
    refused(r#"{"schemaward_review": 1, "sources": [], "note": 1}"#, "unknown field `note`");
    refused(r#"{"schemaward_review": 1}"#, "missing field `sources`");
    refused(r#"{"schemaward_review": 1, "sources": ["#, "EOF");
    refused(r#"{"schemaward_review": "1"}"#, "expected u64");
    refused(
        r#"{"schemaward_review": 1, "sources": [{"side": "both", "path": "", "text": ""}]}"#,
        "unknown variant `both`, expected `documented` or `implemented`",
    );
    let mark = |rest: &str| {
        format!(
            r#"{{"schemaward_review": 1, "sources": [], "marks": [{{"finding": "a:b"{rest}}}]}}"#
        )
    };
    refused(&mark(""), "missing field `date`");
    refused(&mark(r#", "date": "14.1.2026""#), "finding “a:b” has a day that is not of the form");
    refused(
        &mark(r#", "date": "2026-01-14", "verdict": {"waived": {"because": "", "until": "x"}}"#),
        "YYYY-MM-DD",
    );
    refused(&mark(r#", "date": "2026-01-14", "verdict": "perhaps""#), "unknown variant `perhaps`");
}

#[test]
fn hostile_files_are_refused() {
    let (open, close) = ("[".repeat(100_000), "]".repeat(100_000));
    for rest in [open.clone(), format!("{open}{close}}}")] {
        let deep = format!("{{\"schemaward_review\": 1, \"sources\": {rest}");
        assert!(matches!(read_file(&deep), Err(FileError::Unreadable { .. })));
    }
    let large = format!("{{\"schemaward_review\": 1{}", " ".repeat(SIZE_LIMIT));
    assert_eq!(read_file(&large), Err(FileError::TooLarge));
    let name = format!(
        r#"{{"schemaward_review": 1, "sources": [], "marks": [{{"finding": "{}", "date": ""}}]}}"#,
        "x".repeat(1_000_000)
    );
    assert!(read_file(&name).unwrap_err().to_string().len() < 1_000, "the message stays short");
}

#[test]
fn a_text_of_any_letters_comes_back() {
    let text: String = (0..=0x2_0000).filter_map(char::from_u32).collect();
    let source = BundleSource { side: Side::Implemented, path: text.clone(), text };
    let bundle = Bundle { sources: vec![source], ..Bundle::default() };
    assert_eq!(read_file(&write_file(&bundle)), Ok(bundle));
}

proptest! {
    #[test]
    fn a_bundle_comes_back(bundle in bundles()) {
        prop_assert_eq!(read_file(&write_file(&bundle)), Ok(bundle));
    }

    #[test]
    fn no_text_is_a_panic(text in any::<String>(), at in any::<prop::sample::Index>(), letter in any::<char>()) {
        let _ = read_file(&text);
        let _ = read_file(&format!("{{\"schemaward_review\": 1, {text}"));
        let mut letters: Vec<char> = write_file(&marked()).chars().collect();
        let at = at.index(letters.len());
        letters[at] = letter;
        let _ = read_file(&letters.into_iter().collect::<String>());
    }
}
