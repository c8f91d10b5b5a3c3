//! Effective access: which rows of a table a role reaches with a command, and through which door.

use std::collections::{BTreeMap, BTreeSet};

use schemaward_catalog::{
    Catalog, Function, Origin, QualifiedName, ReferentialAction, Role, Table, View,
};
use sqlparser::ast::SetExpr;

use super::guard::guard;
use super::policy::{Clause, Command, PolicyFacts};
use super::rights::{grantees, held, protected_behind, with_inherited};
use super::words::quoted_list;
use crate::context::Context;
use crate::{Access, Rows};

/// The name by which a table's owner goes where the text does not say who it is.
const OWNER: &str = "(owner)";

/// Every role that holds a privilege on a table, and the rows it reaches by it, in the order of
/// tables, roles and commands. A role that is not listed for a command holds no such privilege.
pub(crate) fn access(context: &Context<'_>) -> Vec<Access> {
    let roles = Roles::of(context.catalog);
    let mut found = Vec::new();
    for table in context.catalog.tables.values().filter(|table| !table.temporary) {
        direct(context, &roles, table, &mut found);
        owner(context, table, &mut found);
        partitions(context, &roles, table, &mut found);
        foreign_keys(context, &roles, table, &mut found);
    }
    for view in context.catalog.views.values() {
        views(context, &roles, view, &mut found);
    }
    for function in context.catalog.functions.values() {
        functions(context, &roles, function, &mut found);
    }
    found.sort_by(|a, b| {
        (&a.table, a.through.is_some())
            .cmp(&(&b.table, b.through.is_some()))
            .then_with(|| a.through.cmp(&b.through))
            .then_with(|| a.role.cmp(&b.role))
            .then_with(|| a.command.cmp(b.command))
    });
    found.dedup();
    found
}

/// Every role of the text, each with the roles whose privileges it has.
struct Roles {
    list: BTreeMap<String, BTreeSet<String>>,
}

impl Roles {
    fn of(catalog: &Catalog) -> Self {
        let on_tables = catalog.tables.values().flat_map(|table| &table.grants);
        let on_views = catalog.views.values().flat_map(|view| &view.grants);
        let on_functions = catalog.functions.values().flat_map(|function| &function.grants);
        let granted = on_tables.chain(on_views).chain(on_functions).map(|grant| &grant.grantee);
        let names: BTreeSet<&String> = granted.chain(catalog.roles.keys()).collect();
        let list = names
            .into_iter()
            .map(|name| (name.clone(), with_inherited(catalog, name)))
            .chain(std::iter::once(("public".to_owned(), ["public".to_owned()].into())))
            .collect();
        Self { list }
    }
}

/// What a decision is.
#[derive(Clone)]
pub(crate) struct Decision {
    pub(crate) rows: Rows,
    pub(crate) predicate: Option<String>,
    pub(crate) because: String,
}

impl Decision {
    fn new(rows: Rows, because: impl Into<String>) -> Self {
        Self { rows, predicate: None, because: because.into() }
    }
}

/// Whether no policy holds for a role: by its attributes, which memberships do not pass on.
fn exemption(role: Option<&Role>) -> Option<&'static str> {
    let role = role?;
    if role.superuser {
        Some("a superuser is exempt from row-level security")
    } else if role.bypass_rls {
        Some("the role has `BYPASSRLS`")
    } else {
        None
    }
}

