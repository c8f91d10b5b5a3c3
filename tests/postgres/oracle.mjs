// Whole schemas compared through PostgreSQL: what the server makes of a text against what it makes
// of the catalog we read from that text.
import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";

import { fixture, fixturePath } from "../support/project.mjs";
import { describe, load, openDatabase } from "./harness.mjs";

/** Everything of a schema that a review can see: `kind`, `name`, `detail`. */
export const introspection = await readFile(new URL("introspect.sql", import.meta.url), "utf8");

/** What the catalog itself, as JSON, is held against: see `facts.mjs`. */
const factsQuery = await readFile(new URL("facts.sql", import.meta.url), "utf8");

/** Rolled-back rows stay in the system catalogs, so an instance serves this many texts. */
const TEXTS_OF_AN_INSTANCE = 400;

/**
 * One PostgreSQL in memory for many texts, since it takes seconds to start: every text runs in a
 * transaction that is rolled back. A text that ends the transaction itself costs a new instance.
 */
export class Oracle {
  #database = null;
  #served = 0;

  /** The database, empty and in a transaction. */
  async begin() {
    if (this.#served >= TEXTS_OF_AN_INSTANCE) await this.close();
    this.#database ??= await openDatabase();
    this.#served += 1;
    await this.#database.exec("BEGIN");
    return this.#database;
  }

  /** What is in the database, as lines in a stable order. */
  async introspect() {
    return this.#ask(introspection);
  }

  /** What is in the database, in the words of `facts.sql`. */
  async facts() {
    return this.#ask(factsQuery);
  }

  async #ask(query) {
    // Names print with their schema whatever path the text has set.
    const results = await this.#database.exec(
      `RESET SESSION AUTHORIZATION; RESET ROLE; SET search_path = pg_catalog; ${query}`,
    );
    return results.at(-1).rows.map(line);
  }

  /** Empties the database. */
  async end() {
    await this.#database.exec("ROLLBACK; RESET ALL");
    const { rows } = await this.#database.query(
      `SELECT (SELECT count(*) FROM pg_class WHERE oid >= 16384)
            + (SELECT count(*) FROM pg_type WHERE oid >= 16384)
            + (SELECT count(*) FROM pg_proc WHERE oid >= 16384)
            + (SELECT count(*) FROM pg_authid WHERE oid >= 16384)
            + (SELECT count(*) FROM pg_namespace WHERE oid >= 16384) AS left`,
    );
    if (Number(rows[0].left) > 0) await this.close();
  }

  /** The objects that a text makes in an empty database. Fails when PostgreSQL rejects the text. */
  async rows(name, text) {
    return (await this.made(name, text)).rows;
  }

  /** The same, and the facts of them. */
  async made(name, text) {
    const database = await this.begin();
    try {
      const error = await load(database, text);
      assert.equal(error, null, describe(name, error));
      return { rows: await this.introspect(), facts: await this.facts() };
    } finally {
      await this.end();
    }
  }

  async close() {
    await this.#database?.close();
    this.#database = null;
    this.#served = 0;
  }
}

/** A row of the introspection as a line. */
export function line({ kind, name, detail }) {
  return `${kind} ${name}: ${detail}`;
}

/** What only the server has, and what only our reading has; both lists are empty when all is well. */
export function difference(theirs, ours) {
  const [made, read] = [new Set(theirs), new Set(ours)];
  return {
    missing: theirs.filter((row) => !read.has(row)),
    invented: ours.filter((row) => !made.has(row)),
  };
}

// These rely on psql to send one statement at a time, to carry a COPY payload, or to drop a byte-order mark.
const ONLY_PSQL = new Set(["backslash_strings.sql", "byte_order_mark.sql", "copy_payload.sql", "crlf.sql"]);

/** The fixtures whose catalogs are compared; with `psql`, also those that only psql can send. */
export async function catalogTexts({ psql }) {
  const texts = [
    "clinic/documented.sql",
    "clinic/implemented.sql",
    "examples/clean/docs/schema.sql",
    "examples/supabase/schema.sql",
    "examples/alembic/docs/schema.sql",
  ];
  for (const name of await files("reading")) {
    const loads = /^-- loads: yes\s*$/m.test(await fixture(name));
    if (loads && (psql || !ONLY_PSQL.has(name.slice("reading/".length)))) texts.push(name);
  }
  return [...texts, ...(await files("feature")), ...(await files("plpgsql"))];
}

/** The SQL files of a folder of fixtures, in order; none when there is no such folder. */
async function files(folder) {
  const names = await readdir(fixturePath(folder)).catch(() => []);
  return names.filter((name) => name.endsWith(".sql")).sort().map((name) => `${folder}/${name}`);
}
