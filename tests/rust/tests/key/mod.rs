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
#[derive(Clone, Default)]
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
    /// Texts that settle what it leaves open.
    pub settled: Vec<Settled>,
}

/// What is to be added to a case so that the text settles what it leaves open.
#[derive(Clone, Default)]
pub struct Settled {
    /// What its own rule answers then, each as a label says it; nothing where the control is met.
    pub answers: BTreeSet<String>,
    /// Rows of the access table that are there then.
    pub access: BTreeSet<String>,
    /// Rows of the access table that are not there any more.
    pub no_access: BTreeSet<String>,
    /// The standard, where it is another one.
    pub standard: String,
    /// What the first file goes on with.
    pub text: String,
    /// Further files, each with its path.
    pub files: Vec<(String, String)>,
    /// Whether a label that is not about access was given.
    judged: bool,
}

impl Settled {
    /// The case with what settles it.
    pub fn apply(&self, case: &Case) -> Case {
        let mut files = case.files.clone();
        if let Some((_, text)) = files.first_mut() {
            text.push_str(&self.text);
        }
        files.extend(self.files.iter().cloned());
        Case {
            name: format!("{}, settled", case.name),
            rule: case.rule.clone(),
            judged: [case.rule.clone()].into(),
            standard: if self.standard.is_empty() { &case.standard } else { &self.standard }
                .clone(),
            documented: case.documented.clone(),
            files,
            ..Case::default()
        }
    }

    /// Reads a line of what settles a case.
    fn line(&mut self, word: &str, value: &str, line: &str) {
        match word {
            "standard" => writeln!(self.standard, "{value}").unwrap(),
            "file" => self.files.push((value.to_owned(), String::new())),
            _ => {
                let text = self.files.last_mut().map_or(&mut self.text, |(_, text)| text);
                writeln!(text, "{line}").unwrap();
            }
        }
    }

    /// Reads a label that says what is answered then.
    fn label(&mut self, value: &str) {
        if let Some(row) = value.strip_prefix("access ") {
            self.access.insert(row.to_owned());
        } else if let Some(row) = value.strip_prefix("no access ") {
            self.no_access.insert(row.to_owned());
        } else {
            self.judged = true;
            if value != "met" {
                let known = ["critical ", "warning ", "info ", "success "];
                assert!(known.iter().any(|word| value.starts_with(word)), "settles: {value}?");
                self.answers.insert(value.to_owned());
            }
        }
    }

    fn is_begun(&self) -> bool {
        !self.text.is_empty() || !self.files.is_empty() || !self.standard.is_empty()
    }
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
        if word == "settles" {
            if case.settled.last().is_none_or(Settled::is_begun) {
                case.settled.push(Settled::default());
            }
            let settled = case.settled.last_mut().expect("one was begun");
            settled.label(value);
            continue;
        }
        if let Some(settled) = case.settled.last_mut() {
            settled.line(word, value, line);
            continue;
        }
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
        let judged = case.settled.iter().all(|settled| settled.judged);
        assert!(judged, "{}: what settles it does not say what the rule answers", case.name);
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

/// What the review answers for the rules that the case judges.
pub fn answers(review: &Review, judged: &BTreeSet<String>) -> BTreeSet<(String, String)> {
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

/// The rows of the access table as labels name them.
pub fn access(review: &Review) -> BTreeSet<String> {
    let rows = review.access.iter().map(|row| {
        let through =
            row.through.as_ref().map_or_else(String::new, |door| format!(" through {door}"));
        format!("{} {} {} {}{through}", row.role, row.command.to_lowercase(), row.table, row.rows)
    });
    rows.collect()
}
