from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Time, text
from sqlalchemy.dialects.postgresql import INET, MACADDR
from sqlalchemy.orm import as_declarative, declared_attr, registry

mapper_registry = registry()
Plain = mapper_registry.generate_base()


@mapper_registry.mapped
class Bench:
    __tablename__ = "bench"

    id = Column(Integer, primary_key=True)
    room = Column(String(10), nullable=False)


class Analyser(Plain):
    __tablename__ = "analyser"

    serial_no = Column(String(40), primary_key=True)
    bench_id = Column(ForeignKey("bench.id"))
    address = Column(INET, server_default=text("'0.0.0.0'::inet"))
    hardware_address = Column(MACADDR)
    calibrated_daily_at = Column(Time)


@as_declarative(metadata=mapper_registry.metadata)
class Named:
    @declared_attr
    def __tablename__(cls):
        return "device_" + cls.__name__.lower()

    name = Column(String(60), primary_key=True)


class Reagent(Named):
    lot = Column(String(20), nullable=False)


class Vendor(Named):
    homepage = Column(String)
