// The languages of sources.
import { python } from "@codemirror/lang-python";
import { PostgreSQL, sql } from "@codemirror/lang-sql";
import { StreamLanguage, indentService, syntaxTree } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { toml } from "@codemirror/legacy-modes/mode/toml";

/** A bracket that closes stands below the line that opened it; lang-sql leaves it with what it closes. */
const closing = [
  indentService.of((context, at) => {
    if (!/^\s*\)/.test(context.textAfterPos(at))) return undefined;
    for (let node = syntaxTree(context.state).resolveInner(at, -1); node; node = node.parent) {
      if (node.name === "Parens" && node.from < at) return context.lineIndent(node.from);
    }
    return undefined;
  }),
  EditorState.languageData.of(() => [{ indentOnInput: /^\s*\)$/ }]),
];
const sqlSupport = [sql({ dialect: PostgreSQL, upperCaseKeywords: true }), closing];
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
