// How long a page waits: from a new page's `open` to the first answer, in Chromium, on a file that is there already. One JSON object
// a line, medians in milliseconds. tools/web-all.sh tells which variables it needs.
//
// `list`: what the first answer asks, asked again: a customer by an indexed field.

import { execFileSync } from "node:child_process";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { browser, project, serve } from "./site.mjs";

const TURNS = 9;

const folder = await project();
const site = await serve(folder);
const context = await browser(join(folder, "profile"));
const page = await context.newPage();
const load = async () => {
  await page.goto(`http://localhost:${site.port}/plain.html`);
  await page.waitForFunction(() => document.title === "ready");
};

for (const customers of [1_000, 100_000]) {
  const file = join(folder, `${customers}.db`);
  const administrator = execFileSync(process.env.CRM_CUSTOMERS, ["make", file, String(customers)], { encoding: "utf8" }).trim();
  await load();
  const [megabytes, importing] = await page.evaluate(async (customers) => {
    const bytes = await (await fetch(`/${customers}.db`)).arrayBuffer();
    const crm = await window.open({ name: String(customers) });
    const start = performance.now();
    await crm.import(bytes);
    const spent = performance.now() - start;
    await crm.close();
    return [bytes.byteLength / 1e6, spent];
  }, customers);
  const turns = [];
  for (let turn = 0; turn < TURNS; turn++) {
    await load();
    turns.push(
      await page.evaluate(
        async ([customers, actor]) => {
          const start = performance.now();
          const crm = await window.open({ name: String(customers) });
          const opened = performance.now();
          const list = () => crm.session({ actor }).record.list({ kind: "customer", filter: "external_key == 'K5'", limit: 50 });
          await list();
          const first = performance.now();
          await list();
          const again = performance.now();
          await crm.close();
          return { open: opened - start, first_answer: first - start, list: again - first };
        },
        [customers, administrator],
      ),
    );
  }
  const median = (name) => Number(turns.map((turn) => turn[name]).sort((a, b) => a - b)[TURNS >> 1].toFixed(1));
  const told = { customers, file_mb: Math.round(megabytes), open: median("open"), first_answer: median("first_answer"), list: median("list") };
  console.log(JSON.stringify({ ...told, import: Math.round(importing) }));
}

await context.close();
site.end();
await rm(folder, { recursive: true });
