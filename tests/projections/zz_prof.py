import time, psycopg, cProfile, pstats, resource, os
from tests.projections.measure import *
from projections import invoices, timeline

with open_folder() as folder:
    settings = Settings.from_env({"PROBANT_DATA": f"{folder}/data"})
    settings.make_secret_key()
    server = postgres.start(settings)
    migrate(server)
    with (
        psycopg.connect(server.uri("postgres"), autocommit=True) as admin,
        postgres.pool(server, "probant_web", min_size=1) as web,
        postgres.pool(server, "probant_job", min_size=1) as job,
    ):
        shop, mapper = Shop(web, job), EventMapper(*AGGREGATES)
        fill(admin, shop, 10000)
        engine = Engine(web, mapper, *PROJECTIONS)
        engine.install(admin)
        for p in (invoices.projection, timeline.projection):
            c0 = time.process_time()
            t = time.perf_counter()
            pr = cProfile.Profile() if os.environ.get("P") else None
            if pr:
                pr.enable()
            e = Engine(web, mapper, p)
            e.catch_up(shop.company)
            if pr:
                pr.disable()
                pstats.Stats(pr).sort_stats("tottime").print_stats(14)
            with web.connection() as c:
                pid = c.info.backend_pid
            st = open(f"/proc/{pid}/stat").read().split()
            print(
                p.name,
                "wall",
                time.perf_counter() - t,
                "client cpu",
                time.process_time() - c0,
                "backend cpu total",
                (int(st[13]) + int(st[14])) / 100,
            )
    postgres.stop(settings)
