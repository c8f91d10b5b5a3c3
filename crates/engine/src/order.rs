//! The order in which migration tools run the files of a folder, and what of them they do not run.
//!
//! Recognised by names and by the marks inside the files: Flyway and refinery (`V2__x.sql`),
//! golang-migrate, sqlx and Diesel (`1_x.up.sql`, `1_x/up.sql`), dbmate, goose and node-pg-migrate
//! (sections of one file), sqitch (`sqitch.plan`), Supabase, Drizzle, Prisma and whatever else
//! begins with a number. Everything else keeps the order in which it was given.

use std::collections::BTreeMap;
use std::ops::Range;

/// What happens with one source of a side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// It is run.
    Run,
    /// The tool runs it only to undo: it is not part of the schema. The tool's name for it.
    Undo(&'static str),
    /// It says in which order others are run.
    Plan,
}

/// Which sources are run, by index, in order; those that are not keep a place, so that each is told.
pub(crate) fn order(sources: &[(&str, &str)]) -> Vec<(usize, Step)> {
    let plans = plans(sources);
    let keys: Vec<Option<Key>> = sources.iter().map(|(path, _)| key(path, &plans)).collect();
    // The migrations of a folder change places among themselves only.
    let mut folders: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, key) in keys.iter().enumerate() {
        if let Some(key) = key {
            folders.entry(key.folder.clone()).or_default().push(at);
        }
    }
    let mut places: Vec<usize> = (0..sources.len()).collect();
    for slots in folders.values() {
        let mut sorted = slots.clone();
        sorted.sort_by(|a, b| {
            let rank = |at: &usize| keys.get(*at).and_then(Option::as_ref).map(|key| &key.rank);
            rank(a).cmp(&rank(b)).then(a.cmp(b))
        });
        for (slot, at) in slots.iter().zip(sorted) {
            if let Some(place) = places.get_mut(*slot) {
                *place = at;
            }
        }
    }
    // Of several baselines the newest stands for all versions up to its own.
    let newest = |folder: &str| {
        keys.iter()
            .flatten()
            .filter(|key| key.folder == folder && key.baseline)
            .map(|key| &key.rank)
            .max()
    };
    let step = |at: usize| {
        let (path, _) = sources.get(at).copied().unwrap_or_default();
        let name = file_name(path);
        if name == "sqitch.plan" {
            return Step::Plan;
        }
        if let Some(undo) = undo(path, sources) {
            return Step::Undo(undo);
        }
        match keys.get(at).and_then(Option::as_ref) {
            Some(key) if key.versioned && newest(&key.folder).is_some_and(|n| key.rank < *n) => {
                Step::Undo("a version that a later baseline stands for")
            }
            _ => Step::Run,
        }
    };
    places.into_iter().map(|at| (at, step(at))).collect()
}

/// Whether a migration tool would run a file of this path by its number.
pub(crate) fn is_migration(path: &str) -> bool {
    key(path, &[]).is_some() || is_deployed(path)
}

/// A change that sqitch deploys.
fn is_deployed(path: &str) -> bool {
    folder_of(path).ends_with("deploy/")
}

/// Where a migration stands among those of its folder.
#[derive(Debug)]
struct Key {
    folder: String,
    rank: Rank,
    /// Flyway's `V` and `B`, which a baseline may replace.
    versioned: bool,
    baseline: bool,
}

/// Repeatable migrations come after all versions, by their description.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Version(Vec<Number>, String),
    Repeatable(String),
}

/// A number of any length: the digits without leading zeros, shorter ones first.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Number(usize, String);

fn number(digits: &str) -> Number {
    let digits = digits.trim_start_matches('0');
    Number(digits.len(), digits.to_owned())
}

