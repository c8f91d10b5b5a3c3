// A rule's page: headings, paragraphs, lists, code. Pages are ours and use no more of Markdown than this.

/** The page as elements. Text is only ever set as text. */
export function rulePage(markdown) {
  const root = document.createElement("div");
  root.className = "rule-page";
  let list = null;
  let paragraph = null;
  let code = null;
  const close = () => {
    list = null;
    paragraph = null;
  };
  for (const line of markdown.split("\n")) {
    if (line.startsWith("```")) {
      close();
      if (code === null) code = root.appendChild(document.createElement("pre"));
      else code = null;
    } else if (code !== null) {
      code.textContent += `${line}\n`;
    } else if (line.trim() === "") {
      close();
    } else if (line.startsWith("# ")) {
      // Which rule it is stands above the page already.
      close();
    } else if (/^#{2,6} /.test(line)) {
      close();
      // Not a heading element: a note comes and goes and has no place in the order of the page's headings.
      const heading = root.appendChild(document.createElement("p"));
      heading.className = "heading";
      inline(heading, line.replace(/^#+ /, ""));
    } else if (/^[-*] /.test(line)) {
      if (list === null) list = root.appendChild(document.createElement("ul"));
      paragraph = list.appendChild(document.createElement("li"));
      inline(paragraph, line.slice(2));
    } else {
      if (paragraph === null) paragraph = root.appendChild(document.createElement("p"));
      else paragraph.append(" ");
      inline(paragraph, line.trim());
    }
  }
  return root;
}

/** Adds a text in which words in back quotes are code. */
export function inline(parent, text) {
  text.split("`").forEach((part, index) => {
    if (index % 2 === 0) parent.append(part);
    else parent.appendChild(document.createElement("code")).textContent = part;
  });
}
