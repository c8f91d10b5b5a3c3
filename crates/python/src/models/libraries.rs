//! Libraries that make policies and triggers of what models declare: models in, the catalog out.

use std::fmt::Write as _;

use schemaward_catalog::{Side, Source, Sources};

use crate::project::{InputFile, Project};

const HEAD: &str = "\
import uuid
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
class Base(DeclarativeBase): pass
";

/// Tables, policies, triggers and what is said, of models.
#[track_caller]
fn check(text: &str, expect: &str) {
    let text = format!("{HEAD}{text}");
    let mut sources = Sources::default();
    let source = sources.add(Source::new(Side::Implemented, "models.py", text.as_str()));
    let file = InputFile { path: "models.py", text: &text, source };
    let told = Project::read(&[file], &[]).play(Side::Implemented, &mut sources);
    let played = told.models.unwrap();
    let mut out = String::new();
    for remark in played.unread.iter().chain(&played.notes) {
        let _ = writeln!(out, "said {}: {}", sources.quote(remark.origin), remark.message);
    }
    let line = |origin| sources.quote(origin).lines().next().unwrap_or_default().to_owned();
    for table in played.catalog.tables.values() {
        let columns = table.columns.iter().map(|column| {
            format!(
                "{} {}{}",
                column.name,
                column.data_type,
                if column.nullable { "" } else { "!" }
            )
        });
        let columns = columns.collect::<Vec<_>>().join(", ");
        let security = match (table.row_security.on, table.row_security_forced.on) {
            (true, true) => " forced",
            (true, false) => " enabled",
            _ => "",
        };
        let _ = writeln!(out, "{}({columns}){security}", table.name.name);
        for policy in &table.policies {
            let text = |it: &Option<schemaward_catalog::Expression>| {
                it.as_ref().map_or_else(|| "-".to_owned(), |it| it.text.clone())
            };
            let (using, check) = (text(&policy.using), text(&policy.check));
            let command = format!("{:?}", policy.command);
            let _ = writeln!(
                out,
                "  policy {} {command}: {using} / {check} @ {}",
                policy.name,
                line(policy.origin)
            );
        }
        for trigger in &table.triggers {
            let _ = writeln!(
                out,
                "  trigger {} {:?} @ {}",
                trigger.name,
                trigger.function,
                line(trigger.origin)
            );
        }
    }
    assert_eq!(out.trim(), expect.trim());
}

#[test]
fn policies_of_rls() {
    check(
        "from rls.schemas import Command, ConditionArg, Permissive, Restrictive\n\
         from rls.register_rls import register_rls\n\
         class Note(Base):\n    __tablename__ = 'notes'\n    id: Mapped[int] = mapped_column(primary_key=True)\n    \
         owner: Mapped[int]\n    __rls_policies__ = [\n        \
         Permissive(condition_args=[ConditionArg(comparator_name='owner', type=sa.Integer)], cmd=[Command.select, Command.update],\n            \
         custom_expr=lambda owner: sa.column('owner') == owner, custom_policy_name='mine'),\n        \
         Restrictive(cmd=Command.insert, custom_expr=lambda: sa.column('owner') > 0),\n    ]\n\
         class Plain(Base):\n    __tablename__ = 'plain'\n    id: Mapped[int] = mapped_column(primary_key=True)\n\
         Base = register_rls(Base)\n",
        "\
notes(id integer!, owner integer!) forced
  policy notes_mine_select_policy_0 Select: ((owner = CAST(nullif(current_setting('rls.owner', true), '') AS INTEGER)) OR CAST(NULLIF(current_setting('rls.bypass_rls', true), '') AS BOOLEAN) = true) / - @ notes'
  policy notes_mine_update_policy_0 Update: ((owner = CAST(nullif(current_setting('rls.owner', true), '') AS INTEGER)) OR CAST(NULLIF(current_setting('rls.bypass_rls', true), '') AS BOOLEAN) = true) / ((owner = CAST(nullif(current_setting('rls.owner', true), '') AS INTEGER)) OR CAST(NULLIF(current_setting('rls.bypass_rls', true), '') AS BOOLEAN) = true) @ notes'
  policy notes_restrictive_insert_policy_1 Insert: - / ((owner > 0) OR CAST(NULLIF(current_setting('rls.bypass_rls', true), '') AS BOOLEAN) = true) @ notes'
plain(id integer!)",
    );
}

#[test]
fn tenants() {
    check(
        "from sqlalchemy_tenants import with_rls\n@with_rls\nclass Todo(Base):\n    __tablename__ = 'todos'\n    \
         id: Mapped[int] = mapped_column(primary_key=True)\n    tenant: Mapped[uuid.UUID]\n",
        "\
todos(id integer!, tenant uuid!) enabled
  policy sqlalchemy_tenants_all All: tenant = (select sqlalchemy_tenants_get_tenant()::uuid) / tenant = (select sqlalchemy_tenants_get_tenant()::uuid) @ todos",
    );
}