/// The rows of a table that a role with these inherited roles reaches by a command it may run.
pub(crate) fn decide(
    context: &Context<'_>,
    table: &Table,
    role: &str,
    inherited: &BTreeSet<String>,
    command: Command,
) -> Decision {
    if !table.row_security.on {
        if context.blind_on(table, |touches| touches.row_security).is_some() {
            return Decision::new(
                Rows::Undecided,
                "row-level security is off as far as the text was read, and not all of it was",
            );
        }
        return Decision::new(Rows::All, "row-level security is not enabled");
    }
    if let Some(why) = exemption(context.catalog.roles.get(role)) {
        return Decision::new(Rows::All, why);
    }
    let owns = table.owner.as_ref().is_some_and(|owner| inherited.contains(owner));
    if owns && !table.row_security_forced.on {
        return Decision::new(
            Rows::All,
            "it has the rights of the owner, on whom row-level security is not forced",
        );
    }
    if command == Command::Truncate {
        return Decision::new(Rows::All, "no policy holds for `TRUNCATE`");
    }
    let policies: Vec<&PolicyFacts<'_>> = context
        .policies(&table.name)
        .iter()
        .filter(|facts| facts.applies_to(command) && facts.applies_to_any(inherited))
        .collect();
    combine(&policies, command)
}

/// The clause that names the rows: those that exist, and for INSERT those that come to be.
fn naming<'f, 'a>(facts: &'f PolicyFacts<'a>, command: Command) -> Option<&'f Clause<'a>> {
    match command {
        Command::Insert => facts.written(command),
        _ => facts.seen(command),
    }
}

/// `OR` of the permissive policies, `AND` of the restrictive ones.
fn combine(policies: &[&PolicyFacts<'_>], command: Command) -> Decision {
    let names = |permissive: bool| -> Vec<String> {
        let of = policies.iter().filter(|facts| facts.policy.permissive == permissive);
        of.map(|facts| facts.policy.name.clone()).collect()
    };
    let permissive: Vec<_> = (policies.iter())
        .filter(|facts| facts.policy.permissive)
        .filter_map(|facts| naming(facts, command))
        .collect();
    if permissive.iter().all(|clause| clause.truth == Some(false)) {
        let because = if names(true).is_empty() {
            "no permissive policy is for the role and the command".to_owned()
        } else {
            format!("{} let nothing through", quoted_list(&names(true), "and"))
        };
        return Decision::new(Rows::None, because);
    }
    let restrictive: Vec<_> = (policies.iter())
        .filter(|facts| !facts.policy.permissive)
        .filter_map(|facts| naming(facts, command))
        .filter(|clause| clause.truth != Some(true))
        .collect();
    let because = match (names(true), names(false)) {
        (allow, narrow) if narrow.is_empty() => {
            let plural = if allow.len() == 1 { "policy" } else { "policies" };
            format!("{plural} {}", quoted_list(&allow, "or"))
        }
        (allow, narrow) => {
            format!("{}, narrowed by {}", quoted_list(&allow, "or"), quoted_list(&narrow, "and"))
        }
    };
    if restrictive.iter().any(|clause| clause.truth == Some(false)) {
        return Decision::new(Rows::None, because);
    }
    let open = permissive.iter().any(|clause| clause.truth == Some(true));
    if (permissive.iter().filter(|_| !open).chain(&restrictive)).any(|clause| clause.ast.is_none())
    {
        let because = format!("{because}, of which a condition could not be parsed");
        return Decision::new(Rows::Undecided, because);
    }
    if open && restrictive.is_empty() {
        return Decision::new(Rows::All, because);
    }
    let text = |clause: &Clause<'_>| {
        let words: Vec<&str> = clause.expression.text.split_whitespace().collect();
        words.join(" ")
    };
    let mut any: Vec<String> = Vec::new();
    for clause in permissive.iter().filter(|clause| !open && clause.truth != Some(false)) {
        let text = text(clause);
        if !any.contains(&text) {
            any.push(text);
        }
    }
    let any = match any.as_slice() {
        [] => None,
        [one] => Some(one.clone()),
        many => Some(many.iter().map(|one| format!("({one})")).collect::<Vec<_>>().join(" OR ")),
    };
    let mut all: Vec<String> = any.into_iter().collect();
    all.extend(restrictive.iter().map(|clause| text(clause)));
    let predicate = match all.as_slice() {
        [one] => one.clone(),
        many => many.iter().map(|one| format!("({one})")).collect::<Vec<_>>().join(" AND "),
    };
    Decision { rows: Rows::Some, predicate: Some(predicate), because }
}

