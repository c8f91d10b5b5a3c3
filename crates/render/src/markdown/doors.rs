//! The ways to rows that policies do not hold for.

use std::fmt::Write as _;

use super::escape::{cell, code};
use super::{line, list};
use crate::json::{Access, Review};

/// One door to the rows of one table, with who may do what through it.
struct Door<'a> {
    through: &'a str,
    table: &'a str,
    rows: &'a str,
    because: &'a str,
    /// Roles, each with its commands.
    who: Vec<(&'a str, Vec<&'a str>)>,
}

impl<'a> Door<'a> {
    fn new(row: &'a Access, through: &'a str) -> Self {
        Self { through, table: &row.table, rows: &row.rows, because: &row.because, who: Vec::new() }
    }

    fn admit(&mut self, row: &'a Access) {
        match self.who.iter_mut().find(|(role, _)| *role == row.role) {
            Some((_, commands)) => commands.push(&row.command),
            None => self.who.push((&row.role, vec![&row.command])),
        }
    }

    fn shown(&self) -> String {
        let mut out = String::new();
        for (role, commands) in &self.who {
            let separator = if out.is_empty() { "" } else { "; " };
            let role = if *role == "public" { "everyone".to_owned() } else { code(role) };
            let _ = write!(out, "{separator}{role}: {}", list(commands));
        }
        out
    }
}

/// The doors that lead around row-level security, one row each.
pub(super) fn doors(out: &mut String, review: &Review, number: usize) -> bool {
    let mut doors: Vec<Door<'_>> = Vec::new();
    for row in review.access.iter().filter(|row| row.rows != "none") {
        let Some(through) = &row.through else { continue };
        let known = doors.iter_mut().find(|door| {
            door.through == through && door.table == row.table && door.because == row.because
        });
        match known {
            Some(door) => door.admit(row),
            None => {
                let mut door = Door::new(row, through);
                door.admit(row);
                doors.push(door);
            }
        }
    }
    if doors.is_empty() {
        return false;
    }
    line(out, format_args!("\n## {number}. Doors around Row-Level Security\n"));
    out.push_str("Rows that a role reaches past the policies of their table.\n\n");
    out.push_str("| Rows of | Through | Who | Rows | Because |\n| --- | --- | --- | --- | --- |\n");
    for door in &doors {
        line(
            out,
            format_args!(
                "| {} | {} | {} | {} | {} |",
                cell(&code(door.table)),
                cell(door.through),
                cell(&door.shown()),
                cell(door.rows),
                cell(door.because),
            ),
        );
    }
    true
}
