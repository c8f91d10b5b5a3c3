//! Links as they stand in an address: `#/edit/<codec>:<payload>` and `#/view/<codec>:<payload>`.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use crate::{Bundle, LinkError, decode, encode};

/// How the page opens a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The workspace can be changed.
    Edit,
    /// The review is read, its sources can be looked at.
    View,
}

impl Mode {
    /// The word in the fragment: `edit` or `view`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Edit => "edit",
            Self::View => "view",
        }
    }
}

/// The fragment that opens this bundle on the page, with its leading `#`.
pub fn fragment(mode: Mode, bundle: &Bundle) -> String {
    format!("#/{}/{}", mode.word(), encode(bundle))
}

/// The bundle in a fragment, with or without its leading `#`.
///
/// Nothing when the fragment is not one of the two kinds, or holds nothing after its word: the
/// page then starts empty.
pub fn parse_fragment(fragment: &str) -> Result<Option<(Mode, Bundle)>, LinkError> {
    let fragment = unescape(fragment.trim());
    let fragment = fragment.strip_prefix('#').unwrap_or(&fragment);
    for mode in [Mode::Edit, Mode::View] {
        let rest = fragment.strip_prefix('/').and_then(|rest| rest.strip_prefix(mode.word()));
        let Some(rest) = rest else { continue };
        match rest.strip_prefix('/') {
            Some(link) if !link.is_empty() => return Ok(Some((mode, decode(link)?))),
            Some(_) => return Ok(None),
            None if rest.is_empty() => return Ok(None),
            None => {}
        }
    }
    Ok(None)
}

/// The bundle in anything a person may paste: a whole address, its fragment, or the bare
/// `<codec>:<payload>` (which counts as [`Mode::Edit`]).
pub fn parse_link(text: &str) -> Result<(Mode, Bundle), LinkError> {
    // `<https://…>`, quotes and brackets around an address are how people and chat tools set it
    // apart from its surroundings.
    let text = text.trim().trim_start_matches(['<', '"', '\'', '(', '[', '`']);
    let text = unescape(text);
    match text.split_once('#') {
        Some((_, fragment)) => parse_fragment(fragment)?.ok_or(LinkError::NotALink),
        None if text.starts_with('/') => parse_fragment(&text)?.ok_or(LinkError::NotALink),
        None => Ok((Mode::Edit, decode(&text)?)),
    }
}

/// The text without percent-encoding, however many programs have added a layer of it.
///
/// Nothing of a link's own ever holds a percent sign, so nothing can be decoded once too often.
pub(crate) fn unescape(text: &str) -> Cow<'_, str> {
    /// More layers than programs are known to add; a limit because the text is a stranger's.
    const LAYERS: usize = 4;
    let mut text = Cow::Borrowed(text);
    for _ in 0..LAYERS {
        if !text.contains('%') {
            break;
        }
        text = Cow::Owned(percent_decode_str(&text).decode_utf8_lossy().into_owned());
    }
    text
}
