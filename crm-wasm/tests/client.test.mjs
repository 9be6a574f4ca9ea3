// The client in Node: the same engine on a thread.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CrmError, open } from "crm-engine";

const languages = ["en", "zh-CN", "zh-TW"];

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

test("what the client says by itself is in the language of who asks", async () => {
  const messages = await Promise.all(
    languages.map(async (language) => {
      const crm = await open({ language });
      const session = crm.session({ language: "zh-TW" });
      await crm.close();
      const [own, of] = await Promise.all([refusal(crm.export()), refusal(session.system.info())]);
      assert.ok(own instanceof CrmError && own.class === "handle" && own.code === "handle.invalid");
      return [own.message, of.message];
    }),
  );
  assert.equal(new Set(messages.map(([own]) => own)).size, 3);
  assert.deepEqual(messages.map(([, of]) => of), Array(3).fill(messages[2][0]));
});

test("whatever opening meets is told in the client's language", async () => {
  for (const options of [{ wasm: new Uint8Array(8) }, { persistence: "opfs" }, { worker: crashing }]) {
    const told = await Promise.all(languages.map((language) => refusal(open({ ...options, language }))));
    for (const { class: kind, code, details } of told) {
      assert.deepEqual([kind, code], options.persistence ? ["io", "store.io"] : ["internal", "internal.error"]);
      assert.ok(details.what);
    }
    assert.equal(new Set(told.map(({ message }) => message)).size, 3);
  }
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

const refusal = (promise) => promise.then(() => assert.fail("no refusal"), (error) => error);

/** A worker whose script cannot be loaded. */
function crashing() {
  const listeners = {};
  setTimeout(() => listeners.error({ message: "no such script" }));
  return { addEventListener: (type, listener) => (listeners[type] = listener), postMessage() {}, terminate() {} };
}