fn key(path: &str, plans: &[(String, Vec<String>)]) -> Option<Key> {
    let name = file_name(path);
    let folder = folder_of(path);
    if let Some((root, changes)) =
        plans.iter().find(|(root, _)| folder == format!("{root}deploy/") || *root == folder)
    {
        let change = name.strip_suffix(".sql")?;
        let at = changes.iter().position(|planned| planned == change)?;
        let rank = Rank::Version(vec![number(&(at + 1).to_string())], String::new());
        return Some(Key { folder: root.clone(), rank, versioned: false, baseline: false });
    }
    let stem = name.strip_suffix(".sql")?;
    if let Some((prefix, description)) = stem.split_once("__") {
        let mut letters = prefix.chars();
        let letter = letters.next()?.to_ascii_uppercase();
        let version = letters.as_str();
        let folder = folder.to_owned();
        if letter == 'R' && version.is_empty() {
            let rank = Rank::Repeatable(description.to_owned());
            return Some(Key { folder, rank, versioned: false, baseline: false });
        }
        let numeric = !version.is_empty()
            && version
                .split(['.', '_'])
                .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
        if matches!(letter, 'V' | 'B' | 'U') && numeric {
            let numbers = version.split(['.', '_']).map(number).collect();
            let rank = Rank::Version(numbers, String::new());
            return Some(Key { folder, rank, versioned: true, baseline: letter == 'B' });
        }
    }
    // `1_x.sql`, or the folder `1_x/` with `up.sql` or `migration.sql` in it.
    if matches!(name, "up.sql" | "down.sql" | "migration.sql") {
        let (outer, own) = folder.trim_end_matches('/').rsplit_once('/').unwrap_or(("", folder));
        let own = own.trim_end_matches('/');
        let outer = if outer.is_empty() { String::new() } else { format!("{outer}/") };
        return Some(Key {
            folder: outer,
            rank: Rank::Version(vec![leading_number(own)?], own.to_owned()),
            versioned: false,
            baseline: false,
        });
    }
    Some(Key {
        folder: folder.to_owned(),
        rank: Rank::Version(vec![leading_number(stem)?], stem.to_owned()),
        versioned: false,
        baseline: false,
    })
}

/// The number a name begins with; dates may be written with hyphens (`2024-05-01-120000_x`).
fn leading_number(name: &str) -> Option<Number> {
    let end = name.find(|c: char| !(c.is_ascii_digit() || c == '-')).unwrap_or(name.len());
    let digits: String = name.get(..end)?.chars().filter(char::is_ascii_digit).collect();
    let bounded = name.get(end..).is_some_and(|rest| rest.is_empty() || !rest.starts_with('.'))
        || name.get(end..).is_some_and(|rest| rest.starts_with(".up") || rest.starts_with(".down"));
    (!digits.is_empty() && bounded).then(|| number(&digits))
}

/// Why a tool does not run a file on the way up.
fn undo(path: &str, sources: &[(&str, &str)]) -> Option<&'static str> {
    let name = file_name(path);
    let folder = folder_of(path);
    if name.ends_with(".down.sql") {
        return Some("a down migration");
    }
    let has = |other: &str| sources.iter().any(|(path, _)| *path == format!("{folder}{other}"));
    if name == "down.sql" && has("up.sql") {
        return Some("a down migration");
    }
    let undoes = name.split_once("__").is_some_and(|(prefix, _)| {
        let version = prefix.strip_prefix(['U', 'u']).unwrap_or_default();
        version.starts_with(|c: char| c.is_ascii_digit())
    });
    if undoes {
        return Some("an undo migration");
    }
    let planned = |part: &str| {
        folder.strip_suffix(part).is_some_and(|root| {
            sources.iter().any(|(path, _)| *path == format!("{root}sqitch.plan"))
        })
    };
    if planned("revert/") {
        return Some("a revert script");
    }
    planned("verify/").then_some("a verify script")
}

/// The folders with a `sqitch.plan`, and the changes it deploys, in order.
fn plans(sources: &[(&str, &str)]) -> Vec<(String, Vec<String>)> {
    let plans = sources.iter().filter(|(path, _)| file_name(path) == "sqitch.plan");
    plans.map(|(path, text)| (folder_of(path).to_owned(), planned_changes(text))).collect()
}

/// The scripts that a plan deploys, without their ending. The script of a change that was reworked later is
/// named after the first tag that follows it (`users@v1`).
fn planned_changes(plan: &str) -> Vec<String> {
    let mut changes: Vec<String> = Vec::new();
    let mut tags: Vec<(usize, &str)> = Vec::new();
    let lines = plan.lines().filter_map(|line| line.split_whitespace().next());
    for word in lines.filter(|word| !word.starts_with(['%', '#'])) {
        if word.starts_with('@') {
            tags.push((changes.len(), word));
            continue;
        }
        let before = changes.iter().position(|change| change == word);
        let tag = before.and_then(|at| tags.iter().find(|(from, _)| *from > at));
        if let (Some(change), Some((_, tag))) = (before.and_then(|at| changes.get_mut(at)), tag) {
            change.push_str(tag);
        }
        changes.push(word.to_owned());
    }
    changes
}

