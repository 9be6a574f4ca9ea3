// The desk's database: opened once, filled with the demonstration company on the very first start.

import { open, type Crm, type Id } from "crm-engine";
import { makeCompany } from "../demo/company";

/** Who may sit at the desk. */
export interface Person {
  id: Id;
  name: string;
  job_title: string | null;
}

export interface Desk {
  crm: Crm;
  people: Person[];
}

const NAME = "quote-desk";

/** Between tabs: everything was replaced, and who sat at the desk is there no more. */
const restarts = new BroadcastChannel(`${NAME} restarts`);
restarts.onmessage = () => location.reload();

export async function openDesk(): Promise<Desk> {
  const crm = await open({ name: NAME });
  // Two tabs may start at the same moment: only one fills the database.
  await navigator.locks.request(`${NAME} first start`, async () => {
    if (!(await crm.session().system.info()).set_up) await fill(crm);
  });
  void navigator.storage.persist?.();
  return { crm, people: await peopleOf(crm) };
}

/** Puts the demonstration company in the place of everything, in one step: it is made in memory first. */
async function fill(crm: Crm): Promise<void> {
  const scratch = await open({ persistence: "memory" });
  try {
    await makeCompany(scratch);
    await crm.import(await scratch.export());
  } finally {
    await scratch.close();
  }
}

/** Begins the demonstration anew, for every tab. */
export async function startAgain(crm: Crm): Promise<void> {
  await fill(crm);
  restarts.postMessage("restarted");
}

/** Everybody who works here. A desk without a server has nobody who vouches for users: whoever opens it chooses who to be. */
async function peopleOf(crm: Crm): Promise<Person[]> {
  const [setup] = (await crm.changes(0, 1)).changes;
  const administrator = setup?.records.find(({ kind }) => kind === "employee")?.id;
  const { records } = await crm
    .session({ actor: administrator })
    .record.list({ kind: "employee", filter: "active", order: ["id"], limit: 100 });
  return records.map(({ id, name, job_title }) => ({ id, name, job_title: job_title ?? null }));
}
