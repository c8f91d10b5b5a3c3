# The functions and triggers of sqlalchemy-declarative-extensions, as they are on PostgreSQL.
import textwrap
from enum import Enum


def quoted(name):
    return ".".join(f'"{part}"' for part in name.split("."))


class FunctionSecurity(Enum):
    invoker = "INVOKER"
    definer = "DEFINER"


class FunctionVolatility(Enum):
    VOLATILE = "VOLATILE"
    STABLE = "STABLE"
    IMMUTABLE = "IMMUTABLE"


class FunctionParam:
    def __init__(self, name, type, default=None, mode=None):
        self.name = name
        self.type = type
        self.default = default

    def to_sql_create(self):
        default = "" if self.default is None else f" DEFAULT {self.default}"
        return f"{self.name or ''} {self.type}{default}"


class Routine:
    kind = None

    def __init__(
        self,
        name,
        definition,
        returns="void",
        language="sql",
        schema=None,
        parameters=None,
        security=FunctionSecurity.invoker,
        volatility=FunctionVolatility.VOLATILE,
    ):
        self.name = name
        self.definition = definition
        self.returns = returns
        self.language = language
        self.schema = schema
        self.parameters = parameters
        self.security = security
        self.volatility = volatility

    def changed(self, **fields):
        known = {
            "name": self.name,
            "definition": self.definition,
            "returns": self.returns,
            "language": self.language,
            "schema": self.schema,
            "parameters": self.parameters,
            "security": self.security,
            "volatility": self.volatility,
        }
        known.update(fields)
        return type(self)(**known)

    def with_name(self, name):
        return self.changed(name=name)

    def with_language(self, language):
        return self.changed(language=language)

    def with_return_type(self, returns):
        return self.changed(returns=returns)

    def with_security(self, security):
        return self.changed(security=security)

    def with_security_definer(self):
        return self.changed(security=FunctionSecurity.definer)

    def to_sql_create(self):
        name = f"{self.schema}.{self.name}" if self.schema and self.schema != "public" else self.name
        parameters = []
        for it in self.parameters or []:
            if isinstance(it, tuple):
                it = FunctionParam(*it)
            parameters.append(it.to_sql_create() if isinstance(it, FunctionParam) else it)
        sql = f"CREATE {self.kind} {quoted(name)}({', '.join(parameters)})"
        if self.kind == "FUNCTION":
            sql += f" RETURNS {self.returns}"
        if self.security == FunctionSecurity.definer:
            sql += " SECURITY DEFINER"
        if self.volatility != FunctionVolatility.VOLATILE:
            sql += f" {self.volatility.value}"
        body = textwrap.dedent(self.definition)
        start = body.strip().upper()
        if self.language.lower() == "sql" and (start.startswith("BEGIN ATOMIC") or start.startswith("RETURN ")):
            return f"{sql} LANGUAGE {self.language} {body.strip()}"
        return f"{sql} LANGUAGE {self.language} AS $${body}$$"


class Function(Routine):
    kind = "FUNCTION"


class Procedure(Routine):
    kind = "PROCEDURE"


class Trigger:
    def __init__(
        self,
        name,
        on,
        execute,
        events,
        time,
        for_each="STATEMENT",
        condition=None,
        arguments=None,
        old_table=None,
        new_table=None,
    ):
        self.name = name
        self.on = on
        self.execute = execute
        self.events = events
        self.time = time
        self.for_each = for_each
        self.condition = condition
        self.arguments = arguments
        self.old_table = old_table
        self.new_table = new_table

    @classmethod
    def before(cls, *events, on, execute, name=""):
        return cls(name, on, execute, events, "BEFORE")

    @classmethod
    def after(cls, *events, on, execute, name=""):
        return cls(name, on, execute, events, "AFTER")

    @classmethod
    def instead_of(cls, *events, on, execute, name=""):
        return cls(name, on, execute, events, "INSTEAD OF")

    def changed(self, **fields):
        known = {
            "name": self.name,
            "on": self.on,
            "execute": self.execute,
            "events": self.events,
            "time": self.time,
            "for_each": self.for_each,
            "condition": self.condition,
            "arguments": self.arguments,
            "old_table": self.old_table,
            "new_table": self.new_table,
        }
        known.update(fields)
        return type(self)(**known)

    def named(self, name):
        return self.changed(name=name)

    def referencing_old_table_as(self, name):
        return self.changed(old_table=name)

    def referencing_new_table_as(self, name):
        return self.changed(new_table=name)

    def for_each_row(self):
        return self.changed(for_each="ROW")

    def for_each_statement(self):
        return self.changed(for_each="STATEMENT")

    def when(self, condition):
        return self.changed(condition=condition)

    def with_arguments(self, *arguments):
        return self.changed(arguments=arguments)

    def to_sql_create(self):
        events = " OR ".join((it if isinstance(it, str) else it.value).upper() for it in self.events)
        sql = f"CREATE TRIGGER {quoted(self.name)} {self.time} {events} ON {quoted(self.on)}"
        if self.old_table or self.new_table:
            sql += " REFERENCING"
        if self.old_table:
            sql += f" OLD TABLE AS {quoted(self.old_table)}"
        if self.new_table:
            sql += f" NEW TABLE AS {quoted(self.new_table)}"
        sql += f" FOR EACH {self.for_each}"
        if self.condition:
            sql += f" WHEN ({self.condition})"
        arguments = ", ".join(f"'{it}'" for it in self.arguments or ())
        return f"{sql} EXECUTE FUNCTION {quoted(self.execute)}({arguments})"
