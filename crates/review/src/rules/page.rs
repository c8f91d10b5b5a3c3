//! A rule's page: the doc comment at the top of its file, taken out while compiling.

/// The page of the rule in this file, as Markdown, from the file's own `//!` lines.
macro_rules! page {
    ($file:literal) => {{
        const SOURCE: &str = include_str!($file);
        const LENGTH: usize = $crate::rules::page::length(SOURCE);
        const PAGE: [u8; LENGTH] = $crate::rules::page::extract::<LENGTH>(SOURCE);
        match core::str::from_utf8(&PAGE) {
            Ok(page) => page,
            Err(_) => "",
        }
    }};
}
pub(super) use page;

/// The length of the page in bytes.
pub(super) const fn length(source: &str) -> usize {
    walk::<0>(source).0
}

/// The page itself.
pub(super) const fn extract<const LENGTH: usize>(source: &str) -> [u8; LENGTH] {
    walk::<LENGTH>(source).1
}

/// Copies the leading `//!` lines without their markers and counts what a large enough buffer
/// would hold.
const fn walk<const LENGTH: usize>(source: &str) -> (usize, [u8; LENGTH]) {
    let mut page = [0; LENGTH];
    let mut length = 0;
    let mut rest = source.as_bytes();
    while let [b'/', b'/', b'!', line @ ..] = rest {
        rest = if let [b' ', line @ ..] = line { line } else { line };
        loop {
            let [byte, after @ ..] = rest else { return (length, page) };
            rest = after;
            if *byte == b'\r' {
                continue;
            }
            if length < LENGTH {
                #[allow(clippy::indexing_slicing, reason = "runs while compiling, and is guarded")]
                {
                    page[length] = *byte;
                }
            }
            length += 1;
            if *byte == b'\n' {
                break;
            }
        }
    }
    (length, page)
}
