//! The entities of `alembic_utils`: functions, views, triggers, policies, extensions and grants
//! that migrations create, replace and drop.

use schemaward_catalog::Origin;

use super::{Context, Output, Sql, Writer};
use crate::schema::NamingConvention;
use crate::text::Text;

/// `PGFunction(...)` and its kin, as the program gave it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entity {
    /// What it is.
    pub(crate) kind: EntityKind,
    /// `schema=`.
    pub(crate) schema: Text,
    /// `signature=`; of a grant, its `table=`.
    pub(crate) signature: Text,
    /// `definition=`.
    pub(crate) definition: Text,
    /// The call.
    pub(crate) origin: Origin,
}

/// What an entity is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum EntityKind {
    /// `PGFunction`.
    Function,
    /// `PGView`.
    View,
    /// `PGMaterializedView`.
    MaterializedView {
        /// `with_data=`.
        with_data: bool,
    },
    /// `PGTrigger`.
    Trigger {
        /// `on_entity=`.
        on_entity: Text,
        /// `is_constraint=`.
        is_constraint: bool,
    },
    /// `PGPolicy`.
    Policy {
        /// `on_entity=`.
        on_entity: Text,
    },
    /// `PGExtension`.
    Extension,
    /// `PGGrantTable`.
    GrantTable {
        /// `role=`.
        role: Text,
        /// `grant=`.
        grant: Text,
        /// `columns=`.
        columns: Vec<Text>,
        /// `with_grant_option=`.
        with_grant_option: bool,
    },
}

/// Which class's `from_sql` is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EntityClass {
    /// `PGFunction`.
    Function,
    /// `PGView`.
    View,
    /// `PGMaterializedView`.
    MaterializedView,
    /// `PGTrigger`.
    Trigger,
    /// `PGPolicy`.
    Policy,
}

/// `op.create_entity(entity)`.
pub(crate) fn create_entity(entity: &Entity) -> Output {
    run(entity, Entity::create)
}

/// `op.replace_entity(entity)`.
pub(crate) fn replace_entity(entity: &Entity) -> Output {
    run(entity, Entity::replace)
}

/// `op.drop_entity(entity, cascade=…)`.
pub(crate) fn drop_entity(entity: &Entity, cascade: bool) -> Output {
    run(entity, |entity, writer| entity.drop(writer, cascade))
}

