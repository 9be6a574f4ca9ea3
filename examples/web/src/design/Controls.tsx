// What is typed into and chosen from. Decimals are texts from the key to the engine: the desk never turns one into a number.

import type { ReactNode } from "react";
import {
  Button,
  ComboBox as BaseComboBox,
  FieldError,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Select as BaseSelect,
  SelectValue,
  Text,
  TextArea,
  TextField as BaseTextField,
  type Key,
} from "react-aria-components";
import { useTexts } from "../texts";
import "./Controls.css";
import { Icon } from "./Icon";

export interface Common {
  label: string;
  /** Shown to assistive technology only. */
  hiddenLabel?: boolean;
  required?: boolean;
  error?: string;
  hint?: ReactNode;
  disabled?: boolean;
}

function Labelled({ label, hiddenLabel, required }: Common) {
  const texts = useTexts();
  return (
    <Label className={hiddenLabel ? "visually-hidden" : "label"}>
      {label}
      {required && !hiddenLabel && <span className="required"> {texts.form.required}</span>}
    </Label>
  );
}

export function TextField({
  value,
  onChange,
  numeric,
  lines,
  onCommit,
  ...common
}: Common & {
  value: string;
  onChange(value: string): void;
  numeric?: boolean;
  lines?: number;
  /** When Enter is pressed or the field is left. */
  onCommit?(): void;
}) {
  return (
    <BaseTextField
      className="field"
      value={value}
      onChange={onChange}
      onBlur={onCommit}
      isRequired={common.required ?? false}
      isInvalid={common.error !== undefined}
      isDisabled={common.disabled ?? false}
      validationBehavior="aria"
    >
      <Labelled {...common} />
      {lines ? (
        <TextArea className="input" rows={lines} />
      ) : (
        <Input
          className={numeric ? "input number" : "input"}
          inputMode={numeric ? "decimal" : undefined}
          autoComplete="off"
          onKeyDown={(event) => event.key === "Enter" && !event.nativeEvent.isComposing && onCommit?.()}
        />
      )}
      {common.hint && (
        <Text slot="description" className="hint">
          {common.hint}
        </Text>
      )}
      <FieldError className="field-error">{common.error}</FieldError>
    </BaseTextField>
  );
}

export interface Option {
  id: string;
  label: string;
  note?: ReactNode;
}

function Options({ items, empty }: { items?: Iterable<Option>; empty?: string }) {
  return (
    <Popover className="popover" offset={4}>
      <ListBox<Option> className="options" items={items} renderEmptyState={() => <div className="options-empty">{empty}</div>}>
        {({ id, label, note }) => (
          <ListBoxItem id={id} textValue={label} className="option">
            <Text slot="label">{label}</Text>
            {note && (
              <Text slot="description" className="option-note">
                {note}
              </Text>
            )}
          </ListBoxItem>
        )}
      </ListBox>
    </Popover>
  );
}

export function Select({
  value,
  onChange,
  options,
  ...common
}: Common & { value: string | null; onChange(value: string): void; options: Option[] }) {
  const texts = useTexts();
  return (
    <BaseSelect
      className="field"
      selectedKey={value}
      onSelectionChange={(key: Key | null) => key !== null && onChange(String(key))}
      isRequired={common.required ?? false}
      isInvalid={common.error !== undefined}
      isDisabled={common.disabled ?? false}
      validationBehavior="aria"
      placeholder={texts.form.choose}
    >
      <Labelled {...common} />
      <Button className="input select">
        <SelectValue />
        <Icon name="down" size={16} />
      </Button>
      <FieldError className="field-error">{common.error}</FieldError>
      <Options items={options} />
    </BaseSelect>
  );
}

/** Chooses one of many by typing a part of its name. What is typed is looked up by `onSearch`. */
export function ComboBox({
  value,
  onChange,
  options,
  text,
  onSearch,
  ...common
}: Common & {
  value: string | null;
  onChange(value: string | null): void;
  options: Option[];
  text: string;
  onSearch(text: string): void;
}) {
  const texts = useTexts();
  return (
    <BaseComboBox<Option>
      className="field"
      items={options}
      selectedKey={value}
      onSelectionChange={(key: Key | null) => onChange(key === null ? null : String(key))}
      inputValue={text}
      onInputChange={onSearch}
      allowsEmptyCollection
      menuTrigger="focus"
      isRequired={common.required ?? false}
      isInvalid={common.error !== undefined}
      isDisabled={common.disabled ?? false}
      validationBehavior="aria"
    >
      <Labelled {...common} />
      <div className="combo">
        <Input className="input" placeholder={texts.form.choose} />
        <Button className="combo-button">
          <Icon name="down" size={16} />
        </Button>
      </div>
      <FieldError className="field-error">{common.error}</FieldError>
      <Options empty={texts.form.nothingFound} />
    </BaseComboBox>
  );
}
