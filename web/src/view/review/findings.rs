//! Findings, grouped by category and rule as in the report.

use std::collections::BTreeMap;

use schemaward_link::Mark;
use schemaward_render::json::{Finding, Review};
use yew::prelude::*;

use super::decision::Decision;
use super::filter::{choice, matches, nothing, occurring, search};
use super::wanted::Wanted;
use super::{Reviewed, evidence, more, severity_chip};
use crate::position::Place;
use crate::view::{Shared, counted, prose, words};

/// How many findings of one rule are shown at first, and how many more at each wish.
const STEP: usize = 12;

pub(super) fn all(review: &Review) -> &[Finding] {
    &review.findings
}

pub(super) fn code(review: &Review) -> &[Finding] {
    &review.observations
}

pub(super) fn performance(review: &Review) -> &[Finding] {
    &review.recommendations
}

#[derive(Properties)]
pub(super) struct FindingsProps {
    /// The element id of the section.
    pub(super) section: &'static str,
    pub(super) title: &'static str,
    pub(super) reviewed: Shared<Reviewed>,
    /// Which of the review's findings; it belongs to the section.
    pub(super) of: fn(&Review) -> &[Finding],
    /// A finding that the reader asked to see; it may be in another section.
    pub(super) wanted: Option<Wanted>,
    pub(super) noted: Shared<Vec<Mark>>,
    pub(super) on_note: Option<Callback<Mark>>,
    pub(super) on_show: Option<Callback<Place>>,
}

impl PartialEq for FindingsProps {
    fn eq(&self, other: &Self) -> bool {
        self.section == other.section
            && self.reviewed == other.reviewed
            && self.wanted == other.wanted
            && self.noted == other.noted
            && self.on_note == other.on_note
            && self.on_show == other.on_show
    }
}

#[component]
pub(super) fn Findings(props: &FindingsProps) -> Html {
    let (query, severity, table) =
        (use_state(String::new), use_state(String::new), use_state(String::new));
    let findings = (props.of)(&props.reviewed.review);
    let wanted = props.wanted.clone().filter(|wanted| wanted.position(ids(findings)).is_some());
    {
        let states = [query.clone(), severity.clone(), table.clone()];
        use_effect_with(wanted.clone(), move |wanted| {
            // What is asked for must not be hidden by what was asked for before.
            for state in states.iter().filter(|state| wanted.is_some() && !state.is_empty()) {
                state.set(String::new());
            }
        });
    }
    let is_main = props.section == "findings";
    if findings.is_empty() && !is_main {
        return html! {};
    }
    let title_id = format!("{}-title", props.section);
    let set = |state: &UseStateHandle<String>| {
        let state = state.clone();
        Callback::from(move |value| state.set(value))
    };
    let clear = {
        let states = [query.clone(), severity.clone(), table.clone()];
        Callback::from(move |_: MouseEvent| {
            for state in &states {
                state.set(String::new());
            }
        })
    };
    let severities =
        occurring(findings.iter().map(|finding| finding.severity.as_str()), str::to_owned);
    let mut tables =
        occurring(findings.iter().filter_map(|finding| finding.table.as_deref()), str::to_owned);
    tables.sort();
    let found: Vec<&Finding> = findings
        .iter()
        .filter(|finding| {
            let title = props.reviewed.titles.get(&finding.rule).map_or("", String::as_str);
            matches(&query, &[&finding.rule, title, &finding.subject, &finding.message])
                && (severity.is_empty() || finding.severity == *severity)
                && (table.is_empty() || finding.table.as_deref() == Some(table.as_str()))
        })
        .collect();
    let filtered = found.len() < findings.len();
    let categories = by_category(&found).into_iter().map(|(category, rules)| {
        let groups = rules.into_iter().map(|(rule, findings)| {
            let findings = findings.into_iter().cloned().collect::<Vec<_>>();
            let known = props.reviewed.titles.get(rule);
            let title = known.cloned().unwrap_or_else(|| words(rule));
            html! { <Group key={rule.to_owned()} {findings} under_category={is_main} title={title} wanted={wanted.clone()}
                noted={props.noted.clone()} on_note={props.on_note.clone()} on_show={props.on_show.clone()} /> }
        });
        html! {
            <>
                if is_main { <h3 class="category">{ category_title(category) }</h3> }
                { for groups }
            </>
        }
    });
    html! {
        <section id={props.section} tabindex="-1" aria-labelledby={title_id.clone()}>
            <h2 id={title_id}>
                { props.title }{ " " }<small>{ counted(findings.len(), "finding", "findings") }</small>
            </h2>
            if is_main && findings.len() > 1 {
                <div class="filters">
                    { search("Filter findings", &query, &set(&query)) }
                    { choice("Severity", "any severity", &severities, &severity, &set(&severity)) }
                    { choice("Table", "any table", &tables, &table, &set(&table)) }
                    if filtered { <span class="soft">{ format!("{} of {}", found.len(), findings.len()) }</span> }
                </div>
            }
            if filtered && found.is_empty() { { nothing(clear) } }
            if findings.is_empty() { <p class="soft">{ "None: every mandate of the standard is met." }</p> }
            { for categories }
        </section>
    }
}

