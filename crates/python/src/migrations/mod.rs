//! Revisions of Alembic → the schema that `alembic upgrade head` would leave.
//!
//! The functions `upgrade` run in the order of Alembic's own, each on the catalog that the ones before
//! it left: an operation becomes the SQL that Alembic emits, and changes the catalog at once, so that
//! what a revision asks the database is answered as it stands at that moment.

mod bind;
mod downgrade;
pub(crate) mod entity;
mod enums;
mod execute;
mod facts;
mod foreign;
mod graph;
mod guards;
mod host;
mod inspect;
mod invoke;
mod op;
mod row_security;
#[cfg(test)]
mod tests;

use schemaward_catalog::code::{ChainProblem, ChainProblemKind, Downgrade, MigrationFacts};
use schemaward_catalog::{Catalog, Origin, Side, Sources, Touches};

use crate::interpret::{Args, Interp, Stop, Value};
use crate::project::{Played, Remark};
use crate::schema::{MetaData, NamingConvention};

use self::graph::Revision;
use self::host::Migration;

/// What Alembic's environment (`env.py`) hands to the revisions.
#[derive(Clone, Debug, Default)]
pub(crate) struct Environment {
    /// The naming convention of the target metadata.
    pub(crate) convention: NamingConvention,
    /// The models' metadata, for revisions that make its tables themselves.
    pub(crate) metadata: Option<MetaData>,
}

/// What an upgrade leaves.
#[derive(Clone, Debug, Default)]
pub(crate) struct Upgraded {
    /// The schema, and what was read for it.
    pub(crate) played: Played,
    /// What the revisions say of themselves.
    pub(crate) facts: MigrationFacts,
}

/// What of a schema runs on unknown paths.
pub(super) const EVERYTHING: Touches =
    Touches { row_security: true, triggers: true, columns: true, indexes: true };

/// Runs the revisions among the files, given by index in the order of their paths, from an empty
/// database to the last one.
pub(crate) fn upgrade(
    interp: &mut Interp<'_>,
    files: &[usize],
    environment: &Environment,
    side: Side,
    sources: &mut Sources,
) -> Upgraded {
    let mut facts = MigrationFacts::default();
    let revisions = graph::read(interp, files, &mut facts.problems);
    let order = graph::order(&revisions, &mut facts.problems);
    facts.heads = order.heads;
    let mut host = Migration::new(environment, side, sources);
    for problem in &facts.problems {
        host.chain_problem(problem);
    }
    for at in order.run {
        let Some(revision) = revisions.get(at) else { continue };
        run(interp, &mut host, revision, &mut facts);
    }
    for note in std::mem::take(&mut interp.notes) {
        let remark = Remark { origin: note.origin, message: note.message };
        if note.unread {
            host.played.doubt(remark);
        } else {
            host.played.notes.push(remark);
        }
    }
    Upgraded { played: host.played, facts }
}

/// Runs one revision: its upgrade, and its downgrade on a copy of what that leaves.
fn run(
    interp: &mut Interp<'_>,
    host: &mut Migration<'_>,
    revision: &Revision,
    facts: &mut MigrationFacts,
) {
    let Some(file) = interp.files().get(revision.file) else { return };
    let place = |name| {
        let span = graph::binding(&file.module, name)?;
        Some(Origin { source: file.source, span })
    };
    host.begin(revision, place("upgrade").unwrap_or(revision.origin), &file.path);
    // Each revision is run in a session of its own, as far as its settings go.
    host.played.catalog.search_path = Catalog::new().search_path;
    let before = host.played.catalog.clone();
    let changes = host.changes;
    let upgrade = revision.module.scope.own("upgrade");
    call(interp, host, upgrade.as_ref(), "upgrade");
    let idle = host.changes == changes;
    let downgrade_origin = place("downgrade");
    let downgrade = revision.module.scope.own("downgrade");
    let verdict = match (&downgrade, downgrade_origin) {
        (Some(function), Some(_)) => undo(interp, host, function, &before, idle),
        _ if idle => Downgrade::Undoes,
        _ => Downgrade::Missing,
    };
    let defines = guards::defines(&file.module);
    let mut found = host.observed.finish(changes, host.changes, defines);
    found.downgrade = verdict;
    found.downgrade_origin = downgrade_origin;
    facts.revisions.push(found);
}

