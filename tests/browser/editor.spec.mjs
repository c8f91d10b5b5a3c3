// The editor: findings beside their lines and back, a history for every file, and what stands in for it.
import { expect, test } from "@playwright/test";

import {
  caret, editor, example, fill, gutter, holds, open, plain, reviewed, selected, tab, text, violations, write,
} from "./page.mjs";

const EDITOR = /\/editor\.js/;
const VISITS = "CREATE TABLE visits (\n    id int\n);\n";

const sign = (page) => page.locator(".code-editor .cm-signs .sign").filter({ visible: true });
const note = (page) => page.locator(".code-editor .cm-tooltip .note");

test("a finding is marked beside its line, explains itself and leads to the review", async ({ page }) => {
  await open(page);
  await write(page, "Implementation", VISITS);
  await reviewed(page);
  await expect(sign(page).first()).toBeVisible();

  // The pointer rests on the underlined words: what is wrong, and the page of its rule.
  await page.locator(".code-editor .cm-lintRange").first().hover();
  await expect(note(page).first()).toBeVisible();
  await note(page).first().getByText(/^The rule: /).click();
  await expect(note(page).first().locator(".rule-page .heading").first()).toBeVisible();
  await note(page).first().getByRole("button", { name: "Show in the review" }).click();
  await expect(page.locator(".find li:focus, .drift tr:focus")).toHaveCount(1);

  // The sign beside the line leads there, too; the finding's evidence leads back to the line.
  await sign(page).first().click();
  const finding = page.locator(".find li:focus");
  await expect(finding).toHaveCount(1);
  await finding.locator("button.line").first().click();
  await expect(editor(page)).toBeFocused();
  expect((await selected(page)).text).not.toBe("");

  // By keyboard: to the next mark, and from there to the review.
  await editor(page).press("Control+Home");
  await page.keyboard.press("F8");
  await page.keyboard.press("Control+Enter");
  await expect(finding).toHaveCount(1);
});

test("a finding that a filter hides, or the end of a long list, is shown all the same", async ({ page }) => {
  const tables = Array.from({ length: 40 }, (_, index) => `CREATE TABLE patients_${index} (id int, name text);`);
  await open(page);
  await write(page, "Implementation", tables.join("\n"));
  await reviewed(page);
  const filter = page.locator("#findings").getByRole("searchbox", { name: "Filter findings" });
  await filter.fill("no such finding");
  await expect(page.locator("#findings .find")).toHaveCount(0);
  await editor(page).press("Control+End");
  await page.keyboard.press("Control+Enter");
  await expect(filter).toHaveValue("");
  await expect(page.locator(".find li:focus")).toContainText("patients_39");
});

test("marks move with the text until the next review sets them", async ({ page }) => {
  await open(page);
  await write(page, "Implementation", VISITS);
  await reviewed(page);
  await expect(sign(page).first()).toBeVisible();
  const lines = () => editor(page).evaluate((content) => {
    const view = content.cmTile.root.view;
    return [...view.dom.querySelectorAll(".cm-lintRange")].map((mark) => view.state.doc.lineAt(view.posAtDOM(mark)).number);
  });
  const before = await lines();
  await editor(page).press("Control+Home");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  expect(await lines()).toEqual(before.map((line) => line + 2));
  await reviewed(page);
  await expect.poll(lines).toEqual(before.map((line) => line + 2));
});

test("every file has its own history and place", async ({ page }) => {
  await open(page);
  await write(page, "Documentation", "CREATE TABLE a (id int);");
  await write(page, "Implementation", "CREATE TABLE b (id int);");
  await page.keyboard.press("End");
  await page.keyboard.type(" -- b");
  await tab(page, "Documentation");
  await editor(page).press("End");
  await page.keyboard.type(" -- a");
  await holds(page, "CREATE TABLE a (id int); -- a");
  await page.keyboard.press("Control+z");
  await holds(page, "CREATE TABLE a (id int);");
  await tab(page, "Implementation");
  await holds(page, "CREATE TABLE b (id int); -- b");
  await editor(page).press("Control+z");
  await holds(page, "CREATE TABLE b (id int);");
  await page.keyboard.press("Control+y");
  await holds(page, "CREATE TABLE b (id int); -- b");
  // What is undone is reviewed, too.
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+z");
  await holds(page, "");
});

