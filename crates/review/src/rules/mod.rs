//! The rules: one file each, one line each in the registry.

mod answer;
#[cfg(test)]
mod examples;
mod page;

use schemaward_catalog::Table;

use crate::context::Context;
use crate::{Category, Control, Severity};

pub(crate) use answer::{Answer, AnswerKind};
pub(crate) use audit_actor_missing::judge as judge_actor;
pub(crate) use audit_old_values_missing::judge as judge_old_values;
pub(crate) use audit_trigger_breaks_writes::lacking;
pub(crate) use deleted_rows_visible::filtered;
pub(crate) use foreign_key_type_mismatch::comparable;
pub(crate) use history_unindexed::is_history;
use page::page;
pub(crate) use phi_unprotected::judge as unprotected;
pub(crate) use policy_column_unindexed::unindexed;
pub(crate) use policy_outside_models::is_modelled;
pub(crate) use policy_setting_unset::reason as unsafe_setting;
pub(crate) use primary_key_generator_conflict::others_of_kind;
pub(crate) use required_check::listed;
pub(crate) use secret_in_plain_column::protection;

// One file a rule, below the folder of its category.
#[path = "audit/audit_actor_missing.rs"]
mod audit_actor_missing;
#[path = "audit/audit_log_missing.rs"]
mod audit_log_missing;
#[path = "audit/audit_log_mutable.rs"]
mod audit_log_mutable;
#[path = "performance/audit_log_unindexed.rs"]
mod audit_log_unindexed;
#[path = "audit/audit_old_values_missing.rs"]
mod audit_old_values_missing;
#[path = "audit/audit_trigger_breaks_writes.rs"]
mod audit_trigger_breaks_writes;
#[path = "audit/audit_trigger_disabled.rs"]
mod audit_trigger_disabled;
#[path = "audit/audit_trigger_incomplete.rs"]
mod audit_trigger_incomplete;
#[path = "audit/audit_trigger_missing.rs"]
mod audit_trigger_missing;
#[path = "audit/audit_truncate_unseen.rs"]
mod audit_truncate_unseen;
#[path = "code/class_table_name_mismatch.rs"]
mod class_table_name_mismatch;
#[path = "code/client_side_default.rs"]
mod client_side_default;
#[path = "integrity/constraint_not_validated.rs"]
mod constraint_not_validated;
#[path = "privacy/contact_safety_flag.rs"]
mod contact_safety_flag;
#[path = "access/default_privileges_open.rs"]
mod default_privileges_open;
#[path = "retention/deleted_rows_visible.rs"]
mod deleted_rows_visible;
#[path = "access/foreign_key_oracle.rs"]
mod foreign_key_oracle;
#[path = "integrity/foreign_key_type_mismatch.rs"]
mod foreign_key_type_mismatch;
#[path = "performance/foreign_key_unindexed.rs"]
mod foreign_key_unindexed;
#[path = "access/function_bypasses_rls.rs"]
mod function_bypasses_rls;
#[path = "access/function_search_path.rs"]
mod function_search_path;
#[path = "retention/hard_delete_cascade.rs"]
mod hard_delete_cascade;
#[path = "retention/hard_delete_granted.rs"]
mod hard_delete_granted;
#[path = "performance/history_unindexed.rs"]
mod history_unindexed;
#[path = "access/immutable_reads_session.rs"]
mod immutable_reads_session;
#[path = "performance/index_duplicate.rs"]
mod index_duplicate;
#[path = "performance/index_redundant.rs"]
mod index_redundant;
#[path = "access/leakproof_misuse.rs"]
mod leakproof_misuse;
#[path = "code/legacy_column.rs"]
mod legacy_column;
#[path = "access/materialized_view_exposes.rs"]
mod materialized_view_exposes;
#[path = "code/migration_bypasses_models.rs"]
mod migration_bypasses_models;
#[path = "code/migration_chain.rs"]
mod migration_chain;
#[path = "code/migration_drops_index.rs"]
mod migration_drops_index;
#[path = "code/migration_environment_dependent.rs"]
mod migration_environment_dependent;
#[path = "code/migration_irreversible.rs"]
mod migration_irreversible;
#[path = "code/migration_unsafe_add.rs"]
mod migration_unsafe_add;
#[path = "code/mixin_bypassed.rs"]
mod mixin_bypassed;
#[path = "code/naive_datetime.rs"]
mod naive_datetime;
#[path = "code/nullability_conflict.rs"]
mod nullability_conflict;
#[path = "access/partition_bypasses_rls.rs"]
mod partition_bypasses_rls;
#[path = "privacy/phi_inventory.rs"]
mod phi_inventory;
#[path = "privacy/phi_unprotected.rs"]
mod phi_unprotected;
#[path = "access/policies_all_permissive.rs"]
mod policies_all_permissive;
#[path = "access/policy_all_restrictive.rs"]
mod policy_all_restrictive;
#[path = "access/policy_always_true.rs"]
mod policy_always_true;
#[path = "performance/policy_call_per_row.rs"]
mod policy_call_per_row;
#[path = "performance/policy_column_unindexed.rs"]
mod policy_column_unindexed;
#[path = "access/policy_current_user.rs"]
mod policy_current_user;
#[path = "access/policy_editable_claim.rs"]
mod policy_editable_claim;
#[path = "access/policy_ignores_row.rs"]
mod policy_ignores_row;
#[path = "access/policy_literal_tenant.rs"]
mod policy_literal_tenant;
#[path = "access/policy_loose_match.rs"]
mod policy_loose_match;
#[path = "access/policy_missing_command.rs"]
mod policy_missing_command;
#[path = "access/policy_never_true.rs"]
mod policy_never_true;
#[path = "access/policy_null_bypass.rs"]
mod policy_null_bypass;
#[path = "access/policy_open_write.rs"]
mod policy_open_write;
#[path = "code/policy_outside_models.rs"]
mod policy_outside_models;
#[path = "access/policy_public_role.rs"]
mod policy_public_role;
#[path = "access/policy_reads_unprotected.rs"]
mod policy_reads_unprotected;
#[path = "access/policy_setting_bypass.rs"]
mod policy_setting_bypass;
#[path = "access/policy_setting_unset.rs"]
mod policy_setting_unset;
#[path = "performance/policy_subquery.rs"]
mod policy_subquery;
#[path = "access/policy_unknown_column.rs"]
mod policy_unknown_column;
#[path = "access/policy_unknown_role.rs"]
mod policy_unknown_role;
#[path = "access/policy_user_unscoped.rs"]
mod policy_user_unscoped;
#[path = "performance/policy_volatile.rs"]
mod policy_volatile;
#[path = "access/policy_without_rls.rs"]
mod policy_without_rls;
#[path = "performance/policy_wrapped_column.rs"]
mod policy_wrapped_column;
#[path = "integrity/primary_key_generator_conflict.rs"]
mod primary_key_generator_conflict;
#[path = "integrity/primary_key_kind.rs"]
mod primary_key_kind;
#[path = "integrity/primary_key_missing.rs"]
mod primary_key_missing;
#[path = "integrity/primary_key_storage.rs"]
mod primary_key_storage;
#[path = "code/python_evaluated_condition.rs"]
mod python_evaluated_condition;
#[path = "integrity/reference_without_foreign_key.rs"]
mod reference_without_foreign_key;
#[path = "integrity/required_check.rs"]
mod required_check;
#[path = "integrity/required_column.rs"]
mod required_column;
#[path = "integrity/required_unique.rs"]
mod required_unique;
#[path = "access/rls_missing.rs"]
mod rls_missing;
#[path = "access/rls_not_forced.rs"]
mod rls_not_forced;
#[path = "access/rls_without_policy.rs"]
mod rls_without_policy;
#[path = "access/role_bypasses_rls.rs"]
mod role_bypasses_rls;
#[path = "privacy/secret_in_plain_column.rs"]
mod secret_in_plain_column;
#[path = "access/sensitive_column_granted.rs"]
mod sensitive_column_granted;
#[path = "retention/soft_delete_malformed.rs"]
mod soft_delete_malformed;
#[path = "retention/soft_delete_missing.rs"]
mod soft_delete_missing;
#[path = "retention/soft_delete_nonstandard.rs"]
mod soft_delete_nonstandard;
#[path = "integrity/tenant_key_nullable.rs"]
mod tenant_key_nullable;
#[path = "integrity/timestamp_without_time_zone.rs"]
mod timestamp_without_time_zone;
#[path = "integrity/timestamps_missing.rs"]
mod timestamps_missing;
#[path = "access/trigger_bypasses_rls.rs"]
mod trigger_bypasses_rls;
#[path = "integrity/unique_ignores_soft_delete.rs"]
mod unique_ignores_soft_delete;
#[path = "integrity/unique_ignores_tenant.rs"]
mod unique_ignores_tenant;
#[path = "code/untyped_attribute.rs"]
mod untyped_attribute;
#[path = "access/view_bypasses_rls.rs"]
mod view_bypasses_rls;
#[path = "access/view_leaky.rs"]
mod view_leaky;
// xtask new-rule: modules

