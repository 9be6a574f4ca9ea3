// The engine in memory, in Node.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { Crm, CrmError, hasClass, hasCode, init, isCrmError, versions } from "crm-engine/core";

const setup = { name: "海港仪器", base_currency: "CNY", zone: "Asia/Shanghai", administrator: "安然" };
const now = Date.parse("2026-03-02T04:00:00Z");

before(async () => {
  await Promise.all([init(), init()]);
  await init(); // a second time is nothing
});

/** A company, and a session of its administrator. */
function company() {
  const crm = new Crm();
  const { administrator } = crm.session({ now }).enterprise.setup(setup);
  return { crm, session: crm.session({ actor: administrator, now }) };
}

test("a company is set up and worked on", () => {
  const { crm, session } = company();
  const made = session.call("record.create", { kind: "department", values: { code: "EAST", name: "华东" } });
  assert.equal(made.record.name, "华东");
  const history = session.record.history({ kind: "department", id: made.record.id });
  assert.equal(history.entries[0].at, "2026-03-02T04:00:00Z");
  crm.close();
  assert.throws(() => session.system.info(), { class: "handle", code: "handle.invalid" });
});

test("a closed database says so in the language of who asks", () => {
  const messages = ["en", "zh-CN", "zh-TW"].map((language) => {
    const crm = new Crm({ language });
    const session = crm.session({ language: "zh-CN" });
    crm.close();
    const told = [() => crm.export(), () => session.system.info(), () => crm.session().system.info()].map(refusal);
    assert.equal(told[0], told[2], "without one, the database's own");
    return told.slice(0, 2);
  });
  assert.equal(new Set(messages.map(([own]) => own)).size, 3);
  assert.equal(new Set(messages.map(([, of]) => of)).size, 1);
});

function refusal(work) {
  try {
    work();
  } catch (error) {
    assert.ok(hasCode(error, "handle.invalid"));
    return error.message;
  }
  return assert.fail("no refusal");
}

test("operations are methods, and nothing else is", async () => {
  const { session } = company();
  const { answers } = session.batch({ operations: [{ op: "system.info", request: {} }] });
  assert.equal(answers[0].set_up, true);
  assert.throws(() => session.nobody.knows(), { code: "request.unknown_operation" });
  assert.equal(await session, session); // not taken for a promise
  assert.equal(session.order.submit, session.order.submit);
});

test("a refusal is an error with class, code and a message in the session's language", () => {
  const crm = new Crm();
  const messages = ["en", "zh-CN", "zh-TW"].map((language) => {
    try {
      crm.session({ language }).call("record.list", { kind: "department" });
    } catch (error) {
      assert.ok(error instanceof CrmError && isCrmError(error));
      assert.ok(hasCode(error, "permission.no_actor") && !hasCode(error, "store.io"));
      assert.ok(hasClass(error, "busy", "forbidden"));
      return error.message;
    }
    return assert.fail("no refusal");
  });
  assert.equal(new Set(messages).size, 3);
});

test("all problems of a request come at once, with their places", () => {
  const { session } = company();
  assert.throws(
    () => session.record.create({ kind: "department", values: { code: 1, nam: "x" } }),
    (error) => {
      const places = error.details.problems.map(({ path }) => path);
      return places.includes("/values/code") && places.includes("/values/nam");
    },
  );
});

test("a session has its clock, zone, reason and deputy", () => {
  const { crm, session } = company();
  const { next } = crm.changes(0, 1000);
  const department = session.record.list({ kind: "department" }).records[0].id;
  const deputy = session.record.create({ kind: "employee", values: { name: "林舟", code: "L", department } }).record.id;
  const { actor } = crm.changes(next).changes[0];
  const own = crm.session({ actor, onBehalf: deputy, reason: "audit", now: () => Date.parse("2026-03-03T00:00:00.5Z") + 0.25 });
  own.record.create({ kind: "department", values: { code: "X", name: "X" } });
  const last = crm.changes(next).changes.at(-1);
  assert.deepEqual([last.on_behalf, last.reason, last.at], [deputy, "audit", "2026-03-03T00:00:00.500Z"]);
  for (const zone of ["Nowhere", { name: "Here", rule: "+" }]) {
    assert.throws(() => crm.session({ zone }).system.info(), { code: "request.invalid_text" });
  }
  crm.session({ zone: { name: "Here", rule: "HERE-8" } }).system.info();
});

test("the same calls give the same bytes", () => {
  const run = () => new Crm().session({ now }).text("enterprise.setup", JSON.stringify(setup));
  assert.equal(run(), run());
});

test("the package tells its versions", () => {
  const { crm, session } = company();
  const { version, abi_version, operations_revision } = session.system.info();
  const bytes = crm.export();
  // Where SQLite's header has the form of a file.
  const schema = new DataView(bytes.buffer, bytes.byteOffset).getUint32(60);
  assert.deepEqual(versions, { library: version, abi: abi_version, operations: operations_revision, schema });
});

test("a database goes out and in as bytes", () => {
  const { crm, session } = company();
  const bytes = crm.export();
  assert.equal(Buffer.from(bytes.subarray(0, 15)).toString(), "SQLite format 3");
  session.record.create({ kind: "department", values: { code: "EAST", name: "East" } });
  const count = () => session.record.count({ kind: "department" }).count;
  const before = count();
  assert.throws(() => crm.import(new Uint8Array(100)), { class: "corrupt" });
  assert.equal(count(), before);
  crm.import(bytes);
  assert.equal(count(), before - 1);
});

test("files that are not the library's, or of a later one, are left alone", () => {
  const { crm, session } = company();
  const changed = (offset) => {
    const bytes = crm.export();
    new DataView(bytes.buffer, bytes.byteOffset).setUint32(offset, 0x7fffffff);
    return bytes;
  };
  // Where SQLite's header has the form of a file, and whose it is.
  assert.throws(() => crm.import(changed(60)), { class: "unsupported", code: "store.newer_schema" });
  assert.throws(() => crm.import(changed(68)), { class: "corrupt", code: "store.foreign" });
  assert.equal(session.record.count({ kind: "department" }).count, 1);
});