/// The byte ranges of a text that its tool runs only to undo: dbmate's `-- migrate:down`, goose's
/// `-- +goose Down` and node-pg-migrate's `-- Down Migration`.
pub(crate) fn undo_sections(text: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut begun: Option<usize> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        match mark(line) {
            Some(false) if begun.is_none() => begun = Some(at),
            Some(true) => {
                if let Some(start) = begun.take() {
                    ranges.push(start..at);
                }
            }
            _ => {}
        }
        at += line.len();
    }
    ranges.extend(begun.map(|start| start..at));
    ranges
}

/// Whether a line begins what is run (`true`) or what undoes it.
fn mark(line: &str) -> Option<bool> {
    let words = line.trim().strip_prefix("--")?.trim().to_ascii_lowercase();
    let words: Vec<&str> = words.split_whitespace().collect();
    match words.as_slice() {
        ["migrate:up", ..] | ["+goose", "up"] | ["up", "migration"] => Some(true),
        ["migrate:down", ..] | ["+goose", "down"] | ["down", "migration"] => Some(false),
        _ => None,
    }
}

/// The file that a psql `\i` or `\ir` names, where the command is one.
pub(crate) fn included(command: &str) -> Option<&str> {
    let (name, file) = command.trim().split_once(char::is_whitespace)?;
    let file = file.trim().trim_matches('\'');
    matches!(name, "\\i" | "\\ir" | "\\include" | "\\include_relative").then_some(file)
}

/// The database that a psql `\connect` goes to, where the command is one and names it.
pub(crate) fn connected(command: &str) -> Option<&str> {
    let mut words = command.split_whitespace();
    let name = words.next()?;
    let option = |word: &&str| word.starts_with('-') && *word != "-";
    let database = words.find(|word| !option(word))?;
    let database = database.trim_matches('"').trim_start_matches("dbname=").trim_matches('\'');
    (matches!(name, "\\connect" | "\\c") && database != "-").then_some(database)
}

/// The source that a file's include means: beside it, or the only one whose path ends so.
pub(crate) fn find_included(sources: &[&str], from: &str, file: &str) -> Option<usize> {
    let beside = normal(&format!("{}{file}", folder_of(from)));
    let file = normal(file);
    let exact = |wanted: &str| sources.iter().position(|path| normal(path) == wanted);
    exact(&beside).or_else(|| exact(&file)).or_else(|| {
        let ending = format!("/{file}");
        let mut found =
            sources.iter().enumerate().filter(|(_, path)| normal(path).ends_with(&ending));
        let first = found.next()?;
        found.next().is_none().then_some(first.0)
    })
}

