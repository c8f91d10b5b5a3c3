//! The answer key: labelled schemas for every rule, with precision and recall.
//!
//! The cases are data; `tests/rules/README.md` describes their form.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and this one prints its figures"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use schemaward_engine::{Side, Stamp, Workspace, rules};
use schemaward_render::json::Review;
use ulid::Ulid;

/// One labelled schema.
#[derive(Default)]
struct Case {
    /// `access/rls-missing: the last switch counts`.
    name: String,
    /// The category and the rule of the file.
    category: String,
    rule: String,
    standard: String,
    documented: String,
    /// The implemented files, each with its path.
    files: Vec<(String, String)>,
    /// Rules that are judged exactly.
    judged: BTreeSet<String>,
    /// What they must answer, each as `(rule, answer)`.
    labels: BTreeSet<(String, String)>,
    access: BTreeSet<String>,
    loads: bool,
}

/// Every case of every file, in order.
fn cases() -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../rules");
    let mut files = Vec::new();
    for folder in fs::read_dir(&root).unwrap() {
        let folder = folder.unwrap().path();
        if folder.is_dir() {
            files.extend(fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path()));
        }
    }
    files.retain(|file| {
        file.extension().is_some_and(|extension| extension == "sql" || extension == "py")
    });
    files.sort();
    assert!(!files.is_empty(), "no case below {}", root.display());
    files.iter().flat_map(|file| read(file)).collect()
}

fn read(file: &Path) -> Vec<Case> {
    let part = |path: &Path| path.file_stem().unwrap().to_str().unwrap().to_owned();
    let (category, rule) = (part(file.parent().unwrap()), part(file));
    let known = rules().iter().any(|known| known.id == rule && known.category.word() == category);
    assert!(known, "{} is named after no rule of that category", file.display());
    let python = file.extension().is_some_and(|extension| extension == "py");
    let (comment, path) = if python { ("# ", "models.py") } else { ("-- ", "implemented.sql") };
    let text = fs::read_to_string(file).unwrap();
    // What every case of the file begins with: the imports.
    let mut head = String::new();
    let mut cases: Vec<Case> = Vec::new();
    for line in text.lines() {
        let label = line.strip_prefix(comment).and_then(|line| line.split_once(':'));
        let (word, value) = label.map_or(("", ""), |(word, value)| (word, value.trim()));
        if word == "case" {
            cases.push(Case {
                name: format!("{category}/{rule}: {value}"),
                category: category.clone(),
                rule: rule.clone(),
                judged: [rule.clone()].into(),
                files: vec![(path.to_owned(), head.clone())],
                loads: true,
                ..Case::default()
            });
            continue;
        }
        let Some(case) = cases.last_mut() else {
            if python {
                writeln!(head, "{line}").unwrap();
                continue;
            }
            assert!(
                line.trim().is_empty() || line.starts_with("--"),
                "{}: text before a case",
                file.display()
            );
            continue;
        };
        let mut answer = |rule: &str, answer: String| {
            case.judged.insert(rule.to_owned());
            let new = case.labels.insert((rule.to_owned(), answer));
            assert!(new, "{}: a label twice: {line}", case.name);
        };
        match word {
            "expect" => {
                let (severity, id) = value.split_once(' ').expect("a severity and a finding");
                assert!(["critical", "warning", "info"].contains(&severity), "{line}");
                let (rule, _) = id.split_once(':').expect("a finding's id has its rule");
                answer(rule, format!("{severity} {id}"));
            }
            "undecided" | "success" => {
                let (rule, subject) = value.split_once(' ').expect("a rule and a subject");
                answer(rule, format!("{word} {subject}"));
            }
            "forbid" => {
                case.judged.insert(value.to_owned());
            }
            "access" => {
                case.access.insert(value.to_owned());
            }
            "standard" => writeln!(case.standard, "{value}").unwrap(),
            "documented" => writeln!(case.documented, "{value}").unwrap(),
            "loads" => case.loads = value.split([' ', ',']).next() != Some("no"),
            "file" => case.files.push((value.to_owned(), String::new())),
            _ => {
                let (_, text) = case.files.last_mut().expect("a case has a file");
                writeln!(text, "{line}").unwrap();
            }
        }
    }
    for case in &cases {
        for judged in &case.judged {
            assert!(rules().iter().any(|known| known.id == judged), "{}: {judged}?", case.name);
        }
    }
    cases
}

