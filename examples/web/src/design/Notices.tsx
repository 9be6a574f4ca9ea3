// What has been done, said once, at the foot of the page.

import { createContext, useCallback, useContext, useRef, useState, type ReactNode } from "react";
import { Icon } from "./Icon";
import "./Notices.css";

const NoticeContext = createContext<(text: string) => void>(() => {});

/** Gives what says a sentence to the user. */
export const useNotice = () => useContext(NoticeContext);

export function Notices({ children }: { children: ReactNode }) {
  const [notice, setNotice] = useState<string>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const say = useCallback((text: string) => {
    clearTimeout(timer.current);
    setNotice(text);
    timer.current = setTimeout(() => setNotice(undefined), 4000);
  }, []);
  return (
    <NoticeContext value={say}>
      {children}
      <div className="notices" role="status">
        {notice && (
          <div className="notice" key={notice}>
            <Icon name="check" size={16} />
            {notice}
          </div>
        )}
      </div>
    </NoticeContext>
  );
}
