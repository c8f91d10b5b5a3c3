from sqlalchemy.orm import configure_mappers

from .base import Base
from .concrete import *  # noqa: F403
from .joined import (
    ControlledPrescription, Document, EPrescription, Prescription, Referral,
)
from .single import *  # noqa: F403

configure_mappers()
