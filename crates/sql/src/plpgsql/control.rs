//! Branches and loops.

use std::collections::{BTreeMap, BTreeSet};

use schemaward_catalog::{BlindSpot, Reach, Touches};
use sqlparser::ast::{Expr, Query};

use super::parse::{Code, Kind, Loop, Node, query_of};
use super::run::{Flow, Source, nodes_define, span_of, touches_of};
use super::value::{Value, parse_array};
use super::{EVERYTHING, Machine};
use crate::reach::reach;

/// How often a loop may run whose end is not known beforehand.
const ITERATIONS: usize = 1_000;

/// The mark of what may or may not be applied on a server.
pub(super) const UNSETTLED: &str = "applied under a guard that the text does not settle";

impl Machine<'_> {
    pub(super) fn branch(
        &mut self,
        arms: &[(Code<Expr>, Vec<Node>)],
        otherwise: &[Node],
        source: Source<'_>,
    ) -> Flow {
        for (at, (condition, body)) in arms.iter().enumerate() {
            let value = self.code(condition);
            match value.truth() {
                Some(true) => return self.nodes(body, source),
                Some(false) => {}
                None => {
                    let why = match value {
                        Value::Unknown(why) => why,
                        _ => "a condition that is no boolean".to_owned(),
                    };
                    // Of what may run, the first branch that defines something is taken.
                    let rest = arms.iter().skip(at).map(|(_, body)| body.as_slice());
                    let branches: Vec<_> = rest.chain([otherwise]).collect();
                    self.unsettled_branches(&branches, &why, source);
                    return Flow::Next;
                }
            }
        }
        self.nodes(otherwise, source)
    }

    /// One of these branches runs, and it is not known which: the first that defines something is
    /// applied, and the catalog is blind to what any of them touches.
    fn unsettled_branches(&mut self, branches: &[&[Node]], why: &str, source: Source<'_>) {
        let defining = branches.iter().find(|body| nodes_define(body, source));
        let taken = defining.or(branches.first()).copied().unwrap_or_default();
        if defining.is_some() {
            let touches =
                branches.iter().map(|body| touches_of(body, source)).fold(Touches::default(), join);
            self.note(format!("{UNSETTLED}: it depends on {why}"), false);
            if touches != Touches::default() {
                let reason = format!("it hangs on a guard that the text does not settle ({why})");
                let origin = self.origin;
                let reaches = branches.iter().map(|body| reach(span_of(body, source)));
                let tables = reaches.fold(Reach::Named(BTreeSet::new()), Reach::join);
                let spot = BlindSpot { reason, may_touch: touches, tables, origin };
                self.catalog.blind_spots.push(spot);
            }
        }
        self.unsettled += 1;
        self.nodes(taken, source);
        self.unsettled -= 1;
        self.failed = None;
        for body in branches {
            self.forget(body, why);
        }
    }

    /// The variables that statements assign are not known any more.
    fn forget(&mut self, nodes: &[Node], why: &str) {
        for node in nodes {
            match &node.kind {
                Kind::Block(block) => {
                    self.forget(&block.body, why);
                    for handler in &block.handlers {
                        self.forget(&handler.body, why);
                    }
                }
                Kind::If { arms, otherwise } => {
                    for (_, body) in arms {
                        self.forget(body, why);
                    }
                    self.forget(otherwise, why);
                }
                Kind::Loop { body, .. } => self.forget(body, why),
                Kind::Assign { target, .. } => {
                    if let Some(name) = target.first() {
                        self.assign(name, Value::unknown(why));
                    }
                }
                Kind::Execute { into: names, .. }
                | Kind::SelectInto { into: names, .. }
                | Kind::Nothing(names) => {
                    for name in names {
                        self.assign(name, Value::unknown(why));
                    }
                }
                _ => {}
            }
        }
    }

    pub(super) fn looping(
        &mut self,
        label: Option<&str>,
        kind: &Loop,
        body: &[Node],
        source: Source<'_>,
    ) -> Flow {
        let rows = match kind {
            Loop::Forever | Loop::While(_) => {
                for _ in 0..ITERATIONS {
                    if let Loop::While(condition) = kind {
                        let value = self.code(condition);
                        match value.truth() {
                            Some(true) => {}
                            Some(false) => return Flow::Next,
                            None => {
                                let why = reason(&value);
                                self.unsettled_loop(body, &why, source);
                                return Flow::Next;
                            }
                        }
                    }
                    if let Some(flow) = self.once(label, body, source) {
                        return flow;
                    }
                }
                self.unsettled_loop(
                    body,
                    &format!("a loop of more than {ITERATIONS} rounds"),
                    source,
                );
                return Flow::Next;
            }
            Loop::Range { reverse, from, to, by, .. } => {
                let by = by.as_ref().map_or(Value::Int(1), |by| self.code(by));
                match (self.code(from), self.code(to), by) {
                    (Value::Int(from), Value::Int(to), Value::Int(by)) if by > 0 => {
                        let by = usize::try_from(by).unwrap_or(usize::MAX);
                        let (low, high) = if *reverse { (to, from) } else { (from, to) };
                        if high.saturating_sub(low) / i64::try_from(by).unwrap_or(i64::MAX) > 10_000
                        {
                            Err("a range of more than 10000 numbers".to_owned())
                        } else if *reverse {
                            Ok((low..=high)
                                .rev()
                                .step_by(by)
                                .map(|n| vec![(String::new(), Value::Int(n))])
                                .collect())
                        } else {
                            Ok((low..=high)
                                .step_by(by)
                                .map(|n| vec![(String::new(), Value::Int(n))])
                                .collect())
                        }
                    }
                    (from, to, _) => {
                        Err(reason(if matches!(from, Value::Unknown(_)) { &from } else { &to }))
                    }
                }
            }
            Loop::Query { query, .. } => match self.cursor(query).or(query.tree.clone()) {
                Some(tree) => self.query(&tree, None).and_then(|found| match found.open {
                    Some(why) => Err(why),
                    None => Ok(found.rows),
                }),
                None => Err("a query that is not followed".to_owned()),
            },
            Loop::Dynamic { text, .. } => match self.code(text) {
                Value::Text(text) => match query_of(text).tree {
                    Some(tree) => self.query(&tree, None).and_then(|found| match found.open {
                        Some(why) => Err(why),
                        None => Ok(found.rows),
                    }),
                    None => Err("a query that is not followed".to_owned()),
                },
                value => Err(reason(&value)),
            },
            Loop::Array { slice: true, .. } => Err("slices of an array".to_owned()),
            Loop::Array { array, .. } => match self.code(array) {
                Value::Array(elements) => {
                    Ok(elements.into_iter().map(|value| vec![(String::new(), value)]).collect())
                }
                Value::Text(text) => match parse_array(&text) {
                    Value::Array(elements) => {
                        Ok(elements.into_iter().map(|value| vec![(String::new(), value)]).collect())
                    }
                    value => Err(reason(&value)),
                },
                value => Err(reason(&value)),
            },
        };
        let rows: Vec<Vec<(String, Value)>> = match rows {
            Ok(rows) => rows,
            Err(why) => {
                self.unsettled_loop(body, &why, source);
                return Flow::Next;
            }
        };
        let (variables, record) = match kind {
            Loop::Range { variable, .. } => (std::slice::from_ref(variable), false),
            Loop::Query { variables, .. } | Loop::Dynamic { variables, .. } => {
                (variables.as_slice(), true)
            }
            Loop::Array { variables, .. } => (variables.as_slice(), false),
            _ => (&[][..], false),
        };
        if let Loop::Query { .. } | Loop::Dynamic { .. } = kind
            && rows.iter().flatten().any(|(_, value)| is_system(value))
            && nodes_define(body, source)
        {
            self.unsettled_loop(
                body,
                "PostgreSQL's own objects, which the query lets through",
                source,
            );
            return Flow::Next;
        }
        // The variable of a loop over a cursor is a record of the loop's own.
        let of_cursor = matches!(kind, Loop::Query { query, .. } if self.cursor(query).is_some());
        if let Some(frame) = self.frames.last_mut() {
            frame.scopes.push(BTreeMap::new());
        }
        let mut result = Flow::Next;
        for row in rows {
            if !self.step(1) {
                result = Flow::Stop;
                break;
            }
            match variables {
                [name] if record && (row.len() != 1 || of_cursor || self.is_record(name)) => {
                    self.assign(name, Value::Row(row));
                }
                [name] => {
                    let value = row.into_iter().next().map_or(Value::Null, |(_, value)| value);
                    self.assign(name, value);
                }
                names => {
                    for (at, name) in names.iter().enumerate() {
                        let value = row.get(at).map_or(Value::Null, |(_, value)| value.clone());
                        self.assign(name, value);
                    }
                }
            }
            if let Some(flow) = self.once(label, body, source) {
                result = flow;
                break;
            }
        }
        if let Some(frame) = self.frames.last_mut() {
            frame.scopes.pop();
        }
        result
    }

    /// The query of the cursor that a loop names instead of one.
    fn cursor(&self, query: &Code<Query>) -> Option<Box<Query>> {
        let name = query.text.trim().to_ascii_lowercase();
        self.frames.last()?.cursors.get(&name)?.tree.clone()
    }

    /// One round of a loop; the flow that ends it, if it ends.
    fn once(&mut self, label: Option<&str>, body: &[Node], source: Source<'_>) -> Option<Flow> {
        if !self.step(1) {
            return Some(Flow::Stop);
        }
        match self.nodes(body, source) {
            Flow::Next => None,
            Flow::Leave { exit, label: target } => {
                let own = target.is_none() || target.as_deref() == label;
                match (own, exit) {
                    (true, true) => Some(Flow::Next),
                    (true, false) => None,
                    (false, _) => Some(Flow::Leave { exit, label: target }),
                }
            }
            flow => Some(flow),
        }
    }

    /// A loop whose rounds are not known.
    fn unsettled_loop(&mut self, body: &[Node], why: &str, source: Source<'_>) {
        if nodes_define(body, source) {
            let reason = format!("what it loops over is not known: it depends on {why}");
            let touches = touches_of(body, source);
            // A helper of this text that is called may touch what the loop itself does not name.
            if touches == Touches::default() {
                self.unread(reason, EVERYTHING);
            } else {
                self.unread_text(reason, span_of(body, source));
            }
        }
        self.forget(body, why);
    }
}

fn reason(value: &Value) -> String {
    match value {
        Value::Unknown(why) => why.clone(),
        Value::Null => "a value that is null".to_owned(),
        _ => "a value of another type".to_owned(),
    }
}

fn join(left: Touches, right: Touches) -> Touches {
    Touches {
        row_security: left.row_security || right.row_security,
        triggers: left.triggers || right.triggers,
        columns: left.columns || right.columns,
        indexes: left.indexes || right.indexes,
    }
}

/// Whether a value is one of PostgreSQL's own objects, which [`super::system`] has samples of.
fn is_system(value: &Value) -> bool {
    match value {
        Value::Object(_, name) => {
            matches!(name.schema.as_str(), "pg_catalog" | "information_schema")
        }
        Value::Text(text) => {
            ["pg_class", "pg_views", "pg_class_oid_index", "sql_features", "pg_monitor"]
                .contains(&text.as_str())
        }
        _ => false,
    }
}
