// The page's text editor: CodeMirror, with one state for every file, so that each keeps its own history,
// folds and place.
//
// The page is Rust; it calls `mount` once and then the methods of what it gets. Places come as lines and
// columns, both from 1, columns in Unicode scalar values; CodeMirror counts UTF-16 code units.
import { autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentLess, indentMore } from "@codemirror/commands";
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

import { diagnosticsOf, markAt, signs } from "./findings.js";
import { language } from "./language.js";
import { offsetOf } from "./position.js";
import { highlighting, theme } from "./theme.js";

/** Marks a change that the page made, and not the reader. */
const fromPage = Annotation.define();

const HELP =
  "Tab indents; press Escape, then Tab, to leave the editor. F8 goes to the next finding, " +
  "Control and Enter to the finding in the review.";

/** How long after Escape the Tab key leaves the editor, in milliseconds, unless another key comes first. */
const LEAVING = 60_000;

/**
 * Puts an editor into `host`. `onTyped()` is called when the reader changes the text, `onMark(index)` when the
 * reader wants to know more of a mark, `about(index)` answers with what it says, and `pageOf(rule)` with a rule's
 * page in Markdown, or nothing.
 */
export function mount(host, calls) {
  // Inside a shadow root CodeMirror adopts style sheets; in the document it would write style elements, which
  // the page's policy forbids.
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const help = document.createElement("p");
  help.id = "help";
  help.hidden = true;
  help.textContent = HELP;
  root.replaceChildren(help);
  const view = new EditorView({ parent: root, root, state: EditorState.create() });
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

  /** Whether the file was shown with its text of this revision, so that its text need not be given again. */
  knows(file, revision) {
    return this.#files.get(file)?.revision === revision;
  }

  /**
   * The text of a file that is shown, with every line end as a line feed; `undefined` for another file. Marks
   * that come from now on are meant for this text.
   */
  take(file) {
    if (file !== this.#shown) return undefined;
    const { doc } = this.#view.state;
    Object.assign(this.#files.get(file), { reviewed: doc, since: null });
    return doc.toString();
  }

  /**
   * Shows a file. `text` is taken when the file is new here, or when `revision` is not the one that was shown
   * last: it was then set by something else than typing, which can be undone like any change.
   */
  show(file, revision, path, text, kind, readOnly, hint) {
    const settings = [path, kind, readOnly, hint].join("\n");
    const known = this.#files.get(file);
    if (file === this.#shown && known.revision === revision && known.settings === settings) return;
    this.#leave();
    this.#shown = file;
    if (known === undefined) {
      const parts = { path: new Compartment(), kind: new Compartment(), mode: new Compartment() };
      const state = this.#create(text, parts, path, kind, readOnly, hint);
      this.#files.set(file, { revision, settings, parts, reviewed: state.doc, since: null });
      this.#view.setState(state);
      return;
    }
    if (known.state) this.#view.setState(known.state);
    if (known.settings !== settings) {
      this.#view.dispatch({
        effects: [
          known.parts.path.reconfigure(named(path)),
          known.parts.kind.reconfigure(language(kind)),
          known.parts.mode.reconfigure(mode(readOnly, hint)),
        ],
      });
    }
    if (known.revision !== revision) {
      this.#view.dispatch({
        changes: { from: 0, to: this.#view.state.doc.length, insert: text },
        selection: EditorSelection.cursor(0),
        annotations: fromPage.of(true),
        scrollIntoView: true,
      });
      Object.assign(known, { reviewed: this.#view.state.doc, since: null });
    } else if (known.scroll) {
      this.#view.dispatch({ effects: known.scroll });
    }
    Object.assign(known, { revision, settings, state: null, scroll: null });
  }

  /** Lets go of all files but these. */
  keep(files) {
    const kept = new Set(files);
    for (const file of this.#files.keys()) {
      if (!kept.has(file) && file !== this.#shown) this.#files.delete(file);
    }
  }

  /**
   * Marks places in the file that is shown, as they were in the text that was taken last. Six numbers make a
   * mark: line, column, end line, end column, severity (0 info, 1 warning, 2 critical) and the index that the
   * page knows it by.
   */
  mark(numbers) {
    const known = this.#files.get(this.#shown);
    if (known === undefined) return;
    const { state } = this.#view;
    const diagnostics = diagnosticsOf(known.reviewed, known.since, state.doc, numbers, this.#calls);
    this.#view.dispatch(setDiagnostics(state, diagnostics));
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

  /** Takes over the selection and the focus of the text area that stood in, in UTF-16 units. */
  adopt(anchor, head, focused) {
    const { length } = this.#view.state.doc;
    this.#view.dispatch({
      selection: EditorSelection.range(Math.min(anchor, length), Math.min(head, length)),
      scrollIntoView: true,
    });
    if (focused) this.#view.focus();
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

  /** Notes how the text has changed since it was taken. */
  #changed(update) {
    const known = this.#files.get(this.#shown);
    if (known !== undefined) known.since = known.since ? known.since.compose(update.changes) : update.changes;
    const isTyped = update.transactions.some((it) => it.docChanged && !it.annotation(fromPage));
    if (isTyped) this.#calls.onTyped();
  }

  #create(text, parts, path, kind, readOnly, hint) {
    const { onMark } = this.#calls;
    const open = (view) => {
      const mark = markAt(view.state, view.state.selection.main.head);
      if (mark === null) return false;
      onMark(mark);
      return true;
    };
    return EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        signs(onMark),
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
          { key: "Tab", run: indent, shift: indentLess },
        ]),
        syntaxHighlighting(highlighting),
        theme,
        EditorView.contentAttributes.of({
          "aria-describedby": "help", autocapitalize: "off", autocorrect: "off", spellcheck: "false",
          // Text that is read only cannot be edited but must be reachable, and scrolled, by the keyboard.
          tabindex: "0",
        }),
        EditorView.domEventHandlers({
          // CodeMirror gives two seconds for this, which not everybody's hands can keep.
          keyup(event, view) {
            if (event.key === "Escape") view.setTabFocusMode(LEAVING);
          },
        }),
        parts.path.of(named(path)),
        parts.kind.of(language(kind)),
        parts.mode.of(mode(readOnly, hint)),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) this.#changed(update);
        }),
      ],
    });
  }
}

/** Spaces at the caret, or before the lines that are selected. */
function indent(view) {
  const { state } = view;
  if (state.readOnly) return false;
  if (state.selection.ranges.some((range) => !range.empty)) return indentMore(view);
  view.dispatch(state.update(state.replaceSelection(state.facet(indentUnit)), { scrollIntoView: true, userEvent: "input" }));
  return true;
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
