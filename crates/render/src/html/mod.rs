//! The report as one HTML file: it needs nothing beside itself, runs nothing, and prints well.
//!
//! The words are those of the Markdown report, so that the two cannot differ; what a page can do
//! beyond it is added: marks of verdicts, links from every place to the line that is quoted of it, and
//! each finding and each line of evidence for itself. Names of any content stay names: everything is
//! escaped, HTML in the Markdown included, and the file forbids scripts and requests of any kind.

mod body;
mod details;
pub(crate) mod escape;

use std::fmt::Write as _;

use crate::json::Review;
use crate::markdown::{markdown, status_because};
use crate::words::{long_date, status};

use details::Anchors;
use escape::{escape, sentence};

const STYLE: &str = include_str!("style.css");

/// What the file may do: show its own styles, and nothing else.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// The review as an HTML document in UTF-8, with light, dark and print styles inside.
pub fn html(review: &Review) -> String {
    let anchors = Anchors::of(review);
    let report = markdown(review);
    let body = body::body(&report, &anchors);
    let mut sections = body.sections;
    let mut rest = String::new();
    details::findings(&mut rest, &mut sections, review, &anchors);
    details::evidence(&mut rest, &mut sections, review, &anchors);

    let mut out = String::with_capacity(body.html.len() + rest.len() + STYLE.len() + 4096);
    let date = sentence(&long_date(&review.date));
    let status = status(review);
    let class = match review.status.as_str() {
        "pass" => "pass",
        "pass_with_warnings" => "pass_with_warnings",
        _ => "fail",
    };
    // Writing to a `String` cannot fail.
    let _ = write!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta name=\"generator\" content=\"{} {}\">\n\
         <title>{status}: Database Codebase Review Report, {date}</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#report\">Skip to the report</a>\n\
         <header>\n<h1>Database Codebase Review Report</h1>\n\
         <p class=\"status {class}\"><b>{status}</b> {}</p>\n\
         <p class=\"meta\">{date} · review <code>{}</code> · standard <code>{}</code></p>\n</header>\n",
        escape(&review.tool.name),
        escape(&review.tool.version),
        sentence(&status_because(review)),
        escape(&review.id),
        escape(&review.standard),
    );
    out.push_str("<nav aria-label=\"Contents\">\n<ol>\n");
    for section in &sections {
        let (id, title) = (&section.id, escape(&section.title));
        let _ = writeln!(out, "<li><a href=\"#{id}\">{title}</a></li>");
    }
    out.push_str("</ol>\n</nav>\n<main id=\"report\">\n");
    out.push_str(&body.html);
    out.push_str(&rest);
    let _ = write!(
        out,
        "</main>\n<footer>Made by {} {}. This file holds the whole report; opening it sends nothing \
         anywhere.</footer>\n</body>\n</html>\n",
        escape(&review.tool.name),
        escape(&review.tool.version),
    );
    out
}
