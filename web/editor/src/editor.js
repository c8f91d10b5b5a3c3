// The page's text editor: CodeMirror, with one state for every file, so that each keeps its own history,
// folds and place.
//
// The page is Rust; it calls `mount` once and then the methods of what it gets. Places come as lines and
// columns, both from 1, columns in Unicode scalar values; CodeMirror counts UTF-16 code units.
import { autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import {
  bracketMatching, codeFolding, foldGutter, foldKeymap, indentOnInput, indentUnit, syntaxHighlighting,
} from "@codemirror/language";
import { lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Annotation, Compartment, EditorSelection, EditorState } from "@codemirror/state";
import {
  EditorView, drawSelection, dropCursor, highlightActiveLine, highlightActiveLineGutter,
  highlightSpecialChars, keymap, lineNumbers, placeholder, rectangularSelection,
} from "@codemirror/view";

import { diagnosticsOf, findingAt, signs } from "./findings.js";
import { language } from "./language.js";
import { offsetOf } from "./position.js";
import { highlighting, theme } from "./theme.js";

/** Marks a change that the page made, and not the reader. */
const fromPage = Annotation.define();

const HELP = "Tab indents; press Escape, then Tab, to leave the editor. F8 goes to the next finding.";

/**
 * Puts an editor into `host`. `onTyped()` is called when the reader changes the text, `onFinding(id)` when a
 * mark is clicked, and `pageOf(rule)` answers with a rule's page in Markdown, or nothing.
 */
export function mount(host, onTyped, onFinding, pageOf) {
  // Inside a shadow root CodeMirror adopts style sheets; in the document it would write style elements, which
  // the page's policy forbids.
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const help = document.createElement("p");
  help.id = "help";
  help.hidden = true;
  help.textContent = HELP;
  root.replaceChildren(help);

  const calls = { onTyped, onFinding, pageOf };
  const view = new EditorView({ parent: root, root, state: EditorState.create() });
  view.dom.hidden = true;
  return new Editor(view, calls);
}

class Editor {
  #view;
  #calls;
  /** What is kept of every file that was shown, by its number. */
  #files = new Map();
  #shown = null;

  constructor(view, calls) {
    this.#view = view;
    this.#calls = calls;
  }

  /** The file that is shown; its text is that of [`text`]. */
  get file() {
    return this.#shown;
  }

  /** The text as it stands, with every line end as a line feed. */
  get text() {
    return this.#view.state.doc.toString();
  }

  /**
   * Shows a file. `text` is taken when the file is new here, or when `revision` is not the one that was shown
   * last: it was then set by something else than typing, which can be undone like any change.
   */
  show(file, revision, path, text, kind, readOnly, hint) {
    this.#leave();
    const known = this.#files.get(file);
    const settings = [path, kind, readOnly, hint].join("\n");
    this.#shown = file;
    if (known === undefined) {
      const parts = { path: new Compartment(), kind: new Compartment(), mode: new Compartment() };
      const state = this.#create(text, parts, path, kind, readOnly, hint);
      this.#files.set(file, { revision, settings, parts, diagnostics: null });
      this.#view.setState(state);
    } else {
      if (known.state) this.#view.setState(known.state);
      known.state = null;
      if (known.settings !== settings) {
        known.settings = settings;
        this.#view.dispatch({
          effects: [
            known.parts.path.reconfigure(named(path)),
            known.parts.kind.reconfigure(language(kind)),
            known.parts.mode.reconfigure(mode(readOnly, hint)),
          ],
        });
      }
      if (known.revision !== revision) {
        known.revision = revision;
        const length = this.#view.state.doc.length;
        this.#view.dispatch({
          changes: { from: 0, to: length, insert: text },
          selection: EditorSelection.cursor(0),
          annotations: fromPage.of(true),
          scrollIntoView: true,
        });
      }
      if (known.scroll) this.#view.dispatch({ effects: known.scroll });
      known.scroll = null;
    }
    this.#view.dom.hidden = false;
    this.#view.requestMeasure();
  }

  /** Lets go of all files but these. */
  keep(files) {
    const kept = new Set(files);
    for (const file of this.#files.keys()) {
      if (!kept.has(file) && file !== this.#shown) this.#files.delete(file);
    }
  }

  /**
   * Marks findings in the file that is shown. Each is
   * `{ line, column, endLine, endColumn, severity, message, impact, rule, title, finding }`.
   */
  mark(json) {
    const known = this.#files.get(this.#shown);
    if (known === undefined || known.diagnostics === json) return;
    known.diagnostics = json;
    const diagnostics = diagnosticsOf(this.#view.state.doc, JSON.parse(json), this.#calls);
    this.#view.dispatch(setDiagnostics(this.#view.state, diagnostics));
  }

  /** Selects a place, brings it into view and takes the keyboard's focus. */
  select(line, column, endLine, endColumn) {
    const { doc } = this.#view.state;
    const from = offsetOf(doc, line, column);
    const to = Math.max(from, offsetOf(doc, endLine, endColumn));
    this.#view.dispatch({
      selection: EditorSelection.range(from, to),
      effects: EditorView.scrollIntoView(from, { y: "start", yMargin: this.#view.scrollDOM.clientHeight / 3 }),
    });
    this.#view.focus();
  }

  /** Takes over the focus and the selection of the text area that stood in, in UTF-16 units. */
  adopt(anchor, head, focused) {
    const { length } = this.#view.state.doc;
    this.#view.dispatch({
      selection: EditorSelection.range(Math.min(anchor, length), Math.min(head, length)),
      scrollIntoView: true,
    });
    if (focused) this.#view.focus();
  }

  focus() {
    this.#view.focus();
  }

  destroy() {
    this.#view.destroy();
  }

  #leave() {
    const known = this.#files.get(this.#shown);
    if (known === undefined) return;
    known.scroll = this.#view.scrollSnapshot();
    known.state = this.#view.state;
  }

  #create(text, parts, path, kind, readOnly, hint) {
    const { onTyped, onFinding } = this.#calls;
    const open = (view) => {
      const finding = findingAt(view.state, view.state.selection.main.head);
      if (finding === null) return false;
      onFinding(finding);
      return true;
    };
    return EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        signs(onFinding),
        foldGutter({ openText: "▾", closedText: "▸" }),
        highlightSpecialChars(),
        history(),
        codeFolding(),
        drawSelection(),
        dropCursor(),
        EditorState.allowMultipleSelections.of(true),
        indentOnInput(),
        indentUnit.of("    "),
        bracketMatching(),
        autocompletion({ activateOnTyping: false }),
        rectangularSelection(),
        highlightActiveLine(),
        highlightActiveLineGutter(),
        highlightSelectionMatches({ minSelectionLength: 3 }),
        search({ top: true }),
        keymap.of([
          { key: "Mod-Enter", run: open },
          ...defaultKeymap.filter(({ key }) => key !== "Mod-Enter"),
          ...searchKeymap,
          ...historyKeymap,
          ...foldKeymap,
          ...completionKeymap,
          ...lintKeymap,
          indentWithTab,
        ]),
        syntaxHighlighting(highlighting),
        theme,
        EditorView.contentAttributes.of({
          "aria-describedby": "help", autocapitalize: "off", autocorrect: "off", spellcheck: "false",
          // Text that is read only cannot be edited but must be reachable, and scrolled, by the keyboard.
          tabindex: "0",
        }),
        parts.path.of(named(path)),
        parts.kind.of(language(kind)),
        parts.mode.of(mode(readOnly, hint)),
        EditorView.updateListener.of((update) => {
          const typed = update.docChanged && !update.transactions.some((it) => it.annotation(fromPage));
          if (typed) onTyped();
        }),
      ],
    });
  }
}

function named(path) {
  return EditorView.contentAttributes.of({ "aria-label": path });
}

function mode(readOnly, hint) {
  return [
    EditorState.readOnly.of(readOnly),
    EditorView.contentAttributes.of(readOnly ? { "aria-readonly": "true" } : {}),
    placeholder(hint),
  ];
}
