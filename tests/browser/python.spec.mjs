// Models and migrations on the page: read by a program that is loaded only for them.
import { expect, test } from "@playwright/test";

import { json, open, reviewed, tab, write } from "./page.mjs";

const MODELS = `import uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Visit(Base):
    __tablename__ = "visits"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    reason: Mapped[str]
`;

const REVISION = `from alembic import op

revision = "a1"
down_revision = None


def upgrade():
    for table in ["visits"]:
        op.execute(f"CREATE TABLE {table} (id uuid PRIMARY KEY, reason text)")


def downgrade():
    op.drop_table("visits")
`;

/** The names of the programs that the page fetches from now on. */
function programs(page) {
  const fetched = [];
  page.on("request", (request) => {
    const name = /\/(worker\w*)_bg\.wasm/.exec(request.url());
    if (name) fetched.push(name[1]);
  });
  return fetched;
}

test("SQL alone needs no Python", async ({ page }) => {
  const fetched = programs(page);
  await open(page);
  await write(page, "Implementation", "CREATE TABLE visits (id int);");
  await reviewed(page);
  expect(fetched).toEqual(["worker"]);
});

test("models that are pasted are reviewed, and their lines are the evidence", async ({ page }) => {
  const fetched = programs(page);
  await open(page);
  await write(page, "Documentation", "CREATE TABLE admissions (id uuid PRIMARY KEY, reason varchar NOT NULL);");
  await reviewed(page);
  await write(page, "Implementation", MODELS);
  await expect(page.locator("#controls .matrix tbody")).toContainText("visits");
  await reviewed(page);
  expect(fetched).toEqual(["worker", "worker_python"]);
  const review = JSON.parse(await json(page));
  expect(review.coverage.unread).toEqual([]);
  // What models can show is judged; row security, which they cannot, is left open.
  const left = review.undecided.map((open) => `${open.rule} ${open.table}`);
  expect(left).toContain("rls-missing visits");
  const kind = review.findings.find((finding) => finding.rule === "primary-key-kind" && finding.table === "visits");
  expect(kind.evidence[0]).toMatchObject({ source: "implemented.sql", line: 12 });
});

test("models and revisions in files are layers of one schema", async ({ page }) => {
  await open(page);
  await tab(page, "Implementation");
  const file = (name, text) => ({ name, mimeType: "text/x-python", buffer: Buffer.from(text) });
  const files = [file("models.py", MODELS), file("a1_visits.py", REVISION)];
  await page.getByLabel("Files to open").setInputFiles(files);
  await reviewed(page);
  await expect(page.locator("#controls .matrix tbody")).toContainText("visits");
  const review = JSON.parse(await json(page));
  const layers = review.sources.map((source) => source.layer);
  expect(layers.sort()).toEqual(["migrations", "models"]);
  expect(review.discrepancies.some((row) => row.kind === "layer-differs")).toBe(true);
});
