//! What SQLAlchemy and Alembic print for the same constructs is what must be written.
//!
//! `tests/cases.json` is made by `tests/cases.py`, which describes constructs and records what the
//! real libraries make of them. Here the constructs are built from the description.

use schemaward_catalog::{Origin, SourceId, Span};
use serde_json::Value;

use super::alter::{self, AddColumn, AlterColumn, Change, Dropped};
use super::clause::Place;
use super::entity::{self, Entity, EntityClass, EntityKind};
use super::{Context, Made, Output, Writer, create_all};
use crate::schema::{
    Argument, Arguments, Autoincrement, Check, Clause, ClauseKind, Column, Computed, Constraint,
    Convention, Deferral, Exclude, ExcludeElement, ForeignKey, ForeignKeyConstraint,
    ForeignKeyOptions, Generator, Identity, Index, IndexElement, Kind, Literal, MetaData, Name,
    NamingConvention, Operator, PrimaryKey, PythonDefault, Sequence, SequenceOptions,
    ServerDefault, SqlType, StringType, Subscript, Table, TableOptions, Target, Unique, construct,
};
use crate::text::Text;

const CASES: &str = include_str!("tests/cases.json");

fn cases(kind: &str) -> Vec<Value> {
    let all: Value = serde_json::from_str(CASES).unwrap();
    all[kind].as_array().unwrap().clone()
}

fn origin() -> Origin {
    Origin { source: SourceId(0), span: Span::new(1, 2) }
}

fn text(value: &Value) -> Text {
    value.as_str().unwrap_or_else(|| panic!("no string: {value}")).into()
}

fn optional(value: &Value) -> Option<Text> {
    (!value.is_null()).then(|| text(value))
}

fn list<T>(value: &Value, read: impl Fn(&Value) -> T) -> Vec<T> {
    value.as_array().into_iter().flatten().map(read).collect()
}

fn truth(value: &Value) -> bool {
    value.as_bool().unwrap_or(false)
}

fn name(value: &Value) -> Name {
    match value {
        Value::Null => Name::Unset,
        Value::String(_) => Name::Given(text(value)),
        _ => match (value.get("given"), value.get("final").or(value.get("$final"))) {
            (Some(given), _) => Name::Given(text(given)),
            (_, Some(name)) => Name::Final(text(name)),
            _ => panic!("no name: {value}"),
        },
    }
}

fn argument(value: &Value) -> Argument {
    match value {
        Value::Null => Argument::None,
        Value::Bool(truth) => Argument::Bool(*truth),
        Value::Number(number) => Argument::Integer(number.as_i64().unwrap()),
        Value::String(_) => Argument::Text(text(value)),
        Value::Array(values) => Argument::List(values.iter().map(argument).collect()),
        Value::Object(object) => match (object.get("$type"), object.get("$clause")) {
            (Some(found), _) => Argument::Type(sql_type(found)),
            (_, Some(found)) => Argument::Clause(clause(found)),
            _ => Argument::Other,
        },
    }
}

fn sql_type(value: &Value) -> SqlType {
    if let Some(spec) = value.get("spec") {
        return SqlType::new(Kind::UserDefined(text(spec)), origin());
    }
    let keywords = value["keywords"].as_object().unwrap();
    let arguments = Arguments {
        positional: list(&value["positional"], argument),
        keywords: keywords
            .iter()
            .map(|(key, value)| {
                let argument = match key.as_str() {
                    "metadata" => Argument::MetaData,
                    _ => argument(value),
                };
                (Text::from(key.as_str()), argument)
            })
            .collect(),
    };
    let name = value["name"].as_str().unwrap();
    construct(name, &arguments, origin()).unwrap_or_else(|why| panic!("{name}: {why:?}"))
}

fn options(value: &Value) -> SequenceOptions {
    let number = |key: &str| value[key].as_i64();
    SequenceOptions {
        start: number("start"),
        increment: number("increment"),
        minvalue: number("minvalue"),
        maxvalue: number("maxvalue"),
        nominvalue: truth(&value["nominvalue"]),
        nomaxvalue: truth(&value["nomaxvalue"]),
        cache: number("cache"),
        cycle: value["cycle"].as_bool(),
    }
}

fn sequence(value: &Value) -> Sequence {
    Sequence {
        name: text(&value["name"]),
        schema: optional(&value["schema"]),
        options: options(&value["options"]),
        data_type: (!value["data_type"].is_null()).then(|| sql_type(&value["data_type"])),
        optional: truth(&value["optional"]),
        origin: origin(),
    }
}

fn default(value: &Value) -> Option<ServerDefault> {
    let (kind, value) = value.as_object()?.iter().next()?;
    Some(match kind.as_str() {
        "identity" => ServerDefault::Identity(Identity {
            always: truth(&value["always"]),
            options: options(&value["options"]),
            origin: origin(),
        }),
        "computed" => ServerDefault::Computed(Computed {
            expression: clause(&value["expression"]),
            persisted: value["persisted"].as_bool(),
            origin: origin(),
        }),
        "literal" => ServerDefault::Literal(text(value)),
        "clause" => ServerDefault::Clause(clause(value)),
        _ => ServerDefault::Fetched,
    })
}

