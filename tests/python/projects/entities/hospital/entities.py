from alembic_utils.pg_function import PGFunction
from alembic_utils.pg_policy import PGPolicy
from alembic_utils.pg_trigger import PGTrigger
from alembic_utils.pg_view import PGView

nights = PGFunction(
    schema="public",
    signature="nights(admitted timestamptz, discharged timestamptz default now())",
    definition="""
returns integer
language sql
stable
as $$
    select (discharged::date - admitted::date)
$$""",
)

current_stays = PGView(
    schema="public",
    signature="current_stays",
    definition="select id, ward_id, patient, nights(admitted_at) as nights from stay where discharged_at is null",
)

own_ward = PGPolicy(
    schema="public",
    signature="own_ward",
    on_entity="stay",
    definition="as permissive for select to public using (ward_id = current_setting('app.ward')::int)",
)

ALL = [nights, current_stays, own_ward]
