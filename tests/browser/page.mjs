// What the specs do with the page, in the words of its reader.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

import { expect } from "@playwright/test";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

export const SIDES = { Documentation: "documented.sql", Implementation: "implemented.sql" };

/** Opens the page, by default without a link. */
export async function open(page, address = "./") {
  await page.goto(address);
  await expect(page.locator("#loading")).toHaveCount(0);
}

/** The editor of the file that is shown, once its program has loaded. */
export function editor(page) {
  return page.locator(".code-editor .cm-content");
}

/** The numbers and signs beside its lines. */
export function gutter(page) {
  return page.locator(".code-editor .cm-gutters");
}

/** What stands in for the editor until its program has loaded, or where it does not load. */
export function plain(page) {
  return page.locator(".frame textarea");
}

/** What the editor holds, of which only the lines in view are in the document. */
export function text(page) {
  return editor(page).evaluate((content) => content.cmTile.root.view.state.doc.toString());
}

/** Waits until the editor holds this text, or a text like this. */
export async function holds(page, expected) {
  const wait = expect.poll(() => text(page), { timeout: 30_000 });
  await (expected instanceof RegExp ? wait.toMatch(expected) : wait.toBe(expected));
}

/** What is selected: the number of its first line, and the text. */
export function selected(page) {
  return editor(page).evaluate((content) => {
    const { state } = content.cmTile.root.view;
    const { from, to } = state.selection.main;
    return { line: state.doc.lineAt(from).number, text: state.sliceDoc(from, to) };
  });
}

/** Puts the caret behind that many characters. */
export function caret(page, offset) {
  return editor(page).evaluate((content, anchor) => {
    content.cmTile.root.view.dispatch({ selection: { anchor } });
  }, offset);
}

/** Puts a text in place of what the editor holds, as one input. */
export async function fill(page, text) {
  await editor(page).focus();
  await page.keyboard.press("Control+A");
  if (text === "") return page.keyboard.press("Delete");
  await editor(page).evaluate((content, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    content.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

/** Shows a tab of the sources. */
export async function tab(page, name) {
  await page.getByRole("tab", { name: new RegExp(`^${name}`) }).click();
}

/** Puts a text into a tab's file, as one input. */
export async function write(page, name, text) {
  await tab(page, name);
  await fill(page, text);
}

/** Pastes a text into a tab's file through the clipboard. */
export async function paste(page, name, text) {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await tab(page, name);
  await editor(page).click();
  await page.evaluate((text) => navigator.clipboard.writeText(text), text);
  await page.keyboard.press("Control+A");
  await page.keyboard.press("Control+V");
}

/** Waits until the review on the page is that of the sources on the page. */
export async function reviewed(page) {
  await expect(page.locator(".status h2")).toBeVisible();
  await expect(page.locator(".progress")).toHaveCount(0);
}

/** Loads the clinic example and waits for its review. */
export async function example(page) {
  await page.getByRole("button", { name: "Load the clinic example" }).click();
  await reviewed(page);
}

/** The text of the file that an entry of the export menu saves. */
export async function saved(page, entry) {
  await page.getByRole("button", { name: "Export" }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.locator("#export-menu").getByRole("button", { name: entry }).click(),
  ]);
  return readFile(await download.path(), "utf8");
}

/** The review as JSON text. */
export function json(page) {
  return saved(page, /JSON/);
}

/** Shares the page and answers with the link; `readOnly` chooses what it opens. */
export async function share(page, readOnly = false) {
  await page.getByRole("button", { name: "Share", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Share this review" });
  const field = dialog.getByRole("textbox", { name: "Link to this review" });
  await expect(field).toHaveValue(/#\/(edit|view)\/s\d:/);
  if (readOnly) {
    await dialog.getByRole("radio", { name: "Opens read only" }).check();
    await expect(field).toHaveValue(/#\/view\//);
  }
  const link = await field.inputValue();
  await dialog.getByRole("button", { name: "Close" }).click();
  return link;
}

/** A page in a browser that has never seen the first one. */
export async function elsewhere(browser, link, options = {}) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await open(page, link);
  return page;
}

/** What axe finds on the page. The page's own policy forbids scripts inside the document, so it is evaluated. */
export async function violations(page) {
  await page.evaluate(await readFile(AXE, "utf8"));
  const { violations } = await page.evaluate(() => window.axe.run(document));
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`);
}
