from sqlalchemy import Column, DateTime, Integer, func
from sqlalchemy.ext.declarative import declarative_base


class BaseModel(object):
    id = Column(Integer, primary_key=True, autoincrement=True)
    created_at = Column(DateTime, nullable=False, default=func.now(), server_default=func.now())

    def __repr__(self):
        return "<%s %s>" % (type(self).__name__, self.id)


Base = declarative_base(cls=BaseModel)
