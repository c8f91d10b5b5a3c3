// The look of the editor, in the custom properties of the page, which reach into its shadow root.
import { HighlightStyle } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags as t } from "@lezer/highlight";

export const highlighting = HighlightStyle.define([
  { tag: [t.keyword, t.operatorKeyword, t.modifier], color: "var(--syntax-keyword)" },
  { tag: [t.typeName, t.className, t.standard(t.name)], color: "var(--syntax-type)" },
  { tag: [t.string, t.special(t.string), t.regexp], color: "var(--syntax-string)" },
  { tag: [t.number, t.bool, t.null, t.atom], color: "var(--syntax-number)" },
  { tag: [t.comment, t.meta], color: "var(--soft)", fontStyle: "italic" },
  { tag: [t.definition(t.variableName), t.function(t.variableName), t.propertyName], color: "var(--syntax-name)" },
  { tag: t.heading, color: "var(--syntax-keyword)", fontWeight: "600" },
  { tag: t.invalid, color: "var(--bad)" },
]);

const underlined = (colour) => ({
  backgroundImage: "none",
  paddingBottom: "0",
  textDecoration: `underline wavy ${colour} 1px`,
  textUnderlineOffset: "3px",
  textDecorationSkipInk: "none",
});

const panelButton = {
  backgroundImage: "none",
  background: "var(--panel)",
  color: "var(--ink)",
  border: "1px solid var(--line)",
  borderRadius: "6px",
  font: "inherit",
  padding: "3px 9px",
};

export const theme = EditorView.theme({
  "&": { height: "100%", color: "var(--ink)", backgroundColor: "var(--code)", fontSize: "12.5px" },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "-2px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "20px", overflow: "auto" },
  ".cm-content": { padding: "8px 0", caretColor: "var(--ink)" },
  ".cm-line": { padding: "0 10px 0 4px" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    background: "var(--selection)",
  },
  ".cm-activeLine": { backgroundColor: "var(--active-line)" },
  ".cm-placeholder": { color: "var(--soft)", whiteSpace: "pre-wrap" },
  ".cm-gutters": { backgroundColor: "var(--code)", color: "var(--soft)", border: "0" },
  ".cm-activeLineGutter": { backgroundColor: "var(--active-line)", color: "var(--ink)" },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "40px", padding: "0 4px 0 8px" },
  ".cm-foldGutter .cm-gutterElement": { padding: "0 3px", cursor: "pointer" },
  ".cm-signs .cm-gutterElement": { width: "15px", textAlign: "center", padding: "0" },
  ".cm-signs .sign-line": { cursor: "pointer" },
  ".sign": { fontFamily: "var(--sans)" },
  ".sign.error": { color: "var(--bad)" },
  ".sign.warning": { color: "var(--warn)" },
  ".sign.info": { color: "var(--unk)" },
  ".cm-signs .sign": { fontSize: "10px" },
  ".cm-foldPlaceholder": {
    backgroundColor: "var(--unk-bg)", color: "var(--unk)", border: "0", borderRadius: "5px", padding: "0 7px",
    margin: "0 3px",
  },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": {
    backgroundColor: "var(--accent-soft)", outline: "1px solid var(--accent)",
  },
  ".cm-searchMatch": { backgroundColor: "var(--warn-bg)", outline: "1px solid var(--warn)" },
  ".cm-searchMatch-selected": { backgroundColor: "var(--selection)" },
  ".cm-selectionMatch": { backgroundColor: "var(--accent-soft)" },
  ".cm-lintRange-error": underlined("var(--bad)"),
  ".cm-lintRange-warning": underlined("var(--warn)"),
  ".cm-lintRange-info": underlined("var(--unk)"),
  ".cm-lintRange-active": { backgroundColor: "var(--accent-soft)" },
  ".cm-lintPoint:after": { bottom: "-2px" },
  ".cm-tooltip": {
    background: "var(--panel)", color: "var(--ink)", border: "1px solid var(--line)", borderRadius: "9px",
    boxShadow: "0 8px 24px light-dark(#0002, #0008)", overflow: "hidden",
  },
  ".cm-tooltip-lint": { maxHeight: "min(440px, 60vh)", maxWidth: "min(560px, 92vw)", overflow: "auto" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { background: "var(--accent)", color: "var(--on-accent)" },
  ".cm-diagnostic": { borderLeft: "0", padding: "9px 13px", whiteSpace: "normal", fontFamily: "var(--sans)" },
  ".cm-diagnostic + .cm-diagnostic, li + li .cm-diagnostic": { borderTop: "1px solid var(--line)" },
  ".cm-diagnosticSource": { fontFamily: "var(--mono)", fontSize: "11px", color: "var(--soft)", opacity: "1" },
  ".note": { fontFamily: "var(--sans)", fontSize: "13px", lineHeight: "1.45" },
  ".note p": { margin: "0 0 5px" },
  ".note .head": { fontWeight: "600" },
  ".note .sign": { marginRight: "8px", fontSize: "12px" },
  ".note .soft": { color: "var(--soft)" },
  ".note .foot": { margin: "7px 0 0" },
  ".note button": { ...panelButton, cursor: "pointer", fontSize: "12px" },
  ".note button:focus-visible": { outline: "2px solid var(--accent)" },
  ".note summary": { cursor: "pointer", color: "var(--accent)", fontSize: "12px" },
  ".rule-page .heading": { margin: "9px 0 3px", fontSize: "12.5px", fontWeight: "600" },
  ".rule-page ul": { margin: "0 0 5px", paddingLeft: "18px" },
  ".rule-page code, .rule-page pre": { fontFamily: "var(--mono)", fontSize: "12px" },
  ".rule-page pre": {
    margin: "4px 0", padding: "6px 9px", background: "var(--code)", border: "1px solid var(--line)",
    borderRadius: "6px", overflow: "auto",
  },
  ".cm-panels": { background: "var(--panel)", color: "var(--ink)", borderColor: "var(--line)", fontFamily: "var(--sans)" },
  ".cm-panels.cm-panels-top": { borderBottom: "1px solid var(--line)" },
  ".cm-panels.cm-panels-bottom": { borderTop: "1px solid var(--line)" },
  ".cm-panel.cm-search": { padding: "7px 30px 7px 9px", fontSize: "12.5px" },
  ".cm-panel.cm-search label": { fontSize: "12px", whiteSpace: "nowrap" },
  ".cm-textfield": {
    background: "var(--code)", color: "var(--ink)", border: "1px solid var(--soft)", borderRadius: "6px", padding: "3px 7px",
    font: "inherit",
  },
  ".cm-button": panelButton,
  ".cm-panel.cm-search [name=close], .cm-panel.cm-panel-lint [name=close]": { color: "var(--ink)", cursor: "pointer" },
  ".cm-panel.cm-panel-lint ul [aria-selected]": { backgroundColor: "var(--accent-soft)" },
  ".cm-panel.cm-panel-lint ul": { maxHeight: "180px" },
});
