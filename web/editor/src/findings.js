// Findings as CodeMirror shows them: underlined text, a sign beside the line, and a note with the rule's page.
import { forEachDiagnostic, setDiagnosticsEffect } from "@codemirror/lint";
import { RangeSet, RangeSetBuilder, StateField } from "@codemirror/state";
import { EditorView, GutterMarker, gutter } from "@codemirror/view";

import { offsetOf } from "./position.js";
import { inline, rulePage } from "./rule_page.js";

/** CodeMirror's words for severities, by their number. */
const SEVERITIES = ["info", "warning", "error"];
const RANK = { info: 0, warning: 1, error: 2 };
/** The shape says what the colour says. */
const SIGN = { error: "●", warning: "▲", info: "◦" };
const WORD = { error: "critical", warning: "warning", info: "info" };

/** How many numbers make a mark. */
const STRIDE = 6;

/**
 * CodeMirror's diagnostics for marks, six numbers each, as `Editor.mark` describes them. They are places in `then`;
 * `since`, if there is one, leads from there to `now`. Only the first line of a place is underlined.
 */
export function diagnosticsOf(then, since, now, numbers, calls) {
  const diagnostics = [];
  for (let at = 0; at + STRIDE <= numbers.length; at += STRIDE) {
    const [line, column, endLine, endColumn, rank, index] = numbers.subarray(at, at + STRIDE);
    let from = offsetOf(then, line, column);
    let to = Math.max(from, offsetOf(then, endLine, endColumn));
    if (since) [from, to] = [since.mapPos(from, 1), since.mapPos(to, -1)];
    const severity = SEVERITIES[rank] ?? "info";
    diagnostics.push({
      from,
      to: Math.max(from, Math.min(to, now.lineAt(from).to)),
      severity,
      message: "",
      index,
      renderMessage: () => note(index, severity, calls),
    });
  }
  return diagnostics;
}

/** The index of the mark at an offset, or on its line; the worst where there are several. */
export function markAt(state, offset) {
  const line = state.doc.lineAt(offset);
  let best = null;
  let rank = -1;
  forEachDiagnostic(state, (diagnostic, from, to) => {
    if (to < line.from || line.to < from) return;
    const value = RANK[diagnostic.severity] + (from <= offset && offset <= to ? 10 : 0);
    if (value > rank) [best, rank] = [diagnostic.index, value];
  });
  return best;
}

/** What is shown when the reader rests on a finding. */
function note(index, severity, { onMark, about, pageOf }) {
  const finding = about(index) ?? {};
  const root = document.createElement("div");
  root.className = "note";
  const add = (parent, name, text, style = "") => {
    const element = parent.appendChild(document.createElement(name));
    inline(element, text);
    element.className = style;
    return element;
  };
  const head = add(root, "p", "", "head");
  add(head, "span", `${SIGN[severity]} ${WORD[severity]}`, `sign ${severity}`);
  inline(head, finding.title ?? "");
  if (finding.message) add(root, "p", finding.message);
  if (finding.impact) add(root, "p", finding.impact, "soft");
  const button = add(add(root, "p", "", "foot"), "button", "Show in the review");
  button.type = "button";
  button.addEventListener("click", () => onMark(index));
  const page = finding.rule ? pageOf(finding.rule) : undefined;
  if (page) {
    const details = root.appendChild(document.createElement("details"));
    add(details, "summary", `The rule: ${finding.rule}`);
    details.append(rulePage(page));
  }
  return root;
}

class Sign extends GutterMarker {
  constructor(severity, count) {
    super();
    this.severity = severity;
    this.count = count;
    this.elementClass = `sign-line ${severity}`;
  }

  eq(other) {
    return this.severity === other.severity && this.count === other.count;
  }

  toDOM() {
    const sign = document.createElement("span");
    sign.className = `sign ${this.severity}`;
    sign.textContent = SIGN[this.severity];
    sign.title = this.count === 1 ? WORD[this.severity] : `${this.count} findings, ${WORD[this.severity]}`;
    return sign;
  }
}

/** The worst severity of every line that has findings; moves along with the text between two reviews. */
const lineSigns = StateField.define({
  create: () => RangeSet.empty,
  update(value, transaction) {
    // The linter's own field may not have seen the effect yet; the effect itself is here.
    const set = transaction.effects.find((effect) => effect.is(setDiagnosticsEffect));
    if (set) return collect(transaction.state.doc, set.value);
    return transaction.docChanged ? value.map(transaction.changes) : value;
  },
});

function collect(doc, diagnostics) {
  const lines = new Map();
  for (const { from, severity } of diagnostics) {
    const start = doc.lineAt(Math.min(from, doc.length)).from;
    const known = lines.get(start);
    const worse = known === undefined || RANK[severity] > RANK[known.severity];
    lines.set(start, { severity: worse ? severity : known.severity, count: (known?.count ?? 0) + 1 });
  }
  const builder = new RangeSetBuilder();
  for (const start of [...lines.keys()].sort((a, b) => a - b)) {
    const { severity, count } = lines.get(start);
    builder.add(start, start, new Sign(severity, count));
  }
  return builder.finish();
}

/** The column of signs beside the text; a click opens the finding in the review. */
export function signs(onMark) {
  return [
    lineSigns,
    gutter({
      class: "cm-signs",
      markers: (view) => view.state.field(lineSigns),
      initialSpacer: () => new Sign("info", 1),
      domEventHandlers: {
        click(view, block) {
          const mark = markAt(view.state, block.from);
          if (mark === null) return false;
          onMark(mark);
          return true;
        },
      },
    }),
    EditorView.baseTheme({ ".cm-signs": { cursor: "default" } }),
  ];
}
