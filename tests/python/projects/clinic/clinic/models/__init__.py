from ..db import Base
from .billing import Invoice, InvoiceLine, Payment
from .chart import Diagnosis, Encounter, LabResult, Medication, Note
from .identity import Membership, Organisation, Role, User, user_roles
from .patient import Address, Consent, Patient
from .reference import *  # noqa: F403
from .system import AuditLog, Job

__all__ = [name for name in dir() if not name.startswith("_")]