/// Calls one of the two functions of a revision.
fn call(
    interp: &mut Interp<'_>,
    host: &mut Migration<'_>,
    function: Option<&Value>,
    name: &str,
) -> Option<Stop> {
    let function = function?;
    interp.refresh();
    let origin = host.upgrade_origin();
    match interp.call(host, function, Args::default(), origin) {
        Ok(Value::Unknown(unknown)) if function.is_unknown() => {
            let message = format!("`{name}` is not known: {}", unknown.reason);
            host.undecided(message, EVERYTHING, None, origin);
            None
        }
        Ok(_) => None,
        Err(stop) => {
            match &stop {
                Stop::Raise(value) => {
                    let origin = value.symbol().map_or(origin, |symbol| symbol.origin);
                    let message = format!("`{name}` ends here: it raises {value:?}");
                    host.undecided(message, EVERYTHING, None, origin);
                }
                Stop::Limit => {
                    let message =
                        format!("`{name}` takes too many steps, and was run only in part");
                    let origin = interp.exhausted().unwrap_or(origin);
                    host.undecided(message, EVERYTHING, None, origin);
                }
            }
            Some(stop)
        }
    }
}

/// Runs a downgrade on what the upgrade left, and says whether it leads back.
fn undo(
    interp: &mut Interp<'_>,
    host: &mut Migration<'_>,
    function: &Value,
    before: &Catalog,
    idle: bool,
) -> Downgrade {
    let notes = std::mem::take(&mut interp.notes);
    let (changes, made) = host.begin_undo();
    let stop = call(interp, host, Some(function), "downgrade");
    let did = host.changes > changes;
    let (after, doubt) = host.end_undo(made, changes);
    interp.notes = notes;
    match (stop, doubt) {
        (Some(Stop::Raise(_)), _) if !did => Downgrade::Refuses,
        (_, Some(why)) => Downgrade::Undecided(why),
        (Some(_), None) => Downgrade::Undecided("it is not run to its end".to_owned()),
        (None, None) if idle && !did => Downgrade::Undoes,
        (None, None) => {
            let after = after.as_ref().unwrap_or(&host.played.catalog);
            let differences = downgrade::differences(before, after);
            match differences.is_empty() {
                true => Downgrade::Undoes,
                false if !did => Downgrade::Empty,
                false => Downgrade::Differs(differences),
            }
        }
    }
}

/// A problem of the graph as a sentence.
fn sentence(problem: &ChainProblem) -> String {
    let names = || problem.revisions.join(", ");
    match problem.kind {
        ChainProblemKind::SeveralHeads => {
            format!("there are several heads: {}; all of them are run", names())
        }
        ChainProblemKind::MissingDown => match problem.revisions.as_slice() {
            [id, down] => format!("revision {id} follows {down}, which was not given"),
            _ => format!("a down revision was not given: {}", names()),
        },
        ChainProblemKind::MissingDependency => match problem.revisions.as_slice() {
            [id, other] => format!("revision {id} depends on {other}, which was not given"),
            _ => format!("a dependency was not given: {}", names()),
        },
        ChainProblemKind::Cycle => match problem.revisions.as_slice() {
            [id] => format!("revision {id} names itself as the one it follows"),
            _ => format!("revisions follow each other in a circle: {}", names()),
        },
        ChainProblemKind::Duplicate => {
            let id = problem.revisions.first().map_or("", String::as_str);
            format!("{} files say that they are revision {id}", problem.origins.len())
        }
        ChainProblemKind::Undecided => match problem.revisions.first() {
            Some(id) => format!("which revisions {id} follows is not known"),
            None => "which revision it is is not known: it is not run".to_owned(),
        },
    }
}
