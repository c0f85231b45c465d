"""The same models and views on PostgreSQL: SQLAlchemy's AsyncSession over asyncpg."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

import sqlalchemy as sa
from fastapi import Depends, FastAPI
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from bench.relational import (
    ALL_RELATIONS,
    ClaimView,
    Count,
    Facet,
    Page,
    Total,
    facet_query,
    page_query,
    total_query,
)
from bench.relational_tables import URL, Claim

app = FastAPI()
sessions = async_sessionmaker(create_async_engine(URL), expire_on_commit=False)


async def open_session() -> AsyncIterator[AsyncSession]:
    async with sessions() as session:
        yield session


OpenSession = Annotated[AsyncSession, Depends(open_session)]


@app.get("/claims")
async def claims(session: OpenSession, actor: str | None = None, topic: str | None = None) -> Page:
    return {"data": await session.scalars(page_query(actor, topic))}  # type: ignore[return-value]


@app.get("/claims/{slug}")
async def claim(session: OpenSession, slug: str) -> ClaimView:
    query = sa.select(Claim).where(Claim.slug == slug).options(*ALL_RELATIONS)
    return (await session.scalars(query)).one()


@app.get("/total")
async def total(session: OpenSession, actor: str | None = None, topic: str | None = None) -> Total:
    return Total(total=(await session.scalars(total_query(actor, topic))).one())


@app.get("/facet")
async def facet(session: OpenSession, actor: str | None = None) -> Facet:
    rows = await session.execute(facet_query(actor))
    return Facet(values=[Count(**row) for row in rows.mappings()])
