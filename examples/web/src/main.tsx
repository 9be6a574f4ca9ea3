import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Start } from "./app/Start";
import "./design/tokens.css";
import "./design/base.css";

createRoot(document.getElementById("desk")!).render(
  <StrictMode>
    <Start />
  </StrictMode>,
);
