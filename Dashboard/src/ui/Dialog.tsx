import { ReactNode, useEffect, useId, useRef } from "react";

/** A modal question; Escape and a click beside it close it. */
export function Dialog({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
    const place = useRef<HTMLDialogElement>(null);
    const id = useId();
    useEffect(() => {
        const dialog = place.current;
        if (dialog !== null && !dialog.open) dialog.showModal();
    }, []);
    return (
        <dialog ref={place} aria-labelledby={id} onClose={onClose}
            onMouseDown={(event) => { if (event.target === event.currentTarget) event.currentTarget.close(); }}>
            <h2 id={id}>{title}</h2>
            {children}
        </dialog>
    );
}
