"""The wall, the chain, and that rows are only added.

The chain is written by the database under the owner's rights, so that the application cannot choose it. Each row's
digest covers the digest of the row before and its own content; one row at a time gets its place in the chain.
"""

from django.db import migrations

from baoxue.platform.walls import append_only, wall, within

_CHAIN = """
CREATE FUNCTION audit_content(entry audit_entry) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
  SELECT convert_to(jsonb_build_array(
    entry.id, extract(epoch FROM entry.at)::numeric(20, 6), entry.event, entry.account_id, entry.post_id, entry.actor_name,
    entry.role, entry.address, entry.place_path, entry.target_type, entry.target_id, entry.detail)::text, 'UTF8')
$$;
CREATE FUNCTION audit_chain() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE before bytea;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('audit_entry'));
  SELECT digest INTO before FROM audit_entry ORDER BY id DESC LIMIT 1;
  NEW.id := nextval(pg_get_serial_sequence('audit_entry', 'id'));
  NEW.previous := coalesce(before, ''::bytea);
  NEW.digest := sha256(NEW.previous || audit_content(NEW));
  RETURN NEW;
END
$$;
CREATE TRIGGER audit_chain BEFORE INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_chain();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_tables")]
    operations = [
        migrations.RunSQL(
            _CHAIN, "DROP TRIGGER audit_chain ON audit_entry; DROP FUNCTION audit_chain(), audit_content;"
        ),
        wall("audit_entry", within("place_path")),
        append_only("audit_entry"),
    ]
