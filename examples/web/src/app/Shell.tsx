// What stands around every page: where one can go, who one is, in which language.

import { useEffect, useRef, useState, type ReactNode } from "react";
import { Link as BaseLink } from "react-aria-components";
import { Icon, type IconName } from "../design/Icon";
import { Link } from "../design/Button";
import { useSeat } from "../engine/session";
import { keepOffline } from "../offline/register";
import { useTexts } from "../texts";
import { SeatMenu } from "./SeatMenu";
import "./Shell.css";
import { usePath } from "./router";

const AREAS = ["customers", "quotes", "orders"] as const satisfies IconName[];

export function Shell({ area, children }: { area: string; children: ReactNode }) {
  const texts = useTexts();
  const { crm } = useSeat();
  const [worksOffline, setWorksOffline] = useState(false);
  const main = useRef<HTMLElement>(null);
  const path = usePath().join("/");
  const shown = useRef(path);

  useEffect(() => void keepOffline().then(setWorksOffline, () => setWorksOffline(false)), []);
  useEffect(() => {
    if (shown.current === path) return;
    shown.current = path;
    scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [path]);

  return (
    <div className="shell">
      <a className="skip" href="#desk-main" onClick={(event) => (event.preventDefault(), main.current?.focus())}>
        {texts.skip}
      </a>
      <header className="side">
        <BaseLink href="/customers" className="brand">
          <img src="./icon.svg" alt="" width="28" height="28" />
          <span>{texts.product}</span>
        </BaseLink>
        <nav aria-label={texts.nav.main} className="nav">
          {AREAS.map((one) => (
            <BaseLink key={one} href={`/${one}`} className="nav-item" aria-current={one === area ? "page" : undefined}>
              <Icon name={one} size={20} />
              <span>{texts.nav[one]}</span>
            </BaseLink>
          ))}
        </nav>
        <div className="side-foot">
          {crm.persistence === "opfs" && (
            <p className="kept" data-offline={worksOffline}>
              <Icon name="check" size={14} />
              {worksOffline ? texts.seat.offline : texts.seat.kept}
            </p>
          )}
          <SeatMenu />
        </div>
      </header>
      <main ref={main} id="desk-main" tabIndex={-1} className="page">
        {crm.persistence === "memory" && (
          <p className="memory" role="status">
            <Icon name="alert" />
            {texts.seat.memory}
          </p>
        )}
        {children}
      </main>
    </div>
  );
}

/** The head of a page: where it belongs, what it is, what can be done. */
export function PageHead({
  title,
  back,
  state,
  note,
  actions,
}: {
  title: ReactNode;
  back?: { href: string; label: string };
  state?: ReactNode;
  note?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <div className="page-head">
      <div className="page-head-names">
        {back && (
          <Link href={back.href} className="link back">
            <Icon name="back" size={16} />
            {back.label}
          </Link>
        )}
        <div className="row page-title">
          <h1>{title}</h1>
          {state}
        </div>
        {note && <p className="soft">{note}</p>}
      </div>
      {actions && <div className="page-actions">{actions}</div>}
    </div>
  );
}
