"""Builds the schema of a project in a database, with the SQLAlchemy and the Alembic of this Python.

    build.py PROJECT create_all MODULE:METADATA...
    build.py PROJECT entities MODULE:LIST...
    build.py PROJECT upgrade ALEMBIC_INI
    build.py PROJECT downgrade ALEMBIC_INI

DATABASE_URL names the database.
"""

import importlib
import os
import sys
from operator import attrgetter

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, event
from sqlalchemy.engine import Engine
from sqlalchemy.pool import NullPool


@event.listens_for(Engine, "do_connect")
def prepare_nothing(dialect, record, args, parameters):
    """All connections may end in one session, where a name can be prepared only once."""
    parameters["prepare_threshold"] = None


def found(place):
    """What stands at `MODULE:PATH`."""
    module, _, path = place.partition(":")
    return attrgetter(path)(importlib.import_module(module))


def create_all(url, places):
    """What an application does that has no migrations."""
    engine = create_engine(url, poolclass=NullPool)
    for place in places:
        found(place).create_all(engine)


def create_entities(url, places):
    """What Alembic writes into a revision for the entities of alembic_utils."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        for entity in (entity for place in places for entity in found(place)):
            connection.execute(entity.to_sql_statement_create())


def configuration(url, file):
    config = Config(file)
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def main(project, step, *rest):
    os.chdir(project)
    sys.path.insert(0, project)
    url = os.environ["DATABASE_URL"]
    if step == "create_all":
        create_all(url, rest)
    elif step == "entities":
        create_entities(url, rest)
    elif step == "upgrade":
        command.upgrade(configuration(url, *rest), "heads")
    elif step == "downgrade":
        command.downgrade(configuration(url, *rest), "base")
    else:
        sys.exit(f"there is no step {step}")


if __name__ == "__main__":
    main(*sys.argv[1:])
