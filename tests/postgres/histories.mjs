// Random histories of DDL that PostgreSQL accepts, for comparing what it made of them with what we
// read. The same seed gives the same history with the same PostgreSQL.
import { schemaward } from "../support/project.mjs";
import { factsRead } from "./facts.mjs";
import { load } from "./harness.mjs";
import { difference } from "./oracle.mjs";

const STATEMENTS = 25;

/** What there is to alter, rename and drop, by the names the server gave it. */
const STATE = `
WITH own AS (
    SELECT oid, nspname FROM pg_namespace WHERE nspname = 'public' OR oid >= 16384
), relation AS (
    SELECT c.oid, c.relname, c.relkind, c.relispartition, format('%I.%I', nspname, relname) AS name, nspname
    FROM pg_class c JOIN own ON own.oid = c.relnamespace
)
SELECT json_build_object(
    'schemas', (SELECT json_agg(nspname ORDER BY nspname) FROM own),
    'tables', (SELECT coalesce(json_agg(json_build_object(
        'name', r.name, 'bare', r.relname, 'schema', r.nspname, 'kind', r.relkind, 'partition', r.relispartition,
        'columns', (SELECT coalesce(json_agg(json_build_object(
            'name', attname, 'type', format_type(atttypid, atttypmod), 'identity', attidentity <> '',
            'generated', attgenerated <> '') ORDER BY attnum), '[]')
            FROM pg_attribute WHERE attrelid = r.oid AND attnum > 0 AND NOT attisdropped),
        'constraints', (SELECT coalesce(json_agg(json_build_object('name', conname, 'type', contype,
            'valid', convalidated,
            'columns', (SELECT json_agg(attname) FROM pg_attribute WHERE attrelid = r.oid AND attnum = ANY (conkey)))
            ORDER BY conname), '[]') FROM pg_constraint WHERE conrelid = r.oid AND contype NOT IN ('t', 'n')),
        'policies', (SELECT coalesce(json_agg(json_build_object('name', polname, 'command', polcmd) ORDER BY polname), '[]')
            FROM pg_policy WHERE polrelid = r.oid),
        'triggers', (SELECT coalesce(json_agg(tgname ORDER BY tgname), '[]')
            FROM pg_trigger WHERE tgrelid = r.oid AND NOT tgisinternal)
        ) ORDER BY r.name), '[]') FROM relation r WHERE relkind IN ('r', 'p')),
    'views', (SELECT coalesce(json_agg(json_build_object('name', name, 'kind', relkind) ORDER BY name), '[]')
        FROM relation WHERE relkind IN ('v', 'm')),
    'indexes', (SELECT coalesce(json_agg(name ORDER BY name), '[]') FROM relation
        -- The index of a partition comes by its own name only with its parent's.
        WHERE relkind IN ('i', 'I') AND NOT relispartition),
    'sequences', (SELECT coalesce(json_agg(name ORDER BY name), '[]') FROM relation WHERE relkind = 'S'),
    'types', (SELECT coalesce(json_agg(json_build_object('name', format('%I.%I', nspname, typname), 'kind', typtype,
        'labels', (SELECT json_agg(enumlabel ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid))
        ORDER BY nspname, typname), '[]')
        FROM pg_type t JOIN own ON own.oid = typnamespace WHERE typtype IN ('e', 'd')),
    'functions', (SELECT coalesce(json_agg(json_build_object('name', format('%I.%I', nspname, proname),
        'arguments', pg_get_function_identity_arguments(p.oid), 'trigger', prorettype = 'trigger'::regtype)
        ORDER BY nspname, proname, p.oid), '[]') FROM pg_proc p JOIN own ON own.oid = pronamespace)
)::text AS state`;

/** A small deterministic generator of numbers (mulberry32). */
class Random {
  #state;

  constructor(seed) {
    this.#state = seed >>> 0;
  }

  next() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  below(bound) {
    return Math.floor(this.next() * bound);
  }

  chance(share) {
    return this.next() < share;
  }

  /** One of a list; undefined of an empty one. */
  pick(list) {
    return list[this.below(list.length)];
  }

  /** Between one and `most` different members of a list, in a random order. */
  some(list, most) {
    const rest = [...list];
    const taken = [];
    const count = 1 + this.below(most);
    while (taken.length < count && rest.length > 0) {
      taken.push(rest.splice(this.below(rest.length), 1)[0]);
    }
    return taken;
  }
}

