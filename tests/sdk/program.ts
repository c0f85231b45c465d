// A program on the generated TypeScript client; it prints its results as JSON.
import createClient from "openapi-fetch";
import {
  CandidateTier,
  type Claim,
  ClaimFacet,
  ClaimInclude,
  type ClaimPage,
  ClaimSort,
  NameFilter,
  type paths,
  type Problem,
  Stance,
  Tier,
} from "./claimbase.js";

declare const process: { argv: string[] };

const client = createClient<paths>({ baseUrl: process.argv[2] });
type Query = NonNullable<paths["/v1/claims"]["get"]["parameters"]["query"]>;

async function listClaims(query: Query): Promise<ClaimPage> {
  const { data, error } = await client.GET("/v1/claims", { params: { query } });
  if (data === undefined) throw new Error(error?.detail);
  return data;
}

async function everyClaim(): Promise<string[][]> {
  const pages: string[][] = [];
  let cursor: string | undefined;
  for (;;) {
    const page = await listClaims({ sort: ClaimSort.DATE_DESC, limit: 20, cursor });
    pages.push(page.data.map((claim) => claim.id));
    if (page.meta.next_cursor === null) return pages;
    cursor = page.meta.next_cursor;
  }
}

function dateAndActor(claim: Claim): (string | null)[] {
  if (!claim.positions.some((position) => position.stance === Stance.OPPOSE)) {
    throw new Error(`${claim.id} does not oppose`);
  }
  return [claim.date, claim.actor === null ? null : claim.actor.name];
}

async function opposed(): Promise<(string | null)[][]> {
  const position = ["ukraine-will-join-nato"];
  const page = await listClaims({ position, stance: [Stance.OPPOSE] });
  return page.data.map(dateAndActor);
}

async function included(): Promise<Record<string, string[]>> {
  const include = [ClaimInclude.ACTOR, ClaimInclude.SOURCE];
  const page = await listClaims({ actor: ["Rutte"], include, limit: 5 });
  return {
    actors: (page.included.actors ?? []).map((actor) => actor.name),
    sources: (page.included.sources ?? []).map((source) => source.title),
  };
}

async function resolved(): Promise<unknown[]> {
  const page = await listClaims({ actor: ["NATO"] });
  const [resolution] = page.meta.resolved["actor"];
  if (resolution.tier !== Tier.NONE) throw new Error(resolution.tier);
  return [resolution.tier, resolution.suggestions.map((suggestion) => suggestion.query)];
}

async function notFound(): Promise<Problem | undefined> {
  const path = { id: "erdogan" };
  const { error } = await client.GET("/v1/actors/{id}", { params: { path } });
  return error;
}

async function invalid(): Promise<Problem | undefined> {
  const query = { from_date: "never", date: ["2025"] };
  const { error } = await client.GET("/v1/claims", { params: { query } });
  return error;
}

async function candidates(): Promise<unknown[]> {
  const queries = [
    { parameter: NameFilter.ACTOR, name: "Rutte" },
    { parameter: NameFilter.ORGANIZATION, name: "Nato alliance" },
  ];
  const { data } = await client.POST("/v1/resolve", { body: { queries } });
  if (data === undefined) throw new Error("no candidates");
  const [candidate] = data.data[0].candidates;
  if (candidate.tier !== CandidateTier.NAME) throw new Error(candidate.tier);
  return data.data;
}

async function entities(): Promise<unknown> {
  const queries = { q1: { query: "Erdogan", type: "actor" }, q2: { query: "nothing at all" } };
  const { data } = await client.POST("/v1/reconcile", {
    body: { queries: JSON.stringify(queries) },
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
  });
  if (data === undefined || !data["q1"].result[0].match) throw new Error("no match");
  return data;
}

async function exportLines(): Promise<string[]> {
  const { data } = await client.GET("/v1/export", { parseAs: "stream" });
  const text = await new Response(data).text();
  return text.split(/(?<=\n)/);
}

async function notModified(): Promise<number[]> {
  const params = { query: { actor: ["Rutte"] } };
  const first = await client.GET("/v1/claims", { params });
  const headers = { "If-None-Match": first.response.headers.get("ETag") };
  const second = await client.GET("/v1/claims", { params, headers });
  if (second.data !== undefined) throw new Error("a 304 has a body");
  return [first.response.status, second.response.status];
}

console.log(
  JSON.stringify({
    "claims by actor": await listClaims({ actor: ["Rutte"], sort: ClaimSort.DATE }),
    "every claim": await everyClaim(),
    opposed: await opposed(),
    facet: (await listClaims({ facet: [ClaimFacet.TOPIC], limit: 1 })).meta.facets["topic"],
    included: await included(),
    resolved: await resolved(),
    "not found": await notFound(),
    invalid: await invalid(),
    "not modified": await notModified(),
    export: await exportLines(),
    candidates: await candidates(),
    entities: await entities(),
  }),
);
