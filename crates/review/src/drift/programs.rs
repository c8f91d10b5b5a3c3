//! Views and functions on both sides.

use schemaward_catalog::{Function, View, Volatility};

use super::canonical::{Names, canonical_query};
use super::constraints::shortened;
use super::spelling::plain;
use super::{Difference, Drift, NOT_DOCUMENTED, NOT_IMPLEMENTED, Object, Part, both, code, human};
use crate::Severity;

impl<'a> Drift<'a, '_> {
    /// Views by name: query and options.
    pub(super) fn views(&mut self) {
        let mut open: Vec<&View> = self.implemented.views.values().collect();
        let silent = self.documented.views.is_empty();
        for view in self.documented.views.values() {
            let same = |other: &&View| other.name == view.name;
            let bare = |other: &&View| other.name.name == view.name.name;
            let at = open.iter().position(same).or_else(|| open.iter().position(bare));
            let Some(other) = at.map(|at| open.remove(at)) else {
                self.add(Difference {
                    kind: "view-differs",
                    severity: Severity::Warning,
                    entity: human(&view.name.name),
                    documented: code(&view.name),
                    implemented: NOT_IMPLEMENTED.to_owned(),
                    message: "The documented view does not exist.".to_owned(),
                    evidence: vec![view.origin],
                    parts: vec![Part::alone(Some(Object::View(view)), None)],
                });
                continue;
            };
            let (here, there) = (self.view(view, true), self.view(other, false));
            if here == there {
                continue;
            }
            // Of a query whose structure is not known only the spelling can be compared.
            let unknown = view.ast.is_none() || other.ast.is_none();
            if unknown && (&here.1, &here.2) == (&there.1, &there.2) {
                self.add(Difference {
                    kind: "not-compared",
                    severity: Severity::Info,
                    entity: human(&view.name.name),
                    documented: shown_view(view),
                    implemented: shown_view(other),
                    message: "Not compared: the query could not be read.".to_owned(),
                    evidence: both(view.origin, other.origin),
                    parts: Vec::new(),
                });
                continue;
            }
            self.add(Difference {
                kind: "view-differs",
                severity: Severity::Warning,
                entity: human(&view.name.name),
                documented: shown_view(view),
                implemented: shown_view(other),
                message: if view.security_invoker && !other.security_invoker {
                    "The implemented view runs with its owner's rights: row-level security does not \
                     hold through it."
                        .to_owned()
                } else {
                    "The views differ.".to_owned()
                },
                evidence: both(view.origin, other.origin),
                parts: vec![Part::alone(Some(Object::View(view)), Some(Object::View(other)))],
            });
        }
        self.unknown(
            "view-differs",
            "Views",
            silent,
            &open.into_iter().map(Object::View).collect::<Vec<_>>(),
        );
    }

    /// What a view shows, for comparing.
    fn view(&self, view: &View, documented: bool) -> (String, [bool; 3], Option<String>) {
        let names = if documented {
            Names {
                catalog: Some(self.documented),
                tables: Some(&self.implemented_names),
                ..Names::default()
            }
        } else {
            Names { catalog: Some(self.implemented), ..Names::default() }
        };
        let query = match &view.ast {
            Some(query) => canonical_query(query, &names),
            None => plain(&view.query),
        };
        let columns = view.columns.join(", ");
        (
            format!("({columns}) {query}"),
            [view.materialized, view.security_invoker, view.security_barrier],
            view.check_option.clone(),
        )
    }

    /// Functions by name and argument types: body and properties.
    pub(super) fn functions(&mut self) {
        let key = |function: &Function| {
            let types: Vec<String> =
                function.arguments.iter().map(|argument| argument.data_type.to_string()).collect();
            (function.name.name.clone(), types)
        };
        let mut open: Vec<&Function> = self.implemented.functions.values().collect();
        let silent = self.documented.functions.is_empty();
        for function in self.documented.functions.values() {
            let bare = |other: &&Function| key(other) == key(function);
            let same = |other: &&Function| bare(other) && other.name == function.name;
            let at = open.iter().position(same).or_else(|| open.iter().position(bare));
            let Some(other) = at.map(|at| open.remove(at)) else {
                self.add(Difference {
                    kind: "function-differs",
                    severity: Severity::Warning,
                    entity: human(&function.name.name),
                    documented: code(format_args!("{}()", function.name)),
                    implemented: NOT_IMPLEMENTED.to_owned(),
                    message: "The documented function does not exist.".to_owned(),
                    evidence: vec![function.origin],
                    parts: vec![Part::alone(Some(Object::Function(function)), None)],
                });
                continue;
            };
            let differ = differing(function, other);
            if differ.is_empty() {
                continue;
            }
            let serious = function.security_definer != other.security_definer
                || (function.security_definer && settings(function) != settings(other));
            self.add(Difference {
                kind: "function-differs",
                severity: if serious { Severity::Warning } else { Severity::Info },
                entity: human(&function.name.name),
                documented: shown_function(function, &differ),
                implemented: shown_function(other, &differ),
                message: format!("The functions differ in {}.", differ.join(", ")),
                evidence: both(function.origin, other.origin),
                parts: vec![Part::alone(
                    Some(Object::Function(function)),
                    Some(Object::Function(other)),
                )],
            });
        }
        self.unknown(
            "function-differs",
            "Functions",
            silent,
            &open.into_iter().map(Object::Function).collect::<Vec<_>>(),
        );
    }

    /// What only the implementation has: one row for all where the document has none of the kind.
    fn unknown(&mut self, kind: &'static str, all: &str, silent: bool, found: &[Object<'a>]) {
        let groups: Vec<&[Object<'a>]> =
            if silent && found.len() > 1 { vec![found] } else { found.chunks(1).collect() };
        for group in groups {
            let names: Vec<String> = group
                .iter()
                .map(|object| match object {
                    Object::View(view) => code(&view.name),
                    Object::Function(function) => code(format_args!("{}()", function.name)),
                    _ => String::new(),
                })
                .collect();
            let entity = match group {
                [Object::View(view)] => human(&view.name.name),
                [Object::Function(function)] => human(&function.name.name),
                _ => all.to_owned(),
            };
            let origins = group.iter().filter_map(|object| match object {
                Object::View(view) => Some(view.origin),
                Object::Function(function) => Some(function.origin),
                _ => None,
            });
            let these = if group.len() == 1 { "this" } else { "these" };
            let word = all.to_lowercase();
            let word = if group.len() == 1 { word.trim_end_matches('s') } else { word.as_str() };
            self.add(Difference {
                kind,
                severity: Severity::Info,
                entity,
                documented: NOT_DOCUMENTED.to_owned(),
                implemented: names.join(", "),
                message: format!("The document does not know {these} {word}."),
                evidence: origins.collect(),
                parts: group.iter().map(|object| Part::alone(None, Some(*object))).collect(),
            });
        }
    }
}