fn run(entity: &Entity, write: impl FnOnce(&Entity, &mut Writer<'_>) -> Option<()>) -> Output {
    let convention = NamingConvention { entries: Vec::new(), ..NamingConvention::default() };
    let mut writer = Writer::new(Context { convention: &convention, metadata: None });
    // What stands in the way has been said already.
    _ = write(entity, &mut writer);
    writer.output
}

impl Entity {
    /// `PGFunction.from_sql("…")` and its kin, where the SQL has the form they expect.
    pub(crate) fn from_sql(class: EntityClass, sql: &Text, origin: Origin) -> Option<Self> {
        let made = |kind, schema, signature, definition| Self {
            kind,
            schema,
            signature,
            definition,
            origin,
        };
        match class {
            EntityClass::Function => {
                let found = parse("create{}function{:s}{}.{}{:s}returns{:s}{}", &stripped(sql))?;
                let [_, schema, signature, definition] = found.try_into().ok()?;
                let signature = if signature.as_str().starts_with('"') {
                    without(&signature, '"')
                } else {
                    signature
                };
                let mut whole = Text::from("returns ");
                whole.push(&definition);
                Some(made(EntityKind::Function, schema, signature, whole))
            }
            EntityClass::View => {
                let found = parse("create{}view{:s}{}.{}{:s}as{:s}{}", sql)?;
                let [_, schema, signature, definition] = found.try_into().ok()?;
                let signature = without(&before(&signature, "("), '"');
                Some(made(EntityKind::View, schema, signature, without_semicolon(&definition)))
            }
            EntityClass::MaterializedView => {
                let sql = without_semicolon(sql);
                let name = "create{}materialized{}view{:s}{}.{}{:s}as{:s}{}";
                let with_data = parse(&format!("{name}{{:s}}with{{:s}}data$"), &sql);
                let without_data = || parse(&format!("{name}{{}}with{{:s}}{{}}{{:s}}data$"), &sql);
                let (mut found, with_data) = match with_data {
                    Some(found) => (found, true),
                    None => match without_data() {
                        Some(found) => (found, false),
                        None => (parse(name, &sql)?, true),
                    },
                };
                found.truncate(5);
                let [_, _, schema, signature, definition] = found.try_into().ok()?;
                let signature = without(&before(&signature, "("), '"');
                Some(made(
                    EntityKind::MaterializedView { with_data },
                    schema,
                    signature,
                    definition,
                ))
            }
            EntityClass::Trigger => {
                let rest = "{}{:s}{}{:s}ON{:s}{}{:s}{}";
                let constraint =
                    parse(&format!("create{{:s}}constraint{{:s}}trigger{{:s}}{rest}"), sql);
                let is_constraint = constraint.is_some();
                let found = match constraint {
                    Some(found) => found,
                    None => parse(&format!("create{{:s}}trigger{{:s}}{rest}"), sql)?,
                };
                let [signature, event, on_entity, action] = found.try_into().ok()?;
                let on_entity = in_public(&on_entity);
                let schema = before(&on_entity, ".");
                let mut definition = Text::from(" ");
                definition.push(&event);
                definition.push_str(" ON ");
                definition.push(&on_entity);
                definition.push_str(" ");
                definition.push(&action);
                let kind = EntityKind::Trigger { on_entity, is_constraint };
                Some(made(kind, schema, signature, definition))
            }
            EntityClass::Policy => {
                let found = parse("create policy{:s}{}{:s}on{:s}{}{:s}{}", &stripped(sql))?;
                let [signature, on_entity, definition] = found.try_into().ok()?;
                let on_entity = in_public(&on_entity);
                let schema = before(&on_entity, ".");
                Some(made(EntityKind::Policy { on_entity }, schema, signature, definition))
            }
        }
    }

    fn sql(&self) -> Sql {
        Sql::new(self.origin)
    }

    /// `"schema"."signature"`.
    fn qualified(&self) -> Text {
        self.sql().text(&self.literal_schema()).gap(".\"").text(&self.name()).gap("\"").done()
    }

    fn literal_schema(&self) -> Text {
        quoted(&without(&one_line(&self.schema), '"'))
    }

    /// The signature without what the library takes out of it.
    fn name(&self) -> Text {
        without(&one_line(&self.signature), '"')
    }

    fn body(&self) -> Text {
        without_semicolon(&self.definition)
    }

    /// `"name"(arguments)`.
    fn literal_signature(&self, writer: &mut Writer<'_>) -> Option<Text> {
        let signature = self.name();
        let Some((name, _)) = signature.as_str().split_once('(') else {
            writer.problem("the signature of a function needs parentheses", self.origin);
            return None;
        };
        let (end, all) = (name.len(), signature.len());
        let name = stripped(&signature.slice(0, end));
        let arguments = signature.slice(end, all);
        Some(self.sql().gap("\"").text(&name).gap("\"").text(&arguments).done())
    }

    fn create(&self, writer: &mut Writer<'_>) -> Option<()> {
        let mut sql = self.sql();
        match &self.kind {
            EntityKind::Function => {
                let signature = self.literal_signature(writer)?;
                sql.word("CREATE FUNCTION ").text(&self.literal_schema()).gap(".");
                sql.text(&signature).gap(" ").text(&self.body());
            }
            EntityKind::View => {
                sql.word("CREATE VIEW ").text(&self.qualified()).word(" AS ");
                let body = writer.textual(&self.body(), self.origin)?;
                sql.text(&body).gap(";");
            }
            EntityKind::MaterializedView { with_data } => {
                sql.word("CREATE MATERIALIZED VIEW ").text(&self.qualified()).word(" AS ");
                let body = writer.textual(&self.body(), self.origin)?;
                sql.text(&body).word(if *with_data { " WITH  DATA;" } else { " WITH NO DATA;" });
            }
            EntityKind::Trigger { is_constraint, .. } => {
                let body = self.body();
                let Some(found) = parse("{}{:s}ON{:s}{}{:s}{}", &body) else {
                    writer.problem("the definition is not that of a trigger", self.origin);
                    return None;
                };
                let [event, on_entity, action] = found.try_into().ok()?;
                let table = match on_entity.as_str().split_once('.') {
                    Some((schema, _)) => on_entity.slice(schema.len() + 1, on_entity.len()),
                    None => on_entity,
                };
                let schema = without(&one_line(&self.schema), '"');
                sql.word("CREATE ");
                if *is_constraint {
                    sql.word("CONSTRAINT ");
                }
                sql.word("TRIGGER \"").text(&self.name()).word("\" ");
                sql.text(&event).word(" ON ").text(&schema).gap(".").text(&table);
                sql.gap(" ").text(&action);
            }
            EntityKind::Policy { on_entity } => {
                sql.word("CREATE POLICY ").text(&self.name()).word(" on ");
                sql.text(&without(&in_public(on_entity), '"')).gap(" ").text(&self.body());
            }
            EntityKind::Extension => {
                sql.word("CREATE EXTENSION \"").text(&self.name()).word("\" WITH SCHEMA ");
                sql.text(&self.literal_schema()).gap(";");
            }
            EntityKind::GrantTable { role, grant, columns, with_grant_option } => {
                sql.word("GRANT ").text(grant).gap(" ");
                if !columns.is_empty() {
                    let mut columns = columns.clone();
                    columns.sort_by(|a, b| a.as_str().cmp(b.as_str()));
                    sql.word("( ").list(&columns, ", ").word(" )");
                }
                sql.word(" ON ").text(&self.granted());
                sql.word(" TO ").text(&quoted(&without(role, '"'))).gap(" ");
                if *with_grant_option {
                    sql.word(" WITH GRANT OPTION");
                }
            }
        }
        writer.emit(sql);
        Some(())
    }

    /// The table a grant is on.
    fn granted(&self) -> Text {
        let schema = quoted(&without(&self.schema, '"'));
        let table = quoted(&without(&self.signature, '"'));
        self.sql().text(&schema).gap(".").text(&table).done()
    }

    fn replace(&self, writer: &mut Writer<'_>) -> Option<()> {
        match &self.kind {
            EntityKind::Function => {
                let signature = self.literal_signature(writer)?;
                let mut sql = self.sql();
                sql.word("CREATE OR REPLACE FUNCTION ").text(&self.literal_schema()).gap(".");
                sql.text(&signature).gap(" ").text(&self.body());
                writer.emit(sql);
            }
            EntityKind::View => {
                let (name, body) = (self.qualified(), writer.textual(&self.body(), self.origin)?);
                let mut sql = self.sql();
                sql.gap("\n        ").word("do $$\n            begin\n                ");
                sql.word("CREATE OR REPLACE VIEW ").text(&name).word(" AS ").text(&body);
                sql.word(";\n\n            exception when others then\n                ");
                sql.word("DROP VIEW IF EXISTS ").text(&name).word(";\n\n                ");
                sql.word("CREATE VIEW ").text(&name).word(" AS ").text(&body);
                sql.word(";\n            end;\n        $$ language 'plpgsql'").gap("\n        ");
                writer.emit(sql);
            }
            EntityKind::MaterializedView { with_data } => {
                let (name, body) = (self.qualified(), writer.textual(&self.body(), self.origin)?);
                let mut sql = self.sql();
                sql.word("DROP MATERIALIZED VIEW IF EXISTS ").text(&name).gap("; ");
                writer.emit(sql);
                let mut sql = self.sql();
                sql.word("CREATE MATERIALIZED VIEW ").text(&name).word(" AS ").text(&body);
                sql.word(if *with_data { " WITH  DATA" } else { " WITH NO DATA" });
                writer.emit(sql);
            }
            EntityKind::Trigger { on_entity, .. } => {
                let mut sql = self.sql();
                sql.word("DROP TRIGGER IF EXISTS \"").text(&self.name()).word("\" ON ");
                sql.text(&without(&in_public(on_entity), '"')).gap(";");
                writer.emit(sql);
                self.create(writer)?;
            }
            EntityKind::Policy { on_entity } => {
                let table = without(&in_public(on_entity), '"');
                let mut sql = self.sql();
                sql.word("DROP POLICY IF EXISTS ").text(&self.name()).word(" on ");
                sql.text(&table).gap(";");
                writer.emit(sql);
                let mut sql = self.sql();
                sql.word("CREATE POLICY ").text(&self.name()).word(" on ").text(&table);
                sql.gap(" ").text(&self.body()).gap(";");
                writer.emit(sql);
            }
            EntityKind::Extension => {
                writer.problem("an extension cannot be replaced", self.origin);
                return None;
            }
            EntityKind::GrantTable { .. } => {
                self.drop(writer, false)?;
                self.create(writer)?;
            }
        }
        Some(())
    }

    fn drop(&self, writer: &mut Writer<'_>, cascade: bool) -> Option<()> {
        let mut sql = self.sql();
        let cascade = if cascade { "cascade" } else { "" };
        match &self.kind {
            EntityKind::Function => {
                let signature = self.name();
                let all = signature.len();
                let Some((name, _)) = signature
                    .as_str()
                    .split_once('(')
                    .filter(|_| signature.as_str().ends_with(')'))
                else {
                    writer.problem("the signature of a function needs parentheses", self.origin);
                    return None;
                };
                let start = name.len() + 1;
                let name = stripped(&signature.slice(0, name.len()));
                let parameters = parameters(&signature.slice(start, all.saturating_sub(1)));
                sql.word("DROP FUNCTION ").text(&self.literal_schema());
                sql.gap(".\"").text(&name).gap("\"(").list(&parameters, ", ").gap(") ");
                sql.word(cascade);
            }
            EntityKind::View => {
                sql.word("DROP VIEW ").text(&self.qualified()).gap(" ").word(cascade);
            }
            EntityKind::MaterializedView { .. } => {
                sql.word("DROP MATERIALIZED VIEW ").text(&self.qualified()).gap(" ").word(cascade);
            }
            EntityKind::Trigger { on_entity, .. } => {
                sql.word("DROP TRIGGER \"").text(&self.name()).word("\" ON ");
                sql.text(&without(&in_public(on_entity), '"')).gap(" ").word(cascade);
            }
            EntityKind::Policy { on_entity } => {
                sql.word("DROP POLICY ").text(&self.name()).word(" on ");
                sql.text(&without(&in_public(on_entity), '"')).gap(" ").word(cascade);
            }
            EntityKind::Extension => {
                sql.word("DROP EXTENSION \"").text(&self.name()).word("\" ");
                sql.word(&cascade.to_uppercase());
            }
            EntityKind::GrantTable { role, grant, .. } => {
                sql.word("REVOKE ").text(grant).word(" ON ").text(&self.granted());
                sql.word(" FROM ").text(&quoted(&without(role, '"')));
            }
        }
        writer.emit(sql);
        Some(())
    }
}

/// The parameters without their defaults, split at every comma as the library does.
fn parameters(text: &Text) -> Vec<Text> {
    let mut found = Vec::new();
    let mut start = 0;
    for part in text.as_str().split(',') {
        let end = start + part.len();
        let kept = part.to_lowercase().find("default").unwrap_or(part.len()).min(part.len());
        found.push(stripped(&text.slice(start, start + kept)));
        start = end + 1;
    }
    found
}

/// The text without blanks at its ends.
fn stripped(text: &Text) -> Text {
    let value = text.as_str();
    let start = value.len() - value.trim_start().len();
    text.slice(start, start + value.trim().len())
}

/// The text without the semicolons at its end.
fn without_semicolon(text: &Text) -> Text {
    let text = stripped(text);
    let kept = text.as_str().trim_end_matches(';').len();
    stripped(&text.slice(0, kept))
}

/// The text without a character, wherever it stands.
fn without(text: &Text, unwanted: char) -> Text {
    let mut kept = Text::default();
    let mut start = 0;
    for part in text.as_str().split(unwanted) {
        let end = start + part.len();
        kept.push(&text.slice(start, end));
        start = end + unwanted.len_utf8();
    }
    kept
}

/// The text with one blank wherever it has some.
fn one_line(text: &Text) -> Text {
    let value = text.as_str();
    let mut line = Text::default();
    let mut rest = 0;
    for word in value.split_whitespace() {
        let Some(at) = value.get(rest..).and_then(|tail| tail.find(word)) else { break };
        let start = rest + at;
        if !line.is_empty() {
            line.push_str(" ");
        }
        rest = start + word.len();
        line.push(&text.slice(start, rest));
    }
    line
}

/// What stands before the first occurrence.
fn before(text: &Text, mark: &str) -> Text {
    match text.as_str().split_once(mark) {
        Some((first, _)) => text.slice(0, first.len()),
        None => text.clone(),
    }
}

/// A table with `public` before it, unless it says its schema.
fn in_public(table: &Text) -> Text {
    if table.as_str().contains('.') {
        return table.clone();
    }
    let mut text = Text::from("public.");
    text.push(table);
    text
}

/// A name in quotes; at the first dot it is two.
fn quoted(name: &Text) -> Text {
    let mut text = Text::default();
    text.push_str("\"");
    match name.as_str().split_once('.') {
        Some((schema, _)) => {
            text.push(&stripped(&name.slice(0, schema.len())));
            text.push_str("\".\"");
            text.push(&stripped(&name.slice(schema.len() + 1, name.len())));
        }
        None => text.push(&stripped(name)),
    }
    text.push_str("\"");
    text
}

/// One part of what stands between two fields of a template.
enum Mark<'a> {
    /// These characters, in any case.
    Word(&'a str),
    /// Blanks.
    Blanks,
}

/// Takes a text apart: `{}` is a field of any characters, as few as possible, `{:s}` blanks, `$`
/// the end, all else stands for itself in any case. The last field takes what is left. Fields
/// without limits make the first possible place of each mark the right one.
fn parse(template: &str, text: &Text) -> Option<Vec<Text>> {
    let value = text.as_str();
    let mut fields = Vec::new();
    let mut groups = template.split("{}");
    let mut at = matched(value, 0, &marks(groups.next().unwrap_or_default()))?;
    let groups: Vec<&str> = groups.collect();
    for (index, group) in groups.iter().enumerate() {
        let (group, to_end) = match group.strip_suffix('$') {
            Some(group) => (group, true),
            None => (*group, false),
        };
        if group.is_empty() && index + 1 == groups.len() {
            (at < value.len()).then(|| fields.push(text.slice(at, value.len())))?;
            return Some(fields);
        }
        let marks = marks(group);
        let starts = value.get(at..)?.char_indices().skip(1).map(|(offset, _)| at + offset);
        let found = starts.into_iter().find_map(|start| {
            let end = matched(value, start, &marks)?;
            (!to_end || end == value.len()).then_some((start, end))
        });
        let (start, end) = found?;
        fields.push(text.slice(at, start));
        at = end;
    }
    Some(fields)
}

fn marks(group: &str) -> Vec<Mark<'_>> {
    let mut marks = Vec::new();
    for (index, word) in group.split("{:s}").enumerate() {
        if index > 0 {
            marks.push(Mark::Blanks);
        }
        if !word.is_empty() {
            marks.push(Mark::Word(word));
        }
    }
    marks
}

/// Where the marks end if they stand at `start`.
fn matched(value: &str, start: usize, marks: &[Mark<'_>]) -> Option<usize> {
    let mut at = start;
    for mark in marks {
        let rest = value.get(at..)?;
        match mark {
            Mark::Word(word) => {
                let found = rest.get(..word.len())?;
                found.eq_ignore_ascii_case(word).then_some(())?;
                at += word.len();
            }
            Mark::Blanks => {
                let blanks = rest.len() - rest.trim_start().len();
                (blanks > 0).then_some(())?;
                at += blanks;
            }
        }
    }
    Some(at)
}
