"""A clock in the hand of a test: in a server of its own, the ledgers are told the hour instead of asking for it."""

from collections.abc import Callable
from datetime import datetime

import psycopg

from ledger.postgres import Server

FUNCTIONS = """
    SELECT pg_get_functiondef(oid) FROM pg_proc
     WHERE pronamespace = 'ledger'::regnamespace AND prosrc ~ 'clock_timestamp\\(\\)'
    """


def in_hand(server: Server) -> Callable[[datetime], None]:
    """What sets the clock of all ledgers of this server, for good."""
    with psycopg.connect(server.uri("postgres"), autocommit=True) as admin:
        admin.execute("CREATE TABLE public.clock (at timestamptz NOT NULL)")
        admin.execute("INSERT INTO public.clock VALUES (now())")
        admin.execute(
            "CREATE FUNCTION public.told() RETURNS timestamptz LANGUAGE sql SECURITY DEFINER"
            " AS 'SELECT at FROM public.clock'"
        )
        for (definition,) in admin.execute(FUNCTIONS).fetchall():
            admin.execute(definition.replace("clock_timestamp()", "public.told()").encode())

    def put(at: datetime) -> None:
        with psycopg.connect(server.uri("postgres"), autocommit=True) as admin:
            admin.execute("UPDATE public.clock SET at = %s", (at,))

    return put