/// Every rule, in the order of the report.
static REGISTRY: &[RuleInfo] = &[
    primary_key_missing::RULE,
    primary_key_kind::RULE,
    primary_key_generator_conflict::RULE,
    primary_key_storage::RULE,
    foreign_key_type_mismatch::RULE,
    reference_without_foreign_key::RULE,
    required_column::RULE,
    required_unique::RULE,
    required_check::RULE,
    timestamp_without_time_zone::RULE,
    timestamps_missing::RULE,
    unique_ignores_soft_delete::RULE,
    unique_ignores_tenant::RULE,
    tenant_key_nullable::RULE,
    constraint_not_validated::RULE,
    soft_delete_missing::RULE,
    soft_delete_nonstandard::RULE,
    soft_delete_malformed::RULE,
    hard_delete_cascade::RULE,
    hard_delete_granted::RULE,
    deleted_rows_visible::RULE,
    rls_missing::RULE,
    rls_not_forced::RULE,
    rls_without_policy::RULE,
    policy_without_rls::RULE,
    policy_always_true::RULE,
    view_bypasses_rls::RULE,
    function_search_path::RULE,
    policy_open_write::RULE,
    policy_never_true::RULE,
    policy_null_bypass::RULE,
    policy_setting_bypass::RULE,
    policy_ignores_row::RULE,
    policy_unknown_column::RULE,
    policy_unknown_role::RULE,
    policy_public_role::RULE,
    policy_all_restrictive::RULE,
    policy_missing_command::RULE,
    policy_literal_tenant::RULE,
    policy_loose_match::RULE,
    policy_current_user::RULE,
    policy_setting_unset::RULE,
    policy_editable_claim::RULE,
    policy_reads_unprotected::RULE,
    policy_user_unscoped::RULE,
    policies_all_permissive::RULE,
    view_leaky::RULE,
    materialized_view_exposes::RULE,
    function_bypasses_rls::RULE,
    trigger_bypasses_rls::RULE,
    partition_bypasses_rls::RULE,
    role_bypasses_rls::RULE,
    default_privileges_open::RULE,
    foreign_key_oracle::RULE,
    immutable_reads_session::RULE,
    leakproof_misuse::RULE,
    sensitive_column_granted::RULE,
    audit_trigger_missing::RULE,
    audit_trigger_incomplete::RULE,
    audit_trigger_disabled::RULE,
    audit_trigger_breaks_writes::RULE,
    audit_actor_missing::RULE,
    audit_old_values_missing::RULE,
    audit_log_missing::RULE,
    audit_log_mutable::RULE,
    audit_truncate_unseen::RULE,
    contact_safety_flag::RULE,
    phi_unprotected::RULE,
    secret_in_plain_column::RULE,
    phi_inventory::RULE,
    foreign_key_unindexed::RULE,
    index_duplicate::RULE,
    index_redundant::RULE,
    audit_log_unindexed::RULE,
    policy_subquery::RULE,
    policy_call_per_row::RULE,
    policy_volatile::RULE,
    policy_wrapped_column::RULE,
    policy_column_unindexed::RULE,
    history_unindexed::RULE,
    legacy_column::RULE,
    untyped_attribute::RULE,
    nullability_conflict::RULE,
    mixin_bypassed::RULE,
    naive_datetime::RULE,
    client_side_default::RULE,
    python_evaluated_condition::RULE,
    class_table_name_mismatch::RULE,
    policy_outside_models::RULE,
    migration_chain::RULE,
    migration_irreversible::RULE,
    migration_unsafe_add::RULE,
    migration_drops_index::RULE,
    migration_environment_dependent::RULE,
    migration_bypasses_models::RULE,
    // xtask new-rule: registry
];

