import { ReactNode, useEffect, useId, useRef } from "react";

/** A modal question; Escape and a click beside it close it, and the focus goes back to where it was. */
export function Dialog({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
    const place = useRef<HTMLDialogElement>(null);
    const id = useId();
    useEffect(() => {
        const dialog = place.current;
        const before = document.activeElement;
        if (dialog !== null && !dialog.open) dialog.showModal();
        return () => {
            // Closed by its own form it is gone before it could give the focus back.
            if (before instanceof HTMLElement && before.isConnected) before.focus();
        };
    }, []);
    return (
        <dialog ref={place} aria-labelledby={id} onClose={onClose}
            onMouseDown={(event) => { if (event.target === event.currentTarget) event.currentTarget.close(); }}>
            <h2 id={id}>{title}</h2>
            {children}
        </dialog>
    );
}
