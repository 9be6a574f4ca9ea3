// What a web developer writes, and what the compiler must refuse.

import { type Crm, type Customer, type ErrorCode, type Id, type Operations, hasClass, hasCode, isCrmError, open } from "crm-engine";
import { Crm as Core, init } from "crm-engine/core";

/** The same type, not only one that fits. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_: Same<A, B>) => {};

declare module "crm-engine" {
  interface Customer {
    /** A field that this enterprise has made. */
    x_size?: string | null;
  }
}

async function desk(crm: Crm, actor: Id) {
  const session = crm.session({ actor, language: "zh-CN", zone: { name: "Here", rule: "HERE-8" }, now: () => 0 });

  const quote = await session.quote.create({ customer: "1", currency: "CNY" });
  same<typeof quote, Operations["quote.create"]["answer"]>(true);
  const byName = () => session.call("quote.create", { customer: "1", currency: "CNY" });
  same<Awaited<ReturnType<typeof session.quote.create>>, Awaited<ReturnType<typeof byName>>>(true);

  // Records are typed by their kind.
  const { record } = await session.record.get({ kind: "customer", id: "1" });
  same<typeof record, { id: Id; version: number } & Customer>(true);
  const { records } = await session.call("record.list", { kind: "customer", filter: "state == 'active'" });
  const name: string | undefined = records[0]?.name;
  const size: string | null | undefined = records[0]?.x_size;
  await session.record.create({ kind: "customer", values: { name: "江南检测中心", x_size: "L" } });
  // Kinds made at run time have no types.
  const visit = await session.record.get({ kind: "x_visit", id: "1" });
  visit.record.anything;

  const info = await session.system.info();
  const setUp: boolean = info.set_up;
  await session.call("system.info");
  await session.batch({ operations: [{ op: "system.info", request: {} }] });

  // JSON that the engine always writes the same way has types, too.
  const { fields } = await session.record.describe({ kind: "quote" });
  const labels = fields.flatMap((field) => (field.type === "choice" ? (field.options ?? []).map((option) => option.label) : [field.label]));
  const price = await session.price.get({ product: "1", quantity: "10" });
  for (const effect of price.derivation.effects) {
    if (effect.stage === "conversion") labels.push(effect.rate);
    else if (effect.stage === "manual") labels.push(effect.by, effect.reason);
    else if ("free" in effect && "method" in effect) labels.push(effect.code, effect.method, effect.free);
    else if ("method" in effect) labels.push(effect.code, effect.method, effect.value ?? effect.tiers?.[0]?.value ?? "");
  }
  for (const rule of price.derivation.rules) if (!rule.taken) labels.push(rule.reason ?? "", rule.by ?? "");
  const [unit, quantity] = price.derivation.facts.quantities[0]!;
  const version = await session.record.get({ kind: "quote_version", id: "1" });
  const line = version.record.lines[0]!;
  if (line.derivation && "source" in line.derivation) same<typeof line.derivation.source, "import" | "free_goods">(true);
  for (const one of line.document_effects ?? []) labels.push(one.amount);
  const entry = (await session.record.history({ kind: "quote", id: "1" })).entries[0]!;
  for (const of of entry.lines) labels.push(of.action === "reordered" ? of.order.join() : of.fields.map((field) => field.field).join());
  const report = await session.report.run({ report: "sales" });
  labels.push(unit, quantity, ...report.columns.map((column) => column.name));
  await session.quote.change({ quote: "1", values: { subject: "Spring" } });
  // @ts-expect-error a subject is text
  session.quote.change({ quote: "1", values: { subject: 1 } });
  // @ts-expect-error no such member
  price.derivation.colour;
  // @ts-expect-error only of a choice that has them
  fields[0]!.options.length;

  // @ts-expect-error no such operation
  session.quote.destroy({});
  // @ts-expect-error no such operation
  session.call("quote.destroy", {});
  // @ts-expect-error a needed field is missing
  session.record.get({ kind: "customer" });
  // @ts-expect-error no such field
  session.record.get({ kind: "customer", id: "1", colour: "red" });
  // @ts-expect-error an id is text
  session.record.get({ kind: "customer", id: 1 });
  // @ts-expect-error a request is needed
  session.call("record.get");
  // @ts-expect-error no such language
  crm.session({ language: "fr" });

  try {
    await session.quote.submit({ quote: "1" });
  } catch (error) {
    if (hasCode(error, "record.conflict", "quote.frozen")) same<typeof error.code, "record.conflict" | "quote.frozen">(true);
    if (hasClass(error, "forbidden")) same<typeof error.class, "forbidden">(true);
    if (isCrmError(error)) for (const { path, code } of error.details.problems ?? []) same<[typeof path, typeof code], [string, ErrorCode]>(true);
    // @ts-expect-error no such code
    hasCode(error, "quote.burnt");
  }
  return [name, size, setUp, labels, crm.persistence === "memory"];
}

export async function both(actor: Id) {
  await desk(await open({ name: "desk", persistence: "opfs", wasm: new URL("https://example.org/crm.wasm") }), actor);
  await init();
  const core = new Core();
  const answer = core.session({ actor }).order.trace({ order: "1" });
  same<typeof answer, Operations["order.trace"]["answer"]>(true); // at once
  core.import(core.export());
}