fn operator(value: &Value) -> Operator {
    let modifiers = &value["modifiers"];
    let escape = optional(&modifiers["escape"]);
    let flags = optional(&modifiers["flags"]);
    let symmetric = truth(&modifiers["symmetric"]);
    match value["op"].as_str().unwrap() {
        "and_" => Operator::And,
        "or_" => Operator::Or,
        "inv" => Operator::Not,
        "eq" => Operator::Eq,
        "ne" => Operator::Ne,
        "lt" => Operator::Lt,
        "le" => Operator::Le,
        "gt" => Operator::Gt,
        "ge" => Operator::Ge,
        "is_" => Operator::Is,
        "is_not" => Operator::IsNot,
        "is_distinct_from" => Operator::IsDistinctFrom,
        "is_not_distinct_from" => Operator::IsNotDistinctFrom,
        "in_op" => Operator::In,
        "not_in_op" => Operator::NotIn,
        "like_op" => Operator::Like(escape),
        "not_like_op" => Operator::NotLike(escape),
        "ilike_op" => Operator::Ilike(escape),
        "not_ilike_op" => Operator::NotIlike(escape),
        "between_op" => Operator::Between { symmetric },
        "not_between_op" => Operator::NotBetween { symmetric },
        "regexp_match_op" => Operator::RegexpMatch(flags),
        "not_regexp_match_op" => Operator::NotRegexpMatch(flags),
        "add" => Operator::Add,
        "sub" => Operator::Sub,
        "mul" => Operator::Mul,
        "truediv" => Operator::TrueDiv,
        "floordiv" => Operator::FloorDiv,
        "mod" => Operator::Mod,
        "neg" => Operator::Neg,
        "concat_op" => Operator::Concat,
        "bitwise_and_op" => Operator::BitwiseAnd,
        "bitwise_or_op" => Operator::BitwiseOr,
        "bitwise_xor_op" => Operator::BitwiseXor,
        "bitwise_lshift_op" => Operator::BitwiseShiftLeft,
        "bitwise_rshift_op" => Operator::BitwiseShiftRight,
        "bitwise_not_op" => Operator::BitwiseNot,
        "distinct_op" => Operator::Distinct,
        "desc_op" => Operator::Desc,
        "asc_op" => Operator::Asc,
        "nulls_first_op" => Operator::NullsFirst,
        "nulls_last_op" => Operator::NullsLast,
        "custom_op" => Operator::Custom {
            symbol: text(&value["symbol"]),
            precedence: value["precedence"].as_i64().unwrap(),
            comparison: truth(&value["comparison"]),
        },
        other => panic!("unknown operator {other}"),
    }
}

fn clause(value: &Value) -> Clause {
    let v = &value["v"];
    let boxed = |value: &Value| Box::new(clause(value));
    let kind = match value["k"].as_str().unwrap_or_else(|| panic!("no clause: {value}")) {
        "text" => ClauseKind::Text(text(v)),
        "literal_column" => ClauseKind::LiteralColumn(text(v)),
        "column" => ClauseKind::Column {
            key: text(v),
            sql_type: Some(sql_type(&value["type"])),
            of_table: truth(&value["of_table"]),
        },
        "null" => ClauseKind::Null,
        "true" => ClauseKind::True,
        "false" => ClauseKind::False,
        "value" => ClauseKind::Literal(match v {
            Value::Bool(truth) => Literal::Bool(*truth),
            Value::Number(number) => Literal::Integer(number.to_string().into()),
            Value::String(_) => Literal::Text(text(v)),
            _ => Literal::None,
        }),
        "number" => ClauseKind::Literal(Literal::Number(text(v))),
        "list" => ClauseKind::List(list(v, clause)),
        "tuple" => ClauseKind::Tuple(list(v, clause)),
        "bounds" => ClauseKind::Bounds(boxed(&v[0]), boxed(&v[1])),
        "next_value" => ClauseKind::NextValue(sequence(v)),
        "array" => ClauseKind::Array {
            elements: list(v, clause),
            item: (!value["item"].is_null()).then(|| Box::new(sql_type(&value["item"]))),
        },
        "function" => {
            ClauseKind::Function { name: list(&value["name"], text), arguments: list(v, clause) }
        }
        "label" => ClauseKind::Label { name: text(&value["name"]), operand: boxed(v) },
        "cast" => {
            ClauseKind::Cast { operand: boxed(v), sql_type: Box::new(sql_type(&value["type"])) }
        }
        "type_coerce" => ClauseKind::TypeCoerce {
            operand: boxed(v),
            sql_type: Box::new(sql_type(&value["type"])),
        },
        "extract" => ClauseKind::Extract { field: text(&value["field"]), operand: boxed(v) },
        "case" => ClauseKind::Case {
            value: (!value["value"].is_null()).then(|| boxed(&value["value"])),
            whens: list(&value["whens"], |when| (clause(&when[0]), clause(&when[1]))),
            otherwise: (!value["else"].is_null()).then(|| boxed(&value["else"])),
        },
        "as_boolean" => {
            ClauseKind::AsBoolean { operand: boxed(v), negated: truth(&value["negated"]) }
        }
        "quantified" => ClauseKind::Quantified {
            quantifier: if value["word"] == "ANY" { "ANY" } else { "ALL" },
            operand: boxed(v),
        },
        "unary" => ClauseKind::Unary { operator: operator(value), operand: boxed(v) },
        "modifier" => ClauseKind::Modifier { operator: operator(value), operand: boxed(v) },
        "chain" => ClauseKind::Chain { operator: operator(value), clauses: list(v, clause) },
        "collate" => {
            ClauseKind::Collate { operand: boxed(v), collation: text(&value["collation"]) }
        }
        "subscript" => ClauseKind::Subscript {
            operand: boxed(&v[0]),
            index: boxed(&v[1]),
            style: match value["style"].as_str().unwrap() {
                "array" => Subscript::Array,
                "element" => Subscript::Element,
                _ => Subscript::Text,
            },
        },
        "binary" => ClauseKind::Binary {
            left: boxed(&v[0]),
            operator: operator(value),
            right: boxed(&v[1]),
        },
        other => panic!("unknown clause {other}"),
    };
    Clause::new(kind, origin())
}

