"""Nothing here makes schema."""
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic.models import Note, Patient


def notes_matching(session: Session, words: str) -> list[Note]:
    query = func.websearch_to_tsquery("simple", words)
    return list(session.scalars(select(Note).where(Note.search.op("@@")(query)).limit(50)))


def patients_named(session: Session, family_name: str) -> list[Patient]:
    return list(session.scalars(select(Patient).filter_by(family_name=family_name)))
