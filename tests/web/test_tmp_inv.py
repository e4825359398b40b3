import time, gzip
from tests.web.editing import fields, line
from ledger.commands import companies
from domain.company import Configuration
def test_t(owner, shop):
    f = fields(owner.get("/factures/nouvelle").text) | {"client_id": str(shop["hotel"])}
    for n in range(1, 101): f |= line(n, f"Ligne {n}", "12,34", "3", vat="FR|S|2000||", nature="services", unit="C62")
    ts = []
    for _ in range(8):
        t = time.perf_counter(); r = owner.http.post("/saisie/invoice/totaux", data=f, headers={"HX-Request": "true"}); ts.append(time.perf_counter() - t)
    print("totals 100 lines", sorted(ts))
    t = time.perf_counter(); r = owner.http.post("/saisie/invoice/lignes", data=f | {"action": "x"}, headers={"HX-Request": "true"}); print("lines", time.perf_counter()-t, len(r.data), len(gzip.compress(r.data)))
    ts = []
    for _ in range(5):
        t = time.perf_counter(); owner.get("/factures"); ts.append(time.perf_counter()-t)
    print("list", sorted(ts))
    print(len(owner.get("/factures/nouvelle").data))

def test_f(new_shop, keeper):
    new_shop.do(companies.configure_company, configuration=Configuration(vat_regime="franchise"))
    o = keeper(new_shop); c = new_shop.client("Madame Test", "person", natural_person=True)
    f = fields(o.get(f"/factures/nouvelle?client={c}").text)
    assert f["client_id"] == str(c)
    print({k: v for k, v in f.items() if "vat" in k})
    f |= line(1, "Pose", "100")
    print(o.http.post("/saisie/invoice/totaux", data=f, headers={"HX-Request": "true"}).text)
    loc = o.http.post("/factures/nouvelle", data=f | {"suite": "1"}).location
    p = o.get(loc); print(loc, p.status_code); assert "disabled>" not in p.text
