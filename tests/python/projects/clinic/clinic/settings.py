import os

DATABASE_URL = os.environ.get("DATABASE_URL", "postgresql+psycopg://localhost/clinic")
DEFAULT_CURRENCY = "EUR"
AUDITED_BY_DEFAULT = True
