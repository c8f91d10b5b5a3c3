from clinic.db.base import Base
from clinic.db.mixins import AuditedMixin, SoftDeleteMixin, TimestampMixin, UUIDMixin, tenant_fk

__all__ = ["AuditedMixin", "Base", "SoftDeleteMixin", "TimestampMixin", "UUIDMixin", "tenant_fk"]