/// A path without `.` and `..`.
fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split(['/', '\\']) {
        match part {
            "." => {}
            ".." if parts.last().is_some_and(|last| !matches!(*last, ".." | "")) => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// The path up to its last slash, which it keeps.
pub(crate) fn folder_of(path: &str) -> &str {
    path.strip_suffix(file_name(path)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(given: &[&str], expect: &[&str]) {
        let sources: Vec<(&str, &str)> = given.iter().map(|path| (*path, "")).collect();
        let made = order(&sources);
        let made = made.iter().filter(|(_, step)| *step == Step::Run).map(|(at, _)| given[*at]);
        assert_eq!(made.collect::<Vec<_>>(), expect);
    }

    #[test]
    fn files_run_in_their_tools_order() {
        let cases: &[(&[&str], &[&str])] = &[
            // Flyway and refinery.
            (
                &["m/R__views.sql", "m/V10__c.sql", "m/V2.1__b.sql", "m/V2__a.sql", "m/U2__a.sql"],
                &["m/V2__a.sql", "m/V2.1__b.sql", "m/V10__c.sql", "m/R__views.sql"],
            ),
            (
                &["B3__base.sql", "V1__a.sql", "V2__b.sql", "V4__d.sql"],
                &["B3__base.sql", "V4__d.sql"],
            ),
            // golang-migrate, sqlx, Diesel.
            (
                &["1_a.down.sql", "1_a.up.sql", "10_c.up.sql", "2_b.up.sql"],
                &["1_a.up.sql", "2_b.up.sql", "10_c.up.sql"],
            ),
            (
                &[
                    "m/2024-02-01-1_b/down.sql",
                    "m/2024-02-01-1_b/up.sql",
                    "m/2024-01-01-1_a/up.sql",
                ],
                &["m/2024-01-01-1_a/up.sql", "m/2024-02-01-1_b/up.sql"],
            ),
            // Prisma, Supabase, Drizzle.
            (
                &["p/20240201_b/migration.sql", "p/20240101_a/migration.sql"],
                &["p/20240101_a/migration.sql", "p/20240201_b/migration.sql"],
            ),
            (
                &[
                    "supabase/migrations/20240201_b.sql",
                    "supabase/migrations/20240101_a.sql",
                    "x.sql",
                ],
                &[
                    "supabase/migrations/20240101_a.sql",
                    "supabase/migrations/20240201_b.sql",
                    "x.sql",
                ],
            ),
            (
                &["0010_c.sql", "0002_b.sql", "0000_a.sql"],
                &["0000_a.sql", "0002_b.sql", "0010_c.sql"],
            ),
            // What belongs to no tool stays where it is.
            (&["b.sql", "a.sql", "9.5-notes.sql"], &["b.sql", "a.sql", "9.5-notes.sql"]),
            (
                &["schema.sql", "2_b.sql", "1_a.sql", "end.sql"],
                &["schema.sql", "1_a.sql", "2_b.sql", "end.sql"],
            ),
        ];
        for (given, expect) in cases {
            check(given, expect);
        }
    }

    #[test]
    fn sqitch_deploys_what_is_planned() {
        let plan = "%project=p\n\nschema 2024-01-01T00:00:00Z A <a@b> # first\n\
                    users [schema] 2024-01-02T00:00:00Z A <a@b>\n@v1 2024-01-03T00:00:00Z A <a@b>\n";
        let sources = [
            ("db/deploy/users.sql", ""),
            ("db/deploy/schema.sql", ""),
            ("db/revert/users.sql", ""),
            ("db/verify/users.sql", ""),
            ("db/sqitch.plan", plan),
        ];
        let steps = [
            (1, Step::Run),
            (0, Step::Run),
            (2, Step::Undo("a revert script")),
            (3, Step::Undo("a verify script")),
            (4, Step::Plan),
        ];
        assert_eq!(order(&sources), steps);
        // A change that was reworked has its first script under the tag before the rework.
        let plan = "%project=p\nusers 2024 A <a@b>\nother 2024 A <a@b>\n@v1 2024 A <a@b>\n@v2 2024 A <a@b>\n\
                    users [users@v1] 2024 A <a@b>\n";
        let sources = [
            ("deploy/other.sql", ""),
            ("deploy/users.sql", ""),
            ("deploy/users@v1.sql", ""),
            ("sqitch.plan", plan),
        ];
        let steps = [(2, Step::Run), (0, Step::Run), (1, Step::Run), (3, Step::Plan)];
        assert_eq!(order(&sources), steps);
    }

    #[test]
    fn sections_that_undo_are_found() {
        let cases = [
            ("-- migrate:up\nA;\n-- migrate:down\nB;\n", &["-- migrate:down\nB;\n"][..]),
            ("-- +goose Up\nA;\n-- +goose Down\nB;", &["-- +goose Down\nB;"]),
            ("-- Up Migration\nA;\n-- Down Migration\nB;\n", &["-- Down Migration\nB;\n"]),
            ("-- migrate:down\nB;\n-- migrate:up\nA;\n", &["-- migrate:down\nB;\n"]),
            ("-- up to here\nA;\n-- down there\nB;\n", &[]),
        ];
        for (text, expect) in cases {
            let found: Vec<&str> =
                undo_sections(text).into_iter().filter_map(|range| text.get(range)).collect();
            assert_eq!(found, expect);
        }
    }

    #[test]
    fn includes_find_their_file() {
        let sources = ["db/main.sql", "db/parts/a.sql", "db/b.sql", "other/parts/c.sql"];
        let find = |command: &str| find_included(&sources, "db/main.sql", included(command)?);
        assert_eq!(find("\\i parts/a.sql"), Some(1));
        assert_eq!(find("\\ir './b.sql'"), Some(2));
        assert_eq!(find("\\i c.sql"), Some(3));
        assert_eq!(find("\\i db/b.sql"), Some(2));
        assert_eq!(find("\\i missing.sql"), None);
        assert_eq!(find("\\copy t from x"), None);
        assert_eq!(connected("\\connect -reuse-previous=on \"dbname='a'\""), Some("a"));
        assert_eq!(connected("\\c b"), Some("b"));
        assert_eq!(connected("\\c - someone"), None);
    }
}
