"""Version 1 of the API."""

from flask import Flask

from api.openapi.blueprint import Api
from api.v1 import (
    actors,
    autocomplete,
    changes,
    claims,
    comparison,
    contradictions,
    dataset,
    events,
    graph,
    networks,
    organizations,
    positions,
    reconcile,
    reconciliation_schemas,
    relations,
    resolve,
    reversals,
    search,
    seed_records,
    sources,
    stances,
    topics,
)

# modules that add routes to the blueprints of others
__all__ = [
    "RESOURCES",
    "comparison",
    "contradictions",
    "is_alias",
    "mount",
    "relations",
    "reversals",
    "seed_records",
]

RESOURCES = (
    *(dataset, changes, search, autocomplete, resolve, reconcile),
    *(actors, organizations, events, sources, topics, positions, claims),
    *(networks, stances, graph),
)

# ends the names of blueprints that are mounted without version
ALIAS = "-alias"


def mount(app: Flask, api: Api) -> None:
    """Serve every resource under /v1, and under the same path without it."""
    reconciliation_schemas.describe_results(api.spec)
    for resource in RESOURCES:
        api.register_blueprint(resource.blp, url_prefix="/v1")
        app.register_blueprint(resource.blp, url_prefix="/", name=f"{resource.blp.name}{ALIAS}")


def is_alias(endpoint: str) -> bool:
    """Whether the route of an endpoint has no version in its path."""
    return endpoint.partition(".")[0].endswith(ALIAS)
