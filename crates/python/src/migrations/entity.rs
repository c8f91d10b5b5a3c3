//! The entities of `alembic_utils` → the statements it runs for them.

use crate::construct::unescape;
use crate::ddl::Output;
use crate::ddl::entity::{
    Entity, EntityClass, EntityKind, create_entity, drop_entity, replace_entity,
};
use crate::interpret::{Args, Value, enum_value};
use crate::text::Text;

/// What is done with an entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Create,
    Replace,
    Drop { cascade: bool },
}

/// The class of an entity, whether it is read from SQL, and the arguments.
fn parts(value: &Value) -> Option<(&str, bool, &Args)> {
    let (callee, args) = value.call()?;
    let path = callee.path()?;
    let (path, from_sql) = match path.strip_suffix(".from_sql") {
        Some(path) => (path, true),
        None => (path, false),
    };
    let class = path.rsplit('.').next()?;
    (path.starts_with("alembic_utils") && class.starts_with("PG"))
        .then_some((class, from_sql, args))
}

pub(super) fn is_entity(value: &Value) -> bool {
    parts(value).is_some()
}

/// The statements for an entity; `None` where it is none, or not known.
pub(crate) fn statements(value: &Value, action: Action) -> Option<Output> {
    let entity = entity(value)?;
    let mut output = match action {
        Action::Create => create_entity(&entity),
        Action::Replace => replace_entity(&entity),
        Action::Drop { cascade } => drop_entity(&entity, cascade),
    };
    // All of it goes through `text()`, where `\:` is a colon.
    for statement in &mut output.statements {
        statement.text = unescape(&statement.text);
    }
    Some(output)
}

/// The entity that a record of a call of its class is.
fn entity(value: &Value) -> Option<Entity> {
    let (class, from_sql, args) = parts(value)?;
    let origin = value.symbol()?.origin;
    let text = |at: usize, name: &str| args.value(at, name).and_then(Value::text).cloned();
    let flag = |at: usize, name: &str, otherwise: bool| match args.value(at, name) {
        Some(Value::Bool(flag)) => *flag,
        _ => otherwise,
    };
    if from_sql {
        let class = match class {
            "PGFunction" => EntityClass::Function,
            "PGView" => EntityClass::View,
            "PGMaterializedView" => EntityClass::MaterializedView,
            "PGTrigger" => EntityClass::Trigger,
            "PGPolicy" => EntityClass::Policy,
            _ => return None,
        };
        return Entity::from_sql(class, &text(0, "sql")?, origin);
    }
    let schema = text(0, "schema")?;
    if class == "PGGrantTable" {
        let grant = args.value(3, "grant")?;
        let grant = match grant {
            Value::Str(text) => Text::clone(text),
            // `PGGrantTableChoice.SELECT`.
            Value::Symbol(symbol) => {
                let mut text = Text::default();
                text.push_from(grant.last_name()?, symbol.origin);
                text
            }
            other => enum_value(other)?.text()?.clone(),
        };
        let columns = match args.value(4, "columns") {
            None | Some(Value::None) => Vec::new(),
            Some(Value::List(list)) => {
                let list = list.borrow();
                let texts = list.iter().map(|item| item.text().cloned());
                texts.collect::<Option<Vec<Text>>>()?
            }
            Some(_) => return None,
        };
        let kind = EntityKind::GrantTable {
            role: text(2, "role")?,
            grant,
            columns,
            with_grant_option: flag(5, "with_grant_option", false),
        };
        let signature = text(1, "table")?;
        return Some(Entity { kind, schema, signature, definition: Text::default(), origin });
    }
    let on_entity = || text(3, "on_entity");
    let kind = match class {
        "PGFunction" => EntityKind::Function,
        "PGView" => EntityKind::View,
        "PGMaterializedView" => {
            EntityKind::MaterializedView { with_data: flag(3, "with_data", true) }
        }
        "PGTrigger" => EntityKind::Trigger {
            on_entity: on_entity()?,
            is_constraint: flag(4, "is_constraint", false),
        },
        "PGPolicy" => EntityKind::Policy { on_entity: on_entity()? },
        "PGExtension" => EntityKind::Extension,
        _ => return None,
    };
    let definition = match kind {
        EntityKind::Extension => Text::default(),
        _ => text(2, "definition")?,
    };
    Some(Entity { kind, schema, signature: text(1, "signature")?, definition, origin })
}
