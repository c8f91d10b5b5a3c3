# What rls makes of the policies that classes name in __rls_policies__.
from enum import Enum

from sqlalchemy import MetaData, event, func, text
from sqlalchemy.orm.mapperlib import _all_registries

BYPASS = "CAST(NULLIF(current_setting('rls.bypass_rls', true), '') AS BOOLEAN) = true"


class Command(str, Enum):
    all = "ALL"
    select = "SELECT"
    insert = "INSERT"
    update = "UPDATE"
    delete = "DELETE"


class ConditionArg:
    def __init__(self, comparator_name, type):
        self.comparator_name = comparator_name
        self.type = type


class Policy:
    definition = None

    def __init__(self, cmd, condition_args=None, custom_expr=None, custom_policy_name=None, definition=None):
        self.commands = cmd if isinstance(cmd, list) else [cmd]
        self.condition_args = condition_args or []
        self.custom_expr = custom_expr
        self.custom_policy_name = custom_policy_name
        if definition is not None:
            self.definition = definition

    def condition(self):
        settings = []
        for it in self.condition_args:
            setting = func.current_setting(f"rls.{it.comparator_name}", True)
            settings.append(func.nullif(setting, "").cast(it.type))
        made = self.custom_expr(*settings)
        condition = str(made.compile(compile_kwargs={"literal_binds": True}))
        if "rls.bypass_rls" in condition:
            return condition
        return f"(({condition}) OR {BYPASS})"

    def statements(self, table, number):
        condition = self.condition()
        named = self.custom_policy_name or self.definition
        for command in self.commands:
            command = command.value if isinstance(command, Command) else command
            name = f"{table}_{named}_{command}_policy_{number}".lower()
            sql = f"CREATE POLICY {name} ON {table} AS {self.definition} FOR {command}"
            if command != "INSERT":
                sql += f" USING ({condition})"
            if command in ("INSERT", "UPDATE"):
                sql += f" WITH CHECK ({condition})"
            yield sql


class Permissive(Policy):
    definition = "PERMISSIVE"


class Restrictive(Policy):
    definition = "RESTRICTIVE"


@event.listens_for(MetaData, "after_create")
def create_policies(target, connection, **kw):
    found = {}
    for registry in _all_registries():
        for mapper in registry.mappers:
            policies = getattr(mapper.class_, "__rls_policies__", None)
            if policies is not None:
                found[mapper.local_table.fullname] = (mapper.class_, policies)
    for table, (cls, policies) in found.items():
        connection.execute(text(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"), cls)
        connection.execute(text(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"), cls)
        for number, policy in enumerate(policies):
            for statement in policy.statements(table, number):
                connection.execute(text(statement), policy)
