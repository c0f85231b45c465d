def test_smoke(shipped):
    assert shipped.get("/claims?actor=Rutte").json["meta"]["total"] == 60


def test_own(load, client):
    load(actors=[{"id": "a", "name": "B"}])
    assert client.get("/actors").json["meta"]["total"] == 1
