//! The system catalogs and the information schema, as far as our catalog has what they show.

use std::rc::Rc;

use schemaward_catalog::{Catalog, ConstraintKind, QualifiedName, TableKind, UserTypeKind};

use super::evaluate::Row;
use super::value::{Kind, Value};

/// The rows of a system relation; `None` when it is none that is known.
///
/// PostgreSQL's own objects are stood for by one row of each kind: a query that lets one of them
/// through loops over all of them, and that is no loop this reading can follow.
pub(super) fn rows(
    catalog: &Catalog,
    names: &[String],
    hints: &[(String, String)],
) -> Option<Vec<Row>> {
    let (schema, name) = match names {
        [name] => (None, name.as_str()),
        [.., schema, name] => (Some(schema.as_str()), name.as_str()),
        [] => return None,
    };
    let mut out = Out { rows: Vec::new(), hints, key: "" };
    match (schema, name) {
        (None | Some("pg_catalog"), name) => pg_catalog(catalog, name, &mut out)?,
        (Some("information_schema"), name) => information_schema(catalog, name, &mut out)?,
        _ => return None,
    }
    Some(out.rows)
}

struct Out<'a> {
    rows: Vec<Row>,
    hints: &'a [(String, String)],
    /// The column that names the object, which the hints are held against.
    key: &'static str,
}

