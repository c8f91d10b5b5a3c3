//! Steps on row-level security, policies, views and functions.

use std::collections::{BTreeMap, BTreeSet};

use schemaward_catalog::ddl::role;
use schemaward_catalog::{Expression, Origin, QualifiedName, Table, quote_identifier};

use super::tenancy::Tenant;
use super::{
    Draft, Findings, NewNames, PlanContext, Protection, doors, found_on, free_name, named,
    policies, privacy,
};
use crate::facts::rights::tables_behind;
use crate::facts::truth::Judge;
use crate::rules::unindexed;
use crate::{Finding, Severity, Verb};

/// The rules that switching row-level security on, with a policy, answers.
const TABLE_RULES: [&str; 4] =
    ["rls-missing", "rls-not-forced", "rls-without-policy", "policy-without-rls"];

pub(super) fn drafts(
    context: &PlanContext<'_>,
    findings: &Findings<'_>,
    names: &mut NewNames<'_>,
) -> Vec<Draft> {
    let tenant = Tenant::of(context);
    let mut drafts = tables(context, findings, &tenant, names);
    // What the steps above protect must not stay open through another door.
    let protected: BTreeSet<QualifiedName> = drafts
        .iter()
        .filter(|draft| !draft.sql.is_empty())
        .flat_map(|draft| draft.protects.iter().map(|(name, _)| name.clone()))
        .collect();
    let mut doors = doors::Doors::default();
    let shut = doors.drafts(context, findings, &tenant, &protected);
    for draft in &mut drafts {
        doors.announce(context, draft);
    }
    drafts.extend(always_true(context, findings, &tenant, names));
    drafts.extend(policies::drafts(context, findings));
    drafts.extend(shut);
    drafts.extend(views(context, findings, &protected));
    drafts.extend(functions(context, findings));
    drafts
}

