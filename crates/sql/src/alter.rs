//! `ALTER TABLE`: its actions.

use schemaward_catalog::{
    Generated, Identity, Origin, Remark, SequenceWords, TableAction, TriggerState,
};

use crate::cursor::{Cursor, Parsed};
use crate::definition::sequence_options;
use crate::lexer::TokenKind;
use crate::remarks::Remarks;
use crate::table::{column, partition_bound, table_constraint};

/// The actions of `ALTER TABLE name`, after the name; renames and schemas are the caller's.
pub(crate) fn alter_actions(
    cursor: &mut Cursor<'_>,
    remarks: &Remarks<'_>,
) -> Parsed<Vec<TableAction>> {
    let mut actions = Vec::new();
    let mut spans = Vec::new();
    for mut part in cursor.comma_separated() {
        spans.push((part.whole(), actions.len()));
        let action = alter_action(&mut part)?;
        part.expect_end()?;
        actions.push(action);
    }
    remarks.distribute(&spans, |element, remark: Remark| {
        let action = element.and_then(|at| actions.get_mut(at));
        if let Some(TableAction::AddColumn { definition, .. }) = action {
            definition.column.remarks.push(remark);
        }
    });
    Ok(actions)
}

fn alter_action(cursor: &mut Cursor<'_>) -> Parsed<TableAction> {
    let origin = cursor.origin(cursor.whole());
    if cursor.eat(&["add"]) {
        let constraint =
            cursor.is_any(&["constraint", "primary", "unique", "check", "foreign", "exclude"])
                || (cursor.is("not") && cursor.is_at(1, "null"));
        if constraint {
            return Ok(TableAction::AddConstraint(Box::new(table_constraint(cursor)?)));
        }
        cursor.eat(&["column"]);
        let if_not_exists = cursor.if_not_exists();
        let definition = Box::new(column(cursor, false)?);
        return Ok(TableAction::AddColumn { definition, if_not_exists });
    }
    if cursor.eat(&["drop", "constraint"]) {
        let if_exists = cursor.if_exists();
        let name = cursor.identifier()?;
        let cascade = cursor.eat(&["cascade"]);
        cursor.eat(&["restrict"]);
        return Ok(TableAction::DropConstraint { name, if_exists, cascade });
    }
    if cursor.eat(&["drop"]) {
        cursor.eat(&["column"]);
        let if_exists = cursor.if_exists();
        let name = cursor.identifier()?;
        let _ = cursor.eat(&["cascade"]) || cursor.eat(&["restrict"]);
        return Ok(TableAction::DropColumn { name, if_exists });
    }
    if cursor.eat(&["validate", "constraint"]) {
        return Ok(TableAction::ValidateConstraint(cursor.identifier()?));
    }
    if cursor.eat(&["alter", "constraint"]) {
        return alter_constraint(cursor);
    }
    if cursor.eat(&["alter"]) {
        cursor.eat(&["column"]);
        let column = cursor.identifier()?;
        return alter_column(cursor, column, origin);
    }
    for on in [true, false] {
        if cursor.eat(&[if on { "enable" } else { "disable" }]) {
            return enable(cursor, on, origin);
        }
    }
    if cursor.eat(&["force", "row", "level", "security"]) {
        return Ok(TableAction::SetRowSecurityForced { on: true, origin });
    }
    if cursor.eat(&["no", "force", "row", "level", "security"]) {
        return Ok(TableAction::SetRowSecurityForced { on: false, origin });
    }
    if cursor.eat(&["owner", "to"]) {
        return Ok(TableAction::SetOwner(cursor.identifier()?));
    }
    if cursor.eat(&["attach", "partition"]) {
        let child = cursor.object_name()?;
        let bound = partition_bound(cursor)?;
        return Ok(TableAction::AttachPartition { child, bound });
    }
    if cursor.eat(&["detach", "partition"]) {
        let child = cursor.object_name()?;
        let _ = cursor.eat(&["concurrently"]) || cursor.eat(&["finalize"]);
        return Ok(TableAction::DetachPartition { child });
    }
    if cursor.eat(&["inherit"]) {
        return Ok(TableAction::SetInherits { parent: cursor.object_name()?, on: true });
    }
    if cursor.eat(&["no", "inherit"]) {
        return Ok(TableAction::SetInherits { parent: cursor.object_name()?, on: false });
    }
    for on in [true, false] {
        if cursor.eat(&["set", if on { "unlogged" } else { "logged" }]) {
            return Ok(TableAction::SetUnlogged(on));
        }
    }
    // A typed table has its columns all the same.
    let irrelevant = cursor.is_any(&["cluster", "reset", "options", "of"])
        || (cursor.is("not") && cursor.is_at(1, "of"))
        || (cursor.is("replica") && cursor.is_at(1, "identity"))
        || (cursor.is("set")
            && (["tablespace", "access", "without"].iter().any(|word| cursor.is_at(1, word))
                || cursor.peek_at(1).is_some_and(|t| t.kind == TokenKind::LeftParen)));
    if irrelevant {
        cursor.skip_to_end();
        return Ok(TableAction::Irrelevant);
    }
    cursor.fail("an action of ALTER TABLE")
}