fn deferral(value: &Value) -> Deferral {
    Deferral { deferrable: value["deferrable"].as_bool(), initially: optional(&value["initially"]) }
}

fn reference(value: &Value) -> ForeignKeyOptions {
    ForeignKeyOptions {
        name: name(&value["name"]),
        ondelete: optional(&value["ondelete"]),
        onupdate: optional(&value["onupdate"]),
        deferral: deferral(value),
        match_type: optional(&value["match"]),
        use_alter: truth(&value["use_alter"]),
        link_to_name: truth(&value["link_to_name"]),
        not_valid: truth(&value["not_valid"]),
        comment: optional(&value["comment"]),
    }
}

fn target(value: &Value) -> Target {
    match value.get("spec") {
        Some(spec) => Target::Spec(text(spec)),
        None => Target::Column {
            schema: optional(&value["schema"]),
            table: text(&value["table"]),
            column: text(&value["column"]),
        },
    }
}

fn column(value: &Value) -> Column {
    let autoincrement = match &value["autoincrement"] {
        Value::Bool(true) => Autoincrement::Always,
        Value::Bool(false) => Autoincrement::Never,
        Value::String(word) if word == "ignore_fk" => Autoincrement::IgnoreForeignKey,
        _ => Autoincrement::Auto,
    };
    let generator = match value["default"].get("sequence") {
        Some(found) => Some(Generator::Sequence(sequence(found))),
        None => (!value["default"].is_null()).then(|| Generator::Callable("lambda".into())),
    };
    Column {
        name: text(&value["name"]),
        key: optional(&value["key"]),
        quote: value["quote"].as_bool(),
        sql_type: sql_type(&value["type"]),
        nullable: value["nullable"].as_bool(),
        primary_key: truth(&value["primary_key"]),
        autoincrement,
        unique: truth(&value["unique"]),
        index: truth(&value["index"]),
        system: truth(&value["system"]),
        server_default: default(&value["server_default"]),
        comment: optional(&value["comment"]),
        foreign_keys: list(&value["foreign_keys"], |key| ForeignKey {
            target: target(&key["target"]),
            options: reference(&key["options"]),
            origin: origin(),
        }),
        checks: list(&value["checks"], check_constraint),
        default: generator.map(|generator| PythonDefault { generator, origin: origin() }),
        onupdate: None,
        origin: origin(),
    }
}

fn check_constraint(value: &Value) -> Check {
    Check {
        name: name(&value["name"]),
        condition: clause(&value["condition"]),
        not_valid: truth(&value["not_valid"]),
        deferral: deferral(value),
        comment: optional(&value["comment"]),
        origin: origin(),
    }
}

fn element(value: &Value) -> IndexElement {
    match value.get("column") {
        Some(key) => IndexElement::Column(text(key)),
        None => IndexElement::Clause(clause(&value["clause"])),
    }
}

fn pairs(value: &Value) -> Vec<(Text, Text)> {
    list(value, |pair| (text(&pair[0]), text(&pair[1])))
}

fn constraint(value: &Value) -> Constraint {
    match value["kind"].as_str().unwrap() {
        "pk" => Constraint::PrimaryKey(PrimaryKey {
            name: name(&value["name"]),
            columns: list(&value["columns"], text),
            include: list(&value["include"], text),
            deferral: deferral(value),
            comment: optional(&value["comment"]),
            origin: origin(),
        }),
        "uq" => Constraint::Unique(Unique {
            name: name(&value["name"]),
            columns: list(&value["columns"], text),
            include: list(&value["include"], text),
            nulls_not_distinct: value["nulls_not_distinct"].as_bool(),
            deferral: deferral(value),
            comment: optional(&value["comment"]),
            origin: origin(),
        }),
        "ck" => Constraint::Check(check_constraint(value)),
        "fk" => Constraint::ForeignKey(ForeignKeyConstraint {
            columns: list(&value["columns"], text),
            targets: list(&value["targets"], target),
            options: reference(&value["options"]),
            origin: origin(),
        }),
        _ => Constraint::Exclude(Exclude {
            name: name(&value["name"]),
            elements: list(&value["elements"], |pair| ExcludeElement {
                element: element(&pair[0]),
                operator: text(&pair[1]),
            }),
            using: optional(&value["using"]),
            condition: (!value["where"].is_null()).then(|| clause(&value["where"])),
            ops: pairs(&value["ops"]),
            deferral: deferral(value),
            origin: origin(),
        }),
    }
}

