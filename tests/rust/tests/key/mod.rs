//! The cases of the answer key, which several tests play.

#![allow(dead_code, unreachable_pub, reason = "each test that includes it uses a part of it")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use schemaward_engine::{Side, Stamp, Workspace, rules};
use schemaward_render::json::Review;
use ulid::Ulid;

/// One labelled schema.
#[derive(Default)]
pub struct Case {
    /// `access/rls-missing: the last switch counts`.
    pub name: String,
    /// The category of the file.
    pub category: String,
    /// The rule it is named after.
    pub rule: String,
    /// The standard, as TOML.
    pub standard: String,
    /// The documented schema.
    pub documented: String,
    /// The implemented files, each with its path.
    pub files: Vec<(String, String)>,
    /// Rules that are judged exactly.
    pub judged: BTreeSet<String>,
    /// What they must answer, each as `(rule, answer)`.
    pub labels: BTreeSet<(String, String)>,
    /// Rows of the access table that must be there.
    pub access: BTreeSet<String>,
    /// Whether PostgreSQL accepts the text.
    pub loads: bool,
}

/// Every case of every file, in order.
pub fn cases() -> Vec<Case> {
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

/// The case as the engine reviews it.
pub fn review(case: &Case) -> Review {
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
