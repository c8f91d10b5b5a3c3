from sqlalchemy.orm import DeclarativeBase
from sqlalchemy_declarative_extensions import Functions, Procedure, Schemas, View, declarative_database
from sqlalchemy_declarative_extensions.dialects.postgresql import Function, FunctionSecurity, FunctionVolatility, Trigger

stamp = Function(
    "stamp",
    """
    BEGIN
        NEW.changed_at := now();
        RETURN NEW;
    END
    """,
    returns="trigger",
    language="plpgsql",
)

shout = Function(
    name="shout",
    definition="SELECT upper(word)",
    parameters=["word text"],
    returns="text",
    schema="archive",
    volatility=FunctionVolatility.IMMUTABLE,
    security=FunctionSecurity.definer,
)


@declarative_database
class Base(DeclarativeBase):
    schemas = Schemas().are("archive")
    functions = Functions().are(stamp, shout)
    procedures = [
        Procedure("forget", "BEGIN DELETE FROM letters; END", language="plpgsql"),
    ]
    triggers = [
        Trigger.before("insert", "update", on="letters", execute="stamp", name="letters_stamped").for_each_row(),
        Trigger.after("delete", on="letters", execute="stamp")
        .named("letters_gone")
        .referencing_old_table_as("gone")
        .for_each_statement(),
    ]
    views = [View("open_letters", "SELECT id, subject FROM letters WHERE closed_at IS NULL", schema="archive")]