/// Enables and forces row-level security and writes the policy that makes it mean something.
fn tables(
    context: &PlanContext<'_>,
    all: &Findings<'_>,
    tenant: &Tenant,
    names: &mut NewNames<'_>,
) -> Vec<Draft> {
    let mut policies = Draft::new(Verb::Harden);
    let mut enforce = Draft::new(Verb::Harden);
    let mut open = Draft::new(Verb::Harden);
    let (mut protected, mut switched, mut undecided) = (Vec::new(), Vec::new(), Vec::new());
    let mut through = Vec::new();
    let lacking = privacy::lacking(context, all);
    let rules: Vec<&str> = TABLE_RULES.into_iter().chain(["phi-unprotected"]).collect();
    for (table, found) in all.by_table(context.catalog, &rules) {
        let key = (table.name.clone(), Protection::Access);
        let own: Vec<&Finding> =
            found.into_iter().filter(|finding| finding.rule != "phi-unprotected").collect();
        if own.is_empty() && !lacking.contains(&key) {
            continue;
        }
        let name = table.name.to_sql();
        let mut sql = Vec::new();
        if !table.row_security.on {
            sql.push(format!("ALTER TABLE {name} ENABLE ROW LEVEL SECURITY;"));
        }
        if context.standard.rls.force && !table.row_security_forced.on {
            sql.push(format!("ALTER TABLE {name} FORCE ROW LEVEL SECURITY;"));
        }
        if !table.policies.is_empty() {
            enforce.close(&own);
            enforce.sql.extend(sql);
            enforced(context, table, &mut enforce, names);
            enforce.protects.insert(key);
            switched.push(table.name.to_string());
        } else if let Some((condition, column)) = tenant.condition(context, table) {
            let roles = tenant.roles_of(context, table);
            let policy = policy_name(table);
            if roles.is_empty() {
                policies.raise(
                    "policy-public-role",
                    &format!("{}:{policy}", table.name),
                    &table.name.to_string(),
                    "the text names no role of the application that `TO` could name",
                );
            }
            sql.push(create_policy(table, &policy, &roles, &condition));
            policies.close(&own);
            policies.sql.extend(sql);
            if let Some(column) = column {
                names.filtered.insert((table.name.clone(), column));
            } else {
                through.push(table.name.to_string());
            }
            super::unmodelled(context, table, &mut policies);
            policies.protects.insert(key);
            protected.push(table.name.to_string());
        } else {
            // Row-level security without a policy would lock everyone out.
            open.close(&own);
            open.asks.insert(key);
            undecided.push(table.name.to_string());
            open.note(format!(
                "Who may see and change rows of `{}`? It has no `{}` and no mandatory parent that \
                 has one; answer with a policy before row-level security is enabled.",
                table.name, context.standard.tenancy.column
            ));
        }
    }
    if !through.is_empty() {
        policies.note(format!(
            "The tenant of {} is found through a parent. A `{}` column of their own would spare the \
             sub-query and cost a copy that must be kept in step.",
            named(&through),
            context.standard.tenancy.column
        ));
    }
    if !protected.is_empty() {
        let how = match (tenant.observed, tenant.setting()) {
            (true, Some(setting)) => format!("the setting `{setting}`, as existing policies do"),
            (false, Some(setting)) => format!("the setting `{setting}` of the standard"),
            (_, None) => "the function that existing policies call".to_owned(),
        };
        policies.note(format!(
            "The tenant is read from {how}. Sessions that do not set it see no row; jobs that work \
             for all tenants need a role of their own."
        ));
    }
    enforce.note(
        "From then on the policies hold, for the owner too where they are forced: try the \
         application's roles against a copy first.",
    );
    [
        policies.finished(format!("Protect {} by row-level security.", named(&protected))),
        enforce.finished(format!("Enforce the policies of {}.", named(&switched))),
        open.asking(format!("Decide who may see {}.", named(&undecided))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What policies that were written for a table bring with them once they hold.
fn enforced(context: &PlanContext<'_>, table: &Table, draft: &mut Draft, names: &mut NewNames<'_>) {
    if table.row_security.on {
        return;
    }
    super::unmodelled(context, table, draft);
    let mut on = table.clone();
    on.row_security.on = true;
    on.row_security_forced.on |= context.standard.rls.force;
    for (rule, detail) in found_on(context.reviewed, &on, &[]) {
        draft.raise(
            rule,
            &detail,
            &table.name.to_string(),
            "its policies have not been in force, and what they lack shows only then",
        );
    }
    for using in context.reviewed.policies(&table.name).iter().filter_map(|it| it.using.as_ref()) {
        names.filtered.extend(unindexed(context.reviewed, table, using));
    }
}

/// What the policy of a table's tenant is called: there is no other on the table.
fn policy_name(table: &Table) -> String {
    free_name(&[table.name.name.as_str()], "tenant", &mut BTreeSet::new())
}

/// `CREATE POLICY` for the tenant's rows, reading and writing.
fn create_policy(table: &Table, name: &str, roles: &[String], condition: &str) -> String {
    let roles: Vec<String> = roles.iter().map(|name| role(name)).collect();
    let to = if roles.is_empty() { String::new() } else { format!(" TO {}", roles.join(", ")) };
    format!(
        "CREATE POLICY {} ON {}{to}\n    USING ({condition})\n    WITH CHECK ({condition});",
        quote_identifier(name),
        table.name.to_sql()
    )
}

/// Narrows policies that let everything pass.
fn always_true(
    context: &PlanContext<'_>,
    findings: &Findings<'_>,
    tenant: &Tenant,
    new: &mut NewNames<'_>,
) -> Vec<Draft> {
    const RULES: [&str; 2] = ["policy-always-true", "policy-open-write"];
    let mut draft = Draft::new(Verb::Harden);
    let mut kept = Draft::new(Verb::Harden);
    let mut open = Draft::new(Verb::Harden);
    let (mut names, mut equal, mut undecided) = (Vec::new(), Vec::new(), Vec::new());
    for (table, findings) in findings.by_table(context.catalog, &RULES) {
        let condition = tenant.condition(context, table);
        let is_open = |part: &Option<Expression>| {
            part.as_ref().and_then(|expression| expression.ast.as_deref()).is_some_and(|ast| {
                Judge::new(context.catalog, Some(table)).truth(ast) == Some(true)
            })
        };
        for policy in &table.policies {
            let of_policy: Vec<&Finding> = findings
                .iter()
                .copied()
                .filter(|finding| finding.severity == Severity::Critical)
                .filter(|finding| finding.id.ends_with(&format!(":{}", policy.name)))
                .collect();
            if of_policy.is_empty() {
                continue;
            }
            let alter = format!(
                "ALTER POLICY {} ON {}",
                quote_identifier(&policy.name),
                table.name.to_sql()
            );
            let parts: Vec<&str> = [("USING", &policy.using), ("WITH CHECK", &policy.check)]
                .into_iter()
                .filter(|(_, part)| is_open(part))
                .map(|(word, _)| word)
                .collect();
            match (&condition, &policy.using) {
                // A check that is weaker than what the policy shows becomes equal to it.
                (_, Some(using)) if parts.is_empty() || (parts == ["WITH CHECK"]) => {
                    kept.close(&of_policy);
                    kept.sql.push(format!("{alter} WITH CHECK ({});", using.text));
                    equal.push(format!("{}.{}", table.name, policy.name));
                }
                (Some((condition, column)), _) if !parts.is_empty() => {
                    draft.close(&of_policy);
                    if parts.contains(&"USING")
                        && let Some(column) = column
                    {
                        new.filtered.insert((table.name.clone(), column.clone()));
                    }
                    let parts: Vec<String> =
                        parts.iter().map(|word| format!("\n    {word} ({condition})")).collect();
                    draft.sql.push(format!("{alter}{};", parts.concat()));
                    names.push(table.name.to_string());
                }
                _ => {
                    open.close(&of_policy);
                    undecided.push(table.name.to_string());
                }
            }
        }
    }
    names.dedup();
    undecided.dedup();
    draft.note("What read across tenants through these policies needs a policy of its own.");
    kept.note("A write that moves a row to where the session cannot see it fails from then on.");
    open.note(
        "Who may see these rows? The policies let everyone pass, and no tenant column narrows it.",
    );
    [
        draft.finished(format!("Narrow the policies of {} to the tenant.", named(&names))),
        kept.finished(format!("Let {} write only what they show.", named(&equal))),
        open.finished(format!("Decide what the policies of {} should allow.", named(&undecided))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Lets views see what their readers may see: those that bypass policies today, and those that would
/// bypass the new ones.
fn views(
    context: &PlanContext<'_>,
    findings: &Findings<'_>,
    protected: &BTreeSet<QualifiedName>,
) -> Option<Draft> {
    let mut draft = Draft::new(Verb::Harden);
    let mut names = Vec::new();
    let mut found: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in findings.of(&["view-bypasses-rls"]) {
        found.entry(&finding.subject).or_default().push(finding);
    }
    for view in context.catalog.views.values().filter(|view| !view.materialized) {
        let of_view = found.remove(view.name.to_string().as_str()).unwrap_or_default();
        let would = || {
            let mut behind = Vec::new();
            tables_behind(context.catalog, &view.name, &mut behind);
            !view.security_invoker && behind.iter().any(|table| protected.contains(&table.name))
        };
        if of_view.is_empty() && !would() {
            continue;
        }
        draft.close(&of_view);
        draft.sql.push(format!("ALTER VIEW {} SET (security_invoker = true);", view.name.to_sql()));
        names.push(view.name.to_string());
    }
    draft.note(
        "Needs PostgreSQL 15. Readers of the view need their own rights on the tables it reads.",
    );
    draft.finished(format!("Hold {} to its reader's policies.", named(&names)))
}

/// Fixes the search path of functions.
fn functions(context: &PlanContext<'_>, findings: &Findings<'_>) -> Option<Draft> {
    let mut schemas = context.catalog.search_path.clone();
    if schemas.is_empty() {
        schemas.push("public".to_owned());
    }
    schemas.retain(|schema| schema != "pg_temp" && schema != "pg_catalog");
    let path: Vec<String> = schemas.iter().map(|schema| quote_identifier(schema)).collect();
    let mut draft = Draft::new(Verb::Harden);
    let mut names: Vec<String> = Vec::new();
    let functions: BTreeMap<Origin, _> =
        context.catalog.functions.iter().map(|found| (found.1.origin, found)).collect();
    for finding in findings.of(&["function-search-path"]) {
        let found = finding.evidence.iter().find_map(|proof| functions.get(&proof.origin));
        let Some(((name, arguments), function)) = found else { continue };
        draft.close(&[finding]);
        let kind = if function.procedure { "PROCEDURE" } else { "FUNCTION" };
        let shown = format!("{name}()");
        if !names.contains(&shown) {
            draft.sql.push(format!(
                "ALTER {kind} {}({}) SET search_path = {}, pg_temp;",
                name.to_sql(),
                arguments.join(", "),
                path.join(", ")
            ));
            names.push(shown);
        }
    }
    draft.note("Check that the path holds every schema the bodies leave unnamed.");
    draft.finished(format!("Fix the search path of {}.", named(&names)))
}
