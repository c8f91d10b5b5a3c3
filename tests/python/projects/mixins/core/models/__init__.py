from core.db import Base

from . import catalogue, people
from .care import CarePlan, Goal
from .people import Tenant, User

__all__ = ["Base", "CarePlan", "Goal", "Tenant", "User", "catalogue", "people"]
