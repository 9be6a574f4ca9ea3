// The client in Node: the same engine on a thread.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CrmError, open } from "crm-engine";

const setup = { name: "海港仪器", base_currency: "CNY", administrator: "安然" };

test("a company is set up and worked on, in memory", async () => {
  const crm = await open();
  assert.equal(crm.persistence, "memory");
  let changes = 0;
  const stop = crm.onChange(() => changes++);
  const { administrator } = await crm.session().enterprise.setup(setup);
  const session = crm.session({ actor: administrator, language: "zh-CN" });
  const { records } = await session.record.list({ kind: "department" });
  assert.equal(records[0].code, "HQ");
  assert.equal(changes, 1);
  stop();
  await session.record.create({ kind: "department", values: { code: "EAST", name: "East" } });
  assert.equal(changes, 1);
  await assert.rejects(session.record.get({ kind: "department", id: "1" }), (error) => error instanceof CrmError && error.code === "record.not_found");
  await crm.close();
  await crm.close();
  await assert.rejects(session.system.info(), { code: "handle.invalid" });
});

test("calls are answered in their order, and those before closing too", async () => {
  const crm = await open({ language: "zh-TW" });
  const session = crm.session();
  const order = [];
  const asked = Promise.all([1, 2, 3].map((no) => session.system.info().then(() => order.push(no))));
  const closing = crm.close();
  await assert.rejects(session.system.info(), { code: "handle.invalid" });
  await asked;
  assert.deepEqual(order, [1, 2, 3]);
  await closing;
});

test("bytes go between databases", async () => {
  const [one, other] = await Promise.all([open(), open()]);
  await one.session().enterprise.setup(setup);
  assert.equal((await other.session().system.info()).set_up, false);
  await other.import(await one.export());
  assert.equal((await other.session().system.info()).set_up, true);
  assert.equal((await other.changes()).last, (await one.changes()).last);
  await Promise.all([one.close(), other.close()]);
});

test("memory is never taken for a file", async () => {
  await assert.rejects(open({ persistence: "opfs", language: "zh-CN" }), { class: "io", code: "store.io" });
});

test("a module that cannot be loaded is an error of opening", async () => {
  await assert.rejects(open({ wasm: new Uint8Array(8) }), { class: "internal" });
});
