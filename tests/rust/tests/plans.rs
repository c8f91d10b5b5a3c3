//! The plan of every case of the answer key and of every fixture, applied to the schema it was made
//! for.
//!
//! The steps that claim to close a finding must close it, and what comes anew is what they announce:
//! not one finding more, and not one less.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and this one prints its figures"
)]

mod key;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use key::{Case, cases, review};
use schemaward_engine::{Format, Workspace};
use schemaward_render::json::{Finding, PlanStep, Review};

fn findings(review: &Review) -> impl Iterator<Item = &Finding> {
    review.findings.iter().chain(&review.observations).chain(&review.recommendations)
}

fn ids(review: &Review) -> BTreeSet<String> {
    findings(review).map(|finding| finding.id.clone()).collect()
}

/// What the migration of a plan does: *Sync* is text for the document.
fn runs(step: &PlanStep) -> bool {
    step.verb != "Sync" && !step.sql.trim().is_empty()
}

/// What many plans did together.
#[derive(Default)]
struct Played {
    plans: usize,
    closed: usize,
    announced: BTreeMap<String, usize>,
    kinds: BTreeMap<String, usize>,
    wrong: String,
}

impl Played {
    fn play(&mut self, mut case: Case) {
        let before = review(&case);
        for step in &before.plan {
            for id in step.closes.iter().filter(|_| step.verb != "Sync") {
                let told = findings(&before)
                    .any(|found| found.id == *id && found.closes_with.contains(&step.id));
                assert!(told, "{}: {id} is no finding, or does not name {}", case.name, step.id);
            }
            for id in &step.raises {
                let rule = id.split(':').next().unwrap();
                let said = step.notes.iter().any(|note| note.contains(&format!("`{rule}`")));
                assert!(said, "{}: no note of {} tells of {id}", case.name, step.id);
            }
        }
        let steps = || before.plan.iter().filter(|step| runs(step));
        let closed: BTreeSet<String> =
            steps().flat_map(|step| step.closes.iter().cloned()).collect();
        let announced: BTreeSet<String> =
            steps().flat_map(|step| step.raises.iter().cloned()).collect();
        // What the program must change is not in the database's migration.
        let is_sql = |path: &str| Path::new(path).extension().is_some_and(|it| it == "sql");
        let Some((_, text)) = case.files.iter_mut().rev().find(|(path, _)| is_sql(path)) else {
            return;
        };
        if steps().next().is_none() {
            return;
        }
        self.plans += 1;
        self.closed += closed.len();
        // In a session of its own: a dump leaves the search path empty.
        writeln!(text, "\nRESET search_path;\n{}", Workspace::render(&before, Format::Sql))
            .unwrap();
        let after = review(&case);
        assert!(
            after.coverage.unread.len() <= before.coverage.unread.len(),
            "{}: the migration is not read",
            case.name
        );
        let (was, is) = (ids(&before), ids(&after));
        let new: BTreeSet<String> = is.difference(&was).cloned().collect();
        let left = is.intersection(&closed).map(|id| ("stays", id));
        let more = new.difference(&announced).map(|id| ("is new", id));
        let less = announced.difference(&new).map(|id| ("is announced and does not come", id));
        for (what, id) in left.chain(more).chain(less) {
            *self.kinds.entry(format!("{} {what}", rule(id))).or_default() += 1;
            writeln!(self.wrong, "{}: {id} {what}", case.name).unwrap();
        }
        for id in new.intersection(&announced) {
            *self.announced.entry(rule(id).to_owned()).or_default() += 1;
        }
    }

    fn passed(self, least: usize) {
        println!("{} plans close {} findings", self.plans, self.closed);
        for (rule, times) in &self.announced {
            println!("announced: {rule} {times}");
        }
        for (kind, times) in &self.kinds {
            println!("{kind}: {times}");
        }
        assert!(self.plans >= least, "only {} plans come with SQL", self.plans);
        assert!(self.wrong.is_empty(), "{}", self.wrong);
    }
}

fn rule(id: &str) -> &str {
    id.split(':').next().unwrap_or(id)
}

#[test]
fn the_plans_of_the_key_do_what_they_say() {
    let mut played = Played::default();
    for case in cases() {
        played.play(case);
    }
    played.passed(300);
}

/// Every text of SQL below the fixtures, each alone, and the clinic with its document.
#[test]
fn the_plans_of_the_fixtures_do_what_they_say() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures");
    let mut played = Played::default();
    let mut texts = Vec::new();
    below(&root, &mut texts);
    for path in &texts {
        let name = path.strip_prefix(&root).unwrap().display().to_string();
        let files = vec![("implemented.sql".to_owned(), fs::read_to_string(path).unwrap())];
        played.play(Case { name, files, ..Case::default() });
    }
    let clinic = |file: &str| fs::read_to_string(root.join("clinic").join(file)).unwrap();
    played.play(Case {
        name: "the clinic with its document and its standard".to_owned(),
        standard: clinic("standard.toml"),
        documented: clinic("documented.sql"),
        files: vec![("implemented.sql".to_owned(), clinic("implemented.sql"))],
        ..Case::default()
    });
    played.passed(40);
}

fn below(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            below(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "sql") {
            found.push(path);
        }
    }
}
