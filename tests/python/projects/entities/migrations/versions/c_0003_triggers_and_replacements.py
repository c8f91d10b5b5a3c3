"""triggers, replacements, grants"""
from alembic import op
from alembic_utils.pg_function import PGFunction
from alembic_utils.pg_grant_table import PGGrantTable, PGGrantTableChoice
from alembic_utils.pg_materialized_view import PGMaterializedView
from alembic_utils.pg_policy import PGPolicy
from alembic_utils.pg_trigger import PGTrigger
from alembic_utils.pg_view import PGView

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

guard = PGFunction(
    schema="public",
    signature="stay_guard()",
    definition="""
    RETURNS TRIGGER LANGUAGE plpgsql AS $function$
    BEGIN
        IF NEW.discharged_at < NEW.admitted_at THEN
            RAISE EXCEPTION 'left at % before coming', to_char(NEW.discharged_at, 'HH24:MI');
        END IF;
        RETURN NEW;
    END;
    $function$
    """,
)

guard_trigger = PGTrigger(
    schema="public",
    signature="stay_guard",
    on_entity="public.stay",
    is_constraint=False,
    definition="BEFORE INSERT OR UPDATE ON public.stay FOR EACH ROW EXECUTE FUNCTION public.stay_guard()",
)

occupancy = PGMaterializedView(
    schema="public",
    signature="occupancy",
    definition="SELECT ward_id, count(*) AS stays FROM public.stay WHERE discharged_at IS NULL GROUP BY ward_id;",
    with_data=True,
)

readers = PGGrantTable(
    schema="public",
    table="ward",
    columns=["id", "name"],
    role="public",
    grant=PGGrantTableChoice.SELECT,
    with_grant_option=False,
)


def current_stays(columns):
    return PGView(
        schema="public",
        signature="current_stays",
        definition=f"SELECT {', '.join(columns)} FROM public.stay WHERE discharged_at IS NULL",
    )


def own_ward(check):
    return PGPolicy(
        schema="public",
        signature="own_ward",
        on_entity="stay",
        definition=f"AS PERMISSIVE FOR SELECT TO public USING ({check})",
    )


def upgrade():
    for entity in (guard, guard_trigger, occupancy):
        op.create_entity(entity)
    op.replace_entity(current_stays(["id", "ward_id", "patient", "nights(admitted_at) AS nights", r"to_char(admitted_at, 'HH24\:MI') AS since"]))
    op.replace_entity(own_ward("ward_id = NULLIF(current_setting('app.ward', true), '')::int"))


def downgrade():
    op.replace_entity(own_ward("ward_id = current_setting('app.ward')::int"))
    op.drop_entity(current_stays(["id"]))
    op.create_entity(current_stays(["id", "ward_id", "patient"]))
    for entity in (occupancy, guard_trigger, guard):
        op.drop_entity(entity)