fn ids(findings: &[Finding]) -> impl Iterator<Item = &str> {
    findings.iter().map(|finding| finding.id.as_str())
}

type ByRule<'a> = Vec<(&'a str, Vec<&'a Finding>)>;

/// Findings by category in the report's order, and by rule in the order the review gives.
fn by_category<'a>(findings: &[&'a Finding]) -> Vec<(&'a str, ByRule<'a>)> {
    let mut categories: BTreeMap<(usize, &str), ByRule<'_>> = BTreeMap::new();
    for &finding in findings {
        let place = CATEGORIES.iter().position(|(category, _)| *category == finding.category);
        let key = (place.unwrap_or(CATEGORIES.len()), finding.category.as_str());
        let rules = categories.entry(key).or_default();
        match rules.iter_mut().find(|(rule, _)| *rule == finding.rule) {
            Some((_, group)) => group.push(finding),
            None => rules.push((&finding.rule, vec![finding])),
        }
    }
    categories.into_iter().map(|((_, category), rules)| (category, rules)).collect()
}

const CATEGORIES: [(&str, &str); 8] = [
    ("integrity", "Data integrity"),
    ("retention", "Retention: soft deletes"),
    ("access", "Security: row security and access"),
    ("audit", "Security: audit"),
    ("privacy", "Privacy"),
    ("drift", "Drift"),
    ("code", "Code"),
    ("performance", "Performance"),
];

fn category_title(category: &str) -> String {
    let known = CATEGORIES.iter().find(|(id, _)| *id == category);
    known.map_or_else(|| words(category), |(_, title)| (*title).to_owned())
}

#[derive(Properties, PartialEq)]
struct GroupProps {
    /// What the rule is called.
    title: String,
    /// Whether its heading stands below that of a category, and not directly below its section's.
    under_category: bool,
    findings: Vec<Finding>,
    wanted: Option<Wanted>,
    noted: Shared<Vec<Mark>>,
    on_note: Option<Callback<Mark>>,
    on_show: Option<Callback<Place>>,
}

