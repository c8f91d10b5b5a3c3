//! The Markdown report as HTML.

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use super::details::Anchors;
use super::escape::{Ids, code, escape};

/// A section that the contents name.
pub(super) struct Section {
    pub(super) id: String,
    pub(super) title: String,
}

/// The report from its first section on, and its sections.
pub(super) struct Body {
    pub(super) html: String,
    pub(super) sections: Vec<Section>,
}

/// Renders the report. HTML in it is text; links and pictures it has none.
pub(super) fn body(report: &str, anchors: &Anchors) -> Body {
    let mut ids = Ids::default();
    let mut sections = Vec::new();
    let mut made: Vec<Event<'_>> = Vec::new();
    let mut heading: Option<(HeadingLevel, Vec<Event<'_>>)> = None;
    let (mut begun, mut in_cell) = (false, false);
    for event in Parser::new_ext(report, Options::ENABLE_TABLES) {
        // The title, the date and the status stand in the page's own head.
        begun |= matches!(event, Event::Start(Tag::Heading { level: HeadingLevel::H2, .. }));
        if !begun {
            continue;
        }
        let event = match event {
            Event::Start(Tag::Heading { level, .. }) => {
                heading = Some((level, Vec::new()));
                continue;
            }
            Event::End(TagEnd::Heading(level)) => {
                let (_, inside) = heading.take().unwrap_or((level, Vec::new()));
                let title = plain(&inside);
                let id = ids.make("", title.trim_start_matches(|c: char| !c.is_alphabetic()));
                made.push(raw(format!("<{level} id=\"{id}\">")));
                made.extend(inside);
                let label = escape(&title);
                made.push(raw(format!(
                    "<a class=\"self\" href=\"#{id}\" aria-label=\"Link to {label}\">#</a>\
                     </{level}>\n"
                )));
                if level == HeadingLevel::H2 {
                    sections.push(Section { id, title });
                }
                continue;
            }
            Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
            Event::Start(Tag::Link { .. } | Tag::Image { .. })
            | Event::End(TagEnd::Link | TagEnd::Image) => continue,
            Event::Start(Tag::Table(alignments)) => {
                made.push(raw("<div class=\"scroll\" tabindex=\"0\">".to_owned()));
                Event::Start(Tag::Table(alignments))
            }
            Event::End(TagEnd::Table) => {
                made.push(Event::End(TagEnd::Table));
                raw("</div>\n".to_owned())
            }
            Event::Start(Tag::TableCell) => {
                in_cell = true;
                Event::Start(Tag::TableCell)
            }
            Event::End(TagEnd::TableCell) => {
                in_cell = false;
                Event::End(TagEnd::TableCell)
            }
            Event::Text(text) if in_cell && is_verdict(&text) => {
                raw(format!("<span class=\"v {text}\">{text}</span>"))
            }
            Event::Code(text) => raw(code(&text, anchors.target(&text))),
            other => other,
        };
        match &mut heading {
            Some((_, inside)) => inside.push(event),
            None => made.push(event),
        }
    }
    let mut out = String::with_capacity(report.len() * 2);
    html::push_html(&mut out, made.into_iter());
    Body { html: out, sections }
}

fn raw(text: String) -> Event<'static> {
    Event::InlineHtml(CowStr::from(text))
}

fn is_verdict(text: &str) -> bool {
    matches!(text, "met" | "unmet" | "undecided")
}

/// What a heading says, without its marks.
fn plain(inside: &[Event<'_>]) -> String {
    let mut out = String::new();
    for event in inside {
        match event {
            Event::Text(text) => out.push_str(text),
            // Code and verdicts are HTML of ours by now.
            Event::InlineHtml(html) => out.push_str(&without_tags(html)),
            Event::SoftBreak | Event::HardBreak => out.push(' '),
            _ => {}
        }
    }
    out
}

fn without_tags(html: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for char in html.chars() {
        match char {
            '<' => inside = true,
            '>' if inside => inside = false,
            _ if !inside => out.push(char),
            _ => {}
        }
    }
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    entities.iter().fold(out, |text, (entity, char)| text.replace(entity, char))
}