fn shown_view(view: &View) -> String {
    let options: Vec<&str> = [
        (view.materialized, "materialized"),
        (view.security_invoker, "security invoker"),
        (view.security_barrier, "security barrier"),
    ]
    .into_iter()
    .filter(|(on, _)| *on)
    .map(|(_, option)| option)
    .collect();
    let query = code(shortened(&view.query));
    if options.is_empty() { query } else { format!("{}: {query}", options.join(", ")) }
}

/// What two functions differ in, in words.
fn differing(one: &Function, other: &Function) -> Vec<&'static str> {
    let body = |function: &Function| function.body.as_ref().map(|body| plain(&body.text));
    let returns = |function: &Function| plain(&function.returns);
    let mut differ = Vec::new();
    for (differs, word) in [
        (body(one) != body(other), "body"),
        (returns(one) != returns(other), "result"),
        (one.language != other.language, "language"),
        (one.security_definer != other.security_definer, "security"),
        (settings(one) != settings(other), "settings"),
        (one.volatility != other.volatility, "volatility"),
        (one.strict != other.strict, "strictness"),
        (one.leakproof != other.leakproof, "leakproofness"),
    ] {
        if differs {
            differ.push(word);
        }
    }
    differ
}

/// Settings as the server keeps them: lists without quotes.
fn settings(function: &Function) -> Vec<(String, String)> {
    let plain = |value: &str| {
        let items = value.split(',').map(|item| {
            let item = item.trim();
            let bare = item.trim_matches(['\'', '"']).trim();
            // What is not quoted is folded.
            if bare == item { bare.to_lowercase() } else { bare.to_owned() }
        });
        items.collect::<Vec<_>>().join(", ")
    };
    let settings = function.settings.iter();
    settings.map(|(name, value)| (name.to_lowercase(), plain(value))).collect()
}

fn shown_function(function: &Function, differ: &[&str]) -> String {
    let mut said = Vec::new();
    for part in differ {
        said.push(match *part {
            "result" => format!("returns {}", code(&function.returns)),
            "language" => format!("language {}", function.language),
            "security" if function.security_definer => "security definer".to_owned(),
            "security" => "security invoker".to_owned(),
            "settings" if function.settings.is_empty() => "no settings".to_owned(),
            "settings" => {
                let settings: Vec<String> = function
                    .settings
                    .iter()
                    .map(|(name, value)| code(format_args!("{name} = {value}")))
                    .collect();
                settings.join(", ")
            }
            "volatility" => match function.volatility {
                Volatility::Volatile => "volatile".to_owned(),
                Volatility::Stable => "stable".to_owned(),
                Volatility::Immutable => "immutable".to_owned(),
            },
            _ => continue,
        });
    }
    let name = code(format_args!("{}()", function.name));
    if said.is_empty() { name } else { format!("{name}: {}", said.join(", ")) }
}
