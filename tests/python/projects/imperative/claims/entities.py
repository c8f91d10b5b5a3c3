from dataclasses import dataclass, field

from sqlalchemy.orm import registry, relationship

from claims import tables

mapper_registry = registry(metadata=tables.metadata)


@dataclass
class Line:
    procedure_code: str
    units: int = 1


@dataclass
class Claim:
    number: int
    lines: list[Line] = field(default_factory=list)


def start_mappers() -> None:
    mapper_registry.map_imperatively(Line, tables.line)
    mapper_registry.map_imperatively(Claim, tables.claim, properties={"lines": relationship(Line)})
