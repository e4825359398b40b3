from tests.web.editing import fields, line

def test_smoke(owner, shop):
    for path in ("/factures", "/factures?statut=avoirs", "/factures.csv", "/factures/nouvelle", "/devis/nouveau"):
        r = owner.get(path); assert r.status_code == 200, (path, r.text)
    for name in ("late", "paid", "partly_paid", "credited", "draft", "credit_note", "deposit"):
        for end in ("", "/modifier", "/emettre", "/corriger", "/abandonner"):
            r = owner.get(f"/factures/{shop[name]}{end}"); assert r.status_code in (200, 303), (name, end, r.text)
            print(name, end, r.status_code)
    page = owner.get(f"/factures/{shop['draft']}/modifier").text
    print(fields(page))
    f = fields(owner.get("/factures/nouvelle").text) | {"client_id": str(shop["hotel"]), "subject": "Essai", **line(1, "Pose", "1 234,50", "2")}
    r = owner.http.post("/saisie/invoice/totaux", data=f, headers={"HX-Request": "true"})
    print(r.text)
    r = owner.http.post("/saisie/invoice/brouillon", data=f, headers={"HX-Request": "true"}); print(r.text)
    r = owner.http.post("/factures/nouvelle", data=f)
    assert r.status_code == 303, r.text
    print(r.location)
    r = owner.http.post(r.location + "/emettre", data={}); 
