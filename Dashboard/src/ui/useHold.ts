import { RefObject, useEffect, useRef } from "react";

/** A hand meets what it aimed at only if nothing has moved for this long, in milliseconds. */
const settled = 400;
/** A finger that has lifted holds a list for this long, in milliseconds. */
const touched = 10_000;

export interface Held {
    hold: (isHeld: boolean) => void;
    /** The time at which rows moved by themselves or under the pointer, by `performance.now()`. */
    movedAt: () => number;
}

/**
 * Holds a list while a mouse is over it, while one of its rows has the keyboard's focus, and for some seconds after a
 * touch. A press on rows that had just moved does nothing: it was meant for another row.
 */
export function useHold(place: RefObject<HTMLElement | null>, held: Held): void {
    const newest = useRef(held);
    newest.current = held;
    useEffect(() => {
        const holds = { mouse: false, focus: false, touch: false };
        let isMisled = false;
        let timer: ReturnType<typeof setTimeout> | undefined;
        const set = (change: Partial<typeof holds>) => {
            Object.assign(holds, change);
            newest.current.hold(holds.mouse || holds.focus || holds.touch);
        };
        const isMouse = (event: Event) => (event as PointerEvent).pointerType === "mouse";
        // Asked of the document, since a list comes and goes with its rows.
        const isInside = (event: Event) => place.current?.contains(event.target as Node) === true;
        const press = (event: Event) => {
            isMisled = isInside(event) && performance.now() - newest.current.movedAt() < settled;
            if (isMouse(event)) return;
            clearTimeout(timer);
            set({ touch: isInside(event) });
            if (holds.touch) timer = setTimeout(() => set({ touch: false }), touched);
        };
        const click = (event: Event) => {
            if (!isMisled || !isInside(event)) return;
            isMisled = false;
            event.preventDefault();
            event.stopPropagation();
        };
        const listeners: [EventTarget, string, (event: Event) => void][] = [
            [document, "pointerover", (event) => { if (isMouse(event)) set({ mouse: isInside(event) }); }],
            [document.documentElement, "pointerleave", (event) => {
                if (event.target === document.documentElement) set({ mouse: false });
            }],
            [document, "focusin", (event) => {
                set({ focus: isInside(event) && (event.target as Element).matches(":focus-visible") });
            }],
            [document, "focusout", () => set({ focus: false })],
            [document, "pointerdown", press],
            [document, "click", click],
        ];
        for (const [target, name, work] of listeners) target.addEventListener(name, work, true);
        return () => {
            for (const [target, name, work] of listeners) target.removeEventListener(name, work, true);
            clearTimeout(timer);
            newest.current.hold(false);
        };
    }, [place]);
}
