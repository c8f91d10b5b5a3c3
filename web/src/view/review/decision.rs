//! What people decided about a finding: accepted, waived, a false alarm, and whose it is.

use schemaward_link::{Mark, MarkVerdict};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::stamp;

#[derive(Properties, PartialEq)]
pub(super) struct DecisionProps {
    /// The finding's id.
    pub(super) finding: String,
    pub(super) mark: Option<Mark>,
    /// Takes the mark as it should be; absent where nothing can be decided.
    pub(super) on_note: Option<Callback<Mark>>,
}

/// The decision as a chip, and the form to change it.
#[component]
pub(super) fn Decision(props: &DecisionProps) -> Html {
    let form = use_form();
    let verdict = props.mark.as_ref().and_then(|mark| mark.verdict.clone());
    let assigned = props.mark.as_ref().and_then(|mark| mark.assigned.clone());
    let (kind, text, until) = match &verdict {
        None => ("", String::new(), String::new()),
        Some(MarkVerdict::Accepted) => ("accepted", String::new(), String::new()),
        Some(MarkVerdict::Waived { because, until }) => {
            ("waived", because.clone(), until.clone().unwrap_or_default())
        }
        Some(MarkVerdict::FalseAlarm { note }) => ("false", note.clone(), String::new()),
    };
    let said = said(verdict.as_ref(), assigned.as_deref());
    let Some(on_note) = &props.on_note else {
        return html! { if let Some(said) = said { <p class="decided">{ said }</p> } };
    };
    let changed = {
        let (form, on_note, finding) = (form.clone(), on_note.clone(), props.finding.clone());
        Callback::from(move |_: Event| {
            let verdict = match form.kind().as_str() {
                "accepted" => Some(MarkVerdict::Accepted),
                "waived" => Some(MarkVerdict::Waived {
                    because: form.text(),
                    until: Some(form.until()).filter(|until| schemaward_link::is_day(until)),
                }),
                "false" => Some(MarkVerdict::FalseAlarm { note: form.text() }),
                _ => None,
            };
            on_note.emit(Mark {
                finding: finding.clone(),
                verdict,
                assigned: Some(form.assigned()).filter(|name| !name.is_empty()),
                date: stamp::now().date,
            });
        })
    };
    let option = |value: &'static str, title: &'static str| {
        html! { <option {value} selected={kind == value}>{ title }</option> }
    };
    let needs_reason = matches!(kind, "waived" | "false") && text.trim().is_empty();
    html! {
        <details class="decision">
            <summary>{ said.unwrap_or_else(|| "Decide …".to_owned()) }</summary>
            <div class="filters">
                <select class="choice" aria-label="Decision" ref={form.kind.clone()} onchange={changed.clone()}>
                    { option("", "open") }
                    { option("accepted", "accepted: will be fixed") }
                    { option("waived", "waived: stays as it is") }
                    { option("false", "false alarm") }
                </select>
                if matches!(kind, "waived" | "false") {
                    <input type="text" class="search reason" aria-label="Reason" placeholder="Reason" maxlength="1000"
                        aria-invalid={needs_reason.to_string()} ref={form.text.clone()} value={text}
                        onchange={changed.clone()} />
                }
                if kind == "waived" {
                    <label>{ "until " }
                        <input type="date" class="choice" ref={form.until.clone()} value={until}
                            onchange={changed.clone()} />
                    </label>
                }
                <input type="text" class="search" aria-label="Assigned to" placeholder="Assigned to" maxlength="200"
                    ref={form.assigned.clone()} value={assigned.unwrap_or_default()} onchange={changed} />
                if needs_reason { <span class="soft">{ "A reason makes it reviewable." }</span> }
            </div>
        </details>
    }
}

/// The fields, read when one of them changes.
#[derive(Clone, PartialEq)]
struct Form {
    kind: NodeRef,
    text: NodeRef,
    until: NodeRef,
    assigned: NodeRef,
}

#[hook]
fn use_form() -> Form {
    Form {
        kind: use_node_ref(),
        text: use_node_ref(),
        until: use_node_ref(),
        assigned: use_node_ref(),
    }
}

impl Form {
    fn kind(&self) -> String {
        self.kind.cast::<HtmlSelectElement>().map(|field| field.value()).unwrap_or_default()
    }

    fn text(&self) -> String {
        value(&self.text)
    }

    fn until(&self) -> String {
        value(&self.until)
    }

    fn assigned(&self) -> String {
        value(&self.assigned)
    }
}

fn value(field: &NodeRef) -> String {
    let value = field.cast::<HtmlInputElement>().map(|field| field.value()).unwrap_or_default();
    value.trim().to_owned()
}

/// The decision in a few words.
fn said(verdict: Option<&MarkVerdict>, assigned: Option<&str>) -> Option<String> {
    let verdict = verdict.map(|verdict| match verdict {
        MarkVerdict::Accepted => "Accepted".to_owned(),
        MarkVerdict::Waived { because, until } => {
            let until = until.as_ref().map(|until| format!(" until {until}")).unwrap_or_default();
            format!("Waived{until}{}", after_colon(because))
        }
        MarkVerdict::FalseAlarm { note } => format!("False alarm{}", after_colon(note)),
    });
    let assigned = assigned.map(|name| format!("assigned to {name}"));
    match (verdict, assigned) {
        (Some(verdict), Some(assigned)) => Some(format!("{verdict} · {assigned}")),
        (one, other) => one.or(other),
    }
}

fn after_colon(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(": {text}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decisions_are_said_in_a_few_words() {
        let waived = MarkVerdict::Waived {
            because: "replaced in May".to_owned(),
            until: Some("2027-05-01".to_owned()),
        };
        assert_eq!(
            said(Some(&waived), Some("Ana")).as_deref(),
            Some("Waived until 2027-05-01: replaced in May · assigned to Ana"),
        );
        assert_eq!(said(None, Some("Ana")).as_deref(), Some("assigned to Ana"));
        assert_eq!(said(Some(&MarkVerdict::Accepted), None).as_deref(), Some("Accepted"));
        assert_eq!(said(None, None), None);
    }
}
