"""The triggers that keep the journal append-only. Made after every migrate: Django's table rebuild on SQLite drops them silently."""

from django.db import connection

_SQLITE = {
    "journal_no_update": "BEFORE UPDATE ON journal_loopevent BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END",
    "journal_no_delete": "BEFORE DELETE ON journal_loopevent WHEN NOT EXISTS (SELECT 1 FROM journal_unlock) "
    "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END",
}
_POSTGRESQL = """
CREATE OR REPLACE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP IN ('DELETE', 'TRUNCATE') AND EXISTS (SELECT 1 FROM journal_unlock) THEN
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NULL;
  END IF;
  RAISE EXCEPTION 'the journal is append-only';
END $$;
CREATE OR REPLACE TRIGGER journal_no_update BEFORE UPDATE OR DELETE ON journal_loopevent FOR EACH ROW EXECUTE FUNCTION journal_refuse();
CREATE OR REPLACE TRIGGER journal_no_truncate BEFORE TRUNCATE ON journal_loopevent FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse();
"""


def guard_journal(**_signal: object) -> None:
    """Make the triggers; does nothing harmful when they exist."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRESQL)
            return
        for name, body in _SQLITE.items():
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            cursor.execute(f"CREATE TRIGGER {name} {body}")


def missing_guards() -> set[str]:
    """Names of the triggers that should be there and are not: what `luuppi doctor` asks."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = 'journal_loopevent'::regclass AND tgenabled <> 'D'")
            wanted = {"journal_no_update", "journal_no_truncate"}
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'journal_loopevent'")
            wanted = set(_SQLITE)
        return wanted - {name for (name,) in cursor.fetchall()}
