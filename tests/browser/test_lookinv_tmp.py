import json, os
from tests.browser.conftest import faults
from tests.web.shop import open_shop
import psycopg
from web.app import read_models

def test_look(window, sign_in, settings, server, web_pool, job_pool):
    with psycopg.connect(server.uri("postgres")) as conn:
        read_models(job_pool).install(conn)
    shop = open_shop(web_pool, job_pool, settings.secret("commands")).fill()
    jobs = json.loads(os.environ["LOOK"])  # [[name, path, theme, width]]
    pages = {}
    for name, path, theme, width in jobs:
        page = pages.get((theme, width))
        if page is None:
            page = pages[theme, width] = window(theme, width)
            sign_in(page, (shop.id, "owner"))
        page.goto(path.format(**{k: str(v) for k, v in shop.ids.items()}))
        print(name, page.url, faults(page))
        page.screenshot(path=f"/tmp/lookinv/{name}.png", full_page=True)