fn index(value: &Value) -> Index {
    Index {
        name: name(&value["name"]),
        elements: list(&value["elements"], element),
        unique: truth(&value["unique"]),
        condition: (!value["where"].is_null()).then(|| clause(&value["where"])),
        using: optional(&value["using"]),
        ops: pairs(&value["ops"]),
        include: list(&value["include"], text),
        with: pairs(&value["with"]),
        tablespace: optional(&value["tablespace"]),
        concurrently: truth(&value["concurrently"]),
        nulls_not_distinct: value["nulls_not_distinct"].as_bool(),
        origin: origin(),
    }
}

fn table(value: &Value) -> Table {
    let options = &value["options"];
    Table {
        name: text(&value["name"]),
        schema: optional(&value["schema"]),
        quote: value["quote"].as_bool(),
        columns: list(&value["columns"], column),
        constraints: list(&value["constraints"], constraint),
        indexes: list(&value["indexes"], index),
        comment: optional(&value["comment"]),
        prefixes: list(&value["prefixes"], text),
        options: TableOptions {
            inherits: list(&options["inherits"], text),
            partition_by: optional(&options["partition_by"]),
            using: optional(&options["using"]),
            with_oids: options["with_oids"].as_bool(),
            on_commit: optional(&options["on_commit"]),
            tablespace: optional(&options["tablespace"]),
        },
        origin: origin(),
    }
}

fn convention(value: &Value) -> NamingConvention {
    match value {
        Value::Null => NamingConvention::default(),
        _ => NamingConvention {
            entries: list(value, |pair| {
                let entry = match &pair[1] {
                    Value::Null => Convention::Callable,
                    template => Convention::Template(text(template)),
                };
                (text(&pair[0]), entry)
            }),
            ..NamingConvention::default()
        },
    }
}

fn metadata(value: &Value) -> MetaData {
    MetaData {
        schema: optional(&value["schema"]),
        naming_convention: convention(&value["naming_convention"]),
        tables: list(&value["tables"], table),
        sequences: list(&value["sequences"], sequence),
        types: Vec::new(),
    }
}

/// SQLAlchemy keeps indexes and late foreign keys in sets: those in a row have no order.
fn in_order(statements: &[String]) -> Vec<String> {
    let kind = |statement: &String| {
        let index =
            statement.starts_with("CREATE INDEX") || statement.starts_with("CREATE UNIQUE INDEX");
        let comment = statement.starts_with("COMMENT ON CONSTRAINT");
        index || comment || (statement.starts_with("ALTER TABLE") && statement.contains(" ADD "))
    };
    let mut all = statements.to_vec();
    for run in all.chunk_by_mut(|a, b| kind(a) && kind(b)) {
        run.sort();
    }
    all
}

fn written(output: &Output) -> Vec<String> {
    output.statements.iter().map(|statement| statement.text.as_str().to_owned()).collect()
}

