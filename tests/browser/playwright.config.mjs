import process from "node:process";
import { fileURLToPath } from "node:url";

import { defineConfig } from "@playwright/test";

import { DIST, HOST, HOST_PORT, PAGE, PAGE_PORT } from "./support/index.mjs";

const inside = (name) => fileURLToPath(new URL(name, import.meta.url));

// Chromium refuses to run as root with its sandbox on, which is how containers run it.
const isRoot = process.getuid?.() === 0;

const server = (folder, port, url) => ({
  command: `node serve.mjs "${folder}" ${port}`,
  cwd: inside("support"),
  url,
  reuseExistingServer: false,
  timeout: 30_000,
});

export default defineConfig({
  testDir: inside("."),
  testMatch: "*.spec.*",
  outputDir: inside("test-results"),
  // One browser at a time: the analysis alone keeps a core busy, and tests that starve each other
  // fail by their time limits.
  workers: 1,
  fullyParallel: false,
  forbidOnly: Boolean(process.env.CI),
  retries: 0,
  reporter: [["list"]],
  timeout: 90_000,
  expect: { timeout: 30_000 },
  use: {
    baseURL: PAGE,
    browserName: "chromium",
    viewport: { width: 1440, height: 900 },
    screenshot: "only-on-failure",
    trace: "retain-on-failure",
    launchOptions: {
      // Without it Playwright looks for the browser it downloaded itself.
      executablePath: process.env.SCHEMAWARD_CHROMIUM || undefined,
      args: [
        ...(isRoot || process.env.CI ? ["--no-sandbox"] : []),
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-gpu",
        "--disable-quic",
        "--disable-sync",
        "--no-first-run",
      ],
    },
  },
  webServer: [
    server(DIST, PAGE_PORT, PAGE),
    server(inside("support/host"), HOST_PORT, `${HOST}embed.html`),
  ],
});
