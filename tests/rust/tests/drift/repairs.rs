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