impl Out<'_> {
    fn add<const N: usize>(
        &mut self,
        name: &str,
        cells: impl FnOnce() -> [(&'static str, Value); N],
    ) {
        let other = self.hints.iter().any(|(column, wanted)| column == self.key && wanted != name);
        if !other {
            let cells = cells().into_iter().map(|(column, value)| (column.to_owned(), value));
            self.rows.push(Rc::new(cells.collect()));
        }
    }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn object(kind: Kind, name: &QualifiedName) -> Value {
    Value::Object(kind, name.clone())
}

fn namespace(name: &str) -> Value {
    Value::Object(Kind::Namespace, QualifiedName::new("", name))
}

fn yes_no(value: bool) -> Value {
    text(if value { "YES" } else { "NO" })
}

fn system_name(name: &str) -> QualifiedName {
    QualifiedName::new("pg_catalog", name)
}

fn unknown(column: &str) -> Value {
    Value::unknown(format!("`{column}`"))
}

fn pg_catalog(catalog: &Catalog, name: &str, out: &mut Out<'_>) -> Option<()> {
    match name {
        "pg_class" => classes(catalog, out),
        "pg_namespace" => {
            out.key = "nspname";
            let system = ["pg_catalog", "information_schema", "pg_toast"];
            for name in catalog.schemas.keys().map(String::as_str).chain(system) {
                out.add(name, || [("oid", namespace(name)), ("nspname", text(name))]);
            }
        }
        "pg_tables" => {
            out.key = "tablename";
            for table in
                catalog.tables.values().filter(|t| !matches!(t.kind, TableKind::Foreign { .. }))
            {
                out.add(&table.name.name, || {
                    [
                        ("schemaname", text(&table.name.schema)),
                        ("tablename", text(&table.name.name)),
                        (
                            "tableowner",
                            table.owner.as_deref().map_or_else(|| unknown("tableowner"), text),
                        ),
                        ("rowsecurity", Value::Bool(table.row_security.on)),
                        ("hasindexes", unknown("hasindexes")),
                    ]
                });
            }
            for (schema, name) in
                [("pg_catalog", "pg_class"), ("information_schema", "sql_features")]
            {
                out.add(name, || {
                    [
                        ("schemaname", text(schema)),
                        ("tablename", text(name)),
                        ("tableowner", unknown("tableowner")),
                        ("rowsecurity", Value::Bool(false)),
                    ]
                });
            }
        }
        "pg_views" | "pg_matviews" => {
            let materialized = name == "pg_matviews";
            out.key = if materialized { "matviewname" } else { "viewname" };
            for view in catalog.views.values().filter(|view| view.materialized == materialized) {
                let key = out.key;
                out.add(&view.name.name, || {
                    [("schemaname", text(&view.name.schema)), (key, text(&view.name.name))]
                });
            }
            if !materialized {
                out.add("pg_views", || {
                    [("schemaname", text("pg_catalog")), ("viewname", text("pg_views"))]
                });
            }
        }
        "pg_policies" | "pg_policy" => {
            out.key = if name == "pg_policies" { "policyname" } else { "polname" };
            let key = out.key;
            for table in catalog.tables.values() {
                for policy in &table.policies {
                    out.add(&policy.name, || {
                        [
                            (key, text(&policy.name)),
                            ("schemaname", text(&table.name.schema)),
                            ("tablename", text(&table.name.name)),
                            ("polrelid", object(Kind::Relation, &table.name)),
                            ("cmd", text(&format!("{:?}", policy.command).to_uppercase())),
                        ]
                    });
                }
            }
        }
        "pg_constraint" => {
            out.key = "conname";
            for table in catalog.tables.values() {
                for constraint in &table.constraints {
                    out.add(&constraint.name, || {
                        [
                            ("conname", text(&constraint.name)),
                            ("conrelid", object(Kind::Relation, &table.name)),
                            ("connamespace", namespace(&table.name.schema)),
                            ("contype", text(constraint_kind(&constraint.kind).0)),
                            ("convalidated", Value::Bool(!constraint.not_valid)),
                            (
                                "confrelid",
                                match &constraint.kind {
                                    ConstraintKind::ForeignKey(key) => {
                                        object(Kind::Relation, &key.references)
                                    }
                                    _ => Value::Int(0),
                                },
                            ),
                        ]
                    });
                }
            }
        }
        "pg_trigger" => {
            out.key = "tgname";
            for (table, trigger) in triggers(catalog) {
                out.add(&trigger.name, || {
                    [
                        ("tgname", text(&trigger.name)),
                        ("tgrelid", object(Kind::Relation, table)),
                        ("tgisinternal", Value::Bool(false)),
                        ("tgfoid", object(Kind::Function, &trigger.function)),
                    ]
                });
            }
        }
        "pg_type" => {
            out.key = "typname";
            for user in catalog.types.values() {
                let kind = match &user.kind {
                    UserTypeKind::Enum(_) => "e",
                    UserTypeKind::Domain { .. } => "d",
                    UserTypeKind::Composite(_) => "c",
                    UserTypeKind::Other(_) => "r",
                };
                out.add(&user.name.name, || type_row(&user.name, kind));
            }
            for name in catalog.tables.keys().chain(catalog.views.keys()) {
                out.add(&name.name, || type_row(name, "c"));
            }
            for name in ["int4", "text", "uuid", "jsonb", "timestamptz", "bool"] {
                out.add(name, || type_row(&system_name(name), "b"));
            }
        }
        "pg_enum" => {
            out.key = "enumlabel";
            for user in catalog.types.values() {
                let UserTypeKind::Enum(labels) = &user.kind else { continue };
                for label in labels {
                    out.add(label, || {
                        [("enumlabel", text(label)), ("enumtypid", object(Kind::Type, &user.name))]
                    });
                }
            }
        }
        "pg_roles" | "pg_authid" | "pg_user" => {
            out.key = if name == "pg_user" { "usename" } else { "rolname" };
            let key = out.key;
            for role in catalog.roles.values().filter(|role| name != "pg_user" || role.login) {
                out.add(&role.name, || {
                    [
                        (key, text(&role.name)),
                        (
                            "oid",
                            Value::Object(Kind::Role, QualifiedName::new("", role.name.as_str())),
                        ),
                        ("rolsuper", Value::Bool(role.superuser)),
                        ("rolcanlogin", Value::Bool(role.login)),
                        ("rolbypassrls", Value::Bool(role.bypass_rls)),
                    ]
                });
            }
            for system in ["postgres", "pg_monitor", "pg_read_all_data", "pg_write_all_data"] {
                if !catalog.roles.contains_key(system) {
                    out.add(system, || {
                        [
                            (key, text(system)),
                            ("rolsuper", Value::Bool(system == "postgres")),
                            ("rolcanlogin", Value::Bool(system == "postgres")),
                        ]
                    });
                }
            }
        }
        "pg_extension" => {
            out.key = "extname";
            for name in catalog
                .extensions
                .keys()
                .map(String::as_str)
                .filter(|n| *n != "plpgsql")
                .chain(["plpgsql"])
            {
                out.add(name, || [("extname", text(name))]);
            }
        }
        "pg_indexes" => {
            out.key = "indexname";
            for (table, index) in indexes(catalog) {
                out.add(&index, || {
                    [
                        ("schemaname", text(&table.schema)),
                        ("tablename", text(&table.name)),
                        ("indexname", text(&index)),
                    ]
                });
            }
            out.add("pg_class_oid_index", || {
                [
                    ("schemaname", text("pg_catalog")),
                    ("tablename", text("pg_class")),
                    ("indexname", text("pg_class_oid_index")),
                ]
            });
        }
        "pg_sequences" => {
            out.key = "sequencename";
            for name in catalog.sequences.keys() {
                out.add(&name.name, || {
                    [("schemaname", text(&name.schema)), ("sequencename", text(&name.name))]
                });
            }
        }
        "pg_proc" => {
            out.key = "proname";
            for function in catalog.functions.values() {
                out.add(&function.name.name, || {
                    [
                        ("proname", text(&function.name.name)),
                        ("oid", object(Kind::Function, &function.name)),
                        ("pronamespace", namespace(&function.name.schema)),
                        ("prokind", text(if function.procedure { "p" } else { "f" })),
                        ("prosecdef", Value::Bool(function.security_definer)),
                    ]
                });
            }
            out.add("lower", || {
                [
                    ("proname", text("lower")),
                    ("oid", object(Kind::Function, &system_name("lower"))),
                    ("pronamespace", namespace("pg_catalog")),
                    ("prokind", text("f")),
                    ("prosecdef", Value::Bool(false)),
                ]
            });
        }
        "pg_attribute" => {
            out.key = "attname";
            for table in catalog.tables.values() {
                for (column, at) in table.columns.iter().zip(1_i64..) {
                    out.add(&column.name, || {
                        [
                            ("attname", text(&column.name)),
                            ("attrelid", object(Kind::Relation, &table.name)),
                            ("attnum", Value::Int(at)),
                            ("attisdropped", Value::Bool(false)),
                            ("attnotnull", Value::Bool(!column.nullable)),
                            (
                                "atthasdef",
                                Value::Bool(column.default.is_some() || column.generated.is_some()),
                            ),
                            (
                                "attidentity",
                                text(match column.identity {
                                    Some(schemaward_catalog::Identity::Always) => "a",
                                    Some(schemaward_catalog::Identity::ByDefault) => "d",
                                    None => "",
                                }),
                            ),
                        ]
                    });
                }
            }
            out.add("relname", || {
                [
                    ("attname", text("relname")),
                    ("attrelid", object(Kind::Relation, &system_name("pg_class"))),
                    ("attnum", Value::Int(2)),
                    ("attisdropped", Value::Bool(false)),
                    ("attnotnull", Value::Bool(true)),
                ]
            });
        }
        _ => return None,
    }
    Some(())
}

fn type_row(name: &QualifiedName, kind: &str) -> [(&'static str, Value); 4] {
    [
        ("typname", text(&name.name)),
        ("oid", object(Kind::Type, name)),
        ("typnamespace", namespace(&name.schema)),
        ("typtype", text(kind)),
    ]
}

fn classes(catalog: &Catalog, out: &mut Out<'_>) {
    out.key = "relname";
    let row = |name: &QualifiedName, kind: &str, security: bool, forced: bool, partition: bool| {
        [
            ("relname", text(&name.name)),
            ("oid", object(Kind::Relation, name)),
            ("relnamespace", namespace(&name.schema)),
            ("relkind", text(kind)),
            ("relrowsecurity", Value::Bool(security)),
            ("relforcerowsecurity", Value::Bool(forced)),
            ("relispartition", Value::Bool(partition)),
        ]
    };
    for table in catalog.tables.values() {
        let kind = match table.kind {
            TableKind::Ordinary => "r",
            TableKind::Partitioned { .. } => "p",
            TableKind::Foreign { .. } => "f",
        };
        out.add(&table.name.name, || {
            let (security, forced) = (table.row_security.on, table.row_security_forced.on);
            row(&table.name, kind, security, forced, table.partition_of.is_some())
        });
    }
    for view in catalog.views.values() {
        let kind = if view.materialized { "m" } else { "v" };
        out.add(&view.name.name, || row(&view.name, kind, false, false, false));
    }
    for name in catalog.sequences.keys() {
        out.add(&name.name, || row(name, "S", false, false, false));
    }
    for (table, index) in indexes(catalog) {
        let name = QualifiedName::new(table.schema.as_str(), index.as_str());
        out.add(&index, || row(&name, "i", false, false, false));
    }
    for (name, kind) in [("pg_class", "r"), ("pg_class_oid_index", "i"), ("pg_views", "v")] {
        out.add(name, || row(&system_name(name), kind, false, false, false));
    }
    let features = QualifiedName::new("information_schema", "sql_features");
    out.add("sql_features", || row(&features, "r", false, false, false));
}

/// Indexes with their tables, those behind keys too.
fn indexes(catalog: &Catalog) -> impl Iterator<Item = (&QualifiedName, String)> {
    let tables = catalog.tables.values().flat_map(|table| {
        let keys = table.constraints.iter().filter(|constraint| {
            matches!(
                constraint.kind,
                ConstraintKind::PrimaryKey { .. }
                    | ConstraintKind::Unique { .. }
                    | ConstraintKind::Exclude { .. }
            )
        });
        let keys = keys.map(|constraint| constraint.name.clone());
        keys.chain(table.indexes.iter().map(|index| index.name.clone()))
            .map(|name| (&table.name, name))
    });
    let views = catalog
        .views
        .values()
        .flat_map(|view| view.indexes.iter().map(|index| (&view.name, index.name.clone())));
    tables.chain(views)
}

fn triggers(
    catalog: &Catalog,
) -> impl Iterator<Item = (&QualifiedName, &schemaward_catalog::Trigger)> {
    let tables = catalog.tables.values().map(|table| (&table.name, &table.triggers));
    let views = catalog.views.values().map(|view| (&view.name, &view.triggers));
    tables.chain(views).flat_map(|(name, list)| list.iter().map(move |trigger| (name, trigger)))
}

/// A constraint's kind, as `pg_constraint` and as the information schema call it.
fn constraint_kind(kind: &ConstraintKind) -> (&'static str, &'static str) {
    match kind {
        ConstraintKind::PrimaryKey { .. } => ("p", "PRIMARY KEY"),
        ConstraintKind::Unique { .. } => ("u", "UNIQUE"),
        ConstraintKind::ForeignKey(_) => ("f", "FOREIGN KEY"),
        ConstraintKind::Check { .. } => ("c", "CHECK"),
        ConstraintKind::Exclude { .. } => ("x", "EXCLUDE"),
    }
}

fn information_schema(catalog: &Catalog, name: &str, out: &mut Out<'_>) -> Option<()> {
    match name {
        "schemata" => {
            out.key = "schema_name";
            let system = ["pg_catalog", "information_schema"];
            for name in catalog.schemas.keys().map(String::as_str).chain(system) {
                out.add(name, || [("schema_name", text(name))]);
            }
        }
        "tables" | "views" => {
            out.key = "table_name";
            let row = |schema: &str, name: &str, kind: &str| {
                [
                    ("table_schema", text(schema)),
                    ("table_name", text(name)),
                    ("table_type", text(kind)),
                ]
            };
            for view in catalog.views.values().filter(|view| !view.materialized) {
                let at = &view.name;
                out.add(&at.name, || row(&at.schema, &at.name, "VIEW"));
            }
            out.add("pg_views", || row("pg_catalog", "pg_views", "VIEW"));
            if name == "tables" {
                for table in catalog.tables.values() {
                    let kind = match table.kind {
                        TableKind::Foreign { .. } => "FOREIGN",
                        _ if table.temporary => "LOCAL TEMPORARY",
                        _ => "BASE TABLE",
                    };
                    let at = &table.name;
                    out.add(&at.name, || row(&at.schema, &at.name, kind));
                }
                out.add("pg_class", || row("pg_catalog", "pg_class", "BASE TABLE"));
                out.add("sql_features", || row("information_schema", "sql_features", "BASE TABLE"));
            }
        }
        "columns" => {
            out.key = "column_name";
            for table in catalog.tables.values() {
                for (column, at) in table.columns.iter().zip(1_i64..) {
                    out.add(&column.name, || {
                        let data_type = &column.data_type;
                        let user = catalog.user_type(data_type).is_some();
                        [
                            ("table_schema", text(&table.name.schema)),
                            ("table_name", text(&table.name.name)),
                            ("column_name", text(&column.name)),
                            ("ordinal_position", Value::Int(at)),
                            ("is_nullable", yes_no(column.nullable)),
                            (
                                "data_type",
                                text(match (data_type.array, user) {
                                    (true, _) => "ARRAY",
                                    (_, true) => "USER-DEFINED",
                                    _ => &data_type.name,
                                }),
                            ),
                            (
                                "column_default",
                                match &column.default {
                                    Some(_) => unknown("column_default"),
                                    None => Value::Null,
                                },
                            ),
                        ]
                    });
                }
            }
            out.add("relname", || {
                [
                    ("table_schema", text("pg_catalog")),
                    ("table_name", text("pg_class")),
                    ("column_name", text("relname")),
                    ("ordinal_position", Value::Int(2)),
                    ("is_nullable", text("NO")),
                    ("data_type", text("name")),
                ]
            });
        }
        "table_constraints" => {
            out.key = "constraint_name";
            for table in catalog.tables.values() {
                for constraint in &table.constraints {
                    out.add(&constraint.name, || {
                        [
                            ("constraint_schema", text(&table.name.schema)),
                            ("constraint_name", text(&constraint.name)),
                            ("table_schema", text(&table.name.schema)),
                            ("table_name", text(&table.name.name)),
                            ("constraint_type", text(constraint_kind(&constraint.kind).1)),
                        ]
                    });
                }
            }
        }
        "triggers" => {
            out.key = "trigger_name";
            for (table, trigger) in triggers(catalog) {
                out.add(&trigger.name, || {
                    [
                        ("trigger_schema", text(&table.schema)),
                        ("trigger_name", text(&trigger.name)),
                        ("event_object_schema", text(&table.schema)),
                        ("event_object_table", text(&table.name)),
                    ]
                });
            }
        }
        "routines" => {
            out.key = "routine_name";
            for function in catalog.functions.values() {
                let kind = if function.procedure { "PROCEDURE" } else { "FUNCTION" };
                out.add(&function.name.name, || {
                    [
                        ("routine_schema", text(&function.name.schema)),
                        ("routine_name", text(&function.name.name)),
                        ("routine_type", text(kind)),
                    ]
                });
            }
            out.add("lower", || {
                [
                    ("routine_schema", text("pg_catalog")),
                    ("routine_name", text("lower")),
                    ("routine_type", text("FUNCTION")),
                ]
            });
        }
        "sequences" => {
            out.key = "sequence_name";
            for name in catalog.sequences.keys() {
                out.add(&name.name, || {
                    [("sequence_schema", text(&name.schema)), ("sequence_name", text(&name.name))]
                });
            }
        }
        _ => return None,
    }
    Some(())
}
