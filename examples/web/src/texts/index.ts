import type { Language } from "crm-engine";
import { useSeat } from "../engine/session";
import { en, type Texts } from "./en";
import { zhCN } from "./zh-CN";
import { zhTW } from "./zh-TW";

export const texts: Record<Language, Texts> = { en, "zh-CN": zhCN, "zh-TW": zhTW };

/** What the desk says, in the language of the session. */
export const useTexts = (): Texts => texts[useSeat().language];
