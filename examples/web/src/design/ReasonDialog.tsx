import { useEffect, useState } from "react";
import { useTexts } from "../texts";
import { Button } from "./Button";
import { TextField } from "./Controls";
import { Dialog } from "./Dialog";

/** Asks why, before something that needs a reason. */
export function ReasonDialog({
  title,
  action,
  open,
  onClose,
  onGive,
}: {
  title: string;
  action: string;
  open: boolean;
  onClose(): void;
  onGive(reason: string): void;
}) {
  const texts = useTexts();
  const [reason, setReason] = useState("");
  useEffect(() => setReason(""), [open]);
  const give = () => {
    onGive(reason.trim());
    onClose();
  };
  return (
    <Dialog title={title} open={open} onClose={onClose}>
      <form className="form" onSubmit={(event) => (event.preventDefault(), give())}>
        <TextField label={texts.quote.reason} value={reason} onChange={setReason} lines={3} required />
        <div className="dialog-actions">
          <Button onPress={onClose}>{texts.form.cancel}</Button>
          <Button look="main" type="submit" isDisabled={!reason.trim()}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