/// The findings of one rule.
#[component]
fn Group(props: &GroupProps) -> Html {
    let shown = use_state(|| STEP);
    let on_more = {
        let shown = shown.clone();
        Callback::from(move |count| shown.set(count))
    };
    let findings = &props.findings;
    let position = props.wanted.as_ref().and_then(|wanted| wanted.position(ids(findings)));
    {
        let (shown, wanted) = (shown.clone(), props.wanted.clone());
        use_effect_with((props.wanted.clone(), position, *shown), move |(_, position, _)| {
            match (wanted, position) {
                // Drawn first, then shown by the effect of that drawing.
                (Some(_), Some(position)) if *shown <= *position => shown.set(position + 1),
                (Some(wanted), Some(_)) => wanted.fulfil(),
                _ => {}
            }
        });
    }
    let Some(first) = findings.first() else { return html! {} };
    let worst = ["critical", "warning"]
        .into_iter()
        .find(|severity| findings.iter().any(|finding| finding.severity == *severity))
        .unwrap_or("info");
    let same_impact = findings.iter().all(|finding| finding.impact == first.impact);
    let items = findings.iter().take(*shown).map(|finding| {
        html! {
            <li id={finding.id.clone()} tabindex="-1">
                <p>
                    if finding.severity != worst { { severity_chip(&finding.severity) }{ " " } }
                    { prose(&finding.message) }
                </p>
                { evidence::view(&finding.evidence, props.on_show.as_ref()) }
                if !same_impact { <p class="why">{ prose(&finding.impact) }</p> }
                <Decision finding={finding.id.clone()} on_note={props.on_note.clone()}
                    mark={props.noted.iter().find(|mark| mark.finding == finding.id).cloned()} />
            </li>
        }
    });
    let supports = first.references.join(" · ");
    let mut closing: Vec<_> = findings.iter().flat_map(|finding| &finding.closes_with).collect();
    closing.sort();
    closing.dedup();
    html! {
        <article class={classes!("find", super::severity_look(worst).0)}>
            <header>
                { severity_chip(worst) }
                if props.under_category { <h4>{ &props.title }</h4> } else { <h3>{ &props.title }</h3> }
                if findings.len() > 1 { <span class="soft">{ findings.len() }</span> }
                <span class="rule">{ &first.rule }</span>
            </header>
            if same_impact && !first.impact.is_empty() { <p class="why">{ prose(&first.impact) }</p> }
            <ul class="plain">{ for items }</ul>
            { more(*shown, findings.len(), STEP * 8, &on_more) }
            if !supports.is_empty() || !closing.is_empty() {
                <p class="why foot-note">
                    if !supports.is_empty() { { supports } }
                    { for closing.iter().map(|step| {
                        let step = (*step).clone();
                        let id = format!("step-{step}");
                        html! {
                            <button type="button" class="step-link"
                                onclick={Callback::from(move |_: MouseEvent| crate::browser::go_to(&id))}>
                                { format!("closes with {step}") }
                            </button>
                        }
                    }) }
                </p>
            }
        </article>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(rule: &str, category: &str) -> Finding {
        Finding {
            id: format!("{rule}/{category}"),
            rule: rule.to_owned(),
            category: category.to_owned(),
            severity: "critical".to_owned(),
            table: None,
            column: None,
            subject: String::new(),
            message: String::new(),
            impact: String::new(),
            evidence: Vec::new(),
            references: Vec::new(),
            closes_with: Vec::new(),
        }
    }

    #[test]
    fn findings_are_grouped_in_the_order_of_the_report() {
        let findings = [
            finding("rls-missing", "access"),
            finding("primary-key-kind", "integrity"),
            finding("rls-without-policy", "access"),
            finding("rls-missing", "access"),
            finding("unheard-of", "new"),
        ];
        let groups: Vec<_> = by_category(&findings.iter().collect::<Vec<_>>())
            .into_iter()
            .map(|(category, rules)| {
                (
                    category,
                    rules.into_iter().map(|(rule, list)| (rule, list.len())).collect::<Vec<_>>(),
                )
            })
            .collect();
        assert_eq!(
            groups,
            [
                ("integrity", vec![("primary-key-kind", 1)]),
                ("access", vec![("rls-missing", 2), ("rls-without-policy", 1)]),
                ("new", vec![("unheard-of", 1)]),
            ],
        );
        assert_eq!(category_title("new"), "New");
    }
}