/// The roles other than the owner that were granted some of these commands on a table and that
/// neither policies nor triggers keep from every row; for each the commands as words of a sentence,
/// and the grants.
pub(crate) fn commands_of_others<'a>(
    context: &Context<'_>,
    table: &'a Table,
    commands: &[Command],
) -> BTreeMap<&'a str, (Vec<String>, Vec<Origin>)> {
    let mut by_role: BTreeMap<&str, (Vec<String>, Vec<Origin>)> = BTreeMap::new();
    for command in commands {
        if guard(context.catalog, table, *command).is_some() {
            continue;
        }
        let privilege = command.privilege();
        let owner = table.owner.as_deref();
        for (role, origin) in grantees(context.catalog, &table.grants, owner, &[privilege]) {
            let inherited = with_inherited(context.catalog, role);
            if decide(context, table, role, &inherited, *command).rows != Rows::None {
                let (words, origins) = by_role.entry(role).or_default();
                words.push(format!("`{privilege}`"));
                origins.push(origin);
            }
        }
    }
    by_role
}

fn row(
    role: &str,
    table: &QualifiedName,
    command: Command,
    decision: Decision,
    through: Option<String>,
) -> Access {
    Access {
        role: role.to_owned(),
        table: table.clone(),
        command: command.privilege(),
        rows: decision.rows,
        predicate: decision.predicate,
        through,
        because: decision.because,
    }
}

const COMMANDS: [Command; 5] =
    [Command::Select, Command::Insert, Command::Update, Command::Delete, Command::Truncate];

/// What grants on the table itself give.
fn direct(context: &Context<'_>, roles: &Roles, table: &Table, found: &mut Vec<Access>) {
    for (role, inherited) in &roles.list {
        // The role that owns the table is told of by `owner`.
        if table.owner.as_ref() == Some(role) {
            continue;
        }
        let superuser = context.catalog.roles.get(role).is_some_and(|role| role.superuser);
        for command in COMMANDS {
            let privilege = held(&table.grants, inherited, command.privilege());
            // A member of the owner's role has the owner's rights.
            let owns = table.owner.as_ref().is_some_and(|owner| inherited.contains(owner));
            if privilege.is_none() && !owns && !(superuser && table.row_security.on) {
                continue;
            }
            let mut decision = decide(context, table, role, inherited, command);
            if let Some(held) = privilege {
                if held.grantee != *role {
                    let through = if held.grantee == "public" {
                        "granted to everyone".to_owned()
                    } else {
                        format!("granted to `{}`", held.grantee)
                    };
                    decision.because = format!("{through}; {}", decision.because);
                }
                if !held.columns.is_empty() {
                    let columns = quoted_list(&held.columns, "and");
                    decision.because = format!("of the columns {columns}; {}", decision.because);
                }
            }
            found.push(row(role, &table.name, command, decision, None));
        }
    }
}

/// What the owner may do where row-level security does not hold for it.
fn owner(context: &Context<'_>, table: &Table, found: &mut Vec<Access>) {
    let name = table.owner.as_deref().unwrap_or(OWNER);
    if !table.row_security.on {
        return;
    }
    let Some(owner) = &table.owner else {
        if !table.row_security_forced.on {
            let why = "row-level security is not forced on the owner";
            for command in COMMANDS {
                let decision = Decision::new(Rows::All, why);
                found.push(row(name, &table.name, command, decision, None));
            }
        }
        return;
    };
    let inherited = with_inherited(context.catalog, owner);
    for command in COMMANDS {
        let decision = decide(context, table, owner, &inherited, command);
        found.push(row(name, &table.name, command, decision, None));
    }
}

