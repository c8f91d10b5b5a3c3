//! Every difference has two repairs: the documented text edited, and a migration of the implementation.

use super::{folder, pairs, rows, workspace};

/// What has no repair in place or by statements says so by what is left.
#[test]
fn the_repairs_leave_no_difference() {
    let mut wrong = Vec::new();
    let mut repaired = 0;
    for pair in pairs().iter().filter(|pair| !pair.rows.is_empty()) {
        if matches!(pair.server.as_str(), "unread" | "one-way") {
            continue;
        }
        let sync = workspace(&pair.documented, &pair.implemented).synchronize().unwrap();
        let document = sync.documents.first().map_or("", |document| document.text.as_str());
        let migrated = format!("{}\n{}", pair.implemented, sync.migration);
        let after_patch = rows(document, &pair.implemented);
        let after_migration = rows(&pair.documented, &migrated);
        if !after_patch.is_empty() || sync.left != 0 {
            wrong.push(format!("{}: the patch leaves {after_patch:#?}\n{document}", pair.title));
        }
        if !after_migration.is_empty() {
            let sql = &sync.migration;
            wrong.push(format!("{}: the migration leaves {after_migration:#?}\n{sql}", pair.title));
        }
        repaired += 1;
    }
    println!("{repaired} pairs repaired both ways");
    assert!(wrong.is_empty(), "{} repairs fail:\n{}", wrong.len(), wrong.join("\n\n"));
}

#[test]
fn the_patch_of_the_clinic_leaves_no_difference() {
    let clinic = |file: &str| {
        std::fs::read_to_string(folder().join("../fixtures/clinic").join(file)).unwrap()
    };
    let (documented, implemented) = (clinic("documented.sql"), clinic("implemented.sql"));
    let sync = workspace(&documented, &implemented).synchronize().unwrap();
    let document = &sync.documents.first().unwrap().text;
    let left = rows(document, &implemented);
    println!("{} differences, {} left", sync.differences, left.len());
    // What prose implies no statement can take back.
    let stated: Vec<_> = left.iter().filter(|row| !row.contains("(implied)")).collect();
    assert_eq!((stated.len(), left.len()), (0, sync.left), "{stated:#?}\n{}", sync.patch);
    // What people wrote stays: of the lines of the document that are remarks, all but those of
    // what went away.
    let remarks = |text: &str| text.lines().filter(|line| line.contains("--")).count();
    assert!(remarks(document) * 5 > remarks(&documented) * 4);
}

/// A unified diff of one text, carried out; every line it names must be where it says.
fn applied(text: &str, diff: &str) -> String {
    let mut old = text.split_inclusive('\n');
    let (mut at, mut out, mut written) = (1, String::new(), true);
    for line in diff.split_inclusive('\n').skip(2) {
        if let Some(head) = line.strip_prefix("@@ -") {
            let start: usize = head.split(',').next().unwrap().parse().unwrap();
            out.extend(old.by_ref().take(start - at));
            at = start;
        } else if let Some(added) = line.strip_prefix('+') {
            out.push_str(added);
            written = true;
        } else if line.starts_with('\\') {
            // The line before it ends without a line break.
            if written {
                out.pop();
            }
        } else {
            let kept = line.strip_prefix(' ');
            let expected = kept.or_else(|| line.strip_prefix('-')).unwrap();
            assert_eq!(old.next().unwrap().trim_end_matches('\n'), expected.trim_end_matches('\n'));
            out.push_str(kept.unwrap_or_default());
            written = kept.is_some();
            at += 1;
        }
    }
    out.extend(old);
    out
}

/// Which side follows the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Follower {
    Document,
    Implementation,
}

/// Carries out the steps that settle differences, the first one first, until nothing is left to carry out;
/// how often that was, and the rows that are left.
fn settled(pair: &super::Pair, follower: Follower) -> (usize, Vec<String>) {
    /// What a repair uncovers is a difference of its own: a type that nothing uses any more.
    const ROUNDS: usize = 6;
    let (mut documented, mut implemented) = (pair.documented.clone(), pair.implemented.clone());
    for round in 0..ROUNDS {
        let review = workspace(&documented, &implemented).review(super::stamp()).unwrap();
        let steps = review.plan.iter().filter(|step| step.verb == "Sync");
        let ways = steps.map(|step| {
            assert!(step.sql.is_empty(), "{}: a person chooses", pair.title);
            match follower {
                Follower::Document => &step.repairs.document,
                Follower::Implementation => &step.repairs.implementation,
            }
        });
        let Some(way) = ways.into_iter().find(|way| !way.is_empty()) else {
            return (round, rows(&documented, &implemented));
        };
        match follower {
            Follower::Document => documented = applied(&documented, way),
            Follower::Implementation => implemented = format!("{implemented}\n{way}"),
        }
    }
    (ROUNDS, rows(&documented, &implemented))
}

/// Whichever side follows, the steps of the plan lead to where the two agree; what only the document does
/// not know is never dropped from the implementation.
#[test]
fn the_steps_of_the_plan_settle_every_difference_either_way() {
    let mut wrong = Vec::new();
    let (mut pairs_tried, mut steps) = (0, 0);
    for pair in pairs().iter().filter(|pair| !pair.rows.is_empty()) {
        if matches!(pair.server.as_str(), "unread" | "one-way") {
            continue;
        }
        pairs_tried += 1;
        for follower in [Follower::Document, Follower::Implementation] {
            let (rounds, mut left) = settled(pair, follower);
            steps += rounds;
            if follower == Follower::Implementation {
                left.retain(|row| !row.contains("Not in the documented schema"));
            }
            if !left.is_empty() {
                wrong.push(format!("{} ({follower:?}, {rounds}): {left:#?}", pair.title));
            }
        }
    }
    println!("{pairs_tried} pairs settled both ways in {steps} steps");
    assert!(wrong.is_empty(), "{} ways fail:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_is_undocumented_is_added_to_the_document_and_never_dropped() {
    let documented = "CREATE TABLE rooms (id uuid PRIMARY KEY);";
    let implemented = "CREATE TABLE rooms (id uuid PRIMARY KEY, label text NOT NULL DEFAULT 'a b');
        CREATE TABLE beds (id uuid PRIMARY KEY, room_id uuid NOT NULL REFERENCES rooms,
            CHECK (id <> room_id));
        CREATE INDEX beds_room ON beds (room_id) WHERE room_id IS NOT NULL;";
    let review = workspace(documented, implemented).review(super::stamp()).unwrap();
    let sync: Vec<_> = review.plan.iter().filter(|step| step.verb == "Sync").collect();
    let [step] = sync.as_slice() else { panic!("{sync:#?}") };
    assert_eq!(
        step.title,
        "Update `documented.sql` to the actual schema: one table and one other object are missing from it."
    );
    assert_eq!(step.repairs.implementation, "");
    let patched = applied(documented, &step.repairs.document);
    assert_eq!(rows(&patched, implemented), [""; 0], "{patched}");
}