test("search, folding and colours by language", async ({ page }) => {
  await open(page);
  await write(page, "Implementation", `${VISITS}CREATE TABLE patients (\n    id int\n);\n`);
  await expect(editor(page).locator(".cm-line span").filter({ hasText: /^CREATE$/ }).first()).toBeVisible();
  await editor(page).press("Control+f");
  const panel = page.locator(".code-editor .cm-search");
  await panel.getByRole("textbox", { name: "Find" }).pressSequentially("patients");
  await page.keyboard.press("Enter");
  await expect.poll(async () => (await selected(page)).text).toBe("patients");
  await page.keyboard.press("Escape");
  await expect(panel).toHaveCount(0);
  await page.locator(".code-editor .cm-foldGutter").getByText("▾").first().click();
  await expect(page.locator(".code-editor .cm-foldPlaceholder")).toHaveCount(1);
  expect(await text(page)).toContain(VISITS);

  const colours = (word) => editor(page).locator(".cm-line span").filter({ hasText: word }).first();
  await fill(page, "from sqlalchemy.orm import DeclarativeBase\n\n\nclass Base(DeclarativeBase):\n    pass\n");
  await expect(colours(/^import$/)).toBeVisible();
  await write(page, "Standard", 'name = "Ours"\n');
  await expect(colours(/^"Ours"$/)).toBeVisible();
});

test("Escape, then Tab leaves the editor, also much later", async ({ page }) => {
  await open(page);
  await write(page, "Implementation", VISITS);
  await caret(page, 0);
  await page.keyboard.press("Tab");
  await holds(page, `    ${VISITS}`);
  await page.keyboard.press("Escape");
  await page.waitForTimeout(2_500);
  await page.keyboard.press("Tab");
  await expect(editor(page)).not.toBeFocused();
  await holds(page, `    ${VISITS}`);
});

test("a link that is read only is read only in the editor", async ({ page }) => {
  await open(page);
  await example(page);
  await page.getByRole("button", { name: "Share", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Share this review" });
  await dialog.getByRole("radio", { name: "Opens read only" }).check();
  const field = dialog.getByRole("textbox", { name: "Link to this review" });
  await expect(field).toHaveValue(/#\/view\//);
  const link = await field.inputValue();
  await page.goto("about:blank");
  await open(page, link);
  await reviewed(page);
  const before = await text(page);
  await editor(page).press("Control+Home");
  await page.keyboard.type("x");
  await page.keyboard.press("Tab");
  expect(await text(page)).toBe(before);
});

test("an editor that does not load: a text field stands in, and the text goes along later", async ({ page }) => {
  await page.route(EDITOR, (route) => route.abort());
  await open(page);
  const trouble = page.getByRole("note").filter({ hasText: "The editor could not be loaded" });
  await expect(trouble).toBeVisible();
  await tab(page, "Implementation");
  await plain(page).fill(VISITS);
  await reviewed(page);
  await expect(page.locator("#controls .matrix tbody")).toContainText("visits");
  expect(await violations(page)).toEqual([]);

  await page.unroute(EDITOR);
  await plain(page).evaluate((area) => area.setSelectionRange(13, 19));
  await trouble.getByRole("button", { name: "Try again" }).click();
  await expect(editor(page)).toBeVisible();
  await expect(plain(page)).toHaveCount(0);
  await expect(trouble).toHaveCount(0);
  expect(await text(page)).toBe(VISITS);
  expect((await selected(page)).text).toBe("visits");
});

test("what was typed before the editor came is not lost, nor is the caret", async ({ page }) => {
  let release;
  const held = new Promise((resolve) => { release = resolve; });
  await page.route(EDITOR, async (route) => {
    await held;
    await route.continue();
  });
  await open(page);
  await tab(page, "Implementation");
  await plain(page).click();
  await page.keyboard.type("CREATE TABLE early (id int)");
  release();
  await expect(editor(page)).toBeFocused();
  await page.keyboard.type(";");
  await holds(page, "CREATE TABLE early (id int);");
  await expect(page.locator("#controls .matrix tbody")).toContainText("early");
});

for (const colorScheme of ["light", "dark"]) {
  test(`axe finds nothing in the editor's panels: ${colorScheme}`, async ({ page }) => {
    const refused = [];
    await page.exposeFunction("refused", (what) => refused.push(what));
    await page.addInitScript(() => {
      addEventListener("securitypolicyviolation", (event) => window.refused(`${event.violatedDirective} ${event.sample}`));
    });
    await page.emulateMedia({ colorScheme });
    await open(page);
    await example(page);
    await tab(page, "Implementation");
    await expect(sign(page).first()).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await editor(page).press("Control+f");
    await page.keyboard.type("CREATE");
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.locator(".code-editor .cm-lintRange").first().hover();
    await expect(note(page).first()).toBeVisible();
    await note(page).first().getByText(/^The rule: /).click();
    expect(await violations(page)).toEqual([]);
    await expect(gutter(page)).toBeVisible();
    expect(refused).toEqual([]);
  });
}
