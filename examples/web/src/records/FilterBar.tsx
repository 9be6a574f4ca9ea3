// A condition in the engine's expression language: typed, put together from fields, or chosen. What is wrong with it is shown where.

import type { CrmError } from "crm-engine";
import { useEffect, useState } from "react";
import { Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover } from "react-aria-components";
import { Button } from "../design/Button";
import { TextField } from "../design/Controls";
import { useKind } from "../engine/kinds";
import { useTexts } from "../texts";
import "./FilterBar.css";

export interface Example {
  label: string;
  filter: string;
}

export function FilterBar({
  kind,
  filter,
  onFilter,
  refusal,
  examples,
}: {
  kind: string;
  filter: string;
  onFilter(filter: string): void;
  refusal?: CrmError;
  examples: Example[];
}) {
  const texts = useTexts();
  const described = useKind(kind);
  const [text, setText] = useState(filter);
  useEffect(() => setText(filter), [filter]);
  const fields = described?.fields.filter(({ type }) => type !== "lines" && type !== "json") ?? [];
  const fault = refusal?.code === "expression.invalid" ? refusal : undefined;

  return (
    <search className="filter-bar">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onFilter(text.trim());
        }}
      >
        <TextField
          label={texts.list.filter}
          value={text}
          onChange={setText}
          error={refusal?.message}
          hint={fault && <Where text={filter} fault={fault} />}
        />
        <div className="filter-actions">
          <MenuTrigger>
            <Button>{texts.list.fields}</Button>
            <Popover className="popover">
              <Menu
                className="options"
                items={fields}
                onAction={(name) => setText((text) => (text && !text.endsWith(" ") ? `${text} ${name}` : `${text}${name}`))}
              >
                <MenuSection>
                  <Header className="option-head">{texts.list.fieldsHint}</Header>
                  {fields.map(({ name, label }) => (
                    <MenuItem key={name} id={name} textValue={`${label} ${name}`} className="option">
                      <span>{label}</span>
                      <code className="option-note">{name}</code>
                    </MenuItem>
                  ))}
                </MenuSection>
              </Menu>
            </Popover>
          </MenuTrigger>
          <Button look="main" type="submit" icon="filter">
            {texts.list.apply}
          </Button>
          {filter && (
            <Button look="quiet" onPress={() => onFilter("")}>
              {texts.list.clear}
            </Button>
          )}
        </div>
      </form>
      <div className="examples">
        <span className="small soft">{texts.list.filterHint}</span>
        {examples.map((example) => (
          <Button
            key={example.filter}
            size="small"
            look={example.filter === filter ? "main" : "plain"}
            onPress={() => onFilter(example.filter === filter ? "" : example.filter)}
          >
            {example.label}
          </Button>
        ))}
      </div>
    </search>
  );
}

/** The condition with the place that is not understood marked. Places are byte offsets into it. */
function Where({ text, fault }: { text: string; fault: CrmError }) {
  const texts = useTexts();
  const bytes = new TextEncoder().encode(text);
  const at = Number(fault.details["at"] ?? 0);
  const end = at + Number(fault.details["length"] ?? 0);
  const part = (from: number, to?: number) => new TextDecoder().decode(bytes.slice(from, to));
  return (
    <code className="where">
      {part(0, at)}
      <mark title={texts.list.faultHere}>{part(at, end) || " "}</mark>
      {part(end)}
    </code>
  );
}
