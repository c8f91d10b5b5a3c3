//! Every example on every rule's page is run.

use schemaward_catalog::Catalog;

use crate::Standard;
use crate::context::Context;
use crate::directive::Directives;
use crate::rules::{AnswerKind, rules};
use crate::standard::KNOWN_RULES;

/// The code of the blocks of a page that are marked with this word.
fn blocks<'a>(page: &'a str, mark: &str) -> Vec<&'a str> {
    let fence = format!("```sql {mark}\n");
    page.split(fence.as_str()).skip(1).filter_map(|rest| rest.split("```").next()).collect()
}

/// The standard that a page's examples are under: what its TOML says, if it has any.
fn standard(page: &str) -> Standard {
    let text = page.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next());
    Standard::parse(text.unwrap_or_default()).expect("the standard of a page is valid")
}

fn fires(rule: &crate::RuleInfo, catalog: &Catalog) -> Vec<String> {
    let standard = standard(rule.page);
    let context = Context::new(catalog, &standard, &Directives::of(catalog));
    let answers = rule.answers(&context);
    answers
        .iter()
        .filter(|answer| matches!(answer.kind, AnswerKind::Unmet(_)))
        .map(|answer| answer.id(rule.id))
        .collect()
}

#[test]
fn examples_hold() {
    for rule in rules() {
        let (fails, passes) = (blocks(rule.page, "fails"), blocks(rule.page, "passes"));
        assert!(!fails.is_empty() && !passes.is_empty(), "{} lacks an example", rule.id);
        for sql in fails {
            let catalog = schemaward_sql::catalog_of(sql);
            assert!(catalog.blind_spots.is_empty(), "{}: unread text in\n{sql}", rule.id);
            assert!(!fires(rule, &catalog).is_empty(), "{} is silent on\n{sql}", rule.id);
        }
        for sql in passes {
            let catalog = schemaward_sql::catalog_of(sql);
            assert!(catalog.blind_spots.is_empty(), "{}: unread text in\n{sql}", rule.id);
            assert_eq!(fires(rule, &catalog), Vec::<String>::new(), "{} on\n{sql}", rule.id);
        }
    }
}

#[test]
fn pages_are_complete() {
    let headings = ["What it checks", "Why", "Example", "How to fix", "Settings", "References"];
    for rule in rules() {
        assert!(rule.page.starts_with(&format!("# `{}`\n", rule.id)), "{}", rule.id);
        let found: Vec<&str> =
            rule.page.lines().filter_map(|line| line.strip_prefix("## ")).collect();
        assert_eq!(found, headings, "{}", rule.id);
        assert!(KNOWN_RULES.contains(&rule.id), "{}", rule.id);
        assert!(rule.references.iter().all(|reference| !reference.contains("equired")));
    }
    assert!(KNOWN_RULES.is_sorted());
}
