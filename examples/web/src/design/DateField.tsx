import { parseDate } from "@internationalized/date";
import {
  Button,
  Calendar,
  CalendarCell,
  CalendarGrid,
  CalendarGridBody,
  CalendarGridHeader,
  CalendarHeaderCell,
  DateInput,
  DatePicker,
  DateSegment,
  Dialog,
  FieldError,
  Group,
  Heading,
  I18nProvider,
  Label,
  Popover,
  useLocale,
} from "react-aria-components";
import { useTexts } from "../texts";
import type { Common } from "./Controls";
import "./DateField.css";
import { Icon } from "./Icon";

/** English without a country has no order of day and month: this one writes dates as the engine does, year first. */
const spoken = (language: string) => (language.startsWith("en") ? "en-CA" : language);

/** A day, `YYYY-MM-DD` or nothing. */
export function DateField({
  value,
  onChange,
  ...common
}: Pick<Common, "label" | "required" | "error"> & { value: string; onChange(value: string): void }) {
  const texts = useTexts();
  const { locale } = useLocale();
  return (
    <I18nProvider locale={spoken(locale)}>
      <DatePicker
        className="field"
        value={value ? parseDate(value) : null}
        onChange={(date) => onChange(date?.toString() ?? "")}
        shouldForceLeadingZeros
        isRequired={common.required ?? false}
        isInvalid={common.error !== undefined}
        validationBehavior="aria"
      >
        <Label className="label">
          {common.label}
          {common.required && <span className="required"> {texts.form.required}</span>}
        </Label>
        <Group className="input date">
          <DateInput className="date-segments">{(segment) => <DateSegment segment={segment} className="date-segment" />}</DateInput>
          <Button className="date-button">
            <Icon name="calendar" size={16} />
          </Button>
        </Group>
        <FieldError className="field-error">{common.error}</FieldError>
        <Popover className="popover">
          <Dialog className="calendar">
            <Calendar>
              <header>
                <Button slot="previous" className="icon-button">
                  <Icon name="back" />
                </Button>
                <Heading />
                <Button slot="next" className="icon-button">
                  <Icon name="right" />
                </Button>
              </header>
              <CalendarGrid>
                <CalendarGridHeader>
                  {(day) => <CalendarHeaderCell className="calendar-head">{day}</CalendarHeaderCell>}
                </CalendarGridHeader>
                <CalendarGridBody>{(date) => <CalendarCell date={date} className="calendar-day" />}</CalendarGridBody>
              </CalendarGrid>
            </Calendar>
          </Dialog>
        </Popover>
      </DatePicker>
    </I18nProvider>
  );
}
