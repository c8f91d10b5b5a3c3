// The languages of sources.
import { python } from "@codemirror/lang-python";
import { PostgreSQL, sql } from "@codemirror/lang-sql";
import { StreamLanguage } from "@codemirror/language";
import { toml } from "@codemirror/legacy-modes/mode/toml";

const sqlSupport = sql({ dialect: PostgreSQL, upperCaseKeywords: true });
const pythonSupport = python();
const tomlSupport = StreamLanguage.define(toml);

/** The extensions for a kind of source: `sql`, `python` or `toml`. */
export function language(kind) {
  switch (kind) {
    case "python":
      return pythonSupport;
    case "toml":
      return tomlSupport;
    default:
      return sqlSupport;
  }
}