/// Fails for all cases at once, so that a change shows everything it does.
#[track_caller]
fn settle(wrong: &[String], count: usize, expect: usize) {
    assert!(wrong.is_empty(), "{} of {count} differ\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(count, expect, "cases");
}

fn compare(wrong: &mut Vec<String>, case: &str, output: &Output, value: &Value) {
    let found = in_order(&written(output));
    if let Some(error) = value.get("error") {
        if output.problems.is_empty() {
            wrong.push(format!("== {case}\nno problem, but {error}\n{found:#?}"));
        }
        return;
    }
    let expect: Vec<String> = list(&value["sql"], |sql| sql.as_str().unwrap().to_owned());
    let expect = in_order(&expect);
    if found != expect || !output.problems.is_empty() {
        let mut message = format!("== {case}  {:?}", output.problems);
        for index in 0..found.len().max(expect.len()) {
            let (found, expect) = (found.get(index), expect.get(index));
            if found != expect {
                message += "\n-- expected\n";
                message += expect.map_or("nothing", String::as_str);
                message += "\n-- found\n";
                message += found.map_or("nothing", String::as_str);
            }
        }
        wrong.push(message);
    }
}

#[test]
fn types_are_written_as_sqlalchemy_writes_them() {
    let default = NamingConvention::default();
    let context = Context { convention: &default, metadata: None };
    let mut wrong = Vec::new();
    let cases = cases("types");
    for case in &cases {
        let mut writer = Writer::new(context);
        let found = writer.sql_type(&sql_type(&case["type"]), None);
        let found = found.as_ref().map(Text::as_str);
        if found != case.get("sql").and_then(Value::as_str) {
            wrong.push(format!("{}: {found:?}, not {}", case["source"], case["sql"]));
        }
    }
    settle(&wrong, cases.len(), 162);
}

#[test]
fn expressions_are_written_as_sqlalchemy_writes_them() {
    let default = NamingConvention::default();
    let context = Context { convention: &default, metadata: None };
    let mut wrong = Vec::new();
    let cases = cases("clauses");
    for case in &cases {
        let mut writer = Writer::new(context);
        let place = Place { table: None, qualified: false };
        let found = writer.clause(&clause(&case["clause"]), place);
        let found = found.as_ref().map(Text::as_str);
        if found != case["sql"].as_str() {
            let problems = &writer.output.problems;
            wrong.push(format!("{:?}\n  not {}\n  {problems:?}", found, case["sql"]));
        }
    }
    settle(&wrong, cases.len(), 275);
}

#[test]
fn schemas_are_created_as_sqlalchemy_creates_them() {
    let mut wrong = Vec::new();
    let cases = cases("schemas");
    for case in &cases {
        let output = create_all(&metadata(&case["metadata"]));
        compare(&mut wrong, case["case"].as_str().unwrap(), &output, case);
    }
    settle(&wrong, cases.len(), 35);
}

#[test]
fn operations_are_written_as_alembic_writes_them() {
    let mut wrong = Vec::new();
    let cases = cases("operations");
    for case in &cases {
        let described = format!("{} {} {}", case["op"], case["args"], case["kwargs"]);
        compare(&mut wrong, &described, &operation(case), case);
    }
    settle(&wrong, cases.len(), 97);
}

fn changed<T>(given: bool, wanted: Option<T>) -> Change<T> {
    match wanted {
        Some(wanted) => Change::Set(wanted),
        None if given => Change::Drop,
        None => Change::Keep,
    }
}

/// Runs an operation that is described by its call.
fn operation(case: &Value) -> Output {
    let convention = convention(&case["naming_convention"]);
    let context = Context { convention: &convention, metadata: None };
    let (args, kwargs) = (&case["args"], &case["kwargs"]);
    let bare = |name: &Value, schema: &Value| Table {
        name: name.as_str().unwrap_or_default().into(),
        schema: optional(schema),
        origin: origin(),
        ..Table::default()
    };
    let first = bare(&args[0], &kwargs["schema"]);
    let second = bare(&args[1], &kwargs["schema"]);
    let flag = |key: &str| truth(&kwargs[key]);
    let columns = |value: &Value| list(value, text);
    let deferral = deferral(kwargs);
    match case["op"].as_str().unwrap() {
        "create_table" => {
            let mut table = Table {
                comment: optional(&kwargs["comment"]),
                prefixes: list(&kwargs["prefixes"], text),
                ..first
            };
            table.options.partition_by = optional(&kwargs["postgresql_partition_by"]);
            for part in &args.as_array().unwrap()[1..] {
                if let Some(found) = part.get("$column") {
                    table.columns.push(column(found));
                } else if let Some(found) = part.get("$constraint") {
                    table.constraints.push(constraint(found));
                } else {
                    table.indexes.push(index(&part["$index"]));
                }
            }
            alter::create_table(context, &table, flag("if_not_exists"), &mut Made::default())
        }
        "drop_table" => alter::drop_table(context, &first, flag("if_exists")),
        "rename_table" => alter::rename_table(context, &first, &text(&args[1])),
        "add_column" => alter::add_column(
            context,
            &first,
            &column(&args[1]["$column"]),
            AddColumn {
                if_not_exists: flag("if_not_exists"),
                inline_references: flag("inline_references"),
                inline_primary_key: flag("inline_primary_key"),
            },
            origin(),
        ),
        "drop_column" => {
            alter::drop_column(context, &first, &text(&args[1]), flag("if_exists"), origin())
        }
        "alter_column" => {
            let of_type = |key: &str| kwargs[key].get("$type").map(sql_type);
            let of_default = |key: &str| match &kwargs[key] {
                Value::Null => None,
                Value::String(_) => Some(ServerDefault::Literal(text(&kwargs[key]))),
                value => match value.get("$default") {
                    Some(found) => default(found),
                    None => Some(ServerDefault::Clause(clause(&value["$clause"]))),
                },
            };
            let given = |key: &str| kwargs.get(key).is_some();
            let change = AlterColumn {
                sql_type: of_type("type_"),
                using: optional(&kwargs["postgresql_using"]),
                nullable: kwargs["nullable"].as_bool(),
                server_default: changed(given("server_default"), of_default("server_default")),
                comment: changed(given("comment"), optional(&kwargs["comment"])),
                new_name: optional(&kwargs["new_column_name"]),
                existing_type: of_type("existing_type"),
                existing_server_default: of_default("existing_server_default"),
            };
            alter::alter_column(context, &first, &text(&args[1]), &change, origin())
        }
        "create_index" => {
            let elements = list(&args[2], |element| match element.get("$clause") {
                Some(found) => IndexElement::Clause(clause(found)),
                None => IndexElement::Column(text(element)),
            });
            let condition = kwargs["postgresql_where"].get("$clause").map(clause);
            let made = |key: &str| {
                list(&kwargs[key]["$dict"], |pair| {
                    let value = match &pair[1] {
                        Value::Number(number) => number.to_string().into(),
                        value => text(value),
                    };
                    (text(&pair[0]), value)
                })
            };
            let index = Index {
                name: name(&args[0]),
                elements,
                unique: flag("unique"),
                condition,
                using: optional(&kwargs["postgresql_using"]),
                ops: made("postgresql_ops"),
                include: columns(&kwargs["postgresql_include"]),
                with: made("postgresql_with"),
                tablespace: optional(&kwargs["postgresql_tablespace"]),
                concurrently: flag("postgresql_concurrently"),
                nulls_not_distinct: kwargs["postgresql_nulls_not_distinct"].as_bool(),
                origin: origin(),
            };
            alter::create_index(context, &second, &index, flag("if_not_exists"))
        }
        "drop_index" => {
            let table = bare(&kwargs["table_name"], &kwargs["schema"]);
            let concurrently = flag("postgresql_concurrently");
            let if_exists = flag("if_exists");
            alter::drop_index(context, &table, &name(&args[0]), if_exists, concurrently, origin())
        }
        "create_unique_constraint" => {
            let unique = Unique {
                name: name(&args[0]),
                columns: columns(&args[2]),
                nulls_not_distinct: kwargs["postgresql_nulls_not_distinct"].as_bool(),
                deferral,
                origin: origin(),
                ..Unique::default()
            };
            alter::create_constraint(context, &second, &Constraint::Unique(unique))
        }
        "create_check_constraint" => {
            let condition = match args[2].get("$clause") {
                Some(found) => clause(found),
                None => Clause::text(text(&args[2]), origin()),
            };
            let check = Check {
                name: name(&args[0]),
                condition,
                not_valid: flag("postgresql_not_valid"),
                deferral,
                comment: None,
                origin: origin(),
            };
            alter::create_constraint(context, &second, &Constraint::Check(check))
        }
        "create_foreign_key" => {
            let table = bare(&args[1], &kwargs["source_schema"]);
            let targets = list(&args[4], |remote| Target::Column {
                schema: optional(&kwargs["referent_schema"]),
                table: text(&args[2]),
                column: text(remote),
            });
            let options = ForeignKeyOptions {
                name: name(&args[0]),
                ondelete: optional(&kwargs["ondelete"]),
                onupdate: optional(&kwargs["onupdate"]),
                match_type: optional(&kwargs["match"]),
                not_valid: flag("postgresql_not_valid"),
                deferral,
                ..ForeignKeyOptions::default()
            };
            let columns = columns(&args[3]);
            let key = ForeignKeyConstraint { columns, targets, options, origin: origin() };
            alter::create_constraint(context, &table, &Constraint::ForeignKey(key))
        }
        "create_primary_key" => {
            let key = PrimaryKey {
                name: name(&args[0]),
                columns: columns(&args[2]),
                origin: origin(),
                ..PrimaryKey::default()
            };
            alter::create_constraint(context, &second, &Constraint::PrimaryKey(key))
        }
        "create_exclude_constraint" => {
            let elements = args.as_array().unwrap()[2..].iter().map(|pair| ExcludeElement {
                element: match pair[0].get("$clause") {
                    Some(found) => IndexElement::Clause(clause(found)),
                    None => IndexElement::Column(text(&pair[0])),
                },
                operator: text(&pair[1]),
            });
            let exclude = Exclude {
                name: name(&args[0]),
                elements: elements.collect(),
                using: optional(&kwargs["using"]),
                condition: optional(&kwargs["where"]).map(|sql| Clause::text(sql, origin())),
                ops: Vec::new(),
                deferral,
                origin: origin(),
            };
            alter::create_constraint(context, &second, &Constraint::Exclude(exclude))
        }
        "drop_constraint" => {
            let kind = match kwargs["type_"].as_str() {
                Some("unique") => Some("uq"),
                Some("check") => Some("ck"),
                Some("foreignkey") => Some("fk"),
                Some("primary") => Some("pk"),
                _ => None,
            };
            let dropped = Dropped {
                name: name(&args[0]),
                kind,
                if_exists: flag("if_exists"),
                cascade: false,
            };
            alter::drop_constraint(context, &second, &dropped, origin())
        }
        "create_table_comment" => {
            alter::table_comment(context, &first, optional(&args[1]).as_ref())
        }
        "drop_table_comment" => alter::table_comment(context, &first, None),
        other => panic!("unknown operation {other}"),
    }
}

#[test]
fn entities_are_written_as_alembic_utils_writes_them() {
    let mut wrong = Vec::new();
    let cases = cases("entities");
    for case in &cases {
        let entity = match case.get("sql") {
            Some(sql) => match from_sql(case["class"].as_str().unwrap(), &text(sql)) {
                Some(entity) => entity,
                None if case["create"].get("error").is_some() => continue,
                None => {
                    wrong.push(format!("== {sql} is not taken apart"));
                    continue;
                }
            },
            None => entity(case),
        };
        let runs: [(&str, Output); 4] = [
            ("create", entity::create_entity(&entity)),
            ("replace", entity::replace_entity(&entity)),
            ("drop", entity::drop_entity(&entity, false)),
            ("drop_cascade", entity::drop_entity(&entity, true)),
        ];
        for (run, output) in runs {
            let Some(expect) = case.get(run) else { continue };
            let found = written(&output);
            let right = match expect.get("error") {
                Some(_) => !output.problems.is_empty(),
                None => found == list(expect, |sql| sql.as_str().unwrap().to_owned()),
            };
            if !right {
                let problems = &output.problems;
                wrong.push(format!(
                    "== {run} {}\n{expect:#}\n{found:#?} {problems:?}",
                    case["class"]
                ));
            }
        }
    }
    settle(&wrong, cases.len(), 31);
}

fn from_sql(class: &str, sql: &Text) -> Option<Entity> {
    let class = match class {
        "PGFunction" => EntityClass::Function,
        "PGView" => EntityClass::View,
        "PGMaterializedView" => EntityClass::MaterializedView,
        "PGTrigger" => EntityClass::Trigger,
        _ => EntityClass::Policy,
    };
    Entity::from_sql(class, sql, origin())
}

fn entity(case: &Value) -> Entity {
    let given = &case["kwargs"];
    let string = |key: &str| optional(&given[key]).unwrap_or_default();
    let on_entity = string("on_entity");
    let kind = match case["class"].as_str().unwrap() {
        "PGFunction" => EntityKind::Function,
        "PGView" => EntityKind::View,
        "PGMaterializedView" => {
            EntityKind::MaterializedView { with_data: given["with_data"].as_bool().unwrap_or(true) }
        }
        "PGTrigger" => {
            EntityKind::Trigger { on_entity, is_constraint: truth(&given["is_constraint"]) }
        }
        "PGPolicy" => EntityKind::Policy { on_entity },
        "PGExtension" => EntityKind::Extension,
        _ => EntityKind::GrantTable {
            role: string("role"),
            grant: string("grant"),
            columns: list(&given["columns"], text),
            with_grant_option: truth(&given["with_grant_option"]),
        },
    };
    let signature = match kind {
        EntityKind::GrantTable { .. } => string("table"),
        _ => string("signature"),
    };
    let (schema, definition) = (string("schema"), string("definition"));
    Entity { kind, schema, signature, definition, origin: origin() }
}

/// An expression as the functions that evaluate Python build it, and what it must come out as.
#[track_caller]
fn check(clause: &Clause, expect: &str) {
    let default = NamingConvention::default();
    let mut writer = Writer::new(Context { convention: &default, metadata: None });
    let found = writer.clause(clause, Place { table: None, qualified: false });
    assert_eq!(found.as_ref().map(Text::as_str), Some(expect), "{:?}", writer.output.problems);
}

fn known(key: &str, kind: Kind) -> Clause {
    Clause::column(key.into(), Some(SqlType::new(kind, origin())), origin())
}

fn age() -> Clause {
    known("age", Kind::Integer)
}

fn active() -> Clause {
    known("active", Kind::Boolean { create_constraint: false, name: None })
}

fn title() -> Clause {
    known("name", Kind::String(StringType { name: "VARCHAR", length: None, collation: None }))
}

fn value(text: &str) -> Clause {
    Clause::literal(Literal::Text(text.into()), origin())
}

fn number(number: &str) -> Clause {
    Clause::literal(Literal::Integer(number.into()), origin())
}

fn constant(truth: bool) -> Clause {
    Clause::literal(Literal::Bool(truth), origin())
}

#[test]
fn python_operators_build_what_sqlalchemy_builds() {
    let at = origin();
    let none = || Clause::literal(Literal::None, at);
    let compare = |left, operator, right| Clause::compare(left, operator, right, at);
    let older = |than: &str| compare(age(), Operator::Gt, number(than));
    let operate = |left, operator, right| Clause::operate(left, operator, right, at);
    let lower = || Clause::function(vec!["lower".into()], vec![title()], at);

    check(&compare(title(), Operator::Eq, value("it's")), "name = 'it''s'");
    check(&compare(title(), Operator::Eq, none()), "name IS NULL");
    check(&compare(title(), Operator::Ne, none()), "name IS NOT NULL");
    check(&compare(title(), Operator::IsDistinctFrom, none()), "name IS DISTINCT FROM NULL");
    check(&compare(active(), Operator::Eq, constant(true)), "active = true");
    check(&compare(active(), Operator::Is, constant(false)), "active IS false");
    check(&active().negate(at), "NOT active");
    check(&active().negate(at).negate(at), "active");
    check(&title().negate(at), "NOT name");
    check(&older("1").negate(at), "age <= 1");
    check(&compare(active(), Operator::Eq, constant(true)).negate(at), "active != true");
    check(&compare(title(), Operator::Eq, none()).negate(at), "name IS NOT NULL");
    check(&title().among(vec![value("a"), value("b")], at), "name IN ('a', 'b')");
    check(&title().among(vec![value("a")], at).negate(at), "(name NOT IN ('a'))");
    check(&title().among(vec![], at), "name IN (NULL) AND (1 != 1)");
    check(&title().among(vec![], at).negate(at), "(name NOT IN (NULL) OR (1 = 1))");
    check(&age().between(number("1"), number("5"), false, at), "age BETWEEN 1 AND 5");
    check(
        &age().between(number("1"), number("5"), true, at).negate(at),
        "age NOT BETWEEN SYMMETRIC 1 AND 5",
    );
    check(&title().matches(value("a"), true, true, at), "name LIKE '%' || 'a' || '%'");
    check(&title().matches(value("a"), false, true, at).negate(at), "name NOT LIKE 'a' || '%'");
    let both = || Clause::and(vec![older("1"), active()], at);
    check(&both(), "age > 1 AND active");
    check(&both().negate(at), "NOT (age > 1 AND active)");
    check(&both().negate(at).negate(at), "NOT (NOT (age > 1 AND active))");
    check(&Clause::and(vec![older("1"), both()], at), "age > 1 AND age > 1 AND active");
    check(&Clause::or(vec![both(), older("5")], at), "age > 1 AND active OR age > 5");
    let either = Clause::or(vec![older("1"), active()], at);
    check(&Clause::and(vec![either, older("5")], at), "(age > 1 OR active) AND age > 5");
    check(&Clause::and(vec![constant(true), older("1")], at), "age > 1");
    check(&Clause::and(vec![constant(false), older("1")], at), "false");
    check(&Clause::or(vec![constant(true), older("1")], at), "true");
    check(&Clause::or(vec![constant(false)], at), "false");
    check(&operate(age(), Operator::Add, number("1")), "age + 1");
    let sum = || operate(age(), Operator::Add, number("1"));
    check(&operate(sum(), Operator::Mul, number("2")), "(age + 1) * 2");
    check(&operate(sum(), Operator::Add, number("2")), "age + 1 + 2");
    check(&operate(age(), Operator::Sub, sum()), "age - (age + 1)");
    check(&compare(sum(), Operator::Eq, number("2")), "age + 1 = 2");
    check(&sum().negate(at), "NOT (age + 1)");
    check(&operate(title(), Operator::Add, value("x")), "name || 'x'");
    check(&operate(value("x"), Operator::Add, title()), "'x' || name");
    check(&operate(lower(), Operator::Add, value("x")), "lower(name) || 'x'");
    check(&compare(lower(), Operator::Eq, value("x")), "lower(name) = 'x'");
    check(&operate(age(), Operator::TrueDiv, number("2")), "age / CAST(2 AS NUMERIC)");
    check(&operate(age(), Operator::FloorDiv, number("2")), "age / 2");
    let descending = title().modified(Operator::Desc, at).modified(Operator::NullsLast, at);
    check(&descending, "name DESC NULLS LAST");
    let any = ClauseKind::Quantified { quantifier: "ANY", operand: Box::new(title()) };
    let any = Clause::new(any, at);
    check(&compare(any.clone(), Operator::Lt, value("x")), "'x' > ANY (name)");
    check(&compare(value("x"), Operator::Eq, any).negate(at), "NOT ('x' = ANY (name))");
}

fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap()
}