/// A partition's rows, asked for by its own name, and a child's rows, asked for through its parent:
/// only the policies of the table that a statement names hold.
fn partitions(context: &Context<'_>, roles: &Roles, child: &Table, found: &mut Vec<Access>) {
    let parents = child.partition_of.iter().map(|place| &place.parent).chain(&child.inherits);
    for parent in parents.filter_map(|name| context.catalog.tables.get(name)) {
        let (kind, whole) = if child.partition_of.is_some() {
            ("partition", "partitioned table")
        } else {
            ("child table", "parent table")
        };
        for (role, inherited) in &roles.list {
            for command in COMMANDS {
                let (table, through, open) = if parent.row_security.on && !child.row_security.on {
                    (parent, format!("{kind} {}", child.name), child)
                } else if child.row_security.on && !parent.row_security.on {
                    (child, format!("{whole} {}", parent.name), parent)
                } else {
                    continue;
                };
                let inserts_by_parent = command == Command::Insert && open.name == parent.name;
                if inserts_by_parent && child.partition_of.is_none() {
                    continue;
                }
                if held(&open.grants, inherited, command.privilege()).is_some() {
                    let because = format!(
                        "a statement on `{}` is held to its own policies only, and it has no \
                         row-level security",
                        open.name
                    );
                    let decision = Decision::new(Rows::All, because);
                    found.push(row(role, &table.name, command, decision, Some(through)));
                }
            }
        }
    }
}

/// Rows that go or change with the row they refer to.
fn foreign_keys(context: &Context<'_>, roles: &Roles, table: &Table, found: &mut Vec<Access>) {
    if !table.row_security.on {
        return;
    }
    for (constraint, key) in table.foreign_keys() {
        let Some(parent) = context.catalog.tables.get(&key.references) else { continue };
        let (command, does) = match key.on_delete {
            ReferentialAction::Cascade => (Command::Delete, "deletes"),
            ReferentialAction::SetNull(_) | ReferentialAction::SetDefault(_) => {
                (Command::Update, "changes")
            }
            ReferentialAction::NoAction | ReferentialAction::Restrict => continue,
        };
        for (role, inherited) in &roles.list {
            let owns = parent.owner.as_ref() == Some(role);
            if !owns && held(&parent.grants, inherited, Command::Delete.privilege()).is_none() {
                continue;
            }
            let parents = decide(context, parent, role, inherited, Command::Delete);
            if parents.rows == Rows::None {
                continue;
            }
            let because = format!(
                "deleting a row of `{}` {does} the rows that refer to it, past the policies of `{}`",
                parent.name, table.name
            );
            let decision = Decision::new(Rows::Some, because);
            let through = Some(format!("foreign key {}", constraint.name));
            found.push(row(role, &table.name, command, decision, through));
        }
    }
}

/// Whether a role that runs something for others is exempt from a table's policies; `None` when the
/// text does not say who it is.
fn runner_exempt(context: &Context<'_>, table: &Table, runner: Option<&String>) -> Option<bool> {
    if !table.row_security_forced.on && (runner == table.owner.as_ref()) {
        return Some(true);
    }
    let runner = runner?;
    let inherited = with_inherited(context.catalog, runner);
    let decision = decide(context, table, runner, &inherited, Command::Select);
    Some(decision.rows == Rows::All)
}

/// What a view shows of protected tables.
fn views(context: &Context<'_>, roles: &Roles, view: &View, found: &mut Vec<Access>) {
    if view.security_invoker && !view.materialized {
        return;
    }
    let mut protected = Vec::new();
    protected_behind(context, &view.name, &mut protected);
    let kind = if view.materialized { "materialized view" } else { "view" };
    let writes = is_updatable(view);
    for table in protected {
        for (role, inherited) in &roles.list {
            for command in Command::ROWS {
                if command != Command::Select && !writes {
                    continue;
                }
                if held(&view.grants, inherited, command.privilege()).is_none() {
                    continue;
                }
                let decision = if view.materialized {
                    Decision::new(
                        Rows::All,
                        "it holds what its query gave when it was refreshed, without policies",
                    )
                } else {
                    match runner_exempt(context, table, view.owner.as_ref()) {
                        Some(true) => Decision::new(
                            Rows::All,
                            "it reads with the rights of its owner, who is exempt from the policies",
                        ),
                        Some(false) => continue,
                        None => Decision::new(
                            Rows::Undecided,
                            "it reads with the rights of its owner; whether that role is exempt from \
                             forced row-level security, the text does not say",
                        ),
                    }
                };
                let through = Some(format!("{kind} {}", view.name));
                found.push(row(role, &table.name, command, decision, through));
            }
        }
    }
}

