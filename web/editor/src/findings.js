// Findings as CodeMirror shows them: underlined text, a sign beside the line, and a note with the rule's page.
import { forEachDiagnostic, setDiagnosticsEffect } from "@codemirror/lint";
import { RangeSetBuilder, RangeSet, StateField } from "@codemirror/state";
import { EditorView, GutterMarker, gutter } from "@codemirror/view";

import { offsetOf } from "./position.js";
import { rulePage } from "./rule_page.js";

const RANK = { info: 0, warning: 1, error: 2 };
const SEVERITY = { critical: "error", warning: "warning", info: "info" };
/** The shape says what the colour says. */
const SIGN = { error: "●", warning: "▲", info: "◦" };
const WORD = { error: "critical", warning: "warning", info: "info" };

/** CodeMirror's diagnostics for findings of the page. Only the first line of a place is underlined. */
export function diagnosticsOf(doc, findings, calls) {
  return findings.map((finding) => {
    const from = offsetOf(doc, finding.line, finding.column);
    const line = doc.lineAt(from);
    const end = offsetOf(doc, finding.endLine, finding.endColumn);
    const severity = SEVERITY[finding.severity] ?? "info";
    return {
      from,
      to: Math.max(from, Math.min(end, line.to)),
      severity,
      source: finding.rule,
      message: finding.message,
      finding: finding.finding,
      renderMessage: () => note(finding, severity, calls),
    };
  });
}

/** The id of the finding at an offset, or on its line; the worst where there are several. */
export function findingAt(state, offset) {
  const line = state.doc.lineAt(offset);
  let best = null;
  let rank = -1;
  forEachDiagnostic(state, (diagnostic, from, to) => {
    if (to < line.from || line.to < from || !diagnostic.finding) return;
    const value = RANK[diagnostic.severity] + (from <= offset && offset <= to ? 10 : 0);
    if (value > rank) [best, rank] = [diagnostic.finding, value];
  });
  return best;
}

/** What is shown when the reader rests on a finding. */
function note(finding, severity, { onFinding, pageOf }) {
  const root = document.createElement("div");
  root.className = "note";
  const head = root.appendChild(document.createElement("p"));
  head.className = "head";
  const sign = head.appendChild(document.createElement("span"));
  sign.className = `sign ${severity}`;
  sign.textContent = `${SIGN[severity]} ${WORD[severity]}`;
  head.append(finding.title || finding.message);
  if (finding.title) root.appendChild(document.createElement("p")).textContent = finding.message;
  if (finding.impact) {
    const impact = root.appendChild(document.createElement("p"));
    impact.className = "soft";
    impact.textContent = finding.impact;
  }
  const foot = document.createElement("p");
  foot.className = "foot";
  if (finding.finding) {
    const button = foot.appendChild(document.createElement("button"));
    button.type = "button";
    button.textContent = "Show the finding";
    button.addEventListener("click", () => onFinding(finding.finding));
  }
  const page = finding.rule ? pageOf(finding.rule) : undefined;
  if (page) {
    const details = root.appendChild(document.createElement("details"));
    details.appendChild(document.createElement("summary")).textContent = `The rule: ${finding.rule}`;
    details.append(rulePage(page));
  }
  root.append(foot);
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
    const set = transaction.effects.some((effect) => effect.is(setDiagnosticsEffect));
    // The effect is in the transaction before the field of the linter can be asked for it.
    if (set) return collect(transaction);
    return transaction.docChanged ? value.map(transaction.changes) : value;
  },
});

function collect(transaction) {
  const { doc } = transaction.state;
  const lines = new Map();
  for (const effect of transaction.effects) {
    if (!effect.is(setDiagnosticsEffect)) continue;
    lines.clear();
    for (const { from, severity } of effect.value) {
      const start = doc.lineAt(Math.min(from, doc.length)).from;
      const known = lines.get(start);
      const worse = known === undefined || RANK[severity] > RANK[known.severity];
      lines.set(start, { severity: worse ? severity : known.severity, count: (known?.count ?? 0) + 1 });
    }
  }
  const builder = new RangeSetBuilder();
  for (const start of [...lines.keys()].sort((a, b) => a - b)) {
    const { severity, count } = lines.get(start);
    builder.add(start, start, new Sign(severity, count));
  }
  return builder.finish();
}

/** The column of signs beside the text; a click opens the finding. */
export function signs(onFinding) {
  return [
    lineSigns,
    gutter({
      class: "cm-signs",
      markers: (view) => view.state.field(lineSigns),
      initialSpacer: () => new Sign("info", 1),
      domEventHandlers: {
        click(view, block) {
          const finding = findingAt(view.state, block.from);
          if (finding === null) return false;
          onFinding(finding);
          return true;
        },
      },
    }),
    EditorView.baseTheme({ ".cm-signs": { cursor: "default" } }),
  ];
}
