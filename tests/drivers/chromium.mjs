// The web package in a page of headless Chromium, for the stories' runner: the client, its worker, a file of the origin or memory.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { browser, serve as serveFolder } from "../../crm-wasm/tests/site.mjs";
import { serve } from "./protocol.mjs";

const PERSISTENCE = { memory: "memory", sqlite: "opfs" };

const profile = await mkdtemp(join(tmpdir(), "crm-stories-"));
const site = await serveFolder(fileURLToPath(new URL("../../crm-wasm", import.meta.url)));
const context = await browser(profile);
const page = await context.newPage();
const origin = `http://localhost:${site.port}`;
await page.route(`${origin}/`, (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html>" }));
await page.goto(`${origin}/`);
await page.evaluate(async () => (window.engine = await import("/js/index.js")));

let opened = 0;

await serve({
  async open(kind) {
    const found = await page.evaluate(
      async (options) => {
        await window.crm?.close();
        window.crm = await engine.open(options);
        return crm.persistence;
      },
      { name: `story-${++opened}`, persistence: PERSISTENCE[kind] },
    );
    if (found !== PERSISTENCE[kind]) throw new Error(`${kind} was wanted, the page has ${found}`);
  },
  async call({ options, operation, request }) {
    const { answer, error } = await page.evaluate(
      ({ options, operation, request }) =>
        crm.session(options).text(operation, request).then(
          (answer) => ({ answer }),
          ({ class: kind, code, message, details }) => ({ error: { class: kind, code, message, details } }),
        ),
      { options, operation, request },
    );
    if (error) throw error;
    return answer;
  },
});

await context.close();
site.end();
await rm(profile, { recursive: true });
