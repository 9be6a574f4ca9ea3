import { Segments } from "../design/Segments";
import { useTexts } from "../texts";

/** Conditions on the state of documents, by what somebody at a desk asks for. */
export interface StateFilters {
  all: string;
  waiting: string;
  open: string;
  decided: string;
}

/** Chooses among documents by how far they are. */
export function StateTabs({
  label,
  value,
  onChange,
}: {
  label: string;
  value: keyof StateFilters;
  onChange(value: keyof StateFilters): void;
}) {
  const { list } = useTexts();
  return (
    <Segments<keyof StateFilters>
      label={label}
      value={value}
      onChange={onChange}
      options={{ all: list.all, waiting: list.states.waiting, open: list.states.open, decided: list.states.decided }}
    />
  );
}