fn alter_constraint(cursor: &mut Cursor<'_>) -> Parsed<TableAction> {
    let name = cursor.identifier()?;
    let (mut deferrable, mut initially_deferred) = (None, None);
    let (mut enforced, mut inherit) = (None, None);
    while !cursor.at_end() {
        if cursor.eat(&["deferrable"]) {
            deferrable = Some(true);
        } else if cursor.eat(&["not", "deferrable"]) {
            (deferrable, initially_deferred) = (Some(false), Some(false));
        } else if cursor.eat(&["initially", "deferred"]) {
            (deferrable, initially_deferred) = (Some(true), Some(true));
        } else if cursor.eat(&["initially", "immediate"]) {
            initially_deferred = Some(false);
        } else if cursor.eat(&["enforced"]) {
            enforced = Some(true);
        } else if cursor.eat(&["not", "enforced"]) {
            enforced = Some(false);
        } else if cursor.eat(&["no", "inherit"]) {
            inherit = Some(false);
        } else {
            cursor.expect(&["inherit"])?;
            inherit = Some(true);
        }
    }
    Ok(TableAction::AlterConstraint { name, deferrable, initially_deferred, enforced, inherit })
}

fn enable(cursor: &mut Cursor<'_>, on: bool, origin: Origin) -> Parsed<TableAction> {
    if cursor.eat(&["row", "level", "security"]) {
        return Ok(TableAction::SetRowSecurity { on, origin });
    }
    let state = match (on, cursor.eat(&["replica"]), cursor.eat(&["always"])) {
        (true, true, _) => TriggerState::Replica,
        (true, _, true) => TriggerState::Always,
        (true, ..) => TriggerState::Enabled,
        (false, ..) => TriggerState::Disabled,
    };
    if cursor.eat(&["rule"]) {
        return Ok(TableAction::SetRuleState { rule: cursor.identifier()?, state });
    }
    cursor.expect(&["trigger"])?;
    let name = cursor.identifier()?;
    let trigger = (name != "all" && name != "user").then_some(name);
    Ok(TableAction::SetTriggerState { trigger, state, origin })
}

fn alter_column(cursor: &mut Cursor<'_>, column: String, origin: Origin) -> Parsed<TableAction> {
    if cursor.eat(&["set", "default"]) {
        let default = Some(cursor.until(|_| false).expression());
        return Ok(TableAction::SetDefault { column, default });
    }
    if cursor.eat(&["drop", "default"]) {
        return Ok(TableAction::SetDefault { column, default: None });
    }
    if cursor.eat(&["set", "not", "null"]) {
        return Ok(TableAction::SetNullable { column, nullable: false });
    }
    if cursor.eat(&["drop", "not", "null"]) {
        return Ok(TableAction::SetNullable { column, nullable: true });
    }
    if cursor.eat(&["set", "data", "type"]) || cursor.eat(&["type"]) {
        let data_type = cursor.data_type()?;
        let collation = if cursor.eat(&["collate"]) { Some(cursor.object_name()?) } else { None };
        if cursor.eat(&["using"]) {
            cursor.until(|_| false);
        }
        return Ok(TableAction::SetType { column, data_type, collation, origin });
    }
    if cursor.is("add") || (cursor.is("set") && cursor.is_at(1, "generated")) {
        cursor.bump();
        cursor.expect(&["generated"])?;
        let identity = if cursor.eat(&["always"]) { Identity::Always } else { Identity::ByDefault };
        cursor.eat(&["by", "default"]);
        let mut sequence = SequenceWords::default();
        if cursor.eat(&["as", "identity"]) {
            if cursor.is_kind(TokenKind::LeftParen) {
                sequence = sequence_options(&mut cursor.parens()?)?;
            }
        } else {
            // `SET GENERATED ALWAYS RESTART`.
            cursor.skip_to_end();
        }
        return Ok(TableAction::SetIdentity { column, identity: Some(identity), sequence });
    }
    if cursor.eat(&["drop", "identity"]) {
        cursor.if_exists();
        let sequence = SequenceWords::default();
        return Ok(TableAction::SetIdentity { column, identity: None, sequence });
    }
    if cursor.eat(&["set", "expression", "as"]) {
        let expression = cursor.parens()?.expression();
        return Ok(TableAction::SetGenerated {
            column,
            generated: Some(Generated { expression, stored: true }),
        });
    }
    if cursor.eat(&["drop", "expression"]) {
        cursor.if_exists();
        return Ok(TableAction::SetGenerated { column, generated: None });
    }
    if cursor.eat(&["restart"]) {
        // Where its sequence counts from next is data.
        cursor.skip_to_end();
        return Ok(TableAction::Irrelevant);
    }
    let storage = cursor.is_any(&["reset", "options"])
        || (cursor.is("set")
            && (["statistics", "storage", "compression"].iter().any(|word| cursor.is_at(1, word))
                || cursor.peek_at(1).is_some_and(|t| t.kind == TokenKind::LeftParen)));
    if storage {
        cursor.skip_to_end();
        return Ok(TableAction::Irrelevant);
    }
    if cursor.is("set") {
        let mut options = Vec::new();
        while cursor.eat(&["set"]) {
            let mut words = cursor.until(|cursor| cursor.is_any(&["set", "restart"]));
            options.extend(sequence_options(&mut words)?.options);
        }
        if cursor.is("restart") {
            cursor.skip_to_end();
        }
        return Ok(TableAction::SetSequence { column, options });
    }
    cursor.fail("an action of ALTER COLUMN")
}