fn review(case: &Case) -> Review {
    let mut workspace = Workspace::new();
    workspace.set_standard(&case.standard);
    if !case.documented.is_empty() {
        workspace.set_source(Side::Documented, "documented.sql", &case.documented);
    }
    for (path, text) in &case.files {
        workspace.set_source(Side::Implemented, path, text);
    }
    let stamp = Stamp { id: Ulid::from_parts(0, 0), date: "2026-01-13".to_owned() };
    workspace.review(stamp).unwrap_or_else(|error| panic!("{}: {error}", case.name))
}

/// What the review answers for the rules that the case judges.
fn answers(review: &Review, judged: &BTreeSet<String>) -> BTreeSet<(String, String)> {
    let lists = [&review.findings, &review.observations, &review.recommendations];
    let findings = lists.into_iter().flatten();
    let found = findings.map(|found| (&found.rule, format!("{} {}", found.severity, found.id)));
    let open = review.undecided.iter();
    let open = open.map(|open| (&open.rule, format!("undecided {}", open.subject)));
    let good = review.successes.iter();
    let good = good.map(|good| (&good.rule, format!("success {}", good.subject)));
    found
        .chain(open)
        .chain(good)
        .filter(|(rule, _)| judged.contains(*rule))
        .map(|(rule, answer)| (rule.clone(), answer))
        .collect()
}

fn access(review: &Review) -> BTreeSet<String> {
    let rows = review.access.iter().map(|row| {
        let through =
            row.through.as_ref().map_or_else(String::new, |door| format!(" through {door}"));
        format!("{} {} {} {}{through}", row.role, row.command.to_lowercase(), row.table, row.rows)
    });
    rows.collect()
}

#[derive(Default)]
struct Score {
    cases: usize,
    right: usize,
    wrong: usize,
    missed: usize,
}

/// A share in thousandths, as text: exact, and without floating point.
fn share(part: usize, whole: usize) -> String {
    let thousandths = (part * 1000).checked_div(whole).unwrap_or(1000);
    format!("{}.{:03}", thousandths / 1000, thousandths % 1000)
}

#[test]
fn the_rules_answer_as_labelled() {
    let cases = cases();
    let mut scores: BTreeMap<String, Score> = BTreeMap::new();
    let mut folders: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut wrong = String::new();
    for case in &cases {
        let review = review(case);
        if case.loads {
            let unread: Vec<&str> = (review.coverage.unread.iter())
                .chain(&review.coverage.notes)
                .map(|note| note.reason.as_str())
                .collect();
            if !unread.is_empty() {
                writeln!(wrong, "{}: {}", case.name, unread.join("; ")).unwrap();
            }
        }
        let found = answers(&review, &case.judged);
        for rule in &case.judged {
            let of = |all: &BTreeSet<(String, String)>| -> BTreeSet<String> {
                all.iter().filter(|(own, _)| own == rule).map(|(_, text)| text.clone()).collect()
            };
            let (labels, found) = (of(&case.labels), of(&found));
            let score = scores.entry(rule.clone()).or_default();
            score.cases += 1;
            score.right += labels.intersection(&found).count();
            for extra in found.difference(&labels) {
                score.wrong += 1;
                writeln!(wrong, "{}: not labelled: {extra}", case.name).unwrap();
            }
            for missing in labels.difference(&found) {
                score.missed += 1;
                writeln!(wrong, "{}: not found: {missing}", case.name).unwrap();
            }
        }
        let rows = access(&review);
        for label in case.access.difference(&rows) {
            let role = label.split(' ').next().unwrap_or_default();
            let near: Vec<&String> = rows.iter().filter(|row| row.starts_with(role)).collect();
            writeln!(wrong, "{}: no access {label}; there is {near:#?}", case.name).unwrap();
        }
        let (all, silent) = folders.entry(&case.category).or_default();
        *all += 1;
        *silent += usize::from(!case.labels.iter().any(|(rule, _)| *rule == case.rule));
    }
    println!("{:32} {:>5} {:>7} {:>9} {:>6}", "rule", "cases", "answers", "precision", "recall");
    for (rule, score) in &scores {
        println!(
            "{rule:32} {:>5} {:>7} {:>9} {:>6}",
            score.cases,
            score.right + score.missed,
            share(score.right, score.right + score.wrong),
            share(score.right, score.right + score.missed),
        );
    }
    for (folder, (all, silent)) in &folders {
        println!("{folder}: {all} cases, {silent} of them near misses");
        assert!(silent * 3 >= *all, "too few near misses in {folder}: {silent} of {all}");
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn cases_have_names_of_their_own() {
    let cases = cases();
    let names: BTreeSet<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(names.len(), cases.len(), "two cases of one name");
}
