import { hasCode, open } from "crm-engine";
import * as core from "crm-engine/core";

const crm = await open({ name: "vite" });
const { set_up } = await crm.session().system.info();
if (!set_up) await crm.session().enterprise.setup({ name: "Vite", base_currency: "EUR", administrator: "Ada" });
const refused = await crm.session().record.list({ kind: "order" }).catch((error: unknown) => hasCode(error, "permission.no_actor"));

await core.init();
const info = new core.Crm().session().system.info();
document.title = `${crm.persistence} ${set_up} ${refused === true} ${info.set_up}`;
