const PATHS = {
  customers:
    "M9 11a3.2 3.2 0 1 0 0-6.4A3.2 3.2 0 0 0 9 11Zm-5.5 8c0-3 2.5-5 5.5-5s5.5 2 5.5 5M15.5 5a3 3 0 0 1 0 5.8M17 14.4c2.1.6 3.5 2.3 3.5 4.6",
  quotes: "M6.5 3.5h8l4 4v13h-12zM14 3.8V8h4.2M9.5 12.5h6M9.5 16h4",
  orders: "M4 7.5 12 3.5l8 4v9l-8 4-8-4zM4.2 7.7 12 11.6l7.8-3.9M12 11.6v8.7",
  plus: "M12 5v14M5 12h14",
  close: "M6 6l12 12M18 6 6 18",
  calendar: "M4.5 6.5h15v13h-15zM4.5 10.5h15M8.5 4v4M15.5 4v4",
  down: "m6.5 9.5 5.5 5.5 5.5-5.5",
  right: "m9.5 6.5 5.5 5.5-5.5 5.5",
  back: "M14.5 6.5 9 12l5.5 5.5",
  check: "m5 12.5 4.5 4.5L19 7.5",
  filter: "M4 6h16M7.5 12h9M10.5 18h3",
  trash: "M5 7h14M9.5 7V4.5h5V7M7 7l.8 12.5h8.4L17 7M10.3 10.5v5.5M13.7 10.5v5.5",
  alert: "M12 4 2.8 19.5h18.4zM12 10v4.5M12 17.2v.1",
  receive: "M12 4v10M8 10.5l4 4 4-4M4.5 16.5v3.5h15v-3.5",
  again: "M19.5 12a7.5 7.5 0 1 1-2.3-5.4M19.5 4v4.5H15",
  why: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM12 11v5M12 7.8v.1",
} as const;

export type IconName = keyof typeof PATHS;

/** A picture beside a word; never the only name of something. */
export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.7"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
