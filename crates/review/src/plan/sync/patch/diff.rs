//! Edits of a text as the edited text and as a unified diff.

use std::fmt::Write as _;

use schemaward_catalog::Span;

use super::Edit;

/// The text with edits made; they are sorted and apart.
pub(crate) fn patched(text: &str, edits: &[&Edit]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        out.push_str(Span::new(at, edit.span.start).of(text));
        out.push_str(&edit.text);
        at = edit.span.end;
    }
    out.push_str(text.get(at as usize..).unwrap_or_default());
    out
}

/// A unified diff of one text and its edits; empty when there are none.
pub(crate) fn diff(path: &str, text: &str, edits: &[&Edit]) -> String {
    const CONTEXT: usize = 3;
    if edits.is_empty() {
        return String::new();
    }
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let mut starts = Vec::with_capacity(lines.len());
    let mut start = 0_usize;
    for line in &lines {
        starts.push(start);
        start += line.len();
    }
    let line_of =
        |offset: u32| starts.partition_point(|start| *start <= offset as usize).max(1) - 1;
    // Edits whose lines, with their context, touch are one hunk.
    let mut hunks: Vec<(usize, usize, Vec<&Edit>)> = Vec::new();
    for edit in edits {
        let first = line_of(edit.span.start);
        let last = line_of(edit.span.end);
        match hunks.last_mut() {
            Some((_, until, list)) if first <= *until + 2 * CONTEXT => {
                *until = (*until).max(last);
                list.push(edit);
            }
            _ => hunks.push((first, last, vec![edit])),
        }
    }
    let mut out = format!("--- a/{path}\n+++ b/{path}\n");
    let mut shift = 0_isize;
    let put = |out: &mut String, mark: char, line: &str| {
        out.push(mark);
        out.push_str(line);
        if !line.ends_with('\n') {
            out.push_str("\n\\ No newline at end of file\n");
        }
    };
    for (first, last, edits) in hunks {
        let begin = first.saturating_sub(CONTEXT);
        let end = (last + 1 + CONTEXT).min(lines.len());
        let offset = |line: usize| {
            let start = starts.get(line).copied().unwrap_or(text.len());
            u32::try_from(start).unwrap_or(u32::MAX)
        };
        let (from, to) = (offset(begin), offset(end));
        let old: Vec<&str> = lines.get(begin..end).unwrap_or_default().to_vec();
        let moved: Vec<Edit> = edits
            .iter()
            .map(|edit| Edit {
                span: Span::new(edit.span.start - from, edit.span.end - from),
                ..(*edit).clone()
            })
            .collect();
        let new_text = patched(Span::new(from, to).of(text), &moved.iter().collect::<Vec<_>>());
        let new: Vec<&str> = new_text.split_inclusive('\n').collect();
        // Writing to a `String` cannot fail.
        let _ = writeln!(
            out,
            "@@ -{},{} +{},{} @@",
            begin + 1,
            old.len(),
            (begin + 1).saturating_add_signed(shift),
            new.len()
        );
        shift += new.len().cast_signed() - old.len().cast_signed();
        for (mark, line) in aligned(&old, &new) {
            put(&mut out, mark, line);
        }
    }
    out
}

/// Lines of a hunk, marked: the longest common ones stay.
fn aligned<'t>(old: &[&'t str], new: &[&'t str]) -> Vec<(char, &'t str)> {
    // A hunk is small; a very large one is shown as exchanged as a whole.
    const MOST: usize = 4_000_000;
    let mut out = Vec::new();
    if old.len().saturating_mul(new.len()) > MOST {
        out.extend(old.iter().map(|line| ('-', *line)));
        out.extend(new.iter().map(|line| ('+', *line)));
        return out;
    }
    let width = new.len() + 1;
    let mut common = vec![0_u32; (old.len() + 1) * width];
    let cell = |common: &[u32], i: usize, j: usize| common.get(i * width + j).copied().unwrap_or(0);
    for (i, left) in old.iter().enumerate().rev() {
        for (j, right) in new.iter().enumerate().rev() {
            let value = if left == right {
                cell(&common, i + 1, j + 1) + 1
            } else {
                cell(&common, i + 1, j).max(cell(&common, i, j + 1))
            };
            if let Some(place) = common.get_mut(i * width + j) {
                *place = value;
            }
        }
    }
    let (mut i, mut j) = (0, 0);
    loop {
        match (old.get(i), new.get(j)) {
            (Some(left), Some(right)) if left == right => {
                out.push((' ', *left));
                i += 1;
                j += 1;
            }
            (Some(left), right)
                if right.is_none() || cell(&common, i + 1, j) >= cell(&common, i, j + 1) =>
            {
                out.push(('-', *left));
                i += 1;
            }
            (_, Some(right)) => {
                out.push(('+', *right));
                j += 1;
            }
            _ => return out,
        }
    }
}
