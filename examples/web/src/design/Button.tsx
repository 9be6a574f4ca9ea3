import { Button as Base, Link as BaseLink, type ButtonProps, type LinkProps } from "react-aria-components";
import "./Button.css";
import { Icon, type IconName } from "./Icon";

type Look = { look?: "main" | "plain" | "quiet" | "danger"; icon?: IconName; size?: "small" };

export function Button({
  look = "plain",
  icon,
  size,
  children,
  ...props
}: Look & Omit<ButtonProps, "children" | "className"> & { children: React.ReactNode }) {
  return (
    <Base {...props} className={`button ${look} ${size ?? ""}`}>
      {icon && <Icon name={icon} size={size ? 16 : 18} />}
      <span>{children}</span>
    </Base>
  );
}

/** A button that shows only its picture; `label` is what it is called. */
export function IconButton({
  icon,
  label,
  size = 18,
  ...props
}: { icon: IconName; label: string; size?: number } & Omit<ButtonProps, "children" | "className">) {
  return (
    <Base {...props} aria-label={label} className="icon-button">
      <Icon name={icon} size={size} />
    </Base>
  );
}

export function Link(props: Omit<LinkProps, "className"> & { className?: string }) {
  return <BaseLink {...props} className={props.className ?? "link"} />;
}
