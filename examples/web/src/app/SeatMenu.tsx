import type { Language } from "crm-engine";
import { useState } from "react";
import { Button as BaseButton, Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover, Separator } from "react-aria-components";
import { Button } from "../design/Button";
import { Dialog } from "../design/Dialog";
import { Icon } from "../design/Icon";
import { startAgain } from "../engine/desk";
import { LANGUAGES, useAction, useSeat } from "../engine/session";
import { useTexts } from "../texts";
import "./SeatMenu.css";

/** Who works, in which language, and what can be done with the data as a whole. */
export function SeatMenu() {
  const texts = useTexts();
  const { crm, people, person, sitDown, language, speak } = useSeat();
  const [isAsking, setAsking] = useState(false);
  const { run, busy } = useAction();
  const chosen = (keys: "all" | Set<React.Key>) => String([...(keys === "all" ? [] : keys)][0] ?? "");

  const download = async () => {
    const url = URL.createObjectURL(new Blob([await crm.export()], { type: "application/vnd.sqlite3" }));
    Object.assign(document.createElement("a"), { href: url, download: "quote-desk.db" }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  };
  const restart = async () => {
    await run(() => startAgain(crm));
    sessionStorage.clear();
    location.hash = "";
    location.reload();
  };

  return (
    <>
      <MenuTrigger>
        <BaseButton className="seat">
          <Initials name={person.name} />
          <span className="seat-names">
            <span className="seat-name">{person.name}</span>
            <span className="seat-job">{person.job_title}</span>
          </span>
          <span className="visually-hidden">{texts.seat.menu}</span>
          <Icon name="down" size={16} />
        </BaseButton>
        <Popover className="popover seat-popover" placement="top start">
          <Menu
            className="options"
            onAction={(key) => (key === "download" ? void download() : key === "restart" && setAsking(true))}
          >
            <MenuSection
              selectionMode="single"
              selectedKeys={[person.id]}
              onSelectionChange={(keys) => chosen(keys) && sitDown(chosen(keys))}
            >
              <Header className="option-head">{texts.seat.who}</Header>
              {people.map(({ id, name, job_title }) => (
                <MenuItem key={id} id={id} textValue={name} className="option seat-person">
                  <Initials name={name} />
                  <span className="seat-names">
                    <span>{name}</span>
                    <span className="seat-job">{job_title}</span>
                  </span>
                </MenuItem>
              ))}
            </MenuSection>
            <Separator className="option-line" />
            <MenuSection
              selectionMode="single"
              selectedKeys={[language]}
              onSelectionChange={(keys) => chosen(keys) && speak(chosen(keys) as Language)}
            >
              <Header className="option-head">{texts.seat.language}</Header>
              {Object.entries(LANGUAGES).map(([tag, name]) => (
                <MenuItem key={tag} id={tag} textValue={name} className="option">
                  <span lang={tag}>{name}</span>
                </MenuItem>
              ))}
            </MenuSection>
            <Separator className="option-line" />
            <MenuSection>
              <Header className="option-head">{texts.seat.data}</Header>
              <MenuItem id="download" className="option">
                {texts.seat.download}
              </MenuItem>
              <MenuItem id="restart" className="option">
                {texts.seat.restart}
              </MenuItem>
            </MenuSection>
          </Menu>
        </Popover>
      </MenuTrigger>
      <Dialog title={texts.seat.restart} open={isAsking} onClose={() => setAsking(false)}>
        <p>{texts.seat.restartAsk}</p>
        <div className="dialog-actions">
          <Button onPress={() => setAsking(false)}>{texts.form.cancel}</Button>
          <Button look="main" isPending={busy} onPress={restart}>
            {texts.seat.restart}
          </Button>
        </div>
      </Dialog>
    </>
  );
}

/** The last two Chinese characters of a name, or the first letters of its words. */
function Initials({ name }: { name: string }) {
  const short = /\p{Script=Han}/u.test(name)
    ? name.slice(-2)
    : name
        .split(/\s+/)
        .map((word) => word[0])
        .join("")
        .slice(0, 2);
  return (
    <span className="initials" aria-hidden="true">
      {short}
    </span>
  );
}
