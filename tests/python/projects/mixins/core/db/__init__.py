from .base import Base, NAMING_CONVENTION
from .mixins import Auditable as AuditMixin
from .mixins import SoftDelete, TenantScoped, Timestamps, UuidKey

__all__ = ["AuditMixin", "Base", "NAMING_CONVENTION", "SoftDelete", "TenantScoped", "Timestamps", "UuidKey"]
