//! Bundles that the tests of links and of files write and read.

use proptest::prelude::*;
use schemaward_link::{Bundle, BundleSource, Mark, MarkVerdict, Side};

pub(crate) fn clinic() -> Bundle {
    Bundle {
        sources: vec![
            BundleSource {
                side: Side::Documented,
                path: "documented.sql".to_owned(),
                text: "CREATE TABLE patients (\r\n    id uuid PRIMARY KEY -- “ULID”\r\n);\n"
                    .to_owned(),
            },
            BundleSource {
                side: Side::Implemented,
                path: "db/0001 first.sql".to_owned(),
                text: "\u{feff}CREATE TABLE patients (id uuid DEFAULT gen_random_uuid());\0"
                    .to_owned(),
            },
        ],
        standard: "[soft_delete]\ncolumn = \"deleted_at\"\n".to_owned(),
        date: Some("2026-01-13".to_owned()),
        id: Some("01KETJZQ4T8Y3V5W6X7Z8A9B0C".to_owned()),
        marks: Vec::new(),
    }
}

/// The same with a mark of every kind.
pub(crate) fn marked() -> Bundle {
    let mark = |finding: &str, verdict, assigned: Option<&str>| Mark {
        finding: finding.to_owned(),
        verdict,
        assigned: assigned.map(str::to_owned),
        date: "2026-01-14".to_owned(),
    };
    let waived = |until: Option<&str>| MarkVerdict::Waived {
        because: "Only staff of the ward\u{2026} \u{201c}see ADR 7\u{201d}".to_owned(),
        until: until.map(str::to_owned),
    };
    let marks = vec![
        mark("primary-key-ulid:patients", Some(MarkVerdict::Accepted), Some("Ada Lovelace")),
        mark("rls-enabled:visits", Some(waived(Some("2026-12-31"))), None),
        mark("rls-enabled:notes", Some(waived(None)), None),
        mark(
            "soft-delete:visits",
            Some(MarkVerdict::FalseAlarm { note: "it is a log".to_owned() }),
            Some(""),
        ),
        mark("audit-trigger:visits", None, Some("Grace Hopper")),
    ];
    Bundle { marks, ..clinic() }
}

fn days() -> impl Strategy<Value = String> {
    (1..=9999_u32, 1..=12_u32, 1..=28_u32).prop_map(|(y, m, d)| format!("{y:04}-{m:02}-{d:02}"))
}

fn marks() -> impl Strategy<Value = Mark> {
    let verdict = prop_oneof![
        Just(None),
        Just(Some(MarkVerdict::Accepted)),
        (any::<String>(), prop::option::of(days()))
            .prop_map(|(because, until)| Some(MarkVerdict::Waived { because, until })),
        any::<String>().prop_map(|note| Some(MarkVerdict::FalseAlarm { note })),
    ];
    (any::<String>(), verdict, any::<Option<String>>(), days())
        .prop_map(|(finding, verdict, assigned, date)| Mark { finding, verdict, assigned, date })
}

/// Any bundle, with and without marks.
pub(crate) fn bundles() -> impl Strategy<Value = Bundle> {
    let side = prop_oneof![Just(Side::Documented), Just(Side::Implemented)];
    let source = (side, any::<String>(), "(?s).{0,400}")
        .prop_map(|(side, path, text)| BundleSource { side, path, text });
    let sources = prop::collection::vec(source, 0..5);
    let marks = prop::collection::vec(marks(), 0..4);
    (sources, any::<String>(), any::<Option<String>>(), any::<Option<String>>(), marks).prop_map(
        |(sources, standard, date, id, marks)| Bundle { sources, standard, date, id, marks },
    )
}
