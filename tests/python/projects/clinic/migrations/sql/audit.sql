-- One function for all tables: the name of the key is an argument of the trigger.
CREATE OR REPLACE FUNCTION audit_row() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, public
AS $audit$
DECLARE
    changed uuid;
BEGIN
    IF TG_OP = 'DELETE' THEN
        changed := OLD.id;
    ELSE
        changed := NEW.id;
    END IF;
    INSERT INTO audit_log (table_name, row_id, operation, old_row, new_row, actor)
    VALUES (
        TG_TABLE_NAME,
        changed,
        TG_OP,
        CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END,
        CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END,
        NULLIF(current_setting('app.user_id', true), '')::uuid
    );
    RETURN COALESCE(NEW, OLD);
END;
$audit$;

REVOKE ALL ON FUNCTION audit_row() FROM PUBLIC;
