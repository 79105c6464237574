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
export function useHold(place: RefObject<HTMLElement | null>, isHere: boolean, held: Held): void {
    const newest = useRef(held);
    newest.current = held;
    useEffect(() => {
        const element = place.current;
        if (element === null) return;
        const holds = { mouse: element.matches(":hover") && matchMedia("(hover: hover)").matches, focus: false,
            touch: false };
        let isMisled = false;
        let timer: ReturnType<typeof setTimeout> | undefined;
        const set = (change: Partial<typeof holds>) => {
            Object.assign(holds, change);
            newest.current.hold(holds.mouse || holds.focus || holds.touch);
        };
        const isMouse = (event: Event) => (event as PointerEvent).pointerType === "mouse";
        const press = (event: Event) => {
            const isInside = element.contains(event.target as Node);
            isMisled = isInside && performance.now() - newest.current.movedAt() < settled;
            if (isMouse(event)) return;
            clearTimeout(timer);
            set({ touch: isInside });
            if (isInside) timer = setTimeout(() => set({ touch: false }), touched);
        };
        const click = (event: Event) => {
            if (!isMisled) return;
            isMisled = false;
            event.preventDefault();
            event.stopPropagation();
        };
        const listeners: [EventTarget, string, (event: Event) => void][] = [
            [element, "pointerenter", (event) => { if (isMouse(event)) set({ mouse: true }); }],
            [element, "pointerleave", (event) => {
                if (isMouse(event) && event.target === element) set({ mouse: false });
            }],
            [element, "focusin", (event) => set({ focus: (event.target as Element).matches(":focus-visible") })],
            [element, "focusout", () => set({ focus: false })],
            [document, "pointerdown", press],
            [element, "click", click],
        ];
        for (const [target, name, work] of listeners) target.addEventListener(name, work, true);
        set({});
        return () => {
            for (const [target, name, work] of listeners) target.removeEventListener(name, work, true);
            clearTimeout(timer);
            newest.current.hold(false);
        };
    }, [place, isHere]);
}
