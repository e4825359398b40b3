"""`probant operator`: who runs this installation's console. No page can say it: the web's role may not write it."""

import click

from ledger import postgres
from ledger.settings import Settings
from web.support.people import Connection

SET = """
    UPDATE accounts.users SET operator = %(operator)s
     WHERE lower(username) = lower(%(name)s) OR lower(email) = lower(%(name)s) RETURNING username
    """


@click.command()
@click.argument("user")
@click.option("--revoke", is_flag=True, help="Retire l’accès à la console.")
def operator(user: str, revoke: bool) -> None:
    """Ouvre la console d’exploitation à USER, un nom d’utilisateur ou une adresse e-mail."""
    settings = Settings.from_env()
    server = postgres.start(settings)
    try:
        with postgres.pool(server, "probant_job", min_size=1, max_size=1) as pool, pool.connection() as conn:
            name = appoint(conn, user, operator=not revoke)
    finally:
        postgres.stop(settings)
    if name is None:
        raise click.ClickException(f"Aucun utilisateur ne s’appelle « {user} ».")
    click.echo(f"{name} {'n’est plus' if revoke else 'est'} exploitant de cette installation.")


def appoint(conn: Connection, user: str, *, operator: bool) -> str | None:
    """Makes the user an operator, or not any more; her name, None when there is no such user."""
    row = conn.execute(SET, {"operator": operator, "name": user}).fetchone()
    return row[0] if row else None
