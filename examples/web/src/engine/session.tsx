// Who sits at the desk, in which language, and what the engine answers: every page asks through `useAnswer`.

import { isCrmError, type CrmError, type Crm, type Language, type Session } from "crm-engine";
import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import type { Desk, Person } from "./desk";

interface Seat {
  crm: Crm;
  session: Session;
  people: Person[];
  person: Person;
  sitDown(id: string): void;
  language: Language;
  speak(language: Language): void;
  /** Grows with every change of the data, in this tab or another. */
  revision: number;
}

const SeatContext = createContext<Seat | null>(null);

export const LANGUAGES: Record<Language, string> = { "zh-CN": "简体中文", "zh-TW": "繁體中文", en: "English" };

/** Remembered for the device. */
const LANGUAGE_KEY = "quote-desk language";
/** Remembered for the tab: two tabs may be two people. */
const PERSON_KEY = "quote-desk person";

/** The language that was chosen here before, else the first of the browser's that the desk has. */
export function preferredLanguage(): Language {
  const kept = localStorage.getItem(LANGUAGE_KEY);
  if (kept && kept in LANGUAGES) return kept as Language;
  for (const tag of navigator.languages) {
    if (/^zh\b.*\b(Hant|TW|HK|MO)\b/i.test(tag)) return "zh-TW";
    if (/^zh\b/i.test(tag)) return "zh-CN";
    if (/^en\b/i.test(tag)) return "en";
  }
  return "en";
}

export function SeatProvider({ desk, children }: { desk: Desk; children: ReactNode }) {
  const { crm, people } = desk;
  const [language, setLanguage] = useState(preferredLanguage);
  const [chosen, setChosen] = useState(() => sessionStorage.getItem(PERSON_KEY));
  const [revision, setRevision] = useState(0);
  // The first is the administrator, whom one is not by default.
  const person = people.find(({ id }) => id === chosen) ?? people[1] ?? people[0]!;

  useEffect(() => crm.onChange(() => setRevision((revision) => revision + 1)), [crm]);
  useEffect(() => void (document.documentElement.lang = language), [language]);

  const sitDown = useCallback((id: string) => {
    sessionStorage.setItem(PERSON_KEY, id);
    setChosen(id);
  }, []);
  const speak = useCallback((language: Language) => {
    localStorage.setItem(LANGUAGE_KEY, language);
    setLanguage(language);
  }, []);
  const session = useMemo(() => crm.session({ actor: person.id, language }), [crm, person.id, language]);
  const seat = useMemo(
    () => ({ crm, session, people, person, sitDown, language, speak, revision }),
    [crm, session, people, person, sitDown, language, speak, revision],
  );
  return <SeatContext value={seat}>{children}</SeatContext>;
}

export function useSeat(): Seat {
  const seat = useContext(SeatContext);
  if (!seat) throw new Error("outside of a SeatProvider");
  return seat;
}

/** What the engine answered last, and why it answered nothing. */
export interface Answer<T> {
  answer?: T;
  refusal?: CrmError;
  /** True while a newer answer is on its way. */
  asking: boolean;
}

/**
 * Asks the engine, and again after every change of the data, of the session and of `about`. The last answer stays until the next
 * one is there, so nothing flickers.
 */
export function useAnswer<T>(ask: (session: Session) => Promise<T>, about: readonly unknown[] = []): Answer<T> {
  const { session, revision } = useSeat();
  const [state, setState] = useState<Answer<T>>({ asking: true });
  const latest = useRef(ask);
  latest.current = ask;
  const subject = JSON.stringify(about);
  const asked = useRef({ session, subject });

  useEffect(() => {
    let isWanted = true;
    const isOther = asked.current.session !== session || asked.current.subject !== subject;
    asked.current = { session, subject };
    setState((before) => ({ ...before, asking: isOther || before.answer === undefined }));
    latest.current(session).then(
      (answer) => isWanted && setState({ answer, asking: false }),
      (fault: unknown) =>
        isWanted &&
        setState((before) => ({ answer: isOther ? undefined : before.answer, refusal: toRefusal(fault), asking: false })),
    );
    return () => void (isWanted = false);
  }, [session, revision, subject]);
  return state;
}

/** Runs what the user does, one thing after the other; why something was refused stays until the next. */
export function useAction() {
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<CrmError>();
  const { session } = useSeat();
  const last = useRef<Promise<unknown>>(Promise.resolve());
  const run = useCallback(
    <T,>(act: (session: Session) => Promise<T>): Promise<T | undefined> => {
      const runs = last.current.then(async () => {
        setBusy(true);
        setRefusal(undefined);
        try {
          return await act(session);
        } catch (fault) {
          setRefusal(() => toRefusal(fault));
          return undefined;
        } finally {
          setBusy(false);
        }
      });
      last.current = runs;
      return runs;
    },
    [session],
  );
  const dismiss = useCallback(() => setRefusal(undefined), []);
  useEffect(dismiss, [session, dismiss]);
  return { run, busy, refusal, dismiss };
}

/** What is no refusal is a fault of the desk itself: it goes on to the boundary around the page. */
function toRefusal(fault: unknown): CrmError {
  if (isCrmError(fault)) return fault;
  throw fault;
}
