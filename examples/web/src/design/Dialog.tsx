import type { ReactNode } from "react";
import { Dialog as BaseDialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { useTexts } from "../texts";
import { IconButton } from "./Button";
import "./Dialog.css";

/** Asks for something before going on; on a telephone it comes up from below. */
export function Dialog({ title, open, onClose, children }: { title: string; open: boolean; onClose(): void; children: ReactNode }) {
  const texts = useTexts();
  return (
    <ModalOverlay className="overlay" isOpen={open} onOpenChange={(isOpen) => !isOpen && onClose()} isDismissable>
      <Modal className="modal">
        <BaseDialog className="dialog">
          <header>
            <Heading slot="title" level={2}>
              {title}
            </Heading>
            <IconButton icon="close" label={texts.form.close} onPress={onClose} />
          </header>
          {children}
        </BaseDialog>
      </Modal>
    </ModalOverlay>
  );
}
