//! Any text falls into statements that are in order, do not overlap, lie on character boundaries
//! and leave nothing out but blanks, comments, semicolons and the payload of `COPY`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use schemaward_catalog::SourceId;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let statements = schemaward_sql::read(SourceId(0), &text);
    let mut end = 0;
    for statement in &statements {
        let (from, to) = (statement.span.start as usize, statement.span.end as usize);
        assert!(end <= from && from <= to && to <= text.len(), "{end} {from} {to}");
        assert!(text.is_char_boundary(from) && text.is_char_boundary(to));
        assert_blank(&text[end..from]);
        end = to;
    }
    assert_blank(&text[end..]);
});

/// Between statements stand only blanks, comments, lone semicolons and a byte order mark.
fn assert_blank(between: &str) {
    let mut rest = between;
    loop {
        rest = rest.trim_start_matches(|c: char| {
            c.is_whitespace() || matches!(c, ';' | '\u{b}' | '\u{feff}' | '\0')
        });
        if rest.is_empty() {
            return;
        }
        if let Some(comment) = rest.strip_prefix("--") {
            rest = comment.find(['\n', '\r']).map_or("", |end| &comment[end..]);
        } else if rest.starts_with("/*") {
            rest = after_block_comment(rest);
        } else {
            panic!("lost: {rest:?}");
        }
    }
}

/// What follows a block comment; they nest, and one that never ends takes everything.
fn after_block_comment(text: &str) -> &str {
    let bytes = text.as_bytes();
    let (mut depth, mut at) = (0_usize, 0_usize);
    while at < bytes.len() {
        if bytes[at..].starts_with(b"/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if bytes[at..].starts_with(b"*/") {
            (depth, at) = (depth - 1, at + 2);
            if depth == 0 {
                return &text[at..];
            }
        } else {
            at += 1;
        }
    }
    ""
}
