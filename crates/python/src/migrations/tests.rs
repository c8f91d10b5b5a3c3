//! Revisions in, the catalog they leave and what is said of them out.

use std::fmt::Write as _;
use std::rc::Rc;

use schemaward_catalog::code::Downgrade;
use schemaward_catalog::{
    Catalog, ConstraintKind, IndexKeyKind, Origin, Side, Source, Sources, UserTypeKind,
};

use super::{Environment, Upgraded, upgrade};
use crate::interpret::{File, Interp, OtherFile};
use crate::project::{FileKind, kind_of};
use crate::syntax::parse_module;

const HEAD: &str = "\
import sqlalchemy as sa
from alembic import context, op
from sqlalchemy.dialects import postgresql

revision = '1'
down_revision = None

T = ('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('name', sa.Text))

";

/// A revision whose upgrade is these lines, indented by nothing.
fn revision(upgrade: &str) -> String {
    let mut text = HEAD.to_owned();
    text.push_str("def upgrade():\n");
    for line in upgrade.lines() {
        let _ = writeln!(text, "    {line}");
    }
    text
}

fn run(texts: &[(&str, String)]) -> (Upgraded, Sources) {
    let mut sources = Sources::default();
    let mut files = Vec::new();
    let mut others = Vec::new();
    for (path, text) in texts {
        let source = sources.add(Source::new(Side::Implemented, *path, text.as_str()));
        if std::path::Path::new(path).extension().is_some_and(|end| end == "py") {
            let module = Rc::new(parse_module(text));
            files.push(File { path: (*path).to_owned(), source, module });
        } else {
            others.push(OtherFile { path, source, text });
        }
    }
    let mut revisions: Vec<usize> =
        (0..files.len()).filter(|at| kind_of(&files[*at].module) == FileKind::Revision).collect();
    revisions.sort_by_key(|at| files[*at].path.clone());
    let mut interp = Interp::new(&files, &others);
    let environment = Environment::default();
    let upgraded = upgrade(&mut interp, &revisions, &environment, Side::Implemented, &mut sources);
    let played = &upgraded.played;
    assert_eq!(played.statements, played.read + played.irrelevant + played.unread.len());
    (upgraded, sources)
}

/// A catalog, one line an object.
fn listing(catalog: &Catalog) -> String {
    let mut out = String::new();
    for schema in catalog.schemas.keys().filter(|name| *name != "public") {
        let _ = writeln!(out, "schema {schema}");
    }
    for found in catalog.types.values() {
        let _ = match &found.kind {
            UserTypeKind::Enum(values) => writeln!(out, "enum {} {values:?}", found.name),
            _ => writeln!(out, "type {}", found.name),
        };
    }
    for table in catalog.tables.values() {
        let columns = table.columns.iter().map(|column| {
            let default = column.default.as_ref().map(|it| format!(" = {}", it.text));
            let null = if column.nullable { "" } else { "!" };
            format!("{} {}{null}{}", column.name, column.data_type, default.unwrap_or_default())
        });
        let columns: Vec<String> = columns.collect();
        let _ = write!(out, "{}({})", table.name, columns.join(", "));
        for constraint in &table.constraints {
            let kind = match &constraint.kind {
                ConstraintKind::PrimaryKey { .. } => "pk",
                ConstraintKind::Unique { .. } => "uq",
                ConstraintKind::ForeignKey(_) => "fk",
                ConstraintKind::Check { .. } => "ck",
                ConstraintKind::Exclude { .. } => "ex",
            };
            let _ = write!(out, " {kind}:{}", constraint.name);
        }
        for index in &table.indexes {
            let keys = index.keys.iter().map(|key| match &key.key {
                IndexKeyKind::Column(name) => name.clone(),
                IndexKeyKind::Expression(expression) => expression.text.clone(),
            });
            let keys: Vec<String> = keys.collect();
            let _ = write!(out, " ix:{}({})", index.name, keys.join(","));
        }
        for policy in &table.policies {
            let _ = write!(out, " policy:{}", policy.name);
        }
        for trigger in &table.triggers {
            let _ = write!(out, " trigger:{}", trigger.name);
        }
        if table.row_security.on {
            out.push_str(" rls");
        }
        if let Some(comment) = &table.comment {
            let _ = write!(out, " -- {}", comment.text);
        }
        out.push('\n');
    }
    for view in catalog.views.values() {
        let _ = writeln!(out, "view {}", view.name);
    }
    for (name, _) in catalog.functions.keys() {
        let _ = writeln!(out, "function {name}");
    }
    out
}

fn quote(sources: &Sources, origin: Origin) -> String {
    let words: Vec<&str> = sources.quote(origin).split_whitespace().collect();
    words.join(" ").chars().take(60).collect()
}

fn report(texts: &[(&str, String)]) -> String {
    let (upgraded, sources) = run(texts);
    let mut out = listing(&upgraded.played.catalog);
    for remark in &upgraded.played.unread {
        let _ = writeln!(out, "unread `{}`: {}", quote(&sources, remark.origin), remark.message);
    }
    for remark in &upgraded.played.notes {
        let _ = writeln!(out, "note `{}`: {}", quote(&sources, remark.origin), remark.message);
    }
    let blind: Vec<&str> =
        upgraded.played.catalog.blind_spots.iter().map(|spot| spot.reason.as_str()).collect();
    if blind.len() != upgraded.played.unread.len() {
        let _ = writeln!(out, "blind {blind:?}");
    }
    out
}

/// Upgrades and what each leaves.
fn cases(upgrades: &[&str]) -> String {
    let mut out = String::new();
    for upgrade in upgrades {
        let found = report(&[("versions/1.py", revision(upgrade))]);
        let _ = writeln!(out, "{}\n--\n{found}==", upgrade.trim());
    }
    out
}

#[test]
fn operations() {
    insta::assert_snapshot!(cases(&[
        "op.create_table(*T)",
        "op.create_table(*T, schema='app')",
        "op.create_table(*T)\nop.create_table(*T, if_not_exists=True)\nop.drop_table('t')",
        "op.create_table(*T)\nop.rename_table('t', 'u')",
        "op.create_table(*T)\nop.add_column('t', sa.Column('n', sa.Integer, nullable=False, server_default='0'))\nop.drop_column('t', 'name')",
        "op.create_table(*T)\nop.alter_column('t', 'name', type_=sa.String(20), nullable=False, server_default='x', new_column_name='label')",
        "op.create_table(*T)\nop.alter_column('t', 'name', server_default=None, comment='c')",
        "op.create_table(*T)\nop.create_unique_constraint('uq', 't', ['name'])\nop.create_check_constraint('ck', 't', sa.text(\"name <> ''\"))\nop.drop_constraint('uq', 't', type_='unique')",
        "op.create_table('a', sa.Column('id', sa.Integer))\nop.create_primary_key('pk_a', 'a', ['id'])\nop.create_table('b', sa.Column('a_id', sa.Integer))\nop.create_foreign_key(op.f('fk_b'), 'b', 'a', ['a_id'], ['id'], ondelete='CASCADE')",
        "op.create_table(*T)\nop.create_exclude_constraint('ex', 't', ('name', '='), using='gist', where=sa.text('id > 1'))",
        "op.create_table(*T)\nop.create_index(op.f('ix_t_name'), 't', ['name'], unique=True)\nop.create_index('ix_l', 't', [sa.text('lower(name)')])\nop.create_index('gone', 't', ['id'])\nop.drop_index('gone', table_name='t')",
        "op.create_table(*T)\nop.create_table_comment('t', 'what')\n",
        "op.create_table(*T)\nop.create_table_comment('t', 'what')\nop.drop_table_comment('t', existing_comment='what')",
        "t = op.create_table(*T)\nop.bulk_insert(t, [{'id': 1}])",
        "op.create_table(*T)\nwith op.batch_alter_table('t') as batch:\n    batch.add_column(sa.Column('x', sa.Uuid))\n    batch.create_index(batch.f('ix_x'), ['x'])\n    batch.create_unique_constraint('uq_x', ['x'])\n    batch.alter_column('name', nullable=False)\n    batch.create_check_constraint('ck', 'id > 0')",
        "op.create_table(*T)\nop.create_table(*T, schema='app')\nwith op.batch_alter_table('t', schema='app') as b:\n    b.drop_column('name')\n    b.create_foreign_key('fk', 't', ['id'], ['id'], referent_schema='public')\n    b.drop_constraint('t_pkey')",
        "kind = postgresql.ENUM('a', 'b', name='kind')\nkind.create(op.get_bind(), checkfirst=True)\nkind.create(op.get_bind())\nop.create_table('t', sa.Column('k', postgresql.ENUM('a', 'b', name='kind', create_type=False)))",
        "sa.Enum('a', name='kind').create(op.get_bind())\nsa.Enum(name='kind').drop(op.get_bind(), checkfirst=False)",
        "m = sa.MetaData()\nu = sa.Table('u', m, sa.Column('id', sa.Integer, primary_key=True))\nu.create(op.get_bind(), checkfirst=True)\nu.create(op.get_bind(), checkfirst=True)",
        "op.run_async(lambda c: c.execute(sa.text('CREATE TABLE z (id int)')))",
    ]));
}

#[test]
fn what_is_not_known_is_undecided() {
    insta::assert_snapshot!(cases(&[
        "import os\nop.create_table(*T)\nop.add_column(os.environ['TABLE'], sa.Column('x', sa.Integer))",
        "import os\nop.create_table(*T)\nop.create_index(os.getenv('I'), 't', ['name'])",
        "op.create_table(*T)\nop.add_column('t', make_column())",
        "op.create_table(*T)\nop.frobnicate('t')",
        "from app.rls import protect\nop.create_table(*T)\nprotect('t')",
        "import os\nop.execute(f\"ALTER TABLE {os.environ['T']} ENABLE ROW LEVEL SECURITY\")",
        "import os\nop.execute(f\"UPDATE t SET a = '{os.environ['T']}'\")",
        "import os\nop.execute('CREATE TABLE ' + os.environ['T'] + ' (id int)')",
        "import os\nop.execute(os.environ['SQL'])",
        "from app.models import Base\nBase.metadata.create_all(op.get_bind())",
        "import os\nif os.environ.get('X'):\n    op.create_table(*T)\nelse:\n    op.execute('CREATE TABLE other (id int)')",
        "for name in context.get_x_argument(as_dictionary=True):\n    op.drop_table(name)",
        "op.create_table(*T)\nraise NotImplementedError('never')",
        "op.create_table('t', sa.Column('x', Strange()))",
    ]));
}

#[test]
fn raw_sql() {
    insta::assert_snapshot!(cases(&[
        "op.execute('CREATE TABLE a (id int); CREATE INDEX ix ON a (id);')",
        "op.execute(sa.text(\"CREATE TABLE a (t text CHECK (t <> '\\\\:x'))\"))",
        "op.execute(sa.DDL(\"COMMENT ON TABLE %(t)s IS '100%%'\", context={'t': 'a'}))",
        "op.get_bind().exec_driver_sql(\"CREATE TABLE a (t text DEFAULT '5%%')\")",
        "for t in ['a', 'b']:\n    op.execute(f'CREATE TABLE {t} (id int)')\n    op.execute('ALTER TABLE %s ENABLE ROW LEVEL SECURITY' % t)\n    op.execute('CREATE POLICY {0}_p ON {0} USING (true)'.format(t))",
        "from textwrap import dedent\nop.execute(dedent('''\n    CREATE TABLE a (\n      id int\n    )'''))",
        "op.execute('CREATE TABLE a (x nothing.here)\\n')\nop.execute('ALTER TABLE missing ADD y int')",
        "op.execute('SELECT 1')\nop.execute('INSERT INTO a VALUES (1)')\nop.execute('this is no SQL')",
        "from sqlalchemy.schema import CreateSchema, CreateTable, DropSchema, CreateSequence\nop.execute(CreateSchema('app', if_not_exists=True))\nop.execute(sa.schema.CreateTable(sa.Table('u', sa.MetaData(), sa.Column('id', sa.Integer))))\nop.execute(CreateSequence(sa.Sequence('s', start=5)))",
        "with op.get_context().autocommit_block():\n    op.execute(\"CREATE TYPE e AS ENUM ('a')\")\n    op.execute(\"ALTER TYPE e ADD VALUE IF NOT EXISTS 'b'\")",
        "t = sa.table('t', sa.column('id'))\nop.execute(t.update().where(t.c.id == 1).values(id=2))\nop.get_bind().execute(sa.insert(t), [{'id': 1}])",
        "op.execute('''DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'k') THEN CREATE TYPE k AS ENUM ('x'); END IF; END $$''')",
        "op.execute([\"CREATE TABLE a (id int)\", \"CREATE TABLE b (id int)\"])",
    ]));
}

#[test]
fn entities() {
    insta::assert_snapshot!(cases(&[
        "from alembic_utils.pg_policy import PGPolicy\nop.create_table(*T)\np = PGPolicy(schema='public', signature='p', on_entity='t', definition='using (true)')\nop.create_entity(p)",
        "from alembic_utils.pg_function import PGFunction\nf = PGFunction(schema='public', signature='f(a int)', definition='returns int language sql as $$ select 1 $$')\nop.create_entity(f)\nop.replace_entity(f)",
        "from alembic_utils.pg_view import PGView\nv = PGView(schema='public', signature='v', definition='select 1 as x')\nop.create_entity(v)\nop.drop_entity(v)",
        "from alembic_utils.pg_view import PGView\nop.create_entity(PGView.from_sql('create view public.w as select 1'))",
        "op.create_entity(what)",
    ]));
}

#[test]
fn guards_are_answered_by_the_catalog() {
    insta::assert_snapshot!(cases(&[
        "i = sa.inspect(op.get_bind())\nif 't' not in i.get_table_names():\n    op.create_table(*T)\nif 't' not in i.get_table_names():\n    op.create_table('never', sa.Column('id', sa.Integer))",
        "op.create_table(*T)\ncolumns = [c['name'] for c in sa.inspect(op.get_bind()).get_columns('t')]\nif 'name' in columns:\n    op.drop_column('t', 'name')\nif 'x' not in columns:\n    op.add_column('t', sa.Column('x', sa.Integer))",
        "from sqlalchemy.engine.reflection import Inspector\nop.create_table(*T)\ni = Inspector.from_engine(op.get_bind())\nif not any(ix['name'] == 'ix_n' for ix in i.get_indexes('t')):\n    op.create_index('ix_n', 't', ['name'])\nfor fk in i.get_foreign_keys('t'):\n    op.drop_table('t')",
        "op.create_table(*T)\nb = op.get_bind()\nif b.dialect.has_table(b, 't') and not b.dialect.has_table(b, 'u'):\n    op.rename_table('t', 'u')",
        "op.create_table(*T)\nif op.get_bind().execute(sa.text(\"SELECT 1 FROM information_schema.columns WHERE table_name = :t AND column_name = :c\"), {'t': 't', 'c': 'name'}).scalar():\n    op.drop_column('t', 'name')",
        "op.create_table(*T)\nrows = op.get_bind().execute(sa.text(\"SELECT tablename FROM pg_tables WHERE schemaname = 'public'\")).fetchall()\nfor (name,) in rows:\n    op.execute(f'ALTER TABLE {name} ENABLE ROW LEVEL SECURITY')\nfor row in rows:\n    op.execute(f'CREATE POLICY p_{row.tablename} ON {row[0]} USING (true)')",
        "op.create_table(*T)\nfor name in op.get_bind().execute(sa.text('SELECT table_name FROM information_schema.tables WHERE table_name IN :n').bindparams(n=('t', 'u'))).scalars().all():\n    op.drop_table(name)",
        "op.create_table(*T)\nif op.get_bind().execute(sa.text(\"SELECT to_regclass('public.t')\")).scalar() is not None:\n    op.drop_table('t')",
        "if op.get_bind().dialect.name == 'sqlite':\n    op.create_table(*T)\nif op.get_context().dialect.name == 'postgresql' and not context.is_offline_mode():\n    op.execute('CREATE TABLE pg (id int)')",
        "op.create_table(*T)\nif op.get_bind().execute(sa.text('SELECT count(*) FROM t')).scalar():\n    op.drop_table('t')",
        "if context.get_x_argument(as_dictionary=True).get('demo'):\n    op.create_table(*T)",
        "i = sa.inspect(op.get_bind())\ntry:\n    i.get_columns('nothing')\nexcept sa.exc.NoSuchTableError:\n    op.create_table(*T)",
        "op.create_table(*T)\nfor row in op.get_bind().execute(sa.text('SELECT id FROM t')):\n    op.get_bind().execute(sa.text('UPDATE t SET name = :n WHERE id = :i'), {'n': 'x', 'i': row.id})",
        "op.create_table(*T)\nfor row in op.get_bind().execute(sa.select(sa.column('id'))):\n    op.execute(f'CREATE TABLE t_{row.id} (id int)')",
        "op.create_table(*T)\ni = sa.inspect(op.get_bind())\nassert i.has_table('t')\nif i.get_pk_constraint('t')['constrained_columns'] == ['id'] and i.get_unique_constraints('t') == []:\n    op.create_unique_constraint('uq', 't', ['name'])\nif 'kind' not in [e['name'] for e in i.get_enums()]:\n    op.execute(\"CREATE TYPE kind AS ENUM ('a')\")",
    ]));
}

/// Revisions by identifier and what they follow, each creating a table of its name.
fn chain(revisions: &[(&str, &str)]) -> String {
    let texts: Vec<(String, String)> = revisions
        .iter()
        .map(|(id, rest)| {
            let text = format!(
                "from alembic import op\nrevision = '{id}'\n{rest}\ndef upgrade():\n    op.execute('CREATE TABLE r_{id} ()')\ndef downgrade():\n    op.drop_table('r_{id}')\n"
            );
            (format!("versions/{id}.py"), text)
        })
        .collect();
    let texts: Vec<(&str, String)> =
        texts.iter().map(|(path, text)| (path.as_str(), text.clone())).collect();
    let (upgraded, _) = run(&texts);
    let order: Vec<&str> = upgraded.facts.revisions.iter().map(|it| it.id.as_str()).collect();
    let mut out = format!("{} heads {:?}", order.join(" "), upgraded.facts.heads);
    for problem in &upgraded.facts.problems {
        let _ = write!(out, " {:?} {:?}", problem.kind, problem.revisions);
    }
    out
}

#[track_caller]
fn check_chain(revisions: &[(&str, &str)], expect: &str) {
    assert_eq!(chain(revisions), expect);
}

#[test]
fn revisions_run_in_the_order_of_their_graph() {
    check_chain(
        &[
            ("c", "down_revision = 'b'"),
            ("a", "down_revision = None"),
            ("b", "down_revision = 'a'"),
        ],
        "a b c heads [\"c\"]",
    );
    // As Alembic walks it: down from the merge by its first branch.
    check_chain(
        &[
            ("a", "down_revision = None"),
            ("b", "down_revision = 'a'"),
            ("c", "down_revision = 'a'"),
            ("d", "down_revision = ('b', 'c')"),
        ],
        "a c b d heads [\"d\"]",
    );
    check_chain(
        &[
            ("a", "down_revision = None"),
            ("b", "down_revision = 'a'\ndepends_on = 'z'"),
            ("z", "down_revision = None\nbranch_labels = ('other',)"),
        ],
        "z a b heads [\"b\", \"z\"] SeveralHeads [\"b\", \"z\"]",
    );
    check_chain(
        &[("a", "down_revision = None"), ("b", "down_revision = 'gone'")],
        "b a heads [\"a\", \"b\"] MissingDown [\"b\", \"gone\"] SeveralHeads [\"a\", \"b\"]",
    );
    check_chain(&[("a", "down_revision = 'a'")], "a heads [\"a\"] Cycle [\"a\"]");
    check_chain(
        &[("a", "down_revision = 'b'"), ("b", "down_revision = 'a'")],
        "b a heads [\"a\"] Cycle [\"a\", \"b\"]",
    );
    check_chain(&[], " heads []");
}

/// Graphs of revisions, and the order in which Alembic 1.20.1 runs them: identifier, those it follows,
/// those it depends on.
#[test]
fn the_order_is_alembics() {
    for line in include_str!("tests/orders.txt").lines() {
        let (graph, expect) = line.split_once('|').unwrap();
        let list = |names: &str| match names {
            "-" => "()".to_owned(),
            names => format!(
                "({},)",
                names.split('+').map(|it| format!("'{it}'")).collect::<Vec<_>>().join(",")
            ),
        };
        let revisions: Vec<(String, String)> = graph
            .split(';')
            .map(|revision| {
                let mut words = revision.split(' ');
                let id = words.next().unwrap();
                let (down, depends) = (words.next().unwrap(), words.next().unwrap());
                let (down, depends) = (list(down), list(depends));
                (id.to_owned(), format!("down_revision = {down}\ndepends_on = {depends}"))
            })
            .collect();
        let revisions: Vec<(&str, &str)> =
            revisions.iter().map(|(id, rest)| (id.as_str(), rest.as_str())).collect();
        let found = chain(&revisions);
        assert_eq!(found.split(" heads").next().unwrap(), expect, "{graph}");
    }
}

/// The verdict on a downgrade after an upgrade on a table `t`.
fn verdict(upgrade: &str, downgrade: &str) -> Downgrade {
    let first = revision("op.create_table(*T)");
    let mut second = revision(upgrade)
        .replace("revision = '1'", "revision = '2'")
        .replace("down_revision = None", "down_revision = '1'");
    if !downgrade.is_empty() {
        second.push_str("\ndef downgrade():\n");
        for line in downgrade.lines() {
            let _ = writeln!(second, "    {line}");
        }
    }
    let (upgraded, _) = run(&[("v/1.py", first), ("v/2.py", second)]);
    upgraded.facts.revisions[1].downgrade.clone()
}

#[test]
fn downgrades_are_compared_with_what_was_before() {
    let add = "op.add_column('t', sa.Column('x', sa.Integer))";
    assert_eq!(verdict(add, "op.drop_column('t', 'x')"), Downgrade::Undoes);
    assert_eq!(verdict(add, ""), Downgrade::Missing);
    assert_eq!(verdict(add, "pass"), Downgrade::Empty);
    assert_eq!(verdict(add, "raise NotImplementedError()"), Downgrade::Refuses);
    assert_eq!(
        verdict(add, "op.drop_column('t', 'name')"),
        Downgrade::Differs(vec![
            "column x of table t stays".to_owned(),
            "column name of table t does not come back".to_owned(),
        ])
    );
    assert_eq!(verdict("op.execute('UPDATE t SET id = 1')", "pass"), Downgrade::Undoes);
    assert!(matches!(
        verdict(add, "import os\nif os.environ.get('X'):\n    op.drop_column('t', 'x')"),
        Downgrade::Undecided(_)
    ));
    assert_eq!(
        verdict(
            "op.create_index('i', 't', ['name'])\nop.alter_column('t', 'name', nullable=False)",
            "op.drop_index('i')"
        ),
        Downgrade::Differs(vec!["the nullability of column t.name is not as it was".to_owned()])
    );
}

#[test]
fn facts_for_the_rules() {
    let first = revision("op.create_table(*T)\nop.execute('CREATE INDEX hand ON t (name)')");
    let second = revision(
        "op.add_column('t', sa.Column('x', sa.Integer, nullable=False))\nop.drop_index('hand', table_name='t')\nop.execute('CREATE POLICY p ON t USING (true)')\nif sa.inspect(op.get_bind()).has_table('t'):\n    op.execute('ALTER TABLE t ENABLE ROW LEVEL SECURITY')",
    )
    .replace("revision = '1'", "revision = '2'")
    .replace("down_revision = None", "down_revision = '1'");
    let (upgraded, sources) = run(&[("v/1.py", first), ("v/2.py", second)]);
    let facts = &upgraded.facts.revisions[1];
    assert_eq!(upgraded.facts.revisions[0].creates[0].table.to_string(), "t");
    assert_eq!(facts.unsafe_adds[0].column, "x");
    let dropped = &facts.drops_indexes[0];
    assert_eq!((dropped.index.name.as_str(), dropped.created_literally), ("hand", true));
    assert!(!dropped.dropped_literally);
    assert_eq!(dropped.created_by.as_deref(), Some("1"));
    assert_eq!(sources.quote(dropped.index.origin), "CREATE INDEX hand ON t (name)");
    assert_eq!(facts.guards[0].what, "has_table()");
}

#[test]
fn places_lead_back_into_the_python() {
    let text = revision(
        "for t in ['alpha', 'beta']:\n    op.execute(f\"CREATE TABLE {t} (\\n  id int,\\n  word text)\")",
    );
    let (upgraded, sources) = run(&[("v/1.py", text)]);
    let tables = &upgraded.played.catalog.tables;
    let quotes: Vec<&str> = tables.values().map(|table| sources.quote(table.name_origin)).collect();
    assert_eq!(quotes, ["'alpha'", "'beta'"].map(|it| it.trim_matches('\'')));
    for table in tables.values() {
        let at = sources.resolve(table.columns[1].origin);
        assert_eq!(sources.get(at.source).unwrap().path, "v/1.py");
    }
}

#[test]
fn what_never_ends_is_left() {
    insta::assert_snapshot!(cases(&[
        "while True:\n    pass",
        "def f(): f()\nf()\nop.create_table(*T)",
        "op.create_table(*T)\nfor i in range(10 ** 9):\n    op.execute('SELECT 1')",
        "x = 'a'\nfor i in range(100):\n    x = x + x\nop.execute(x)",
        "op.execute(",
    ]));
    let files = [
        ("v/1.py", "revision = '1'\ndown_revision = None\nimport v.1\n\0\u{fffd}def upgrade(".to_owned()),
        ("v/2.py", "print 'two'\nrevision = '2'\ndown_revision = '1'\ndef upgrade():\n    op.execute('x')\n".to_owned()),
        ("v/3.py", "import os\nrevision = os.environ['R']\ndown_revision = None\ndef upgrade(): pass\n".to_owned()),
    ];
    insta::assert_snapshot!(report(&files));
}

#[test]
fn projects_own_operations() {
    let text = "\
from alembic import op
from alembic.operations import MigrateOperation, Operations

revision = '1'
down_revision = None


@Operations.register_operation('create_guard')
class CreateGuard(MigrateOperation):
    def __init__(self, table):
        self.table = table

    @classmethod
    def create_guard(cls, operations, table, **kw):
        return operations.invoke(CreateGuard(table))


@Operations.implementation_for(CreateGuard)
def run(operations, operation):
    operations.execute('ALTER TABLE %s ENABLE ROW LEVEL SECURITY' % operation.table)


def upgrade():
    op.execute('CREATE TABLE t (id int)')
    op.create_guard('t')
";
    insta::assert_snapshot!(report(&[("v/1.py", text.to_owned())]));
    let helper = "from alembic import op\nfrom pathlib import Path\n\ndef run(name):\n    op.execute((Path(__file__).parent / name).read_text())\n";
    let revision = "from v.helper import run\nrevision = '1'\ndown_revision = None\ndef upgrade():\n    run('x.sql')\n";
    insta::assert_snapshot!(report(&[
        ("v/1.py", revision.to_owned()),
        ("v/helper.py", helper.to_owned()),
        (
            "v/x.sql",
            "CREATE TABLE from_file (id int);\nCREATE INDEX ON from_file (id);\n".to_owned()
        ),
    ]));
}

/// Every file of a folder, by its path below it.
fn files_below(root: &std::path::Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut open = vec![root.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|it| it == "py" || it == "sql") {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                found.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

/// The projects that real Alembic runs in `tests/python`: what of them is not read.
#[test]
fn whole_projects_are_read() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/python/projects");
    let mut out = String::new();
    let mut projects: Vec<_> =
        std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    projects.sort();
    for project in projects.iter().filter(|path| path.join("migrations").is_dir()) {
        let files = files_below(project);
        let texts: Vec<(&str, String)> =
            files.iter().map(|(path, text)| (path.as_str(), text.clone())).collect();
        let (upgraded, sources) = run(&texts);
        let name = project.file_name().unwrap().to_str().unwrap();
        let played = &upgraded.played;
        let _ = writeln!(
            out,
            "{name}: {} revisions, {} statements, {} tables",
            upgraded.facts.revisions.len(),
            played.statements,
            played.catalog.tables.len()
        );
        for remark in &played.unread {
            let _ =
                writeln!(out, "  unread `{}`: {}", quote(&sources, remark.origin), remark.message);
        }
        for remark in &played.notes {
            let _ =
                writeln!(out, "  note `{}`: {}", quote(&sources, remark.origin), remark.message);
        }
        for revision in &upgraded.facts.revisions {
            if revision.downgrade != Downgrade::Undoes {
                let _ = writeln!(out, "  {}: {:?}", revision.id, revision.downgrade);
            }
        }
    }
    insta::assert_snapshot!(out);
}

/// What of one upgrade is not read.
fn unread_of(upgrade: &str) -> Vec<String> {
    let (upgraded, _) = run(&[("v/1.py", revision(upgrade))]);
    upgraded.played.unread.into_iter().map(|remark| remark.message).collect()
}

#[test]
fn loops_over_rows_that_write_data_leave_nothing_open() {
    let none: [String; 0] = [];
    let head = "op.create_table(*T)\nconn = op.get_bind()\n";
    for upgrade in [
        "from unidecode import unidecode\nfor row in conn.execute(sa.text('SELECT * FROM t WHERE id = 1')):\n    \
         conn.execute(sa.text('UPDATE t SET name = :n WHERE id = 1').bindparams(n=unidecode(row.name)))",
        "while True:\n    done = conn.execute(sa.text('UPDATE t SET name = 1 WHERE id IN (SELECT id FROM t LIMIT 5)')).rowcount\n    \
         if done < 5:\n        break",
        "import logging\nlogger = make_logger()\nfor handler in logger.handlers:\n    handler.setLevel(1)",
    ] {
        let unread = unread_of(&format!("{head}{upgrade}"));
        let of_logger = unread.iter().all(|it| it.contains("make_logger"));
        assert!(unread == none || of_logger && upgrade.contains("make_logger"), "{unread:?}");
    }
    // What changes the schema for each row stays open, and so does what is handed the connection.
    for upgrade in [
        "for row in conn.execute(sa.text('SELECT name FROM t')):\n    op.execute(f'ALTER TABLE {row.name} ENABLE ROW LEVEL SECURITY')",
        "while True:\n    row = conn.execute(sa.text('SELECT name FROM t LIMIT 1')).first()\n    if not row.name:\n        break\n    \
         op.execute(f'ALTER TABLE {row.name} ENABLE ROW LEVEL SECURITY')",
        "import sys\nfor step in unknown_steps:\n    step(conn)",
    ] {
        assert!(!unread_of(&format!("{head}{upgrade}")).is_empty(), "{upgrade}");
    }
}

#[test]
fn enumerations_are_synchronized_as_the_plugin_does() {
    let upgrade = "op.execute(\"CREATE TYPE mood AS ENUM ('sad', 'ok')\")\n\
                   op.execute(\"CREATE TABLE m (a mood DEFAULT 'sad' NOT NULL, b mood[])\")\n\
                   op.sync_enum_values('public', 'mood', ['low', 'ok', 'happy'], [('m', 'a'), \
                   TableReference(table_schema='public', table_name='m', column_name='b', column_type=ColumnType.ARRAY)], \
                   enum_values_to_rename=[('sad', 'low')])";
    let text = revision(upgrade).replace(
        "import sqlalchemy as sa\n",
        "import sqlalchemy as sa\nfrom alembic_postgresql_enum import ColumnType, TableReference\n",
    );
    let (upgraded, _) = run(&[("v/1.py", text)]);
    assert!(upgraded.played.unread.is_empty(), "{:?}", upgraded.played.unread);
    let catalog = upgraded.played.catalog;
    let values: Vec<(String, Vec<String>)> = catalog
        .types
        .values()
        .map(|kind| match &kind.kind {
            UserTypeKind::Enum(values) => (kind.name.name.clone(), values.clone()),
            _ => (kind.name.name.clone(), Vec::new()),
        })
        .collect();
    let expect = ["low", "ok", "happy"].map(ToOwned::to_owned).to_vec();
    assert_eq!(values, [("mood".to_owned(), expect)]);
    let table = catalog.tables.values().next().unwrap();
    let default = table.column("a").unwrap().default.as_ref().unwrap().text.clone();
    assert!(default.contains("low"), "{default}");
    assert!(table.column("b").unwrap().data_type.to_string().contains("mood"), "{table:?}");
    // An enumeration that is not there is not known.
    assert_eq!(unread_of("op.sync_enum_values('public', 'x', ['a'], [])").len(), 1);
}

#[test]
fn colons_of_entities_and_types_by_dialect_are_read_as_they_run() {
    let upgrade = "op.create_entity(PGFunction(schema='public', signature='f()', \
                   definition='RETURNS int LANGUAGE sql AS $$ SELECT 1\\\\:\\\\:int -- a\\\\: b $$'))\n\
                   op.create_table('t', sa.Column('id', Guid()))";
    let head = "from alembic_utils.pg_function import PGFunction\nfrom sqlalchemy.dialects.postgresql import UUID\n\
                class Guid(sa.types.TypeDecorator):\n    impl = sa.CHAR\n    def load_dialect_impl(self, dialect):\n        \
                if dialect.name == 'postgresql':\n            return dialect.type_descriptor(UUID())\n        \
                return dialect.type_descriptor(sa.CHAR(32))\n";
    let text = revision(upgrade)
        .replace("from alembic import context", &format!("{head}from alembic import context"));
    let (upgraded, _) = run(&[("v/1.py", text)]);
    assert!(upgraded.played.unread.is_empty(), "{:?}", upgraded.played.unread);
    let catalog = upgraded.played.catalog;
    let function = catalog.functions.values().next().unwrap();
    let sql =
        schemaward_catalog::ddl::create_function(function, schemaward_catalog::ddl::Names::Full);
    assert!(sql.contains("SELECT 1::int -- a: b"), "{sql}");
    let table = catalog.tables.values().next().unwrap();
    assert_eq!(table.column("id").unwrap().data_type.to_string(), "uuid");
}

#[test]
fn an_engine_of_a_revisions_own_is_the_database() {
    let helper = "from sqlalchemy import engine_from_config\n\
                  def has(table):\n    config = op.get_context().config\n    \
                  engine = engine_from_config(config.get_section(config.config_ini_section), prefix='sqlalchemy.')\n    \
                  return sa.inspect(engine).has_table(table, None)\n\
                  if has('t'):\n    return\nop.create_table(*T)";
    let (upgraded, _) = run(&[("v/1.py", revision(helper))]);
    assert!(upgraded.played.unread.is_empty(), "{:?}", upgraded.played.unread);
    assert_eq!(upgraded.played.catalog.tables.len(), 1);
    // What an inspector of something else answers is not known: nothing is left out in silence.
    let other = "if sa.inspect(whatever()).has_table('t', None):\n    return\nop.create_table(*T)";
    let (upgraded, _) = run(&[("v/1.py", revision(other))]);
    assert_eq!(upgraded.played.catalog.tables.len(), 1);
}

#[test]
fn operations_of_rls() {
    insta::assert_snapshot!(cases(&[
        "import typing\nfrom rls import alembic_rls\nop.create_table(*T)\ntyping.cast(alembic_rls.RLSOp, op).enable_rls('t')\ntyping.cast(alembic_rls.RLSOp, op).create_policy(table_name='t', policy_name='p', cmd='ALL', definition='PERMISSIVE', expr=\"name = 'x'\")\nop.create_policy('t', 'RESTRICTIVE', 'INSERT', \"current_setting('rls.bypass_rls', true) = 'on'\", policy_name='q')",
        "op.create_table(*T)\nop.enable_rls('t')\nop.create_policy('t', 'PERMISSIVE', 'UPDATE', 'id = 1', policy_name='p')\nop.drop_policy(table_name='t', policy_name='p', definition='', cmd='UPDATE', expr='')\nop.disable_rls('t')",
        "op.create_table(*T)\nop.create_policy('t', 'PERMISSIVE', 'UPDATE', unknown, policy_name='p')",
    ]));
}
