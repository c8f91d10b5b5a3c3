// The page's main path in Firefox, driven over WebDriver BiDi: what the browsers do differently shows here.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { after, before, test } from "node:test";

import puppeteer from "puppeteer-core";

import { serve } from "./support/serve.mjs";
import { DIST } from "./support/index.mjs";

/** How long anything may take, in milliseconds: the machine may be busy. */
const PATIENCE = 60_000;
const EDITOR = ".code-editor >>> .cm-content";
const MODELS = `import uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Visit(Base):
    __tablename__ = "visits"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    reason: Mapped[str]
`;

let server, browser, address, folder;

before(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "schemaward-firefox-"));
  server = await serve(DIST, 0);
  address = `http://127.0.0.1:${server.address().port}/`;
  browser = await puppeteer.launch({
    browser: "firefox",
    executablePath: process.env.SCHEMAWARD_FIREFOX,
    headless: true,
    protocolTimeout: PATIENCE,
  });
  console.log(await browser.version());
});

after(async () => {
  await browser?.close();
  server?.close();
  await rm(folder, { recursive: true, force: true });
});

/** A page of its own; what it complains about fails the test that asks. */
async function open(to = address) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.setDefaultTimeout(PATIENCE);
  await page.setViewport({ width: 1440, height: 900 });
  await page.goto(to);
  return { page, context, complaints };
}

/** Waits until an element's text holds a word. */
const holds = (page, selector, word) =>
  page.waitForFunction(
    (selector, word) => document.querySelector(selector)?.textContent.includes(word),
    {},
    selector,
    word,
  );

const press = (page, name) => page.locator(`::-p-aria([name="${name}"][role="button"])`).click();

test("the clinic is reviewed, drawn and told as a document", async () => {
  const { page, context, complaints } = await open();
  await press(page, "Load the clinic example");
  await holds(page, ".status h2", "FAIL");
  await holds(page, "#controls .matrix tbody", "patients");
  await page.waitForSelector(EDITOR);
  await page.keyboard.down("Control");
  await page.keyboard.press("k");
  await page.keyboard.up("Control");
  await page.keyboard.type("diagram of");
  await page.keyboard.press("Enter");
  await page.waitForSelector('.board [data-table="patients"]');
  await press(page, "← Back to the review");
  await holds(page, "#plan", "Action plan");
  assert.deepEqual(complaints, []);
  await context.close();
});

test("what is typed is reviewed, and travels in a link", async () => {
  const { page, context, complaints } = await open();
  await page.locator(EDITOR).click();
  await page.keyboard.type("CREATE TABLE admissions (id uuid PRIMARY KEY, ward text);");
  await holds(page, "#controls .matrix tbody", "admissions");
  await press(page, "Share");
  const link = await page.waitForFunction(() => {
    const field = document.querySelector(".share textarea, .share input[readonly]");
    return field?.value.includes("#/edit/") && field.value;
  });
  const other = await open(await link.jsonValue());
  await holds(other.page, "#controls .matrix tbody", "admissions");
  assert.deepEqual([...complaints, ...other.complaints], []);
  await other.context.close();
  await context.close();
});

test("models are read by the program that knows Python", async () => {
  const { page, context, complaints } = await open();
  const file = path.join(folder, "models.py");
  await writeFile(file, MODELS);
  const field = await page.waitForSelector("input[type=file]");
  await field.uploadFile(file);
  await holds(page, "#controls .matrix tbody", "visits");
  assert.deepEqual(complaints, []);
  await context.close();
});
