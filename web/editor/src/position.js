// Lines and columns of findings as offsets of CodeMirror.

/** The offset of a line and a column, both from 1, the column in Unicode scalar values. Past an end is the end. */
export function offsetOf(doc, line, column) {
  if (line > doc.lines) return doc.length;
  const { from, to, text } = doc.line(Math.max(line, 1));
  let units = 0;
  for (let left = column - 1; left > 0 && units < text.length; left -= 1) {
    units += text.codePointAt(units) > 0xffff ? 2 : 1;
  }
  return Math.min(from + units, to);
}
