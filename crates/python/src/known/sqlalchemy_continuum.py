# SQLAlchemy-Continuum makes a table of versions beside each class with __versioned__.
from sqlalchemy import MetaData, event
from sqlalchemy.orm.mapperlib import _all_registries


def make_versioned(*args, **options):
    @event.listens_for(MetaData, "after_create")
    def create(target, connection, **kw):
        for registry in _all_registries():
            if any(getattr(mapper.class_, "__versioned__", None) is not None for mapper in registry.mappers):
                raise NotImplementedError("the tables of versions that it makes are not read")
