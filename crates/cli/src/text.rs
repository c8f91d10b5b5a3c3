//! Bytes of a file as text.

/// A file's text, and what had to be said about reading it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Decoded {
    /// The text. A byte-order mark of UTF-8 is left in: it is the SQL reader's to skip, so that
    /// positions are those of the file.
    pub(crate) text: String,
    /// What was lost, where anything was.
    pub(crate) note: Option<String>,
}

/// What a file is that holds no text, and how to get text out of it.
pub(crate) fn binary(bytes: &[u8]) -> Option<&'static str> {
    let starts: [(&[u8], &str); 5] = [
        (
            b"PGDMP",
            "a dump in PostgreSQL's custom format; \
             turn it into SQL with: pg_restore --schema-only --file schema.sql DUMP",
        ),
        (b"\x1f\x8b", "compressed with gzip; unpack it first"),
        (b"PK\x03\x04", "a zip archive; unpack it first"),
        (b"\x28\xb5\x2f\xfd", "compressed with zstd; unpack it first"),
        (b"SQLite format 3\0", "an SQLite database; give the SQL of a PostgreSQL schema"),
    ];
    starts.into_iter().find(|(start, _)| bytes.starts_with(start)).map(|(_, what)| what)
}

/// Reads UTF-8, or UTF-16 with its byte-order mark. What is neither becomes U+FFFD, with a note.
pub(crate) fn decode(bytes: Vec<u8>) -> Decoded {
    match bytes.as_slice() {
        [0xff, 0xfe, rest @ ..] => decode_utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => decode_utf16(rest, u16::from_be_bytes),
        _ => match String::from_utf8(bytes) {
            Ok(text) => Decoded { text, note: None },
            Err(error) => decode_damaged(error.as_bytes()),
        },
    }
}

fn decode_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Decoded {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut lost = 0_usize;
    let mut text: String = char::decode_utf16(pairs.iter().copied().map(unit))
        .map(|letter| {
            letter.unwrap_or_else(|_| {
                lost += 1;
                char::REPLACEMENT_CHARACTER
            })
        })
        .collect();
    if !rest.is_empty() {
        lost += 1;
        text.push(char::REPLACEMENT_CHARACTER);
    }
    let note = (lost > 0).then(|| format!("not valid UTF-16: {lost} places are read as �"));
    Decoded { text, note }
}

fn decode_damaged(bytes: &[u8]) -> Decoded {
    let mut text = String::with_capacity(bytes.len());
    let mut lost = 0_usize;
    let mut first_line = None;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            lost += 1;
            let line = || text.bytes().filter(|byte| *byte == b'\n').count() + 1;
            first_line.get_or_insert_with(line);
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    let note = first_line.map(|line| {
        format!("not valid UTF-8: {lost} places are read as �, the first in line {line}")
    });
    Decoded { text, note }
}

#[cfg(test)]
mod tests {
    use super::{binary, decode};

    #[track_caller]
    fn check(bytes: &[u8], text: &str, note: Option<&str>) {
        let decoded = decode(bytes.to_vec());
        assert_eq!((decoded.text.as_str(), decoded.note.as_deref()), (text, note));
    }

    #[test]
    fn utf8() {
        check(b"", "", None);
        check("é\0\r\n".as_bytes(), "é\0\r\n", None);
        check(b"\xef\xbb\xbfa", "\u{feff}a", None);
        check(
            b"a\nb\xe9c\xff\n",
            "a\nb\u{fffd}c\u{fffd}\n",
            Some("not valid UTF-8: 2 places are read as \u{fffd}, the first in line 2"),
        );
    }

    #[test]
    fn utf16() {
        check(b"\xff\xfea\0\xe9\0", "aé", None);
        check(b"\xfe\xff\0a\0\xe9", "aé", None);
        check(
            b"\xff\xfea\0\x00\xd8b\0c",
            "a\u{fffd}b\u{fffd}",
            Some("not valid UTF-16: 2 places are read as \u{fffd}"),
        );
    }

    #[test]
    fn archives_are_no_text() {
        assert!(binary(b"PGDMP\x01\x0e").is_some_and(|what| what.contains("pg_restore")));
        assert!(binary(b"\x1f\x8b\x08").is_some());
        assert_eq!(binary(b"CREATE TABLE t ();"), None);
    }
}