/// The bytes of the program that stand behind a part of the SQL.
#[track_caller]
fn leads_back(statement: &super::Statement, part: &str, expect: (u32, u32)) {
    let start = statement.text.as_str().find(part).unwrap();
    let span = Span::new(narrow(start), narrow(start + part.len()));
    let found = statement.text.derivation(statement.origin).resolve(span);
    assert_eq!((found.span.start, found.span.end), expect, "{part}");
}

#[test]
fn sql_leads_back_to_the_program() {
    let at = |start, end| Origin { source: SourceId(0), span: Span::new(start, end) };
    let string =
        |value: &str, start| Text::written(value, at(start, start + narrow(value.len())), true);
    let mut status =
        Column::new(string("Status", 210), SqlType::new(Kind::Integer, at(220, 227)), at(200, 290));
    status.nullable = Some(false);
    status.index = true;
    status.server_default = Some(ServerDefault::Literal(string("it's", 250)));
    status.foreign_keys.push(ForeignKey {
        target: Target::Spec(string("states.id", 270)),
        options: ForeignKeyOptions {
            ondelete: Some(string("CASCADE", 282)),
            ..ForeignKeyOptions::default()
        },
        origin: at(260, 289),
    });
    let table = Table {
        name: string("patients", 110),
        columns: vec![status],
        constraints: vec![Constraint::Check(Check {
            name: Name::Given(string("ck_short", 310)),
            condition: Clause::text(string("status > 0", 330), at(325, 345)),
            not_valid: false,
            deferral: Deferral::default(),
            comment: None,
            origin: at(300, 350),
        })],
        origin: at(100, 400),
        ..Table::default()
    };
    let metadata = MetaData { tables: vec![table], ..MetaData::default() };
    let output = create_all(&metadata);
    let [create, index] = output.statements.as_slice() else { panic!("{output:?}") };
    leads_back(create, "CREATE TABLE", (100, 400));
    leads_back(create, "patients", (110, 118));
    leads_back(create, "Status", (210, 216));
    leads_back(create, "INTEGER", (220, 227));
    leads_back(create, "it", (250, 252));
    leads_back(create, "'s", (253, 254));
    leads_back(create, "NOT NULL", (200, 290));
    leads_back(create, "FOREIGN KEY", (260, 289));
    leads_back(create, "states", (270, 276));
    leads_back(create, "id", (277, 279));
    leads_back(create, "CASCADE", (282, 289));
    leads_back(create, "ck_short", (310, 318));
    leads_back(create, "> 0", (337, 340));
    leads_back(index, "CREATE INDEX", (200, 290));
    assert_eq!(index.origin, at(200, 290));
}
