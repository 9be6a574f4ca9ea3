// Addresses are behind the `#`, so the desk can lie in any folder of any server. `#/quotes/7` is the path ["quotes", "7"].

import { useEffect, useSyncExternalStore, type ReactNode } from "react";
import { RouterProvider } from "react-aria-components";

const subscribe = (changed: () => void) => {
  addEventListener("hashchange", changed);
  return () => removeEventListener("hashchange", changed);
};

export const go = (path: string) => void (location.hash = path);

export function usePath(): string[] {
  const hash = useSyncExternalStore(subscribe, () => location.hash);
  return hash.replace(/^#\/?/, "").split("/").filter(Boolean).map(decodeURIComponent);
}

export function Router({ children }: { children: ReactNode }) {
  return (
    <RouterProvider navigate={go} useHref={(path) => `#${path}`}>
      {children}
    </RouterProvider>
  );
}

/** Names the page for the tab, and begins it at its top. */
export function usePageTitle(title: string | undefined, product: string) {
  useEffect(() => void (document.title = title ? `${title} · ${product}` : product), [title, product]);
}
