//! `cargo xtask new-rule`: the file of a rule, and its line in the registry.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context, Result, bail, ensure};
use clap::ValueEnum;

use crate::project::Project;

const TEMPLATE: &str = include_str!("../templates/rule.rs.txt");

/// The line of the registry before which a module goes whose category has none yet.
const MODULES: &str = "// xtask new-rule: modules";

/// The line of the registry before which the entry of such a module goes.
const REGISTRY: &str = "    // xtask new-rule: registry";

/// The arguments of `new-rule`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The part of the report the rule belongs to.
    category: Category,
    /// The id of the rule in small letters, its words joined by hyphens: `rls-missing`.
    rule: String,
    /// The severity of its findings unless the standard says otherwise.
    #[arg(long, default_value = "warning")]
    severity: Severity,
}

/// The categories, which are the folders of the rules.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Category {
    Integrity,
    Retention,
    Access,
    Audit,
    Privacy,
    Drift,
    Code,
    Performance,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Severity {
    Critical,
    Warning,
    Info,
}

/// Writes the file of the rule from the template and its two places in the registry.
pub(crate) fn run(project: &Project, args: &Args) -> Result<()> {
    check_id(&args.rule)?;
    let module = args.rule.replace('-', "_");
    let category = word(&args.category);
    let rules = project.root.join("crates").join("review").join("src").join("rules");
    let registry = rules.join("mod.rs");
    let file = rules.join(&category).join(format!("{module}.rs"));
    let text = fs::read_to_string(&registry)
        .with_context(|| format!("cannot read {}", registry.display()))?;
    ensure!(!file.exists(), "{} is there already", file.display());
    let text = register(&text, &category, &module)?;

    fs::create_dir_all(rules.join(&category))
        .with_context(|| format!("cannot create {}", rules.join(&category).display()))?;
    let rule = TEMPLATE
        .replace("{{id}}", &args.rule)
        .replace("{{module}}", &module)
        .replace("{{Category}}", &capitalised(&category))
        .replace("{{Severity}}", &capitalised(&word(&args.severity)));
    fs::write(&file, rule).with_context(|| format!("cannot write {}", file.display()))?;
    fs::write(&registry, text).with_context(|| format!("cannot write {}", registry.display()))?;
    println!("wrote {} and its lines in {}", file.display(), registry.display());
    println!("write its page, its examples and its check; then: cargo test -p schemaward-review");
    Ok(())
}

/// Fails unless the id is of small letters and digits in words joined by single hyphens.
fn check_id(id: &str) -> Result<()> {
    let is_word = |word: &str| {
        !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    };
    let starts_well = id.starts_with(|first: char| first.is_ascii_lowercase());
    if starts_well && id.split('-').all(is_word) {
        return Ok(());
    }
    bail!("{id:?} is no rule id: use small letters, its words joined by hyphens, like rls-missing")
}

/// The text of the registry with a module added: behind the last of its category, in both places,
/// since the registry is in the order of the report.
fn register(text: &str, category: &str, module: &str) -> Result<String> {
    let folder = format!("#[path = \"{category}/");
    let lines: Vec<&str> = text.lines().collect();
    ensure!(
        !lines.contains(&format!("mod {module};").as_str()),
        "the registry has a module {module} already"
    );
    let siblings: BTreeSet<&str> = lines
        .iter()
        .zip(lines.iter().skip(1))
        .filter(|(path, _)| path.starts_with(&folder))
        .filter_map(|(_, line)| line.strip_prefix("mod ")?.strip_suffix(';'))
        .collect();
    let declares = |line: &str| {
        line.strip_prefix("mod ")
            .and_then(|rest| rest.strip_suffix(';'))
            .is_some_and(|module| siblings.contains(module))
    };
    let registers = |line: &str| {
        line.trim().strip_suffix("::RULE,").is_some_and(|module| siblings.contains(module))
    };
    let declaration = format!("#[path = \"{category}/{module}.rs\"]\nmod {module};");
    let text = insert(text, declares, MODULES, &declaration)?;
    insert(&text, registers, REGISTRY, &format!("    {module}::RULE,"))
}

/// Inserts `addition` as lines behind the last line that is `wanted`, or before the line `marker`
/// where none is.
fn insert(
    text: &str,
    wanted: impl Fn(&str) -> bool,
    marker: &str,
    addition: &str,
) -> Result<String> {
    let mut lines: Vec<&str> = text.lines().collect();
    let place = match lines.iter().rposition(|line| wanted(line)) {
        Some(last) => last + 1,
        None => lines
            .iter()
            .position(|line| *line == marker)
            .with_context(|| format!("the registry has no line {marker:?}"))?,
    };
    lines.insert(place, addition);
    Ok(lines.join("\n") + "\n")
}

/// The word for a value on the command line.
fn word(value: &impl ValueEnum) -> String {
    value.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars
        .next()
        .map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + chars.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = "\
#[path = \"integrity/one.rs\"]
mod one;
#[path = \"access/two.rs\"]
mod two;
// xtask new-rule: modules

static REGISTRY: &[RuleInfo] = &[
    one::RULE,
    two::RULE,
    // xtask new-rule: registry
];
";

    #[test]
    fn a_rule_goes_behind_the_last_of_its_category() {
        let text = register(SMALL, "integrity", "three").unwrap();
        assert!(text.contains("mod one;\n#[path = \"integrity/three.rs\"]\nmod three;\n#[path"));
        assert!(text.contains("    one::RULE,\n    three::RULE,\n    two::RULE,\n"));
    }

    #[test]
    fn the_first_rule_of_a_category_goes_to_the_end() {
        let text = register(SMALL, "privacy", "three").unwrap();
        assert!(text.contains("mod two;\n#[path = \"privacy/three.rs\"]\nmod three;\n// xtask"));
        assert!(text.contains("    two::RULE,\n    three::RULE,\n    // xtask"));
    }

    #[test]
    fn a_rule_is_registered_once() {
        assert!(register(SMALL, "access", "two").is_err());
    }

    #[test]
    fn the_registry_of_this_repository_takes_a_rule_of_every_category() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../review/src/rules/mod.rs");
        let text = fs::read_to_string(path).unwrap();
        for category in Category::value_variants() {
            let text = register(&text, &word(category), "a_rule_of_a_test").unwrap();
            assert_eq!(text.matches("mod a_rule_of_a_test;").count(), 1);
            assert_eq!(text.matches("    a_rule_of_a_test::RULE,").count(), 1);
        }
    }

    #[test]
    fn ids_are_words_joined_by_hyphens() {
        for id in ["rls-missing", "a", "uuid7-key"] {
            assert!(check_id(id).is_ok(), "{id}");
        }
        for id in ["", "-a", "a-", "a--b", "A", "a_b", "7a", "../x", "a b"] {
            assert!(check_id(id).is_err(), "{id}");
        }
    }
}
