"""Database roles: the owner, who migrates and backs up, and the application, which owns nothing.

On a server of one's own an administrator runs what `baoxue roles` prints, once; on the embedded one this happens by itself.
"""

from __future__ import annotations

import psycopg
from psycopg import sql

OWNER = "baoxue_owner"
APP = "baoxue_app"


def make_roles(superuser_url: str, *, database: str, owner_password: str, app_password: str) -> None:
    """Make both roles (or give them these passwords), and the database if it is absent. Can be repeated."""
    with psycopg.connect(superuser_url, autocommit=True) as server:
        for role, password in ((OWNER, owner_password), (APP, app_password)):
            known = server.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
            verb = sql.SQL("ALTER" if known else "CREATE")
            server.execute(
                sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD {}").format(
                    verb, sql.Identifier(role), sql.Literal(password)
                )
            )
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
            server.execute(
                sql.SQL("CREATE DATABASE {} OWNER {} ENCODING 'UTF8' TEMPLATE template0").format(
                    sql.Identifier(database), sql.Identifier(OWNER)
                )
            )
    with psycopg.connect(superuser_url, dbname=database, autocommit=True) as server:
        for statement in _STATEMENTS:
            server.execute(statement)


# Run in the database itself, as superuser.
_STATEMENTS = (
    f"ALTER SCHEMA public OWNER TO {OWNER}",
    "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
    f"GRANT USAGE ON SCHEMA public TO {APP}",
    # Imports are loaded through unlogged tables of their own, which the application makes and drops here.
    f"CREATE SCHEMA IF NOT EXISTS staging AUTHORIZATION {APP}",
    (
        f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public"
        f" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP}"
    ),
    f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {APP}",
    f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO {APP}",
)


def as_sql() -> str:
    """What `make_roles` does, for psql as superuser: `psql -v owner_password=… -v app_password=… -f roles.sql`."""
    lines = [
        f"CREATE ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD :'{password}';"
        for role, password in ((OWNER, "owner_password"), (APP, "app_password"))
    ]
    lines.append(f"CREATE DATABASE baoxue OWNER {OWNER} ENCODING 'UTF8' TEMPLATE template0;")
    lines.append("\\connect baoxue")
    return "\n".join([*lines, *(f"{statement};" for statement in _STATEMENTS)])
