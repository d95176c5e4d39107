"""The wall, the chain, and that rows are only added.

The chain is written by the database under the owner's rights, so that the application can neither choose it nor leave an
entry out. It is written when a transaction commits: entries get their place one at a time, and to hold that turn from the
first entry of a long transaction to its end would keep everybody else waiting.
"""

from django.db import migrations

from baoxue.platform.walls import append_only, wall, within

_CHAIN = """
CREATE FUNCTION audit_content(entry audit_entry) RETURNS bytea LANGUAGE sql STABLE AS $$
  SELECT convert_to(jsonb_build_array(
    entry.id, extract(epoch FROM entry.at)::numeric(20, 6), entry.event, entry.account_id, entry.post_id, entry.actor_name,
    entry.role, entry.address, entry.place_path, entry.target_type, entry.target_id, entry.detail)::text, 'UTF8')
$$;
CREATE FUNCTION audit_chain() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE last audit_link;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('audit_link'));
  SELECT * INTO last FROM audit_link ORDER BY position DESC LIMIT 1;
  INSERT INTO audit_link (position, entry_id, previous, digest) VALUES (
    coalesce(last.position, 0) + 1, NEW.id, coalesce(last.digest, ''),
    sha256(coalesce(last.digest, '') || audit_content(NEW)));
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER audit_chain AFTER INSERT ON audit_entry
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_chain();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_tables")]
    operations = [
        migrations.RunSQL(
            _CHAIN, "DROP TRIGGER audit_chain ON audit_entry; DROP FUNCTION audit_chain(), audit_content;"
        ),
        wall("audit_entry", within("place_path")),
        append_only("audit_entry"),
        append_only("audit_link"),
        migrations.RunSQL("REVOKE INSERT ON audit_link FROM baoxue_app", "GRANT INSERT ON audit_link TO baoxue_app"),
    ]
