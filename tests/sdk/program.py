"""A program on the generated Python client; it prints its results as JSON."""

from __future__ import annotations

import json
import sys

from claimbase_client import Client
from claimbase_client.api.actors.get_actor import sync as get_actor
from claimbase_client.api.claims.list_claims import sync as list_claims
from claimbase_client.api.claims.list_claims import sync_detailed as list_claims_detailed
from claimbase_client.api.following.export_dataset import sync as export_dataset
from claimbase_client.api.reconciliation.reconcile_names import sync as reconcile_names
from claimbase_client.api.resolving.find_candidates import sync as find_candidates
from claimbase_client.models import (
    AskedName,
    AskedNames,
    CandidateTier,
    Claim,
    ClaimFacet,
    ClaimInclude,
    ClaimPage,
    ClaimSort,
    NameFilter,
    Problem,
    ReconciliationBatch,
    ReconciliationResults,
    ResolvedNames,
    Stance,
    Tier,
)
from claimbase_client.types import UNSET, File, Unset


def page_of(result: object) -> ClaimPage:
    assert isinstance(result, ClaimPage)
    return result


def problem_of(result: object) -> dict[str, object]:
    assert isinstance(result, Problem)
    return result.to_dict()


def every_claim(client: Client) -> list[list[str]]:
    pages: list[list[str]] = []
    cursor: str | Unset = UNSET
    while True:
        page = page_of(
            list_claims(client=client, sort=ClaimSort.DATE_DESC, limit=20, cursor=cursor)
        )
        pages.append([claim.id for claim in page.data])
        if page.meta.next_cursor is None:
            return pages
        cursor = page.meta.next_cursor


def date_and_actor(claim: Claim) -> list[str | None]:
    assert claim.actor is not None
    assert Stance.OPPOSE in [position.stance for position in claim.positions]
    return [claim.date, claim.actor.name]


def opposed(client: Client) -> list[list[str | None]]:
    page = page_of(
        list_claims(
            client=client, position=["ukraine-will-join-nato"], stance=[Stance.OPPOSE], limit=50
        )
    )
    return [date_and_actor(claim) for claim in page.data]


def facet(client: Client) -> dict[str, object]:
    page = page_of(list_claims(client=client, facet=[ClaimFacet.TOPIC], limit=1))
    return page.meta.facets["topic"].to_dict()


def included(client: Client) -> dict[str, list[str]]:
    page = page_of(
        list_claims(
            client=client,
            actor=["Rutte"],
            include=[ClaimInclude.ACTOR, ClaimInclude.SOURCE],
            limit=5,
        )
    )
    return {
        "actors": [actor.name for actor in page.included.actors or []],
        "sources": [source.title for source in page.included.sources or []],
    }


def resolved(client: Client) -> list[object]:
    page = page_of(list_claims(client=client, actor=["NATO"]))
    (resolution,) = page.meta.resolved["actor"]
    assert resolution.tier is Tier.NONE
    return [resolution.tier, [suggestion.query for suggestion in resolution.suggestions]]


def export_lines(client: Client) -> list[str]:
    export = export_dataset(client=client)
    assert isinstance(export, File)
    return [line.decode() for line in export.payload]


def not_modified(client: Client, address: str) -> list[int]:
    first = list_claims_detailed(client=client, actor=["Rutte"])
    conditional_client = Client(base_url=address, headers={"If-None-Match": first.headers["ETag"]})
    with conditional_client:
        second = list_claims_detailed(client=conditional_client, actor=["Rutte"])
    assert second.parsed is None
    return [first.status_code, second.status_code]


def candidates(client: Client) -> list[object]:
    asked = [
        AskedName(parameter=NameFilter.ACTOR, name="Rutte"),
        AskedName(parameter=NameFilter.ORGANIZATION, name="Nato alliance"),
    ]
    answer = find_candidates(client=client, body=AskedNames(queries=asked))
    assert isinstance(answer, ResolvedNames)
    assert answer.data[0].candidates[0].tier is CandidateTier.NAME
    return [name.to_dict() for name in answer.data]


def entities(client: Client) -> dict[str, object]:
    queries = {"q1": {"query": "Erdogan", "type": "actor"}, "q2": {"query": "nothing at all"}}
    answer = reconcile_names(client=client, body=ReconciliationBatch(queries=json.dumps(queries)))
    assert isinstance(answer, ReconciliationResults)
    assert answer["q1"].result[0].match
    return answer.to_dict()


def results(address: str) -> dict[str, object]:
    with Client(base_url=address, raise_on_unexpected_status=True) as client:
        claims = page_of(list_claims(client=client, actor=["Rutte"], sort=ClaimSort.DATE))
        return {
            "claims by actor": claims.to_dict(),
            "every claim": every_claim(client),
            "opposed": opposed(client),
            "facet": facet(client),
            "included": included(client),
            "resolved": resolved(client),
            "not found": problem_of(get_actor("erdogan", client=client)),
            "invalid": problem_of(
                list_claims(client=client, from_date="never", date=["2025"], limit=50)
            ),
            "not modified": not_modified(client, address),
            "candidates": candidates(client),
            "entities": entities(client),
            "export": export_lines(client),
        }


if __name__ == "__main__":
    json.dump(results(sys.argv[1]), sys.stdout)
