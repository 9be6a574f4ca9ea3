// The packed package, installed in an empty project: in Node, and in Chromium with files of the origin, tabs, reloads, traps.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { build } from "vite";
import { browser, project, serve } from "./site.mjs";

/** How many customers the native file has. */
const CUSTOMERS = Number(process.env.CRM_CUSTOMER_COUNT ?? 100_000);
const SETUP = { name: "海港仪器", base_currency: "CNY", administrator: "安然" };

let folder, site, context, origin;

before(async () => {
  folder = await project();
  site = await serve(folder);
  origin = `http://localhost:${site.port}`;
  context = await browser(join(folder, "profile"));
});

after(async () => {
  await context?.close();
  site?.end();
  if (folder) await rm(folder, { recursive: true });
});

/** A page with the package on it. */
async function page(url = `${origin}/plain.html`) {
  const page = await context.newPage();
  page.on("pageerror", (fault) => console.error("page:", fault));
  await load(page, url);
  return page;
}

async function load(page, url) {
  await (url ? page.goto(url) : page.reload());
  await page.waitForFunction(() => document.title === "ready");
}

/** Opens a database on a page as `window.crm`, and a session of its administrator as `window.desk`; sets it up where it is new. */
function desk(page, options) {
  return page.evaluate(
    async ([options, setup]) => {
      const key = `administrator ${options.name}`;
      const { worker } = options;
      window.crm = await window.open({ ...options, worker: worker && (() => new Worker(worker, { type: "module" })) });
      if (!(await crm.session().system.info()).set_up) {
        localStorage[key] = (await crm.session().enterprise.setup(setup)).administrator;
      }
      window.desk = crm.session({ actor: localStorage[key] });
      window.add = (code) => desk.record.create({ kind: "department", values: { code, name: code } }).then(() => code);
      window.codes = () => desk.record.list({ kind: "department", order: ["code"], limit: 1000 }).then(({ records }) => records.map(({ code }) => code));
      return crm.persistence;
    },
    [options, SETUP],
  );
}

const add = (page, code) => page.evaluate((code) => add(code), code);
const codes = (page) => page.evaluate(() => codes());

test("the lines of the README run in Node", async () => {
  const readme = await readFile(join(folder, "node_modules/crm-engine/README.md"), "utf8");
  const blocks = [...readme.matchAll(/^```js\n(.*?)^```/gms)].map(([, code]) => code);
  assert.ok(blocks.length >= 2);
  for (const [no, code] of blocks.entries()) {
    await writeFile(join(folder, `readme-${no}.mjs`), code + (code.includes("open(") ? "await crm.close();" : ""));
    execFileSync(process.execPath, [`readme-${no}.mjs`], { cwd: folder, stdio: "inherit" });
  }
});

test("data survives reload and a new browser", async () => {
  const one = await page();
  assert.equal(await desk(one, { name: "kept" }), "opfs");
  await add(one, "EAST");
  await load(one);
  await desk(one, { name: "kept" });
  assert.deepEqual(await codes(one), ["EAST", "HQ"]);
  await add(one, "WEST");
  await context.close();
  context = await browser(join(folder, "profile"));
  const other = await page();
  await desk(other, { name: "kept" });
  assert.deepEqual(await codes(other), ["EAST", "HQ", "WEST"]);
  await other.close();
});

test("tabs share one owner, which hands over when its tab closes", async () => {
  const [one, two, three] = [await page(), await page(), await page()];
  for (const tab of [one, two, three]) assert.equal(await desk(tab, { name: "shared" }), "opfs");
  const heard = three.evaluate(() => new Promise((heard) => crm.onChange(heard)));
  await add(two, "EAST");
  await heard;
  assert.deepEqual(await codes(three), ["EAST", "HQ"]);
  // Without a word, as a crash does.
  const asked = two.evaluate(() => Promise.all(Array.from({ length: 20 }, () => codes())));
  await one.close();
  assert.equal((await asked).length, 20);
  assert.deepEqual(await codes(two), ["EAST", "HQ"]);
  await add(two, "NORTH");
  // In good order: what others have asked meanwhile is done, and done once.
  const [, added] = await Promise.all([
    two.evaluate(() => crm.close()),
    three.evaluate(async () => Promise.allSettled(["A", "B", "C", "D"].map(add))),
  ]);
  assert.deepEqual(added.map(({ value }) => value), ["A", "B", "C", "D"]);
  await desk(two, { name: "shared" });
  assert.deepEqual(await codes(two), await codes(three));
  // A guest that closes is answered first.
  const last = await two.evaluate(async () => (await Promise.all([add("Z"), crm.close()]))[0]);
  assert.equal(last, "Z");
  assert.deepEqual(await codes(three), ["A", "B", "C", "D", "EAST", "HQ", "NORTH", "Z"]);
  await Promise.all([two.close(), three.close()]);
});

