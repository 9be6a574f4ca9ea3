// What a price costs through the web package in Node: `price.amount` as text, one by one, on the companies of `bench-pricing`, which
// runs this, in DIR. As for its row `json`, which is the same from Rust, all was asked once before the clock starts. One JSON object a
// line. `node prices.mjs DIR`

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Crm, init } from "../js/core.js";

const folder = process.argv[2];
await init();
for (const file of readdirSync(folder).filter((name) => name.endsWith(".db")).sort((a, b) => parseInt(a) - parseInt(b))) {
  const [head, ...requests] = readFileSync(join(folder, file.replace(".db", ".requests")), "utf8").split("\n");
  const crm = new Crm();
  crm.import(readFileSync(join(folder, file)));
  const session = crm.session({ actor: JSON.parse(head).administrator });
  const ask = (request) => JSON.parse(session.text("price.amount", request));
  requests.forEach(ask);
  const before = process.cpuUsage();
  let priced = 0;
  for (const request of requests) if (ask(request).rule) priced++;
  const { user, system } = process.cpuUsage(before);
  const ms = (user + system) / 1_000;
  const lines_per_second = Math.round((requests.length * 1_000) / ms);
  console.log(JSON.stringify({ name: "winner-wasm", rules: parseInt(file), lines: requests.length, priced, ms, lines_per_second }));
}
