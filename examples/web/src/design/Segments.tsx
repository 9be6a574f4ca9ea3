import { ToggleButton, ToggleButtonGroup } from "react-aria-components";
import "./Segments.css";

/** One of a few views of the same list. */
export function Segments<Name extends string>({
  label,
  value,
  onChange,
  options,
}: {
  label: string;
  value: Name;
  onChange: (value: Name) => void;
  options: Record<Name, string>;
}) {
  return (
    <ToggleButtonGroup
      aria-label={label}
      className="segments"
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[value]}
      onSelectionChange={(keys) => onChange([...keys][0] as Name)}
    >
      {(Object.entries(options) as [Name, string][]).map(([name, text]) => (
        <ToggleButton key={name} id={name} className="segment">
          {text}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}