test("a storm of reloads loses nothing that was committed", async () => {
  const tabs = [await page(), await page()];
  const done = [];
  await context.exposeFunction("done", (code) => done.push(code));
  for (const tab of tabs) await desk(tab, { name: "storm" });
  for (let reload = 0; reload < 12; reload++) {
    const tab = tabs[reload % 2];
    const start = done.length;
    await tab.evaluate((reload) => {
      let no = 0;
      const next = () => add(`${reload}-${no++}`).then(window.done).then(next, () => {});
      next();
    }, reload);
    while (done.length < start + 3) await new Promise((again) => setTimeout(again, 2));
    await load(tab);
    await desk(tab, { name: "storm" });
  }
  const kept = await codes(tabs[0]);
  assert.deepEqual(done.filter((code) => !kept.includes(code)), []);
  assert.equal(new Set(kept).size, kept.length);
  assert.ok(done.length >= 36);
  await Promise.all(tabs.map((tab) => tab.close()));
});

test("where there are no files the client says memory", async () => {
  const insecure = await page(`http://insecure.test:${site.port}/plain.html`);
  assert.equal(await desk(insecure, { name: "none" }), "memory");
  await add(insecure, "EAST");
  assert.deepEqual(await codes(insecure), ["EAST", "HQ"]);
  const refusal = await insecure.evaluate(() => window.open({ persistence: "opfs" }).catch(({ code }) => code));
  assert.equal(refusal, "store.io");
  await insecure.close();
});

test("a trap is internal.panic, and the database goes on", async () => {
  const tabs = [await page(), await page()];
  for (const tab of tabs) await desk(tab, { name: "trapped", worker: "/faults.js" });
  for (const tab of tabs) {
    await add(tab, "BEFORE" + tabs.indexOf(tab));
    const told = await tab.evaluate(async () => {
      const trapped = crm.session({ language: "zh-CN" }).call("test.trap").catch(({ class: kind, code, message }) => ({ kind, code, message }));
      const behind = add(`BEHIND${Math.random()}`);
      return [await trapped, await behind];
    });
    assert.deepEqual([told[0].kind, told[0].code], ["panic", "internal.panic"]);
    assert.match(told[0].message, /\p{Script=Han}/u); // in the session's language
  }
  const kept = await codes(tabs[0]);
  assert.deepEqual(kept, await codes(tabs[1]));
  assert.equal(kept.filter((code) => code.startsWith("BEFORE")).length, 2);
  assert.equal(kept.filter((code) => code.startsWith("BEHIND")).length, 2);
  await Promise.all(tabs.map((tab) => tab.close()));
});

test("what an owner has taken and not answered is read again, and never done twice", async () => {
  const options = { name: "orphans", worker: "/faults.js" };
  let owner = await page();
  await desk(owner, options);
  for (const when of ["before", "after"]) {
    const guest = await page();
    await desk(guest, options);
    const taken = new Promise((taken) => owner.route("**/silence", taken)); // never answered
    const asked = guest.evaluate(async (when) => {
      const orphan = crm.session({ actor: localStorage["administrator orphans"], language: "zh-CN", reason: `silent ${when}` });
      const create = (session, code) => session.record.create({ kind: "department", values: { code, name: code } });
      const told = await Promise.allSettled([create(orphan, `TAKEN ${when}`), codes(), create(desk, `BEHIND ${when}`)]);
      return told.map(({ value, reason }) => value ?? { class: reason.class, code: reason.code, message: reason.message });
    }, when);
    await taken;
    await owner.close();
    const [write, read, behind] = await asked;
    assert.deepEqual([write.class, write.code], ["io", "store.outcome_unknown"]);
    assert.match(write.message, /不知是否已保存/);
    assert.equal(behind.code, "store.outcome_unknown");
    assert.deepEqual(read, when === "after" ? ["HQ", "TAKEN after"] : ["HQ"]);
    assert.deepEqual(await codes(guest), read);
    owner = guest;
  }
  // A read that was taken is answered by the next owner.
  const guest = await page();
  await desk(guest, options);
  let taken = new Promise((taken) => owner.route("**/silence", taken));
  let asked = guest.evaluate(async () => {
    const orphan = crm.session({ actor: localStorage["administrator orphans"], reason: "silent after" });
    return (await orphan.record.count({ kind: "department" })).count;
  });
  await taken;
  await owner.close();
  assert.equal(await asked, 2);
  // The next owner, the tab that asks or another, meets a trap before it comes to a write that was handed to the one before.
  owner = guest;
  for (const others of [0, 1]) {
    const tabs = [];
    for (let no = 0; no <= others; no++) await desk(tabs[no] = await page(), options);
    const asking = tabs.at(-1);
    taken = new Promise((taken) => owner.route("**/silence", taken));
    asked = asking.evaluate(async () => {
      const orphan = crm.session({ actor: localStorage["administrator orphans"], reason: "silent before" });
      const calls = [orphan.record.count({ kind: "department" }), crm.session().call("test.trap"), add("THIRD")];
      return (await Promise.allSettled(calls)).map(({ value, reason }) => value?.count ?? reason?.code ?? value);
    });
    await taken;
    await owner.close();
    assert.deepEqual(await asked, [2, "internal.panic", "store.outcome_unknown"]);
    for (const tab of tabs) assert.deepEqual(await codes(tab), ["HQ", "TAKEN after"]);
    for (const tab of tabs.slice(0, others)) await tab.close();
    owner = asking;
  }
  await owner.close();
});

