import time,psycopg,os
from tests.projections.measure import *
with open_folder() as folder:
    settings = Settings.from_env({"PROBANT_DATA": f"{folder}/data"}); settings.make_secret_key()
    server = postgres.start(settings); migrate(server)
    for n in (10000,40000):
      with (psycopg.connect(server.uri("postgres"), autocommit=True) as admin, postgres.pool(server, "probant_web", min_size=1,max_size=1) as web, postgres.pool(server, "probant_job", min_size=1) as job):
        shop, mapper = Shop(web, job), EventMapper(*AGGREGATES)
        fill(admin, shop, n)
        engine = Engine(web, mapper, *PROJECTIONS); engine.install(admin)
        def cpu():
            with web.connection() as c: pid=c.info.backend_pid
            with open(f'/proc/{pid}/stat') as f: st=f.read().split()
            return (int(st[13])+int(st[14]))/100
        for p in PROJECTIONS:
            b0=cpu(); c0=time.process_time(); t=time.perf_counter()
            Engine(web, mapper, p).catch_up(shop.company)
            c=(time.process_time()-c0)/n*1e6; b=(cpu()-b0)/n*1e6
            print(f"{n} {p.name:15} client {c:.0f}µs backend {b:.0f}µs per entry → {1e6/max(c,b,1):,.0f}/s pipelined, {1e6/max(1,c+b):,.0f}/s on one core; wall {n/(time.perf_counter()-t):,.0f}/s")
    postgres.stop(settings)
