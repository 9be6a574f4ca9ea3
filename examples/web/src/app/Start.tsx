import { Component, useEffect, useState, type ReactNode } from "react";
import { I18nProvider } from "react-aria-components";
import { Button } from "../design/Button";
import { Notices } from "../design/Notices";
import { openDesk, type Desk } from "../engine/desk";
import { preferredLanguage, SeatProvider, useSeat } from "../engine/session";
import { texts } from "../texts";
import { App } from "./App";
import { Router } from "./router";
import "./Start.css";

/** Opened once, whatever is drawn how often. */
let opening: Promise<Desk> | undefined;

export function Start() {
  const [desk, setDesk] = useState<Desk>();
  const [fault, setFault] = useState<Error>();
  useEffect(() => {
    opening ??= openDesk();
    opening.then(setDesk, setFault);
  }, []);
  if (!desk) return <Opening fault={fault} />;
  return (
    <SeatProvider desk={desk}>
      <Boundary>
        <Spoken />
      </Boundary>
    </SeatProvider>
  );
}

/** Components speak the language of the seat. */
function Spoken() {
  const { language } = useSeat();
  return (
    <I18nProvider locale={language}>
      <Router>
        <Notices>
          <App />
        </Notices>
      </Router>
    </I18nProvider>
  );
}

/** Shows what has gone wrong in the desk itself. */
class Boundary extends Component<{ children: ReactNode }, { fault?: Error }> {
  override state: { fault?: Error } = {};
  static getDerivedStateFromError = (fault: Error) => ({ fault });
  override render() {
    return this.state.fault ? <Opening fault={this.state.fault} /> : this.props.children;
  }
}

function Opening({ fault }: { fault?: Error }) {
  const { product, start } = texts[preferredLanguage()];
  return (
    <main className="opening" lang={preferredLanguage()}>
      <img src="./icon.svg" alt="" width="56" height="56" />
      <h1>{product}</h1>
      {fault ? (
        <>
          <p role="alert">
            {start.failed}: {fault.message}
          </p>
          <Button look="main" icon="again" onPress={() => location.reload()}>
            {start.again}
          </Button>
        </>
      ) : (
        <>
          <p role="status">{start.opening}</p>
          <span className="opening-bar" />
          <p className="soft small">{start.filling}</p>
        </>
      )}
    </main>
  );
}