test("in memory a trap is the end", async () => {
  const tab = await page();
  assert.equal(await desk(tab, { name: "gone", persistence: "memory", worker: "/faults.js" }), "memory");
  const told = await tab.evaluate(async () => {
    const refused = (call) => call.then(() => "done", ({ code }) => code);
    const calls = [refused(crm.session().call("test.trap")), refused(add("EAST"))];
    return [...(await Promise.all(calls)), await refused(add("WEST"))];
  });
  assert.deepEqual(told, ["internal.panic", "internal.panic", "internal.panic"]);
  await tab.close();
});

test("files go between native programs and the browser", async () => {
  const customers = (...words) => execFileSync(process.env.CRM_CUSTOMERS, words, { encoding: "utf8" }).trim();
  const file = join(folder, "native.db");
  const administrator = customers("make", file, String(CUSTOMERS));
  const tab = await page();
  const times = await tab.evaluate(
    async ([count, administrator]) => {
      const bytes = await (await fetch("/native.db")).arrayBuffer();
      window.crm = await window.open({ name: "native" });
      const start = performance.now();
      await crm.import(bytes);
      window.desk = crm.session({ actor: administrator });
      const found = await desk.record.count({ kind: "customer" });
      if (found.count !== count) throw new Error(`${found.count} customers`);
      await desk.record.create({ kind: "customer", values: { name: "from the browser" } });
      return { bytes: bytes.byteLength, import_ms: performance.now() - start };
    },
    [CUSTOMERS, administrator],
  );
  // Opened again, as a user does every morning.
  await load(tab);
  const opening = await tab.evaluate(async (administrator) => {
    const start = performance.now();
    window.crm = await window.open({ name: "native" });
    window.desk = crm.session({ actor: administrator });
    await desk.record.list({ kind: "customer", filter: "external_key == 'K7'" });
    return performance.now() - start;
  }, administrator);
  const [download] = await Promise.all([
    tab.waitForEvent("download"),
    tab.evaluate(async () => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([await crm.export()]));
      link.download = "browser.db";
      link.click();
    }),
  ]);
  const back = join(folder, "browser.db");
  await download.saveAs(back);
  // A rollback journal, so that the file can be opened wherever it lies.
  assert.deepEqual([...(await readFile(back)).subarray(18, 20)], [1, 1]);
  customers("check", back, String(CUSTOMERS + 1), administrator);
  await tab.close();
  const told = { customers: CUSTOMERS, file_mb: times.bytes / 1e6, import_ms: Math.round(times.import_ms), open_ms: Math.round(opening) };
  console.log(JSON.stringify(told));
});

test("a Vite build finds the worker and the module", async () => {
  await build({ root: folder, logLevel: "error", build: { target: "es2022", outDir: "built", rollupOptions: { input: join(folder, "vite.html") } } });
  const built = await serve(join(folder, "built"));
  const tab = await context.newPage();
  for (const title of ["opfs false true false", "opfs true true false"]) {
    await tab.goto(`http://localhost:${built.port}/vite.html`);
    await tab.waitForFunction((title) => document.title === title, title);
  }
  built.end();
  await tab.close();
});
