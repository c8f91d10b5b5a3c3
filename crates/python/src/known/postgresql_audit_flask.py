# The manager of postgresql-audit for Flask: who acts is a User.
from postgresql_audit import VersioningManager as BaseVersioningManager


class VersioningManager(BaseVersioningManager):
    _actor_cls = "User"


versioning_manager = VersioningManager()
