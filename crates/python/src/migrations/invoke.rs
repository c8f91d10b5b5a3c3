//! Calls of `op` and of things that can create themselves.

use std::rc::Rc;

use schemaward_catalog::code::GuardKind;
use schemaward_catalog::{Origin, QualifiedName, Touches};

use super::bind::method;
use super::entity::{self, Action};
use super::host::{BATCH, BIND, CONTEXT, Migration, RESULT};
use super::{EVERYTHING, op, row_security};
use crate::construct::{Build, library_call};
use crate::ddl::{self, Context, Output, alter};
use crate::interpret::{Arg, Args, Class, Eval, Function, Interp, SymbolKind, Value};
use crate::schema::{MetaData, NamedType};

impl Migration<'_> {
    /// A call of `op.name(…)`.
    pub(super) fn operation(
        &mut self,
        interp: &mut Interp<'_>,
        name: &str,
        args: &Args,
        origin: Origin,
    ) -> Eval<Option<Value>> {
        Ok(match name {
            "get_bind" => Some(interp.name(BIND, origin)),
            "get_context" => Some(interp.name(CONTEXT, origin)),
            "f" | "inline_literal" => None,
            "execute" => {
                self.execute(interp, args, false, origin)?;
                Some(Value::None)
            }
            "bulk_insert" => {
                self.rows();
                if self.counts() {
                    self.played.statements += 1;
                    self.played.irrelevant += 1;
                }
                Some(Value::None)
            }
            "batch_alter_table" => {
                let batch = interp.name(BATCH, origin);
                Some(interp.symbol(SymbolKind::Call(batch, args.clone()), origin))
            }
            "create_entity" | "replace_entity" | "revert_entity" | "drop_entity" => {
                let action = match name {
                    "create_entity" => Action::Create,
                    "drop_entity" => Action::Drop {
                        cascade: matches!(args.value(1, "cascade"), Some(Value::Bool(true))),
                    },
                    _ => Action::Replace,
                };
                self.entity(name, args, action, origin);
                Some(Value::None)
            }
            "run_async" => {
                let Some(function) = args.at(0).map(|arg| arg.value.clone()) else {
                    return Ok(None);
                };
                let mut rest = args.clone();
                if let Some(first) = rest.list.first_mut() {
                    first.value = interp.name(BIND, origin);
                }
                Some(interp.call(self, &function, rest, origin)?)
            }
            "invoke" => Some(self.invoke(interp, args, origin)?),
            "sync_enum_values" if !self.is_registered(interp, name) => {
                self.sync_enum_values(args, origin);
                Some(Value::None)
            }
            _ if row_security::OPERATIONS.contains(&name) && !self.is_registered(interp, name) => {
                self.row_security(name, args, origin);
                Some(Value::None)
            }
            _ if op::OPERATIONS.contains(&name) => {
                self.alter(interp, name, args, origin);
                // `create_table` gives the table.
                if name == "create_table" { None } else { Some(Value::None) }
            }
            _ => Some(self.registered(interp, name, args, origin)?),
        })
    }

    /// One operation on a table.
    fn alter(&mut self, interp: &mut Interp<'_>, name: &str, args: &Args, origin: Origin) {
        for (flag, kind) in
            [("if_exists", GuardKind::Drop), ("if_not_exists", GuardKind::Relations)]
        {
            if matches!(args.named(flag).map(|arg| &arg.value), Some(Value::Bool(true))) {
                self.guard(kind, flag, origin);
            }
        }
        let environment = self.environment;
        let metadata = environment.metadata.as_ref();
        let context = Context { convention: &environment.convention, metadata };
        let mut made = std::mem::take(&mut self.made);
        let mut build = Build::new(interp, self);
        let found = op::operation(&mut build, context, &mut made, name, args, origin);
        let problems = std::mem::take(&mut build.problems);
        self.made = made;
        match found {
            Ok(mut output) => {
                output.problems.splice(0..0, problems);
                self.emit(output);
            }
            Err(unknown) => {
                let touches = match name {
                    "create_index" | "drop_index" => {
                        Touches { indexes: true, ..Touches::default() }
                    }
                    "create_table" | "drop_table" | "rename_table" => EVERYTHING,
                    "create_table_comment" | "drop_table_comment" => Touches::default(),
                    _ => Touches { columns: true, indexes: true, ..Touches::default() },
                };
                let message = format!("op.{name}(): {}", unknown.what);
                self.undecided(message, touches, unknown.table.as_deref(), origin);
            }
        }
    }

    fn entity(&mut self, name: &str, args: &Args, action: Action, origin: Origin) {
        let entity = args.at(0).or_else(|| args.named("target")).map(|arg| arg.value.clone());
        let output = entity.as_ref().and_then(|value| entity::statements(value, action));
        match output {
            Some(output) => self.emit(output),
            None => {
                let what = entity.map_or_else(|| "nothing".to_owned(), |it| format!("{it:?}"));
                let message = format!("op.{name}(): the entity is not known: {what}");
                self.undecided(message, EVERYTHING, None, origin);
            }
        }
    }

    /// A method of a batch, with the table that it is about.
    fn batch(
        &mut self,
        interp: &mut Interp<'_>,
        given: &Args,
        name: &str,
        args: &Args,
        origin: Origin,
    ) -> Eval<Option<Value>> {
        if !op::OPERATIONS.contains(&name) {
            return self.operation(interp, name, args, origin);
        }
        let mut list = args.list.clone();
        let table = given.get(0, "table_name").cloned();
        let schema = given.get(1, "schema").cloned();
        let (at, table_name, schema_name) = match name {
            "create_foreign_key" => (1, "source_table", "source_schema"),
            "create_check_constraint"
            | "create_exclude_constraint"
            | "create_index"
            | "create_primary_key"
            | "create_unique_constraint"
            | "drop_constraint"
            | "drop_index" => (1, "table_name", "schema"),
            _ => (0, "table_name", "schema"),
        };
        list.retain(|arg| !matches!(arg.name.as_deref(), Some("insert_before" | "insert_after")));
        let table =
            table.map_or_else(|| Value::unknown("the table of the batch", origin), |arg| arg.value);
        let table = Arg { name: None, value: table, origin };
        if args.positional().count() >= at {
            // Before the position lie positional arguments alone.
            let place = list.iter().take_while(|arg| arg.name.is_none()).count().min(at);
            list.insert(place, table);
        } else {
            list.push(Arg { name: Some(table_name.to_owned()), ..table });
        }
        if let Some(schema) = schema.filter(|arg| !arg.value.is_none()) {
            list.push(Arg { name: Some(schema_name.to_owned()), ..schema });
        }
        self.operation(interp, name, &Args { list, more: args.more }, origin)
    }

    /// A method of something of a library.
    pub(super) fn call_method(
        &mut self,
        interp: &mut Interp<'_>,
        object: &Value,
        name: &str,
        args: &Args,
        origin: Origin,
    ) -> Eval<Option<Value>> {
        if let Some((callee, given)) = object.call() {
            match callee.path() {
                Some(BATCH) => {
                    let given = given.clone();
                    return self.batch(interp, &given, name, args, origin);
                }
                Some(RESULT) => return Ok(method(interp, object, name, args, origin)),
                _ => {}
            }
        }
        let first_is_bind = args
            .at(0)
            .or_else(|| args.named("bind"))
            .is_some_and(|arg| arg.value.path() == Some(BIND));
        if first_is_bind {
            match name {
                "create" | "drop" => {
                    self.create_itself(interp, object, name == "create", args, origin);
                    return Ok(Some(Value::None));
                }
                "create_all" => {
                    self.create_all(origin);
                    return Ok(Some(Value::None));
                }
                "drop_all" => {
                    let message = "it drops all tables of the models";
                    self.undecided(message, EVERYTHING, None, origin);
                    return Ok(Some(Value::None));
                }
                "reflect" => return Ok(Some(Value::None)),
                _ => {}
            }
        }
        if matches!(name, "to_sql_statement_create" | "to_sql_statement_drop")
            && entity::is_entity(object)
        {
            let action = match name {
                "to_sql_statement_create" => Action::Create,
                _ => Action::Drop { cascade: false },
            };
            let output = entity::statements(object, action);
            let text = output.and_then(|output| output.statements.into_iter().next());
            return Ok(text.map(|statement| Value::str(statement.text)));
        }
        Ok(None)
    }

    /// `enumeration.create(bind)`, `table.create(bind)`, `sequence.drop(bind)`.
    fn create_itself(
        &mut self,
        interp: &mut Interp<'_>,
        object: &Value,
        create: bool,
        args: &Args,
        origin: Origin,
    ) {
        let environment = self.environment;
        let context = Context { convention: &environment.convention, metadata: None };
        // PostgreSQL's own `ENUM` looks first whether it is there; the general one is told to.
        let (kind, given) = match library_call(object) {
            Some((kind, given)) => (kind.to_owned(), given.clone()),
            None => (String::new(), Args::default()),
        };
        let check = match args.value(1, "checkfirst") {
            Some(Value::Bool(check)) => *check,
            None => matches!(kind.as_str(), "ENUM" | "DOMAIN" | "Table" | "Sequence"),
            Some(_) => true,
        };
        if check {
            let kind = match (create, kind.as_str()) {
                (false, _) => GuardKind::Drop,
                (true, "Table" | "Sequence") => GuardKind::Relations,
                (true, _) => GuardKind::Surroundings,
            };
            self.guard(kind, "checkfirst", origin);
        }
        let mut build = Build::new(interp, self);
        let mut exists: Option<(Option<String>, String)> = None;
        let mut is_type = false;
        let at = object.symbol().map_or(origin, |symbol| symbol.origin);
        let output: Option<Output> = match kind.as_str() {
            "Table" => build.table(object).map(|table| {
                let schema = table.schema.as_ref().map(|schema| schema.as_str().to_owned());
                exists = Some((schema, table.name.as_str().to_owned()));
                match create {
                    true => alter::create_table_alone(context, &table),
                    false => alter::drop_table(context, &table, false),
                }
            }),
            "Sequence" => build.sequence(&given, at).map(|sequence| {
                let schema = sequence.schema.as_ref().map(|schema| schema.as_str().to_owned());
                exists = Some((schema, sequence.name.as_str().to_owned()));
                match create {
                    true => alter::create_sequence(context, &sequence, false),
                    false => alter::drop_sequence(context, &sequence, false),
                }
            }),
            _ => op::named_type(&mut build, object, at).map(|named| {
                is_type = true;
                exists = match &named {
                    NamedType::Enum(found) => found.name.as_ref().map(|name| {
                        let schema = found.schema.as_ref().map(|it| it.as_str().to_owned());
                        (schema, name.as_str().to_owned())
                    }),
                    NamedType::Domain(found) => {
                        let schema = found.schema.as_ref().map(|it| it.as_str().to_owned());
                        Some((schema, found.name.as_str().to_owned()))
                    }
                };
                match create {
                    true => alter::create_type(context, &named),
                    false => alter::drop_type(context, &named),
                }
            }),
        };
        let problems = std::mem::take(&mut build.problems);
        let Some(mut output) = output else {
            let verb = if create { "created" } else { "dropped" };
            let message = format!("what is {verb} is not known: {object:?}");
            return self.undecided(message, EVERYTHING, None, origin);
        };
        // What stands for it is the call that runs it.
        for statement in &mut output.statements {
            statement.origin = origin;
        }
        output.problems.splice(0..0, problems);
        if let (true, Some((schema, name))) = (check, exists) {
            let catalog = &self.played.catalog;
            let name = schemaward_catalog::ObjectName { schema, name };
            let there = catalog
                .resolve(&name, |name: &QualifiedName| match (is_type, kind.as_str()) {
                    (true, _) => catalog.types.contains_key(name),
                    (_, "Sequence") => catalog.sequences.contains_key(name),
                    _ => catalog.tables.contains_key(name),
                })
                .is_some();
            if there == create {
                return;
            }
        }
        self.emit(output);
    }

    /// `metadata.create_all(bind)`: the tables of the models that are not there yet.
    fn create_all(&mut self, origin: Origin) {
        self.guard(GuardKind::Relations, "create_all()", origin);
        let environment = self.environment;
        let Some(metadata) = &environment.metadata else {
            let message = "it creates the tables of the models, which were not given";
            return self.undecided(message, EVERYTHING, None, origin);
        };
        let catalog = &self.played.catalog;
        let missing = |schema: Option<&str>, name: &str| {
            let name = schemaward_catalog::ObjectName {
                schema: schema.map(ToOwned::to_owned),
                name: name.to_owned(),
            };
            let there = |name: &QualifiedName| {
                catalog.tables.contains_key(name)
                    || catalog.types.contains_key(name)
                    || catalog.sequences.contains_key(name)
            };
            catalog.resolve(&name, there).is_none()
        };
        let mut rest: MetaData = metadata.clone();
        rest.tables.retain(|table| {
            missing(table.schema.as_ref().map(crate::text::Text::as_str), table.name.as_str())
        });
        rest.sequences.retain(|it| {
            missing(it.schema.as_ref().map(crate::text::Text::as_str), it.name.as_str())
        });
        let mut output = ddl::create_all(&rest);
        for statement in &mut output.statements {
            statement.origin = origin;
        }
        // Types that are there are not made again.
        for statement in output.statements {
            let read = schemaward_sql::read(origin.source, statement.text.as_str());
            let there = read.iter().any(|it| match &it.effect {
                schemaward_sql::Effect::Read(changes) => changes.iter().any(|change| {
                    matches!(change, schemaward_catalog::Change::CreateType { name, .. }
                        if self.played.catalog.resolve(name, |name| {
                            self.played.catalog.types.contains_key(name)
                        }).is_some())
                }),
                _ => false,
            });
            if !there {
                self.run(&statement.text, statement.origin, false);
            }
        }
    }

    fn is_registered(&self, interp: &Interp<'_>, name: &str) -> bool {
        registration(interp, name).is_some()
    }

    /// An operation that the project has registered under a name: a class whose class method invokes
    /// an instance of it.
    fn registered(
        &mut self,
        interp: &mut Interp<'_>,
        name: &str,
        args: &Args,
        origin: Origin,
    ) -> Eval<Value> {
        let Some((class, method)) = registration(interp, name) else {
            let message = format!("op.{name}(): it is no operation that is known");
            self.undecided(message, EVERYTHING, None, origin);
            return Ok(Value::unknown(format!("the result of op.{name}()"), origin));
        };
        let method = interp.attribute(self, &Value::Class(class), &method, origin)?;
        let mut list = args.list.clone();
        let operations = interp.name("alembic.op", origin);
        list.insert(0, Arg { name: None, value: operations, origin });
        interp.call(self, &method, Args { list, more: args.more }, origin)
    }

    /// `op.invoke(operation)`: what was registered as the implementation of its class.
    fn invoke(&mut self, interp: &mut Interp<'_>, args: &Args, origin: Origin) -> Eval<Value> {
        let operation = args.at(0).map(|arg| arg.value.clone());
        if let Some(Value::Instance(instance)) = &operation
            && let Some(function) = implementation(&instance.class)
        {
            let operations = interp.name("alembic.op", origin);
            let list = [operations, Value::Instance(Rc::clone(instance))];
            let list = list.map(|value| Arg { name: None, value, origin });
            let args = Args { list: list.to_vec(), more: false };
            return interp.call(self, &Value::Function(function), args, origin);
        }
        // `ops.CreateTableOp(…)` and its kin take what their function takes.
        if let Some((callee, given)) = operation.as_ref().and_then(Value::call)
            && let Some(name) = callee.last_name().and_then(operation_of)
        {
            let given = given.clone();
            return Ok(self.operation(interp, name, &given, origin)?.unwrap_or(Value::None));
        }
        let what = operation.map_or_else(|| "nothing".to_owned(), |it| format!("{it:?}"));
        let message = format!("op.invoke(): the operation is not known: {what}");
        self.undecided(message, EVERYTHING, None, origin);
        Ok(Value::None)
    }
}