/// A rule: what it is called, what its page says, and how it judges.
#[derive(Clone, Copy, Debug)]
pub struct RuleInfo {
    /// Its stable id.
    pub id: &'static str,
    /// The part of the report it belongs to.
    pub category: Category,
    /// Its severity unless the standard says otherwise.
    pub severity: Severity,
    /// What is wrong, in a few words.
    pub title: &'static str,
    /// Where the rule comes from: the review it was first made for, other linters, a safeguard.
    pub provenance: &'static str,
    /// Why a finding matters; the same for all findings of the rule.
    pub impact: &'static str,
    /// Mandates and safeguards it supports.
    pub references: &'static [&'static str],
    /// The column of the coverage matrix it decides, where it decides one.
    pub control: Option<Control>,
    /// Its page, as Markdown.
    pub page: &'static str,
    /// How it judges.
    pub(crate) check: Check,
}

/// How a rule judges: a pure function from what it needs to its answers.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Check {
    /// Table by table.
    Table(fn(&Context<'_>, &Table) -> Vec<Answer>),
    /// The schema as a whole.
    Schema(fn(&Context<'_>) -> Vec<Answer>),
}

impl RuleInfo {
    /// Every answer of the rule on a schema.
    pub(crate) fn answers(&self, context: &Context<'_>) -> Vec<Answer> {
        match self.check {
            Check::Table(check) => {
                context.tables().flat_map(|table| check(context, table)).collect()
            }
            Check::Schema(check) => check(context),
        }
    }
}

/// Every rule of this version, in the order of the report.
pub fn rules() -> &'static [RuleInfo] {
    REGISTRY
}

/// The rule of this id.
pub fn rule(id: &str) -> Option<&'static RuleInfo> {
    REGISTRY.iter().find(|rule| rule.id == id)
}