#[test]
fn audits_of_declarative_extensions() {
    check(
        "from sqlalchemy_declarative_extensions import declarative_database, register_sqlalchemy_events, Functions, Triggers, View\n\
         from sqlalchemy_declarative_extensions.audit import audit\n\
         from sqlalchemy_declarative_extensions.dialects.postgresql import Function, Trigger\n\
         @audit(ignore_columns={'secret'}, context_columns=[sa.Column('user_id', sa.Integer)], delete=False)\n\
         class Visit(Base):\n    __tablename__ = 'visits'\n    id: Mapped[int] = mapped_column(primary_key=True)\n    \
         at: Mapped[str] = mapped_column(sa.String(20))\n    secret: Mapped[str]\n\
         @declarative_database\nclass Other(DeclarativeBase):\n    \
         functions = [Function('touch', 'BEGIN RETURN NEW; END', returns='trigger', language='plpgsql')]\n    \
         triggers = Triggers().are(Trigger.before('update', on='beds', execute='touch', name='touched').for_each_row())\n    \
         views = [View('free_beds', 'SELECT id FROM beds')]\n    roles = ['reader']\n\
         class Bed(Other):\n    __tablename__ = 'beds'\n    id: Mapped[int] = mapped_column(primary_key=True)\n\
         register_sqlalchemy_events(Base.metadata, functions=True, triggers=True)\n",
        "\
said from sqlalchemy_declarative_extensions import declarative_database, register_sqlalchemy_events, Functions, Triggers, View: what the listener runs is not known: it raises NotImplementedError(\"the roles and grants that it declares are not read\")
beds(id integer!)
  trigger touched QualifiedName { schema: \"public\", name: \"touch\" } @ update', on='beds', execute='touch', name='touched
visits(id integer!, at character varying(20)!, secret character varying!)
  trigger public_visits_audit_insert QualifiedName { schema: \"public\", name: \"public_visits_audit_insert\" } @ visits
  trigger public_visits_audit_update QualifiedName { schema: \"public\", name: \"public_visits_audit_update\" } @ visits
visits_audit(audit_pk integer!, audit_operation character varying(1)!, audit_timestamp timestamp with time zone!, audit_current_user character varying(64)!, audit_user_id integer, id integer, at character varying(20))",
    );
}

#[test]
fn versions_of_postgresql_audit() {
    check(
        "from postgresql_audit import versioning_manager\nversioning_manager.init(Base)\n\
         class Ward(Base):\n    __tablename__ = 'wards'\n    __versioned__ = {'exclude': ['note']}\n    \
         id: Mapped[int] = mapped_column(primary_key=True)\n    note: Mapped[str]\n",
        "\
activity(id bigint!, schema_name text, table_name text, relid integer, issued_at timestamp without time zone, native_transaction_id xid8, verb text, old_data jsonb, changed_data jsonb, transaction_id bigint)
transaction(id bigint!, native_transaction_id xid8, issued_at timestamp without time zone, client_addr inet, actor_id text)
wards(id integer!, note character varying!)
  trigger audit_trigger_insert QualifiedName { schema: \"public\", name: \"create_activity\" } @ wards'
  trigger audit_trigger_update QualifiedName { schema: \"public\", name: \"create_activity\" } @ wards'
  trigger audit_trigger_delete QualifiedName { schema: \"public\", name: \"create_activity\" } @ wards'",
    );
}

#[test]
fn audits_of_sqlalchemy_postgresql_audit() {
    check(
        "import sqlalchemy_postgresql_audit\nsqlalchemy_postgresql_audit.enable()\n\
         t = sa.Table('rooms', Base.metadata, sa.Column('id', sa.Integer, primary_key=True), sa.Column('name', sa.Text),\n    \
         info={'audit.options': {'enabled': True, 'session_settings': [sa.Column('who', sa.String, nullable=False)]}})\n\
         class Plain(Base):\n    __tablename__ = 'plain'\n    __table_args__ = {'info': {'audit.options': {'enabled': False}}}\n    id: Mapped[int] = mapped_column(primary_key=True)\n",
        "\
plain(id integer!)
rooms(id integer!, name text)
  trigger public_rooms_audit QualifiedName { schema: \"public\", name: \"public_rooms_audit\" } @ rooms
rooms_audit(audit_operation character varying(1)!, audit_operation_timestamp timestamp without time zone!, audit_current_user character varying(64)!, audit_who character varying!, id integer, name text)",
    );
}

#[test]
fn versions_of_continuum_are_said() {
    check(
        "from sqlalchemy_continuum import make_versioned\nmake_versioned(user_cls=None)\n\
         class Ward(Base):\n    __tablename__ = 'wards'\n    __versioned__ = {}\n    \
         id: Mapped[int] = mapped_column(primary_key=True)\n",
        "\
said from sqlalchemy_continuum import make_versioned: what the listener runs is not known: it raises NotImplementedError(\"the tables of versions that it makes are not read\")
wards(id integer!)",
    );
}

#[test]
fn listeners_of_every_table() {
    check(
        "from sqlalchemy import DDL, Table, event\n\
         @event.listens_for(Table, 'after_create')\ndef protect(target, connection, **kw):\n    \
         if any(column.name == 'tenant' for column in target.columns):\n        \
         connection.execute(DDL(f'ALTER TABLE {target.fullname} ENABLE ROW LEVEL SECURITY'))\n\
         event.listen(Table, 'after_create', DDL(\"COMMENT ON TABLE %(fullname)s IS 'ours'\"))\n\
         class Note(Base):\n    __tablename__ = 'notes'\n    id: Mapped[int] = mapped_column(primary_key=True)\n    tenant: Mapped[int]\n\
         plain = sa.Table('plain', Base.metadata, sa.Column('id', sa.Integer, primary_key=True))\n",
        "notes(id integer!, tenant integer!) enabled\nplain(id integer!)",
    );
}
