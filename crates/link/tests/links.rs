//! What a link promises: it opens to what it was made from, or says clearly why not, for ever.

use miniz_oxide::deflate::compress_to_vec;
use proptest::prelude::*;
use schemaward_link::{
    Bundle, LinkError, Mark, MarkVerdict, Mode, SIZE_LIMIT, decode, encode, fragment,
    parse_fragment, parse_link,
};

mod bundles;

use bundles::{bundles, clinic, marked};

/// A released link and what it was made from.
type Golden = (&'static str, fn() -> Bundle);

/// Links as released versions wrote them. Never change a line here: add one for every new codec.
const GOLDEN: &[Golden] = &[
    (include_str!("golden/s1.link"), clinic),
    (include_str!("golden/s1-empty.link"), Bundle::default),
    (include_str!("golden/s2.link"), marked),
];

fn packed(codec: &str, plain: &[u8]) -> String {
    packed_stream(codec, crc32fast::hash(plain), &compress_to_vec(plain, 6))
}

fn packed_stream(codec: &str, checksum: u32, stream: &[u8]) -> String {
    use base64::Engine;
    let packed = [&checksum.to_be_bytes(), stream].concat();
    format!("{codec}:{}", base64::prelude::BASE64_URL_SAFE_NO_PAD.encode(packed))
}

#[test]
fn released_links_open() {
    for (link, bundle) in GOLDEN {
        assert_eq!(decode(link), Ok(bundle()), "{link}");
    }
}

#[test]
fn a_link_is_plain_in_a_fragment() {
    let link = encode(&clinic());
    let payload = link.strip_prefix("s1:").unwrap();
    assert!(payload.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
    assert_eq!(fragment(Mode::View, &clinic()), format!("#/view/{link}"));
}

#[test]
fn fragments_of_both_modes_open() {
    for mode in [Mode::Edit, Mode::View] {
        let written = fragment(mode, &clinic());
        assert_eq!(parse_fragment(&written), Ok(Some((mode, clinic()))));
        assert_eq!(parse_fragment(written.trim_start_matches('#')), Ok(Some((mode, clinic()))));
        let address = format!("https://example.org/app/?embed=1{written}");
        assert_eq!(parse_link(&address), Ok((mode, clinic())));
        assert_eq!(parse_link(written.trim_start_matches('#')), Ok((mode, clinic())));
    }
    assert_eq!(parse_link(&encode(&clinic())), Ok((Mode::Edit, clinic())));
}

#[test]
fn other_fragments_are_no_links() {
    for other in
        ["", "#", "#/", "#findings", "#/edit", "#/edit/", "#/view/", "#/editor/x", "edit/s1:"]
    {
        assert_eq!(parse_fragment(other), Ok(None), "{other}");
    }
    for text in
        ["", "hello", "https://example.org/", "https://example.org/#/edit/", "a b: c", "S1:x"]
    {
        assert_eq!(parse_link(text), Err(LinkError::NotALink), "{text}");
    }
}

#[test]
fn what_chat_tools_do_is_undone() {
    let link = encode(&clinic());
    let address = format!("https://example.org/{}", fragment(Mode::View, &clinic()));
    for end in
        ["=", "==", ".", ",", ")", ">", "\n", "  ", "&utm_source=chat", "%3D", "…", "* or so"]
    {
        assert_eq!(decode(&format!("{link}{end}")), Ok(clinic()), "{end}");
        assert_eq!(parse_link(&format!("{address}{end}")), Ok((Mode::View, clinic())), "{end}");
    }
    let once = address.replace(':', "%3A").replace('#', "%23").replace('/', "%2F");
    let twice = once.replace('%', "%25");
    for text in [format!("<{address}>"), format!(" ({address})"), once, twice] {
        assert_eq!(parse_link(&text), Ok((Mode::View, clinic())), "{text}");
    }
    let lines: Vec<_> =
        link.as_bytes().chunks(76).map(|line| str::from_utf8(line).unwrap()).collect();
    assert_eq!(decode(&lines.join("\r\n")), Ok(clinic()));
}

#[test]
fn a_newer_codec_is_named() {
    let error = decode("s3:AAAA").unwrap_err();
    assert_eq!(error, LinkError::UnknownCodec("s3".to_owned()));
    assert!(error.to_string().contains("newer version (its format is “s3”)"));
}

#[test]
fn only_marks_need_a_reader_of_marks() {
    assert!(encode(&clinic()).starts_with("s1:"));
    assert!(encode(&marked()).starts_with("s2:"));
}

#[test]
fn marks_of_another_shape_are_damage() {
    let link = |mark: &str| {
        packed("s2", format!(r#"{{"d":null,"f":[],"i":null,"m":[{mark}],"s":""}}"#).as_bytes())
    };
    let good = r#"["w","a","b","2026-12-31","c","2026-01-13"]"#;
    let waived = MarkVerdict::Waived { because: "b".into(), until: Some("2026-12-31".into()) };
    let mark = Mark {
        finding: "a".into(),
        verdict: Some(waived),
        assigned: Some("c".into()),
        date: "2026-01-13".into(),
    };
    assert_eq!(decode(&link(good)), Ok(Bundle { marks: vec![mark], ..Bundle::default() }));
    for mark in [
        r#"["x","a","",null,null,"2026-01-13"]"#,
        r#"["a","a","b",null,null,"2026-01-13"]"#,
        r#"["a","a","","2026-12-31",null,"2026-01-13"]"#,
        r#"["f","a","b","2026-12-31",null,"2026-01-13"]"#,
        r#"["w","a","b","for ever",null,"2026-01-13"]"#,
        r#"["w","a","b","2026-02-30",null,"2026-01-13"]"#,
        r#"["a","a","",null,null,""]"#,
        r#"["a","a","",null,null]"#,
        r#"["a","a","",null,null,"2026-01-13",1]"#,
        r#"["a",1,"",null,null,"2026-01-13"]"#,
        "{}",
    ] {
        assert_eq!(decode(&link(mark)), Err(LinkError::Damaged), "{mark}");
    }
    let without = packed("s2", br#"{"d":null,"f":[],"i":null,"s":""}"#);
    assert_eq!(decode(&without), Err(LinkError::Damaged));
    let s1 = packed("s1", br#"{"d":null,"f":[],"i":null,"m":[],"s":""}"#);
    assert_eq!(decode(&s1), Err(LinkError::Damaged), "s1 knows no marks");
}

#[test]
fn contents_of_another_shape_are_damage() {
    for plain in [
        r#"{"d":null,"f":[],"i":null,"s":"","x":1}"#,
        r#"{"d":null,"f":[["x","a","b"]],"i":null,"s":""}"#,
        r#"{"f":[["d","a"]],"s":""}"#,
        "[]",
        "",
        "\u{fffd}",
    ] {
        assert_eq!(decode(&packed("s1", plain.as_bytes())), Err(LinkError::Damaged), "{plain}");
    }
    assert_eq!(decode(&packed("s1", &[0xff, 0xfe])), Err(LinkError::Damaged));
}

#[test]
fn a_wrong_checksum_is_damage() {
    let plain = br#"{"d":null,"f":[],"i":null,"s":""}"#;
    let checksum = crc32fast::hash(plain) ^ 1;
    let link = packed_stream("s1", checksum, &compress_to_vec(plain, 6));
    assert_eq!(decode(&link), Err(LinkError::Damaged));
}

#[test]
fn a_bomb_is_refused() {
    for codec in ["s1", "s2"] {
        let link = packed(codec, &vec![b' '; SIZE_LIMIT + 1]);
        assert!(link.len() < 200_000, "the bomb itself is small");
        assert_eq!(decode(&link), Err(LinkError::TooLarge));
    }
}

#[test]
fn every_cut_is_seen() {
    for link in [encode(&clinic()), encode(&marked())] {
        for length in 3..link.len() {
            let error = decode(link.get(..length).unwrap()).unwrap_err();
            assert!(matches!(error, LinkError::Cut | LinkError::Damaged), "{length}: {error:?}");
        }
        assert_eq!(decode(link.get(..link.len() / 2).unwrap()), Err(LinkError::Cut));
        for length in 0..3 {
            assert_eq!(decode(link.get(..length).unwrap()), Err(LinkError::NotALink));
        }
    }
}

#[test]
fn every_altered_letter_is_seen() {
    let link = encode(&clinic());
    for at in 0..link.len() {
        for letter in (0..=127_u8).filter(|letter| *letter != link.as_bytes()[at]) {
            let mut altered = link.clone().into_bytes();
            altered[at] = letter;
            let altered = String::from_utf8(altered).unwrap();
            // A few bits at the very end belong to no byte.
            if let Ok(bundle) = decode(&altered) {
                assert_eq!(bundle, clinic(), "{altered}");
            }
        }
    }
}

proptest! {
    #[test]
    fn a_bundle_comes_back(bundle in bundles()) {
        let link = encode(&bundle);
        prop_assert_eq!(decode(&link), Ok(bundle.clone()));
        prop_assert_eq!(parse_fragment(&fragment(Mode::Edit, &bundle)), Ok(Some((Mode::Edit, bundle))));
    }

    #[test]
    fn an_altered_link_never_shows_something_else(
        bundle in bundles(), at in any::<prop::sample::Index>(), letter in any::<char>(),
    ) {
        let mut letters: Vec<char> = encode(&bundle).chars().collect();
        let at = at.index(letters.len());
        letters[at] = letter;
        if let Ok(opened) = decode(&letters.into_iter().collect::<String>()) {
            prop_assert_eq!(opened, bundle);
        }
    }

    #[test]
    fn a_cut_link_never_opens(bundle in bundles(), at in any::<prop::sample::Index>()) {
        let link = encode(&bundle);
        let cut = link.get(..at.index(link.len())).unwrap();
        prop_assert!(decode(cut).is_err());
    }

    #[test]
    fn no_text_is_a_panic(text in any::<String>()) {
        let _ = decode(&text);
        let _ = decode(&format!("s1:{text}"));
        let _ = decode(&format!("s2:{text}"));
        let _ = parse_fragment(&text);
        let _ = parse_link(&text);
    }
}