const quote = (name) => (/^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`);
const TYPES = [
  ...["integer", "bigint", "smallint", "text", "varchar(20)", "date", "timestamptz", "boolean"],
  ...["numeric(8, 2)", "uuid", "jsonb", "text[]", "double precision", "char(3)"],
];
const ROLES = ["nurse", "clerk"];
const NAMES = ["patient", "visit", "ward", "note", "bill", "item", "Order", "log", "a_b", "staff"];
const COLUMNS = ["id", "name", "code", "amount", "day", "Kind", "parent_id", "ward_id", "state", "n", "user"];

/** Writes statements that suit a state of the database; most of them are valid. */
class Writer {
  constructor(random, state) {
    this.random = random;
    this.state = state;
    this.schemas = state.schemas.map(quote);
  }

  schema() {
    return this.random.chance(0.75) ? "public" : this.random.pick(this.schemas);
  }

  /** A new name in a schema; sometimes the schema is left to the search path. */
  fresh(names = NAMES) {
    const name = quote(this.random.pick(names) + (this.random.chance(0.4) ? this.random.below(9) : ""));
    const schema = this.schema();
    return schema === "public" && this.random.chance(0.7) ? name : `${schema}.${name}`;
  }

  bare(names) {
    return quote(this.random.pick(names) + (this.random.chance(0.5) ? this.random.below(9) : ""));
  }

  table() {
    return this.random.pick(this.state.tables);
  }

  /** A table as a statement names it. */
  named(table) {
    return table.schema === "public" && this.random.chance(0.5) ? quote(table.bare) : table.name;
  }

  columns(table, most) {
    return this.random.some(table.columns.map(({ name }) => quote(name)), most).join(", ");
  }

  column(table) {
    return this.random.pick(table.columns);
  }

  type() {
    const own = this.state.types.map(({ name }) => name);
    return own.length > 0 && this.random.chance(0.15) ? this.random.pick(own) : this.random.pick(TYPES);
  }

  literal(type) {
    if (/^(integer|bigint|smallint|numeric|double)/.test(type)) return String(this.random.below(100));
    if (/^(text|character|varchar|char)/.test(type) && !type.endsWith("[]")) return this.random.pick(["'x'", "'it''s'", "''"]);
    if (type === "boolean") return this.random.pick(["true", "false"]);
    if (type === "date") return this.random.pick(["CURRENT_DATE", "'2026-01-01'"]);
    if (type.startsWith("timestamp")) return this.random.pick(["now()", "CURRENT_TIMESTAMP", "'2026-01-01'"]);
    if (type === "uuid") return "gen_random_uuid()";
    if (type === "jsonb") return "'{}'";
    if (type.endsWith("[]")) return this.random.pick(["'{}'", "ARRAY['a']"]);
    return "NULL";
  }

  /** A condition on a row of these columns. */
  condition(columns) {
    const column = this.random.pick(columns);
    if (column === undefined) return "true";
    const name = quote(column.name);
    const number = /^(integer|bigint|smallint|numeric|double)/;
    const other = columns.find(({ name, type }) => name !== column.name && number.test(type));
    if (number.test(column.type) && other && this.random.chance(0.4)) {
      return this.random.pick([`${name} < ${quote(other.name)}`, `${name} + ${quote(other.name)} > 3`]);
    }
    const simple = number.test(column.type)
      ? this.random.pick([
          ...[`${name} > 0`, `${name} BETWEEN 1 AND 9`, `${name} = 1 OR ${name} = 2`, `(${name} % 2) = 0`],
          ...[`${name} IN (1, 2, 3)`, `${name} NOT IN (0, -1)`],
        ])
      : /^(text|character|varchar)/.test(column.type) && !column.type.endsWith("[]")
        ? this.random.pick([
            ...[`${name} <> ''`, `length(${name}) < 9`, `${name} = current_user`, `${name} ~ '^a'`],
            ...[`lower(${name}) LIKE 'x%'`, `${name} IN ('a', 'it''s')`, `${name} NOT IN ('b', 'c') OR ${name} = ANY ('{d,e}')`],
          ])
        : column.type === "boolean"
          ? this.random.pick([name, `NOT ${name}`])
          : `${name} IS NOT NULL`;
    if (this.random.chance(0.2)) return `${simple} ${this.random.pick(["AND", "OR"])} ${this.condition(columns)}`;
    return simple;
  }

  references() {
    const table = this.table();
    if (!table) return null;
    const keys = table.constraints.filter(({ type }) => type === "p" || type === "u");
    const key = this.random.pick(keys);
    if (!key || key.columns.length !== 1) return null;
    const column = table.columns.find(({ name }) => name === key.columns[0]);
    const list = key.type === "p" && this.random.chance(0.5) ? "" : ` (${quote(column.name)})`;
    const actions = ["", "", " ON DELETE CASCADE", " ON DELETE SET NULL", " ON UPDATE CASCADE ON DELETE RESTRICT"];
    const late = this.random.chance(0.1) ? " DEFERRABLE INITIALLY DEFERRED" : "";
    return { type: column.type, text: `REFERENCES ${this.named(table)}${list}${this.random.pick(actions)}${late}` };
  }

  newColumn(name) {
    const { random } = this;
    const kind = random.next();
    if (kind < 0.1) return `${name} ${random.pick(["serial", "bigserial", "smallserial"])}`;
    if (kind < 0.18) return `${name} bigint GENERATED ${random.pick(["ALWAYS", "BY DEFAULT"])} AS IDENTITY`;
    if (kind < 0.3) {
      const key = this.references();
      if (key) return `${name} ${key.type} ${key.text}`;
    }
    const type = this.type();
    const parts = [name, type];
    if (random.chance(0.25)) parts.push("NOT NULL");
    const literal = this.literal(type);
    if (random.chance(0.3) && literal !== "NULL") parts.push(`DEFAULT ${literal}`);
    if (random.chance(0.12) && type !== "jsonb") parts.push("UNIQUE");
    if (random.chance(0.15)) {
      const own = random.chance(0.3) ? `CONSTRAINT ${this.bare(["ok", "check_it"])} ` : "";
      parts.push(`${own}CHECK (${this.condition([{ name: name.replaceAll('"', ""), type }])})`);
    }
    return parts.join(" ");
  }

  createTable() {
    const { random } = this;
    const names = random.some(COLUMNS, 6);
    const elements = names.map((name) => this.newColumn(quote(name)));
    const key = random.next();
    if (key < 0.45) elements[0] += " PRIMARY KEY";
    else if (key < 0.6) elements.push(`PRIMARY KEY (${random.some(names.map(quote), 2).join(", ")})`);
    if (random.chance(0.15)) elements.push(`UNIQUE (${random.some(names.map(quote), 2).join(", ")})`);
    const table = this.table();
    if (table && random.chance(0.06)) {
      const options = random.pick([
        ...["", " INCLUDING ALL", " INCLUDING ALL EXCLUDING INDEXES", " INCLUDING INDEXES"],
        ...[" INCLUDING DEFAULTS INCLUDING CONSTRAINTS", " INCLUDING IDENTITY INCLUDING INDEXES INCLUDING COMMENTS"],
      ]);
      return `CREATE TABLE ${this.fresh()} (LIKE ${this.named(table)}${options})`;
    }
    if (random.chance(0.08)) {
      const column = quote(random.pick(names));
      const plain = elements.map((element) => element.replace(" PRIMARY KEY", "").replace(" UNIQUE", ""));
      return `CREATE TABLE ${this.fresh()} (${plain.join(", ")}) PARTITION BY ${random.pick(["HASH", "LIST"])} (${column})`;
    }
    const partitioned = this.state.tables.filter(({ kind }) => kind === "p");
    if (partitioned.length > 0 && random.chance(0.25)) {
      return `CREATE TABLE ${this.fresh()} PARTITION OF ${random.pick(partitioned).name} ${random.pick(["DEFAULT", "FOR VALUES WITH (MODULUS 4, REMAINDER 1)", "FOR VALUES IN ('1')"])}`;
    }
    if (table && random.chance(0.06)) {
      // Own columns, keys and identity; a name its parent has, too, is merged where the types agree.
      const own = random.chance(0.5) ? elements : [`${this.bare(["extra"])} text`];
      return `CREATE TABLE ${this.fresh()} (${own.join(", ")}) INHERITS (${this.named(table)})`;
    }
    const exists = random.chance(0.1) ? "IF NOT EXISTS " : "";
    const unlogged = random.chance(0.05) ? "UNLOGGED " : "";
    return `CREATE ${unlogged}TABLE ${exists}${this.fresh()} (${elements.join(", ")})`;
  }

  /** Types that a column can get without its checks being written anew. */
  wider(type) {
    if (/^(integer|bigint|smallint)$/.test(type)) return ["bigint"];
    if (/^(text|character varying)/.test(type)) return ["text", "varchar(40)"];
    if (type.startsWith("character(")) return ["char(9)"];
    return type.startsWith("numeric") ? ["numeric"] : ["text"];
  }

  /** One or more actions of ALTER TABLE. */
  alterTable(table) {
    const { random } = this;
    const actions = [];
    const count = random.chance(0.2) ? 2 + random.below(2) : 1;
    for (let at = 0; at < count; at += 1) actions.push(this.action(table));
    const only = random.chance(0.12) ? "ONLY " : "";
    return `ALTER TABLE ${random.chance(0.1) ? "IF EXISTS " : ""}${only}${this.named(table)} ${actions.join(", ")}`;
  }

  action(table) {
    const { random } = this;
    const column = this.column(table) ?? { name: "missing", type: "text" };
    const name = quote(column.name);
    const constraint = random.pick(table.constraints);
    const word = random.chance(0.5) ? "COLUMN " : "";
    const actions = [
      () => `ADD ${word}${this.newColumn(this.bare(COLUMNS))}`,
      () => `ADD ${word}${this.newColumn(this.bare(COLUMNS))}`,
      () => `ADD COLUMN IF NOT EXISTS ${this.newColumn(this.bare(COLUMNS))}`,
      () => `DROP ${word}${random.chance(0.2) ? "IF EXISTS " : ""}${name}${random.chance(0.4) ? " CASCADE" : ""}`,
      () => `ALTER ${word}${name} SET NOT NULL`,
      () => `ALTER ${word}${name} DROP NOT NULL`,
      () => `ALTER ${word}${name} SET DEFAULT ${this.literal(column.type)}`,
      () => `ALTER ${word}${name} DROP DEFAULT`,
      () =>
        // A check that was never validated prints otherwise after its column's type was changed.
        table.constraints.every(({ valid }) => valid)
          ? `ALTER ${word}${name} TYPE ${random.pick(this.wider(column.type))}`
          : `ALTER ${word}${name} SET DEFAULT ${this.literal(column.type)}`,
      () => `ALTER ${word}${name} DROP IDENTITY IF EXISTS`,
      () => `ALTER ${word}${name} ADD GENERATED ALWAYS AS IDENTITY`,
      () => `ADD CHECK (${this.condition(table.columns)})`,
      () => `ADD CONSTRAINT ${this.bare(["rule", "limit_", "key"])} CHECK (${this.condition(table.columns)})${random.chance(0.3) ? " NOT VALID" : ""}`,
      () => `ADD UNIQUE (${this.columns(table, 2)})`,
      () => `ADD PRIMARY KEY (${this.columns(table, 1)})`,
      () => {
        const key = this.references();
        const own = key && table.columns.filter(({ type }) => type === key.type);
        return key && own.length > 0
          ? `ADD FOREIGN KEY (${quote(random.pick(own).name)}) ${key.text}${random.chance(0.15) && table.kind === "r" ? " NOT VALID" : ""}`
          : `ADD ${this.newColumn(this.bare(COLUMNS))}`;
      },
      () => `DROP CONSTRAINT ${constraint ? quote(constraint.name) : "IF EXISTS missing"}${random.chance(0.4) ? " CASCADE" : ""}`,
      () => (constraint && !constraint.valid ? `VALIDATE CONSTRAINT ${quote(constraint.name)}` : "ENABLE ROW LEVEL SECURITY"),
      () => "ENABLE ROW LEVEL SECURITY",
      () => "DISABLE ROW LEVEL SECURITY",
      () => "FORCE ROW LEVEL SECURITY",
      () => "NO FORCE ROW LEVEL SECURITY",
      () => `ADD ${word}${this.bare(COLUMNS)} text GENERATED ALWAYS AS (${name}::text) STORED`,
    ];
    return random.pick(actions)();
  }

  index(table) {
    const { random } = this;
    const keys = random.some(table.columns, 2).map(({ name, type }) => {
      const column = quote(name);
      const text = /^(text|character|varchar)/.test(type) && !type.endsWith("[]");
      if (text && random.chance(0.3)) return `lower(${column})`;
      if (/^(integer|bigint)/.test(type) && random.chance(0.2)) return `(${column} + 1)`;
      return column + random.pick(["", "", "", " DESC", " NULLS FIRST"]);
    });
    const unique = random.chance(0.2) ? "UNIQUE " : "";
    const name = random.chance(0.5) ? `${this.bare(["idx", "by_name", "look"])} ` : "";
    const include = random.chance(0.1) ? ` INCLUDE (${this.columns(table, 1)})` : "";
    const predicate = random.chance(0.25) ? ` WHERE ${this.condition(table.columns)}` : "";
    const only = table.kind === "p" && random.chance(0.2) ? "ONLY " : "";
    return `CREATE ${unique}INDEX ${name}ON ${only}${this.named(table)} (${keys.join(", ")})${include}${predicate}`;
  }

  policy(table) {
    const { random } = this;
    const command = random.pick(["", " FOR ALL", " FOR SELECT", " FOR INSERT", " FOR UPDATE", " FOR DELETE"]);
    const roles = random.pick(["", " TO PUBLIC", ` TO ${ROLES[0]}`, ` TO ${ROLES.join(", ")}`]);
    const using = command === " FOR INSERT" ? "" : ` USING (${this.condition(table.columns)})`;
    const check = /SELECT|DELETE/.test(command) || random.chance(0.5) ? "" : ` WITH CHECK (${this.condition(table.columns)})`;
    const kind = random.pick(["", "", " AS RESTRICTIVE", " AS PERMISSIVE"]);
    return `CREATE POLICY ${this.bare(["own", "see", "Everyone"])} ON ${this.named(table)}${kind}${command}${roles}${using}${check}`;
  }

  trigger(table) {
    const { random } = this;
    const execute = random.pick(this.state.functions.filter(({ trigger }) => trigger));
    if (!execute) return this.createFunction(true);
    const event = random.pick(["INSERT", "UPDATE", "DELETE", "INSERT OR UPDATE", `UPDATE OF ${this.columns(table, 2)}`, "INSERT OR DELETE"]);
    const when = random.chance(0.2) && !/INSERT|DELETE/.test(event)
      ? ` WHEN (OLD.${quote(this.column(table)?.name ?? "x")} IS DISTINCT FROM NEW.${quote(this.column(table)?.name ?? "x")})` : "";
    const level = when || random.chance(0.7) ? " FOR EACH ROW" : random.pick(["", " FOR EACH STATEMENT"]);
    const args = random.pick(["", "", "'a'", "'it''s', 2"]);
    return `CREATE ${random.chance(0.2) ? "OR REPLACE " : ""}TRIGGER ${this.bare(["audit", "touch"])} ${random.pick(["BEFORE", "AFTER"])} ${event} ON ${this.named(table)}${level}${when} EXECUTE FUNCTION ${execute.name}(${args})`;
  }

  createFunction(trigger) {
    const { random } = this;
    const replace = random.chance(0.3) ? "OR REPLACE " : "";
    const options = random.pick(["", " SECURITY DEFINER", " STABLE", " SECURITY DEFINER SET search_path = public, pg_temp", " STRICT"]);
    if (trigger) {
      return `CREATE ${replace}FUNCTION ${this.fresh(["track", "stamp"])}() RETURNS trigger LANGUAGE plpgsql${options.replace(" STRICT", "")} AS $$ BEGIN RETURN NEW; END $$`;
    }
    const args = random.pick(["", "a integer", "a text, b integer DEFAULT 3", "integer, text", "OUT x integer", "VARIADIC list text[]"]);
    const returns = args.startsWith("OUT") ? "" : " RETURNS integer";
    return `CREATE ${replace}FUNCTION ${this.fresh(["total", "calc"])}(${args})${returns} LANGUAGE sql${options} AS $$ SELECT ${random.below(9)} $$`;
  }

  view() {
    const table = this.table();
    const { random } = this;
    const options = random.pick(["", "", " WITH (security_invoker = true)", " WITH (security_barrier)"]);
    const name = this.fresh(["report", "recent", "Overview"]);
    const where = random.chance(0.4) ? ` WHERE ${this.condition(table.columns)}` : "";
    const query = `SELECT ${this.columns(table, 3)} FROM ${this.named(table)}${where}`;
    if (random.chance(0.2)) return `CREATE MATERIALIZED VIEW ${name} AS ${query}`;
    return `CREATE ${random.chance(0.2) ? "OR REPLACE " : ""}VIEW ${name}${options} AS ${query}`;
  }

  comment(table) {
    const { random } = this;
    const text = random.pick(["'x'", "'it''s'", "NULL", "E'two\\nlines'"]);
    const [policy, trigger] = [random.pick(table.policies), random.pick(table.triggers)];
    const constraint = random.pick(table.constraints.filter(({ type }) => type !== "n"));
    const target = random.pick(
      [
        `TABLE ${this.named(table)}`,
        table.columns.length > 0 && `COLUMN ${this.named(table)}.${quote(this.column(table).name)}`,
        constraint && `CONSTRAINT ${quote(constraint.name)} ON ${this.named(table)}`,
        policy && `POLICY ${quote(policy.name)} ON ${this.named(table)}`,
        trigger && `TRIGGER ${quote(trigger)} ON ${this.named(table)}`,
      ].filter(Boolean),
    );
    return `COMMENT ON ${target} IS ${text}`;
  }

  rename(table) {
    const { random, state } = this;
    const [policy, trigger] = [random.pick(table.policies), random.pick(table.triggers)];
    const column = this.column(table);
    const constraint = random.pick(table.constraints);
    const [index, type] = [random.pick(state.indexes), random.pick(state.types)];
    const [routine, view, sequence] = [random.pick(state.functions), random.pick(state.views), random.pick(state.sequences)];
    const schema = this.schemas.find((name) => name !== "public");
    return random.pick(
      [
        `ALTER TABLE ${this.named(table)} RENAME TO ${this.bare(NAMES)}`,
        column && `ALTER TABLE ${this.named(table)} RENAME ${random.chance(0.5) ? "COLUMN " : ""}${quote(column.name)} TO ${this.bare(COLUMNS)}`,
        column && `ALTER TABLE ${this.named(table)} RENAME COLUMN ${quote(column.name)} TO ${this.bare(COLUMNS)}`,
        constraint && `ALTER TABLE ${this.named(table)} RENAME CONSTRAINT ${quote(constraint.name)} TO ${this.bare(["rule", "key"])}`,
        policy && `ALTER POLICY ${quote(policy.name)} ON ${this.named(table)} RENAME TO ${this.bare(["mine", "see"])}`,
        trigger && `ALTER TRIGGER ${quote(trigger)} ON ${this.named(table)} RENAME TO ${this.bare(["audit", "spy"])}`,
        index && `ALTER INDEX ${index} RENAME TO ${this.bare(["idx", "ix"])}`,
        type && `ALTER ${type.kind === "d" ? "DOMAIN" : "TYPE"} ${type.name} RENAME TO ${this.bare(["kind", "sort"])}`,
        routine && `ALTER FUNCTION ${routine.name}(${routine.arguments}) RENAME TO ${this.bare(["calc", "track"])}`,
        view && `ALTER ${view.kind === "m" ? "MATERIALIZED VIEW" : "VIEW"} ${view.name} RENAME TO ${this.bare(["report", "old"])}`,
        sequence && `ALTER SEQUENCE ${sequence} RENAME TO ${this.bare(["counter", "seq"])}`,
        schema && random.chance(0.3) && `ALTER SCHEMA ${schema} RENAME TO ${this.bare(["app", "core"])}`,
        `ALTER TABLE ${this.named(table)} SET SCHEMA ${this.schema()}`,
        routine && `ALTER FUNCTION ${routine.name}(${routine.arguments}) SET SCHEMA ${this.schema()}`,
        type && `ALTER TYPE ${type.name} SET SCHEMA ${this.schema()}`,
      ].filter(Boolean),
    );
  }

  drop(table) {
    const { random, state } = this;
    const cascade = random.chance(0.4) ? " CASCADE" : "";
    const exists = random.chance(0.2) ? "IF EXISTS " : "";
    const [policy, trigger] = [random.pick(table.policies), random.pick(table.triggers)];
    const [index, type] = [random.pick(state.indexes), random.pick(state.types)];
    const [routine, view, sequence] = [random.pick(state.functions), random.pick(state.views), random.pick(state.sequences)];
    const schema = this.schemas.find((name) => name !== "public");
    return random.pick(
      [
        `DROP TABLE ${exists}${this.named(table)}${cascade}`,
        policy && `DROP POLICY ${exists}${quote(policy.name)} ON ${this.named(table)}`,
        trigger && `DROP TRIGGER ${exists}${quote(trigger)} ON ${this.named(table)}`,
        index && `DROP INDEX ${exists}${index}${cascade}`,
        type && `DROP ${type.kind === "d" ? "DOMAIN" : "TYPE"} ${exists}${type.name}${cascade}`,
        routine && `DROP FUNCTION ${exists}${routine.name}(${routine.arguments})${cascade}`,
        view && `DROP ${view.kind === "m" ? "MATERIALIZED VIEW" : "VIEW"} ${exists}${view.name}${cascade}`,
        sequence && `DROP SEQUENCE ${exists}${sequence}${cascade}`,
        schema && random.chance(0.3) && `DROP SCHEMA ${exists}${schema}${cascade}`,
      ].filter(Boolean),
    );
  }

  grant(table) {
    const { random } = this;
    const privileges = random.pick(["SELECT", "INSERT, UPDATE", "ALL", "DELETE", `SELECT (${this.columns(table, 2)})`, `UPDATE (${this.columns(table, 1)})`]);
    const on = random.chance(0.15) ? `ALL TABLES IN SCHEMA ${this.schema()}` : this.named(table);
    const role = random.pick([...ROLES, "PUBLIC"]);
    if (on.startsWith("ALL") && privileges.includes("(")) return `GRANT SELECT ON ${on} TO ${role}`;
    return random.chance(0.3) ? `REVOKE ${privileges} ON ${on} FROM ${role}` : `GRANT ${privileges} ON ${on} TO ${role}`;
  }

  other(table) {
    const { random, state } = this;
    const [policy, trigger, type] = [random.pick(table.policies), random.pick(table.triggers), random.pick(state.types)];
    const [routine, view] = [random.pick(state.functions), random.pick(state.views)];
    const roles = random.chance(0.5) ? ` TO ${random.pick([...ROLES, "PUBLIC"])}` : "";
    return random.pick(
      [
        policy && `ALTER POLICY ${quote(policy.name)} ON ${this.named(table)}${roles}${policy.command === "a" ? "" : ` USING (${this.condition(table.columns)})`}`,
        trigger && `ALTER TABLE ${this.named(table)} ${random.pick(["DISABLE", "ENABLE", "ENABLE ALWAYS", "ENABLE REPLICA"])} TRIGGER ${quote(trigger)}`,
        table.triggers.length > 0 && `ALTER TABLE ${this.named(table)} ${random.pick(["DISABLE", "ENABLE"])} TRIGGER USER`,
        type?.labels && `ALTER TYPE ${type.name} ADD VALUE ${random.chance(0.3) ? "IF NOT EXISTS " : ""}'${random.pick(["new", "old", "it''s"])}'${random.chance(0.4) ? ` BEFORE '${random.pick(type.labels)}'` : ""}`,
        type?.labels && `ALTER TYPE ${type.name} RENAME VALUE '${random.pick(type.labels)}' TO '${random.pick(["first", "last"])}'`,
        routine && `ALTER FUNCTION ${routine.name}(${routine.arguments}) ${random.pick(["SECURITY DEFINER", "SECURITY INVOKER", "STABLE", "SET search_path = public", "RESET ALL", "LEAKPROOF"])}`,
        view?.kind === "v" && `ALTER VIEW ${view.name} ${random.pick(["SET (security_invoker = true)", "RESET (security_invoker)", "SET (security_barrier = false)"])}`,
        `CREATE SCHEMA ${this.bare(["app", "audit_"])}`,
        `CREATE TYPE ${this.fresh(["kind", "level"])} AS ENUM ('low', 'high')`,
        `CREATE DOMAIN ${this.fresh(["positive", "email"])} AS integer CHECK (VALUE > ${random.below(9)})`,
        `CREATE SEQUENCE ${this.fresh(["counter"])}`,
        `SET search_path = ${random.pick(["public", `${this.schema()}, public`, `public, ${this.schema()}`])}`,
      ].filter(Boolean),
    );
  }

  statement() {
    const { random } = this;
    if (this.state.tables.length === 0 || random.chance(0.14)) return this.createTable();
    const table = this.table();
    const kinds = [
      [26, () => this.alterTable(table)],
      [8, () => this.index(table)],
      [10, () => this.policy(table)],
      [7, () => this.trigger(table)],
      [4, () => this.createFunction(false)],
      [5, () => this.view()],
      [5, () => this.comment(table)],
      [14, () => this.rename(table)],
      [8, () => this.drop(table)],
      [6, () => this.grant(table)],
      [12, () => this.other(table)],
    ];
    let at = random.below(kinds.reduce((sum, [weight]) => sum + weight, 0));
    for (const [weight, write] of kinds) {
      if (at < weight) return write();
      at -= weight;
    }
    return this.createTable();
  }
}

const PREAMBLE = ROLES.map((role) => `CREATE ROLE ${role};`);

/**
 * A history of about `count` statements, each of which PostgreSQL accepted, and the rows and facts of
 * what it made.
 */
export async function history(oracle, seed, count = STATEMENTS) {
  const random = new Random(seed);
  const database = await oracle.begin();
  try {
    await database.exec(PREAMBLE.join("\n"));
    const accepted = [];
    let state = null;
    // Half as many again are tried as are wanted: most are valid.
    for (let tries = 0; accepted.length < count && tries < count * 1.5; tries += 1) {
      state ??= JSON.parse((await database.query(STATE)).rows[0].state);
      const statement = new Writer(random, state).statement();
      if (await attempt(database, statement)) {
        accepted.push(`${statement};`);
        state = null;
      }
    }
    return { statements: accepted, rows: await oracle.introspect(), facts: await oracle.facts() };
  } finally {
    await oracle.end();
  }
}

/** Runs a statement that may fail without ending the transaction; whether PostgreSQL took it. */
async function attempt(database, statement) {
  await database.exec("SAVEPOINT before");
  try {
    await database.exec(statement);
    await database.exec("RELEASE before");
    return true;
  } catch {
    await database.exec("ROLLBACK TO before; RELEASE before");
    return false;
  }
}

/** What the server makes of statements, leaving out those that it rejects. */
async function replay(oracle, statements) {
  const database = await oracle.begin();
  try {
    await database.exec(PREAMBLE.join("\n"));
    const accepted = [];
    for (const statement of statements) {
      if (await attempt(database, statement)) accepted.push(statement);
    }
    return { statements: accepted, rows: await oracle.introspect(), facts: await oracle.facts() };
  } finally {
    await oracle.end();
  }
}

/** Where our reading of a history differs from the server's, in words; null when it does not. */
export async function disagreement(oracle, { statements, rows, facts }) {
  const text = [...PREAMBLE, ...statements].join("\n");
  const said = words(difference(facts, await factsRead(text)));
  if (said !== null) return `The catalog itself:\n${said}`;
  const { stdout } = await schemaward(["catalog", "--format", "sql", "-"], text);
  const database = await oracle.begin();
  let ours = [];
  try {
    const error = await load(database, stdout);
    if (error) return `PostgreSQL rejects our reading: ${error.message}\n${error.line ? stdout.split("\n")[error.line - 1] : ""}`;
    ours = await oracle.introspect();
  } finally {
    await oracle.end();
  }
  return words(difference(rows, ours));
}

/** A difference in words; null where there is none. */
function words({ missing, invented }) {
  if (missing.length + invented.length === 0) return null;
  return [...missing.map((row) => `- ${row}`), ...invented.map((row) => `+ ${row}`)].join("\n");
}

/** The shortest history we find, by leaving statements out, that still disagrees. */
export async function shrink(oracle, found) {
  let best = found;
  for (let size = Math.ceil(best.statements.length / 2); size > 0; size = size > 1 ? Math.ceil(size / 2) : 0) {
    for (let at = best.statements.length - size; at >= -size; at -= size) {
      const from = Math.max(at, 0);
      const fewer = best.statements.toSpliced(from, size);
      if (fewer.length === best.statements.length) continue;
      const tried = await replay(oracle, fewer);
      if ((await disagreement(oracle, tried)) !== null) best = tried;
    }
  }
  return best;
}