/// The class that is registered under the name of an operation, and which of its methods is it.
fn registration(interp: &Interp<'_>, name: &str) -> Option<(Rc<Class>, String)> {
    interp.classes.iter().rev().find_map(|class| {
        let method = class.decorators.iter().find_map(|decorator| {
            let (callee, args) = decorator.call()?;
            let registers = callee.last_name() == Some("register_operation");
            let named = args.value(0, "name").and_then(Value::as_str) == Some(name);
            let method = args.value(1, "sourcename").and_then(Value::as_str).unwrap_or(name);
            (registers && named).then(|| method.to_owned())
        })?;
        Some((Rc::clone(class), method))
    })
}

/// The function of an operation whose class takes the same arguments.
fn operation_of(class: &str) -> Option<&'static str> {
    Some(match class {
        "ExecuteSQLOp" => "execute",
        "DropTableOp" => "drop_table",
        "RenameTableOp" => "rename_table",
        "AddColumnOp" => "add_column",
        "DropColumnOp" => "drop_column",
        "DropConstraintOp" => "drop_constraint",
        "CreateIndexOp" => "create_index",
        "DropIndexOp" => "drop_index",
        _ => return None,
    })
}

/// The function under `@Operations.implementation_for(class)`, in the module of the class.
fn implementation(class: &Rc<Class>) -> Option<Rc<Function>> {
    let mut scope = Some(&class.scope);
    while let Some(here) = scope {
        let names = here.names.borrow();
        let found = names.values().find_map(|value| {
            let Value::Function(function) = value else { return None };
            let implements = function.decorators.iter().any(|decorator| {
                decorator.call().is_some_and(|(callee, args)| {
                    callee.last_name() == Some("implementation_for")
                        && args.list.iter().any(|arg| match &arg.value {
                            Value::Class(found) => found.serial == class.serial,
                            _ => false,
                        })
                })
            });
            implements.then(|| Rc::clone(function))
        });
        if found.is_some() {
            return found;
        }
        scope = here.parent.as_ref();
    }
    None
}