/// Whether the server lets writes through a view: one relation, and a row of the view is a row of it.
fn is_updatable(view: &View) -> bool {
    let Some(query) = view.ast.as_deref().filter(|_| !view.materialized) else { return false };
    let SetExpr::Select(select) = query.body.as_ref() else { return false };
    let groups = match &select.group_by {
        sqlparser::ast::GroupByExpr::All(_) => true,
        sqlparser::ast::GroupByExpr::Expressions(keys, _) => !keys.is_empty(),
    };
    query.with.is_none()
        && query.limit_clause.is_none()
        && select.distinct.is_none()
        && select.having.is_none()
        && !groups
        && view.reads.len() == 1
        && matches!(select.from.as_slice(), [from] if from.joins.is_empty())
}

/// What functions do with the rights of their owner.
fn functions(context: &Context<'_>, roles: &Roles, function: &Function, found: &mut Vec<Access>) {
    if !function.security_definer || function.returns == "trigger" {
        return;
    }
    let touched = touched(context, function);
    for (role, inherited) in &roles.list {
        let executes = if function.public_execute {
            // Everyone may: one row says so.
            role == "public"
        } else {
            held(&function.grants, inherited, "EXECUTE").is_some() && role != "public"
        };
        if !executes {
            continue;
        }
        for (table, commands) in &touched {
            for command in commands {
                if runner_exempt(context, table, function.owner.as_ref()) == Some(false) {
                    continue;
                }
                let decision = Decision::new(
                    Rows::Undecided,
                    "it runs with the rights of its owner, past the policies; which rows it gives \
                     or changes is up to its body",
                );
                let through = format!("function {}()", function.name);
                found.push(row(role, &table.name, *command, decision, Some(through)));
            }
        }
    }
}

/// The protected tables that a function's body reads and writes, itself or in functions it calls.
pub(crate) fn touched<'a>(
    context: &Context<'a>,
    function: &Function,
) -> Vec<(&'a Table, BTreeSet<Command>)> {
    let catalog = context.catalog;
    let mut found: BTreeMap<&QualifiedName, (&'a Table, BTreeSet<Command>)> = BTreeMap::new();
    let mut seen: BTreeSet<(QualifiedName, Vec<String>)> = BTreeSet::new();
    let types = |function: &Function| -> Vec<String> {
        function.arguments.iter().map(|argument| argument.data_type.to_string()).collect()
    };
    let mut open = vec![function];
    // The set bounds the walk: every function is read once.
    while let Some(next) = open.pop() {
        if !seen.insert((next.name.clone(), types(next))) {
            continue;
        }
        let Some(body) = &next.body else { continue };
        let facts = &body.facts;
        let names = (facts.reads.iter().map(|name| (name, Command::Select)))
            .chain(facts.inserts_into.iter().map(|name| (name, Command::Insert)))
            .chain(facts.modifies.iter().map(|name| (name, Command::Update)));
        for (name, command) in names {
            let exists = |name: &QualifiedName| {
                catalog.tables.contains_key(name) || catalog.views.contains_key(name)
            };
            let Some(relation) = catalog.resolve(name, exists) else { continue };
            let mut protected = Vec::new();
            protected_behind(context, &relation, &mut protected);
            for table in protected {
                let of_table = found.entry(&table.name).or_insert_with(|| (table, BTreeSet::new()));
                of_table.1.insert(command);
            }
        }
        for call in &facts.calls {
            open.extend(catalog.functions_named(call));
        }
    }
    found.into_values().collect()
}
